"""Balance diagrams: places against need in rows, the whole region first, then its parts.

The whole has a scale of its own, because it is many times as large as a part; all parts share one.
What is not shown is hatched, of a fixed length: nothing about its size can be measured off.
"""

from dataclasses import dataclass

from indicators import formats
from indicators.figures import theme
from indicators.figures.drawing import Drawing, hit, shortened, text_width

PLACES = theme.PRIMARY
NEED_LINE = theme.FAINTEST_TEXT
_HIDDEN = 24  # length of the mark for what has no number
_SPACE = 18
_SHORTEST = 130  # of the room for bars; with less, the numbers stand in the table only
_ROW, _TALLEST_ROW = 1.5, 2.4  # height of a row in letters; more where there is room
_HEAD, _WHOLE, _FOOT = 1.7, 3.0, 1.5  # heights of the legend, the whole region, the page line


@dataclass(frozen=True)
class Row:
    """One region: its places and those who need one (None: not shown), both as text, and the gap
    in words or why there is none. `short` marks a shortage."""

    name: str
    places: float | None
    need: float | None
    numbers: str
    gap: str
    short: bool = False

    @property
    def known(self) -> bool:
        return self.places is not None and self.need is not None


@dataclass(frozen=True)
class BalancePicture:
    """What a balance diagram shows; drawn by `draw` at any size."""

    title: str
    alt: str
    places_name: str
    need_name: str
    whole: Row
    rows: tuple[Row, ...]

    @property
    def sides(self) -> str:
        """What the two numbers of a row are, in few words."""
        return "Plätze / Bedarf" if "lätze" in self.places_name else "Angebot / Bedarf"


def capacity(height: float, *, stage: bool = False) -> int:
    """How many parts fit on a page of this height, beside the legend and the whole region."""
    size = _size(stage)
    return max(int((height / size - _HEAD - _WHOLE - _FOOT - 0.3) / _ROW), 1)


def pages(picture: BalancePicture, height: float, *, stage: bool = False) -> int:
    """How many pages of this height the parts need; at least one."""
    count = capacity(height, stage=stage)
    return max(-(-len(picture.rows) // count), 1)


def draw(
    picture: BalancePicture,
    *,
    width: int,
    height: int | None = None,
    stage: bool = False,
    first: int = 0,
    count: int | None = None,
) -> str:
    """The picture as SVG, with `count` parts from the one in place `first` (0) on; all without it.

    Without a height it is as high as its rows need. `stage` sets the letters for a projector; with
    a height and no count, as many parts are drawn as fit.
    """
    size = _size(stage)
    if count is None:
        count = capacity(height, stage=stage) if height else len(picture.rows)
    rows = picture.rows[first : first + count]
    paged = len(rows) < len(picture.rows)
    letters = _HEAD + _WHOLE + _ROW * len(rows) + (_FOOT if paged else 0) + 0.3
    drawing = Drawing(width, height or round(letters * size), picture.alt)
    columns = _columns(picture, width, size)
    y = _legend(drawing, picture, columns, size)
    y = _draw_whole(drawing, picture, columns, y, size)
    tall = _ROW * size
    if height and rows and not paged:
        tall = min((height - (_HEAD + _WHOLE + 0.3) * size) / len(rows), _TALLEST_ROW * size)
    # one scale on all pages, so that pages can be compared
    longest = _longest(picture.rows)
    for row in rows:
        _draw_row(drawing, row, columns, y, size, tall, longest)
        _told(drawing, picture, row, (0, y, width, tall))
        y += tall
    if paged:
        _page_line(drawing, picture, first, len(rows), count, y + 0.7 * size, size)
    return drawing.svg()


@dataclass(frozen=True)
class _Columns:
    """Where things stand: names from 0, bars from `bars` on, numbers and gaps end on the right."""

    name: float
    bars: float
    length: float
    numbers: float
    gap: float
    width: float
    counted: bool


def _size(stage: bool) -> float:
    return theme.FONT_SIZE_STAGE if stage else theme.FONT_SIZE


def _columns(picture: BalancePicture, width: float, size: float) -> _Columns:
    all_rows = (picture.whole, *picture.rows)
    names = [text_width(row.name, size) for row in picture.rows]
    name = min(max([text_width("eigener Maßstab", size), *names]), 0.3 * width)
    numbers = max(text_width(text, size) for text in [picture.sides, *_numbers(all_rows)])
    gap = max(text_width(row.gap, size) for row in all_rows)
    bars = name + _SPACE
    length = width - bars - numbers - gap - 2 * _SPACE
    if length < _SHORTEST:
        numbers, length = 0.0, max(width - bars - gap - _SPACE, 24)
    return _Columns(name, bars, length, width - gap - _SPACE, width - gap, width, bool(numbers))


def _numbers(rows) -> list[str]:
    return [row.numbers for row in rows]


def _longest(rows: tuple[Row, ...]) -> float:
    """The largest number of places or need among these rows; their common scale."""
    return max([value for row in rows for value in (row.places, row.need) if value] or [1.0])


def _legend(drawing: Drawing, picture: BalancePicture, at: _Columns, size: float) -> float:
    y = 0.75 * size
    x = 0.0
    bar = 0.62 * size
    need = picture.need_name if at.counted else "Bedarf"
    for name, places in ((need, False), (picture.places_name, True)):
        _bar(drawing, x, y - bar / 2, 1.5 * size, bar, places=places)
        x += 1.9 * size
        room = at.width if not at.counted else at.numbers - text_width(picture.sides, size) - _SPACE
        text = shortened(name, room - x, size)
        drawing.text(x, y, text, size=size, title=name)
        x += text_width(text, size) + _SPACE
    if not at.counted:
        return _HEAD * size
    for x, text, anchor in ((at.numbers, picture.sides, "end"), (at.gap, "Differenz", "start")):
        drawing.text(x, y, text, size=size, anchor=anchor, fill=theme.SECONDARY_TEXT)
    return _HEAD * size


def _draw_whole(
    drawing: Drawing, picture: BalancePicture, at: _Columns, y: float, size: float
) -> float:
    """The whole region: name over the bars, because it is long; on a ground of its own."""
    row = picture.whole
    drawing.rect(0, y, at.width, (_WHOLE - 0.35) * size, theme.PAGE, rx=6)
    drawing.rect(0, y, 4, (_WHOLE - 0.35) * size, theme.OWN_REGION)
    line = y + 0.68 * size
    room = at.numbers - (text_width(row.numbers, size) if at.counted else 0) - 2 * _SPACE
    name = shortened(row.name, room, size)
    drawing.text(12, line, name, size=size, bold=True, title=row.name)
    _words(drawing, row, at, line, size)
    line = y + 1.95 * size
    if picture.rows:
        drawing.text(12, line, "eigener Maßstab", size=size, fill=theme.SECONDARY_TEXT)
    _bars(drawing, row, at, line, _ROW * size, _longest((row,)))
    _told(drawing, picture, row, (0, y, at.width, (_WHOLE - 0.35) * size))
    return y + _WHOLE * size


def _draw_row(
    drawing: Drawing, row: Row, at: _Columns, y: float, size: float, tall: float, longest: float
) -> None:
    line = y + tall / 2
    name = shortened(row.name, at.name, size)
    drawing.text(0, line, name, size=size, title=row.name)
    _bars(drawing, row, at, line, tall, longest)
    _words(drawing, row, at, line, size)


def _told(
    drawing: Drawing, picture: BalancePicture, row: Row, box: tuple[float, float, float, float]
) -> None:
    """What a row says, for pointers and keys."""
    hit(drawing, box, [row.name, f"{picture.sides}: {row.numbers}", row.gap])


def _words(drawing: Drawing, row: Row, at: _Columns, y: float, size: float) -> None:
    fill = theme.TEXT if row.known else theme.SECONDARY_TEXT
    if at.counted:
        drawing.text(at.numbers, y, row.numbers, size=size, anchor="end", fill=fill)
    drawing.text(at.gap, y, row.gap, size=size, fill=fill, bold=row.short)


def _bars(drawing: Drawing, row: Row, at: _Columns, y: float, row_height: float, longest: float):
    """Need above, places below; a common line marks zero."""
    tall = 0.32 * row_height
    for value, top, places in ((row.need, y - tall - 1, False), (row.places, y + 1, True)):
        if value is None:
            length = min(_HIDDEN, at.length - 6)
            # set off from the zero line: a bar from zero would be read on the axis
            drawing.rect(at.bars + 6, top, length, tall, drawing.hatching())
        elif value:
            length = max(value / longest * at.length, 2.0)
            _bar(drawing, at.bars, top, length, tall, places=places)
    drawing.line(at.bars, y - tall - 3, at.bars, y + tall + 3, theme.NO_VALUE_MARK, stroke_width=1)


def _bar(
    drawing: Drawing,
    x: float,
    y: float,
    width: float,
    height: float,
    *,
    places: bool,
) -> None:
    """Places are filled, need is an outline: told apart without colour."""
    if places:
        drawing.rect(x, y, width, height, PLACES)
    else:
        drawing.rect(
            x + 0.75,
            y + 0.75,
            max(width - 1.5, 0.5),
            height - 1.5,
            theme.CARD,
            stroke=NEED_LINE,
            stroke_width=1.5,
        )


def _page_line(
    drawing: Drawing,
    picture: BalancePicture,
    first: int,
    drawn: int,
    count: int,
    y: float,
    size: float,
) -> None:
    total = len(picture.rows)
    last = -(-total // count)
    others = formats.quantity(total - drawn, "weiteres Gebiet", "weitere Gebiete")
    drawing.text(
        0,
        y,
        f"und {others}: Seite {formats.number(first // count + 1)} von {formats.number(last)}"
        " (blättern mit → und ←)",
        size=size,
        fill=theme.SECONDARY_TEXT,
    )
