"""What all answers share: which tables would bring values, and how a source is told."""

import pytest

from indicators.answers.answer import wanted_tables
from tests.unit import small
from tests.unit.small import Cell

PER_HEAD = """
[[indicator.calculations]]
numerator = [{ dataset = "pupils", measure = "pupils" }]
denominator = [{ dataset = "population", measure = "population" }]
"""
GIRLS = """
[[indicator.calculations]]
numerator = [{ dataset = "pupils", measure = "pupils", where = { sex = "female" } }]
"""
ENDED = (
    small.POPULATION
    + """
[[dataset.tables]]
code = "12411-99-01-4"
title = "Bevölkerung bis 2010"
until = "2010"
"""
)
# The code the small release gives to its second file.
HERE = small.PUPILS.replace("21111-01-03-4", "21111-01")
PUPILS = "21111-01 (oder 21111-01-05-4)"
RATES = {"rates": [Cell(1, measure="share", time="2019")]}
POPULATION = {"population": [Cell(1, measure="population")]}


@pytest.mark.parametrize(
    ("calculations", "there", "wanted"),
    [
        (PER_HEAD, RATES, f"{PUPILS} und 12411-01-01-4"),
        (PER_HEAD, POPULATION, PUPILS),
        (PER_HEAD, POPULATION | {"pupils": [Cell(1)]}, ""),
        (GIRLS + small.GIVEN, POPULATION, f"{PUPILS}, oder ersatzweise AI-N-06"),
        (PER_HEAD + small.GIVEN, RATES, ""),
        # the table that is there has no girls
        (GIRLS, POPULATION | {"pupils": [Cell(1)]}, "21111-01-05-4"),
        (GIRLS, POPULATION | {"pupils": [Cell(1, sex="female")]}, ""),
    ],
)
def test_what_a_calculation_needs_stands_with_and_what_replaces_it_with_or(
    tmp_path, calculations, there, wanted
):
    catalog = small.catalog(
        small.indicator(calculations=calculations), population=ENDED, pupils=HERE
    )
    release = small.make_release(tmp_path, catalog, **there)
    assert wanted_tables(release, catalog.indicators["gymnasium_anteil"]) == wanted
