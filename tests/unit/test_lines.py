"""Lines over time as a drawing: gaps, breaks, marks, names at ends, words of events, axes."""

import re
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indicators import formats
from indicators.figures import axes, theme
from indicators.figures.chart import WITHHELD, Chart, Mark, Point, Series
from indicators.figures.lines import draw
from tests.unit.test_drawing import Written, assert_sound, shapes, texts, told

WORDS = {
    "protected": "geschützt",
    "too_few": "zu wenige Fälle",
    "unreliable": "unsicher",
    "": "keine Angabe",
}


def line(values, role="own", name="Stadt Hof", start=2000, **more) -> Series:
    """Yearly points: a number, None or a reason of WITHHELD; "gap" leaves a year out."""
    points = []
    for i, value in enumerate(values):
        if value == "gap":
            continue
        number = None if value is None or isinstance(value, str) else float(value)
        reason = value if isinstance(value, str) else ""
        words = WORDS[reason] if number is None else formats.with_unit(number, "%", 1)
        year = start + i
        points.append(Point(float(year), number, words, str(year), withheld=reason))
    return Series(name, role, tuple(points), **more)


def chart(*series: Series, marks=(), from_zero=True) -> Chart:
    drawn = [s for s in series if any(p.value is not None for p in s.points)]
    known = [p for s in drawn for p in s.points if p.value is not None or p.withheld]
    return Chart(
        kind="lines",
        series=series,
        ticks=tuple((x, f"{x:.0f}") for x in sorted({p.x for p in known})),
        decimals=1,
        unit_suffix="\u00a0%",
        title="Titel",
        alt="Befund.",
        from_zero=from_zero,
        marks=tuple(marks),
    )


def drawn(*series, width=940, height=None, stage=False, **more) -> str:
    svg = draw(chart(*series, **more), width=width, height=height, stage=stage)
    assert_sound(svg, stage)
    return svg


def line_of(svg: str, colour: str = theme.OWN_REGION):
    """The path of the line in a colour; leaders to words are thin."""
    thick = [p for p in shapes(svg, "path") if float(p.get("stroke-width", 0)) >= theme.LINE]
    (found,) = [p for p in thick if p.get("stroke") == colour and p.get("fill") == "none"]
    return found


def runs(path) -> list[int]:
    """How many points each uninterrupted piece of a line has."""
    return [piece.count("L") + 1 for piece in path.get("d").split("M")[1:]]


# --- lines ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("hole", [None, "gap", "protected"])
def test_no_line_is_drawn_across_a_year_without_a_value(hole):
    assert runs(line_of(drawn(line([1, 2, hole, 4, 5])))) == [2, 2]


def test_no_line_is_drawn_across_a_break_and_an_event_does_not_interrupt():
    own = line([1, 2, 3], breaks=(2000.5,))
    whole = line([4, 5, 6], "land", "Bayern")
    svg = drawn(own, whole, marks=[Mark(2000.5, "neuer Gebietsstand", True)])
    assert runs(line_of(svg)) == [1, 2]
    assert runs(line_of(svg, theme.LAND)) == [3]
    assert "neuer Gebietsstand" in texts(svg)
    event = drawn(line([1, 2, 3]), marks=[Mark(2000.5, "Beschluss")])
    assert runs(line_of(event)) == [3]


def test_a_point_without_neighbours_is_still_seen():
    svg = drawn(line([1, None, 3, None, 5, 6]))
    seen = [c for c in shapes(svg, "circle") if c.get("fill") == theme.OWN_REGION]
    assert len(seen) == 3  # two alone, and the last


numbers = st.floats(-1000, 1000).map(lambda n: round(n, 1))
year = st.none() | st.sampled_from(["gap", *WITHHELD]) | numbers


@given(
    st.lists(year, min_size=1, max_size=25),
    st.lists(st.integers(0, 25).map(lambda n: 2000.5 + n), max_size=3),
)
@settings(max_examples=60, deadline=None)
def test_a_line_joins_adjacent_years_with_values_only_and_none_is_never_a_number(values, breaks):
    shown = chart(line(values, breaks=tuple(breaks)))
    svg = draw(shown, width=900)
    known = [p for p in shown.series[0].points if p.value is not None]
    if not known:
        return
    pieces = [[known[0]]]
    for before, after in pairwise(known):
        joined = after.x - before.x == 1 and not any(before.x < b <= after.x for b in breaks)
        pieces[-1].append(after) if joined else pieces.append([after])
    path = line_of(svg)
    assert runs(path) == [len(piece) for piece in pieces]
    heights = [float(y) for _, y in re.findall(r"[ML](\S+) ([\d.-]+)", path.get("d"))]
    # as far apart as their values: nothing without a value is among them
    ordered = sorted(zip([p.number for p in known], heights, strict=True))
    assert all(b[1] <= a[1] + 0.1 for a, b in pairwise(ordered))


def test_the_own_region_has_its_own_colour_is_widest_and_lies_on_top():
    lines = (
        line([1, 2]),
        line([1, 3], "part", "Landkreis Hof"),
        line([1, 4], "land", "Bayern"),
        line([1, 5], "germany", "Deutschland"),
    )
    svg = drawn(*lines)
    found = [p for p in shapes(svg, "path") if float(p.get("stroke-width", 0)) >= theme.LINE]
    assert found[-1].get("stroke") == theme.OWN_REGION
    widths = [float(p.get("stroke-width")) for p in found]
    assert widths[-1] > max(widths[:-1])
    # told apart without colour
    assert len({(p.get("stroke-dasharray"), p.get("stroke-width")) for p in found}) == 4
    assert [w.bold for w in Written.of(svg) if "Stadt Hof" in w.words] == [True]


# --- what has no number ---------------------------------------------------------------------------


def test_years_in_which_no_line_has_anything_are_shaded_and_named():
    part = line([5, 6, 7, "gap", "gap", "gap", 8], "part", "Stadt")
    whole = line([None] * 3 + ["gap"] * 3 + [7.5], name="gemeinsam")
    svg = drawn(whole, part)
    assert "2003 bis 2005: keine Angaben" in texts(svg)
    assert len([r for r in shapes(svg, "rect") if r.get("fill") == theme.NO_VALUE]) == 1
    # another line goes on: the gap is one of a line, not of the figure
    other = line([1] * 7, "germany", "Deutschland")
    assert "keine Angaben" not in " ".join(texts(drawn(whole, part, other)))


@pytest.mark.parametrize("width", [320, 480, 940])
def test_a_gap_is_told_once_where_its_words_fit_and_else_in_the_legend(width):
    long = line([*range(20), "gap", 5])
    svg = drawn(long, width=width)
    assert texts(svg).count("keine Angaben") == 1
    shades = [r for r in shapes(svg, "rect") if r.get("fill") == theme.NO_VALUE]
    assert len(shades) == 2  # the gap and the sample in the legend
    wide = drawn(line([1, "gap", "gap", "gap", "gap", 5]), width=width)
    assert "2001 bis 2004:" in " ".join(texts(wide))
    assert len([r for r in shapes(wide, "rect") if r.get("fill") == theme.NO_VALUE]) == 1


def test_missing_school_years_are_named_as_they_are_written():
    points = (Point(2018.58, 7.5, "7,5 %", "2018/19"), Point(2022.58, 8.8, "8,8 %", "2022/23"))
    ticks = tuple((p.x, p.label) for p in points)
    svg = draw(replace(chart(Series("Stadt", "own", points)), ticks=ticks), width=900)
    assert "2019/20 bis 2021/22: keine Angaben" in texts(svg)


def marks_below(svg: str) -> list:
    return [e for name in ("path", "circle") for e in shapes(svg, name) if len(e)]


@pytest.mark.parametrize("stage", [False, True])
def test_a_withheld_year_is_marked_below_the_plot_at_no_height(stage):
    hof = line([1, "protected", 30, "too_few", 5])
    coburg = line([7, "unreliable", 3, 2, 5], "part", "Stadt Coburg")
    svg = drawn(hof, coburg, width=1168, stage=stage)
    titles = ["".join(mark.itertext()) for mark in marks_below(svg)]
    assert sorted(titles) == [
        "Stadt Coburg, 2001: unsicher",
        "Stadt Hof, 2001: geschützt",
        "Stadt Hof, 2003: zu wenige Fälle",
    ]
    assert set(WITHHELD.values()) <= set(texts(svg))
    # one kind is a ring, the others are paths of different corners
    kinds = {(m.tag, re.sub(r"[\d. -]", "", m.get("d", ""))) for m in marks_below(svg)}
    assert len(kinds) == 3
    assert "keine Angaben" not in " ".join(texts(svg))


def test_only_the_reasons_that_occur_are_explained():
    assert "geschützt" in texts(drawn(line([1, "protected", 3])))
    assert not set(WITHHELD.values()) & set(texts(drawn(line([1, None, 3]))))


@pytest.mark.parametrize("width", [300, 640, 1168])
def test_a_series_without_any_number_is_named_with_its_reasons(width):
    svg = drawn(line([1, 2]), line([None, "protected"], "land", "Bayern"), width=width)
    assert "Bayern: geschützt, keine Angabe" in " ".join(texts(svg))
    alone = drawn(line(["protected", "protected"]), width=width)
    assert " ".join(texts(alone)) == "Stadt Hof: geschützt"
    assert texts(drawn(width=width)) == ["keine Angaben"]
    assert not shapes(alone, "path") and not shapes(alone, "line")


# --- words ----------------------------------------------------------------------------------------


def test_each_line_is_named_at_its_end_with_its_value_and_the_year_where_it_ends_early():
    svg = drawn(line([1, 9, 8]), line([1, 5], "land", "Bayern"))
    assert "Stadt Hof 8,0\u00a0%" in texts(svg)
    assert "Bayern 5,0\u00a0% (2001)" in texts(svg)


def test_on_a_narrow_drawing_a_legend_names_the_lines():
    own = line([1, 9], name="Stadt und Landkreis Hof", short="gemeinsam")
    svg = drawn(own, line([1, 5], "land", "Bayern"), width=340)
    assert {"gemeinsam", "Bayern", "9,0\u00a0%", "5,0\u00a0%"} <= set(texts(svg))
    assert "Stadt Hof" not in texts(drawn(line([1, 9]), width=340))


def test_labels_keep_the_order_of_their_lines():
    svg = drawn(line([1, 5]), line([1, 5.1], "land", "B"), line([1, 4.9], "other", "C"))
    at = {w.words: w.top for w in Written.of(svg)}
    assert at["C 4,9\u00a0%"] > at["Stadt Hof 5,0\u00a0%"] > at["B 5,1\u00a0%"]


def test_names_from_files_are_no_markup():
    svg = drawn(line([1, 2], name="<b>A&B</b>"), line([1, 2], "land", "B"))
    assert "<b>" not in svg
    assert "<b>A&B</b> 2,0\u00a0%" in texts(svg)


def test_words_of_two_events_close_together_stand_on_both_sides_and_cross_no_line():
    near = [Mark(2010.5, "doppelter Abiturjahrgang"), Mark(2011.5, "mit Externen")]
    svg = drawn(line(range(20)), marks=near)
    upright = {float(e.get("x1")) for e in shapes(svg, "line") if e.get("x1") == e.get("x2")}
    words = [w for w in Written.of(svg) if w.words in {m.label for m in near}]
    assert len(upright) == len(words) == 2
    for one in words:
        assert not any(one.left < x < one.right for x in upright)


def test_words_of_an_event_are_broken_before_the_next_mark_or_interrupt_it():
    last = Mark(2019.0, "neues Recht der Staatsangehörigkeit")
    svg = drawn(line(range(20)), marks=[Mark(2014.0, "Zensus"), last], width=900)
    (zensus, _) = sorted(
        {float(e.get("x1")) for e in shapes(svg, "line") if e.get("x1") == e.get("x2")}
    )
    words = [w for w in Written.of(svg) if w.words in last.label]
    assert len(words) > 1 and all(w.left > zensus for w in words)
    assert not [r for r in shapes(svg, "rect") if r.get("fill") == theme.CARD]
    near = drawn(line(range(20)), marks=[Mark(2018.0, "Zensus"), last], width=900)
    grounds = [r for r in shapes(near, "rect") if r.get("fill") == theme.CARD]
    assert grounds


def test_words_of_events_never_cover_each_other():
    many = [Mark(2000.5 + n, f"Ereignis {n} mit Worten") for n in range(5)]
    for width in (500, 700, 1168):
        assert "Ereignis 4" in " ".join(texts(drawn(line(range(20)), marks=many, width=width)))


def test_a_low_narrow_card_keeps_only_the_words_of_breaks():
    marks = [Mark(2000.5, "mit Externen"), Mark(2001.5, "Zensus", True)]
    low = texts(drawn(line([1, 2, 3]), marks=marks, width=340, height=220))
    assert "Zensus" in low and "mit" not in " ".join(low)
    high = " ".join(texts(drawn(line([1, 2, 3]), marks=marks, width=340, height=340)))
    assert "Zensus" in high and "mit Externen" in high


# --- axes -----------------------------------------------------------------------------------------


@given(
    st.lists(
        st.integers(-5_000, 90_000_000) | st.integers(0, 1000).map(lambda n: n / 1000),
        min_size=2,
        max_size=8,
        unique=True,
    )
)
@settings(max_examples=30, deadline=None)
def test_the_axis_of_values_has_a_few_round_german_ticks(values):
    svg = draw(chart(line(values), from_zero=False), width=900)
    (name,) = [w for w in Written.of(svg) if w.bold]
    ticks = [w.words for w in Written.of(svg) if w.right < name.left and "%" in w.words]
    assert 2 <= len(ticks) <= 7
    assert len(set(ticks)) == len(ticks)
    for text in ticks:
        assert re.fullmatch(r"−?\d{1,3}(\.\d{3})*(,\d+)?\u00a0%", text), text


@pytest.mark.parametrize("width", [340, 1168])
@pytest.mark.parametrize(
    ("values", "said"), [([34_210.0, 35_990.0], "33.500"), ([101.5, 101.7], "101,45")]
)
def test_an_axis_that_does_not_begin_at_zero_says_where_below_all_lines(values, said, width):
    svg = drawn(line(values), from_zero=False, width=width)
    (note,) = [w for w in Written.of(svg) if w.words.startswith("Achse beginnt bei")]
    assert note.words == f"Achse beginnt bei {said}"
    heights = re.findall(r"[ML]\S+ ([\d.-]+)", line_of(svg).get("d"))
    assert max(map(float, heights)) < note.top


@pytest.mark.parametrize("values", [[40.0, 50.0], [-4.0, 5.0]])
def test_an_axis_with_zero_says_nothing(values):
    for svg in (drawn(line(values)), drawn(line([0.0, *values]), from_zero=False)):
        assert "Achse" not in " ".join(texts(svg))
        assert "0\u00a0%" in texts(svg)


@pytest.mark.parametrize("width", [300, 640, 1168])
@pytest.mark.parametrize("years", [1, 2, 7, 20, 60])
def test_the_axis_of_time_never_crowds_and_keeps_first_and_last(years, width):
    for stage in (False, True):
        written = texts(drawn(line([1.0] * years), width=width, stage=stage))
        assert "2000" in written and str(2000 + years - 1) in written


def test_years_that_are_not_evenly_spread_do_not_cover_each_other():
    drawn(line([*[5.0] * 10, *["gap"] * 7, 6.0]), width=1168, height=480, stage=True)


def test_labels_have_even_steps_where_there_are_any():
    assert axes.thinned([0, 10, 20, 30, 40, 50, 60], 15) == [0, 2, 4, 6]
    assert axes.thinned([0, 10, 20, 30, 40, 50], 25) == [0, 5]
    assert axes.thinned([0, 10, 20, 90], 15) == [0, 2, 3]
    assert axes.thinned([0, 10], 15) == [1]
    assert axes.thinned([], 15) == []


# --- any chart ------------------------------------------------------------------------------------

WORD = st.sampled_from(["Stadt", "Landkreis", "Kaufbeuren", "an", "der", "Bergstraße", "<b>&"])
NAME = st.lists(WORD, min_size=1, max_size=5).map(" ".join)
ROLES = ["own", "part", "part", "land", "germany", "other", "category"]


@st.composite
def charts(draw_):
    count = draw_(st.integers(1, 7))
    span = draw_(st.integers(1, 30))
    large = draw_(st.sampled_from([1, 1000]))
    value = st.one_of(st.none(), st.sampled_from(["gap", *WITHHELD]), numbers)
    series = []
    for i in range(count):
        values = draw_(st.lists(value, min_size=1, max_size=span))
        values = [v * large if isinstance(v, float) else v for v in values]
        breaks = draw_(st.lists(st.integers(0, span).map(lambda n: 2000.5 + n), max_size=1))
        one = line(values, ROLES[i], f"{draw_(NAME)} {i}", breaks=tuple(breaks))
        series.append(replace(one, short=draw_(st.sampled_from(["", f"kurz {i}"]))))
    marks = draw_(
        st.lists(
            st.builds(Mark, st.integers(0, span).map(lambda n: 2000.5 + n), NAME, st.booleans()),
            max_size=3,
        )
    )
    if draw_(st.booleans()):  # what the town wants to reach
        aim = draw_(numbers) * large
        years = draw_(st.integers(1, span + 6))
        series.append(line([aim] * years, "target", f"Ziel {2000 + years}: höchstens {aim:.0f}"))
    when = st.integers(0, span).map(lambda n: 2000.0 + n)
    flags = draw_(st.lists(st.tuples(when, NAME), max_size=5))
    marks += [Mark(x, label, number=n) for n, (x, label) in enumerate(sorted(flags), 1)]
    found = chart(*series, from_zero=draw_(st.booleans()))
    xs = [x for x, _ in found.ticks]
    inside = [m for m in marks if xs and min(xs) < m.x < max(xs)]
    if draw_(st.booleans()):
        found = replace(found, ticks=tuple((x, f"31.12.{label}") for x, label in found.ticks))
    return replace(found, marks=tuple(inside))


@given(charts(), st.integers(300, 1200), st.none() | st.integers(160, 600), st.booleans())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_chart_is_drawn_soundly_and_loses_no_series(any_chart, width, height, stage):
    width = max(width, 640) if stage else width  # a wall is never narrow
    svg = draw(any_chart, width=width, height=height, stage=stage)
    assert svg == draw(any_chart, width=width, height=height, stage=stage)
    assert_sound(svg, stage)
    words = " ".join(texts(svg))
    shown = axes.shown(any_chart)
    for series in any_chart.series:
        if len(any_chart.series) > 1 or not shown:
            name = (series.short or series.name) if series in shown else series.name
            assert name in words
    assert {axes.WITHHELD[kind] for kind in axes.withheld_reasons(any_chart)} <= set(texts(svg))
    assert len(marks_below(svg)) == sum(bool(p.withheld) for s in shown for p in s.points)
    if axes.gaps(any_chart):
        assert "keine Angaben" in words
    if shown:
        assert {str(m.number) for m in any_chart.marks if m.number} <= set(texts(svg))


@given(charts())
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_each_period_tells_exactly_what_the_points_say(any_chart):
    found = told(draw(any_chart, width=900))
    shown = axes.shown(any_chart)
    ends = [x for x, _ in any_chart.ticks]
    places = sorted({p.x for s in shown for p in s.points if min(ends) <= p.x <= max(ends)})
    expected = []
    for x in places:
        points = [(s, p) for s in shown for p in s.points if p.x == x]
        expected.append([points[0][1].label, *(f"{s.name}: {p.text}" for s, p in points)])
    assert found == expected
