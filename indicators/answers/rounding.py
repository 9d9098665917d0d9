"""Rounding: where shown parts of a whole do not add up to what is shown as their whole."""

from collections.abc import Iterable
from typing import NamedTuple

import pandas as pd

from indicators import formats
from indicators.answers.context import Context
from indicators.catalog.definition import TOTAL


class Whole(NamedTuple):
    """What is shown as the parts of one whole and as that whole; all have a number, and the counts
    behind them add up. `where` says of which region and period, if a reader sees several."""

    where: str
    parts: tuple[float, ...]
    whole: float


def note(wholes: Iterable[Whole], unit: str, decimals: int) -> list[str]:
    """One sentence if the parts as shown make another sum than the whole as shown, else nothing.

    What differs by more than rounding can explain is no matter of rounding, and not told as such.
    """
    wholes = list(wholes)
    told = []
    for where, parts, whole in wholes:
        added = round(sum(parts), decimals)
        most = (len(parts) + 1) / 2 * 10**-decimals
        if added != whole and abs(added - whole) <= most:
            told.append((where, added))
    if not told:
        return []
    noun = "Anteile" if unit == "%" else "Teile"
    where, added = told[0]
    amount = formats.with_unit(added, unit, decimals)
    if len(wholes) == 1:
        return [f"Durch Rundung ergeben die {noun} zusammen {amount}."]
    return [
        f"Durch Rundung ergeben die {noun} nicht überall genau das Ganze; {where} sind es zusammen "
        f"{amount}."
    ]


def of_division(context: Context, rows: pd.DataFrame) -> list[str]:
    """The note on an indicator divided by `by` (rows with the total), where its categories make up
    a whole: shares of one group, or counts."""
    indicator, by = context.indicator, context.view.by
    dimension = context.catalog.dimensions[by]
    if not dimension.partition or not (indicator.divides(by) == "numerator" or indicator.is_count):
        return []
    contained = {category.id for category in dimension.categories if category.subset}
    rows = rows[~rows["category"].isin(contained)]
    return note(_wholes(context, rows), context.indicator.unit, context.indicator.shown_decimals)


def _wholes(context: Context, rows: pd.DataFrame) -> Iterable[Whole]:
    """Newest period first, as a reader looks for an example."""
    rows = rows.sort_values("start", ascending=False, kind="stable")
    for (_, region, period), found in rows.groupby(["start", "region", "period"], sort=False):
        parts = found[found["category"] != TOTAL]
        whole = found.loc[found["category"] == TOTAL, "value"]
        # what does not exist here (a school type of other Länder) is no part
        parts = parts[parts["status"] != "not_applicable"]
        if whole.isna().all() or parts["value"].isna().any() or parts.empty:
            continue
        counted = found.loc[found["category"] == TOTAL, "numerator"].iloc[0]
        if abs(parts["numerator"].sum() - counted) > len(parts) / 2:
            continue
        where = f"{context.release.region(region).where} ({period})"
        yield Whole(where, tuple(parts["value"]), float(whole.iloc[0]))
