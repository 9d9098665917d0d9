"""Names as German writes them, where a file has only ASCII: "uebergangsquote" is "Übergangsquote".

Not every "ue" is an ü ("neue", "aktuell"): a word is changed only if a word of the definitions
begins as the changed one does.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

_UMLAUTS = {"ae": "ä", "oe": "ö", "ue": "ü", "Ae": "Ä", "Oe": "Ö", "Ue": "Ü"}
_BEGINNING = 6  # letters that two words must share


def german(text: str, definitions: Iterable[str]) -> str:
    """The text with umlauts where these texts have words that begin so, its first letter large,
    and of a text in small letters its nouns."""
    known = _beginnings("\n".join(definitions))
    small = text.islower()

    def changed(word: re.Match[str]) -> str:
        found = re.sub("[aouAOU]e", lambda pair: _UMLAUTS[pair[0]], word[0])
        beginning = found.casefold()[:_BEGINNING]
        if beginning not in known:
            return word[0]
        return found[:1].upper() + found[1:] if small and known[beginning] else found

    words = re.sub(r"[^\W\d_]+", changed, re.sub(r"[\s_]+", " ", text).strip())
    return words[:1].upper() + words[1:]


@lru_cache(maxsize=4)  # the definitions of a data folder change seldom
def _beginnings(text: str) -> dict[str, bool]:
    """How words with umlauts begin, and whether these are nouns."""
    found: dict[str, bool] = {}
    for word in re.findall(r"[^\W\d_]*[äöüÄÖÜ][^\W\d_]*", text):
        beginning = word.casefold()[:_BEGINNING]
        found[beginning] = found.get(beginning, True) and word[0].isupper()
    return found
