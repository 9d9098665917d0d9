"""The search field of every page: what is typed is found, and a question can be changed."""

import pytest

from indicators import view as views
from indicators.search.index import Index
from tests.pages.apps import OVERVIEW, SCRIPTS, is_fine, opened, picker, words

QUESTION = "Wie viele Kinder ohne deutschen Pass wechseln in Beispielstadt aufs Gymnasium?"
REGION = "verbund:beispiel"


def search(app, text: str):
    (box,) = [field for field in app.text_input if field.label == "Suche"]
    return box.set_value(text).run()


def answer_of(app) -> str:
    """The query string the answer of a question leads to."""
    (line,) = [e.proto.body for e in app.get("html") if "bb-hits-answer" in e.proto.body]
    return line.split('href="karte?')[1].split('"')[0].replace("&amp;", "&")


@pytest.mark.parametrize("script", SCRIPTS)
def test_every_page_has_the_field_and_finds_nothing_unasked(script, monkeypatch):
    monkeypatch.setattr(Index, "of", None)  # no index is made before something is typed
    app = opened(script, region=REGION)
    assert is_fine(app) and "Treffer" not in words(app)
    assert [field.label for field in app.text_input].count("Suche") == 1


def test_the_stage_has_no_field():
    app = opened(OVERVIEW, region=REGION, stage="1")
    assert not app.text_input


def test_hits_are_grouped_and_lead_on_in_the_region_in_sight():
    app = search(opened(region=REGION), "Gymansium")
    text = words(app)
    for group in ("Fragen", "Indikatoren", "Schularten"):
        assert f'aria-label="{group}"' in text
    assert "indicator=uebertrittsquote_gymnasium&amp;region=verbund:beispiel" in text
    app = search(app, "Tannweiher")
    assert 'href="./?region=99102120"' in words(app)


def test_nothing_found_is_said_and_what_can_be_done():
    text = words(search(opened(region=REGION), "xyzzy qwrt"))
    assert "Nichts gefunden zu „xyzzy qwrt“" in text and "So wird gesucht" in text


def test_typed_markup_is_text():
    text = words(search(opened(region=REGION), "<b>Gymnasium</b> <script>"))
    assert "<script" not in text and "<b>" not in text


def test_a_question_shows_its_parts_and_its_answer(release):
    app = search(opened(region=REGION), QUESTION)
    assert is_fine(app)
    view = views.parse(answer_of(app), release.catalog, release.regions)
    assert (view.indicator, view.region, view.by) == (
        "uebertrittsquote_gymnasium",
        "99101",
        "citizenship",
    )
    assert picker(app, "Indikator").value == "uebertrittsquote_gymnasium"
    assert picker(app, "Aufteilung").value == "citizenship"
    assert "Zeitverlauf ansehen" in words(app)


def test_each_part_of_a_question_can_be_changed(release):
    app = search(opened(region=REGION), QUESTION)
    picker(app, "Region").set_value("09464").run()
    picker(app, "Aufteilung").set_value("sex").run()
    view = views.parse(answer_of(app), release.catalog, release.regions)
    assert (view.region, view.by) == ("09464", "sex")
    picker(app, "Region").set_value("99102").run()
    newest = picker(app, "Zeitraum").options[1]
    picker(app, "Zeitraum").set_value(newest).run()
    view = views.parse(answer_of(app), release.catalog, release.regions)
    assert (view.period, view.kind) == (newest, "table")
    # an indicator without this division keeps what fits it
    picker(app, "Indikator").set_value("wiederholerquote").run()
    view = views.parse(answer_of(app), release.catalog, release.regions)
    assert (view.indicator, view.region, view.by) == ("wiederholerquote", "99102", "")
    assert is_fine(app)


def test_a_new_question_begins_anew(release):
    app = search(opened(region=REGION), QUESTION)
    picker(app, "Region").set_value("09464").run()
    app = search(app, "Übertritt Gymnasium Koblenz")
    view = views.parse(answer_of(app), release.catalog, release.regions)
    assert (view.region, view.by) == ("07111", "")


def test_what_was_not_understood_is_said():
    text = words(search(opened(region=REGION), "Quantencomputer Übertritt Gymnasium Hof"))
    assert "Nicht verstanden und ohne Wirkung: „Quantencomputer“." in text
    assert "Mehrere Regionen heißen so: Gezeigt wird Stadt und Landkreis Hof" in text


def test_the_page_of_an_answer_shows_what_was_asked(release):
    app = search(opened(region=REGION), "Klassengröße an Grundschulen in Beispielstadt")
    query = answer_of(app)
    assert "school_type=grundschule" in query
    pairs = dict(pair.split("=") for pair in query.split("&"))
    page = opened("pages/views/explorer.py", **pairs)
    assert is_fine(page) and "ohne Wirkung" not in words(page)
    assert "Schulart: Grundschule" in words(page)
