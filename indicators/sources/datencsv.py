"""Reader for "datencsv", the table export of GENESIS (Regionaldatenbank and its relatives).

Shape: a line naming the table, title lines, two to seven header rows with merged cells repeated,
data rows (time, region code, region name, row labels, values), a line of underscores, footnotes,
licence and date. The time may stand in a column, in the header or only in the title.
"""

import csv
import re

import numpy as np
import pandas as pd

from indicators import periods
from indicators.errors import FileError
from indicators.sources.footnotes import parse_footer
from indicators.sources.table import OfficialTable

_FIRST_LINE = re.compile(r"(?:GENESIS-)?Tabelle:\s*([A-Z0-9][\w-]+)")
_CODE = re.compile(r"(DG|\d{1,2}|\d{3}|\d{4,5}|\d{7,8}|\d{11,12})$")
_UNITS = {
    "Anzahl",
    "Prozent",
    "%",
    "EUR",
    "Tsd. EUR",
    "Mill. EUR",
    "Tausend",
    "Jahre",
    "qkm",
    "ha",
    "Personen",
    "1000",
}
_DOWNLOAD = "Nächster Schritt: die Tabelle vollständig neu herunterladen."


def recognises(text: str) -> bool:
    return bool(_FIRST_LINE.match(text.lstrip('"')))


def read(text: str, file: str, encoding: str) -> OfficialTable:
    """The file's cells, labels, footnotes and date; raises FileError for anything incomplete."""
    rows = _rows(text, file)
    code = _FIRST_LINE.match(rows[0][1][0].lstrip('"'))[1].removesuffix("-B")
    footer = _footer_start(rows, file)
    body, foot = rows[1:footer], rows[footer:]
    first_data, code_column = _layout(body, file)
    titles = [row[0].strip() for _, row in body[:first_data] if row[0].strip()]
    header = [row for _, row in body[:first_data] if not row[0].strip() and any(map(str.strip, row))]
    data = [(line, row) for line, row in body[first_data:] if any(map(str.strip, row))]
    if not header:
        raise FileError(file, "die Kopfzeilen der Spalten fehlen", line=2)
    width = max(map(len, header))
    first_value = min(
        next((i for i, cell in enumerate(row) if cell.strip()), width) for row in header
    )
    if first_value <= code_column + 1:
        raise FileError(file, "vor den Werten fehlen die Spalten für Schlüssel und Namen", line=2)
    _check_width(data, width, file)
    unit_row = header.pop() if all(c.strip() in _UNITS | {""} for c in header[-1]) else None
    notes = parse_footer([cell for _, row in foot for cell in row if cell.strip()])
    content = titles[-1] if titles else ""
    title_unit = re.search(r"\(([^()]+)\)\s*$", content)
    columns = range(first_value, width)
    paths = [
        tuple(row[c].strip() for row in header if c < len(row) and row[c].strip()) for c in columns
    ]
    units = [
        unit_row[c].strip() if unit_row else (title_unit[1].strip() if title_unit else "")
        for c in columns
    ]
    cells, keys, key_units = _cells(data, code_column, first_value, paths, units, titles, file)
    return OfficialTable(
        file=file,
        format="datencsv",
        encoding=encoding,
        code=code,
        statistic=code.split("-")[0],
        title=_title(titles),
        cells=cells,
        keys=keys,
        units=key_units,
        stand=notes.stand,
        footnotes=notes.footnotes,
        attribution=notes.attribution,
    )


def _rows(text: str, file: str) -> list[tuple[int, list[str]]]:
    """Records with the line they end on; quoted footnotes run over many lines."""
    reader = csv.reader(text.splitlines(keepends=True), delimiter=";")
    try:
        rows = [(reader.line_num, row or [""]) for row in reader]
    except csv.Error as error:
        raise FileError(file, f"die Zeile ist nicht lesbar. {_DOWNLOAD}") from error
    if len(rows[0][1]) == 1 and "," in text.split("\n", 3)[-1][:200] and ";" not in text:
        raise FileError(
            file,
            "die Spalten sind nicht durch Semikolon getrennt; so gibt die Datenbank sie nicht aus. "
            + _DOWNLOAD,
            line=1,
        )
    return rows


def _footer_start(rows: list[tuple[int, list[str]]], file: str) -> int:
    for index, (_, row) in enumerate(rows):
        if row[0].startswith("____"):
            return index
    raise FileError(
        file,
        "der Fuß der Tabelle (Strichlinie, Quellenangabe, Stand) fehlt, die Datei ist vermutlich "
        f"abgeschnitten. {_DOWNLOAD}",
        line=rows[-1][0],
    )


def _layout(body: list[tuple[int, list[str]]], file: str) -> tuple[int, int]:
    """Where the data begin, and in which column the region codes stand."""

    def fits(row: list[str], column: int) -> bool:
        return (
            len(row) > column + 1
            and bool(_CODE.match(row[column].strip()))
            and bool(re.search(r"[^\W\d]", row[column + 1]))
            and all(periods.looks_like_period(row[c]) for c in range(column))
        )

    best = max((0, 1), key=lambda column: sum(fits(row, column) for _, row in body))
    first = next((i for i, (_, row) in enumerate(body) if fits(row, best)), None)
    if first is None:
        raise FileError(
            file, "keine Zeile hat einen Regionalschlüssel und einen Namen (falsche Tabelle?)"
        )
    for line, row in body[first:]:
        if any(map(str.strip, row)) and not fits(row, best):
            raise FileError(
                file,
                "die Zeile beginnt nicht mit Zeit, Regionalschlüssel und Name wie die anderen",
                line=line,
            )
    return first, best


def _check_width(data: list[tuple[int, list[str]]], width: int, file: str) -> None:
    for line, row in data:
        if len(row) < width:
            raise FileError(
                file,
                f"die Zeile hat {len(row)} statt {width} Spalten, sie ist abgeschnitten. {_DOWNLOAD}",
                line=line,
                column=len(row) + 1,
            )
        if any(map(str.strip, row[width:])):
            raise FileError(
                file,
                f"die Zeile hat {len(row)} statt {width} Spalten",
                line=line,
                column=width + 1,
            )


def _cells(data, code_column, first_value, paths, units, titles, file):
    """The cells in long form, their distinct label combinations and units."""
    row_labels = [tuple(c.strip() for c in row[code_column + 2 : first_value]) for _, row in data]
    label_index = {labels: i for i, labels in enumerate(dict.fromkeys(row_labels))}
    # A column whose header names a time belongs to that time; the label is then no category.
    header_times = [next((w for w in path if periods.looks_like_period(w)), None) for path in paths]
    paths = [
        tuple(w for w in path if w != time) for path, time in zip(paths, header_times, strict=True)
    ]
    title_time = _time_in(titles)
    if not code_column and not title_time and None in header_times:
        raise FileError(file, "die Datei nennt weder in Spalten noch im Titel einen Zeitpunkt")
    keys = [labels + path for labels in label_index for path in paths]
    rows, columns = len(data), len(paths)
    line = np.array([line for line, _ in data])
    row_key = np.array([label_index[labels] for labels in row_labels]) * columns

    def per_row(values) -> np.ndarray:
        return np.repeat(np.array(values, dtype=object), columns)

    time = per_row([row[0].strip() if code_column else title_time for _, row in data])
    in_header = np.tile(np.array(header_times, dtype=object), rows)
    cells = pd.DataFrame(
        {
            "line": np.repeat(line, columns),
            "column": np.tile(np.arange(first_value + 1, first_value + columns + 1), rows),
            "time": np.where(in_header == None, time, in_header),  # noqa: E711
            "region": per_row([row[code_column].strip() for _, row in data]),
            "region_name": per_row([row[code_column + 1].strip() for _, row in data]),
            "key": np.repeat(row_key, columns) + np.tile(np.arange(columns), rows),
            "raw": np.array(
                [c.strip() for _, row in data for c in row[first_value : first_value + columns]],
                dtype=object,
            ),
        }
    )
    return cells, keys, units * len(label_index)


def _time_in(titles: list[str]) -> str | None:
    """The one point in time a title states ("09.05.2011", "Jahr 2019")."""
    for title in titles:
        if periods.looks_like_period(title):
            return title
    found = re.findall(
        r"\b(\d\d\.\d\d\.(?:19|20)\d\d|(?:19|20)\d\d/\d\d|(?:19|20)\d\d)\b", " ".join(titles)
    )
    return found[0] if len(set(found)) == 1 else None


def _title(titles: list[str]) -> str:
    joined = " ".join(titles[:-1] if len(titles) > 1 else titles)
    return re.sub(r"\s+", " ", re.sub(r"-\s+(?=[a-zäöüß])(?!(und|oder)\b)", "", joined)).strip()


