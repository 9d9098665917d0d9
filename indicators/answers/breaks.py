"""Breaks: whether two periods of a region may be compared at all."""

from collections.abc import Iterable

from indicators.catalog import Catalog
from indicators.periods import Period
from indicators.regions import Region


def is_broken(
    catalog: Catalog, datasets: Iterable[str], region: Region, earlier: Period, later: Period
) -> bool:
    """Whether an event of kind "break" that applies to one of the datasets and to the region (to
    one member of a joint region) lies between: its first day after the beginning of the earlier
    period, and not after that of the later one."""
    used = set(datasets)
    return any(
        event.kind == "break"
        and used & set(event.datasets)
        and earlier.start < event.day <= later.start
        and (not event.regions or any(p.startswith(tuple(event.regions)) for p in region.parts))
        for event in catalog.events
    )
