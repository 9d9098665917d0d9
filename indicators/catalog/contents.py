"""What one definition file may hold, and what all of them are together: the catalog.

How files are put together is catalog.py's, what contradicts itself in them checking.py's.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache, reduce
from operator import getitem

from pydantic import ValidationError

from indicators import toml
from indicators.catalog.arrangements import (
    ChainStep,
    FocusTopic,
    Framework,
    Gate,
    Question,
    SearchWords,
    Section,
    TwoSources,
)
from indicators.catalog.definition import Definition, wrong_fields
from indicators.catalog.mappings import TableMapping
from indicators.catalog.meaning import (
    Dataset,
    Dimension,
    EducationRegion,
    Event,
    Indicator,
    Licence,
    LocalRegion,
    MoreWords,
    StricterRule,
    Table,
    Territory,
    Vocabulary,
)
from indicators.errors import DefinitionError


class File(Definition):
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
    two_sources: list[TwoSources] = []
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
    two_sources: tuple[TwoSources, ...] = ()

    def tables(self) -> dict[str, tuple[Dataset, Table]]:
        """Table code → the dataset it feeds and its description."""
        return {t.code: (d, t) for d in self.datasets.values() for t in d.tables}

    def defined_in(self, kind: str, id: str) -> str:
        """The file that defines it, for a message about what only the build can check."""
        return next(
            (
                name
                for name, text in self.files.items()
                # most files need not be read again to see that they do not say it
                if id in text and any(item.id == id for item in items(read(name, text), kind))
            ),
            "?",
        )


@lru_cache(maxsize=2_000)  # hundreds of files of which one has changed, each frozen
def read(name: str, text: str, *, released: bool = False) -> File:
    """One definition file. Of a `released` one fields that nobody knows any more are passed over.
    Raises DefinitionError naming file and field."""
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


def _validated(name: str, content: dict, *, released: bool) -> File:
    try:
        return File.model_validate(content)
    except ValidationError as error:
        problems = error.errors()
        unknown_fields = [e["loc"] for e in problems if e["type"] == "extra_forbidden"]
        if not (released and unknown_fields):
            told = [f"{name}, {text}" for text in wrong_fields(error, File)]
            raise DefinitionError("\n".join(told)) from error
    for *way, last in unknown_fields:
        del reduce(getitem, way, content)[last]
    return _validated(name, content, released=False)


def more_words(files: dict[str, File]) -> Iterable[tuple[str, MoreWords]]:
    """What files add to the words of official tables, each with the name of its file."""
    for name, file in files.items():
        for more in file.more_words:
            if not more.is_complete:
                raise DefinitionError(
                    f"{name}, Feld more_words: richtig ist dimension mit category, dataset mit "
                    "measure oder table mit use, und nur eines davon"
                )
            yield name, more


def items(file: File, kind: str) -> list:
    """What a file defines of this kind; the vocabulary holds dimensions too."""
    return [*getattr(file.vocabulary, kind, []), *getattr(file, kind)]
