"""Agendas under a name: nothing is overwritten unseen, and nothing that was saved is lost.

Each save names the version it was made of. Where somebody else has saved meanwhile it is refused,
with both still there. What is replaced is kept below `history`.
"""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from indicators import agenda as agendas
from indicators import writing
from indicators.agenda import Agenda
from indicators.errors import BildungsblickError, DefinitionError
from indicators.folders import Folders
from indicators.saved.store import ENDING, Store, version
from indicators.saved.store import ConflictError as ConflictError  # what `save` raises


@dataclass(frozen=True)
class Saved:
    """An agenda as it was saved: its short `name`, which is that of the file, and the `version` of
    the content, by which a later save says what it is made of."""

    name: str
    agenda: Agenda
    version: str


@dataclass(frozen=True)
class Listed:
    """One of the saved agendas; `error` says why it cannot be read, "" if it can."""

    name: str
    title: str
    error: str = ""


def listed(folders: Folders) -> list[Listed]:
    """All saved agendas by title; a damaged one stands among them with what is wrong."""
    found = []
    for name in _store(folders).names():
        try:
            found.append(Listed(name, read(folders, name).agenda.title))
        except (BildungsblickError, OSError) as error:
            found.append(Listed(name, name, str(error)))
    return sorted(found, key=lambda one: one.title.casefold())


def ready(folders: Folders) -> dict[str, Agenda]:
    """The agendas that ship, by their short name. Raises DefinitionError."""
    paths = [p for folder in folders.ready_agendas for p in sorted(folder.glob(f"*{ENDING}"))]
    return {path.stem: agendas.read(path.read_bytes(), path.name) for path in paths}


def named(folders: Folders, name: str) -> Agenda:
    """An agenda as somebody calls it who types: a file, a saved one or one that ships. Raises
    DefinitionError naming what there is."""
    path = Path(name)
    if path.suffix == ENDING:
        try:
            return agendas.read(path.read_bytes(), path.name)
        except FileNotFoundError as error:
            raise DefinitionError(
                f"Die Datei {name} gibt es nicht. Nächster Schritt: den Weg zur Mappe prüfen."
            ) from error
        except OSError as error:
            raise DefinitionError(f"{name}: {writing.reason(error)}") from error
    known = [one.name for one in listed(folders)]
    if name in known:
        return read(folders, name).agenda
    shipped = ready(folders)
    if name in shipped:
        return shipped[name]
    raise DefinitionError(
        f"Eine Mappe „{name}“ gibt es nicht. Nächster Schritt: eine Datei mit der Endung {ENDING} "
        f"angeben oder eine dieser Mappen: {', '.join([*known, *shipped])}."
    )


def every(folders: Folders) -> list[Agenda]:
    """All agendas that are saved and can be read, then those that ship. Raises DefinitionError."""
    kept = [read(folders, one.name).agenda for one in listed(folders) if not one.error]
    return [*kept, *ready(folders).values()]


def read(folders: Folders, name: str) -> Saved:
    """Raises DefinitionError where there is none of this name, or it cannot be read."""
    path = _store(folders).path(name)
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise DefinitionError(
            f"Die Mappe „{name}“ gibt es hier nicht. Nächster Schritt: auf der Seite „Sitzung“ "
            "eine der gespeicherten Mappen öffnen."
        ) from error
    except OSError as error:
        raise DefinitionError(f"{path.name}: {writing.reason(error)}") from error
    return Saved(name, agendas.read(content, path.name), version(content))


def save(folders: Folders, agenda: Agenda, name: str = "", based_on: str = "") -> Saved:
    """Saves under a name, by default that of the title. `based_on` is the version it was made of,
    "" for a new one. Raises ConflictError where what is saved now is another version, BuildError
    where nothing can be written."""
    name = name or name_of(agenda.title)
    content = agendas.written(agenda).encode()
    refused = (
        f"Unter dem Namen „{name}“ ist inzwischen eine andere Fassung gespeichert. "
        "Nächster Schritt: diese Mappe unter anderem Titel speichern, oder die andere "
        "öffnen und die Änderungen dort wiederholen."
    )
    return Saved(name, agenda, _store(folders).save(name, content, based_on, refused))


def remove(folders: Folders, name: str) -> None:
    """Takes an agenda from the list; its last version stays in the history."""
    _store(folders).remove(name)


def releases(folders: Folders) -> frozenset[str]:
    """The releases that saved agendas show: these must stay."""
    found: set[str] = set()
    for one in listed(folders):
        with suppress(BildungsblickError):
            found |= read(folders, one.name).agenda.releases
    return frozenset(found)


def name_of(title: str) -> str:
    """A short name for a file: "Bericht für den Ausschuss" → "bericht-fuer-den-ausschuss"."""
    return Store(Path(), "die Mappe", "mappe").name_of(title)


def _store(folders: Folders) -> Store:
    return Store(folders.saved / "agendas", "die Mappe", "mappe")
