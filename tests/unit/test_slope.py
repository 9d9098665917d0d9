"""Lines between two moments as a drawing: words of named lines, quiet others, who has no line."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indicators import formats
from indicators.figures import theme
from indicators.figures.slope import Slope, SlopePicture, draw
from tests.unit.test_drawing import Written, assert_sound, shapes, texts, told

MOMENTS = ("31.12.2015", "31.12.2024")


def line(name: str, before, now, role="other", *, named=True) -> Slope:
    """A region with these values; a text instead of one says why there is none."""
    numbers = [v if isinstance(v, float) else None for v in (before, now)]
    words = [f"{formats.number(v, 1)}\u00a0%" if isinstance(v, float) else v for v in (before, now)]
    if None in numbers:
        change = next(v for v in (now, before) if isinstance(v, str))
        return Slope(name, role, None, None, words[0], words[1], change, named)
    return Slope(name, role, before, now, *words, formats.signed(now - before, 1), named)


def picture(*slopes: Slope, **more) -> SlopePicture:
    told_of = {"count": len(slopes), "dative": "Kreisen"} | more
    return SlopePicture("Titel", "Befund <b>", MOMENTS, slopes, **told_of)


def drawn(*slopes: Slope, width=940, height=None, stage=False, **more) -> str:
    svg = draw(picture(*slopes, **more), width=width, height=height, stage=stage)
    assert_sound(svg, stage)
    assert_lines_inside(svg)
    return svg


def assert_lines_inside(svg: str) -> None:
    width, height = (float(n) for n in re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg).groups())
    for one in shapes(svg, "line"):
        xs, ys = [[float(one.get(f"{axis}{n}")) for n in (1, 2)] for axis in "xy"]
        assert min(xs) >= -0.5 and max(xs) <= width + 0.5
        assert min(ys) >= -0.5 and max(ys) <= height + 0.5


def ends(svg: str) -> tuple[float, float]:
    """Where the upright axes stand."""
    first, second = (float(one.get("x1")) for one in shapes(svg, "line")[:2])
    return first, second


HOF = line("Stadt Hof", 10.2, 12.8, "own")
BAVARIA = line("Bayern", 5.2, 5.4, "land")


def test_a_named_line_has_its_values_at_both_ends_and_the_change_behind_its_name():
    svg = drawn(HOF, BAVARIA)
    assert {"10,2\u00a0%", "12,8\u00a0% Stadt Hof (+2,6)", "5,2\u00a0%"} <= set(texts(svg))
    assert {w.words for w in Written.of(svg) if w.bold} > {"12,8\u00a0% Stadt Hof (+2,6)"}
    assert set(MOMENTS) <= set(texts(svg))


def test_heights_are_the_values_on_one_scale():
    svg = drawn(line("a", 0.0, 10.0), line("b", 5.0, 0.0))
    left, right = ends(svg)
    slopes = [
        (float(s.get("y1")), float(s.get("y2")))
        for s in shapes(svg, "line")
        if (float(s.get("x1")), float(s.get("x2"))) == (left, right)
    ]
    rising, falling = sorted(slopes, key=lambda pair: pair[1])
    assert rising[0] == falling[1] > falling[0] > rising[1]
    assert falling[0] == pytest.approx((rising[0] + rising[1]) / 2, abs=0.02)


def test_of_many_lines_only_the_named_ones_have_words_and_all_answer_to_a_pointer():
    many = [line(f"Kreis {n}", 3.0 + n, 30.0 - n / 2, named=False) for n in range(90)]
    svg = drawn(HOF, BAVARIA, *many, count=91)
    assert not any("Kreis" in words for words in texts(svg))
    found = {lines[0]: lines[1:] for lines in told(svg)}
    assert len(found) == 92
    assert found["Kreis 4"] == ["31.12.2015: 7,0\u00a0%", "31.12.2024: 28,0\u00a0%", "+21,0"]
    quiet = [s for s in shapes(svg, "line") if s.get("stroke") == theme.OTHERS]
    assert len(quiet) == 90


@pytest.mark.parametrize("reason", ["geschützt", "zu wenige Fälle", "nicht vergleichbar"])
def test_who_has_no_line_is_named_with_the_reason(reason):
    svg = drawn(HOF, line("Nordstadt", reason, 5.0), line("Hafen", 3.0, reason, named=False))
    written = texts(svg)
    assert f"Nordstadt: {reason}" in written
    assert "1 von 3 Kreisen ohne Angabe zu einem der Zeiträume" in written
    assert [lines[0] for lines in told(svg)] == ["Stadt Hof"]


def test_the_count_is_of_the_regions_compared_not_of_all_lines():
    gone = line("Kreis", "keine Angabe", 5.0, named=False)
    assert "1 von 96 Kreisen ohne Angabe" in " ".join(texts(drawn(HOF, BAVARIA, gone, count=96)))


def test_without_any_line_the_reasons_stand_alone():
    svg = drawn(line("Nordstadt", "geschützt", 5.0))
    assert texts(svg) == ["Nordstadt: geschützt"]


def test_a_low_drawing_names_the_first_lines_and_keeps_the_others_as_quiet_ones():
    lines = [line(f"Kreis {n}", 3.0 + n, 4.0 + n) for n in range(30)]
    svg = drawn(*lines, width=1168, height=400, stage=True)
    named = [int(found[1]) for w in texts(svg) if (found := re.search(r"Kreis (\d+)", w))]
    assert 3 < len(named) < 30 and sorted(named) == list(range(len(named)))
    assert len(told(svg)) == 30


def test_on_a_phone_value_and_change_stay_whole_and_names_go_below():
    name = "Landkreis Garmisch-Partenkirchen"
    svg = drawn(line(name, 5.7, 10.9, "own"), BAVARIA, width=340)
    assert "10,9\u00a0% (+5,2)" in texts(svg)
    assert any(words.startswith("Landkreis Garm") for words in texts(svg))


def test_one_value_at_both_moments_is_a_level_line():
    svg = drawn(line("a", 5.0, 5.0, "own"))
    left, right = ends(svg)
    (level,) = [
        s for s in shapes(svg, "line") if (float(s.get("x1")), float(s.get("x2"))) == (left, right)
    ]
    assert level.get("y1") == level.get("y2")


def test_names_are_no_markup():
    svg = drawn(line("<b>&", 1.0, 2.0), line("<i>", "<u>", 2.0))
    assert not re.search(r"<[biu]>", svg)


VALUE = st.integers(-500, 5000).map(lambda n: n / 10) | st.sampled_from(["geschützt", "–"])
NAME = st.sampled_from(["Stadt Hof", "Landkreis Wunsiedel i. Fichtelgebirge", "Ulm", "Nordstadt"])


@given(
    st.lists(st.tuples(NAME, VALUE, VALUE, st.booleans()), min_size=1, max_size=60),
    st.integers(300, 1200),
    st.none() | st.integers(200, 700),
    st.booleans(),
    st.integers(0, 3),
)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_lines_are_drawn_soundly(regions, width, height, stage, parts):
    width = max(width, 640) if stage else width
    roles = ["own", *["part"] * parts, "land", "germany"]
    slopes = [
        line(name, before, now, roles[i] if i < len(roles) else "other", named=named or i < 4)
        for i, (name, before, now, named) in enumerate(regions)
    ]
    svg = draw(picture(*slopes), width=width, height=height, stage=stage)
    assert svg == draw(picture(*slopes), width=width, height=height, stage=stage)
    assert_sound(svg, stage)
    assert_lines_inside(svg)
    assert len(told(svg)) == sum(slope.is_line for slope in slopes)
    for slope in slopes:
        if not slope.is_line and slope.named:
            assert slope.told in " ".join(texts(svg))
