"""What a figure over time is made of, whichever series it shows: its points, its axis, the breaks
and events that are marked on it, and the words for what has no line.

The choice of series and of their colours belongs to the kind: trend.py, together.py.
"""

from collections.abc import Collection
from dataclasses import replace

import pandas as pd

from indicators import formats, texts
from indicators.answers.breaks import Turn
from indicators.answers.context import Context
from indicators.catalog.definition import TOTAL
from indicators.figures.chart import WITHHELD, Chart, Mark, Point, Series, withheld
from indicators.release.territory import LABEL
from indicators.symbols import SIGNS, Status


def chart(
    context: Context, rows: pd.DataFrame, series: tuple[Series, ...], turns: list[Turn], alt: str
) -> Chart:
    """Lines of these series on one axis of time, with the breaks and events that apply; bars
    beside each other where there is one period only, which would be dots without a line."""
    known = rows[rows["value"].notna()]
    if known["period"].nunique() == 1:
        return _at_once(context, series, alt)
    # a year whose number is withheld has its place on the axis
    lines = [s for s in series if any(p.value is not None for p in s.points)]
    drawn = {p.label for s in lines for p in s.points if p.value is not None or p.withheld}
    ticks = rows[rows["period"].isin(drawn)].sort_values("start")
    ticks = ticks[["start", "period"]].drop_duplicates("start")
    return Chart(
        kind="lines",
        series=series,
        ticks=tuple((position(r.start), r.period) for r in ticks.itertuples(index=False)),
        decimals=context.indicator.shown_decimals,
        unit_suffix=axis_suffix(context.indicator.unit),
        title=context.indicator.name,
        alt=alt,
        from_zero=not _far_from_zero(known["value"], context.indicator.unit),
        marks=marks(rows, turns),
    )


def axis_suffix(unit: str) -> str:
    return "\u00a0%" if unit == "%" else ""


def _far_from_zero(values: pd.Series, unit: str) -> bool:
    """Whether a line from zero would hide all movement (population, income, an index around 100);
    shares start at 0."""
    large = 50 if unit == "Index" else 200
    return bool(len(values)) and values.min() > 0 and values.max() > large


def _at_once(context: Context, series: tuple[Series, ...], alt: str) -> Chart:
    """The only number of each series as a bar with its name."""
    numbers = [(s, next((p for p in s.points if p.value is not None), None)) for s in series]
    known = [(s, point) for s, point in numbers if point is not None]
    return Chart(
        kind="bars",
        series=tuple(
            replace(s, points=(replace(point, x=float(i), label=s.name),))
            for i, (s, point) in enumerate(known)
        ),
        ticks=tuple((float(i), s.name) for i, (s, _) in enumerate(known)),
        decimals=context.indicator.shown_decimals,
        unit_suffix=axis_suffix(context.indicator.unit),
        title=context.indicator.name,
        alt=alt,
    )


def position(start) -> float:
    """A period's place on the axis of time, in years."""
    day = pd.Timestamp(start)
    return day.year + (day.day_of_year - 1) / 366


def turns_of(context: Context, rows: pd.DataFrame) -> dict[str, list[Turn]]:
    """By region among the rows, what there is to know of its series: events and breaks of the
    datasets shown, reforms of its territory."""
    used = {context.release.sources[s].dataset for s in context.sources_used(rows)}
    places = rows[["period", "start"]].drop_duplicates("period")
    known = [context.period(row) for row in places.itertuples(index=False)]
    drawn = [context.release.region(id) for id in rows["region"].unique()]
    return {region.id: context.turns(known, region, used) for region in drawn}


def _place(turn: Turn) -> float:
    """Its place on the axis; a break stands half a year before the first period of the new state,
    between two points."""
    assert turn.first is not None  # a turn without a first period marks no place
    return position(turn.first.start) - (0.5 if turn.is_break else 0)


def breaks_of(turns: list[Turn]) -> tuple[float, ...]:
    return tuple(_place(turn) for turn in turns if turn.is_break and turn.first)


def marks(rows: pd.DataFrame, turns: list[Turn]) -> tuple[Mark, ...]:
    """What begins inside the axis of these rows, in order of time: after the first number there
    is and not after the last, because nothing turns where nothing was before."""
    rows = rows[rows["value"].notna() | rows["status"].map(lambda s: bool(withheld(Status(s))))]
    if rows.empty:
        return ()
    first, last = position(rows["start"].min()), position(rows["start"].max())
    found = dict.fromkeys(Mark(_place(t), t.label, t.is_break) for t in turns if t.first)
    return tuple(sorted((m for m in found if first < m.x <= last), key=lambda mark: mark.x))


def notes_of(rows: pd.DataFrame, turns: list[Turn], *, territory: bool) -> list[str]:
    """What the marks mean, and what has no mark but must be known: of reforms of the territory, or
    of all else."""
    inside = {mark.x for mark in marks(rows, turns)}
    found = [turn for turn in turns if not turn.first or _place(turn) in inside]
    return list(dict.fromkeys(t.text for t in found if (t.label == LABEL) == territory))


def line_of(context: Context, rows: pd.DataFrame, name: str) -> Series:
    """The own region's undivided series as a line of its own."""
    turns = turns_of(context, rows)[context.region.id]
    points = points_of(context, rows, context.region.id)
    return Series(name, "category", points, breaks=breaks_of(turns))


def points_of(context: Context, rows: pd.DataFrame, region: str) -> tuple[Point, ...]:
    own = rows[(rows["region"] == region) & (rows["category"] == TOTAL)].sort_values("start")
    return tuple(point_of(context, row, region) for row in own.itertuples(index=False))


def point_of(context: Context, row, id: str = "") -> Point:
    return Point(
        x=position(row.start),
        value=None if pd.isna(row.value) else float(row.value),
        text=context.shown(row),
        label=row.period,
        id=id,
        withheld=withheld(Status(row.status)),
    )


def withheld_alt(series: tuple[Series, ...]) -> str:
    """Which numbers are withheld and why, for those who cannot see the marks below the axis."""
    told = ""
    for kind, words in WITHHELD.items():
        found = {s.name: [p.label for p in s.points if p.withheld == kind] for s in series}
        parts = [
            f"{name} {formats.listing(labels) if len(labels) < 4 else f'{len(labels)}-mal'}"
            for name, labels in found.items()
            if labels
        ]
        told += f" {texts.begin(words)}: {'; '.join(parts)}." if parts else ""
    return told


def without_number(
    context: Context,
    rows: pd.DataFrame,
    column: str,
    names: dict[str, str],
    missed: Collection[str] = (),
) -> str:
    """ "weiblich (geschützt)": what has no line because all its numbers are withheld; of what would
    be `missed` (the Landkreis beside its Stadt) also where nobody knows one."""
    told = []
    for id, name in names.items():
        found = rows[rows[column] == id]
        kinds = [point_of(context, row).withheld for row in found.itertuples(index=False)]
        if any(kinds) and found["value"].isna().all():
            word = WITHHELD[next(filter(None, kinds))]
            # years nobody knows are no reason to call all of them withheld
            partly = (found["status"] == Status.MISSING.value).any()
            told.append(f"{name} ({f'teils {word}, teils ohne Angabe' if partly else word})")
        elif id in missed and found["value"].isna().all():
            reasons = set(found["status"]) or {Status.MISSING.value}
            why = Status(reasons.pop()) if len(reasons) == 1 else Status.MISSING
            told.append(f"{name} ({SIGNS[why].short})")
    return formats.listing(told)


def labels_of(rows: pd.DataFrame) -> list[str]:
    known = rows[rows["value"].notna()].sort_values("start")
    return list(dict.fromkeys(known["period"]))


def span_of(rows: pd.DataFrame, told: str) -> str:
    """The periods of the lines, and the one the headline tells, which need not be the newest."""
    labels = labels_of(rows)
    if len(labels) < 2:
        return labels[0] if labels else ""
    span = f"{labels[0]} bis {labels[-1]}"
    return f"Wert für {told}, Zeitverlauf {span}" if told else span
