"""From which period on an event shows: for every type of period, and through what an indicator
takes from other years."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators import periods
from indicators.answers import breaks
from indicators.regions import Region
from tests.unit import small

HOF = Region("09464", "kreis", "Stadt Hof", "in der Stadt Hof")
EVENT = """
[[events]]
id = "neu"
kind = "break"
day = {day}
label = "neu"
text = "Neu."
datasets = ["{dataset}"]
"""
COUNT = """
[[indicator.calculations]]
numerator = [{{ dataset = "{dataset}", measure = "{dataset}", offset = {offset} }}]
"""


def first(day: date, type: str, known: list, *, offset: int = 0) -> str:
    """The label of the first period of the new state; "" if none of the known ones has it."""
    dataset = small.POPULATION.replace('type = "key_date"', f'type = "{type}"')
    if known[0].type == "key_date":
        dataset = dataset.replace(
            "[[dataset.measures]]", f'day = "{known[0].label[:6]}"\n\n[[dataset.measures]]', 1
        )
    counted = small.indicator(
        calculations=COUNT.format(dataset="population", offset=offset), unit="Anzahl", factor=1
    )
    event = EVENT.format(day=day.isoformat(), dataset="population")
    catalog = small.catalog(counted, population=dataset, event=event)
    indicator = catalog.indicators["gymnasium_anteil"]
    found = breaks.of_events(catalog, indicator, HOF, known, indicator.datasets)
    return found[0].first.label if found else ""


SCHOOL = [periods.school_year(year) for year in range(2014, 2021)]
CALENDAR = [periods.calendar_year(year) for year in range(2014, 2021)]
SEMESTERS = [periods.winter_semester(year) for year in range(2014, 2021)]
TRAINING = [periods.training_year(year) for year in range(2014, 2021)]
DECEMBER = [periods.key_date(date(year, 12, 31)) for year in range(2014, 2021)]
MARCH = [periods.key_date(date(year, 3, 1)) for year in range(2014, 2021)]


@pytest.mark.parametrize(
    ("known", "day", "label"),
    [
        (SCHOOL, date(2017, 8, 1), "2017/18"),
        # lessons begin as late as September, and the reform with them
        (SCHOOL, date(2017, 9, 1), "2017/18"),
        (SCHOOL, date(2017, 9, 12), "2017/18"),
        (SCHOOL, date(2018, 2, 1), "2017/18"),
        (SCHOOL, date(2018, 7, 31), "2017/18"),
        (SCHOOL, date(2018, 8, 1), "2018/19"),
        (CALENDAR, date(2017, 1, 1), "2017"),
        (CALENDAR, date(2017, 12, 31), "2017"),
        (SEMESTERS, date(2017, 10, 1), "WS 2017/18"),
        (SEMESTERS, date(2018, 3, 31), "WS 2017/18"),
        # the summer between belongs to no winter
        (SEMESTERS, date(2018, 4, 1), "WS 2018/19"),
        (TRAINING, date(2017, 10, 1), "2017/18"),
        (TRAINING, date(2018, 9, 30), "2017/18"),
        (TRAINING, date(2017, 9, 1), "2016/17"),
        (DECEMBER, date(2017, 12, 31), "31.12.2017"),
        (DECEMBER, date(2017, 1, 1), "31.12.2017"),
        (DECEMBER, date(2018, 1, 1), "31.12.2018"),
        (MARCH, date(2017, 3, 1), "01.03.2017"),
        (MARCH, date(2017, 3, 2), "01.03.2018"),
        (SCHOOL, date(2022, 1, 1), ""),
    ],
    ids=str,
)
def test_the_first_period_that_knows_an_event(known, day, label):
    assert first(day, known[0].type, known) == label


def test_what_an_indicator_takes_from_the_year_before_turns_a_year_later():
    """Children of 2023 per inhabitants of 31.12.2022: a census of 2022 shows in 2023."""
    known = [periods.calendar_year(year) for year in (2021, 2022, 2023, 2024)]
    assert first(date(2022, 5, 15), "key_date", known, offset=-1) == "2023"
    assert first(date(2022, 5, 15), "key_date", known) == "2022"


def test_a_year_without_values_does_not_hide_what_began_in_it():
    known = [periods.school_year(year) for year in (2014, 2016, 2019)]
    assert first(date(2017, 9, 1), "school_year", known) == "2019/20"


@settings(max_examples=20)
@given(
    st.sampled_from([SCHOOL, CALENDAR, TRAINING]), st.dates(date(2015, 1, 1), date(2019, 12, 31))
)
def test_the_period_of_a_day_is_the_one_it_lies_in(known, day):
    (expected,) = [period.label for period in known if period.start <= day <= period.end]
    assert first(day, known[0].type, known) == expected
