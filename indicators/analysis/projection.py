"""School starters of the next years from children by age: pure arithmetic, nothing is read here.

The method of the municipal school planning in Germany, in three steps a clerk can follow with a
pocket calculator. Children of the last key date are moved along, year by year, with the cohort
ratios observed in the past (`Ratios`). K(t), the children who reach school age for the school year
that begins in autumn of t, are those born from the month after the cutoff of t-7 to the cutoff of
t-6 (`Children.reaching`). Of them a share z starts a year late and a share v a year early, so that
E(t) = K(t)·(1 - z - v) + K(t-1)·z + K(t+1)·v (`starters`).

Everything is linear in the children: with the same ratios, shares and months of birth, the results
of a district's parts add up to those of the district.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

OLDEST = 7  # at the end of the year of their start, the oldest of a regular cohort are seven
DIGITS = 4  # ratios and shares are used as they are shown: rounded to so many digits
YEARS_OF_BIRTHS = 3  # future births are the mean of so many last years
BORN_AHEAD = 6  # for so many years after the key date, all children who reach school age are born

Counts = Mapping[int, Mapping[int, float | None]]  # year of the key date → age → children


@dataclass(frozen=True)
class Ratios:
    """Cohort ratios: of 100 children of an age, how many of the next age live there a year later.

    `of_age[a]` leads from age a to a + 1; `years` are the key dates where the steps ended, newest
    first (empty: nothing observed, all ratios are 1). `strongest` is the year with the highest
    ratio over all ages, and `lift` how much higher it was than the mean.
    """

    of_age: tuple[float, ...] = (1.0,) * OLDEST
    years: tuple[int, ...] = ()
    strongest: int | None = None
    lift: float = 1.0

    def variant(self, name: str) -> "Ratios":
        """The ratios of a variant: "medium" as observed, "high" as if every year were the strongest
        one, "none" without any migration (every child stays, nobody moves in)."""
        if name == "none":
            return replace(self, of_age=(1.0,) * OLDEST)
        if name == "high":
            lifted = tuple(round(ratio * self.lift, DIGITS) for ratio in self.of_age)
            return replace(self, of_age=lifted)
        return self


def steps(counts: Counts) -> list[int]:
    """The key dates, newest first, at which a step from the year before can be measured: every age
    from 0 to 7 has a number."""
    return sorted(
        (
            year
            for year in counts
            if all(_number(counts, year - 1, age) is not None for age in range(OLDEST))
            and all(_number(counts, year, age + 1) is not None for age in range(OLDEST))
        ),
        reverse=True,
    )


def observed_ratios(counts: Counts, last: int, years: int, without: Iterable[int] = ()) -> Ratios:
    """The mean ratios of the last `years` steps up to the key date of `last`, some years left out.

    The mean is weighted by the number of children (sum over sum), so that a small year does not
    count as much as a large one; an age nobody has keeps its (no) children: ratio 1.
    """
    used = [year for year in steps(counts) if year <= last and year not in set(without)][:years]
    if not used:
        return Ratios()

    # in the years of `steps` every age that is asked for here has a number
    known = {
        year: {age: n for age, n in of.items() if n is not None} for year, of in counts.items()
    }

    def ratio(ages: Iterable[int], at: Sequence[int]) -> float | None:
        ages = list(ages)
        before = sum(known[year - 1][age] for year in at for age in ages)
        after = sum(known[year][age + 1] for year in at for age in ages)
        return after / before if before > 0 else None

    def or_one(value: float | None) -> float:
        return 1.0 if value is None else value

    overall = {year: or_one(ratio(range(OLDEST), [year])) for year in used}
    strongest = max(used, key=lambda year: (overall[year], year))
    mean = or_one(ratio(range(OLDEST), used))
    return Ratios(
        of_age=tuple(round(or_one(ratio([age], used)), DIGITS) for age in range(OLDEST)),
        years=tuple(used),
        strongest=strongest,
        lift=round(max(overall[strongest] / mean, 1.0), DIGITS) if mean else 1.0,
    )


@dataclass(frozen=True)
class Cohort:
    """K(t): the children who reach school age for the year t. `born` are those counted at the last
    key date, moved along; `unborn` those who had to be assumed; None where a number is missing.
    `is_born` says that the whole cohort was born by then."""

    year: int
    born: float | None
    unborn: float
    is_born: bool

    @property
    def children(self) -> float | None:
        return None if self.born is None else self.born + self.unborn


@dataclass(frozen=True)
class Children:
    """The children of one region at the end of the year `last` and before, and how they move along.

    `early_share` is the share of a year's births up to the cutoff (a year it does not know: the
    share `usual_share`).
    """

    counts: Counts
    last: int
    ratios: Ratios
    usual_share: float
    early_share: Mapping[int, float]

    def share(self, born: int) -> float:
        return self.early_share.get(born, self.usual_share)

    @property
    def assumed_births(self) -> float | None:
        """How many children of age 0 every future year is assumed to have."""
        known = [
            count
            for year in range(self.last - YEARS_OF_BIRTHS + 1, self.last + 1)
            if (count := _number(self.counts, year, 0)) is not None
        ]
        return sum(known) / len(known) if known else None

    def of_year(self, born: int, year: int) -> float | None:
        """Children born in a year at the end of another: counted, moved along, or assumed."""
        if year <= self.last:
            return _number(self.counts, year, year - born)
        if born <= self.last:
            age = self.last - born
            count = _number(self.counts, self.last, age)
        else:
            age, count = 0, self.assumed_births
        if count is None:
            return None
        return count * math.prod(self.ratios.of_age[age : year - born])

    def reaching(self, year: int) -> Cohort:
        """K(t) at the end of the year t, for t not more than the oldest age before `last`."""
        born, unborn = 0.0, 0.0
        missing, is_born = False, True
        late, early = year - 7, year - 6
        for birth_year, weight in ((late, 1 - self.share(late)), (early, self.share(early))):
            if weight <= 0:
                continue
            is_born = is_born and birth_year <= self.last
            count = self.of_year(birth_year, year)
            if count is None:
                missing = True
            elif birth_year <= self.last:
                born += weight * count
            else:
                unborn += weight * count
        return Cohort(year, None if missing else born, unborn, is_born)


@dataclass(frozen=True)
class Starters:
    """E(t): how many children start school in autumn of `year`; None where a number is missing.

    `is_born` says that all children who reach school age for that year were counted at the last
    key date. (Those who start a year early in the last such year may not be born yet.)
    """

    year: int
    children: float | None
    is_born: bool


def starters(children: Children, years: Iterable[int], late: float, early: float) -> list[Starters]:
    """E(t) for each year; `late` is z and `early` is v, as fractions of a cohort."""
    found = []
    for year in years:
        parts = [
            (children.reaching(year), 1 - late - early),
            (children.reaching(year - 1), late),
            (children.reaching(year + 1), early),
        ]
        needed = [(cohort.children, weight) for cohort, weight in parts if weight]
        value = None
        known = [(count, weight) for count, weight in needed if count is not None]
        if len(known) == len(needed):
            value = sum(count * weight for count, weight in known)
        found.append(Starters(year, value, parts[0][0].is_born))
    return found


def add(parts: Sequence[Sequence[Starters]]) -> list[Starters]:
    """The sum of several regions, year by year; without a number if one of them has none."""
    found = []
    for together in zip(*parts, strict=True):
        counts = [part.children for part in together]
        value = None if any(count is None for count in counts) else sum(counts)
        found.append(Starters(together[0].year, value, all(part.is_born for part in together)))
    return found


def rate(pairs: Iterable[tuple[float | None, float | None]]) -> float | None:
    """Sum of the first over sum of the second, of the pairs that are complete; None if there is
    nothing to divide by, or if it is no share."""
    known = [(above, below) for above, below in pairs if above is not None and below is not None]
    below = sum(b for _, b in known)
    if below <= 0:
        return None
    found = round(sum(a for a, _ in known) / below, DIGITS)
    return found if 0 <= found <= 1 else None


@dataclass(frozen=True)
class Error:
    """How far a projection was off: per cent of the actual number, positive if it was too high."""

    origin: int
    year: int
    projected: float
    actual: float

    @property
    def per_cent(self) -> float:
        return (self.projected / self.actual - 1) * 100


def mean_errors(errors: Sequence[Error], fewest: float) -> tuple[float, float] | None:
    """The mean absolute and the mean deviation in per cent; None if any year has fewer than
    `fewest` children: then it says more about chance than about the method."""
    if not errors or any(error.actual < fewest for error in errors):
        return None
    found = [error.per_cent for error in errors]
    return sum(map(abs, found)) / len(found), sum(found) / len(found)


def apportion(values: Sequence[float], total: int) -> list[int]:
    """Whole numbers near the values that add up to `total`: the largest remainders are rounded up.

    `total` must be the sum of the values, rounded either way.
    """
    whole = [math.floor(value + 1e-9) for value in values]
    order = sorted(range(len(values)), key=lambda i: (whole[i] - values[i], i))
    for i in order[: max(0, total - sum(whole))]:
        whole[i] += 1
    return whole


def _number(counts: Counts, year: int, age: int) -> float | None:
    return counts.get(year, {}).get(age)
