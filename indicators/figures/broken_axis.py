"""Axes of time that are broken: years without any number, where they would take most of a drawing.

Two counts eleven years apart are two points and a wide gap; drawn to scale, nearly all of the
picture says nothing. So a gap that is longer than FEW years and than half of the years that are
known is drawn shorter, and two strokes at the axis say that it is. All else stays to scale. What is
laid out here is a chart again, so that whoever draws it needs no other axis.
"""

from dataclasses import dataclass, replace

from indicators.figures import axes
from indicators.figures.chart import Chart, Series

FEW = 6  # years; a shorter gap is drawn to scale
_SHARE = 0.5  # of the known years: a gap that takes less is drawn to scale
_LEAST, _KEPT = 2.0, 0.35  # years that a gap has then: at least, and as a share of the known ones


@dataclass(frozen=True)
class _Gap:
    """A gap between two positions and how many years of it are left out."""

    left: float
    right: float
    without: float


def shortened(chart: Chart) -> tuple[Chart, tuple[float, ...]]:
    """The chart with its long gaps drawn shorter, and where its axis is broken: positions on the
    new axis; the chart itself and none where no gap is that long."""
    gaps = axes.gaps(chart)
    positions = [p.x for s in axes.shown(chart) for p in s.points if p.value is not None]
    if not gaps:
        return chart, ()
    known = max(positions) - min(positions) - sum(b.x - a.x for a, b in gaps)
    kept = max(_LEAST, _KEPT * known)
    found = [
        _Gap(a.x, b.x, b.x - a.x - kept)
        for a, b in gaps
        if b.x - a.x > max(FEW, kept) and b.x - a.x > _SHARE * known
    ]
    if not found:
        return chart, ()

    def moved(x: float) -> float:
        for gap in found:
            if x >= gap.right:
                continue
            return x - sum(g.without for g in found if g.right <= x) - _inside(gap, x)
        return x - sum(gap.without for gap in found)

    inside = {x for x, _ in chart.ticks for gap in found if gap.left < x < gap.right}
    made = replace(
        chart,
        series=tuple(_moved(series, moved) for series in chart.series),
        ticks=tuple((moved(x), label) for x, label in chart.ticks if x not in inside),
        marks=tuple(replace(mark, x=moved(mark.x)) for mark in chart.marks),
    )
    return made, tuple(moved((gap.left + gap.right) / 2) for gap in found)


def _inside(gap: _Gap, x: float) -> float:
    """What is left out of a gap before this position: evenly, so that an event within keeps its
    place between both years."""
    share = (x - gap.left) / (gap.right - gap.left)
    return gap.without * min(max(share, 0.0), 1.0)


def _moved(series: Series, moved) -> Series:
    return replace(
        series,
        points=tuple(replace(point, x=moved(point.x)) for point in series.points),
        breaks=tuple(moved(at) for at in series.breaks),
    )
