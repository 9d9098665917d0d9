"""From a chart description to a Plotly figure: nothing is decided here, it is only drawn."""

import plotly.graph_objects as go

from indicators import formats
from indicators.figures import axes, style, theme
from indicators.figures.chart import WITHHELD, Chart, Point
from indicators.figures.drawing import text_width, wrapped

# A card does not know how wide it will be: 224 pixels on a phone or at 400 % zoom. So its lines and
# references are named in a legend above, which wraps, and only values stand beside the lines; what
# is placed by width is laid out for the narrowest plot. The stage always has its full width.
_NARROW_PLOT = 118  # pixels between the axis of values and the values at the lines' ends
_NARROW_RANKING = 150
_NARROW_NAME = 134  # of a name in the legend, reckoned as bold: it is a tenth less
_LEAST_PLOT = (110, 150)  # height, on a low card and on others
_NARROW_BARS = 200
_BAR = 14  # height, with a little room below
_AXIS = 60  # height of margins and labels
# What stands below the axis in a year whose number is withheld: a mark that has no height, because
# a height could be read as a value. They look like the patterns of a map.
_MARKS = {"protected": "square-open-dot", "too_few": "circle-open", "unreliable": "diamond-open"}
_MARK_SIZE = (9, 14)  # on a card, on the stage
# A card lower than this has no room for the words of events; breaks, which interrupt lines, stay.
_LOW = 300


def draw(chart: Chart, *, height: int, stage: bool = False) -> go.Figure:
    """The figure at a height in pixels; on the stage every text has at least 20 px.

    A low card becomes higher where its legend would leave too little of it to the lines.
    """
    size = theme.FONT_SIZE_STAGE if stage else theme.FONT_SIZE
    if chart.kind == "lines":
        if not stage:
            legend = round(_legend_height(_names(chart)))
            least = _LEAST_PLOT[height >= _LOW] + round(_strip_height(chart, stage))
            # Plotly lets a legend scroll that takes more than half of the height
            height = max(height, least + _AXIS + legend, 2 * legend + 20)
        figure = _lines(chart, height, size, stage)
    elif chart.kind == "ranking":
        figure = _ranking(chart, height, size, stage)
    else:
        figure = _bars(chart, size, stage)
        if not stage and chart.ticks:
            height = round(16 - figure.layout.yaxis.range[0])
    named = [trace for trace in figure.data if trace.showlegend]
    figure.update_layout(
        height=height,
        width=theme.STAGE_WIDTH if stage else None,
        font=dict(family=theme.FONT, size=size, color=theme.TEXT),
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        separators=",.",
        showlegend=bool(named),
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
            font=dict(color=theme.TEXT, size=size if stage else theme.FONT_SIZE_SMALL),
        ),
        hoverlabel=dict(bgcolor=theme.CARD, bordercolor=theme.CARD_LINE, font_size=size),
        dragmode=False,
    )
    return figure


def _dash(lengths: tuple[int, ...]) -> str:
    """Dashes as Plotly writes them."""
    return ",".join(f"{length}px" for length in lengths) or "solid"


def _as_label(lines: list[str]) -> str:
    return "<br>".join(map(_escape, lines))


def _names(chart: Chart) -> list[str]:
    """What the legend of a card's lines says: their names, unless there is one only, that years
    are missing, and why numbers are withheld."""
    shown = axes.shown(chart)
    names = [s.short or s.name for s in shown] if len(shown) > 1 else []
    missing = [axes.NO_NUMBERS] if axes.gaps(chart) else []
    return [*names, *missing, *(WITHHELD[kind] for kind in axes.withheld_reasons(chart))]


def _strip_height(chart: Chart, stage: bool) -> float:
    """Pixels of all rows of marks."""
    rows = len(axes.marked(chart))
    return rows * (_MARK_SIZE[stage] + 3) + 8 if rows else 0


def _legend_height(names: list[str]) -> float:
    """Pixels the legend takes on the narrowest card, where each name has a row of its own."""
    rows = sum(len(wrapped(name, _NARROW_NAME, theme.FONT_SIZE_SMALL)) for name in names)
    return rows * theme.FONT_SIZE_SMALL * 1.45 + 6 if names else 0


def _lines(chart: Chart, height: int, size: int, stage: bool) -> go.Figure:
    figure = go.Figure()
    shown = axes.shown(chart)
    legend = not stage and len(shown) > 1
    low_card = not stage and height < _LOW
    small = size if stage else theme.FONT_SIZE_SMALL
    labels = []
    colours: dict[str, str] = {}
    styled = dict(zip(chart.series, style.looks(chart), strict=True))
    # the own region is drawn last, on top of all others
    for series in sorted(shown, key=lambda s: s.role == "own"):
        look = styled[series]
        colour, own, marker = look.colour, look.is_own, look.marker
        points = axes.broken(series.points, series.breaks)
        alone = [
            p is not None
            and (i == 0 or points[i - 1] is None)
            and (i == len(points) - 1 or points[i + 1] is None)
            for i, p in enumerate(points)
        ]
        dots = list(zip(points, alone, strict=True))
        last = [p for p in series.points if p.value is not None][-1]
        width = look.width + (1 if stage else 0)
        name = series.name if stage else series.short or series.name
        sizes = [
            # a point without neighbours has no line and must be seen all the same
            (9 if p is last or lone else 5 if series.role == "category" else 0) if p else 0
            for p, lone in dots
        ]
        if legend:
            # the legend draws the mean size: this gap of a size makes that one which can be seen
            points = [*points, None]
            sizes = [*sizes, 8 * len(points)]
        figure.add_scatter(
            x=[p.x if p else None for p in points],
            y=[p.value if p else None for p in points],
            # of a line without two points side by side the legend must promise dots only
            mode="markers" if all(lone or p is None for p, lone in dots) else "lines+markers",
            connectgaps=False,
            line=dict(color=colour, width=width, dash=_dash(look.dash)),
            marker=dict(
                color=colour,
                symbol=marker,
                size=sizes,
                opacity=1,
                line_width=0,
            ),
            name=_as_label(wrapped(name, _NARROW_NAME, theme.FONT_SIZE_SMALL)),
            showlegend=legend,
            legendrank=chart.series.index(series),
            customdata=[[p.label, p.text] if p else ["", ""] for p in points],
            hovertemplate=f"<b>{_escape(series.name)}</b><br>%{{customdata[0]}}: "
            "%{customdata[1]}<extra></extra>",
        )
        labels.append((last, name, colour, own))
        colours[series.name] = colour
    xs = [x for x, _ in chart.ticks] or [0]
    first, final = min(xs), max(xs)
    span = max(final - first, 1)
    ends = (first - span * 0.02, final + span * 0.01)
    texts = [_end_label(chart, *label[:2], final, stage) for label in labels]
    right = 20 + max((text_width(text, size) for text in texts), default=0)
    plot_height = height - _AXIS - _strip_height(chart, stage)
    room = theme.STAGE_WIDTH - right - 90
    if not stage:
        plot_height -= _legend_height(_names(chart))
        room = _NARROW_PLOT
    elif axes.withheld_reasons(chart):
        plot_height -= size * 1.45 + 6
    marks, marks_height = axes.placed_words(
        [mark for mark in chart.marks if mark.is_break or not low_card],
        ends,
        room,
        small,
    )
    low, highest = axes.value_range(chart)
    if low > 0:
        low = axes.begin(low, highest, (small + 8) / max(plot_height, 1))
    # the words of events stand above the lines, as far as that leaves enough for these
    above = min(marks_height / max(plot_height, 1), 0.33)
    high = highest + (highest - low) * above / (1 - above)
    items = list(zip([label[0].value for label in labels], labels, texts, strict=True))
    for y, (_, (point, _, colour, own), text) in _spread(items, low, high, plot_height, size):
        figure.add_annotation(
            x=1 if stage else point.x,
            xref="paper" if stage else "x",
            xanchor="left",
            y=y,
            yanchor="middle",
            text=f"<b>{_escape(text)}</b>" if own else _escape(text),
            font=dict(color=colour, size=size),
            showarrow=False,
            # a line that ends early has its value on the plot, perhaps upon another line
            bgcolor=None if point.x == final or stage else "rgba(255,255,255,0.8)",
            borderpad=0,
            xshift=10 if stage else 7,
            align="left",
        )
    for mark, *_ in marks:
        figure.add_vline(
            x=mark.x,
            line=dict(color=theme.FAINTEST_TEXT, width=1, dash=theme.DASH_EVENT),
        )
    for mark, lines, top, on_left in marks:
        figure.add_annotation(
            x=mark.x,
            y=1,
            yref="paper",
            yanchor="top",
            yshift=-top,
            xanchor="right" if on_left else "left",
            xshift=-4 if on_left else 4,
            align="right" if on_left else "left",
            text=_as_label(lines),
            font=dict(color=theme.FAINTEST_TEXT, size=small),
            bgcolor="rgba(255,255,255,0.8)",
            borderpad=1,
            showarrow=False,
        )
    _add_gaps(figure, chart, room / (ends[1] - ends[0]), (low + high) / 2, small, stage)
    figure.update_layout(margin=dict(l=8, r=right, t=8, b=40 if stage else 24))
    figure.update_traces(cliponaxis=False)
    ticks = axes.thinned(chart.ticks, 2.4 if low_card else 4 if stage else 5)
    if low_card:
        ticks = [(x, axes.on_two_lines(label)) for x, label in ticks]
    _position_axis(figure, ends, ticks, stage)
    _value_axis(figure, chart, low, high, highest)
    if low > 0:
        decimals = next(d for d in range(12) if round(low, d) == low)
        figure.add_annotation(
            x=0,
            xref="paper",
            xanchor="left",
            y=low,
            yanchor="bottom",
            text=f"Achse beginnt bei {formats.number(low, decimals)}",
            font=dict(color=theme.SECONDARY_TEXT, size=small),
            showarrow=False,
            borderpad=1,
        )
    if axes.marked(chart):
        _add_marks(figure, chart, colours, plot_height, stage)
    return figure


def _add_gaps(
    figure: go.Figure, chart: Chart, per_year: float, middle: float, size: int, stage: bool
) -> None:
    """Shades the years for which no line has anything, where the lines would only end, and says
    so: on the stage in the plot, on a card, where words would be wider than the gap, once in the
    legend, short because the longest name makes its columns wide.
    `per_year` are the pixels of a year, `middle` is half way up."""
    for i, (left, right) in enumerate(axes.gaps(chart)):
        figure.add_vrect(
            x0=left.x + 0.5,
            x1=right.x - 0.5,
            fillcolor=theme.NO_VALUE,
            line_width=0,
            layer="below",
        )
        if not stage:
            figure.add_scatter(
                x=[None],
                y=[None],
                mode="markers",
                marker=dict(symbol="square", size=12, color=theme.NO_VALUE),
                name=axes.NO_NUMBERS,
                showlegend=i == 0,
                legendrank=len(chart.series) + 900,
            )
            continue
        # where a line ends below for good, its value stands in the gap
        ended = [s.points[-1] for s in axes.shown(chart) if s.points[-1].x == left.x]
        in_the_way = any(p.value is not None and p.value < middle for p in ended)
        words = axes.missing_words(left.label, right.label)
        figure.add_annotation(
            x=(left.x + right.x) / 2,
            y=int(in_the_way),
            yref="paper",
            yanchor="top" if in_the_way else "bottom",
            text=_as_label(wrapped(words, max((right.x - left.x) * per_year, 5 * size), size)),
            font=dict(color=theme.SECONDARY_TEXT, size=size),
            bgcolor="rgba(255,255,255,0.7)",
            showarrow=False,
            borderpad=2,
        )


def _add_marks(
    figure: go.Figure, chart: Chart, colours: dict[str, str], plot_height: float, stage: bool
) -> None:
    """Marks the years whose numbers are withheld: a row for each line between the plot and the
    names of the periods, in the line's colour."""
    marked = axes.marked(chart)
    strip = _strip_height(chart, stage)
    share = strip / (plot_height + strip)
    look = dict(size=_MARK_SIZE[stage], line_width=2 if stage else 1.5)
    for row, series in enumerate(marked):
        points = [p for p in series.points if p.withheld]
        colour = colours[series.name]
        figure.add_scatter(
            x=[p.x for p in points],
            y=[len(marked) - row - 0.5] * len(points),
            yaxis="y2",
            mode="markers",
            marker=dict(color=colour, symbol=[_MARKS[p.withheld] for p in points], **look),
            name=_escape(series.name),
            showlegend=False,
            cliponaxis=False,
            customdata=[[p.label, p.text] for p in points],
            hovertemplate=f"<b>{_escape(series.name)}</b><br>%{{customdata[0]}}: "
            "%{customdata[1]}<extra></extra>",
        )
    for kind in axes.withheld_reasons(chart):
        figure.add_scatter(
            x=[None],
            y=[None],
            mode="markers",
            marker=dict(color=theme.SECONDARY_TEXT, symbol=_MARKS[kind], **look),
            name=WITHHELD[kind],
            showlegend=True,
            legendrank=len(chart.series) + 1000,
        )
    figure.update_layout(
        yaxis_domain=[share, 1],
        yaxis2=dict(
            domain=[0, share * 0.85], range=[0, len(marked)], visible=False, fixedrange=True
        ),
        xaxis_anchor="y2",
    )


def _end_label(chart: Chart, point: Point, name: str, final: float, stage: bool) -> str:
    """What stands at a line's end: on the stage name, value and its year if that is not the last;
    on a card only the number, at the line's own end, with the sign of its unit as on the axis."""
    if not stage:
        return formats.number(point.number, chart.decimals) + chart.unit_suffix
    return f"{name} {point.text}" + ("" if point.x == final else f" ({point.label})")


def _position_axis(figure: go.Figure, ends: tuple[float, float], ticks, stage: bool) -> None:
    """The axis of periods or ranks: `ticks` are (position, label), nothing else is drawn. Labels
    that would cover each other on a narrow card are turned."""
    figure.update_xaxes(
        range=list(ends),
        tickvals=[x for x, _ in ticks],
        ticktext=[label for _, label in ticks],
        tickangle=0 if stage else None,
        autotickangles=[0, -90],
        automargin=not stage,
        showgrid=False,
        zeroline=False,
        fixedrange=True,
        tickfont_color=theme.SECONDARY_TEXT,
        ticklabelstandoff=6,
    )


def _value_axis(figure: go.Figure, chart: Chart, low: float, high: float, highest: float) -> None:
    """Round steps up to the highest value, with numbers written by formats: Plotly's own would be
    English or shortened."""
    ticks = axes.value_ticks(low, highest, chart.unit_suffix)
    figure.update_yaxes(
        range=[low, high],
        tickvals=[value for value, _ in ticks],
        ticktext=[text for _, text in ticks],
        gridcolor=theme.GRID,
        zeroline=low < 0,
        zerolinecolor=theme.FAINTEST_TEXT,
        fixedrange=True,
        tickfont_color=theme.SECONDARY_TEXT,
        automargin=True,
        ticklabelstandoff=6,
    )


def _spread(items, low: float, high: float, plot_height: float, size: int):
    """The items, which begin with their value, moved apart so that no label covers another, as
    near to their line's end as possible."""
    if not items:
        return []
    gap = min((size + 4) * (high - low) / max(plot_height, 1), (high - low) / len(items))
    ordered = sorted(items, key=lambda item: item[0])
    places = [item[0] for item in ordered]
    for _ in range(200):
        moved = False
        for i in range(len(places) - 1):
            overlap = gap - (places[i + 1] - places[i])
            if overlap > gap * 0.001:
                places[i] -= overlap / 2
                places[i + 1] += overlap / 2
                moved = True
        if not moved:
            break
    lowest, highest = low + gap / 2, high - gap / 2
    if places[0] < lowest:
        places = [max(p, lowest + i * gap) for i, p in enumerate(places)]
    if places[-1] > highest:
        places = [min(p, highest - (len(places) - 1 - i) * gap) for i, p in enumerate(places)]
    return list(zip(places, ordered, strict=True))


def _ranking(chart: Chart, height: int, size: int, stage: bool) -> go.Figure:
    figure = go.Figure()
    count = sum(len(s.points) for s in chart.series)
    ends = (0, count + 1)
    legend = [] if stage else [r.label for r in chart.references]
    right = 28 + max((text_width(r.label, size) for r in chart.references if stage), default=0)
    plot_height = height - _AXIS - _legend_height(legend)
    # above all bars a strip for the words of the own ones, each tied to its bar by a thin line
    own = [p for s in chart.series if s.role == "own" for p in s.points]
    room = theme.STAGE_WIDTH - right - 90 if stage else _NARROW_RANKING
    flags = [wrapped(f"{p.label} {p.text}", room * 0.6, size) for p in own]
    heights = [len(lines) * size * axes.LINE_HEIGHT + 8 for lines in flags]
    strip = sum(heights)
    low, highest = axes.value_range(chart)
    high = highest + (highest - low) * strip / max(plot_height - strip, 60)
    for series in chart.series:
        figure.add_bar(
            x=[p.x for p in series.points],
            y=[p.value for p in series.points],
            marker=dict(
                color=theme.OWN_REGION if series.role == "own" else theme.MAP_RAMP[2], line_width=0
            ),
            width=0.82 if count < 150 else 1,
            showlegend=False,
            customdata=[[p.label, p.text, formats.number(p.x)] for p in series.points],
            hovertemplate="<b>%{customdata[0]}</b><br>%{customdata[1]}<extra></extra>",
        )
    for i, (point, lines) in enumerate(zip(own, flags, strict=True)):
        place = point.x / (count + 1)
        above = sum(heights[:i])  # the words of another own bar
        side = "left" if place < 0.4 else "right" if place > 0.6 else "center"
        figure.add_shape(
            type="line",
            x0=point.x,
            x1=point.x,
            y0=max(point.number, 0),
            y1=high - (high - highest) * (above + (heights[i] if side == "center" else 0)) / strip,
            line=dict(color=theme.OWN_REGION, width=1),
        )
        figure.add_annotation(
            x=point.x,
            y=1,
            yref="paper",
            yanchor="top",
            yshift=-above,
            xanchor=side,
            xshift={"left": 5, "right": -5, "center": 0}[side],
            align=side,
            text=f"<b>{_as_label(lines)}</b>",
            font=dict(color=theme.OWN_REGION, size=size),
            showarrow=False,
            borderpad=0,
        )
    for reference in chart.references:
        figure.add_scatter(
            x=list(ends),
            y=[reference.value] * 2,
            mode="lines",
            line=dict(
                color=style.role_colour(reference.role),
                width=theme.LINE,
                dash=_dash(style.role_dash(reference.role)),
            ),
            name=_escape(reference.label),
            showlegend=not stage,
            hoverinfo="skip",
        )
    if stage:
        labels = [(r.value, r) for r in chart.references]
        for y, (_, reference) in _spread(labels, low, high, plot_height, size):
            figure.add_annotation(
                x=1,
                xref="paper",
                xanchor="left",
                y=y,
                text=_escape(reference.label),
                font=dict(color=style.role_colour(reference.role), size=size),
                showarrow=False,
                xshift=8,
            )
    ends_named = _name_ends(figure, chart, room, size)
    _position_axis(figure, ends, [], stage)
    bottom = ends_named * size * axes.LINE_HEIGHT + 12
    figure.update_layout(margin=dict(l=8, r=right, t=8, b=bottom), bargap=0.1)
    _value_axis(figure, chart, low, high, highest)
    return figure


def _name_ends(figure: go.Figure, chart: Chart, room: float, size: int) -> int:
    """Writes below the axis who is first and who is last, as hardly a bar has room for its name;
    returns the number of lines. The own region has its words above its bar."""
    points = sorted((p for s in chart.series for p in s.points), key=lambda p: p.x)
    own = {p.label for s in chart.series if s.role == "own" for p in s.points}
    most = 1
    for point, side in zip(points[:1] + points[1:][-1:], ("left", "right"), strict=False):
        lines = [f"Rang {formats.number(point.x)}"]
        if point.label not in own:
            lines += wrapped(point.label, room * 0.48, size)
        most = max(most, len(lines))
        figure.add_annotation(
            x=0 if side == "left" else 1,
            xref="paper",
            xanchor=side,
            y=0,
            yref="paper",
            yanchor="top",
            yshift=-4,
            align=side,
            text=_as_label(lines),
            font=dict(color=theme.SECONDARY_TEXT, size=size),
            showarrow=False,
            borderpad=0,
        )
    return most


def _bars(chart: Chart, size: int, stage: bool) -> go.Figure:
    """Horizontal bars, one per category, value behind the bar; its name before the bar on the
    stage and above it on a card, where names may take the whole width."""
    figure = go.Figure()
    low, high = axes.value_range(chart)
    drawn = [(s, p) for s in chart.series for p in s.points]
    names = [[label] if stage else wrapped(label, _NARROW_BARS, size) for _, label in chart.ticks]
    # one row per category, as many pixels high as its name and its bar; counted downwards
    above = [0 if stage else len(lines) * size * axes.LINE_HEIGHT for lines in names]
    bar = 0.7 if stage else _BAR
    tops = [sum(above[:i]) + i * (bar / 0.7) for i in range(len(names))]
    places = {
        x: -(t + a + bar / 1.4) for (x, _), t, a in zip(chart.ticks, tops, above, strict=True)
    }
    for series, point in drawn:
        known = point.value is not None
        figure.add_bar(
            x=[point.value if known else 0],  # no bar, only the word why
            y=[places[point.x]],
            orientation="h",
            marker=dict(color=series.colour or style.role_colour(series.role), line_width=0),
            width=bar,
            showlegend=False,
            text=[_escape(point.text)],
            textposition="outside",
            constraintext="none",  # Plotly would shrink it to the height of the bar
            cliponaxis=False,
            textfont=dict(size=size, color=theme.TEXT if known else theme.SECONDARY_TEXT),
            hovertemplate=f"<b>{_escape(series.name)}</b><br>{_escape(point.text)}<extra></extra>",
        )
    right = max((text_width(p.text, size) for _, p in drawn), default=0) + 12
    figure.update_layout(margin=dict(l=8, r=right, t=8, b=8), barmode="overlay")
    if not stage:
        for lines, top in zip(names, tops, strict=True):
            figure.add_annotation(
                x=0,
                xref="paper",
                xanchor="left",
                y=-top,
                yanchor="top",
                text=_as_label(lines),
                align="left",
                showarrow=False,
                borderpad=0,
            )
    figure.update_yaxes(
        range=[-(tops[-1] + above[-1] + bar / 0.7), 0] if names else None,
        tickvals=list(places.values()),
        ticktext=[_escape(label) for _, label in chart.ticks],
        showticklabels=stage,
        showgrid=False,
        zeroline=False,
        fixedrange=True,
        automargin=True,
    )
    figure.update_xaxes(
        range=[low, high], visible=False, showgrid=False, zeroline=True, fixedrange=True
    )
    return figure


def _escape(text: str) -> str:
    """Plotly reads a subset of HTML in every label; names come from files."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
