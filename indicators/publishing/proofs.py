"""The other tables that prove the protection: kept for the office, checked without the engine.

A proof is a difference from the true table: it moves hidden values only and leaves every sum as it
is, so whoever sees the release cannot tell one table from the other. The file names cells and says
which of them are not small; it belongs to the office alone.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd

from indicators import writing
from indicators.catalog.definition import TOTAL
from indicators.catalog.meaning import Dataset
from indicators.folders import Folders
from indicators.formats import number
from indicators.protection.audit.hierarchy import families
from indicators.publishing.database import filled
from indicators.publishing.programme import Protected
from indicators.publishing.protected_rows import measure_groups
from indicators.release.releases import Release
from indicators.symbols import Status


@dataclass(frozen=True)
class Checked:
    """How many `proofs` were looked at, how many hidden values they move, and what is wrong, in
    German (empty: each proves what it should)."""

    proofs: int
    moved: int
    objections: tuple[str, ...]


def words(checked: Iterable[Checked]) -> str:
    """What was looked at, in German."""
    every = list(checked)
    return (
        f"{number(sum(one.proofs for one in every))} Gegenbeispiele nachgerechnet: "
        f"{number(sum(one.moved for one in every))} verborgene Werte könnten andere sein, ohne "
        "dass sich ein gezeigter Wert oder eine Summe ändert"
    )


def path_of(id: str, folders: Folders) -> Path:
    return folders.office / f"{id}.duckdb"


def write(protected: Mapping[str, Protected], id: str, folders: Folders) -> Path:
    """One table per dataset with own numbers (proof, region, period, dimensions, measure, move in
    persons); several datasets share a proof where they count the same persons."""
    path = path_of(id, folders)
    with writing.aside(path, private=True) as part, filled(part) as connection:
        for dataset, one in protected.items():
            if one.proofs is not None:
                connection.register("frame", one.proofs)
                connection.execute(f'CREATE TABLE "{dataset}" AS SELECT * FROM frame')
                connection.unregister("frame")
    return path


def check(finished: Release, folders: Folders, datasets: Collection[str]) -> Checked | None:
    """Looks at the proofs of datasets again, knowing what the release shows and how regions and
    categories add up; None where no proofs are kept (the release was built elsewhere)."""
    path = path_of(finished.id, folders)
    if not path.is_file():
        return None
    objections, numbers, moved = [], set(), 0
    with duckdb.connect(str(path), read_only=True) as connection:
        for id, rule in finished.protection.items():
            dataset = finished.catalog.datasets[id]
            if id not in datasets or not measure_groups(dataset):
                continue  # nothing but ready-made ratios
            proofs = connection.execute(f'SELECT * FROM "{id}"').df()
            rows = _rows(finished, dataset)
            key = ["region", "period", *dataset.dimensions, "measure"]
            touched = proofs.merge(rows, how="left", on=key)
            if not touched["hidden"].eq(True).all():
                objections.append(f"{dataset.name}: ein Gegenbeispiel ändert einen gezeigten Wert")
            hidden = rows[rows["hidden"]].merge(
                proofs[key].drop_duplicates(), how="left", on=key, indicator="found"
            )
            alone = int((hidden["found"] == "left_only").sum())
            if alone > rule.exposed:
                objections.append(
                    f"{dataset.name}: zu {number(alone)} verborgenen Werten gibt es kein "
                    "Gegenbeispiel"
                )
            if _breaks_a_sum(proofs, rows, dataset, finished):
                objections.append(f"{dataset.name}: ein Gegenbeispiel passt nicht zu einer Summe")
            numbers |= set(proofs["proof"])
            moved += len(hidden) - alone
    return Checked(len(numbers), moved, tuple(objections))


def _rows(finished: Release, dataset: Dataset) -> pd.DataFrame:
    """What the release has of each count: region, period, dimensions, measure, hidden."""
    columns = ["region", "period", *dataset.dimensions]
    found = []
    for table in (f"data_{dataset.id}", f"sums_{dataset.id}"):
        if table not in finished.tables:
            continue
        frame = finished.frame(f'SELECT * FROM release."{table}"')
        for measure in (m for group in measure_groups(dataset) for m in group):
            part = frame[frame[f"{measure.id}_source"] >= 0]
            hidden = part[f"{measure.id}_status"] == Status.SUPPRESSED.value
            found.append(part[columns].assign(measure=measure.id, hidden=hidden))
    return pd.concat(found, ignore_index=True)


def _breaks_a_sum(
    proofs: pd.DataFrame, rows: pd.DataFrame, dataset: Dataset, finished: Release
) -> bool:
    for id in dataset.dimensions:
        dimension = finished.catalog.dimensions[id]
        if dimension.partition:
            parts = [c.id for c in dimension.categories if not c.subset]
            if _breaks(proofs, rows, id, TOTAL, parts):
                return True
        for name in rows.loc[rows[id].str.contains("+", regex=False), id].unique():
            if _breaks(proofs, rows, id, name, name.split("+")):
                return True
    touched = set(proofs["region"])
    return any(
        _breaks(proofs, rows, "region", whole, parts)
        for whole, _, parts, complete in families(finished.regions)
        if complete and touched & {whole, *parts}
    )


def _breaks(
    proofs: pd.DataFrame, rows: pd.DataFrame, column: str, whole: str, parts: list[str]
) -> bool:
    """Whether a proof moves a whole otherwise than its parts together, where all are published."""
    others = [c for c in rows.columns if c not in (column, "hidden")]
    counted = rows[rows[column].isin(parts)].groupby(others, observed=True)[column].nunique()
    complete = counted[counted == len(parts)].index
    wholes = pd.MultiIndex.from_frame(rows.loc[rows[column] == whole, others])
    complete = complete.intersection(wholes)
    signs = proofs[column].map({whole: -1} | dict.fromkeys(parts, 1))
    moves = proofs.assign(move=proofs["move"] * signs)[signs.notna()]
    moves = moves[pd.MultiIndex.from_frame(moves[others]).isin(complete)]
    return bool(moves.groupby(["proof", *others], observed=True)["move"].sum().ne(0).any())
