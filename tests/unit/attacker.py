"""An attacker of small tables who knows all sums and marks, and sees nothing else; made without
the equations of the engine: every published cell is a set of innermost cells."""

from dataclasses import dataclass
from datetime import date
from itertools import product

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp

from indicators.catalog.definition import TOTAL
from indicators.protection.cube import Axis
from indicators.regions import Region

CAP = 60  # no count of these small tables can be larger


@dataclass
class World:
    """A small table: leaf regions (id → whole), joint regions, axes, crosses that are published,
    counts per leaf region and combination of categories."""

    leaves: dict[str, str]
    joint: dict[str, tuple[str, ...]]
    axes: list[Axis]
    crosses: list[tuple[str, ...]]
    counts: dict[tuple, int]

    @property
    def register(self) -> dict[str, Region]:
        """The town "99001" with Stadtteile, or several towns of the Land "99"."""
        found = {"99": Region("99", "land", "Land", "im Land", invented=True)}
        for whole in sorted(set(self.leaves.values())):
            found[whole] = Region(whole, "kreis", whole, whole, "99", invented=True)
        for leaf, whole in self.leaves.items():
            found[leaf] = Region(leaf, "stadtteil", leaf, leaf, whole, invented=True)
        for id, members in self.joint.items():
            found[id] = Region(id, "verbund", id, id, "99", members=members, invented=True)
        return found

    def leaves_of(self, region: str) -> list[str]:
        if region in self.joint:
            return [leaf for member in self.joint[region] for leaf in self.leaves_of(member)]
        if region in self.leaves:
            return [region]
        return [leaf for leaf, whole in self.leaves.items() if region in (whole, "99")]

    def inner(self) -> list[tuple]:
        return sorted(self.counts)

    def cells(self) -> dict[tuple, list[int]]:
        """Every published cell (region, categories) → places of its innermost cells."""
        grains = {frozenset()}
        for cross in self.crosses:
            grains |= {
                frozenset(a for a, taken in zip(cross, bits, strict=True) if taken)
                for bits in product((0, 1), repeat=len(cross))
            }
        inner = self.inner()
        found = {}
        for region in [r for r in self.register]:
            leaves = set(self.leaves_of(region))
            for grain in sorted(grains, key=sorted):
                choices = [a.parts if a.id in grain else (TOTAL,) for a in self.axes]
                for categories in product(*choices):
                    found[(region, *categories)] = [
                        place
                        for place, (leaf, *own) in enumerate(inner)
                        if leaf in leaves
                        and all(c in (TOTAL, o) for c, o in zip(categories, own, strict=True))
                    ]
        return found

    def rows(self) -> pd.DataFrame:
        inner = self.inner()
        table = [
            (*cell, float(sum(self.counts[inner[i]] for i in places)))
            for cell, places in self.cells().items()
        ]
        frame = pd.DataFrame(table, columns=["region", *(a.id for a in self.axes), "value"])
        return frame.assign(
            start=date(2024, 8, 1),
            period="2024/25",
            measure="pupils",
            status=np.where(frame["value"] == 0, "zero", "ok"),
            flags="",
            source=0,
        )


class Attacker:
    """Knows the sets of all cells and what is shown (cell → number, None for a dot)."""

    def __init__(self, world: World, shown: dict[tuple, float | None], lowest: int, known=()):
        self.cells, self.count = world.cells(), len(world.inner())
        self.shown = shown | dict(known)
        self.lowest = lowest
        matrix = np.zeros((len(self.cells), self.count))
        for line, places in enumerate(self.cells.values()):
            matrix[line, places] = 1
        values = [self.shown[cell] for cell in self.cells]
        low = [lowest if v is None else v for v in values]
        high = [np.inf if v is None else v for v in values]
        self.constraint = LinearConstraint(matrix, low, high)

    def range(self, cell: tuple, minus: tuple | None = None) -> tuple[int, int]:
        """Least and most of a cell (or of a difference of two) among all tables that fit."""
        cost = np.zeros(self.count)
        cost[self.cells[cell]] += 1
        if minus:
            cost[self.cells[minus]] -= 1
        ends = []
        for sign in (1, -1):
            found = milp(
                sign * cost,
                constraints=self.constraint,
                bounds=Bounds(0, CAP),
                integrality=np.ones(self.count),
            )
            assert found.status == 0, found.message
            ends.append(sign * round(found.fun))
        return ends[0], ends[1]

    def tables(self, most: int, limit: int = 20_000) -> list[tuple[int, ...]] | None:
        """All tables with innermost cells up to `most`, by trying all of them; None if too many."""
        lines = [(set(p), self.shown[c]) for c, p in self.cells.items() if p]
        found, tried = [], 0

        def extend(table: list[int]) -> bool:
            nonlocal tried
            tried += 1
            if tried > limit:
                return False
            place = len(table)
            for places, value in lines:
                total = sum(table[i] for i in places if i < place)
                whole = max(places) < place
                if value is None:
                    if whole and total < self.lowest:
                        return True
                elif total > value or (whole and total != value):
                    return True
            if place == self.count:
                found.append(tuple(table))
                return True
            return all(extend([*table, number]) for number in range(most + 1))

        return found if extend([]) else None


def seen(rows: pd.DataFrame, axes: list[Axis]) -> dict[tuple, float | None]:
    """What protected rows show: cell → number, None for a dot."""
    keys = ["region", *(axis.id for axis in axes)]
    return {
        tuple(row[:-1]): None if np.isnan(row[-1]) else row[-1]
        for row in rows[[*keys, "value"]].itertuples(index=False, name=None)
    }
