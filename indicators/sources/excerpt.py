"""Reader for excerpts: some figures of an official table in an arrangement of our own.

An excerpt states figures, not words: measures and categories by the ids that definitions give them,
a row for each period and a column for each region. What it leaves empty it does not speak of.

    Auszug: 21111-02-06-4
    Stand: 13.03.2025
    Quelle: © Statistische Ämter des Bundes und der Länder, Deutschland, 2025
    measure;certificate;sex;period;DG;09463
    leavers;total;total;2022/23;782423;758
"""

import csv
import io
import re
from datetime import datetime

import pandas as pd

from indicators import regions
from indicators.errors import FileError
from indicators.sources.table import OfficialTable, without_repeats

FORMAT = "Auszug"
_FIRST_LINE = re.compile(r"Auszug:[ \t]*([^\s;]*)")
_STAND = re.compile(r"Stand:[ \t]*(\d\d\.\d\d\.\d{4})")
_SOURCE = re.compile(r"Quelle:[ \t]*(\S.*)")
_HEAD = 4  # the line of the headings
_RESTORE = (
    "Nächster Schritt: die Datei berichtigen; wie ein Auszug aussieht, zeigen die mitgelieferten "
    "in data/official/auszug."
)


def recognises(text: str) -> bool:
    return bool(_FIRST_LINE.match(text))


def read(text: str, file: str, encoding: str) -> OfficialTable:
    """The excerpt's cells; of each key the words are its fields ("measure=leavers", "sex=total") in
    the order of their columns, the first of which is column 1.

    Raises FileError for anything incomplete, with line and column.
    """
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=";", quoting=csv.QUOTE_NONE))
    code = _said(_FIRST_LINE, rows, 1, "der Tabelle (Auszug: 21111-02-06-4)", file)
    stand = _said(_STAND, rows, 2, "des Stands (Stand: 13.03.2025)", file)
    attribution = _said(_SOURCE, rows, 3, "der Quelle (Quelle: © …)", file)
    heading = [cell.strip() for cell in rows[_HEAD - 1]] if len(rows) >= _HEAD else []
    at = _place_of_period(heading, file)
    _check_regions(heading, at, file)
    keys: dict[tuple[str, ...], int] = {}
    cells = []
    for line, row in enumerate(rows[_HEAD:], _HEAD + 1):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(heading):
            raise FileError(
                file,
                f"hier stehen {len(row)} Felder, unter den Überschriften {len(heading)}. "
                f"{_RESTORE}",
                line=line,
                column=min(len(row), len(heading)) + 1,
            )
        fields = [cell.strip() for cell in row]
        words = tuple(f"{name}={id}" for name, id in zip(heading[:at], fields[:at], strict=True))
        key = keys.setdefault(words, len(keys))
        cells += [
            (line, column + 1, fields[at], heading[column], "Region", key, fields[column])
            for column in range(at + 1, len(heading))
            if fields[column]
        ]
    if not cells:
        raise FileError(file, f"der Auszug enthält keine Zahl. {_RESTORE}", line=_HEAD)
    columns = ["line", "column", "time", "region", "region_name", "key", "raw"]
    found, notes = without_repeats(pd.DataFrame(cells, columns=columns), file)
    return OfficialTable(
        file=file,
        format=FORMAT,
        encoding=encoding,
        code=code,
        statistic=code.split("-")[0],
        title="",
        cells=found,
        keys=list(keys),
        units=[""] * len(keys),
        stand=_day(stand, file),
        attribution=attribution.rstrip(";"),
        notes=notes,
    )


def _said(form: re.Pattern, rows: list[list[str]], line: int, what: str, file: str) -> str:
    """What a line before the headings states."""
    match = form.match(";".join(rows[line - 1])) if len(rows) >= line else None
    if not match or not match[1]:
        raise FileError(
            file, f"in Zeile {line} fehlt die Angabe {what}. {_RESTORE}", line=line, column=1
        )
    return match[1].strip()


def _day(text: str, file: str) -> datetime:
    try:
        return datetime.strptime(text, "%d.%m.%Y")
    except ValueError as error:
        raise FileError(file, f"„{text}“ ist kein Tag. {_RESTORE}", line=2, column=1) from error


def _place_of_period(heading: list[str], file: str) -> int:
    """Where the column of the period stands: before it what is counted, behind it the regions."""
    if heading[:1] != ["measure"] or heading.count("period") != 1:
        raise FileError(
            file,
            "die Überschriften lauten measure, die Dimensionen des Datensatzes, period und dann "
            f"ein Regionalschlüssel je Spalte. {_RESTORE}",
            line=_HEAD,
            column=1,
        )
    return heading.index("period")


def _check_regions(heading: list[str], at: int, file: str) -> None:
    for column, code in enumerate(heading, 1):
        if column - 1 > at and regions.normalise(code) != code:
            raise FileError(
                file, f"„{code}“ ist kein Regionalschlüssel. {_RESTORE}", line=_HEAD, column=column
            )
        if code in heading[: column - 1]:
            raise FileError(
                file, f"die Spalte {code} gibt es doppelt. {_RESTORE}", line=_HEAD, column=column
            )
