"""What was known before forbids nothing; whatever a release adds to it does."""

from dataclasses import replace
from functools import partial

from indicators.protection.audit import auditor as audit
from indicators.protection.audit.model import Edition
from tests.unit.audit_tables import Shape, add_up, audited, town

OFFICE, TOWN = 1, 2
RULE = audit.Rule(k=3, zeros_shown=False, insider="off")
KREIS, A, B, C = "99102", "99102000", "99102001", "99102002"
KNOWN = "Schon aus amtlichen Zahlen oder einem früheren Datenstand bekannt."
PLAIN = Shape((), (), *town(3))
DIVIDED = Shape((2,), ((0,),), *town(3))


def stated(shape, values, hidden=frozenset(), office=(), id="heute") -> Edition:
    """An edition in which the regions `office` are official figures."""
    frame = shape.edition(values, set(hidden), id).frames["tabelle"]
    source = frame["region"].isin(office).map({True: OFFICE, False: TOWN})
    return Edition(id, {"tabelle": frame.assign(n_source=source)})


run = partial(audited, rule=RULE, public=frozenset({OFFICE}))


def kinds(report) -> list[tuple[str, str, bool]]:
    return [(f.kind, f.cell.region, f.forbids) for f in report.findings]


def test_a_small_official_figure_bounds_the_town_s_own_parts_and_forbids_nothing():
    values = add_up(PLAIN, [2, 0, 0])
    parts = {(A,), (B,), (C,)}
    report = run(PLAIN, stated(PLAIN, values, parts, office=[KREIS]))
    assert report.verdict.ok and report.summary["narrow"].sum() == 3
    assert report.summary["excused"].sum() == 3
    assert all(KNOWN in finding.words for finding in report.findings)
    # the same figure as the town's own is what the release adds
    report = run(PLAIN, stated(PLAIN, values, parts))
    assert not report.verdict.ok and not any(KNOWN in f.words for f in report.findings)


def test_what_the_release_adds_to_a_narrow_bound_is_not_excused():
    """Known was that each has 0 to 2 of the office's 2; two zeros tell where they are."""
    values = add_up(PLAIN, [2, 0, 0])
    report = run(PLAIN, stated(PLAIN, values, {(A,)}, office=[KREIS]))
    assert kinds(report) == [("exact", A, True)] and not report.verdict.ok


def test_a_bound_that_was_known_excuses_no_tighter_one():
    """Before, A had at most 9; now it has at most 2."""
    values = add_up(PLAIN, [1, 1, 7])
    hidden = {(A,), (B,)}
    report = run(PLAIN, stated(PLAIN, values, hidden, office=[KREIS]))
    assert kinds(report) == [("narrow", A, True), ("narrow", B, True)]
    # with the third one official as well, nothing is left to add
    assert run(PLAIN, stated(PLAIN, values, hidden, office=[KREIS, C])).verdict.ok


def test_one_count_that_was_shown_before_excuses_no_other_rest():
    """A, group 1 (2 children) was shown before; what is left in B is new."""
    three = Shape((3,), ((0,),), *town(2))
    before = add_up(three, [9, 8, 2, 9, 9, 9])
    now = add_up(three, [9, 8, 2, 9, 8, 2])

    def shown(values, regions):
        return {c: v for c, v in values.items() if c[0] in regions and c[1] != 2}

    old = stated(three, shown(before, [A]) | {(A, 2): 2}, id="alt")
    assert run(three, old, stated(three, shown(now, [A]))).verdict.ok
    report = run(three, old, stated(three, shown(now, [A, B])))
    assert ("rest", B, True) in kinds(report) and not report.verdict.ok
    assert not any(forbids for _, region, forbids in kinds(report) if region == A)


def test_a_rest_of_official_figures_is_nobody_s_fault():
    values = {(KREIS, None): 20, (KREIS, 0): 18}
    assert not run(DIVIDED, stated(DIVIDED, values)).verdict.ok
    report = run(DIVIDED, stated(DIVIDED, values, office=[KREIS]))
    assert report.verdict.ok and kinds(report) == [("rest", KREIS, False)]


def test_an_open_count_is_excused_only_where_it_was_known():
    values = add_up(PLAIN, [2, 30, 2])
    old = stated(PLAIN, {c: v for c, v in values.items() if c == (A,)}, id="alt")
    report = run(PLAIN, old, stated(PLAIN, values))
    assert set(kinds(report)) == {("open", C, True), ("open", A, False)}
    # also where no single sum tells, but two together
    joint = Shape((), (), *town(3, (0, 1), (1, 2)))
    values = add_up(joint, [2, 30, 40])
    old = {c: v for c, v in values.items() if c[0] in (KREIS, "verbund:v1")}
    report = run(joint, stated(joint, old, id="alt"), stated(joint, values))
    assert report.verdict.ok and kinds(report) == [("open", A, False)]


def test_programmes_find_what_was_known_where_single_sums_do_not():
    """B + C = 8 and A + B = 8, A + C = 4 were shown: only together they fix A = 2."""
    ring = Shape((), (), *town(3, (0, 1), (1, 2), (0, 2)))
    values = add_up(ring, [2, 6, 2])
    joint = {c: v for c, v in values.items() if c[0].startswith("verbund")}
    report = run(ring, stated(ring, joint, id="alt"), stated(ring, values))
    assert report.verdict.ok and report.summary["excused"].sum() == 2
    less = {c: v for c, v in joint.items() if c[0] != "verbund:v2"}
    assert not run(ring, stated(ring, less, id="alt"), stated(ring, values)).verdict.ok


def test_a_stricter_rule_later_does_not_forbid_what_was_shown():
    """Four were shown; the rule asks for five now."""
    values = add_up(DIVIDED, [4, 20, 9, 9, 8, 8])
    editions = [stated(DIVIDED, values, id=id) for id in ("alt", "neu")]
    strict = replace(RULE, k=5)
    assert not run(DIVIDED, editions[1], rule=strict).verdict.ok
    assert run(DIVIDED, *editions, rule=strict).verdict.ok
