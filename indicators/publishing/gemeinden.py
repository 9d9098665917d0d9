"""Gemeinden of real Kreise: the official table of Gemeinden names them, and so they register
themselves, without a line of a definition.

Only those of Kreise that an education region names: all 10,800 would make every picker, map and
release larger for Kreise that nobody here works with.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

import pandas as pd

from indicators import regions
from indicators.catalog.catalog import Catalog
from indicators.catalog.meaning import Dataset
from indicators.folders import Folders
from indicators.regions import Region
from indicators.sources import stock
from indicators.sources.reading import read_file
from indicators.sources.table import OfficialTable

# Tables of the Regionaldatenbank whose codes end like this go down to the Gemeinden.
_DEPTH = "-5"
# What the table writes behind a name, and what is meant.
_DESIGNATIONS = {
    "St": "Stadt",
    "GKSt": "Große Kreisstadt",
    "M": "Markt",
    "Stadt": "Stadt",
    "Kreisstadt": "Stadt",
    "verbandsfr. Gemeinde": "verbandsfreie Gemeinde",
    "Gemeinde": "Gemeinde",
}
_UNINHABITED = re.compile(
    r"\bgem(?:einde)?\.?\s?-?fr(?:eie[sr]?|\.)|\bgemfr\.|gutsbezirk", re.IGNORECASE
)


def lists_gemeinden(code: str | None) -> bool:
    """Whether a table of this code lists Gemeinden."""
    return code is not None and code.endswith(_DEPTH)


def received(folders: Folders) -> Iterator[OfficialTable]:
    """The tables of Gemeinden among the files of the data folder, as far as they are sound."""
    found, _ = stock.survey(folders)
    for one in found:
        if lists_gemeinden(one.origin.table) and one.state == "sound":
            yield from read_file(one.path)


def register_with(
    register: dict[str, Region], tables: Iterable[OfficialTable], catalog: Catalog
) -> dict[str, Region]:
    """The register with the Gemeinden that these tables list below Kreise of education regions.

    One that a definition registers stays as it is there. Left out are areas without a Gemeinde
    where nobody lives, and what ended before the newest period: of whom its inhabitants are
    counted since, the table does not tell. A Gemeinde that is new has nothing before.
    """
    known = catalog.tables()
    cells = [
        _cells(table, known[table.code][0])
        for table in tables
        if lists_gemeinden(table.code) and table.code in known
    ]
    if not cells:
        return register
    kreise = {
        member
        for one in catalog.education_regions.values()
        for member in one.members
        if member in register and register[member].is_kreis
    }
    found = pd.concat(cells, ignore_index=True)
    found = found[found["key"].str[:5].isin(kreise) & ~found["key"].isin(list(register))]
    starts = sorted({start for one in cells for start in one["start"]})
    own = {key: _gemeinde(key, rows, starts) for key, rows in found.groupby("key")}
    return register | {key: region for key, region in own.items() if region}


def _cells(table: OfficialTable, dataset: Dataset) -> pd.DataFrame:
    """A row per cell of a Gemeinde: key, name, start of the period, whether a number is there."""
    cells = table.cells
    keys = {text: regions.normalise(text) or "" for text in cells["region"].unique()}
    starts = {text: dataset.period.meant(text).start for text in cells["time"].unique()}
    frame = pd.DataFrame(
        {
            "key": cells["region"].map(keys),
            "name": cells["region_name"],
            "start": cells["time"].map(starts),
            "there": ~cells["raw"].isin(["-", ""]),
            "inhabited": ~cells["raw"].isin(["-", "", "0"]),
        }
    )
    levels = {key: key and regions.level_of(key) for key in frame["key"].unique()}
    return frame[frame["key"].map(levels) == "gemeinde"]


def _gemeinde(key: str, rows: pd.DataFrame, starts: list[date]) -> Region | None:
    """The Gemeinde of these cells; None where there is none (any more)."""
    there = rows.loc[rows["there"], "start"]
    printed = rows.sort_values("start")["name"].iloc[-1].strip()
    if there.empty or there.max() < starts[-1]:
        return None
    if _UNINHABITED.search(printed) and not rows["inhabited"].any():
        return None
    before = [start for start in starts if start < there.min()]
    name, designation = _name(printed)
    return Region(
        key,
        "gemeinde",
        name,
        f"in {name}",
        key[:5],
        designation,
        valid_from=before[-1] + timedelta(days=1) if before else None,
    )


def _name(printed: str) -> tuple[str, str]:
    """Name and designation: "Bad Steben, M" is the Markt Bad Steben. Abbreviations get the blank
    the table saves ("Grub a.Forst")."""
    name, _, behind = printed.rpartition(", ")
    if not name or behind not in _DESIGNATIONS:
        name, behind = printed, "Gemeinde"
    return re.sub(r"\.(?=[^\W\d])", ". ", name), _DESIGNATIONS[behind]
