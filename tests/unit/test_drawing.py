"""Text of drawings: how wide it is, where it is broken or cut, how labels keep apart.

`Written` and `assert_sound` read any drawing; the tests of each kind of figure use them.
"""

from dataclasses import dataclass
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.figures import theme
from indicators.figures.drawing import (
    Drawing,
    fitted,
    hit,
    shortened,
    spread,
    text_width,
    wrapped,
)

SVG = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True)
class Written:
    """A line of text of a drawing with the box of its letters, in pixels."""

    words: str
    left: float
    top: float
    right: float
    bottom: float
    size: float
    bold: bool
    fill: str

    @classmethod
    def of(cls, svg: str) -> "list[Written]":
        return [cls._of(e) for e in ElementTree.fromstring(svg).iter(f"{SVG}text")]

    @classmethod
    def _of(cls, text: ElementTree.Element) -> "Written":
        # a title is told to a resting mouse; the words follow it
        words = (text.text or "") + "".join(child.tail or "" for child in text)
        size = float(text.attrib["font-size"])
        bold = "font-weight" in text.attrib
        width = text_width(words, size, bold=bold)
        x, y = float(text.attrib["x"]), float(text.attrib["y"])
        left = x - {"start": 0, "middle": width / 2, "end": width}[text.attrib["text-anchor"]]
        # what reaches above and below is the room between lines
        half = 0.4 * size
        return cls(words, left, y - half, left + width, y + half, size, bold, text.attrib["fill"])

    def covers(self, other: "Written") -> bool:
        beside = self.left >= other.right - 0.5 or other.left >= self.right - 0.5
        return not beside and self.top < other.bottom - 0.5 and other.top < self.bottom - 0.5


def texts(svg: str) -> list[str]:
    return [one.words for one in Written.of(svg)]


def shapes(svg: str, name: str) -> list[ElementTree.Element]:
    """All shapes of a name ("line", "rect") but those that only answer to a pointer."""
    found = ElementTree.fromstring(svg).iter(f"{SVG}{name}")
    return [shape for shape in found if shape.get("class") != "hit"]


def told(svg: str) -> list[list[str]]:
    """What the unseen areas tell to pointers and keys."""
    found = ElementTree.fromstring(svg).iter(f"{SVG}rect")
    return [shape.attrib["data-told"].split("\n") for shape in found if shape.get("class") == "hit"]


def assert_sound(svg: str, stage: bool = False) -> None:
    """No words are cut by an edge, cover others or are too small; no shape lies outside."""
    root = ElementTree.fromstring(svg)
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    written = Written.of(svg)
    for i, one in enumerate(written):
        assert one.words, "an empty text"
        assert one.left >= -0.5 and one.right <= width + 0.5, (one, width)
        assert one.top >= -0.5 and one.bottom <= height + 0.5, (one, height)
        assert one.size >= (theme.FONT_SIZE_STAGE if stage else 11), one
        for other in written[:i]:
            assert not one.covers(other), (one, other)
    for shape in root.iter(f"{SVG}rect"):
        if "x" in shape.attrib:
            left, top = float(shape.attrib["x"]), float(shape.attrib["y"])
            assert left >= -0.5 and left + float(shape.attrib["width"]) <= width + 0.5
            assert top >= -0.5 and top + float(shape.attrib["height"]) <= height + 0.5


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


@given(st.text("abWi -,", min_size=1, max_size=60), st.integers(40, 300))
def test_fitted_text_stays_within_its_width_and_whole_where_words_do(text, room):
    rows = fitted(text, room, 13)
    assert all(text_width(row, 13) <= room or len(row) <= 4 for row in rows)
    if all(text_width(word, 13) <= room for word in text.split()):
        assert rows == wrapped(text, room, 13)


def test_text_of_a_drawing_is_never_markup():
    drawing = Drawing(100, 50, 'a "b" <c>')
    drawing.text(0, 10, "<script>&", title="<t>")
    hit(drawing, (0, 0, 10, 10), ['"A" <b>', "1 & 2"])
    assert "<script>" not in drawing.svg() and "<b>" not in drawing.svg()
    root = ElementTree.fromstring(drawing.svg())
    assert root.attrib["aria-label"] == 'a "b" <c>'
    assert "".join(root.itertext()) == "<t><script>&"
    assert told(drawing.svg()) == [['"A" <b>', "1 & 2"]]
