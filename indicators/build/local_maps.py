"""A town's own boundaries (Gemeinden, Stadtteile) -> geometry files like those of the Kreise."""

import re
from dataclasses import replace
from pathlib import Path

import geopandas
import pandas as pd
import shapely

from indicators.build import boundaries
from indicators.build.boundaries import MapFile
from indicators.errors import BuildError
from indicators.regions import Region
from indicators.sources import origins
from indicators.sources.origins import Origin

GRID_METRES = 10  # a region 50 km wide is drawn ten times as large as Germany
TOLERANCE_METRES = 15
_CRS = "EPSG:25832"


def build_local_maps(
    folders: list[Path], register: dict[str, Region], target: Path
) -> list[MapFile]:
    """One map for every GeoJSON file in these folders; its level is the file's name. Files of a
    folder that fit together without overlaps (the Stadtteile of a town and the Gemeinden around
    it) also make one map of all, called after the folder above.

    A feature has the properties `id` (a region of the register) and `name`; an origin beside the
    file tells the day of the boundaries (`stand`) and whom to name (`attribution`). Raises
    BuildError naming file and feature where an area is unknown, doubled, invalid or overlaps.
    """
    found = []
    for folder in folders:
        paths = files([folder])
        tables = [_read(path, register) for path in paths]
        for path, table in zip(paths, tables, strict=True):
            name = re.sub(r"[^\w-]", "_", path.stem)  # stands in an address
            found.append(_local_map(name, [path], table, register, target))
        if len(paths) > 1:
            together = pd.concat(tables).sort_index()
            if together.index.is_unique and together.is_valid_coverage():
                name = f"{folder.parent.name}gesamt"
                found.append(_local_map(name, paths, together, register, target))
    return found


def files(folders: list[Path]) -> list[Path]:
    """The GeoJSON files there are, in a stable order."""
    return [path for folder in folders for path in sorted(folder.glob("*.geojson"))]


def _local_map(
    level: str,
    paths: list[Path],
    table: geopandas.GeoDataFrame,
    register: dict[str, Region],
    target: Path,
) -> MapFile:
    told = [_origin(path) for path in paths]
    day = max(origin.stand for origin in told).date()
    owners = dict.fromkeys(origin.attribution for origin in told if origin.attribution)
    shapes = _to_grid(table, paths[0])
    left, _, _, top = shapes.total_bounds
    content = boundaries.content_of(shapes, level, day, (left, top), _outlines(shapes, register))
    return replace(boundaries.write(content, level, day, target), attribution=" · ".join(owners))


def _origin(path: Path) -> Origin:
    advice = 'darin stand = 2024-12-31 und attribution = "…" angeben'
    place = origins.beside(path)
    if not place.is_file():
        raise BuildError(
            f"Zu den Grenzen {path.name} fehlt die Herkunft ({place.name}). Nächster Schritt: "
            f"diese Datei anlegen und {advice}."
        )
    origin = origins.read(place, f"{advice}.")
    if origin.stand is None:
        raise BuildError(
            f"In der Herkunft der Grenzen {path.name} ({place.name}) fehlt der Tag, von dem sie "
            f"sind (stand). Nächster Schritt: {advice}."
        )
    return origin


def _read(path: Path, register: dict[str, Region]) -> geopandas.GeoDataFrame:
    try:
        table = geopandas.read_file(path)
    except Exception as error:  # pyogrio raises different types for missing and broken files
        raise BuildError(
            f"Die Grenzen in {path.name} lassen sich nicht lesen. Nächster Schritt: die Datei als "
            "GeoJSON mit den Eigenschaften id und name speichern."
        ) from error
    missing = {"id", "name"} - set(table.columns)
    if missing or not len(table):
        raise BuildError(
            f"In {path.name} fehlt den Flächen die Eigenschaft {' und '.join(sorted(missing))}."
            if missing
            else f"In {path.name} steht keine Fläche."
        )
    table = table.assign(id=table["id"].astype(str)).sort_values("id").set_index("id")
    for id in table.index:
        if id not in register:
            raise BuildError(
                f"In {path.name} gehört die Fläche {id} zu keiner Region. Nächster Schritt: die "
                "Region unter local_regions anlegen oder die Fläche aus der Datei nehmen."
            )
    if not table.index.is_unique:
        doubled = table.index[table.index.duplicated()][0]
        raise BuildError(f"In {path.name} steht die Fläche {doubled} zweimal.")
    return table[["name", "geometry"]].to_crs(_CRS)


def _to_grid(table: geopandas.GeoDataFrame, path: Path) -> geopandas.GeoDataFrame:
    """Simplified together, so that neighbours keep one common line, and put on the integer grid."""
    if not table.geometry.is_valid.all() or not table.is_valid_coverage():
        raise BuildError(
            f"In {path.name} überlappen sich Flächen oder sind ungültig. Nächster Schritt: die "
            "Grenzen im Geoinformationssystem bereinigen (Topologie prüfen)."
        )
    simple = shapely.coverage_simplify(table.geometry.array, TOLERANCE_METRES)
    shapes = boundaries.on_grid(simple, GRID_METRES)
    if not shapely.is_valid(shapes).all():
        raise BuildError(
            f"Die Grenzen in {path.name} lassen sich nicht vereinfachen. Nächster Schritt: sehr "
            "kleine oder sehr schmale Flächen entfernen."
        )
    return geopandas.GeoDataFrame({"name": table["name"]}, geometry=shapes, index=table.index)


def _outlines(shapes: geopandas.GeoDataFrame, register: dict[str, Region]) -> dict:
    """The border of each Kreis around its areas, by its key."""
    kreise = shapes.groupby(shapes.index.map(lambda id: register[id].parent)).geometry
    return {key: shapely.union_all(members.array) for key, members in kreise if len(members) > 1}
