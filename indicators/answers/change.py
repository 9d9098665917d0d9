"""Change: the regions of a map or a ranking at two moments, and what lies between them.

A view with `since` shows not how much there is in a period but what has become of the value of the
earlier one: on the map as colours around zero, as a ranking with a line for each region.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from indicators import formats, texts
from indicators.answers.answer import Answer, Picture, Table
from indicators.answers.context import Context, row_of, wholes
from indicators.answers.map import boundary_note
from indicators.answers.places import at_period, covered_period, territory_notes, values_of
from indicators.answers.scope import GERMANY, Scope, scope_of
from indicators.errors import ViewError
from indicators.figures import map as pictures
from indicators.figures.map import MapPicture
from indicators.figures.slope import Slope, SlopePicture
from indicators.release import territory
from indicators.release.releases import Release
from indicators.symbols import SIGNS, Status
from indicators.view import View

_NAMED = 12  # of so few places each has its name in the figure
_ENDS = 2  # of many only those that changed most, at each end
_NOT_COMPARABLE = "nicht vergleichbar"


@dataclass(frozen=True)
class Measure:
    """How a change is told: shares in percentage points, counts and euros in per cent of what was,
    everything else in its own unit."""

    unit: str
    decimals: int
    relative: bool = False

    @classmethod
    def of(cls, context: Context) -> "Measure":
        indicator = context.indicator
        counts = indicator.is_count and not texts.is_gap(indicator)
        if counts or indicator.unit == "EUR":
            return cls("%", 1, relative=True)
        return cls(formats.difference_unit(indicator.unit), indicator.shown_decimals)

    def change(self, before: float, now: float) -> tuple[float | None, Status]:
        """The change and its status: none in per cent of so few that chance would be told."""
        if not self.relative:
            return formats.rounded(now - before, self.decimals), Status.OK
        if before < texts.FEWEST_FOR_RELATIVE_CHANGE:
            return None, Status.TOO_FEW
        return formats.rounded((now / before - 1) * 100, self.decimals), Status.OK

    def words(self, value: float, *, bare: bool = False) -> str:
        """ "+1,5 Prozentpunkte"; `bare` without the unit, where it was told before."""
        number = formats.signed(value, self.decimals)
        if bare:
            return number
        one = self.unit == "Prozentpunkte" and abs(value) == 1
        return number + formats.suffix("Prozentpunkt" if one else self.unit)


@dataclass(frozen=True)
class Both:
    """A region at both moments. `before` and `now` are rows of `indicator_values` (None: there is
    none), `change` what lies between them, None where `status` or `why` says that it is not known
    or means nothing."""

    region: str
    name: str
    before: Any
    now: Any
    change: float | None
    status: Status
    why: str = ""

    def told(self, measure: Measure) -> str:
        if self.change is not None:
            return measure.words(self.change)
        return self.why or SIGNS[self.status].short


@dataclass(frozen=True)
class Found:
    """What map and lines share: the regions compared, the own ones, and the two periods."""

    context: Context
    scope: Scope
    measure: Measure
    since: str
    period: str
    periods: list[str]
    compared: list[Both]
    own: list[Both]  # the region, and the members of a joint one
    others: list[tuple[Both, str]]  # what it is measured by, each with its role

    @property
    def rising(self) -> list[Both]:
        """Those with a change, that of the largest first."""
        known = [both for both in self.compared if both.change is not None]
        return sorted(known, key=lambda both: -(both.change or 0))

    @property
    def between(self) -> str:
        return f"{self.since} bis {self.period}"


def on_map(release: Release, view: View) -> Answer:
    """The map of the change between `since` and `period`."""
    found = find(release, view)
    picture = _picture(found)
    return answered(found, picture, picture.alt_text)


def as_lines(release: Release, view: View) -> Answer:
    """Every region as a line from its value then to its value now."""
    found = find(release, view)
    picture = _lines(found)
    return answered(found, picture, picture.alt)


def earlier(release: Release, view: View, period: str) -> list[str]:
    """The periods that a view of a map or ranking can be compared with, the newest first: before
    `period`, with a value of the region or of those compared, and no break of the series between.
    """
    context = Context(release, view.with_(by="", since=""))
    scope = scope_of(context)
    rows = values_of(release, scope.asked, view.indicator, view.measure, view.only)
    return _earlier(context, rows[rows["region"].isin(scope.ever)], period)


def _earlier(context: Context, rows: pd.DataFrame, period: str) -> list[str]:
    known = rows[rows["value"].notna()].drop_duplicates("period").sort_values("start")
    now = rows[rows["period"] == period]
    if now.empty:
        return []
    later = context.period(row_of(now))
    before = [row for row in known.itertuples(index=False) if context.period(row) < later]
    return [
        row.period for row in reversed(before) if not context.is_broken(context.period(row), later)
    ]


def find(release: Release, view: View) -> Found:
    """Raises ViewError where one of the periods is not there, or they cannot be compared."""
    context = Context(release, view.with_(by=""))  # one value for each region
    scope = scope_of(context)
    context.compared = scope.regions
    rows = values_of(release, scope.asked, view.indicator, view.measure, view.only)
    known = territory.figures_of(rows)
    period = view.period or covered_period(context, rows, scope, known)
    period = period or context.chosen_period(rows)
    context.check_period(rows, period)
    _check(context, rows, view.since, period)
    then = set(at_period(context, rows, scope, known, view.since).regions)
    scope = at_period(context, rows, scope, known, period)
    measure = Measure.of(context)
    own = [context.region.id, *context.region.members]
    around = [(id, role) for id, role in wholes(context.region) if id not in scope.regions]
    beside = context.values([*own, *(id for id, _ in around)])
    compared = [
        _both(context, measure, rows, (view.since, period), id, id in then) for id in scope.regions
    ]
    return Found(
        context,
        scope,
        measure,
        view.since,
        period,
        list(dict.fromkeys(rows[rows["value"].notna()].sort_values("start")["period"])),
        compared,
        [_both(context, measure, beside, (view.since, period), id) for id in own],
        [(_both(context, measure, beside, (view.since, period), id), r) for id, r in around],
    )


def _check(context: Context, rows: pd.DataFrame, since: str, period: str) -> None:
    """Raises ViewError where `since` is no earlier period, or a break lies between."""
    context.check_period(rows, since)
    first, last = (context.period(row_of(rows[rows["period"] == p])) for p in (since, period))
    if first >= last:
        raise ViewError(
            f"Eine Veränderung seit {since} lässt sich nur für spätere Zeiträume zeigen, nicht für "
            f"{period}.",
            name="since",
            value=since,
        )
    if context.is_broken(first, last):
        turns = [turn for turn in context.turns([first, last]) if turn.is_break]
        why = "; ".join(turn.text.removesuffix(".") for turn in turns if turn.first == last)
        name = context.indicator.name
        raise ViewError(f"{name}: {since} und {period} lassen sich nicht vergleichen. {why}.")


def _both(
    context: Context,
    measure: Measure,
    rows: pd.DataFrame,
    moments: tuple[str, str],
    region: str,
    existed: bool = True,
) -> Both:
    """A region at both moments; one that did not exist then, or whose series breaks between, has no
    change."""
    of = rows[rows["region"] == region]
    before, now = (
        row_of(found) if len(found := of[of["period"] == moment]) else None for moment in moments
    )
    name = territory.name_of(context.release.region(region))
    if before is None or now is None or pd.isna(before.value) or pd.isna(now.value):
        lacking = before if now is not None and not pd.isna(now.value) else now
        status = Status.MISSING if lacking is None else Status(lacking.status)
        why = texts.shown(context.indicator, None if lacking is None else context.value(lacking))
        return Both(region, name, before, now, None, status, why)
    periods = context.period(before), context.period(now)
    if not existed or context.is_broken(*periods, context.release.region(region)):
        return Both(region, name, before, now, None, Status.NOT_APPLICABLE, _NOT_COMPARABLE)
    change, status = measure.change(float(before.value), float(now.value))
    return Both(region, name, before, now, change, status)


# --- sentences ------------------------------------------------------------------------------------


def headline_of(found: Found) -> str:
    """What became of the own region, and then how many of the others rose and fell."""
    measure, told = found.measure, []
    whole, *members = found.own
    each = [
        f"{one.name} {measure.words(one.change, bare=True)}"
        for one in members
        if one.change is not None
    ]
    if whole.change is not None:
        told.append(f"{whole.name}: {measure.words(whole.change)} seit {found.since}")
        told[0] += f" ({', '.join(each)})" if each else ""
    elif each:
        told.append(f"{formats.listing(each)}{formats.suffix(measure.unit)} seit {found.since}")
    rising = found.rising
    if not rising:
        return "; ".join(told) or f"{texts.begin(found.scope.where)} ist keine Veränderung bekannt"
    ups, downs = (sum((b.change or 0) * sign > 0 for b in rising) for sign in (1, -1))
    count = f"{formats.number(len(rising))} {found.scope.dative}"
    others = f"{found.scope.where} ist der Wert in {formats.number(ups)} von {count} gestiegen"
    others += f", in {formats.number(downs)} gesunken"
    told.append(others)
    return texts.begin("; ".join(told))


def _aid(found: Found) -> str:
    """One region with both of its values: the own one, else the one that changed most."""
    known = [both for both in [*found.own, *found.rising] if both.change is not None]
    if not known:
        return ""
    context, one = found.context, known[0]
    now, before = context.value(one.now), context.value(one.before)
    aid = texts.reading_aid(context.indicator, now)
    return " ".join(filter(None, [aid, texts.earlier(context.indicator, now, before)]))


def answered(found: Found, figure: Picture, alt: str) -> Answer:
    context = found.context
    every = [*found.own, *(both for both, _ in found.others), *found.compared]
    once = list({both.region: both for both in every}.values())
    rows = pd.DataFrame(
        [row._asdict() for both in once for row in (both.before, both.now) if row is not None]
    )
    known = sum(both.change is not None for both in found.compared)
    count = formats.number(len(found.compared))
    regions = f"{count} {found.scope.plural}"
    if known < len(found.compared):
        regions = f"{formats.number(known)} von {count} {found.scope.dative}"
    answer = context.answer(
        rows,
        headline=headline_of(found),
        subtitle=_subtitle(found, f"{regions} {found.scope.where}"),
        table=_table(found),
        reading_aid=_aid(found),
        alt=alt,
        period=found.period,
        periods=found.periods,
        figure=figure,
    )
    changes = [_as_data(found, both) for both in once]
    notes = territory_notes(context, found.scope) if found.scope.map == GERMANY else []
    broken = [both.name for both in found.compared if both.why == _NOT_COMPARABLE]
    if broken:
        more = f" und {len(broken) - 3} weitere" if len(broken) > 3 else ""
        notes.append(
            f"Nicht vergleichbar zwischen {found.since} und {found.period} (anderes Gebiet oder "
            f"andere Zählweise): {', '.join(broken[:3])}{more}."
        )
    return replace(answer, rows=[*answer.rows, *changes]).with_beside(notes)


def _subtitle(found: Found, regions: str) -> str:
    """As of every answer, with the unit of the change in place of that of the value."""
    context, unit = found.context, found.measure.unit
    words = {"%": "in Prozent", "Prozentpunkte": "in Prozentpunkten", "Index": ""}.get(unit, unit)
    plain = Context(context.release, context.view)
    plain.indicator = context.indicator.model_copy(
        update={"name": f"Veränderung: {context.indicator.name}", "unit": "Anzahl"}
    )
    return plain.subtitle(f"{regions}, {found.between}{words and f', {words}'}")


def _as_data(found: Found, both: Both) -> dict:
    """The change as a row of its own beside the values of both periods."""
    return {
        "region": both.region,
        "region_name": found.context.release.region(both.region).name,
        "period": found.between,
        "category": "total",
        "category_name": "Veränderung",
        "selection": found.context.qualifier,
        "numerator": None,
        "denominator": None,
        "value": both.change,
        "unit": found.measure.unit,
        "status": str(both.status),
        "flags": [],
    }


def _table(found: Found) -> Table:
    """A row per region, that of the largest rise first; the own region and what it is measured by
    stand above them without a rank."""
    context, measure = found.context, found.measure
    unit = context.indicator.unit
    named = "" if unit in ("%", "Anzahl") else f" ({unit})"
    columns = (
        "Rang",
        found.scope.noun,
        f"Veränderung ({measure.unit})",
        found.since + named,
        found.period + named,
    )

    def line(both: Both, rank: str) -> tuple[str, ...]:
        change = measure.words(both.change, bare=True) if both.change is not None else ""
        return rank, both.name, change or both.told(measure), *_texts(found, both)

    rising = found.rising
    ranks = pd.Series([b.change for b in rising], dtype=float).rank(method="min", ascending=False)
    without = [both for both in found.compared if both.change is None]
    taken = {both.region for both in found.compared}
    above = [
        both for both in [*found.own, *(b for b, _ in found.others)] if both.region not in taken
    ]
    body = [line(both, "–") for both in above if both.now is not None]
    body += [line(both, formats.number(rank)) for both, rank in zip(rising, ranks, strict=True)]
    body += [line(both, "–") for both in without]
    return Table(columns, tuple(body), (True, False, True, True, True))


def _texts(found: Found, both: Both) -> tuple[str, str]:
    """Both values as a reader sees them."""
    shown = [
        texts.shown(found.context.indicator, found.context.value(row) if row is not None else None)
        for row in (both.before, both.now)
    ]
    return shown[0], shown[1]


# --- figures --------------------------------------------------------------------------------------


def _picture(found: Found) -> MapPicture:
    """One map of one period that is two; areas without a change keep the reason."""
    context, scope, measure = found.context, found.scope, found.measure
    by_region = {both.region: both for both in found.compared}
    values = np.full((1, len(scope.every)), np.nan)
    statuses = np.full(values.shape, Status.MISSING.value, dtype=object)
    for i, region in enumerate(scope.every):
        if (both := by_region.get(region)) is not None:
            values[0, i] = np.nan if both.change is None else both.change
            statuses[0, i] = both.status.value
    limits = pictures.class_limits(values, measure.decimals)
    headline = headline_of(found)
    level = context.release.maps[scope.map]
    shown = scope.extent
    title = f"Veränderung: {context.indicator.name}"
    return MapPicture(
        title=title,
        alt_text=f"Karte: {title}, {found.between}, {scope.name}. {headline}.",
        map_file=level["name"],
        areas=scope.plural,
        boundary_note=boundary_note(level),
        periods=(found.between,),
        selected=found.between,
        region_ids=tuple(scope.every),
        codes=pictures.classify(values, limits, measure.decimals, statuses),
        values=values,
        classes=pictures.map_classes(limits, measure.decimals, measure.unit),
        decimals=measure.decimals,
        unit=measure.unit,
        names=tuple(context.release.region(key).name for key in scope.every),
        own=tuple(part for part in context.region.parts if part in set(scope.every)),
        own_label=context.region.name,
        extent=() if len(shown) == len(scope.every) else tuple(shown),
        signed=True,
    )


def _lines(found: Found) -> SlopePicture:
    """Own regions and what they are measured by first; of many others only those that changed most
    have a name. Counts of places of every size are drawn as hundredths of what they were."""
    own_ids = {both.region for both in found.own}
    others = [both for both in found.rising if both.region not in own_ids]
    few = len(others) <= _NAMED
    ends = others if few else [*others[:_ENDS], *others[-_ENDS:]]
    first = found.own[0].region
    slopes = [
        _slope(found, both, "own" if both.region == first else "part", named=True)
        for both in found.own
        if both.now is not None or both.before is not None
    ]
    slopes += [_slope(found, both, role, named=True) for both, role in found.others]
    rest = [b for b in found.compared if b.region not in own_ids and b not in ends]
    slopes += [_slope(found, both, "other", named=True) for both in ends]
    slopes += [_slope(found, both, "other", named=few) for both in rest]
    name = found.context.indicator.name
    return SlopePicture(
        title=name,
        alt=f"Liniendiagramm mit zwei Zeitpunkten: {name}, {found.between}. {headline_of(found)}.",
        moments=(found.since, found.period),
        slopes=tuple(slopes),
        count=len(found.compared),
        dative=found.scope.dative,
    )


def _slope(found: Found, both: Both, role: str, *, named: bool) -> Slope:
    before, now = (
        None if row is None or pd.isna(row.value) else float(row.value)
        for row in (both.before, both.now)
    )
    if both.change is None:
        before = now = None
    elif found.measure.relative:
        before, now = 100.0, 100.0 + both.change
    told = both.told(found.measure)
    if both.change is not None:
        told = found.measure.words(both.change, bare=not found.measure.relative)
    texts_of = _texts(found, both)
    return Slope(both.name, role, before, now, *texts_of, told, named)
