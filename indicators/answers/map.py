"""Map: all Kreise over all years at once, so that the year changes in the browser."""

from datetime import date
from functools import lru_cache

import numpy as np
import pandas as pd

from indicators import formats, texts
from indicators.answers.answer import Answer, Context, Table, row_of
from indicators.figures import map as pictures
from indicators.figures.map import MapPicture
from indicators.release import Release
from indicators.symbols import Status
from indicators.view import View

LEVEL = "kreis"


def answer(release: Release, view: View) -> Answer:
    context = Context(release, view)
    shown = kreise_in_scope(context)
    every = kreise(release)
    rows = values_of_kreise(release, view.indicator, view.measure, view.only)
    period = view.period or covered_period(rows, shown) or context.chosen_period(rows)
    context.check_period(rows, period)
    picture = _picture(context, rows, every, shown, period)
    now = rows[(rows["period"] == period) & rows["region"].isin(shown)]
    headline, aid = sentences(context, now)
    return context.answer(
        now.sort_values("value", ascending=False, na_position="last"),
        headline=headline,
        subtitle=context.subtitle(f"{coverage(context, now, len(shown))}, {period}"),
        table=value_table(context, now),
        reading_aid=aid,
        alt=picture.alt_text,
        period=period,
        periods=list(picture.periods),
        figure=picture,
    )


# The same for every region, period and scope; a dozen megabytes for the indicators in use.
@lru_cache(maxsize=32)
def values_of_kreise(
    release: Release, indicator: str, measure: str, only: tuple[tuple[str, str], ...]
) -> pd.DataFrame:
    """The values of an indicator for all Kreise of the map (see `indicator_values`); not to be
    changed by anyone."""
    context = Context(release, View("map", indicator, measure=measure, only=only))
    return context.values(kreise(release))


def covered_period(rows: pd.DataFrame, shown: list[str]) -> str:
    """The newest period with values for at least half of the Kreise shown; "" if there is none."""
    known = rows[rows["region"].isin(shown) & rows["value"].notna()]
    counts = known.groupby(["start", "period"]).size()
    covered = counts[counts * 2 >= len(shown)]
    return covered.index[-1][1] if len(covered) else ""


def kreise(release: Release) -> list[str]:
    """The Kreise of the map's boundaries in the order of their keys."""
    day = date.fromisoformat(release.maps[LEVEL]["boundary_date"])
    return sorted(r.id for r in release.regions.values() if r.level == "kreis" and r.exists_on(day))


def kreise_in_scope(context: Context) -> list[str]:
    """The Kreise compared: of the own Land, or all; all as well where the Land has only a few."""
    every = kreise(context.release)
    land = context.region.land
    if context.view.scope == "all" or not land:
        return every
    own = [key for key in every if key[:2] == land]
    return own if len(own) > 2 else every


def scope_name(context: Context) -> str:
    count = len(kreise_in_scope(context))
    return (
        f"{formats.number(count)} Kreise in Deutschland"
        if count == len(kreise(context.release))
        else f"{formats.number(count)} Kreise in {context.land_name()}"
    )


def coverage(context: Context, now: pd.DataFrame, count: int) -> str:
    """How many Kreise are compared, and for how many there are values if not for all."""
    known, where = int(now["value"].notna().sum()), scope_where(context)
    if known < count:
        return f"{formats.number(known)} von {formats.number(count)} Kreisen {where} mit Angaben"
    return f"{formats.number(count)} Kreise {where}"


def scope_where(context: Context) -> str:
    if len(kreise_in_scope(context)) == len(kreise(context.release)):
        return "in Deutschland"
    return context.release.region(context.region.land).where


def sentences(context: Context, now: pd.DataFrame) -> tuple[str, str]:
    known = now[now["value"].notna()]
    if known.empty:
        return f"{texts.begin(scope_where(context))} gibt es keine Werte", ""
    low = context.value(row_of(known, int(known["value"].argmin())))
    high = context.value(row_of(known, int(known["value"].argmax())))
    aid = texts.reading_aid(context.indicator, high, None, context.qualifier)
    where = scope_where(context)
    return texts.map_headline(context.indicator, low, high, len(known), where), aid


def _picture(
    context: Context, rows: pd.DataFrame, every: list[str], shown: list[str], period: str
) -> MapPicture:
    indicator = context.indicator
    decimals = indicator.shown_decimals
    starts = rows[["period", "start"]].drop_duplicates().sort_values("start")
    periods = tuple(starts["period"])
    # a Kreis without a row in a period is missing there
    places = (
        pd.Index(periods).get_indexer(rows["period"]),
        pd.Index(every).get_indexer(rows["region"]),
    )
    values = np.full((len(periods), len(every)), np.nan)
    statuses = np.full(values.shape, Status.MISSING.value, dtype=object)
    values[places] = rows["value"]
    statuses[places] = rows["status"].to_numpy(dtype=object)
    kind = "circles" if indicator.is_count else "choropleth"
    if kind == "circles":
        limits = pictures.circle_limits(values)
    else:
        limits = tuple(indicator.class_limits) or pictures.class_limits(values, decimals)
    now = rows[(rows["period"] == period) & rows["region"].isin(shown) & rows["value"].notna()]
    alt = f"Karte: {indicator.name}, {period}, {scope_name(context)}."
    if len(now):
        alt += f" {sentences(context, now)[0]}."
    level = context.release.maps[LEVEL]
    day = level["boundary_date"]
    return MapPicture(
        title=indicator.name,
        alt_text=alt,
        map_file=level["name"],
        level=LEVEL,
        boundary_note=(
            f"Grenzen vom {day[8:10]}.{day[5:7]}.{day[:4]} · "
            f"© GeoBasis-DE / BKG {day[:4]} (Daten verändert)"
        ),
        periods=periods,
        selected=period,
        region_ids=tuple(every),
        codes=pictures.classify(values, limits, decimals, statuses),
        values=values,
        classes=pictures.map_classes(limits, decimals, indicator.unit, kind),
        decimals=decimals,
        unit=indicator.unit,
        names=tuple(context.release.region(key).name for key in every),
        own=tuple(p for p in context.region.parts if p in set(every)),
        own_label=context.region.name,
        extent=() if len(shown) == len(every) else tuple(shown),
        kind=kind,
    )


def value_table(context: Context, now: pd.DataFrame) -> Table:
    """A row per Kreis, highest value first, with rank and counts."""
    decimals = context.indicator.shown_decimals
    ordered = now.sort_values("value", ascending=False, na_position="last")
    # compared as the reader sees them, like the rank in the headline
    seen = ordered["value"].map(lambda v: formats.rounded(v, decimals), na_action="ignore")
    ranks = seen.rank(method="min", ascending=False)
    counts = ordered["denominator"].notna().any()
    indicator = context.indicator
    # in a column of numbers a long unit stands in the heading once
    unit = indicator.unit if indicator.unit in ("%", "Anzahl") else ""
    columns = ["Rang", "Kreis", indicator.short_name + ("" if unit else f" ({indicator.unit})")]
    if counts:
        columns += [context.indicator.numerator_name, context.indicator.denominator_name]
    body = []
    for row, rank in zip(ordered.itertuples(index=False), ranks, strict=True):
        line = [
            "–" if pd.isna(rank) else formats.number(rank),
            context.release.region(row.region).name,
            context.shown(row)
            if unit or pd.isna(row.value)
            else formats.number(row.value, indicator.shown_decimals),
        ]
        if counts:
            line += [
                "–" if pd.isna(n) else formats.number(n) for n in (row.numerator, row.denominator)
            ]
        body.append(tuple(line))
    return Table(tuple(columns), tuple(body), (True, False, *[True] * (len(columns) - 2)))
