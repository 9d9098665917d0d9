"""Sums and ratios: equal to counting by hand, and no status is ever lost on the way."""

import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.analysis import ratio
from indicators.symbols import WITH_NUMBER, Status

numbered = st.integers(0, 5000).map(lambda n: (float(n), "zero" if n == 0 else "ok"))
symbols = st.sampled_from([s.value for s in Status if s not in WITH_NUMBER]).map(
    lambda status: (math.nan, status)
)
parts = st.lists(numbered | symbols, min_size=1, max_size=6)
few = settings(max_examples=25)  # a frame takes milliseconds
numbers_only = st.lists(numbered, min_size=1, max_size=6)


def place(region="r", category="total", year=2023):
    return {
        "region": region,
        "period": str(year),
        "start": pd.Timestamp(year, 1, 1),
        "year": year,
        "category": category,
    }


def frame(*cells, region="r", **extra) -> pd.DataFrame:
    """One row per (value, status) of the same place."""
    return pd.DataFrame(
        [
            place(region) | {"value": value, "status": status, "flags": "", "sources": "0"} | extra
            for value, status in cells
        ]
    )


def summed(*cells, expected=None):
    row = ratio.total(frame(*cells), ratio.PLACE, expected or len(cells)).iloc[0]
    return (None if math.isnan(row["value"]) else row["value"], row["status"])


def divided(above, below, factor=1.0):
    return ratio.divide(frame(above), frame(below), factor=factor).iloc[0]


# --- sums -----------------------------------------------------------------------------------------


@few
@given(numbers_only)
def test_a_sum_of_numbers_is_their_sum(cells):
    total = sum(value for value, _ in cells)
    assert summed(*cells) == (total, "ok" if total else "zero")


@few
@given(parts)
def test_a_sum_has_a_number_only_if_every_part_has_one_or_does_not_apply(cells):
    value, status = summed(*cells)
    statuses = {status for _, status in cells}
    countable = statuses <= {"ok", "zero", "not_applicable"} and statuses != {"not_applicable"}
    assert (value is not None) == countable
    if countable:
        assert value == sum(v for v, s in cells if s != "not_applicable")
    else:
        assert status in statuses


@few
@given(parts, st.randoms())
def test_the_order_of_parts_does_not_matter(cells, chance):
    shuffled = chance.sample(cells, len(cells))
    assert summed(*cells) == summed(*shuffled)


@pytest.mark.parametrize(
    ("statuses", "joint"),
    [
        (["ok", "secret"], "secret"),
        (["zero", "secret"], "secret"),
        (["later", "secret"], "secret"),
        (["secret", "suppressed"], "suppressed"),
        (["missing", "dissolved"], "missing"),
        (["not_applicable", "secret"], "secret"),
        (["not_applicable", "not_applicable"], "not_applicable"),
    ],
)
def test_a_joint_status_is_the_one_that_says_most(statuses, joint):
    cells = [(5.0 if s == "ok" else 0.0 if s == "zero" else math.nan, s) for s in statuses]
    assert summed(*cells) == (None, joint)


def test_what_does_not_apply_adds_nothing():
    assert summed((5.0, "ok"), (math.nan, "not_applicable")) == (5, "ok")
    assert summed((0.0, "zero"), (math.nan, "not_applicable")) == (0, "zero")


def test_a_part_without_a_row_makes_the_sum_missing():
    assert summed((5.0, "ok"), expected=2) == (None, "missing")
    assert summed((math.nan, "secret"), expected=2) == (None, "secret")


def test_rounded_zeros_add_up_to_a_rounded_zero_and_not_to_exactly_none():
    assert summed((0.0, "rounded_zero"), (0.0, "zero")) == (0, "rounded_zero")
    assert summed((0.0, "rounded_zero"), (3.0, "ok")) == (3, "ok")


@pytest.mark.parametrize(
    ("above", "taken", "rest"),
    [
        ((9.0, "ok", "rounded_3"), (9.0, "ok", "rounded_3"), (0, "rounded_zero")),
        ((9.0, "ok", "rounded_3"), (6.0, "ok", "rounded_3"), (3, "ok")),
        ((9.0, "ok", ""), (9.0, "ok", ""), (0, "zero")),
        # the office printed none: rounding makes nothing of nobody
        ((0.0, "zero", "rounded_3"), (0.0, "zero", "rounded_3"), (0, "zero")),
        ((0.0, "rounded_zero", ""), (0.0, "zero", ""), (0, "rounded_zero")),
    ],
)
def test_a_difference_of_rounded_numbers_is_never_exactly_none(above, taken, rest):
    def term(cell):
        return frame(cell[:2], flags=cell[2])

    row = ratio.add([(term(above), 1), (term(taken), -1)]).iloc[0]
    assert (row["value"], row["status"]) == rest


def test_flags_and_sources_of_all_parts_stay_with_the_sum():
    both = pd.concat(
        [
            frame((1.0, "ok"), flags="rounded_3", sources="2"),
            frame((2.0, "ok"), flags="derived,rounded_3", sources="0,2"),
        ]
    )
    row = ratio.total(both, ratio.PLACE, 2).iloc[0]
    assert (row["flags"], row["sources"]) == ("derived,rounded_3", "0,2")


def test_places_are_summed_apart_and_each_expects_its_own_parts():
    rows = pd.concat([frame((1.0, "ok"), (2.0, "ok"), region="a"), frame((4.0, "ok"), region="b")])
    found = ratio.total(rows, ratio.PLACE, pd.Series({"a": 2, "b": 2})).set_index("region")
    assert found.loc["a", "value"] == 3
    assert found.loc["b", "status"] == "missing"


@few
@given(st.lists(st.tuples(st.integers(0, 999), st.sampled_from([1, -1])), min_size=1, max_size=4))
def test_terms_are_added_with_their_signs(terms):
    found = ratio.add([(frame((float(n), "ok" if n else "zero")), sign) for n, sign in terms])
    assert found.iloc[0]["value"] == sum(n * sign for n, sign in terms)


def test_a_term_without_a_row_leaves_no_number():
    other = frame((3.0, "ok"), region="elsewhere")
    found = ratio.add([(frame((5.0, "ok")), 1), (other, -1)])
    assert set(found["status"]) == {"missing"} and found["value"].isna().all()


# --- ratios ---------------------------------------------------------------------------------------


@few
@given(numbers_only, numbers_only, st.sampled_from([1.0, 100.0, 1000.0]))
def test_summing_then_dividing_equals_counting_by_hand(above, below, factor):
    numerator = ratio.total(frame(*above), ratio.PLACE, len(above))
    denominator = ratio.total(frame(*below), ratio.PLACE, len(below))
    row = ratio.divide(numerator, denominator, factor=factor).iloc[0]
    top, bottom = sum(v for v, _ in above), sum(v for v, _ in below)
    assert (row["numerator"], row["denominator"]) == (top, bottom)
    if bottom == 0:
        assert row["status"] == "not_applicable" and math.isnan(row["value"])
    else:
        assert row["value"] == pytest.approx(factor * top / bottom)
        assert row["status"] == ("ok" if top else "zero")


@few
@given(numbered | symbols, numbered | symbols)
def test_a_ratio_has_a_number_only_if_both_parts_have_one(above, below):
    row = divided(above, below)
    both = not math.isnan(above[0]) and not math.isnan(below[0])
    assert math.isnan(row["value"]) == (not both or below[0] == 0)
    if not both:
        assert row["status"] in (above[1], below[1])


@pytest.mark.parametrize(
    ("above", "below", "status"),
    [
        ((5.0, "ok"), (math.nan, "secret"), "secret"),
        ((math.nan, "secret"), (5.0, "ok"), "secret"),
        ((math.nan, "not_applicable"), (5.0, "ok"), "not_applicable"),
        ((math.nan, "later"), (math.nan, "dissolved"), "later"),
        ((5.0, "ok"), (0.0, "zero"), "not_applicable"),
        ((0.0, "zero"), (0.0, "zero"), "not_applicable"),
        ((0.0, "zero"), (9.0, "ok"), "zero"),
        ((0.0, "rounded_zero"), (9.0, "ok"), "rounded_zero"),
    ],
)
def test_the_status_of_a_ratio_says_why_there_is_none(above, below, status):
    found = divided(above, below)
    assert found["status"] == status
    # not infinity either, which a division by zero would be
    assert math.isnan(found["value"]) == ("zero" not in status)


def test_a_place_without_denominator_is_missing_and_not_dropped():
    found = ratio.divide(frame((5.0, "ok")), frame((9.0, "ok"), region="elsewhere"), factor=100)
    assert list(found["status"]) == ["missing"] and list(found["region"]) == ["r"]


def test_flags_and_sources_of_both_parts_stay_with_the_ratio():
    rounded = frame((1.0, "ok"), flags="rounded_3", sources="1")
    exact = frame((2.0, "ok"), flags="", sources="0")
    for above, below in ((rounded, exact), (exact, rounded)):
        row = ratio.divide(above, below, factor=1).iloc[0]
        assert (row["flags"], row["sources"]) == ("rounded_3", "0,1")
