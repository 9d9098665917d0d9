"""Answers as PowerPoint: slides of 16:9, with charts that the program itself can change.

Lines, bars and pyramids are charts with their numbers; every other figure is a group of shapes.
What has more rows than a slide has room for goes on on further slides. What must be known of the
numbers stands in the notes of each slide, behind what the speaker wants to say. A town's own deck
gives master and layouts (`template`); its slides are left out.
"""

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from indicators import formats
from indicators.export import charts, columns, office, pictures, sheet
from indicators.export.content import Content
from indicators.export.native import Native, native
from indicators.export.package import opening, steady
from indicators.export.parts import Chapter, Cover, Listing, Pair, Part, Progress, Words, first
from indicators.figures import kinds, theme
from indicators.look import Look

if TYPE_CHECKING:
    from pptx.presentation import Presentation
    from pptx.slide import Slide

_HEADLINES = (32, 26, 22)  # letters in pixels: smaller where three lines would not do
_SUBTITLE, _FOOT = 20, 16  # a foot is read on paper too
_REMARK, _SMALL_FOOT = 22, 13
_TEXT = (32, 28, 24, 20)  # letters of a slide of text
_GAP = 48  # pixels between two figures beside each other
_LINE = 1.25
_TOP = 30
_LOGO = 44  # pixels of height
_LEAST = 300  # pixels for a figure; a headline gives way to it
_CELL, _PADDING = 16, 24  # letters of a table, and what stands left and right of them
_WIDER = 1.12  # letters of the deck may be wider than those that are measured here
_MOST_SLIDES = 4  # of a table; who wants more of it wants Excel


def to_pptx(
    parts: Sequence[Part],
    title: str,
    template: Path | None = None,
    progress: Progress | None = None,
) -> bytes:
    """A slide, or as many as it needs, for each part. Raises BildungsblickError where the town's
    deck cannot be used."""
    from pptx.util import Emu

    deck = _deck(template)
    if template is None:
        deck.slide_width = Emu(office.WIDE * office.EMU)
        deck.slide_height = Emu(office.HIGH * office.EMU)
    signs = first(parts)
    deck.core_properties.title = title
    deck.core_properties.language = "de-DE"
    deck.core_properties.author = signs.author
    deck.core_properties.last_modified_by = signs.author
    # fixed: the same answers give the same file
    moment = signs.moment.replace(tzinfo=None)
    deck.core_properties.created = deck.core_properties.modified = moment
    writer = _Writer(deck, signs.look, signed=template is None)
    for done, part in enumerate(parts, 1):
        writer.add(part)
        if progress:
            progress(done, len(parts))
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
    """Where a figure stands on a slide, in pixels."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True)
class _Head:
    """What stands above the figures: letters and height of the headline, top of what stands below
    it, top of the figures; all in pixels."""

    letters: float
    below: float
    top: float

    @classmethod
    def of(cls, words: str, lines: float, end: float, beside: float) -> "_Head":
        """`lines` is the height of what stands below the headline, `end` where the foot begins,
        `beside` the width that a logo takes from the headline."""
        for letters in _HEADLINES:
            head = columns.lines(words, office.ROOM / _WIDER - beside, letters)
            below = _TOP + len(head) * letters * _LINE + 6
            top = below + lines + 12
            if end - top >= _LEAST and len(head) <= 3:
                break
        return cls(letters, below, top)


def _cut(remark: str) -> str:
    return columns.remark(remark, office.ROOM / _WIDER, _REMARK)


def _tall_text(words: str, size: float, room: float = office.ROOM) -> float:
    """The height of a text in letters of the deck."""
    return len(columns.lines(words, room / _WIDER, size)) * size * _LINE if words else 0.0


class _Writer:
    """Writes parts into a deck; `signed` with the town's logo and colour, which a deck of its own
    has already."""

    def __init__(self, deck: "Presentation", look: Look, *, signed: bool):
        self._deck, self._look = deck, look
        self._box = office.Box(deck)
        self._logo = pictures.logo(look) if signed else None
        self._beside = self._logo[1] * _LOGO + 24 if self._logo else 0.0
        self._colour = look.colour if signed and look.name else ""

    def add(self, part: Part) -> None:
        if isinstance(part, Content):
            self._answer(part)
        elif isinstance(part, Pair):
            self._pair(part)
        elif isinstance(part, Words):
            self._words(part)
        elif isinstance(part, Listing):
            self._words(part.words)
        else:
            self._heading(part)

    def _slide(self, title: str, letters: float, high: float) -> "Slide":
        """A new slide with its headline and the town's logo."""
        slide = self._deck.slides.add_slide(_layout(self._deck))
        at = self._box.at(office.MARGIN, _TOP, office.ROOM - self._beside, high)
        office.write_title(slide, title, at, letters, self._colour)
        if (number := len(self._deck.slides)) > 1:  # a title page has none
            tall = 1.5 * _FOOT  # in the margin, where no figure and no foot reaches
            at = self._box.at(office.MARGIN + office.ROOM, self._box.high - 20 - tall, 40, tall)
            office.number(slide, number, at, _FOOT)
        if self._logo:
            left = office.MARGIN + office.ROOM - self._logo[1] * _LOGO
            place = self._box.at(left, _TOP, self._logo[1] * _LOGO, _LOGO)
            office.add_logo(slide, self._logo[0], place, self._look.name)
        return slide

    def _write(
        self,
        slide: "Slide",
        words: str,
        frame: _Frame,
        size: float,
        colour: str = theme.SECONDARY_TEXT,
        *,
        bold: bool = False,
        link: tuple[str, str] = ("", ""),
    ) -> None:
        if words:
            at = self._box.at(frame.left, frame.top, frame.width, frame.height)
            office.write(slide, words, at, size, colour, bold, link)

    def _answer(self, content: Content) -> None:
        """One slide, or as many as the figure needs."""
        chart = native(content.figure)
        foot = _foot(content, chart)
        below = _tall_text(foot, _FOOT) + 4
        # the number of the slide may stand behind it
        said = _tall_text(content.subtitle + " · Folie 1 von 4", _SUBTITLE)
        told = _cut(content.remark)
        remark = _tall_text(told, _REMARK) + 10 if told else 0.0
        end = self._box.high - 24 - below
        head = _Head.of(content.headline, said + remark, end, self._beside)
        frame = _Frame(office.MARGIN, head.top, office.ROOM, max(end - head.top, 120))
        drawn = _parts(content, chart, frame, self._box)
        for number, draw in enumerate(drawn, 1):
            slide = self._slide(content.headline, head.letters, head.below - _TOP)
            of = f" · Folie {number} von {len(drawn)}" if len(drawn) > 1 else ""
            at = _Frame(office.MARGIN, head.below, office.ROOM, said + 4)
            self._write(slide, content.subtitle + of, at, _SUBTITLE)
            at = _Frame(office.MARGIN, head.below + said + 10, office.ROOM, remark)
            self._write(slide, told, at, _REMARK, theme.TEXT)
            draw(slide)
            at = _Frame(office.MARGIN, self._box.high - 20 - below, office.ROOM, below)
            self._write(slide, foot, at, _FOOT, link=(content.code, content.link))
            office.write_notes(slide, _notes(content))

    def _pair(self, pair: Pair) -> None:
        """Two figures beside each other, each with its own headline and foot; what does not fit
        goes on on further slides."""
        half = (office.ROOM - _GAP) / 2
        room = {"room": half}
        charted = [native(content.figure) for content in pair.contents]
        feet = [_foot(c, chart) for c, chart in zip(pair.contents, charted, strict=True)]
        below = max(_tall_text(foot, _SMALL_FOOT, **room) for foot in feet) + 4
        end = self._box.high - 24 - below
        told = _cut(pair.remark)
        remark = _tall_text(told, _REMARK) + 6 if told else 0.0
        top = _Head.of(pair.title, remark, end - 80, self._beside)
        heads = [_tall_text(c.headline, _SUBTITLE, **room) + 4 for c in pair.contents]
        said = [_tall_text(c.subtitle, _FOOT, **room) for c in pair.contents]
        start = top.top + max(heads) + max(said) + 12
        lefts = (office.MARGIN, office.MARGIN + half + _GAP)
        frames = [_Frame(left, start, half, max(end - start, 120)) for left in lefts]
        drawn = [
            _parts(content, chart, frame, self._box)
            for content, chart, frame in zip(pair.contents, charted, frames, strict=True)
        ]
        for number in range(max(map(len, drawn))):
            slide = self._slide(pair.title, top.letters, top.below - _TOP)
            at = _Frame(office.MARGIN, top.below, office.ROOM, remark)
            self._write(slide, told, at, _REMARK, theme.TEXT)
            for i, (content, left) in enumerate(zip(pair.contents, lefts, strict=True)):
                at = _Frame(left, top.top, half, heads[i])
                self._write(slide, content.headline, at, _SUBTITLE, theme.TEXT, bold=True)
                at = _Frame(left, top.top + max(heads), half, said[i])
                self._write(slide, content.subtitle, at, _FOOT)
                # who sees the second part of one figure still sees what it stands beside
                drawn[i][min(number, len(drawn[i]) - 1)](slide)
                at = _Frame(left, self._box.high - 20 - below, half, below)
                link = content.code, content.link
                self._write(slide, feet[i], at, _SMALL_FOOT, link=link)
            whole = pair.remark if told != pair.remark else ""
            notes = [pair.speaker, whole, *(_notes(content) for content in pair.contents)]
            office.write_notes(slide, "\n\n".join(filter(None, notes)))

    def _heading(self, part: Cover | Chapter) -> None:
        """A title page, or a chapter: a few large words above the middle of the slide."""
        letters, top = (56, 210) if isinstance(part, Cover) else (48, 260)
        tall = _tall_text(part.title, letters)
        slide = self._slide(part.title, letters, tall)
        if slide.shapes.title is not None:
            place = self._box.at(office.MARGIN, top, office.ROOM, tall)
            title = slide.shapes.title
            title.left, title.top, title.width, title.height = place
        words = part.occasion if isinstance(part, Cover) else part.remark
        at = _Frame(office.MARGIN, top + tall + 20, office.ROOM, _tall_text(words, 28))
        self._write(slide, words, at, 28)
        if isinstance(part, Cover):
            foot = " · ".join([part.published, *part.look.lines])
            tall = _tall_text(foot, _FOOT) + 4
            at = _Frame(office.MARGIN, self._box.high - 20 - tall, office.ROOM, tall)
            self._write(slide, foot, at, _FOOT)
        elif part.speaker:
            office.write_notes(slide, part.speaker)

    def _words(self, part: Words) -> None:
        """Text in the largest letters that fit; what is too long goes on on further slides."""
        head = _Head.of(part.title, 0, self._box.high, self._beside)
        high = self._box.high - head.top - 40
        told = _cut(part.remark)
        remark = _tall_text(told, _REMARK) + 12 if told else 0.0
        for letters in _TEXT:
            pages = list(_paged(part.paragraphs, letters, high - remark))
            if len(pages) == 1:
                break
        for page in pages:
            slide = self._slide(part.title, head.letters, head.below - _TOP)
            at = _Frame(office.MARGIN, head.top + 12, office.ROOM, high - remark)
            self._write(slide, "\n".join(page), at, letters, theme.TEXT)
            at = _Frame(office.MARGIN, self._box.high - 28 - remark, office.ROOM, remark)
            self._write(slide, told, at, _REMARK)
            if part.speaker:
                office.write_notes(slide, part.speaker)


def _paged(paragraphs: Sequence[str], letters: float, high: float) -> Iterator[list[str]]:
    """The paragraphs of each slide; one that alone is too long stands alone."""
    page: list[str] = []
    taken = 0.0
    for words in paragraphs:
        tall = _tall_text(words, letters) + office.AFTER * letters
        if page and taken + tall > high:
            yield page
            page, taken = [], 0.0
        page.append(words)
        taken += tall
    yield page


def _parts(
    content: Content, chart: Native | None, frame: _Frame, box: office.Box
) -> list[Callable[[Any], None]]:
    """What puts the figure on each of its slides."""
    alt, name = content.alt or content.headline, content.answer.title
    place = box.at(frame.left, frame.top, frame.width, frame.height)
    if chart is not None:
        return [
            partial(
                charts.add,
                given=part,
                whole=chart,
                place=place,
                width=frame.width,
                name=name,
                alt=alt,
            )
            for part in charts.pages(chart, frame.height)
        ]
    if content.figure is None:
        return _table_parts(content, frame, box)
    wide, high = round(frame.width), round(frame.height)
    if kinds.kind_of(content.figure).paged is None:
        svgs = [sheet.figure(content, wide, high, stage=True)]
    else:
        svgs = kinds.pages(content.figure, width=wide, height=high)
    return [partial(_draw, svg=svg, content=content, frame=frame, box=box) for svg in svgs]


def _foot(content: Content, chart: Native | None) -> str:
    told = [note.removesuffix(".") for note in content.brief]
    if chart is not None and chart.untold:
        most = 4
        told += chart.untold[:most]
        if len(chart.untold) > most:
            told.append("weitere fehlende Werte in der Tabelle")
    told += [f"{name}: {meaning}" for name, meaning in content.signs]
    told += [content.source_short, content.published, content.code, *content.look.lines]
    return " · ".join(filter(None, told))


def _notes(content: Content) -> str:
    parts = [
        content.speaker,
        content.remark if _cut(content.remark) != content.remark else "",
        f"Lesehilfe: {content.reading_aid}" if content.reading_aid else "",
        content.comparison,
        *content.notes,
        *(f"{name}: {meaning}" for name, meaning in content.signs),
        content.source,
        content.published,
        content.trace,
    ]
    return "\n".join(filter(None, dict.fromkeys(parts)))


def _draw(slide: "Slide", svg: str, content: Content, frame: _Frame, box: office.Box) -> None:
    from indicators.export import shapes

    # keys turn the pages of a screen, not those of a deck
    svg = sheet.without_hits(svg).replace(" (blättern mit → und ←)", "")
    # what has more rows than there is room for, and cannot be cut, is made smaller
    wide, high = sheet.extent(svg)
    scale = min(1.0, frame.height / high, frame.width / wide)
    unit = box.unit / shapes.EMU
    spot = shapes.Place(frame.left * unit, frame.top * unit, scale * unit)
    alt = content.alt or content.headline
    slide.shapes._spTree.append(
        shapes.group(svg, spot, first_id=1000, name=content.answer.title, alt=alt)
    )


# --- tables ---------------------------------------------------------------------------------------


def _table_parts(content: Content, frame: _Frame, box: office.Box) -> list[Callable[[Any], None]]:
    """The table on as many slides as it needs, on the last of them what is left out."""
    table = content.table
    wide = columns.widths(table, frame.width, _CELL * _WIDER, _PADDING)
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
            frame=frame,
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
    frame: _Frame,
    box: office.Box,
) -> None:
    place = box.at(frame.left, frame.top, sum(wide), sum(tall for _, tall in rows))
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

    cell.text = words
    cell.margin_top = cell.margin_bottom = 0
    cell.margin_left = cell.margin_right = round((_PADDING / 2 - 2) * box.unit)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    paragraph = cell.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.RIGHT if numeric else PP_ALIGN.LEFT
    office.letters(cell.text_frame, _CELL)
