"""The page of an agenda in a browser without any network: keys, fingers, words, print."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from indicators.agenda import Agenda, Item
from indicators.export import ways
from tests.browser.test_accessibility import serious_findings
from tests.browser.test_meeting import SHOWN

pytestmark = pytest.mark.browser

LEAVERS = "indicator=abgaenger_ohne_abschluss_anteil"
AGENDA = Agenda(
    title="Bericht",
    committee="Ausschuss",
    item=(
        Item(title="Übergänge"),
        Item(view=f"kind=trend&{LEAVERS}&region=verbund:coburg", notes="Langsam sprechen."),
        Item(
            view=f"kind=map&{LEAVERS}&region=06431", beside=f"kind=ranking&{LEAVERS}&region=06431"
        ),
        Item(title="Beschluss", text="Kenntnis genommen."),
    ),
)
INSIDE = """() => [...document.querySelectorAll(".slide.on .sheet")].every((sheet) => {
    const box = sheet.getBoundingClientRect();
    return box.width === 0 || (box.left >= -1 && box.top >= -1 && box.right <= innerWidth + 1
        && box.bottom <= innerHeight - 39);
})"""


@pytest.fixture(scope="module")
def file(folders, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("paper") / "bericht.html"
    path.write_bytes(ways.paper(AGENDA, "html", folders, address="https://bildung.example.de")[0])
    return path


@pytest.fixture
def page(browser: BrowserContext, file: Path) -> Iterator[Page]:
    """The file, opened with everything cut that is not the file itself; nothing may be refused, so
    nothing may be asked for."""
    page = browser.new_page()
    page.set_viewport_size({"width": 1280, "height": 720})
    refused: list[str] = []
    told: list[str] = []

    def cut(route: Route) -> None:
        if route.request.url.split("#")[0] == file.as_uri():
            route.continue_()
        else:
            refused.append(route.request.url)
            route.abort()

    page.route("**/*", cut)
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    page.goto(file.as_uri())
    yield page
    page.close()
    assert (refused, told) == ([], [])


def at(page: Page, number: int) -> None:
    expect(page.locator("#place")).to_have_text(f"Seite {number} von 5")
    expect(page.locator(".slide.on")).to_have_attribute("data-number", str(number))


def test_keys_lead_through_the_slides(page):
    at(page, 1)
    for key, number in (("ArrowRight", 2), ("ArrowLeft", 1), ("End", 5), ("ArrowRight", 5)):
        page.keyboard.press(key)
        at(page, number)
    page.keyboard.press("Home")
    page.keyboard.press("4")
    expect(page.locator("#place")).to_have_text("Seite 4 …")
    page.keyboard.press("Enter")
    at(page, 4)
    page.keyboard.press("b")
    expect(page.locator("#black")).to_be_visible()
    page.keyboard.press("ArrowRight")  # only brings the picture back
    expect(page.locator("#black")).to_be_hidden()
    at(page, 4)
    page.keyboard.press("Shift+?")
    expect(page.get_by_role("dialog")).to_contain_text("Übersicht aller Seiten")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.reload()
    at(page, 4)


def test_other_regions_words_and_notes_are_a_key_away(page):
    page.keyboard.press("3")
    page.keyboard.press("Enter")
    heading = page.locator(".slide.on .face.on h2")
    expect(heading).to_contain_text("In Stadt und Landkreis Coburg")
    page.keyboard.press("ArrowDown")
    expect(heading).to_contain_text("In der Stadt Coburg")
    expect(page.locator("#faces")).to_have_value("1")
    page.locator("#faces").select_option("Landkreis Coburg")
    expect(heading).to_contain_text("Im Landkreis Coburg")
    page.keyboard.press("ArrowDown")
    expect(heading).to_contain_text("In Stadt und Landkreis Coburg")
    words = page.locator(".slide.on .face.on .words")
    clipped = "element => getComputedStyle(element).clipPath"
    assert words.evaluate(clipped) == "inset(50%)"
    page.keyboard.press("t")
    assert words.evaluate(clipped) == "none"
    expect(words.get_by_role("cell", name="9,9 %").first).to_be_visible()
    page.keyboard.press("t")
    page.keyboard.press("n")
    expect(page.get_by_text("Langsam sprechen.")).to_be_visible()
    assert page.evaluate(INSIDE)


def test_the_overview_shows_all_slides(page):
    page.keyboard.press("Escape")
    expect(page.locator(".slide:visible")).to_have_count(5)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    at(page, 3)
    expect(page.locator(".slide:visible")).to_have_count(1)
    page.keyboard.press("Escape")
    page.locator(".slide").nth(4).click()
    at(page, 5)


def test_a_finger_turns_the_page(page):
    swipe = """([from, to]) => {
        const target = document.querySelector(".slide.on");
        const tell = (name, fingers, x) => target.dispatchEvent(new TouchEvent(name, {
            [fingers]: [new Touch({ identifier: 1, target, clientX: x, clientY: 300 })],
            bubbles: true,
        }));
        tell("touchstart", "touches", from);
        tell("touchend", "changedTouches", to);
    }"""
    page.evaluate(swipe, [600, 200])
    at(page, 2)
    page.evaluate(swipe, [200, 600])
    at(page, 1)
    page.evaluate(swipe, [200, 210])
    at(page, 1)


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080), (390, 844)])
def test_a_slide_is_whole_on_every_screen(size, page):
    page.set_viewport_size({"width": size[0], "height": size[1]})
    for number in range(1, 6):
        at(page, number)
        assert page.evaluate(INSIDE)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.keyboard.press("ArrowRight")


def test_slides_have_no_serious_barrier(page):
    for key in ("", "ArrowRight", "t", "ArrowRight", "Escape", "n"):
        if key:
            page.keyboard.press(key)
        assert serious_findings(page) == [], key


def test_a_slide_is_a_page_of_paper(page):
    content = page.pdf(prefer_css_page_size=True)
    assert content.count(b"/Type /Page\n") == 5 or content.count(b"/Type /Page ") == 5


def test_without_a_script_all_slides_are_there(browser, file):
    page = browser.new_page()
    text = file.read_text(encoding="utf-8").rpartition("<script>")[0]
    page.set_content(text)
    expect(page.locator(".slide:visible")).to_have_count(5)
    expect(page.get_by_role("cell", name="9,9 %").first).to_be_visible()
    page.close()


@pytest.fixture(scope="module")
def of_every_kind(folders, tmp_path_factory) -> Path:
    """The agenda of the stage's tests: each kind of view, a pair, a table, chapter and text."""
    path = tmp_path_factory.mktemp("paper") / "alles.html"
    agenda = Agenda(title="Probe", item=SHOWN)
    path.write_bytes(ways.paper(agenda, "html", folders)[0])
    assert path.stat().st_size < 5_000_000
    return path


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080)])
def test_every_kind_of_slide_is_shown_with_the_network_cut(size, browser, of_every_kind):
    page = browser.new_page()
    page.set_viewport_size({"width": size[0], "height": size[1]})
    refused: list[str] = []
    told: list[str] = []
    page.on("requestfailed", lambda request: refused.append(request.url))
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    browser.set_offline(True)
    try:
        page.goto(of_every_kind.as_uri())
        count = page.locator(".slide").count()
        assert count >= len(SHOWN)
        drawn = 0
        for number in range(1, count + 1):
            expect(page.locator("#place")).to_have_text(f"Seite {number} von {count}")
            assert page.evaluate(INSIDE), number
            slide = page.locator(".slide.on")
            assert slide.inner_text().strip(), number
            drawn += slide.locator(":is(svg, table):visible").count() > 0
            page.keyboard.press("ArrowRight")
        assert drawn >= sum(bool(item.view) for item in SHOWN)
        page.keyboard.press("Home")
        page.keyboard.press("3")
        page.keyboard.press("Enter")
        heading = page.locator(".slide.on .face.on h2")
        before = heading.inner_text()
        page.keyboard.press("ArrowDown")  # what the chair may ask for lies in the file
        expect(heading).not_to_have_text(before)
    finally:
        browser.set_offline(False)
        page.close()
    assert (refused, told) == ([], [])
