"""Agendas under a name: nothing is overwritten unseen, and nothing that was saved is lost.

Each save names the version it was made of. Where somebody else has saved meanwhile it is refused,
with both still there. What is replaced is kept below `history`.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from indicators import agenda as agendas
from indicators import writing
from indicators.agenda import Agenda
from indicators.errors import BildungsblickError, DefinitionError
from indicators.folders import Folders

_ENDING = ".toml"
_LOCK = ".lock"
_LONGEST = 60
_SPELT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


class ConflictError(BildungsblickError):
    """Somebody else has saved under this name meanwhile, or is doing so."""


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
    for path in _folder(folders).glob(f"*{_ENDING}"):
        try:
            found.append(Listed(path.stem, read(folders, path.stem).agenda.title))
        except (BildungsblickError, OSError) as error:
            found.append(Listed(path.stem, path.stem, str(error)))
    return sorted(found, key=lambda one: one.title.casefold())


def ready(folders: Folders) -> dict[str, Agenda]:
    """The agendas that ship, by their short name. Raises DefinitionError."""
    paths = [p for folder in folders.ready_agendas for p in sorted(folder.glob(f"*{_ENDING}"))]
    return {path.stem: agendas.read(path.read_bytes(), path.name) for path in paths}


def named(folders: Folders, name: str) -> Agenda:
    """An agenda as somebody calls it who types: a file, a saved one or one that ships. Raises
    DefinitionError naming what there is."""
    path = Path(name)
    if path.suffix == _ENDING:
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
        f"Eine Mappe „{name}“ gibt es nicht. Nächster Schritt: eine Datei mit der Endung {_ENDING} "
        f"angeben oder eine dieser Mappen: {', '.join([*known, *shipped])}."
    )


def every(folders: Folders) -> list[Agenda]:
    """All agendas that are saved and can be read, then those that ship. Raises DefinitionError."""
    kept = [read(folders, one.name).agenda for one in listed(folders) if not one.error]
    return [*kept, *ready(folders).values()]


def read(folders: Folders, name: str) -> Saved:
    """Raises DefinitionError where there is none of this name, or it cannot be read."""
    path = _path(folders, name)
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise DefinitionError(
            f"Die Mappe „{name}“ gibt es hier nicht. Nächster Schritt: auf der Seite „Sitzung“ "
            "eine der gespeicherten Mappen öffnen."
        ) from error
    except OSError as error:
        raise DefinitionError(f"{path.name}: {writing.reason(error)}") from error
    return Saved(name, agendas.read(content, path.name), _version(content))


def save(folders: Folders, agenda: Agenda, name: str = "", based_on: str = "") -> Saved:
    """Saves under a name, by default that of the title. `based_on` is the version it was made of,
    "" for a new one. Raises ConflictError where what is saved now is another version, BuildError
    where nothing can be written."""
    name = name or name_of(agenda.title)
    path = _path(folders, name)
    content = agendas.written(agenda).encode()
    with _alone(path):
        there = path.read_bytes() if path.exists() else None
        if there is not None and _version(there) not in (based_on, _version(content)):
            raise ConflictError(
                f"Unter dem Namen „{name}“ ist inzwischen eine andere Fassung gespeichert. "
                "Nächster Schritt: diese Mappe unter anderem Titel speichern, oder die andere "
                "öffnen und die Änderungen dort wiederholen."
            )
        if there is not None:
            _keep(path, there)
        writing.write(path, content)
    return Saved(name, agenda, _version(content))


def remove(folders: Folders, name: str) -> None:
    """Takes an agenda from the list; its last version stays in the history."""
    path = _path(folders, name)
    with _alone(path):
        if path.exists():
            _keep(path, path.read_bytes())
            with writing.explained(path, "gelöscht"):
                path.unlink()


def releases(folders: Folders) -> frozenset[str]:
    """The releases that saved agendas show: these must stay."""
    found: set[str] = set()
    for one in listed(folders):
        with suppress(BildungsblickError):
            found |= read(folders, one.name).agenda.releases
    return frozenset(found)


def name_of(title: str) -> str:
    """A short name for a file: "Bericht für den Ausschuss" → "bericht-fuer-den-ausschuss"."""
    spelt = title.casefold().translate(_SPELT)
    plain = unicodedata.normalize("NFKD", spelt).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST].strip("-") or "mappe"


def _folder(folders: Folders) -> Path:
    return folders.saved / "agendas"


def _path(folders: Folders, name: str) -> Path:
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", name):
        raise DefinitionError(f"„{name}“ ist kein Name einer Mappe: a bis z, Ziffern und -")
    return _folder(folders) / f"{name}{_ENDING}"


def _keep(path: Path, content: bytes) -> None:
    """A copy of what is replaced, under the moment and its version."""
    moment = datetime.now(UTC).strftime("%Y-%m-%dT%H-%M-%S")
    kept = path.parent / "history" / path.stem / f"{moment}-{_version(content)}{_ENDING}"
    writing.write(kept, content)


def _version(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Only one process saves under a name at a time."""
    lock = path.with_suffix(_LOCK)
    writing.folder(path.parent)
    try:
        lock.open("x").close()
    except FileExistsError as error:
        age = datetime.now().timestamp() - lock.stat().st_mtime
        if age < 30:
            raise ConflictError(
                "Diese Mappe wird gerade gespeichert. Nächster Schritt: es noch einmal versuchen."
            ) from error
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)
