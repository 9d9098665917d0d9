"""The files the offices of the town deliver, made from its tables, in the shapes offices use.

A module an office or matter; a new delivery is a function and its name among the module's MAKERS.
"""

from collections.abc import Iterator

from example_town.deliveries import (
    arrivals,
    early_years,
    official,
    residents,
    schools,
    training,
    transitions,
)
from example_town.deliveries.shared import Delivery
from example_town.town import Town

_MODULES = (residents, official, early_years, transitions, schools, arrivals, training)


def deliveries(town: Town) -> Iterator[Delivery]:
    """All files, always in the same order and with the same bytes."""
    for module in _MODULES:
        for make in module.MAKERS:
            yield from make(town)
