"""School starters: observed entries, those of the next years by the method of school planning, and
how good the method would have been."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import pandas as pd

from indicators import formats, periods, queries, texts
from indicators.analysis import projection
from indicators.analysis.projection import Children, Error, Ratios, Starters
from indicators.answers.answer import Answer, Context, Table
from indicators.catalog import TOTAL, Term
from indicators.errors import ViewError
from indicators.figures.starters import Grid, GridRow, Line, LinePoint, StarterPicture, Zone
from indicators.regions import Region
from indicators.release import Release
from indicators.symbols import SIGNS, WITH_NUMBER, Status
from indicators.view import View

VARIANTS = {
    "medium": "Wanderung wie im Mittel",
    "high": "Wanderung hoch",
    "none": "ohne Wanderung",
}
SHOWS = ("", "parts", "backtest")
YEARS = (3, 4, 5)  # how many years the mean ratios may be taken of
USUAL_YEARS = 5
ASSUMED_AHEAD = 3  # years shown beyond those whose children are born
BACK = (3, 4, 5)  # how many years the look back goes
CUTOFFS = {6: "30.6.", 7: "31.7.", 8: "31.8.", 9: "30.9.", 10: "31.10.", 11: "30.11.", 12: "31.12."}
USUAL_CUTOFF = 9
MOST_SHARE = 50  # per cent; beyond it is a typing error
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_LATE = ("late", "corridor")
_NUMBERS = {status.value for status in WITH_NUMBER}
# Of several reasons why a number is not there, the one that says most.
_REASONS = [
    Status.SUPPRESSED, Status.SECRET, Status.UNRELIABLE, Status.LATER, Status.DISSOLVED,
    Status.NOT_APPLICABLE, Status.MISSING,
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
    and what may be written there."""

    id: str
    name: str
    used: str
    observed: str
    allowed: str


@dataclass(frozen=True)
class StartersAnswer(Answer):
    """The answer with its method laid open: `parameters`, the `factors` children are moved along
    with (a table), and the `backtest` in one sentence."""

    parameters: tuple[Parameter, ...] = ()
    factors: Table | None = None
    backtest: str = ""

    def as_json(self) -> dict:
        told = {p.id: {"used": p.used, "observed": p.observed} for p in self.parameters}
        return super().as_json() | {"parameters": told, "backtest": self.backtest}


def answer(release: Release, view: View) -> StartersAnswer:
    """The projection from the newest key date, or the one asked for (`period`).

    `show=parts` gives one row per Gemeinde, Stadtteil or member and year, `show=backtest` what the
    same method would have said three, four and five years ago. Joint regions are summed from their
    members, each with its own ratios; Gemeinden and Stadtteile are moved along with the ratios and
    rates of their Kreis, because their own would be chance. So parts add up to the whole. Raises
    ViewError for settings that mean nothing and if no dataset has the children.
    """
    options = _options(view)
    context = Context(release, view)
    model = _Model(context, options)
    if options.show == "parts":
        return _parts(model)
    if options.show == "backtest":
        return _backtest(model)
    return _projection(model)


# --- what is asked ------------------------------------------------------------------------------


def _options(view: View) -> Options:
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
class _Estimates:
    """What was observed for one Kreis up to a key date, and what is used of it."""

    ratios: Ratios
    usual_share: float
    early_share: dict[int, float]
    late_observed: float | None
    early_observed: float | None
    late: float
    early: float


@dataclass(frozen=True)
class _Row:
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


class _Model:
    """The method for the regions of one answer. A helper of this module; built once per answer."""

    def __init__(self, context: Context, options: Options):
        self.context, self.options = context, options
        self.release, self.region = context.release, context.region
        self.part_ids = _part_ids(self.release, self.region) if options.show == "parts" else []
        own = [*self.region.parts, *self.part_ids]
        ids = list(dict.fromkeys([*own, *(self.unit(id) for id in own)]))
        self.data, self.basis = self._read(ids)
        known = self._key_years()
        self.labels = {year: self._label(year) for year in known}
        self.last = self._last()
        self._check_without()
        self._estimates: dict[tuple[str, int], _Estimates] = {}

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
        frame = queries.counts(self.release, term, regions=ids, by=by)
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
                counts = list(months.values())
                whole = len(counts) == 12 and all(c is not None for c in counts)
                births.setdefault(id, {})[year] = sum(counts) if whole else None
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
        return found[asked] if asked else max(self.labels)

    def _check_without(self) -> None:
        units = {self.unit(id) for id in self.region.parts}
        known = sorted({y for u in units for y in projection.steps(self.data.ages.get(u, {}))})
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

    def estimates(self, unit: str, last: int) -> _Estimates:
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
        late = self._late(unit, last, usual, early_share)
        kinds, obliged = data.kinds.get(unit, {}), data.obliged.get(unit, {})
        below = obliged or data.entries.get(unit, {})
        early = projection.rate(
            (kinds.get(y, {}).get("early"), below.get(y)) for y in seen[: options.years]
        )
        found = _Estimates(
            ratios=projection.observed_ratios(
                data.ages.get(unit, {}), last, options.years, options.without
            ),
            usual_share=usual,
            early_share=early_share,
            late_observed=late,
            early_observed=early,
            late=late or 0.0 if options.late is None else options.late,
            early=early or 0.0 if options.early is None else options.early,
        )
        self._estimates[unit, last] = found
        return found

    def _late(self, unit, last, usual, early_share) -> float | None:
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
            return round(min(rate + (corridor or 0), 1.0), projection.DIGITS)
        children = Children(data.ages.get(unit, {}), last, Ratios(), usual, early_share)
        return projection.rate(
            (_sum(kinds[y].get(kind) for kind in _LATE if kind in kinds[y]),
             children.reaching(y - 1).children)
            for y in entered
            if any(kind in kinds[y] for kind in _LATE)
        )  # fmt: skip

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

    def row(self, id: str, year: int, category: str, name: str, value, ids, flags=()) -> _Row:
        whole = None if value is None else int(formats.rounded(value, 0))
        status = self.reason(ids) if whole is None else Status.OK if whole else Status.ZERO
        return _Row(id, year, category, name, whole, str(status), flags)

    def observed_rows(self, id: str, ids: Sequence[str]) -> list[_Row]:
        return [
            self.row(id, year, "observed", "eingeschult", value, ids)
            for year, value in self.observed(ids).items()
        ]

    # -- the parts all answers share

    def answer(self, rows: list[_Row], **parts) -> StartersAnswer:
        context = self.context
        first = rows[0] if rows else None
        frame = pd.DataFrame(
            [
                {
                    "region": self.region.id,
                    "period": _school_year(first.year) if first else "",
                    "start": pd.Timestamp(periods.school_year(first.year if first else 2000).start),
                    "year": first.year if first else 2000,
                    "category": TOTAL,
                    "numerator": None,
                    "denominator": None,
                    "value": None,
                    "status": Status.OK.value,
                    "flags": "",
                    "sources": ",".join(map(str, sorted(self.data.sources))),
                    "calculation": 0,
                }
            ]
        ).astype({"numerator": float, "denominator": float, "value": float})
        sentence = _backtest_sentence(self)
        found = context.answer(
            frame, period=self.labels[self.last], periods=list(self.labels.values()), **parts
        )
        shared = {name: getattr(found, name) for name in Answer.__dataclass_fields__}
        shared["rows"] = [self.as_data(row) for row in rows]
        shared["notes"] = [*_method_notes(self), sentence, *found.notes]
        return StartersAnswer(
            **shared, parameters=_parameters(self), factors=_factors(self), backtest=sentence
        )

    def as_data(self, row: _Row) -> dict:
        return {
            "region": row.region,
            "region_name": self.release.region(row.region).name,
            "period": _school_year(row.year),
            "category": row.category,
            "category_name": row.name,
            "numerator": row.value,
            "denominator": None,
            "value": row.value,
            "status": row.status,
            "flags": list(row.flags),
        }


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
    return None if not found or any(v is None for v in found) else sum(found)


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


def _school_year(year: int) -> str:
    return periods.school_year(year).label


def _text(row: _Row | None) -> str:
    if row is None:
        return "–"
    return SIGNS[Status(row.status)].short if row.value is None else formats.number(row.value)


# --- the projection -----------------------------------------------------------------------------


def _projected_rows(model: _Model, variant: str) -> list[_Row]:
    ids = model.region.parts
    found = []
    for one in model.starters(ids, model.last, model.ahead, variant):
        kind, words = ("born", "Kinder geboren") if one.is_born else ("assumed", "Annahme")
        name = f"{VARIANTS[variant]}, {words}"
        flags = () if one.children is None else ("estimated",)
        category = f"{variant}_{kind}"
        found.append(model.row(model.region.id, one.year, category, name, one.children, ids, flags))
    return found


def _projection(model: _Model) -> StartersAnswer:
    ids = model.region.parts
    observed = model.observed_rows(model.region.id, ids)
    by_variant = {variant: _projected_rows(model, variant) for variant in model.variants}
    main = by_variant[model.variants[0]]
    rows = [*observed, *(row for found in by_variant.values() for row in found)]
    born = [row for row in main if row.category.endswith("_born")]
    headline = texts.starters_headline(
        model.region, _pair(_last_known(observed)), _pair(_last_known(born)), born_reason(born)
    )
    alt = (
        f"Liniendiagramm: Schulanfängerinnen und Schulanfänger, {model.region.name}, "
        f"{_span(rows)}. {headline}."
    )
    return model.answer(
        rows,
        headline=headline,
        subtitle=model.context.subtitle(
            f"{model.region.name}, eingeschult und vorausberechnet {_span(rows)}, "
            f"{_basis_text(model)}"
        ),
        table=_projection_table(model, observed, by_variant),
        reading_aid=_reading_aid(born, by_variant),
        alt=alt,
        figure=_picture(model, observed, by_variant, alt),
    )


def born_reason(rows: list[_Row]) -> str:
    """Why there is no projection, in the words of the status."""
    return SIGNS[Status(rows[-1].status)].meaning if rows else SIGNS[Status.MISSING].meaning


def _last_known(rows: list[_Row]) -> _Row | None:
    return next((row for row in reversed(rows) if row.value is not None), None)


def _pair(row: _Row | None) -> tuple[str, int] | None:
    return None if row is None else (_school_year(row.year), row.value)


def _span(rows: list[_Row]) -> str:
    years = sorted({row.year for row in rows})
    if not years:
        return ""
    return f"{_school_year(years[0])} bis {_school_year(years[-1])}"


def _basis_text(model: _Model) -> str:
    stand = model.labels[model.last]
    if model.basis == "ages":
        return f"Kinderzahl vom {stand}"
    return f"Geburten bis {stand}, ohne Wanderung"


def _reading_aid(born: list[_Row], by_variant: dict[str, list[_Row]]) -> str:
    example = next((row for row in born if row.value is not None), None)
    if example is None:
        return ""
    others = [
        (VARIANTS[variant], row.value)
        for variant, found in list(by_variant.items())[1:]
        for row in found
        if row.year == example.year and row.value is not None
    ]
    main = VARIANTS[next(iter(by_variant))]
    return texts.starters_reading_aid(_school_year(example.year), example.value, main, others)


def _projection_table(model, observed, by_variant) -> Table:
    """A row per school year: what was observed, the variants, and what they rest on."""
    seen = {row.year: row for row in observed}
    variants = {v: {row.year: row for row in found} for v, found in by_variant.items()}
    main = variants[model.variants[0]]
    body = []
    for year in sorted({*seen, *main}):
        basis = "gezählt"
        if year in main:
            born = main[year].category.endswith("_born")
            basis = "Kinder geboren" if born else "Annahme: künftige Geburten"
        body.append(
            (
                _school_year(year),
                _text(seen.get(year)),
                *(_text(found.get(year)) for found in variants.values()),
                basis,
            )
        )
    names = [texts.begin(VARIANTS[v]) for v in variants]
    columns = ("Schuljahr", "Eingeschult", *names, "Grundlage")
    return Table(columns, tuple(body), (False, *[True] * (1 + len(variants)), False))


def _points(rows: Iterable[_Row]) -> tuple[LinePoint, ...]:
    return tuple(
        LinePoint(row.year, None if row.value is None else float(row.value), _text(row))
        for row in rows
    )


def _picture(model: _Model, observed, by_variant, alt: str) -> StarterPicture:
    first_assumed = model.last + projection.BORN_AHEAD + 1
    lines = [Line("eingeschult", "observed", _points(observed))] if observed else []
    short = {"medium": "mittel", "high": "hoch", "none": "ohne Wanderung"}
    for i, (variant, found) in enumerate(by_variant.items()):
        lines.append(
            Line(
                short[variant],
                "main" if i == 0 else "variant",
                _points(found),
                dashed_from=first_assumed,
            )
        )
    rows = [*observed, *by_variant[model.variants[0]]]
    years = sorted({row.year for row in rows})
    zones = [
        Zone(years[0] - 0.5, model.last + 0.5, "eingeschult"),
        Zone(model.last + 0.5, first_assumed - 0.5, "Kinder schon geboren"),
        Zone(first_assumed - 0.5, years[-1] + 0.5, "Annahme"),
    ]
    return StarterPicture(
        title=model.context.indicator.name,
        alt=alt,
        lines=tuple(lines),
        ticks=tuple((year, _school_year(year)) for year in range(years[0], years[-1] + 1)),
        zones=tuple(zone for zone in zones if zone.first < zone.last),
    )


# --- parts --------------------------------------------------------------------------------------


def _parts(model: _Model) -> StartersAnswer:
    """One row per part and year, in whole children that add up to the whole."""
    variant = model.variants[0]
    years = range(model.last + 1, model.last + projection.BORN_AHEAD + 1)
    whole_rows = {
        row.year: row for row in _projected_rows(model, variant) if row.category.endswith("_born")
    }
    exact = {
        id: {
            one.year: one.children
            for one in model.starters(model.release.region(id).parts, model.last, years, variant)
        }
        for id in model.part_ids
    }
    exact = {id: found for id, found in exact.items() if model.data.ages.get(id)}
    if not exact:
        raise ViewError(
            f"Für die Teile von {model.region.name} gibt es keine Kinder nach Altersjahren.",
            name="show",
            value="parts",
        )
    rows = [
        *_last_observed(model, model.region.id, model.region.parts),
        *(whole_rows[year] for year in years),
    ]
    gaps = []
    whole_numbers = _apportioned(exact, whole_rows, years, gaps)
    for id, found in exact.items():
        rows += _last_observed(model, id, [id])
        for year in years:
            value = whole_numbers[year].get(id, found[year])
            name = f"{VARIANTS[variant]}, Kinder geboren"
            flags = () if value is None else ("estimated",)
            rows.append(model.row(id, year, f"{variant}_born", name, value, [id], flags))
    headline = _parts_headline(model, rows, years)
    alt = (
        f"Tabelle: Schulanfängerinnen und Schulanfänger der Teile, {model.region.name}. {headline}."
    )
    found = model.answer(
        rows,
        headline=headline,
        subtitle=model.context.subtitle(
            f"{model.region.name} und Teile, {VARIANTS[variant]}, {_basis_text(model)}"
        ),
        table=_parts_table(model, rows, years),
        reading_aid=_parts_aid(model, rows, years),
        alt=alt,
        figure=_grid(model, rows, years, alt),
    )
    notes = [
        "Gemeinden und Stadtteile: eigene Kinder, fortgeschrieben mit den Quoten des ganzen "
        "Kreises; die Summe der Teile ist die Zahl des Ganzen. Ganze Kinder sind so gerundet, dass "
        "die Summe stimmt, und können um ein Kind von der eigenen Ansicht eines Teils abweichen."
    ]
    if gaps:
        notes.append(
            "Die Teile ergeben nicht überall das Ganze: Manche Kinder sind keinem Teil zugeordnet "
            "oder nicht ausgewiesen."
        )
    return replace(found, notes=[*notes, *found.notes])


def _apportioned(exact, whole_rows, years, gaps: list[int]) -> dict[int, dict[str, float]]:
    """Whole numbers of the parts per year, where the parts make up the whole; `gaps` are the years
    in which they do not."""
    found: dict[int, dict[str, float]] = {}
    for year in years:
        values = {id: by_year[year] for id, by_year in exact.items()}
        whole = whole_rows[year].value
        found[year] = {}
        known = whole is not None and all(v is not None for v in values.values())
        if not known or abs(sum(values.values()) - whole) > 0.51:
            gaps.append(year)
        else:
            numbers = projection.apportion(list(values.values()), whole)
            found[year] = dict(zip(values, map(float, numbers), strict=True))
    return found


def _last_observed(model: _Model, id: str, ids: Sequence[str]) -> list[_Row]:
    """The entries of the newest year that the whole region knows; none if there is none."""
    years = [y for y, v in model.observed(model.region.parts).items() if v is not None]
    if not years:
        return []
    value = model.observed(ids).get(years[-1])
    return [model.row(id, years[-1], "observed", "eingeschult", value, ids)]


def _by_part(rows: list[_Row]) -> dict[str, tuple[_Row | None, list[_Row]]]:
    """Region → its observed row and its calculated rows."""
    found: dict[str, tuple[_Row | None, list[_Row]]] = {}
    for row in rows:
        before, after = found.get(row.region, (None, []))
        if row.category == "observed":
            found[row.region] = (row, after)
        else:
            found[row.region] = (before, [*after, row])
    return found


def _change(before: _Row | None, after: list[_Row]) -> str:
    """From the last entries to the last year whose children are born."""
    last = after[-1] if after else None
    if before is None or before.value is None or last is None or last.value is None:
        return "–"
    if min(before.value, last.value) < texts.FEWEST_FOR_RELATIVE_CHANGE:
        return "nicht beurteilbar"
    return formats.signed((last.value / before.value - 1) * 100, 0) + formats.suffix("%")


def _parts_table(model: _Model, rows: list[_Row], years: range) -> Table:
    body = [
        (
            model.release.region(id).name,
            _text(before),
            *(_text(row) for row in after),
            _change(before, after),
        )
        for id, (before, after) in _by_part(rows).items()
    ]
    seen = next((row.year for row in rows if row.category == "observed"), None)
    observed = f"Eingeschult {_school_year(seen)}" if seen else "Eingeschult"
    columns = ("Gebiet", observed, *map(_school_year, years), "Veränderung")
    return Table(columns, tuple(body), (False, *[True] * (len(columns) - 1)))


def _grid(model: _Model, rows: list[_Row], years: range, alt: str) -> Grid:
    seen = next((row.year for row in rows if row.category == "observed"), None)
    lines = []
    for id, (before, after) in _by_part(rows).items():
        base = before.value if before else None
        shares = [
            row.value / base - 1
            if base
            and row.value is not None
            and min(base, row.value) >= texts.FEWEST_FOR_RELATIVE_CHANGE
            else None
            for row in after
        ]
        lines.append(
            GridRow(
                name=model.release.region(id).name,
                texts=(_text(before), *(_text(row) for row in after)),
                changes=(None, *shares),
                change_text=_change(before, after),
                is_whole=id == model.region.id,
            )
        )
    columns = (_school_year(seen) if seen else "zuletzt", *map(_school_year, years))
    return Grid(model.context.indicator.name, alt, columns, tuple(lines))


def _parts_headline(model: _Model, rows: list[_Row], years: range) -> str:
    """The parts with the largest changes that can be judged."""
    judged = []
    for id, (before, after) in _by_part(rows).items():
        text = _change(before, after)
        if id != model.region.id and text[-1] == "%":
            judged.append((after[-1].value / before.value - 1, id, text))
    if not judged:
        return (
            f"{texts.begin(model.region.where)} ist bis {_school_year(years[-1])} für keinen Teil "
            "eine Veränderung beurteilbar"
        )
    names = [
        f"{model.release.region(id).name} ({text})"
        for _, id, text in dict.fromkeys([max(judged), min(judged)])
    ]
    to = _school_year(years[-1])
    if len(names) == 1:
        return f"Schulanfänger bis {to}: {names[0]}"
    return f"Schulanfänger bis {to}: von {names[1]} bis {names[0]}"


def _parts_aid(model: _Model, rows: list[_Row], years: range) -> str:
    row = next((r for r in rows if r.region != model.region.id and r.category != "observed"
                and r.value is not None), None)  # fmt: skip
    if row is None:
        return ""
    where = model.release.region(row.region).where
    return texts.starters_reading_aid(_school_year(row.year), row.value, "", [], where)


# --- the look back ------------------------------------------------------------------------------


def _origins(model: _Model) -> list[int]:
    return [model.last - back for back in BACK if model.last - back in model.labels]


def _errors(model: _Model) -> list[Error]:
    """What the same method would have said with the data of the time, against what came."""
    actual = model.observed(model.region.parts)
    variant = model.variants[0]
    found = []
    for origin in _origins(model):
        years = range(origin + 1, origin + projection.BORN_AHEAD + 1)
        for one in model.starters(model.region.parts, origin, years, variant):
            seen = actual.get(one.year)
            if one.children is not None and seen is not None:
                found.append(Error(origin, one.year, one.children, seen))
    return found


def _backtest_sentence(model: _Model) -> str:
    errors = _errors(model)
    backs = sorted({model.last - error.origin for error in errors})
    told = projection.mean_errors(errors, texts.FEWEST_FOR_RELATIVE_CHANGE)
    return texts.backtest_sentence(backs, told)


def _backtest(model: _Model) -> StartersAnswer:
    ids = model.region.parts
    errors = _errors(model)
    if not errors:
        raise ViewError(
            f"{texts.begin(model.region.where)} fehlen für einen Rückblick ältere Kinderzahlen "
            "oder Einschulungen (show=backtest).",
            name="show",
            value="backtest",
        )
    observed = model.observed_rows(model.region.id, ids)
    calculated: dict[int, list[_Row]] = {}
    for error in errors:
        name = f"berechnet mit Daten vom {model.labels[error.origin]}"
        calculated.setdefault(error.origin, []).append(
            model.row(
                model.region.id, error.year, f"backtest_{error.origin}", name, error.projected, ids,
                ("estimated",),
            )
        )  # fmt: skip
    rows = [*observed, *(row for found in calculated.values() for row in found)]
    headline = _backtest_sentence(model).rstrip(".")
    alt = (
        f"Liniendiagramm: tatsächliche und damals berechnete Schulanfänger, {model.region.name}. "
        f"{headline}."
    )
    lines = [Line("eingeschult", "observed", _points(observed))]
    lines += [
        Line(f"Daten von {origin}", "backtest", _points(found))
        for origin, found in calculated.items()
    ]
    years = sorted({row.year for row in rows})
    return model.answer(
        rows,
        headline=headline,
        subtitle=model.context.subtitle(
            f"{model.region.name}, eingeschult und damals vorausberechnet, {_span(rows)}"
        ),
        table=_backtest_table(model, observed, calculated),
        reading_aid=_backtest_aid(model, errors),
        alt=alt,
        figure=StarterPicture(
            title=model.context.indicator.name,
            alt=alt,
            lines=tuple(lines),
            ticks=tuple((year, _school_year(year)) for year in range(years[0], years[-1] + 1)),
            zones=(),
        ),
    )


def _deviation(projected: _Row | None, actual: _Row | None) -> str:
    if projected is None or actual is None or projected.value is None or actual.value is None:
        return "–"
    if actual.value < texts.FEWEST_FOR_RELATIVE_CHANGE:
        return "nicht beurteilbar"
    return formats.signed((projected.value / actual.value - 1) * 100, 1) + formats.suffix("%")


def _backtest_table(model, observed, calculated) -> Table:
    """A row per school year: what came, what was calculated with the data of then, how far off."""
    seen = {row.year: row for row in observed}
    by_origin = {o: {row.year: row for row in found} for o, found in calculated.items()}
    columns = ["Schuljahr", "Eingeschult"]
    for origin in by_origin:
        columns += [f"Daten vom {model.labels[origin]}", "Abweichung"]
    body = []
    for year in sorted({*seen, *(y for found in by_origin.values() for y in found)}):
        line = [_school_year(year), _text(seen.get(year))]
        for found in by_origin.values():
            line += [_text(found.get(year)), _deviation(found.get(year), seen.get(year))]
        body.append(tuple(line))
    return Table(tuple(columns), tuple(body), (False, *[True] * (len(columns) - 1)))


def _backtest_aid(model: _Model, errors: list[Error]) -> str:
    error = errors[-1]
    projected = formats.number(error.projected)
    return (
        f"Mit den Daten vom {model.labels[error.origin]} hätte die Rechnung für das Schuljahr "
        f"{_school_year(error.year)} {projected} Einschulungen ergeben; tatsächlich waren es "
        f"{formats.number(error.actual)}."
    )


# --- the method, laid open ----------------------------------------------------------------------


def _per_unit(model: _Model, told: Callable[[_Estimates], str]) -> str:
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


def _ratio_years(found: _Estimates) -> str:
    return ", ".join(map(str, sorted(found.ratios.years))) or "keine beobachtet"


def _parameters(model: _Model) -> tuple[Parameter, ...]:
    options = model.options
    known = sorted(
        {
            year
            for id in model.region.parts
            for year in projection.steps(model.data.ages.get(model.unit(id), {}))
        }
    )
    strongest = _per_unit(model, lambda e: str(e.ratios.strongest or "nicht beobachtet"))
    shares = f"Prozent von 0 bis {MOST_SHARE}"
    return (
        Parameter(
            "z",
            "Ein Jahr später eingeschult (Zurückstellung und Korridor)",
            _per_unit(model, lambda e: _percent(e.late)),
            _per_unit(model, lambda e: _percent(e.late_observed)),
            shares,
        ),
        Parameter(
            "v",
            "Ein Jahr früher eingeschult",
            _per_unit(model, lambda e: _percent(e.early)),
            _per_unit(model, lambda e: _percent(e.early_observed)),
            shares,
        ),
        Parameter(
            "years",
            "Jahre, über die gemittelt wird",
            str(options.years),
            _per_unit(model, _ratio_years) if model.basis == "ages" else "ohne Wanderung",
            "3, 4 oder 5",
        ),
        Parameter(
            "without",
            "Weggelassene Jahre der Wanderung",
            ", ".join(map(str, options.without)) or "keine",
            ", ".join(map(str, known)) or "keine",
            "Jahre, durch Komma getrennt, zum Beispiel 2015,2016,2022",
        ),
        Parameter(
            "variant",
            "Wanderung",
            VARIANTS[model.variants[0]],
            f"stärkstes Jahr: {strongest}",
            formats.listing(list(VARIANTS)),
        ),
        Parameter(
            "cutoff",
            "Stichtag der Schulpflicht",
            CUTOFFS[options.cutoff],
            "bis dahin Geborene eines Jahres: "
            + _per_unit(model, lambda e: _percent(e.usual_share)),
            "Monat 6 bis 12",
        ),
    )


def _factors(model: _Model) -> Table:
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


def _method_notes(model: _Model) -> list[str]:
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
    return found


def _source_of(model: _Model) -> str:
    stand = model.labels[model.last]
    return {
        "ages": f"den Kindern nach Altersjahren vom {stand}",
        "births_monthly": f"den Geburten nach Monaten bis {stand}, ohne Wanderung",
        "births": f"den Geburten bis {stand}, ohne Wanderung",
    }[model.basis]
