"""Chance and effect: published examples, symmetry, and silence where there are few cases."""

from math import asin, isclose, sqrt

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from indicators.analysis import uncertainty

sizes = st.integers(1, 1_000_000)


@st.composite
def shares(draw):
    of = draw(sizes)
    return draw(st.integers(0, of)), of


def test_two_shares_by_hand():
    # 50 of 100 against 30 of 100: p = 0.4, error = sqrt(0.24 × 0.02)
    assert isclose(uncertainty.share_z(50, 100, 30, 100), 0.2 / sqrt(0.0048))


def test_two_counts_by_hand():
    assert uncertainty.count_z(64, 36) == 2.8


def test_effects_by_hand():
    assert isclose(uncertainty.share_effect(0.5, 0.25), 2 * asin(sqrt(0.5)) - 2 * asin(0.5))
    assert isclose(uncertainty.count_effect(200, 100), 0.34657, abs_tol=1e-5)


@given(shares(), shares())
def test_swapping_two_shares_only_turns_the_sign(first, second):
    z = uncertainty.share_z(*first, *second)
    assert isclose(z, -uncertainty.share_z(*second, *first), abs_tol=1e-9)
    effect = uncertainty.share_effect(first[0] / first[1], second[0] / second[1])
    assert z * effect >= 0


@given(shares(), shares())
def test_a_share_and_its_complement_differ_as_much(first, second):
    others = [(of - cases, of) for cases, of in (first, second)]
    z = uncertainty.share_z(*first, *second)
    assert isclose(z, -uncertainty.share_z(*others[0], *others[1]), rel_tol=1e-6, abs_tol=1e-6)


@given(shares())
def test_equal_shares_do_not_differ(share):
    assert uncertainty.share_z(*share, *share) == 0


@given(sizes, sizes)
def test_more_counts_make_a_difference_surer(count, other):
    assume(count != other)
    assert abs(uncertainty.count_z(2 * count, 2 * other)) > abs(uncertainty.count_z(count, other))
    assert uncertainty.count_z(0, 0) == 0


@pytest.mark.parametrize(
    ("cases", "of", "speaks"),
    [(20, 100, True), (19, 100, False), (80, 100, True), (81, 100, False), (30, 99, False)],
)
def test_only_enough_cases_on_both_sides_of_a_share_speak(cases, of, speaks):
    assert uncertainty.share_speaks(cases, of) == speaks


@pytest.mark.parametrize("counts", [(1, 0, 1, 2), (3, 2, 1, 2), (-1, 2, 1, 2)])
def test_what_is_no_share_is_refused(counts):
    with pytest.raises(ValueError, match="no share"):
        uncertainty.share_z(*counts)


def test_a_negative_count_is_refused():
    with pytest.raises(ValueError, match="negative"):
        uncertainty.count_z(-1, 2)
