"""Answers as PowerPoint: slides of 16:9, with charts that the program itself can change.

Lines, bars and pyramids are charts with their numbers; every other figure is a group of shapes.
What has more rows than a slide has room for goes on on further slides. What must be known of the
numbers stands in the notes of each slide. A town's own deck gives master and layouts (`template`);
its slides are left out.
"""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from indicators import formats
from indicators.export import charts, columns, office, pictures, sheet
from indicators.export.content import Content
from indicators.export.native import Native, native
from indicators.export.package import opening, steady
from indicators.figures import kinds, theme

if TYPE_CHECKING:
    from pptx.presentation import Presentation
    from pptx.slide import Slide

_HEADLINES = (32, 26, 22)  # letters in pixels: smaller where three lines would not do
_SUBTITLE, _FOOT = 20, 16  # a foot is read on paper too
_LINE = 1.25
_TOP = 30
_LOGO = 44  # pixels of height
_LEAST = 300  # pixels for a figure; a headline gives way to it
_CELL, _PADDING = 16, 24  # letters of a table, and what stands left and right of them
_WIDER = 1.12  # letters of the deck may be wider than those that are measured here
_MOST_SLIDES = 4  # of a table; who wants more of it wants Excel


def to_pptx(contents: Sequence[Content], title: str, template: Path | None = None) -> bytes:
    """Raises BildungsblickError where the town's deck cannot be used."""
    from pptx.util import Emu

    deck = _deck(template)
    if template is None:
        deck.slide_width = Emu(office.WIDE * office.EMU)
        deck.slide_height = Emu(office.HIGH * office.EMU)
    deck.core_properties.title = title
    deck.core_properties.language = "de-DE"
    deck.core_properties.author = contents[0].author
    deck.core_properties.last_modified_by = contents[0].author
    # fixed: the same answers give the same file
    moment = contents[0].answer.published.replace(tzinfo=None)
    deck.core_properties.created = deck.core_properties.modified = moment
    for content in contents:
        _slides(deck, content, signed=template is None)
    out = io.BytesIO()
    deck.save(out)
    return steady(out.getvalue(), moment)


def _deck(template: Path | None) -> "Presentation":
    from pptx import Presentation
    from pptx.exc import PackageNotFoundError

    with opening(template, "PowerPoint", "pptx", PackageNotFoundError):
        deck = Presentation(str(template) if template else None)
        _empty(deck)
        _layout(deck)
    return deck


def _empty(deck: "Presentation") -> None:
    """Takes the town's slides away, and everything that would keep one of them in the file or
    tells of them: sections, shows, the names of those who commented, the small picture."""
    top = deck.part._element
    for gone in top.xpath("./p:custShowLst | ./p:extLst/p:ext[.//*[local-name()='sectionLst']]"):
        gone.getparent().remove(gone)
    slides = deck.slides._sldIdLst
    for one in list(slides):
        deck.part.drop_rel(one.rId)
        slides.remove(one)
    for holder in (deck.part.rels, deck.part.package._rels):
        for id, found in list(holder.items()):
            if found.reltype.endswith(("/commentAuthors", "/authors", "/thumbnail")):
                holder.pop(id)


def _layout(deck: "Presentation"):
    """The layout with a title and nothing else to fill; else the first."""
    for layout in deck.slide_layouts:
        formats: list[Any] = [p.placeholder_format for p in iter(layout.placeholders)]
        fillable = [one for one in formats if one.idx < 10]
        if len(fillable) == 1 and any(one.type in (1, 3) for one in formats):
            return layout
    return deck.slide_layouts[0]


@dataclass(frozen=True)
class _Frame:
    """What stands around a figure and where: letters of the headline, top of the subtitle, top and
    height of the figure, height of the foot; all in pixels."""

    headline: float
    subtitle: float
    top: float
    height: float
    foot: float

    @classmethod
    def of(cls, content: Content, foot: str, high: float, beside: float) -> "_Frame":
        """`beside` is the width that a logo takes from the headline."""
        room = office.ROOM / _WIDER
        below = len(columns.lines(foot, room, _FOOT)) * _FOOT * _LINE + 4
        # the number of the slide may stand behind it
        said = columns.lines(content.subtitle + " · Folie 1 von 4", room, _SUBTITLE)
        for letters in _HEADLINES:
            head = columns.lines(content.headline, room - beside, letters)
            subtitle = _TOP + len(head) * letters * _LINE + 6
            top = subtitle + len(said) * _SUBTITLE * _LINE + 12
            height = high - 24 - below - top
            if height >= _LEAST and len(head) <= 3:
                break
        return cls(letters, subtitle, top, max(height, 120), below)


def _slides(deck: "Presentation", content: Content, *, signed: bool) -> None:
    """One slide, or as many as the figure needs; `signed` with the town's logo and colour, which a
    deck of its own has already."""
    box = office.Box(deck)
    chart = native(content.figure)
    foot = _foot(content, chart)
    logo = pictures.logo(content.look) if signed else None
    beside = logo[1] * _LOGO + 24 if logo else 0
    frame = _Frame.of(content, foot, box.high, beside)
    parts = _parts(content, chart, frame, box)
    for number, draw in enumerate(parts, 1):
        slide = deck.slides.add_slide(_layout(deck))
        at = box.at(office.MARGIN, _TOP, office.ROOM - beside, frame.subtitle - _TOP)
        colour = content.look.colour if signed and content.look.name else ""
        office.write_title(slide, content.headline, at, frame.headline, colour)
        if logo:
            left = office.MARGIN + office.ROOM - logo[1] * _LOGO
            place = box.at(left, _TOP, logo[1] * _LOGO, _LOGO)
            office.add_logo(slide, logo[0], place, content.look.name)
        of = f" · Folie {number} von {len(parts)}" if len(parts) > 1 else ""
        at = box.at(office.MARGIN, frame.subtitle, office.ROOM, frame.top - frame.subtitle - 8)
        office.write(slide, content.subtitle + of, at, _SUBTITLE, theme.SECONDARY_TEXT)
        draw(slide)
        at = box.at(office.MARGIN, box.high - 20 - frame.foot, office.ROOM, frame.foot)
        office.write(slide, foot, at, _FOOT, theme.SECONDARY_TEXT)
        slide.notes_slide.notes_text_frame.text = _notes(content)


def _parts(
    content: Content, chart: Native | None, frame: _Frame, box: office.Box
) -> list[Callable[[Any], None]]:
    """What puts the figure on each of its slides."""
    alt, name = content.alt or content.headline, content.answer.title
    place = box.at(office.MARGIN, frame.top, office.ROOM, frame.height)
    if chart is not None:
        return [
            partial(charts.add, given=part, whole=chart, place=place, name=name, alt=alt)
            for part in charts.pages(chart, frame.height)
        ]
    if content.figure is None:
        return _table_parts(content, frame, box)
    if kinds.kind_of(content.figure).paged is None:
        svg = sheet.figure(content, office.ROOM, round(frame.height), stage=True)
        return [partial(_draw, svg=svg, content=content, frame=frame, box=box)]
    pages = kinds.pages(
        content.figure,
        width=office.ROOM,
        height=round(frame.height),
    )
    return [partial(_draw, svg=svg, content=content, frame=frame, box=box) for svg in pages]


def _foot(content: Content, chart: Native | None) -> str:
    told = [note.removesuffix(".") for note in content.beside]
    if chart is not None and chart.untold:
        most = 4
        told += chart.untold[:most]
        if len(chart.untold) > most:
            told.append("weitere fehlende Werte in der Tabelle")
    told += [f"{name}: {meaning}" for name, meaning in content.signs]
    return " · ".join([*told, content.source_short, content.published, *content.look.lines])


def _notes(content: Content) -> str:
    parts = [
        f"Lesehilfe: {content.reading_aid}" if content.reading_aid else "",
        content.comparison,
        *content.notes,
        *(f"{name}: {meaning}" for name, meaning in content.signs),
        content.source,
        content.published,
        content.link,
    ]
    return "\n".join(filter(None, dict.fromkeys(parts)))


def _draw(slide: "Slide", svg: str, content: Content, frame: _Frame, box: office.Box) -> None:
    from indicators.export import shapes

    # keys turn the pages of a screen, not those of a deck
    svg = sheet.without_hits(svg).replace(" (blättern mit → und ←)", "")
    # what has more rows than there is room for, and cannot be cut, is made smaller
    wide, high = sheet.extent(svg)
    scale = min(1.0, frame.height / high, office.ROOM / wide)
    unit = box.unit / shapes.EMU
    spot = shapes.Place(office.MARGIN * unit, frame.top * unit, scale * unit)
    alt = content.alt or content.headline
    slide.shapes._spTree.append(
        shapes.group(svg, spot, first_id=1000, name=content.answer.title, alt=alt)
    )


# --- tables ---------------------------------------------------------------------------------------


def _table_parts(content: Content, frame: _Frame, box: office.Box) -> list[Callable[[Any], None]]:
    """The table on as many slides as it needs, on the last of them what is left out."""
    table = content.table
    wide = columns.widths(table, office.ROOM, _CELL * _WIDER, _PADDING)
    head = _tall(table.columns, wide)
    pages: list[list[tuple[tuple[str, ...], float]]] = [[]]
    left = frame.height - head
    for row in table.rows:
        tall = _tall(row, wide)
        if tall > left and pages[-1]:
            pages.append([])
            left = frame.height - head
        pages[-1].append((row, tall))
        left -= tall
    if len(pages) > _MOST_SLIDES:
        pages = pages[:_MOST_SLIDES]
        kept = sum(map(len, pages)) - 1
        rest = formats.number(len(table.rows) - kept)
        words = f"… und {rest} weitere Zeilen: in den Formaten Excel und PDF"
        pages[-1][-1] = ((words, *[""] * (len(wide) - 1)), _tall(("…",), wide[:1]))
    return [
        partial(
            _table,
            rows=[(table.columns, head), *page],
            wide=wide,
            content=content,
            top=frame.top,
            box=box,
        )
        for page in pages
    ]


def _tall(row: Sequence[str], wide: Sequence[float]) -> float:
    """The height of a row in pixels."""
    said = columns.cells(row, wide, _CELL * _WIDER, _PADDING)
    return max(map(len, said)) * _CELL * _LINE + 9


def _table(
    slide: Any,
    rows: Sequence[tuple[Sequence[str], float]],
    wide: Sequence[float],
    content: Content,
    top: float,
    box: office.Box,
) -> None:
    place = box.at(office.MARGIN, top, sum(wide), sum(tall for _, tall in rows))
    shape = slide.shapes.add_table(len(rows), len(wide), *place)
    office.describe(shape, "Tabelle", content.alt or content.subtitle)
    for column, width in zip(shape.table.columns, wide, strict=True):
        column.width = round(width * box.unit)
    for row, (words, tall) in zip(shape.table.rows, rows, strict=True):
        row.height = round(tall * box.unit)
        cells = list(row.cells)
        if len(words) > 1 and not any(words[1:]):  # what is left out is told across
            cells[0].merge(cells[-1])
        for cell, said, numeric in zip(cells, words, content.table.numeric, strict=True):
            _write_cell(cell, said, numeric, box)


def _write_cell(cell: Any, words: str, numeric: bool, box: office.Box) -> None:
    from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
    from pptx.util import Pt

    cell.text = words
    cell.margin_top = cell.margin_bottom = 0
    cell.margin_left = cell.margin_right = round((_PADDING / 2 - 2) * box.unit)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    paragraph = cell.text_frame.paragraphs[0]
    paragraph.font.size = Pt(_CELL * 0.75)
    paragraph.alignment = PP_ALIGN.RIGHT if numeric else PP_ALIGN.LEFT
    office.german(cell.text_frame)
