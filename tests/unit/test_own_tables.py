"""A town's own tables: every shape a mapping can explain, and everything that refuses a file."""

import io
import re
import textwrap
import unicodedata
import zipfile
from datetime import date, datetime

import pytest

from indicators.catalog import catalog as definitions
from indicators.errors import DefinitionError, FileError
from indicators.folders import PROJECT, SHIPPED_DEFINITIONS, Folders
from indicators.publishing import own_tables, run
from indicators.publishing.receive import Receiver
from indicators.regions import Region
from indicators.release import releases
from indicators.sources import receiving
from tests import shipped
from tests.unit import small
from tests.zoo.builders import zipped
from tests.zoo.own_tables import csv_bytes, workbook

REGIONS = small.REGIONS | {
    f"09464-0{i}": Region(f"09464-0{i}", "stadtteil", name, f"in {name}", "09464")
    for i, name in ((1, "Altstadt"), (2, "Nord"))
}

ROWS = """
[[mapping.columns]]
heading = "Schuljahr"
is = "period"
"""
VALUE = """
[[mapping.columns]]
heading = "Kinder"
measure = "pupils"
"""
WIDE = (
    ROWS
    + """
[[mapping.columns]]
heading = "<school_type>"
measure = "pupils"
"""
)


def mapping(columns: str = ROWS + VALUE, header: str = "Schuljahr", more: str = "", **fields):
    """The text of a mapping of the Stadt Hof, a school year in each row unless told otherwise."""
    fields = {"region": "09464", "dataset": "pupils", "files": ["own*"]} | fields
    given = "\n".join(
        f"{name} = {str(value).lower() if isinstance(value, bool) else repr(value)}"
        for name, value in fields.items()
        if value is not None
    )
    return f"""
[mapping]
id = "own"
title = "Eigene Tabelle"
header = "{header}"
{given}
{more}
{columns}
"""


def read(content: bytes, text: str, file: str = "own.csv"):
    catalog = small.catalog(own=text)
    own_tables.check_mappings(catalog, REGIONS)
    return own_tables.read_own(content, file, catalog, REGIONS)


def rows(content: bytes, text: str, file: str = "own.csv"):
    (table,) = read(content, text, file)
    return table.rows


def cells(content: bytes, text: str, file: str = "own.csv") -> dict:
    """Region, period and categories that are no totals → the value, or the status without one."""
    found = {}
    for row in rows(content, text, file).to_dict("records"):
        key = (row["region"], row["period"], row["school_type"], row["sex"], row["measure"])
        value = row["status"] if row["value"] != row["value"] else row["value"]
        found[tuple(part for part in key if part not in ("total", "pupils", "09464"))] = value
    return found


def refused(content: bytes, text: str, file: str = "own.csv") -> str:
    with pytest.raises(FileError) as caught:
        read(content, text, file)
    message = str(caught.value)
    assert message.startswith(file)
    return message


SIMPLE = csv_bytes("""
    Schuljahr;Kinder
    2022/23;1.234
    2023/24;1250
""")


# --- files and signs ------------------------------------------------------------------------------


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_separators_and_encodings(separator, encoding):
    text = f"Schuljahr{separator}Mädchen{separator}Jungen\n2022/23{separator}12{separator}7\n"
    columns = ROWS + "".join(
        f'[[mapping.columns]]\nheading = "{name}"\nmeasure = "pupils"\nwhere = {{ sex = "{id}" }}\n'
        for name, id in (("Mädchen", "female"), ("Jungen", "male"))
    )
    found = cells(text.encode(encoding), mapping(columns))
    assert found == {("2022/23", "female"): 12, ("2022/23", "male"): 7}


def test_a_quoted_comma_separates_nothing():
    content = b'Schuljahr,Kinder\n"2022/23","1,5"\n'
    assert "keine ganze Zahl" in refused(content, mapping())


def test_a_decimal_point_must_be_declared():
    content = csv_bytes("Schuljahr;Kinder\n2022/23;12.0")
    assert 'decimal = "."' in refused(content, mapping())
    assert cells(content, mapping(decimal=".")) == {("2022/23",): 12}


def test_a_thousands_point_is_none_where_the_point_is_decimal():
    assert "keine ganze Zahl" in refused(SIMPLE, mapping(decimal="."))
    assert cells(SIMPLE, mapping())[("2022/23",)] == 1234


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 234", 1234),
        ("1.234¹", 1234),
        ("12 1)", 12),
        ("12 *)", 12),
        ("-", 0),
        ("–", 0),
        ("0", 0),
        ("k. A.", "missing"),
        ("K.A.", "missing"),
        ("n. b.", "missing"),
        ("", "missing"),
        ("x", "not_applicable"),
        ("/", "unreliable"),
        ("*", "secret"),
        (".", "secret"),
        ("<3", "secret"),
        ("unter 5", "secret"),
        ("…", "later"),
    ],
)
def test_signs_and_numbers(text, value):
    content = csv_bytes(f"Schuljahr;Kinder;Rest\n2022/23;{text};x")
    assert cells(content, mapping(skip_columns=["Rest"])) == {("2022/23",): value}


def test_what_a_sign_means_can_be_said():
    content = csv_bytes("Schuljahr;Kinder\n2021/22;-\n2022/23;0\n2023/24;geh.")
    more = '[mapping.symbols]\n"-" = "missing"\n"0" = "rounded_zero"\n"geh." = "secret"\n'
    assert [
        row.status for row in rows(content, mapping(columns=more + ROWS + VALUE)).itertuples()
    ] == [
        "missing",
        "rounded_zero",
        "secret",
    ]


def test_the_zero_is_exact():
    content = csv_bytes("Schuljahr;Kinder\n2022/23;0")
    assert rows(content, mapping())["status"].tolist() == ["zero"]


@pytest.mark.parametrize("text", ["12*", "ca. 12", "?", "1.5", "12,5", "12 %", "Feb 01", "1. Feb"])
def test_what_is_no_count_refuses_the_file(text):
    message = refused(csv_bytes(f"Schuljahr;Kinder\n2021/22;7\n2022/23;{text}"), mapping())
    assert "Zeile 3, Spalte 2" in message and "Nächster Schritt" in message


# --- shares ---------------------------------------------------------------------------------------

YEARS = '[[mapping.columns]]\nheading = "Jahr"\nis = "period"\n'
SHARE = '[[mapping.columns]]\nheading = "Anteil"\nmeasure = "share"\n'
ROWS_OF_RATES = YEARS + SHARE


def share(text: str, factor: str = "") -> float:
    columns = ROWS_OF_RATES + factor
    content = csv_bytes(f"Jahr;Anteil\n2022;{text}")
    found = rows(content, mapping(columns, header="Jahr", dataset="rates"))
    return found["value"].iloc[0]


def test_shares_as_percentage_and_as_fraction():
    assert share("12,5 %") == share("12,5") == share("12,5%") == 12.5
    assert share("0,07", "factor = 100\n") == 7
    # a percent sign is the factor already
    assert share("12,5 %", "factor = 100\n") == 12.5


def test_a_point_in_a_share_is_not_taken_for_thousands():
    with pytest.raises(FileError, match="Spalte 2"):
        share("1.234")


def test_an_excel_percentage_counts_as_shown():
    book = workbook({"T": [["Jahr", "Anteil"], [2022, 0.07]]}, formats={"T": {"B2": "0.0%"}})
    text = mapping(ROWS_OF_RATES + "factor = 100\n", header="Jahr", dataset="rates")
    assert rows(book, text, "own.xlsx")["value"].tolist() == [7]


# --- shapes ---------------------------------------------------------------------------------------


def test_long_with_words_labels_totals_and_ids():
    content = csv_bytes("""
        Schuljahr;Art;Geschlecht;Kinder
        2022/23;GY;weiblich;5
        2022/23;Gymnasien;männlich;6
        2022/23;hauptschule;Insgesamt;7
        2022/23;Alle;insgesamt;18
    """)
    columns = (
        ROWS
        + '[[mapping.columns]]\nheading = "Art"\nis = "school_type"\n'
        + '[[mapping.columns]]\nheading = "Geschlecht"\nis = "sex"\n'
        + VALUE
        + '[mapping.words.school_type]\nGY = "gymnasium"\nAlle = "total"\n'
    )
    assert cells(content, mapping(columns)) == {
        ("2022/23", "gymnasium", "female"): 5,
        ("2022/23", "gymnasium", "male"): 6,
        ("2022/23", "hauptschule"): 7,
        ("2022/23",): 18,
    }


def test_wide_with_categories_as_columns():
    content = csv_bytes("Schuljahr;Gymnasien;Hauptschulen 1);Insgesamt\n2022/23;5;6;11")
    assert cells(content, mapping(WIDE)) == {
        ("2022/23", "gymnasium"): 5,
        ("2022/23", "hauptschule"): 6,
        ("2022/23",): 11,
    }


def test_stadtteile_as_columns():
    content = csv_bytes("Schuljahr,altstadt,09464-02\n2022/23,5,6")
    columns = (
        ROWS
        + '[[mapping.columns]]\nheading = "<region>"\nmeasure = "pupils"\n'
        + '[mapping.words.region]\nAltstadt = "09464-01"\n'
    )
    assert cells(content, mapping(columns, region=None)) == {
        ("09464-01", "2022/23"): 5,
        ("09464-02", "2022/23"): 6,
    }


def test_years_as_columns_and_school_types_as_rows():
    book = workbook({"T": [["Schulart", 2022, "2023/24"], ["Gymnasien", 5, 6], ["Summe", 5, 6]]})
    columns = """
[[mapping.columns]]
heading = "Schulart"
is = "school_type"
[[mapping.columns]]
heading = "<period>"
measure = "pupils"
"""
    text = mapping(columns, header="Schulart", skip_rows=["Summe"])
    assert cells(book, text, "own.xlsx") == {
        ("2022/23", "gymnasium"): 5,
        ("2023/24", "gymnasium"): 6,
    }


def test_years_as_sheets():
    rows_ = [["Schulart", "Kinder"], ["Gymnasien", 5.0]]
    book = workbook({"2022-23": rows_, "SJ 2023_24": rows_, "Hinweise": [["Erhebung"]]})
    columns = '[[mapping.columns]]\nheading = "Schulart"\nis = "school_type"\n' + VALUE
    text = mapping(columns, header="Schulart", sheets=["*"], sheet_is="period")
    assert "Blatt „Hinweise“" in refused(book, text, "own.xlsx")
    text = mapping(columns, header="Schulart", sheets=["20*", "SJ*"], sheet_is="period")
    assert "liest keine der Zuordnungen" in refused(book, text, "own.xlsx")
    text = mapping(
        columns,
        header="Schulart",
        sheets=["20*", "SJ*"],
        skip_sheets=["Hinweise"],
        sheet_is="period",
    )
    assert cells(book, text, "own.xlsx") == {
        ("2022/23", "gymnasium"): 5,
        ("2023/24", "gymnasium"): 5,
    }


def test_regions_and_categories_as_sheets():
    rows_ = [["Schuljahr", "Kinder"], ["2022/23", 5]]
    book = workbook({"Altstadt": rows_, "09464-02": rows_})
    words = '[mapping.words.region]\nAltstadt = "09464-01"\n'
    text = mapping(ROWS + VALUE + words, region=None, sheets=["*"], sheet_is="region")
    assert {key[0] for key in cells(book, text, "own.xlsx")} == {"09464-01", "09464-02"}
    book = workbook({"weiblich": rows_, "insgesamt": rows_})
    text = mapping(sheets=["*"], sheet_is="sex")
    assert set(cells(book, text, "own.xlsx")) == {("2022/23", "female"), ("2022/23",)}


TWO_ROWS = """
[[mapping.columns]]
heading = "Schuljahr"
is = "period"
[[mapping.columns]]
heading = ["<school_type>", "Kinder"]
measure = "pupils"
[[mapping.columns]]
heading = ["<school_type>", "Schulen"]
measure = "schools"
"""
TWO_HEADERS = [
    ["Städtische Schulen"],
    [],
    ["Schuljahr", "Gymnasien", None, "Hauptschulen", None, None],
    [None, "Kinder", "Schulen", "Kinder", "Schulen", "Bemerkung"],
    ["2022/23", 5, 1, 6, 2, "vorläufig"],
    ["Quelle: Schulamt", None, None, None, None, None],
    ["2099/00", 1, 1, 1, 1, None],
]
TWO_FOUND = {
    ("2022/23", "gymnasium"): 5,
    ("2022/23", "gymnasium", "schools"): 1,
    ("2022/23", "hauptschule"): 6,
    ("2022/23", "hauptschule", "schools"): 2,
}


@pytest.mark.parametrize("merged", [(), ("A1:F1", "A3:A4", "B3:C3", "D3:E3")])
def test_titles_two_header_rows_and_sources_below(merged):
    book = workbook({"T": TWO_HEADERS}, {"T": merged})
    text = mapping(TWO_ROWS, header_rows=2, skip_columns=["Bemerkung"], stop_at=["Quelle"])
    assert cells(book, text, "own.xlsx") == TWO_FOUND
    lines = [";".join("" if c is None else str(c) for c in row) for row in TWO_HEADERS]
    assert cells("\n".join(lines).encode(), text) == TWO_FOUND


def test_a_region_printed_once_for_several_rows():
    table = [["Ort", "Schuljahr", "Kinder"], ["09464-01", "2022/23", 5], [None, "2023/24", 6]]
    of_region = '[[mapping.columns]]\nheading = "Ort"\nis = "region"\n'
    text = mapping(of_region + ROWS + VALUE, header="Ort", region=None)
    assert "die leere Zelle ist weder ein Regionalschlüssel" in refused(
        workbook({"T": table}), text, "own.xlsx"
    )
    expected = {("09464-01", "2022/23"): 5, ("09464-01", "2023/24"): 6}
    merged = workbook({"T": table}, {"T": ["A2:A3"]})
    assert cells(merged, text, "own.xlsx") == expected
    text = mapping(of_region + "fill_down = true\n" + ROWS + VALUE, header="Ort", region=None)
    assert cells(workbook({"T": table}), text, "own.xlsx") == expected


def test_a_merged_value_belongs_to_nobody():
    table = [["Schuljahr", "Kinder"], ["2022/23", 5], ["2023/24", None]]
    message = refused(workbook({"T": table}, {"T": ["B2:B3"]}), mapping(), "own.xlsx")
    assert "Blatt „T“, Zeile 3, Spalte B" in message and "verbunden" in message


@pytest.mark.parametrize(
    "printed",
    [
        "2022/23",
        "2022/2023",
        "2022-23",
        "2022–2023",
        "2022 / 23",
        "Schuljahr 2022/23",
        "SJ 2022/23",
        "2022/23*",
        "2022/23 1)",
        "2022",
        "2022.0",
    ],
)
def test_a_school_year_may_be_written_so(printed):
    assert cells(csv_bytes(f"Schuljahr;Kinder\n{printed};5"), mapping()) == {("2022/23",): 5}


@pytest.mark.parametrize("printed", ["22/24", "2/3", "2022/24", "Mai 2022", "2022/23 und 2023/24"])
def test_a_school_year_is_never_guessed(printed):
    message = refused(csv_bytes(f"Schuljahr;Kinder\n{printed};5"), mapping())
    assert "Zeile 2, Spalte 1" in message and "[mapping.words.period]" in message
    words = f'[mapping.words.period]\n"{printed}" = "2022/23"\n'
    found = cells(csv_bytes(f"Schuljahr;Kinder\n{printed};5"), mapping(ROWS + VALUE + words))
    assert found == {("2022/23",): 5}


@pytest.mark.parametrize(
    ("printed", "year"),
    [
        ("22/23", "2022/23"),
        ("SJ 22-23", "2022/23"),
        ("Schuljahr 09/10", "2009/10"),
        ("79/80", "2079/80"),
        ("80/81", "1980/81"),
        ("99/00", "1999/00"),
    ],
)
def test_two_digits_are_a_school_year_where_the_next_year_follows(printed, year):
    found = cells(csv_bytes(f"Schuljahr;Kinder\n{printed};5"), mapping())
    assert found == {(year,): 5}


def test_two_digits_are_no_key_date():
    content = csv_bytes("Schuljahr;Menschen\n22/23;5")
    columns = ROWS + VALUE.replace("Kinder", "Menschen").replace("pupils", "population")
    text = mapping(columns, dataset="population")
    assert "ist keine Zeitangabe der Art Stichtag" in refused(content, text)


BY_TYPE = '[[mapping.columns]]\nheading = "Art"\nis = "school_type"\n' + VALUE


@pytest.mark.parametrize(
    ("name", "year"),
    [
        ("own_2023-24.csv", "2023/24"),
        ("own_23-24.csv", "2023/24"),
        ("own 23_24_fassung2.csv", "2023/24"),
        ("own_2022-23 (23-24).csv", "2022/23"),  # four digits are surer
        # the year and the month of a day are no school year
        ("own_2011-12-31.csv", None),
        ("own_12-11-2012.csv", None),
        ("own_2011-12-31_2010-11.csv", "2010/11"),
        ("own_01-02-03.csv", None),
        ("own_22-24.csv", None),
        ("own_22-23_23-24.csv", None),
        ("own_neu.csv", None),
    ],
)
def test_the_school_year_in_the_name_of_a_file(name, year):
    content = csv_bytes("Art;Kinder\nGymnasien;5")
    text = mapping(BY_TYPE, header="Art", period="<file>")
    if year:
        assert cells(content, text, name) == {(year, "gymnasium"): 5}
    else:
        assert "Im Dateinamen muss genau eine Zeitangabe" in refused(content, text, name)


@pytest.mark.parametrize(
    ("name", "year"),
    [("own_2009.csv", "2009/10"), ("own_09-10.csv", "2009/10"), ("own_09.csv", None)],
)
def test_the_name_of_a_file_received_many_times_tells_the_same_period(name, year, tmp_path):
    """The tenth "own_09" must not become one of the school year 09_10."""
    text = mapping(BY_TYPE, header="Art", period="<file>")
    reading = list(small.catalog(own=text).mappings.values())
    names = []
    for count in range(1, 13):
        content = csv_bytes(f"Art;Kinder\nGymnasien;{count}")
        facts = {"publisher": "Amt", "licence": "intern"}
        arrived = receiving.own(content, name, reading, 1, **facts)
        stored = receiving.keep(arrived, Folders(tmp_path))
        names.append(stored.path.name)
        if year:
            assert cells(content, text, stored.path.name) == {(year, "gymnasium"): count}
        else:
            assert "gefunden: keine" in refused(content, text, stored.path.name)
    assert len(set(names)) == 12


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("own_2015-12-31.csv", "31.12.2015"),
        ("own_2015-06-30_neu.csv", "30.06.2015"),
        ("own_2015_06_30.csv", "30.06.2015"),
        ("own 30.6.2015.csv", "30.06.2015"),
        ("own_30-06-2015.csv", "30.06.2015"),
        ("own_2015.csv", "31.12.2015"),
        ("own_2015_2.csv", "31.12.2015"),
        ("own_2015_fassung12.csv", "31.12.2015"),  # received a twelfth time
        ("own_2015-13-31.csv", None),
        ("own_2015-16.csv", None),
        ("own_2014_2015-12-31.csv", None),
    ],
)
def test_the_day_in_the_name_of_a_file(name, day):
    content = csv_bytes("Geschlecht;Menschen\nweiblich;5")
    columns = '[[mapping.columns]]\nheading = "Geschlecht"\nis = "sex"\n'
    columns += VALUE.replace("Kinder", "Menschen").replace("pupils", "population")
    text = mapping(columns, header="Geschlecht", dataset="population", period="<file>")
    if day:
        assert set(rows(content, text, name)["period"]) == {day}
    else:
        assert "Im Dateinamen muss genau eine Zeitangabe" in refused(content, text, name)


def test_the_period_may_stand_in_the_title_or_in_the_name():
    content = csv_bytes("Kinder im Schuljahr 2022/23;\nArt;Kinder\nGymnasien;5")
    text = mapping(BY_TYPE, header="Art", period="<title>")
    assert cells(content, text) == {("2022/23", "gymnasium"): 5}
    assert cells(content.replace(b"2022/23", b"22/23"), text) == {("2022/23", "gymnasium"): 5}
    text = mapping(BY_TYPE, header="Art", period="<file>")
    assert cells(content, text, "own_2023-24.csv") == {("2023/24", "gymnasium"): 5}
    text = mapping(BY_TYPE, header="Art", period="2021/22")
    assert cells(content, text) == {("2021/22", "gymnasium"): 5}


def test_key_dates_as_excel_dates():
    table = [["Stichtag", "Anzahl"], [datetime(2022, 12, 31), 5], [date(2023, 12, 31), 6]]
    columns = """
[[mapping.columns]]
heading = "Stichtag"
is = "period"
[[mapping.columns]]
heading = "Anzahl"
measure = "population"
"""
    text = mapping(columns, header="Stichtag", dataset="population")
    found = rows(workbook({"T": table}), text, "own.xlsx")
    assert found["period"].tolist() == ["31.12.2022", "31.12.2023"]


# --- what Excel does to texts ---------------------------------------------------------------------


def test_dates_that_excel_made_of_texts():
    table = [["Schuljahr", "Kinder"], [datetime(2008, 9, 1), 5]]
    message = refused(workbook({"T": table}), mapping(), "own.xlsx")
    assert "Zeile 2, Spalte A" in message and "„2008/09“" in message and "Excel" in message
    table = [["Schuljahr", "Kinder"], ["2008/09", datetime(2024, 2, 1)]]
    message = refused(workbook({"T": table}), mapping(), "own.xlsx")
    assert "Zeile 2, Spalte B" in message and "Datum" in message


def test_errors_and_formulas_without_a_result():
    table = [["Schuljahr", "Kinder"], ["2022/23", "=1+1"]]
    assert "Formel ohne gespeichertes Ergebnis" in refused(
        workbook({"T": table}), mapping(), "own.xlsx"
    )
    table = [["Schuljahr", "Kinder"], ["2022/23", "#REF!"]]
    assert "Blatt „T“, Zeile 2, Spalte B: hier steht der Excel-Fehler #REF!" in refused(
        workbook({"T": table}), mapping(), "own.xlsx"
    )


def test_texts_and_numbers_side_by_side_in_excel():
    table = [["Schuljahr", "Kinder"], ["2021/22", 12.0], ["2022/23", "1.234"], ["2023/24", "k. A."]]
    assert cells(workbook({"T": table}), mapping(decimal=","), "own.xlsx") == {
        ("2021/22",): 12,
        ("2022/23",): 1234,
        ("2023/24",): "missing",
    }


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\xd0\xcf\x11\xe0old", "beschädigt oder abgeschnitten"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "mit einem Kennwort"),
        (b"PK\x03\x04broken[Content_Types].xml", "beschädigt oder abgeschnitten"),
        (b"%PDF-1.7", "PDF"),
        (b"<html>Fehler</html>", "Internetseite"),
        ("Schuljahr;Mädchen\n".encode().decode("cp1252").encode(), "Umlaute sind zerstört"),
        (b'Schuljahr;Kinder\n"2022/23;5\n', "Anführungszeichen"),
        (b"\n;\n", "keine einzige gefüllte Zelle"),
        (b"Schuljahr;Kinder\n", "steht nichts"),
        (b"Jahr;Kinder\n2022;5\n", "keine Zeile beginnt mit „Schuljahr“"),
    ],
)
def test_files_that_cannot_be_read(content, told):
    assert told in refused(content, mapping())


# --- what nobody explains -------------------------------------------------------------------------


def test_an_unexplained_heading():
    content = csv_bytes("Titel;;\nSchuljahr;Kinder;Neu\n2022/23;5;6")
    message = refused(content, mapping())
    assert "Zeile 2, Spalte 3: die Überschrift „Neu“" in message and "skip_columns" in message
    assert cells(content, mapping(skip_columns=["Neu"])) == {("2022/23",): 5}
    assert cells(content, mapping(skip_columns=["*"])) == {("2022/23",): 5}


def test_a_column_without_heading_and_one_that_is_missing():
    assert "eine Spalte ohne Überschrift" in refused(
        csv_bytes("Schuljahr;Kinder;\n2022/23;5;6"), mapping()
    )
    assert cells(csv_bytes("Schuljahr;Kinder;\n2022/23;5;"), mapping()) == {("2022/23",): 5}
    assert "die Spalte „Kinder“ der Zuordnung own fehlt" in refused(
        csv_bytes("Schuljahr\n2022/23"), mapping()
    )


def test_an_unexplained_word_region_or_subtotal():
    columns = ROWS + '[[mapping.columns]]\nheading = "Art"\nis = "school_type"\n' + VALUE
    content = csv_bytes("Schuljahr;Art;Kinder\n2022/23;Gymnasien;5\n2022/23;Privat;6")
    message = refused(content, mapping(columns))
    assert "Zeile 3, Spalte 2: „Privat“ ist als Ausprägung von Schulart nicht erklärt" in message
    columns = ROWS + '[[mapping.columns]]\nheading = "Ort"\nis = "region"\n' + VALUE
    content = csv_bytes("Schuljahr;Ort;Kinder\n2022/23;09464-09;5")
    assert "Zeile 2, Spalte 2" in refused(content, mapping(columns, region=None))
    content = csv_bytes("Schuljahr;Ort;Kinder\n2022/23;Neustadt;5")
    assert "[mapping.words.region]" in refused(content, mapping(columns, region=None))


def test_a_key_date_of_earlier_years_counts_unless_the_mapping_has_its_own():
    said = small.POPULATION.replace(
        '"key_date"',
        '"key_date"\nday = "01.03."\nyear_is = "end"\nearlier_days = { 2008 = "15.03." }',
    )
    content = csv_bytes("Jahr;Kinder\n2007/08;4\n2008/09;5")
    for more, days in (
        ("", ["15.03.2008", "01.03.2009"]),
        ('day = "01.02."', ["01.02.2008", "01.02.2009"]),
    ):
        text = mapping(DAYS, header="Jahr", dataset="population", more=more)
        catalog = small.catalog(own=text, population=said)
        (table,) = own_tables.read_own(content, "own.csv", catalog, REGIONS)
        assert table.rows["period"].tolist() == days


# --- words that need no line ----------------------------------------------------------------------

OF_PLACES = ROWS + '[[mapping.columns]]\nheading = "Ort"\nis = "region"\n' + VALUE
SAME = REGIONS | {
    id: Region(id, level, name, name, id[:5] if level != "kreis" else id[:2], invented=invented)
    for id, level, name, invented in (
        ("09464-03", "stadtteil", "Petershausen-West", False),
        ("09464-04", "stadtteil", "Königsbau", False),
        ("09464-05", "stadtteil", "Mitte", False),
        ("09475-05", "stadtteil", "Mitte", False),
        ("99101-01", "stadtteil", "Altstadt", True),
        ("99101-02", "stadtteil", "Seeviertel", True),
        ("09476", "kreis", "Landkreis Kronach", False),
    )
}


def region_named(name: str, more: str = "", register: dict = SAME) -> str:
    text = mapping(OF_PLACES + more, region=None)
    catalog = small.catalog(own=text)
    content = f"Schuljahr;Ort;Kinder\n2022/23;{name};5\n".encode()
    (table,) = own_tables.read_own(content, "own.csv", catalog, register)
    return table.rows["region"].item()


@pytest.mark.parametrize(
    ("name", "id"),
    [
        ("Altstadt", "09464-01"),  # the real one, not the invented one
        ("ALTSTADT ¹", "09464-01"),
        ("Petershausen-West", "09464-03"),
        ("petershausen west", "09464-03"),
        ("PetershausenWest", "09464-03"),
        ("Petershausen–West", "09464-03"),
        ("koenigsbau", "09464-04"),
        ("Königsbau*)", "09464-04"),
        ("Landkreis Kronach", "09476"),
        ("Seeviertel", "99101-02"),
        ("9464-01", "09464-01"),
    ],
)
def test_names_of_regions_need_no_line(name, id):
    assert region_named(name) == id


def test_a_name_that_two_regions_have_is_refused_with_both():
    with pytest.raises(FileError) as caught:
        region_named("Mitte")
    message = str(caught.value)
    assert "09464-05 (Mitte, Stadt Hof) oder 09475-05 (Mitte, Landkreis Hof)" in message
    assert "[mapping.words.region]" in message
    assert region_named("Mitte", '[mapping.words.region]\nMITTE = "09475-05"\n') == "09475-05"


@pytest.mark.parametrize(
    "word", ["Gymnasien", "gymnasium", "GYMNASIEN ", "Gym-\u00adnasien", "Gymnasium 1)", "Gymn."]
)
def test_known_labels_need_no_line_however_they_are_set(word):
    content = f"Schuljahr;{word}\n2022/23;5\n".encode()
    assert cells(content, mapping(WIDE)) == {("2022/23", "gymnasium"): 5}


def test_what_a_land_calls_a_category_is_known_there():
    said = small.BASE.replace(
        'labels = ["Hauptschulen"]',
        'labels = ["Hauptschulen"], land_names = { "09" = "Mittelschule" }',
    )
    content = csv_bytes("Schuljahr;Mittelschule\n2022/23;5")
    for region, known in (("09464", True), ("16063", False)):
        catalog = small.catalog(own=mapping(WIDE, region=region), vocabulary=said)
        if known:
            (table,) = own_tables.read_own(content, "own.csv", catalog, REGIONS)
            assert table.rows["school_type"].tolist() == ["hauptschule"]
        else:
            with pytest.raises(FileError, match="Mittelschule"):
                own_tables.read_own(content, "own.csv", catalog, REGIONS)


def test_a_label_that_two_categories_have_is_refused_with_both():
    said = small.BASE.replace('labels = ["Gymnasien"]', 'labels = ["Gymnasien", "Haupt-Schule"]')
    catalog = small.catalog(own=mapping(OF_TYPES), vocabulary=said)
    with pytest.raises(FileError, match="hauptschule .* oder gymnasium .* heißen"):
        own_tables.read_own(
            csv_bytes("Schuljahr;Art;Kinder\n2022/23;haupt schule;5"), "own.csv", catalog, REGIONS
        )


OF_TYPES = ROWS + '[[mapping.columns]]\nheading = "Art"\nis = "school_type"\n' + VALUE


def test_unknown_words_are_told_at_once_with_the_lines_that_explain_them():
    content = csv_bytes(
        "Schuljahr;Art;Kinder\n2022/23;Gymnasum;5\n2022/23;Kolleg;1\n2022/23;Gymnasien;1"
    )
    message = refused(content, mapping(OF_TYPES))
    assert message.startswith("own.csv, Zeile 2, Spalte 2: „Gymnasum“, „Kolleg“ sind")
    assert "am ähnlichsten ist gymnasium („Gymnasium“)" in message
    lines = message[message.index("[mapping.words") :]
    assert lines == '[mapping.words.school_type]\n"Gymnasum" = "gymnasium"\n"Kolleg" = "…"'
    explained = lines.replace("…", "hauptschule")
    assert cells(
        content.replace(b"Gymnasien;1", b"weg;1"),
        mapping(OF_TYPES + explained + '\nweg = "foerderschule"'),
    )


def test_an_unknown_heading_is_told_with_what_is_like_it():
    wide = mapping(WIDE)
    message = refused(csv_bytes("Schuljahr;Gymnasum\n2022/23;5"), wide)
    assert '[mapping.words.school_type]\n"Gymnasum" = "gymnasium"' in message
    message = refused(csv_bytes("Schuljahr;Kinderr\n2022/23;5"), mapping())
    assert "am ähnlichsten ist dort „Kinder“" in message


def test_two_years_that_are_no_key_date_are_told_with_what_says_which():
    content = csv_bytes("Jahr;Kinder\n2024/25;5")
    text = mapping(DAYS, header="Jahr", dataset="population")
    assert "year_is" in refused(content, text)


@pytest.mark.parametrize(
    ("patterns", "found"),
    [
        ('"Grund*" = "hauptschule"\n"*schule" = "gymnasium"', None),
        ('"Grund*" = "hauptschule"\n"Grundschule*" = "gymnasium"', "gymnasium"),
        ('"Grundschule Nord" = "gymnasium"\n"Grund*" = "hauptschule"', "gymnasium"),
        ('"*nord*" = "hauptschule"', "hauptschule"),
        ('"*Nord" = "hauptschule"', "hauptschule"),
    ],
)
def test_of_two_patterns_the_one_that_says_more_counts(patterns, found):
    content = csv_bytes("Schuljahr;Art;Kinder\n2022/23;Grundschule Nord;5")
    text = mapping(OF_TYPES + f"[mapping.words.school_type]\n{patterns}")
    if found and "*schule" not in patterns:
        assert cells(content, text) == {("2022/23", found): 5}
    else:
        content = csv_bytes("Schuljahr;Art;Kinder\n2022/23;Grundschule;5")
        assert "„Grundschule“ ist" in refused(content, text)


def test_the_same_cell_twice_is_a_subtotal_or_a_column_too_few():
    content = csv_bytes("Schuljahr;Schule;Kinder\n2022/23;A;5\n2022/23;B;5")
    message = refused(content, mapping(skip_columns=["Schule"]))
    assert "Zeile 3, Spalte 3" in message and "steht schon in Zeile 2" in message


def test_subtotals_are_skipped_with_any_ending():
    content = csv_bytes("Schuljahr;Kinder\n2022/23;5\nZwischensumme A;5\nSumme;5")
    text = mapping(skip_rows=["Summe", "Zwischensumme*"])
    assert cells(content, text) == {("2022/23",): 5}


# --- licences -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "licence"),
    [
        ("CC BY 4.0", "CC BY 4.0"),
        ("CC-BY-4.0", "CC BY 4.0"),
        ("cc by 4.0", "CC BY 4.0"),
        ("CC-BY", "CC BY"),
        ("CC BY-SA 4.0", "CC BY-SA 4.0"),
        ("CC0 1.0", "CC0"),
        ("dl-de/zero-2-0", "dl-de/zero-2-0"),
        ("dl-de-by-2.0", "dl-de/by-2-0"),
        ("ODbL-1.0", "ODbL"),
        ("intern", "intern"),
    ],
)
def test_known_licences_however_they_are_written(written, licence, tmp_path):
    text = mapping(dataset="pupils", licence=written)
    (tmp_path / "own.toml").write_text(text, encoding="utf-8")
    catalog = definitions.load(SHIPPED_DEFINITIONS, tmp_path)
    assert catalog.mappings["own"].licence == licence


def test_a_town_may_add_a_licence_and_an_unknown_one_is_told():
    text = mapping(licence="Stadtlizenz")
    with pytest.raises(DefinitionError) as caught:
        small.catalog(own=text)
    assert "„Stadtlizenz“ ist nicht bekannt; erlaubt sind dl-de/by-2-0" in str(caught.value)
    assert '[licences."Stadtlizenz"] und name = "…"' in str(caught.value)
    added = '[licences."Stadtlizenz"]\nname = "Lizenz der Stadt"\ntext = "example.org"\n'
    catalog = small.catalog(own=text + added)
    assert catalog.vocabulary.licences["Stadtlizenz"].text == "example.org"
    with pytest.raises(DefinitionError, match="diese Lizenz gibt es schon"):
        small.catalog(own=text + added.replace("Stadtlizenz", "dl-de/by-2-0"))


# --- rows that are chosen, counted and added up --------------------------------------------------

SCHOOLS = csv_bytes("""
    Schuljahr;Schule;Status;Kinder
    2022/23;Grundschule Nord;aktiv;5
    2022/23;Grundschule Süd;aktiv;6
    2022/23;Jean-Paul-Gymnasium;aktiv;40
    2022/23;Gymnasium Alt;geschlossen;99
    2022/23;Anmerkung;;
""")
PLACE_AND_TYPE = (
    ROWS
    + """
[[mapping.columns]]
heading = "Schule"
is = ["region", "school_type"]
"""
    + VALUE
    + """
[mapping.words.region]
"Grundschule Nord" = "09464-02"
"Grundschule Süd" = "09464-01"
"Jean-Paul-Gymnasium" = "09464-02"
"Gymnasium Alt" = "09464-02"
[mapping.words.school_type]
"Grundschule*" = "hauptschule"
"*gymnasium*" = "gymnasium"
"""
)
ACTIVE = 'rows = { Status = ["aktiv"] }'


def test_rows_are_chosen_by_a_column_and_the_others_are_counted():
    text = mapping(PLACE_AND_TYPE, region=None, more=ACTIVE)
    assert cells(SCHOOLS, text) == {
        ("09464-02", "2022/23", "hauptschule"): 5,
        ("09464-01", "2022/23", "hauptschule"): 6,
        ("09464-02", "2022/23", "gymnasium"): 40,
    }
    (table,) = read(SCHOOLS, text)
    (note,) = table.notes
    assert note.startswith("2 Zeilen nach der Spalte „Status“ nicht gelesen")
    assert "1-mal „geschlossen“" in note and "1-mal „“" in note


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ('rows = { Status = "ruht" }', "in keiner Zeile „ruht“"),
        ('rows = { Stand = ["aktiv"] }', "die Spalte „Stand“, nach der"),
    ],
)
def test_rows_that_nothing_chooses_are_refused(given, told):
    assert told in refused(SCHOOLS, mapping(PLACE_AND_TYPE, region=None, more=given))


def test_a_word_to_choose_by_that_stands_nowhere_is_told():
    more = 'rows = { Status = ["aktiv", "neu"] }'
    (table,) = read(SCHOOLS, mapping(PLACE_AND_TYPE, region=None, more=more))
    assert "in der Spalte „Status“ steht nirgends „neu“ (rows)" in table.notes


ADDED = PLACE_AND_TYPE.replace('"09464-01"', '"09464-02"')


def test_several_schools_of_one_area_are_added_only_if_the_mapping_says_so():
    assert "sum = true" in refused(SCHOOLS, mapping(ADDED, region=None, more=ACTIVE))
    text = mapping(ADDED, region=None, more=ACTIVE, sum=True)
    assert cells(SCHOOLS, text) == {
        ("09464-02", "2022/23", "hauptschule"): 11,
        ("09464-02", "2022/23", "gymnasium"): 40,
    }
    assert rows(SCHOOLS, text)["flags"].tolist() == ["summed", ""]
    (table,) = read(SCHOOLS, text)
    assert "2 Werte aus mehreren Zeilen zu 1 Summe zusammengezählt (sum = true)" in table.notes


@pytest.mark.parametrize(
    ("second", "value", "flags"),
    [
        ("7", 12, "summed"),
        ("-", 5, "summed"),
        ("x", 5, "summed"),
        ("(7)", 12, "estimated,summed"),
        ("*", "secret", ""),
        ("k. A.", "missing", ""),
        ("…", "later", ""),
    ],
)
def test_a_sum_is_made_only_of_numbers(second, value, flags):
    content = csv_bytes(f"Schuljahr;Kinder\n2022/23;5\n2022/23;{second}")
    assert cells(content, mapping(sum=True)) == {("2022/23",): value}
    assert rows(content, mapping(sum=True))["flags"].tolist() == [flags]


def test_a_sum_of_nothing_is_an_exact_zero_only_of_exact_zeros():
    content = csv_bytes("Schuljahr;Kinder\n2022/23;0\n2022/23;-\n2023/24;x\n2023/24;x")
    found = rows(content, mapping(sum=True))
    assert found["status"].tolist() == ["zero", "not_applicable"]
    columns = '[mapping.symbols]\n"0" = "rounded_zero"\n' + ROWS + VALUE
    assert rows(content, mapping(columns, sum=True))["status"].tolist()[0] == "rounded_zero"


def test_a_list_is_counted_by_its_rows():
    content = csv_bytes("""
        Schuljahr;Schlüssel;Nummer;Kinder
        2022/23;09464000;100020;5
        2022/23;09475112;100021;6
        2022/23;9475113;100022;7
        2022/23;9475113;;
    """)
    columns = (
        ROWS
        + '[[mapping.columns]]\nheading = "Schlüssel"\nis = "region"\nlevel = "kreis"\n'
        + '[[mapping.columns]]\nheading = "Nummer"\nmeasure = "schools"\ncounts = true\n'
    )
    text = mapping(columns, region=None, sum=True, skip_columns=["Kinder"])
    assert cells(content, text) == {
        ("2022/23", "schools"): 1,
        ("09475", "2022/23", "schools"): 2,
    }
    columns = columns.replace('"kreis"', '"land"')
    assert cells(content, mapping(columns, region=None, sum=True, skip_columns=["Kinder"])) == {
        ("09", "2022/23", "schools"): 3
    }
    whole = csv_bytes("Schuljahr;Schlüssel;Nummer\n2022/23;09;1")
    columns = columns.replace('"land"', '"kreis"')
    assert "„09“" in refused(whole, mapping(columns, region=None, sum=True))


# --- periods and categories inside of headings ----------------------------------------------------


@pytest.mark.parametrize("heading", ["<period> Plätze", "<period>  plätze*"])
def test_years_inside_of_headings(heading):
    content = csv_bytes("Art;18/19 Plätze;2019/20 Plätze¹;2020/2021 Plätze\nGymnasien;1;2;3")
    columns = (
        '[[mapping.columns]]\nheading = "Art"\nis = "school_type"\n'
        f'[[mapping.columns]]\nheading = "{heading}"\nmeasure = "pupils"\n'
    )
    assert cells(content, mapping(columns, header="Art")) == {
        ("2018/19", "gymnasium"): 1,
        ("2019/20", "gymnasium"): 2,
        ("2020/21", "gymnasium"): 3,
    }


def test_several_meanings_inside_of_a_heading():
    content = csv_bytes("Ort;Gymnasien, weiblich (22/23);Hauptschulen, männlich (23/24)\n09464;1;2")
    columns = (
        '[[mapping.columns]]\nheading = "Ort"\nis = "region"\n'
        '[[mapping.columns]]\nheading = "<school_type>, <sex> (<period>)"\nmeasure = "pupils"\n'
    )
    assert cells(content, mapping(columns, header="Ort", region=None)) == {
        ("2022/23", "gymnasium", "female"): 1,
        ("2023/24", "hauptschule", "male"): 2,
    }


def test_a_heading_that_does_not_have_the_form_is_not_explained():
    content = csv_bytes("Art;Plätze 18/19;Plätze\nGymnasien;1;2")
    columns = (
        '[[mapping.columns]]\nheading = "Art"\nis = "school_type"\n'
        '[[mapping.columns]]\nheading = "Plätze <period>"\nmeasure = "pupils"\n'
    )
    assert "„Plätze“ ist in der Zuordnung own nicht erklärt" in refused(
        content, mapping(columns, header="Art")
    )


# --- the year of a Kita ---------------------------------------------------------------------------

DAYS = """
[[mapping.columns]]
heading = "Jahr"
is = "period"
[[mapping.columns]]
heading = "Kinder"
measure = "population"
"""


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ('year_is = "end"\nday = "01.03."', "01.03.2025"),
        ('year_is = "start"\nday = "1.3"', "01.03.2024"),
        ('year_is = "end"', "31.12.2025"),
    ],
)
@pytest.mark.parametrize("printed", ["2024/25", "24/25", "Kitajahr 2024/2025", "2024-25"])
def test_the_mapping_says_which_key_date_the_year_of_a_kita_means(printed, said, day):
    content = csv_bytes(f"Jahr;Kinder\n{printed};5")
    text = mapping(DAYS, header="Jahr", dataset="population", more=said)
    assert rows(content, text)["period"].tolist() == [day]
    named = mapping(
        DAYS.replace("Jahr", "Kinder", 1).split("[[")[0] + "[[" + DAYS.split("[[")[2],
        header="Kinder",
        dataset="population",
        more=said + '\nperiod = "<file>"',
    )
    assert rows(csv_bytes("Kinder\n5"), named, "own_24-25.csv")["period"].tolist() == [day]


def test_the_dataset_may_say_so_and_without_it_two_years_are_no_key_date():
    content = csv_bytes("Jahr;Kinder\n2024/25;5\n2026;6\n31.12.2027;7")
    text = mapping(DAYS, header="Jahr", dataset="population")
    assert "keine Zeitangabe" in refused(content, text)
    said = small.POPULATION.replace('"key_date"', '"key_date"\nday = "01.03."\nyear_is = "end"')
    catalog = small.catalog(own=text, population=said)
    (table,) = own_tables.read_own(content, "own.csv", catalog, REGIONS)
    assert table.rows["period"].tolist() == ["01.03.2025", "01.03.2026", "31.12.2027"]


def test_two_explanations_of_one_heading():
    columns = ROWS + VALUE + VALUE.replace("pupils", "schools")
    assert "mehrfach erklärt" in refused(SIMPLE, mapping(columns))


def test_a_file_no_mapping_reads():
    message = refused(SIMPLE, mapping(), "other.csv")
    assert "vorhanden sind own (own*)" in message and "docs/mapping.md" in message


def test_names_are_compared_without_case_and_an_origin_may_name_the_mapping():
    assert read(SIMPLE, mapping(), "OWN_2024.CSV")
    catalog = small.catalog(own=mapping())
    assert own_tables.read_own(SIMPLE, "other.csv", catalog, REGIONS, ("own",))
    with pytest.raises(FileError, match="die Zuordnung gone, die es nicht gibt"):
        own_tables.read_own(SIMPLE, "own.csv", catalog, REGIONS, ("gone",))


def test_the_invented_town_does_not_read_the_files_of_a_real_one():
    other = mapping().replace('id = "own"', 'id = "invented"')
    example = {"example/definitions/town": other}
    found = own_tables.read_own(SIMPLE, "own.csv", small.catalog(own=mapping(), **example), REGIONS)
    assert [table.mapping.id for table in found] == ["own"]
    found = own_tables.read_own(SIMPLE, "own.csv", small.catalog(**example), REGIONS)
    assert [table.mapping.id for table in found] == ["invented"]


def test_an_official_table_needs_no_mapping():
    content = b"GENESIS-Tabelle: 12411-01-01-4\n"
    assert read(content, mapping(), "own.csv") == []


def test_two_mappings_share_a_workbook():
    table = [["Schuljahr", "Kinder"], ["2022/23", 5]]
    people = [["Jahr", "Menschen"], [2022, 50]]
    book = workbook({"Schule": table, "Stadt": people})
    other = mapping(
        YEARS + '[[mapping.columns]]\nheading = "Menschen"\nmeasure = "population"\n',
        header="Jahr",
        dataset="population",
        sheets=["Stadt"],
    ).replace('"own"', '"people"')
    catalog = small.catalog(own=mapping(sheets=["Schule"]), people=other)
    found = own_tables.read_own(book, "own.xlsx", catalog, REGIONS)
    assert [(t.dataset.id, t.rows["value"].tolist()) for t in found] == [
        ("pupils", [5]),
        ("population", [50]),
    ]
    only = small.catalog(own=mapping(sheets=["Schule"]))
    with pytest.raises(FileError, match="Blatt „Stadt“"):
        own_tables.read_own(book, "own.xlsx", only, REGIONS)
    alone = small.catalog(own=mapping())
    with pytest.raises(FileError, match="liest genau ein Blatt"):
        own_tables.read_own(book, "own.xlsx", alone, REGIONS)


# --- archives -------------------------------------------------------------------------------------

BY_FILE = mapping(BY_TYPE, header="Art", period="<file>")
TYPES = csv_bytes("Art;Kinder\nGymnasien;5")


def test_the_files_of_an_archive_are_read_as_if_each_had_come_alone():
    book = workbook({"Tabelle1": [["Art", "Kinder"], ["Hauptschulen", 7]]})
    content = zipped(
        {
            "2022/own_2021-22.csv": TYPES,
            "own_2022-23.xlsx": book,
            "__MACOSX/._own_2022-23.xlsx": b"\0\5\x16\7",
            ".DS_Store": b"\0",
        }
    )
    found = read(content, BY_FILE, "Alles 2024-25.zip")
    assert [table.file for table in found] == [
        "Alles 2024-25.zip (2022/own_2021-22.csv)",
        "Alles 2024-25.zip (own_2022-23.xlsx)",
    ]
    told = [(r.period, r.school_type, r.value) for t in found for r in t.rows.itertuples()]
    assert told == [("2021/22", "gymnasium", 5), ("2022/23", "hauptschule", 7)]
    # an Excel file that is only stored shows its own contents in the archive's bytes
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("own_2022-23.xlsx", book)
    assert len(read(out.getvalue(), BY_FILE, "a.zip")) == 1


@pytest.mark.parametrize("utf8", [True, False])
def test_umlauts_in_an_archive_may_be_of_any_system(utf8):
    name = "own_Übergänge.csv"
    packed = unicodedata.normalize("NFD", name) if utf8 else name
    content = zipped({packed: SIMPLE})
    assert (packed.encode() in content) or not utf8
    if utf8:  # as macOS packs: UTF-8 that does not say so
        content = content.replace(b"\x00\x08", b"\x00\x00")
    (table,) = read(content, mapping(files=["own_Übergänge.csv"]), "a.zip")
    assert table.file == f"a.zip ({name})"


@pytest.mark.parametrize(
    ("files", "told"),
    [
        (
            {"own_22-23.csv": TYPES, "own_23-24.csv": csv_bytes("Art;Kinder\nGymnasien;viele")},
            "a.zip (own_23-24.csv), Zeile 2, Spalte 2: „viele“ ist weder eine Zahl",
        ),
        (
            {"own_22-23.csv": TYPES, "x.csv": TYPES},
            "a.zip (x.csv): das ist keine amtliche Tabelle, und keine Zuordnung liest Dateien",
        ),
        ({"x.csv": TYPES}, "a.zip (x.csv): das ist keine amtliche Tabelle, und keine Zuordnung"),
        (
            {"own_22-23.csv": TYPES, "brief.pdf": b"%PDF-1.7"},
            "a.zip (brief.pdf): diese Datei liest keine Zuordnung; vorhanden sind own (own*)",
        ),
        (
            {"own_22-23.csv": TYPES, "neu/own_22-23.csv": TYPES},
            "a.zip (neu/own_22-23.csv): für 09464, 2022/23, stehen schon Angaben in a.zip (own_22",
        ),
        (
            {"own_22-23.csv": TYPES, "12411-01-01-4.csv": b"GENESIS-Tabelle: 12411-01-01-4\n"},
            "a.zip (own_22-23.csv): das Archiv enthält amtliche und eigene Tabellen",
        ),
        (
            {"own_22-23.csv": TYPES, "own_b.zip": zipped({"own_23-24.csv": TYPES})},
            "a.zip (own_b.zip): das ist ein Archiv in einem Archiv",
        ),
        ({"own_22-23.csv": b"0" * 30_000_000}, "höchstens 500 MB, höchstens das 100-fache"),
        (
            {"own_22-23.csv": TYPES} | {f"{i}.csv": b"" for i in range(2_000)},
            "das Archiv enthält 2001 Dateien; gelesen werden höchstens 2000",
        ),
    ],
)
def test_an_archive_is_refused_as_a_whole_and_the_file_in_it_is_named(files, told):
    assert told in refused(zipped(files), BY_FILE, "a.zip")


def test_what_an_archive_unpacks_to_is_limited_also_inside_its_workbooks(monkeypatch):
    # packed twice: the archive alone looks small
    book = zipped({"xl/sheet.xml": b"0" * 30_000_000})
    assert len(book) < 1_000_000
    message = refused(zipped({"own_22-23.xlsx": book}), BY_FILE, "a.zip")
    assert "ungewöhnlich groß" in message
    monkeypatch.setattr("indicators.sources.archive._MAX_BYTES", 30)
    message = refused(zipped({"own_22-23.csv": TYPES, "own_23-24.csv": TYPES}), BY_FILE, "a.zip")
    assert "ungewöhnlich groß" in message


def test_a_damaged_or_protected_archive_is_refused():
    content = bytearray(zipped({"own_22-23.csv": TYPES}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + offset] |= 1
    assert "mit einem Kennwort geschützt" in refused(bytes(content), BY_FILE, "a.zip")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("own_22-23.csv", csv_bytes("Art;Kinder" + "\nGymnasien;5" * 1_000))
    damaged = out.getvalue().replace(b"\nGymnasien;5\r\nG", b"\nGymnasien;6\r\nG")
    assert "beschädigt oder abgeschnitten" in refused(damaged, BY_FILE, "a.zip")


def test_an_archive_of_official_tables_needs_no_mapping():
    official = b"GENESIS-Tabelle: 12411-01-01-4\n"
    assert read(zipped({"12411.csv": official, "lies.txt": b"x"}), BY_FILE, "own.zip") == []


def test_the_origin_of_an_archive_may_name_several_mappings():
    other = mapping(files=["kinder*"])
    catalog = small.catalog(own=BY_FILE, other=other.replace('id = "own"', 'id = "other"'))
    content = zipped({"own_22-23.csv": TYPES, "kinder.csv": SIMPLE})
    for named in ((), ("own", "other")):
        found = own_tables.read_own(content, "a.zip", catalog, REGIONS, named)
        assert [table.mapping.id for table in found] == ["own", "other"]
    with pytest.raises(FileError, match="die Zuordnung gone, die es nicht gibt"):
        own_tables.read_own(content, "a.zip", catalog, REGIONS, ("own", "gone"))
    # a single one reads them all: whoever named it knew
    with pytest.raises(FileError, match=r"a.zip \(own_22-23.csv\): keine Zeile beginnt mit"):
        own_tables.read_own(content, "a.zip", catalog, REGIONS, ("other",))


# --- files of one mapping for two towns -----------------------------------------------------------

OFFERS = """
[mapping]
id = "offers"
dataset = "local_offers"
title = "Angebote"
files = ["angebote*"]
header = "Jahr"
skip_columns = ["Bemerkung"]
[[mapping.columns]]
heading = "Jahr"
is = "period"
[[mapping.columns]]
heading = "Kreis"
is = "region"
[[mapping.columns]]
heading = "Kurse"
measure = "adult_courses"
"""


@pytest.fixture
def received(small_shipped, own_folders, tmp_path):
    """Files are received one after the other and built: (region, period) → value."""
    own_folders.own_definitions.mkdir(parents=True)
    (own_folders.own_definitions / "town.toml").write_text(OFFERS)
    receiver = Receiver(own_folders)

    def build(*files: tuple[str, bytes]) -> dict:
        for name, content in files:
            (tmp_path / name).write_bytes(content)
            assert receiver.receive(tmp_path / name).stored.is_new
        built = run.build(own_folders)
        assert built.published, built.report.text()
        release = releases.open_release(own_folders)
        found = release.frame("select region, period, adult_courses from release.data_local_offers")
        release.close()
        return {tuple(row[:2]): row[2] for row in found.dropna().itertuples(index=False)}

    return build


def offers(*lines: str) -> bytes:
    return csv_bytes("\n".join(["Jahr;Kreis;Kurse;Bemerkung", *(f"{line};" for line in lines)]))


def test_files_of_one_mapping_for_two_towns_both_count(received):
    hof, coburg = offers("2022;09464;10", "2023;09464;20"), offers("2022;09463;30")
    found = received(("angebote.csv", hof), ("angebote_coburg.csv", coburg))
    assert found == {("09464", "2022"): 10, ("09464", "2023"): 20, ("09463", "2022"): 30}


def test_files_of_the_same_name_for_two_towns_both_count(received):
    received(("angebote.csv", offers("2022;09464;10")))
    found = received(("angebote.csv", offers("2022;09463;30")))
    assert found == {("09464", "2022"): 10, ("09463", "2022"): 30}


def test_of_two_files_received_in_one_second_the_later_counts(received):
    first, second = offers("2022;09464;10"), offers("2022;09464;11")
    assert received(("angebote_b.csv", first), ("angebote_a.csv", second)) == {
        ("09464", "2022"): 11
    }


def test_an_archive_is_received_and_built_like_its_files(received, own_folders):
    hof, coburg = offers("2022;09464;10"), offers("2022;09463;30")
    archive = zipped({"hof/angebote.csv": hof, "coburg/angebote.csv": coburg})
    found = received(("angebote 2022.zip", archive))
    assert found == {("09464", "2022"): 10, ("09463", "2022"): 30}
    (origin,) = own_folders.received.rglob("*.origin.toml")
    assert 'mapping = ["offers"]' in origin.read_text()


# --- definitions ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (mapping(more='tiltle = "x"'), "Feld mappings.1.tiltle: dieses Feld gibt es hier nicht"),
        (mapping(dataset="gone"), "Feld mapping.dataset: „gone“ ist nicht bekannt; erlaubt sind"),
        (mapping(ROWS + VALUE.replace("pupils", "gone")), "Feld mapping.columns.2.measure"),
        (mapping(ROWS + VALUE + 'where = { sex = "gone" }\n'), "columns.2.where.sex: Ausprägung"),
        (mapping(ROWS + VALUE + 'where = { gone = "x" }\n'), "Merkmal „gone“"),
        (mapping(ROWS.replace('"period"', '"gone"') + VALUE), "Feld mapping.columns.1.is: „gone“"),
        (mapping(ROWS + VALUE + 'is = "period"\n'), "entweder is oder measure"),
        (mapping(ROWS), "keine Spalte nennt eine Messgröße"),
        (mapping(VALUE), "nichts sagt, welche Zeit gilt"),
        (mapping(region=None), "nichts sagt, welche Region gilt"),
        (mapping(sheet_is="gone"), "Feld mapping.sheet_is"),
        (mapping(sheet_is="period"), "„period“ ist mehrfach erklärt"),
        (mapping(symbols="gone"), "Feld mapping.symbols: „gone“"),
        (mapping(ROWS + VALUE + '[mapping.symbols]\nx = "gone"\n'), "Feld mapping.symbols.x"),
        (mapping(ROWS + VALUE + '[mapping.fixed]\nsex = "gone"\n'), "Feld mapping.fixed.sex"),
        (mapping(ROWS + VALUE + '[mapping.words.gone]\nx = "y"\n'), "Feld mapping.words: „gone“"),
        (mapping(ROWS + VALUE + '[mapping.words.sex]\nx = "y"\n'), "Feld mapping.words.sex.x"),
        (mapping(licence="gone"), "Feld mapping.licence"),
        (mapping(region="09999"), "Feld mapping.region: die Region „09999“ ist nicht bekannt"),
        (
            mapping(ROWS + VALUE + '[mapping.words.region]\nx = "09999"\n'),
            "Feld mapping.words.region.x",
        ),
        (mapping(period="gestern"), "Feld mapping.period"),
        (mapping(absent="null"), "erlaubt sind 'missing' oder 'zero'"),
    ],
)
def test_a_wrong_mapping_names_file_field_and_what_is_allowed(text, told):
    with pytest.raises(DefinitionError) as caught:
        read(SIMPLE, text)
    assert str(caught.value).startswith("own.toml, Feld") and told in str(caught.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (mapping(sum="x"), "mappings.1.sum: hier muss true oder false stehen"),
        (mapping(header_rows=True), "mappings.1.header_rows: hier muss eine ganze Zahl stehen"),
        (mapping(ROWS + VALUE + "factor = 0\n"), "factor: die Zahl muss größer als 0 sein"),
        (mapping(ROWS + VALUE + "factor = inf\n"), "factor: hier muss eine endliche Zahl stehen"),
        (mapping(ROWS + VALUE + "factor = true\n"), "factor: hier muss eine Zahl stehen"),
        (mapping(ROWS + VALUE + "counts = true\n"), "counts: gezählt wird nur, wo sum = true"),
        (mapping(ROWS + "level = 'kreis'\n" + VALUE), "level: gehört zu einer Spalte mit is"),
        (mapping(ROWS + "factor = 100\n" + VALUE), "factor: gehört zu einer Spalte mit measure"),
        (mapping(ROWS + VALUE + "fill_down = true\n"), "fill_down: gehört zu einer Spalte mit is"),
        (mapping(day="01.03."), "day: gilt nur für Datensätze mit Stichtagen"),
        (mapping(day="31.02."), "mappings.1.day: „31.02.“ hat nicht die Form"),
        (mapping(year_is="zweites"), "mappings.1.year_is: „zweites“ ist nicht erlaubt"),
        (mapping(skip_row=["x"]), "gemeint ist vielleicht skip_rows"),
        (
            mapping(YEARS + SHARE, header="Jahr", dataset="rates", sum=True),
            "mapping.sum: „share“ ist eine fertige Verhältniszahl",
        ),
        (
            mapping(ROWS + VALUE).replace('heading = "Kinder"', "heading = 1"),
            "eine Liste von Texten",
        ),
    ],
)
def test_a_field_that_means_nothing_there_is_told(text, told):
    with pytest.raises(DefinitionError) as caught:
        small.catalog(own=text)
    (line,) = str(caught.value).splitlines()
    assert line.startswith("own.toml, Feld mapping") and told in line


def test_the_example_of_the_manual_is_read_as_it_says():
    text = (PROJECT / "docs" / "mapping.md").read_text(encoding="utf-8")
    region, own = (textwrap.dedent(part) for part in re.findall(r"( +```toml.*?)```", text, re.S))
    blocks = [re.sub(r"```toml", "", part) for part in (region, own)]
    catalog = definitions.from_texts(shipped.catalog().files | {"town.toml": "\n".join(blocks)})
    assert catalog.local_regions["09464-01"].where == "in der Altstadt"
    table = [
        [part.strip(" *") for part in line.split("|")[1:-1]]
        for line in text.splitlines()
        if line.strip().startswith("|") and "---" not in line
    ][:5]
    book = workbook({"Tabelle1": table})
    (found,) = own_tables.read_own(book, "Übergänge 2025.xlsx", catalog, REGIONS)
    rows = found.rows[["region", "destination_type", "value", "status"]]
    assert rows.fillna(-1).values.tolist() == [
        ["09464-01", "hauptschule", 31, "ok"],
        ["09464-02", "hauptschule", -1, "missing"],
        ["09464-01", "gymnasium", 48, "ok"],
        ["09464-02", "gymnasium", 52, "ok"],
    ]
    assert set(found.rows["origin_grade"]) == {"grade_4"}


def test_the_list_of_schools_of_the_manual_is_read_as_it_says():
    text = (PROJECT / "docs" / "mapping.md").read_text(encoding="utf-8")
    part = text[text.index("## A list of schools") :]
    content, explained = re.findall(r"```\n(.*?)```", part, re.S)[:2]
    catalog = definitions.from_texts(shipped.catalog().files | {"town.toml": explained})
    register = REGIONS | {"05111": Region("05111", "kreis", "Stadt Düsseldorf", "", "051")}
    (table,) = own_tables.read_own(content.encode(), "schulverzeichnis.csv", catalog, register)
    rows = table.rows[["region", "period", "school_type", "measure", "value"]]
    assert rows.to_numpy().tolist() == [
        ["05111", "2024/25", "grundschule", "schools", 1],
        ["05111", "2024/25", "grundschule", "pupils", 220],
    ]


def test_a_mapping_has_a_say_only_in_the_files_it_may_read():
    catalog = run.load_catalog(Folders(PROJECT / "nowhere"))
    every = list(enumerate(catalog.mappings.values()))
    place, one = every[-1]
    file = one.files[0].replace("*", "x")
    assert own_tables.made_with(b"a;b", file, catalog, (one.id,)) == [(place, one)]
    by_name = own_tables.made_with(b"a;b", file, catalog)
    assert (place, one) in by_name
    assert len(by_name) < len(every)
    assert own_tables.made_with(b"a;b", "nobody_reads_this.csv", catalog) == []
    # each file of an archive may be read by another
    assert own_tables.made_with(zipped({file: b"a;b"}), "x.zip", catalog, (one.id,)) == every
