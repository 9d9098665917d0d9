"""Answers about school starters: one set of numbers in figure, table, rows and files."""

import io
import re
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indicators import texts
from indicators import view as views
from indicators.answers.answering import answer
from indicators.errors import ViewError
from indicators.export import tables
from indicators.figures import starters
from indicators.regions import Region
from tests.unit import people

CATALOG = people.catalog()
MONTHS = [c.id for c in CATALOG.dimensions["birth_month"].categories]
SIZES = {"99101-01": 210, "99101-02": 190, "99102101": 120, "99102102": 300, "99102103": 6}


class Town:
    """Cells of a town in which `size` children are born a year in each part, fewer from 2022 on;
    of 1,000 children 1,010 are there a year later. A Kreis is the sum of its parts."""

    def __init__(self, sizes=SIZES):
        self.cells = {
            name: {}
            for name in ("population_age", "births_monthly", "school_entries", "school_obligation")
        }
        for part, size in sizes.items():
            self._live(part, size)

    def put(self, dataset, region, time, categories, measure, value) -> None:
        for id in (region, region[:5]):
            key = (id, time, categories, measure)
            before = self.cells[dataset].get(key, 0)
            self.cells[dataset][key] = before + value

    def _live(self, part: str, size: int) -> None:
        born = {year: size if year < 2022 else size * 4 // 5 for year in range(2005, 2026)}
        self.children = {
            (year, age): round(born[year - age] * 1.01**age)
            for year in range(2015, 2026)
            for age in range(9)
        }
        for (year, age), value in self.children.items():
            where = (("age_year", f"age_{age}"),)
            self.put("population_age", part, f"31.12.{year}", where, "population", value)
        for year in range(2009, 2026):
            for month in MONTHS:
                where = (("birth_month", month),)
                self.put("births_monthly", part, str(year), where, "births", born[year] // 12)
        for year in range(2016, 2026):
            cohort = 0.25 * self.children[year, 7] + 0.75 * self.children[year, 6]
            time = f"{year}/{(year + 1) % 100:02d}"
            kinds = {"late": 0.08, "early": 0.01, "regular": 0.91}
            kinds = {kind: round(cohort * share) for kind, share in kinds.items()}
            for kind, value in kinds.items():
                where = (("entry_kind", kind),)
                self.put("school_entries", part, time, where, "children", value)
            self.put("school_entries", part, time, (), "children", sum(kinds.values()))
            self.put("school_obligation", part, time, (), "first_obliged", round(cohort))
            self.put("school_obligation", part, time, (), "deferred", round(cohort * 0.08))


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    return people.make_release(tmp_path_factory.mktemp("town"), CATALOG, Town().cells)


def ask(release, query: str):
    return answer(release, views.parse(f"kind=starters&{query}", release.catalog, release.regions))


def number(text: str) -> int | None:
    return int(text.replace(".", "")) if re.fullmatch(r"[\d.]+", text) else None


def check_alike(found) -> None:
    """Figure, table, rows and files hold the same numbers."""
    rows = [row["value"] for row in found.rows]
    if isinstance(found.figure, starters.Grid):
        drawn = [number(text) for row in found.figure.rows for text in row.texts]
        written = [number(cell) for line in found.table.rows for cell in line[1:-1]]
        by_region = {}
        for row in found.rows:
            by_region.setdefault(row["region"], []).append(row)
        assert len(by_region) == len(found.figure.rows)
    else:
        points = [p for line in found.figure.lines for p in line.points]
        assert [None if p.value is None else int(p.value) for p in points] == rows
        drawn = [number(p.text) for p in points]
        skipped = [i for i, name in enumerate(found.table.columns) if name == "Abweichung"]
        written = [
            number(cell)
            for line in found.table.rows
            for i, cell in enumerate(line)
            if i and i not in skipped
        ]
    expected = sorted(value for value in rows if value is not None)
    assert sorted(v for v in drawn if v is not None) == expected
    assert sorted(v for v in written if v is not None) == expected
    book = openpyxl.load_workbook(io.BytesIO(tables.to_xlsx(found)))
    sheet = list(book["Daten"].values)
    (column,) = [i for i, title in enumerate(sheet[0]) if str(title).startswith("Wert")]
    assert [line[column] for line in sheet[1:]] == rows
    assert tables.to_csv(found)
    assert found.as_json()["rows"] == found.rows


def check_drawing(figure) -> None:
    for size in ({"width": 700, "height": 340}, {"width": 1168, "height": 500, "stage": True}):
        text = starters.draw(figure, **size)
        assert not re.search(r"\bnan\b|None", text)
        root = ElementTree.fromstring(text)
        letters = root.iter("{http://www.w3.org/2000/svg}text")
        sizes = {float(element.get("font-size")) for element in letters}
        assert min(sizes) >= (20 if size.get("stage") else 14)


@pytest.mark.parametrize("show", ["", "parts", "backtest"])
@pytest.mark.parametrize("region", ["99101", "99102", "verbund:beispiel"])
def test_one_set_of_numbers(release, region, show):
    found = ask(release, f"region={region}" + (f"&show={show}" if show else ""))
    check_alike(found)
    check_drawing(found.figure)
    assert found.headline and found.reading_aid and found.source and found.notes
    assert "Beispieldaten" in found.source


def of(found, category: str) -> dict[str, int]:
    return {row["period"]: row["value"] for row in found.rows if row["category"] == category}


def test_six_years_are_born_three_assumed_and_the_method_is_on_the_table(release):
    found = ask(release, "region=99101")
    born = of(found, "medium_born")
    assert list(born) == ["2026/27", "2027/28", "2028/29", "2029/30", "2030/31", "2031/32"]
    assert list(of(found, "medium_assumed")) == ["2032/33", "2033/34", "2034/35"]
    assert of(found, "high_born")["2031/32"] >= born["2031/32"] >= of(found, "none_born")["2031/32"]
    assert [p.id for p in found.parameters] == ["z", "v", "years", "without", "variant", "cutoff"]
    told = {p.id: p for p in found.parameters}
    assert told["z"].used.startswith("7,9")
    assert told["z"].observed == told["z"].used + " Zurückstellungen"
    assert told["cutoff"].used == "30.9."
    # 7 ages, each moved along by about 1.01
    assert all(abs(float(line[1].replace(",", ".")) - 1.01) < 0.003 for line in found.factors.rows)


def test_the_born_part_can_be_worked_out_from_what_is_shown(release):
    """K from the children of the table of factors, z, v and the share of months, by hand."""
    found = ask(release, "region=99101&z=10&v=2")
    factor = [float(line[1].replace(",", ".")) for line in found.factors.rows]
    cells = Town().cells["population_age"]

    def counted(age: int) -> float:
        return cells["99101", "31.12.2025", (("age_year", f"age_{age}"),), "population"]

    def cohort(year: int) -> float:
        total = 0.0
        for born, weight in ((year - 7, 0.25), (year - 6, 0.75)):
            value = counted(2025 - born)
            for age in range(2025 - born, year - born):
                value *= factor[age]
            total += weight * value
        return total

    for year in range(2026, 2031):
        expected = cohort(year) * 0.88 + cohort(year - 1) * 0.1 + cohort(year + 1) * 0.02
        label = f"{year}/{(year + 1) % 100:02d}"
        assert of(found, "medium_born")[label] == pytest.approx(expected, abs=0.51)


@pytest.mark.parametrize("region", ["99101", "99102", "verbund:beispiel"])
def test_parts_add_up_to_the_whole(release, region):
    found = ask(release, f"region={region}&show=parts")
    whole = {r["period"]: r["value"] for r in found.rows if r["region"] == region}
    for period, value in whole.items():
        parts = [r["value"] for r in found.rows if r["region"] != region and r["period"] == period]
        assert sum(parts) == value
    same = {p: v for p, v in of(ask(release, f"region={region}"), "medium_born").items()}
    assert {p: v for p, v in whole.items() if p in same} == same


def test_a_small_part_is_not_judged(release):
    found = ask(release, "region=99102&show=parts")
    changes = {line[0]: line[-1] for line in found.table.rows}
    assert changes["Haselwang"] == "nicht beurteilbar"
    assert changes["Erlengrund"].endswith("\u00a0%")
    assert "Haselwang" not in found.headline
    alone = ask(release, "region=99102103")
    assert "%" not in alone.headline
    assert "nicht beurteilbar" in alone.backtest


def test_the_look_back_uses_nothing_that_came_later(release):
    found = ask(release, "region=99101&show=backtest")
    then = ask(release, "region=99101&period=31.12.2021")
    born = of(then, "medium_born")
    for period, value in of(found, "backtest_2021").items():
        assert born[period] == value
    assert re.search(r"im Mittel um \d+,\d\u00a0% von", found.backtest)
    assert found.backtest in ask(release, "region=99101").notes


def test_settings_change_the_result_and_stand_in_the_address(release):
    usual = of(ask(release, "region=99101"), "medium_born")
    for query in ("z=20", "v=5,5", "years=3&without=2025,2024", "cutoff=6"):
        found = ask(release, f"region=99101&{query}")
        again = views.parse(found.view.to_query(), release.catalog, release.regions)
        assert again == found.view
        if not query.startswith("years"):
            assert of(found, "medium_born") != usual
    high = ask(release, "region=99101&variant=high")
    assert high.rows[len(of(high, "observed"))]["category"] == "high_born"


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("z=abc", "z: „abc“ geht nicht"),
        ("z=51", "Prozentwerte von 0 bis 50"),
        ("v=-1", "v: „-1“ geht nicht"),
        ("v=1e1", "v: „1e1“ geht nicht"),
        ("years=6", "Erlaubt sind 3, 4 und 5"),
        ("without=heute", "ist kein Jahr"),
        ("without=1999", "Weglassen lassen sich 2016"),
        ("without=" + ",".join(map(str, range(2016, 2026))), "Ein Jahr muss übrig bleiben"),
        ("variant=riesig", "medium, high und none"),
        ("cutoff=13", "6 bis 12"),
        ("show=alles", "parts und backtest"),
        ("period=31.12.1999", "31.12.2015"),
        ("outline=31.12.2020", "„outline“ gibt es nicht"),
    ],
)
def test_a_wrong_setting_says_what_is_allowed(release, query, words):
    with pytest.raises(ViewError, match=re.escape(words)):
        ask(release, f"region=99101&{query}")


def test_without_children_the_error_says_what_would_bring_them(release):
    with pytest.raises(ViewError, match="12612-01-01-4"):
        ask(release, "region=DG")
    with pytest.raises(ViewError, match="keine Gemeinden oder Stadtteile"):
        ask(release, "region=99101-01&show=parts")


@pytest.mark.parametrize(
    ("query", "years", "offered"),
    [
        ("", "5", ("3", "4", "5")),
        ("period=31.12.2019", "4", ("3", "4")),
        ("period=31.12.2019&without=2018", "3", ("3",)),
        ("period=31.12.2017", "2", ("2",)),
        ("years=4", "4", ("3", "4", "5")),
    ],
)
def test_as_many_years_are_averaged_as_were_observed(release, query, years, offered):
    found = ask(release, f"region=99101&{query}")
    told = {p.id: p for p in found.parameters}["years"]
    assert (told.value, told.options, told.used) == (years, offered, years)
    assert told.observed.count(",") == int(years) - 1


def test_years_that_were_not_observed_are_not_offered_to_be_left_out(release):
    early = {p.id: p for p in ask(release, "region=99101&period=31.12.2019").parameters}
    assert early["without"].options == ("",)  # of 2015 only the key date is known
    late = {p.id: p for p in ask(release, "region=99101&without=2018").parameters}
    assert late["without"].options == ("", "2018", "2022")
    assert late["without"].value == "2018"


def test_births_alone_will_do(tmp_path):
    births = {("99101", str(y), (), "births"): 120 - y % 3 for y in range(2012, 2020)}
    release = people.make_release(tmp_path, CATALOG, {"births": births})
    found = ask(release, "region=99101")
    # 2024: three twelfths of 2017 and nine of 2018
    assert of(found, "none_born")["2024/25"] == round(
        0.25 * (120 - 2017 % 3) + 0.75 * (120 - 2018 % 3)
    )
    assert "ohne Wanderung" in found.subtitle
    assert "Für einen Rückblick fehlen" in found.backtest
    check_alike(found)
    with pytest.raises(ViewError, match="Erlaubt ist none"):
        ask(release, "region=99101&variant=high")
    with pytest.raises(ViewError, match="Weglassen lassen sich keine"):
        ask(release, "region=99101&without=2017")
    # no migration: nothing to average, to leave out or to choose from
    told = {p.id: p for p in found.parameters}
    assert told["variant"].value == "none" and told["variant"].options == ("none",)
    assert told["years"].options == told["without"].options == ()
    release.close()


CELL = st.one_of(st.integers(0, 60), st.sampled_from(["missing", "secret", "suppressed"]))


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(CELL, min_size=40, max_size=40), st.lists(CELL, min_size=5, max_size=5))
def test_any_numbers_give_answers_that_agree_with_themselves(tmp_path: Path, ages, entries):
    population = {
        ("99101", f"31.12.{2021 + i // 8}", (("age_year", f"age_{i % 8}"),), "population"): value
        for i, value in enumerate(ages)
    }
    entered = {
        ("99101", f"{2021 + i}/{22 + i}", (), "children"): value for i, value in enumerate(entries)
    }
    tables = {"population_age": population, "school_entries": entered}
    release = people.make_release(tmp_path, CATALOG, tables)
    for show in ("", "&show=backtest"):
        try:
            found = ask(release, f"region=99101{show}")
        except ViewError as error:
            assert "None" not in str(error) and "nan" not in str(error)
            continue
        check_alike(found)
        check_drawing(found.figure)
        for text in (found.headline, found.reading_aid, found.alt, *found.notes):
            assert not re.search(r"\bnan\b|None", text)
    release.close()


COUNTS = st.one_of(st.none(), st.integers(0, 2000))


@given(COUNTS, COUNTS)
def test_the_finding_holds_for_all_numbers(before, after):
    region = people.REGIONS["99101"]
    told = texts.starters_headline(
        region,
        None if before is None else ("2025/26", before),
        None if after is None else ("2031/32", after),
        "geschützt",
    )
    if after is None:
        assert told.endswith("geschützt")
        return
    assert "2031/32" in told
    assert ("Kinder eingeschult" in told) == (after > 1)
    if before is None:
        return
    assert "2025/26" in told
    if "%" in told:
        assert min(before, after) >= texts.FEWEST_FOR_RELATIVE_CHANGE
        assert ("weniger" in told) == (after < before)
    if before == after:
        assert "so viele wie" in told


@pytest.mark.parametrize(
    ("backs", "errors", "words"),
    [
        ([], None, "fehlen ältere"),
        ([3, 4], None, "nicht beurteilbar, weil es weniger als 20 Kinder"),
        ([3, 4, 5], (2.44, 0.0), "vor 3, 4 und 5 Jahren wich die Rechnung im Mittel um 2,4\u00a0%"),
        ([3], (2.0, -1.26), "lag im Mittel 1,3\u00a0% zu niedrig."),
        ([3], (2.0, 1.2), "1,2\u00a0% zu hoch."),
    ],
)
def test_the_look_back_in_words(backs, errors, words):
    assert words in texts.backtest_sentence(backs, errors)


def test_a_grid_of_many_parts_has_pages():
    rows = tuple(
        starters.GridRow(f"Gemeinde {i}", ("1", "2"), (None, 0.1), "+10\u00a0%", is_whole=i == 0)
        for i in range(31)
    )
    grid = starters.Grid("t", "a", ("2025/26", "2026/27"), rows)
    count = starters.capacity(500, stage=True)
    pages = starters.pages(grid, 500, stage=True)
    assert count * (pages - 1) < 30 <= count * pages
    seen = set()
    for page in range(pages):
        text = starters.draw(grid, width=1168, height=500, stage=True, first=page * count)
        assert float(ElementTree.fromstring(text).get("height")) <= 500
        seen |= set(re.findall(r"Gemeinde \d+", text))
    assert len(seen) == 31


def test_a_narrow_grid_shows_the_first_and_the_last_years_whole():
    columns = tuple(f"20{n}/{n + 1}" for n in range(25, 32))
    row = starters.GridRow("Kreis", ("1.234",) * 7, (None,) * 7, "−12 %", True)
    svg = starters.draw(starters.Grid("t", "a", columns, (row,)), width=340)
    assert "25/26" in svg and "31/32" in svg and "28/29" not in svg
    wide = starters.draw(starters.Grid("t", "a", columns, (row,)), width=940)
    assert all(column in wide for column in columns)


def test_children_are_not_moved_along_across_a_reform(tmp_path, monkeypatch):
    """Wartburgkreis has Eisenach's children from 2021 on, and none of them before."""
    real = {
        id: Region(id, "land" if len(id) == 2 else "kreis", name, f"in {name}", parent)
        for id, name, parent in (
            ("16", "Thüringen", "DG"),
            ("16056", "Eisenach", "16"),
            ("16063", "Wartburgkreis", "16"),
            ("16068", "Sömmerda", "16"),
        )
    }
    monkeypatch.setattr(people, "REGIONS", people.REGIONS | real)
    ages = [
        ((id, f"31.12.{year}", (("age_year", f"age_{age}"),), "population"), count)
        for id, size in {"16063": 1000, "16056": 400, "16068": 600}.items()
        for year in range(2015, 2025)
        for age in range(9)
        for count in [size + 400 * (id == "16063" and year >= 2021)]
        if id != "16056" or year < 2021
    ]
    totals = [((id, time, (), measure), 9 * count) for (id, time, _, measure), count in ages[::9]]
    release = people.make_release(tmp_path, CATALOG, {"population_age": dict([*ages, *totals])})
    turned = ask(release, "region=16063")
    assert any("seit dem 01.07.2021" in n and "gehen hier nicht ein" in n for n in turned.notes)
    same = ask(release, "region=16068")
    assert not any("gehen hier nicht ein" in n for n in same.notes)
    # nobody moves: in both the cohorts stay as they are
    for found, size in ((turned, 1400), (same, 600)):
        counts = {row["value"] for row in found.rows if row["value"] is not None}
        assert counts and counts <= {size, float(size)}, found.rows
