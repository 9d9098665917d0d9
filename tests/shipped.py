"""The definitions that ship. Reading them takes a third of a second, so a process does it once."""

from functools import cache

from indicators.catalog import catalog as definitions
from indicators.catalog.catalog import Catalog
from indicators.folders import SHIPPED_DEFINITIONS


@cache
def catalog() -> Catalog:
    """Frozen: no test can change what the others see."""
    return definitions.load(SHIPPED_DEFINITIONS)
