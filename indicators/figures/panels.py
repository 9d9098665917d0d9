"""Small trends beside each other as SVG: a panel for each place or category, all on one axis.

Every panel has the same range of values and of years, so that heights and slopes can be compared
at a glance. Lines, gaps and marks are those of `lines`; what is the same everywhere (names of
lines, meaning of marks) is said once above all. A panel without a number keeps its place and says
why.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from indicators import formats
from indicators.figures import axes, lines, style, theme
from indicators.figures.chart import WITHHELD, Chart, Point, Series
from indicators.figures.drawing import Drawing, fitted, shortened, spread, text_width, wrapped
from indicators.figures.lines import LINE, MARK, Frame, LegendRow
from indicators.figures.style import Look

_COLUMNS = 4  # at most; more panels beside each other are no wider than their numbers
_LEAST_WIDE, _LEAST_WIDE_STAGE = 6.0, 4.6  # letters: a narrower plot shows no movement
_LOW, _HIGH = 84, 190  # pixels: height of a plot of which nobody asks for one
_SHAPE = 0.5  # height of such a plot, of its width
_BEST = 1.2  # width by height of a panel on a wall
_LEAST_HIGH, _FLOOR = 64, 44  # pixels: of a plot on a wall, and where even one row has no room
_MARKED = 2  # rows of marks below a plot; of more lines the marks stand in one row
_APART, _BETWEEN = 1.1, 0.7  # letters: between two panels beside and below each other
_PAGE_LINE = 1.5
_TITLE = 2  # lines
_LATE = 0.25  # of the years: a line that begins behind them begins late


@dataclass(frozen=True)
class Panel:
    """One small trend with its `name`. A line that is in several panels has the same name in each.
    `untold` says which lines have no number and why, or why there is none at all."""

    name: str
    series: tuple[Series, ...]
    untold: str = ""

    @property
    def shown(self) -> list[Series]:
        """The series that have a line."""
        return [s for s in self.series if any(p.value is not None for p in s.points)]


@dataclass(frozen=True)
class PanelsPicture:
    """`chart` is what all panels share: ranges, labels of periods, marks, and each line once, in
    the order of the legend. `told` stands in words above all."""

    chart: Chart
    panels: tuple[Panel, ...]
    told: tuple[str, ...] = ()

    @property
    def alt(self) -> str:
        return self.chart.alt

    @property
    def whole(self) -> Chart:
        """All lines of all panels, as for one drawing."""
        return replace(self.chart, series=tuple(s for p in self.panels for s in p.series))

    def chart_of(self, panel: Panel) -> Chart:
        return replace(self.chart, series=panel.series)


def capacity(height: float, *, stage: bool = True) -> int:
    """Pages are counted, not panels: how many fit on one depends on what is said above them."""
    return 1


def pages(picture: PanelsPicture, height: float, *, stage: bool = True) -> int:
    """How many pages of this height the panels need on a wall; at least one."""
    shared = _shared(picture, theme.STAGE_WIDTH, True)
    _, count = _arranged(picture, shared, height)
    return -(-len(picture.panels) // count)


def draw(
    picture: PanelsPicture,
    *,
    width: int,
    height: int | None = None,
    stage: bool = False,
    first: int = 0,
) -> str:
    """The picture as SVG, as high as its panels need; on the stage with a height exactly as high
    and with as many panels as fit, on the page in place `first`."""
    shared = _shared(picture, width, stage)
    columns, count = _arranged(picture, shared, height if stage and height else 0)
    panels = picture.panels[first * count : (first + 1) * count]
    layout = _laid_out(picture, panels, shared, columns, count, height or 0)
    drawing = Drawing(width, layout.height, picture.alt)
    small = shared.small
    lines.draw_legend(drawing, shared.legend, small)
    for i, line in enumerate(shared.told):
        at = shared.head - 0.5 * shared.size - (len(shared.told) - i - 0.5) * LINE * small
        drawing.text(0, at, line, size=small, fill=theme.SECONDARY_TEXT)
    for i, panel in enumerate(panels):
        row, column = divmod(i, columns)
        _draw_panel(drawing, picture, panel, layout, row, column)
    if count < len(picture.panels):
        words = _page_words(picture, first, len(panels), count)
        at = drawing.height - 0.7 * shared.size
        drawing.text(0, at, words, size=shared.size, fill=theme.SECONDARY_TEXT)
    return drawing.svg()


def _page_words(picture: PanelsPicture, page: int, drawn: int, count: int) -> str:
    others = formats.quantity(len(picture.panels) - drawn, "weiteres Bild", "weitere Bilder")
    last = formats.number(-(-len(picture.panels) // count))
    return f"und {others}: Seite {formats.number(page + 1)} von {last} (blättern mit → und ←)"


# --- layout ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Shared:
    """What is measured once for all panels of a width and medium, in pixels. `head` is what legend
    and words take; `gutter` the labels of the axis, `lead` and `tail` the numbers before and behind
    a plot, `below` the labels of periods; `cell` is the least width of a panel with its numbers."""

    width: float
    stage: bool
    size: float
    small: float
    head: float
    legend: list[LegendRow]
    told: list[str]
    looks: dict[str, Look]
    gutter: float
    lead: float
    tail: float
    cell: float
    below: float
    values: tuple[float, float]
    years: tuple[float, float]

    def wide(self, columns: int) -> float:
        return (self.width - self.gutter) / columns


@dataclass(frozen=True)
class _Layout:
    """Where the panels of a page are: `tops` is where each row of them begins, `above` what their
    names take there, `strips` what marks take below a plot."""

    shared: _Shared
    height: float
    wide: float
    lead: float
    plot: float
    tops: list[float]
    above: list[float]
    strips: list[float]


def _shared(picture: PanelsPicture, width: float, stage: bool) -> _Shared:
    size = theme.FONT_SIZE_STAGE if stage else theme.FONT_SIZE
    small = size if stage else theme.FONT_SIZE_SMALL
    whole = picture.whole
    low, highest = axes.value_range(whole)
    low = axes.begin(low, highest, 0) if low > 0 else low
    looks = _looks(picture)
    legend = lines.legend_rows(_entries(picture, looks), width, small)
    words = [*picture.told, *_beginning(low)]
    told = [line for one in words for line in fitted(one, width, small)]
    head = sum(row.height for row in legend) + len(told) * LINE * small
    head += 0.5 * size if head else 0
    gutter, lead, tail = _margins(whole, (low, highest), small)
    least = _LEAST_WIDE_STAGE if stage else _LEAST_WIDE
    cell = lead + tail + (least + _APART) * size
    two = any(axes.on_two_lines(label) != label for _, label in whole.ticks)
    below = ((2 if two else 1) * LINE + 0.15) * small + 0.4 * size
    xs = [x for x, _ in whole.ticks]
    margin = max(max(xs) - min(xs), 1) * 0.015
    years = (min(xs) - margin, max(xs) + margin)
    return _Shared(
        width, stage, size, small, head, legend, told, looks, gutter, lead, tail, cell, below,
        (low, highest), years,
    )  # fmt: skip


def _arranged(picture: PanelsPicture, shared: _Shared, height: float) -> tuple[int, int]:
    """How many panels stand beside each other, and how many on a page: of a height as many columns
    as make panels of a good shape; without one (0) as many as there is room for, in rows of about
    the same length."""
    every = len(picture.panels)
    most = min(every, _COLUMNS)
    with_numbers = max(min(most, int((shared.width - shared.gutter + 1) / shared.cell)), 1)
    if not height:
        return -(-every // -(-every // with_numbers)), every
    room, between = height - shared.head, _BETWEEN * shared.size

    def rows(columns: int) -> int:
        return -(-every // columns)

    def shape(columns: int) -> tuple[bool, float]:
        wide = shared.wide(columns) / (room / rows(columns))
        return columns > with_numbers, abs(math.log(wide / _BEST))

    needed = {columns: _needed(picture, shared, columns) for columns in range(1, most + 1)}
    even = [c for c in needed if c == -(-every // rows(c))]  # 3 and 2 rather than 4 and 1
    fitting = [c for c in even if rows(c) * needed[c] - between <= room]
    if fitting:
        return min(fitting, key=shape), every
    room -= _PAGE_LINE * shared.size
    high = max(int((room + between) / needed[most]), 1)
    pages = -(-every // (most * high))
    columns = -(-every // (pages * high))
    return columns, columns * high


def _needed(picture: PanelsPicture, shared: _Shared, columns: int) -> float:
    """The least height of a row of panels with what stands between two."""
    above = _above(picture.panels, shared, columns)
    strip = _strip(picture, picture.panels, shared.size)
    return above + strip + _LEAST_HIGH + shared.below + _BETWEEN * shared.size


def _laid_out(
    picture: PanelsPicture,
    panels: Sequence[Panel],
    shared: _Shared,
    columns: int,
    count: int,
    height: float,
) -> _Layout:
    """`height` is what must be filled; 0 where the panels are as high as reads well. All pages have
    plots of the same height."""
    wide, size = shared.wide(columns), shared.size
    # in too narrow a panel the axis tells the first numbers
    lead = shared.lead if wide >= shared.cell else 0.3 * shared.small
    rows = [panels[i : i + columns] for i in range(0, len(panels), columns)]
    above = [_above(row, shared, columns) for row in rows]
    strips = [_strip(picture, row, size) for row in rows]
    paged = count < len(picture.panels)
    foot = _PAGE_LINE * size if paged else 0
    plot = min(max(_SHAPE * (wide - lead - shared.tail), _LOW), _HIGH)
    if height:
        number = -(-count // columns) if paged else len(rows)
        taken = sum(above) + sum(strips)
        if paged:
            taken = number * (_needed(picture, shared, columns) - _LEAST_HIGH - shared.below)
            taken -= number * _BETWEEN * size
        taken += number * shared.below + (number - 1) * _BETWEEN * size + shared.head + foot
        plot = max((height - taken) / number, _FLOOR if shared.stage else plot)
    tops, y = [], shared.head
    for one, strip in zip(above, strips, strict=True):
        tops.append(y)
        y += one + plot + strip + shared.below + _BETWEEN * size
    used = y - _BETWEEN * size + foot
    used = max(height, used) if shared.stage else used
    return _Layout(shared, used, wide, lead, plot, tops, above, strips)


def _above(row: Sequence[Panel], shared: _Shared, columns: int) -> float:
    """The height of what stands above the plots of a row of panels."""
    room = shared.wide(columns) - _APART * shared.size
    size, small = shared.size, shared.small
    names = [_names(panel, room, size, small) for panel in row]
    # and half a line for a number at the top of a plot
    heights = [len(name) * LINE * size + len(untold) * LINE * small for name, untold in names]
    return max(heights) + 0.7 * small


def _strip(picture: PanelsPicture, row: Sequence[Panel], size: float) -> float:
    """The height of the marks below the plots of a row of panels."""
    counts = [len(axes.marked(picture.chart_of(panel))) for panel in row]
    rows = max(count if count <= _MARKED else 1 for count in counts)
    return (2 * MARK * size + 3) * rows + 0.5 * size if rows else 0.0


def _looks(picture: PanelsPicture) -> dict[str, Look]:
    """By name, so that a line looks alike in every panel."""
    looks = style.looks(picture.chart)
    return {series.name: look for series, look in zip(picture.chart.series, looks, strict=True)}


def _entries(picture: PanelsPicture, looks: dict[str, Look]) -> list[tuple[Look | str, str]]:
    """What is said once above all panels."""
    chart = picture.chart
    entries: list[tuple[Look | str, str]] = []
    if any(len(panel.series) > 1 for panel in picture.panels):
        drawn = {series.name for panel in picture.panels for series in panel.shown}
        named = [series for series in chart.series if series.name in drawn]
        entries += [(looks[series.name], series.name) for series in named]
    if any(_unknown(panel.shown, chart) for panel in picture.panels):
        entries.append(("gap", axes.NO_NUMBERS))
    entries += [(kind, WITHHELD[kind]) for kind in axes.withheld_reasons(picture.whole)]
    breaks = dict.fromkeys(mark.label for mark in chart.marks if mark.is_break)
    return entries + [("break", label) for label in breaks]


def _beginning(low: float) -> list[str]:
    """Where the axis begins that does not begin at zero."""
    if low <= 0:
        return []
    decimals = next((d for d in range(12) if round(low, d) == low), 2)
    return [f"Alle Achsen beginnen bei {formats.number(low, decimals)}"]


def _margins(whole: Chart, ends: tuple[float, float], small: float) -> tuple[float, float, float]:
    """The room for the labels of the axis, for numbers before a plot and for those behind it."""
    ticks = [text for _, text in axes.value_ticks(*ends, whole.unit_suffix, 4)]
    gutter = max((text_width(text, small, bold=False) for text in ticks), default=0) + 0.4 * small
    first = [
        _number(whole, next(p for p in s.points if p.value is not None)) for s in axes.shown(whole)
    ]
    last = [_number(whole, axes.last_known(s)) for s in axes.shown(whole)]
    lead = max((text_width(text, small) for text in first), default=0) + 0.9 * small
    tail = max((text_width(text, small) for text in last), default=0) + 0.7 * small
    return gutter, lead, tail


def _number(chart: Chart, point: Point) -> str:
    return formats.number(point.number, chart.decimals) + chart.unit_suffix


def _names(panel: Panel, room: float, size: float, small: float) -> tuple[list[str], list[str]]:
    """The name of a panel and what it does not tell, in lines."""
    untold = _few(panel.untold, room, small) if panel.shown and panel.untold else []
    return _few(panel.name, room, size), untold


def _few(words: str, room: float, size: float) -> list[str]:
    """Two lines at most, the second one cut where the words are more."""
    told = wrapped(words, room, size)
    kept = [*told[: _TITLE - 1], " ".join(told[_TITLE - 1 :])] if len(told) > _TITLE else told
    return [shortened(line, room, size) for line in kept]


def _unknown(shown: Sequence[Series], chart: Chart) -> list[tuple[float, float]]:
    """The spans of the shared axis in which no line has a number or a mark."""
    known = sorted(p.x for s in shown for p in s.points if p.value is not None or p.withheld)
    if not known:
        return []
    first, last = chart.ticks[0][0], chart.ticks[-1][0]
    spans = [(a + 0.5, b - 0.5) for a, b in pairwise(known) if b - a > 1.5]
    if known[0] - first > 0.9:
        spans.insert(0, (first, known[0] - 0.5))
    if last - known[-1] > 0.9:
        spans.append((known[-1] + 0.5, last))
    return spans


# --- a panel --------------------------------------------------------------------------------------


def _draw_panel(
    drawing: Drawing,
    picture: PanelsPicture,
    panel: Panel,
    layout: _Layout,
    row: int,
    column: int,
) -> None:
    shared = layout.shared
    size, small = shared.size, shared.small
    left = shared.gutter + column * layout.wide
    wide = layout.wide - _APART * size
    top = layout.tops[row] + layout.above[row]
    edges = (left + layout.lead, left + wide - shared.tail, top, top + layout.plot)
    frame = Frame(*edges, *shared.values, *shared.years, size, small)
    _write_names(drawing, _names(panel, wide, size, small), left, layout.tops[row], shared)
    chart = picture.chart_of(panel)
    for start, end in _unknown(panel.shown, chart):
        x = frame.x(start)
        drawing.rect(x, frame.top, frame.x(end) - x, layout.plot, theme.NO_VALUE)
    _grid(drawing, chart, frame, None if column else shared.gutter - 0.4 * small)
    if not panel.shown:
        _nothing(drawing, panel.untold, (left, top, wide, layout.plot), small)
    foot = frame.foot + layout.strips[row] + 0.4 * size
    _periods(drawing, chart, frame, (left, left + layout.wide - 0.3 * _APART * size), foot)
    if not panel.shown:
        return
    for mark in chart.marks:
        if mark.is_break and any(mark.x in series.breaks for series in panel.series):
            x = frame.x(mark.x)
            drawing.line(x, frame.top, x, frame.foot, **lines.BREAK)
    # the own region is drawn last, on top of all others
    for series in sorted(panel.shown, key=lambda s: shared.looks[s.name].is_own):
        lines.draw_line(drawing, series, shared.looks[series.name], frame, shared.stage)
    _withheld(drawing, chart, shared.looks, frame)
    _numbers(drawing, chart, panel, layout, frame)
    lines.draw_hits(drawing, chart, panel.shown, frame)


def _write_names(
    drawing: Drawing, names: tuple[list[str], list[str]], x: float, y: float, shared: _Shared
) -> None:
    name, untold = names
    for line in name:
        at = y + LINE * shared.size / 2
        drawing.text(x, at, line, size=shared.size, bold=True)
        y += LINE * shared.size
    for line in untold:
        at = y + LINE * shared.small / 2
        drawing.text(x, at, line, size=shared.small, fill=theme.SECONDARY_TEXT)
        y += LINE * shared.small


def _nothing(
    drawing: Drawing, why: str, box: tuple[float, float, float, float], small: float
) -> None:
    """Why a panel has no line, in place of one and of its numbers."""
    left, top, wide, high = box
    drawing.rect(left, top, wide, high, theme.NO_VALUE)
    told = fitted(why or axes.NO_NUMBERS, wide - small, small)
    told = told[: max(int(high / (LINE * small)), 1)]
    for i, line in enumerate(told):
        drawing.text(
            left + wide / 2,
            top + high / 2 + (i - (len(told) - 1) / 2) * LINE * small,
            line,
            size=small,
            anchor="middle",
            fill=theme.SECONDARY_TEXT,
        )


def _grid(drawing: Drawing, chart: Chart, frame: Frame, labels: float | None) -> None:
    """Lines at round values, the same in every panel; their `labels` end here, if it has any."""
    most = min(4.0, (frame.foot - frame.top) / (1.6 * frame.small))
    for value, text in axes.value_ticks(frame.low, frame.high, chart.unit_suffix, most):
        y = frame.y(value)
        colour = theme.FAINTEST_TEXT if value == 0 else theme.GRID
        drawing.line(frame.left, y, frame.right, y, colour)
        if labels is not None:
            fill = theme.SECONDARY_TEXT
            drawing.text(labels, y, text, size=frame.small, anchor="end", fill=fill)


def _periods(
    drawing: Drawing, chart: Chart, frame: Frame, ends: tuple[float, float], top: float
) -> None:
    """The labels of periods below the marks, as many as there is room for between two panels."""
    small, (left, right) = frame.small, ends
    labels = [axes.on_two_lines(label).split("<br>") for _, label in chart.ticks]
    widths = [max(text_width(line, small, bold=False) for line in label) for label in labels]
    places = [
        min(max(frame.x(x), left + width / 2), right - width / 2)
        for (x, _), width in zip(chart.ticks, widths, strict=True)
    ]
    for at in axes.thinned(places, max(widths) + small):
        for i, line in enumerate(labels[at]):
            drawing.text(
                places[at],
                top + (i + 0.5) * LINE * small,
                line,
                size=small,
                anchor="middle",
                fill=theme.SECONDARY_TEXT,
            )


def _withheld(drawing: Drawing, chart: Chart, looks: dict[str, Look], frame: Frame) -> None:
    """A row of marks below the plot for each line; of many lines one row for all."""
    marked = axes.marked(chart)
    # marks of years that stand close together do not cover each other
    each = frame.x(1.0) - frame.x(0.0)
    frame = replace(frame, size=min(frame.size, max(each / (2.2 * MARK), 0.6 * frame.size)))
    if len(marked) <= _MARKED:
        lines.draw_withheld(drawing, chart, {s: looks[s.name] for s in chart.series}, frame)
        return
    seen = {p.x: p for s in reversed(marked) for p in s.points if p.withheld}
    points = tuple(seen[x] for x in sorted(seen))
    known = next(p for p in marked[0].points if p.value is not None)
    every = Series(formats.listing([s.name for s in marked]), "category", (*points, known))
    look = {every: Look(theme.SECONDARY_TEXT, theme.LINE)}
    lines.draw_withheld(drawing, replace(chart, series=(every,)), look, frame)


def _numbers(drawing: Drawing, chart: Chart, panel: Panel, layout: _Layout, frame: Frame) -> None:
    """First and last value of each line, before and behind the plot, led to their points where
    they had to move; of more lines than there is room for, those of the highest and the lowest."""
    for behind in (False, True):
        numbered = layout.lead > layout.shared.small
        if not behind and not numbered:
            continue
        ends = _ends(panel, layout.shared.looks, frame, behind, numbered)
        if not ends:
            continue
        high = LINE * frame.small
        top, foot = frame.top - 0.5 * high, frame.foot + 0.4 * frame.small
        if len(ends) * high > foot - top:
            ends = [ends[0], ends[-1]]
        wanted = [frame.y(point.number) for point, _ in ends]
        places = spread(wanted, [high] * len(ends), top, foot)
        for (point, look), at, wish in zip(ends, places, wanted, strict=True):
            _write_number(drawing, _number(chart, point), point, look, (at, wish), frame, behind)


def _ends(
    panel: Panel, looks: dict[str, Look], frame: Frame, behind: bool, numbered: bool
) -> list[tuple[Point, Look]]:
    """The last points of the lines, or the first, the highest first; a single one is told on the
    side it is nearer to, if there are numbers on both (`numbered`). Of several lines one that
    begins late has no number before the plot: it would be read as that of the first year, and what
    leads to it would cross the others."""
    found = []
    for series in panel.shown:
        known = [p for p in series.points if p.value is not None]
        late = len(panel.shown) > 1 and known[0].x > frame.first + _LATE * (
            frame.last - frame.first
        )
        if len(known) == 1 and numbered:
            told = behind == (known[0].x >= (frame.first + frame.last) / 2)
        else:
            told = behind or (len(known) > 1 and not late)
        if told:
            found.append((known[-1 if behind else 0], looks[series.name]))
    return sorted(found, key=lambda end: -end[0].number)


def _write_number(
    drawing: Drawing,
    text: str,
    point: Point,
    look: Look,
    heights: tuple[float, float],
    frame: Frame,
    behind: bool,
) -> None:
    at, wish = heights
    edge = frame.right if behind else frame.left
    aside = 1 if behind else -1
    x = frame.x(point.x)
    if abs(at - wish) > 0.7 * frame.small or abs(edge - x) > 1.5 * frame.small:
        drawing.path(
            f"M{x + aside * 5:.1f} {wish:.1f}L{edge + aside * 0.3 * frame.small:.1f} {at:.1f}",
            fill="none",
            stroke=look.colour,
            stroke_width=0.75,
            stroke_opacity=0.6,
        )
    drawing.text(
        edge + aside * 0.5 * frame.small,
        at,
        text,
        size=frame.small,
        anchor="start" if behind else "end",
        fill=style.readable(look.colour),
        bold=behind,
    )
