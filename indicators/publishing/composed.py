"""Tables that somebody composed of whole indicators (INKAR): one file, several datasets.

In a table of an office the words of a column depend on each other, and one that nobody explains
refuses the file. Here each column is complete by itself and was chosen among hundreds: a column
more or less changes the meaning of no other. So each dataset takes the columns it explains, and
what nobody explains is left out and named.
"""

from dataclasses import replace

import numpy as np

from indicators.catalog import lexicons
from indicators.catalog.catalog import Catalog
from indicators.errors import FileError
from indicators.formats import listing
from indicators.sources import inkar
from indicators.sources.table import OfficialTable

# More names would hide what a message says.
_NAMED = 12


def divided(tables: list[OfficialTable], catalog: Catalog) -> list[OfficialTable]:
    """These tables as the definitions know them: a composed one as a table for each definition that
    explains a column of it, all others as they are.

    Raises FileError for a composed table of which no column is explained.
    """
    return [part for table in tables for part in _parts(table, catalog)]


def _parts(table: OfficialTable, catalog: Catalog) -> list[OfficialTable]:
    if table.code != inkar.CODE:
        return [table]
    parts: list[OfficialTable] = []
    explained: set[int] = set()
    for code, (dataset, definition) in catalog.tables().items():
        if code.split("-")[0] != inkar.CODE:
            continue
        known = lexicons.lexicon(dataset, definition, catalog.dimensions)
        meanings = {i: known.meaning(words[0]) for i, words in enumerate(table.keys)}
        explained |= {i for i, meaning in meanings.items() if meaning is not None}
        taken = [i for i, meaning in meanings.items() if meaning and meaning.kind == "measure"]
        if taken:
            parts.append(_only(table, taken, code))
    left = [words[0] for i, words in enumerate(table.keys) if i not in explained]
    if not parts:
        raise FileError(
            table.file,
            f"keiner der Indikatoren dieser INKAR-Tabelle wird gebraucht ({_some(left)}). Nächster "
            f"Schritt: in INKAR einen von diesen wählen: {_some(_wanted(catalog), 40)}",
        )
    if left:
        note = (
            f"Nicht übernommen, weil keine Definition sie erklärt: {_some(left)}. Heißt einer nur "
            "anders als ein bekannter, erklärt ihn [[more_words]] in data/definitions."
        )
        parts[0] = replace(parts[0], notes=[*parts[0].notes, note])
    # what was noticed about the file is told once
    return [parts[0], *(replace(part, notes=[]) for part in parts[1:])]


def _only(table: OfficialTable, keys: list[int], code: str) -> OfficialTable:
    """The table with these of its keys alone."""
    place = np.full(len(table.keys), -1)
    place[keys] = np.arange(len(keys))
    cells = table.cells[np.isin(table.cells["key"], keys)]
    names = {table.keys[i][0] for i in keys}
    return replace(
        table,
        code=code,
        cells=cells.assign(key=place[cells["key"].to_numpy()]).reset_index(drop=True),
        keys=[table.keys[i] for i in keys],
        units=[table.units[i] for i in keys],
        footnotes=tuple(note for note in table.footnotes if note.scope in names),
    )


def _wanted(catalog: Catalog) -> list[str]:
    """The indicators that definitions take from INKAR, as it calls them."""
    return [
        measure.labels[0]
        for code, (dataset, _) in catalog.tables().items()
        if code.split("-")[0] == inkar.CODE
        for measure in dataset.measures
    ]


def _some(names: list[str], count: int = _NAMED) -> str:
    quoted = [f"„{name}“" for name in names]
    more = [f"{len(quoted) - count} weitere"] if len(quoted) > count else []
    return listing([*quoted[:count], *more])
