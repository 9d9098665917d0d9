"""Datasets from mapped files: which edition counts, derived categories, sums of Kreise."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import combinations
from types import MappingProxyType

import pandas as pd

from indicators.catalog.definition import TOTAL
from indicators.catalog.meaning import Dataset, Dimension
from indicators.formats import quantity
from indicators.publishing.kreise import wholes
from indicators.publishing.precedence import About, Edition, Editions
from indicators.publishing.report import Section
from indicators.regions import Region
from indicators.symbols import WITH_NUMBER, is_rounded, join_flags, status_of_result

_NUMBERS = [status.value for status in WITH_NUMBER]


def combine(
    editions: list[Edition],
    dataset: Dataset,
    section: Section,
    register: Mapping[str, Region] = MappingProxyType({}),
    about: About | None = None,
) -> pd.DataFrame:
    """One row per region, period, dimensions and measure: the newest edition of each table and
    period counts; where two tables state the same cell, the one defined first.

    What gives way, is missing or contradicts is told in the section, with the names of the
    `register`; if `about` a file, only what concerns it. Two editions of one age that contradict
    each other are an error.

    Columns: region, period, start, dimensions, measure, value, status, flags, source.
    """
    by_table: dict[str, list[Edition]] = {}
    for edition in editions:
        by_table.setdefault(edition.table, []).append(edition)
    told = Editions(dataset, register, section, about)
    parts = [part for table in by_table.values() for part in told.rows(table)]
    rows = pd.concat(parts, ignore_index=True).sort_values(["rank", "source"], kind="stable")
    _report_contradictions(rows, {one.source: one for one in editions}, told)
    # a number beats a symbol, then the table defined first
    rows = rows.assign(empty=~rows["status"].isin(_NUMBERS)).sort_values(
        ["empty", "rank", "source"], kind="stable"
    )
    return rows.drop_duplicates(told.key).drop(columns=["empty", "rank", "line"])


def _report_contradictions(
    rows: pd.DataFrame, editions: Mapping[int, Edition], told: Editions
) -> None:
    """Two tables may state the same cell; where they differ the reader is told both values."""
    numbers = rows[rows["status"].isin(_NUMBERS)]
    repeated = numbers[numbers.duplicated(told.key, keep=False)]
    for (first, second), pair in _pairs(repeated, told.key):
        one, other = editions[first], editions[second]
        if one.table == other.table or not told.concerns(one, other):
            continue
        one, other = (replace(e, rows=pair[pair["source"] == e.source]) for e in (one, other))
        found = told.contradictions(one, other)
        if len(found):
            told.section.add(
                "warning",
                quantity(len(found), "Wert steht", "Werte stehen")
                + f" in zwei Tabellen verschieden (zum Beispiel "
                f"{told.examples(found.head(1), one, other)}); es gilt die in der Definition "
                "zuerst genannte Tabelle",
            )


def _pairs(
    repeated: pd.DataFrame, key: list[str]
) -> Iterator[tuple[tuple[int, int], pd.DataFrame]]:
    """Rows of cells that several sources state, for each pair of sources."""
    sources = repeated["source"].unique()
    for first, second in combinations(sources, 2):
        pair = repeated[repeated["source"].isin([first, second])]
        pair = pair[pair.duplicated(key, keep=False)]
        if len(pair):
            yield (int(first), int(second)), pair


def derive(rows: pd.DataFrame, dataset: Dataset, dimensions: list[Dimension]) -> pd.DataFrame:
    """Adds the category no file delivers: total minus the delivered one (men = all − women).

    One row more per region, period, measure and other dimensions where one file states both
    numbers: the difference of two editions would be nobody's number. It carries the flags of both
    and "derived"; a rest of zero is exact only if both numbers are. A category that is delivered,
    with a number or a symbol, is never replaced, and a negative rest (of rounding) never shown.

    Columns are those of the rows that came.
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

    Columns are those of the rows that came.
    """
    additive = [m.id for m in dataset.measures if m.additive]
    key = ["period", "start", *dataset.dimensions, "measure"]
    kreise = rows[rows["region"].isin([id for id, region in register.items() if region.is_kreis])]
    kreise = kreise[kreise["measure"].isin(additive) & kreise["status"].isin(_NUMBERS)]
    of = wholes(register, kreise, dataset.period)
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
