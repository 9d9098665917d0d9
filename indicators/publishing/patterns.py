"""What is hidden of tables of the same persons, period by period, and what of it stays as it was.

A pattern of dots is a function of two things: the tables with all that applies to them (`Tables`),
and what was known when it was chosen (`Knowledge`). Where a build finds the same tables as one
before, and nothing is known of them but what was known then and what that pattern itself shows, it
takes the pattern over with its witnesses, and proves it again in whole numbers. Nothing that is
kept is believed: what does not prove itself is computed anew.

Tables that are the same in all periods, and of which the same is known, are not even looked at
again: what this very office found (see `results`) is taken over. It is written with its witnesses,
and the finished file is checked against these in whole numbers, as after every build.
"""

import hashlib
import pickle
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from indicators.errors import BuildError
from indicators.protection import cube as cubes
from indicators.protection import suppress
from indicators.protection.cube import Axis
from indicators.protection.rules import Rule
from indicators.publishing import kept
from indicators.publishing.kept import Judged, Kept, Knowledge
from indicators.publishing.processes import Pool
from indicators.regions import Region

# Searches spent on giving back dots that are not needed, for each table.
_EFFORT = 200


@dataclass(frozen=True)
class Table:
    """One measure of a dataset with those that are parts of it: `rows` of all periods, with the
    column `measure` ("total" for the whole) as an axis if there are several. `label` numbers the
    rows of all tables (unpublished ones are negative); `known` marks rows that are public;
    `value_before` (NaN: nothing) is what was shown of them before, `dot_before` says that they were
    hidden in the release before."""

    name: str
    rows: pd.DataFrame
    axes: tuple[Axis, ...]


@dataclass(frozen=True)
class Job:
    """Tables of the same persons; `same` holds pairs of labels of rows that are equal. `made_of`
    says what all this follows from, in a digest ("": nobody knows)."""

    tables: tuple[Table, ...]
    same: np.ndarray
    register: dict[str, Region]
    rule: Rule
    made_of: str = ""

    @property
    def name(self) -> str:
        return self.tables[0].name

    @property
    def size(self) -> int:
        return sum(len(table.rows) for table in self.tables)

    @property
    def labels(self) -> np.ndarray:
        """The labels of all rows."""
        return np.concatenate([table.rows["label"].to_numpy(np.int64) for table in self.tables])

    def by_place(self) -> "Job":
        """The same with the places of the rows for labels: whatever other jobs there are."""
        labels, first, tables = self.labels, 0, []
        for table in self.tables:
            rows = table.rows.assign(label=first + np.arange(len(table.rows)))
            tables.append(replace(table, rows=rows))
            first += len(rows)
        places = pd.Index(labels).get_indexer(self.same.ravel()).reshape(self.same.shape)
        return replace(self, tables=tuple(tables), same=places[(places >= 0).all(axis=1)])


@dataclass(frozen=True)
class Done:
    """Labels of rows that are hidden, and of small ones that were public before; each proof has
    labels and their moves (2 × n). `kept` is what the next build may take over, and `taken` how
    many periods of `periods` were."""

    hidden: np.ndarray
    exposed: np.ndarray
    proofs: list[np.ndarray]
    kept: list[Kept]
    taken: int
    periods: int

    def labelled(self, labels: np.ndarray) -> "Done":
        """With these labels for the places of rows."""
        proofs = [np.stack([labels[place], moves]) for place, moves in self.proofs]
        return replace(
            self, hidden=labels[self.hidden], exposed=labels[self.exposed], proofs=proofs
        )


@dataclass
class Memory:
    """Where builds before have kept patterns and audits (`stores`, the nearest first; `anew`:
    nothing but what was known then is taken from them, all is computed), files of the same kind
    that ship (`shipped`), and what this one adds: patterns, and audits without objections (digest →
    dataset → what was found)."""

    stores: Sequence[Path] = ()
    shipped: Sequence[Path] = ()
    anew: bool = False
    kept: list[Kept] = field(default_factory=list)
    audits: dict[str, dict[str, Judged]] = field(default_factory=dict)
    taken: int = 0
    periods: int = 0

    def add(self, done: Done) -> None:
        self.kept += done.kept
        self.taken += done.taken
        self.periods += done.periods


def protect(
    jobs: list[Job], memory: Memory, progress: Callable[[str], None], pool: Pool
) -> list[Done]:
    """The jobs' results in their order; the longest are begun first. Raises BuildError where a
    table cannot be protected."""
    every = [job.labels for job in jobs]
    jobs = [job.by_place() for job in jobs]
    found = {index: one for index, job in enumerate(jobs) if (one := _found_before(job, pool))}
    order = sorted(set(range(len(jobs))) - found.keys(), key=lambda index: -jobs[index].size)
    told = (*memory.stores, *memory.shipped), memory.anew
    calls = [(jobs[index], *told) for index in order]
    results = pool.each(_protect, calls, rows=sum(job.size for job, *_ in calls))
    for index, result in zip(order, results, strict=True):
        found[index] = result
        _keep(jobs[index], result, pool)
        progress(f"Schutz kleiner Zahlen: {jobs[index].name} ({len(found)} von {len(jobs)})")
    for index in range(len(jobs)):
        memory.add(found[index])
    return [found[index].labelled(labels) for index, labels in enumerate(every)]


def _found_before(job: Job, pool: Pool) -> Done | None:
    """What was found of the same tables, if no more is known of them now than what was known then
    and what the release shows that came of it."""
    kept = pool.results.read(_digest(job, pool)) if job.made_of else None
    if not kept:
        return None
    done, then = kept[0]
    now, value = _knowledge(job), _joined(job, "value", float)
    hidden = np.zeros(len(value), dtype=bool)
    hidden[done.hidden] = True
    return replace(done, taken=done.periods) if _still_all(then, now, value, hidden) else None


def _keep(job: Job, done: Done, pool: Pool) -> None:
    # a pattern that is not kept by itself is searched for in each build, with what is known then
    if job.made_of and len(done.kept) == done.periods:
        pool.results.keep(_digest(job, pool), pickle.dumps((done, _knowledge(job))))


def _digest(job: Job, pool: Pool) -> str:
    return pool.results.digest("pattern", job.made_of)


def _knowledge(job: Job) -> Knowledge:
    """What was known of the rows before; what stands beside follows from the pattern itself."""
    dots = _joined(job, "dot_before", bool)
    return Knowledge(_joined(job, "value_before", float), dots, np.zeros_like(dots))


def _joined(job: Job, column: str, kind: type) -> np.ndarray:
    return np.concatenate([table.rows[column].to_numpy(kind) for table in job.tables])


def _protect(job: Job, stores: tuple[Path, ...], anew: bool) -> Done:
    """The hidden rows of all periods, the oldest first, each with the year before in mind: a dot
    that stays where it was tells least."""
    none = np.zeros(0, np.int64)
    hidden, exposed, proofs, periods = [none], [none], [], []
    taken = 0
    dots = none
    job = _placed(job)
    rules = _digest_of_rules(job)
    every = pd.concat([table.rows[["start", "period"]] for table in job.tables])
    for period in every.sort_values(["start", "period"])["period"].unique():
        try:
            tables = Tables.of(job, period)
            now = tables.knowledge(dots)
            digest = tables.digest(rules)
            before = next(
                (
                    one
                    for store in stores
                    for one in kept.read(store, digest)
                    if still_all(one, now, tables.value)
                ),
                None,
            )
            pattern = None
            if before and anew:
                pattern = _searched(tables, before.knowledge)
                # kept by who knows whom: what was shown since is not what this pattern shows
                pattern = pattern if _alike(pattern, before) else None
            elif before:
                pattern = _taken_over(tables, before)
            taken += pattern is not None
            if pattern is None:
                before, pattern = None, _searched(tables, now)
        except BuildError as error:
            raise BuildError(f"{job.name}, {period}: {error}") from error
        labels, count = tables.labels, len(tables.labels)
        dotted = pattern.hidden[:count]
        hidden.append(labels[dotted])
        small = np.zeros(len(tables.cube), dtype=bool)
        small[pattern.exposed] = True
        exposed.append(labels[(small & ~tables.known)[:count]])
        for witness in pattern.witnesses:
            at = witness.cells < count
            proofs.append(np.stack([labels[witness.cells[at]], witness.moves[at]]))
        # what holds only because of a pattern before it is not kept: it would have to be believed
        if not pattern.limited and not pattern.loosened:
            knowledge = before.knowledge if before else now
            proved = tuple(pattern.witnesses), tuple(pattern.others)
            periods.append(Kept(digest, knowledge, pattern.hidden, *proved))
        dots = tables.places[dotted]
    return Done(
        np.concatenate(hidden),
        np.concatenate(exposed),
        proofs,
        periods,
        taken,
        every["period"].nunique(),
    )


# --- one period ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tables:
    """The tables of one period as protection reads them, and nothing else: `rows` of each (numbered
    by the column `table`, sources by their order), `same` pairs of places among the rows of all.
    `places` tell what a row is in every period. `value_before` and `dot_before` stand apart (each
    as long as all rows): what was known."""

    rows: tuple[pd.DataFrame, ...]
    axes: tuple[tuple[Axis, ...], ...]
    same: np.ndarray
    register: dict[str, Region]
    rule: Rule
    labels: np.ndarray
    places: np.ndarray
    value_before: np.ndarray
    dot_before: np.ndarray

    @classmethod
    def of(cls, job: Job, period: str) -> "Tables":
        found, axes, every = [], [], []
        for index, table in enumerate(job.tables):
            rows = table.rows[table.rows["period"] == period]
            if len(rows):
                every.append(rows)
                axes.append(table.axes)
                found.append(
                    pd.DataFrame(
                        {
                            "region": rows["region"].to_numpy(object),
                            "start": pd.to_datetime(rows["start"]).to_numpy("datetime64[ns]"),
                            **{a.id: rows[a.id].to_numpy(object) for a in table.axes},
                            "value": rows["value"].to_numpy(float),
                            "status": rows["status"].to_numpy(object),
                            "flags": rows["flags"].to_numpy(object),
                            "source": rows["source"].to_numpy(np.int64),
                            "known": rows["known"].to_numpy(bool),
                            "certain": rows["certain"].to_numpy(bool),
                            "worth": rows["worth"].to_numpy(float),
                            "table": index,
                        }
                    )
                )
        # which source it is says nothing: a delivery more gives all others another number
        sources = np.unique(np.concatenate([rows["source"] for rows in found]))
        found = [rows.assign(source=np.searchsorted(sources, rows["source"])) for rows in found]
        labels = np.concatenate([rows["label"].to_numpy(np.int64) for rows in every])
        place = [pd.Index(labels).get_indexer(job.same[:, i]) for i in (0, 1)]
        same = np.stack(place, axis=1)
        return cls(
            rows=tuple(found),
            axes=tuple(axes),
            same=same[(same >= 0).all(axis=1)],
            register=job.register,
            rule=job.rule,
            labels=labels,
            places=np.concatenate([rows["place"].to_numpy(np.int64) for rows in every]),
            value_before=np.concatenate([rows["value_before"].to_numpy(float) for rows in every]),
            dot_before=np.concatenate([rows["dot_before"].to_numpy(bool) for rows in every]),
        )

    def digest(self, rules: str) -> str:
        """A digest of all that decides which dots there are, but for what was known before; `rules`
        is that of what holds for all periods."""
        digest = hashlib.sha256(rules.encode())
        for rows, axes in zip(self.rows, self.axes, strict=True):
            digest.update(f"\n{len(rows)} {axes}\n".encode())
            for name in rows.columns:
                digest.update(kept.content(rows[name].to_numpy()))
        digest.update(np.ascontiguousarray(self.same, dtype=np.int64).tobytes())
        return digest.hexdigest()

    @cached_property
    def value(self) -> np.ndarray:
        """What is true of the rows, in persons."""
        return self.cube.value[: len(self.labels)]

    @cached_property
    def cube(self) -> cubes.Cube:
        made = [
            cubes.build(rows, list(axes), self.register)
            for rows, axes in zip(self.rows, self.axes, strict=True)
        ]
        if len(made) == 1:
            return made[0]
        ends = np.cumsum([len(cube.rows) for cube in made])
        one, other = self.same[:, 0], self.same[:, 1]
        table, of = np.searchsorted(ends, one, "right"), np.searchsorted(ends, other, "right")
        begins = np.r_[0, ends]
        same = [
            (i, (one - begins[i])[at], j, (other - begins[j])[at])
            for i in range(len(made))
            for j in range(len(made))
            if (at := (table == i) & (of == j)).any()
        ]
        return cubes.linked(made, same)

    @cached_property
    def known(self) -> np.ndarray:
        """Cells that are public, and those that follow from public ones."""
        known = np.zeros(len(self.cube), dtype=bool)
        known[: len(self.labels)] = self.cube.rows["known"].to_numpy(bool)
        return cubes.determined(self.cube, known) if known.any() else known

    def knowledge(self, dots: np.ndarray) -> Knowledge:
        """What is known now; `dots` are the places of those of the period before."""
        beside = np.isin(self.places, dots)
        return Knowledge(self.value_before, self.dot_before, beside)

    def earlier(self, knowledge: Knowledge) -> suppress.Earlier:
        cube, count = self.cube, len(self.labels)
        value = np.full(len(cube), np.nan)
        value[:count] = knowledge.value
        value = np.where(self.known, cube.value, value)
        hidden = np.zeros(len(cube), dtype=bool)
        hidden[:count] = knowledge.beside
        kept_dots = np.zeros(len(cube), dtype=bool)
        kept_dots[:count] = knowledge.dot
        # dots of the edition before stay if any number of the period was corrected since
        corrected = ~np.isnan(value) & ~np.isnan(cube.value) & (value != cube.value)
        stay = kept_dots if corrected.any() and kept_dots.any() else None
        return suppress.Earlier(self.known | ~np.isnan(value), value, hidden, stay)


def _placed(job: Job) -> Job:
    """The job with a column `place` in its tables: what a row is in every period, as a number."""
    first, tables = 0, []
    for table in job.tables:
        keys = ["region", *(axis.id for axis in table.axes)]
        place = table.rows.groupby(keys, sort=False, observed=True).ngroup().to_numpy(np.int64)
        tables.append(replace(table, rows=table.rows.assign(place=first + place)))
        first += len(place)
    return replace(job, tables=tuple(tables))


def _digest_of_rules(job: Job) -> str:
    """What holds for all periods: the engine, the rule, and where regions lie."""
    lines = [kept.engine(), repr(job.rule), *map(repr, job.register.values())]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def still_all(one: Kept, now: Knowledge, value: np.ndarray) -> bool:
    """Whether nothing is known now but what was known when a pattern was chosen, and what that
    pattern shows (of rows with these true numbers)."""
    then = one.knowledge
    if len(then.value) != len(now.value) or len(one.hidden) < len(value):
        return False
    return _still_all(then, now, value, one.hidden[: len(value)])


def _still_all(then: Knowledge, now: Knowledge, value: np.ndarray, hidden: np.ndarray) -> bool:
    as_then = _equal(now.value, then.value)
    shown_since = (now.value == value) & ~hidden & np.isnan(then.value)
    shown_since |= (now.value == value) & ~hidden & (then.value != value)
    # a dot that must stay where something was corrected
    dots = not np.any(now.dot & ~hidden & ~then.dot)
    return bool(np.all(as_then | shown_since)) and dots


def _equal(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    return (one == other) | (np.isnan(one) & np.isnan(other))


def _searched(tables: Tables, knowledge: Knowledge) -> suppress.Pattern:
    """What is hidden of a period. Where the dots of the edition before cannot all stay, any may go:
    the audit says whether that tells something."""
    earlier = tables.earlier(knowledge)
    try:
        return suppress.protect(tables.cube, tables.rule, earlier, effort=_EFFORT)
    except BuildError:
        if earlier.kept is None:
            raise
    free = replace(earlier, kept=None)
    found = suppress.protect(tables.cube, tables.rule, free, effort=_EFFORT)
    return replace(found, loosened=True)


def _taken_over(tables: Tables, one: Kept) -> suppress.Pattern | None:
    """A kept pattern, if its witnesses prove it for these tables."""
    if len(one.hidden) != len(tables.cube):
        return None
    earlier = tables.earlier(one.knowledge)
    proofs = list(one.witnesses), list(one.others)
    return suppress.confirmed(tables.cube, tables.rule, earlier, one.hidden, *proofs)


def _alike(pattern: suppress.Pattern, one: Kept) -> bool:
    return np.array_equal(pattern.hidden, one.hidden)
