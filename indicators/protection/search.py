"""The search for other tables: cheapest differences from the true one that fit all equations.

Every linear programme of the protection is solved here, by HiGHS with one thread and a fixed seed;
each starts where the one before ended, which is what makes thousands of them affordable.
"""

from dataclasses import dataclass

import highspy
import numpy as np
from scipy import sparse

from indicators.protection.cube import Cube

TINY = 1e-6
# No table has larger numbers, in persons; an attacker knows no better.
FAR = 1e6
# Movements of cells that are hidden anyway cost next to nothing, but not nothing: small proofs.
FREE = 1e-3


@dataclass(frozen=True)
class Witness:
    """Another table that fits everything visible: it differs from the true one by `moves` (persons,
    whole numbers) in `cells`. `knowing` is a cell it leaves alone, for the insider who knows it."""

    cells: np.ndarray
    moves: np.ndarray
    knowing: int | None = None


def minimisation(
    matrix: sparse.spmatrix, lower: np.ndarray, upper: np.ndarray, cost: np.ndarray, right=None
) -> highspy.Highs:
    """A minimisation in HiGHS: matrix · x = right (zeros if none), lower <= x <= upper."""
    columns = matrix.tocsc()
    right = np.zeros(matrix.shape[0]) if right is None else right
    problem = highspy.HighsLp()
    problem.num_col_, problem.num_row_ = columns.shape[1], columns.shape[0]
    problem.col_cost_, problem.col_lower_, problem.col_upper_ = cost, lower, upper
    problem.row_lower_ = problem.row_upper_ = right
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
        # what was solved before is the start of the next
        ("presolve", "off"),
    ):
        solver.setOptionValue(option, value)
    solver.passModel(problem)
    return solver


def solved(solver: highspy.Highs) -> np.ndarray | None:
    """The solution; None where there is none. A start that leads nowhere is tried from scratch."""
    solver.run()
    if solver.getModelStatus() not in (
        highspy.HighsModelStatus.kOptimal,
        highspy.HighsModelStatus.kInfeasible,
    ):
        solver.clearSolver()
        solver.setOptionValue("presolve", "choose")
        solver.run()
        solver.setOptionValue("presolve", "off")
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    return np.array(solver.getSolution().col_value)


class Search:
    """Differences from the true table in which only the `free` cells move, the cheapest first.

    A move is two columns, up and down. `lowest` bounds how far down a cell may go; `cost` (per
    person moved) is that of all cells of the cube, in persons.
    """

    def __init__(self, cube: Cube, table, lowest, free: np.ndarray, cost: np.ndarray):
        self.free = np.flatnonzero(free)
        self.place = np.full(len(cube), -1)
        self.place[self.free] = np.arange(len(self.free))
        matrix = cube.equations[:, self.free].tocsr()
        self.matrix = matrix[np.flatnonzero(np.diff(matrix.indptr) > 0)]
        self.size = len(self.free)
        self.down = np.maximum(table[self.free] - lowest[self.free], 0).astype(float)
        self.up = np.full(self.size, FAR)
        self.cost = np.tile(cost[self.free].astype(float), 2)
        self.held = np.zeros(self.size, dtype=bool)
        self.last = np.zeros(self.size)
        self.runs = 0
        self.solver = minimisation(
            sparse.hstack([self.matrix, -self.matrix]),
            np.zeros(2 * self.size),
            np.r_[self.up, self.down],
            self.cost,
        )

    def cheapen(self, cells: np.ndarray) -> None:
        """These cells are hidden now: moving them costs nothing more."""
        at = self.place[cells]
        at = at[at >= 0]
        both = np.r_[at, at + self.size].astype(np.int32)
        self.cost[both] = np.minimum(self.cost[both], FREE)
        self.solver.changeColsCost(len(both), both, self.cost[both])

    def _bound(self, at: int, up: tuple[float, float], down: tuple[float, float]) -> None:
        self.solver.changeColBounds(int(at), *up)
        self.solver.changeColBounds(int(at + self.size), *down)

    def hold(self, cell: int) -> None:
        """This cell must not move."""
        at = self.place[cell]
        if at >= 0:
            self.held[at] = True
            self._bound(at, (0.0, 0.0), (0.0, 0.0))

    def release(self, cell: int) -> None:
        at = self.place[cell]
        if at >= 0:
            self.held[at] = False
            self._bound(at, (0.0, self.up[at]), (0.0, self.down[at]))

    def find(
        self, cell: int, amount: int, held: int | None = None, *, quick: bool = False
    ) -> Witness | None:
        """A table in which the cell is at least `amount` persons higher (lower if negative), and
        `held` stays. `quick` gives up where the cheapest one has fractions."""
        at = self.place[cell]
        if at < 0 or (amount < 0 and self.down[at] < -amount):
            return None
        if amount > 0:
            self._bound(at, (float(amount), self.up[at]), (0.0, 0.0))
        else:
            self._bound(at, (0.0, 0.0), (float(-amount), self.down[at]))
        if held is not None:
            self.hold(held)
        found, whole = solved(self.solver), None
        self.runs += 1
        if found is not None:
            move = found[: self.size] - found[self.size :]
            whole = np.rint(move)
            if np.abs(move - whole).max() > TINY or np.any(self.matrix @ whole):
                touched = np.abs(move) > TINY
                whole = None if quick else self._whole_numbers(cell, amount, touched)
        self.release(cell)
        if held is not None:
            self.release(held)
        if whole is None:
            return None
        moved = np.flatnonzero(whole)
        return Witness(self.free[moved], whole[moved].astype(np.int64), held)

    def extreme(self, cell: int, sign: int) -> int:
        """How far a cell can move up (1) or down (-1), in whole persons; of what has no end, as far
        as ten times its number and a hundred more. The table that shows it stays in `last`."""
        place = int(self.place[cell])
        at = place + (self.size if sign < 0 else 0)
        if sign > 0:
            self._bound(place, (0.0, self.up[place]), (0.0, 0.0))
        else:
            self._bound(place, (0.0, 0.0), (0.0, self.down[place]))
        self.solver.changeColCost(at, -1.0)
        found = solved(self.solver)
        self.solver.changeColCost(at, self.cost[at])
        self.release(cell)
        if found is None:
            self.last = np.zeros(self.size)
            return 0
        self.last = found[: self.size] - found[self.size :]
        most = 100 + 10 * self.down[self.place[cell]]
        return int(min(np.floor(found[at] + TINY), most))

    def together(self, cells: np.ndarray, amounts: np.ndarray) -> np.ndarray:
        """Which of the cells rise by their amounts in one table that raises as many as it can (it
        stays in `last`): a quick look that spares a search for each."""
        if not len(cells):
            return np.zeros(0, dtype=bool)
        at = self.place[cells].astype(np.int32)
        most = np.asarray(amounts, dtype=float)
        nothing = np.zeros(len(at))
        self.solver.changeColsBounds(len(at), at, nothing, np.minimum(most, self.up[at]))
        self.solver.changeColsCost(len(at), at, np.full(len(at), -1.0))
        found = solved(self.solver)
        self.solver.changeColsCost(len(at), at, self.cost[at])
        self.solver.changeColsBounds(len(at), at, nothing, self.up[at])
        self.runs += 1
        if found is None:
            return np.zeros(len(at), dtype=bool)
        self.last = found[: self.size] - found[self.size :]
        return self.last[at] >= most - TINY

    def _whole_numbers(self, cell: int, amount: int, touched: np.ndarray) -> np.ndarray | None:
        """The same in whole numbers: first among the cells a fractional table touches and those
        that cost nothing, then among all."""
        for among in (touched | (self.cost[: self.size] <= FREE), np.ones(self.size, bool)):
            chosen = np.flatnonzero(among & ~self.held)
            matrix = self.matrix[:, chosen]
            matrix = matrix[np.flatnonzero(np.diff(matrix.indptr) > 0)]
            # small numbers are enough, and make the search short
            most = 60.0 + abs(amount)
            up, down = np.minimum(self.up[chosen], most), np.minimum(self.down[chosen], most)
            lower = np.zeros(2 * len(chosen))
            at = int(np.flatnonzero(self.free[chosen] == cell)[0])
            if amount > 0:
                lower[at], down[at] = amount, 0.0
            else:
                lower[at + len(chosen)], up[at] = -amount, 0.0
            cost = np.r_[self.cost[chosen], self.cost[chosen + self.size]]
            solver = minimisation(sparse.hstack([matrix, -matrix]), lower, np.r_[up, down], cost)
            kinds = np.full(2 * len(chosen), int(highspy.HighsVarType.kInteger), dtype=np.uint8)
            solver.changeColsIntegrality(
                2 * len(chosen), np.arange(2 * len(chosen), dtype=np.int32), kinds
            )
            solver.setOptionValue("presolve", "choose")
            # a limit in nodes, not in seconds: the same on every machine
            solver.setOptionValue("mip_max_nodes", 2000)
            solver.setOptionValue("mip_rel_gap", 0.05)
            solver.run()
            self.runs += 1
            if solver.getInfo().primal_solution_status != 2:
                continue
            found = np.array(solver.getSolution().col_value)
            whole = np.zeros(self.size)
            whole[chosen] = np.rint(found[: len(chosen)] - found[len(chosen) :])
            moved = whole[self.place[cell]]
            if not np.any(self.matrix @ whole) and moved * np.sign(amount) >= abs(amount):
                return whole
        return None
