"""What every kind of answer is made with: the view's indicator, its values, words and sources.

Rules of some length stand in modules beside it: notes of rows (notes.py), the source line
(sources.py), tables that are lacking (wanted.py), divisions not published (unpublished.py).
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

import pandas as pd

from indicators import formats, texts
from indicators.answers import breaks, notes, uncollected
from indicators.answers.answer import MOST_LINES, Answer, labelled
from indicators.answers.breaks import Turn
from indicators.answers.sources import source_line
from indicators.answers.unpublished import left_out
from indicators.answers.wanted import wanted_tables
from indicators.catalog.definition import TOTAL
from indicators.catalog.meaning import Indicator
from indicators.errors import NotPublishedError, ViewError
from indicators.figures.chart import withheld
from indicators.periods import Period, from_label
from indicators.regions import Region
from indicators.release import territory
from indicators.release.releases import Release, Source
from indicators.release.values import READY_MADE, as_shown, indicator_values
from indicators.symbols import SIGNS, Status
from indicators.texts import Value
from indicators.view import View


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
        found = notes.of_rows(self.release, self.indicator, rows)
        found += uncollected.reasons(rows, self.indicator, self.catalog, self.only, self.view.by)
        # a chosen category is missed only where the region has no number of it
        unknown = rows.loc[rows["region"] == self.region.id, "value"].isna().all()
        if (self.view.by or self.only and unknown) and (reason := self.kept_back()):
            found.append(reason)
        return [
            *found,
            *self.indicator.caveats,
            *notes.of_lands(self.release, self.indicator, rows),
        ]

    def footnotes(self, rows: pd.DataFrame) -> list[str]:
        return notes.of_producers(self.release, self.sources_used(rows), rows)

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


def wholes(region: Region) -> list[tuple[str, str]]:
    """What a region is measured by, with its role: for a Gemeinde or a Stadtteil the Kreis, for
    everything larger the Land and Deutschland. What is invented is not measured by what is real."""
    if region.level in ("gemeinde", "stadtteil") and region.parent:
        return [(region.parent, "land")]
    if region.invented:
        return []
    found = [(region.land, "land"), ("DG", "germany")]
    return [(id, role) for id, role in found if id not in ("", region.id)]


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


def row_of(frame: pd.DataFrame, place: int = 0):
    """One row as `itertuples` gives it. (A Series would answer `.flags` with pandas' own.)"""
    return next(frame.iloc[[place]].itertuples(index=False))


def _plain(number: float | None) -> float | int | None:
    if number is None or pd.isna(number):
        return None
    return int(number) if float(number).is_integer() else float(number)
