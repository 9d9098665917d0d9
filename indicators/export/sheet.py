"""An answer as one picture: headline, figure, Lesehilfe, notes and source on a white sheet.

Three sizes: a card for web and mail, a slide of 16:9 with letters for a wall, a column of an A4
page. The figure is drawn for the room there is, never scaled.
"""

import re
from dataclasses import dataclass, replace

from indicators import formats
from indicators.answers.answer import Table
from indicators.export import columns
from indicators.export.content import Content
from indicators.figures import kinds, theme
from indicators.figures.drawing import Drawing

_LINE = 1.3  # height of a line of text, in letters
_HIT = re.compile(r'<rect [^>]*class="hit"[^>]*></rect>')
_WORDS = re.compile(r'<text x="[^"]*" y="([\d.]+)"')
_LEAST = 330  # height of a figure, where the sheet has one; a headline gives way to it
_SMALLER = (1.0, 0.82, 0.7)  # of the letters of a headline
_GAP = 48  # between two figures beside each other
_ROWS = 40  # of a table that is the figure; the rest is counted


@dataclass(frozen=True)
class Size:
    """A sheet: `width` in pixels, `height` or None (as high as its content), `zoom` of its picture
    in pixels of a screen, and the sizes of letters. `stage`: the figure has letters for a wall."""

    name: str
    width: int
    height: int | None
    zoom: float
    margin: int
    headline: float
    text: float
    small: float
    stage: bool = False


SIZES = {
    size.name: size
    for size in (
        Size("card", 960, None, 2.0, 28, 25, 15, 13),
        Size("slide", 1280, 720, 1.5, 56, 34, 22, 20, stage=True),
        # 17 cm of an A4 page at 300 dpi are 2,008 pixels; letters of 9 points
        Size("a4", 720, None, 2008 / 720, 0, 21, 14, 12),
    )
}


def draw(content: Content, size: Size) -> str:
    """The sheet as SVG, without what only a screen needs."""
    room = size.width - 2 * size.margin
    foot = _foot(content, room, size, _in_parts(content, room, size))
    head, height = _fitted(content, size, foot)
    return _sheet(content, size, head, _figure(content, room, height, size), foot)


def slides(content: Content) -> list[str]:
    """The sheets of 16:9 of an answer: several where its figure has more rows than one has room
    for."""
    size, figure = SIZES["slide"], content.figure
    if figure is None or kinds.kind_of(figure).paged is None:
        return [draw(content, size)]
    room = size.width - 2 * size.margin
    foot = _foot(content, room, size, "")
    _, height = _fitted(content, size, foot)
    pages = kinds.pages(figure, width=room, height=round(height or _LEAST))
    found = []
    for number, page in enumerate(pages, 1):
        part = f" · Teil {number} von {len(pages)}" if len(pages) > 1 else ""
        head, _ = _fitted(replace(content, subtitle=content.subtitle + part), size, foot)
        found.append(_sheet(content, size, head, _bare(page, room), foot))
    return found


def pair(contents: tuple[Content, Content], title: str, remark: str) -> str:
    """Two answers beside each other on a sheet of 16:9, each with its own headline and foot."""
    size = SIZES["slide"]
    assert size.height, "a slide is as high as a wall shows"
    room = size.width - 2 * size.margin
    half = (room - _GAP) / 2
    small = replace(size, headline=22, text=17, small=14)
    head = [
        *_block(title, room, size.headline, theme.TEXT, bold=True, after=0.3),
        *_block(columns.remark(remark, room, size.text), room, size.text, theme.TEXT, after=0.4),
    ]
    heads = [_head(content, half, small, 1.0) for content in contents]
    feet = [_foot(content, half, small, "") for content in contents]
    tall, above, below = _height(head), max(map(_height, heads)), max(map(_height, feet))
    height = max(size.height - 2 * size.margin - tall - above - below, 120)
    alt = f"{title}: {contents[0].alt} {contents[1].alt}"
    drawing = Drawing(size.width, size.height, alt)
    drawing.rect(0, 0, drawing.width, drawing.height, theme.CARD)
    top = _lines(drawing, head, size.margin, size.margin)
    for i, content in enumerate(contents):
        left = size.margin + i * (half + _GAP)
        _lines(drawing, heads[i], left, top)
        drawn, _ = _figure(content, half, height, small)
        drawing.parts.append(_nested(drawn, left, top + above, half))
        _lines(drawing, feet[i], left, drawing.height - size.margin - below)
    return drawing.svg()


def _fitted(
    content: Content, size: Size, foot: list["_Text"]
) -> tuple[list["_Text"], float | None]:
    """What stands above the figure, and the height of the figure; None where the sheet grows."""
    room = size.width - 2 * size.margin
    for smaller in _SMALLER:
        head = _head(content, room, size, smaller)
        if size.height is None:
            return head, None
        left = size.height - _height(head) - _height(foot) - 2 * size.margin
        if left >= _LEAST:
            break
    return head, max(left, 120)


def _head(content: Content, room: float, size: Size, smaller: float) -> list["_Text"]:
    letters = smaller * size.headline
    remark = content.remark
    if size.height is not None:
        remark = columns.remark(remark, room, size.text)
    after = 0.4 if remark else 0.9
    return [
        *_block(content.headline, room, letters, theme.TEXT, bold=True, after=0.25),
        *_block(content.subtitle, room, size.text, theme.SECONDARY_TEXT, after=after),
        *_block(remark, room, size.text, theme.TEXT, after=0.9),
    ]


def _height(lines: list["_Text"]) -> float:
    return sum(line.height for line in lines)


def _sheet(
    content: Content,
    size: Size,
    head: list["_Text"],
    figure: tuple[str, float],
    foot: list["_Text"],
) -> str:
    drawn, high = figure
    taken = _height(head) + _height(foot) + 2 * size.margin
    drawing = Drawing(size.width, size.height or round(taken + high), content.alt)
    drawing.rect(0, 0, drawing.width, drawing.height, theme.CARD)
    y = _lines(drawing, head, size.margin, size.margin)
    room = size.width - 2 * size.margin
    drawing.parts.append(_nested(drawn, size.margin, y, room))
    _lines(drawing, foot, size.margin, drawing.height - size.margin - _height(foot))
    return drawing.svg()


@dataclass(frozen=True)
class _Text:
    """A line of text of a sheet; `height` with the room after it."""

    words: str
    size: float
    fill: str
    bold: bool
    height: float


def _block(
    words: str, room: float, size: float, fill: str, *, bold: bool = False, after: float = 0.0
) -> list[_Text]:
    lines = columns.lines(words, room, size) if words else []
    last = len(lines) - 1
    return [
        _Text(line, size, fill, bold, _LINE * size + (after * size if i == last else 0))
        for i, line in enumerate(lines)
    ]


def _in_parts(content: Content, room: float, size: Size) -> str:
    """That a sheet of a given height shows the first part of a figure with more rows than there is
    room for; "" where it shows all."""
    if size.height is None or content.figure is None:
        return ""
    if kinds.kind_of(content.figure).paged is None:
        return ""
    pages = kinds.pages(content.figure, width=int(room), height=_LEAST, geometry=content.geometry)
    if len(pages) == 1:
        return ""
    return (
        "Gezeigt ist der erste Teil; alle Teile stehen in PowerPoint, PDF und den anderen Bildern"
    )


def _foot(content: Content, room: float, size: Size, in_parts: str) -> list[_Text]:
    """What stands below the figure. A slide has room for what must be read with it; the other
    sizes hold everything."""
    quiet, gap = theme.SECONDARY_TEXT, _Text("", size.small, theme.TEXT, False, 0.7 * size.small)
    lines = [gap]
    if size.stage:
        told = [note.removesuffix(".") for note in content.brief]
        told += [f"{name}: {meaning}" for name, meaning in content.signs]
        parts = [in_parts, *told, content.source_short, content.published, content.code]
        return [*lines, *_block(" · ".join(filter(None, parts)), room, size.small, quiet)]
    if content.reading_aid:
        aid = f"Lesehilfe: {content.reading_aid} {content.comparison}".strip()
        lines += _block(aid, room, size.text, theme.TEXT, after=0.5)
    for note in dict.fromkeys([*content.beside, *content.notes]):
        lines += _block(note, room, size.small, quiet, after=0.15)
    if content.signs:
        lines += _block(content.protection, room, size.small, quiet, after=0.15)
    lines.append(gap)
    lines += _block(content.source, room, size.small, quiet)
    lines += _block(content.published, room, size.small, quiet)
    lines += _block(content.link, room, size.small, quiet)
    return lines


def _lines(drawing: Drawing, lines: list[_Text], x: float, y: float) -> float:
    for line in lines:
        if line.words:
            drawing.text(
                x,
                y + _LINE * line.size / 2,
                line.words,
                size=line.size,
                fill=line.fill,
                bold=line.bold,
            )
        y += line.height
    return y


def _figure(content: Content, room: float, height: float | None, size: Size) -> tuple[str, float]:
    """The figure, or the table where that is the figure, and its height."""
    if content.figure is None:
        drawn = _table(content.table, room, height, size).svg()
    else:
        high = None if height is None else int(height)
        drawn = figure(content, int(room), high, stage=size.stage)
    return _bare(drawn, room)


def _bare(drawn: str, room: float) -> tuple[str, float]:
    """A figure without what only a screen needs, and its height in this room."""
    # keys turn the pages of a screen, not those of a picture
    drawn = without_hits(drawn).replace(" (blättern mit → und ←)", "")
    wide, high = extent(drawn)
    return drawn, high * min(1.0, room / wide)


def figure(content: Content, width: int, height: int | None, *, stage: bool) -> str:
    """The figure as SVG. What has more to tell beside it than a low sheet has room for is drawn for
    a larger one of the same shape; whoever shows it makes it smaller."""
    for more in (1.0, 1.15, 1.3, 1.5, 1.75, 2.0):
        drawn = kinds.drawing(
            content.figure,
            width=round(more * width),
            height=None if height is None else round(more * height),
            stage=stage,
            geometry=content.geometry,
        )
        lowest = max((float(y) for y in _WORDS.findall(drawn)), default=0.0)
        if height is None or lowest <= more * height:
            break
    return drawn


def extent(svg: str) -> tuple[float, float]:
    """Width and height of a drawing."""
    found = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    assert found, "a drawing without its size"
    return float(found[1]), float(found[2])


def without_hits(svg: str) -> str:
    """A drawing without the areas that answer to a pointer."""
    return _HIT.sub("", svg)


def _nested(svg: str, x: float, y: float, room: float) -> str:
    """An SVG as a part of another, at its place; its words for a screen reader are the sheet's."""
    opening = re.sub(r' (xmlns|role|aria-label|font-family)="[^"]*"', "", svg[: svg.index(">") + 1])
    wide, high = extent(svg)
    if wide > room:  # drawn for a larger sheet
        opening = re.sub(r' (width|height)="[^"]*"', "", opening)
        size = f'width="{room:g}" height="{high * room / wide:g}"'
        opening = opening.replace("<svg", f"<svg {size}", 1)
    return opening.replace("<svg", f'<svg x="{x:g}" y="{y:g}"', 1) + svg[svg.index(">") + 1 :]


def _table(table: Table, room: float, height: float | None, size: Size) -> Drawing:
    """A table as a drawing, as wide as there is room; rows that have no room are counted."""
    letters = size.small if not size.stage else theme.FONT_SIZE_STAGE
    line, padding = _LINE * letters, letters
    wide = columns.widths(table, room, letters, padding)
    said = [columns.cells(row, wide, letters, padding) for row in (table.columns, *table.rows)]
    tall = [max(map(len, cells)) * line + 0.3 * letters for cells in said]
    count = min(len(said), _ROWS + 1) if height is None else _fitting(tall, height, line)
    left = len(said) - count
    drawing = Drawing(room, sum(tall[:count]) + (1.6 * letters if left else 0) + 4, "")
    y = 0.0
    for n in range(count):
        x = 0.0
        for cell, width, end in zip(said[n], wide, table.numeric, strict=True):
            for i, words in enumerate(cell):
                drawing.text(
                    x + width - 0.5 * padding if end else x,
                    y + 0.15 * letters + (i + 0.5) * line,
                    words,
                    size=letters,
                    anchor="end" if end else "start",
                    bold=n == 0,
                )
            x += width
        y += tall[n]
        drawing.line(0, y, room, y, theme.GRID)
    if left:
        words = f"… und {formats.number(left)} weitere Zeilen in der Tabelle"
        drawing.text(0, y + 0.8 * letters, words, size=letters, fill=theme.SECONDARY_TEXT)
    return drawing


def _fitting(tall: list[float], height: float, line: float) -> int:
    """How many rows, with the heading, fit into a height that also tells what is left out."""
    if sum(tall) + 4 <= height:
        return len(tall)
    count, taken = 1, tall[0] + 1.6 * line
    while count < len(tall) and taken + tall[count] <= height:
        taken += tall[count]
        count += 1
    return max(count, 2) if len(tall) > 1 else count
