"""What contradicts itself in a catalog: references that lead nowhere, ids that are there twice,
fields that do not fit each other. Each problem names its field and what is allowed there.

What a mapping may say is checked in mappings.py, questions and themes in arrangements.py.
"""

import re
from collections.abc import Iterable

from indicators import periods
from indicators.catalog import arrangements, lexicons, mappings
from indicators.catalog.contents import Catalog, File, more_words
from indicators.catalog.definition import TOTAL
from indicators.catalog.mappings import unknown
from indicators.catalog.meaning import (
    Calculation,
    Collected,
    Dataset,
    Dimension,
    Indicator,
    Measure,
    Restriction,
    SameCount,
    Term,
    Vocabulary,
)
from indicators.symbols import FLAG_NAMES, SYMBOL_SETS, Status


def problems(catalog: Catalog, files: dict[str, File], complete: bool) -> Iterable[str]:
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
        yield from (f"{name}, {p}" for p in _second_source_problems(file, catalog))
        yield from (f"{name}, {p}" for p in arrangements.problems(file, catalog))
        yield from (
            f"{name}, Feld stricter_rules.datasets: {unknown(id, catalog.datasets)}"
            for rule in file.stricter_rules
            for id in rule.datasets
            if id not in catalog.datasets
        )
        yield from (
            f"{name}, Feld events.datasets: {unknown(id, catalog.datasets)}"
            for event in file.events
            for id in event.datasets
            if id not in catalog.datasets
        )


def _second_source_problems(file: File, catalog: Catalog) -> Iterable[str]:
    for one in file.two_sources:
        for side, term in (("first", one.first), ("second", one.second)):
            yield from _term_problems(f"two_sources.{one.id}.{side}", term, catalog)


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


def contradictions(catalog: Catalog, files: dict[str, File]) -> Iterable[str]:
    """Words of official tables with two meanings, in the file that adds the word, else in that of
    the dimension or dataset."""
    adders = {word: name for name, more in more_words(files) for word in more.words}
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


def unsaid(catalog: Catalog) -> Iterable[str]:
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
    yield from _cross_problems(dataset)
    for restriction in dataset.restrictions:
        yield from _restriction_problems(restriction, dataset, catalog)
    for measure in dataset.measures:
        yield from _measure_problems(measure, dataset, catalog)
    yield from _circles(dataset)
    for one in dataset.collected:
        yield from _collected_problems(one, dataset, catalog)
    for table in dataset.tables:
        if table.measure is not None and table.measure not in measures:
            yield f"Feld dataset.tables.measure: {unknown(table.measure, measures)}"
        for dimension, category in table.fixed.items():
            yield from _category_problems(
                "dataset.tables.fixed", dimension, category, dataset, catalog
            )


def _cross_problems(dataset: Dataset) -> Iterable[str]:
    for cross in dataset.crosses:
        for id in cross:
            if id not in dataset.dimensions:
                yield f"Feld dataset.crosses: {unknown(id, dataset.dimensions)}"
        for id in _twice(cross):
            yield f"Feld dataset.crosses: „{id}“ darf in einer Kreuzung nur einmal vorkommen"


def _restriction_problems(
    restriction: Restriction, dataset: Dataset, catalog: Catalog
) -> Iterable[str]:
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


def _measure_problems(measure: Measure, dataset: Dataset, catalog: Catalog) -> Iterable[str]:
    measures = [one.id for one in dataset.measures]
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


def _circles(dataset: Dataset) -> Iterable[str]:
    """Measures that would be a part of themselves."""
    wholes = {measure.id: measure.part_of for measure in dataset.measures}
    for id in wholes:
        above, steps = wholes.get(id), 0
        while above is not None and steps <= len(wholes):
            above, steps = wholes.get(above), steps + 1
        if steps > len(wholes):
            yield f"Feld dataset.measures.{id}.part_of: die Kennzahl wäre ein Teil ihrer selbst"


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
                dataset.period.meant(text)
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
            yield from _term_problems(
                "indicator.calculations", term, catalog, ready_made=term is calculation.given
            )
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


def _term_problems(
    where: str, term: Term, catalog: Catalog, *, ready_made: bool = False
) -> Iterable[str]:
    """`ready_made` allows a ratio as it comes, which nothing is added to."""
    dataset = catalog.datasets.get(term.dataset)
    if dataset is None:
        yield f"Feld {where}.dataset: {unknown(term.dataset, catalog.datasets)}"
        return
    measures = {measure.id: measure for measure in dataset.measures}
    if term.measure not in measures:
        yield f"Feld {where}.measure: {unknown(term.measure, measures)}"
    elif not ready_made and not measures[term.measure].additive:
        yield (
            f"Feld {where}.measure: „{term.measure}“ ist eine fertige Verhältniszahl und darf "
            "nicht summiert werden; sie gehört unter given"
        )
    for dimension, categories in term.where.items():
        for category in [categories] if isinstance(categories, str) else categories:
            yield from _category_problems(f"{where}.where", dimension, category, dataset, catalog)
