"""The pages run for every education region, keep what a link asks for, and fail in German."""

import hashlib
import html
import json
import os
import re
import shutil
from datetime import datetime

import duckdb
import pytest

from indicators import formats
from indicators.release import protection_report
from tests.pages.apps import (
    EXPLORER,
    OVERVIEW,
    REGIONS,
    SCRIPTS,
    asked,
    go,
    is_fine,
    opened,
    picker,
    told,
    visit,
    words,
)

STAGE = {"stage": "1", "kind": "trend", "indicator": "studierende", "region": "09464"}


# --- what is not published ------------------------------------------------------------------------


def test_a_division_is_offered_where_it_is_published():
    chosen = {"kind": "trend", "indicator": "einschulungen"}
    whole = picker(opened(EXPLORER, region="99101", **chosen), "Aufteilung")
    assert "nach Geschlecht" in whole.options
    part = picker(opened(EXPLORER, region="99102103", **chosen), "Aufteilung")
    assert part.options == ["insgesamt", "nach Art der Einschulung"]
    assert "nicht nach Geschlecht veröffentlicht" in part.help


def test_a_link_to_a_division_that_is_not_published_says_why():
    app = opened(EXPLORER, kind="trend", indicator="einschulungen", region="99102103", by="sex")
    assert picker(app, "Aufteilung").value == "sex"
    assert "Das wird nicht veröffentlicht" in words(app)
    assert "um kleine Zahlen zu schützen" in words(app)


def test_a_map_of_parts_offers_no_group_that_is_not_published_of_them():
    app = opened(EXPLORER, kind="map", indicator="einschulungen", region="99102", scope="parts")
    assert picker(app, "Geschlecht").options == ["alle"]
    assert len(picker(app, "Art der Einschulung").options) > 2


# --- every page -----------------------------------------------------------------------------------


@pytest.mark.parametrize("region", REGIONS)
def test_every_page_opens_for_every_education_region(region, release):
    app = opened(region=region)
    assert is_fine(app), app.exception
    assert release.regions[region].name in words(app)
    for script in [script for script in SCRIPTS if script != OVERVIEW]:
        go(app, script)
        assert is_fine(app), (script, app.exception)
        assert asked(app, "region") == region


@pytest.mark.parametrize("region", ["DG", "11000"])
def test_other_regions_than_the_education_regions_can_be_opened_too(region):
    assert is_fine(opened(EXPLORER, region=region))


@pytest.mark.parametrize("kind", ["map", "trend", "panels", "ranking", "table"])
def test_the_explorer_draws_every_kind(kind):
    app = opened(EXPLORER, region="verbund:hof", kind=kind, indicator="studierende")
    assert is_fine(app)
    assert "Studierende" in words(app)


def test_an_indicator_without_a_file_says_what_would_bring_it():
    chosen = "beschaeftigte_auslaendisch_anteil"
    app = opened(EXPLORER, region="09464", kind="table", indicator=chosen)
    assert "liegt noch keine Datei vor" in told(app)


# --- links ----------------------------------------------------------------------------------------


def test_a_link_restores_region_indicator_and_kind():
    app = opened(EXPLORER, region="09475", indicator="studierende", kind="table")
    assert picker(app, "Indikator").value == "studierende"
    assert picker(app, "Bildungsregion").value == "hof"
    assert asked(app, "region") == "09475"
    assert asked(app, "indicator") == "studierende"
    assert asked(app, "kind") == "table"


def test_another_choice_is_written_into_the_address():
    app = opened(EXPLORER, region="verbund:hof")
    picker(app, "Indikator").set_value("studierende").run()
    assert is_fine(app) and asked(app, "indicator") == "studierende"
    picker(app, "Bildungsregion").set_value("koblenz").run()
    assert is_fine(app) and asked(app, "region") == "07111"
    assert asked(app, "indicator") == "studierende"


def test_a_choice_outlives_the_change_of_the_page():
    app = opened(EXPLORER, region="06431", indicator="studierende")
    go(app, OVERVIEW)
    go(app, EXPLORER)
    assert picker(app, "Indikator").value == "studierende"
    assert asked(app, "region") == "06431"


WRONG = {
    "region": "99999",
    "indicator": "quote",
    "kind": "pie",
    "theme": "wetter",
    "period": "1999",
    "measure": "viele",
    "by": "augenfarbe",
    "scope": "welt",
    "compare": "99999",
    "section": "nichts",
}


@pytest.mark.parametrize("script", SCRIPTS)
def test_what_does_not_exist_in_an_address_falls_back(script):
    app = opened(script, **WRONG)
    assert is_fine(app), app.exception
    assert asked(app, "region") in REGIONS


@pytest.mark.parametrize("name", ["region", "indicator", "kind"])
def test_one_wrong_choice_leaves_the_others_alone(name):
    right = {"region": "09475", "indicator": "studierende", "kind": "ranking"}
    app = opened(EXPLORER, **right | {name: WRONG[name]})
    assert is_fine(app), app.exception
    assert asked(app, name) != WRONG[name]
    for other in set(right) - {name}:
        assert asked(app, other) == right[other]


@pytest.mark.parametrize(
    ("name", "label"),
    {
        "region": "Region",
        "indicator": "Indikator",
        "kind": "Darstellung",
        "theme": "Thema",
        "period": "Zeitraum",
        "measure": "Wert",
        "scope": "Vergleich",
        "face": "Ansicht",
    }.items(),
)
def test_what_an_address_asks_for_in_vain_is_told_once(name, label):
    app = opened(EXPLORER, **{name: "gibtsnicht"})
    assert f"Die Adresse nennt als {label} „gibtsnicht“; das gibt es hier nicht." in words(app)
    assert "Bitte prüfen Sie den Link" in words(app)
    picker(app, "Vergleich").set_value("all").run()
    assert "Die Adresse nennt" not in words(app)


def test_regions_to_compare_that_do_not_exist_are_told_and_the_others_kept():
    app = opened(EXPLORER, kind="trend", region="09464", compare="99999,09463")
    assert "als Kreis zum Vergleich „99999“" in words(app)
    assert asked(app, "compare") == "09463"
    app = opened(EXPLORER, kind="trend", region="09464", compare="09463,09473,09471,09472")
    assert "höchstens 3 Kreise" in words(app)
    assert asked(app, "compare") == "09463,09473,09471"


def test_a_part_of_the_address_that_means_nothing_here_is_told():
    app = opened(EXPLORER, kind="map", by="sex", indikator="studierende")
    assert "Auf dieser Seite ohne Wirkung: by, indikator." in words(app)
    assert asked(app, "by") is None


def test_a_right_address_is_told_nothing():
    app = opened(EXPLORER, kind="trend", region="09464", compare="09463", face="table")
    assert "bb-notice" not in words(app)


# --- the address wins -----------------------------------------------------------------------------


def test_another_address_replaces_every_choice():
    app = opened(EXPLORER, region="09464", kind="ranking", indicator="studierende")
    picker(app, "Vergleich").set_value("all").run()
    visit(app, region="07111", kind="trend")
    assert picker(app, "Bildungsregion").value == "koblenz"
    assert {name: asked(app, name) for name in ("kind", "indicator", "scope")} == {
        "kind": "trend",
        "indicator": None,
        "scope": None,
    }
    visit(app, region="09464", kind="ranking", indicator="studierende")
    assert picker(app, "Indikator").value == "studierende"
    assert picker(app, "Vergleich").value == "land"


def test_a_click_wins_over_an_address_that_is_still_the_one_before():
    """A second click may be faster than the browser, which then sends the address of the first."""
    app = opened(EXPLORER, region="09464", kind="ranking")
    before = dict(app.query_params)
    picker(app, "Indikator").set_value("studierende").run()
    app.query_params.clear()
    app.query_params.update(before)
    picker(app, "Vergleich").set_value("all").run()
    assert asked(app, "indicator") == "studierende" and asked(app, "scope") == "all"


def test_the_face_of_a_card_does_not_go_along_to_another_page():
    app = opened(EXPLORER, region="09464", face="info")
    go(app, OVERVIEW)
    assert asked(app, "face") is None
    go(app, EXPLORER)
    assert asked(app, "face") is None


def test_a_table_shows_all_years_of_the_region_and_its_comparisons():
    app = opened(EXPLORER, region="09464", kind="table", indicator="geburtenrate")
    assert picker(app, "Zeitraum").value == ""
    assert asked(app, "period") is None
    for cell in ("2019", "2010", "Stadt Hof", "Landkreis Hof", "Bayern", "Deutschland"):
        assert f">{cell}</td>" in words(app)
    picker(app, "Zeitraum").set_value("2019").run()
    assert asked(app, "period") == "2019" and ">2010</td>" not in words(app)


def test_the_period_of_a_map_is_no_choice_until_one_is_made():
    app = opened(EXPLORER, region="09464", kind="map", indicator="geburtenrate")
    assert picker(app, "Zeitraum").value
    visit(app, region="09464", kind="table", indicator="geburtenrate")
    assert picker(app, "Zeitraum").value == ""


# --- stage and releases ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (
            {"indicator": "quatsch"},
            "Der Link nennt als Indikator „quatsch“; das gibt es hier nicht.",
        ),
        ({"kind": "pie"}, "Der Link nennt als Darstellung „pie“; das gibt es hier nicht."),
        (
            {"period": "1999", "kind": "map"},
            "Für den Zeitraum 1999 liegen dazu für Stadt Hof keine Zahlen vor; gezeigt wird WS ",
        ),
    ],
)
def test_the_stage_says_in_german_what_does_not_exist(wrong, reason):
    app = opened(EXPLORER, **STAGE | wrong)
    assert reason in told(app)


def test_the_stage_shows_the_view_alone():
    app = opened(EXPLORER, **STAGE)
    assert is_fine(app) and "Studierende" in words(app)
    assert not app.sidebar.selectbox and not app.selectbox


def test_a_release_that_does_not_exist_is_told_in_german():
    app = opened(release="0000")
    assert "Den Datenstand 0000 gibt es nicht; vorhanden: " in app.exception[0].message
    assert is_fine(visit(app)), "the menu leads out of it"


def test_a_link_to_an_older_release_says_so_and_leads_to_the_current_one(
    data_folder, tmp_path, monkeypatch
):
    shutil.copytree(data_folder, tmp_path / "town")
    releases = tmp_path / "town" / "releases"
    current = json.loads((releases / "current.json").read_text("utf-8"))["release"]
    for ending in ("duckdb", "json"):
        shutil.copy(releases / f"{current}.{ending}", releases / f"0123abcd.{ending}")
    monkeypatch.setenv("BILDUNGSBLICK_DATA", str(tmp_path / "town"))
    app = opened(release="0123abcd")
    assert "Dieser Link hält den Datenstand vom" in words(app)
    go(app, EXPLORER)
    assert asked(app, "release") == "0123abcd" and "hält den Datenstand" in words(app)
    next(button for button in app.button if button.label == "Zum aktuellen").click().run()
    assert asked(app, "release") is None and "hält den Datenstand" not in words(app)


def test_two_releases_of_one_day_are_told_apart_wherever_they_are_named(
    data_folder, tmp_path, monkeypatch
):
    shutil.copytree(data_folder, tmp_path / "town")
    releases = tmp_path / "town" / "releases"
    current = json.loads((releases / "current.json").read_text("utf-8"))["release"]
    facts = json.loads((releases / f"{current}.json").read_text("utf-8"))
    now = datetime.fromisoformat(facts["published"]).replace(hour=14, minute=30)
    before = now.replace(hour=9, minute=15)
    for id, published in ((current, now), ("0123abcd", before)):
        facts["published"] = published.isoformat()
        (releases / f"{id}.json").write_text(json.dumps(facts), "utf-8")
    shutil.copy(releases / f"{current}.duckdb", releases / "0123abcd.duckdb")
    # opened releases are remembered by their file, and another test may have opened this one
    os.utime(releases / f"{current}.duckdb", (1, 1))
    monkeypatch.setenv("BILDUNGSBLICK_DATA", str(tmp_path / "town"))
    day = f"{now:%d.%m.%Y}"
    app = opened(EXPLORER, release="0123abcd", kind="trend", indicator="studierende")
    notice = re.search(r"bb-notice.*?</div>", words(app)).group()
    assert f"{day}, 09:15 Uhr" in notice and f"{day}, 14:30 Uhr" in notice
    assert f"in Bildungsblick seit {day}, 09:15 Uhr" in words(app)
    visit(app, release="0123abcd", **STAGE)
    assert f"in Bildungsblick seit {day}, 09:15 Uhr" in words(app)
    go(app, "pages/views/catalogue.py", section="releases")
    assert f"veröffentlicht am {day}, 14:30 Uhr" in words(app)
    assert f"{day}, 09:15 Uhr</td>" in words(app)


@pytest.mark.parametrize("region", ["verbund:coburg", "verbund:beispiel", "99101", "DG"])
def test_as_many_indicators_are_said_to_have_numbers_as_the_profile_has(region, ask):
    app = opened("pages/views/catalogue.py", region=region)
    (told,) = re.findall(r"davon (\d+) mit Angaben für", words(app))
    profile = ask(f"kind=profile&region={region}")
    assert int(told) == sum(row["value"] is not None for row in profile.rows)


def test_a_damaged_release_in_force_gives_way_to_the_last_good_one(
    data_folder, tmp_path, monkeypatch
):
    shutil.copytree(data_folder, tmp_path / "town")
    folder = tmp_path / "town" / "releases"
    good = json.loads((folder / "current.json").read_text("utf-8"))["release"]
    newer = folder / "0123abcd.duckdb"
    shutil.copy(folder / f"{good}.duckdb", newer)
    told = json.loads((folder / f"{good}.json").read_text("utf-8"))
    told |= {"before": [good], "sha256": hashlib.sha256(newer.read_bytes()).hexdigest()}
    newer.with_suffix(".json").write_text(json.dumps(told))
    (folder / "current.json").write_text(json.dumps({"release": "0123abcd"}))
    monkeypatch.setenv("BILDUNGSBLICK_DATA", str(tmp_path / "town"))
    app = opened()
    assert is_fine(app) and "Es wird der Stand vom" not in words(app)
    content = bytearray(newer.read_bytes())
    content[5_000_000:5_000_064] = bytes(255 - byte for byte in content[5_000_000:5_000_064])
    newer.write_bytes(content)
    go(app, EXPLORER)
    assert is_fine(app), app.exception
    assert "Der Datenstand in Kraft lässt sich nicht lesen. Es wird der Stand vom" in words(app)
    assert str(tmp_path) not in words(app)
    app = opened(release="0123abcd")
    message = app.exception[0].message
    assert "Der Datenstand 0123abcd ist beschädigt" in message and str(tmp_path) not in message
    assert is_fine(visit(app)), "the menu leads out of it"


def test_an_address_cannot_reach_a_release_elsewhere(data_folder):
    app = opened(release="../../../somewhere")
    assert "gibt es nicht" in app.exception[0].message


# --- what a page opens with -----------------------------------------------------------------------


@pytest.mark.parametrize("script", ["transitions", "migration", "demography"])
@pytest.mark.parametrize("region", REGIONS)
def test_a_page_of_a_theme_opens_with_something_to_see(region, script):
    app = opened(f"pages/views/{script}.py", region=region)
    assert "noch keine Angaben" not in words(app)


def test_the_first_map_of_a_region_without_kreise_is_one_of_its_parts():
    assert "noch keine" not in words(opened(EXPLORER, region="verbund:beispiel"))


def test_the_assumptions_of_a_joint_region_fit_into_a_line():
    app = opened("pages/views/demography.py", region="verbund:beispiel")
    (told,) = re.findall(r"Annahmen: [^<\n]*", words(app))
    assert len(told) < 180
    assert "je Gebiet" in told and "5 Jahre" in told and "30.9." in told


def test_a_right_link_without_data_is_not_called_a_wrong_one():
    wanted = {"kind": "trend", "indicator": "zurueckstellungsquote"}
    app = opened(EXPLORER, region="09761", stage="1", **wanted)
    text = words(app)
    assert "Hierzu gibt es noch keine Angaben" in text
    assert text.count("Nächster Schritt") == 1


def test_years_of_a_projection_stand_behind_those_that_were_counted():
    app = opened("pages/views/catalogue.py", region="verbund:beispiel", section="availability")
    years = [int(year) for year in re.findall(r">(20\d\d)</th>", words(app))]
    assert years and years[0] < max(years)


# --- Schutz ---------------------------------------------------------------------------------------


def test_the_protection_report_begins_with_what_can_be_worked_out(release):
    app = opened("pages/views/catalogue.py", region="verbund:beispiel", section="protection")
    assert is_fine(app), app.exception
    text = words(app)
    hidden = release.frame("SELECT sum(hidden)::INT AS n FROM release.audit")["n"][0]
    assert f"{formats.number(hidden)} verborgenen Werte" in text
    for rule in release.protection.values():
        assert html.escape(release.catalog.datasets[rule.dataset].name) in text
    assert "Was nicht zugesichert wird" in text


def test_the_downloaded_protection_report_names_no_single_value(release):
    public = protection_report.text(release)
    said = "Wert genau 2, berechenbar für den, der …\nFolgt aus: …"
    own = protection_report.text(release, dict.fromkeys(release.protection, said))
    assert "Folgt aus" in own and set(release.frame("SELECT * FROM release.audit")) >= {"text"}
    assert "Ergebnis: keine Einwände." in public and "Annahmen" in public
    assert "berechenbar für den" not in public and "Folgt aus" not in public


def test_a_release_of_before_says_that_nothing_in_it_is_protected(
    data_folder, tmp_path, monkeypatch
):
    shutil.copytree(data_folder, tmp_path / "town")
    releases = tmp_path / "town" / "releases"
    current = json.loads((releases / "current.json").read_text("utf-8"))["release"]
    facts = json.loads((releases / f"{current}.json").read_text("utf-8"))
    facts.pop("sha256", None)  # as it was written then
    (releases / "0123beef.json").write_text(json.dumps(facts), encoding="utf-8")
    shutil.copy(releases / f"{current}.duckdb", releases / "0123beef.duckdb")
    with duckdb.connect(str(releases / "0123beef.duckdb")) as connection:
        connection.execute("DROP TABLE audit")
        connection.execute("DROP TABLE protection")
    monkeypatch.setenv("BILDUNGSBLICK_DATA", str(tmp_path / "town"))
    app = opened("pages/views/catalogue.py", section="protection", release="0123beef")
    assert "aus der Zeit vor dem Schutz kleiner Zahlen" in words(app)
    assert "Mindest" not in words(app)


@pytest.mark.parametrize(
    "address",
    [
        {"kind": "trend", "indicator": "uebertrittsquote_gymnasium", "by": "sex"},
        {"kind": "trend", "indicator": "seu_sprache_auffaellig", "by": "sex"},
        {"kind": "pyramid"},
    ],
)
@pytest.mark.parametrize("stage", ["", "1"])
def test_what_is_not_published_for_gemeinden_is_not_called_missing(address, stage):
    stage = {"stage": stage} if stage else {}
    app = opened(EXPLORER, region="99102101", **address, **stage)
    text = words(app)
    assert "Das wird nicht veröffentlicht" in text
    assert "für Gemeinden nicht nach" in text and "um kleine Zahlen zu schützen" in text
    assert "einlesen" not in text and "noch keine" not in text


def test_a_hidden_count_in_a_table_is_no_dash(ask):
    found = ask("kind=table&indicator=uebertrittsquote_gymnasium&region=99102101")
    hidden = [row for row in found.table.rows if row[-1] == "geschützt"]
    assert hidden and all("geschützt" in row[2:4] and "–" not in row for row in hidden)
    assert any("Geschützt" in note for note in found.notes)
