"""Taking a file in: read, understood and checked like in a build, before anything is stored."""

from dataclasses import dataclass
from pathlib import Path

from indicators.build import run, territory
from indicators.build.report import Report
from indicators.catalog import Catalog
from indicators.errors import FileError
from indicators.folders import Folders
from indicators.sources.reading import read_file
from indicators.sources.receiving import Stored, keep
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
        self._register = territory.register(archive, self.catalog)

    def check(self, table: OfficialTable, report: Report) -> None:
        """Understands one table and runs the build's checks on it."""
        run.check_table(table, self.catalog, self._register, report)
        if report.of("error"):
            raise FileError(table.file, report.of("error")[0])

    def receive(self, path: Path) -> Received:
        tables = read_file(path)
        report = Report()
        for table in tables:
            self.check(table, report)
        return Received(
            keep(path.read_bytes(), path.name, tables, self.folders, self.catalog), report
        )
