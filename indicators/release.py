"""The only module that opens a release for reading.

A release is attached read-only to an in-memory connection: connecting to a path again would return
an older file's data while an earlier connection lives. Every query takes its own cursor, because
one connection cannot serve two threads.
"""

import json
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import duckdb
import pandas as pd

from indicators import catalog as definitions
from indicators import formats
from indicators.catalog import Catalog
from indicators.errors import ReleaseError
from indicators.folders import Folders
from indicators.regions import Region

# Stands for the date of a file that states none, so that every edition with a date goes before it.
UNKNOWN_STAND = datetime(1900, 1, 1)
_BUILD = "Nächster Schritt: „python -m indicators build“ ausführen."


@dataclass(frozen=True)
class Source:
    """A file in the release, for the source line of a figure. `stand` is when its publisher had
    the figures (UNKNOWN_STAND where the file does not say), not when they were published here;
    `own` says that it is a town's own table and not an official one."""

    id: int
    dataset: str
    table_code: str
    title: str
    publisher: str
    licence: str
    attribution: str
    stand: datetime
    file: str
    own: bool = False

    @property
    def stand_words(self) -> str:
        """ "Stand 13.03.2025", or that nobody knows."""
        return "ohne Stand" if self.stand == UNKNOWN_STAND else f"Stand {formats.day(self.stand)}"


@dataclass(frozen=True)
class Listed:
    """A release as `list` shows it."""

    id: str
    published: datetime
    in_force: bool


@dataclass(frozen=True)
class Protection:
    """How a dataset's own numbers are protected here: the rule in force (protection/rules.py says
    what it means), how many own values there are and how many of them are hidden. `exposed` are
    small ones that an earlier release showed and that cannot be taken back."""

    dataset: str
    minimum: int
    zeros: str
    group: int
    minimum_denominator: int
    insider: bool
    cells: int
    hidden: int
    exposed: int


@dataclass(frozen=True, eq=False)
class Release:
    """An opened release: definitions, regions and sources as they were, and its counts.

    Equal only to itself, so that what is computed from it can be remembered under it."""

    id: str
    published: datetime
    catalog: Catalog = field(repr=False)
    regions: dict[str, Region] = field(repr=False)
    sources: dict[int, Source] = field(repr=False)
    maps: dict[str, dict] = field(repr=False)
    datasets: frozenset[str]
    tables: frozenset[str] = field(repr=False)
    protection: dict[str, Protection] = field(repr=False)
    _connection: duckdb.DuckDBPyConnection = field(repr=False)

    def frame(self, sql: str, parameters: list | None = None) -> pd.DataFrame:
        """The rows of a query; values are bound, identifiers come from the catalog."""
        with self._connection.cursor() as cursor:
            return cursor.execute(sql, parameters or []).df()

    @property
    def is_protected(self) -> bool:
        """Whether it was made when small numbers were protected (releases of before stay as they
        were)."""
        return "audit" in self.tables

    def close(self) -> None:
        self._connection.close()

    def region(self, id: str) -> Region:
        return self.regions[id]


def listed(folders: Folders) -> list[Listed]:
    """All releases of the folder, newest first."""
    current = _current(folders)
    found = []
    for facts in folders.releases.glob("*.json"):
        if facts.name == "current.json" or not facts.with_suffix(".duckdb").exists():
            continue
        published = _published(facts)
        if published:
            found.append(Listed(facts.stem, published, facts.stem == current))
    return sorted(found, key=lambda release: (release.published, release.id), reverse=True)


def current_id(folders: Folders) -> str:
    """The id of the release in force. Raises ReleaseError if there is none."""
    current = _current(folders)
    if current is None:
        raise ReleaseError(f"Es gibt noch keinen Datenstand. {_BUILD}")
    return current


def _current(folders: Folders) -> str | None:
    pointer = folders.releases / "current.json"
    if not pointer.exists():
        return None
    try:
        return json.loads(pointer.read_text(encoding="utf-8"))["release"]
    except (ValueError, KeyError, TypeError) as error:
        raise ReleaseError(f"Die Datei {pointer} ist beschädigt. {_BUILD}") from error


def _published(facts: Path) -> datetime | None:
    """When a release was published; None if its facts are missing or damaged."""
    try:
        content = json.loads(facts.read_text(encoding="utf-8"))
        return datetime.fromisoformat(content["published"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def open_release(folders: Folders, id: str | None = None) -> Release:
    """Opens a release, by default the one in force. Raises ReleaseError with the next step."""
    id = id or current_id(folders)
    path = folders.releases / f"{id}.duckdb"
    published = _published(folders.releases / f"{id}.json")
    # the id may come from an address: it never names a file elsewhere
    if path.parent != folders.releases or not path.is_file() or published is None:
        known = ", ".join(release.id for release in listed(folders)) or "keiner"
        raise ReleaseError(f"Den Datenstand {id} gibt es nicht; vorhanden: {known}.")
    return open_file(path, id, published)


def open_file(path: Path, id: str, published: datetime) -> Release:
    """Opens a release file wherever it lies, also one that is not in force yet."""
    connection = duckdb.connect(config={"threads": 2})
    try:
        connection.execute(f"ATTACH '{_quoted(path)}' AS release (READ_ONLY)")
        for setting in (
            "SET autoinstall_known_extensions = false",
            "SET autoload_known_extensions = false",
            "SET enable_external_access = false",
            "SET lock_configuration = true",
        ):
            connection.execute(setting)
        return _read(connection, id, published)
    except duckdb.Error as error:
        connection.close()
        raise ReleaseError(
            f"Der Datenstand {id} ist beschädigt und wird nicht gezeigt. {_BUILD}"
        ) from error


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _read(connection: duckdb.DuckDBPyConnection, id: str, published: datetime) -> Release:
    texts = dict(connection.execute("SELECT file, text FROM release.definitions").fetchall())
    tables = {
        name
        for (name,) in connection.execute(
            "SELECT table_name FROM duckdb_tables() WHERE database_name = 'release'"
        ).fetchall()
    }
    rows = _records(connection, "SELECT * FROM release.regions")
    regions = {row["id"]: _region(row) for row in rows}
    sources = {
        row["id"]: Source(
            **{name: row[name] for name in Source.__dataclass_fields__ if name in row},
        )
        for row in _records(connection, "SELECT * FROM release.sources ORDER BY id")
    }
    maps = {row["level"]: row for row in _records(connection, "SELECT * FROM release.maps")}
    return Release(
        id=id,
        published=published,
        catalog=definitions.from_texts(texts, released=True),
        regions=regions,
        sources=sources,
        maps=maps,
        tables=frozenset(tables),
        protection={
            row["dataset"]: Protection(**row)
            for row in (
                _records(connection, "SELECT * FROM release.protection")
                if "protection" in tables
                else []
            )
        },
        datasets=frozenset(name.removeprefix("data_") for name in tables if name[:5] == "data_"),
        _connection=connection,
    )


def _records(connection: duckdb.DuckDBPyConnection, sql: str) -> list[dict]:
    cursor = connection.execute(sql)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _region(row: dict) -> Region:
    def day(value) -> date | None:
        return value.date() if isinstance(value, datetime) else value

    return Region(
        **{
            **row,
            "valid_from": day(row["valid_from"]),
            "valid_to": day(row["valid_to"]),
            "successors": tuple(row["successors"]),
            "members": tuple(row["members"]),
        }
    )
