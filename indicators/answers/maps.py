"""Two maps of the same regions: an indicator at two moments, or two indicators."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from indicators import formats, texts
from indicators.answers import change
from indicators.answers.answer import INVENTED, Answer, Table, labelled
from indicators.answers.context import Context
from indicators.answers.map import picture_of
from indicators.answers.places import (
    at_period,
    covered_period,
    covered_periods,
    territory_notes,
    unpainted,
    values_of,
)
from indicators.answers.scope import Scope, scope_of
from indicators.answers.sources import source_line
from indicators.answers.telling import Telling, of_region
from indicators.errors import ViewError
from indicators.figures import map as pictures
from indicators.figures.map import MapPicture
from indicators.figures.two_maps import TwoMaps
from indicators.release import territory
from indicators.release.releases import Release
from indicators.view import View

_FEWEST_COLOURS = 3  # of a map, where it shares its classes with one of other numbers


@dataclass(frozen=True)
class _Map:
    """What there is to draw of an indicator: all values of the map's regions over time (`rows`),
    and the regions compared in the period shown."""

    context: Context
    scope: Scope
    rows: pd.DataFrame
    period: str

    @classmethod
    def of(cls, release: Release, view: View, near: str = "") -> "_Map":
        """At the period of the view; else at the one of those with enough values that is nearest
        to the day `near`, by default the newest. Raises ViewError where there is no value."""
        context = Context(release, view.with_(by="", since="", settings=()))
        scope = scope_of(context)
        context.compared = scope.regions
        rows = values_of(release, scope.asked, view.indicator, view.measure, view.only)
        known = territory.figures_of(rows)
        period = view.period
        if not period and near:
            starts = dict(zip(rows["period"], rows["start"], strict=True))
            there = covered_periods(context, rows, scope, known)
            days = pd.Timestamp(near)
            period = min(there, key=lambda one: abs(pd.Timestamp(starts[one]) - days), default="")
        period = period or covered_period(context, rows, scope, known)
        period = period or context.chosen_period(rows)
        context.check_period(rows, period)
        context.check_number(rows[rows["region"].isin(scope.ever)])
        return cls(context, at_period(context, rows, scope, known, period), rows, period)

    @property
    def now(self) -> pd.DataFrame:
        """The rows of the regions compared, in the period shown, that of the highest value first;
        the columns of `indicator_values`."""
        of = self.rows["region"].isin(self.scope.regions) & (self.rows["period"] == self.period)
        return self.rows[of].sort_values("value", ascending=False, na_position="last")

    @property
    def start(self) -> str:
        return str(self.rows.loc[self.rows["period"] == self.period, "start"].iloc[0])

    @property
    def periods(self) -> list[str]:
        return list(
            dict.fromkeys(self.rows[self.rows["value"].notna()].sort_values("start").period)
        )

    @property
    def heading(self) -> str:
        """What stands above the map; its legend has the unit."""
        told = (self.context.indicator.name, self.context.qualifier, self.period)
        return ", ".join(filter(None, told))

    @property
    def told(self) -> str:
        """The same with the unit; that the numbers are invented is said once, of both."""
        return self.context.subtitle(self.period).removeprefix(f"{INVENTED}: ")

    def own(self) -> pd.DataFrame:
        """The rows of the own region and its members in the period shown, in the columns of
        `indicator_values`."""
        found = self.context.values([self.context.region.id, *self.context.region.members])
        return found[found["period"] == self.period]

    def picture(self) -> MapPicture:
        known = territory.figures_of(self.rows)
        picture = picture_of(self.context, self.rows, self.scope, known, self.period, "")
        return replace(picture, alt_text=self.alt_at(self.period))

    def alt_at(self, period: str) -> str:
        return f"Karte: {self.context.indicator.name}, {period}, {self.scope.name}."

    @property
    def short_name(self) -> str:
        """What the numbers are called in a column or a legend."""
        indicator = self.context.indicator
        return indicator.name if self.context.view.measure == "count" else indicator.short_name

    @property
    def unit_beside(self) -> str:
        """The unit where it is too long to stand behind every number."""
        unit = self.context.indicator.unit
        return "" if unit in ("%", "Anzahl") else unit

    def shown(self, row) -> str:
        """The value for a column that names the unit where it is long, or why there is none."""
        if self.unit_beside and not pd.isna(row.value):
            return formats.number(row.value, self.context.indicator.shown_decimals)
        return self.context.shown(row)


def _of_another_time(scope: Scope, maps: tuple[MapPicture, MapPicture]) -> list[str]:
    """On which of the maps how many areas have no colour because they were other Kreise then."""
    counts = [(unpainted(scope, one, one.selected), one.selected) for one in maps]
    found = [
        f"{formats.quantity(count, 'Fläche', 'Flächen')} ({period})"
        for count, period in counts
        if count
    ]
    if not found:
        return []
    return [
        f"Anderer Gebietsstand: {formats.listing(found)} mit damals anderen Grenzen ohne Farbe; "
        "beim Zeigen auf eine Fläche stehen die damaligen Kreise."
    ]


def answer(release: Release, view: View) -> Answer:
    """Of the indicator named by `with` beside that of the view, else of the view's own at `since`
    and at `period`. Raises ViewError where there is nothing to put beside the first map."""
    if other := view.setting("with"):
        return _of_two_indicators(release, view, other)
    return _of_two_periods(release, view)


# --- two moments ----------------------------------------------------------------------------------


def earliest(release: Release, view: View, period: str) -> str:
    """The first period that the view at this one can be set beside: of those with values for at
    least half of the regions, else of all; "" if there is none."""
    options = change.earlier(release, view, period)
    one = _Map.of(release, view.with_(period=period))
    known = territory.figures_of(one.rows)
    there = set(covered_periods(one.context, one.rows, scope_of(one.context), known))
    return next((p for p in reversed(options) if p in there), options[-1] if options else "")


def _of_two_periods(release: Release, view: View) -> Answer:
    one = _Map.of(release, view)
    since = view.since or earliest(release, view, one.period)
    if not since:
        raise ViewError(
            f"Für {one.context.indicator.name} gibt es keinen früheren Zeitraum, der sich mit "
            f"{one.period} vergleichen lässt."
        )
    found = change.find(release, view.with_(since=since, period=one.period, settings=()))
    both = one.picture().of((since, one.period))
    name, scope = one.context.indicator.name, found.scope
    headline = change.headline_of(found)
    figure = TwoMaps(
        title=name,
        alt=f"Zwei Karten: {name}, {since} und {one.period}, {scope.name}. {headline}.",
        left=replace(both.at(since), alt_text=one.alt_at(since)),
        right=both,
        headings=(since, one.period),
        one_legend=True,
    )
    told = change.answered(found, figure, figure.alt)
    count = formats.number(len(scope.regions))
    notes = [*told.beside, *_of_another_time(scope, figure.maps)]
    return replace(
        told,
        view=view.with_(by=""),
        subtitle=one.context.subtitle(
            f"{count} {scope.plural} {scope.where}, {since} und {one.period}"
        ),
        notes=list(dict.fromkeys([*notes, *told.notes])),
        beside=tuple(dict.fromkeys(notes)),
    )


# --- two indicators -------------------------------------------------------------------------------


def _of_two_indicators(release: Release, view: View, other: str) -> Answer:
    _check(release, view, other)
    left = _Map.of(release, view)
    right = _Map.of(release, _view_of_other(release, view, other), left.start)
    both = [left, right]
    drawn, one_legend = _pictures(left, right)
    headings = left.heading, right.heading
    tellings = [_telling(one) for one in both]
    headline = texts.one_behind_the_other([told.headline for told in tellings], left.context.region)
    names = formats.listing([one.context.indicator.name for one in both])
    alt = f"Zwei Karten: {names}, {left.scope.name}. {headline}."
    parts = [_part(one) for one in both]
    sources = tuple(dict.fromkeys(source for part in parts for source in part.sources))
    place = " · ".join(dict.fromkeys(one.context.place for one in both))
    catalog = release.catalog
    notes = [note for one in both for note in territory_notes(one.context, one.scope)]
    notes = [*_dropped(release, view, right), *notes, *_of_another_time(left.scope, drawn)]
    notes = list(dict.fromkeys(notes))
    regions = f"{formats.number(len(left.scope.regions))} {left.scope.plural} {left.scope.where}"
    figure = TwoMaps(names, alt, *drawn, headings, one_legend)
    return replace(
        parts[0],
        view=view.with_(by=""),
        title=names,
        headline=headline,
        subtitle=labelled(f"{left.told}; {right.told}; {regions}", left.context.region),
        rows=[
            {"indicator": one.context.view.indicator, "indicator_name": one.context.indicator.name}
            | row
            for one, part in zip(both, parts, strict=True)
            for row in part.rows
        ],
        table=_table(left, right),
        reading_aid=" ".join(told.reading_aid for told in tellings).strip(),
        alt=alt,
        notes=list(dict.fromkeys([*notes, *(note for part in parts for note in part.notes)])),
        footnotes=list(dict.fromkeys(note for part in parts for note in part.footnotes)),
        source=f"{source_line(sources, catalog)} · {place}",
        source_short=f"{source_line(sources, catalog, short=True)} · {place}",
        sources=sources,
        period=left.period,
        periods=left.periods,
        figure=figure,
        beside=tuple(notes),
    )


def _check(release: Release, view: View, other: str) -> None:
    """Raises ViewError where these two are no pair."""
    known = release.catalog.indicators
    if other not in known:
        raise ViewError(f"Den Indikator „{other}“ gibt es nicht.", name="with", value=other)
    if other == view.indicator:
        raise ViewError(
            f"Neben {known[other].name} steht derselbe Indikator noch einmal; zwei Zeiträume "
            "nennen since und period.",
            name="with",
            value=other,
        )
    if view.since:
        raise ViewError(
            f"Zwei Indikatoren stehen zum selben Zeitraum nebeneinander, ohne {view.since}."
        )


def _view_of_other(release: Release, view: View, other: str) -> View:
    """The other indicator in the same scope, with what of the view fits it."""
    indicator = release.catalog.indicators[other]
    there = {breakdown.dimension for breakdown in indicator.breakdowns}
    counted = any(calculation.numerator for calculation in indicator.calculations)
    return view.with_(
        indicator=other,
        period="",
        measure=view.measure if counted and not indicator.is_count else View.measure,
        only=tuple(pair for pair in view.only if pair[0] in there),
    )


def _dropped(release: Release, view: View, right: _Map) -> list[str]:
    """That the other indicator is not restricted as the first, or not counted, where it cannot."""
    catalog, name = release.catalog, right.context.indicator.name
    land = right.context.region.land
    lost = [
        catalog.dimensions[dimension].category_name(category, land)
        for dimension, category in view.only
        if dimension not in dict(right.context.view.only)
    ]
    return [f"{name}: nicht eingegrenzt auf {formats.listing(lost)}."] if lost else []


def _pictures(left: _Map, right: _Map) -> tuple[tuple[MapPicture, MapPicture], bool]:
    """Both maps at their period, and whether they have the same classes: where these tell something
    of both, which are of one unit, and neither of them in hardly any colour."""
    first, second = (one.picture().of([one.period]) for one in (left, right))
    first, second = (
        replace(picture, title=one.short_name) for picture, one in ((first, left), (second, right))
    )
    alike = (first.unit, first.decimals, first.kind) == (second.unit, second.decimals, second.kind)
    given = left.context.indicator.class_limits, right.context.indicator.class_limits
    if not alike or first.kind == "circles" or given[0] != given[1]:
        return (first, second), False
    # beyond the areas shown, as the classes of a single map are made
    values = np.concatenate([first.values, second.values], axis=None)
    limits = tuple(given[0]) or pictures.class_limits(values, first.decimals)
    classes = pictures.map_classes(limits, first.decimals, first.unit)
    words = {"%": "in Prozent", "EUR": "in Euro"}.get(first.unit, first.unit)
    shared = [_in_classes(picture, limits, classes, words) for picture in (first, second)]
    for one, apart in zip(shared, (first, second), strict=True):
        if _colours(one) < min(_FEWEST_COLOURS, _colours(apart)):
            return (first, second), False
    return (shared[0], shared[1]), True


def _in_classes(
    picture: MapPicture,
    limits: tuple[float, ...],
    classes: tuple[pictures.MapClass, ...],
    words: str,
) -> MapPicture:
    codes = pictures.classify(picture.values, limits, picture.decimals)
    has_number = picture.codes < pictures.TERRITORY_CODE
    return replace(
        picture,
        codes=np.where(has_number, codes, picture.codes),
        classes=classes,
        legend_title=words,
    )


def _colours(picture: MapPicture) -> int:
    """In how many colours the regions shown appear."""
    seen = np.isin(picture.region_ids, picture.extent) if picture.extent else slice(None)
    codes = picture.codes[:, seen]
    return len(np.unique(codes[codes < pictures.TERRITORY_CODE]))


def _telling(one: _Map) -> Telling:
    """What is said of the own region in the period shown alone."""
    context = Context(one.context.release, one.context.view.with_(kind="trend", period=one.period))
    return of_region(context, one.own(), one.period)


def _part(one: _Map) -> Answer:
    """The answer of one map without its words: rows, notes and sources, with the own region."""
    own = one.own()
    own = own[~own["region"].isin(one.scope.regions)]
    rows = pd.concat([own, one.now], ignore_index=True) if len(own) else one.now
    nothing = Table((), (), ())
    return one.context.answer(
        rows, headline="", subtitle="", table=nothing, reading_aid="", alt="", period=one.period
    )


def _table(left: _Map, right: _Map) -> Table:
    """A row per place, that of the highest value of the first indicator first, the own region above
    them; a column per indicator."""
    cells = [_cells(left), _cells(right)]
    own = [id for id in (left.context.region.id,) if any(id in each for each in cells)]
    regions = list(dict.fromkeys([*own, *left.now["region"], *right.now["region"]]))
    release = left.context.release
    body = [
        (
            territory.name_of(release.region(id)),
            *(
                each.get(id, texts.shown(one.context.indicator, None))
                for each, one in zip(cells, (left, right), strict=True)
            ),
        )
        for id in regions
    ]
    columns = [
        f"{one.short_name}, {one.period}" + (f" ({one.unit_beside})" if one.unit_beside else "")
        for one in (left, right)
    ]
    return Table((left.scope.noun, *columns), tuple(body), (False, True, True))


def _cells(one: _Map) -> dict[str, str]:
    """The values as a reader sees them, by region."""
    rows = pd.concat([one.own(), one.now], ignore_index=True).drop_duplicates("region")
    return {row.region: one.shown(row) for row in rows.itertuples(index=False)}
