"""The paper of two pages (leaflet.py) as Word, for writing on."""

import io
from collections.abc import Sequence
from pathlib import Path

from indicators.export import leaflet, pictures, word
from indicators.export.content import Content
from indicators.export.package import steady
from indicators.export.parts import Part, Progress, first

_ZOOM = 2.4
_CENTIMETRES = 7.9  # of a figure: half the width of the text
_ROWS, _FIGURES = 22, 4  # fewer than on a PDF: nobody here can count Word's pages
_SMALL = 7.0  # points of what is told of the numbers


def to_docx(
    parts: Sequence[Part],
    title: str,
    template: Path | None = None,
    progress: Progress | None = None,
) -> bytes:
    """Raises BildungsblickError where the town's template cannot be used."""
    signs = first(parts)
    told = leaflet.of(parts, _FIGURES)
    document = word.new_document(template, signs.look)
    word.sign(document, title, signs)
    document.add_paragraph(title, style="Title")
    if told.cover is not None:
        for words in filter(None, (told.cover.occasion, told.cover.published)):
            document.add_paragraph(words, style="Subtitle")
    for content in told.tables:
        document.add_heading(content.headline, level=1)
        document.add_paragraph(content.subtitle, style="Subtitle")
        word.write_table(document, content, _ROWS)
    for one in told.texts:
        document.add_heading(one.title, level=1)
        for line in one.paragraphs:
            document.add_paragraph(line)
    document.add_page_break()
    _figures(document, told.figures)
    lists = (
        ("Zeichenerklärung", [f"{name}: {meaning}" for name, meaning in told.signs]),
        ("Zu diesen Zahlen", list(told.notes)),
        ("Quellen und Belege", list(told.sources)),
    )
    for name, lines in lists:
        if lines:
            _small(document, name, lines)
    if progress:
        progress(len(parts), len(parts))
    out = io.BytesIO()
    document.save(out)
    return steady(out.getvalue(), signs.moment.replace(tzinfo=None))


def _figures(document, contents: Sequence[Content]) -> None:
    """Two beside each other, each below its sentence."""
    from docx.shared import Cm, Pt

    if not contents:
        return
    made = document.add_table(rows=(len(contents) + 1) // 2, cols=2)
    for place, content in enumerate(contents):
        cell = made.cell(place // 2, place % 2)
        heading = cell.paragraphs[0]
        heading.style = document.styles["Heading 2"]
        heading.add_run(content.headline).font.size = Pt(9.5)
        cell.add_paragraph().add_run(content.subtitle).font.size = Pt(8)
        drawn = io.BytesIO(pictures.raster(leaflet.picture(content), _ZOOM))
        shape = cell.add_paragraph().add_run().add_picture(drawn, width=Cm(_CENTIMETRES))
        properties = shape._inline.docPr
        properties.set("descr", content.alt or content.headline)
        properties.set("title", content.answer.title)
        for paragraph in cell.paragraphs:
            paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(1)


def _small(document, name: str, lines: Sequence[str]) -> None:
    """What is told of the numbers, in one paragraph."""
    from docx.shared import Pt

    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_after = Pt(2)
    for text, bold in ((f"{name}: ", True), (" · ".join(lines), False)):
        run = paragraph.add_run(text)
        run.bold, run.font.size = bold, Pt(_SMALL)
