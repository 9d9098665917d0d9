"""The cells of one dataset, measure and period, and every equation that a reader knows of them.

Rows are cells: a region and a category (or the total) of each dimension. A whole is the sum of its
parts, along the dimensions and along the regions (Stadtteile, Gemeinden, Kreise, Länder,
Deutschland, joint regions). What nobody publishes but anybody can calculate is a cell too: the
rest of a whole of which not all parts are there (also the rest beside a "darunter", and who is in
neither of two), and a whole or part that several equations share. So one system holds all that
subtraction can find out.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd
from scipy import sparse

from indicators.catalog.definition import TOTAL
from indicators.errors import BuildError
from indicators.regions import Region
from indicators.symbols import WITH_NUMBER, Status

# What a cell is to a reader.
NUMBER = 0  # a number stands there
NOTHING = 1  # cannot be (a school type that is not there): exactly none, and everybody knows
DOT = 2  # hidden by whom we have it from
GAP = 3  # not known to anybody: missing, later, unreliable
UNSEEN = 4  # no row, but part of several equations
REST = 5  # what a whole has beyond the parts that are there

# The status of a row that is not published, of a cell that another table of the same persons has.
UNPUBLISHED = "unpublished"

_KIND = {
    **{status.value: NUMBER for status in WITH_NUMBER},
    Status.NOT_APPLICABLE.value: NOTHING,
    Status.DISSOLVED.value: NOTHING,
    Status.SECRET.value: DOT,
    Status.SUPPRESSED.value: DOT,
    Status.MISSING.value: GAP,
    Status.NOT_COLLECTED.value: GAP,
    Status.LATER.value: GAP,
    Status.UNRELIABLE.value: GAP,
    UNPUBLISHED: UNSEEN,
}
REGIONS = -1  # the axis of equations between regions
SAME = -2  # the axis of equations between tables of the same persons


@dataclass(frozen=True)
class Axis:
    """A dimension as it adds up: `parts` are categories whose sum is the total, `others` are
    contained in the total but not added (a "darunter"); `inside` names the category that contains
    one of these (the total if it names none). `sums` are sums of some categories that are shown as
    well: name → categories."""

    id: str
    parts: tuple[str, ...]
    others: tuple[str, ...] = ()
    inside: Mapping[str, str] = field(default_factory=dict)
    sums: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, dimension) -> "Axis":
        """The axis of a Dimension of the catalog (which this layer does not import)."""
        parts = [c.id for c in dimension.categories if dimension.partition and not c.subset]
        others = [c.id for c in dimension.categories if c.id not in parts]
        return cls(dimension.id, tuple(parts), tuple(others))

    @property
    def names(self) -> list[str]:
        return [TOTAL, *self.parts, *self.others, *self.sums]


@dataclass(frozen=True)
class Cube:
    """n cells, the rows first and in their order, and m equations.

    `value` (n, persons; NaN where nobody knows it), `kind` (n, the constants above), `rounded` (n:
    the source publishes it as a multiple of 3 or 5), `source` (n; -1 for cells without a row),
    `depth` (n: how many dimensions are totals), `worth` (n: how many other numbers readers would
    give for this one), `family` (n: what lies side by side, by name).
    `equations` (m × n): +1 for parts, -1 for the whole; `axis` (m: the dimension that is summed,
    REGIONS for regions, SAME between tables); `single` (m: each part is one category of a
    partition). Deliveries that contradict each other leave a difference on the right hand side,
    which an attacker is taken to know.
    """

    rows: pd.DataFrame
    axes: tuple[Axis, ...]
    value: np.ndarray
    kind: np.ndarray
    rounded: np.ndarray
    source: np.ndarray
    depth: np.ndarray
    worth: np.ndarray
    family: np.ndarray
    equations: sparse.csr_matrix
    axis: np.ndarray
    single: np.ndarray

    def __len__(self) -> int:
        return len(self.value)

    def name(self, cell: int) -> str:
        """A cell in words, for reports."""
        if cell >= len(self.rows):
            return "nicht veröffentlichter Rest"
        row = self.rows.iloc[cell]
        return " / ".join([row["region"], *(row[axis.id] for axis in self.axes)])


def split(rows: pd.DataFrame, measures: list[str]) -> Iterator[tuple[tuple, pd.DataFrame]]:
    """The rows of each measure (only the additive ones that are given), period and start; the
    columns stay."""
    chosen = rows[rows["measure"].isin(measures)]
    yield from chosen.groupby(["measure", "period", "start"], sort=True)


def build(rows: pd.DataFrame, axes: list[Axis], register: dict[str, Region]) -> Cube:
    """The cube of the rows of one measure and period, with columns region, start, one for each
    axis, value, status, flags and (if there are several) source; `certain` (optional) marks zeros
    that everybody knows and that stay shown, because nobody ever was in such a cell; `worth`
    (optional) is that of the cube.

    Raises BuildError for rows that say the same cell twice, and for numbers that are no counts.
    """
    rows = rows.reset_index(drop=True)
    keys = ["region", *(axis.id for axis in axes)]
    twice = rows[rows.duplicated(keys)]
    if len(twice):
        raise BuildError(
            f"Schutz kleiner Zahlen: Die Zelle {' / '.join(twice.iloc[0][keys])} steht doppelt in "
            "den Daten. Nächster Schritt: die Lieferungen vergleichen."
        )
    kind = rows["status"].map(_KIND).to_numpy(np.int64, copy=True)
    value = np.where(kind == NUMBER, rows["value"].to_numpy(float), np.nan)
    if "certain" in rows:
        kind[rows["certain"].to_numpy(bool) & (value == 0)] = NOTHING
    value[kind == NOTHING] = 0.0
    known = value[~np.isnan(value)]
    if np.any(known != np.rint(known)) or np.any(known < 0):
        raise BuildError(
            "Schutz kleiner Zahlen: Die Kennzahl enthält Werte, die keine Anzahlen sind (Brüche "
            "oder negative Zahlen). Nächster Schritt: sie als Verhältniswert (additive = false) "
            "kennzeichnen oder die Datei prüfen."
        )
    day = pd.Timestamp(rows["start"].iloc[0]).date() if len(rows) else date.min
    system = _System(rows, axes, register, day)
    count, extra = len(rows), len(system.family) - len(rows)
    depth = sum(
        ((rows[axis.id] == TOTAL).to_numpy(np.int64) for axis in axes),
        np.zeros(count, dtype=np.int64),
    )
    source = rows["source"].to_numpy(np.int64) if "source" in rows else np.zeros(count, np.int64)
    ones = np.ones(count)
    flags = rows["flags"] if "flags" in rows else pd.Series("", index=rows.index)
    value, kind = _nothing(
        np.r_[value, np.full(extra, np.nan)],
        np.r_[kind, system.extra_kinds],
        system.equations,
    )
    value, equations, keep = _calculated(value, kind, system.equations)
    return Cube(
        rows=rows,
        axes=tuple(axes),
        value=value,
        kind=kind,
        rounded=np.r_[
            flags.str.contains("rounded_", regex=False).to_numpy(bool), np.zeros(extra, bool)
        ],
        source=np.r_[source, np.full(extra, -1)],
        depth=np.r_[depth, np.zeros(extra, np.int64)],
        worth=np.r_[rows["worth"].to_numpy(float) if "worth" in rows else ones, np.ones(extra)],
        family=system.family,
        equations=equations,
        axis=system.axis[keep],
        single=system.single[keep],
    )


def linked(cubes: list[Cube], same: list[tuple[int, np.ndarray, int, np.ndarray]]) -> Cube:
    """Tables of the same persons as one cube: first the rows of all (divided by all axes, totals
    where a table has none), then their other cells. `same` holds (table, its rows, other table,
    its rows): cells that are equal."""
    rows = np.cumsum([0, *(len(cube.rows) for cube in cubes)])
    extra = rows[-1] + np.cumsum([0, *(len(cube) - len(cube.rows) for cube in cubes)])
    place = [
        np.r_[rows[i] : rows[i + 1], extra[i] : extra[i + 1]].astype(np.int64)
        for i in range(len(cubes))
    ]
    order = np.argsort(np.concatenate(place))

    def joined(name: str) -> np.ndarray:
        return np.concatenate([getattr(cube, name) for cube in cubes])[order]

    lines = sparse.block_diag([cube.equations for cube in cubes], format="csr")[:, order]
    one = np.concatenate([np.zeros(0, np.int64), *(rows[i] + at for i, at, _, _ in same)])
    other = np.concatenate([np.zeros(0, np.int64), *(rows[j] + at for _, _, j, at in same)])
    number = np.arange(len(one))
    equal = sparse.csr_matrix(
        (np.r_[np.ones(len(one)), -np.ones(len(one))], (np.r_[number, number], np.r_[one, other])),
        shape=(len(one), extra[-1]),
    )
    equations = sparse.vstack([lines, equal], format="csr")
    value, kind = _nothing(joined("value"), joined("kind"), equations)
    axis = np.r_[np.concatenate([cube.axis for cube in cubes]), np.full(len(one), SAME)]
    single = np.r_[np.concatenate([cube.single for cube in cubes]), np.zeros(len(one), bool)]
    value, equations, keep = _calculated(value, kind, equations)
    axes = tuple({axis.id: axis for cube in cubes for axis in cube.axes}.values())
    every = pd.concat([cube.rows for cube in cubes], ignore_index=True)
    return Cube(
        rows=every.fillna({axis.id: TOTAL for axis in axes}),
        axes=axes,
        value=value,
        kind=kind,
        rounded=joined("rounded"),
        source=joined("source"),
        depth=joined("depth"),
        worth=joined("worth"),
        family=joined("family"),
        equations=equations,
        axis=axis[keep],
        single=single[keep],
    )


def _nothing(value, kind, equations):
    """Where a whole is known to have nobody, nobody is in its parts; where nobody is in any part,
    nobody is in the whole. Cells that are a supplier's dot are left alone."""
    value, kind = value.copy(), kind.copy()
    parts, wholes = equations.maximum(0), -equations.minimum(0)
    while True:
        none = (kind == NOTHING).astype(float)
        below = (parts.T @ (wholes @ none)) > 0
        above = (wholes.T @ (parts @ (1 - none) == 0).astype(float)) > 0
        new = (below | above) & np.isin(kind, [NUMBER, UNSEEN, REST])
        new &= np.isnan(value) | (value == 0)
        if not new.any():
            return value, kind
        value[new], kind[new] = 0.0, NOTHING


def _calculated(value, kind, equations):
    """Fills in what an equation with one unknown tells of cells that are not a supplier's dot;
    an equation whose rest would be negative says nothing (its parts are of other persons). Returns
    the values, the equations that say something, and which those are (m bool)."""
    value = value.copy()
    dots = kind == DOT
    keep = np.ones(equations.shape[0], dtype=bool)
    while True:
        unknown = np.isnan(value)
        open_cells = equations @ sparse.diags_array(unknown.astype(float))
        open_cells = sparse.csr_matrix(open_cells)
        open_cells.eliminate_zeros()
        single = np.flatnonzero((np.diff(open_cells.indptr) == 1) & keep)
        cells = open_cells.indices[open_cells.indptr[single]]
        signs = open_cells.data[open_cells.indptr[single]]
        usable = ~dots[cells]
        single, cells, signs = single[usable], cells[usable], signs[usable]
        if not len(single):
            return value, equations[np.flatnonzero(keep)].tocsr(), keep
        found = -signs * (equations[single] @ np.where(unknown, 0.0, value))
        keep[single[found < 0]] = False
        right = found >= 0
        # several equations may tell the same cell: the first one is taken
        first, at = np.unique(cells[right], return_index=True)
        value[first] = found[right][at]


def determined(cube: Cube, known: np.ndarray) -> np.ndarray:
    """Which cells (n) are known to whoever knows some of them: those, and step by step the one that
    an equation leaves open."""
    known = known.copy()
    lines = abs(cube.equations)
    while True:
        unknown = (~known).astype(float)
        single = np.flatnonzero(np.rint(lines @ unknown) == 1)
        cells = (lines[single] @ sparse.diags_array(unknown)).tocsr()
        cells.eliminate_zeros()
        new = np.unique(cells.indices)
        if not len(new):
            return known
        known[new] = True


# --- how cells hang together --------------------------------------------------------------------


# Stand behind the id of a region for all parts of which no row is there, and for those of them that
# no register has: the Gemeinden of a real Landkreis.
_UNLISTED, _ELSEWHERE = " unlisted", " elsewhere"


class _System:
    """Equations of keys: region number × size + Σ digit × weight, digit 0 for a total. After the
    names of an axis, each of its "others" and sums has one more digit: whoever is not in it; the
    last digit is for all parts together that a region lists nowhere."""

    def __init__(
        self,
        rows: pd.DataFrame,
        axes: list[Axis],
        register: dict[str, Region],
        day: date,
    ):
        radix = [len(axis.names) + len(axis.others) + len(axis.sums) + 1 for axis in axes]
        self.axes, self.radix = axes, radix
        self.weights = [int(np.prod(radix[:i], dtype=np.int64)) for i in range(len(radix))]
        self.size = int(np.prod(radix, dtype=np.int64))
        code = np.zeros(len(rows), dtype=np.int64)
        for axis, weight in zip(axes, self.weights, strict=True):
            digits = pd.Categorical(rows[axis.id], axis.names).codes.astype(np.int64)
            if np.any(digits < 0):
                raise BuildError(f"Schutz kleiner Zahlen: unbekannte Kategorie bei {axis.id}.")
            code += digits * weight
        wholes = _wholes(register, day, set(rows["region"]))
        named = {part for _, parts, _ in wholes for part in parts} | {w for w, _, _ in wholes}
        named |= {whole + more for whole, _, _ in wholes for more in (_UNLISTED, _ELSEWHERE)}
        self.regions = sorted(named | set(rows["region"]))
        self.number = {id: index for index, id in enumerate(self.regions)}
        self.key = rows["region"].map(self.number).to_numpy(np.int64) * self.size + code
        # the pieces of all equations: number of the equation, key of the cell, sign
        self.pieces: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
        self.axis_of: list[np.ndarray] = []
        self.single_of: list[np.ndarray] = []
        self.count = 0
        # keys that can be divided further: cells, unlisted Gemeinden, rests along other axes
        self.wide = self.key
        self._regions(wholes, np.unique(code))
        for index in range(len(axes)):
            self._dimension(index)
        self._join(register)

    def _add(self, whole: np.ndarray, parts: np.ndarray, axis: int, single: bool = False) -> None:
        """Equations: whole (e,) = Σ parts (e, p)."""
        number = self.count + np.arange(len(whole))
        each = np.repeat(number, parts.shape[1])
        self.pieces.append((number, whole, np.full(len(whole), -1.0)))
        self.pieces.append((each, parts.ravel(), np.ones(parts.size)))
        self.axis_of.append(np.full(len(whole), axis))
        self.single_of.append(np.full(len(whole), single))
        self.count += len(whole)

    def _regions(self, wholes, codes: np.ndarray) -> None:
        published = np.unique(self.key // self.size)
        for whole, parts, complete in wholes:
            numbers = np.array([self.number[part] for part in parts])
            there = np.isin(numbers, published)
            keys, others = numbers[there] * self.size, numbers[~there] * self.size
            above = self.number[whole] * self.size + codes
            if len(others) or not complete:
                unlisted = self.number[whole + _UNLISTED] * self.size
                inside = np.isin(self.key // self.size, numbers)
                self.wide = np.r_[self.wide, unlisted + np.unique(self.key[inside] % self.size)]
                keys = np.r_[keys, unlisted]
                if not complete:
                    others = np.r_[others, self.number[whole + _ELSEWHERE] * self.size]
                self._add(unlisted + codes, others[None, :] + codes[:, None], REGIONS)
            self._add(above, keys[None, :] + codes[:, None], REGIONS)

    def _dimension(self, index: int) -> None:
        axis, weight = self.axes[index], self.weights[index]
        digit = self.key // weight % self.radix[index]
        rests = self._partition(index) if axis.parts else []
        for sum_of, categories in axis.sums.items():
            own = axis.names.index(sum_of)
            whole = self.key[digit == own]
            inner = np.array([axis.names.index(id) for id in categories])
            parts = (whole - own * weight)[:, None] + inner[None, :] * weight
            self._add(whole, parts, index)
        digit = self.wide // weight % self.radix[index]
        for place, inside in enumerate([*axis.others, *axis.sums]):
            own, beside = axis.names.index(inside), len(axis.names) + place
            above = axis.names.index(axis.inside.get(inside, TOTAL))
            part = self.wide[digit == own]
            if inside in axis.sums:
                part = part[self._left_unlisted(index, part, axis.sums[inside])]
            complement = part + (beside - own) * weight
            self._add(part - (own - above) * weight, np.stack([part, complement], axis=1), index)
            rests.append(complement)
        self.wide = np.unique(np.concatenate([self.wide, *rests]))

    def _partition(self, index: int) -> list[np.ndarray]:
        """The sums of parts; returns the keys of what all unlisted parts have together."""
        weight, radix = self.weights[index], self.radix[index]
        count, rest = len(self.axes[index].parts), radix - 1
        digit = self.wide // weight % radix
        inside = (digit > 0) & (digit <= count)
        whole = np.unique((self.wide - digit * weight)[inside])
        regions, region = np.unique(whole // self.size, return_inverse=True)
        listed = np.zeros((len(regions), count), dtype=bool)
        at = np.searchsorted(regions, self.wide[inside] // self.size)
        listed[at, digit[inside] - 1] = True
        found = []
        for pattern in np.unique(listed, axis=0):
            wholes = whole[(listed[region] == pattern).all(axis=1)]
            digits = 1 + np.flatnonzero(pattern)
            if pattern.all():
                # what is left along another axis adds up where its whole and its parts do
                wholes = wholes[np.isin(wholes, self._above(index))]
            else:
                unlisted = wholes + rest * weight
                others = 1 + np.flatnonzero(~pattern)
                self._add(unlisted, wholes[:, None] + others[None, :] * weight, index)
                digits = np.r_[digits, rest]
                found.append(unlisted)
            each = pattern.sum() >= count - 1
            self._add(wholes, wholes[:, None] + digits[None, :] * weight, index, each)
        return found

    def _left_unlisted(self, index: int, keys: np.ndarray, parts: tuple[str, ...]) -> np.ndarray:
        """Whether what a sum of these parts leaves of the total holds parts that the key's region
        lists nowhere; otherwise the listed ones say all of it."""
        axis, weight, radix = self.axes[index], self.weights[index], self.radix[index]
        others = [axis.names.index(id) for id in axis.parts if id not in parts]
        if not others or not set(parts) <= set(axis.parts):
            return np.zeros(len(keys), dtype=bool)
        digit, region = self.key // weight % radix, self.key // self.size
        listed = [np.isin(keys // self.size, region[digit == other]) for other in others]
        return ~np.all(listed, axis=0)

    def _above(self, index: int) -> np.ndarray:
        """The totals, along an axis, of the cells that are parts there."""
        weight, radix = self.weights[index], self.radix[index]
        digit = self.key // weight % radix
        inside = (digit > 0) & (digit <= len(self.axes[index].parts))
        return np.unique((self.key - digit * weight)[inside])

    def _join(self, register: dict[str, Region]) -> None:
        """Leaves out what says nothing, adds unseen cells and rests, and makes the matrix."""
        equation, key, sign = (
            (np.concatenate([piece[i] for piece in self.pieces]) for i in range(3))
            if self.pieces
            else (np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))
        )
        axis = np.concatenate([np.zeros(0, np.int64), *self.axis_of])
        single = np.concatenate([np.zeros(0, bool), *self.single_of])
        rest = np.zeros(self.count, dtype=bool)
        there: np.ndarray = np.isin(key, self.key)
        while True:
            numbers, at = np.unique(key, return_inverse=True)
            lonely = ~there & (np.bincount(at, minlength=len(numbers))[at] == 1)
            useful_part = np.zeros(self.count, dtype=bool)
            useful_part[equation[(sign > 0) & ~lonely]] = True
            # a whole that appears nowhere else tells nothing, nor does a whole without parts
            useless = ~useful_part
            useless[equation[(sign < 0) & lonely]] = True
            drop = useless[equation]
            if not drop.any():
                break
            equation, key, sign, there = (a[~drop] for a in (equation, key, sign, there))
        # parts that appear nowhere else are one rest together
        rest[equation[lonely]] = True
        equation, key, sign, there = (a[~lonely] for a in (equation, key, sign, there))
        used, equation = np.unique(equation, return_inverse=True)
        equation, key, sign, there = _merged(equation, key, sign, there)
        unseen = np.unique(key[~there])
        with_rest = np.flatnonzero(rest[used])
        order = np.argsort(self.key)
        column = np.empty(len(key), dtype=np.int64)
        column[there] = order[np.searchsorted(self.key, key[there], sorter=order)]
        column[~there] = len(self.key) + np.searchsorted(unseen, key[~there])
        total = len(self.key) + len(unseen) + len(with_rest)
        self.equations = sparse.csr_matrix(
            (
                np.r_[sign, np.ones(len(with_rest))],
                (
                    np.r_[equation, with_rest],
                    np.r_[column, len(self.key) + len(unseen) + np.arange(len(with_rest))],
                ),
            ),
            shape=(len(used), total),
        )
        self.axis, self.single = axis[used], single[used]
        self.extra_kinds = np.r_[
            np.full(len(unseen), UNSEEN, dtype=np.int64),
            np.full(len(with_rest), REST, dtype=np.int64),
        ]
        family = np.array([_family(id, register) for id in self.regions], object)
        part = np.zeros(len(used), dtype=np.int64)
        chosen = (sign > 0).nonzero()[0][::-1]
        part[equation[chosen]] = column[chosen]
        own = family[np.r_[self.key, unseen] // self.size]
        self.family = np.r_[own, own[part[with_rest]]]
        self._rests_together()

    def _rests_together(self) -> None:
        """Where a published whole has several parts that nobody publishes, these together are a
        cell: who sees the others knows it."""
        lines = self.equations.tocoo()
        unseen = (lines.col >= len(self.key)) & (lines.data > 0)
        count = np.bincount(lines.row[unseen], minlength=lines.shape[0])
        published = np.zeros((2, lines.shape[0]), dtype=bool)
        there = lines.col < len(self.key)
        published[(lines.data[there] > 0).astype(int), lines.row[there]] = True
        # with no published part it is the whole
        several = np.flatnonzero((count > 1) & published.all(axis=0))
        moved = unseen & np.isin(lines.row, several)
        row, column = lines.row.copy(), lines.col
        row[moved] = lines.shape[0] + np.searchsorted(several, lines.row[moved])
        new, last = np.arange(len(several)), lines.shape
        one = np.ones(len(several))
        self.equations = sparse.csr_matrix(
            (
                np.r_[lines.data, one, -one],
                (
                    np.r_[row, several, last[0] + new],
                    np.r_[column, last[1] + new, last[1] + new],
                ),
            ),
            shape=(last[0] + len(several), last[1] + len(several)),
        )
        self.axis = np.r_[self.axis, self.axis[several]]
        self.single = np.r_[self.single, np.zeros(len(several), bool)]
        self.extra_kinds = np.r_[self.extra_kinds, np.full(len(several), REST, dtype=np.int64)]
        first = np.full(last[0], -1)
        first[lines.row[moved][::-1]] = lines.col[moved][::-1]
        self.family = np.r_[self.family, self.family[first[several]]]


def _merged(equation, key, sign, there):
    """Unseen cells that stand in the same equations with the same signs are one cell: nobody can
    tell them apart."""
    unseen, at = np.unique(key[~there], return_inverse=True)
    if not len(unseen):
        return equation, key, sign, there
    # two random numbers for each equation and sign: their sums name a set of them
    random = np.random.default_rng(1)
    names = random.integers(0, 2**62, size=(2, 2, int(equation.max()) + 1), dtype=np.uint64)
    side = (sign[~there] > 0).astype(int)
    sums = np.zeros((2, len(unseen)), dtype=np.uint64)
    for row in range(2):
        np.add.at(sums[row], at, names[row, side, equation[~there]])
    _, first, group = np.unique(sums, axis=1, return_index=True, return_inverse=True)
    key = key.copy()
    key[~there] = unseen[first[group.ravel()]][at]
    pieces = pd.DataFrame({"equation": equation, "key": key, "sign": sign})
    kept = np.flatnonzero(~pieces.duplicated().to_numpy())
    return equation[kept], key[kept], sign[kept], there[kept]


def _wholes(
    register: dict[str, Region], day: date, published: set[str]
) -> list[tuple[str, list[str], bool]]:
    """Whole, parts existing that day, and whether these are all of them. Only what the published
    regions have to do with. The Gemeinden of a real Landkreis need not all be listed."""
    children: dict[tuple[str, str], list[str]] = {}
    found = []
    for id, region in register.items():
        if not region.exists_on(day):
            continue
        if region.members:
            found.append((id, list(region.members), True))
            continue
        above = {region.parent, region.land if region.level == "kreis" else None}
        for whole in sorted(other for other in above if other and other != id):
            children.setdefault((whole, region.level), []).append(id)
    for (whole, level), parts in children.items():
        if whole in register:
            complete = level != "gemeinde" or register[whole].invented
            found.append((whole, sorted(parts), complete))
    return sorted(
        (whole, parts, complete) for whole, parts, complete in found if published & {whole, *parts}
    )


def _family(id: str, register: dict[str, Region]) -> str:
    """What the cells of a region are protected together with, if the table is large."""
    if id.endswith((_UNLISTED, _ELSEWHERE)):
        return id.split(" ")[0]
    region = register.get(id)
    if region is None:
        return ""
    if region.level in ("kreis", "regierungsbezirk", "verbund"):
        return region.land
    return region.parent or ""
