"""The stations after arrival: one row per figure in all forms, and the bottleneck in words."""

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators import texts
from indicators.answers import answering
from indicators.errors import ViewError
from indicators.export import tables
from indicators.figures import chain as pictures
from indicators.figures.chain import ChainPicture, Step, Tile
from indicators.periods import calendar_year
from indicators.symbols import SIGNS, WITH_NUMBER, Status
from indicators.texts import Value
from indicators.view import View, parse
from tests import shipped
from tests.unit import small
from tests.unit.small import Cell
from tests.unit.test_export import read_csv, read_xlsx

SHIPPED = shipped.catalog()
HOF = "09464"
ARRIVED = """
[dataset]
id = "arrived"
name = "Neu Zugewanderte"
publisher = "Stadt"
place = "schulort"

[dataset.period]
type = "calendar_year"

[[dataset.measures]]
id = "arrived"
name = "Personen"

[[dataset.measures]]
id = "waiting"
name = "Wartende"

[[dataset.measures]]
id = "days"
name = "Wartetage"
"""
STEPS = """
[[chain_steps]]
id = "ankunft"
name = "Ankunft"
text = "Ankunft"
order = 1
figures = [{ label = "Personen", indicator = "angekommen" }]

[[chain_steps]]
id = "platz"
name = "Platz"
text = "Platz"
order = 2
figures = [
    { label = "Wartezeit", indicator = "wartezeit", tells = "waiting_time" },
    { label = "warten noch", indicator = "wartend", measure = "count", tells = "waiting" },
]

[[chain_steps]]
id = "schule"
name = "Schule"
text = "Schule"
order = 3
figures = [{ label = "am Gymnasium", indicator = "gymnasium_anteil", tells = "transition" }]
"""


def calculation(above: str, below: str = "") -> str:
    def side(name: str, measure: str) -> str:
        return f'{name} = [{{ dataset = "arrived", measure = "{measure}" }}]\n'

    text = "[[indicator.calculations]]\n" + side("numerator", above)
    return text + (side("denominator", below) if below else "")


INDICATORS = (
    small.indicator("angekommen", calculation("arrived"), unit="Anzahl", factor=1),
    small.indicator("wartezeit", calculation("days", "arrived"), unit="Tage", factor=1),
    small.indicator("wartend", calculation("waiting", "arrived"), caveats='["Nur Erfasste."]'),
    small.indicator(),
)


@pytest.fixture
def ask(tmp_path):
    def make(*cells, steps=STEPS, **view):
        catalog = small.catalog(*INDICATORS, arrived=ARRIVED, steps=steps)
        pupils = [Cell(30, school_type="gymnasium"), Cell(100)]
        given = {"arrived": cells} if cells else {}
        release = small.make_release(tmp_path, catalog, pupils=pupils, **given)
        return answering.answer(release, View(kind="chain", region=HOF, **view))

    return make


def year(time, arrived, waiting, days):
    pairs = (("arrived", arrived), ("waiting", waiting), ("days", days))
    return [
        Cell(
            None if isinstance(n, str) else n, n if isinstance(n, str) else "", time=time, measure=m
        )
        for m, n in pairs
    ]


BOTH = [*year("2022", 80, 20, 3200), *year("2023", 100, 27, 3400)]


def test_every_figure_is_told_with_its_change(ask):
    answer = ask(*BOTH)
    told = [[cell.replace("\u00a0", " ") for cell in row] for row in answer.table.rows]
    assert [row[2:] for row in told] == [
        ["2023", "100", "", "+20 zum Vorjahr"],
        ["2023", "34,0 Tage", "100 Kinder", "−6,0 Tage zum Vorjahr"],
        ["2023", "27", "", "+7 zum Vorjahr"],
        ["2023/24", "30,0 %", "30 von 100", ""],
    ]
    assert answer.headline.replace("\u00a0", " ") == (
        "In der Stadt Hof dauert es im Mittel 34,0 Tage bis zum Platz; 27 warten noch"
    )
    assert "Gymnasium: Nur Erfasste." in answer.notes
    assert answer.periods == ["2022", "2023"]


def test_a_period_means_the_year_in_which_it_begins(ask):
    answer = ask(*BOTH, period="2022")
    assert [row["period"] for row in answer.rows] == ["2022", "2022", "2022", ""]
    assert answer.rows[3]["status"] == "missing"
    assert answer.table.rows[3][3] == SIGNS[Status.MISSING].short
    answer = ask(*BOTH, period="2023/24")
    assert [row["period"] for row in answer.rows] == ["2023", "2023", "2023", "2023/24"]
    with pytest.raises(ViewError, match="vorhanden sind 2022, 2023"):
        ask(*BOTH, period="1999")


def test_without_any_file_every_station_says_so(ask):
    answer = ask()
    tiles = [tile for step in answer.figure.steps for tile in step.tiles]
    assert [tile.number for tile in tiles[:3]] == ["keine Angabe"] * 3
    assert answer.headline == (
        "In der Stadt Hof liegt 1 von 4 Angaben vor; Wartezeiten sind nicht bekannt"
    )
    svg = pictures.draw(answer.figure, width=1000)
    assert "keine Angabe" in svg and "url(#hatching)" in svg


def test_what_is_protected_says_why(ask):
    answer = ask(*year("2023", 100, "suppressed", 3400))
    assert answer.figure.steps[1].tiles[1].number == "geschützt"
    assert answer.rows[2]["status"] == "suppressed"


@pytest.mark.slow  # each example is a release of its own
@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from([0, 1, 20, 400, "suppressed", "missing"]), min_size=3, max_size=3))
def test_figure_table_and_files_have_the_same_rows(tmp_path_factory, numbers):
    catalog = small.catalog(*INDICATORS, arrived=ARRIVED, steps=STEPS)
    release = small.make_release(
        tmp_path_factory.mktemp("chain"), catalog, arrived=year("2023", *numbers)
    )
    answer = answering.answer(release, View(kind="chain", region=HOF))
    release.close()
    rows = [
        (step.name, tile.label, tile.number) for step in answer.figure.steps for tile in step.tiles
    ]
    assert [(r["step_name"], r["figure"]) for r in answer.rows] == [row[:2] for row in rows]
    assert [(r[0], r[3]) for r in answer.table.rows] == [(row[0], row[2]) for row in rows]
    _, lines, _ = read_csv(tables.to_csv(answer))
    assert [(line["Station"], line["Angabe"]) for line in lines] == [row[:2] for row in rows]
    sheet = read_xlsx(tables.to_xlsx(answer))["Daten"]
    assert [tuple(line[:2]) for line in sheet[1:]] == [row[:2] for row in rows]
    for row, (_, _, number) in zip(answer.rows, rows, strict=True):
        assert (row["value"] is None) == (number in {sign.short for sign in SIGNS.values()})


def test_a_chain_needs_stations_and_no_indicator(ask):
    with pytest.raises(ViewError, match="keine Stationen"):
        ask(steps="")
    view = parse("kind=chain&region=09464", small.catalog(), small.REGIONS)
    assert view.to_query() == "kind=chain&region=09464"


def test_the_shipped_stations_have_labels_that_fit_and_indicators_that_exist():
    for step in SHIPPED.chain_steps.values():
        assert step.figures and step.text.endswith(".")
        assert all(f.indicator in SHIPPED.indicators for f in step.figures)


# --- sentences ------------------------------------------------------------------------------------

(DAYS,) = small.catalog(INDICATORS[1], arrived=ARRIVED).indicators.values()
(COUNT,) = small.catalog(INDICATORS[0], arrived=ARRIVED).indicators.values()


def value(number, status=Status.OK, time=2023):
    return Value(small.REGIONS[HOF], calendar_year(time), number, status)


@pytest.mark.parametrize(
    ("days", "waiting", "told"),
    [
        (34.25, 27, "dauert es im Mittel 34,3 Tage bis zum Platz; 27 warten noch"),
        (34.25, 1, "dauert es im Mittel 34,3 Tage bis zum Platz; 1 wartet noch"),
        (34.25, 0, "dauert es im Mittel 34,3 Tage bis zum Platz; niemand wartet mehr"),
        (34.25, None, "dauert es im Mittel 34,3 Tage bis zum Platz"),
        (None, 1200, "warten noch 1.200 auf einen Platz"),
        (None, 0, "wartet niemand mehr auf einen Platz"),
        (None, None, "liegen 3 von 9 Angaben vor; Wartezeiten sind nicht bekannt"),
    ],
)
def test_the_headline_tells_the_bottleneck(days, waiting, told):
    waits = (DAYS, value(days)) if days is not None else None
    still = (COUNT, value(waiting)) if waiting is not None else None
    sentence = texts.chain_headline(small.REGIONS[HOF], waits, still, 3, 9)
    assert sentence.replace("\u00a0", " ") == f"In der Stadt Hof {told}"


numbers = st.one_of(st.none(), st.sampled_from([0.0, 1.0, 1.04]), st.floats(0, 1e5))
without = st.sampled_from([s for s in Status if s not in WITH_NUMBER])


@given(numbers, numbers, without, st.integers(0, 9))
def test_sentences_are_whole_whatever_the_values(days, waiting, status, known):
    def told(number):
        return value(number, Status.OK if number is not None else status)

    sentence = texts.chain_headline(
        small.REGIONS[HOF], (DAYS, told(days)), (COUNT, told(waiting)), known, 9
    )
    assert not re.search(r"None|nan|\{|\}|  ", sentence) and not sentence.endswith((".", " "))
    change = texts.short_change(DAYS, told(days), value(3.0, time=2022))
    assert (
        change == ""
        if days is None
        else re.search(r"^([+−][\d.,]+\sTage zum|wie im) Vorjahr$", change)
    )


# --- figure ---------------------------------------------------------------------------------------


def picture(steps: int, tiles: int) -> ChainPicture:
    tile = Tile(
        "am Jahresende ohne Platz",
        "93,0\u00a0%",
        True,
        "2025/26",
        "+2,3\u00a0Prozentpunkte zum Vorjahr",
    )
    return ChainPicture(
        "Kette",
        "Kette",
        tuple(Step(f"Kita- oder Schulplatz {i}", (tile,) * tiles) for i in range(steps)),
    )


@pytest.mark.parametrize("tiles", [1, 2, 3, 5])
@pytest.mark.parametrize("steps", [1, 4, 5, 7, 8])
def test_on_the_stage_letters_are_large_and_nothing_is_cut(steps, tiles):
    svg = pictures.draw(picture(steps, tiles), width=1168, height=430, stage=True)
    drawn = [e for e in ElementTree.fromstring(svg).iter() if e.tag.endswith("}text")]
    assert all(float(t.get("font-size")) >= 20 for t in drawn)
    assert all(10 <= float(t.get("y")) <= 420 for t in drawn)
    boxes = [e for e in ElementTree.fromstring(svg).iter() if e.get("rx") == "8"]
    assert len(boxes) == steps
    assert all(float(b.get("x")) + float(b.get("width")) <= 1168 for b in boxes)
    for text in drawn:  # every word stands in a box
        y = float(text.get("y"))
        assert any(
            float(b.get("y")) < y < float(b.get("y")) + float(b.get("height")) for b in boxes
        )


def test_no_arrow_leads_to_what_stands_beside_the_way():
    steps = picture(3, 1).steps
    beside = ChainPicture("Kette", "Kette", (*steps[:2], Step("Kurs", steps[2].tiles, beside=True)))
    assert pictures.draw(picture(3, 1), width=1000).count("<path") == 2
    assert pictures.draw(beside, width=1000).count("<path") == 1


def test_on_a_phone_the_boxes_stand_below_each_other():
    steps = tuple(Step(f"Station {n}", (Tile("Personen", str(n), True),)) for n in range(3))
    aside = Step("Daneben", (Tile("Personen", "9", True),), beside=True)
    svg = ElementTree.fromstring(pictures.draw(ChainPicture("t", "a", (*steps, aside)), width=340))
    boxes = [r for r in svg.iter() if r.tag.endswith("rect") and r.get("rx") == "8"]
    assert {float(box.get("x")) for box in boxes} == {0.5}
    edges = [(float(b.get("y")), float(b.get("y")) + float(b.get("height"))) for b in boxes]
    assert all(after[0] > before[1] for before, after in zip(edges, edges[1:], strict=False))
    lines = [line for line in svg.iter() if line.tag.endswith("line")]
    assert len(lines) == 2 and all(line.get("x1") == line.get("x2") for line in lines)
