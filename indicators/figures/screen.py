"""From a chart description to a Plotly figure: nothing is decided here, it is only drawn."""

import math

import plotly.graph_objects as go

from indicators import formats
from indicators.figures import theme
from indicators.figures.chart import Chart, Point

_COLOURS = {
    "own": theme.OWN_REGION,
    "part": theme.PARTS,
    "land": theme.LAND,
    "germany": theme.GERMANY,
    "other": theme.FAINTEST_TEXT,
    "category": theme.PRIMARY,
}
_DASHES = {"land": theme.DASH_LAND, "germany": theme.DASH_GERMANY}
# The parts of a region share their colour; the second and third are told apart by their dash.
_PART_DASHES = ("solid", "longdashdot", "longdash")
# Regions a reader has added: hues that no other role has.
_ADDED = (theme.PRIMARY, theme.SCHOOL_TYPES["realschule"], theme.SCHOOL_TYPES["gesamtschule"])


def draw(chart: Chart, *, height: int, stage: bool = False) -> go.Figure:
    """The figure at a height in pixels; on the stage every text has at least 20 px."""
    size = theme.FONT_SIZE_STAGE if stage else theme.FONT_SIZE
    if chart.kind == "lines":
        figure = _lines(chart, height, size, stage)
    elif chart.kind == "ranking":
        figure = _ranking(chart, size)
    else:
        figure = _bars(chart, size)
    figure.update_layout(
        height=height,
        width=theme.STAGE_WIDTH if stage else None,
        font=dict(family=theme.FONT, size=size, color=theme.TEXT),
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        separators=",.",
        showlegend=False,
        hoverlabel=dict(bgcolor=theme.CARD, bordercolor=theme.CARD_LINE, font_size=size),
        dragmode=False,
    )
    return figure


def _broken(points: tuple[Point, ...], breaks: list[float]) -> list[Point | None]:
    """The points with None wherever no line may be drawn: a gap, a missing value, a break."""
    out: list[Point | None] = []
    last: Point | None = None
    for point in points:
        if point.value is None:
            out.append(None)
            last = None
            continue
        gap = last is not None and (
            point.x - last.x > 1.5 or any(last.x < at <= point.x for at in breaks)
        )
        if gap:
            out.append(None)
        out.append(point)
        last = point
    return out


def _lines(chart: Chart, height: int, size: int, stage: bool) -> go.Figure:
    figure = go.Figure()
    breaks = [mark.x for mark in chart.marks if mark.is_break]
    labels = []
    part = added = 0
    # the own region is drawn last, on top of all others
    for series in sorted(chart.series, key=lambda s: s.role == "own"):
        colour = series.colour or _COLOURS[series.role]
        dash = _DASHES.get(series.role, "solid")
        if series.role == "part":
            dash = _PART_DASHES[part % len(_PART_DASHES)]
            part += 1
        if series.role == "other":
            colour = _ADDED[added % len(_ADDED)]
            added += 1
        own = series.role == "own"
        points = _broken(series.points, breaks)
        alone = [
            p is not None
            and (i == 0 or points[i - 1] is None)
            and (i == len(points) - 1 or points[i + 1] is None)
            for i, p in enumerate(points)
        ]
        known = [p for p in series.points if p.value is not None]
        if not known:
            continue
        last = known[-1]
        width = (theme.LINE_OWN if own else theme.LINE) + (1 if stage else 0)
        figure.add_scatter(
            x=[p.x if p else None for p in points],
            y=[p.value if p else None for p in points],
            mode="lines+markers",
            connectgaps=False,
            line=dict(color=colour, width=width, dash=dash),
            marker=dict(
                color=colour,
                symbol=series.marker,
                # a point without neighbours has no line and must be seen all the same
                size=[
                    (9 if p is last or lone else 5 if series.role == "category" else 0) if p else 0
                    for p, lone in zip(points, alone, strict=True)
                ],
                opacity=1,
                line_width=0,
            ),
            name=series.name,
            customdata=[[p.label, p.text] if p else ["", ""] for p in points],
            hovertemplate=f"<b>{_escape(series.name)}</b><br>%{{customdata[0]}}: "
            "%{customdata[1]}<extra></extra>",
        )
        labels.append((last, f"{series.name} {last.text}", colour, own))
    low, high = _range(chart)
    plot_height = height - 60
    xs = [x for x, _ in chart.ticks] or [0]
    first, final = min(xs), max(xs)
    span = max(final - first, 1)
    for y, (point, text, colour, own) in _spread(labels, low, high, plot_height, size):
        year = "" if point.x == final else f" ({point.label})"
        figure.add_annotation(
            x=1,
            xref="paper",
            xanchor="left",
            y=y,
            yanchor="middle",
            text=f"<b>{_escape(text + year)}</b>" if own else _escape(text + year),
            font=dict(color=colour, size=size),
            showarrow=False,
            xshift=10,
            align="left",
        )
    for mark in chart.marks:
        figure.add_vline(
            x=mark.x,
            line=dict(color=theme.FAINTEST_TEXT, width=1, dash=theme.DASH_EVENT),
        )
    for i, mark in enumerate(chart.marks):
        right = (mark.x - first) / span > 0.6
        figure.add_annotation(
            x=mark.x,
            y=1,
            yref="paper",
            yanchor="top",
            yshift=-(i % 3) * (size + 4),
            xanchor="right" if right else "left",
            xshift=-4 if right else 4,
            text=_escape(mark.label),
            font=dict(color=theme.FAINTEST_TEXT, size=size - (0 if stage else 1)),
            bgcolor="rgba(255,255,255,0.8)",
            borderpad=1,
            showarrow=False,
        )
    longest = max((len(text) + 10 * (p.x != final) for p, text, *_ in labels), default=0)
    figure.update_layout(margin=dict(l=8, r=24 + longest * size * 0.53, t=8, b=40))
    figure.update_traces(cliponaxis=False)
    ticks = _thinned(chart.ticks, 4 if stage or height < 320 else 7)
    _position_axis(figure, (first - span * 0.02, final + span * 0.01), ticks)
    _value_axis(figure, chart, low, high)
    return figure


def _range(chart: Chart) -> tuple[float, float]:
    values = [p.value for s in chart.series for p in s.points if p.value is not None]
    values += [r.value for r in chart.references]
    if not values:
        return 0, 1
    low, high = min(values), max(values)
    if chart.from_zero and low >= 0:
        low = 0
    room = (high - low or abs(high) or 1) * 0.08
    return (low - (room if low else 0)), high + room


def _position_axis(figure: go.Figure, ends: tuple[float, float], ticks) -> None:
    """The axis of periods or ranks: `ticks` are (position, label), nothing else is drawn."""
    figure.update_xaxes(
        range=list(ends),
        tickvals=[x for x, _ in ticks],
        ticktext=[label for _, label in ticks],
        tickangle=0,
        showgrid=False,
        zeroline=False,
        fixedrange=True,
        tickfont_color=theme.SECONDARY_TEXT,
        ticklabelstandoff=6,
    )


def _value_axis(figure: go.Figure, chart: Chart, low: float, high: float) -> None:
    """Round steps with numbers written by formats: Plotly's own would be English or shortened."""
    step = _step((high - low) / 5)
    first = int(-(-low // step))
    ticks = [i * step for i in range(first, int(high // step) + 1)]
    decimals = max(0, -_exponent(step))
    figure.update_yaxes(
        range=[low, high],
        tickvals=ticks,
        ticktext=[formats.number(t, decimals) + chart.unit_suffix for t in ticks],
        gridcolor=theme.GRID,
        zeroline=low < 0,
        zerolinecolor=theme.FAINTEST_TEXT,
        fixedrange=True,
        tickfont_color=theme.SECONDARY_TEXT,
        automargin=True,
        ticklabelstandoff=6,
    )


def _step(rough: float) -> float:
    power = 10.0 ** _exponent(rough)
    return next(f * power for f in (1, 2, 5, 10) if f * power >= rough - 1e-12)


def _exponent(number: float) -> int:
    return math.floor(math.log10(number) + 1e-12)


def _spread(labels, low: float, high: float, plot_height: int, size: int):
    """Labels moved apart so that none covers another, as near to their line's end as possible."""
    if not labels:
        return []
    unit = (high - low) / plot_height
    gap = (size + 5) * unit
    ordered = sorted(labels, key=lambda item: item[0].value)
    places = [item[0].value for item in ordered]
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


def _thinned(ticks, most: int):
    """At most so many labels, always the first and the last."""
    if len(ticks) <= most:
        return ticks
    first, last = ticks[0][0], ticks[-1][0]
    distance = (last - first) / most
    kept = [ticks[0]]
    for tick in ticks[1:-1]:
        if tick[0] - kept[-1][0] >= distance and last - tick[0] >= distance:
            kept.append(tick)
    return [*kept, ticks[-1]]


def _ranking(chart: Chart, size: int) -> go.Figure:
    figure = go.Figure()
    count = sum(len(s.points) for s in chart.series)
    for series in chart.series:
        own = series.role == "own"
        figure.add_bar(
            x=[p.x for p in series.points],
            y=[p.value for p in series.points],
            marker=dict(color=theme.OWN_REGION if own else theme.MAP_RAMP[2], line_width=0),
            width=0.82 if count < 150 else 1,
            customdata=[[p.label, p.text, formats.number(p.x)] for p in series.points],
            hovertemplate="<b>%{customdata[0]}</b><br>%{customdata[1]}<extra></extra>",
        )
        if own:
            for point in series.points:
                left = point.x < count * 0.7
                figure.add_annotation(
                    x=point.x,
                    y=point.value,
                    text=f"<b>{_escape(series.name)} {_escape(point.text)}</b>",
                    font=dict(color=theme.OWN_REGION, size=size),
                    showarrow=False,
                    bgcolor="rgba(255,255,255,0.85)",
                    xanchor="left" if left else "right",
                    yanchor="bottom",
                    yshift=4,
                )
    low, high = _range(chart)
    for reference in chart.references:
        figure.add_hline(
            y=reference.value,
            line=dict(
                color=_COLOURS[reference.role], width=theme.LINE, dash=_DASHES[reference.role]
            ),
        )
    gap = (high - low) / 14
    placed: list[float] = []
    for reference in sorted(chart.references, key=lambda r: r.value):
        y = reference.value
        while any(abs(y - other) < gap for other in placed):
            y += gap / 4
        placed.append(y)
        figure.add_annotation(
            x=1,
            xref="paper",
            xanchor="left",
            y=y,
            text=_escape(reference.label),
            font=dict(color=_COLOURS[reference.role], size=size),
            showarrow=False,
            xshift=8,
        )
    longest = max((len(r.label) for r in chart.references), default=0)
    figure.update_layout(margin=dict(l=8, r=16 + longest * size * 0.53, t=8, b=40), bargap=0.1)
    ranks = [1, count] if count > 1 else [1]
    ticks = [(rank, f"Rang {formats.number(rank)}") for rank in ranks]
    _position_axis(figure, (0, count + 1), ticks)
    _value_axis(figure, chart, low, high)
    return figure


def _bars(chart: Chart, size: int) -> go.Figure:
    """Horizontal bars, one per category, value behind the bar."""
    figure = go.Figure()
    low, high = _range(chart)
    for series in chart.series:
        for point in series.points:
            figure.add_bar(
                x=[point.value],
                y=[-point.x],
                orientation="h",
                marker=dict(color=series.colour or _COLOURS[series.role], line_width=0),
                width=0.7,
                text=[_escape(point.text)],
                textposition="outside",
                cliponaxis=False,
                textfont=dict(size=size, color=theme.TEXT),
                hovertemplate=f"<b>{_escape(series.name)}</b><br>{_escape(point.text)}"
                "<extra></extra>",
            )
    figure.update_layout(margin=dict(l=8, r=70, t=8, b=8), barmode="overlay")
    figure.update_yaxes(
        tickvals=[-x for x, _ in chart.ticks],
        ticktext=[_escape(label) for _, label in chart.ticks],
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
