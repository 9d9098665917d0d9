"""What is published of each dataset, and the systems that hang together.

One system is all divisions of the programme, all regions up to the joint ones, the sums that
indicators make of several categories, and measures of other datasets that count the same persons.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace

import numpy as np
import pandas as pd

from indicators.catalog.catalog import Catalog
from indicators.catalog.definition import TOTAL, sum_key
from indicators.catalog.meaning import Dataset, Measure, SameCount
from indicators.errors import BuildError
from indicators.protection import cube as cubes
from indicators.protection.cube import Axis
from indicators.protection.rules import PROFILES, Rule, strictest, tightened
from indicators.publishing.patterns import Job, Table
from indicators.publishing.processes import Pool
from indicators.publishing.protected_rows import (
    NUMBERS,
    axis_of,
    category_sums,
    certain_cells,
    dotted_before,
    hide,
    hide_with,
    is_sum,
    lists_of,
    measure_axis,
    measure_groups,
    near_regions,
    shown_before,
    summed_over,
    sums_of,
    worth_of,
)
from indicators.regions import Region
from indicators.symbols import Status


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


@dataclass(frozen=True)
class Programme:
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
            axes = [*axes, measure_axis(group)]
            rows = rows.assign(measure=rows["measure"].where(rows["measure"] != whole, TOTAL))
        return Table(f"{self.dataset.name}, {group[0].name}", rows, tuple(axes))

    def protected(self, hidden: np.ndarray, exposed: np.ndarray, proofs: pd.DataFrame) -> Protected:
        dotted = self.every["label"].isin(hidden).to_numpy()
        made_of = hashlib.sha256(self.made_of.encode() + dotted.tobytes()).hexdigest()
        every = hide(self.every, dotted)
        for measure in self.dataset.measures:
            if measure.hidden_with:
                every = hide_with(every, measure, self.dataset)
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


def programmes_of(
    tables: Mapping[str, pd.DataFrame],
    made_of: Mapping[str, str],
    catalog: Catalog,
    register: dict[str, Region],
    public: set[int],
    earlier: Mapping[str, pd.DataFrame],
    pool: Pool,
) -> dict[str, Programme]:
    """The programmes of all datasets that have own rows, and of those linked with them."""
    calls, digests = [], []
    for together in linked_datasets(tables, catalog):
        own = {
            id: set(tables[id].loc[~tables[id]["source"].isin(public), "region"]) for id in together
        }
        rules = [rule_of(catalog.datasets[id], catalog) for id in together if own[id]]
        if not rules:
            continue
        near = near_regions(set().union(*own.values()), register)
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
    programmes: dict[str, Programme] = {}
    labels = 0
    for (id, *_), digest, programme in zip(calls, digests, found, strict=True):
        every = programme.every.assign(
            label=labels + np.arange(len(programme.every)),
            value_before=shown_before(programme.every, programme.dataset, earlier.get(id)),
            dot_before=dotted_before(programme.every, programme.dataset, earlier.get(id)),
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
) -> Programme:
    """The programme of one dataset, without labels and what was seen of it before: these change
    with other datasets and with each release."""
    dataset = catalog.datasets[id]
    dimensions = [catalog.dimensions[name] for name in dataset.dimensions]
    lists = category_sums(dataset, catalog)
    beside = rows[rows["region"].isin(near)]
    beside = beside.assign(known=beside["source"].isin(public) & ~summed_over(beside))
    sums = sums_of(beside, dataset, dimensions, lists, register, public)
    sums = sums if rule else sums.iloc[:0]
    beside = as_published(beside, dataset, register)
    sums = as_published(sums, dataset, register)
    others = rows.loc[rows.index.difference(beside.index)]
    every = pd.concat([beside, sums])
    return Programme(
        dataset=dataset,
        public=frozenset(public),
        rule=rule,
        others=others[others["source"].isin(public)],
        every=every.assign(
            certain=certain_cells(every, dataset, rule.group if rule else 0),
            worth=worth_of(every, dataset, catalog, register),
        ),
        first_sum=len(beside),
        axes=[axis_of(d, lists_of(lists, d.id)) for d in dimensions],
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
        summed = {id: is_sum(rows[id]).to_numpy() for id in dataset.dimensions}
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


def jobs_of(
    programmes: dict[str, Programme], catalog: Catalog, register: dict[str, Region]
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
        regions |= near_regions(regions, register)
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


def _made_of(keys: list[tuple], programmes: dict[str, Programme]) -> str:
    """What tables of the same persons follow from: the programmes of their datasets (and which of
    their measures they are), with all that these follow from."""
    each = [programmes[id].made_of for id, _ in keys]
    return repr([keys, each]) if all(each) else ""


def _same_rows(
    ours: Programme,
    measure: str,
    same: SameCount,
    theirs: Programme,
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
    here = rows["status"].isin(NUMBERS).to_numpy() & found["status"].isin(NUMBERS).to_numpy()
    differ = here & (rows["value"].to_numpy() != found["value"].to_numpy())
    lacking = found["other"].isna().to_numpy()
    # regions that the other dataset knows nothing of say nothing there
    elsewhere = lacking & ~found["region"].isin(others["region"]).to_numpy()
    pairs = found.loc[~differ & ~elsewhere, ["label", "other"]]
    unlisted = lacking & ~elsewhere
    more = _missing_rows(found.loc[unlisted, on], rows[unlisted], same.measure)
    return pairs, more


def _missing_rows(places: pd.DataFrame, ours: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Rows that the other dataset does not have of `places` and that count the same as ours."""
    return places.assign(
        start=ours["start"].to_numpy(),
        measure=measure,
        value=np.nan,
        status=cubes.UNPUBLISHED,
        flags="",
        source=ours["source"].to_numpy(),
        known=ours["known"].to_numpy(),
        value_before=ours["value_before"].to_numpy(),
        dot_before=False,
        certain=False,
    )


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
