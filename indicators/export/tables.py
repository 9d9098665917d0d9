"""An answer as CSV and as Excel: data, notes and the explanation of signs."""

import csv
import io
import re
import unicodedata

import xlsxwriter

from indicators import formats
from indicators.answers.answer import Answer
from indicators.export.native import Line, Native, native
from indicators.symbols import FLAG_NAMES, SIGNS, Status

# Why a number may be missing that somebody counted: told wherever such a sign stands in a file.
PROTECTED = (Status.SUPPRESSED, Status.SECRET, Status.TOO_FEW, Status.UNRELIABLE)
_COLUMNS = (
    ("region", "Schlüssel"),
    ("region_name", "Gebiet"),
    ("period", "Zeitraum"),
    ("category_name", "Ausprägung"),
    ("selection", "Auswahl"),
    ("numerator", "Zähler"),
    ("denominator", "Nenner"),
    ("value", "Wert"),
    ("unit", "Einheit"),
    ("status", "Bedeutung"),
    ("flags", "Hinweise"),
)
# What kinds of answer tell beyond that: before these columns and behind them.
_BEFORE = {
    "profile": (("indicator_name", "Indikator"),),
    "flows": (("indicator_name", "Indikator"),),
    "together": (("indicator_name", "Indikator"),),
    "panels": (("panel_name", "Bild"),),
    "chain": (("step_name", "Station"), ("figure", "Angabe"), ("indicator_name", "Indikator")),
    "notable": (("sort", "Art"), ("indicator_name", "Indikator")),
}
_BEHIND = {
    "balance": (("gap", "Plätze minus Bedarf"),),
    "notable": (
        ("other_region_name", "Vergleich mit"),
        ("other_period", "Zeitraum des Vergleichs"),
        ("other_numerator", "Zähler des Vergleichs"),
        ("other_denominator", "Nenner des Vergleichs"),
        ("other_value", "Wert des Vergleichs"),
        ("difference", "Unterschied"),
        ("sentence", "Befund"),
        ("caveat", "Zu beachten"),
    ),
}
_VALUES = ("value", "other_value", "difference")
# A spreadsheet runs a text that begins like this as a formula. The typographic minus is none of
# them, but what stands behind it need not be a number.
_FORMULA_STARTS = "=+-@"
# What a reader does not see, and some programs drop: controls, marks of direction, blanks, ends of
# lines and paragraphs, marks that belong to a letter before them, code points that mean nothing.
_INVISIBLE = {"Cc", "Cf", "Cn", "Co", "Zs", "Zl", "Zp", "Mn", "Me"}
_FILLERS = "\u115f\u1160\u2800\u3164\uffa0"  # letters and signs in name, blanks to the eye
_NUMBER = re.compile(r"[-\u2212]?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?([ \u00a0\u202f]?%)?")


def file_name(answer: Answer, ending: str) -> str:
    """ "abgaenger_ohne_abschluss_anteil_verbund-hof.csv"; the count of a rate has a name of its
    own, so that it does not take the place of the rate."""
    view = answer.view
    kind = {"chain": "stationen", "notable": "auffaelligkeiten"}.get(view.kind, "profil")
    parts = [view.indicator or f"{kind}_{view.theme or 'alle'}", view.region.replace(":", "-")]
    if more := view.setting("with"):
        parts[0] += "_und_" + more.replace(",", "_und_")
    if view.measure == "count":
        parts.append("anzahl")
    if view.period:
        parts.append(view.period.replace("/", "-").replace(".", "-").replace(" ", "-"))
    return "_".join(parts) + "." + ending


def to_csv(answer: Answer, link: str = "") -> bytes:
    """Semicolon, decimal comma, byte order mark: what Excel in Germany opens without asking.
    `link` leads to the same view.

    A value that is not there is an empty field; the column "Bedeutung" says why.
    """
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    columns = _columns(answer)
    writer.writerow([safe(title) for _, title in columns])
    for row in answer.rows:
        writer.writerow([_text(answer, name, row) for name, _ in columns])
    writer.writerow([])
    for line in foot(answer, link):
        writer.writerow([safe(line)])
    return out.getvalue().encode("utf-8-sig")


def _columns(answer: Answer) -> list[tuple[str, str]]:
    kind = answer.view.kind
    return [*_BEFORE.get(kind, ()), *_COLUMNS, *_BEHIND.get(kind, ())]


def _decimals(answer: Answer, row: dict, value: float) -> int:
    """Those of the indicator; of another unit (a profile mixes them, a flow shows the shares of a
    count) those that are there: values come rounded."""
    if answer.indicator and row["unit"] == answer.indicator.unit:
        return answer.indicator.shown_decimals
    return len(str(float(value)).rstrip("0").partition(".")[2])


def _text(answer: Answer, name: str, row: dict) -> str:
    value = row.get(name)
    if value is None:
        return ""
    if isinstance(value, int | float):
        if name in _VALUES:
            return formats.plain(value, _decimals(answer, row, value))
        return formats.plain(value, 0)  # the counts behind a value are whole
    if name == "status":
        value = SIGNS[Status(value)].short
    elif name == "flags":
        value = _flags(value)
    return safe(str(value))


def _flags(flags: list[str]) -> str:
    return ", ".join(FLAG_NAMES.get(flag, flag) for flag in flags)


def safe(text: str) -> str:
    """A text as a spreadsheet may have it: an apostrophe before what it could run as a formula.

    A number that was written as text stays one: it runs nothing, and an apostrophe would hide it.
    """
    if _NUMBER.fullmatch(text):
        return text
    seen = text.lstrip("".join(sign for sign in set(text) if _is_invisible(sign)))
    # full-width, small and raised forms of a sign mean the sign
    first = unicodedata.normalize("NFKC", seen[:1])
    runs = first in tuple(_FORMULA_STARTS) or (first == formats.MINUS and not seen[1:2].isdigit())
    return "'" + text if runs or text.startswith(("\t", "\r", "\n")) else text


def _is_invisible(sign: str) -> bool:
    return unicodedata.category(sign) in _INVISIBLE or sign in _FILLERS


def foot(answer: Answer, link: str) -> list[str]:
    """What must be known of the numbers, a line each."""
    there = {Status(row["status"]) for row in answer.rows if row.get("status")}
    aid = f"{answer.reading_aid} {answer.comparison}".strip()
    told = [
        answer.headline,
        answer.subtitle,
        answer.source,
        f"In Bildungsblick veröffentlicht am {formats.day(answer.published)} "
        f"(Datenstand {answer.release})",
        *answer.notes,
        *answer.footnotes,
        f"Lesehilfe: {aid}" if aid else "",
        *(f"{SIGNS[s].short}: {SIGNS[s].meaning}" for s in PROTECTED if s in there),
        f"Ansicht: {link}" if link else "",
    ]
    return list(dict.fromkeys(filter(None, told)))


def to_xlsx(answer: Answer, link: str = "") -> bytes:
    """Sheets: Daten (typed numbers, the unit in the heading), Diagramm where the figure is one that
    Excel can draw (with the numbers it is drawn of), Hinweise, Zeichenerklärung."""
    out = io.BytesIO()
    # fixed properties: the same answer gives the same file
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"title": answer.title, "created": answer.published})
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        data = book.add_worksheet("Daten")
        data.freeze_panes(1, 0)
        write_rows(book, data, answer, bold)
        if chart := native(answer.figure):
            write_chart(book, book.add_worksheet("Diagramm"), answer, chart, bold)
        notes = book.add_worksheet("Hinweise")
        notes.set_column(0, 0, 110)
        for i, line in enumerate(foot(answer, link)):
            notes.write_string(i, 0, safe(line), wrap)
        write_signs(book, bold)
    return out.getvalue()


def write_signs(book: xlsxwriter.Workbook, bold) -> None:
    """A sheet that explains all signs."""
    signs = book.add_worksheet("Zeichenerklärung")
    signs.set_column(0, 0, 24)
    signs.set_column(1, 1, 80)
    signs.write_row(0, 0, ["Bedeutung", "Erklärung"], bold)
    for i, sign in enumerate(SIGNS.values(), 1):
        signs.write_string(i, 0, safe(sign.short))
        signs.write_string(i, 1, safe(sign.meaning))


_CHARTS = {
    "lines": {"type": "line"},
    "bars": {"type": "bar"},
    "pyramid": {"type": "bar", "subtype": "stacked"},
}


def write_chart(
    book: xlsxwriter.Workbook, sheet, answer: Answer, given: Native, bold, place: tuple = (0, 0)
) -> None:
    """The figure as a chart of Excel beside the numbers it is drawn of, from a row and column of
    the sheet on; an empty cell is a gap."""
    top, left = place
    number = book.add_format({"num_format": given.format})
    sheet.set_column(left, left, 28)
    sheet.set_column(left + 1, left + len(given.series), 15)
    for r, name in enumerate(given.categories, top + 1):
        sheet.write_string(r, left, safe(name))
    chart = book.add_chart(_CHARTS[given.kind])
    last, page = top + len(given.categories), sheet.get_name()
    for c, line in enumerate(given.series, left + 1):
        sheet.write_string(top, c, safe(line.name), bold)
        for r, value in enumerate(line.values, top + 1):
            if value is not None:
                sheet.write_number(r, c, value, number)
        chart.add_series(
            {
                "name": [page, top, c],
                "categories": [page, top + 1, left, last, left],
                "values": [page, top + 1, c, last, c],
                **_look(given, line),
            }
        )
    _dress(chart, given, answer)
    at = left + len(given.series) + 2
    sheet.insert_chart(top + 1, at, chart, {"description": answer.alt or answer.headline})
    for i, words in enumerate(given.untold):
        sheet.write_string(last + 2 + i, left, safe(words))


def _look(given: Native, line: Line) -> dict:
    """How a series is drawn."""
    look: dict = {"fill": {"color": line.colour}, "gap": 40, "invert_if_negative": False}
    if line.colours:
        look["points"] = [{"fill": {"color": colour}} for colour in line.colours]
    if given.kind == "lines":
        dash = {"dash_type": "dash" if line.dash[0] > 3 else "round_dot"} if line.dash else {}
        look = {"line": {"color": line.colour, "width": line.width, **dash}}
        # no line leads over a break of the series
        if line.breaks:
            look["points"] = [
                {"line": {"none": True}} if i in line.breaks else None
                for i in range(len(given.categories))
            ]
    if given.kind == "pyramid":
        look |= {"gap": 8, "overlap": 100}
    return look


def _dress(chart, given: Native, answer: Answer) -> None:
    """Title, legend, axes and size."""
    chart.show_blanks_as("gap")
    chart.set_title({"name": safe(answer.headline), "overlay": False, "name_font": {"size": 12}})
    chart.set_legend({"none": True} if len(given.series) == 1 else {"position": "bottom"})
    across = given.kind != "lines"
    grid = {"num_format": given.format, "major_gridlines": {"visible": True}}
    # Excel counts rows of a bar chart from the bottom
    names = {"reverse": given.kind == "bars", "label_position": "low"}
    chart.set_x_axis(grid if across else names)
    chart.set_y_axis(names if across else grid)
    high = max(300, 22 * len(given.categories) + 120) if across else 430
    chart.set_size({"width": 860, "height": high})


def write_rows(book: xlsxwriter.Workbook, sheet, answer: Answer, bold, top: int = 0) -> int:
    """The rows of an answer as typed numbers, from this row of the sheet on; gives the first row
    below them."""
    columns = _columns(answer)
    known = [row for row in answer.rows if row["value"] is not None]
    units = {row["unit"] for row in known}
    unit = units.pop() if len(units) == 1 else ""
    decimals = max((_decimals(answer, row, row["value"]) for row in known), default=0)
    number = book.add_format({"num_format": "#,##0" + ("." + "0" * decimals if decimals else "")})
    whole = book.add_format({"num_format": "#,##0"})
    titles = [f"Wert ({unit})" if name == "value" and unit else t for name, t in columns]
    for i, title in enumerate(titles):
        sheet.write_string(top, i, safe(title), bold)
    widths = {"region_name": 34, "indicator_name": 44, "status": 20, "flags": 30}
    for i, (name, _) in enumerate(columns):
        sheet.set_column(i, i, widths.get(name, 13))
    for r, row in enumerate(answer.rows, top + 1):
        for c, (name, _) in enumerate(columns):
            value = row.get(name)
            if value is None:
                continue
            if isinstance(value, int | float):
                sheet.write_number(r, c, value, number if name in _VALUES else whole)
            else:
                sheet.write_string(r, c, _text(answer, name, row))
    if answer.rows:
        sheet.autofilter(top, 0, top + len(answer.rows), len(columns) - 1)
    return top + len(answer.rows) + 1


def width(answer: Answer) -> int:
    """How many columns the rows of an answer take."""
    return len(_columns(answer))
