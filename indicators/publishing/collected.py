"""What an office did not ask for: there its "-" says nothing, and zero would be a lie.

Official tables print "-" for "exactly none", and the same "-" in all years before a survey began.
Three things tell one from the other: the definition of the dataset (`collected`), a "-" for all
of Germany, and a "-" for every Kreis of a whole that has somebody.
"""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from indicators.catalog.definition import TOTAL
from indicators.catalog.meaning import Collected, Dataset, Dimension
from indicators.formats import listing, number, quantity
from indicators.publishing.kreise import wholes
from indicators.publishing.report import Section
from indicators.regions import CITY_STATES, Region
from indicators.symbols import WITH_NUMBER, Status

_NUMBERS = [status.value for status in WITH_NUMBER]
# Says neither that somebody is there nor that this was asked for.
_SILENT = [
    Status.ZERO.value,
    Status.NOT_APPLICABLE.value,
    Status.MISSING.value,
    Status.LATER.value,
    Status.DISSOLVED.value,
]
# So much of a whole may be lost in each of its Kreise by rounding to multiples of 3 or 5.
_LOST_IN_ROUNDING = 2


def not_collected(
    rows: pd.DataFrame,
    dataset: Dataset,
    dimensions: list[Dimension],
    register: dict[str, Region],
    section: Section,
) -> pd.DataFrame:
    """The rows of an official file, with the status `not_collected` where its "-" does not mean
    none. Numbers are never touched; the report names what was found.

    A category that is nowhere, but whose neighbours make up the total without it, is a kind that
    did not exist (`not_applicable`): sums go on without it.

    Columns are those of the rows that came.
    """
    outside = _outside(rows, dataset, section)
    if not (rows["status"] == Status.ZERO.value).any():
        return rows
    nowhere = _nowhere(rows, dataset, register)
    adds_nothing = nowhere
    if nowhere.any():
        adds_nothing = nowhere & _adds_nothing(rows, nowhere, dataset, dimensions)
    found = outside | (nowhere & ~adds_nothing)
    found |= _only_above(rows, found, dataset, register)
    _tell(rows[found], "nicht erhoben oder nicht ausgewiesen", dataset, dimensions, section)
    _tell(rows[adds_nothing & ~found], "gab es nicht", dataset, dimensions, section)
    status = rows["status"].mask(adds_nothing, Status.NOT_APPLICABLE.value)
    return rows.assign(
        status=status.mask(found, Status.NOT_COLLECTED.value),
        value=rows["value"].mask(found | adds_nothing),
    )


def _key(dataset: Dataset) -> list[str]:
    return ["measure", *dataset.dimensions, "period"]


# --- what the definition says -------------------------------------------------------------------


def _outside(rows: pd.DataFrame, dataset: Dataset, section: Section) -> pd.Series:
    """Cells with "-" outside of the periods in which the definition says they were collected."""
    found = pd.Series(False, index=rows.index)
    for one in dataset.collected:
        outside = _concerned(rows, one) & ~_within(rows["start"], one, dataset)
        found |= outside & (rows["status"] == Status.ZERO.value)
        if (surprise := outside & rows["status"].isin([Status.OK.value])).any():
            first = rows[surprise].iloc[0]
            section.add(
                "warning",
                f"{quantity(int(surprise.sum()), 'Zahl steht', 'Zahlen stehen')} in Zeiträumen, "
                f"für die nach der Definition nichts erhoben wurde (zum Beispiel Region "
                f"{first['region']}, {first['period']}, Zeile {first['line']}); sie gelten",
            )
    return found


def _concerned(rows: pd.DataFrame, one: Collected) -> pd.Series:
    concerned = pd.Series(True, index=rows.index)
    if one.measures:
        concerned &= rows["measure"].isin(one.measures)
    for dimension, wanted in one.where.items():
        concerned &= rows[dimension].isin([wanted] if isinstance(wanted, str) else wanted)
    return concerned


def _within(starts: pd.Series, one: Collected, dataset: Dataset) -> pd.Series:
    within = pd.Series(True, index=starts.index)
    if one.first:
        within &= starts >= dataset.period.meant(one.first).start
    if one.last:
        within &= starts <= dataset.period.meant(one.last).start
    return within


# --- what the file itself tells -----------------------------------------------------------------


def _nowhere(rows: pd.DataFrame, dataset: Dataset, register: dict[str, Region]) -> pd.Series:
    """Cells with "-" of a measure and category that no region of the period has, where the file
    speaks of all of Germany in that period."""
    silent = rows["status"].isin(_SILENT)
    everywhere = silent.groupby([rows[name] for name in _key(dataset)]).transform("all")
    complete = rows["period"].isin(_periods_of_all(rows, register))
    return everywhere & complete & (rows["status"] == Status.ZERO.value)


def _periods_of_all(rows: pd.DataFrame, register: dict[str, Region]) -> list[str]:
    """Periods in which the file lists Germany, or every Land, or every Kreis of that day."""
    lands = {id for id, r in register.items() if r.level == "land" and not r.invented}
    city_states = set(CITY_STATES.values())
    found = []
    for (period, start), listed in rows.groupby(["period", "start"])["region"]:
        there = set(listed)
        kreise = {id for id, r in register.items() if r.is_kreis and r.exists_on(start)}
        if "DG" in there or (lands and lands <= there) or kreise - city_states <= there:
            found.append(period)
    return found


def _adds_nothing(
    rows: pd.DataFrame, nowhere: pd.Series, dataset: Dataset, dimensions: list[Dimension]
) -> pd.Series:
    """Of cells that are nowhere, those whose neighbours in a dimension make up the total."""
    found = pd.Series(False, index=rows.index)
    additive = [m.id for m in dataset.measures if m.additive]
    numbers = rows["status"].isin(_NUMBERS) & ~nowhere & rows["measure"].isin(additive)
    for dimension in (d for d in dimensions if d.partition):
        parts = [category.id for category in dimension.categories if not category.subset]
        others = ["region", *[name for name in _key(dataset) if name != dimension.id]]
        key = [rows[name] for name in others]
        is_part = rows[dimension.id].isin(parts)
        whole = rows["value"].where(numbers & (rows[dimension.id] == TOTAL))
        whole = whole.groupby(key).transform("max")
        sums = rows["value"].where(numbers & is_part).groupby(key).transform("sum")
        counted = (numbers & is_part).groupby(key).transform("sum")
        complete = (whole > 0) & ((sums - whole).abs() <= _LOST_IN_ROUNDING * counted)
        per_cell = [rows[name] for name in _key(dataset)]
        somewhere = complete.groupby(per_cell).transform("any")
        disproved = ((whole > 0) & ~complete).groupby(per_cell).transform("any")
        found |= is_part & somewhere & ~disproved
    return found


def _only_above(
    rows: pd.DataFrame, found: pd.Series, dataset: Dataset, register: dict[str, Region]
) -> pd.Series:
    """Cells with "-" of Kreise, where none of the Kreise of a whole has anybody and the whole has:
    the office tells this number for the whole only."""
    is_kreis = rows["region"].map({id: region.is_kreis for id, region in register.items()})
    kreise = rows[is_kreis & ~found]
    above = rows[rows["status"] == Status.OK.value]
    if kreise.empty or above.empty:
        return pd.Series(False, index=rows.index)
    key = [*_key(dataset), "start"]
    of = wholes(register, kreise, dataset.period).rename(columns={"region": "whole"})
    # a city state is its own whole
    of = of[~of["part"].isin(CITY_STATES.values())]
    parts = kreise.assign(row=kreise.index, silent=kreise["status"].isin(_SILENT)).merge(
        of, left_on=["start", "region"], right_on=["start", "part"]
    )
    group = parts.groupby(["whole", *key])
    parts["all"] = group["silent"].transform("all")
    parts["listed"] = group["part"].transform("nunique")
    stated = above[[*key, "region", "value"]].rename(columns={"region": "whole", "value": "above"})
    parts = parts[parts["all"]].merge(stated, on=["whole", *key])
    ratios = [m.id for m in dataset.measures if not m.additive]
    least = np.where(parts["measure"].isin(ratios), 0, _LOST_IN_ROUNDING * parts["members"])
    told = parts[(parts["listed"] == parts["members"]) & (parts["above"] > least)]
    return rows.index.to_series().isin(told["row"]) & (rows["status"] == Status.ZERO.value)


# --- the report ---------------------------------------------------------------------------------


def _tell(
    cells: pd.DataFrame,
    what: str,
    dataset: Dataset,
    dimensions: list[Dimension],
    section: Section,
) -> None:
    """One line for each measure and category, with its periods."""
    for _, group in cells.groupby(_key(dataset)[:-1], sort=False):
        first = group.iloc[0]
        words = [d.category_name(first[d.id]) for d in dimensions if first[d.id] != TOTAL]
        name = ", ".join([dataset.measure(first["measure"]).name, *words])
        periods = group.sort_values("start")["period"].unique()
        section.add(
            "info",
            f"{name} {_span(periods)}: {what}; „–“ gilt dort nicht als null "
            f"({quantity(len(group), 'Tabellenfeld', 'Tabellenfelder')})",
        )


def _span(periods: Iterable[str]) -> str:
    periods = list(periods)
    if len(periods) <= 3:
        return listing(periods)
    return f"{periods[0]} bis {periods[-1]} ({number(len(periods))} Zeiträume)"
