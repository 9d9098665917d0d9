"""Writing files: whole or not at all, for whom they are meant, and in German where it fails.

Whatever is written is written aside, in the folder where it belongs, and renamed: readers see the
old file or the new one, and a process that is killed leaves a hidden `.part` that the next build
removes. Names aside are never the same twice, so that two processes cannot share one.
"""

import errno
import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from indicators.errors import BuildError

PART = ".part"
# Rights of what is for the office alone, and of what the web server reads, perhaps another user.
_PRIVATE_FILE, _PRIVATE_FOLDER, _PUBLIC_FILE = 0o600, 0o700, 0o644

_NO_SPACE = (
    "auf dem Datenträger ist kein Platz mehr. Nächster Schritt: Speicherplatz schaffen und den "
    "Befehl wiederholen."
)
_NO_RIGHT = (
    "die Rechte fehlen. Nächster Schritt: prüfen, ob der Benutzer, unter dem Bildungsblick läuft, "
    "dort lesen und schreiben darf."
)
_NO_FILE = (
    "dort liegt ein Ordner, wo eine Datei hingehört. Nächster Schritt: den Ordner umbenennen oder "
    "löschen und den Befehl wiederholen."
)
_NO_FOLDER = (
    "dort liegt eine Datei, wo ein Ordner hingehört. Nächster Schritt: die Datei umbenennen oder "
    "löschen und den Befehl wiederholen."
)
_WHY = (
    dict.fromkeys((errno.ENOSPC, errno.EDQUOT, errno.EFBIG), _NO_SPACE)
    | dict.fromkeys((errno.EACCES, errno.EPERM, errno.EROFS), _NO_RIGHT)
    | dict.fromkeys((errno.EISDIR, errno.ENOTEMPTY), _NO_FILE)
    | dict.fromkeys((errno.ENOTDIR, errno.EEXIST), _NO_FOLDER)
)


def reason(error: OSError) -> str:
    """Why a file could not be read or written, with the next step, in German."""
    return _WHY.get(
        error.errno or 0,
        f"das Betriebssystem meldet Fehler {error.errno} ({error.strerror}). Nächster Schritt: "
        "Datenträger und Rechte prüfen und den Befehl wiederholen.",
    )


@contextmanager
def explained(path: Path, done: str = "geschrieben") -> Iterator[None]:
    """Turns what the system says of a file into a BuildError that names it and the next step."""
    try:
        yield
    except OSError as error:
        raise BuildError(f"{path} kann nicht {done} werden: {reason(error)}") from error


def folder(path: Path, *, private: bool = False) -> Path:
    """The folder, made with all above it if it is not there; a private one is closed to others."""
    with explained(path):
        path.mkdir(parents=True, exist_ok=True, mode=_PRIVATE_FOLDER if private else 0o777)
    if private:
        close(path)
    return path


def close(path: Path) -> None:
    """Takes the rights of others from a file, or from a folder and all that is in it."""
    for one in (path, *(path.rglob("*") if path.is_dir() else ())):
        mode = _PRIVATE_FOLDER if one.is_dir() else _PRIVATE_FILE
        # what belongs to another user only that one can close
        with suppress(PermissionError, FileNotFoundError):
            if one.stat().st_mode & 0o077:
                one.chmod(mode)


def write(path: Path, content: bytes | str, *, private: bool = False) -> Path:
    """Writes the file and returns its path. Raises BuildError; then what was there before stays."""
    with aside(path, private=private) as part:
        part.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def append(path: Path, line: str) -> None:
    """Adds a line to a private file, on the disk when this returns; one that a crash has torn ends
    there and does not spoil the new one. Raises BuildError."""
    with explained(path), _private(path).open("rb+") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - 1))
        begin = "" if size == 0 or file.read() == b"\n" else "\n"
        file.write(f"{begin}{line}".encode())
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def locked(path: Path, *, wait: bool = True) -> Iterator[None]:
    """Only one process or thread at a time is inside, the others wait; a killed one leaves nothing
    locked. Raises BuildError where the file cannot be made, or where another is inside and nobody
    wants to wait."""
    with explained(path):
        lock = _private(path).open("rb")
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError as error:
            raise BuildError(
                "In diesem Datenordner läuft gerade ein Build. Nächster Schritt: warten, bis er "
                "fertig ist, und den Befehl wiederholen."
            ) from error
        yield


def _private(path: Path) -> Path:
    """The file, made for nobody else if it is not there."""
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, _PRIVATE_FILE))
    return path


@contextmanager
def aside(path: Path, *, private: bool = False) -> Iterator[Path]:
    """A name beside the file, at which nothing lies yet. What is written there is in the file's
    place afterwards, or gone if that failed. Raises BuildError."""
    part = unused(path, private=private)
    try:
        with explained(path):
            yield part
        settle(part, path, private=private)
    finally:
        discard(part)


def unused(path: Path, *, private: bool = False) -> Path:
    """A name beside the file that no other process has, in a folder that is there."""
    folder(path.parent, private=private)
    with explained(path):
        handle, name = tempfile.mkstemp(prefix=f".{path.name}-", suffix=PART, dir=path.parent)
        os.close(handle)
        os.unlink(name)  # a database is made, not filled
    return Path(name)


def settle(part: Path, path: Path, *, private: bool = False) -> None:
    """Puts what was written aside in the file's place. Raises BuildError."""
    with explained(path):
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        # a file made aside has the rights of the process, and the web server may be another user
        part.chmod(_PRIVATE_FILE if private else _PUBLIC_FILE)
        os.replace(part, path)


def discard(part: Path) -> None:
    """Removes what was written aside, with the logs a database has beside it."""
    for one in (part, part.with_name(f"{part.name}.wal")):
        with suppress(OSError):
            one.unlink()


def remove_parts(path: Path, name: str = "") -> None:
    """Removes what killed processes have left aside in a folder, or of one file in it, when none
    is writing there."""
    for one in path.glob(f".{name}*{PART}*"):
        discard(one)
