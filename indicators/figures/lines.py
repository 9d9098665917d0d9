"""Lines over time as SVG: direct names at the lines' ends, words in gaps, marks for what is hidden.

Laid out for the width at hand. Where there is room, each line is named at its end; on a narrow
drawing a legend above names them and only values stand at the ends. A year whose number is
withheld has a mark below the plot, without a height that could be read as a value; years of which
nobody knows anything are shaded and say so. A series without any number is told in words.

Long because all is measured before anything is drawn: what lays out and what draws must agree on
every height.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial

from indicators import formats
from indicators.figures import axes, broken_axis, flags, style, theme
from indicators.figures.chart import WITHHELD, Chart, Mark, Point, Series
from indicators.figures.drawing import Drawing, fitted, hit, spread, text_width, wrapped
from indicators.figures.style import Look

LINE = 1.25  # height of a line of text, in letters
_NAMED = 34  # letters: a narrower drawing has no room for names at the lines' ends
_NAMES = 0.32  # of the width at most are for them
_SAMPLE = 2.6  # of a line in the legend, in letters
MARK = 0.42  # half the height of a mark below the plot, in letters
_LEAST_PLOT = 110
_LOW = 300  # pixels: a card with a legend and less has no room for events; breaks stay
_MOST_WORDS = 0.45  # of the height of a plot at most are for the words of events
_MOST_FLAGS = 0.3  # of it, before the town's events have only numbers
_MOST_IN_GAP = 3  # lines
_SHORT = 4  # years: in a shorter time that leaves out years, each point has its number
BREAK = {"stroke": theme.FAINTEST_TEXT, "stroke_dasharray": "4 4"}  # an upright line


@dataclass(frozen=True)
class _Ending:
    """What stands at a line's end: its lines of text, in the line's colour."""

    point: Point
    lines: tuple[str, ...]
    look: Look


@dataclass(frozen=True)
class Frame:
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
    never lower than its legend, its words and the least plot need."""
    size = theme.FONT_SIZE_STAGE if stage else theme.FONT_SIZE
    chart, cuts = broken_axis.shortened(chart)
    shown = axes.shown(chart)
    if not shown:
        return _nothing(chart, width, height, size)
    small = size if stage else theme.FONT_SIZE_SMALL
    usual = min(max(0.46 * width, 220), 400)
    named = width >= _NAMED * size
    lay_out = partial(_laid_out, chart, width, height, usual, size, small, bool(cuts))
    layout = lay_out(named, gaps_told=True)
    if named and layout.endings_height > layout.frame.foot - layout.frame.top:
        named = False  # names that would cover each other stand in a legend
        layout = lay_out(named, gaps_told=True)
    if not _gaps_fit(chart, layout):
        layout = lay_out(named, gaps_told=False)
    drawing = Drawing(width, layout.height, chart.alt)
    frame, looks = layout.frame, _looks(chart)
    draw_legend(drawing, layout.legend, small)
    _shades(drawing, chart, frame)
    _grid(drawing, chart, layout)
    _cuts(drawing, cuts, frame)
    if layout.gaps_told:
        _gap_words(drawing, chart, frame)
    places = [frame.x(mark.x) for mark, *_ in layout.marks]
    flags.draw_marks(drawing, layout.marks, places, (frame.top, frame.foot), small)
    # the own region is drawn last, on top of all others
    for series in sorted(shown, key=lambda s: looks[s].is_own):
        draw_line(drawing, series, looks[series], frame, stage)
    draw_withheld(drawing, chart, looks, frame)
    if cuts:
        _single_numbers(drawing, chart, looks, frame)
    _name_endings(drawing, chart, layout.endings, frame)
    _periods(drawing, chart, layout)
    for i, line in enumerate(layout.untold):
        y = layout.height - (len(layout.untold) - i - 0.5) * LINE * small
        drawing.text(0, y, line, size=small, fill=theme.SECONDARY_TEXT)
    draw_hits(drawing, chart, shown, frame)
    return drawing.svg()


@dataclass(frozen=True)
class _Layout:
    """All that is measured before anything is drawn. `gaps_told`: the words for years of which
    nobody knows anything stand in their gaps, else in the legend; `above` are the pixels that the
    words of events take."""

    height: float
    frame: Frame
    legend: list["LegendRow"]
    untold: list[str]
    endings: list[_Ending]
    marks: list[tuple[Mark, list[str], float, bool]]
    above: float
    gaps_told: bool

    @property
    def endings_height(self) -> float:
        return sum(len(e.lines) for e in self.endings) * LINE * self.frame.size


def _laid_out(
    chart: Chart,
    width: float,
    height: float | None,
    usual: float,
    size: float,
    small: float,
    is_cut: bool,
    named: bool,
    gaps_told: bool,
) -> _Layout:
    """`usual` is the height of a drawing without a height, below its legend; where years are left
    out (`is_cut`), single points have room beside them."""
    looks = _looks(chart)
    legend = _legend_rows(chart, looks, width, small, named, gaps_told)
    untold = _without_numbers(chart, width, small)
    strip = (2 * MARK * size + 3) * len(axes.marked(chart))
    strip += 0.5 * size if strip else 0
    rows = 2 if any(axes.on_two_lines(label) != label for _, label in chart.ticks) else 1
    head = sum(row.height for row in legend) + (0.5 * size if legend else 0)
    # letters of a browser are a little higher than a line, hence what is added to the rows
    below = strip + (rows * LINE + 0.15) * small + 0.4 * size + len(untold) * LINE * small
    wanted = height or round(usual + head)
    endings = _endings(chart, looks, width, size, named)
    left, right = _edges(chart, endings, width, size, small)
    first, last = _years(chart, is_cut)
    low_card = not named and wanted < _LOW
    shown_marks = [
        # a low card has no room for words, but the town's flags need only their numbers
        replace(mark, label="") if low_card and mark.number else mark
        for mark in chart.marks
        if mark.is_break or mark.number or not low_card
    ]
    most = _MOST_FLAGS * max(wanted - head - below, _LEAST_PLOT)
    marks, above = axes.flagged(shown_marks, (first, last), right - left, small, most)
    # half a line for the topmost label of the axis
    top = head + 0.6 * small
    least = max(_LEAST_PLOT, above / _MOST_WORDS)
    if not named:
        least = max(least, len(endings) * LINE * size)
    height = max(wanted, round(top + below + least))
    plot = height - below - top
    low, highest = axes.value_range(chart)
    if low > 0:
        lines = len(_beginning(low, right - left, small))
        low = axes.begin(low, highest, (lines * LINE * small + 5) / plot)
    # the words of events stand above the lines
    share = above / plot
    high = highest + (highest - low) * share / (1 - share)
    frame = Frame(left, right, top, height - below, low, high, first, last, size, small)
    return _Layout(height, frame, legend, untold, endings, marks, above, gaps_told)


def _looks(chart: Chart) -> dict[Series, Look]:
    return dict(zip(chart.series, style.looks(chart), strict=True))


def _edges(
    chart: Chart, endings: list[_Ending], width: float, size: float, small: float
) -> tuple[float, float]:
    """Where the plot begins, behind the labels of its axis, and ends, before those of its lines."""
    texts = [text for _, text in axes.value_ticks(*axes.value_range(chart), chart.unit_suffix)]
    left = max((text_width(text, small, bold=False) for text in texts), default=0) + 0.7 * small
    ends = max(text_width(line, size) for e in endings for line in e.lines)
    return left, width - ends - 0.9 * size


def _years(chart: Chart, is_cut: bool) -> tuple[float, float]:
    xs = [x for x, _ in chart.ticks]
    first, last = min(xs), max(xs)
    margin = max(last - first, 1) * (0.12 if is_cut and last - first < _SHORT else 0.015)
    return first - margin, last + margin


# --- what stands around the plot ------------------------------------------------------------------


@dataclass(frozen=True)
class LegendRow:
    """A row of the legend: where each entry begins, its sample (a look, a reason or a gap) and its
    words, in more than one line only where a row has a single entry."""

    entries: tuple[tuple[float, Look | str, list[str]], ...]
    height: float


def _legend_rows(
    chart: Chart, looks: dict[Series, Look], width: float, size: float, named: bool, gaps_told: bool
) -> list[LegendRow]:
    """Names of lines where these cannot be named at their ends, what marks mean, and that years are
    missing where the gap has no room for the words."""
    entries: list[tuple[Look | str, str]] = []
    shown = axes.shown(chart)
    if not named and len(chart.series) > 1:
        entries += [(looks[s], s.short or s.name) for s in shown]
    if axes.gaps(chart) and not gaps_told:
        entries.append(("gap", axes.NO_NUMBERS))
    entries += [(kind, WITHHELD[kind]) for kind in axes.withheld_reasons(chart)]
    return legend_rows(entries, width, size)


def legend_rows(
    entries: Iterable[tuple[Look | str, str]], width: float, size: float
) -> list[LegendRow]:
    """The entries of a legend, each a sample and its words, in rows of at most this width."""
    rows: list[list[tuple[float, Look | str, list[str]]]] = []
    at = 0.0
    for sample, words in entries:
        before = (_SAMPLE + 0.5) * size
        lines = fitted(words, width - before, size)
        taken = before + max(text_width(line, size) for line in lines)
        if not rows or at + taken > width or len(lines) > 1:
            rows.append([])
            at = 0.0
        rows[-1].append((at, sample, lines))
        at += taken + 1.1 * size if len(lines) == 1 else width
    return [
        LegendRow(tuple(row), (1.5 + LINE * (max(len(lines) for *_, lines in row) - 1)) * size)
        for row in rows
    ]


def draw_legend(drawing: Drawing, rows: list[LegendRow], size: float) -> None:
    y = 0.0
    for row in rows:
        first = y + 0.75 * size
        for x, sample, lines in row.entries:
            if isinstance(sample, Look):
                _sample(drawing, x, first, sample, size)
            elif sample == "gap":
                drawing.rect(x, first - 0.45 * size, _SAMPLE * size, 0.9 * size, theme.NO_VALUE)
            elif sample == "break":
                at = x + _SAMPLE * size / 2
                drawing.line(at, first - 0.6 * size, at, first + 0.6 * size, **flags.UPRIGHT)
            else:
                draw_mark(
                    drawing, x + _SAMPLE * size / 2, first, sample, theme.SECONDARY_TEXT, size
                )
            for i, line in enumerate(lines):
                at = first + i * LINE * size
                drawing.text(x + (_SAMPLE + 0.5) * size, at, line, size=size)
        y += row.height


def _sample(drawing: Drawing, x: float, y: float, look: Look, size: float) -> None:
    drawing.line(x, y, x + _SAMPLE * size, y, look.colour, **_stroke(look, look.width))
    drawing.marker(x + _SAMPLE * size / 2, y, look.marker, 4, look.colour)


def _without_numbers(chart: Chart, width: float, size: float) -> list[str]:
    """In lines of text: the series that have no number at all, each with the reason."""
    told = []
    for series in chart.series:
        if all(p.value is None for p in series.points):
            reasons = dict.fromkeys(p.text for p in reversed(series.points))
            words = ", ".join(list(reasons)[:2]) or axes.NO_NUMBERS
            told += fitted(f"{series.name}: {words}", width, size)
    return told


def _nothing(chart: Chart, width: float, height: float | None, size: float) -> str:
    """A drawing without any line: which series there are, and why they have no number."""
    lines = _without_numbers(chart, width, size) or [axes.NO_NUMBERS]
    needed = len(lines) * LINE * size
    drawing = Drawing(width, max(height or 0, _LEAST_PLOT, round(needed + size)), chart.alt)
    for i, line in enumerate(lines):
        y = drawing.height / 2 + (i - (len(lines) - 1) / 2) * LINE * size
        drawing.text(width / 2, y, line, size=size, anchor="middle", fill=theme.SECONDARY_TEXT)
    return drawing.svg()


def _endings(
    chart: Chart, looks: dict[Series, Look], width: float, size: float, named: bool
) -> list[_Ending]:
    """Name and value of each line where it is named at its end; else the value."""
    shown = axes.shown(chart)
    found = []
    for series in shown:
        last = axes.last_known(series)
        number = formats.number(last.number, chart.decimals) + chart.unit_suffix
        if not named:
            lines = [f"Ziel {number}" if series.is_target else number]
        elif series.is_target:
            lines = wrapped(series.name, _NAMES * width, size)
        else:
            when = "" if last.x == chart.last else f" ({last.label})"
            alone = len(chart.series) == 1
            name = "" if alone else series.short or series.name
            lines = wrapped(f"{name} {number}{when}".strip(), _NAMES * width, size)
        found.append(_Ending(last, tuple(lines), looks[series]))
    return found


def _grid(drawing: Drawing, chart: Chart, layout: _Layout) -> None:
    frame, small = layout.frame, layout.frame.small
    _, highest = axes.value_range(chart)
    most = min(5.0, (frame.foot - frame.y(highest)) / (1.5 * small))
    for value, text in axes.value_ticks(frame.low, highest, chart.unit_suffix, most):
        y = frame.y(value)
        colour = theme.FAINTEST_TEXT if value == 0 else theme.GRID
        drawing.line(frame.left, y, frame.right, y, colour)
        drawing.text(
            frame.left - 0.5 * small, y, text, size=small, anchor="end", fill=theme.SECONDARY_TEXT
        )
    lines = _beginning(frame.low, frame.right - frame.left, small)
    for i, line in enumerate(lines):
        at = frame.foot - 0.7 * small - (len(lines) - 1 - i) * LINE * small
        fill = theme.SECONDARY_TEXT
        drawing.text(frame.left + 2, at, line, size=small, fill=fill, halo=True)


def _cuts(drawing: Drawing, cuts: tuple[float, ...], frame: Frame) -> None:
    """Where the axis of time leaves out years: two strokes over its line."""
    half = 0.45 * frame.small
    for at in cuts:
        x = frame.x(at)
        drawing.rect(x - half, frame.foot - 2, 2 * half, 4, theme.NO_VALUE)
        for edge in (x - half, x + half):
            drawing.line(
                edge - 0.4 * half, frame.foot + half, edge + 0.4 * half, frame.foot - half,
                theme.SECONDARY_TEXT, stroke_width=1.5,
            )  # fmt: skip


def _beginning(low: float, width: float, size: float) -> list[str]:
    """In lines of text: where an axis begins that does not begin at zero."""
    if low <= 0:
        return []
    decimals = next((d for d in range(12) if round(low, d) == low), 2)
    return wrapped(f"Achse beginnt bei {formats.number(low, decimals)}", width - 2, size)


def _gap_lines(chart: Chart, frame: Frame) -> list[tuple[float, float, list[str]]]:
    """The edges of each gap and what is said in it."""
    found = []
    for left, right in axes.gaps(chart):
        x, end = frame.x(left.x + 0.5), frame.x(right.x - 0.5)
        words = axes.missing_words(left.label, right.label)
        lines = [words]
        if text_width(words, frame.small) > end - x - 6:
            years = words.removesuffix(f" {axes.NO_NUMBERS}")
            lines = [*wrapped(years, end - x - 6, frame.small), axes.NO_NUMBERS]
        found.append((x, end, lines))
    return found


def _gaps_fit(chart: Chart, layout: _Layout) -> bool:
    """Whether every gap has room for its words, below those of events."""
    frame = layout.frame
    room = frame.foot - frame.top - layout.above
    below = len(_beginning(frame.low, frame.right - frame.left, frame.small))
    return all(
        max(text_width(line, frame.small) for line in lines) <= end - x - 4
        and len(lines) <= _MOST_IN_GAP
        and (len(lines) + below + 1) * LINE * frame.small <= room
        for x, end, lines in _gap_lines(chart, frame)
    )


def _shades(drawing: Drawing, chart: Chart, frame: Frame) -> None:
    for x, end, _ in _gap_lines(chart, frame):
        drawing.rect(x, frame.top, end - x, frame.foot - frame.top, theme.NO_VALUE)


def _gap_words(drawing: Drawing, chart: Chart, frame: Frame) -> None:
    below = len(_beginning(frame.low, frame.right - frame.left, frame.small))
    for x, end, lines in _gap_lines(chart, frame):
        for i, line in enumerate(lines):
            drawing.text(
                (x + end) / 2,
                frame.foot - (len(lines) - i + below) * LINE * frame.small,
                line,
                size=frame.small,
                anchor="middle",
                fill=theme.SECONDARY_TEXT,
            )


# --- lines and marks ------------------------------------------------------------------------------


def _stroke(look: Look, width: float) -> dict:
    dash = {"stroke_dasharray": " ".join(map(str, look.dash))} if look.dash else {}
    return {"stroke_width": width, **dash}


def draw_line(drawing: Drawing, series: Series, look: Look, frame: Frame, stage: bool) -> None:
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


def draw_withheld(drawing: Drawing, chart: Chart, looks: dict[Series, Look], frame: Frame) -> None:
    """A row of marks below the plot for each line with withheld years, in its colour."""
    rows = axes.marked(chart)
    for row, series in enumerate(rows):
        y = frame.foot + 0.35 * frame.size + (row + 0.5) * (2 * MARK * frame.size + 3)
        for point in series.points:
            if point.withheld:
                draw_mark(
                    drawing,
                    frame.x(point.x),
                    y,
                    point.withheld,
                    looks[series].colour,
                    frame.size,
                    title=f"{series.name}, {point.label}: {point.text}",
                )


def draw_mark(
    drawing: Drawing, x: float, y: float, kind: str, colour: str, size: float, title: str = ""
) -> None:
    """The mark of a reason: a square with a dot (protected), a ring (too few cases), a diamond
    (unreliable)."""
    r = MARK * size
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


def _single_numbers(
    drawing: Drawing, chart: Chart, looks: dict[Series, Look], frame: Frame
) -> None:
    """Beside points without a line, but for the last of each line, their numbers."""
    found = []
    for series in axes.shown(chart):
        points = axes.broken(series.points, series.breaks)
        ends = axes.last_known(series)
        found += [
            (point.x, point.number, point.text, looks[series])
            for i, point in enumerate(points)
            if point is not None and point is not ends and axes.is_alone(points, i)
        ]
    for at in dict.fromkeys(x for x, *_ in found):
        here = sorted((one for one in found if one[0] == at), key=lambda one: -one[1])
        wanted = [frame.y(number) for _, number, *_ in here]
        places = spread(wanted, [LINE * frame.size] * len(here), frame.top, frame.foot)
        for y, (x, _, text, look) in zip(places, here, strict=True):
            left = frame.x(x) + 0.7 * frame.size
            fill = style.readable(look.colour)
            drawing.text(left, y, text, size=frame.size, fill=fill, bold=look.is_own, halo=True)


def _name_endings(drawing: Drawing, chart: Chart, endings: list[_Ending], frame: Frame) -> None:
    ordered = sorted(endings, key=lambda e: -e.point.number)
    heights = [len(e.lines) * LINE * frame.size for e in ordered]
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
                # across years that are still to come it must not look like a line of values
                **({"stroke_dasharray": "1 6"} if chart.until is not None else {}),
            )
        for i, line in enumerate(ending.lines):
            drawing.text(
                end + 0.6 * frame.size,
                at + (i - (len(ending.lines) - 1) / 2) * LINE * frame.size,
                line,
                size=frame.size,
                fill=style.readable(ending.look.colour),
                bold=ending.look.is_own,
            )


def _periods(drawing: Drawing, chart: Chart, layout: _Layout) -> None:
    """The labels of periods below the plot and its marks."""
    small = layout.frame.small
    rows = max(axes.on_two_lines(label).count("<br>") + 1 for _, label in chart.ticks)
    top = layout.height - (len(layout.untold) + rows) * LINE * small - 0.15 * small
    draw_periods(drawing, chart, layout.frame, (0.0, drawing.width), top, 1.2 * small)


def draw_periods(
    drawing: Drawing,
    chart: Chart,
    frame: Frame,
    ends: tuple[float, float],
    top: float,
    apart: float,
) -> None:
    """The labels of periods from `top` down, as many as there is room for between two ends where
    they stand so far `apart`."""
    small, (left, right) = frame.small, ends
    labels = [axes.on_two_lines(label).split("<br>") for _, label in chart.ticks]
    widths = [max(text_width(line, small, bold=False) for line in lines) for lines in labels]
    places = [
        min(max(frame.x(x), left + width / 2), right - width / 2)
        for (x, _), width in zip(chart.ticks, widths, strict=True)
    ]
    for at in axes.thinned(places, max(widths) + apart):
        for i, line in enumerate(labels[at]):
            drawing.text(
                places[at],
                top + (i + 0.5) * LINE * small,
                line,
                size=small,
                anchor="middle",
                fill=theme.SECONDARY_TEXT,
            )


def draw_hits(drawing: Drawing, chart: Chart, shown: list[Series], frame: Frame) -> None:
    """Over each period an unseen column that says all its values, for pointers and keys."""
    at: dict[float, list[tuple[Series, Point]]] = {}
    for series in shown:
        for point in series.points:
            # years without anything before the first and after the last number are not on the axis
            if frame.first <= point.x <= frame.last:
                at.setdefault(point.x, []).append((series, point))
    for x, found in sorted(at.items()):
        left, right = max(frame.x(x - 0.5), frame.left), min(frame.x(x + 0.5), frame.right)
        words = [f"{series.name}: {point.text}" for series, point in found]
        hit(
            drawing,
            (left, frame.top, right - left, frame.foot - frame.top),
            [found[0][1].label, *words],
            frame.x(x),
            [None if point.value is None else frame.y(point.value) for _, point in found],
        )
