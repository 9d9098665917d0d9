"""An answer as one picture: headline, figure, Lesehilfe, notes and source on a white sheet.

Three sizes: a card for web and mail, a slide of 16:9 with letters for a wall, a column of an A4
page. The figure is drawn for the room there is, never scaled.
"""

import re
from dataclasses import dataclass

from indicators.answers.answer import Table
from indicators.export.content import Content
from indicators.figures import kinds, theme
from indicators.figures.drawing import Drawing, shortened, text_width, wrapped

_LINE = 1.3  # height of a line of text, in letters
_HIT = re.compile(r'<rect [^>]*class="hit"[^>]*></rect>')
_LEAST = 200  # height of a figure, where the sheet has one
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
    head = [
        *_block(content.headline, room, size.headline, theme.TEXT, bold=True, after=0.25),
        *_block(content.subtitle, room, size.text, theme.SECONDARY_TEXT, after=0.9),
    ]
    foot = _foot(content, room, size)
    taken = sum(line.height for line in (*head, *foot)) + 2 * size.margin
    height = max(size.height - taken, _LEAST) if size.height else None
    figure, figure_height = _figure(content, room, height, size)
    drawing = Drawing(size.width, size.height or round(taken + figure_height), content.alt)
    drawing.rect(0, 0, drawing.width, drawing.height, theme.CARD)
    y = _lines(drawing, head, size.margin, size.margin)
    drawing.parts.append(_nested(figure, size.margin, y))
    _lines(drawing, foot, size.margin, drawing.height - size.margin - sum(f.height for f in foot))
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
    lines = wrapped(words, room, size) if words else []
    last = len(lines) - 1
    return [
        _Text(line, size, fill, bold, _LINE * size + (after * size if i == last else 0))
        for i, line in enumerate(lines)
    ]


def _foot(content: Content, room: float, size: Size) -> list[_Text]:
    """What stands below the figure. A slide has room for what must be read with it; the other
    sizes hold everything."""
    quiet, gap = theme.SECONDARY_TEXT, _Text("", size.small, theme.TEXT, False, 0.7 * size.small)
    lines = [gap]
    if size.stage:
        told = [note.removesuffix(".") for note in content.beside]
        if content.signs:
            told.append("; ".join(f"{name}" for name, _ in content.signs))
        parts = [*told, content.source_short, content.published]
        return [*lines, *_block(" · ".join(parts), room, size.small, quiet)]
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
        drawn = kinds.drawing(
            content.figure,
            width=int(room),
            height=high,
            stage=size.stage,
            geometry=content.geometry,
        )
    drawn = without_hits(drawn)
    found = re.search(r'viewBox="0 0 [\d.]+ ([\d.]+)"', drawn)
    return drawn, float(found[1]) if found else 0.0


def without_hits(svg: str) -> str:
    """A drawing without the areas that answer to a pointer."""
    return _HIT.sub("", svg)


def _nested(svg: str, x: float, y: float) -> str:
    """An SVG as a part of another, at its place; its words for a screen reader are the sheet's."""
    opening = re.sub(r' (xmlns|role|aria-label|font-family)="[^"]*"', "", svg[: svg.index(">") + 1])
    return opening.replace("<svg", f'<svg x="{x:g}" y="{y:g}"', 1) + svg[svg.index(">") + 1 :]


def _table(table: Table, room: float, height: float | None, size: Size) -> Drawing:
    """A table as a drawing, as wide as there is room: long words are shortened, rows that have no
    room are counted."""
    letters = size.small if not size.stage else theme.FONT_SIZE_STAGE
    row = 1.6 * letters
    fits = int(height / row) - 2 if height else _ROWS
    rows = table.rows if len(table.rows) <= fits else table.rows[: max(fits - 1, 1)]
    widths = [
        max(text_width(line[i], letters) for line in (table.columns, *rows)) + letters
        for i in range(len(table.columns))
    ]
    squeeze = min(room / (sum(widths) or 1), 1.6)
    widths = [width * squeeze for width in widths]
    left = len(table.rows) - len(rows)
    drawing = Drawing(room, (len(rows) + 1 + bool(left)) * row + 4, "")
    for n, line in enumerate((table.columns, *rows)):
        x, y = 0.0, (n + 0.5) * row
        for i, words in enumerate(line):
            end = table.numeric[i]
            drawing.text(
                x + widths[i] - 0.5 * letters if end else x,
                y,
                shortened(words, widths[i] - 0.5 * letters, letters),
                size=letters,
                anchor="end" if end else "start",
                bold=n == 0,
            )
            x += widths[i]
        drawing.line(0, (n + 1) * row, room, (n + 1) * row, theme.GRID)
    if left:
        words = f"… und {left} weitere Zeilen in der Tabelle"
        at = (len(rows) + 1.5) * row
        drawing.text(0, at, words, size=letters, fill=theme.SECONDARY_TEXT)
    return drawing
