"""The table of kinds: every figure an answer can have is drawn, at any size, for any medium."""

from dataclasses import replace
from typing import get_args
from xml.etree import ElementTree

import pytest

from indicators.answers.answer import Picture
from indicators.figures import (
    balance,
    chain,
    flow,
    kinds,
    panel_layout,
    places,
    pyramid,
    slope,
    starters,
)
from indicators.figures.chart import Chart
from indicators.figures.map import MapPicture
from indicators.figures.two_maps import TwoMaps
from indicators.symbols import Status
from tests.unit.test_bars import bars
from tests.unit.test_drawing import Written, assert_sound
from tests.unit.test_lines import chart, line
from tests.unit.test_ranking import FIFTY, ranking
from tests.unit.test_still_map import MANY, geometry, picture

ALT = 'Befund & "mehr"'


def gate(title: str) -> flow.Gate:
    return flow.Gate(
        title,
        (flow.Node("a", "Grundschule", "300 Kinder", "#000000"),),
        (
            flow.Node("b", "Gymnasium", "200", "#111111"),
            flow.Node("c", "Realschule", "100", "#222"),
        ),
        (flow.Band("a", "b", 200.0, "67 %", "x"), flow.Band("a", "c", 100.0, "33 %", "x")),
    )


def figures() -> dict[str, object]:
    """One of each kind, small but with something without a number where that can be."""
    ages = tuple(
        pyramid.Bar(age, 1, f"{age}", (10.0 + age, None), ("10", "geschützt")) for age in range(90)
    )
    starter_points = tuple(starters.LinePoint(2020 + i, 90.0 + i, f"{90 + i}") for i in range(6))
    years = tuple((2020 + i, f"{2020 + i}/{21 + i}") for i in range(6))
    row = balance.Row("Beispielstadt", 90.0, 100.0, "90 / 100", "10 fehlen", True)
    girls = line([2, 3, 5], "category", "Mädchen", colour="#005A94")
    hidden = line([5, "protected", 3])
    boys = line([4, 5, 7], "category", "Jungen", colour="#008562", marker="square")
    small = (
        panel_layout.Panel("Stadt Hof", (girls, boys)),
        panel_layout.Panel("Landkreis Hof", (replace(girls, points=hidden.points), boys)),
        panel_layout.Panel("Rehau", (line(["protected"] * 3, "category", "Mädchen"),), "geschützt"),
    )
    place_rows = (places.Place("Nordstadt", 5.0, "5,0"), places.Place("Hafen", None, "geschützt"))
    return {
        "lines": chart(line([1, "protected", 3]), line([2, 3, 4], "land", "Bayern")),
        "bars": bars(("Sport", 5), ("Kunst", None)),
        "ranking": ranking(FIFTY, (25,)),
        "map": picture(MANY),
        "flow": flow.FlowPicture("t", ALT, (gate("Klasse 4"),)),
        "flows": flow.FlowPicture("t", ALT, (gate("Klasse 4"), gate("Klasse 9"))),
        "pyramid": pyramid.Pyramid("t", ALT, ("Frauen", "Männer"), ("100", "100"), ages, 100.0, ""),
        "starters": starters.StarterPicture(
            "t", ALT, (starters.Line("erwartet", "main", starter_points),), years, ()
        ),
        "grid": starters.Grid(
            "t", ALT, ("2024/25",), (starters.GridRow("Nord", ("5",), (0.1,), "+10 %"),)
        ),
        "balance": balance.BalancePicture("t", ALT, "Plätze", "Bedarf", row, (row,)),
        "chain": chain.ChainPicture(
            "t", ALT, (chain.Step("Kita", (chain.Tile("Kinder", "5", True),)),) * 3
        ),
        "panels": panel_layout.PanelsPicture(replace(chart(girls, boys), alt=ALT), small),
        "places": places.PlacesPicture("t", ALT, place_rows),
        "change": change_map(),
        "slope": slope.SlopePicture("t", ALT, ("2015/16", "2022/23"), slopes(), 34, "Kreisen"),
        "maps": TwoMaps(
            "t", ALT, *(picture(MANY, **_OWN).at(year) for year in ("2023", "2024")),
            ("2023", "2024"), True,
        ),
        "pair": TwoMaps(
            "t", ALT, picture([*MANY[1:], Status.SUPPRESSED], **_OWN),
            picture([7 * value for value in MANY], kind="circles", unit="Anzahl", decimals=0),
            ("Abgehende ohne Hauptschulabschluss, 2023/24", "Bevölkerung, 31.12.2024"), False,
        ),
    }  # fmt: skip


_OWN = {"own": ("00004", "00005"), "own_label": "Stadt und Landkreis Hof"}


def change_map() -> MapPicture:
    """Rises and falls, one region without a number then."""
    values = [*(value - 12.5 for value in MANY[:-1]), Status.NOT_APPLICABLE]
    return picture(values, unit="Prozentpunkte", signed=True, title="Veränderung: Abgehende")


def slopes() -> tuple[slope.Slope, ...]:
    """The own region with its parts, what it is measured by, two named and many quiet others, one
    without a number then."""
    own = [
        slope.Slope("Stadt und Landkreis Hof", "own", 7.1, 9.4, "7,1 %", "9,4 %", "+2,3", True),
        slope.Slope("Stadt Hof", "part", 10.2, 12.8, "10,2 %", "12,8 %", "+2,6", True),
        slope.Slope("Landkreis Hof", "part", 5.1, 5.0, "5,1 %", "5,0 %", "−0,1", True),
        slope.Slope("Bayern", "land", 5.2, 5.4, "5,2 %", "5,4 %", "+0,2", True),
        slope.Slope("Deutschland", "germany", 6.4, 6.6, "6,4 %", "6,6 %", "+0,2", True),
        slope.Slope("Landkreis Wunsiedel i. Fichtelgebirge", "other", 5.7, 10.9, "5,7 %", "10,9 %",
                    "+5,2", True),
        slope.Slope("Eisenach", "other", None, None, "8,0 %", "nicht ausgewiesen",
                    "nicht ausgewiesen", True),
    ]  # fmt: skip
    quiet = [
        slope.Slope(f"Kreis {n}", "other", 3.0 + n / 5, 8.0 - n / 7, f"{n}", f"{n}", "−1")
        for n in range(30)
    ]
    gone = [slope.Slope("Kreis 30", "other", None, None, "–", "4,0 %", "keine Angabe")]
    return (*own, *quiet, *gone)


NAMES = list(figures())


def drawn(name: str, **more) -> str:
    figure = figures()[name]
    return kinds.drawing(figure, geometry=shapes_for(figure), **more)


def shapes_for(figure: object) -> dict | None:
    return geometry(len(MANY)) if kinds.kind_of(figure).on_map else None


def test_every_picture_of_an_answer_has_a_row():
    samples = {type(figure) for figure in figures().values()}
    assert samples == set(get_args(Picture))
    for figure in figures().values():
        assert callable(kinds.kind_of(figure).draw)


def test_what_is_no_figure_has_none():
    for stranger in (None, "lines", 5):
        with pytest.raises(KeyError):
            kinds.kind_of(stranger)
    unknown = chart(line([1, 2]))
    with pytest.raises(KeyError):
        kinds.kind_of(
            Chart("pie", *(getattr(unknown, n) for n in ("series", "ticks")), 0, "", "", "")
        )


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("width", "height", "stage"),
    [(320, None, False), (640, None, False), (1168, None, False), (1168, 480, True)],
)
def test_each_kind_is_drawn_soundly_and_alike_at_any_size(name, width, height, stage):
    svg = drawn(name, width=width, height=height, stage=stage)
    assert svg == drawn(name, width=width, height=height, stage=stage)
    assert_sound(svg, stage)
    root = ElementTree.fromstring(svg)
    assert float(root.attrib["width"]) == width
    figure = figures()[name]
    alt = figure.alt_text if isinstance(figure, MapPicture) else getattr(figure, "alt", "")
    assert root.attrib["aria-label"] == alt


@pytest.mark.parametrize("name", NAMES)
def test_a_wall_has_pages_with_letters_that_can_be_read(name):
    figure = figures()[name]
    pages = kinds.pages(figure, width=1168, height=480, geometry=shapes_for(figure))
    assert len(pages) == (2 if name == "flows" else 1)
    for page in pages:
        assert min(text.size for text in Written.of(page)) >= 20
        assert float(ElementTree.fromstring(page).attrib["height"]) <= 481


def test_what_grows_is_as_high_as_its_rows():
    grown = {name for name, figure in figures().items() if kinds.grows(figure)}
    assert grown == {"bars", "flows", "grid", "balance", "chain", "places", "panels"}
    rows = [(f"Fach {n}", n + 1) for n in range(20)]
    few, many = (kinds.drawing(bars(*rows[:n]), width=640) for n in (5, 20))
    low, high = (float(ElementTree.fromstring(svg).attrib["height"]) for svg in (few, many))
    assert high == pytest.approx(4 * low, rel=0.01)
