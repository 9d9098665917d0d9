"""CSV, Excel (.xlsx, .xls) and OpenDocument files as plain grids of texts: sheets, lines and
columns, nothing interpreted."""

import csv
import io
import re
import warnings
import zipfile
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache

import numpy as np
import openpyxl
from openpyxl.utils.exceptions import InvalidFileException
from python_calamine import CalamineError, CalamineWorkbook

from indicators.errors import FileError
from indicators.sources.text import decode

_MAX_BYTES = 300_000_000
_MAX_CELLS = 20_000_000
_SEPARATORS = ";,\t"
_SAVE_AS = (
    "Nächster Schritt: die Tabelle in Excel als „Excel-Arbeitsmappe (.xlsx)“ oder „CSV UTF-8“ "
    "speichern und noch einmal annehmen."
)


@dataclass(frozen=True)
class Sheet:
    """One sheet, or a CSV file as the sheet "".

    `texts` is a matrix of the cells as text, trimmed, "" where empty; `numbers` the same with the
    value of cells that Excel holds as numbers (NaN elsewhere), which no decimal sign concerns: a
    cell shown as a percentage counts as shown, 12.5 for 0.125, and its text is "12,5 %". Row i
    stands in line `lines[i]` of the file. `covered` are cells that a merged cell covers; they
    repeat its text. `dates` are cells that Excel holds as dates.
    """

    name: str
    texts: np.ndarray
    numbers: np.ndarray
    lines: np.ndarray
    covered: frozenset[tuple[int, int]] = field(default=frozenset())
    dates: frozenset[tuple[int, int]] = field(default=frozenset())


@dataclass(frozen=True)
class Grid:
    """A file's sheets in order, without empty ones; `format` is what it was read as."""

    file: str
    format: str
    encoding: str
    sheets: list[Sheet]


def read_grid(content: bytes, file: str) -> Grid:
    """The cells of a CSV, Excel or OpenDocument file. Raises FileError for a file that cannot be
    read whole: one with a password, formulas nobody calculated, errors like #REF!, destroyed
    umlauts."""
    if len(content) > _MAX_BYTES:
        raise FileError(file, "die Datei ist größer als 300 MB und wird nicht gelesen")
    if is_opendocument(content):
        grid = _read_other(content, file, "OpenDocument")
    elif content.startswith(b"PK\x03\x04"):
        grid = _read_excel(content, file)
    elif content.startswith(b"\xd0\xcf\x11\xe0"):
        grid = _read_other(content, file, "Excel 97")
    elif content.startswith(b"%PDF"):
        raise FileError(file, f"das ist eine PDF-Datei. {_SAVE_AS}")
    else:
        grid = _read_csv(content, file)
    if not grid.sheets:
        raise FileError(file, "die Datei enthält keine einzige gefüllte Zelle")
    return grid


# --- CSV ----------------------------------------------------------------------------------------


def _read_csv(content: bytes, file: str) -> Grid:
    text, encoding = decode(content, file)
    if text.lstrip()[:1] == "<":
        raise FileError(file, f"das ist eine Internetseite und keine Tabelle. {_SAVE_AS}")
    separator, text = _separator(text)
    rows, lines = [], []
    # newline="" keeps line breaks inside quotes as they are
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 1
    try:
        for row in reader:
            rows.append([_clean(cell) for cell in row])
            lines.append(line)
            line = reader.line_num + 1
    except csv.Error as error:
        raise FileError(
            file,
            "die Anführungszeichen sind nicht geschlossen oder stehen mitten in einem Feld "
            f"({error}). {_SAVE_AS}",
            line=line,
        ) from error
    width = max((len(row) for row in rows), default=0)
    texts = np.full((len(rows), width), "", dtype=object)
    for index, row in enumerate(rows):
        texts[index, : len(row)] = row
    sheet = Sheet("", texts, np.full(texts.shape, np.nan), np.array(lines, dtype=int))
    return Grid(file, "CSV", encoding, [sheet] if (texts != "").any() else [])


def _separator(text: str) -> tuple[str, str]:
    """The separator and the text to read: what Excel's own line `sep=;` says, else the sign that
    divides most lines into the same number of fields."""
    stated = re.match(r"sep=(.)\r?\n", text)
    if stated:
        # an empty line takes its place, so that line numbers stay those of the file
        return stated[1], "\n" + text[stated.end() :]
    lines = [line for line in text.splitlines()[:200] if line.strip()]

    def divides(sign: str) -> tuple[int, int]:
        counts = [len(re.sub(r'"[^"]*"', "", line).split(sign)) - 1 for line in lines]
        usual = max(set(counts), key=lambda n: (counts.count(n), n), default=0)
        # title lines have no separators: they must not outvote the table
        filled = [count for count in counts if count]
        most = max(set(filled), key=lambda n: (filled.count(n), n), default=usual)
        return (filled.count(most), most)

    return max(_SEPARATORS, key=lambda sign: divides(sign)), text


@lru_cache(maxsize=50_000)  # a long table repeats the same words in every row
def _clean(text: str) -> str:
    return re.sub(r"[\s\u00a0\u202f\u200b\ufeff]+", " ", text).strip()


# --- Excel --------------------------------------------------------------------------------------


def _read_excel(content: bytes, file: str) -> Grid:
    _refuse_unsafe(content, file)
    sheets = []
    with warnings.catch_warnings():
        # what openpyxl cannot keep (charts, extensions) does not concern the cells
        warnings.simplefilter("ignore")
        book = _open(content, file, data_only=False)
        stored = None
        for sheet in book.worksheets:
            if sheet.max_row * sheet.max_column > _MAX_CELLS:
                raise FileError(file, f"das Blatt „{sheet.title}“ ist ungewöhnlich groß")
            if any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row):
                stored = stored or _open(content, file, data_only=True)
            values = stored[sheet.title] if stored else None
            found = _read_sheet(sheet, values, file)
            if (found.texts != "").any():
                sheets.append(found)
    return Grid(file, "Excel", "", sheets)


def _open(content: bytes, file: str, *, data_only: bool):
    try:
        return openpyxl.load_workbook(io.BytesIO(content), data_only=data_only, keep_links=False)
    except (InvalidFileException, KeyError, ValueError, TypeError, OSError, SyntaxError) as error:
        raise FileError(file, f"die Excel-Datei lässt sich nicht lesen. {_SAVE_AS}") from error


def _refuse_unsafe(content: bytes, file: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
    except zipfile.BadZipFile as error:
        raise FileError(
            file, f"die Excel-Datei ist beschädigt oder abgeschnitten. {_SAVE_AS}"
        ) from error
    if not any(member.filename.startswith("xl/") for member in members):
        raise FileError(
            file, f"das ist ein Archiv und keine Excel-Datei (.xlsx, .xlsm). {_SAVE_AS}"
        )
    if sum(member.file_size for member in members) > _MAX_BYTES:
        raise FileError(file, "die Excel-Datei ist ungewöhnlich groß und wird nicht entpackt")


def _read_sheet(sheet, values, file: str) -> Sheet:
    """`values` is the same sheet with the stored results of its formulas, if it has any."""
    shape = (sheet.max_row, sheet.max_column)
    texts, numbers = np.full(shape, "", dtype=object), np.full(shape, np.nan)
    dates = set()
    for row in sheet.iter_rows():
        for cell in row:
            value = cell.value
            if value is None:
                continue
            place = cell.row - 1, cell.column - 1
            kind = cell.data_type
            if kind == "f":
                stored = values.cell(cell.row, cell.column)
                value, kind = stored.value, stored.data_type
                if value is None:
                    raise _at(
                        file,
                        sheet,
                        cell,
                        "hier steht eine Formel ohne gespeichertes Ergebnis. Nächster Schritt: die "
                        "Datei in Excel öffnen, speichern und noch einmal annehmen",
                    )
            if kind == "e":
                raise _at(
                    file,
                    sheet,
                    cell,
                    f"hier steht der Excel-Fehler {value}. Nächster Schritt: den Fehler in Excel "
                    "beheben oder die Zelle leeren",
                )
            texts[place], numbers[place] = _cell(value, cell.number_format)
            if isinstance(value, date):
                dates.add(place)
    covered = set()
    for area in sheet.merged_cells.ranges:
        first = area.min_row - 1, area.min_col - 1
        for row in range(area.min_row - 1, area.max_row):
            for column in range(area.min_col - 1, area.max_col):
                if (row, column) != first:
                    texts[row, column], numbers[row, column] = texts[first], numbers[first]
                    covered.add((row, column))
    lines = np.arange(1, shape[0] + 1)
    return Sheet(sheet.title, texts, numbers, lines, frozenset(covered), frozenset(dates))


# --- old Excel, OpenDocument ----------------------------------------------------------------------


def is_opendocument(content: bytes) -> bool:
    """Whether this is a table of LibreOffice or another office suite: its first part says so."""
    return content.startswith(b"PK\x03\x04") and b"opendocument.spreadsheet" in content[:200]


def _read_other(content: bytes, file: str, format: str) -> Grid:
    """These formats tell neither how a number is shown nor, all of them, what is merged: a share
    shown as a percentage is the fraction that is stored."""
    if format == "OpenDocument":
        _refuse_large_opendocument(content, file)
    sheets = []
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            if sheet.height * sheet.width > _MAX_CELLS:
                raise FileError(file, f"das Blatt „{name}“ ist ungewöhnlich groß")
            found = _of_calamine(sheet, name)
            if (found.texts != "").any():
                sheets.append(found)
    except (CalamineError, ValueError, OSError, KeyError) as error:
        locked = "password" in str(error).lower() or b"E\0n\0c\0r\0y\0p\0t" in content
        why = "mit einem Kennwort geschützt" if locked else "beschädigt oder abgeschnitten"
        raise FileError(file, f"die Datei ist {why}. {_SAVE_AS}") from error
    return Grid(file, format, "", sheets)


def _refuse_large_opendocument(content: bytes, file: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(member.file_size for member in archive.infolist())
            text = archive.read("content.xml") if size <= _MAX_BYTES else b""
    except (zipfile.BadZipFile, KeyError, OSError, ValueError) as error:
        raise FileError(file, f"die Datei ist beschädigt oder abgeschnitten. {_SAVE_AS}") from error
    # rows and cells may be said to stand there a million times
    repeated = [int(n) for n in re.findall(rb'number-(?:rows|columns)-repeated="(\d{1,9})"', text)]
    if size > _MAX_BYTES or sum(sorted(repeated)[-2:]) > 2_500_000:
        raise FileError(file, "die Datei ist ungewöhnlich groß und wird nicht entpackt")


def _of_calamine(sheet, name: str) -> Sheet:
    rows = sheet.to_python(skip_empty_area=False)
    shape = (len(rows), max(map(len, rows), default=0))
    texts, numbers = np.full(shape, "", dtype=object), np.full(shape, np.nan)
    dates, covered = set(), set()
    for row, cells in enumerate(rows):
        for column, value in enumerate(cells):
            if value is None or value == "":
                continue
            texts[row, column], numbers[row, column] = _cell(value, "")
            if isinstance(value, date):
                dates.add((row, column))
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        for row in range(top, min(bottom + 1, shape[0])):
            for column in range(left, min(right + 1, shape[1])):
                if (row, column) != (top, left):
                    texts[row, column] = texts[top, left]
                    numbers[row, column] = numbers[top, left]
                    covered.add((row, column))
    lines = np.arange(1, shape[0] + 1)
    return Sheet(name, texts, numbers, lines, frozenset(covered), frozenset(dates))


def _at(file: str, sheet, cell, reason: str) -> FileError:
    return FileError(file, reason, sheet=sheet.title, line=cell.row, column=cell.column)


def _cell(value, number_format: str) -> tuple[str, float]:
    """A cell's text as Excel shows it in German, and its number if it holds one."""
    if isinstance(value, bool):
        return "WAHR" if value else "FALSCH", np.nan
    if isinstance(value, int | float):
        if "%" in number_format:
            # as shown: 0.07 * 100 is 7.000000000000001
            value = round(value * 100, 10)
            return f"{_german(value)} %", value
        return _german(value), float(value)
    if isinstance(value, datetime | date):
        return f"{value.day:02d}.{value.month:02d}.{value.year}", np.nan
    if isinstance(value, time | timedelta):
        return str(value), np.nan
    return _clean(str(value)), np.nan


def _german(value: float) -> str:
    """12 for 12.0, 12,5 for 12.5."""
    if float(value).is_integer():
        return str(int(value))
    return f"{value:.12f}".rstrip("0").replace(".", ",")
