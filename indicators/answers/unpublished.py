"""Why a division that somebody has delivered is not published: its dataset's rules, in words."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import combinations

from indicators import formats
from indicators.catalog.meaning import Calculation, Dataset, Indicator, Restriction, Term
from indicators.regions import LEVELS, Region
from indicators.release import queries
from indicators.release.releases import Release
from indicators.release.values import can_divide


def left_out(
    release: Release,
    indicator: Indicator,
    regions: Sequence[str],
    asked: Mapping[str, str | None],
) -> str:
    """Why an indicator is not published of any of these regions in this division; "" if it is of
    one, or if nobody has delivered it. `asked` is what it is divided by, with a category or None
    for all of them."""
    why = ""
    for calculation in indicator.calculations:
        if not _divides(release, indicator, calculation, list(asked)):
            continue
        levels: dict[str, Region] = {}  # what is published depends on the level alone
        for region in map(release.region, regions):
            fits = not calculation.levels or region.level in calculation.levels
            if fits and region.level not in levels and _delivered(release, calculation, region):
                levels[region.level] = region
        for region in levels.values():
            reasons = (
                kept_back(release, region, term.dataset, divided)
                for term, divided in _divided(indicator, calculation, asked)
            )
            reason = next(filter(None, reasons), "")
            if not reason:
                return ""
            why = why or reason
    return why


def _divides(
    release: Release, indicator: Indicator, calculation: Calculation, asked: list[str]
) -> bool:
    """Whether the counts of a calculation know all that is asked for."""
    if calculation.given:
        known = release.catalog.datasets[calculation.given.dataset].dimensions
        return set(asked) <= set(known)
    return can_divide(release, indicator, calculation, asked)


def _delivered(release: Release, calculation: Calculation, region: Region) -> bool:
    """Whether there are numbers of the region, or of a member of it, in all its datasets."""
    return not any(
        _regions_with(release, term.dataset).isdisjoint(region.parts) for term in calculation.terms
    )


@lru_cache(maxsize=256)
def _regions_with(release: Release, dataset: str) -> frozenset[str]:
    return frozenset(queries.regions_with(release, [dataset]))


def _divided(
    indicator: Indicator, calculation: Calculation, asked: Mapping[str, str | None]
) -> Iterator[tuple[Term, dict[str, str | list[str] | None]]]:
    """Every term with what its counts are divided by: the group below a share stays whole where
    only the numerator is divided."""
    both = {b.dimension for b in indicator.breakdowns if b.of == "both"}
    below = [*calculation.denominator, *calculation.denominator_base]
    for term in below:
        yield term, {**{d: c for d, c in asked.items() if d in both}, **term.where}
    given = [calculation.given] if calculation.given else []
    for term in [*given, *calculation.numerator, *calculation.numerator_base]:
        yield term, {**asked, **term.where}


def kept_back(
    release: Release, region: Region, dataset: str, divided: Mapping[str, str | list[str] | None]
) -> str:
    """Why a dataset that has numbers of the region is not published in this division: the words of
    the restriction that says so; "" if none does. `divided` is what the counts are divided by, with
    a category, several that are summed, or None for all of them."""
    if dataset not in release.protection:
        return ""
    known = release.catalog.datasets[dataset]
    asked = {id: wanted for id, wanted in divided.items() if id in known.dimensions}
    if _regions_with(release, dataset).isdisjoint(region.parts):
        return ""
    if crossed := _not_crossed(known, list(asked)):
        names = [release.catalog.dimensions[id].name for id in crossed]
        return (
            f"„{known.name}“ wird nicht zugleich nach {formats.listing(names)} veröffentlicht, um "
            "kleine Zahlen zu schützen."
        )
    level = release.region(region.parts[0]).level
    for restriction in known.restrictions:
        if restriction.at and level not in restriction.at:
            continue
        if not _leaves_out(restriction, asked):
            continue
        names = [release.catalog.dimensions[id].name for id in restriction.dimensions]
        return (
            f"„{known.name}“ wird für {LEVELS[level]} nicht nach {formats.listing(names)} "
            "veröffentlicht, um kleine Zahlen zu schützen."
        )
    return ""


def _not_crossed(dataset: Dataset, asked: list[str]) -> list[str]:
    """Dimensions that no division published has at once: two of those asked for, if there are two
    such; [] if all are."""
    crosses = [set(cross) for cross in dataset.crosses]

    def together(ids: Sequence[str]) -> bool:
        return not crosses or any(set(ids) <= cross for cross in crosses)

    if together(asked):
        return []
    return next((list(pair) for pair in combinations(asked, 2) if not together(pair)), asked)


def _leaves_out(restriction: Restriction, asked: Mapping[str, str | list[str] | None]) -> bool:
    """Whether nothing of what is asked for is published; sums of categories always are."""
    if not set(restriction.dimensions) <= asked.keys():
        return False
    if not (restriction.needs or restriction.only):
        return not any(isinstance(asked[id], list) for id in restriction.dimensions)
    return not set(restriction.needs) <= asked.keys() or any(
        id not in asked or isinstance(asked[id], str) and asked[id] not in allowed
        for id, allowed in restriction.only.items()
    )
