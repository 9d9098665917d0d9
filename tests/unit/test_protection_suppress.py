"""No child is disclosed: an attacker who tries every table against what the engine leaves visible.

PROTECTION_EXAMPLES sets how many random tables are tried (default: few).
"""

import os
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indicators.errors import BuildError
from indicators.protection import cube as cubes
from indicators.protection import suppress
from indicators.protection.cube import Axis
from indicators.protection.rules import Rule
from indicators.protection.suppress import Earlier
from indicators.regions import Region
from tests.unit.attacker import Attacker, World, seen

EXAMPLES = int(os.environ.get("PROTECTION_EXAMPLES", "8"))
RANDOM = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
SEX, NATION = Axis("sex", ("f", "m")), Axis("nation", ("german", "foreign"))
TYPE = Axis("type", ("ms", "rs", "gy"))


@st.composite
def worlds(draw) -> World:
    """One or two towns of two or three Stadtteile, joint regions that may overlap, and one or two
    dimensions, crossed or side by side."""
    towns = draw(st.integers(1, 3))
    leaves = {
        f"9900{town}-{part}": f"9900{town}"
        for town in range(1, towns + 1)
        for part in range(1, draw(st.integers(2, 3)) + 1)
    }
    whole = sorted(set(leaves.values()))
    joint = {}
    if towns == 3:
        joint = {"verbund:a": tuple(whole[:2]), "verbund:b": tuple(whole[1:])}
    elif draw(st.booleans()):
        parts = sorted(leaves)
        joint = {"verbund:a": tuple(parts[:2]), "verbund:b": tuple(parts[1:3])}
    axes = draw(st.sampled_from([[SEX], [TYPE], [SEX, NATION], [TYPE, SEX]]))
    names = [axis.id for axis in axes]
    crosses = draw(st.sampled_from([[tuple(names)], [(name,) for name in names]]))
    size = draw(st.sampled_from([1, 4, 12]))
    cells = [(leaf, *c) for leaf in leaves for c in combinations_of(axes)]
    numbers = draw(st.lists(st.integers(0, size), min_size=len(cells), max_size=len(cells)))
    return World(leaves, joint, axes, crosses, dict(zip(cells, numbers, strict=True)))


def combinations_of(axes):
    found = [()]
    for axis in axes:
        found = [(*c, part) for c in found for part in axis.parts]
    return found


RULES = st.builds(
    lambda minimum, group, insider: Rule(
        minimum=minimum,
        zeros="shown" if group is None else "hidden",
        group=group or 0,
        insider=insider,
    ),
    st.sampled_from([3, 5, 10]),
    st.sampled_from([None, 0, 10]),
    st.booleans(),
)


def protected(world: World, rule: Rule, **options):
    cube = cubes.build(world.rows(), world.axes, world.register)
    pattern = suppress.protect(cube, rule, **options)
    return cube, pattern, seen(suppress.apply(cube, pattern), world.axes)


def names_of(cube, mask) -> list[tuple]:
    keys = ["region", *(axis.id for axis in cube.axes)]
    return list(cube.rows[mask[: len(cube.rows)]][keys].itertuples(index=False, name=None))


def truth(world: World) -> dict[tuple, float]:
    return seen(world.rows(), world.axes)


def assert_safe(world: World, shown: dict, rule: Rule, small=None) -> Attacker:
    """Nothing hidden is exact, and of nothing small it can be known that it is small."""
    attacker, true = Attacker(world, shown, rule.lowest), truth(world)
    for cell, number in shown.items():
        if number is not None:
            assert number == true[cell]
            assert number == 0 or number >= rule.minimum, f"{cell} is small and visible"
            continue
        low, high = attacker.range(cell)
        assert low < high, f"{cell} is exact"
        assert low <= true[cell] <= high
        if 0 < true[cell] < rule.minimum:
            assert high >= rule.minimum, f"{cell} is known to be small"
    return attacker


@pytest.mark.slow  # every hidden cell of random tables is asked for
@RANDOM
@given(worlds(), RULES)
def test_no_attacker_finds_a_child(world, rule):
    cube, pattern, shown = protected(world, rule)
    attacker = assert_safe(world, shown, rule)
    true = truth(world)
    cells = {place: name for place, name in enumerate(names_of(cube, np.ones(len(cube), bool)))}
    for place, (down, up) in pattern.reach.items():
        if place in cells and shown[cells[place]] is None:
            low, high = attacker.range(cells[place])
            assert low <= true[cells[place]] - down and high >= true[cells[place]] + up


@RANDOM
@given(worlds())
def test_nobody_knows_that_a_small_group_is_all_in_one_category(world):
    rule = Rule(group=10)
    _, _, shown = protected(world, rule)
    attacker, true = Attacker(world, shown, 0), truth(world)
    for cell, number in true.items():
        for place, axis in enumerate(world.axes, 1):
            whole = (*cell[:place], "total", *cell[place + 1 :])
            if cell[place] == "total" or not 0 < true[whole] < rule.group:
                continue
            if number == true[whole]:
                assert attacker.range(whole, minus=cell)[1] > 0, (cell, axis.id)


@RANDOM
@given(worlds())
def test_the_enumeration_agrees_with_the_attacker_and_contains_the_witnesses(world):
    rule = Rule(zeros="shown", group=0)
    cube, pattern, shown = protected(world, rule)
    attacker = Attacker(world, shown, rule.lowest)
    tables = attacker.tables(most=4)
    if not tables:
        return
    inner = [places for places in attacker.cells.values()]
    for (cell, places), number in zip(
        zip(attacker.cells, inner, strict=True), shown.values(), strict=True
    ):
        values = {sum(table[i] for i in places) for table in tables}
        if number is None:
            low, high = attacker.range(cell)
            assert low <= min(values) and max(values) <= high
        else:
            assert values == {number}


@RANDOM
@given(worlds(), st.sampled_from([3, 5]))
def test_who_is_alone_in_a_cell_finds_nobody_else(world, minimum):
    rule = Rule(minimum=minimum, zeros="shown", group=0)
    cube, pattern, shown = protected(world, rule)
    true = truth(world)
    at = dict(zip(names_of(cube, np.ones(len(cube), bool)), range(len(cube)), strict=False))
    inner = world.cells()
    alone = [cell for cell in shown if true[cell] == 1][:2]
    nothing = {cell: 0.0 if true[cell] == 0 else None for cell in shown}
    for known in alone:
        attacker = Attacker(world, shown, rule.lowest, known={known: 1}.items())
        for cell, number in shown.items():
            if number is not None or not 0 < true[cell] < minimum or cell == known:
                continue
            same = {i for i in inner[cell] if world.counts[world.inner()[i]]} & {
                i for i in inner[known] if world.counts[world.inner()[i]]
            }
            if true[cell] == 1 and same:
                continue
            low, high = attacker.range(cell)
            if (at[cell], at[known]) in pattern.known_to_insiders:
                # it is for no number shown: with a dot everywhere it is the same
                blind = Attacker(world, nothing, rule.lowest, known={known: 1}.items())
                assert blind.range(cell) == (low, high), (cell, known)
                continue
            assert low < high, (cell, known)


@pytest.mark.slow
@RANDOM
@given(worlds(), st.integers(0, 1000))
def test_two_editions_together_tell_no_more(world, chance):
    """The second edition has a revised number somewhere; what was shown stays shown, and who has
    both sees what either shows."""
    rule = Rule(zeros="shown", group=0)
    cube, pattern, first = protected(world, rule)
    large = [i for i in world.inner() if world.counts[i] >= rule.minimum]
    if not large:
        return
    place = large[chance % len(large)]
    second_world = replace(world, counts=world.counts | {place: world.counts[place] + 5})
    rows = suppress.apply(cube, pattern)
    cube2 = cubes.build(second_world.rows(), world.axes, world.register)
    earlier = suppress.earlier_of(cube2, rows)
    pattern2 = suppress.protect(cube2, rule, earlier)
    second = seen(suppress.apply(cube2, pattern2), world.axes)
    for cell, number in second.items():
        assert not (number is None and first[cell] is not None), f"{cell} was shown before"
    assert_safe(second_world, second, rule)
    # the edition before, with all that the later one shows of cells that did not change
    old, new = truth(world), truth(second_world)
    joined = {
        cell: first[cell] if first[cell] is not None or old[cell] != new[cell] else second[cell]
        for cell in first
    }
    assert_safe(world, joined, rule)


@RANDOM
@given(worlds(), RULES)
def test_the_same_input_gives_the_same_pattern(world, rule):
    _, first, _ = protected(world, rule)
    _, second, _ = protected(world, rule)
    assert np.array_equal(first.hidden, second.hidden)
    assert len(first.witnesses) == len(second.witnesses)


# --- single attacks -----------------------------------------------------------------------------

PLAIN = Rule(zeros="shown", group=0)
ONE_SMALL = World(
    {"99001-1": "99001", "99001-2": "99001", "99001-3": "99001"},
    {},
    [TYPE],
    [("type",)],
    {
        (f"99001-{part}", kind): number
        for part, numbers in enumerate([(1, 20, 30), (12, 9, 8), (7, 15, 11)], 1)
        for kind, number in zip(TYPE.parts, numbers, strict=True)
    },
)


def test_a_line_with_one_dot_gets_more():
    cube, pattern, shown = protected(ONE_SMALL, PLAIN)
    assert shown[("99001-1", "ms")] is None
    assert pattern.primary.sum() == 1 and pattern.secondary.sum() >= 3
    assert_safe(ONE_SMALL, shown, PLAIN)


def test_taking_away_a_needed_dot_discloses_and_is_noticed():
    cube, pattern, shown = protected(ONE_SMALL, PLAIN)
    true, disclosed = truth(ONE_SMALL), 0
    for cell, place in zip(
        names_of(cube, pattern.secondary), np.flatnonzero(pattern.secondary), strict=True
    ):
        attacker = Attacker(ONE_SMALL, shown | {cell: true[cell]}, PLAIN.lowest)
        low, high = attacker.range(("99001-1", "ms"))
        disclosed += low == high or high < PLAIN.minimum
        broken = replace(pattern, hidden=pattern.hidden.copy())
        broken.hidden[place] = False
        with pytest.raises(BuildError, match="Gegenprobe"):
            suppress.check(cube, PLAIN, broken)
    assert disclosed == pattern.secondary.sum()


def test_primary_and_secondary_look_alike():
    cube, pattern, _ = protected(ONE_SMALL, PLAIN)
    rows = suppress.apply(cube, pattern)
    dots = rows[pattern.hidden[: len(rows)]]
    assert set(dots["status"]) == {"suppressed"} and dots["value"].isna().all()
    assert set(dots["flags"]) == {""} and len(dots) > 1
    assert cube.rows["value"].notna().all(), "the rows that came in are untouched"


def test_no_flag_tells_which_dot_hides_a_small_number():
    """Of rounded counts the flag stays with the number that is shown, and goes with any other."""
    flagged = ONE_SMALL.rows().assign(flags="provisional")
    cube = cubes.build(flagged, ONE_SMALL.axes, ONE_SMALL.register)
    pattern = suppress.protect(cube, PLAIN)
    hidden = pattern.hidden[: len(flagged)]
    flags = suppress.apply(cube, pattern)["flags"]
    assert pattern.secondary.any() and not hidden.all()
    assert set(flags[hidden]) == {""} and set(flags[~hidden]) == {"provisional"}


def test_a_joint_region_minus_its_city_gives_nothing():
    """City and Landkreis: the Landkreis is small, and joint region − city would tell it."""
    register = {
        "09464": Region("09464", "kreis", "Stadt", "", "09"),
        "09475": Region("09475", "kreis", "Landkreis", "", "09"),
        "verbund:hof": Region("verbund:hof", "verbund", "", "", "09", members=("09464", "09475")),
    }
    rows = frame([("09464", 50), ("09475", 2), ("verbund:hof", 52)])
    cube = cubes.build(rows, [], register)
    hidden = suppress.protect(cube, PLAIN).hidden
    assert hidden[1] and hidden[[0, 2]].any()


def test_joint_regions_of_members_that_nobody_publishes():
    """A+B+C = 40 and A+B = 38 tell that C is 2, though C has no row."""
    register = {f"0946{i}": Region(f"0946{i}", "kreis", "", "", "09") for i in (1, 2, 3)}
    members = tuple(sorted(register))
    register["verbund:all"] = Region("verbund:all", "verbund", "", "", "09", members=members)
    register["verbund:two"] = Region("verbund:two", "verbund", "", "", "09", members=members[:2])
    register["verbund:end"] = Region("verbund:end", "verbund", "", "", "09", members=members[1:])
    rows = frame([("verbund:all", 40), ("verbund:two", 38), ("verbund:end", 20)])
    pattern = suppress.protect(cubes.build(rows, [], register), PLAIN)
    assert pattern.hidden[[0, 1]].any()


def test_the_rest_of_a_landkreis_is_a_cell_too():
    """One Gemeinde of a Landkreis is listed: what is left of the Landkreis are 2 children."""
    register = {
        "09475": Region("09475", "kreis", "", "", "09"),
        "09475112": Region("09475112", "gemeinde", "", "", "09475"),
    }
    rows = frame([("09475", 30), ("09475112", 28)])
    assert suppress.protect(cubes.build(rows, [], register), PLAIN).hidden.any()
    rows = frame([("09475", 30), ("09475112", 20)])
    assert not suppress.protect(cubes.build(rows, [], register), PLAIN).hidden.any()


def test_what_a_darunter_leaves_is_a_cell_too():
    """49 of 50 have a migration background: the one who has not is told by subtraction."""
    axis = Axis("origin", (), ("migrant",))
    rows = frame([("09464", 50), ("09464", 49)]).assign(origin=["total", "migrant"])
    pattern = suppress.protect(cubes.build(rows, [axis], {}), PLAIN)
    assert pattern.hidden.any()
    rows = frame([("09464", 50), ("09464", 30)]).assign(origin=["total", "migrant"])
    assert not suppress.protect(cubes.build(rows, [axis], {}), PLAIN).hidden.any()


def test_a_suppliers_dot_is_kept_and_no_other_source_uncovers_it():
    """The Land dots two of three types; a table of the town names one of them."""
    rows = frame([("09464", v) for v in (100, 80, None, None)]).assign(
        type=["total", "ms", "rs", "gy"]
    )
    cube = cubes.build(rows, [TYPE], {})
    assert not suppress.protect(cube, PLAIN).hidden.any(), "the Land's dots are enough"
    named = rows.assign(value=[100, 80, np.nan, 15])
    named = named.assign(status=["ok", "ok", "secret", "ok"], source=[0, 0, 0, 1], flags="")
    pattern = suppress.protect(cubes.build(named, [TYPE], {}), PLAIN)
    assert pattern.hidden.any()
    shown = suppress.apply(cubes.build(named, [TYPE], {}), pattern)
    assert shown["status"].tolist()[2] == "secret"


def test_what_the_source_rounds_it_has_protected():
    rows = frame([("09464", 3), ("09464", 3), ("09464", 0)]).assign(sex=["total", "f", "m"])
    rows["flags"] = "rounded_3"
    pattern = suppress.protect(cubes.build(rows, [SEX], {}), Rule(minimum=5))
    assert not pattern.hidden.any()


def test_contradicting_deliveries_are_protected_all_the_same():
    rows = frame([("09464", 21), ("09464", 2), ("09464", 18)]).assign(sex=["total", "f", "m"])
    pattern = suppress.protect(cubes.build(rows, [SEX], {}), PLAIN)
    assert pattern.hidden[1] and pattern.hidden[[0, 2]].any()


def test_what_was_shown_before_cannot_be_taken_back_and_is_told():
    """The number beside a small one was shown before, and so was the total."""
    rows = frame([("09464", 21), ("09464", 2), ("09464", 19)]).assign(sex=["total", "f", "m"])
    cube = cubes.build(rows, [SEX], {})
    earlier = Earlier(
        np.array([True, False, True]), np.array([21, np.nan, 19]), np.array([False, True, False])
    )
    pattern = suppress.protect(cube, PLAIN, earlier)
    assert pattern.exposed == [1] and pattern.hidden.tolist() == [False, True, False]
    every = Earlier(np.ones(3, bool), np.array([21.0, 2, 19]), np.zeros(3, bool))
    pattern = suppress.protect(cube, PLAIN, every)
    assert pattern.exposed == [1] and not pattern.hidden.any()


def test_a_corrected_number_is_hidden_where_it_would_tell_a_small_one():
    """18 were shown before; with 19 beside the total, two would be certain."""
    rows = frame([("09464", 21), ("09464", 2), ("09464", 19)]).assign(sex=["total", "f", "m"])
    cube = cubes.build(rows, [SEX], {})
    earlier = Earlier(
        np.array([True, False, True]), np.array([21, np.nan, 18]), np.array([False, True, False])
    )
    pattern = suppress.protect(cube, PLAIN, earlier)
    assert pattern.hidden.tolist() == [False, True, True] and not pattern.exposed


def test_what_was_hidden_last_year_is_hidden_again():
    """Two ways to hide cost nearly the same; last year's is taken, though a little dearer."""
    world = replace(ONE_SMALL, counts=ONE_SMALL.counts | {("99001-2", "rs"): 30})
    cube = cubes.build(world.rows(), world.axes, world.register)
    free = suppress.protect(cube, PLAIN)
    other = np.zeros(len(cube), dtype=bool)
    keys = cube.rows[["region", "type"]].agg(" ".join, axis=1)
    for name in ("99001-1 rs", "99001-2 rs", "99001-2 ms"):
        other[keys[keys == name].index] = True
    nothing = np.zeros(len(cube), dtype=bool)
    earlier = Earlier(nothing, np.full(len(cube), np.nan), other)
    again = suppress.protect(cube, PLAIN, earlier)
    assert set(np.flatnonzero(again.secondary)) == set(np.flatnonzero(other))
    assert not np.array_equal(free.hidden, again.hidden)


def test_what_readers_want_most_keeps_its_number_if_another_can_be_hidden():
    rows = ONE_SMALL.rows()
    free = suppress.protect(cubes.build(rows, ONE_SMALL.axes, ONE_SMALL.register), PLAIN)
    wanted = free.secondary[: len(rows)]
    rows["worth"] = np.where(wanted, 8.0, 1.0)
    dear = suppress.protect(cubes.build(rows, ONE_SMALL.axes, ONE_SMALL.register), PLAIN)
    assert wanted.any() and dear.secondary.any()
    assert not (dear.hidden[: len(rows)] & wanted).any()


def test_progress_rises_to_one():
    told = []
    cube = cubes.build(ONE_SMALL.rows(), ONE_SMALL.axes, ONE_SMALL.register)
    suppress.protect(cube, PLAIN, progress=told.append)
    assert told == sorted(told) and told[-1] == 1


def test_no_counts_and_doubled_cells_are_refused():
    with pytest.raises(BuildError, match="keine Anzahlen"):
        cubes.build(frame([("09464", 2.5)]), [], {})
    with pytest.raises(BuildError, match="doppelt"):
        cubes.build(frame([("09464", 2), ("09464", 3)]), [], {})


def frame(cells) -> pd.DataFrame:
    """Rows without dimensions: region and number, None for a supplier's dot."""
    rows = pd.DataFrame(cells, columns=["region", "value"])
    status = ["secret" if pd.isna(v) else "zero" if v == 0 else "ok" for v in rows["value"]]
    return rows.assign(
        value=rows["value"].astype(float),
        start=date(2024, 8, 1),
        status=status,
        flags="",
        source=0,
    )
