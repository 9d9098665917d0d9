"""Lines to be explored: gaps, breaks, marks, values at their ends, German words, what is told."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators import formats
from indicators.figures import theme
from indicators.figures.chart import Chart, Mark, Point, Series
from indicators.figures.drawing import text_width
from indicators.figures.screen import draw

HEIGHT = 340
tenths = st.integers(-1000, 1000).map(lambda n: n / 10)


def line(values, role="own", name="Stadt Hof", start=2000, **more) -> Series:
    """Yearly points; a step is left out where the list has "gap"."""
    points = tuple(
        Point(
            float(start + i),
            value,
            "–" if value is None else formats.with_unit(value, "%", 1),
            str(start + i),
        )
        for i, value in enumerate(values)
        if value != "gap"
    )
    return Series(name, role, points, **more)


def chart(*series: Series, marks=(), from_zero=True) -> Chart:
    places = sorted({p.x for s in series for p in s.points if p.value is not None})
    return Chart(
        kind="lines",
        series=series,
        ticks=tuple((x, f"{x:.0f}") for x in places),
        decimals=1,
        unit_suffix="\u00a0%",
        title="Titel",
        alt="Befund.",
        from_zero=from_zero,
        marks=tuple(marks),
    )


def drawn(*series, **more):
    return draw(chart(*series, **more), height=HEIGHT)


def trace(figure, name="Stadt Hof"):
    return next(t for t in figure.data if t.name == name)


def neighbours(found):
    """Pairs of years between which the line is drawn."""
    pairs = zip(found.x, found.x[1:], strict=False)
    return [(int(a), int(b)) for a, b in pairs if a is not None and b is not None]


def plain(text: str) -> str:
    return re.sub("<.*?>", "", text.replace("<br>", " "))


def legend(figure) -> list[str]:
    named = [t for t in figure.data if t.showlegend] if figure.layout.showlegend else []
    return [plain(t.name) for t in sorted(named, key=lambda t: t.legendrank or 0)]


def endings(figure) -> dict[str, float]:
    """Values at the lines' ends → their place on the axis of values."""
    return {
        plain(a.text): a.y
        for a in figure.layout.annotations
        if a.yref != "paper" and a.xref != "paper"
    }


def inner(figure) -> float:
    """Pixels of the plot below its legend."""
    margin = figure.layout.margin
    return figure.layout.height - margin.t - margin.b - len(legend(figure)) * 19


# --- what can be explored -------------------------------------------------------------------------


def test_all_values_of_a_year_are_told_at_once_below_its_label():
    land = line([4.0, 5.0, 6.0], "land", "Bayern")
    figure = drawn(line([1.0, None, 3.0], short="gemeinsam"), land)
    assert figure.layout.hovermode == "x unified"
    assert list(figure.layout.xaxis.categoryarray) == ["2000", "2001", "2002"]
    for found in figure.data:
        if found.x != (None,):
            assert set(found.x) <= {"2000", "2001", "2002", None}
    assert list(trace(figure, "Bayern").customdata[1]) == ["Bayern", "5,0\u00a0%"]
    assert list(trace(figure, "gemeinsam").customdata[0]) == ["gemeinsam", "1,0\u00a0%"]
    assert trace(figure, "Bayern").hovertemplate == (
        "%{customdata[0]}: %{customdata[1]}<extra></extra>"
    )


def test_years_are_enlarged_by_dragging_and_values_are_not():
    layout = drawn(line([1.0, 2.0, 3.0])).layout
    assert layout.dragmode == "zoom"
    assert layout.yaxis.fixedrange is True and not layout.xaxis.fixedrange
    low, high = layout.xaxis.range
    assert (layout.xaxis.minallowed, layout.xaxis.maxallowed) == (low, high)


def test_a_year_that_nobody_knows_has_its_place_and_its_name_all_the_same():
    points = (Point(2018.58, 7.5, "7,5 %", "2018/19"), Point(2021.58, 8.8, "8,8 %", "2021/22"))
    schools = replace(
        chart(Series("Stadt", "own", points)),
        ticks=((2018.58, "2018/19"), (2021.58, "2021/22")),
    )
    labels = draw(schools, height=HEIGHT).layout.xaxis.categoryarray
    assert list(labels) == ["2018/19", "2019/20", "2020/21", "2021/22"]


def test_a_key_date_that_moves_within_its_year_stays_in_it():
    days = ((2007.2, "15.03.2007"), (2008.2, "15.03.2008"), (2009.16, "01.03.2009"))
    points = tuple(Point(x, 1.0, "1", label) for x, label in days)
    figure = draw(replace(chart(Series("Stadt", "own", points)), ticks=days), height=HEIGHT)
    assert list(figure.layout.xaxis.categoryarray) == [label for _, label in days]
    assert list(figure.data[0].x) == [label for _, label in days]


def test_plotly_never_writes_english_numbers_itself():
    figure = drawn(line([1.0, 2.0]))
    assert figure.layout.separators == ",."
    assert "%{y" not in figure.data[0].hovertemplate and "%{x" not in figure.data[0].hovertemplate


def test_names_from_files_are_neither_markup_nor_a_template():
    figure = drawn(line([1.0, 2.0], name="<b>A&B</b>%{y}"), line([1.0, 2.0], "land", "B"))
    found = trace(figure, "&lt;b&gt;A&amp;B&lt;/b&gt;%{y}")
    assert found.customdata[0][0] == "&lt;b&gt;A&amp;B&lt;/b&gt;%{y}"
    assert "A" not in found.hovertemplate


# --- lines ----------------------------------------------------------------------------------------


def test_years_in_which_no_line_has_anything_are_shaded_and_the_shade_is_named():
    part = line([5.0, 6.0, 7.0, "gap", "gap", "gap", 8.0], role="part", name="Stadt")
    whole = line([None] * 3 + ["gap"] * 3 + [7.5], name="gemeinsam")
    figure = drawn(whole, part)
    assert "keine Angaben" in legend(figure)
    (shade,) = figure.layout.shapes
    assert (shade.x0, shade.x1) == (2.5, 5.5)
    # another line goes on: the gap is one of a line, not of the figure
    other = line([1.0] * 7, role="germany", name="Deutschland")
    assert "keine Angaben" not in legend(drawn(whole, part, other))


def test_a_year_that_is_withheld_is_no_gap():
    points = [Point(2000.0 + i, v, "", str(2000 + i)) for i, v in enumerate([1.0, None, 2.0])]
    points[1] = replace(points[1], withheld="protected")
    assert legend(drawn(Series("Stadt Hof", "own", tuple(points)))) == ["geschützt"]


def test_the_legend_promises_no_line_where_there_are_dots_only():
    part = line([5.0, 6.0, 7.0], role="part", name="Stadt")
    whole = line([None, None, 7.5], name="gemeinsam")
    figure = drawn(whole, part)
    assert trace(figure, "gemeinsam").mode == "markers"
    assert trace(figure, "Stadt").mode == "lines+markers"


@pytest.mark.parametrize("hole", [None, "gap"])
def test_no_line_is_drawn_across_a_year_without_a_value(hole):
    found = trace(drawn(line([1.0, 2.0, hole, 4.0, 5.0])))
    assert neighbours(found) == [(2000, 2001), (2003, 2004)]
    assert found.connectgaps is False


def withheld(one: Series, **kinds: str) -> Series:
    """The series with reasons ("y2001": "protected") for what has no value."""
    points = [replace(p, withheld=kinds.get(f"y{p.label}", "")) for p in one.points]
    return replace(one, points=tuple(points))


def test_a_withheld_year_is_marked_below_the_axis_at_no_height():
    hof = withheld(line([1.0, None, 30.0, None, 5.0]), y2001="protected", y2003="too_few")
    coburg = withheld(line([7.0, None, 3.0, 2.0, 5.0], "part", "Stadt Coburg"), y2001="protected")
    figure = drawn(hof, coburg)
    marks = [t for t in figure.data if not t.showlegend]
    (first, second) = marks
    assert list(first.x) == ["2001", "2003"] and list(second.x) == ["2001"]
    assert len(set(first.y)) == 1 and first.y[0] > second.y[0]
    low, _ = figure.layout.yaxis.range
    assert low < second.y[0] and first.y[0] < min(figure.layout.yaxis.tickvals) == 0
    assert first.marker.color == trace(figure).line.color
    assert list(first.customdata[0]) == ["Stadt Hof", "–"]
    looks = [t for t in figure.data if t.name in ("geschützt", "zu wenige Fälle")]
    assert [t.marker.symbol for t in looks] == list(first.marker.symbol)
    assert "geschützt" in legend(drawn(hof))  # also where one line needs no name


def test_without_a_withheld_year_the_lines_have_the_whole_height():
    figure = drawn(line([1.0, None, 3.0]))
    assert figure.layout.yaxis.range[0] == 0
    assert legend(figure) == ["keine Angaben"]


def test_many_rows_of_marks_and_names_leave_their_height_to_the_lines():
    many = [withheld(line([1.0, None], "category", f"{i}"), y2001="protected") for i in range(6)]
    figure = draw(chart(*many), height=150)
    low, high = figure.layout.yaxis.range
    assert inner(figure) * high / (high - low) > 100
    assert figure.layout.height > 150


def test_no_line_is_drawn_across_a_break():
    own = line([1.0, 2.0, 3.0], breaks=(2000.5,))
    whole = line([4.0, 5.0, 6.0], "land", "Bayern")
    figure = drawn(own, whole, marks=[Mark(2000.5, "neuer Gebietsstand", True)])
    assert neighbours(trace(figure)) == [(2001, 2002)]
    # a reform within a Land turns no line of the Land
    assert neighbours(trace(figure, "Bayern")) == [(2000, 2001), (2001, 2002)]
    (event,) = figure.layout.shapes
    assert (event.x0, event.x1) == (0.5, 0.5)


def test_an_event_does_not_interrupt_the_line():
    found = trace(drawn(line([1.0, 2.0, 3.0]), marks=[Mark(2000.5, "Beschluss")]))
    assert neighbours(found) == [(2000, 2001), (2001, 2002)]


def test_a_point_without_neighbours_is_still_seen():
    found = trace(drawn(line([1.0, None, 3.0, None, 5.0, 6.0])))
    sizes = dict(zip(found.x, found.marker.size, strict=True))
    assert sizes["2000"] > 0 and sizes["2002"] > 0 and sizes["2004"] == 0


@given(
    st.lists(st.none() | st.just("gap") | tenths, min_size=1, max_size=25),
    st.lists(st.integers(0, 25).map(lambda n: 2000.5 + n), max_size=3),
)
@settings(max_examples=40, deadline=None)
def test_a_line_only_ever_joins_adjacent_years_with_values_and_no_break_between(values, breaks):
    figure = drawn(line(values, breaks=tuple(breaks)))
    for found in (t for t in figure.data if t.name != "keine Angaben"):
        for a, b in neighbours(found):
            assert b - a == 1
            assert not any(a < at <= b for at in breaks)
        known = [int(x) for x in found.x if x is not None]
        assert known == [2000 + i for i, v in enumerate(values) if v not in (None, "gap")]


def test_a_figure_of_one_value_or_none_can_be_drawn():
    assert drawn(line([5.0])).data[0].y == (5.0,)
    assert drawn(line([0.0])).data[0].y == (0.0,)
    assert drawn(line([None])).data == ()
    assert drawn().data == ()
    figure = drawn(line([1.0, 2.0]), line([None, None], "land", "Bayern"))
    assert [t.name for t in figure.data] == ["Stadt Hof"]


# --- words ----------------------------------------------------------------------------------------


def test_a_legend_names_the_lines_and_values_stand_at_their_ends():
    figure = drawn(line([1.0, 9.0]), line([1.0, 5.0, 3.0], "land", "Bayern"))
    assert set(endings(figure)) == {"9,0\u00a0%", "3,0\u00a0%"}
    assert legend(figure) == ["Stadt Hof", "Bayern"]
    assert figure.layout.legend.itemclick is False
    (early,) = [a for a in figure.layout.annotations if plain(a.text) == "9,0\u00a0%"]
    assert early.x == 1
    assert legend(drawn(line([1.0, 9.0]))) == []


def test_long_names_take_no_width_from_the_lines():
    """A card may be as narrow as 224 pixels; half of it belongs to the lines."""
    long = "Stadt Kaufbeuren und Landkreis Garmisch-Partenkirchen"
    figure = drawn(line([1.0, 9.0], name=long), line([1.0, 5.0], "land", "Bayern"))
    assert figure.layout.margin.r + figure.layout.margin.l < 80
    name = figure.data[-1].name
    assert plain(name) == long.replace("Garmisch-", "Garmisch- ")
    assert all(text_width(row, 13) <= 140 for row in name.split("<br>"))


def test_words_of_events_stay_whole_however_narrow_a_card_may_be():
    marks = [Mark(2009.5, "doppelter Abiturjahrgang"), Mark(2010.0, "mit Externen")]
    words = {plain(a.text) for a in drawn(line(range(20)), marks=marks).layout.annotations}
    assert {"doppelter Abiturjahrgang", "mit Externen"} <= words


@given(st.lists(tenths.map(abs), min_size=2, max_size=7))
@settings(max_examples=40, deadline=None)
def test_values_at_the_ends_never_cover_each_other_and_keep_their_order(ends):
    roles = ["own", "part", "part", "land", "germany", "other", "other"]
    lines = [
        line([50.0, end], role, f"Region {n}")
        for n, (end, role) in enumerate(zip(ends, roles, strict=False))
    ]
    figure = drawn(*lines)
    low, high = figure.layout.yaxis.range
    words = [a for a in figure.layout.annotations if a.xref != "paper"]
    places = [a.y for a in words]
    assert len(places) == len(ends) and places == sorted(places)
    assert all(low <= y <= high for y in places)
    pixels = [
        (b - a) * inner(figure) / (high - low) for a, b in zip(places, places[1:], strict=False)
    ]
    assert min(pixels) >= theme.FONT_SIZE
    numbers = [float(plain(a.text).removesuffix("\u00a0%").replace(",", ".")) for a in words]
    assert numbers == sorted(ends)


def test_the_own_region_has_its_own_colour_is_widest_and_lies_on_top():
    figure = drawn(
        line([1.0, 2.0]),
        line([1.0, 3.0], "part", "Landkreis Hof"),
        line([1.0, 4.0], "land", "Bayern"),
        line([1.0, 5.0], "germany", "Deutschland"),
    )
    own, others = figure.data[-1], figure.data[:-1]
    assert own.name == "Stadt Hof" and own.line.color == theme.OWN_REGION
    assert all(t.line.color != theme.OWN_REGION and t.line.width < own.line.width for t in others)
    assert len({(t.line.dash, t.line.width) for t in figure.data}) == 4


# --- axes -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "said"), [([34_210.0, 35_990.0], "33.500"), ([101.5, 101.7], "101,45")]
)
def test_an_axis_that_does_not_begin_at_zero_says_where_below_all_lines(values, said):
    figure = drawn(line(values), from_zero=False)
    (note,) = [a for a in figure.layout.annotations if a.xref == "paper"]
    low, high = figure.layout.yaxis.range
    assert note.text == f"Achse beginnt bei {said}"
    assert note.y == low < min(values)
    room = (min(values) - low) / (high - low) * (figure.layout.height - 60)
    assert room > note.font.size


@pytest.mark.parametrize("values", [[40.0, 50.0], [-4.0, 5.0]])
def test_an_axis_with_zero_says_nothing(values):
    for figure in (drawn(line(values)), drawn(line([0.0, *values]), from_zero=False)):
        assert not [a for a in figure.layout.annotations if a.xref == "paper"]
        low, high = figure.layout.yaxis.range
        assert low <= min(0, *values) and high > max(values)
