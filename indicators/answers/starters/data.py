"""What the release has of school starters: children or births, entries, those kept back, by year.

Only reading belongs here; what is made of the numbers is model.py's.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import pandas as pd

from indicators import periods, texts
from indicators.analysis import projection
from indicators.answers.context import Context
from indicators.catalog.definition import TOTAL
from indicators.catalog.meaning import Term
from indicators.errors import ViewError
from indicators.release import queries, territory
from indicators.symbols import WITH_NUMBER, Status

MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_NUMBERS = {status.value for status in WITH_NUMBER}
# Of several reasons why a number is not there, the one that says most.
_REASONS = [
    Status.SUPPRESSED, Status.SECRET, Status.UNRELIABLE, Status.TOO_FEW, Status.LATER,
    Status.DISSOLVED, Status.NOT_COLLECTED, Status.NOT_APPLICABLE, Status.MISSING,
]  # fmt: skip


@dataclass
class Data:
    """Numbers of some regions by region and year; a number that is not there is None, and `reasons`
    says why. `basis` is the dataset the children are of, `territory_notes` (each once, in order)
    tell of a territory whose earlier numbers are left out."""

    ages: dict[str, dict[int, dict[int, float | None]]] = field(default_factory=dict)
    months: dict[str, dict[int, dict[str, float | None]]] = field(default_factory=dict)
    entries: dict[str, dict[int, float | None]] = field(default_factory=dict)
    kinds: dict[str, dict[int, dict[str, float | None]]] = field(default_factory=dict)
    obliged: dict[str, dict[int, float | None]] = field(default_factory=dict)
    deferred: dict[str, dict[int, float | None]] = field(default_factory=dict)
    reasons: dict[str, Status] = field(default_factory=dict)
    sources: set[int] = field(default_factory=set)
    basis: str = ""
    territory_notes: dict[str, None] = field(default_factory=dict)

    def reason(self, ids: Iterable[str]) -> Status:
        """Why some regions together have no number."""
        found = [self.reasons[id] for id in ids if id in self.reasons]
        return min(found, key=_REASONS.index) if found else Status.MISSING


def read(context: Context, ids: Sequence[str], needed: Sequence[str]) -> Data:
    """What the release has of these regions, of which all that are `needed` must have children.
    Raises ViewError if no dataset has them."""
    reader = _Reader(context, ids)
    reader.entries()
    for basis, found in (
        ("ages", reader.ages),
        ("births_monthly", reader.monthly),
        ("births", reader.yearly),
    ):
        if found() and all(reader.data.ages.get(id) for id in needed):
            reader.data.basis = basis
            return reader.data
        reader.data.ages.clear()
    raise ViewError(
        f"{texts.begin(context.region.where)} fehlt, woraus sich Schulanfänger vorausberechnen "
        "lassen: Kinder nach Altersjahren oder Geburten. Nächster Schritt: einen Auszug des "
        "Melderegisters nach Altersjahren oder die Tabelle 12612-01-01-4 der "
        "Regionaldatenbank (Lebendgeborene) einlesen; wie das geht, steht unter „Daten und "
        "Methodik“."
    )


class _Reader:
    """Reads into `data` what there is of some regions."""

    def __init__(self, context: Context, ids: Sequence[str]):
        self.context, self.ids, self.data = context, ids, Data()

    def _counts(self, dataset: str, measure: str, by: str | None):
        """Rows (region, year, category, value or None) of a dataset, remembering sources."""
        if dataset not in self.context.catalog.datasets:
            return []
        term = Term(dataset=dataset, measure=measure)
        frame = self._of_one_territory(
            queries.counts(self.context.release, term, regions=self.ids, by=by), term
        )
        found = []
        for row in frame.itertuples(index=False):
            self.data.sources.add(int(row.source))
            known = row.status in _NUMBERS and not pd.isna(row.value)
            if not known:
                self.data.reasons[row.region] = min(
                    self.data.reasons.get(row.region, Status.MISSING),
                    Status(row.status),
                    key=lambda s: _REASONS.index(s) if s in _REASONS else len(_REASONS),
                )
            found.append((row.region, int(row.year), row.category, row.value if known else None))
        return found

    def _of_one_territory(self, frame: pd.DataFrame, term: Term) -> pd.DataFrame:
        """Without the counts of a Kreis before it got its present territory: children cannot be
        moved along from one territory to another."""
        release, rule = self.context.release, self.context.catalog.datasets[term.dataset].period
        for id in frame["region"].unique():
            region = release.region(id)
            lands = territory.turning(release, region, frame["start"].min().date())
            if not lands or region.valid_to:
                continue
            kreise = [k for k in territory.every_kreis(release) if k[:2] in lands]
            rows = queries.counts(release, term, regions=kreise)
            known = [periods.from_label(label, rule.type) for label in rows["period"].unique()]
            days = {period: rule.counted_on(period) for period in known}
            figures = territory.figures_of(rows)
            for crossing in territory.crossings(release, region, days, figures):
                if not crossing.first:
                    continue
                note = f"{crossing.text} Frühere Zahlen gehen hier nicht ein."
                self.data.territory_notes[note] = None
                before = frame["start"] < pd.Timestamp(crossing.first.start)
                frame = frame[~(before & (frame["region"] == id))]
        return frame

    def ages(self) -> bool:
        """Children by year of age, and months of birth; whether there are any, as of the others."""
        children = {f"age_{age}": age for age in range(projection.OLDEST + 1)}
        for id, year, category, value in self._counts("population_age", "population", "age_year"):
            if category in children:
                self.data.ages.setdefault(id, {}).setdefault(year, {})[children[category]] = value
        if self.data.ages:
            self._months()
        return bool(self.data.ages)

    def _months(self) -> None:
        for id, year, month, value in self._counts("births_monthly", "births", "birth_month"):
            if month in MONTHS:
                self.data.months.setdefault(id, {}).setdefault(year, {})[month] = value

    def monthly(self) -> bool:
        """Births by month, in place of children."""
        self._months()
        births: dict[str, dict[int, float | None]] = {}
        for id, years in self.data.months.items():
            for year, months in years.items():
                births.setdefault(id, {})[year] = (
                    total(months.values()) if len(months) == 12 else None
                )
        self._stay(births)
        return bool(births)

    def yearly(self) -> bool:
        """Births by year, in place of children."""
        births: dict[str, dict[int, float | None]] = {}
        for id, year, _, value in self._counts("births", "births", None):
            births.setdefault(id, {})[year] = value
        self._stay(births)
        return bool(births)

    def entries(self) -> None:
        """Who entered school and how; who had to, and who was kept back."""
        for id, year, _, value in self._counts("school_entries", "children", None):
            self.data.entries.setdefault(id, {})[year] = value
        for id, year, kind, value in self._counts("school_entries", "children", "entry_kind"):
            if kind != TOTAL:
                self.data.kinds.setdefault(id, {}).setdefault(year, {})[kind] = value
        obligation = {"first_obliged": self.data.obliged, "deferred": self.data.deferred}
        for measure, into in obligation.items():
            for id, year, _, value in self._counts("school_obligation", measure, None):
                into.setdefault(id, {})[year] = value

    def _stay(self, births: dict[str, dict[int, float | None]]) -> None:
        """Births as children who all stay: those of a year are as many at every later age."""
        for id, years in births.items():
            last = max(years)
            self.data.ages[id] = {
                year: {
                    a: years[year - a] for a in range(projection.OLDEST + 1) if year - a in years
                }
                for year in range(min(years), last + 1)
                if year in years
            }


def total(values: Iterable[float | None]) -> float | None:
    """The sum of numbers; None if one of them is not there."""
    found = list(values)
    known = [v for v in found if v is not None]
    return sum(known) if known and len(known) == len(found) else None
