"""From a town's own table to counts: a mapping explains every heading, word and sign, or the file
is refused as a whole.

The result has the form that `mapping.py` gives official tables, so that checks, sums and
publication treat both alike.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from indicators import periods
from indicators.catalog.catalog import Catalog
from indicators.catalog.definition import TOTAL
from indicators.catalog.mappings import PERIOD, REGION, TableMapping
from indicators.catalog.meaning import Dataset
from indicators.errors import DefinitionError, FileError
from indicators.folders import EXAMPLE
from indicators.formats import quantity
from indicators.publishing.own_meaning import KnownWords, as_period, matches, period_rule
from indicators.publishing.own_sheet import FILE, TITLE, Reader
from indicators.regions import Region
from indicators.sources import archive
from indicators.sources.grid import Grid, read_grid
from indicators.sources.reading import is_official
from indicators.symbols import (
    WITH_NUMBER,
    Status,
    is_rounded,
    join_flags,
    status_of_result,
)

_TABLES = (".csv", ".txt", ".xlsx", ".xlsm", ".xls", ".ods")


@dataclass(frozen=True)
class OwnTable:
    """A file understood by one mapping: `rows` has one row per region, period, dimensions and
    measure with columns region, period, start, <dimensions>, measure, value, status, flags, line.
    All regions are known; a combination that is not listed has no row. `notes` say what became of
    rows that were left out or added up, for the report; `lines_read` are sheet and line of every
    row that was read."""

    file: str
    format: str
    mapping: TableMapping
    dataset: Dataset
    rows: pd.DataFrame
    notes: tuple[str, ...] = ()
    lines_read: tuple[tuple[str, int], ...] = ()


def read_own(
    content: bytes,
    file: str,
    catalog: Catalog,
    register: dict[str, Region],
    named: tuple[str, ...] = (),
) -> list[OwnTable]:
    """What the mappings take from a file: those its origin names, else those for files of this
    name. Empty for an official table, which needs none. The files of an archive are read as if
    each had come alone.

    Raises FileError if no mapping reads the file, or one of them does not explain all of it.
    """
    if archive.is_archive(content):
        return _read_archive(content, file, catalog, register, named)
    used = _mappings_for(content, file, catalog, named)
    return understand(read_grid(content, file), used, catalog, register) if used else []


def made_with(
    content: bytes, file: str, catalog: Catalog, named: tuple[str, ...] = ()
) -> list[tuple[int, TableMapping]]:
    """All mappings that may have a say in how this file is read, with their places among all: for
    one that ships or came before, another town's new mapping changes nothing. In an archive each
    file may have another."""
    every = list(enumerate(catalog.mappings.values()))
    if archive.is_archive(content):
        return every
    return [one for one in every if (one[1].id in named if named else one[1].reads(file))]


def _read_archive(
    content: bytes,
    file: str,
    catalog: Catalog,
    register: dict[str, Region],
    named: tuple[str, ...],
) -> list[OwnTable]:
    if not named and not _is_own(archive.members(content), file, catalog):
        return []
    tables: list[OwnTable] = []
    for member, inside in archive.files(content, file):
        here = f"{file} ({member.path})"
        # of several mappings, the names of the files tell whose each is
        of_it = [id for id in named if len(named) == 1 or _reads(catalog, id, member.name)]
        try:
            used = _mappings_for(inside, member.name, catalog, tuple(of_it))
            if not used:
                raise FileError(
                    here,
                    f"diese Datei liest keine Zuordnung; {_listed(catalog)}. Nächster Schritt: sie "
                    "aus dem Archiv nehmen",
                )
            found = understand(read_grid(inside, member.name), used, catalog, register)
        except FileError as error:
            raise FileError(
                here, error.reason, sheet=error.sheet, line=error.line, column=error.column
            ) from error
        tables += [replace(table, file=here) for table in found]
    _refuse_overlaps(tables)
    return tables


def _is_own(members: list[archive.Member], file: str, catalog: Catalog) -> bool:
    """Whether an archive holds own tables: a mapping reads a name, or all that is there is tables
    and none is official.

    Raises FileError if some are official: what they lack would not be noticed.
    """
    # an Excel file begins as an archive does
    official = [m.head[:2] != b"PK" and is_official(m.head) for m in members]
    others = [m for m, one in zip(members, official, strict=True) if not one]
    read = [m for m in others if any(_reads(catalog, id, m.name) for id in catalog.mappings)]
    if read and any(official):
        raise FileError(
            f"{file} ({read[0].path})",
            "das Archiv enthält amtliche und eigene Tabellen. Nächster Schritt: sie getrennt "
            "annehmen",
        )
    tables = [m for m in others if m.name.lower().endswith(_TABLES) and _looks_own(m.head)]
    return bool(read) or (bool(tables) and not any(official))


def _reads(catalog: Catalog, id: str, name: str) -> bool:
    return id not in catalog.mappings or catalog.mappings[id].reads(name)


def _refuse_overlaps(tables: list[OwnTable]) -> None:
    """Of two files for the same region and period the later one counts; in one archive none is."""
    told: dict[tuple[str, str, str], str] = {}
    for table in tables:
        for region, period in table.rows[["region", "period"]].drop_duplicates().to_numpy():
            first = told.setdefault((table.mapping.id, region, period), table.file)
            if first != table.file:
                raise FileError(
                    table.file,
                    f"für {region}, {period}, stehen schon Angaben in {first}. Nächster Schritt: "
                    "die Dateien einzeln annehmen, die gültige zuletzt, oder sie zu einer "
                    "verbinden, wenn beide gelten",
                )


def _mappings_for(
    content: bytes, file: str, catalog: Catalog, named: tuple[str, ...]
) -> list[TableMapping]:
    if unknown := [id for id in named if id not in catalog.mappings]:
        raise FileError(
            file,
            f"der Herkunftsnachweis nennt die Zuordnung {', '.join(unknown)}, die es nicht gibt; "
            f"{_listed(catalog)}. Nächster Schritt: die Zuordnung wieder anlegen, oder den "
            "Nachweis löschen und die Datei noch einmal annehmen",
        )
    if named:
        return [catalog.mappings[id] for id in named]
    if is_official(content):
        return []
    used = [mapping for mapping in catalog.mappings.values() if mapping.reads(file)]
    # the invented town shows how it is done, and must not read the files of a real one
    own = [m for m in used if not catalog.defined_in("mappings", m.id).startswith(f"{EXAMPLE}/")]
    used = own or used
    # a damaged or foreign official file is told by its own reader
    if not used and _looks_own(content):
        raise FileError(
            file,
            "das ist keine amtliche Tabelle, und keine Zuordnung liest Dateien dieses Namens; "
            f"{_listed(catalog)}. Nächster Schritt: die Datei so benennen, wie es unter files "
            "steht, oder eine Zuordnung in data/definitions anlegen (docs/mapping.md)",
        )
    return used


def _looks_own(content: bytes) -> bool:
    return not content.startswith((b"%PDF", b"<", b"{")) and bool(content.strip())


def _listed(catalog: Catalog) -> str:
    names = [f"{m.id} ({', '.join(m.files)})" for m in catalog.mappings.values()]
    return "vorhanden sind " + (", ".join(names) or "keine Zuordnungen")


def check_mappings(catalog: Catalog, register: dict[str, Region]) -> None:
    """Raises DefinitionError if a mapping names a region or a period that does not exist."""
    for mapping in catalog.mappings.values():

        def wrong(field: str, reason: str, mapping=mapping) -> DefinitionError:
            file = catalog.defined_in("mappings", mapping.id)
            return DefinitionError(f"{file}, Feld mapping.{field}: {reason} ({mapping.id})")

        named = {"region": mapping.region} if mapping.region else {}
        named |= {f"words.region.{w}": id for w, id in mapping.words.get(REGION, {}).items()}
        for field, id in named.items():
            if id not in register:
                raise wrong(
                    field,
                    f"die Region „{id}“ ist nicht bekannt; erlaubt sind amtliche Schlüssel und die "
                    "unter local_regions genannten",
                )
        rule = period_rule(mapping, catalog.datasets[mapping.dataset])
        given = {"period": mapping.period} if mapping.period not in (None, TITLE, FILE) else {}
        given |= {f"words.period.{w}": text for w, text in mapping.words.get(PERIOD, {}).items()}
        for field, text in given.items():
            try:
                as_period(text, rule)
            except periods.PeriodError as error:
                raise wrong(field, str(error)) from error


def understand(
    grid: Grid, used: list[TableMapping], catalog: Catalog, register: dict[str, Region]
) -> list[OwnTable]:
    """What each of the mappings takes from the file. Every sheet must be read by one of them.

    Raises FileError naming sheet, line and column of what no mapping explains.
    """
    found = [_understood(grid, mapping, catalog, register) for mapping in used]
    read = {name for _, names in found for name in names}
    for sheet in grid.sheets:
        skipped = any(matches(sheet.name, m.skip_sheets) for m in used)
        if sheet.name not in read and not skipped:
            raise FileError(
                grid.file,
                "dieses Blatt liest keine der Zuordnungen "
                f"{', '.join(m.id for m in used)}. Nächster Schritt: den Namen dort unter sheets "
                "aufnehmen, oder unter skip_sheets, wenn es nicht gelesen werden soll",
                sheet=sheet.name,
            )
    return [table for table, _ in found]


def _understood(
    grid: Grid, mapping: TableMapping, catalog: Catalog, register: dict[str, Region]
) -> tuple[OwnTable, list[str]]:
    dataset = catalog.datasets[mapping.dataset]
    dimensions = [catalog.dimensions[id] for id in dataset.dimensions]
    sheets = [s for s in grid.sheets if matches(s.name, mapping.sheets)]
    if not mapping.sheets:
        sheets = [s for s in grid.sheets if not matches(s.name, mapping.skip_sheets)]
        if len(sheets) != 1:
            names = ", ".join(f"„{sheet.name}“" for sheet in sheets) or "keines"
            raise FileError(
                grid.file,
                f"die Zuordnung {mapping.id} liest genau ein Blatt, die Datei hat {names}. "
                "Nächster Schritt: die Blätter dort unter sheets nennen",
            )
    if not sheets:
        names = ", ".join(f"„{sheet.name}“" for sheet in grid.sheets)
        raise FileError(
            grid.file,
            f"keines der Blätter, die die Zuordnung {mapping.id} unter sheets nennt, ist da; "
            f"vorhanden sind {names}",
        )
    words = KnownWords(mapping, dimensions, register, catalog)
    readers = [Reader(grid.file, one, mapping, dataset, words, register) for one in sheets]
    rows = pd.concat([reader.rows() for reader in readers], ignore_index=True)
    notes = [note for reader in readers for note in reader.notes]
    lines = tuple(rows[["sheet", "line"]].drop_duplicates().itertuples(index=False, name=None))
    if mapping.sum:
        rows, note = _added(rows, ["region", "period", *dataset.dimensions, "measure"])
        notes += [note]
    _refuse_repeats(rows, grid.file, mapping, dataset)
    format = f"{grid.format} ({grid.encoding})" if grid.encoding else grid.format
    rows = rows.drop(columns=["sheet", "column"])
    table = OwnTable(grid.file, format, mapping, dataset, rows, tuple(notes), lines)
    return table, [sheet.name for sheet in sheets]


def _added(rows: pd.DataFrame, key: list[str]) -> tuple[pd.DataFrame, str]:
    """Rows of one combination as their sum, and what is said of it.

    A sum is made only of numbers, beside what cannot be at all; where a number lacks the sum does,
    for the reason of the first row that has none.
    """
    rows = rows.assign(
        number=rows["status"].isin([status.value for status in WITH_NUMBER]),
        nothing=rows["status"] == Status.NOT_APPLICABLE.value,
        rounded=is_rounded(rows["value"], rows["status"], rows["flags"]),
    )
    rows = rows.assign(lacks=~rows["number"] & ~rows["nothing"])
    # the first row of a group gives its line, and the status where the sum has no number
    rows = rows.sort_values(["lacks", "number"], ascending=False, kind="stable")
    groups = rows.groupby(key, sort=False)
    sums = groups.first().assign(
        value=groups["value"].sum(),
        count=groups.size(),
        lacks=groups["lacks"].any(),
        number=groups["number"].any(),
        rounded=groups["rounded"].any(),
    )
    several = sums["count"] > 1
    made = sums["number"] & ~sums["lacks"]
    joined = groups["flags"].agg(lambda flags: join_flags(*flags))
    sums["flags"] = [
        join_flags(flags, "summed") if many and whole else flags
        for flags, many, whole in zip(joined, several, made, strict=True)
    ]
    sums["status"] = np.where(
        several & made, status_of_result(sums["value"], sums["rounded"]), sums["status"]
    )
    sums.loc[~made, "value"] = np.nan
    note = (
        quantity(int(sums.loc[several, "count"].sum()), "Wert", "Werte")
        + " aus mehreren Zeilen zu "
        + quantity(int(several.sum()), "Summe", "Summen")
        + " zusammengezählt (sum = true)"
    )
    if lacking := int((several & sums["lacks"]).sum()):
        note += f"; {quantity(lacking, 'Summe fehlt', 'Summen fehlen')}, weil ein Wert davon fehlt"
    return sums.reset_index().sort_values("line", kind="stable")[rows.columns[:-4]], note


def _refuse_repeats(rows: pd.DataFrame, file: str, mapping: TableMapping, dataset: Dataset) -> None:
    """A combination listed twice is a subtotal, or a column that tells them apart is not read."""
    key = ["region", "period", *dataset.dimensions, "measure"]
    repeated = rows.duplicated(key)
    if not repeated.any():
        return
    second = rows[repeated].iloc[0]
    first = rows[(rows[key] == second[key]).all(axis=1)].iloc[0]
    words = ", ".join(second[name] for name in key if second[name] != TOTAL)
    sheet = f" im Blatt „{first['sheet']}“" if first["sheet"] != second["sheet"] else ""
    raise FileError(
        file,
        f"dieselbe Angabe ({words}) steht schon in Zeile {first['line']}{sheet}. Nächster Schritt: "
        f"in der Zuordnung {mapping.id} Zwischensummen unter skip_rows oder skip_columns nennen, "
        "oder die Spalte erklären, die beide unterscheidet; sind es Teile (mehrere Schulen eines "
        "Gebiets), mit sum = true zusammenzählen lassen",
        sheet=second["sheet"],
        line=int(second["line"]),
        column=int(second["column"]),
    )
