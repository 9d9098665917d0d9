"""Words of tables: when two spellings are the same word, and which known word comes nearest.

How a word is set tells nothing: case, blanks, hyphens and dashes, quotation marks, ss or ß,
footnote marks, a long word or its abbreviation with a dot. Everything else does: each letter and
digit, brackets ("Ausländer(innen)" are not "Ausländerinnen"), slashes. Nothing is guessed: what
spelling alone does not turn into a known word stays unknown.
"""

import difflib
import re
import unicodedata
from collections.abc import Hashable, Iterable
from functools import lru_cache
from typing import Generic, NamedTuple, TypeVar

ANY_ENDING = "*"
_QUOTES = re.compile("[„“”‟‚‘’‛\"'`´«»‹›]")
_DASHES = re.compile("[‐‑‒–—―−]")
# ¹ and *) mark a footnote; the ² of km² does not.
_RAISED = re.compile(r"(?<![km]m)(?<!\bm)[¹²³⁰⁴-⁹]+\)?|\*+\)|\*+$")
_NUMBERED = re.compile(r"(?:(?<=[^\W\d])|(?<=\)) *| +)\d{1,2}\)[, ]*$")
_GROUPED = re.compile(r"(?<![\d.,])\d{1,3}(?:[. ]\d{3})+(?![\d.,])")
_ABBREVIATED = re.compile(r"([^\W\d_]+)\.")
# What one or two letters with a dot stand for; longer ones stand for any word they begin.
_SHORT = {
    "b": "bei",
    "d": "(?:der|die|das|des|dem|den)",
    "f": "für",
    "i": "(?:in|im)",
    "m": "mit",
    "n": "nach",
    "o": "ohne",
    "u": "und",
    "v": "(?:von|vom)",
    "z": "(?:zu|zum|zur)",
}
# What turns or narrows the meaning of a word: with one of these more or less it is another one.
_TELLING = frozenset(
    {"ohne", "mit", "nicht", "kein", "keine", "nur", "ausser", "ausgenommen"}
    | {"unter", "über", "ab", "bis", "seit", "vor", "je", "darunter", "davon"}
    | {"frauen", "männer", "jungen", "mädchen", "andere", "übrige", "sonstige"}
    | {"teilzeit", "vollzeit"}
)
# The same whatever they end in: "weiblich", "Weibliche".
_TELLING_BEGINNINGS = frozenset(
    {"weiblich", "männlich", "deutsch", "ausländ", "privat", "öffentlich"}
    | {"abh", "abzüglich", "erste", "zweite", "dritte"}
)
# As alike as "mit allgemeiner und fachgebundener Hochschulreife" is to "mit allgemeiner
# Hochschulreife"; "Schulen" is not as alike to "Kollegschulen".
_ALIKE = 0.72

M = TypeVar("M", bound=Hashable)  # what a word means


class Known(NamedTuple, Generic[M]):
    """A word and what it means; one that ends in * stands for any harmless ending."""

    word: str
    meaning: M


class Lexicon(Generic[M]):
    """Known words. Of two words with one spelling the first counts: who fills it keeps
    contradictions out. What an ending of * hides must be none of the `divisions`, words that
    divide a count ("Schüler an*" are not "Schüler an Gymnasien")."""

    def __init__(self, words: Iterable[Known[M]], divisions: Iterable[str] = ()):
        self.words = list(words)
        self._whole = [known for known in self.words if not known.word.endswith(ANY_ENDING)]
        self._exact: dict[str, M] = {}
        for known in self._whole:
            self._exact.setdefault(key(known.word), known.meaning)
        beginnings = (known for known in self.words if known.word.endswith(ANY_ENDING))
        self._beginnings = sorted(beginnings, key=lambda known: -len(known.word))
        self._divisions = [plain(word.removesuffix(ANY_ENDING)) for word in divisions]
        # a long column asks thousands of words: only these can be meant by an abbreviation
        self._undotted = [(_without_dots(known.word), known.meaning) for known in self._whole]
        self._short = [(p, k.meaning) for k in self._whole if (p := _pattern(k.word))]

    def meaning(self, word: str) -> M | None:
        """What a word means: in another spelling, with a harmless ending, or abbreviated if it can
        stand for one meaning only. None for a word that nobody explains."""
        found = self._exact.get(key(word))
        if found is None:
            found = next((k.meaning for k in self._beginnings if self._continues(word, k)), None)
        return self._abbreviated(word) if found is None else found

    def nearest(self, word: str) -> Known[M] | None:
        """The most similar known word of those that agree in all that could turn the meaning."""
        best, most, own = None, _ALIKE, telling(word)
        for known in self.words:
            other = known.word.removesuffix(ANY_ENDING)
            if telling(other) == own:
                matcher = difflib.SequenceMatcher(None, key(word), key(other), autojunk=False)
                if matcher.ratio() > most:
                    best, most = known, matcher.ratio()
        return best

    def _continues(self, word: str, known: Known[M]) -> bool:
        start, text = plain(known.word.removesuffix(ANY_ENDING)), plain(word)
        if not text.startswith(start):
            return False
        # a number in brackets counts groups: "Altersgruppen (17)"
        ending = re.sub(r"\( \d+ \)", "", text[len(start) :])
        divided = any(re.search(rf"\b{re.escape(word)}\b", ending) for word in self._divisions)
        return not divided and not telling(ending)

    def _abbreviated(self, word: str) -> M | None:
        pattern, text = _pattern(word), _without_dots(word)
        fits = {meaning for short, meaning in self._short if short.fullmatch(text)}
        if pattern:
            fits |= {meaning for long, meaning in self._undotted if pattern.fullmatch(long)}
        return fits.pop() if len(fits) == 1 else None


@lru_cache(maxsize=50_000)
def plain(word: str) -> str:
    """The word set in one way, its parts still apart: "mit  Mittlerem Abschluß¹" becomes "mit
    mittlerem abschluss". Dots of abbreviations stay."""
    text = unicodedata.normalize("NFC", re.sub("[\u00ad\u200b\ufeff]", "", word))
    text = re.sub(r"\s+", " ", _RAISED.sub("", text)).strip()
    while text.count(")") > text.count("(") and _NUMBERED.search(text):
        text = _NUMBERED.sub("", text)
    text = _DASHES.sub("-", _QUOTES.sub("", text.casefold()))
    text = _GROUPED.sub(lambda number: re.sub("[. ]", "", number[0]), text)
    text = re.sub(r"(?<=\d)\.(?!\d)", "", text)
    # between numbers a hyphen means "to"
    text = re.sub(r"(?<=\d) ?- ?(?=\d)", "–", text).replace("-", " ")
    text = re.sub(r" *([/()+,]) *", r" \1 ", text)
    return re.sub(r"\s+", " ", text).strip(" :")


@lru_cache(maxsize=50_000)
def key(word: str) -> str:
    """The same for all spellings of a word written out. Two numbers never run together; of a word
    that is nothing but marks they are left."""
    text = re.sub(r"(?<!\d)\.|\.(?!\d)", "", plain(word))
    return re.sub(r"(?<!\d) | (?!\d)", "", text) or word.strip()


@lru_cache(maxsize=50_000)
def telling(word: str) -> frozenset[str]:
    """The parts of a word that may turn its meaning: negations, limits, numbers."""
    found: set[str] = set()
    for part in re.findall(r"[^\W\d_]+|\d+", _without_dots(word)):
        found.update(stem for stem in _TELLING_BEGINNINGS if part.startswith(stem))
        found.update({part} if part in _TELLING or part.isdigit() else ())
    return frozenset(found)


@lru_cache(maxsize=50_000)
def _pattern(word: str) -> re.Pattern | None:
    """What an abbreviated word may stand for; None if it abbreviates nothing."""
    text, at, parts = plain(word), 0, []
    for short in _ABBREVIATED.finditer(text):
        letters = short[1]
        any_rest = re.escape(letters) + (r"[^\W\d_]*" if len(letters) > 2 else "")
        parts += [_spaced(text[at : short.start()]), _SHORT.get(letters, any_rest), " ?"]
        at = short.end()
    if not parts:
        return None
    return re.compile("".join(parts) + _spaced(text[at:]))


def _spaced(text: str) -> str:
    return " ?".join(map(re.escape, text.split(" ")))


def _without_dots(word: str) -> str:
    return re.sub(r"(?<!\d)\. ?", " ", plain(word)).strip()
