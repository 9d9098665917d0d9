"""Files in every official variant come in cell by cell; every damaged one is refused in German."""

import csv
import io
import json
import re
import zipfile
from dataclasses import replace

import pytest

from indicators.errors import FileError
from indicators.sources.reading import is_official, read_bytes, read_file
from tests.zoo.builders import (
    FOOTNOTES,
    LICENCE,
    REGIONS,
    STAND,
    Sample,
    datencsv,
    expected,
    ffcsv,
    found,
    zipped,
)

SAMPLE = Sample().counted()
DAY = Sample(times=("09.05.2011",)).counted()
YEAR = Sample(times=("2015",)).counted()
SCHOOL_YEARS = Sample(times=("2018/19", "2019/20")).counted()
DAYS = Sample(times=("31.12.2022", "31.12.2023")).counted()
SEMESTERS = Sample(times=("WS 2018/19", "WS 2019/20")).counted()
DEEP = Sample(
    dimensions=(
        ("Grundschulen", "Gymnasien", "Insgesamt"),
        ("Insgesamt", "ausländisch"),
        ("Insgesamt", "männlich", "weiblich"),
    ),
    measures=(("Schulen", "Anzahl"), ("Anteil der Schüler/-innen", "Prozent")),
).counted()
SYMBOLS = Sample().filled(("-", ".", "...", "/", "x", "0", "12,5", "-26,2", "1.234", "7p", "3 ()"))
FLAT = replace(DEEP, times=("2023-10P6M",)).counted()

COPY = {"quote": csv.QUOTE_ALL, "empty_columns": 3, "encoding": "utf-8-sig", "newline": "\r\n"}

READABLE = {
    "as the database writes it": (SAMPLE, {}),
    "first line without GENESIS": (SAMPLE, {"first": "Tabelle: "}),
    "UTF-8": (SAMPLE, {"encoding": "utf-8"}),
    "UTF-8 with mark": (SAMPLE, {"encoding": "utf-8-sig"}),
    "UTF-16": (SAMPLE, {"encoding": "utf-16"}),
    "CRLF": (SAMPLE, {"newline": "\r\n"}),
    "CR": (SAMPLE, {"newline": "\r"}),
    "CRCRLF of a double conversion": (SAMPLE, {"newline": "\r\r\n"}),
    "Excel copy": (SAMPLE, COPY),
    "title on four lines": (SAMPLE, {"title_lines": 4}),
    "titles without semicolons": (SAMPLE, {"pad": False}),
    "no footnotes": (SAMPLE, {"footnotes": ""}),
    "unit in the title": (SAMPLE, {"unit": "title"}),
    "two units": (DEEP, {}),
    "one row dimension": (DEEP, {"row_dimensions": 1}),
    "two row dimensions": (DEEP, {"row_dimensions": 2}),
    "all dimensions in rows": (DEEP, {"row_dimensions": 3}),
    "six header rows": (DEEP, {"time": "header"}),
    "years in the header": (SAMPLE, {"time": "header"}),
    "key dates in the header": (DAYS, {"time": "header"}),
    "school years in the header": (SCHOOL_YEARS, {"time": "header"}),
    "winter semesters in the header": (SEMESTERS, {"time": "header"}),
    "time behind the labels": (DEEP, {"time": "last", "row_dimensions": 1}),
    "school years in a column": (SCHOOL_YEARS, {}),
    "key dates in a column": (DAYS, {}),
    "year as a line of its own": (YEAR, {"time": "line"}),
    "date as a line of its own": (DAY, {"time": "line"}),
    "date behind the unit in the title": (DAY, {"time": "line", "unit": "title"}),
    "date inside the title": (DAY, {"time": "words"}),
    "quality signs headed the same": (SAMPLE, {"quality": "same"}),
    "quality signs without heading": (SAMPLE, {"quality": "empty"}),
    "all symbols": (SYMBOLS, {}),
    "table in the other layout": (replace(SAMPLE, code="21111-02-06-4-B"), {}),
    "Regionalatlas": (replace(SAMPLE, code="AI-N-06"), {}),
    "quotation marks in the title": (replace(SAMPLE, title='Themenbereich "Bildung" Teil 2'), {}),
}


@pytest.mark.parametrize("name", READABLE)
def test_every_variant_of_the_table_export_comes_in_exactly(name):
    sample, how = READABLE[name]
    (table,) = read_bytes(datencsv(sample, **how), "tabelle.csv")
    assert found(table) == expected(sample)
    assert table.code == sample.code.removesuffix("-B")
    assert table.title.split() == sample.title.split() or how.get("time") == "words"
    assert table.stand.isoformat() == "2025-03-13T16:40:08"
    assert table.attribution.startswith("© Statistische Ämter des Bundes und der Länder")
    assert table.notes == []


FLAT_READABLE = {
    "new form": (FLAT, {}),
    "without mark": (FLAT, {"encoding": "utf-8"}),
    "CRLF": (FLAT, {"newline": "\r\n"}),
    "saved again with all cells quoted": (FLAT, {"quote": csv.QUOTE_ALL}),
    "other order": (FLAT, {"seed": 2}),
    "region as second variable": (FLAT, {"region_at": 1}),
    "region as last variable": (FLAT, {"region_at": 3}),
    "totals without code": (FLAT, {"totals": ("",)}),
    "totals called INSGESAMT": (FLAT, {"totals": ("INSGESAMT",)}),
    "quality column": (FLAT, {"quality": True}),
    "ISO dates": (replace(SAMPLE, times=("2024-12-31",)).counted(), {}),
    "years": (SAMPLE, {}),
    "only totals": (Sample(dimensions=()).counted(), {}),
    "old form": (DEEP, {"form": "old", "encoding": "cp1252"}),
    "old form in UTF-8": (DEEP, {"form": "old"}),
    "old form with quality": (DEEP, {"form": "old", "quality": True}),
    "old form with dates": (DAYS, {"form": "old", "newline": "\r\n"}),
    "old form with a foot": (DEEP, {"form": "old", "foot": f'__________\n"{LICENCE}"\n{STAND}'}),
}


@pytest.mark.parametrize("name", FLAT_READABLE)
def test_every_variant_of_the_flat_file_comes_in_exactly(name):
    sample, how = FLAT_READABLE[name]
    (table,) = read_bytes(ffcsv(sample, **how), "tabelle.csv")
    assert found(table) == expected(sample)
    assert (table.code, table.statistic, table.notes) == (None, "21111", [])
    if how.get("foot"):
        assert table.stand.isoformat() == "2025-03-13T16:40:08" and table.attribution


@pytest.mark.parametrize("content", [datencsv(SAMPLE), ffcsv(SAMPLE, encoding="utf-8")])
def test_excels_own_line_for_the_separator_moves_no_number(content):
    (plain,), (table,) = read_bytes(content, "a.csv"), read_bytes(b"sep=;\r\n" + content, "a.csv")
    assert is_official(b"sep=;\r\n" + content)
    assert table.cells.equals(plain.cells.assign(line=plain.cells["line"] + 1))


TEXT_OF_SAMPLE = datencsv(SAMPLE).decode("cp1252")
TEXT_OF_DAYS = datencsv(DAYS).decode("cp1252")
ENGLISH_EXCEL = {
    "commas": (TEXT_OF_SAMPLE.replace(",", " ").replace(";", ","), 2, None),
    "commas and quotes": (
        "\n".join(
            ",".join(f'"{cell}"' if "," in cell else cell for cell in line.split(";"))
            for line in TEXT_OF_SAMPLE.replace("\n", ";;\n").splitlines()
        ),
        2,
        None,
    ),
    "dates": (TEXT_OF_DAYS.replace("31.12.", "12/31/"), 7, 1),
}


@pytest.mark.parametrize("name", ENGLISH_EXCEL)
def test_what_an_english_excel_saved_is_refused_for_that_reason(name):
    text, line, column = ENGLISH_EXCEL[name]
    _refused(text.encode(), "englische", "Excel", line=line, column=column)


def test_cells_say_where_they_stand():
    (table,) = read_bytes(datencsv(SAMPLE), "a.csv")
    first = table.cells.iloc[0]
    assert (first["line"], first["column"], first["raw"]) == (7, 4, "1000")
    assert first["region_name"] == "Deutschland"
    content = datencsv(SAMPLE).decode("cp1252").splitlines()
    for cell in table.cells.itertuples():
        assert content[cell.line - 1].split(";")[cell.column - 1] == cell.raw
    content = ffcsv(SAMPLE)
    (table,) = read_bytes(content, "a.csv")
    lines = content.decode("utf-8-sig").splitlines()
    for cell in table.cells.itertuples():
        assert lines[cell.line - 1].split(";")[cell.column - 1] == cell.raw


def test_quality_signs_go_behind_the_number():
    text = "GENESIS-Tabelle: 12411-01-01-4\nBevölkerung\nStatistik\n;;;Insgesamt;;weiblich;\n"
    text += "2023;DG;Deutschland;84,5;p;-;p\n2023;09;Bayern;13;e;.;\n__________\n"
    (table,) = read_bytes((text + LICENCE + "\n" + STAND).encode(), "a.csv")
    assert list(table.cells["raw"]) == ["84,5p", "-", "13", "."]
    assert list(table.cells["column"]) == [4, 6, 4, 6]


def test_codes_that_lost_their_zero_come_in_as_printed():
    regions = (("9", "Bayern"), ("94", "Oberfranken"), ("9464", "Hof"), ("9464000", "Hof, Stadt"))
    sample = Sample(regions=(*regions[:3], ("055150000000", "Münster"))).counted()
    assert found(read_bytes(datencsv(sample), "a.csv")[0]) == expected(sample)
    both = Sample(regions=(regions[2], ("09464", "Hof"))).counted()
    _refused(datencsv(both), "unter denselben Überschriften", line=8, column=4)


def test_old_column_names_get_their_umlauts_back():
    sample = Sample(
        measures=(
            ("Verfügbares Einkommen je EW", "EUR"),
            ("Neue Steuer", "Tsd. EUR"),
            ("Übergänge aktuell", "Anzahl"),
        )
    ).counted()
    content = ffcsv(sample, form="old").replace(b"\xc3\x9cber", b"Ueber")
    assert {k[-1] for k in read_bytes(content, "a.csv")[0].keys} == {m for m, _ in sample.measures}


def test_a_word_fixed_in_the_title_describes_every_cell():
    content = datencsv(DAY, time="line", unit="title").replace(
        b"09.05.2011;;;\n", b"09.05.2011;;;\nweiblich;;;\n"
    )
    (table,) = read_bytes(content, "a.csv")
    assert all(key[0] == "weiblich" for key in table.keys)


@pytest.mark.parametrize(
    ("words", "time"),
    [
        ("Haushalte (bis 2002) - Jahr 2001 -", "2001"),
        ("Zensus 2011, Haushalte - Stichtag 09.05.2011 -", "09.05.2011"),
        ("Haushalte, Gebietsstand 31.12.2020, Schuljahr 2018/19", "2018/19"),
        ("Haushalte 2019", "2019"),
        ("Haushalte 1995 - 2000", None),
        ("Haushalte 2019 und 2020", None),
        ("Haushalte (bis 2002)", None),
        ("Haushalte", None),
    ],
)
def test_a_time_in_the_title_must_be_the_only_one(words, time):
    content = datencsv(replace(DAY, title=words), time="none")
    if time is None:
        _refused(content, "nennt den Zeitpunkt")
    else:
        (table,) = read_bytes(content, "a.csv")
        assert table.times == [time]


def test_identical_repeats_count_once_and_are_noted():
    text = datencsv(SAMPLE).decode("cp1252")
    line = "2023;09464;      Hof, kreisfreie Stadt;1024;1025\n"
    (table,) = read_bytes(text.replace(line, line * 2).encode("cp1252"), "a.csv")
    assert found(table) == expected(SAMPLE)
    assert "doppelt" in table.notes[0]


def test_a_row_missing_in_the_middle_is_noted():
    cells = {place: "-" if place[1] == "03241001" else raw for place, raw in SAMPLE.cells.items()}
    text = datencsv(replace(SAMPLE, cells=cells)).decode("cp1252")
    line = "2023;09464;      Hof, kreisfreie Stadt;1024;1025\n"
    (table,) = read_bytes(text.replace(line, "").encode("cp1252"), "a.csv")
    assert "Region 09464, 2023" in table.notes[0] and "gilt nicht als null" in table.notes[0]


# --- refused ------------------------------------------------------------------------------------


def _refused(content, *words, line=None, column=None, file="tabelle.csv", inside=None):
    with pytest.raises(FileError) as caught:
        read_bytes(content, file)
    message = str(caught.value)
    assert message.startswith(inside or file)
    for word in words:
        assert word in message, message
    assert (caught.value.line, caught.value.column) == (line, column), message
    return message


def _swap(old: str, new: str, encoding: str = "cp1252") -> bytes:
    text = datencsv(SAMPLE).decode("cp1252")
    assert old in text
    return text.replace(old, new, 1).encode(encoding)


def _swap_flat(old: str, new: str, count: int = 1, **how) -> bytes:
    text = ffcsv(SAMPLE, **how).decode("utf-8-sig")
    assert old in text
    return text.replace(old, new, count).encode()


HOF = "2022;09464;      Hof, kreisfreie Stadt;1010;1011\n"
TEXT = datencsv(SAMPLE).decode("cp1252")

DAMAGED = {
    "empty": (b"", "leer"),
    "only blanks": (b" \r\n\r\n ", "leer"),
    "binary": (bytes(range(256)) * 9, "keine Textdatei"),
    "UTF-16 without mark": ("GENESIS-Tabelle".encode("utf-16-le"), "keine Textdatei"),
    "UTF-16 cut in a letter": (datencsv(SAMPLE, encoding="utf-16")[:-1], "Zeichenkodierung"),
    "PDF": (b"%PDF-1.7\n1 0 obj", "PDF"),
    "XLS or locked XLSX": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99, "Excel"),
    "web page": (b"<!DOCTYPE html><title>Wartung</title>", "Internetseite („Wartung“)"),
    "web page in capitals": (b"\n<HTML><BODY>404</BODY></HTML>", "Internetseite"),
    "table as HTML": (b"<table><tr><td>1</td></tr></table>", "Internetseite"),
    "error of the service": (
        json.dumps({"Status": {"Code": 104, "Content": "keine Objekte"}}).encode(),
        "„keine Objekte“ (Code 104)",
    ),
    "other JSON": (b'{"Status": "x"}', "Fehler"),
    "broken JSON": (b'{"Status": ', "Fehler"),
    "some other CSV": (b"name;wert\nHof;1\n", "Format ist nicht bekannt"),
    "plain text": (b"Sehr geehrte Damen und Herren", "Format ist nicht bekannt"),
    "English": (_swap("GENESIS-Tabelle", "GENESIS-Table"), "englischer Sprache"),
    "put together online": (_swap("21111-02-06-4", "Temporär"), "selbst zusammengestellt"),
    "no code": (_swap("21111-02-06-4", ""), "statt eines Tabellencodes „“"),
    "quotation marks before all": (b'"""' + _swap("21111-02-06-4", ""), "Tabelle"),
    "code that is a path": (_swap("21111-02-06-4", "../../etc/1"), "selbst zusammengestellt"),
    "no region": (_swap(TEXT[TEXT.index("2022;DG") : TEXT.index("____")], ""), "Regionalschlüssel"),
    "commas": (TEXT.replace(";", ",").encode(), "englischen Excel gespeichert: Kommas trennen"),
    "tabs": (TEXT.replace(";", "\t").encode(), "durch Tabulatoren getrennt, nicht durch Semi"),
    "no header": (
        _swap(TEXT[TEXT.index(";;;Abs") : TEXT.index("2022;DG")], ""),
        "Kopfzeilen der Spalten fehlen",
    ),
    "no foot": (datencsv(SAMPLE).partition(b"____")[0], "Fuß der Tabelle"),
    "destroyed umlauts": (_swap("Hof, k", "H\ufffdf, k", encoding="utf-8"), "Umlaute"),
    "doubly encoded": (
        _swap("Hof, k", "Höf, k", "utf-8").decode("cp1252").encode("utf-8"),
        "Umlaute",
    ),
    "question marks": (_swap("Hof, kreisfreie", "Hof, Stra?e"), "Umlaute"),
    "DOS": (_swap("Coburg, kreisfreie", "Coburg, gro„e"), "Umlaute"),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_what_is_no_table_is_refused(name):
    content, words = DAMAGED[name]
    with pytest.raises(FileError) as caught:
        read_bytes(content, "tabelle.csv")
    assert words in str(caught.value)
    assert "Nächster Schritt: " in str(caught.value)


PLACED = {
    "value missing": (_swap("1010;1011", "1010"), 12, 4, "4 statt 5 Spalten"),
    "value too many": (_swap("1010;1011", "1010;1011;5"), 12, 6, "6 statt 5 Spalten"),
    "two rows run together": (_swap("1010;1011\n", "1010;1011"), 12, 6, "statt 5 Spalten"),
    "row torn apart": (_swap("1010;1011", "1010;\n1011"), 13, 1, "„1011“ ist keine Zeitangabe"),
    "blank line": (_swap(HOF, HOF[:-2] + "\n\n"), 13, None, "leere Zeile"),
    "no code": (_swap("09464;", ";"), 12, 2, "der Regionalschlüssel fehlt"),
    "code that is none": (_swap("09464", "094640"), 12, 2, "„094640“ ist kein Regionalschl"),
    "no name": (_swap("      Hof, kreisfreie Stadt", ""), 12, 3, "der Name der Region fehlt"),
    "no time": (_swap("2022;09464", ";09464"), 12, 1, "die Zeitangabe fehlt"),
    "month": (_swap("2022;09464", "04/1991;09464"), 12, 1, "„04/1991“ ist keine Zeitangabe"),
    "English date": (_swap("2022;09464", "12/31/2022;09464"), 12, 1, "wie es ein englisches Excel"),
    "first row damaged": (_swap("2022;DG", "20Z2;DG"), 7, None, "weder Titel noch Kopfzeile"),
    "prose between": (_swap(HOF, "Hinweis\n" + HOF), 12, 1, "„Hinweis“ ist keine Zeitangabe"),
    "group headings between": (_swap(HOF, ";;Bayern\n" + HOF), 12, 1, "beginnt nicht mit"),
    "open quotation mark": (_swap("2022;09464", '2022;"09464'), 12, None, "Anführungszeichen"),
    "other number for the same": (_swap(HOF, HOF + HOF.replace("1011", "9")), 13, 5, "„1011“"),
    "header with stub headings": (_swap(";;;Abs", "Jahr;Schlüssel;Region;Abs"), 4, None, "weder"),
    "column without heading": (
        _swap("Anzahl;Anzahl", "Anzahl;")
        .replace(b"weiblich", b"")
        .replace(b";Absolvierende\n", b";\n"),
        None,
        5,
        "keine Überschrift",
    ),
    "first column without heading": (
        _swap(";Absolvierende", ";").replace(b";Insgesamt;", b";;").replace(b";Anzahl;", b";;"),
        None,
        4,
        "keine Überschrift",
    ),
    "year twice": (_swap(";;;Insgesamt", ";;;2022"), None, None, "Zeitpunkt steht in mehreren"),
}


@pytest.mark.parametrize("name", PLACED)
def test_damage_is_refused_with_its_place(name):
    content, line, column, words = PLACED[name]
    _refused(content, words, line=line, column=column)


def test_two_columns_of_the_same_heading_are_refused():
    _refused(_swap("weiblich", "Insgesamt"), "unter denselben Überschriften", line=7, column=5)


def test_a_missing_row_label_never_becomes_a_total():
    text = datencsv(DEEP, row_dimensions=1).decode("cp1252")
    damaged = text.replace("2022;09464;      Hof, kreisfreie Stadt;Gymnasien", "2022;09464;Hof;", 1)
    _refused(damaged.encode("cp1252"), "Vorspalte", line=24, column=4)


def test_columns_that_name_no_time_beside_others_that_do_are_refused():
    text = datencsv(SAMPLE, time="header").decode("cp1252")
    _refused(text.replace("2023;2023", "2023;Veränderung").encode("cp1252"), "Kopf", column=6)


@pytest.mark.parametrize(
    "name", ["12411-05-01-4.csv", "12411-05-01-4_00.csv", "12411-05-01-4 (1).csv", "AI-N-06.csv"]
)
def test_another_table_than_the_name_says_is_refused(name):
    _refused(datencsv(SAMPLE), "enthält aber die Tabelle 21111-02-06-4", line=1, file=name)


@pytest.mark.parametrize(
    "name", ["Abgehende-2019-2023.csv", "21111-02-06-4_00.csv", "21111-02-06-4-B.csv", "x.csv"]
)
def test_names_that_say_nothing_else_are_fine(name):
    assert read_bytes(datencsv(SAMPLE), name)[0].code == "21111-02-06-4"


def test_a_table_put_together_online_may_get_its_code_from_its_name():
    content = _swap("21111-02-06-4", "Temporär")
    assert read_bytes(content, "21111-02-06-4_neu.csv")[0].code == "21111-02-06-4"


# --- flat files ---------------------------------------------------------------------------------

FLAT_DAMAGED = {
    "no rows": (ffcsv(SAMPLE).splitlines(keepends=True)[0], 2, None, "keine Datenzeilen"),
    "no value": (_swap_flat(";value;", ";wert;"), 1, None, "Spalten"),
    "no unit": (_swap_flat("value_unit", "unit"), 1, None, "value_unit"),
    "unknown column": (_swap_flat("value_variable_code", "extra"), 1, 16, "„extra“"),
    "column twice": (_swap_flat("time_code", "time_label"), 1, None, "doppelt"),
    "commas": (ffcsv(SAMPLE).replace(b";", b","), 1, None, "Kommas trennen die Spalten"),
    "no region": (_swap_flat("KREISE", "ALTER", 9), 2, None, "Merkmal muss die Region sein"),
    "two regions": (_swap_flat(";VAR0;", ";KREISE;", 99), 2, None, "Merkmal muss die Region sein"),
    "month": (_swap_flat(";Stichtag;2022;", ";Monat;04/1991;"), 2, None, "„04/1991“"),
    "region that is none": (_swap_flat(";09464;", ";Hof;"), 5, None, "„Hof“"),
    "comma in an English file": (
        _swap_flat("Insgesamt", "Total", 99).replace(b";1010;", b";1,010;"),
        None,
        14,
        "„1,010“ steht in einer englischen Datei",
    ),
    "label lost": (_swap_flat(";K0weibl;weiblich;", ";K0weibl;;"), 2, 13, "fehlt die Ausprägung"),
    "old form, strange column": (
        _swap_flat("MES000__Absolvierende__Anzahl", "Quote__CH0004", form="old"),
        1,
        14,
        "CODE__Name__Einheit",
    ),
    "old form, no value": (
        "\n".join(
            line.rpartition(";")[0] for line in ffcsv(SAMPLE, form="old").decode().splitlines()
        ).encode(),
        1,
        None,
        "Wertspalte",
    ),
}


@pytest.mark.parametrize("name", FLAT_DAMAGED)
def test_damaged_flat_files_are_refused_with_their_place(name):
    content, line, column, words = FLAT_DAMAGED[name]
    with pytest.raises(FileError, match="Nächster Schritt") as caught:
        read_bytes(content, "tabelle.csv")
    assert words in str(caught.value)
    assert column is None or caught.value.column == column
    assert line is None or name.startswith(("region", "month")) or caught.value.line == line


def test_a_flat_file_of_another_statistic_than_its_name_says_is_refused():
    _refused(ffcsv(SAMPLE), "Statistik 21111", file="12411-01-01-4_flat.csv")
    (table,) = read_bytes(ffcsv(SAMPLE), "21111-02-06-4-B_1773175772751_de_flat.csv")
    assert table.code == "21111-02-06-4"
    assert table.stand.isoformat() == "2026-03-10T20:49:32"


def test_an_english_flat_file_is_read_like_a_german_one():
    """Totals, units and the decimal sign are English; numbers and codes say the same."""
    rates = replace(SAMPLE, measures=(("Absolvierende", "Prozent"),)).filled(("12,5", "0,5", "-"))
    german, english = (ffcsv(rates, form=form).decode("utf-8-sig") for form in ("new", "old"))
    for old, new in (("Insgesamt", "Total"), ("Prozent", "percent")):
        german, english = german.replace(old, new), english.replace(old, new)
    for old, new in (("Statistik", "Statistics"), ("Zeit", "Time"), ("Merkmal_", "Variable_")):
        english = english.replace(f"{old}_", f"{new}_").replace("_Merkmal_", "_Variable_")
    english = english.replace("_Auspraegung_", "_Variable_Attribute_").replace(";Zeit;", ";Time;")
    words = {("Total", "Absolvierende"), ("weiblich", "Absolvierende")}
    for text in (german, english):
        text = text.replace(";Deutschland;", ";Germany;").replace(";Bayern;", ";Bavaria;")
        (table,) = read_bytes(re.sub(r"(?<=\d),(?=\d)", ".", text).encode(), "a.csv")
        assert {"Deutschland", "Bayern"} <= set(table.cells["region_name"])
        assert {tuple(sorted(key)) for key in table.keys} == {tuple(sorted(w)) for w in words}
        assert set(table.units) == {"Prozent"}
        assert sorted(table.cells["raw"]) == sorted(rates.cells.values())


def test_a_flat_file_keeps_the_codes_of_its_words():
    (table,) = read_bytes(ffcsv(SAMPLE), "a.csv")
    assert table.codes["weiblich"] == frozenset({"K0weibl"})
    assert table.codes["Absolvierende"] == frozenset({"MES000"})


def test_another_value_for_the_same_row_is_refused():
    content = ffcsv(SAMPLE).decode("utf-8-sig")
    row = next(line for line in content.splitlines() if ";1010;" in line)
    (table,) = read_bytes((content + row + "\n").encode(), "a.csv")
    assert found(table) == expected(SAMPLE) and len(table.notes) == 1
    _refused((content + row.replace(";1010;", ";9;") + "\n").encode(), "„1010“", line=30, column=14)


def test_several_totals_of_one_variable_count_once():
    content = ffcsv(SAMPLE, totals=("",)).decode("utf-8-sig")
    extra = [line for line in content.splitlines() if ";;Insgesamt;" in line]
    content += "\n".join(line.replace(";;Insg", ";INSGESAMT;Insg") for line in extra) + "\n"
    (table,) = read_bytes(content.encode(), "a.csv")
    assert found(table) == expected(SAMPLE)


def test_columns_of_a_variable_that_is_not_there_say_nothing():
    content = _swap_flat(";VAR0;Merkmal 0;;Insgesamt;", ";;;;;", 99)
    (table,) = read_bytes(content, "a.csv")
    assert sorted(table.keys) == [("Absolvierende",), ("weiblich", "Absolvierende")]


# --- cut files ----------------------------------------------------------------------------------


def test_a_table_export_cut_anywhere_before_its_foot_is_refused():
    content = datencsv(SAMPLE, footnotes=FOOTNOTES)
    foot = content.index(b"____")
    for cut in range(foot):
        with pytest.raises(FileError, match="tabelle.csv"):
            read_bytes(content[:cut], "tabelle.csv")
    for cut in range(foot + 1, len(content) - len(STAND)):
        (table,) = read_bytes(content[:cut], "tabelle.csv")
        assert found(table) == expected(SAMPLE)
        assert "alle Werte sind vorhanden" in table.notes[0]


DEAD = replace(DEEP, cells={p: "-" if p[1] == "03241001" else raw for p, raw in DEEP.cells.items()})


def test_an_unabridged_flat_file_cut_anywhere_is_refused():
    content = ffcsv(DEAD)
    lines = content.splitlines(keepends=True)
    inside = [content[:cut] for cut in range(0, len(content) - 30, 997)]
    # so few rows that they form a whole by chance cannot be told from a small table
    behind = [b"".join(lines[:count]) for count in (*range(5, 30), *range(30, len(lines), 13))]
    for cut in [*inside, *behind, b"".join(lines[:-1])]:
        with pytest.raises(FileError):
            read_bytes(cut, "tabelle.csv")
    assert found(read_bytes(content[:-1], "tabelle.csv")[0]) == expected(DEAD)


def test_an_old_flat_file_whose_last_number_may_be_cut_is_refused():
    _refused(ffcsv(SAMPLE, form="old")[:-1], "letzte Zeile", line=29)


def test_rows_an_abridged_export_leaves_out_are_neither_zero_nor_an_error():
    cells = {p: "-" if "ausländisch" in p[2] else raw for p, raw in DEEP.cells.items()}
    sample = replace(DEEP, cells=cells)
    (table,) = read_bytes(ffcsv(sample, leave_out=lambda place, raw: raw == "-"), "a.csv")
    there = {p: raw for p, raw in cells.items() if raw != "-"}
    assert found(table) == expected(replace(sample, cells=there))


def test_an_abridged_export_without_a_total_is_refused():
    def lost(place, raw):
        return place[:3] == ("2023", "09464", ("Insgesamt",) * 3) or place[1] == "03241001"

    _refused(ffcsv(DEAD, leave_out=lost), "Region 09464, 2023", "Insgesamt / Insgesamt")


# --- archives -----------------------------------------------------------------------------------


def test_an_archive_is_read_like_its_members():
    archive = zipped({"ordner/a.csv": datencsv(SAMPLE), "lies.txt": b"x", "b.CSV": ffcsv(FLAT)})
    tables = read_bytes(archive, "x.zip")
    assert [found(table) for table in tables] == [expected(SAMPLE), expected(FLAT)]


def test_the_archive_names_a_table_whose_member_was_renamed():
    archive = zipped({"daten.csv": ffcsv(SAMPLE)})
    (table,) = read_bytes(archive, "21111-02-06-4_1773175772751_de_flat.zip")
    assert (table.code, table.stand.year) == ("21111-02-06-4", 2026)
    assert read_bytes(archive, "12411-01-01-4.zip")[0].code is None


def test_one_bad_member_refuses_the_whole_archive():
    archive = zipped({"a.csv": datencsv(SAMPLE), "b.csv": b"<html>"})
    _refused(archive, "Internetseite", file="x.zip", inside="b.csv")


def test_files_a_mac_adds_to_an_archive_do_not_count():
    archive = zipped({"a.csv": datencsv(SAMPLE), "__MACOSX/._a.csv": b"\0\5\x16\7"})
    assert len(read_bytes(archive, "x.zip")) == 1


def test_paths_in_an_archive_lead_nowhere():
    for name in ("../../../etc/a.csv", "/etc/a.csv", "..\\..\\a.csv", "C:\\a.csv"):
        assert read_bytes(zipped({name: datencsv(SAMPLE)}), "x.zip")[0].file == "a.csv"


def _locked() -> bytes:
    """An archive whose members claim to be encrypted (flag in local and central header)."""
    content = bytearray(zipped({"a.csv": datencsv(SAMPLE)}))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def _stored_wrong() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("a.csv", datencsv(SAMPLE))
    return out.getvalue().replace(b";1010;", b";1019;")


WHOLE = zipped({"a.csv": datencsv(SAMPLE)})
ARCHIVES = {
    "no table": (zipped({"lies.txt": b"x"}), "keine CSV-Datei"),
    "nothing": (zipped({}), "keine CSV-Datei"),
    "workbook": (zipped({"[Content_Types].xml": b"", "xl/workbook.xml": b""}), "Excel-Datei"),
    "archive in an archive": (zipped({"a.csv": WHOLE}), "keine Textdatei"),
    "bomb": (zipped({"a.csv": b"0" * 30_000_000}), "ungewöhnlich groß"),
    "very many files": (zipped({f"{i}.csv": b"x" for i in range(101)}), "ungewöhnlich groß"),
    "locked": (_locked(), "Kennwort"),
    "changed number": (_stored_wrong(), "beschädigt"),
    "cut in the directory": (WHOLE[:-30], "beschädigt"),
    "cut in the data": (WHOLE[: len(WHOLE) // 2], "beschädigt"),
    "only the beginning": (WHOLE[:10], "beschädigt"),
}


@pytest.mark.parametrize("name", ARCHIVES)
def test_archives_that_cannot_be_trusted_are_refused(name):
    content, words = ARCHIVES[name]
    with pytest.raises(FileError, match=words):
        read_bytes(content, "x.zip")


def test_a_file_that_is_not_there_and_one_that_is_too_large(tmp_path):
    with pytest.raises(FileError, match="gibt es nicht"):
        read_file(tmp_path / "fehlt.csv")
    with (tmp_path / "riesig.csv").open("wb") as file:
        file.truncate(300_000_001)
    with pytest.raises(FileError, match="größer als 300 MB"):
        read_file(tmp_path / "riesig.csv")


def test_the_zoo_is_large():
    kinds = (READABLE, FLAT_READABLE, DAMAGED, PLACED, FLAT_DAMAGED, ARCHIVES)
    assert sum(map(len, kinds)) >= 60
    assert len(REGIONS) == 7
