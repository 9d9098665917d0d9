"""Files of boundaries: what is read of them, and that a wrong one is refused by its true cause."""

import json
import random
import zipfile
from datetime import datetime

import geopandas
import numpy as np
import pytest
import shapely
from shapely import affinity

from indicators.errors import FileError
from indicators.folders import Folders
from indicators.publishing import areas, boundaries, run
from indicators.regions import Region
from indicators.sources.origins import Origin

UTM = "EPSG:25832"


@pytest.fixture(scope="module")
def kreise(tmp_path_factory):
    archive, _ = run.boundary_archive(Folders(tmp_path_factory.mktemp("none")))
    return boundaries.kreise(archive)


def region(id, level, name, parent):
    return Region(id, level, name, f"in {name}", parent)


REGISTER = {
    one.id: one
    for one in (
        region("09464", "kreis", "Stadt Hof", "094"),
        region("09475", "kreis", "Landkreis Hof", "094"),
        region("09479", "kreis", "Landkreis Wunsiedel i.Fichtelgebirge", "094"),
        region("09475112", "gemeinde", "Bad Steben", "09475"),
        region("09475113", "gemeinde", "Berg", "09475"),
        region("09464-01", "stadtteil", "Altstadt", "09464"),
        region("09464-02", "stadtteil", "Nord", "09464"),
        region("99101", "kreis", "Beispielstadt", "99"),
        region("99101-01", "stadtteil", "Mitte", "99101"),
    )
}


def halves(shape):
    """A shape cut by a line from north to south: west, east."""
    left, bottom, right, top = shape.bounds
    middle = round((left + right) / 2)
    west = shapely.intersection(shape, shapely.box(left, bottom, middle, top))
    return west, shapely.intersection(shape, shapely.box(middle, bottom, right, top))


@pytest.fixture
def town(kreise):
    """Two Stadtteile of Hof as a table in EPSG:25832."""
    shapes = halves(shapely.box(*shapely.buffer(kreise["09464"].centroid, 3_000).bounds))
    return geopandas.GeoDataFrame(
        {"id": ["09464-01", "09464-02"], "name": ["Altstadt", "Nord"]},
        geometry=list(shapes),
        crs=UTM,
    )


@pytest.fixture
def read(kreise, tmp_path):
    def reading(table, suffix="geojson", **origin):
        path = tmp_path / f"probe.{suffix}"
        if isinstance(table, geopandas.GeoDataFrame):
            table.to_file(path)
        return areas.read(path, REGISTER, kreise, Origin(**origin))

    return reading


@pytest.fixture
def refused(read):
    def refusing(*args, **origin):
        with pytest.raises(FileError) as caught:
            read(*args, **origin)
        message = str(caught.value)
        assert message.startswith("probe.") and "Nächster Schritt: " in message
        return message

    return refusing


def same(found, town):
    assert found.table.index.tolist() == sorted(town["id"])
    for shape, expected in zip(found.table.geometry, town.geometry, strict=True):
        assert shapely.symmetric_difference(shape, expected).area < 100


def relabelled(table, crs):
    return table.set_crs(crs, allow_override=True)


def moved(table, change):
    return table.set_geometry(shapely.transform(table.geometry.array, change))


def swapped(table):
    return moved(table, lambda points: points[:, ::-1])


# --- what is read ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "crs", [UTM, "EPSG:4326", "EPSG:25833", "EPSG:31468", "EPSG:4647", "EPSG:3857"]
)
@pytest.mark.parametrize("suffix", ["geojson", "gpkg"])
def test_files_of_all_usual_systems_are_read(read, town, crs, suffix):
    same(read(town.to_crs(crs), suffix), town)


def zipped_shape(folder, table, leave_out=()):
    table.to_file(folder / "teile.shp")
    with zipfile.ZipFile(folder / "probe.zip", "w") as packed:
        for path in sorted(folder.glob("teile.*")):
            if path.suffix not in leave_out:
                packed.write(path, f"Ordner mit Ü/{path.name}")


def test_a_shape_in_an_archive_is_read(read, town, tmp_path):
    zipped_shape(tmp_path, town)
    same(read(None, "zip"), town)


def test_of_an_archive_the_layer_of_the_town_is_taken(read, town, kreise, tmp_path):
    others = geopandas.GeoDataFrame(
        {"AGS": kreise.index[:5], "GEN": kreise.index[:5]}, geometry=list(kreise[:5]), crs=UTM
    )
    others.to_file(tmp_path / "a.geojson")
    town.rename(columns={"id": "AGS", "name": "GEN"}).to_file(tmp_path / "b.geojson")
    with zipfile.ZipFile(tmp_path / "probe.zip", "w") as packed:
        for name in ("a", "b"):
            packed.write(tmp_path / f"{name}.geojson", f"{name}.geojson")
    same(read(None, "zip"), town)


@pytest.mark.parametrize("name", ["AGS", "ags", "ARS", "RS", "SCHLUESSEL", "Schlüssel", "id"])
def test_columns_of_known_names(read, town, name):
    same(read(town.rename(columns={"id": name, "name": "GEN"})), town)


def test_other_columns_are_named_by_the_origin(read, refused, town):
    other = town.rename(columns={"id": "STT_NR", "name": "STT"})
    assert '--id "STT_NR"' in refused(other)
    found = read(other, id="stt_nr", name="STT")
    same(found, town)
    assert found.table["name"].tolist() == ["Altstadt", "Nord"]
    assert "vorhanden sind stt_nr" in refused(other, id="NR").casefold()


def test_a_number_that_a_program_gave_is_not_the_key(read, town):
    same(read(town.rename(columns={"id": "AGS"}).assign(id=[1, 2])), town)


def test_names_may_lack_because_the_regions_have_them(read, town):
    assert read(town.drop(columns="name")).table["name"].tolist() == ["Altstadt", "Nord"]


@pytest.fixture
def gemeinden(kreise):
    shapes = halves(
        shapely.box(*shapely.buffer(kreise["09475"].representative_point(), 3_000).bounds)
    )
    return geopandas.GeoDataFrame(
        {"id": ["09475112", "09475113"], "name": ["Bad Steben", "Berg"]},
        geometry=list(shapes),
        crs=UTM,
    )


@pytest.mark.parametrize(
    "ids",
    [
        [9475112, 9475113],
        [9475112.0, 9475113.0],
        ["9475112", "9475113"],
        ["9475112.0", "9475113.0"],
        ["094750112112", "094750113113"],
        ["94750112112", "94750113113"],
    ],
)
def test_keys_that_programs_damaged_are_mended(read, gemeinden, ids):
    same(read(gemeinden.assign(id=ids)), gemeinden)


def test_areas_of_other_kreise_are_left_out_and_counted(read, gemeinden, kreise):
    shapes = [*gemeinden.geometry, kreise["09471"], kreise["09464"]]
    table = geopandas.GeoDataFrame(
        {"id": ["09475112", "09475113", "09479111", "09464000"], "name": list("abcd")},
        geometry=shapes,
        crs=UTM,
    )
    found = read(table)
    assert found.table.index.tolist() == ["09475112", "09475113"]
    assert found.notes[0].startswith("2 Flächen nicht genommen")


# --- coordinates ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("right", "label", "told"),
    [
        ("EPSG:25832", "EPSG:4326", "es sind aber Meter (UTM, Zone 32, EPSG:25832)"),
        ("EPSG:4326", "EPSG:25832", "es sind aber Grad"),
        ("EPSG:4647", "EPSG:25832", "Vor dem Ostwert steht die Zonennummer 32"),
        ("EPSG:5650", "EPSG:25833", "Vor dem Ostwert steht die Zonennummer 33"),
        ("EPSG:25833", "EPSG:25832", "Zone 33, EPSG:25833"),
        ("EPSG:31468", "EPSG:25832", "Gauß-Krüger, Zone 4"),
        ("EPSG:25832", "EPSG:4647", "es sind aber Meter (UTM, Zone 32, EPSG:25832)"),
        ("EPSG:3857", "EPSG:4326", "Web-Mercator"),
    ],
)
def test_a_wrong_label_is_told_with_what_would_fit(read, refused, town, right, label, told):
    wrong = relabelled(town.to_crs(right), label)
    assert told in refused(wrong) and f"--crs {right}" in refused(wrong)
    same(read(wrong, crs=right), town)


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:25832", "EPSG:31468"])
def test_swapped_axes_are_told(refused, town, crs):
    message = refused(swapped(town.to_crs(crs)))
    assert ("Breite und Länge" if crs == "EPSG:4326" else "Ostwert und Nordwert") in message
    assert "vertauscht" in message and "richtig wäre" in message


def test_a_missing_label_is_told_with_what_would_fit(read, refused, town, tmp_path):
    zipped_shape(tmp_path, town, leave_out=[".prj"])
    message = refused(None, "zip")
    assert "fehlt die Angabe, welche Koordinaten" in message and "--crs EPSG:25832" in message
    same(read(None, "zip", crs="EPSG:25832"), town)


def test_a_label_nobody_knows_is_told(refused, town):
    assert "kein Koordinatensystem" in refused(town, crs="EPSG:1")
    assert "kein Koordinatensystem" in refused(town, crs="Gauß")


def test_areas_of_another_kreis_are_told(refused, town, kreise):
    there = kreise["09479"].representative_point()
    here = kreise["09464"].centroid
    away = town.translate(there.x - here.x, there.y - here.y)
    message = refused(town.set_geometry(away))
    assert "nicht in ihrem Kreis (Stadt Hof), sondern in Landkreis Wunsiedel" in message
    one = town.set_geometry([town.geometry[0], away[1]])
    assert "die Fläche 09464-02 (Nord) liegt nicht in ihrem Kreis" in refused(one)
    nowhere = town.set_geometry(town.translate(150_000, 700_000))
    assert "mit keinem üblichen Koordinatensystem" in refused(nowhere)


def test_invented_areas_need_lie_in_germany_only(read, refused, town):
    invented = town[:1].assign(id=["99101-01"], name="Mitte")
    assert read(invented).table.index.tolist() == ["99101-01"]
    assert "es sind aber Meter" in refused(relabelled(invented, "EPSG:4326"))


# --- keys -----------------------------------------------------------------------------------------


def test_an_unknown_key_is_told_with_the_lines_that_would_make_it_known(refused, town):
    message = refused(town.assign(id=["09464-01", "09464-09"]))
    assert "09464-09 (Nord) gehört zu keiner Region" in message
    assert '[[local_regions]]\nid = "09464-09"\nname = "Nord"' in message
    message = refused(town.assign(id=["09475120", "09475121"]))
    assert message.count("[[local_regions]]") == 2 and 'parent = "09475"' in message


def test_a_key_twice_is_told_as_it_is_written(refused, gemeinden):
    message = refused(gemeinden.assign(id=["9475112", "09475112"]))
    assert "09475112 (Berg) steht zweimal (auch als 9475112 (Bad Steben))" in message


def test_swapped_names_are_told(refused, gemeinden):
    message = refused(gemeinden.assign(name=["Berg", "Bad Steben"]))
    assert "09475112 heißt hier „Berg“" in message and "09475113" in message


def test_areas_without_a_key_are_told(refused, gemeinden):
    assert "ohne Schlüssel" in refused(gemeinden.assign(id=["09475112", None]))


def test_kreise_are_there_already_and_a_bare_number_is_no_key(refused, town):
    assert "deren Grenzen sind schon da" in refused(town[:1].assign(id=["09464"]))
    assert "1 (Nord) gehört zu keiner Region" in refused(town.assign(id=["09464-01", "1"]))
    assert "--id" in refused(town.assign(id=[1, 2]))


# --- shapes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shape", "told"),
    [
        (None, "ist leer"),
        (shapely.Polygon(), "ist leer"),
        (shapely.Point(1, 1), "sondern ein Punkt"),
        (shapely.LineString([(0, 0), (1, 1)]), "sondern eine Linie"),
        (shapely.MultiPoint([(0, 0), (1, 1)]), "eine Menge von Punkten"),
        (shapely.GeometryCollection([shapely.Point(1, 1)]), "Sammlung verschiedener Formen"),
    ],
)
def test_what_is_no_area_is_told(refused, town, shape, told):
    message = refused(town.set_geometry([town.geometry[0], shape]))
    assert "die Fläche 09464-02 (Nord)" in message and told in message


def test_an_area_that_intersects_itself_is_told_with_the_place(refused, town):
    x, y = town.geometry[1].centroid.coords[0]
    bow = shapely.Polygon([(x, y), (x + 800, y + 800), (x + 800, y), (x, y + 800), (x, y)])
    message = refused(town.set_geometry([town.geometry[0], bow]))
    assert "09464-02 (Nord) ist ungültig: ihr Rand schneidet sich selbst bei" in message
    assert f"{x + 400:.0f} {y + 400:.0f}" in message


def test_neighbours_that_overlap_are_told_with_size_and_place(refused, town):
    wide = affinity.translate(town.geometry[1], -500, 0)
    message = refused(town.set_geometry([town.geometry[0], wide]))
    assert "09464-01 (Altstadt) und 09464-02 (Nord) überlappen sich um" in message
    assert " ha, zum Beispiel bei " in message


def test_slivers_between_neighbours_are_closed_and_told(read, town):
    west, east = town.geometry
    over = read(town.set_geometry([west, affinity.translate(east, -8, 0)]))
    # a gap of 8 m, closed at both ends
    x, y = west.bounds[2], west.centroid.y
    gap = shapely.box(x, y - 1_000, x + 8, y + 1_000)
    under = read(town.set_geometry([west, shapely.difference(east, gap)]))
    for found in (over, under):
        assert found.table.is_valid_coverage()
        whole = shapely.union_all(found.table.geometry)
        assert whole.geom_type == "Polygon" and not len(whole.interiors)
        (note,) = found.notes
        assert "aneinander gelegt" in note


def test_a_point_more_on_one_side_of_a_border_is_no_overlap(read, town):
    west, east = town.geometry
    finer = shapely.segmentize(east, 333)
    found = read(town.set_geometry([west, finer]))
    assert found.table.is_valid_coverage()


def test_a_hole_between_areas_is_told(read, town):
    west, east = town.geometry
    hole = shapely.buffer(shapely.Point(west.bounds[2], west.centroid.y), 400)
    found = read(
        town.set_geometry([shapely.difference(west, hole), shapely.difference(east, hole)])
    )
    assert any("bleibt eine Lücke von 49,9 ha" in note for note in found.notes)


def test_a_tiny_area_is_told(refused, town):
    x, y = town.geometry[1].centroid.coords[0]
    tiny = shapely.box(x, y, x + 10, y + 10)
    assert "100 m² groß" in refused(town.set_geometry([town.geometry[0], tiny]))


def test_heights_are_dropped(read, town):
    flat = read(town).table
    high = read(town.set_geometry(shapely.force_3d(town.geometry.array, 500))).table
    assert not shapely.has_z(high.geometry.array).any()
    assert np.all(shapely.equals(flat.geometry.array, high.geometry.array))


# --- files that are none --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("suffix", "content", "told"),
    [
        ("geojson", b"{", "lassen sich nicht lesen"),
        ("geojson", b"", "lassen sich nicht lesen"),
        ("gpkg", b"SQLite format 3", "lassen sich nicht lesen"),
        (
            "geojson",
            json.dumps({"type": "FeatureCollection", "features": []}).encode(),
            "keine Fläche",
        ),
        ("kml", b"<kml/>", "in dieser Form werden nicht gelesen"),
        ("zip", b"PK\x03\x04kaputt", "beschädigt"),
    ],
)
def test_what_cannot_be_read_is_told(kreise, tmp_path, suffix, content, told):
    path = tmp_path / f"probe.{suffix}"
    path.write_bytes(content)
    with pytest.raises(FileError, match=told):
        areas.read(path, REGISTER, kreise, Origin())


def test_a_shape_without_its_parts_is_told(refused, town, tmp_path):
    zipped_shape(tmp_path, town, leave_out=[".dbf"])
    assert "fehlt zu teile.shp die Datei .dbf" in refused(None, "zip")


def test_an_archive_of_tables_holds_no_boundaries(tmp_path):
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as packed:
        packed.writestr("a.csv", "x")
    assert not areas.is_boundaries("x.zip", (tmp_path / "x.zip").read_bytes())
    assert areas.is_boundaries("x.geojson", b"{}") and not areas.is_boundaries("x.csv", b"a;b")


@pytest.mark.parametrize("number", range(60))
def test_a_damaged_file_is_read_as_it_was_or_refused_in_german(kreise, town, tmp_path, number):
    chance = random.Random(number)
    path = tmp_path / "probe.geojson"
    town.to_file(path)
    content = bytearray(path.read_bytes())
    for _ in range(chance.choice((1, 1, 5))):
        at = chance.randrange(len(content))
        content[at : at + chance.choice((0, 1, 1, 30))] = chance.choice(
            (b"", b"9", b"-", b"null", b'"', b"[", b"x", b"\xff", b"1e999")
        )
    path.write_bytes(bytes(content[: chance.choice((len(content), len(content), 200))]))
    try:
        found = areas.read(path, REGISTER, kreise, Origin())
    except FileError as error:
        assert str(error).startswith("probe.geojson: ") and "Nächster Schritt: " in str(error)
    else:
        assert found.table.is_valid_coverage()
        assert set(found.table.index) <= {"09464-01", "09464-02"}


# --- a real file ----------------------------------------------------------------------------------


@pytest.mark.shared
@pytest.mark.parametrize("kreis", ["09475", "08335", "06431", "09777", "03457"])
def test_the_gemeinden_of_a_real_kreis_are_read(shared, kreise, tmp_path, kreis):
    """Gemeinden of VG5000 in three systems; an island that the coarse Kreise leave out is one."""
    path = shared / "data" / "geometry" / "vg5000_2021-01-01" / "VG5000_GEM.shp"
    table = geopandas.read_file(path, where=f"AGS LIKE '{kreis}%'")
    register = {kreis: region(kreis, "kreis", kreis, kreis[:2])}
    register |= {key: region(key, "gemeinde", key, kreis) for key in table["AGS"]}
    found = []
    for crs in ("EPSG:31467", "EPSG:4326", "EPSG:25832"):
        target = tmp_path / f"{crs[5:]}.gpkg"
        table.to_crs(crs).to_file(target)
        found.append(areas.read(target, register, kreise, Origin(stand=datetime(2021, 1, 1))))
    assert [one.table.index.tolist() for one in found] == [sorted(table["AGS"])] * 3
    assert found[0].table["name"].tolist() == table.sort_values("AGS")["GEN"].tolist()
    with pytest.raises(FileError, match="vertauscht"):
        swapped(table.to_crs("EPSG:4326")).to_file(tmp_path / "swapped.gpkg")
        areas.read(tmp_path / "swapped.gpkg", register, kreise, Origin())
