"""The table of kinds: every figure an answer can have is drawn, at any size, for any medium."""

from dataclasses import replace
from typing import get_args
from xml.etree import ElementTree

import pytest

from indicators.answers.answer import Picture
from indicators.figures import balance, chain, flow, kinds, panel_layout, places, pyramid, starters
from indicators.figures.chart import Chart
from indicators.figures.map import MapPicture
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
    }


NAMES = list(figures())


def drawn(name: str, **more) -> str:
    figure = figures()[name]
    found = geometry(len(MANY)) if isinstance(figure, MapPicture) else None
    return kinds.drawing(figure, geometry=found, **more)


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
    found = geometry(len(MANY)) if isinstance(figure, MapPicture) else None
    pages = kinds.pages(figure, width=1168, height=480, geometry=found)
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
