"""Boundaries of a town from the command line to the map: received, built, drawn."""

import json

import geopandas
import pytest
import shapely

from indicators.__main__ import main
from indicators.answers.answering import answer
from indicators.folders import Folders
from indicators.publishing import boundaries, run
from indicators.release import releases
from indicators.view import parse, parse_query

TOWN = """
[[local_regions]]
id = "09464-01"
name = "Altstadt"
level = "stadtteil"
parent = "09464"

[[local_regions]]
id = "09464-02"
name = "Nord"
level = "stadtteil"
parent = "09464"

[mapping]
id = "hof_offers"
dataset = "local_offers"
title = "Angebote in Hof"
files = ["angebote*"]
header = "Jahr"
[[mapping.columns]]
heading = "Jahr"
is = "period"
[[mapping.columns]]
heading = "Stadtteil"
is = "region"
[[mapping.columns]]
heading = "Kurse"
measure = "democracy_projects"
"""
OFFERS = "Jahr;Stadtteil;Kurse\n2023;09464-01;12\n2023;09464-02;30\n"


@pytest.fixture
def town(small_shipped, own_folders):
    """A town with two Stadtteile and counts for both, and no boundaries."""
    own_folders.own_definitions.mkdir(parents=True)
    (own_folders.own_definitions / "hof.toml").write_text(TOWN, encoding="utf-8")
    return own_folders


@pytest.fixture
def file(tmp_path):
    """A GeoJSON file of both, in degrees, with other names of columns."""
    archive, _ = run.boundary_archive(Folders(tmp_path / "none"))
    middle = boundaries.kreise(archive)["09464"].centroid
    x, y = middle.x, middle.y
    shapes = [shapely.box(x - 3e3, y - 3e3, x, y + 3e3), shapely.box(x, y - 3e3, x + 3e3, y + 3e3)]
    table = geopandas.GeoDataFrame(
        {"STT": ["09464-01", "09464-02"], "GEN": ["Altstadt", "Nord"]},
        geometry=shapes,
        crs="EPSG:25832",
    )
    path = tmp_path / "Stadtteile 2024-06-30.geojson"
    table.to_crs(4326).to_file(path)
    return path


@pytest.fixture
def said(town, capsys):
    def saying(*arguments: object) -> tuple[int, str]:
        code = main(["--data", str(town.data), *map(str, arguments)])
        return code, capsys.readouterr().err

    return saying


def test_a_received_file_of_boundaries_becomes_a_map(town, file, tmp_path, said):
    code, told = said("receive", file)
    assert code == 1 and '--id "STT"' in told
    assert not town.received.exists()

    code, told = said("receive", "--id", "STT", "--attribution", "© Stadt Hof", file)
    assert code == 0, told
    assert "Grenzen, 2 Flächen, Stand 30.06.2024" in told
    assert "dem Namen der Datei entnommen" in told
    (kept,) = (town.received / "boundaries").glob("*.geojson")
    assert kept.read_bytes() == file.read_bytes()
    assert kept.stat().st_mode & 0o077 == 0

    offers = tmp_path / "angebote.csv"
    offers.write_text(OFFERS, encoding="utf-8")
    code, told = said("receive", offers)
    assert code == 0, told
    code, told = said("build")
    assert code == 0, told

    opened = releases.open_release(town)
    (level,) = [name for name in opened.maps if name not in ("kreis", "land", "regierungsbezirk")]
    query = parse_query("kind=map&indicator=demokratie_projekte&region=09464&scope=parts")
    found = answer(opened, parse(dict(query), opened.catalog, opened.regions))
    assert found.figure.region_ids == ("09464-01", "09464-02")
    assert "© Stadt Hof" in found.figure.boundary_note
    content = json.loads((town.map_files / opened.maps[level]["name"]).read_text(encoding="utf-8"))
    assert content["names"] == ["Altstadt", "Nord"] and content["date"] == "2024-06-30"
    opened.close()


def test_the_same_file_again_is_told_and_other_words_make_another_edition(town, file, said):
    first = said("receive", "--id", "STT", file)
    again = said("receive", file)
    assert first[0] == again[0] == 0 and "liegen schon vor" in again[1]
    assert said("receive", "--id", "STT", "--stand", "2025-01-01", file)[0] == 0
    assert len(list((town.received / "boundaries").glob("*.toml"))) == 2
    code, told = said("build")
    assert code == 0, told
    assert "nicht gezeichnet" in told


def test_what_is_said_of_the_origin_makes_another_release(town, file, said):
    said("receive", "--id", "STT", file)
    assert "gebaut" in said("build")[1]
    (origin,) = (town.received / "boundaries").glob("*.toml")
    origin.write_text(origin.read_text().replace("Grenzen", "Stadtteile"), encoding="utf-8")
    assert "gebaut" in said("build")[1]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--stand", "gestern"), "kein Tag wie 2024-12-31"),
        (("--crs", "EPSG:1"), "kein Koordinaten"),
    ],
)
def test_wrong_words_are_refused(town, file, said, capsys, arguments, told):
    try:
        code, text = said("receive", "--id", "STT", *arguments, file)
    except SystemExit as error:
        code, text = error.code, capsys.readouterr().err
    assert code and told in text
    assert not town.received.exists()


def test_words_of_boundaries_do_not_go_with_tables(town, tmp_path, said):
    offers = tmp_path / "angebote.csv"
    offers.write_text(OFFERS, encoding="utf-8")
    code, told = said("receive", "--stand", "2024-12-31", offers)
    assert code == 1 and "gelten nur für Grenzen" in told
