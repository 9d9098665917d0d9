"""Where an office asked nobody, its "-" is not zero: from the file to the sentence on the page."""

import datetime
import json

import pandas as pd
import pytest

from indicators.__main__ import main
from indicators.catalog import catalog as definitions
from indicators.errors import DefinitionError
from indicators.publishing import checks, gathering, run
from indicators.publishing.collected import not_collected
from indicators.publishing.report import Report, Section
from indicators.regions import Region
from indicators.sources.reading import read_file
from tests.unit import small

CATALOG = small.catalog()
PUPILS = CATALOG.datasets["pupils"]
DIMENSIONS = [CATALOG.dimensions[id] for id in PUPILS.dimensions]
REGISTER = {
    "DG": Region("DG", "bund", "Deutschland", ""),
    "01": Region("01", "land", "Schleswig-Holstein", "", "DG"),
    "01001": Region("01001", "kreis", "Flensburg", "", "01"),
    "01002": Region("01002", "kreis", "Kiel", "", "01"),
}
DAYS = {"2022/23": datetime.date(2022, 8, 1), "2023/24": datetime.date(2023, 8, 1)}


def cells(figures: dict) -> pd.DataFrame:
    """Rows of an official file: (region, period, school_type, sex) → number or sign."""
    signs = {"-": "zero", ".": "secret", "x": "not_applicable"}
    return pd.DataFrame(
        [
            {
                "region": region,
                "period": period,
                "start": DAYS[period],
                "school_type": school_type,
                "sex": sex,
                "measure": "pupils",
                "value": float(figure) if figure not in signs else 0.0 if figure == "-" else None,
                "status": signs.get(figure, "ok"),
                "flags": "",
                "line": 9,
            }
            for (region, period, school_type, sex), figure in figures.items()
        ]
    )


def statuses(figures: dict, section: Section | None = None) -> dict:
    """What the cells mean, by the same keys."""
    found = not_collected(cells(figures), PUPILS, DIMENSIONS, REGISTER, section or Section("x"))
    assert found.loc[found["status"] == "not_collected", "value"].isna().all()
    key = ["region", "period", "school_type", "sex"]
    return dict(zip(map(tuple, found[key].to_numpy()), found["status"], strict=True))


def everywhere(period: str, school_type: str, sex: str, *figures: str) -> dict:
    return {
        (region, period, school_type, sex): figure
        for region, figure in zip(REGISTER, figures, strict=True)
    }


# --- what the file tells --------------------------------------------------------------------------


def test_what_nobody_in_germany_has_in_a_period_was_not_asked_for():
    section = Section("x")
    found = statuses(
        everywhere("2022/23", "total", "female", "-", "-", "-", "-")
        | everywhere("2023/24", "total", "female", "900", "90", "60", "-"),
        section,
    )
    assert {s for (_, period, *_), s in found.items() if period == "2022/23"} == {"not_collected"}
    # in a year with numbers a Kreis may have exactly none
    assert found["01002", "2023/24", "total", "female"] == "zero"
    assert [finding.text for finding in section.findings] == [
        "Schülerinnen und Schüler, weiblich 2022/23: nicht erhoben oder nicht ausgewiesen; „–“ "
        "gilt dort nicht als null (4 Tabellenfelder)"
    ]


def test_one_number_or_secret_anywhere_says_that_it_was_asked_for():
    for sign in ("3", "."):
        found = statuses(everywhere("2022/23", "total", "female", "-", "-", sign, "-"))
        assert "not_collected" not in found.values(), sign


def test_a_file_of_some_regions_proves_nothing_about_all():
    figures = everywhere("2022/23", "total", "female", "-", "-", "-", "-")
    some = {key: figure for key, figure in figures.items() if key[0] == "01001"}
    assert set(statuses(some).values()) == {"zero"}


def test_a_kind_of_school_that_was_nowhere_does_not_exist_and_sums_go_on_without_it():
    found = statuses(
        everywhere("2022/23", "total", "total", "100", "50", "30", "20")
        | everywhere("2022/23", "hauptschule", "total", "-", "-", "-", "-")
        | everywhere("2022/23", "gymnasium", "total", "90", "45", "28", "17")
        | everywhere("2022/23", "foerderschule", "total", "10", "5", "2", "3")
    )
    assert found["01001", "2022/23", "hauptschule", "total"] == "not_applicable"


def test_a_division_of_which_nothing_was_asked_is_not_collected_whatever_the_total():
    found = statuses(
        everywhere("2022/23", "total", "total", "100", "50", "30", "20")
        | everywhere("2022/23", "total", "female", "-", "-", "-", "-")
        | everywhere("2022/23", "total", "male", "-", "-", "-", "-")
    )
    assert found["01001", "2022/23", "total", "female"] == "not_collected"
    assert found["01001", "2022/23", "total", "total"] == "ok"


def test_a_number_told_for_the_land_only_is_not_zero_in_its_kreise():
    figures = everywhere("2022/23", "total", "female", "900", "90", "-", "-")
    assert statuses(figures)["01001", "2022/23", "total", "female"] == "not_collected"
    # what rounding may have swallowed is no proof
    figures = everywhere("2022/23", "total", "female", "3", "3", "-", "-")
    assert statuses(figures)["01001", "2022/23", "total", "female"] == "zero"


# --- what the definition says ---------------------------------------------------------------------

HEAD = (
    "GENESIS-Tabelle: 13211-02-05-4\n"
    "Arbeitslose nach ausgewählten Personengruppen sowie;;;;;;;;;;;;;;;\n"
    "Arbeitslosenquoten - Jahresdurchschnitt -;;;;;;;;;;;;;;;\n"
    "Arbeitsmarktstatistik der Bundesagentur für Arbeit;;;;;;;;;;;;;;;\n"
    ";;;" + ";".join(["Arbeitslose"] * 7) + ";Arbeitslosenquote bez. abh. zivile Erwerbspers."
    ";" + ";".join(["Arbeitslosenquote bez. auf alle zivile Erwerbsp."] * 5) + "\n"
    ";;;;Ausländer;schwerbehindert;15 bis unter 20 Jahre;15 bis unter 25 Jahre"
    ";55 bis unter 65 Jahre;langzeitarbeitslos;;;Männer;Frauen;Ausländer;15 bis unter 25 Jahre\n"
    ";;;" + ";".join(["Anzahl"] * 7) + ";" + ";".join(["Prozent"] * 6) + "\n"
)
FOOT = (
    "__________\n"
    '"© Statistische Ämter des Bundes und der Länder, Deutschland, 2017.\n'
    "Dieses Werk ist lizensiert unter der Datenlizenz Deutschland\n"
    '- Namensnennung - Version 2.0."\n'
    "Stand: 10.10.2017 / 19:20:37\n"
)
FLENSBURG = (
    "2008;01001;Flensburg, Kreisfreie Stadt;"
    "4948;527;242;159;674;501;1597;12,9;11,5;-;-;-;-\n"
    "2009;01001;Flensburg, Kreisfreie Stadt;"
    "5530;583;243;139;707;592;1420;14,6;13,0;14,5;11,3;22,4;12,2\n"
)


@pytest.fixture(scope="module")
def unemployment(tmp_path_factory):
    path = tmp_path_factory.mktemp("official") / "13211-02-05-4.csv"
    path.write_bytes((HEAD + FLENSBURG + FOOT).encode("cp1252"))
    return path


def test_rates_before_the_first_year_of_the_definition_are_missing_on_every_way_out(
    small_shipped, own_folders, unemployment, capsysbinary
):
    start = ["--data", str(own_folders.data)]
    assert main([*start, "receive", str(unemployment)]) == 0
    assert main([*start, "build", "--quiet"]) == 0
    capsysbinary.readouterr()

    def answer(view: str, *more: str) -> str:
        assert main([*start, "answer", view, *more]) == 0
        return capsysbinary.readouterr().out.decode("utf-8-sig")

    view = "kind=trend&indicator=jugendarbeitslosenquote&region=01001"
    found = json.loads(answer(view))
    by_year = {row["period"]: (row["value"], row["status"]) for row in found["rows"]}
    assert by_year == {"2008": (None, "not_collected"), "2009": (12.2, "ok")}
    assert found["notes"][0] == "Arbeitslosenquoten nach Alter werden erst ab 2009 ausgewiesen."
    assert "0,0" not in found["headline"]
    assert ";2008;insgesamt;;;;;%;nicht erhoben;" in answer(view, "--format", "csv")
    table = "kind=table&indicator=jugendarbeitslosenquote&region=01001&period=2008"
    assert "in diesem Zeitraum nicht erhoben" in json.loads(answer(table))["headline"]


def test_a_number_where_the_definition_expects_none_stands_and_is_told(
    tmp_path, unemployment, small_shipped, own_folders
):
    path = tmp_path / unemployment.name
    path.write_bytes(unemployment.read_bytes().replace(b"11,5;-;-;-;-", b"11,5;12,1;-;-;-"))
    catalog = run.load_catalog(own_folders)
    register = run.register_of(run.boundary_archive(own_folders)[0], catalog)
    report = Report()
    _, rows = gathering.check_table(read_file(path)[0], catalog, register, report)
    men = rows[(rows["sex"] == "male") & (rows["period"] == "2008")]
    assert men["value"].tolist() == [12.1]
    assert any("1 Zahl steht in Zeiträumen" in text for text in report.of("warning"))


@pytest.mark.parametrize(
    ("limit", "before", "after"),
    [('last = "2022/23"', "zero", "not_collected"), ('first = "2023/24"', "not_collected", "zero")],
)
def test_first_and_last_period_are_among_those_in_which_it_was_collected(limit, before, after):
    catalog = small.catalog(pupils=f"{small.PUPILS}\n[[dataset.collected]]\n{limit}\n")
    keys = [("09464", period, "total", "total") for period in DAYS]
    rows = cells(dict.fromkeys(keys, "-"))
    found = not_collected(rows, catalog.datasets["pupils"], DIMENSIONS, REGISTER, Section("x"))
    assert list(found["status"]) == [before, after]


@pytest.mark.parametrize(
    ("limit", "told"),
    [
        ('measures = ["classes"]\nfirst = "2020/21"', "dataset.collected.measures: „classes“"),
        ('where = { grade = "grade_1" }\nfirst = "2020/21"', "Merkmal „grade“ ist nicht bekannt"),
        ('where = { sex = "other" }\nfirst = "2020/21"', "Ausprägung „other“ ist nicht bekannt"),
        ('first = "gestern"', "dataset.collected.first: „gestern“ ist keine Zeitangabe"),
        ('reason = "…"', "erster (first) oder letzter Zeitraum (last) ist anzugeben"),
    ],
)
def test_a_wrong_limit_names_the_field(limit, told):
    text = f"{small.PUPILS}\n[[dataset.collected]]\n{limit}\n"
    with pytest.raises(DefinitionError, match="pupils.toml") as error:
        definitions.from_texts({"base.toml": small.BASE, "pupils.toml": text})
    assert told in str(error.value)


# --- around a reform ------------------------------------------------------------------------------


def test_counts_moved_to_the_new_kreis_are_no_zero_in_the_old_one():
    """Counts of the year before a reform are told for the new Kreis, rates still for the old one:
    the "-" of each is not zero."""
    old = Region(
        "13001", "kreis", "Greifswald", "", "13", valid_to=datetime.date(2023, 9, 3),
        successors=("13075",),
    )  # fmt: skip
    new = Region("13075", "kreis", "Vorpommern", "", "13", valid_from=datetime.date(2023, 9, 4))
    figures = [("13001", "pupils", "zero"), ("13001", "rate", "ok")]
    figures += [("13075", "pupils", "ok"), ("13075", "rate", "zero")]
    rows = pd.DataFrame(
        [
            {"region": r, "period": "2022/23", "start": DAYS["2022/23"], "measure": m, "status": s}
            for r, m, s in figures
        ]
    ).assign(value=[0.0, 15.1, 100.0, 0.0])
    found = checks.dissolved(rows, {"13001": old, "13075": new})
    assert list(found["status"]) == ["dissolved", "ok", "ok", "dissolved"]


@pytest.mark.shared
def test_the_real_table_has_no_zero_left_that_nobody_counted(shared, own_folders):
    path = shared / "data/regionaldatenbank/edition_2017/13211-02-05-4_00.csv"
    catalog = run.load_catalog(own_folders)
    register = run.register_of(run.boundary_archive(own_folders)[0], catalog)
    _, rows = gathering.check_table(read_file(path)[0], catalog, register, Report())
    assert "zero" not in set(rows["status"])
    young = rows[(rows["age_unemployed"] == "age_15_24") & (rows["measure"] == "rate")]
    coburg = young[young["region"] == "09463"].set_index("period")
    assert coburg.loc["2008", "status"] == "not_collected"
    assert coburg.loc["2009", "status"] == "ok" and coburg.loc["2009", "value"] > 0
