"""Datasets from mapped files: which edition counts, derived categories, sums of Kreise."""

from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from indicators.build.kreise import wholes
from indicators.build.report import Section
from indicators.definition import TOTAL
from indicators.formats import quantity
from indicators.meaning import Dataset, Dimension
from indicators.regions import Region
from indicators.symbols import WITH_NUMBER, is_rounded, join_flags, status_of_result

_NUMBERS = [status.value for status in WITH_NUMBER]


@dataclass(frozen=True)
class Edition:
    """The checked rows of one file: `source` is its number in the release, `rank` the place of
    its table in the dataset's definition (earlier tables win), `stand` its date. A town's `own`
    file counts for the regions it lists: another of the same kind may bring others."""

    source: int
    table: str
    rank: int
    stand: datetime
    shipped: bool
    rows: pd.DataFrame
    own: bool = False


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
        place = ["region", "period"] if table[0].own else ["period"]
        seen = pd.MultiIndex.from_arrays([[]] * len(place))
        for edition in sorted(
            table, key=lambda e: (e.stand, not e.shipped, e.source), reverse=True
        ):
            places = pd.MultiIndex.from_frame(edition.rows[place])
            rows = edition.rows[~places.isin(seen)]
            seen = seen.append(places.unique())
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
    numbers = rows[rows["status"].isin(_NUMBERS)]
    repeated = numbers[numbers.duplicated(key, keep=False)]
    different = repeated.groupby(key)["value"].nunique()
    different = different[different > 1]
    if len(different):
        region, period = different.index[0][:2]
        section.add(
            "warning",
            quantity(len(different), "Wert steht", "Werte stehen")
            + f" in zwei Tabellen verschieden (zum Beispiel Region {region}, {period}); es gilt "
            "die in der Definition zuerst genannte Tabelle",
        )


def derive(rows: pd.DataFrame, dataset: Dataset, dimensions: list[Dimension]) -> pd.DataFrame:
    """Adds the category no file delivers: total minus the delivered one (men = all − women).

    One row more per region, period, measure and other dimensions where one file states both
    numbers: the difference of two editions would be nobody's number. It carries the flags of both
    and "derived"; a rest of zero is exact only if both numbers are. A category that is delivered,
    with a number or a symbol, is never replaced, and a negative rest (of rounding) never shown.
    """
    additive = [m.id for m in dataset.measures if m.additive]
    for dimension in dimensions:
        for missing, delivered in dimension.derived.items():
            others = [d.id for d in dimensions if d.id != dimension.id]
            key = ["region", "period", "measure", *others]
            usable = rows[rows["measure"].isin(additive) & rows["status"].isin(_NUMBERS)]
            usable = usable.assign(
                rounded=is_rounded(usable["value"], usable["status"], usable["flags"])
            )
            total = usable[usable[dimension.id] == TOTAL]
            part = usable.loc[
                usable[dimension.id] == delivered, [*key, "source", "value", "flags", "rounded"]
            ]
            both = total.merge(part, on=[*key, "source"], suffixes=("", "_part"))
            present = pd.MultiIndex.from_frame(rows.loc[rows[dimension.id] == missing, key])
            both = both[~pd.MultiIndex.from_frame(both[key]).isin(present)]
            both = both.assign(value=both["value"] - both["value_part"])
            both = both[both["value"] >= 0]
            if both.empty:
                continue
            new = both.assign(
                status=status_of_result(both["value"], both["rounded"] | both["rounded_part"]),
                flags=[
                    join_flags(*pair, "derived")
                    for pair in zip(both["flags"], both["flags_part"], strict=True)
                ],
                **{dimension.id: missing},
            )
            rows = pd.concat([rows, new[rows.columns]], ignore_index=True)
    return rows


def sum_up(
    rows: pd.DataFrame, dataset: Dataset, register: dict[str, Region], section: Section
) -> pd.DataFrame:
    """Adds Deutschland, Länder and Regierungsbezirke where a table lists Kreise only.

    Official totals are kept and never recomputed. A sum is made only of all living Kreise of the
    region, each with a number; it carries their flags and "summed", and if it is zero it is exactly
    none only where every Kreis has exactly none.
    """
    additive = [m.id for m in dataset.measures if m.additive]
    key = ["period", "start", *dataset.dimensions, "measure"]
    kreise = rows[rows["region"].isin([id for id, region in register.items() if region.is_kreis])]
    kreise = kreise[kreise["measure"].isin(additive) & kreise["status"].isin(_NUMBERS)]
    of = wholes(register, kreise, dataset.period.type)
    # a town's own table has one Kreis and a great many cells: no whole is made of it
    there = of["part"].isin(kreise["region"].unique())
    of = of[there.groupby([of["start"], of["region"]]).transform("all")]
    kreise = kreise[kreise["region"].isin(of["part"].unique())]
    if kreise.empty:
        return rows
    kreise = kreise.assign(rounded=is_rounded(kreise["value"], kreise["status"], kreise["flags"]))
    parts = kreise.rename(columns={"region": "part"}).merge(of, on=["start", "part"])
    sums = parts.groupby(["region", *key], sort=True).agg(
        value=("value", "sum"),
        count=("value", "size"),
        members=("members", "first"),
        source=("source", "min"),
        rounded=("rounded", "any"),
    )
    new = sums[sums["count"] == sums["members"]].drop(columns=["count", "members"])
    new = new[~new.index.isin(rows.set_index(["region", *key]).index)]
    if new.empty:
        return rows
    section.add(
        "info",
        quantity(len(new), "Wert", "Werte") + " für Länder, Regierungsbezirke und Deutschland als "
        "Summe ihrer Kreise ergänzt, weil die Tabelle sie nicht nennt",
    )
    told = parts.drop_duplicates(["region", *key, "flags"]).set_index(["region", *key])["flags"]
    told = told[told.index.isin(new.index)].groupby(level=["region", *key])
    new = new.assign(
        status=status_of_result(new["value"], new["rounded"]),
        flags=told.agg(lambda flags: join_flags(*flags, "summed")),
    ).reset_index()
    return pd.concat([rows, new[rows.columns]], ignore_index=True)
