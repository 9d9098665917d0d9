"""School starters: lines of what was counted, what is born and what is assumed; a grid of parts.

Solid is what is known to be born, dashed what is assumed; zones with words say the same, so that
neither colour nor dash has to be understood alone.
"""

import math
from dataclasses import dataclass
from itertools import pairwise

from indicators import formats
from indicators.figures import theme
from indicators.figures.axes import round_step
from indicators.figures.drawing import Drawing, hit, shortened, spread, text_width, wrapped
from indicators.numbered import Numbered

_COLOURS = {
    "observed": theme.TEXT,
    "main": theme.OWN_REGION,
    "variant": theme.FAINTEST_TEXT,
    "backtest": theme.PRIMARY,
}
_BACKTESTS = (theme.PRIMARY, theme.SCHOOL_TYPES["realschule"], theme.SCHOOL_TYPES["gesamtschule"])
_BACKTEST_DASHES = ("", "10 4", "10 3 3 3")
# Ground of a cell by change in per cent of the last entries: fewer blue, more orange, no judgement.
_GROUNDS = (
    (-0.20, "#7FB3CC"),
    (-0.10, "#B9D6E3"),
    (-0.03, "#E8F1F5"),
    (0.03, theme.CARD),
    (0.10, "#FBEBDD"),
    (0.20, "#F5CDAA"),
)
_MOST_GROUND = "#E8A26B"
_ROW, _FOOT = 1.55, 1.9  # heights of a row of the grid and of its foot, in letters


@dataclass(frozen=True)
class LinePoint(Numbered):
    """A year's children; `value` is None where there is no number, and `text` says why."""

    x: int
    value: float | None
    text: str


@dataclass(frozen=True)
class Line:
    """A line; `role` decides its look ("observed", "main", "variant", "backtest"). From the year
    `dashed_from` on it rests on assumptions."""

    name: str
    role: str
    points: tuple[LinePoint, ...]
    dashed_from: int | None = None


@dataclass(frozen=True)
class Zone:
    """A span of the axis of years with a name, such as "Kinder schon geboren"."""

    first: float
    last: float
    name: str


@dataclass(frozen=True)
class StarterPicture:
    """Lines over school years; drawn by `draw` at any size."""

    title: str
    alt: str
    lines: tuple[Line, ...]
    ticks: tuple[tuple[int, str], ...]
    zones: tuple[Zone, ...]


@dataclass(frozen=True)
class GridRow:
    """A part: the numbers of its columns as words, and how far each is from the last entries (None:
    not to be judged)."""

    name: str
    texts: tuple[str, ...]
    changes: tuple[float | None, ...]
    change_text: str
    is_whole: bool = False


@dataclass(frozen=True)
class Grid:
    """Parts and years as cells with a ground by change; drawn by `draw`."""

    title: str
    alt: str
    columns: tuple[str, ...]
    rows: tuple[GridRow, ...]


def draw(
    picture: StarterPicture | Grid,
    *,
    width: int,
    height: int | None = None,
    stage: bool = False,
    first: int = 0,
) -> str:
    """The picture as SVG. `stage` sets the letters for a projector.

    A grid is as high as its rows need; with a height, as many parts are drawn as fit, from the one
    in place `first` (0) on, below the whole region.
    """
    size = theme.FONT_SIZE_STAGE if stage else theme.FONT_SIZE
    if isinstance(picture, Grid):
        return _draw_grid(picture, width, height, size, first)
    return _draw_lines(picture, width, height or round(24 * size), size)


def capacity(height: float, *, stage: bool = False) -> int:
    """How many parts of a grid fit into this height, beside heading, whole region and foot."""
    size = theme.FONT_SIZE_STAGE if stage else theme.FONT_SIZE
    return max(int((height / size - _FOOT - 0.3) / _ROW) - 2, 1)


def pages(grid: Grid, height: float, *, stage: bool = False) -> int:
    """How many pages of this height the parts of a grid need; at least one."""
    parts = [row for row in grid.rows if not row.is_whole]
    return max(-(-len(parts) // capacity(height, stage=stage)), 1)


# --- lines --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Axes:
    left: float
    right: float
    top: float
    foot: float
    first: float
    last: float
    low: float
    high: float

    def x(self, year: float) -> float:
        return self.left + (self.right - self.left) * (year - self.first) / (self.last - self.first)

    def y(self, value: float) -> float:
        return self.foot - (self.foot - self.top) * (value - self.low) / (self.high - self.low)


def _draw_lines(picture: StarterPicture, width: float, height: float, size: float) -> str:
    drawing = Drawing(width, height, picture.alt)
    values = [p.value for line in picture.lines for p in line.points if p.value is not None]
    low, high, step = _range(values, height / size)
    ends = [line for each in picture.lines for line in _end_label(each, width, size)]
    labels = max((text_width(line, size) for line in ends), default=0)
    ticks = formats.number(high)
    axes = _Axes(
        left=text_width(ticks, size) + 0.8 * size,
        right=width - labels - 1.2 * size,
        top=(2.2 if picture.zones else 1.2) * size,
        foot=height - (3.3 if low else 1.8) * size,
        first=min((x for x, _ in picture.ticks), default=0) - 0.5,
        last=max((x for x, _ in picture.ticks), default=0) + 0.5,
        low=low,
        high=high,
    )
    for i, zone in enumerate(picture.zones):
        x0, x1 = axes.x(zone.first), axes.x(zone.last)
        if i:
            ground = theme.MAP_RAMP[0] if i == 1 else theme.NO_VALUE
            drawing.rect(
                x0, axes.top - 1.7 * size, x1 - x0, axes.foot - axes.top + 1.7 * size, ground
            )
        if text_width(zone.name, size) < x1 - x0:
            drawing.text(
                (x0 + x1) / 2, axes.top - 0.9 * size, zone.name, size=size, anchor="middle",
                fill=theme.SECONDARY_TEXT,
            )  # fmt: skip
    for i in range(int(round((high - low) / step)) + 1):
        value = low + i * step
        drawing.line(axes.left, axes.y(value), axes.right, axes.y(value), theme.GRID)
        drawing.text(
            axes.left - 0.5 * size, axes.y(value), formats.number(value), size=size, anchor="end",
            fill=theme.SECONDARY_TEXT,
        )  # fmt: skip
    _year_labels(drawing, picture, axes, size)
    if low:
        drawing.text(
            axes.left, axes.foot + 2.4 * size, f"Die Achse beginnt bei {formats.number(low)}.",
            size=size, fill=theme.SECONDARY_TEXT,
        )  # fmt: skip
    order = {"variant": 0, "backtest": 1, "main": 2, "observed": 3}
    number = 0
    for line in sorted(picture.lines, key=lambda line: order[line.role]):
        colour, pattern = _COLOURS[line.role], ""
        if line.role == "backtest":
            colour = _BACKTESTS[number % len(_BACKTESTS)]
            pattern = _BACKTEST_DASHES[number % len(_BACKTEST_DASHES)]
            number += 1
        _line(drawing, picture, line, colour, pattern, axes, size)
    _numbers(drawing, picture, axes, size)
    _end_labels(drawing, picture, axes, size)
    return drawing.svg()


def _range(values: list[float], lines: float) -> tuple[float, float, float]:
    """Ends and step of the axis: from zero, unless that would hide all movement."""
    if not values:
        return 0.0, 1.0, 1.0
    least, most = min(values), max(values)
    start = 0.0 if least < 0.55 * most or most <= 20 else least - (most - least) * 0.35
    step = max(round_step((most * 1.06 - start) / max(3.0, min(6.0, lines / 5))), 1.0)
    low = math.floor(start / step) * step
    high = math.ceil(max(most * 1.04, low + step) / step) * step
    return low, high, step


def _year_labels(drawing: Drawing, picture: StarterPicture, axes: _Axes, size: float) -> None:
    """Every school year, or every second, third … where there is no room; always the last."""
    if not picture.ticks:
        return
    room = (axes.right - axes.left) / len(picture.ticks)
    every = max(1, math.ceil((text_width("2023/24", size) + 0.4 * size) / room))
    for i, (x, label) in enumerate(reversed(picture.ticks)):
        if i % every == 0:
            drawing.text(
                axes.x(x), axes.foot + size, label, size=size, anchor="middle",
                fill=theme.SECONDARY_TEXT,
            )  # fmt: skip


def _line(drawing, picture, line: Line, colour, pattern, axes: _Axes, size: float) -> None:
    """The line with its points; `pattern` tells lines of one role apart beside their colour."""
    thick = size / 14 * (theme.LINE_OWN if line.role in ("main", "observed") else 1.6)
    points = list(line.points)
    if line.role in ("main", "variant"):  # it goes on from what was counted
        start = _before(picture, line)
        points = [start, *points] if start else points
    for dashed in (False, True):
        steps = []
        for last, point in pairwise(points):
            is_dashed = line.dashed_from is not None and point.x >= line.dashed_from
            known = last.value is not None and point.value is not None
            if known and point.x - last.x == 1 and is_dashed == dashed:
                steps.append(
                    f"M{axes.x(last.x):.1f} {axes.y(last.number):.1f}"
                    f"L{axes.x(point.x):.1f} {axes.y(point.number):.1f}"
                )
        if steps:
            pattern = f"{size * 0.45:.1f} {size * 0.3:.1f}" if dashed else pattern
            dash = {"stroke_dasharray": pattern} if pattern else {}
            drawing.path(
                "".join(steps), fill="none", stroke=colour, stroke_width=thick,
                stroke_linecap="butt" if dashed else "round", **dash,
            )  # fmt: skip
    if line.role == "variant":
        return
    years = dict(picture.ticks)
    for point in line.points:
        if point.value is None:
            continue
        assumed = line.dashed_from is not None and point.x >= line.dashed_from
        drawing.circle(
            axes.x(point.x), axes.y(point.value), size * 0.3,
            theme.CARD if assumed else colour, stroke=colour, stroke_width=thick * 0.7,
            title=f"{line.name}, {years.get(point.x, point.x)}: {point.text}",
        )  # fmt: skip


def _before(picture: StarterPicture, line: Line) -> LinePoint | None:
    """The observed point one year before the line begins."""
    first = line.points[0].x if line.points else None
    for other in picture.lines:
        if other.role == "observed":
            return next((p for p in other.points if p.x + 1 == first and p.value is not None), None)
    return None


def _numbers(drawing: Drawing, picture: StarterPicture, axes: _Axes, size: float) -> None:
    """The numbers of the counted and the main line at their points, as many as have room; each
    year once."""
    chosen = [line for line in picture.lines if line.role in ("main", "observed")]
    points = {p.x: p for line in sorted(chosen, key=lambda n: n.role != "observed")
              for p in line.points if p.value is not None}  # fmt: skip
    if not points:
        return
    room = (axes.right - axes.left) / max(len(picture.ticks), 1)
    widest = max(text_width(p.text, size) for p in points.values())
    every = max(1, math.ceil((widest + 0.5 * size) / room))
    final = max(points)
    # the years a headline tells of come first, then as many as have room
    assumed = next((line.dashed_from for line in chosen if line.dashed_from), final + 1)
    observed = [
        p.x
        for line in chosen
        if line.role == "observed"
        for p in line.points
        if p.value is not None
    ]
    placed: list[int] = []
    for year in [max(observed, default=final), assumed - 1, final, min(points), *reversed(points)]:
        if year in points and all(abs(year - other) >= every for other in placed):
            placed.append(year)
    for year in placed:
        point = points[year]
        around = [points[other].number for other in (year - 1, year + 1) if other in points]
        # in a valley the line itself stands where the number would
        valley = len(around) == 2 and min(around) > point.number
        below = valley and axes.y(point.number) + 1.7 * size < axes.foot
        drawing.text(
            axes.x(year), axes.y(point.number) + (1.1 if below else -0.95) * size, point.text,
            size=size, anchor="middle", halo=True, bold=True,
        )  # fmt: skip


def _end_label(line: Line, width: float, size: float) -> list[str]:
    """What stands at the end of a line, in lines that leave most of the width to the drawing."""
    known = [p for p in line.points if p.value is not None]
    if line.role == "observed" or not known:
        return []
    label = line.name if line.role == "main" else f"{line.name} {known[-1].text}"
    return wrapped(label, 0.23 * width, size)


def _end_labels(drawing: Drawing, picture: StarterPicture, axes: _Axes, size: float) -> None:
    """The name of each line at its end, moved apart where ends are near each other."""
    found, number = [], 0
    for line in picture.lines:
        known = [p for p in line.points if p.value is not None]
        if line.role == "backtest":
            colour = _BACKTESTS[number % len(_BACKTESTS)]
            number += 1
        else:
            colour = _COLOURS[line.role]
        if known and (label := _end_label(line, drawing.width, size)):
            found.append((axes.y(known[-1].number), label, colour, line.role == "main"))
    found.sort()
    heights = [(0.2 + 1.1 * len(label)) * size for _, label, *_ in found]
    placed = spread([y for y, *_ in found], heights, axes.top, axes.foot)
    for y, (_, label, colour, bold) in zip(placed, found, strict=True):
        for i, text in enumerate(label):
            at = y + (i - (len(label) - 1) / 2) * 1.1 * size
            drawing.text(axes.right + 0.6 * size, at, text, size=size, fill=colour, bold=bold)


# --- grid ---------------------------------------------------------------------------------------


def _columns(grid: Grid, room: float, size: float) -> list[int]:
    """The places of the columns there is room for: all, or on a phone the first and the last ones;
    the table has them all."""
    widest = max((text_width(text, size) for row in grid.rows for text in row.texts), default=0)
    needed = max(widest, text_width("23/24", size)) + 0.5 * size
    most = max(int(room / needed), 2)
    count = len(grid.columns)
    return list(range(count)) if count <= most else [0, *range(count - most + 1, count)]


def _ground(change: float | None) -> str:
    if change is None:
        return theme.CARD
    return next((colour for limit, colour in _GROUNDS if change < limit), _MOST_GROUND)


def _draw_grid(grid: Grid, width: float, height: float | None, size: float, first: int) -> str:
    parts = [row for row in grid.rows if not row.is_whole]
    count = len(parts)
    if height:
        count = capacity(height, stage=size >= theme.FONT_SIZE_STAGE)
    rows = [row for row in grid.rows if row.is_whole] + parts[first : first + count]
    each = _ROW * size
    drawing = Drawing(width, round((len(rows) + 1) * each + (_FOOT + 0.3) * size), grid.alt)
    last_title = "Veränderung"
    names = max((text_width(row.name, size) for row in grid.rows), default=0) + 0.8 * size
    ends = max(
        [text_width(row.change_text, size) for row in grid.rows] + [text_width(last_title, size)]
    )
    names = min(names, width * 0.34)
    room = width - names - ends - 1.6 * size
    shown = _columns(grid, room, size)
    cell = room / max(len(shown), 1)
    middle = each / 2
    short = cell < text_width("2023/24", size) * 0.96
    for place, i in enumerate(shown):
        title = grid.columns[i]
        drawing.text(
            names + (place + 0.5) * cell, middle, title[2:] if short else title, size=size,
            anchor="middle", fill=theme.SECONDARY_TEXT,
        )  # fmt: skip
    drawing.text(width - 2, middle, last_title, size=size, anchor="end", fill=theme.SECONDARY_TEXT)
    for number, row in enumerate(rows, 1):
        top = number * each
        y = top + each / 2
        name = shortened(row.name, names - 0.4 * size, size)
        drawing.text(0, y, name, size=size, bold=row.is_whole, title=row.name)
        for place, i in enumerate(shown):
            text, change = row.texts[i], row.changes[i]
            x = names + place * cell
            if i:
                drawing.rect(x + 1, top + 1, cell - 2, each - 2, _ground(change))
            drawing.text(
                x + cell / 2, y, text, size=size, anchor="middle",
                bold=row.is_whole, fill=theme.TEXT if i else theme.SECONDARY_TEXT,
            )  # fmt: skip
            hit(drawing, (x, top, cell, each), [row.name, grid.columns[i], text])
        drawing.text(width - 2, y, row.change_text, size=size, anchor="end", bold=row.is_whole)
        drawing.line(0, top, width, top, theme.TEXT if number == 1 else theme.GRID)
    foot = (len(rows) + 1) * each + _FOOT * size / 2
    x = 0.0
    for ground, words in ((_GROUNDS[0][1], "weniger"), (_MOST_GROUND, "mehr")):
        drawing.rect(x, foot - 0.5 * size, 1.6 * size, size, ground)
        told = f"{words} als {grid.columns[0]}"
        drawing.text(x + 2.1 * size, foot, told, size=size, fill=theme.SECONDARY_TEXT)
        x += 3.4 * size + text_width(told, size)
    if len(parts) > count:
        others = formats.number(len(parts) - len(parts[first : first + count]))
        page, last = formats.number(first // count + 1), formats.number(-(-len(parts) // count))
        told = f"und {others} weitere: Seite {page} von {last} (blättern mit → und ←)"
        drawing.text(width - 2, foot, told, size=size, anchor="end", fill=theme.SECONDARY_TEXT)
    return drawing.svg()
