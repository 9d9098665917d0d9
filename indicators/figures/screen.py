"""Lines over time for staff who look closer: all values of a year at once, any years enlarged.

Everywhere else a drawing shows them (lines.py). A card does not know how wide it will be: 224
pixels on a phone or at 400 % zoom. So its lines are named in a legend above, which wraps, and only
values stand beside the lines; what is placed by width is laid out for the narrowest plot.
"""

from dataclasses import dataclass, replace
from typing import Any

import plotly.graph_objects as go

from indicators import formats
from indicators.figures import axes, flags, style, theme
from indicators.figures.chart import WITHHELD, Chart, Mark, Point, Series
from indicators.figures.drawing import spread, text_width, wrapped
from indicators.figures.style import Look

_NARROW_PLOT = 118  # pixels between the axis of values and the values at the lines' ends
_NARROW_NAME = 134  # of a name in the legend, reckoned as bold: it is a tenth less
_LEAST_PLOT = 150  # height
_MOST_WORDS = 0.33  # of the plot, for the words of events
_AXIS = 60  # height of margins and labels
# What stands below the axis in a year whose number is withheld: a mark that has no height, because
# a height could be read as a value. They look like the patterns of a map.
_MARKS = {"protected": "square-open-dot", "too_few": "circle-open", "unreliable": "diamond-open"}
_MARK = {"size": 9, "line_width": 1.5}
_ROW = 12  # height of a row of marks
# Of a hovered point; its words are data, never a part of the template: names come from files.
_TOLD = "%{customdata[0]}: %{customdata[1]}<extra></extra>"


def draw(chart: Chart, *, height: int) -> go.Figure:
    """The figure at a height in pixels, higher where its legend and the words of events would leave
    too little to the lines."""
    legend = _legend_height(_names(chart))
    time = _Time(chart)
    ends = (time.first + time.ends[0], time.first + time.ends[1])
    # on the narrowest card the town's flags have room for their numbers alone
    marks = [replace(m, label="") if m.number else m for m in chart.marks]
    events, words = axes.placed_words(marks, ends, _NARROW_PLOT, theme.FONT_SIZE_SMALL, whole=True)
    plot = max(_LEAST_PLOT, words / _MOST_WORDS) + _strip(chart)
    # Plotly lets a legend scroll that takes more than half of the height
    height = round(max(height, plot + _AXIS + legend, 2 * legend + 20))
    figure = go.Figure()
    heights = _Heights.of(chart, height - _AXIS - legend, words)
    _add_lines(figure, chart, time)
    _add_gaps(figure, chart, time)
    _add_marks(figure, chart, time, heights)
    right = _add_endings(figure, chart, time, heights)
    _add_events(figure, time, events)
    _set_axes(figure, chart, time, heights)
    named = any(trace.showlegend for trace in figure.data)
    figure.update_layout(
        height=height,
        margin=dict(l=8, r=right, t=8, b=24),
        font=dict(family=theme.FONT, size=theme.FONT_SIZE, color=theme.TEXT),
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        separators=",.",
        showlegend=named,
        legend=dict(
            orientation="h",
            x=0,
            xanchor="left",
            y=1,
            yanchor="bottom",
            itemwidth=40,  # of the piece of line, long enough for its dashes
            itemclick=False,
            itemdoubleclick=False,
            bgcolor="rgba(0,0,0,0)",
            font=dict(color=theme.TEXT, size=theme.FONT_SIZE_SMALL),
        ),
        hovermode="x unified",
        hoverlabel=dict(
            bgcolor=theme.CARD, bordercolor=theme.CARD_LINE, font_size=theme.FONT_SIZE_SMALL
        ),
        dragmode="zoom",
    )
    return figure


class _Time:
    """The axis of time as Plotly has it: whole years in a row, each with the period's own label, so
    that however little is enlarged no fraction of a year is labelled."""

    def __init__(self, chart: Chart):
        known = dict(chart.ticks) | {
            p.x: p.label for s in axes.shown(chart) for p in s.points if p.label
        }
        self.first = min(known, default=0.0)
        self.last = round(max(known, default=0.0) - self.first)
        by_place = {round(x - self.first): label for x, label in sorted(known.items())}
        self.labels: list[str] = []
        before = 0
        for place in range(self.last + 1):
            before = place if place in by_place else before
            label = by_place.get(before, "")
            self.labels.append(label if place == before else axes.later(label, place - before))

    def place(self, x: float) -> float:
        """Where something between two periods stands."""
        return x - self.first

    def label(self, point: Point) -> str:
        return self.labels[round(point.x - self.first)]

    @property
    def ends(self) -> tuple[float, float]:
        """The range that shows all of it, with half of the last marker in it."""
        span = max(self.last, 1)
        return -0.02 * span, self.last + 0.01 * span


def _as_label(lines: list[str]) -> str:
    return "<br>".join(map(_escape, lines))


def _names(chart: Chart) -> list[str]:
    """What the legend says: the names of lines, unless there is one only, that years are missing,
    and why numbers are withheld."""
    shown = axes.shown(chart)
    names = [s.short or s.name for s in shown] if len(shown) > 1 else []
    missing = [axes.NO_NUMBERS] if axes.gaps(chart) else []
    return [*names, *missing, *(WITHHELD[kind] for kind in axes.withheld_reasons(chart))]


def _strip(chart: Chart) -> float:
    """Pixels of all rows of marks."""
    rows = len(axes.marked(chart))
    return rows * _ROW + 8 if rows else 0


def _legend_height(names: list[str]) -> float:
    """Pixels the legend takes on the narrowest card, where each name has a row of its own."""
    rows = sum(len(wrapped(name, _NARROW_NAME, theme.FONT_SIZE_SMALL)) for name in names)
    return rows * theme.FONT_SIZE_SMALL * 1.45 + 6 if names else 0


def _looks(chart: Chart) -> dict[Series, Look]:
    return dict(zip(chart.series, style.looks(chart), strict=True))


def _add_lines(figure: go.Figure, chart: Chart, time: _Time) -> None:
    shown, looks = axes.shown(chart), _looks(chart)
    legend = len(shown) > 1
    # the own region is drawn last, on top of all others
    for series in sorted(shown, key=lambda s: looks[s].is_own):
        look = looks[series]
        points = axes.broken(series.points, series.breaks)
        last = axes.last_known(series)
        lone = [p is not None and axes.is_alone(points, i) for i, p in enumerate(points)]
        sizes = [
            # a point without neighbours has no line and must be seen all the same
            (9 if p is last or alone else 5 if series.role == "category" else 0) if p else 0
            for p, alone in zip(points, lone, strict=True)
        ]
        if legend:
            # the legend draws the mean size: this gap of a size makes that one which can be seen
            points = [*points, None]
            sizes = [*sizes, 8 * len(points)]
        name = series.short or series.name
        figure.add_scatter(
            x=[time.label(p) if p else None for p in points],
            y=[p.value if p else None for p in points],
            # of a line without two points side by side the legend must promise dots only
            mode="markers" if sum(lone) == sum(p is not None for p in points) else "lines+markers",
            connectgaps=False,
            cliponaxis=False,
            line=dict(
                color=look.colour,
                width=look.width,
                dash=",".join(f"{length}px" for length in look.dash) or "solid",
            ),
            marker=dict(color=look.colour, symbol=look.marker, size=sizes, opacity=1, line_width=0),
            name=_as_label(wrapped(name, _NARROW_NAME, theme.FONT_SIZE_SMALL)),
            showlegend=legend,
            legendrank=chart.series.index(series),
            customdata=[[_escape(name), _escape(p.text)] if p else ["", ""] for p in points],
            hovertemplate=_TOLD,
        )


@dataclass(frozen=True)
class _Heights:
    """The axis of values: marks of withheld years from `foot` to `low`, lines from there up to
    the `highest` value, the words of events up to `high`; and what a pixel is worth."""

    foot: float
    low: float
    highest: float
    high: float
    pixel: float

    @classmethod
    def of(cls, chart: Chart, inner: float, words: float) -> "_Heights":
        """`inner` is the height of the plot, of which events take so many pixels for words."""
        strip = _strip(chart)
        plot = max(inner - strip, 1)
        low, highest = axes.value_range(chart)
        if low > 0:
            low = axes.begin(low, highest, (theme.FONT_SIZE_SMALL + 8) / plot)
        # words stand above the lines, as far as that leaves enough for these
        above = min(words / plot, _MOST_WORDS)
        high = highest + (highest - low) * above / (1 - above)
        pixel = (high - low) / plot
        return cls(low - strip * pixel, low, highest, high, pixel)


def _add_events(figure: go.Figure, time: _Time, placed: list) -> None:
    for mark, lines, top, on_left in placed:
        at = time.place(mark.x)
        figure.add_vline(x=at, line=dict(color=theme.FAINTEST_TEXT, width=1, dash=theme.DASH_EVENT))
        if mark.number:
            _add_badge(figure, at, mark, top, on_left)
            continue
        figure.add_annotation(
            **_at_the_top(at, top, on_left),
            xshift=-4 if on_left else 4,
            align="right" if on_left else "left",
            text=_as_label(lines),
            font=dict(color=theme.FAINTEST_TEXT, size=theme.FONT_SIZE_SMALL),
            bgcolor="rgba(255,255,255,0.8)",
            borderpad=1,
            showarrow=False,
        )


def _at_the_top(at: float, top: float, on_left: bool) -> dict[str, Any]:
    """Where the words or the number of an event stand, so many pixels below the upper edge."""
    side = "right" if on_left else "left"
    return dict(x=at, y=1, yref="paper", yanchor="top", yshift=-top, xanchor=side)


def _add_badge(figure: go.Figure, at: float, mark: Mark, top: float, on_left: bool) -> None:
    """The number of one of the town's events, whose words stand below the card."""
    figure.add_annotation(
        **_at_the_top(at, top, on_left),
        text=str(mark.number),
        font=dict(color=theme.CARD, size=theme.FONT_SIZE_SMALL),
        bgcolor=flags.COLOUR,
        borderpad=2,
        showarrow=False,
    )


def _set_axes(figure: go.Figure, chart: Chart, time: _Time, heights: _Heights) -> None:
    """Round steps with numbers written by formats, as Plotly's own would be English; periods as
    many as there is room for, also of the years enlarged."""
    low = heights.low
    values = axes.value_ticks(low, heights.highest, chart.unit_suffix)
    figure.update_yaxes(
        range=[heights.foot, heights.high],
        tickvals=[value for value, _ in values],
        ticktext=[text for _, text in values],
        gridcolor=theme.GRID,
        zeroline=low <= 0,
        zerolinecolor=theme.FAINTEST_TEXT,
        fixedrange=True,
        tickfont_color=theme.SECONDARY_TEXT,
        automargin=True,
        ticklabelstandoff=6,
    )
    figure.update_xaxes(
        type="category",
        categoryorder="array",
        categoryarray=time.labels,
        range=list(time.ends),
        minallowed=time.ends[0],
        maxallowed=time.ends[1],
        nticks=5,
        autotickangles=[0, -90],
        automargin=True,
        showgrid=False,
        zeroline=False,
        tickfont_color=theme.SECONDARY_TEXT,
        ticklabelstandoff=6,
    )
    if low > 0:
        decimals = next(d for d in range(12) if round(low, d) == low)
        figure.add_annotation(
            x=0,
            xref="paper",
            xanchor="left",
            y=low,
            yanchor="bottom",
            text=f"Achse beginnt bei {formats.number(low, decimals)}",
            font=dict(color=theme.SECONDARY_TEXT, size=theme.FONT_SIZE_SMALL),
            showarrow=False,
            borderpad=1,
        )


def _add_endings(figure: go.Figure, chart: Chart, time: _Time, heights: _Heights) -> float:
    """The value at each line's own end; returns the pixels they need beside the plot."""
    looks = _looks(chart)
    ended = [(s, axes.last_known(s)) for s in axes.shown(chart)]
    ended.sort(key=lambda one: one[1].number)
    room = [(theme.FONT_SIZE + 4) * heights.pixel] * len(ended)
    places = spread([p.number for _, p in ended], room, heights.low, heights.high)
    widest = 0.0
    for (series, point), y in zip(ended, places, strict=True):
        text = formats.number(point.number, chart.decimals) + chart.unit_suffix
        text = point.text if series.is_target else text
        widest = max(widest, text_width(text))
        at = round(time.place(point.x))
        figure.add_annotation(
            x=at,
            xanchor="left",
            y=y,
            yanchor="middle",
            text=f"<b>{_escape(text)}</b>" if looks[series].is_own else _escape(text),
            font=dict(color=style.readable(looks[series].colour), size=theme.FONT_SIZE),
            showarrow=False,
            # a line that ends early has its value on the plot, perhaps upon another line
            bgcolor=None if at == time.last else "rgba(255,255,255,0.8)",
            borderpad=0,
            xshift=7,
            align="left",
        )
    return 20 + widest


def _add_gaps(figure: go.Figure, chart: Chart, time: _Time) -> None:
    """Shades the years for which no line has anything, where the lines would only end. What the
    shade means is said in the legend, as words would be wider than the gap."""
    for i, (left, right) in enumerate(axes.gaps(chart)):
        figure.add_vrect(
            x0=time.place(left.x + 0.5),
            x1=time.place(right.x - 0.5),
            fillcolor=theme.NO_VALUE,
            line_width=0,
            layer="below",
        )
        if i == 0:
            look = dict(symbol="square", size=12, color=theme.NO_VALUE)
            _add_to_legend(figure, axes.NO_NUMBERS, look, len(chart.series) + 900)


def _add_marks(figure: go.Figure, chart: Chart, time: _Time, heights: _Heights) -> None:
    """Marks the years whose numbers are withheld: a row for each line between the plot and the
    names of the periods, in the line's colour."""
    looks = _looks(chart)
    for row, series in enumerate(axes.marked(chart)):
        points = [p for p in series.points if p.withheld]
        name = _escape(series.short or series.name)
        figure.add_scatter(
            x=[time.label(p) for p in points],
            y=[heights.low - (8 + (row + 0.5) * _ROW) * heights.pixel] * len(points),
            mode="markers",
            marker=dict(
                color=looks[series].colour, symbol=[_MARKS[p.withheld] for p in points], **_MARK
            ),
            name=name,
            showlegend=False,
            cliponaxis=False,
            legendrank=chart.series.index(series),
            customdata=[[name, _escape(p.text)] for p in points],
            hovertemplate=_TOLD,
        )
    for i, kind in enumerate(axes.withheld_reasons(chart)):
        look = dict(color=theme.SECONDARY_TEXT, symbol=_MARKS[kind], **_MARK)
        _add_to_legend(figure, WITHHELD[kind], look, len(chart.series) + 1000 + i)


def _add_to_legend(figure: go.Figure, name: str, look: dict, rank: int) -> None:
    figure.add_scatter(
        x=[None], y=[None], mode="markers", marker=look, name=name, showlegend=True, legendrank=rank
    )


def _escape(text: str) -> str:
    """Plotly reads a subset of HTML in every label; names come from files."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
