"""The rule that protects a dataset: smallest count, zeros, small groups, smallest denominator.

A source's rule comes first; a town may make it stricter, never looser. What the numbers mean and
where they come from: minimum frequency rules of the Länder and the Bundesagentur für Arbeit (3 for
most tables, 10 for parts of towns), NCES 2011-603 for groups that fall into one category.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields, replace
from functools import partial
from typing import Any, Literal

from indicators.errors import DefinitionError


@dataclass(frozen=True)
class Rule:
    """What must not be found out from anything shown of a dataset.

    `minimum` (persons): a count from 1 to minimum - 1 is hidden, and nobody can tell that it is
    below. `zeros`: "shown" leaves every zero visible, so a dot means at least 1; "hidden" allows
    dots on zeros, so a dot means at least 0. `group` (persons): where a group is smaller, it is not
    shown that all of it are in one category; 0 switches that off, and it needs hidden zeros.
    `minimum_denominator` (persons): no rate of fewer. `insider`: also safe against a person who is
    alone in a cell and knows it. Raises DefinitionError for what makes no sense.
    """

    minimum: int = 3
    zeros: Literal["shown", "hidden"] = "hidden"
    group: int = 10
    minimum_denominator: int = 20
    insider: bool = True

    def __post_init__(self):
        if self.minimum < 2:
            raise DefinitionError(
                f"Schutzregel, Feld minimum: {self.minimum} schützt niemanden; erlaubt sind ganze "
                "Zahlen ab 2, üblich sind 3, 5 und 10."
            )
        if self.zeros not in ("shown", "hidden"):
            raise DefinitionError(
                f"Schutzregel, Feld zeros: „{self.zeros}“ gibt es nicht; erlaubt sind shown und "
                "hidden."
            )
        if self.group < 0 or self.minimum_denominator < 0:
            raise DefinitionError(
                "Schutzregel, Felder group und minimum_denominator: erlaubt sind ganze Zahlen ab 0."
            )
        if self.group and self.zeros == "shown":
            raise DefinitionError(
                "Schutzregel, Feld group: Solange jede Null gezeigt wird, ist zu sehen, dass alle "
                "einer Gruppe in derselben Kategorie sind. Nächster Schritt: zeros = hidden oder "
                "group = 0 setzen."
            )

    @property
    def lowest(self) -> int:
        """The least a reader has to assume behind a dot, in persons."""
        return 1 if self.zeros == "shown" else 0


# The rules in use: most statistics, careful offices, parts of towns.
PROFILES = {
    "standard": Rule(minimum=3),
    "careful": Rule(minimum=5, group=15),
    "small_areas": Rule(minimum=10, group=20, minimum_denominator=30),
}

_NAMES = {
    "minimum": "die Mindestfallzahl",
    "zeros": "der Umgang mit Nullen",
    "group": "die Größe geschützter Gruppen",
    "minimum_denominator": "der kleinste Nenner von Anteilen",
    "insider": "der Schutz vor Mitwissenden",
}


def _strength(name: str, value) -> int:
    return int(value == "hidden") if name == "zeros" else int(value)


def tightened(source: Rule, wishes: dict[str, Any], where: str) -> Rule:
    """The source's rule with a town's wishes (field → value). `where` names file or dataset.

    Raises DefinitionError for an unknown field and for anything looser than the source's rule.
    """
    allowed = {field.name for field in fields(Rule)}
    unknown = sorted(set(wishes) - allowed)
    if unknown:
        raise DefinitionError(
            f"{where}: Die Schutzregel hat kein Feld {unknown[0]}; erlaubt sind "
            f"{', '.join(sorted(allowed))}."
        )
    for name, value in wishes.items():
        stated = asdict(source)[name]
        if _strength(name, value) < _strength(name, stated):
            raise DefinitionError(
                f"{where}, Feld {name}: {_told(value)} ist lockerer als die Regel der Quelle "
                f"({_told(stated)}). {_NAMES[name][0].upper()}{_NAMES[name][1:]} darf nur strenger "
                "werden. Nächster Schritt: das Feld weglassen oder strenger setzen."
            )
    return replace(source, **wishes)


def strictest(rules: Iterable[Rule]) -> Rule:
    """The rule that is as strict as each of these, for what has to be protected together."""
    every = [asdict(rule) for rule in rules]
    return Rule(
        **{
            field.name: max(
                (rule[field.name] for rule in every), key=partial(_strength, field.name)
            )
            for field in fields(Rule)
        }
    )


def _told(value) -> str:
    return (
        {True: "true", False: "false"}.get(value, str(value))
        if isinstance(value, bool)
        else (str(value))
    )
