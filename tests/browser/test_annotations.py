"""An event and a target, entered under a trend with the keyboard: on chart, wall and slide."""

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect
from pptx import Presentation

from indicators.folders import Folders
from indicators.saved import events
from tests.browser.helpers import Window, settle_again

pytestmark = pytest.mark.browser

TREND = "karte?kind=trend&indicator=abgaenger_ohne_abschluss_anteil&region=09464"


@pytest.fixture
def saved(data_folder: Path):
    """The folder, with what the test saves taken away again: all tests share it."""
    folders = Folders(data_folder)
    yield folders
    for one in events.listed(folders)[0]:
        if not one.ships:
            events.remove(folders, one.sort, one.name)


def typed(window: Window, fields: dict[str, str]) -> None:
    for label, words in fields.items():
        window.page.get_by_role("dialog").get_by_label(label, exact=True).focus()
        window.page.keyboard.type(words)
        window.page.keyboard.press("Tab")
        settle_again(window)


def entered(window: Window, press: Callable[[str], None], sort: str, fields: dict[str, str]):
    press("Ereignis oder Ziel")
    dialog = window.page.get_by_role("dialog")
    dialog.get_by_role("radio", name=sort).focus()
    window.page.keyboard.press("Space")
    settle_again(window)
    typed(window, fields)
    press("Speichern")
    expect(dialog).to_have_count(0)
    settle_again(window)


def test_an_event_and_a_target_are_entered_and_stand_everywhere(window: Window, saved: Folders):
    page = window.open(TREND)

    def press(name: str) -> None:
        page.get_by_role("button", name=name, exact=True).focus()
        page.keyboard.press("Enter")
        settle_again(window)

    title = "Jugendberufsagentur eröffnet"
    event = {"Kurzer Titel": title, "Wann": "09/2019", "Quelle": "Vorlage 2019/44"}
    entered(window, press, "Ereignis oder Beschluss", event)
    goal = {"Wert (%)": "8,0", "Zu erreichen bis": "2027/28", "Beschlossen am": "12.03.2020"}
    entered(window, press, "Ziel", goal | {"Quelle": "Stadtrat vom 12.03.2020"})
    expect(
        page.get_by_text(re.compile(r"Ereignis 1, September 2019: Jugend.*Vorlage"))
    ).to_be_visible()
    expect(page.get_by_text(re.compile(r"· Ziel 2027/28 "))).to_be_visible()
    page.get_by_role("button", name=re.compile("^Teilen und herunterladen")).click()
    with page.expect_download() as download:
        page.get_by_role("button", name="PowerPoint", exact=True).click()
    deck = Presentation(io.BytesIO(Path(download.value.path()).read_bytes()))
    (slide,) = deck.slides
    (chart,) = [shape.chart for shape in slide.shapes if shape.has_chart]
    assert "2019/20 [1]" in list(chart.plots[0].categories)
    assert any(s.name.startswith("Ziel 2027/28: mindestens 8,0")
               for s in chart.plots[0].series)  # fmt: skip
    assert title in " ".join(s.text_frame.text for s in slide.shapes if s.has_text_frame)
    wall = window.open(f"{TREND}&stage=1")
    expect(wall.get_by_text(title).first).to_be_visible()
    expect(wall.get_by_text(re.compile(r"^Ziel 2027/28: mindestens 8,0")).first).to_be_visible()
