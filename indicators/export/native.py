"""Charts that an Office program draws itself: categories and series as plain numbers.

The same rows as the drawing: what has no number is an empty cell, never a zero, and its reason is
told beside the chart. Slides and workbooks read this.
"""

from dataclasses import dataclass

from indicators.figures import axes, style, theme
from indicators.figures.chart import Chart, Point, Series
from indicators.figures.places import Place, PlacesPicture
from indicators.figures.pyramid import Pyramid

MOST_BARS = 30  # of a ranking; more have no room for their names


@dataclass(frozen=True)
class Line:
    """A series: one value for each category, None where there is none. No line leads to the places
    in `breaks`. `label` stands at its end."""

    name: str
    values: tuple[float | None, ...]
    colour: str
    dash: tuple[int, ...] = ()
    width: float = 2.0
    breaks: tuple[int, ...] = ()
    label: str = ""
    colours: tuple[str, ...] = ()  # of each bar, where they differ


@dataclass(frozen=True)
class Native:
    """`kind` is "lines", "bars" (across, first on top) or "pyramid" (the first series to the left,
    its values negative). `format` writes numbers as the reader sees them; `untold` says in words
    which numbers are missing and why, and what stands beside them."""

    kind: str
    categories: tuple[str, ...]
    series: tuple[Line, ...]
    format: str
    untold: tuple[str, ...] = ()


def native(figure: object) -> Native | None:
    """The figure as a chart of an Office program; None where there is no such chart."""
    if isinstance(figure, Pyramid):
        return _pyramid(figure) if _is_plain(figure) else None
    if isinstance(figure, PlacesPicture):
        return _places(figure)
    if not isinstance(figure, Chart) or not figure.series:
        return None
    if figure.kind == "lines":
        return _lines(figure)
    points = sum(len(series.points) for series in figure.series)
    return _bars(figure) if points <= MOST_BARS else None


def _format(decimals: int, suffix: str) -> str:
    number = "#,##0" + ("." + "0" * decimals if decimals else "")
    return f'{number}"{suffix}"' if suffix else number


def _lines(chart: Chart) -> Native | None:
    known = [p.x for s in chart.series for p in s.points]
    if not known:
        return None
    first = min(known)
    # a year that nobody tells of keeps its place, so that distances are those of time
    places = range(round(max(known) - first) + 1)
    labels = _flagged(_labels(chart, first), chart, first)
    series = []
    for one, look in zip(chart.series, style.looks(chart), strict=True):
        values = {round(p.x - first): p.value for p in one.points}
        breaks = tuple(i for i in places if any(i - 1 < at - first <= i for at in one.breaks) and i)
        series.append(
            Line(
                one.name,
                tuple(values.get(i) for i in places),
                look.colour,
                look.dash,
                look.width,
                breaks,
                _label(one, chart.last),
            )
        )
    return Native(
        "lines",
        tuple(labels.get(i, "") for i in places),
        tuple(series),
        _format(chart.decimals, chart.unit_suffix),
        _untold(chart),
    )


def _labels(chart: Chart, first: float) -> dict[int, str]:
    """The name of each place: as its points are called, or the year where a school year and a day
    share it."""
    ticks = {round(x - first): label for x, label in chart.ticks}
    called: dict[int, set[str]] = {}
    for point in (p for s in chart.series for p in s.points if p.label):
        called.setdefault(round(point.x - first), set()).add(point.label)
    names = {
        at: min(names) if len(names) == 1 else str(round(at + first))
        for at, names in called.items()
    }
    return ticks | names


def _flagged(labels: dict[int, str], chart: Chart, first: float) -> dict[int, str]:
    """The names of the places, with the numbers of the town's events that have their flags there:
    an Office program draws no upright lines, and would not move them with its chart."""
    numbers: dict[int, list[str]] = {}
    for mark in chart.marks:
        if mark.number:
            numbers.setdefault(round(mark.x - first), []).append(str(mark.number))
    told = {at: f"{labels.get(at, '')} [{', '.join(of)}]".strip() for at, of in numbers.items()}
    return labels | told


def _label(series: Series, final: float) -> str:
    """What stands at a line's end: name and last value, with its period if that is not the last."""
    with_number = [p for p in series.points if p.value is not None]
    if not with_number:
        return ""
    if series.is_target:
        return series.name
    last = with_number[-1]
    when = "" if last.x == final else f" ({last.label})"
    return f"{series.short or series.name} {last.text}{when}"


def _untold(chart: Chart) -> tuple[str, ...]:
    """What is withheld, "Landkreis: geschützt (2019/20, 2021/22)"; the years nobody tells of."""
    told = []
    for series in chart.series:
        by_reason: dict[str, list[str]] = {}
        for point in series.points:
            if point.value is None and point.withheld:
                by_reason.setdefault(point.text, []).append(point.label)
        told += [f"{series.name}: {why} ({', '.join(at)})" for why, at in by_reason.items()]
    told += [axes.missing_words(a.label, b.label) for a, b in axes.gaps(chart)]
    return tuple(told)


def _bars(chart: Chart) -> Native:
    rows = sorted(((p, s) for s in chart.series for p in s.points), key=lambda row: row[0].x)
    ranked = chart.kind == "ranking"
    colours = tuple(
        (theme.OWN_REGION if s.role == "own" else theme.MAP_RAMP[2])
        if ranked
        else s.colour or style.role_colour(s.role)
        for _, s in rows
    )
    return Native(
        "bars",
        tuple(_named(p.label or s.name, p) for p, s in rows),
        (Line(chart.title, tuple(p.value for p, _ in rows), colours[0], colours=colours),),
        _format(chart.decimals, chart.unit_suffix),
        tuple(reference.label for reference in chart.references),
    )


def _named(name: str, row: Point | Place) -> str:
    """The name of a bar; of one that is missing with the reason."""
    return name if row.value is not None else f"{name} ({row.text})"


def _places(picture: PlacesPicture) -> Native | None:
    if not 0 < len(picture.places) <= MOST_BARS:
        return None
    colours = tuple(theme.OWN_REGION if p.is_own else theme.MAP_RAMP[2] for p in picture.places)
    # numbers are written as in the picture: with its decimals and its unit
    texts = [p.text for p in picture.places if p.value is not None]
    decimals = max((len(t.partition(",")[2].split("\u00a0")[0]) for t in texts), default=0)
    suffix = "\u00a0%" if any("%" in t for t in texts) else ""
    return Native(
        "bars",
        tuple(_named(p.name, p) for p in picture.places),
        (Line(picture.title, tuple(p.value for p in picture.places), colours[0], colours=colours),),
        _format(decimals, suffix),
        (picture.reference[1],) if picture.reference else (),
    )


def _is_plain(picture: Pyramid) -> bool:
    """Whether bars of equal thickness tell the same: no outline to compare with, and age groups of
    the same number of years below the open one."""
    bars = sorted(picture.bars, key=lambda bar: bar.first)
    return not picture.outline_name and len({bar.years for bar in bars[:-1]}) <= 1


def _pyramid(picture: Pyramid) -> Native:
    bars = sorted(picture.bars, key=lambda bar: bar.first)
    two = len(picture.sides) > 1
    sides = []
    for i, name in enumerate(picture.sides):
        sign = -1 if two and i == 0 else 1
        lengths = [bar.values[i] for bar in bars]
        values = tuple(None if length is None else sign * length for length in lengths)
        sides.append(Line(name, values, (theme.PRIMARY, theme.MAP_RAMP[3])[i % 2]))
    untold = [
        f"{bar.name}, {name}: {text}"
        for bar in bars
        for name, value, text in zip(picture.sides, bar.values, bar.texts, strict=True)
        if value is None
    ]
    number = "#,##0" + (".0" if picture.decimals else "")
    return Native(
        "pyramid", tuple(b.name for b in bars), tuple(sides), f"{number};{number}", tuple(untold)
    )
