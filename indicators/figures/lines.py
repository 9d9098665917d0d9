"""Lines over time as SVG: direct names at the lines' ends, words in gaps, marks for what is hidden.

Laid out for the width at hand. Where there is room, each line is named at its end; on a narrow
drawing a legend above names them and only values stand at the ends. A year whose number is
withheld has a mark below the plot, without a height that could be read as a value; years of which
nobody knows anything are shaded and say so. A series without any number is told in words.
"""

from dataclasses import dataclass

from indicators import formats
from indicators.figures import axes, style, theme
from indicators.figures.chart import WITHHELD, Chart, Mark, Point, Series
from indicators.figures.drawing import Drawing, hit, spread, text_width, wrapped
from indicators.figures.style import Look

_LINE = 1.25  # height of a line of text, in letters
_NAMED = 34  # letters: a narrower drawing has no room for names at the lines' ends
_NAMES = 0.32  # of the width at most are for them
_SAMPLE = 2.6  # of a line in the legend, in letters
_MARK = 0.42  # half the height of a mark below the plot, in letters
_LEAST_PLOT = 110


@dataclass(frozen=True)
class _Ending:
    """What stands at a line's end: its lines of text, in the line's colour."""

    point: Point
    lines: tuple[str, ...]
    look: Look


@dataclass(frozen=True)
class _Frame:
    """Where things are, in pixels: the plot's edges and how values and positions become them."""

    left: float
    right: float
    top: float
    foot: float
    low: float
    high: float
    first: float
    last: float
    size: float
    small: float

    def x(self, at: float) -> float:
        return self.left + (at - self.first) / (self.last - self.first) * (self.right - self.left)

    def y(self, value: float) -> float:
        return self.foot - (value - self.low) / (self.high - self.low) * (self.foot - self.top)


def draw(chart: Chart, *, width: int, height: int | None = None, stage: bool = False) -> str:
    """The chart as SVG. Without a height it is as high as reads well at its width; with one it is
    never lower than its legend and the least plot need."""
    size = theme.FONT_SIZE_STAGE if stage else theme.FONT_SIZE
    small = size if stage else theme.FONT_SIZE_SMALL
    shown = axes.shown(chart)
    looks = dict(zip(chart.series, style.looks(chart), strict=True))
    named = width >= _NAMED * size
    legend = _legend_rows(chart, looks, width, small, named)
    untold = _without_numbers(chart, width, small)
    strip = (2 * _MARK * size + 3) * len(axes.marked(chart))
    strip += 0.5 * size if strip else 0
    ticks_room = (
        (2 if any(axes.on_two_lines(t) != t for _, t in chart.ticks) else 1) * _LINE * small
    )
    above = sum(row.height for row in legend) + (0.5 * size if legend else 0)
    below = strip + ticks_room + 0.4 * size + len(untold) * _LINE * small
    wanted = height or round(min(max(0.46 * width, 220), 400) + above)
    height = max(wanted, round(above + below + _LEAST_PLOT))
    drawing = Drawing(width, height, chart.alt)
    if not shown:
        _nothing(drawing, untold or [axes.NO_NUMBERS], height, size)
        return drawing.svg()
    endings = _endings(chart, shown, looks, width, size, named)
    frame, marks = _framed(chart, endings, width, height, above, below, size, small, named)
    _draw_legend(drawing, legend, small)
    _grid(drawing, chart, frame)
    _gaps(drawing, chart, frame)
    _marks(drawing, marks, frame)
    # the own region is drawn last, on top of all others
    for series in sorted(shown, key=lambda s: looks[s].is_own):
        _line(drawing, series, looks[series], frame, stage)
    _withheld(drawing, chart, looks, frame, strip)
    _name_endings(drawing, endings, frame)
    _periods(drawing, chart, frame, height, len(untold))
    for i, line in enumerate(untold):
        y = height - (len(untold) - i - 0.5) * _LINE * small
        drawing.text(0, y, line, size=small, fill=theme.SECONDARY_TEXT)
    _hits(drawing, chart, shown, frame)
    return drawing.svg()


# --- what stands around the plot ------------------------------------------------------------------


@dataclass(frozen=True)
class _Row:
    """A row of the legend: where each entry begins, its sample (a look, a reason or a gap) and its
    words."""

    entries: tuple[tuple[float, Look | str, str], ...]
    height: float


def _legend_rows(
    chart: Chart, looks: dict[Series, Look], width: float, size: float, named: bool
) -> list[_Row]:
    """The entries in rows: names of lines where these cannot be named at their ends, what marks
    mean, and that years are missing where the gap has no room for the words."""
    entries: list[tuple[Look | str, str]] = []
    shown = axes.shown(chart)
    if not named and len(shown) > 1:
        entries += [(looks[s], s.short or s.name) for s in shown]
    if axes.gaps(chart) and not named:
        entries.append(("gap", axes.NO_NUMBERS))
    entries += [(kind, WITHHELD[kind]) for kind in axes.withheld_reasons(chart)]
    rows: list[list[tuple[float, Look | str, str]]] = []
    at = 0.0
    for sample, words in entries:
        taken = (_SAMPLE + 1.6) * size + text_width(words, size)
        if not rows or at + taken > width:
            rows.append([])
            at = 0.0
        rows[-1].append((at, sample, words))
        at += taken
    return [_Row(tuple(row), 1.5 * size) for row in rows]


def _draw_legend(drawing: Drawing, rows: list[_Row], size: float) -> None:
    y = 0.0
    for row in rows:
        y += row.height
        middle = y - row.height / 2
        for x, sample, words in row.entries:
            if isinstance(sample, Look):
                _sample(drawing, x, middle, sample, size)
            elif sample == "gap":
                drawing.rect(x, middle - 0.45 * size, _SAMPLE * size, 0.9 * size, theme.NO_VALUE)
            else:
                _mark(drawing, x + _SAMPLE * size / 2, middle, sample, theme.SECONDARY_TEXT, size)
            drawing.text(x + (_SAMPLE + 0.5) * size, middle, words, size=size)


def _sample(drawing: Drawing, x: float, y: float, look: Look, size: float) -> None:
    drawing.line(x, y, x + _SAMPLE * size, y, look.colour, **_stroke(look, look.width))
    drawing.marker(x + _SAMPLE * size / 2, y, look.marker, 4, look.colour)


def _without_numbers(chart: Chart, width: float, size: float) -> list[str]:
    """In lines of text: the series that have no number at all, each with the reason."""
    told = []
    for series in chart.series:
        if series.points and all(p.value is None for p in series.points):
            reasons = dict.fromkeys(p.text for p in reversed(series.points))
            told += wrapped(f"{series.name}: {', '.join(list(reasons)[:2])}", width, size)
    return told


def _nothing(drawing: Drawing, lines: list[str], height: float, size: float) -> None:
    for i, line in enumerate(lines):
        y = height / 2 + (i - (len(lines) - 1) / 2) * _LINE * size
        drawing.text(
            drawing.width / 2, y, line, size=size, anchor="middle", fill=theme.SECONDARY_TEXT
        )


def _endings(
    chart: Chart,
    shown: list[Series],
    looks: dict[Series, Look],
    width: float,
    size: float,
    named: bool,
) -> list[_Ending]:
    """Name and value of each line where it is named at its end; else the value."""
    final = max(x for x, _ in chart.ticks)
    found = []
    for series in shown:
        last = axes.last_known(series)
        number = formats.number(last.number, chart.decimals) + chart.unit_suffix
        if not named:
            lines = [number]
        else:
            when = "" if last.x == final else f" ({last.label})"
            name = "" if len(shown) == 1 and len(chart.series) == 1 else series.short or series.name
            lines = wrapped(f"{name} {number}{when}".strip(), _NAMES * width, size)
        found.append(_Ending(last, tuple(lines), looks[series]))
    return found


def _framed(
    chart: Chart,
    endings: list[_Ending],
    width: float,
    height: float,
    above: float,
    below: float,
    size: float,
    small: float,
    named: bool,
) -> tuple[_Frame, list]:
    """The frame of the plot, and the words of events placed in it."""
    low, highest = axes.value_range(chart)
    plot = height - above - below
    if low > 0:
        low = axes.begin(low, highest, (small + 8) / max(plot, 1))
    texts = [text for _, text in axes.value_ticks(low, highest, chart.unit_suffix)]
    left = max(text_width(text, small, bold=False) for text in texts) + 0.7 * small
    ends = max(text_width(line, size) for e in endings for line in e.lines)
    right = width - ends - 0.9 * size
    xs = [x for x, _ in chart.ticks]
    first, last = min(xs), max(xs)
    margin = max(last - first, 1) * 0.015
    first, last = first - margin, last + margin
    if first == last:
        last += 1
    low_card = not named and height < 300
    marks = [mark for mark in chart.marks if mark.is_break or not low_card]
    placed, taken = axes.placed_words(marks, (first, last), right - left, small)
    # the words of events stand above the lines, as far as that leaves enough for these
    share = min(taken / max(plot, 1), 0.36)
    high = highest + (highest - low) * share / (1 - share)
    # half a line for the topmost label of the axis
    top = above + 0.6 * small
    frame = _Frame(left, right, top, height - below, low, high, first, last, size, small)
    return frame, placed


def _grid(drawing: Drawing, chart: Chart, frame: _Frame) -> None:
    _, highest = axes.value_range(chart)
    for value, text in axes.value_ticks(frame.low, highest, chart.unit_suffix):
        y = frame.y(value)
        colour = theme.FAINTEST_TEXT if value == 0 else theme.GRID
        drawing.line(frame.left, y, frame.right, y, colour)
        drawing.text(
            frame.left - 0.5 * frame.small,
            y,
            text,
            size=frame.small,
            anchor="end",
            fill=theme.SECONDARY_TEXT,
        )
    if frame.low > 0:
        decimals = next(d for d in range(12) if round(frame.low, d) == frame.low)
        drawing.text(
            frame.left + 2,
            frame.foot - 0.7 * frame.small,
            f"Achse beginnt bei {formats.number(frame.low, decimals)}",
            size=frame.small,
            fill=theme.SECONDARY_TEXT,
            halo=True,
        )


def _gaps(drawing: Drawing, chart: Chart, frame: _Frame) -> None:
    """Shades the years for which no line has anything, and says so where there is room."""
    for left, right in axes.gaps(chart):
        x, end = frame.x(left.x + 0.5), frame.x(right.x - 0.5)
        drawing.rect(x, frame.top, end - x, frame.foot - frame.top, theme.NO_VALUE)
        lines = wrapped(axes.missing_words(left.label, right.label), end - x - 6, frame.small)
        if max(text_width(line, frame.small) for line in lines) > end - x - 4:
            continue
        for i, line in enumerate(lines):
            drawing.text(
                (x + end) / 2,
                frame.foot - (len(lines) - i + (1 if frame.low > 0 else 0)) * _LINE * frame.small,
                line,
                size=frame.small,
                anchor="middle",
                fill=theme.SECONDARY_TEXT,
            )


def _marks(drawing: Drawing, placed: list[tuple[Mark, list[str], float, bool]], frame: _Frame):
    """Events and breaks: thin dashed lines with their words at the top."""
    for mark, *_ in placed:
        x = frame.x(mark.x)
        drawing.line(x, frame.top, x, frame.foot, theme.FAINTEST_TEXT, stroke_dasharray="4 4")
    for mark, lines, top, on_left in placed:
        x = frame.x(mark.x) + (-4 if on_left else 4)
        for i, line in enumerate(lines):
            drawing.text(
                x,
                frame.top + top + (i + 0.6) * frame.small * axes.LINE_HEIGHT,
                line,
                size=frame.small,
                anchor="end" if on_left else "start",
                fill=theme.FAINTEST_TEXT,
                halo=True,
            )


# --- lines and marks ------------------------------------------------------------------------------


def _stroke(look: Look, width: float) -> dict:
    dash = {"stroke_dasharray": " ".join(map(str, look.dash))} if look.dash else {}
    return {"stroke_width": width, **dash}


def _line(drawing: Drawing, series: Series, look: Look, frame: _Frame, stage: bool) -> None:
    width = look.width + (1 if stage else 0)
    points = axes.broken(series.points, series.breaks)
    steps: list[str] = []
    before: Point | None = None
    for point in points:
        if point is not None:
            at = f"{frame.x(point.x):.1f} {frame.y(point.number):.1f}"
            steps.append(f"{'L' if before else 'M'}{at}")
        before = point
    drawing.path(
        "".join(steps),
        fill="none",
        stroke=look.colour,
        stroke_linejoin="round",
        **_stroke(look, width),
    )
    last = axes.last_known(series)
    for i, point in enumerate(points):
        if point is None:
            continue
        # a point without neighbours has no line and must be seen all the same
        seen = point is last or axes.is_alone(points, i)
        radius = 4.5 if seen else 2.5 if series.role == "category" else 0
        if radius:
            drawing.marker(
                frame.x(point.x),
                frame.y(point.number),
                look.marker,
                radius * (1.3 if stage else 1),
                look.colour,
            )


def _withheld(
    drawing: Drawing, chart: Chart, looks: dict[Series, Look], frame: _Frame, strip: float
) -> None:
    """A row of marks below the plot for each line with withheld years, in its colour."""
    rows = axes.marked(chart)
    for row, series in enumerate(rows):
        y = frame.foot + 0.35 * frame.size + (row + 0.5) * (2 * _MARK * frame.size + 3)
        for point in series.points:
            if point.withheld:
                _mark(
                    drawing,
                    frame.x(point.x),
                    y,
                    point.withheld,
                    looks[series].colour,
                    frame.size,
                    title=f"{series.name}, {point.label}: {point.text}",
                )


def _mark(
    drawing: Drawing, x: float, y: float, kind: str, colour: str, size: float, title: str = ""
) -> None:
    """The mark of a reason: a square with a dot (protected), a ring (too few cases), a diamond
    (unreliable)."""
    r = _MARK * size
    look = {"fill": "none", "stroke": colour, "stroke_width": size / 9, "title": title}
    if kind == "protected":
        drawing.path(f"M{x - r:.1f} {y - r:.1f}H{x + r:.1f}V{y + r:.1f}H{x - r:.1f}Z", **look)
        drawing.circle(x, y, r / 3.2, colour)
    elif kind == "too_few":
        drawing.circle(x, y, r, "none", **{k: v for k, v in look.items() if k != "fill"})
    else:
        drawing.path(
            f"M{x:.1f} {y - 1.2 * r:.1f}L{x + 1.2 * r:.1f} {y:.1f}L{x:.1f} {y + 1.2 * r:.1f}"
            f"L{x - 1.2 * r:.1f} {y:.1f}Z",
            **look,
        )


def _name_endings(drawing: Drawing, endings: list[_Ending], frame: _Frame) -> None:
    ordered = sorted(endings, key=lambda e: -e.point.number)
    heights = [len(e.lines) * _LINE * frame.size for e in ordered]
    wanted = [frame.y(e.point.number) for e in ordered]
    room = (min(frame.top, wanted[0] - heights[0] / 2), frame.foot + 0.4 * frame.size)
    places = spread(wanted, heights, *room)
    for ending, at, wish in zip(ordered, places, wanted, strict=True):
        x, end = frame.x(ending.point.x), frame.right
        if abs(at - wish) > 0.7 * frame.size or end - x > 1.5 * frame.size:
            # led from the point to its words: moved apart, or the line ends early
            drawing.path(
                f"M{x + 5:.1f} {wish:.1f}L{end + 0.4 * frame.size:.1f} {at:.1f}",
                fill="none",
                stroke=ending.look.colour,
                stroke_width=0.75,
                stroke_opacity=0.6,
            )
        for i, line in enumerate(ending.lines):
            drawing.text(
                end + 0.6 * frame.size,
                at + (i - (len(ending.lines) - 1) / 2) * _LINE * frame.size,
                line,
                size=frame.size,
                fill=style.readable(ending.look.colour),
                bold=ending.look.is_own,
            )


def _periods(drawing: Drawing, chart: Chart, frame: _Frame, height: float, untold: int) -> None:
    """The labels of periods below the plot and its marks, as many as there is room for."""
    split = [(x, axes.on_two_lines(label).split("<br>")) for x, label in chart.ticks]
    widest = max(text_width(line, frame.small, bold=False) for _, lines in split for line in lines)
    most = max((frame.right - frame.left) / (widest + 1.4 * frame.small), 1.2)
    count = max(len(lines) for _, lines in split)
    top = height - untold * _LINE * frame.small - count * _LINE * frame.small
    for x, label in axes.thinned(chart.ticks, most):
        for i, line in enumerate(axes.on_two_lines(label).split("<br>")):
            half = text_width(line, frame.small, bold=False) / 2
            drawing.text(
                max(frame.x(x), half),
                top + (i + 0.5) * _LINE * frame.small,
                line,
                size=frame.small,
                anchor="middle",
                fill=theme.SECONDARY_TEXT,
            )


def _hits(drawing: Drawing, chart: Chart, shown: list[Series], frame: _Frame) -> None:
    """Over each period an unseen column that says all its values, for pointers and keys."""
    at: dict[float, list[tuple[Series, Point]]] = {}
    for series in shown:
        for point in series.points:
            at.setdefault(point.x, []).append((series, point))
    for x, found in sorted(at.items()):
        left, right = max(frame.x(x - 0.5), frame.left), min(frame.x(x + 0.5), frame.right)
        words = [f"{series.name}: {point.text}" for series, point in found]
        hit(
            drawing,
            (left, frame.top, right - left, frame.foot - frame.top),
            [found[0][1].label, *words],
            frame.x(x),
        )
