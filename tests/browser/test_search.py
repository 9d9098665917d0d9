"""The search in a browser: keyboard first, over the page and not in its way, without a barrier."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.helpers import Window, asked, settle_again
from tests.browser.test_accessibility import serious_findings

pytestmark = pytest.mark.browser

QUESTION = "Wie viele Kinder ohne deutschen Pass wechseln in Beispielstadt aufs Gymnasium?"
HITS = ".st-key-search_hits"


def search(window: Window, text: str) -> None:
    """To the field by its key, and type."""
    window.page.keyboard.press("/")
    expect(window.page.get_by_role("searchbox", name="Suche")).to_be_focused()
    window.page.keyboard.type(text)
    expect(window.page.locator(f"{HITS} .bb-hits-sorts")).to_be_visible()
    settle_again(window)


def places(page: Page) -> list:
    """Where the parts of the page below the search stand."""
    boxes = page.locator(".st-key-page h1, .st-key-page [class*=st-key-card]")
    return [box.bounding_box() for box in boxes.all()]


def test_a_question_is_asked_and_opened_without_a_pointer(window):
    page = window.open("?region=verbund:beispiel")
    search(window, QUESTION)
    expect(page.locator(f"{HITS} .bb-hits-answer a")).to_contain_text("Gymnasium")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.closest('.bb-hits-answer') !== null")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("by=citizenship"))
    window.settle()
    wanted = {"indicator": "uebertrittsquote_gymnasium", "by": "citizenship", "region": "99101"}
    assert wanted.items() <= asked(page).items() | {"kind": "trend"}.items()
    subtitle = page.locator(".st-key-card_explorer .bb-subtitle")
    expect(subtitle).to_contain_text("nach Staatsangehörigkeit, Beispielstadt")
    assert page.locator(HITS).count() == 0


def test_keys_lead_through_the_hits_and_back(window):
    page = window.open("karte?region=07111")
    search(window, "Gymansium")
    field = page.get_by_role("searchbox", name="Suche")
    page.keyboard.press("Enter")
    expect(page.locator(f"{HITS} a").first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator(f"{HITS} a").nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(field).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(field).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(HITS)).to_have_count(0)
    assert asked(page)["region"] == "07111"


def test_a_slash_in_a_field_is_a_letter(window):
    page = window.open("?region=07111")
    search(window, "Abiturquote 2022/23")
    expect(page.get_by_role("searchbox", name="Suche")).to_have_value("Abiturquote 2022/23")


def test_a_region_is_found_and_stays_on_the_page(window):
    page = window.open("demografie?region=verbund:coburg")
    search(window, "Kobelnz")
    page.get_by_role("link", name="Stadt Koblenz").click()
    page.wait_for_url(re.compile("demografie.*region=07111"))


def test_typing_redraws_nothing_of_the_page(window):
    page = window.open("?region=verbund:coburg")
    before = places(page)
    page.evaluate("document.querySelector('.st-key-page h1').dataset.kept = '1'")
    address = page.url
    search(window, "Hof")
    assert places(page) == before
    assert page.url == address
    assert page.locator(".st-key-page h1[data-kept]").count() == 1


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1920, 1080), (390, 844)])
def test_all_of_the_hits_can_be_reached(width, height, new_window):
    window = new_window(width=width, height=height)
    page = window.open("?region=verbund:beispiel")
    page.get_by_role("searchbox", name="Suche").fill(QUESTION)
    expect(page.locator(f"{HITS} .bb-hits-answer a")).to_be_visible()
    settle_again(window)
    box = page.locator(HITS).bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= width
    assert page.locator(HITS).evaluate("box => box.scrollWidth <= box.clientWidth")
    page.locator(f"{HITS} summary").click()
    page.locator(f"{HITS} details p").scroll_into_view_if_needed()
    expect(page.locator(f"{HITS} details p")).to_be_in_viewport()


def test_hits_have_no_serious_barrier(window):
    page = window.open("?region=verbund:beispiel")
    page.get_by_role("searchbox", name="Suche").fill(QUESTION)
    expect(page.locator(f"{HITS} .bb-hits-answer a")).to_be_visible()
    settle_again(window)
    assert serious_findings(page) == []


def test_the_printed_page_has_no_search(window):
    page = window.open("?region=verbund:beispiel")
    page.emulate_media(media="print")
    expect(page.locator(".st-key-search")).to_be_hidden()
