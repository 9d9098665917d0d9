"""From a preview to a release in force and back, from the page alone."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from indicators.folders import Folders
from indicators.release import releases
from indicators.release.releases import PREVIEW
from tests.browser.helpers import Window, settle_again
from tests.pages import candidates

pytestmark = pytest.mark.browser


def test_a_preview_is_looked_at_published_compared_and_taken_back(
    window: Window, data_folder: Path
):
    folders = Folders(data_folder)
    before = releases.pointer(folders)
    indicator, region = candidates.make(folders)
    view = f"karte?kind=table&indicator={indicator}&region={region}"
    try:
        page = window.open(f"{view}&release={PREVIEW}{candidates.ID}")
        expect(page.locator(".bb-preview")).to_contain_text("nicht veröffentlicht")
        page = window.open("veroeffentlichen")
        expect(page.get_by_role("region", name="Werte, die anders sind")).to_be_visible()
        for name in ("Prüfbericht gelesen", "Änderungen angesehen"):
            page.locator('[data-testid="stCheckbox"]', has_text=name).locator("label").click()
            settle_again(window)
        page.get_by_label("Grund", exact=True).fill("Neue Zahlen sind da")
        page.get_by_label("Grund", exact=True).blur()
        settle_again(window)
        page.get_by_role("button", name="Veröffentlichen", exact=True).click()
        expect(page.locator(".bb-subtitle").first).to_contain_text(candidates.ID)
        assert releases.pointer(folders) == candidates.ID
        # a link that was frozen before stays, and says what is otherwise now
        page = window.open(f"{view}&release={before}")
        page.get_by_text("Es gibt einen neueren Stand – Unterschied zeigen").click()
        settle_again(window)
        expect(page.get_by_role("region", name="Unterschied")).to_be_visible()
        page = window.open("veroeffentlichen")
        page.get_by_label("Grund für das Zurücknehmen").fill("Spalte vertauscht")
        page.get_by_label("Grund für das Zurücknehmen").blur()
        settle_again(window)
        page.get_by_role("button", name="Datenstand zurücknehmen").click()
        expect(page.locator(".bb-subtitle").first).to_contain_text(before)
        expect(page.get_by_role("region", name="Was veröffentlicht und")).to_contain_text(
            "Spalte vertauscht"
        )
        assert releases.pointer(folders) == before
    finally:
        candidates.undo(folders, before)
