"""Where events and targets of a town are kept: files of its data folder, beside those that ship.

A file that is wrong stands in the list with what is wrong, and the others count all the same.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from indicators import writing
from indicators.errors import BildungsblickError, DefinitionError
from indicators.folders import Folders
from indicators.saved import annotations
from indicators.saved.annotations import Annotations, Event, Target
from indicators.saved.store import ENDING, Kept, Store, version
from indicators.saved.store import ConflictError as ConflictError  # what `save` raises

Sort = Literal["event", "target"]
Read = Callable[[bytes | str, str], Event | Target]
_STORES = {
    "event": ("events", "das Ereignis", "ereignis"),
    "target": ("targets", "das Ziel", "ziel"),
}
_READ: dict[Sort, Read] = {"event": annotations.read_event, "target": annotations.read_target}
SORTS: tuple[Sort, ...] = ("event", "target")


@dataclass(frozen=True)
class Saved:
    """An event or target as it was saved. `version` is that of the content, by which a later save
    says what it is made of; `ships` says that it came with the product and cannot be changed."""

    name: str
    entry: Event | Target
    version: str
    ships: bool = False

    @property
    def sort(self) -> Sort:
        return sort_of(self.entry)


@dataclass(frozen=True)
class Damaged:
    """A file that cannot be read, and why, in German."""

    name: str
    sort: Sort
    error: str


def sort_of(entry: Event | Target) -> Sort:
    return "event" if isinstance(entry, Event) else "target"


def listed(folders: Folders) -> tuple[list[Saved], list[Damaged]]:
    """All there are, the town's own and those that ship: events by time, then targets."""
    found: list[Saved] = []
    damaged: list[Damaged] = []
    for sort in SORTS:
        for path in _paths(folders, sort):
            name, ships = path.stem, path.parent != _store(folders, sort).folder
            try:
                content = path.read_bytes()
                entry = _READ[sort](content, path.name)
                found.append(Saved(name, entry, version(content), ships))
            except (BildungsblickError, OSError) as error:
                told = writing.reason(error) if isinstance(error, OSError) else str(error)
                damaged.append(Damaged(name, sort, told))
    return sorted(found, key=_order), damaged


def _order(one: Saved) -> tuple:
    entry = one.entry
    if isinstance(entry, Event):
        return (0, entry.day.isoformat(), one.name)
    return (1, entry.region, entry.indicator, entry.year, one.name)


def in_force(folders: Folders) -> Annotations:
    """All events and targets that count now."""
    found, _ = listed(folders)
    return Annotations(
        tuple((one.name, one.entry) for one in found if isinstance(one.entry, Event)),
        tuple((one.name, one.entry) for one in found if isinstance(one.entry, Target)),
    )


def stamp(folders: Folders) -> tuple:
    """Another value as soon as any of the files has changed."""
    found = []
    for sort in SORTS:
        for path in _paths(folders, sort):
            try:
                state = path.stat()
            except OSError:
                continue  # removed just now
            found.append((str(path), state.st_mtime_ns, state.st_size))
    return tuple(found)


def read(folders: Folders, sort: Sort, name: str) -> Saved:
    """One of the town's own. Raises DefinitionError where there is none or it cannot be read."""
    path = _store(folders, sort).path(name)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DefinitionError(f"{path.name}: {writing.reason(error)}") from error
    return Saved(name, _READ[sort](content, path.name), version(content))


def save(folders: Folders, entry: Event | Target, name: str = "", based_on: str = "") -> Saved:
    """Saves under a name; a new one gets its own. `based_on` is the version it was made of. Raises
    ConflictError where what is saved now is another version, BuildError where nothing can be
    written."""
    store = _store(folders, sort_of(entry))
    name = name or store.free_name(_title(entry))
    content = annotations.written(entry).encode()
    refused = (
        f"„{_title(entry)}“ hat inzwischen jemand anderes geändert; es wurde nichts überschrieben. "
        "Nächster Schritt: den Eintrag neu öffnen und die Änderung dort wiederholen."
    )
    return Saved(name, entry, store.save(name, content, based_on, refused))


def remove(folders: Folders, sort: Sort, name: str) -> None:
    """Takes one from the list; its last version stays in the history."""
    _store(folders, sort).remove(name)


def history(folders: Folders, sort: Sort, name: str) -> list[Kept]:
    """The earlier versions, newest first."""
    return _store(folders, sort).history(name)


def removed(folders: Folders, sort: Sort) -> list[str]:
    """The names of those that were removed."""
    return _store(folders, sort).removed()


def earlier(folders: Folders, sort: Sort, name: str, of: str) -> Event | Target:
    """An earlier version. Raises DefinitionError where there is none or it cannot be read."""
    for kept in history(folders, sort, name):
        if kept.version == of:
            try:
                return _READ[sort](kept.path.read_bytes(), kept.path.name)
            except OSError as error:
                raise DefinitionError(f"{kept.path.name}: {writing.reason(error)}") from error
    raise DefinitionError(f"Von „{name}“ gibt es die Fassung {of} nicht.")


def _title(entry: Event | Target) -> str:
    if isinstance(entry, Event):
        return entry.title
    return f"ziel {entry.indicator} {entry.year}"


def _store(folders: Folders, sort: Sort) -> Store:
    folder, thing, usual = _STORES[sort]
    return Store(folders.saved / folder, thing, usual)


def _paths(folders: Folders, sort: Sort) -> list[Path]:
    own = _store(folders, sort).folder
    ships = [folder / own.name for folder in folders.examples]
    return [path for folder in (*ships, own) for path in sorted(folder.glob(f"*{ENDING}"))]
