"""Sums inside a dataset: margins of its crosses, what is not listed, and local regions of parts.

A sum is made only of numbers and only of all parts; whatever a delivery states itself is kept.
Cells are counted by number, not by name: a place (region, period, measure) and a digit for each
dimension, 0 for its total, make one key, so that a margin is a subtraction.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from indicators.catalog.definition import TOTAL
from indicators.catalog.meaning import Dataset, Dimension
from indicators.errors import FileError
from indicators.formats import number
from indicators.publishing.report import Section
from indicators.regions import LEVELS, Region
from indicators.symbols import WITH_NUMBER, Status, is_rounded, join_flags, status_of_result

_NUMBERS = [status.value for status in WITH_NUMBER]
# More than this is no table any more: the mapping should say what a file is restricted to.
_MOST_ZEROS = 5_000_000
_PLACE = ["region", "period", "start", "measure"]


def grains(dataset: Dataset) -> list[frozenset[str]]:
    """The divisions that are published: every subset of every cross, the finest first."""
    found = {
        frozenset(subset): None
        for size in range(len(dataset.dimensions), -1, -1)
        for cross in dataset.crosses
        for subset in combinations(cross, size)
    }
    return list(found)


@dataclass(frozen=True)
class _Cells:
    """Rows as numbers. `key` is place × `size` + Σ digit × weight; `digits` one column for each
    dimension. `sums` are rows that may be summed: of additive measures, with a number or not."""

    rows: pd.DataFrame
    dimensions: list[Dimension]
    places: pd.DataFrame
    key: np.ndarray
    digits: np.ndarray
    grain: np.ndarray
    weights: np.ndarray
    size: int


def _cells(rows: pd.DataFrame, dimensions: list[Dimension]) -> _Cells:
    names = [[TOTAL, *(c.id for c in dimension.categories)] for dimension in dimensions]
    digits = np.empty((len(rows), len(dimensions)), dtype=np.int64)
    for index, (dimension, categories) in enumerate(zip(dimensions, names, strict=True)):
        digits[:, index] = pd.Categorical(rows[dimension.id], categories).codes
    radix = [len(categories) for categories in names]
    weights = np.array([int(np.prod(radix[:i])) for i in range(len(radix))], dtype=np.int64)
    size = int(np.prod(radix))
    place = rows.groupby(_PLACE, sort=True).ngroup().to_numpy()
    places = rows[_PLACE].drop_duplicates().sort_values(_PLACE, ignore_index=True)
    bits = (digits > 0) @ (1 << np.arange(len(dimensions), dtype=np.int64))
    return _Cells(
        rows, dimensions, places, place * size + digits @ weights, digits, bits, weights, size
    )


def _bits(grain: frozenset[str], dimensions: list[Dimension]) -> int:
    return sum(1 << i for i, dimension in enumerate(dimensions) if dimension.id in grain)


class _Sums:
    """What is known of each cell while margins are made, in arrays that grow together."""

    def __init__(self, cells: _Cells):
        rows = cells.rows
        texts, self.flag_texts = pd.factorize(rows["flags"])
        self.flag_names = sorted({f for text in self.flag_texts for f in text.split(",") if f})
        masks = np.array(
            [
                sum(1 << i for i, name in enumerate(self.flag_names) if name in text.split(","))
                for text in self.flag_texts
            ],
            dtype=np.int64,
        )
        usable = rows["status"].isin(_NUMBERS).to_numpy()
        self.cells = cells
        self.key, self.digits, self.grain = cells.key, cells.digits, cells.grain
        self.value = np.where(usable, rows["value"].to_numpy(float), 0.0)
        self.usable = usable
        # a school type that is not there adds nothing
        self.nothing = (rows["status"] == Status.NOT_APPLICABLE.value).to_numpy()
        self.rounded = is_rounded(rows["value"], rows["status"], rows["flags"]).to_numpy(bool)
        self.flags = masks[texts]
        self.source = rows["source"].to_numpy() if "source" in rows else np.zeros(len(rows), int)
        self.made = np.zeros(len(rows), dtype=bool)

    def group(self, source: int, target: int, *, every: bool) -> dict[str, np.ndarray]:
        """Cells of the grain `target` as sums of those of the finer grain `source`; with `every`
        only where all parts are there. `usable` says whether all that are there have a number."""
        gone = [i for i in range(len(self.cells.dimensions)) if (source & ~target) >> i & 1]
        mask = self.grain == source
        expected = 1
        for index in gone:
            counted = np.array(
                [False, *(not c.subset for c in self.cells.dimensions[index].categories)]
            )
            expected *= int(counted.sum())
            mask &= counted[self.digits[:, index]]
        at = np.flatnonzero(mask)
        if not len(at) or (every and len(at) < expected):
            return {}
        away = self.digits[at][:, gone] @ self.cells.weights[gone]
        parent = self.key[at] - away
        order = np.argsort(parent, kind="stable")
        at, parent = at[order], parent[order]
        starts = np.flatnonzero(np.r_[True, parent[1:] != parent[:-1]])
        count = np.diff(np.r_[starts, len(at)])
        digits = self.digits[at[starts]].copy()
        digits[:, gone] = 0
        known = self.usable[at] | self.nothing[at]
        found = {
            "key": parent[starts],
            "digits": digits,
            "grain": np.full(len(starts), target, dtype=np.int64),
            "value": np.add.reduceat(self.value[at], starts),
            "usable": np.logical_and.reduceat(known, starts)
            & np.logical_or.reduceat(self.usable[at], starts),
            "rounded": np.logical_or.reduceat(self.rounded[at], starts),
            "flags": np.bitwise_or.reduceat(self.flags[at], starts),
            "source": np.minimum.reduceat(self.source[at], starts),
        }
        if every:
            whole = (count == expected) & found["usable"]
            found = {name: values[whole] for name, values in found.items()}
        return found

    def add(self, found: dict[str, np.ndarray]) -> None:
        """Takes in new cells; what is known already is kept."""
        if not found or not len(found["key"]):
            return
        new = ~np.isin(found["key"], self.key[self.grain == found["grain"][0]])
        for name, values in found.items():
            setattr(self, name, np.concatenate([getattr(self, name), values[new]]))
        self.nothing = np.r_[self.nothing, np.zeros(int(new.sum()), dtype=bool)]
        self.made = np.r_[self.made, np.ones(int(new.sum()), dtype=bool)]

    def new_rows(self) -> pd.DataFrame:
        """A row for each cell that was made, in the columns of the dataset's rows."""
        cells, made = self.cells, self.made
        places = cells.places.iloc[self.key[made] // cells.size].reset_index(drop=True)
        numbers, masks = pd.factorize(self.flags[made])
        texts = [
            join_flags(*(n for i, n in enumerate(self.flag_names) if mask >> i & 1), "summed")
            for mask in masks
        ]
        value = np.where(self.usable[made], self.value[made], np.nan)
        status = status_of_result(value, self.rounded[made])
        return places.assign(
            **_named(self.digits[made], cells.dimensions),
            value=value,
            status=np.where(self.usable[made], status, Status.MISSING.value),
            flags=np.array(texts, dtype=object)[numbers],
            source=self.source[made],
        )


def _named(digits: np.ndarray, dimensions: list[Dimension]) -> dict[str, np.ndarray]:
    """The categories of digits, a column for each dimension."""
    return {
        dimension.id: np.array([TOTAL, *(c.id for c in dimension.categories)], dtype=object)[
            digits[:, index]
        ]
        for index, dimension in enumerate(dimensions)
    }


def complete(
    rows: pd.DataFrame, dataset: Dataset, dimensions: list[Dimension], section: Section
) -> pd.DataFrame:
    """The rows of the dataset's crosses: delivered ones, and the margins that no delivery states,
    flagged "summed". Finer rows are left out; a dataset without crosses stays as it is.

    A margin is the sum over all categories of a dimension that add up (not those of subsets). If
    one of them has no row or no number, there is no row: never a partial sum.

    Columns are those of the rows that came.
    """
    if not dataset.crosses:
        return rows
    wanted = [_bits(grain, dimensions) for grain in grains(dataset)]
    additive = rows["measure"].isin([m.id for m in dataset.measures if m.additive])
    sums = _Sums(_cells(rows[additive], dimensions))
    summable = sum(1 << i for i, dimension in enumerate(dimensions) if dimension.partition)
    unpublished = set(np.unique(sums.grain).tolist()) - set(wanted)
    for target in wanted:
        # one dimension less at a time: what lies between is a margin itself
        nearest = [grain for grain in wanted if grain.bit_count() == target.bit_count() + 1]
        for source in [*nearest, *sorted(unpublished)]:
            gone = source & ~target
            if gone and source & target == target and not gone & ~summable:
                sums.add(sums.group(source, target, every=True))
    new = sums.new_rows()
    bits = _cells(rows, dimensions).grain
    kept = rows[np.isin(bits, wanted)]
    if len(new):
        section.add("info", f"{number(len(new))} Zwischensummen ergänzt, die keine Datei nennt")
    return pd.concat([kept, new[kept.columns]], ignore_index=True)


def fill(
    rows: pd.DataFrame,
    dataset: Dataset,
    dimensions: list[Dimension],
    fixed: set[str],
    register: dict[str, Region],
    file: str,
) -> pd.DataFrame:
    """The rows of a file that lists only what there is, with exact zeros for all it does not list.

    It speaks of the regions, periods and measures it lists (regions that are parts of the same
    region together), and of all categories of the dimensions it divides by, except where the
    mapping restricts it (`fixed`). A file finer than the dataset's crosses is summed to them.
    Raises FileError if that would be more than a table can hold.

    Columns are those of the rows that came.
    """
    additive = rows["measure"].isin([m.id for m in dataset.measures if m.additive])
    sums = _Sums(_cells(rows[additive], dimensions))
    everything = (1 << len(dimensions)) - 1
    crosses = [_bits(frozenset(cross), dimensions) for cross in dataset.crosses] or [everything]
    held = _bits(frozenset(fixed), dimensions)
    own = np.unique(sums.grain).tolist()
    targets, summed = _summed_to(sums, own, crosses, held)
    places = _all_places(sums.cells.places, register)
    known = places.merge(sums.cells.places.reset_index(names="place"), how="left", on=_PLACE)
    fresh = known["place"].isna()
    numbers = known["place"].to_numpy(dtype=float, copy=True)
    numbers[fresh] = len(sums.cells.places) + np.arange(int(fresh.sum()))
    zeros = []
    for target in targets:
        digits = _product(target, held, sums)
        if len(places) * len(digits) > _MOST_ZEROS:
            raise FileError(
                file,
                f'absent = "zero" ergäbe {number(len(places) * len(digits))} Werte. Nächster '
                "Schritt: in der Zuordnung unter [mapping.fixed] nennen, worauf sich die Datei "
                "beschränkt",
            )
        cells = digits @ sums.cells.weights
        keys = (numbers.astype(np.int64)[:, None] * sums.cells.size + cells[None, :]).ravel()
        lacking = np.flatnonzero(~np.isin(keys, sums.key))
        at = places.iloc[lacking // len(digits)].reset_index(drop=True)
        zeros.append(at.assign(**_named(digits[lacking % len(digits)], dimensions)))
    zero = pd.concat(zeros, ignore_index=True).assign(
        value=0.0, status=Status.ZERO.value, flags="", line=0
    )
    made = sums.new_rows().assign(line=0)
    # what is finer than any cross has given its sums and is not published
    finer = np.isin(_cells(rows, dimensions).grain, list(summed - set(targets)))
    return pd.concat([rows[~finer], made[rows.columns], zero[rows.columns]], ignore_index=True)


def _summed_to(
    sums: _Sums, own: list[int], crosses: list[int], held: int
) -> tuple[dict[int, None], set[int]]:
    """Adds to `sums` what a file gives of each cross; returns the divisions it then has, in order,
    and those of its `own` that were summed. All are sets of dimensions as bits."""
    targets: dict[int, None] = {}
    summed = set()
    for source in own:
        for cross in crosses:
            target = source & cross
            # what a file is restricted to cannot be summed away
            if (source & held) & ~target:
                continue
            targets[target] = None
            if target not in own:
                sums.add(sums.group(source, target, every=False))
                summed.add(source)
    return targets, summed


def _all_places(places: pd.DataFrame, register: dict[str, Region]) -> pd.DataFrame:
    """Every region with every period and measure that is listed for it or its neighbours."""
    parent = places["region"].map(lambda id: register[id].parent or "")
    level = places["region"].map(lambda id: register[id].level)
    return pd.concat(
        [
            group[["region"]]
            .drop_duplicates()
            .merge(group[["period", "start"]].drop_duplicates(), how="cross")
            .merge(group[["measure"]].drop_duplicates(), how="cross")
            for _, group in places.groupby([level, parent])
        ],
        ignore_index=True,
    )


def _product(target: int, held: int, sums: _Sums) -> np.ndarray:
    """The digits of every combination of a grain: all categories that add up, and of a dimension
    the file is restricted to those it lists."""
    choices = []
    for index, dimension in enumerate(sums.cells.dimensions):
        if not target >> index & 1:
            choices.append(np.array([0]))
        elif held >> index & 1:
            listed = np.unique(sums.digits[:, index])
            choices.append(listed[listed > 0])
        else:
            subset = np.array([category.subset for category in dimension.categories])
            choices.append(np.flatnonzero(~subset) + 1)
    if not choices:  # a dataset that is not divided has one cell
        return np.zeros((1, 0), dtype=np.int64)
    return np.stack(np.meshgrid(*choices, indexing="ij"), axis=-1).reshape(-1, len(choices))


# --- regions made of parts ----------------------------------------------------------------------


def _parents(register: dict[str, Region]) -> Iterator[tuple[str, dict[str, str]]]:
    """Level and part → whole, for Stadtteile and then for Gemeinden. The Gemeinden of a real
    Landkreis are left out: only an invented one is sure to list all of them."""
    for level in ("stadtteil", "gemeinde"):
        parents = {
            id: region.parent or ""
            for id, region in register.items()
            if region.level == level and (level == "stadtteil" or region.invented)
        }
        yield level, parents


def roll_up(
    rows: pd.DataFrame, dataset: Dataset, register: dict[str, Region], section: Section
) -> pd.DataFrame:
    """Adds a town as the sum of its Stadtteile and an invented Landkreis as that of its Gemeinden,
    flagged "summed", where all parts have a number and the whole has no row of its own.

    A value delivered for the whole is kept; where the parts add up to another, it is reported.

    Columns are those of the rows that came.
    """
    key = ["period", "start", *dataset.dimensions, "measure"]
    additive = [m.id for m in dataset.measures if m.additive]
    for level, parents in _parents(register):
        parts = rows[rows["region"].isin(list(parents)) & rows["measure"].isin(additive)]
        parts = parts[parts["status"].isin(_NUMBERS)]
        if parts.empty:
            continue
        parts = parts.assign(
            region=parts["region"].map(parents),
            rounded=is_rounded(parts["value"], parts["status"], parts["flags"]),
        )
        sums = parts.groupby(["region", *key], sort=True).agg(
            value=("value", "sum"),
            count=("value", "size"),
            rounded=("rounded", "any"),
            source=("source", "min"),
        )
        members = pd.Series(parents).value_counts()
        sums = sums[sums["count"] == sums.index.get_level_values("region").map(members)]
        stated = rows[rows["region"].isin(members.index)].set_index(["region", *key])
        _compare(sums, stated, register, section)
        new = sums[~sums.index.isin(stated.index)]
        if len(new):
            section.add(
                "info",
                f"{number(len(new))} Werte als Summe aller {LEVELS[level]} ergänzt, weil keine "
                "Datei sie für die ganze Region nennt",
            )
            new = new.assign(
                status=status_of_result(new["value"], new["rounded"]),
                flags=_flags_of(parts, ["region", *key], new.index),
            ).reset_index()
            rows = pd.concat([rows, new[rows.columns]], ignore_index=True)
    return rows


def _flags_of(parts: pd.DataFrame, key: list[str], index: pd.MultiIndex) -> pd.Series:
    """The flags of all parts of each sum, and "summed"."""
    found = pd.Series("summed", index=index, dtype=object)
    flagged = parts[parts["flags"] != ""].drop_duplicates([*key, "flags"])
    if flagged.empty:
        return found
    told = flagged.groupby(key)["flags"].agg(lambda flags: join_flags(*flags, "summed"))
    return told.reindex(index).fillna(found)


def _compare(
    sums: pd.DataFrame, stated: pd.DataFrame, register: dict[str, Region], section: Section
) -> None:
    known = stated.loc[stated["status"].isin(_NUMBERS), "value"].rename("stated")
    both = sums.join(known, how="inner")
    difference = (both["value"] - both["stated"]).abs()
    off = difference[difference > 1e-6]
    if len(off):
        region, period = off.idxmax()[:2]
        section.add(
            "warning",
            f"die Teile ergeben bei {number(len(off))} von {number(len(difference))} Werten etwas "
            f"anderes als der Wert der ganzen Region, größter Unterschied {number(off.max())} "
            f"({register[region].name}, {period}); es gilt der Wert der ganzen Region",
        )
