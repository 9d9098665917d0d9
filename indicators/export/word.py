"""Answers as Word: heading, picture, caption, table with repeated head, notes and source.

Everything has a named style, so that a town's own template (`template`) gives it its look.
"""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from indicators.answers.answer import Table
from indicators.errors import BildungsblickError
from indicators.export.content import Content
from indicators.export.pictures import raster
from indicators.export.sheet import without_hits
from indicators.figures import kinds
from indicators.figures.drawing import text_width

_WIDTH = 680  # pixels that a figure is laid out for
_CENTIMETRES = 16.5
_ZOOM = 2.4  # 250 dpi
_WIDE = 7  # columns of a table that still stand upright


def to_docx(contents: Sequence[Content], title: str, template: Path | None = None) -> bytes:
    """A section for each answer. Raises BildungsblickError where the town's template cannot be
    used."""
    document = _document(template)
    properties = document.core_properties
    properties.title, properties.language = title, "de-DE"
    properties.author = properties.last_modified_by = "Bildungsblick"
    # fixed: the same answers give the same file
    moment = contents[0].answer.published.replace(tzinfo=None)
    properties.created = properties.modified = moment
    if len(contents) > 1:
        document.add_paragraph(title, style="Title")
    for place, content in enumerate(contents):
        if place:
            document.add_page_break()
        _section(document, content, place)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _document(template: Path | None):
    from docx import Document
    from docx.opc.exceptions import PackageNotFoundError
    from docx.shared import Cm, Pt

    try:
        document = Document(str(template) if template else None)
    except (PackageNotFoundError, KeyError, ValueError) as error:
        raise BildungsblickError(
            f"{template.name if template else ''} lässt sich nicht als Word-Vorlage öffnen. "
            "Nächster Schritt: die Vorlage in Word als .docx speichern und neu ablegen."
        ) from error
    if template is not None:
        for node in list(document.element.body):
            if not node.tag.endswith("}sectPr"):
                document.element.body.remove(node)
        return document
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.25)
    section.top_margin = section.bottom_margin = Cm(2)
    style: Any = document.styles["Normal"]
    style.font.name, style.font.size = "Calibri", Pt(10.5)
    _set_language(style)
    _page_number(section.footer.paragraphs[0])
    return document


def _set_language(style) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "de-DE")
    style.element.get_or_add_rPr().append(language)


def _page_number(paragraph) -> None:
    paragraph.add_run("Seite ")
    _field(paragraph, "PAGE")
    paragraph.add_run(" von ")
    _field(paragraph, "NUMPAGES")


def _field(paragraph, code: str, shown: str = "1") -> None:
    """A field that Word counts itself."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    run, text = OxmlElement("w:r"), OxmlElement("w:t")
    text.text = shown
    run.append(text)
    field.append(run)
    paragraph._p.append(field)


def _section(document, content: Content, place: int) -> None:
    document.add_heading(content.headline, level=1)
    document.add_paragraph(content.subtitle, style="Subtitle")
    for note in content.beside:
        document.add_paragraph(note, style="Intense Quote")
    if content.figure is not None:
        _picture(document, content)
        _caption(document, "Abbildung", content.answer.title, place + 1)
    if content.reading_aid:
        paragraph = document.add_paragraph()
        paragraph.add_run("Lesehilfe: ").bold = True
        paragraph.add_run(content.reading_aid)
    if content.comparison:
        document.add_paragraph(content.comparison)
    for heading, lines in (
        ("Zu diesen Zahlen", list(content.notes)),
        ("Zeichenerklärung", [f"{name}: {meaning}" for name, meaning in content.signs]),
    ):
        if lines:
            document.add_heading(heading, level=2)
            for line in lines:
                document.add_paragraph(line, style="List Bullet")
    document.add_paragraph("\n".join((content.source, content.published, content.link)))
    if content.table.rows:
        _caption(document, "Tabelle", f"Werte: {content.subtitle}", place + 1)
        _table(document, content)


def _picture(document, content: Content) -> None:
    from docx.shared import Cm

    drawn = kinds.drawing(content.figure, width=_WIDTH, geometry=content.geometry)
    picture = io.BytesIO(raster(without_hits(drawn), _ZOOM))
    shape = document.add_picture(picture, width=Cm(_CENTIMETRES))
    properties = shape._inline.docPr
    properties.set("descr", content.alt or content.headline)
    properties.set("title", content.answer.title)
    # the caption stays with its picture
    document.paragraphs[-1].paragraph_format.keep_with_next = True


def _caption(document, name: str, words: str, number: int) -> None:
    paragraph = document.add_paragraph(style="Caption")
    paragraph.paragraph_format.keep_with_next = name == "Tabelle"
    paragraph.add_run(f"{name} ")
    _field(paragraph, f"SEQ {name} \\* ARABIC", str(number))
    paragraph.add_run(f": {words}")


def _table(document, content: Content) -> None:
    """With a head that is repeated on each page and rows that are never torn."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Pt

    table = content.table
    made = document.add_table(rows=len(table.rows) + 1, cols=len(table.columns))
    made.style = "Light Grid Accent 1" if _has_style(document, "Light Grid Accent 1") else None
    _set_widths(made, table)
    small = Pt(8 if len(table.columns) > _WIDE else 9)
    # all cells at once: asking for them one by one takes seconds for 400 rows
    cells = made._cells
    for r, line in enumerate((table.columns, *table.rows)):
        for c, words in enumerate(line):
            paragraph = cells[r * len(table.columns) + c].paragraphs[0]
            run = paragraph.add_run(words)
            run.font.size, run.bold = small, r == 0
            paragraph.paragraph_format.space_after = Pt(0)
            if table.numeric[c]:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for r, row in enumerate(made._tbl.tr_lst):
        properties = row.get_or_add_trPr()
        whole = OxmlElement("w:cantSplit")
        properties.append(whole)
        if r == 0:
            head = OxmlElement("w:tblHeader")
            head.set(qn("w:val"), "true")
            properties.append(head)


def _set_widths(made, table: Table) -> None:
    """Columns as wide as their words ask for."""
    from docx.shared import Cm

    asked = []
    for i, heading in enumerate(table.columns):
        # a heading may have several lines, a number may not
        words = [*heading.split(), *(line[i] for line in table.rows)]
        asked.append(min(max(text_width(word, 12) for word in words), 230) + 24)
    share = min(_CENTIMETRES / sum(asked), 0.032)
    made.autofit = False
    for column, width in zip(made.columns, asked, strict=True):
        column.width = Cm(width * share)
    widths = [Cm(width * share) for width in asked]
    for row in made._tbl.tr_lst:
        for cell, width in zip(row.tc_lst, widths, strict=True):
            cell.width = width


def _has_style(document, name: str) -> bool:
    return any(style.name == name for style in document.styles)
