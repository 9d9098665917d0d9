"""A ranking as a drawing: first, last and own are named, all others are seen or counted."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indicators import formats
from indicators.figures import theme
from indicators.figures.chart import WITHHELD, Chart, Point, Reference, Series
from indicators.figures.ranking import draw
from tests.unit.test_drawing import Written, assert_sound, shapes, texts, told

WORDS = {
    "protected": "geschützt",
    "too_few": "zu wenige Fälle",
    "unreliable": "unsicher",
    "": "keine Angabe",
}


def point(rank: int, value, name: str, unit="\u00a0%") -> Point:
    number = None if value is None or isinstance(value, str) else float(value)
    reason = value if isinstance(value, str) else ""
    text = WORDS[reason] if number is None else formats.number(number, 1) + unit
    return Point(float(rank), number, text, name, f"{rank:05d}", withheld=reason)


def ranking(values, own=(), references=(), unit="\u00a0%", names="Kreis {}") -> Chart:
    """Regions with these values in order; the ranks in `own` are the own region's."""
    points = [point(i, v, names.format(i), unit) for i, v in enumerate(values, 1)]
    others = tuple(p for p in points if p.x not in own)
    mine = tuple(p for p in points if p.x in own)
    series = (Series("Kreise", "other", others), Series("Stadt Hof", "own", mine))
    suffix = unit if unit.strip() == "%" else ""
    return Chart("ranking", series, (), 1, suffix, "Titel", "Befund.", references=tuple(references))


def drawn(*args, width=640, height=None, stage=False, **more) -> str:
    svg = draw(ranking(*args, **more), width=width, height=height, stage=stage)
    assert_sound(svg, stage)
    return svg


def named(svg: str) -> list[int]:
    """The ranks that have a row."""
    return [int(t.removesuffix(".")) for t in texts(svg) if re.fullmatch(r"\d+\.", t)]


def counted(svg: str) -> int:
    """How many regions are told not to have a row."""
    found = [re.fullmatch(r"… (\d+) weiterer?", t) for t in texts(svg)]
    return sum(int(match[1]) for match in found if match)


FIFTY = [60.0 - n for n in range(50)]


@pytest.mark.parametrize("own", [(1,), (2,), (25,), (49,), (50,), (1, 2), (3, 30), (14, 15)])
@pytest.mark.parametrize(("width", "height", "stage"), [(340, 300, False), (1168, 400, True)])
def test_first_last_and_own_are_named_with_their_values(own, width, height, stage):
    svg = drawn(FIFTY, own, width=width, height=height, stage=stage)
    assert {1, 50, *own} <= set(named(svg))
    assert len(named(svg)) + counted(svg) == 50
    for rank in {1, 50, *own}:
        assert f"Kreis {rank}" in texts(svg)
        assert f"{formats.number(FIFTY[rank - 1], 1)}\u00a0%" in texts(svg)
    bold = {w.words for w in Written.of(svg) if w.bold}
    assert {w for w in bold if w.startswith("Kreis")} == {f"Kreis {rank}" for rank in own}


def test_every_region_is_a_fine_line_in_the_strip_of_all_and_the_own_ones_stand_out():
    svg = drawn(FIFTY, (25,))
    assert "alle 50" in texts(svg)
    fine = [e for e in shapes(svg, "line") if e.get("stroke") == theme.MAP_RAMP[3]]
    own = [e for e in shapes(svg, "line") if e.get("stroke") == theme.OWN_REGION]
    assert (len(fine), len(own)) == (49, 1)
    assert float(own[0].get("stroke-width")) > float(fine[0].get("stroke-width"))


def test_a_few_regions_all_have_a_row():
    svg = drawn(FIFTY[:7], (3,))
    assert named(svg) == list(range(1, 8)) and not counted(svg)
    bars = [r.get("fill") for r in shapes(svg, "rect")]
    assert bars.count(theme.OWN_REGION) == 1 and bars.count(theme.MAP_RAMP[2]) == 6


def test_references_are_named_with_their_dash_and_drawn_at_their_value():
    references = [
        Reference(30.0, "Bayern 30,0\u00a0%", "land"),
        Reference(29.9, "Deutschland 29,9\u00a0%", "germany"),
    ]
    svg = drawn(FIFTY, (25,), references)
    assert {"Bayern 30,0\u00a0%", "Deutschland 29,9\u00a0%"} <= set(texts(svg))
    dashed = [e for e in shapes(svg, "line") if e.get("stroke-dasharray")]
    assert [e.get("stroke-dasharray") for e in dashed] == ["7 4", "2 3", "7 4", "2 3"]
    upright = [float(e.get("x1")) for e in dashed if e.get("x1") == e.get("x2")]
    assert len(upright) == 2 and 0 < upright[0] - upright[1] < 2


@pytest.mark.parametrize("reason", [*WITHHELD, ""])
def test_a_region_without_a_number_says_why_and_has_no_bar(reason):
    svg = drawn([9, 8, reason or None], (2,))
    assert WORDS[reason] in texts(svg)
    assert len(shapes(svg, "rect")) == 2


def test_a_long_unit_is_named_once_on_a_narrow_drawing():
    unit = "\u00a0Personen\u00a0je\u00a0km²"
    narrow = drawn(FIFTY, (25,), unit=unit, width=340)
    assert texts(narrow).count("Einheit: Personen\u00a0je\u00a0km²") == 1
    assert "60,0" in texts(narrow) and "60,0" + unit not in texts(narrow)
    assert any("60,0" + unit in line for lines in told(narrow) for line in lines)
    assert "60,0" + unit in texts(drawn(FIFTY, (25,), unit=unit, width=900))


def test_names_from_files_are_no_markup():
    assert "<b>" not in drawn(FIFTY, (25,), names="<b>{}</b>")


NAME = st.sampled_from(["Kreis {}", "Landkreis Neumarkt in der Oberpfalz {}", "<b>& {}", "{}"])


@given(
    st.lists(st.integers(-200, 5000).map(float), min_size=1, max_size=60),
    st.lists(st.sampled_from([None, *WITHHELD]), max_size=3),
    st.sets(st.integers(1, 60), max_size=3),
    st.tuples(NAME, st.sampled_from(["\u00a0%", "", "\u00a0Lernende je Klasse"])),
    st.lists(
        st.builds(
            Reference,
            st.integers(0, 50_000).map(lambda n: n / 10),
            st.just("Bayern 1,0\u00a0%"),
            st.just("land"),
        ),
        max_size=2,
    ),
    st.integers(300, 1200),
    st.none() | st.integers(150, 700),
    st.booleans(),
)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_ranking_is_drawn_soundly_and_loses_nobody(
    values, hidden, own, words, references, width, height, stage
):
    width = max(width, 640) if stage else width
    names, unit = words
    # without ties, whose ranks have a test of their own: a rank tells who is meant here
    every = [*sorted(set(values), reverse=True), *hidden]
    chart = ranking(every, own, references, unit, names)
    svg = draw(chart, width=width, height=height, stage=stage)
    assert svg == draw(chart, width=width, height=height, stage=stage)
    assert_sound(svg, stage)
    rows = named(svg)
    assert len(rows) + counted(svg) == len(every)
    assert {1, len(every), *(rank for rank in own if rank <= len(every))} <= set(rows)
    points = {int(p.x): p for s in chart.series for p in s.points}
    assert told(svg) == [
        [points[rank].label, f"Rang {formats.number(rank)}: {points[rank].text}"] for rank in rows
    ]
    for rank in rows:
        if points[rank].value is None:
            assert points[rank].text in texts(svg)
    bars = [r for r in shapes(svg, "rect") if r.get("fill") != theme.CARD]
    assert len(bars) == sum(bool(points[rank].value) for rank in rows)


def test_regions_with_the_same_value_share_a_rank():
    points = tuple(
        Point(float(i), value, f"{value} %", name)
        for i, (name, value) in enumerate((("A", 5.0), ("B", 3.4), ("C", 3.4), ("D", 1.0)), 1)
    )
    chart = Chart("ranking", (Series("Kreise", "other", points),), (), 1, " %", "Anteil", "")
    ranks = re.findall(r">(\d+)\.</text>", draw(chart, width=700))
    assert ranks == ["1", "2", "2", "4"]
    assert "Rang 2: 3.4 %" in draw(chart, width=700)
