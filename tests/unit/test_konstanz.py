"""Real municipal tables (Stadt Konstanz, ../shared), read by the definitions in tests/municipal."""

import shutil

import pandas as pd
import pytest

from indicators.errors import FileError
from indicators.folders import PROJECT, Folders
from indicators.publishing import own_tables, run
from indicators.publishing.receive import Receiver
from indicators.release import releases

pytestmark = [pytest.mark.shared, pytest.mark.build]
DEFINITIONS = PROJECT / "tests" / "municipal"
FILES = ("uebergangsquote", "nach_stadtteilen", "nach_staatsangehoerigkeit", "schulen")


@pytest.fixture(scope="module")
def built(excerpts, tmp_path_factory, shared):
    """The release of two official excerpts and four tables of the town, and its report."""
    folders = Folders(tmp_path_factory.mktemp("konstanz"))
    shutil.copytree(DEFINITIONS, folders.own_definitions)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("indicators.folders.SHIPPED", excerpts)
        receiver = Receiver(folders)
        for name in FILES:
            path = shared / "data" / "municipal" / "konstanz" / f"{name}.csv"
            assert receiver.receive(path).stored.is_new
            assert not receiver.receive(path).stored.is_new
        found = run.build(folders)
        assert found.published, found.report.text()
        opened = releases.open_release(folders)
    yield opened, found.report
    opened.close()


def table(built, dataset: str) -> pd.DataFrame:
    return built[0].frame(f"SELECT * FROM release.data_{dataset}")


def test_shares_are_taken_as_printed(built):
    rows = table(built, "transition_rates").set_index(["period", "destination_type"])["share"]
    assert rows["2000/01", "gymnasium"] == 47.3
    assert rows["2012/13", "gesamtschule"] == 12.9
    assert rows["2025/26", "hauptschule"] == 2.3
    assert len(rows) == 26 * 4
    assert "total" not in rows.index.get_level_values("destination_type")


def test_the_line_breaks_where_the_gemeinschaftsschule_begins(built):
    (event,) = [e for e in built[0].catalog.events if e.id.startswith("konstanz")]
    assert (event.kind, event.day.isoformat(), event.regions) == (
        "break",
        "2012-08-01",
        ["08335043"],
    )


def test_the_town_is_the_sum_of_its_stadtteile(built):
    rows = table(built, "population_age")
    rows = rows[(rows["citizenship"] == "total") & (rows["region"] == "08335043")]
    rows = rows.set_index("period")
    # before 2000 the town states no total of its own
    assert rows.loc["31.12.1995", ["population", "population_flags"]].tolist() == [72234, "summed"]
    assert rows.loc["31.12.2000", ["population", "population_flags"]].tolist() == [73804, ""]
    assert not [text for text in built[1].of("warning") if "die Teile ergeben" in text]
    assert set(table(built, "population_age")["region"].str.len()) == {8, 11}


def test_two_measures_for_each_school_type(built):
    rows = table(built, "schools_local").set_index(["period", "school_type"])
    assert rows.loc[("2000/01", "grundschule"), ["schools", "pupils"]].tolist() == [13, 2556]
    assert rows.loc[("2000/01", "gesamtschule"), "pupils_status"] == "zero"
    # its own sum, which the file computes but does not deliver
    whole = rows.loc[("2000/01", "total")]
    assert (whole["pupils"], whole["pupils_flags"]) == (2556 + 908 + 1352 + 2661 + 102, "summed")


def test_the_source_is_the_town(built):
    sources = {source.table_code: source for source in built[0].sources.values()}
    konstanz = sources["konstanz_uebergangsquote"]
    assert konstanz.publisher == "Stadt Konstanz, Amt für Bildung und Sport"
    assert konstanz.licence == "CC0"


def test_a_table_without_a_mapping_is_not_taken(shared, own_folders):
    shutil.copytree(DEFINITIONS, own_folders.own_definitions)
    path = shared / "data" / "municipal" / "konstanz" / "kinderbetreuung.csv"
    with pytest.raises(FileError, match="konstanz_schulen"):
        Receiver(own_folders).receive(path)
    assert not list(own_folders.data.rglob("*.csv"))


CHILDCARE = """
[mapping]
id = "konstanz_kinderbetreuung"
dataset = "childcare"
title = "Kinderbetreuung"
licence = "CC0 1.0"
files = ["kinderbetreuung*"]
header = "jahr"
region = "08335043"
skip_columns = ["ab_3*", "schulkinder*", "gruppen"]
fixed = { age_childcare = "age_0_2" }

[[mapping.columns]]
heading = "jahr"
is = "period"
[[mapping.columns]]
heading = "unter_3_kita"
measure = "children"
where = { care_type = "day_care_centre" }
[[mapping.columns]]
heading = "unter_3_tagespflege"
measure = "children"
where = { care_type = "child_minding" }
"""


def test_years_of_the_town_are_the_key_dates_of_the_dataset(shared, own_folders):
    shutil.copytree(DEFINITIONS, own_folders.own_definitions)
    (own_folders.own_definitions / "kita.toml").write_text(CHILDCARE, encoding="utf-8")
    catalog = run.load_catalog(own_folders)
    archive, _ = run.boundary_archive(own_folders)
    path = shared / "data" / "municipal" / "konstanz" / "kinderbetreuung.csv"
    register = run.register_of(archive, catalog)
    (found,) = own_tables.read_own(path.read_bytes(), path.name, catalog, register)
    values = found.rows.set_index(["period", "care_type"])["value"]
    assert values["01.03.2012", "day_care_centre"] == 486
    assert values["01.03.2024", "child_minding"] == 158
    assert found.mapping.licence == "CC0"
