"""Periods in what a reader types: "2022/23", "31.12.2022", "WS 2023/24", "2023", "seit 2015"."""

import re
from dataclasses import dataclass

from indicators.catalog.catalog import Catalog
from indicators.catalog.meaning import Indicator
from indicators.periods import PeriodError

_TIME = re.compile(
    r"(?P<since>\b(?:seit|ab|bis|von|zwischen)\s+)?"
    r"(?P<time>(?:\bWS\s*)?\b(?:19|20)\d\d\s*/\s*(?:(?:19|20)?\d\d)\b"
    r"|\b\d{1,2}\.\d{1,2}\.(?:19|20)\d\d\b|\b(?:19|20)\d\d-\d\d-\d\d\b|\b(?:19|20)\d\d\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Times:
    """The times of a text: `single` is the one it asks for as it was typed, "" for none; `spans`
    are those that begin or end a span of years; `rest` is the text without them."""

    single: str
    spans: tuple[str, ...]
    rest: str


def times(text: str) -> Times:
    """All times named in a text. Of several single ones the first counts as the one asked for, the
    others as a span."""
    found = list(_TIME.finditer(text))
    rest = _TIME.sub(" ", text)
    spans = tuple(match["time"] for match in found if match["since"])
    single = [match["time"] for match in found if not match["since"]]
    if spans or len(single) > 1:
        return Times("", (*spans, *single), rest)
    return Times(single[0] if single else "", (), rest)


def label(typed: str, indicator: Indicator, catalog: Catalog) -> str:
    """The period a typed time means for an indicator, as officials write it; "" where its data know
    no such time. Datasets of one indicator share their kind of period, so the first one tells."""
    dataset = catalog.datasets[indicator.datasets[0]]
    spaced = re.sub(r"\s*/\s*", "/", typed.strip())
    try:
        return dataset.period.meant(spaced).label
    except PeriodError:
        return ""
