"""What time the values of a "datencsv" are of: words that name one, and why a table is refused
whose times are missing, doubled or slipped.
"""

import re

from indicators import periods
from indicators.errors import FileError
from indicators.sources.table import (
    DOWNLOAD_AGAIN,
    ENGLISH_EXCEL,
)

_TIME = re.compile(
    r"(?:(?:Berichtsjahr|Jahr|Schuljahr|Wintersemester|Semester|Stichtag|Zeit):? +(?:am +)?)?"
    r"((?:WS *)?\d[\d./-]*)"
)
TIME_HEADINGS = re.compile(
    r"(?:Berichts|Schul)?jahre?|Stichtage?|Zeit|(?:Winter)?[Ss]emester", re.IGNORECASE
)
# A year that says something else about the table than what time its values are of.
OTHER_TIME = re.compile(
    r"\b(?:bis|ab|seit|vor|nach|Zensus|Gebietsst(?:and|änden?)|Basis(?:jahr)?|Stand):? *(?:zum *)?"
    r"(?:\d\d\.\d\d\.)?\d{4}(?:/\d\d)?|\b\d{4} *(?:-|bis) *\d{4}\b"
)
TIME_IN_TITLE = re.compile(
    r"(?<![\d.])(\d\d\.\d\d\.(?:19|20)\d\d|(?:19|20)\d\d/(?:\d\d)?\d\d|(?:19|20)\d\d)(?![\d/])"
)
# 12/31/2015, 31-Dec-15, Dec-15, 2015-12-31 00:00:00
ENGLISH_DATE = re.compile(
    r"\d{1,2}/\d{1,2}/\d{2,4}|(?:\d{1,2}-)?[A-Z][a-z]{2}-\d{2,4}|\d{4}-\d\d-\d\d(?: 0:?0?0.*)?"
)


def time_in(text: str) -> str | None:
    """The point in time a cell names ("2019", "Stichtag: 31.12.2019"); None for another word."""
    match = _TIME.fullmatch(text.strip())
    return match[1] if match and periods.looks_like_period(match[1]) else None


def refuse_slipped_times(
    columns: list[list[str]], number: int, start: int, lines: list[int], file: str
) -> None:
    """Where the same regions follow each other again and again, each round has one time: a column
    of times that slipped by some rows gives the last regions of a round another year."""
    rounds = list(zip(*(columns[i] for i in range(start) if i != number), strict=True))
    length = next((i for i, place in enumerate(rounds) if i and place == rounds[0]), 0)
    if not length or len(rounds) % length or rounds[length:] != rounds[:-length]:
        return
    times = columns[number]
    for at, moment in enumerate(times):
        first = times[at - at % length]
        if moment != first:
            raise FileError(
                file,
                f"hier steht die Zeit „{moment}“, obwohl alle Regionen dieses Durchgangs zu "
                f"„{first}“ gehören: die Zeitspalte ist verrutscht. {DOWNLOAD_AGAIN}",
                line=lines[at],
                column=number + 1,
            )


def check_times(
    time_columns: list[int],
    header_times: list[list[str]],
    values: list[tuple[int, list[str]]],
    title_time: str | None,
    paths: list[tuple[str, ...]],
    file: str,
) -> None:
    """Every cell must belong to exactly one point in time."""
    in_header = any(header_times)
    if len(time_columns) + in_header > 1:
        raise FileError(
            file, f"der Zeitpunkt steht in mehreren Spalten oder auch im Kopf. {DOWNLOAD_AGAIN}"
        )
    for (number, _), named in zip(values, header_times, strict=True):
        if in_header and len(set(named)) != 1:
            raise FileError(
                file,
                "der Kopf nennt für diese Spalte keinen oder mehrere Zeitpunkte. " + DOWNLOAD_AGAIN,
                column=number + 1,
            )
    if not (time_columns or in_header or title_time):
        _refuse_english_dates(paths, values, file)
        raise FileError(
            file,
            "weder eine Spalte noch der Kopf noch der Titel nennt den Zeitpunkt der Werte. "
            + DOWNLOAD_AGAIN,
        )


def _refuse_english_dates(
    paths: list[tuple[str, ...]], values: list[tuple[int, list[str]]], file: str
) -> None:
    """Headings that were key dates until an English spreadsheet saved them."""
    for path, (number, _) in zip(paths, values, strict=True):
        for word in path:
            if ENGLISH_DATE.fullmatch(word):
                raise FileError(
                    file,
                    f"die Überschrift „{word}“ ist ein Datum in englischer Schreibweise: die Datei "
                    f"wurde mit einem englischen Excel gespeichert. {ENGLISH_EXCEL}",
                    column=number + 1,
                )
