"""Quantities that two offices count, side by side: what both say of a region, and why they differ.

Only what a release shows is compared: a number that is protected on either side is none here.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from indicators.catalog.arrangements import TwoSources
from indicators.catalog.meaning import Indicator, Term
from indicators.formats import number, signed
from indicators.regions import Region
from indicators.release import queries
from indicators.release.releases import Release, Source
from indicators.symbols import WITH_NUMBER

KINDS = {
    "procedure": "anderes Verfahren",
    "collection": "andere Erhebung",
    "delimitation": "andere Abgrenzung",
    "key_date": "anderer Stichtag",
}
_NUMBERS = [status.value for status in WITH_NUMBER]


@dataclass(frozen=True)
class Side:
    """What one office says: the number and where it stands."""

    value: float
    source: Source


@dataclass(frozen=True)
class Pair:
    """Both numbers of a quantity for a region and a period."""

    of: TwoSources
    period: str
    first: Side
    second: Side

    @property
    def difference(self) -> float:
        """How much more the second one counts."""
        return self.second.value - self.first.value

    @property
    def share(self) -> float | None:
        """The difference in per cent of the first; None where that is nobody."""
        return 100 * self.difference / self.first.value if self.first.value else None


def pairs(release: Release, region: Region, of: Sequence[TwoSources] | None = None) -> list[Pair]:
    """All periods for which both offices have a number of the whole region, newest first, quantity
    by quantity. Of a joint region both are sums of its members, and nothing where one lacks."""
    found: list[Pair] = []
    for one in release.catalog.two_sources if of is None else of:
        first, second = (_numbers(release, term, region) for term in (one.first, one.second))
        if first.empty or second.empty:
            continue  # nothing there has no dates either, and could not be joined
        both = first.merge(second, on=["period", "start"], suffixes=("_1", "_2"))
        both = both.sort_values("start", ascending=False)
        for period, a, s, b, t in zip(
            both["period"], both["value_1"], both["source_1"], both["value_2"], both["source_2"],
            strict=True,
        ):  # fmt: skip
            sides = (Side(float(v), release.sources[int(n)]) for v, n in ((a, s), (b, t)))
            found.append(Pair(one, str(period), *sides))
    return found


def concerning(release: Release, indicator: Indicator) -> list[TwoSources]:
    """The quantities that this indicator counts, undivided; what it only divides by is told where
    that is counted."""
    terms = [term for calculation in indicator.calculations for term in calculation.numerator]
    counted = [(term.dataset, term.measure, term.where) for term in terms]
    return [
        one
        for one in release.catalog.two_sources
        if any((t.dataset, t.measure, t.where) in counted for t in (one.first, one.second))
    ]


def _numbers(release: Release, term: Term, region: Region) -> pd.DataFrame:
    """A row per period for which all parts of the region have a number: period, start, value and
    source (that of the first part)."""
    rows = queries.counts(release, term, regions=list(region.parts))
    rows = rows[rows["status"].isin(_NUMBERS)]
    grouped = rows.groupby(["period", "start"], as_index=False).agg(
        value=("value", "sum"), source=("source", "first"), parts=("region", "nunique")
    )
    return grouped[grouped["parts"] == len(region.parts)].drop(columns="parts")


def told(pair: Pair) -> str:
    """A pair in one line: both numbers with their sources, the difference and its kind."""
    return (
        f"{pair.of.name}, {pair.period}: {number(pair.first.value)} ({pair.first.source.publisher}"
        f") und {number(pair.second.value)} ({pair.second.source.publisher}), {differing(pair)}"
    )


def differing(pair: Pair) -> str:
    """How far the second number is from the first: "+32 (+0,7 %), anderes Verfahren"."""
    if not pair.difference:
        return "beide gleich"
    share = "" if pair.share is None else f" ({signed(pair.share, 1)} %)"
    return f"{signed(pair.difference, 0)}{share}, {KINDS[pair.of.kind]}"
