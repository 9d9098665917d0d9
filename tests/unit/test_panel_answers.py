"""What the answer of panels shows and says: of a small release reckoned by hand, of the town."""

import math
import re

import pytest

from indicators import view as views
from indicators.answers import answering
from indicators.catalog.definition import TOTAL
from indicators.errors import NotPublishedError, ViewError
from indicators.figures.chart import Chart
from indicators.figures.panel_layout import PanelsPicture
from indicators.symbols import Status
from tests.unit import small
from tests.unit.small import Cell

STADT, KREIS, JOINT = "09464", "09475", "verbund:hof"
BY_SEX = '[[indicator.breakdowns]]\ndimension = "sex"\nof = "both"\n'
BY_TYPE = '[[indicator.breakdowns]]\ndimension = "school_type"\nof = "both"\n'
PUPILS = small.indicator(
    "schueler", small.COUNT, BY_SEX + BY_TYPE, unit="Anzahl", factor=1
).replace("Anteil am Gymnasium", "Kinder")
SHARE = small.indicator(breakdowns=BY_SEX)
TOWN = "verbund:beispiel"
LATE = "indicator=einschulung_verspaetet_quote"
SCHOOL = "indicator=schueler_allgemeinbildend"


def cells() -> list[Cell]:
    """Two years of both Kreise by sex and school type; no Förderschule but one that is unknown, no
    Hauptschule in the Stadt."""
    found = []
    for n, region in enumerate((STADT, KREIS), 1):
        for year in ("2022", "2023"):
            more = 10 if year == "2023" else 0
            for sex, of in (("female", 40), ("male", 60), (TOTAL, 100)):
                gym = n * of + (more if sex != "male" else 0)
                main = 0 if region == STADT else of
                found += [
                    Cell(gym, region=region, time=year, sex=sex, school_type="gymnasium"),
                    Cell(main, region=region, time=year, sex=sex, school_type="hauptschule"),
                    Cell(gym + main, region=region, time=year, sex=sex),
                    Cell(
                        None, "secret", region=region, time=year, sex=sex,
                        school_type="foerderschule",
                    ),
                ]  # fmt: skip
    return found


@pytest.fixture(scope="module")
def hof(tmp_path_factory):
    release = small.make_release(
        tmp_path_factory.mktemp("panels"), small.catalog(PUPILS, SHARE), pupils=cells()
    )

    def asked(query: str):
        view = views.parse(f"kind=panels&{query}", release.catalog, release.regions)
        return answering.answer(release, view)

    return asked


def panel(answer, name: str):
    (found,) = [panel for panel in answer.figure.panels if panel.name == name]
    return found


def numbers(answer, name: str) -> dict[str, list[float | None]]:
    return {s.name: [p.value for p in s.points] for s in panel(answer, name).series}


# --- what is shown --------------------------------------------------------------------------------


def test_places_have_a_panel_each_the_joint_region_first(hof):
    answer = hof(f"indicator=schueler&region={JOINT}")
    assert [p.name for p in answer.figure.panels] == [
        "Stadt und Landkreis Hof", "Stadt Hof", "Landkreis Hof",
    ]  # fmt: skip
    assert numbers(answer, "Stadt und Landkreis Hof") == {"Stadt und Landkreis Hof": [400, 420]}
    assert numbers(answer, "Stadt Hof") == {"Stadt Hof": [100, 110]}
    assert [s.role for p in answer.figure.panels for s in p.series] == ["own", "part", "part"]


def test_a_member_stands_before_its_joint_region_and_its_sibling(hof):
    answer = hof(f"indicator=schueler&region={KREIS}")
    names = [p.name for p in answer.figure.panels]
    assert names == ["Landkreis Hof", "Stadt und Landkreis Hof", "Stadt Hof"]


def test_place_by_sex_at_once_in_figure_rows_and_table(hof):
    answer = hof(f"indicator=schueler&region={JOINT}&by=sex")
    assert numbers(answer, "Landkreis Hof") == {"weiblich": [120, 130], "männlich": [180, 180]}
    rows = {(r["panel"], r["region"], r["category"], r["period"]): r["value"] for r in answer.rows}
    assert len(rows) == len(answer.rows) == 3 * 3 * 2
    assert rows[KREIS, KREIS, "female", "2023/24"] == 130
    assert rows[JOINT, JOINT, TOTAL, "2022/23"] == 400
    assert answer.table.columns == ("Gebiet", "Zeitraum", "weiblich", "männlich", "insgesamt")
    assert answer.table.rows[0] == ("Stadt und Landkreis Hof", "2023/24", "180", "240", "420")
    assert len(answer.table.rows) == 3 * 2


def test_a_category_has_a_panel_with_the_lines_of_the_region_and_its_parts(hof):
    answer = hof(f"indicator=schueler&region={JOINT}&each=sex")
    assert [p.name for p in answer.figure.panels] == ["weiblich", "männlich"]
    assert numbers(answer, "weiblich") == {
        "Stadt und Landkreis Hof": [160, 180], "Stadt Hof": [40, 50], "Landkreis Hof": [120, 130],
    }  # fmt: skip
    assert answer.table.columns[0] == "Geschlecht"
    # each line once in what the legend is made of
    assert len(answer.figure.chart.series) == 3


def test_two_divisions_at_once_of_one_region(hof):
    answer = hof(f"indicator=schueler&region={KREIS}&each=school_type&by=sex")
    assert numbers(answer, "Gymnasium") == {"weiblich": [80, 90], "männlich": [120, 120]}
    assert numbers(answer, "Hauptschule") == {"weiblich": [40, 40], "männlich": [60, 60]}
    assert {row["panel_name"] for row in answer.rows} == {
        "Hauptschule", "Gymnasium", "Förderschule",
    }  # fmt: skip


def test_all_panels_share_one_axis(hof):
    answer = hof(f"indicator=schueler&region={JOINT}&by=sex")
    assert isinstance(answer.figure, PanelsPicture)
    every = [p.value for panel in answer.figure.panels for s in panel.series for p in s.points]
    shared = [p.value for s in answer.figure.whole.series for p in s.points]
    assert sorted(every) == sorted(shared)
    assert [label for _, label in answer.figure.chart.ticks] == ["2022/23", "2023/24"]


def test_a_panel_without_a_number_stays_and_says_why(hof):
    answer = hof(f"indicator=schueler&region={JOINT}&each=school_type")
    assert panel(answer, "Förderschule").untold == "nicht ausgewiesen"
    assert panel(answer, "Gymnasium").untold == ""
    hidden = [row for row in answer.rows if row["panel"] == "foerderschule"]
    assert hidden and all(r["value"] is None and r["status"] == Status.SECRET for r in hidden)
    assert ("Förderschule", "2023/24", *["nicht ausgewiesen"] * 3) in answer.table.rows


def test_a_restriction_to_what_is_the_panel_means_nothing(hof):
    both = hof(f"indicator=schueler&region={JOINT}&each=sex&sex=female")
    assert [p.name for p in both.figure.panels] == ["weiblich", "männlich"]
    girls = hof(f"indicator=schueler&region={JOINT}&each=school_type&sex=female")
    assert numbers(girls, "Gymnasium")["Stadt Hof"] == [40, 50]
    assert "weiblich" in girls.subtitle and {r["selection"] for r in girls.rows} != {""}


# --- what is chosen and refused -------------------------------------------------------------------


def test_without_several_places_the_first_division_makes_the_panels(hof, ask):
    alone = ask(f"kind=panels&{SCHOOL}&region=06431")
    assert "ein Bild je Schulart" in alone.subtitle
    other = ask(f"kind=panels&{SCHOOL}&region=06431&by=school_type")
    assert "ein Bild je Geschlecht, nach Schulart" in other.subtitle


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("each=nowhere", "each: „nowhere“ gibt es nicht. Erlaubt sind places, parts, sex"),
        ("each=sex&by=sex", "Bilder und Linien sind beide nach Geschlecht geteilt."),
        ("each=parts", "Kinder: Für Gemeinden und Stadtteile in Stadt und Landkreis Hof liegen"),
        ("period=1999/00", "Für Kinder gibt es keinen Zeitraum „1999/00“"),
    ],
)
def test_what_cannot_be_shown_is_refused_with_the_next_step(hof, query, told):
    with pytest.raises(ViewError) as refused:
        hof(f"indicator=schueler&region={JOINT}&{query}")
    assert str(refused.value).startswith(told)


def test_what_is_left_out_on_purpose_is_told_as_such(ask):
    for query in (f"region={TOWN}&each=parts&by=sex", "region=99101&each=citizenship&by=sex"):
        with pytest.raises(NotPublishedError, match="um kleine Zahlen zu schützen"):
            ask(f"kind=panels&indicator=uebertrittsquote_gymnasium&{query}")


def test_a_division_a_region_does_not_have_is_told(tmp_path):
    release = small.make_release(
        tmp_path, small.catalog(PUPILS), pupils=[Cell(5), Cell(6, time="2022")]
    )
    view = views.parse(
        f"kind=panels&indicator=schueler&region={STADT}&each=sex", release.catalog, release.regions
    )
    with pytest.raises(ViewError, match="nicht nach Geschlecht getrennt"):
        answering.answer(release, view)


def test_one_period_is_told_in_bars(ask):
    answer = ask("kind=panels&indicator=studierende&region=verbund:coburg")
    assert isinstance(answer.figure, Chart) and answer.figure.kind == "bars"
    assert "ein Bild je" not in answer.subtitle


# --- what is said ---------------------------------------------------------------------------------


def test_the_headline_names_both_ends_of_the_newest_common_period(hof):
    """The joint region, the sum of both, is no end of a range of counts."""
    answer = hof(f"indicator=schueler&region={JOINT}")
    assert answer.headline == (
        "Kinder im Schuljahr 2023/24: am höchsten im Landkreis Hof (310), am niedrigsten in der "
        "Stadt Hof (110)"
    )
    assert answer.period == "2023/24"
    divided = hof(f"indicator=schueler&region={JOINT}&by=sex&period=2022/23")
    assert divided.headline == (
        "Kinder im Schuljahr 2022/23: am höchsten im Landkreis Hof bei „männlich“ (180), am "
        "niedrigsten in der Stadt Hof bei „weiblich“ (40)"
    )


def test_the_headline_says_how_many_are_known_where_not_all_are(hof):
    answer = hof(f"indicator=schueler&region={JOINT}&each=school_type")
    assert answer.headline == (
        "Kinder im Schuljahr 2023/24: am höchsten bei „Gymnasium“ (320), am niedrigsten bei "
        "„Hauptschule“ (100); Werte liegen für 2 von 3 Ausprägungen vor"
    )


def test_of_equal_values_all_are_named(tmp_path):
    every = [
        Cell(value, region=region, time=year)
        for region, value in ((STADT, 7), (KREIS, 7))
        for year in ("2022", "2023")
    ]
    release = small.make_release(tmp_path, small.catalog(PUPILS), pupils=every)
    view = views.parse(
        f"kind=panels&indicator=schueler&region={JOINT}", release.catalog, release.regions
    )
    assert answering.answer(release, view).headline == "Kinder im Schuljahr 2023/24: überall 7"


def test_categories_that_are_zero_everywhere_are_told_in_words(ask):
    answer = ask(f"kind=panels&{SCHOOL}&region=verbund:coburg&each=school_type")
    (told,) = answer.figure.told
    assert told.startswith("In allen Jahren mit Angaben 0: ") and "Orientierungsstufe" in told
    names = {panel.name for panel in answer.figure.panels}
    assert "Orientierungsstufe" not in names and "Gymnasium" in names
    # rows and table hold them all the same
    zero = [row["value"] for row in answer.rows if row["panel_name"] == "Orientierungsstufe"]
    assert zero and set(zero) == {0}
    assert any(line[0] == "Orientierungsstufe" for line in answer.table.rows)


def test_land_and_germany_stand_beside_rates_only(ask):
    rate = ask("kind=panels&indicator=abgaenger_ohne_abschluss_anteil&region=07111")
    names = [panel.name for panel in rate.figure.panels]
    assert names == ["Stadt Koblenz", "Rheinland-Pfalz", "Deutschland"]
    count = ask(f"kind=panels&{SCHOOL}&region=verbund:hof&each=places")
    assert "Bayern" not in [panel.name for panel in count.figure.panels]


# --- the town -------------------------------------------------------------------------------------


def test_every_part_has_a_panel_and_what_is_protected_is_no_number(ask, release):
    answer = ask(f"kind=panels&{LATE}&region={TOWN}&each=parts")
    parts = {row["panel"] for row in answer.rows}
    assert len(answer.figure.panels) == len(parts) == 31
    for row in answer.rows:
        if row["status"] in (Status.SUPPRESSED, Status.TOO_FEW):
            assert row["value"] is None
    points = [p for panel in answer.figure.panels for s in panel.series for p in s.points]
    hidden = [p for p in points if p.withheld]
    assert hidden and all(p.value is None for p in hidden)
    silent = [panel for panel in answer.figure.panels if not panel.shown]
    assert silent and all("geschützt" in p.untold or "zu wenige" in p.untold for p in silent)
    assert any("Geschützt" in note for note in answer.notes)


def test_the_rows_are_those_of_a_table_of_each_place(ask):
    answer = ask(f"kind=panels&{LATE}&region={TOWN}&by=sex")
    for place in (TOWN, "99101", "99102"):
        table = ask(f"kind=table&{LATE}&region={place}&by=sex")
        expected = {
            (row["category"], row["period"]): (row["value"], row["status"])
            for row in table.rows
            if row["region"] == place
        }
        found = {
            (row["category"], row["period"]): (row["value"], row["status"])
            for row in answer.rows
            if row["panel"] == place
        }
        assert found == expected


@pytest.mark.parametrize("region", ["verbund:hof", "verbund:coburg", "07111", "06431", TOWN])
def test_the_ends_of_the_headline_are_those_of_its_rows(region, ask):
    answer = ask(f"kind=panels&indicator=abgaenger_ohne_abschluss_anteil&region={region}")
    now = [r["value"] for r in answer.rows if r["period"] == answer.period]
    known = [value for value in now if value is not None]
    told = re.findall(r"\(([\d,]+)\u00a0%\)", answer.headline)
    wanted = [max(known), min(known)]
    for one, value in zip(told, wanted, strict=True):
        assert math.isclose(float(one.replace(",", ".")), value)
