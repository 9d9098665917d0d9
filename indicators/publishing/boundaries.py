"""Official boundaries -> one small geometry file per level that the browser draws as it is."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import geopandas
import numpy as np
import shapely

from indicators import writing
from indicators.errors import BuildError

GRID_METRES = 100  # one map unit; at the deepest zoom still about one pixel
TOLERANCE_METRES = 500
LAND_AREA = 9  # BKG's GF: 9 is land, 8 is a Land's share of the sea or of Lake Constance
_FOLDER = "vg2500_12-31.utm32s.shape/vg2500"
_LAYERS = {"kreis": ("KRS", 5), "regierungsbezirk": ("RBZ", 3), "land": ("LAN", 2)}
_NEXT_STEP = (
    "Bitte das Archiv VG2500 (Shape, UTM32s, Stand 31.12.) unverändert vom Bundesamt für "
    "Kartographie und Geodäsie neu laden und in den Ordner data/boundaries legen."
)


@dataclass(frozen=True)
class MapFile:
    """One written geometry file; `name` carries its content's hash, so it never changes.
    `attribution` is whom to name under the map."""

    level: str
    boundary_date: date
    name: str
    path: Path
    region_ids: tuple[str, ...]
    attribution: str = ""


def build_map_files(archive: Path, boundary_date: date, target: Path) -> list[MapFile]:
    """Write the map of every level into `target`; the same archive gives the same bytes."""
    layers = {level: _read_layer(archive, *layer) for level, layer in _LAYERS.items()}
    # Only the Kreise are simplified; larger regions are put together from them. So every border
    # of a Land is, point for point, a border of its Kreise, and no level leaves slivers.
    kreise = _to_grid(layers["kreis"], archive)
    left, _, _, top = kreise.total_bounds
    shapes = {"kreis": kreise} | {
        level: _put_together(kreise, layers[level], level, archive)
        for level in ("regierungsbezirk", "land")
    }
    lands = dict(zip(shapes["land"].index, shapes["land"].geometry.array, strict=True))
    files = []
    for level, table in shapes.items():
        outlines = lands if level != "land" else {}
        content = content_of(table, level, boundary_date, (left, top), outlines)
        files.append(write(content, level, boundary_date, target))
    return files


def kreise(archive: Path) -> geopandas.GeoSeries:
    """The Kreise by key, in EPSG:25832: where a town's own areas must lie."""
    return _read_layer(archive, *_LAYERS["kreis"]).geometry.to_crs("EPSG:25832")


def content_of(
    table: geopandas.GeoDataFrame,
    level: str,
    day: date,
    corner: tuple[float, float],
    outlines: dict[str, shapely.Geometry],
) -> dict:
    """What a geometry file holds; `table` is on the integer grid, indexed by region, with `name`.

    `outlines` are drawn over the regions whose keys begin with theirs. The border around a town
    and its Landkreis is not here: the browser draws the members' paths with a thick line and their
    fills over it, which serves any set without a file of its own.
    """
    offset = np.array(corner)
    _, bottom, right, _ = table.total_bounds
    shapes = table.geometry.array
    return {
        "level": level,
        "date": day.isoformat(),
        "width": round(right - corner[0]),
        "height": round(corner[1] - bottom),
        "ids": list(table.index),
        "names": list(table["name"]),
        "paths": [_path(shape, offset) for shape in shapes],
        "points": [_point(shape, offset) for shape in shapes],
        "boxes": [_box(shape, offset) for shape in shapes],
        "outlines": {key: _path(shape, offset) for key, shape in outlines.items()},
    }


def _read_layer(archive: Path, layer: str, digits: int) -> geopandas.GeoDataFrame:
    """One layer's land areas by official key, checked."""
    try:
        table = geopandas.read_file(f"zip://{archive}!{_FOLDER}/VG2500_{layer}.shp")
    except Exception as error:  # pyogrio raises different types for missing and broken files
        raise BuildError(
            f"Die Grenzen in {archive.name} lassen sich nicht lesen (Ebene {layer}). {_NEXT_STEP}"
        ) from error
    missing = {"AGS", "GEN", "BEZ", "GF"} - set(table.columns)
    if missing:
        raise BuildError(
            f"In {archive.name} fehlen der Ebene {layer} die Spalten "
            f"{', '.join(sorted(missing))}. {_NEXT_STEP}"
        )
    table = table[table["GF"] == LAND_AREA].sort_values("AGS").set_index("AGS")
    faulty = (
        not len(table)
        or not table.index.is_unique
        or not (table.index.str.len() == digits).all()
        or not table.geometry.is_valid.all()
        or not table.is_valid_coverage()
    )
    if faulty:
        raise BuildError(
            f"Die Flächen der Ebene {layer} in {archive.name} sind fehlerhaft: Schlüssel doppelt "
            f"oder von falscher Länge, Flächen ungültig oder überlappend. {_NEXT_STEP}"
        )
    return table.assign(name=[_name(*row) for row in zip(table["GEN"], table["BEZ"], strict=True)])


def _name(name: str, designation: str) -> str:
    """ "Hof, kreisfreie Stadt"; a Land has its name only, its designation says nothing more."""
    if designation in ("Land", "Freistaat", "Freie und Hansestadt", "Freie Hansestadt"):
        return name
    return f"{name}, {designation.replace('Kreisfreie', 'kreisfreie')}"


def _to_grid(kreise: geopandas.GeoDataFrame, archive: Path) -> geopandas.GeoDataFrame:
    """Simplified together, so that neighbours keep one common line, and put on the integer grid.

    The official UTM32 coordinates are kept: a good projection of Germany, and none in the browser.
    """
    simple = shapely.coverage_simplify(kreise.geometry.array, TOLERANCE_METRES)
    shapes = on_grid(simple, GRID_METRES)
    if not shapely.is_valid(shapes).all() or not shapely.coverage_is_valid(shapes):
        raise BuildError(
            f"Die Kreisgrenzen in {archive.name} lassen sich nicht vereinfachen, ohne dass sich "
            f"Flächen überschneiden. {_NEXT_STEP}"
        )
    return geopandas.GeoDataFrame({"name": kreise["name"]}, geometry=shapes, index=kreise.index)


def on_grid(shapes: np.ndarray, metres: int) -> np.ndarray:
    """The shapes in whole map units of so many metres."""
    return shapely.transform(shapes, lambda points: np.rint(points / metres))


def _put_together(
    kreise: geopandas.GeoDataFrame, official: geopandas.GeoDataFrame, level: str, archive: Path
) -> geopandas.GeoDataFrame:
    """The regions of a larger level as the sum of their Kreise; their keys begin alike."""
    groups = kreise.groupby(kreise.index.str[: _LAYERS[level][1]]).geometry
    shapes = {
        key: shapely.coverage_union_all(members.array)
        for key, members in groups
        if key in official.index
    }
    if list(shapes) != list(official.index):
        raise BuildError(
            f"In {archive.name} gibt es Gebiete der Ebene {level}, zu denen kein Kreis gehört. "
            f"{_NEXT_STEP}"
        )
    return geopandas.GeoDataFrame(
        {"name": official["name"]}, geometry=list(shapes.values()), index=official.index
    )


def _path(shape: shapely.Geometry, offset: np.ndarray) -> str:
    """An SVG path in whole map units: each ring starts absolute and goes on in steps.

    Holes run against their outer ring: otherwise SVG fills the Landkreis over its town.
    """
    pieces = []
    for polygon in shapely.get_parts(shapely.orient_polygons(shape)):
        for ring in (polygon.exterior, *polygon.interiors):
            points = _to_map(shapely.get_coordinates(ring), offset)[:-1]
            steps = " ".join(f"{x} {y}" for x, y in np.diff(points, axis=0).tolist())
            pieces.append(f"M{points[0, 0]} {points[0, 1]}l{steps.replace(' -', '-')}z")
    return "".join(pieces)


def _point(shape: shapely.Geometry, offset: np.ndarray) -> list[int]:
    """The middle of the widest place inside the largest part, where a circle may stand."""
    largest = max(shapely.get_parts(shape), key=shapely.area)
    centre = shapely.maximum_inscribed_circle(largest, tolerance=1)
    return _to_map(shapely.get_coordinates(centre)[:1], offset)[0].tolist()


def _box(shape: shapely.Geometry, offset: np.ndarray) -> list[int]:
    left, bottom, right, top = shape.bounds
    return _to_map(np.array([[left, top], [right, bottom]]), offset).ravel().tolist()


def _to_map(points: np.ndarray, offset: np.ndarray) -> np.ndarray:
    """Screen coordinates: from the upper left corner, y downwards."""
    return np.rint((points - offset) * [1, -1]).astype(int)


def write(content: dict, level: str, boundary_date: date, target: Path) -> MapFile:
    """Under a name made of its content, and whole or not at all: a browser may be reading."""
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    name = f"{level}-{boundary_date}-{_digest(body)}.json"
    path = writing.write(target / name, body)
    return MapFile(level, boundary_date, name, path, tuple(content["ids"]))


def is_whole(path: Path) -> bool:
    """Whether a geometry file has the content that its name tells."""
    try:
        return path.stem.endswith(f"-{_digest(path.read_bytes())}")
    except OSError:
        return False


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:16]
