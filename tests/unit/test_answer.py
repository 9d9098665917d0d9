"""What all answers share: which tables would bring values, and how a source is told."""

from dataclasses import replace
from datetime import datetime

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators import periods, texts
from indicators import view as views
from indicators.answers import answering
from indicators.answers.ranking import rank_of
from indicators.answers.sources import source_line
from indicators.answers.wanted import wanted_tables
from indicators.errors import ViewError
from indicators.regions import Region
from indicators.release.releases import UNKNOWN_STAND
from indicators.symbols import Status
from tests.unit import people, small
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
CATALOG = people.catalog()
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
    region = next(iter(release.regions.values()))
    found = wanted_tables(release, catalog.indicators["gymnasium_anteil"], region)
    assert found.replace("die Tabelle ", "").replace(" der Regionaldatenbank", "") == wanted
    assert found.count("der Regionaldatenbank") == len(wanted.split(" und ")) - (not wanted) + (
        "ersatzweise" in wanted
    )


def test_every_table_a_number_comes_from_is_named_as_its_source(tmp_path):
    there = POPULATION | RATES | {"pupils": [Cell(1)]}
    release = small.make_release(tmp_path, small.catalog(), **there)
    first, second, other = release.sources.values()
    line = source_line([first, second, replace(other, publisher="Stadt Hof")], release.catalog)
    stand = "(Stand 13.03.2025)"
    assert f"Statistische Ämter, Tabellen 21110-01 {stand} und 21111-01 {stand}; dl-de" in line
    assert f"Stadt Hof, Tabelle 21112-01 {stand}; dl-de" in line
    release.close()


def test_a_rank_counts_those_above_and_says_whether_it_is_shared():
    """Compared as they are shown: 7,04 and 6,96 are both 7,0."""
    compared = pd.DataFrame({"region": list("abcde"), "value": [9.0, 7.04, 6.96, 3.0, None]})
    ranks = {id: rank_of(compared, id, 1) for id in "abcde"}
    assert ranks == {
        "a": (1, 4, False),
        "b": (2, 4, True),
        "c": (2, 4, True),
        "d": (4, 4, False),
        "e": None,
    }


def test_what_is_invented_brings_nothing_to_a_real_region(tmp_path):
    """The town's own tables of the invented town are no reason to wait for nothing."""
    catalog = people.catalog()
    cells = {("99101", "2025/26", (), "children"): 100}
    release = people.make_release(tmp_path, catalog, {"school_entries": cells})
    release.regions["99101"] = replace(release.region("99101"), invented=True)
    indicator = catalog.indicators["einschulungen"]
    real = Region("09464", "kreis", "Stadt Hof", "in der Stadt Hof", "09")
    assert wanted_tables(release, indicator, release.region("99101")) == ""
    wanted = wanted_tables(release, indicator, real)
    assert wanted == "eine eigene Tabelle „Einschulungen“ (Quelle: Schulamt)"


@pytest.mark.parametrize(
    ("days", "stand"),
    [
        ([datetime(2025, 3, 13, 16, 40)], "13.03.2025"),
        ([datetime(2025, 3, 13), datetime(2021, 6, 24)], "24.06.2021 bis 13.03.2025"),
        ([datetime(2025, 3, 13, 9), datetime(2025, 3, 13, 16)], "13.03.2025"),
        ([UNKNOWN_STAND, datetime(2025, 3, 13)], "13.03.2025"),
        ([UNKNOWN_STAND], ""),
    ],
)
def test_the_date_of_the_figures_is_not_the_day_they_were_published_here(ask, days, stand):
    answer = ask("kind=table&indicator=studierende&region=09464")
    assert answer.stand == "10.03.2026" and answer.sources[0].table_code == "21311-01-01-4"
    sources = tuple(replace(answer.sources[0], stand=day) for day in days)
    assert replace(answer, sources=sources).stand == stand


def test_a_file_that_names_no_date_is_not_of_the_year_1900(release):
    source = replace(release.sources[0], stand=UNKNOWN_STAND)
    line = source_line([source], release.catalog)
    assert "12411-01-01-4 (ohne Stand)" in line and "1900" not in line


def test_two_definitions_are_never_in_one_figure(tmp_path):
    """A line of each definition would look like a difference between people."""
    catalog = people.catalog()
    cells = {}
    for id, value in (("foreign", 20), ("kmk", 35)):
        where = (("migration_definition", id), ("person_group", "population"))
        cells["99101", "31.12.2024", where, "persons"] = value
        cells["99101", "31.12.2024", where, "base"] = 100
    release = people.make_release(tmp_path, catalog, {"migration_background": cells})

    def ask(query: str):
        asked = f"indicator=migrationshintergrund_anteil&region=99101&{query}"
        return answering.answer(release, views.parse(asked, catalog, release.regions))

    with pytest.raises(ViewError, match="zählt andere Menschen"):
        ask("kind=trend&by=migration_definition")
    one = ask("kind=trend&migration_definition=kmk")
    assert "Migrationshintergrund (Schulstatistik, KMK)" in one.subtitle
    both = ask("kind=table&by=migration_definition")
    assert {row["category"] for row in both.rows} == {"foreign", "kmk"}


@pytest.mark.parametrize(
    ("query", "told"),
    [
        (
            "kind=trend&indicator=abgaenger_ohne_abschluss_anteil&region=verbund:hof",
            "Zum Vergleich: Bayern 5,4\u00a0%, Deutschland 7,1\u00a0%.",
        ),
        ("kind=trend&indicator=lebendgeborene&region=99101", "waren es"),
        ("kind=ranking&indicator=verfuegbares_einkommen&region=09464", "auf Rang"),
    ],
)
def test_two_sentences_for_a_paper(ask, query, told):
    found = ask(query)
    assert found.reading_aid in found.paragraph
    assert told in found.paragraph
    assert found.paragraph.endswith(".")


@given(
    st.one_of(st.none(), st.floats(-1e6, 1e6, allow_nan=False)),
    st.one_of(st.none(), st.floats(-1e6, 1e6, allow_nan=False)),
    st.sampled_from([Status.MISSING, Status.SUPPRESSED, Status.SECRET]),
)
def test_comparisons_say_numbers_or_nothing(now, other, reason):
    indicator = CATALOG.indicators["abgaenger_ohne_abschluss_anteil"]
    period = periods.school_year(2022)
    here = Region("09464", "kreis", "Stadt Hof", "in der Stadt Hof", "09")
    land = Region("09", "land", "Bayern", "in Bayern", "DG")

    def value(region, number):
        return texts.Value(region, period, number, Status.OK if number is not None else reason)

    for told in (
        texts.comparison(indicator, value(here, now), [value(land, other)]),
        texts.earlier(indicator, value(here, now), value(here, other)),
    ):
        assert told == "" or (told.endswith(".") and "None" not in told and "nan" not in told)
    if now is None or other is None:
        assert texts.comparison(indicator, value(here, now), [value(land, other)]) == ""
