"""The stage (`stage=1`): one answer alone, whole and readable from the back row."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.helpers import STAGE, TEXTS, Window, asked, covering, settle_again

pytestmark = pytest.mark.browser

MAP = "karte?kind=map&indicator=wanderungssaldo&region=verbund:hof&scope=all&stage=1"
RANKING = "karte?kind=ranking&indicator=geburtenrate&region=09463&scope=all&stage=1"
REFORMED = "karte?indicator=wanderungssaldo&region=16063&period=2019&scope=land&stage=1"
VIEWS = {
    "trend": STAGE,
    "trend of a joint region": STAGE.replace("09464", "verbund:kaufbeuren_ostallgaeu"),
    "map of Germany": MAP,
    "map of counts": "karte?kind=map&indicator=studierende&region=07111&stage=1",
    "ranking": RANKING,
    "bars of one year": "karte?kind=trend&indicator=studierende&by=subject_group"
    "&region=07111&stage=1",
    "map of another territory": f"{REFORMED}&kind=map",
    "map of places": "karte?kind=map&indicator=kita_versorgungsquote&scope=parts"
    "&region=verbund:beispiel&stage=1",
    "two periods": "karte?kind=maps&indicator=abgaenger_ohne_abschluss_anteil&region=07111"
    "&scope=all&stage=1",
    "two indicators": "karte?kind=maps&indicator=kita_ndf_anteil&with=kinder_sgb2_quote"
    "&region=verbund:beispiel&stage=1",
    "lines of a change": "karte?kind=ranking&indicator=abgaenger_ohne_abschluss_anteil"
    "&region=verbund:coburg&since=2005/06&stage=1",
}
SIZES = ((1280, 720), (1920, 1080))

SCROLLS = """() => {
    const main = document.querySelector('[data-testid="stMain"]');
    return main.scrollHeight > main.clientHeight || main.scrollWidth > main.clientWidth;
}"""

# Pictures and their parts that reach over the edge of the window.
OUTSIDE = """() => {
    const maps = [...document.querySelectorAll('[data-testid^="stBidiComponent"]')]
        .map((host) => host.shadowRoot).filter(Boolean);
    const parts = [document, ...maps].flatMap((root) => [...root.querySelectorAll(
        ".bb-table, h1, p, .drawing > svg, .map, .map svg, .map .legend")]);
    return parts.filter((part) => part.checkVisibility()).filter((part) => {
        const box = part.getBoundingClientRect();
        return box.left < -1 || box.top < -1 || box.right > innerWidth + 1
            || box.bottom > innerHeight + 1;
    }).map((part) => `${part.tagName}.${part.getAttribute("class")}`);
}"""


def at_size(window: Window, width: int, height: int) -> list[dict]:
    """All texts once everything has been laid out for this size of window."""
    page = window.page
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_function(
        "size => getComputedStyle(document.documentElement).getPropertyValue('--stage-scale')"
        " == size",
        arg=str(height / 720).removesuffix(".0"),
    )
    settle_again(window)
    return page.evaluate(TEXTS)


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_is_whole_and_readable_at_both_sizes(view, reader):
    page = reader.turn(VIEWS[view])
    expect(page.locator(".map .legend li, .drawing > svg text").first).to_be_visible()
    for width, height in SIZES:
        texts = at_size(reader, width, height)
        assert len(texts) > 5
        small = {text["text"]: text["size"] for text in texts if text["size"] < 19.9}
        assert small == {}, (width, height)
        outside = [
            text["text"]
            for text in texts
            if text["left"] < 0
            or text["top"] < 0
            or text["right"] > width + 1
            or text["bottom"] > height + 1
        ]
        assert outside == [], (width, height)
        assert [text["text"] for text in texts if text["cut"]] == [], (width, height)
        assert covering(texts) == [], (width, height)
        assert page.evaluate(OUTSIDE) == [], (width, height)
        assert not page.evaluate(SCROLLS), (width, height)


def test_it_shows_headline_figure_and_source_and_nothing_else(reader):
    page = reader.turn(STAGE)
    for part in ("stSidebar", "stHeader", "stToolbar"):
        assert not page.locator(f'[data-testid="{part}"]').is_visible(), part
    expect(page.locator("h1")).to_have_count(1)
    expect(page.locator("h1")).to_contain_text("Stadt Hof")
    expect(page.locator(".drawing > svg")).to_be_visible()
    foot = page.locator(".bb-stage-foot")
    expect(foot).to_contain_text("Quelle: Statistische Ämter")
    expect(foot).to_contain_text("(Stand 24.08.2021)")
    expect(foot).to_contain_text("in Bildungsblick seit ")
    assert page.locator("button:visible, input:visible").count() == 0


@pytest.mark.parametrize("kind", ["map", "ranking"])
def test_what_a_reform_changed_is_said_on_the_slide(kind, reader):
    page = reader.turn(f"{REFORMED}&kind={kind}")
    foot = page.locator(".bb-stage-foot")
    expect(foot).to_contain_text("Stadt Eisenach (16056) liegt nicht mit eigenen Grenzen auf der")
    expect(foot).to_contain_text("Quelle: ")


def test_a_map_needs_no_pointer_and_names_its_boundaries(reader):
    page = reader.turn(MAP)
    picture = page.locator(".map .plot svg")
    expect(picture).to_have_attribute("aria-label", re.compile("Wanderungssaldo.*2019"))
    assert page.locator(".map .regions [tabindex]").count() == 0
    assert page.locator(".map .tip, .map .search, .map .zoom").count() == 0
    expect(page.locator(".bb-stage-foot")).to_contain_text("© GeoBasis-DE / BKG")


def test_a_map_names_its_own_and_its_outermost_values_of_every_year(window):
    page = window.open(MAP)
    listed = page.locator(".map .ends")
    own = listed.locator(".own")
    expect(own).to_have_count(2)
    expect(own.first).to_contain_text("Stadt Hof")
    highest = listed.locator("p:has-text('Höchste Werte') + ul li").first
    lowest = listed.locator("p:has-text('Niedrigste Werte') + ul li").last
    headline = page.locator("h1").inner_text().replace("\xa0", " ")
    for end in (highest, lowest):
        name, value = end.locator("span").all_inner_texts()
        # the list leaves the unit to the legend
        assert re.search(rf"{re.escape(value)}[^()]* \({re.escape(name)}\)", headline)
    before = listed.inner_text()
    page.get_by_role("button", name="Früherer Zeitraum").click()
    expect(listed).not_to_have_text(before)


def test_a_reload_shows_the_same(window):
    page = window.open(RANKING)
    before = (page.url, [text["text"] for text in page.evaluate(TEXTS)])
    page.reload()
    window.settle()
    expect(page.locator(".drawing > svg text").first).to_be_visible()
    assert (page.url, [text["text"] for text in page.evaluate(TEXTS)]) == before


def test_escape_leaves_for_the_same_view_with_its_controls(window):
    page = window.open(RANKING)
    headline = page.locator("h1").inner_text()
    query = asked(page)
    page.keyboard.press("Escape")
    expect(page.locator("h2.bb-headline")).to_have_text(headline)
    expect(page.get_by_role("combobox", name="Bildungsregion", exact=True)).to_have_value("Coburg")
    window.settle()
    assert {"stage": "1", **asked(page)} == query


def test_b_blackens_the_wall_and_a_question_mark_names_the_keys(window):
    page = window.open(STAGE)
    cover = page.locator(".bb-stage-cover")
    page.keyboard.press("b")
    expect(cover).to_be_visible()
    assert cover.inner_text() == ""
    page.keyboard.press("b")
    expect(cover).to_have_count(0)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Tasten")).to_contain_text("schwarzer Bildschirm")
    page.keyboard.press("Escape")  # closes it, and stays on the slide
    expect(cover).to_have_count(0)
    assert asked(page)["stage"] == "1"


def test_the_arrows_turn_the_years_of_a_map(window):
    page = window.open(
        "karte?kind=map&indicator=abgaenger_ohne_abschluss_anteil&region=09464&stage=1"
    )
    year = page.locator(".map output")
    last = year.inner_text()
    page.keyboard.press("ArrowLeft")
    expect(year).not_to_have_text(last)
    page.keyboard.press("ArrowRight")
    expect(year).to_have_text(last)


def test_f_asks_for_the_full_screen(window):
    page = window.open(STAGE)
    page.evaluate(
        "() => { Element.prototype.requestFullscreen = function () { window.asksFor = this; }; }"
    )
    page.keyboard.press("f")
    assert page.evaluate("() => window.asksFor === document.documentElement")


@pytest.mark.parametrize(
    ("query", "message"),
    {
        "kind=trend&indicator=gibtsnicht&region=09464": "Der Link nennt als Indikator „gibtsnicht“",
        "kind=trend": "Im Link fehlt die Angabe, um welchen Indikator es geht",
        "kind=trend&indicator=geburtenrate&region=99999": "Der Link nennt als Region „99999“",
        "kind=map&indicator=geburtenrate&region=09464&period=1850": (
            "Für den Zeitraum 1850 liegen dazu für Stadt Hof keine Zahlen vor; gezeigt wird 2019."
        ),
    }.items(),
)
def test_a_wrong_link_is_explained_in_german(query, message, window):
    page = window.open(f"karte?{query}&stage=1")
    expect(page.locator('[data-testid="stMain"]')).to_contain_text(message)
    shown = page.locator("body").inner_text()
    assert "Traceback" not in shown and "Error" not in shown
    assert not page.locator('[data-testid="stSidebar"]').is_visible()


def test_without_a_region_it_shows_the_first_education_region(window):
    page = window.open("karte?kind=trend&indicator=geburtenrate&stage=1")
    expect(page.locator("h1")).to_contain_text("Coburg")


def test_a_ranking_on_the_wall_names_the_own_region_and_shows_all(reader):
    page = reader.turn("karte?kind=ranking&indicator=wanderungssaldo&region=09464&stage=1")
    label = page.locator(".drawing > svg > text", has_text="Stadt Hof")
    expect(label).to_have_attribute("font-weight", "600")
    expect(page.locator(".drawing > svg > line[stroke-opacity]")).to_have_count(96)
