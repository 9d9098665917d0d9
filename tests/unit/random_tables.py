"""Random small tables of persons: regions that overlap, crossed dimensions, a "darunter", gaps.

One seed is one table. It is made of innermost cells (smallest regions, all categories at once), and
every published cell is a sum of those; so what adds up to what is known here without the equations
of the engine or of the auditor. Twenty seeds share dimensions and rule, so that they can be audited
as one dataset: that is what makes thousands of them affordable.
"""

from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, product
from math import prod

import numpy as np
import pandas as pd

from indicators.catalog.definition import TOTAL
from indicators.catalog.meaning import Category, Dataset, Dimension, Measure, PeriodRule
from indicators.protection.audit import auditor as audit
from indicators.protection.audit.model import Edition, Marks
from indicators.protection.cube import Axis
from indicators.protection.rules import Rule
from indicators.regions import Region

START = pd.Timestamp(2023, 8, 1)
PERIOD = "2023/24"
_MINIMA = (3, 5, 10)
# Neighbouring seeds that share dimensions and rule.
TOGETHER = 20


@dataclass(frozen=True)
class Places:
    """Regions of one table. `inside`: published region → its smallest ones; these may include
    places no register lists, where the whole is a real Landkreis with only some Gemeinden."""

    register: dict[str, Region]
    inside: dict[str, frozenset[str]]

    @property
    def smallest(self) -> list[str]:
        return sorted(frozenset().union(*self.inside.values()))


@dataclass(frozen=True)
class RandomTable:
    """`counts` (smallest regions × inner categories of each dimension) is the truth in persons;
    `rows` is what a delivery says of it, with the supplier's own dots and gaps."""

    seed: int
    places: Places
    dimensions: tuple[Dimension, ...]
    crosses: tuple[tuple[str, ...], ...]
    counts: np.ndarray
    rows: pd.DataFrame
    rule: Rule

    @property
    def axes(self) -> list[Axis]:
        return [Axis.of(dimension) for dimension in self.dimensions]

    @property
    def keys(self) -> list[str]:
        return ["region", *(dimension.id for dimension in self.dimensions)]

    @property
    def dataset(self) -> Dataset:
        return Dataset(
            id=f"t{self.seed // TOGETHER}",
            name="Tabelle",
            publisher="",
            place="schulort",
            period=PeriodRule(type="school_year"),
            dimensions=[dimension.id for dimension in self.dimensions],
            measures=[Measure(id="n", name="Kinder")],
            crosses=[list(cross) for cross in self.crosses],
        )

    @cached_property
    def sums(self) -> dict[tuple, np.ndarray]:
        """Published cell → places of its innermost cells."""
        index = np.arange(self.counts.size).reshape(self.counts.shape)
        smallest = self.places.smallest
        own = [dict(zip(*_categories(dimension), strict=True)) for dimension in self.dimensions]
        found = {}
        for region, *categories in self.rows[self.keys].itertuples(index=False, name=None):
            inside = [n for n, id in enumerate(smallest) if id in self.places.inside[region]]
            where = [np.array(inside, dtype=int)]
            where += [np.flatnonzero(own[i][c]) for i, c in enumerate(categories)]
            found[region, *categories] = index[np.ix_(*where)].ravel()
        return found

    # what tests/unit/attacker.py asks of a world
    def cells(self) -> dict[tuple, list[int]]:
        """Those in which a number or a dot stands; of a gap nothing is known."""
        stands = self.rows["status"].isin(("ok", "zero", "not_applicable", "secret")).tolist()
        told = zip(self.sums.items(), stands, strict=True)
        return {cell: list(places) for (cell, places), there in told if there}

    def inner(self) -> list[int]:
        return list(range(self.counts.size))

    def true(self) -> dict[tuple, int]:
        flat = self.counts.ravel()
        return {cell: int(flat[places].sum()) for cell, places in self.sums.items()}

    def edition(self, shown: pd.DataFrame) -> Edition:
        """These rows as a release has them."""
        frame = shown[[*self.keys, "flags", "start", "period"]].assign(
            n=shown["value"].astype(float),
            n_status=shown["status"],
            n_flags=shown["flags"],
            n_source=shown["source"],
        )
        return Edition("heute", {self.dataset.id: frame.drop(columns="flags")})


def audited(tables: list[tuple[RandomTable, pd.DataFrame]], insider="off") -> audit.Report:
    """The audit of the published rows of some tables that share dimensions and rule."""
    first, _ = tables[0]
    shown = pd.concat([rows for _, rows in tables], ignore_index=True)
    lowest = first.rule.lowest
    return audit.audit(
        [first.edition(shown)],
        {first.dataset.id: first.dataset},
        {dimension.id: dimension for dimension in first.dimensions},
        {id: region for table, _ in tables for id, region in table.places.register.items()},
        rules=audit.Rule(k=first.rule.minimum, zeros_shown=lowest == 1, insider=insider),
        marks=Marks(suppressed_least=lowest, secret_least=lowest),
    )


# --- how a table is drawn -----------------------------------------------------------------------


def usual_size(seed: int) -> int:
    """Innermost cells at most: most tables are tiny, some larger, few as large as a test allows."""
    group = seed // TOGETHER % 40
    return 60 if group == 7 else 32 if group % 20 == 3 else 12


def table(seed: int, most_inner: int | None = None, circles: bool = False) -> RandomTable:
    """The table of this seed, of about so many innermost cells at most. `circles`: crosses may meet
    in a circle (A×B, A×C, B×C), where inner cells that nobody publishes bound the others."""
    most_inner = most_inner or usual_size(seed)
    shared = np.random.default_rng([seed // TOGETHER, 19])
    numbers = np.random.default_rng([seed, 20])
    dimensions = _dimensions(shared, seed // TOGETHER, max(most_inner // 2, 4))
    crosses = _crosses(shared, [dimension.id for dimension in dimensions], circles)
    zeros = shared.random() < 0.5
    rule = Rule(
        minimum=int(shared.choice(_MINIMA)),
        zeros="shown" if zeros else "hidden",
        group=0 if zeros else int(shared.choice([0, 10])),
        insider=bool(shared.random() < 0.5),
    )
    size = prod(len(_inner(dimension)) for dimension in dimensions)
    places = _places(numbers, seed, most_inner // size)
    counts = _counts(
        numbers, (len(places.smallest), *(len(_inner(dimension)) for dimension in dimensions))
    )
    rows = _delivered(numbers, _rows(places, dimensions, crosses, counts), rule, places, dimensions)
    if seed % 3 == 0:  # readers want some of the numbers more than others
        rows["worth"] = np.random.default_rng([seed, 21]).choice([1.0, 3.0, 8.0], len(rows))
    return RandomTable(seed, places, dimensions, crosses, counts, rows, rule)


def _places(numbers, seed: int, most: int) -> Places:
    """At most about `most` smallest regions, but two of them at least."""
    kind = numbers.choice(["town", "kreis", "land", "real"] if most > 4 else ["town", "real"])
    invented = kind != "real"
    land = "99" if invented else "09"
    tag = f"{land}{seed}x"
    register: dict[str, Region] = {}
    inside: dict[str, frozenset[str]] = {}

    def region(id: str, level: str, parent: str | None, members=()) -> str:
        register[id] = Region(id, level, id, id, parent, members=members, invented=invented)
        return id

    def divided(id: str, level: str, most: int) -> frozenset[str]:
        parts = [
            region(f"{id}-{n}", level, id) for n in range(1, int(numbers.integers(2, most + 1)) + 1)
        ]
        for part in parts:
            if level == "gemeinde" and most > 4 and numbers.random() < 0.3:
                divided(part, "stadtteil", 3)
            else:
                inside[part] = frozenset([part])
        listed = frozenset().union(*(inside[part] for part in parts))
        if level == "gemeinde" and not invented:
            listed |= {f"{id}-unlisted"}
        inside[id] = listed
        return listed

    if kind == "land":
        whole = region(tag, "land", None)
        kreise = [region(f"{tag}{n}", "kreis", tag) for n in range(int(numbers.integers(2, 4)))]
        for kreis in kreise:
            if numbers.random() < 0.6:
                divided(kreis, "gemeinde", 3)
            else:
                inside[kreis] = frozenset([kreis])
        inside[whole] = frozenset().union(*(inside[kreis] for kreis in kreise))
    else:
        level = "stadtteil" if kind == "town" else "gemeinde"
        divided(region(f"{tag}01", "kreis", None), level, max(2, min(most, 4)))
    # joint regions of whatever there is, overlapping
    for n in range(int(numbers.integers(0, 3))):
        level = numbers.choice(sorted({r.level for r in register.values() if r.level != "land"}))
        others = [id for id, r in register.items() if r.level == level]
        if len(others) < 3:
            continue
        size = int(numbers.integers(2, len(others)))
        members = tuple(sorted(numbers.choice(others, size, replace=False).tolist()))
        if any(r.members == members for r in register.values()):
            continue
        id = region(f"verbund:{tag}{n}", "verbund", None, members)
        inside[id] = frozenset().union(*(inside[member] for member in members))
    # a level nobody publishes
    if numbers.random() < 0.15 and len(inside) > 2:
        del inside[str(numbers.choice(sorted(inside)))]
    return Places(register, inside)


def _dimensions(numbers, seed: int, most: int) -> tuple[Dimension, ...]:
    found: list[Dimension] = []
    count = int(numbers.choice([1, 2, 3, 4], p=[0.2, 0.3, 0.25, 0.25]))
    for i in range(count):
        kind = numbers.choice(["parts", "subset", "open"], p=[0.72, 0.18, 0.1])
        names = [f"c{n}" for n in range(int(numbers.integers(2, 5)) if count < 3 else 2)]
        categories = [Category(id=name, name=name) for name in names]
        if kind == "subset":
            categories = categories[:3] + [Category(id="dar", name="darunter", subset=True)]
        if kind == "open":
            categories = categories[:2]
        own = Dimension(
            id=f"d{seed}_{i}", name=f"Merkmal {i}", partition=kind != "open", categories=categories
        )
        if prod(len(_inner(d)) for d in [*found, own]) <= most or not found:
            found.append(own)
    return tuple(found)


def _inner(dimension: Dimension) -> list[tuple[str | None, frozenset[str]]]:
    """The innermost categories: a part (None if there are none) and what else contains them."""
    axis = Axis.of(dimension)
    chosen: list[frozenset[str]] = [frozenset()]
    for other in axis.others:
        chosen += [one | {other} for one in chosen]
    return list(product(axis.parts or (None,), chosen))


def _categories(dimension: Dimension) -> tuple[list[str], np.ndarray]:
    """All categories with the total, and bool[categories × inner ones]: what contains what."""
    names = Axis.of(dimension).names
    inner = _inner(dimension)
    return names, np.array(
        [[name in (TOTAL, part) or name in others for part, others in inner] for name in names]
    )


def _counts(numbers, shape: tuple[int, ...]) -> np.ndarray:
    """Poisson numbers of mean 0.3 to 5, in part of the tables with whole lines of zeros or with
    regions of very different size."""
    mean = np.full(shape, float(np.exp(numbers.uniform(np.log(0.3), np.log(5)))))
    if numbers.random() < 0.5:
        mean *= numbers.lognormal(0, 0.8, shape[0]).reshape(-1, *[1] * (len(shape) - 1))
    if numbers.random() < 0.4:
        mean *= numbers.random(shape[:2]).reshape(*shape[:2], *[1] * (len(shape) - 2)) > 0.35
    return np.minimum(numbers.poisson(mean), 40)


def _crosses(numbers, names: list[str], circles: bool) -> tuple[tuple[str, ...], ...]:
    if len(names) == 1 or numbers.random() < 0.65:
        return (tuple(names),)
    if len(names) == 2:
        return tuple((name,) for name in names)
    if circles and len(names) == 3:
        return tuple(combinations(names, 2))
    # side by side, sharing one dimension
    return tuple((names[0], name) for name in names[1:])


def _rows(places, dimensions, crosses, counts) -> pd.DataFrame:
    smallest = places.smallest
    regions = list(places.inside)
    sums = np.array([[leaf in places.inside[id] for leaf in smallest] for id in regions])
    cube = np.tensordot(sums.astype(np.int64), counts, axes=(1, 0))
    names = []
    for i, dimension in enumerate(dimensions, 1):
        own, contained = _categories(dimension)
        names.append(own)
        cube = np.moveaxis(np.tensordot(contained.astype(np.int64), cube, axes=(1, i)), 0, i)
    index = pd.MultiIndex.from_product(
        [regions, *names], names=["region", *(d.id for d in dimensions)]
    )
    rows = pd.DataFrame({"value": cube.ravel().astype(float)}, index=index).reset_index()
    divided = {d.id: (rows[d.id] != TOTAL).to_numpy() for d in dimensions}
    shown = np.zeros(len(rows), dtype=bool)
    for cross in crosses:
        outside = [mask for id, mask in divided.items() if id not in cross]
        shown |= ~np.logical_or.reduce(outside) if outside else True
    return rows[shown].reset_index(drop=True)


def _delivered(numbers, rows, rule: Rule, places: Places, dimensions) -> pd.DataFrame:
    """The rows with status; in some tables with dots of the supplier, gaps, places without a school
    type (exactly none, as everybody knows), or numbers of a second source."""
    value = rows["value"].to_numpy()
    status = np.where(value == 0, "zero", "ok").astype(object)
    source = np.zeros(len(rows), dtype=np.int64)
    draw = numbers.random(3)
    if draw[0] < 0.2:
        status[(numbers.random(len(rows)) < 0.08) & (value >= rule.lowest)] = "secret"
        if draw[0] < 0.05:
            source[numbers.random(len(rows)) < 0.2] = 1
    if draw[1] < 0.2:
        status[numbers.random(len(rows)) < 0.06] = "missing"
    if draw[2] < 0.15:
        # a category that is not to be found in a smallest region
        region, axis = str(numbers.choice(places.smallest)), Axis.of(dimensions[0])
        category = str(numbers.choice(axis.parts or axis.others))
        lacking = ((rows["region"] == region) & (rows[axis.id] == category)).to_numpy()
        if not value[lacking].any():
            status[lacking] = "not_applicable"
    return rows.assign(
        value=np.where(np.isin(status, ["ok", "zero"]), value, np.nan),
        status=status.astype(str),
        flags="",
        source=source,
        start=START,
        period=PERIOD,
    )
