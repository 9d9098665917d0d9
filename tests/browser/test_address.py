"""The address is the whole state of a page: Back, Forward and a copied link show what was there."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.helpers import Window, asked, choose, press, settle_again

pytestmark = pytest.mark.browser


def chosen(page: Page, group: str = "Darstellung"):
    return page.get_by_role("radiogroup", name=group).get_by_role("radio", checked=True)


def back(window: Window) -> None:
    window.page.go_back()
    settle_again(window)


def test_back_and_forward_go_through_the_choices_one_by_one(window):
    page = window.open("karte?kind=trend&region=09464")
    press(window, "Darstellung", "Rangfolge")
    choose(window, "Vergleich", "Deutschland")
    back(window)
    expect(chosen(page)).to_have_text("Rangfolge")
    assert asked(page) == {"region": "09464", "kind": "ranking"}
    back(window)
    expect(chosen(page)).to_have_text("Zeitverlauf")
    page.go_forward()
    settle_again(window)
    expect(chosen(page)).to_have_text("Rangfolge")


def test_back_across_pages_brings_what_the_page_showed_then(window):
    page = window.open("karte?kind=trend&region=09464")
    press(window, "Gebiet", "Landkreis")
    page.locator('[data-testid="stSidebarNavLink"]', has_text="Überblick").click()
    page.wait_for_function("() => document.title.startsWith('Überblick')")
    settle_again(window)
    press(window, "Gebiet", "gemeinsam")
    back(window)
    expect(page.locator("h1")).to_have_text("Landkreis Hof")
    back(window)
    expect(page.locator("h1")).to_have_text("Karte und Vergleich")
    assert asked(page) == {"region": "09475", "kind": "trend"}
    back(window)
    expect(chosen(page, "Gebiet")).to_have_text("Stadt")


@pytest.mark.parametrize("address", ["", "karte", "karte?region=99999"])
def test_what_a_page_adds_to_its_address_does_not_catch_the_back_button(address, window):
    window.page.goto("about:blank")
    page = window.open(address)
    assert asked(page) == {"region": "verbund:coburg"}
    page.go_back()
    expect(page).to_have_url("about:blank")


def test_the_face_of_a_card_is_part_of_the_link(window, new_window):
    page = window.open("karte?kind=trend&region=09464")
    press(window, "Ansicht", "Werte")
    assert asked(page)["face"] == "table"
    other = new_window()
    other.page.goto(page.url)
    other.settle()
    expect(chosen(other.page, "Ansicht")).to_have_text("Werte")
    expect(other.page.locator(".bb-table")).to_be_visible()
    other.page.close()
    page.bring_to_front()
    back(window)
    expect(chosen(page, "Ansicht")).to_have_text("Diagramm")
    expect(page.locator(".drawing > svg").first).to_be_visible()


def test_the_links_of_a_card_show_its_face_as_well(window):
    page = window.open("karte?kind=ranking&region=09464&face=table")
    page.get_by_role("button", name="Teilen und herunterladen").click()
    link = page.locator('[data-testid="stPopoverBody"] code').first.inner_text()
    expect(page.get_by_role("link", name="Vollbild")).to_have_attribute("href", f"{link}&stage=1")
    window.page.goto(link)
    window.settle()
    expect(chosen(page, "Ansicht")).to_have_text("Werte")
    expect(chosen(page)).to_have_text("Rangfolge")


def test_a_wrong_link_is_told_and_its_address_mended(window):
    page = window.open("karte?region=99999&kind=quatsch&indicator=x")
    notice = page.locator(".bb-notice")
    for wrong in (
        "als Region „99999“; das gibt es hier nicht. Gezeigt wird „Stadt und Landkreis Coburg“",
        "als Darstellung „quatsch“; das gibt es hier nicht. Gezeigt wird „Karte“",
        "als Indikator „x“; das gibt es hier nicht. Gezeigt wird „",
    ):
        expect(notice).to_contain_text(wrong)
    assert asked(page) == {"region": "verbund:coburg"}
    press(window, "Darstellung", "Rangfolge")
    expect(notice).to_have_count(0)


def test_a_link_to_a_release_that_does_not_exist_leads_to_the_current_one(window):
    page = window.open("?release=gibtsnicht&region=09464")
    expect(page.locator(".st-key-card_error")).to_contain_text("Den Datenstand gibtsnicht gibt es")
    page.get_by_role("link", name="Aktuellen Datenstand öffnen").click()
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator(".st-key-card_error")).to_have_count(0)
    assert "release" not in asked(page)
