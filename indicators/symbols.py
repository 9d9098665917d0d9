"""What an official cell means: a number, or a symbol that stands for a status.

The meaning of a symbol differs by publisher and year (`0` is "exactly zero" in one set and
"rounded to zero" in the other), so a dataset names its symbol set. The sign, never a guess,
decides the status; a dissolved region is recognised later, where the region is known.
"""

import re
import tomllib
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd

from indicators.folders import SHIPPED_DEFINITIONS


class Status(StrEnum):
    """Why a value is there or not. Never lost between file and screen."""

    OK = "ok"
    ZERO = "zero"
    ROUNDED_ZERO = "rounded_zero"
    SECRET = "secret"
    LATER = "later"
    UNRELIABLE = "unreliable"
    TOO_FEW = "too_few"
    NOT_APPLICABLE = "not_applicable"
    DISSOLVED = "dissolved"
    NOT_COLLECTED = "not_collected"
    MISSING = "missing"
    SUPPRESSED = "suppressed"


# Statuses that come with a number one may calculate with.
WITH_NUMBER = frozenset({Status.OK, Status.ZERO, Status.ROUNDED_ZERO})


@dataclass(frozen=True)
class Sign:
    """How a status is shown: the sign in a table, a short and a full explanation. The words stand
    in the vocabulary (definitions/vocabulary.toml), where the catalog checks that none lacks."""

    sign: str
    short: str
    meaning: str


# Letters behind or beside a number, and what they say about it.
FLAGS = {
    "p": "provisional",
    "r": "revised",
    "s": "estimated",
    "u": "estimated",
    "()": "estimated",
    "b": "break",
    "e": "",
    "": "",
}

# What the build itself finds out about a number.
FOUND = ("rounded_3", "rounded_5", "derived", "summed")


def _shipped_words() -> dict:
    """The vocabulary that ships; empty if it is damaged, which the catalog tells with its place."""
    path = SHIPPED_DEFINITIONS / "vocabulary.toml"
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


_WORDS = _shipped_words()


def _word(section: str, id: str, name: str, default: str) -> str:
    found = _WORDS
    for key in ("vocabulary", section, id, name):
        found = found.get(key) if isinstance(found, dict) else None
    return found if isinstance(found, str) else default


SIGNS = {
    status: Sign(
        sign=_word("statuses", status, "sign", ""),
        short=_word("statuses", status, "short", status),
        meaning=_word("statuses", status, "meaning", status),
    )
    for status in Status
}
FLAG_NAMES = {
    flag: _word("flags", flag, "name", flag) for flag in (*filter(None, FLAGS.values()), *FOUND)
}


def status_of_result(values, rounded) -> np.ndarray:
    """The statuses of calculated numbers, one each: a zero is exact only if it is made of nothing
    rounded (`rounded` says so of each), because a zero that is exact tells that nobody is there."""
    zero = np.where(rounded, Status.ROUNDED_ZERO.value, Status.ZERO.value)
    return np.where(np.asarray(values) == 0, zero, Status.OK.value).astype(object)


def is_rounded(values: pd.Series, statuses: pd.Series, flags: pd.Series) -> pd.Series:
    """Whether numbers are only known up to rounding: a rounded zero, or a count that the Land
    publishes as a multiple of 3 or 5. An exact zero stays one, as the office printed it."""
    multiples = flags.str.contains("rounded_", regex=False) & (values != 0)
    return (statuses == Status.ROUNDED_ZERO.value) | multiples


def join_flags(*texts: str) -> str:
    """All flags of these comma-separated texts once, in order of the alphabet."""
    return ",".join(sorted({flag for text in texts for flag in text.split(",") if flag}))


_COMMON = {
    "-": Status.ZERO,
    "–": Status.ZERO,
    "...": Status.LATER,
    "…": Status.LATER,
    "/": Status.UNRELIABLE,
    "x": Status.NOT_APPLICABLE,
    "X": Status.NOT_APPLICABLE,
    "": Status.MISSING,
}

SYMBOL_SETS = {
    # Destatis, GENESIS, Regionaldatenbank, most Länder
    "classic": _COMMON | {".": Status.SECRET, "0": Status.ROUNDED_ZERO},
    # harmonised set, in use at the Landesamt für Statistik Niedersachsen
    "harmonised": _COMMON
    | {
        "0": Status.ZERO,
        "k": Status.ROUNDED_ZERO,
        "g": Status.SECRET,
        ".": Status.SECRET,
        "t": Status.LATER,
        "u": Status.UNRELIABLE,
    },
    # A town's own tables, as most offices write them. They count exactly, so 0 is none; "-" is
    # the official sign for none, and "*" or "<3" stands for a small number that is protected. A
    # table that means something else says so in its mapping (docs/mapping.md).
    "municipal": _COMMON
    | {
        "—": Status.ZERO,
        "0": Status.ZERO,
        ".": Status.SECRET,
        "*": Status.SECRET,
        "•": Status.SECRET,
        "entfällt": Status.NOT_APPLICABLE,
    }
    | dict.fromkeys(
        ("k.A.", "k.A", "kA", "keineAngabe", "keineAngaben", "n.b.", "n.b", "n.v.", "n.v", "n.a."),
        Status.MISSING,
    ),
}

_NUMBER = re.compile(
    r"([+\-−]?)((?:[1-9]\d{0,2}(?:[.\u00a0\u202f ]\d{3})+|\d+)(?:,\d+)?)(?:\s*(\(\)|[prsube]))?$"
)


def read_cell(raw: str, symbol_set: str) -> tuple[float | None, Status, str] | None:
    """The number, status and flag of one official cell; None where it means nothing known.

    German notation only: decimal comma, thousands point or blank. `1234.5` is not understood,
    because `1.234` would be read a thousand times too small or too large.
    """
    text = raw.strip()
    symbol = SYMBOL_SETS[symbol_set].get(text)
    if symbol is not None:
        return (0.0 if symbol in WITH_NUMBER else None), symbol, ""
    match = _NUMBER.match(text)
    if not match:
        return None
    sign, digits, letter = match.groups()
    value = float(re.sub(r"[.\u00a0\u202f ]", "", digits).replace(",", "."))
    if sign in ("-", "−"):
        value = -value
    if value:
        return value, Status.OK, FLAGS[letter or ""]
    # "0,0" of a rate and "0p" mean what "0" means to this publisher: rounded, or exactly none
    return 0.0, SYMBOL_SETS[symbol_set]["0"], FLAGS[letter or ""]


def meanings(symbols: str | dict[str, str]) -> dict[str, Status]:
    """What the signs of a town's table mean: those of a set, or the municipal ones with changes.
    Signs are without blanks and in small letters."""
    known = SYMBOL_SETS[symbols if isinstance(symbols, str) else "municipal"]
    changed = {} if isinstance(symbols, str) else {k: Status(v) for k, v in symbols.items()}
    return {_squeezed(sign): status for sign, status in (known | changed).items()}


# A number that is only said to be small, to protect those it counts.
_SMALL = re.compile(r"(<|unter|wenigerals)=?\d+$")
# Markers of a footnote behind a number: 1.234¹, 1.234 1), 1.234 *)
_MARKER = re.compile(r"(\s*[¹²³⁴⁵⁶⁷⁸⁹⁰]+\)?|\s+\d{1,2}\)|\s*\*\))$")
_POINT_TO_COMMA = str.maketrans(",.", ".,")


@dataclass(frozen=True)
class OwnCell:
    """What a cell of a town's own table says. `percent` tells that a percent sign stands behind
    the number, `grouped` that its thousands are set apart."""

    value: float | None
    status: Status
    flag: str = ""
    percent: bool = False
    grouped: bool = False


def read_own_cell(raw: str, signs: dict[str, Status], decimal: str) -> OwnCell | None:
    """One cell of a town's own table; None where it means nothing known. `decimal` is the sign
    before the decimals, the other of the two sets thousands apart. What a zero means (exactly
    none, if nothing else is said) the sign "0" decides, also for 0,0."""
    status = signs.get(_squeezed(raw))
    if status is not None:
        return OwnCell(0.0 if status in WITH_NUMBER else None, status)
    if _SMALL.match(_squeezed(raw)):
        return OwnCell(None, Status.SECRET)
    text = _MARKER.sub("", raw.strip())
    percent = text.endswith("%")
    text = text.removesuffix("%").strip()
    bracketed = re.fullmatch(r"\((.*)\)", text)
    if bracketed:
        text = bracketed[1].strip()
    if decimal == ".":
        text = text.translate(_POINT_TO_COMMA)
    match = _NUMBER.match(text)
    if not match:
        return None
    sign, digits, letter = match.groups()
    value = float(re.sub(r"[.\u00a0\u202f ]", "", digits).replace(",", "."))
    if sign in ("-", "−"):
        value = -value
    flag = FLAGS["()" if bracketed else letter or ""]
    found = signs.get("0", Status.ZERO) if value == 0 else Status.OK
    return OwnCell(value if found in WITH_NUMBER else None, found, flag, percent, "." in digits)


def _squeezed(sign: str) -> str:
    return re.sub(r"\s", "", sign).casefold()
