"""Which delivery a town expects every year: of which dataset, from whom, until when.

One TOML file each below `saved/calendar`, which people may also write by hand
(`docs/exchange.md`). It is no part of a release: it tells what is still to come.
"""

from dataclasses import dataclass
from datetime import date

from pydantic import Field, ValidationError, field_validator
from pydantic_core import PydanticCustomError

from indicators import toml, writing
from indicators.catalog.definition import OWN_RULE, Definition, Id, KeyDay, wrong_fields
from indicators.errors import BildungsblickError, DefinitionError
from indicators.folders import Folders
from indicators.saved.store import Store, version

_LONGEST = 120


class Expected(Definition):
    """A delivery that comes every year: its `dataset`, who sends it and the last day for it
    ("15.11."); `text` is a remark."""

    dataset: Id
    sender: str = Field(max_length=_LONGEST)
    due: KeyDay
    text: str = Field(default="", max_length=_LONGEST)

    @field_validator("sender")
    @classmethod
    def _told(cls, sender: str) -> str:
        if not sender.strip():
            raise PydanticCustomError(OWN_RULE, "hier muss stehen, wer liefert")
        return sender.strip()

    def day(self, year: int) -> date:
        """The last day for it in a year."""
        day, month = self.due.rstrip(".").split(".")
        return date(year, int(month), int(day))


@dataclass(frozen=True)
class Kept:
    """An expected delivery as it was saved; `version` says what a later save is made of."""

    name: str
    entry: Expected
    version: str


def listed(folders: Folders) -> tuple[list[Kept], list[str]]:
    """All there are, by day of the year, and what is wrong with files that cannot be read."""
    store, found, wrong = _store(folders), [], []
    for name in store.names():
        path = store.path(name)
        try:
            content = path.read_bytes()
            found.append(Kept(name, read(content, path.name), version(content)))
        except OSError as error:
            wrong.append(f"{path.name}: {writing.reason(error)}")
        except BildungsblickError as error:
            wrong.append(str(error))
    return sorted(found, key=lambda one: (one.entry.day(2001), one.name)), wrong


def read(content: bytes | str, file: str) -> Expected:
    """Raises DefinitionError naming file and field."""
    try:
        return Expected.model_validate(toml.read(content, file))
    except ValidationError as error:
        told = [f"{file}, {text}" for text in wrong_fields(error, Expected)]
        raise DefinitionError("\n".join(told)) from error


def save(folders: Folders, fields: dict[str, str]) -> str:
    """Adds an expected delivery; returns its name. Raises DefinitionError for what cannot be."""
    given = {name: value for name, value in fields.items() if value}
    lines = [f"{name} = {toml.quoted(value)}" for name, value in given.items()]
    content = "\n".join([*lines, ""])
    entry = read(content, "Eintrag")
    store = _store(folders)
    name = store.free_name(f"{entry.dataset} {entry.sender}")
    store.save(name, content.encode(), "", "Diesen Eintrag gibt es schon.")
    return name


def remove(folders: Folders, name: str) -> None:
    """Takes an entry away; it stays in the history of the folder."""
    _store(folders).remove(name)


def _store(folders: Folders) -> Store:
    return Store(folders.saved / "calendar", "der Termin", "termin")
