"""The start page answers what the region can answer; a link nobody can answer is shown as near as
possible, and the page says so."""

import pytest

from tests.pages.apps import EXPLORER, asked, is_fine, opened, visit, words

TOWN, COBURG = "verbund:beispiel", "verbund:coburg"
TRANSITIONS = "pages/views/transitions.py"
RATE = "abgaenger_ohne_abschluss_anteil"
AUGSBURG = "09761"  # no region whose figures ship: RATE is known of it, but not divided by sex


def start_page(region: str):
    """The start page once its questions are answered, which it does after it is drawn."""
    app = opened(region=region)
    return app.run()


def test_what_coburg_can_answer_stands_first_and_what_it_lacks_below():
    text = words(start_page(COBURG))
    answer, folded = text.index("2022/23 · 118 von 1.195"), text.index("ohne Antwort für")
    assert text.index("verließen 9,9") < folded and answer < folded
    instead = "Zu- und Fortzüge nach Alter liegen nicht vor; gezeigt wird der Saldo aller"
    assert text.index(instead) < folded
    assert text.index("Wie viele Kinder werden zurückgestellt?") > folded
    assert "Dazu fehlt: eine eigene Tabelle „Erstmals schulpflichtige" in text[folded:]


def test_a_question_whose_division_is_not_there_is_answered_as_a_whole_and_says_so():
    text = words(start_page(AUGSBURG))
    assert "Nach Geschlecht liegen für Stadt Augsburg keine Zahlen vor" in text
    assert text.index("In der Stadt Augsburg verließen 6,1") < text.index("ohne Antwort für")


def test_the_invented_town_answers_all():
    text = words(start_page(TOWN))
    assert "ohne Antwort für" not in text and "weitere Antworten" in text
    assert "Beispielstadt 48,6" in text and "Landkreis Beispielau −27,2" in text


def test_before_they_are_answered_the_questions_stand_there_alone(monkeypatch):
    from pages.shared import cached

    monkeypatch.setattr(cached, "has_replies", lambda *_: False)
    app = opened(region="06431")
    assert "werden gerade zusammengestellt" in words(app)
    assert "Wie viele Kinder wechseln aufs Gymnasium?" in words(app)


def test_a_link_that_asks_for_a_division_nobody_has_shows_the_whole_and_says_so():
    app = opened(
        TRANSITIONS, gate="abschluss", kind="trend", indicator=RATE, by="sex", region=AUGSBURG
    )
    assert is_fine(app)
    text = words(app)
    assert "Nach Geschlecht liegen für Stadt Augsburg keine Zahlen vor" in text
    assert "verließen 6,1" in text and "noch keine Angaben" not in text
    assert asked(app, "by") is None and asked(app, "region") == AUGSBURG
    assert "ohne Wirkung" not in text and "Bitte prüfen Sie den Link" not in text
    # said once: the next click on the page is about something else
    app.run()
    assert "Nach Geschlecht liegen" not in words(app)


def test_a_map_of_parts_that_nobody_drew_shows_the_kreise_and_says_so():
    app = opened(EXPLORER, kind="map", indicator=RATE, scope="parts", region=COBURG)
    assert is_fine(app)
    assert "gezeigt werden die Kreise in Bayern" in words(app)
    assert asked(app, "scope") in (None, "land")


def test_a_link_to_a_part_without_numbers_leads_to_what_it_lies_in():
    app = opened(EXPLORER, kind="trend", indicator=RATE, region="99101-01")
    assert is_fine(app)
    assert asked(app, "region") == "99101"
    assert "liegen dazu keine Zahlen vor; gezeigt wird Beispielstadt" in words(app)


def test_who_clicks_stays_in_the_region_and_is_led_to_the_nearest_answer():
    app = opened(EXPLORER, kind="trend", indicator=RATE, region="99101")
    (box,) = [box for box in app.selectbox if box.label == "Gemeinde oder Stadtteil"]
    box.set_value("99101-01").run()
    assert asked(app, "region") == "99101-01"
    text = words(app)
    assert "gezeigt wird Beispielstadt" in text
    assert f"karte?kind=trend&amp;indicator={RATE}&amp;region=99101" in text


def test_a_slide_says_what_it_shows_instead():
    app = opened(EXPLORER, kind="trend", indicator=RATE, by="sex", region=AUGSBURG, stage="1")
    assert is_fine(app)
    assert "Nach Geschlecht liegen" in words(app) and "verließen 6,1" in words(app)


@pytest.mark.parametrize("region", [TOWN, COBURG])
def test_kita_and_all_day_care_have_a_page(region):
    app = opened("pages/views/childcare.py", region=region)
    assert is_fine(app)
    text = words(app)
    assert "Kita und Ganztag" in text
    if region == TOWN:
        assert "Kinder mit angenommenem Bedarf" in text
        visit(app, section="kita_plaetze", indicator="ganztag_platzluecke", region=region)
        assert "Ganztagsplätze für" in words(app)
