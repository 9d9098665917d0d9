"""A real list of schools (Schulverzeichnis Nordrhein-Westfalen, ../shared): one row per school
becomes counts per Kreis, or per Gemeinde, and school type."""

import csv
from collections import Counter

import pytest

from indicators.catalog import catalog as definitions
from indicators.folders import SHIPPED_DEFINITIONS, Folders
from indicators.publishing import own_tables, run
from indicators.regions import Region

pytestmark = pytest.mark.shared
FILE = "AS_BS_Verzeichnis_2024_25_mit_Sozialindex_und_Koordinaten.csv"
MAPPING = """
[mapping]
id = "schools_nrw"
dataset = "schools_local"
title = "Schulverzeichnis"
publisher = "Land Nordrhein-Westfalen"
licence = "dl-de/zero-2-0"
files = ["AS_BS_Verzeichnis*"]
header = "Schuljahr"
sum = true
rows = { Rechtsstatus = "Öffentlich", Schulform = ["*schule", "Gymnasium"] }
skip_columns = ["*"]

[[mapping.columns]]
heading = "Schuljahr"
is = "period"
[[mapping.columns]]
heading = "Schulform"
is = "school_type"
[[mapping.columns]]
heading = "Amtlicher Gemeindeschlüssel"
is = "region"
level = "kreis"
[[mapping.columns]]
heading = "Schulnummer"
measure = "schools"
counts = true
[[mapping.columns]]
heading = "Anzahl"
measure = "pupils"

[mapping.words.school_type]
"Förderschule Grund-/Hauptschule" = "foerderschule"
Gesamtschule = "gesamtschule"
Sekundarschule = "mehrere_bildungsgaenge"
"PRIMUS-Schule" = "gesamtschule"
Volksschule = "hauptschule"
"""
TYPES = {
    "Grundschule": "grundschule",
    "Gymnasium": "gymnasium",
    "Realschule": "realschule",
    "Hauptschule": "hauptschule",
    "Volksschule": "hauptschule",
    "Gesamtschule": "gesamtschule",
    "PRIMUS-Schule": "gesamtschule",
    "Sekundarschule": "mehrere_bildungsgaenge",
    "Förderschule Grund-/Hauptschule": "foerderschule",
}


@pytest.fixture(scope="module")
def path(shared):
    return shared / "data" / "schools" / FILE


@pytest.fixture(scope="module")
def register(tmp_path_factory):
    folders = Folders(tmp_path_factory.mktemp("nrw"))
    archive, _ = run.boundary_archive(folders)
    return run.register_of(archive, definitions.load(SHIPPED_DEFINITIONS))


def read(path, text, register, tmp_path):
    (tmp_path / "nrw.toml").write_text(text, encoding="utf-8")
    catalog = definitions.load(SHIPPED_DEFINITIONS, tmp_path)
    (table,) = own_tables.read_own(path.read_bytes(), path.name, catalog, register)
    return table


def counted(path, digits: int) -> tuple[Counter, Counter]:
    """Schools and pupils by key and school type, counted by hand."""
    schools, pupils = Counter(), Counter()
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            if row["Rechtsstatus"] == "Öffentlich" and row["Schulform"] in TYPES:
                place = (row["Amtlicher Gemeindeschlüssel"][:digits], TYPES[row["Schulform"]])
                schools[place] += 1
                pupils[place] += int(row["Anzahl"])
    return schools, pupils


def found(table, measure: str) -> dict:
    rows = table.rows[table.rows["measure"] == measure]
    return dict(
        zip(zip(rows["region"], rows["school_type"], strict=True), rows["value"], strict=True)
    )


def test_schools_and_pupils_of_every_kreis(path, register, tmp_path):
    table = read(path, MAPPING, register, tmp_path)
    schools, pupils = counted(path, 5)
    assert found(table, "schools") == schools
    assert found(table, "pupils") == pupils
    assert len({region for region, _ in schools}) == 53
    assert set(table.rows["period"]) == {"2024/25"}
    chosen, types, added = table.notes
    assert chosen.startswith("548 Zeilen nach der Spalte „Rechtsstatus“ nicht gelesen")
    assert "„Berufskolleg“" in types and "zusammengezählt (sum = true)" in added


def test_schools_of_every_gemeinde(path, register, tmp_path):
    schools, pupils = counted(path, 8)
    gemeinden = {key[:5] if key.endswith("000") else key for key, _ in schools}
    known = {
        key: Region(key, "gemeinde", key, f"in {key}", key[:5]) for key in gemeinden if len(key) > 5
    }
    text = MAPPING.replace('level = "kreis"\n', "")
    table = read(path, text, register | known, tmp_path)
    shortened = Counter()
    for (key, type), number in pupils.items():
        shortened[key.removesuffix("000"), type] += number
    assert found(table, "pupils") == shortened
