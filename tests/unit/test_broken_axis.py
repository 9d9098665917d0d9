"""A time that leaves out years: when, where everything stands then, and that it is marked."""

import re

from indicators.figures import lines
from indicators.figures.broken_axis import shortened
from indicators.figures.chart import Chart, Mark, Point, Series


def chart(*years: int, marks: tuple[Mark, ...] = ()) -> Chart:
    points = tuple(
        Point(float(year), 30.0 + year % 7, f"{year % 7} %", str(year)) for year in years
    )
    ticks = tuple((float(year), str(year)) for year in range(min(years), max(years) + 1))
    return Chart(
        "lines", (Series("Hof", "own", points),), ticks, 1, " %", "Übertritt", "alt", marks=marks
    )


def positions(made: Chart) -> list[float]:
    return [point.x for point in made.series[0].points]


def test_two_counts_far_apart_stand_close_and_keep_their_words():
    made, cuts = shortened(chart(2012, 2023))
    assert positions(made) == [2012, 2014] and cuts == (2013,)
    assert [label for _, label in made.ticks] == ["2012", "2023"]
    drawn = lines.draw(chart(2012, 2023), width=940, height=340)
    assert "2013 bis 2022: keine Angaben" in drawn


def test_each_single_count_has_its_number_beside_it():
    drawn = lines.draw(chart(2012, 2023), width=940, height=340)
    assert re.search(r">3 %</text>", drawn), "2012, and 2023 at the end of the line"


def test_a_gap_that_says_little_of_the_time_is_drawn_to_scale():
    for years in ((2012, 2018), (*range(1990, 2010), 2017, 2018)):
        made, cuts = shortened(chart(*years))
        assert not cuts and positions(made) == list(years)


def test_years_beside_a_gap_keep_their_distances_and_events_their_order():
    marks = (Mark(2003.0, "Reform"), Mark(2012.0, "neue Schule"))
    made, cuts = shortened(chart(*range(2000, 2006), 2019, 2020, marks=marks))
    found = positions(made)
    assert found[:6] == list(range(2000, 2006)) and found[7] - found[6] == 1
    assert 2005 < cuts[0] < found[6]
    assert made.marks[0].x == 2003 and 2005 < made.marks[1].x < found[6]
