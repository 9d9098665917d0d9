"""One state, one moment: what stands on a page at any instant belongs to one choice, and a control
shows it, also one that was out of sight when it was chosen."""

import json
import re

import pytest
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.browser.helpers import Window, asked, choose, press, settle_again

pytestmark = pytest.mark.browser

# What the parts of the overview tell, looked at in every frame: the title, the first key figure,
# the headline of its trend, what stands at the ends of the lines, and whether all of it is faded.
WATCH = """() => {
    window.seen = [];
    const words = (selector) => [...document.querySelectorAll(selector)]
        .map((element) => element.textContent.trim()).join(" | ");
    // a drawing lies in a root of its own
    const drawn = () => [...document.querySelectorAll("[class*=st-key-card_trend] *")]
        .flatMap((part) => [...(part.shadowRoot?.querySelectorAll(".drawing > svg text") ?? [])])
        .map((element) => element.textContent)
        // how many years an axis names depends on the width that is drawn for
        .filter((text) => !/^\\d{4}(\\/\\d\\d)?$/.test(text)).join(" | ");
    const opacity = (element) => {
        let product = 1;
        for (; element; element = element.parentElement)
            product *= parseFloat(getComputedStyle(element).opacity);
        return product;
    };
    const look = () => {
        const parts = {
            title: words("h1"),
            figure: words(".bb-figure-value"),
            headline: words("[class*=st-key-card_trend] .bb-head h2"),
            lines: drawn(),
        };
        const state = JSON.stringify(parts);
        const shown = document.querySelector("h1");
        const since = performance.now();
        const one = { state, since, opacity: shown ? opacity(shown) : 1 };
        const last = window.seen.at(-1);
        // the plainest look of each state, one after the other
        if (last?.state !== state) window.seen.push(one);
        else last.opacity = Math.max(last.opacity, one.opacity);
        requestAnimationFrame(look);
    };
    look();
}"""


def title(page) -> str:
    return page.locator("h1").inner_text()


def at_rest(window: Window) -> str:
    """The state of which nothing changes any more: on a busy machine the labels of a chart come
    later than all that `settle` knows of."""
    settle_again(window)
    window.page.wait_for_function("() => performance.now() - window.seen.at(-1).since > 500")
    return window.page.evaluate("window.seen.at(-1).state")


def turn_to(window: Window, part: str) -> str:
    """Presses a part of the region until its page stands there; returns its state.

    On a busy machine a click can meet a page that is still being told something; then the button
    is not pressed afterwards, and a reader presses again. A pressed one without its page is a
    fault."""
    page, before = window.page, title(window.page)
    group = page.get_by_role("radiogroup", name="Gebiet", exact=True)
    button = group.get_by_role("radio", name=part, exact=True)
    for _ in range(3):
        button.click()
        try:
            # the start page says its answers a moment after the rest: it may rest before it runs
            page.wait_for_function(
                "was => ![undefined, was].includes(document.querySelector('h1')?.innerText)",
                arg=before,
                timeout=10_000,
            )
        except PlaywrightTimeout:
            assert button.get_attribute("aria-checked") != "true", f"{part}: pressed in vain"
        else:
            return at_rest(window)
    raise AssertionError(f"{part} cannot be pressed")


def assert_of_one_piece(seen: list[dict], whole: set[str]) -> None:
    """What looked in force was one of the whole states, at most with a chart not drawn yet."""
    allowed = whole | {json.dumps(json.loads(s) | {"lines": ""}) for s in whole}
    normal = {json.dumps(json.loads(s)) for s in allowed}
    for one in seen:
        if one["opacity"] > 0.95:
            assert json.dumps(json.loads(one["state"])) in normal, (one, whole)


@pytest.mark.parametrize(
    ("region", "parts"),
    [
        ("99101", ("Landkreis", "gemeinsam", "Stadt")),
        ("09463", ("Landkreis", "gemeinsam", "Landkreis")),
    ],
)
def test_key_figures_and_chart_are_never_of_two_regions(window: Window, region, parts):
    page = window.open(f"?region={region}")
    page.evaluate(WATCH)
    whole = {at_rest(window)} | {turn_to(window, part) for part in parts}
    assert len(whole) == 3 and not any('"lines":""' in state for state in whole)
    assert_of_one_piece(page.evaluate("window.seen"), whole)
    buttons = page.get_by_role("radiogroup", name="Gebiet", exact=True)
    for part in ("Stadt", "Landkreis", "gemeinsam", "Stadt", "Landkreis"):
        buttons.get_by_role("radio", name=part, exact=True).click()
        page.wait_for_timeout(60)
    page.wait_for_function("() => document.querySelector('h1')?.innerText.startsWith('Landkreis')")
    at_rest(window)
    seen = page.evaluate("window.seen")
    whole.add(turn_to(window, "Stadt"))
    assert_of_one_piece(seen, whole)
    assert '"title":"Landkreis' in seen[-1]["state"], "the last click counts"


def test_a_page_fades_while_it_is_asked_for_another_region(window: Window):
    page = window.open("?region=99101")
    page.evaluate(WATCH)
    page.evaluate("""() => {
        window.faintest = 1;
        const look = () => {
            const page = document.querySelector(".st-key-page");
            window.faintest = Math.min(window.faintest, getComputedStyle(page).opacity);
            requestAnimationFrame(look);
        };
        look();
    }""")
    choose(window, "Bildungsregion", "Koblenz")
    assert page.evaluate("window.faintest") < 0.5
    assert page.locator(".st-key-page").evaluate("page => getComputedStyle(page).opacity") == "1"


def assumptions(window: Window) -> dict[str, str]:
    """What the controls of "Annahmen ändern" show."""
    button = window.page.get_by_role("button", name="Annahmen ändern")
    if button.get_attribute("aria-expanded") != "true":
        button.click()
    popover = window.page.get_by_test_id("stPopoverBody")
    popover.wait_for()
    window.page.wait_for_timeout(300)
    return popover.evaluate("""(body) => Object.fromEntries(
        [...body.querySelectorAll("[data-testid=stSelectbox], [data-testid=stTextInput]")].map(
            (field) => [field.querySelector("label").innerText.trim(),
                field.querySelector("input").value || field.innerText.split("\\n").at(-1).trim()]
    ))""")


USUAL = {
    "Wanderung": "Wanderung wie im Mittel",
    "Mittel der letzten": "5 Jahre",
    "Jahre mit Sonderlagen": "alle Jahre",
    "Schulpflichtig ist, wer sechs Jahre alt wird bis": "30.9.",
}


def told(window: Window) -> str:
    """The line of assumptions above the card."""
    return window.page.get_by_text(re.compile("^Annahmen: ")).inner_text()


def test_assumptions_show_what_is_in_force_when_they_are_opened(window: Window):
    window.open("demografie?region=verbund:beispiel&section=schulanfang")
    # the page runs again before anybody opens them
    press(window, "Ansicht", "Nach Gebiet")
    press(window, "Ansicht", "Die nächsten Jahre")
    shown = assumptions(window)
    assert {name: shown[name] for name in USUAL} == USUAL
    choose(window, "Wanderung", "ohne Wanderung")
    assert asked(window.page) == {
        "region": "verbund:beispiel",
        "section": "schulanfang",
        "variant": "none",
    } or asked(window.page) == {"region": "verbund:beispiel", "variant": "none"}
    assert "ohne Wanderung" in told(window) and "Stichtag 30.9." in told(window)
    shown = assumptions(window)
    assert {name: shown[name] for name in USUAL} == {**USUAL, "Wanderung": "ohne Wanderung"}


def test_assumptions_follow_the_back_button_while_they_are_closed(window: Window):
    page = window.open("demografie?region=verbund:beispiel&section=schulanfang")
    assumptions(window)
    choose(window, "Mittel der letzten", "3 Jahre")
    page.keyboard.press("Escape")
    page.get_by_role("heading", name="Demografie").click()
    settle_again(window)
    assert "der letzten 3 Jahre" in told(window)
    page.go_back()
    settle_again(window)
    assert "der letzten 5 Jahre" in told(window) and "years" not in asked(page)
    assert assumptions(window)["Mittel der letzten"] == "5 Jahre"
    press(window, "Ansicht", "Rückblick")
    assert "years" not in asked(page)
