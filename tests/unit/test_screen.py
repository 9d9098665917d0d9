"""A chart description drawn with Plotly: gaps, breaks, labels, colours and German ticks."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators import formats
from indicators.figures import theme
from indicators.figures.chart import Chart, Mark, Point, Reference, Series
from indicators.figures.screen import draw

HEIGHT = 300
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


def chart(*series: Series, kind="lines", marks=(), references=(), from_zero=True) -> Chart:
    places = sorted({p.x for s in series for p in s.points if p.value is not None})
    return Chart(
        kind=kind,
        series=series,
        ticks=tuple((x, f"{x:.0f}") for x in places),
        decimals=1,
        unit_suffix="\u00a0%",
        title="Titel",
        alt="Befund.",
        from_zero=from_zero,
        marks=tuple(marks),
        references=tuple(references),
    )


def drawn(*series, **more):
    return draw(chart(*series, **more), height=HEIGHT)


def trace(figure, name="Stadt Hof"):
    return next(t for t in figure.data if t.name == name)


def neighbours(found):
    """Pairs of years between which the line is drawn."""
    pairs = zip(found.x, found.x[1:], strict=False)
    return [(a, b) for a, b in pairs if a is not None and b is not None]


# --- lines ----------------------------------------------------------------------------------------


def test_a_line_without_gaps_is_drawn_from_year_to_year():
    found = trace(drawn(line([1.0, 2.0, 3.0])))
    assert neighbours(found) == [(2000, 2001), (2001, 2002)]


@pytest.mark.parametrize("hole", [None, "gap"])
def test_no_line_is_drawn_across_a_year_without_a_value(hole):
    found = trace(drawn(line([1.0, 2.0, hole, 4.0, 5.0])))
    assert neighbours(found) == [(2000, 2001), (2003, 2004)]
    assert found.connectgaps is False


def test_no_line_is_drawn_across_a_break():
    broken = trace(drawn(line([1.0, 2.0, 3.0]), marks=[Mark(2000.5, "Zensus", True)]))
    assert neighbours(broken) == [(2001, 2002)]


def test_an_event_does_not_interrupt_the_line():
    found = trace(drawn(line([1.0, 2.0, 3.0]), marks=[Mark(2000.5, "Beschluss")]))
    assert neighbours(found) == [(2000, 2001), (2001, 2002)]


def test_a_point_without_neighbours_is_still_seen():
    found = trace(drawn(line([1.0, None, 3.0, None, 5.0, 6.0])))
    sizes = dict(zip(found.x, found.marker.size, strict=True))
    assert sizes[2000] > 0 and sizes[2002] > 0 and sizes[2004] == 0


@given(
    st.lists(st.none() | st.just("gap") | tenths, min_size=1, max_size=25),
    st.lists(st.integers(0, 25).map(lambda n: 2000.5 + n), max_size=3),
)
@settings(max_examples=40)
def test_a_line_only_ever_joins_adjacent_years_with_values_and_no_break_between(values, breaks):
    figure = drawn(line(values), marks=[Mark(at, "x", True) for at in breaks])
    for found in figure.data:
        for a, b in neighbours(found):
            assert b - a == 1
            assert not any(a < at <= b for at in breaks)
        known = [x for x in found.x if x is not None]
        assert known == [2000 + i for i, v in enumerate(values) if v not in (None, "gap")]


def test_a_series_without_any_value_leaves_no_trace_and_no_label():
    figure = drawn(line([1.0, 2.0]), line([None, None], "land", "Bayern"))
    assert [t.name for t in figure.data] == ["Stadt Hof"]
    assert "Bayern" not in labels(figure)


# --- labels ---------------------------------------------------------------------------------------


def labels(figure) -> dict[str, float]:
    """Words at the right edge → their place on the axis of values."""
    return {
        re.sub("<.*?>", "", a.text): a.y
        for a in figure.layout.annotations
        if a.xref == "paper" and a.x == 1 and a.yref != "paper"
    }


def gaps(figure) -> list[float]:
    """Pixels between neighbouring labels."""
    low, high = figure.layout.yaxis.range
    margin = figure.layout.margin
    pixels = (HEIGHT - margin.t - margin.b) / (high - low)
    places = sorted(labels(figure).values())
    return [(b - a) * pixels for a, b in zip(places, places[1:], strict=False)]


def test_each_line_is_named_at_its_end_with_its_value():
    figure = drawn(line([1.0, 9.0]), line([1.0, 5.0], "land", "Bayern"))
    assert set(labels(figure)) == {"Stadt Hof 9,0\u00a0%", "Bayern 5,0\u00a0%"}
    assert figure.layout.showlegend is False


def test_a_line_that_ends_early_names_its_last_year():
    figure = drawn(line([1.0, 2.0, 3.0]), line([4.0, 5.0], "land", "Bayern"))
    assert "Bayern 5,0\u00a0% (2001)" in labels(figure)


@given(st.lists(tenths.map(abs), min_size=2, max_size=7))
@settings(max_examples=40)
def test_labels_never_cover_each_other(ends):
    roles = ["own", "part", "part", "land", "germany", "other", "other"]
    figure = drawn(
        *(
            line([50.0, end], role, f"Region {n}")
            for n, (end, role) in enumerate(zip(ends, roles, strict=False))
        )
    )
    assert len(labels(figure)) == len(ends)
    assert min(gaps(figure)) >= theme.FONT_SIZE
    low, high = figure.layout.yaxis.range
    assert all(low <= y <= high for y in labels(figure).values())


def test_labels_keep_the_order_of_their_lines():
    figure = drawn(line([1.0, 5.0]), line([1.0, 5.1], "land", "B"), line([1.0, 4.9], "other", "C"))
    places = labels(figure)
    assert places["C 4,9\u00a0%"] < places["Stadt Hof 5,0\u00a0%"] < places["B 5,1\u00a0%"]


def test_names_from_files_are_no_markup():
    figure = drawn(line([1.0, 2.0], name="<b>A&B</b>"))
    (annotation,) = [a for a in figure.layout.annotations if a.xref == "paper"]
    assert "&lt;b&gt;A&amp;B&lt;/b&gt;" in annotation.text
    assert "<b>A&B" not in figure.data[0].hovertemplate


# --- colours --------------------------------------------------------------------------------------


def test_the_own_region_has_its_own_colour_is_widest_and_lies_on_top():
    figure = drawn(
        line([1.0, 2.0]),
        line([1.0, 3.0], "part", "Landkreis Hof"),
        line([1.0, 4.0], "land", "Bayern"),
        line([1.0, 5.0], "germany", "Deutschland"),
    )
    assert figure.data[-1].name == "Stadt Hof"
    own, others = figure.data[-1], figure.data[:-1]
    assert own.line.color == theme.OWN_REGION
    assert all(t.line.color != theme.OWN_REGION and t.line.width < own.line.width for t in others)


def test_lines_can_be_told_apart_without_colour():
    figure = drawn(
        line([1.0, 2.0]),
        line([1.0, 4.0], "land", "Bayern"),
        line([1.0, 5.0], "germany", "Deutschland"),
    )
    assert len({(t.line.dash, t.line.width) for t in figure.data}) == 3


# --- axes -----------------------------------------------------------------------------------------


@given(
    st.lists(
        st.integers(-5_000, 90_000_000) | st.integers(0, 1000).map(lambda n: n / 1000),
        min_size=2,
        max_size=8,
        unique=True,
    )
)
@settings(max_examples=30)
def test_the_axis_of_values_has_a_few_round_german_ticks(values):
    axis = drawn(line(values), from_zero=False).layout.yaxis
    assert 2 <= len(axis.ticktext) <= 7
    assert len(set(axis.ticktext)) == len(axis.ticktext)
    for text in axis.ticktext:
        assert re.fullmatch(r"−?\d{1,3}(\.\d{3})*(,\d+)?\u00a0%", text), text


def test_shares_start_at_zero():
    low, _ = drawn(line([40.0, 50.0])).layout.yaxis.range
    assert low == 0


def test_negative_values_are_drawn_below_zero():
    low, high = drawn(line([-4.0, 5.0])).layout.yaxis.range
    assert low < -4 and high > 5


@pytest.mark.parametrize("years", [1, 2, 7, 20, 60])
def test_the_axis_of_time_never_crowds_and_keeps_first_and_last(years):
    axis = drawn(line([1.0] * years)).layout.xaxis
    assert len(axis.ticktext) <= 8
    assert axis.ticktext[0] == "2000" and axis.ticktext[-1] == str(2000 + years - 1)


def test_plotly_never_writes_english_numbers_itself():
    figure = drawn(line([1.0, 2.0]))
    assert figure.layout.separators == ",."
    assert "%{y" not in figure.data[0].hovertemplate and "%{x" not in figure.data[0].hovertemplate


def test_a_figure_of_one_value_or_none_can_be_drawn():
    assert drawn(line([5.0])).data[0].y == (5.0,)
    assert drawn(line([0.0])).data[0].y == (0.0,)
    assert drawn(line([None])).data == ()
    assert drawn().data == ()


def test_on_the_stage_every_text_has_at_least_twenty_pixels():
    figure = draw(
        chart(line([1.0, 2.0]), marks=[Mark(2000.5, "Zensus", True)]), height=600, stage=True
    )
    sizes = [figure.layout.font.size, *(a.font.size for a in figure.layout.annotations)]
    assert min(size for size in sizes if size) >= theme.FONT_SIZE_STAGE


# --- bars -----------------------------------------------------------------------------------------


def ranking(own=0.0):
    others = tuple(Point(float(n), 50.0 - n, f"{50 - n},0", f"Kreis {n}") for n in range(2, 30))
    return chart(
        Series("Kreise", "other", others),
        Series("Stadt Hof", "own", (Point(1.0, 50.0, "50,0\u00a0%", "Stadt Hof", "09464"),)),
        kind="ranking",
        references=[Reference(30.0, "Bayern 30,0\u00a0%", "land"), Reference(29.9, "D", "germany")],
    )


def test_the_own_bar_has_the_own_colour_and_its_name():
    figure = draw(ranking(), height=HEIGHT)
    colours = {t.marker.color: list(t.x) for t in figure.data}
    assert colours.pop(theme.OWN_REGION) == [1.0]
    assert len(colours) == 1
    assert any("Stadt Hof 50,0\u00a0%" in a.text for a in figure.layout.annotations)


def test_reference_labels_of_a_ranking_do_not_cover_each_other():
    figure = draw(ranking(), height=HEIGHT)
    assert min(gaps(figure)) >= theme.FONT_SIZE


def test_bars_carry_their_value_in_german():
    bars = chart(
        Series("A", "category", (Point(0.0, 1234.5, "1.234,5", "A"),), colour="#005A94"),
        Series("B", "category", (Point(1.0, 0.0, "0,0", "B"),), colour="#6E3A78"),
        kind="bars",
    )
    figure = draw(bars, height=HEIGHT)
    assert [t.text[0] for t in figure.data] == ["1.234,5", "0,0"]
    assert [t.marker.color for t in figure.data] == ["#005A94", "#6E3A78"]
