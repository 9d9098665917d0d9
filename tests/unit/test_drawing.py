"""Text of drawings: how wide it is, where it is broken or cut, how labels keep apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.figures.drawing import shortened, spread, text_width, wrapped


def test_wide_letters_take_more_than_narrow_ones():
    assert text_width("Wommm", 14) > 2 * text_width("illi.", 14)
    assert text_width("Wommm", 28) == pytest.approx(2 * text_width("Wommm", 14))


@given(st.text("ab -", max_size=40), st.integers(10, 300))
def test_text_is_wrapped_without_losing_a_word(text, room):
    rows = wrapped(text, room, 13)
    assert "".join(rows).replace(" ", "") == text.replace(" ", "")
    assert all(rows) or not text.strip()


@given(st.text("abWi -,", min_size=1, max_size=40), st.integers(40, 300))
def test_text_is_cut_only_where_it_does_not_fit_and_then_fits(text, room):
    found = shortened(text, room, 13)
    assert (found == text) == (text_width(text, 13) <= room)
    assert text_width(found, 13) <= room or len(found) <= 4


@given(st.lists(st.tuples(st.floats(0, 400), st.floats(5, 60)), min_size=1, max_size=8))
def test_boxes_of_any_height_keep_apart_and_inside(boxes):
    wanted, heights = map(list, zip(*boxes, strict=True))
    wanted.sort()
    found = spread(wanted, heights, 0.0, 400.0)
    squeeze = min(400 / sum(heights), 1)
    edges = [
        (y - h * squeeze / 2, y + h * squeeze / 2) for y, h in zip(found, heights, strict=True)
    ]
    assert edges[0][0] >= -1e-6
    assert edges[-1][1] <= 400 + 1e-6
    assert all(b[0] >= a[1] - 1e-6 for a, b in zip(edges, edges[1:], strict=False))
