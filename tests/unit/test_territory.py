"""Reforms: which Kreise a period's figures are of, where a series turns, what the map leaves
unpainted."""

from datetime import date, timedelta

import pytest

from indicators import periods
from indicators import view as views
from indicators.answers import answering
from indicators.catalog.meaning import PeriodRule
from indicators.regions import Region
from indicators.release import territory
from indicators.release.territory import Figures
from indicators.release.values import indicator_values
from tests import shipped
from tests.unit import small
from tests.unit.small import Cell

WARTBURG, EISENACH, SUHL, HOF = "16063", "16056", "16054", "09464"
RULES = shipped.catalog().territory
REFORM = """
[[territory.reforms]]
name = "Eingliederung"
day = 2021-07-01
existing = ["16063"]
dissolved = [
    { id = "16056", name = "Eisenach", designation = "Kreisfreie Stadt", successors = ["16063"] },
]

[[territory.reforms]]
name = "Zusammenschluss"
day = 2016-11-01
dissolved = [
    { id = "16901", name = "Alt", designation = "Landkreis", successors = ["16903"] },
    { id = "16902", name = "Uralt", designation = "Landkreis", successors = ["16903"] },
]

[[territory.reforms]]
name = "Gründung"
day = 2026-01-01
founded = [
    { id = "16415", name = "Neustadt", designation = "Kreisfreie Stadt", origin = ["16054"] },
]

[[territory.transfers]]
name = "Umgliederung"
day = 2019-01-01
regions = ["16054"]
"""
KREISE = {
    region.id: region
    for region in (
        Region(
            EISENACH,
            "kreis",
            "Stadt Eisenach",
            "in der Stadt Eisenach",
            "16",
            valid_to=date(2021, 6, 30),
            successors=(WARTBURG,),
        ),
        Region(SUHL, "kreis", "Stadt Suhl", "in der Stadt Suhl", "16"),
        Region(
            "16901",
            "kreis",
            "Landkreis Alt",
            "im Landkreis Alt",
            "16",
            valid_to=date(2016, 10, 31),
            successors=("16903",),
        ),
        Region(
            "16902",
            "kreis",
            "Landkreis Uralt",
            "im Landkreis Uralt",
            "16",
            valid_to=date(2016, 10, 31),
            successors=("16903",),
        ),
        Region(
            "16903",
            "kreis",
            "Landkreis Neu",
            "im Landkreis Neu",
            "16",
            valid_from=date(2016, 11, 1),
        ),
        Region(
            "16415",
            "kreis",
            "Stadt Neustadt",
            "in der Stadt Neustadt",
            "16",
            valid_from=date(2026, 1, 1),
        ),
    )
}
COUNT = small.indicator(
    calculations="""
[[indicator.calculations]]
numerator = [{ dataset = "population", measure = "population" }]
""",
    unit="Anzahl",
    factor=1,
)


@pytest.fixture
def ask(tmp_path, monkeypatch):
    """The answer to a view of a small world: `{region: {year: people on 31.12.}}`, None for a dash
    of a region that the table says did not exist."""
    monkeypatch.setattr(small, "REGIONS", small.REGIONS | KREISE)
    before, _, rest = small.BASE.partition("[[territory.reforms]]")
    world = before + REFORM + rest[rest.index("[[territory.statistical_regions]]") - 1 :]

    def make(people: dict[str, dict[int, int | None]], query: str):
        cells = [
            Cell(
                value,
                "dissolved" if value is None else "",
                region,
                str(year),
                measure="population",
            )
            for region, years in people.items()
            for year, value in years.items()
        ]
        catalog = small.catalog(COUNT, vocabulary=world)
        release = small.make_release(tmp_path, catalog, population=cells)
        query = f"indicator=gymnasium_anteil&{query}"
        return answering.answer(release, views.parse(query, catalog, release.regions))

    return make


def years(*numbers: int | None, first: int = 2019) -> dict[int, int | None]:
    return dict(enumerate(numbers, first))


THURINGIA = {
    WARTBURG: years(119726, 118974, 154957, 155000),
    EISENACH: years(42250, 41970, None, None),
    SUHL: years(36000, 35900, 35800, 35700),
    "16903": years(9000, 9010, 9020, 9030),
    "16": years(533378, 520237, 508863, 526846),
}

# --- a series -------------------------------------------------------------------------------------


def test_a_series_turns_where_a_kreis_was_merged_into_another(ask):
    found = ask(THURINGIA, f"kind=trend&region={WARTBURG}")
    own, land = found.figure.series[:2]
    (mark,) = found.figure.marks
    assert (mark.label, mark.is_break) == ("neuer Gebietsstand", True)
    places = [point.x for point in own.points]
    assert places[1] < mark.x < places[2] and own.breaks == (mark.x,)
    assert land.breaks == (), "the Land is the same before and after"
    assert any(
        "neuer Gebietsstand seit dem 01.07.2021 (Eingliederung)" in note for note in found.notes
    )
    assert "als im Vorjahr" in found.reading_aid, "2022 is like 2021"


def test_no_change_is_told_across_a_reform(ask):
    people = {key: {y: n for y, n in of.items() if y < 2022} for key, of in THURINGIA.items()}
    for kind in ("trend", "table"):
        found = ask(people, f"kind={kind}&region={WARTBURG}")
        for word in ("Vorjahr", "im Jahr davor"):
            assert word not in found.headline + found.reading_aid
        assert "118.974" not in found.comparison and "119.726" not in found.comparison
    assert "im Jahr davor" in ask(people, f"kind=trend&region={SUHL}").headline
    notable = ask(people, f"kind=notable&region={WARTBURG}")
    assert not [row for row in notable.rows if row["sort"] == "Veränderung zum Vorjahr"]


def test_a_table_recalculated_to_the_later_territory_has_no_turn_and_says_so(ask):
    """The dissolved Kreis has nothing before its end, although all others have."""
    people = THURINGIA | {
        WARTBURG: years(161976, 160944, 154957, 155000),
        EISENACH: years(None, None, None, None),
    }
    found = ask(people, f"kind=trend&region={WARTBURG}")
    assert found.figure.marks == () and found.figure.series[0].breaks == ()
    assert any("amtlich auf das Gebiet danach umgerechnet" in note for note in found.notes)


def test_an_excerpt_of_one_kreis_proves_no_recalculation(ask):
    people = {key: THURINGIA[key] for key in (WARTBURG, "16")}
    assert [m.label for m in ask(people, f"kind=trend&region={WARTBURG}").figure.marks] == [
        "neuer Gebietsstand"
    ]


def test_a_new_kreis_begins_and_an_old_one_ends_at_a_turn_that_names_the_others(ask):
    people = {
        "16901": years(50, 51, None, None, first=2014),
        "16902": years(40, 41, None, None, first=2014),
        "16903": years(None, None, 92, 93, first=2014),
        "16": years(500, 501, 502, 503, first=2014),
    }
    new = ask(people, "kind=trend&region=16903")
    (note,) = [n for n in new.notes if "besteht seit" in n]
    assert "01.11.2016" in note and "Landkreis Alt (16901)" in note and "(16902)" in note
    old = ask(people, "kind=trend&region=16901")
    (note,) = [n for n in old.notes if "bestand bis zum" in n]
    assert "31.10.2016" in note and "Landkreis Neu" in note


def test_a_part_that_changed_its_kreis_is_a_turn(ask):
    people = {SUHL: years(35000, 34900, 36900, first=2017), "16": years(9, 8, 7, first=2017)}
    found = ask(people, f"kind=trend&region={SUHL}")
    assert [(m.label, m.x) for m in found.figure.marks] == [
        ("neuer Gebietsstand", pytest.approx(2019.49, abs=0.01))
    ]
    assert "Vorjahr" not in found.headline


def test_a_kreis_that_loses_a_town_turns_as_well(ask):
    people = {SUHL: years(36000, 20000, first=2025), "16": years(9, 8, first=2025)}
    found = ask(people, f"kind=trend&region={SUHL}")
    assert "Vorjahr" not in found.headline + found.reading_aid
    assert any("Gründung" in note for note in found.notes)


def test_no_ratio_divides_one_territory_by_another(tmp_path, monkeypatch):
    """Pupils of 2021/22 per inhabitants of 31.12.2020, between them a reform."""
    monkeypatch.setattr(small, "REGIONS", small.REGIONS | KREISE)
    rate = """
[[indicator.calculations]]
numerator = [{ dataset = "pupils", measure = "pupils" }]
denominator = [{ dataset = "population", measure = "population", offset = -1 }]
"""
    before, _, rest = small.BASE.partition("[[territory.reforms]]")
    world = before + REFORM + rest[rest.index("[[territory.statistical_regions]]") - 1 :]
    catalog = small.catalog(small.indicator(calculations=rate), vocabulary=world)
    cells = [
        Cell(50, region=key, time=str(y)) for key in (WARTBURG, HOF) for y in (2020, 2021, 2022)
    ]
    people = [
        Cell(500, region=key, time=str(y), measure="population")
        for key in (WARTBURG, HOF)
        for y in (2019, 2020, 2021)
    ]
    release = small.make_release(tmp_path, catalog, pupils=cells, population=people)
    rows = indicator_values(release, catalog.indicators["gymnasium_anteil"], [WARTBURG, HOF])
    known = rows.pivot(index="period", columns="region", values="status")
    assert list(known[HOF]) == ["ok", "ok", "ok"]
    assert list(known[WARTBURG]) == ["ok", "not_applicable", "ok"]


# --- which Kreise are compared --------------------------------------------------------------------


def compared(answer) -> set[str]:
    return {row["region"] for row in answer.rows}


@pytest.mark.parametrize(("year", "count"), [(2020, 4), (2021, 3)])
def test_the_kreise_of_the_period_are_compared(ask, year, count):
    found = ask(THURINGIA, f"kind=ranking&region={WARTBURG}&period=31.12.{year}&scope=land")
    assert f"von {count} in Thüringen" in found.headline
    assert f"{count} Kreise in Thüringen" in found.subtitle
    assert (EISENACH in compared(found)) == (year == 2020)


def test_a_kreis_without_area_on_the_map_is_listed_and_named(ask):
    people = THURINGIA | {"16415": {2026: 15000}, SUHL: {2026: 20000}, WARTBURG: {2026: 154000}}
    found = ask(people, f"kind=ranking&region={WARTBURG}&period=31.12.2026&scope=land")
    assert "16415" in compared(found)
    assert any("Stadt Neustadt (16415) liegt nicht" in note for note in found.notes)


def test_of_two_territories_in_one_period_no_person_counts_twice(ask):
    """Some tables state old years of the Kreise then and of the recalculated new one."""
    people = {
        "16901": {2014: 50},
        "16902": {2014: 40},
        "16903": {2014: 90},
        SUHL: {2014: 36},
        WARTBURG: {2014: 120},
        EISENACH: {2014: 42},
    }
    view = "kind=ranking&period=31.12.2014&scope=land&region="
    assert compared(ask(people, view + "16903")) & set(KREISE) == {"16903", SUHL, EISENACH}
    assert compared(ask(people, view + SUHL)) & set(KREISE) == {"16903", SUHL, EISENACH}
    own = compared(ask(people, view + "16901"))
    assert own & set(KREISE) == {"16901", "16902", SUHL, EISENACH}, "a Kreis of then is asked for"


def test_a_kreis_that_did_not_exist_has_no_rank_and_says_why(ask):
    people = {
        "16901": {2014: 50, 2017: None},
        "16902": {2014: 40, 2017: None},
        "16903": {2014: None, 2017: 90},
        SUHL: {2014: 36, 2017: 36},
    }
    found = ask(people, "kind=ranking&period=31.12.2014&scope=land&region=16903")
    assert "gab es im Gebietsstand dieser Angaben (31.12.2014) nicht" in found.headline
    assert any("Landkreis Alt (16901)" in note for note in found.notes)
    assert "16903" not in compared(found)


# --- the map --------------------------------------------------------------------------------------


def test_an_area_of_two_kreise_has_a_look_of_its_own_and_both_values(ask):
    found = ask(THURINGIA, f"kind=map&region={WARTBURG}&period=31.12.2020&scope=land")
    sent = found.figure.payload()
    column, period = sent["ids"].split().index(WARTBURG), sent["periods"].index("31.12.2020")
    code = int(found.figure.codes[found.figure.periods.index("31.12.2020"), column])
    assert sent["statuses"][code] == ["territory", "anderer Gebietsstand"]
    assert sent["then"][WARTBURG][period] == (
        "Stadt Eisenach (bis 30.06.2021) 41.970; Wartburgkreis 118.974"
    )
    assert any("Anderer Gebietsstand: 1 Fläche" in note for note in found.notes)
    assert EISENACH in compared(found), "the table beside the map lists it"
    now = ask(THURINGIA, f"kind=map&region={WARTBURG}&period=31.12.2021&scope=land")
    assert not any("Gebietsstand" in note for note in now.notes)


def test_no_value_of_an_area_of_another_time_travels_to_the_browser(ask):
    picture = ask(THURINGIA, f"kind=map&region={WARTBURG}&period=31.12.2020&scope=land").figure
    own = picture.region_ids.index(WARTBURG)
    assert [bool(value == value) for value in picture.values[:, own]] == [False, False, True, True]


# --- the rule -------------------------------------------------------------------------------------

SAXONY = next(reform for reform in RULES.reforms if reform.name == "Kreisreform Sachsen")


@pytest.mark.parametrize(
    ("there", "own", "end", "done"),
    [
        (SAXONY.ended, (), date(2005, 12, 31), False),
        (SAXONY.begun, (), date(2005, 12, 31), True),
        (SAXONY.ended | SAXONY.begun, (), date(2005, 12, 31), True),
        (SAXONY.ended | SAXONY.begun, ("14171",), date(2005, 12, 31), False),
        # renumbered ones alone are no whole
        (SAXONY.ended | {"14612"}, (), date(2005, 12, 31), False),
        (frozenset(), (), date(2005, 12, 31), False),
        (frozenset(), (), date(2008, 12, 31), True),
        # a table that counts the year of the reform by the old Kreise
        (SAXONY.ended, (), date(2008, 12, 31), False),
        (SAXONY.begun, (), date(2008, 7, 31), True),
        # it holds from its own day on
        (frozenset(), (), SAXONY.day, True),
        (frozenset(), (), SAXONY.day - timedelta(days=1), False),
    ],
)
def test_a_reform_is_done_where_the_figures_say_so(there, own, end, done):
    known = Figures(frozenset(there))
    assert territory.is_done(None, SAXONY, end, known, own) is done


def test_pupils_are_counted_in_autumn_and_leavers_in_summer():
    """The reform of 1 July 2021: pupils of 2020/21 are of before, leavers of 2020/21 of after."""
    pupils, leavers = PeriodRule(type="school_year"), PeriodRule(type="school_year", year_is="end")
    reform, year = date(2021, 7, 1), periods.school_year(2020)
    assert pupils.counted_on(year) < reform <= leavers.counted_on(year)
    assert PeriodRule(type="calendar_year").counted_on(periods.calendar_year(2021)) > reform


def test_every_kreis_of_a_reform_begins_or_ends_with_it_once():
    ended = [key for reform in RULES.reforms for key in reform.ended]
    assert len(ended) == len(set(ended)) == 74
    assert len({reform.name for reform in RULES.reforms}) == len(RULES.reforms)
