"""Key figures: what small courses, periods and the table of years say of protected years."""

import base64
import html
import re
from dataclasses import replace

import pytest

from indicators import view as views
from indicators.answers import profile
from indicators.answers.profile import Figure, Moment
from indicators.symbols import SIGNS, Status
from pages.shared import key_figures

PROTECTED = SIGNS[Status.SUPPRESSED].short


@pytest.fixture(scope="module")
def town(release) -> list[Figure]:
    """The key figures of the invented city."""
    view = views.parse("kind=profile&region=99101", release.catalog, release.regions)
    return profile.figures(release, view)


@pytest.fixture(scope="module")
def figure(town) -> Figure:
    return next(f for f in town if f.now and f.now.value is not None and not f.indicator.is_count)


def course(figure: Figure, *values: float | str | None) -> Figure:
    """The figure with other values from 2001 on; a text is the reason why there is no number."""
    moments = (
        Moment(str(year), year, None, value)
        if isinstance(value, str)
        else Moment(str(year), year, value, "")
        for year, value in enumerate(values, 2001)
    )
    return replace(figure, series=tuple(moments))


def drawn(figure: Figure) -> tuple[str, str]:
    """The picture's SVG and its words; empty where there is none."""
    found = key_figures.sparkline(figure)
    if not found:
        return "", ""
    data, words = re.fullmatch(r'<img .*base64,(.+?)" alt="(.*)">', found).groups()
    return base64.b64decode(data).decode(), html.unescape(words)


def test_a_protected_year_has_a_square_in_the_course_and_a_gap_has_none(figure):
    svg, words = drawn(course(figure, 1, 2, "protected", 3, None, 4))
    assert svg.count("<rect") == 1
    assert len(re.findall("M", svg)) == 3 and len(re.findall("L", svg)) == 1
    assert words.endswith(f"; {PROTECTED}: 2003")
    svg, words = drawn(course(figure, 1, 2, None, 3))
    assert "<rect" not in svg and PROTECTED not in words


def test_no_course_is_drawn_through_a_break(figure):
    whole = course(figure, 1, 2, 3, 4)
    turned = [m._replace(after_break=m.label == "2003") for m in whole.series]
    svg, _ = drawn(replace(figure, series=tuple(turned)))
    assert len(re.findall("M", svg)) == 2 and len(re.findall("L", svg)) == 2
    assert len(re.findall("M", drawn(whole)[0])) == 1


def test_a_value_between_two_gaps_is_a_point(figure):
    svg, _ = drawn(course(figure, 1, 2, None, 3, None, 4, 5))
    assert svg.count('r="2"') == 1


def test_two_values_are_no_course(figure):
    assert drawn(course(figure, 1, "protected", 2)) == ("", "")


def test_a_newer_protected_period_is_named_beside_the_newest_number(release, town):
    newer = [f for f in town if f.newer is not None]
    assert newer
    for found in newer:
        assert found.newer.status is Status.SUPPRESSED
        assert found.newer.period.start > found.now.period.start
        assert found.period == (
            f"{found.now.period.label} ({found.newer.period.label} {PROTECTED})"
        )
        assert found.period in html.unescape(key_figures.content(found))
    others = [f for f in town if f.now and f.newer is None]
    assert all(f.period == f.now.period.label for f in others)


def test_the_table_of_years_tells_protected_from_missing(figure):
    told = course(figure, 1, "protected", None).known_in([2000, 2001, 2002, 2003])
    assert told == ["–", "ja", PROTECTED, "–"]
