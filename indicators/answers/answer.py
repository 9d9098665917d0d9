"""What a view gets: figure, table, sentences, notes and source, all from one set of rows."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from itertools import combinations

import pandas as pd

from indicators import formats, texts
from indicators.answers import breaks, uncollected
from indicators.answers.breaks import Turn
from indicators.catalog import meaning
from indicators.catalog.catalog import Catalog
from indicators.catalog.definition import TOTAL
from indicators.catalog.meaning import Calculation, Dataset, Indicator, LandNote, Restriction, Term
from indicators.errors import NotPublishedError, ViewError
from indicators.figures.balance import BalancePicture
from indicators.figures.chain import ChainPicture
from indicators.figures.chart import Chart, withheld
from indicators.figures.flow import FlowPicture
from indicators.figures.map import MapPicture
from indicators.figures.places import PlacesPicture
from indicators.figures.pyramid import Pyramid
from indicators.figures.slope import SlopePicture
from indicators.figures.starters import Grid, StarterPicture
from indicators.figures.two_maps import TwoMaps
from indicators.periods import Period, from_label
from indicators.regions import LEVELS, Region
from indicators.release import queries, territory
from indicators.release.releases import UNKNOWN_STAND, Release, Source
from indicators.release.values import (
    READY_MADE,
    as_shown,
    can_divide,
    indicator_values,
    least_denominator,
)
from indicators.symbols import FLAG_NAMES, SIGNS, Status
from indicators.texts import Value
from indicators.view import View

Picture = (
    Chart
    | MapPicture
    | FlowPicture
    | Pyramid
    | StarterPicture
    | Grid
    | BalancePicture
    | ChainPicture
    | PlacesPicture
    | SlopePicture
    | TwoMaps
)
INVENTED = "Beispieldaten (erfunden)"
# More coloured lines cannot be told apart, and more numbers in a sentence not be taken in.
MOST_LINES = 6


@dataclass(frozen=True)
class Table:
    """The rows of the figure as a reader sees them: German texts, first column a heading.

    `numeric` says which columns are aligned right.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...]


@dataclass(frozen=True)
class Answer:
    """The answer to a view. `rows` are the figure's rows as data (the JSON of the command line);
    `notes` apply to what is shown, those `beside` it must be read with the figure itself (they are
    among the notes); `footnotes` are the producer's own for the region's Land;
    `period` is the one chosen where the figure shows one, `periods` are those with values.

    Two days are told apart: `stand`, when the publishers of `sources` had the figures, and
    `published`, when `release` was built of them."""

    view: View
    title: str
    headline: str
    subtitle: str
    rows: list[dict]
    table: Table
    reading_aid: str
    alt: str
    notes: list[str]
    footnotes: list[str]
    source: str
    source_short: str
    release: str
    published: datetime
    period: str = ""
    figure: Picture | None = None
    indicator: Indicator | None = None
    periods: list[str] = field(default_factory=list)
    comparison: str = ""
    sources: tuple[Source, ...] = ()
    beside: tuple[str, ...] = ()

    @property
    def stand(self) -> str:
        """The date of the figures at their publisher: "13.03.2025", "24.06.2021 bis 13.03.2025",
        or "" if no file says. `published` is when Bildungsblick took them into its release."""
        dates = sorted(s.stand for s in self.sources if s.stand != UNKNOWN_STAND)
        return " bis ".join(dict.fromkeys(formats.day(day) for day in (dates[:1] + dates[-1:])))

    @property
    def paragraph(self) -> str:
        """Two sentences for a paper: what was found in numbers, and what it is measured by."""
        if self.comparison:
            return f"{self.reading_aid} {self.comparison}"
        if self.view.kind in ("trend", "table") and self.reading_aid:
            return self.reading_aid
        return " ".join(filter(None, [f"{self.headline.rstrip('.')}.", self.reading_aid]))

    def with_beside(self, told: Sequence[str]) -> "Answer":
        """The answer with notes that stand beside the figure, and first of all."""
        return replace(self, notes=[*told, *self.notes], beside=tuple(told))

    def as_json(self) -> dict:
        """The stable form others script against; documented in the README."""
        return {
            "headline": self.headline,
            "subtitle": self.subtitle,
            "rows": self.rows,
            "notes": self.notes + self.footnotes,
            "source": self.source,
            "release": self.release,
        }


class Context:
    """What every kind of answer needs about a view: the indicator, its values, its words.

    A helper of the answer modules; built once per answer, never kept.
    """

    def __init__(self, release: Release, view: View):
        self.release, self.view = release, view
        self.catalog = release.catalog
        self.region = release.region(view.region)
        self.indicator = self.catalog.indicators[view.indicator]
        if view.measure == "count":
            self.indicator = counted(self.indicator)
        only = dict(view.only)
        for breakdown in self.indicator.breakdowns:
            if breakdown.default and breakdown.dimension != view.by:
                only.setdefault(breakdown.dimension, breakdown.default)
        self.restrict(only)
        # a map or ranking compares others
        self.compared: tuple[str, ...] = (self.region.id,)
        self._figures_of: dict[frozenset[str], dict[str, territory.Figures]] = {}

    def restrict(self, only: Mapping[str, str]) -> None:
        """Restricts values and words to these categories (dimension → category)."""
        self.only = dict(only)
        self.qualifier = texts.qualifier(self.catalog, self.only, self.region.land)

    def values(self, regions: Sequence[str], *, by: str | None = None) -> pd.DataFrame:
        """One row per region, period and category of `by`, in the columns of `indicator_values`;
        the numbers are as a reader sees them."""
        found = indicator_values(self.release, self.indicator, regions, by=by, only=self.only)
        return as_shown(found, self.indicator)

    def period(self, row) -> Period:
        first = self.indicator.calculations[0].terms[0]
        return from_label(row.period, self.catalog.datasets[first.dataset].period.type)

    def counted_on(self, period: Period) -> date:
        """The day whose territory the values of a period are of."""
        first = self.indicator.calculations[0].terms[0]
        return self.catalog.datasets[first.dataset].period.counted_on(period)

    def value(self, row) -> Value:
        return Value(
            region=self.release.region(row.region),
            period=self.period(row),
            value=None if pd.isna(row.value) else float(row.value),
            status=Status(row.status),
            ready_made=READY_MADE in row.flags,
            category=row.category,
            group=self.group(row.category),
            qualifier=self.qualifier_of(row.category),
            numerator=None if pd.isna(row.numerator) else float(row.numerator),
            denominator=None if pd.isna(row.denominator) else float(row.denominator),
        )

    def category_name(self, category: str) -> str:
        """What the category of a row is called: "weiblich"; "insgesamt" for all of them."""
        if not self.view.by:
            return "insgesamt"
        return self.catalog.dimensions[self.view.by].category_name(category, self.region.land)

    def drawn_categories(self, categories: Collection[str]) -> list[str]:
        """Those of some categories that are drawn as lines and told by name, in their order: all of
        a few, of many those that the dimension puts first; [] if it puts none first."""
        dimension = self.catalog.dimensions[self.view.by]
        there = [c.id for c in dimension.categories if c.id in set(categories)]
        if len(there) <= MOST_LINES:
            return there
        return [id for id in there if id in dimension.leading]

    def _chosen(self, category: str) -> dict[str, str]:
        """What a row of this category is restricted to: dimension → category."""
        divided = {self.view.by: category} if self.view.by and category != TOTAL else {}
        return self.only | divided

    def group(self, category: str) -> str:
        """What stands for {group} in a sentence about a row of this category; "" where it names
        none, and for all categories together, of which it cannot speak."""
        dimension = self.indicator.grouped_by
        chosen = self._chosen(category).get(dimension)
        if chosen is None:
            return ""
        land = self.region.land
        name = self.catalog.dimensions[dimension].category_name(chosen, land)
        return self.indicator.statement.group(chosen, name, land)

    def qualifier_of(self, category: str) -> str:
        """What a sentence about a row of this category must add to its own words."""
        chosen = self._chosen(category)
        chosen.pop(self.indicator.grouped_by, None)
        return texts.qualifier(self.catalog, chosen, self.region.land)

    def count(self, number: float, row) -> str:
        """A numerator or denominator in a table: one that is protected is never a dash, which many
        read as none."""
        if not pd.isna(number):
            return formats.number(number)
        status = Status(row.status)
        return SIGNS[status].short if status is Status.SUPPRESSED else "–"

    def shown(self, row) -> str:
        return texts.shown(self.indicator, self.value(row))

    def turns(
        self,
        known: Sequence[Period],
        region: Region | None = None,
        datasets: Collection[str] | None = None,
    ) -> list[Turn]:
        """Events, breaks and reforms in a series of these periods, of the view's region and of all
        datasets of the indicator unless told otherwise."""
        region = region or self.region
        used = self.indicator.datasets if datasets is None else datasets
        found = breaks.of_events(self.catalog, self.indicator, region, known, used)
        return found + [
            Turn(crossing.first, territory.LABEL, crossing.text, is_break=True)
            for crossing in self._crossings(known, region)
        ]

    def is_broken(self, earlier: Period, later: Period, region: Region | None = None) -> bool:
        """Whether the values of a region (the view's by default) in these periods differ in kind:
        no change between them is told."""
        turns = self.turns([earlier, later], region)
        return any(turn.is_break and turn.first == later for turn in turns)

    def _crossings(self, known: Sequence[Period], region: Region) -> list[territory.Crossing]:
        if not known or not (lands := territory.turning(self.release, region, min(known).start)):
            return []
        if lands not in self._figures_of:
            kreise = [k for k in territory.every_kreis(self.release) if k[:2] in lands]
            self._figures_of[lands] = territory.figures_of(self.values(kreise))
        days = {period: self.counted_on(period) for period in known}
        return territory.crossings(self.release, region, days, self._figures_of[lands])

    def chosen_period(self, rows: pd.DataFrame) -> str:
        """The period asked for, else the newest in which the region has a value, else the newest.

        Raises ViewError naming the periods there are.
        """
        self.check_period(rows, self.view.period)
        if self.view.period:
            return self.view.period
        own = rows[(rows["region"] == self.region.id) & rows["value"].notna()]
        if self.view.by and len(divided := own[own["category"] != TOTAL]):
            own = divided  # the total may be known of newer periods than what it is divided into
        best = own if len(own) else rows[rows["value"].notna()]
        newest = best if len(best) else rows
        return newest.sort_values("start")["period"].iloc[-1]

    def check_period(self, rows: pd.DataFrame, period: str) -> None:
        """Raises ViewError if there are no rows at all or none for this period ("": any)."""
        if rows.empty:
            raise self.nothing()
        known = list(dict.fromkeys(rows.sort_values("start")["period"]))
        if period and period not in known:
            raise ViewError(
                f"Für {self.indicator.name} gibt es keinen Zeitraum „{period}“; "
                f"vorhanden sind {', '.join(known)}."
            )

    def nothing(self) -> ViewError:
        """Why there is no value at all, and which files would bring one."""
        if reason := self.kept_back():
            return NotPublishedError(reason)
        wanted = wanted_tables(self.release, self.indicator, self.region)
        if not wanted:
            return ViewError(
                f"Für {self.indicator.name} enthalten die vorliegenden Dateien in dieser Auswahl "
                "keine Werte."
            )
        return ViewError(
            f"Für {self.indicator.name} liegt noch keine Datei vor. Nächster Schritt: {wanted} "
            "einlesen; wie das geht, steht unter „Daten und Methodik“, Abschnitt „Aktualisieren“."
        )

    def check_number(self, rows: pd.DataFrame) -> None:
        """Raises a ViewError if none of the rows has a number: why, and what would bring one.
        Raises NotPublishedError if there are numbers and none may be shown."""
        if rows["value"].notna().any():
            return
        own = rows[rows["region"] == self.region.id]
        division = self.catalog.dimensions[self.view.by].name if self.view.by else ""
        if reason := self.kept_back():
            raise NotPublishedError(reason)
        if any(withheld(Status(status)) for status in own["status"]):
            raise NotPublishedError(
                f"{self.indicator.name}{division and f' nach {division}'}: Für {self.region.name} "
                "sind alle vorliegenden Zahlen geschützt oder beruhen auf zu wenigen Fällen."
            )
        reasons = uncollected.reasons(own, self.indicator, self.catalog, self.only, self.view.by)
        if reasons and (own["status"] == Status.NOT_COLLECTED.value).all():
            raise ViewError(" ".join(reasons))
        if division:
            raise ViewError(
                f"Für {self.region.name} gibt es {self.indicator.name} nicht nach {division} "
                "getrennt."
            )
        raise self.nothing()

    def kept_back(self) -> str:
        """Why the division asked for is not published for regions like those compared; "" if it
        is."""
        flow = self.indicator.flow if self.view.kind == "flow" else None
        ends = (flow.origin, flow.destination) if flow else ()
        asked = {id: None for id in (self.view.by, *ends) if id} | self.only
        return left_out(self.release, self.indicator, self.compared, asked)

    def companions(self) -> list[tuple[str, str]]:
        """Regions drawn with the own one and their roles: parts or sibling, Land, Deutschland.

        Each once: one that is asked for in addition may be there already.
        """
        found = [(part, "part") for part in self.region.members]
        for other in self.release.regions.values():
            if self.region.id in other.members:
                found += [(part, "part") for part in other.members if part != self.region.id]
        whole = wholes(self.region)
        taken = {self.region.id, *dict(found), *dict(whole)}
        others = [(id, "other") for id in dict.fromkeys(self.view.compare) if id not in taken]
        return [*found, *others, *whole]

    def place_among_parts(self, region: str) -> int:
        """The place of a Stadt or Landkreis in the region they make up together."""
        for other in self.release.regions.values():
            if region in other.members:
                return other.members.index(region)
        return 0

    def rows_as_data(self, rows: pd.DataFrame) -> list[dict]:
        """The rows of the figure in the stable form of the command line."""
        return [
            {
                "region": row.region,
                "region_name": self.release.region(row.region).name,
                "period": row.period,
                "category": row.category,
                "category_name": self.category_name(row.category),
                "selection": self.qualifier,
                "numerator": _plain(row.numerator),
                "denominator": _plain(row.denominator),
                "value": _plain(row.value),
                "unit": self.indicator.unit,
                "status": str(row.status),
                "flags": [flag for flag in row.flags.split(",") if flag],
            }
            for row in rows.itertuples(index=False)
        ]

    def sources_used(self, rows: pd.DataFrame) -> list[int]:
        return sorted({int(s) for text in rows["sources"].unique() for s in text.split(",") if s})

    def notes(self, rows: pd.DataFrame) -> list[str]:
        """What a reader must know of exactly these rows."""
        found = []
        for index in sorted(rows["calculation"].unique()):
            note = self.indicator.calculations[int(index)].note
            if note:
                found.append(note)
        flags = {flag for text in rows["flags"].unique() for flag in text.split(",") if flag}
        if READY_MADE in flags:
            found.append(
                "Für gemeinsame Regionen nicht berechenbar, wo nur fertige Anteile ohne Zählwerte "
                "vorliegen."
            )
        for flag in sorted(flags - {READY_MADE}):
            words = FLAG_NAMES.get(flag, flag)
            found.append(f"Werte teilweise {words}.")
        few = rows[rows["status"] == Status.TOO_FEW.value]
        if len(few):
            # the name of the group stands in brackets: as it is, it fits no sentence
            found.append(
                "„Zu wenige Fälle“: Ein Wert wird erst ausgewiesen, wenn die Grundlage "
                f"({self.indicator.denominator_name or 'Zahl der Fälle'}) mindestens "
                f"{formats.number(self._least(few))} beträgt."
            )
        if (rows["status"] == Status.SUPPRESSED.value).any():
            found.append(
                "„Geschützt“ sind kleine Zahlen und weitere, aus denen man sie berechnen könnte; "
                "welche davon klein sind, ist nicht zu erkennen."
            )
        found += uncollected.reasons(rows, self.indicator, self.catalog, self.only, self.view.by)
        # a chosen category is missed only where the region has no number of it
        unknown = rows.loc[rows["region"] == self.region.id, "value"].isna().all()
        if (self.view.by or self.only and unknown) and (reason := self.kept_back()):
            found.append(reason)
        here = _lands(self.release, rows)
        return found + [*self.indicator.caveats, *_of_lands(self.indicator.land_caveats, here)]

    def _least(self, few: pd.DataFrame) -> int:
        """Of how many there must be at least for the ratios that these rows withhold."""
        return max(
            least_denominator(
                self.release, self.indicator, self.indicator.calculations[int(index)], of["sources"]
            ).max()
            for index, of in few.groupby("calculation")
        )

    def footnotes(self, rows: pd.DataFrame) -> list[str]:
        used = self.sources_used(rows)
        here = lands = _lands(self.release, rows)
        if len(lands) > 3:  # a map of all Kreise: only what holds for all
            lands = set()
        found = queries.footnotes(self.release, used, sorted(lands))
        datasets = {self.release.sources[s].dataset for s in used}
        own = [n for d in sorted(datasets) for n in self.catalog.datasets[d].notes]
        for id in sorted(datasets):
            own += _of_lands(self.catalog.datasets[id].land_notes, here)
        return list(dict.fromkeys([*own, *found]))

    def files(self, rows: pd.DataFrame) -> tuple[Source, ...]:
        """The files these rows come from, each once."""
        return tuple(self.release.sources[s] for s in self.sources_used(rows))

    def source(self, rows: pd.DataFrame) -> str:
        """Publisher, tables with their date, licence, what was done with it, place concept."""
        used = self.files(rows)
        return f"{source_line(used, self.catalog)} · {self.place}" if used else ""

    def source_short(self, rows: pd.DataFrame) -> str:
        """The source as it fits under a figure; the full line is in the info and every export."""
        used = self.files(rows)
        return f"{source_line(used, self.catalog, short=True)} · {self.place}" if used else ""

    @property
    def place(self) -> str:
        return self.catalog.vocabulary.places[self.indicator.place].text

    def subtitle(self, what: str) -> str:
        parts = [self.indicator.name, self.qualifier, what]
        if self.indicator.balance and self.indicator.balance.assumption:
            parts.append(f"Annahme: {self.indicator.balance.assumption}")
        unit = {"%": "in Prozent", "Anzahl": "", "EUR": "in Euro", "Index": ""}
        words = unit.get(self.indicator.unit, self.indicator.unit)
        parts.append("" if words in self.indicator.name else words)
        return labelled(", ".join(part for part in parts if part), self.region)

    def first_alike(self, known: list[Value]) -> Value | None:
        """The first value of the region's present territory: one of another says nothing beside
        the newest."""
        crossings = self._crossings([v.period for v in known], self.region)
        turned = [crossing.first for crossing in crossings if crossing.first]
        return next((v for v in known if not turned or v.period >= max(turned)), None)

    def answer(self, rows: pd.DataFrame, **parts) -> Answer:
        """An answer of these rows with the parts all kinds share."""
        indicator = self.indicator
        return Answer(
            view=self.view,
            title=indicator.name,
            rows=self.rows_as_data(rows),
            notes=self.notes(rows),
            footnotes=self.footnotes(rows),
            source=self.source(rows),
            source_short=self.source_short(rows),
            sources=self.files(rows),
            release=self.release.id,
            published=self.release.published,
            indicator=indicator,
            **parts,
        )


def _lands(release: Release, rows: pd.DataFrame) -> set[str]:
    """The keys of the Länder that the regions of the rows lie in."""
    return {release.region(id).land for id in rows["region"].unique()} - {""}


def _of_lands(notes: Sequence[LandNote], lands: set[str]) -> list[str]:
    """The notes that concern one of these Länder."""
    return [note.text for note in notes if lands & set(note.lands)]


def wanted_tables(
    release: Release, indicator: Indicator, region: Region, *, here: bool = False
) -> str:
    """The tables that would bring the indicator's values: "A (oder B) und C, oder ersatzweise D".

    All datasets of a calculation are needed ("und"); several tables of one dataset, and several
    calculations, are alternatives ("oder"). What the release has already is left out; "" if some
    calculation lacks nothing. What there is of the invented town brings nothing to a real one.
    With `here` what counts is what there is of this very region.
    """
    options = [_lacking(release, indicator, one, region, here) for one in indicator.calculations]
    if not all(options):
        return ""
    return ", oder ersatzweise ".join(dict.fromkeys(formats.listing(tables) for tables in options))


def _lacking(
    release: Release,
    indicator: Indicator,
    calculation: Calculation,
    region: Region,
    here: bool,
) -> list[str]:
    """One text per dataset of which the calculation needs counts that the release has not."""
    there = {source.table_code for source in release.sources.values() if not source.excerpt}
    usual = {b.dimension: b.default for b in indicator.breakdowns if b.default}
    lacking = []
    for id in dict.fromkeys(term.dataset for term in calculation.terms):
        dataset = release.catalog.datasets[id]
        # what an indicator shows by default needs counts that are divided like this
        only = {d: c for d, c in usual.items() if d in dataset.dimensions}
        terms = [
            term.model_copy(update={"where": only | term.where})
            for term in calculation.terms
            if term.dataset == id
        ]
        if all(_has(release, term, region, here) for term in terms):
            continue
        tables = dataset.tables
        if not tables:  # a town's own counts come with no official table
            lacking.append(f"eine eigene Tabelle „{dataset.name}“ (Quelle: {dataset.publisher})")
            continue
        # what is there did not bring it; a table that has ended or cannot be had is the last choice
        best = min(_distance(table, there, region) for table in tables)
        codes = [table.code for table in tables if _distance(table, there, region) == best]
        if codes[0].startswith("INKAR"):
            lacking.append("ein Export aus INKAR")
            continue
        others = f" (oder {' oder '.join(codes[1:])})" if codes[1:] else ""
        lacking.append(f"die Tabelle {codes[0]}{others} der Regionaldatenbank")
    return lacking


def _has(release: Release, term: Term, region: Region, here: bool) -> bool:
    """Whether there are counts of the region (`here`) or of any of the same kind, real or invented;
    some are published as sums only. An excerpt has only those of the regions it is of."""
    written = term.model_dump_json()
    if _has_any(release, written, region.parts, True):
        return True
    return not here and _has_any(release, written, _alike(release, region.invented), False)


@lru_cache(maxsize=8)
def _alike(release: Release, invented: bool) -> tuple[str, ...]:
    return tuple(id for id, other in release.regions.items() if other.invented == invented)


@lru_cache(maxsize=2048)  # asked for every indicator of a region that has nothing
def _has_any(release: Release, written: str, regions: tuple[str, ...], of_excerpts: bool) -> bool:
    term = Term.model_validate_json(written)
    found = queries.counts(release, term)
    if not of_excerpts:
        excerpts = [id for id, source in release.sources.items() if source.excerpt]
        found = found[~found["source"].isin(excerpts)]
    if not set(regions).isdisjoint(found["region"]):
        return True
    return not queries.published_sums(release, term, regions=regions).empty


def left_out(
    release: Release,
    indicator: Indicator,
    regions: Sequence[str],
    asked: Mapping[str, str | None],
) -> str:
    """Why an indicator is not published of any of these regions in this division; "" if it is of
    one, or if nobody has delivered it. `asked` is what it is divided by, with a category or None
    for all of them."""
    why = ""
    for calculation in indicator.calculations:
        if not _divides(release, indicator, calculation, list(asked)):
            continue
        levels: dict[str, Region] = {}  # what is published depends on the level alone
        for region in map(release.region, regions):
            fits = not calculation.levels or region.level in calculation.levels
            if fits and region.level not in levels and _delivered(release, calculation, region):
                levels[region.level] = region
        for region in levels.values():
            reasons = (
                kept_back(release, region, term.dataset, divided)
                for term, divided in _divided(indicator, calculation, asked)
            )
            reason = next(filter(None, reasons), "")
            if not reason:
                return ""
            why = why or reason
    return why


def _divides(
    release: Release, indicator: Indicator, calculation: Calculation, asked: list[str]
) -> bool:
    """Whether the counts of a calculation know all that is asked for."""
    if calculation.given:
        known = release.catalog.datasets[calculation.given.dataset].dimensions
        return set(asked) <= set(known)
    return can_divide(release, indicator, calculation, asked)


def _delivered(release: Release, calculation: Calculation, region: Region) -> bool:
    """Whether there are numbers of the region, or of a member of it, in all its datasets."""
    return not any(
        _regions_with(release, term.dataset).isdisjoint(region.parts) for term in calculation.terms
    )


@lru_cache(maxsize=256)
def _regions_with(release: Release, dataset: str) -> frozenset[str]:
    return frozenset(queries.regions_with(release, [dataset]))


def _divided(
    indicator: Indicator, calculation: Calculation, asked: Mapping[str, str | None]
) -> Iterator[tuple[Term, dict[str, str | list[str] | None]]]:
    """Every term with what its counts are divided by: the group below a share stays whole where
    only the numerator is divided."""
    both = {b.dimension for b in indicator.breakdowns if b.of == "both"}
    below = [*calculation.denominator, *calculation.denominator_base]
    for term in below:
        yield term, {**{d: c for d, c in asked.items() if d in both}, **term.where}
    given = [calculation.given] if calculation.given else []
    for term in [*given, *calculation.numerator, *calculation.numerator_base]:
        yield term, {**asked, **term.where}


def kept_back(
    release: Release, region: Region, dataset: str, divided: Mapping[str, str | list[str] | None]
) -> str:
    """Why a dataset that has numbers of the region is not published in this division: the words of
    the restriction that says so; "" if none does. `divided` is what the counts are divided by, with
    a category, several that are summed, or None for all of them."""
    if dataset not in release.protection:
        return ""
    known = release.catalog.datasets[dataset]
    asked = {id: wanted for id, wanted in divided.items() if id in known.dimensions}
    if _regions_with(release, dataset).isdisjoint(region.parts):
        return ""
    if crossed := _not_crossed(known, list(asked)):
        names = [release.catalog.dimensions[id].name for id in crossed]
        return (
            f"„{known.name}“ wird nicht zugleich nach {formats.listing(names)} veröffentlicht, um "
            "kleine Zahlen zu schützen."
        )
    level = release.region(region.parts[0]).level
    for restriction in known.restrictions:
        if restriction.at and level not in restriction.at:
            continue
        if not _leaves_out(restriction, asked):
            continue
        names = [release.catalog.dimensions[id].name for id in restriction.dimensions]
        return (
            f"„{known.name}“ wird für {LEVELS[level]} nicht nach {formats.listing(names)} "
            "veröffentlicht, um kleine Zahlen zu schützen."
        )
    return ""


def _not_crossed(dataset: Dataset, asked: list[str]) -> list[str]:
    """Dimensions that no division published has at once: two of those asked for, if there are two
    such; [] if all are."""
    crosses = [set(cross) for cross in dataset.crosses]

    def together(ids: Sequence[str]) -> bool:
        return not crosses or any(set(ids) <= cross for cross in crosses)

    if together(asked):
        return []
    return next((list(pair) for pair in combinations(asked, 2) if not together(pair)), asked)


def _leaves_out(restriction: Restriction, asked: Mapping[str, str | list[str] | None]) -> bool:
    """Whether nothing of what is asked for is published; sums of categories always are."""
    if not set(restriction.dimensions) <= asked.keys():
        return False
    if not (restriction.needs or restriction.only):
        return not any(isinstance(asked[id], list) for id in restriction.dimensions)
    return not set(restriction.needs) <= asked.keys() or any(
        id not in asked or isinstance(asked[id], str) and asked[id] not in allowed
        for id, allowed in restriction.only.items()
    )


def _distance(
    table: meaning.Table, there: set[str], region: Region
) -> tuple[bool, bool, bool, bool]:
    """How far a table is from bringing what a region lacks; those ending in -5 are of Gemeinden."""
    of_parts = region.level in ("gemeinde", "stadtteil")
    other_level = table.code.endswith("-5") != of_parts
    return not table.download, table.code in there, other_level, bool(table.until)


def wholes(region: Region) -> list[tuple[str, str]]:
    """What a region is measured by, with its role: for a Gemeinde or a Stadtteil the Kreis, for
    everything larger the Land and Deutschland. What is invented is not measured by what is real."""
    if region.level in ("gemeinde", "stadtteil") and region.parent:
        return [(region.parent, "land")]
    if region.invented:
        return []
    found = [(region.land, "land"), ("DG", "germany")]
    return [(id, role) for id, role in found if id not in ("", region.id)]


def labelled(text: str, region: Region) -> str:
    """The text of a figure of this region; what is invented says so wherever it is shown."""
    return f"{INVENTED}: {text}" if region.invented else text


def counted(indicator: Indicator) -> Indicator:
    """The indicator with its numerator as a count: "Anteil" becomes "Anzahl".

    Raises ViewError for ratios nobody has counts for.
    """
    calculations = [
        c.model_copy(update={"denominator": [], "numerator_base": [], "denominator_base": []})
        for c in indicator.calculations
        if c.numerator
    ]
    if not calculations:
        raise ViewError(f"Für {indicator.name} gibt es nur fertige Anteile, keine Anzahl.")
    words = indicator.statement.model_copy(
        update={
            "verb": "gab es",
            "verb_one": "gab es",
            "rest": "{value} " + indicator.numerator_name,
        }
    )
    return indicator.model_copy(
        update={
            "name": indicator.numerator_name,
            "unit": "Anzahl",
            "factor": 1,
            "decimals": 0,
            "denominator_name": "",
            "class_limits": [],
            "calculations": calculations,
            "statement": words,
        }
    )


def source_line(used: Iterable[Source], catalog: Catalog, *, short: bool = False) -> str:
    """ "Quelle: Statistische Ämter …, Tabelle 21111-02-06-4 (Stand 13.03.2025); dl-de/by-2-0 …" """
    by_publisher: dict[tuple[str, str], list] = {}
    for source in used:
        by_publisher.setdefault((source.publisher, source.licence), []).append(source)
    lines = []
    for (publisher, licence), sources in by_publisher.items():
        stands: dict[str, dict[str, None]] = {}
        for source in sources:
            stands.setdefault(source.table_code, {})[source.stand_words] = None
        tables = [f"{code} ({_in_one_word(list(said))})" for code, said in stands.items()]
        word = "Tabelle" if len(tables) == 1 else "Tabellen"
        terms = catalog.vocabulary.licences.get(licence)
        link = f" ({terms.text})" if terms and terms.text and not short else ""
        if short and len(tables) > 3:
            tables = [f"{formats.number(len(tables))} Tabellen"]
            word = ""
        lines.append(f"{publisher}, {word} {formats.listing(tables)}; {licence}{link}")
    line = f"Quelle: {' · '.join(lines)}; eigene Berechnung"
    return line.replace(",  ", ", ")


def _in_one_word(stands: list[str]) -> str:
    """ "Stand 24.02.2018 und 13.03.2025": several editions of a table beside each other."""
    first, *more = stands
    return formats.listing([first, *(one.removeprefix("Stand ") for one in more)])


def row_of(frame: pd.DataFrame, place: int = 0):
    """One row as `itertuples` gives it. (A Series would answer `.flags` with pandas' own.)"""
    return next(frame.iloc[[place]].itertuples(index=False))


def _plain(number: float | None) -> float | int | None:
    if number is None or pd.isna(number):
        return None
    return int(number) if float(number).is_integer() else float(number)
