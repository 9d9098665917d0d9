"""Bars as SVG: one category a row with its name and its value; where there is no number the reason
stands in its place, so that no category disappears. Many zeros would push apart what there is:
they are named together below."""

from dataclasses import dataclass, replace

from indicators.figures import axes, style, theme
from indicators.figures.chart import Chart, Point, Series
from indicators.figures.drawing import Drawing, fitted, hit, shortened, text_width

_LINE = 1.25  # height of a line of text, in letters
_BESIDE = 30  # letters: in a narrower drawing the name stands above its bar
_NAMES = 0.38  # of the width at most are for names beside bars
_BAR = 1.1  # height of a bar, in letters
_GAP = 0.75  # between two rows
_LEAST_GAP = 0.3  # where a given height is low
_MOST = 2.2  # so many times its usual height a row of a given height may grow
_ZEROS = 4  # so many of them are named together


@dataclass(frozen=True)
class _Row:
    """A category with the lines of its name."""

    series: Series
    point: Point
    lines: list[str]


@dataclass(frozen=True)
class _Frame:
    """Where bars begin and how long a unit is, in pixels; `gap` stands between two rows and `thick`
    are all bars."""

    width: float
    left: float
    zero: float
    per_unit: float
    gap: float
    thick: float
    beside: bool
    size: float

    def height(self, row: _Row) -> float:
        words = len(row.lines) * _LINE * self.size
        return (max(words, self.thick) if self.beside else words + self.thick) + self.gap


def draw(chart: Chart, *, width: int, height: int | None = None, stage: bool = False) -> str:
    """The chart as SVG, as high as its rows need; with a height its rows are spread over it."""
    size = theme.FONT_SIZE_STAGE if stage else theme.FONT_SIZE
    beside = width >= _BESIDE * size
    names = dict(chart.ticks)
    every = [(s, p, names.get(p.x) or s.name) for s in chart.series for p in s.points]
    zeros = [(name, p.text) for _, p, name in every if p.value == 0]
    told: list[str] = []
    if len(zeros) >= _ZEROS and len({text for _, text in zeros}) == 1:
        words = f"Jeweils {zeros[0][1]}: {', '.join(name for name, _ in zeros)}"
        told = fitted(words, width, size)
        every = [one for one in every if one[1].value != 0]
    room = _NAMES * width if beside else width
    rows = [_Row(series, point, fitted(name, room, size)) for series, point, name in every]
    below = (len(told) * _LINE + _GAP / 2) * size if told else 0.0
    frame = _framed(chart, rows, width, (height or 0) - below, beside, size)
    taken = sum(frame.height(row) for row in rows)
    drawing = Drawing(width, max(taken + below, 2 * size), chart.alt)
    if beside and rows:
        drawing.line(frame.zero, 0, frame.zero, taken, theme.GRID)
    y = 0.0
    for row in rows:
        high = frame.height(row)
        middle = _name(drawing, row, frame, y, high)
        _bar(drawing, row, frame, middle)
        hit(drawing, (0, y, width, high), [row.series.name, row.point.text])
        y += high
    for i, line in enumerate(told):
        at = y + below - (len(told) - i - 0.5) * _LINE * size
        drawing.text(0, at, line, size=size, fill=theme.SECONDARY_TEXT)
    if told:
        hit(drawing, (0, y, width, below), [zeros[0][1], *(name for name, _ in zeros)])
    return drawing.svg()


def _framed(
    chart: Chart, rows: list[_Row], width: float, height: float, beside: bool, size: float
) -> _Frame:
    """With a height rows stand farther apart, and in too low a one nearer together."""
    bold = [row.series.role == "own" for row in rows]
    named = max(
        (
            text_width(line, size, bold=own)
            for row, own in zip(rows, bold, strict=True)
            for line in row.lines
        ),
        default=0,
    )
    left = named + 0.8 * size if beside else 0.0
    low, high = axes.value_range(chart)
    low, high = min(low, 0.0), max(high, 0.0)
    numbers = max((text_width(r.point.text, size) for r in rows), default=0)
    per_unit = max(width - left - numbers - 0.6 * size, 2 * size) / ((high - low) or 1)
    zero = left - low * per_unit
    usual = _Frame(width, left, zero, per_unit, _GAP * size, _BAR * size, beside, size)
    if height <= 0 or not rows:
        return usual
    stretch = min(height / sum(usual.height(row) for row in rows), _MOST)
    thick = usual.thick * min(max(stretch, 1), 1.6)
    bare = replace(usual, gap=0.0, thick=thick)
    gap = (height - sum(bare.height(row) for row in rows)) / len(rows)
    return replace(bare, gap=min(max(gap, _LEAST_GAP * size), _MOST * size))


def _name(drawing: Drawing, row: _Row, frame: _Frame, y: float, high: float) -> float:
    """Writes the name of a row beside its bar, aligned to it, or above; returns the middle of the
    bar."""
    size, count = frame.size, len(row.lines)
    y += frame.gap / 2
    middle = y + (high - frame.gap) / 2
    first = middle - (count - 1) / 2 * _LINE * size if frame.beside else y + 0.6 * size
    for i, line in enumerate(row.lines):
        drawing.text(
            frame.left - 0.8 * size if frame.beside else 0,
            first + i * _LINE * size,
            line,
            size=size,
            anchor="end" if frame.beside else "start",
            bold=row.series.role == "own",
        )
    return middle if frame.beside else y + count * _LINE * size + frame.thick / 2


def _bar(drawing: Drawing, row: _Row, frame: _Frame, middle: float) -> None:
    point, size = row.point, frame.size
    if point.value is None:
        at = frame.zero + 0.45 * size
        if point.withheld:
            sample = (frame.zero, middle - 0.4 * size, 1.6 * size, 0.8 * size)
            drawing.rect(*sample, drawing.hatching())
            at += 1.6 * size
        _value(drawing, frame, at, middle, point.text, theme.SECONDARY_TEXT, bold=False)
        return
    start, end = sorted((frame.zero, frame.zero + point.value * frame.per_unit))
    colour = row.series.colour or style.role_colour(row.series.role)
    if point.value:
        top = middle - frame.thick / 2
        drawing.rect(start, top, max(end - start, 1.5), frame.thick, colour)
    _value(drawing, frame, end + 0.45 * size, middle, point.text, theme.TEXT, bold=True)


def _value(
    drawing: Drawing, frame: _Frame, at: float, y: float, words: str, fill: str, bold: bool
) -> None:
    """Behind the bar, or upon its end where a narrow drawing has no room for it."""
    words = shortened(words, frame.width - frame.left, frame.size)
    at = min(at, frame.width - text_width(words, frame.size, bold=bold))
    drawing.text(at, y, words, size=frame.size, fill=fill, bold=bold, halo=True)
