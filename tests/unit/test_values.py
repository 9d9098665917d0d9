"""From counts to an indicator's values: order of calculations, joint regions, divisions, limits."""

from dataclasses import dataclass

import pytest

from indicators.errors import DefinitionError
from indicators.release.values import READY_MADE, as_shown, indicator_values
from tests.unit import small
from tests.unit.small import Cell, make_release

HOF, LAND, JOINT = "09464", "09475", "verbund:hof"
BOTH_SEXES = '[[indicator.breakdowns]]\ndimension = "sex"\n'
BY_TYPE = """
[[indicator.breakdowns]]
dimension = "school_type"
of = "numerator"
default = "gymnasium"
"""
ALL_TYPES = """
[[indicator.calculations]]
numerator = [{ dataset = "pupils", measure = "pupils" }]
denominator = [{ dataset = "pupils", measure = "pupils" }]
"""


def gym(value=None, status="", **place) -> Cell:
    return Cell(value, status, school_type="gymnasium", **place)


def asked(folder, text, regions=(HOF, LAND, JOINT), by=None, only=None, **cells):
    """(region, period, category) → (value, status)"""
    rows = table(folder, text, regions, by, only, **cells)
    return {
        (r.region, r.period, r.category): (None if r.value != r.value else r.value, r.status)
        for r in rows.itertuples(index=False)
    }


def table(folder, text, regions=(HOF, LAND, JOINT), by=None, only=None, **cells):
    catalog = small.catalog(text)
    (indicator,) = catalog.indicators.values()
    release = make_release(folder, catalog, **cells)
    return indicator_values(release, indicator, regions, by=by, only=only)


# --- joint regions --------------------------------------------------------------------------------


def test_a_joint_region_is_the_sum_of_counts_divided_by_the_sum_of_counts(tmp_path):
    """90 of 100 and 10 of 300 are 25 %, and not the mean of 90 % and 3.3 %."""
    cells = [gym(90), Cell(100), gym(10, region=LAND), Cell(300, region=LAND)]
    found = asked(tmp_path, small.indicator(), pupils=cells)
    assert found[JOINT, "2023/24", "total"] == (25, "ok")
    assert found[HOF, "2023/24", "total"] == (90, "ok")
    assert found[LAND, "2023/24", "total"][0] == pytest.approx(10 / 3)


def test_a_joint_region_shows_the_counts_it_is_made_of(tmp_path):
    cells = [gym(90), Cell(100), gym(10, region=LAND), Cell(300, region=LAND)]
    row = table(tmp_path, small.indicator(), regions=[JOINT], pupils=cells).iloc[0]
    assert (row["numerator"], row["denominator"]) == (100, 400)


@pytest.mark.parametrize("status", ["secret", "later", "suppressed", "dissolved"])
def test_a_secret_part_makes_the_joint_figure_secret(tmp_path, status):
    cells = [gym(90), Cell(100), gym(None, status, region=LAND), Cell(300, region=LAND)]
    found = asked(tmp_path, small.indicator(), pupils=cells)
    assert found[JOINT, "2023/24", "total"] == (None, status)
    assert found[HOF, "2023/24", "total"] == (90, "ok")


def test_a_member_without_any_row_makes_the_joint_figure_missing(tmp_path):
    found = asked(tmp_path, small.indicator(), pupils=[gym(90), Cell(100)])
    assert found[JOINT, "2023/24", "total"] == (None, "missing")


def test_a_school_type_the_land_does_not_have_adds_nothing_to_the_joint_figure(tmp_path):
    cells = [gym(40), Cell(100), gym(None, "not_applicable", region=LAND), Cell(100, region=LAND)]
    found = asked(tmp_path, small.indicator(), pupils=cells)
    assert found[JOINT, "2023/24", "total"] == (20, "ok")


def test_a_joint_count_is_the_sum_of_counts(tmp_path):
    text = small.indicator(calculations=small.COUNT, unit="Anzahl", factor=1)
    found = asked(tmp_path, text, pupils=[Cell(7), Cell(8, region=LAND)])
    assert found[JOINT, "2023/24", "total"] == (15, "ok")


# --- ready-made ratios and the order of calculations ----------------------------------------------

FALLBACK = small.indicator(
    calculations="""
[[indicator.calculations]]
numerator = [{ dataset = "pupils", measure = "pupils", where = { school_type = "gymnasium" } }]
denominator = [{ dataset = "pupils", measure = "pupils" }]
"""
    + small.GIVEN
)


def share(value=None, status="", time="2023", **place) -> Cell:
    return Cell(value, status, time=time, measure="share", **place)


def test_counts_go_before_a_ready_made_share_of_the_same_year(tmp_path):
    rows = table(
        tmp_path,
        FALLBACK,
        regions=[HOF],
        pupils=[gym(30), Cell(100)],
        rates=[share(31.5), share(29.5, time="2022")],
    )
    found = {r.period: (r.value, r.calculation) for r in rows.itertuples()}
    assert found == {"2022/23": (29.5, 1), "2023/24": (30, 0)}


def test_a_ready_made_share_fills_in_where_the_counts_are_secret(tmp_path):
    found = asked(
        tmp_path,
        FALLBACK,
        regions=[HOF],
        pupils=[gym(None, "secret"), Cell(100)],
        rates=[share(31.5)],
    )
    assert found == {(HOF, "2023/24", "total"): (31.5, "ok")}


def test_a_ready_made_share_of_a_joint_region_does_not_exist(tmp_path):
    rows = table(tmp_path, FALLBACK, rates=[share(10), share(20, region=LAND)])
    joint = rows[rows["region"] == JOINT].iloc[0]
    assert joint["status"] == "not_applicable" and joint["flags"] == READY_MADE
    assert joint["value"] != joint["value"], "no mean of 10 and 20, no sum"
    assert set(rows[rows["region"] != JOINT]["value"]) == {10, 20}


def test_a_ready_made_share_has_no_counts(tmp_path):
    row = table(tmp_path, FALLBACK, regions=[HOF], rates=[share(10)]).iloc[0]
    assert row["numerator"] != row["numerator"] and row["denominator"] != row["denominator"]


def test_a_division_nobody_delivered_is_not_answered_by_the_undivided_share(tmp_path):
    rows = table(tmp_path, FALLBACK + BOTH_SEXES, by="sex", regions=[HOF], rates=[share(10)])
    assert rows.empty
    rows = table(
        tmp_path, FALLBACK + BOTH_SEXES, only={"sex": "female"}, regions=[HOF], rates=[share(10)]
    )
    assert rows.empty


def test_own_key_dates_stay_as_they_were(tmp_path):
    """Two counts of one year, at the census and at its end, are two points."""
    text = small.indicator(
        unit="Anzahl",
        factor=1,
        calculations="[[indicator.calculations]]\n"
        'numerator = [{ dataset = "population", measure = "population" }]',
    )
    cells = [
        Cell(10, time=day, measure="population") for day in ("09.05.2011", "31.12.2011", "2012")
    ]
    found = asked(tmp_path, text, regions=[HOF], population=cells)
    assert [key[1] for key in found] == ["09.05.2011", "31.12.2011", "31.12.2012"]


def test_without_any_file_there_are_no_rows(tmp_path):
    assert table(tmp_path, small.indicator(), population=[Cell(1, measure="population")]).empty


# --- divisions ------------------------------------------------------------------------------------


def test_of_both_means_the_group_is_compared_with_itself(tmp_path):
    """Girls at the Gymnasium among all girls."""
    cells = [
        gym(30),
        gym(20, sex="female"),
        gym(10, sex="male"),
        Cell(100),
        Cell(40, sex="female"),
        Cell(60, sex="male"),
    ]
    found = asked(
        tmp_path, small.indicator(breakdowns=BOTH_SEXES), regions=[HOF], by="sex", pupils=cells
    )
    assert found[HOF, "2023/24", "female"] == (50, "ok")
    assert found[HOF, "2023/24", "male"][0] == pytest.approx(100 / 6)
    assert found[HOF, "2023/24", "total"] == (30, "ok")
    only = asked(
        tmp_path,
        small.indicator(breakdowns=BOTH_SEXES),
        regions=[HOF],
        only={"sex": "female"},
        pupils=cells,
    )
    assert only == {(HOF, "2023/24", "total"): (50, "ok")}


def test_of_numerator_means_the_denominator_stays_the_total(tmp_path):
    """The share of each school type adds up to all children."""
    cells = [
        Cell(100),
        gym(30),
        Cell(60, school_type="hauptschule"),
        Cell(10, school_type="foerderschule"),
    ]
    text = small.indicator(calculations=ALL_TYPES, breakdowns=BY_TYPE)
    found = asked(tmp_path, text, regions=[HOF], by="school_type", pupils=cells)
    shares = {category: value for (_, _, category), (value, _) in found.items()}
    assert shares == {"gymnasium": 30, "hauptschule": 60, "foerderschule": 10, "total": 100}


def test_where_the_total_says_nothing_the_default_category_is_meant(tmp_path):
    text = small.indicator(calculations=ALL_TYPES, breakdowns=BY_TYPE)
    cells = [Cell(100), gym(30), Cell(60, school_type="hauptschule")]
    assert asked(tmp_path, text, regions=[HOF], pupils=cells) == {
        (HOF, "2023/24", "total"): (30, "ok")
    }
    other = asked(tmp_path, text, regions=[HOF], only={"school_type": "hauptschule"}, pupils=cells)
    assert other == {(HOF, "2023/24", "total"): (60, "ok")}


def test_several_categories_are_summed_and_one_missing_makes_all_missing(tmp_path):
    text = small.indicator(
        calculations="""
[[indicator.calculations]]
denominator = [{ dataset = "pupils", measure = "pupils" }]
[[indicator.calculations.numerator]]
dataset = "pupils"
measure = "pupils"
where = { school_type = ["gymnasium", "hauptschule"] }
"""
    )
    haupt = Cell(50, school_type="hauptschule")
    assert asked(tmp_path, text, regions=[HOF], pupils=[Cell(100), gym(30), haupt]) == {
        (HOF, "2023/24", "total"): (80, "ok")
    }
    other = tmp_path / "other"
    assert asked(other, text, regions=[HOF], pupils=[Cell(100), gym(30)]) == {
        (HOF, "2023/24", "total"): (None, "missing")
    }


# --- terms ----------------------------------------------------------------------------------------

GROWTH = small.indicator(
    calculations="""
[[indicator.calculations]]
numerator = [
    { dataset = "population", measure = "population" },
    { dataset = "population", measure = "population", sign = -1, offset = -1 },
]
denominator = [{ dataset = "population", measure = "population", offset = -1 }]
"""
)


def people(value, year) -> Cell:
    return Cell(value, time=str(year), measure="population")


def test_an_offset_takes_the_count_of_the_year_before(tmp_path):
    found = asked(
        tmp_path,
        GROWTH,
        regions=[HOF],
        population=[people(1000, 2021), people(1100, 2022), people(990, 2023)],
    )
    assert found[HOF, "31.12.2022", "total"] == (pytest.approx(10), "ok")
    assert found[HOF, "31.12.2023", "total"] == (pytest.approx(-10), "ok")
    assert found[HOF, "31.12.2021", "total"] == (None, "missing")


def test_periods_of_different_kinds_meet_in_their_year(tmp_path):
    text = small.indicator(
        factor=1000,
        unit="je 1.000",
        calculations="""
[[indicator.calculations]]
numerator = [{ dataset = "pupils", measure = "pupils" }]
denominator = [{ dataset = "population", measure = "population" }]
""",
    )
    found = asked(
        tmp_path,
        text,
        regions=[HOF],
        pupils=[Cell(50), Cell(40, time="2022")],
        population=[people(1000, 2023)],
    )
    assert found == {
        (HOF, "2022/23", "total"): (None, "missing"),
        (HOF, "2023/24", "total"): (50, "ok"),
    }


def test_a_ratio_of_shares_is_calculated_from_its_four_counts(tmp_path):
    """1 means: girls go to a Gymnasium as often as all children."""
    text = small.indicator(
        unit="Index",
        factor=1,
        calculations="""
[[indicator.calculations]]
numerator_base = [{ dataset = "pupils", measure = "pupils", where = { school_type = "gymnasium" } }]
denominator = [{ dataset = "pupils", measure = "pupils", where = { sex = "female" } }]
denominator_base = [{ dataset = "pupils", measure = "pupils" }]
[[indicator.calculations.numerator]]
dataset = "pupils"
measure = "pupils"
where = { sex = "female", school_type = "gymnasium" }
""",
    )
    cells = [gym(30, sex="female"), gym(50), Cell(80, sex="female"), Cell(200)]
    rows = table(tmp_path, text, regions=[HOF], pupils=cells)
    assert rows["value"].iloc[0] == pytest.approx((30 / 50) / (80 / 200))
    assert (rows["numerator"].iloc[0], rows["denominator"].iloc[0]) == (30, 50)


# --- limits ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("children", "expected"), [(19, (None, "too_few")), (20, (25, "ok"))])
def test_a_share_of_fewer_than_twenty_is_not_shown(tmp_path, children, expected):
    found = asked(
        tmp_path, small.indicator(), regions=[HOF], pupils=[gym(children / 4), Cell(children)]
    )
    assert found[HOF, "2023/24", "total"] == expected


def test_the_smallest_group_may_be_set_by_the_indicator(tmp_path):
    text = small.indicator(minimum_denominator=5)
    found = asked(tmp_path, text, regions=[HOF], pupils=[gym(2), Cell(8)])
    assert found[HOF, "2023/24", "total"] == (25, "ok")


def test_no_ready_made_share_brings_one_of_too_few_back(tmp_path):
    counted = """
[[indicator.calculations]]
numerator = [{ dataset = "pupils", measure = "pupils", where = { school_type = "gymnasium" } }]
denominator = [{ dataset = "pupils", measure = "pupils" }]
"""
    given = [Cell(25, measure="share", time=time) for time in ("2022", "2023")]
    text = small.indicator(calculations=counted + small.GIVEN)
    found = asked(tmp_path, text, regions=[HOF], pupils=[gym(2), Cell(8)], rates=given)
    assert found[HOF, "2023/24", "total"] == (None, "too_few")
    assert found[HOF, "2022/23", "total"] == (25, "ok")


def test_what_is_shown_is_rounded_as_the_indicator_says(tmp_path):
    catalog = small.catalog(small.indicator())
    release = make_release(tmp_path, catalog, pupils=[gym(100), Cell(300)])
    (indicator,) = catalog.indicators.values()
    shown = as_shown(indicator_values(release, indicator, [HOF]), indicator).iloc[0]
    assert (shown["value"], shown["numerator"], shown["denominator"]) == (33.3, 100, 300)


def test_a_count_has_no_smallest_group(tmp_path):
    text = small.indicator(calculations=small.COUNT, unit="Anzahl", factor=1)
    found = asked(tmp_path, text, regions=[HOF], pupils=[Cell(3)])
    assert found[HOF, "2023/24", "total"] == (3, "ok")


def test_a_share_of_nobody_does_not_apply(tmp_path):
    found = asked(tmp_path, small.indicator(), regions=[HOF], pupils=[gym(0), Cell(0)])
    assert found[HOF, "2023/24", "total"] == (None, "not_applicable")


def test_a_share_of_zero_is_exactly_zero(tmp_path):
    found = asked(tmp_path, small.indicator(), regions=[HOF], pupils=[gym(0), Cell(50)])
    assert found[HOF, "2023/24", "total"] == (0, "zero")


# --- weights, bases of an index, tables that do not know a division ------------------------------

COHORT = """
[[indicator.calculations]]
numerator = [{ dataset = "pupils", measure = "pupils", where = { school_type = "gymnasium" } }]
denominator = [{ dataset = "pupils", measure = "pupils", weight = 0.25 }]
"""
INDEX = """
[[indicator.calculations]]
numerator = [{ dataset = "pupils", measure = "pupils" }]
denominator = [{ dataset = "pupils", measure = "pupils", first = true }]
"""


def test_a_weight_makes_one_cohort_of_several(tmp_path):
    found = table(tmp_path, small.indicator(calculations=COHORT), pupils=[gym(40), Cell(400)])
    row = found[found["region"] == HOF].iloc[0]
    assert (row["value"], row["denominator"]) == (40, 100)


def test_a_weighted_need_minus_places_may_be_negative(tmp_path):
    gap = """
[[indicator.calculations]]
numerator = [
    { dataset = "pupils", measure = "pupils", weight = 0.45 },
    { dataset = "pupils", measure = "pupils", where = { school_type = "gymnasium" }, sign = -1 },
]
"""
    text = small.indicator(calculations=gap, unit="Anzahl", factor=1)
    found = asked(tmp_path, text, regions=[HOF], pupils=[Cell(200), gym(100)])
    assert found == {(HOF, "2023/24", "total"): (-10, "ok")}


def test_a_weight_of_zero_is_refused():
    with pytest.raises(DefinitionError, match="weight"):
        small.catalog(small.indicator(calculations=COHORT.replace("0.25", "0")))


def test_the_base_of_an_index_is_the_first_period_of_each_region(tmp_path):
    cells = [
        *(Cell(v, time=t) for v, t in ((200, "2020"), (220, "2021"), (180, "2022"))),
        *(Cell(v, time=t, region=LAND) for v, t in ((100, "2021"), (120, "2022"))),
    ]
    found = asked(tmp_path, small.indicator(calculations=INDEX), regions=[HOF, LAND], pupils=cells)
    assert found[HOF, "2020/21", "total"][0] == 100
    assert found[HOF, "2022/23", "total"][0] == 90
    assert found[LAND, "2021/22", "total"][0] == 100
    assert found[LAND, "2022/23", "total"][0] == pytest.approx(120)


def test_the_index_of_a_joint_region_is_made_of_sums(tmp_path):
    cells = [
        Cell(100, time="2020"),
        Cell(50, time="2021"),
        Cell(300, time="2020", region=LAND),
        Cell(310, time="2021", region=LAND),
    ]
    found = asked(tmp_path, small.indicator(calculations=INDEX), regions=[JOINT], pupils=cells)
    assert found[JOINT, "2021/22", "total"][0] == pytest.approx(90)


def test_the_index_of_a_group_has_the_base_of_the_group(tmp_path):
    text = small.indicator(calculations=INDEX, breakdowns=BOTH_SEXES)
    cells = [
        Cell(v, time=t, sex=s)
        for v, t, s in ((50, "2020", "female"), (60, "2021", "female"), (50, "2020", "male"))
    ]
    found = asked(tmp_path, text, regions=[HOF], by="sex", pupils=cells)
    assert found[HOF, "2021/22", "female"] == (pytest.approx(120), "ok")


OTHER_TABLE = """
[[indicator.calculations]]
numerator = [{ dataset = "pupils", measure = "pupils" }]

[[indicator.calculations]]
numerator = [{ dataset = "births", measure = "births" }]
"""
BIRTHS = """
[dataset]
id = "births"
name = "Geburten"
publisher = "Stadt"
place = "schulort"

[dataset.period]
type = "school_year"

[[dataset.measures]]
id = "births"
name = "Geburten"
"""


@pytest.mark.parametrize("how", [{"by": "sex"}, {"only": {"sex": "female"}}])
def test_a_table_that_does_not_know_the_division_is_not_shown_as_one_of_its_groups(tmp_path, how):
    text = small.indicator(calculations=OTHER_TABLE, breakdowns=BOTH_SEXES, unit="Anzahl", factor=1)
    catalog = small.catalog(text, births=BIRTHS)
    births = [Cell(9, region=LAND, measure="births")]
    release = make_release(tmp_path, catalog, pupils=[Cell(5, sex="female")], births=births)
    (indicator,) = catalog.indicators.values()
    found = indicator_values(release, indicator, [HOF, LAND], **how)
    assert list(found["region"]) == [HOF]
    undivided = indicator_values(release, indicator, [LAND])
    assert list(undivided["value"]) == [9]


def test_a_calculation_may_be_kept_to_levels(tmp_path):
    """Register and official population never meet in the line of one Kreis."""
    calculations = small.COUNT + 'levels = ["bund", "verbund"]\n'
    text = small.indicator(calculations=calculations, unit="Anzahl", factor=1)
    found = asked(tmp_path, text, pupils=[Cell(7), Cell(8, region=LAND)])
    assert found == {(JOINT, "2023/24", "total"): (15, "ok")}
    with pytest.raises(DefinitionError, match="levels"):
        small.catalog(text.replace('"verbund"', '"schule"'))


AGES = """
[[dimensions]]
id = "age"
name = "Altersgruppe"
categories = [{ id = "young", name = "jung" }, { id = "old", name = "alt" }]

[[dimensions]]
id = "age_year"
name = "Altersjahr"
categories = [{ id = "a1", name = "1" }, { id = "a2", name = "2" }, { id = "a3", name = "3" }]
[dimensions.groups.age]
young = ["a1", "a2"]
old = ["a3"]

[[datasets]]
id = "grouped"
name = "Nach Gruppen"
publisher = "Amt"
place = "schulort"
dimensions = ["age"]
period = { type = "school_year" }
measures = [{ id = "n", name = "n" }]

[[datasets]]
id = "single"
name = "Nach Jahren"
publisher = "Stadt"
place = "schulort"
dimensions = ["age_year"]
period = { type = "school_year" }
measures = [{ id = "n", name = "n" }]
"""
BY_AGE = """
[[indicator.calculations]]
numerator = [{ dataset = "grouped", measure = "n" }]

[[indicator.calculations]]
numerator = [{ dataset = "single", measure = "n" }]
"""


def test_years_of_age_add_up_to_the_groups_that_are_asked_for(tmp_path):
    text = small.indicator(
        calculations=BY_AGE,
        breakdowns='[[indicator.breakdowns]]\ndimension = "age"\n',
        unit="Anzahl",
        factor=1,
    )
    catalog = small.catalog(text, ages=AGES)
    cells = [AgeCell(v, measure="n", age_year=y) for v, y in ((3, "a1"), (4, "a2"), (5, "a3"))]
    cells += [AgeCell(9, measure="n", region=LAND, age_year=y) for y in ("a1", "a3")]
    cells += [AgeCell(12, measure="n", age_year="total")]
    release = make_release(tmp_path, catalog, single=cells, grouped=[AgeCell(1, measure="n")])
    (indicator,) = catalog.indicators.values()
    found = indicator_values(release, indicator, [HOF, LAND], by="age")
    known = found[found["value"].notna() & (found["category"] != "total")]
    assert {(r.region, r.category): r.value for r in known.itertuples()} == {
        (HOF, "young"): 7,
        (HOF, "old"): 5,
        (LAND, "old"): 9,
    }
    (half,) = found[found["value"].isna()].itertuples()
    assert (half.region, half.category, half.status) == (LAND, "young", "missing")
    only = indicator_values(release, indicator, [HOF], only={"age": "young"})
    assert list(only["value"]) == [7]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("groups.age]", "groups.ages]", ".groups: „ages“ ist nicht bekannt"),
        ('old = ["a3"]', 'olds = ["a3"]', ".groups.age: „olds“ ist nicht bekannt"),
        ('old = ["a3"]', 'old = ["a9"]', ".groups.age.old: „a9“ ist nicht bekannt"),
    ],
)
def test_groups_refer_to_categories_there_are(old, new, reason):
    with pytest.raises(DefinitionError) as refused:
        small.catalog(ages=AGES.replace(old, new))
    assert reason in str(refused.value)


@dataclass(frozen=True)
class AgeCell(Cell):
    age: str = "total"
    age_year: str = "total"


def test_what_others_have_adds_no_period_to_a_region(tmp_path):
    """Hof has the denominator of a year of which it has no numerator, and the Landkreis has it."""
    cells = [
        gym(90),
        Cell(100),
        Cell(110, time="2022"),
        gym(10, region=LAND),
        Cell(300, region=LAND),
        gym(20, region=LAND, time="2022"),
        Cell(310, region=LAND, time="2022"),
    ]
    both = table(tmp_path / "both", small.indicator(), regions=(HOF, LAND), pupils=cells)
    alone = table(tmp_path / "alone", small.indicator(), regions=(HOF,), pupils=cells)
    assert set(both.loc[both["region"] == HOF, "period"]) == set(alone["period"])
