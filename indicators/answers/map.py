"""Map: all regions of a map over all years at once, so that the year changes in the browser."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from indicators import formats, texts
from indicators.answers.answer import Answer, Context, Table, row_of
from indicators.answers.scope import GERMANY, Scope, drawn_on, in_period, scope_of
from indicators.figures import map as pictures
from indicators.figures.map import MapPicture
from indicators.release import territory
from indicators.release.releases import Release
from indicators.release.territory import Figures
from indicators.symbols import Status
from indicators.view import View

_MOST_NAMED = 3  # Kreise that are not on the map


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


@dataclass(frozen=True)
class Few:
    """That a period is known of a few of the compared regions only, because what ships of its table
    is an excerpt: nothing is said of highest and lowest, and nobody has a rank."""

    known: int
    count: int
    scope: Scope

    @classmethod
    def of(cls, context: Context, now: pd.DataFrame, scope: Scope, count: int) -> "Few | None":
        """`now` are the rows of the compared regions in the period, `count` how many these are;
        None where all have values, or where some lack for another reason."""
        known = now[now["value"].notna()]
        excerpts = {str(id) for id, one in context.release.sources.items() if one.excerpt}
        of_excerpts = known["sources"].map(lambda used: not excerpts.isdisjoint(used.split(",")))
        if known.empty or len(known) >= count or not of_excerpts.all():
            return None
        return cls(len(known), count, scope)

    @property
    def words(self) -> str:
        return (
            f"nur für {formats.number(self.known)} von {formats.number(self.count)} "
            f"{self.scope.dative} {self.scope.where}"
        )

    def headline(self, period: str) -> str:
        return f"Werte für {period} liegen {self.words} vor; alle bringt „update“"

    def notes(self, covered: str) -> list[str]:
        """Where the others come from, and the newest period (`covered`, "" if there is none) that
        can be compared."""
        found = [
            "Mitgeliefert ist ein Auszug der Tabelle für die Bildungsregionen. Alle Kreise bringt "
            "„update“ (Daten und Methodik, „Daten holen“)."
        ]
        if covered:
            found.append(f"Der neueste Zeitraum mit Werten zum Vergleichen ist {covered}.")
        return found


def at_period(
    context: Context,
    rows: pd.DataFrame,
    scope: Scope,
    known: Mapping[str, Figures],
    period: str,
) -> Scope:
    """The scope with the regions that are compared in a period."""
    asked = rows[rows["period"] == period]
    return in_period(context, scope, context.period(row_of(asked)), known)


def territory_notes(
    context: Context, scope: Scope, picture: MapPicture | None = None, period: str = ""
) -> list[str]:
    """Which of the Kreise compared have no area of their own on the map of Kreise, and why."""
    if scope.map != GERMANY:
        return []
    name = {key: f"{context.release.region(key).name} ({key})" for key in scope.regions}
    unseen = [
        name[key]
        for key in scope.regions
        if territory.same_area(context.release, key).isdisjoint(scope.every)
    ]
    day = formats.day(drawn_on(context.release))
    notes = []
    if unseen:
        told = formats.listing(unseen[:_MOST_NAMED])
        if len(unseen) > _MOST_NAMED:
            told = f"{', '.join(unseen[:_MOST_NAMED])} und {len(unseen) - _MOST_NAMED} weitere"
        verb = "liegt" if len(unseen) == 1 else "liegen"
        notes.append(
            f"{told} {verb} nicht mit eigenen Grenzen auf der Karte (Grenzen vom {day}), "
            f"{'zählt' if len(unseen) == 1 else 'zählen'} aber mit."
        )
    if picture and (count := unpainted(scope, picture, period)):
        told = formats.quantity(count, "Fläche", "Flächen")
        notes.append(
            f"Anderer Gebietsstand: {told} der Karte mit damals anderen Grenzen ohne Farbe; "
            "beim Zeigen auf die Fläche stehen die damaligen Kreise."
        )
    return notes


def unpainted(scope: Scope, picture: MapPicture, period: str) -> int:
    """How many areas shown have no colour in a period because they were other Kreise then."""
    return sum(at == period and id in scope.extent for at, id in picture.then)


# The same for every region, period and scope; a dozen megabytes for the indicators in use.
@lru_cache(maxsize=32)
def values_of(
    release: Release,
    regions: tuple[str, ...],
    indicator: str,
    measure: str,
    only: tuple[tuple[str, str], ...],
) -> pd.DataFrame:
    """The values of an indicator for all regions of a map: one row per region and period, in the
    columns of `indicator_values`; not to be changed by anyone."""
    context = Context(release, View("map", indicator, measure=measure, only=only))
    return context.values(regions)


def covered_period(
    context: Context, rows: pd.DataFrame, scope: Scope, known: Mapping[str, Figures]
) -> str:
    """The newest period with values for at least half of the regions; "" if there is none."""
    return next(covered_periods(context, rows, scope, known), "")


def covered_periods(
    context: Context, rows: pd.DataFrame, scope: Scope, known: Mapping[str, Figures]
) -> Iterator[str]:
    """The periods with values for at least half of the regions, the newest first."""
    values = rows[rows["value"].notna()].sort_values("start", ascending=False)
    for period in values["period"].unique():
        now = at_period(context, rows, scope, known, period)
        found = values[(values["period"] == period) & values["region"].isin(now.regions)]
        if len(found) * 2 >= len(now.regions):
            yield period


def coverage(scope: Scope, now: pd.DataFrame, count: int) -> str:
    """How many regions are compared, and for how many there are values if not for all."""
    known = int(now["value"].notna().sum())
    if known < count:
        return (
            f"{formats.number(known)} von {formats.number(count)} {scope.dative} {scope.where} "
            "mit Angaben"
        )
    return f"{formats.number(count)} {scope.plural} {scope.where}"


def whole(context: Context, scope: Scope, period: str) -> pd.DataFrame:
    """The row of the region whose parts are compared, where it has a number in this period; else
    none. Of Kreise there is none: their Land is another level. In the columns of
    `indicator_values`."""
    found = context.values([context.region.id])
    if scope.map == GERMANY or context.region.id in scope.regions:
        return found.iloc[:0]
    return found[(found["period"] == period) & found["value"].notna()]


def with_whole(around: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of places, after that of the region they make up; the columns of both."""
    return pd.concat([around, rows], ignore_index=True) if len(around) else rows


def sentences(
    context: Context, now: pd.DataFrame, scope: Scope, around: pd.DataFrame | None = None
) -> tuple[str, str]:
    """Headline and Lesehilfe; `around` is what `whole` gives, to tell it first."""
    known = now[now["value"].notna()]
    if known.empty:
        return f"{texts.begin(scope.where)} gibt es keine Werte", ""
    low = context.value(row_of(known, int(known["value"].argmin())))
    high = context.value(row_of(known, int(known["value"].argmax())))
    aid = texts.reading_aid(context.indicator, high)
    first = context.value(row_of(around)) if around is not None and len(around) else None
    return texts.map_headline(context.indicator, low, high, len(known), scope.where, first), aid


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


def value_table(
    context: Context,
    now: pd.DataFrame,
    scope: Scope,
    around: pd.DataFrame | None = None,
    *,
    ranked: bool = True,
) -> Table:
    """A row per region, highest value first, with rank (none, if they are not `ranked`) and
    counts; the region they make up (`around`, see `whole`) stands above them and has no rank."""
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
    lines = [*zip(ordered.itertuples(index=False), ranks, strict=True)]
    if around is not None:
        lines = [*((row, float("nan")) for row in around.itertuples(index=False)), *lines]
    for row, rank in lines:
        line = [
            "–" if pd.isna(rank) or not ranked else formats.number(rank),
            territory.name_of(context.release.region(row.region)),
            context.shown(row)
            if unit or pd.isna(row.value)
            else formats.number(row.value, indicator.shown_decimals),
        ]
        if counts:
            line += [context.count(n, row) for n in (row.numerator, row.denominator)]
        body.append(tuple(line))
    return Table(tuple(columns), tuple(body), (True, False, *[True] * (len(columns) - 2)))
