"""Publication: one immutable DuckDB file per release, written aside and put in force atomically.

The file's name is its content: the same deliveries and definitions give the same release. What
changes with time (when it was published) stands beside it in `<release>.json`; `current.json`
names the release in force. A release file is never written again.
"""

import hashlib
import json
import os
import re
import tempfile
import time
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path

import duckdb
import pandas as pd

from indicators import protection_report, release
from indicators.build.deliveries import Delivery
from indicators.build.report import Report
from indicators.catalog import Catalog
from indicators.errors import BuildError
from indicators.folders import Folders
from indicators.meaning import Dataset
from indicators.regions import Region

# Part of every release's identity: raise it when the build makes other tables of the same input.
FORMAT = 6
_LONGEST_BUILD = 24 * 60 * 60  # seconds


@dataclass(frozen=True, kw_only=True)
class Source(release.Source):
    """One file that went into a release: what a reader is shown of it, and what identifies it.
    `id` is what rows refer to."""

    sha256: str
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


def digest_of(catalog: Catalog, deliveries: list[Delivery], boundaries: list[Path]) -> str:
    """A digest of all definitions and files a release is made of."""
    digest = hashlib.sha256(f"format {FORMAT}\n".encode())
    for name, text in sorted(catalog.files.items()):
        digest.update(f"{name}\n{hashlib.sha256(text.encode()).hexdigest()}\n".encode())
    for delivery in deliveries:
        facts = replace(delivery, path=Path(delivery.path.name))
        digest.update(f"{facts}\n".encode())
    for path in boundaries:
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def release_id(digest: str, before: str | None) -> str:
    """The release's name. Which dots it has depends on what was shown before, so the release
    before (None: the first) is part of it."""
    return hashlib.sha256(f"{digest}\n{before or ''}".encode()).hexdigest()[:12]


def made_of(digest: str, folders: Folders) -> str | None:
    """The release of the folder that was made of the same definitions and files, if it is whole."""
    for one in release.listed(folders):
        facts = json.loads((folders.releases / f"{one.id}.json").read_text(encoding="utf-8"))
        if facts.get("made_of") == digest and exists(one.id, folders):
            return one.id
    return None


def remove_leftovers(folders: Folders) -> None:
    """Removes what interrupted builds have left. A file changed within a day may belong to a build
    that is running beside this one."""
    # with the logs DuckDB writes beside them
    for path in (*folders.releases.glob(".*.duckdb*"), *folders.proofs.glob(".*.duckdb*")):
        with suppress(FileNotFoundError):  # another build was quicker
            if time.time() - path.stat().st_mtime > _LONGEST_BUILD:
                path.unlink()


def write(content: Content, id: str, folders: Folders) -> Path:
    """Writes the release file aside and returns its path; nothing is in force yet."""
    folders.releases.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{id}-", suffix=".duckdb", dir=folders.releases)
    os.close(handle)
    path = Path(name)
    path.unlink()
    try:
        # one thread: rows keep their order, and the same input gives the same file
        with duckdb.connect(str(path), config={"threads": 1}) as connection:
            _write_tables(connection, content, id)
            connection.execute("CHECKPOINT")
    except duckdb.Error as error:
        path.unlink(missing_ok=True)
        raise BuildError(
            f"Der Datenstand konnte nicht geschrieben werden ({error}). Der bisherige gilt weiter. "
            "Nächster Schritt: freien Speicherplatz prüfen."
        ) from error
    return path


def finish(
    aside: Path,
    id: str,
    folders: Folders,
    report: Report,
    audit: pd.DataFrame | None = None,
    made_of: str = "",
) -> None:
    """Adds the report and what the audit found, and gives the finished file its name."""
    with duckdb.connect(str(aside), config={"threads": 1}) as connection:
        findings = pd.DataFrame(report.rows(), columns=["section", "level", "text"])
        _table(connection, "report", findings)
        if audit is not None:
            _table(connection, "audit", audit)
        connection.execute("CHECKPOINT")
    _flush(aside)
    os.replace(aside, folders.releases / f"{id}.duckdb")
    _write_json(
        folders.releases / f"{id}.json",
        {
            "id": id,
            "published": datetime.now().isoformat(timespec="seconds"),
            "made_of": made_of,
        },
    )


def write_protection_report(id: str, folders: Folders) -> Path:
    """Puts the Schutzbericht beside the release's file and returns its path. It names cells, so it
    is for the office that decides on the data, not for the public."""
    opened = release.open_release(folders, id)
    path = folders.releases / f"{id}-schutzbericht.txt"
    path.write_text(protection_report.text(opened, cells=True), encoding="utf-8")
    opened.close()
    return path


def exists(id: str, folders: Folders) -> bool:
    """Whether this release is there as a whole, with its facts and its map files."""
    path = folders.releases / f"{id}.duckdb"
    if not path.is_file() or not path.with_suffix(".json").is_file():
        return False
    try:
        json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))["published"]
        with duckdb.connect(str(path), read_only=True) as connection:
            names = connection.execute("SELECT name FROM maps").fetchall()
    except (duckdb.Error, ValueError, KeyError):
        return False
    return all((folders.map_files / name).is_file() for (name,) in names)


def put_in_force(id: str, folders: Folders) -> None:
    """Points `current.json` at the release, atomically."""
    _write_json(folders.releases / "current.json", {"release": id})


def _write_json(path: Path, content: dict) -> None:
    aside = path.with_suffix(".new")
    aside.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    _flush(aside)
    os.replace(aside, path)


def _flush(path: Path) -> None:
    with path.open("rb+") as handle:
        os.fsync(handle.fileno())


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
    """Long rows (one per measure) as the published table: region, period, start, year, dimensions,
    then value, status and flags of each measure, and the source. A measure without a row for this
    place is missing. Sorted by dimensions, period and region, which is how it is asked for."""
    key = ["region", "period", "start", *dataset.dimensions]
    wide: pd.DataFrame | None = None
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
        wide = part if wide is None else wide.merge(part, on=key, how="outer")
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
