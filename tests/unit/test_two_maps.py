"""Two maps in one drawing: beside or below each other, one legend for both or one for each."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indicators.figures import theme
from indicators.figures.map import LOOKS, STATUS_CODES, MapPicture
from indicators.figures.two_maps import TwoMaps, draw, legend
from indicators.symbols import Status
from tests.unit.test_drawing import Written, assert_sound, shapes, texts, told
from tests.unit.test_still_map import MANY, STATUSES, geometry, picture
from tests.unit.test_still_map import legend as rows

OWN = {"own": ("00004",), "own_label": "Stadt Hof"}
HEADINGS = ("2015/16", "2022/23")


def moments(values=MANY, then=None, **more) -> TwoMaps:
    """One indicator at two moments: `then` are the values of the earlier one."""
    then, count = then or values, len(values)
    both = picture([*then, *values], **more)  # in the same classes
    halves = [slice(count), slice(count, None)]
    one = replace(
        both,
        region_ids=both.region_ids[:count],
        codes=np.stack([both.codes[0, half] for half in halves]),
        values=np.stack([both.values[0, half] for half in halves]),
    )
    return TwoMaps("t", "Befund <b>", one.at("2023"), one.at("2024"), HEADINGS, True)


def pair(left: MapPicture, right: MapPicture) -> TwoMaps:
    return TwoMaps("t", "Befund <b>", left, right, ("Abgehende, 2023/24", "Dichte, 2024"), False)


def drawn(figure: TwoMaps, *, width=940, height=None, stage=False) -> str:
    count = len(figure.left.region_ids)
    svg = draw(figure, geometry(count), width=width, height=height, stage=stage)
    assert_sound(svg, stage)
    return svg


def at(svg: str, words: str) -> Written:
    (found,) = [one for one in Written.of(svg) if one.words == words]
    return found


def test_two_moments_have_one_legend_with_the_numbers_of_both():
    then = [1.0] * 23 + [Status.SUPPRESSED]
    svg = drawn(moments(then=then, **OWN))
    found = rows(svg)
    assert texts(svg).count("unter 5\u00a0%") == 1
    assert found["unter 5\u00a0%"] == "23 | 4" and found["20 und mehr\u00a0%"] == "0 | 5"
    assert found["nicht ausgewiesen"] == "1 | 0"
    assert found["Kreis 4"] == "1,0\u00a0% | 5,0\u00a0%"
    assert "77777" not in svg and "77.777" not in svg


def test_the_earlier_map_stands_on_the_left_below_its_heading():
    then = [1.0] * 24
    svg = drawn(moments(then=then))
    first, second = (at(svg, heading) for heading in HEADINGS)
    assert first.left < second.left and first.top == second.top
    fills = [p.get("fill") for p in shapes(svg, "path") if p.get("data-name")]
    assert set(fills[:24]) == {theme.MAP_RAMP[0]} and len(set(fills[24:])) == 5
    assert [lines[1] for lines in told(svg)][:24] == ["1,0\u00a0%"] * 24


def test_on_a_phone_they_stand_below_each_other_and_the_legend_last():
    svg = drawn(moments(), width=340)
    first, second = (at(svg, heading) for heading in HEADINGS)
    assert first.left == second.left and first.bottom < second.top
    assert at(svg, "unter 5\u00a0%").top > second.bottom


def test_two_indicators_have_a_legend_each():
    densities = picture(
        [30.0 * v for v in MANY], unit="Personen je km²", decimals=0, title="Dichte"
    )
    svg = drawn(pair(picture(MANY), densities))
    assert "unter 5\u00a0%" in texts(svg)
    assert "Dichte (Personen je km²)" in texts(svg)
    assert "Höchste Werte" in texts(svg)


def test_the_legend_alone_says_what_that_of_the_drawing_says():
    figure = moments(then=[1.0] * 24, **OWN)
    svg = legend(figure, geometry(24), width=240)
    assert_sound(svg)
    assert rows(svg)["unter 5\u00a0%"] == "24 | 4"
    assert 'aria-label="Legende: Abgehende ohne Hauptschulabschluss"' in svg


def test_a_given_height_is_kept_and_the_maps_are_as_large_as_it_lets_them():
    for figure in (moments(**OWN), pair(picture(MANY, **OWN), picture(MANY, **OWN))):
        svg = drawn(figure, width=1168, height=480, stage=True)
        assert 'height="480"' in svg[:200]


def test_circles_of_both_moments_are_measured_by_the_same_largest_value():
    figure = moments([100.0] * 4, [25.0] * 4, kind="circles", unit="Anzahl", decimals=0)
    radii = [float(c.get("r")) for c in shapes(drawn(figure), "circle") if c.get("fill") != "none"]
    assert radii[:4] == pytest.approx([radii[4] / 2] * 4, abs=0.05)


def test_a_map_of_some_periods_keeps_their_numbers_and_the_classes_of_all():
    one = picture(MANY)
    values = one.values.copy()
    values[0] = 99.0
    one = replace(one, values=values)
    kept = one.of(["2023"]) if one.selected == "2023" else one.at("2023").of(["2023"])
    assert kept.periods == ("2023",) and kept.classes == one.classes
    assert np.array_equal(kept.values, one.values[:1])
    assert kept.payload()["periods"] == ["2023"]


VALUE = st.one_of(st.integers(-99, 9_999).map(float), st.sampled_from(STATUSES))


@given(
    st.lists(st.tuples(VALUE, VALUE), min_size=1, max_size=30),
    st.sampled_from(["choropleth", "circles"]),
    st.sampled_from(["%", "Anzahl", "Personen je km²"]),
    st.integers(300, 1200),
    st.none() | st.integers(250, 700),
    st.booleans(),
    st.booleans(),
)
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_two_maps_are_drawn_soundly_and_tell_what_they_may(
    both, kind, unit, width, height, stage, shared
):
    width = max(width, 640) if stage else width
    then, now = ([each[n] for each in both] for n in (0, 1))
    own = {"own": ("00000",), "own_label": "Stadt und Landkreis Hof"}
    maps = [picture(values, kind=kind, unit=unit, **own) for values in (then, now)]
    figure = moments(now, then, kind=kind, unit=unit, **own) if shared else pair(*maps)
    shape = geometry(len(both))
    svg = draw(figure, shape, width=width, height=height, stage=stage)
    assert svg == draw(figure, shape, width=width, height=height, stage=stage)
    assert_sound(svg, stage)
    assert "77777" not in svg and "77.777" not in svg
    assert len(told(svg)) == 2 * len(both)
    hidden = sum(isinstance(value, Status) for value in (*then, *now))
    looks = {LOOKS[look] for look in LOOKS}
    assert sum(lines[1] in looks for lines in told(svg)) == hidden
    assert hidden == sum(
        one.codes[i, k] in STATUS_CODES.values()
        for i, one in enumerate((figure.left, figure.right))
        for k in range(len(both))
    )
