"""The catalog: all definitions, read from TOML and checked against each other.

Shipped definitions lie in `indicators/definitions/`, a town's own in `data/definitions/` in the
same folders and the same form. An unknown field, a wrong type, an unknown reference or a doubled
id is a DefinitionError that names file, field and what is allowed.
"""

from pathlib import Path

from indicators import toml
from indicators.catalog import checking, lexicons
from indicators.catalog.contents import Catalog, File, items, more_words, read
from indicators.catalog.meaning import (
    Vocabulary,
)
from indicators.errors import DefinitionError
from indicators.folders import EXAMPLE

# --- reading and checking -----------------------------------------------------------------------


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
    files = {name: read(name, text, released=released) for name, text in texts.items()}
    vocabulary = _with_licences(_only(files, "vocabulary"), files)
    dimensions, datasets = lexicons.with_more_words(
        _by_id(files, "dimensions"), _by_id(files, "datasets"), more_words(files)
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
        two_sources=tuple(one for file in files.values() for one in file.two_sources),
        search_words=tuple(words for file in files.values() for words in file.search_words),
    )
    problems = list(checking.problems(catalog, files, complete))
    if not (problems or released):
        problems = [*checking.contradictions(catalog, files), *checking.unsaid(catalog)]
    if problems:
        raise DefinitionError("\n".join(problems))
    return catalog


def _with_licences(vocabulary: Vocabulary, files: dict[str, File]) -> Vocabulary:
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


def _only(files: dict[str, File], kind: str):
    found = [(name, getattr(file, kind)) for name, file in files.items() if getattr(file, kind)]
    if len(found) != 1:
        where = ", ".join(name for name, _ in found) or "keiner Datei"
        raise DefinitionError(f"[{kind}] muss genau einmal vorkommen, steht aber in {where}")
    return found[0][1]


def _by_id(files: dict[str, File], kind: str) -> dict:
    found: dict = {}
    origin: dict[str, str] = {}
    for name, file in files.items():
        for item in items(file, kind):
            if item.id in found:
                raise DefinitionError(
                    f"{name}, Feld {kind}.id: „{item.id}“ gibt es schon in {origin[item.id]}; "
                    "jede Kennung darf nur einmal vorkommen"
                )
            found[item.id], origin[item.id] = item, name
    return found


def _in_order(items: dict) -> dict:
    return dict(sorted(items.items(), key=lambda pair: (pair[1].order, pair[0])))
