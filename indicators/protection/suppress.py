"""Which cells are hidden, and the proof: other tables that fit everything that stays visible.

A cell that is too small is hidden (primary), and others with it (secondary), until for each there
is a table of whole numbers that fits all visible numbers and all equations, in which it reaches
`minimum`, and one in which it is as low as it can be. These tables, kept as differences from the
true one (witnesses), are the proof: whoever sees only the rest cannot tell them from the truth.

How: for each small cell a linear programme finds the cheapest such difference; what it touches is
hidden. This is the heuristic form of the cell suppression problem (Fischetti & Salazar-González,
Management Science 47, 2001), with the attacker's bounds that the marks imply. In a large table the
regions of one family are solved alone, everything else held fixed: a difference that is possible
there is possible in the whole. Solver, order and budget are fixed, so the same input gives the
same pattern.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import highspy
import numpy as np
import pandas as pd
from scipy import sparse

from indicators.errors import BuildError
from indicators.formats import number
from indicators.protection.cube import DOT, NOTHING, NUMBER, Cube
from indicators.protection.rules import Rule
from indicators.protection.search import FAR, FREE, TINY, Search, Witness, minimisation, solved
from indicators.symbols import Status

# A cell that was hidden in the edition or year before costs this part of its price.
_HIDDEN_BEFORE = 0.3
# A cell that was shown with another number costs so many times its price.
_SHOWN_BEFORE = 5
# Looks at many cells at once, before each is looked at alone.
_GLANCES = 20
# Larger tables are solved family by family first (cells).
_SMALL_TABLE = 4000


@dataclass(frozen=True)
class Earlier:
    """What was seen of the same cells before (n each, as the cube's cells): `shown`: a number of
    the same period stood there in an edition before; `value`: that number in persons, NaN where
    none; `hidden`: it was a dot there, or in the year before; `kept`: the dot must stay, because
    numbers beside it were corrected since (None: none)."""

    shown: np.ndarray
    value: np.ndarray
    hidden: np.ndarray
    kept: np.ndarray | None = None


@dataclass
class Pattern:
    """What is hidden (n each): `hidden` = `primary` or `secondary`; outside all look the same.

    `table` (n, persons) is the true table, completed where nobody knows it; `lowest` (n) what a
    reader has to assume of a dot. `reach` says of each protected cell how far down and up the
    witnesses move it. `exposed` are small cells that an earlier edition or an office showed with
    this number, or that follow from such numbers: they cannot be taken back. `limited` are cells of
    which those numbers tell that they are below the minimum: they move as far as these allow.
    `revised` were shown with another number and are small now: whoever
    takes unchanged what is hidden beside them may come near. `known_to_insiders` are pairs (cell,
    what the insider knows) that no dots can protect. `loosened` says that dots were given up that
    should have stayed. `others` are more tables that fit what is visible: they show that small
    cells which nobody publishes can be other numbers.
    """

    hidden: np.ndarray
    primary: np.ndarray
    table: np.ndarray
    lowest: np.ndarray
    reach: dict[int, tuple[int, int]]
    witnesses: list[Witness] = field(default_factory=list)
    exposed: list[int] = field(default_factory=list)
    limited: list[int] = field(default_factory=list)
    revised: list[int] = field(default_factory=list)
    known_to_insiders: list[tuple[int, int]] = field(default_factory=list)
    loosened: bool = False
    others: list[Witness] = field(default_factory=list)

    @property
    def secondary(self) -> np.ndarray:
        return self.hidden & ~self.primary


def earlier_of(cube: Cube, published: pd.DataFrame) -> Earlier:
    """What rows published before (of the same measure and period, with the same columns) say of
    the cube's cells. For the year before, set `shown` to False everywhere."""
    keys = ["region", *(axis.id for axis in cube.axes)]
    found = cube.rows[keys].merge(published[[*keys, "value", "status"]], how="left", on=keys)
    value = np.full(len(cube), np.nan)
    value[: len(cube.rows)] = found["value"].to_numpy(float)
    hidden = np.zeros(len(cube), dtype=bool)
    hidden[: len(cube.rows)] = found["status"].eq(Status.SUPPRESSED.value).to_numpy(bool)
    return Earlier(~np.isnan(value), value, hidden)


def apply(cube: Cube, pattern: Pattern) -> pd.DataFrame:
    """The cube's rows as they may be shown, in the same columns: hidden ones without number and
    flags, all alike."""
    rows = cube.rows.copy()
    hidden = pattern.hidden[: len(rows)]
    rows["value"] = rows["value"].astype(float).mask(hidden)
    rows["status"] = rows["status"].mask(hidden, Status.SUPPRESSED.value)
    if "flags" in rows:
        rows["flags"] = rows["flags"].mask(hidden, "")
    return rows


def protect(
    cube: Cube,
    rule: Rule,
    earlier: Earlier | None = None,
    progress: Callable[[float], None] = lambda done: None,
    *,
    effort: int = 1000,
) -> Pattern:
    """The cells to hide, with witnesses that were checked. `progress` is told the share done, 0 to
    1; `effort` limits the searches (solver runs) spent on giving back dots that are not needed.

    Raises BuildError where a cell cannot be protected: nothing may be shown then.
    """
    return _Protection(cube, rule, earlier, progress, effort).run()


def confirmed(
    cube: Cube,
    rule: Rule,
    earlier: Earlier | None,
    hidden: np.ndarray,
    witnesses: list[Witness],
    others: list[Witness],
) -> Pattern | None:
    """The pattern of these dots (n), if they need nothing more and these witnesses and other tables
    prove them: nothing is taken from who says so. None if not."""
    return _Protection(cube, rule, earlier, lambda done: None, 0).confirm(hidden, witnesses, others)


def check(cube: Cube, rule: Rule, pattern: Pattern) -> None:
    """Raises BuildError unless the witnesses prove the pattern: calculated in whole numbers, with
    nothing taken from how it was found."""
    equations = cube.equations.astype(np.int64)
    table, lowest = pattern.table.astype(np.int64), pattern.lowest.astype(np.int64)
    visible = ~(pattern.hidden | _unwritten(cube))
    known = ~np.isnan(cube.value)
    sound = np.array_equal(table[known], cube.value[known].astype(np.int64))
    low, high = np.zeros(len(cube), np.int64), np.zeros(len(cube), np.int64)
    for witness in (*pattern.witnesses, *pattern.others):
        change = np.zeros(len(cube), dtype=np.int64)
        change[witness.cells] = witness.moves
        sound = sound and not change[visible].any() and not (equations @ change).any()
        sound = sound and bool(
            np.all(table[witness.cells] + witness.moves >= lowest[witness.cells])
        )
        if witness.knowing is not None:
            sound = sound and change[witness.knowing] == 0
        low, high = np.minimum(low, change), np.maximum(high, change)
    for cell, (down, up) in pattern.reach.items():
        sound = sound and -low[cell] >= down and high[cell] >= up and (down or up) > 0
    small, few = _small(cube, rule), pattern.hidden & (table < rule.minimum)
    for mask in (small, few):
        mask[pattern.exposed] = mask[pattern.limited] = False
    sound = sound and all(
        table[cell] + pattern.reach[cell][1] >= rule.minimum if cell in pattern.reach else False
        for cell in np.flatnonzero(small).tolist()
    )
    sound = sound and not np.any((table + high)[few] < rule.minimum)
    fixed = (low == high) & pattern.hidden
    fixed[pattern.exposed] = False
    sound = sound and not np.any(fixed)
    if not sound:
        raise BuildError(
            "Schutz kleiner Zahlen: Die Gegenprobe des Verfahrens ist gescheitert; der Datenstand "
            "wird nicht veröffentlicht. Nächster Schritt: den Fehler melden."
        )


def _unwritten(cube: Cube) -> np.ndarray:
    """Cells in which no number stands for anybody."""
    return ~np.isin(cube.kind, [NUMBER, 1])


def _small(cube: Cube, rule: Rule) -> np.ndarray:
    """Counts below the minimum. What the source rounds it has protected itself."""
    value = np.where(np.isnan(cube.value), 0, cube.value)
    return (value > 0) & (value < rule.minimum) & ~cube.rounded & (cube.kind != DOT)


# --- the whole procedure ------------------------------------------------------------------------


class _Protection:
    """One run of `protect`: what is needed, what was found, what is hidden so far."""

    def __init__(self, cube, rule, earlier, progress, effort):
        self.cube, self.rule, self.effort = cube, rule, effort
        self.told, self.total, self.listener = 0.0, 1, progress
        count = len(cube)
        nothing = np.zeros(count, dtype=bool)
        self.earlier = earlier or Earlier(nothing, np.full(count, np.nan), nothing)
        self.table = _completed(cube, rule)
        self.open = _unwritten(cube)
        self.lowest = np.where(self.open & (cube.kind != DOT), 0, rule.lowest)
        self.lowest = np.minimum(self.lowest, self.table)
        self._choose_primary()
        self.may_hide = self._able()
        price = (1 + 0.1 * np.log1p(self.table)) * (1 + 0.5 * cube.depth) * cube.worth
        price = np.where(self.earlier.hidden, price * _HIDDEN_BEFORE, price)
        price = np.where(self.earlier.shown, price * _SHOWN_BEFORE, price)
        self.price = np.where(self.open, FREE, price)
        self.hidden = self.primary & ~self.open
        self.witnesses: list[Witness] = []
        self.others: list[Witness] = []
        # (cell, 1 for up and -1 for down) → number of the witness that shows it
        self.shown_by: dict[tuple[int, int], int] = {}
        self.needed: dict[tuple[int, int], int] = {}
        self.limited: list[int] = []
        self._need()

    def _choose_primary(self) -> None:
        earlier, small = self.earlier, _small(self.cube, self.rule)
        self.seen = earlier.shown & (earlier.value == self.table)
        self.exposed = np.flatnonzero(small & self.seen).tolist()
        self.revised = np.flatnonzero(small & earlier.shown & ~self.seen).tolist()
        self.small = small & ~self.seen
        self.primary = self.small.copy()
        self.outsiders = self._outsiders()
        self.primary[self.outsiders] = True
        self.kept = self._kept()
        self.primary[self.kept] = True

    def _kept(self) -> list[int]:
        """Dots that stay. A number shown in the place of one would be an equation of the earlier
        edition as well, in which what is small may be another cell than now."""
        if self.earlier.kept is None:
            return []
        able = self.earlier.kept & (self.cube.kind == NUMBER) & ~self.seen & ~self.primary
        if self.rule.zeros == "shown":
            able &= self.table > 0
        return np.flatnonzero(able).tolist()

    def _outsiders(self) -> list[int]:
        """For each small group of which all are in one category: an empty category beside it, which
        gets a dot, so that nobody knows that all are in one; where each was seen before, the group
        itself, so that nobody knows that it is small."""
        rule, cube = self.rule, self.cube
        if not rule.group:
            return []
        found: list[int] = []
        table, lines = self.table, cube.equations
        filled = lines @ sparse.diags_array((table > 0).astype(float))
        positive = np.asarray((filled > 0).sum(axis=1)).ravel()
        wholes = -np.asarray(lines.minimum(0) @ table).ravel()
        suspects = (cube.axis >= 0) & (positive == 1) & (wholes > 0) & (wholes < rule.group)
        for line in np.flatnonzero(suspects):
            cells = lines.indices[lines.indptr[line] : lines.indptr[line + 1]]
            signs = lines.data[lines.indptr[line] : lines.indptr[line + 1]]
            whole = cells[signs < 0][0]
            part = cells[(signs > 0) & (table[cells] > 0)][0]
            empty = cells[(signs > 0) & (table[cells] == 0)]
            if table[whole] != table[part] or np.isnan(cube.value[cells]).any():
                continue
            # all in what has no number are in one category only if it is the only one without
            if cube.rounded[cells].any() or not (cube.kind[part] == NUMBER or cube.single[line]):
                continue
            if np.any(np.isin(empty, found)):
                continue
            free = empty[self.open[empty]]
            able = empty[(cube.kind[empty] == NUMBER) & ~self.seen[empty]]
            # a cell nobody sees protects for nothing; else one that was hidden before
            able = able[np.argsort(~self.earlier.hidden[able], kind="stable")]
            choices = [*free, *able, *([] if self.seen[whole] else [whole])]
            if choices and not (cube.kind[empty] == NOTHING).all():
                found.append(int(choices[0]))
        return found

    def _need(self) -> None:
        """What witnesses must show: small cells reach the minimum and go down as far as the cells
        inside them allow; an empty category beside a small group has somebody."""
        floor = self._floor()
        self.floor = floor
        for cell in np.flatnonzero(self.small):
            self.needed[(int(cell), 1)] = int(self.rule.minimum - self.table[cell])
            if self.table[cell] > floor[cell]:
                self.needed[(int(cell), -1)] = int(self.table[cell] - floor[cell])
        for cell in self.outsiders:
            self._need_of_hidden(cell)
            self.needed.setdefault((cell, 1), 1)
        for cell in self.kept:
            self._need_of_hidden(cell)
            self.needed.setdefault((cell, 1), 1)
        self._need_of_dots()

    def _need_of_hidden(self, cell: int) -> None:
        """A dot of which all can tell that it is below the minimum stands for none, or it would be
        protected: then it is known. So what is hidden on the way must reach the minimum too."""
        if self.table[cell] < self.rule.minimum and not self.open[cell]:
            self.needed.setdefault((int(cell), 1), int(self.rule.minimum - self.table[cell]))

    def _floor(self) -> np.ndarray:
        """The least that can be in each cell, whatever is hidden: as many as its parts have."""
        floor = np.where(self.open | self._able(), self.lowest, self.table).astype(float)
        lines = self.cube.equations
        difference = np.rint(lines @ self.table)
        parts, wholes = lines.maximum(0).tocsr(), lines.minimum(0).tocsr()
        whole = np.asarray(wholes.argmin(axis=1)).ravel()
        for _ in range(20):
            least = parts @ floor - difference
            raised = floor.copy()
            np.maximum.at(raised, whole, least)
            if np.array_equal(raised, floor):
                break
            floor = raised
        return np.minimum(floor, self.table)

    def _able(self) -> np.ndarray:
        """Cells that may get a dot. A number that was shown stays: hiding it would only point at
        it. Where another one was shown, the new one is not known yet."""
        able = (self.cube.kind == NUMBER) & ~self.seen
        if self.rule.zeros == "shown":
            able &= self.table > 0
        return able | (self.primary & ~self.open)

    def _need_of_dots(self) -> None:
        """A supplier's dot stays as open as the supplier left it. Only where another source says
        something of the same equations can it be worse: then its range among the numbers of its
        own source must remain."""
        cube = self.cube
        dots = np.flatnonzero(cube.kind == DOT)
        if not len(dots) or len(np.unique(cube.source[: len(cube.rows)])) < 2:
            return
        unknown = self.open & np.isnan(cube.value)
        touched = (abs(cube.equations) @ unknown.astype(float)) > 0
        lines = cube.equations[np.flatnonzero(touched)]
        joined = abs(lines[:, np.flatnonzero(unknown)])
        _, label = sparse.csgraph.connected_components(joined @ joined.T, directed=False)
        for part in np.unique(label):
            rows = lines[np.flatnonzero(label == part)]
            cells = np.unique(rows.indices)
            sources = np.unique(cube.source[cells])
            sources = sources[sources >= 0]
            if len(sources) < 2:
                continue
            for source in sources:
                own = cells[(cube.kind[cells] == DOT) & (cube.source[cells] == source)]
                # numbers of other sources are as unknown as dots
                free = np.zeros(len(cube), dtype=bool)
                free[cells] = unknown[cells] | (cube.source[cells] != source)
                search = Search(cube, self.table, self.lowest, free, np.zeros(len(cube)))
                for cell in own:
                    for sign in (1, -1):
                        amount = search.extreme(int(cell), sign)
                        if amount:
                            self.needed[(int(cell), sign)] = amount

    # --- finding ---

    def _computable(self) -> list[int]:
        """Small cells without a number that all equations together give away all the same: in no
        other table that fits what is visible they differ."""
        unknown = self.hidden | self.open
        few = (self.table > 0) & (self.table < self.rule.minimum)
        left = np.flatnonzero(few & np.isnan(self.cube.value) & (self.cube.kind != DOT))
        settled = [*self.exposed, *self.limited, *(cell for cell, _ in self.shown_by)]
        # what a table moves can be told by nobody (that it is one is checked in the end)
        tables = [witness.cells for witness in (*self.witnesses, *self.others)]
        left = left[~np.isin(left, np.concatenate([np.array(settled, np.int64), *tables]))]
        if not len(left):
            return []
        search = Search(self.cube, self.table, self.lowest, unknown, np.zeros(len(self.cube)))
        random = np.random.default_rng(1)
        for _ in range(_GLANCES):
            # one table for many: half of them at a time, because they stand in each other's way
            chosen = random.random(len(left)) < 0.5
            chosen[chosen] = search.together(left[chosen], np.ones(int(chosen.sum())))
            if chosen.any():
                self._keep_other(search)
            left = left[~chosen]
            if not len(left):
                break
        moved = np.zeros(len(self.cube), dtype=bool)
        found = []
        for cell in left.tolist():
            for sign in (1, -1):
                if not moved[cell]:
                    search.extreme(cell, sign)
                    # whatever moved in this table can be told by nobody either
                    moved[search.free[np.abs(search.last) > TINY]] = True
                    if moved[cell]:
                        self._keep_other(search)
            if not moved[cell]:
                found.append(cell)
        return found

    def _keep_other(self, search: Search) -> None:
        """Keeps the table of the last search, if it is one of whole numbers: then it shows the same
        when the pattern is taken over."""
        whole = np.rint(search.last)
        at = np.flatnonzero(whole)
        near = np.abs(search.last - whole).max() <= TINY and not np.any(search.matrix @ whole)
        if near and np.all(whole[at] >= -search.down[at]):
            self.others.append(Witness(search.free[at], whole[at].astype(np.int64)))

    def _settle_computable(self) -> None:
        """Protects what can be computed though nobody shows it, until there is no such cell."""
        while found := self._computable():
            self.small[found] = True
            for cell in found:
                self.needed[(cell, 1)] = int(self.rule.minimum - self.table[cell])
            self._settle(self._open_needs({}))

    def run(self) -> Pattern:
        order = sorted(self.needed, key=lambda key: (-self.needed[key], key))
        self.total = max(len(order), 1)
        left = order
        if len(self.cube) > _SMALL_TABLE:
            left = []
            family = self.cube.family
            for each in np.unique(family[[cell for cell, _ in order]]) if order else []:
                keys = [key for key in order if family[key[0]] == each]
                left += self._protect(keys, family == each)
        self._settle(left or self._open_needs({}))
        self._give_back()
        outside = self._insiders() if self.rule.insider else []
        self._settle(self._open_needs({}))
        self._settle_computable()
        self.progress(1.0)
        pattern = self._pattern(outside)
        check(self.cube, self.rule, pattern)
        return pattern

    def confirm(
        self, hidden: np.ndarray, witnesses: list[Witness], others: list[Witness]
    ) -> Pattern | None:
        """The pattern of these dots, if they need no more and these tables show all of it."""
        places = np.concatenate([np.zeros(1, np.int64), *(w.cells for w in (*witnesses, *others))])
        if places.min() < 0 or places.max() >= len(self.cube) or len(hidden) != len(self.cube):
            return None
        if np.any(self.hidden & ~hidden) or np.any(hidden & ~(self.may_hide | self.hidden)):
            return None
        self.hidden = hidden.copy()
        for cell in np.flatnonzero(hidden).tolist():
            self._need_of_hidden(cell)
        self.witnesses, self.others = list(witnesses), list(others)
        for number_of_it, witness in enumerate(witnesses):
            for key in self._spoken_for(witness):
                self.shown_by.setdefault(key, number_of_it)
        try:
            self._settle(self._open_needs({}))
            outside = self._insiders() if self.rule.insider else []
            self._settle_computable()
            # what was found on the way does not count
            pattern = replace(self._pattern(outside), witnesses=list(witnesses))
            check(self.cube, self.rule, pattern)
        except BuildError:
            return None
        return pattern if np.array_equal(self.hidden, hidden) and not pattern.limited else None

    def _pattern(self, outside: list[tuple[int, int]]) -> Pattern:
        return Pattern(
            hidden=self.hidden,
            primary=self.primary & ~self.open,
            table=self.table,
            lowest=self.lowest,
            reach=self._reach(),
            witnesses=self.witnesses,
            others=self.others,
            exposed=self.exposed,
            limited=self.limited,
            revised=self.revised,
            known_to_insiders=outside,
        )

    def progress(self, share: float) -> None:
        self.told = max(self.told, share)
        self.listener(self.told)

    def _settle(self, keys: list[tuple[int, int]]) -> None:
        """A witness for these, and for all that cells hidden on the way need."""
        failed: dict[tuple[int, int], None] = {}
        while keys:
            failed |= dict.fromkeys(self._protect(keys, np.ones(len(self.cube), dtype=bool)))
            keys = self._open_needs(failed)
        # up first: who cannot reach the minimum need not go down
        left = [key for key in sorted(failed, key=lambda k: -k[1]) if not self._lower_aim(key)]
        shown = {cell for cell, _ in self.shown_by}
        self.exposed = sorted({*self.exposed, *(c for c in self.limited if c not in shown)})
        if not left and self._open_needs({}):
            # a lower aim hides cells too
            self._settle(self._open_needs({}))
        if left:
            raise BuildError(
                f"Schutz kleiner Zahlen: {number(len({c for c, _ in left}))} Zellen lassen sich "
                f"nicht schützen, zum Beispiel {self.cube.name(left[0][0])}; der Datenstand wird "
                "nicht veröffentlicht. Nächster Schritt: die Tabelle gröber veröffentlichen "
                "(weniger Merkmale zugleich)."
            )

    def _open_needs(self, failed) -> list[tuple[int, int]]:
        keys = [key for key in self.needed if key not in self.shown_by and key not in failed]
        return sorted(keys, key=lambda key: (-self.needed[key], key))

    def _reach(self) -> dict[int, tuple[int, int]]:
        cells = sorted({cell for cell, _ in self.needed})
        return {c: (self.needed.get((c, -1), 0), self.needed.get((c, 1), 0)) for c in cells}

    def _search(self, among: np.ndarray) -> Search:
        free = among & (self.may_hide | self.hidden | self.open)
        cost = np.where(self.hidden, FREE, self.price)
        return Search(self.cube, self.table, self.lowest, free, cost)

    def _protect(self, keys: list[tuple[int, int]], among: np.ndarray) -> list[tuple[int, int]]:
        """Finds a witness for each key with movements only `among` these cells; returns the keys
        for which there is none."""
        keys = [key for key in keys if key not in self.shown_by]
        if not keys:
            return []
        search, failed = self._search(among), []
        for key in keys:
            if key in self.shown_by:
                continue
            witness = search.find(key[0], key[1] * self.needed[key])
            if witness is None:
                failed.append(key)
                continue
            self._take(witness, search)
            self.progress(0.7 * min(len(self.shown_by) / self.total, 1))
        return failed

    def _take(self, witness: Witness, search: Search | None) -> None:
        """Keeps a witness, hides what it touches, and sees for whom it speaks; its opposite too,
        where no cell falls below what a reader assumes."""
        new = witness.cells[~self.hidden[witness.cells] & ~self.open[witness.cells]]
        self.hidden[new] = True
        for cell in new.tolist():
            self._need_of_hidden(cell)
        if search is not None and len(new):
            search.cheapen(new)
        self._speak(witness)
        opposite = Witness(witness.cells, -witness.moves, witness.knowing)
        if np.all(self.table[opposite.cells] + opposite.moves >= self.lowest[opposite.cells]):
            self._speak(opposite)

    def _speak(self, witness: Witness) -> None:
        new = [key for key in self._spoken_for(witness) if key not in self.shown_by]
        self.shown_by |= dict.fromkeys(new, len(self.witnesses))
        if new or witness.knowing is not None:
            self.witnesses.append(witness)

    def _spoken_for(self, witness: Witness) -> list[tuple[int, int]]:
        """What is needed that a witness shows."""
        moves = zip(witness.cells.tolist(), witness.moves.tolist(), strict=True)
        keys = [((cell, 1 if move > 0 else -1), abs(move)) for cell, move in moves]
        return [key for key, amount in keys if amount >= self.needed.get(key, np.inf)]

    def _lower_aim(self, key: tuple[int, int]) -> bool:
        """Down, and for a supplier's dot both ways, a cell need only go as far as it can whatever
        is hidden; up to the minimum it must, unless what was seen before keeps it from that. True
        where that is settled."""
        cell, sign = key
        if key in self.shown_by:
            return True
        if sign > 0 and self.cube.kind[cell] != DOT:
            if not self._known_before_to_be_few(key):
                return False
            self.limited.append(cell)
        search = self._search(np.ones(len(self.cube), dtype=bool))
        amount = self.needed[key]
        while amount > 1:
            amount = amount - 1 if amount <= 10 else amount // 2
            witness = search.find(cell, sign * amount)
            if witness is not None:
                self.needed[key] = amount
                self._take(witness, search)
                return True
        del self.needed[key]
        # there must be another table at all
        return (cell, -sign) in self.shown_by or cell in self.limited

    def _known_before_to_be_few(self, key: tuple[int, int]) -> bool:
        """Whether a cell could reach the minimum if nothing had been seen before: then it is not
        for anything shown now that it cannot."""
        if not self.seen.any():
            return False
        cell, sign = key
        free = self.may_hide | self.hidden | self.open | self.seen
        search = Search(self.cube, self.table, self.lowest, free, np.ones(len(self.cube)))
        return search.find(cell, sign * self.needed[key]) is not None

    # --- less, and more ---

    def _give_back(self) -> None:
        """Shows again what the proofs do not need, and the dearest dots for whose proofs there are
        others among the dots that remain."""
        self._show_unused()
        secondary = np.flatnonzero(self.hidden & ~self.primary)
        if not len(secondary) or not self.effort:
            return
        search = Search(
            self.cube,
            self.table,
            self.lowest,
            self.hidden | self.open,
            np.ones(len(self.cube)),
        )
        order = secondary[np.argsort(-self.price[secondary], kind="stable")]
        keys_of: dict[int, set[tuple[int, int]]] = {}
        for key, spoken in self.shown_by.items():
            keys_of.setdefault(spoken, set()).add(key)
        using: dict[int, set[int]] = {}
        for spoken in keys_of:
            for touched in self.witnesses[spoken].cells.tolist():
                using.setdefault(touched, set()).add(spoken)
        for done, cell in enumerate(order.tolist()):
            if search.runs >= self.effort:
                break
            self.progress(0.7 + 0.2 * done / len(order))
            spoken_for = [key for spoken in using.get(cell, ()) for key in keys_of[spoken]]
            # what it needs itself goes with it
            keys = sorted(key for key in spoken_for if key[0] != cell and key in self.needed)
            # a dot on which much rests is hardly ever superfluous
            if len(keys) > 40:
                continue
            search.hold(cell)
            found = {}
            for key in keys:
                witness = search.find(key[0], key[1] * self.needed[key], quick=True)
                if witness is None:
                    break
                found[key] = witness
            if len(found) < len(keys):
                search.release(cell)
                continue
            for key, witness in found.items():
                keys_of[self.shown_by[key]].discard(key)
                self.shown_by[key] = len(self.witnesses)
                keys_of[len(self.witnesses)] = {key}
                for touched in witness.cells.tolist():
                    using.setdefault(touched, set()).add(len(self.witnesses))
                self.witnesses.append(witness)
            self.hidden[cell] = False
            self._forget(cell)
        self._show_unused()

    def _show_unused(self) -> None:
        """Forgets witnesses that speak for nobody and shows cells that none touches, or none but
        those they need themselves."""
        own = np.zeros(len(self.cube), dtype=bool)
        while True:
            touched = np.zeros(len(self.cube), dtype=bool)
            for key, spoken in self.shown_by.items():
                cells = self.witnesses[spoken].cells
                touched[cells[cells != key[0]]] = True
            unused = self.hidden & ~touched & ~self.primary
            if np.array_equal(unused, own):
                break
            for cell in np.flatnonzero(unused):
                self._forget(int(cell))
            own = unused
        kept = sorted(set(self.shown_by.values()))
        again = {old: new for new, old in enumerate(kept)}
        self.witnesses = [self.witnesses[old] for old in kept]
        self.shown_by = {key: again[old] for key, old in self.shown_by.items()}
        touched = np.zeros(len(self.cube), dtype=bool)
        for witness in self.witnesses:
            touched[witness.cells] = True
        self.hidden &= touched | self.primary

    def _forget(self, cell: int) -> None:
        """What a cell needed that is shown again."""
        for key in ((cell, 1), (cell, -1)):
            if self.needed.pop(key, None) is not None:
                self.shown_by.pop(key, None)

    def _insiders(self) -> list[tuple[int, int]]:
        """Whoever is alone in a cell knows it. For each such cell every other small one must have
        another table in which that cell stays; returns the pairs for which there is none."""
        small = np.flatnonzero(self.small)
        alone = small[self.table[small] == 1]
        if not len(alone) or not self.witnesses:
            return []
        touches = sparse.csr_matrix(
            (
                np.ones(sum(len(w.cells) for w in self.witnesses)),
                (
                    np.repeat(
                        np.arange(len(self.witnesses)), [len(w.cells) for w in self.witnesses]
                    ),
                    np.concatenate([w.cells for w in self.witnesses]),
                ),
            ),
            shape=(len(self.witnesses), len(self.cube)),
        ).tocsc()[:, small]
        both = (touches.T @ touches).tocoo()
        count = np.asarray(touches.sum(axis=0)).ravel()
        pairs = [
            (int(small[p]), int(small[q]))
            for p, q, n in zip(both.row, both.col, both.data, strict=True)
            if p != q and n == count[p] and self.table[small[q]] == 1
        ]
        if not pairs:
            return []
        among_dots = Search(
            self.cube, self.table, self.lowest, self.hidden | self.open, np.ones(len(self.cube))
        )
        anywhere, left, settled = None, [], set()
        inside: dict[int, set[int]] = {}
        for done, (cell, known) in enumerate(sorted(pairs)):
            self.progress(0.9 + 0.1 * done / len(pairs))
            if (cell, known) in settled or self._same_child(cell, known, inside):
                continue
            witness = self._another(among_dots, cell, known)
            if witness is None:
                anywhere = anywhere or self._search(np.ones(len(self.cube), dtype=bool))
                witness = self._another(anywhere, cell, known)
                if witness is None:
                    left.append((cell, known))
                    continue
                self._take(witness, anywhere)
            else:
                self.witnesses.append(witness)
            settled |= {(int(other), known) for other in witness.cells}
        return left

    def _another(self, search: Search, cell: int, known: int) -> Witness | None:
        return search.find(cell, 1, known) or (
            search.find(cell, -1, known) if self.table[cell] > self.lowest[cell] else None
        )

    def _same_child(self, cell: int, known: int, inside: dict[int, set[int]]) -> bool:
        """Whether the only child of both cells is the same one: both contain the same cell."""
        if self.table[cell] != 1:
            return False
        for whole in (cell, known):
            if whole not in inside:
                inside[whole] = self._inside(whole)
        return not inside[cell].isdisjoint(inside[known])

    def _inside(self, whole: int) -> set[int]:
        if not hasattr(self, "_columns"):
            self._columns = self.cube.equations.tocsc()
        found, todo = {whole}, [whole]
        lines, columns = self.cube.equations, self._columns
        while todo:
            cell = todo.pop()
            at = slice(columns.indptr[cell], columns.indptr[cell + 1])
            for line in columns.indices[at][columns.data[at] < 0]:
                span = slice(lines.indptr[line], lines.indptr[line + 1])
                parts = lines.indices[span][lines.data[span] > 0]
                new = [int(p) for p in parts if self.table[p] > 0 and int(p) not in found]
                found.update(new)
                todo += new
        return found


def _completed(cube: Cube, rule: Rule) -> np.ndarray:
    """The true table, and where nobody knows it whole numbers that fit: the base of all others.

    Deliveries that contradict each other fit as well as they can (least sum of differences).
    Raises BuildError where the solver finds none.
    """
    table = cube.value.copy()
    unknown = np.isnan(table)
    if not unknown.any():
        return table.astype(np.int64)
    cells = np.flatnonzero(unknown)
    known = np.where(unknown, 0.0, table)
    lines = cube.equations[:, cells]
    used = np.flatnonzero(np.diff(lines.indptr) > 0)
    lines, right = lines[used], -(cube.equations[used] @ known)
    lower = np.where(cube.kind[cells] == DOT, rule.lowest, 0).astype(float)
    slack = sparse.eye_array(len(used))
    matrix = sparse.hstack([lines, slack, -slack]).tocsr()
    count = len(cells)
    solver = minimisation(
        matrix,
        np.r_[lower, np.zeros(2 * len(used))],
        np.full(matrix.shape[1], FAR * 10),
        np.r_[np.zeros(count), np.ones(2 * len(used))],
        right,
    )
    found = solved(solver)
    if found is None or np.abs(found - np.rint(found)).max() > TINY:
        kinds = np.full(matrix.shape[1], int(highspy.HighsVarType.kInteger), dtype=np.uint8)
        solver.changeColsIntegrality(len(kinds), np.arange(len(kinds), dtype=np.int32), kinds)
        solver.setOptionValue("presolve", "choose")
        solver.setOptionValue("mip_max_nodes", 20000)
        solver.run()
        found = (
            np.array(solver.getSolution().col_value)
            if solver.getInfo().primal_solution_status == 2
            else None
        )
    if found is None:
        raise BuildError(
            "Schutz kleiner Zahlen: Zu den gesperrten Zellen der Quelle passt keine Tabelle. "
            "Nächster Schritt: die Lieferungen vergleichen; sie widersprechen sich."
        )
    table[cells] = np.rint(found[:count])
    return table.astype(np.int64)
