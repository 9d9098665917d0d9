"""What is part of what: the categories of a dimension, the regions of a register, what is left.

What a whole has beside its parts that are listed is a cell like any other and gets a name here.
"""

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from indicators.catalog.definition import TOTAL
from indicators.catalog.meaning import Dimension
from indicators.regions import Region

# What is left of a whole without a category, and of a region without the parts that are listed.
WITHOUT = "not "
UNLISTED = "others "
_LEVELS = {
    "land": "Länder",
    "regierungsbezirk": "Bezirke",
    "kreis": "Kreise",
    "gemeinde": "Gemeinden",
    "stadtteil": "Stadtteile",
}


class Parts(Dimension):
    """Measures that count some of the persons of another, as a dimension of that one. `within`
    names the part that another part is contained in, where that is not the whole."""

    within: dict[str, str] = {}


class Axis:
    """The categories of a dimension as numbers, the total first, then those of the definition, then
    others that occur (no definition names them, but they are cells too), then what is left without
    a category that is no part of a sum. Arrays by category: `counted` (a part of the total),
    `around` (what it is contained in), `left` (what is left of that; 0: nothing of its own),
    `is_left`, and `of` which category it is left."""

    def __init__(self, dimension: Dimension, occurring: Iterable[str]):
        counted = [c.id for c in dimension.categories if dimension.partition and not c.subset]
        names = list(dict.fromkeys([TOTAL, *(c.id for c in dimension.categories), *occurring]))
        inside = [name for name in names[1:] if name not in counted and "+" not in name]
        self.names = pd.Index([*names, *(WITHOUT + name for name in inside)])
        size = len(self.names)
        self.counted = self.names.isin(counted)
        self.is_left = np.arange(size) >= len(names)
        at = self.names.get_indexer(inside)
        self.left, self.of, self.around = (np.zeros(size, dtype=np.int64) for _ in range(3))
        self.left[at] = np.arange(len(names), size)
        self.of[len(names) :] = at
        for name, whole in getattr(dimension, "within", {}).items():
            self.around[self.names.get_loc(name)] = self.names.get_loc(whole)


def families(register: Mapping[str, Region]) -> list[tuple[str, str, list[str], bool]]:
    """Every region that is a sum: (region, what its parts are called, parts, whether they are all).

    The Gemeinden of a real Landkreis are never all that is listed; a joint region is its members.
    """
    below: dict[tuple[str, str], list[str]] = {}
    found = []
    for region in register.values():
        if region.members:
            found.append((region.id, "Mitglieder", list(region.members), True))
            continue
        above = {region.parent} if region.parent else set()
        if region.level == "kreis" and not region.invented:
            above |= {region.id[:2], region.id[:3], "DG"}
        elif region.level in ("land", "regierungsbezirk") and not region.invented:
            above.add("DG" if region.level == "land" else region.id[:2])
        for id in sorted((above - {region.id}) & set(register)):
            below.setdefault((id, region.level), []).append(region.id)
    for (id, level), parts in below.items():
        complete = level != "gemeinde" or register[id].invented
        found.append((id, _LEVELS.get(level, level), parts, complete))
    return found


def unlisted(whole: str, level: str) -> str:
    """The name of what a region has beside those of its parts that are listed."""
    return f"{UNLISTED}{level} {whole}"


def region_name(id: str, register: Mapping[str, Region]) -> str:
    """What people call a region, or what is left of one, in German."""
    if id.startswith(UNLISTED):
        level, whole = id.removeprefix(UNLISTED).rsplit(" ", 1)
        return f"übrige {level} von {region_name(whole, register)}"
    return register[id].name if id in register else id


def category_name(dimension: Dimension, id: str) -> str:
    """What people call a category, a sum of some ("a+b") or what is left without one, in German."""
    if id.startswith(WITHOUT):
        return f"ohne {category_name(dimension, id.removeprefix(WITHOUT))}"
    first, *others = id.split("+")
    known = any(category.id == first for category in dimension.categories)
    name = dimension.category_name(first) if known else first
    return f"{name} und {len(others)} weitere zusammen" if others else name
