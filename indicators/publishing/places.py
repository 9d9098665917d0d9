"""Sums of rows along one of the columns that say where they stand, many times over."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from indicators.symbols import is_rounded, join_flags, status_of_result


class Places:
    """Where rows stand, as one number with a digit for each of some columns, in the order of their
    words: sums along a column then need no word to be looked at again."""

    name = "place"

    def __init__(self, columns: list[str]):
        self.columns = columns
        self._words: dict[str, pd.Index] = {}
        self._weight: dict[str, int] = {}

    def given(self, rows: pd.DataFrame, more: Mapping[str, list[str]]) -> pd.DataFrame:
        """The rows with their places, in a column of its own; `more` are words of columns that
        sums will have."""
        place, weight = np.zeros(len(rows), np.int64), 1
        for column in reversed(self.columns):
            words = pd.Index(rows[column].unique())
            if column in more:
                words = words.append(pd.Index(more[column], dtype=words.dtype)).unique()
            self._words[column] = words = words.sort_values()
            self._weight[column] = weight
            place += words.get_indexer(rows[column]) * weight
            weight *= max(len(words), 1)
        return rows.assign(**{self.name: place})

    def added(
        self, rows: pd.DataFrame, column: str, parts: Sequence[str], name: str
    ) -> pd.DataFrame:
        """Rows that say `name` in a column: the sums of rows that say one of these parts there,
        only where all are; in the order of their places. Columns: those of the places, value (in
        the unit of the rows), status, flags, source (the largest), known (whether all are) and
        place."""
        parts_of = rows[rows[column].isin(parts)]
        if parts_of.empty:
            return parts_of
        words, weight = self._words[column], self._weight[column]
        digit = parts_of[self.name].to_numpy() // weight % len(words)
        moved = parts_of[self.name].to_numpy() + (words.get_loc(name) - digit) * weight
        place, first, group, count = np.unique(
            moved, return_index=True, return_inverse=True, return_counts=True
        )
        whole = np.flatnonzero(count == len(parts))
        rounded = is_rounded(parts_of["value"], parts_of["status"], parts_of["flags"])
        value = parts_of["value"].groupby(group).sum().to_numpy()[whole]
        sums = parts_of[[*self.columns, "value", "status", "flags", "source", "known"]]
        return (
            sums.iloc[first[whole]]
            .reset_index(drop=True)
            .assign(
                **{column: name, self.name: place[whole]},
                value=value,
                status=status_of_result(value, (np.bincount(group, rounded) > 0)[whole]),
                flags=_flags_of(parts_of["flags"], group, len(place))[whole],
                source=parts_of["source"].groupby(group).max().to_numpy()[whole],
                known=(np.bincount(group, ~parts_of["known"].to_numpy(bool)) == 0)[whole],
            )
        )


def _flags_of(flags: pd.Series, group: np.ndarray, count: int) -> np.ndarray:
    """The flags of all rows of each of so many groups, one text each."""
    told = pd.DataFrame({"group": group, "flags": flags.to_numpy()})
    told = told[told["flags"] != ""].drop_duplicates()
    several = told.duplicated("group", keep=False)
    alone, many = told[~several], told[several].groupby("group")["flags"]
    found = np.full(count, "", dtype=object)
    found[alone["group"]] = alone["flags"]
    for at, texts in many:
        found[at] = join_flags(*texts)
    return found
