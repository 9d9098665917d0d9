"""Small groups of which all are in one category: shown, provable, known to everybody."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from indicators.catalog.definition import TOTAL
from indicators.protection.audit import auditor as audit
from indicators.protection.audit.model import Edition
from tests.unit.audit_tables import Shape, add_up, audited, intervals, town

RULE = audit.Rule(k=3, zeros_shown=False, insider="off", open_forbids=True, group=10)
KREIS, A, B, C = "99102", "99102000", "99102001", "99102002"
SEX = Shape((2,), ((0,),), *town(3))
OFFICE = 1


run = partial(audited, rule=RULE)


def groups(report) -> set[tuple]:
    return {
        (f.cell.region, *(category for _, category in f.cell.categories))
        for f in report.findings
        if f.kind == "group"
    }


ALL_OF_A = add_up(SEX, [8, 0, 20, 20, 20, 20])


def test_all_of_a_small_group_are_of_one_kind():
    report = run(SEX, SEX.edition(ALL_OF_A, set()))
    assert groups(report) == {(A, "c0_0")} and report.summary["group"].sum() == 1
    assert report.verdict.reasons == ("1 kleine Gruppe ist erkennbar ganz in einer Kategorie",)
    assert "Gruppe 0.0“: alle 8 von „Kinder, Gemeinde 0, 2023“ sind in einer" in report.text()
    for rule in (replace(RULE, group=8), replace(RULE, group=0)):
        assert run(SEX, SEX.edition(ALL_OF_A, set()), rule=rule).verdict.ok
    assert run(SEX, SEX.edition(add_up(SEX, [5, 3, 20, 20, 20, 20]), set())).verdict.ok


def test_dots_in_two_lines_hide_it_and_dots_that_can_be_worked_out_do_not():
    safe = {(r, d) for r in (A, B) for d in (0, 1)}
    assert run(SEX, SEX.edition(ALL_OF_A, safe)).verdict.ok
    alone = {(A, 0), (A, 1)}
    assert groups(run(SEX, SEX.edition(ALL_OF_A, alone))) == {(A, "c0_0")}


def test_a_hidden_or_empty_group_tells_nothing():
    values = add_up(SEX, [8, 0, 0, 0, 20, 20])
    wholes = {(A, None), (B, None), (A, 0), (B, 0)}
    report = run(SEX, SEX.edition(values, wholes))
    assert not groups(report)


@pytest.mark.parametrize(("places", "known"), [(4, False), (5, True)])
def test_what_nobody_ever_is_everybody_knows(places, known):
    """The second category has nobody anywhere; the county is a place of its own."""
    shape = Shape((2,), ((0,),), *town(places - 1))
    edition = shape.edition(add_up(shape, [8, 0] * (places - 1)), set())
    assert run(shape, edition).verdict.ok == known
    # somebody has it somewhere
    other = shape.edition(add_up(shape, [8, 0] * (places - 2) + [40, 20]), set())
    assert not run(shape, other).verdict.ok


def test_what_an_office_or_an_earlier_release_showed_forbids_nothing():
    edition = SEX.edition(ALL_OF_A, set())
    frame = edition.frames["tabelle"]
    report = run(SEX, edition, public=frozenset({OFFICE}))
    assert report.verdict.ok and not report.findings
    # the office shows how many there are, the town that they are all of one kind
    source = (frame["d0"] == TOTAL).map({True: OFFICE, False: 2})
    mixed = Edition("heute", {"tabelle": frame.assign(n_source=source)})
    assert not run(SEX, mixed, public=frozenset({OFFICE})).verdict.ok
    report = run(SEX, replace(edition, id="alt"), edition)
    assert report.verdict.ok and groups(report) == {(A, "c0_0")}
    assert "Schon aus amtlichen Zahlen oder einem früheren Datenstand" in report.text()
    # earlier, only the number of all was shown
    old = {cell: value for cell, value in ALL_OF_A.items() if cell[1] is None}
    assert not run(SEX, SEX.edition(old, set(), "alt"), edition).verdict.ok


def test_rounded_numbers_tell_no_group():
    frame = SEX.edition(ALL_OF_A | {(A, None): 9, (A, 0): 9}, set()).frames["tabelle"]
    at_a = frame["region"] == A
    frame = frame.assign(n_flags=frame["n_flags"].mask(at_a, "rounded_3"))
    assert not groups(run(SEX, Edition("heute", {"tabelle": frame})))


@pytest.mark.slow  # every table of whole numbers that fits is tried
def test_groups_are_those_of_brute_force():
    shape = Shape((3, 2), ((0, 1),), *town(2))
    found = 0
    for seed in range(25):
        numbers = np.random.default_rng(seed)
        leaves = numbers.integers(0, 4, len(shape.leaves)) * (numbers.random(12) < 0.5)
        values = add_up(shape, leaves.tolist())
        hidden = {cell for cell in values if numbers.random() < 0.2}
        expected = intervals(shape, values, hidden, least=0)
        if expected is None:
            continue
        most = {cell: expected[cell][1] if cell in hidden else values[cell] for cell in values}
        wanted = set()
        for cell, value in values.items():
            for i in (0, 1):
                if cell in hidden or not 0 < value < RULE.group or cell[1 + i] is not None:
                    continue
                parts = [(*cell[: 1 + i], n, *cell[2 + i :]) for n in range(shape.categories[i])]
                filled = [part for part in parts if most[part] > 0]
                if len(filled) == 1:
                    region, categories = shape.name(filled[0])
                    wanted.add((region, *(category for _, category in categories)))
        report = run(shape, shape.edition(values, hidden), rule=replace(RULE, open_forbids=False))
        kinds = report.model.cells.assign(group=report.found.kinds["group"])
        told = {
            (c.region, *(category for _, category in c.categories))
            for c in map(report.model.cell, np.flatnonzero(kinds["group"]))
        }
        assert told == wanted, seed
        found += len(wanted)
    assert found > 30
