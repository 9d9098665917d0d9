"""Whether the parts of a town's own table make up their wholes, line by line.

Three kinds of wholes: the total of a dimension, the measure that another is a part of, the region
that others lie in. What rounding can explain is let pass, what it cannot refuses the file: a share
above 100 % would be published otherwise. Official tables are compared by `checks`, which knows how
offices round and correct.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from indicators.catalog.definition import TOTAL
from indicators.catalog.meaning import Dataset, Dimension, Measure
from indicators.formats import listing, number, quantity
from indicators.publishing.possible import name_of
from indicators.publishing.report import Level, Section
from indicators.regions import Region
from indicators.symbols import WITH_NUMBER, Status

_NUMBERS = [status.value for status in WITH_NUMBER]
# So many lines are named one by one.
_NAMED = 8
# Tables are taken for rounded to such multiples if all of at least so many numbers are.
_BASES, _ENOUGH = (10, 5, 3), 8
# Sums of the same numbers in another order differ by less.
_HARDLY = 1e-6
_LARGEST = 2**62


def check(
    rows: pd.DataFrame,
    dataset: Dataset,
    dimensions: list[Dimension],
    register: Mapping[str, Region],
    section: Section,
    level: Level = "error",
) -> None:
    """Compares all parts with their wholes. Within one table a contradiction is an error; `rows` of
    several deliveries (their `line` is 0) may follow two ways of counting, which only a person can
    tell: a "warning"."""
    # compared by name again and again, which is quicker by number
    names = ["region", "period", "measure", "status", *dataset.dimensions]
    rows = rows.astype(dict.fromkeys(names, "category")).assign(slack=_slack(rows, dataset))
    counts = rows[rows["measure"].isin([m.id for m in dataset.measures if _is_sum(m)])]
    told = [
        *(text for d in dimensions for text in _of_dimension(counts, d, dataset, register)),
        *_of_measures(counts, dataset, register),
        *_of_regions(counts, dataset, dimensions, register),
        *_of_shares(rows, dataset, dimensions, register),
    ]
    for text in told[:_NAMED]:
        section.add(level, text)
    if len(told) > _NAMED:
        more = quantity(len(told) - _NAMED, "weitere Stelle", "weitere Stellen")
        section.add(level, f"{more}, an denen Teile und Ganzes nicht zusammenpassen")


def _is_sum(measure: Measure) -> bool:
    return measure.additive and not measure.signed


def _slack(cells: pd.DataFrame, dataset: Dataset) -> pd.Series:
    """By how much rounding may have moved each cell: half of the last digit, of a multiple that
    all numbers of the measure are."""
    slack = pd.Series(0.0, index=cells.index)
    for measure in dataset.measures:
        own = cells["measure"] == measure.id
        values = cells.loc[own & cells["status"].isin(_NUMBERS), "value"]
        values = values[values != 0]
        if measure.shown_decimals:
            slack[own] = 0.5 * 10.0**-measure.shown_decimals
        elif values.nunique() >= _ENOUGH:
            bases = (base for base in _BASES if (values % base == 0).all())
            slack[own] = next(bases, 0) / 2
    return slack


def _of_dimension(
    cells: pd.DataFrame, dimension: Dimension, dataset: Dataset, register: Mapping[str, Region]
) -> list[str]:
    """Categories that are more than their total, or, where all of them are told, less."""
    parts = [c.id for c in dimension.categories if not c.subset] if dimension.partition else []
    others = ["region", "period", "measure", *(d for d in dataset.dimensions if d != dimension.id)]
    if not _may_be_off(cells, dimension, parts, others):
        return []
    number_of = cells["status"].isin(_NUMBERS)
    is_total = cells[dimension.id] == TOTAL
    wholes = cells.loc[is_total & number_of, [*others, "value", "slack", "line"]]
    known = cells[~is_total & number_of].merge(wholes, on=others, suffixes=("", "_whole"))
    if known.empty:
        return []
    summed = known[known[dimension.id].isin(parts)]
    sums = summed.groupby(others, sort=False, observed=True).agg(
        parts=("value", "sum"), count=("value", "size"), slack=("slack", "sum"),
        whole=("value_whole", "first"), slack_whole=("slack_whole", "first"),
        line=("line_whole", "first"),
    )  # fmt: skip
    told = cells[
        cells[dimension.id].isin(parts)
        & (number_of | (cells["status"] == Status.NOT_APPLICABLE.value))
    ]
    categories = told.groupby(others, observed=True)[dimension.id].nunique()
    complete = categories.reindex(sums.index) == len(parts)
    difference, allowed = sums["parts"] - sums["whole"], sums["slack"] + sums["slack_whole"]
    off = (sums["count"] > 1) & ((difference > allowed) | (complete & (-difference > allowed)))
    # looking the parts of a line up takes a moment: of a table wrong in all lines most are counted
    named = {key: _listed(summed, others, key, dimension) for key in sums.index[off][:_NAMED]}
    found = [
        f"{_place(row, key, register, dataset)}: {named.get(key, dimension.name)} ergeben "
        f"zusammen {number(row['parts'])}, {dimension.total_name} nennt {number(row['whole'])}. "
        f"{_NEXT}"
        for key, row in sums[off].iterrows()
    ]
    above = known[known["value"] > known["value_whole"] + known["slack"] + known["slack_whole"]]
    said = pd.MultiIndex.from_frame(above[others]).isin(sums.index[off])
    for row in above[~said].to_dict("records"):
        found.append(
            f"{_place(row, tuple(row[name] for name in others), register, dataset)}: "
            f"{dimension.category_name(row[dimension.id])} nennt {number(row['value'])}, "
            f"{dimension.total_name} nur {number(row['value_whole'])}. {_NEXT}"
        )
    return found


def _may_be_off(
    cells: pd.DataFrame, dimension: Dimension, parts: list[str], others: list[str]
) -> bool:
    """Whether anything could be wrong with these categories, told by numbers alone and rather too
    often than not: in a table without mistakes nobody has to be named."""
    place = _places(cells, others)
    status = cells["status"]
    number_of = status.isin(_NUMBERS).to_numpy()
    is_total = (cells[dimension.id] == TOTAL).to_numpy()
    is_part = cells[dimension.id].isin(parts).to_numpy()
    value, slack = cells["value"].to_numpy(float), cells["slack"].to_numpy(float)
    size = int(place.max(initial=-1)) + 1
    wholes = np.flatnonzero(is_total & number_of)
    whole, slack_whole = np.full(size, np.nan), np.full(size, np.nan)
    whole[place[wholes]], slack_whole[place[wholes]] = value[wholes], slack[wholes]
    if _places(cells, [*others, dimension.id]).max(initial=-1) + 1 < len(cells):
        return True  # stated twice: compared pair by pair
    known = ~is_total & number_of
    if np.any(value[known] > whole[place[known]] + slack[known] + slack_whole[place[known]]):
        return True
    known &= is_part
    summed = np.bincount(place[known], weights=value[known], minlength=size)
    allowed = np.bincount(place[known], weights=slack[known], minlength=size) + slack_whole
    told = is_part & (number_of | (status == Status.NOT_APPLICABLE.value).to_numpy())
    complete = np.bincount(place[told], minlength=size) == len(parts)
    difference = summed - whole
    off = (difference > allowed - _HARDLY) | (complete & (-difference > allowed - _HARDLY))
    exact = (difference == 0) & (allowed == 0)  # the usual case, in whole numbers
    several = np.bincount(place[known], minlength=size) > 1
    return bool(np.any(several & off & ~exact))


def _places(cells: pd.DataFrame, names: list[str]) -> np.ndarray:
    """The rows' combination of categories in these columns, as numbers from 0."""
    found, many = np.zeros(len(cells), dtype=np.int64), 1
    for name in names:
        codes = cells[name].cat.codes.to_numpy(np.int64) + 1
        size = len(cells[name].cat.categories) + 1
        if many * size > _LARGEST:  # counted anew before the number is too large
            found, many = pd.factorize(found)[0], len(found)
        found, many = found * size + codes, many * size
    return pd.factorize(found)[0]


def _listed(summed: pd.DataFrame, others: list[str], key: tuple, dimension: Dimension) -> str:
    """The categories of one whole with their numbers: "weiblich (12) und männlich (15)"."""
    here = summed[(summed[others] == list(key)).all(axis=1)]
    return listing(
        [
            f"{dimension.category_name(id)} ({number(value)})"
            for id, value in zip(here[dimension.id], here["value"], strict=True)
        ]
    )


_NEXT = "Nächster Schritt: die Zahlen in der Datei berichtigen oder die Spalten anders zuordnen"


def _of_measures(
    cells: pd.DataFrame, dataset: Dataset, register: Mapping[str, Region]
) -> list[str]:
    """Measures that count more than the measure whose persons they are some of."""
    key = ["region", "period", *dataset.dimensions]
    numbers = cells[cells["status"].isin(_NUMBERS)]
    found = []
    for part in dataset.measures:
        if not part.part_of:
            continue
        both = numbers[numbers["measure"] == part.id].merge(
            numbers[numbers["measure"] == part.part_of], on=key, suffixes=("", "_whole")
        )
        above = both["value"] > both["value_whole"] + both["slack"] + both["slack_whole"]
        for row in both[above].to_dict("records"):
            place = (row["region"], row["period"], row["measure"])
            found.append(
                f"{_place(row, place, register, dataset)} nennt {number(row['value'])}, mehr als "
                f"{dataset.measure(part.part_of).name} ({number(row['value_whole'])}). {_NEXT}"
            )
    return found


def _of_regions(
    cells: pd.DataFrame,
    dataset: Dataset,
    dimensions: list[Dimension],
    register: Mapping[str, Region],
) -> list[str]:
    """Regions with more than the region they lie in, alone or together."""
    key = ["period", "measure", *dataset.dimensions]
    numbers = cells[cells["status"].isin(_NUMBERS)]
    regions = numbers["region"].cat.categories
    parents = [(register[id].parent or "") if id in register else "" for id in regions]
    # a whole without a row has no number either (-1) and is compared with nothing
    whole = regions.get_indexer(parents)[numbers["region"].cat.codes]
    if not _more_may_be_inside(numbers, whole, key):
        return []
    inside = numbers.assign(whole=pd.Categorical.from_codes(whole, regions))
    sums = inside.groupby(["whole", *key], sort=False, observed=True).agg(
        parts=("value", "sum"), slack_parts=("slack", "sum"), count=("value", "size"),
        most=("value", "max"), line=("line", "min"),
    ).reset_index()  # fmt: skip
    both = sums.merge(
        numbers[["region", *key, "value", "slack"]],
        left_on=["whole", *key],
        right_on=["region", *key],
    )
    above = both["parts"] > both["value"] + both["slack"] + both["slack_parts"]
    found = []
    for row in both[above].to_dict("records"):
        words = [d.category_name(row[d.id]) for d in dimensions if row[d.id] != TOTAL]
        place = (row["region"], row["period"], row["measure"])
        parts = quantity(row["count"], "Teil", "Teile")
        verb = "nennt" if row["count"] == 1 else "nennen zusammen"
        found.append(
            f"{_place(row, place, register, dataset, words)}: {parts} davon {verb} "
            f"{number(row['parts'])}, das Ganze {number(row['value'])}. {_NEXT}"
        )
    return found


def _more_may_be_inside(numbers: pd.DataFrame, whole: np.ndarray, key: list[str]) -> bool:
    """Whether the parts of any region could be more than it, told as in `_may_be_off`; `whole` has
    the number of each row's own whole among the regions (-1: none)."""
    others, many = _places(numbers, key), len(numbers["region"].cat.categories)
    cell = others * many + numbers["region"].cat.codes.to_numpy(np.int64)
    order = np.argsort(cell)
    if np.any(np.diff(cell[order]) == 0):
        return True  # stated twice: compared pair by pair
    inside = np.flatnonzero(whole >= 0)
    wanted = others[inside] * many + whole[inside]
    at = np.searchsorted(cell[order], wanted)
    there = at < len(cell)
    there[there] = cell[order[at[there]]] == wanted[there]
    row, inside = order[at[there]], inside[there]
    value, slack = numbers["value"].to_numpy(float), numbers["slack"].to_numpy(float)
    difference = np.bincount(row, weights=value[inside], minlength=len(value)) - value
    allowed = np.bincount(row, weights=slack[inside], minlength=len(value)) + slack
    off = (difference > allowed - _HARDLY) & ~((difference == 0) & (allowed == 0))
    return bool(np.any(off[row]))


def _of_shares(
    rows: pd.DataFrame,
    dataset: Dataset,
    dimensions: list[Dimension],
    register: Mapping[str, Region],
) -> list[str]:
    """Ready-made shares of one whole that are more than the whole, alone or together."""
    measures = [m.id for m in dataset.measures if m.share]
    if not measures:
        return []
    shares = rows[rows["measure"].isin(measures) & rows["status"].isin(_NUMBERS)]
    above = shares[shares["value"] > 100 + shares["slack"]]
    found = [
        f"{_place(row, (row['region'], row['period'], row['measure']), register, dataset)} nennt "
        f"{number(row['value'], 1)} %; mehr als 100 % kann ein Anteil nicht sein. {_NEXT}"
        for row in above.to_dict("records")
    ]
    rest = shares.drop(index=above.index)
    for dimension in (d for d in dimensions if d.partition):
        parts = [category.id for category in dimension.categories if not category.subset]
        others = ["region", "period", "measure", *(d.id for d in dimensions if d != dimension)]
        sums = rest[rest[dimension.id].isin(parts)].groupby(others, sort=False, observed=True).agg(
            value=("value", "sum"), slack=("slack", "sum"), line=("line", "first")
        )  # fmt: skip
        found += [
            f"{_place(row, key, register, dataset)}: die Anteile nach {dimension.name} ergeben "
            f"zusammen {number(row['value'], 1)} %. {_NEXT}"
            for key, row in sums[sums["value"] > 100 + sums["slack"]].iterrows()
        ]
    return found


def _place(
    row: Mapping, key: tuple, register: Mapping[str, Region], dataset: Dataset, words=()
) -> str:
    region, period, measure = key[:3]
    told = [name_of(region, register), period, dataset.measure(measure).name, *words]
    line = f"Zeile {int(row['line'])}: " if row["line"] else ""
    return f"{line}{', '.join(told)}"
