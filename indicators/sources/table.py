"""The neutral form every reader produces: cells with their labels, as text, nothing interpreted."""

from dataclasses import dataclass, field
from datetime import datetime

import pandas as pd


@dataclass(frozen=True)
class Footnote:
    """A footnote as printed: `scope` is what it explains ("" for the whole table), `lands` the
    Länder it names by key (empty: all)."""

    text: str
    scope: str = ""
    lands: tuple[str, ...] = ()


@dataclass(frozen=True)
class OfficialTable:
    """An official file, read but not yet understood.

    `cells` has a row per cell: `line` and `column` in the file (from 1), `time`, `region` and
    `region_name` as printed, `key` (index into `keys`) and `raw`. `keys[i]` holds the words that
    describe a cell (headings and row labels, in file order), `units[i]` the printed unit or "".
    `codes` are the table codes this file may be: one if it names itself, none if it does not.
    """

    file: str
    format: str
    encoding: str
    code: str | None
    statistic: str
    title: str
    cells: pd.DataFrame
    keys: list[tuple[str, ...]]
    units: list[str]
    stand: datetime | None = None
    footnotes: tuple[Footnote, ...] = ()
    attribution: str = ""
    notes: list[str] = field(default_factory=list)

    @property
    def times(self) -> list[str]:
        return list(self.cells["time"].unique())
