"""Datasets from mapped files: which edition counts, derived categories, sums of Kreise."""

from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from indicators.build.checks import wholes
from indicators.build.report import Section
from indicators.catalog import TOTAL, Dataset, Dimension
from indicators.formats import number
from indicators.regions import Region
from indicators.symbols import WITH_NUMBER, Status

_NUMBERS = [status.value for status in WITH_NUMBER]


@dataclass(frozen=True)
class Edition:
    """The checked rows of one file: `source` is its number in the release, `rank` the place of
    its table in the dataset's definition (earlier tables win), `stand` its date."""

    source: int
    table: str
    rank: int
    stand: datetime
    shipped: bool
    rows: pd.DataFrame


def combine(editions: list[Edition], dataset: Dataset, section: Section) -> pd.DataFrame:
    """One row per region, period, dimensions and measure: the newest edition of each table and
    period counts; where two tables state the same cell, the one defined first.

    A period of an older edition goes as a whole, so that a value the office has withdrawn does
    not live on.
    """
    newest: list[pd.DataFrame] = []
    by_table: dict[str, list[Edition]] = {}
    for edition in editions:
        by_table.setdefault(edition.table, []).append(edition)
    for table in by_table.values():
        seen: set[str] = set()
        for edition in sorted(
            table, key=lambda e: (e.stand, not e.shipped, e.source), reverse=True
        ):
            rows = edition.rows[~edition.rows["period"].isin(seen)]
            seen |= set(edition.rows["period"])
            if len(rows):
                newest.append(rows.assign(source=edition.source, rank=edition.rank))
    rows = pd.concat(newest, ignore_index=True)
    key = ["region", "period", *dataset.dimensions, "measure"]
    rows = rows.sort_values(["rank", "source"], kind="stable")
    _report_contradictions(rows, key, section)
    # a number beats a symbol, then the table defined first
    rows = rows.assign(empty=~rows["status"].isin(_NUMBERS)).sort_values(
        ["empty", "rank", "source"], kind="stable"
    )
    return rows.drop_duplicates(key).drop(columns=["empty", "rank", "line"])


def _report_contradictions(rows: pd.DataFrame, key: list[str], section: Section) -> None:
    numbers = rows[rows["status"] == Status.OK.value]
    repeated = numbers[numbers.duplicated(key, keep=False)]
    different = repeated.groupby(key)["value"].nunique()
    different = different[different > 1]
    if len(different):
        region, period = different.index[0][:2]
        section.add(
            "warning",
            f"{number(len(different))} Werte stehen in zwei Tabellen verschieden (zum Beispiel "
            f"Region {region}, {period}); es gilt die in der Definition zuerst genannte Tabelle",
        )


def derive(rows: pd.DataFrame, dataset: Dataset, dimensions: list[Dimension]) -> pd.DataFrame:
    """Adds the category no file delivers: total minus the delivered one (men = all − women)."""
    additive = [m.id for m in dataset.measures if m.additive]
    for dimension in dimensions:
        for missing, delivered in dimension.derived.items():
            key = [
                "region",
                "period",
                "measure",
                *[d.id for d in dimensions if d.id != dimension.id],
            ]
            usable = rows[rows["measure"].isin(additive) & rows["status"].isin(_NUMBERS)]
            total = usable[usable[dimension.id] == TOTAL].set_index(key)
            part = usable[usable[dimension.id] == delivered].set_index(key)
            present = rows[rows[dimension.id] == missing].set_index(key).index
            both = total.join(part[["value", "flags"]], how="inner", suffixes=("", "_part"))
            both = both[~both.index.isin(present)]
            value = both["value"] - both["value_part"]
            # rounding can push a small rest below zero; what is not known is not shown
            both = both[value >= 0].assign(value=value[value >= 0])
            if both.empty:
                continue
            flags = both["flags"].map(
                lambda f: ",".join(sorted({*filter(None, f.split(",")), "derived"}))
            )
            status = both["value"].map(lambda v: (Status.ZERO if v == 0 else Status.OK).value)
            new = both.assign(flags=flags, status=status, **{dimension.id: missing})
            rows = pd.concat(
                [rows, new.reset_index().drop(columns=["value_part", "flags_part"])],
                ignore_index=True,
            )
    return rows


def sum_up(
    rows: pd.DataFrame, dataset: Dataset, register: dict[str, Region], section: Section
) -> pd.DataFrame:
    """Adds Deutschland, Länder and Regierungsbezirke where a table lists Kreise only.

    Official totals are kept and never recomputed. A sum is made only of all living Kreise of the
    region, each with a number, and is flagged "summed".
    """
    additive = [m.id for m in dataset.measures if m.additive]
    key = ["period", "start", *dataset.dimensions, "measure"]
    kreise = rows[
        rows["measure"].isin(additive)
        & rows["status"].isin(_NUMBERS)
        & rows["region"].map(lambda id: register[id].level == "kreis")
    ]
    if kreise.empty:
        return rows
    parts = kreise.rename(columns={"region": "part"}).merge(
        wholes(register, kreise["start"].unique()), on=["start", "part"]
    )
    sums = parts.groupby(["region", *key], sort=True).agg(
        value=("value", "sum"),
        count=("value", "size"),
        members=("members", "first"),
        source=("source", "min"),
    )
    new = sums[sums["count"] == sums["members"]].drop(columns=["count", "members"])
    new = new[~new.index.isin(rows.set_index(["region", *key]).index)].reset_index()
    if new.empty:
        return rows
    section.add(
        "info",
        f"{number(len(new))} Werte für Länder, Regierungsbezirke und Deutschland als Summe aller "
        "heutigen Kreise ergänzt, weil die Tabelle sie nicht nennt",
    )
    status = new["value"].map(lambda v: (Status.ZERO if v == 0 else Status.OK).value)
    return pd.concat([rows, new.assign(status=status, flags="summed")], ignore_index=True)
