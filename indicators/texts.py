"""Rule-written German sentences: every word about numbers comes from the numbers themselves."""

from dataclasses import dataclass

from indicators import formats, periods
from indicators.catalog import Catalog, Indicator
from indicators.periods import Period
from indicators.regions import Region
from indicators.symbols import SIGNS, Status

# A change in per cent of fewer cases than this says more about chance than about the matter.
FEWEST_FOR_RELATIVE_CHANGE = 20


@dataclass(frozen=True)
class Value:
    """One value as sentences need it; `value` is None where the status has no number.

    `group` names the category the value is of; `ready_made` marks a joint region of which only
    ready-made ratios exist: nothing to sum.
    """

    region: Region
    period: Period
    value: float | None
    status: Status
    numerator: float | None = None
    denominator: float | None = None
    ready_made: bool = False
    group: str = ""


def shown(indicator: Indicator, value: Value | None) -> str:
    """The value as a reader sees it, or in words why there is none."""
    if value is None:
        return SIGNS[Status.MISSING].short
    if value.value is not None:
        return formats.with_unit(value.value, indicator.unit, indicator.shown_decimals)
    return "nicht berechenbar" if value.ready_made else SIGNS[value.status].short


def begin(text: str) -> str:
    """The text with a capital at its beginning."""
    return text[:1].upper() + text[1:]


def statement(indicator: Indicator, value: Value, qualifier: str = "") -> str:
    """ "In der Stadt Hof gingen 12,8 % der Abgehenden ohne Hauptschulabschluss ab" """
    sentence = f"{begin(value.region.where)} {_verb(indicator, value)} {_rest(indicator, value)}"
    return f"{sentence} ({qualifier})" if qualifier and not names_group(indicator) else sentence


def names_group(indicator: Indicator) -> bool:
    """Whether the sentence itself says of which category it speaks."""
    return "{group}" in indicator.statement.rest


def _verb(indicator: Indicator, value: Value) -> str:
    words = indicator.statement
    return (
        words.verb_one if indicator.is_count and value.value == 1 and words.verb_one else words.verb
    )


def _rest(indicator: Indicator, value: Value) -> str:
    return indicator.statement.rest.format(
        value=formats.with_unit(value.value, indicator.unit, indicator.shown_decimals),
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
    decimals = indicator.shown_decimals
    rounded = formats.rounded(now.value, decimals) - formats.rounded(before.value, decimals)
    if not round(rounded, decimals):
        return "unverändert gegenüber dem Vorjahr"
    more = _more(indicator, rounded)
    amount = formats.difference(abs(rounded), indicator.unit, decimals).lstrip("+")
    text = f"{amount} {more} als im Vorjahr"
    if indicator.is_count and min(before.value, now.value) >= FEWEST_FOR_RELATIVE_CHANGE:
        share = formats.signed((now.value / before.value - 1) * 100, 1) + formats.suffix("%")
        text += f" ({share})"
    return text


def _more(indicator: Indicator, difference: float) -> str:
    if indicator.unit in ("Index", "Jahre"):
        return "höher" if difference > 0 else "niedriger"
    return "mehr" if difference > 0 else "weniger"


def trend_headline(indicator: Indicator, now: Value, before: Value | None, qualifier: str) -> str:
    """The finding in one sentence, with the direction if the year before is known."""
    if now.value is None:
        return no_value(indicator, now)
    sentence = statement(indicator, now, qualifier)
    told = change(indicator, now, before)
    if told.startswith("unverändert"):
        return f"{sentence}, so viel wie im Vorjahr"
    if told:
        direction = _more(indicator, now.value - before.value)
        return f"{sentence}, {direction} als im Vorjahr"
    return sentence


def reading_aid(indicator: Indicator, value: Value, before: Value | None, qualifier: str) -> str:
    """The Lesehilfe: one sentence with a real value, its counts and its change."""
    if value.value is None:
        return ""
    sentence = (
        f"{begin(value.period.adverbial)} {_verb(indicator, value)} {value.region.where} "
        f"{_rest(indicator, value)}"
    )
    if qualifier and not names_group(indicator):
        sentence += f" ({qualifier})"
    sentence += _basis(indicator, value)
    told = change(indicator, value, before)
    return sentence + (f"; {told}." if told else ".")


def _basis(indicator: Indicator, value: Value) -> str:
    """The counts behind a share, or the size of the group a rate is taken from."""
    if value.denominator is None or indicator.calculations[0].numerator_base:
        return ""
    group = formats.number(value.denominator)
    if indicator.unit == "%" and value.numerator is not None:
        counted = formats.number(value.numerator)
        return f", das sind {counted} von {group} ({indicator.denominator_name})"
    return f" (Grundlage: {group} {indicator.denominator_name})"


def ranking_headline(
    indicator: Indicator, value: Value, rank: int, ties: bool, count: int, scope: str
) -> str:
    """ "Die Stadt Hof liegt mit 12,8 % auf Rang 4 von 96 (Bayern)" """
    if value.value is None:
        return no_value(indicator, value)
    shared = "gleichauf auf" if ties else "auf"
    text = formats.with_unit(value.value, indicator.unit, indicator.shown_decimals)
    return (
        f"{value.region.name}: {text}, {shared} Rang {formats.number(rank)} von "
        f"{formats.number(count)} {scope}"
    )


def map_headline(
    indicator: Indicator, low: Value, high: Value, count: int, scope_where: str
) -> str:
    """ "In Bayern reichen die Werte von 2,1 % (Landkreis X) bis 11,6 % (Stadt Hof)"; `count` is
    the number of regions that have a value."""

    def told(value: Value) -> str:
        return f"{shown(indicator, value)} ({value.region.name})"

    if count == 1:
        return f"{begin(scope_where)} liegt nur ein Wert vor: {told(low)}"
    if shown(indicator, low) == shown(indicator, high):
        return f"{begin(scope_where)} sind alle Werte gleich: {shown(indicator, low)}"
    return f"{begin(scope_where)} reichen die Werte von {told(low)} bis {told(high)}"


def trend_alt(name: str, values: list[Value], unit: str, decimals: int) -> str:
    """What the line shows, for those who cannot see it: first, last, highest and lowest value."""
    known = [value for value in values if value.value is not None]
    if not known:
        return f"{name}: keine Werte."
    first, last = known[0], known[-1]
    high = max(known, key=lambda v: v.value)
    low = min(known, key=lambda v: v.value)

    def told(value: Value) -> str:
        return f"{formats.with_unit(value.value, unit, decimals)} ({value.period.label})"

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
