"""A German question becomes a view by rule: indicator, region, division, period.

Nothing is guessed in silence: what was read in another way than it was typed, which of several
regions of one name is taken, and every word that had no effect is told.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from indicators import formats, kinds
from indicators.catalog.meaning import Indicator
from indicators.regions import Region
from indicators.search import times as periods
from indicators.search.index import Index, Unit
from indicators.search.places import Named
from indicators.search.words import fold, likeness
from indicators.view import View

_FITS = 0.35  # how well an indicator must fit to be what is asked for
_AS_GOOD = 0.85  # of the best: others that may be meant as well
_SEVERAL = 5  # of them
_FEW = 3  # groups that are told side by side; of more the one that was named is shown alone
_COMPARED = 3  # further regions of a trend
# Indicators drawn in a way of their own unless another is asked for.
_OWN_KIND = {"bevoelkerung_pyramide": "pyramid", "schulanfaenger_prognose": "starters"}


@dataclass(frozen=True)
class Understood:
    """What a question asks: the view, which other indicators and regions may be meant, what is to
    be told about the reading (`notes`, German sentences) and the words that had no effect."""

    view: View
    indicators: tuple[str, ...]
    regions: tuple[str, ...]
    notes: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    named: frozenset[str] = frozenset()  # the fields of the view that the question named


@dataclass
class _Reading:
    """What is found out step by step."""

    notes: list[str]
    ignored: list[str]
    named: set[str]


def understand(index: Index, text: str, region: str) -> Understood | None:
    """The view a text asks for, seen from a region; None where it speaks of no indicator.

    `region` is the key of the one in sight, taken where the text names none.
    """
    when = periods.times(text)
    words, folded = index.typed(when.rest)
    free = [not taken for taken in index.covers_several(folded)]
    places = index.places.named(folded, index.lexicon, free)
    read = index.read(words, folded, _left(folded, places))
    reading = _Reading([], list(read.unknown), set())
    for typed, meant in read.corrected:
        reading.notes.append(f"„{typed}“ gelesen als „{_as_written(index, meant)}“.")
    units, context = _relative(index, read.units, region, bool(places))
    own, compared, regions = _regions(index, places, words, units, context or region, reading)
    if context and not places:
        reading.named.add("region")
        reading.notes.append(f"Gemeint ist hier: {index.places.regions[own].name}.")
    scored = index.scored(units)
    if not scored or scored[0][0] < _FITS:
        return None
    indicators = [id for score, id in scored if score >= _AS_GOOD * scored[0][0]][:_SEVERAL]
    indicator = index.catalog.indicators[indicators[0]]
    if others := [f"„{index.catalog.indicators[id].name}“" for id in indicators[1:3]]:
        reading.notes.append(f"Gemeint sein kann auch {' oder '.join(others)}.")
    view = View(kind="trend", indicator=indicator.id, region=own)
    view, used = _divided(index, indicator, view, units, reading)
    view = _at_time(index, indicator, view, when, reading)
    view = _shown_as(view, units, bool(compared), reading)
    if compared and view.kind == "trend" and not view.by:
        view = view.with_(compare=compared)
    elif compared:
        named = formats.listing([index.places.regions[id].name for id in compared])
        reading.notes.append(f"Ohne Vergleich mit {named}: In dieser Darstellung geht das nicht.")
    reading.ignored += [
        unit.typed
        for unit in units
        if unit not in used and not _has_effect(index, indicator.id, unit)
    ]
    return Understood(
        view=view,
        indicators=tuple(indicators),
        regions=regions,
        notes=tuple(reading.notes),
        ignored=tuple(dict.fromkeys(reading.ignored)),
        named=frozenset(reading.named),
    )


def _left(folded: Sequence[str], places: Sequence[Named]) -> list[bool]:
    taken = {at for place in places for at in place.words}
    return [at not in taken for at in range(len(folded))]


def _as_written(index: Index, stem: str) -> str:
    """A word as people write it for a stem of the index."""
    for name in (one.name for one in index.catalog.indicators.values()):
        for word in name.replace("-", " ").split():
            if stem in index.lexicon.of_text(word):
                return word.strip("(),:")
    return stem.capitalize()


def _has_effect(index: Index, indicator: str, unit: Unit) -> bool:
    if any(one.filler or one.kind or one.region for one in unit.said):
        return True
    return index.explains(indicator, unit)


# --- regions --------------------------------------------------------------------------------------


def _relative(
    index: Index, units: Sequence[Unit], region: str, named: bool
) -> tuple[list[Unit], str]:
    """Without a name "im Landkreis" is that of the region in sight; "Stadt und Landkreis" both."""
    kinds = {
        "stadt": [u for u in units if fold(u.typed) == "stadt"],
        "landkreis": [u for u in units if fold(u.typed) in ("landkreis", "kreis")],
    }
    said = {kind for kind, found in kinds.items() if found}
    if not said or named:
        return list(units), ""
    joint = next(
        (r for r in index.places.joint.values() if region in (r.id, *r.members)),
        None,
    )
    if joint is None:
        return list(units), ""
    left = [unit for unit in units if not any(unit in found for found in kinds.values())]
    if len(said) == 2:
        return left, joint.id
    (kind,) = said
    for member in joint.members:
        if _is_town(index.places.regions[member]) == (kind == "stadt"):
            return left, member
    return list(units), ""


def _is_town(region: Region) -> bool:
    return region.designation.casefold() in ("kreisfreie stadt", "stadtkreis")


def _regions(
    index: Index,
    places: Sequence[Named],
    words: Sequence[str],
    units: Sequence[Unit],
    region: str,
    reading: _Reading,
) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """The region asked for, those to compare it with, and all that may be meant."""
    known = index.places.regions
    by_word = [one.region for u in units for one in u.said if one.region in known]
    found = [place.region for place in places] + [known[id] for id in by_word]
    for place in places:
        if place.mistyped:
            reading.notes.append(f"„{words[place.words.start]}“ gelesen als {place.region.name}.")
    if not found:
        return region, (), (region,)
    reading.named.add("region")
    joint = index.places.together(found)
    if joint:
        return joint.id, (), (joint.id, *joint.members)
    first, *rest = dict.fromkeys(found)
    others = places[0].others if places else ()
    if others:
        called = formats.listing([r.name for r in others])
        reading.notes.append(
            f"Mehrere Regionen heißen so: Gezeigt wird {first.name}, "
            f"gemeint sein kann auch {called}."
        )
    compared = [r for r in rest if r.level == "kreis"][:_COMPARED]
    reading.ignored += [r.name for r in rest if r not in compared]
    options = dict.fromkeys([first.id, *(r.id for r in others), region])
    return first.id, tuple(r.id for r in compared), tuple(options)


# --- division, period, kind -----------------------------------------------------------------------


def _divided(
    index: Index, indicator: Indicator, view: View, units: Sequence[Unit], reading: _Reading
) -> tuple[View, set[Unit]]:
    """The view divided, or restricted to what was named, and the units that did it."""
    used: set[Unit] = set()
    by, only = "", dict(view.only)
    for breakdown in indicator.breakdowns:
        dimension = index.catalog.dimensions[breakdown.dimension]
        divides, groups = _said_of(index, indicator, dimension, units)
        if not (divides or groups):
            continue
        used |= {*divides, *groups.values()}
        few = len(dimension.categories) <= _FEW and breakdown.default is None
        if divides or len(groups) > 1 or (groups and few):
            if by:
                reading.notes.append(
                    f"Nicht zugleich nach {dimension.name} aufgeteilt: Es geht nur eine Aufteilung."
                )
                continue
            by = dimension.id
        else:
            only |= dict.fromkeys([breakdown.dimension], next(iter(groups)))
    if by:
        only.pop(by, None)
        reading.named.add("by")
    if only:
        reading.named.add("only")
    return view.with_(by=by, only=tuple(sorted(only.items()))), used


def _said_of(
    index: Index, indicator: Indicator, dimension, units: Sequence[Unit]
) -> tuple[set[Unit], dict[str, Unit]]:
    """Which units name a dimension, and which name one of its categories. What the indicator's name
    says already is no category of it."""
    divides: set[Unit] = set()
    groups: dict[str, Unit] = {}
    name = index.lexicon.of_text(dimension.name)
    for unit in units:
        for stems, said in unit.inside:
            if said.dimension != dimension.id or index.in_name(indicator.id, stems):
                continue
            if said.category is None:
                divides.add(unit)
            else:
                groups.setdefault(said.category, unit)
        if index.in_name(indicator.id, unit.stems):
            continue
        if unit.stems == name:
            divides.add(unit)
        for category in dimension.categories:
            called = [category.name, *category.labels, *category.land_names.values()]
            for words in called:
                stems = index.lexicon.of_text(words)
                if any(_same(stems, reading) for reading, _ in unit.readings):
                    groups.setdefault(category.id, unit)
    return divides, groups


def _same(stems: tuple[str, ...], others: tuple[str, ...]) -> bool:
    return len(stems) == len(others) and all(
        likeness(a, b) >= 0.9 for a, b in zip(stems, others, strict=True)
    )


def _at_time(
    index: Index, indicator: Indicator, view: View, when: periods.Times, reading: _Reading
) -> View:
    """A single period makes a table of it; of a span the trend shows all years."""
    if when.spans:
        told = formats.listing(list(when.spans))
        reading.notes.append(f"Gezeigt wird der ganze Zeitverlauf, nicht nur die Zeit um {told}.")
    if not when.single:
        return view
    period = periods.label(when.single, indicator, index.catalog)
    if not period:
        reading.ignored.append(when.single)
        return view
    reading.named.add("period")
    if period != when.single:
        reading.notes.append(f"„{when.single}“ gelesen als {period}.")
    return view.with_(kind="table", period=period)


def _shown_as(view: View, units: Sequence[Unit], compares: bool, reading: _Reading) -> View:
    """The way of showing that was named, else the one that fits; "im Vergleich mit Koblenz" asks
    for no ranking."""
    asked = [one.kind for unit in units for one in unit.said if one.kind]
    asked = [kind for kind in asked if not (compares and kind == "ranking")]
    own = _OWN_KIND.get(view.indicator)
    if own and view.kind == "trend":
        return replace(view, kind=own, only=(), by="" if own == "starters" else view.by)
    if not asked:
        return view
    kind = asked[0]
    reading.named.add("kind")
    if kind in ("map", "ranking") and view.by:
        reading.notes.append(
            f"Eine {kinds.ALL[kind].name} zeigt keine Aufteilung; gezeigt wird der Zeitverlauf."
        )
        return view
    if kind == "trend" and view.period:
        return view
    return view.with_(kind=kind)
