"""Reader for exports of INKAR, the regional indicators of the BBSR: the workbook with its sheets
"Daten" and "Metadaten", the same table as CSV, and the long file of all indicators.

Each column is a whole indicator in a year, chosen freely by whoever made the export. Regions are of
several kinds side by side, and only the column beside them tells which: 3-digit keys are those of
planning regions here. Kreise, Länder and Deutschland are taken, all other kinds are named and left.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime

import pandas as pd
from python_calamine import CalamineError, CalamineWorkbook

from indicators.errors import FileError
from indicators.formats import listing, number
from indicators.sources.table import Footnote, OfficialTable, without_repeats
from indicators.sources.workbook import refuse_unsafe

CODE = "INKAR"
_WIDE = ("kennziffer", "raumeinheit", "aggregat")
_LONG = ("indikator", "raumbezug", "kennziffer", "name", "zeitbezug", "wert")
# What the exports call the kinds of regions that are taken.
_KINDS = {
    **dict.fromkeys(("bund", "deutschland", "bundesrepublik", "staat"), "bund"),
    **dict.fromkeys(("bundesland", "bundesländer", "land", "länder"), "land"),
    **dict.fromkeys(
        ("kreise", "kreis", "landkreis", "krsfr. stadt", "kreisfreie stadt", "stadtkreis"), "kreis"
    ),
}
# The long file holds an indicator again for other purposes, computed from other regions.
_MAIN_AREA = "LRB"
_UNKNOWN = (".", "", "no data", "k.a.", "k. a.")
_EDITION = re.compile(r"Ausgabe (\d{4})")
_EXPORT_AGAIN = "Nächster Schritt: die Tabelle in INKAR neu exportieren und unverändert annehmen."


def recognises(text: str) -> bool:
    """Whether this is the beginning of one of the CSV exports."""
    names = [name.casefold() for name in _cells_of(text.lstrip("\ufeff").splitlines()[:1])]
    return tuple(names[:3]) == _WIDE or set(_LONG) <= set(names)


def read(text: str, file: str, encoding: str) -> OfficialTable:
    """The table of a CSV export; raises FileError for anything incomplete."""
    rows = list(csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=";"))
    if tuple(name.strip().casefold() for name in rows[0][:3]) == _WIDE:
        return _wide(rows, file, encoding)
    return _long(rows, file, encoding)


def is_workbook(content: bytes) -> bool:
    """Whether this is an Excel file that INKAR made. False for what cannot be opened."""
    if not content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return False
    try:
        refuse_unsafe(content, "")
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        if "Daten" not in book.sheet_names:
            return False
        head = book.get_sheet_by_name("Daten").to_python(nrows=1)
    except (CalamineError, FileError):
        return False
    return bool(head) and tuple(str(cell).strip().casefold() for cell in head[0][:3]) == _WIDE


def read_workbook(content: bytes, file: str) -> OfficialTable:
    """The table of a workbook, with what its other sheets say about indicators and edition."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    except CalamineError as error:
        raise FileError(
            file, f"die Excel-Datei ist beschädigt oder abgeschnitten. {_EXPORT_AGAIN}"
        ) from error
    texts = [[_text(cell) for cell in row] for row in sheets["Daten"]]
    source = " ".join(str(cell) for row in sheets.get("Quellangabe", []) for cell in row)
    return _wide(
        texts, file, "Excel", footnotes=_footnotes(sheets.get("Metadaten", [])), source=source
    )


def _cells_of(lines: list[str]) -> list[str]:
    return [cell.strip() for line in lines for cell in next(csv.reader([line], delimiter=";"), [])]


def _text(value) -> str:
    """A cell as the CSV export prints it: 12 for 12.0, 12,5 for 12.5."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(int(value)) if float(value).is_integer() else repr(value).replace(".", ",")
    return f"{value:%d.%m.%Y}" if isinstance(value, datetime | date) else str(value).strip()


def _footnotes(rows: list[list]) -> tuple[Footnote, ...]:
    """What the sheet "Metadaten" says of each indicator: long name, calculation, remarks."""
    found = []
    for short, *told in ([str(cell).strip() for cell in row] for row in rows):
        if len(told) >= 4 and short and short != "Indikator" and told[0]:
            long, source, formula, remarks = told[:4]
            text = f"{long}. Berechnung: {formula}. Quelle: {source}. {remarks}"
            found.append(Footnote(re.sub(r"\s+", " ", text).strip(), scope=short))
    return tuple(found)


# --- the two forms --------------------------------------------------------------------------------


def _wide(
    rows: list[list[str]],
    file: str,
    encoding: str,
    *,
    footnotes: tuple[Footnote, ...] = (),
    source: str = "",
) -> OfficialTable:
    """Two header rows: the indicator, repeated for each year, and the year."""
    if len(rows) < 3:
        raise FileError(file, f"unter den Kopfzeilen stehen keine Werte. {_EXPORT_AGAIN}", line=2)
    names, years = (_stripped(row) for row in rows[:2])
    columns = [at for at, name in enumerate(names) if at > 2 and name]
    for at in columns:
        if at >= len(years) or not years[at]:
            reason = f"zum Indikator „{names[at]}“ fehlt das Jahr in der zweiten Kopfzeile"
            raise FileError(file, f"{reason}. {_EXPORT_AGAIN}", line=2, column=at + 1)
    cells = []
    for line, row in enumerate(map(_stripped, rows[2:]), 3):
        if not any(row):
            continue
        if len(row) < max(columns, default=2) + 1:
            reason = f"die Zeile hat {len(row)} statt {len(names)} Spalten"
            raise FileError(file, f"{reason}. {_EXPORT_AGAIN}", line=line)
        cells += [
            (line, at + 1, years[at], row[2], row[0], row[1], names[at], row[at]) for at in columns
        ]
    return _table(cells, file, encoding, footnotes=footnotes, source=source)


def _long(rows: list[list[str]], file: str, encoding: str) -> OfficialTable:
    """A row for each indicator, region and time. Of an indicator that stands there for several
    purposes the one of the running observation is taken."""
    names = [name.casefold() for name in _stripped(rows[0])]
    at = {name: names.index(name) for name in (*_LONG, "bereich") if name in names}
    lines = [(line, _stripped(row)) for line, row in enumerate(rows[1:], 2) if any(row)]
    for line, row in lines:
        if len(row) != len(names):
            reason = f"die Zeile hat {len(row)} statt {len(names)} Spalten"
            raise FileError(file, f"{reason}. {_EXPORT_AGAIN}", line=line)
    notes = []
    if "bereich" in at and any(row[at["bereich"]] == _MAIN_AREA for _, row in lines):
        others = {row[at["bereich"]] for _, row in lines} - {_MAIN_AREA}
        lines = [(line, row) for line, row in lines if row[at["bereich"]] == _MAIN_AREA]
        if others:
            notes = [f"Nicht übernommen: die Bereiche {listing(sorted(others))}."]
    order = ("zeitbezug", "raumbezug", "kennziffer", "name", "indikator", "wert")
    cells = [(line, at["wert"] + 1, *(row[at[name]] for name in order)) for line, row in lines]
    return _table(cells, file, encoding, notes=notes)


def _stripped(row: list[str]) -> list[str]:
    return [cell.strip() for cell in row]


def _table(
    cells: list[tuple],
    file: str,
    encoding: str,
    *,
    footnotes: tuple[Footnote, ...] = (),
    source: str = "",
    notes: Iterable[str] = (),
) -> OfficialTable:
    """The neutral form of cells (line, column, time, kind, key, name, indicator, text)."""
    order = ["line", "column", "time", "kind", "region", "region_name", "indicator", "raw"]
    frame = pd.DataFrame(cells, columns=order)
    level = frame["kind"].str.casefold().map(_KINDS)
    if level.isna().all():
        kinds = listing(sorted(set(frame["kind"])))
        raise FileError(
            file,
            f"die Datei enthält weder Kreise noch Länder, sondern {kinds or 'keine Regionen'}. "
            "Nächster Schritt: in INKAR den Raumbezug „Kreise“ wählen und neu exportieren.",
        )
    notes = [*notes, *_left_out(frame[level.isna()])]
    frame, level = frame[level.notna()], level[level.notna()]
    keys = {pair: _key(*pair) for pair in set(zip(level, frame["region"], strict=True))}
    for (kind, text), key in keys.items():
        if key is None:
            line = int(frame.loc[(level == kind) & (frame["region"] == text), "line"].iloc[0])
            reason = f"die Kennziffer „{text}“ ist kein Schlüssel eines Kreises oder Landes"
            raise FileError(file, f"{reason}. {_EXPORT_AGAIN}", line=line, column=1)
    number_of, indicators = pd.factorize(frame["indicator"])
    frame = frame.assign(
        region=[keys[pair] for pair in zip(level, frame["region"], strict=True)],
        key=number_of,
        raw=frame["raw"].where(~frame["raw"].str.casefold().isin(_UNKNOWN), "."),
    )
    frame, twice = without_repeats(frame.drop(columns=["kind", "indicator"]), file)
    edition = _EDITION.search(source)
    if edition:
        notes.append(f"Ausgabe {edition[1]}: INKAR nennt keinen Tag; als Stand gilt der 1. Januar.")
    return OfficialTable(
        file=file,
        format="INKAR",
        encoding=encoding,
        code=CODE,
        statistic=CODE,
        title="Indikatoren und Karten zur Raum- und Stadtentwicklung (INKAR)",
        cells=frame.reset_index(drop=True),
        keys=[(name,) for name in indicators],
        units=[""] * len(indicators),
        stand=datetime(int(edition[1]), 1, 1) if edition else None,
        footnotes=footnotes,
        attribution=_attribution(source),
        notes=[*notes, *twice],
    )


def _left_out(frame: pd.DataFrame) -> list[str]:
    """A note about regions of kinds that are not taken."""
    kinds = Counter(frame.drop_duplicates(["kind", "region"])["kind"])
    told = [f"{kind or 'ohne Angabe'} ({number(count)})" for kind, count in sorted(kinds.items())]
    return [f"Nicht übernommen: Regionen der Art {listing(told)}."] if told else []


def _key(kind: str, text: str) -> str | None:
    """The official key of a region: exports lose leading zeros and add zeros behind."""
    digits = text.removesuffix(".0").removesuffix(",0")
    if kind == "bund":
        return "DG"
    if not (digits.isascii() and digits.isdigit()):
        return None
    length = {"land": 2, "kreis": 5}[kind]
    while len(digits) > length and digits.endswith("000"):
        digits = digits[:-3]
    return digits.zfill(length) if length - 1 <= len(digits) <= length else None


def _attribution(source: str) -> str:
    """Whom to name, as the export says it."""
    return re.sub(r"\s+", " ", source.replace("Quelle (Zitierhinweis):", "")).strip()
