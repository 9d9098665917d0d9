"""Which datasets a table may belong to: those whose words it uses, best first."""

import re
from dataclasses import dataclass, replace
from pathlib import Path

from indicators.assistant import columns
from indicators.assistant.case import Case, Known
from indicators.assistant.columns import DIMENSION, VALUE, Role
from indicators.assistant.proposal import Answers
from indicators.assistant.shape import Shape
from indicators.catalog.catalog import Catalog
from indicators.catalog.mappings import PERIOD
from indicators.catalog.meaning import Measure
from indicators.publishing import own_words
from indicators.regions import Region

_LOOKED_AT = 12
_WORD = re.compile(r"[^\W\d_]{4,}")


@dataclass(frozen=True)
class Scored:
    """A dataset, how it is named to choose, and whether words of the table speak for it."""

    id: str
    text: str
    points: float
    fits: bool


def datasets(
    shapes: list[Shape],
    sheet_is: str | None,
    file: str,
    catalog: Catalog,
    register: dict[str, Region],
    known: Known,
) -> list[Scored]:
    """All datasets, those that fit first."""
    # what a table is about shows in its first rows
    shapes = [replace(shapes[0], body=shapes[0].body[:_LOOKED_AT])]
    said = " ".join([Path(file).stem.replace("_", " "), *shapes[0].above])
    broken = any(
        re.fullmatch(r"\d{1,3}[.,]\d", text)
        for shape in shapes
        for text in shape.sheet.texts[shape.body].flatten()
    )
    found = []
    for dataset in catalog.datasets.values():
        case = Case(file, shapes, sheet_is, catalog, register, Answers({}), dataset, known)
        roles = columns.guess(case)
        values = [role for role in roles.values() if role.kind == VALUE]
        named = [role for role in values if role.where or role.of]
        sure = [role for role in named if role.sure]
        points = 3.0 * sum(_divides(role) for role in roles.values())
        points += 3.0 * len(sure) / max(len(values), 1) if sure else 0
        points += 1.0 * (len(named) - len(sure)) / max(len(values), 1) if named else 0
        points += any(role.kind == PERIOD for role in roles.values())
        points += 2.0 * _alike(said, " ".join([dataset.name, *(m.name for m in dataset.measures)]))
        points -= sum(not (role.kind or role.of) for role in roles.values()) / max(len(roles), 1)
        points += 2.0 * (_alike(said, dataset.name) > 0)
        points -= 0.5 * bool(dataset.tables)
        points -= 3.0 * (broken and all(_counts(measure) for measure in dataset.measures))
        unknown = sum(not (role.kind or role.of) for role in roles.values())
        told = unknown < len(named) or _alike(said, dataset.name) > 0
        found.append(Scored(dataset.id, dataset.name, points, points >= 2.25 and told))
    return sorted(found, key=lambda one: (-one.points, one.text))


def _divides(role: Role) -> bool:
    """Whether a column tells a dimension, though it may be asked which."""
    return role.kind == DIMENSION or bool(not role.kind and role.of)


def _counts(measure: Measure) -> bool:
    return measure.additive and measure.unit == "Anzahl" and measure.shown_decimals == 0


def by_name(catalog: Catalog) -> list[Scored]:
    """All datasets in the order of the alphabet, where somebody has chosen already."""
    found = [Scored(one.id, one.name, 0, False) for one in catalog.datasets.values()]
    return sorted(found, key=lambda one: one.text)


def _alike(text: str, other: str) -> float:
    """The share of words of the first that the second has, or that begin alike."""
    first = {own_words.spellings(w)[1][:6] for w in _WORD.findall(text)}
    second = {own_words.spellings(w)[1][:6] for w in _WORD.findall(other)}
    return len(first & second) / max(len(first), 1)
