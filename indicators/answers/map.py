"""Map: all regions of a map over all years at once, so that the year changes in the browser."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from indicators.answers.answer import Answer
from indicators.answers.context import Context
from indicators.answers.places import (
    Few,
    at_period,
    coverage,
    covered_period,
    sentences,
    territory_notes,
    value_table,
    values_of,
    whole,
    with_whole,
)
from indicators.answers.scope import GERMANY, Scope, drawn_on, scope_of
from indicators.figures import map as pictures
from indicators.figures.map import MapPicture
from indicators.release import territory
from indicators.release.releases import Release
from indicators.release.territory import Figures
from indicators.symbols import Status
from indicators.view import View


def answer(release: Release, view: View) -> Answer:
    context = Context(release, view.with_(by=""))  # one value for each region
    scope = scope_of(context)
    context.compared = scope.regions
    rows = values_of(release, scope.asked, view.indicator, view.measure, view.only)
    known = territory.figures_of(rows)
    period = view.period or covered_period(context, rows, scope, known)
    period = period or context.chosen_period(rows)
    context.check_period(rows, period)
    scope = at_period(context, rows, scope, known, period)
    now = rows[(rows["period"] == period) & rows["region"].isin(scope.regions)]
    few = Few.of(context, now, scope, len(scope.regions))
    around = whole(context, scope, period)
    headline, aid = sentences(context, now, scope, around)
    if few:
        headline = few.headline(period)
    picture = picture_of(context, rows, scope, known, period, headline)
    found = context.answer(
        with_whole(around, now.sort_values("value", ascending=False, na_position="last")),
        headline=headline,
        subtitle=context.subtitle(f"{coverage(scope, now, len(scope.regions))}, {period}"),
        table=value_table(context, now, scope, around, ranked=not few),
        reading_aid=aid,
        alt=picture.alt_text,
        period=period,
        periods=list(picture.periods),
        figure=picture,
    )
    told = few.notes(covered_period(context, rows, scope, known)) if few else []
    return found.with_beside([*told, *territory_notes(context, scope, picture, period)])


def picture_of(
    context: Context,
    rows: pd.DataFrame,
    scope: Scope,
    known: Mapping[str, Figures],
    period: str,
    headline: str,
) -> MapPicture:
    indicator, every, shown = context.indicator, scope.every, scope.extent
    decimals = indicator.shown_decimals
    starts = rows[["period", "start"]].drop_duplicates().sort_values("start")
    periods = tuple(starts["period"])
    # a region without a row in a period is missing there
    drawn = rows[rows["region"].isin(every)]
    places = (
        pd.Index(periods).get_indexer(drawn["period"]),
        pd.Index(every).get_indexer(drawn["region"]),
    )
    values = np.full((len(periods), len(every)), np.nan)
    statuses = np.full(values.shape, Status.MISSING.value, dtype=object)
    values[places] = drawn["value"]
    statuses[places] = drawn["status"].to_numpy(dtype=object)
    then = {}
    if scope.map == GERMANY:
        then = _of_another_time(context, rows, every, known, (values, statuses), periods)
    kind: pictures.Kind = "circles" if indicator.is_count else "choropleth"
    if kind == "circles":
        limits = pictures.circle_limits(values)
    else:
        limits = tuple(indicator.class_limits) or pictures.class_limits(values, decimals)
    now = rows[(rows["period"] == period) & rows["region"].isin(scope.regions)]
    now = now[now["value"].notna()]
    alt = f"Karte: {indicator.name}, {period}, {scope.name}."
    if len(now):
        alt += f" {headline}."
    level = context.release.maps[scope.map]
    return MapPicture(
        title=indicator.name,
        alt_text=alt,
        map_file=level["name"],
        areas=scope.plural,
        boundary_note=boundary_note(level),
        periods=periods,
        selected=period,
        region_ids=tuple(every),
        codes=_codes(pictures.classify(values, limits, decimals, statuses), periods, every, then),
        values=values,
        classes=pictures.map_classes(limits, decimals, indicator.unit, kind),
        decimals=decimals,
        unit=indicator.unit,
        names=tuple(context.release.region(key).name for key in every),
        own=tuple(p for p in context.region.parts if p in set(every)),
        own_label=context.region.name,
        extent=() if len(shown) == len(every) else tuple(shown),
        kind=kind,
        then=then,
    )


def _of_another_time(
    context: Context,
    rows: pd.DataFrame,
    every: Sequence[str],
    known: Mapping[str, Figures],
    drawn: tuple[np.ndarray, np.ndarray],
    periods: Sequence[str],
) -> dict[tuple[str, str], str]:
    """By period and area the figures of the Kreise its territory was in where they are not those
    of this area. Takes these values out of `drawn` (values and statuses), and puts in those of a
    Kreis that had the same boundary under another key."""
    release, day = context.release, drawn_on(context.release)
    reforms = release.catalog.territory.reforms
    touched = set().union(*(r.ended | r.begun | r.changed for r in reforms))
    of = rows[rows["region"].isin(touched)]
    cells = {(row.period, row.region): row for row in of.itertuples(index=False)}
    dates = rows[["period", "start"]].drop_duplicates("period").itertuples(index=False)
    days = {row.period: context.counted_on(context.period(row)) for row in dates}
    places = [(i, area) for i, area in enumerate(every) if area in touched]
    then = {}
    for n, period in enumerate(periods):
        figures, own = known.get(period, Figures()), context.region.parts
        done = territory.done_in(release, days[period], figures, own)
        for i, area in places:
            parts = territory.pieces(release, area, day, done)
            if parts == {area}:
                continue
            found = [cells[period, part] for part in sorted(parts) if (period, part) in cells]
            if parts <= territory.same_area(release, area):
                drawn[0][n, i] = found[0].value if found else np.nan
                drawn[1][n, i] = found[0].status if found else Status.MISSING.value
            elif any(not pd.isna(row.value) for row in found):
                drawn[0][n, i] = np.nan
                names = [territory.name_of(release.region(row.region)) for row in found]
                told = zip(names, found, strict=True)
                then[period, area] = "; ".join(f"{name} {context.shown(r)}" for name, r in told)
    return then


def _codes(
    codes: np.ndarray,
    periods: Sequence[str],
    every: Sequence[str],
    then: Mapping[tuple[str, str], str],
) -> np.ndarray:
    for period, area in then:
        codes[periods.index(period), every.index(area)] = pictures.TERRITORY_CODE
    return codes


def boundary_note(level: dict) -> str:
    """Of which day the boundaries of a map are, and whose."""
    day = level["boundary_date"]
    owner = level.get("attribution") or f"© GeoBasis-DE / BKG {day[:4]} (Daten verändert)"
    return f"Grenzen vom {day[8:10]}.{day[5:7]}.{day[:4]} · {owner}"
