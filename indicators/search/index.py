"""What can be found in a release, and how well it fits what was typed.

An index is made once of definitions and regions. An indicator has many names: its own, those that
search words give it, and the questions it answers; a name counts by how much of the typed words it
explains and how much of it was typed, rare words for more than common ones.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from indicators.catalog.arrangements import SearchWords
from indicators.catalog.catalog import Catalog
from indicators.regions import LEVELS, Region
from indicators.search.names import all_texts, names_of, texts_of
from indicators.search.places import Places
from indicators.search.words import Lexicon, fold, likeness

_TYPED = re.compile(r"[^\W_]+")
# How much it explains of a typed word that it stands in an indicator's text, is one of its groups,
# stands in another of its names, or that another word for it stands there.
_IN_TEXT, _IS_GROUP, _IN_OTHER_NAME, _BY_MEANING = 0.45, 0.6, 0.75, 0.9
_TELLS_NOTHING = 0.1  # weight of a filler inside a compound ("Übertrittsquote")
_ENOUGH = 0.3  # of a word that it has any effect
_TYPED_COUNTS = 1.6  # what was typed must be explained, more than all of the name be typed
_LISTED = 6  # hits of one sort
_STANDS_THERE = 0.6  # likeness of a word to one of a title
_WEAKEST = 0.3  # of the best hit of its sort, and of 1
_THEMES = {"migration": "migration", "demografie": "demography"}  # themes with a page of sections


@dataclass(frozen=True)
class Unit:
    """Something typed that means one thing: `typed` as it stands there, `stems` its own,
    `meanings` those of other words for it, what search words say of it, and of which of its stems
    they say `inside` that they are a group or division."""

    typed: str
    stems: tuple[str, ...]
    meanings: tuple[tuple[str, ...], ...] = ()
    said: tuple[SearchWords, ...] = ()
    inside: tuple[tuple[tuple[str, ...], SearchWords], ...] = ()

    @property
    def readings(self) -> list[tuple[tuple[str, ...], float]]:
        return [(self.stems, 1.0), *((stems, _BY_MEANING) for stems in self.meanings)]


@dataclass(frozen=True)
class Hit:
    """Something found: where it is, as a page (as in arrangements.Question) or its path and the
    query string there. A region is its key, on whatever page the reader is."""

    sort: Literal["indicator", "question", "region", "page", "school_type"]
    title: str
    detail: str = ""
    page: str = ""
    query: str = ""
    region: str = ""


@dataclass(frozen=True)
class PageName:
    """A page of the dashboard, or a part of one, by the name in its menu."""

    title: str
    path: str
    query: str = ""


@dataclass(frozen=True)
class Typed:
    """A text read word by word: `words` as typed, `folded` and whether each is still `free`, that
    is no region; `corrected` are words read as others; `unknown` those that mean nothing here."""

    words: tuple[str, ...]
    folded: tuple[str, ...]
    units: tuple[Unit, ...]
    corrected: tuple[tuple[str, str], ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Index:
    """Made once for a release by `Index.of`; looking something up changes nothing."""

    catalog: Catalog
    places: Places
    lexicon: Lexicon
    pages: tuple[PageName, ...]
    phrases: dict[tuple[str, ...], tuple[SearchWords, ...]] = field(repr=False)
    names: dict[str, tuple[tuple[str, ...], ...]] = field(repr=False)
    texts: dict[str, frozenset[str]] = field(repr=False)
    weights: dict[str, float] = field(repr=False)
    fillers: frozenset[str] = field(repr=False)
    longest: int
    rarest: float

    @classmethod
    def of(
        cls, catalog: Catalog, regions: Mapping[str, Region], pages: Sequence[PageName] = ()
    ) -> "Index":
        lexicon = Lexicon.of([*all_texts(catalog), *(page.title for page in pages)])
        phrases: dict[tuple[str, ...], tuple[SearchWords, ...]] = {}
        for said in catalog.search_words:
            for words in said.words:
                stems = lexicon.of_text(words)
                phrases[stems] = (*phrases.get(stems, ()), said)
        fillers = frozenset(
            stems[0]
            for stems, said in phrases.items()
            if len(stems) == 1 and any(one.filler for one in said)
        )
        names = {
            id: tuple(
                dict.fromkeys(_telling(lexicon.of_text(name), fillers) for name in texts if name)
            )
            for id, texts in names_of(catalog).items()
        }
        found_in = Counter(s for all_ in names.values() for s in {s for name in all_ for s in name})
        return cls(
            catalog=catalog,
            places=Places(regions.values()),
            lexicon=lexicon,
            pages=tuple(pages),
            phrases=phrases,
            names=names,
            texts={
                id: frozenset(s for text in texts_of(one, catalog) for s in lexicon.of_text(text))
                for id, one in catalog.indicators.items()
            },
            weights={s: math.log(1 + len(names) / count) for s, count in found_in.items()},
            fillers=fillers,
            longest=max(map(len, phrases), default=1),
            rarest=math.log(1 + len(names)),
        )

    # --- reading what was typed -------------------------------------------------------------------

    def typed(self, text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The words of a text as they stand there, and folded."""
        words = tuple(_TYPED.findall(text))
        return words, tuple(fold(word) for word in words)

    def read(self, words: Sequence[str], folded: Sequence[str], free: Sequence[bool]) -> Typed:
        """The units of the words that are free."""
        pieces: list[tuple[str, int]] = []
        corrected, unknown = [], []
        for at, word in enumerate(folded):
            if not free[at]:
                continue
            if word.isdigit() or self.lexicon.knows(word):
                pieces += [(piece, at) for piece in self.lexicon.pieces(word)]
            elif self._begins_one(word):
                pieces.append((word, at))
            elif meant := self.lexicon.nearest(word):
                pieces.append((meant, at))
                corrected.append((words[at], meant))
            else:
                unknown.append(words[at])
        units = tuple(self._units(pieces, words))
        return Typed(tuple(words), tuple(folded), units, tuple(corrected), tuple(unknown))

    def _begins_one(self, word: str) -> bool:
        """Whether the word is still being typed, or is another form of one that is known."""
        return len(word) >= 3 and any(likeness(word, known) > 0.6 for known in self.weights)

    def _units(self, pieces: list[tuple[str, int]], words: Sequence[str]) -> Iterable[Unit]:
        at = 0
        while at < len(pieces):
            stems = tuple(piece for piece, _ in pieces)
            end = next(
                (
                    end
                    for end in range(min(len(pieces), at + self.longest), at, -1)
                    if stems[at:end] in self.phrases and self._stands_alone(pieces, at, end)
                ),
                at + 1,
            )
            said = ()
            if self._stands_alone(pieces, at, end):
                said = self.phrases.get(stems[at:end], ())
            places = dict.fromkeys(place for _, place in pieces[at:end])
            yield Unit(
                typed=" ".join(words[place] for place in places),
                stems=stems[at:end],
                meanings=tuple(
                    _telling(self.lexicon.of_text(one.means), self.fillers)
                    for one in said
                    if one.means
                ),
                said=said,
                inside=tuple(self._inside(stems[at:end])),
            )
            at = end

    def _stands_alone(self, pieces: list[tuple[str, int]], at: int, end: int) -> bool:
        """A way to show something is a word of its own: "Bevölkerungsentwicklung" names none."""
        said = self.phrases.get(tuple(piece for piece, _ in pieces[at:end]), ())
        if not any(one.kind for one in said):
            return True
        around = [place for _, place in (*pieces[at - 1 : at], *pieces[end : end + 1])]
        return not {place for _, place in pieces[at:end]} & set(around)

    def _inside(self, stems: tuple[str, ...]) -> Iterable[tuple[tuple[str, ...], SearchWords]]:
        for start in range(len(stems)):
            for end in range(start + 1, len(stems) + 1):
                part = stems[start:end]
                yield from ((part, one) for one in self.phrases.get(part, ()) if one.dimension)

    def covers_several(self, folded: Sequence[str]) -> list[bool]:
        """Which words stand in a phrase of several words that is known: none of them is a region
        ("Essen in der Kita")."""
        taken = [False] * len(folded)
        stems = [self.lexicon.pieces(word) for word in folded]
        for at in range(len(folded)):
            for end in range(min(len(folded), at + self.longest), at + 1, -1):
                joined = tuple(piece for pieces in stems[at:end] for piece in pieces)
                if joined in self.phrases:
                    taken[at:end] = [True] * (end - at)
                    break
        return taken

    # --- how well something fits ------------------------------------------------------------------

    def scored(self, units: Sequence[Unit]) -> list[tuple[float, str]]:
        """Every indicator that some of the units speak of, with how well it fits (0 to 1), best
        first."""
        telling = [unit for unit in units if not _says_nothing(unit)]
        if not telling:
            return []
        likes = _likes(telling)
        weights = [self._weight(unit) for unit in telling]
        found = []
        for place, id in enumerate(self.catalog.indicators):
            by_name = [
                [self._explained(u, name, likes) for u in telling] for name in self.names[id]
            ]
            beside = [
                self._beside_the_name(id, unit, max(explained))
                for unit, explained in zip(telling, zip(*by_name, strict=True), strict=True)
            ]
            best = 0.0
            for name, explained in zip(self.names[id], by_name, strict=True):
                share = sum(map(_product, weights, map(max, beside, explained))) / sum(weights)
                best = max(best, _together(share, self._typed_of(name, telling, likes)))
            if best > 0:
                found.append((-best, place, id))
        return [(-score, id) for score, _, id in sorted(found)]

    def _weight(self, unit: Unit) -> float:
        return max(sum(self._weight_of(stem) for stem in stems) for stems, _ in unit.readings)

    def _weight_of(self, stem: str) -> float:
        """How much a stem tells: a rare one most, one in no name as much as if it were in one."""
        return _TELLS_NOTHING if stem in self.fillers else self.weights.get(stem, self.rarest)

    def _typed_of(self, name: Sequence[str], units: Sequence[Unit], likes: "_Likes") -> float:
        """How much of a name was typed."""
        asked = [s for unit in units for stems, _ in unit.readings for s in stems]
        whole = sum(self.weights[stem] for stem in name)
        return sum(self.weights[n] * max(likes.of(s, n) for s in asked) for n in name) / whole

    def _explained(self, unit: Unit, name: Iterable[str], likes: "_Likes") -> float:
        return max(
            share
            * sum(
                self._weight_of(s) * max((likes.of(s, n) for n in name), default=0) for s in stems
            )
            / sum(self._weight_of(s) for s in stems)
            for stems, share in unit.readings
        )

    def _beside_the_name(self, id: str, unit: Unit, in_names: float) -> float:
        """What of a unit an indicator explains by its text, its groups or another name."""
        indicator = self.catalog.indicators[id]
        if any(one.indicator == id for one in unit.said):
            return 1.0
        if any(one.dimension and indicator.breakdown(one.dimension) for _, one in unit.inside):
            return _IS_GROUP
        in_text = max(
            sum(stem in self.texts[id] for stem in stems) / len(stems) for stems, _ in unit.readings
        )
        return max(_IN_TEXT * in_text, _IN_OTHER_NAME * in_names)

    def explains(self, id: str, unit: Unit) -> bool:
        """Whether something of the unit stands in what is known of an indicator."""
        likes = _likes([unit])
        in_names = max(self._explained(unit, name, likes) for name in self.names[id])
        return self._beside_the_name(id, unit, in_names) >= _ENOUGH

    def in_name(self, id: str, stems: Sequence[str]) -> bool:
        """Whether an indicator's own name says this already."""
        indicator = self.catalog.indicators[id]
        name = self.lexicon.of_text(f"{indicator.name} {indicator.short_name}")
        return all(any(likeness(s, n) >= 0.9 for n in name) for s in stems)

    # --- hits -------------------------------------------------------------------------------------

    def hits(self, text: str, land: str = "") -> dict[str, list[Hit]]:
        """What a text finds, by sort and best first; sorts without a hit are left out. School types
        are called as in this `land`."""
        words, folded = self.typed(text)
        if not folded:
            return {}
        read = self.read(words, folded, [True] * len(folded))
        found = {
            "indicator": self._indicators(read.units),
            "question": self._questions(read.units),
            "region": [_region_hit(r) for r in self._regions(folded)],
            "page": self._pages(folded),
            "school_type": self._school_types(folded, land),
        }
        return {sort: hits for sort, hits in found.items() if hits}

    def _indicators(self, units: Sequence[Unit]) -> list[Hit]:
        scored = self.scored(units)[:_LISTED]
        themes = self.catalog.vocabulary.themes
        return [
            Hit(
                "indicator",
                self.catalog.indicators[id].name,
                themes[self.catalog.indicators[id].theme].name,
                "karte",
                f"kind=trend&indicator={id}",
            )
            for score, id in scored
            if score >= max(_WEAKEST, _WEAKEST * scored[0][0] * 2)
        ]

    def _questions(self, units: Sequence[Unit]) -> list[Hit]:
        telling = [unit for unit in units if not _says_nothing(unit)]
        if not telling:
            return []
        likes = _likes(telling)
        weights = [self._weight(unit) for unit in telling]
        found = []
        for question in self.catalog.questions.values():
            stems = self.lexicon.of_text(question.text)
            fit = sum(
                weight * self._explained(unit, stems, likes)
                for unit, weight in zip(telling, weights, strict=True)
            ) / sum(weights)
            found.append((fit, Hit("question", question.text, "", question.page, question.query)))
        best = sorted(found, key=lambda pair: -pair[0])[:_LISTED]
        return [hit for fit, hit in best if fit >= 0.5]

    def _regions(self, folded: Sequence[str]) -> list[Region]:
        """Regions called so; where there is none, those that mistyped words mean."""
        if found := self.places.beginning(folded, _LISTED):
            return found
        named = self.places.named(folded, self.lexicon, [True] * len(folded))
        named = [one for one in named if one.mistyped]
        return list(dict.fromkeys(r for one in named for r in (one.region, *one.others)))[:_LISTED]

    def _pages(self, folded: Sequence[str]) -> list[Hit]:
        entries = [
            *(Hit("page", page.title, "", page.path, page.query) for page in self.pages),
            *(
                Hit("page", section.name, "Ansicht", _THEMES[section.theme], f"section={id}")
                for id, section in self.catalog.sections.items()
                if section.theme in _THEMES
            ),
            *(
                Hit("page", gate.name, "Übergang", "transitions", f"gate={id}")
                for id, gate in self.catalog.gates.items()
            ),
        ]
        return self._called(folded, entries)

    def _school_types(self, folded: Sequence[str], land: str) -> list[Hit]:
        """School types lead to the first indicator that can be restricted to one."""
        of_all = next(
            (
                one
                for one in self.catalog.indicators.values()
                if (b := one.breakdown("school_type")) and b.default is None
            ),
            None,
        )
        if of_all is None:
            return []
        entries, also = [], {}
        dimension = self.catalog.dimensions["school_type"]
        for category in dimension.categories:
            query = f"kind=trend&indicator={of_all.id}&school_type={category.id}"
            title = dimension.category_name(category.id, land)
            hit = Hit("school_type", title, of_all.name, "karte", query)
            entries.append(hit)
            also[hit] = (category.name, *category.labels, *category.land_names.values())
        return self._called(folded, entries, also)

    def _called(
        self,
        folded: Sequence[str],
        entries: list[Hit],
        also: Mapping[Hit, Sequence[str]] | None = None,
    ) -> list[Hit]:
        """The entries in whose title, or in another name of theirs, each typed word stands in some
        form; a mistyped word or another word for it will do."""
        asked = [readings for word in folded if (readings := self._readings(word))]
        if not asked:
            return []
        found = []
        for place, hit in enumerate(entries):
            best = 0.0
            for title in (hit.title, *(also or {}).get(hit, ())):
                name = self.lexicon.of_text(title)
                fits = [max(_mean_likeness(r, name) for r in readings) for readings in asked]
                if min(fits) >= _STANDS_THERE:
                    best = max(best, sum(fits) / len(name))
            if best:
                found.append((-best, place, hit))
        return [hit for *_, hit in sorted(found, key=lambda one: one[:2])[:_LISTED]]

    def _readings(self, word: str) -> list[tuple[str, ...]]:
        """The stems a word may stand for; nothing for a filler."""
        if not (self.lexicon.knows(word) or self._begins_one(word)):
            word = self.lexicon.nearest(word) or word
        stems = self.lexicon.pieces(word)
        said = self.phrases.get(stems, ())
        if any(one.filler for one in said):
            return []
        return [stems, *(self.lexicon.of_text(one.means) for one in said if one.means)]


class _Likes:
    """How alike the asked stems are to those of the index, each pair reckoned once."""

    def __init__(self, asked: Iterable[str]):
        self._asked: dict[str, dict[str, float]] = {stem: {} for stem in asked}

    def of(self, asked: str, known: str) -> float:
        found = self._asked[asked]
        if known not in found:
            found[known] = likeness(asked, known)
        return found[known]


def _likes(units: Iterable[Unit]) -> _Likes:
    return _Likes({s for unit in units for stems, _ in unit.readings for s in stems})


def _mean_likeness(stems: Sequence[str], name: Sequence[str]) -> float:
    return sum(max(likeness(s, n) for n in name) for s in stems) / len(stems)


def _product(weight: float, share: float) -> float:
    return weight * share


def _together(explained: float, typed: float) -> float:
    """One measure of how much of what was typed is explained and how much of a name was typed."""
    square = _TYPED_COUNTS**2
    sum_of_both = square * typed + explained
    return (1 + square) * explained * typed / sum_of_both if sum_of_both else 0.0


def _says_nothing(unit: Unit) -> bool:
    """Whether a unit is no part of what is asked for: a filler, a way to show it."""
    return any(one.filler or one.kind or one.region for one in unit.said)


def _telling(stems: tuple[str, ...], empty: frozenset[str]) -> tuple[str, ...]:
    """The stems of a name without those that say nothing."""
    return tuple(s for s in dict.fromkeys(stems) if s not in empty) or stems


def _region_hit(region: Region) -> Hit:
    return Hit("region", region.name, LEVELS[region.level], region=region.id)
