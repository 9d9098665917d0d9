"""Ranking: the own region among the Kreise of its Land or of Germany, ties shared."""

from dataclasses import dataclass

import pandas as pd

from indicators import formats, texts
from indicators.answers.answer import Answer
from indicators.answers.context import Context, row_of
from indicators.answers.lines import axis_suffix
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
from indicators.answers.scope import GERMANY, Scope, scope_of
from indicators.errors import NotPublishedError
from indicators.figures.chart import Chart, Point, Reference, Series
from indicators.figures.places import Place, PlacesPicture
from indicators.release import territory
from indicators.release.releases import Release
from indicators.view import View

_NAMED = 3  # places at each end of a ranking of places


@dataclass(frozen=True)
class _Ranking:
    """What is ranked in one period. `compared` are the rows of all that take part, highest first,
    `count` is how many should; `now` has those of the `references`, which are drawn as lines, too.
    `marked` are the own region, or its members where they have nothing together (`apart` says why).
    `few` is there where too few are known for ranks; `missed` says that the own Kreis did not exist
    then, and what reforms did to it."""

    context: Context
    scope: Scope
    period: str
    compared: pd.DataFrame
    count: int
    now: pd.DataFrame
    references: list[str]
    marked: list[str]
    apart: str
    few: Few | None
    missed: list[str]

    @property
    def around(self) -> pd.DataFrame:
        """The row of the region that is made up of those compared, in the columns of `compared`;
        none where one of these is the own."""
        if self.marked or self.missed:
            return self.compared.iloc[:0]
        return whole(self.context, self.scope, self.period)


def answer(release: Release, view: View) -> Answer:
    context = Context(release, view.with_(by=""))  # one value for each region
    scope = scope_of(context)
    context.compared = scope.regions
    own, references = _own(context, scope)
    single = context.values([region for region in (own, *references) if region])
    many = values_of(release, scope.asked, view.indicator, view.measure, view.only)
    every = pd.concat([single, many], ignore_index=True)
    known = territory.figures_of(many)
    period = view.period or covered_period(context, many, scope, known)
    period = period or context.chosen_period(every)
    context.check_period(every, period)
    scope = at_period(context, every, scope, known, period)
    missed = _did_not_exist(context, scope, own, every, period)
    ranking = _ranking(context, scope, period, (own, references, missed), (single, many))
    headline = _headline(ranking)
    # few places are named one by one; without ranks no axis of ranks is drawn either
    draw = _chart if scope.map == GERMANY and not ranking.few else _places
    chart = draw(ranking, headline)
    of_ranks = "" if ranking.few else " (Rang 1 = höchster Wert)"
    found = context.answer(
        with_whole(ranking.around, ranking.compared),
        headline=headline,
        subtitle=context.subtitle(
            f"{coverage(scope, ranking.compared, ranking.count)}, {period}{of_ranks}{ranking.apart}"
        ),
        table=value_table(context, ranking.compared, scope, ranking.around, ranked=not ranking.few),
        reading_aid=_reading_aid(ranking),
        alt=chart.alt,
        period=period,
        periods=_periods(every, [own, *scope.ever]),
        figure=chart,
    )
    notes = []
    if ranking.few:
        notes = ranking.few.notes(covered_period(context, many, scope, known))
    return found.with_beside([*missed[1:], *notes, *territory_notes(context, scope)])


def _ranking(
    context: Context,
    scope: Scope,
    period: str,
    asked: tuple[str, list[str], list[str]],
    values: tuple[pd.DataFrame, pd.DataFrame],
) -> _Ranking:
    """`asked` are the own region, the references and what `_did_not_exist` says, `values` the rows
    of these and of all of the scope. Raises NotPublishedError where none may be shown."""
    (own, references, missed), (single, many) = asked, values
    # a joint region stands for its members, which would otherwise be compared with themselves
    others = [key for key in scope.regions if key not in context.region.parts]
    members, apart = (), ""
    if own and (why := _no_joint_value(context, single, period)):
        # they are compared themselves where there is nothing they have together
        members, apart = context.region.members, f", {context.region.name}: {why}"
        others, own = list(scope.regions), ""
    rows = pd.concat([single, many[many["region"].isin(others)]], ignore_index=True)
    now = rows[rows["period"] == period]
    part = others if missed else [own, *others]
    compared = now[now["region"].isin(part)].sort_values(
        "value", ascending=False, na_position="last"
    )
    if compared.empty and (reason := context.kept_back()):
        raise NotPublishedError(reason)
    count = len(others) + bool(own and not missed)
    return _Ranking(
        context=context,
        scope=scope,
        period=period,
        compared=compared,
        count=count,
        now=now,
        references=references,
        marked=[own] if own else list(members),
        apart=apart,
        few=Few.of(context, compared, scope, count),
        missed=missed,
    )


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


def _headline(ranking: _Ranking) -> str:
    if ranking.missed:
        return ranking.missed[0]
    if ranking.few:
        return _without_rank(ranking, ranking.few)
    return _ranks(ranking) if ranking.marked else _ends(ranking)


def _reading_aid(ranking: _Ranking) -> str:
    """Of the own region or the first of its members; where none of them is ranked, of the highest
    place."""
    context, compared = ranking.context, ranking.compared
    told = compared[compared["region"].isin(ranking.marked) & compared["value"].notna()]
    if len(told):
        return texts.reading_aid(context.indicator, context.value(row_of(told)))
    if context.region.id in ranking.marked:
        return ""
    return sentences(context, compared, ranking.scope)[1]


def _ends(ranking: _Ranking) -> str:
    """The places at both ends by name; of few places, and of gaps, the ends of the range."""
    context, scope, around = ranking.context, ranking.scope, ranking.around
    known = ranking.compared[ranking.compared["value"].notna()]
    if len(known) < 2 * _NAMED or texts.is_gap(context.indicator):
        return sentences(context, ranking.compared, scope, around)[0]
    values = [context.value(row) for row in known.itertuples(index=False)]
    return texts.places_headline(
        context.indicator,
        context.value(row_of(around)) if len(around) else None,
        values[:_NAMED],
        values[: -_NAMED - 1 : -1],
        scope.where,
    )


def _ranks(ranking: _Ranking) -> str:
    """The rank of the own region, or of each of its members."""
    context, compared, marked = ranking.context, ranking.compared, ranking.marked
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
            where = ranking.scope.where if region == marked[-1] else ""
            told.append(
                texts.ranking_headline(context.indicator, value, rank, ties, count, where).strip()
            )
    return "; ".join(told) or f"Für {context.region.name} liegt hier kein Wert vor"


def _without_rank(ranking: _Ranking, few: Few) -> str:
    """The values of the own region where too few others are known for a rank."""
    context, compared = ranking.context, ranking.compared
    values = [
        context.value(row_of(own))
        for region in ranking.marked
        if len(own := compared[(compared["region"] == region) & compared["value"].notna()])
    ]
    if not values:
        return few.headline(ranking.period)
    told = [f"{one.region.name}: {texts.said(context.indicator, one)}" for one in values]
    return f"{'; '.join(told)}; Werte liegen {few.words} vor"


def _chart(ranking: _Ranking, headline: str) -> Chart:
    context, compared, now = ranking.context, ranking.compared, ranking.now
    points: dict[str, list[Point]] = {"own": [], "other": []}
    for i, row in enumerate(compared[compared["value"].notna()].itertuples(index=False), 1):
        name = territory.name_of(context.release.region(row.region))
        points["own" if row.region in ranking.marked else "other"].append(
            Point(float(i), float(row.value), context.shown(row), name, row.region)
        )
    lines = []
    for region in ranking.references:
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
            Series(ranking.scope.plural, "other", tuple(points["other"])),
            Series(context.region.name, "own", tuple(points["own"])),
        ),
        ticks=(),
        decimals=context.indicator.shown_decimals,
        unit_suffix=axis_suffix(context.indicator.unit),
        title=context.indicator.name,
        alt=alt,
        references=tuple(lines),
    )


def _places(ranking: _Ranking, headline: str) -> PlacesPicture:
    """The few places of a region, each with its name; a unit of several words, which the subtitle
    names, would leave no room for their bars."""
    context, now = ranking.context, ranking.now
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
            is_own=row.region in ranking.marked,
        )
        for row in ranking.compared.itertuples(index=False)
    ]
    whole = now[now["region"].isin(ranking.references) & now["value"].notna()]
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
