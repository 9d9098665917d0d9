"""What holds of every page: looked at in one window, which opens each page once.

The page comes on an office screen, then stands on a laptop. Loading costs three times as much as
anything that is looked at here, so the tests of a page follow each other; the last one opens its
controls.
"""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from tests.browser.helpers import PAGES, Window, settle_again
from tests.browser.test_accessibility import serious_findings
from tests.browser.test_frame import NOTHING_CUT_OFF
from tests.browser.test_language import assert_german
from tests.browser.test_search import HITS

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module", params=PAGES)
def large(request: pytest.FixtureRequest, _reader: Window) -> Iterator[Window]:
    """A page in an office window, with all that was asked for on its way."""
    _reader.as_new()
    _reader.page.set_viewport_size({"width": 1920, "height": 1080})
    _reader.open(request.param)
    yield _reader
    _reader.as_new()


@pytest.fixture
def opened(large: Window) -> Window:
    """The same page on a laptop."""
    if large.page.viewport_size != {"width": 1280, "height": 720}:
        large.page.set_viewport_size({"width": 1280, "height": 720})
        settle_again(large)
    return large


def test_everything_comes_from_this_server(large: Window):
    assert large.page.evaluate(NOTHING_CUT_OFF)
    hosts = {
        urlsplit(url).netloc for url in large.requests if not url.startswith(("data:", "blob:"))
    }
    assert hosts == {urlsplit(large.server).netloc}
    assert [text for text in large.console if "Content Security Policy" in text] == []
    assert [text for text in large.console if text.startswith("uncaught: ")] == []


def test_it_has_no_serious_barrier(opened: Window):
    assert opened.page.locator(".st-key-card_error").count() == 0
    assert serious_findings(opened.page) == []


def test_no_page_is_slowed_down_by_a_search_nobody_asked_for(opened: Window):
    assert opened.page.get_by_role("searchbox", name="Suche").count() == 1
    assert opened.page.locator(HITS).count() == 0


def test_keyboard_reaches_content_and_menu(opened: Window):
    page = opened.page
    for way in ("Zur Sitzung", "Zum Inhalt springen"):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == way
    reached = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.textContent.trim()"))
    assert set(PAGES.values()) <= reached


def test_it_speaks_german_at_rest_and_with_its_controls_opened(opened: Window):
    """The page at rest, then every list, popover, expander, text field and table opened."""
    page = opened.page
    page.evaluate("() => document.activeElement.blur()")
    assert_german(opened)
    for selector in (
        '[data-testid="stExpander"] summary',
        '[data-testid="stPopover"] button',
        '[data-testid="stSelectbox"] input',
        '[data-testid="stMultiSelect"] input',
    ):
        for control in page.locator(selector).all():
            if not control.is_visible():
                continue
            control.click()
            opened.settle()
            assert_german(opened)
            page.keyboard.press("Escape")
    for control in page.locator('[data-testid="stTextInput"] input').all():
        if control.is_visible():
            control.fill("Hof")
            assert_german(opened)
            control.fill("")
    for table in page.locator('[data-testid="stDataFrame"]').all():
        table.hover()
        assert_german(opened)
