"""Which Kreise a file has: missing ones are named, impossible ones refused, renamed ones known."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from indicators.catalog.meaning import PeriodRule
from indicators.folders import SHIPPED, Folders
from indicators.periods import key_date
from indicators.publishing import gathering, kreise, run
from indicators.publishing.report import Report, Section
from indicators.regions import Region
from indicators.sources.reading import read_file

AACHEN = {
    "05": Region("05", "land", "Nordrhein-Westfalen", ""),
    "05313": Region(
        "05313", "kreis", "Stadt Aachen", "", valid_to=date(2009, 10, 20), successors=("05334",)
    ),
    "05354": Region(
        "05354", "kreis", "Kreis Aachen", "", valid_to=date(2009, 10, 20), successors=("05334",)
    ),
    "05334": Region("05334", "kreis", "Städteregion Aachen", "", valid_from=date(2009, 10, 21)),
}
OTHERS = {f"05{n:03d}": Region(f"05{n:03d}", "kreis", f"Kreis {n}", "") for n in range(901, 921)}
REGISTER = AACHEN | OTHERS


def rows(*keys: str, period: str = "31.12.2023", start: date | None = None, **more) -> pd.DataFrame:
    """A number of each of these Kreise at a key date, or of a period that begins on `start`."""
    if start is None:
        day, month, year = map(int, period.split("."))
        start = key_date(date(year, month, day)).start
    base = {"period": period, "start": start, "measure": "m", "value": 5.0, "line": 7}
    return pd.DataFrame([{"region": key, **base, **more} for key in keys])


def found(*frames: pd.DataFrame, type: str = "key_date") -> list[tuple[str, str]]:
    section = Section("x")
    kreise.found(pd.concat(frames, ignore_index=True), REGISTER, section, PeriodRule(type=type))
    return [(finding.level, finding.text) for finding in section.findings]


def refused(*frames: pd.DataFrame) -> list[str]:
    section = Section("x")
    kreise.impossible(pd.concat(frames, ignore_index=True), REGISTER, section)
    return [finding.text for finding in section.findings if finding.level == "error"]


# --- what is missing ------------------------------------------------------------------------------


def test_all_kreise_are_no_news():
    assert found(rows("05334", *OTHERS)) == [("info", "21 von 21 Kreisen gefunden")]


def test_a_missing_kreis_is_named():
    assert found(rows(*OTHERS)) == [
        (
            "warning",
            "20 von 21 Kreisen gefunden; 31.12.2023 fehlt Städteregion Aachen (05334)",
        )
    ]


def test_of_many_missing_the_first_is_named_and_how_many_in_each_land():
    ((level, text),) = found(rows(*list(OTHERS)[:12]))
    assert level == "warning"
    assert text == (
        "12 von 21 Kreisen gefunden; 31.12.2023 fehlen 9 Kreise, zuerst Städteregion Aachen "
        "(05334); je Land: Nordrhein-Westfalen 9"
    )


def test_an_excerpt_of_a_few_kreise_lacks_nothing():
    assert found(rows("05334", "05901")) == [("info", "2 von 21 Kreisen gefunden")]


def test_a_kreis_that_only_an_earlier_period_lacks_is_named_as_well():
    texts = found(rows("05334", *OTHERS), rows("05334", *list(OTHERS)[1:], period="31.12.2022"))
    assert texts[1:] == [("warning", "31.12.2022 fehlt Kreis 901 (05901)")]


@pytest.mark.parametrize("there", [("05313", "05354"), ("05334",)], ids=["then", "recalculated"])
def test_before_a_reform_the_old_kreise_or_the_recalculated_new_one_are_all_there(there):
    texts = found(rows("05334", *OTHERS), rows(*there, *OTHERS, period="31.12.2008"))
    assert [level for level, _ in texts] == ["info"]


def test_one_of_the_old_kreise_missing_before_the_reform_is_named():
    texts = found(rows("05334", *OTHERS), rows("05354", *OTHERS, period="31.12.2008"))
    assert texts[1:] == [("warning", "31.12.2008 fehlt Stadt Aachen (05313)")]


def test_the_year_of_a_reform_counts_its_last_day():
    year = rows("05334", *OTHERS, period="2009", start=date(2009, 1, 1))
    assert found(year, type="calendar_year") == [("info", "21 von 21 Kreisen gefunden")]


# --- what cannot be -------------------------------------------------------------------------------


def test_a_kreis_that_ended_has_no_figures_and_its_missing_successor_is_proposed():
    assert refused(rows("05354", *OTHERS)) == [
        "unmöglicher Schlüssel 05354: Kreis Aachen bestand nur bis 20.10.2009, die Datei nennt "
        "aber Werte für 31.12.2023 (Zeile 7). Nächster Schritt: prüfen, ob der Nachfolger "
        "Städteregion Aachen (05334) gemeint ist, der dort fehlt, und den Schlüssel in der Datei "
        "berichtigen lassen"
    ]


def test_it_is_not_proposed_where_it_has_figures_of_its_own():
    (text,) = refused(rows("05354", "05334", *OTHERS))
    assert "05334" not in text and "berichtigen" in text


def test_a_new_kreis_may_have_figures_of_old_years_and_a_dash_says_nothing():
    assert refused(rows("05334", *OTHERS, period="31.12.1995")) == []
    assert refused(rows("05354", value=0.0), rows("05334", *OTHERS)) == []


def test_in_the_year_of_the_reform_a_key_date_and_a_year_differ():
    after = rows("05354", "05334", *OTHERS, period="31.12.2009")
    year = rows("05354", *OTHERS, period="2009", start=date(2009, 1, 1))
    before = rows("05354", "05313", *OTHERS, period="30.06.2009")
    assert len(refused(after)) == 1
    assert refused(year) == refused(before) == []


def test_a_table_may_follow_the_old_territory_to_the_end_of_the_year():
    """Some offices count at the 31.12. of the year of a reform by the Kreise before it: all of
    them, and none of the new."""
    assert refused(rows("05313", "05354", *OTHERS, period="31.12.2009")) == []
    assert len(refused(rows("05354", *OTHERS, period="31.12.2009"))) == 1
    assert len(refused(rows("05313", "05354", *OTHERS, period="31.12.2010"))) == 2


def test_one_kreis_alone_after_its_end_is_no_territory(catalog, tmp_path):
    archive, _ = run.boundary_archive(Folders(tmp_path))
    register, section = run.register_of(archive, catalog), Section("x")
    kreise.impossible(rows("16056", "16063", period="31.12.2021"), register, section)
    kreise.impossible(
        rows("16056", "16063", period="2021", start=date(2021, 1, 1)), register, section
    )
    (error,) = [finding.text for finding in section.findings]
    assert "16056" in error and "31.12.2021" in error and "Nachfolger" not in error


def test_many_impossible_keys_are_counted():
    gone = {
        f"139{n:02d}": Region(f"139{n:02d}", "kreis", f"K{n}", "", valid_to=date(2011, 9, 3))
        for n in range(9)
    }
    section = Section("x")
    kreise.impossible(rows(*gone), gone, section)
    # what they have in common, six by name, how many more
    assert len(section.findings) == 8
    assert "verrutscht" in section.findings[0].text
    assert section.findings[-1].text == "3 weitere unmögliche Schlüssel"


def test_an_own_table_with_a_dead_key_is_refused(catalog, tmp_path):
    archive, _ = run.boundary_archive(Folders(tmp_path))
    register = run.register_of(archive, catalog)
    dataset = catalog.datasets["measures_inventory"]
    own = rows("05354", period="2023", start=date(2023, 1, 1), status="ok", flags="")
    own = own.assign(**dict.fromkeys(dataset.dimensions, "total"), measure=dataset.measures[0].id)
    mapping = SimpleNamespace(title="Angebote", id="angebote", absent="missing")
    table = SimpleNamespace(
        mapping=mapping, dataset=dataset, file="angebote.csv", format="csv", rows=own, notes=[]
    )
    report = Report()
    gathering.check_own_table(table, catalog, register, report)
    errors = [f.text for s in report.sections for f in s.findings if f.level == "error"]
    assert any("unmöglicher Schlüssel 05354" in text and "(Zeile 7)" in text for text in errors)


# --- old keys -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def catalog(tmp_path_factory):
    return run.load_catalog(Folders(tmp_path_factory.mktemp("none")))


def test_a_part_of_today_is_the_kreis_it_was(catalog):
    given = pd.concat(
        [
            rows("05334002", "05354", period="31.12.2008"),
            rows("05313", period="31.12.2008", value=0.0),
            rows("05334002", "05334", period="31.12.2009"),
        ],
        ignore_index=True,
    )
    taken = kreise.under_old_keys(given, catalog.territory, PeriodRule(type="key_date"))
    assert [*zip(taken["region"], taken["period"], taken["value"], strict=True)] == [
        ("05313", "31.12.2008", 5),
        ("05354", "31.12.2008", 5),
        ("05334002", "31.12.2009", 5),
        ("05334", "31.12.2009", 5),
    ]


def test_figures_under_the_old_key_itself_stay(catalog):
    given = rows("05313", "05334002", period="31.12.2008")
    taken = kreise.under_old_keys(given, catalog.territory, PeriodRule(type="key_date"))
    assert list(taken["region"]) == ["05313", "05334002"]


# --- sums -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("there", "members"),
    [
        (("05334",), {"05334"}),
        # a table that still counts the year of the reform by the old Kreise
        (("05313", "05354"), {"05313", "05354"}),
    ],
)
def test_the_year_of_a_reform_is_summed_of_the_kreise_it_has(there, members):
    year = rows(*there, *OTHERS, period="2009", start=date(2009, 1, 1), status="ok")
    wholes = kreise.wholes(REGISTER, year, PeriodRule(type="calendar_year"))
    land = wholes[wholes["region"] == "05"]
    assert set(land["part"]) == members | set(OTHERS)
    assert set(land["members"]) == {len(members) + len(OTHERS)}


# --- whole files ----------------------------------------------------------------------------------


def checked(path: Path, catalog) -> tuple[pd.DataFrame, Section]:
    archive, _ = run.boundary_archive(Folders(path.parent))
    (table,) = read_file(path)
    report = Report()
    _, taken = gathering.check_table(table, catalog, run.register_of(archive, catalog), report)
    return taken, report.sections[0]


def test_the_official_series_has_the_town_of_aachen_before_the_reform(catalog):
    path = SHIPPED / "official" / "12411-05-01-4" / "12411-05-01-4.csv"
    taken, section = checked(path, catalog)
    total = taken[taken["sex"] == "total"].set_index(["region", "period"])["value"]
    assert total["05313", "2008"] == 258478
    assert total["05354", "2008"] == 309611
    assert ("05313", "2009") not in total.index
    assert not [f.text for f in section.findings if f.level == "error"]


def test_a_dead_key_in_an_official_file_refuses_it_by_name(catalog, tmp_path):
    path = SHIPPED / "official" / "12411-01-01-4"
    (packed,) = path.glob("*.zip")
    (table,) = read_file(packed)
    cells = table.cells[table.cells["region"] != "05354"]
    cells = cells.assign(region=cells["region"].replace("05334", "05354"))
    report = Report()
    archive, _ = run.boundary_archive(Folders(tmp_path))
    register = run.register_of(archive, catalog)
    gathering.check_table(replace(table, cells=cells), catalog, register, report)
    errors = [f.text for f in report.sections[0].findings if f.level == "error"]
    warnings = [f.text for f in report.sections[0].findings if f.level == "warning"]
    assert any("unmöglicher Schlüssel 05354" in text and "(05334)" in text for text in errors)
    assert "399 von 400 Kreisen gefunden; 31.12.2024 fehlt Städteregion Aachen (05334)" in warnings
