"""What is counted while the years of the town pass, a table a name."""

from collections import defaultdict

import numpy as np
import pandas as pd


class Kept:
    """Collects counts while the years pass."""

    def __init__(self) -> None:
        self.on = False
        self._parts: dict[str, list[pd.DataFrame]] = defaultdict(list)

    def names(self) -> list[str]:
        return list(self._parts)

    def add(self, name: str, year: int, **columns) -> None:
        """Counts rows of equal columns; `measures` are summed if given."""
        if not self.on:
            return
        measures = columns.pop("measures", None) or {}
        frame = pd.DataFrame({"year": year, **columns})
        keys = list(frame.columns)
        for measure, values in measures.items():
            frame[measure] = np.asarray(values, dtype=np.int64)
        if not measures:
            frame["count"] = 1
        found = frame.groupby(keys, sort=True, observed=True).sum().reset_index()
        self._parts[name].append(found)

    def frame(self, name: str) -> pd.DataFrame:
        """A row per combination of the keys counted under this name; columns: the keys, then the
        measures (count)."""
        return pd.concat(self._parts[name], ignore_index=True)
