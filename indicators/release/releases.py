"""The only module that opens a release for reading.

A release is attached read-only to an in-memory connection: connecting to a path again would return
an older file's data while an earlier connection lives. Every query takes its own cursor, because
one connection cannot serve two threads.

Releases are a chain: each names all that were there before it. What is newer is decided by that;
a clock can be wrong. A release whose file is not what was published is damaged and never shown;
where the one in force is, the last good one is shown in its place.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

import duckdb
import pandas as pd

from indicators import formats
from indicators.catalog import catalog as definitions
from indicators.catalog.catalog import Catalog
from indicators.errors import BildungsblickError, ReleaseError
from indicators.folders import Folders
from indicators.regions import Region

# The frames of an answer have some dozen rows, and words as Python's own are then read far faster
# than from Arrow's memory: an answer takes a fifth less. Of all frames, for they meet each other.
pd.set_option("mode.string_storage", "python")

# Stands for the date of a file that states none, so that every edition with a date goes before it.
UNKNOWN_STAND = datetime(1900, 1, 1)
# The table of the values of all indicators and regions, which the build computes.
KEPT_VALUES = "indicator_values"
# Before the id of a release that is built and not published: an address must ask for a preview, and
# whatever leaves the screen says that it is of one.
PREVIEW = "vorschau-"
# What DuckDB says of a file whose blocks are not what was written.
_BROKEN = (duckdb.IOException, duckdb.InternalException, duckdb.FatalException)
_BUILD = "Nächster Schritt: „python -m indicators build“ ausführen."


@dataclass(frozen=True)
class Source:
    """A file in the release, for the source line of a figure. `stand` is when its publisher had
    the figures (UNKNOWN_STAND where the file does not say), not when they were published here;
    `own` says that it is a town's own table and not an official one, `excerpt` that it holds some
    regions and periods of its table only."""

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
    excerpt: bool = False

    @property
    def stand_words(self) -> str:
        """ "Stand 13.03.2025", or that nobody knows."""
        return "ohne Stand" if self.stand == UNKNOWN_STAND else f"Stand {formats.day(self.stand)}"


@dataclass(frozen=True)
class Listed:
    """A release as its facts describe it. `before` are the ids of all releases that it knows of,
    the newest first: the first is its predecessor. `made_of` is the digest of its files, `sha256`
    of its own ("" where a release is too old to say). `reason` says why it was published, and
    `taken_back` when and why it was taken back, which is what readers are told of it."""

    id: str
    published: datetime
    in_force: bool = False
    before: tuple[str, ...] = ()
    made_of: str = ""
    sha256: str = ""
    reason: str = ""
    taken_back: str = ""

    @property
    def day(self) -> str:
        """When it was published, in words: two releases of one day differ by the time."""
        return formats.minute(self.published)


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
    """An opened release: definitions, regions and sources as they were, and its counts. `before`
    are the releases it knows of, as in Listed.

    Equal only to itself, so that what is computed from it can be remembered under it."""

    id: str
    published: datetime
    before: tuple[str, ...]
    path: Path = field(repr=False)
    catalog: Catalog = field(repr=False)
    regions: dict[str, Region] = field(repr=False)
    sources: dict[int, Source] = field(repr=False)
    maps: dict[str, dict] = field(repr=False)
    datasets: frozenset[str]
    tables: frozenset[str] = field(repr=False)
    protection: dict[str, Protection] = field(repr=False)
    _connection: duckdb.DuckDBPyConnection = field(repr=False)

    def frame(self, sql: str, parameters: list | None = None) -> pd.DataFrame:
        """The rows of a query in the columns it asks for; values are bound, identifiers come from
        the catalog. Raises ReleaseError where the file was damaged since it was opened."""
        try:
            with self._connection.cursor() as cursor:
                return cursor.execute(sql, parameters or []).df()
        except _BROKEN as error:
            _damaged.add((self.path, _stamp(self.path)))
            raise _is_damaged(self.id) from error

    @property
    def is_protected(self) -> bool:
        """Whether it was made when small numbers were protected (releases of before stay as they
        were)."""
        return "audit" in self.tables

    @property
    def is_published(self) -> bool:
        """Whether it is for readers, and not the preview of one that nobody has published yet."""
        return not self.id.startswith(PREVIEW)

    def close(self) -> None:
        self._connection.close()

    def region(self, id: str) -> Region:
        return self.regions[id]


# --- which releases there are --------------------------------------------------------------------


def listed(folders: Folders) -> list[Listed]:
    """All releases of the folder, newest first: each comes before all that it knows of. The clock
    decides only between those that know nothing of each other."""
    current = pointer(folders)
    found = []
    for path in folders.releases.glob("*.json"):
        facts = facts_of(path)
        if facts and path.with_suffix(".duckdb").is_file():
            found.append(replace(facts, in_force=facts.id == current))
    ordered: list[Listed] = []
    while found:
        known = {id for one in found for id in one.before}
        # two that name each other can come of damaged facts only
        free = [one for one in found if one.id not in known] or found
        ordered.append(max(free, key=lambda one: (one.published, one.id)))
        found.remove(ordered[-1])
    return ordered


def candidates(folders: Folders) -> list[Listed]:
    """The releases that are built and audited and not published, newest first, under their plain
    ids; mostly one."""
    found = [facts_of(path) for path in folders.candidates.glob("*.json")]
    whole = [f for f in found if f and (folders.candidates / f"{f.id}.duckdb").is_file()]
    return sorted(whole, key=lambda one: (one.published, one.id), reverse=True)


def pointer(folders: Folders) -> str:
    """The id that `current.json` names; "" if it is not there or broken."""
    try:
        named = json.loads((folders.releases / "current.json").read_text(encoding="utf-8"))
        return named["release"] if isinstance(named["release"], str) else ""
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def facts_of(path: Path) -> Listed | None:
    """What stands beside a release's file; None if that is missing or damaged."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        return Listed(
            id=path.stem,
            published=datetime.fromisoformat(told["published"]),
            before=tuple(map(str, told.get("before", ()))),
            made_of=str(told.get("made_of", "")),
            sha256=str(told.get("sha256", "")),
            reason=str(told.get("reason", "")),
            taken_back=str(told.get("taken_back", "")),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def facts_inside(path: Path) -> Listed | None:
    """The facts of a release as its file tells them, published when the file was written last; None
    if it is damaged or no release."""
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            told = dict(connection.execute("SELECT key, value FROM release").fetchall())
            connection.execute("SELECT count(*) FROM report")
    except duckdb.Error:
        return None
    if told.get("id") != path.stem:
        return None
    return Listed(
        id=path.stem,
        published=datetime.fromtimestamp(path.stat().st_mtime),
        before=tuple(told.get("before", "").split()),
        made_of=told.get("made_of", ""),
        sha256=checksum(path),
    )


def checksum(path: Path) -> str:
    """The SHA-256 of a file as it lies there now; "" if it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


@lru_cache(maxsize=64)
def _checksum_once(path: Path, stamp: tuple[int, int]) -> str:
    """Reading takes two hundredths of a second for ten megabytes: once per process and file."""
    return checksum(path)


# Files of which a query said that they are damaged, though they were whole when they were opened.
_damaged: set[tuple[Path, tuple[int, int]]] = set()


def stamp(folders: Folders, id: str) -> tuple:
    """What changes whenever the file of a release does, or when a query found it damaged."""
    path = _path(folders, id)
    seen = _stamp(path)
    return (*seen, (path, seen) in _damaged)


def _path(folders: Folders, id: str) -> Path:
    """Where the file of a release lies, or would: previews in the office's own folder."""
    if id.startswith(PREVIEW):
        return folders.candidates / f"{id.removeprefix(PREVIEW)}.duckdb"
    return folders.releases / f"{id}.duckdb"


def _stamp(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        return (0, 0)
    return found.st_size, found.st_mtime_ns


# --- opening -------------------------------------------------------------------------------------


def open_release(folders: Folders, id: str | None = None, *, unpublished: bool = False) -> Release:
    """Opens a release, by default the one in force, or the last good one where that is damaged
    (`notice` says so). A preview (PREVIEW before its id) is opened only for who says that
    `unpublished` ones may be seen; for all others there is none. Raises ReleaseError with the next
    step."""
    if not id:
        return in_force(folders, lambda chosen: open_release(folders, chosen))
    path = _path(folders, id)
    may_see = unpublished or not id.startswith(PREVIEW)
    facts = facts_of(path.with_suffix(".json")) if may_see else None
    known = folders.candidates if id.startswith(PREVIEW) else folders.releases
    if id.startswith(PREVIEW) and facts is None:
        raise ReleaseError(
            "Diese Vorschau gibt es nicht, oder sie ist nur für die Redaktion. Nächster Schritt: "
            "den aktuellen Datenstand öffnen."
        )
    # the id may come from an address: it never names a file elsewhere
    if path.parent != known or not path.is_file() or facts is None:
        listed_ids = ", ".join(release.id for release in listed(folders)) or "keiner"
        raise ReleaseError(f"Den Datenstand {id} gibt es nicht; vorhanden: {listed_ids}.")
    if not _is_sound(path, facts):
        raise _is_damaged(id)
    return open_file(path, id, facts.published)


def in_force(folders: Folders, opener: Callable[[str], Release]) -> Release:
    """The release in force; where it cannot be opened, the last one before it that can, else the
    newest. Raises ReleaseError if there is none."""
    first: ReleaseError | None = None
    for id in _to_try(folders):
        try:
            return opener(id)
        except ReleaseError as error:
            first = first or error
    raise first or ReleaseError(f"Es gibt noch keinen Datenstand. {_BUILD}")


def _to_try(folders: Folders) -> Iterator[str]:
    named = pointer(folders)
    if named:
        yield named
    order = [one.id for one in listed(folders)]
    at = order.index(named) if named in order else 0
    # what came after the one in force was taken back: only if nothing else is left
    yield from (id for id in [*order[at:], *order[:at]] if id != named)


def notice(folders: Folders, shown: Release) -> str:
    """That another release is shown than the one in force, because that is damaged; else ""."""
    if shown.id == pointer(folders):
        return ""
    return (
        "Der Datenstand in Kraft lässt sich nicht lesen. Es wird der Stand vom "
        f"{formats.minute(shown.published)} gezeigt."
    )


def current_id(folders: Folders) -> str:
    """The id of the release that is shown where none is asked for. Raises ReleaseError if there is
    none that is whole."""
    for id in _to_try(folders):
        facts = facts_of(folders.releases / f"{id}.json")
        if facts and _is_sound(folders.releases / f"{id}.duckdb", facts):
            return id
    raise ReleaseError(f"Es gibt noch keinen Datenstand. {_BUILD}")


def _is_sound(path: Path, facts: Listed) -> bool:
    """Whether a file is what its facts say, as far as these are new enough to say it."""
    seen = _stamp(path)
    if not path.is_file() or (path, seen) in _damaged:
        return False
    return not facts.sha256 or facts.sha256 == _checksum_once(path, seen)


def _is_damaged(id: str) -> ReleaseError:
    return ReleaseError(f"Der Datenstand {id} ist beschädigt und wird nicht gezeigt. {_BUILD}")


def open_file(path: Path, id: str, published: datetime) -> Release:
    """Opens a release file wherever it lies, also one that is not in force yet."""
    connection = duckdb.connect(config={"threads": 2})
    try:
        connection.execute(f"ATTACH '{_quoted(path)}' AS release (READ_ONLY)")
        _close_off(connection)
        return _read(connection, path, id, published)
    except duckdb.Error as error:
        connection.close()
        raise _is_damaged(id) from error
    except (BildungsblickError, KeyError, TypeError, ValueError) as error:
        connection.close()
        raise ReleaseError(
            f"Der Datenstand {id} passt nicht zu dieser Fassung von Bildungsblick und wird nicht "
            f"gezeigt. {_BUILD}"
        ) from error


def _close_off(connection: duckdb.DuckDBPyConnection) -> None:
    """From now on nothing but what is attached can be read."""
    for setting in (
        "SET autoinstall_known_extensions = false",
        "SET autoload_known_extensions = false",
        "SET enable_external_access = false",
        "SET lock_configuration = true",
    ):
        connection.execute(setting)


@contextmanager
def both(before: Release, after: Release) -> Iterator[Callable[[str], pd.DataFrame]]:
    """Two releases in one database, as `before` and `after`: asks it and returns rows in the
    columns of the query. Raises ReleaseError where one of them was damaged since it was opened."""
    with duckdb.connect(config={"threads": 2}) as connection:
        try:
            for name, one in (("before", before), ("after", after)):
                connection.execute(f"ATTACH '{_quoted(one.path)}' AS {name} (READ_ONLY)")
            _close_off(connection)
            yield lambda sql: connection.execute(sql).df()
        except _BROKEN as error:
            raise _is_damaged(f"{before.id} oder {after.id}") from error


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _read(
    connection: duckdb.DuckDBPyConnection, path: Path, id: str, published: datetime
) -> Release:
    facts = dict(connection.execute("SELECT key, value FROM release.release").fetchall())
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
        before=tuple(facts.get("before", "").split()),
        path=path,
        catalog=_catalog(tuple(sorted(texts.items()))),
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


@lru_cache(maxsize=4)
def _catalog(texts: tuple[tuple[str, str], ...]) -> Catalog:
    """Definitions of one wording are read once: releases of a folder mostly share them."""
    return definitions.from_texts(dict(texts), released=True)


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
