"""INKAR, the indicators of the BBSR: workbook, CSV export and long file; what is taken of them."""

import openpyxl
import pytest

from indicators import view as views
from indicators.answers.answering import answer
from indicators.errors import FileError
from indicators.publishing import composed, run
from indicators.publishing.mapping import understand
from indicators.publishing.receive import Receiver
from indicators.release import releases
from indicators.sources.reading import is_official, read_bytes, read_file
from tests import shipped

CATALOG = shipped.catalog()
WIDE = (
    "Kennziffer;Raumeinheit;Aggregat;Arbeitslosenquote;Arbeitslosenquote;"
    "Schulabgänger ohne Abschluss;Gewerbesteuer;Pkw-Dichte\n"
    ";;;2016;2017;2017;2017;2017\n"
    "9464;Hof, Stadt;krsfr. Stadt;6,3;5,9;8,5;1.529,3;555\n"
    "9475;Hof;Landkreis;3,5;3;no data;400;666\n"
    "02000;Hamburg, Stadt;krsfr. Stadt;7,1;6,8;5,3;1.200;434\n"
    "501;Oberfranken-Ost;ROR;4,4;4,1;6,0;600;600\n"
    "9;Bayern;Bundesland;3,5;3,2;5,3;800;600\n"
    "0;Deutschland;Bund;6,1;5,7;6,3;700;560\n"
)
LONG = (
    "Bereich;ID;Kuerzel;Indikator;Raumbezug;Kennziffer;Name;Zeitbezug;Wert\n"
    "LRB;12;a_alo;Arbeitslosenquote;Kreise;9464;Hof, Stadt;2017;5,9\n"
    "LRB;12;a_alo;Arbeitslosenquote;Länder;9;Bayern;2017;3,2\n"
    "LRB;12;a_alo;Arbeitslosenquote;Gemeinden;9475112;Bad Steben;2017;2,2\n"
    "ZOM;99;z_alo;Arbeitslosenquote;Kreise;9464;Hof, Stadt;2017;6,2\n"
    "LRB;13;b_sch;Kinderarmut;Kreise;9464000;Hof, Stadt;2017;21,4\n"
)


def understood(content: bytes, name: str = "inkar.csv"):
    """Measure, region and period → value and status, over all datasets of the file."""
    found = {}
    for table in composed.divided(read_bytes(content, name), CATALOG):
        for row in understand(table, CATALOG).rows.to_dict("records"):
            value = None if row["value"] != row["value"] else row["value"]
            found[row["measure"], row["region"], row["period"]] = (value, row["status"])
    return found


def refusal(text: str) -> FileError:
    with pytest.raises(FileError) as refused:
        understood(text.encode())
    return refused.value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_an_export_is_divided_among_the_datasets_that_explain_its_columns(encoding):
    content = WIDE.encode(encoding)
    assert is_official(content)
    found = understood(content)
    assert found["unemployment_rate", "09464", "2016"] == (6.3, "ok")
    assert found["unemployment_rate", "09475", "2017"] == (3, "ok")
    # the year of leaving 2017 is the school year 2016/17
    assert found["share_without_certificate", "09464", "2016/17"] == (8.5, "ok")
    assert found["share_without_certificate", "09475", "2016/17"][1] == "secret"
    assert found["unemployment_rate", "DG", "2017"] == (5.7, "ok")
    assert found["unemployment_rate", "09", "2017"] == (3.2, "ok")
    assert {region for _, region, _ in found} == {"09464", "09475", "02000", "09", "DG"}


def test_a_new_workbook_is_read_like_an_old_one(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Daten"
    sheet.append(["Kennziffer", "Raumeinheit", "Aggregat", "Arbeitslosenquote", "Kinderarmut"])
    sheet.append(["", "", "", "2022", "2022"])
    sheet.append(["09464", "Hof, Stadt", "krsfr. Stadt", 5.9, 21])
    sheet.append([9475, "Hof", "Landkreis", 3, None])
    book.create_sheet("Quellangabe").append(["INKAR. Ausgabe 2025. Hrsg.: BBSR"])
    book.save(tmp_path / "inkar.xlsx")
    content = (tmp_path / "inkar.xlsx").read_bytes()
    assert is_official(content)
    assert understood(content, "inkar.xlsx") == {
        ("unemployment_rate", "09464", "2022"): (5.9, "ok"),
        ("unemployment_rate", "09475", "2022"): (3, "ok"),
        ("child_poverty_rate", "09464", "2022"): (21, "ok"),
        ("child_poverty_rate", "09475", "2022"): (None, "secret"),
    }
    (table,) = read_bytes(content, "inkar.xlsx")
    assert table.stand.year == 2025


def test_what_is_left_out_is_named():
    (first, second) = composed.divided(read_bytes(WIDE.encode(), "inkar.csv"), CATALOG)
    notes = " ".join(first.notes)
    assert "„Pkw-Dichte“" in notes and "ROR (1)" in notes
    # known and deliberately not taken
    assert "Gewerbesteuer" not in notes
    assert second.notes == []


def test_the_long_file_is_read_for_its_main_purpose_and_for_kreise_and_laender():
    found = understood(LONG.encode())
    assert found == {
        ("unemployment_rate", "09464", "2017"): (5.9, "ok"),
        ("unemployment_rate", "09", "2017"): (3.2, "ok"),
        ("child_poverty_rate", "09464", "2017"): (21.4, "ok"),
    }
    (table,) = read_bytes(LONG.encode(), "inkar.csv")
    assert "Gemeinden (1)" in " ".join(table.notes) and "ZOM" in " ".join(table.notes)


@pytest.mark.parametrize(
    ("kind", "text", "key"),
    [
        ("Kreise", "9464", "09464"),
        ("Kreise", "09464000", "09464"),
        ("Kreise", "9464000", "09464"),
        ("krsfr. Stadt", "11000", "11000"),
        ("krsfr. Stadt", "11000000", "11000"),
        ("krsfr. Stadt", "2000000", "02000"),
        ("Land", "9", "09"),
        ("Bundesland", "10000", "10"),
        ("Bundesland", "1000", "01"),
        ("Länder", "11000000", "11"),
        ("Bund", "999", "DG"),
    ],
)
def test_keys_lose_zeros_in_front_and_get_some_behind(kind, text, key):
    line = f"LRB;12;a_alo;Arbeitslosenquote;{kind};{text};Hof;2017;5,9\n"
    (table,) = read_bytes((LONG.splitlines()[0] + "\n" + line).encode(), "inkar.csv")
    assert list(table.cells["region"]) == [key]


@pytest.mark.parametrize(
    ("old", "new", "reason", "line"),
    [
        (";;;2016;2017", ";;;2016;", "fehlt das Jahr", 2),
        ("9475;Hof;Landkreis;3,5;3;no data;400;666", "9475;Hof;Landkreis;3,5", "Spalten", 4),
        ("9464;Hof, Stadt", "94;Hof, Stadt", "„94“ ist kein Schlüssel", 3),
        ("6,3;5,9", "6.3;5,9", "6.3", 3),
    ],
)
def test_a_damaged_export_is_refused_for_its_reason(old, new, reason, line):
    assert WIDE.count(old) == 1
    error = refusal(WIDE.replace(old, new))
    assert reason in str(error) and error.line == line


def test_an_export_of_other_regions_or_indicators_says_what_to_choose():
    others = WIDE.splitlines(keepends=True)
    assert "Raumbezug „Kreise“" in str(refusal("".join(others[:2] + others[5:6])))
    cars = WIDE.replace("Arbeitslosenquote", "Pkw-Dichte 2").replace("Schulabgänger ohne", "Autos")
    assert "„Kinderarmut“" in str(refusal(cars))


def test_two_columns_of_one_indicator_and_year_must_agree():
    doubled = WIDE.replace(";;;2016;2017;", ";;;2017;2017;")
    assert "unter denselben Überschriften" in str(refusal(doubled))


def test_an_export_fills_years_without_counts_and_is_never_summed(built_folders, tmp_path):
    path = tmp_path / "inkar.csv"
    path.write_text(WIDE, encoding="utf-8")
    received = Receiver(built_folders).receive(path)
    assert received.stored.code == "INKAR" and not received.report.of("error")
    assert run.build(built_folders).published
    release = releases.open_release(built_folders)

    def rows(query):
        found = answer(release, views.parse(query, release.catalog, release.regions)).rows
        return {row["region"]: row for row in found}

    hof = rows("kind=table&indicator=abgaenger_ohne_abschluss_anteil&region=09464&period=2016/17")
    assert (hof["09464"]["value"], hof["09464"]["numerator"]) == (8.5, None)
    assert hof["DG"]["value"] == 6.3
    joint = rows("kind=table&indicator=arbeitslosenquote&region=verbund:hof&period=2017")
    assert joint["verbund:hof"]["value"] is None
    assert (joint["09464"]["value"], joint["09475"]["value"]) == (5.9, 3.0)


# looked up in the sheet "Daten"
GOLDEN = {
    ("unemployment_rate", "09463", "2017"): 5,
    ("unemployment_rate", "09464", "2017"): 7.1,
    ("foreign_share", "09475", "2017"): 5.5,
    ("employment_rate", "07111", "2017"): 53.7,
    ("academic_employment_rate", "06431", "2017"): 8.9,
    ("debtor_rate", "16056", "2017"): 12.1,
    ("density", "11000", "2017"): 4055,
    ("share_without_certificate", "09464", "2016/17"): 12.8,
    ("share_without_certificate", "09473", "2016/17"): 8.9,
    ("share_without_certificate", "02000", "2016/17"): 5.3,
}


@pytest.mark.shared
def test_the_original_workbook(shared):
    tables = composed.divided(read_file(shared / "data" / "inkar" / "inkar.xls"), CATALOG)
    found = {}
    for table in tables:
        rows = understand(table, CATALOG).rows
        assert rows["region"].nunique() == 401 and set(rows["status"]) == {"ok"}
        for row in rows.to_dict("records"):
            found[row["measure"], row["region"], row["period"]] = row["value"]
    assert GOLDEN.items() <= found.items()
    scopes = {note.scope for table in tables for note in table.footnotes}
    assert "Schulabgänger ohne Abschluss" in scopes and "Gewerbesteuer" not in scopes
    assert "BBSR" in tables[0].attribution
