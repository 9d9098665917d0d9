"""What a click costs, as far as it can be counted: who clicks on a page gets that page, not the
frame around it."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest

from benchmarks.servers import Server
from benchmarks.sessions import Reader
from tests.browser.helpers import asked, choose, press

pytestmark = pytest.mark.browser

KNOWN = ["geburtenrate", "studierende"]


async def clicked(server: str, names: list[str]) -> Reader:
    """A reader who has chosen these indicators, one after the other."""
    reader = Reader(Server(urlsplit(server).port or 0))
    await reader.open()
    for name in names:
        await reader.choose(name)
    await reader.close()
    return reader


def test_a_click_on_a_page_sends_no_menu_and_no_list_of_regions(server, release):
    names = [release.catalog.indicators[id].name for id in KNOWN]
    # the thread of the tests has the loop that drives the browser
    with ThreadPoolExecutor(1) as thread:
        asking = thread.submit(lambda: asyncio.run(clicked(server, [*names, names[0]])))
    reader = asking.result()
    kinds = [message.WhichOneof("type") for message in reader.received]
    elements = [message.delta.new_element for message in reader.received]
    labels = {element.selectbox.label for element in elements}
    assert reader.errors == 0
    assert "Indikator" in labels and "Bildungsregion" not in labels
    assert "navigation" not in kinds and "page_config_changed" not in kinds
    # each costs server and browser a third of a millisecond, whatever stands in it
    assert len(kinds) <= 55


def test_the_search_and_the_region_stay_as_they_are_while_the_page_changes(window):
    page = window.open("karte?kind=map&region=09464")
    page.evaluate("() => { document.querySelector('.st-key-search input').dataset.old = '1'; }")
    choose(window, "Wert", "Anzahl")
    assert asked(page) == {**asked(page), "region": "09464", "measure": "count"}
    assert page.locator(".st-key-search input[data-old]").count() == 1
    page.go_back()
    window.settle()
    assert "measure" not in asked(page)


def test_plotly_is_loaded_by_whoever_enlarges_lines_and_by_nobody_else(window):
    window.open("karte?kind=trend&region=09464")
    assert not [address for address in window.requests if "Plotly" in address]
    press(window, "Ansicht", "Vergrößern")
    assert window.page.locator(".js-plotly-plot").count() == 1
    assert asked(window.page)["face"] == "enlarged"
