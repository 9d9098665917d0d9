"""A copy of all that is a town's own, in one file, and the way back.

The copy is what a crash at that moment would leave behind: releases and deliveries have names of
their own and never change, the file that names the release in force is read first, and everything
else is written whole or not at all. So nobody has to stop reading or building for it. What ships
is not copied, nor what a build can make again, nor who is signed in.

Going back writes all of it aside and checks it there before it takes a place.
"""

import hashlib
import json
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from indicators import writing
from indicators.errors import BildungsblickError, BuildError, FileError
from indicators.folders import SHIPPED, Folders
from indicators.release import releases
from indicators.saved import history

LIST = "sicherung.json"  # in the file: what it holds, with checksums
_KIND, _VERSION = "bildungsblick", 1
_POINTER = "releases/current.json"
ASIDE = "aside"  # in the data folder: what gave way to a copy
# What is not copied: locks, what is signed in, what a build makes again, what is half written.
_LEFT_OUT = ("saved/sessions/", "saved/attempts.json", "office/zwischenergebnisse/", f"{ASIDE}/")
_PRIVATE = ("office/", "received/", "saved/")
_BLOCK = 1 << 20
_TRIES = 5


@dataclass(frozen=True)
class Copied:
    """What a copy holds: the number of files and their bytes, the release in force ("" for none)
    and the moment in UTC at which it was made."""

    files: int
    size: int
    release: str
    made: datetime


@dataclass(frozen=True)
class Restored:
    """What came back, and where that lies which was there before (None where nothing was)."""

    copied: Copied
    aside: Path | None


def write(folders: Folders, path: Path) -> Copied:
    """Copies the town's data into this zip file, which is closed to others: it holds what is not
    published and the marks of passwords. Raises BuildError, also where there is nothing to copy."""
    for _ in range(_TRIES):
        try:
            with writing.aside(path, private=True) as part:
                made = _packed(folders, part)
                _check(part)
            return made
        except BuildError as error:
            # a release that was no longer kept may go while it is copied
            if not isinstance(error.__cause__, FileNotFoundError):
                raise
    raise BuildError(
        "Der Datenordner ändert sich gerade zu schnell. Nächster Schritt: warten, bis der laufende "
        "Vorgang fertig ist, und den Befehl wiederholen."
    )


def restore(folders: Folders, path: Path, *, instead: bool = False) -> Restored:
    """Puts what a copy holds into the data folder. What lies there stays, and the copy is refused,
    unless `instead`; then it is moved aside. Raises FileError for a file that is damaged or no such
    copy, BuildError; then the folder is as it was."""
    _check(path)
    there = _parts(folders)
    if there and not instead:
        raise BuildError(
            f"Im Datenordner {folders.data} liegen schon Daten ({', '.join(there)}). Nächster "
            "Schritt: einen leeren Ordner nehmen (--data ORDNER), oder mit --instead die "
            "vorhandenen beiseite legen."
        )
    writing.folder(folders.data)
    with _nobody_builds(folders), ExitStack() as cleaned:
        staged = Path(tempfile.mkdtemp(prefix=".restored-", suffix=writing.PART, dir=folders.data))
        cleaned.callback(shutil.rmtree, staged, ignore_errors=True)
        copied = _unpacked(path, staged)
        _demand_sound(staged, path.name, copied)
        return Restored(copied, _exchanged(folders, staged))


# --- making a copy --------------------------------------------------------------------------------


def _packed(folders: Folders, part: Path) -> Copied:
    moment = datetime.now(UTC).replace(microsecond=0)
    told: dict[str, dict[str, object]] = {}
    with (
        writing.explained(part),
        zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed,
    ):
        pointer = folders.data / _POINTER
        if pointer.is_file():  # first: what it names was whole before it was written
            told[_POINTER] = _put(packed, _POINTER, pointer)
        with history.alone(folders):  # line and end belong together
            for one in sorted(folders.saved.glob("history*.json*")):
                name = f"saved/{one.name}"
                told[name] = _put(packed, name, one)
        for name, one in _files(folders):
            if name not in told:
                told[name] = _put(packed, name, one)
        if not told:
            raise BuildError(f"In {folders.data} liegen keine eigenen Daten, die zu sichern wären.")
        chosen = _named(packed.read(_POINTER)) if _POINTER in told else ""
        about = {"kind": _KIND, "version": _VERSION, "made": moment.isoformat(), "release": chosen}
        packed.writestr(LIST, json.dumps(about | {"files": told}, indent=1))
    return Copied(len(told), sum(int(str(t["size"])) for t in told.values()), chosen, moment)


def _files(folders: Folders) -> Iterator[tuple[str, Path]]:
    for part in _parts(folders):
        for path in sorted((folders.data / part).rglob("*")) or [folders.data / part]:
            name = path.relative_to(folders.data).as_posix()
            if path.is_file() and not path.is_symlink() and not _is_left_out(name):
                yield name, path
        if (folders.data / part).is_file():
            yield part, folders.data / part


def _is_left_out(name: str) -> bool:
    hidden = any(one.startswith(".") for one in name.split("/"))
    return hidden or name.endswith(".lock") or name.startswith(_LEFT_OUT)


def _parts(folders: Folders) -> list[str]:
    """What lies at the top of the data folder and is the town's: not what ships with the project,
    nor folders that hold nothing but a note of what belongs there."""
    shipped = {"agendas", "boundaries", "example", "official"} if _is_project(folders) else set()
    found = []
    with suppress(FileNotFoundError):
        for path in sorted(folders.data.iterdir()):
            if path.name in shipped or path.name.startswith(".") or path.name == ASIDE:
                continue
            if path.is_file() or any(_own(folders, one) for one in path.rglob("*")):
                found.append(path.name)
    return found


def _is_project(folders: Folders) -> bool:
    return folders.data.resolve() == SHIPPED.resolve()


def _own(folders: Folders, path: Path) -> bool:
    name = path.relative_to(folders.data).as_posix()
    return path.is_file() and path.name != "README.md" and not _is_left_out(name)


def _put(packed: zipfile.ZipFile, name: str, path: Path) -> dict[str, object]:
    """Copies one file; its size and checksum are of what was copied."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as source, packed.open(name, "w", force_zip64=True) as target:
        while block := source.read(_BLOCK):
            digest.update(block)
            size += len(block)
            target.write(block)
    return {"size": size, "sha256": digest.hexdigest()}


# --- looking at a copy ----------------------------------------------------------------------------


def _check(path: Path) -> Copied:
    """Reads all of a copy once. Raises FileError for a file that is none, or not whole."""
    with _opened(path) as (packed, about):
        for name, told in about["files"].items():
            digest, size = hashlib.sha256(), 0
            with packed.open(name) as source:
                while block := source.read(_BLOCK):
                    digest.update(block)
                    size += len(block)
                    if size > told["size"]:
                        break
            if (size, digest.hexdigest()) != (told["size"], told["sha256"]):
                raise FileError(
                    path.name, f"{name} ist nicht mehr, was gesichert wurde. {_ANOTHER}"
                )
        sizes = sum(one["size"] for one in about["files"].values())
        made = datetime.fromisoformat(about["made"])
        return Copied(len(about["files"]), sizes, about["release"], made)


_ANOTHER = "Nächster Schritt: eine andere Sicherung nehmen."


@contextmanager
def _opened(path: Path) -> Iterator[tuple[zipfile.ZipFile, dict]]:
    """A copy and its list, which names all that is in it and nothing else. Raises FileError."""
    try:
        with zipfile.ZipFile(path) as packed:
            if LIST not in packed.namelist():
                raise FileError(path.name, f"Das ist keine Sicherung von Bildungsblick. {_ANOTHER}")
            about = json.loads(packed.read(LIST))
            if about["kind"] != _KIND:
                raise FileError(path.name, f"Das ist keine Sicherung von Bildungsblick. {_ANOTHER}")
            if about["version"] > _VERSION:
                raise FileError(
                    path.name,
                    "Diese Sicherung hat eine neuere Version von Bildungsblick gemacht. Nächster "
                    "Schritt: Bildungsblick hier erst aktualisieren.",
                )
            names = [one for one in packed.namelist() if one != LIST]
            if sorted(names) != sorted(about["files"]) or not all(map(_is_name, names)):
                raise FileError(
                    path.name, f"Inhalt und Verzeichnis stimmen nicht überein. {_ANOTHER}"
                )
            yield packed, about
    except OSError as error:
        raise FileError(path.name, writing.reason(error)) from error
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError) as error:
        raise FileError(path.name, f"Die Datei ist beschädigt oder kein zip. {_ANOTHER}") from error
    except (ValueError, KeyError, TypeError, EOFError, AttributeError) as error:
        raise FileError(path.name, f"Die Sicherung ist beschädigt. {_ANOTHER}") from error
    except Exception as error:  # zlib says what is wrong of a damaged block in its own class
        if isinstance(error, BildungsblickError):
            raise
        raise FileError(path.name, f"Die Sicherung ist beschädigt. {_ANOTHER}") from error


def _is_name(name: str) -> bool:
    """A file below the data folder, and none that leads out of it or that is never copied."""
    parts = PurePosixPath(name).parts
    plain = "/".join(parts) == name and not any(c in name for c in "\\:\0")
    return plain and bool(parts) and ".." not in parts and not _is_left_out(name)


def _named(content: bytes) -> str:
    with suppress(ValueError, KeyError, TypeError):
        return str(json.loads(content)["release"])
    return ""


# --- the way back ---------------------------------------------------------------------------------


def _unpacked(path: Path, staged: Path) -> Copied:
    """Everything aside, as it will lie; its checksums have just been compared."""
    copied = _check(path)
    if shutil.disk_usage(staged).free < copied.size * 1.1:
        raise BuildError(
            f"Für {path.name} ist hier nicht genug Platz. Nächster Schritt: Platz schaffen."
        )
    with _opened(path) as (packed, about), writing.explained(staged):
        for name in about["files"]:
            target = staged / name
            target.parent.mkdir(parents=True, exist_ok=True)
            with packed.open(name) as source, target.open("wb") as file:
                shutil.copyfileobj(source, file, _BLOCK)
                file.flush()
                os.fsync(file.fileno())
    for private in _PRIVATE:
        if (staged / private).is_dir():
            writing.close(staged / private)
    return copied


def _demand_sound(staged: Path, file: str, copied: Copied) -> None:
    """The release opens and the history is whole. Raises FileError."""
    place = Folders(staged)
    if copied.release:
        try:
            releases.open_release(place, copied.release).close()
        except BildungsblickError as error:
            raise FileError(file, f"Der Datenstand in Kraft ist nicht lesbar: {error}") from error
    # read-only: no lock is left in what is about to take its place
    history.read(place)
    for lock in (staged / "saved").glob("*.lock"):
        lock.unlink()


def _exchanged(folders: Folders, staged: Path) -> Path | None:
    """What was there goes aside, what came takes its place; where that fails it goes back."""
    moment = datetime.now(UTC).strftime("%Y-%m-%dT%H-%M-%SZ")
    aside = folders.data / ASIDE / moment
    moved: list[tuple[Path, Path]] = []
    names = sorted(one.name for one in staged.iterdir())
    # the releases come last: until then readers have what they had
    names.sort(key=lambda name: name == "releases")
    try:
        with writing.explained(folders.data):
            for name in _parts(folders):
                moved.append(_move(folders.data / name, aside / name))
            for name in names:
                if (folders.data / name).exists():  # a folder with a note alone, or with locks
                    moved.append(_move(folders.data / name, aside / name))
                moved.append(_move(staged / name, folders.data / name))
    except BaseException:
        for source, target in reversed(moved):
            os.replace(target, source)
        raise
    return aside if any(target.is_relative_to(aside) for _, target in moved) else None


def _move(source: Path, target: Path) -> tuple[Path, Path]:
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.replace(source, target)
    return source, target


@contextmanager
def _nobody_builds(folders: Folders) -> Iterator[None]:
    """No build begins or runs meanwhile. Raises BuildError."""
    path = folders.office / "build.lock"
    if not path.exists():
        yield
        return
    with writing.locked(path, wait=False):
        yield
