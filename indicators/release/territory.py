"""Territory: of which Kreise the figures of a period are, and where a series crosses a reform.

Which territory a table follows, only its figures can say: some state old years of the Kreise of
that time, some recalculate them to today's, some do both. A reform counts as done in a period
where its new Kreise have figures, as not done where those it ended have; where neither speaks, its
day decides.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from indicators.catalog.meaning import Reform, Transfer
from indicators.formats import day as written
from indicators.formats import listing
from indicators.periods import Period
from indicators.regions import Region
from indicators.release.releases import Release
from indicators.symbols import Status

LABEL = "neuer Gebietsstand"

# A table may follow the new territory a year before the day of a reform, as it counts afterwards.
_AHEAD = timedelta(days=366)
# What a table says of a Kreis that does not exist in a period, or that it does not know.
_SILENT = {
    status.value
    for status in (Status.DISSOLVED, Status.MISSING, Status.NOT_APPLICABLE, Status.NOT_COLLECTED)
}


@dataclass(frozen=True)
class Figures:
    """Of which Kreise a period has figures (`there`), and of which it says that they do not exist
    (`gone`)."""

    there: frozenset[str] = frozenset()
    gone: frozenset[str] = frozenset()


def figures_of(rows: pd.DataFrame) -> dict[str, Figures]:
    """By period; `rows` are values of an indicator of all Kreise that ever were."""
    spoken = rows[~rows["status"].isin(_SILENT)].groupby("period")["region"].agg(frozenset)
    dead = rows[rows["status"] == Status.DISSOLVED.value].groupby("period")["region"].agg(frozenset)
    return {
        period: Figures(spoken.get(period, frozenset()), dead.get(period, frozenset()))
        for period in rows["period"].unique()
    }


def name_of(region: Region) -> str:
    """The name of a Kreis among those of another time: several are called alike."""
    return region.name + (f" (bis {written(region.valid_to)})" if region.valid_to else "")


def every_kreis(release: Release) -> list[str]:
    """All Kreise that ever were, in the order of their keys."""
    return sorted(r.id for r in release.regions.values() if r.is_kreis)


def existing(release: Release, day: date) -> list[str]:
    """The Kreise of this day in the order of their keys."""
    return [key for key in every_kreis(release) if release.region(key).exists_on(day)]


def is_done(
    release: Release, reform: Reform, end: date, known: Figures, own: Iterable[str] = ()
) -> bool:
    """Whether the figures of a period, counted on the day `counted`, are of the territory after the
    reform.

    Where they are of both, that of the `own` regions counts, else the newer one, which can be
    followed over time. A Kreis that is gone without a new one in its place has been merged into
    the figures of its successor where the table says that it does not exist, or lists all others.
    """
    dated = end >= reform.day
    old, new = reform.ended & known.there, reform.begun & known.there
    if old and new and not dated:
        # of renumbered Kreise a table may list both keys long before: only all new ones are a whole
        return new == reform.begun and reform.ended.isdisjoint(own)
    if old or new:
        return bool(new)
    if reform.begun or dated:
        return dated
    return reform.ended <= known.gone or _is_whole(release, reform, end, known)


def _is_whole(release: Release, reform: Reform, end: date, known: Figures) -> bool:
    """Whether a period has figures of all other Kreise of the Land: then those that are lacking
    were not forgotten."""
    lands = {key[:2] for key in reform.ended}
    others = {k for k in existing(release, end) if k[:2] in lands} - reform.ended
    return len(others) > 1 and others <= known.there


def done_in(
    release: Release, end: date, known: Figures, own: Iterable[str] = ()
) -> dict[str, bool]:
    """By name of the reform, whether it is done in the figures of a period (see `is_done`)."""
    return {
        reform.name: is_done(release, reform, end, known, own)
        for reform in release.catalog.territory.reforms
    }


def compared(
    release: Release, done: Mapping[str, bool], known: Figures, own: Iterable[str] = ()
) -> frozenset[str]:
    """The Kreise of Germany that the figures of a period are of, none of them twice.

    An `own` region that has figures under the key it got by a reform stands for the old one.
    """
    found = set(every_kreis(release))
    for reform in release.catalog.territory.reforms:
        found -= reform.ended if done[reform.name] else reform.begun
        for key in () if done[reform.name] else reform.begun & set(own) & known.there:
            if twin := _same_under_old_key(reform, key):
                found = found - {twin} | {key}
    return frozenset(found)


def _same_under_old_key(reform: Reform, key: str) -> str:
    """The Kreis that got this key by the reform and nothing else; "" if its territory changed."""
    before = reform.before(key)
    twin = next(iter(before)) if len(before) == 1 else ""
    return twin if twin in reform.ended and reform.after(twin) == {key} else ""


def pieces(release: Release, area: str, drawn_on: date, done: Mapping[str, bool]) -> frozenset[str]:
    """The Kreise in whose figures of a period the territory of an area lies that is drawn with the
    boundaries of another day."""
    found = {area}
    for reform in sorted(release.catalog.territory.reforms, key=lambda r: r.day, reverse=True):
        if (drawn_on >= reform.day) == done[reform.name]:
            continue
        other = reform.after if done[reform.name] else reform.before
        found = set().union(*(other(key) or {key} for key in found))
    return frozenset(found)


def same_area(release: Release, key: str) -> frozenset[str]:
    """The keys under which the area of a Kreis was or is known, its own among them."""
    found = {key}
    for reform in release.catalog.territory.reforms:
        found |= {new for new in reform.after(key) if _same_under_old_key(reform, new) == key}
        found |= {_same_under_old_key(reform, key)} - {""}
    return frozenset(found)


# --- a series ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Crossing:
    """What a reform does to the series of a region: `first` is the first period of the territory
    after it, None where the series does not turn; `text` says it to a reader."""

    first: Period | None
    text: str


def touches(release: Release, region: Region) -> list[Reform]:
    """The reforms that a region, or a member of a joint one, went through."""
    return [
        reform
        for reform in release.catalog.territory.reforms
        if any(reform.before(key) or reform.after(key) for key in region.parts)
    ]


def turning(release: Release, region: Region, since: date) -> frozenset[str]:
    """The Länder whose figures say what reforms since a day did to a region; none if there were
    no such reforms."""
    rules = release.catalog.territory
    days = {reform.day for reform in touches(release, region)}
    days |= {t.day for t in rules.transfers if not set(region.parts).isdisjoint(t.regions)}
    if not any(day >= since for day in days):
        return frozenset()
    return frozenset(key[:2] for key in region.parts)


def crossings(
    release: Release,
    region: Region,
    days: Mapping[Period, date],
    figures: Mapping[str, Figures],
) -> list[Crossing]:
    """What reforms and transfers do to a region's series of these periods, each with the day it
    was counted on; `figures` of all Kreise of its Land, by period."""
    ordered = sorted(days)
    if not ordered:
        return []
    found = []
    for reform in touches(release, region):
        done = [is_done(release, reform, days[p], figures.get(p.label, Figures())) for p in ordered]
        if reform.day > days[ordered[-1]] and not any(done):
            continue  # nothing of it can be seen yet
        for key in region.parts:
            found += _crossing(release, reform, key, days, done)
    for transfer in release.catalog.territory.transfers:
        for key in set(transfer.regions) & set(region.parts):
            found += _transferred(release, transfer, key, days, figures)
    return found


def _crossing(
    release: Release,
    reform: Reform,
    key: str,
    days: Mapping[Period, date],
    done: list[bool],
) -> list[Crossing]:
    ordered = sorted(days)
    name, day = release.region(key).name, written(reform.day)
    turn = next((p for p, is_new in zip(ordered, done, strict=True) if is_new), None)
    if turn == ordered[0]:
        turn = None
    ahead = [p for p in ordered if days[p] < reform.day]  # periods before it, as the calendar says
    if key in reform.ended:
        into = listing([f"{release.region(k).name} ({k})" for k in sorted(reform.after(key))])
        last = written(reform.day - timedelta(days=1))
        text = (
            f"{name} bestand bis zum {last} ({reform.name}); das Gebiet gehört seitdem zu: {into}."
        )
        return [Crossing(turn, text)]
    if not ahead or not (reform.before(key) or key in reform.changed):
        return []
    if twin := _same_under_old_key(reform, key):
        return [Crossing(None, f"{name} hatte vor dem {day} den Schlüssel {twin} ({reform.name}).")]
    early = turn and reform.day - days[turn] > _AHEAD  # what comes before it has no figures
    if done[0] or early:
        text = f"Werte vor dem {day} sind amtlich auf das Gebiet danach umgerechnet"
        return [Crossing(None, f"{name}: {text} ({reform.name}).")]
    if key in reform.changed:
        return [Crossing(turn, _turned(name, f"dem {day}", reform.name))] if turn else []
    parts = listing([f"{release.region(k).name} ({k})" for k in sorted(reform.before(key))])
    return [Crossing(turn, f"{name} besteht seit dem {day} ({reform.name}); davor: {parts}.")]


def _turned(name: str, since: str, reform: str) -> str:
    return (
        f"{name}: neuer Gebietsstand seit {since} ({reform}). Werte davor und danach gelten für "
        "verschiedene Gebiete und sind nicht vergleichbar."
    )


def _transferred(
    release: Release,
    transfer: Transfer,
    key: str,
    days: Mapping[Period, date],
    figures: Mapping[str, Figures],
) -> list[Crossing]:
    """The turn of one of its Kreise; none where the table is recalculated to a later territory,
    which contains the transfer as well."""
    ordered = sorted(days)
    ahead = [p for p in ordered if days[p] < transfer.day]
    if not ahead or len(ahead) == len(ordered):
        return []
    last = ahead[-1]
    later = [r for r in release.catalog.territory.reforms if r.day > transfer.day]
    if any(
        key not in reform.ended
        and any(old[:2] == key[:2] for old in reform.ended)
        and is_done(release, reform, days[last], figures.get(last.label, Figures()))
        for reform in later
    ):
        return []
    text = _turned(release.region(key).name, str(transfer.day.year), transfer.name)
    return [Crossing(ordered[len(ahead)], text)]
