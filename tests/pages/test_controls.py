"""A control shows what the figure beside it uses: every picker of every page, against the words of
its card and against the answer itself."""

import html
import re

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from indicators import kinds
from indicators import view as views
from indicators.answers.answering import answer
from indicators.errors import ViewError
from indicators.view import SCOPES, View
from pages.shared import pickers
from tests.pages.apps import EXPLORER, asked, opened, picker, visit, words

DEMOGRAPHY = "pages/views/demography.py"
REGIONS = [
    "verbund:coburg", "verbund:hof", "verbund:kaufbeuren_ostallgaeu", "07111", "06431",
    "verbund:beispiel", "99101", "99102101", "11000", "02000", "04011", "09", "DG",
]  # fmt: skip
BOXES = {"variant": "Wanderung", "years": "Mittel der letzten", "without": "Jahre mit Sonderlagen"}
BOXES["cutoff"] = "Schulpflichtig ist, wer sechs Jahre alt wird bis"


def box(app: AppTest, label: str):
    """A picker by its label, or None."""
    return next((box for box in app.selectbox if box.label == label), None)


def subtitles(app: AppTest) -> str:
    return "\n".join(html.unescape(t) for t in re.findall(r'bb-subtitle">(.*?)</p>', words(app)))


# --- Annahmen -------------------------------------------------------------------------------------


def in_force(release, region: str, **settings: str):
    """The assumptions the answer works with; None if there is no answer."""
    query = "&".join(f"{name}={value}" for name, value in settings.items())
    try:
        view = views.parse(
            f"kind=starters&region={region}&{query}", release.catalog, release.regions
        )
        return {p.id: p for p in answer(release, view).parameters}
    except ViewError:
        return None


def assert_assumptions(app: AppTest, release, region: str, **settings: str) -> None:
    used = in_force(release, region, **settings)
    for id, label in BOXES.items():
        shown = box(app, label)
        if used is None or not used[id].options:
            assert shown is None, label
            continue
        assert shown.value == used[id].value, (label, settings)
        assert shown.value in used[id].options
    if used:
        fields = {field.label: field.value for field in app.text_input}
        assert fields["Später eingeschult (Prozent)"] == used["z"].value
        assert fields["Vorzeitig eingeschult (Prozent)"] == used["v"].value


@pytest.mark.parametrize("region", REGIONS)
def test_assumptions_are_shown_as_they_are_in_force(region, release):
    app = opened(DEMOGRAPHY, region=region, section="schulanfang")
    assert_assumptions(app, release, region)


@pytest.mark.parametrize(
    "settings",
    [
        {"variant": "high"},
        {"years": "3", "cutoff": "6"},
        {"without": "2022", "z": "12,5"},
        {"without": "2018", "variant": "none"},
        {"v": "3", "show": "parts"},
    ],
)
def test_assumptions_of_an_address_are_shown_and_change_nothing_else(settings, release):
    region = "verbund:beispiel"
    app = opened(DEMOGRAPHY, region=region, section="schulanfang", **settings)
    assert_assumptions(app, release, region, **settings)
    picker(app, BOXES["variant"]).set_value("high").run()
    wanted = {**settings, "variant": "high"}
    assert_assumptions(app, release, region, **wanted)
    written = {name for name in kinds.ALL["starters"].settings if asked(app, name)}
    assert written == set(wanted)


def test_an_address_replaces_assumptions_that_were_chosen(release):
    region = "verbund:beispiel"
    app = opened(DEMOGRAPHY, region=region, section="schulanfang")
    picker(app, BOXES["years"]).set_value("3").run()
    assert_assumptions(app, release, region, years="3")
    visit(app, region=region, section="schulanfang", cutoff="12")
    assert_assumptions(app, release, region, cutoff="12")


# --- all pages ------------------------------------------------------------------------------------

PARTS = [
    ("pages/views/transitions.py", {"gate": gate})
    for gate in (
        "kita_grundschule", "grundschule_sekundarstufe", "innerhalb_sekundarstufe", "abschluss",
        "ausbildung", "alle",
    )
]  # fmt: skip
PARTS += [
    ("pages/views/childcare.py", {"section": section})
    for section in ("kita_plaetze", "kita_betreuung", "kita_ganztag", "kita_einrichtungen")
]
PARTS += [
    ("pages/views/migration.py", {"section": section})
    for section in ("plaetze", "sprachfoerderung", "anteile")
]
PARTS += [
    (DEMOGRAPHY, {"section": section})
    for section in ("pyramide", "altersgruppen", "geburten", "wanderung", "vorausberechnung")
]
PARTS += [("pages/views/life_course.py", {"order": "bausteine"})]
PARTS += [(EXPLORER, {"kind": kind}) for kind in ("map", "maps", "trend", "panels", "ranking")]
PARTS += [(EXPLORER, {"kind": "table"})]
PARTS += [
    (EXPLORER, {"kind": "map", "scope": "all"}),
    (EXPLORER, {"kind": "ranking", "scope": "parts"}),
    (EXPLORER, {"kind": "panels", "each": "parts"}),
]


def assert_controls_tell_the_card(app: AppTest, release, where) -> None:
    """What the pickers show stands in the subtitle of the card, or there is no answer."""
    told = subtitles(app)
    if "keine Angaben" in words(app) or "nicht veröffentlicht" in words(app):
        return
    if period := box(app, "Zeitraum") or box(app, "Jahr"):
        assert not period.value or period.value in told, (where, period.value, told)
    if indicator := box(app, "Indikator"):
        name = release.catalog.indicators[indicator.value].name
        assert name in told or name in words(app).split("bb-headline")[-1], (where, name, told)
    if scope := box(app, "Vergleich"):
        region = release.region(asked(app, "region"))
        there = {
            "land": region.land and release.region(region.land).where,
            "all": "in Deutschland",
            "parts": "",
        }[scope.value]
        assert there in told, (where, SCOPES[scope.value], told)
        if scope.value == "parts":
            assert "Kreise" not in told, (where, told)


def test_panels_are_of_what_is_chosen_and_divided_by_something_else():
    app = opened(EXPLORER, kind="panels", region="06431", indicator="schueler_allgemeinbildend")
    assert picker(app, "Je Bild").options == ["Schulart", "Geschlecht", "Staatsangehörigkeit"]
    assert "ein Bild je Schulart" in subtitles(app) and asked(app, "each") is None
    picker(app, "Aufteilung").set_value("sex").run()
    assert "ein Bild je Schulart, nach Geschlecht" in subtitles(app)
    picker(app, "Je Bild").set_value("sex").run()
    assert asked(app, "each") == "sex" and asked(app, "by") is None
    assert "ein Bild je Geschlecht, Landkreis" in subtitles(app)
    assert "sex" not in picker(app, "Aufteilung").options
    assert not app.exception and "bb-notice" not in words(app)


def test_a_region_without_gemeinden_is_not_offered_a_panel_of_each():
    app = opened(EXPLORER, kind="panels", region="verbund:hof", indicator="geburtenrate")
    assert picker(app, "Je Bild").options == ["Ort"]
    visit(app, kind="panels", region="verbund:beispiel", indicator="einschulung_verspaetet_quote")
    assert picker(app, "Je Bild").options[:2] == ["Ort", "Gemeinde/Stadtteil"]


def test_panels_a_region_does_not_have_become_others_and_are_told():
    app = opened(
        EXPLORER, kind="panels", region="07111", indicator="lebendgeborene", each="age_mother"
    )
    assert "Je Alter der Mutter gibt es das für Stadt Koblenz nicht" in words(app)
    assert asked(app, "each") is None and "ein Bild je" in subtitles(app)


def test_the_year_of_a_pyramid_is_that_of_its_bars(release):
    app = opened(DEMOGRAPHY, region="verbund:beispiel", section="pyramide")
    years = picker(app, "Jahr").options
    picker(app, "Jahr").set_value(years[3]).run()
    assert f", {years[3]}" in subtitles(app)
    picker(app, "Vergleichsjahr").set_value(years[0]).run()
    assert f"{years[0]}" in subtitles(app)
    other = picker(app, "Vergleichsregion")
    other.set_value("99101").run()
    assert release.region("99101").name in subtitles(app)


def test_the_year_in_sight_is_shown_while_a_pyramid_is_played():
    app = opened(DEMOGRAPHY, region="verbund:beispiel", section="pyramide")
    plays = next(one for one in app.toggle if one.label == "Abspielen")
    plays.set_value(True).run()
    assert not app.exception
    shown = picker(app, "Jahr")
    assert shown.disabled and shown.value in subtitles(app)
    plays = next(one for one in app.toggle if one.label == "Abspielen")
    plays.set_value(False).run()
    assert not picker(app, "Jahr").disabled


@pytest.mark.parametrize("region", ["11000", "02000", "DG"])
def test_where_a_land_has_too_few_kreise_the_comparison_is_germany(region, release):
    app = opened(EXPLORER, region=region, kind="map", indicator="studierende")
    assert "land" not in [id for id in picker(app, "Vergleich").options]
    assert picker(app, "Vergleich").value == "all"
    view = View(kind="map", indicator="studierende", region=region)
    assert answer(release, view).subtitle in subtitles(app)


def test_a_comparison_of_parts_does_not_go_along_to_a_region_without_any():
    app = opened(EXPLORER, region="verbund:beispiel", kind="map", scope="parts")
    picker(app, "Bildungsregion").set_value("coburg").run()
    assert picker(app, "Vergleich").value == "land"
    assert "bb-notice" not in words(app)


def test_a_link_to_parts_that_have_no_boundaries_shows_the_kreise_and_says_so():
    app = opened(EXPLORER, region="verbund:coburg", kind="map", scope="parts")
    assert picker(app, "Vergleich").value == "land"
    (notice,) = re.findall(r'bb-notice" role="status">(.*?)</div>', words(app), re.DOTALL)
    assert "Zahlen oder Grenzen von Gemeinden und Stadtteilen gibt es für Stadt und" in notice
    assert "gezeigt werden die Kreise in Bayern" in notice
    assert "Bitte prüfen Sie den Link" not in notice


LEAVERS = "abgaenger_ohne_abschluss_anteil"


@pytest.mark.parametrize("kind", ["map", "ranking"])
def test_a_change_since_an_earlier_period_is_chosen_and_given_up(kind):
    app = opened(EXPLORER, region="verbund:coburg", kind=kind, indicator=LEAVERS)
    since = picker(app, "Verändert seit")
    assert since.value == "" and "2015/16" in since.options
    since.set_value("2015/16").run()
    assert asked(app, "since") == "2015/16"
    assert "Veränderung: Abgehende ohne Hauptschulabschluss" in subtitles(app)
    assert "2015/16 bis 2018/19, in Prozentpunkten" in subtitles(app)
    picker(app, "Verändert seit").set_value("").run()
    assert asked(app, "since") is None and "Veränderung" not in subtitles(app)


def test_an_earlier_period_that_cannot_be_compared_is_not_offered():
    app = opened(EXPLORER, region="verbund:coburg", kind="map", indicator=LEAVERS)
    picker(app, "Zeitraum").set_value("2012/13").run()
    assert "2012/13" not in picker(app, "Verändert seit").options
    assert "2015/16" not in picker(app, "Verändert seit").options


def test_two_periods_of_two_maps_are_chosen_each():
    app = opened(EXPLORER, region="verbund:coburg", kind="maps", indicator=LEAVERS)
    assert picker(app, "Daneben").value == "" and asked(app, "since") is None
    earlier = picker(app, "Früher")
    assert earlier.value == "2005/06" and "1994/95" in earlier.options
    assert "2005/06 und 2018/19" in subtitles(app)
    earlier.set_value("2012/13").run()
    assert asked(app, "since") == "2012/13" and "2012/13 und 2018/19" in subtitles(app)
    picker(app, "Zeitraum").set_value("2010/11").run()  # before the one on the left
    assert not app.exception and "2005/06 und 2010/11" in subtitles(app)
    assert picker(app, "Früher").value == "2005/06"


def test_another_indicator_stands_beside_and_takes_the_earlier_period_away():
    app = opened(EXPLORER, region="06431", kind="maps", indicator=LEAVERS)
    picker(app, "Daneben").set_value("bevoelkerungsdichte").run()
    assert asked(app, "with") == "bevoelkerungsdichte"
    assert box(app, "Früher") is None
    assert "Bevölkerungsdichte, 2019, Personen je km²" in subtitles(app)
    picker(app, "Daneben").set_value("").run()
    assert asked(app, "with") is None and picker(app, "Früher").value


def test_a_kind_without_a_second_map_forgets_what_stood_beside():
    address = {"region": "06431", "kind": "maps", "indicator": LEAVERS, "with": "auslaenderanteil"}
    app = opened(EXPLORER, **address)
    visit(app, **(address | {"kind": "trend"}))
    assert not app.exception and "with" in words(app)


def test_two_maps_count_too():
    app = opened(EXPLORER, region="verbund:beispiel", kind="maps", indicator="kinder_sgb2_quote",
                 measure="count")  # fmt: skip
    assert picker(app, "Wert").value == "count"
    assert "Kinder unter 15 Jahren in Bedarfsgemeinschaften" in subtitles(app)


# --- what a widget reports ------------------------------------------------------------------------


def test_only_what_a_reader_chose_is_a_choice(monkeypatch):
    """A click brings the values of all widgets along, also of one the server has just dropped."""
    kept = {"box": "a"}
    monkeypatch.setattr(st, "session_state", kept)
    chosen = []
    report = pickers.by_reader("box", "a", chosen.append)
    report()
    assert chosen == []
    for value in ("b", "b", "a"):  # a run that is broken off does not draw the widget again
        kept["box"] = value
        report()
    assert chosen == ["b", "a"]
    pickers.by_reader("box", "a", chosen.append)()
    assert chosen == ["b", "a"]
