"""The tables on which protection is measured: pupils and leavers of Gemeinden and of 400 Kreise,
pupils of a Bezirk with parts and joint regions. All numbers are invented.

Distributions, sizes, seeds and order of the draws are those of the trials that came before the
engine (a sketch outside this repository), so that both have the same cells; the code is new.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from indicators.catalog.definition import TOTAL
from indicators.catalog.meaning import Category, Dataset, Dimension, Measure, PeriodRule
from indicators.protection.audit.model import Edition
from indicators.protection.cube import Axis
from indicators.regions import Region

_TYPES = ["grund", "mittel", "real", "gymnasium", "gesamt", "foerder"]
_CERTIFICATES = ["ohne", "mittel", "quali", "mittlere_reife", "fh_reife", "abitur"]
_CERTIFICATE_SHARES = np.array([0.06, 0.10, 0.16, 0.40, 0.06, 0.22])


@dataclass(frozen=True)
class Scenario:
    """`inside`: region → numbers of its smallest ones; `counts`: persons, smallest regions ×
    first dimension × sex × citizenship."""

    name: str
    register: dict[str, Region]
    inside: dict[str, list[int]]
    kinds: tuple[str, ...]
    counts: np.ndarray

    @cached_property
    def dimensions(self) -> dict[str, Dimension]:
        names = {"kind": self.kinds, "sex": ("m", "w"), "citizenship": ("deutsch", "ausl")}
        return {
            id: Dimension(id=id, name=id, categories=[Category(id=c, name=c) for c in own])
            for id, own in names.items()
        }

    @property
    def axes(self) -> list[Axis]:
        return [Axis.of(dimension) for dimension in self.dimensions.values()]

    @property
    def dataset(self) -> Dataset:
        return Dataset(
            id="scenario",
            name=self.name,
            publisher="",
            place="schulort",
            period=PeriodRule(type="school_year"),
            dimensions=list(self.dimensions),
            measures=[Measure(id="n", name="Personen")],
            crosses=[list(self.dimensions)],
        )

    @cached_property
    def rows(self) -> pd.DataFrame:
        """A row per region crossed with everything, totals too; columns: region, start, dimensions,
        value, status, flags."""
        regions = list(self.inside)
        cube = np.stack([self.counts[own].sum(axis=0) for own in self.inside.values()])
        for axis in (1, 2, 3):
            cube = np.concatenate([cube.sum(axis=axis, keepdims=True), cube], axis=axis)
        names = [[TOTAL, *(c.id for c in d.categories)] for d in self.dimensions.values()]
        index = pd.MultiIndex.from_product([regions, *names], names=["region", *self.dimensions])
        rows = pd.DataFrame({"value": cube.ravel().astype(float)}, index=index).reset_index()
        status = np.where(rows["value"] == 0, "zero", "ok")
        start = pd.Timestamp(2024, 8, 1)
        return rows.assign(status=status, flags="", source=0, start=start, period="2024/25")

    def edition(self, shown: pd.DataFrame) -> Edition:
        frame = shown[["region", "period", "start", *self.dimensions]].assign(
            n=shown["value"], n_status=shown["status"], n_flags="", n_source=1
        )
        return Edition("heute", {"scenario": frame})


class _Regions:
    """Regions in the order in which they are named; the smallest ones are numbered in it."""

    def __init__(self, invented: bool):
        self.register: dict[str, Region] = {}
        self.parts: dict[str, list[str]] = {}
        self.invented = invented

    def add(self, id: str, level: str, parent: str | None = None, members=()) -> str:
        self.register[id] = Region(
            id, level, id, id, parent, members=tuple(members), invented=self.invented
        )
        if members:
            self.parts[id] = list(members)
        elif parent:
            self.parts.setdefault(parent, []).append(id)
        return id

    @property
    def smallest(self) -> list[str]:
        return [id for id in self.register if id not in self.parts]

    def inside(self) -> dict[str, list[int]]:
        number = {id: n for n, id in enumerate(self.smallest)}

        def of(id: str) -> list[int]:
            return [number[id]] if id in number else [n for p in self.parts[id] for n in of(p)]

        return {id: sorted(of(id)) for id in self.register}


def pupils(count: int, numbers: np.random.Generator, size: float, spread: float = 1.0):
    """Pupils by place of school: sizes are log-normal, small places lack some school types."""
    sizes = numbers.lognormal(np.log(size), spread, count)
    usual = np.array([0.36, 0.14, 0.14, 0.24, 0.07, 0.05])
    needed = np.array([0, 500, 900, 1200, 2500, 1500])
    foreign_by_type = [1.0, 1.6, 0.7, 0.45, 1.2, 1.4]
    male_by_type = [0.51, 0.55, 0.49, 0.47, 0.5, 0.64]
    found = np.zeros((count, 6, 2, 2), dtype=np.int64)
    for place in range(count):
        has = sizes[place] > needed * numbers.lognormal(0, 0.35, 6)
        has[0] = True
        share = usual * has * numbers.lognormal(0, 0.25, 6)
        share /= max(share.sum(), 0.36)
        foreign = np.clip(0.13 * numbers.lognormal(0, 0.6), 0.005, 0.6)
        for kind in range(6):
            f = np.clip(foreign * foreign_by_type[kind], 0.002, 0.8)
            m = male_by_type[kind]
            groups = np.array([[m * (1 - f), m * f], [(1 - m) * (1 - f), (1 - m) * f]])
            found[place, kind] = numbers.poisson(sizes[place] * share[kind] * groups)
    return found


def _certificates(totals: Callable, numbers, count: int) -> np.ndarray:
    """Leavers by certificate; `totals` (place, sex, citizenship) draws how many there are."""
    found = np.zeros((count, 6, 2, 2), dtype=np.int64)
    for foreign in range(2):
        share = _CERTIFICATE_SHARES * (
            np.array([2.6, 1.8, 1.1, 0.9, 0.7, 0.4]) if foreign else np.ones(6)
        )
        share = share / share.sum()
        for sex in range(2):
            for place in range(count):
                found[place, :, sex, foreign] = numbers.multinomial(
                    totals(place, sex, foreign), numbers.dirichlet(share * 60)
                )
    return found


def _gemeinden() -> _Regions:
    regions = _Regions(invented=True)
    kreis = regions.add("99001", "kreis")
    for n in range(50):
        regions.add(f"990010{n:02d}", "gemeinde", kreis)
    return regions


def pupils_of_gemeinden() -> Scenario:
    regions, numbers = _gemeinden(), np.random.default_rng(1)
    counts = pupils(50, numbers, 650)
    return Scenario("A", regions.register, regions.inside(), tuple(_TYPES), counts)


def leavers_of_gemeinden() -> Scenario:
    regions, numbers = _gemeinden(), np.random.default_rng(2)
    every = pupils(50, numbers, 650).sum(axis=1)
    counts = _certificates(
        lambda place, sex, foreign: numbers.binomial(every[place, sex, foreign], 0.095), numbers, 50
    )
    return Scenario("B", regions.register, regions.inside(), tuple(_CERTIFICATES), counts)


def pupils_of_a_bezirk() -> Scenario:
    """Five Kreise with Gemeinden, their Ortsteile, Stadtteile of the cities, two joint regions."""
    regions, numbers = _Regions(invented=True), np.random.default_rng(3)
    whole = regions.add("99", "land")
    for number, gemeinden in enumerate((0, 14, 0, 12, 18), 1):
        kreis = regions.add(f"9900{number}", "kreis", whole)
        if not gemeinden:
            for part in range(8):
                regions.add(f"{kreis}-{part}", "stadtteil", kreis)
            continue
        own = [regions.add(f"{kreis}{n:03d}", "gemeinde", kreis) for n in range(gemeinden)]
        for gemeinde in own:
            if numbers.random() < 0.35:
                for part in range(numbers.integers(2, 5)):
                    regions.add(f"{gemeinde}-{part}", "stadtteil", gemeinde)
    regions.add("verbund:a", "verbund", members=("99001", "99002"))
    regions.add("verbund:b", "verbund", members=("99003", "99004"))
    counts = pupils(len(regions.smallest), numbers, 420)
    return Scenario("H", regions.register, regions.inside(), tuple(_TYPES), counts)


def _kreise(numbers) -> _Regions:
    weights = np.array([44, 96, 1, 18, 1, 1, 26, 8, 45, 53, 36, 6, 13, 14, 15, 22]) / 399
    counts = numbers.multinomial(400 - 16 * 3, weights) + 3
    regions = _Regions(invented=False)
    regions.add("DG", "bund")
    laender = [regions.add(f"{n:02d}", "land", "DG") for n in range(1, 17)]
    for land, count in zip(laender, counts, strict=True):
        for n in range(count):
            regions.add(f"{land}{n + 1:03d}", "kreis", land)
    return regions


def pupils_of_kreise(seed: int = 4) -> Scenario:
    numbers = np.random.default_rng(seed)
    regions = _kreise(numbers)
    counts = pupils(len(regions.smallest), numbers, 2600, 0.8)
    return Scenario("K", regions.register, regions.inside(), tuple(_TYPES), counts)


def leavers_of_kreise() -> Scenario:
    regions, numbers = _kreise(np.random.default_rng(5)), np.random.default_rng(5)
    count = len(regions.smallest)
    size = numbers.lognormal(np.log(1100), 0.6, count)
    foreign = np.clip(0.1 * numbers.lognormal(0, 0.7, count), 0.005, 0.4)

    def total(place: int, sex: int, is_foreign: int) -> int:
        share = foreign[place] if is_foreign else 1 - foreign[place]
        return numbers.poisson(size[place] * 0.5 * share)

    counts = _certificates(total, numbers, count)
    return Scenario("KB", regions.register, regions.inside(), tuple(_CERTIFICATES), counts)


ALL = {
    "A": pupils_of_gemeinden,
    "B": leavers_of_gemeinden,
    "H": pupils_of_a_bezirk,
    "K": pupils_of_kreise,
    "KB": leavers_of_kreise,
}
