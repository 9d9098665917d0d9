"""The paper of an agenda as Excel: a list of contents, a sheet for each answer, all signs."""

import io
import re
from collections.abc import Sequence

import xlsxwriter

from indicators.export import tables
from indicators.export.content import Content
from indicators.export.native import native
from indicators.export.parts import Chapter, Cover, Listing, Pair, Part, Progress, Words, first
from indicators.export.tables import safe
from indicators.symbols import SIGNS, Status

_LONGEST = 31  # signs of the name of a sheet, says Excel
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\'\x00-\x1f]+")
_TOP = 4  # the row in which the numbers of an answer begin
_CONTENTS = "Inhalt"
_WIDTHS = (7, 34, 70, 70, 16, 18)  # letters
_HEADINGS = ("Teil", "Blatt", "Aussage", "Gebiet und Zeitraum", "Datenstand", "Beleg")


def to_workbook(parts: Sequence[Part], title: str, progress: Progress | None = None) -> bytes:
    """Typed numbers, notes, signs and, where Excel can draw it, the chart of every answer."""
    signs = first(parts)
    out = io.BytesIO()
    # fixed properties: the same answers give the same file
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"title": title, "author": signs.author, "created": signs.moment})
        writer = _Writer(book)
        for number, part in enumerate(parts):
            writer.add(number, part)
            if progress:
                progress(number + 1, len(parts))
        tables.write_signs(book, writer.bold)
    return out.getvalue()


def sheet_name(number: int, words: str) -> str:
    """A name that Excel takes and no other sheet of the workbook has, for the number is in it."""
    plain = _NOT_IN_NAMES.sub(" ", f"{number:02d} {words}")
    return re.sub(r"\s+", " ", plain)[:_LONGEST].strip()


class _Writer:
    """Writes the contents line by line, and a sheet for each answer."""

    def __init__(self, book: xlsxwriter.Workbook):
        self._book = book
        self.bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self._large = book.add_format({"bold": True, "font_size": 14})
        self._heading = book.add_format({"bold": True})
        self._wrap = book.add_format({"text_wrap": True, "valign": "top"})
        self._top = book.add_format({"valign": "top"})
        blue = {"font_color": "blue", "underline": 1, "valign": "top"}
        self._link = book.add_format(blue)
        self._list = book.add_worksheet(_CONTENTS)
        self._list.set_landscape()
        self._list.fit_to_pages(1, 0)
        for column, width in enumerate(_WIDTHS):
            self._list.set_column(column, column, width)
        self._row = 0
        self._sheets = 0

    def add(self, number: int, part: Part) -> None:
        """`number` is that of the part; 0 the title page."""
        if isinstance(part, Cover):
            self._told(0, part.title, self._large)
            for words in (part.occasion, part.published):
                self._told(0, words, None)
            self._row += 1
            self._list.write_row(self._row, 0, _HEADINGS, self.bold)
            self._row += 1
        elif isinstance(part, Chapter):
            self._told(2, part.title, self._heading)
        elif isinstance(part, Listing):
            if part.form != "contents":  # this sheet is one
                self._rows(number, part)
        elif isinstance(part, Words):
            self._list.write_number(self._row, 0, number, self._top)
            words = "\n".join(filter(None, (part.title, *part.paragraphs, part.remark)))
            self._told(2, words, self._wrap)
        elif isinstance(part, Pair):
            self._told(2, "\n".join(filter(None, (part.title, part.remark))), self._wrap)
            for content in part.contents:
                self._answer(number, content)
        else:
            self._answer(number, part)

    def _rows(self, number: int, part: Listing) -> None:
        """A list: its title, then name and text of each row."""
        self._list.write_number(self._row, 0, number, self._top)
        self._told(2, part.title, self._heading)
        self._told(2, part.remark, self._wrap)
        for name, text in part.rows:
            self._list.write_string(self._row, 2, safe(name), self._wrap)
            self._list.write_string(self._row, 3, safe(text), self._wrap)
            self._end_row(name, text)

    def _told(self, column: int, words: str, form) -> None:
        if words:
            self._list.write_string(self._row, column, safe(words), form)
            self._end_row(words)

    def _end_row(self, *texts: str) -> None:
        """Makes the row as high as its longest text: not every program does."""
        lines = max(sum(-(-len(line) // 60) or 1 for line in t.split("\n")) for t in texts)
        if lines > 1:
            self._list.set_row(self._row, 15 * lines)
        self._row += 1

    def _answer(self, number: int, content: Content) -> None:
        self._sheets += 1
        name = sheet_name(self._sheets, content.answer.title)
        self._list.write_number(self._row, 0, number, self._top)
        self._list.write_url(self._row, 1, f"internal:'{name}'!A1", self._link, safe(name))
        told = content.headline, content.subtitle, content.answer.release, content.code
        for column, words in enumerate(told, 2):
            self._list.write_string(self._row, column, safe(words), self._wrap)
        self._end_row(*told[:2])
        self._sheet(name, content)

    def _sheet(self, name: str, content: Content) -> None:
        book, answer = self._book, content.answer
        sheet = book.add_worksheet(name)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.write_string(0, 0, safe(content.headline), self._large)
        sheet.write_string(1, 0, safe(content.subtitle))
        sheet.write_string(2, 0, safe(content.remark))
        below = tables.write_rows(book, sheet, answer, self.bold, _TOP) + 1
        if chart := native(answer.figure):
            place = (_TOP, tables.width(answer) + 1)
            tables.write_chart(book, sheet, answer, chart, self.bold, place)
        sheet.write_string(below, 0, "Hinweise", self._heading)
        told = tables.foot(answer, content.trace)
        # the sentence of the answer stands here where another is its headline
        lines = [line for line in told if line not in (content.headline, content.subtitle)]
        for row, line in enumerate(lines, below + 1):
            sheet.write_string(row, 0, safe(line))
        below += len(lines)
        there = {Status(row["status"]) for row in answer.rows if row.get("status")}
        sheet.write_string(below + 2, 0, "Zeichenerklärung", self._heading)
        signs = [SIGNS[status] for status in Status if status in there and status in SIGNS]
        for row, sign in enumerate(signs, below + 3):
            sheet.write_string(row, 0, safe(sign.short))
            sheet.write_string(row, 1, safe(sign.meaning))
        sheet.write_url(3, 0, f"internal:'{_CONTENTS}'!A1", self._link, "zurück zum Inhalt")
