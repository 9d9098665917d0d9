"""Tables on the stage: cut into pages of whole rows, so that nothing is hidden without a word."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.helpers import TEXTS, asked, settle_again
from tests.browser.test_stage import OUTSIDE, SCROLLS, SIZES, at_size

pytestmark = pytest.mark.browser

TABLE = "karte?kind=table&indicator=abgaenger_ohne_abschluss_anteil&region=verbund:hof&stage=1"
TABLES = {
    "table": TABLE,
    "profile": "karte?kind=profile&region=verbund:kaufbeuren_ostallgaeu&stage=1",
    "ranking": "karte?kind=ranking&indicator=geburtenrate&region=09463&face=table&stage=1",
    "trend": "karte?kind=trend&indicator=geburtenrate&region=09464&compare=09463,09475&face=table"
    "&stage=1",
    "divided": "karte?kind=table&indicator=studierende&by=subject_group&region=07111&stage=1",
}
ROWS = """(seen) => [...document.querySelectorAll(".bb-stage-table tbody tr")]
    .filter((row) => !seen || row.checkVisibility())
    .map((row) => [...row.cells].map((cell) => cell.textContent).join("|"))"""


def number(page) -> tuple[int, int]:
    """ "Seite 1 von 3" """
    told = page.locator(".bb-stage-pages").inner_text()
    found = re.match(r"Seite (\d+) von (\d+) ", told)
    return (int(found[1]), int(found[2])) if found else (1, 1)


@pytest.mark.parametrize("name", TABLES)
def test_every_row_is_on_one_page_whole_and_readable(name, reader):
    page = reader.turn(TABLES[name])
    everything = page.evaluate(ROWS, False)
    for width, height in SIZES:
        at_size(reader, width, height)
        seen = page.evaluate(ROWS, True)
        _, count = number(page)
        for expected in range(2, count + 1):
            page.keyboard.press("ArrowRight")
            assert number(page) == (expected, count)
            seen += page.evaluate(ROWS, True)
            texts = page.evaluate(TEXTS)
            assert [text["text"] for text in texts if text["size"] < 19.9] == []
            assert page.evaluate(OUTSIDE) == [] and not page.evaluate(SCROLLS)
            foot = page.locator(".bb-stage-foot").bounding_box()["y"]
            assert (
                page.locator(".bb-stage-pages").evaluate(
                    "line => line.getBoundingClientRect().bottom"
                )
                <= foot
            )
        assert seen == everything
        for _ in range(1, count):
            page.keyboard.press("ArrowLeft")


def test_the_page_is_in_the_address_and_a_reload_shows_the_same(window):
    page = window.open(TABLE)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("PageDown")  # what a presenter's remote control sends
    assert asked(page)["page"] == "3"
    texts = [text["text"] for text in page.evaluate(TEXTS)]
    page.reload()
    window.settle()
    expect(page.locator(".bb-stage-pages")).to_contain_text("Seite 3 von ")
    assert [text["text"] for text in page.evaluate(TEXTS)] == texts
    for _ in range(5):
        page.keyboard.press("ArrowLeft")
    assert number(page)[0] == 1 and "page" not in asked(page)


def test_a_page_that_does_not_exist_is_the_nearest_that_does(window):
    page = window.open(f"{TABLE}&page=99")
    expect(page.locator(".bb-stage-pages")).to_contain_text("Seite ")
    shown, count = number(page)
    assert shown == count > 1 and asked(page)["page"] == str(count)


def test_a_short_table_has_no_pages(window):
    page = window.open(f"{TABLE}&period=2022/23")
    expect(page.locator(".bb-stage-table tbody tr").first).to_be_visible()
    assert page.locator(".bb-stage-pages").inner_text() == ""
    page.keyboard.press("ArrowRight")
    assert "page" not in asked(page)


# --- the other slides -----------------------------------------------------------------------------


@pytest.mark.parametrize("region", ["verbund:kaufbeuren_ostallgaeu", "07111"])
def test_the_overview_is_a_slide_of_key_figures(region, window):
    page = window.open(f"?region={region}&stage=1")
    for width, height in SIZES:
        texts = at_size(window, width, height)
        assert page.locator(".bb-stage-figure").count() == 4
        assert [text["text"] for text in texts if text["size"] < 19.9] == []
        assert page.evaluate(OUTSIDE) == [] and not page.evaluate(SCROLLS)
    for part in ("stSidebar", "stHeader", "stToolbar"):
        assert not page.locator(f'[data-testid="{part}"]').is_visible(), part
    assert page.locator("button:visible, input:visible").count() == 0
    expect(page.locator(".bb-stage-foot")).to_contain_text("Quelle: ")


@pytest.mark.parametrize(
    "query, told",
    [
        ("uebergaenge?region=verbund:beispiel", "Einschulungen"),
        ("uebergaenge?region=verbund:beispiel&kind=table", "Einschulungen"),
        ("demografie?region=07111", "Bevölkerungspyramide"),
        ("kita?region=09464", "Betreuungsquote"),
    ],
)
def test_a_page_shows_its_first_card_as_a_slide(query, told, window):
    page = window.open(f"{query}&stage=1")
    expect(page.locator(".bb-stage-subtitle")).to_contain_text(told)
    expect(page.locator(".bb-stage-subtitle")).not_to_contain_text("ohne Wirkung")
    for width, height in SIZES:
        texts = at_size(window, width, height)
        assert [text["text"] for text in texts if text["size"] < 19.9] == []
        assert page.evaluate(OUTSIDE) == [] and not page.evaluate(SCROLLS)
    assert page.locator("button:visible, input:visible").count() == 0
    page.keyboard.press("Escape")
    expect(page.locator("[data-testid=stSidebar]")).to_be_visible()
    assert "stage" not in asked(page)


def test_the_methods_say_that_they_are_no_slide_and_lead_to_one(window):
    page = window.open("daten?region=07111&stage=1")
    expect(page.locator("h1")).to_contain_text("keine Seite für die Leinwand")
    assert [text for text in page.evaluate(TEXTS) if text["size"] < 19.9] == []
    page.get_by_role("link", name="Alle Indikatoren der Region").click()
    expect(page.locator("h1")).to_contain_text("Stadt Koblenz")
    settle_again(window)
    assert asked(page) == {"kind": "profile", "region": "07111", "stage": "1"}


@pytest.mark.parametrize(
    "query",
    [
        "kind=trend",
        "kind=quatsch&indicator=geburtenrate",
        "indicator=beschaeftigte_auslaendisch_anteil",
    ],
)
def test_a_refusal_speaks_to_officials_and_names_the_next_step(query, window):
    page = window.open(f"karte?{query}&region=09464&stage=1")
    shown = page.locator('[data-testid="stMain"]').inner_text()
    assert "Nächster Schritt" in shown and "Esc" in shown
    assert "python" not in shown and "Angabe indicator" not in shown
    page.keyboard.press("Escape")
    expect(page.get_by_role("combobox", name="Bildungsregion", exact=True)).to_have_value("Hof")
