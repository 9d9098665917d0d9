"""A town's own boundaries (Gemeinden, Stadtteile) -> geometry files like those of the Kreise."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import geopandas
import pandas as pd
import shapely

from indicators.errors import FileError
from indicators.publishing import areas, boundaries
from indicators.publishing.boundaries import MapFile
from indicators.publishing.report import Section
from indicators.regions import Region
from indicators.sources import origins
from indicators.sources.origins import Origin

GRID_METRES = 10  # a region 50 km wide is drawn ten times as large as Germany
TOLERANCE_METRES = 15
# What maps of whole Germany are called.
_TAKEN = ("kreis", "regierungsbezirk", "land")


@dataclass(frozen=True)
class _Boundaries:
    """One file of boundaries, read: its areas by id in EPSG:25832, with `name`."""

    path: Path
    origin: Origin
    table: geopandas.GeoDataFrame


def build_local_maps(
    folders: list[Path],
    register: dict[str, Region],
    target: Path,
    kreise: geopandas.GeoSeries,
    section: Section,
) -> list[MapFile]:
    """One map for every file in these folders; its level is the file's name. Files of a folder that
    fit together without overlaps (the Stadtteile of a town and the Gemeinden around it) also make
    one map of all, called after the folder above.

    How a file is read is explained in docs/boundaries.md; an origin beside it tells the day of the
    boundaries (`stand`) and whom to name (`attribution`). A file whose areas a newer one has too is
    left out. `kreise` are the known Kreise. Raises FileError naming file and area.
    """
    found: list[MapFile] = []

    def add(level: str, parts: list[_Boundaries], table: geopandas.GeoDataFrame) -> None:
        names = {*_TAKEN, *(one.level for one in found)}
        found.append(_local_map(_free(level, names), parts, table, register, target))

    for folder in folders:
        there = list(
            _newest([_read(p, register, kreise, section) for p in files([folder])], section)
        )
        for one in there:
            add(re.sub(r"[^\w-]", "_", one.path.stem), [one], one.table)
        if len(there) > 1:
            together = pd.concat([one.table for one in there]).sort_index()
            if together.index.is_unique and together.is_valid_coverage():
                add(f"{folder.parent.name}gesamt", there, together)
    return found


def files(folders: list[Path]) -> list[Path]:
    """The files of boundaries there are, in a stable order."""
    return [
        path
        for folder in folders
        for path in origins.files_below(folder)
        if path.parent == folder and path.suffix.lower() in areas.SUFFIXES
    ]


def origins_of(paths: list[Path]) -> list[Path]:
    """The origins there are beside these files: what they say belongs to what is built."""
    return [place for path in paths if (place := origins.beside(path)).is_file()]


def check(table: geopandas.GeoDataFrame, path: Path) -> None:
    """Raises FileError where these areas could not be drawn."""
    _to_grid(table, path)


def _free(level: str, taken: set[str]) -> str:
    """A level nobody else has: a town's gemeinde.geojson must not replace another's map."""
    number, free = 1, level
    while free in taken:
        number += 1
        free = f"{level}_{number}"
    return free


def _newest(found: list[_Boundaries], section: Section) -> Iterator[_Boundaries]:
    """Without files all of whose areas a newer one has."""
    for one in found:
        newer = next((o for o in found if o is not one and _replaces(o, one)), None)
        if newer is None:
            yield one
        else:
            section.add(
                "info",
                f"{one.path.name} nicht gezeichnet: {newer.path.name} enthält dieselben Flächen "
                "und ist neuer",
            )


def _replaces(newer: _Boundaries, older: _Boundaries) -> bool:
    def age(one: _Boundaries) -> tuple:
        return one.origin.stand, one.origin.received or one.origin.stand, one.path.name

    return set(older.table.index) <= set(newer.table.index) and age(newer) > age(older)


def _local_map(
    level: str,
    parts: list[_Boundaries],
    table: geopandas.GeoDataFrame,
    register: dict[str, Region],
    target: Path,
) -> MapFile:
    day = max(one.origin.stand for one in parts if one.origin.stand).date()
    owners = dict.fromkeys(one.origin.attribution for one in parts if one.origin.attribution)
    shapes = _to_grid(table, parts[0].path)
    left, _, _, top = shapes.total_bounds
    content = boundaries.content_of(shapes, level, day, (left, top), _outlines(shapes, register))
    return replace(boundaries.write(content, level, day, target), attribution=" · ".join(owners))


def _read(
    path: Path, register: dict[str, Region], kreise: geopandas.GeoSeries, section: Section
) -> _Boundaries:
    place = origins.beside(path)
    advice = 'darin stand = 2024-12-31 und attribution = "…" angeben'
    origin = origins.read(place, f"{advice}.") if place.is_file() else Origin()
    _refuse_changed(path, origin)
    found = areas.read(path, register, kreise, origin)
    if origin.stand is None:
        raise FileError(
            path.name,
            f"zu diesen Grenzen fehlt die Herkunft ({place.name}) oder darin der Tag, von dem sie "
            f"sind (stand). Nächster Schritt: die Datei mit receive annehmen, oder {place.name} "
            f"daneben anlegen und {advice}",
        )
    for note in found.notes:
        section.add("info", f"{path.name}: {note}")
    return _Boundaries(path, origin, found.table)


def _refuse_changed(path: Path, origin: Origin) -> None:
    if origin.sha256 and hashlib.sha256(path.read_bytes()).hexdigest() != origin.sha256:
        raise FileError(
            path.name,
            "die Grenzen wurden nach der Annahme verändert (Prüfsumme stimmt nicht). Nächster "
            "Schritt: die Datei erneut annehmen (receive), oder sha256 im Herkunftsnachweis "
            "daneben löschen, wenn die Änderung gewollt ist",
        )


def _to_grid(table: geopandas.GeoDataFrame, path: Path) -> geopandas.GeoDataFrame:
    """Simplified together, so that neighbours keep one common line, and put on the integer grid."""
    simple = shapely.coverage_simplify(table.geometry.array, TOLERANCE_METRES)
    shapes = boundaries.on_grid(simple, GRID_METRES)
    for id, shape in zip(table.index, shapes, strict=True):
        if shape.is_empty or not shape.is_valid:
            raise FileError(
                path.name,
                f"die Fläche {id} ({table['name'][id]}) ist an einer Stelle so schmal, dass sie "
                f"sich nicht zeichnen lässt (unter {GRID_METRES} m). Nächster Schritt: sehr "
                "kleine und sehr schmale Teile aus der Datei nehmen",
            )
    return geopandas.GeoDataFrame({"name": table["name"]}, geometry=shapes, index=table.index)


def _outlines(shapes: geopandas.GeoDataFrame, register: dict[str, Region]) -> dict:
    """The border of each Kreis around its areas, by its key."""
    kreise = shapes.groupby(shapes.index.map(lambda id: register[id].parent)).geometry
    return {key: shapely.union_all(members.array) for key, members in kreise if len(members) > 1}
