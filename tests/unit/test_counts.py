"""The first look at many indicators has the counts that their values are made of."""

import pandas as pd
import pytest

from indicators.answers import counts
from indicators.answers.context import Context
from indicators.periods import school_year
from indicators.release.values import indicator_values
from indicators.view import View
from tests.unit import small
from tests.unit.small import Cell

SCHOOLS = """
[[indicator.calculations]]
numerator = [{ dataset = "pupils", measure = "schools" }]
[[indicator.calculations.denominator]]
dataset = "pupils"
measure = "pupils"
where = { school_type = ["gymnasium", "hauptschule"] }
"""
PER_HEAD = """
[[indicator.calculations]]
numerator = [{ dataset = "pupils", measure = "pupils" }]
denominator = [{ dataset = "population", measure = "population", offset = -1 }]
"""
TYPES = """
[[indicator.breakdowns]]
dimension = "school_type"
of = "numerator"
default = "gymnasium"
"""
ALL = """
[[indicator.calculations]]
numerator = [{ dataset = "pupils", measure = "pupils" }]
denominator = [{ dataset = "pupils", measure = "pupils" }]
"""
INDICATORS = (
    small.indicator("anteil"),
    small.indicator("anzahl", small.COUNT, unit="Anzahl", factor=1),
    small.indicator("schulen", SCHOOLS),
    small.indicator("je_kopf", PER_HEAD, unit="je 1.000", factor=1000),
    small.indicator("schulart", ALL, TYPES),
    small.indicator("fertig", SCHOOLS + small.GIVEN),
)
CELLS = {
    "pupils": [
        Cell(number * factor, time=time, region=region, **more)
        for time, factor in (("2021", 1), ("2022", 2), ("2023", 3))
        for region in ("09464", "09")
        for number, more in (
            (1000, {}),
            (400, {"school_type": "gymnasium"}),
            (200, {"school_type": "hauptschule"}),
            (7, {"measure": "schools"}),
        )
        if (time, region, number) != ("2022", "09", 200)
    ],
    "population": [
        Cell(9000, measure="population", time="31.12.2021"),
        Cell(None, "secret", measure="population", time="31.12.2022"),
    ],
    "rates": [Cell(5, measure="share", time="2019")],
}


@pytest.mark.parametrize("number", range(len(INDICATORS)))
def test_they_are_the_counts_of_the_values(tmp_path, number):
    catalog = small.catalog(*INDICATORS)
    release = small.make_release(tmp_path, catalog, **CELLS)
    contexts = [
        Context(release, View("trend", indicator=id, region="09464")) for id in catalog.indicators
    ]
    indicator = list(catalog.indicators.values())[number]
    regions = ["09464", "09"]
    table = counts.of_many(release, contexts, regions)[indicator.id]
    rows = indicator_values(release, indicator, regions)
    expected = {
        (row.region, row.period): (
            row.numerator,
            None if pd.isna(row.denominator) else row.denominator,
        )
        for row in rows.itertuples(index=False)
        if pd.notna(row.value) and pd.notna(row.numerator)
    }
    found = {(c.region, c.period.label): (c.cases, c.of) for c in table.values()}
    assert found == expected and found


def test_a_sum_needs_every_part_and_the_same_calculation():
    def one(region, calculation=0, year=2023):
        return counts.Counts(region, school_year(year), 20.0, 100.0, calculation)

    table = {("a", 2023): one("a"), ("b", 2023): one("b"), ("c", 2023): one("c", 1)}
    both = counts.summed(table, ("a", "b"), 2023, "verbund:ab")
    assert (both.region, both.cases, both.of) == ("verbund:ab", 40, 200)
    assert counts.summed(table, ("a", "d"), 2023, "x") is None
    assert counts.summed(table, ("a", "c"), 2023, "x") is None
