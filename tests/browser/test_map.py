"""The map of "Karte und Vergleich": regions by key and pointer, the years, what it costs."""

import random
import re
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.helpers import Window, asked, choose, fetch, press, settle_again, table_rows

pytestmark = pytest.mark.browser

BAYERN = "karte?indicator=abgaenger_ohne_abschluss_anteil&region=09464"
GERMANY = f"{BAYERN}&scope=all"
REGIONS = ".map .regions path"
DIRECTIONS = (("ArrowLeft", 0, -1), ("ArrowDown", 1, 1), ("ArrowRight", 0, 1), ("ArrowUp", 1, -1))
LOOKS = ("keine Angabe", "nicht ausgewiesen (geschützt)", "zu wenige Fälle", "entfällt")


def focused(page: Page) -> str:
    """What the region with the focus says of itself."""
    return page.locator(f"{REGIONS}:focus").get_attribute("aria-label")


def place(page: Page) -> tuple[float, float]:
    """The middle of the region with the focus, on the screen."""
    box = page.locator(f"{REGIONS}:focus").bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def counts(page: Page) -> list[int]:
    """The numbers of Kreise in the legend."""
    texts = page.locator(".map .legend .count").all_inner_texts()
    return [int(text.replace(".", "")) for text in texts]


def fills(page: Page) -> list[str]:
    return page.locator(REGIONS).evaluate_all("nodes => nodes.map(n => n.getAttribute('fill'))")


@contextmanager
def messages(window: Window):
    """The messages that this window sends to the server while it is watched."""
    session = window.page.context.new_cdp_session(window.page)
    session.send("Network.enable")
    sent: list[dict] = []
    session.on("Network.webSocketFrameSent", lambda message: sent.append(message))
    yield sent
    session.detach()


@pytest.mark.parametrize(("address", "count"), [(BAYERN, 96), (GERMANY, 400)])
def test_all_regions_take_the_focus_but_are_one_stop_of_the_tab_key(address, count, reader):
    page = reader.turn(address)
    assert page.locator(f"{REGIONS}[role=button][tabindex]").count() == count
    assert page.locator(f'{REGIONS}[tabindex="0"]').count() == 1
    assert len(set(page.locator(REGIONS).evaluate_all("n => n.map(r => r.ariaLabel)"))) == count
    page.locator(f'{REGIONS}[tabindex="0"]').focus()
    assert focused(page).startswith("Stadt Hof: 12,8\xa0%")
    page.keyboard.press("Tab")
    assert page.locator(f"{REGIONS}:focus").count() == 0


def test_arrow_keys_move_and_enter_chooses_the_region(reader):
    page = reader.turn(BAYERN)
    page.locator(f'{REGIONS}[tabindex="0"]').focus()
    for key, axis, sign in DIRECTIONS:
        name, before = focused(page), place(page)
        page.keyboard.press(key)
        assert focused(page) != name
        assert sign * (place(page)[axis] - before[axis]) > 0, (key, name, focused(page))
    page.keyboard.press("Home")
    assert focused(page).startswith("Stadt Ingolstadt")
    page.keyboard.press("Enter")
    settle_again(reader)
    region = page.get_by_role("combobox", name="Bildungsregion", exact=True)
    expect(region).to_have_value("Ingolstadt, Stadt")
    assert asked(page)["region"] == "09161"


def test_what_is_pointed_at_in_the_list_stands_out_on_the_map_and_the_other_way(reader):
    page = reader.turn(BAYERN)
    row = page.locator(".bb-table tr", has_text="Landkreis Dachau")
    row.hover()
    expect(page.locator(".map .tip")).to_contain_text("Landkreis Dachau")
    expect(row).to_have_class(re.compile("bb-marked"))
    page.locator(f'{REGIONS}[aria-label^="Stadt Fürth"]').focus()
    expect(page.locator(".bb-table tr.bb-marked")).to_contain_text("Stadt Fürth")
    page.mouse.move(5, 5)
    expect(row).not_to_have_class(re.compile("bb-marked"))


def test_a_click_chooses_the_region_inside_its_education_region(window):
    page = window.open("karte?indicator=abgaenger_ohne_abschluss_anteil&region=09161")
    page.locator(f'{REGIONS}[aria-label^="Landkreis Ostallgäu"]').click()
    settle_again(window)
    region = page.get_by_role("combobox", name="Bildungsregion", exact=True)
    expect(region).to_have_value("Kaufbeuren + Ostallgäu")
    part = page.get_by_role("radiogroup", name="Gebiet").get_by_role("radio", checked=True)
    expect(part).to_have_text("Landkreis")
    assert asked(page)["region"] == "09777"
    expect(page.locator(".map .legend")).to_contain_text("Landkreis Ostallgäu")


def test_the_years_change_in_the_browser_and_the_server_hears_of_the_last_one(window):
    page = window.open(GERMANY)
    slider = page.locator(".map input[type=range]")
    year, colours, legend = page.locator(".map output"), fills(page), counts(page)
    expect(year).to_have_text("2018/19")
    assert sum(legend) == 400
    newest = int(slider.input_value())
    with messages(window) as sent:
        for value in range(newest - 1, newest - 7, -1):
            slider.evaluate(
                "(node, value) => { node.value = value; node.dispatchEvent(new Event('input')); }",
                value,
            )
            assert sum(counts(page)) == 400
        expect(year).to_have_text("2012/13")
        changed = [old != new for old, new in zip(colours, fills(page), strict=True)]
        assert sum(changed) > 100
        assert counts(page) != legend
        page.wait_for_timeout(400)  # longer than the map waits before it reports a choice
        assert sent == []
        slider.dispatch_event("change")
        for _ in range(50):
            page.wait_for_timeout(100)
            if sent:
                break
        settle_again(window)
        assert len(sent) == 1
    expect(year).to_have_text("2012/13")


def test_headline_list_and_address_follow_the_year_of_the_map(reader):
    page = reader.turn(BAYERN)
    page.get_by_role("button", name="Früherer Zeitraum").click()
    expect(page.locator(".map output")).to_have_text("2017/18")
    expect(page.locator(".bb-subtitle")).to_contain_text("2017/18")
    expect(page.get_by_role("combobox", name="Zeitraum")).to_have_value("2017/18")
    assert asked(page)["period"] == "2017/18"


def test_the_chosen_period_shows_on_the_map(reader):
    page = reader.turn(BAYERN)
    choose(reader, "Zeitraum", "2012/13")
    expect(page.locator(".map output")).to_have_text("2012/13")
    assert asked(page)["period"] == "2012/13"


def test_the_search_finds_a_region(reader):
    page = reader.turn(BAYERN)
    search = page.get_by_label("Gebiet suchen")
    search.fill("memming")
    search.press("Enter")
    assert focused(page).startswith("Stadt Memmingen:")
    expect(page.locator(".map .tip")).to_contain_text("Stadt Memmingen")
    search.fill("Entenhausen")
    search.press("Enter")
    expect(page.locator(".map .search [role=status]")).to_contain_text("Kein Gebiet")


def test_what_is_missing_is_hatched_and_every_look_is_in_the_legend(reader):
    page = reader.turn("karte?indicator=studierende_auslaendisch_anteil&region=09464&scope=all")
    rows = page.locator(".map .legend li")
    words = rows.locator("span:first-of-type").all_inner_texts()
    assert [look for look in LOOKS if look not in words] == []
    colours = [colour for colour in fills(page) if colour.startswith("#")]
    hatched = [colour for colour in fills(page) if colour.startswith("url(#")]
    assert len(colours) == 237 and len(hatched) == 163
    assert not {"#ffffff", "none"} & {colour.lower() for colour in fills(page)}
    looks = dict(zip(words, counts(page), strict=False))
    assert sum(looks[look] for look in LOOKS) == 163
    defined = page.locator(".map .plot pattern").evaluate_all("nodes => nodes.map(n => n.id)")
    assert {colour.removeprefix("url(#").removesuffix(")") for colour in hatched} <= set(defined)
    swatches = rows.locator("svg rect").evaluate_all("n => n.map(r => r.getAttribute('fill'))")
    assert len(set(swatches)) == len(swatches)


@pytest.mark.parametrize("indicator", ["verfuegbares_einkommen", "wanderungssaldo"])
def test_map_and_table_write_the_same_numbers(indicator, reader):
    page = reader.turn(f"karte?indicator={indicator}&region=09464&scope=all")
    spoken = page.locator(REGIONS).evaluate_all("nodes => nodes.map(n => n.ariaLabel)")
    values = dict(re.match(r"(.+?): (.+?)(?:, Klasse.*|, umrandet)?$", s).groups() for s in spoken)
    press(reader, "Ansicht", "Werte")
    table = {name: value for _, name, value, *_ in table_rows(page)}
    # a Kreis of that year whose area has another today is in the table alone, and is named
    assert values.keys() <= table.keys()
    notes = page.locator("body").inner_text()
    for name in table.keys() - values.keys():
        told = (
            rf"{name.partition(' (')[0]} \(\d{{5}}\) liegt nicht mit eigenen Grenzen auf der Karte"
        )
        assert re.search(told, notes)
    table = {name: table[name] for name in values}
    for name in random.Random(indicator).sample(sorted(table), 5):
        # in the table a long unit stands in the heading
        assert values[name].startswith(table[name]), name
        assert re.fullmatch(r"−?\d{1,3}(\.\d{3})*(,\d)?", table[name].partition("\xa0")[0]), name


def test_the_wheel_scrolls_the_page_and_does_not_zoom(window):
    page = window.open(BAYERN)
    box = page.locator(".map .plot svg").bounding_box()
    part = page.locator(".map .plot svg").get_attribute("viewBox")
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.wheel(0, 60)
    main = page.locator('[data-testid="stMain"]')
    page.wait_for_function("() => document.querySelector('[data-testid=stMain]').scrollTop > 0")
    assert main.evaluate("node => node.scrollTop") > 0
    assert page.locator(".map .plot svg").get_attribute("viewBox") == part
    page.get_by_role("button", name="Vergrößern").click()
    assert page.locator(".map .plot svg").get_attribute("viewBox") != part


def test_its_borders_come_once_from_this_server_and_are_kept(window):
    window.open(BAYERN)
    press(window, "Darstellung", "Rangfolge")
    press(window, "Darstellung", "Karte")
    expect(window.page.locator(REGIONS)).to_have_count(96)
    borders = [address for address in window.requests if "/karten/" in address]
    assert len(borders) == 1
    assert borders[0].startswith(window.server)
    _, headers, _ = fetch(window.server, urlsplit(borders[0]).path)
    assert "immutable" in headers["cache-control"]


def test_a_change_since_an_earlier_period_is_chosen_beside_the_map(window):
    page = window.open(BAYERN)
    choose(window, "Verändert seit", "2015/16")
    assert asked(page)["since"] == "2015/16"
    expect(page.locator(".bb-headline")).to_contain_text("Prozentpunkte seit 2015/16")
    assert focusable(page, "Stadt Hof").startswith("Stadt Hof: +")
    expect(page.locator(".map input[type=range]")).to_be_hidden()
    press(window, "Darstellung", "Rangfolge")
    expect(page.locator(".drawing svg:visible").first).to_have_attribute(
        "aria-label", re.compile("Liniendiagramm mit zwei Zeitpunkten")
    )


def focusable(page: Page, name: str) -> str:
    """What a region of this name says of itself."""
    return page.locator(f'{REGIONS}[aria-label^="{name}"]').first.get_attribute("aria-label")


def test_two_maps_stand_beside_each_other_and_a_click_on_either_goes_there(window):
    page = window.open("karte?kind=maps&indicator=abgaenger_ohne_abschluss_anteil&region=09464")
    maps = page.locator(".map")
    expect(maps).to_have_count(2)
    left, right = (maps.nth(n).locator("svg").first.bounding_box() for n in (0, 1))
    assert left["y"] == right["y"] and left["x"] + left["width"] <= right["x"]
    assert left["width"] == pytest.approx(right["width"], abs=1)
    expect(page.locator(".map .side:visible")).to_have_count(0)
    labels = [
        maps.nth(n).locator(f'{REGIONS[5:]}[aria-label^="Stadt Hof"]').get_attribute("aria-label")
        for n in (0, 1)
    ]
    assert labels[0] != labels[1] and labels[1].startswith("Stadt Hof: 12,8")
    maps.nth(1).locator(f'{REGIONS[5:]}[aria-label^="Stadt Coburg"]').click()
    settle_again(window)
    assert asked(page)["region"] == "09463"
    maps.nth(0).locator(f'{REGIONS[5:]}[aria-label^="Landkreis Hof"]').click()
    settle_again(window)
    assert asked(page)["region"] == "09475" and asked(page)["kind"] == "maps"


def test_on_a_phone_two_maps_stand_below_each_other(reader):
    reader.page.set_viewport_size({"width": 390, "height": 844})
    page = reader.turn("karte?kind=maps&indicator=abgaenger_ohne_abschluss_anteil&region=09464")
    upper, lower = (page.locator(".map").nth(n).bounding_box() for n in (0, 1))
    assert upper["y"] + upper["height"] <= lower["y"]
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390


@pytest.mark.parametrize("beside", ["", "&with=bevoelkerungsdichte"])
def test_the_pickers_of_two_maps_stand_in_one_row(reader, beside):
    """On the screen of a meeting the maps begin in its upper half."""
    query = f"kind=maps&indicator=abgaenger_ohne_abschluss_anteil&region=06431{beside}"
    page = reader.turn(f"karte?{query}")
    names = ["Indikator", "Daneben", "Vergleich", "Zeitraum"]
    tops = {page.get_by_role("combobox", name=n, exact=True).bounding_box()["y"] for n in names}
    assert len(tops) == 1
    assert page.locator(".map").first.bounding_box()["y"] < 400
