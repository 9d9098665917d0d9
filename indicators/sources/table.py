"""The neutral form every reader produces: cells with their labels, as text, nothing interpreted."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np
import pandas as pd

from indicators import regions
from indicators.errors import FileError
from indicators.formats import quantity

_CODE_IN_NAME = re.compile(
    r"(\d{4}[0-9A-Z]-[0-9A-Z]{1,4}(?:-\d\d){0,2}(?:-\d)?|AI[0-9A-Z]{0,4}(?:-[0-9A-Z]+)+?)"
    r"(?:-B)?(?=[_.\s(]|$)"
)
DOWNLOAD_AGAIN = "Nächster Schritt: die Tabelle neu und unverändert als CSV herunterladen."
# What an English spreadsheet makes of a German table: it may have changed numbers unseen.
ENGLISH_EXCEL = (
    "Dabei können sich Zahlen verändert haben (aus 11,5 wird 115). Nächster Schritt: die "
    "Tabelle neu herunterladen und annehmen, ohne sie vorher in Excel zu öffnen."
)
_TIMESTAMP = re.compile(r"_(\d{13})(?=\D)")


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
    `region_name` as printed, `key` (index into `keys`) and `raw`; no cell stands twice. `keys[i]`
    holds the words that describe a cell (headings and row labels, in file order), `units[i]` the
    printed unit or "". `codes` are the codes that a flat file gives its words, which no language
    changes. `code` is None where neither the file nor its name tells the table; `notes` are German
    sentences about what was noticed but does no harm.
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
    codes: dict[str, frozenset[str]] = field(default_factory=dict)
    stand: datetime | None = None
    footnotes: tuple[Footnote, ...] = ()
    attribution: str = ""
    notes: list[str] = field(default_factory=list)

    @property
    def times(self) -> list[str]:
        return list(self.cells["time"].unique())


def code_in_name(file: str) -> str | None:
    """The table's code a file name begins with (`12411-01-01-4_00.csv`), without the -B of the
    same table in another layout; None if it begins otherwise."""
    match = _CODE_IN_NAME.match(file)
    return match[1] if match else None


def not_semicolons(row: str, file: str, line: int = 1) -> FileError:
    """What separates the columns instead, by a row of the data or headings."""
    if row.count("\t") > 1:
        reason = (
            f"die Spalten sind durch Tabulatoren getrennt, nicht durch Semikolon. {DOWNLOAD_AGAIN}"
        )
    elif row.count(",") > 1:
        reason = (
            "die Datei wurde mit einem englischen Excel gespeichert: Kommas trennen die Spalten. "
            + ENGLISH_EXCEL
        )
    else:
        reason = f"die Spalten sind nicht durch Semikolon getrennt. {DOWNLOAD_AGAIN}"
    return FileError(file, reason, line=line)


def stand_in_name(file: str) -> datetime | None:
    """The moment (UTC) the database stamps on the files it makes (`…_1773175772751_de_flat`)."""
    match = _TIMESTAMP.search(file)
    if not match:
        return None
    return datetime.fromtimestamp(int(match[1]) / 1000, UTC).replace(tzinfo=None, microsecond=0)


def with_sign(raw: str, sign: str) -> str:
    """A quality sign that stands beside a number is read like one behind it; "e" (final) says
    nothing, and beside a symbol no sign does."""
    return raw + sign if sign not in ("", "e") and any(map(str.isdigit, raw)) else raw


def without_repeats(cells: pd.DataFrame, file: str) -> tuple[pd.DataFrame, list[str]]:
    """The cells, in their columns, with one row for each time, region and key, and a note if some
    stood there twice.

    Raises FileError if two cells of the same description hold different texts.
    """
    cells = _without_former_keys(cells)
    time, region, key = _coordinates(cells)
    place = (time * (region.max() + 1) + region) * (key.max() + 1) + key
    repeated = pd.Series(place).duplicated().to_numpy()
    if not repeated.any():
        return cells, []
    first = pd.Series(np.arange(len(cells))).groupby(place).transform("first").to_numpy()
    different = cells["raw"].to_numpy() != cells["raw"].to_numpy()[first]
    if different.any():
        later = int(np.argmax(different))
        here, there = cells.iloc[later], cells.iloc[first[later]]
        raise FileError(
            file,
            f"für {here['region_name']} ({here['region']}), {here['time']}, steht hier "
            f"„{here['raw']}“ und in Zeile {there['line']}, Spalte {there['column']}, "
            f"„{there['raw']}“ unter denselben Überschriften. {DOWNLOAD_AGAIN}",
            line=int(here["line"]),
            column=int(here["column"]),
        )
    twice = quantity(repeated.sum(), "Wert steht", "Werte stehen")
    note = f"{twice} gleichlautend doppelt in der Datei; gezählt wird nur einmal."
    return cells[~repeated].reset_index(drop=True), [note]


def _without_former_keys(cells: pd.DataFrame) -> pd.DataFrame:
    """The cells without "-" of a region that has something else there under another printed key.

    A Gemeinde that changes its association is listed under both, each with "-" for the years that
    the other has.
    """
    canonical = _canonical(cells["region"])
    printed = cells["region"].groupby(canonical).transform("nunique")
    doubtful = cells[printed > 1]
    if doubtful.empty:
        return cells
    place = [canonical[doubtful.index], doubtful["time"], doubtful["key"]]
    dash = doubtful["raw"] == "-"
    known = (~dash).groupby(place).transform("any")
    several = doubtful["region"].groupby(place).transform("nunique") > 1
    return cells.drop(doubtful.index[dash & known & several]).reset_index(drop=True)


def is_unabridged(cells: pd.DataFrame) -> bool:
    """Whether the file lists a region that has nothing at all, as exports do that leave out no
    empty rows: dissolved regions are in them, with "-" in all cells."""
    time, region, _ = _coordinates(cells)
    return bool((cells["raw"] == "-").groupby([time, region]).all().any())


def first_gap(cells: pd.DataFrame) -> tuple[str, str, int] | None:
    """Time, region and key of a cell that is missing; None if every region has every key at every
    time. Levels (length of the region's key) are judged apart, as their tables differ."""
    time, region, key = _coordinates(cells)
    level = _canonical(cells["region"]).str.len().to_numpy()
    for one in np.unique(level):
        expected = np.unique(region[level == one])
        for moment in np.unique(time[level == one]):
            now = (level == one) & (time == moment)
            keys = np.unique(key[now])
            if now.sum() == len(expected) * len(keys):
                continue
            there = np.zeros((len(expected), len(keys)), dtype=bool)
            there[np.searchsorted(expected, region[now]), np.searchsorted(keys, key[now])] = True
            absent_region, absent_key = np.argwhere(~there)[0]
            printed = cells["region"][region == expected[absent_region]].iloc[0]
            return cells["time"][now].iloc[0], printed, int(keys[absent_key])
    return None


def gap_note(gap: tuple[str, str, int], keys: list[tuple[str, ...]]) -> str:
    time, region, key = gap
    return (
        f"Die Tabelle hat Lücken: für Region {region}, {time}, fehlt zum Beispiel "
        f"„{' / '.join(keys[key])}“. Was fehlt, gilt nicht als null."
    )


def _coordinates(cells: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Numbers for time, region and key of each cell."""
    time, _ = pd.factorize(cells["time"])
    region, _ = pd.factorize(_canonical(cells["region"]))
    return time, region, cells["key"].to_numpy()


def _canonical(region: pd.Series) -> pd.Series:
    """Canonical keys: a code counts as the same with and without its leading zero."""
    return region.map({code: regions.normalise(code) or code for code in region.unique()})
