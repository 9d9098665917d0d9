"""Small trends beside each other in Karte und Vergleich: chosen, divided, in the address."""

import pytest
from playwright.sync_api import expect

from tests.browser.helpers import asked, choose, press, settle_again

pytestmark = pytest.mark.browser

LEAVERS = "indicator=abgaenger_ohne_abschluss_anteil"
PLACES = ("Stadt und Landkreis Coburg", "Stadt Coburg", "Landkreis Coburg", "Bayern", "Deutschland")


def assert_names(page, *wanted: str) -> None:
    """These are the names above the panels in sight; numbers at the ends of lines are bold too."""
    bold = page.locator(".drawing svg:visible text[font-weight='600']")
    expect(bold.filter(has_not_text="%")).to_have_text(wanted)


def test_what_a_panel_shows_is_chosen_and_stands_in_the_address(window):
    page = window.open(f"karte?kind=trend&region=verbund:coburg&{LEAVERS}")
    press(window, "Darstellung", "Einzelverläufe")
    subtitle = page.locator(".st-key-card_explorer .bb-subtitle")
    expect(subtitle).to_contain_text("ein Bild je Ort")
    assert_names(page, *PLACES)
    choose(window, "Je Bild", "Geschlecht")
    expect(subtitle).to_contain_text("ein Bild je Geschlecht")
    assert_names(page, "weiblich", "männlich")
    assert asked(page)["each"] == "sex"
    page.go_back()
    settle_again(window)
    expect(subtitle).to_contain_text("ein Bild je Ort")
    choose(window, "Aufteilung", "nach Geschlecht")
    expect(subtitle).to_contain_text("ein Bild je Ort, nach Geschlecht")
    assert asked(page)["by"] == "sex" and "each" not in asked(page)


@pytest.mark.parametrize("width", [1280, 390])
def test_all_panels_are_drawn_within_the_card(width, reader):
    reader.page.set_viewport_size({"width": width, "height": 844})
    page = reader.turn(f"karte?kind=panels&region=verbund:coburg&{LEAVERS}&by=sex")
    assert_names(page, *PLACES)
    drawing = page.locator(".drawing svg:visible").first
    box = drawing.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= width
