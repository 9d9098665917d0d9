"""Small trends beside each other as SVG: a panel for each place or category, all on one axis.

Every panel has the same range of values and of years, so that heights and slopes can be compared
at a glance. Lines, gaps and marks are those of `lines`; what is the same everywhere (names of
lines, meaning of marks) is said once above all. A panel without a number keeps its place and says
why.
"""

from dataclasses import replace

from indicators import formats
from indicators.figures import axes, flags, lines, style, theme
from indicators.figures.chart import Chart, Point, Series
from indicators.figures.drawing import Drawing, fitted, spread
from indicators.figures.lines import LINE, MARK, Frame, draw_periods
from indicators.figures.panel_layout import (
    APART,
    MOST_MARKED,
    Layout,
    Panel,
    PanelsPicture,
    Shared,
    arranged,
    laid_out,
    measured,
    names_of,
    number_of,
    unknown,
)
from indicators.figures.style import Look

_LATE = 0.25  # of the years: a line that begins behind them begins late


def capacity(height: float, *, stage: bool = True) -> int:
    """Pages are counted, not panels: how many fit on one depends on what is said above them."""
    return 1


def pages(picture: PanelsPicture, height: float, *, stage: bool = True) -> int:
    """How many pages of this height the panels need on a wall; at least one."""
    shared = measured(picture, theme.STAGE_WIDTH, True)
    _, count = arranged(picture, shared, height)
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
    shared = measured(picture, width, stage)
    columns, count = arranged(picture, shared, height if stage and height else 0)
    panels = picture.panels[first * count : (first + 1) * count]
    layout = laid_out(picture, panels, shared, columns, count, height or 0)
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


def _draw_panel(
    drawing: Drawing,
    picture: PanelsPicture,
    panel: Panel,
    layout: Layout,
    row: int,
    column: int,
) -> None:
    shared = layout.shared
    size, small = shared.size, shared.small
    left = shared.gutter + column * layout.wide
    wide = layout.wide - APART * size
    top = layout.tops[row] + layout.above[row]
    edges = (left + layout.lead, left + wide - shared.tail, top, top + layout.plot)
    frame = Frame(*edges, *shared.values, *shared.years, size, small)
    _write_names(drawing, names_of(panel, wide, size, small), left, layout.tops[row], shared)
    chart = picture.chart_of(panel)
    for start, end in unknown(panel.shown, chart):
        x = frame.x(start)
        drawing.rect(x, frame.top, frame.x(end) - x, layout.plot, theme.NO_VALUE)
    _grid(drawing, chart, frame, None if column else shared.gutter - 0.4 * small)
    if not panel.shown:
        _nothing(drawing, panel.untold, (left, top, wide, layout.plot), small)
    foot = frame.foot + layout.strips[row] + 0.4 * size
    ends = (left, left + layout.wide - 0.3 * APART * size)
    draw_periods(drawing, chart, frame, ends, foot, frame.small)
    if not panel.shown:
        return
    for mark in chart.marks:
        if mark.is_break and any(mark.x in series.breaks for series in panel.series):
            x = frame.x(mark.x)
            drawing.line(x, frame.top, x, frame.foot, **flags.UPRIGHT)
    _flags(drawing, panel, frame)
    # the own region is drawn last, on top of all others
    for series in sorted(panel.shown, key=lambda s: shared.looks[s.name].is_own):
        lines.draw_line(drawing, series, shared.looks[series.name], frame, shared.stage)
    _withheld(drawing, chart, shared.looks, frame)
    _numbers(drawing, chart, panel, layout, frame)
    lines.draw_hits(drawing, chart, panel.shown, frame)


def _flags(drawing: Drawing, panel: Panel, frame: Frame) -> None:
    """The numbers of the town's events: a panel has no room for their words."""
    silent = [replace(mark, label="") for mark in panel.marks]
    ends = (frame.first, frame.last)
    placed, _ = axes.placed_words(silent, ends, frame.right - frame.left, frame.small)
    places = [frame.x(mark.x) for mark, *_ in placed]
    edges = (frame.top, frame.foot)
    flags.draw_marks(drawing, placed, places, edges, frame.small)


def _write_names(
    drawing: Drawing, names: tuple[list[str], list[str]], x: float, y: float, shared: Shared
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


def _withheld(drawing: Drawing, chart: Chart, looks: dict[str, Look], frame: Frame) -> None:
    """A row of marks below the plot for each line; of many lines one row for all."""
    marked = axes.marked(chart)
    # marks of years that stand close together do not cover each other
    each = frame.x(1.0) - frame.x(0.0)
    frame = replace(frame, size=min(frame.size, max(each / (2.2 * MARK), 0.6 * frame.size)))
    if len(marked) <= MOST_MARKED:
        lines.draw_withheld(drawing, chart, {s: looks[s.name] for s in chart.series}, frame)
        return
    seen = {p.x: p for s in reversed(marked) for p in s.points if p.withheld}
    points = tuple(seen[x] for x in sorted(seen))
    known = next(p for p in marked[0].points if p.value is not None)
    every = Series(formats.listing([s.name for s in marked]), "category", (*points, known))
    look = {every: Look(theme.SECONDARY_TEXT, theme.LINE)}
    lines.draw_withheld(drawing, replace(chart, series=(every,)), look, frame)


def _numbers(drawing: Drawing, chart: Chart, panel: Panel, layout: Layout, frame: Frame) -> None:
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
            text, heights = number_of(chart, point), (at, wish)
            ahead = behind and chart.until is not None
            _write_number(drawing, text, point, look, heights, frame, behind, ahead)


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
    ahead: bool,
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
            # across years that are still to come it must not look like a line of values
            **({"stroke_dasharray": "1 6"} if ahead else {}),
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
