"""The auditor against brute force: tiny tables, random hierarchies, one dot uncovered."""

import os
from collections import Counter

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indicators.protection.audit import auditor as audit
from indicators.protection.audit.model import Marks
from tests.unit.audit_tables import Shape, add_up, intervals, town

pytestmark = pytest.mark.slow  # every table that fits is tried

# BILDUNGSBLICK_AUDIT_EXAMPLES=2000 for a long run
EXAMPLES = int(os.environ.get("BILDUNGSBLICK_AUDIT_EXAMPLES", "25"))
K = 3
SHAPES = [
    Shape((2,), ((0,),), *town(3)),
    Shape((3,), ((0,),), *town(3, (0, 1))),
    Shape((2, 2), ((0, 1),), *town(2)),
    Shape((2, 2), ((0,), (1,)), *town(3)),
    Shape((2, 2), ((0, 1),), *town(3, (0, 1), (1, 2))),
    Shape((2,), ((0,),), *town(4, (0, 1), (1, 2), (0, 2, 3))),
    Shape((2, 2, 2), ((0, 1), (1, 2)), *town(1)),
    # margins that meet in a circle: inner cells nobody publishes bound them
    Shape((2, 2, 2), ((0, 1), (0, 2), (1, 2)), *town(1)),
    Shape((2, 2, 2), ((0, 1), (0, 2), (1, 2)), *town(2)),
]


def audited(shape, values, hidden, least=1, **given_):
    rule = audit.Rule(k=K, zeros_shown=least == 1, insider="off", open_forbids=False)
    return audit.audit(
        [shape.edition(values, hidden)],
        {"tabelle": shape.dataset},
        shape.dimensions,
        shape.register,
        rules=given_.pop("rules", rule),
        marks=Marks(suppressed_least=least),
        **given_,
    )


def found(report) -> dict[tuple, tuple[int, int]]:
    return {
        (row.region, row.categories): (int(row.lower), int(row.upper))
        for row in report.intervals.itertuples()
    }


def pattern(shape, values, numbers, extra, least=1) -> set[tuple]:
    """All small cells and a random share of the others; true zeros only if marks may hide them."""
    hidden = set()
    for cell, value in values.items():
        small = least <= value < K
        if small or (value >= least and numbers.random() < extra):
            hidden.add(cell)
    return hidden


def compare(shape, values, hidden, least=1, **given_) -> tuple[int, int]:
    """How many hidden cells were compared, and how many had another interval; exact cells must be
    the same ones. (0, 0) where there are too many tables."""
    expected = intervals(shape, values, hidden, least)
    if not expected:
        return 0, 0
    report = audited(shape, values, hidden, least, **given_)
    own = found(report)
    assert len(own) == len(expected)
    assert not report.summary["contradiction"].any() and not report.summary["unproved"].any()
    different = 0
    for cell, (low, high) in expected.items():
        lower, upper = own[shape.name(cell)]
        assert lower <= low and high <= upper, (cell, own, expected)
        assert (lower == upper) == (low == high), (cell, (lower, upper), (low, high))
        different += (lower, upper) != (low, high)
    return len(expected), different


def random_table(shape, seed, most, extra, least=1):
    numbers = np.random.default_rng(seed)
    leaves = numbers.integers(0, most + 1, len(shape.leaves)).tolist()
    values = add_up(shape, leaves)
    return values, pattern(shape, values, numbers, extra, least)


@pytest.mark.parametrize("shape", SHAPES, ids=range(len(SHAPES)))
def test_exact_cells_and_intervals_are_those_of_brute_force(shape):
    counts = Counter()
    for seed in range(max(6, EXAMPLES // 4)):
        for least in (1, 0):
            table = random_table(shape, seed, 3, 0.3, least)
            cells, different = compare(shape, *table, least)
            counts["cells"] += cells
            counts["different"] += different
    assert counts["cells"] > 10
    assert counts["different"] == 0


@settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)
@given(
    st.sampled_from(SHAPES),
    st.integers(0, 10**9),
    st.integers(1, 5),
    st.floats(0, 0.6),
    st.sampled_from([0, 1]),
)
def test_any_table(shape, seed, most, extra, least):
    _, different = compare(shape, *random_table(shape, seed, most, extra, least), least)
    assert different == 0


def test_a_large_part_is_judged_alike_though_its_intervals_are_outer_ones():
    compared = 0
    for seed in range(12):
        for shape in SHAPES[3:6]:
            values, hidden = random_table(shape, seed, 3, 0.4)
            cells = len(intervals(shape, values, hidden) or {})
            if not cells:
                continue
            small, large = (audited(shape, values, hidden, whole_part=n) for n in (150, 0))
            assert small.verdict.ok == large.verdict.ok
            for column in ("exact", "narrow", "small"):
                assert (small.intervals[column] == large.intervals[column]).all()
            compared += cells
    assert compared > 100


def disclosed(expected: dict) -> set:
    return {cell for cell, (low, high) in expected.items() if high < K}


def test_one_dot_uncovered_is_noticed_whenever_it_matters():
    mattered = noticed = silent = 0
    most = 2_000
    for seed in range(EXAMPLES):
        shape = SHAPES[seed % 6]
        values, hidden = random_table(shape, seed, 4, 0.1)
        # hide more until brute force finds nothing, then uncover one after another
        numbers = np.random.default_rng(seed)
        others = [c for c in values if values[c] >= K and c not in hidden]
        numbers.shuffle(others)
        expected = intervals(shape, values, hidden, most=most)
        while expected and disclosed(expected) and others:
            hidden = {*hidden, tuple(others.pop())}
            expected = intervals(shape, values, hidden, most=most)
        if not expected or disclosed(expected):
            continue
        assert audited(shape, values, hidden).verdict.ok
        for cell in sorted(hidden, key=str):
            if values[cell] < K:
                continue
            without = hidden - {cell}
            worse = intervals(shape, values, without, most=most)
            if worse is None:
                continue
            alarm = not audited(shape, values, without).verdict.ok
            if disclosed(worse):
                mattered += 1
                noticed += alarm
            else:
                silent += not alarm
    assert mattered > 10
    assert noticed == mattered  # required are 99 %
    assert silent > 0  # a dot that does not matter raises no alarm
