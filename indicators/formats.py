"""Every number, unit and date a reader sees is written here, in German."""

import math
from collections.abc import Iterable
from datetime import date, datetime

import numpy as np
import pandas as pd

NO_BREAK_SPACE = "\u00a0"
MINUS = "\u2212"

# The unit as it stands behind a number; units not listed stand there as they are.
_SUFFIXES = {"Anzahl": "", "Index": "", "%": NO_BREAK_SPACE + "%", "EUR": NO_BREAK_SPACE + "Euro"}

# 0.285 * 100 is 28.499999999999996, and a reader rounds the written number.
_HALF = 0.5 + 1e-9


def rounded(value: float, decimals: int) -> float:
    """The number as it is shown and exported: half is rounded away from zero, as offices do."""
    size = _scaled(value, decimals) / 10**decimals
    return -size if value < 0 and size else size


def rounded_column(values: pd.Series, decimals: int) -> pd.Series:
    """`rounded` for each number of a column; what is missing stays so."""
    size = np.floor(values.abs() * 10**decimals + _HALF) / 10**decimals
    return size.where(values >= 0, -size) + 0.0  # no negative zero


def _scaled(value: float, decimals: int) -> int:
    return math.floor(abs(float(value)) * 10**decimals + _HALF)


def number(value: float, decimals: int = 0) -> str:
    """`1234.5, 1` → "1.234,5"; half is rounded away from zero."""
    scaled = _scaled(value, decimals)
    whole, rest = divmod(scaled, 10**decimals)
    text = f"{whole:,}".replace(",", ".")
    if decimals:
        text += f",{rest:0{decimals}d}"
    return (MINUS if value < 0 and scaled else "") + text


def quantity(count: int, one: str, many: str) -> str:
    """`1, "Hinweis", "Hinweise"` → "1 Hinweis"; `1200, …` → "1.200 Hinweise"."""
    return f"{number(count)} {one if count == 1 else many}"


def suffix(unit: str) -> str:
    """What stands behind a number of this unit, with its no-break space; empty for counts."""
    return _SUFFIXES.get(unit, NO_BREAK_SPACE + unit.replace(" ", NO_BREAK_SPACE))


def with_unit(value: float, unit: str, decimals: int) -> str:
    """`12.34, "%", 1` → "12,3 %"; a count has no unit behind it."""
    return number(value, decimals) + suffix(unit)


def signed(value: float, decimals: int) -> str:
    """`1.5, 1` → "+1,5"; zero carries no sign."""
    text = number(value, decimals)
    return text if text.startswith(MINUS) or not text.strip("0,") else "+" + text


def difference_unit(unit: str) -> str:
    """The unit of a difference: shares differ in percentage points."""
    return "Prozentpunkte" if unit == "%" else unit


def difference(value: float, unit: str, decimals: int) -> str:
    """`-2.34, "%", 1` → "−2,3 Prozentpunkte"."""
    words = difference_unit(unit)
    if words == "Prozentpunkte" and number(abs(value), decimals) == number(1, decimals):
        words = "Prozentpunkt"
    return signed(value, decimals) + suffix(words)


def day(value: date) -> str:
    """31.12.2024"""
    return f"{value.day:02d}.{value.month:02d}.{value.year}"


def minute(value: datetime) -> str:
    """31.12.2024, 14:05 Uhr"""
    return f"{day(value)}, {value:%H:%M} Uhr"


def moment(value: datetime, among: Iterable[datetime] = ()) -> str:
    """31.12.2024, followed by the time (14:05 Uhr, where needed 14:05:30 Uhr) if another of `among`
    is of the same day: two things are never called the same."""
    others = [other.replace(microsecond=0) for other in among if other != value]
    if value.date() not in {other.date() for other in others}:
        return day(value)
    minutes = {other.replace(second=0) for other in others}
    same = value.replace(second=0, microsecond=0) in minutes
    return f"{day(value)}, {value:%H:%M:%S} Uhr" if same else minute(value)


def default_decimals(unit: str) -> int:
    """None for counts and euros, two for an index around 1, one for everything else."""
    return {"Anzahl": 0, "EUR": 0, "Index": 2}.get(unit, 1)


def listing(words: list[str]) -> str:
    """ "a, b und c" """
    return " und ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def plain(value: float, decimals: int) -> str:
    """A number for a CSV file that Excel opens in Germany: decimal comma, no thousands point."""
    return f"{rounded(value, decimals):.{decimals}f}".replace(".", ",")
