"""Three offices make their yearly paper on the page Sitzung: docs/walks.md, click by click."""

import pytest
from playwright.sync_api import expect

from indicators import agenda as agendas
from tests.browser.helpers import Window, asked, settle_again

pytestmark = pytest.mark.browser


def made(window: Window, region: str, preset: str) -> agendas.Agenda:
    """The agenda that the page makes of a preset for the region of the sidebar."""
    page = window.open(f"sitzung?region={region}")
    page.get_by_label("Vorlage", exact=True).click()
    page.get_by_role("option", name=preset).click()
    settle_again(window)
    page.get_by_role("button", name="Mappe aus der Vorlage machen").click()
    expect(page.locator("ol > li").first).to_be_visible(timeout=120_000)
    settle_again(window)
    return agendas.unpacked(asked(page)["mappe"])


def test_hof_proves_its_seal_baustein_by_baustein(window: Window):
    found = made(window, "verbund:hof", "Nachweis je Baustein")
    page = window.page
    told = page.locator("ol > li strong").all_inner_texts()
    assert len(told) == len(found.items)
    assert sum("Baustein" in text for text in told) >= 5
    assert any("Was noch fehlt" in text for text in told)
    expect(page.get_by_role("button", name="PDF", exact=True)).to_be_visible()


def test_koblenz_reports_on_the_examination_and_says_what_it_lacks(window: Window):
    found = made(window, "07111", "Bericht zur Schuleingangsuntersuchung")
    assert [item.form for item in found.items if item.form][-2:] == ["signs", "sources"]
    assert any(item.form == "missing" for item in found.items)


def test_coburg_reports_on_its_topic_and_writes_on_it(window: Window):
    found = made(window, "verbund:coburg", "Jahresbericht zum Schwerpunktthema")
    page = window.page
    at = next(i for i, item in enumerate(found.items) if item.title == "Warum dieses Thema")
    page.locator("ol > li").nth(at).click()
    settle_again(window)
    page.get_by_label("Text", exact=True).fill("Weil es die Region bewegt.")
    page.keyboard.press("Tab")
    settle_again(window)
    now = agendas.unpacked(asked(page)["mappe"])
    assert now.items[at].text == "Weil es die Region bewegt." and now.items[at].chapter
