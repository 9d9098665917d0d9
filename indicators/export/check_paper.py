"""The Prüfbericht of a delivery as PDF (PDF/UA-1) and Excel, of the plain data the assistant
tells."""

import io
import json
from pathlib import Path
from typing import Any

import xlsxwriter

from indicators.errors import BildungsblickError
from indicators.export.tables import safe
from indicators.figures.drawing import FAMILY, FONTS
from indicators.formats import number

_FORM = Path(__file__).with_name("check_paper.typ")
_TITLE = "Prüfbericht"
# What the PDF shows of long lists; the workbook has all.
_MOST_LEFT, _MOST_REGIONS, _MOST_LEAPS = 200, 60, 100
# These are the heads of the tables that `assistant/check_tables.py` makes.
MATCHED = "erkannt"
REGION_HEAD = ["Gebiet", "Schlüssel", "Was daraus wurde", "Werte"]
LEAP_HEAD = ["Gebiet", "Was", "Zuvor", "Wert", "Jetzt", "Wert", "Änderung"]


def title_of(report: dict[str, Any]) -> str:
    return f"{_TITLE}: {report['file']}"


def to_pdf(report: dict[str, Any]) -> bytes:
    """The report on A4. Raises BildungsblickError if it cannot be set."""
    import typst  # not before a paper is asked for

    told = [row for row in report["regions"] if row[2] != MATCHED]
    data = report | {
        "title": title_of(report),
        "left": report["left"][:_MOST_LEFT],
        # several hundred Kreise that are what they are called fill no pages
        "regions": report["regions"] if len(report["regions"]) <= _MOST_REGIONS else told,
        "matched": f"{number(len(report['regions']) - len(told))} von "
        f"{number(len(report['regions']))} ohne Besonderheit erkannt.",
        "leaps": report["leaps"][:_MOST_LEAPS],
        "region_head": REGION_HEAD,
        "leap_head": LEAP_HEAD,
    }
    try:
        fonts = typst.Fonts(include_system_fonts=False, font_paths=[FONTS])
        compiler = typst.Compiler(
            input=_FORM.read_bytes(), font_paths=fonts, ignore_system_fonts=True
        )
        made = compiler.compile(
            format="pdf",
            pdf_standards=["ua-1"],
            sys_inputs={"data": json.dumps(data, ensure_ascii=False), "font": FAMILY},
        )
    except typst.TypstError as error:
        raise BildungsblickError(
            "Das PDF ließ sich nicht setzen. Nächster Schritt: den Prüfbericht als Excel-Datei "
            "laden."
        ) from error
    assert isinstance(made, bytes)
    return made


def to_workbook(report: dict[str, Any]) -> bytes:
    """The report with a line for each finding, and one for each row that was not read."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"title": title_of(report)})
        bold = book.add_format({"bold": True, "bottom": 1})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        findings = [
            [section["title"], level, text]
            for section in report["sections"]
            for level, text in section["lines"]
        ]
        for name, head, rows, widths in (
            (_TITLE, ["Abschnitt", "Art", "Befund"], findings, (40, 10, 100)),
            ("Zeilen", ["Was", "Anzahl"], report["balance"], (40, 12)),
            ("Gebiete", REGION_HEAD, report["regions"], (36, 14, 60, 10)),
            ("Sprünge", LEAP_HEAD, report["leaps"], (30, 50, 14, 12, 14, 12, 14)),
            ("Nicht gelesen", ["Zeile", "Inhalt"], report["left"], (12, 100)),
            ("Gelesen als", ["Was", "Wie", "Warum"], report["facts"], (24, 50, 60)),
        ):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, head, bold)
            for column, width in enumerate(widths):
                sheet.set_column(column, column, width, wrap)
            for row, texts in enumerate(rows, 1):
                for column, text in enumerate(texts):
                    sheet.write_string(row, column, safe(str(text)))
            sheet.freeze_panes(1, 0)
    return out.getvalue()
