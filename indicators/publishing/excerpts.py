"""Excerpts against definitions and register: every measure, category and region they name is known.

In an official table a word is looked up; an excerpt states ids, so one that is wrong is a slip of
whoever compiled it and is told with its place.
"""

from collections.abc import Iterable, Mapping

import pandas as pd

from indicators.catalog.catalog import Catalog
from indicators.catalog.definition import TOTAL
from indicators.catalog.meaning import Dataset
from indicators.errors import FileError
from indicators.publishing.report import Section
from indicators.regions import Region
from indicators.sources import excerpt
from indicators.sources.table import OfficialTable


def is_excerpt(table: OfficialTable) -> bool:
    return table.format == excerpt.FORMAT


def meanings(table: OfficialTable, dataset: Dataset, catalog: Catalog) -> list[dict[str, str]]:
    """Measure and categories of the cells of each key.

    Raises FileError with line and column for an id that the definitions do not know, and for a
    dimension of the dataset that is not stated.
    """
    allowed = {"measure": [measure.id for measure in dataset.measures]}
    for id in dataset.dimensions:
        allowed[id] = [TOTAL, *(one.id for one in catalog.dimensions[id].categories)]
    columns = [field.partition("=")[0] for field in table.keys[0]]
    head = int(table.cells["line"].min()) - 1
    for column, name in enumerate(columns, 1):
        if name not in allowed:
            raise _unknown(table, name, "keine Dimension", dataset, allowed, head, column)
    if missing := [name for name in allowed if name not in columns]:
        raise FileError(
            table.file,
            f"es fehlt die Spalte {missing[0]}: der Datensatz {dataset.id} hat die Dimensionen "
            f"{', '.join(dataset.dimensions) or 'keine'}",
            line=head,
            column=len(columns) + 1,
        )
    lines = table.cells.groupby("key")["line"].min()
    found = []
    for key, words in enumerate(table.keys):
        told = dict(field.split("=", 1) for field in words)
        for column, (name, id) in enumerate(told.items(), 1):
            if id not in allowed[name]:
                what = "keine Messgröße" if name == "measure" else f"keine Ausprägung von {name}"
                line = int(lines[key]) if key in lines else head
                raise _unknown(table, id, what, dataset, allowed[name], line, column)
        found.append(told)
    return found


def _unknown(
    table: OfficialTable,
    id: str,
    what: str,
    dataset: Dataset,
    allowed: Iterable[str],
    line: int,
    column: int,
) -> FileError:
    return FileError(
        table.file,
        f"„{id}“ ist {what} im Datensatz {dataset.id}; möglich sind {', '.join(allowed)}",
        line=line,
        column=column,
    )


def known_regions(
    rows: pd.DataFrame, table: OfficialTable, register: Mapping[str, Region], section: Section
) -> pd.DataFrame:
    """The rows of regions that the register knows. Any other is an error: an excerpt lists no
    region by accident. The columns stay."""
    unknown = [id for id in rows["region"].unique() if id not in register]
    for id in unknown:
        cells = table.cells[table.cells["region"] == id]
        section.add(
            "error",
            f"{table.file}, Zeile {int(table.cells['line'].min()) - 1}, Spalte "
            f"{int(cells['column'].iloc[0])}: die Region {id} gibt es nicht",
        )
    return rows[~rows["region"].isin(unknown)]
