"""What a time in a file means, how it is written, and which periods follow each other."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators import periods
from indicators.errors import BildungsblickError
from indicators.periods import PeriodError, parse

years = st.integers(1901, 2098)
PERIODS = st.one_of(
    years.map(periods.school_year),
    years.map(periods.winter_semester),
    years.map(periods.training_year),
    years.map(periods.calendar_year),
    st.dates(date(1901, 1, 1), date(2098, 12, 31)).map(periods.key_date),
)


@pytest.mark.parametrize(
    ("text", "type", "settings", "label", "start"),
    [
        ("2023", "school_year", {"year_is": "start"}, "2023/24", date(2023, 8, 1)),
        ("2023", "school_year", {"year_is": "end"}, "2022/23", date(2022, 8, 1)),
        ("2023/24", "school_year", {"year_is": "end"}, "2023/24", date(2023, 8, 1)),
        ("2023/2024", "school_year", {}, "2023/24", date(2023, 8, 1)),
        ("1999/00", "school_year", {}, "1999/00", date(1999, 8, 1)),
        ("2000", "school_year", {"year_is": "end"}, "1999/00", date(1999, 8, 1)),
        ("WS 2023/24", "winter_semester", {}, "WS 2023/24", date(2023, 10, 1)),
        ("WS2023/24", "winter_semester", {}, "WS 2023/24", date(2023, 10, 1)),
        ("2023-10P6M", "winter_semester", {}, "WS 2023/24", date(2023, 10, 1)),
        ("2023-08P1Y", "school_year", {}, "2023/24", date(2023, 8, 1)),
        ("2023/24", "training_year", {}, "2023/24", date(2023, 10, 1)),
        ("2024", "calendar_year", {}, "2024", date(2024, 1, 1)),
        ("31.12.2024", "key_date", {}, "31.12.2024", date(2024, 12, 31)),
        ("2024-12-31", "key_date", {}, "31.12.2024", date(2024, 12, 31)),
        ("1.3.2024", "key_date", {}, "01.03.2024", date(2024, 3, 1)),
        ("2024", "key_date", {}, "31.12.2024", date(2024, 12, 31)),
        ("2024", "key_date", {"day": "01.03."}, "01.03.2024", date(2024, 3, 1)),
        ("  2024 ", "calendar_year", {}, "2024", date(2024, 1, 1)),
    ],
)
def test_a_time_becomes_the_period_the_dataset_means(text, type, settings, label, start):
    found = parse(text, type, **settings)
    assert (found.label, found.start, found.type) == (label, start, type)


@pytest.mark.parametrize(
    ("text", "type", "reason"),
    [
        ("2023/25", "school_year", "„2023/25“ umfasst nicht zwei aufeinander folgende Jahre"),
        ("31.02.2024", "key_date", "„31.02.2024“ ist kein Datum des Kalenders"),
        ("2023/24", "calendar_year", "„2023/24“ ist keine Zeitangabe der Art Kalenderjahr"),
        ("31.12.2024", "school_year", "„31.12.2024“ ist keine Zeitangabe der Art Schuljahr"),
        ("23", "calendar_year", "„23“ ist keine Zeitangabe der Art Kalenderjahr"),
        ("", "key_date", "„“ ist keine Zeitangabe der Art Stichtag"),
        ("Insgesamt", "school_year", "„Insgesamt“ ist keine Zeitangabe der Art Schuljahr"),
    ],
)
def test_what_is_no_period_is_refused_in_german(text, type, reason):
    with pytest.raises(PeriodError) as refused:
        parse(text, type)
    assert str(refused.value) == reason
    assert isinstance(refused.value, BildungsblickError)


@given(PERIODS)
def test_a_label_read_again_is_the_same_period(period):
    assert periods.from_label(period.label, period.type) == period


@given(PERIODS)
def test_every_label_looks_like_a_period(period):
    assert periods.looks_like_period(period.label)


@pytest.mark.parametrize("word", ["Insgesamt", "unter 3 Jahre", "09464", "1234", "2023/24 x", ""])
def test_categories_do_not_look_like_a_period(word):
    assert not periods.looks_like_period(word)


@given(st.lists(PERIODS, min_size=2))
def test_periods_sort_by_their_first_day(several):
    starts = [period.start for period in sorted(several)]
    assert starts == sorted(starts)


@pytest.mark.parametrize(
    ("period", "words"),
    [
        (periods.school_year(2023), "im Schuljahr 2023/24"),
        (periods.winter_semester(2023), "im Wintersemester 2023/24"),
        (periods.training_year(2023), "im Ausbildungsjahr 2023/24"),
        (periods.calendar_year(2023), "im Jahr 2023"),
        (periods.key_date(date(2024, 12, 31)), "am 31.12.2024"),
    ],
)
def test_periods_stand_in_a_sentence(period, words):
    assert period.adverbial == words


@given(years)
def test_only_the_next_year_of_the_same_type_is_adjacent(year):
    now = periods.school_year(year)
    assert periods.are_adjacent(now, periods.school_year(year + 1))
    assert not periods.are_adjacent(now, periods.school_year(year + 2))
    assert not periods.are_adjacent(periods.school_year(year + 1), now)
    assert not periods.are_adjacent(now, now)
    assert not periods.are_adjacent(now, periods.calendar_year(year + 1))


def test_key_dates_of_different_days_are_not_adjacent():
    """Day-care statistics moved from 15 to 1 March in 2009."""
    before, after = periods.key_date(date(2008, 3, 15)), periods.key_date(date(2009, 3, 1))
    assert not periods.are_adjacent(before, after)
    assert periods.are_adjacent(after, periods.key_date(date(2010, 3, 1)))


@pytest.mark.parametrize(
    ("period", "end"),
    [
        (periods.school_year(2017), date(2018, 7, 31)),
        (periods.key_date(date(2017, 3, 1)), date(2017, 3, 1)),
        (periods.calendar_year(2017), date(2017, 12, 31)),
        (periods.winter_semester(2017), date(2018, 3, 31)),
        (periods.training_year(2017), date(2018, 9, 30)),
    ],
    ids=lambda value: getattr(value, "type", ""),
)
def test_the_last_day_of_each_type(period, end):
    assert period.end == end


@given(PERIODS)
def test_a_period_ends_on_or_after_its_first_day_and_before_the_next_begins(period):
    assert period.start <= period.end
    following = periods.of_year(period.year + 1, period.type)
    if period.type != "key_date":
        assert period.end < following.start
