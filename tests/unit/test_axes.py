"""Axes: round steps, broken lines, labels of years that are missing, which labels have room."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.figures import axes
from indicators.figures.chart import Point


@pytest.mark.parametrize(
    ("label", "years", "found"),
    [
        ("2018/19", 1, "2019/20"),
        ("1998/99", 1, "1999/00"),
        ("2000/01", -1, "1999/00"),
        ("31.12.2015", 2, "2017"),
        ("WS 2018/19", 1, "2019/20"),
        ("2011", -1, "2010"),
    ],
)
def test_the_year_before_or_after_a_period_is_written_like_it(label, years, found):
    assert axes.later(label, years) == found


def test_one_missing_year_is_named_alone():
    assert axes.missing_words("2018", "2020") == "2019: keine Angaben"
    assert axes.missing_words("2018", "2021") == "2019 bis 2020: keine Angaben"


def test_a_point_is_alone_between_gaps_only():
    points = [Point(float(i), v, "") for i, v in enumerate([1.0, None, 2.0, 3.0, None, 4.0])]
    broken = axes.broken(tuple(points), ())
    alone = [p.x for i, p in enumerate(broken) if p and axes.is_alone(broken, i)]
    assert alone == [0, 5]


@given(st.floats(1e-6, 1e12))
def test_a_round_step_is_not_below_and_less_than_thrice_the_rough_one(rough):
    step = axes.round_step(rough)
    assert rough <= step * (1 + 1e-9) + 1e-12 and step < 3 * rough
    assert f"{step:e}"[0] in "125" or f"{step:.0e}"[0] in "125"


@given(st.lists(st.integers(0, 1500), min_size=1, max_size=40, unique=True), st.integers(1, 200))
def test_labels_keep_apart_and_the_last_is_always_there(places, least):
    places.sort()
    kept = axes.thinned(places, least)
    assert kept[-1] == len(places) - 1
    assert kept == sorted(set(kept))
    assert all(places[b] - places[a] >= least for a, b in pairwise(kept))
    if places[-1] - places[0] >= least:
        assert kept[0] == 0 or len(places) == 1
