"""Überblick and Karte und Vergleich as a reader uses them, and all pages at every width."""

import pytest
from playwright.sync_api import Page, expect

from indicators.kinds import USUAL
from tests.browser.helpers import (
    TEXTS,
    Window,
    asked,
    choose,
    covering,
    press,
    settle_again,
    table_rows,
)
from tests.browser.test_language import assert_german

pytestmark = pytest.mark.browser

NO_FILE = "mindestsicherungsquote"
CHART = ".js-plotly-plot"
DRAWING = ".drawing > svg"
# a drawing lies in a root of its own
FIGURE = f'{CHART}, [data-testid^="stBidiComponent"]'

# Words in buttons, pickers, headings and key figures that are wider than their place.
CLIPPED = """() => [...document.querySelectorAll(
    "button, [role=radio], .bb-figure-row, .bb-figure-note, .bb-headline, .bb-title, .bb-subtitle")]
    .filter((part) => part.checkVisibility() && part.textContent.trim())
    .filter((part) => part.clientWidth > 1 && part.scrollWidth > part.clientWidth + 1)
    .map((part) => part.textContent.trim())"""

# What no scrolling brings into view: beside the window and in nothing that scrolls sideways.
OUT_OF_REACH = """() => {
    const main = document.querySelector('[data-testid="stMain"]');
    if (main.scrollWidth > main.clientWidth) return ["the page scrolls sideways"];
    const scrolls = (part) => part && part !== main
        && (["auto", "scroll"].includes(getComputedStyle(part).overflowX)
            || scrolls(part.parentElement));
    return [...main.querySelectorAll("h1, h2, p, button, input, img, svg, td, dd, li")]
        .filter((part) => part.checkVisibility({ visibilityProperty: true }))
        .filter((part) => {
            const box = part.getBoundingClientRect();
            return box.width > 1 && (box.right > innerWidth + 1 || box.left < -1);
        })
        .filter((part) => !scrolls(part))
        .map((part) => `${part.tagName} ${part.textContent.trim().slice(0, 60)}`);
}"""


def headlines(page: Page) -> list[str]:
    return page.locator("h2.bb-headline").all_inner_texts()


def chart_texts(page: Page) -> list[dict]:
    """The words of the first figure on the page, if it has one."""
    return page.evaluate(TEXTS, FIGURE) if page.locator(FIGURE).count() else []


def region_box(page: Page):
    return page.get_by_role("combobox", name="Bildungsregion", exact=True)


def go(window: Window, name: str) -> None:
    """To a page by the menu."""
    window.page.locator('[data-testid="stSidebarNavLink"]', has_text=name).click()
    window.page.wait_for_function("name => document.title.startsWith(name)", arg=name)
    settle_again(window)


# --- Überblick ------------------------------------------------------------------------------------


def test_a_key_figure_brings_its_trend_and_map_into_view(window):
    page = window.open("?region=verbund:hof")
    before = headlines(page)
    page.get_by_role("button", name="Nachwachsende Jahrgänge").click()
    settle_again(window)
    trend, picture = headlines(page)
    assert "unter 3-Jährigen" in trend and "31.12.2015" in picture
    assert trend != before[0] and picture != before[1]
    assert asked(page) == {"region": "verbund:hof", "focus": "kinder_0_2_je_100_kinder_3_5"}
    other = page.locator('[class*="st-key-card_focus"]')
    expect(other).to_have_count(1)
    expect(other).to_contain_text("103,8\xa0je\xa0100")
    page.reload()
    window.settle()
    assert headlines(page) == [trend, picture]


def test_city_district_and_both_show_their_own_figures(window):
    page = window.open("?region=verbund:hof")
    seen = {}
    for part, region in (("Stadt", "09464"), ("Landkreis", "09475"), ("gemeinsam", "verbund:hof")):
        press(window, "Gebiet", part)
        assert asked(page)["region"] == region
        seen[part] = (
            page.locator("h1").inner_text(),
            *page.locator(".bb-figure-value").all_inner_texts(),
        )
    assert [shown[0] for shown in seen.values()] == [
        "Stadt Hof",
        "Landkreis Hof",
        "Stadt und Landkreis Hof",
    ]
    assert [shown[1] for shown in seen.values()] == ["11,6\xa0%", "6,9\xa0%", "9,2\xa0%"]


def test_the_region_stays_through_the_menu_and_a_reload(window):
    page = window.open("?region=verbund:coburg")
    press(window, "Gebiet", "Landkreis")
    for name in ("Karte und Vergleich", "Daten und Methodik", "Überblick"):
        go(window, name)
        assert asked(page)["region"] == "09473"
        expect(region_box(page)).to_have_value("Coburg")
        chosen = page.get_by_role("radiogroup", name="Gebiet").get_by_role("radio", checked=True)
        expect(chosen).to_have_text("Landkreis")
    page.reload()
    window.settle()
    expect(page.locator("h1")).to_have_text("Landkreis Coburg")


def test_the_key_figure_in_view_stays_in_the_address_through_the_menu(window):
    page = window.open("?region=06431")
    page.get_by_role("button", name="Nachwachsende Jahrgänge").click()
    settle_again(window)
    shown = headlines(page)
    go(window, "Daten und Methodik")
    go(window, "Überblick")
    assert headlines(page) == shown
    assert asked(page).get("focus") == "kinder_0_2_je_100_kinder_3_5"


def test_any_kreis_can_be_chosen_by_typing_its_name(window):
    page = window.open()
    box = region_box(page)
    box.click()
    box.fill("passau")
    expect(page.get_by_role("option")).to_have_text(["Passau, Stadt", "Passau, Landkreis"])
    page.get_by_role("option", name="Passau, Landkreis").click()
    settle_again(window)
    expect(page.locator("h1")).to_have_text("Landkreis Passau")
    assert asked(page)["region"] == "09275"
    assert page.get_by_role("radiogroup", name="Gebiet").count() == 0


# --- Karte und Vergleich --------------------------------------------------------------------------


def test_every_choice_is_in_the_address_and_opens_the_same_in_another_window(window, new_window):
    page = window.open("karte?region=07111")

    def state(page: Page) -> tuple:
        pickers = page.get_by_role("combobox")
        return (
            headlines(page),
            page.locator(".bb-subtitle").all_inner_texts(),
            [box.input_value() for box in pickers.all()],
            page.locator('[role="radio"][aria-checked="true"]').all_inner_texts(),
        )

    def opens_the_same() -> None:
        other = new_window()  # a window in the background would be slow: one is closed at once
        other.page.goto(page.url)
        other.settle()
        assert state(other.page) == state(page)
        other.page.close()
        page.bring_to_front()

    press(window, "Darstellung", "Rangfolge")
    choose(window, "Indikator", "Abgehende mit allgemeiner Hochschulreife")
    choose(window, "Vergleich", "Deutschland")
    choose(window, "Zeitraum", "2015/16")
    opens_the_same()
    chosen = {"kind": "ranking", "indicator": "abschlussanteil_hochschulreife", "scope": "all"}
    assert asked(page) == {"region": "07111", "period": "2015/16", **chosen}

    press(window, "Darstellung", "Zeitverlauf")
    choose(window, "Aufteilung", "nach Geschlecht")
    opens_the_same()
    assert {"kind": "trend", "by": "sex"}.items() <= asked(page).items()


def test_a_ranking_has_a_line_for_every_kreis_with_a_value(window):
    page = window.open("karte?kind=ranking&indicator=studierende_auslaendisch_anteil&region=09464")
    expect(page.locator(f"{DRAWING} > line[stroke-opacity]")).to_have_count(42)
    press(window, "Ansicht", "Werte")
    values = [row[2] for row in table_rows(page)]
    assert len(values) == 96
    assert sum(value.endswith("%") for value in values) == 42


def test_a_trend_ends_with_the_newest_values_of_its_table(window):
    address = "karte?kind=trend&indicator=abgaenger_ohne_abschluss_anteil&region=09464"
    page = window.open(f"{address}&face=enlarged")
    labels = page.locator(".annotation-text").all_text_contents()
    names = page.locator(".legendtext").all_text_contents()
    press(window, "Ansicht", "Werte")
    head = page.locator(".bb-table th").all_inner_texts()
    rows = sorted(table_rows(page), reverse=True)
    for region in ("Stadt Hof", "Landkreis Hof", "Bayern", "Deutschland"):
        values = [row[head.index(region)] for row in rows]
        newest = next(value for value in values if value.endswith("%"))
        assert region in names
        assert newest in labels, (region, labels)


def test_without_a_file_the_page_says_which_table_would_bring_one(reader):
    for kind in ("map", "trend"):
        page = reader.turn(f"karte?kind={kind}&indicator={NO_FILE}&region=09464")
        card = page.locator(".st-key-card_explorer")
        expect(card).to_contain_text("22811-01-01-4")
        assert card.locator(".map, .js-plotly-plot, .bb-table").count() == 0, kind


def test_without_a_file_the_card_itself_explains(reader):
    page = reader.turn(f"karte?kind=trend&indicator={NO_FILE}&region=09464")
    heading = page.locator(".st-key-card_explorer h2")
    expect(heading).to_have_text("Hierzu gibt es noch keine Angaben")
    assert page.locator(".st-key-card_error").count() == 0


def test_indicators_without_any_value_say_so_in_the_picker(reader):
    page = reader.turn(f"karte?kind=trend&indicator={NO_FILE}&region=09464")
    expect(page.locator(".st-key-card_explorer")).to_contain_text("noch keine Datei")
    box = page.get_by_role("combobox", name="Indikator", exact=True)
    expect(box).to_have_value("noch keine Datei: Mindestsicherungsquote")


def test_a_division_without_values_shows_no_empty_chart(reader):
    """The whole has none either, which would be shown instead."""
    page = reader.turn(
        "karte?kind=trend&indicator=schuelerpendlersaldo&by=school_type&region=06431"
    )
    expect(page.locator("h2.bb-headline")).to_contain_text("keine Angaben")
    assert page.locator(".js-plotly-plot").count() == 0


def test_a_joint_region_with_ready_made_ratios_only_says_why_it_has_no_value(window):
    page = window.open("karte?kind=trend&indicator=arbeitslosenquote&region=verbund:coburg")
    # the members are told instead, the reason stands in the notes
    expect(page.locator("h2.bb-headline")).to_contain_text("In der Stadt Coburg ")
    expect(page.locator("h2.bb-headline")).to_contain_text("gemeinsam nicht berechenbar")
    press(window, "Ansicht", "Info")
    expect(page.locator(".st-key-card_explorer")).to_contain_text("ohne Zählwerte")
    page = window.open("karte?kind=ranking&indicator=arbeitslosenquote&region=verbund:coburg")
    expect(page.locator(".bb-subtitle")).to_contain_text("ohne Zählwerte nicht berechenbar")
    # the ranking shows the members instead
    expect(page.locator("h2.bb-headline")).to_contain_text("Stadt Coburg: ")
    expect(page.locator("h2.bb-headline")).to_contain_text("Landkreis Coburg: ")


# --- every page at every width --------------------------------------------------------------------

ADDRESSES = {
    "Überblick": "?region=verbund:hof",
    "Karte": "karte?indicator=studierende_auslaendisch_anteil&region=verbund:hof",
    "Zeitverlauf": "karte?kind=trend&indicator=abschlussanteil_hochschulreife&region=verbund:hof",
    "Verfügbarkeit": "daten?section=availability",
}


@pytest.mark.parametrize("name", ADDRESSES)
def test_nothing_is_cut_off_on_a_laptop_and_an_office_screen(name, reader):
    page = reader.turn(ADDRESSES[name])
    for width, height in ((1280, 720), (1920, 1080)):
        page.set_viewport_size({"width": width, "height": height})
        settle_again(reader)
        assert page.evaluate(OUT_OF_REACH) == [], width
        assert page.evaluate(CLIPPED) == [], width
        texts = chart_texts(page)
        assert [text["text"] for text in texts if text["cut"]] == [], width
        key_figures = page.locator('[class*="st-key-card_f"] .bb-figure')
        assert key_figures.count() == (4 if name == "Überblick" else 0)
        assert covering(texts) == [], width


# Pickers whose choices are cut off: label and the choice.
CUT_CHOICES = """() => [...document.querySelectorAll('[data-testid="stSelectbox"]')]
    .map(box => [box.querySelector("label").textContent, box.querySelector("input")])
    .filter(([, input]) => input.scrollWidth > input.clientWidth)
    .map(([label, input]) => [label, input.value])"""


@pytest.mark.parametrize(
    "address",
    [
        "karte?kind=ranking&indicator=abschlussanteil_hochschulreife&region=09464",
        "karte?kind=table&indicator=wanderungssaldo&region=09464",
        "uebergaenge?gate=grundschule_sekundarstufe&region=verbund:beispiel",
        "zuwanderung?section=sprachfoerderung&region=verbund:beispiel",
        "demografie?section=vorausberechnung&region=verbund:beispiel",
    ],
)
def test_what_is_chosen_can_be_read_in_full_on_a_laptop(address, reader):
    page = reader.turn(address)
    assert page.locator('[data-testid="stMain"] [data-testid="stSelectbox"]').count() >= 2
    assert page.evaluate(CUT_CHOICES) == []
    if "ranking" in address:
        expect(page.get_by_role("button", name="Eingrenzen")).to_be_visible()


# A phone, and a laptop enlarged four times.
NARROW_WIDTHS = (390, 320)


@pytest.mark.parametrize("name", ADDRESSES)
def test_on_a_phone_or_enlarged_four_times_all_is_in_one_column(name, new_window):
    window = new_window(width=390, height=844)
    page = window.open(ADDRESSES[name])
    expect(page.locator("h1")).to_be_in_viewport()
    if (fold := page.locator(".st-key-fold")).count():
        fold.get_by_text("Auswahl").click()  # with all choices in sight
        settle_again(window)
    for width in NARROW_WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        settle_again(window)
        assert page.evaluate(OUT_OF_REACH) == [], width
        assert page.evaluate(CLIPPED) == [], width
        columns = page.locator('[data-testid="stColumn"]').evaluate_all(
            "nodes => [...new Set(nodes.map(n => Math.round(n.getBoundingClientRect().left)))]"
        )
        assert len(columns) <= 2, width  # columns inside a card stand a little further right


@pytest.mark.parametrize("region", ["verbund:coburg", "verbund:kaufbeuren_ostallgaeu"])
def test_the_labels_of_the_trend_in_the_overview_stay_apart(region, reader):
    page = reader.turn(f"?region={region}")
    expect(page.locator(f"{DRAWING} > text").first).to_be_visible()
    assert covering(chart_texts(page)) == []


# Long names and long units, turned dates, added regions, bars with names of two lines.
NARROW = {
    "joint region": "region=verbund:hof",
    "dates": "indicator=auslaenderanteil&region=verbund:kaufbeuren_ostallgaeu",
    "added": "indicator=geburtenrate&region=07111&compare=09463,09180,12064",
    "euros": "indicator=verfuegbares_einkommen&region=06431",
    "bars": "indicator=studierende&by=subject_group&region=07111",
}


@pytest.mark.parametrize("width", NARROW_WIDTHS)
@pytest.mark.parametrize("view", NARROW)
def test_a_trend_can_be_read_on_a_phone_or_enlarged_four_times(view, width, reader):
    reader.page.set_viewport_size({"width": width, "height": 844})
    for face in ("",) if view == "bars" else ("", "&face=enlarged"):
        page = reader.turn(f"karte?kind=trend&{NARROW[view]}{face}")
        expect(page.locator(f".xtick, {DRAWING} > text").first).to_be_visible()
        texts = chart_texts(page)
        assert [text["text"] for text in texts if text["cut"]] == [], face
        assert covering(texts) == [], face
    if view != "bars":
        drawn = page.locator(CHART).evaluate("chart => chart._fullLayout._size.w")
        assert drawn > width / 3


@pytest.mark.parametrize("width", NARROW_WIDTHS)
def test_a_ranking_can_be_read_on_a_phone_or_enlarged_four_times(width, reader):
    reader.page.set_viewport_size({"width": width, "height": 844})
    page = reader.turn("karte?kind=ranking&indicator=wanderungssaldo&region=09464")
    expect(page.locator(f"{DRAWING} > text", has_text="alle 96")).to_be_visible()
    texts = chart_texts(page)
    words = " ".join(text["text"] for text in texts)
    # the own one, what it is measured by, and who is first and last
    for part in ("Stadt Hof", "Bayern", "Deutschland", "1.", "96."):
        assert part in words
    assert [text["text"] for text in texts if text["cut"]] == []
    assert covering(texts) == []
    # the drawing is one for narrow cards, not the wide one made smaller
    assert min(text["size"] for text in texts) > 9


def test_every_kind_of_figure_is_in_sight_when_enlarged_four_times(reader):
    reader.page.set_viewport_size({"width": 320, "height": 844})
    page = reader.turn("karte?region=verbund:hof")
    page.locator(".st-key-fold").get_by_text("Auswahl").click()
    settle_again(reader)
    kinds = page.get_by_role("radiogroup", name="Darstellung").get_by_role("radio")
    boxes = [kind.bounding_box() for kind in kinds.all()]
    assert len(boxes) == len(USUAL)
    assert all(box["x"] + box["width"] <= 320 for box in boxes)


def test_a_ranking_of_kreise_has_no_rank_for_a_land_or_germany(reader):
    page = reader.turn("karte?kind=ranking&indicator=geburtenrate&region=DG")
    assert "Rang" not in page.locator("h2.bb-headline").inner_text()


# --- details --------------------------------------------------------------------------------------


@pytest.mark.parametrize("region", ["verbund:hof", "verbund:kaufbeuren_ostallgaeu", "07111"])
def test_the_list_beside_a_map_cuts_no_row(region, reader):
    page = reader.turn(f"karte?region={region}")
    rows = page.locator(".bb-table")
    expect(rows).to_be_visible()
    assert rows.evaluate("box => box.scrollHeight <= box.clientHeight")
    own = rows.locator("tr.bb-own").all_inner_texts()
    assert own and all(any(name in row for row in own) for name in own_names(region))


def own_names(region: str) -> list[str]:
    return {
        "verbund:hof": ["Stadt Hof", "Landkreis Hof"],
        "verbund:kaufbeuren_ostallgaeu": ["Stadt Kaufbeuren", "Landkreis Ostallgäu"],
        "07111": ["Stadt Koblenz"],
    }[region]


@pytest.mark.parametrize(
    "indicator",
    ["abschlussanteil_hochschulreife", "schueler_auslaendisch_anteil", "geburtenrate"],
)
def test_the_longest_names_of_indicators_are_shown_whole(indicator, reader):
    page = reader.turn(f"karte?kind=trend&indicator={indicator}&region=09464")
    box = page.get_by_role("combobox", name="Indikator", exact=True)
    assert box.evaluate("box => box.scrollWidth <= box.clientWidth"), box.input_value()
    # beside six pickers there is no room for all of them: the card has them whole
    name = box.input_value()
    page = reader.turn(f"karte?kind=map&indicator={indicator}&region=09464")
    expect(page.locator(".bb-subtitle").first).to_contain_text(name)


@pytest.mark.parametrize("width", [1280, 320])
def test_what_a_row_is_about_stays_in_sight_while_a_table_is_moved(width, reader):
    reader.page.set_viewport_size({"width": width, "height": 720})
    page = reader.turn("daten?section=availability&region=09464")
    box = page.locator(".bb-table")
    first, last = box.locator("tbody td").first, box.locator("tbody tr").first.locator("td").last
    before = first.bounding_box()["x"]
    box.evaluate("box => { box.scrollLeft = box.scrollWidth; }")
    assert first.bounding_box()["x"] == before
    cell = last.bounding_box()
    assert first.bounding_box()["x"] + first.bounding_box()["width"] <= cell["x"]
    assert cell["x"] + cell["width"] <= width


@pytest.mark.parametrize("width", [1280, 390])
def test_a_source_keeps_its_codes_whole_and_tells_its_date_from_ours(width, reader):
    reader.page.set_viewport_size({"width": width, "height": 844})
    page = reader.turn("?region=verbund:hof")
    sources = page.locator(".bb-source")
    codes = page.locator(".bb-source .bb-line")
    assert "dl-de/by-2-0" in codes.all_inner_texts()
    assert codes.evaluate_all("all => all.map(one => one.getClientRects().length)") == [1] * len(
        codes.all()
    )
    expect(sources.first).to_contain_text("(Stand 24.08.2021)")
    expect(sources.first).to_contain_text("in Bildungsblick seit ")


KINDS = ["map", "trend", "panels", "ranking", "table", "profile"]
REGIONS = ["verbund:coburg", "verbund:hof", "verbund:kaufbeuren_ostallgaeu", "07111", "06431"]


@pytest.mark.parametrize("region", REGIONS)
def test_every_region_has_every_kind_without_an_error_or_an_english_word(region, reader):
    for kind in KINDS:
        page = reader.turn(f"karte?kind={kind}&region={region}")
        told = page.locator(".st-key-card_error, .bb-notice").all_inner_texts()
        assert told == [], kind
        assert page.locator(".st-key-card_explorer .bb-headline").count() == 1, kind
        assert_german(reader)


def test_on_a_phone_the_answer_comes_before_the_choices(new_window):
    window = new_window(width=390, height=844)
    page = window.open("karte?kind=ranking&indicator=geburtenrate&region=verbund:hof")
    choices = page.get_by_label("Indikator")
    headline = page.locator(".bb-headline").first
    expect(page.locator(".st-key-fold")).to_contain_text("Stadt und Landkreis Hof")
    expect(choices).not_to_be_visible()
    assert headline.bounding_box()["y"] < 300
    page.locator(".st-key-fold").get_by_text("Auswahl").click()
    expect(choices).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_at_a_desk_no_choice_is_folded_away(reader):
    page = reader.turn("karte?kind=ranking&indicator=geburtenrate&region=verbund:hof")
    expect(page.get_by_label("Indikator")).to_be_visible()
    expect(page.locator(".st-key-fold")).not_to_be_visible()
