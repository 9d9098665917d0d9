"""Turns of a series: from which period on an event shows, and which periods may be compared."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from indicators.catalog.catalog import Catalog
from indicators.catalog.meaning import Event, Indicator, Term
from indicators.periods import Period
from indicators.regions import Region


@dataclass(frozen=True)
class Turn:
    """Something to know of a series: `first` is the first period of the new state (None: it marks
    no place, but is to be said); after a break values differ in kind from those before."""

    first: Period | None
    label: str
    text: str
    is_break: bool


def of_events(
    catalog: Catalog,
    indicator: Indicator,
    region: Region,
    known: Iterable[Period],
    datasets: Collection[str],
) -> list[Turn]:
    """The events that apply to one of the datasets and to the region (to one member of a joint
    region), as far as they begin in one of the known periods of the indicator."""
    ordered = sorted(known)
    found = []
    for event in catalog.events:
        terms = [
            term
            for calculation in indicator.calculations
            for term in calculation.terms
            if term.dataset in datasets and term.dataset in event.datasets
        ]
        if not terms or not _applies(event, region):
            continue
        first = next((p for p in ordered if _knows(catalog, terms, p, event.day)), None)
        if first:
            found.append(Turn(first, event.label, event.text, event.kind == "break"))
    return found


def _applies(event: Event, region: Region) -> bool:
    return not event.regions or any(part.startswith(tuple(event.regions)) for part in region.parts)


def _knows(catalog: Catalog, terms: Iterable[Term], period: Period, day: date) -> bool:
    """Whether the value of a period holds what was counted after something new began on this day:
    in the period in which the day lies, at the first key date on or after it."""
    return any(_counted(catalog, term, period).end >= day for term in terms)


def _counted(catalog: Catalog, term: Term, period: Period) -> Period:
    """The period in which the counts of a term were made that stand at this one of the indicator:
    beside the children of 1 March the population of the 31 December before."""
    rule = catalog.datasets[term.dataset].period
    if rule.type == period.type and not term.offset:
        return period
    return rule.of_year(period.year + term.offset)
