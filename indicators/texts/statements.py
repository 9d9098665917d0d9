"""One value of one region as a sentence: what was found or is missing, alone or beside the year
before, and the Lesehilfe.
"""

from datetime import date, timedelta

from indicators import formats
from indicators.catalog.meaning import Indicator, Outlook
from indicators.regions import Region
from indicators.symbols import SIGNS
from indicators.texts.changes import change, more_or_less
from indicators.texts.values import Value, begin

# A year that ended so long before the day of the release is not the one that readers take for the
# last; official figures of a year appear within this time.
_LONG_AGO = timedelta(days=550)


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


def trend_headline(
    indicator: Indicator, now: Value, before: Value | None, published: date | None = None
) -> str:
    """The finding in one sentence, with the direction if the year before is known. Of a period that
    had ended long before the day of the release (`published`) the year is named: "im Vorjahr" would
    be read as the last one."""
    if now.value is None:
        return no_value(indicator, now)
    sentence = statement(indicator, now)
    # a step of a projection from one year to the next says nothing
    told = "" if indicator.statement.outlook else change(indicator, now, before)
    if not told or before is None:
        return sentence
    direction = more_or_less(indicator, now.value - before.number)
    compared = "so viel wie" if told.startswith("unverändert") else f"{direction} als"
    if published is not None and now.period.end < published - _LONG_AGO:
        return f"{sentence}, {now.period.adverbial} {compared} im Jahr davor"
    return f"{sentence}, {compared} im Vorjahr"


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
