"""Own tables as offices hand them over: CSV bytes, workbooks with merged cells and formats."""

import io
from collections.abc import Sequence

import openpyxl


def csv_bytes(text: str, encoding: str = "utf-8") -> bytes:
    """A CSV file of these lines, without the indentation of the test."""
    lines = [line.strip() for line in text.strip("\n").splitlines()]
    return "\r\n".join(lines).encode(encoding) + b"\r\n"


def workbook(
    sheets: dict[str, Sequence[Sequence]],
    merged: dict[str, Sequence[str]] | None = None,
    formats: dict[str, dict[str, str]] | None = None,
) -> bytes:
    """A workbook of rows; `merged` names ranges and `formats` number formats by sheet."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        for area in (merged or {}).get(name, ()):
            sheet.merge_cells(area)
        for cell, number_format in (formats or {}).get(name, {}).items():
            sheet[cell].number_format = number_format
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
