"""Classes, labels and payload of a map, without a browser."""

import base64
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from indicators import formats
from indicators.figures import theme
from indicators.figures.map import (
    LOOKS,
    STATUS_CODES,
    MapPicture,
    circle_limits,
    class_labels,
    class_limits,
    classify,
    map_classes,
)
from indicators.symbols import WITH_NUMBER, Status

numbers = st.floats(-1e6, 1e6) | st.floats(0, 100) | st.just(float("nan"))
cubes = arrays.arrays(
    float, st.tuples(st.integers(1, 4), st.integers(1, 60)), elements=numbers, fill=st.nothing()
)
places = st.integers(0, 2)
SMALLEST_STATUS_CODE = min(STATUS_CODES.values())


def picture(values, *, decimals=1, unit="%", statuses=None, kind="choropleth", **changes):
    values = np.asarray(values, dtype=float)
    limits = class_limits(values, decimals) if kind == "choropleth" else circle_limits(values)
    periods = tuple(f"{2006 + row}" for row in range(values.shape[0]))
    return MapPicture(
        **{
            "title": "Titel",
            "alt_text": "Befund",
            "map_file": "kreis.json",
            "areas": "Kreise",
            "boundary_note": "Grenzen 31.12.2022",
            "periods": periods,
            "selected": periods[-1],
            "region_ids": tuple(f"{column:05d}" for column in range(values.shape[1])),
            "codes": classify(values, limits, decimals, statuses),
            "values": values,
            "classes": map_classes(limits, decimals, unit, kind),
            "decimals": decimals,
            "unit": unit,
            "kind": kind,
        }
        | changes
    )


def unpacked(payload):
    """What the browser makes of the payload: codes and whole numbers, None where there is none."""
    shape = len(payload["periods"]), len(payload["ids"].split(" "))
    codes = np.frombuffer(base64.b64decode(payload["codes"]), "u1").reshape(shape)
    values = np.frombuffer(base64.b64decode(payload["values"]), "<" + payload["number"])
    return codes, [
        [None if value == payload["none"] else int(value) for value in row]
        for row in values.reshape(shape)
    ]


@given(cubes, places)
def test_each_number_is_in_one_class_and_the_class_says_so(values, decimals):
    limits = class_limits(values, decimals)
    codes = classify(values, limits, decimals)
    assert list(limits) == sorted(set(limits)) and len(limits) <= 4
    edges = [-np.inf, *limits, np.inf]
    for value, code in zip(values.flat, codes.flat, strict=True):
        if np.isnan(value):
            assert code == STATUS_CODES[Status.MISSING]
        else:
            shown = float(
                formats.number(value, decimals)
                .replace(".", "")
                .replace(",", ".")
                .replace(formats.MINUS, "-")
            )
            assert edges[code] <= shown < edges[code + 1]
    counts = np.bincount(codes.ravel(), minlength=256)
    assert counts[: len(limits) + 1].sum() + counts[STATUS_CODES[Status.MISSING]] == values.size


@given(cubes, places)
def test_limits_are_round_and_no_class_is_empty_but_around_zero(values, decimals):
    limits = class_limits(values, decimals)
    for limit in limits:
        assert limit == round(limit, decimals)
    if limits and limits[0] < 0 < limits[-1]:
        assert limits == tuple(-limit for limit in reversed(limits))
    elif limits:
        codes = classify(values, limits, decimals)
        assert set(range(len(limits) + 1)) == set(codes[codes < SMALLEST_STATUS_CODE].tolist())


@pytest.mark.parametrize("values", [[], [np.nan, np.nan], [7.0], [7.0, 7.0, np.nan], [0.0, 0.04]])
def test_without_a_difference_there_is_one_class(values):
    assert class_limits(values, 1) == ()
    assert [one.label for one in map_classes((), 1, "%")] == ["alle Werte"]


def test_two_numbers_are_told_apart():
    assert class_limits([1.0, 1.1], 1) == (1.1,)


def test_shares_get_equal_round_steps():
    values = np.random.default_rng(1).normal(45, 6, (14, 400))
    limits = class_limits(values, 1)
    assert len(limits) == 4 and len(set(np.diff(limits))) == 1
    assert all(limit % 5 == 0 for limit in limits)


def test_changes_get_the_diverging_colours():
    limits = class_limits(np.random.default_rng(1).normal(0.3, 1.5, 400), 1)
    assert limits == (-2.0, -0.5, 0.5, 2.0)
    classes = map_classes(limits, 1, "Prozentpunkte")
    assert tuple(one.colour for one in classes) == theme.DIVERGING


def seen(colour: str) -> np.ndarray:
    """Lightness and two hues as the eye tells them apart (CIELAB): 10 is a plain difference."""
    parts = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    x, y, z = (
        np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
        @ linear
        / [0.95047, 1, 1.08883]
    ) ** (1 / 3)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("ramp", [theme.MAP_RAMP, theme.DIVERGING])
def test_no_class_of_a_map_can_be_taken_for_the_own_region(ramp):
    own = seen(theme.OWN_REGION)
    assert min(np.linalg.norm(seen(colour) - own) for colour in ramp) > 45


def test_the_diverging_classes_differ_in_lightness_on_each_side_and_in_blue_between_them():
    """Lightness tells the classes of a side apart, blue and yellow the sides: both are seen by
    those who cannot tell red from green."""
    light, _, yellow = np.array([seen(colour) for colour in theme.DIVERGING]).T
    assert (np.diff(light[:3]) > 15).all() and (np.diff(light[2:]) < -15).all()
    assert yellow[:2].max() < -15 and yellow[3:].min() > 30


def test_labels_are_german_and_carry_no_more_decimals_than_needed():
    space = formats.NO_BREAK_SPACE
    assert class_labels((3.0, 5.0, 9.0), 1, "%") == (
        f"unter 3{space}%",
        f"3 bis unter 5{space}%",
        f"5 bis unter 9{space}%",
        f"9 und mehr{space}%",
    )
    assert class_labels((-2.5, 1500.0), 1, "Anzahl") == (
        "unter −2,5",
        "−2,5 bis unter 1.500,0",
        "1.500,0 und mehr",
    )


def test_a_long_unit_stands_in_the_title_of_the_legend():
    assert class_labels((0.5,), 1, "Prozentpunkte") == ("unter 0,5", "0,5 und mehr")
    long = picture([[0.2, 0.9]], unit="Prozentpunkte", legend_title="Veränderung")
    assert long.payload()["legendTitle"] == "Veränderung (Prozentpunkte)"
    assert picture([[0.2, 0.9]], legend_title="Anteil").payload()["legendTitle"] == "Anteil"


def test_a_number_belongs_to_the_class_of_what_is_shown():
    assert classify([2.94, 2.96, 3.0], (3.0,), 1).tolist() == [0, 1, 1]


def test_every_status_without_a_number_has_a_code_and_a_look():
    assert set(STATUS_CODES) == set(Status) - WITH_NUMBER
    looks = picture([[1.0]]).payload()["statuses"]
    assert {look for look, _ in looks.values()} == set(LOOKS)


@pytest.mark.parametrize("status", [Status.TOO_FEW, Status.UNRELIABLE, Status.SUPPRESSED])
def test_what_is_withheld_does_not_look_as_if_nobody_knew_it(status):
    look, words = picture([[1.0]]).payload()["statuses"][STATUS_CODES[status]]
    assert look != "missing"
    assert words in LOOKS[look]


@given(cubes, places)
def test_the_payload_brings_back_what_is_shown(values, decimals):
    sent = picture(values, decimals=decimals)
    payload = json.loads(json.dumps(sent.payload()))
    codes, whole = unpacked(payload)
    rows = [sent.periods.index(period) for period in payload["periods"]]
    assert (codes == sent.codes[rows]).all()
    for value, number in zip(values[rows].flat, sum(whole, []), strict=True):
        if np.isnan(value):
            assert number is None
        else:
            digits = formats.number(value, decimals).replace(formats.MINUS, "-")
            assert number == int(digits.replace(".", "").replace(",", ""))


def test_a_protected_value_does_not_travel():
    payload = picture(
        [[4.0, 77.7, 5.0]], statuses=[[Status.OK, Status.SUPPRESSED, Status.OK]]
    ).payload()
    codes, whole = unpacked(payload)
    assert whole == [[40, None, 50]]
    assert payload["statuses"][int(codes[0, 1])] == ["protected", "geschützt"]


def test_periods_without_data_are_left_out():
    nan = np.nan
    three = picture([[1.0, 2.0], [nan, nan], [3.0, nan], [nan, nan]])
    payload = three.payload()
    assert payload["periods"] == ["2006", "2008"] and payload["selected"] == 1
    assert three.at("2006").payload()["selected"] == 0
    assert picture([[nan, nan]]).payload()["periods"] == ["2006"]


def test_all_kreise_and_years_fit_into_sixty_kilobytes():
    values = np.random.default_rng(1).uniform(0, 100, (14, 400))
    assert len(json.dumps(picture(values).payload())) < 30_000
    counts = picture(np.rint(values * 30_000), decimals=0, unit="Anzahl", kind="circles")
    assert len(json.dumps(counts.payload())) < 60_000


def test_circles_are_measured_by_the_largest_region_shown():
    values = [[3_600_000.0, 40_000.0, 210_000.0]]
    everywhere = picture(values, decimals=0, unit="Anzahl", kind="circles")
    assert everywhere.payload()["circles"] == {
        "largest": 3_600_000,
        "sizes": [2_000_000, 500_000, 100_000],
    }
    part = picture(
        values, decimals=0, unit="Anzahl", kind="circles", extent=("00001", "00002")
    ).payload()["circles"]
    assert part == {"largest": 210_000, "sizes": [200_000, 50_000, 10_000]}
    nothing = picture([[np.nan]], decimals=0, unit="Anzahl", kind="circles").payload()["circles"]
    assert nothing == {"largest": 0, "sizes": []}


def test_losses_and_gains_are_circles_of_two_colours():
    both = picture([[-500.0, 500.0]], decimals=0, unit="Anzahl", kind="circles")
    assert [one.label for one in both.classes] == ["unter 0", "0 und mehr"]
    assert len({one.colour for one in both.classes}) == 2
    gains = picture([[500.0]], decimals=0, unit="Anzahl", kind="circles")
    assert [one.label for one in gains.classes] == ["mit Angabe"]


def test_wrong_shapes_are_refused():
    with pytest.raises(ValueError, match="shape"):
        picture([[1.0, 2.0]], codes=np.zeros((2, 2)))
    with pytest.raises(ValueError, match="periods"):
        picture([[1.0, 2.0]], selected="1999")
