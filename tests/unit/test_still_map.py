"""A map as a drawing: counts, patterns, names and values; nothing of what is protected."""

import re
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indicators import formats
from indicators.figures import theme
from indicators.figures.map import (
    LOOK_OF,
    LOOKS,
    STATUS_CODES,
    TERRITORY_CODE,
    MapPicture,
    circle_limits,
    class_limits,
    classify,
    map_classes,
)
from indicators.figures.map.still import draw
from indicators.symbols import Status
from tests.unit.test_drawing import Written, assert_sound, shapes, texts, told

STATUSES = list(STATUS_CODES)
PERIODS = ("2023", "2024")


def geometry(count: int, columns: int = 6) -> dict:
    """Squares in rows, as the file of shapes has them."""
    corners = [(100 * (i % columns), 100 * (i // columns)) for i in range(count)]
    return {
        "ids": [f"{i:05d}" for i in range(count)],
        "names": [f"Kreis {i}" for i in range(count)],
        "paths": [f"M{x} {y}l100 0l0 100l-100 0z" for x, y in corners],
        "boxes": [[x, y, x + 100, y + 100] for x, y in corners],
        "points": [[x + 50, y + 50] for x, y in corners],
        "outlines": {"00": "M0 0l600 0l0 200l-600 0z"},
    }


def picture(values, *, decimals=1, unit="%", kind="choropleth", **changes) -> MapPicture:
    """A map of these values or statuses; behind each status is the number 77777."""
    numbers = [77777.0 if isinstance(v, Status) else v for v in values]
    known = np.array([[np.nan if isinstance(v, Status) else v for v in values]] * 2, dtype=float)
    limits = class_limits(known, decimals) if kind == "choropleth" else circle_limits(known)
    codes = classify(known, limits, decimals)
    for i, value in enumerate(values):
        if isinstance(value, Status):
            codes[:, i] = STATUS_CODES[value]
    made = MapPicture(
        title="Abgehende ohne Hauptschulabschluss",
        alt_text="Befund <b>",
        map_file="kreis.json",
        areas="Kreise",
        boundary_note="Grenzen 31.12.2022",
        periods=PERIODS,
        selected="2024",
        region_ids=tuple(f"{i:05d}" for i in range(len(values))),
        codes=codes,
        values=np.array([numbers] * 2),
        classes=map_classes(limits, decimals, unit, kind),
        decimals=decimals,
        unit=unit,
        kind=kind,
    )
    return replace(made, **changes)


def drawn(values, *, width=940, height=None, stage=False, **more) -> str:
    one = picture(values, **more)
    svg = draw(one, geometry(len(values)), width=width, height=height, stage=stage)
    assert_sound(svg, stage)
    return svg


def legend(svg: str) -> dict[str, str]:
    """The words of a row beside the map → the number at its end."""
    written = Written.of(svg)
    rows = {}
    for one in written:
        (number, *_) = [
            w.words for w in written if w is not one and w.top == one.top and w.left > one.left
        ] or [""]
        rows[one.words] = number
    return rows


MANY = [float(n) for n in range(1, 25)]


@pytest.mark.parametrize("width", [340, 940])
@pytest.mark.parametrize("status", STATUSES)
def test_a_region_without_a_number_has_its_pattern_its_count_and_no_value(status, width):
    svg = drawn([*MANY, status, status], width=width)
    look = LOOK_OF[status]
    filled = [p for p in shapes(svg, "path") if p.get("fill") == f"url(#{look})"]
    assert [p.get("data-name") for p in filled] == ["Kreis 24", "Kreis 25"]
    assert f'<pattern id="{look}"' in svg
    assert legend(svg)[LOOKS[look]] == "2"
    assert "77777" not in svg and "77.777" not in svg
    assert ["Kreis 24", LOOKS[look]] in told(svg)


def test_protected_too_few_unreliable_and_missing_are_told_apart():
    kinds = [Status.SUPPRESSED, Status.TOO_FEW, Status.UNRELIABLE, Status.MISSING]
    svg = drawn([*MANY, *kinds])
    fills = [p.get("fill") for p in shapes(svg, "path") if "url" in p.get("fill", "")]
    assert len(set(fills)) == 4
    patterns = re.findall(r'<pattern id="\w+".*?<path d="([^"]+)"', svg)
    assert len(set(patterns)) == 4
    assert {LOOKS[LOOK_OF[kind]] for kind in kinds} <= set(texts(svg))


def test_the_area_of_another_time_is_no_missing_value():
    one = picture(MANY)
    codes = one.codes.copy()
    codes[:, 3] = TERRITORY_CODE
    svg = draw(replace(one, codes=codes), geometry(len(MANY)), width=940)
    assert legend(svg)[LOOKS["territory"]] == "1"
    assert ["Kreis 3", LOOKS["territory"]] in told(svg)
    assert "4,0\u00a0%" not in texts(svg)


@pytest.mark.parametrize("kind", ["choropleth", "circles"])
def test_the_counts_of_the_legend_are_those_of_the_codes(kind):
    values = [*MANY, 0.0, Status.SUPPRESSED, Status.MISSING, Status.LATER]
    one = picture(values, kind=kind)
    rows = legend(draw(one, geometry(len(values)), width=940))
    counts = Counter(one.codes[1])
    for code, each in enumerate(one.classes):
        assert rows[each.label] == formats.number(counts[code])
    assert rows[LOOKS["protected"]] == "1" and rows[LOOKS["missing"]] == "2"
    if kind == "choropleth":
        fills = Counter(p.get("fill") for p in shapes(draw(one, geometry(28), width=940), "path"))
        assert [fills[c.colour] for c in one.classes] == [counts[i] for i in range(5)]


def test_circles_are_as_large_as_their_values_and_only_where_there_is_one():
    svg = drawn([400.0, 100.0, Status.SUPPRESSED, 25.0], kind="circles", unit="Anzahl")
    circles = shapes(svg, "circle")
    radii = [float(c.get("r")) for c in circles if c.get("fill") != "none"]
    assert radii == pytest.approx([radii[0], radii[0] / 2, radii[0] / 4], abs=0.1)


def test_round_circles_explain_the_others():
    svg = drawn([400.0, 100.0, Status.SUPPRESSED, 25.0], kind="circles", unit="Anzahl", decimals=0)
    circles = shapes(svg, "circle")
    largest = max(float(c.get("r")) for c in circles if c.get("fill") != "none")
    told_by = [float(c.get("r")) for c in circles if c.get("fill") == "none"]
    sizes = [200, 50, 10]
    assert told_by == pytest.approx([largest * (size / 400) ** 0.5 for size in sizes], abs=0.1)
    assert {"200", "50", "10"} <= set(texts(svg))
    nobody = drawn([Status.SUPPRESSED, Status.MISSING], kind="circles", unit="Anzahl")
    assert not shapes(nobody, "circle")


def test_a_name_without_room_beside_its_value_stands_above_it():
    names = tuple(f"Landkreis Garmisch-Partenkirchen und Umgebung {i}" for i in range(24))
    svg = drawn(MANY, names=names, width=340)
    assert names[0] in texts(svg) and names[23] in texts(svg)
    assert "24,0\u00a0%" in texts(svg)


def test_a_long_unit_stands_above_the_legend_and_in_what_a_pointer_is_told():
    svg = drawn(MANY, unit="Personen je km²", title="Bevölkerungsdichte", width=640)
    assert "Bevölkerungsdichte (Personen je km²)" in " ".join(texts(svg))
    assert legend(svg)["Kreis 23"] == "24,0"
    assert ["Kreis 23", "24,0\u00a0Personen\u00a0je\u00a0km²"] in told(svg)


def test_the_own_region_is_outlined_named_and_its_value_told():
    own = dict(own=("00004", "00005"), own_label="Stadt und Landkreis Hof")
    svg = drawn(MANY, **own)
    outlines = [p for p in shapes(svg, "path") if p.get("stroke") == theme.OWN_REGION]
    assert len(outlines) == 2
    assert texts(svg).count("Stadt und Landkreis Hof") == 2  # the outline, and the values
    bold = {w.words for w in Written.of(svg) if w.bold}
    assert {"Kreis 4", "5,0\u00a0%", "Kreis 5", "6,0\u00a0%"} <= bold
    assert theme.OWN_REGION not in drawn(MANY)


def test_highest_and_lowest_values_are_named_in_german():
    svg = drawn([1000 * n + 0.5 for n in MANY], unit="EUR", decimals=1)
    rows = legend(svg)
    assert rows["Kreis 23"] == "24.000,5\u00a0Euro" and rows["Kreis 0"] == "1.000,5\u00a0Euro"
    assert {"Höchste Werte", "Niedrigste Werte"} <= set(rows)


def test_a_value_that_many_share_is_no_extreme():
    svg = drawn([*([0.0] * 10), *MANY])
    assert "Höchste Werte" in texts(svg) and "Niedrigste Werte" not in texts(svg)


def test_a_given_height_has_fewer_names_rather_than_cut_ones():
    svg = drawn(MANY, width=1168, height=400, stage=True)
    names = [t for t in texts(svg) if t.startswith("Kreis ")]
    assert "Höchste Werte" in texts(svg) and 2 <= len(names) < 8
    assert 'height="400"' in svg[:200]


def test_only_the_regions_of_the_extent_are_drawn_and_counted():
    svg = drawn(MANY, extent=tuple(f"{i:05d}" for i in range(3)))
    assert len(told(svg)) == 3
    assert "Kreis 3" not in svg


def test_the_period_chosen_is_drawn():
    one = picture(MANY)
    values = one.values.copy()
    values[0] = 99.0
    earlier = replace(one, values=values).at("2023")
    assert "99,0\u00a0%" in draw(earlier, geometry(len(MANY)), width=940)
    assert "99,0\u00a0%" not in draw(earlier.at("2024"), geometry(len(MANY)), width=940)


def test_a_region_without_a_place_among_the_values_has_no_value():
    shapes_of = geometry(len(MANY) + 1)
    svg = draw(picture(MANY), shapes_of, width=940)
    assert [f"Kreis {len(MANY)}", LOOKS["missing"]] in told(svg)


def test_names_are_no_markup():
    svg = drawn(MANY, names=tuple(f"<b>&{i}</b>" for i in range(24)), own_label="<i>")
    assert "<b>" not in svg and "<i>" not in svg


VALUE = st.one_of(st.integers(-999, 99_999).map(float), st.sampled_from(STATUSES))


@given(
    st.lists(VALUE, min_size=1, max_size=40),
    st.sampled_from(["choropleth", "circles"]),
    st.sampled_from(["%", "Anzahl", "EUR", "je 1.000"]),
    st.integers(300, 1200),
    st.none() | st.integers(150, 700),
    st.booleans(),
    st.sampled_from(["Kreise", "Gemeinden und Stadtteile"]),
)
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_map_is_drawn_soundly_and_tells_what_it_may(
    values, kind, unit, width, height, stage, areas
):
    width = max(width, 640) if stage else width
    one = picture(
        values, kind=kind, unit=unit, areas=areas, own=("00000",), own_label="Stadt Hof",
        legend_title="Kita-Kinder mit nichtdeutscher Familiensprache",
    )  # fmt: skip
    shape = geometry(len(values))
    svg = draw(one, shape, width=width, height=height, stage=stage)
    assert svg == draw(one, shape, width=width, height=height, stage=stage)
    assert_sound(svg, stage)
    assert "77777" not in svg and "77.777" not in svg
    found = {name: words for name, words in told(svg)}
    for i, value in enumerate(values):
        if isinstance(value, Status):
            assert found[f"Kreis {i}"] == LOOKS[LOOK_OF[value]]
        else:
            number = formats.number(value, 1) + formats.suffix(unit)
            assert found[f"Kreis {i}"] == number
    assert len(found) == len(values)
    for look, count in Counter(LOOK_OF[v] for v in values if isinstance(v, Status)).items():
        rows = legend(svg)
        (first,) = [
            words for words in rows if words and rows[words] and LOOKS[look].startswith(words)
        ]
        assert rows[first] == str(count)
        assert LOOKS[look] in " ".join(texts(svg)).replace(f" {count} ", " ")
