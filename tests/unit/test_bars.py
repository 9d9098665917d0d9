"""Bars as a drawing: every category has its name and its value or the reason for having none."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indicators import formats
from indicators.figures import theme
from indicators.figures.bars import draw
from indicators.figures.chart import WITHHELD, Chart, Point, Series
from tests.unit.test_drawing import Written, assert_sound, shapes, texts, told

WORDS = {
    "protected": "geschützt",
    "too_few": "zu wenige Fälle",
    "unreliable": "unsicher",
    "": "entfällt",
}


def bars(*rows, unit="", role="category") -> Chart:
    """Rows of a name and a number, a reason of WITHHELD or None."""
    series = []
    for i, (name, value) in enumerate(rows):
        number = None if value is None or isinstance(value, str) else float(value)
        reason = value if isinstance(value, str) else ""
        text = WORDS[reason] if number is None else formats.number(number, 0) + unit
        point = Point(float(i), number, text, name, withheld=reason)
        series.append(Series(name, role, (point,), colour=theme.CATEGORIES[i % 8]))
    ticks = tuple((float(i), name) for i, (name, _) in enumerate(rows))
    return Chart("bars", tuple(series), ticks, 0, "", "Titel", "Befund.")


def drawn(*rows, width=640, height=None, stage=False, **more) -> str:
    svg = draw(bars(*rows, **more), width=width, height=height, stage=stage)
    assert_sound(svg, stage)
    return svg


def coloured(svg: str) -> list:
    return [r for r in shapes(svg, "rect") if r.get("fill") in theme.CATEGORIES]


def test_bars_carry_their_name_their_value_in_german_and_their_colour():
    svg = drawn(("A", 1234), ("B", 617), ("C", 0))
    assert texts(svg) == ["A", "1.234", "B", "617", "C", "0"]
    first, second = coloured(svg)  # no bar for zero
    assert float(first.get("width")) == pytest.approx(2 * float(second.get("width")), abs=0.1)
    assert [r.get("fill") for r in (first, second)] == list(theme.CATEGORIES[:2])


@pytest.mark.parametrize("width", [340, 640])
@pytest.mark.parametrize("reason", [*WITHHELD, ""])
def test_where_there_is_no_number_the_reason_stands_and_no_bar(width, reason):
    svg = drawn(("A", 3), ("B", reason or None), width=width)
    assert texts(svg) == ["A", "3", "B", WORDS[reason]]
    assert len(coloured(svg)) == 1
    hatched = [r for r in shapes(svg, "rect") if r.get("fill") == "url(#hatching)"]
    assert len(hatched) == bool(reason)


def test_many_zeros_are_named_together_below_and_a_missing_value_is_none_of_them():
    rows = [("A", 5), *((f"Fach {n}", 0) for n in range(4)), ("Z", None), ("P", "protected")]
    svg = drawn(*rows)
    assert texts(svg)[-1] == "Jeweils 0: Fach 0, Fach 1, Fach 2, Fach 3"
    assert texts(svg)[:-1] == ["A", "5", "Z", "entfällt", "P", "geschützt"]
    assert texts(drawn(*rows[:4])) == ["A", "5", "Fach 0", "0", "Fach 1", "0", "Fach 2", "0"]
    assert "Jeweils 0" in texts(drawn(*((f"Fach {n}", 0) for n in range(5))))[0]


@pytest.mark.parametrize("width", [340, 640])
def test_long_names_are_whole_beside_or_above_their_bar(width):
    long = "Humanmedizin/Gesundheitswissenschaften und Veterinärmedizin"
    svg = drawn(("Sport", 5), (long, 6), width=width)
    words = [w.words for w in Written.of(svg) if not w.bold]
    assert "".join(words).replace(" ", "") == ("Sport" + long).replace(" ", "")
    name = next(w for w in Written.of(svg) if w.words == "Sport")
    bar = coloured(svg)[0]
    above = name.bottom <= float(bar.get("y"))
    assert above == (width == 340)
    assert above or name.right < float(bar.get("x"))
    assert max(float(r.get("width")) for r in coloured(svg)) > width / 3


def test_negative_values_stand_left_of_zero():
    less, more = coloured(drawn(("A", -50), ("B", 100)))
    end = float(less.get("x")) + float(less.get("width"))
    assert end == pytest.approx(float(more.get("x")), abs=0.1)


def test_values_that_are_all_negative_stay_inside():
    (bar,) = coloured(drawn(("A", -50)))
    assert float(bar.get("width")) > 300


def test_the_own_region_is_bold_and_has_its_colour():
    point = Point(0.0, 5.0, "5", "Hof")
    chart = Chart(
        "bars", (Series("Stadt Hof", "own", (point,)),), ((0.0, "Stadt Hof"),), 0, "", "t", "a"
    )
    svg = draw(chart, width=640)
    assert_sound(svg)
    assert [w.bold for w in Written.of(svg)] == [True, True]
    assert [r.get("fill") for r in shapes(svg, "rect")] == [theme.OWN_REGION]


WORD = st.sampled_from(["Sport", "und", "Kunst", "Veterinärmedizin", "Agrar-", "<b>&"])
NAME = st.lists(WORD, min_size=1, max_size=6).map(" ".join)
VALUE = st.one_of(st.none(), st.sampled_from([*WITHHELD]), st.just(0), st.integers(-999, 9_999_999))


@given(
    st.lists(st.tuples(NAME, VALUE), min_size=1, max_size=12),
    st.sampled_from(["", "\u00a0%", "\u00a0Lernende je Klasse"]),
    st.integers(300, 1200),
    st.none() | st.integers(150, 700),
    st.booleans(),
)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_bars_are_drawn_soundly_and_no_category_disappears(rows, unit, width, height, stage):
    width = max(width, 640) if stage else width
    rows = [(f"{name} {i}", value) for i, (name, value) in enumerate(rows)]
    chart = bars(*rows, unit=unit)
    svg = draw(chart, width=width, height=height, stage=stage)
    assert svg == draw(chart, width=width, height=height, stage=stage)
    assert_sound(svg, stage)
    words = " ".join(texts(svg)).replace("- ", "-")
    for series in chart.series:
        assert series.name.replace("- ", "-") in words
        (point,) = series.points
        assert point.text in words
    for reason in WITHHELD:
        expected = sum(p.withheld == reason for s in chart.series for p in s.points)
        assert texts(svg).count(WORDS[reason]) == expected
    assert len(coloured(svg)) == sum(bool(p.value) for s in chart.series for p in s.points)
    together = [s for s in chart.series if s.points[0].value == 0]
    if len(together) < 4:
        assert told(svg) == [[s.name, s.points[0].text] for s in chart.series]
    else:
        rest = [s for s in chart.series if s.points[0].value != 0]
        assert told(svg)[:-1] == [[s.name, s.points[0].text] for s in rest]
        assert told(svg)[-1] == [together[0].points[0].text, *(s.name for s in together)]
