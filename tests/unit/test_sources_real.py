"""Real official files, shipped and of ../shared: exact values, footnotes, cuts at real places."""

from datetime import datetime

import pytest

from indicators.errors import FileError
from indicators.folders import PROJECT, SHIPPED
from indicators.sources.reading import read_bytes, read_file

pytestmark = pytest.mark.slow  # whole tables of the offices are read

OFFICIAL = SHIPPED / "official"
SHARED = PROJECT.parent / "shared" / "data"
POPULATION = "12411-01-01-4_1773175772751_de_flat"


def _shipped(code: str):
    (path,) = [p for p in (OFFICIAL / code).iterdir() if p.suffix in (".csv", ".zip")]
    return path


def _value(table, time: str, region: str, *words: str) -> str:
    cells = table.cells
    keys = [i for i, key in enumerate(table.keys) if set(words) <= set(key)]
    at = (cells["time"] == time) & (cells["region"] == region) & cells["key"].isin(keys)
    (raw,) = cells.loc[at, "raw"]
    return raw


@pytest.mark.parametrize(
    ("code", "size", "keys", "times"),
    [
        ("12411-01-01-4", 1467, 3, 1),
        ("12411-05-01-4", 40350, 3, 25),
        ("21311-01-01-4", 44100, 90, 1),
        ("82411-01-03-4", 20444, 2, 19),
        ("AI-N-06", 15064, 2, 14),
        ("AI002-1", 45192, 7, 12),
    ],
)
def test_shipped_files_come_in_whole(code, size, keys, times):
    (table,) = read_file(_shipped(code))
    assert (table.code, table.notes) == (code, [])
    assert (len(table.cells), len(table.keys), len(table.times)) == (size, keys, times)
    assert isinstance(table.stand, datetime)
    assert not table.cells.isna().any().any()


def test_exact_values_of_the_shipped_files():
    (population,) = read_file(_shipped("12411-01-01-4"))
    assert _value(population, "2024-12-31", "08222", "weiblich") == "158789"
    assert _value(population, "2024-12-31", "05113", "Insgesamt") == "574682"
    (average,) = read_file(_shipped("12411-05-01-4"))
    assert _value(average, "2019", "01001", "männlich") == "44752"
    assert average.units == ["Anzahl"] * 3
    (atlas,) = read_file(_shipped("AI002-1"))
    assert _value(atlas, "2019", "16072", "Bevölkerungsentwicklung im Jahr je 10.000 EW") == "."
    (income,) = read_file(_shipped("82411-01-03-4"))
    assert (
        _value(income, "2018", "01003", "verfügbares Einkommen der privaten Haushalte") == "4361215"
    )
    assert income.units == ["Tsd. EUR", "EUR"]


def test_footnotes_keep_subject_and_land():
    (average,) = read_file(_shipped("12411-05-01-4"))
    note = average.footnotes[-1]
    assert note.scope == "Durchschnittliche Jahresbevölkerung"
    assert note.lands == ("03", "05", "06", "07", "08", "09", "10", "14")
    assert note.text.endswith(
        "arithmetisches Mittel aus den Bevölkerungszahlen am Jahresanfang und Jahresende"
    )
    assert average.stand == datetime(2021, 8, 20, 9, 42, 26)


@pytest.mark.parametrize("code", ["12411-05-01-4", "AI-N-06", "82411-01-03-4"])
def test_a_shipped_table_export_cut_before_its_foot_is_refused(code):
    path = _shipped(code)
    content = path.read_bytes()
    foot = content.index(b"\n____")
    line_ends = [content.index(b"\n", at) + 1 for at in (50, 300, 5000, foot // 2)]
    for cut in [0, 1, 12, 40, *line_ends, foot // 2 + 3, foot - 1, foot, foot + 1]:
        with pytest.raises(FileError) as caught:
            read_bytes(content[:cut], path.name)
        assert str(caught.value).startswith(path.name)
    whole = read_bytes(content, path.name)[0].cells
    for cut in (foot + 5, foot + 30, len(content) - 40):
        (table,) = read_bytes(content[:cut], path.name)
        assert table.cells.equals(whole) and table.notes


def test_a_shipped_flat_file_cut_anywhere_is_refused():
    content = _shipped("12411-01-01-4").read_bytes()
    for cut in (20, 100, len(content) // 2, len(content) - 10, len(content) - 1):
        with pytest.raises(FileError, match="beschädigt"):
            read_bytes(content[:cut], f"{POPULATION}.zip")


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared is not there")
class TestShared:
    def test_an_unpacked_flat_file_cut_anywhere_is_refused(self):
        path = SHARED / "genesis_api" / f"{POPULATION}.csv"
        content = path.read_bytes()
        lines = content.splitlines(keepends=True)
        inside = [content[:cut] for cut in (10, 4000, len(content) // 2, len(content) - 9)]
        for cut in [*inside, *(b"".join(lines[:n]) for n in (1, 40, 700, 1466, 1467))]:
            with pytest.raises(FileError):
                read_bytes(cut, path.name)
        assert len(read_bytes(content, path.name)[0].cells) == 1467

    def test_tables_of_2023(self):
        folder = SHARED / "regionaldatenbank" / "tables_2023"
        (pupils,) = read_file(folder / "21111-01-03-4.csv")
        assert len(pupils.cells) == 538 * 12 * 6 and pupils.notes == []
        assert _value(pupils, "2023", "09464", "Hauptschulen", "weiblich") == "454"
        assert _value(pupils, "2023", "09464", "Insgesamt", "Allgemeinbildende Schulen") == "x"
        (leavers,) = read_file(folder / "21111-02-06-4.csv")
        assert len(leavers.cells) == 538 * 14
        assert _value(leavers, "2023", "01001", "ohne Hauptschulabschluss", "weiblich") == "39"
        assert leavers.title == (
            "Absolvierende/Abgehende allgemeinbildender Schulen nach Geschlecht und Abschlussarten "
            "- Schuljahr - regionale Tiefe: Kreise und krfr. Städte"
        )
        scopes = {note.scope for note in leavers.footnotes}
        assert "Absolventen/Abgänger insgesamt (einschl. Fachhochschulreife)" in scopes

    def test_a_file_whose_umlauts_are_lost_is_refused(self):
        path = SHARED / "regionaldatenbank" / "registry_2006-2019" / "12111-31-01-4.csv"
        with pytest.raises(FileError, match="Umlaute sind zerstört") as caught:
            read_file(path)
        assert caught.value.line == 2
        text = path.read_text("utf-8").replace("\ufffd", "ä")
        (table,) = read_bytes(text.encode(), path.name)
        assert table.times == ["09.05.2011"]
        words = ("Private Haushalte", "Haushalte mit ... Personen", "6 und mehr")
        assert _value(table, "09.05.2011", "01001", *words) == "434"
