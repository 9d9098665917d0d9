"""What a word of a town's own table means by itself: names of regions and of categories.

What a mapping explains goes before; here is what needs no line in it. How a word is set tells
nothing (wording.py), and a word that could mean two things means none.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping

from indicators.catalog.definition import TOTAL
from indicators.catalog.lexicons import TOTALS
from indicators.catalog.meaning import Dimension
from indicators.regions import Region
from indicators.wording import ANY_ENDING, Known, Lexicon, key

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


class Words:
    """Known words and what each means. `meanings` has more than one id where a word is ambiguous,
    none where nobody knows it."""

    def __init__(self, words: Iterable[Known]):
        found = list(words)
        self._lexicon = Lexicon(found)
        self._whole: dict[str, dict[str, None]] = {}
        for known in found:
            if not known.word.endswith(ANY_ENDING):
                for spelling in spellings(known.word):
                    self._whole.setdefault(spelling, {})[str(known.meaning)] = None

    def meanings(self, word: str) -> list[str]:
        for spelling in spellings(word):
            if spelling in self._whole:
                return list(self._whole[spelling])
        found = self._lexicon.meaning(word)
        return [] if found is None else [str(found)]

    def nearest(self, word: str) -> Known | None:
        return self._lexicon.nearest(word)


def spellings(word: str) -> tuple[str, ...]:
    """How a word is compared, and how it is where files have no umlauts ("koenigsbau")."""
    found = key(word)
    return found, found.translate(_UMLAUTS)


def of_categories(dimension: Dimension, lands: Collection[str]) -> Words:
    """Names, ids and labels of the categories and of the total, and what these Länder call them."""
    return Words(_of_categories(dimension, lands))


def _of_categories(dimension: Dimension, lands: Collection[str]) -> Iterator[Known]:
    for category in dimension.categories:
        of_lands = [name for land, name in category.land_names.items() if land in lands]
        for word in (category.name, category.id, *category.labels, *of_lands):
            yield Known(word, category.id)
    yield from (Known(word, TOTAL) for word in (*TOTALS, dimension.total_name))


def of_regions(register: Mapping[str, Region], invented: bool) -> Words:
    """The names of all regions there are, of the invented town or of real ones. A joint region
    is made of others and counted in no table."""
    return Words(
        Known(region.name, region.id)
        for region in register.values()
        if region.invented == invented and region.level != "verbund" and not region.valid_to
    )


def explaining(section: str, words: Mapping[str, str]) -> str:
    """The lines of TOML that give words these meanings."""
    lines = [
        f"{json.dumps(word, ensure_ascii=False)} = {json.dumps(id, ensure_ascii=False)}"
        for word, id in words.items()
    ]
    return "\n".join([f"[{section}]", *lines])
