"""Whether a difference is larger than chance makes it: pure arithmetic on counts.

Official counts are complete, not samples. They are still the outcome of a process with chance in
it: with the same chances, another year would have brought other counts. That is what is tested.
"""

from math import asin, log, sqrt

# Two-sided 1 % of the normal distribution.
LIMIT = 2.58
# Below these counts nothing is said: chance and the protection of single persons forbid it.
FEWEST_CASES = 20
FEWEST_DENOMINATOR = 100
FEWEST_COUNTED = 50


def share_z(cases: float, of: float, other_cases: float, other_of: float) -> float:
    """How many standard errors two shares differ by: z of the two-proportion test with the pooled
    share, (p1 - p2) / sqrt(p (1 - p) (1/n1 + 1/n2)), p = (x1 + x2) / (n1 + n2).

    Source: Fleiss, Levin, Paik, Statistical Methods for Rates and Proportions, 3rd ed. 2003,
    ch. 3. Zero where both shares are 0 or both are 1. Raises ValueError unless 0 <= x <= n, n > 0.
    """
    for x, n in ((cases, of), (other_cases, other_of)):
        if not 0 <= x <= n or not n:
            raise ValueError(f"{x} of {n} is no share")
    pooled = (cases + other_cases) / (of + other_of)
    error = sqrt(pooled * (1 - pooled) * (1 / of + 1 / other_of))
    return (cases / of - other_cases / other_of) / error if error else 0.0


def count_z(count: float, other: float) -> float:
    """How many standard errors two counts differ by, if both follow a Poisson distribution:
    (a - b) / sqrt(a + b), the normal approximation of the conditional test.

    Source: Przyborowski, Wilenski, Biometrika 31 (1940), 313-323. Zero for two zeros. Raises
    ValueError for negative counts.
    """
    if count < 0 or other < 0:
        raise ValueError("a count is not negative")
    return (count - other) / sqrt(count + other) if count + other else 0.0


def share_effect(share: float, other: float) -> float:
    """How large the difference of two shares (0 to 1) is, whatever the size of the groups:
    Cohen's h = 2 asin(sqrt(p1)) - 2 asin(sqrt(p2)).

    Source: Cohen, Statistical Power Analysis for the Behavioral Sciences, 2nd ed. 1988, ch. 6.
    """
    return 2 * asin(sqrt(share)) - 2 * asin(sqrt(other))


def count_effect(count: float, other: float) -> float:
    """How large the difference of two counts is: half the logarithm of their ratio, which is of
    the same order as Cohen's h for small shares near each other. Both must be positive."""
    return log(count / other) / 2


def share_speaks(cases: float, of: float) -> bool:
    """Whether a share is of enough cases, on both sides of it, to be compared."""
    return of >= FEWEST_DENOMINATOR and min(cases, of - cases) >= FEWEST_CASES
