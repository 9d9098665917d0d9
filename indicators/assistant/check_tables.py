"""Two tables of a Prüfbericht: what became of each region a file speaks of, and which numbers leap
against the period before, with both of them."""

from collections.abc import Collection

import numpy as np
import pandas as pd

from indicators.catalog.catalog import Catalog
from indicators.catalog.definition import TOTAL
from indicators.catalog.meaning import Dataset, Measure
from indicators.formats import day, number, with_unit
from indicators.publishing.possible import name_of
from indicators.regions import Region
from indicators.symbols import WITH_NUMBER

MATCHED = "erkannt"
_NUMBERS = [status.value for status in WITH_NUMBER]
# What is told of: a fifth more or less, if it is ten cases or five points at least.
_PART, _CASES, _POINTS = 0.2, 10, 5


def regions(
    rows: pd.DataFrame, register: dict[str, Region], known: Collection[str], left: list[str]
) -> list[list[str]]:
    """A row per region of these values (columns region, start, flags): what must be looked at comes
    first. `known` are the regions there were before, `left` names that were not read."""
    found = [[name, "", "nicht bekannt, nicht gelesen", "0"] for name in left]
    for id, of_it in rows.groupby("region"):
        region = register.get(str(id))
        if region is None:
            continue
        states = []
        if str(id) not in known:
            states.append("neu angelegt")
        if region.valid_to and (pd.to_datetime(of_it["start"]).dt.date > region.valid_to).any():
            states.append(f"aufgelöst am {day(region.valid_to)}, Angaben danach")
        elif region.valid_to:
            states.append(f"aufgelöst am {day(region.valid_to)}, Angaben davor")
        summed = int(of_it["flags"].fillna("").str.contains("summed").sum())
        if summed:
            states.append(f"mehrfach: {number(summed)} Werte aus mehreren Zeilen")
        told = "; ".join(states) or MATCHED
        found.append([region.name, region.id, told, number(len(of_it))])
    return sorted(found, key=lambda row: (row[2] == MATCHED, row[0]))


def leaps(
    rows: pd.DataFrame, before: pd.DataFrame, dataset: Dataset, catalog: Catalog, register: dict
) -> list[list[str]]:
    """A row per number that is far from that of the period before, the farthest first; `before` is
    what is published already."""
    cell = ["region", *dataset.dimensions, "measure"]
    told = rows.assign(new=True)
    if len(before):
        told = pd.concat([told, before.assign(new=False)], ignore_index=True)
    told = told[told["status"].isin(_NUMBERS) & told["value"].notna()]
    told = told.drop_duplicates([*cell, "period"]).assign(start=pd.to_datetime(told["start"]))
    told = told.sort_values([*cell, "start"], kind="stable")
    groups = told.groupby(cell, sort=False, dropna=False)
    told = told.assign(was=groups["value"].shift(1), then=groups["period"].shift(1))
    told = told[told["new"].astype(bool) & told["was"].notna()]
    if told.empty:
        return []
    least = told["measure"].map(
        {m.id: _POINTS if m.unit == "%" else _CASES for m in dataset.measures}
    )
    change = (told["value"] - told["was"]).abs()
    told = told.assign(part=change / np.maximum(told["was"].abs(), 1))
    far = told[(change >= least) & (told["part"] >= _PART)]
    return [
        _leap(row, dataset, catalog, register)
        for row in far.sort_values("part", ascending=False, kind="stable").to_dict("records")
    ]


def _leap(row: dict, dataset: Dataset, catalog: Catalog, register: dict) -> list[str]:
    measure = dataset.measure(row["measure"])
    said = [(id, row[id]) for id in dataset.dimensions]
    words = [catalog.dimensions[id].category_name(one) for id, one in said if one != TOTAL]
    change = row["value"] - row["was"]
    sign = "+" if change > 0 else "−"
    if measure.unit == "%":
        shown = f"{sign}{number(abs(change), 1)} Punkte"
    elif row["was"]:
        shown = f"{sign}{number(100 * abs(change) / abs(row['was']))} %"
    else:
        shown = "war null"
    return [
        name_of(row["region"], register),
        ", ".join([measure.name, *words]),
        row["then"],
        _value(row["was"], measure),
        row["period"],
        _value(row["value"], measure),
        shown,
    ]


def _value(value: float, measure: Measure) -> str:
    if measure.unit == "%":
        return with_unit(value, measure.unit, measure.shown_decimals)
    return number(value, measure.shown_decimals)
