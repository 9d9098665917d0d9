"""Chance: draws made only of uniform numbers, so that the same seed gives the same town anywhere.

numpy promises the bit stream of a generator but not the algorithms of its distributions.
"""

import numpy as np


class Draw:
    """A seeded source of chance for whole arrays."""

    def __init__(self, seed: int):
        self._bits = np.random.Generator(np.random.PCG64(seed))

    def uniform(self, count: int) -> np.ndarray:
        return self._bits.random(count)

    def happens(self, probability: np.ndarray) -> np.ndarray:
        """For each probability whether it happens."""
        return self._bits.random(len(probability)) < probability

    def choice(self, weights: np.ndarray, count: int) -> np.ndarray:
        """`count` positions drawn in proportion to `weights`."""
        sums = np.cumsum(np.asarray(weights, dtype=float))
        picked = np.searchsorted(sums, self._bits.random(count) * sums[-1], side="right")
        return np.minimum(picked, len(sums) - 1)

    def rows(self, shares: np.ndarray) -> np.ndarray:
        """For each row of shares (adding up to one) the column drawn."""
        sums = np.cumsum(shares, axis=1)
        return np.minimum(
            (self._bits.random(len(shares))[:, None] >= sums).sum(axis=1), shares.shape[1] - 1
        )

    def bell(self, count: int) -> np.ndarray:
        """Nearly standard normal: twelve uniform numbers, minus six."""
        return self._bits.random((count, 12)).sum(axis=1) - 6.0

    def whole(self, expected: float) -> int:
        """A whole number around `expected` that scatters as counts do."""
        if expected <= 0:
            return 0
        return max(0, round(expected + float(self.bell(1)[0]) * expected**0.5))
