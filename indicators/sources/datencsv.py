"""Reader for "datencsv", the table export of GENESIS (Regionaldatenbank and its relatives).

Shape: a line naming the table, title lines, one to seven header rows with merged cells repeated,
data rows (time, region code, region name, row labels, values), a line of underscores, footnotes,
licence and date. The time may stand in a column, in the header or only in the title.
"""

import csv
import io
import re
from functools import cache

import numpy as np
import pandas as pd

from indicators import regions
from indicators.errors import FileError
from indicators.sources.datencsv_times import (
    ENGLISH_DATE,
    OTHER_TIME,
    TIME_HEADINGS,
    TIME_IN_TITLE,
    check_times,
    refuse_slipped_times,
    time_in,
)
from indicators.sources.footnotes import parse_footer
from indicators.sources.table import (
    DOWNLOAD_AGAIN,
    OfficialTable,
    code_in_name,
    first_gap,
    gap_note,
    not_semicolons,
    with_sign,
    without_repeats,
)
from indicators.symbols import FLAGS

_FIRST_LINE = re.compile(r'["\s]*(?:GENESIS-)?(Tabelle|Table):[ \t]*([^\s";,]*)')
_UNIT = re.compile(
    r"(?:(?:Tsd|Mill|Mrd|Mio)\.? |1 ?000 )?"
    r"(?:Anzahl|Prozent|%|Promille|EUR|Euro|DM|Personen|Jahre|Tage|Stunden|Punkte|qkm|qm|ha|km|cbm|t|kg"
    r"|kWh|MWh|GJ|dt/ha)(?: je [\w. ]+)?|Tausend|1 ?000|\d{4} ?= ?100"
)
_UNIT_IN_TITLE = re.compile(rf"\(({_UNIT.pattern})\)$")
_NUMBER_OR_SIGN = re.compile(r"[-–+]?[\d., ]*\d|[-–./x]|\.\.\.|…|")


def recognises(text: str) -> bool:
    return bool(_FIRST_LINE.match(text))


def read(text: str, file: str, encoding: str) -> OfficialTable:
    """The file's cells, labels, footnotes and date; raises FileError for anything incomplete."""
    rows, lines = _rows(text, file)
    _refuse_other_separators(rows, lines, file)
    return read_rows(rows, lines, file, encoding)


def read_rows(rows: list[list[str]], lines: list[int], file: str, encoding: str) -> OfficialTable:
    """The same of a file that is already rows, with the line each stands on."""
    code = _code(rows[0][0], file)
    foot = _foot(rows, lines, file)
    first, code_column = _layout(rows, lines, foot, file)
    _refuse_more_data(rows[foot:], lines[foot:], code_column, file)
    titles, header = _head(rows[1:first], lines[1:first], code_column, file)
    columns, lines = _rectangle(rows[first:foot], lines[first:foot], max(map(len, header)), file)
    title, unit, title_time, fixed = _titles(titles)
    unit_row = header.pop() if not unit and _is_unit_row(header[-1]) else []
    if not header:
        raise FileError(
            file, f"über den Werten steht nur ihre Einheit, keine Überschrift. {DOWNLOAD_AGAIN}"
        )
    start = min(map(_first_filled, [*header, unit_row or header[0]]))
    paths = [
        tuple(row[c] for row in header if c < len(row) and row[c])
        for c in range(start, len(columns))
    ]
    _refuse_merged(header, start, file)
    values = _without_quality_columns(columns, paths, start, file)
    cells, keys, units = _cells(
        columns,
        lines,
        code_column,
        start,
        values,
        [fixed + paths[number - start] for number, _ in values],
        [unit_row[n] if n < len(unit_row) else unit for n, _ in values],
        title_time,
        file,
    )
    cells, notes = without_repeats(cells, file)
    if gap := first_gap(cells):
        notes.append(gap_note(gap, keys))
    footer = parse_footer([cell for row in rows[foot:] for cell in row if cell.strip()])
    if footer.stand is None or not footer.attribution:
        notes.append(
            "Der Fuß der Tabelle (Fußnoten, Quellenangabe, Stand) ist abgeschnitten oder gekürzt; "
            "alle Werte sind vorhanden."
        )
    return OfficialTable(
        file=file,
        format="datencsv",
        encoding=encoding,
        code=code,
        statistic=code.split("-")[0],
        title=title,
        cells=cells,
        keys=keys,
        units=units,
        stand=footer.stand,
        footnotes=footer.footnotes,
        attribution=footer.attribution,
        notes=notes,
    )


def _rows(text: str, file: str) -> tuple[list[list[str]], list[int]]:
    """Records, and the line each begins on; quoted footnotes run over many lines."""
    reader = csv.reader(io.StringIO(text.lstrip(), newline=""), delimiter=";")
    before, end = text[: len(text) - len(text.lstrip())].count("\n"), 0
    rows, lines = [], []
    try:
        for row in reader:
            rows.append(row or [""])
            lines.append(before + end + 1)
            end = reader.line_num
    except csv.Error as error:
        raise FileError(
            file,
            f"ab hier ist die Datei nicht lesbar (Anführungszeichen ohne Ende). {DOWNLOAD_AGAIN}",
            line=before + end + 1,
        ) from error
    return rows, lines


def _refuse_other_separators(rows: list[list[str]], lines: list[int], file: str) -> None:
    """Before anything else: nothing in a file without semicolons is where it should be."""
    if max(map(len, rows)) < 3 and len(rows) > 2:
        separated = [len(re.findall(r"[,\t]", row[0])) for row in rows]
        # a title may have a comma or two of its own
        many = min(3, max(separated))
        first = next(i for i, count in enumerate(separated) if count >= many)
        raise not_semicolons(rows[first][0], file, lines[first])


def _code(first: str, file: str) -> str:
    """The table's code; a table that someone put together online has none but in its name."""
    match = _FIRST_LINE.match(first)
    if match is None:
        raise FileError(file, f"die erste Zeile nennt keine Tabelle. {DOWNLOAD_AGAIN}", line=1)
    word, code = match.groups()
    if word == "Table":
        raise FileError(
            file,
            "die Tabelle ist in englischer Sprache. Nächster Schritt: in der Datenbank die Sprache "
            "Deutsch wählen und die Tabelle neu herunterladen.",
            line=1,
        )
    if re.fullmatch(r"(?=.*\d)[A-Za-z0-9][\w-]*", code):
        return code.removesuffix("-B")
    found = code_in_name(file)
    if found is None:
        raise FileError(
            file,
            f"die Tabelle nennt statt eines Tabellencodes „{code}“ (selbst zusammengestellt). "
            "Nächster Schritt: die Standardtabelle laden oder die Datei mit dem Tabellencode am "
            "Anfang benennen.",
            line=1,
        )
    return found


def _foot(rows: list[list[str]], lines: list[int], file: str) -> int:
    for index, row in enumerate(rows):
        if set(row[0].strip()) == {"_"}:
            return index
        if any("\n____" in cell for cell in row):
            raise FileError(
                file, f"ein Anführungszeichen hat kein Ende. {DOWNLOAD_AGAIN}", line=lines[index]
            )
    raise FileError(
        file,
        "der Fuß der Tabelle (Strichlinie, Quellenangabe, Stand) fehlt, die Datei ist vermutlich "
        f"abgeschnitten. {DOWNLOAD_AGAIN}",
        line=lines[-1],
    )


def _refuse_more_data(rows: list[list[str]], lines: list[int], code_column: int, file: str) -> None:
    """Below the foot nothing is read: a second table there would be lost without a word."""
    for line, row in zip(lines, rows, strict=True):
        is_data = len(row) > code_column + 2 and regions.normalise(row[code_column]) is not None
        if _FIRST_LINE.match(row[0]) or is_data:
            raise FileError(
                file,
                "unter dem Fuß der Tabelle folgen weitere Daten. Nächster Schritt: jede Tabelle in "
                "einer eigenen Datei annehmen.",
                line=line,
            )


def _layout(rows: list[list[str]], lines: list[int], foot: int, file: str) -> tuple[int, int]:
    """Where the data begin, and the column of the region codes (0, or 1 behind the time)."""
    is_time = cache(lambda text: time_in(text) is not None)
    is_region = cache(lambda text: regions.normalise(text) is not None)
    is_name = cache(lambda text: bool(re.search(r"[^\W\d]", text)) and "\n" not in text)

    def fits(row: list[str], column: int) -> bool:
        return (
            len(row) > column + 1
            and is_region(row[column])
            and is_name(row[column + 1])
            and (column == 0 or is_time(row[0]))
        )

    # "2019" may also be a code without its zero, so "time, code, name" goes before "code, name".
    column = max((1, 0), key=lambda column: sum(fits(row, column) for row in rows[:foot]))
    first = next((i for i in range(foot) if fits(rows[i], column)), None)
    if first is None:
        raise _no_data(rows[:foot], lines, file)
    for line, row in zip(lines[first:foot], rows[first:foot], strict=True):
        if not fits(row, column) and any(map(str.strip, row)):
            place, reason = _misfit(row, column)
            raise FileError(
                file,
                "die Zeile beginnt nicht mit Zeit, Regionalschlüssel und Name wie die anderen: "
                f"{reason}. {DOWNLOAD_AGAIN}",
                line=line,
                column=place,
            )
    return first, column


def _no_data(rows: list[list[str]], lines: list[int], file: str) -> FileError:
    """Why no row of a table was recognised."""
    for line, row in zip(lines, rows, strict=False):
        if len(row) > 3 and regions.normalise(row[1]) and row[0].strip():
            place, reason = _misfit(row, 1)
            return FileError(file, f"{reason}. {DOWNLOAD_AGAIN}", line=line, column=place)
    return FileError(
        file,
        "keine Zeile hat einen Regionalschlüssel und einen Namen. Nächster Schritt: eine Tabelle "
        "mit Kreisen oder Ländern in den Zeilen laden.",
    )


def _misfit(row: list[str], column: int) -> tuple[int | None, str]:
    """The column (from 1) that keeps a row from being one of the data, and why."""
    if column and row[0].strip() and time_in(row[0]) is None:
        found = f"„{_short(row[0])}“"
        if ENGLISH_DATE.fullmatch(row[0].strip()):
            return 1, (
                f"{found} ist ein Datum in englischer Schreibweise, wie es ein englisches Excel "
                "speichert"
            )
        return 1, f"{found} ist keine Zeitangabe"
    if column and not row[0].strip():
        return 1, "die Zeitangabe fehlt"
    if len(row) <= column or not row[column].strip():
        return column + 1, "der Regionalschlüssel fehlt"
    if regions.normalise(row[column]) is None:
        return column + 1, f"„{_short(row[column])}“ ist kein Regionalschlüssel"
    return column + 2, "der Name der Region fehlt"


def _short(text: str) -> str:
    return text.strip()[:40].replace("\n", " ")


def _head(
    rows: list[list[str]], lines: list[int], code_column: int, file: str
) -> tuple[list[str], list[list[str]]]:
    """Title lines (only the first cell is filled) and header rows (their first cell is empty),
    stripped and without empty cells at the end."""
    titles, header = [], []
    for line, row in zip(lines, rows, strict=True):
        row = [cell.strip() for cell in row]
        while row and not row[-1]:
            row.pop()
        if not row:
            continue
        if len(row) == 1:
            titles.append(row[0])
        elif _first_filled(row) > code_column + 1:
            header.append(row)
        else:
            raise FileError(
                file,
                "die Zeile steht vor den Daten und ist weder Titel noch Kopfzeile (die Spalten für "
                f"Zeit, Schlüssel und Namen sind dort sonst leer). {DOWNLOAD_AGAIN}",
                line=line,
            )
    if not header:
        raise FileError(file, f"die Kopfzeilen der Spalten fehlen. {DOWNLOAD_AGAIN}", line=2)
    return titles, header


def _first_filled(row: list[str]) -> int:
    return next(i for i, cell in enumerate(row) if cell)


def _rectangle(
    rows: list[list[str]], lines: list[int], width: int, file: str
) -> tuple[list[list[str]], list[int]]:
    """The columns of the data and the line of each row, all cells stripped.

    `width` is the width of the header; where every row is wider (columns for quality signs have no
    heading, copies have empty columns) the table is that wide.
    """
    filled = [any(map(str.strip, row)) for row in rows]
    last = max(i for i, full in enumerate(filled) if full)
    # A copy may have an empty line behind each row; a single one is the trace of a damage.
    if 0 < filled[:last].count(False) < sum(filled) - 1:
        line = lines[filled.index(False)]
        raise FileError(
            file, f"zwischen den Daten steht eine leere Zeile. {DOWNLOAD_AGAIN}", line=line
        )
    rows = [row for row, full in zip(rows, filled, strict=True) if full]
    lines = [line for line, full in zip(lines, filled, strict=True) if full]
    width = max(width, min(map(len, rows)))
    for line, row in zip(lines, rows, strict=True):
        if len(row) < width or any(map(str.strip, row[width:])):
            raise FileError(
                file,
                f"die Zeile hat {len(row)} statt {width} Spalten. {DOWNLOAD_AGAIN}",
                line=line,
                column=min(len(row), width + 1),
            )
    columns = zip(*(row[:width] for row in rows), strict=True)
    return [[cell.strip() for cell in column] for column in columns], lines


def _refuse_merged(header: list[list[str]], start: int, file: str) -> None:
    """The database repeats a heading over each of its columns. Behind it a blank, where headings
    above and below go on, is a merged cell of a spreadsheet: its column would pass for a total."""
    width = max(map(len, header))
    rows = [[*row, *[""] * (width - len(row))] for row in header]
    for level, row in enumerate(rows):
        for column in range(start + 1, width):
            goes_on = all(above[column] == above[column - 1] for above in rows[:level])
            has_more = any(other[column] for other in rows[level + 1 :])
            if goes_on and has_more and row[column - 1] and not row[column]:
                raise FileError(
                    file,
                    f"die Überschrift „{row[column - 1]}“ ist nicht über jeder ihrer Spalten "
                    "wiederholt: so speichert eine Tabellenkalkulation verbundene Zellen. "
                    + DOWNLOAD_AGAIN,
                    column=column + 1,
                )


def _without_quality_columns(
    columns: list[list[str]], paths: list[tuple[str, ...]], start: int, file: str
) -> list[tuple[int, list[str]]]:
    """The value columns with their numbers. A column without a heading of its own that holds only
    quality signs belongs to the one before: its sign is put behind the number, as if printed there.
    """
    values: list[tuple[int, list[str]]] = []
    for number, column in enumerate(columns[start:], start):
        path = paths[number - start]
        signs = set(column) <= FLAGS.keys()
        if values and signs and path in ((), paths[values[-1][0] - start]):
            before, cells = values[-1]
            values[-1] = before, [with_sign(*pair) for pair in zip(cells, column, strict=True)]
        elif not path and len(columns) > start + 1:
            raise FileError(
                file, f"die Spalte hat keine Überschrift. {DOWNLOAD_AGAIN}", column=number + 1
            )
        else:
            values.append((number, column))
    return values


def _titles(titles: list[str]) -> tuple[str, str, str | None, tuple[str, ...]]:
    """Title, unit, time and further words that the title lines state for the whole table.

    The lines are: the title (broken), the statistic's name, what is counted with its unit, and
    last what was fixed when the table was made: a time ("2015"), a category ("weiblich").
    """
    counted = next((i for i, line in enumerate(titles) if _UNIT_IN_TITLE.search(line)), None)
    units = [match[1] for match in map(_UNIT_IN_TITLE.search, titles) if match]
    unit = units[0] if units else ""
    lone_times = [i for i, line in enumerate(titles) if time_in(line)]
    end = min([len(titles), *lone_times, *([] if counted is None else [counted])])
    fixed = tuple(line for i, line in enumerate(titles) if i > end and i not in lone_times)
    if lone_times:
        times = {time_in(titles[i]) for i in lone_times}
    else:
        times = set(TIME_IN_TITLE.findall(OTHER_TIME.sub("", " ".join(titles))))
    lines = titles[: max(1, end - 1)]
    title = re.sub(r"(?<=\w)- (?=[a-zäöüß])(?!(?:und|oder|bzw)\b)", "", " ".join(lines))
    time = times.pop() if len(times) == 1 else None
    return re.sub(r"\s+", " ", title), unit, time, fixed


def _is_unit_row(row: list[str]) -> bool:
    return all(not cell or _UNIT.fullmatch(cell) for cell in row)


def _cells(
    columns: list[list[str]],
    lines: list[int],
    code_column: int,
    start: int,
    values: list[tuple[int, list[str]]],
    paths: list[tuple[str, ...]],
    units: list[str],
    title_time: str | None,
    file: str,
) -> tuple[pd.DataFrame, list[tuple[str, ...]], list[str]]:
    """Cells in long form, their distinct descriptions and the units of these."""
    label_columns = list(range(code_column + 2, start))
    for number in label_columns:
        _check_labels(columns[number], number, lines, file)
    time_columns = [0] * code_column + [
        number for number in label_columns if all(map(time_in, set(columns[number])))
    ]
    for number in time_columns:
        refuse_slipped_times(columns, number, start, lines, file)
    header_times = [[word for word in path if time_in(word)] for path in paths]
    check_times(time_columns, header_times, values, title_time, paths, file)
    labels = list(
        zip(*(columns[c] for c in label_columns if c not in time_columns), strict=True)
    ) or [()] * len(lines)
    if any(header_times):
        paths = [
            tuple(word for word in path if not (time_in(word) or TIME_HEADINGS.fullmatch(word)))
            for path in paths
        ]
        times = np.tile(np.array([time_in(named[0]) for named in header_times], object), len(lines))
    else:
        texts = columns[time_columns[0]] if time_columns else [title_time or ""] * len(lines)
        known = {text: time_in(text) for text in set(texts)}
        times = np.repeat(np.array([known[text] for text in texts], object), len(paths))
    label_numbers = {label: i for i, label in enumerate(dict.fromkeys(labels))}
    path_numbers = {path: i for i, path in enumerate(dict.fromkeys(zip(paths, units, strict=True)))}
    label_of_row = np.array([label_numbers[label] for label in labels])
    path_of_column = np.array([path_numbers[path] for path in zip(paths, units, strict=True)])

    def per_row(cells: list) -> np.ndarray:
        return np.repeat(np.array(cells, object), len(paths))

    cells = pd.DataFrame(
        {
            "line": np.repeat(np.array(lines), len(paths)),
            "column": np.tile([number + 1 for number, _ in values], len(lines)),
            "time": times,
            "region": per_row(columns[code_column]),
            "region_name": per_row(columns[code_column + 1]),
            "key": np.add.outer(label_of_row * len(path_numbers), path_of_column).ravel(),
            "raw": np.array([cells for _, cells in values], object).T.ravel(),
        }
    )
    keys = [label + path for label in label_numbers for path, _ in path_numbers]
    return cells, keys, [unit for _, unit in path_numbers] * len(label_numbers)


def _check_labels(column: list[str], number: int, lines: list[int], file: str) -> None:
    """A row label that is missing would pass for a total; a column of numbers is no row label."""
    if "" in column:
        raise FileError(
            file,
            f"in dieser Zeile fehlt die Bezeichnung in der Vorspalte. {DOWNLOAD_AGAIN}",
            line=lines[column.index("")],
            column=number + 1,
        )
    words = set(column)
    if all(map(_NUMBER_OR_SIGN.fullmatch, words)) and not all(map(time_in, words)):
        raise FileError(
            file, f"die Spalte hat keine Überschrift. {DOWNLOAD_AGAIN}", column=number + 1
        )
