"""Definitions: what indicators, datasets, regions and words mean, read from TOML and checked.

Shipped definitions lie in `indicators/definitions/`, a town's own in `data/definitions/` in the
same folders and the same form. An unknown field, a wrong type, an unknown reference or a doubled
id is a DefinitionError that names file, field and what is allowed.
"""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, Field, ValidationError

from indicators import arrangements, formats, mappings, periods
from indicators.arrangements import ChainStep, FocusTopic, Framework, Gate, Question, Section
from indicators.definition import TOTAL, Definition, Id, RegionId
from indicators.errors import DefinitionError
from indicators.folders import EXAMPLE
from indicators.mappings import TableMapping
from indicators.symbols import FLAG_NAMES, SYMBOL_SETS, Status

PeriodType = Literal["school_year", "key_date", "calendar_year", "winter_semester", "training_year"]


# --- vocabulary ---------------------------------------------------------------------------------


class Word(Definition):
    """A theme, life phase, Baustein or place concept: its name and what it means."""

    name: str
    text: str = ""


class StatusWords(Definition):
    """What a status is called: its sign in a table, a short and a full explanation."""

    sign: str
    short: str
    meaning: str


class Category(Definition):
    """One category of a dimension. `labels` are the words official files use for it; `subset`
    marks a "darunter" that is contained in another category and never added up; `land_names` is
    what a Land calls it."""

    id: Id
    name: str
    labels: list[str] = []
    subset: bool = False
    land_names: dict[str, str] = {}


class Dimension(Definition):
    """A way to divide a count, e.g. sex. The total is not a category: it is kept as delivered.

    `partition` says that the categories (without subsets) add up to the total, which the build
    checks. `derived` maps a category no file delivers to the one it is the rest of: {"male" =
    "female"} means total minus female. `groups` says which of its categories a coarser dimension
    adds up to: {"age": {"age_0_2": ["age_0", "age_1", "age_2"]}}. `incomparable` says, in a
    sentence for readers, why its categories are never drawn in one figure (definitions that count
    different people).
    """

    id: Id
    name: str
    total_name: str = "insgesamt"
    partition: bool = True
    categories: list[Category]
    derived: dict[str, str] = {}
    groups: dict[Id, dict[Id, list[Id]]] = {}
    incomparable: str = ""

    def category(self, id: str) -> Category:
        return next(category for category in self.categories if category.id == id)

    def category_name(self, id: str, land: str = "") -> str:
        """The name a reader of that Land knows."""
        if id == TOTAL:
            return self.total_name
        category = self.category(id)
        return category.land_names.get(land, category.name)


class Vocabulary(Definition):
    """The words of the field. `statuses` and `flags` say what a value's status and flags are
    called; the shipped vocabulary must have them all."""

    themes: dict[str, Word]
    life_phases: dict[str, Word]
    bausteine: dict[str, Word]
    places: dict[str, Word]
    licences: dict[str, Word]
    statuses: dict[str, StatusWords] = {}
    flags: dict[str, Word] = {}
    dimensions: list[Dimension]


# --- datasets -----------------------------------------------------------------------------------


class Measure(Definition):
    """What is counted. `labels` are official column headings that name it (a trailing * stands
    for any ending); `official_unit` is the unit the file must state; `additive = false` marks a
    ready-made ratio that can be shown but never summed."""

    id: Id
    name: str
    unit: str = "Anzahl"
    decimals: int | None = None
    additive: bool = True
    labels: list[str] = []
    official_unit: str | None = None

    @property
    def shown_decimals(self) -> int:
        return formats.default_decimals(self.unit) if self.decimals is None else self.decimals


class PeriodRule(Definition):
    """What a time in the file means: its type, whether a bare year of a split year is its start
    or end, and the key date of a bare year."""

    type: PeriodType
    year_is: Literal["start", "end"] = "start"
    day: str = "31.12."


class Table(Definition):
    """An official table that feeds the dataset.

    `measure` is the measure of columns whose heading names none; `headings` are header words that
    name a variable and carry no information of their own; `fixed` are categories that hold for
    the whole table; `skip` are headings of columns that are deliberately not taken. `download`
    is false for tables that the public address does not offer.
    """

    code: str
    title: str
    measure: Id | None = None
    headings: list[str] = []
    fixed: dict[str, str] = {}
    skip: list[str] = []
    download: bool = True
    until: str = ""


class Dataset(Definition):
    """One table of a release: a row per region, period and one category of each dimension.

    `crosses` are the divisions that are published: every subset of a cross, with totals elsewhere.
    The build makes the sums that deliveries lack. Without crosses the deliveries stay as they are.
    """

    id: Id
    name: str
    statistic: str = ""
    publisher: str
    licence: str = "dl-de/by-2-0"
    place: str
    symbols: str = "classic"
    period: PeriodRule
    dimensions: list[Id] = []
    measures: list[Measure]
    tables: list[Table] = []
    notes: list[str] = []
    crosses: list[list[Id]] = []

    def measure(self, id: str) -> Measure:
        return next(measure for measure in self.measures if measure.id == id)


# --- indicators ---------------------------------------------------------------------------------


class Term(Definition):
    """A count in a formula: a measure of a dataset, restricted by `where` (a category or several,
    which are summed), times `sign` and `weight` (1/3 of three years of age is one cohort).
    `offset` takes the count of another year: -1 for the population at the end of the year before;
    `first` the count of the first period there is, the base of an index."""

    dataset: Id
    measure: Id
    where: dict[Id, str | list[str]] = {}
    sign: Literal[1, -1] = 1
    weight: float = Field(default=1, gt=0)
    offset: int = 0
    first: bool = False


class Calculation(Definition):
    """How values come about; the first calculation that has a value for a region and period is
    taken, so official counts go before ready-made ratios.

    Either `given` (a ready-made ratio, never summed), or `numerator` with or without
    `denominator`. With `numerator_base` and `denominator_base` the value is a ratio of two shares
    (numerator / numerator_base) / (denominator / denominator_base). `levels` keeps it to regions of
    these levels, where sources must not be mixed in one line (register and official population).
    """

    levels: list[Literal["bund", "land", "kreis", "gemeinde", "stadtteil", "verbund"]] = []
    numerator: list[Term] = []
    denominator: list[Term] = []
    numerator_base: list[Term] = []
    denominator_base: list[Term] = []
    given: Term | None = None
    given_factor: float = 1
    note: str = ""

    @property
    def terms(self) -> list[Term]:
        given = [self.given] if self.given else []
        return [
            *given,
            *self.numerator,
            *self.denominator,
            *self.numerator_base,
            *self.denominator_base,
        ]


class Breakdown(Definition):
    """A dimension an indicator can be divided by. With `of = "both"` numerator and denominator are
    of the group (leavers without certificate among girls); with "numerator" the denominator stays
    the total (share of each school type). `default` is the category an undivided view shows where
    the total says nothing (the sum of all school types is 100 %)."""

    dimension: Id
    of: Literal["both", "numerator"] = "both"
    default: str | None = None


class Flow(Definition):
    """How an indicator is drawn as a flow: the counts of its first denominator (of its numerator,
    if it is a count), crossed by the dimensions `origin` (one node called `origin_name` without
    it) and `destination`. `persons` is what is counted, in the plural; `changes_only` leaves out
    who stays in the category of origin."""

    origin: Id | None = None
    origin_name: str = ""
    destination: Id
    persons: str
    changes_only: bool = False


class Balance(Definition):
    """Marks an indicator as places against need: its numerator counts places, its denominator
    those who need one. `places_name` and `place_name` are many and one of them ("Plätze", "Platz"),
    `need_name` is who needs one. An indicator without denominator is need (its terms with sign 1)
    minus places (its terms with sign -1)."""

    places_name: str = "Plätze"
    place_name: str = "Platz"
    need_name: str


class Statement(Definition):
    """The words of the sentence "{Im Jahr} {verb} {wo} {rest}", in the past tense.

    `rest` holds {value}, and {group} where the sentence must say of which category it speaks;
    `verb_one` is the verb for a count of exactly one.
    """

    verb: str
    rest: str
    verb_one: str = ""


class Indicator(Definition):
    """An indicator's full sheet. Its value is factor × Σ numerator / Σ denominator, for joint
    regions summed over the members before dividing; without denominator it is a count.

    `order` is its place among the indicators, `highlight` its place among the key figures of the
    overview (0: none); `introduction` marks what introduces a region there (how many live in it);
    `plausible` is the range outside of which the build asks for a second look.
    """

    id: Id
    name: str
    short_name: str
    theme: str
    life_phase: str
    baustein: int
    unit: str
    factor: float = 1
    decimals: int | None = None
    polarity: Literal["higher_is_better", "lower_is_better", "neutral"]
    place: str
    cycle: str = "jährlich"
    definition: str
    formula: str
    numerator_name: str
    denominator_name: str = ""
    period_meaning: str
    caveats: list[str] = []
    statement: Statement
    plausible: tuple[float, float] | None = None
    class_limits: list[float] = []
    diverging: bool = False
    minimum_denominator: int = 20
    calculations: list[Calculation]
    breakdowns: list[Breakdown] = []
    flow: Flow | None = None
    balance: Balance | None = None
    order: int = 100
    highlight: int = 0
    introduction: bool = False

    @property
    def shown_decimals(self) -> int:
        return formats.default_decimals(self.unit) if self.decimals is None else self.decimals

    @property
    def is_count(self) -> bool:
        return not any(c.denominator or c.given for c in self.calculations) and self.factor == 1

    @property
    def datasets(self) -> list[str]:
        return list(dict.fromkeys(t.dataset for c in self.calculations for t in c.terms))

    def breakdown(self, dimension: str) -> Breakdown | None:
        return next((b for b in self.breakdowns if b.dimension == dimension), None)


# --- regions and events -------------------------------------------------------------------------


class EducationRegion(Definition):
    """A region with an education office. Of two members the joint region `verbund:<id>` is made,
    called `joint_name` alone and `joint_where` in a sentence."""

    id: Id
    name: str
    members: list[RegionId]
    joint_name: str = ""
    joint_where: str = ""
    order: int = 100


class LocalRegion(Definition):
    """A region no boundary file knows: a Gemeinde, a Stadtteil, or an invented region.

    `name` stands alone ("Markt Birkenried"), `where` in a sentence ("in <name>" if left out).
    What is `invented` is marked wherever it is shown and never counted among real regions; parts
    of an invented region are invented. Only an invented Land has no parent.
    """

    id: RegionId
    name: str
    where: str = ""
    designation: str = ""
    level: Literal["land", "kreis", "gemeinde", "stadtteil"]
    parent: RegionId | None = None
    invented: bool = False


class Dissolved(Definition):
    id: RegionId
    name: str
    designation: str
    successors: list[RegionId]


class Founded(Definition):
    """A Kreis that the boundary file does not know yet."""

    id: RegionId
    name: str
    designation: str


class Reform(Definition):
    """A territorial reform: `day` is the first day of the new regions; `existing` names the
    successors that existed before, `founded` the Kreise that are new and in no boundary file."""

    name: str
    day: date
    existing: list[RegionId] = []
    dissolved: list[Dissolved] = []
    founded: list[Founded] = []


class StatisticalRegion(Definition):
    """A 3-digit key that official tables use and the boundary file does not know."""

    id: RegionId
    name: str
    designation: str
    valid_from: date | None = None
    valid_to: date | None = None


class Territory(Definition):
    reforms: list[Reform]
    statistical_regions: list[StatisticalRegion]


class Event(Definition):
    """Something to know when reading a time axis: a `break` (values before and after differ in
    kind; the line is interrupted) or an `event` (a marker with words). It applies to the named
    datasets and to regions whose key begins with one of `regions` (all if empty); `day` is the
    first day of the new state."""

    id: Id
    kind: Literal["break", "event"]
    day: date
    label: str
    text: str
    datasets: list[Id]
    regions: list[str] = []


class _File(Definition):
    """What one definition file may hold; every kind is optional."""

    vocabulary: Vocabulary | None = None
    datasets: list[Dataset] = []
    indicators: list[Indicator] = []
    education_regions: list[EducationRegion] = []
    territory: Territory | None = None
    events: list[Event] = []
    dimensions: list[Dimension] = []
    gates: list[Gate] = []
    sections: list[Section] = []
    chain_steps: list[ChainStep] = []
    frameworks: list[Framework] = []
    questions: list[Question] = []
    focus_topics: list[FocusTopic] = []
    local_regions: list[LocalRegion] = []
    mappings: list[TableMapping] = []


@dataclass(frozen=True)
class Catalog:
    """All definitions, checked against each other. Dicts keep a stable order."""

    vocabulary: Vocabulary
    dimensions: dict[str, Dimension]
    datasets: dict[str, Dataset]
    indicators: dict[str, Indicator]
    education_regions: dict[str, EducationRegion]
    territory: Territory
    events: tuple[Event, ...]
    files: dict[str, str] = field(default_factory=dict)
    local_regions: dict[str, LocalRegion] = field(default_factory=dict)
    mappings: dict[str, TableMapping] = field(default_factory=dict)
    gates: dict[str, Gate] = field(default_factory=dict)
    sections: dict[str, Section] = field(default_factory=dict)
    chain_steps: dict[str, ChainStep] = field(default_factory=dict)
    frameworks: dict[str, Framework] = field(default_factory=dict)
    questions: dict[str, Question] = field(default_factory=dict)
    focus_topics: dict[str, FocusTopic] = field(default_factory=dict)

    def tables(self) -> dict[str, tuple[Dataset, Table]]:
        """Table code → the dataset it feeds and its description."""
        return {t.code: (d, t) for d in self.datasets.values() for t in d.tables}

    def defined_in(self, kind: str, id: str) -> str:
        """The file that defines it, for a message about what only the build can check."""
        return next(
            (
                name
                for name, text in self.files.items()
                if any(item.id == id for item in getattr(_parse(name, text), kind))
            ),
            "?",
        )


# --- reading and checking -----------------------------------------------------------------------

_MESSAGES = {
    "extra_forbidden": "dieses Feld gibt es hier nicht",
    "missing": "dieses Feld fehlt",
    "string_type": "hier muss ein Text stehen",
    "int_type": "hier muss eine ganze Zahl stehen",
    "int_from_float": "hier muss eine ganze Zahl stehen",
    "int_parsing": "hier muss eine ganze Zahl stehen",
    "float_type": "hier muss eine Zahl stehen",
    "float_parsing": "hier muss eine Zahl stehen",
    "bool_type": "hier muss true oder false stehen",
    "bool_parsing": "hier muss true oder false stehen",
    "list_type": "hier muss eine Liste stehen",
    "tuple_type": "hier muss eine Liste stehen",
    "dict_type": "hier muss eine Tabelle stehen",
    "model_type": "hier muss eine Tabelle stehen",
    "date_type": "hier muss ein Datum stehen (2022-12-31)",
    "date_from_datetime_parsing": "hier muss ein Datum stehen (2022-12-31)",
}


def _allowed_fields(model: type[BaseModel], location: tuple) -> list[str]:
    """The fields of the model in which the last part of `location` was unexpected."""
    current = model
    for part in location[:-1]:
        if part not in current.model_fields:  # a place in a list or the key of a table
            continue
        annotation = current.model_fields[part].annotation
        found = [a for a in _classes_in(annotation) if issubclass(a, BaseModel)]
        if not found:
            return []
        current = found[0]
    return sorted(field.alias or name for name, field in current.model_fields.items())


def _classes_in(annotation) -> Iterable[type]:
    if isinstance(annotation, type):
        yield annotation
    for argument in getattr(annotation, "__args__", ()):
        yield from _classes_in(argument)


def _german(error: dict, file: str) -> str:
    location = error["loc"]
    place = ".".join(str(part + 1) if isinstance(part, int) else part for part in location)
    reason = _MESSAGES.get(error["type"])
    if error["type"] == "extra_forbidden":
        reason += "; erlaubt sind " + ", ".join(_allowed_fields(_File, location))
    elif error["type"] == "literal_error":
        reason = f"„{error['input']}“ ist nicht erlaubt; erlaubt sind {error['ctx']['expected']}"
        reason = reason.replace(" or ", " oder ")
    elif error["type"] == "string_pattern_mismatch":
        reason = f"„{error['input']}“ hat nicht die Form {error['ctx']['pattern']}"
    return f"{file}, Feld {place}: {reason or 'der Wert ist nicht erlaubt'}"


def _parse(name: str, text: str) -> _File:
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DefinitionError(f"{name}: kein gültiges TOML ({error})") from error
    # One indicator, dataset or education region a file is the usual case and needs no list.
    for single, plural in (
        ("indicator", "indicators"),
        ("dataset", "datasets"),
        ("education_region", "education_regions"),
        ("local_region", "local_regions"),
        ("mapping", "mappings"),
    ):
        if single in content:
            content[plural] = [content.pop(single), *content.get(plural, [])]
    try:
        return _File.model_validate(content)
    except ValidationError as error:
        raise DefinitionError("\n".join(_german(e, name) for e in error.errors())) from error


def load(*folders: Path) -> Catalog:
    """All definitions below these folders, shipped ones first, checked as a whole.

    Raises DefinitionError naming file, field and what is allowed.
    """
    texts: dict[str, str] = {}
    for folder in folders:
        for path in sorted(folder.rglob("*.toml")):
            # what belongs to the invented town keeps saying so
            above = folder.parent.parent if folder.parent.name == EXAMPLE else folder.parent
            name = path.relative_to(above).as_posix()
            if name in texts:
                name = f"{folder.parent.name}/{name}"
            try:
                texts[name] = path.read_bytes().decode("utf-8")
            except UnicodeDecodeError as error:
                raise DefinitionError(
                    f"{name}: die Datei ist nicht in UTF-8 gespeichert"
                ) from error
    return from_texts(texts, complete=True)


def from_texts(texts: dict[str, str], *, complete: bool = False) -> Catalog:
    """The catalog of definition files given as name → text, as a release carries them.

    With `complete` every status and flag needs its words; the vocabulary of an older release may
    lack some. Raises DefinitionError naming file, field and what is allowed.
    """
    files = {name: _parse(name, text) for name, text in texts.items()}
    catalog = Catalog(
        vocabulary=_only(files, "vocabulary"),
        dimensions=_by_id(files, "dimensions"),
        datasets=_by_id(files, "datasets"),
        indicators=_in_order(_by_id(files, "indicators")),
        education_regions=_in_order(_by_id(files, "education_regions")),
        territory=_only(files, "territory"),
        events=tuple(_by_id(files, "events").values()),
        files=texts,
        local_regions=_by_id(files, "local_regions"),
        mappings=_by_id(files, "mappings"),
        **{
            kind: _in_order(_by_id(files, kind))
            for kind in ("gates", "sections", "chain_steps", "frameworks", "questions")
        },
        focus_topics=_by_id(files, "focus_topics"),
    )
    problems = list(_problems(catalog, files, complete))
    if problems:
        raise DefinitionError("\n".join(problems))
    return catalog


def _only(files: dict[str, _File], kind: str):
    found = [(name, getattr(file, kind)) for name, file in files.items() if getattr(file, kind)]
    if len(found) != 1:
        where = ", ".join(name for name, _ in found) or "keiner Datei"
        raise DefinitionError(f"[{kind}] muss genau einmal vorkommen, steht aber in {where}")
    return found[0][1]


def _by_id(files: dict[str, _File], kind: str) -> dict:
    found, origin = {}, {}
    for name, file in files.items():
        of_vocabulary = getattr(file.vocabulary, kind, [])
        for item in [*of_vocabulary, *getattr(file, kind)]:
            if item.id in found:
                raise DefinitionError(
                    f"{name}, Feld {kind}.id: „{item.id}“ gibt es schon in {origin[item.id]}; "
                    "jede Kennung darf nur einmal vorkommen"
                )
            found[item.id], origin[item.id] = item, name
    return found


def _in_order(items: dict) -> dict:
    return dict(sorted(items.items(), key=lambda pair: (pair[1].order, pair[0])))


def _problems(catalog: Catalog, files: dict[str, _File], complete: bool) -> Iterable[str]:
    """Every reference that leads nowhere and everything named twice, with file, field and what is
    allowed."""
    feeds: dict[str, str] = {}
    for name, file in files.items():
        if file.vocabulary:
            yield from (f"{name}, {p}" for p in _word_problems(file.vocabulary, complete))
        for field_name, dimensions in (
            ("vocabulary.dimensions", file.vocabulary.dimensions if file.vocabulary else []),
            ("dimensions", file.dimensions),
        ):
            for dimension in dimensions:
                for id in _twice(category.id for category in dimension.categories):
                    yield (
                        f"{name}, Feld {field_name}.categories.id: „{id}“ gibt es im Merkmal "
                        f"{dimension.id} zweimal; jede Kennung darf nur einmal vorkommen"
                    )
                for problem in _group_problems(dimension, catalog):
                    yield f"{name}, Feld {field_name}.groups{problem}"
        for dataset in file.datasets:
            for table in dataset.tables:
                if table.code in feeds:
                    yield (
                        f"{name}, Feld dataset.tables.code: Tabelle {table.code} speist schon "
                        f"{feeds[table.code]}; jede Tabelle gehört zu genau einem Datensatz"
                    )
                feeds[table.code] = f"den Datensatz {dataset.id} ({name})"
    for name, file in files.items():
        for dataset in file.datasets:
            for problem in _dataset_problems(dataset, catalog):
                yield f"{name}, {problem}"
        for indicator in file.indicators:
            for problem in _indicator_problems(indicator, catalog):
                yield f"{name}, {problem}"
        for mapping in file.mappings:
            for problem in mappings.problems(
                mapping, catalog.datasets, catalog.dimensions, catalog.vocabulary.licences
            ):
                yield f"{name}, {problem}"
        for problem in arrangements.problems(file, catalog):
            yield f"{name}, {problem}"
        for event in file.events:
            yield from (
                f"{name}, Feld events.datasets: {_unknown(id, catalog.datasets)}"
                for id in event.datasets
                if id not in catalog.datasets
            )


def _word_problems(words: Vocabulary, complete: bool) -> Iterable[str]:
    for kind, known, there in (
        ("statuses", [status.value for status in Status], words.statuses),
        ("flags", list(FLAG_NAMES), words.flags),
    ):
        for id in set(there) - set(known):
            yield f"Feld vocabulary.{kind}: {_unknown(id, known)}"
        for id in known:
            if complete and id not in there:
                yield f"Feld vocabulary.{kind}.{id}: dieses Feld fehlt"


def _twice(ids: Iterable[str]) -> list[str]:
    found = list(ids)
    return [id for id in dict.fromkeys(found) if found.count(id) > 1]


def _unknown(value: str, allowed: Iterable[str]) -> str:
    return f"„{value}“ ist nicht bekannt; erlaubt sind {', '.join(sorted(map(str, allowed)))}"


def _group_problems(dimension: Dimension, catalog: Catalog) -> Iterable[str]:
    own = [category.id for category in dimension.categories]
    for coarser, groups in dimension.groups.items():
        if coarser not in catalog.dimensions:
            yield f": {_unknown(coarser, catalog.dimensions)}"
            continue
        allowed = [category.id for category in catalog.dimensions[coarser].categories]
        yield from (f".{coarser}: {_unknown(id, allowed)}" for id in groups if id not in allowed)
        for id, parts in groups.items():
            yield from (f".{coarser}.{id}: {_unknown(p, own)}" for p in parts if p not in own)


def _dataset_problems(dataset: Dataset, catalog: Catalog) -> Iterable[str]:
    if dataset.symbols not in SYMBOL_SETS:
        yield f"Feld dataset.symbols: {_unknown(dataset.symbols, SYMBOL_SETS)}"
    if dataset.place not in catalog.vocabulary.places:
        yield f"Feld dataset.place: {_unknown(dataset.place, catalog.vocabulary.places)}"
    if dataset.licence not in catalog.vocabulary.licences:
        yield f"Feld dataset.licence: {_unknown(dataset.licence, catalog.vocabulary.licences)}"
    for id in dataset.dimensions:
        if id not in catalog.dimensions:
            yield f"Feld dataset.dimensions: {_unknown(id, catalog.dimensions)}"
    measures = [measure.id for measure in dataset.measures]
    for id in _twice(measures):
        yield f"Feld dataset.measures.id: „{id}“ darf nur einmal vorkommen"
    for cross in dataset.crosses:
        for id in cross:
            if id not in dataset.dimensions:
                yield f"Feld dataset.crosses: {_unknown(id, dataset.dimensions)}"
        for id in _twice(cross):
            yield f"Feld dataset.crosses: „{id}“ darf in einer Kreuzung nur einmal vorkommen"
    for table in dataset.tables:
        if table.measure is not None and table.measure not in measures:
            yield f"Feld dataset.tables.measure: {_unknown(table.measure, measures)}"
        for dimension, category in table.fixed.items():
            yield from _category_problems(
                "dataset.tables.fixed", dimension, category, dataset, catalog
            )


def _category_problems(
    field: str, dimension: str, category: str, dataset: Dataset, catalog: Catalog
) -> Iterable[str]:
    if dimension not in dataset.dimensions or dimension not in catalog.dimensions:
        reason = _unknown(dimension, dataset.dimensions)
        yield f"Feld {field}: Merkmal {reason} (Datensatz {dataset.id})"
        return
    allowed = [c.id for c in catalog.dimensions[dimension].categories] + [TOTAL]
    if category not in allowed:
        yield f"Feld {field}.{dimension}: Ausprägung {_unknown(category, allowed)}"


def _indicator_problems(indicator: Indicator, catalog: Catalog) -> Iterable[str]:
    words = catalog.vocabulary
    for name, value, allowed in (
        ("theme", indicator.theme, words.themes),
        ("life_phase", indicator.life_phase, words.life_phases),
        ("baustein", str(indicator.baustein), words.bausteine),
        ("place", indicator.place, words.places),
    ):
        if value not in allowed:
            yield f"Feld indicator.{name}: {_unknown(value, allowed)}"
    placeholders = re.findall(r"\{(\w*)\}", indicator.statement.rest)
    if "value" not in placeholders:
        yield "Feld indicator.statement.rest: der Platzhalter {value} fehlt"
    for name in set(placeholders) - {"value", "group"}:
        yield f"Feld indicator.statement.rest: {_unknown(name, ['value', 'group'])}"
    if not indicator.calculations:
        yield "Feld indicator.calculations: mindestens eine Berechnung ist nötig"
    for calculation in indicator.calculations:
        if bool(calculation.given) == bool(calculation.numerator):
            yield "Feld indicator.calculations: entweder given oder numerator ist anzugeben"
        if bool(calculation.numerator_base) != bool(calculation.denominator_base):
            yield (
                "Feld indicator.calculations: numerator_base und denominator_base gehören zusammen"
            )
        for term in calculation.terms:
            yield from _term_problems(term, calculation, catalog)
    used = {t.dataset for c in indicator.calculations for t in c.terms} & set(catalog.datasets)
    shared = {d for id in used for d in catalog.datasets[id].dimensions}
    for breakdown in indicator.breakdowns:
        if breakdown.dimension not in shared:
            yield f"Feld indicator.breakdowns.dimension: {_unknown(breakdown.dimension, shared)}"
        elif breakdown.default and breakdown.default not in {
            c.id for c in catalog.dimensions[breakdown.dimension].categories
        }:
            allowed = [c.id for c in catalog.dimensions[breakdown.dimension].categories]
            yield f"Feld indicator.breakdowns.default: {_unknown(breakdown.default, allowed)}"
    if indicator.flow:
        yield from _flow_problems(indicator, catalog)
    if indicator.balance and not any(_has_two_sides(c) for c in indicator.calculations):
        yield (
            "Feld indicator.balance: eine Berechnung braucht Plätze und Bedarf, also numerator und "
            "denominator oder im numerator Terme mit sign = 1 und mit sign = -1"
        )


def _has_two_sides(calculation: Calculation) -> bool:
    """Whether it counts places and need: numerator and denominator, or terms of both signs."""
    if calculation.numerator_base:
        return False
    return bool(calculation.denominator) or len({t.sign for t in calculation.numerator}) == 2


def _flow_problems(indicator: Indicator, catalog: Catalog) -> Iterable[str]:
    counted = next((c for c in indicator.calculations if c.numerator), None)
    first = (counted.denominator or counted.numerator)[0] if counted else None
    if first is None or first.dataset not in catalog.datasets:
        yield "Feld indicator.flow: die erste Berechnung braucht numerator, sonst fließt nichts"
        return
    allowed = catalog.datasets[first.dataset].dimensions
    for name in ("origin", "destination"):
        dimension = getattr(indicator.flow, name)
        if dimension is not None and dimension not in allowed:
            yield f"Feld indicator.flow.{name}: {_unknown(dimension, allowed)}"


def _term_problems(term: Term, calculation: Calculation, catalog: Catalog) -> Iterable[str]:
    where = "indicator.calculations"
    dataset = catalog.datasets.get(term.dataset)
    if dataset is None:
        yield f"Feld {where}.dataset: {_unknown(term.dataset, catalog.datasets)}"
        return
    measures = {measure.id: measure for measure in dataset.measures}
    if term.measure not in measures:
        yield f"Feld {where}.measure: {_unknown(term.measure, measures)}"
    elif term is not calculation.given and not measures[term.measure].additive:
        yield (
            f"Feld {where}.measure: „{term.measure}“ ist eine fertige Verhältniszahl und darf "
            "nicht summiert werden; sie gehört unter given"
        )
    for dimension, categories in term.where.items():
        for category in [categories] if isinstance(categories, str) else categories:
            yield from _category_problems(f"{where}.where", dimension, category, dataset, catalog)


def period_of(dataset: Dataset, text: str) -> periods.Period:
    """The period a time in a file of this dataset means; raises PeriodError."""
    rule = dataset.period
    return periods.parse(text, rule.type, year_is=rule.year_is, day=rule.day)
