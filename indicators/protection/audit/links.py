"""Two measures that count the same persons: which cell of the one is which of the other."""

import numpy as np
import pandas as pd

from indicators.catalog.definition import TOTAL, sum_key
from indicators.catalog.meaning import SameCount
from indicators.protection.audit.block import Block


class Link:
    """Two measures that count the same persons: which cell of ours is which of theirs. For each
    dimension of ours `shared` has its size and weight here and there, and which category there is
    one of ours (-1: none); `fixed` are dimensions of theirs with the one category that counts."""

    def __init__(self, ours: Block, theirs: Block, same: SameCount):
        self.ours, self.theirs = ours, theirs
        there = {d.id: (axis, weight) for d, axis, weight in theirs.by_dimension()}
        self.shared = []
        left = dict(there)
        for dimension, axis, weight in ours.by_dimension():
            name = same.dimensions.get(dimension.id, dimension.id)
            only = axis.names.isin(same.only.get(dimension.id, [TOTAL]))
            size, other_weight, digit = 1, 0, np.where(only, 0, -1)
            if name in there and name not in same.where:
                other, other_weight = left.pop(name)
                size = len(other.names)
                groups = dimension.groups.get(name, {})
                coarser = {sum_key(parts): category for category, parts in groups.items()}
                digit = other.names.get_indexer([coarser.get(c, c) for c in axis.names])
                if dimension.id in same.only:
                    digit = np.where(only, digit, -1)
            self.shared.append((len(axis.names), weight, size, other_weight, digit))
        self.fixed = [
            (len(axis.names), weight, axis.names.get_loc(same.where.get(id, TOTAL)))
            for id, (axis, weight) in left.items()
        ]

    def counterparts(self, keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Which of these cells of ours (their places) are which of theirs (keys)."""
        ours, theirs = self.ours, self.theirs
        # cells of earlier editions that were revised since have no counterpart
        at = np.flatnonzero(keys < ours.span)
        keys = keys[at]
        found, fits = _moved_to(keys, ours, theirs)
        for size, weight, _, other_weight, digit in self.shared:
            own = digit[keys // weight % size]
            fits &= own >= 0
            found += own * other_weight
        found += sum(weight * digit for _, weight, digit in self.fixed)
        return at[fits], found[fits]

    def originals(self, keys: np.ndarray) -> np.ndarray:
        """The cells of ours that these cells of theirs are."""
        found, fits = _moved_to(keys, self.theirs, self.ours)
        for _, weight, size, other_weight, digit in self.shared:
            back = np.full(size, -1)
            known = np.flatnonzero(digit >= 0)[::-1]
            back[digit[known]] = known
            own = back[keys // max(other_weight, 1) % size]
            fits &= own >= 0
            found += own * weight
        for size, weight, digit in self.fixed:
            fits &= keys // weight % size == digit
        return found[fits]

    def expect(self) -> None:
        """A cell that only one of the two publishes belongs to the sums of the other as well."""
        _, there = self.counterparts(self.ours.published())
        self.theirs.expect(there[self.theirs.has_region(there)])
        here = self.originals(self.theirs.published())
        self.ours.expect(here[self.ours.has_region(here)])

    def pairs(self) -> pd.DataFrame:
        """A row per pair of equal cells; columns: places in `state`, region and period. Where both
        show different numbers the deliveries contradict each other: nothing follows for that region
        and period, which is noted."""
        ours, theirs = self.ours, self.theirs
        keys, other_keys = ours.state.index.to_numpy(), theirs.state.index.to_numpy()
        here, there = self.counterparts(keys)
        at = np.minimum(np.searchsorted(other_keys, there), len(other_keys) - 1)
        found = other_keys[at] == there
        here, at = here[found], at[found]
        one, other = ours.state.iloc[here], theirs.state.iloc[at]
        differ = (one["shown"].to_numpy() & other["shown"].to_numpy()) & (
            (one["low"].to_numpy() > other["high"].to_numpy())
            | (one["high"].to_numpy() < other["low"].to_numpy())
        )
        place = keys[here] // ours.size
        apart = np.unique(place[differ])
        if len(apart):
            ours.notes.append(
                f"{ours.dataset.name} und {theirs.dataset.name}: in {len(apart)} Gebieten und "
                "Zeiträumen verschiedene Zahlen derselben Personen; sie gelten dort nicht als "
                "dieselben"
            )
        kept = ~np.isin(place, apart)
        place = place[kept]
        return pd.DataFrame(
            {
                "here": here[kept],
                "there": at[kept],
                "region": ours.regions[place // len(ours.periods)],
                "period": ours.periods[place % len(ours.periods)],
            }
        )


def _moved_to(keys: np.ndarray, one: Block, other: Block) -> tuple[np.ndarray, np.ndarray]:
    """Region and period of these cells as a key of another block, and where it has both."""
    region = other.regions.get_indexer(one.regions)[keys // one.row]
    period = other.periods.get_indexer(one.periods)[keys // one.size % len(one.periods)]
    return region * other.row + period * other.size, (region >= 0) & (period >= 0)
