"""From the files of a dataset to one table: which edition counts, what is derived and summed up."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.publishing import datasets
from indicators.publishing.datasets import Edition
from indicators.publishing.report import Section
from indicators.regions import Region
from tests.unit import small
from tests.unit.small import Cell

CATALOG = small.catalog()
PUPILS = CATALOG.datasets["pupils"]
DIMENSIONS = [CATALOG.dimensions[id] for id in PUPILS.dimensions]
SPRING, AUTUMN = datetime(2025, 3, 1), datetime(2025, 9, 1)


def edition(*cells: Cell, stand=SPRING, table="21111-01-03-4", source=0, shipped=True) -> Edition:
    return Edition(
        source=source,
        table=table,
        rank=[t.code for t in PUPILS.tables].index(table),
        stand=stand,
        shipped=shipped,
        rows=small.long_rows(cells, CATALOG).drop(columns="source"),
    )


def combined(*editions: Edition, section=None):
    """(region, period) → (value, status, source)"""
    rows = datasets.combine(list(editions), PUPILS, section or Section("x"))
    assert not rows.duplicated(["region", "period", "school_type", "sex", "measure"]).any()
    return {
        (r.region, r.period): (None if r.value != r.value else r.value, r.status, r.source)
        for r in rows.itertuples(index=False)
    }


# --- editions -------------------------------------------------------------------------------------


@pytest.mark.parametrize("reverse", [False, True])
def test_the_newest_edition_counts_whatever_the_order_of_files(reverse):
    editions = [edition(Cell(100)), edition(Cell(103), stand=AUTUMN, source=1)]
    found = combined(*(reversed(editions) if reverse else editions))
    assert found == {("09464", "2023/24"): (103, "ok", 1)}


def test_periods_that_only_the_older_edition_has_stay():
    found = combined(
        edition(Cell(90, time="2022"), Cell(100)),
        edition(Cell(103), stand=AUTUMN, source=1),
    )
    assert found == {("09464", "2022/23"): (90, "ok", 0), ("09464", "2023/24"): (103, "ok", 1)}


def test_a_value_the_office_has_withdrawn_does_not_live_on():
    """The new edition of the year has no row for the Landkreis any more."""
    found = combined(
        edition(Cell(100), Cell(70, region="09475")),
        edition(Cell(100), stand=AUTUMN, source=1),
    )
    assert ("09475", "2023/24") not in found


def test_a_number_that_became_secret_does_not_live_on():
    found = combined(
        edition(Cell(2)),
        edition(Cell(None, "secret"), stand=AUTUMN, source=1),
    )
    assert found == {("09464", "2023/24"): (None, "secret", 1)}


def test_of_the_same_day_a_received_file_goes_before_a_shipped_one():
    found = combined(edition(Cell(1)), edition(Cell(2), shipped=False, source=1))
    assert found["09464", "2023/24"] == (2, "ok", 1)
    found = combined(edition(Cell(2), shipped=False), edition(Cell(1), source=1))
    assert found["09464", "2023/24"] == (2, "ok", 0)


def test_own_files_of_one_mapping_count_for_the_regions_they_list():
    first = edition(Cell(5), Cell(6, time="2022"), shipped=False)
    second = edition(Cell(7, region="09475"), stand=AUTUMN, source=1, shipped=False)
    third = edition(Cell(8), stand=AUTUMN, source=2, shipped=False)
    assert combined(*(replace(one, own=True) for one in (first, second))) == {
        ("09464", "2022/23"): (6, "ok", 0),
        ("09464", "2023/24"): (5, "ok", 0),
        ("09475", "2023/24"): (7, "ok", 1),
    }
    # the same region and period of a newer file replaces the older one, and nothing else
    assert combined(*(replace(one, own=True) for one in (third, second, first))) == {
        ("09464", "2022/23"): (6, "ok", 0),
        ("09464", "2023/24"): (8, "ok", 2),
        ("09475", "2023/24"): (7, "ok", 1),
    }


def test_another_table_is_no_newer_edition_and_the_table_defined_first_wins():
    section = Section("x")
    found = combined(
        edition(Cell(100)),
        edition(Cell(101), Cell(70, region="09475"), stand=AUTUMN, table="21111-01-05-4", source=1),
        section=section,
    )
    assert found == {("09464", "2023/24"): (100, "ok", 0), ("09475", "2023/24"): (70, "ok", 1)}
    (finding,) = section.findings
    assert finding.level == "warning"
    assert finding.text.startswith(
        "1 Wert steht in zwei Tabellen verschieden (zum Beispiel Region 09464, 2023/24, "
    )


def test_a_number_of_a_later_table_beats_a_symbol_of_an_earlier_one():
    section = Section("x")
    found = combined(
        edition(Cell(None, "later")),
        edition(Cell(101), table="21111-01-05-4", source=1),
        section=section,
    )
    assert found["09464", "2023/24"] == (101, "ok", 1)
    assert section.findings == []


def test_none_in_one_table_and_some_in_another_is_a_contradiction():
    section = Section("x")
    found = combined(
        edition(Cell(0)), edition(Cell(9), table="21111-01-05-4", source=1), section=section
    )
    assert found["09464", "2023/24"] == (0, "zero", 0)
    assert len(section.findings) == 1


def test_the_same_number_in_two_tables_is_no_contradiction():
    section = Section("x")
    combined(edition(Cell(9)), edition(Cell(9), table="21111-01-05-4", source=1), section=section)
    assert section.findings == []


# --- derived categories ---------------------------------------------------------------------------


def derived(*cells: Cell):
    rows = small.long_rows(cells, CATALOG).drop(columns="line")
    found = datasets.derive(rows, PUPILS, DIMENSIONS)
    return found[found["sex"] == "male"]


def test_boys_are_all_children_minus_girls_and_marked_as_derived():
    row = derived(Cell(100, flags="rounded_5"), Cell(45, sex="female")).iloc[0]
    assert (row["value"], row["status"], row["flags"]) == (55, "ok", "derived,rounded_5")


def test_boys_are_zero_where_all_children_are_girls():
    row = derived(Cell(45), Cell(45, sex="female")).iloc[0]
    assert (row["value"], row["status"]) == (0, "zero")


@pytest.mark.parametrize(
    ("whole", "girls", "boys"),
    [
        (Cell(0), Cell(0), (0, "zero")),
        (Cell(0, "rounded_zero"), Cell(0), (0, "rounded_zero")),
        (Cell(0, "rounded_zero"), Cell(0, "rounded_zero"), (0, "rounded_zero")),
        (Cell(0), Cell(0, "rounded_zero"), (0, "rounded_zero")),
        (Cell(45), Cell(0, "rounded_zero"), (45, "ok")),
        # 9 of multiples of 3 stands for 8 to 10: one boy is possible
        (Cell(9, flags="rounded_3"), Cell(9, flags="rounded_3"), (0, "rounded_zero")),
        (Cell(0, flags="rounded_3"), Cell(0, flags="rounded_3"), (0, "zero")),
    ],
)
def test_a_rest_of_nothing_is_exactly_none_only_between_exact_numbers(whole, girls, boys):
    row = derived(whole, replace(girls, sex="female")).iloc[0]
    assert (row["value"], row["status"]) == boys


def test_a_rest_carries_the_flags_of_both_numbers():
    row = derived(Cell(100), Cell(45, sex="female", flags="provisional,rounded_5")).iloc[0]
    assert row["flags"] == "derived,provisional,rounded_5"


@pytest.mark.parametrize(
    "cells",
    [
        # all children of one edition minus the girls of another are nobody's number
        [Cell(100, source=1), Cell(45, sex="female")],
        [Cell(100)],
        [Cell(45, sex="female")],
        [Cell(None, "secret"), Cell(45, sex="female")],
        [Cell(100), Cell(None, "secret", sex="female")],
        # rounded apart, the girls can be more than all
        [Cell(6, flags="rounded_3"), Cell(9, sex="female", flags="rounded_3")],
        # another school type, another period
        [Cell(100), Cell(45, sex="female", school_type="gymnasium")],
        [Cell(100), Cell(45, sex="female", time="2022")],
    ],
)
def test_nothing_is_derived_from_half_the_facts(cells):
    assert derived(*cells).empty


def test_a_delivered_category_is_never_replaced_by_a_derived_one():
    found = derived(Cell(100), Cell(45, sex="female"), Cell(54, sex="male"))
    assert list(found["value"]) == [54]
    secret = derived(Cell(100), Cell(45, sex="female"), Cell(None, "secret", sex="male"))
    assert list(secret["status"]) == ["secret"]


@settings(max_examples=20)
@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_girls_and_boys_are_all_children(girls, boys):
    row = derived(Cell(girls + boys), Cell(girls, sex="female")).iloc[0]
    assert row["value"] == boys
    assert row["status"] == ("ok" if boys else "zero")


# --- sums of Kreise -------------------------------------------------------------------------------

REGISTER = {
    region.id: region
    for region in (
        Region("DG", "bund", "Deutschland", ""),
        Region("09", "land", "Bayern", "", "DG"),
        Region("10", "land", "Saarland", "", "DG"),
        Region("094", "regierungsbezirk", "Oberfranken", "", "09"),
        Region("09463", "kreis", "Coburg", "", "094"),
        Region("09464", "kreis", "Hof", "", "094"),
        Region("10041", "kreis", "Saarbrücken", "", "10"),
        Region("10040", "kreis", "Alt", "", "10", valid_to=date(2010, 12, 31)),
        Region("10043", "kreis", "Neu", "", "10", valid_from=date(2030, 1, 1)),
    )
}
KREISE = [
    Cell(1, region="09463"),
    Cell(2, region="09464"),
    Cell(4, region="10041"),
]


def summed(*cells: Cell):
    """(region, period, sex) → (value, status, flags)"""
    rows = small.long_rows(cells, CATALOG).drop(columns="line")
    found = datasets.sum_up(rows, PUPILS, REGISTER, Section("x"))
    return {
        (r.region, r.period, r.sex): (r.value, r.status, r.flags)
        for r in found.itertuples(index=False)
    }


def test_larger_regions_are_summed_from_all_their_kreise_and_say_so():
    found = summed(*KREISE)
    assert found["094", "2023/24", "total"] == (3, "ok", "summed")
    assert found["09", "2023/24", "total"] == (3, "ok", "summed")
    assert found["10", "2023/24", "total"] == (4, "ok", "summed")
    assert found["DG", "2023/24", "total"] == (7, "ok", "summed")


def test_a_missing_or_secret_kreis_leaves_no_sum():
    for cells in (KREISE[1:], [Cell(None, "secret", region="09463"), *KREISE[1:]]):
        found = summed(*cells)
        assert {key[0] for key in found} & {"09", "094", "DG"} == set()
        assert found["10", "2023/24", "total"] == (4, "ok", "summed")


def test_an_official_total_is_never_recomputed():
    found = summed(*KREISE, Cell(5, region="09"), Cell(None, "secret", region="10"))
    assert found["09", "2023/24", "total"] == (5, "ok", "")
    assert found["10", "2023/24", "total"][1:] == ("secret", "")
    assert found["DG", "2023/24", "total"] == (7, "ok", "summed")


def test_kreise_that_did_not_exist_at_the_time_are_neither_needed_nor_counted():
    found = summed(*KREISE, Cell(50, region="10040"))
    assert found["10", "2023/24", "total"] == (4, "ok", "summed")
    early = summed(Cell(4, region="10041", time="2009"), Cell(50, region="10040", time="2009"))
    assert early["10", "2009/10", "total"] == (54, "ok", "summed")


def test_categories_are_summed_apart():
    girls = [Cell(1, region="09463", sex="female"), Cell(0, region="09464", sex="female")]
    found = summed(*KREISE, *girls)
    assert found["094", "2023/24", "female"] == (1, "ok", "summed")
    assert ("10", "2023/24", "female") not in found


def test_a_sum_of_nothing_but_zeros_is_zero():
    found = summed(*(Cell(0, region=cell.region) for cell in KREISE))
    assert found["DG", "2023/24", "total"] == (0, "zero", "summed")


@pytest.mark.parametrize(
    ("coburg", "hof", "both"),
    [
        (Cell(0, "rounded_zero"), Cell(0), (0, "rounded_zero", "summed")),
        (Cell(0, "rounded_zero"), Cell(0, "rounded_zero"), (0, "rounded_zero", "summed")),
        (Cell(0, "rounded_zero"), Cell(2), (2, "ok", "summed")),
        (Cell(0), Cell(0), (0, "zero", "summed")),
        (
            Cell(6, flags="rounded_3"),
            Cell(0, "rounded_zero", flags="provisional,rounded_3"),
            (6, "ok", "provisional,rounded_3,summed"),
        ),
    ],
)
def test_a_sum_tells_what_was_rounded_in_its_parts(coburg, hof, both):
    found = summed(replace(coburg, region="09463"), replace(hof, region="09464"))
    assert found["094", "2023/24", "total"] == both


def test_no_land_is_summed_of_a_year_in_which_a_kreis_has_no_number():
    """Both Kreise are in the table, one of them without this year."""
    cells = [Cell(n, region=id, time="2022") for n, id in ((1, "09463"), (2, "09464"))]
    found = summed(*cells, Cell(3, region="09463"), Cell(None, "secret", region="09464"))
    assert found["094", "2022/23", "total"] == (3, "ok", "summed")
    assert ("094", "2023/24", "total") not in found


def test_ready_made_ratios_are_never_summed():
    dataset = CATALOG.datasets["rates"]
    cells = [Cell(5, region=cell.region, time="2019", measure="share") for cell in KREISE]
    rows = small.long_rows(cells, CATALOG, "rates").drop(columns="line")
    assert len(datasets.sum_up(rows, dataset, REGISTER, Section("x"))) == 3


def test_germany_of_the_shipped_data_is_the_sum_of_its_laender(release):
    frame = release.frame(
        "SELECT length(region) AS level, sum(students) AS students FROM release.data_students "
        "WHERE sex = 'total' AND citizenship = 'total' AND subject_group = 'total' "
        "AND (length(region) = 5 OR length(region) = 2) GROUP BY level, region = 'DG'"
    )
    assert len(frame) == 3 and frame["students"].nunique() == 1


# --- what is said of editions ---------------------------------------------------------------------


def told(*editions: Edition) -> list[tuple[str, str]]:
    """Level and text of all that is said when these are combined."""
    section = Section("x")
    datasets.combine([replace(e, file=f"{e.source}.csv") for e in editions], PUPILS, section)
    return [(finding.level, finding.text) for finding in section.findings]


def test_of_one_age_what_contradicts_is_an_error_with_both_values_and_both_files():
    ((level, text),) = told(edition(Cell(866)), edition(Cell(777), source=1))
    assert level == "error" and "widersprechen sich" in text
    assert "Region 09464, 2023/24, Schülerinnen und Schüler: 866 (0.csv, Zeile 1) gegen 777" in text


@pytest.mark.parametrize(
    ("one", "other", "contradicts"),
    [
        (Cell(5), Cell(5), False),
        (Cell(5), Cell(6), True),
        (Cell(5), Cell(0), True),
        (Cell(5), Cell(None, "secret"), True),
        (Cell(0), Cell(None, "secret"), False),
        (Cell(None, "later"), Cell(None, "secret"), False),
        (Cell(5), Cell(5, region="09475"), False),
        (Cell(5), Cell(5, sex="female"), False),
    ],
)
def test_what_contradicts(one, other, contradicts):
    for pair in ((one, other), (other, one)):
        found = told(*(edition(cell, source=number) for number, cell in enumerate(pair)))
        assert bool(found) == contradicts, found


def test_ratios_contradict_each_other_only_as_they_are_shown():
    rates = CATALOG.datasets["rates"]

    def said(*values: float) -> list:
        section = Section("x")
        editions = [
            Edition(
                source=number,
                table="AI-N-06",
                rank=0,
                stand=SPRING,
                shipped=False,
                rows=small.long_rows(
                    [Cell(value, time="2019", measure="share")], CATALOG, "rates"
                ).drop(columns="source"),
            )
            for number, value in enumerate(values)
        ]
        datasets.combine(editions, rates, section)
        return section.findings

    assert said(11.5, 11.54) == [] and len(said(11.5, 11.6)) == 1


def test_editions_of_one_age_are_one_edition_in_several_files():
    found = combined(
        edition(Cell(5), shipped=False),
        edition(Cell(6, region="09475"), shipped=False, source=1),
        edition(Cell(5), Cell(7, region="16063"), source=2),
    )
    assert found == {
        ("09464", "2023/24"): (5, "ok", 0),
        ("09475", "2023/24"): (6, "ok", 1),
        ("16063", "2023/24"): (7, "ok", 2),
    }


def test_the_position_orders_a_towns_own_files_and_no_date():
    first, second = (
        edition(Cell(1), stand=AUTUMN, shipped=False),
        edition(Cell(2), stand=SPRING, shipped=False, source=1),
    )
    one, other = (replace(e, own=True, position=n) for n, e in ((7, first), (9, second)))
    before = replace(first, own=True, source=2, stand=datetime(2030, 1, 1))
    for editions in ((one, other, before), (before, other, one)):
        assert combined(*editions) == {("09464", "2023/24"): (2, "ok", 1)}


def test_who_takes_the_place_of_others_goes_before_them_and_the_later_word_counts():
    old, new = (
        edition(Cell(1), shipped=False),
        edition(Cell(2), stand=AUTUMN, shipped=False, source=1),
    )
    old = replace(old, sha256="a", position=3, instead=("b",))
    new = replace(new, sha256="b", position=2)
    assert combined(old, new) == {("09464", "2023/24"): (1, "ok", 0)}
    new = replace(new, position=4, instead=("a",))
    assert combined(old, new) == {("09464", "2023/24"): (2, "ok", 1)}


def test_a_category_that_is_gone_is_named_with_its_years():
    older = edition(
        *(Cell(9, time=t, sex=s) for t in ("2022", "2023") for s in ("total", "female"))
    )
    newer = edition(Cell(9, time="2022"), Cell(9), stand=AUTUMN, source=1)
    texts = [text for level, text in told(older, newer) if level == "warning"]
    assert len(texts) == 1
    assert "1.csv (Stand 1.9.2025) fehlen gegenüber 0.csv" in texts[0].replace("01.09.", "1.9.")
    assert "female (2022/23 bis 2023/24)" in texts[0]
