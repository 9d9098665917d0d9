"""Chains: the steps of a way as boxes in reading order, joined by arrows, each with its figures.

Boxes of one picture have one size. More than four steps stand in two lines, so that letters stay
large enough for a projector.
"""

from dataclasses import dataclass

from indicators import formats
from indicators.figures import theme
from indicators.figures.drawing import Drawing, hit, wrapped

MOST_IN_A_LINE = 4
_PAD = 0.6  # inside a box, in letters
_LINE = 1.2
_BIG = 1.6  # the leading number of a step, in letters


@dataclass(frozen=True)
class Tile:
    """One figure of a step: its number, what it is, of when, and how it changed. `number` holds
    the reason in words where `known` is false."""

    label: str
    number: str
    known: bool
    period: str = ""
    change: str = ""


@dataclass(frozen=True)
class Step:
    """One box. No arrow leads to what stands `beside` the way."""

    name: str
    tiles: tuple[Tile, ...]
    beside: bool = False


@dataclass(frozen=True)
class ChainPicture:
    """What a chain shows; drawn by `draw` at any size."""

    title: str
    alt: str
    steps: tuple[Step, ...]


def draw(
    picture: ChainPicture, *, width: int, height: int | None = None, stage: bool = False
) -> str:
    """The picture as SVG. `stage` sets the letters for a projector; without a height it is as high
    as its boxes need."""
    size = theme.FONT_SIZE_STAGE if stage else theme.FONT_SIZE
    count = len(picture.steps)
    lines = _lines(count, width, size)
    per_line = max(-(-count // lines), 1)
    if per_line == 1 and not height:
        return _column(picture, width, size)
    arrow, gap = 1.7 * size, 0.7 * size
    # the last box of a line points on to the next line
    box = (width - arrow * (per_line if lines > 1 else per_line - 1)) / per_line
    room = box - 2 * _PAD * size
    needed = max((_height(step, room, size, _FULL) for step in picture.steps), default=0)
    tall = min((height - gap * (lines - 1)) / lines, 1.25 * needed) if height else needed
    drawing = Drawing(width, height or round(lines * tall + gap * (lines - 1)), picture.alt)
    for i, step in enumerate(picture.steps):
        line, place = divmod(i, per_line)
        x, y = place * (box + arrow), line * (tall + gap)
        _box(drawing, step, i, x, y, box, tall, size)
        if stage:  # at a desk the words are read, and can be copied
            hit(drawing, (x, y, box, tall), [step.name, *map(_told, step.tiles)])
        if i + 1 < count and not picture.steps[i + 1].beside:
            _arrow(drawing, x + box + 0.25 * size, y + tall / 2, arrow - 0.5 * size, size)
    return drawing.svg()


def _column(picture: ChainPicture, width: int, size: float) -> str:
    """The boxes below each other, each as high as its texts, joined by arrows that point down: the
    chain on a phone."""
    gap, room = 1.7 * size, width - 2 * _PAD * size
    heights = [_height(step, room, size, _FULL) for step in picture.steps]
    drawing = Drawing(width, round(sum(heights) + gap * (len(heights) - 1)), picture.alt)
    y = 0.0
    for i, (step, height) in enumerate(zip(picture.steps, heights, strict=True)):
        if i and not step.beside:
            _arrow(drawing, width / 2, y - gap + 0.25 * size, gap - 0.5 * size, size, down=True)
        _box(drawing, step, i, 0, y, width, height, size)
        y += height + gap
    return drawing.svg()


def _told(tile: Tile) -> str:
    label = f"{tile.label}, {tile.period}" if tile.period else tile.label
    return f"{label}: {tile.number}"


def _lines(count: int, width: int, size: float) -> int:
    """One line for up to four steps; as many as a narrow screen needs."""
    wide = max(int(width // (12.5 * size)), 1)
    return max(-(-count // min(MOST_IN_A_LINE, wide)), 1)


@dataclass(frozen=True)
class _Text:
    content: str
    size: float
    bold: bool
    fill: str
    before: float = 0.0  # space above, in pixels

    @property
    def height(self) -> float:
        return self.before + self.size * _LINE


# What a box leaves out, one after the other, until the rest fits; the table always has all.
_FULL, _NO_FURTHER_CHANGES, _NO_PERIOD, _SHORT_CHANGE, _FEWER = range(5)


def _texts(step: Step, room: float, size: float, level: int) -> list[_Text]:
    """All lines of a box, from top to bottom; `level` says what is left out."""
    found = [_Text(t, size, True, theme.TEXT) for t in wrapped(step.name, room - 1.8 * size, size)]
    for i, tile in enumerate(step.tiles):
        if i and level == _FEWER:
            more = formats.quantity(len(step.tiles) - 1, "weitere Angabe", "weitere Angaben")
            return [*found, _Text(f"und {more}", size, False, theme.SECONDARY_TEXT, 0.2 * size)]
        write = _further if i or not tile.known else _lead
        found += write(tile, room, size, level)
    return found


def _lead(tile: Tile, room: float, size: float, level: int) -> list[_Text]:
    """The first figure of a step: the number large, below it what it is and how it changed."""
    big = _BIG * size
    found = [
        _Text(t, big, True, theme.PRIMARY, 0.2 * size) for t in wrapped(tile.number, room, big)
    ]
    dated = tile.period and level < _NO_PERIOD
    label = f"{tile.label}, {tile.period}" if dated else tile.label
    change = tile.change.removesuffix(" zum Vorjahr") if level >= _SHORT_CHANGE else tile.change
    for text, shade in ((label, theme.SECONDARY_TEXT), (change, theme.TEXT)):
        found += [_Text(t, size, False, shade) for t in wrapped(text, room, size) if t]
    return found


def _further(tile: Tile, room: float, size: float, level: int) -> list[_Text]:
    fill = theme.TEXT if tile.known else theme.FAINTEST_TEXT
    lines = wrapped(f"{tile.label}: {tile.number}", room, size)
    found = [_Text(t, size, tile.known, fill, 0 if i else 0.25 * size) for i, t in enumerate(lines)]
    if level < _NO_FURTHER_CHANGES and tile.change:
        shade = theme.SECONDARY_TEXT
        found += [_Text(t, size, False, shade) for t in wrapped(tile.change, room, size)]
    return found


def _height(step: Step, room: float, size: float, level: int) -> float:
    return sum(t.height for t in _texts(step, room, size, level)) + 2 * _PAD * size


def _box(
    drawing: Drawing,
    step: Step,
    number: int,
    x: float,
    y: float,
    width: float,
    height: float,
    size: float,
) -> None:
    known = any(tile.known for tile in step.tiles)
    edge = theme.CARD_LINE if known else theme.NO_VALUE_MARK
    ground = theme.CARD if known else drawing.hatching()
    drawing.rect(x + 0.5, y + 0.5, width - 1, height - 1, ground, rx=8, stroke=edge)
    if not known:  # a quiet ground for the words on the hatching
        drawing.rect(x + 6, y + 6, width - 12, height - 12, theme.CARD, rx=5)
    drawing.rect(x + 0.5, y + 0.5, width - 1, 4, theme.PRIMARY if known else theme.NO_VALUE_MARK)
    pad = _PAD * size
    room = width - 2 * pad
    fitting = (level for level in range(_FEWER) if _height(step, room, size, level) <= height + 1)
    line = y + pad
    for i, text in enumerate(_texts(step, room, size, next(fitting, _FEWER))):
        line += text.height
        middle = line - text.size * _LINE / 2
        drawing.text(x + pad, middle, text.content, size=text.size, bold=text.bold, fill=text.fill)
        if i == 0:
            drawing.text(
                x + width - pad,
                middle,
                formats.number(number + 1),
                size=size,
                anchor="end",
                bold=True,
                fill=theme.FAINTEST_TEXT,
            )


def _arrow(
    drawing: Drawing, x: float, y: float, length: float, size: float, *, down: bool = False
) -> None:
    """An arrow that begins here and points to the right, or down."""

    def at(along: float, aside: float) -> tuple[float, float]:
        return (x + aside, y + along) if down else (x + along, y + aside)

    head = 0.42 * size
    drawing.line(x, y, *at(length - head, 0), theme.FAINTEST_TEXT, stroke_width=2)
    tip = [at(length - head, -head), at(length, 0), at(length - head, head)]
    steps = "L".join(f"{a:.1f} {b:.1f}" for a, b in tip)
    drawing.path(f"M{steps}Z", fill=theme.FAINTEST_TEXT)
