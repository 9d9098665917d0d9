"""Ranking: the own region among the Kreise of its Land or of Germany, ties shared."""

from collections.abc import Sequence

import pandas as pd

from indicators import formats, texts
from indicators.answers.answer import Answer
from indicators.answers.context import Context, row_of
from indicators.answers.lines import axis_suffix
from indicators.answers.map import (
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
from indicators.answers.scope import GERMANY, Scope, scope_of
from indicators.errors import NotPublishedError
from indicators.figures.chart import Chart, Point, Reference, Series
from indicators.figures.places import Place, PlacesPicture
from indicators.release import territory
from indicators.release.releases import Release
from indicators.view import View

_NAMED = 3  # places at each end of a ranking of places


def answer(release: Release, view: View) -> Answer:
    context = Context(release, view.with_(by=""))  # one value for each region
    scope = scope_of(context)
    context.compared = scope.regions
    own, references = _own(context, scope)
    few = context.values([region for region in (own, *references) if region])
    many = values_of(release, scope.asked, view.indicator, view.measure, view.only)
    every = pd.concat([few, many], ignore_index=True)
    known = territory.figures_of(many)
    period = view.period or covered_period(context, many, scope, known)
    period = period or context.chosen_period(every)
    context.check_period(every, period)
    scope = at_period(context, every, scope, known, period)
    missed = _did_not_exist(context, scope, own, every, period)
    # a joint region stands for its members, which would otherwise be compared with themselves
    others = [key for key in scope.regions if key not in context.region.parts]
    members, apart = (), ""
    if own and (why := _no_joint_value(context, few, period)):
        # they are compared themselves where there is nothing they have together
        members, apart = context.region.members, f", {context.region.name}: {why}"
        others, own = list(scope.regions), ""
    rows = pd.concat([few, many[many["region"].isin(others)]], ignore_index=True)
    now = rows[rows["period"] == period]
    part = others if missed else [own, *others]
    compared = now[now["region"].isin(part)].sort_values(
        "value", ascending=False, na_position="last"
    )
    if compared.empty and (reason := context.kept_back()):
        raise NotPublishedError(reason)
    marked = [own] if own else list(members)
    count = len(others) + bool(own and not missed)
    few = Few.of(context, compared, scope, count)
    around = compared.iloc[:0] if marked or missed else whole(context, scope, period)
    if missed:
        headline = missed[0]
    elif few:
        headline = _without_rank(context, compared, few, marked, period)
    elif marked:
        headline = _headline(context, compared, scope, marked)
    else:
        headline = _ends(context, compared, scope, around)
    # few places are named one by one; without ranks no axis of ranks is drawn either
    draw = _chart if scope.map == GERMANY and not few else _places
    chart = draw(context, compared, now, references, headline, scope, marked)
    told = compared[compared["region"].isin(marked) & compared["value"].notna()]
    aid = "" if own else sentences(context, compared, scope)[1]
    if len(told):
        aid = texts.reading_aid(context.indicator, context.value(row_of(told)))
    found = context.answer(
        with_whole(around, compared),
        headline=headline,
        subtitle=context.subtitle(
            f"{coverage(scope, compared, count)}, {period}"
            f"{'' if few else ' (Rang 1 = höchster Wert)'}{apart}"
        ),
        table=value_table(context, compared, scope, around, ranked=not few),
        reading_aid=aid,
        alt=chart.alt,
        period=period,
        periods=_periods(every, [own, *scope.ever]),
        figure=chart,
    )
    notes = few.notes(covered_period(context, many, scope, known)) if few else []
    return found.with_beside([*missed[1:], *notes, *territory_notes(context, scope)])


def _own(context: Context, scope: Scope) -> tuple[str, list[str]]:
    """The region that takes part in the ranking ("" if none does), and those drawn as lines.

    A Land or Deutschland is no Kreis: its Kreise are ranked without it, as are the parts of a
    region, which are measured by the whole.
    """
    region = context.region
    whole = [r for r in (region.land, "DG") if r]
    if scope.map == GERMANY:
        return (region.id if region.level in ("kreis", "verbund") else ""), list(
            dict.fromkeys(whole)
        )
    if region.id in scope.regions:
        return region.id, [region.parent] if region.parent else []
    return "", [region.id]


def _did_not_exist(
    context: Context, scope: Scope, own: str, every: pd.DataFrame, period: str
) -> list[str]:
    """That the own Kreis did not exist in the period, and what reforms did to it; [] if it did."""
    if scope.map != GERMANY or not own or context.region.members or own in scope.regions:
        return []
    rows = every[["period", "start"]].drop_duplicates("period").itertuples(index=False)
    turns = context.turns([context.period(row) for row in rows])
    said = [turn.text for turn in turns if turn.label == territory.LABEL]
    return [f"{context.region.name} gab es im Gebietsstand dieser Angaben ({period}) nicht", *said]


def _no_joint_value(context: Context, few: pd.DataFrame, period: str) -> str:
    """Why a joint region has no value in this period; "" if it has one or is none."""
    found = few[(few["region"] == context.region.id) & (few["period"] == period)]
    if not context.region.members or found["value"].notna().any():
        return ""
    if found.empty:
        return texts.shown(context.indicator, None)
    value = context.value(row_of(found))
    without_counts = "ohne Zählwerte " if value.ready_made else ""
    return without_counts + texts.shown(context.indicator, value)


def rank_of(compared: pd.DataFrame, region: str, decimals: int) -> tuple[int, int, bool] | None:
    """Rank, number of regions with a value and whether the rank is shared; values are compared
    as the reader sees them. None if the region has no value."""
    values = compared[["region", "value"]].dropna()
    rounded = values["value"].map(lambda value: formats.rounded(value, decimals))
    own = rounded[values["region"] == region]
    if own.empty:
        return None
    value = own.iloc[0]
    return int((rounded > value).sum()) + 1, len(rounded), bool((rounded == value).sum() > 1)


def _ends(context: Context, compared: pd.DataFrame, scope: Scope, around: pd.DataFrame) -> str:
    """The places at both ends by name; of few places, and of gaps, the ends of the range."""
    known = compared[compared["value"].notna()]
    if len(known) < 2 * _NAMED or texts.is_gap(context.indicator):
        return sentences(context, compared, scope, around)[0]
    values = [context.value(row) for row in known.itertuples(index=False)]
    return texts.places_headline(
        context.indicator,
        context.value(row_of(around)) if len(around) else None,
        values[:_NAMED],
        values[: -_NAMED - 1 : -1],
        scope.where,
    )


def _headline(context: Context, compared: pd.DataFrame, scope: Scope, marked: Sequence[str]) -> str:
    """The rank of the own region, or of each of its members."""
    told = []
    for region in marked:
        own = compared[compared["region"] == region]
        if own.empty:
            continue
        value = context.value(row_of(own))
        found = rank_of(compared, region, context.indicator.shown_decimals)
        if found is None and len(marked) == 1:
            return texts.no_value(context.indicator, value)
        if found:
            rank, count, ties = found
            # what they are compared with is said once
            where = scope.where if region == marked[-1] else ""
            told.append(
                texts.ranking_headline(context.indicator, value, rank, ties, count, where).strip()
            )
    return "; ".join(told) or f"Für {context.region.name} liegt hier kein Wert vor"


def _without_rank(
    context: Context, compared: pd.DataFrame, few: Few, marked: Sequence[str], period: str
) -> str:
    """The values of the own region where too few others are known for a rank."""
    values = [
        context.value(row_of(own))
        for region in marked
        if len(own := compared[(compared["region"] == region) & compared["value"].notna()])
    ]
    if not values:
        return few.headline(period)
    told = [f"{one.region.name}: {texts.said(context.indicator, one)}" for one in values]
    return f"{'; '.join(told)}; Werte liegen {few.words} vor"


def _chart(
    context: Context,
    compared: pd.DataFrame,
    now: pd.DataFrame,
    references: list,
    headline: str,
    scope: Scope,
    marked: Sequence[str],
) -> Chart:
    points: dict[str, list[Point]] = {"own": [], "other": []}
    for i, row in enumerate(compared[compared["value"].notna()].itertuples(index=False), 1):
        name = territory.name_of(context.release.region(row.region))
        points["own" if row.region in marked else "other"].append(
            Point(float(i), float(row.value), context.shown(row), name, row.region)
        )
    lines = []
    for region in references:
        found = now[(now["region"] == region) & now["value"].notna()]
        if len(found) and not context.indicator.is_count:
            role = "germany" if region == "DG" else "land"
            name = context.release.region(region).name
            lines.append(
                Reference(
                    float(found["value"].iloc[0]), f"{name} {context.shown(row_of(found))}", role
                )
            )
    alt = f"Balkendiagramm: {context.indicator.name}. {headline}."
    return Chart(
        kind="ranking",
        series=(
            Series(scope.plural, "other", tuple(points["other"])),
            Series(context.region.name, "own", tuple(points["own"])),
        ),
        ticks=(),
        decimals=context.indicator.shown_decimals,
        unit_suffix=axis_suffix(context.indicator.unit),
        title=context.indicator.name,
        alt=alt,
        references=tuple(lines),
    )


def _places(
    context: Context,
    compared: pd.DataFrame,
    now: pd.DataFrame,
    references: list,
    headline: str,
    scope: Scope,
    marked: Sequence[str],
) -> PlacesPicture:
    """The few places of a region, each with its name; a unit of several words, which the subtitle
    names, would leave no room for their bars."""
    suffix = axis_suffix(context.indicator.unit)

    def number(row) -> str:
        if pd.isna(row.value):
            return context.shown(row)
        return formats.number(float(row.value), context.indicator.shown_decimals) + suffix

    places = [
        Place(
            context.release.region(row.region).name,
            None if pd.isna(row.value) else float(row.value),
            number(row),
            is_own=row.region in marked,
        )
        for row in compared.itertuples(index=False)
    ]
    whole = now[now["region"].isin(references) & now["value"].notna()]
    reference = None
    if len(whole) and not context.indicator.is_count:
        row = row_of(whole)
        name = context.release.region(row.region).name
        reference = (float(row.value), f"{name} {context.shown(row)}")
    alt = f"Balkendiagramm: {context.indicator.name}. {headline}."
    return PlacesPicture(context.indicator.name, alt, tuple(places), reference)


def _periods(rows: pd.DataFrame, compared: list[str]) -> list[str]:
    known = rows[rows["region"].isin(compared) & rows["value"].notna()].sort_values("start")
    return list(dict.fromkeys(known["period"]))
