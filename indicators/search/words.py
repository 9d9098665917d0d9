"""German words as they are typed: umlauts, endings, hyphens, compounds and typos folded away.

"Übertrittsquote", "Uebertritts-Quote" and "übertrittsquoten" are the same two stems; nothing here
knows what a word means.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

_WORD = re.compile(r"[a-z0-9]+")
_SPELLINGS = {"ae": "a", "oe": "o", "ue": "u", "ß": "s", "ss": "s", "ph": "f"}
# "Schülerinnen und Schüler" are said twice; an ending never leaves fewer letters than this
_FEMALE = re.compile(r"(?<=er)in(nen)?$|(?<=\w{5})innen$")
_SHORTEST = 3
# adjectives take every ending, nouns keep -er: it tells Schüler from Schule
_ADJECTIVE = re.compile(r"(?<=isch|lich)e[rmns]?$|(?<=ig|nd|rt|lt|st|ut)e[rmn]$")
_PLURAL_IN_ER = {"kinder": "kind", "lander": "land", "manner": "man", "auslander": "ausland"}
_LINKS = ("", "s", "es", "n", "en", "er", "e", "ens")
SHORTEST_PART = 4  # letters of a part of a compound
_SHORTEST_GUESS = 5  # letters of a word that may be a typo
_ALIKE = 0.8  # of a typo to what is meant: one letter in five


_ABOVE = re.compile(r"\bü(?=\d)")  # "Ü3" are the older ones, "U3" the younger


def fold(text: str) -> str:
    """Lower case without umlauts: "Übergänge", "Uebergaenge" and "Ubergange" are one."""
    text = _ABOVE.sub("over", unicodedata.normalize("NFC", text).lower())
    text = text.translate(str.maketrans("äöü", "aou"))
    for spelling, ours in _SPELLINGS.items():
        text = text.replace(spelling, ours)
    text = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in text if not unicodedata.combining(letter))


def words(text: str) -> list[str]:
    """The words of a text, folded; a hyphen separates, "berufl." loses its dot."""
    return _WORD.findall(fold(text))


def stem(word: str) -> str:
    """A folded word without its ending; of a noun in the plural the singular, mostly."""
    if any(letter.isdigit() for letter in word):
        return word
    bare = _FEMALE.sub("", word)
    bare = _ADJECTIVE.sub("", bare)
    for plural, singular in _PLURAL_IN_ER.items():
        if bare in (plural, plural + "n"):
            return singular
    for ending in ("isch", "ischen"):
        if bare.endswith(ending) and len(bare) - len(ending) >= SHORTEST_PART:
            bare = bare.removesuffix(ending)
            return bare
    for ending in ("en", "um", "e", "n", "s"):
        if bare.endswith(ending) and len(bare) - len(ending) >= _SHORTEST:
            return bare[: -len(ending)]
    return bare


def stems(text: str) -> tuple[str, ...]:
    return tuple(stem(word) for word in words(text))


@dataclass(frozen=True)
class Lexicon:
    """The stems that are known, to read compounds and typos by. `parts` are those a compound may
    be made of."""

    known: frozenset[str]
    parts: frozenset[str]

    @classmethod
    def of(cls, texts: Iterable[str]) -> "Lexicon":
        known = frozenset(s for text in texts for s in stems(text) if not s.isdigit())
        return cls(known, frozenset(s for s in known if len(s) >= SHORTEST_PART))

    def pieces(self, word: str) -> tuple[str, ...]:
        """The stems a folded word is made of: "ausbildungsplatze" → ausbildung, platz."""
        return _pieces(self, word)

    def of_text(self, text: str) -> tuple[str, ...]:
        return tuple(piece for word in words(text) for piece in self.pieces(word))

    def knows(self, word: str) -> bool:
        return all(piece in self.known for piece in self.pieces(word))

    def nearest(self, word: str, among: Iterable[str] | None = None) -> str | None:
        """The known stem a mistyped word most likely means; None where none or two are as near."""
        if len(word) < _SHORTEST_GUESS or any(letter.isdigit() for letter in word):
            return None
        pool = sorted(self.known if among is None else among)
        for form in dict.fromkeys((stem(word), word)):
            found = process.extract(
                form, pool, scorer=OSA.normalized_similarity, score_cutoff=_ALIKE, limit=2
            )
            if found and not (len(found) == 2 and found[0][1] == found[1][1]):
                return found[0][0]
        return None


@lru_cache(maxsize=20_000)
def _pieces(lexicon: Lexicon, word: str) -> tuple[str, ...]:
    whole = stem(word)
    if len(word) < 2 * SHORTEST_PART:
        return (whole,)
    # the longest first part, so that "schulanfanger" is no "schul" before it is known itself
    for cut in range(len(word) - SHORTEST_PART, SHORTEST_PART - 1, -1):
        first, rest = word[:cut], word[cut:]
        head = _part(lexicon, first)
        if head is None:
            continue
        tail = _pieces(lexicon, rest)
        if all(piece in lexicon.parts for piece in tail):
            return (head, *tail)
    return (whole,)


def _part(lexicon: Lexicon, text: str) -> str | None:
    """The known stem that a first part of a compound stands for, with its linking letters."""
    for link in _LINKS:
        if text.endswith(link) and len(text) - len(link) >= SHORTEST_PART:
            bare = text[: len(text) - len(link)] if link else text
            if bare in lexicon.parts:
                return bare
            if (short := stem(bare)) in lexicon.parts:
                return short
    return None


def likeness(asked: str, known: str) -> float:
    """How far one stem is the other: 1 the same, less for another form of the word or the
    beginning of it, 0 for another word."""
    if asked == known:
        return 1.0
    if asked[:3] != known[:3]:
        return 0.0
    shorter, longer = sorted((asked, known), key=len)
    if longer.startswith(shorter) and len(shorter) >= 3:
        return 0.5 + 0.4 * len(shorter) / len(longer)
    common = next(
        (i for i, (a, b) in enumerate(zip(asked, known, strict=False)) if a != b), len(shorter)
    )
    if common >= 5 and common >= 0.6 * len(longer):
        return 0.4 + 0.4 * common / len(longer)
    return 0.0
