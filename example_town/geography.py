"""The map: eight Stadtteile in the middle and 22 Gemeinden around them as one valid coverage."""

import json

import numpy as np
import shapely

from example_town.chance import Draw
from example_town.places import IN_CITY, PLACES

# Somewhere in UTM zone 32 (EPSG:25832); the town is never drawn on the real map.
CENTRE = np.array([652_000.0, 5_438_000.0])
DISTRICT_RADIUS = 24_000.0  # metres; a Landkreis of about 1,500 km²
CITY_RADIUS = 6_300.0  # about 100 km², usual for a kreisfreie Stadt of 45,000
CITY_OFFSET = np.array([1_500.0, -1_200.0])  # towns rarely lie in the very middle
SEED = 2_024


def regions() -> dict[str, shapely.Polygon]:
    """Region id → polygon in whole metres; neighbours share every point of their border."""
    draw = Draw(SEED)
    outline = _blob(draw, np.zeros(2), DISTRICT_RADIUS, 0.16)
    city = _blob(draw, CITY_OFFSET, CITY_RADIUS, 0.12)
    stadtteile = _cells(draw, city, IN_CITY)
    gemeinden = _cells(draw, outline.difference(city), len(PLACES) - IN_CITY)
    faces = _common_lines([*stadtteile, *gemeinden])
    faces = [_warp(face) for face in faces]
    inner, outer = faces[:IN_CITY], faces[IN_CITY:]
    named = _name_stadtteile(inner) | _name_gemeinden(outer, shapely.coverage_union_all(inner))
    return {place.id: named[place.id] for place in PLACES}


def geojson(level: str) -> str:
    """The regions of a level as GeoJSON, one feature a line."""
    lines = []
    shapes = regions()
    for place in (place for place in PLACES if place.level == level):
        ring = shapely.get_coordinates(shapes[place.id].exterior).astype(int).tolist()
        feature = {
            "type": "Feature",
            "properties": {"id": place.id, "name": place.name, "level": place.level},
            "geometry": {"type": "Polygon", "coordinates": [ring]},
        }
        lines.append(json.dumps(feature, ensure_ascii=False, separators=(",", ":")))
    crs = '{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::25832"}}'
    head = f'{{"type":"FeatureCollection","name":"{level}","crs":{crs},"features":[\n'
    return head + ",\n".join(lines) + "\n]}\n"


def _blob(draw: Draw, centre: np.ndarray, radius: float, roughness: float) -> shapely.Polygon:
    """A round shape with a few broad bays."""
    angle = np.linspace(0, 2 * np.pi, 240, endpoint=False)
    distance = np.ones_like(angle)
    for waves in (2, 3, 5):
        phase = draw.uniform(1)[0] * 2 * np.pi
        distance += roughness / waves**0.7 * np.cos(waves * angle + phase)
    points = np.column_stack([np.cos(angle), np.sin(angle)]) * (radius * distance)[:, None]
    return shapely.Polygon(points + centre)


def _cells(draw: Draw, area: shapely.Geometry, count: int) -> list[shapely.Polygon]:
    """`count` cells of seeded points; three rounds towards the cells' centres even them out.

    In a ring the corners of Voronoi cells may fall apart; those rounds also end that.
    """
    left, bottom, right, top = area.bounds
    points: list[shapely.Point] = []
    while len(points) < count:
        x, y = draw.uniform(2)
        point = shapely.Point(left + x * (right - left), bottom + y * (top - bottom))
        if area.contains(point):
            points.append(point)
    for _ in range(4):
        cells = _voronoi(points, area)
        points = [cell.representative_point() for cell in cells]
        middles = [cell.centroid for cell in cells]
        points = [m if area.contains(m) else p for m, p in zip(middles, points, strict=True)]
    return _voronoi(points, area)


def _voronoi(points: list[shapely.Point], area: shapely.Geometry) -> list[shapely.Polygon]:
    diagram = shapely.voronoi_polygons(shapely.MultiPoint(points), extend_to=area.buffer(5_000))
    pieces = [
        piece
        for cell in shapely.get_parts(diagram)
        for piece in shapely.get_parts(shapely.intersection(cell, area))
        if piece.geom_type == "Polygon"
    ]
    # A piece behind the city belongs to the neighbour it shares most border with.
    pieces.sort(key=shapely.area, reverse=True)
    cells, rest = pieces[: len(points)], pieces[len(points) :]
    for piece in rest:
        shared = [shapely.length(shapely.intersection(cell, piece)) for cell in cells]
        best = int(np.argmax(shared))
        cells[best] = shapely.union(cells[best], piece)
    return cells


def _common_lines(cells: list[shapely.Polygon]) -> list[shapely.Polygon]:
    """The same cells, cut from one set of lines, with a point at least every 350 metres."""
    lines = shapely.union_all(shapely.boundary(cells), grid_size=1.0)
    lines = shapely.segmentize(shapely.line_merge(lines), 350.0)
    faces = list(shapely.get_parts(shapely.polygonize([*shapely.get_parts(lines)])))
    found = []
    for cell in cells:
        inside = [face for face in faces if cell.contains(face.representative_point())]
        found.append(max(inside, key=shapely.area))
    return found


# Waves of the border: length and height in metres, from the course of a valley to that of a brook.
_WAVES = [(13_000, 700), (7_000, 330), (3_400, 140), (1_700, 70), (900, 35)]


def _warp(shape: shapely.Polygon) -> shapely.Polygon:
    """Every point shifted by the same smooth field, so common borders stay common."""
    draw = Draw(SEED + 1)
    waves = [(length, height, *draw.uniform(6)) for length, height in _WAVES for _ in range(2)]

    def shift(points: np.ndarray) -> np.ndarray:
        moved = points.copy()
        for length, height, a, b, c, d, e, f in waves:
            for axis, (turn, phase) in enumerate(((a, b), (c, d))):
                direction = np.array([np.cos(turn * 6.283), np.sin(turn * 6.283)])
                along = points @ direction * 6.283 / (length * (0.8 + 0.4 * (e if axis else f)))
                moved[:, axis] += height / 2 * np.sin(along + phase * 6.283)
        return np.rint(moved + CENTRE)

    return shapely.Polygon(shift(shapely.get_coordinates(shape.exterior)))


def _name_stadtteile(cells: list[shapely.Polygon]) -> dict[str, shapely.Polygon]:
    """The Altstadt in the middle, the others by the direction their name tells."""
    city = shapely.coverage_union_all(cells).centroid
    wanted = {  # direction in degrees, 0 = east
        "99101-02": 30, "99101-03": 85, "99101-04": 185, "99101-05": 270,
        "99101-06": 320, "99101-07": 140, "99101-08": 230,
    }  # fmt: skip
    rest = sorted(cells, key=lambda cell: cell.centroid.distance(city))
    named = {"99101-01": rest.pop(0)}
    angles = [
        np.degrees(np.arctan2(cell.centroid.y - city.y, cell.centroid.x - city.x)) for cell in rest
    ]
    apart = np.array([[abs((w - a + 180) % 360 - 180) for a in angles] for w in wanted.values()])
    for _ in wanted:
        row, column = np.unravel_index(np.argmin(apart), apart.shape)
        named[list(wanted)[row]] = rest[column]
        apart[row, :] = apart[:, column] = np.inf
    return named


def _name_gemeinden(
    cells: list[shapely.Polygon], city: shapely.Geometry
) -> dict[str, shapely.Polygon]:
    """By distance from the city, as the places' `ring` says."""
    cells = sorted(cells, key=lambda cell: cell.centroid.distance(city))
    places = sorted(PLACES[IN_CITY:], key=lambda place: (place.ring, place.id))
    return {place.id: cell for place, cell in zip(places, cells, strict=True)}
