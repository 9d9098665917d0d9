"""An agenda from the first card to the stage: taken, ordered, shown, asked otherwise, kept."""

import re
from collections.abc import Callable
from urllib.parse import parse_qsl

import pytest
from playwright.sync_api import Page, expect

from indicators import agenda as agendas
from indicators import kinds
from indicators.agenda import Agenda, Item
from tests.browser.helpers import Window, asked, settle_again
from tests.browser.test_stage import OUTSIDE, SCROLLS, SIZES, at_size

pytestmark = pytest.mark.browser

TOWN = "verbund:beispiel"
TREND = "kind=trend&indicator=abgaenger_ohne_abschluss_anteil&region=verbund:hof"
SHOWN = (
    Item(title="Übergänge und Abschlüsse"),
    Item(view=TREND, remark="Die Stadt liegt höher.", notes="Auf die Lücke hinweisen."),
    Item(view="kind=map&indicator=abgaenger_ohne_abschluss_anteil&region=verbund:hof"),
    Item(view="kind=ranking&indicator=geburtenrate&region=09464"),
    Item(view="kind=table&indicator=abgaenger_ohne_abschluss_anteil&region=verbund:hof"),
    Item(view=f"kind=flows&region={TOWN}"),
    Item(view=f"kind=pyramid&region={TOWN}"),
    Item(view=f"kind=starters&region={TOWN}"),
    Item(view=f"kind=chain&region={TOWN}"),
    Item(view=f"kind=balance&indicator=kita_platzluecke&region={TOWN}"),
    Item(view=TREND, beside="kind=ranking&indicator=geburtenrate&region=09464"),
    Item(view=f"{TREND}&face=table", title="Alle Werte"),
    Item(title="Beschlussvorschlag", text="Der Ausschuss nimmt Kenntnis."),
    Item(view="kind=maps&indicator=abgaenger_ohne_abschluss_anteil&region=verbund:coburg"),
    Item(view="kind=panels&indicator=abgaenger_ohne_abschluss_anteil&region=verbund:coburg&by=sex"),
    Item(
        view="kind=together&indicator=abgaenger_ohne_abschluss_anteil&with=auslaenderanteil"
        f"&region={TOWN}"
    ),
    Item(view=f"kind=flow&indicator=uebertrittsquote_schulart&region={TOWN}"),
    Item(view=f"kind=notable&region={TOWN}"),
    Item(view=f"kind=profile&region={TOWN}"),
)
AGENDA = agendas.packed(Agenda(title="Probe", item=SHOWN))
ON_STAGE = f"sitzung?stage=1&mappe={AGENDA}"


def test_the_agenda_of_these_tests_has_every_kind_of_view():
    views = [one for item in SHOWN for one in (item.view, item.beside) if one]
    assert {dict(parse_qsl(one))["kind"] for one in views} == set(kinds.ALL)


def slides(page: Page) -> list[str]:
    return page.locator("ol > li strong").all_inner_texts()


def becomes(page: Page, place: int, text: str) -> None:
    """Waits for the server's list: what was typed has gone a long way."""
    expect(page.locator("ol > li strong").nth(place)).to_have_text(text)


def slide(page: Page) -> str:
    return asked(page).get("folie", "1")


def press(window: Window, *keys: str) -> None:
    for key in keys:
        window.page.keyboard.press(key)
    settle_again(window)


def test_a_card_goes_into_the_agenda_with_its_release_and_comes_back_with_a_link(window: Window):
    page = window.open(f"karte?{TREND}")
    page.get_by_role("button", name="In die Mappe").click()
    expect(page.get_by_text(re.compile("Mappe „Sitzung“.*1 Folie"))).to_be_visible()
    page.get_by_role("link", name="Sitzung", exact=True).click()
    page.wait_for_url(re.compile("sitzung"))
    settle_again(window)
    assert [text.startswith("1. In ") for text in slides(page)] == [True]
    item = agendas.unpacked(asked(page)["mappe"]).items[0]
    assert item.view == TREND and item.release
    again = window.open(f"sitzung?mappe={asked(page)['mappe']}")
    assert len(slides(again)) == 1


def test_slides_are_ordered_by_buttons_and_keys_and_written_on(window: Window):
    page = window.open(f"sitzung?mappe={agendas.packed(Agenda(title='M', item=SHOWN[:2]))}")
    becomes(page, 0, "1. Übergänge und Abschlüsse")
    page.get_by_role("button", name="Folie 1 nach unten").click()
    settle_again(window)
    becomes(page, 1, "2. Übergänge und Abschlüsse")
    page.locator("ol > li").nth(1).focus()
    page.keyboard.press("Alt+ArrowUp")
    settle_again(window)
    becomes(page, 0, "1. Übergänge und Abschlüsse")
    page.get_by_label("Titel").last.fill("Anfang")
    page.keyboard.press("Tab")
    settle_again(window)
    becomes(page, 0, "1. Anfang")
    # what says nothing could not be opened again
    for label, titled in (("Titel", "1. Ohne Titel"), ("Titel", "1. Anfang")):
        page.get_by_label(label).last.fill(titled[3:] if "Anfang" in titled else "")
        page.keyboard.press("Tab")
        settle_again(window)
        becomes(page, 0, titled)
    page.get_by_label("Titel").first.fill("")
    page.keyboard.press("Tab")
    settle_again(window)
    expect(page.get_by_label("Titel").first).to_have_value("Sitzung")
    assert agendas.unpacked(asked(page)["mappe"]).title == "Sitzung"
    page.get_by_role("button", name="Textfolie einfügen").click()
    settle_again(window)
    becomes(page, 1, "2. Neue Folie")
    page.get_by_role("button", name="Folie 2 herausnehmen").click()
    settle_again(window)
    expect(page.locator("ol > li")).to_have_count(2)
    assert agendas.unpacked(asked(page)["mappe"]).items[0].title == "Anfang"


def test_a_slide_is_dragged_to_its_place(window: Window):
    page = window.open(f"sitzung?mappe={agendas.packed(Agenda(title='M', item=SHOWN[:4]))}")
    page.locator("ol > li").nth(0).drag_to(page.locator("ol > li").nth(2))
    settle_again(window)
    assert slides(page)[2] == "3. Übergänge und Abschlüsse"


def test_every_kind_of_slide_is_whole_and_readable_from_the_back(window: Window):
    for number, item in enumerate(SHOWN, 1):
        page = window.turn(f"{ON_STAGE}&folie={number}")
        for width, height in SIZES:
            texts = at_size(window, width, height)
            small = [t["text"] for t in texts if t["size"] < 19.9 * height / 720]
            assert small == [], (number, item.kind)
            assert page.evaluate(OUTSIDE) == [] and not page.evaluate(SCROLLS), number
        expect(page.locator(".bb-stage-foot")).to_contain_text(f"{number} von {len(SHOWN)}")
        if item.remark:
            expect(page.locator(".bb-stage-remark")).to_have_text(item.remark)
        assert "hinweisen" not in page.locator("body").inner_text()


def test_the_keys_of_a_meeting(window: Window):
    page = window.open(ON_STAGE)
    press(window, "ArrowRight")
    assert slide(page) == "2"
    press(window, "PageDown")
    assert slide(page) == "3"
    year = page.locator(".map").get_by_role("heading").first
    before = year.inner_text() if year.count() else page.locator(".map").inner_text()
    press(window, "ArrowUp")
    after = year.inner_text() if year.count() else page.locator(".map").inner_text()
    assert before != after and slide(page) == "3"
    press(window, "1", "1", "Enter")
    assert slide(page) == "11" and page.locator(".bb-stage-half").count() == 2
    press(window, "End")
    assert slide(page) == str(len(SHOWN))
    press(window, "Home")
    assert slide(page) == "1"
    press(window, "ArrowLeft")
    assert slide(page) == "1"


def test_what_the_chair_asks_for_is_shown_and_taken_back(window: Window):
    page = window.open(f"{ON_STAGE}&folie=2")
    prepared = page.locator("h1").inner_text()
    press(window, "a")
    page.get_by_label("Region").click()
    page.keyboard.type("Koblenz")
    page.keyboard.press("Enter")
    settle_again(window)
    expect(page.locator("h1")).to_contain_text("Stadt Koblenz")
    expect(page.locator(".bb-stage-subtitle")).to_contain_text("zurück mit der Rücktaste")
    page.reload()
    settle_again(window)
    expect(page.locator("h1")).to_contain_text("Stadt Koblenz")
    page.locator("h1").click()
    press(window, "Backspace")
    assert page.locator("h1").inner_text() == prepared
    assert page.locator(".st-key-stage_choices").count() == 0


def test_the_window_of_who_speaks_follows_and_steers(window: Window):
    page = window.open(f"{ON_STAGE}&folie=1")
    speaker = page.context.new_page()
    speaker.goto(f"{window.server}/sitzung?stage=vortrag&mappe={AGENDA}&folie=1")
    expect(speaker.locator("h1")).to_contain_text("Folie 1 von")
    press(window, "ArrowRight")
    expect(speaker.locator("h1")).to_contain_text("Folie 2 von")
    expect(speaker.get_by_text("Auf die Lücke hinweisen.")).to_be_visible()
    expect(speaker.get_by_text("Uhr · auf dieser Folie")).to_be_visible()
    speaker.get_by_role("button", name="weiter").click()
    expect(speaker.locator("h1")).to_contain_text("Folie 3 von")
    page.wait_for_url(re.compile("folie=3"))
    # one that is opened late is told where the stage has got to
    speaker.goto(f"{window.server}/sitzung?stage=vortrag&mappe={AGENDA}&folie=1")
    expect(speaker.locator("h1")).to_contain_text("Folie 3 von")
    speaker.close()


def test_two_who_save_at_once_lose_nothing(new_window: Callable[..., Window]):
    first, second = new_window(), new_window()
    address = f"sitzung?mappe={agendas.packed(Agenda(title='Gemeinsam', item=SHOWN[:2]))}"
    first.open(address).get_by_role("button", name="Speichern").click()
    first.page.wait_for_url(re.compile("agenda=gemeinsam~"))
    settle_again(first)
    saved = asked(first.page)
    assert saved["agenda"].startswith("gemeinsam~")
    page = second.open(f"sitzung?agenda={saved['agenda']}&mappe={saved['mappe']}")
    for one, name in ((page, "Zweite"), (first.page, "Erste")):
        one.get_by_label("Gremium").fill(name)
        one.keyboard.press("Tab")
        settle_again(second if one is page else first)
        one.get_by_role("button", name="Speichern").click()
        settle_again(second if one is page else first)
    expect(first.page.get_by_text("inzwischen eine andere Fassung")).to_be_visible()
    assert second.open("sitzung?agenda=gemeinsam").get_by_label("Gremium").input_value() == "Zweite"


@pytest.mark.parametrize("query", ["mappe=kaputt", "agenda=gibt-es-nicht", "mappe="])
def test_a_link_that_leads_to_no_agenda_says_so(query: str, reader: Window):
    page = reader.turn(f"sitzung?{query}&stage=1")
    expect(page.locator(".bb-stage-subtitle").first).to_contain_text("Nächster Schritt")
