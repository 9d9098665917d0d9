"""What the words of a town's own table mean: by its mapping, else by themselves (own_words.py), and
which period a time is.
"""

import re
from collections.abc import Mapping
from functools import lru_cache

from indicators.catalog.catalog import Catalog
from indicators.catalog.mappings import REGION, TableMapping
from indicators.catalog.meaning import Dataset, Dimension, PeriodRule
from indicators.folders import EXAMPLE
from indicators.periods import Period
from indicators.publishing import own_words
from indicators.regions import Region

# No id: what a word means by a mapping that says two things of it.
AMBIGUOUS = "?"
# ¹) 1) *) or a lone ¹ * behind a word
_MARKER = re.compile(r"(\s*([¹²³⁴⁵⁶⁷⁸⁹⁰]+\)?|(?<!\d)\d{1,2}\)|\*+\)?))+$")
_BEFORE_PERIOD = re.compile(
    r"(schuljahr|schulj\.|sj\.?|kitajahr|jahr|stichtag|stand|zum|am|:|\s)+", re.IGNORECASE
)
_SPLIT_TYPES = ("school_year", "training_year", "winter_semester")
TWO_YEARS = re.compile(r"((?:19|20)\d\d)\s*[-–/_]\s*((?:19|20)?\d\d)")
SHORT_YEARS = re.compile(r"(?:WS\s*)?(\d\d)\s*[-–/_]\s*(\d\d)")
YEAR_FIRST = re.compile(r"((?:19|20)\d\d)[-_.](\d\d?)[-_.](\d\d?)")
DAY_FIRST = re.compile(r"(\d\d?)[-_.](\d\d?)[-_.]((?:19|20)\d\d)")


def period_rule(mapping: TableMapping, dataset: Dataset) -> PeriodRule:
    """What a time in the table means: what the dataset says, unless the mapping says otherwise. A
    day of its own holds for all years."""
    told = {name: getattr(mapping, name) for name in ("year_is", "day")}
    told = {name: value for name, value in told.items() if value is not None}
    if mapping.day:
        told["earlier_days"] = {}
    return dataset.period.model_copy(update=told)


@lru_cache(maxsize=50_000)
def plain(text: str) -> str:
    """A word as it is compared: one blank between words, no footnote marker, small letters."""
    return unmarked(re.sub(r"\s+", " ", text).strip()).casefold()


def unmarked(text: str) -> str:
    """Without the marker of a footnote; "(unter 3)" ends in a bracket of its own."""
    bare = _MARKER.sub("", text)
    return bare if bare and bare.count("(") == bare.count(")") else text


def matches(text: str, patterns: list[str]) -> bool:
    """Whether a text is one of these; a trailing * stands for any ending."""
    word = plain(text)
    return any(fits(word, pattern) for pattern in patterns)


def fits(word: str, pattern: str) -> bool:
    """Whether a plain word is this pattern, whose * at either end stands for anything."""
    start, end = pattern.startswith("*"), pattern.endswith("*")
    if not start and not end:
        return word == plain(pattern)
    # its * is no marker of a footnote
    inner = re.sub(r"\s+", " ", pattern.strip("*")).strip().casefold()
    if start and end:
        return inner in word
    return word.endswith(inner) if start else word.startswith(inner)


def _most_special(patterns: list[str]) -> list[str]:
    """Of patterns that fit one word those that no other one includes: "Grundschule Nord*" says
    more than "Grundschule*", which says nothing more then."""
    return [
        one
        for one in patterns
        if not any(_is_wider(one, other) for other in patterns if other != one)
    ]


def _is_wider(pattern: str, other: str) -> bool:
    word = plain(other.strip("*"))
    return fits(word, pattern) and not fits(plain(pattern.strip("*")), other)


def as_period(text: str, rule: PeriodRule) -> Period:
    """The period a text of a town's table means: "Schuljahr 2023/2024", "2023-24", "2023.0"."""
    text = unmarked(text.strip())
    text = re.sub(r"^(\d{4})\.0$", r"\1", text)
    match = _BEFORE_PERIOD.match(text)
    text = text[match.end() :] if match else text
    text = text.strip()
    if may_be_split(rule):
        if years := TWO_YEARS.fullmatch(text):
            text = f"{years[1]}/{years[2]}"
        elif (years := SHORT_YEARS.fullmatch(text)) and _follows(years[1], years[2]):
            text = f"{20 if years[1] < '80' else 19}{years[1]}/{years[2]}"
    return rule.meant(text)


def may_be_split(rule: PeriodRule) -> bool:
    """Whether "2024/25" is a time: of a key date or year only if somebody says which is meant."""
    return rule.type in _SPLIT_TYPES or rule.year_is is not None


def _follows(first: str, second: str) -> bool:
    """Whether two digits each are one year and the next: "23" and "24", "99" and "00"."""
    return int(second) == (int(first) + 1) % 100


class _Explained:
    """The words that a mapping explains, found without looking at each: it may be thousands."""

    def __init__(self, words: Mapping[str, str]):
        self.words = words
        self.open = [p for p in words if p.startswith("*") or p.endswith("*")]
        self.whole: dict[str, list[str]] = {}
        self.spelled: dict[str, list[str]] = {}
        for pattern in words:
            self.spelled.setdefault(own_words.spellings(pattern)[0], []).append(pattern)
            if not (pattern.startswith("*") or pattern.endswith("*")):
                self.whole.setdefault(plain(pattern), []).append(pattern)

    def meanings(self, word: str) -> set[str]:
        """What a plain word may mean."""
        fitting = [*self.whole.get(word, []), *(p for p in self.open if fits(word, p))]
        fitting = _most_special(fitting) or self.spelled.get(own_words.spellings(word)[0], [])
        return {self.words[pattern] for pattern in fitting}


class KnownWords:
    """What words of the table mean: by the mapping, or by themselves. Who asks about many tables of
    the same definitions keeps in `known` what was made of them."""

    def __init__(
        self,
        mapping: TableMapping,
        dimensions: list[Dimension],
        register: dict[str, Region],
        catalog: Catalog,
        known: dict[str, list[own_words.Words]] | None = None,
    ):
        self.mapping, self.register, self.catalog = mapping, register, catalog
        self.dimensions = {dimension.id: dimension for dimension in dimensions}
        keys = [mapping.region or "", *mapping.words.get(REGION, {}).values()]
        self._lands = {key[:2] for key in keys}
        self._known: dict[str, list[own_words.Words]] = {} if known is None else known
        self._explained: dict[str, _Explained] = {}

    def explained(self, word: str, kind: str) -> str | None:
        """What the mapping says of a plain word: None for nothing, AMBIGUOUS for two things."""
        if kind not in self._explained:
            self._explained[kind] = _Explained(self.mapping.words.get(kind, {}))
        found = self._explained[kind].meanings(word)
        return AMBIGUOUS if len(found) > 1 else next(iter(found), None)

    def meanings(self, text: str, kind: str) -> list[str]:
        """What a word means by itself; several ids where it is ambiguous."""
        for words in self.known(kind):
            if found := words.meanings(unmarked(text.strip())):
                return found
        return []

    def nearest(self, text: str, kind: str) -> str | None:
        found = [words.nearest(text) for words in self.known(kind)] if text else []
        return next((str(known.meaning) for known in found if known), None)

    def known(self, kind: str) -> list[own_words.Words]:
        """The words there are, those that go before first: a table of the invented town speaks of
        invented regions, all others of real ones."""
        if kind not in self._known:
            if kind == REGION:
                file = self.catalog.defined_in("mappings", self.mapping.id)
                order = sorted((False, True), reverse=file.startswith(f"{EXAMPLE}/"))
                found = [own_words.of_regions(self.register, one) for one in order]
            elif kind in self.dimensions:
                found = [own_words.of_categories(self.dimensions[kind], self._lands)]
            else:
                found = []
            self._known[kind] = found
        return self._known[kind]

    def said(self, id: str, kind: str) -> str:
        """An id as a message names it."""
        if kind == REGION:
            region = self.register[id]
            above = self.register.get(region.parent or "")
            return f"{id} ({region.name}{f', {above.name}' if above else ''})"
        return f"{id} („{self.dimensions[kind].category_name(id)}“)"
