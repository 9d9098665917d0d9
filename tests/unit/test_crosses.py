"""Margins of crosses: only whole sums, what was delivered is kept, and what absent = zero means."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.errors import FileError
from indicators.publishing import crosses
from indicators.publishing.report import Section
from tests.unit import small
from tests.unit.small import Cell

CROSSED = small.PUPILS.replace(
    'dimensions = ["school_type", "sex"]',
    'dimensions = ["school_type", "sex"]\ncrosses = [["school_type", "sex"]]',
)
TYPES = ("hauptschule", "gymnasium", "foerderschule")
SEXES = ("female", "male")
EVERY = [
    Cell(i, school_type=t, sex=s)
    for i, (t, s) in enumerate(((t, s) for t in TYPES for s in SEXES), 1)
]


def completed(cells, text: str = CROSSED):
    catalog = small.catalog(pupils=text)
    dataset = catalog.datasets["pupils"]
    dimensions = [catalog.dimensions[id] for id in dataset.dimensions]
    rows = small.long_rows(cells, catalog).assign(source=0).drop(columns="line")
    return crosses.complete(rows, dataset, dimensions, Section(""))


def told(rows) -> dict:
    return {
        (row.school_type, row.sex): row.status if np.isnan(row.value) else row.value
        for row in rows.itertuples(index=False)
        if row.measure == "pupils" and row.region == "09464" and row.period == "2023/24"
    }


def test_every_margin_is_the_sum_of_its_parts():
    rows = completed(EVERY)
    found = told(rows)
    assert len(found) == 12 and len(rows) == 12
    assert found["total", "total"] == 21
    assert found["total", "female"] == 9 and found["gymnasium", "total"] == 7
    made = rows[rows["flags"] == "summed"]
    assert len(made) == 6 and (made["status"] == "ok").all()


def test_a_delivered_margin_is_kept_with_a_number_or_a_sign():
    found = told(completed([*EVERY, Cell(8, school_type="gymnasium"), Cell(None, "secret")]))
    assert found["gymnasium", "total"] == 8 and found["total", "total"] == "secret"
    # from the delivered margin, not from what it covers
    found = told(completed([*EVERY, Cell(10, sex="female")]))
    assert found["total", "total"] in (21, 22)


@pytest.mark.parametrize("status", ["secret", "missing", "unreliable", "later"])
def test_a_part_without_a_number_leaves_no_sum(status):
    found = told(completed([*EVERY[:-1], Cell(None, status, school_type=TYPES[-1], sex="male")]))
    assert ("foerderschule", "total") not in found and ("total", "male") not in found
    assert ("total", "total") not in found
    assert found["total", "female"] == 9


def test_a_part_that_is_not_listed_leaves_no_sum():
    found = told(completed(EVERY[:-1]))
    assert ("total", "total") not in found and found["total", "female"] == 9


def test_a_school_type_that_is_not_there_adds_nothing():
    cells = [
        *EVERY[:4],
        *(Cell(None, "not_applicable", school_type=TYPES[2], sex=s) for s in SEXES),
    ]
    found = told(completed(cells))
    assert found["total", "total"] == 10
    assert ("foerderschule", "total") not in found


def test_zeros_flags_and_sources_of_the_parts():
    cells = [Cell(0, "rounded_zero", school_type=t, sex="female") for t in TYPES]
    rows = completed(cells).query("school_type == 'total'")
    assert rows[["value", "status"]].values.tolist() == [[0, "rounded_zero"]]
    cells = [Cell(1, school_type=t, sex="female", flags=f"f{i}") for i, t in enumerate(TYPES)]
    assert completed(cells).query("school_type == 'total'")["flags"].tolist() == ["f0,f1,f2,summed"]


def test_finer_than_a_cross_is_summed_and_left_out():
    text = CROSSED.replace('[["school_type", "sex"]]', '[["school_type"], ["sex"]]')
    found = told(completed(EVERY, text))
    assert set(found) == {(t, "total") for t in (*TYPES, "total")} | {("total", s) for s in SEXES}
    assert found["total", "total"] == 21


def test_ready_made_shares_are_never_summed():
    text = CROSSED.replace(
        'name = "Schülerinnen und Schüler"\nlabels', 'additive = false\nname = "x"\nlabels'
    )
    assert len(completed(EVERY, text)) == 6


def test_categories_that_do_not_add_up_and_subsets():
    base = small.BASE.replace('name = "Schulart"', 'name = "Schulart"\npartition = false')
    catalog = small.catalog(pupils=CROSSED, vocabulary=base)
    dataset = catalog.datasets["pupils"]
    dimensions = [catalog.dimensions[id] for id in dataset.dimensions]
    rows = small.long_rows(EVERY, catalog).assign(source=0).drop(columns="line")
    found = told(crosses.complete(rows, dataset, dimensions, Section("")))
    assert ("total", "female") not in found and found["gymnasium", "total"] == 7
    base = small.BASE.replace('name = "Förderschule", ', 'name = "Förderschule", subset = true, ')
    catalog = small.catalog(pupils=CROSSED, vocabulary=base)
    dimensions = [catalog.dimensions[id] for id in dataset.dimensions]
    found = told(crosses.complete(rows, dataset, dimensions, Section("")))
    assert found["total", "total"] == 10 and found["foerderschule", "total"] == 11


def test_without_crosses_everything_stays_as_delivered():
    rows = completed(EVERY, small.PUPILS)
    assert len(rows) == 6


# --- absent = "zero" ------------------------------------------------------------------------------


def filled(cells, text: str = CROSSED, fixed: frozenset = frozenset()):
    catalog = small.catalog(pupils=text)
    dataset = catalog.datasets["pupils"]
    dimensions = [catalog.dimensions[id] for id in dataset.dimensions]
    rows = small.long_rows(cells, catalog).drop(columns="source")
    rows = crosses.fill(rows, dataset, dimensions, set(fixed), small.REGIONS, "own.csv")
    return crosses.complete(
        rows.drop(columns="line").assign(source=0), dataset, dimensions, Section("")
    )


def test_what_is_not_listed_is_exactly_none():
    rows = filled([Cell(5, school_type="gymnasium", sex="female")])
    found = told(rows)
    assert len(found) == 12
    assert found["total", "total"] == found["gymnasium", "female"] == 5
    zero = rows[(rows["school_type"] == "hauptschule") & (rows["sex"] == "total")]
    assert zero[["value", "status"]].values.tolist() == [[0, "zero"]]


def test_what_is_listed_without_a_number_stays_unknown():
    found = told(filled([Cell(None, "secret", school_type="gymnasium", sex="female")]))
    assert found["gymnasium", "female"] == "secret" and found["gymnasium", "male"] == 0
    assert ("gymnasium", "total") not in found and found["total", "male"] == 0


def test_a_file_speaks_of_its_regions_and_periods_together():
    cells = [
        Cell(5, school_type="gymnasium", region="09464", time="2022"),
        Cell(6, school_type="gymnasium", region="09475", time="2023"),
    ]
    found = filled(cells)
    whole = found[(found["school_type"] == "total") & (found["sex"] == "total")]
    assert {(r.region, r.period): r.value for r in whole.itertuples()} == {
        ("09464", "2022/23"): 5,
        ("09464", "2023/24"): 0,
        ("09475", "2022/23"): 0,
        ("09475", "2023/24"): 6,
    }


def test_regions_of_another_level_are_not_spoken_of_in_its_periods():
    cells = [
        Cell(5, school_type="gymnasium", region="09464", time="2022"),
        Cell(6, school_type="gymnasium", region="16063", time="2023"),
    ]
    found = filled(cells)
    assert {(r.region, r.period) for r in found.itertuples()} == {
        ("09464", "2022/23"),
        ("16063", "2023/24"),
    }


def test_a_restricted_file_says_nothing_of_other_categories():
    found = told(filled([Cell(5, school_type="gymnasium", sex="female")], fixed={"school_type"}))
    assert found == {
        ("gymnasium", "female"): 5,
        ("gymnasium", "male"): 0,
        ("gymnasium", "total"): 5,
    }


def test_a_finer_file_is_summed_to_the_crosses_first():
    text = CROSSED.replace('[["school_type", "sex"]]', '[["school_type"], ["sex"]]')
    cells = [
        Cell(5, school_type="gymnasium", sex="female"),
        Cell(None, "secret", school_type="hauptschule", sex="male"),
    ]
    found = told(filled(cells, text))
    assert found["gymnasium", "total"] == 5 and found["foerderschule", "total"] == 0
    assert found["hauptschule", "total"] == "missing" and ("total", "total") not in found
    # what is restricted cannot be summed away
    found = told(filled(cells[:1], text, fixed={"school_type"}))
    assert found == {("gymnasium", "total"): 5}


def test_too_many_zeros_are_refused(monkeypatch):
    monkeypatch.setattr(crosses, "_MOST_ZEROS", 5)
    with pytest.raises(FileError, match="mapping.fixed"):
        filled([Cell(5, school_type="gymnasium", sex="female")])


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.tuples(st.sampled_from(TYPES), st.sampled_from(SEXES)),
        st.one_of(st.integers(0, 9), st.sampled_from(["secret", "missing"])),
        min_size=1,
    ),
    st.booleans(),
)
def test_a_margin_is_a_whole_sum_or_none(listed, zero):
    """Against the plain definition: every part, or no sum."""
    cells = [
        Cell(
            None if isinstance(v, str) else v, v if isinstance(v, str) else "", school_type=t, sex=s
        )
        for (t, s), v in listed.items()
    ]
    found = told((filled if zero else completed)(cells))
    full = {(t, s): listed.get((t, s), 0 if zero else None) for t in TYPES for s in SEXES}
    for type_ in (*TYPES, "total"):
        for sex in (*SEXES, "total"):
            parts = [
                v for (t, s), v in full.items() if type_ in (t, "total") and sex in (s, "total")
            ]
            if (type_, sex) in full:
                assert found.get((type_, sex)) == full[type_, sex]
            elif all(isinstance(part, int) for part in parts):
                assert found[type_, sex] == sum(parts)
            else:
                assert (type_, sex) not in found


def test_a_dataset_that_is_not_divided_is_filled_too():
    text = small.PUPILS.replace('["school_type", "sex"]', "[]")
    catalog = small.catalog(pupils=text)
    rows = small.long_rows([Cell(5), Cell(6, region="09475", time="2022")], catalog).drop(
        columns="source"
    )
    found = crosses.fill(rows, catalog.datasets["pupils"], [], set(), small.REGIONS, "own.csv")
    assert sorted(zip(found["region"], found["period"], found["value"], strict=True)) == [
        ("09464", "2022/23", 0),
        ("09464", "2023/24", 5),
        ("09475", "2022/23", 6),
        ("09475", "2023/24", 0),
    ]
