"""Presets (Vorlagen): what a paper of a certain sort is made of, before there is a region.

A preset is one TOML file, named as it is called; those that ship lie beside this module, a town's
own in `presets/` of its data folder. It says nothing of numbers, so it is part of no release. What
becomes of it for a region is export/drafting.py's.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal

from pydantic import Field, ValidationError

from indicators import toml, writing
from indicators.agenda import FORMS
from indicators.catalog.catalog import Catalog
from indicators.catalog.definition import Definition, wrong_fields
from indicators.errors import DefinitionError
from indicators.folders import Folders
from indicators.regions import Region

Sort = Literal["focus", "themes", "bausteine", "life_phases", "frameworks"]
Part = Literal["finding", "figure", "table", "method"]
# What may stand in braces in titles, texts and views.
WORDS = ("region", "region_id", "year", "topic", "topic_text", "group", "group_text", "number")


class Section(Definition):
    """A part of a paper: a chapter with the indicators of it, a text, or a list that writes itself
    (`form`, see agenda.FORMS).

    Its indicators are those of the `group`: "topic" is the one that is chosen with the paper; of
    "themes", "bausteine" and "life_phases" each is a section of its own. `indicators` names them
    instead, "seu_*" all that begin so. Those with values of the region become a slide each, with
    these `parts`, at `most` so many; `overview` puts a table of their newest values before them,
    `missing` what is missing behind them, `method` how they are counted; without `answers` that is
    all. `views` are further ones, as in an address, before all others.
    """

    title: str = ""
    text: str = ""
    form: str = ""
    group: Literal["", "topic", "themes", "bausteine", "life_phases"] = ""
    indicators: list[str] = []
    views: list[str] = []
    parts: tuple[Part, ...] = ()
    answers: bool = True
    most: int = Field(default=0, ge=0)
    overview: bool = False
    missing: bool = False
    method: bool = False

    @property
    def asks(self) -> bool:
        """Whether it is of indicators or views."""
        return bool(self.group or self.indicators or self.views)


class Preset(Definition):
    """A sort of paper: its `name`, what it is good for (`text`), and its sections. `topics` are the
    sorts of topics of which one is chosen with the paper; none if it needs none. `local` marks what
    is made for a Gemeinde or a Stadtteil too; `pages` is that of the agenda."""

    name: str
    text: str
    title: str
    committee: str = ""
    order: int = 100
    topics: tuple[Sort, ...] = ()
    local: bool = False
    pages: Literal[0, 2] = 0
    sections: tuple[Section, ...] = Field(alias="section", min_length=1)


@dataclass(frozen=True)
class Topic:
    """What a paper or a section of it is about: its indicators in their order, and for a
    Schwerpunktthema its year."""

    id: str
    name: str
    indicators: tuple[str, ...]
    text: str = ""
    number: str = ""
    year: int = 0


def known(folders: Folders) -> dict[str, Preset]:
    """All presets by their order; a town's own takes the place of one of the same name. Raises
    DefinitionError naming file, field and what is allowed."""
    paths = {p.stem: p for folder in folders.presets for p in sorted(folder.glob("*.toml"))}
    found = {}
    for id, path in paths.items():
        try:
            content = path.read_bytes()
        except OSError as error:
            raise DefinitionError(f"{path.name}: {writing.reason(error)}") from error
        found[id] = read(content, path.name)
    return dict(sorted(found.items(), key=lambda pair: (pair[1].order, pair[0])))


def named(folders: Folders, id: str) -> Preset:
    """Raises DefinitionError naming what there is."""
    found = known(folders)
    if id not in found:
        raise DefinitionError(
            f"Eine Vorlage „{id}“ gibt es nicht. Nächster Schritt: eine von diesen angeben: "
            f"{', '.join(found)}."
        )
    return found[id]


def read(content: bytes | str, name: str) -> Preset:
    """One preset. Raises DefinitionError naming section, field and what is allowed there."""
    try:
        found = Preset(**toml.read(content, name))
    except ValidationError as error:
        raise DefinitionError(f"{name}: {'; '.join(wrong_fields(error, Preset))}") from error
    for number, section in enumerate(found.sections, 1):
        if fault := _fault(section, found):
            raise DefinitionError(f"{name}, section {number}: {fault}")
    return found


def _fault(section: Section, preset: Preset) -> str:
    """What is wrong with a section whose fields are those that there are; "" for nothing."""
    if section.form and section.form not in FORMS:
        return f"form: „{section.form}“ gibt es nicht; erlaubt sind {', '.join(FORMS)}"
    if section.form and (section.asks or section.text):
        return "form schreibt sich selbst und steht ohne Text und ohne Indikatoren"
    if section.group == "topic" and not preset.topics:
        return 'group = "topic" braucht topics: welche Themen zur Wahl stehen'
    if section.group and section.indicators:
        return "entweder group oder indicators ist anzugeben"
    if section.text and not section.title:
        return "zu text gehört title"
    if not (section.asks or section.text or section.form):
        return "hier fehlt, was gezeigt wird: group, indicators, views, text oder form"
    for words in (preset.title, section.title, section.text, *section.views):
        try:
            words.format(**dict.fromkeys(WORDS, ""))
        except (KeyError, IndexError, ValueError):
            return f"„{words}“: in geschweiften Klammern steht nur eines von {', '.join(WORDS)}"
    return ""


# --- topics ---------------------------------------------------------------------------------------


def topics(catalog: Catalog, region: Region, sorts: tuple[str, ...]) -> dict[str, Topic]:
    """What a paper can be about, by id: a region's Schwerpunktthemen, the newest first, then the
    others in their order."""
    found = [topic for sort in sorts for topic in _SORTS[sort](catalog, region)]
    return {topic.id: topic for topic in found if topic.indicators}


def _focus(catalog: Catalog, region: Region) -> Iterator[Topic]:
    for one in sorted(catalog.focus_topics.values(), key=lambda one: -one.year):
        if not one.regions or region.id in one.regions:
            yield Topic(one.id, one.title, tuple(one.indicators), one.text, year=one.year)


def _themes(catalog: Catalog, _: Region) -> Iterator[Topic]:
    for id, word in catalog.vocabulary.themes.items():
        ids = tuple(i.id for i in catalog.indicators.values() if i.theme == id)
        yield Topic(id, word.name, ids, word.text)


def _bausteine(catalog: Catalog, _: Region) -> Iterator[Topic]:
    for id, word in sorted(catalog.vocabulary.bausteine.items()):
        ids = tuple(i.id for i in catalog.indicators.values() if str(i.baustein) == id)
        yield Topic(f"baustein_{id}", word.name, ids, word.text, number=id)


def _life_phases(catalog: Catalog, _: Region) -> Iterator[Topic]:
    for id, word in catalog.vocabulary.life_phases.items():
        ids = tuple(i.id for i in catalog.indicators.values() if i.life_phase == id)
        yield Topic(id, word.name, ids, word.text)


def _frameworks(catalog: Catalog, region: Region) -> Iterator[Topic]:
    """The groups of the town's own orders, its Handlungsfelder; "feld" and a number each."""
    for one in catalog.frameworks.values():
        if one.by is None and (not one.regions or region.id in one.regions):
            for number, group in enumerate(one.groups, 1):
                id = f"{one.id}_{number}"
                yield Topic(id, group.name, tuple(group.indicators), group.text, str(number))


_SORTS = {
    "focus": _focus,
    "themes": _themes,
    "bausteine": _bausteine,
    "life_phases": _life_phases,
    "frameworks": _frameworks,
}


def chosen(catalog: Catalog, section: Section) -> tuple[str, ...]:
    """The indicators that a section names, those that begin in a way in the catalog's order; an id
    that this release does not know is left out."""
    found = [
        id for name in section.indicators for id in catalog.indicators if fnmatchcase(id, name)
    ]
    return tuple(dict.fromkeys(found))
