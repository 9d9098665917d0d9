"""What definitions say: words, dimensions, datasets, indicators, regions, events, as strict models.

Reading and checking them against each other is the catalog's job. Long because it is one list of
models that are read beside each other: what one field names is explained a few models above.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from indicators import formats, periods
from indicators.catalog.definition import TOTAL, Definition, Id, KeyDay, RegionId
from indicators.periods import Period

Level = Literal["bund", "land", "regierungsbezirk", "kreis", "gemeinde", "stadtteil", "verbund"]
PeriodType = Literal["school_year", "key_date", "calendar_year", "winter_semester", "training_year"]

# Where the tables of the Regionaldatenbank lie for everybody.
PUBLIC_ADDRESS = "https://www.regionalstatistik.de/genesisws/downloader/00/tables"


# --- vocabulary ---------------------------------------------------------------------------------


class Word(Definition):
    """A theme, life phase, Baustein or place concept: its name and what it means."""

    name: str
    text: str = ""


class Licence(Word):
    """Under which terms data may be used: `text` is where they stand, `also` how else the licence
    is called."""

    also: list[str] = []


class StatusWords(Definition):
    """What a status is called: its sign in a table, a short and a full explanation."""

    sign: str
    short: str
    meaning: str


class Category(Definition):
    """One category of a dimension. `labels` are the words official files use for it; `subset`
    marks a "darunter" that is contained in another category and never added up; `land_names` is
    what a Land calls it."""

    id: Id
    name: str
    labels: list[str] = []
    subset: bool = False
    land_names: dict[str, str] = {}


class Dimension(Definition):
    """A way to divide a count, e.g. sex. The total is not a category: it is kept as delivered.

    `partition` says that the categories (without subsets) add up to the total, which the build
    checks. `derived` maps a category no file delivers to the one it is the rest of: {"male" =
    "female"} means total minus female. `groups` says which of its categories a coarser dimension
    adds up to: {"age": {"age_0_2": ["age_0", "age_1", "age_2"]}}. `incomparable` says, in a
    sentence for readers, why its categories are never drawn in one figure (definitions that count
    different people). `leading` are the few of many categories that are drawn as lines and told by
    name (the ages of education); a table has all.
    """

    id: Id
    name: str
    total_name: str = "insgesamt"
    partition: bool = True
    categories: list[Category]
    derived: dict[str, str] = {}
    groups: dict[Id, dict[Id, list[Id]]] = {}
    incomparable: str = ""
    leading: list[Id] = []

    def category(self, id: str) -> Category:
        return next(category for category in self.categories if category.id == id)

    def category_name(self, id: str, land: str = "") -> str:
        """The name a reader of that Land knows."""
        if id == TOTAL:
            return self.total_name
        category = self.category(id)
        return category.land_names.get(land, category.name)


class Vocabulary(Definition):
    """The words of the field. `statuses` and `flags` say what a value's status and flags are
    called; the shipped vocabulary must have them all."""

    themes: dict[str, Word]
    life_phases: dict[str, Word]
    bausteine: dict[str, Word]
    places: dict[str, Word]
    licences: dict[str, Licence]
    statuses: dict[str, StatusWords] = {}
    flags: dict[str, Word] = {}
    dimensions: list[Dimension]

    def licence(self, text: str) -> str | None:
        """The licence that is meant, however its name is set: "CC-BY-4.0" is "CC BY 4.0"."""
        return next(
            (
                id
                for id, one in self.licences.items()
                if _letters(text) in map(_letters, (id, one.name, *one.also))
            ),
            None,
        )


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


# --- datasets -----------------------------------------------------------------------------------


class SameCount(Definition):
    """Another measure that counts the same persons at the same places and times: `measure` of
    `dataset`, restricted to the categories `where` of its dimensions. What both datasets divide by
    is divided alike; `dimensions` says which of its dimensions one of ours is, where the names
    differ (categories are the same by id, or as the groups of ours); `only` keeps the equality to
    some categories of ours. Whatever else one of them divides by is a total on this side."""

    dataset: Id
    measure: Id
    where: dict[Id, str] = {}
    dimensions: dict[Id, Id] = {}
    only: dict[Id, list[str]] = {}


class Measure(Definition):
    """What is counted. `labels` are official column headings that name it (a trailing * stands
    for any ending); `official_unit` is the unit the file must state; `additive = false` marks a
    ready-made ratio that can be shown but never summed; `share` one of a whole that its categories
    share among them; `signed` a balance that may be negative.

    What protects small numbers: `persons = false` marks counts that protect nobody (places,
    classes, schools); `part_of` names the measure whose persons these are some of (with a need, of
    all examined), `remainder` says that these are all who are in no other part; `hidden_with` names
    the measure whose persons a sum belongs to (days waited, of those who waited): it is hidden
    wherever that one is; `same_as` names measures of other datasets that count the same persons:
    they are protected as one table.
    """

    id: Id
    name: str
    unit: str = "Anzahl"
    decimals: int | None = None
    additive: bool = True
    share: bool = False
    signed: bool = False
    labels: list[str] = []
    official_unit: str | None = None
    persons: bool = True
    part_of: Id | None = None
    remainder: bool = False
    hidden_with: Id | None = None
    same_as: list[SameCount] = []

    @property
    def shown_decimals(self) -> int:
        return formats.default_decimals(self.unit) if self.decimals is None else self.decimals


class ProtectionRule(Definition):
    """The rule that protects the small counts of a dataset (meanings: protection/rules.py): one of
    the usual profiles, and what differs from it."""

    profile: Literal["standard", "careful", "small_areas"] = "standard"
    minimum: int | None = None
    zeros: Literal["shown", "hidden"] | None = None
    group: int | None = None
    minimum_denominator: int | None = None
    insider: bool | None = None


class StricterRule(Definition):
    """A town's wish that datasets be protected more strictly than their source asks for: those it
    names, all if it names none. Never looser."""

    datasets: list[Id] = []
    minimum: int | None = None
    zeros: Literal["shown", "hidden"] | None = None
    group: int | None = None
    minimum_denominator: int | None = None
    insider: bool | None = None


class PeriodRule(Definition):
    """What a time in the file means: its type, whether a bare year of a split year is its start
    or end, and the key date of a bare year. Of a key date or calendar year `year_is` says which
    year of "2024/25" is meant; without it such a text is none. Where a statistic has moved its key
    date, `earlier_days` names the one up to and including a year: {"2008" = "15.03."}. Only where
    it is in the nature of the data (a projection) `future` allows periods that are still to come.
    """

    type: PeriodType
    future: bool = False
    year_is: Literal["start", "end"] | None = None
    day: KeyDay = "31.12."
    earlier_days: dict[Annotated[str, Field(pattern=r"^(19|20)\d\d$")], KeyDay] = {}

    def day_of(self, year: int) -> str:
        """The key date of a year."""
        earlier = [last for last in self.earlier_days if year <= int(last)]
        return self.earlier_days[min(earlier)] if earlier else self.day

    def meant(self, text: str) -> Period:
        """The period that a time in a file means; raises PeriodError."""
        found = periods.parse(text, self.type, year_is=self.year_is, day=self.day)
        if not self.earlier_days or periods.names_a_day(text):
            return found
        return periods.parse(text, self.type, year_is=self.year_is, day=self.day_of(found.year))

    def of_year(self, year: int) -> Period:
        """The period that begins in this year (a key date: the one of this year)."""
        return periods.of_year(year, self.type, day=self.day_of(year))

    def counted_on(self, period: Period) -> date:
        """The day whose territory the counts of a period are of, if nothing else tells: pupils are
        counted in the autumn of their school year, leavers when it has ended, what happens in a
        year by its end."""
        if period.type == "school_year" and self.year_is != "end":
            return date(period.year, 10, 15)
        return period.end


class Table(Definition):
    """An official table that feeds the dataset.

    `measure` is the measure of columns whose heading names none; `headings` are header words that
    name a variable and carry no information of their own; `fixed` are categories that hold for
    the whole table; `skip` are headings of columns that are deliberately not taken. `download`
    is false for tables that the public address does not offer.
    """

    code: str
    title: str
    measure: Id | None = None
    headings: list[str] = []
    fixed: dict[str, str] = {}
    skip: list[str] = []
    download: bool = True
    until: str = ""

    @property
    def address(self) -> str:
        """Where everybody can download its newest edition, without login."""
        return f"{PUBLIC_ADDRESS}/{self.code}_00.csv"


class MoreWords(Definition):
    """Words that official tables use for something defined elsewhere, so that a town need not wait
    for a new version: for a `category` of a `dimension`, for a `measure` of a `dataset`, or in one
    `table` for headings that say nothing (`use = "headings"`) or columns left out ("skip")."""

    words: list[str] = Field(min_length=1)
    dimension: Id | None = None
    category: Id | None = None
    dataset: Id | None = None
    measure: Id | None = None
    table: str | None = None
    use: Literal["headings", "skip"] | None = None

    @property
    def is_complete(self) -> bool:
        """Whether it names one of these pairs, and no part of another."""
        pairs = [
            (self.dimension, self.category),
            (self.dataset, self.measure),
            (self.table, self.use),
        ]
        named = [pair for pair in pairs if any(pair)]
        return len(named) == 1 and all(named[0])


class LandNote(Definition):
    """Something to know of the figures of some Länder (their keys), told where one is shown."""

    lands: list[str] = Field(min_length=1)
    text: str


class Restriction(Definition):
    """What of the rows divided by all of these `dimensions` at once is published: only where they
    are divided by all of `needs` too, only the categories named in `only`; nothing, where neither
    is named. It concerns regions of the levels `at` (all, if none is named). The sums that
    indicators make of categories are published all the same."""

    dimensions: list[Id] = Field(min_length=1)
    at: list[Level] = []
    needs: list[Id] = []
    only: dict[Id, list[Id]] = {}


class Collected(Definition):
    """Since when, or until when, something was asked for: `measures` (all, if none is named) of the
    categories `where`, in periods from `first` to `last`, written as readers see them ("2023/24").
    Outside of them the "-" of an office means "not collected", where it would mean "exactly none"
    within; `reason` is a sentence for readers."""

    measures: list[Id] = []
    where: dict[Id, str | list[str]] = {}
    first: str = ""
    last: str = ""
    reason: str = ""


class Dataset(Definition):
    """One table of a release: a row per region, period and one category of each dimension.

    The publication programme: `crosses` are the divisions that are published, every subset of a
    cross, with totals elsewhere; `restrictions` keep some of them to some levels or categories,
    because fewer divisions leave more to be shown. The build makes the sums that deliveries lack.
    Without crosses the deliveries stay as they are. `protection` is the rule for what a town
    delivers itself; what an office of statistics has published it has protected before.
    """

    id: Id
    name: str
    statistic: str = ""
    publisher: str
    licence: str = "dl-de/by-2-0"
    place: str
    symbols: str = "classic"
    period: PeriodRule
    dimensions: list[Id] = []
    measures: list[Measure]
    tables: list[Table] = []
    notes: list[str] = []
    land_notes: list[LandNote] = []
    crosses: list[list[Id]] = []
    restrictions: list[Restriction] = []
    collected: list[Collected] = []
    protection: ProtectionRule = ProtectionRule()

    def measure(self, id: str) -> Measure:
        return next(measure for measure in self.measures if measure.id == id)


# --- indicators ---------------------------------------------------------------------------------


class Term(Definition):
    """A count in a formula: a measure of a dataset, restricted by `where` (a category or several,
    which are summed), times `sign` and `weight` (1/3 of three years of age is one cohort).
    `offset` takes the count of another year: -1 for the population at the end of the year before;
    `first` the count of the first period there is, the base of an index."""

    dataset: Id
    measure: Id
    where: dict[Id, str | list[str]] = {}
    sign: Literal[1, -1] = 1
    weight: float = Field(default=1, gt=0)
    offset: int = 0
    first: bool = False


class Calculation(Definition):
    """How values come about; the first calculation that has a value for a region and period is
    taken, so official counts go before ready-made ratios.

    Either `given` (a ready-made ratio, never summed), or `numerator` with or without
    `denominator`. With `numerator_base` and `denominator_base` the value is a ratio of two shares
    (numerator / numerator_base) / (denominator / denominator_base). `levels` keeps it to regions of
    these levels, where sources must not be mixed in one line (register and official population).
    """

    levels: list[Literal["bund", "land", "kreis", "gemeinde", "stadtteil", "verbund"]] = []
    numerator: list[Term] = []
    denominator: list[Term] = []
    numerator_base: list[Term] = []
    denominator_base: list[Term] = []
    given: Term | None = None
    given_factor: float = 1
    note: str = ""

    @property
    def terms(self) -> list[Term]:
        given = [self.given] if self.given else []
        return [
            *given,
            *self.numerator,
            *self.denominator,
            *self.numerator_base,
            *self.denominator_base,
        ]


class Breakdown(Definition):
    """A dimension an indicator can be divided by. With `of = "both"` numerator and denominator are
    of the group (leavers without certificate among girls); with "numerator" the denominator stays
    the total (share of each school type). `default` is the category an undivided view shows where
    the total says nothing (the sum of all school types is 100 %)."""

    dimension: Id
    of: Literal["both", "numerator"] = "both"
    default: str | None = None


class Flow(Definition):
    """How an indicator is drawn as a flow: the counts of its first denominator (of its numerator,
    if it is a count), crossed by the dimensions `origin` (one node called `origin_name` without
    it) and `destination`. `persons` is what is counted, in the plural; `changes_only` leaves out
    who stays in the category of origin."""

    origin: Id | None = None
    origin_name: str = ""
    destination: Id
    persons: str
    changes_only: bool = False


class Balance(Definition):
    """Marks an indicator as places against need: its numerator counts places, its denominator
    those who need one. `places_name` and `place_name` are many and one of them ("Plätze", "Platz"),
    `need_name` is who needs one; `assumption` says how many are taken to need one, wherever figures
    of it are shown ("Bedarf von 45 % der Kinder unter 3 Jahren"). An indicator without denominator
    is need (its terms with sign 1) minus places (its terms with sign -1)."""

    places_name: str = "Plätze"
    place_name: str = "Platz"
    need_name: str
    assumption: str = ""


class Outlook(Definition):
    """The words of an index of what is projected, whose first period is 100: "{wo} {rises}
    {subject} bis {Jahr} voraussichtlich um {change}"."""

    subject: str
    rises: str
    falls: str


class Statement(Definition):
    """The words of the sentence "{Im Jahr} {verb} {wo} {rest}", in the past tense.

    `rest` holds {value}, and {group} where the sentence must say of which category it speaks;
    `verb_one` and `rest_one` are the words for a count of exactly one; with an `outlook` sentences
    tell of the growth since the first period instead of the index. `groups` are the words that
    stand for {group} where the name of the category alone is no German ("aufs Gymnasium"), by
    category, and `land_groups` those of a Land that calls it something else; {name} in them is the
    category's name.
    """

    verb: str
    rest: str
    verb_one: str = ""
    rest_one: str = ""
    outlook: Outlook | None = None
    groups: dict[Id, str] = {}
    land_groups: dict[str, dict[Id, str]] = {}

    def group(self, category: str, name: str, land: str) -> str:
        """What stands for {group} where the category of this name is told."""
        words = self.land_groups.get(land, {}).get(category) or self.groups.get(category, "{name}")
        return words.replace("{name}", name)


class Indicator(Definition):
    """An indicator's full sheet. Its value is factor × Σ numerator / Σ denominator, for joint
    regions summed over the members before dividing; without denominator it is a count.

    `order` is its place among the indicators, `highlight` its place among the key figures of the
    overview (0: none); `introduction` marks what introduces a region there (how many live in it);
    `caveats` are what to know of the figures, `land_caveats` of those of some Länder only;
    `plausible` is the range outside of which the build asks for a second look.
    """

    id: Id
    name: str
    short_name: str
    theme: str
    life_phase: str
    baustein: int
    unit: str
    factor: float = 1
    decimals: int | None = None
    polarity: Literal["higher_is_better", "lower_is_better", "neutral"]
    place: str
    cycle: str = "jährlich"
    definition: str
    formula: str
    numerator_name: str
    denominator_name: str = ""
    period_meaning: str
    caveats: list[str] = []
    land_caveats: list[LandNote] = []
    statement: Statement
    plausible: tuple[float, float] | None = None
    class_limits: list[float] = []
    minimum_denominator: int = 20
    calculations: list[Calculation]
    breakdowns: list[Breakdown] = []
    flow: Flow | None = None
    balance: Balance | None = None
    order: int = 100
    highlight: int = 0
    introduction: bool = False

    @property
    def shown_decimals(self) -> int:
        return formats.default_decimals(self.unit) if self.decimals is None else self.decimals

    @property
    def is_count(self) -> bool:
        return not any(c.denominator or c.given for c in self.calculations) and self.factor == 1

    @property
    def datasets(self) -> list[str]:
        return list(dict.fromkeys(t.dataset for c in self.calculations for t in c.terms))

    @property
    def grouped_by(self) -> str:
        """The dimension of {group} in the statement: the one with a default; "" if the sentence
        speaks of no category."""
        if "{group}" not in self.statement.rest:
            return ""
        return next((b.dimension for b in self.breakdowns if b.default), "")

    def breakdown(self, dimension: str) -> Breakdown | None:
        return next((b for b in self.breakdowns if b.dimension == dimension), None)

    def divides(self, dimension: str) -> Literal["both", "numerator"]:
        """What the breakdown by a dimension divides, which the indicator must have."""
        return {b.dimension: b.of for b in self.breakdowns}[dimension]


# --- regions and events -------------------------------------------------------------------------


class EducationRegion(Definition):
    """A region with an education office. Of two members the joint region `verbund:<id>` is made,
    called `joint_name` alone and `joint_where` in a sentence."""

    id: Id
    name: str
    members: list[RegionId]
    joint_name: str = ""
    joint_where: str = ""
    order: int = 100


class LocalRegion(Definition):
    """A region no boundary file knows: a Gemeinde, a Stadtteil, or an invented region.

    `name` stands alone ("Markt Birkenried"), `where` in a sentence ("in <name>" if left out).
    What is `invented` is marked wherever it is shown and never counted among real regions; parts
    of an invented region are invented. Only an invented Land has no parent.
    """

    id: RegionId
    name: str
    where: str = ""
    designation: str = ""
    level: Literal["land", "kreis", "gemeinde", "stadtteil"]
    parent: RegionId | None = None
    invented: bool = False


class Dissolved(Definition):
    """A Kreis that a reform ended. `part_key` is its key as a part of the successor, where official
    tables list it under that key in earlier years as well."""

    id: RegionId
    name: str
    designation: str
    successors: list[RegionId]
    part_key: RegionId = ""


class Founded(Definition):
    """A Kreis that the boundary file does not know yet; `origin` are the Kreise it was part of."""

    id: RegionId
    name: str
    designation: str
    origin: list[RegionId] = []


class Reform(Definition):
    """A territorial reform: `day` is the first day of the new regions; `existing` names the
    successors that existed before, `founded` the Kreise that are new and in no boundary file."""

    name: str
    day: date
    existing: list[RegionId] = []
    dissolved: list[Dissolved] = []
    founded: list[Founded] = []

    @property
    def ended(self) -> frozenset[str]:
        return frozenset(old.id for old in self.dissolved)

    @property
    def begun(self) -> frozenset[str]:
        """The Kreise that are new with it."""
        successors = {key for old in self.dissolved for key in old.successors}
        return frozenset(successors - set(self.existing)) | {new.id for new in self.founded}

    @property
    def changed(self) -> frozenset[str]:
        """The Kreise that existed before and after it, with other territory."""
        return frozenset(self.existing) | {key for new in self.founded for key in new.origin}

    def before(self, key: str) -> frozenset[str]:
        """The Kreise whose territory then belongs to this one now, itself among them if it existed;
        nothing for a Kreis the reform did not touch."""
        found = {old.id for old in self.dissolved if key in old.successors}
        found |= {origin for new in self.founded if key == new.id for origin in new.origin}
        return frozenset(found | ({key} if key in self.changed else set()))

    def after(self, key: str) -> frozenset[str]:
        """The Kreise this one's territory then belongs to now; nothing if it was not touched."""
        found = {new for old in self.dissolved if key == old.id for new in old.successors}
        found |= {new.id for new in self.founded if key in new.origin}
        return frozenset(found | ({key} if key in self.changed else set()))


class Transfer(Definition):
    """A part of a Kreis that became part of another: neither began nor ended, but the figures of
    all of them turn on this `day`, the first of the new territory."""

    name: str
    day: date
    regions: list[RegionId]


class StatisticalRegion(Definition):
    """A 3-digit key that official tables use and the boundary file does not know."""

    id: RegionId
    name: str
    designation: str
    valid_from: date | None = None
    valid_to: date | None = None


class Territory(Definition):
    reforms: list[Reform]
    transfers: list[Transfer] = []
    statistical_regions: list[StatisticalRegion]


class Event(Definition):
    """Something to know when reading a time axis: a `break` (values before and after differ in
    kind; the line is interrupted) or an `event` (a marker with words). It applies to the named
    datasets and to regions whose key begins with one of `regions` (all if empty); `day` is the
    first day of the new state."""

    id: Id
    kind: Literal["break", "event"]
    day: date
    label: str
    text: str
    datasets: list[Id]
    regions: list[str] = []
