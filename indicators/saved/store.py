"""Files that people save, one a thing: nothing is overwritten unseen, nothing that was saved is
lost.

Each save names the version it was made of; where somebody else has saved meanwhile it is refused,
with both still there. What is replaced or removed is kept below `history`.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from indicators import writing
from indicators.errors import BildungsblickError, DefinitionError

ENDING = ".toml"
_LOCK = ".lock"
_LONGEST = 60
_SPELT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_MOMENT = "%Y-%m-%dT%H-%M-%S"


class ConflictError(BildungsblickError):
    """Somebody else has saved under this name meanwhile, or is doing so."""


@dataclass(frozen=True)
class Kept:
    """A version that was replaced or removed, at this moment (UTC)."""

    path: Path
    moment: datetime
    version: str


@dataclass(frozen=True)
class Store:
    """A folder of things of one sort. `thing` is what one is called in a sentence ("Die Mappe"),
    `usual` the name of one whose title has no letter."""

    folder: Path
    thing: str
    usual: str

    def path(self, name: str) -> Path:
        """Raises DefinitionError where this cannot be a name."""
        if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", name):
            raise DefinitionError(
                f"„{name}“ ist kein Name für {self.thing}: erlaubt sind a bis z, Ziffern und -"
            )
        return self.folder / f"{name}{ENDING}"

    def names(self) -> list[str]:
        return sorted(path.stem for path in self.folder.glob(f"*{ENDING}"))

    def name_of(self, title: str) -> str:
        """A short name for a file: "Bericht für den Ausschuss" → "bericht-fuer-den-ausschuss"."""
        spelt = title.casefold().translate(_SPELT)
        plain = unicodedata.normalize("NFKD", spelt).encode("ascii", "ignore").decode()
        short = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST].strip("-")
        return short or self.usual

    def free_name(self, title: str) -> str:
        """The short name of a title, with a number where there is one of this name."""
        name, taken = self.name_of(title), {*self.names(), *self.removed()}
        tries = [name, *(f"{name[: _LONGEST - 5]}-{n}" for n in range(2, len(taken) + 3))]
        return next(one for one in tries if one not in taken)

    def save(self, name: str, content: bytes, based_on: str, refused: str) -> str:
        """Returns the new version. `based_on` is the version this was made of, "" for a new thing.
        Raises ConflictError, saying `refused`, where what is saved now is another version, and
        BuildError where nothing can be written."""
        path = self.path(name)
        with self._alone(path):
            there = path.read_bytes() if path.exists() else None
            if there is not None and version(there) not in (based_on, version(content)):
                raise ConflictError(refused)
            if there is not None and there != content:
                self._keep(path, there)
            writing.write(path, content)
        return version(content)

    def remove(self, name: str) -> None:
        """Takes a thing away; its last version stays in the history."""
        path = self.path(name)
        with self._alone(path):
            if path.exists():
                self._keep(path, path.read_bytes())
                with writing.explained(path, "gelöscht"):
                    path.unlink()

    def history(self, name: str) -> list[Kept]:
        """What was replaced or removed under this name, newest first."""
        found = []
        for path in self._history(self.path(name)).glob(f"*{ENDING}"):
            moment, _, of = path.stem.rpartition("-")
            try:
                when = datetime.strptime(moment, _MOMENT).replace(tzinfo=UTC)
            except ValueError:
                continue  # no file of ours
            found.append(Kept(path, when, of))
        return sorted(found, key=lambda one: (one.moment, one.version), reverse=True)

    def removed(self) -> list[str]:
        """The names under which there was something and is nothing now."""
        before = {path.name for path in (self.folder / "history").glob("*") if path.is_dir()}
        return sorted(before - set(self.names()))

    def _history(self, path: Path) -> Path:
        return path.parent / "history" / path.stem

    def _keep(self, path: Path, content: bytes) -> None:
        """A copy of what is replaced, under the moment and its version."""
        moment = datetime.now(UTC).strftime(_MOMENT)
        writing.write(self._history(path) / f"{moment}-{version(content)}{ENDING}", content)

    @contextmanager
    def _alone(self, path: Path) -> Iterator[None]:
        """Only one process saves under a name at a time."""
        lock = path.with_suffix(_LOCK)
        writing.folder(path.parent)
        try:
            lock.open("x").close()
        except FileExistsError as error:
            age = datetime.now().timestamp() - lock.stat().st_mtime
            if age < 30:
                raise ConflictError(
                    f"{self.thing[:1].upper()}{self.thing[1:]} wird gerade gespeichert. Nächster "
                    "Schritt: es noch einmal versuchen."
                ) from error
        try:
            yield
        finally:
            lock.unlink(missing_ok=True)


def version(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]
