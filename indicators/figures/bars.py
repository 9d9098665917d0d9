"""Bars as SVG: one category a row with its name and its value; where there is no number the reason
stands in its place, so that no category disappears."""

from indicators.figures import axes, style, theme
from indicators.figures.chart import Chart, Point, Series
from indicators.figures.drawing import Drawing, hit, text_width, wrapped

_LINE = 1.25  # height of a line of text, in letters
_BESIDE = 30  # letters: in a narrower drawing the name stands above its bar
_NAMES = 0.38  # of the width at most are for names beside bars
_BAR = 1.1  # height of a bar, in letters
_GAP = 0.75  # between two rows
_MOST = 2.2  # so many times its usual height a row of a given height may grow


def draw(chart: Chart, *, width: int, height: int | None = None, stage: bool = False) -> str:
    """The chart as SVG, as high as its rows need; with a height its rows are spread over it."""
    size = theme.FONT_SIZE_STAGE if stage else theme.FONT_SIZE
    rows = [(series, point) for series in chart.series for point in series.points]
    beside = width >= _BESIDE * size
    room = _NAMES * width if beside else width
    names = {at: wrapped(label, room, size) for at, label in chart.ticks}
    named = max(
        (text_width(n, size, bold=False) for lines in names.values() for n in lines), default=0
    )
    left = named + 0.8 * size if beside else 0.0
    heights = [_height(names.get(point.x, [""]), beside, size) for _, point in rows]
    stretch = 1.0
    if height and heights:
        stretch = min(max(height / sum(heights), 0.7 if stage else 1.0), _MOST)
    drawing = Drawing(width, max(sum(heights) * stretch, 2 * size), chart.alt)
    low, high = axes.value_range(chart)
    low = min(low, 0.0)
    numbers = max((text_width(p.text, size) for _, p in rows if p.value is not None), default=0)
    per_unit = max(width - left - numbers - 0.6 * size, 2 * size) / ((high - low) or 1)
    y = 0.0
    for (series, point), own_height in zip(rows, heights, strict=True):
        taken = own_height * stretch
        _row(drawing, series, point, names.get(point.x, [""]), beside, left, y, taken, size)
        middle = _middle(names.get(point.x, [""]), beside, y, taken, size)
        _bar(drawing, series, point, left - low * per_unit, per_unit, middle, stretch, size)
        hit(drawing, (0, y, width, taken), [series.name, point.text])
        y += taken
    return drawing.svg()


def _height(lines: list[str], beside: bool, size: float) -> float:
    words = len(lines) * _LINE * size
    return (max(words, _BAR * size) if beside else words + _BAR * size) + _GAP * size


def _middle(lines: list[str], beside: bool, y: float, taken: float, size: float) -> float:
    """Where the middle of the bar is."""
    return y + taken / 2 if beside else y + (len(lines) * _LINE + _BAR / 2) * size


def _row(
    drawing: Drawing,
    series: Series,
    point: Point,
    lines: list[str],
    beside: bool,
    left: float,
    y: float,
    taken: float,
    size: float,
) -> None:
    """The name of a row: beside its bar, aligned to it, or above."""
    first = y + taken / 2 - (len(lines) - 1) / 2 * _LINE * size if beside else y + 0.6 * size
    for i, line in enumerate(lines):
        drawing.text(
            left - 0.8 * size if beside else 0,
            first + i * _LINE * size,
            line,
            size=size,
            anchor="end" if beside else "start",
            bold=series.role == "own",
        )


def _bar(
    drawing: Drawing,
    series: Series,
    point: Point,
    zero: float,
    per_unit: float,
    middle: float,
    stretch: float,
    size: float,
) -> None:
    if point.value is None:
        at = zero
        if point.withheld:
            drawing.rect(zero, middle - 0.4 * size, 1.6 * size, 0.8 * size, drawing.hatching())
            at += 2.1 * size
        drawing.text(at, middle, point.text, size=size, fill=theme.SECONDARY_TEXT)
        return
    start, end = sorted((zero, zero + point.value * per_unit))
    thick = _BAR * size * min(stretch, 1.6)
    colour = series.colour or style.role_colour(series.role)
    if point.value:
        drawing.rect(start, middle - thick / 2, max(end - start, 1.5), thick, colour)
    drawing.text(end + 0.45 * size, middle, point.text, size=size, bold=True)
