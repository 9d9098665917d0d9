"""The rows of a dataset as the engine takes them, and what it hides written into them.

Axes, sums of categories, what each cell is worth, what was shown before.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from indicators.catalog.catalog import Catalog
from indicators.catalog.definition import TOTAL, sum_key
from indicators.catalog.meaning import Dataset, Dimension, Measure
from indicators.protection.cube import Axis
from indicators.publishing.places import Places
from indicators.regions import Region
from indicators.symbols import WITH_NUMBER, Status

NUMBERS = [status.value for status in WITH_NUMBER]
_MEASURE = "measure"
# Regions and periods with somebody of which it takes so many to say that nobody ever is of a kind.
_ENOUGH = 5
# So many times the price of another number has one that an indicator shows undivided: for a Kreis
# or a joint region, for a Gemeinde or a part of one.
_HEADLINE, _HEADLINE_BELOW = 8.0, 3.0
# More than any number of a source.
_OWN = 1_000_000


def measure_groups(dataset: Dataset) -> list[list[Measure]]:
    """The counts of persons that are protected together: a whole, then what is part of it."""
    counted = {m.id: m for m in dataset.measures if m.additive and m.persons and not m.hidden_with}
    groups: dict[str, list[Measure]] = {}
    for measure in counted.values():
        whole = measure
        while whole.part_of in counted:
            whole = counted[whole.part_of]
        groups.setdefault(whole.id, []).append(measure)
    return [sorted(group, key=lambda m: m.id != whole) for whole, group in groups.items()]


@dataclass(frozen=True)
class CategorySum:
    """What an indicator sums up: dimension → one category or several in order; it may be divided
    further by the dimensions `by`."""

    where: Mapping[str, str | tuple[str, ...]]
    by: frozenset[str]

    def parts(self, dimension: str) -> tuple[str, ...] | None:
        wanted = self.where.get(dimension)
        return wanted if isinstance(wanted, tuple) else None


def category_sums(dataset: Dataset, catalog: Catalog) -> list[CategorySum]:
    """All that indicators sum up of several categories of this dataset, and the groups of coarser
    dimensions: they are published as sums."""
    found: dict[tuple, CategorySum] = {}

    def add(where: Mapping[str, str | list[str]], by: Iterable[str]) -> None:
        told = {
            id: tuple(sorted(wanted)) if isinstance(wanted, list) else wanted
            for id, wanted in where.items()
            if not isinstance(wanted, list) or len(wanted) > 1
        }
        if any(isinstance(wanted, tuple) for wanted in told.values()):
            free = frozenset(by) & set(dataset.dimensions) - told.keys()
            found[tuple(sorted(told.items(), key=str)), free] = CategorySum(told, free)

    for indicator in catalog.indicators.values():
        by = [breakdown.dimension for breakdown in indicator.breakdowns]
        ends = [indicator.flow.origin, indicator.flow.destination] if indicator.flow else []
        for calculation in indicator.calculations:
            for term in calculation.terms:
                if term.dataset != dataset.id:
                    continue
                add(term.where, by)
                # a flow is drawn from each type of school to each other
                flow = {id: wanted for id, wanted in term.where.items() if id not in ends}
                add(flow, [*by, *filter(None, ends)])
                # years of age, where age groups are asked for
                for id in set(dataset.dimensions) - term.where.keys():
                    groups = catalog.dimensions[id].groups
                    for coarser in groups.keys() & set(by) - set(dataset.dimensions):
                        for parts in groups[coarser].values():
                            add(term.where | {id: parts}, by)
    return list(found.values())


def is_sum(categories: pd.Series) -> pd.Series:
    return categories.str.contains("+", regex=False)


def lists_of(sums: list[CategorySum], dimension: str) -> list[tuple[str, ...]]:
    return list(dict.fromkeys(parts for one in sums if (parts := one.parts(dimension))))


def _asked_for(rows: pd.DataFrame, dataset: Dataset, sums: list[CategorySum]) -> np.ndarray:
    """Rows without sums of categories, and those sums that are what an indicator asks for."""
    summed = {id: is_sum(rows[id]).to_numpy() for id in dataset.dimensions}
    total = {id: (rows[id] == TOTAL).to_numpy() for id in dataset.dimensions}
    found = np.ones(len(rows), dtype=bool)
    for mask in summed.values():
        found &= ~mask
    for one in sums:
        fits = np.ones(len(rows), dtype=bool)
        for id in dataset.dimensions:
            wanted = one.where.get(id)
            if wanted is None:
                fits &= ~summed[id] if id in one.by else total[id]
            else:
                key = sum_key(wanted) if isinstance(wanted, tuple) else wanted
                fits &= (rows[id] == key).to_numpy()
        found |= fits
    return found


def axis_of(dimension: Dimension, lists: list[tuple[str, ...]]) -> Axis:
    plain = Axis.of(dimension)
    return Axis(plain.id, plain.parts, plain.others, {}, {sum_key(parts): parts for parts in lists})


def measure_axis(group: list[Measure]) -> Axis:
    """A whole and the measures that are part of it, as one more dimension."""
    whole, parts = group[0].id, [m for m in group[1:] if m.part_of == group[0].id]
    partition = any(m.remainder for m in parts)
    summed = tuple(m.id for m in parts) if partition else ()
    others = tuple(m.id for m in group[1:] if m.id not in summed)
    inside = {m.id: m.part_of for m in group[1:] if m.part_of and m.part_of != whole}
    return Axis(_MEASURE, summed, others, inside)


def certain_cells(rows: pd.DataFrame, dataset: Dataset, group: int) -> np.ndarray:
    """Zeros where nobody is in any region and period: everybody knows that there is nobody, so they
    stay shown and help nobody. A dataset of few places does not tell that, and a zero beside a
    group smaller than `group` that is all in one category tells it of them, unless somebody is in
    enough of such groups."""
    key = ["measure", *dataset.dimensions]
    numbers = rows[rows["value"] > 0]
    peopled = numbers[key].value_counts()
    places = numbers.drop_duplicates(["measure", "region", "period"])["measure"].value_counts()
    most = rows.groupby(key, observed=True)["value"].transform("max")
    certain = (most == 0) & (rows["status"] == Status.ZERO.value)
    certain = certain.to_numpy(bool) & (rows["measure"].map(places).to_numpy() >= _ENOUGH)
    at = ["region", "period", *key]
    for id in dataset.dimensions:
        wholes = numbers.loc[numbers[id] == TOTAL, [*at, "value"]]
        full = numbers.loc[numbers[id] != TOTAL, [*at, "value"]].assign(**{id: TOTAL})
        full = full[full["value"] < group].merge(wholes, on=[*at, "value"])
        few = peopled[peopled < _ENOUGH].index
        telling = pd.MultiIndex.from_frame(full[key].drop_duplicates()).intersection(few)
        beside = pd.MultiIndex.from_frame(rows[key].assign(**{id: TOTAL})).isin(telling)
        certain &= ~(beside & (rows[id] != TOTAL).to_numpy())
    return certain


def worth_of(
    rows: pd.DataFrame, dataset: Dataset, catalog: Catalog, register: dict[str, Region]
) -> np.ndarray:
    """What readers lose with each number, 1 for most: what an indicator shows undivided stands on
    every page, so rather several divisions get a dot."""
    shown = {
        (
            term.measure,
            *(
                sum_key(sorted(wanted)) if isinstance(wanted, list) else wanted
                for wanted in (term.where.get(id, TOTAL) for id in dataset.dimensions)
            ),
        )
        for indicator in catalog.indicators.values()
        for calculation in indicator.calculations
        for term in calculation.terms
        if term.dataset == dataset.id
    }
    headline = pd.MultiIndex.from_frame(rows[["measure", *dataset.dimensions]]).isin(list(shown))
    levels = rows["region"].map({id: region.level for id, region in register.items()})
    worth = np.where(levels.isin(["gemeinde", "stadtteil"]), _HEADLINE_BELOW, _HEADLINE)
    return np.where(headline, worth, 1.0)


def summed_over(rows: pd.DataFrame) -> pd.Series:
    return rows["flags"].str.contains("summed", regex=False)


def near_regions(regions: set[str], register: dict[str, Region]) -> set[str]:
    """These regions, all they are part of, and all that are parts of the same: whatever stands in
    a sum with one of them."""

    def above(id: str) -> set[str]:
        region = register[id]
        land = region.land if region.level == "kreis" else None
        return {whole for whole in (region.parent, land) if whole and whole != id}

    wholes = regions.union(*(above(id) for id in regions))
    wholes |= {id for id, region in register.items() if regions & {id, *region.members}}
    parts = {id for id in register if above(id) & wholes}
    members = {part for id in wholes for part in register[id].members}
    return (wholes | parts | members) & set(register)


def sums_of(
    rows: pd.DataFrame,
    dataset: Dataset,
    dimensions: list[Dimension],
    asked: list[CategorySum],
    register: dict[str, Region],
    public: set[int],
) -> pd.DataFrame:
    """Rows of sums of categories and of joint regions with the flags of all parts; only where each
    has a number. A sum of which one part is the town's own is the town's own. Columns are those of
    the rows that came."""
    additive = [m.id for m in dataset.measures if m.additive]
    rows = rows[rows["measure"].isin(additive)]
    # the largest source of the parts is taken: an own one beats every official one
    rows = rows.assign(source=rows["source"] + _OWN * ~rows["source"].isin(public))
    joint = {id: region.members for id, region in register.items() if region.members}
    sums = {id: [sum_key(parts) for parts in lists_of(asked, id)] for id in dataset.dimensions}
    places = Places(["region", "period", "start", *dataset.dimensions, "measure"])
    rows = places.given(rows, {"region": list(joint), **sums})
    numbers = rows[rows["status"].isin(NUMBERS)]
    found = [rows.iloc[:0]]
    for dimension in dimensions:
        made = [
            places.added(numbers, dimension.id, parts, sum_key(parts))
            for parts in lists_of(asked, dimension.id)
        ]
        found += made
        # sums of several dimensions at once: of types of school and of grades
        numbers = pd.concat([numbers, *made])
    found = [made[_asked_for(made, dataset, asked)] for made in found]
    numbers = numbers[_asked_for(numbers, dataset, asked)]
    for id, members in joint.items():
        chosen = numbers["region"].isin(members)
        if not chosen.any() or not numbers.loc[chosen, "known"].all():
            found.append(places.added(numbers, "region", members, id))
    made = pd.concat(found)
    made = made[~made.duplicated(places.name)].drop(columns=places.name)
    return made.assign(source=made["source"] % _OWN, known=False)


def shown_before(rows: pd.DataFrame, dataset: Dataset, earlier: pd.DataFrame | None) -> np.ndarray:
    """What was shown of each row before, NaN for nothing. A number that was corrected was shown
    with several values, and each is known: the row's own, where it is among them."""
    key = ["region", "period", "measure", *dataset.dimensions]
    if earlier is None:
        return np.full(len(rows), np.nan)
    earlier = earlier[earlier["value"].notna()]
    known = pd.MultiIndex.from_frame(earlier[[*key, "value"]])
    same = pd.MultiIndex.from_frame(rows[[*key, "value"]]).isin(known)
    # one row per key: two values of a cell would make two rows of it
    some = earlier[[*key, "value"]].drop_duplicates(key, keep="last")
    found = rows[key].merge(some, how="left", on=key, validate="many_to_one")
    return np.where(same, rows["value"].astype(float), found["value"].to_numpy(float))


def dotted_before(rows: pd.DataFrame, dataset: Dataset, earlier: pd.DataFrame | None) -> np.ndarray:
    """Which rows were a dot in the release before."""
    key = ["region", "period", "measure", *dataset.dimensions]
    if earlier is None:
        return np.zeros(len(rows), dtype=bool)
    dots = pd.MultiIndex.from_frame(earlier.loc[earlier["value"].isna(), key])
    return pd.MultiIndex.from_frame(rows[key]).isin(dots)


def hide(rows: pd.DataFrame, hidden: np.ndarray) -> pd.DataFrame:
    """The rows without the numbers that are hidden, in the same columns."""
    return rows.assign(
        value=rows["value"].astype(float).mask(hidden),
        status=rows["status"].mask(hidden, Status.SUPPRESSED.value),
        flags=rows["flags"].mask(hidden, ""),
    )


def hide_with(rows: pd.DataFrame, measure: Measure, dataset: Dataset) -> pd.DataFrame:
    """Hides what belongs to persons who are hidden, their days of waiting: the same rows and
    columns."""
    key = ["region", "period", *dataset.dimensions]
    other = rows[rows["measure"] == measure.hidden_with]
    gone = other[other["status"] == Status.SUPPRESSED.value]
    gone = pd.MultiIndex.from_frame(gone[key])
    mine = (rows["measure"] == measure.id).to_numpy()
    return hide(rows, mine & pd.MultiIndex.from_frame(rows[key]).isin(gone))
