"""What a release says otherwise than another, as an Excel file: overview, values, counts.

Text stays text and numbers are numbers; what has none says why.
"""

from io import BytesIO

import xlsxwriter

from indicators import formats
from indicators.export.tables import safe
from indicators.release.difference import KINDS, Difference

VALUE_COLUMNS = (
    *("Indikator", "Gebiet", "Zeitraum", "Was", "Vorher", "Nachher"),
    *("Vorher (Zahl)", "Nachher (Zahl)"),
)
_WIDTHS = (44, 30, 12, 14, 22, 22, 14, 14)


def to_xlsx(found: Difference) -> bytes:
    """The difference as a workbook."""
    content = BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False}) as book:
        bold = book.add_format({"bold": True})
        _overview(book, found, bold)
        _values(book, found, bold)
        _counts(book, found, bold)
    return content.getvalue()


def _overview(book: xlsxwriter.Workbook, found: Difference, bold) -> None:
    sheet = book.add_worksheet("Überblick")
    sheet.set_column(0, 0, 52)
    sheet.set_column(1, len(KINDS), 14)
    lines = (
        f"Vorher: Datenstand {found.before.id} vom {formats.minute(found.before.published)}",
        f"Nachher: Datenstand {found.after.id} vom {formats.minute(found.after.published)}",
        f"Unterschied: {found.sentence()}",
        "Werte, die geschützt sind, stehen hier nicht, auch nicht mit dem, was früher dort stand.",
    )
    for row, line in enumerate(lines):
        sheet.write_string(row, 0, line)
    top = len(lines) + 1
    for column, name in enumerate(("Indikator", *KINDS.values())):
        sheet.write_string(top, column, name, bold)
    for row, (indicator, counts) in enumerate(found.by_indicator(), top + 1):
        sheet.write_string(row, 0, safe(found.indicator(indicator).name))
        for column, kind in enumerate(KINDS, 1):
            sheet.write_number(row, column, counts.get(kind, 0))
    row = top + len(found.by_indicator()) + 2
    for one in found.definitions:
        sheet.write_string(row, 0, safe(f"Definition {one.kind}: {one.name}"))
        row += 1


def _values(book: xlsxwriter.Workbook, found: Difference, bold) -> None:
    """A row per value that is told otherwise, largest change first."""
    sheet = book.add_worksheet("Werte")
    for column, (name, width) in enumerate(zip(VALUE_COLUMNS, _WIDTHS, strict=True)):
        sheet.write_string(0, column, name, bold)
        sheet.set_column(column, column, width)
    sheet.freeze_panes(1, 0)
    for place, row in enumerate(found.rows.to_dict("records"), 1):
        for column, text in enumerate(found.words(row)):
            sheet.write_string(place, column, safe(text))
        for column, name in enumerate(("before", "after"), 6):
            if row[name] == row[name] and row[name] is not None:  # not NaN
                sheet.write_number(place, column, row[name])
    sheet.autofilter(0, 0, max(1, len(found.rows)), len(VALUE_COLUMNS) - 1)


def _counts(book: xlsxwriter.Workbook, found: Difference, bold) -> None:
    """A row per dataset of which counts are otherwise, in all divisions."""
    sheet = book.add_worksheet("Datensätze")
    sheet.set_column(0, 0, 52)
    for column, name in enumerate(("Datensatz", "neu", "nicht mehr da", "geändert", "Hinweis")):
        sheet.write_string(0, column, name, bold)
    for row, one in enumerate(found.cells, 1):
        sheet.write_string(row, 0, safe(one.name))
        for column, count in enumerate((one.added, one.vanished, one.changed), 1):
            sheet.write_number(row, column, count)
        if one.divided_anew:
            sheet.write_string(row, 4, "anders gegliedert, nicht verglichen")
