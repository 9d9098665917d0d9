"""Official files that someone opened, sorted or saved again: what changes a number is refused.

Every file here can be read; the damage shows only beside other numbers or the register.
"""

import re
from pathlib import Path

import pytest

from indicators.errors import FileError
from indicators.folders import SHIPPED, Folders
from indicators.publishing import gathering, run, territory
from indicators.publishing.report import Report
from indicators.sources.reading import read_bytes

PUPILS = "21111-01-03-4"
LEAVERS = "21111-02-06-4"
INCOME = "82411-01-03-4"


@pytest.fixture(scope="module")
def known():
    folders = Folders(Path("/nowhere"))
    catalog = run.load_catalog(folders)
    return catalog, territory.register(run.boundary_archive(folders)[0], catalog)


@pytest.fixture
def check(known):
    """The findings about a file by level; raises FileError where it is refused at once."""

    def checked(code: str, text: str) -> Report:
        report = Report()
        for table in read_bytes(text.encode(), f"{code}.csv"):
            gathering.check_table(table, *known, report)
        return report

    return checked


@pytest.fixture(scope="module")
def income() -> str:
    """Two columns of the newest year, for all regions; no category of it is a total."""
    text = (SHIPPED / "official" / INCOME / f"{INCOME}.csv").read_bytes().decode("cp1252")
    return re.sub(r"(?m)^(?!2018)\d{4};.*\n", "", text)


def parts(text: str) -> tuple[list[str], list[list[str]], list[str]]:
    """Lines before the data, the data's cells, lines behind them."""
    lines = text.split("\n")
    data = [i for i, line in enumerate(lines) if re.match(r"\d{4};", line)]
    return (
        lines[: data[0]],
        [lines[i].split(";") for i in data],
        lines[data[-1] + 1 :],
    )


def joined(head, data, foot) -> str:
    return "\n".join([*head, *(";".join(row) for row in data), *foot])


def with_column(text: str, column: int, change) -> str:
    """The table with the cells of one column replaced by what `change` makes of all of them."""
    head, data, foot = parts(text)
    cells = change([row[column] for row in data])
    rows = [[*r[:column], c, *r[column + 1 :]] for r, c in zip(data, cells, strict=True)]
    return joined(head, rows, foot)


def shifted(cells: list[str]) -> list[str]:
    return cells[1:] + cells[:1]


def test_the_untouched_table_passes(check, income):
    report = check(INCOME, income)
    assert report.of("error") == []


@pytest.mark.parametrize("column", [1, 2], ids=["keys", "names"])
def test_keys_and_names_that_slipped_apart_forbid_publication(check, income, column):
    (error,) = [
        e for e in check(INCOME, with_column(income, column, shifted)).of("error") if "Name" in e
    ]
    assert "passt der Name nicht zum Schlüssel" in error
    assert "„Deutschland“ statt „Schleswig-Holstein“" in error or "Flensburg" in error


def test_one_other_name_is_only_worth_a_look(check, income):
    assert "09463;      Coburg;" in income
    report = check(INCOME, income.replace("09463;      Coburg;", "09463;      Neustadt;"))
    assert report.of("error") == []
    assert (
        "bei 1 Gebiet passt der Name nicht zum Schlüssel (09463 „Neustadt“ statt"
        in (report.of("warning")[0])
    )


def test_a_town_in_place_of_the_landkreis_of_the_same_name_is_noticed(check, income):
    assert "09464;      Hof;" in income and "09475;      Hof, Landkreis;" in income
    swapped = income.replace("09475;      Hof, Landkreis;", "09475;      Hof, kreisfreie Stadt;")
    swapped = swapped.replace("09464;      Hof;", "09464;      Hof, Landkreis;")
    assert "passt der Name nicht" in check(INCOME, swapped).of("error")[0]


def test_numbers_that_slipped_past_their_regions_forbid_publication(check, income):
    told, *_, last = check(INCOME, with_column(income, 3, shifted)).of("error")
    # Kreise that are gone come to numbers; their keys are right, so nobody is sent to mend them
    assert "Schlüssel und Zahlen gegeneinander verrutscht" in told
    assert "Summe der Kreise" in last


def test_two_swapped_columns_forbid_publication(check, income):
    head, data, foot = parts(income)
    swapped = joined(head, [[*row[:3], row[4], row[3]] for row in data], foot)
    assert "Summe der Kreise" in check(INCOME, swapped).of("error")[0]


@pytest.mark.parametrize("raw", ["22,833", "22,000", "22833,5", "1,234"])
def test_a_comma_in_a_whole_number_is_no_thousands_sign(check, income, raw):
    with pytest.raises(FileError, match="Stellen hinter dem Komma") as caught:
        check(INCOME, with_column(income, 4, lambda cells: [raw, *cells[1:]]))
    assert caught.value.column == 5


@pytest.mark.parametrize("raw", ["22833,0", "22833,00", "22.833", "22\u00a0833"])
def test_whole_numbers_written_otherwise_are_understood(check, income, raw):
    report = check(INCOME, with_column(income, 4, lambda cells: [raw, *cells[1:]]))
    assert report.of("error") == []


def test_empty_cells_are_missing_and_told(check, income):
    report = check(INCOME, with_column(income, 4, lambda cells: ["", *cells[1:]]))
    assert any("1 Tabellenfeld ist leer" in text for text in report.of("warning"))


@pytest.mark.parametrize("first", ["GENESIS-Tabelle: 82411-01-03-4", "2017;DG;Deutschland;1;2"])
def test_a_second_table_below_the_foot_is_not_lost_silently(check, income, first):
    with pytest.raises(FileError, match="unter dem Fuß der Tabelle folgen weitere Daten") as caught:
        check(INCOME, f"{income}\n{first}\n")
    assert caught.value.line == income.count("\n") + 2


HEAD = """GENESIS-Tabelle: 21111-01-03-4
Schulen, Schülerinnen und Schüler nach Schularten -
Statistik der allgemeinbildenden Schulen
;;;;Schülerinnen und Schüler an allgemeinbildenden Schulen;{0};{0}
;;;;Geschlecht;Geschlecht;Nationalität
;;;;{1}
;;;;Anzahl;Anzahl;Anzahl
"""
FOOT = "__________\n© Statistische Ämter\nStand: 13.03.2025 / 16:40:08\n"
KREISE = ("09463", "09464", "09475", "09471", "09472", "09473", "09474", "09476")


def pupils(words: str) -> str:
    name = "Schülerinnen und Schüler an allgemeinbildenden Schulen"
    rows = [f"2023;{key};;Gymnasien;{900 + i};{450 + i};{90 + i}" for i, key in enumerate(KREISE)]
    rows = [row.replace(";;", ";Kreis;") for row in rows]
    return HEAD.format(name, words) + "\n".join(rows) + "\n" + FOOT


def test_more_girls_than_children_forbid_publication(check):
    found = check(PUPILS, pupils("weiblich;Insgesamt;ausländisch")).of("error")
    assert "Geschlecht: 8 Ausprägungen sind größer als das Insgesamt" in found[0]
    assert check(PUPILS, pupils("Insgesamt;weiblich;ausländisch")).of("error") == []
