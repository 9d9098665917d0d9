"""The independent audit before publication: can anybody work out what is hidden?

It sees what the public sees (published rows, public hierarchies, further published figures) and
nothing of how cells were chosen to be hidden. For every hidden cell it says which interval an
attacker reaches, in words how, and whether that forbids publication.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd

from indicators.catalog.catalog import Catalog
from indicators.catalog.definition import TOTAL
from indicators.catalog.meaning import (
    Category,
    Dataset,
    Dimension,
    Measure,
    SameCount,
)
from indicators.formats import number, quantity
from indicators.protection.audit import hierarchy as audit_hierarchy
from indicators.protection.audit import solve as audit_solve
from indicators.protection.audit import system as audit_system
from indicators.protection.audit.model import Cell, Edition, Marks, Model, Published
from indicators.regions import Region

# So many findings are told in words.
_TOLD = 60
# Parts of the system with more hidden cells than this are not asked what an insider learns.
_INSIDER_PART = 40
# A category in which nobody is at so many places with somebody is known to be empty everywhere.
_ENOUGH_PLACES = 5
# So many findings may ask, by programmes of their own, whether they were known before.
_KNOWN_BEFORE = 300


@dataclass(frozen=True)
class Rule:
    """When a hidden cell counts as disclosed. Counts from 1 to k−1 are small.

    An interval must reach k and be at least `width` wide (upper less lower); `insider` says
    what follows from what somebody inside a small cell could learn: "forbid" forbids only what
    follows from every small value of that cell, because the audit does not know the true one.
    `open_forbids` and `own_forbids` say whether small counts shown as they are or left as a rest,
    and publishers' own dots that can be worked out, forbid publication. Where fewer than `group`
    persons are shown, nobody may see that all are in one category. Nothing forbids publication that
    could be worked out before.
    """

    k: int = 3
    zeros_shown: bool = True
    width: int = 1
    insider: Literal["off", "report", "forbid"] = "forbid"
    open_forbids: bool = True
    own_forbids: bool = False
    group: int = 0


@dataclass(frozen=True)
class Finding:
    """One cell and what is wrong with it; `upper` may be infinite. `kind`: exact, narrow (hidden
    cells), open (shown and small), rest (published by nobody and still exact and small), group
    (all of a small whole are in this one), insider, unproved, contradiction."""

    kind: str
    cell: Cell
    lower: float
    upper: float
    words: str
    forbids: bool


@dataclass(frozen=True)
class Verdict:
    """Whether it may be published; `reasons` in German, empty if it may."""

    ok: bool
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Report:
    """What the audit found. `summary`: one row per dataset, measure and period with counts;
    `intervals`: one row per hidden cell (dataset, measure, region, period, categories, edition,
    lower, upper, proved, exact, small, narrow); `findings` the worst first, told in words."""

    summary: pd.DataFrame
    intervals: pd.DataFrame
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]
    verdict: Verdict
    model: Model = field(repr=False)
    bounds: audit_solve.Bounds = field(repr=False)
    found: "_Found | None" = field(default=None, repr=False)

    def of(self, datasets: Collection[str]) -> "Report":
        """What of it concerns some of the datasets that were audited together."""
        if self.found is None or set(self.model.cells["dataset"]) <= set(datasets):
            return self
        return self.found.report(datasets)

    def summary_text(self) -> str:
        """What the report says of the whole, in German: no cell is named."""
        lines = [
            "Geprüft, was sich aus allem Veröffentlichten berechnen lässt.",
            "Ergebnis: " + ("keine Einwände." if self.verdict.ok else "nicht veröffentlichen."),
            *(f"– {reason}" for reason in self.verdict.reasons),
        ]
        if len(self.summary):
            total = self.summary.sum(numeric_only=True).astype(int)
            lines.append(
                f"Verborgen: {number(total['hidden'])} Werte, davon berechenbar "
                f"{number(total['exact'])}, zu eng eingrenzbar {number(total['narrow'])}; kleine "
                f"Werte offen gezeigt: {number(total['open'])}, als Rest berechenbar: "
                f"{number(total['rest'])}; kleine Gruppen ganz in einer Kategorie: "
                f"{number(total['group'])}."
            )
        return "\n".join(lines)

    def text(self) -> str:
        """The report for the office, in German, with what is to be said of single cells."""
        lines = [self.summary_text(), *(finding.words for finding in self.findings)]
        lines += [f"Hinweis: {note}" for note in self.notes]
        return "\n".join(lines)


Rules = Rule | Mapping[str, Rule | None]


def edition_of(release, datasets: Sequence[str] | None = None) -> Edition:
    """What an opened release shows: all rows of its datasets (or of some of them), and the sums it
    publishes beside them."""
    ids = sorted(release.datasets if datasets is None else set(datasets) & release.datasets)
    frames = {}
    for id in ids:
        tables = [f"{kind}_{id}" for kind in ("data", "sums") if f"{kind}_{id}" in release.tables]
        frames[id] = pd.concat(
            [release.frame(f'SELECT * FROM release."{table}"') for table in tables],
            ignore_index=True,
        )
    return Edition(release.id, frames)


def by_whole(
    edition: Edition, datasets: Mapping[str, Dataset], dimensions: Mapping[str, Dimension]
) -> tuple[Edition, dict[str, Dataset], dict[str, Dimension]]:
    """The same, with one dataset for each measure that is no part of another. Measures that count
    some of the same persons are a dimension of it (total: the whole), so that what is left of the
    whole is a cell like any other. Named "dataset.measure"; `dimensions` are completed."""
    frames, made, known = {}, {}, dict(dimensions)
    for id, frame in edition.frames.items():
        dataset = datasets[id]
        for whole, measures in _by_root(dataset).items():
            name = f"{id}.{whole}"
            same = [count for m in measures for count in _same_by_whole(m, dataset, datasets)]
            kept = dataset.measure(whole).model_copy(update={"same_as": same})
            if len(measures) == 1:
                frames[name] = frame
                made[name] = dataset.model_copy(update={"id": name, "measures": [kept]})
                continue
            axis = _axis_of(whole)
            parts = [m for m in measures if m.id != whole]
            known[axis] = audit_hierarchy.Parts(
                id=axis,
                name="Teile",
                partition=any(m.remainder for m in parts),
                categories=[
                    # a part of a part is no part of the sum
                    Category(id=m.id, name=m.name, subset=m.part_of != whole)
                    for m in parts
                ],
                within={m.id: m.part_of for m in parts if m.part_of and m.part_of != whole},
            )
            made[name] = dataset.model_copy(
                update={
                    "id": name,
                    "measures": [kept],
                    "dimensions": [*dataset.dimensions, axis],
                    "crosses": [[*cross, axis] for cross in dataset.crosses],
                }
            )
            frames[name] = pd.concat(
                [_as_part(frame, m.id, whole, axis, dataset) for m in measures], ignore_index=True
            )
    return Edition(edition.id, frames), made, known


def _by_root(dataset: Dataset) -> dict[str, list[Measure]]:
    """Each measure that is no part of another, and all that are part of it."""
    groups: dict[str, list[Measure]] = {}
    for measure in dataset.measures:
        groups.setdefault(_root(measure, dataset).id, []).append(measure)
    return groups


def _axis_of(whole: str) -> str:
    return f"part_of_{whole}"


def _same_by_whole(
    measure: Measure, dataset: Dataset, datasets: Mapping[str, Dataset]
) -> list[SameCount]:
    """The counts of the same persons, named as `by_whole` names them: a part is a category here and
    there."""
    found = []
    own = _root(measure, dataset).id
    for same in measure.same_as:
        if same.dataset not in datasets:
            continue
        other = datasets[same.dataset]
        root = _root(other.measure(same.measure), other).id
        where, only = dict(same.where), dict(same.only)
        if len(_by_root(other)[root]) > 1:
            where[_axis_of(root)] = TOTAL if same.measure == root else same.measure
        if measure.id != own:
            only[_axis_of(own)] = [measure.id]
        update = {
            "dataset": f"{same.dataset}.{root}",
            "measure": root,
            "where": where,
            "only": only,
        }
        found.append(same.model_copy(update=update))
    return found


def _root(measure: Measure, dataset: Dataset) -> Measure:
    while measure.part_of:
        measure = dataset.measure(measure.part_of)
    return measure


def _as_part(frame: pd.DataFrame, measure: str, whole: str, axis: str, dataset: Dataset):
    """The columns of a measure under the names of the whole's."""
    ends = ("", "_status", "_flags", "_source")
    others = [f"{m.id}{end}" for m in dataset.measures if m.id != measure for end in ends]
    own = {f"{measure}{end}": f"{whole}{end}" for end in ends}
    rows = frame.drop(columns=[c for c in others if c in frame]).rename(columns=own)
    return rows.assign(**{axis: TOTAL if measure == whole else measure})


def audit_catalog(
    editions: Sequence[Edition],
    catalog: Catalog,
    regions: Mapping[str, Region],
    *,
    rules: Rules = Rule(),  # noqa: B008 (frozen)
    published: Sequence[Published] = (),
) -> Report:
    """The audit of releases: datasets and dimensions as their definitions say."""
    return audit(
        editions, catalog.datasets, catalog.dimensions, regions, rules=rules, published=published
    )


def audit(
    editions: Sequence[Edition],
    datasets: Mapping[str, Dataset],
    dimensions: Mapping[str, Dimension],
    regions: Mapping[str, Region],
    *,
    rules: Rules = Rule(),  # noqa: B008 (frozen)
    published: Sequence[Published] = (),
    public: frozenset[int] = frozenset(),
    marks: Marks | Mapping[tuple[str, str], Marks] | None = None,
    whole_part: int = audit_solve.WHOLE_PART,
    seconds: float = 20.0,
    apart: frozenset[str] = frozenset(),
) -> Report:
    """Audits what is public: `editions` oldest first, the last is the one to be published.

    `rules` is one rule for all, or one per "dataset.measure", "dataset" or "" (all others); None
    takes counts out of the judgement that protect nobody (schools, places); what the sources
    `public` state is known to everybody and not judged either. `marks` says what a mark may stand
    for; by default a suppressed cell is at least 1 if its rule shows true zeros. Periods in which
    editions contradict each other are looked at again with nothing of one holding for another
    (`apart`): a number was corrected where nobody sees it, and an attacker would notice as well.
    """
    if marks is None:
        named = [(id, m.id) for id, dataset in datasets.items() for m in dataset.measures]
        marks = {
            name: Marks(suppressed_least=1 if rule and rule.zeros_shown else 0)
            for name, rule in _judged_by(named, rules).items()
        }
    model = audit_system.build(
        editions, datasets, dimensions, regions, marks, published, public=public, apart=apart
    )
    bounds = audit_solve.propagate(model.system)
    if bounds.contradiction.any() and len(model.links):
        model, bounds = _apart(model, bounds)
    cells, system = model.cells, model.system
    if not len(cells):
        empty = pd.DataFrame()
        return Report(empty, empty, (), ("Nichts zu prüfen.",), Verdict(True), model, bounds)
    named = cells[["dataset", "measure"]].drop_duplicates().itertuples(index=False, name=None)
    judged = _judged_by(named, rules)
    k = np.array([rule.k if rule else 0 for rule in judged.values()], dtype=float)[
        cells.groupby(["dataset", "measure"], sort=False).ngroup().to_numpy()
    ]
    k[cells["public"].to_numpy()] = 0
    hidden = cells["hidden"].to_numpy() & (k > 0)
    wanted = hidden | (cells["implied"].to_numpy() & (k > 0))
    known: list[tuple[int, int, bool]] = []
    spent = 0
    part_of: dict[int, np.ndarray] = {}
    persons = model.persons()
    for columns in audit_solve.parts(system, bounds):
        inside = hidden[columns]
        if not inside.any() or bounds.contradiction[columns].any():
            bounds.contradiction[columns[inside]] = bounds.contradiction[columns].any()
            continue
        part_of |= dict.fromkeys(columns[inside].tolist(), columns)
        before = bounds.lower[columns].copy(), bounds.upper[columns].copy()
        # what nobody shows must only not be one certain number
        enough = np.where(hidden, k, 0)
        audit_solve.search(
            system, bounds, columns, wanted, enough=enough, whole_part=whole_part, seconds=seconds
        )
        told = before[0] < bounds.lower[columns], before[1] > bounds.upper[columns]
        # what a programme found follows from no single sum
        bounds.why_low[columns[told[0]]] = bounds.why_high[columns[told[1]]] = -2
        insiders = any(rule and rule.insider != "off" for rule in judged.values())
        if insiders and inside.sum() <= _INSIDER_PART and not bounds.contradiction[columns].any():
            left = audit_solve.INSIDER_PROGRAMMES - spent
            if left > 0:
                found, cost = audit_solve.insider(system, bounds, columns, hidden, k, budget=left)
                # the same persons in another dataset are nobody else
                known += [one for one in found if persons[one[0]] != persons[one[1]]]
                spent += cost
    wrong = frozenset(cells.loc[hidden & bounds.contradiction, "period"])
    if wrong - apart and len(editions) > 1:
        return audit(
            editions,
            datasets,
            dimensions,
            regions,
            rules=rules,
            published=published,
            public=public,
            marks=marks,
            whole_part=whole_part,
            seconds=seconds,
            apart=apart | wrong,
        )
    notes = list(model.notes)
    notes += [f"Widerspruch: {text}" for text in model.contradictions]
    if spent > audit_solve.INSIDER_PROGRAMMES:
        notes.append("Wissen Einzelner wurde nicht für alle verborgenen Werte durchgerechnet.")
    return _Found(model, bounds, judged, k, known, part_of, notes, whole_part, seconds).report()


def _apart(model: Model, bounds: audit_solve.Bounds) -> tuple[Model, audit_solve.Bounds]:
    """Without the equalities of two datasets where nothing fits because of them: they do not count
    the same persons there, and an attacker would notice as well."""
    alone = model.without(model.links["row"].to_numpy(int))
    wrong = bounds.contradiction & ~audit_solve.propagate(alone.system).contradiction
    if not wrong.any():
        return model, bounds
    places = ["region", "period"]
    broken = pd.MultiIndex.from_frame(model.cells.loc[wrong, places])
    dropped = model.links[pd.MultiIndex.from_frame(model.links[places]).isin(broken)]
    note = (
        f"In {len(dropped.drop_duplicates(places))} Gebieten und Zeiträumen passen zwei Datensätze "
        "derselben Personen nicht zueinander; sie gelten dort nicht als dieselben"
    )
    model = model.without(dropped["row"].to_numpy(int))
    model.notes.append(note)
    return model, audit_solve.propagate(model.system)


def _judged_by(
    named: Iterable[tuple[str, str]], rules: Rules
) -> dict[tuple[str, str], Rule | None]:
    """The rule of each of these datasets and measures, in their order."""
    found: dict[tuple[str, str], Rule | None] = {}
    for dataset, measure in named:
        if isinstance(rules, Rule):
            found[dataset, measure] = rules
            continue
        for name in (f"{dataset}.{measure}", dataset, ""):
            if name in rules:
                found[dataset, measure] = rules[name]
                break
        else:
            found[dataset, measure] = None
    return found


class _Found:
    """What the bounds of all cells mean for publication. `kinds` and `forbidding` say for each kind
    of finding which cells have it, and which of those forbid; `excused` are cells of which the same
    was known before: the release adds nothing."""

    def __init__(self, model, bounds, judged, k, known, part_of, notes, whole_part, seconds):
        self.model, self.bounds, self.judged, self.k = model, bounds, judged, k
        self.known, self.notes = known, notes
        cells = model.cells
        group = cells.groupby(["dataset", "measure"], sort=False).ngroup().to_numpy()

        def told(name: str, default) -> np.ndarray:
            values = [getattr(rule, name) if rule else default for rule in judged.values()]
            return np.array(values)[group]

        self.hidden = cells["hidden"].to_numpy() & (k > 0)
        self.shown = cells["shown"].to_numpy() & (k > 0)
        lower, upper, wrong = bounds.lower, bounds.upper, bounds.contradiction
        width = told("width", 1)
        fixed = (lower == upper) & ~wrong
        two = bounds.seen_low < bounds.seen_high
        settled = bounds.proved | (two & (bounds.seen_high >= k))
        self.small = fixed & (lower < k) & (lower >= np.where(told("zeros_shown", True), 1, 0))
        exact = self.hidden & fixed
        low, close = upper < k, upper - lower < width
        narrow = self.hidden & ~fixed & ~wrong & (lower < k) & (low | close)
        left = fixed & (lower >= 1) & (lower < k)
        # a number that stands there does, whatever else contradicts it
        start = model.system
        printed = (start.lower == start.upper) & (start.lower >= 1) & (start.lower < k)
        self.kinds = {
            "exact": exact,
            "narrow": narrow,
            "open": self.shown & printed,
            "rest": cells["implied"].to_numpy() & (k > 0) & left,
            "unproved": self.hidden & ~fixed & ~wrong & ~narrow & ~settled,
            "contradiction": self.hidden & wrong,
        }
        self.wholes = np.full(len(cells), -1)
        groups = _groups(model, bounds, told("group", 0))
        self.wholes[groups["filled"]] = groups["whole"]
        self.kinds["group"] = self.wholes >= 0
        minds = told("open_forbids", True)
        objects = {"open": minds, "rest": minds, "group": np.ones(len(cells), dtype=bool)}
        allowed = cells["own"].to_numpy() & ~told("own_forbids", False)
        forbidding = {name: mask & objects.get(name, ~allowed) for name, mask in self.kinds.items()}
        forbidding["exact"] &= self.small
        asked = np.logical_or.reduce(
            [forbidding[kind] for kind in ("exact", "narrow", "open", "rest")]
        )
        asked[groups["empty"]] = True
        before = _before(model, asked, k, whole_part, seconds)
        was_fixed = (before.lower == before.upper) & ~before.contradiction
        was_low, was_close = before.upper < k, before.upper - before.lower < width
        known_before = dict.fromkeys(("exact", "open", "rest"), was_fixed) | {
            "narrow": (~low | was_low) & (~close | was_close) & ~before.contradiction,
            "group": _known_groups(groups, before, len(cells)),
            "open": was_fixed | cells["repeated"].to_numpy(bool),
        }
        self.excused = {name: forbidding[name] & mask for name, mask in known_before.items()}
        self.forbidding = {
            name: mask & ~self.excused.get(name, False) for name, mask in forbidding.items()
        }
        self.words = _Words(model, bounds, part_of)

    def report(self, datasets: Collection[str] | None = None) -> Report:
        """All of it, or what concerns some of the datasets."""
        model, bounds, cells = self.model, self.bounds, self.model.cells
        inside = np.ones(len(cells), dtype=bool)
        if datasets is not None:
            inside = cells["dataset"].isin(datasets).to_numpy()
        learned = np.zeros(len(cells), dtype=bool)
        learned[[other for _, other, _ in self.known]] = True
        summary = (
            cells[["dataset", "measure", "period"]]
            .assign(
                shown=self.shown,
                hidden=self.hidden,
                exact_small=self.kinds["exact"] & self.small,
                **self.kinds,
                insider=learned,
                excused=np.logical_or.reduce(list(self.excused.values())),
                forbids=np.logical_or.reduce(list(self.forbidding.values())),
            )[inside & ((self.k > 0) | self.kinds["group"])]
            .groupby(["dataset", "measure", "period"], sort=False)
            .sum()
            .astype(int)
            .reset_index()
            .astype({"dataset": str, "measure": str, "period": str})
        )
        at = np.flatnonzero(self.hidden & inside)
        named = ["dataset", "measure", "region", "period", "edition"]
        intervals = (
            cells.loc[at, named]
            .astype(str)
            .assign(
                categories=[model.categories(int(i)) for i in at],
                lower=bounds.lower[at],
                upper=bounds.upper[at],
                proved=bounds.proved[at],
                exact=self.kinds["exact"][at],
                small=(self.kinds["exact"] & self.small)[at],
                narrow=self.kinds["narrow"][at],
            )
        )
        reasons = []
        for kind, words in _REASONS.items():
            count = int(self.forbidding[kind][inside].sum()) if kind in self.forbidding else 0
            if kind == "insider":
                heeded = {other for _, other, sure in self.known if sure and self._heeds(other)}
                count = int(inside[list(heeded)].sum())
            if count:
                reasons.append(quantity(count, *words))
        return Report(
            summary,
            intervals.reset_index(drop=True),
            self._findings(inside),
            tuple(self.notes),
            Verdict(not reasons, tuple(reasons)),
            model,
            bounds,
            self,
        )

    def _heeds(self, index: int) -> bool:
        """Whether what an insider learns of this cell forbids publication."""
        cells = self.model.cells
        rule = self.judged[cells["dataset"].iloc[index], cells["measure"].iloc[index]]
        return rule.insider == "forbid" and (rule.own_forbids or not cells["own"].iloc[index])

    def _findings(self, inside: np.ndarray) -> tuple[Finding, ...]:
        """The worst first: what forbids before what does not, exact before narrow."""
        found: list[Finding] = []

        def tell(kind: str, index: int, words: str, forbids: bool) -> None:
            lower, upper = float(self.bounds.lower[index]), float(self.bounds.upper[index])
            found.append(Finding(kind, self.model.cell(index), lower, upper, words, forbids))

        for kind, every in self.kinds.items():
            mask = every & inside
            order = np.flatnonzero(mask & self.forbidding[kind])
            order = np.r_[order, np.flatnonzero(mask & ~self.forbidding[kind])]
            for i in map(int, order[:_TOLD]):
                known = " Schon aus amtlichen Zahlen oder einem früheren Datenstand bekannt."
                excused = kind in self.excused and self.excused[kind][i]
                whole = int(self.wholes[i])
                words = self.words.all_of(i, whole) if kind == "group" else self.words.of(kind, i)
                words += known if excused else ""
                tell(kind, i, words, bool(self.forbidding[kind][i]))
        for by, other, sure in [one for one in self.known if inside[one[1]]][:_TOLD]:
            when = "jeden kleinen Wert" if sure else "mindestens einen kleinen Wert"
            words = (
                f"{self.words.name(other)}: berechenbar für den, der {self.words.name(by)} kennt "
                f"(gilt für {when} dort)."
            )
            tell("insider", other, words, sure and self._heeds(other))
        return tuple(sorted(found, key=lambda finding: not finding.forbids))[: 2 * _TOLD]


def _before(
    model: Model,
    asked: np.ndarray,
    k: np.ndarray,
    whole_part: int,
    seconds: float,
) -> audit_solve.Bounds:
    """The bounds that followed before this release from what was public then. Single sums decide
    for most; programmes are asked only for cells that would forbid publication (`asked`)."""
    if model.before is None:
        size = len(k)
        return audit_solve.Bounds(
            np.zeros(size), np.full(size, np.inf), np.full(size, -1), np.full(size, -1)
        )
    bounds = audit_solve.propagate(model.before)
    asked = asked & (bounds.lower < bounds.upper)
    left = _KNOWN_BEFORE
    for columns in audit_solve.parts(model.before, bounds) if asked.any() else ():
        inside = int(asked[columns].sum())
        if inside and inside <= left and not bounds.contradiction[columns].any():
            left -= inside
            audit_solve.search(
                model.before,
                bounds,
                columns,
                asked,
                enough=k,
                whole_part=whole_part,
                seconds=seconds,
            )
    return bounds


# What forbids publication: of one count, of several.
_REASONS = {
    "exact": (
        "verborgener kleiner Wert lässt sich genau berechnen",
        "verborgene kleine Werte lassen sich genau berechnen",
    ),
    "narrow": (
        "verborgener Wert lässt sich zu eng eingrenzen",
        "verborgene Werte lassen sich zu eng eingrenzen",
    ),
    "open": ("kleiner Wert ist offen gezeigt", "kleine Werte sind offen gezeigt"),
    "group": (
        "kleine Gruppe ist erkennbar ganz in einer Kategorie",
        "kleine Gruppen sind erkennbar ganz in einer Kategorie",
    ),
    "rest": (
        "kleiner Wert ist nicht gezeigt, aber als Rest berechenbar",
        "kleine Werte sind nicht gezeigt, aber als Rest berechenbar",
    ),
    "insider": (
        "kleinen Wert kann berechnen, wer einen anderen verborgenen Wert kennt",
        "kleine Werte kann berechnen, wer einen anderen verborgenen Wert kennt",
    ),
    "unproved": (
        "verborgener Wert konnte nicht zu Ende geprüft werden",
        "verborgene Werte konnten nicht zu Ende geprüft werden",
    ),
    "contradiction": (
        "verborgener Wert steht in Summen, die sich widersprechen",
        "verborgene Werte stehen in Summen, die sich widersprechen",
    ),
}


def _groups(model: Model, bounds: audit_solve.Bounds, group: np.ndarray) -> pd.DataFrame:
    """Small groups that are all in one category: whole, filled (the category with all of them) and
    empty, one row for each other category that not everybody knows to be empty. `group` is the
    limit for each cell."""
    cells, divided = model.cells, model.divided
    lower, upper = bounds.lower, bounds.upper
    whole, part = divided["whole"].to_numpy(), divided["part"].to_numpy()
    can = upper[part] > 0
    alone = divided.assign(can=can).groupby("number")["can"].transform("sum").to_numpy() == 1
    chosen = alone & (lower[whole] == upper[whole]) & (lower[whole] < group[whole])
    chosen &= ~bounds.contradiction[whole] & ~bounds.contradiction[part]
    empty = divided[chosen & ~can]
    filled = divided[chosen & can].set_index("number")["part"]
    found = pd.DataFrame(
        {
            "whole": empty["whole"].to_numpy(),
            "filled": filled.reindex(empty["number"]).to_numpy(),
            "empty": empty["part"].to_numpy(),
        },
        dtype=np.int64,
    )
    # nobody is in this combination anywhere, though there may be somebody in many a whole
    kind = cells.groupby(["dataset", "measure", "combination"], sort=False).ngroup().to_numpy()
    current = (cells["edition"] == "").to_numpy()
    nobody = np.bincount(kind, (upper > 0) & current) == 0
    places = np.bincount(kind, (upper > 0) & current)
    known = nobody[kind[found["empty"]]] & (places[kind[found["whole"]]] >= _ENOUGH_PLACES)
    official = cells["public"].to_numpy()
    known |= official[found["empty"]] & official[found["whole"]]
    return found[~known]


def _known_groups(groups: pd.DataFrame, before: audit_solve.Bounds, size: int) -> np.ndarray:
    """Cells with all of a small whole of which that was known before."""
    new = np.zeros(size, dtype=bool)
    new[groups.loc[before.upper[groups["empty"]] > 0, "filled"]] = True
    return ~new


class _Words:
    """What the report says of cells and sums, in German."""

    def __init__(self, model: Model, bounds, part_of):
        self.model, self.bounds, self.part_of = model, bounds, part_of

    def name(self, index: int) -> str:
        cell = self.model.cell(index)
        block = self.model.blocks[int(np.searchsorted(self.model.starts, index, side="right")) - 1]
        where = audit_hierarchy.region_name(cell.region, block.register)
        groups = []
        for dimension, (_, category) in zip(block.dimensions, cell.categories, strict=True):
            if category != TOTAL:
                groups.append(audit_hierarchy.category_name(dimension, category))
        what = block.dataset.measure(cell.measure).name
        edition = f", Datenstand {cell.edition}" if cell.edition else ""
        inside = ", ".join([what, where, cell.period, *groups])
        return f"„{inside}{edition}“"

    def of(self, kind: str, index: int) -> str:
        lower, upper = self.bounds.lower[index], self.bounds.upper[index]
        name = self.name(index)
        if kind == "open":
            return f"{name}: {_count(lower)} ist offen gezeigt."
        if kind == "contradiction":
            return f"{name}: die Summen widersprechen sich, es gibt keine passende Tabelle."
        if kind == "unproved":
            return f"{name}: nicht zu Ende geprüft ({_span(lower, upper)})."
        result = f"genau {_count(lower)}" if lower == upper else _span(lower, upper)
        if self.model.cells["earlier"].iloc[index]:
            return f"{name}: {result}, weil ein früherer Datenstand den Wert zeigt."
        return f"{name}: {result}. {self.derivation(index)}"

    def all_of(self, index: int, whole: int) -> str:
        count = _count(self.bounds.lower[whole])
        return f"{self.name(index)}: alle {count} von {self.name(whole)} sind in einer Kategorie."

    def derivation(self, index: int) -> str:
        """The sums it follows from."""
        bounds, system = self.bounds, self.model.system
        searched = bounds.why_low[index] == -2 or bounds.why_high[index] == -2
        if searched and index in self.part_of:
            rows = audit_solve.prices(system, bounds, self.part_of[index], index)
            if not rows:
                return "Folgt nur daraus, dass alle Werte ganze Zahlen sind."
            sums = "; ".join(self.sum(row) for row in rows[:6])
            more = f" und {len(rows) - 6} weiteren" if len(rows) > 6 else ""
            return f"Folgt aus {len(rows)} Summen zusammen: {sums}{more}."
        rows = audit_solve.reasons(system, bounds, index)
        if not rows:
            return "Folgt daraus, wofür das Zeichen stehen kann."
        return "Folgt aus: " + "; ".join(self.sum(row) for row in rows) + "."

    def sum(self, row: int) -> str:
        """One sum: its whole, what is shown of its parts together, and what is not shown."""
        system, kind = self.model.system, self.model.sums[row]
        begin, end = system.matrix.indptr[row : row + 2]
        columns, factors = system.matrix.indices[begin:end], system.matrix.data[begin:end]
        if not (system.high[row] == 0 and np.isin(factors, (-1.0, 1.0)).all()):
            return kind
        if (factors < 0).sum() != 1:
            return kind
        whole = int(columns[factors < 0][0])
        parts = columns[factors > 0]
        known = system.lower == system.upper
        hidden = [self.name(int(i)) for i in parts if not known[i]]
        together = _count(system.lower[parts][known[parts]].sum())
        total = _count(system.lower[whole]) if known[whole] else "nicht gezeigt"
        listed = ", ".join(hidden[:4]) + (
            f" und {len(hidden) - 4} weitere" if len(hidden) > 4 else ""
        )
        return (
            f"{kind}: {self.name(whole)} {total}, gezeigte Teile zusammen {together}, "
            f"nicht gezeigt {listed or 'nichts'}"
        )


def _count(value: float) -> str:
    return number(int(value)) if float(value).is_integer() else str(round(value, 3))


def _span(lower: float, upper: float) -> str:
    top = _count(upper) if np.isfinite(upper) else "beliebig viel"
    return f"zwischen {_count(lower)} und {top}"
