"""Regions in what a reader types: by name, with and without "Landkreis", with a letter wrong.

Names are no keys: Hof is a town, a Landkreis and both together. Which of them is taken is a rule,
and the rule is told.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from indicators.regions import Region
from indicators.search.words import Lexicon, words

# What a name may begin or end with, and what it then is.
_TOWN = ("stadt", "kreisfreie", "universitatsstadt", "hansestadt", "landeshauptstadt")
_DISTRICT = ("landkreis", "lkr", "lk", "kreis")
_MARKS = ("markt", "gemeinde")
_BESIDE = ("i", "a", "am", "an", "im", "in", "ob", "bei", "v", "vor")  # "am Main"
# In this order the same name is meant, if nothing else is said.
_LEVELS = ("verbund", "land", "bund", "kreis", "regierungsbezirk", "gemeinde", "stadtteil")
_SHORTEST = 3


@dataclass(frozen=True)
class Named:
    """A region that was named: `region` is what is taken for it, `others` are equally called so,
    `words` the places of its words in the text, of which one may be `mistyped`."""

    region: Region
    others: tuple[Region, ...]
    words: range
    mistyped: bool = False


class Places:
    """The regions of a release by their names. Dissolved ones are left out."""

    def __init__(self, regions: Iterable[Region]):
        living = [r for r in regions if r.valid_to is None and r.level in _LEVELS]
        self.regions = {region.id: region for region in living}
        self.joint = {frozenset(r.members): r for r in living if r.members}
        self.by_name: dict[tuple[str, ...], list[Region]] = {}
        for region in living:
            for name in _names(region):
                found = self.by_name.setdefault(name, [])
                if region not in found:
                    found.append(region)
        for members, region in self.joint.items():
            self._add_joint(members, region)
        self.longest = max((len(name) for name in self.by_name), default=0)
        self.single = frozenset(name[0] for name in self.by_name if len(name) == 1)

    def _add_joint(self, members: frozenset[str], region: Region) -> None:
        """The joint region is called by the name its members share: "Hof"."""
        shared = [set(_bare(self.regions[m])) for m in members if m in self.regions]
        if len(shared) > 1:
            for name in set.intersection(*shared):
                self.by_name[name].insert(0, region)

    def named(self, text: Sequence[str], lexicon: Lexicon, free: Sequence[bool]) -> list[Named]:
        """The regions among the folded words of a text, as they stand there. Only words that are
        `free` count; what the `lexicon` knows is no mistyped name."""
        found, at = [], 0
        while at < len(text):
            one = self._at(text, at, free) or self._mistyped(text, at, free, lexicon)
            if one is None:
                at += 1
            else:
                found.append(one)
                at = one.words.stop
        return found

    def _at(self, text: Sequence[str], at: int, free: Sequence[bool]) -> Named | None:
        for end in range(min(len(text), at + self.longest), at, -1):
            if not all(free[at:end]):
                continue
            name = tuple(text[at:end])
            found = self.by_name.get(name) or (len(name) == 1 and self._inhabitants(name[0]))
            if found:
                first, *others = sorted(found, key=_rank)
                return Named(first, tuple(others), range(at, end))
        return None

    def _inhabitants(self, word: str) -> list[Region]:
        """ "Coburger" is of Coburg."""
        bare = word.removesuffix("er")
        return self.by_name.get((bare,), []) if bare != word and len(bare) >= _SHORTEST else []

    def _mistyped(
        self, text: Sequence[str], at: int, free: Sequence[bool], lexicon: Lexicon
    ) -> Named | None:
        word = text[at]
        if not free[at] or lexicon.knows(word):
            return None
        meant = lexicon.nearest(word, self.single | lexicon.known)
        if meant not in self.single:
            return None
        corrected = [*text[:at], meant, *text[at + 1 :]]
        found = self._at(corrected, at, free)
        return found and Named(found.region, found.others, found.words, True)

    def together(self, regions: Sequence[Region]) -> Region | None:
        """The joint region that these are the members of: "Kaufbeuren und Ostallgäu"."""
        parts = frozenset(member for region in regions for member in region.parts)
        return self.joint.get(parts) if len(regions) > 1 else None

    def beginning(self, text: Sequence[str], limit: int) -> list[Region]:
        """The regions in whose name every word of the text stands or begins one, best first."""
        if not any(len(word) >= 2 for word in text):
            return []
        found: dict = {}
        for name, regions in self.by_name.items():
            exact = sum(word in name for word in text)
            if all(any(part.startswith(word) for part in name) for word in text):
                for region in regions:
                    rank = (exact - len(text), len(name) - len(text), _rank(region))
                    found[region.id] = min(rank, found.get(region.id, rank))
        best = sorted(found, key=lambda id: found[id])
        return [self.regions[id] for id in best[:limit]]


def _rank(region: Region) -> tuple:
    town = region.designation.casefold() in ("kreisfreie stadt", "stadtkreis")
    # what is invented never stands before what is real
    return (region.invented, _LEVELS.index(region.level), not town, region.id)


def _bare(region: Region) -> list[tuple[str, ...]]:
    """The name without what the region is ("Landkreis Hof" → hof), and without what tells it from
    others: "Frankfurt (Oder)" is called Frankfurt, "Weiden i. d. OPf." Weiden."""
    name = words(region.name)
    found = [tuple(name)]
    while len(name) > 1 and name[0] in (*_TOWN, *_DISTRICT, *_MARKS):
        name = name[1:]
    found.append(tuple(name))
    added = [word for word in name[1:] if word in _BESIDE]
    if "(" in region.name:
        added += words(region.name.partition("(")[2])[:1]
    if added:
        found.append(tuple(name[: min(map(name.index, added))]))
    return found


def _names(region: Region) -> set[tuple[str, ...]]:
    """All that a region is called: "Landkreis Hof", "Hof, Landkreis", "Kreis Hof", "Hof"."""
    if region.members:
        return {tuple(words(region.name)), tuple(w for w in words(region.name) if w != "und")}
    found = set()
    is_town = region.designation.casefold() in ("kreisfreie stadt", "stadtkreis")
    for bare in _bare(region):
        found.add(bare)
        if region.level != "kreis" or bare[0] in (*_TOWN, *_DISTRICT):
            continue
        for kind in _TOWN[:1] if is_town else _DISTRICT:
            found |= {(kind, *bare), (*bare, kind)}
    return found
