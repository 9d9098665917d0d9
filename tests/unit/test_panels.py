"""Panels as a drawing: one axis for all, a place for each, numbers at both ends, pages of walls."""

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indicators.figures import kinds, theme
from indicators.figures.chart import WITHHELD, Mark
from indicators.figures.panel_layout import Panel, PanelsPicture
from indicators.figures.panels import draw, pages
from tests.unit.test_drawing import Written, assert_sound, shapes, texts, told
from tests.unit.test_lines import NAME, chart, line, numbers

BREAK = Mark(2001.5, "neue Zählung", True)


def picture(*panels: Panel, marks=(), from_zero=True, **more) -> PanelsPicture:
    every = [series for panel in panels for series in panel.series]
    once = {series.name: series for series in reversed(every)}
    whole = chart(*every, marks=marks, from_zero=from_zero)
    names = dict.fromkeys(series.name for series in every)
    return PanelsPicture(replace(whole, series=tuple(once[n] for n in names)), panels, **more)


def one(name: str, values, role="category", **more) -> Panel:
    """A panel with a single line that is called like it."""
    return Panel(name, (line(values, role, name, **more),))


def divided(name: str, girls, boys, **more) -> Panel:
    lines = (line(girls, "category", "weiblich"), line(boys, "category", "männlich"))
    return Panel(name, lines, **more)


def drawn(*panels: Panel, width=940, height=None, stage=False, **more) -> str:
    svg = draw(picture(*panels, **more), width=width, height=height, stage=stage)
    assert_sound(svg, stage)
    return svg


def at(svg: str, words: str) -> Written:
    (found,) = [text for text in Written.of(svg) if text.words == words]
    return found


def test_equal_values_stand_at_the_same_height_in_every_panel_of_a_row():
    svg = drawn(one("Hof", [10, 20]), one("Coburg", [4, 20]))
    first, second = [text for text in Written.of(svg) if text.words == "20,0\u00a0%" and text.bold]
    assert first.top == second.top
    assert at(svg, "10,0\u00a0%").top < at(svg, "4,0\u00a0%").top


def test_each_panel_tells_first_and_last_value_and_the_ends_of_the_shared_years():
    svg = drawn(one("Hof", [1, 2, 3]), one("Coburg", [7, 8], start=2001))
    words = texts(svg)
    for number in ("1,0", "3,0", "7,0", "8,0"):
        assert f"{number}\u00a0%" in words
    assert words.count("2000") == words.count("2002") == 2
    assert "2,0\u00a0%" not in words


def test_a_single_number_is_told_once():
    assert (
        texts(drawn(one("Hof", [None, 2, None]), one("Coburg", [1, 2, 3]))).count("2,0\u00a0%") == 1
    )


@pytest.mark.parametrize(("values", "before"), [([2, None, None], True), ([None, None, 2], False)])
def test_a_single_number_stands_on_the_side_of_its_point(values, before):
    svg = drawn(one("Hof", [1, 5, 9]), one("Coburg", values))
    number, name = at(svg, "2,0\u00a0%"), at(svg, "Coburg")
    assert (number.left < name.left + 60) == before


def test_lines_of_every_panel_stay_within_their_plots():
    svg = drawn(one("Hof", [1, 2]), one("Coburg", [90, 100]))
    height = float(ElementTree.fromstring(svg).attrib["height"])
    for path in shapes(svg, "path"):
        steps = [float(y) for y in re.findall(r"[ML][\d.-]+ ([\d.-]+)", path.attrib["d"])]
        assert all(0 < y < height for y in steps)


def test_a_line_of_several_that_begins_late_has_no_number_before_the_plot():
    words = texts(drawn(divided("Hof", [5] * 9, [None] * 6 + [1, 2, 3]), one("Coburg", [9] * 9)))
    assert "1,0\u00a0%" not in words and "3,0\u00a0%" in words


@pytest.mark.parametrize("width", [340, 940])
@pytest.mark.parametrize(
    "why", ["geschützt", "nicht erhoben", "teils geschützt, teils keine Angabe"]
)
def test_a_panel_without_a_number_keeps_its_place_and_says_why(width, why):
    empty = replace(one("Coburg", ["protected", None]), untold=why)
    words = texts(drawn(one("Hof", [1, 2]), empty, width=width))
    assert "Coburg" in words and why in " ".join(words)


def test_lines_are_named_once_above_all_and_what_has_none_in_its_panel():
    hidden = divided("Coburg", [3, 4], ["protected"] * 2, untold="ohne männlich (geschützt)")
    words = texts(drawn(divided("Hof", [1, 2], [3, 4]), hidden))
    assert words.count("weiblich") == words.count("männlich") == 1
    assert "ohne männlich (geschützt)" in words


def test_panels_of_one_line_need_no_legend():
    assert texts(drawn(one("Hof", [1, 2]), one("Coburg", [1, 2]))).count("Hof") == 1


def test_a_line_looks_alike_in_every_panel():
    svg = drawn(*(divided(name, [1, 2], [3, 4]) for name in ("Hof", "Coburg", "Rehau")))
    strokes = [path.attrib["stroke"] for path in shapes(svg, "path")]
    assert len(set(strokes)) == 1  # of their role: colours are given by the answer
    assert len(shapes(svg, "path")) == 6


def test_years_nobody_knows_are_shaded_in_the_panel_they_are_missing_in():
    def grey(svg):
        return [r for r in shapes(svg, "rect") if r.attrib["fill"] == theme.NO_VALUE]

    assert not grey(drawn(one("Hof", [1, 2, 3, 4]), one("Coburg", [1, 2, 3, 4])))
    svg = drawn(one("Hof", [1, 2, 3, 4]), one("Coburg", [1, "gap", "gap", 4]))
    assert len(grey(svg)) == 2 and "keine Angaben" in texts(svg)  # one is the legend's
    # also before the first and after the last number, because all panels share their years
    svg = drawn(one("Hof", [1, 2, 3, 4]), one("Coburg", [2, 3], start=2001))
    assert len(grey(svg)) == 3


@pytest.mark.parametrize("stage", [False, True])
def test_a_withheld_year_is_a_mark_below_the_plot_and_no_number(stage):
    svg = drawn(one("Hof", [1, "protected", 3]), one("Coburg", [1, 2, 3]), width=1168, stage=stage)
    marks = [p for p in shapes(svg, "path") if "geschützt" in "".join(p.itertext())]
    assert len(marks) == 1 and "".join(marks[0].itertext()) == "Hof, 2001: geschützt"
    assert "geschützt" in texts(svg)


def test_marks_of_many_lines_stand_in_one_row():
    names = ("a", "b", "c", "d")
    svg = drawn(Panel("Hof", tuple(line([1, "protected", 3], "category", n) for n in names)))
    (mark,) = [p for p in shapes(svg, "path") if "geschützt" in "".join(p.itertext())]
    assert "".join(mark.itertext()) == "a, b, c und d, 2001: geschützt"


def test_a_break_is_drawn_where_it_is_one_and_named_once():
    broken = Panel("Hof", (line([1, 2, 3, 4], "own", "Hof", breaks=(2001.5,)),))
    svg = drawn(broken, one("Coburg", [1, 2, 3, 4]), marks=(BREAK,))
    dashed = [one for one in shapes(svg, "line") if one.get("stroke-dasharray") == "4 4"]
    assert len(dashed) == 2  # one is the legend's
    assert texts(svg).count("neue Zählung") == 1


def test_axes_that_do_not_begin_at_zero_say_so_once():
    svg = drawn(one("Hof", [1010, 1020]), one("Coburg", [1040, 1030]), from_zero=False)
    (said,) = [words for words in texts(svg) if "beginnen" in words]
    assert said.startswith("Alle Achsen beginnen bei 1.0")


def test_what_is_told_in_words_stands_above_all():
    words = texts(drawn(one("Hof", [1, 2]), told=("Überall 0: Waldorfschule",)))
    assert "Überall 0: Waldorfschule" in words


def test_each_period_tells_the_values_of_its_panel():
    svg = drawn(divided("Hof", [1, 2], [3, None]))
    assert told(svg) == [
        ["2000", "weiblich: 1,0\u00a0%", "männlich: 3,0\u00a0%"],
        ["2001", "weiblich: 2,0\u00a0%", "männlich: keine Angabe"],
    ]


@pytest.mark.parametrize(("width", "columns"), [(320, 1), (340, 1), (680, 3), (940, 4), (1200, 4)])
def test_as_many_panels_stand_beside_each_other_as_there_is_room_for(width, columns):
    svg = drawn(*(one(f"Ort {i}", [1, 2]) for i in range(12)), width=width)
    rows = [text.top for text in Written.of(svg) if text.words.startswith("Ort")]
    assert rows.count(rows[0]) == columns


@pytest.mark.parametrize(("count", "first"), [(5, 3), (6, 3), (4, 4), (9, 3)])
def test_rows_are_of_about_the_same_length(count, first):
    svg = drawn(*(one(f"Ort {i}", [1, 2]) for i in range(count)))
    rows = [text.top for text in Written.of(svg) if text.words.startswith("Ort")]
    assert rows.count(rows[0]) == first


def test_on_a_wall_rows_are_of_the_same_length_too():
    svg = drawn(*(one(f"Ort {i}", [1, 2]) for i in range(5)), width=1168, height=480, stage=True)
    rows = [text.top for text in Written.of(svg) if text.words.startswith("Ort")]
    assert rows.count(rows[0]) == 3


def test_pages_that_are_not_full_are_filled_alike():
    many = picture(*(one(f"Ort {i}", [1, 2]) for i in range(14)))
    counts = [
        sum(words.startswith("Ort") for words in texts(svg))
        for svg in kinds.pages(many, width=1168, height=480)
    ]
    assert sum(counts) == 14 and max(counts) - min(counts) <= 4


def test_a_wall_has_as_many_pages_as_its_panels_need_and_each_panel_once():
    many = picture(*(one(f"Ort {i}", [i % 12, 2]) for i in range(30)))
    found = kinds.pages(many, width=1168, height=480)
    assert len(found) == pages(many, 480) == 3
    names = []
    for number, svg in enumerate(found, 1):
        assert_sound(svg, stage=True)
        assert float(ElementTree.fromstring(svg).attrib["height"]) <= 481
        assert any(f"Seite {number} von 3" in words for words in texts(svg))
        names += [words for words in texts(svg) if words.startswith("Ort")]
        # one axis for all pages
        assert "10\u00a0%" in texts(svg)
    assert names == [f"Ort {i}" for i in range(30)]


def test_names_from_files_are_no_markup():
    assert "<b>&" in texts(drawn(one("<b>&", [1, 2])))


# --- any picture ----------------------------------------------------------------------------------


@st.composite
def pictures(draw_):
    span, count = draw_(st.integers(1, 25)), draw_(st.integers(1, 12))
    lines = draw_(st.integers(1, 6))
    large = draw_(st.sampled_from([1, 1000]))
    value = st.one_of(st.none(), st.sampled_from(["gap", *WITHHELD]), numbers)
    found = []
    for i in range(count):
        name = f"{draw_(NAME)} {i}"
        series = []
        for n in range(lines):
            values = draw_(st.lists(value, min_size=1, max_size=span))
            values = [v * large if isinstance(v, float) else v for v in values]
            breaks = draw_(st.lists(st.just(2001.5), max_size=1))
            called = name if lines == 1 else f"Linie {n}"
            series.append(line(values, "category", called, breaks=tuple(breaks)))
        some = any(p.value is not None for s in series for p in s.points)
        untold = draw_(st.sampled_from(["", "ohne weiblich (geschützt)"])) if some else "geschützt"
        found.append(Panel(name, tuple(series), untold))
    if not any(panel.shown for panel in found):
        found.append(one("bekannt", [1, 2, 3]))
    made = picture(*found, from_zero=draw_(st.booleans()))
    if draw_(st.booleans()):
        ticks = tuple((x, f"31.12.{label}") for x, label in made.chart.ticks)
        made = replace(made, chart=replace(made.chart, ticks=ticks))
    xs = [x for x, _ in made.chart.ticks]
    marks = (BREAK,) if min(xs) < BREAK.x < max(xs) else ()
    return replace(made, chart=replace(made.chart, marks=marks))


@given(pictures(), st.integers(300, 1200))
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_picture_is_drawn_soundly_and_loses_no_panel(made, width):
    svg = draw(made, width=width)
    assert svg == draw(made, width=width)
    assert_sound(svg)
    words = " ".join(texts(svg))
    for panel in made.panels:
        assert panel.name.split()[0] in words
        assert panel.shown or panel.untold in words
    assert {WITHHELD[p.withheld] for p in _points(made) if p.withheld} <= set(texts(svg))


@given(pictures(), st.integers(420, 700))
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_picture_fits_on_walls(made, height):
    for svg in kinds.pages(made, width=theme.STAGE_WIDTH, height=height):
        assert_sound(svg, stage=True)
        assert float(ElementTree.fromstring(svg).attrib["height"]) <= height + 1


def _points(made: PanelsPicture):
    return [p for panel in made.panels for s in panel.shown for p in s.points]
