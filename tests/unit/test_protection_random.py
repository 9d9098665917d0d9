"""Random tables: what the engine leaves visible, before an auditor and attackers of other code.

PROTECTION_TABLES=10000 makes a long run (300 by default: tables of every size, see
`random_tables.usual_size`);
`python -m benchmarks protection --tables 10000` counts the same and goes on after a failure. With
`--circles` it also draws margins that meet in a circle, which the engine does not yet know all of.
"""

import os
from collections import Counter

import numpy as np
import pandas as pd
import pytest

from indicators.protection import cube as cubes
from indicators.protection import suppress
from indicators.protection.rules import Rule
from indicators.regions import Region
from tests.unit import random_tables
from tests.unit.attacker import Attacker, seen
from tests.unit.random_tables import TOGETHER, RandomTable, audited

pytestmark = pytest.mark.slow  # thousands of random tables

TABLES = int(os.environ.get("PROTECTION_TABLES", "300"))
CHUNK = 100


def protected(table: RandomTable) -> tuple[cubes.Cube, suppress.Pattern, pd.DataFrame]:
    cube = cubes.build(table.rows, table.axes, table.places.register)
    pattern = suppress.protect(cube, table.rule)
    return cube, pattern, suppress.apply(cube, pattern)


@pytest.mark.parametrize("first", range(0, TABLES, CHUNK))
def test_an_independent_audit_finds_nothing(first):
    """No count exact, none narrow, none open, none left as a rest, every interval proved."""
    for seed in range(first, min(first + CHUNK, TABLES), TOGETHER):
        tables = [random_tables.table(seed + n) for n in range(TOGETHER)]
        shown = [(table, protected(table)[2]) for table in tables]
        report = audited(shown)
        assert report.verdict.ok, (seed, report.text())
        assert not report.notes, (seed, report.notes)


def attacker_of(table: RandomTable, rows: pd.DataFrame) -> tuple[Attacker, dict]:
    """Someone who knows which innermost cells each sum consists of, and what the rows show."""
    shown = seen(rows, table.axes)
    status = dict(zip(shown, rows["status"], strict=True))
    told = {cell: shown[cell] for cell in table.cells()}
    told |= {cell: 0.0 for cell in told if status[cell] == "not_applicable"}
    return Attacker(table, told, table.rule.lowest), status


def assert_safe(table: RandomTable, rows: pd.DataFrame) -> int:
    """Of every dot an attacker finds at least two values, one of them not below the minimum."""
    attacker, status = attacker_of(table, rows)
    true, asked = table.true(), 0
    for cell in attacker.shown:
        if status[cell] != "suppressed":
            assert status[cell] == "secret" or not 0 < true[cell] < table.rule.minimum, cell
            continue
        low, high = attacker.range(cell)
        assert low <= true[cell] <= high, (table.seed, cell)
        assert low < high and high >= table.rule.minimum, (table.seed, cell, low, high)
        asked += 1
    return asked


@pytest.mark.parametrize("first", range(0, TABLES, 10 * CHUNK))
def test_an_attacker_without_any_equation_finds_nothing(first):
    """One table of forty: here every hidden cell is asked for, over all innermost cells."""
    asked = 0
    for seed in range(first, min(first + 10 * CHUNK, TABLES), 40):
        table = random_tables.table(seed, 20)
        asked += assert_safe(table, protected(table)[2])
    assert asked > 100


def test_a_dot_shown_again_is_noticed_whenever_a_small_cell_is_disclosed_by_it():
    """Sabotage of real patterns: one secondary dot less, judged by trying whole tables."""
    counts = Counter()
    for seed in range(5_000, 5_000 + max(60, TABLES // 20)):
        table = random_tables.table(seed, 12)
        cube, pattern, rows = protected(table)
        if table.rows["status"].isin(["secret", "missing"]).any():
            continue
        true, secondary = table.true(), np.flatnonzero(pattern.secondary[: len(rows)])
        for place in np.random.default_rng(seed).permutation(secondary)[:3]:
            broken = rows.copy()
            broken.loc[place, ["value", "status"]] = table.rows.loc[place, ["value", "status"]]
            attacker, status = attacker_of(table, broken)
            small = [
                cell
                for cell, sign in status.items()
                if sign == "suppressed" and 0 < true[cell] < table.rule.minimum
            ]
            ranges = (attacker.range(cell) for cell in small)
            disclosed = any(low == high or high < table.rule.minimum for low, high in ranges)
            alarm = not audited([(table, broken)]).verdict.ok
            counts["mattered" if disclosed else "superfluous"] += 1
            counts["noticed"] += alarm and disclosed
    assert counts["mattered"] > 30
    assert counts["noticed"] >= 0.99 * counts["mattered"], counts


# --- what random tables found -------------------------------------------------------------------


def test_a_zero_hidden_beside_a_small_cell_reaches_the_minimum_too():
    """A dot of which all can tell that it is below the minimum must stand for none."""
    table = random_tables.table(40_006, 60)
    _, pattern, rows = protected(table)
    assert table.rule.zeros == "hidden" and (pattern.table[pattern.hidden] == 0).any()
    assert audited([(table, rows)]).verdict.ok


TWO = [cubes.Axis("a", (), ("x",)), cubes.Axis("b", (), ("y",))]
NO_ZEROS = Rule(zeros="shown", group=0)


def _crossed(x: int, y: int, both: int) -> pd.DataFrame:
    """20 persons of one place: with x of the first, with y of the second dimension, with both."""
    told = [("total", "total", 20), ("x", "total", x), ("total", "y", y), ("x", "y", both)]
    rows = pd.DataFrame(told, columns=["a", "b", "value"]).astype({"value": float})
    return rows.assign(region="09464", start=random_tables.START, status="ok", flags="", source=0)


def test_who_is_in_neither_of_two_darunter_is_a_cell_too():
    """20 persons, 12 with x, 10 with y, 3 with both: one has neither."""
    pattern = suppress.protect(cubes.build(_crossed(12, 10, 3), TWO, {}), NO_ZEROS)
    assert pattern.hidden.any()


def test_who_is_in_none_of_the_listed_parts_of_two_dimensions_is_a_cell_too():
    """Of two dimensions one category each is published: the same 20 persons, one in neither."""
    axes = [cubes.Axis("a", ("x", "v", "w")), cubes.Axis("b", ("y", "z", "u"))]
    pattern = suppress.protect(cubes.build(_crossed(12, 10, 3), axes, {}), NO_ZEROS)
    assert pattern.hidden.any()
    pattern = suppress.protect(cubes.build(_crossed(12, 10, 6), axes, {}), NO_ZEROS)
    assert not pattern.hidden.any()


def test_who_of_the_unlisted_gemeinden_is_not_among_the_darunter_is_a_cell_too():
    """Of a Landkreis one Gemeinde is listed: elsewhere are 10 persons, 9 of them with x."""
    register = {
        "09473": Region("09473", "kreis", "Landkreis", "im Landkreis"),
        "09473112": Region("09473112", "gemeinde", "Ort", "im Ort", parent="09473"),
    }
    rows = pd.DataFrame(
        [
            ("09473", "total", 30),
            ("09473", "x", 19),
            ("09473112", "total", 20),
            ("09473112", "x", 10),
        ],
        columns=["region", "a", "value"],
    ).assign(start=random_tables.START, status="ok", flags="", source=0)
    rows["value"] = rows["value"].astype(float)
    pattern = suppress.protect(cubes.build(rows, TWO[:1], register), NO_ZEROS)
    assert pattern.hidden.any()


@pytest.mark.parametrize(("together", "hides"), [(18, True), (15, False)])
def test_what_a_published_sum_leaves_of_the_total_is_a_cell_too(together, hides):
    """No category is published, only two of four together and the total."""
    axis = cubes.Axis("a", ("x", "v", "w", "u"), sums={"v+x": ("v", "x")})
    rows = pd.DataFrame([("total", 20.0), ("v+x", float(together))], columns=["a", "value"])
    rows = rows.assign(region="09464", start=random_tables.START, status="ok", flags="", source=0)
    assert suppress.protect(cubes.build(rows, [axis], {}), NO_ZEROS).hidden.any() == hides


@pytest.mark.parametrize("seed", [2683, 6937])
def test_gemeinden_without_rows_and_those_no_register_has_are_one_rest(seed):
    """Of a Landkreis some Gemeinden are published, others only registered: what both kinds of the
    others have together is computable, also without a darunter."""
    table = random_tables.table(seed)
    assert audited([(table, protected(table)[2])]).verdict.ok


def test_the_random_tables_are_of_all_kinds():
    tables = [random_tables.table(seed) for seed in range(0, 8000, TOGETHER)]
    assert {len(table.dimensions) for table in tables} == {1, 2, 3, 4}
    assert {table.rule.minimum for table in tables} == {3, 5, 10}
    assert {table.rule.zeros for table in tables} == {"shown", "hidden"}
    found = Counter()
    for table in tables:
        found.update(set(table.rows["status"]))
        found["darunter"] += any(c.subset for d in table.dimensions for c in d.categories)
        found["no partition"] += any(not d.partition for d in table.dimensions)
        found["unlisted"] += any("unlisted" in place for place in table.places.smallest)
        found["joint"] += any(r.members for r in table.places.register.values())
        found["side by side"] += len(table.crosses) > 1
        found["not published"] += len(table.places.inside) < len(table.places.register)
    kinds = {"secret", "missing", "not_applicable", "zero", "ok", "darunter", "no partition"}
    kinds |= {"unlisted", "joint", "side by side", "not published"}
    assert all(found[kind] >= 8 for kind in kinds), found


def test_the_table_knows_its_own_sums():
    """The sums of a random table are those of an ordinary world with the same numbers."""
    table = random_tables.table(123, 20)
    flat, true = table.counts.ravel(), table.true()
    rows = table.rows[table.rows["status"].isin(["ok", "zero"])]
    for row in rows[[*table.keys, "value"]].itertuples(index=False, name=None):
        assert true[row[:-1]] == row[-1]
    assert max(true.values()) == flat.sum()
