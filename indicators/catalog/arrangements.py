"""Definitions of how indicators are arranged for readers: gates, chain, orders, questions, focus,
and by which words they are found.

They carry no numbers and no meaning of their own; a town changes them in its own definitions.
"""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Literal
from urllib.parse import parse_qsl

from pydantic import Field

from indicators.catalog.definition import Definition, Id, RegionId
from indicators.catalog.mappings import unknown
from indicators.catalog.meaning import Term


class Gate(Definition):
    """A transition in education life: the indicator that is drawn as its flow, and the indicators
    that belong to it, the leading one first. `rest` adds the theme's indicators that no gate
    lists."""

    id: Id
    name: str
    text: str
    order: int
    flow: Id | None = None
    indicators: list[Id]
    rest: bool = False


class Section(Definition):
    """A part of a theme's page, drawn as `kind`: "chain", "balance" (of the indicators listed, of
    all that have one if none is), "starters" and "pyramid" have a form of their own, "choice" shows
    one of its indicators at a time, beginning as `start`.
    `rest` adds the theme's indicators that no other section or gate lists, so that a new one is
    seen without an edit here."""

    id: Id
    theme: str
    name: str
    order: int
    kind: Literal["choice", "chain", "balance", "starters", "pyramid"] = "choice"
    start: Literal["trend", "map", "table"] = "trend"
    indicators: list[Id] = []
    rest: bool = False


class StepFigure(Definition):
    """One figure of a step of the chain: the indicator it comes from, its `label` ("Personen",
    "Plätze", "Wartezeit", "Übergang") and what it `tells`, by which the finding is written: how
    long one waits and how many still wait are the bottleneck. `measure` "count" takes the
    numerator of a ratio."""

    label: str
    indicator: Id
    tells: Literal["persons", "places", "waiting_time", "waiting", "transition"] = "persons"
    measure: Literal["share", "count"] = "share"


class ChainStep(Definition):
    """A step on the way of newly arrived persons, from arrival to training. What stands `beside`
    the way (courses for adults) is no step that follows: no arrow leads there."""

    id: Id
    name: str
    text: str
    order: int
    beside: bool = False
    figures: list[StepFigure]


class Group(Definition):
    """One group of an order, with its indicators in the order in which they are read."""

    name: str
    text: str = ""
    indicators: list[Id] = []


class Framework(Definition):
    """An order in which the same indicators are read: by life phase, by Baustein, or by a town's
    own Handlungsfelder. `by` takes the groups from the indicators' sheets; otherwise `groups`
    lists them. `regions` limits it to the regions that work by it (all if empty)."""

    id: Id
    name: str
    order: int
    by: Literal["life_phase", "baustein"] | None = None
    groups: list[Group] = []
    regions: list[RegionId] = []


class Place(Definition):
    """Where something is answered: the page and the query string of the view, without region."""

    page: Literal[
        "transitions", "childcare", "migration", "demography", "life_course", "karte", "daten"
    ]
    query: str

    @property
    def fields(self) -> dict[str, str]:
        return dict(parse_qsl(self.query))

    @property
    def indicator(self) -> str:
        return self.fields.get("indicator", "")


class Instead(Place):
    """What answers a question for a region that lacks what it asks for, from other figures; `told`
    says in a sentence what is not known and what is shown."""

    told: str


class Question(Place):
    """A question as committees ask it, and where it is answered; `instead` is tried in its order
    where a region has nothing of that."""

    id: Id
    order: int
    theme: str
    text: str
    instead: list[Instead] = []


class TwoSources(Definition):
    """A quantity that two offices count: `first` (the official one) and `second`. `kind` and `text`
    say why the numbers differ though both are right."""

    id: Id
    name: str
    first: Term
    second: Term
    kind: Literal["procedure", "collection", "delimitation", "key_date"]
    text: str


class FocusTopic(Definition):
    """The Schwerpunktthema of a year: what is looked at in particular, and its indicators.
    `regions` limits it to the regions that chose it (all if empty)."""

    id: Id
    year: int
    title: str
    text: str
    indicators: list[Id]
    regions: list[RegionId] = []


class SearchWords(Definition):
    """Words that people type for something that is called otherwise, and what they mean: just one
    of the following. `means` are other words ("Gym" means "Gymnasium"), `indicator` the one that is
    asked for, `dimension` a division and with `category` one of its groups, `region` a key, `kind`
    a way to show it. A `filler` says nothing ("wie viele", "gibt es")."""

    words: tuple[str, ...] = Field(min_length=1)
    means: str = ""
    indicator: Id | None = None
    dimension: Id | None = None
    category: Id | None = None
    region: RegionId | None = None
    kind: Literal["map", "trend", "panels", "ranking", "table"] | None = None
    filler: bool = False

    @property
    def is_complete(self) -> bool:
        """Whether it says one thing, and the whole of it."""
        said = [self.means, self.indicator, self.dimension, self.region, self.kind, self.filler]
        return sum(map(bool, said)) == 1 and (self.category is None or self.dimension is not None)


def problems(file, catalog) -> Iterable[str]:
    """Every reference of these definitions in one file that leads nowhere: the field and what is
    allowed there, or what of all indicators is written alike."""
    known, themes = catalog.indicators, catalog.vocabulary.themes

    def indicators(field: str, ids: Iterable[str]) -> Iterable[str]:
        for id in ids:
            if id not in known:
                alike = get_close_matches(id, known, n=3) or sorted(known)[:3]
                yield (
                    f"Feld {field}: der Indikator „{id}“ ist nicht bekannt; erlaubt sind die id "
                    f"der Indikatoren, zum Beispiel {', '.join(alike)}"
                )

    def theme(field: str, id: str) -> Iterable[str]:
        if id not in themes:
            yield f"Feld {field}: {unknown(id, themes)}"

    for gate in file.gates:
        field = f"gates.{gate.id}"
        yield from indicators(f"{field}.indicators", gate.indicators)
        yield from indicators(f"{field}.flow", [gate.flow] if gate.flow else [])
        if gate.flow in known and known[gate.flow].flow is None:
            flows = sorted(id for id, indicator in known.items() if indicator.flow)
            yield (
                f"Feld {field}.flow: der Indikator „{gate.flow}“ hat keine Angabe flow; erlaubt "
                f"sind {', '.join(flows) or 'keine, denn kein Indikator hat eine'}"
            )
    for section in file.sections:
        yield from indicators(f"sections.{section.id}.indicators", section.indicators)
        yield from theme(f"sections.{section.id}.theme", section.theme)
    for step in file.chain_steps:
        asked = [figure.indicator for figure in step.figures]
        yield from indicators(f"chain_steps.{step.id}.figures.indicator", asked)
    for framework in file.frameworks:
        field = f"frameworks.{framework.id}"
        if bool(framework.by) == bool(framework.groups):
            yield f"Feld {field}: entweder by oder groups ist anzugeben"
        for group in framework.groups:
            yield from indicators(f"{field}.groups.indicators", group.indicators)
    for question in file.questions:
        yield from theme(f"questions.{question.id}.theme", question.theme)
        for place in (question, *question.instead):
            fields = place.fields
            asked = [place.indicator, *fields.get("with", "").split(",")]
            yield from indicators(f"questions.{question.id}.query", filter(None, asked))
            if place.page == "daten":  # its sections are no definitions
                continue
            for name, known_parts in (("gate", catalog.gates), ("section", catalog.sections)):
                if (id := fields.get(name)) and id not in known_parts:
                    yield f"Feld questions.{question.id}.query: {name}: {unknown(id, known_parts)}"
    for number, words in enumerate(file.search_words, 1):
        yield from _search_word_problems(f"search_words.{number}", words, catalog)
        asked = [words.indicator] if words.indicator else []
        yield from indicators(f"search_words.{number}.indicator", asked)
    for topic in file.focus_topics:
        yield from indicators(f"focus_topics.{topic.id}.indicators", topic.indicators)


def _search_word_problems(field: str, words: SearchWords, catalog) -> Iterable[str]:
    if not words.is_complete:
        yield (
            f"Feld {field}: richtig ist genau eines von means, indicator, dimension (auch mit "
            "category), region, kind und filler"
        )
    if words.dimension is None:
        return
    if words.dimension not in catalog.dimensions:
        yield f"Feld {field}.dimension: {unknown(words.dimension, catalog.dimensions)}"
        return
    categories = [category.id for category in catalog.dimensions[words.dimension].categories]
    if words.category is not None and words.category not in categories:
        yield f"Feld {field}.category: {unknown(words.category, categories)}"


def listed(catalog, theme: str, chosen: list[str], rest: bool) -> list[str]:
    """The indicators of a section or gate: those it lists, and with `rest` the theme's others that
    none lists."""
    taken = {id for gate in catalog.gates.values() for id in gate.indicators}
    taken |= {id for section in catalog.sections.values() for id in section.indicators}
    others = [i.id for i in catalog.indicators.values() if i.theme == theme and i.id not in taken]
    return [*chosen, *(others if rest else [])]
