"""Which tables would bring an indicator its values, and what of them is there already."""

from functools import lru_cache

from indicators import formats
from indicators.catalog import meaning
from indicators.catalog.meaning import Calculation, Indicator, Term
from indicators.regions import Region
from indicators.release import queries
from indicators.release.releases import Release


def wanted_tables(
    release: Release, indicator: Indicator, region: Region, *, here: bool = False
) -> str:
    """The tables that would bring the indicator's values: "A (oder B) und C, oder ersatzweise D".

    All datasets of a calculation are needed ("und"); several tables of one dataset, and several
    calculations, are alternatives ("oder"). What the release has already is left out; "" if some
    calculation lacks nothing. What there is of the invented town brings nothing to a real one.
    With `here` what counts is what there is of this very region.
    """
    options = [_lacking(release, indicator, one, region, here) for one in indicator.calculations]
    if not all(options):
        return ""
    return ", oder ersatzweise ".join(dict.fromkeys(formats.listing(tables) for tables in options))


def _lacking(
    release: Release,
    indicator: Indicator,
    calculation: Calculation,
    region: Region,
    here: bool,
) -> list[str]:
    """One text per dataset of which the calculation needs counts that the release has not."""
    there = {source.table_code for source in release.sources.values() if not source.excerpt}
    usual = {b.dimension: b.default for b in indicator.breakdowns if b.default}
    lacking = []
    for id in dict.fromkeys(term.dataset for term in calculation.terms):
        dataset = release.catalog.datasets[id]
        # what an indicator shows by default needs counts that are divided like this
        only = {d: c for d, c in usual.items() if d in dataset.dimensions}
        terms = [
            term.model_copy(update={"where": only | term.where})
            for term in calculation.terms
            if term.dataset == id
        ]
        if all(_has(release, term, region, here) for term in terms):
            continue
        tables = dataset.tables
        if not tables:  # a town's own counts come with no official table
            lacking.append(f"eine eigene Tabelle „{dataset.name}“ (Quelle: {dataset.publisher})")
            continue
        # what is there did not bring it; a table that has ended or cannot be had is the last choice
        best = min(_distance(table, there, region) for table in tables)
        codes = [table.code for table in tables if _distance(table, there, region) == best]
        if codes[0].startswith("INKAR"):
            lacking.append("ein Export aus INKAR")
            continue
        others = f" (oder {' oder '.join(codes[1:])})" if codes[1:] else ""
        lacking.append(f"die Tabelle {codes[0]}{others} der Regionaldatenbank")
    return lacking


def _has(release: Release, term: Term, region: Region, here: bool) -> bool:
    """Whether there are counts of the region (`here`) or of any of the same kind, real or invented;
    some are published as sums only. An excerpt has only those of the regions it is of."""
    written = term.model_dump_json()
    if _has_any(release, written, region.parts, True):
        return True
    return not here and _has_any(release, written, _alike(release, region.invented), False)


@lru_cache(maxsize=8)
def _alike(release: Release, invented: bool) -> tuple[str, ...]:
    return tuple(id for id, other in release.regions.items() if other.invented == invented)


@lru_cache(maxsize=2048)  # asked for every indicator of a region that has nothing
def _has_any(release: Release, written: str, regions: tuple[str, ...], of_excerpts: bool) -> bool:
    term = Term.model_validate_json(written)
    found = queries.counts(release, term)
    if not of_excerpts:
        excerpts = [id for id, source in release.sources.items() if source.excerpt]
        found = found[~found["source"].isin(excerpts)]
    if not set(regions).isdisjoint(found["region"]):
        return True
    return not queries.published_sums(release, term, regions=regions).empty


def _distance(
    table: meaning.Table, there: set[str], region: Region
) -> tuple[bool, bool, bool, bool]:
    """How far a table is from bringing what a region lacks; those ending in -5 are of Gemeinden."""
    of_parts = region.level in ("gemeinde", "stadtteil")
    other_level = table.code.endswith("-5") != of_parts
    return not table.download, table.code in there, other_level, bool(table.until)
