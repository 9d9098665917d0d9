"""One measure of one dataset: its cells, what is known of each, and the sums they stand in.

Shown cells are constants, hidden ones unknowns; so is a cell nobody publishes that belongs to a sum
("andere", a sex left out), and whatever a whole has beside a "darunter" or beside the parts that
are listed. Sums run over every dimension that is a partition and from every region to its parts, in
every edition of the same period.
"""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pandas as pd

from indicators.catalog.definition import TOTAL
from indicators.catalog.meaning import Dimension
from indicators.protection.audit.hierarchy import UNLISTED, Axis, unlisted
from indicators.protection.audit.model import Cell, Marks, bounds
from indicators.symbols import Status

# A kind of sum that fails in more than this share of the cases all can see is no sum at all: two
# publishers, or other people counted. An attacker would not rely on it either.
_FAILING = 0.05
# Inner cells of crosses that meet in a circle are modelled up to so many a region and period.
_MOST_INNER = 2_000
_MARKS = ("hidden", "own", "shown", "implied", "repeated", "earlier", "public")
_HIDDEN = (Status.SECRET.value, Status.SUPPRESSED.value)


class Block:
    """One measure of one dataset in all editions, as numbers: a key for each cell."""

    def __init__(self, dataset, measure, dimensions, regions, frames, mentioned, sums, apart):
        self.dataset, self.measure, self.dimensions = dataset, measure, dimensions
        self.register, self.families = regions, sums
        self.notes: list[str] = []
        self.contradictions: list[str] = []
        named = {cell.region for cell in mentioned}
        listed = dict.fromkeys([*_said("region", frames), *sorted(named), *regions])
        self.regions = pd.Index([*listed, *(unlisted(whole, level) for whole, level, *_ in sums)])
        said = _said("period", frames)
        self.periods = pd.Index(dict.fromkeys([*said, *sorted({c.period for c in mentioned})]))
        starts: dict = {}
        for _, frame in frames:
            if "start" in frame:
                once = frame.drop_duplicates("period")
                starts = dict(zip(once["period"], once["start"], strict=True)) | starts
        self.starts = [starts.get(period) for period in self.periods]
        self.axes = [Axis(d, _said(d.id, frames)) for d in dimensions]
        self.categories = [axis.names for axis in self.axes]
        radix = [len(c) for c in self.categories]
        self.weights = np.array(
            [int(np.prod(radix[:i])) for i in range(len(radix))], dtype=np.int64
        )
        self.size = int(np.prod(radix, dtype=np.int64)) if radix else 1
        self.row = self.size * len(self.periods)
        self.span = self.row * len(self.regions)
        self.frames = [(id, self._coded(frame)) for id, frame in frames]
        places = np.arange(len(self.regions) * len(self.periods))
        self.apart = places[np.isin(places % len(self.periods), self.periods.get_indexer(apart))]
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
        """The number of a cell among all that are possible."""
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
                # few words that are repeated a million times
                "status": pd.Categorical(frame["status"]),
                "flags": pd.Categorical(frame["flags"].fillna("")),
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
        otherwise than a later one is revised: its older figures are cells of their own. So are all
        of periods in which editions do not fit each other (`apart`)."""
        known: pd.DataFrame | None = None
        parts = []
        self.moves: list = []
        repeated = pd.Index([], dtype=np.int64)
        last = None
        for number in range(len(self.frames) - 1, -1, -1):
            id, frame = self.frames[number]
            low, high = bounds(frame, marks)
            told = frame.assign(low=low, high=high, edition=number)
            shown = frame["status"].isin(("ok", "zero"))
            exact = told[shown.to_numpy()][["key", "low", "high"]]
            if last is None:
                last = exact
            else:
                # a number that stood there stood there, whatever was corrected beside it
                repeated = repeated.union(last.merge(exact)["key"])
            moved = np.array([], dtype=np.int64)
            if known is not None:
                both = told[shown.to_numpy()].merge(known, on="key", suffixes=("", "_later"))
                differs = (both["low"] > both["high_later"]) | (both["high"] < both["low_later"])
                moved = np.union1d(both.loc[differs, "key"] // self.size, self.apart)
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
        self.state = state.drop(columns=["value", "status", "flags"]).assign(
            known_low=known["low"].max().reindex(state.index, fill_value=0.0),
            known_high=known["high"].min().reindex(state.index, fill_value=np.inf),
            hidden=hidden,
            own=state["status"] == Status.SECRET.value,
            shown=state["status"].isin(("ok", "zero", "rounded_zero")),
            implied=False,
            repeated=state.index.isin(repeated),
            earlier=hidden & (state["low"] == state["high"]),
        )

    def _moved(self, keys: np.ndarray, edition: int, moved: np.ndarray) -> np.ndarray:
        if not len(moved):
            return keys
        return np.where(np.isin(keys // self.size, moved), keys + (edition + 1) * self.span, keys)

    def by_dimension(self):
        """Each dimension with its axis and what a step along it adds to a key."""
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
                "repeated": False,
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
        found = self.regions.str.startswith(UNLISTED)[keys // self.row]
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
        """Wholes whose number is shown and that have nobody for certain in more than one category,
        a row per part. Columns: whole, part (places in `state`), number (of the whole)."""
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
        """One row per cell of this measure, with the columns of `Model.cells` that name it, and its
        combination of categories."""
        keys = self.state.index.to_numpy()
        edition, key = keys // self.span, keys % self.span
        return pd.DataFrame(
            {
                "dataset": _words(np.zeros(len(keys), np.int64), [self.dataset.id]),
                "measure": _words(np.zeros(len(keys), np.int64), [self.measure]),
                "region": _words(key // self.row, self.regions),
                "period": _words(key // self.size % len(self.periods), self.periods),
                "edition": _words(edition, ["", *(id for id, _ in self.frames)]),
                # the same categories in all regions and periods
                "combination": key % self.size,
                **{name: self.state[name].to_numpy(bool) for name in _MARKS},
            }
        )

    def digits(self, place: int) -> tuple[tuple[str, str], ...]:
        """The (dimension, category) pairs of the cell in this place of `state`."""
        digit = int(self.state.index[place]) % self.size
        return tuple(
            (d.id, c[int(digit // weight % len(c))])
            for d, c, weight in zip(self.dimensions, self.categories, self.weights, strict=True)
        )


def _words(at: np.ndarray, words: Sequence[str]) -> pd.Categorical:
    """Words by their places: each stands in memory once, however many cells it names."""
    code, once = pd.factorize(np.array(words, dtype=object))
    return pd.Categorical.from_codes(code[at], once)


def _said(column: str, frames: Sequence[tuple[str, pd.DataFrame]]) -> list[str]:
    """The words of a column in the order in which they come, each once."""
    words = [word for _, frame in frames if column in frame for word in frame[column].unique()]
    return list(dict.fromkeys(words))


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
