"""The pages of the three themes and the life course, as staff and committees use them."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.helpers import (
    TEXTS,
    Window,
    asked,
    choose,
    covering,
    press,
    settle_again,
    table_rows,
)
from tests.browser.test_language import assert_german
from tests.browser.test_stage import SIZES, at_size

pytestmark = pytest.mark.browser

TOWN = "verbund:beispiel"
REGIONS = [TOWN]  # the five education regions: tests/pages, without a browser
PAGES = {
    "uebergaenge": ("gate", ["kita_grundschule", "grundschule_sekundarstufe", "alle"]),
    "kita": ("section", ["kita_plaetze", "kita_betreuung", "kita_ganztag", "kita_einrichtungen"]),
    "zuwanderung": ("section", ["kette", "plaetze", "anteile"]),
    "demografie": ("section", ["schulanfang", "pyramide", "geburten"]),
    "lebensphasen": ("order", ["lebensphasen", "bausteine"]),
}
SLIDES = {
    "flow": "kind=flow&indicator=uebertrittsquote_schulart",
    "flow of leavers": "kind=flow&indicator=abschluesse_nach_schulart",
    "chain": "kind=chain",
    "starters": "kind=starters",
    "starters by part": "kind=starters&show=parts",
    "balance": "kind=balance&indicator=kita_platzluecke",
    "pyramid": "kind=pyramid&outline=31.12.2015",
    "notable": "kind=notable",
    "all flows": "kind=flows",
    "places": "kind=ranking&indicator=klassenfrequenz&scope=parts&school_type=grundschule",
}
DRAWN = ".drawing svg"
BOXES = """texts => texts.map((t) => {
    const b = t.getBoundingClientRect();
    return {text: t.textContent, left: b.left, right: b.right, top: b.top, bottom: b.bottom};
})"""


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("region", REGIONS)
def test_every_part_of_every_theme_shows_figures_or_names_the_file(reader: Window, region, page):
    name, parts = PAGES[page]
    for part in parts:
        reader.turn(f"{page}?{name}={part}&region={region}")
        assert reader.page.locator(".st-key-card_error").count() == 0, part
        assert_german(reader)
        text = reader.page.locator('[data-testid="stMain"]').inner_text()
        if "Hierzu gibt es noch keine Angaben" in text:
            assert region != TOWN, (part, text[:600])
            assert "Nächster Schritt" in text or "keine Werte" in text, (part, text[:600])
        if region == TOWN:
            assert "Beispieldaten (erfunden)" in text
        else:
            assert "erfunden" not in text


@pytest.mark.parametrize("slide", SLIDES)
def test_a_slide_can_be_read_from_four_metres(reader: Window, slide):
    reader.turn(f"karte?{SLIDES[slide]}&region={TOWN}&stage=1")
    for width, height in SIZES:
        texts = at_size(reader, width, height)
        factor = height / 720
        small = [t["text"] for t in texts if t["size"] < 19.9 * factor]
        assert small == [], small
        assert [t["text"] for t in texts if t["cut"]] == []
        assert [t for t in texts if t["right"] > width + 1 or t["bottom"] > height + 1] == []
        assert any("Beispieldaten (erfunden)" in t["text"] for t in texts)


# all on the page and then all on the stage, which is another document
@pytest.mark.parametrize("slide", [s for s in SLIDES if s not in ("balance", "notable")])
@pytest.mark.parametrize("more", ["", "&stage=1"])
def test_texts_of_a_drawing_do_not_lie_on_each_other(reader: Window, slide, more):
    page = reader.turn(f"karte?{SLIDES[slide]}&region={TOWN}{more}")
    page.wait_for_selector(DRAWN)
    texts = page.locator(f"{DRAWN} text").evaluate_all(BOXES)
    assert texts
    assert covering(texts) == []


@pytest.mark.parametrize("slide", [s for s in SLIDES if s != "notable"])
def test_a_phone_shows_all_of_a_drawing_in_letters_that_can_be_read(reader: Window, slide):
    reader.page.set_viewport_size({"width": 390, "height": 844})
    page = reader.turn(f"karte?{SLIDES[slide]}&region={TOWN}")
    page.wait_for_selector(DRAWN)
    width = page.locator(".drawing").evaluate("host => [host.clientWidth, host.scrollWidth]")
    assert width[0] == width[1] <= 390
    texts = page.evaluate(TEXTS, "[class*=card_explorer]")
    drawn = set(page.locator(f"{DRAWN} text").all_text_contents())
    assert [t["text"] for t in texts if t["cut"]] == []
    assert [t["text"] for t in texts if t["text"] in drawn and t["size"] < 11] == []
    assert covering(page.locator(f"{DRAWN} text").evaluate_all(BOXES)) == []


def test_a_drawing_leaves_no_gap_below(reader: Window):
    reader.page.set_viewport_size({"width": 390, "height": 844})
    page = reader.turn(f"karte?{SLIDES['starters by part']}&region={TOWN}")
    page.wait_for_selector(DRAWN)
    drawing = page.locator(DRAWN).bounding_box()
    below = page.locator(".bb-reading-aid").first.bounding_box()
    assert below["y"] - drawing["y"] - drawing["height"] < 40


def test_a_long_drawing_is_paged_on_the_stage(window: Window):
    page = window.open(f"karte?{SLIDES['balance']}&region={TOWN}&stage=1")
    expect(page.get_by_text(re.compile("Seite 1 von"))).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text(re.compile("Seite 2 von"))).to_be_visible()
    assert asked(page)["page"] == "2"
    page.reload()
    window.settle()
    expect(page.get_by_text(re.compile("Seite 2 von"))).to_be_visible()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_text(re.compile("Seite 1 von"))).to_be_visible()


def test_a_flow_and_its_table_are_the_same_numbers(window: Window):
    page = window.open(f"uebergaenge?gate=grundschule_sekundarstufe&region={TOWN}")
    page.wait_for_selector(DRAWN)
    drawn = page.locator(f"{DRAWN} text").all_text_contents()
    press(window, "Ansicht", "Werte")
    rows = table_rows(page)
    for _, name, count, share in rows:
        if name == "insgesamt":
            assert any(text.startswith(f"{count} ") for text in drawn)
        else:
            assert name in drawn
            assert any(text.split(" · ")[0] == count for text in drawn)
            assert any(share in text for text in drawn)


def test_who_a_flow_is_about_can_be_chosen_and_stands_in_the_address(window: Window):
    page = window.open(f"uebergaenge?gate=grundschule_sekundarstufe&region={TOWN}")
    everybody = page.locator("h2.bb-headline").inner_text()
    choose(window, "Wer", "ausländisch")
    assert asked(page)["who"] == "citizenship:foreign"
    assert page.locator("h2.bb-headline").inner_text() != everybody
    expect(page.locator(".bb-subtitle").first).to_contain_text("ausländisch")


def test_assumptions_of_the_school_start_can_be_changed(window: Window):
    page = window.open(f"demografie?section=schulanfang&region={TOWN}")
    before = page.locator("h2.bb-headline").inner_text()
    page.get_by_role("button", name="Annahmen ändern").click()
    box = page.get_by_role("textbox", name="Später eingeschult (Prozent)")
    box.fill("2")
    box.press("Enter")
    settle_again(window)
    assert asked(page)["z"] == "2"
    assert page.locator("h2.bb-headline").inner_text() != before
    link = page.url
    window.open("demografie?section=geburten")
    page.goto(link)
    window.settle()
    assert page.locator("h2.bb-headline").inner_text() != before


def test_a_wrong_assumption_is_told_in_german(reader: Window):
    page = reader.turn(f"demografie?section=schulanfang&z=viel&region={TOWN}")
    text = page.locator('[data-testid="stMain"]').inner_text()
    assert "Erlaubt sind Prozentwerte" in text


def test_the_pyramid_has_the_outline_of_another_year(window: Window):
    page = window.open(f"demografie?section=pyramide&region={TOWN}")
    choose(window, "Vergleichsjahr", "31.12.2015")
    assert asked(page)["outline"] == "31.12.2015"
    expect(page.locator(".bb-subtitle").first).to_contain_text("im Vergleich mit 31.12.2015")


def test_the_pyramid_is_played_year_by_year(window: Window):
    page = window.open(f"demografie?section=pyramide&region={TOWN}")
    page.get_by_text("Abspielen").click()
    year = "document.querySelector('.bb-subtitle')?.innerText.slice(-10)"
    seen = [page.evaluate(year)]
    for _ in range(3):
        page.wait_for_function(f"was => ![undefined, was].includes({year})", arg=seen[-1])
        seen.append(page.evaluate(year))
    assert len(set(seen)) >= 3


def test_a_place_of_the_town_can_be_chosen(window: Window):
    page = window.open(f"?region={TOWN}")
    choose(window, "Gemeinde oder Stadtteil", "Altstadt")
    assert asked(page)["region"].startswith("99101-")
    expect(page.locator("h1")).to_have_text("Altstadt")


def test_fields_of_action_are_the_region_s_own(window: Window):
    page = window.open(f"lebensphasen?region={TOWN}")
    press(window, "Ordnung", "Handlungsfelder der Bildungsstrategie")
    expect(page.get_by_role("heading", name="Guter Start")).to_be_visible()
    window.open("lebensphasen?region=verbund:hof")
    assert page.get_by_text("Handlungsfelder der Bildungsstrategie").count() == 0


def test_what_stands_out_leads_to_its_figure(window: Window):
    page = window.open(f"?region={TOWN}")
    first = page.locator(".bb-findings a").first
    first.click()
    page.wait_for_url(re.compile("karte"))
    settle_again(window)
    assert page.locator(".st-key-card_explorer").count() == 1
    assert page.get_by_text("Hierzu gibt es noch keine Angaben").count() == 0
