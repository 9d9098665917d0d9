"""Workbooks: the database's own and CSV files saved by a spreadsheet come in like the CSV file."""

from dataclasses import replace
from io import BytesIO

import openpyxl
import pytest

from indicators.errors import FileError
from indicators.sources.reading import is_official, read_bytes
from tests.zoo.builders import (
    Sample,
    as_workbook,
    database_workbook,
    datencsv,
    expected,
    ffcsv,
    found,
)

SAMPLE = Sample().counted()
DEEP = Sample(
    dimensions=(("Insgesamt", "ausländisch"), ("Insgesamt", "männlich", "weiblich")),
    measures=(("Schulen", "Anzahl"), ("Anteil der Schüler/-innen", "Prozent")),
).counted()
SIGNS = Sample().filled(("-", ".", "x", "/", "...", "0", "12,5", "-26,2", "7p"))
DAYS = Sample(times=("31.12.2022", "31.12.2023")).counted()


@pytest.mark.parametrize(
    "sample", [SAMPLE, DEEP, SIGNS, DAYS], ids=["flat", "deep", "signs", "days"]
)
def test_the_databases_own_workbook_comes_in_exactly(sample):
    content = database_workbook(sample)
    assert is_official(content)
    (table,) = read_bytes(content, "tabelle.xlsx")
    assert found(table) == expected(sample)
    assert (table.code, table.statistic, table.notes) == (sample.code, "21111", [])
    assert table.title.startswith(sample.title)
    assert table.stand.isoformat() == "2025-03-13T16:40:08"
    assert table.attribution.startswith("© Statistische Ämter des Bundes und der Länder")
    assert table.footnotes[-1].lands == ("06",)


def test_merged_regions_stand_in_each_of_their_rows():
    (table,) = read_bytes(database_workbook(DEEP, row_dimensions=1), "a.xlsx")
    assert found(table) == expected(DEEP)


def test_cells_say_where_they_stand_in_the_sheet():
    content = database_workbook(SAMPLE)
    (table,) = read_bytes(content, "a.xlsx")
    sheet = openpyxl.load_workbook(BytesIO(content)).active
    for cell in table.cells.itertuples():
        assert str(sheet.cell(cell.line, cell.column).value) == cell.raw


@pytest.mark.parametrize("content", [datencsv(SIGNS), ffcsv(DEEP), ffcsv(DEEP, form="old")])
def test_a_csv_file_saved_as_a_workbook_comes_in_like_the_csv_file(content):
    (csv_table,) = read_bytes(content, "tabelle.csv")
    (table,) = read_bytes(as_workbook(content), "tabelle.xlsx")
    # keys have lost their zeros, as every spreadsheet does it
    columns = ["line", "column", "time", "key", "raw"]
    assert table.cells[columns].equals(csv_table.cells[columns])
    assert (table.keys, table.units, table.codes) == (
        csv_table.keys,
        csv_table.units,
        csv_table.codes,
    )


def test_other_sheets_are_named_and_change_nothing():
    (table,) = read_bytes(database_workbook(SAMPLE, sheets=("Notizen",)), "a.xlsx")
    assert found(table) == expected(SAMPLE)
    assert table.notes == ["Nicht gelesen, weil keine amtliche Tabelle: Blatt Notizen."]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (database_workbook(SAMPLE, foot=False), "Blatt „21111-02-06-4“"),
        (database_workbook(SAMPLE, foot=False), "der Fuß der Tabelle"),
        (database_workbook(SAMPLE, sheet="Tabelle1"), "enthält keine amtliche Tabelle"),
        (database_workbook(SAMPLE)[:3000], "beschädigt oder abgeschnitten"),
        (database_workbook(SAMPLE)[:-40], "beschädigt oder abgeschnitten"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000, "beschädigt"),
    ],
)
def test_what_is_no_whole_table_is_refused(content, reason):
    with pytest.raises(FileError, match="Nächster Schritt") as refused:
        read_bytes(content, "tabelle.xlsx")
    assert reason in str(refused.value)


def test_a_lost_key_is_named_with_its_sheet_line_and_column():
    sample = replace(SAMPLE, regions=(*SAMPLE.regions[:3], ("Hof", "Hof"), *SAMPLE.regions[4:]))
    sample = sample.counted()
    with pytest.raises(FileError) as refused:
        read_bytes(database_workbook(sample), "a.xlsx")
    assert "Blatt „21111-02-06-4“, Zeile 10, Spalte A: " in str(refused.value)
    assert "„Hof“ ist kein Regionalschlüssel" in str(refused.value)


def test_a_cell_far_outside_the_table_is_told_and_takes_no_memory():
    book = openpyxl.load_workbook(BytesIO(database_workbook(SAMPLE)))
    book.active["XFD1048576"] = "x"
    content = BytesIO()
    book.save(content)
    with pytest.raises(FileError, match="steht etwas weit außerhalb der Tabelle .* Nächster"):
        read_bytes(content.getvalue(), "a.xlsx")
    assert not is_official(content.getvalue())
