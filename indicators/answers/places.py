"""What every kind needs that compares the places of a scope in one period.

Their values and of how many there are any, the place they make up, the sentence about their range,
the table; how it is drawn belongs to the kind.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from indicators import formats, texts
from indicators.answers.answer import Table
from indicators.answers.context import Context, row_of
from indicators.answers.scope import GERMANY, Scope, drawn_on, in_period
from indicators.figures.map import MapPicture
from indicators.release import territory
from indicators.release.releases import Release
from indicators.release.territory import Figures
from indicators.view import View

_MOST_NAMED = 3  # Kreise that are not on the map


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
