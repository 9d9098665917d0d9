"""The checks before publication: regions, dissolved Kreise, rounding, totals and their parts."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.publishing import checks
from indicators.publishing.report import Report, Section
from indicators.regions import Region
from tests.unit import small

CATALOG = small.catalog()
PUPILS = CATALOG.datasets["pupils"]
DIMENSIONS = [CATALOG.dimensions[id] for id in PUPILS.dimensions]
START = date(2023, 8, 1)
OLD = Region("16056", "kreis", "Eisenach", "", valid_to=date(2021, 6, 30), successors=("16063",))
NEW = Region("16064", "kreis", "Neukreis", "", valid_from=date(2021, 7, 1))


LAENDER = {
    "01": Region("01", "land", "Schleswig-Holstein", ""),
    "05": Region("05", "land", "Nordrhein-Westfalen", ""),
}


def kreise(land: str, count: int) -> dict[str, Region]:
    return {
        key: Region(key, "kreis", key, "")
        for key in (f"{land}{n:03d}" for n in range(1, count + 1))
    }


def rows(*records, **defaults) -> pd.DataFrame:
    """Rows as mapping makes them; what a record does not say is a total of pupils in 2023/24."""
    base = {
        "region": "09001",
        "period": "2023/24",
        "start": START,
        "school_type": "total",
        "sex": "total",
        "measure": "pupils",
        "value": 5.0,
        "status": "ok",
        "flags": "",
        "line": 1,
    } | defaults
    return pd.DataFrame([base | record for record in records])


def texts(section: Section, level: str) -> list[str]:
    return [finding.text for finding in section.findings if finding.level == level]


# --- regions --------------------------------------------------------------------------------------


def test_sub_units_of_a_kreis_are_left_out_because_the_kreis_contains_them():
    register = kreise("03", 20) | {"03241": Region("03241", "kreis", "Region Hannover", "")}
    register |= {"11": Region("11", "land", "Berlin", "")}
    section = Section("x")
    found = checks.regions_of(
        rows({"region": "03241"}, {"region": "03241001"}, {"region": "11001001"}), register, section
    )
    assert list(found["region"]) == ["03241"]
    assert any("2 Untereinheiten von Kreisen erkannt" in t for t in texts(section, "info"))
    assert not texts(section, "warning") and not texts(section, "error")


def test_unknown_keys_are_reported_and_not_taken():
    register = kreise("09", 40)
    section = Section("x")
    found = checks.regions_of(
        rows(*({"region": key} for key in [*register, "09999"])), register, section
    )
    assert "09999" not in set(found["region"])
    assert texts(section, "warning") == ["1 unbekannter Regionalschlüssel nicht übernommen: 09999"]


def test_nuts_codes_get_the_official_key_the_register_has_for_them(release):
    section = Section("x")
    codes = ["DE2", "DE24", "DE243", "DE244", "DE600", "DE6", "DG"]
    found = checks.regions_of(
        rows(*({"region": code} for code in codes)), dict(release.regions), section
    )
    assert list(found["region"]) == ["09", "094", "09463", "09464", "02000", "02", "DG"]
    assert "Gebiete stehen mit NUTS-Codes in der Datei und wurden zugeordnet" in texts(
        section, "info"
    )


def test_a_nuts_code_of_another_edition_is_unknown_and_not_guessed(release):
    section = Section("x")
    # Göttingen without Osterode, until NUTS 2013
    found = checks.regions_of(rows({"region": "DE915"}), dict(release.regions), section)
    assert found.empty and "unbekannt" in texts(section, "error")[0]


def test_many_unknown_keys_forbid_publication():
    section = Section("x")
    unknown = [{"region": f"0990{n}"} for n in range(5)]
    checks.regions_of(rows({"region": "09001"}, *unknown), kreise("09", 40), section)
    assert texts(section, "error")[0].startswith("5 unbekannte Regionalschlüssel")


def test_city_states_are_filled_in_where_a_table_lists_them_as_a_land_only():
    register = kreise("09", 5) | {
        "02": Region("02", "land", "Hamburg", ""),
        "02000": Region("02000", "kreis", "Hamburg", ""),
        "11": Region("11", "land", "Berlin", ""),
        "11000": Region("11000", "kreis", "Berlin", ""),
        "09": Region("09", "land", "Bayern", ""),
    }
    given = rows(
        {"region": "02", "value": 17.0},
        {"region": "11", "value": 20.0},
        {"region": "11000", "value": 21.0},
        *({"region": key} for key in kreise("09", 5)),
        {"region": "09"},
    )
    section = Section("x")
    found = checks.regions_of(given, register, section).set_index("region")["value"]
    assert found["02000"] == found["02"] == 17
    assert found["11000"] == 21, "what the table lists itself is kept"
    assert "09000" not in found.index


def test_a_table_of_laender_only_is_not_taken_for_a_table_of_kreise():
    register = {
        "02": Region("02", "land", "Hamburg", ""),
        "02000": Region("02000", "kreis", "", ""),
    }
    found = checks.regions_of(rows({"region": "02"}), register, Section("x"))
    assert list(found["region"]) == ["02"]


# --- dissolved regions ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("region", "period", "start", "status", "expected"),
    [
        # the Kreis had ended: "-" is no zero
        ("16056", "2023/24", date(2023, 8, 1), "zero", "dissolved"),
        ("16056", "2023/24", date(2023, 8, 1), "secret", "dissolved"),
        # a number, though rounded to none, is a number
        ("16056", "2023/24", date(2023, 8, 1), "rounded_zero", "rounded_zero"),
        # it existed, but the table follows today's territory for all years
        ("16056", "2019/20", date(2019, 8, 1), "zero", "dissolved"),
        # it existed and its number is secret
        ("16056", "2019/20", date(2019, 8, 1), "secret", "secret"),
        # the new Kreis before and after it was founded
        ("16064", "2019/20", date(2019, 8, 1), "zero", "dissolved"),
        ("16064", "2023/24", date(2023, 8, 1), "zero", "zero"),
        # a Kreis that was always there
        ("09464", "2023/24", date(2023, 8, 1), "zero", "zero"),
    ],
)
def test_a_dash_is_zero_only_where_the_region_exists(region, period, start, status, expected):
    register = {"16056": OLD, "16064": NEW, "09464": Region("09464", "kreis", "Hof", "")}
    value = 0.0 if "zero" in status else np.nan
    record = {"region": region, "period": period, "start": start, "status": status, "value": value}
    found = checks.dissolved(rows(record), register).iloc[0]
    assert found["status"] == expected
    assert np.isnan(found["value"]) == ("zero" not in expected)


def test_a_total_of_none_above_a_part_with_a_number_is_not_stated():
    """Then no "-" of that region and year can be told from one for a number given elsewhere."""
    none = {"value": 0.0, "status": "zero"}
    given = rows(
        none,
        {"sex": "female", "value": 12.0},
        none | {"sex": "male"},
        # another year and another region, where total and parts agree
        none | {"period": "2022/23"},
        none | {"period": "2022/23", "sex": "female"},
        none | {"region": "09002", "sex": "male"},
    )
    section = Section("x")
    found = checks.contradicted_zeros(given, PUPILS, {}, section)
    assert list(found["status"]) == ["missing", "ok", "missing", "zero", "zero", "zero"]
    assert list(found["value"].isna()) == [True, False, True, False, False, False]
    assert list(found["value"].dropna()) == [12, 0, 0, 0]
    (told,) = texts(section, "warning")
    assert "bei 1 Insgesamt steht" in told and "Region 09001, 2023/24" in told
    agreeing = checks.contradicted_zeros(given.iloc[3:], PUPILS, {}, section)
    assert list(agreeing["status"]) == ["zero"] * 3 and len(section.findings) == 1


def test_numbers_of_a_dissolved_kreis_are_never_touched():
    """Offices recalculate old years for today's territory, and the other way round."""
    given = rows(
        {"region": "16056", "value": 40.0},
        {"region": "16056", "sex": "female", "value": 0.0, "status": "zero"},
    )
    found = checks.dissolved(given, {"16056": OLD})
    assert list(found["status"]) == ["ok", "zero"] and list(found["value"]) == [40, 0]


def test_in_the_shipped_data_no_living_kreis_is_called_dissolved(release):
    """Eight Kreise founded by a reform have no university: that is a zero."""
    frame = release.frame(
        "SELECT DISTINCT region, start FROM release.data_students "
        "WHERE students_status = 'dissolved'"
    )
    alive = [
        row.region
        for row in frame.itertuples()
        if release.regions[row.region].exists_on(row.start.date())
    ]
    assert len(frame) >= 70 and alive == []


# --- rounding -------------------------------------------------------------------------------------


def many(land: str, base: int, count: int = 60) -> list[dict]:
    return [
        {"region": f"{land}001", "value": float(base * n), "line": n} for n in range(1, count + 1)
    ]


def test_laender_that_round_to_multiples_are_found_and_flagged():
    section = Section("x")
    given = rows(*many("01", 3), *many("05", 5), *many("09", 1))
    found = checks.rounding(given, PUPILS, LAENDER, section)
    flags = found.groupby(found["region"].str[:2])["flags"].unique().map(list)
    assert flags.to_dict() == {"01": ["rounded_3"], "05": ["rounded_5"], "09": [""]}
    assert [t.split(";")[0] for t in texts(section, "info")] == [
        "auf Vielfache von 3 gerundete Werte: Schleswig-Holstein",
        "auf Vielfache von 5 gerundete Werte: Nordrhein-Westfalen",
    ]


def test_a_few_multiples_may_be_chance():
    found = checks.rounding(rows(*many("01", 3, 30)), PUPILS, LAENDER, Section("x"))
    assert set(found["flags"]) == {""}


def test_one_odd_number_means_the_land_does_not_round():
    found = checks.rounding(
        rows(*many("01", 3), {"region": "01001", "value": 4.0}), PUPILS, LAENDER, Section("x")
    )
    assert set(found["flags"]) == {""}


def test_rounding_is_found_year_by_year():
    """Nordrhein-Westfalen rounds from 2019/20 on."""
    before = [r | {"period": "2018/19", "start": date(2018, 8, 1)} for r in many("05", 1)]
    found = checks.rounding(rows(*before, *many("05", 5)), PUPILS, LAENDER, Section("x"))
    assert set(found[found["period"] == "2018/19"]["flags"]) == {""}
    assert set(found[found["period"] == "2023/24"]["flags"]) == {"rounded_5"}


def test_other_flags_stay_beside_the_rounding():
    found = checks.rounding(
        rows(*many("01", 3), flags="provisional"), PUPILS, LAENDER, Section("x")
    )
    assert set(found["flags"]) == {"provisional,rounded_3"}


def test_rounding_of_the_real_student_table(release):
    """2023/24: Schleswig-Holstein and Hamburg in threes, all others exact."""
    frame = release.frame(
        "SELECT DISTINCT left(region, 2) AS land FROM release.data_students "
        "WHERE students_flags LIKE '%rounded_%' AND length(region) = 5"
    )
    assert sorted(frame["land"]) == ["01", "02"]


# --- totals against their parts -------------------------------------------------------------------


def school(region: str, total: float, parts: tuple[float, float, float], **extra) -> list[dict]:
    names = ("total", "hauptschule", "gymnasium", "foerderschule")
    return [
        {"region": region, "school_type": name, "value": float(value), **extra}
        for name, value in zip(names, (total, *parts), strict=True)
    ]


def found_by_totals(*records) -> Section:
    section = Section("x")
    checks.totals(rows(*records), PUPILS, DIMENSIONS, LAENDER, section)
    return section


@pytest.mark.parametrize(("wrong", "level"), [(6, "error"), (5, "warning")])
def test_many_totals_far_off_stop_a_file(wrong, level):
    """A column was taken for another: more than five, and more than one in fifty."""
    records = [
        record
        for n in range(100)
        for record in school(f"09{n:03d}", 90 if n < wrong else 60, (10, 20, 30))
    ]
    section = found_by_totals(*records)
    (text,) = texts(section, level)
    assert f"100 Vergleiche mit dem Insgesamt, {wrong} Abweichungen" in text


def test_totals_that_fit_are_counted_and_nothing_more():
    section = found_by_totals(*school("09001", 60, (10, 20, 30)), *school("09002", 6, (1, 2, 3)))
    (text,) = texts(section, "info")
    assert text.startswith(
        "Summe der Ausprägungen von Schulart: 2 Vergleiche mit dem Insgesamt, keine "
    )


def test_rounded_cells_may_miss_their_total_by_their_rounding():
    fits = school("01001", 63, (12, 21, 27), flags="rounded_3")
    assert found_by_totals(*fits).findings[0].level == "info"
    off = school("01001", 69, (12, 21, 27), flags="rounded_3")
    assert found_by_totals(*off).findings[0].level == "warning"


def test_one_total_that_is_off_is_a_warning_with_its_place():
    section = found_by_totals(*school("09001", 61, (10, 20, 30), line=17))
    (text,) = texts(section, "warning")
    assert text.endswith("am stärksten um 1 (Region 09001, 2023/24, Zeile 17)")


def test_swapped_columns_forbid_publication():
    """The total stands where a part belongs: no small difference, and everywhere."""
    swapped = [school(f"09{n:03d}", 20, (10, 60 + n, 30)) for n in range(1, 60)]
    section = found_by_totals(*(record for records in swapped for record in records))
    assert len(texts(section, "error")) == 1
    report = Report([section])
    assert report.of("error")


def test_a_secret_part_is_no_reason_to_compare():
    records = school("09001", 60, (10, 20, 5))
    records[3] |= {"status": "secret", "value": np.nan}
    assert found_by_totals(*records).findings == []


def test_a_school_type_the_land_does_not_have_adds_nothing():
    records = school("09001", 30, (10, 20, 0))
    records[3] |= {"status": "not_applicable", "value": np.nan}
    assert len(texts(found_by_totals(*records), "info")) == 1


def test_missing_parts_are_no_reason_to_compare():
    assert found_by_totals(*school("09001", 60, (10, 20, 30))[:3]).findings == []


@settings(max_examples=20)
@given(
    st.lists(
        st.tuples(st.integers(0, 900), st.integers(0, 900), st.integers(0, 900)),
        min_size=1,
        max_size=8,
    ),
    st.sampled_from([3, 5]),
)
def test_numbers_rounded_cell_by_cell_never_raise_an_alarm(places, base):
    def rounded(value):
        return base * round(value / base)

    records = [
        record
        for n, parts in enumerate(places)
        for record in school(
            f"01{n:03d}", rounded(sum(parts)), tuple(map(rounded, parts)), flags=f"rounded_{base}"
        )
    ]
    assert {finding.level for finding in found_by_totals(*records).findings} == {"info"}


def test_the_report_counts_what_was_read_by_meaning():
    section = Section("x")
    checks.symbols(rows({}, {"status": "zero"}, {"status": "secret"}, {}), section)
    assert texts(section, "info") == [
        "4 Tabellenfelder gelesen, davon Zahlenwert: 2, genau null: 1, nicht ausgewiesen: 1"
    ]


def test_a_report_tells_levels_and_adds_them_up():
    report = Report()
    section = report.section("Tabelle 1")
    section.add("info", "gelesen")
    section.add("warning", "auffällig")
    section.add("warning", "noch etwas")
    assert report.text().endswith("2 Hinweise, 0 Fehler")
    section.add("error", "falsch")
    assert report.of("error") == ["Tabelle 1: falsch"]
    assert report.rows()[1] == ("Tabelle 1", "warning", "auffällig")
    assert "  Hinweis: auffällig" in report.text() and "  Fehler: falsch" in report.text()
    assert report.text().endswith("2 Hinweise, 1 Fehler")
