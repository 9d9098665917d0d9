"""Where in a sheet the table stands: titles above, rows of headings, rows of data, notes below.

Nothing here knows what a word means; a cell is a number, a time, a sign or a text by its form.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from indicators.errors import FileError
from indicators.publishing.own_meaning import unmarked
from indicators.publishing.own_sheet import headings_of
from indicators.sources.grid import Sheet

# A letter close behind a number may be a class: 4b
_NUMBER = re.compile(r"[+\-−(]?\s*\d[\d.,\u00a0\u202f ]*\)?\s*%?(\s?(\(\)|[prs])|\s[ub])?")
_DATE = re.compile(r"\d{1,2}\.\d{1,2}\.\d{2,4}|\d{4}-\d\d-\d\d")
_YEAR = re.compile(r"(19|20)\d\d(\.0)?")
_YEARS = re.compile(r"(WS |SJ )?((19|20)\d\d|\d\d)\s*[-–/_]\s*((19|20)\d\d|\d\d)")
# What may stand in a value's place without being a number.
SIGN = re.compile(r"[-–—.*•/xX…]|\.\.\.|<\s*\d+|(?i:k\. ?A\.?|n\. ?[bva]\.?)")
_MOST_HEADING_ROWS = 6
_MOST_ROWS_ABOVE = 40
_TOTALS = re.compile(
    r"(?i)(summe|insgesamt|gesamt|zusammen|total|alle)\b.*|.*\b(insgesamt|gesamtsumme)"
)


@dataclass(frozen=True)
class Shape:
    """A table in its sheet. `first` is the first row of headings (from 0), `body` are the rows
    below them, without those of the `foot`; `above` is what stands over the headings, `headings`
    those of every column; `repeated` tells that these stand below once more, as on a second page,
    which belongs to no row."""

    sheet: Sheet
    first: int
    header_rows: int
    body: np.ndarray
    foot: np.ndarray
    above: list[str]
    headings: list[tuple[str, ...]]
    repeated: bool = False

    @property
    def columns(self) -> list[int]:
        """The columns with a heading or anything below it."""
        texts = self.sheet.texts[self.body]
        return [i for i, h in enumerate(self.headings) if h or (texts[:, i] != "").any()]

    def cells(self, column: int) -> list[str]:
        return [str(text) for text in self.sheet.texts[self.body, column]]

    def name(self, column: int) -> str:
        """The heading as a message names it."""
        return " / ".join(self.headings[column]) or f"Spalte {column + 1} ohne Überschrift"

    def line(self, row: int) -> int:
        return int(self.sheet.lines[row])


@lru_cache(maxsize=50_000)  # every step asks it of every cell
def is_number(text: str) -> bool:
    """Whether a text has the form of a number; a date or school year has not."""
    text = unmarked(text.strip())
    return bool(_NUMBER.fullmatch(text)) and not _DATE.fullmatch(text)


def is_time(text: str) -> bool:
    """Whether a text has the form of a year, school year or day."""
    text = text.strip()
    return any(pattern.fullmatch(text) for pattern in (_YEAR, _YEARS, _DATE))


def is_total(text: str) -> bool:
    return bool(_TOTALS.fullmatch(text.strip()))


def found(sheet: Sheet, file: str, line: int | None = None, rows: int | None = None) -> Shape:
    """Where the table stands; `line` and `rows` are what somebody says of its headings.

    Raises FileError where there is no row of headings or nothing below it.
    """
    first, count = _heading_rows(sheet, file)
    if line is not None and line in sheet.lines:
        first, count = int(np.flatnonzero(sheet.lines == line)[0]), 1
    count = rows or count
    filled = sheet.texts != ""
    below = np.flatnonzero(filled.any(axis=1))
    below = below[below >= first + count]
    if not len(below):
        raise FileError(
            file, "unter den Überschriften steht nichts", sheet=sheet.name, line=_line(sheet, first)
        )
    body, foot = _without_foot(sheet, below)
    _refuse_second(sheet, first, body, file)
    above = [str(t) for t in sheet.texts[:first][filled[:first]]]
    headings = headings_of(sheet, first, count)
    again = (sheet.texts[body] == sheet.texts[first]).all(axis=1) & (count == 1)
    body = body if again.all() else body[~again]
    titles = list(dict.fromkeys(above))
    return Shape(sheet, first, count, body, foot, titles, headings, bool(again.any()))


def _heading_rows(sheet: Sheet, file: str) -> tuple[int, int]:
    """The first row of headings, and how many there are."""
    candidates = [
        row
        for row in map(int, np.flatnonzero((sheet.texts != "").any(axis=1)))
        if len(_own_cells(sheet, row)) >= 2
    ][:_MOST_ROWS_ABOVE]
    if not candidates:
        raise FileError(
            file,
            "das ist keine Tabelle: in keiner Zeile stehen zwei gefüllte Zellen nebeneinander. "
            "Nächster Schritt: prüfen, ob es die richtige Datei ist",
            sheet=sheet.name,
        )
    start = candidates[0]
    last = None
    for row in candidates:
        if _is_data(sheet, row, is_first=row == start):
            break
        last = row
        if not any(_is_data(sheet, later, is_first=False) for later in candidates):
            break  # a list of words: one row of headings
    if last is None:
        raise FileError(
            file,
            "die Tabelle hat keine Überschriften: schon in der ersten Zeile stehen Zahlen. "
            "Nächster Schritt: in der Datei über die Spalten schreiben, was darin steht",
            sheet=sheet.name,
            line=_line(sheet, start),
        )
    first = last
    width = max(len(_own_cells(sheet, last)), 2)
    while first > 0 and last - first + 1 < _MOST_HEADING_ROWS:
        above = first - 1
        cells = _own_cells(sheet, above)
        if len(cells) < 2 or len(cells) < min(width, 3) - 1 or _is_note(cells):
            break
        first = above
    return int(first), int(last - first + 1)


def _is_note(cells: list[str]) -> bool:
    """A line such as "Stand: | 31.12.2024" above a table."""
    return any(cell.endswith(":") for cell in cells)


def _own_cells(sheet: Sheet, row: int) -> list[str]:
    """The filled cells of a row, one that is merged across once."""
    return [
        str(text)
        for column, text in enumerate(sheet.texts[row])
        if text != "" and not ((row, column) in sheet.covered and _same_left(sheet, row, column))
    ]


def _same_left(sheet: Sheet, row: int, column: int) -> bool:
    return column > 0 and sheet.texts[row, column - 1] == sheet.texts[row, column]


def _is_data(sheet: Sheet, row: int, *, is_first: bool) -> bool:
    """Whether values stand in a row. Years that follow each other beside words are headings."""
    cells = [str(t) for t in sheet.texts[row] if t != ""]
    times = [cell for cell in cells if is_time(cell)]
    if any(is_number(cell) and not is_time(cell) for cell in cells):
        return True
    if len(times) == len(cells):
        # with an empty corner it may be the first row: ";2019;2020;2021"
        return not (is_first and sheet.texts[row, 0] == "" and _follow(times))
    if len(times) == 1 and is_time(cells[0]):
        return True
    if len(times) >= 2:
        return not _follow(times)
    # beside words only signs: "Nord;-;-"
    signs = [cell for cell in cells[1:] if SIGN.fullmatch(cell)]
    return bool(signs) and len(signs) == len(cells) - 1


def _follow(times: list[str]) -> bool:
    """Whether years stand in order, as over columns; one heading may stand over several of them."""
    years = [int(y[0]) for text in times if (y := re.search(r"\d{4}|\d\d", text))]
    steps = [b - a for a, b in zip(years, years[1:], strict=False) if b != a]
    return len(years) == len(times) and (
        all(0 < step <= 10 for step in steps) or all(-10 <= step < 0 for step in steps)
    )


def _without_foot(sheet: Sheet, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rows of data, and the notes below them: the last rows in which only one text stands."""
    end = len(rows)
    wide = len(_own_cells(sheet, rows[0])) > 1
    while end > 1 and wide:
        cells = _own_cells(sheet, rows[end - 1])
        if len(cells) > 1 or is_number(cells[0]) or is_time(cells[0]):
            break
        end -= 1
    return rows[:end], rows[end:]


def _refuse_second(sheet: Sheet, first: int, body: np.ndarray, file: str) -> None:
    """Raises FileError where headings of another table stand below: its columns say other
    things. The same headings again, as on a second page, are a row that is asked about."""
    head = sheet.texts[first]
    corner = next(text for text in head if text != "")
    column = int(np.flatnonzero(head == corner)[0])
    for row in body[sheet.texts[body, column] == corner]:
        texts = sheet.texts[row]
        if (texts != head).any() and not _is_data(sheet, int(row), is_first=False):
            raise FileError(
                file,
                f"hier beginnt eine zweite Tabelle: „{corner}“ steht schon über der ersten. "
                "Nächster Schritt: jede Tabelle in ein eigenes Blatt oder eine eigene Datei "
                "schreiben",
                sheet=sheet.name,
                line=_line(sheet, int(row)),
            )


def _line(sheet: Sheet, row: int) -> int:
    return int(sheet.lines[row])
