"""Pyramids: bars, table, rows and sentences are the same numbers, whatever the numbers are."""

import io
import re
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indicators import formats, texts
from indicators import view as views
from indicators.answers.answering import answer
from indicators.errors import ViewError
from indicators.export import tables
from indicators.figures.axes import round_step
from indicators.figures.pyramid import Bar, Pyramid, draw
from indicators.regions import Region
from indicators.symbols import SIGNS, Status
from tests.unit import people

CATALOG = people.catalog()


def town(years=(2023, 2024, 2025), regions=("99101", "99102"), oldest=100) -> dict:
    """Ages of the two Kreise; one child fewer with each younger age in the newest year."""
    counts = {}
    for region in regions:
        size = 40 if region == "99101" else 90
        for year in years:
            for age in range(oldest + 1):
                base = size - (max(0, 5 - age) * 3 if year == max(years) else 0)
                counts[region, year, age] = {
                    "female": base,
                    "male": base + age % 3,
                    "german": 2 * base - 10,
                    "foreign": 10 + age % 3,
                }
    return counts


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    cells = people.age_cells(town())
    return people.make_release(tmp_path_factory.mktemp("town"), CATALOG, {"population_age": cells})


@pytest.fixture(scope="module")
def grouped(tmp_path_factory):
    """Only the official age groups: total and women, men derived by nobody here."""
    cells = {}
    for region in ("99101", "99102"):
        for year in (2023, 2024):
            for category in CATALOG.dimensions["age"].categories:
                for sex, value in (("female", 300), ("male", 330), (None, 630)):
                    where = (("age", category.id), *((("sex", sex),) if sex else ()))
                    cells[region, f"31.12.{year}", where, "population"] = value
    tables = {"population": cells}
    return people.make_release(tmp_path_factory.mktemp("groups"), CATALOG, tables)


def ask(release, query: str):
    return answer(release, views.parse(f"kind=pyramid&{query}", release.catalog, release.regions))


def number(text: str) -> float:
    return float(text.replace(".", "").replace(",", ".").replace("−", "-"))


def check_alike(found) -> None:
    """Figure, table, rows and files hold the same numbers, in every cell."""
    picture = found.figure
    decimals = 1 if picture.decimals or any(b.years > 1 for b in picture.bars) else 0
    drawn = [value for bar in picture.bars for value in bar.values]
    drawn += [value for bar in picture.bars for value in bar.outline]
    rounded = [None if v is None else formats.rounded(v, decimals) for v in drawn]
    assert [row["value"] for row in found.rows] == pytest.approx(rounded)
    # the table has a line per bar; cells of grouped ages stand once as sum, once per year
    assert [line[0] for line in found.table.rows] == [bar.name for bar in picture.bars]
    per_year = [i for i, name in enumerate(found.table.columns) if name.endswith("je Altersjahr")]
    columns = per_year or range(1, len(found.table.columns))
    sides = len(picture.sides)
    for i, (bar, line) in enumerate(zip(picture.bars, found.table.rows, strict=True)):
        outlined = found.rows[len(picture.bars) * sides :][i * sides : (i + 1) * sides]
        rows = [*found.rows[i * sides : (i + 1) * sides], *outlined]
        assert len(columns) == len(rows) == len(bar.values) + len(bar.outline)
        for column, row in zip(columns, rows, strict=True):
            if row["value"] is None:
                assert line[column] == SIGNS[Status(row["status"])].short
            else:
                assert number(line[column]) == row["value"]
    book = openpyxl.load_workbook(io.BytesIO(tables.to_xlsx(found)))
    sheet = list(book["Daten"].values)
    (column,) = [i for i, title in enumerate(sheet[0]) if str(title).startswith("Wert")]
    assert [line[column] for line in sheet[1:]] == [row["value"] for row in found.rows]
    assert tables.to_csv(found).count(b"\r\n") >= len(found.rows)
    assert found.as_json()["rows"] == found.rows


def test_the_sum_of_bars_is_the_population(release):
    found = ask(release, "region=99101&period=31.12.2025")
    total = sum(sum(v.values()) for k, v in _sexes("99101", 2025).items())
    assert sum(v for bar in found.figure.bars for v in bar.values) == total
    assert sum(row["value"] for row in found.rows) == total
    assert (
        number(found.figure.side_texts[0].split(" ")[-1]) + number(found.figure.side_texts[1])
        == total
    )
    check_alike(found)


def _sexes(region, year):
    return {
        key: {sex: groups[sex] for sex in ("female", "male")}
        for key, groups in town().items()
        if key[:2] == (region, year)
    }


def test_a_joint_region_is_the_sum_of_its_members(release):
    both = [ask(release, f"region={r}").rows for r in ("99101", "99102")]
    joint = ask(release, "region=verbund:beispiel")
    assert [row["value"] for row in joint.rows] == [
        a["value"] + b["value"] for a, b in zip(*both, strict=True)
    ]
    check_alike(joint)


def test_another_year_is_an_outline_in_persons(release):
    found = ask(release, "region=99101&outline=31.12.2023")
    assert found.figure.outline_name == "31.12.2023"
    assert not found.figure.outline_is_region
    assert "im Vergleich mit 31.12.2023" in found.subtitle
    assert found.figure.bars[0].outline == (40, 40)
    assert found.table.columns[3] == "weiblich (31.12.2023)"
    assert len(found.rows) == 2 * 2 * 101
    check_alike(found)


def test_another_region_is_an_outline_in_shares_and_the_subtitle_says_so(release):
    found = ask(release, "region=99101&compare=99102")
    assert "je 1.000" in found.subtitle
    assert found.figure.outline_is_region
    assert "Landkreis Beispielau" in found.figure.outline_name
    assert sum(v for bar in found.figure.bars for v in bar.values) == pytest.approx(1000)
    assert sum(v for bar in found.figure.bars for v in bar.outline) == pytest.approx(1000)
    assert any("je 1.000 ihrer Bevölkerung" in note for note in found.notes)
    check_alike(found)


def test_every_year_has_the_same_axis(release):
    pictures = [
        ask(release, f"region=99101&period={period}")
        for period in ask(release, "region=99101").periods
    ]
    assert [p.period for p in pictures] == ["31.12.2023", "31.12.2024", "31.12.2025"]
    assert len({p.figure.scale for p in pictures}) == 1


def test_citizenship_is_back_to_back_or_alone(release):
    found = ask(release, "region=99101&by=citizenship")
    assert found.figure.sides == ("deutsch", "ausländisch")
    check_alike(found)
    alone = ask(release, "region=99101&citizenship=foreign")
    assert alone.figure.sides == ("ausländisch",)
    assert [bar.values for bar in alone.figure.bars][:3] == [(10,), (11,), (12,)]
    assert "Staatsangehörigkeit: ausländisch" in alone.subtitle
    check_alike(alone)


def test_groups_are_thick_and_their_length_is_a_mean(grouped):
    found = ask(grouped, "region=99101")
    first = found.figure.bars[0]
    assert (first.first, first.years, first.values) == (0, 3, (100, 110))
    assert found.rows[0] | {"numerator": 300, "value": 100} == found.rows[0]
    assert any("so dick wie die Gruppe" in note for note in found.notes)
    assert any("offene Gruppe" in note for note in found.notes)
    assert found.table.columns[:3] == ("Alter", "weiblich", "weiblich, je Altersjahr")
    assert found.table.rows[0][:3] == ("unter 3 Jahre", "300", "100,0")


def test_without_ages_the_error_names_the_table(grouped):
    with pytest.raises(ViewError, match="12411-02-03-4"):
        ask(grouped, "region=99101-01")
    with pytest.raises(ViewError, match="noch keine Bevölkerung nach Alter.*ausländisch"):
        ask(grouped, "region=99101&citizenship=foreign")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("region=99101&period=31.12.1999", "31.12.2023, 31.12.2024, 31.12.2025"),
        ("region=99101&outline=31.12.1999", "zum Vergleich; vorhanden sind 31.12.2023"),
        ("region=99101&compare=99101-01", "in Altstadt gibt es noch keine Bevölkerung"),
        ("region=99101&z=3", "„z“ gibt es nicht"),
        ("region=99101&indicator=geburtenrate", "Erlaubt sind bevoelkerung_pyramide"),
    ],
)
def test_what_there_is_not_is_said(release, query, words):
    with pytest.raises(
        ViewError, match=re.escape(words).replace("in\\ Altstadt", "[Ii]n Altstadt")
    ):
        ask(release, query)


def test_the_finding_compares_the_cohorts(release):
    found = ask(release, "region=99101")
    # 0-2: 25 and 25 + 0..2, 28, 31; 3-5: 34, 37, 40
    young = sum(sum(_sexes("99101", 2025)["99101", 2025, a].values()) for a in (0, 1, 2)) / 3
    older = sum(sum(_sexes("99101", 2025)["99101", 2025, a].values()) for a in (3, 4, 5)) / 3
    share = round((1 - young / older) * 100)
    assert found.headline == (
        f"In der Stadt Beispielstadt gab es am 31.12.2025 je Jahrgang {share}\u00a0% weniger "
        "Kinder unter 3 als von 3 bis 5 Jahren"
    )
    assert "im Alter von 6 Jahren 40 (weiblich) und 40 (männlich) Personen." in found.reading_aid
    assert found.headline in found.alt


@given(
    st.one_of(st.none(), st.integers(0, 500)),
    st.one_of(st.none(), st.integers(0, 500)),
)
def test_the_finding_holds_for_all_numbers(young, older):
    region = people.REGIONS["99101"]
    told = texts.cohorts_headline(region, "31.12.2025", young, older)
    assert "31.12.2025" in told and "nan" not in told and "None" not in told
    if "%" in told:
        assert min(young, older) >= texts.FEWEST_FOR_RELATIVE_CHANGE
        amount = int(re.search(r"(\d[\d.]*)\u00a0%", told)[1].replace(".", ""))
        change = (young / older - 1) * 100
        assert amount == pytest.approx(abs(change), abs=0.51)
        assert ("weniger" in told) == (young < older)
    if young == older and young:
        assert "%" not in told


CELL = st.one_of(st.integers(0, 300), st.sampled_from(["missing", "secret", "suppressed"]))


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(CELL, CELL), min_size=9, max_size=9), st.booleans())
def test_any_numbers_give_an_answer_that_agrees_with_itself(tmp_path: Path, values, outlined):
    counts = {
        ("99101", year, age): dict(zip(("female", "male"), pair, strict=True))
        for year in (2024, 2025)
        for age, pair in enumerate(values)
    }
    release = people.make_release(tmp_path, CATALOG, {"population_age": people.age_cells(counts)})
    query = "region=99101" + "&outline=31.12.2024" * outlined
    if not any(isinstance(value, int) for pair in values for value in pair):
        with pytest.raises(ViewError):
            ask(release, query)
        return
    found = ask(release, query)
    check_alike(found)
    drawn = draw(found.figure, width=700, height=420)
    ElementTree.fromstring(drawn)
    assert not re.search(r"\bnan\b", drawn)
    release.close()


BARS = st.lists(
    st.tuples(st.one_of(st.none(), st.floats(0, 1e5)), st.one_of(st.none(), st.floats(0, 1e5))),
    min_size=1,
    max_size=101,
)


@given(BARS, st.booleans(), st.sampled_from([(700, 420), (1168, 500), (340, 420)]))
def test_the_drawing_stays_inside_its_frame(values, stage, room):
    scale = max([v for pair in values for v in pair if v is not None] or [0]) or 1.0
    bars = tuple(
        Bar(age, 1, f"{age} Jahre", pair, ("1", "2"), pair) for age, pair in enumerate(values)
    )
    picture = Pyramid(
        "t", "a <b>", ("weiblich", "männlich"), ("1", "2"), bars, scale, "Personen",
        outline_name="31.12.2015",
    )  # fmt: skip
    root = ElementTree.fromstring(draw(picture, width=room[0], height=room[1], stage=stage))
    for rect in root.iter("{http://www.w3.org/2000/svg}rect"):
        if rect.get("x") is None:
            continue
        x, width = float(rect.get("x")), float(rect.get("width"))
        assert x >= -1 and x + width <= room[0] + 1
        assert float(rect.get("y")) >= -1
        assert float(rect.get("y")) + float(rect.get("height")) <= room[1] + 1
    sizes = {float(t.get("font-size")) for t in root.iter("{http://www.w3.org/2000/svg}text")}
    assert min(sizes) >= (20 if stage else 14)


@given(st.floats(1e-3, 1e7))
def test_steps_are_round_and_not_too_small(rough):
    step = round_step(rough)
    assert rough <= step * (1 + 1e-9) and step < rough * 2.6


@pytest.mark.parametrize("hidden", [True, False])
def test_a_bar_without_a_number_is_explained(hidden):
    bars = (
        Bar(0, 1, "0 Jahre", (5.0, None if hidden else 3.0), ("5", "geschützt" if hidden else "3")),
    )
    one = Pyramid("t", "a", ("weiblich", "männlich"), ("1", "2"), bars, 10.0, "Personen")
    svg = draw(one, width=700, height=420)
    assert ("geschützt: Die Länge sagt nichts über die Anzahl" in svg) is hidden
    assert ("url(#hatching)" in svg) is hidden


def test_an_outline_of_another_territory_says_so(tmp_path, monkeypatch):
    real = {
        "16": Region("16", "land", "Thüringen", "in Thüringen", "DG"),
        "16063": Region("16063", "kreis", "Wartburgkreis", "im Wartburgkreis", "16"),
    }
    monkeypatch.setattr(people, "REGIONS", people.REGIONS | real)
    cells = people.age_cells(town(years=(2019, 2020, 2021), regions=("16063",)))
    release = people.make_release(tmp_path, CATALOG, {"population_age": cells})
    crossed = ask(release, "region=16063&period=31.12.2021&outline=31.12.2020")
    assert any("neuer Gebietsstand seit dem 01.07.2021" in note for note in crossed.notes)
    alike = ask(release, "region=16063&period=31.12.2020&outline=31.12.2019")
    assert not any("Gebietsstand" in note for note in alike.notes)
