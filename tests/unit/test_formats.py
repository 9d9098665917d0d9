"""Numbers, units, differences and dates as a German reader writes them."""

import re
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators import formats

SPACE = "\u00a0"
MINUS = "\u2212"

numbers = st.floats(-1e9, 1e9)
decimals = st.integers(0, 3)


def test_a_quantity_is_singular_for_exactly_one():
    words = ("Hinweis", "Hinweise")
    found = [formats.quantity(n, *words) for n in (0, 1, 1200)]
    assert found == ["0 Hinweise", "1 Hinweis", "1.200 Hinweise"]


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (0, 0, "0"),
        (7, 0, "7"),
        (999, 0, "999"),
        (1000, 0, "1.000"),
        (83577140, 0, "83.577.140"),
        (1234.5, 1, "1.234,5"),
        (-1234.5, 1, MINUS + "1.234,5"),
        (0.5, 2, "0,50"),
        (12, 1, "12,0"),
    ],
)
def test_number_has_thousands_points_and_a_decimal_comma(value, places, text):
    assert formats.number(value, places) == text


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (0.5, 0, "1"),
        (1.5, 0, "2"),
        (2.5, 0, "3"),
        (-2.5, 0, MINUS + "3"),
        (12.25, 1, "12,3"),
        (0.05, 1, "0,1"),
        (0.285, 2, "0,29"),
        (1.005, 2, "1,01"),
        (2.4999, 0, "2"),
        (999.95, 1, "1.000,0"),
    ],
)
def test_half_is_rounded_away_from_zero_as_it_is_written(value, places, text):
    assert formats.number(value, places) == text


@pytest.mark.parametrize(("value", "places"), [(-0.0, 0), (-0.4, 0), (-0.04, 1), (-0.0049, 2)])
def test_what_rounds_to_zero_has_no_minus(value, places):
    assert MINUS not in formats.number(value, places)


@given(numbers, decimals)
def test_numbers_are_never_in_english_notation(value, places):
    text = formats.number(value, places)
    whole = r"\d{1,3}(\.\d{3})*"
    fraction = rf",\d{{{places}}}" if places else ""
    assert re.fullmatch(rf"{MINUS}?{whole}{fraction}", text)
    assert not re.search(r"[-eE ]", text)


@given(numbers, decimals)
def test_the_written_number_is_at_most_half_a_unit_away(value, places):
    written = formats.number(value, places).replace(".", "").replace(",", ".")
    distance = abs(float(written.replace(MINUS, "-")) - value)
    assert distance <= 0.5 / 10**places + 1e-6


@given(numbers, decimals)
def test_the_opposite_number_is_written_with_the_same_digits(value, places):
    assert formats.number(-value, places).lstrip(MINUS) == formats.number(value, places).lstrip(
        MINUS
    )


@pytest.mark.parametrize(
    ("value", "unit", "places", "text"),
    [
        (12.34, "%", 1, f"12,3{SPACE}%"),
        (1200, "Anzahl", 0, "1.200"),
        (0.5, "Index", 2, "0,50"),
        (22899, "EUR", 0, f"22.899{SPACE}Euro"),
        (43.5, "Jahre", 1, f"43,5{SPACE}Jahre"),
        (5, "je 1.000 Einwohner", 1, f"5,0{SPACE}je{SPACE}1.000{SPACE}Einwohner"),
    ],
)
def test_a_unit_never_leaves_its_number(value, unit, places, text):
    assert formats.with_unit(value, unit, places) == text


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (1.5, 1, "+1,5"),
        (-1.5, 1, MINUS + "1,5"),
        (0, 1, "0,0"),
        (0.04, 1, "0,0"),
        (-0.04, 1, "0,0"),
        (1000, 0, "+1.000"),
        (0.1, 1, "+0,1"),
    ],
)
def test_signed_numbers_carry_plus_or_minus_but_zero_neither(value, places, text):
    assert formats.signed(value, places) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (-2.34, f"{MINUS}2,3{SPACE}Prozentpunkte"),
        (1.0, f"+1,0{SPACE}Prozentpunkt"),
        (-1.04, f"{MINUS}1,0{SPACE}Prozentpunkt"),
        (0.96, f"+1,0{SPACE}Prozentpunkt"),
        (0.94, f"+0,9{SPACE}Prozentpunkte"),
        (0.0, f"0,0{SPACE}Prozentpunkte"),
        (11.0, f"+11,0{SPACE}Prozentpunkte"),
    ],
)
def test_shares_differ_in_percentage_points_and_exactly_one_is_singular(value, text):
    assert formats.difference(value, "%", 1) == text


def test_other_units_differ_in_themselves():
    assert formats.difference(-12, "Anzahl", 0) == MINUS + "12"
    assert formats.difference(150, "EUR", 0) == f"+150{SPACE}Euro"


@pytest.mark.parametrize(
    ("unit", "places"), [("Anzahl", 0), ("EUR", 0), ("Index", 2), ("%", 1), ("Jahre", 1)]
)
def test_decimals_follow_the_unit(unit, places):
    assert formats.default_decimals(unit) == places


def test_a_day_has_two_digits_for_day_and_month():
    assert formats.day(date(2024, 3, 1)) == "01.03.2024"


@pytest.mark.parametrize(
    ("words", "text"),
    [(["a"], "a"), (["a", "b"], "a und b"), (["a", "b", "c"], "a, b und c")],
)
def test_a_list_ends_with_und(words, text):
    assert formats.listing(words) == text


@given(numbers, decimals)
def test_a_csv_number_has_a_decimal_comma_and_no_thousands_point(value, places):
    fraction = rf",\d{{{places}}}" if places else ""
    assert re.fullmatch(rf"-?\d+{fraction}", formats.plain(value, places))


@given(st.integers(-10_000_000, 10_000_000), st.integers(1, 3))
def test_a_csv_number_says_the_same_as_the_screen(thousandths, places):
    value = thousandths / 1000
    screen = formats.number(value, places).replace(".", "").replace(MINUS, "-")
    assert formats.plain(value, places) == screen
    assert formats.rounded(value, places) == float(screen.replace(",", "."))


def test_moments_of_one_day_are_told_apart():
    noon = datetime(2026, 11, 29, 12, 0, 5)
    later = noon.replace(hour=14)
    seconds_later = noon.replace(second=9)
    assert formats.moment(noon) == formats.moment(noon, [noon]) == "29.11.2026"
    assert formats.moment(noon, [noon.replace(day=28), noon]) == "29.11.2026"
    assert formats.moment(noon, [noon, later]) == "29.11.2026, 12:00 Uhr"
    assert formats.moment(noon, [noon, seconds_later]) == "29.11.2026, 12:00:05 Uhr"
    of_a_day = [noon, later, seconds_later]
    assert len({formats.moment(one, of_a_day) for one in of_a_day}) == 3
