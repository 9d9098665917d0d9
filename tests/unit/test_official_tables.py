"""Each official table beyond those that ship, column by column: own small samples in the official
arrangement, and single values of the real files, looked up by hand."""

import pytest

from indicators.errors import FileError
from indicators.folders import Folders
from indicators.publishing import gathering, run
from indicators.publishing.mapping import understand
from indicators.publishing.report import Report
from indicators.sources.reading import read_bytes, read_file
from tests import shipped

CATALOG = shipped.catalog()
FOOT = (
    "__________\n© Statistische Ämter des Bundes und der Länder, Deutschland, 2017.\n"
    "Stand: 10.10.2017 / 11:01:03\n"
)


def sample(code: str, titles: list[str], header: list[str], lines: list[str]) -> bytes:
    """A table with one line per kind of row; what the header repeats is written out."""
    return "\n".join([f"GENESIS-Tabelle: {code}", *titles, *header, *lines, FOOT]).encode()


# code, title lines, header rows, one row, and of each column: measure and categories
SAMPLES = [
    (
        "12411-06-01-4",
        ["Bevölkerung nach Geschlecht", "Fortschreibung"],
        [";;;Bevölkerungsstand 30.06." + ";Bevölkerungsstand 30.06." * 2]
        + [";;;Insgesamt;männlich;weiblich", ";;;Anzahl;Anzahl;Anzahl"],
        "2015;09464;Hof;3;1;2",
        "30.06.2015",
        [("population", {}), ("population", {"sex": "male"}), ("population", {"sex": "female"})],
    ),
    (
        "12612-02-01-4",
        ["Lebendgeborene", "Statistik der Geburten", "Lebendgeborene (Anzahl)"],
        [";;;;Nationalität;Nationalität;Nationalität", ";;;;Insgesamt;Insgesamt;Deutsche"]
        + [";;;;Geschlecht;Geschlecht;Geschlecht", ";;;;Insgesamt;männlich;weiblich"],
        "2015;09464;Hof;40 Jahre und mehr;5;3;2",
        "2015",
        [
            ("births", {"age_mother": "age_40_plus"}),
            ("births", {"age_mother": "age_40_plus", "sex": "male"}),
            ("births", {"age_mother": "age_40_plus", "sex": "female", "citizenship": "german"}),
        ],
    ),
    (
        "12711-01-03-4",
        ["Zu- und Fortzüge", "Wanderungsstatistik", "2015"],
        [";;;Zuzüge über die Gemeindegrenzen;Fortzüge über die Gemeindegrenzen"]
        + [";;;Geschlecht;Geschlecht", ";;;Insgesamt;weiblich", ";;;Anzahl;Anzahl"],
        "09464;Hof;18 bis unter 25 Jahre;7;4",
        "2015",
        [
            ("arrivals", {"age_migration": "age_18_24"}),
            ("departures", {"age_migration": "age_18_24", "sex": "female"}),
        ],
    ),
    (
        "13211-02-02-4",
        ["Arbeitslose (bis 2005)", "Arbeitsmarktstatistik"],
        [
            ";;;Arbeitslose;Arbeitslosenq.bez.auf alle Erwerbspers."
            ";Arbeitslosenq.bez.auf alle abh.Erwerbsp." + ";Arbeitslose" * 5,
            ";;;;;" + ";Arbeitslose nach ausgewählten Personengruppen" * 5,
            ";;;;;;Teilzeit;Ausländer;Jugendliche unter 20 Jahren;55 Jahre und älter"
            ";langzeitarbeitslos",
            ";;;Anzahl;Prozent;Prozent" + ";Anzahl" * 5,
        ],
        "2005;09464;Hof;100;11,7;13,0;9;30;5;20;40",
        "2005",
        [
            ("unemployed", {}),
            ("rate", {}),
            ("rate_dependent", {}),
            None,
            ("unemployed", {"citizenship": "foreign"}),
            ("unemployed", {"age_unemployed": "age_15_19"}),
            ("unemployed", {"age_unemployed": "age_55_64"}),
            ("long_term_unemployed", {}),
        ],
    ),
    (
        "22121-01-02-4",
        ["Empfänger(innen) (bis 2004)", "Statistik der Empfänger"],
        [
            ";;;" + ";".join(["Empfänger(innen) von Sozialhilfe"] * 5),
            ";;;;Geschlecht;Nationalität;Altersgruppe;Altersgruppe",
            ";;;;weiblich;Ausländer(innen);unter 7 Jahre;65 Jahre und mehr",
            ";;;" + ";".join(["Anzahl"] * 5),
        ],
        "31.12.2004;09464;Hof;90;50;20;15;8",
        "31.12.2004",
        [
            ("recipients", {}),
            ("recipients", {"sex": "female"}),
            ("recipients", {"citizenship": "foreign"}),
            ("recipients", {"age_assistance": "age_0_6"}),
            ("recipients", {"age_assistance": "age_65_plus"}),
        ],
    ),
    (
        "22541-01-01-4",
        ["Tageseinrichtungen für Kinder (bis 2002)", "Statistik der Tageseinrichtungen"],
        [
            ";;;Tageseinrichtungen für Kinder;Tageseinrichtungen für Kinder;Verfügbare Plätze"
            ";Verfügbare Plätze;Tätige Personen;Tätige Personen",
            ";;;" + ";".join(["Tageseinrichtungen für Kinder"] * 6),
            ";;;Insgesamt;Horte;Insgesamt;Plätze für Hortkinder;Insgesamt;Kindergärten",
            ";;;" + ";".join(["Anzahl"] * 6),
        ],
        "31.12.2002;09464;Hof;28;8;1600;219;173;145",
        "31.12.2002",
        [
            ("facilities", {}),
            ("facilities", {"centre_type": "after_school"}),
            ("places", {}),
            ("places", {"place_type": "after_school"}),
            ("staff", {}),
            ("staff", {"centre_type": "kindergarten"}),
        ],
    ),
    (
        "22542-01-02-4",
        ["Einrichtungen der Jugendhilfe", "Statistik der Einrichtungen"],
        [
            ";;;Einrichtungen der Jugendhilfe;Einrichtungen der Jugendhilfe;Verfügbare Plätze"
            ";Tätige Personen",
            ";;;" + ";".join(["Art der Jugendhilfeeinrichtung"] * 4),
            ";;;Insgesamt;Jugendarbeit;Hilfe z. Erziehung u. Hilfe f. junge Volljährige;Insgesamt",
            ";;;" + ";".join(["Anzahl"] * 4),
        ],
        "31.12.2014;09464;Hof;14;8;36;133",
        "31.12.2014",
        [
            ("facilities", {}),
            ("facilities", {"youth_welfare_type": "youth_work"}),
            ("places", {"youth_welfare_type": "residential_care"}),
            ("staff", {}),
        ],
    ),
    (
        "22811-01-01-4",
        ["Soziale Mindestsicherung", "Sozialberichterstattung"],
        [
            ";;;Empfänger von sozialen Mindestsicherungsleistungen" + ";Davon" * 4,
            ";;;;Gesamtregelleistung (ALG II/Sozialgeld) n.d.SGB II"
            ";Gesamtregelleistung (ALG II/Sozialgeld) n.d.SGB II"
            ";Hilfe z. Lebensunt. außerh. v. Einr. n. d. SGB XII"
            ";Regelleist. n.d. Asylbewerberleistungsgesetz",
            ";;;;zusammen;nicht erwerbsf. Leistungsb. (Sozialgeld);;",
            ";;;" + ";".join(["Anzahl"] * 5),
        ],
        "31.12.2015;09464;Hof;90;60;20;7;8",
        "31.12.2015",
        [
            ("recipients", {}),
            ("recipients", {"benefit": "sgb2"}),
            ("recipients", {"benefit": "sgb2_not_employable"}),
            ("recipients", {"benefit": "sgb12_subsistence"}),
            ("recipients", {"benefit": "asylum"}),
        ],
    ),
]


@pytest.mark.parametrize(
    ("code", "titles", "header", "line", "period", "columns"), SAMPLES, ids=[s[0] for s in SAMPLES]
)
def test_every_column_finds_its_measure_and_categories(code, titles, header, line, period, columns):
    content = sample(code, titles, header, [line, line.replace("09464;Hof", "09463;Coburg")])
    (table,) = read_bytes(content, f"{code}_00.csv")
    mapped = understand(table, CATALOG)
    rows = mapped.rows[mapped.rows["region"] == "09464"]
    assert set(rows["period"]) == {period}
    found = {}
    for row in rows.to_dict("records"):
        categories = {d: row[d] for d in mapped.dataset.dimensions if row[d] != "total"}
        found[row["measure"], *sorted(categories.items())] = row["value"]
    numbers = [text for text in line.split(";") if text.replace(",", "").isdigit()]
    values = [float(text.replace(",", ".")) for text in numbers[-len(columns) :]]
    assert found == {
        (column[0], *sorted(column[1].items())): value
        for column, value in zip(columns, values, strict=True)
        if column
    }


GEMEINDEN = [
    ";;31.12.2015;31.12.2015;31.12.2014;31.12.2014",
    ";;Insgesamt;weiblich;Insgesamt;weiblich",
]
POPULATION = ["Bevölkerung", "Fortschreibung", "Bevölkerungsstand (Anzahl)"]


def test_keys_of_gemeinden_are_read_however_their_land_builds_them():
    lines = [
        "DG;Deutschland;900;450;890;440",
        "07131;Ahrweiler, Landkreis;90;45;89;44",
        "0713100007;Bad Neuenahr-Ahrweiler, verbandsfr. Gemeinde;27;14;26;13",
        "0713101;Adenau, Verbandsgem.;13;6;12;5",
        "0713101001;Adenau;3;2;4;1",
        "09475112;Bad Steben, M;5;3;6;2",
        "03158402007;Dahlum;-;-;7;4",
        "03158407007;Dahlum;8;5;-;-",
    ]
    (table,) = read_bytes(sample("12411-01-01-5", POPULATION, GEMEINDEN, lines), "gemeinden.csv")
    rows = understand(table, CATALOG).rows
    total = rows[(rows["sex"] == "total") & (rows["period"] == "31.12.2015")]
    assert dict(zip(total["region"], total["value"], strict=True)) == {
        "DG": 900,
        "07131": 90,
        "07131007": 27,
        "0713101": 13,
        "07131001": 3,
        "09475112": 5,
        "03158007": 8,
    }
    before = rows[(rows["region"] == "03158007") & (rows["period"] == "31.12.2014")]
    assert set(before["value"]) == {7, 4}


def test_a_gemeinde_with_two_different_numbers_is_refused_all_the_same():
    lines = ["03158402007;Dahlum;6;3;7;4", "03158407007;Dahlum;8;5;-;-"]
    with pytest.raises(FileError, match="Dahlum"):
        read_bytes(sample("12411-01-01-5", POPULATION, GEMEINDEN, lines), "gemeinden.csv")


# --- the real files ------------------------------------------------------------------------------

EDITION_2017, EDITION_2024 = "edition_2017", "edition_2024"
# code, region, period, measure, categories, the number that stands in the file
GOLDEN = [
    ("12411-06-01-4", "09464", "30.06.2015", "population", {}, 44429),
    ("12411-06-01-4", "07111", "30.06.2015", "population", {"sex": "female"}, 57796),
    ("12612-02-01-4", "09464", "2015", "births", {}, 398),
    ("12612-02-01-4", "09475", "2015", "births", {"age_mother": "under_20"}, 13),
    ("12612-02-01-4", "07111", "2015", "births", {"citizenship": "german", "sex": "male"}, 481),
    ("12711-01-03-4", "09464", "2015", "arrivals", {}, 3427),
    ("12711-01-03-4", "09475", "2015", "departures", {"age_migration": "age_18_24"}, 1077),
    ("13211-02-02-4", "09463", "2005", "rate", {}, 14.5),
    ("13211-02-02-4", "09463", "2005", "rate_dependent", {}, 16.6),
    ("13211-02-02-4", "09777", "2005", "unemployed", {"age_unemployed": "age_15_24"}, 629),
    ("13211-02-02-4", "09762", "2005", "long_term_unemployed", {}, 570),
    ("22121-01-02-4", "06431", "31.12.2004", "recipients", {"citizenship": "foreign"}, 2229),
    ("22121-01-02-4", "09464", "31.12.2000", "recipients", {"age_assistance": "age_7_17"}, 156),
    ("22541-01-01-4", "09463", "31.12.2002", "places", {"place_type": "kindergarten"}, 1401),
    ("22541-01-01-4", "06431", "31.12.1998", "facilities", {"centre_type": "after_school"}, 10),
    ("22541-01-01-4", "07111", "31.12.1994", "staff", {"centre_type": "kindergarten"}, 375),
    ("22542-01-02-4", "09475", "31.12.2014", "places", {"youth_welfare_type": "residential_care"})
    + (240,),
    ("22542-01-02-4", "09762", "31.12.2014", "staff", {"youth_welfare_type": "youth_work"}, 30),
    ("22811-01-01-4", "09464", "31.12.2015", "recipients", {}, 5495),
    ("22811-01-01-4", "09777", "31.12.2015", "recipients", {"benefit": "asylum"}, 1289),
    ("22811-01-01-4", "06431", "31.12.2014", "recipients", {"benefit": "sgb2_not_employable"})
    + (3544,),
]


@pytest.fixture(scope="module")
def read(shared):
    """Dataset and checked rows of a real table by its code; each is read once."""
    folders = Folders(shared)
    archive, _ = run.boundary_archive(folders)
    register = run.register_of(archive, CATALOG)
    known = {}

    def rows(code):
        if code not in known:
            folder = shared / "data" / "regionaldatenbank"
            (path,) = [p for e in (EDITION_2017, EDITION_2024) for p in folder.glob(f"{e}/{code}*")]
            (table,) = read_file(path)
            report = Report()
            mapped, checked = gathering.check_table(table, CATALOG, register, report)
            assert not report.of("error"), report.text()
            known[code] = mapped.dataset, checked
        return known[code]

    return rows


def _cell(read, code, region, period, measure, categories):
    dataset, rows = read(code)
    at = (rows["region"] == region) & (rows["period"] == period) & (rows["measure"] == measure)
    for dimension in dataset.dimensions:
        at &= rows[dimension] == categories.get(dimension, "total")
    (cell,) = rows[at].to_dict("records")
    return cell


@pytest.mark.shared
@pytest.mark.parametrize(
    ("code", "region", "period", "measure", "categories", "value"),
    GOLDEN,
    ids=[f"{g[0]} {g[1]} {g[3]}" for g in GOLDEN],
)
def test_a_real_file_says_what_stands_in_it(read, code, region, period, measure, categories, value):
    cell = _cell(read, code, region, period, measure, categories)
    assert (cell["value"], cell["status"]) == (value, "ok")


@pytest.mark.shared
def test_employees_of_a_date_that_no_kreis_has_yet_are_not_zero(read):
    """The newest date has numbers for Länder and Bezirke; a city state is its own Kreis."""
    at = ("30.06.2025", "employees", {})
    assert _cell(read, "13111-01-03-4", "094", *at)["value"] == 442527
    assert _cell(read, "13111-01-03-4", "09464", *at)["status"] == "not_collected"
    berlin = _cell(read, "13111-01-03-4", "11", *at)["value"]
    assert berlin > 0 and _cell(read, "13111-01-03-4", "11000", *at)["value"] == berlin


@pytest.mark.shared
def test_moves_within_a_kreis_cancel_out_in_its_balance(read, shared):
    """Over the borders of Gemeinden the balance is that over the border of the Kreis."""
    _, rows = read("12711-01-03-4")
    figures = (shared / "data" / "regions" / "figures.csv").read_text(encoding="utf-8")
    over_kreis = {}
    for line in figures.splitlines():
        table, _, _, measure, region, period, categories, value, _ = line.split(";")
        if table == "12711-04-02-4" and not categories and len(region) == 5:
            over_kreis[region, measure] = float(value)
    total = rows[(rows["sex"] == "total") & (rows["age_migration"] == "total")]
    over_gemeinde = total.set_index(["region", "measure"])["value"]
    regions = {region for region, _ in over_kreis}
    assert len(regions) >= 8
    for region in regions:
        assert (
            over_gemeinde[region, "arrivals"] - over_gemeinde[region, "departures"]
            == over_kreis[region, "arrivals"] - over_kreis[region, "departures"]
        ), region


@pytest.mark.shared
def test_a_dash_in_a_total_whose_parts_are_counted_is_no_zero(read):
    """Around the reform of 2011 the table spreads the benefits over old and new Kreise."""
    for period in ("31.12.2010", "31.12.2011"):
        for benefit in ("total", "asylum"):
            cell = _cell(read, "22811-01-01-4", "13071", period, "recipients", {"benefit": benefit})
            assert cell["status"] in ("missing", "dissolved"), (period, benefit)
    part = {"benefit": "sgb2"}
    assert _cell(read, "22811-01-01-4", "13071", "31.12.2011", "recipients", part)["value"] == 34152
