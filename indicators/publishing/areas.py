"""A town's own areas: files of boundaries are read, checked against the Kreise they lie in, and
refused by the true cause.

A file says where it lies in two ways that can contradict each other: by its coordinates and by what
it calls them. The Kreise of its keys are known, so what is wrong can be told from what would fit.
Long because each cause is ruled out by all that was read before it.
"""

import io
import re
import warnings
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import pyogrio
import shapely

from indicators import regions
from indicators.errors import FileError
from indicators.formats import number, quantity
from indicators.regions import Region
from indicators.sources import archive
from indicators.sources.origins import Origin
from indicators.wording import key

CRS = "EPSG:25832"
# Neighbours that overlap or leave a gap by less than this are one line on the map.
SLIVER_METRES = 15
SUFFIXES = (".geojson", ".json", ".gpkg", ".zip")
_INSIDE = (".shp", ".gpkg", ".geojson")
# Known Kreise are drawn coarsely (VG2500): an area of theirs reaches over them by so much.
_COARSE_METRES = 2_000
_OWN_SHARE = 0.5
_FAR_METRES = 20_000
_SMALLEST = 1_000  # square metres
_LAND = (4, 9)  # what GF is of land in files of the Bundesamt für Kartographie und Geodäsie
_IDS = ("id", "ags", "ars", "rs", "schluessel", "schlüssel", "gemeindeschluessel", "agz", "gkz")
_NAMES = ("name", "gen", "bezeichnung", "stadtteil", "ortsteil", "gemeinde", "gemeindename")
_GERMANY = (5.0, 46.5, 16.0, 56.0)
# What coordinates may be in Germany: EPSG number and what to call it.
_SYSTEMS = {
    4326: "Grad (WGS 84, EPSG:4326)",
    25832: "Meter (UTM, Zone 32, EPSG:25832)",
    25833: "Meter (UTM, Zone 33, EPSG:25833)",
    4647: "Meter (UTM, Zone 32 mit der Zonennummer 32 vor dem Ostwert, EPSG:4647)",
    5650: "Meter (UTM, Zone 33 mit der Zonennummer 33 vor dem Ostwert, EPSG:5650)",
    31467: "Meter (Gauß-Krüger, Zone 3, EPSG:31467)",
    31466: "Meter (Gauß-Krüger, Zone 2, EPSG:31466)",
    31468: "Meter (Gauß-Krüger, Zone 4, EPSG:31468)",
    31469: "Meter (Gauß-Krüger, Zone 5, EPSG:31469)",
    3857: "Meter (Web-Mercator, EPSG:3857)",
    3035: "Meter (Europa, EPSG:3035)",
}
_TYPES = {
    "Point": "ein Punkt",
    "MultiPoint": "eine Menge von Punkten",
    "LineString": "eine Linie",
    "LinearRing": "eine Linie",
    "MultiLineString": "eine Menge von Linien",
    "GeometryCollection": "eine Sammlung verschiedener Formen",
}
_INVALID = {
    "Self-intersection": "ihr Rand schneidet sich selbst",
    "Ring Self-intersection": "ihr Rand berührt oder schneidet sich selbst",
    "Hole lies outside shell": "ein Loch liegt außerhalb der Fläche",
    "Holes are nested": "ein Loch liegt in einem anderen",
    "Interior is disconnected": "Löcher zerschneiden die Fläche",
    "Nested shells": "ein Teil liegt in einem anderen",
    "Duplicate Rings": "ein Rand steht doppelt",
    "Too few points in geometry component": "ein Rand hat zu wenige Punkte",
}
_REPAIR = (
    "Nächster Schritt: die Geometrien im Geoinformationssystem reparieren (in QGIS „Geometrien "
    "reparieren“)"
)
_SHAPES = (
    "als GeoJSON, GeoPackage oder als zip mit den Teilen einer Shape-Datei (.shp, .shx, .dbf, .prj)"
)


@dataclass(frozen=True)
class Areas:
    """The areas of one file: `table` is indexed by the region's id, with `name` and geometry in
    EPSG:25832, neighbours without overlaps. `notes` say what was left out or mended."""

    table: geopandas.GeoDataFrame
    notes: tuple[str, ...]


def is_boundaries(name: str, content: bytes) -> bool:
    """Whether a file of this name holds boundaries rather than a table."""
    suffix = Path(name).suffix.lower()
    if suffix == ".zip":
        return any(_is_inside(member.name) for member in archive.members(content))
    if suffix == ".json":
        return b'"coordinates"' in content
    return suffix in (*SUFFIXES, ".shp", ".topojson", ".kml", ".gml")


def _is_inside(name: str) -> bool:
    return Path(name).suffix.lower() in _INSIDE


def read(
    path: Path, register: dict[str, Region], kreise: geopandas.GeoSeries, origin: Origin
) -> Areas:
    """The areas of a file that are regions of a town (Gemeinden, Stadtteile).

    `kreise` are the known Kreise by key in EPSG:25832. The origin may name the columns of the keys
    (`id`) and names (`name`), and the `crs` where the file says none or a wrong one.

    Raises FileError naming the area and what is wrong with it.
    """
    return _Reader(path, register, kreise, origin).areas()


class _Reader:
    """Reads one file; it exists to carry what every step needs to name a place."""

    def __init__(
        self,
        path: Path,
        register: dict[str, Region],
        kreise: geopandas.GeoSeries,
        origin: Origin,
    ):
        self.path, self.register, self.origin = path, register, origin
        self.kreise = kreise
        self.notes: list[str] = []
        self.uninhabited = 0

    def wrong(self, reason: str) -> FileError:
        return FileError(self.path.name, reason)

    def areas(self) -> Areas:
        table = self.own(self.best_layer())
        if self.uninhabited:
            words = ("gemeindefreies Gebiet", "gemeindefreie Gebiete")
            self.notes.append(f"{quantity(self.uninhabited, *words)} nicht genommen")
        self.refuse_no_areas(table)
        table = table.set_geometry(shapely.force_2d(table.geometry.array))
        table = self.placed(table)
        self.refuse_misplaced(table)
        self.refuse_invalid(table)
        self.refuse_names_of_others(table)
        table = self.coverage(table)
        return Areas(table[["name", "geometry"]], tuple(self.notes))

    # --- layers, keys and names

    def layers(self) -> Iterator[geopandas.GeoDataFrame]:
        """Everything in the file that has areas and attributes: a row per area, in the columns of
        the file."""
        places = [str(self.path)]
        if self.path.suffix.lower() == ".zip":
            places = self.inside_archive()
        elif self.path.suffix.lower() not in SUFFIXES:
            raise self.wrong(
                f"Grenzen in dieser Form werden nicht gelesen. Nächster Schritt: sie {_SHAPES} "
                "speichern"
            )
        for place in places:
            try:
                found = _layers_of(place)
            except Exception as error:  # pyogrio raises different types for broken files
                raise self.wrong(
                    f"die Grenzen lassen sich nicht lesen. Nächster Schritt: sie {_SHAPES} neu "
                    "speichern"
                ) from error
            yield from (layer for layer in found if len(layer))

    def inside_archive(self) -> list[str]:
        content = self.path.read_bytes()
        members = [member for member, _ in archive.files(content, self.path.name)]
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            names = [n for n in packed.namelist() if _is_inside(n) and "__MACOSX" not in n]
        there = {member.name.lower() for member in members}
        for name in names:
            stem, suffix = Path(name).stem.lower(), Path(name).suffix.lower()
            lacking = [e for e in (".shx", ".dbf") if f"{stem}{e}" not in there]
            if suffix == ".shp" and lacking:
                raise self.wrong(
                    f"im Archiv fehlt zu {Path(name).name} die Datei {' und '.join(lacking)}. "
                    "Nächster Schritt: alle Teile der Shape-Datei packen (.shp, .shx, .dbf, .prj)"
                )
        if not names:
            raise self.wrong(
                f"im Archiv liegen keine Grenzen. Nächster Schritt: sie {_SHAPES} speichern"
            )
        return [f"/vsizip/{self.path}/{name}" for name in names]

    def best_layer(self) -> geopandas.GeoDataFrame:
        """The layer with most areas of the town, with columns id, given (the key as it stands) and
        name. Files of the Bundesamt hold Länder, Kreise and Gemeinden side by side."""
        found = [self.named(layer) for layer in self.layers()]
        if not found:
            raise self.wrong(
                f"darin steht keine Fläche. Nächster Schritt: Grenzen {_SHAPES} annehmen"
            )
        return max(found, key=lambda table: table["id"].map(self.is_own).sum())

    def named(self, table: geopandas.GeoDataFrame) -> geopandas.GeoDataFrame:
        """A row per inhabited area, with columns id, given (the key as it stands) and name."""
        if not isinstance(table, geopandas.GeoDataFrame):
            raise self.wrong(
                f"darin stehen keine Flächen, nur Angaben. Nächster Schritt: Grenzen {_SHAPES} "
                "annehmen"
            )
        if "GF" in table and table["GF"].isin(_LAND).any():
            table = table[table["GF"].isin(_LAND)]
        ids = self.column_of_ids(table)
        table = self.inhabited(table, ids)
        names = self.column("name", table, _NAMES)
        given = table[ids].map(_written)
        keys = given.map(self.key_of)
        shown = table[names].map(_written) if names else keys.map(self.name_of)
        return geopandas.GeoDataFrame(
            {"id": keys, "given": given, "name": shown}, geometry=table.geometry, crs=table.crs
        ).reset_index(drop=True)

    def inhabited(self, table: geopandas.GeoDataFrame, ids: str) -> geopandas.GeoDataFrame:
        """Without forests and lakes that belong to no Gemeinde, as files of the Bundesamt name
        them: nobody lives there and no table knows them. Rows and columns are the file's."""
        if "BEZ" not in table:
            return table
        own = table[ids].map(_written).map(self.key_of).map(self.is_own).astype(bool)
        uninhabited = (table["BEZ"] == "Gemeindefreies Gebiet") & ~own
        self.uninhabited = max(self.uninhabited, int(uninhabited.sum()))
        return table[~uninhabited]

    def column_of_ids(self, table: geopandas.GeoDataFrame) -> str:
        """The column of the keys: the one the origin names, else the known one with most keys of
        the town, because programs number features under the name id."""
        if self.origin.id:
            return self.column("id", table, ())
        known = [name for name in _columns(table) if name.casefold() in _IDS]
        if known:
            known.sort(key=lambda name: _IDS.index(name.casefold()))
            return max(known, key=lambda name: self.own_keys(table[name]))
        others = [name for name in _columns(table) if self.own_keys(table[name])]
        proposal = others[0] if others else "…"
        raise self.wrong(
            "keine Spalte (Eigenschaft) der Flächen heißt wie ein Schlüssel (id, AGS, ARS, "
            f"SCHLUESSEL); vorhanden sind {', '.join(_columns(table)) or 'keine'}. Nächster "
            f'Schritt: im Herkunftsnachweis id = "{proposal}" angeben (bei receive: --id '
            f'"{proposal}")'
        )

    def column(self, what: str, table: geopandas.GeoDataFrame, known: tuple[str, ...]) -> str:
        """The column that the origin names, else the first one of a known name; "" without one."""
        wanted = getattr(self.origin, what)
        names = {name.casefold(): name for name in _columns(table)}
        if not wanted:
            return next((names[name] for name in known if name in names), "")
        if wanted.casefold() not in names:
            raise self.wrong(
                f'der Herkunftsnachweis nennt {what} = "{wanted}", diese Spalte gibt es nicht; '
                f"vorhanden sind {', '.join(names.values())}. Nächster Schritt: eine davon nennen"
            )
        return names[wanted.casefold()]

    def own_keys(self, column: pd.Series) -> int:
        return int(column.map(_written).map(self.key_of).map(self.is_own).sum())

    def key_of(self, text: str) -> str:
        """The canonical key of a text: lost zeros, 12 digits and 9464.0 are mended."""
        return text if text in self.register else regions.normalise(text) or text

    def is_own(self, id: str) -> bool:
        return id in self.register and self.register[id].level in ("gemeinde", "stadtteil")

    def name_of(self, id: str) -> str:
        return self.register[id].name if id in self.register else id

    def own(self, table: geopandas.GeoDataFrame) -> geopandas.GeoDataFrame:
        """The areas that are regions of the town. Areas of Kreise without any are left out: a file
        of a whole Land is one of the town as well. A row per area, in the columns of `named`."""
        mine = table["id"].map(self.is_own).astype(bool)
        if not mine.any():
            raise self.wrong(self.nobody(table))
        kreise = set(table.loc[mine, "id"].str[:5])
        elsewhere = ~mine & table["id"].map(lambda id: self.is_elsewhere(id, kreise)).astype(bool)
        for at in np.flatnonzero(~mine & ~elsewhere):
            raise self.wrong(
                f"die Fläche {_said(table.iloc[at])} gehört zu keiner Region. Nächster Schritt: "
                f"den Schlüssel berichtigen, die Fläche aus der Datei nehmen oder die Region in "
                f"data/definitions anlegen:\n\n{self.definition_of(table.iloc[at])}"
            )
        if elsewhere.any():
            self.notes.append(
                quantity(int(elsewhere.sum()), "Fläche", "Flächen")
                + " nicht genommen, weil sie in Kreisen ohne eigene Gemeinden und Stadtteile "
                "liegen oder selbst Kreise sind"
            )
        table = table[mine]
        for at in np.flatnonzero(table["id"].duplicated(keep="first")):
            first = table[table["id"] == table["id"].iloc[at]].iloc[0]
            raise self.wrong(
                f"die Fläche {_said(table.iloc[at])} steht zweimal (auch als {_said(first)}). "
                "Nächster Schritt: eine davon herausnehmen; sind es Teile einer Region, sie zu "
                "einer Fläche verbinden (in QGIS „Auflösen“ nach dem Schlüssel)"
            )
        return table.sort_values("id").set_index("id")

    def is_elsewhere(self, id: str, kreise: set[str]) -> bool:
        """Whether a key is one of another Kreis, or of a region that needs no boundaries here."""
        if id in self.register:
            return self.register[id].level == "kreis"
        return bool(re.fullmatch(r"\d{8}", id)) and id[:5] in self.register and id[:5] not in kreise

    def nobody(self, table: geopandas.GeoDataFrame) -> str:
        """Why none of the areas is the town's."""
        if table["id"].map(lambda id: id in self.register and len(id) <= 5).all():
            return (
                f"die Flächen sind Kreise oder Länder (die erste: {_said(table.iloc[0])}); deren "
                "Grenzen sind schon da. Nächster Schritt: Grenzen von Gemeinden oder Stadtteilen "
                'annehmen, oder mit id = "…" im Herkunftsnachweis (bei receive: --id …) die '
                "Spalte nennen, in der deren Schlüssel stehen"
            )
        possible = [at for at, id in enumerate(table["id"]) if self.could_be(id)]
        reason = (
            f"die Fläche {_said(table.iloc[0])} gehört zu keiner Region und keine andere zu einer "
            "Gemeinde oder einem Stadtteil, die in data/definitions angelegt sind. "
        )
        if not possible:
            return reason + (
                "Nächster Schritt: die Regionen anlegen (local_regions, siehe docs/boundaries.md) "
                'oder mit id = "…" im Herkunftsnachweis (bei receive: --id …) die Spalte nennen, '
                "in der ihre Schlüssel stehen"
            )
        shown = possible if len(possible) <= 60 else possible[:2]
        lines = "\n".join(self.definition_of(table.iloc[at]) for at in shown)
        return reason + (
            "Nächster Schritt: die gewünschten in einer Datei in data/definitions anlegen, zum "
            f"Beispiel:\n\n{lines}"
        )

    def could_be(self, id: str) -> bool:
        """Whether a key can be defined as a Gemeinde or Stadtteil of a region there is."""
        found = re.fullmatch(r"(\d{5})\d{3}|(\d{5}|\d{8})-\w+", id)
        return found is not None and (found[1] or found[2]) in self.register

    def definition_of(self, area: pd.Series) -> str:
        """The lines that make an area a region of the town."""
        id = area["id"]
        level = "gemeinde" if re.fullmatch(r"\d{8}", id) else "stadtteil"
        parent = id[:5] if level == "gemeinde" else id.partition("-")[0]
        return (
            f'[[local_regions]]\nid = "{id}"\nname = "{area["name"]}"\nlevel = "{level}"\n'
            f'parent = "{parent}"\n'
        )

    def refuse_names_of_others(self, table: geopandas.GeoDataFrame) -> None:
        """A key with the name of another area in the file is a column that slipped."""
        own = {id: key(self.register[id].name) for id in table.index}
        by_name = {name: id for id, name in own.items()}
        for id, name in table["name"].items():
            other = by_name.get(key(name))
            if key(name) != own[id] and other and own[other] != own[id]:
                raise self.wrong(
                    f"die Fläche {id} heißt hier „{name}“; der Schlüssel gehört zu "
                    f"{self.register[id].name}, {name} hat {other}. Nächster Schritt: Schlüssel "
                    "und Namen in der Datei prüfen, vermutlich sind sie vertauscht"
                )

    # --- where it lies

    def refuse_no_areas(self, table: geopandas.GeoDataFrame) -> None:
        for id, shape in table.geometry.items():
            area = f"die Fläche {_said(table.loc[id], id)}"
            if shape is None or shape.is_empty:
                raise self.wrong(
                    f"{area} ist leer: zu ihr gibt es keine Koordinaten. Nächster Schritt: die "
                    "Grenze ergänzen oder den Eintrag aus der Datei nehmen"
                )
            if shape.geom_type not in ("Polygon", "MultiPolygon"):
                raise self.wrong(
                    f"{area} ist keine, sondern {_TYPES[shape.geom_type]}. Nächster Schritt: die "
                    "Ebene der Flächen (Polygone) speichern"
                )

    def placed(self, table: geopandas.GeoDataFrame) -> geopandas.GeoDataFrame:
        """The areas in EPSG:25832, where most of them lie in their Kreise; rows and columns
        stay."""
        if self.origin.crs:
            try:
                table = table.set_crs(self.origin.crs, allow_override=True)
            except Exception as error:  # pyproj raises its own for a name it does not know
                raise self.wrong(
                    f'crs = "{self.origin.crs}" ist kein Koordinatensystem. Nächster Schritt: '
                    'zum Beispiel "EPSG:25832" angeben'
                ) from error
        if table.crs is not None:
            found = _transformed(table, table.crs)
            if found is not None and self.fitting(found).mean() >= 0.5:
                return found
        raise self.wrong(self.why_not_placed(table))

    def why_not_placed(self, table: geopandas.GeoDataFrame) -> str:
        """What is wrong with the coordinates, from what would be right."""
        x, y = shapely.get_coordinates(table.geometry.iloc[0])[0]
        first = f"die Fläche {_said(table.iloc[0], table.index[0])} beginnt bei {x:.6g} {y:.6g}"
        told = _called(table.crs)
        labelled = table.crs.to_epsg() if table.crs is not None else None
        for epsg, words in _SYSTEMS.items():
            fits = epsg != labelled and self.fits(table, epsg)
            if fits and told is None:
                return (
                    f"der Datei fehlt die Angabe, welche Koordinaten sie hat (bei Shape-Dateien: "
                    f".prj); {first}. Passen würden {words}. Nächster Schritt: im "
                    f'Herkunftsnachweis crs = "EPSG:{epsg}" angeben (bei receive: --crs '
                    f"EPSG:{epsg})"
                )
            if fits:
                zone = {4647: "32", 5650: "33"}.get(epsg)
                prefix = f"Vor dem Ostwert steht die Zonennummer {zone}. " if zone else ""
                return (
                    f"die Datei nennt als Koordinaten {told}, es sind aber {words}: {first}. "
                    f'{prefix}Nächster Schritt: im Herkunftsnachweis crs = "EPSG:{epsg}" angeben '
                    f"(bei receive: --crs EPSG:{epsg}) oder die Datei mit der richtigen Angabe "
                    "neu speichern"
                )
        for epsg, words in _SYSTEMS.items():
            if self.fits(_swapped(table), epsg):
                axes = "Breite und Länge" if epsg == 4326 else "Ostwert und Nordwert"
                return (
                    f"{axes} sind vertauscht: {first}, richtig wäre {y:.6g} {x:.6g} als {words}. "
                    "Nächster Schritt: die Achsen tauschen (in QGIS „X- und Y-Koordinaten "
                    "vertauschen“) und die Datei neu speichern"
                )
        if told is None:
            return (
                f"der Datei fehlt die Angabe, welche Koordinaten sie hat, und keine in Deutschland "
                f"übliche passt: {first}. Nächster Schritt: sie mit Koordinatensystem neu "
                "speichern"
            )
        return f"{self.where_instead(table)}: {first} (Koordinaten: {told})"

    def where_instead(self, table: geopandas.GeoDataFrame) -> str:
        found = _transformed(table, table.crs)
        there = self.kreis_at(found.geometry.iloc[0]) if found is not None else ""
        expected = self.name_of(table.index[0][:5])
        if there:
            return (
                f"die meisten Flächen liegen nicht in ihrem Kreis ({expected}), sondern in "
                f"{self.name_of(there)}. Nächster Schritt: prüfen, ob die Schlüssel stimmen"
            )
        return (
            f"die meisten Flächen liegen nicht in ihrem Kreis ({expected}) und mit keinem üblichen "
            "Koordinatensystem dort. Nächster Schritt: Koordinaten und Schlüssel prüfen"
        )

    def fits(self, table: geopandas.GeoDataFrame, epsg: int) -> bool:
        found = _transformed(table, f"EPSG:{epsg}")
        return found is not None and bool(self.fitting(found).mean() >= 0.9)

    def fitting(self, table: geopandas.GeoDataFrame) -> np.ndarray:
        """Which areas lie where their keys say: in their Kreis, if it is known, else in Germany."""
        return np.array(
            [
                self.is_in_kreis(shape, id[:5])
                if id[:5] in self.kreise.index
                else _is_in_germany(shape)
                for id, shape in zip(table.index, table.geometry.array, strict=True)
            ],
            dtype=bool,
        )

    def is_in_kreis(self, shape: shapely.Geometry, id: str) -> bool:
        if self.share_in(shape, id) >= _OWN_SHARE:
            return True
        # an island that the coarse Kreise leave out lies in none
        near = shapely.distance(shape, self.kreise[id]) < _FAR_METRES
        return bool(near and not self.kreis_at(shape))

    def share_in(self, shape: shapely.Geometry, id: str) -> float:
        # areas that intersect themselves are told later, by their own cause
        shape, kreis = shapely.buffer(shape, 0), shapely.buffer(self.kreise[id], _COARSE_METRES)
        return shapely.area(shapely.intersection(shape, kreis)) / max(shape.area, 1e-9)

    def kreis_at(self, shape: shapely.Geometry) -> str:
        """The Kreis in which most of a shape lies; "" if it lies in none."""
        shape = shapely.buffer(shape, 0)
        parts = shapely.area(shapely.intersection(self.kreise.array, shape))
        if not len(parts) or parts.max() <= 0:
            return ""
        return self.kreise.index[int(parts.argmax())]

    def refuse_misplaced(self, table: geopandas.GeoDataFrame) -> None:
        for at in np.flatnonzero(~self.fitting(table)):
            id, shape = table.index[at], table.geometry.iloc[at]
            there = self.kreis_at(shape)
            place = f"sondern in {self.name_of(there)}" if there else "sondern weit entfernt davon"
            raise self.wrong(
                f"die Fläche {_said(table.iloc[at], id)} liegt nicht in ihrem Kreis "
                f"({self.name_of(id[:5])}), {place}. Nächster Schritt: den Schlüssel oder die "
                "Grenze berichtigen"
            )

    # --- what it is made of

    def refuse_invalid(self, table: geopandas.GeoDataFrame) -> None:
        reasons = shapely.is_valid_reason(table.geometry.array)
        for id, reason in zip(table.index, reasons, strict=True):
            area = f"die Fläche {_said(table.loc[id], id)}"
            if reason != "Valid Geometry":
                what, _, place = reason.partition("[")
                raise self.wrong(
                    f"{area} ist ungültig: {_INVALID.get(what, 'ihr Rand ist fehlerhaft')} bei "
                    f"{_place(place.rstrip(']'))}. {_REPAIR}"
                )
            size = table.geometry[id].area
            if size < _SMALLEST:
                raise self.wrong(
                    f"{area} ist nur {number(size)} m² groß, vermutlich ein Splitter. Nächster "
                    "Schritt: sie aus der Datei nehmen oder die richtige Grenze einsetzen"
                )

    def coverage(self, table: geopandas.GeoDataFrame) -> geopandas.GeoDataFrame:
        """Neighbours with one common line: what is only a sliver is given to one of them. Rows and
        columns stay."""
        shapes = table.geometry.array
        tree = shapely.STRtree(shapes)
        pairs = tree.query(shapes, predicate="intersects")
        for one, other in pairs.T[pairs[0] < pairs[1]]:
            common = shapely.intersection(shapes[one], shapes[other])
            if not shapely.buffer(common, -SLIVER_METRES / 2).is_empty:
                place = shapely.point_on_surface(common)
                raise self.wrong(
                    f"die Flächen {_said(table.iloc[one], table.index[one])} und "
                    f"{_said(table.iloc[other], table.index[other])} überlappen sich um "
                    f"{_hectares(common.area)}, zum Beispiel bei {place.x:.0f} {place.y:.0f} "
                    "(EPSG:25832). Nächster Schritt: die Grenze zwischen beiden berichtigen"
                )
        if not shapely.coverage_is_valid(shapes, gap_width=SLIVER_METRES):
            cleaned = shapely.coverage_clean(shapes, gap_width=SLIVER_METRES)
            moved = shapely.area(shapely.symmetric_difference(shapes, cleaned)).sum()
            shapes = cleaned
            # a point more on one side of a border moves nothing
            if moved > 1:
                self.notes.append(
                    f"Grenzen von Nachbarn wichen um höchstens {SLIVER_METRES} m voneinander ab "
                    f"und wurden aneinander gelegt (insgesamt {_hectares(moved)})"
                )
        self.note_gaps(shapes)
        return table.set_geometry(geopandas.GeoSeries(shapes, index=table.index, crs=CRS))

    def note_gaps(self, shapes: np.ndarray) -> None:
        """Holes between the areas that no Kreis of others fills."""
        parts = shapely.get_parts(shapely.union_all(shapes))
        holes = [shapely.Polygon(ring) for part in parts for ring in part.interiors]
        own = {self.kreis_at(shape) for shape in shapes} if holes else set()
        for hole in holes:
            kreis = self.kreis_at(hole)
            if hole.area > _SMALLEST and (not kreis or kreis in own):
                place = shapely.point_on_surface(hole)
                self.notes.append(
                    f"zwischen den Flächen bleibt eine Lücke von {_hectares(hole.area)} bei "
                    f"{place.x:.0f} {place.y:.0f} (EPSG:25832); fehlt dort eine Fläche?"
                )


def _layers_of(place: str) -> list[geopandas.GeoDataFrame]:
    """All layers of a file that have geometry. What the library warns of is English, and what
    matters of it (an area without geometry) is told by the checks."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return [
            geopandas.read_file(place, layer=layer)
            for layer, type in pyogrio.list_layers(place)
            if type is not None
        ]


# --- words and numbers ----------------------------------------------------------------------------


def _columns(table: geopandas.GeoDataFrame) -> list[str]:
    return [str(name) for name in table.columns if name != table.geometry.name]


def _written(value) -> str:
    """A cell as text; a number that should be a key loses what makes it a number (9464.0)."""
    if value is None or value != value:
        return ""
    if isinstance(value, bool | np.bool_):
        return str(bool(value))
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return str(int(value))
    return str(value).strip()


def _said(area: pd.Series, id: str = "") -> str:
    """An area as a message names it: the key as it stands in the file, and its name."""
    given = area.get("given") or id or area.get("id") or "ohne Schlüssel"
    return f"{given} ({area['name']})" if area["name"] and area["name"] != given else str(given)


def _hectares(square_metres: float) -> str:
    return f"{number(square_metres / 10_000, 1)} ha"


def _place(text: str) -> str:
    numbers = [float(part) for part in text.split()[:2]]
    return f"{numbers[0]:.0f} {numbers[1]:.0f} (EPSG:25832)" if len(numbers) == 2 else "?"


def _called(crs) -> str | None:
    """What a file calls its coordinates."""
    if crs is None:
        return None
    return _SYSTEMS.get(crs.to_epsg(), f"{crs.name}")


def _transformed(table: geopandas.GeoDataFrame, crs) -> geopandas.GeoDataFrame | None:
    """The areas in EPSG:25832, read as if they were of this system; None if they cannot be."""
    epsg = _epsg(crs)
    points = shapely.get_coordinates(table.geometry.array)
    if epsg == 4326 and (np.abs(points) > (180, 90)).any():
        return None
    try:
        found = table.set_crs(crs, allow_override=True).to_crs(CRS)
    except Exception:  # pyproj refuses what lies outside of a system
        return None
    return found if np.isfinite(shapely.get_coordinates(found.geometry.array)).all() else None


def _epsg(crs) -> int | None:
    return int(crs.split(":")[1]) if isinstance(crs, str) else crs.to_epsg()


def _swapped(table: geopandas.GeoDataFrame) -> geopandas.GeoDataFrame:
    swap: Callable = lambda points: points[:, ::-1]  # noqa: E731
    return table.set_geometry(shapely.transform(table.geometry.array, swap))


def _is_in_germany(shape: shapely.Geometry) -> bool:
    """Roughly, for areas whose Kreis has no known boundary (an invented one)."""
    left, bottom, right, top = _germany_bounds()
    x, y = shapely.get_coordinates(shapely.envelope(shape).centroid)[0]
    return bool(left <= x <= right and bottom <= y <= top)


def _germany_bounds() -> tuple[float, float, float, float]:
    corners = geopandas.GeoSeries([shapely.box(*_GERMANY)], crs="EPSG:4326").to_crs(CRS)
    return tuple(corners.total_bounds)
