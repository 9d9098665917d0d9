"""Map: all regions of a map over all years at once, so that the year changes in the browser."""

from functools import lru_cache

import numpy as np
import pandas as pd

from indicators import formats, texts
from indicators.answers.answer import Answer, Context, Table, row_of
from indicators.answers.scope import Scope, scope_of
from indicators.figures import map as pictures
from indicators.figures.map import MapPicture
from indicators.release import Release
from indicators.symbols import Status
from indicators.view import View


def answer(release: Release, view: View) -> Answer:
    context = Context(release, view.with_(by=""))  # one value for each region
    scope = scope_of(context)
    context.compared = scope.regions
    shown = list(scope.regions)
    rows = values_of(release, scope.every, view.indicator, view.measure, view.only)
    period = view.period or covered_period(rows, shown) or context.chosen_period(rows)
    context.check_period(rows, period)
    picture = _picture(context, rows, scope, period)
    now = rows[(rows["period"] == period) & rows["region"].isin(shown)]
    headline, aid = sentences(context, now, scope)
    return context.answer(
        now.sort_values("value", ascending=False, na_position="last"),
        headline=headline,
        subtitle=context.subtitle(f"{coverage(scope, now, len(shown))}, {period}"),
        table=value_table(context, now, scope),
        reading_aid=aid,
        alt=picture.alt_text,
        period=period,
        periods=list(picture.periods),
        figure=picture,
    )


# The same for every region, period and scope; a dozen megabytes for the indicators in use.
@lru_cache(maxsize=32)
def values_of(
    release: Release,
    regions: tuple[str, ...],
    indicator: str,
    measure: str,
    only: tuple[tuple[str, str], ...],
) -> pd.DataFrame:
    """The values of an indicator for all regions of a map (see `indicator_values`); not to be
    changed by anyone."""
    context = Context(release, View("map", indicator, measure=measure, only=only))
    return context.values(regions)


def covered_period(rows: pd.DataFrame, shown: list[str]) -> str:
    """The newest period with values for at least half of the regions; "" if there is none."""
    known = rows[rows["region"].isin(shown) & rows["value"].notna()]
    counts = known.groupby(["start", "period"]).size()
    covered = counts[counts * 2 >= len(shown)]
    return covered.index[-1][1] if len(covered) else ""


def coverage(scope: Scope, now: pd.DataFrame, count: int) -> str:
    """How many regions are compared, and for how many there are values if not for all."""
    known = int(now["value"].notna().sum())
    if known < count:
        return (
            f"{formats.number(known)} von {formats.number(count)} {scope.dative} {scope.where} "
            "mit Angaben"
        )
    return f"{formats.number(count)} {scope.plural} {scope.where}"


def sentences(context: Context, now: pd.DataFrame, scope: Scope) -> tuple[str, str]:
    known = now[now["value"].notna()]
    if known.empty:
        return f"{texts.begin(scope.where)} gibt es keine Werte", ""
    low = context.value(row_of(known, int(known["value"].argmin())))
    high = context.value(row_of(known, int(known["value"].argmax())))
    aid = texts.reading_aid(context.indicator, high)
    return texts.map_headline(context.indicator, low, high, len(known), scope.where), aid


def _picture(context: Context, rows: pd.DataFrame, scope: Scope, period: str) -> MapPicture:
    indicator, every, shown = context.indicator, scope.every, scope.regions
    decimals = indicator.shown_decimals
    starts = rows[["period", "start"]].drop_duplicates().sort_values("start")
    periods = tuple(starts["period"])
    # a region without a row in a period is missing there
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
    alt = f"Karte: {indicator.name}, {period}, {scope.name}."
    if len(now):
        alt += f" {sentences(context, now, scope)[0]}."
    level = context.release.maps[scope.map]
    return MapPicture(
        title=indicator.name,
        alt_text=alt,
        map_file=level["name"],
        areas=scope.plural,
        boundary_note=_boundary_note(level),
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


def _boundary_note(level: dict) -> str:
    day = level["boundary_date"]
    owner = level.get("attribution") or f"© GeoBasis-DE / BKG {day[:4]} (Daten verändert)"
    return f"Grenzen vom {day[8:10]}.{day[5:7]}.{day[:4]} · {owner}"


def value_table(context: Context, now: pd.DataFrame, scope: Scope) -> Table:
    """A row per region, highest value first, with rank and counts."""
    decimals = context.indicator.shown_decimals
    ordered = now.sort_values("value", ascending=False, na_position="last")
    # compared as the reader sees them, like the rank in the headline
    seen = ordered["value"].map(lambda v: formats.rounded(v, decimals), na_action="ignore")
    ranks = seen.rank(method="min", ascending=False)
    counts = ordered["denominator"].notna().any()
    indicator = context.indicator
    # in a column of numbers a long unit stands in the heading once
    unit = indicator.unit if indicator.unit in ("%", "Anzahl") else ""
    columns = ["Rang", scope.noun, indicator.short_name + ("" if unit else f" ({indicator.unit})")]
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
            line += [context.count(n, row) for n in (row.numerator, row.denominator)]
        body.append(tuple(line))
    return Table(tuple(columns), tuple(body), (True, False, *[True] * (len(columns) - 2)))
