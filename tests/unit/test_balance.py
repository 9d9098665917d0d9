"""Places against need: gaps that add up, one order for figure, table and files, true sentences."""

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators import formats, texts
from indicators.answers import answering
from indicators.catalog.catalog import from_texts
from indicators.catalog.meaning import Balance
from indicators.errors import DefinitionError, ViewError
from indicators.export import tables
from indicators.figures import balance as pictures
from indicators.figures.balance import BalancePicture, Row
from indicators.periods import school_year
from indicators.regions import Region
from indicators.view import View
from tests.unit import small
from tests.unit.small import Cell
from tests.unit.test_export import read_csv, read_xlsx

PLACES = Balance(need_name="Kinder mit Bedarf")
SUPPORT = """
[dataset]
id = "support"
name = "Förderplätze"
publisher = "Stadt"
place = "schulort"

[dataset.period]
type = "school_year"

[[dataset.measures]]
id = "places"
name = "Plätze"

[[dataset.measures]]
id = "need"
name = "Kinder mit Bedarf"
"""
BALANCE = """[indicator.balance]
need_name = "Kinder mit Bedarf"
assumption = "Bedarf von 50 % der Kinder"
"""
RATIO = """
[[indicator.calculations]]
numerator = [{ dataset = "support", measure = "places" }]
denominator = [{ dataset = "support", measure = "need" }]
"""
DIFFERENCE = """
[[indicator.calculations]]
numerator = [
    { dataset = "support", measure = "need", weight = 0.5 },
    { dataset = "support", measure = "places", sign = -1 },
]
"""
HOF, LAND, JOINT = "09464", "09475", "verbund:hof"
PARTS = {"09464-01": "Altstadt", "09464-02": "Ölmühle", "09464-03": "Westend"}
MORE = {id: Region(id, "stadtteil", name, f"in {name}", HOF) for id, name in PARTS.items()} | {
    "09475101": Region("09475101", "gemeinde", "Berg", "in Berg", LAND)
}


@pytest.fixture
def ask(tmp_path, monkeypatch):
    """The answer for a release of these (region, places, need) in 2023/24."""
    monkeypatch.setattr(small, "REGIONS", small.REGIONS | MORE)

    def make(numbers, region=HOF, calculations=RATIO, **view):
        fields = {"unit": "je 100"} if calculations == RATIO else {"unit": "Anzahl", "factor": 1}
        text = small.indicator(calculations=calculations, breakdowns=BALANCE, **fields)
        catalog = small.catalog(text, support=SUPPORT)
        cells = []
        for id, *pair in numbers:
            for measure, number in zip(("places", "need"), pair, strict=True):
                status = number if isinstance(number, str) else ""
                value = None if status else number
                cells.append(Cell(value, status, region=id, measure=measure))
        release = small.make_release(tmp_path, catalog, support=cells)
        return answering.answer(
            release, View(kind="balance", indicator="gymnasium_anteil", region=region, **view)
        )

    return make


CITY = [
    (HOF, 100, 134),
    ("09464-01", 40, 52),
    ("09464-02", 40, 40),
    ("09464-03", 20, 42),
]


def drawn(answer) -> list[Row]:
    return [answer.figure.whole, *answer.figure.rows]


def test_the_whole_comes_first_then_the_largest_shortage(ask):
    answer = ask(CITY)
    assert [row.name for row in drawn(answer)] == ["Stadt Hof", "Westend", "Altstadt", "Ölmühle"]
    assert [row["gap"] for row in answer.rows] == [-34, -22, -12, 0]
    assert answer.headline == (
        "Es fehlen 34 Plätze; am meisten in Westend (22); zusammen 100 Plätze für 134 Kinder mit "
        "Bedarf"
    )
    assert answer.reading_aid == (
        "Im Schuljahr 2023/24 standen in Westend 20 Plätze einem Bedarf von 42 gegenüber "
        "(Kinder mit Bedarf): 22 Plätze fehlen."
    )
    assert answer.table.rows[0][:4] == ("Stadt Hof", "100", "134", "34 Plätze fehlen")


def test_a_difference_with_assumed_need_is_a_balance_too(ask):
    answer = ask(CITY, calculations=DIFFERENCE)
    assert [row["gap"] for row in answer.rows] == [33, -1, 14, 20]
    assert answer.headline == (
        "In Westend fehlt 1 Platz; mit dem Überschuss der übrigen (34) verrechnet gibt es 33 mehr "
        "als Bedarf; zusammen 100 Plätze für 67 Kinder mit Bedarf"
    )
    assert "Annahme: Bedarf von 50 % der Kinder" in answer.subtitle
    assert [row["numerator"] for row in answer.rows] == [100, 20, 40, 40]
    assert "Unterschied" not in " ".join(answer.notes)
    assert len(answer.table.columns) == 4


def test_a_joint_region_shows_the_parts_of_all_its_members(ask):
    answer = ask([*CITY, (LAND, 7, 10), ("09475101", 7, 10)], region=JOINT)
    assert answer.rows[0]["numerator"] == 107 and answer.rows[0]["gap"] == -37
    assert {row["region"] for row in answer.rows[1:]} == {*PARTS, "09475101"}


def test_without_numbers_of_parts_the_members_stand_for_them(ask):
    answer = ask([(HOF, 100, 134), (LAND, 7, 10)], region=JOINT)
    assert [row["region"] for row in answer.rows] == [JOINT, HOF, LAND]
    assert answer.notes[0] == (
        "Nach Teilgebieten liegen keine Angaben vor: Stadt Hof und Landkreis Hof."
    )


def test_a_kreis_without_parts_stands_alone(ask):
    answer = ask([("16063", 4, 5)], region="16063")
    assert [row.name for row in drawn(answer)] == ["Wartburgkreis"]
    assert answer.headline == "Es fehlt 1 Platz; zusammen 4 Plätze für 5 Kinder mit Bedarf"


def test_what_is_hidden_or_missing_is_last_and_told_in_words(ask):
    answer = ask([CITY[0], CITY[1], ("09464-02", "suppressed", 12)])
    rows = drawn(answer)
    assert [row.name for row in rows] == ["Stadt Hof", "Altstadt", "Ölmühle", "Westend"]
    assert (rows[2].places, rows[2].need, rows[2].gap) == (None, 12, "geschützt")
    assert (rows[3].places, rows[3].gap) == (None, "keine Angabe")
    assert answer.table.rows[2][1] == "geschützt" and answer.table.rows[2][2] == "12"
    # the shown parts never give away what is hidden
    assert any("Für 2 Gebiete gibt es keine Angabe" in note for note in answer.notes)
    assert not any("Zusammen ergeben" in note for note in answer.notes)
    svg = pictures.draw(answer.figure, width=1000)
    assert "url(#hatching)" in svg and "geschützt" in svg


def test_what_is_not_a_balance_says_what_is(ask, tmp_path):
    catalog = small.catalog(small.indicator())
    release = small.make_release(tmp_path, catalog, pupils=[Cell(10)])
    with pytest.raises(ViewError, match="stellt nicht Plätze einem Bedarf gegenüber"):
        answering.answer(release, View(kind="balance", indicator="gymnasium_anteil", region=HOF))


def test_a_balance_needs_both_sides():
    text = small.indicator(calculations=small.COUNT, breakdowns=BALANCE)
    with pytest.raises(DefinitionError, match="Plätze und Bedarf"):
        from_texts(small.TEXTS | {"indicator.toml": text})


counts = st.one_of(st.integers(0, 60), st.sampled_from(["suppressed", "missing", "secret"]))


@pytest.mark.slow  # each example is a release of its own
@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(counts, counts), min_size=4, max_size=4), st.booleans())
def test_gaps_add_up_and_all_forms_have_the_same_rows(tmp_path_factory, numbers, exact):
    """The gaps of the parts make that of the whole, or the answer says that they do not."""
    if exact and all(isinstance(n, int) for pair in numbers[1:] for n in pair):
        numbers[0] = tuple(sum(side) for side in zip(*numbers[1:], strict=True))
    if not any(isinstance(p, int) and isinstance(n, int) for p, n in numbers):
        numbers[0] = (1, 1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(small, "REGIONS", small.REGIONS | MORE)
        catalog = small.catalog(
            small.indicator(calculations=RATIO, breakdowns=BALANCE, unit="je 100"), support=SUPPORT
        )
        cells = [
            Cell(*((None, n) if isinstance(n, str) else (n,)), region=id, measure=measure)
            for id, pair in zip([HOF, *PARTS], numbers, strict=True)
            for measure, n in zip(("places", "need"), pair, strict=True)
        ]
        release = small.make_release(tmp_path_factory.mktemp("balance"), catalog, support=cells)
    answer = answering.answer(
        release, View(kind="balance", indicator="gymnasium_anteil", region=HOF)
    )
    release.close()
    gaps = [row["gap"] for row in answer.rows]
    parts = gaps[1:]
    notes = " ".join(answer.notes)
    if gaps[0] is not None and None not in parts:
        assert (sum(parts) != gaps[0]) == ("Zusammen ergeben die Gebiete" in notes)
    if gaps[0] is not None and None in parts:
        assert "keine Angabe" in notes and "Zusammen ergeben" not in notes
    known = [g for g in parts if g is not None]
    assert known == sorted(known) and parts[: len(known)] == known
    names = [row["region_name"] for row in answer.rows]
    assert [row.name for row in drawn(answer)] == names
    assert [row[0] for row in answer.table.rows] == names
    _, lines, _ = read_csv(tables.to_csv(answer))
    assert [line["Gebiet"] for line in lines] == names
    assert [line["Plätze minus Bedarf"] for line in lines] == [
        "" if g is None else str(g) for g in gaps
    ]
    sheet = read_xlsx(tables.to_xlsx(answer))["Daten"]
    assert [line[1] for line in sheet[1:]] == names
    whole_german(answer.headline)
    whole_german(answer.reading_aid.removesuffix("."))


def whole_german(text: str) -> None:
    assert not re.search(r"None|nan|\{|\}|  |-\d", text), text
    assert not text or (text[0].isupper() and not text.endswith((".", " ", ";"))), text


# --- sentences ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "told"),
    [
        (-12, "12 Plätze fehlen"),
        (-1, "1 Platz fehlt"),
        (0, "ausgeglichen"),
        (1, "1 Platz mehr als Bedarf"),
        (1234, "1.234 Plätze mehr als Bedarf"),
    ],
)
def test_a_gap_in_words(count, told):
    assert texts.gap(PLACES, count) == told


@pytest.mark.parametrize(
    ("whole", "parts", "told"),
    [
        (-34, [("in Altstadt", -12)], "Es fehlen 34 Plätze; am meisten in Altstadt (12)"),
        (-1, [("in Altstadt", -1)], "Es fehlt 1 Platz; am meisten in Altstadt (1)"),
        (-2, [("in A", -1), ("in B", -1)], "Es fehlen 2 Plätze; am meisten in A und in B (je 1)"),
        (-9, [("in A", -3)] * 3, "Es fehlen 9 Plätze; am meisten in 3 Gebieten (je 3)"),
        (-34, [], "Es fehlen 34 Plätze"),
        (0, [], "Plätze und Bedarf sind ausgeglichen"),
        (3, [("in A", 3)], "Es gibt 3 Plätze mehr als Bedarf"),
        (None, [], "Für die ganze Region gibt es keine Gegenüberstellung: geschützt"),
        # what lacks in one place does not vanish because another has it
        (
            -7,
            [("in A", -5), ("in B", -4), ("in C", 2)],
            "In 2 von 3 Gebieten fehlen zusammen 9 Plätze, am meisten in A (5); mit dem Überschuss "
            "der übrigen (2) verrechnet fehlen 7",
        ),
        (
            3,
            [("in A", -1), ("in B", 4)],
            "In A fehlt 1 Platz; mit dem Überschuss der übrigen (4) verrechnet gibt es 3 mehr als "
            "Bedarf",
        ),
        (
            0,
            [("in A", -2), ("in B", -2), ("in C", 4), ("in D", None)],
            "In 2 von 3 Gebieten mit Angabe fehlen zusammen 4 Plätze, am meisten in A und in B (je "
            "2); mit dem Überschuss der übrigen (4) verrechnet ist der Bedarf gedeckt",
        ),
        (
            None,
            [("in A", -2), ("in B", 1)],
            "In A fehlen 2 Plätze; für die ganze Region gibt es keine Gegenüberstellung: geschützt",
        ),
    ],
)
def test_the_headline_says_what_lacks_and_where_before_what_it_comes_to(whole, parts, told):
    assert texts.balance_headline(PLACES, whole, "geschützt", parts) == told


def test_an_assumed_need_must_be_told_with_its_share():
    text = small.indicator(
        calculations=DIFFERENCE,
        breakdowns=BALANCE.replace("50 %", "viele"),
        unit="Anzahl",
        factor=1,
    )
    with pytest.raises(DefinitionError, match="der angenommene Bedarf von 50 % fehlt"):
        small.catalog(text, support=SUPPORT)


@given(
    st.one_of(st.none(), st.integers(-2000, 2000)),
    st.lists(
        st.tuples(st.sampled_from(["in A", "im Ort B"]), st.none() | st.integers(-900, 900)),
        max_size=5,
    ),
)
def test_headlines_are_whole_whatever_the_numbers(whole, parts):
    whole_german(texts.balance_headline(PLACES, whole, "keine Angabe", parts))


@given(st.floats(0, 5000), st.floats(0, 5000))
def test_the_reading_aid_reckons_with_the_numbers_it_shows(places, need):
    gap = formats.rounded(places, 0) - formats.rounded(need, 0)
    told = texts.balance_reading_aid(
        PLACES, small.REGIONS[HOF], school_year(2023), places, need, gap
    )
    whole_german(told.removesuffix("."))
    assert texts.gap(PLACES, gap) in told


# --- figure ---------------------------------------------------------------------------------------


def many(count: int) -> BalancePicture:
    rows = tuple(
        Row(
            f"Gemeinde mit einem langen Namen {i}", i, 2 * i, f"{i} / {2 * i}", f"{i} Plätze fehlen"
        )
        for i in range(count)
    )
    whole = Row("Stadt und Landkreis", 400, 800, "400 / 800", "400 Plätze fehlen", True)
    return BalancePicture("Plätze", "Balkendiagramm", "Plätze", "Bedarf: Kinder", whole, rows)


def words(svg: str) -> list[ElementTree.Element]:
    return [e for e in ElementTree.fromstring(svg).iter() if e.tag.endswith("}text")]


@pytest.mark.parametrize("count", [0, 1, 10, 11, 30])
@pytest.mark.parametrize("stage", [False, True])
def test_pages_show_every_part_once_and_stay_inside(count, stage):
    picture, height = many(count), 430
    size = pictures.capacity(height, stage=stage)
    seen = []
    for page in range(pictures.pages(picture, height, stage=stage)):
        svg = pictures.draw(picture, width=1168, height=height, stage=stage, first=page * size)
        texts_drawn = words(svg)
        assert all(float(t.get("y")) <= height - 8 for t in texts_drawn)
        assert not stage or all(float(t.get("font-size")) >= 20 for t in texts_drawn)
        seen += [t for t in texts_drawn if "".join(t.itertext()).endswith("fehlen")][1:]
    assert len(seen) == count


def test_a_page_says_where_it_is():
    svg = pictures.draw(many(30), width=1168, height=430, stage=True, first=10)
    assert "und 20 weitere Gebiete: Seite 2 von 3" in svg


@pytest.mark.parametrize("width", [320, 420, 700, 1000, 1168])
def test_without_a_height_all_rows_are_drawn(width):
    svg = pictures.draw(many(30), width=width)
    assert svg.count("Plätze fehlen</text>") == 31
    assert "Seite" not in svg
