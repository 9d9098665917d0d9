"""The method of school starters for the regions of a view: what is read from the release, what was
observed in each Kreis, what is multiplied, and all of it in words.

The arithmetic itself stands in indicators/analysis/projection.py.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from indicators import formats, periods, texts
from indicators.analysis import projection
from indicators.analysis.projection import Children, Ratios, Starters
from indicators.answers.answer import Table
from indicators.answers.context import Context
from indicators.catalog.definition import TOTAL
from indicators.catalog.meaning import Term
from indicators.errors import ViewError
from indicators.regions import Region
from indicators.release import queries, territory
from indicators.release.releases import Release
from indicators.symbols import SIGNS, WITH_NUMBER, Status
from indicators.view import View

VARIANTS = {
    "medium": "Wanderung wie im Mittel",
    "high": "Wanderung hoch",
    "none": "ohne Wanderung",
}
SHOWS = ("", "parts", "backtest")  # the lines, a row per part, what was calculated years ago
YEARS = (3, 4, 5)  # how many years the mean ratios may be taken of
USUAL_YEARS = 5
ASSUMED_AHEAD = 3  # years shown beyond those whose children are born
CUTOFFS = {6: "30.6.", 7: "31.7.", 8: "31.8.", 9: "30.9.", 10: "31.10.", 11: "30.11.", 12: "31.12."}
USUAL_CUTOFF = 9
# Refugees came in 2015 and 2016, and in 2022: years that nobody expects again.
UNUSUAL_YEARS = ((2022,), (2015, 2016), (2015, 2016, 2022))
MOST_SHARE = 50  # per cent; beyond it is a typing error
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_LATE = ("late", "corridor")
_NUMBERS = {status.value for status in WITH_NUMBER}
# Of several reasons why a number is not there, the one that says most.
_REASONS = [
    Status.SUPPRESSED, Status.SECRET, Status.UNRELIABLE, Status.TOO_FEW, Status.LATER,
    Status.DISSOLVED, Status.NOT_COLLECTED, Status.NOT_APPLICABLE, Status.MISSING,
]  # fmt: skip


@dataclass(frozen=True)
class Options:
    """What can be set, as set: `late` (z) and `early` (v) as fractions, None for the observed."""

    late: float | None = None
    early: float | None = None
    years: int = USUAL_YEARS
    without: tuple[int, ...] = ()
    variant: str = "medium"
    cutoff: int = USUAL_CUTOFF
    show: str = ""


@dataclass(frozen=True)
class Parameter:
    """A number of the method: its field in the address, its name, what is used, what was observed
    and what may be written there.

    `value` is what is used as it stands in the address ("" for what was observed), `options` are
    the values a reader can choose here; () where any number may be set.
    """

    id: str
    name: str
    used: str
    observed: str
    allowed: str
    value: str
    options: tuple[str, ...] = ()


# --- what is asked ------------------------------------------------------------------------------


def read_options(view: View) -> Options:
    def choice(name: str, allowed: Iterable, words: str):
        text = view.setting(name)
        if text and text not in [str(a) for a in allowed]:
            message = f"{name}: „{text}“ geht nicht. Erlaubt sind {words}."
            raise ViewError(message, name=name, value=text)
        return text

    late, early = _share(view, "z"), _share(view, "v")
    without = tuple(filter(None, view.setting("without").split(",")))
    for year in without:
        if not re.fullmatch(r"(19|20)\d\d", year):
            raise ViewError(
                f"without: „{year}“ ist kein Jahr. Erlaubt sind Jahre, durch Komma getrennt, zum "
                "Beispiel without=2015,2016,2022.",
                name="without",
                value=year,
            )
    return Options(
        late=late,
        early=early,
        years=int(choice("years", YEARS, "3, 4 und 5 (Jahre des Mittels)") or USUAL_YEARS),
        without=tuple(sorted({int(year) for year in without})),
        variant=choice("variant", VARIANTS, formats.listing(list(VARIANTS))) or "medium",
        cutoff=int(
            choice("cutoff", CUTOFFS, "6 bis 12 (Monat, an dessen Ende der Stichtag liegt)")
            or USUAL_CUTOFF
        ),
        show=choice("show", SHOWS, formats.listing([s for s in SHOWS if s])),
    )


def _share(view: View, name: str) -> float | None:
    text = view.setting(name)
    if not text:
        return None
    if not re.fullmatch(r"\d{1,3}([.,]\d{1,2})?", text) or (
        float(text.replace(",", ".")) > MOST_SHARE
    ):
        raise ViewError(
            f"{name}: „{text}“ geht nicht. Erlaubt sind Prozentwerte von 0 bis {MOST_SHARE}, zum "
            f"Beispiel {name}=8,5.",
            name=name,
            value=text,
        )
    return round(float(text.replace(",", ".")) / 100, projection.DIGITS)


# --- the data and the method --------------------------------------------------------------------


@dataclass(frozen=True)
class Estimates:
    """What was observed for one Kreis up to a key date, and what is used of it."""

    ratios: Ratios
    usual_share: float
    early_share: dict[int, float]
    late_observed: float | None
    late_told: str
    early_observed: float | None
    late: float
    early: float


@dataclass(frozen=True)
class Row:
    """One number of the answer: a year of a region, observed or calculated; `value` is whole."""

    region: str
    year: int
    category: str
    name: str
    value: int | None
    status: str
    flags: tuple[str, ...] = ()


@dataclass
class _Data:
    """Numbers of some regions; a number that is not there is None, and `reasons` says why."""

    ages: dict[str, dict[int, dict[int, float | None]]] = field(default_factory=dict)
    months: dict[str, dict[int, dict[str, float | None]]] = field(default_factory=dict)
    entries: dict[str, dict[int, float | None]] = field(default_factory=dict)
    kinds: dict[str, dict[int, dict[str, float | None]]] = field(default_factory=dict)
    obliged: dict[str, dict[int, float | None]] = field(default_factory=dict)
    deferred: dict[str, dict[int, float | None]] = field(default_factory=dict)
    reasons: dict[str, Status] = field(default_factory=dict)
    sources: set[int] = field(default_factory=set)


class Model:
    """The method for the regions of one answer. A helper of this module; built once per answer."""

    def __init__(self, context: Context, options: Options):
        self.context, self.options = context, options
        self.release, self.region = context.release, context.region
        self.part_ids = _part_ids(self.release, self.region) if options.show == "parts" else []
        own = [*self.region.parts, *self.part_ids]
        ids = list(dict.fromkeys([*own, *(self.unit(id) for id in own)]))
        self.territory_notes: dict[str, None] = {}  # each once, in order
        self.data, self.basis = self._read(ids)
        known = self._key_years()
        self.labels = {year: self._label(year) for year in known}
        self.last = self._last()
        self._check_without()
        self._estimates: dict[tuple[str, int], Estimates] = {}

    # -- reading

    def _read(self, ids: list[str]) -> tuple[_Data, str]:
        data = _Data()
        self._entries(data, ids)
        for basis, read in (
            ("ages", self._ages),
            ("births_monthly", self._monthly),
            ("births", self._yearly),
        ):
            if read(data, ids) and all(data.ages.get(self.unit(id)) for id in self.region.parts):
                return data, basis
            data.ages.clear()
        raise ViewError(
            f"{texts.begin(self.region.where)} fehlt, woraus sich Schulanfänger vorausberechnen "
            "lassen: Kinder nach Altersjahren oder Geburten. Nächster Schritt: einen Auszug des "
            "Melderegisters nach Altersjahren oder die Tabelle 12612-01-01-4 der "
            "Regionaldatenbank (Lebendgeborene) einlesen; wie das geht, steht unter „Daten und "
            "Methodik“."
        )

    def _counts(self, data: _Data, dataset: str, measure: str, ids: list[str], by: str | None):
        """Rows (region, year, category, value or None) of a dataset, remembering sources."""
        if dataset not in self.context.catalog.datasets:
            return []
        term = Term(dataset=dataset, measure=measure)
        frame = self._of_one_territory(queries.counts(self.release, term, regions=ids, by=by), term)
        found = []
        for row in frame.itertuples(index=False):
            data.sources.add(int(row.source))
            known = row.status in _NUMBERS and not pd.isna(row.value)
            if not known:
                data.reasons[row.region] = min(
                    data.reasons.get(row.region, Status.MISSING),
                    Status(row.status),
                    key=lambda s: _REASONS.index(s) if s in _REASONS else len(_REASONS),
                )
            found.append((row.region, int(row.year), row.category, row.value if known else None))
        return found

    def _of_one_territory(self, frame: pd.DataFrame, term: Term) -> pd.DataFrame:
        """Without the counts of a Kreis before it got its present territory: children cannot be
        moved along from one territory to another."""
        rule = self.context.catalog.datasets[term.dataset].period
        for id in frame["region"].unique():
            region = self.release.region(id)
            lands = territory.turning(self.release, region, frame["start"].min().date())
            if not lands or region.valid_to:
                continue
            kreise = [k for k in territory.every_kreis(self.release) if k[:2] in lands]
            rows = queries.counts(self.release, term, regions=kreise)
            known = [periods.from_label(label, rule.type) for label in rows["period"].unique()]
            days = {period: rule.counted_on(period) for period in known}
            figures = territory.figures_of(rows)
            for crossing in territory.crossings(self.release, region, days, figures):
                if not crossing.first:
                    continue
                self.territory_notes[f"{crossing.text} Frühere Zahlen gehen hier nicht ein."] = None
                before = frame["start"] < pd.Timestamp(crossing.first.start)
                frame = frame[~(before & (frame["region"] == id))]
        return frame

    def _ages(self, data: _Data, ids: list[str]) -> bool:
        children = {f"age_{age}": age for age in range(projection.OLDEST + 1)}
        for id, year, category, value in self._counts(
            data, "population_age", "population", ids, "age_year"
        ):
            if category in children:
                data.ages.setdefault(id, {}).setdefault(year, {})[children[category]] = value
        if data.ages:
            self._months(data, ids)
        return bool(data.ages)

    def _months(self, data: _Data, ids: list[str]) -> None:
        for id, year, month, value in self._counts(
            data, "births_monthly", "births", ids, "birth_month"
        ):
            if month in _MONTHS:
                data.months.setdefault(id, {}).setdefault(year, {})[month] = value

    def _monthly(self, data: _Data, ids: list[str]) -> bool:
        self._months(data, ids)
        births: dict[str, dict[int, float | None]] = {}
        for id, years in data.months.items():
            for year, months in years.items():
                births.setdefault(id, {})[year] = (
                    _sum(months.values()) if len(months) == 12 else None
                )
        _stay(data, births)
        return bool(births)

    def _yearly(self, data: _Data, ids: list[str]) -> bool:
        births: dict[str, dict[int, float | None]] = {}
        for id, year, _, value in self._counts(data, "births", "births", ids, None):
            births.setdefault(id, {})[year] = value
        _stay(data, births)
        return bool(births)

    def _entries(self, data: _Data, ids: list[str]) -> None:
        for id, year, _, value in self._counts(data, "school_entries", "children", ids, None):
            data.entries.setdefault(id, {})[year] = value
        for id, year, kind, value in self._counts(
            data, "school_entries", "children", ids, "entry_kind"
        ):
            if kind != TOTAL:
                data.kinds.setdefault(id, {}).setdefault(year, {})[kind] = value
        for measure, into in (("first_obliged", data.obliged), ("deferred", data.deferred)):
            for id, year, _, value in self._counts(data, "school_obligation", measure, ids, None):
                into.setdefault(id, {})[year] = value

    # -- what is known when

    def unit(self, id: str) -> str:
        """Whose ratios and rates a region is moved along with: those of its Kreis."""
        region = self.release.region(id)
        while region.level in ("gemeinde", "stadtteil") and region.parent:
            region = self.release.region(region.parent)
        return region.id

    def _key_years(self) -> list[int]:
        """The years whose end is a key date of every part, with all ages that are needed."""
        per_part = []
        for id in self.region.parts:
            ages = self.data.ages.get(id) or {}
            per_part.append(
                {y for y, counts in ages.items() if any(v is not None for v in counts.values())}
            )
        common = set.intersection(*per_part) if per_part else set()
        if not common:
            reason = next(
                (self.data.reasons[p] for p in self.region.parts if p in self.data.reasons),
                Status.MISSING,
            )
            raise ViewError(
                f"{texts.begin(self.region.where)} gibt es keine Zahl der Kinder, aus der sich "
                f"Schulanfänger vorausberechnen lassen: {SIGNS[reason].meaning}."
            )
        return sorted(common)

    def _label(self, year: int) -> str:
        if self.basis == "ages":
            return periods.key_date(date(year, 12, 31)).label
        return str(year)

    def _last(self) -> int:
        asked = self.context.view.period
        found = {label: year for year, label in self.labels.items()}
        if asked and asked not in found:
            raise ViewError(
                f"Aus „{asked}“ lässt sich nichts vorausberechnen; möglich ist der Stand von "
                f"{', '.join(found)}.",
                name="period",
                value=asked,
            )
        newest = max(self.labels)
        if not asked and not self.options.show:
            self._check_age(newest)
        return found[asked] if asked else newest

    def _check_age(self, newest: int) -> None:
        """Raises ViewError where all children the data know of are at school already: that would
        be no projection of the next years. Who asks for an older key date gets it."""
        if newest + projection.BORN_AHEAD >= self.release.published.year - 1:
            return
        raise ViewError(
            f"{texts.begin(self.region.where)} reichen die Zahlen nur bis {self.labels[newest]}: "
            "Diese Kinder sind schon eingeschult. Nächster Schritt: einen Auszug des "
            "Melderegisters nach Altersjahren oder die neueste Ausgabe der Tabelle 12612-01-01-4 "
            "der Regionaldatenbank (Lebendgeborene) einlesen; wie das geht, steht unter „Daten "
            "und Methodik“."
        )

    def _check_without(self) -> None:
        known = self.observed_years
        for year in self.options.without:
            if year not in known:
                listed = ", ".join(map(str, known)) or "keine"
                raise ViewError(
                    f"without: Das Jahr {year} gehört nicht zu den beobachteten. Weglassen lassen "
                    f"sich {listed}.",
                    name="without",
                    value=str(year),
                )
        if known and not set(known) - set(self.options.without):
            raise ViewError(
                "without: Ein Jahr muss übrig bleiben, sonst gibt es keine Jahrgangsquoten.",
                name="without",
            )

    # -- calculating

    def estimates(self, unit: str, last: int) -> Estimates:
        """What was observed for a Kreis up to the end of `last`; nothing later is looked at."""
        if (unit, last) in self._estimates:
            return self._estimates[unit, last]
        data, options = self.data, self.options
        early_share = {}
        for year, months in data.months.get(unit, {}).items():
            share = projection.rate([
                (
                    _sum(months.get(m) for m in _MONTHS[: options.cutoff]),
                    _sum(months.get(m) for m in _MONTHS),
                )
            ])  # fmt: skip
            if year <= last and share is not None:
                early_share[year] = share
        usual = round(
            sum(early_share.values()) / len(early_share)
            if early_share
            else options.cutoff / len(_MONTHS),
            projection.DIGITS,
        )
        seen = [y for y in sorted(data.entries.get(unit, {}), reverse=True) if y <= last]
        late, late_told = self._late(unit, last, usual, early_share)
        kinds, obliged = data.kinds.get(unit, {}), data.obliged.get(unit, {})
        below = obliged or data.entries.get(unit, {})
        early = projection.rate(
            (kinds.get(y, {}).get("early"), below.get(y)) for y in seen[: options.years]
        )
        found = Estimates(
            ratios=projection.observed_ratios(
                data.ages.get(unit, {}), last, options.years, options.without
            ),
            usual_share=usual,
            early_share=early_share,
            late_observed=late,
            late_told=late_told,
            early_observed=early,
            late=late or 0.0 if options.late is None else options.late,
            early=early or 0.0 if options.early is None else options.early,
        )
        self._estimates[unit, last] = found
        return found

    def _late(self, unit, last, usual, early_share) -> tuple[float | None, str]:
        """z: deferred of those first obliged, plus those who used the Einschulungskorridor; without
        the former, those who entered late of the cohort of the year before."""
        data, years = self.data, self.options.years
        kinds, obliged = data.kinds.get(unit, {}), data.obliged.get(unit, {})
        deferred = data.deferred.get(unit, {})
        seen = [y for y in sorted(deferred, reverse=True) if y <= last][:years]
        rate = projection.rate((deferred.get(y), obliged.get(y)) for y in seen)
        entered = [y for y in sorted(kinds, reverse=True) if y <= last][:years]
        if rate is not None:
            corridor = projection.rate(
                (kinds[y].get("corridor"), obliged.get(y - 1)) for y in entered
            )
            both = round(min(rate + (corridor or 0), 1.0), projection.DIGITS)
            if not corridor:
                return both, f"{_percent(both)} Zurückstellungen"
            split = f"Zurückstellungen {_percent(rate)}, Korridor {_percent(corridor)}"
            return both, f"{_percent(both)} ({split})"
        children = Children(data.ages.get(unit, {}), last, Ratios(), usual, early_share)
        found = projection.rate(
            (
                _sum(kinds[y].get(kind) for kind in _LATE if kind in kinds[y]),
                children.reaching(y - 1).children,
            )
            for y in entered
            if any(kind in kinds[y] for kind in _LATE)
        )
        return found, _percent(found)

    def children(self, id: str, last: int, variant: str) -> Children:
        found = self.estimates(self.unit(id), last)
        return Children(
            counts=self.data.ages.get(id, {}),
            last=last,
            ratios=found.ratios.variant(variant),
            usual_share=found.usual_share,
            early_share=found.early_share,
        )

    def starters(self, ids: Sequence[str], last: int, years: range, variant: str) -> list[Starters]:
        """E(t) of some regions together."""
        parts = []
        for id in ids:
            found = self.estimates(self.unit(id), last)
            children = self.children(id, last, variant)
            parts.append(projection.starters(children, years, found.late, found.early))
        return projection.add(parts)

    def observed(self, ids: Sequence[str]) -> dict[int, float | None]:
        """Entries of some regions together, for the years that all of them know."""
        found = [self.data.entries.get(id, {}) for id in ids]
        years = sorted(set.intersection(*map(set, found))) if found else []
        return {year: _sum(entries[year] for entries in found) for year in years}

    @property
    def ahead(self) -> range:
        """The years that are calculated: those with born children and some more."""
        return range(self.last + 1, self.last + projection.BORN_AHEAD + ASSUMED_AHEAD + 1)

    @property
    def has_migration(self) -> bool:
        """Whether ratios were observed: births alone know no migration."""
        units = {self.unit(id) for id in self.region.parts}
        return self.basis == "ages" and all(
            self.estimates(u, self.last).ratios.years for u in units
        )

    @property
    def observed_years(self) -> list[int]:
        """The years whose migration is known in any part up to the key date, in order."""
        units = {self.unit(id) for id in self.region.parts}
        found = {y for u in units for y in projection.steps(self.data.ages.get(u, {}))}
        return sorted(year for year in found if year <= self.last and self.basis == "ages")

    @property
    def averaged_years(self) -> int:
        """How many years the ratios are the mean of: at most as many as were observed; 0 without
        migration."""
        if not self.has_migration:
            return 0
        units = {self.unit(id) for id in self.region.parts}
        return max(len(self.estimates(unit, self.last).ratios.years) for unit in units)

    @property
    def years_to_average(self) -> tuple[str, ...]:
        """The numbers of years that make a difference here, as they stand in the address."""
        left = len(set(self.observed_years) - set(self.options.without))
        if not self.has_migration:
            return ()
        return tuple(str(n) for n in YEARS if n <= left) or (str(left),)

    @property
    def years_to_leave_out(self) -> tuple[str, ...]:
        """Years with an unusual migration that can be left out, and those that are, as they stand
        in the address; "" for none."""
        known = set(self.observed_years)
        able = {years for years in UNUSUAL_YEARS if set(years) <= known and known - set(years)}
        if not self.has_migration:
            return ()
        sets = sorted({(), *able, self.options.without}, key=lambda years: (len(years), years))
        return tuple(",".join(map(str, years)) for years in sets)

    @property
    def variants(self) -> list[str]:
        """The variants shown, the chosen one first."""
        if not self.has_migration:
            if self.options.variant == "high":
                raise ViewError(
                    "variant: Ohne mindestens zwei Stichtage mit Kindern nach Altersjahren ist "
                    "keine Wanderung bekannt. Erlaubt ist none.",
                    name="variant",
                    value="high",
                )
            return ["none"]
        chosen = self.options.variant
        return [chosen, *[v for v in VARIANTS if v != chosen]]

    def reason(self, ids: Sequence[str]) -> Status:
        found = [self.data.reasons[id] for id in ids if id in self.data.reasons]
        return min(found, key=_REASONS.index) if found else Status.MISSING

    def row(self, id: str, year: int, category: str, name: str, value, ids, flags=()) -> Row:
        whole = None if value is None else int(formats.rounded(value, 0))
        status = self.reason(ids) if whole is None else Status.OK if whole else Status.ZERO
        return Row(id, year, category, name, whole, str(status), flags)

    def observed_rows(self, id: str, ids: Sequence[str]) -> list[Row]:
        return [
            self.row(id, year, "observed", "eingeschult", value, ids)
            for year, value in self.observed(ids).items()
        ]


def _stay(data: _Data, births: dict[str, dict[int, float | None]]) -> None:
    """Births as children who all stay: those of a year are as many at every later age."""
    for id, years in births.items():
        last = max(years)
        data.ages[id] = {
            year: {a: years[year - a] for a in range(projection.OLDEST + 1) if year - a in years}
            for year in range(min(years), last + 1)
            if year in years
        }


def _sum(values: Iterable[float | None]) -> float | None:
    found = list(values)
    known = [v for v in found if v is not None]
    return sum(known) if known and len(known) == len(found) else None


def _part_ids(release: Release, region: Region) -> list[str]:
    """The members of a joint region, else the Gemeinden or Stadtteile of a Kreis. ViewError."""
    if region.members:
        return list(region.members)
    found = [
        r.id
        for r in release.regions.values()
        if r.parent == region.id and r.level in ("gemeinde", "stadtteil")
    ]
    if not found:
        raise ViewError(
            f"Für {region.name} sind keine Gemeinden oder Stadtteile bekannt (show=parts).",
            name="show",
            value="parts",
        )
    return found


def school_year(year: int) -> str:
    return periods.school_year(year).label


# --- the method, laid open ----------------------------------------------------------------------


def _per_unit(model: Model, told: Callable[[Estimates], str]) -> str:
    """What is told of each Kreis, once if it is the same everywhere."""
    found = {
        unit: told(model.estimates(unit, model.last))
        for unit in dict.fromkeys(model.unit(id) for id in model.region.parts)
    }
    if len(set(found.values())) == 1:
        return next(iter(found.values()))
    return "; ".join(f"{model.release.region(u).name} {text}" for u, text in found.items())


def _percent(share: float | None) -> str:
    if share is None:
        return "nicht beobachtet"
    return formats.number(share * 100, 2) + formats.suffix("%")


def _ratio_years(found: Estimates) -> str:
    return ", ".join(map(str, sorted(found.ratios.years))) or "keine beobachtet"


def parameters(model: Model) -> tuple[Parameter, ...]:
    """All that can be set, with what is in force for this region; without numbers of children by
    age there is no migration, hence nothing to average, to leave out or to choose from."""
    options = model.options
    known = model.observed_years
    averaged = model.averaged_years
    strongest = _per_unit(model, lambda e: str(e.ratios.strongest or "nicht beobachtet"))
    shares = f"Prozent von 0 bis {MOST_SHARE}"
    return (
        Parameter(
            "z",
            "Ein Jahr später eingeschult (Zurückstellung und Korridor)",
            _per_unit(model, lambda e: _percent(e.late)),
            _per_unit(model, lambda e: e.late_told),
            shares,
            model.context.view.setting("z"),
        ),
        Parameter(
            "v",
            "Ein Jahr früher eingeschult",
            _per_unit(model, lambda e: _percent(e.early)),
            _per_unit(model, lambda e: _percent(e.early_observed)),
            shares,
            model.context.view.setting("v"),
        ),
        Parameter(
            "years",
            "Jahre, über die gemittelt wird",
            str(averaged) if averaged else "keine",
            _per_unit(model, _ratio_years) if model.basis == "ages" else "ohne Wanderung",
            "3, 4 oder 5",
            str(averaged),
            model.years_to_average,
        ),
        Parameter(
            "without",
            "Weggelassene Jahre der Wanderung",
            ", ".join(map(str, options.without)) or "keine",
            ", ".join(map(str, known)) or "keine",
            "Jahre, durch Komma getrennt, zum Beispiel 2015,2016,2022",
            ",".join(map(str, options.without)),
            model.years_to_leave_out,
        ),
        Parameter(
            "variant",
            "Wanderung",
            VARIANTS[model.variants[0]],
            f"stärkstes Jahr: {strongest}",
            formats.listing(list(VARIANTS)),
            model.variants[0],
            tuple(VARIANTS) if model.has_migration else ("none",),
        ),
        Parameter(
            "cutoff",
            "Stichtag der Schulpflicht",
            CUTOFFS[options.cutoff],
            "bis dahin Geborene eines Jahres: "
            + _per_unit(model, lambda e: _percent(e.usual_share)),
            "Monat 6 bis 12",
            str(options.cutoff),
            tuple(map(str, CUTOFFS)),
        ),
    )


def factors(model: Model) -> Table:
    """The ratios children are moved along with, a row per age; exactly what was multiplied."""
    units = list(dict.fromkeys(model.unit(id) for id in model.region.parts))
    shown = [(unit, v) for unit in units for v in model.variants]
    columns = ["Alter"]
    for unit, variant in shown:
        name = texts.begin(VARIANTS[variant])
        columns.append(f"{model.release.region(unit).name}: {name}" if len(units) > 1 else name)
    body = []
    for age in range(projection.OLDEST):
        line = [f"{age} auf {age + 1}"]
        for unit, variant in shown:
            ratio = model.estimates(unit, model.last).ratios.variant(variant).of_age[age]
            line.append(formats.number(ratio, projection.DIGITS))
        body.append(tuple(line))
    return Table(tuple(columns), tuple(body), (False, *[True] * len(shown)))


def method_notes(model: Model) -> list[str]:
    options, cutoff = model.options, CUTOFFS[model.options.cutoff]
    found = [
        f"Vorausberechnet aus {_source_of(model)}; Stichtag der Schulpflicht {cutoff}; ein Jahr "
        f"später eingeschult: {_per_unit(model, lambda e: _percent(e.late))}, ein Jahr früher: "
        f"{_per_unit(model, lambda e: _percent(e.early))}."
    ]
    if model.has_migration:
        found.append(
            "Wanderung: Jahrgangsquoten im gewichteten Mittel der Jahre "
            f"{_per_unit(model, _ratio_years)}; „hoch“ rechnet jedes Jahr wie das stärkste davon."
        )
    found.append(
        f"Für {projection.BORN_AHEAD} Jahre sind die Kinder geboren (durchgezogene Linie; im "
        "letzten davon sind nur die vorzeitig Eingeschulten zum Teil noch nicht geboren). Danach "
        f"werden so viele Geburten angenommen wie im Mittel der letzten "
        f"{projection.YEARS_OF_BIRTHS} Jahre (gestrichelt)."
    )
    if not model.data.months and options.cutoff != 12:
        found.append(
            "Ohne Geburtsmonate werden die Geburten eines Jahres gleichmäßig auf die Monate "
            "verteilt."
        )
    if _per_unit(model, lambda e: _percent(e.late_observed)).startswith("nicht") and (
        options.late is None
    ):
        found.append("Zurückstellungen sind nicht beobachtet: gerechnet mit 0 %.")
    found.append("Alle Zahlen sind auf ganze Kinder gerundet.")
    return [*model.territory_notes, *found]


def _source_of(model: Model) -> str:
    stand = model.labels[model.last]
    return {
        "ages": f"den Kindern nach Altersjahren vom {stand}",
        "births_monthly": f"den Geburten nach Monaten bis {stand}, ohne Wanderung",
        "births": f"den Geburten bis {stand}, ohne Wanderung",
    }[model.basis]
