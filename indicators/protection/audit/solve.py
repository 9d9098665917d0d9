"""What an attacker can work out of a system of sums: the interval of every unknown count.

Two steps, both exact for whole numbers. Interval propagation narrows bounds along every single sum
until nothing moves; what is fixed by then cuts the system into small connected parts. In each part
a whole-number programme (HiGHS) finds the smallest and the largest value of a count over all tables
that fit: first without asking for whole numbers, each programme beginning where the one before
ended, which is the answer where whole numbers come of it, and nearly always they do; else through
scipy. Every optimum is checked against all sums as a witness; whatever is not proved is said to be
unproved.

Method: attacker's problem of Fischetti and Salazar, Management Science 47 (2001), section 2.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import highspy
import numpy as np
from scipy import optimize, sparse

# A part of this many unknowns gets every interval whole; a larger one only what decides.
WHOLE_PART = 150
# So many whole-number programmes may ask what an insider learns.
INSIDER_PROGRAMMES = 4000
_ROUNDS = 500
_TOLERANCE = 1e-6
# A programme without whole numbers is given up after so many steps: the same on every machine.
_ITERATIONS = 20_000


@dataclass(frozen=True)
class System:
    """Unknown counts and what is public about them.

    `lower`, `upper`: float[n], infinite where nothing is known; `whole`: bool[n], whether a count
    is a whole number; `matrix` (csr, m × n), `low`, `high`: float[m] say low ≤ matrix x ≤ high.
    """

    lower: np.ndarray
    upper: np.ndarray
    whole: np.ndarray
    matrix: sparse.csr_matrix
    low: np.ndarray
    high: np.ndarray

    def with_rows(self, chosen: np.ndarray) -> "System":
        return replace(
            self, matrix=self.matrix[chosen], low=self.low[chosen], high=self.high[chosen]
        )


@dataclass
class Bounds:
    """What is known of each count. `seen_low`, `seen_high` are the least and greatest value in
    tables that fit (witnesses); the interval is proved where they meet `lower` and `upper`.
    `why_low`, `why_high` name the sum that gave a bound (-1: given), `contradiction` the counts
    whose part of the system fits no table at all."""

    lower: np.ndarray
    upper: np.ndarray
    why_low: np.ndarray
    why_high: np.ndarray
    seen_low: np.ndarray = field(default_factory=lambda: np.zeros(0))
    seen_high: np.ndarray = field(default_factory=lambda: np.zeros(0))
    contradiction: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=bool))
    searched: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=bool))

    def __post_init__(self):
        size = len(self.lower)
        if len(self.seen_low) < size:
            fixed = self.lower == self.upper
            self.seen_low = np.where(fixed, self.lower, np.inf)
            self.seen_high = np.where(fixed, self.upper, -np.inf)
            self.contradiction = np.zeros(size, dtype=bool)
            self.searched = np.zeros(size, dtype=bool)

    @property
    def proved(self) -> np.ndarray:
        """Whether both ends of the interval are reached by tables that fit."""
        return (self.seen_low <= self.lower + _TOLERANCE) & (
            self.seen_high >= self.upper - _TOLERANCE
        )


def propagate(system: System, bounds: Bounds | None = None) -> Bounds:
    """Bounds that follow from one sum at a time, again and again until none changes.

    Contradictory counts (lower above upper) are marked and left alone."""
    lower = (bounds.lower if bounds else system.lower).astype(float).copy()
    upper = (bounds.upper if bounds else system.upper).astype(float).copy()
    size = len(lower)
    why_low = bounds.why_low.copy() if bounds else np.full(size, -1)
    why_high = bounds.why_high.copy() if bounds else np.full(size, -1)
    entries = system.matrix.tocoo()
    row, column, factor = entries.row, entries.col, entries.data
    whole = system.whole[column]
    broken = np.zeros(size, dtype=bool)
    rows = system.matrix.shape[0]
    active = np.ones(len(row), dtype=bool)
    for _ in range(_ROUNDS):
        r, c, f, w = row[active], column[active], factor[active], whole[active]
        if not len(r):
            break
        least = np.where(f > 0, f * lower[c], f * upper[c])
        most = np.where(f > 0, f * upper[c], f * lower[c])
        rest_least = _without(least, r, rows, -np.inf)
        rest_most = _without(most, r, rows, np.inf)
        # what is left for this count when all others are as large or as small as they can be
        above, below = (system.high[r] - rest_least) / f, (system.low[r] - rest_most) / f
        new_high, new_low = np.where(f > 0, above, below), np.where(f > 0, below, above)
        new_high = np.where(w, np.floor(new_high + _TOLERANCE), new_high)
        new_low = np.where(w, np.ceil(new_low - _TOLERANCE), new_low)
        changed = np.zeros(size, dtype=bool)
        better = new_high < upper[c] - _TOLERANCE
        if better.any():
            order = np.argsort(-new_high[better], kind="stable")  # the tightest is written last
            at = c[better][order]
            upper[at], why_high[at] = new_high[better][order], r[better][order]
            changed[at] = True
        better = new_low > lower[c] + _TOLERANCE
        if better.any():
            order = np.argsort(new_low[better], kind="stable")
            at = c[better][order]
            lower[at], why_low[at] = new_low[better][order], r[better][order]
            changed[at] = True
        crossed = lower > upper + _TOLERANCE
        broken |= crossed
        # a contradiction must not run through the whole system
        changed &= ~broken
        touched = np.zeros(rows, dtype=bool)
        touched[row[changed[column]]] = True
        touched[row[broken[column]]] = False
        active = touched[row]
        if not changed.any():
            break
    return Bounds(
        lower, upper, why_low, why_high, contradiction=broken, **_nothing_seen(lower, upper)
    )


def _nothing_seen(lower: np.ndarray, upper: np.ndarray) -> dict:
    fixed = lower == upper
    return {
        "seen_low": np.where(fixed, lower, np.inf),
        "seen_high": np.where(fixed, upper, -np.inf),
        "searched": np.zeros(len(lower), dtype=bool),
    }


def _without(values: np.ndarray, rows: np.ndarray, size: int, infinite: float) -> np.ndarray:
    """The sum of a row's values without each of them; infinite where another one is."""
    endless = np.isinf(values)
    finite = np.where(endless, 0.0, values)
    total = np.bincount(rows, finite, minlength=size)[rows] - finite
    others = np.bincount(rows, endless, minlength=size)[rows] - endless
    return np.where(others > 0.5, infinite, total)


# Programmes for many counts at once, before each is asked alone.
_GLANCES = 40


def parts(system: System, bounds: Bounds) -> list[np.ndarray]:
    """The connected parts of what is not fixed yet: column numbers, smallest part first."""
    free = np.flatnonzero((bounds.lower < bounds.upper) | bounds.contradiction)
    if not len(free):
        return []
    matrix = system.matrix[:, free]
    graph = sparse.bmat([[None, matrix], [matrix.T, None]], format="csr")
    _, label = sparse.csgraph.connected_components(graph, directed=False)
    label = label[matrix.shape[0] :]
    order = np.argsort(label, kind="stable")
    cuts = np.flatnonzero(np.diff(label[order])) + 1
    return sorted((free[part] for part in np.split(order, cuts)), key=len)


def _relaxed(matrix: sparse.csr_matrix, low: np.ndarray, high: np.ndarray) -> highspy.Highs:
    """A minimisation over low ≤ matrix x ≤ high, still without costs and bounds of x, that begins
    each time where it ended before."""
    columns, size = matrix.tocsc(), matrix.shape[1]
    problem = highspy.HighsLp()
    problem.num_col_, problem.num_row_ = size, matrix.shape[0]
    problem.col_cost_ = problem.col_lower_ = problem.col_upper_ = np.zeros(size)
    problem.row_lower_, problem.row_upper_ = low, high
    problem.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    problem.a_matrix_.start_ = columns.indptr.astype(np.int32)
    problem.a_matrix_.index_ = columns.indices.astype(np.int32)
    problem.a_matrix_.value_ = columns.data.astype(float)
    solver = highspy.Highs()
    for option, value in (
        ("output_flag", False),
        ("threads", 1),
        ("parallel", "off"),
        ("random_seed", 1),
        ("solver", "simplex"),
        # what was best with other costs is still a table that fits: the primal method goes on there
        ("simplex_strategy", 4),
        ("presolve", "off"),
        ("simplex_iteration_limit", _ITERATIONS),
    ):
        solver.setOptionValue(option, value)
    solver.passModel(problem)
    return solver


class _Part:
    """One connected part as a programme of its own, fixed counts moved to the right side."""

    def __init__(self, system: System, bounds: Bounds, columns: np.ndarray, seconds: float):
        self.columns, self.seconds = columns, seconds
        by_column = system.matrix[:, columns].tocsr()
        rows = np.flatnonzero(np.diff(by_column.indptr))
        every = system.matrix[rows]
        outside = np.ones(system.matrix.shape[1], dtype=bool)
        outside[columns] = False
        constant = every @ np.where(outside, np.nan_to_num(bounds.lower, posinf=0), 0.0)
        self.rows = rows
        self.matrix = by_column[rows]
        self.low, self.high = system.low[rows] - constant, system.high[rows] - constant
        self.lower, self.upper = bounds.lower[columns].copy(), bounds.upper[columns].copy()
        self.whole = system.whole[columns]
        self.programmes = 0
        self._relaxed = _relaxed(self.matrix, self.low, self.high)

    def extreme(self, place: np.ndarray | int, sign: int) -> tuple[str, np.ndarray | None]:
        """A table in which a count (or the sum of some) is smallest (sign 1) or largest (-1):
        "found" with the table, "none" where no table fits, "endless", or "unproved"."""
        costs = np.zeros(len(self.columns))
        costs[place] = sign
        self.programmes += 1
        state, table = self._without_whole_numbers(costs)
        if state:
            return state, table
        result = optimize.milp(
            costs,
            integrality=self.whole.astype(int),
            bounds=optimize.Bounds(self.lower, self.upper),
            constraints=optimize.LinearConstraint(self.matrix, self.low, self.high),
            options={"time_limit": self.seconds, "mip_rel_gap": 0.0},
        )
        if result.status == 2:
            return "none", None
        if result.status == 3:
            return "endless", None
        if result.status == 4 and not np.isfinite(self.upper[place]).all():
            return "endless", None
        if result.status != 0 or result.x is None:
            return "unproved", None
        table = np.where(self.whole, np.round(result.x), result.x)
        return ("found", table) if self._fits(table) else ("unproved", None)

    def _without_whole_numbers(self, costs: np.ndarray) -> tuple[str, np.ndarray | None]:
        """The same of all numbers, not only whole ones: "found" where whole ones come of it, "none"
        where not even fractions fit, "" where it does not say."""
        solver, every = self._relaxed, np.arange(len(costs), dtype=np.int32)
        solver.changeColsBounds(len(every), every, self.lower, self.upper)
        solver.changeColsCost(len(every), every, costs)
        solver.run()
        status = solver.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            return "none", None
        if status != highspy.HighsModelStatus.kOptimal:
            return "", None
        table = np.array(solver.getSolution().col_value)
        near = np.where(self.whole, np.round(table), table)
        if np.abs(table - near).max() > _TOLERANCE or not self._fits(near):
            return "", None
        return "found", near

    def _fits(self, table: np.ndarray) -> bool:
        sums = self.matrix @ table
        slack = _TOLERANCE * np.maximum(1, abs(self.matrix) @ np.abs(table))
        return bool(
            (sums >= self.low - slack).all()
            and (sums <= self.high + slack).all()
            and (table >= self.lower - _TOLERANCE).all()
            and (table <= self.upper + _TOLERANCE).all()
        )


def search(
    system: System,
    bounds: Bounds,
    columns: np.ndarray,
    wanted: np.ndarray,
    *,
    enough: np.ndarray,
    whole_part: int = WHOLE_PART,
    seconds: float = 20.0,
) -> int:
    """Narrows `bounds` in one connected part to what tables that fit really reach; returns how
    many programmes that took.

    `wanted` (bool[n]) are the counts whose interval is asked for. In a part of more than
    `whole_part` unknowns, and where `enough` (float[n]) is 0, a count is left as soon as two values
    and one ≥ `enough` are witnessed: it is neither exact nor narrow then, its interval is only an
    outer one.
    """
    part = _Part(system, bounds, columns, seconds)
    asked = np.flatnonzero(wanted[columns])
    if not len(asked):
        return 0
    seen_low, seen_high = np.full(len(columns), np.inf), np.full(len(columns), -np.inf)

    def witness(table: np.ndarray) -> None:
        np.minimum(seen_low, table, out=seen_low)
        np.maximum(seen_high, table, out=seen_high)

    everything = len(columns) <= whole_part
    if not everything:
        for sign in (1, -1):
            state, table = part.extreme(asked, sign)
            if state == "none":
                bounds.contradiction[columns] = True
                return part.programmes
            if table is not None:
                witness(table)
        random = np.random.default_rng(1)
        for glance in range(_GLANCES):
            # tables that are far apart settle many counts at once
            open_ = ~((seen_low < seen_high) & (seen_high >= enough[columns]))[asked]
            chosen = asked[open_ & (random.random(len(asked)) < 0.5)]
            if not len(chosen):
                break
            state, table = part.extreme(chosen, 1 if glance % 2 else -1)
            if table is not None:
                witness(table)
    for i in asked.tolist():
        for sign in (1, -1):
            settled = seen_low[i] < seen_high[i] and seen_high[i] >= enough[columns[i]]
            if settled and not (everything and enough[columns[i]]):
                break
            if seen_low[i] <= part.lower[i] if sign == 1 else seen_high[i] >= part.upper[i]:
                continue
            state, table = part.extreme(i, sign)
            if state == "none":
                bounds.contradiction[columns] = True
                return part.programmes
            if state == "endless":
                seen_high[i] = np.inf
            if table is None:
                continue
            witness(table)
            # the optimum is the end of the interval, for this count and all further programmes
            if sign == 1:
                part.lower[i] = seen_low[i] = table[i]
            else:
                part.upper[i] = seen_high[i] = table[i]
    bounds.lower[columns], bounds.upper[columns] = part.lower, part.upper
    bounds.seen_low[columns], bounds.seen_high[columns] = seen_low, seen_high
    bounds.searched[columns[asked]] = True
    return part.programmes


def insider(
    system: System,
    bounds: Bounds,
    columns: np.ndarray,
    hidden: np.ndarray,
    k: np.ndarray,
    *,
    budget: int,
) -> tuple[list[tuple[int, int, bool]], int]:
    """Who else is disclosed to somebody who knows one hidden count below k, say because they are
    the only one in it: (what is known, what becomes exact, whether for every such value) each.

    `k` is float[n]; what was exact before is not named again. The second answer is how many
    programmes it took; when they exceed `budget` the rest is not looked at.
    """
    found: list[tuple[int, int, bool]] = []
    spent = 0
    inside = columns[hidden[columns]]
    part = _Part(system, bounds, columns, 5.0)
    for known in inside:
        top = min(k[known] - 1, bounds.upper[known])
        # nobody is inside a cell of none
        values = np.arange(max(1, bounds.lower[known]), top + 1)
        learned: list[set[int]] = []
        for value in values:
            if spent > budget:
                return found, spent
            state, exact = _given(part, bounds, known, value, inside, k)
            spent, part.programmes = spent + part.programmes, 0
            if state:
                learned.append(exact)
        for other in sorted(set().union(*learned)):
            found.append((int(known), int(other), all(learned)))
    return found, spent


def _given(
    part: _Part, bounds: Bounds, known: int, value: float, inside: np.ndarray, k: np.ndarray
) -> tuple[bool, set[int]]:
    """Whether a table fits in which one count of the part has this value; which small counts it
    makes exact."""
    place = {int(column): i for i, column in enumerate(part.columns)}
    part.lower, part.upper = bounds.lower[part.columns].copy(), bounds.upper[part.columns].copy()
    part.lower[place[int(known)]] = part.upper[place[int(known)]] = value
    narrowed = propagate(
        System(part.lower, part.upper, part.whole, part.matrix, part.low, part.high)
    )
    if narrowed.contradiction.any():
        return False, set()
    part.lower, part.upper = narrowed.lower, narrowed.upper
    _, table = part.extreme(place[int(known)], 1)
    if table is None:
        return False, set()
    exact = set()
    # a table that differs shows that a count is not exact
    differs = np.zeros(len(part.columns), dtype=bool)
    for other in inside:
        i = place[int(other)]
        small = 1 <= table[i] < k[other] and bounds.lower[other] < bounds.upper[other]
        if other == known or differs[i] or not small:
            continue
        for sign in (1, -1):
            if not differs[i] and (
                table[i] > part.lower[i] if sign == 1 else table[i] < part.upper[i]
            ):
                state, another = part.extreme(i, sign)
                if state == "found":
                    differs |= another != table
                elif state != "none":
                    differs[i] = True  # endless; unproved is told by the search itself
        if not differs[i]:
            exact.add(int(other))
    return True, exact


def reasons(system: System, bounds: Bounds, column: int, limit: int = 6) -> list[int]:
    """The sums from which the bounds of a count follow, the last one first: those of the
    propagation, or where only a programme found them those with a price in its linear relaxation
    (all sums of the part if it has none: whole numbers alone decide)."""
    chain: list[int] = []
    waiting: list[int] = [column]
    done = {column}
    while waiting and len(chain) < limit:
        at = waiting.pop(0)
        for row in (bounds.why_low[at], bounds.why_high[at]):
            if row < 0 or int(row) in chain:
                continue
            chain.append(int(row))
            for other in system.matrix[row].indices:
                if other not in done:
                    done.add(int(other))
                    waiting.append(int(other))
    return chain[:limit]


def prices(system: System, bounds: Bounds, columns: np.ndarray, column: int) -> list[int]:
    """The sums that hold a count where it is, by the prices of the linear relaxation."""
    part = _Part(system, bounds, columns, 5.0)
    costs = np.zeros(len(columns))
    costs[np.flatnonzero(columns == column)] = 1
    found: dict[int, None] = {}
    equal = np.flatnonzero(part.low == part.high)
    apart = np.flatnonzero(part.low != part.high)
    two_sided = sparse.vstack([part.matrix[apart], -part.matrix[apart]])
    limits = np.r_[part.high[apart], -part.low[apart]]
    finite = np.isfinite(limits)
    numbers = np.r_[apart, apart][finite]
    for sign in (1, -1):
        result = optimize.linprog(
            sign * costs,
            A_ub=two_sided.tocsr()[finite] if finite.any() else None,
            b_ub=limits[finite] if finite.any() else None,
            A_eq=part.matrix[equal] if len(equal) else None,
            b_eq=part.low[equal] if len(equal) else None,
            bounds=np.c_[system.lower[columns], system.upper[columns]],
        )
        if result.status != 0:
            continue
        for marginals, rows in ((result.eqlin, equal), (result.ineqlin, numbers)):
            prices_found: Iterable = np.atleast_1d(marginals.marginals)
            for row, price in zip(rows, prices_found, strict=False):
                if abs(price) > _TOLERANCE:
                    found.setdefault(int(part.rows[row]))
    return list(found)
