"""A whole meeting without a mouse: from the overview over the agenda to the wall and back."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from indicators import agenda as agendas
from tests.browser.helpers import Window, asked, settle_again
from tests.browser.test_stage import OUTSIDE, SCROLLS, SIZES

pytestmark = pytest.mark.browser

# What has the focus, also within a component: its words.
FOCUSED = """() => {
    let found = document.activeElement;
    while (found?.shadowRoot?.activeElement) found = found.shadowRoot.activeElement;
    return found.getAttribute("aria-label") || found.innerText || "";
}"""
# Whether it can be seen that it has it: a ring of its own, or one of the field around it.
RINGED = """() => {
    let found = document.activeElement;
    while (found?.shadowRoot?.activeElement) found = found.shadowRoot.activeElement;
    const box = found.getBoundingClientRect();
    const inSight = box.bottom > 0 && box.top < innerHeight;
    for (const around of inSight ? [found, found.parentElement] : []) {
        const style = getComputedStyle(around);
        if (style.outlineStyle === "solid" || style.boxShadow !== "none") return true;
    }
    return false;
}"""


def keys(window: Window, *pressed: str) -> None:
    for key in pressed:
        window.page.keyboard.press(key)
    settle_again(window)


def typed(window: Window, text: str, then: str) -> None:
    window.page.keyboard.type(text)
    keys(window, then)


def focused(window: Window) -> str:
    return window.page.evaluate(FOCUSED)


def to(window: Window, words: str, key: str = "Tab", most: int = 20) -> int:
    """Presses Tab until something of these words has the focus, which must be seen; how often."""
    for count in range(1, most + 1):
        window.page.keyboard.press(key)
        if focused(window).startswith(words):
            assert window.page.evaluate(RINGED), words
            return count
    raise AssertionError(f"{words} is further away than {most} stops")


def told(window: Window) -> list[str]:
    return window.page.locator("ol > li strong").all_inner_texts()


@pytest.mark.parametrize("size", SIZES)
def test_a_meeting_is_prepared_and_held_without_a_mouse(
    size: tuple[int, int], new_window: Callable[..., Window]
):
    window = new_window(width=size[0], height=size[1])
    page = window.open("?region=verbund:hof")
    # the region, a card, the agenda
    assert to(window, "Zur Sitzung", most=1) and to(window, "Zum Inhalt", most=1)
    to(window, "Bildungsregion")
    typed(window, "Coburg", "Enter")
    expect(page.locator("h1")).to_contain_text("Coburg")
    to(window, "In die Mappe")
    keys(window, "Enter")
    to(window, "Folie 1 der Mappe", most=1)
    keys(window, "Enter")
    page.wait_for_url(re.compile("sitzung"))
    settle_again(window)
    assert len(told(window)) == 1
    # a ready agenda instead: its list takes the focus, and is three stops however long it is
    to(window, "Mappe öffnen", most=40)
    typed(window, "Bericht an den Ausschuss: Coburg", "Enter")
    expect(page.locator("ol > li").nth(7)).to_be_attached()
    assert focused(window).startswith("1. ") and page.evaluate(RINGED)
    before = told(window)
    keys(window, "ArrowDown", "ArrowDown")
    keys(window, "Alt+ArrowUp")
    assert focused(window).startswith("2. " + before[2][3:])
    keys(window, "Delete")
    assert focused(window).startswith("2. " + before[1][3:]) and page.evaluate(RINGED)
    keys(window, "Enter")
    to(window, "Überschrift", most=4)
    typed(window, "Schule ohne Abschluss", "Tab")
    to(window, "Notizen", most=2)
    typed(window, "Langsam sprechen.", "Tab")
    expect(page.locator("ol > li strong").nth(1)).to_have_text("2. Schule ohne Abschluss")
    assert agendas.unpacked(asked(page)["mappe"]).items[1].notes == "Langsam sprechen."
    to(window, "Auf die Leinwand", "Shift+Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("stage=1"))
    settle_again(window)
    # the wall begins with the slide that was worked on
    expect(page.locator("h1")).to_have_text("Schule ohne Abschluss")
    for pressed, number in (("Home", 1), ("ArrowRight", 2), ("End", len(before) - 1), ("2", 2)):
        keys(window, pressed, *(["Enter"] if pressed.isdigit() else []))
        assert asked(page).get("folie") == str(number), pressed
    keys(window, "a")
    expect(page.get_by_label("Region", exact=True)).to_be_focused()
    assert page.evaluate(OUTSIDE) == [] and not page.evaluate(SCROLLS)
    typed(window, "Hof, Stadt", "Enter")
    expect(page.locator("h1")).to_contain_text("Stadt Hof")
    keys(window, "a")  # the change stays, the fields go
    keys(window, "a")
    keys(window, "Tab", "Escape")  # they are back, and left again
    keys(window, "Backspace")
    expect(page.locator("h1")).to_have_text("Schule ohne Abschluss")
    # nothing of Streamlit's stands before the committee
    keys(window, "Tab")
    assert not page.locator("[data-testid=stSkipToContent], .bb-skip").filter(visible=True).count()
    page.keyboard.press("Escape")
    page.wait_for_url(lambda address: "stage" not in address)
    settle_again(window)
    assert page.locator(".bb-notice").count() == 0
    expect(page.locator("ol > li").nth(1)).to_have_attribute("aria-current", "true")


def test_the_pickers_of_a_full_slide_are_whole(window: Window):
    """A map whose headline and foot have two lines each left them less room than they need."""
    page = window.open(
        "sitzung?agenda=coburg&region=verbund:coburg&stage=1&folie=3&auswahl=1"
        "&anders=kind%3Dmap%26indicator%3Dabgaenger_ohne_abschluss_anteil%26region%3D09475"
    )
    for field in page.locator(".st-key-stage_choices [data-testid=stSelectbox]").all():
        box = field.bounding_box()
        assert box and box["y"] + box["height"] <= 720
    # a joint region keeps the order of its words
    page.get_by_label("Region", exact=True).press("ArrowDown")
    expect(page.get_by_role("option", name="Stadt und Landkreis Hof", exact=True)).to_be_attached()


@pytest.mark.parametrize("opened", ["by key", "by address"])
def test_the_pickers_of_a_table_cover_no_row(opened: str, window: Window):
    slide = agendas.Item(view="kind=profile&region=verbund:beispiel")
    made = agendas.packed(agendas.Agenda(title="Probe", item=(slide, slide)))
    asked_for = "&auswahl=1" if opened == "by address" else ""
    page = window.open(f"sitzung?stage=1&mappe={made}{asked_for}")
    if not asked_for:
        before = page.locator(".bb-stage-table tbody tr").filter(visible=True).count()
        keys(window, "a")
        rows = page.locator(".bb-stage-table tbody tr").filter(visible=True)
        expect(rows).not_to_have_count(before)
    top = page.locator(".st-key-stage_choices").bounding_box()
    foot = page.locator(".bb-stage-foot").bounding_box()
    assert top and foot and foot["y"] + foot["height"] <= top["y"] + 2
    # the arrows left and right turn the slides of an agenda
    expect(page.locator(".bb-stage-pages")).to_contain_text("blättern mit ↓ und ↑")


def test_the_loupe_keeps_its_words_from_its_edge(window: Window):
    page = window.open("sitzung?agenda=coburg&region=verbund:coburg&stage=1&folie=3")
    page.keyboard.press("l")
    box, name = page.locator(".bb-loupe").bounding_box(), page.locator(".bb-loupe p").first
    inner = name.bounding_box()
    assert box and inner and inner["x"] - box["x"] > 12


def test_every_key_of_the_stage_is_explained_on_the_page(window: Window):
    page = window.open("sitzung?agenda=coburg&stage=1")
    page.keyboard.press("?")
    on_stage = page.locator(".bb-stage-cover dt").all_inner_texts()
    window.open("sitzung?agenda=coburg").get_by_role(
        "button", name="Tastatur in der Sitzung"
    ).click()
    written = page.get_by_test_id("stPopoverBody").inner_text()
    for key in ("L", "Z", "A", "F", "B", "?", "Esc", "Rücktaste", "→ ←", "↓ ↑"):
        assert key in on_stage
        assert re.search(rf"(^|[\s·]){re.escape(key)}([\s·]|$)", written, re.MULTILINE), key
