"""A town's own boundaries: what becomes of them, and what is refused."""

import json

import geopandas
import pytest

from indicators.errors import FileError
from indicators.publishing import local_maps
from indicators.publishing.report import Report
from indicators.regions import Region

ORIGIN = 'stand = 2024-12-31\nattribution = "© Stadt Probe"\n'


def register():
    found = {"09464": Region("09464", "kreis", "Stadt Hof", "in der Stadt Hof", "09")}
    for number in (1, 2, 3):
        key = f"09464-0{number}"
        found[key] = Region(key, "stadtteil", f"Teil {number}", f"in Teil {number}", "09464")
    return found


def build_local_maps(folders, register, target, report=None):
    """Without known Kreise: the squares lie nowhere near Hof."""
    unknown = geopandas.GeoSeries([], crs="EPSG:25832")
    section = (report or Report()).section("Grenzen")
    return local_maps.build_local_maps(folders, register, target, unknown, section)


def square(id: str, left: float, side: float = 1000.0) -> dict:
    bottom, right, top = 5_400_000.0, left + side, 5_400_000.0 + side
    ring = [[left, bottom], [right, bottom], [right, top], [left, top], [left, bottom]]
    return {
        "type": "Feature",
        "properties": {"id": id, "name": f"Teil {id[-1]}"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def written(folder, *features, origin=ORIGIN, name="probe"):
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::25832"}}
    content = {"type": "FeatureCollection", "crs": crs, "features": list(features)}
    (folder / f"{name}.geojson").write_text(json.dumps(content), encoding="utf-8")
    if origin:
        (folder / f"{name}.geojson.origin.toml").write_text(origin, encoding="utf-8")
    return [folder]


SOUND = (square("09464-02", 601_000.0), square("09464-01", 600_000.0))


def test_a_file_becomes_a_map_of_its_regions(tmp_path):
    (file,) = build_local_maps(written(tmp_path, *SOUND), register(), tmp_path / "maps")
    content = json.loads(file.path.read_text(encoding="utf-8"))
    assert file.level == "probe"
    assert file.attribution == "© Stadt Probe"
    assert file.region_ids == ("09464-01", "09464-02")
    assert (content["width"], content["height"]) == (200, 100)
    assert content["boxes"] == [[0, 0, 100, 100], [100, 0, 200, 100]]
    assert list(content["outlines"]) == ["09464"]
    assert content["date"] == "2024-12-31"


def test_the_same_file_gives_the_same_bytes(tmp_path):
    folders = written(tmp_path, *SOUND)
    first = build_local_maps(folders, register(), tmp_path / "a")[0]
    second = build_local_maps(folders, register(), tmp_path / "b")[0]
    assert first.name == second.name
    assert first.path.read_bytes() == second.path.read_bytes()


def test_files_that_fit_together_make_a_common_map_too(tmp_path):
    written(tmp_path, SOUND[0], name="eins")
    folders = written(tmp_path, SOUND[1], name="zwei")
    maps = build_local_maps(folders, register(), tmp_path / "maps")
    assert [m.region_ids for m in maps] == [
        ("09464-02",),
        ("09464-01",),
        ("09464-01", "09464-02"),
    ]
    assert maps[2].attribution == "© Stadt Probe"


def test_files_that_overlap_stay_apart(tmp_path):
    written(tmp_path, SOUND[0], name="eins")
    folders = written(tmp_path, square("09464-01", 600_500.0), name="zwei")
    assert len(build_local_maps(folders, register(), tmp_path / "maps")) == 2


def test_of_two_files_of_the_same_areas_the_newer_is_drawn(tmp_path):
    report = Report()
    written(tmp_path, *SOUND, name="neu", origin=ORIGIN.replace("2024", "2025"))
    folders = written(tmp_path, *SOUND, name="alt")
    (file,) = build_local_maps(folders, register(), tmp_path / "maps", report)
    assert (file.level, file.boundary_date.year) == ("neu", 2025)
    assert "alt.geojson nicht gezeichnet" in report.of("info")[0]


def test_a_file_replaces_no_map_of_germany_and_none_of_another_folder(tmp_path):
    for folder in ("a", "b"):
        (tmp_path / folder / "boundaries").mkdir(parents=True)
        written(tmp_path / folder / "boundaries", *SOUND, name="kreis")
    folders = [tmp_path / folder / "boundaries" for folder in ("a", "b")]
    maps = build_local_maps(folders, register(), tmp_path / "maps")
    assert [one.level for one in maps] == ["kreis_2", "kreis_3"]


def test_a_file_that_was_changed_after_it_was_received_is_refused(tmp_path):
    folders = written(tmp_path, *SOUND, origin=ORIGIN + f'sha256 = "{"0" * 64}"\n')
    with pytest.raises(FileError, match="nach der Annahme verändert"):
        build_local_maps(folders, register(), tmp_path / "maps")


def test_no_files_no_maps(tmp_path):
    assert build_local_maps([tmp_path, tmp_path / "absent"], register(), tmp_path) == []


@pytest.mark.parametrize(
    ("features", "origin", "words"),
    [
        ((square("09464-09", 600_000.0),), ORIGIN, r"09464-09 \(Teil 9\) gehört zu keiner Region"),
        ((SOUND[0], SOUND[0]), ORIGIN, r"09464-02 \(Teil 2\) steht zweimal"),
        ((SOUND[0], square("09464-01", 600_500.0)), ORIGIN, "überlappen"),
        (SOUND, "", "Herkunft"),
        (SOUND, 'attribution = "x"\n', "stand"),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_the_next_step(tmp_path, features, origin, words):
    folders = written(tmp_path, *features, origin=origin)
    with pytest.raises(FileError, match=words):
        build_local_maps(folders, register(), tmp_path / "maps")


def test_a_broken_file_is_refused(tmp_path):
    (tmp_path / "probe.geojson").write_text("{", encoding="utf-8")
    with pytest.raises(FileError, match="nicht lesen"):
        build_local_maps([tmp_path], register(), tmp_path / "maps")
