"""The arithmetic of school starters, against sums worked out by hand and for all numbers."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from indicators.analysis import projection
from indicators.analysis.projection import Children, Error, Ratios

COUNT = st.integers(0, 400)
YEARS = range(2018, 2026)


def counts(of) -> dict:
    return {year: {age: of(year, age) for age in range(8)} for year in YEARS}


@st.composite
def any_counts(draw, at_least=0):
    """Children of eight ages at eight key dates."""
    cells = draw(st.lists(st.integers(at_least, 400), min_size=64, max_size=64))
    return counts(lambda year, age: cells[(year - 2018) * 8 + age])


def children(numbers, ratios=None, share=0.75, last=2025) -> Children:
    return Children(numbers, last, ratios or Ratios(), share, {})


def test_the_method_by_hand():
    """100 children of each age; of 100, 102 are there a year later; three quarters are born until
    September; 8 % start late, 1 % early."""
    ratios = Ratios(of_age=(1.02,) * 7, years=(2025,))
    town = children(counts(lambda *_: 100), ratios)
    # 2026: aged 6 and 5 at the end of 2025, one step on
    assert town.reaching(2026).children == pytest.approx(102)
    # 2027: aged 5 and 4, two steps
    assert town.reaching(2027).children == pytest.approx(100 * 1.02**2)
    # 2025 is counted: aged 7 and 6
    assert town.reaching(2025).children == pytest.approx(100)
    (found,) = projection.starters(town, [2026], 0.08, 0.01)
    assert found.children == pytest.approx(102 * 0.91 + 100 * 0.08 + 100 * 1.02**2 * 0.01)
    assert found.is_born


def test_months_weigh_the_years_of_birth():
    """2026 takes those born from October 2019 and until September 2020: aged 6 and 5."""
    town = children(counts(lambda _, age: {6: 80, 5: 120}.get(age, 0)), share=0.7)
    assert town.reaching(2026).children == pytest.approx(0.3 * 80 + 0.7 * 120)
    known = Children(town.counts, 2025, Ratios(), 0.7, {2019: 0.5, 2020: 0.9})
    assert known.reaching(2026).children == pytest.approx(0.5 * 80 + 0.9 * 120)


def test_six_years_are_born_and_no_more():
    town = children(counts(lambda *_: 100))
    found = projection.starters(town, range(2026, 2035), 0.1, 0.01)
    assert [one.is_born for one in found] == [True] * 6 + [False] * 3
    assert all(one.children == pytest.approx(100) for one in found)


def test_births_to_come_are_the_mean_of_three_years_even_of_none():
    births = {2023: 60, 2024: 90, 2025: 120}
    town = children(counts(lambda year, age: births.get(year, 100) if age == 0 else 100))
    assert town.assumed_births == 90
    assert town.reaching(2033).children == pytest.approx(90)
    empty = children(counts(lambda *_: 0))
    assert not empty.reaching(2033).is_born


@given(any_counts(at_least=1), st.sampled_from([3, 4, 5]), st.floats(0, 0.4), st.floats(0, 0.4))
def test_the_born_part_is_children_moved_along_with_the_shown_factors(numbers, years, late, early):
    ratios = projection.observed_ratios(numbers, 2025, years)
    shown = [float(f"{ratio:.4f}") for ratio in ratios.of_age]
    town = children(numbers, ratios)

    def moved(born: int, year: int) -> float:
        value = numbers[2025][2025 - born]
        for age in range(2025 - born, year - born):
            value *= shown[age]
        return value

    for year in range(2026, 2032):
        by_hand = 0.25 * moved(year - 7, year) + 0.75 * moved(year - 6, year)
        assert town.reaching(year).children == pytest.approx(by_hand)
        assert town.reaching(year).unborn == 0
    for one in projection.starters(town, range(2026, 2032), late, early):
        three = [town.reaching(one.year + step).children for step in (0, -1, 1)]
        expected = three[0] * (1 - late - early) + three[1] * late + three[2] * early
        assert one.children == pytest.approx(expected)


@given(any_counts(), any_counts())
def test_parts_moved_along_with_the_same_ratios_add_up(first, second):
    both = counts(lambda year, age: first[year][age] + second[year][age])
    ratios = projection.observed_ratios(both, 2025, 5)
    years = range(2026, 2035)

    def of(numbers):
        return projection.starters(children(numbers, ratios), years, 0.08, 0.02)

    for whole, summed in zip(of(both), projection.add([of(first), of(second)]), strict=True):
        assert summed.children == pytest.approx(whole.children)
        assert summed.is_born == whole.is_born


def test_a_sum_without_one_part_is_no_number():
    def of(*numbers):
        return [projection.Starters(2026 + i, n, True) for i, n in enumerate(numbers)]

    found = projection.add([of(10.0, None), of(5.0, 7.0)])
    assert [one.children for one in found] == [15, None]


@given(any_counts(), st.sampled_from([3, 4, 5]))
def test_high_is_never_below_the_mean_and_none_changes_nothing(numbers, years):
    ratios = projection.observed_ratios(numbers, 2025, years)
    assert len(ratios.years) == years and ratios.strongest in ratios.years
    high = ratios.variant("high").of_age
    assert all(h >= m - 1e-9 for h, m in zip(high, ratios.of_age, strict=True))
    assert ratios.variant("none").of_age == (1.0,) * 7
    assert all(math.isfinite(r) and r >= 0 for r in (*high, *ratios.of_age))


def test_left_out_years_are_replaced_by_earlier_ones():
    numbers = counts(lambda year, age: 100 + 10 * (year == 2022))
    plain = projection.observed_ratios(numbers, 2025, 3)
    assert plain.years == (2025, 2024, 2023)
    without = projection.observed_ratios(numbers, 2025, 3, [2023, 2024])
    assert without.years == (2025, 2022, 2021)
    assert projection.observed_ratios(numbers, 2021, 5).years == (2021, 2020, 2019)


@given(any_counts(), st.integers(2019, 2025), st.integers(0, 7))
def test_a_missing_number_is_missing_wherever_it_is_needed(numbers, year, age):
    numbers[year][age] = None
    assert year not in projection.observed_ratios(numbers, 2025, 5).years or age == 0
    found = projection.starters(children(numbers), range(2026, 2032), 0.1, 0.1)
    if year == 2025 and age <= 5:
        assert any(one.children is None for one in found)
    if year < 2023:
        assert all(one.children is not None for one in found)


@given(st.lists(st.floats(0, 300), min_size=1, max_size=40))
def test_whole_children_add_up_and_stay_near(values):
    total = math.floor(sum(values) + 0.5)
    found = projection.apportion(values, total)
    assert sum(found) == total
    assert all(abs(whole - value) <= 1 + 1e-6 for whole, value in zip(found, values, strict=True))


@given(st.lists(st.tuples(st.one_of(st.none(), COUNT), st.one_of(st.none(), COUNT))))
def test_a_rate_is_a_share_or_none(pairs):
    found = projection.rate(pairs)
    assert found is None or 0 <= found <= 1


def test_a_rate_by_hand():
    assert projection.rate([(8, 100), (12, 100), (None, 50)]) == 0.1
    assert projection.rate([(5, 0)]) is None
    assert projection.rate([(-3, 100)]) is None


@given(st.lists(st.tuples(st.floats(20, 500), st.integers(20, 500)), min_size=1))
def test_errors_are_means_of_per_cents(pairs):
    errors = [Error(2020, 2021, projected, actual) for projected, actual in pairs]
    size, mean = projection.mean_errors(errors, 20)
    assert size >= abs(mean) - 1e-9
    assert projection.mean_errors([*errors, Error(2020, 2021, 10, 19)], 20) is None


def test_errors_by_hand():
    errors = [Error(2020, 2021, 110, 100), Error(2020, 2022, 95, 100)]
    assert projection.mean_errors(errors, 20) == pytest.approx((7.5, 2.5))
    assert projection.mean_errors([], 20) is None


@given(any_counts())
def test_nothing_later_than_the_key_date_is_looked_at(numbers):
    """The look back must not know what came."""
    assume(numbers[2024][3] > 0)
    before = {year: ages for year, ages in numbers.items() if year <= 2022}
    for known in (numbers, before):
        ratios = projection.observed_ratios(known, 2022, 5)
        found = projection.starters(children(known, ratios, last=2022), range(2023, 2029), 0.1, 0.1)
        results = [one.children for one in found]
        if known is numbers:
            first = results
    assert results == pytest.approx(first)
