"""One file on its way to a mapping: what is known so far, for all steps that ask about it."""

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from indicators.assistant.proposal import Answers, Choice, Fact
from indicators.assistant.shape import Shape
from indicators.catalog.catalog import Catalog
from indicators.catalog.mappings import PERIOD, REGION, TableMapping
from indicators.catalog.meaning import Dataset, Dimension, Measure
from indicators.errors import FileError
from indicators.periods import Period
from indicators.publishing import own_words
from indicators.publishing.own_meaning import KnownWords, plain
from indicators.publishing.own_sheet import Reader
from indicators.regions import Region

# The id of a mapping that nobody has saved yet.
DRAFT = "entwurf"


class Place(NamedTuple):
    """A row of one of the tables that are read alike."""

    shape: Shape
    row: int

    @property
    def words(self) -> str:
        name = self.shape.sheet.name
        return f"Zeile {self.shape.line(self.row)}" + (f" im Blatt „{name}“" if name else "")


class Known:
    """What is made once of definitions and regions, for all tables and datasets that are looked
    at."""

    def __init__(self, register: dict[str, Region]):
        self.words: dict[str, list[own_words.Words]] = {}
        self.meanings: dict[tuple[str, str], str | Period | None] = {}
        self.candidates: dict[str, list[str]] = {}
        self.measures: dict[str, own_words.Words] = {}
        self.register = register

    @cached_property
    def bare_names(self) -> dict[str, list[str]]:
        """Regions by their name without what kind of region it is: "hof" → Stadt and Landkreis."""
        found: dict[str, list[str]] = {}
        for region in self.register.values():
            if region.level in ("verbund", "bund") or region.valid_to or region.invented:
                continue
            found.setdefault(bare(region.name), []).append(region.id)
        return found


@dataclass
class Case:
    """The tables of all sheets that are read alike, the answers, the definitions and regions there
    are. Steps put into `words`, `symbols` and the others what answers say."""

    file: str
    shapes: list[Shape]
    sheet_is: str | None
    catalog: Catalog
    register: dict[str, Region]
    answers: Answers
    dataset: Dataset
    known: Known
    facts: list[Fact] = field(default_factory=list)
    words: dict[str, dict[str, str]] = field(default_factory=dict)
    symbols: dict[str, str] = field(default_factory=dict)
    skip_rows: list[str] = field(default_factory=list)
    left_out: dict[int, list[str]] = field(default_factory=dict)  # column → words of rows not read
    new_regions: list[dict[str, str]] = field(default_factory=list)
    settings: dict[str, object] = field(default_factory=dict)
    levels: dict[int, str] = field(default_factory=dict)
    fill_down: set[int] = field(default_factory=set)
    decimal: str = ","
    usual_region: str = ""  # that the town's other tables are of
    factors: dict[str, float] = field(default_factory=dict)

    def tell(self, what: str, value: str, reason: str) -> None:
        self.facts.append(Fact(what, value, reason))

    @property
    def shape(self) -> Shape:
        """The first of them, which tells the headings of all."""
        return self.shapes[0]

    def rows(self, shape: Shape) -> list[int]:
        """The rows of a table that are read."""
        skipped = {plain(text) for text in self.skip_rows}
        texts = shape.sheet.texts
        return [
            int(row)
            for row in shape.body
            if not (skipped and plain(str(next((t for t in texts[row] if t != ""), ""))) in skipped)
            and not any(texts[row, column] in words for column, words in self.left_out.items())
        ]

    def texts(self, column: int) -> list[str]:
        """What stands in a column, in the rows that are read, each text once."""
        found = (str(s.sheet.texts[row, column]) for s in self.shapes for row in self.rows(s))
        return list(dict.fromkeys(found))

    def wrong(self, reason: str, at: Place | None = None, column: int | None = None) -> FileError:
        shape = at.shape if at else self.shape
        line = None if at is None else shape.line(at.row)
        place = None if column is None else column + 1
        return FileError(self.file, reason, sheet=shape.sheet.name, line=line, column=place)

    @property
    def dimensions(self) -> dict[str, Dimension]:
        return {id: self.catalog.dimensions[id] for id in self.dataset.dimensions}

    @cached_property
    def reader(self) -> Reader:
        """What the real reader knows of words, before anybody has explained one."""
        mapping = TableMapping(
            id=DRAFT, dataset=self.dataset.id, title="", files=["*"], header="?", columns=[]
        )
        dimensions = [*self.dimensions.values()]
        words = KnownWords(mapping, dimensions, self.register, self.catalog, self.known.words)
        return Reader(self.file, self.shape.sheet, mapping, self.dataset, words, self.register)

    def meaning(self, text: str, kind: str) -> str | Period | None:
        """What a word means by itself: a period, the id of a region or category."""
        if kind == PERIOD:
            return self.reader.meaning(text, kind)
        if (text, kind) not in self.known.meanings:
            self.known.meanings[text, kind] = self.reader.meaning(text, kind)
        return self.known.meanings[text, kind]

    def is_period(self, text: str) -> bool:
        return self.meaning(text, PERIOD) is not None

    def measure(self, id: str) -> Measure:
        return self.dataset.measure(id)

    def region_name(self, id: str) -> str:
        region = self.register[id]
        above = self.register.get(region.parent or "")
        return f"{region.name} ({id}{', ' + above.name if above else ''})"

    def of_land(self, text: str, kind: str) -> str | None:
        """The category that the Land of this table calls so, as soon as its regions are known."""
        keys = [str(self.settings.get("region", "")), *self.words.get(REGION, {}).values()]
        lands = {key[:2] for key in keys if key}
        if not lands:
            return None
        found = own_words.of_categories(self.catalog.dimensions[kind], lands).meanings(text)
        return found[0] if len(found) == 1 else None

    def candidates(self, text: str) -> list[str]:
        """The regions that a name may mean; several where it is ambiguous."""
        if text not in self.known.candidates:
            several = self.reader.words.meanings(text, REGION)
            names = self.known.bare_names.get(bare(text), [])
            self.known.candidates[text] = list(dict.fromkeys([*several, *names]))
        return self.known.candidates[text]

    @cached_property
    def region_choices(self) -> list[Choice]:
        """All regions a table may be of, small ones first."""
        order = {"stadtteil": 0, "gemeinde": 1, "kreis": 2, "regierungsbezirk": 3, "land": 4}
        regions = [
            region
            for region in self.register.values()
            if region.level in (*order, "bund") and not region.valid_to
        ]
        usual = self.usual_region
        regions.sort(key=lambda r: (r.id != usual, r.invented, order.get(r.level, 9), r.name))
        return [Choice(region.id, self.region_name(region.id)) for region in regions]


_KIND = re.compile(
    r"(?i)\b(stadt|landkreis|kreis|kreisfreie|krfr\.?|region|städteregion|stadtkreis|lk|sk|lkr\.?|"
    r"landeshauptstadt|hansestadt|universitätsstadt|gemeinde|markt)\b"
)


def bare(name: str) -> str:
    """A region's name without its kind: "Hof, Landkreis" and "Stadt Hof" are "hof"."""
    return re.sub(r"[\s,()./-]+", " ", _KIND.sub(" ", name)).strip().casefold()
