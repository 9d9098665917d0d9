"""Agenda (Sitzungsmappe): views in the order in which a committee looks at them.

It is a TOML file that people pass on, keep and may write by hand; the same text, packed, is a link.
Each view carries the release that it was taken from, so that it shows the same on the day.
"""

import base64
import json
import zlib
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, ValidationError

from indicators import formats, toml
from indicators import view as views
from indicators.catalog.catalog import Catalog
from indicators.catalog.definition import Definition, wrong_fields
from indicators.errors import DefinitionError
from indicators.regions import Region
from indicators.view import View

Kind = Literal["view", "pair", "chapter", "text"]
MOST_ITEMS = 200
_MOST_BYTES = 200_000  # of a packed agenda once unpacked: a link can say that it is anything


class Item(Definition):
    """A slide. `view` is the query of what is shown, `beside` that of a second figure next to it;
    a slide without a view is a chapter, or one of text where it has `text`.

    `title` stands in place of the sentence of an answer, `remark` below it for all to see; `notes`
    are for who speaks. `release` is the Datenstand it was taken from.
    """

    view: str = ""
    beside: str = ""
    release: str = ""
    title: str = ""
    text: str = ""
    remark: str = ""
    notes: str = ""

    @property
    def kind(self) -> Kind:
        if self.view:
            return "pair" if self.beside else "view"
        return "text" if self.text else "chapter"

    @property
    def is_table(self) -> bool:
        """Whether the slide shows values instead of the figure."""
        return views.parse_query(self.view).get("face") == "table"

    def shown_as(self, face: str) -> "Item":
        """The same slide with another face of its view, "" for the figure."""
        rest = {n: value for n, value in views.parse_query(self.view).items() if n != "face"}
        query = views.written(rest | ({"face": face} if face else {}))
        return self.model_copy(update={"view": query})

    @property
    def queries(self) -> tuple[str, ...]:
        """What is asked, with the release."""
        return tuple(_with_release(q, self.release) for q in (self.view, self.beside) if q)


def _day(value: object) -> object:
    """A date as TOML knows it, in German."""
    return formats.day(value) if isinstance(value, date) else value


class Agenda(Definition):
    """What is shown in a meeting. `date` and `committee` stand on the title page of papers."""

    title: str
    committee: str = ""
    date: Annotated[str, BeforeValidator(_day)] = ""
    items: tuple[Item, ...] = Field(default=(), alias="item", max_length=MOST_ITEMS)

    def with_items(self, items: Iterable[Item]) -> "Agenda":
        return self.model_copy(update={"items": tuple(items)})

    @property
    def releases(self) -> frozenset[str]:
        """The releases its views were taken from."""
        return frozenset(item.release for item in self.items if item.release)


def read(content: bytes | str, name: str = "Mappe") -> Agenda:
    """Raises DefinitionError naming the item, the field and what is allowed there."""
    written = toml.read(content, name)
    _fold_faces(written, name)
    try:
        found = Agenda(**written)
    except ValidationError as error:
        raise DefinitionError(f"{name}: {'; '.join(wrong_fields(error, Agenda))}") from error
    for number, item in enumerate(found.items, 1):
        if item.beside and not item.view:
            raise DefinitionError(f"{name}, Folie {number}: beside braucht eine view daneben")
        if item.kind == "chapter" and not item.title:
            raise DefinitionError(
                f"{name}, Folie {number}: hier fehlt view (eine Ansicht), title (ein Kapitel) oder "
                "text (eine Folie mit Text)"
            )
    return found


def _fold_faces(written: dict, name: str) -> None:
    """Earlier files say beside a view what of it is in sight, which is now part of the view."""
    items = written.get("item")
    for number, item in enumerate(items if isinstance(items, list) else [], 1):
        if not isinstance(item, dict) or "face" not in item:
            continue
        face, view = item.pop("face"), item.get("view")
        if face not in ("", "table"):
            raise DefinitionError(f'{name}, Folie {number}: face ist "table" oder fehlt')
        if face and isinstance(view, str) and "face" not in views.parse_query(view):
            item["view"] = f"{view}&face={face}"


def written(agenda: Agenda) -> str:
    """The agenda as TOML; what says nothing is left out."""
    lines = _fields({name: getattr(agenda, name) for name in ("title", "committee", "date")})
    for item in agenda.items:
        lines += ["", "[[item]]", *_fields(item.model_dump())]
    return "\n".join(lines) + "\n"


def _fields(values: Mapping[str, str]) -> list[str]:
    # what JSON writes of a text is a text of TOML too
    return [f"{name} = {json.dumps(v, ensure_ascii=False)}" for name, v in values.items() if v]


def packed(agenda: Agenda) -> str:
    """The agenda as letters that may stand in an address."""
    squeezed = zlib.compress(written(agenda).encode(), 9)
    return base64.urlsafe_b64encode(squeezed).decode().rstrip("=")


def unpacked(letters: str) -> Agenda:
    """Raises DefinitionError where the letters are not those of an agenda."""
    try:
        squeezed = base64.b64decode(
            letters + "=" * (-len(letters) % 4), altchars=b"-_", validate=True
        )
        box = zlib.decompressobj()
        content = box.decompress(squeezed, _MOST_BYTES)
        if not box.eof:  # cut, or too large
            raise ValueError("no end")
    except (ValueError, zlib.error) as error:
        raise DefinitionError(
            "Der Link zur Mappe ist unvollständig. Nächster Schritt: ihn ganz kopieren oder die "
            "Mappe als Datei öffnen."
        ) from error
    return read(content)


def parsed(item: Item, catalog: Catalog, regions: dict[str, Region]) -> tuple[View, ...]:
    """The views of a slide. Raises ViewError where one asks for what does not exist."""
    return tuple(views.parse(query, catalog, regions) for query in item.queries)


def _with_release(query: str, release: str) -> str:
    if not release or "release" in views.parse_query(query):
        return query
    return f"{query}&release={release}"


def of_view(view: View, release: str, face: str = "") -> Item:
    """A slide of a view as it is shown now."""
    face = face if face == "table" else ""  # a slide shows the figure or the values
    return Item(view=view.asked.with_(face=face).to_query(), release=release)
