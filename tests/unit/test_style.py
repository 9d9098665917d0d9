"""How series look: no two alike, in colour or in print, and words that can be read."""

import pytest

from indicators.figures import style, theme
from indicators.figures.chart import Chart, Point, Series


def looks(*roles: str):
    point = Point(2000.0, 1.0, "1")
    series = tuple(Series(f"{i}", role, (point,)) for i, role in enumerate(roles))
    return style.looks(Chart("lines", series, ((2000.0, "2000"),), 0, "", "t", "a"))


def test_no_two_regions_look_alike_in_colour_or_in_print():
    found = looks("own", "part", "part", "land", "germany", "other", "other", "other")
    assert len({(one.colour, one.dash, one.marker) for one in found}) == len(found)
    assert len({one.colour for one in found}) == len(found)
    assert len({(one.dash, one.width, one.marker) for one in found}) == len(found)


def test_the_colour_of_the_own_region_means_nothing_else():
    own, *others = looks("own", "part", "part", "land", "germany", "other", "other", "other")
    assert own.colour == theme.OWN_REGION and own.is_own
    assert not any(one.colour == theme.OWN_REGION or one.is_own for one in others)
    assert own.width > max(one.width for one in others)


@pytest.mark.parametrize("colour", [*theme.SCHOOL_TYPES.values(), *theme.PARTS, theme.OWN_REGION])
def test_words_in_the_colour_of_a_line_can_be_read_on_white(colour):
    assert style.contrast(colour) >= 3
    assert style.contrast(style.readable(colour)) >= 4.5


def test_contrast_is_that_of_the_guidelines():
    assert style.contrast("#000000") == pytest.approx(21)
    assert style.contrast("#FFFFFF") == pytest.approx(1)
    assert style.contrast("#767676") == pytest.approx(4.54, abs=0.01)
