"""What the words of official tables mean: the labels of definitions as one lexicon for each table.

A town adds words to what ships with `[[more_words]]`, so that a table which the offices reword
needs no new version. A spelling with two meanings is an error in the definitions, found on load.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, NamedTuple

from indicators.catalog.mappings import unknown
from indicators.catalog.meaning import Dataset, Dimension, MoreWords, Table
from indicators.errors import DefinitionError
from indicators.wording import ANY_ENDING, Known, Lexicon, M, key, plain

TOTALS = ("insgesamt", "gesamt", "zusammen", "total")


class Meaning(NamedTuple):
    """What a word says: the `category` of the dimension `of`, the measure `of`, the total, nothing
    (a heading), or that its column is left out (skip)."""

    kind: Literal["skip", "total", "category", "measure", "heading"]
    of: str = ""
    category: str = ""


def lexicon(
    dataset: Dataset, table: Table, dimensions: Mapping[str, Dimension]
) -> Lexicon[Meaning]:
    """All words a table may use. What it leaves out goes before what others take from it."""
    categories = list(_categories(dataset, dimensions))
    skipped = [Known(word, Meaning("skip")) for word in table.skip]
    words = [*skipped, *_totals(), *categories, *_measures(dataset), *_headings(table)]
    return Lexicon(words, divisions=[known.word for known in categories])


def _totals() -> Iterator[Known[Meaning]]:
    yield from (Known(word, Meaning("total")) for word in TOTALS)


def _categories(dataset: Dataset, dimensions: Mapping[str, Dimension]) -> Iterator[Known[Meaning]]:
    for id in dataset.dimensions:
        for category in dimensions[id].categories:
            meaning = Meaning("category", id, category.id)
            yield from (Known(word, meaning) for word in category.labels)


def _measures(dataset: Dataset) -> Iterator[Known[Meaning]]:
    for measure in dataset.measures:
        yield from (Known(word, Meaning("measure", measure.id)) for word in measure.labels)


def _headings(table: Table) -> Iterator[Known[Meaning]]:
    yield from (Known(word, Meaning("heading")) for word in table.headings)


# --- words a town adds ----------------------------------------------------------------------------


def with_more_words(
    dimensions: dict[str, Dimension],
    datasets: dict[str, Dataset],
    added: Iterable[tuple[str, MoreWords]],
) -> tuple[dict[str, Dimension], dict[str, Dataset]]:
    """The definitions with these words (file, words) added to them. Raises DefinitionError for
    words of what does not exist."""
    dimensions, datasets = dict(dimensions), dict(datasets)
    for file, more in added:
        if more.dimension:
            dimensions[more.dimension] = _in_dimension(file, more, dimensions)
        elif more.dataset:
            datasets[more.dataset] = _in_measure(file, more, datasets)
        else:
            changed = _in_table(file, more, datasets)
            datasets[changed.id] = changed
    return dimensions, datasets


def _in_dimension(file: str, more: MoreWords, dimensions: dict[str, Dimension]) -> Dimension:
    dimension = _named(file, "dimension", more.dimension, dimensions)
    known = {category.id: category for category in dimension.categories}
    _named(file, "category", more.category, known)
    categories = [
        c.model_copy(update={"labels": [*c.labels, *more.words]}) if c.id == more.category else c
        for c in dimension.categories
    ]
    return dimension.model_copy(update={"categories": categories})


def _in_measure(file: str, more: MoreWords, datasets: dict[str, Dataset]) -> Dataset:
    dataset = _named(file, "dataset", more.dataset, datasets)
    _named(file, "measure", more.measure, {measure.id: measure for measure in dataset.measures})
    measures = [
        m.model_copy(update={"labels": [*m.labels, *more.words]}) if m.id == more.measure else m
        for m in dataset.measures
    ]
    return dataset.model_copy(update={"measures": measures})


def _in_table(file: str, more: MoreWords, datasets: dict[str, Dataset]) -> Dataset:
    feeds = {table.code: dataset for dataset in datasets.values() for table in dataset.tables}
    dataset = _named(file, "table", more.table, feeds)
    assert more.use is not None  # words for a table say what they are for (`is_complete`)
    tables = [
        t.model_copy(update={more.use: [*getattr(t, more.use), *more.words]})
        if t.code == more.table
        else t
        for t in dataset.tables
    ]
    return dataset.model_copy(update={"tables": tables})


def _named(file: str, field: str, id: str | None, known: Mapping):
    if id is None or id not in known:
        raise DefinitionError(f"{file}, Feld more_words.{field}: {unknown(id or '', known)}")
    return known[id]


# --- contradictions -------------------------------------------------------------------------------


class Contradiction(NamedTuple):
    """Two words that spelling makes one, though they mean different things."""

    words: tuple[str, str]
    text: str


def in_dimension(dimension: Dimension) -> Iterator[Contradiction]:
    """Words that two categories of a dimension claim."""
    names = {category.id: category.name for category in dimension.categories}
    words = [Known(word, c.id) for c in dimension.categories for word in c.labels]
    for first, second in _twice(words):
        yield _contradiction(first, names[first.meaning], second, names[second.meaning])


def in_table(
    dataset: Dataset, table: Table, dimensions: Mapping[str, Dimension]
) -> Iterator[Contradiction]:
    """Words that a table could read in two ways. What it leaves out it says on purpose, and a
    measure may also stand in a heading that covers others."""
    claims = [*_totals(), *_categories(dataset, dimensions)]
    for words in ([*claims, *_measures(dataset)], [*claims, *_headings(table)]):
        for first, second in _twice(words):
            of_one_dimension = first.meaning.kind == second.meaning.kind == "category" and (
                first.meaning.of == second.meaning.of
            )
            if not of_one_dimension:
                yield _contradiction(first, said(first.meaning), second, said(second.meaning))


def _contradiction(first: Known, one: str, second: Known, other: str) -> Contradiction:
    text = (
        f"„{first.word}“ ({one}) und „{second.word}“ ({other}) sind bis auf die Schreibweise ein "
        "Wort; jedes darf nur eines bedeuten"
    )
    return Contradiction((first.word, second.word), text)


def said(meaning: Meaning) -> str:
    """A meaning in words, for messages."""
    return {
        "skip": "wird weggelassen",
        "total": "Insgesamt",
        "category": f"Merkmal {meaning.of}, Ausprägung {meaning.category}",
        "measure": f"Messgröße {meaning.of}",
        "heading": "Überschrift ohne Bedeutung",
    }[meaning.kind]


def _twice(words: Iterable[Known[M]]) -> Iterator[tuple[Known[M], Known[M]]]:
    """Two words of one spelling with different meanings."""
    seen: dict[str, Known[M]] = {}
    for known in words:
        spelling = key(known.word)
        if known.word.endswith(ANY_ENDING):
            spelling = plain(known.word.removesuffix(ANY_ENDING)) + ANY_ENDING
        first = seen.setdefault(spelling, known)
        if first.meaning != known.meaning:
            yield first, known
