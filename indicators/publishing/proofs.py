"""The other tables that prove the protection: kept for the office, checked without the engine.

A proof is a difference from the true table: it moves hidden values only and leaves every sum as it
is, so whoever sees the release cannot tell one table from the other. The file names cells and says
which of them are not small; it belongs to the office alone.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
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
            places = _Places(["region", "period", *dataset.dimensions, "measure"], rows, proofs)
            hidden = rows["hidden"].to_numpy(bool)
            shown = np.isin(places.of_proofs, places.of_rows[~hidden])
            if not np.all(np.isin(places.of_proofs, places.of_rows[hidden]) & ~shown):
                objections.append(f"{dataset.name}: ein Gegenbeispiel ändert einen gezeigten Wert")
            moves = np.isin(places.of_rows[hidden], places.of_proofs)
            alone = int((~moves).sum())
            if alone > rule.exposed:
                objections.append(
                    f"{dataset.name}: zu {number(alone)} verborgenen Werten gibt es kein "
                    "Gegenbeispiel"
                )
            if _breaks_a_sum(places, dataset, finished):
                objections.append(f"{dataset.name}: ein Gegenbeispiel passt nicht zu einer Summe")
            numbers |= set(proofs["proof"])
            moved += int(moves.sum())
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


class _Places:
    """The rows of a release and of its proofs as numbers: what the same columns say has the same
    number, made of a digit for each column. Words are compared once, all sums then by numbers."""

    def __init__(self, columns: list[str], rows: pd.DataFrame, proofs: pd.DataFrame):
        self.names: dict[str, pd.Index] = {}
        self._weight: dict[str, int] = {}
        self._digits: dict[str, tuple[np.ndarray, np.ndarray]] = {}
        self.of_rows = np.zeros(len(rows), np.int64)
        self.of_proofs = np.zeros(len(proofs), np.int64)
        size = 1
        for column in columns:
            digit, names = pd.factorize(pd.concat([rows[column], proofs[column]]))
            self.names[column], self._weight[column] = pd.Index(names), size
            self._digits[column] = digit[: len(rows)], digit[len(rows) :]
            self.of_rows += self._digits[column][0] * size
            self.of_proofs += self._digits[column][1] * size
            size *= len(names)
        self._published, self._first = np.unique(self.of_rows, return_index=True)
        _, self._proof = np.unique(proofs["proof"].to_numpy(np.int64), return_inverse=True)
        self._move = proofs["move"].to_numpy(np.int64)

    def breaks(self, column: str, whole: str, parts: list[str]) -> bool:
        """Whether a proof moves a whole otherwise than its parts together, where all are
        published."""
        at = self.names[column].get_indexer([whole, *parts])
        if np.any(at < 0):
            return False  # not all are published anywhere
        sign = np.zeros(len(self.names[column]), np.int64)
        sign[at[1:]], sign[at[0]] = 1, -1
        (digit, moved), weight = self._digits[column], self._weight[column]
        concerned = sign[moved] != 0
        if not concerned.any():
            return False
        digit = digit[self._first]
        others = self._published - digit * weight
        found, count = np.unique(others[sign[digit] > 0], return_counts=True)
        complete = np.intersect1d(found[count == len(parts)], others[sign[digit] < 0])
        concerned &= np.isin(self.of_proofs - moved * weight, complete)
        place = np.searchsorted(complete, (self.of_proofs - moved * weight)[concerned])
        _, of_sum = np.unique(
            self._proof[concerned] * (len(complete) + 1) + place, return_inverse=True
        )
        together = np.zeros(len(of_sum), np.int64)
        np.add.at(together, of_sum, (sign[moved] * self._move)[concerned])
        return bool(together.any())


def _breaks_a_sum(places: _Places, dataset: Dataset, finished: Release) -> bool:
    for id in dataset.dimensions:
        dimension = finished.catalog.dimensions[id]
        if dimension.partition:
            parts = [c.id for c in dimension.categories if not c.subset]
            if places.breaks(id, TOTAL, parts):
                return True
        for name in places.names[id]:
            if "+" in name and places.breaks(id, name, name.split("+")):
                return True
    return any(
        places.breaks("region", whole, parts)
        for whole, _, parts, complete in families(finished.regions)
        if complete
    )
