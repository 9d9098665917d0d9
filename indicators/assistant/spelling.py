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
    """The text with umlauts where these texts have words that begin so, its first letter large."""
    known = _beginnings("\n".join(definitions))

    def changed(word: re.Match[str]) -> str:
        found = re.sub("[aouAOU]e", lambda pair: _UMLAUTS[pair[0]], word[0])
        return found if found.casefold()[:_BEGINNING] in known else word[0]

    words = re.sub(r"[^\W\d_]+", changed, re.sub(r"[\s_]+", " ", text).strip())
    return words[:1].upper() + words[1:]


@lru_cache(maxsize=4)  # the definitions of a data folder change seldom
def _beginnings(text: str) -> frozenset[str]:
    words = re.findall(r"[^\W\d_]*[äöüÄÖÜ][^\W\d_]*", text)
    return frozenset(word.casefold()[:_BEGINNING] for word in words)
