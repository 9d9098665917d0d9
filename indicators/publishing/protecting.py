"""Protection in the build: what of every dataset may be shown, before anything is written.

What an office of statistics has published is public and stays as it is; what a town delivers
itself is protected by the dataset's rule. Whatever is published of a dataset goes into one system
per measure and period: all divisions of the publication programme, all regions up to the joint
ones, and the sums that indicators make of several categories. Measures of several datasets that
count the same persons (`same_as`) are one system too.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from contextlib import nullcontext
from dataclasses import asdict, dataclass, replace
from types import MappingProxyType

import numpy as np
import pandas as pd

from indicators.catalog.catalog import Catalog
from indicators.catalog.definition import TOTAL, sum_key
from indicators.catalog.meaning import Dataset, Dimension, Measure, SameCount
from indicators.errors import BuildError
from indicators.formats import listing, number, quantity
from indicators.protection import cube as cubes
from indicators.protection.cube import Axis
from indicators.protection.rules import PROFILES, Rule, strictest, tightened
from indicators.publishing import patterns
from indicators.publishing.patterns import Job, Memory, Table
from indicators.publishing.places import Places
from indicators.publishing.processes import Pool
from indicators.publishing.report import Report, Section
from indicators.regions import LEVELS, Region
from indicators.symbols import WITH_NUMBER, Status

_NUMBERS = [status.value for status in WITH_NUMBER]
# A cross of which more is hidden than this should be published more coarsely.
_DEAR = 0.25
_MEASURE = "measure"
# Regions and periods with somebody of which it takes so many to say that nobody ever is of a kind.
_ENOUGH = 5
# So many times the price of another number has one that an indicator shows undivided: for a Kreis
# or a joint region, for a Gemeinde or a part of one.
_HEADLINE, _HEADLINE_BELOW = 8.0, 3.0
# More than any number of a source.
_OWN = 1_000_000


@dataclass(frozen=True)
class Protected:
    """A dataset as it may be shown. `rows`: those that came, hidden ones without number (status
    "suppressed"); `sums`: what nobody could add up any more from hidden parts, in the same columns:
    joint regions, and categories that an indicator sums up (named by `sum_key`); `rule` is None
    where all of it was public before. `cells` and `hidden` count the town's own values. `proofs`
    has the differences of other tables that fit all that is shown: a number of the table (proof),
    region, period, dimensions, measure, move in persons. `made_of` says what all this follows
    from, in a digest ("": nobody knows)."""

    rows: pd.DataFrame
    sums: pd.DataFrame
    proofs: pd.DataFrame | None = None
    rule: Rule | None = None
    cells: int = 0
    hidden: int = 0
    exposed: int = 0
    made_of: str = ""


def rule_of(dataset: Dataset, catalog: Catalog) -> Rule:
    """The rule of the dataset's source, made stricter where the town says so.

    Raises DefinitionError for a rule that makes no sense or is looser than the source's.
    """
    stated = dataset.protection.model_dump(exclude_none=True)
    base = asdict(PROFILES[stated.pop("profile")])
    rule = Rule(**base | stated)
    for file, wish in catalog.stricter_rules:
        if not wish.datasets or dataset.id in wish.datasets:
            wishes = wish.model_dump(exclude_none=True)
            wishes.pop("datasets")
            rule = tightened(rule, wishes, f"{file} (Datensatz {dataset.id})")
    return rule


def protect_all(
    tables: dict[str, pd.DataFrame],
    catalog: Catalog,
    register: dict[str, Region],
    public: set[int],
    earlier: Mapping[str, pd.DataFrame],
    report: Report,
    progress: Callable[[str], None],
    memory: Memory | None = None,
    pool: Pool | None = None,
    made_of: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, Protected]:
    """Every dataset as it may be shown; `tables` is emptied on the way, for what is large would be
    there twice. `public` are the numbers of official files; `earlier` holds for a dataset what was
    seen before (region, period, measure, dimensions, value; NaN: a dot).
    What builds before have kept is taken from `memory`, and what this one adds goes there. The
    processes of `pool` are used, own ones without it. `made_of` says for a dataset what its rows
    and all definitions are, in a digest; what follows from the same is taken over.

    Raises BuildError where a table cannot be protected; nothing may be published then.
    """
    memory = memory or Memory()
    with nullcontext(pool) if pool else Pool() as processes:
        programmes = _programmes(tables, made_of, catalog, register, public, earlier, processes)
        order, own = list(tables), {id for id, one in programmes.items() if one.rule}
        as_it_is = {id: rows for id, rows in tables.items() if id not in own}
        tables.clear()
        # under no name here: their tables are large, and gone when their dots are found
        done = patterns.protect(_jobs(programmes, catalog, register), memory, progress, processes)
    if memory.taken:
        taken = quantity(memory.taken, "Tabelle", "Tabellen")
        progress(f"{taken} von {number(memory.periods)} unverändert übernommen und nachgerechnet")
    none = np.zeros(0, np.int64)
    hidden = np.concatenate([none, *(result.hidden for result in done)])
    exposed = np.concatenate([none, *(result.exposed for result in done)])
    proofs = _numbered([proof for result in done for proof in result.proofs])
    section = report.section("Schutz kleiner Zahlen")
    found = {}
    for id in order:
        programme = programmes.pop(id, None)  # as large as the table, and needed no more
        if programme is None or programme.rule is None:
            rows = as_it_is.pop(id)
            found[id] = Protected(rows, rows.iloc[:0], made_of=made_of.get(id, ""))
            continue
        found[id] = programme.protected(hidden, exposed, proofs)
        _tell(found[id], programme.dataset, catalog, register, public, section)
    return found


def _numbered(proofs: list[np.ndarray]) -> pd.DataFrame:
    """Proofs as one frame: proof (a number), label, move."""
    numbers = np.repeat(np.arange(len(proofs)), [proof.shape[1] for proof in proofs])
    label, move = np.concatenate([np.zeros((2, 0), np.int64), *proofs], axis=1)
    return pd.DataFrame({"proof": numbers, "label": label, "move": move})


def linked_datasets(ids: Iterable[str], catalog: Catalog) -> list[list[str]]:
    """These datasets in groups that have persons in common, in their order."""
    ids = list(ids)
    links = [
        (id, same.dataset)
        for id in ids
        for measure in catalog.datasets[id].measures
        for same in measure.same_as
    ]
    return _connected(ids, links)


def _connected(names: list, links: list[tuple]) -> list[list]:
    """Names that hang together by links, in their order; links to other names are nothing."""
    group = {name: [name] for name in names}
    for one, other in links:
        if one in group and other in group and group[one] is not group[other]:
            group[one] += group[other]
            group |= dict.fromkeys(group[other], group[one])
    order = {name: index for index, name in enumerate(names)}
    distinct = {id(members): members for members in group.values()}
    return sorted(
        (sorted(m, key=order.__getitem__) for m in distinct.values()), key=lambda m: order[m[0]]
    )


def record(protected: Mapping[str, Protected]) -> pd.DataFrame:
    """One row per dataset with own numbers. Columns: dataset, the fields of its rule, and how many
    of its values there are: cells, hidden, exposed."""
    return pd.DataFrame(
        [
            {
                "dataset": id,
                **asdict(one.rule),
                "cells": one.cells,
                "hidden": one.hidden,
                "exposed": one.exposed,
            }
            for id, one in protected.items()
            if one.rule
        ]
    )


# --- one dataset --------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Programme:
    """What is published of one dataset in the regions near its own, and what of it has to be
    protected: `every` row there, those of sums last (from label `first_sum`); `others` are the rows
    that may be published besides. `rule` is None for a dataset without own rows, which is only
    known to everybody."""

    dataset: Dataset
    public: frozenset[int]
    rule: Rule | None
    others: pd.DataFrame
    every: pd.DataFrame
    first_sum: int
    axes: list[Axis]
    made_of: str = ""

    def table(self, group: list[Measure], unpublished: pd.DataFrame) -> Table:
        # a large table is not copied where all of it is meant
        rows = pd.concat([self.every, unpublished]) if len(unpublished) else self.every
        inside = rows["measure"].isin([measure.id for measure in group])
        rows = rows if inside.all() else rows[inside]
        axes, whole = self.axes, group[0].id
        if len(group) > 1:
            axes = [*axes, _measure_axis(group)]
            rows = rows.assign(measure=rows["measure"].where(rows["measure"] != whole, TOTAL))
        return Table(f"{self.dataset.name}, {group[0].name}", rows, tuple(axes))

    def protected(self, hidden: np.ndarray, exposed: np.ndarray, proofs: pd.DataFrame) -> Protected:
        dotted = self.every["label"].isin(hidden).to_numpy()
        made_of = hashlib.sha256(self.made_of.encode() + dotted.tobytes()).hexdigest()
        every = _hide(self.every, dotted)
        for measure in self.dataset.measures:
            if measure.hidden_with:
                every = _hide_with(every, measure, self.dataset)
        columns = list(self.others.columns)
        at = every["label"] < self.first_sum
        rows = pd.concat([self.others, every.loc[at, columns]]).sort_index()
        counted = every[~every["source"].isin(self.public)]
        key = ["region", "period", *self.dataset.dimensions, "measure"]
        proofs = proofs.merge(every[["label", *key]], on="label")
        return Protected(
            rows=rows,
            sums=every.loc[~at, columns].reset_index(drop=True),
            proofs=proofs[["proof", *key, "move"]],
            rule=self.rule,
            cells=len(counted),
            hidden=int((counted["status"] == Status.SUPPRESSED.value).sum()),
            exposed=int(every["label"].isin(exposed).sum()),
            made_of=made_of if self.made_of else "",
        )


def _programmes(
    tables: Mapping[str, pd.DataFrame],
    made_of: Mapping[str, str],
    catalog: Catalog,
    register: dict[str, Region],
    public: set[int],
    earlier: Mapping[str, pd.DataFrame],
    pool: Pool,
) -> dict[str, _Programme]:
    """The programmes of all datasets that have own rows, and of those linked with them."""
    calls, digests = [], []
    for together in linked_datasets(tables, catalog):
        own = {
            id: set(tables[id].loc[~tables[id]["source"].isin(public), "region"]) for id in together
        }
        rules = [rule_of(catalog.datasets[id], catalog) for id in together if own[id]]
        if not rules:
            continue
        near = _near(set().union(*own.values()), register)
        for id in together:
            if own[id] and (circle := in_circle(catalog.datasets[id].crosses)):
                raise _circular(catalog.datasets[id], circle, catalog)
            rule = strictest(rules) if own[id] else None
            sources = public & set(tables[id]["source"].unique())
            calls.append((id, tables[id], sources, near, rule))
            more = sorted(near), sorted(sources), rule
            digests.append(pool.results.digest("programme", made_of.get(id, ""), *more))
    found = pool.each(
        _programme,
        calls,
        (catalog, register),
        rows=sum(len(tables[call[0]]) for call in calls),
        digests=digests if made_of else (),
    )
    programmes: dict[str, _Programme] = {}
    labels = 0
    for (id, *_), digest, programme in zip(calls, digests, found, strict=True):
        every = programme.every.assign(
            label=labels + np.arange(len(programme.every)),
            value_before=_before(programme.every, programme.dataset, earlier.get(id)),
            dot_before=_dotted(programme.every, programme.dataset, earlier.get(id)),
        )
        programmes[id] = replace(
            programme,
            every=every,
            first_sum=labels + programme.first_sum,
            public=frozenset(public),
            made_of=digest if made_of else "",
        )
        labels += len(every)
    return programmes


def _circular(dataset: Dataset, circle: list[list[str]], catalog: Catalog) -> BuildError:
    names = " und ".join(" × ".join(catalog.dimensions[d].name for d in c) for c in circle)
    return BuildError(
        f"Datensatz {dataset.id}: Die Kreuzungen {names} hängen im Kreis zusammen und "
        "lassen sich nicht sicher schützen. Nächster Schritt: in der Definition unter "
        "crosses eine davon weglassen."
    )


def _programme(
    catalog: Catalog,
    register: dict[str, Region],
    id: str,
    rows: pd.DataFrame,
    public: set[int],
    near: set[str],
    rule: Rule | None,
) -> _Programme:
    """The programme of one dataset, without labels and what was seen of it before: these change
    with other datasets and with each release."""
    dataset = catalog.datasets[id]
    dimensions = [catalog.dimensions[name] for name in dataset.dimensions]
    lists = category_sums(dataset, catalog)
    beside = rows[rows["region"].isin(near)]
    beside = beside.assign(known=beside["source"].isin(public) & ~_summed(beside))
    sums = _sums(beside, dataset, dimensions, lists, register, public)
    sums = sums if rule else sums.iloc[:0]
    beside = as_published(beside, dataset, register)
    sums = as_published(sums, dataset, register)
    others = rows.loc[rows.index.difference(beside.index)]
    every = pd.concat([beside, sums])
    return _Programme(
        dataset=dataset,
        public=frozenset(public),
        rule=rule,
        others=others[others["source"].isin(public)],
        every=every.assign(
            certain=_certain(every, dataset, rule.group if rule else 0),
            worth=_worth(every, dataset, catalog, register),
        ),
        first_sum=len(beside),
        axes=[_axis(d, _lists(lists, d.id)) for d in dimensions],
    )


def as_published(
    rows: pd.DataFrame, dataset: Dataset, register: Mapping[str, Region]
) -> pd.DataFrame:
    """Without rows that the programme leaves out, in the same columns; official figures (`known`)
    are public as they are."""
    keep = rows["known"].to_numpy(bool)
    levels = rows["region"].map({id: region.level for id, region in register.items()})
    left_out = np.zeros(len(rows), dtype=bool)
    for restriction in dataset.restrictions:
        concerned = np.ones(len(rows), dtype=bool)
        if restriction.at:
            concerned &= levels.isin(restriction.at).to_numpy()
        divided = {id: (rows[id] != TOTAL).to_numpy() for id in dataset.dimensions}
        summed = {id: _is_sum(rows[id]).to_numpy() for id in dataset.dimensions}
        for id in restriction.dimensions:
            concerned &= divided[id]
        allowed = np.full(len(rows), bool(restriction.needs or restriction.only))
        for id in restriction.needs:
            allowed &= divided[id]
        for id, categories in restriction.only.items():
            allowed &= rows[id].isin(categories).to_numpy() | summed[id]
        if not (restriction.needs or restriction.only):
            for id in restriction.dimensions:
                allowed |= summed[id]
        left_out |= concerned & ~allowed
    return rows[keep | ~left_out]


def _jobs(
    programmes: dict[str, _Programme], catalog: Catalog, register: dict[str, Region]
) -> list[Job]:
    """What has to be protected together: groups of measures, of several datasets where these count
    the same persons."""
    groups = {
        (id, group[0].id): group
        for id, programme in programmes.items()
        for group in measure_groups(programme.dataset)
    }
    group_of = {(key[0], m.id): key for key, group in groups.items() for m in group}
    links = [
        (id, measure.id, same)
        for (id, _), group in groups.items()
        for measure in group
        for same in measure.same_as
        if (same.dataset, same.measure) in group_of
    ]
    ends = [(group_of[id, m], group_of[same.dataset, same.measure]) for id, m, same in links]
    same_rows: dict[tuple, list[np.ndarray]] = {key: [] for key in groups}
    unpublished: dict[tuple, list[pd.DataFrame]] = {key: [] for key in groups}
    first = -1
    for (id, measure, same), (_, end) in zip(links, ends, strict=True):
        others = pd.concat([programmes[same.dataset].every, *unpublished[end]])
        pairs, more = _same_rows(
            programmes[id], measure, same, programmes[same.dataset], others, catalog
        )
        more["label"] = first - np.arange(len(more))
        first -= len(more)
        pairs.loc[pairs["other"].isna(), "other"] = more["label"].to_numpy()
        same_rows[end].append(pairs[["label", "other"]].to_numpy(np.int64))
        unpublished[end].append(more)
    found = []
    for keys in _connected(list(groups), ends):
        rules = [rule for id, _ in keys if (rule := programmes[id].rule)]
        tables = [
            programmes[key[0]].table(
                groups[key], pd.concat([programmes[key[0]].every.iloc[:0], *unpublished[key]])
            )
            for key in keys
        ]
        tables = [table for table in tables if len(table.rows)]
        if not rules or all(table.rows["known"].all() for table in tables):
            continue
        regions = set().union(*(table.rows["region"] for table in tables))
        regions |= _near(regions, register)
        found.append(
            Job(
                tables=tuple(tables),
                same=np.concatenate(
                    [np.zeros((0, 2), np.int64), *(p for key in keys for p in same_rows[key])]
                ),
                register={id: region for id, region in register.items() if id in regions},
                rule=rules[0],
                made_of=_made_of(keys, programmes),
            )
        )
    return found


def _made_of(keys: list[tuple], programmes: dict[str, _Programme]) -> str:
    """What tables of the same persons follow from: the programmes of their datasets (and which of
    their measures they are), with all that these follow from."""
    each = [programmes[id].made_of for id, _ in keys]
    return repr([keys, each]) if all(each) else ""


def _same_rows(
    ours: _Programme,
    measure: str,
    same: SameCount,
    theirs: _Programme,
    others: pd.DataFrame,
    catalog: Catalog,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows that count the same persons as `others`, those of the other dataset: pairs (label of
    ours, `other`: label of theirs, NaN where they have no such row), and the rows that are missing
    there, in that order. Where both have different numbers, the deliveries contradict each other
    and nothing follows."""
    rows = ours.every[ours.every["measure"] == measure]
    key = rows[["label", "region", "period"]]
    divided_by = {id: same.dimensions.get(id, id) for id in ours.dataset.dimensions}
    shared = {
        own: other
        for own, other in divided_by.items()
        if other in theirs.dataset.dimensions and other not in same.where
    }
    fits = np.ones(len(rows), dtype=bool)
    for id in ours.dataset.dimensions:
        if id in same.only:
            fits &= rows[id].isin(same.only[id]).to_numpy()
        if id not in shared:
            fits &= (rows[id] == TOTAL).to_numpy()
    for id in theirs.dataset.dimensions:
        key = key.assign(**{id: same.where.get(id, TOTAL)})
    for own, other in shared.items():
        groups = catalog.dimensions[own].groups.get(other, {})
        coarser = {sum_key(parts): name for name, parts in groups.items()}
        key = key.assign(**{other: rows[own].replace(coarser)})
        names = next(axis.names for axis in theirs.axes if axis.id == other)
        fits &= key[other].isin(names).to_numpy()
    key, rows = key[fits], rows[fits]
    on = ["region", "period", *theirs.dataset.dimensions]
    others = others[others["measure"] == same.measure]
    found = key.merge(
        others[[*on, "label", "value", "status"]].rename(columns={"label": "other"}),
        how="left",
        on=on,
        suffixes=("", "_other"),
    )
    here = rows["status"].isin(_NUMBERS).to_numpy() & found["status"].isin(_NUMBERS).to_numpy()
    differ = here & (rows["value"].to_numpy() != found["value"].to_numpy())
    lacking = found["other"].isna().to_numpy()
    # regions that the other dataset knows nothing of say nothing there
    elsewhere = lacking & ~found["region"].isin(others["region"]).to_numpy()
    pairs = found.loc[~differ & ~elsewhere, ["label", "other"]]
    more = found.loc[lacking & ~elsewhere, on].assign(
        start=rows["start"].to_numpy()[lacking & ~elsewhere],
        measure=same.measure,
        value=np.nan,
        status=cubes.UNPUBLISHED,
        flags="",
        source=rows["source"].to_numpy()[lacking & ~elsewhere],
        known=rows["known"].to_numpy()[lacking & ~elsewhere],
        value_before=rows["value_before"].to_numpy()[lacking & ~elsewhere],
        dot_before=False,
        certain=False,
    )
    return pairs, more


def in_circle(crosses: list[list[str]]) -> list[list[str]]:
    """The crosses that bound each other through cells nobody publishes (A × B, B × C, A × C): what
    is left when dimensions of one cross only, and crosses inside others, are taken away until
    nothing changes (Graham 1979); empty if the crosses hang together like a tree."""
    left = {frozenset(cross) for cross in crosses}
    while True:
        every = [id for cross in left for id in cross]
        smaller = {frozenset(id for id in cross if every.count(id) > 1) for cross in left}
        smaller = {c for c in smaller if c and not any(c < other for other in smaller)}
        if smaller == left:
            return sorted(map(sorted, left))
        left = smaller


def measure_groups(dataset: Dataset) -> list[list[Measure]]:
    """The counts of persons that are protected together: a whole, then what is part of it."""
    counted = {m.id: m for m in dataset.measures if m.additive and m.persons and not m.hidden_with}
    groups: dict[str, list[Measure]] = {}
    for measure in counted.values():
        whole = measure
        while whole.part_of in counted:
            whole = counted[whole.part_of]
        groups.setdefault(whole.id, []).append(measure)
    return [sorted(group, key=lambda m: m.id != whole) for whole, group in groups.items()]


@dataclass(frozen=True)
class CategorySum:
    """What an indicator sums up: dimension → one category or several in order; it may be divided
    further by the dimensions `by`."""

    where: Mapping[str, str | tuple[str, ...]]
    by: frozenset[str]

    def parts(self, dimension: str) -> tuple[str, ...] | None:
        wanted = self.where.get(dimension)
        return wanted if isinstance(wanted, tuple) else None


def category_sums(dataset: Dataset, catalog: Catalog) -> list[CategorySum]:
    """All that indicators sum up of several categories of this dataset, and the groups of coarser
    dimensions: they are published as sums."""
    found: dict[tuple, CategorySum] = {}

    def add(where: Mapping[str, str | list[str]], by: Iterable[str]) -> None:
        told = {
            id: tuple(sorted(wanted)) if isinstance(wanted, list) else wanted
            for id, wanted in where.items()
            if not isinstance(wanted, list) or len(wanted) > 1
        }
        if any(isinstance(wanted, tuple) for wanted in told.values()):
            free = frozenset(by) & set(dataset.dimensions) - told.keys()
            found[tuple(sorted(told.items(), key=str)), free] = CategorySum(told, free)

    for indicator in catalog.indicators.values():
        by = [breakdown.dimension for breakdown in indicator.breakdowns]
        ends = [indicator.flow.origin, indicator.flow.destination] if indicator.flow else []
        for calculation in indicator.calculations:
            for term in calculation.terms:
                if term.dataset != dataset.id:
                    continue
                add(term.where, by)
                # a flow is drawn from each type of school to each other
                flow = {id: wanted for id, wanted in term.where.items() if id not in ends}
                add(flow, [*by, *filter(None, ends)])
                # years of age, where age groups are asked for
                for id in set(dataset.dimensions) - term.where.keys():
                    groups = catalog.dimensions[id].groups
                    for coarser in groups.keys() & set(by) - set(dataset.dimensions):
                        for parts in groups[coarser].values():
                            add(term.where | {id: parts}, by)
    return list(found.values())


def _is_sum(categories: pd.Series) -> pd.Series:
    return categories.str.contains("+", regex=False)


def _lists(sums: list[CategorySum], dimension: str) -> list[tuple[str, ...]]:
    return list(dict.fromkeys(parts for one in sums if (parts := one.parts(dimension))))


def _asked_for(rows: pd.DataFrame, dataset: Dataset, sums: list[CategorySum]) -> np.ndarray:
    """Rows without sums of categories, and those sums that are what an indicator asks for."""
    summed = {id: _is_sum(rows[id]).to_numpy() for id in dataset.dimensions}
    total = {id: (rows[id] == TOTAL).to_numpy() for id in dataset.dimensions}
    found = np.ones(len(rows), dtype=bool)
    for mask in summed.values():
        found &= ~mask
    for one in sums:
        fits = np.ones(len(rows), dtype=bool)
        for id in dataset.dimensions:
            wanted = one.where.get(id)
            if wanted is None:
                fits &= ~summed[id] if id in one.by else total[id]
            else:
                key = sum_key(wanted) if isinstance(wanted, tuple) else wanted
                fits &= (rows[id] == key).to_numpy()
        found |= fits
    return found


def _axis(dimension: Dimension, lists: list[tuple[str, ...]]) -> Axis:
    plain = Axis.of(dimension)
    return Axis(plain.id, plain.parts, plain.others, {}, {sum_key(parts): parts for parts in lists})


def _measure_axis(group: list[Measure]) -> Axis:
    """A whole and the measures that are part of it, as one more dimension."""
    whole, parts = group[0].id, [m for m in group[1:] if m.part_of == group[0].id]
    partition = any(m.remainder for m in parts)
    summed = tuple(m.id for m in parts) if partition else ()
    others = tuple(m.id for m in group[1:] if m.id not in summed)
    inside = {m.id: m.part_of for m in group[1:] if m.part_of and m.part_of != whole}
    return Axis(_MEASURE, summed, others, inside)


def _certain(rows: pd.DataFrame, dataset: Dataset, group: int) -> np.ndarray:
    """Zeros where nobody is in any region and period: everybody knows that there is nobody, so they
    stay shown and help nobody. A dataset of few places does not tell that, and a zero beside a
    group smaller than `group` that is all in one category tells it of them, unless somebody is in
    enough of such groups."""
    key = ["measure", *dataset.dimensions]
    numbers = rows[rows["value"] > 0]
    peopled = numbers[key].value_counts()
    places = numbers.drop_duplicates(["measure", "region", "period"])["measure"].value_counts()
    most = rows.groupby(key, observed=True)["value"].transform("max")
    certain = (most == 0) & (rows["status"] == Status.ZERO.value)
    certain = certain.to_numpy(bool) & (rows["measure"].map(places).to_numpy() >= _ENOUGH)
    at = ["region", "period", *key]
    for id in dataset.dimensions:
        wholes = numbers.loc[numbers[id] == TOTAL, [*at, "value"]]
        full = numbers.loc[numbers[id] != TOTAL, [*at, "value"]].assign(**{id: TOTAL})
        full = full[full["value"] < group].merge(wholes, on=[*at, "value"])
        few = peopled[peopled < _ENOUGH].index
        telling = pd.MultiIndex.from_frame(full[key].drop_duplicates()).intersection(few)
        beside = pd.MultiIndex.from_frame(rows[key].assign(**{id: TOTAL})).isin(telling)
        certain &= ~(beside & (rows[id] != TOTAL).to_numpy())
    return certain


def _worth(
    rows: pd.DataFrame, dataset: Dataset, catalog: Catalog, register: dict[str, Region]
) -> np.ndarray:
    """What readers lose with each number, 1 for most: what an indicator shows undivided stands on
    every page, so rather several divisions get a dot."""
    shown = {
        (
            term.measure,
            *(
                sum_key(sorted(wanted)) if isinstance(wanted, list) else wanted
                for wanted in (term.where.get(id, TOTAL) for id in dataset.dimensions)
            ),
        )
        for indicator in catalog.indicators.values()
        for calculation in indicator.calculations
        for term in calculation.terms
        if term.dataset == dataset.id
    }
    headline = pd.MultiIndex.from_frame(rows[["measure", *dataset.dimensions]]).isin(list(shown))
    levels = rows["region"].map({id: region.level for id, region in register.items()})
    worth = np.where(levels.isin(["gemeinde", "stadtteil"]), _HEADLINE_BELOW, _HEADLINE)
    return np.where(headline, worth, 1.0)


def _summed(rows: pd.DataFrame) -> pd.Series:
    return rows["flags"].str.contains("summed", regex=False)


def _near(regions: set[str], register: dict[str, Region]) -> set[str]:
    """These regions, all they are part of, and all that are parts of the same: whatever stands in
    a sum with one of them."""

    def above(id: str) -> set[str]:
        region = register[id]
        land = region.land if region.level == "kreis" else None
        return {whole for whole in (region.parent, land) if whole and whole != id}

    wholes = regions.union(*(above(id) for id in regions))
    wholes |= {id for id, region in register.items() if regions & {id, *region.members}}
    parts = {id for id in register if above(id) & wholes}
    members = {part for id in wholes for part in register[id].members}
    return (wholes | parts | members) & set(register)


def _sums(
    rows: pd.DataFrame,
    dataset: Dataset,
    dimensions: list[Dimension],
    asked: list[CategorySum],
    register: dict[str, Region],
    public: set[int],
) -> pd.DataFrame:
    """Rows of sums of categories and of joint regions with the flags of all parts; only where each
    has a number. A sum of which one part is the town's own is the town's own."""
    additive = [m.id for m in dataset.measures if m.additive]
    rows = rows[rows["measure"].isin(additive)]
    # the largest source of the parts is taken: an own one beats every official one
    rows = rows.assign(source=rows["source"] + _OWN * ~rows["source"].isin(public))
    joint = {id: region.members for id, region in register.items() if region.members}
    sums = {id: [sum_key(parts) for parts in _lists(asked, id)] for id in dataset.dimensions}
    places = Places(["region", "period", "start", *dataset.dimensions, "measure"])
    rows = places.given(rows, {"region": list(joint), **sums})
    numbers = rows[rows["status"].isin(_NUMBERS)]
    found = [rows.iloc[:0]]
    for dimension in dimensions:
        made = [
            places.added(numbers, dimension.id, parts, sum_key(parts))
            for parts in _lists(asked, dimension.id)
        ]
        found += made
        # sums of several dimensions at once: of types of school and of grades
        numbers = pd.concat([numbers, *made])
    found = [made[_asked_for(made, dataset, asked)] for made in found]
    numbers = numbers[_asked_for(numbers, dataset, asked)]
    for id, members in joint.items():
        chosen = numbers["region"].isin(members)
        if not chosen.any() or not numbers.loc[chosen, "known"].all():
            found.append(places.added(numbers, "region", members, id))
    made = pd.concat(found)
    made = made[~made.duplicated(places.name)].drop(columns=places.name)
    return made.assign(source=made["source"] % _OWN, known=False)


def _before(rows: pd.DataFrame, dataset: Dataset, earlier: pd.DataFrame | None) -> np.ndarray:
    """What was shown of each row before, NaN for nothing. A number that was corrected was shown
    with several values, and each is known: the row's own, where it is among them."""
    key = ["region", "period", "measure", *dataset.dimensions]
    if earlier is None:
        return np.full(len(rows), np.nan)
    earlier = earlier[earlier["value"].notna()]
    known = pd.MultiIndex.from_frame(earlier[[*key, "value"]])
    same = pd.MultiIndex.from_frame(rows[[*key, "value"]]).isin(known)
    # one row per key: two values of a cell would make two rows of it
    some = earlier[[*key, "value"]].drop_duplicates(key, keep="last")
    found = rows[key].merge(some, how="left", on=key, validate="many_to_one")
    return np.where(same, rows["value"].astype(float), found["value"].to_numpy(float))


def _dotted(rows: pd.DataFrame, dataset: Dataset, earlier: pd.DataFrame | None) -> np.ndarray:
    """Which rows were a dot in the release before."""
    key = ["region", "period", "measure", *dataset.dimensions]
    if earlier is None:
        return np.zeros(len(rows), dtype=bool)
    dots = pd.MultiIndex.from_frame(earlier.loc[earlier["value"].isna(), key])
    return pd.MultiIndex.from_frame(rows[key]).isin(dots)


def _hide(rows: pd.DataFrame, hidden: np.ndarray) -> pd.DataFrame:
    return rows.assign(
        value=rows["value"].astype(float).mask(hidden),
        status=rows["status"].mask(hidden, Status.SUPPRESSED.value),
        flags=rows["flags"].mask(hidden, ""),
    )


def _hide_with(rows: pd.DataFrame, measure: Measure, dataset: Dataset) -> pd.DataFrame:
    """Hides what belongs to persons who are hidden: their days of waiting."""
    key = ["region", "period", *dataset.dimensions]
    other = rows[rows["measure"] == measure.hidden_with]
    gone = other[other["status"] == Status.SUPPRESSED.value]
    gone = pd.MultiIndex.from_frame(gone[key])
    mine = (rows["measure"] == measure.id).to_numpy()
    return _hide(rows, mine & pd.MultiIndex.from_frame(rows[key]).isin(gone))


# --- what it costs ------------------------------------------------------------------------------


def _tell(
    protected: Protected,
    dataset: Dataset,
    catalog: Catalog,
    register: dict[str, Region],
    public: set[int],
    section: Section,
) -> None:
    """What protection hides of each division at each level, and which coarser one hides less."""
    assert protected.rule is not None  # of what was public before nothing is told
    section.add(
        "info",
        f"{dataset.name}: {number(protected.hidden)} von {number(protected.cells)} eigenen Werten "
        f"verborgen ({_share(protected.hidden, protected.cells)}), Mindestfallzahl "
        f"{protected.rule.minimum}",
    )
    if protected.exposed:
        section.add(
            "warning",
            f"{dataset.name}: nicht mehr zurückzunehmen: "
            + quantity(protected.exposed, "kleiner Wert", "kleine Werte")
            + " aus früheren Datenständen",
        )
    costs = cross_costs(protected.rows, dataset, register, public)
    for (level, cross), (cells, hidden) in costs.items():
        if not cross or hidden <= _DEAR * cells:
            continue
        names = [catalog.dimensions[id].name for id in dataset.dimensions if id in cross]
        coarser = [
            (costs[level, cross - {id}][1] / costs[level, cross - {id}][0], id)
            for id in cross
            if costs.get((level, cross - {id}), (0, 0))[0]
        ]
        advice = ""
        if coarser and min(coarser)[0] < hidden / cells:
            share, id = min(coarser)
            advice = (
                f"; ohne die Aufteilung nach „{catalog.dimensions[id].name}“ wären es "
                f"{_share(share, 1)}. Nächster Schritt: in der Definition des Datensatzes "
                f"„{dataset.id}“ unter [[dataset.restrictions]] festlegen, welche Aufteilungen "
                "nicht zugleich veröffentlicht werden"
            )
        section.add(
            "info",
            f"{dataset.name}, {LEVELS[level]} × {listing(names)}: "
            f"{_share(hidden, cells)} der Werte verborgen{advice}",
        )


def _share(part: float, whole: float) -> str:
    return f"{number(100 * part / whole if whole else 0, 1)} %"


def cross_costs(
    rows: pd.DataFrame, dataset: Dataset, register: dict[str, Region], public: set[int]
) -> dict[tuple[str, frozenset[str]], tuple[int, int]]:
    """(level, dimensions divided by) → own values, and how many of them are hidden."""
    own = rows[~rows["source"].isin(public)]
    level = own["region"].map(lambda id: register[id].level).to_numpy()
    hidden = (own["status"] == Status.SUPPRESSED.value).to_numpy()
    bits = sum(
        ((own[id] != TOTAL).to_numpy().astype(np.int64) << i)
        for i, id in enumerate(dataset.dimensions)
    )
    bits = bits if isinstance(bits, np.ndarray) else np.zeros(len(own), np.int64)
    table = pd.DataFrame({"level": level, "bits": bits, "hidden": hidden})
    return {
        (
            name,
            frozenset(id for i, id in enumerate(dataset.dimensions) if int(bit) >> i & 1),
        ): (len(group), int(group["hidden"].sum()))
        for (name, bit), group in table.groupby(["level", "bits"])
    }
