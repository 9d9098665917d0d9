"""The catalog: all definitions, read from TOML and checked against each other.

Shipped definitions lie in `indicators/definitions/`, a town's own in `data/definitions/` in the
same folders and the same form. An unknown field, a wrong type, an unknown reference or a doubled
id is a DefinitionError that names file, field and what is allowed.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import reduce
from operator import getitem
from pathlib import Path

from pydantic import ValidationError

from indicators import periods, toml
from indicators.catalog import arrangements, lexicons, mappings
from indicators.catalog.arrangements import (
    ChainStep,
    FocusTopic,
    Framework,
    Gate,
    Question,
    SearchWords,
    Section,
)
from indicators.catalog.definition import TOTAL, Definition, wrong_fields
from indicators.catalog.mappings import TableMapping, unknown
from indicators.catalog.meaning import (
    Calculation,
    Collected,
    Dataset,
    Dimension,
    EducationRegion,
    Event,
    Indicator,
    Licence,
    LocalRegion,
    MoreWords,
    PeriodRule,
    SameCount,
    StricterRule,
    Table,
    Term,
    Territory,
    Vocabulary,
)
from indicators.errors import DefinitionError
from indicators.folders import EXAMPLE
from indicators.symbols import FLAG_NAMES, SYMBOL_SETS, Status


class _File(Definition):
    """What one definition file may hold; every kind is optional."""

    vocabulary: Vocabulary | None = None
    licences: dict[str, Licence] = {}
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
    search_words: list[SearchWords] = []
    local_regions: list[LocalRegion] = []
    mappings: list[TableMapping] = []
    stricter_rules: list[StricterRule] = []
    more_words: list[MoreWords] = []


@dataclass(frozen=True)
class Catalog:
    """All definitions, checked against each other. Dicts keep a stable order; `stricter_rules` are
    (file, rule)."""

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
    stricter_rules: tuple[tuple[str, StricterRule], ...] = ()
    search_words: tuple[SearchWords, ...] = ()

    def tables(self) -> dict[str, tuple[Dataset, Table]]:
        """Table code → the dataset it feeds and its description."""
        return {t.code: (d, t) for d in self.datasets.values() for t in d.tables}

    def defined_in(self, kind: str, id: str) -> str:
        """The file that defines it, for a message about what only the build can check."""
        return next(
            (
                name
                for name, text in self.files.items()
                if any(item.id == id for item in _items(_parse(name, text), kind))
            ),
            "?",
        )


# --- reading and checking -----------------------------------------------------------------------


def _parse(name: str, text: str, *, released: bool = False) -> _File:
    content = toml.read(text, name)
    # One indicator, dataset or education region a file is the usual case and needs no list.
    for single, plural in (
        ("indicator", "indicators"),
        ("dataset", "datasets"),
        ("education_region", "education_regions"),
        ("local_region", "local_regions"),
        ("mapping", "mappings"),
        ("stricter_rule", "stricter_rules"),
    ):
        for field_name, form in ((single, dict), (plural, list)):
            if not isinstance(content.get(field_name, form()), form):
                raise DefinitionError(
                    f"{name}, Feld {field_name}: richtig ist [{single}], wo es nur einen Eintrag "
                    f"gibt, oder [[{plural}]] vor jedem von mehreren"
                )
        if single in content:
            content[plural] = [content.pop(single), *content.get(plural, [])]
    return _validated(name, content, released=released)


def _validated(name: str, content: dict, *, released: bool) -> _File:
    try:
        return _File.model_validate(content)
    except ValidationError as error:
        problems = error.errors()
        unknown_fields = [e["loc"] for e in problems if e["type"] == "extra_forbidden"]
        if not (released and unknown_fields):
            told = [f"{name}, {text}" for text in wrong_fields(error, _File)]
            raise DefinitionError("\n".join(told)) from error
    for *way, last in unknown_fields:
        del reduce(getitem, way, content)[last]
    return _validated(name, content, released=False)


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
            texts[name] = toml.decoded(_bytes_of(path, name), name)
    return from_texts(texts, complete=True)


def _bytes_of(path: Path, name: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise DefinitionError(
            f"{name}: die Datei kann nicht gelesen werden ({error.strerror}). Nächster Schritt: "
            "Leserechte prüfen."
        ) from error


def from_texts(texts: dict[str, str], *, complete: bool = False, released: bool = False) -> Catalog:
    """The catalog of definition files given as name → text, as a release carries them.

    With `complete` every status and flag needs its words; the vocabulary of an older release may
    lack some. Fields that a `released` text has and nobody knows any more are passed over.
    Raises DefinitionError naming file, field and what is allowed.
    """
    files = {name: _parse(name, text, released=released) for name, text in texts.items()}
    vocabulary = _with_licences(_only(files, "vocabulary"), files)
    dimensions, datasets = lexicons.with_more_words(
        _by_id(files, "dimensions"), _by_id(files, "datasets"), _more_words(files)
    )
    catalog = Catalog(
        vocabulary=vocabulary,
        dimensions=dimensions,
        datasets=_with_known_licence(datasets, vocabulary),
        indicators=_in_order(_by_id(files, "indicators")),
        education_regions=_in_order(_by_id(files, "education_regions")),
        territory=_only(files, "territory"),
        events=tuple(_by_id(files, "events").values()),
        files=texts,
        local_regions=_by_id(files, "local_regions"),
        mappings=_with_known_licence(_by_id(files, "mappings"), vocabulary),
        **{
            kind: _in_order(_by_id(files, kind))
            for kind in ("gates", "sections", "chain_steps", "frameworks", "questions")
        },
        focus_topics=_by_id(files, "focus_topics"),
        stricter_rules=tuple(
            (name, rule) for name, file in files.items() for rule in file.stricter_rules
        ),
        search_words=tuple(words for file in files.values() for words in file.search_words),
    )
    problems = list(_problems(catalog, files, complete))
    if not (problems or released):
        problems = [*_contradictions(catalog, files), *_unsaid(catalog)]
    if problems:
        raise DefinitionError("\n".join(problems))
    return catalog


def _more_words(files: dict[str, _File]) -> Iterable[tuple[str, MoreWords]]:
    for name, file in files.items():
        for more in file.more_words:
            if not more.is_complete:
                raise DefinitionError(
                    f"{name}, Feld more_words: richtig ist dimension mit category, dataset mit "
                    "measure oder table mit use, und nur eines davon"
                )
            yield name, more


def _with_licences(vocabulary: Vocabulary, files: dict[str, _File]) -> Vocabulary:
    """The vocabulary with the licences that other files add to it."""
    licences = dict(vocabulary.licences)
    for name, file in files.items():
        for id, licence in file.licences.items():
            if id in licences:
                raise DefinitionError(
                    f"{name}, Feld licences.{id}: diese Lizenz gibt es schon; jede Kennung darf "
                    "nur einmal vorkommen"
                )
            licences[id] = licence
    return vocabulary.model_copy(update={"licences": licences})


def _with_known_licence(items: dict, vocabulary: Vocabulary) -> dict:
    """Datasets or mappings with the id of their licence, where they write it in another way."""
    return {
        id: item.model_copy(update={"licence": vocabulary.licence(item.licence) or item.licence})
        for id, item in items.items()
    }


def _only(files: dict[str, _File], kind: str):
    found = [(name, getattr(file, kind)) for name, file in files.items() if getattr(file, kind)]
    if len(found) != 1:
        where = ", ".join(name for name, _ in found) or "keiner Datei"
        raise DefinitionError(f"[{kind}] muss genau einmal vorkommen, steht aber in {where}")
    return found[0][1]


def _items(file: _File, kind: str) -> list:
    """What a file defines of this kind; the vocabulary holds dimensions too."""
    return [*getattr(file.vocabulary, kind, []), *getattr(file, kind)]


def _by_id(files: dict[str, _File], kind: str) -> dict:
    found: dict = {}
    origin: dict[str, str] = {}
    for name, file in files.items():
        for item in _items(file, kind):
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
                allowed = [category.id for category in dimension.categories]
                for id in dimension.leading:
                    if id not in allowed:
                        yield f"{name}, Feld {field_name}.leading: {unknown(id, allowed)}"
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
                catalog.mappings[mapping.id],
                catalog.datasets,
                catalog.dimensions,
                catalog.vocabulary.licences,
            ):
                yield f"{name}, {problem}"
        for problem in arrangements.problems(file, catalog):
            yield f"{name}, {problem}"
        yield from (
            f"{name}, Feld stricter_rules.datasets: {unknown(id, catalog.datasets)}"
            for rule in file.stricter_rules
            for id in rule.datasets
            if id not in catalog.datasets
        )
        for event in file.events:
            yield from (
                f"{name}, Feld events.datasets: {unknown(id, catalog.datasets)}"
                for id in event.datasets
                if id not in catalog.datasets
            )


def _word_problems(words: Vocabulary, complete: bool) -> Iterable[str]:
    for kind, known, there in (
        ("statuses", [status.value for status in Status], words.statuses),
        ("flags", list(FLAG_NAMES), words.flags),
    ):
        for id in set(there) - set(known):
            yield f"Feld vocabulary.{kind}: {unknown(id, known)}"
        for id in known:
            if complete and id not in there:
                yield f"Feld vocabulary.{kind}.{id}: dieses Feld fehlt"


def _contradictions(catalog: Catalog, files: dict[str, _File]) -> Iterable[str]:
    """Words of official tables with two meanings, in the file that adds the word, else in that of
    the dimension or dataset."""
    adders = {word: name for name, more in _more_words(files) for word in more.words}
    found = []
    for id, dimension in catalog.dimensions.items():
        found += [("dimensions", id, wrong) for wrong in lexicons.in_dimension(dimension)]
    for dataset, table in catalog.tables().values():
        wrongs = lexicons.in_table(dataset, table, catalog.dimensions)
        found += [("datasets", dataset.id, wrong) for wrong in wrongs]
    for kind, id, wrong in dict.fromkeys(found):
        adder = next((adders[word] for word in wrong.words if word in adders), None)
        field = "more_words.words" if adder else f"{kind}.{id}"
        yield f"{adder or catalog.defined_in(kind, id)}, Feld {field}: {wrong.text}"


def _unsaid(catalog: Catalog) -> Iterable[str]:
    """What a sentence about an indicator would lack."""
    for id, indicator in catalog.indicators.items():
        for problem in [*_words_problems(indicator, catalog), *_assumption_problems(indicator)]:
            yield f"{catalog.defined_in('indicators', id)}, {problem}"


def _twice(ids: Iterable[str]) -> list[str]:
    found = list(ids)
    return [id for id in dict.fromkeys(found) if found.count(id) > 1]


def _group_problems(dimension: Dimension, catalog: Catalog) -> Iterable[str]:
    own = [category.id for category in dimension.categories]
    for coarser, groups in dimension.groups.items():
        if coarser not in catalog.dimensions:
            yield f": {unknown(coarser, catalog.dimensions)}"
            continue
        allowed = [category.id for category in catalog.dimensions[coarser].categories]
        yield from (f".{coarser}: {unknown(id, allowed)}" for id in groups if id not in allowed)
        for id, parts in groups.items():
            yield from (f".{coarser}.{id}: {unknown(p, own)}" for p in parts if p not in own)


def _dataset_problems(dataset: Dataset, catalog: Catalog) -> Iterable[str]:
    if dataset.symbols not in SYMBOL_SETS:
        yield f"Feld dataset.symbols: {unknown(dataset.symbols, SYMBOL_SETS)}"
    if dataset.place not in catalog.vocabulary.places:
        yield f"Feld dataset.place: {unknown(dataset.place, catalog.vocabulary.places)}"
    if catalog.vocabulary.licence(dataset.licence) is None:
        yield f"Feld dataset.licence: {unknown(dataset.licence, catalog.vocabulary.licences)}"
    for id in dataset.dimensions:
        if id not in catalog.dimensions:
            yield f"Feld dataset.dimensions: {unknown(id, catalog.dimensions)}"
    measures = [measure.id for measure in dataset.measures]
    for id in _twice(measures):
        yield f"Feld dataset.measures.id: „{id}“ darf nur einmal vorkommen"
    for cross in dataset.crosses:
        for id in cross:
            if id not in dataset.dimensions:
                yield f"Feld dataset.crosses: {unknown(id, dataset.dimensions)}"
        for id in _twice(cross):
            yield f"Feld dataset.crosses: „{id}“ darf in einer Kreuzung nur einmal vorkommen"
    for restriction in dataset.restrictions:
        for name in ("dimensions", "needs"):
            for id in getattr(restriction, name):
                if id not in dataset.dimensions:
                    yield f"Feld dataset.restrictions.{name}: {unknown(id, dataset.dimensions)}"
        for dimension, categories in restriction.only.items():
            if dimension not in restriction.dimensions:
                allowed = restriction.dimensions
                yield f"Feld dataset.restrictions.only: {unknown(dimension, allowed)}"
                continue
            for category in categories:
                yield from _category_problems(
                    "dataset.restrictions.only", dimension, category, dataset, catalog
                )
    for measure in dataset.measures:
        for name in ("part_of", "hidden_with"):
            other = getattr(measure, name)
            if other is not None and (other not in measures or other == measure.id):
                allowed = [id for id in measures if id != measure.id]
                yield f"Feld dataset.measures.{measure.id}.{name}: {unknown(other, allowed)}"
        for same in measure.same_as:
            where = f"dataset.measures.{measure.id}.same_as"
            yield from (f"Feld {where}{text}" for text in _same_problems(same, dataset, catalog))
        whole = next((m for m in dataset.measures if m.id == measure.part_of), None)
        if measure.remainder and (whole is None or whole.part_of):
            yield (
                f"Feld dataset.measures.{measure.id}.remainder: geht nur mit part_of und nur, wenn "
                "die ganze Kennzahl nicht selbst Teil einer anderen ist"
            )
    wholes = {measure.id: measure.part_of for measure in dataset.measures}
    for id in measures:
        above, steps = wholes.get(id), 0
        while above is not None and steps <= len(measures):
            above, steps = wholes.get(above), steps + 1
        if steps > len(measures):
            yield f"Feld dataset.measures.{id}.part_of: die Kennzahl wäre ein Teil ihrer selbst"
    for one in dataset.collected:
        yield from _collected_problems(one, dataset, catalog)
    for table in dataset.tables:
        if table.measure is not None and table.measure not in measures:
            yield f"Feld dataset.tables.measure: {unknown(table.measure, measures)}"
        for dimension, category in table.fixed.items():
            yield from _category_problems(
                "dataset.tables.fixed", dimension, category, dataset, catalog
            )


def _collected_problems(one: Collected, dataset: Dataset, catalog: Catalog) -> Iterable[str]:
    measures = [measure.id for measure in dataset.measures]
    yield from (
        f"Feld dataset.collected.measures: {unknown(id, measures)}"
        for id in one.measures
        if id not in measures
    )
    for dimension, wanted in one.where.items():
        for category in [wanted] if isinstance(wanted, str) else wanted:
            yield from _category_problems(
                "dataset.collected.where", dimension, category, dataset, catalog
            )
    if not (one.first or one.last):
        yield "Feld dataset.collected: erster (first) oder letzter Zeitraum (last) ist anzugeben"
    for name, text in (("first", one.first), ("last", one.last)):
        try:
            if text:
                period_of(dataset, text)
        except periods.PeriodError as error:
            yield f"Feld dataset.collected.{name}: {error}"


def _same_problems(same: SameCount, dataset: Dataset, catalog: Catalog) -> Iterable[str]:
    others = [id for id in catalog.datasets if id != dataset.id]
    if same.dataset not in others:
        yield f".dataset: {unknown(same.dataset, others)}"
        return
    other = catalog.datasets[same.dataset]
    measures = [measure.id for measure in other.measures]
    if same.measure not in measures:
        yield f".measure: {unknown(same.measure, measures)}"
    for own, theirs in same.dimensions.items():
        if own not in dataset.dimensions:
            yield f".dimensions: {unknown(own, dataset.dimensions)}"
        if theirs not in other.dimensions:
            yield f".dimensions.{own}: {unknown(theirs, other.dimensions)}"
    stated = [(other, id, [category]) for id, category in same.where.items()]
    stated += [(dataset, id, categories) for id, categories in same.only.items()]
    for table, id, categories in stated:
        if id not in table.dimensions:
            yield f": {unknown(id, table.dimensions)} (Datensatz {table.id})"
            continue
        allowed = [c.id for c in catalog.dimensions[id].categories]
        yield from (f".{id}: {unknown(c, allowed)}" for c in categories if c not in allowed)


def _category_problems(
    field: str, dimension: str, category: str, dataset: Dataset, catalog: Catalog
) -> Iterable[str]:
    if dimension not in dataset.dimensions or dimension not in catalog.dimensions:
        reason = unknown(dimension, dataset.dimensions)
        yield f"Feld {field}: Merkmal {reason} (Datensatz {dataset.id})"
        return
    allowed = [c.id for c in catalog.dimensions[dimension].categories] + [TOTAL]
    if category not in allowed:
        yield f"Feld {field}.{dimension}: Ausprägung {unknown(category, allowed)}"


def _indicator_problems(indicator: Indicator, catalog: Catalog) -> Iterable[str]:
    words = catalog.vocabulary
    for name, value, allowed in (
        ("theme", indicator.theme, words.themes),
        ("life_phase", indicator.life_phase, words.life_phases),
        ("baustein", str(indicator.baustein), words.bausteine),
        ("place", indicator.place, words.places),
    ):
        if value not in allowed:
            yield f"Feld indicator.{name}: {unknown(value, allowed)}"
    placeholders = re.findall(r"\{(\w*)\}", indicator.statement.rest)
    if "value" not in placeholders:
        yield "Feld indicator.statement.rest: der Platzhalter {value} fehlt"
    for name in set(placeholders) - {"value", "group"}:
        yield f"Feld indicator.statement.rest: {unknown(name, ['value', 'group'])}"
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
            yield f"Feld indicator.breakdowns.dimension: {unknown(breakdown.dimension, shared)}"
        elif breakdown.default and breakdown.default not in {
            c.id for c in catalog.dimensions[breakdown.dimension].categories
        }:
            allowed = [c.id for c in catalog.dimensions[breakdown.dimension].categories]
            yield f"Feld indicator.breakdowns.default: {unknown(breakdown.default, allowed)}"
    if indicator.flow:
        yield from _flow_problems(indicator, catalog)
    if indicator.balance and not any(_has_two_sides(c) for c in indicator.calculations):
        yield (
            "Feld indicator.balance: eine Berechnung braucht Plätze und Bedarf, also numerator und "
            "denominator oder im numerator Terme mit sign = 1 und mit sign = -1"
        )


def _words_problems(indicator: Indicator, catalog: Catalog) -> Iterable[str]:
    """What would leave a sentence without its words for a category."""
    words = indicator.statement
    if words.rest_one and "{value}" not in words.rest_one:
        yield "Feld indicator.statement.rest_one: der Platzhalter {value} fehlt"
    if "{group}" in words.rest and not indicator.grouped_by:
        yield (
            "Feld indicator.statement.rest: {group} braucht eine Aufteilung (breakdowns) mit "
            "default"
        )
    dimension = catalog.dimensions.get(indicator.grouped_by)
    allowed = [category.id for category in dimension.categories] if dimension else []
    for name, groups in [
        ("groups", words.groups),
        *((f"land_groups.{land}", groups) for land, groups in words.land_groups.items()),
    ]:
        for id in groups:
            if id not in allowed:
                yield f"Feld indicator.statement.{name}: {unknown(id, allowed)}"
    # a sentence that has words for some categories reads wrongly for the others
    lacking = [id for id in allowed if words.groups and id not in words.groups]
    if lacking:
        yield f"Feld indicator.statement.groups: es fehlen {', '.join(lacking)}"


def _assumption_problems(indicator: Indicator) -> Iterable[str]:
    """A need that is assumed by a share of a group must be told with that share."""
    if indicator.balance is None:
        return
    shares = {
        f"{round(100 * term.weight, 1):g} %".replace(".", ",")
        for calculation in indicator.calculations
        for term in [*calculation.numerator, *calculation.denominator]
        if term.weight != 1
    }
    for share in sorted(shares):
        if share not in indicator.balance.assumption:
            yield f"Feld indicator.balance.assumption: der angenommene Bedarf von {share} fehlt"


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
            yield f"Feld indicator.flow.{name}: {unknown(dimension, allowed)}"


def _term_problems(term: Term, calculation: Calculation, catalog: Catalog) -> Iterable[str]:
    where = "indicator.calculations"
    dataset = catalog.datasets.get(term.dataset)
    if dataset is None:
        yield f"Feld {where}.dataset: {unknown(term.dataset, catalog.datasets)}"
        return
    measures = {measure.id: measure for measure in dataset.measures}
    if term.measure not in measures:
        yield f"Feld {where}.measure: {unknown(term.measure, measures)}"
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
    return period_by(dataset.period, text)


def period_by(rule: PeriodRule, text: str) -> periods.Period:
    """The period a time means by a rule; raises PeriodError."""
    found = periods.parse(text, rule.type, year_is=rule.year_is, day=rule.day)
    if not rule.earlier_days or periods.names_a_day(text):
        return found
    return periods.parse(text, rule.type, year_is=rule.year_is, day=rule.day_of(found.year))
