"""Rule-written German sentences: every word about numbers comes from the numbers themselves."""

from dataclasses import dataclass

from indicators import formats, periods
from indicators.catalog.catalog import Catalog
from indicators.catalog.definition import TOTAL
from indicators.catalog.meaning import Balance, Indicator, Outlook
from indicators.numbered import Numbered
from indicators.periods import Period
from indicators.regions import Region
from indicators.symbols import SIGNS, Status

# A change in per cent of fewer cases than this says more about chance than about the matter.
FEWEST_FOR_RELATIVE_CHANGE = 20


@dataclass(frozen=True)
class Value(Numbered):
    """One value as sentences need it; `value` is None where the status has no number.

    It carries all the words for what it is of, so that a sentence cannot tell of one category and
    take its number from another: `category` is the row's, `group` what the statement's {group}
    stands for, `qualifier` what the sentence adds in brackets ("Geschlecht: weiblich").
    `ready_made` marks a joint region of which only ready-made ratios exist: nothing to sum.
    """

    region: Region
    period: Period
    value: float | None
    status: Status
    numerator: float | None = None
    denominator: float | None = None
    ready_made: bool = False
    category: str = TOTAL
    group: str = ""
    qualifier: str = ""


def _same_series(*values: Value) -> None:
    """Raises ValueError unless the values are of one region and one category."""
    if len({(v.region.id, v.category, v.group, v.qualifier) for v in values}) > 1:
        raise ValueError(f"one sentence of several series: {values}")


def _same_moment(*values: Value) -> None:
    """Raises ValueError unless the values are of one category at one time."""
    if len({(v.period, v.category, v.group, v.qualifier) for v in values}) > 1:
        raise ValueError(f"a comparison of several categories or periods: {values}")


def shown(indicator: Indicator, value: Value | None) -> str:
    """The value as a reader sees it, or in words why there is none."""
    if value is None:
        return SIGNS[Status.MISSING].short
    if value.value is not None:
        return formats.with_unit(value.value, indicator.unit, indicator.shown_decimals)
    return "nicht berechenbar" if value.ready_made else SIGNS[value.status].short


def is_gap(indicator: Indicator) -> bool:
    """Whether a value is need minus places, which a bare number with its sign leaves unclear."""
    return bool(indicator.balance) and indicator.is_count


def said(indicator: Indicator, value: Value) -> str:
    """The value inside a sentence: "58 Plätze fehlen" for a gap, else as `shown`."""
    if indicator.balance and is_gap(indicator) and value.value is not None:
        return gap(indicator.balance, -formats.rounded(value.value, 0))
    return shown(indicator, value)


def begin(text: str) -> str:
    """The text with a capital at its beginning."""
    return text[:1].upper() + text[1:]


def statement(indicator: Indicator, value: Value) -> str:
    """ "In der Stadt Hof verließen 12,8 % der Abgehenden die Schule ohne Hauptschulabschluss" """
    if indicator.statement.outlook:
        sentence = begin(_outlook(indicator, indicator.statement.outlook, value))
    else:
        sentence = (
            f"{begin(value.region.where)} {_verb(indicator, value)} {_rest(indicator, value)}"
        )
    return f"{sentence} ({value.qualifier})" if value.qualifier else sentence


def _outlook(indicator: Indicator, words: Outlook, value: Value) -> str:
    """ "in Beispielstadt wächst die Bevölkerung bis 2040 voraussichtlich um 3,3 %" """
    decimals = indicator.shown_decimals
    change = round(formats.rounded(value.number, decimals) - 100, decimals)
    until = str(value.period.year) if value.period.type == "key_date" else value.period.label
    if not change:
        return f"{value.region.where} bleibt {words.subject} bis {until} voraussichtlich gleich"
    verb = words.rises if change > 0 else words.falls
    return (
        f"{value.region.where} {verb} {words.subject} bis {until} voraussichtlich um "
        f"{formats.with_unit(abs(change), '%', decimals)}"
    )


def _verb(indicator: Indicator, value: Value) -> str:
    words = indicator.statement
    return (words.verb_one if _is_one(indicator, value) else "") or words.verb


def _is_one(indicator: Indicator, value: Value) -> bool:
    return indicator.is_count and value.value == 1


def _rest(indicator: Indicator, value: Value) -> str:
    """Raises ValueError where the sentence would have an empty word."""
    if indicator.grouped_by and not value.group:
        raise ValueError(f"{indicator.id}: the statement names a group, and the value has none")
    words = indicator.statement
    rest = (words.rest_one if _is_one(indicator, value) else "") or words.rest
    return rest.format(
        value=formats.with_unit(value.number, indicator.unit, indicator.shown_decimals),
        group=value.group,
    )


def no_value(indicator: Indicator, value: Value) -> str:
    """The sentence for a value that is not there: what is missing and why."""
    if value.ready_made:
        return (
            f"{begin(value.region.where)} ist der Wert gemeinsam nicht berechenbar: es liegen nur "
            "fertige Verhältniszahlen ohne Zählwerte vor"
        )
    return (
        f"{begin(value.region.where)} gibt es {value.period.adverbial} keinen Wert: "
        f"{SIGNS[value.status].meaning}"
    )


def change(indicator: Indicator, now: Value, before: Value | None) -> str:
    """ "1,5 Prozentpunkte mehr als im Vorjahr"; "" unless the periods are adjacent."""
    if (
        before is None
        or now.value is None
        or before.value is None
        or not periods.are_adjacent(before.period, now.period)
    ):
        return ""
    _same_series(now, before)
    decimals = indicator.shown_decimals
    rounded = formats.rounded(now.value, decimals) - formats.rounded(before.value, decimals)
    if not round(rounded, decimals):
        return "unverändert gegenüber dem Vorjahr"
    text = f"{_difference(indicator, rounded)} als im Vorjahr"
    if indicator.is_count and min(before.value, now.value) >= FEWEST_FOR_RELATIVE_CHANGE:
        share = formats.signed((now.value / before.value - 1) * 100, 1) + formats.suffix("%")
        text += f" ({share})"
    return text


def _difference(indicator: Indicator, difference: float) -> str:
    """ "2,3 Prozentpunkte weniger", "3,5 weniger je 100", "0,05 höher" """
    decimals, more = indicator.shown_decimals, _more(indicator, difference)
    if indicator.unit.startswith("je "):
        return f"{formats.number(abs(difference), decimals)} {more}{formats.suffix(indicator.unit)}"
    amount = formats.difference(abs(difference), indicator.unit, decimals).lstrip("+")
    return f"{amount} {more}"


def _more(indicator: Indicator, difference: float) -> str:
    if indicator.unit in ("Index", "Jahre"):
        return "höher" if difference > 0 else "niedriger"
    return "mehr" if difference > 0 else "weniger"


def trend_headline(indicator: Indicator, now: Value, before: Value | None) -> str:
    """The finding in one sentence, with the direction if the year before is known."""
    if now.value is None:
        return no_value(indicator, now)
    sentence = statement(indicator, now)
    # a step of a projection from one year to the next says nothing
    told = "" if indicator.statement.outlook else change(indicator, now, before)
    if told.startswith("unverändert"):
        return f"{sentence}, so viel wie im Vorjahr"
    if told and before is not None:
        direction = _more(indicator, now.value - before.number)
        return f"{sentence}, {direction} als im Vorjahr"
    return sentence


def one_behind_the_other(sentences: list[str], region: Region) -> str:
    """Findings of one region as one sentence: "In der Stadt Hof …; dort …"."""
    first, *others = sentences
    place = f"{begin(region.where)} "
    return "; ".join(
        [first, *(f"dort {o.removeprefix(place)}" if o.startswith(place) else o for o in others)]
    )


def reading_aid(indicator: Indicator, value: Value, before: Value | None = None) -> str:
    """The Lesehilfe: one sentence with a real value, its counts and its change."""
    if value.value is None:
        return ""
    if indicator.statement.outlook:
        sentence = begin(_outlook(indicator, indicator.statement.outlook, value))
        before = None
    else:
        sentence = (
            f"{begin(value.period.adverbial)} {_verb(indicator, value)} {value.region.where} "
            f"{_rest(indicator, value)}"
        )
    counted, group = _basis(indicator, value)
    brackets = "; ".join(filter(None, [value.qualifier, group]))
    sentence += (f" ({brackets})" if brackets else "") + counted
    told = change(indicator, value, before)
    return sentence + (f"; {told}." if told else ".")


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
    _same_series(now, first)
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
    _same_moment(*members)
    told = [f"{value.region.name} {shown(indicator, value)}" for value in members]
    return f"{headline}; {', '.join(told)}" if told else headline


def members_headline(indicator: Indicator, members: list[Value]) -> str:
    """What is told where a joint region has no value of its own: the sentence of each member, and
    that there is none of both."""
    _same_moment(*members)
    told = "; ".join(statement(indicator, value) for value in members)
    return f"{told} (gemeinsam nicht berechenbar)"


def comparison(indicator: Indicator, now: Value, others: list[Value]) -> str:
    """ "Zum Vergleich: Bayern 5,4 %, Deutschland 7,1 %."; "" for counts and without a number of
    the same period to compare with."""
    if now.value is None or indicator.is_count:
        return ""
    others = [other for other in others if other.period == now.period]
    _same_moment(now, *others)
    told = [
        f"{other.region.name} {shown(indicator, other)}"
        for other in others
        if other.value is not None
    ]
    return f"Zum Vergleich: {', '.join(told)}." if told else ""


def earlier(indicator: Indicator, now: Value, first: Value | None) -> str:
    """ "Im Schuljahr 2015/16 waren es 5,9 %."; a fact and no change, so it holds across breaks."""
    if now.value is None or first is None or first.value is None or first.period == now.period:
        return ""
    if indicator.statement.outlook:  # its first period is 100 by definition
        return ""
    _same_series(now, first)
    return f"{begin(first.period.adverbial)} waren es {shown(indicator, first)}."


def _basis(indicator: Indicator, value: Value) -> tuple[str, str]:
    """The counts behind a share as a clause, and the size of the group that another ratio is taken
    from as it stands in brackets; "" for what does not apply."""
    if value.denominator is None or indicator.calculations[0].numerator_base:
        return "", ""
    group = formats.number(value.denominator)
    if indicator.unit == "%" and value.numerator is not None:
        counted = formats.number(value.numerator)
        return f", das sind {counted} von {group} ({indicator.denominator_name})", ""
    return "", f"Grundlage: {group} {indicator.denominator_name}"


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
        _same_moment(*values)
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


def trend_alt(indicator: Indicator, values: list[Value]) -> str:
    """What the line shows, for those who cannot see it: first, last, highest and lowest value."""
    _same_series(*values)
    qualifier = values[0].qualifier if values else ""
    name = f"{indicator.name} ({qualifier})" if qualifier else indicator.name
    known = [value for value in values if value.value is not None]
    if not known:
        return f"{name}: keine Werte."
    first, last = known[0], known[-1]
    high = max(known, key=lambda v: v.number)
    low = min(known, key=lambda v: v.number)

    def told(value: Value) -> str:
        return f"{shown(indicator, value)} ({value.period.label})"

    if len(known) == 1:
        return f"{name}, {first.region.name}: {told(first)}."
    return (
        f"Liniendiagramm: {name}, {first.region.name}. Von {told(first)} bis {told(last)}; "
        f"höchster Wert {told(high)}, niedrigster {told(low)}."
    )


def qualifier(catalog: Catalog, only: dict[str, str], land: str = "") -> str:
    """What a view is restricted to: "Geschlecht: weiblich"."""
    return ", ".join(
        f"{catalog.dimensions[d].name}: {catalog.dimensions[d].category_name(c, land)}"
        for d, c in only.items()
    )


# --- places against need ------------------------------------------------------------------------


def gap(balance: Balance, count: float) -> str:
    """ "12 Plätze fehlen", "3 Plätze mehr als Bedarf", "ausgeglichen"; `count` is places minus
    need in whole numbers."""
    if not count:
        return "ausgeglichen"
    amount = formats.quantity(int(abs(count)), balance.place_name, balance.places_name)
    if count > 0:
        return f"{amount} mehr als Bedarf"
    return f"{amount} {'fehlt' if count == -1 else 'fehlen'}"


def balance_headline(
    balance: Balance,
    whole: int | None,
    why: str,
    parts: list[tuple[str, int | None]],
    sides: tuple[float, float] | None = None,
) -> str:
    """ "In 13 von 30 Gebieten fehlen zusammen 241 Plätze, am meisten im Bahnhofsviertel (58); mit
    dem Überschuss der übrigen (148) verrechnet fehlen 91; zusammen 204 Plätze für 295 Kinder"

    What lacks is told before what it comes to: a free place at the other end of the town helps
    nobody. `whole` is places minus need of the whole region (None: unknown, `why` says the reason),
    `sides` its places and its need, `parts` are the gaps of its parts as (where, places minus
    need).
    """
    sentence = _gaps(balance, whole, why, parts)
    if whole is None or sides is None:
        return sentence
    places, need = sides
    whole_places = int(formats.rounded(places, 0))
    amount = formats.quantity(whole_places, balance.place_name, balance.places_name)
    return f"{sentence}; zusammen {amount} für {formats.number(need)} {balance.need_name}"


def _gaps(
    balance: Balance, whole: int | None, why: str, parts: list[tuple[str, int | None]]
) -> str:
    known = [(where, gap) for where, gap in parts if gap is not None]
    short = [(where, -gap) for where, gap in known if gap < 0]
    spare = sum(gap for _, gap in known if gap > 0)
    if not short:
        return _net(balance, whole, why)
    worst = max(count for _, count in short)
    most = _most([where for where, count in short if count == worst], worst)
    if not spare:
        verb = "" if whole is not None and whole < 0 else "fehlen "
        return f"{_net(balance, whole, why)}; am meisten {verb}{most}"
    gross = sum(count for _, count in short)
    amount = formats.quantity(gross, balance.place_name, balance.places_name)
    if len(short) == 1:
        sentence = f"{begin(short[0][0])} {_lack(gross)} {amount}"
    else:
        among = f"{formats.number(len(short))} von {formats.number(len(known))} Gebieten"
        among += " mit Angabe" if len(known) < len(parts) else ""
        sentence = f"In {among} {_lack(gross)} zusammen {amount}, am meisten {most}"
    if whole is None:
        return f"{sentence}; für die ganze Region gibt es keine Gegenüberstellung: {why}"
    left = {
        -1: f"{_lack(-whole)} {formats.number(abs(whole))}",
        0: "ist der Bedarf gedeckt",
        1: f"gibt es {formats.number(abs(whole))} mehr als Bedarf",
    }[(whole > 0) - (whole < 0)]
    return f"{sentence}; mit dem Überschuss der übrigen ({formats.number(spare)}) verrechnet {left}"


def _lack(count: float) -> str:
    return "fehlt" if count == 1 else "fehlen"


def _net(balance: Balance, whole: int | None, why: str) -> str:
    """ "Es fehlen 34 Plätze", "Es gibt 3 Plätze mehr als Bedarf" """
    if whole is None:
        return f"Für die ganze Region gibt es keine Gegenüberstellung: {why}"
    if not whole:
        return f"{balance.places_name} und Bedarf sind ausgeglichen"
    if whole > 0:
        return f"Es gibt {gap(balance, whole)}"
    amount = formats.quantity(-whole, balance.place_name, balance.places_name)
    return f"Es {_lack(-whole)} {amount}"


def _most(places: list[str], count: int) -> str:
    """ "in Altstadt (12)", "in A und in B (je 1)", "in 3 Gebieten (je 3)" """
    amount = f"{'je ' if len(places) > 1 else ''}{formats.number(count)}"
    if len(places) > 2:
        return f"in {formats.number(len(places))} Gebieten ({amount})"
    return f"{formats.listing(places)} ({amount})"


def balance_reading_aid(
    balance: Balance, region: Region, period: Period, places: float, need: float, count: float
) -> str:
    """ "Am 01.03.2025 standen in Altstadt 40 Plätze einem Bedarf von 52 gegenüber (Kinder mit
    Förderbedarf): 12 Plätze fehlen." """
    number = int(formats.rounded(places, 0))
    amount = formats.quantity(number, balance.place_name, balance.places_name)
    return (
        f"{begin(period.adverbial)} {'stand' if number == 1 else 'standen'} {region.where} "
        f"{amount} einem Bedarf von {formats.number(need)} gegenüber ({balance.need_name}): "
        f"{gap(balance, count)}."
    )


def balance_sum(balance: Balance, whole: float, parts: float) -> str:
    """What the gaps of the parts make together, where it is not the gap of the whole."""
    return (
        f"Zusammen ergeben die Gebiete: {gap(balance, parts)}. Für die ganze Region gilt: "
        f"{gap(balance, whole)}. Der Unterschied entsteht durch Rundung oder weil das Ganze eigens "
        "gezählt wurde."
    )


# --- the chain of newly arrived -----------------------------------------------------------------


def chain_headline(
    region: Region,
    waiting_time: tuple[Indicator, Value] | None,
    waiting: tuple[Indicator, Value] | None,
    known: int,
    asked: int,
    dates: tuple[str, str] = ("", ""),
) -> str:
    """ "Im Landkreis Hof dauert es im Mittel 34 Tage bis zum Platz; 27 warten noch"

    The bottleneck by rule: how long one waits and how many still wait; where neither is known,
    how many of the chain's figures are there. `dates` are their periods where they must be told,
    because they are not today's.
    """
    since = tuple(f" ({date})" if date else "" for date in dates)
    told = []
    if waiting_time and waiting_time[1].value is not None:
        told.append(f"dauert es im Mittel {shown(*waiting_time)} bis zum Platz{since[0]}")
    if waiting and waiting[1].value is not None:
        count = waiting[1].value
        if not count:
            nobody = "niemand wartet mehr" if told else "wartet niemand mehr auf einen Platz"
            told.append(nobody + since[1])
        else:
            verb = "wartet" if count == 1 else "warten"
            amount = shown(*waiting)
            some = f"{amount} {verb} noch" if told else f"{verb} noch {amount} auf einen Platz"
            told.append(some + since[1])
    if told:
        return f"{begin(region.where)} {'; '.join(told)}"
    if not known:
        return f"{begin(region.where)} liegen zu keiner Station Angaben vor"
    there = "liegt" if known == 1 else "liegen"
    return (
        f"{begin(region.where)} {there} {formats.number(known)} von {formats.number(asked)} "
        "Angaben vor; Wartezeiten sind nicht bekannt"
    )


def short_change(indicator: Indicator, now: Value, before: Value | None) -> str:
    """ "+12 zum Vorjahr", for a box; "" unless the periods are adjacent."""
    if before is None or not change(indicator, now, before):
        return ""
    decimals = indicator.shown_decimals
    difference = formats.rounded(now.number, decimals) - formats.rounded(before.number, decimals)
    if not round(difference, decimals):
        return "wie im Vorjahr"
    return f"{formats.difference(difference, indicator.unit, decimals)} zum Vorjahr"


# --- what stands out ----------------------------------------------------------------------------


def judged(indicator: Indicator, difference: float) -> str:
    """ "günstiger" or "ungünstiger" where the definition says what is better, else ""."""
    if indicator.polarity == "neutral" or not difference:
        return ""
    better = (difference > 0) == (indicator.polarity == "higher_is_better")
    return "günstiger" if better else "ungünstiger"


def notable_change(indicator: Indicator, now: Value, before: Value) -> str:
    """ "In der Stadt Hof gingen 12,8 % der Abgehenden ohne Abschluss ab, 2,3 Prozentpunkte mehr
    als im Vorjahr (ungünstiger)" """
    told = judged(indicator, now.number - before.number)
    sentence = f"{statement(indicator, now)}, {change(indicator, now, before)}"
    return f"{sentence}; das ist {told}" if told else sentence


def notable_gap(indicator: Indicator, now: Value, other: Value) -> str:
    """ "In der Stadt Hof gingen 12,8 % der Abgehenden ohne Abschluss ab, 7,4 Prozentpunkte mehr
    als in Bayern (5,4 %)" """
    _same_moment(now, other)
    decimals = indicator.shown_decimals
    difference = formats.rounded(now.number, decimals) - formats.rounded(other.number, decimals)
    sentence = (
        f"{statement(indicator, now)}, {_difference(indicator, difference)} als "
        f"{other.region.where} ({shown(indicator, other)})"
    )
    told = judged(indicator, difference)
    return f"{sentence}; das ist {told}" if told else sentence


def notable_headline(region: Region, changes: int, gaps: int) -> str:
    """ "In der Stadt Hof fallen 3 Veränderungen und 2 Unterschiede auf" """
    told = []
    if changes:
        told.append(formats.quantity(changes, "Veränderung", "Veränderungen"))
    if gaps:
        told.append(formats.quantity(gaps, "Unterschied", "Unterschiede"))
    if not told:
        return f"{begin(region.where)} gibt es keine Auffälligkeit über der Zufallsschwankung"
    verb = "fällt" if changes + gaps == 1 else "fallen"
    return f"{begin(region.where)} {verb} {' und '.join(told)} auf"


# --- demography ---------------------------------------------------------------------------------


def cohorts_headline(
    region: Region, period: str, young: float | None, older: float | None, group: str = ""
) -> str:
    """ "In der Stadt Hof gab es am 31.12.2024 je Jahrgang 9 % weniger Kinder unter 3 als von 3 bis
    5 Jahren"; `young` and `older` are the mean numbers of children per year of age."""
    where = f"{begin(region.where)} "
    note = f" ({group})" if group else ""
    if young is None or older is None:
        return (
            f"{where}fehlen für den {period} Angaben, um die Jahrgänge unter 3 mit denen von 3 bis "
            f"5 Jahren zu vergleichen{note}"
        )
    if not young and not older:
        return f"{where}lebten am {period} keine Kinder unter 6 Jahren{note}"
    if min(young, older) < FEWEST_FOR_RELATIVE_CHANGE:
        return (
            f"{where}gab es am {period} je Jahrgang im Mittel {formats.number(young, 1)} Kinder "
            f"unter 3 und {formats.number(older, 1)} von 3 bis 5 Jahren{note}"
        )
    told = relative(young, older)
    if not told:
        return (
            f"{where}gab es am {period} je Jahrgang etwa gleich viele Kinder unter 3 wie von 3 bis "
            f"5 Jahren{note}"
        )
    return (
        f"{where}gab es am {period} je Jahrgang {told} Kinder unter 3 als von 3 bis 5 Jahren{note}"
    )


def relative(now: float, before: float) -> str:
    """ "12 % weniger", "3 % mehr"; "" if they are equal up to rounding. Only for numbers from
    FEWEST_FOR_RELATIVE_CHANGE on: the caller sees to that."""
    change = formats.rounded((now / before - 1) * 100, 0)
    if not change:
        return ""
    amount = formats.number(abs(change)) + formats.suffix("%")
    return f"{amount} {'mehr' if change > 0 else 'weniger'}"


def pyramid_reading_aid(
    region: Region,
    period: str,
    ages: str,
    numbers: list[tuple[str, float]],
    compared: list[tuple[str, float]] | None,
    outline: str,
    *,
    decimals: int,
) -> str:
    """The Lesehilfe of a pyramid: what one bar and, if there is one, its outline say."""

    def told(found: list[tuple[str, float]]) -> str:
        return formats.listing([f"{formats.number(n, decimals)} ({name})" for name, n in found])

    per = " je 1.000 der Bevölkerung und Altersjahr" if decimals else ""
    text = f"Am {period} lebten {region.where} {ages} {told(numbers)} Personen{per}."
    if compared:
        text += f" Die Vergleichslinie ({outline}) zeigt {told(compared)}."
    return text


def starters_headline(
    region: Region,
    observed: tuple[str, int] | None,
    expected: tuple[str, int] | None,
    reason: str,
) -> str:
    """ "In der Stadt Hof werden 2031/32 voraussichtlich 380 Kinder eingeschult, 12 % weniger als
    2025/26 (432)"; both are (school year, children), None where there is no number."""
    if expected is None:
        return f"{begin(region.where)} lässt sich nichts vorausberechnen: {reason}"
    year, count = expected
    sentence = f"{begin(region.where)} {_entering(count)} {year} voraussichtlich {_children(count)}"
    sentence += " eingeschult"
    if observed is None:
        return sentence
    before_year, before = observed
    if count == before:
        return f"{sentence}, so viele wie {before_year}"
    if min(count, before) < FEWEST_FOR_RELATIVE_CHANGE:
        past = "war es" if before == 1 else "waren es"
        return f"{sentence}, {before_year} {past} {formats.number(before)}"
    told = relative(count, before) or "fast so viele"
    word = "als" if relative(count, before) else "wie"
    return f"{sentence}, {told} {word} {before_year} ({formats.number(before)})"


def starters_reading_aid(
    year: str, count: int, assumption: str, others: list[tuple[str, int]], where: str = ""
) -> str:
    """The Lesehilfe of a projection: one year of it, and what other assumptions give."""
    text = f"Im Schuljahr {year} {_entering(count)} {where + ' ' if where else ''}voraussichtlich "
    text += f"{_children(count)} eingeschult"
    if assumption:
        text += f" ({assumption})"
    if others:
        text += "; " + formats.listing([f"{name}: {formats.number(n)}" for name, n in others])
    return text + "."


def _entering(count: int) -> str:
    return "wird" if count in (0, 1) else "werden"


def _children(count: int) -> str:
    return {0: "kein Kind", 1: "1 Kind"}.get(count, f"{formats.number(count)} Kinder")


def backtest_sentence(backs: list[int], errors: tuple[float, float] | None) -> str:
    """How good the method would have been: `errors` are the mean absolute and the mean deviation in
    per cent, None where there are too few children to judge; `backs` how many years ago."""
    if not backs:
        return "Für einen Rückblick fehlen ältere Kinderzahlen oder Einschulungen."
    ago = formats.listing([str(back) for back in backs])
    if errors is None:
        return (
            f"Rückblick: Mit den Daten von vor {ago} Jahren ist die Abweichung nicht beurteilbar, "
            f"weil es weniger als {FEWEST_FOR_RELATIVE_CHANGE} Kinder im Jahr sind."
        )
    size, mean = errors
    percent = formats.suffix("%")
    text = (
        f"So gut hätten wir damals gelegen: Mit den Daten von vor {ago} Jahren wich die Rechnung "
        f"im Mittel um {formats.number(size, 1)}{percent} von den tatsächlichen Einschulungen ab"
    )
    if formats.rounded(abs(mean), 1):
        side = "zu hoch" if mean > 0 else "zu niedrig"
        text += f" und lag im Mittel {formats.number(abs(mean), 1)}{percent} {side}"
    return text + "."
