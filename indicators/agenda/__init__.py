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

Kind = Literal["view", "pair", "chapter", "text", "list"]
# What a paper can show of an answer; "method" stands behind it, in a list of its own.
PARTS = ("finding", "figure", "table", "method")
# What is written by itself, from the other items or of what is asked for, whenever it is shown.
FORMS = {
    "contents": "Inhalt",
    "findings": "Sachverhalt",
    "sources": "Quellen und Belege",
    "signs": "Zeichenerklärung",
    "method": "Methodik",
    "missing": "Was noch fehlt",
}
_OF_A_VIEW = ("method", "missing")  # forms that are asked of a view
MOST_ITEMS = 200
_MOST_BYTES = 200_000  # of a packed agenda once unpacked: a link can say that it is anything


class Item(Definition):
    """A slide. `view` is the query of what is shown, `beside` that of a second figure next to it;
    a slide without a view is a chapter, or one of text where it has `text`.

    `title` stands in place of the sentence of an answer, `remark` below it for all to see; `notes`
    are for who speaks. `release` is the Datenstand it was taken from.
    `parts` are those of PARTS that papers show of the view, all but the
    method where none is named. A slide with a `form` of FORMS writes itself: "method" and "missing"
    of the view `of`, the others of the whole agenda. A text that is a `chapter` of its own is not
    part of the one before it.
    """

    view: str = ""
    beside: str = ""
    release: str = ""
    parts: tuple[str, ...] = ()
    form: str = ""
    of: str = ""
    chapter: bool = False
    title: str = ""
    text: str = ""
    remark: str = ""
    notes: str = ""

    @property
    def kind(self) -> Kind:
        if self.view:
            return "pair" if self.beside else "view"
        if self.form:
            return "list"
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
        asked = (self.view, self.beside, self.of)
        return tuple(_with_release(q, self.release) for q in asked if q)

    @property
    def heading(self) -> str:
        """The words of its own that it is called by; "" where its view says them."""
        if self.title or self.view:
            return self.title
        return FORMS.get(self.form, "") or self.text.splitlines()[0]


def _day(value: object) -> object:
    """A date as TOML knows it, in German."""
    return formats.day(value) if isinstance(value, date) else value


class Agenda(Definition):
    """What is shown in a meeting. `date` and `committee` stand on the title page of papers,
    `minutes` is how long it may take, 0 where nobody has said.

    `preset` is what it was made of, as far as it was. `pages` is 2 for a paper of just two pages
    of A4 (a profile), 0 for one that takes what it needs."""

    title: str
    committee: str = ""
    date: Annotated[str, BeforeValidator(_day)] = ""
    minutes: int = Field(default=0, ge=0, le=600)
    preset: str = ""
    pages: Literal[0, 2] = 0
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
        if fault := _fault(item):
            raise DefinitionError(f"{name}, Folie {number}: {fault}")
    return found


def _fault(item: Item) -> str:
    """What is wrong with an item whose fields are those that there are; "" for nothing."""
    if item.beside and not item.view:
        return "beside braucht eine view daneben"
    if wrong := [part for part in item.parts if part not in PARTS]:
        return f"parts: „{wrong[0]}“ gibt es nicht; erlaubt sind {', '.join(PARTS)}"
    if item.parts and not item.view:
        return "parts braucht eine view, von der sie sind"
    if item.chapter and not item.text:
        return "chapter gehört zu einem text; ein title allein ist schon ein Kapitel"
    if item.form and item.form not in FORMS:
        return f"form: „{item.form}“ gibt es nicht; erlaubt sind {', '.join(FORMS)}"
    if item.form and (item.view or item.text):
        return "form schreibt sich selbst und steht ohne view und text"
    if bool(item.of) != (item.form in _OF_A_VIEW):
        return f"of und form gehören zusammen: eine Ansicht haben {' und '.join(_OF_A_VIEW)}"
    if item.kind == "chapter" and not item.title:
        return (
            "hier fehlt view (eine Ansicht), title (ein Kapitel), text (eine Folie mit Text) oder "
            "form (eine Liste, die sich selbst schreibt)"
        )
    return ""


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
    lines = _fields(agenda.model_dump(exclude={"items"}))
    for item in agenda.items:
        lines += ["", "[[item]]", *_fields(item.model_dump())]
    return "\n".join(lines) + "\n"


def _fields(values: Mapping[str, object]) -> list[str]:
    # what JSON writes of a text, a number or a list of texts is TOML too
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
