"""From what is public to a system of sums: published rows and public hierarchies, nothing else.

A cell is a region, a period and a category of each dimension. Shown cells are constants, hidden
ones unknowns; so is a cell nobody publishes that belongs to a sum ("andere", a sex left out), and
whatever a whole has beside a "darunter" or beside the parts that are listed. Sums run over every
dimension that is a partition and from every region to its parts, in every edition of the same
period. Cells of two datasets that count the same persons are equal. Further published figures
(rates, means, sums over years) are added as such.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse

from indicators.definition import TOTAL, sum_key
from indicators.meaning import Dataset, Dimension, SameCount
from indicators.protection.audit_solve import System
from indicators.regions import Region
from indicators.symbols import Status

# A kind of sum that fails in more than this share of the cases all can see is no sum at all: two
# publishers, or other people counted. An attacker would not rely on it either.
_FAILING = 0.05
# Inner cells of crosses that meet in a circle are modelled up to so many a region and period.
_MOST_INNER = 2_000
# What is left of a whole without a category, and of a region without the parts that are listed.
WITHOUT = "not "
_UNLISTED = "others "
_HIDDEN = (Status.SECRET.value, Status.SUPPRESSED.value)
_NOTHING = (Status.NOT_APPLICABLE.value, Status.DISSOLVED.value)


class Parts(Dimension):
    """Measures that count some of the persons of another, as a dimension of that one. `within`
    names the part that another part is contained in, where that is not the whole."""

    within: dict[str, str] = {}


class Cell(NamedTuple):
    """One count as the public names it; `categories` are (dimension, category) pairs in order of
    the dataset's dimensions, "total" where it is not divided. `edition` tells a revised figure of
    an earlier edition apart."""

    dataset: str
    measure: str
    region: str
    period: str
    categories: tuple[tuple[str, str], ...] = ()
    edition: str = ""


@dataclass(frozen=True)
class Published:
    """A figure made of several cells: low ≤ Σ factor × cell ≤ high, and what it is called.

    A three-year mean of 2.3 with one decimal is 2.25 ≤ Σ 1/3 × cell ≤ 2.35; a rate is `rate`."""

    terms: tuple[tuple[Cell, float], ...]
    low: float
    high: float
    words: str


def rounded(value: float, decimals: int) -> tuple[float, float]:
    """Between which numbers something lies that is published with so many decimals."""
    half = 0.5 * 10**-decimals
    return value - half, value + half


def rate(
    numerator: Sequence[tuple[Cell, float]],
    denominator: Sequence[tuple[Cell, float]],
    value: float,
    decimals: int,
    words: str,
    factor: float = 100,
) -> list[Published]:
    """What a published rate says: low × denominator ≤ factor × numerator ≤ high × denominator."""
    low, high = rounded(value, decimals)
    above = [(cell, factor * weight) for cell, weight in numerator]
    return [
        Published(
            (*above, *((cell, -low * weight) for cell, weight in denominator)), 0, np.inf, words
        ),
        Published(
            (*above, *((cell, -high * weight) for cell, weight in denominator)), -np.inf, 0, words
        ),
    ]


@dataclass(frozen=True)
class Edition:
    """One published state: a frame for each dataset, in the columns of a release (region, period,
    start, dimensions; of each measure its value, _status, _flags, _source)."""

    id: str
    frames: Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class Marks:
    """Which counts a mark may stand for. A suppressed cell counts at least one if every true zero
    is shown as one; a publisher's own dot may stand for zero."""

    suppressed_least: int = 1
    secret_least: int = 0


@dataclass
class Model:
    """The system with names: `cells` (a frame with one row per unknown or constant: the columns of
    Cell, `hidden`, `own` (a publisher's own dot), `shown`, `implied`, `earlier`, `public`), `sums`
    names each row of the matrix: kind and, for a published figure, its words. `before` are the same
    cells as they were known before the last edition: from its public sources and from the editions
    before it; None where nothing was known. `links` are the rows of the matrix that make cells of
    two datasets equal (row, region, period); `divided` are wholes of the last edition that may be
    all in one category (whole and part: places in `cells`; number: one for each whole and
    dimension)."""

    cells: pd.DataFrame
    system: System
    sums: list[str]
    before: System | None = None
    links: pd.DataFrame | None = None
    divided: pd.DataFrame | None = None
    notes: list[str] = field(default_factory=list)
    contradictions: list[str] = field(default_factory=list)
    blocks: list = field(default_factory=list)
    starts: list[int] = field(default_factory=list)

    def without(self, rows: np.ndarray) -> "Model":
        """The model without these rows of the matrix."""
        kept = ~np.isin(np.arange(len(self.sums)), rows)
        number = np.cumsum(kept) - 1
        links = self.links[kept[self.links["row"].to_numpy(int)]]
        return replace(
            self,
            system=self.system.with_rows(kept),
            sums=[text for text, is_kept in zip(self.sums, kept, strict=True) if is_kept],
            links=links.assign(row=number[links["row"].to_numpy(int)]),
            notes=list(self.notes),
        )

    def persons(self) -> np.ndarray:
        """A number for each cell, the same for cells that two datasets have of the same persons."""
        equal = self.system.matrix[self.links["row"].to_numpy(int)]
        _, group = sparse.csgraph.connected_components(abs(equal).T @ abs(equal), directed=False)
        return group

    def cell(self, index: int) -> Cell:
        row, pairs = self.cells.iloc[index], self.categories(index)
        return Cell(
            row["dataset"], row["measure"], row["region"], row["period"], pairs, row["edition"]
        )

    def categories(self, index: int) -> tuple[tuple[str, str], ...]:
        """The (dimension, category) pairs of a cell."""
        at = int(np.searchsorted(self.starts, index, side="right")) - 1
        return self.blocks[at].digits(index - self.starts[at])


def build(
    editions: Sequence[Edition],
    datasets: Mapping[str, Dataset],
    dimensions: Mapping[str, Dimension],
    regions: Mapping[str, Region],
    marks: Marks | Mapping[tuple[str, str], Marks],
    published: Sequence[Published] = (),
    measures: Sequence[tuple[str, str]] | None = None,
    public: frozenset[int] = frozenset(),
) -> Model:
    """The system of everything that is public and counts something (amounts of money and ready-made
    ratios are left out). Editions are oldest first; the last is in force. `marks` may differ by
    (dataset, measure); `measures` restricts it to some of those pairs."""
    blocks: dict[tuple[str, str], _Block] = {}
    sums = families(regions)
    for id, dataset in datasets.items():
        own = [dimensions[name] for name in dataset.dimensions]
        for measure in dataset.measures:
            wanted = measures is None or (id, measure.id) in measures
            frames = [
                (edition.id, _rows(edition.frames[id], measure.id, public))
                for edition in editions
                if id in edition.frames and measure.id in edition.frames[id]
            ]
            counts = measure.additive and measure.unit == "Anzahl"
            mentioned = {
                cell
                for figure in published
                for cell, _ in figure.terms
                if (cell.dataset, cell.measure) == (id, measure.id)
            }
            if counts and wanted and frames and (mentioned or any(len(f) for _, f in frames)):
                blocks[id, measure.id] = _Block(
                    dataset, measure.id, own, regions, frames, mentioned, sums
                )
    links = [
        _Link(block, blocks[same.dataset, same.measure], same)
        for block in blocks.values()
        for same in block.dataset.measure(block.measure).same_as
        if (same.dataset, same.measure) in blocks
    ]
    # a cell of one dataset belongs to the sums of the other, shown there or not; that one's other
    # datasets hear of it the second time
    for link in 2 * links:
        link.expect()
    for key, block in blocks.items():
        block.add_up(marks[key] if isinstance(marks, Mapping) else marks)
    return _together(list(blocks.values()), published, links)


def _rows(frame: pd.DataFrame, measure: str, public: frozenset[int]) -> pd.DataFrame:
    """Region, period, start, dimensions as they are; value, status and flags of one measure, and
    whether its source is a public one. Rows the measure has no source for are no rows."""
    names = {measure: "value", f"{measure}_status": "status", f"{measure}_flags": "flags"}
    if f"{measure}_source" in frame:
        frame = frame[frame[f"{measure}_source"] >= 0]
        frame = frame.assign(public=frame[f"{measure}_source"].isin(public))
    other = [c for c in frame.columns if c not in names]
    rows = frame[[*other, *(c for c in names if c in frame)]].rename(columns=names)
    for name, default in (("flags", ""), ("public", False)):
        if name not in rows:
            rows = rows.assign(**{name: default})
    return rows.reset_index(drop=True)


class _Block:
    """One measure of one dataset in all editions, as numbers: a key for each cell."""

    def __init__(self, dataset, measure, dimensions, regions, frames, mentioned, sums):
        self.dataset, self.measure, self.dimensions = dataset, measure, dimensions
        self.register, self.families = regions, sums
        self.notes: list[str] = []
        self.contradictions: list[str] = []
        everything = pd.concat([frame for _, frame in frames], ignore_index=True)
        named = {cell.region for cell in mentioned}
        listed = dict.fromkeys([*everything["region"], *sorted(named), *regions])
        self.regions = pd.Index([*listed, *(unlisted(whole, level) for whole, level, *_ in sums)])
        times = dict.fromkeys([*everything["period"], *sorted({c.period for c in mentioned})])
        self.periods = pd.Index(times)
        starts = (
            everything.drop_duplicates("period").set_index("period")["start"]
            if "start" in everything
            else pd.Series(dtype="datetime64[ns]")
        )
        self.starts = [starts.get(period) for period in self.periods]
        self.axes = [_Axis(d, everything.get(d.id, pd.Series())) for d in dimensions]
        self.categories = [axis.names for axis in self.axes]
        radix = [len(c) for c in self.categories]
        self.weights = np.array(
            [int(np.prod(radix[:i])) for i in range(len(radix))], dtype=np.int64
        )
        self.size = int(np.prod(radix, dtype=np.int64)) if radix else 1
        self.row = self.size * len(self.periods)
        self.span = self.row * len(self.regions)
        self.frames = [(id, self._coded(frame)) for id, frame in frames]
        self.expect(np.array([self.key(c) for c in mentioned], int))

    def expect(self, keys: np.ndarray) -> None:
        """Cells that belong to what is published, if only in another table."""
        id, last = self.frames[-1]
        self.frames[-1] = (id, _unknown(last, keys))

    def has_region(self, keys: np.ndarray) -> np.ndarray:
        """Which cells lie in a region and period of which the last edition says something."""
        places = np.unique(self.published() // self.size)
        return np.isin(keys // self.size, places)

    def add_up(self, marks: Marks) -> None:
        """Works out states and sums, when all cells are known."""
        self._inner()
        self._states(marks)
        self._sums()

    def key(self, cell: Cell) -> int:
        place = self.regions.get_loc(cell.region) * len(self.periods)
        place += self.periods.get_loc(cell.period)
        told = dict(cell.categories)
        digits = [
            c.get_loc(told.get(d.id, TOTAL))
            for d, c in zip(self.dimensions, self.categories, strict=True)
        ]
        return place * self.size + int(np.dot(digits, self.weights)) if digits else place

    def _coded(self, frame: pd.DataFrame) -> pd.DataFrame:
        place = self.regions.get_indexer(frame["region"]).astype(np.int64) * len(self.periods)
        place += self.periods.get_indexer(frame["period"])
        key = place * self.size
        for dimension, categories, weight in zip(
            self.dimensions, self.categories, self.weights, strict=True
        ):
            key += categories.get_indexer(frame[dimension.id]) * weight
        coded = pd.DataFrame(
            {
                "key": key,
                "value": frame["value"].to_numpy(float),
                "status": frame["status"].to_numpy(object),
                "flags": frame["flags"].astype(object).fillna("").to_numpy(object),
                "public": frame["public"].to_numpy(bool),
            }
        )
        return coded.drop_duplicates("key")

    def _inner(self) -> None:
        """Crosses that meet in a circle (A×B, A×C, B×C) bound each other through the cells of
        A×B×C, which nobody publishes: they are added where something is hidden."""
        crosses = [frozenset(cross) for cross in self.dataset.crosses]
        rest = _circle(crosses)
        if len(rest) < 2:
            return
        joint = frozenset().union(*rest)
        wanted = [i for i, d in enumerate(self.dimensions) if d.id in joint]
        if any(not self.dimensions[i].partition for i in wanted):
            return
        choices = [
            np.array([n for n, c in enumerate(self.dimensions[i].categories, 1) if not c.subset])
            for i in wanted
        ]
        if np.prod([len(c) for c in choices]) > _MOST_INNER:
            self.notes.append(
                f"{self.dataset.name}: die Kreuzungen hängen im Kreis zusammen; ihre inneren "
                "Felder sind zu viele und nicht mitgerechnet"
            )
            return
        grid = np.stack(np.meshgrid(*choices, indexing="ij"), axis=-1).reshape(-1, len(wanted))
        # every cell between the crosses and the finest, so that each sum has one dimension less
        digits = [grid]
        for size in range(2, len(wanted)):
            for kept in combinations(range(len(wanted)), size):
                if not any(
                    joint & frozenset(self.dimensions[wanted[i]].id for i in kept) <= c
                    for c in crosses
                ):
                    digits.append(
                        np.unique(np.where(np.isin(range(len(wanted)), kept), grid, 0), axis=0)
                    )
        offsets = np.concatenate(digits) @ self.weights[wanted]
        for number, (id, frame) in enumerate(self.frames):
            places = np.unique(frame["key"][frame["status"].isin(_HIDDEN)] // self.size)
            keys = (places[:, None] * self.size + offsets[None, :]).ravel()
            self.frames[number] = (id, _unknown(frame, keys))

    def _states(self, marks: Marks) -> None:
        """What each cell is known to be, over all editions; a region that an edition states
        otherwise than a later one is revised: its older figures are cells of their own."""
        known: pd.DataFrame | None = None
        parts = []
        self.moves = []
        for number in range(len(self.frames) - 1, -1, -1):
            id, frame = self.frames[number]
            low, high = _bounds(frame, marks)
            told = frame.assign(low=low, high=high, edition=number)
            shown = frame["status"].isin(("ok", "zero"))
            moved = np.array([], dtype=np.int64)
            if known is not None:
                both = told[shown.to_numpy()].merge(known, on="key", suffixes=("", "_later"))
                differs = (both["low"] > both["high_later"]) | (both["high"] < both["low_later"])
                moved = np.unique(both.loc[differs, "key"] // self.size)
            self.moves.insert(0, moved)
            told = told.assign(key=self._moved(told["key"].to_numpy(), number, moved))
            parts.append(told)
            later = told.loc[shown.to_numpy() & (told["key"] < self.span), ["key", "low", "high"]]
            known = later if known is None else pd.concat([known, later]).drop_duplicates("key")
        every = pd.concat(parts, ignore_index=True)  # newest first
        grouped = every.groupby("key", sort=True)
        state = grouped.first()
        state["low"], state["high"] = grouped["low"].max(), grouped["high"].min()
        hidden = state["status"].isin(_HIDDEN)
        known = every[every["public"] | (every["edition"] < len(self.frames) - 1)].groupby("key")
        self.state = state.assign(
            known_low=known["low"].max().reindex(state.index, fill_value=0.0),
            known_high=known["high"].min().reindex(state.index, fill_value=np.inf),
            hidden=hidden,
            own=state["status"] == Status.SECRET.value,
            shown=state["status"].isin(("ok", "zero", "rounded_zero")),
            implied=False,
            earlier=hidden & (state["low"] == state["high"]),
        )

    def _moved(self, keys: np.ndarray, edition: int, moved: np.ndarray) -> np.ndarray:
        if not len(moved):
            return keys
        return np.where(np.isin(keys // self.size, moved), keys + (edition + 1) * self.span, keys)

    def by_dimension(self):
        return zip(self.dimensions, self.axes, self.weights, strict=True)

    def published(self) -> np.ndarray:
        """The keys of the last edition's cells."""
        return self.frames[-1][1]["key"].to_numpy()

    # --- sums ------------------------------------------------------------------------------------

    def _sums(self) -> None:
        """`rows`, `columns`, `factors` are the entries of all sums, `kinds` the kind of each.
        `asked` says that a sum has an unknown, `asked_before` that it had one before this edition;
        sums with neither are left out."""
        found: list[tuple[str, np.ndarray, np.ndarray, np.ndarray]] = []
        for number, (_, frame) in enumerate(self.frames):
            moved = self.moves[number]
            # of the last edition in the end
            self.partitions: list[tuple[str, np.ndarray, np.ndarray, np.ndarray]] = []
            found += [
                (kind, self._moved(parent, number, moved), self._moved(part, number, moved), group)
                for kind, parent, part, group in self._all_sums(frame)
            ]
        have = self.state.index.to_numpy()
        new = np.unique(np.concatenate([part for _, _, part, _ in found] or [have[:0]]))
        self.add(new[~np.isin(new, have)])
        have = self.state.index.to_numpy()
        low, high = self.state["low"].to_numpy(), self.state["high"].to_numpy()
        known_low = self.state["known_low"].to_numpy()
        free_before = known_low < self.state["known_high"].to_numpy()
        self.kinds, rows, columns, factors = [], [], [], []
        asked, asked_before = [], []
        self.holding: set[str] = set()
        count = 0
        seen: dict[str, pd.DataFrame] = {}
        for kind, parent, part, group in self._judged(found, have, low, high):
            size = len(parent)
            at_parent, at_part = np.searchsorted(have, parent), np.searchsorted(have, part)
            self.holding.add(kind)
            # the same sum in a second edition says nothing new
            added = np.bincount(group, part.astype(float), minlength=size)
            marks = pd.DataFrame({"parent": parent, "added": added})
            before = seen.get(kind, marks.iloc[:0])
            seen[kind] = pd.concat([before, marks])
            new = ~seen[kind].duplicated().to_numpy()[len(before) :]
            unknown = [
                new & (free[at_parent] | (np.bincount(group, free[at_part], minlength=size) > 0))
                for free in (low < high, free_before)
            ]
            useful = unknown[0] | unknown[1]
            asked.append(unknown[0][useful])
            asked_before.append(unknown[1][useful])
            renumbered = np.cumsum(useful) - 1 + count
            inside = useful[group]
            rows += [renumbered[useful], renumbered[group[inside]]]
            columns += [at_parent[useful], at_part[inside]]
            factors += [np.full(int(useful.sum()), -1.0), np.ones(int(inside.sum()))]
            self.kinds += [kind] * int(useful.sum())
            count += int(useful.sum())
        empty = [np.array([], dtype=np.int64)]
        self.rows = np.concatenate(rows or empty)
        self.columns = np.concatenate(columns or empty)
        self.factors = np.concatenate(factors or empty).astype(float)
        self.asked = np.concatenate(asked or empty).astype(bool)
        self.asked_before = np.concatenate(asked_before or empty).astype(bool)

    def add(self, keys: np.ndarray) -> None:
        """Cells nobody publishes, at least 0."""
        if not len(keys):
            return
        new = pd.DataFrame(
            {
                "value": np.nan,
                "status": "",
                "flags": "",
                "low": 0.0,
                "high": np.inf,
                "edition": len(self.frames) - 1,
                "known_low": 0.0,
                "known_high": np.inf,
                "public": False,
                "hidden": False,
                "own": False,
                "shown": False,
                "implied": True,
                "earlier": False,
            },
            index=pd.Index(keys, name="key"),
        )
        self.state = pd.concat([self.state, new]).sort_index()

    def _judged(self, found, have, low, high):
        """Kinds of sums that hold where everything is shown; the others are told and left out."""
        told = self.state["shown"].to_numpy()
        # what is left of a whole is never shown, but not less than nobody
        told_part = told | self._left(have)
        most_of = np.where(np.isfinite(high), high, 1e15)
        for kind, parent, part, group in found:
            at_parent, at_part = np.searchsorted(have, parent), np.searchsorted(have, part)
            size = len(parent)
            all_shown = told[at_parent] & (
                np.bincount(group, ~told_part[at_part], minlength=size) == 0
            )
            least = np.bincount(group, low[at_part], minlength=size)
            most = np.bincount(group, most_of[at_part], minlength=size)
            wrong = all_shown & ((least > high[at_parent] + 1e-6) | (most < low[at_parent] - 1e-6))
            checked, failing = int(all_shown.sum()), int(wrong.sum())
            if failing > max(1, checked * _FAILING):
                self.notes.append(
                    f"{self.dataset.name}, {self.measure}: Summe über {kind} geht in {failing} "
                    f"von {checked} gezeigten Fällen nicht auf und gilt nicht als Gleichung"
                )
                continue
            if failing:
                self.contradictions.append(
                    f"{self.dataset.name}, {self.measure}: Summe über {kind} geht in {failing} "
                    f"von {checked} gezeigten Fällen nicht auf"
                )
            yield kind, parent, part, group

    def _left(self, keys: np.ndarray) -> np.ndarray:
        """Which cells are what is left of a whole."""
        keys = keys % self.span
        found = self.regions.str.startswith(_UNLISTED)[keys // self.row]
        for axis, weight in zip(self.axes, self.weights, strict=True):
            found = found | axis.is_left[keys // weight % len(axis.names)]
        return found

    def _all_sums(self, frame: pd.DataFrame):
        """Each kind of sum: (kind, key of each whole, keys of parts, number of their whole)."""
        near = self._near(frame)
        keys = self._completed(np.sort(frame["key"].to_numpy()), near)
        for i, dimension in enumerate(self.dimensions):
            yield from self._over_dimension(i, dimension, keys)
        dissolved = frame["key"][frame["status"] == Status.DISSOLVED.value].to_numpy()
        yield from self._over_regions(keys, dissolved, near)

    def _near(self, frame: pd.DataFrame) -> np.ndarray:
        """bool[regions, periods]: where something is not public or hidden, and what that is a part
        of. Elsewhere all is said, and what is left of it is public as well."""
        near = np.zeros((len(self.regions), len(self.periods)), dtype=bool)
        asked = ~frame["public"].to_numpy(bool) | frame["status"].isin(_HIDDEN).to_numpy()
        places = frame["key"].to_numpy()[asked] // self.size
        near[places // len(self.periods), places % len(self.periods)] = True
        above = near.copy()
        for whole, _, parts, _ in self.families:
            above[self.regions.get_loc(whole)] |= near[self.regions.get_indexer(parts)].any(axis=0)
        return above

    def _completed(self, keys: np.ndarray, near: np.ndarray) -> np.ndarray:
        """With what is left of every whole without a category that is a "darunter", also where two
        of them cross: neither one nor the other."""
        for axis, weight in zip(self.axes, self.weights, strict=True):
            digit = keys // weight % len(axis.names)
            inside = (axis.left[digit] > 0) & near.ravel()[keys // self.size]
            part, digit = keys[inside], digit[inside]
            there = np.isin(part + (axis.around[digit] - digit) * weight, keys)
            part, digit = part[there], digit[there]
            keys = np.union1d(keys, part + (axis.left[digit] - digit) * weight)
        return keys

    def _over_dimension(self, i: int, dimension: Dimension, keys: np.ndarray):
        axis, weight = self.axes[i], int(self.weights[i])
        digit = keys // weight % len(axis.names)
        # a sum of categories that is published as such: "a+b"
        for n in np.flatnonzero(axis.names.str.contains("+", regex=False)):
            at = axis.names.get_indexer(axis.names[n].split("+"))
            wholes = keys[digit == n]
            if len(wholes) and np.all(at > 0):
                part = ((wholes - n * weight)[:, None] + at[None, :] * weight).ravel()
                group = np.repeat(np.arange(len(wholes)), len(at))
                yield f"{dimension.name} (Summe)", wholes, part, group
        parts = np.flatnonzero(axis.counted)
        present = keys[axis.counted[digit]]
        wholes = np.unique(present - digit[axis.counted[digit]] * weight)
        wholes = wholes[np.isin(wholes, keys)]
        if len(wholes) and len(parts):
            part = (wholes[:, None] + parts[None, :] * weight).ravel()
            group = np.repeat(np.arange(len(wholes)), len(parts))
            self.partitions.append((dimension.name, wholes, part, group))
            yield dimension.name, wholes, part, group
        # a "darunter" and what is left of its whole
        left = keys[axis.is_left[digit]]
        if len(left):
            own = left // weight % len(axis.names)
            subset = left + (axis.of[own] - own) * weight
            whole = left + (axis.around[axis.of[own]] - own) * weight
            part = np.stack([subset, left], axis=1).ravel()
            yield f"{dimension.name} (darunter)", whole, part, np.repeat(np.arange(len(left)), 2)

    def _over_regions(self, keys: np.ndarray, dissolved: np.ndarray, near: np.ndarray):
        region, rest = keys // self.row, keys % self.row
        listed = pd.DataFrame({"region": region, "rest": rest})
        gone = set(np.unique(dissolved // self.size).tolist())
        first = np.searchsorted(region, np.arange(len(self.regions) + 1))
        for whole, level, parts, complete in self.families:
            number = self.regions.get_loc(whole)
            own = rest[first[number] : first[number + 1]]
            if not len(own):
                continue
            codes = self.regions.get_indexer(parts)
            others = self.regions.get_loc(unlisted(whole, level))
            inside = listed[listed["region"].isin(codes)]
            wanted = np.intersect1d(own, inside["rest"].unique())
            period = wanted // self.size
            lists = []
            for p in np.unique(period):
                cells = wanted[period == p]
                rows_of = inside[(inside["rest"] // self.size == p)]
                named = set(rows_of["region"].unique().tolist())
                # offices recalculate old years for today's Kreise: a number counts, not the day
                living = [
                    c
                    for c, part in zip(codes, parts, strict=True)
                    if (c in named or self._exists(part, p))
                    and (int(c) * len(self.periods) + int(p)) not in gone
                ]
                lacking = [c for c in living if c not in named]
                if not complete or len(lacking) > 1:
                    if not near[number, p]:
                        continue
                    living = [*(c for c in living if c in named), others]
                lists.append((cells, np.array(living, dtype=np.int64)))
            if not lists:
                continue
            wholes = np.concatenate([cells for cells, _ in lists])
            part = np.concatenate(
                [(living[None, :] * self.row + cells[:, None]).ravel() for cells, living in lists]
            )
            sizes = np.concatenate([np.full(len(cells), len(living)) for cells, living in lists])
            yield (
                f"{level} von {self.register[whole].name}",
                number * self.row + wholes,
                part,
                np.repeat(np.arange(len(wholes)), sizes),
            )

    def _exists(self, region: str, period: int) -> bool:
        start = self.starts[period]
        return start is None or pd.isna(start) or self.register[region].exists_on(start.date())

    def divided(self) -> pd.DataFrame:
        """Wholes whose number is shown and that have nobody for certain in more than one category:
        place of the whole in `state`, place of each part, number of the whole."""
        have = self.state.index.to_numpy()
        low, high = self.state["low"].to_numpy(), self.state["high"].to_numpy()
        told = self.state["shown"].to_numpy() & (low == high) & (low > 0)
        found = [pd.DataFrame({"whole": [], "part": [], "number": []}, dtype=np.int64)]
        count = 0
        for kind, parent, part, group in self.partitions:
            at_parent, at_part = np.searchsorted(have, parent), np.searchsorted(have, part)
            filled = np.bincount(group, low[at_part] > 0, minlength=len(parent))
            chosen = (told[at_parent] & (filled <= 1) & (kind in self.holding))[group]
            found.append(
                pd.DataFrame(
                    {
                        "whole": at_parent[group[chosen]],
                        "part": at_part[chosen],
                        "number": group[chosen] + count,
                    }
                )
            )
            count += len(parent)
        return pd.concat(found, ignore_index=True)

    # --- names -----------------------------------------------------------------------------------

    def names(self) -> pd.DataFrame:
        keys = self.state.index.to_numpy()
        edition, key = keys // self.span, keys % self.span
        ids = np.array(["", *(id for id, _ in self.frames)], dtype=object)
        return pd.DataFrame(
            {
                "dataset": self.dataset.id,
                "measure": self.measure,
                "region": self.regions[key // self.row],
                "period": self.periods[key // self.size % len(self.periods)],
                "edition": ids[edition],
                # the same categories in all regions and periods
                "combination": key % self.size,
                **{
                    name: self.state[name].to_numpy(bool)
                    for name in ("hidden", "own", "shown", "implied", "earlier", "public")
                },
            }
        )

    def digits(self, place: int) -> tuple[tuple[str, str], ...]:
        """The (dimension, category) pairs of the cell in this place of `state`."""
        digit = int(self.state.index[place]) % self.size
        return tuple(
            (d.id, c[int(digit // weight % len(c))])
            for d, c, weight in zip(self.dimensions, self.categories, self.weights, strict=True)
        )


class _Link:
    """Two measures that count the same persons: which cell of ours is which of theirs. For each
    dimension of ours `shared` has its size and weight here and there, and which category there is
    one of ours (-1: none); `fixed` are dimensions of theirs with the one category that counts."""

    def __init__(self, ours: _Block, theirs: _Block, same: SameCount):
        self.ours, self.theirs = ours, theirs
        there = {d.id: (axis, weight) for d, axis, weight in theirs.by_dimension()}
        self.shared = []
        left = dict(there)
        for dimension, axis, weight in ours.by_dimension():
            name = same.dimensions.get(dimension.id, dimension.id)
            only = axis.names.isin(same.only.get(dimension.id, [TOTAL]))
            size, other_weight, digit = 1, 0, np.where(only, 0, -1)
            if name in there and name not in same.where:
                other, other_weight = left.pop(name)
                size = len(other.names)
                groups = dimension.groups.get(name, {})
                coarser = {sum_key(parts): category for category, parts in groups.items()}
                digit = other.names.get_indexer([coarser.get(c, c) for c in axis.names])
                if dimension.id in same.only:
                    digit = np.where(only, digit, -1)
            self.shared.append((len(axis.names), weight, size, other_weight, digit))
        self.fixed = [
            (len(axis.names), weight, axis.names.get_loc(same.where.get(id, TOTAL)))
            for id, (axis, weight) in left.items()
        ]

    def counterparts(self, keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Which of these cells of ours (their places) are which of theirs (keys)."""
        ours, theirs = self.ours, self.theirs
        # cells of earlier editions that were revised since have no counterpart
        at = np.flatnonzero(keys < ours.span)
        keys = keys[at]
        found, fits = _moved_to(keys, ours, theirs)
        for size, weight, _, other_weight, digit in self.shared:
            own = digit[keys // weight % size]
            fits &= own >= 0
            found += own * other_weight
        found += sum(weight * digit for _, weight, digit in self.fixed)
        return at[fits], found[fits]

    def originals(self, keys: np.ndarray) -> np.ndarray:
        """The cells of ours that these cells of theirs are."""
        found, fits = _moved_to(keys, self.theirs, self.ours)
        for _, weight, size, other_weight, digit in self.shared:
            back = np.full(size, -1)
            known = np.flatnonzero(digit >= 0)[::-1]
            back[digit[known]] = known
            own = back[keys // max(other_weight, 1) % size]
            fits &= own >= 0
            found += own * weight
        for size, weight, digit in self.fixed:
            fits &= keys // weight % size == digit
        return found[fits]

    def expect(self) -> None:
        _, there = self.counterparts(self.ours.published())
        self.theirs.expect(there[self.theirs.has_region(there)])
        here = self.originals(self.theirs.published())
        self.ours.expect(here[self.ours.has_region(here)])

    def pairs(self) -> pd.DataFrame:
        """The cells that are equal: place in `state` here and there, region and period. Where both
        show different numbers the deliveries contradict each other: nothing follows for that region
        and period, which is noted."""
        ours, theirs = self.ours, self.theirs
        keys, other_keys = ours.state.index.to_numpy(), theirs.state.index.to_numpy()
        here, there = self.counterparts(keys)
        at = np.minimum(np.searchsorted(other_keys, there), len(other_keys) - 1)
        found = other_keys[at] == there
        here, at = here[found], at[found]
        one, other = ours.state.iloc[here], theirs.state.iloc[at]
        differ = (one["shown"].to_numpy() & other["shown"].to_numpy()) & (
            (one["low"].to_numpy() > other["high"].to_numpy())
            | (one["high"].to_numpy() < other["low"].to_numpy())
        )
        place = keys[here] // ours.size
        apart = np.unique(place[differ])
        if len(apart):
            ours.notes.append(
                f"{ours.dataset.name} und {theirs.dataset.name}: in {len(apart)} Gebieten und "
                "Zeiträumen verschiedene Zahlen derselben Personen; sie gelten dort nicht als "
                "dieselben"
            )
        kept = ~np.isin(place, apart)
        place = place[kept]
        return pd.DataFrame(
            {
                "here": here[kept],
                "there": at[kept],
                "region": ours.regions[place // len(ours.periods)],
                "period": ours.periods[place % len(ours.periods)],
            }
        )


def _moved_to(keys: np.ndarray, one: _Block, other: _Block) -> tuple[np.ndarray, np.ndarray]:
    """Region and period of these cells as a key of another block, and where it has both."""
    region = other.regions.get_indexer(one.regions)[keys // one.row]
    period = other.periods.get_indexer(one.periods)[keys // one.size % len(one.periods)]
    return region * other.row + period * other.size, (region >= 0) & (period >= 0)


class _Axis:
    """The categories of a dimension as numbers, the total first, then those of the definition, then
    others that occur (no definition names them, but they are cells too), then what is left without
    a category that is no part of a sum. Arrays by category: `counted` (a part of the total),
    `around` (what it is contained in), `left` (what is left of that; 0: nothing of its own),
    `is_left`, and `of` which category it is left."""

    def __init__(self, dimension: Dimension, occurring: Iterable[str]):
        counted = [c.id for c in dimension.categories if dimension.partition and not c.subset]
        names = list(dict.fromkeys([TOTAL, *(c.id for c in dimension.categories), *occurring]))
        inside = [name for name in names[1:] if name not in counted and "+" not in name]
        self.names = pd.Index([*names, *(WITHOUT + name for name in inside)])
        size = len(self.names)
        self.counted = self.names.isin(counted)
        self.is_left = np.arange(size) >= len(names)
        at = self.names.get_indexer(inside)
        self.left, self.of, self.around = (np.zeros(size, dtype=np.int64) for _ in range(3))
        self.left[at] = np.arange(len(names), size)
        self.of[len(names) :] = at
        for name, whole in getattr(dimension, "within", {}).items():
            self.around[self.names.get_loc(name)] = self.names.get_loc(whole)


def unlisted(whole: str, level: str) -> str:
    """The name of what a region has beside those of its parts that are listed."""
    return f"{_UNLISTED}{level} {whole}"


def region_name(id: str, register: Mapping[str, Region]) -> str:
    if id.startswith(_UNLISTED):
        level, whole = id.removeprefix(_UNLISTED).rsplit(" ", 1)
        return f"übrige {level} von {region_name(whole, register)}"
    return register[id].name if id in register else id


def category_name(dimension: Dimension, id: str) -> str:
    if id.startswith(WITHOUT):
        return f"ohne {category_name(dimension, id.removeprefix(WITHOUT))}"
    first, *others = id.split("+")
    known = any(category.id == first for category in dimension.categories)
    name = dimension.category_name(first) if known else first
    return f"{name} und {len(others)} weitere zusammen" if others else name


def families(register: Mapping[str, Region]) -> list[tuple[str, str, list[str], bool]]:
    """Every region that is a sum: (region, what its parts are called, parts, whether they are all).

    The Gemeinden of a real Landkreis are never all that is listed; a joint region is its members.
    """
    below: dict[tuple[str, str], list[str]] = {}
    found = []
    for region in register.values():
        if region.members:
            found.append((region.id, "Mitglieder", list(region.members), True))
            continue
        above = {region.parent}
        if region.level == "kreis" and not region.invented:
            above |= {region.id[:2], region.id[:3], "DG"}
        elif region.level in ("land", "regierungsbezirk") and not region.invented:
            above.add("DG" if region.level == "land" else region.id[:2])
        for id in sorted((above - {None, region.id}) & set(register)):
            below.setdefault((id, region.level), []).append(region.id)
    for (id, level), parts in below.items():
        complete = level != "gemeinde" or register[id].invented
        found.append((id, _LEVELS.get(level, level), parts, complete))
    return found


_LEVELS = {
    "land": "Länder",
    "regierungsbezirk": "Bezirke",
    "kreis": "Kreise",
    "gemeinde": "Gemeinden",
    "stadtteil": "Stadtteile",
}


def _unknown(frame: pd.DataFrame, keys: np.ndarray) -> pd.DataFrame:
    """The frame with rows for cells that are not published but belong to what is."""
    keys = np.unique(keys[~np.isin(keys, frame["key"])])
    if not len(keys):
        return frame
    added = pd.DataFrame(
        {
            "key": keys,
            "value": np.nan,
            "status": Status.MISSING.value,
            "flags": "",
            "public": False,
        }
    )
    return pd.concat([frame, added], ignore_index=True)


def _bounds(frame: pd.DataFrame, marks: Marks) -> tuple[np.ndarray, np.ndarray]:
    """What each published cell says of its count: float[n] least, float[n] most."""
    value, status = frame["value"].to_numpy(float), frame["status"]
    flags = frame["flags"].astype(str)
    # a multiple of 3 or 5 tells the count up to 1 or 2
    away = np.where(
        flags.str.contains("rounded_5"), 2, np.where(flags.str.contains("rounded_3"), 1, 0)
    )
    low, high = np.zeros(len(frame)), np.full(len(frame), np.inf)
    number = status.isin(("ok", "zero")).to_numpy()
    low[number] = np.maximum(0, value - away)[number]
    high[number] = (value + away)[number]
    low[(status == "zero").to_numpy()] = high[(status == "zero").to_numpy()] = 0
    high[(status == Status.ROUNDED_ZERO.value).to_numpy()] = 2
    high[status.isin(_NOTHING).to_numpy()] = 0
    low[(status == Status.SUPPRESSED.value).to_numpy()] = marks.suppressed_least
    low[(status == Status.SECRET.value).to_numpy()] = marks.secret_least
    # a number that contradicts itself (below zero) is taken as it is
    return np.minimum(low, high), high


def _circle(crosses: Sequence[frozenset]) -> list[frozenset]:
    """The crosses that remain when ears are taken off (Graham's algorithm): none if the margins
    can always be completed to a full table, so that inner cells say nothing new."""
    rest = list(dict.fromkeys(crosses))
    changed = True
    while changed and rest:
        changed = False
        lonely = [e for e in frozenset().union(*rest) if sum(e in c for c in rest) == 1]
        smaller = [c - frozenset(lonely) for c in rest]
        kept = [
            c
            for n, c in enumerate(smaller)
            if c and not any(c < d or (c == d and m < n) for m, d in enumerate(smaller) if m != n)
        ]
        changed = kept != rest
        rest = kept
    return rest


def _together(
    blocks: list[_Block], published: Sequence[Published], links: Sequence[_Link]
) -> Model:
    """All measures as one system, with the further figures that join them."""
    place, rows, columns, factors, lows, highs, sums = {}, [], [], [], [], [], []
    asked, asked_before = [], []
    cell_count = row_count = 0
    for block in blocks:
        place[block.dataset.id, block.measure] = (block, cell_count)
        rows.append(block.rows + row_count)
        columns.append(block.columns + cell_count)
        factors.append(block.factors)
        lows.append(np.zeros(len(block.asked)))
        highs.append(np.zeros(len(block.asked)))
        asked.append(block.asked)
        asked_before.append(block.asked_before)
        sums += block.kinds
        cell_count += len(block.state)
        row_count += len(block.asked)
    for figure in published:
        known = [(place.get((c.dataset, c.measure)), c, factor) for c, factor in figure.terms]
        if any(entry is None for entry, _, _ in known):
            raise KeyError(f"„{figure.words}“ nennt eine Größe, die nicht veröffentlicht ist")
        for (block, start), cell, factor in known:
            at = int(np.searchsorted(block.state.index.to_numpy(), block.key(cell)))
            rows.append(np.array([row_count]))
            columns.append(np.array([start + at]))
            factors.append(np.array([float(factor)]))
        lows.append(np.array([figure.low]))
        highs.append(np.array([figure.high]))
        asked.append(np.array([True]))
        asked_before.append(np.array([False]))
        sums.append(figure.words)
        row_count += 1
    linked = []
    for link in links:
        block, other, pairs = link.ours, link.theirs, link.pairs()
        number = row_count + np.arange(len(pairs))
        for end, factor in ((block, 1.0), (other, -1.0)):
            at = pairs["here" if end is block else "there"].to_numpy()
            rows.append(number)
            columns.append(place[end.dataset.id, end.measure][1] + at)
            factors.append(np.full(len(pairs), factor))
        linked.append(pairs.assign(row=number)[["row", "region", "period"]])
        lows.append(np.zeros(len(pairs)))
        highs.append(np.zeros(len(pairs)))
        free = [
            [end.state[low].to_numpy() < end.state[high].to_numpy() for end in (block, other)]
            for low, high in (("low", "high"), ("known_low", "known_high"))
        ]
        for told, (here, there) in zip((asked, asked_before), free, strict=True):
            told.append(here[pairs["here"]] | there[pairs["there"]])
        sums += [f"dieselben Personen in „{other.dataset.name}“"] * len(pairs)
        row_count += len(pairs)

    def joined(arrays, kind=float):
        return np.concatenate(arrays).astype(kind) if arrays else np.array([], dtype=kind)

    matrix = sparse.csr_matrix(
        (joined(factors), (joined(rows, int), joined(columns, int))), shape=(row_count, cell_count)
    )
    low, high = joined(lows), joined(highs)
    whole = [np.full(len(b.state), b.dataset.measure(b.measure).unit == "Anzahl") for b in blocks]

    def system(lower: str, upper: str, chosen: np.ndarray) -> System:
        return System(
            joined([b.state[lower].to_numpy() for b in blocks]),
            joined([b.state[upper].to_numpy() for b in blocks]),
            joined(whole, bool),
            matrix,
            low,
            high,
        ).with_rows(chosen)

    divided = [pd.DataFrame({"whole": [], "part": [], "number": []}, dtype=np.int64)]
    wholes = 0
    for block in blocks:
        start, own = place[block.dataset.id, block.measure][1], block.divided()
        divided.append(own + {"whole": start, "part": start, "number": wholes})
        wholes += own["number"].max() + 1 if len(own) else 0
    now = joined(asked, bool)
    before = system("known_low", "known_high", joined(asked_before, bool))
    equal = pd.concat([pd.DataFrame(columns=["row", "region", "period"]), *linked])
    equal = equal[now[equal["row"].to_numpy(int)]]
    nothing_known = np.isinf(before.upper).all() and not before.lower.any()
    return Model(
        cells=pd.concat([b.names() for b in blocks], ignore_index=True)
        if blocks
        else pd.DataFrame(),
        system=system("low", "high", now),
        sums=[text for text, told in zip(sums, now, strict=True) if told],
        before=None if nothing_known else before,
        divided=pd.concat(divided, ignore_index=True),
        links=equal.assign(row=(np.cumsum(now) - 1)[equal["row"].to_numpy(int)]),
        notes=[note for b in blocks for note in b.notes],
        contradictions=[text for b in blocks for text in b.contradictions],
        blocks=blocks,
        starts=[start for _, start in place.values()],
    )
