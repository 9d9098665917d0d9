"""Rankings of a region's places: every bar has its name, and table and bars are the same rows."""

from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators import view as views
from indicators.answers.answering import answer
from indicators.figures import theme
from indicators.figures.drawing import text_width
from indicators.figures.places import Place, PlacesPicture, draw

values = st.one_of(st.none(), st.floats(-50, 5000, allow_nan=False))


def texts(svg: str) -> list[str]:
    return [t.text for t in ElementTree.fromstring(svg).iter() if t.tag.endswith("text")]


@pytest.mark.parametrize("region", ["99101", "99102", "verbund:beispiel", "99101-03"])
def test_every_place_is_named_with_its_value(release, region):
    query = f"kind=ranking&indicator=kinder_sgb2_quote&scope=parts&region={region}"
    found = answer(release, views.parse(query, release.catalog, release.regions))
    for stage in (False, True):
        svg = draw(found.figure, width=1168, height=400 if stage else None, stage=stage)
        written = texts(svg)
        told = " ".join(written).lower()
        for rank, name, value, *_ in found.table.rows:
            if value[0].isdigit() and rank != "–":
                assert name in written and value in written
            else:  # on the stage such places share a line; the whole has one with its number
                assert name.lower() in told and value in told
    # the region itself is no place among them: it is their measure, and stands above them
    whole = 0 if "-" in region else 1
    assert len(found.figure.places) + whole == len(found.table.rows) == len(found.rows)
    own = [place.name for place in found.figure.places if place.is_own]
    assert own == ([release.region(region).name] if "-" in region else [])
    assert found.reading_aid


def test_the_whole_is_a_line_for_shares_and_none_for_counts(release):
    def ask(indicator: str):
        query = f"kind=ranking&indicator={indicator}&scope=parts&region=99102"
        return answer(release, views.parse(query, release.catalog, release.regions)).figure

    share = ask("kinder_sgb2_quote")
    assert share.reference[1].startswith("Landkreis Beispielau")
    assert ask("lebendgeborene").reference is None


@given(st.lists(values, min_size=1, max_size=35), st.booleans())
@settings(max_examples=50, deadline=None)
def test_bars_of_any_numbers_stay_inside_the_picture(numbers, stage):
    places = tuple(Place(f"Ort {i}", n, "keine Angabe") for i, n in enumerate(numbers))
    svg = draw(PlacesPicture("t", "a", places, (3.0, "Kreis 3")), width=1000, stage=stage)
    root = ElementTree.fromstring(svg)
    bars = [r for r in root.iter() if r.tag.endswith("rect") and r.get("class") != "hit"]
    assert len(bars) == sum(n is not None for n in numbers)
    for bar in bars:
        left, wide = float(bar.get("x")), float(bar.get("width"))
        assert left >= -0.01
        assert left + wide <= 1000.01
    sizes = {float(t.get("font-size")) for t in root.iter() if t.tag.endswith("text")}
    assert min(sizes) >= (theme.FONT_SIZE_STAGE if stage else theme.FONT_SIZE)


def test_a_long_unit_stands_once_and_leaves_the_names_whole(release):
    query = "kind=ranking&indicator=klassenfrequenz&scope=parts&school_type=grundschule"
    view = views.parse(f"{query}&region=verbund:beispiel", release.catalog, release.regions)
    found = answer(release, view)
    written = texts(draw(found.figure, width=1168, height=400, stage=True))
    assert sum("Lernende" in text for text in written) == 1
    assert not any("…" in text for text in written)
    assert "Lernende je Klasse" in found.subtitle


def test_many_places_on_the_stage_leave_the_room_to_those_with_a_number(release):
    query = "kind=ranking&indicator=zurueckstellungsquote&scope=parts&region=verbund:beispiel"
    found = answer(release, views.parse(query, release.catalog, release.regions))
    without = [place for place in found.figure.places if place.value is None]
    assert len(found.figure.places) > 24 and without
    svg = draw(found.figure, width=1168, height=400, stage=True)
    told = " ".join(texts(svg))
    assert "Geschützt: " in told
    for place in without:
        assert place.name in told and place.name not in texts(svg)
    bars = [r for r in ElementTree.fromstring(svg).iter() if r.tag.endswith("rect")]
    assert max(float(bar.get("width")) for bar in bars) > 100
    heights = [float(t.get("y")) for t in ElementTree.fromstring(svg).iter() if t.get("y")]
    assert max(heights) < 400


@given(st.lists(st.floats(0.5, 100), min_size=1, max_size=11), st.floats(0.5, 100))
@settings(max_examples=50, deadline=None)
def test_the_line_of_the_whole_crosses_no_number(numbers, whole):
    places = tuple(Place(f"Ort {i}", n, f"{n:.1f}") for i, n in enumerate(numbers))
    places += (Place("Ort ohne", None, "keine Angabe"),)
    root = ElementTree.fromstring(
        draw(PlacesPicture("t", "a", places, (whole, "Kreis")), width=900)
    )
    upright = [e for e in root.iter() if e.tag.endswith("line") and e.get("x1") == e.get("x2")]
    (line,) = upright
    at, ends = float(line.get("x1")), float(line.get("y2"))
    for text in (e for e in root.iter() if e.tag.endswith("text")):
        left, middle = float(text.get("x")), float(text.get("y"))
        beside = at <= left or at >= left + text_width(text.text)
        assert beside or not float(line.get("y1")) < middle < ends
