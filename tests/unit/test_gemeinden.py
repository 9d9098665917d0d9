"""Gemeinden of real Kreise register themselves from the official table of Gemeinden."""

import json
from dataclasses import replace

import geopandas
import pytest
import shapely

from indicators import view as views
from indicators.__main__ import main
from indicators.answers.answering import answer
from indicators.folders import Folders
from indicators.publishing import gemeinden, run
from indicators.release import releases
from indicators.release.values import indicator_values
from indicators.sources.reading import read_bytes, read_file

HEAD = (
    "GENESIS-Tabelle: 12411-01-01-5\nBevölkerung nach Geschlecht\nFortschreibung\n"
    "Bevölkerungsstand (Anzahl)\n"
)
FOOT = (
    "__________\n© Statistische Ämter des Bundes und der Länder, Deutschland, 2017.\n"
    "Stand: 10.10.2017 / 11:01:03\n"
)
LINES = (
    "DG;Deutschland;82000000;80000000",
    "09475;Hof, Landkreis;96000;97000",
    "09475112;Bad Steben, M;3400;3300",
    "09475113;Berg;2300;2200",
    "09475169;Schwarzenbach a.Wald, St;4600;4700",
    # ended, began, nobody ever lived there, nothing at all
    "09475190;Altdorf;-;900",
    "09475191;Neudorf;800;-",
    "09475444;Gem.fr. Geb. Hof;0;0",
    "09475192;Nirgends;-;-",
    # a Kreis that no education region names, and an association
    "09372;Cham, Landkreis;126000;125000",
    "09372112;Arnschwang;1900;1900",
    "03151401;Boldecker Land, Samtgemeinde;9910;9900",
)


def table(*, lines=LINES, years=("2015", "2014")) -> bytes:
    header = f";;31.12.{years[0]};31.12.{years[1]}\n;;Insgesamt;Insgesamt\n"
    return (HEAD + header + "\n".join(lines) + "\n" + FOOT).encode()


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """The register as it ships, and the definitions."""
    folders = Folders(tmp_path_factory.mktemp("plain"))
    catalog = run.load_catalog(folders)
    return run.register_of(run.boundary_archive(folders)[0], catalog), catalog


def test_gemeinden_of_education_regions_register_themselves(plain):
    register, catalog = plain
    found = gemeinden.register_with(register, read_bytes(table(), "gemeinden.csv"), catalog)
    new = {id: found[id] for id in found.keys() - register.keys()}
    assert sorted(new) == ["09475112", "09475113", "09475169", "09475191"]
    steben = new["09475112"]
    assert (steben.name, steben.designation, steben.where) == (
        "Bad Steben",
        "Markt",
        "in Bad Steben",
    )
    assert (steben.level, steben.parent, steben.valid_from) == ("gemeinde", "09475", None)
    assert new["09475169"].name == "Schwarzenbach a. Wald"


def test_a_new_gemeinde_did_not_exist_before(plain):
    register, catalog = plain
    found = gemeinden.register_with(register, read_bytes(table(), "gemeinden.csv"), catalog)
    assert found["09475191"].valid_from.isoformat() == "2015-01-01"


def test_an_older_edition_keeps_nobody_alive_and_a_definition_goes_first(plain):
    register, catalog = plain
    newer = read_bytes(table(), "gemeinden.csv")
    older = read_bytes(
        table(
            lines=["09475113;Berg;2200;2100", "09475190;Altdorf;900;900"], years=("2014", "2013")
        ),
        "gemeinden.csv",
    )
    mine = register | {"09475113": register["09475"]}
    found = gemeinden.register_with(mine, [*newer, *older], catalog)
    assert "09475190" not in found and found["09475113"] is register["09475"]


def test_every_table_of_gemeinden_registers_them(plain):
    register, catalog = plain
    births = read_bytes(table().replace(b"12411-01-01-5", b"12612-01-01-5"), "geburten.csv")
    births = [replace(one, cells=one.cells.assign(time="2015")) for one in births]
    assert "09475113" in gemeinden.register_with(register, births, catalog)


def test_other_tables_register_nobody(plain):
    register, catalog = plain
    other = read_bytes(table().replace(b"12411-01-01-5", b"12411-01-01-4"), "kreise.csv")
    assert gemeinden.register_with(register, other, catalog) is register


@pytest.fixture
def town(built_folders, tmp_path, capsys):
    """The small town after it received the table of Gemeinden."""
    path = tmp_path / "12411-01-01-5_00.csv"
    path.write_bytes(table())
    assert main(["--data", str(built_folders.data), "receive", str(path)]) == 0
    assert "Untereinheiten" in capsys.readouterr().err
    return built_folders


def squares(folders: Folders) -> dict:
    """Two areas inside of the Landkreis and one without a Gemeinde, as the Bundesamt names them."""
    archive, _ = run.boundary_archive(folders)
    kreise = run.boundaries.kreise(archive)
    x, y = shapely.get_coordinates(kreise["09475"].representative_point())[0]
    places = [shapely.box(x + 900 * i, y, x + 900 * (i + 1), y + 900) for i in range(3)]
    frame = geopandas.GeoDataFrame(
        {
            "AGS": ["09475112", "09475113", "09475451"],
            "GEN": ["Bad Steben", "Berg", "Gerlaser Forst"],
            "BEZ": ["Markt", "Gemeinde", "Gemeindefreies Gebiet"],
        },
        geometry=places,
        crs="EPSG:25832",
    )
    return json.loads(frame.to_crs("EPSG:4326").to_json())


def test_they_have_values_a_ranking_and_a_map(town, tmp_path, capsys):
    path = tmp_path / "VG5000_2015-12-31.geojson"
    path.write_text(json.dumps(squares(town)), encoding="utf-8")
    capsys.readouterr()
    assert main(["--data", str(town.data), "receive", str(path)]) == 0
    assert "1 gemeindefreies Gebiet nicht genommen" in capsys.readouterr().err
    built = run.build(town)
    assert built.published, built.report.text()
    release = releases.open_release(town)

    def rows(query):
        found = answer(release, views.parse(query, release.catalog, release.regions)).rows
        return {row["region"]: row for row in found}

    of = "indicator=bevoelkerung_stand&region=09475"
    assert rows(f"kind=table&{of[:-5]}09475112&period=31.12.2014")["09475112"]["value"] == 3300
    for kind in ("map", "ranking"):
        found = rows(f"kind={kind}&{of}&scope=parts&period=31.12.2015")
        compared = {id: row["value"] for id, row in found.items() if len(id) == 8}
        assert compared == {"09475112": 3400, "09475113": 2300}, kind
    new = indicator_values(
        release, release.catalog.indicators["bevoelkerung_stand"], ["09475191"]
    ).set_index("period")
    assert new["status"].to_dict() == {"31.12.2014": "dissolved", "31.12.2015": "ok"}


def test_table_and_boundaries_may_come_together_in_any_order(built_folders, tmp_path):
    areas, counts = tmp_path / "VG5000_2015-12-31.geojson", tmp_path / "12411-01-01-5_00.csv"
    areas.write_text(json.dumps(squares(built_folders)), encoding="utf-8")
    counts.write_bytes(table())
    given = ["--data", str(built_folders.data), "receive", str(areas), str(counts)]
    assert main(given) == 0


@pytest.mark.shared
def test_the_real_table_has_all_gemeinden_of_the_education_regions(plain, shared):
    register, catalog = plain
    folder = shared / "data" / "regionaldatenbank" / "edition_2017"
    tables = read_file(folder / "12411-01-01-5_00.csv")
    found = gemeinden.register_with(register, tables, catalog)
    new = [found[id] for id in found.keys() - register.keys()]
    count = {kreis: sum(r.parent == kreis for r in new) for kreis in {r.parent for r in new}}
    assert count == {"06431": 22, "09473": 17, "09475": 27, "09777": 45}
