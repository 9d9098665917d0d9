"""Slides as who opens them sees them: words beside lines do not cover each other, slides have
numbers."""

import io
import re

import pytest
from pptx import Presentation
from pptx.oxml.ns import qn

from indicators.export import charts, native, slides
from indicators.figures.chart import Chart, Point, Series
from tests.unit.test_export_office import told

LETTERS = 19 * 1.2  # pixels of a line of words


def lines(*ends: tuple[str, int, float]) -> Chart:
    """Lines over ten years, each with the year and value of its end."""
    return Chart(
        "lines",
        tuple(
            Series(
                name,
                "own",
                tuple(
                    Point(x, end - (last - x), f"{end}", f"15.03.{x}")
                    for x in range(2010, last + 1)
                ),
            )
            for name, last, end in ends
        ),
        ((2010, "2010"), (2020, "2020")),
        1,
        "\u00a0%",
        "Anteil",
        "Anteil",
    )


def charted(chart: Chart) -> list:
    deck = Presentation(io.BytesIO(slides.to_pptx([told("Anteil", chart)], "T")))
    return [shape for slide in deck.slides for shape in slide.shapes if shape.has_chart]


def tops(shape, count: int) -> list[float]:
    """Where the words at each line's end stand, in pixels from the top of the chart."""
    chart, height = shape.chart, shape.height / 9525
    low, high = chart.value_axis.minimum_scale, chart.value_axis.maximum_scale
    found = []
    for series in list(chart.plots[0].series)[:count]:
        last = [v for v in series.values if v is not None][-1]
        moved = series._element.findall(f".//{qn('c:dLbl')}//{qn('c:y')}")
        share = float(moved[0].get("val")) if moved else 0.0
        top = charts._TOP + charts._TALL * (high - last) / (high - low) + share
        found.append(top * height)
    return found


@pytest.mark.parametrize(
    "ends",
    [
        (("Stadt", 2020, 33.0), ("Deutschland", 2020, 33.1), ("Bayern", 2020, 32.9)),
        # a line that ends a year before writes over those that end at the edge
        (("gemeinsam", 2019, 33.0), ("Stadt", 2020, 33.1)),
    ],
)
def test_words_at_the_ends_of_lines_do_not_cover_each_other(ends):
    (shape,) = charted(lines(*ends))
    found = sorted(tops(shape, len(ends)))
    assert all(b - a >= LETTERS for a, b in zip(found, found[1:], strict=False)), found
    assert all(0 <= top <= shape.height / 9525 for top in found)


def test_words_with_room_stay_at_their_lines():
    (shape,) = charted(lines(("Stadt", 2020, 33.0), ("Land", 2020, 15.0)))
    assert not shape.chart._chartSpace.findall(f".//{qn('c:dLbl')}/{qn('c:layout')}")


def test_dates_below_an_axis_have_room_for_themselves():
    chart = lines(("Kinder in Kindertageseinrichtungen", 2020, 33.0))
    (shape,) = charted(chart)
    skip = int(shape.chart._chartSpace.find(f".//{qn('c:tickLblSkip')}").get("val"))
    found = native.native(chart)
    assert found is not None
    named = shape.chart._chartSpace.find(f".//{qn('c:layout')}//{qn('c:w')}").get("val")
    room = shape.width / 9525 * float(named) / len(found.categories) * skip
    assert room >= charts.text_width("15.03.2010", 19) * 1.1


def test_slides_behind_the_first_have_their_number_as_a_field():
    deck = Presentation(io.BytesIO(slides.to_pptx([told("A"), told("B"), told("C")], "T")))
    fields = [
        slide._element.xpath(".//a:fld[@type='slidenum']/a:t/text()") for slide in deck.slides
    ]
    assert fields == [[], ["2"], ["3"]]
    for slide in list(deck.slides)[1:]:
        (box,) = [shape for shape in slide.shapes if shape.name == "Foliennummer"]
        assert box.left + box.width <= deck.slide_width
        assert box.top + box.height <= deck.slide_height
        assert re.fullmatch(r"\{[0-9A-F-]{36}\}", slide._element.xpath(".//a:fld/@id")[0])
