"""A second look at what is unusual and may be true: values outside the range an indicator expects,
and leaps in a town's own history. Nothing here forbids publication."""

import numpy as np
import pandas as pd

from indicators.catalog.catalog import Catalog
from indicators.catalog.definition import TOTAL
from indicators.catalog.meaning import Dataset
from indicators.formats import number, quantity, with_unit
from indicators.publishing.possible import name_of
from indicators.publishing.report import Report, Section
from indicators.regions import Region
from indicators.symbols import WITH_NUMBER

_SHOWN = 3
_NUMBERS = [status.value for status in WITH_NUMBER]
# A number is a leap if it is so many times, or so small a part of, what was usual; below so many
# cases everything leaps.
_FACTOR, _ENOUGH = 4, 50


def ranges(
    values: pd.DataFrame, catalog: Catalog, register: dict[str, Region], report: Report
) -> None:
    """Warns of Kreise whose newest value is outside the indicator's plausible range; `values` are
    those of `every_value`.

    Never an error: what is unusual may be true. Adds one section to the report.
    """
    section = report.section("Plausible Wertebereiche")
    kreise = {region.id for region in register.values() if region.is_kreis}
    known = values[values["region"].isin(kreise) & values["status"].isin(_NUMBERS)]
    checked = 0
    for id, rows in known.groupby("indicator", sort=False):
        indicator = catalog.indicators[id]
        if indicator.plausible is None:
            continue
        newest = rows[rows["start"] == rows["start"].max()]
        checked += len(newest)
        low, high = indicator.plausible
        decimals = indicator.shown_decimals
        outside = newest[(newest["value"] < low) | (newest["value"] > high)]
        if len(outside):
            examples = ", ".join(
                f"{register[row.region].name} {with_unit(row.value, indicator.unit, decimals)}"
                for row in outside.head(_SHOWN).itertuples(index=False)
            )
            section.add(
                "warning",
                f"{indicator.name}: {number(len(outside))} von {number(len(newest))} Kreisen "
                f"außerhalb des erwarteten Bereichs von {number(low, decimals)} bis "
                f"{with_unit(high, indicator.unit, decimals)} ({examples})",
            )
    compared = quantity(checked, "Wert", "Werte")
    section.add("info", f"{compared} verglichen, je Indikator der neueste Zeitraum")


def leaps(
    rows: pd.DataFrame,
    dataset: Dataset,
    register: dict[str, Region],
    section: Section,
    only: set[str] | None = None,
) -> None:
    """Warns of counts that are many times, or a small part of, what the same cell has in the
    periods beside, naming both numbers; `only` keeps to these periods. A thousands point read as a
    decimal sign, a zero too many, or a changed definition look like this."""
    # a sum of days belongs to persons whose own number is looked at
    kept = [m for m in dataset.measures if m.additive and not (m.signed or m.hidden_with)]
    measures = [m.id for m in kept]
    counts = rows[rows["status"].isin(_NUMBERS) & rows["measure"].isin(measures)]
    # a slip shows in the total, where there is one; divided numbers leap by chance
    whole = (counts[dataset.dimensions] == TOTAL).all(axis=1)
    has_whole = whole.groupby([counts["region"], counts["measure"]]).transform("any")
    counts = counts[whole | ~has_whole]
    cell = ["region", *dataset.dimensions, "measure"]
    counts = counts.sort_values([*cell, "start"], ignore_index=True)
    found = counts[_leaping(counts, cell)]
    if only is not None:
        found = found[found["period"].isin(only)]
    most = np.maximum(found["value"], found["beside"]).sort_values(ascending=False, kind="stable")
    for row in found.loc[most.index].head(_SHOWN).itertuples(index=False):
        section.add(
            "warning",
            f"{name_of(row.region, register)}, {dataset.measure(row.measure).name}: {row.period} "
            f"sind es {number(row.value)}, {row.then} waren es {number(row.beside)}; bitte prüfen, "
            "ob die Zahl stimmt",
        )
    if len(found) > _SHOWN:
        more = quantity(len(found) - _SHOWN, "weiterer Wert springt", "weitere Werte springen")
        section.add(
            "warning",
            f"{more} gegenüber den Zeiträumen daneben auf mindestens das "
            f"{_FACTOR}-fache oder höchstens ein Viertel",
        )


def _leaping(counts: pd.DataFrame, cell: list[str]) -> pd.Series:
    """Which of the sorted counts leap; adds what stands `beside` them, and `then`."""
    group = counts.groupby(cell, sort=False)
    before, after = group["value"].shift(1), group["value"].shift(-1)
    from_before, to_after = _far(counts["value"], before), _far(counts["value"], after)
    inside = from_before & to_after
    # at an end only one neighbour can tell, unless it is the one that leaps; of two the later does
    last = from_before & after.isna() & ~_moved(inside, counts, cell, 1)
    first = to_after & before.isna() & ~_moved(inside, counts, cell, -1)
    first &= ~_moved(last, counts, cell, -1)
    counts["beside"] = before.fillna(after)
    counts["then"] = group["period"].shift(1).fillna(group["period"].shift(-1))
    return inside | last | first


def _moved(flags: pd.Series, counts: pd.DataFrame, cell: list[str], by: int) -> pd.Series:
    keys = [counts[name] for name in cell]
    return flags.astype(float).groupby(keys, sort=False).shift(by).fillna(0) > 0


def _far(value: pd.Series, beside: pd.Series) -> pd.Series:
    large, small = np.maximum(value, beside), np.minimum(value, beside)
    return (large >= _ENOUGH) & (large >= _FACTOR * small)
