"""The file of a release: one immutable DuckDB file, written aside as a candidate.

The file's name is its content: the same deliveries and definitions after the same releases give the
same release. What changes with time (when it was published) and what proves the file (its checksum)
stand beside it in `<release>.json`. How it comes into force stands in release/publication.py. What
the office alone may read lies in another folder. Everything is written in such an order that a
build that is killed leaves the old release in force, and the next build completes or removes what
it left.
"""

import fcntl
import hashlib
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from functools import partial, reduce
from pathlib import Path

import duckdb
import pandas as pd

from indicators import writing
from indicators.catalog.catalog import Catalog
from indicators.catalog.meaning import Dataset
from indicators.errors import BuildError, ReleaseError
from indicators.folders import Folders
from indicators.publishing import boundaries, fingerprints, proofs, results
from indicators.publishing.database import filled
from indicators.publishing.deliveries import Delivery
from indicators.publishing.fingerprints import Fingerprints
from indicators.publishing.report import Report
from indicators.regions import Region
from indicators.release import protection_report, publication
from indicators.release import releases as release
from indicators.release.releases import Listed, Release

# Part of every release's identity: raise it when the build makes other tables of the same input.
FORMAT = 9
_LOCK = "build.lock"


@dataclass(frozen=True, kw_only=True)
class Source(release.Source):
    """One file that went into a release: what a reader is shown of it, and what identifies it.
    `id` is what rows refer to, `fingerprint` that of its content (see `fingerprints`)."""

    fingerprint: str
    format: str
    shipped: bool


@dataclass(frozen=True)
class Content:
    """All that a release holds, as plain tables: of counts only what may be shown.

    `sums` are rows in the columns of `datasets` that readers cannot add up themselves; `protection`
    has a row per protected dataset (its rule, how much is hidden); `shown_before` are numbers that
    earlier releases showed and this one shows otherwise or not (region, period, measure,
    dimensions, value)."""

    catalog: Catalog
    regions: dict[str, Region]
    sources: list[Source]
    footnotes: pd.DataFrame
    datasets: dict[str, pd.DataFrame]
    maps: list[dict]
    sums: dict[str, pd.DataFrame] = field(default_factory=dict)
    protection: pd.DataFrame = field(default_factory=pd.DataFrame)
    shown_before: dict[str, pd.DataFrame] = field(default_factory=dict)


def digest_of(
    catalog: Catalog,
    deliveries: list[Delivery],
    boundaries: list[Path],
    marks: Fingerprints,
) -> str:
    """A digest of all definitions and files a release is made of; keyed where any is the town's."""
    digest = hashlib.sha256(f"format {FORMAT}\n".encode())
    for name, text in sorted(catalog.files.items()):
        digest.update(f"{name}\n{hashlib.sha256(text.encode()).hexdigest()}\n".encode())
    for delivery in deliveries:
        facts = replace(delivery, path=Path(delivery.path.name))
        digest.update(f"{facts}\n".encode())
    for path in boundaries:
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    found = digest.hexdigest()
    return found if all(one.shipped for one in deliveries) else marks.keyed(found)


def release_id(digest: str, before: tuple[str, ...]) -> str:
    """The release's name. Which dots it has depends on what was shown before, so the releases it
    knows of are part of it."""
    return hashlib.sha256(f"{digest}\n{' '.join(before)}".encode()).hexdigest()[:12]


def made_of(digest: str, folders: Folders) -> list[Listed]:
    """The releases of the folder that were made of the same definitions and files, newest first,
    whole or not."""
    return [one for one in release.listed(folders) if one.made_of == digest]


def is_complete(one: Listed, folders: Folders, *, candidate: bool = False) -> bool:
    """Whether a release (or a candidate) is there as it was written, with its map files and its
    proofs."""
    folder = folders.candidates if candidate else folders.releases
    if not one.sha256 or release.checksum(folder / f"{one.id}.duckdb") != one.sha256:
        return False
    try:
        asked = f"{release.PREVIEW}{one.id}" if candidate else one.id
        opened = release.open_release(folders, asked, unpublished=candidate)
    except ReleaseError:
        return False
    names = [told["name"] for told in opened.maps.values()]
    opened.close()
    maps = all(boundaries.is_whole(folders.map_files / name) for name in names)
    if candidate and (not has_papers(one.id, folders) or publication.is_stale(folders, one.id)):
        return False
    return maps and proofs.path_of(one.id, folders).is_file()


# --- before a build ------------------------------------------------------------------------------


@contextmanager
def alone(folders: Folders) -> Iterator[None]:
    """No other build works in this data folder meanwhile. The system gives the lock back when the
    process ends, however it ends. Raises BuildError where another build is running."""
    path = writing.folder(folders.office, private=True) / _LOCK
    with writing.explained(path):
        lock = path.open("w")
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BuildError(
                "In diesem Datenordner läuft schon ein Build. Nächster Schritt: warten, bis er "
                "fertig ist, und den Befehl wiederholen."
            ) from error
        yield


def tidy(folders: Folders) -> None:
    """Removes or completes what builds have left that were killed, and brings what older versions
    left to its place. Only for who is `alone`. Raises BuildError where nothing can be written."""
    if (folders.releases / "current.json").is_dir():
        raise BuildError(
            f"{folders.releases / 'current.json'} ist ein Ordner. Nächster Schritt: ihn umbenennen "
            "oder löschen und den Build wiederholen."
        )
    for folder in (folders.releases, folders.map_files):
        writing.folder(folder)
        writing.remove_parts(folder)
    publication.settle(folders)
    writing.folder(folders.office, private=True)
    writing.remove_parts(folders.office)
    for folder in (folders.office / results.FOLDER, folders.candidates, folders.releasing):
        writing.remove_parts(folder)
    _remove_torn_candidates(folders)
    _remove_old_leftovers(folders)
    _move_office_papers(folders)
    _complete_facts(folders)
    _close_old_audits(folders)
    _remove_papers_of_nothing(folders)
    if folders.received.is_dir():
        writing.close(folders.received)


def _remove_old_leftovers(folders: Folders) -> None:
    """What interrupted builds of older versions left, which named things aside otherwise."""
    for pattern in (".*.duckdb*", "*.new"):
        for path in folders.releases.glob(pattern):
            writing.discard(path)
    for path in folders.map_files.glob("tmp*.part"):
        writing.discard(path)


def _move_office_papers(folders: Folders) -> None:
    """Older versions kept Schutzberichte beside the releases, and proofs in a folder of their
    own."""
    old = folders.data / "proofs"
    for path in old.glob(".*.duckdb*"):
        writing.discard(path)
    for path in (*folders.releases.glob("*-schutzbericht.txt"), *old.glob("*.duckdb")):
        target = folders.office / path.name
        with writing.explained(target):
            path.replace(target)
        writing.close(target)
    if old.is_dir() and not any(old.iterdir()):
        with writing.explained(old):
            old.rmdir()


def _close_old_audits(folders: Folders) -> None:
    """Older versions kept in the release what the audit says of single cells, and no checksum
    beside it: such a release is written once more, without the one and with the other."""
    for path in folders.releases.glob("*.duckdb"):
        facts = release.facts_of(path.with_suffix(".json"))
        if facts is None or facts.sha256:
            continue
        with suppress(BuildError):  # damaged, or no space: it stays as it is
            with writing.aside(path) as part, filled(part) as connection:
                _copy_without_cells(path, connection)
            publication.write_facts(replace(facts, sha256=release.checksum(path)), folders.releases)


def _copy_without_cells(old: Path, connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(f"ATTACH '{str(old).replace(chr(39), chr(39) * 2)}' AS before (READ_ONLY)")
    names = connection.execute(
        "SELECT table_name FROM duckdb_tables() WHERE database_name = 'before' ORDER BY table_oid"
    ).fetchall()
    for (name,) in names:
        if name == "audit":
            rows = connection.execute("SELECT * FROM before.audit").df()
            if "text" in rows:
                rows["text"] = rows["text"].map(protection_report.without_cells)
            _table(connection, name, rows)
        else:
            connection.execute(f'CREATE TABLE "{name}" AS SELECT * FROM before."{name}"')
    connection.execute("DETACH before")


def _complete_facts(folders: Folders) -> None:
    """A file without facts is a release whose build was killed, or whose facts were lost: the file
    tells them all but the day. Facts without a file describe nothing that could be shown."""
    for path in folders.releases.glob("*.duckdb"):
        beside = path.with_suffix(".json")
        if release.facts_of(beside) is None and (told := release.facts_inside(path)):
            publication.write_facts(told, folders.releases)


def _remove_torn_candidates(folders: Folders) -> None:
    """A candidate without facts is one whose build was killed."""
    whole = {one.id for one in release.candidates(folders)}
    for path in folders.candidates.glob("*"):
        if path.stem not in whole:
            writing.discard(path)


def _remove_papers_of_nothing(folders: Folders) -> None:
    """Papers are written before their release. Those of one that has no file and that no other
    knows of never came to be; those of releases that were removed later stay."""
    known = {path.stem for path in folders.releases.glob("*.duckdb")}
    known |= {one.id for one in release.candidates(folders)}
    known |= {id for one in release.listed(folders) for id in one.before}
    for path in folders.office.iterdir():
        id = re.match(r"[0-9a-z]+", path.name)
        kept = path.is_dir() or path.name in (_LOCK, fingerprints.KEY)
        if not kept and not (id and id[0] in known):
            writing.discard(path)


# --- the release ---------------------------------------------------------------------------------


def write(content: Content, id: str, folder: Path) -> Path:
    """Writes the release file aside, in the folder where it is to lie, and returns its path."""
    path = writing.unused(folder / f"{id}.duckdb", private=True)
    try:
        with filled(path) as connection:
            _write_tables(connection, content, id)
    except BaseException:
        writing.discard(path)
        raise
    return path


def finish(
    aside: Path,
    id: str,
    folders: Folders,
    report: Report,
    audit: pd.DataFrame | None = None,
    made_of: str = "",
    before: tuple[str, ...] = (),
    cells: Mapping[str, str] | None = None,
    values: pd.DataFrame | None = None,
) -> None:
    """Adds the report, what the audit found, the `values` of all indicators and what the release
    comes after, writes the office's papers (if the audit says something of `cells`), and gives the
    finished file its name in the folder where it lies: a candidate, which nobody sees who is not
    allowed to and which takes the place of every other one."""
    chain = pd.DataFrame({"key": ["made_of", "before"], "value": [made_of, " ".join(before)]})
    findings = pd.DataFrame(report.public_rows(), columns=["section", "level", "text"])
    with filled(aside) as connection:
        connection.register("frame", chain)
        connection.execute("INSERT INTO release SELECT * FROM frame")
        connection.unregister("frame")
        _table(connection, "report", findings)
        if audit is not None:
            _table(connection, "audit", audit)
        if values is not None:
            _table(connection, release.KEPT_VALUES, values)
    if cells is not None:
        opened = release.open_file(aside, id, datetime.now())
        write_papers(opened, folders, report, cells)
        opened.close()
    path = aside.parent / f"{id}.duckdb"
    writing.settle(aside, path, private=True)
    facts = Listed(
        id=id,
        published=datetime.now(),
        before=before,
        made_of=made_of,
        sha256=release.checksum(path),
    )
    knows = tuple(one.id for one in release.listed(folders))
    publication.write_facts(facts, path.parent, knows)


def remove_candidate(id: str, folders: Folders) -> None:
    """Removes a release that was never published; its papers go with the next `tidy`."""
    for ending in ("json", "duckdb"):
        writing.discard(folders.candidates / f"{id}.{ending}")


def write_papers(
    finished: Release, folders: Folders, report: Report, cells: Mapping[str, str]
) -> None:
    """Writes what the office alone may read of a release: the Prüfbericht, and the Schutzbericht
    with what the audit says of single cells (`cells`: dataset → text)."""
    for name, text in (
        ("schutzbericht", protection_report.text(finished, cells)),
        ("pruefbericht", report.text() + "\n"),
    ):
        writing.write(_paper(finished.id, name, folders), text, private=True)


def has_papers(id: str, folders: Folders) -> bool:
    return _paper(id, "schutzbericht", folders).is_file()


def paper(id: str, folders: Folders) -> str:
    """The Prüfbericht that the office keeps of a release; "" where it is not there any more."""
    try:
        return _paper(id, "pruefbericht", folders).read_text(encoding="utf-8")
    except OSError:
        return ""


def _paper(id: str, name: str, folders: Folders) -> Path:
    return folders.office / f"{id}-{name}.txt"


def _write_tables(connection: duckdb.DuckDBPyConnection, content: Content, id: str) -> None:
    _table(
        connection, "release", pd.DataFrame({"key": ["id", "format"], "value": [id, str(FORMAT)]})
    )
    _table(
        connection,
        "regions",
        pd.DataFrame(
            [
                {
                    **asdict(region),
                    "successors": list(region.successors),
                    "members": list(region.members),
                }
                for region in content.regions.values()
            ]
        ),
    )
    _table(connection, "sources", pd.DataFrame([asdict(source) for source in content.sources]))
    _table(connection, "footnotes", content.footnotes)
    _table(connection, "maps", pd.DataFrame(content.maps))
    _table(
        connection,
        "definitions",
        pd.DataFrame(sorted(content.catalog.files.items()), columns=["file", "text"]),
    )
    for dataset_id, rows in content.datasets.items():
        wide = widen(rows, content.catalog.datasets[dataset_id])
        _table(connection, f"data_{dataset_id}", wide)
    for dataset_id, rows in content.sums.items():
        if len(rows):
            wide = widen(rows, content.catalog.datasets[dataset_id])
            _table(connection, f"sums_{dataset_id}", wide)
    if len(content.protection):
        _table(connection, "protection", content.protection)
    for dataset_id, rows in content.shown_before.items():
        if len(rows):
            _table(connection, f"before_{dataset_id}", rows)


def widen(rows: pd.DataFrame, dataset: Dataset) -> pd.DataFrame:
    """Long rows (one per measure) as the published table, one row per region, period and
    combination of categories. Columns: region, period, start, year, dimensions,
    then value, status and flags of each measure, and the source. A measure without a row for this
    place is missing. Sorted by dimensions, period and region, which is how it is asked for."""
    key = ["region", "period", "start", *dataset.dimensions]
    parts = []
    for measure in dataset.measures:
        part = rows.loc[
            rows["measure"] == measure.id, [*key, "value", "status", "flags", "source"]
        ].rename(
            columns={
                "value": measure.id,
                "status": f"{measure.id}_status",
                "flags": f"{measure.id}_flags",
                "source": f"{measure.id}_source",
            }
        )
        parts.append(part)
    wide = reduce(partial(pd.merge, on=key, how="outer"), parts)
    for measure in dataset.measures:
        wide[f"{measure.id}_status"] = wide[f"{measure.id}_status"].fillna("missing")
        wide[f"{measure.id}_flags"] = wide[f"{measure.id}_flags"].fillna("")
        wide[f"{measure.id}_source"] = wide[f"{measure.id}_source"].fillna(-1).astype("int32")
    wide["start"] = pd.to_datetime(wide["start"])
    wide.insert(3, "year", wide["start"].dt.year.astype("int32"))
    return wide.sort_values(
        [*dataset.dimensions, "start", "region"], ignore_index=True, kind="stable"
    )


def _table(connection: duckdb.DuckDBPyConnection, name: str, frame: pd.DataFrame) -> None:
    # names come from checked definitions; the pattern keeps SQL out all the same
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise BuildError(f"„{name}“ ist kein zulässiger Tabellenname")
    connection.register("frame", frame)
    casts = ", ".join(
        f'"{column}"::DATE AS "{column}"'
        if column in ("start", "valid_from", "valid_to")
        else f'"{column}"'
        for column in frame.columns
    )
    connection.execute(f'CREATE TABLE "{name}" AS SELECT {casts} FROM frame')
    connection.unregister("frame")
