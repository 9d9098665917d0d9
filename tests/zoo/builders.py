"""Official files as they come, and as they come damaged: written from small samples by code."""

import csv
import io
import random
import re
import zipfile
from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import product

import openpyxl

from indicators.sources.table import OfficialTable

LICENCE = (
    "© Statistische Ämter des Bundes und der Länder, Deutschland, 2025.\n"
    "Dieses Werk ist lizenziert unter der Datenlizenz Deutschland\n"
    "- Namensnennung - Version 2.0."
)
FOOTNOTES = (
    'zu "gesamte Tabelle":\nDie Angabe des Berichtsjahres bezieht sich auf das Jahr in\n'
    "dem das Schuljahr endet.\nHessen (2007): Es liegen keine Ergeb-\nnisse vor."
)
STAND = "Stand: 13.03.2025 / 16:40:08"
REGIONS = (
    ("DG", "Deutschland"),
    ("02", "  Hamburg"),
    ("09", "  Bayern"),
    ("094", "    Oberfranken, Regierungsbezirk"),
    ("09463", "      Coburg, kreisfreie Stadt"),
    ("09464", "      Hof, kreisfreie Stadt"),
    ("03241001", "      Hannover, Landeshauptstadt"),
)


@dataclass(frozen=True)
class Sample:
    """A small table that can be written in every format: `cells[time, region, categories,
    measure]` is the text of a cell, `dimensions` the categories in order."""

    code: str = "21111-02-06-4"
    title: str = "Absolvierende/Abgehende nach Geschlecht und Abschlussarten"
    times: tuple[str, ...] = ("2022", "2023")
    regions: tuple[tuple[str, str], ...] = REGIONS
    dimensions: tuple[tuple[str, ...], ...] = (("Insgesamt", "weiblich"),)
    measures: tuple[tuple[str, str], ...] = (("Absolvierende", "Anzahl"),)
    cells: dict = field(default_factory=dict)

    def filled(self, texts=("1", "25", "1234", "-", ".", "x", "0"), seed=1) -> "Sample":
        chance = random.Random(seed)
        return replace(
            self,
            cells={
                (time, region, categories, measure): chance.choice(texts)
                for time, (region, _), categories, (measure, _) in product(
                    self.times, self.regions, list(product(*self.dimensions)), self.measures
                )
            },
        )

    def counted(self) -> "Sample":
        """Filled with a different number in each cell, so that nothing can be swapped."""
        full = self.filled()
        return replace(self, cells={place: str(1000 + i) for i, place in enumerate(full.cells)})


def expected(sample: Sample, *, measure: bool = True) -> Counter:
    """Time, region, words (sorted), unit and text of every cell."""
    units = dict(sample.measures)
    return Counter(
        (time, region, _words(*categories, *([name] if measure else [])), units[name], text)
        for (time, region, categories, name), text in sample.cells.items()
    )


def found(table: OfficialTable) -> Counter:
    cells = table.cells
    return Counter(
        (time, region, _words(*table.keys[key]), table.units[key], raw)
        for time, region, key, raw in zip(
            cells["time"], cells["region"], cells["key"], cells["raw"], strict=True
        )
    )


def _words(*words: str) -> tuple[str, ...]:
    return tuple(sorted(words))


def datencsv(
    sample: Sample,
    *,
    first: str = "GENESIS-Tabelle: ",
    time: str = "column",
    unit: str = "row",
    row_dimensions: int = 0,
    title_lines: int = 1,
    encoding: str = "cp1252",
    newline: str = "\n",
    quote: int = csv.QUOTE_MINIMAL,
    empty_columns: int = 0,
    pad: bool = True,
    footnotes: str = FOOTNOTES,
    licence: str = LICENCE,
    stand: str = STAND,
    quality: str = "",
) -> bytes:
    """The table as GENESIS writes it, or as a copy of that.

    `time` is column, last (behind the labels), header, title, line or words; `unit` is row, title
    or none; `quality` adds a column of signs behind each value column: same (headed the same) or
    empty.
    """
    time_rows = sample.times if time in ("column", "last") else (None,)
    column_times = sample.times if time == "header" else (None,)
    row_part = sample.dimensions[:row_dimensions]
    columns = list(product(column_times, sample.measures, *sample.dimensions[row_dimensions:]))
    before = (time == "column") + 2 + row_dimensions + (time == "last")
    rows: list[list[str]] = [[f"{first}{sample.code}"]]
    words = sample.title.split()
    size = -(-len(words) // title_lines)
    rows += [[" ".join(words[i : i + size])] for i in range(0, len(words), size)]
    if time == "words":
        rows[-1][0] += f" - Stichtag {sample.times[0]} -"
    rows.append(["Statistik der allgemeinbildenden Schulen"])
    if unit == "title":
        rows.append([f"Gezählte Dinge (am Ort) ({sample.measures[0][1]})"])
    if time == "line":
        rows.append([sample.times[0]])
    depth = len(columns[0])
    levels = [
        [c[i][0] if i == 1 else c[i] for c in columns]
        for i in range(depth)
        if not (i == 0 and time != "header")
    ]
    if unit == "row":
        levels.append([c[1][1] for c in columns])
    for level in levels:
        row = [""] * before
        for word in level:
            row += [word, *({"same": [word], "empty": [""]}.get(quality, []))]
        rows.append(row)
    head = len(rows)
    signs = ["", "e", "p", "r"]
    for moment, (code, name), labels in product(time_rows, sample.regions, product(*row_part)):
        row = [moment] if time == "column" else []
        row += [code, name, *labels]
        row += [moment] if time == "last" else []
        for number, (own_time, (measure, _), *rest) in enumerate(columns):
            at = own_time or moment or sample.times[0]
            row.append(sample.cells[at, code, (*labels, *rest), measure])
            if quality:
                row.append(signs[number % len(signs)])
        rows.append(row)
    width = max(map(len, rows)) + empty_columns
    for number, row in enumerate(rows):
        if (pad and 0 < number < head) or empty_columns:
            row += [""] * (width - len(row))
    foot = [["__________"], *([part] for part in (footnotes, licence) if part)]
    foot = [row + [""] * (width - 1 if empty_columns else 0) for row in foot]
    text = _written(rows, newline, quote) + _written(foot, newline, csv.QUOTE_MINIMAL)
    return (text + (stand + newline if stand else "")).encode(encoding)


def ffcsv(
    sample: Sample,
    *,
    form: str = "new",
    seed: int = 1,
    region_at: int = 0,
    totals: tuple[str, ...] = ("", "INSGESAMT"),
    newline: str = "\n",
    encoding: str = "utf-8-sig",
    quote: int = csv.QUOTE_MINIMAL,
    quality: bool = False,
    foot: str = "",
    leave_out=lambda place, raw: False,
) -> bytes:
    """The table as a flat file; rows in random order, the region as variable `region_at`."""
    statistic = sample.code.split("-")[0]
    new = form == "new"
    head = ["statistics_code", "statistics_label", "time_code", "time_label", "time"]
    parts = (
        "variable_code",
        "variable_label",
        "variable_attribute_code",
        "variable_attribute_label",
    )
    if not new:
        head = ["Statistik_Code", "Statistik_Label", "Zeit_Code", "Zeit_Label", "Zeit"]
        parts = ("Merkmal_Code", "Merkmal_Label", "Auspraegung_Code", "Auspraegung_Label")
    for number in range(1, len(sample.dimensions) + 2):
        head += [f"{number}_{part}" for part in parts]
    if new:
        head += ["value", "value_unit", "value_variable_code", "value_variable_label"]
        head += ["value_q"] if quality else []
    else:
        for number, (measure, unit) in enumerate(sample.measures):
            plain = "__".join((f"MES{number:03d}", _plain(measure)))
            head.append(f"     {plain}__{_plain(unit)}")
            head += [f"{plain}__q"] if quality else []
    rows = []
    names = dict(sample.regions)
    kinds = {2: "DLAND", 3: "REGBEZ"}
    for (time, region, categories), group in _by_row(sample).items():
        variables = [
            (f"VAR{i}", f"Merkmal {i}", _code(category, i, totals), category)
            for i, category in enumerate(categories)
        ]
        kind = "DINSG" if region == "DG" else kinds.get(len(region), "KREISE")
        variables.insert(region_at, (kind, "Region", region, names[region].strip()))
        start = [statistic, "Statistik der Schulen", "STAG", "Stichtag", time, *sum(variables, ())]
        if new:
            for number, ((measure, unit), raw) in enumerate(group.items()):
                if not leave_out((time, region, categories, measure), raw):
                    sign = ["e"] if quality else []
                    rows.append([*start, raw, unit, f"MES{number:03d}", measure, *sign])
        else:
            values = sum(([raw, "e"] if quality else [raw] for raw in group.values()), [])
            rows.append([*start, *values])
    random.Random(seed).shuffle(rows)
    return (_written([head, *rows], newline, quote) + foot).encode(encoding)


def _by_row(sample: Sample) -> dict:
    units = dict(sample.measures)
    rows: dict = {}
    for (time, region, categories, measure), raw in sample.cells.items():
        rows.setdefault((time, region, categories), {})[measure, units[measure]] = raw
    return rows


def _code(category: str, number: int, totals: tuple[str, ...]) -> str:
    return totals[number % len(totals)] if category == "Insgesamt" else f"K{number}{category[:5]}"


def _plain(text: str) -> str:
    for umlaut, letters in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), (" ", "_")):
        text = text.replace(umlaut, letters)
    return text


def _written(rows: list[list[str]], newline: str, quote: int) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator=newline, quoting=quote).writerows(rows)
    return out.getvalue()


def database_workbook(
    sample: Sample,
    *,
    sheet: str = "",
    foot: bool = True,
    sheets: tuple[str, ...] = (),
    row_dimensions: int = 0,
) -> bytes:
    """The table as the database writes its own workbook: the code is the sheet's name, headings are
    merged, the time stands in a row of its own above its regions, numbers are numbers."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = sheet or sample.code
    labels = list(product(*sample.dimensions[:row_dimensions]))
    columns = list(product(sample.measures, *sample.dimensions[row_dimensions:]))
    before = 2 + row_dimensions
    page.append([f"{sample.title} - regionale Tiefe: Kreise und krfr. Städte"])
    page.append(["Statistik der allgemeinbildenden Schulen"])
    levels = [[c[i][0] if i == 0 else c[i] for c in columns] for i in range(len(columns[0]))]
    for level in levels:
        page.append([None] * before + level)
        for first, last in _runs(level):
            _merge(page, page.max_row, page.max_row, first + before + 1, last + before + 1)
    page.append([None] * before + [c[0][1] for c in columns])
    page.cell(3, 1, "Jahr\nKreise und kreisfreie Städte")
    _merge(page, 3, page.max_row, 1, before)
    for time in sample.times:
        page.append([time])
        _merge(page, page.max_row, page.max_row, 1, before + len(columns))
        for code, name in sample.regions:
            for words in labels:
                cells = (sample.cells[time, code, (*words, *rest), m] for (m, _), *rest in columns)
                page.append([code, name, *words, *map(_as_number, cells)])
            if len(labels) > 1:
                for column in (1, 2):
                    _merge(page, page.max_row - len(labels) + 1, page.max_row, column, column)
    if foot:
        for line in ["_" * 14, *FOOTNOTES.splitlines(), *LICENCE.splitlines()[:-1]]:
            page.append([line])
        page.append([f"{LICENCE.splitlines()[-1]} | {STAND}"])
    for name in sheets:
        book.create_sheet(name).append(["etwas anderes"])
    return _saved(book)


def _runs(words: list[str]) -> list[tuple[int, int]]:
    """First and last place of neighbours that are equal."""
    starts = [i for i in range(len(words)) if i == 0 or words[i] != words[i - 1]]
    return list(zip(starts, [*(i - 1 for i in starts[1:]), len(words) - 1], strict=True))


def _merge(page, top: int, bottom: int, left: int, right: int) -> None:
    if (top, left) != (bottom, right):
        page.merge_cells(start_row=top, end_row=bottom, start_column=left, end_column=right)


def as_workbook(content: bytes) -> bytes:
    """A CSV file as a German spreadsheet saves it as a workbook: numbers become numbers."""
    encoding = "utf-8-sig" if content.startswith(b"\xef\xbb\xbf") else "cp1252"
    book = openpyxl.Workbook()
    for row in csv.reader(io.StringIO(content.decode(encoding), newline=""), delimiter=";"):
        book.active.append([_as_number(cell) for cell in row] or [None])
    return _saved(book)


def _as_number(text: str) -> str | int | float:
    try:
        return int(text)
    except ValueError:
        return float(text.replace(",", ".")) if re.fullmatch(r"-?\d+,\d+", text) else text


def _saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()
