"""Answers as Word: heading, picture, caption, table with repeated head, notes and source.

The paper of an agenda has a title page with contents and its chapters. Everything has a named
style, so that a town's own template (`template`) gives it its look.
"""

import io
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from indicators.export import columns, pictures
from indicators.export.content import Content
from indicators.export.package import opening, steady
from indicators.export.parts import (
    Chapter,
    Cover,
    Listing,
    Pair,
    Part,
    Progress,
    Words,
    begins_page,
    first,
    headline,
    levels,
    printed,
)
from indicators.export.sheet import without_hits
from indicators.figures import kinds, theme
from indicators.figures.drawing import family_of
from indicators.look import Look

_WIDTH = 680  # pixels that a figure is laid out for
_CENTIMETRES = 16.5
_ZOOM = 2.1  # 220 dpi, as much as Word keeps by itself
_WIDE = 7  # columns: a table of more has smaller letters
_CELL, _CELL_WIDE = 9, 8  # letters of a table, in points
_PADDING = 15  # pixels left and right of a cell
_PIXELS = 96 / 2.54  # of a centimetre
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_RIGHT = '<w:jc w:val="right"/>'
_RIGHT_ALIGNED = 2  # WD_ALIGN_PARAGRAPH.RIGHT, without its library
_GRIDS = ("Light Grid Accent 1", "Table Grid")  # the first that a template has
# What a letter's words lead to, by the end of the relation's name.
_ONLY_OF_WORDS = (
    "/image",
    "/hyperlink",
    "/chart",
    "/oleObject",
    "/package",
    "/comments",
    "/commentsExtended",
    "/commentsIds",
    "/commentsExtensible",
    "/people",
    "/thumbnail",
)


_DEEPEST = 2  # of headings that the contents name
_LOGO = 1.2  # centimetres of height
_ANCHOR = "_Toc_Bildungsblick_"  # marks of headings; Word hides those that begin with "_"


def to_docx(
    parts: Sequence[Part],
    title: str,
    template: Path | None = None,
    progress: Progress | None = None,
) -> bytes:
    """A section for each part; answers below a chapter are of the second level. Raises
    BildungsblickError where the town's template cannot be used."""
    signs = first(parts)
    document = new_document(template, signs.look)
    sign(document, title, signs)
    if len(parts) > 1 and isinstance(signs, Content):
        document.add_paragraph(title, style="Title")
    marks, parts = count(), printed(parts)
    for place, (part, level) in enumerate(zip(parts, levels(parts), strict=True)):
        if place and begins_page(parts[place - 1], part):
            document.add_page_break()
        if isinstance(part, Cover):
            _cover(document, part, parts)
        else:
            heading = _write(document, part, level)
            if isinstance(signs, Cover) and level <= _DEEPEST:
                _mark(heading, next(marks))
        if progress:
            progress(place + 1, len(parts))
    out = io.BytesIO()
    document.save(out)
    return steady(out.getvalue(), signs.moment.replace(tzinfo=None))


def sign(document, title: str, signs: Cover | Content) -> None:
    """Title, language, author and day of the file."""
    properties = document.core_properties
    properties.title, properties.language = title, "de-DE"
    properties.author = properties.last_modified_by = signs.author
    # fixed: the same answers give the same file
    properties.created = properties.modified = signs.moment.replace(tzinfo=None)


def _write(document, part: Chapter | Words | Pair | Listing | Content, level: int):
    """Writes the part and gives its heading."""
    if isinstance(part, Content):
        return _section(document, part, level)
    heading = document.add_heading(part.title, level=level)
    if isinstance(part, Listing):
        for name, text in part.rows:
            paragraph = document.add_paragraph()
            if name:
                paragraph.add_run(f"{name}: ").bold = True
            paragraph.add_run(text)
    if isinstance(part, Words):
        _paragraphs(document, part.text)
    _paragraphs(document, part.remark)
    if isinstance(part, Pair):
        _section(document, part.contents[0], level + 1)
        document.add_page_break()
        _section(document, part.contents[1], level + 1)
    return heading


def _paragraphs(document, words: str) -> None:
    for line in filter(None, map(str.strip, words.splitlines())):
        document.add_paragraph(line)


# --- title page and contents ----------------------------------------------------------------------


def _cover(document, cover: Cover, parts: Sequence[Part]) -> None:
    document.add_paragraph(cover.title, style="Title")
    for words in (cover.occasion, cover.published):
        if words:
            document.add_paragraph(words, style="Subtitle")
    entries = _entries(parts)
    if entries:
        document.add_paragraph("Inhalt", style="Subtitle")
        _contents(document, entries)


def _entries(parts: Sequence[Part]) -> list[tuple[str, int]]:
    """Heading and level of each section that contents name."""
    known = zip(parts, levels(parts), strict=True)
    return [(headline(part), level) for part, level in known if 0 < level <= _DEEPEST]


def _contents(document, entries: Sequence[tuple[str, int]]) -> None:
    """A field that Word fills with page numbers when the file is opened; until then, and in other
    programs, its lines lead to their sections."""
    from docx.oxml import parse_xml

    deepest = max(level for _, level in entries)
    begin = (
        '<w:r><w:fldChar w:fldCharType="begin" w:dirty="true"/></w:r><w:r><w:instrText '
        f'xml:space="preserve">TOC \\o "1-{deepest}" \\h \\z \\u</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )
    for place, (words, level) in enumerate(entries):
        paragraph = document.add_paragraph(style=f"toc {level}")
        lead = begin if place == 0 else ""
        end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>' if place == len(entries) - 1 else ""
        link = (
            f'<w:hyperlink w:anchor="{_ANCHOR}{place}" w:history="1">'
            f'<w:r><w:t xml:space="preserve">{escape(words)}</w:t></w:r></w:hyperlink>'
        )
        for run in parse_xml(f"<w:p {_W}>{lead}{link}{end}</w:p>"):
            paragraph._p.append(run)


def _mark(heading, place: int) -> None:
    """The mark that a line of the contents leads to."""
    from docx.oxml import parse_xml

    start = f'<w:bookmarkStart {_W} w:id="{place}" w:name="{_ANCHOR}{place}"/>'
    heading._p.insert(1, parse_xml(start))  # behind its style
    heading._p.append(parse_xml(f'<w:bookmarkEnd {_W} w:id="{place}"/>'))


# --- the town's template --------------------------------------------------------------------------


def new_document(template: Path | None, look: Look):
    from docx import Document
    from docx.opc.exceptions import PackageNotFoundError

    with opening(template, "Word", "docx", PackageNotFoundError):
        document = Document(str(template) if template else None)
        if template is not None:
            _empty(document)
        _add_styles(document)
    if template is None:
        _own_look(document)
        _sign(document, look)
    return document


def _empty(document) -> None:
    """Takes the words of the town's letter away, and the pictures, comments and files that only
    they led to: nobody wants them in a file for others."""
    body = document.element.body
    for node in list(body):
        if not node.tag.endswith("}sectPr"):
            body.remove(node)
    used = set(document.element.xpath("//@r:id"))
    part = document.part
    for holder in (part.rels, part.package.rels):
        for id, found in list(holder.items()):
            if id not in used and found.reltype.endswith(_ONLY_OF_WORDS):
                holder.pop(id)


def _add_styles(document) -> None:
    """The styles that a town's letter does not have: Word keeps those that were never used out of
    the file."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Cm, Pt

    styles = document.styles
    there = {style.name for style in styles}
    looks = {"Title": (20, True), "Heading 1": (15, True), "Heading 2": (11.5, True)}
    looks |= {"Heading 3": (10.5, True), "Heading 4": (10, True)}
    looks |= {
        "toc 1": (10.5, True),
        "toc 2": (10, False),
        "Subtitle": (11, False),
        "Caption": (9, False),
    }
    looks |= {"Intense Quote": (10.5, True), "List Bullet": (10, False)}
    for name, (size, bold) in looks.items():
        if name in there:
            continue
        made = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, builtin=True)
        made.base_style = styles["Normal"]
        made.font.size, made.font.bold = Pt(size), bold
        made.paragraph_format.space_before = made.paragraph_format.space_after = Pt(4)
        if name in ("List Bullet", "toc 2"):
            made.paragraph_format.left_indent = Cm(0.6)
        if name.startswith("Heading"):
            made.paragraph_format.keep_with_next = True
            _set_level(made, int(name[-1]) - 1)


def _set_level(style, level: int) -> None:
    """What makes a heading one: for the navigation and for screen readers."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    outline = OxmlElement("w:outlineLvl")
    outline.set(qn("w:val"), str(level))
    style.element.get_or_add_pPr().append(outline)


def _own_look(document) -> None:
    """A4 and quiet, where a town has no template of its own."""
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt, RGBColor

    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.25)
    section.top_margin = section.bottom_margin = Cm(2)
    styles = document.styles
    styles["Normal"].font.name, styles["Normal"].font.size = "Calibri", Pt(10.5)
    quiet = RGBColor.from_string(theme.SECONDARY_TEXT[1:])
    for name, size in (("Subtitle", 11), ("Caption", 9)):
        font: Any = styles[name].font
        font.size, font.italic, font.bold, font.color.rgb = Pt(size), False, False, quiet
    # also what no style says: a speech program reads it in German
    for language in styles.element.xpath("./w:docDefaults//w:lang"):
        language.set(qn("w:val"), "de-DE")
    _set_language(styles["Normal"])
    _page_number(section.footer.paragraphs[0])


def _sign(document, look: Look) -> None:
    """Letters, colour, logo and imprint of a town that has no letter of its own."""
    from docx.shared import Cm, Pt, RGBColor

    styles = document.styles
    if look.font:
        styles["Normal"].font.name = family_of(look.font)
    if look.name:
        for name in ("Title", *(f"Heading {level}" for level in range(1, 5))):
            styles[name].font.color.rgb = RGBColor.from_string(look.colour[1:])
    section = document.sections[0]
    if found := pictures.logo(look):
        head = section.header.paragraphs[0]
        head.alignment = _RIGHT_ALIGNED
        shape = head.add_run().add_picture(io.BytesIO(found[0]), height=Cm(_LOGO))
        shape._inline.docPr.set("descr", f"Logo: {look.name}" if look.name else "Logo")
    for line in look.lines:
        section.footer.add_paragraph().add_run(line).font.size = Pt(8)


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


# --- an answer ------------------------------------------------------------------------------------


def _section(document, content: Content, level: int):
    """Writes an answer and gives its heading."""
    heading = document.add_heading(content.headline, level=level)
    document.add_paragraph(content.subtitle, style="Subtitle")
    _paragraphs(document, content.remark)
    for note in content.beside:
        document.add_paragraph(note, style="Intense Quote")
    if content.figure is not None:
        _picture(document, content)
        _caption(document, "Abbildung", content.answer.title)
    if content.reading_aid:
        paragraph = document.add_paragraph()
        paragraph.add_run("Lesehilfe: ").bold = True
        paragraph.add_run(content.reading_aid)
    if content.comparison:
        document.add_paragraph(content.comparison)
    for words, lines in (
        ("Zu diesen Zahlen", list(content.below)),
        ("Zeichenerklärung", [f"{name}: {meaning}" for name, meaning in content.signs]),
    ):
        if lines:
            document.add_heading(words, level=level + 1)
            for line in lines:
                document.add_paragraph(line, style="List Bullet")
    document.add_paragraph("\n".join((content.source, content.published, content.trace)))
    if content.tabled and content.table.rows:
        _caption(document, "Tabelle", f"Werte: {content.subtitle}")
        write_table(document, content)
    return heading


def _picture(document, content: Content) -> None:
    from docx.shared import Cm

    drawn = kinds.drawing(content.figure, width=_WIDTH, geometry=content.geometry)
    picture = io.BytesIO(pictures.raster(without_hits(drawn), _ZOOM))
    shape = document.add_picture(picture, width=Cm(_CENTIMETRES))
    properties = shape._inline.docPr
    properties.set("descr", content.alt or content.headline)
    properties.set("title", content.answer.title)
    # the caption stays with its picture
    document.paragraphs[-1].paragraph_format.keep_with_next = True


def _caption(document, name: str, words: str) -> None:
    code = f"SEQ {name} \\* ARABIC"
    # Word counts anew when asked; until then the number shown must be right
    before = document.element.body.xpath(f".//w:fldSimple[@w:instr='{code}']")
    paragraph = document.add_paragraph(style="Caption")
    paragraph.paragraph_format.keep_with_next = name == "Tabelle"
    paragraph.add_run(f"{name} ")
    _field(paragraph, code, str(len(before) + 1))
    paragraph.add_run(f": {words}")


def write_table(document, content: Content, rows: int = 0) -> None:
    """The first `rows` (0: all), with a head that is repeated on each page, never torn. They are
    written as XML: cell by cell the library takes half a second for the 400 Kreise of a map."""
    from docx.oxml import parse_xml
    from docx.shared import Cm

    table = content.table
    small = _CELL_WIDE if len(table.columns) > _WIDE else _CELL
    # 1.1: letters of the template may be wider than those that are measured here
    room = _CENTIMETRES * _PIXELS
    wide = columns.widths(table, room, 1.1 * small / 0.75, _PADDING)
    made = document.add_table(rows=1, cols=len(wide))
    made.style = next((name for name in _GRIDS if _has_style(document, name)), None)
    made.autofit = False
    for column, width in zip(made.columns, wide, strict=True):
        column.width = Cm(width / _PIXELS)
    made._tbl.remove(made._tbl.tr_lst[0])
    told = (table.columns, *(table.rows[:rows] if rows else table.rows))
    written = "".join(_row(row, wide, table.numeric, small, i == 0) for i, row in enumerate(told))
    for row in parse_xml(f"<w:tbl {_W}>{written}</w:tbl>"):
        made._tbl.append(row)


def _row(
    row: Sequence[str], wide: Sequence[float], numeric: Sequence[bool], points: float, head: bool
) -> str:
    letters = f'<w:rPr>{"<w:b/>" if head else ""}<w:sz w:val="{round(2 * points)}"/></w:rPr>'
    cells = "".join(
        f'<w:tc><w:tcPr><w:tcW w:type="dxa" w:w="{round(1440 * width / 96)}"/></w:tcPr>'
        '<w:p><w:pPr><w:spacing w:after="0"/>'
        f"{_RIGHT if end else ''}</w:pPr><w:r>{letters}"
        f'<w:t xml:space="preserve">{escape(words)}</w:t></w:r></w:p></w:tc>'
        for words, width, end in zip(row, wide, numeric, strict=True)
    )
    repeated = '<w:tblHeader w:val="true"/>' if head else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>{cells}</w:tr>"


def _has_style(document, name: str) -> bool:
    return any(style.name == name for style in document.styles)
