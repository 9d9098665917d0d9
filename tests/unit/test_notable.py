"""What stands out: only beyond chance, never on small numbers, the largest first, in true words."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators import texts
from indicators.answers import answering, notable
from indicators.export import tables
from indicators.periods import school_year
from indicators.symbols import Status
from indicators.texts import Value
from indicators.view import View, parse
from tests import shipped
from tests.unit import small
from tests.unit.small import Cell
from tests.unit.test_export import read_csv, read_xlsx

HOF, LANDKREIS, JOINT = "09464", "09475", "verbund:hof"
INDICATORS = list(shipped.catalog().indicators.values())
BREAK = """
[[events]]
id = "schulreform"
kind = "break"
day = 2023-08-01
label = "Reform"
text = "Andere Zählung."
datasets = ["pupils"]
regions = ["09"]
"""


def pupils(region, time, gymnasium, everyone, **more):
    """The counts of one region and school year: at a Gymnasium, and all."""
    return [
        Cell(gymnasium, region=region, time=str(time), school_type="gymnasium", **more),
        Cell(everyone, region=region, time=str(time), **more),
    ]


def plain(row: dict) -> str:
    return row["sentence"].replace("\u00a0", " ")


@pytest.fixture
def ask(tmp_path):
    def make(*cells, region=HOF, texts=(), extra="", theme="", **fields):
        definitions = texts or (small.indicator(**fields),)
        catalog = small.catalog(*definitions, **({"pupils": small.PUPILS + extra} if extra else {}))
        release = small.make_release(
            tmp_path, catalog, pupils=[c for group in cells for c in group]
        )
        return answering.answer(release, View(kind="notable", region=region, theme=theme))

    return make


def test_a_change_beyond_chance_is_told_with_its_counts(ask):
    answer = ask(
        pupils(HOF, 2022, 300, 1000), pupils(HOF, 2023, 400, 1000), caveats='["Vorsicht."]'
    )
    (row,) = answer.rows
    assert answer.headline == "In der Stadt Hof fällt 1 Veränderung auf"
    assert plain(row) == (
        "In der Stadt Hof besuchten 40,0 % der Kinder ein Gymnasium, "
        "10,0 Prozentpunkte mehr als im Vorjahr"
    )
    assert (row["value"], row["other_value"], row["difference"]) == (40, 30, 10)
    assert (row["numerator"], row["other_numerator"]) == (400, 300)
    assert row["query"] == "kind=trend&indicator=gymnasium_anteil&region=09464"
    assert answer.table.rows[0][2:] == (
        "2023/24",
        "400 von 1.000; im Vorjahr 300 von 1.000",
        "Vorsicht.",
    )
    assert notable.RULE in answer.notes


@pytest.mark.parametrize(
    ("then", "now", "why"),
    [
        ((300, 1000), (320, 1000), "chance"),
        ((3, 1000), (19, 1000), "few cases"),
        ((10, 50), (45, 90), "few altogether"),
        ((990, 1000), (900, 1000), "few of the others"),
        ((300, 1000), (300, 1000), "no difference"),
    ],
)
def test_chance_and_small_numbers_are_no_finding(ask, then, now, why):
    answer = ask(pupils(HOF, 2022, *then), pupils(HOF, 2023, *now))
    assert answer.rows == [] and answer.table.rows == ()
    told = "In der Stadt Hof gibt es keine Auffälligkeit über der Zufallsschwankung"
    assert answer.headline == told


def test_only_the_year_before_counts(ask):
    assert not ask(pupils(HOF, 2021, 300, 1000), pupils(HOF, 2023, 400, 1000)).rows


def test_nothing_is_compared_across_a_break(ask):
    cells = [pupils(HOF, 2022, 300, 1000), pupils(HOF, 2023, 400, 1000)]
    assert not ask(*cells, extra=BREAK).rows
    assert ask(*cells, extra=BREAK.replace('"09"', '"16"')).rows


def test_the_gap_to_the_land_is_tested_against_the_rest_of_it(ask):
    answer = ask(pupils(HOF, 2023, 400, 1000), pupils("09", 2023, 3000, 10000))
    (row,) = answer.rows
    assert plain(row).endswith("10,0 Prozentpunkte mehr als in Bayern (30,0 %)")
    assert row["other_region"] == "09"
    # the Land is nothing but this region and 20 others: nothing to compare with
    assert not ask(pupils(HOF, 2023, 400, 1000), pupils("09", 2023, 500, 1020)).rows


def test_without_the_land_germany_is_the_measure(ask):
    (row,) = ask(pupils(HOF, 2023, 400, 1000), pupils("DG", 2023, 3000, 10000)).rows
    assert row["other_region"] == "DG"


def test_members_of_a_joint_region_are_compared_once_with_each_other(ask):
    cells = [pupils(HOF, 2023, 500, 1000), pupils(LANDKREIS, 2023, 200, 1000)]
    (row,) = ask(*cells, region=JOINT).rows
    assert plain(row) == (
        "In der Stadt Hof besuchten 50,0 % der Kinder ein Gymnasium, "
        "30,0 Prozentpunkte mehr als im Landkreis Hof (20,0 %)"
    )
    assert "region=verbund:hof" in row["query"]


def test_a_change_of_a_joint_region_is_that_of_the_sum(ask):
    cells = [
        *(pupils(r, 2022, 150, 500) for r in (HOF, LANDKREIS)),
        *(pupils(r, 2023, 200, 500) for r in (HOF, LANDKREIS)),
    ]
    (row,) = ask(*cells, region=JOINT).rows
    assert (row["region"], row["numerator"], row["denominator"]) == (JOINT, 400, 1000)
    # one member without a number: no sum
    assert not ask(*cells[:3], region=JOINT).rows


def test_counts_are_compared_over_time_only_and_from_fifty_on(ask):
    count = small.indicator(calculations=small.COUNT, unit="Anzahl", factor=1)
    row = ask([Cell(200, time="2022"), Cell(300)], texts=(count,)).rows[0]
    assert plain(row).endswith("100 mehr als im Vorjahr (+50,0 %)")
    assert not ask([Cell(20, time="2022"), Cell(49)], texts=(count,)).rows
    assert not ask([Cell(200), Cell(20000, region="09")], texts=(count,)).rows


def test_ready_made_ratios_differences_and_indices_are_left_out(ask):
    difference = small.indicator(
        unit="Anzahl",
        factor=1,
        calculations="""
[[indicator.calculations]]
numerator = [
    { dataset = "pupils", measure = "pupils" },
    { dataset = "pupils", measure = "pupils", sign = -1, where = { school_type = "gymnasium" } },
]
""",
    )
    cells = [pupils(HOF, 2022, 10, 200), pupils(HOF, 2023, 10, 900)]
    assert not ask(*cells, texts=(difference,)).rows
    assert not notable._can_be_tested(
        next(iter(small.catalog(small.indicator(calculations=small.GIVEN)).indicators.values()))
    )


def test_one_finding_per_numerator_and_two_per_theme(ask):
    school_types = ("hauptschule", "gymnasium", "foerderschule")
    share = """
[[indicator.calculations]]
numerator = [{{ dataset = "pupils", measure = "pupils", where = {{ school_type = "{}" }} }}]
denominator = [{{ dataset = "pupils", measure = "pupils" }}]
"""
    indicators = [
        small.indicator(id=f"{name}_{i}", calculations=share.format(name))
        for name in school_types
        for i in range(2)
    ]
    cells = [Cell(1000, time="2022"), Cell(1000)]
    for i, name in enumerate(school_types):
        cells += [Cell(200, time="2022", school_type=name)]
        cells += [Cell(300 + 20 * i, school_type=name)]
    rows = ask(cells, texts=indicators).rows
    assert [row["indicator"] for row in rows] == ["foerderschule_0", "gymnasium_0"]


def test_words_judge_only_where_the_definition_does(ask):
    cells = [pupils(HOF, 2022, 300, 1000), pupils(HOF, 2023, 400, 1000)]
    text = small.indicator().replace("neutral", "lower_is_better")
    (row,) = ask(*cells, texts=(text,)).rows
    assert plain(row).endswith("; das ist ungünstiger")
    assert "günstig" not in plain(ask(*cells).rows[0])


def test_all_forms_have_the_same_rows(ask):
    answer = ask(
        pupils(HOF, 2022, 300, 1000),
        pupils(HOF, 2023, 400, 1000),
        pupils("09", 2023, 3000, 10000),
    )
    assert [row["sort"] for row in answer.rows] == ["Veränderung zum Vorjahr", "Unterschied"]
    sentences = [row["sentence"] for row in answer.rows]
    assert [row[1] for row in answer.table.rows] == sentences
    _, lines, _ = read_csv(tables.to_csv(answer))
    assert [line["Befund"] for line in lines] == sentences
    assert [line["Wert des Vergleichs"] for line in lines] == ["30", "30"]
    sheet = read_xlsx(tables.to_xlsx(answer))["Daten"]
    assert [line[sheet[0].index("Befund")] for line in sheet[1:]] == sentences
    assert tables.file_name(answer, "csv") == "auffaelligkeiten_alle_09464.csv"


def test_a_theme_narrows_it_and_a_view_without_indicator_is_whole(ask):
    cells = [pupils(HOF, 2022, 300, 1000), pupils(HOF, 2023, 400, 1000)]
    assert ask(*cells, theme="schule").rows
    catalog = small.catalog(small.indicator())
    view = parse("kind=notable&region=09464", catalog, small.REGIONS)
    assert view.to_query() == "kind=notable&region=09464"


# --- sentences ------------------------------------------------------------------------------------

numbers = st.one_of(st.sampled_from([0.0, 1.0, 0.04, -1.0, 100.0]), st.floats(-1e5, 1e5))


@given(st.sampled_from(INDICATORS), numbers, numbers)
def test_sentences_are_whole_whatever_the_values(indicator, now, then):
    def value(number, year, region=HOF):
        status = Status.OK if number else Status.ZERO
        return Value(
            small.REGIONS[region], school_year(year), number, status, 120.0, 1000.0, group="Gruppe"
        )

    for told in (
        texts.notable_change(indicator, value(now, 2023), value(then, 2022)),
        texts.notable_gap(indicator, value(now, 2023), value(then, 2023, "09")),
    ):
        assert not re.search(r"None|nan|\{|\}|  |-\d", told), told
        assert told[0].isupper() and not told.endswith((".", " "))
        if indicator.polarity == "neutral":
            assert "günstig" not in told


@pytest.mark.parametrize(
    ("changes", "gaps", "told"),
    [
        (1, 0, "fällt 1 Veränderung auf"),
        (0, 1, "fällt 1 Unterschied auf"),
        (3, 2, "fallen 3 Veränderungen und 2 Unterschiede auf"),
        (0, 0, "gibt es keine Auffälligkeit über der Zufallsschwankung"),
    ],
)
def test_the_headline_counts(changes, gaps, told):
    assert texts.notable_headline(small.REGIONS[HOF], changes, gaps) == f"In der Stadt Hof {told}"
