"""One series over time: how much more or less than before, and what its line shows."""

from indicators import formats, periods
from indicators.catalog.meaning import Indicator
from indicators.texts.values import FEWEST_FOR_RELATIVE_CHANGE, Value, begin, same_series, shown


def change(indicator: Indicator, now: Value, before: Value | None) -> str:
    """ "1,5 Prozentpunkte mehr als im Vorjahr"; "" unless the periods are adjacent."""
    if (
        before is None
        or now.value is None
        or before.value is None
        or not periods.are_adjacent(before.period, now.period)
    ):
        return ""
    same_series(now, before)
    decimals = indicator.shown_decimals
    rounded = formats.rounded(now.value, decimals) - formats.rounded(before.value, decimals)
    if not round(rounded, decimals):
        return "unverändert gegenüber dem Vorjahr"
    text = f"{told_difference(indicator, rounded)} als im Vorjahr"
    if indicator.is_count and min(before.value, now.value) >= FEWEST_FOR_RELATIVE_CHANGE:
        share = formats.signed((now.value / before.value - 1) * 100, 1) + formats.suffix("%")
        text += f" ({share})"
    return text


def told_difference(indicator: Indicator, difference: float) -> str:
    """ "2,3 Prozentpunkte weniger", "3,5 weniger je 100", "0,05 höher" """
    decimals, more = indicator.shown_decimals, more_or_less(indicator, difference)
    if indicator.unit.startswith("je "):
        return f"{formats.number(abs(difference), decimals)} {more}{formats.suffix(indicator.unit)}"
    amount = formats.difference(abs(difference), indicator.unit, decimals).lstrip("+")
    return f"{amount} {more}"


def more_or_less(indicator: Indicator, difference: float) -> str:
    if indicator.unit in ("Index", "Jahre"):
        return "höher" if difference > 0 else "niedriger"
    return "mehr" if difference > 0 else "weniger"


def short_change(indicator: Indicator, now: Value, before: Value | None) -> str:
    """ "+12 zum Vorjahr", for a box; "" unless the periods are adjacent."""
    if before is None or not change(indicator, now, before):
        return ""
    decimals = indicator.shown_decimals
    difference = formats.rounded(now.number, decimals) - formats.rounded(before.number, decimals)
    if not round(difference, decimals):
        return "wie im Vorjahr"
    return f"{formats.difference(difference, indicator.unit, decimals)} zum Vorjahr"


def earlier(indicator: Indicator, now: Value, first: Value | None) -> str:
    """ "Im Schuljahr 2015/16 waren es 5,9 %."; a fact and no change, so it holds across breaks."""
    if now.value is None or first is None or first.value is None or first.period == now.period:
        return ""
    if indicator.statement.outlook:  # its first period is 100 by definition
        return ""
    same_series(now, first)
    return f"{begin(first.period.adverbial)} waren es {shown(indicator, first)}."


def trend_alt(indicator: Indicator, values: list[Value]) -> str:
    """What the line shows, for those who cannot see it: first, last, highest and lowest value."""
    same_series(*values)
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
