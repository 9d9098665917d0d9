"""What is left of a whole is a cell like any other: neither x nor y, and the Gemeinden nobody
lists."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from indicators.catalog.definition import TOTAL
from indicators.catalog.meaning import Measure
from indicators.protection.audit import auditor as audit
from indicators.protection.audit.model import Edition, Marks
from tests.unit.audit_tables import Shape, add_up, intervals, landkreis, town

K = 3
RULE = audit.Rule(k=K, zeros_shown=False, insider="off", open_forbids=True)
KREIS = "99102"
CROSSED = Shape((2, 2), ((0, 1),), *town(1), only=frozenset({0, 1}))
MIXED = Shape((2, 2), ((0, 1),), *town(2), only=frozenset({1}))
OTHERS = Shape((2,), ((0,),), *landkreis(2, 2), only=frozenset({0}))
PLAIN_OTHERS = Shape((2,), ((0,),), *landkreis(2, 2))


def run(shape, values, hidden=frozenset(), rule=RULE, **given):
    return audit.audit(
        [shape.edition(values, set(hidden))],
        {"tabelle": shape.dataset},
        shape.dimensions,
        shape.register,
        rules=rule,
        marks=Marks(suppressed_least=0),
        **given,
    )


def rests(report) -> dict[tuple, int]:
    assert all(f.lower == f.upper for f in report.findings if f.kind == "rest")
    return {
        (f.cell.region, *(category for _, category in f.cell.categories)): f.lower
        for f in report.findings
        if f.kind == "rest"
    }


def test_neither_nor_is_computable_though_no_cell_holds_it():
    """20 persons, 12 with x, 10 with y, 3 with both: one has neither."""
    values = {(KREIS, None, None): 20, (KREIS, 0, None): 12, (KREIS, None, 0): 10}
    values[KREIS, 0, 0] = 3
    report = run(CROSSED, values)
    assert rests(report) == {(KREIS, "not c0_0", "not c1_0"): 1}
    assert report.verdict.reasons == (
        "1 kleiner Wert ist nicht gezeigt, aber als Rest berechenbar",
    )
    assert "ohne Gruppe 0.0, ohne Gruppe 1.0“: genau 1. Folgt aus" in report.text()
    # with four who have both, two have neither; with six it is four
    assert rests(run(CROSSED, values | {(KREIS, 0, 0): 4}))
    assert run(CROSSED, values | {(KREIS, 0, 0): 6}).verdict.ok


def test_a_darunter_leaves_the_others_of_its_whole():
    values = {(KREIS, None, None): 20, (KREIS, 0, None): 18}
    assert rests(run(CROSSED, values)) == {(KREIS, "not c0_0", TOTAL): 2}
    assert run(CROSSED, values | {(KREIS, 0, None): 17}).verdict.ok


def test_what_is_left_bounds_a_hidden_crossing():
    """5 of 20 have x, 17 have y: at least two of them have both."""
    values = {(KREIS, None, None): 20, (KREIS, 0, None): 5, (KREIS, None, 0): 17}
    values[KREIS, 0, 0] = 4
    report = run(CROSSED, values, {(KREIS, 0, 0)})
    row = report.intervals.iloc[0]
    assert (row["lower"], row["upper"]) == (2, 5)


def test_gemeinden_nobody_lists_are_a_rest_also_where_a_darunter_crosses():
    kreis, (one, other) = "09475", ("09475110", "09475111")
    values = {(kreis, None): 60, (one, None): 20, (other, None): 38}
    assert rests(run(OTHERS, values)) == {("others Gemeinden 09475", TOTAL): 2}
    values |= {(kreis, None): 90, (kreis, 0): 50, (one, 0): 20, (other, 0): 20}
    assert run(OTHERS, values).verdict.ok
    values |= {(kreis, None): 69}
    # 11 more persons, 10 of them with x
    found = rests(run(OTHERS, values))
    assert found == {("others Gemeinden 09475", "not c0_0"): 1}
    words = run(OTHERS, values).text()
    assert "übrige Gemeinden von Landkreis, 2023, ohne Gruppe 0.0“" in words


def test_what_measures_leave_of_one_another_is_a_rest():
    """Of 20 children 12 have a need, 10 of those a place: two have a need and no place."""
    shape = Shape((), (), *town(1))
    parts = [Measure(id="need", name="Bedarf", part_of="n")]
    parts += [Measure(id="place", name="Platz", part_of="need")]
    measures = [*shape.dataset.measures, *parts]
    dataset = shape.dataset.model_copy(update={"measures": measures})
    frame = shape.edition({(KREIS,): 20}, set()).frames["tabelle"]
    for id, value in (("need", 12.0), ("place", 10.0)):
        own = {"": value, "_status": "ok", "_flags": "", "_source": 1}
        frame = frame.assign(**{id + end: content for end, content in own.items()})
    edition, datasets, dimensions = audit.by_whole(
        Edition("heute", {"tabelle": frame}), {"tabelle": dataset}, {}
    )
    report = audit.audit([edition], datasets, dimensions, shape.register, rules=RULE)
    assert rests(report) == {(KREIS, "not place"): 2}


def test_official_figures_leave_nothing_of_ours():
    values = {(KREIS, None, None): 20, (KREIS, 0, None): 18}
    report = run(CROSSED, values, public=frozenset({1}))
    assert report.verdict.ok and not len(report.findings)


def test_parts_that_are_more_than_their_whole_are_no_parts():
    """A category of another table of persons: more than the total everywhere."""
    many = Shape((2,), ((0,),), *town(9), only=frozenset({0}))
    values = add_up(many, [30, 0] * 9)
    values = {(region, d): value + 5 * (d is not None) for (region, d), value in values.items()}
    report = run(many, values)
    assert report.verdict.ok and not report.summary["contradiction"].any()
    assert any("gilt nicht als Gleichung" in note for note in report.notes)


def left(shape: Shape) -> dict[tuple, list[int]]:
    """Everything a whole has beside what is published: region or "others", and a category, None
    for all or "not" for all but the first, with the places of its leaves."""
    listed = [own for own in shape.regions.values() if len(own) == 1]
    whole = max(shape.regions.values(), key=len)
    regions = dict(shape.regions)
    if whole - frozenset().union(*listed):
        kreis = next(id for id, own in shape.regions.items() if own == whole)
        regions[f"others Gemeinden {kreis}"] = whole - frozenset().union(*listed)
    choices = [
        [None, 0, "not"] if i in shape.only else [None, *range(size)]
        for i, size in enumerate(shape.categories)
    ]
    return {
        (region, *digits): [
            place
            for place, (leaf, *own) in enumerate(shape.leaves)
            if leaf in regions[region]
            and all(
                d in (None, o) or (d, o) == ("not", 1) for d, o in zip(digits, own, strict=True)
            )
        ]
        for region, *digits in product(regions, *choices)
        if region not in shape.regions or "not" in digits
    }


def named(shape: Shape, cell: tuple) -> tuple:
    region, *digits = cell
    words = {None: TOTAL, "not": "not c{}_0"}
    return region, *(words.get(d, f"c{{}}_{d}").format(i) for i, d in enumerate(digits))


@pytest.mark.slow  # every table of whole numbers that fits is tried
@pytest.mark.parametrize("shape", [CROSSED, MIXED, OTHERS, PLAIN_OTHERS], ids=range(4))
def test_rests_and_intervals_are_those_of_brute_force(shape):
    cells = small = 0
    extra = left(shape)
    for seed in range(30):
        numbers = np.random.default_rng(seed)
        values = add_up(shape, numbers.integers(0, 5, len(shape.leaves)).tolist())
        hidden = {cell for cell in values if numbers.random() < 0.3}
        expected = intervals(shape, values, hidden, least=0, more=extra)
        if not expected:
            continue
        report = run(shape, values, hidden, replace(RULE, open_forbids=False))
        rows = report.intervals
        own = (
            dict(
                zip(
                    zip(rows["region"], rows["categories"], strict=True),
                    zip(rows["lower"], rows["upper"], strict=True),
                    strict=True,
                )
            )
            if len(rows)
            else {}
        )
        for cell in hidden:
            assert own[shape.name(cell)] == expected[cell], (seed, cell)
        told = {
            named(shape, cell): expected[cell][0]
            for cell in extra
            if expected[cell][0] == expected[cell][1] and 1 <= expected[cell][0] < K
        }
        assert rests(report) == told, seed
        cells += len(hidden)
        small += len(told)
    assert cells > 30 and small > 5
