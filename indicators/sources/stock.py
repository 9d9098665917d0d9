"""The stock: every file that lies in a data folder with an origin, and what lies there without.

Files that were received form a chain: each names the one received before it and has the next
position. So a clock that was wrong, a copied folder or a withdrawn file changes no order. Files of
the time before the chain have no position and come first.
"""

import fcntl
import hashlib
import os
import shlex
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from indicators import writing
from indicators.errors import FileError
from indicators.folders import Folders
from indicators.sources import origins
from indicators.sources.origins import Origin

State = Literal["sound", "changed", "missing"]
# What stands in a folder beside deliveries: what says what the folder is for, and what systems and
# programs leave in any, beside names that begin with a dot.
_FOREIGN = ("README.md", "Thumbs.db", "desktop.ini")
_RESTORE = "den Programmordner wiederherstellen; die Datei gehört zum Lieferumfang."


@dataclass(frozen=True)
class Kept:
    """A file with its origin. `place` is where the origin lies; what ships has no position."""

    path: Path
    place: Path
    origin: Origin
    shipped: bool

    @property
    def sha256(self) -> str:
        """The checksum it was received with; of a file that ships without one, that of today."""
        return self.origin.sha256 or self.content_sha256 or ""

    @cached_property
    def content_sha256(self) -> str | None:
        """The checksum of what lies there; None if nothing does. Raises FileError if it cannot be
        read."""
        return checksum(read_content(self.path)) if self.path.is_file() else None

    @property
    def state(self) -> State:
        if self.content_sha256 is None:
            return "missing"
        return "sound" if self.content_sha256 == self.sha256 else "changed"


def checksum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def read_content(path: Path) -> bytes:
    """Raises FileError if the file cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise FileError(
            str(path),
            f"die Datei kann nicht gelesen werden ({error.strerror}). Nächster Schritt: Leserechte "
            "prüfen.",
        ) from error


def receive_command(path: Path, *, instead: bool = False) -> str:
    """The command that receives this file, as it is typed."""
    option = "--instead " if instead else ""
    return f"„python -m indicators receive {option}{shlex.quote(str(path))}“"


def survey(folders: Folders) -> tuple[list[Kept], list[FileError]]:
    """All files with an origin below official/, example/received/ and received/, in a stable order,
    and what is wrong with origins. Boundaries have a reader of their own and are not among them."""
    roots = (
        (folders.official, True),
        *((example / "received", True) for example in folders.examples),
        (folders.received, False),
    )
    found: dict[Path, Kept] = {}
    wrong = []
    for root, shipped in roots:
        for place in filter(origins.is_origin, origins.files_below(root, _apart(folders))):
            try:
                one = _kept(place, shipped)
                if one.path in found:
                    raise _doubled(one, found[one.path])
                found[one.path] = one
            except FileError as error:
                wrong.append(error)
    return list(found.values()), wrong


def kept_files(folders: Folders) -> list[Kept]:
    """Like `survey`. Raises FileError if an origin is wrong."""
    found, wrong = survey(folders)
    if wrong:
        raise wrong[0]
    return found


def without_origin(folders: Folders, found: list[Kept]) -> list[Path]:
    """Files in received/ that no origin speaks of."""
    known = {one.path for one in found}
    return [
        path
        for path in origins.files_below(folders.received, _apart(folders))
        if path not in known
        and not origins.is_origin(path)
        and not path.name.startswith((".", "~$"))
        and path.name not in _FOREIGN
    ]


def _apart(folders: Folders) -> list[Path]:
    return [*folders.local_boundaries, folders.put_aside]


def _kept(place: Path, shipped: bool) -> Kept:
    advice = _RESTORE if shipped else _receive_again(place)
    origin = origins.read(place, advice)
    if origin.file is None:
        raise FileError(
            str(place),
            "im Herkunftsnachweis fehlt das Feld file, der Name der Datei, für die er gilt. "
            f"Nächster Schritt: {advice}",
        )
    path = place.parent / origin.file
    if path.is_dir() or origins.is_origin(path):
        raise FileError(
            str(place),
            f"der Herkunftsnachweis nennt {origin.file}; das ist keine Tabelle, sondern "
            f"{'ein Ordner' if path.is_dir() else 'ein Herkunftsnachweis'}. Nächster Schritt: "
            "diesen Nachweis löschen.",
        )
    return Kept(path, place, origin, shipped)


def _receive_again(place: Path) -> str:
    file = place.with_name(place.name.removesuffix(f".{origins.ORIGIN}"))
    named = receive_command(file) if file.is_file() else "„python -m indicators receive DATEI“"
    return f"diesen Nachweis löschen und die Datei daneben erneut annehmen: {named}."


def _doubled(one: Kept, other: Kept) -> FileError:
    return FileError(
        str(one.place),
        f"für {one.path.name} gibt es einen zweiten Herkunftsnachweis, {other.place.name}. "
        "Nächster Schritt: einen von beiden löschen.",
    )


# --- the chain ------------------------------------------------------------------------------------


def last(found: list[Kept]) -> Kept | None:
    """The file that was received last; None before the first."""
    numbered = [one for one in found if one.origin.position]
    return max(numbered, key=lambda one: one.origin.position or 0, default=None)


def next_position(found: list[Kept]) -> int:
    """The place in the chain of a file that is received now."""
    before = last(found)
    return (before.origin.position or 0) + 1 if before else 1


# --- one at a time --------------------------------------------------------------------------------


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Nobody else changes what lies in this folder meanwhile. Raises OSError if it is not there."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def tidy(folders: Folders) -> None:
    """Completes or clears what an interrupted receipt has left: a file that was named already gets
    its origin, anything less is removed. What cannot be changed stays."""
    with suppress(OSError), locked(folders.received):
        clear_leftovers(folders)


def clear_leftovers(folders: Folders) -> None:
    """Like `tidy`, for who holds the lock."""
    for part in origins.files_below(folders.received, _apart(folders)):
        if not (part.name.startswith(".") and part.suffix == writing.PART):
            continue
        with suppress(OSError):
            place = _completes(part)
            if place:
                os.replace(part, place)
            else:
                part.unlink()


def _completes(part: Path) -> Path | None:
    """Where this belongs if it is the whole origin of a file that lies there without one."""
    try:
        origin = origins.read(part, "")
        file = part.parent / (origin.file or "")
        if file.is_file() and checksum(read_content(file)) == origin.sha256:
            place = origins.beside(file)
            return None if place.exists() else place
    except FileError:
        pass
    return None
