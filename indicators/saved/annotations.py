"""What a town writes onto its figures: events and decisions on an axis of time, and targets.

One TOML file each, which people may also write by hand (docs/events.md). Neither is part of a
release: a release tells what was counted, these tell what the town did and wants, as of today.
"""

import calendar
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from indicators import formats, toml
from indicators.catalog.definition import (
    OWN_RULE,
    Definition,
    Id,
    RegionId,
    wrong_fields,
)
from indicators.errors import DefinitionError
from indicators.periods import school_year

KINDS = {
    "decision": "Beschluss",
    "measure": "Maßnahme",
    "reform": "Reform",
    "other": "Ereignis",
}
DIRECTIONS = {"at_least": "mindestens", "at_most": "höchstens"}
_MONTHS = (
    "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober",
    "November", "Dezember",
)  # fmt: skip
_MONTH = re.compile(r"((?:19|20)\d\d)-(0[1-9]|1[0-2])")
_SCHOOL_YEAR = re.compile(r"((?:19|20)\d\d)/(\d\d)")
_GERMAN_MONTH = re.compile(r"(0?[1-9]|1[0-2])[./]((?:19|20)\d\d)")
_GERMAN_DAY = re.compile(r"(\d\d?)\.(\d\d?)\.((?:19|20)\d\d)")
_YEAR = re.compile(r"(?:19|20)\d\d(?:/\d\d)?|\d\d\.\d\d\.(?:19|20)\d\d")
_LONGEST_TITLE = 60  # it stands in a figure


def _as_text(value: object) -> object:
    """A day as TOML knows it, as text: a month and a school year are texts anyway."""
    return value.isoformat() if isinstance(value, date) else value


def _year(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Title = Annotated[str, Field(max_length=_LONGEST_TITLE)]


class Event(Definition):
    """Something that happened or was decided. `when` is a day (2021-08-01), a month (2021-08) or a
    school year (2021/22). It stands on the figures of `regions` (all there are, where none is
    named): of the `indicators` and of those of the `themes` that are named, or of all."""

    title: Title
    kind: Literal["decision", "measure", "reform", "other"] = "other"
    when: Annotated[str, BeforeValidator(_as_text)]
    text: str = ""
    source: str = ""
    regions: tuple[RegionId, ...] = Field(min_length=1)
    themes: tuple[Id, ...] = ()
    indicators: tuple[Id, ...] = ()

    @model_validator(mode="after")
    def _checked(self) -> "Event":
        _told(self.title, "title")
        try:
            self.day  # noqa: B018
        except ValueError as error:
            raise _wrong(
                "when: hier muss ein Tag (2021-08-01), ein Monat (2021-08) oder ein Schuljahr "
                "(2021/22) stehen"
            ) from error
        return self

    @property
    def day(self) -> date:
        """The first day of it. Raises ValueError for what is no time."""
        if match := _MONTH.fullmatch(self.when):
            return date(int(match[1]), int(match[2]), 1)
        if match := _SCHOOL_YEAR.fullmatch(self.when):
            found = school_year(int(match[1]))
            if found.label != self.when:
                raise ValueError(self.when)
            return found.start
        return date.fromisoformat(self.when)

    @property
    def moment(self) -> str:
        """When, as it stands in a sentence: "12.03.2021", "August 2021", "Schuljahr 2021/22"."""
        if _MONTH.fullmatch(self.when):
            return f"{_MONTHS[self.day.month - 1]} {self.day.year}"
        if _SCHOOL_YEAR.fullmatch(self.when):
            return f"Schuljahr {self.when}"
        return formats.day(self.day)


class Target(Definition):
    """What a town has decided to reach: at least or at most a `value`, in the unit of the
    indicator, by a `year` as the indicator calls its periods ("2027/28", "2030", "31.12.2030").

    `decided` is the day of the decision, `source` where it stands. `group` restricts it to one
    category ({sex = "female"}); without it, all together are meant."""

    region: RegionId
    indicator: Id
    direction: Literal["at_least", "at_most"]
    value: float = Field(allow_inf_nan=False)
    year: Annotated[str, BeforeValidator(_year), Field(pattern=f"^(?:{_YEAR.pattern})$")]
    decided: date
    source: str
    text: str = ""
    group: dict[Id, str] = Field(default={}, max_length=1)

    @model_validator(mode="after")
    def _checked(self) -> "Target":
        _told(self.source, "source")
        if int(re.findall(r"\d{4}", self.year)[0]) < self.decided.year:
            raise _wrong("year: das Ziel läge vor dem Tag, an dem es beschlossen wurde")
        return self


def _told(value: str, field: str) -> None:
    if not value.strip():
        raise _wrong(f"{field}: hier muss ein Text stehen")


def _wrong(reason: str) -> PydanticCustomError:
    return PydanticCustomError(OWN_RULE, reason)


@dataclass(frozen=True)
class Annotations:
    """All events, in order of time, and all targets that count today, each with its short name.
    What of them concerns a view is found by the answer."""

    events: tuple[tuple[str, Event], ...] = ()
    targets: tuple[tuple[str, Target], ...] = ()

    @property
    def digest(self) -> str:
        """The same for the same content, and another one for any other; "" for none."""
        return digest_of([*self.events, *self.targets])


NONE = Annotations()


def digest_of(entries: Iterable[tuple[str, Event | Target]]) -> str:
    """A short name of these entries; "" for none."""
    told = [[name, written(one)] for name, one in entries]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16] if told else ""


def read_event(content: bytes | str, name: str = "Ereignis") -> Event:
    """Raises DefinitionError naming the field and what is allowed there."""
    try:
        return Event(**toml.read(content, name))
    except ValidationError as error:
        raise DefinitionError(f"{name}: {'; '.join(wrong_fields(error, Event))}") from error


def read_target(content: bytes | str, name: str = "Ziel") -> Target:
    """Raises DefinitionError naming the field and what is allowed there."""
    try:
        return Target(**toml.read(content, name))
    except ValidationError as error:
        raise DefinitionError(f"{name}: {'; '.join(wrong_fields(error, Target))}") from error


def written(entry: Event | Target) -> str:
    """As TOML; what says nothing is left out."""
    lines = [
        f"{name} = {_toml(value)}"
        for name, value in entry
        if value not in ("", (), {}) and value is not None
    ]
    return "\n".join(lines) + "\n"


def _toml(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return repr(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{k} = {_toml(v)}" for k, v in value.items()) + " }"
    # what JSON writes of a text or of a list of texts is the same in TOML
    return json.dumps(value, ensure_ascii=False)


def when_of(text: str) -> str:
    """What people type as a time, as it is kept: "1.8.2021" → "2021-08-01", "08/2021" → "2021-08";
    anything else as it is."""
    text = text.strip()
    if match := _GERMAN_DAY.fullmatch(text):
        year, month, day = int(match[3]), int(match[2]), int(match[1])
        if 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]:
            return date(year, month, day).isoformat()
    if match := _GERMAN_MONTH.fullmatch(text):
        return f"{match[2]}-{int(match[1]):02d}"
    for number, name in enumerate(_MONTHS, 1):
        if match := re.fullmatch(rf"{name}\s+((?:19|20)\d\d)", text, re.IGNORECASE):
            return f"{match[1]}-{number:02d}"
    return text
