"""Taking files in: read, understood, checked like in a build and compared with what lies there,
before anything is stored."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from pathlib import Path

import pandas as pd

from indicators.catalog.catalog import Catalog
from indicators.catalog.meaning import Dataset
from indicators.errors import BildungsblickError, FileError, ReleaseError
from indicators.folders import Folders
from indicators.publishing import (
    composed,
    datasets,
    deliveries,
    gathering,
    gemeinden,
    own_tables,
    plausibility,
    run,
)
from indicators.publishing.deliveries import Delivery
from indicators.publishing.precedence import About, Edition, Editions, in_order, is_undecided
from indicators.publishing.report import Report, Section
from indicators.regions import Region
from indicators.release import releases as release
from indicators.sources import receiving, stock
from indicators.sources.reading import read_bytes
from indicators.sources.receiving import Arrived, Stored
from indicators.sources.stock import Kept
from indicators.sources.table import OfficialTable

# Numbers of sources of the files that lie there begin at 0.
_NEW = -1
_MAX_BYTES = 300_000_000


@dataclass(frozen=True)
class Received:
    """What became of a file: where it lies and what the checks say about it."""

    stored: Stored
    report: Report


@dataclass(frozen=True)
class Refused:
    """A file of which nothing was stored."""

    path: Path
    error: BildungsblickError


@dataclass(frozen=True)
class _Read:
    """A file that was understood: its editions by dataset, and the report so far."""

    path: Path
    arrived: Arrived
    editions: dict[str, list[Edition]]
    report: Report = field(default_factory=Report)


class Receiver:
    """Takes files in for one data folder; definitions and regions are loaded once, and each file
    that lies there is read once at most.

    Raises FileError for a file that cannot be taken whole: then nothing of it is stored.
    """

    def __init__(self, folders: Folders):
        self.folders = folders
        self.catalog: Catalog = run.load_catalog(folders)
        archive, _ = run.boundary_archive(folders)
        self._register = run.register_of(archive, self.catalog, gemeinden.received(folders))

        self._known: dict[str, dict[str, list[Edition]]] = {}

    @property
    def register(self) -> dict[str, Region]:
        """All regions there are, by their key."""
        return self._register

    def receive(self, path: Path, *, instead: bool = False) -> Received:
        """Takes one file in. With `instead` it takes the place of those that lie there and would
        count for the same periods; without, one that contradicts another of the same Stand is
        refused."""
        return self._take(self._read_path(path), path, instead, _command(path))

    def receive_content(
        self, content: bytes, name: str, mappings: tuple[str, ...] = (), *, instead: bool = False
    ) -> Received:
        """Takes in what came without a file: bytes, under this name, read by these mappings or by
        those for files of this name."""
        read = self._read_as(content, Path(name), name, mappings)
        return self._take(read, None, instead, "auf der Seite „Daten einlesen“")

    def look(self, content: bytes, name: str) -> tuple[Report, pd.DataFrame]:
        """What a file says that is read already, with what was noticed; nothing is stored. A row
        per value, in the columns dataset, region, period, dimensions, measure, value and status.
        Raises FileError."""
        read = self._read_as(content, Path(name), name)
        frames = [
            edition.rows.assign(dataset=id)
            for id, editions in read.editions.items()
            for edition in editions
        ]
        return read.report, pd.concat(frames or [pd.DataFrame()], ignore_index=True)

    def receive_all(
        self, paths: Sequence[Path], *, instead: bool = False
    ) -> Iterator[Received | Refused]:
        """Takes several files in, each for itself. Two of them that speak of the same are both
        refused: their order on a command line says nothing about which counts."""
        results: dict[int, Refused] = {}
        read: dict[int, _Read] = {}
        for number, path in enumerate(paths):
            try:
                read[number] = self._read_path(path)
            except BildungsblickError as error:
                results[number] = Refused(path, error)
        for number, error in self._conflicts(read):
            results.setdefault(number, Refused(paths[number], error))
        for number, path in enumerate(paths):
            if number not in results:
                try:
                    yield self._take(read[number], path, instead, _command(path))
                    continue
                except BildungsblickError as error:
                    results[number] = Refused(path, error)
            yield results[number]

    def take(
        self,
        content: bytes,
        name: str,
        tables: Sequence[OfficialTable],
        url: str,
        *,
        command: str,
        instead: bool = False,
    ) -> Stored:
        """Takes in what was downloaded and read; `command` is what does so instead of others."""
        read = self._understood(content, Path(name), name, tables, url)
        return self._take(read, None, instead, command).stored

    # --- reading ----------------------------------------------------------------------------------

    def _read_path(self, path: Path) -> _Read:
        content = _content(path)
        try:
            return self._read_as(content, path, path.name)
        except FileError:
            # the same file under another name, or a copy that was changed where it lies: what it
            # was when it was received tells how it is read
            kept = self._received_as(content, path)
            if kept is None or not kept.origin.mapping:
                raise
            return self._read_as(content, path, kept.path.name, kept.origin.mapping)

    def _read_as(
        self, content: bytes, path: Path, name: str, mappings: tuple[str, ...] = ()
    ) -> _Read:
        found = own_tables.read_own(content, name, self.catalog, self._register, mappings)
        if found:
            return self._understood_own(content, path, name, found)
        return self._understood(content, path, name, read_bytes(content, name), "")

    def _received_as(self, content: bytes, path: Path) -> Kept | None:
        """The file of the stock that has this content or lies at this place."""
        sha256 = stock.checksum(content)
        received = [one for one in stock.kept_files(self.folders) if not one.shipped]
        same = [one for one in received if one.sha256 == sha256]
        return next(iter([*same, *(o for o in received if o.path == path.resolve())]), None)

    def _understood(
        self, content: bytes, path: Path, name: str, tables: Sequence[OfficialTable], url: str
    ) -> _Read:
        arrived = receiving.official(content, name, tables, self.catalog, url)
        read = _Read(path, arrived, {})
        delivery = _delivery(path, arrived)
        # what comes behind it may speak of the Gemeinden that this table lists
        self._register = gemeinden.register_with(self._register, tables, self.catalog)
        for table in composed.divided(list(tables), self.catalog):
            mapped, rows = gathering.check_table(table, self.catalog, self._register, read.report)
            edition = gathering.official_edition(delivery, table, mapped, rows, _NEW)
            read.editions.setdefault(mapped.dataset.id, []).append(edition)
        return _checked(read)

    def _understood_own(
        self, content: bytes, path: Path, name: str, found: list[own_tables.OwnTable]
    ) -> _Read:
        mappings, dataset = [table.mapping for table in found], found[0].dataset
        arrived = receiving.own(
            content,
            name,
            mappings,
            sum(len(table.rows) for table in found),
            publisher=mappings[0].publisher or dataset.publisher,
            licence=mappings[0].licence or dataset.licence,
        )
        read = _Read(path, arrived, {})
        delivery = _delivery(path, arrived)
        for table in found:
            rows = gathering.check_own_table(table, self.catalog, self._register, read.report)
            self._tell_leaps(table, read.report)
            edition = gathering.own_edition(delivery, table, rows, self.catalog, _NEW)
            read.editions.setdefault(table.dataset.id, []).append(edition)
        return _checked(read)

    def _tell_leaps(self, table: own_tables.OwnTable, report: Report) -> None:
        """Compares a town's numbers with those it has published, where there are any."""
        before = published(self.folders, table.dataset)
        place = ["region", "period", *table.dataset.dimensions, "measure"]
        rows = pd.concat([table.rows, before]).drop_duplicates(place)
        section = report.section(f"Vergleich mit früheren Zahlen ({table.file})")
        periods = set(table.rows["period"])
        plausibility.leaps(rows, table.dataset, self._register, section, periods)

    # --- files of one command line ----------------------------------------------------------------

    def _conflicts(self, read: dict[int, _Read]) -> Iterator[tuple[int, FileError]]:
        """The files that speak of the same as another one of them."""
        for (first, one), (second, other) in combinations(read.items(), 2):
            if one.arrived.sha256 == other.arrived.sha256:
                continue
            if told := self._conflict(one, other):
                for number, here, there in ((first, one, other), (second, other, one)):
                    yield (
                        number,
                        FileError(
                            here.path.name,
                            f"auch {there.path.name} wurde eben angegeben, und beide sagen etwas "
                            f"über dasselbe ({told}); nichts sagt, welche gilt. Nächster Schritt: "
                            "die Dateien einzeln annehmen, die gültige zuletzt, oder sie zu einer "
                            "verbinden, wenn beide gelten",
                        ),
                    )

    def _conflict(self, one: _Read, other: _Read) -> str:
        """What two files both speak of, in words; empty if they may both be taken."""
        for id in one.editions.keys() & other.editions.keys():
            told = Editions(self.catalog.datasets[id], self._register, Section(""))
            for here in one.editions[id]:
                for there in other.editions[id]:
                    if here.table == there.table and (text := told.conflict(here, there)):
                        return text
        return ""

    # --- against what lies there ------------------------------------------------------------------

    def _take(self, read: _Read, came_from: Path | None, instead: bool, command: str) -> Received:
        found = stock.kept_files(self.folders)
        here = next((one for one in found if _is_here(one, read)), None)
        others = {id: self._others(id, read, found) for id in read.editions}
        overtaken = here is not None and _is_overtaken(here, read, others)
        position = stock.next_position(found)
        if here and not overtaken:
            read = _placed(read, here.origin.position or 0, here.origin.instead)
        else:
            read = _placed(read, position, ())
        replaced = _rivals(read, others) if instead else []
        if replaced:
            said = here.origin.instead if here else ()
            read = _placed(read, position, (*said, *replaced))
        stray = came_from is not None and came_from.resolve() in [
            path.resolve() for path in stock.without_origin(self.folders, found)
        ]
        self._compare(read, others, command, ask=stray and not instead)
        stored = receiving.keep(
            read.arrived, self.folders, instead=replaced, again=overtaken, came_from=came_from
        )
        return Received(stored, read.report)

    def _others(self, dataset: str, read: _Read, found: list[Kept]) -> list[Edition]:
        """The editions of a dataset that lie there, as far as they can be read: of official tables
        all, of a town's own those of the same mappings."""
        tables = {edition.table for edition in read.editions[dataset]}
        if not read.arrived.own:
            tables = {table.code for table in self.catalog.datasets[dataset].tables}
        editions: list[Edition] = []
        for number, kept in enumerate(found):
            named = set(kept.origin.mapping) or {kept.origin.table.removesuffix("-B")}
            # of a composed file the origin names only whose it is
            short = {table.split("-")[0] for table in tables}
            if not (named & (tables | short | {""})) or kept.sha256 == read.arrived.sha256:
                continue
            editions += [
                replace(edition, **_facts(kept, number))
                for edition in self._editions_of(kept).get(dataset, [])
                if edition.table in tables
            ]
        return editions

    def _editions_of(self, kept: Kept) -> dict[str, list[Edition]]:
        """What a file of the stock says, by dataset; nothing if it is damaged or no definition
        reads it any more, which the build will tell."""
        if kept.sha256 not in self._known:
            try:
                self._known[kept.sha256] = self._read_kept(kept) if kept.state == "sound" else {}
            except BildungsblickError:
                self._known[kept.sha256] = {}
        return self._known[kept.sha256]

    def _read_kept(self, kept: Kept) -> dict[str, list[Edition]]:
        content, name = stock.read_content(kept.path), kept.path.name
        found: dict[str, list[Edition]] = {}
        delivery, report = deliveries.of(kept), Report()
        own = own_tables.read_own(content, name, self.catalog, self._register, delivery.mappings)
        for one in own:
            rows = gathering.check_own_table(one, self.catalog, self._register, report)
            edition = gathering.own_edition(delivery, one, rows, self.catalog, 0)
            found.setdefault(one.dataset.id, []).append(edition)
        for table in [] if own else composed.divided(read_bytes(content, name), self.catalog):
            mapped, rows = gathering.check_table(table, self.catalog, self._register, report)
            edition = gathering.official_edition(delivery, table, mapped, rows, 0)
            found.setdefault(mapped.dataset.id, []).append(edition)
        return found

    def _compare(
        self, read: _Read, others: dict[str, list[Edition]], command: str, *, ask: bool
    ) -> None:
        """Says what the file takes the place of, what it lacks and what counts instead of it.

        Raises FileError if it contradicts a file and nothing says which counts; if `ask`, also
        where only the order of receipt would say so.
        """
        section = read.report.section("Gegenüber den Dateien, die schon vorliegen")
        about = About(_NEW, command, ask)
        for id, editions in read.editions.items():
            dataset = self.catalog.datasets[id]
            datasets.combine([*others[id], *editions], dataset, section, self._register, about)
        if errors := [f.text for f in section.findings if f.level == "error"]:
            raise FileError(read.path.name, errors[0])


def published(folders: Folders, dataset: Dataset) -> pd.DataFrame:
    """What the release in force shows of a dataset: a row per value, in the columns region, period,
    start, dimensions, measure, value, status. Empty without a release, or where it divides the
    dataset by something else."""
    columns = ["region", "period", "start", *dataset.dimensions]
    try:
        opened = release.open_release(folders)
    except ReleaseError:
        return pd.DataFrame()
    try:
        known = opened.catalog.datasets.get(dataset.id)
        if (
            known is None
            or dataset.id not in opened.datasets
            or known.dimensions != dataset.dimensions
        ):
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


def _command(path: Path) -> str:
    return stock.receive_command(path, instead=True)


def _content(path: Path) -> bytes:
    """Raises FileError for what is no file, cannot be read or is too large."""
    if path.is_dir():
        raise FileError(
            path.name, "das ist ein Ordner. Nächster Schritt: die Dateien darin angeben"
        )
    if not path.is_file():
        raise FileError(path.name, "die Datei gibt es nicht")
    if path.stat().st_size > _MAX_BYTES:
        raise FileError(path.name, "die Datei ist größer als 300 MB und wird nicht gelesen")
    return stock.read_content(path)


def _delivery(path: Path, arrived: Arrived) -> Delivery:
    """The delivery that a file will be once it is stored."""
    return Delivery(
        path=path,
        shipped=False,
        sha256=arrived.sha256,
        title="",
        publisher="",
        attribution="",
        licence="",
        stand=arrived.stand if arrived.own else None,
        obtained_from="",
    )


def _checked(read: _Read) -> _Read:
    """Raises FileError with all that the checks object to: who corrects a file wants to see every
    line of it at once."""
    if errors := read.report.of("error"):
        raise FileError(read.path.name, "\n".join(errors))
    return read


def _facts(kept: Kept, number: int) -> dict:
    """What changes of a file's editions while the file stays the same."""
    delivery = deliveries.of(kept)
    return {
        "source": number,
        "path": delivery.path,
        "shipped": delivery.shipped,
        "position": delivery.position,
        "instead": delivery.instead,
    }


def _is_here(kept: Kept, read: _Read) -> bool:
    return not kept.shipped and kept.sha256 == read.arrived.sha256


def _placed(read: _Read, position: int, instead: tuple[str, ...]) -> _Read:
    """The file at this place of the chain."""
    editions = {
        id: [replace(edition, position=position, instead=instead) for edition in editions]
        for id, editions in read.editions.items()
    }
    return replace(read, editions=editions)


def _is_overtaken(here: Kept, read: _Read, others: dict[str, list[Edition]]) -> bool:
    """Whether a town's own file that lies there has given way to a later one anywhere."""
    if not read.arrived.own:
        return False
    return any(
        other.table == edition.table
        and in_order([other, replace(edition, **_facts(here, edition.source))])[0] is other
        and edition.places.isin(other.places).any()
        for id, editions in read.editions.items()
        for edition in editions
        for other in others[id]
    )


def _rivals(read: _Read, others: dict[str, list[Edition]]) -> list[str]:
    """The checksums of the files that would count for a period of this one, or contradict it."""
    found = []
    for id, editions in read.editions.items():
        for edition in editions:
            for other in others[id]:
                if other.table != edition.table or other.excerpt != edition.excerpt:
                    continue
                if not edition.places.isin(other.places).any():
                    continue
                if is_undecided(edition, other) or in_order([edition, other])[0] is other:
                    found.append(other.sha256)
    return list(dict.fromkeys(found))
