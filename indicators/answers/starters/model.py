"""The method for the regions of a view: what was observed in each Kreis, and what is multiplied.

The arithmetic itself stands in indicators/analysis/projection.py, the words in method.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from indicators import formats, periods, texts
from indicators.analysis import projection
from indicators.analysis.projection import Children, Ratios, Starters
from indicators.answers.context import Context
from indicators.answers.starters.data import MONTHS, read, total
from indicators.answers.starters.options import VARIANTS, YEARS, Options
from indicators.errors import ViewError
from indicators.regions import Region
from indicators.release.releases import Release
from indicators.symbols import SIGNS, Status

ASSUMED_AHEAD = 3  # years shown beyond those whose children are born
# Refugees came in 2015 and 2016, and in 2022: years that nobody expects again.
UNUSUAL_YEARS = ((2022,), (2015, 2016), (2015, 2016, 2022))
_LATE = ("late", "corridor")


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


class Model:
    """The method for the regions of one answer. A helper of this room; built once per answer."""

    def __init__(self, context: Context, options: Options):
        self.context, self.options = context, options
        self.release, self.region = context.release, context.region
        self.part_ids = _part_ids(self.release, self.region) if options.show == "parts" else []
        own = [*self.region.parts, *self.part_ids]
        ids = list(dict.fromkeys([*own, *(self.unit(id) for id in own)]))
        self.data = read(context, ids, [self.unit(id) for id in self.region.parts])
        self.basis = self.data.basis
        known = self._key_years()
        self.labels = {year: self._label(year) for year in known}
        self.last = self._last()
        self._check_without()
        self._estimates: dict[tuple[str, int], Estimates] = {}

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

    def estimates(self, unit: str, last: int) -> Estimates:
        """What was observed for a Kreis up to the end of `last`; nothing later is looked at."""
        if (unit, last) in self._estimates:
            return self._estimates[unit, last]
        data, options = self.data, self.options
        early_share = {}
        for year, months in data.months.get(unit, {}).items():
            share = projection.rate([
                (
                    total(months.get(m) for m in MONTHS[: options.cutoff]),
                    total(months.get(m) for m in MONTHS),
                )
            ])  # fmt: skip
            if year <= last and share is not None:
                early_share[year] = share
        usual = round(
            sum(early_share.values()) / len(early_share)
            if early_share
            else options.cutoff / len(MONTHS),
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
                return both, f"{percent(both)} Zurückstellungen"
            split = f"Zurückstellungen {percent(rate)}, Korridor {percent(corridor)}"
            return both, f"{percent(both)} ({split})"
        children = Children(data.ages.get(unit, {}), last, Ratios(), usual, early_share)
        found = projection.rate(
            (
                total(kinds[y].get(kind) for kind in _LATE if kind in kinds[y]),
                children.reaching(y - 1).children,
            )
            for y in entered
            if any(kind in kinds[y] for kind in _LATE)
        )
        return found, percent(found)

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
        return {year: total(entries[year] for entries in found) for year in years}

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

    def row(self, id: str, year: int, category: str, name: str, value, ids, flags=()) -> Row:
        whole = None if value is None else int(formats.rounded(value, 0))
        status = self.data.reason(ids) if whole is None else Status.OK if whole else Status.ZERO
        return Row(id, year, category, name, whole, str(status), flags)

    def observed_rows(self, id: str, ids: Sequence[str]) -> list[Row]:
        return [
            self.row(id, year, "observed", "eingeschult", value, ids)
            for year, value in self.observed(ids).items()
        ]


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


def percent(share: float | None) -> str:
    """ "8,5 %"; that it was not observed."""
    if share is None:
        return "nicht beobachtet"
    return formats.number(share * 100, 2) + formats.suffix("%")
