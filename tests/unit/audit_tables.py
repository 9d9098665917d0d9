"""Tables small enough to try every whole-number table that fits what is shown.

The enumeration knows nothing of sums between cells. It fills the innermost cells (the smallest
regions, all categories at once) one by one and compares what they add up to with what is shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations, product
from types import MappingProxyType

import pandas as pd

from indicators.catalog.definition import TOTAL
from indicators.catalog.meaning import Category, Dataset, Dimension, Measure, PeriodRule
from indicators.protection.audit import auditor as audit
from indicators.protection.audit.model import Edition, Marks
from indicators.regions import Region

PERIOD = "2023"
MOST_TABLES = 20_000


@dataclass(frozen=True)
class Shape:
    """Which cells a table has. `categories`: how many each dimension has; `crosses`: which
    dimensions (by place) are crossed; `regions` as region → its smallest regions. Of a dimension in
    `only` the first category alone is published, as a "darunter"."""

    categories: tuple[int, ...]
    crosses: tuple[tuple[int, ...], ...]
    register: dict[str, Region]
    regions: dict[str, frozenset[str]]
    only: frozenset[int] = frozenset()

    @property
    def dimensions(self) -> dict[str, Dimension]:
        return {
            f"d{i}": Dimension(
                id=f"d{i}",
                name=f"Merkmal {i}",
                partition=i not in self.only,
                categories=[Category(id=f"c{i}_{n}", name=f"Gruppe {i}.{n}") for n in range(size)],
            )
            for i, size in enumerate(self._published)
        }

    @property
    def _published(self) -> list[int]:
        return [1 if i in self.only else size for i, size in enumerate(self.categories)]

    @property
    def dataset(self) -> Dataset:
        return Dataset(
            id="tabelle",
            name="Tabelle",
            publisher="",
            place="schulort",
            period=PeriodRule(type="calendar_year"),
            dimensions=list(self.dimensions),
            measures=[Measure(id="n", name="Kinder")],
            crosses=[[f"d{i}" for i in cross] for cross in self.crosses],
        )

    @property
    def leaves(self) -> list[tuple]:
        smallest = sorted(frozenset().union(*self.regions.values()))
        return list(product(smallest, *(range(size) for size in self.categories)))

    @property
    def cells(self) -> dict[tuple, list[int]]:
        """Published cell (region, category or None of each dimension) → places of its leaves."""
        leaves, found = self.leaves, {}
        for cross in self.crosses or [()]:
            for size in range(len(cross) + 1):
                for kept in combinations(cross, size):
                    choices = [
                        range(n) if i in kept else [None] for i, n in enumerate(self._published)
                    ]
                    for region, *digits in product(self.regions, *choices):
                        found[region, *digits] = [
                            place
                            for place, (leaf, *own) in enumerate(leaves)
                            if leaf in self.regions[region]
                            and all(d in (None, o) for d, o in zip(digits, own, strict=True))
                        ]
        return found

    def name(self, cell: tuple) -> tuple:
        """A cell as the auditor calls it: region and (dimension, category) pairs."""
        region, *digits = cell
        return region, tuple(
            (f"d{i}", TOTAL if d is None else f"c{i}_{d}") for i, d in enumerate(digits)
        )

    def edition(self, values: dict[tuple, int], hidden: set[tuple], id="heute") -> Edition:
        rows = []
        for cell, value in values.items():
            region, categories = self.name(cell)
            status = "suppressed" if cell in hidden else ("ok" if value else "zero")
            rows.append(
                {
                    "region": region,
                    "period": PERIOD,
                    "start": pd.Timestamp(2023, 1, 1),
                    **dict(categories),
                    "n": None if cell in hidden else float(value),
                    "n_status": status,
                    "n_flags": "",
                    "n_source": 1,
                }
            )
        frame = pd.DataFrame(rows)
        return Edition(id, {"tabelle": frame.assign(n=frame["n"].astype(float))})


def landkreis(listed: int, others: int) -> tuple[dict[str, Region], dict]:
    """A real Landkreis of which only some Gemeinden are listed."""
    ids = [f"0947511{i}" for i in range(listed + others)]
    register = {"09475": Region("09475", "kreis", "Landkreis", "", "09")}
    for id in ids[:listed]:
        register[id] = Region(id, "gemeinde", f"Gemeinde {id[-1]}", "", "09475")
    return register, {id: frozenset([id]) for id in ids[:listed]} | {"09475": frozenset(ids)}


def town(parts: int, *joint: tuple[int, ...]) -> tuple[dict[str, Region], dict]:
    """An invented Landkreis of some Gemeinden with joint regions of some of them."""
    ids = [f"9910200{i}" for i in range(parts)]
    register = {"99102": Region("99102", "kreis", "Landkreis", "", "99", invented=True)}
    for id in ids:
        register[id] = Region(id, "gemeinde", f"Gemeinde {id[-1]}", "", "99102", invented=True)
    regions = {id: frozenset([id]) for id in ids} | {"99102": frozenset(ids)}
    for n, members in enumerate(joint):
        own = tuple(ids[m] for m in members)
        id = f"verbund:v{n}"
        register[id] = Region(id, "verbund", f"Verbund {n}", "", None, members=own, invented=True)
        regions[id] = frozenset(own)
    return register, regions


def add_up(shape: Shape, leaves: list[int]) -> dict[tuple, int]:
    """The value of every published cell."""
    return {cell: sum(leaves[i] for i in own) for cell, own in shape.cells.items()}


def intervals(
    shape: Shape,
    values: dict[tuple, int],
    hidden: set[tuple],
    least: int = 1,
    most: int = MOST_TABLES,
    more: Mapping[tuple, list[int]] = MappingProxyType({}),
) -> dict[tuple, tuple[int, int]] | None:
    """What hidden cells can be, by trying every table; None where there are too many. `more` are
    cells nobody publishes, with the places of their leaves: they may be 0."""
    cells = shape.cells
    shown = [(set(own), values[cell]) for cell, own in cells.items() if cell not in hidden]
    secret = [(cell, cells[cell]) for cell in hidden]
    unnamed = list(more.items())
    count = len(shape.leaves)
    of_leaf = [[n for n, (own, _) in enumerate(shown) if i in own] for i in range(count)]
    left = [value for _, value in shown]
    open_leaves = [len(own) for own, _ in shown]
    if not all(of_leaf):
        return None  # a leaf without any shown sum above it has no end
    table, found = [0] * count, {}
    tables = steps = 0

    def fill(i: int) -> bool:
        nonlocal tables, steps
        steps += 1
        if steps > 20 * most:
            return False
        if i == count:
            sums = [(cell, sum(table[n] for n in own)) for cell, own in secret]
            if all(total >= least for _, total in sums):
                tables += 1
                sums += [(cell, sum(table[n] for n in own)) for cell, own in unnamed]
                for cell, total in sums:
                    low, high = found.get(cell, (total, total))
                    found[cell] = min(low, total), max(high, total)
            return tables <= most
        for n in of_leaf[i]:
            open_leaves[n] -= 1
        low = max((left[n] for n in of_leaf[i] if open_leaves[n] == 0), default=0)
        going = True
        for value in range(low, min(left[n] for n in of_leaf[i]) + 1):
            for n in of_leaf[i]:
                left[n] -= value
            table[i] = value
            fits = all(left[n] == 0 for n in of_leaf[i] if open_leaves[n] == 0)
            going = not fits or fill(i + 1)
            for n in of_leaf[i]:
                left[n] += value
            if not going:
                break
        for n in of_leaf[i]:
            open_leaves[n] += 1
        return going

    return found if fill(0) else None


def audited(shape: Shape, *editions: Edition, rule: audit.Rule, **given) -> audit.Report:
    """The audit of editions of one table whose dots may stand for nobody."""
    return audit.audit(
        list(editions),
        {"tabelle": shape.dataset},
        shape.dimensions,
        shape.register,
        rules=rule,
        marks=Marks(suppressed_least=0),
        **given,
    )
