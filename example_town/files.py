"""CSV and Excel as offices write them, and the same bytes every time."""

import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import xlsxwriter

Cell = str | int | float | None
CREATED = datetime(2026, 3, 2, 8, 0, 0)  # what the files say of themselves


def csv_bytes(
    header: Sequence[str],
    rows: Iterable[Sequence[Any]],  # cells; numbers may be numpy's
    *,
    encoding: str = "utf-8",
    separator: str = ";",
    above: Sequence[str] = (),
    below: Sequence[str] = (),
) -> bytes:
    """Title lines, one line of headings, the rows, lines below. Lines end as Windows ends them."""
    lines = [*above, separator.join(header)]
    lines += [separator.join(_text(cell) for cell in row) for row in rows]
    return ("\r\n".join([*lines, *below]) + "\r\n").encode(encoding)


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and not cell.is_integer():
        return f"{cell:.1f}".replace(".", ",")
    return cell if isinstance(cell, str) else str(int(cell))


@dataclass
class Sheet:
    """A sheet: title rows, one or more rows of headings, rows, notes below. In a row of headings
    "<" continues the cell to its left (merged), "^" the one above."""

    name: str
    titles: list[str]
    headings: list[list[str]]
    rows: list[list[Cell]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    bold_rows: tuple[str, ...] = ()


def workbook(sheets: list[Sheet]) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"created": CREATED, "author": "Beispielstadt (erfunden)"})
    title = book.add_format({"bold": True, "font_size": 12})
    head = book.add_format(
        {"bold": True, "border": 1, "text_wrap": True, "align": "center", "valign": "vcenter"}
    )
    bold, plain = book.add_format({"bold": True, "top": 1}), book.add_format({})
    note = book.add_format({"italic": True, "font_size": 8})
    for sheet in sheets:
        page = book.add_worksheet(sheet.name)
        line = 0
        for text in sheet.titles:
            page.write_string(line, 0, text, title)
            line += 1
        line += bool(sheet.titles)
        _write_headings(page, line, sheet.headings, head)
        line += len(sheet.headings)
        for row in sheet.rows:
            shape = bold if str(row[0]).startswith(sheet.bold_rows or ("\0",)) else plain
            for column, cell in enumerate(row):
                if cell is not None:
                    page.write(line, column, cell, shape)
            line += 1
        line += 1
        for text in sheet.notes:
            page.write_string(line, 0, text, note)
            line += 1
        page.set_column(0, 0, 22)
    book.close()
    return _fixed(buffer.getvalue())


def _write_headings(page, first: int, headings: list[list[str]], shape) -> None:
    width = len(headings[0])
    for row, cells in enumerate(headings):
        for column, text in enumerate(cells):
            if text in ("<", "^"):
                continue
            last = column
            while last + 1 < width and cells[last + 1] == "<":
                last += 1
            low = row
            while low + 1 < len(headings) and headings[low + 1][column] == "^":
                low += 1
            if (low, last) == (row, column):
                page.write_string(first + row, column, text, shape)
            else:
                page.merge_range(first + row, column, first + low, last, text, shape)


def _fixed(content: bytes) -> bytes:
    """The same archive without compression and with one time for all: zlib versions differ."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            info = zipfile.ZipInfo(name, (2026, 3, 2, 8, 0, 0))
            info.create_system, info.external_attr = 0, 0
            new.writestr(info, old.read(name))
    return buffer.getvalue()
