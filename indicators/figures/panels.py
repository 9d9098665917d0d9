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
_BEST = 1.5  # width by height of a panel on a wall
_STAGE_HEAD, _STAGE_ROW = 70, 165  # pixels: legend and page line, least height of a row
_MARKED = 2  # rows of marks below a plot; of more lines the marks stand in one row
_APART = 1.1  # between two panels, in letters
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


def _stage_rows(height: float) -> int:
    return max(int((height - _STAGE_HEAD) / _STAGE_ROW), 1)


def capacity(height: float, *, stage: bool = True) -> int:
    """How many panels a page of a wall of this height has room for."""
    return _COLUMNS * _stage_rows(height)


def pages(picture: PanelsPicture, height: float, *, stage: bool = True) -> int:
    """How many pages of this height the panels need; at least one."""
    return max(-(-len(picture.panels) // capacity(height)), 1)


def draw(
    picture: PanelsPicture,
    *,
    width: int,
    height: int | None = None,
    stage: bool = False,
    first: int = 0,
) -> str:
    """The picture as SVG. It is as high as its panels need, on the stage with a height exactly as
    high: then with as many panels, from the one in place `first` on, as there is room for."""
    size = theme.FONT_SIZE_STAGE if stage else theme.FONT_SIZE
    count = capacity(height) if stage and height else len(picture.panels)
    panels = picture.panels[first : first + count]
    paged = len(panels) < len(picture.panels)
    room = (height or 0) - (1.5 * size if paged else 0)
    layout = _laid_out(picture, panels, width, room, stage, paged)
    drawing = Drawing(width, layout.height + (1.5 * size if paged else 0), picture.alt)
    lines.draw_legend(drawing, layout.legend, layout.small)
    for i, line in enumerate(layout.told):
        at = layout.head - 0.5 * size - (len(layout.told) - i - 0.5) * LINE * layout.small
        drawing.text(0, at, line, size=layout.small, fill=theme.SECONDARY_TEXT)
    for i, panel in enumerate(panels):
        row, column = divmod(i, layout.columns)
        _draw_panel(drawing, picture, panel, layout, row, column, stage)
    if paged:
        drawing.text(
            0,
            drawing.height - 0.7 * size,
            _page_words(picture, first, len(panels), count),
            size=size,
            fill=theme.SECONDARY_TEXT,
        )
    return drawing.svg()


def _page_words(picture: PanelsPicture, first: int, drawn: int, count: int) -> str:
    others = formats.quantity(len(picture.panels) - drawn, "weiteres Bild", "weitere Bilder")
    page, last = first // count + 1, -(-len(picture.panels) // count)
    return (
        f"und {others}: Seite {formats.number(page)} von {formats.number(last)} "
        "(blättern mit → und ←)"
    )


# --- layout ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Layout:
    """All that is measured before anything is drawn, in pixels. A cell is a panel with all around
    it; `lead` and `tail` are the room for numbers left and right of its plot, `tops` is where each
    row of cells begins, `above` what names take there, `strips` what marks take below a plot."""

    size: float
    small: float
    height: float
    head: float
    legend: list[LegendRow]
    told: list[str]
    looks: dict[str, Look]
    columns: int
    gutter: float
    wide: float
    lead: float
    tail: float
    tops: list[float]
    above: list[float]
    plot: float
    strips: list[float]
    range: tuple[float, float]
    ends: tuple[float, float]
    names: dict[Panel, tuple[list[str], list[str]]]


def _laid_out(
    picture: PanelsPicture,
    panels: Sequence[Panel],
    width: float,
    height: float,
    stage: bool,
    paged: bool,
) -> _Layout:
    """`height` is what must be filled; 0 where the panels are as high as reads well."""
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
    columns = _columns(len(panels), width - gutter, cell, height - head if stage else 0, paged)
    wide = (width - gutter) / columns
    if wide < cell:  # too narrow for the first numbers, which the axis tells
        lead = 0.3 * small
    names = {panel: _names(panel, wide - _APART * size, size, small) for panel in panels}
    rows = [panels[i : i + columns] for i in range(0, len(panels), columns)]
    above = [max(_name_height(names[panel], size, small) for panel in row) for row in rows]
    strips = [_strip(picture, row, size) for row in rows]
    two = any(axes.on_two_lines(label) != label for _, label in whole.ticks)
    below = ((2 if two else 1) * LINE + 0.15) * small + 0.4 * size
    between = 0.7 * size
    plot = min(max(_SHAPE * (wide - lead - tail), _LOW), _HIGH)
    count = _stage_rows(height) if stage and height and paged else len(rows)
    taken = head + sum(above) + sum(strips) + count * below + (count - 1) * between
    taken += (count - len(rows)) * (max(above) + max(strips))
    if height:
        filled = (height - taken) / count
        plot = max(filled, 2 * size) if stage else max(filled, plot)
    tops, y = [], head
    for one, strip in zip(above, strips, strict=True):
        tops.append(y)
        y += one + plot + strip + below + between
    used = max(height, y - between) if stage else y - between
    xs = [x for x, _ in whole.ticks]
    margin = max(max(xs) - min(xs), 1) * 0.015
    return _Layout(
        size, small, used, head, legend, told, looks, columns, gutter, wide, lead, tail, tops,
        above, plot, strips, (low, highest), (min(xs) - margin, max(xs) + margin), names,
    )  # fmt: skip


def _strip(picture: PanelsPicture, row: Sequence[Panel], size: float) -> float:
    """The height of the marks below the plots of a row of panels."""
    counts = [len(axes.marked(picture.chart_of(panel))) for panel in row]
    rows = max(count if count <= _MARKED else 1 for count in counts)
    return (2 * MARK * size + 3) * rows + 0.5 * size if rows else 0.0


def _columns(count: int, width: float, cell: float, height: float, paged: bool) -> int:
    """How many panels stand beside each other where each needs `cell` pixels: of a height those
    that make panels of a good shape; without one as many as fit, in rows of about the same
    length."""
    if paged:
        return _COLUMNS
    most = max(min(count, _COLUMNS, int((width + 1) / cell)), 1)
    if height <= 0:
        return -(-count // -(-count // most))

    def shape(columns: int) -> float:
        rows = -(-count // columns)
        return abs(math.log(width / columns / (height / rows) / _BEST))

    fitting = [c for c in range(1, most + 1) if -(-count // c) * _STAGE_ROW <= height]
    return min(fitting or [most], key=shape)


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


def _name_height(names: tuple[list[str], list[str]], size: float, small: float) -> float:
    name, untold = names
    # half a line for a number at the top of the plot
    return len(name) * LINE * size + len(untold) * LINE * small + 0.7 * small


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
    stage: bool,
) -> None:
    size, small = layout.size, layout.small
    left = layout.gutter + column * layout.wide
    top = layout.tops[row] + layout.above[row]
    right = left + layout.wide - layout.tail - _APART * size
    frame = Frame(
        left + layout.lead, right, top, top + layout.plot, *layout.range, *layout.ends, size, small
    )
    _write_names(drawing, layout.names[panel], left, layout.tops[row], layout)
    chart = picture.chart_of(panel)
    if not panel.shown:
        wide = layout.wide - _APART * size
        _nothing(drawing, panel.untold, (left, top, wide, layout.plot), small)
    else:
        for start, end in _unknown(panel.shown, chart):
            x = frame.x(start)
            drawing.rect(x, frame.top, frame.x(end) - x, layout.plot, theme.NO_VALUE)
    _grid(drawing, chart, frame, None if column else layout.gutter - 0.4 * small)
    foot = frame.foot + layout.strips[row] + 0.4 * size
    ends = (left, left + layout.wide - 0.3 * _APART * size)
    _periods(drawing, chart, frame, ends, foot)
    if not panel.shown:
        return
    for mark in chart.marks:
        if mark.is_break and any(mark.x in series.breaks for series in panel.series):
            x = frame.x(mark.x)
            drawing.line(x, frame.top, x, frame.foot, **lines.BREAK)
    # the own region is drawn last, on top of all others
    for series in sorted(panel.shown, key=lambda s: layout.looks[s.name].is_own):
        lines.draw_line(drawing, series, layout.looks[series.name], frame, stage)
    _withheld(drawing, chart, layout.looks, frame)
    _numbers(drawing, chart, panel, layout, frame)
    lines.draw_hits(drawing, chart, panel.shown, frame)


def _write_names(
    drawing: Drawing, names: tuple[list[str], list[str]], x: float, y: float, layout: _Layout
) -> None:
    name, untold = names
    for line in name:
        at = y + LINE * layout.size / 2
        drawing.text(x, at, line, size=layout.size, bold=True)
        y += LINE * layout.size
    for line in untold:
        at = y + LINE * layout.small / 2
        drawing.text(x, at, line, size=layout.small, fill=theme.SECONDARY_TEXT)
        y += LINE * layout.small


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
        if not behind and layout.lead < layout.small:
            continue
        ends = _ends(panel, layout.looks, frame, behind)
        high = LINE * frame.small
        top, foot = frame.top - 0.5 * high, frame.foot + 0.4 * frame.small
        if len(ends) * high > foot - top:
            ends = [ends[0], ends[-1]]
        wanted = [frame.y(point.number) for point, _ in ends]
        places = spread(wanted, [high] * len(ends), top, foot)
        for (point, look), at, wish in zip(ends, places, wanted, strict=True):
            _write_number(drawing, _number(chart, point), point, look, (at, wish), frame, behind)


def _ends(
    panel: Panel, looks: dict[str, Look], frame: Frame, behind: bool
) -> list[tuple[Point, Look]]:
    """The last points of the lines, or the first of those with more than one, the highest first.
    Of several lines one that begins late has no number before the plot: it would be read as that
    of the first year, and what leads to it would cross the others."""
    found = []
    for series in panel.shown:
        known = [p for p in series.points if p.value is not None]
        late = len(panel.shown) > 1 and known[0].x > frame.first + _LATE * (
            frame.last - frame.first
        )
        if behind or (len(known) > 1 and not late):
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
