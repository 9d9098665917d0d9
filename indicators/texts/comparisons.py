"""Values beside each other at one moment: of categories, members and places, with ranks."""

from indicators import formats
from indicators.catalog.meaning import Indicator
from indicators.texts.statements import no_value, statement
from indicators.texts.values import (
    FEWEST_FOR_RELATIVE_CHANGE,
    Value,
    begin,
    is_gap,
    said,
    same_moment,
    same_series,
    shown,
)


def comparison(indicator: Indicator, now: Value, others: list[Value]) -> str:
    """ "Zum Vergleich: Bayern 5,4 %, Deutschland 7,1 %."; "" for counts and without a number of
    the same period to compare with."""
    if now.value is None or indicator.is_count:
        return ""
    others = [other for other in others if other.period == now.period]
    same_moment(now, *others)
    told = [
        f"{other.region.name} {shown(indicator, other)}"
        for other in others
        if other.value is not None
    ]
    return f"Zum Vergleich: {', '.join(told)}." if told else ""


def division_headline(
    indicator: Indicator, qualifier: str, named: list[tuple[str, Value]], whole: Value | None
) -> str:
    """ "In der Stadt Hof verließen 12,8 % der Abgehenden die Schule ohne Abschluss: weiblich 9,1 %,
    männlich 15,9 %"

    `named` are the categories of one division, each as (its name, its value), the largest first;
    of more than two the ends of their range are told. `whole` is the value of all of them together,
    None where there is none: then the indicator's name stands in its place, and the subtitle says
    of where and when.
    """
    name = f"{indicator.name} ({qualifier})" if qualifier else indicator.name
    if whole is not None and whole.value is not None:
        name = statement(indicator, whole)
    if len(named) < 3:
        told = [f"{category} {shown(indicator, value)}" for category, value in named]
        return f"{name}: {', '.join(told)}"
    (high, most), (low, least) = named[0], named[-1]
    told = f"am höchsten bei „{high}“ ({shown(indicator, most)})"
    if shown(indicator, most) != shown(indicator, least):
        told += f", am niedrigsten bei „{low}“ ({shown(indicator, least)})"
    return f"{name}: {told}"


def counts_headline(
    indicator: Indicator, qualifier: str, named: list[tuple[str, Value, Value | None]]
) -> str:
    """ "Bevölkerung nach Altersgruppen am 31.12.2024: unter 3 Jahre 3.480 (−9 %), 3 bis unter 6
    Jahre 3.912 (+2 %); in Klammern die Veränderung seit 31.12.2015"

    Counts of all categories of a division at one moment, each with the first of its series that is
    comparable. Changes are told only where all can be: from one moment, and none of a few cases.
    """
    name = f"{indicator.name} ({qualifier})" if qualifier else indicator.name
    changes = [_since(now, first) for _, now, first in named]
    since = {first.period.label for _, _, first in named if first is not None}
    comparable = len(since) == 1 and all(changes)
    told = [
        f"{category} {formats.number(now.number, indicator.shown_decimals)}"
        + (f" ({change})" if comparable else "")
        for (category, now, _), change in zip(named, changes, strict=True)
    ]
    sentence = f"{name} {named[0][1].period.adverbial}: {', '.join(told)}"
    if comparable:
        sentence += f"; in Klammern die Veränderung seit {since.pop()}"
    return sentence


def _since(now: Value, first: Value | None) -> str:
    """ "−9 %": the growth of a count since a moment before; "" where it says nothing."""
    if first is None or first.value is None or first.period == now.period:
        return ""
    if min(first.value, now.number) < FEWEST_FOR_RELATIVE_CHANGE:
        return ""
    same_series(now, first)
    share = formats.rounded((now.number / first.value - 1) * 100, 0)
    return formats.signed(share, 0) + formats.suffix("%")


def largest_headline(indicator: Indicator, qualifier: str, name: str, value: Value) -> str:
    """ "Empfangende nach Alter: am meisten bei „30 bis 39“ (412)"; of many counts, the smallest of
    which says nothing."""
    subject = f"{indicator.name} ({qualifier})" if qualifier else indicator.name
    return f"{subject}: am meisten bei „{name}“ ({shown(indicator, value)})"


def with_members(headline: str, indicator: Indicator, members: list[Value]) -> str:
    """The finding of a joint region with what its members have: "…; Stadt Hof 31,2 %, Landkreis Hof
    −18,0 %"."""
    same_moment(*members)
    told = [f"{value.region.name} {shown(indicator, value)}" for value in members]
    return f"{headline}; {', '.join(told)}" if told else headline


def members_headline(indicator: Indicator, members: list[Value]) -> str:
    """What is told where a joint region has no value of its own: the sentence of each member, and
    that there is none of both."""
    same_moment(*members)
    told = "; ".join(statement(indicator, value) for value in members)
    return f"{told} (gemeinsam nicht berechenbar)"


def ranking_headline(
    indicator: Indicator, value: Value, rank: int, ties: bool, count: int, scope: str
) -> str:
    """ "Die Stadt Hof liegt mit 12,8 % auf Rang 4 von 96 (Bayern)" """
    if value.value is None:
        return no_value(indicator, value)
    shared = "gleichauf auf" if ties else "auf"
    return (
        f"{value.region.name}: {said(indicator, value)}, {shared} Rang {formats.number(rank)} von "
        f"{formats.number(count)} {scope}"
    )


def map_headline(
    indicator: Indicator,
    low: Value,
    high: Value,
    count: int,
    scope_where: str,
    whole: Value | None = None,
) -> str:
    """ "In Bayern reichen die Werte von 2,1 % (Landkreis X) bis 11,6 % (Stadt Hof)"; `count` is
    the number of regions that have a value. Where the places are those of a region, its own value
    (`whole`) is told before: how much, and then where."""

    def told(value: Value) -> str:
        return f"{said(indicator, value)} ({value.region.name})"

    if whole is not None and _can_lead(indicator, whole) and count > 1:
        return (
            f"{statement(indicator, whole)}{_of(indicator, whole)}; die Werte reichen von "
            f"{told(low)} bis {told(high)}"
        )

    if count == 1:
        return f"{begin(scope_where)} liegt nur ein Wert vor: {told(low)}"
    if shown(indicator, low) == shown(indicator, high):
        return f"{begin(scope_where)} sind alle Werte gleich: {said(indicator, low)}"
    if is_gap(indicator):
        ends = [f"{value.region.name} ({said(indicator, value)})" for value in (high, low)]
        return f"{begin(scope_where)} stehen an den Enden {formats.listing(ends)}"
    return f"{begin(scope_where)} reichen die Werte von {told(low)} bis {told(high)}"


def places_headline(
    indicator: Indicator, whole: Value | None, high: list[Value], low: list[Value], where: str
) -> str:
    """ "In der Stadt Hof saßen im Durchschnitt 21,0 Lernende je Klasse; am höchsten: Altstadt 24,9,
    Moschendorf 24,1; am niedrigsten: Neuhof 7,8, Krötenbruck 9,1"

    The places at both ends of a ranking by name, because that is what it is opened for; `where` is
    told in place of a region whose own value is not known.
    """
    lead = begin(where)
    if whole is not None and _can_lead(indicator, whole):
        lead = f"{statement(indicator, whole)}{_of(indicator, whole)}"
    ends = []
    for word, values in (("am höchsten", high), ("am niedrigsten", low)):
        same_moment(*values)
        unit = indicator.unit if indicator.unit == "%" else "Anzahl"
        named = [
            f"{value.region.name} {formats.with_unit(value.number, unit, indicator.shown_decimals)}"
            for value in values
        ]
        ends.append(f"{word}: {', '.join(named)}")
    return f"{lead}; {'; '.join(ends)}"


def _can_lead(indicator: Indicator, whole: Value) -> bool:
    """Whether a sentence about places can begin with the value of them all: there is one, and it
    is no gap, whose sentence is another."""
    return whole.value is not None and not is_gap(indicator)


def _of(indicator: Indicator, value: Value) -> str:
    """ " (812 von 4.770)": the counts behind a share; "" for what has none."""
    if indicator.unit != "%" or value.numerator is None or value.denominator is None:
        return ""
    if indicator.calculations[0].numerator_base or value.numerator < 0:
        return ""
    return f" ({formats.number(value.numerator)} von {formats.number(value.denominator)})"
