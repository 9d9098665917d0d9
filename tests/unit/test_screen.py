"""A chart description drawn with Plotly: gaps, breaks, labels, colours and German ticks."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators import formats
from indicators.figures import theme
from indicators.figures.chart import Chart, Mark, Point, Reference, Series
from indicators.figures.drawing import text_width
from indicators.figures.screen import _placed_marks, draw

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


def staged(*series, **more):
    return draw(chart(*series, **more), height=HEIGHT, stage=True)


def trace(figure, name="Stadt Hof"):
    return next(t for t in figure.data if t.name == name)


def neighbours(found):
    """Pairs of years between which the line is drawn."""
    pairs = zip(found.x, found.x[1:], strict=False)
    return [(a, b) for a, b in pairs if a is not None and b is not None]


# --- lines ----------------------------------------------------------------------------------------


def words_in(figure) -> str:
    """What stands in the plot and in the legend."""
    legend = [t.name for t in figure.data if t.showlegend and figure.layout.showlegend]
    return " ".join([*(a.text.replace("<br>", " ") for a in figure.layout.annotations), *legend])


@pytest.mark.parametrize("draw_it", [drawn, staged])
def test_years_in_which_no_line_has_anything_are_named(draw_it):
    part = line([5.0, 6.0, 7.0, "gap", "gap", "gap", 8.0], role="part", name="Stadt")
    whole = line([None] * 3 + ["gap"] * 3 + [7.5], name="gemeinsam")
    years = "2003 bis 2005: " if draw_it is staged else ""  # a card shows them by its shade
    assert f"{years}keine Angaben" in words_in(draw_it(whole, part))
    # another line goes on: the gap is one of a line, not of the figure
    other = line([1.0] * 7, role="germany", name="Deutschland")
    assert "keine Angaben" not in words_in(draw_it(whole, part, other))
    one = line([1.0, 2.0, "gap", 3.0])
    assert "keine Angaben" in words_in(draw_it(one))


def test_missing_school_years_are_named_as_they_are_written():
    points = (
        Point(2018.58, 7.5, "7,5 %", "2018/19"),
        Point(2022.58, 8.8, "8,8 %", "2022/23"),
    )
    figure = staged(Series("Stadt", "own", points), line([1.0], start=2017, name="x"))
    assert "2019/20 bis 2021/22: keine Angaben" in words_in(figure)


def test_a_year_that_is_withheld_is_no_gap_without_a_word():
    points = [Point(2000.0 + i, v, "", str(2000 + i)) for i, v in enumerate([1.0, None, 2.0])]
    points[1] = replace(points[1], withheld="protected")
    assert "keine Angaben" not in words_in(drawn(Series("Stadt Hof", "own", tuple(points))))


def test_the_legend_promises_no_line_where_there_are_dots_only():
    part = line([5.0, 6.0, 7.0], role="part", name="Stadt")
    whole = line([None, None, 7.5], name="gemeinsam")
    figure = drawn(whole, part)
    assert trace(figure, "gemeinsam").mode == "markers"
    assert trace(figure, "Stadt").mode == "lines+markers"


def test_a_line_without_gaps_is_drawn_from_year_to_year():
    found = trace(drawn(line([1.0, 2.0, 3.0])))
    assert neighbours(found) == [(2000, 2001), (2001, 2002)]


@pytest.mark.parametrize("hole", [None, "gap"])
def test_no_line_is_drawn_across_a_year_without_a_value(hole):
    found = trace(drawn(line([1.0, 2.0, hole, 4.0, 5.0])))
    assert neighbours(found) == [(2000, 2001), (2003, 2004)]
    assert found.connectgaps is False


def withheld(one: Series, **kinds: str) -> Series:
    """The series with reasons ("y2001": "protected") for what has no value."""
    points = [replace(p, withheld=kinds.get(f"y{p.label}", "")) for p in one.points]
    return replace(one, points=tuple(points))


@pytest.mark.parametrize("draws", [drawn, staged])
def test_a_withheld_year_is_marked_below_the_axis_at_no_height(draws):
    hof = withheld(line([1.0, None, 30.0, None, 5.0]), y2001="protected", y2003="too_few")
    coburg = withheld(line([7.0, None, 3.0, 2.0, 5.0], "part", "Stadt Coburg"), y2001="protected")
    figure = draws(hof, coburg)
    rows = {t.name: t for t in figure.data if t.yaxis == "y2"}
    assert list(rows["Stadt Hof"].x) == [2001, 2003]
    assert len(set(rows["Stadt Hof"].y)) == 1
    assert set(rows["Stadt Hof"].y) != set(rows["Stadt Coburg"].y)
    assert rows["Stadt Hof"].marker.color == trace(figure).line.color
    assert figure.layout.yaxis2.domain[1] < figure.layout.yaxis.domain[0]
    assert figure.layout.yaxis2.visible is False
    looks = [t for t in figure.data if t.showlegend and t.name in ("geschützt", "zu wenige Fälle")]
    assert [t.marker.symbol for t in looks] == list(rows["Stadt Hof"].marker.symbol)
    assert "geschützt" in draws(hof).data[-2].name  # also where one line needs no name


def test_without_a_withheld_year_the_lines_have_the_whole_height():
    figure = drawn(line([1.0, None, 3.0]))
    assert figure.layout.yaxis.domain is None
    assert [t.name for t in figure.data if t.showlegend] == ["keine Angaben"]


def test_many_rows_of_marks_leave_their_height_to_the_lines():
    many = [withheld(line([1.0, None], "category", f"{i}"), y2001="protected") for i in range(6)]
    figure = draw(chart(*many), height=150)
    share = figure.layout.yaxis.domain[0]
    assert (1 - share) * figure.layout.height > 100


def test_a_bar_without_a_number_says_why():
    protected = Series("B", "category", (Point(1.0, None, "geschützt", "B"),))
    bars = chart(Series("A", "category", (Point(0.0, 3.0, "3", "A"),)), protected, kind="bars")
    figure = draw(replace(bars, ticks=((0.0, "A"), (1.0, "B"))), height=HEIGHT)
    assert [list(t.text) for t in figure.data] == [["3"], ["geschützt"]]
    assert list(figure.data[1].x) == [0]


def test_no_line_is_drawn_across_a_break():
    own = line([1.0, 2.0, 3.0], breaks=(2000.5,))
    whole = line([4.0, 5.0, 6.0], "land", "Bayern")
    figure = drawn(own, whole, marks=[Mark(2000.5, "neuer Gebietsstand", True)])
    assert neighbours(trace(figure)) == [(2001, 2002)]
    # a reform within a Land turns no line of the Land
    assert neighbours(trace(figure, "Bayern")) == [(2000, 2001), (2001, 2002)]


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
    figure = drawn(line(values, breaks=tuple(breaks)))
    for found in (t for t in figure.data if not t.name.endswith("keine Angaben")):
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


def plain(text: str) -> str:
    return re.sub("<.*?>", "", text.replace("<br>", " "))


def labels(figure) -> dict[str, float]:
    """Words at the lines' ends → their place on the axis of values."""
    return {
        plain(a.text): a.y
        for a in figure.layout.annotations
        if a.yref != "paper" and a.xanchor == "left"
    }


def legend(figure) -> list[str]:
    named = [t for t in figure.data if t.showlegend] if figure.layout.showlegend else []
    return [plain(t.name) for t in sorted(named, key=lambda t: t.legendrank or 0)]


def gaps(figure, names=0) -> list[float]:
    """Pixels between neighbouring labels, below a legend of so many names."""
    low, high = figure.layout.yaxis.range
    margin = figure.layout.margin
    below = figure.layout.height - margin.t - margin.b - names * 19
    places = sorted(a.y for a in figure.layout.annotations if a.yref != "paper")
    return [(b - a) * below / (high - low) for a, b in zip(places, places[1:], strict=False)]


def test_on_the_stage_each_line_is_named_at_its_end_with_its_value():
    figure = staged(line([1.0, 9.0]), line([1.0, 5.0], "land", "Bayern"))
    assert set(labels(figure)) == {"Stadt Hof 9,0\u00a0%", "Bayern 5,0\u00a0%"}
    assert figure.layout.showlegend is False


def test_on_a_card_a_legend_names_the_lines_and_values_stand_at_their_ends():
    figure = drawn(line([1.0, 9.0]), line([1.0, 5.0], "land", "Bayern"))
    assert set(labels(figure)) == {"9,0\u00a0%", "5,0\u00a0%"}
    assert legend(figure) == ["Stadt Hof", "Bayern"]
    assert figure.layout.legend.itemclick is False


def test_a_single_line_needs_no_legend():
    assert legend(drawn(line([1.0, 9.0]))) == []


def test_a_card_uses_the_short_name_and_the_stage_the_whole_one():
    own = line([1.0, 9.0], name="Stadt und Landkreis Hof", short="gemeinsam")
    land = line([1.0, 5.0], "land", "Bayern")
    assert legend(drawn(own, land)) == ["gemeinsam", "Bayern"]
    assert "Stadt und Landkreis Hof 9,0\u00a0%" in labels(staged(own, land))
    assert "Stadt und Landkreis Hof" in drawn(own, land).data[-1].hovertemplate


def test_long_names_take_no_width_from_the_lines_of_a_card():
    """A card may be as narrow as 224 pixels; half of it belongs to the lines."""
    long = "Stadt Kaufbeuren und Landkreis Garmisch-Partenkirchen"
    figure = drawn(line([1.0, 9.0], name=long), line([1.0, 5.0], "land", "Bayern"))
    assert figure.layout.margin.r + figure.layout.margin.l < 80
    name = figure.data[-1].name
    assert plain(name) == long.replace("Garmisch-", "Garmisch- ")
    assert all(text_width(row, 13) <= 140 for row in name.split("<br>"))


def test_a_low_card_grows_where_its_legend_would_leave_too_little_to_the_lines():
    lines = [line([1.0, float(n)], "other", f"Kreis {n}") for n in range(3)]
    few = draw(chart(*lines[:1]), height=220)
    many = draw(chart(line([1.0, 2.0]), line([1.0, 5.0], "land", "B"), *lines), height=220)
    assert few.layout.height == 220 < many.layout.height


def test_a_line_that_ends_early_says_so():
    lines = line([1.0, 2.0, 3.0]), line([4.0, 5.0], "land", "Bayern")
    assert "Bayern 5,0\u00a0% (2001)" in labels(staged(*lines))
    (early,) = [a for a in drawn(*lines).layout.annotations if a.text == "5,0\u00a0%"]
    assert early.x == 2001


@given(st.lists(tenths.map(abs), min_size=2, max_size=7))
@settings(max_examples=40)
def test_labels_never_cover_each_other(ends):
    roles = ["own", "part", "part", "land", "germany", "other", "other"]
    lines = [
        line([50.0, end], role, f"Region {n}")
        for n, (end, role) in enumerate(zip(ends, roles, strict=False))
    ]
    for figure, names in ((drawn(*lines), len(lines)), (staged(*lines), 0)):
        places = [a.y for a in figure.layout.annotations if a.yref != "paper"]
        assert len(places) == len(ends)
        assert min(gaps(figure, names)) >= figure.layout.font.size
        low, high = figure.layout.yaxis.range
        assert all(low <= y <= high for y in places)


def test_labels_keep_the_order_of_their_lines():
    figure = staged(line([1.0, 5.0]), line([1.0, 5.1], "land", "B"), line([1.0, 4.9], "other", "C"))
    places = labels(figure)
    assert places["C 4,9\u00a0%"] < places["Stadt Hof 5,0\u00a0%"] < places["B 5,1\u00a0%"]


def test_names_from_files_are_no_markup():
    figure = staged(line([1.0, 2.0], name="<b>A&B</b>"))
    (annotation,) = [a for a in figure.layout.annotations if a.xref == "paper"]
    assert "&lt;b&gt;A&amp;B&lt;/b&gt;" in annotation.text
    assert "<b>A&B" not in figure.data[0].hovertemplate
    assert figure.data[0].name == "&lt;b&gt;A&amp;B&lt;/b&gt;"


def test_words_of_events_close_together_stand_below_each_other():
    near = [Mark(2000.5, "doppelter Abiturjahrgang"), Mark(2001.0, "mit Externen")]
    placed, height = _placed_marks(near, (2000, 2020), 118, 13, False)
    (_, first, top, _), (_, second, below, _) = placed
    assert (first, second) == (["doppelter", "Abiturjahrgang"], ["mit Externen"])
    assert top == 0 and below >= 2 * 13 and height > below


def test_a_low_card_keeps_only_the_words_of_breaks():
    marks = [Mark(2000.5, "mit Externen"), Mark(2001.5, "Zensus", True)]
    shown = chart(line([1.0, 2.0, 3.0]), marks=marks)
    for height, words in ((220, {"Zensus"}), (340, {"Zensus", "mit Externen"})):
        figure = draw(shown, height=height)
        assert {plain(a.text) for a in figure.layout.annotations if a.yref == "paper"} == words
        assert len(figure.layout.shapes) == len(words)


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


def note_of_beginning(figure):
    return [a for a in figure.layout.annotations if a.text.startswith("Achse beginnt bei")]


@pytest.mark.parametrize("draws", [drawn, staged])
@pytest.mark.parametrize(
    ("values", "said"), [([34_210.0, 35_990.0], "33.500"), ([101.5, 101.7], "101,45")]
)
def test_an_axis_that_does_not_begin_at_zero_says_where_below_all_lines(values, said, draws):
    figure = draws(line(values), from_zero=False)
    (note,) = note_of_beginning(figure)
    low, high = figure.layout.yaxis.range
    assert note.text == f"Achse beginnt bei {said}"
    assert note.y == low < min(values)
    room = (min(values) - low) / (high - low) * (figure.layout.height - 60)
    assert room > note.font.size


@pytest.mark.parametrize("values", [[40.0, 50.0], [-4.0, 5.0]])
def test_an_axis_with_zero_says_nothing(values):
    assert not note_of_beginning(drawn(line(values)))
    assert not note_of_beginning(drawn(line([0.0, *values]), from_zero=False))


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
    colours = {t.marker.color: list(t.x) for t in figure.data if t.type == "bar"}
    assert colours.pop(theme.OWN_REGION) == [1.0]
    assert len(colours) == 1
    assert any("Stadt Hof 50,0\u00a0%" in plain(a.text) for a in figure.layout.annotations)


@pytest.mark.parametrize("stage", [False, True])
@pytest.mark.parametrize("rank", [1, 10, 15, 20, 29])
def test_the_name_of_the_own_bar_stands_above_all_bars_and_is_tied_to_it(rank, stage):
    values = [30.0 - n for n in range(29)]
    points = [Point(n + 1.0, v, f"{v:.0f},0", f"Kreis {n}") for n, v in enumerate(values)]
    own = points.pop(rank - 1)
    figure = draw(
        chart(
            Series("Kreise", "other", tuple(points)),
            Series("Stadt Hof", "own", (own,)),
            kind="ranking",
        ),
        height=HEIGHT,
        stage=stage,
    )
    (name,) = (a for a in figure.layout.annotations if a.y == 1)
    assert (name.x, name.y, name.yref, name.yanchor) == (rank, 1, "paper", "top")
    low, high = figure.layout.yaxis.range
    pixels = (HEIGHT - figure.layout.margin.t - figure.layout.margin.b) / (high - low)
    strip = (name.text.count("<br>") + 1) * figure.layout.font.size * 1.2
    assert (high - 30) * pixels >= strip
    (tie,) = figure.layout.shapes
    assert (tie.x0, tie.y0) == (rank, own.value) and tie.y1 >= 30


@pytest.mark.parametrize("stage", [False, True])
@pytest.mark.parametrize("ranks", [(1, 2), (2, 28), (14, 15)])
def test_the_names_of_two_own_bars_do_not_cover_each_other(ranks, stage):
    points = [Point(n + 1.0, 30.0 - n, f"{30 - n}", f"Kreis {n + 1}") for n in range(29)]
    own = tuple(p for p in points if p.x in ranks)
    others = tuple(p for p in points if p.x not in ranks)
    both = chart(Series("K", "other", others), Series("Hof", "own", own), kind="ranking")
    drawn = draw(both, height=HEIGHT, stage=stage).layout.annotations
    first, second = (a for a in drawn if a.yanchor == "top" and a.y == 1)
    lines = first.text.count("<br>") + 1
    assert first.yshift - second.yshift >= lines * first.font.size * 1.2


@pytest.mark.parametrize("stage", [False, True])
def test_the_first_and_the_last_are_named_below_the_axis_unless_they_are_the_own_one(stage):
    points = [Point(n + 1.0, 9.0 - n, f"{9 - n}", f"Kreis {n + 1}") for n in range(9)]
    own, others = (points[0],), tuple(points[1:])
    both = chart(Series("K", "other", others), Series("Hof", "own", own), kind="ranking")
    figure = draw(both, height=HEIGHT, stage=stage)
    below = [a for a in figure.layout.annotations if a.y == 0]
    assert [(a.x, a.xanchor, a.text) for a in below] == [
        (0, "left", "Rang 1"),
        (1, "right", "Rang 9<br>Kreis 9"),
    ]
    assert figure.layout.margin.b > 2 * figure.layout.font.size


def test_references_of_a_card_stand_in_its_legend():
    figure = draw(ranking(), height=HEIGHT)
    assert legend(figure) == ["Bayern 30,0\u00a0%", "D"]
    assert {t.y[0]: t.line.dash for t in figure.data if t.type == "scatter"} == {
        30.0: "dash",
        29.9: "dot",
    }
    assert figure.layout.margin.r < 40


def test_reference_labels_of_a_ranking_do_not_cover_each_other():
    figure = draw(ranking(), height=HEIGHT, stage=True)
    assert min(gaps(figure)) >= theme.FONT_SIZE_STAGE


def test_bars_carry_their_value_in_german():
    bars = chart(
        Series("A", "category", (Point(0.0, 1234.5, "1.234,5", "A"),), colour="#005A94"),
        Series("B", "category", (Point(1.0, 0.0, "0,0", "B"),), colour="#6E3A78"),
        kind="bars",
    )
    figure = draw(bars, height=HEIGHT)
    assert [t.text[0] for t in figure.data] == ["1.234,5", "0,0"]
    assert {t.constraintext for t in figure.data} == {"none"}
    assert [t.marker.color for t in figure.data] == ["#005A94", "#6E3A78"]


@pytest.mark.parametrize("stage", [False, True])
def test_long_names_of_bars_are_whole_and_leave_them_the_width_of_a_card(stage):
    long = "Humanmedizin/Gesundheitswissenschaften und Veterinärmedizin"
    bars = Chart(
        kind="bars",
        series=tuple(
            Series(name, "category", (Point(float(i), 5.0, "5", name),))
            for i, name in enumerate(["Sport", long])
        ),
        ticks=((0.0, "Sport"), (1.0, long)),
        decimals=0,
        unit_suffix="",
        title="Titel",
        alt="Befund.",
    )
    figure = draw(bars, height=HEIGHT, stage=stage)
    axis, places = figure.layout.yaxis, [t.y[0] for t in figure.data]
    low, high = axis.range
    assert low < places[1] < places[0] < high
    assert list(axis.ticktext) == ["Sport", long]
    assert axis.showticklabels is stage
    if stage:
        return
    above = figure.layout.annotations
    assert [plain(a.text) for a in above] == ["Sport", long.replace("/", "/ ")]
    assert all(text_width(row, 14) <= 205 for a in above for row in a.text.split("<br>"))
    assert above[0].y > places[0] > above[1].y > places[1]
    assert figure.layout.height >= high - low
    assert figure.layout.margin.r < 40


def test_values_on_a_card_have_the_sign_of_the_axis_and_no_long_unit():
    point = Point(2000.0, 9.5, "9,5\u00a0je\u00a01.000", "2000")
    rate = replace(chart(Series("Stadt Hof", "own", (point,))), unit_suffix="")
    assert set(labels(draw(rate, height=HEIGHT))) == {"9,5"}
    assert set(labels(draw(rate, height=HEIGHT, stage=True))) == {
        "Stadt Hof 9,5\u00a0je\u00a01.000"
    }
