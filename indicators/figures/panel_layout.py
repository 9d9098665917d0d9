"""Where panels stand: how many beside each other and on a page, what is measured for all of them.

All is laid out before anything is drawn, so that every panel has a plot of the same size.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from indicators import formats
from indicators.figures import axes, lines, style, theme
from indicators.figures.chart import WITHHELD, Chart, Mark, Point, Series
from indicators.figures.drawing import fitted, shortened, text_width, wrapped
from indicators.figures.lines import LINE, MARK, LegendRow
from indicators.figures.style import Look

_COLUMNS = 4  # at most; more panels beside each other are no wider than their numbers
_LEAST_WIDE, _LEAST_WIDE_STAGE = 6.0, 4.6  # letters: a narrower plot shows no movement
_LOW, _HIGH = 84, 190  # pixels: height of a plot of which nobody asks for one
_SHAPE = 0.5  # height of such a plot, of its width
_BEST = 1.2  # width by height of a panel on a wall
_LEAST_HIGH, _FLOOR = 64, 44  # pixels: of a plot on a wall, and where even one row has no room
MOST_MARKED = 2  # rows of marks below a plot; of more lines the marks stand in one row
APART, _BETWEEN = 1.1, 0.7  # letters: between two panels beside and below each other
_PAGE_LINE = 1.5
_TITLE = 2  # lines


@dataclass(frozen=True)
class Panel:
    """One small trend with its `name`. A line that is in several panels has the same name in each.
    `untold` says which lines have no number and why, or why there is none at all; `marks` are the
    flags of this panel alone."""

    name: str
    series: tuple[Series, ...]
    untold: str = ""
    marks: tuple[Mark, ...] = ()

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


@dataclass(frozen=True)
class Shared:
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
class Layout:
    """Where the panels of a page are: `tops` is where each row of them begins, `above` what their
    names take there, `strips` what marks take below a plot."""

    shared: Shared
    height: float
    wide: float
    lead: float
    plot: float
    tops: list[float]
    above: list[float]
    strips: list[float]


def measured(picture: PanelsPicture, width: float, stage: bool) -> Shared:
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
    cell = lead + tail + (least + APART) * size
    two = any(axes.on_two_lines(label) != label for _, label in whole.ticks)
    below = ((2 if two else 1) * LINE + 0.15) * small + 0.4 * size
    xs = [x for x, _ in whole.ticks]
    margin = max(max(xs) - min(xs), 1) * 0.015
    years = (min(xs) - margin, max(xs) + margin)
    return Shared(
        width, stage, size, small, head, legend, told, looks, gutter, lead, tail, cell, below,
        (low, highest), years,
    )  # fmt: skip


def arranged(picture: PanelsPicture, shared: Shared, height: float) -> tuple[int, int]:
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


def _needed(picture: PanelsPicture, shared: Shared, columns: int) -> float:
    """The least height of a row of panels with what stands between two."""
    above = _above(picture.panels, shared, columns)
    strip = _strip(picture, picture.panels, shared.size)
    return above + strip + _LEAST_HIGH + shared.below + _BETWEEN * shared.size


def laid_out(
    picture: PanelsPicture,
    panels: Sequence[Panel],
    shared: Shared,
    columns: int,
    count: int,
    height: float,
) -> Layout:
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
    return Layout(shared, used, wide, lead, plot, tops, above, strips)


def _above(row: Sequence[Panel], shared: Shared, columns: int) -> float:
    """The height of what stands above the plots of a row of panels."""
    room = shared.wide(columns) - APART * shared.size
    size, small = shared.size, shared.small
    names = [names_of(panel, room, size, small) for panel in row]
    # and half a line for a number at the top of a plot
    heights = [len(name) * LINE * size + len(untold) * LINE * small for name, untold in names]
    return max(heights) + 0.7 * small


def _strip(picture: PanelsPicture, row: Sequence[Panel], size: float) -> float:
    """The height of the marks below the plots of a row of panels."""
    counts = [len(axes.marked(picture.chart_of(panel))) for panel in row]
    rows = max(count if count <= MOST_MARKED else 1 for count in counts)
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
    if any(unknown(panel.shown, chart) for panel in picture.panels):
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
    shown = axes.shown(whole)
    first = [number_of(whole, next(p for p in s.points if p.value is not None)) for s in shown]
    last = [number_of(whole, axes.last_known(s)) for s in shown]
    lead = max((text_width(text, small) for text in first), default=0) + 0.9 * small
    tail = max((text_width(text, small) for text in last), default=0) + 0.7 * small
    return gutter, lead, tail


def number_of(chart: Chart, point: Point) -> str:
    return formats.number(point.number, chart.decimals) + chart.unit_suffix


def names_of(panel: Panel, room: float, size: float, small: float) -> tuple[list[str], list[str]]:
    """The name of a panel and what it does not tell, in lines."""
    untold = _few(panel.untold, room, small) if panel.shown and panel.untold else []
    return _few(panel.name, room, size), untold


def _few(words: str, room: float, size: float) -> list[str]:
    """Two lines at most, the second one cut where the words are more."""
    told = wrapped(words, room, size)
    kept = [*told[: _TITLE - 1], " ".join(told[_TITLE - 1 :])] if len(told) > _TITLE else told
    return [shortened(line, room, size) for line in kept]


def unknown(shown: Sequence[Series], chart: Chart) -> list[tuple[float, float]]:
    """The spans of the shared axis in which no line has a number or a mark."""
    counted = [s for s in shown if not s.is_target]
    known = sorted(p.x for s in counted for p in s.points if p.value is not None or p.withheld)
    if not known:
        return []
    first, last = chart.ticks[0][0], chart.last
    spans = [(a + 0.5, b - 0.5) for a, b in pairwise(known) if b - a > 1.5]
    if known[0] - first > 0.9:
        spans.insert(0, (first, known[0] - 0.5))
    if last - known[-1] > 0.9:
        spans.append((known[-1] + 0.5, last))
    return spans
