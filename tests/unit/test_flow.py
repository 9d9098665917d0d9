"""Flows: bands, table and rows are the same numbers; a hidden flow does not tell its size."""

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indicators import view as views
from indicators.answers.answering import answer
from indicators.errors import ViewError
from indicators.export import tables
from indicators.figures.drawing import text_width
from indicators.figures.flow import (
    THREAD,
    Band,
    FlowPicture,
    Gate,
    Node,
    draw,
    pages,
)
from tests.unit import people

CATALOG = people.catalog()
TYPES = ("hauptschule", "realschule", "gymnasium", "foerderschule")
GATE = "kind=flow&indicator=uebertrittsquote_schulart"
START = (("origin_type", "grundschule"), ("origin_grade", "grade_4"))


def cells(counts: dict) -> dict:
    """(region, year) -> number or status per school type; the total is the sum of the numbers
    unless it is given."""
    found = {}
    for (region, year), ways in counts.items():
        time = f"{year}/{(year + 1) % 100:02d}"
        for type, value in ways.items():
            if type != "total":
                where = (*START, ("destination_type", type))
                found[region, time, where, "pupils"] = value
        total = ways.get("total", sum(v for v in ways.values() if not isinstance(v, str)))
        found[region, time, START, "pupils"] = total
    return found


TOWN = {
    ("99101", 2024): dict(zip(TYPES, (120, 110, 180, 8), strict=True)),
    ("99101", 2025): dict(zip(TYPES, (100, 110, 190, 0), strict=True)),
    ("99102", 2025): dict(zip(TYPES, (300, 280, 220, 10), strict=True)),
}


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    folder = tmp_path_factory.mktemp("flows")
    return people.make_release(folder, CATALOG, {"transitions": cells(TOWN)})


def made(tmp_path, **ways):
    counts = {("99101", 2025): ways}
    return people.make_release(tmp_path, CATALOG, {"transitions": cells(counts)})


def ask(release, query: str):
    return answer(release, views.parse(query, release.catalog, release.regions))


def gate_of(found):
    (gate,) = found.figure.gates
    return gate


def test_a_gate_shows_where_everybody_goes_in_the_fixed_order(release):
    found = ask(release, f"{GATE}&region=99101")
    gate = gate_of(found)
    assert found.period == "2025/26"
    assert [node.id for node in gate.destinations] == ["hauptschule", "realschule", "gymnasium"]
    assert [band.value for band in gate.bands] == [100, 110, 190]
    assert [band.share for band in gate.bands] == ["25,0\u00a0%", "27,5\u00a0%", "47,5\u00a0%"]
    assert gate.origins[0].text == "400 Kinder"
    assert sum(band.value for band in gate.bands) == 400


def test_the_finding_is_the_rate_and_its_change(release):
    found = ask(release, f"{GATE}&region=99101")
    assert found.headline.startswith("In der Stadt Beispielstadt gingen 47,5\u00a0% der Kinder")
    assert found.headline.endswith("mehr als im Vorjahr")
    assert "400 Kinder" in found.reading_aid
    assert "Gymnasium 47,5\u00a0%" in found.reading_aid
    assert found.reading_aid in found.alt


def test_a_flow_is_not_of_the_category_an_undivided_view_shows(release):
    """The rate by type of school shows one type; its flow shows all, and names one in the finding
    alone."""
    found = answer(release, views.parse(f"{GATE}&region=99101", release.catalog, release.regions))
    assert "aufs Gymnasium" in found.headline
    assert "Ziel" not in found.subtitle and "Gymnasium" not in found.subtitle
    assert len({row["category_name"] for row in found.rows}) > 2


def test_a_joint_region_sums_its_members(release):
    gate = gate_of(ask(release, f"{GATE}&region=verbund:beispiel"))
    assert {band.destination: band.value for band in gate.bands} == {
        "hauptschule": 400,
        "realschule": 390,
        "gymnasium": 410,
        "foerderschule": 10,
    }
    assert gate.origins[0].text == "1.210 Kinder"


def test_a_flow_that_hides_nothing_explains_no_hatching(release):
    found = ask(release, f"{GATE}&region=99101&period=2024/25")
    svg = draw(found.figure, width=940, height=400)
    assert "hatching" not in svg and "Die Breite" not in svg


def test_a_joint_region_is_not_shown_where_a_member_has_nothing(release):
    found = ask(release, f"{GATE}&region=verbund:beispiel&period=2024/25")
    assert all(band.value is None for band in gate_of(found).bands)


def test_figure_table_rows_and_files_are_the_same(release):
    found = ask(release, f"{GATE}&region=99101&period=2024/25")
    gate = gate_of(found)
    ways = [line for line in found.table.rows if line[1] != "insgesamt"]
    assert [line[2] for line in ways] == [f"{band.value:.0f}" for band in gate.bands]
    assert [line[3] for line in ways] == [band.share for band in gate.bands]
    assert [row["numerator"] for row in found.rows] == [band.value for band in gate.bands]
    assert found.rows[2]["category"] == "total>gymnasium"
    assert found.rows[2]["value"] == pytest.approx(43.1)
    text = tables.to_csv(found).decode("utf-8-sig")
    assert all(row["category_name"] in text for row in found.rows)
    assert tables.to_xlsx(found)[:2] == b"PK"


def test_a_hidden_flow_is_a_thread_and_says_so_everywhere(tmp_path):
    for secret in ("secret", "suppressed"):
        ways = {"hauptschule": 100, "realschule": secret, "gymnasium": 190, "total": 400}
        found = ask(made(tmp_path / secret, **ways), f"{GATE}&region=99101")
        band = gate_of(found).bands[1]
        assert band.value is None
        assert band.share == ""
        for stage, width in ((False, 940), (False, 330), (True, 1168)):
            svg = draw(found.figure, width=width, height=400, stage=stage)
            told = " ".join(ElementTree.fromstring(svg).itertext())
            assert f"{found.table.rows[1][2]}: Die Breite sagt nichts über die Anzahl" in told
            assert "der Block zeigt, wie viele es zusammen sind" in told
            assert f"{found.table.rows[1][2]}, zusammen 110" in told
        # 400 less 100 and 190, which everybody sees
        assert found.table.rows[3] == (
            "Klasse 4 der Grundschulen",
            "ohne einzelne Angabe, zusammen",
            "110",
            "",
        )
        assert gate_of(found).destinations[1].text == found.table.rows[1][2]
        assert not re.search(r"\d", found.table.rows[1][2])
        assert found.rows[1]["value"] is None
        assert found.rows[1]["numerator"] is None
        assert found.rows[1]["status"] == secret


def test_few_children_have_counts_but_no_shares(tmp_path):
    found = ask(made(tmp_path, hauptschule=5, gymnasium=9), f"{GATE}&region=99101")
    assert [band.value for band in gate_of(found).bands] == [5, 9]
    assert [band.share for band in gate_of(found).bands] == ["", ""]
    assert found.table.rows[0][3] == "zu wenige Fälle"
    assert found.rows[0]["status"] == "too_few"
    (note,) = [note for note in found.notes if note.startswith("„Zu wenige Fälle“")]
    assert "(Kinder der Klasse 4 im Vorjahr) mindestens 20 beträgt" in note


def test_a_share_of_a_hidden_whole_is_not_called_one_of_too_few(tmp_path):
    found = ask(
        made(tmp_path, hauptschule=50, gymnasium=90, total="suppressed"), f"{GATE}&region=99101"
    )
    assert [line[3] for line in found.table.rows[:2]] == ["–", "–"]
    assert {row["status"] for row in found.rows} == {"ok"}


def test_an_indicator_without_flow_names_those_that_have_one(release):
    with pytest.raises(ViewError, match="Übertritt"):
        ask(release, "kind=flow&indicator=abgaenger_ohne_abschluss_anteil&region=99101")


def test_an_unknown_period_names_those_there_are(release):
    with pytest.raises(ViewError, match="2024/25, 2025/26"):
        ask(release, f"{GATE}&region=99101&period=1999/00")


def test_a_region_without_flows_is_told_so(release):
    with pytest.raises(ViewError, match="keine Werte"):
        ask(release, f"{GATE}&region=99102101")


# --- drawing --------------------------------------------------------------------------------------


def picture(values: list[list[float | None]]) -> FlowPicture:
    origins = tuple(Node(f"o{i}", f"Herkunft {i}", "1", "#000") for i in range(len(values)))
    ends = tuple(Node(f"d{i}", f"Ziel {i}", "1", "#111") for i in range(len(values[0])))
    bands = tuple(
        Band(f"o{i}", f"d{k}", value, "1,0 %", "x")
        for i, row in enumerate(values)
        for k, value in enumerate(row)
    )
    return FlowPicture("t", "alt & <b>", (Gate("g", origins, ends, bands),))


def paths(svg: str) -> list:
    root = ElementTree.fromstring(svg)
    return [e for e in root.iter() if e.tag.endswith("path") and e.get("fill-opacity")]


values = st.one_of(st.none(), st.integers(0, 5000).map(float))


@given(st.lists(st.lists(values, min_size=3, max_size=3), min_size=1, max_size=4))
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_any_numbers_are_drawn_inside_the_picture(rows):
    svg = draw(picture(rows), width=1000, height=380)
    drawn = paths(svg)
    assert len(drawn) == sum(value is None or value > 0 for row in rows for value in row)
    for path in drawn:
        ys = [float(y) for _, y in re.findall(r"(-?[\d.]+) (-?[\d.]+)", path.get("d"))]
        assert min(ys) >= -1
        assert max(ys) <= 381


@pytest.mark.parametrize("others", [3.0, 4000.0])
def test_a_hidden_flow_is_equally_thick_beside_few_and_many(others):
    svg = draw(picture([[None, 100.0, others]]), width=1000, height=380)
    (path,) = [p for p in paths(svg) if p.get("fill").startswith("url")]
    upper, lower = re.search(r" (\S+)V(\S+)C", path.get("d")).groups()
    assert float(lower) - float(upper) == pytest.approx(THREAD, abs=0.11)


def hatched(svg: str) -> list[float]:
    """The heights of the hatched blocks, without the sample in the legend."""
    root = ElementTree.fromstring(svg)
    rects = [e for e in root.iter() if e.tag.endswith("rect") and "url" in e.get("fill", "")]
    return [float(e.get("height")) for e in rects if len(e)]  # those with a title


@pytest.mark.parametrize("width", [940, 330])
@pytest.mark.parametrize("known", [100.0, 349.0])
def test_what_is_hidden_at_a_node_is_a_block_as_large_as_what_is_left_of_its_total(known, width):
    """Realschule: two of 351 in one way, the others in three that are protected: they are no
    sliver, and the block tells nothing of the three."""
    (gate,) = picture([[known, None, None, None], [40.0, 40.0, 40.0, 40.0]]).gates
    origins = (replace(gate.origins[0], total=351.0), gate.origins[1])
    gate = replace(gate, origins=origins, hidden=("geschützt",))
    svg = draw(FlowPicture("t", "a", (gate,)), width=width, height=500)
    (block,) = hatched(svg)
    bars = [
        float(e.get("height"))
        for e in ElementTree.fromstring(svg).iter()
        if e.tag.endswith("rect") and e.get("fill") == "#000"
    ]
    assert bars[0] / bars[1] == pytest.approx(351 / 160, rel=0.02)
    assert block / bars[0] == pytest.approx((351 - known) / 351, abs=0.02)
    threads = [p for p in paths(svg) if p.get("fill").startswith("url")]
    sizes = [re.search(r" (\S+)V(\S+)C", path.get("d")).groups() for path in threads]
    assert len({round(float(low) - float(high), 1) for high, low in sizes}) == 1


def test_a_total_that_is_not_shown_makes_no_block():
    assert hatched(draw(picture([[None, 100.0, None]]), width=940, height=400)) == []


def test_on_the_stage_each_gate_has_a_page_of_its_own():
    (gate,) = picture([[3.0, 97.0]]).gates
    several = FlowPicture("t", "a", tuple(replace(gate, title=f"Tor {n}") for n in range(5)))
    assert pages(several, 400, stage=True) == 5
    for first in range(5):
        svg = draw(several, width=1168, height=400, stage=True, first=first)
        assert [n for n in range(5) if f"Tor {n}" in svg] == [first]
        assert f"Seite {first + 1} von 5" in svg
    alone = draw(FlowPicture("t", "a", (gate,)), width=1168, height=400, stage=True)
    assert "Seite" not in alone


def test_a_long_name_stays_whole_on_a_narrow_drawing():
    (gate,) = picture([[3.0, 97.0]]).gates
    name = "Einschulungskorridor"
    node = replace(gate.destinations[0], name=name)
    gate = replace(gate, destinations=(node, *gate.destinations[1:]))
    svg = draw(FlowPicture("t", "a", (gate,)), width=340)
    (text,) = [t for t in ElementTree.fromstring(svg).iter() if t.text == name]
    assert float(text.get("x")) + text_width(name) <= 341
