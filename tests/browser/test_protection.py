"""What is protected looks alike everywhere, says why, and is never a zero."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.helpers import Window, settle_again

pytestmark = pytest.mark.browser

GEMEINDE = "99102101"
TOWN = "verbund:beispiel"
PAGES = {
    "table": f"karte?kind=table&indicator=uebertrittsquote_gymnasium&region={GEMEINDE}",
    "ranking": (
        f"karte?kind=ranking&indicator=einschulung_verspaetet_quote&region={TOWN}&scope=parts"
    ),
    "flow": f"karte?kind=flow&indicator=schulartwechsel_quote&region={TOWN}",
    "starters": "karte?kind=starters&region=99102&show=parts",
}


def test_the_protection_report_is_a_section_of_the_method_page(window: Window):
    page = window.open("daten?section=protection")
    expect(page.locator("h2.bb-headline")).to_contain_text("verborgenen Werte")
    table = page.get_by_role("region", name="Schutz je Datensatz mit eigenen Zahlen")
    expect(table.locator("tr", has_text="Übergänge zwischen zwei Schuljahren")).to_contain_text(
        "ohne Einwände"
    )
    with page.expect_download() as download:
        page.get_by_role("button", name="Schutzbericht als Text").click()
    text = download.value.path().read_text("utf-8")
    assert "Annahmen" in text and "Folgt aus" not in text


@pytest.mark.parametrize("name", PAGES)
def test_protected_values_are_called_so_on_a_laptop_and_an_office_screen(name, reader: Window):
    page = reader.turn(PAGES[name])
    for width, height in ((1280, 720), (1920, 1080)):
        page.set_viewport_size({"width": width, "height": height})
        settle_again(reader)
        main = page.get_by_test_id("stMain")
        expect(main.get_by_text(re.compile("geschützt")).first).to_be_attached()
        assert main.evaluate("m => m.scrollWidth - m.clientWidth") == 0
    assert "suppressed" not in page.content()


def test_a_map_gives_protected_regions_a_pattern_and_its_legend_the_word(reader: Window):
    page = reader.turn(
        f"karte?kind=map&indicator=einschulung_verspaetet_quote&region={TOWN}&scope=parts"
    )
    expect(page.get_by_text("nicht ausgewiesen (geschützt)")).to_be_visible()


@pytest.mark.parametrize("stage", ["", "&stage=1"])
def test_a_pyramid_that_is_kept_back_is_not_called_a_missing_file(stage, reader: Window):
    page = reader.turn(f"karte?kind=pyramid&region={GEMEINDE}{stage}")
    expect(page.get_by_text("Das wird nicht veröffentlicht")).to_be_visible()
    expect(page.get_by_text("um kleine Zahlen zu schützen")).to_be_visible()
    expect(page.get_by_text("12411-02-03-4")).to_have_count(0)


def test_a_flow_with_hidden_parts_is_not_drawn_as_if_the_rest_were_all(reader: Window):
    page = reader.turn(f"karte?kind=flow&indicator=uebertrittsquote_schulart&region={GEMEINDE}")
    expect(page.get_by_text("10 Kinder", exact=True)).to_be_visible()
    nodes = page.locator(".bb-drawing svg rect, svg rect[width='14']")
    heights = sorted(
        float(h) for h in nodes.evaluate_all("n => n.map(r => r.getAttribute('height'))")
    )
    # of the ten children those whose number is shown are half at most
    assert heights[-2] <= heights[-1] / 2
