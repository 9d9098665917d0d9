"""One value as sentences need it: its number as a reader sees it, and what it is of.

What every other module here stands on; no whole sentence belongs here.
"""

from dataclasses import dataclass

from indicators import formats
from indicators.catalog.catalog import Catalog
from indicators.catalog.definition import TOTAL
from indicators.catalog.meaning import Balance, Indicator
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


def same_series(*values: Value) -> None:
    """Raises ValueError unless the values are of one region and one category."""
    if len({(v.region.id, v.category, v.group, v.qualifier) for v in values}) > 1:
        raise ValueError(f"one sentence of several series: {values}")


def same_moment(*values: Value) -> None:
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


def gap(balance: Balance, count: float) -> str:
    """ "12 Plätze fehlen", "3 Plätze mehr als Bedarf", "ausgeglichen"; `count` is places minus
    need in whole numbers."""
    if not count:
        return "ausgeglichen"
    amount = formats.quantity(int(abs(count)), balance.place_name, balance.places_name)
    if count > 0:
        return f"{amount} mehr als Bedarf"
    return f"{amount} {'fehlt' if count == -1 else 'fehlen'}"


def relative(now: float, before: float) -> str:
    """ "12 % weniger", "3 % mehr"; "" if they are equal up to rounding. Only for numbers from
    FEWEST_FOR_RELATIVE_CHANGE on: the caller sees to that."""
    change = formats.rounded((now / before - 1) * 100, 0)
    if not change:
        return ""
    amount = formats.number(abs(change)) + formats.suffix("%")
    return f"{amount} {'mehr' if change > 0 else 'weniger'}"


def begin(text: str) -> str:
    """The text with a capital at its beginning."""
    return text[:1].upper() + text[1:]


def qualifier(catalog: Catalog, only: dict[str, str], land: str = "") -> str:
    """What a view is restricted to: "Geschlecht: weiblich"."""
    return ", ".join(
        f"{catalog.dimensions[d].name}: {catalog.dimensions[d].category_name(c, land)}"
        for d, c in only.items()
    )
