"""What stands out: changes and gaps above chance, and whether they are for the better."""

from indicators import formats
from indicators.catalog.meaning import Indicator
from indicators.regions import Region
from indicators.texts.changes import change, told_difference
from indicators.texts.statements import statement
from indicators.texts.values import Value, begin, same_moment, shown


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
    same_moment(now, other)
    decimals = indicator.shown_decimals
    difference = formats.rounded(now.number, decimals) - formats.rounded(other.number, decimals)
    sentence = (
        f"{statement(indicator, now)}, {told_difference(indicator, difference)} als "
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
