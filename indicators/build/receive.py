"""Taking a file in: read, understood and checked like in a build, before anything is stored."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from indicators import release
from indicators.build import composed, own_tables, plausibility, run
from indicators.build.report import Report
from indicators.catalog import Catalog
from indicators.errors import FileError, ReleaseError
from indicators.folders import Folders
from indicators.meaning import Dataset
from indicators.sources.reading import read_file
from indicators.sources.receiving import Stored, keep, keep_own
from indicators.sources.table import OfficialTable


@dataclass(frozen=True)
class Received:
    """What became of a file: where it lies and what the checks say about it."""

    stored: Stored
    report: Report


class Receiver:
    """Takes files in for one data folder; definitions and regions are loaded once.

    Raises FileError for a file that cannot be taken whole: then nothing of it is stored.
    """

    def __init__(self, folders: Folders):
        self.folders = folders
        self.catalog: Catalog = run.load_catalog(folders)
        archive, _ = run.boundary_archive(folders)
        self._register = run.register_of(archive, self.catalog)

    def check(self, table: OfficialTable, report: Report) -> None:
        """Understands one table and runs the build's checks on it."""
        run.check_table(table, self.catalog, self._register, report)
        _refuse(table.file, report)

    def receive(self, path: Path) -> Received:
        report = Report()
        if path.is_file():
            content = path.read_bytes()
            own = own_tables.read_own(content, path.name, self.catalog, self._register)
            if own:
                return self._receive_own(content, path.name, own, report)
        tables = read_file(path)
        for table in composed.divided(tables, self.catalog):
            self.check(table, report)
        return Received(
            keep(path.read_bytes(), path.name, tables, self.folders, self.catalog), report
        )

    def _receive_own(
        self, content: bytes, file: str, own: list[own_tables.OwnTable], report: Report
    ) -> Received:
        for table in own:
            run.check_own_table(table, self.catalog, self._register, report)
            self._tell_leaps(table, report)
        _refuse(file, report)
        mappings, values = [table.mapping for table in own], sum(len(t.rows) for t in own)
        dataset = own[0].dataset
        stored = keep_own(
            content,
            file,
            mappings,
            values,
            self.folders,
            publisher=mappings[0].publisher or dataset.publisher,
            licence=mappings[0].licence or dataset.licence,
        )
        return Received(stored, report)

    def _tell_leaps(self, table: own_tables.OwnTable, report: Report) -> None:
        """Compares a town's numbers with those it has published, where there are any."""
        published = _published(self.folders, table.dataset)
        place = ["region", "period", *table.dataset.dimensions, "measure"]
        rows = pd.concat([table.rows, published]).drop_duplicates(place)
        section = report.section(f"Vergleich mit früheren Zahlen ({table.file})")
        periods = set(table.rows["period"])
        plausibility.leaps(rows, table.dataset, self._register, section, periods)


def _published(folders: Folders, dataset: Dataset) -> pd.DataFrame:
    """What the release in force shows of a dataset: region, period, start, dimensions, measure,
    value, status. Empty without a release, or where it divides the dataset by something else."""
    columns = ["region", "period", "start", *dataset.dimensions]
    try:
        opened = release.open_release(folders)
    except ReleaseError:
        return pd.DataFrame()
    try:
        known = opened.catalog.datasets.get(dataset.id)
        if dataset.id not in opened.datasets or known.dimensions != dataset.dimensions:
            return pd.DataFrame()
        wide = opened.frame(f'SELECT * FROM release."data_{dataset.id}"')
        frames = [
            wide[[*columns, measure.id, f"{measure.id}_status"]]
            .set_axis([*columns, "value", "status"], axis=1)
            .assign(measure=measure.id)
            for measure in known.measures
        ]
        found = pd.concat(frames, ignore_index=True)
        return found.assign(start=found["start"].dt.date, line=0)
    finally:
        opened.close()


def _refuse(file: str, report: Report) -> None:
    """Raises FileError with all that the checks object to: who corrects a file wants to see every
    line of it at once."""
    errors = report.of("error")
    if errors:
        raise FileError(file, "\n".join(errors))
