"""Reader for workbooks (.xlsx, .xls): the database's own, and its CSV files saved by a spreadsheet.

The database's workbook has a sheet named after the table: title rows, merged headings, a row for
each time above its regions, the foot. Both kinds become the rows of a "datencsv" or a flat file and
are read as such; places are those of the sheet.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from indicators import regions
from indicators.errors import FileError
from indicators.sources import datencsv, datencsv_times, ffcsv
from indicators.sources.table import OfficialTable, code_in_name

_MARKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_MAX_BYTES = 300_000_000
_MAX_CELLS = 20_000_000
# The column and the row of a cell's address.
_COLUMN = re.compile(rb' r="([A-Z]+)\d+"')
_ROW = re.compile(rb' r="[A-Z]*(\d{1,9})"')
_AS_LOADED = (
    "Nächster Schritt: die Tabelle in der Datenbank neu als XLSX oder CSV herunterladen und "
    "unverändert annehmen."
)


@dataclass(frozen=True)
class _Rows:
    """A sheet as rows of a CSV file: `lines` are its rows in the sheet (from 1), `added` counts the
    columns put before the first."""

    rows: list[list[str]]
    lines: list[int]
    added: int


def is_workbook(content: bytes) -> bool:
    """Whether this is an Excel file, old or new, by its first bytes and parts."""
    if content.startswith(_MARKS[1]):
        return True
    return (
        content.startswith(_MARKS[0]) and b"[Content_Types].xml" in content[:4000] + content[-4000:]
    )


def is_official(content: bytes) -> bool:
    """Whether a sheet of this workbook is an official table. False for what cannot be opened."""
    try:
        return any(_kind(sheet) for sheet in _sheets(content, ""))
    except FileError:
        return False


def read(content: bytes, file: str) -> list[OfficialTable]:
    """All official tables of a workbook; sheets that are none are named in the notes.

    Raises FileError for a workbook that cannot be opened, has no official table or one that is
    incomplete.
    """
    tables, others = [], []
    for sheet in _sheets(content, file):
        if _kind(sheet):
            tables.append(_table(sheet, file))
        elif sheet.height:
            others.append(sheet.name)
    if not tables:
        raise FileError(
            file,
            "die Excel-Datei enthält keine amtliche Tabelle: kein Blatt heißt nach einem "
            "Tabellencode oder beginnt mit „Tabelle:“ oder „statistics_code“ (vorhanden sind die "
            f"Blätter {_named(others)}). Nächster Schritt: die Tabelle in der "
            "Datenbank als XLSX oder CSV laden; für eigene Tabellen eine Zuordnung anlegen "
            "(docs/mapping.md).",
        )
    if others:
        note = f"Nicht gelesen, weil keine amtliche Tabelle: Blatt {_named(others)}."
        tables[0] = replace(tables[0], notes=[*tables[0].notes, note])
    return tables


def _named(sheets: list[str]) -> str:
    """A few of the names: a workbook may have a sheet for each year."""
    return ", ".join(sheets[:4]) + (" …" if sheets[4:] else "")


def _sheets(content: bytes, file: str) -> Iterator[CalamineSheet]:
    refuse_unsafe(content, file)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        yield from [book.get_sheet_by_name(name) for name in book.sheet_names]
    except CalamineError as error:
        if "password" in str(error).lower() or b"EncryptedPackage" in content[:20_000]:
            reason = "die Excel-Datei ist mit einem Kennwort geschützt"
        else:
            reason = "die Excel-Datei ist beschädigt oder abgeschnitten"
        raise FileError(file, f"{reason}. {_AS_LOADED}") from error


def refuse_unsafe(content: bytes, file: str) -> None:
    """Before a workbook is opened: calamine holds a sheet as one block of all cells up to the last,
    and one cell far away would take all memory. An old workbook cannot be that large."""
    if not content.startswith(_MARKS[0]):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            if sum(member.file_size for member in members) > _MAX_BYTES:
                raise FileError(
                    file, "die Excel-Datei ist ungewöhnlich groß und wird nicht entpackt"
                )
            sheets = [m for m in members if m.filename.startswith("xl/worksheets/sheet")]
            sizes = [_cells_of(archive.read(sheet)) for sheet in sheets]
    except (zipfile.BadZipFile, zlib.error, ValueError, OSError, NotImplementedError) as error:
        raise FileError(
            file, f"die Excel-Datei ist beschädigt oder abgeschnitten. {_AS_LOADED}"
        ) from error
    if max(sizes, default=0) > _MAX_CELLS:
        raise FileError(
            file,
            "in einem Blatt der Excel-Datei steht etwas weit außerhalb der Tabelle (Zeile oder "
            "Spalte mit sehr hoher Nummer). Nächster Schritt: in Excel mit Strg+Ende dorthin "
            "springen, die überzähligen Zeilen und Spalten löschen und die Datei neu speichern.",
        )


def _cells_of(sheet: bytes) -> int:
    """How many cells a sheet would have if it were filled up to its last row and column."""
    columns = map(_column_number, set(_COLUMN.findall(sheet)))
    rows = map(int, set(_ROW.findall(sheet)))
    return max(rows, default=0) * max(columns, default=0)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters[:4]:
        number = number * 26 + letter - 64
    return number


def _kind(sheet: CalamineSheet) -> str:
    """Which kind of table a sheet is: "own" for the database's workbook, "csv" for a saved CSV
    file, "" for none."""
    head = sheet.to_python(skip_empty_area=False, nrows=1)
    first = _text(head[0][0]) if head and head[0] else ""
    if datencsv.recognises(first) or ffcsv.recognises(first):
        return "csv"
    return "own" if code_in_name(sheet.name) and sheet.total_height > 2 else ""


def _table(sheet: CalamineSheet, file: str) -> OfficialTable:
    texts = [[_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    found = None
    try:
        if _kind(sheet) == "own":
            found = _as_export(texts, sheet, file)
        else:
            found = _Rows(texts, list(range(1, len(texts) + 1)), 0)
        reader = ffcsv if ffcsv.recognises(texts[0][0]) else datencsv
        table = reader.read_rows(found.rows, found.lines, file, "Excel")
    except FileError as error:
        added = found.added if found else 0
        column = error.column and error.column - added
        raise FileError(
            file, error.reason, sheet=sheet.name, line=error.line, column=column
        ) from error
    cells = table.cells.assign(column=table.cells["column"] - found.added)
    return replace(table, cells=cells, format=f"Excel ({table.format})")


def _text(value) -> str:
    """A cell as the database prints it in German: 12 for 12.0, 12,5 for 12.5, 31.12.2015."""
    if isinstance(value, bool):
        return "WAHR" if value else "FALSCH"
    if isinstance(value, int | float):
        return str(int(value)) if float(value).is_integer() else repr(value).replace(".", ",")
    if isinstance(value, datetime | date):
        return f"{value:%d.%m.%Y}"
    return str(value)


# --- the database's own workbook ------------------------------------------------------------------


def _as_export(texts: list[list[str]], sheet: CalamineSheet, file: str) -> _Rows:
    """Its rows as those of the table export: the time before each region, headings repeated."""
    foot = next((i for i, row in enumerate(texts) if set(row[0].strip()) == {"_"}), None)
    if foot is None:
        raise FileError(
            file,
            "der Fuß der Tabelle (Strichlinie, Quellenangabe, Stand) fehlt, die Datei ist "
            f"vermutlich gekürzt. {_AS_LOADED}",
            line=len(texts),
        )
    start = _first_data(texts[:foot])
    texts = _with_headings_repeated(texts, sheet.merged_cell_ranges or [], start)
    times = {
        i for i in range(start, foot) if _is_alone(texts[i]) and datencsv_times.time_in(texts[i][0])
    }
    rows, lines, moment = [[f"Tabelle: {code_in_name(sheet.name)}"]], [0], ""
    for index, row in enumerate(texts[:foot]):
        if index in times:
            moment = row[0]
            continue
        is_title = index < start and _is_alone(row)
        rows.append([moment, *row] if times and not is_title else row)
        lines.append(index + 1)
    below = _foot(texts[foot:])
    return _Rows(rows + below, lines + [foot + 1] * len(below), 1 if times else 0)


def _first_data(texts: list[list[str]]) -> int:
    """The first row of the data: a time alone, or a region; behind all headings."""
    headed = False
    for index, row in enumerate(texts):
        headed = headed or any(map(str.strip, row[2:]))
        is_time = _is_alone(row) and datencsv_times.time_in(row[0]) is not None
        if headed and (is_time or any(regions.normalise(cell) for cell in row[:2])):
            return index
    return len(texts)


def _is_alone(row: list[str]) -> bool:
    return bool(row[0].strip()) and not any(map(str.strip, row[1:]))


def _with_headings_repeated(
    texts: list[list[str]], merged: list[tuple[tuple[int, int], tuple[int, int]]], start: int
) -> list[list[str]]:
    """Merged headings stand in each of their columns, merged regions and labels in each of their
    rows; what heads the columns of times, regions and labels says nothing and goes."""
    texts = [list(row) for row in texts]
    for (top, left), (bottom, right) in merged:
        if top >= start and left == right:
            for row in texts[top : bottom + 1]:
                row[left] = texts[top][left]
        elif left > 0 and top < start:
            texts[top][left : right + 1] = [texts[top][left]] * (right - left + 1)
        elif left == 0 and 0 < right < len(texts[top]) - 1 and top < start:
            for row in texts[top : bottom + 1]:
                row[: right + 1] = [""] * (right + 1)
    return texts


def _foot(texts: list[list[str]]) -> list[list[str]]:
    """The foot as the export has it: footnotes in one cell, then attribution, then date."""
    text = "\n".join(row[0].strip() for row in texts[1:])
    text = re.sub(r"\s*\|?\s*(?=Stand:)", "\n", text)
    notes, _, rest = text.partition("©")
    attribution, _, stand = rest.partition("\nStand:")
    parts = [notes, f"©{attribution}" if rest else "", f"Stand:{stand}" if stand else ""]
    return [["__________"], *([part] for part in parts if part.strip())]
