"""The register of regions: living ones from the boundary file, ended and local ones from the
definitions."""

import re
import zipfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import geopandas

from indicators import regions
from indicators.catalog.catalog import Catalog
from indicators.catalog.meaning import LocalRegion
from indicators.errors import BuildError, DefinitionError
from indicators.formats import listing
from indicators.regions import Region

_LAYERS = {"land": "LAN", "regierungsbezirk": "RBZ", "kreis": "KRS"}


def register(archive: Path, catalog: Catalog) -> dict[str, Region]:
    """All regions by id: Deutschland, Länder, Regierungsbezirke and Statistische Regionen, Kreise
    living and dissolved, local regions and joint regions of the definitions.

    Raises BuildError when the archive is no VG2500 archive or a joint region names a region that
    does not exist, DefinitionError for a local region that has no place in this order.
    """
    found = {"DG": Region("DG", "bund", "Deutschland", "in Deutschland", nuts="DE")}
    statistical = {region.id: region for region in catalog.territory.statistical_regions}
    for level, layer in _LAYERS.items():
        for row in _rows(archive, layer):
            key = row["AGS"].strip()
            name, where = regions.names(level, row["GEN"], row["BEZ"])
            found[key] = Region(
                key, level, name, where, _parent(key, level, found), row["BEZ"], row["NUTS"]
            )
        if level == "regierungsbezirk":
            for region in statistical.values():
                name, where = regions.names(level, region.name, region.designation)
                found[region.id] = Region(
                    region.id,
                    level,
                    name,
                    where,
                    region.id[:2],
                    region.designation,
                    valid_from=region.valid_from,
                    valid_to=region.valid_to,
                )
    _add_reforms(found, catalog)
    _add_local_regions(found, catalog)
    _add_joint_regions(found, catalog)
    return found


def _rows(archive: Path, layer: str) -> list[dict]:
    try:
        with zipfile.ZipFile(archive) as content:
            member = next(n for n in content.namelist() if n.endswith(f"_{layer}.shp"))
    except (StopIteration, zipfile.BadZipFile, FileNotFoundError) as error:
        raise BuildError(
            f"Die Grenzdatei {archive.name} fehlt oder enthält die Ebene {layer} nicht. Nächster "
            "Schritt: das Archiv VG2500 unverändert in data/boundaries ablegen."
        ) from error
    frame = geopandas.read_file(f"/vsizip/{archive}/{member}", ignore_geometry=True)
    return frame[frame["GF"] == 9].sort_values("AGS").to_dict("records")


def _parent(key: str, level: str, found: dict[str, Region]) -> str:
    if level == "land":
        return "DG"
    return key[:3] if level == "kreis" and key[:3] in found else key[:2]


def _add_reforms(found: dict[str, Region], catalog: Catalog) -> None:
    for reform in catalog.territory.reforms:
        new = {s for old in reform.dissolved for s in old.successors} - set(reform.existing)
        for key in new & set(found):
            found[key] = replace(found[key], valid_from=reform.day)
        for founded in reform.founded:
            name, where = regions.kreis_names(founded.name, founded.designation)
            found.setdefault(
                founded.id,
                Region(
                    founded.id,
                    "kreis",
                    name,
                    where,
                    _parent(founded.id, "kreis", found),
                    founded.designation,
                    valid_from=reform.day,
                ),
            )
        for old in reform.dissolved:
            name, where = regions.kreis_names(old.name, old.designation)
            found[old.id] = Region(
                old.id,
                "kreis",
                name,
                where,
                _parent(old.id, "kreis", found),
                old.designation,
                valid_to=reform.day - timedelta(days=1),
                successors=tuple(old.successors),
            )


# What a region of this level may be part of.
_ABOVE = {
    "land": (),
    "kreis": ("land",),
    "gemeinde": ("kreis",),
    "stadtteil": ("kreis", "gemeinde"),
}


def _add_local_regions(found: dict[str, Region], catalog: Catalog) -> None:
    """Adds them from large to small, so that a part knows what it is part of."""
    order = list(_ABOVE)
    for local in sorted(catalog.local_regions.values(), key=lambda r: (order.index(r.level), r.id)):
        problem = _misplaced(local, found)
        if problem:
            raise DefinitionError(
                f"{catalog.defined_in('local_regions', local.id)}, Feld local_regions: {local.id} "
                f"({local.name}) {problem}"
            )
        found[local.id] = Region(
            local.id,
            local.level,
            local.name,
            local.where or f"in {local.name}",
            local.parent,
            local.designation,
            invented=local.invented or bool(local.parent and found[local.parent].invented),
        )


def _misplaced(local: LocalRegion, found: dict[str, Region]) -> str:
    """Why a local region cannot stand in the register, as the rest of a German sentence."""
    above = _ABOVE[local.level]
    if local.id in found:
        return f"gibt es schon: {found[local.id].name}; der Schlüssel darf nur einmal vorkommen"
    if regions.level_of(local.id) != local.level:
        return (
            f"hat den Schlüssel einer anderen Ebene als {local.level}; erlaubt sind 2 Ziffern für "
            "ein Land, 5 für einen Kreis, 8 für eine Gemeinde, Schlüssel und -Nummer für einen "
            "Stadtteil"
        )
    whole = found.get(local.parent or "")
    if above and whole is None:
        return f"nennt unter parent {local.parent or 'nichts'}; diese Region gibt es nicht"
    if whole and above and whole.level not in above:
        return f"nennt unter parent {local.parent}; erlaubt ist dort {' oder '.join(above)}"
    if above and not re.match(rf"{local.parent}(-|\d)", local.id):
        return f"gehört zu {local.parent}; sein Schlüssel muss mit dem der Region darüber beginnen"
    if not above and local.parent:
        return "ist ein Land; parent ist dort nicht erlaubt"
    invented = local.invented or bool(above and whole and whole.invented)
    if invented != local.id.startswith(regions.INVENTED_LAND):
        return (
            f"ist {'erfunden' if invented else 'nicht als erfunden (invented) gekennzeichnet'}; "
            f"mit {regions.INVENTED_LAND} beginnen genau die erfundenen Schlüssel"
        )
    if not invented and local.level in ("land", "kreis"):
        return "ist ein Land oder Kreis; die wirklichen stehen in der Grenzdatei"
    return ""


def _add_joint_regions(found: dict[str, Region], catalog: Catalog) -> None:
    for region in catalog.education_regions.values():
        unknown = [member for member in region.members if member not in found]
        if unknown:
            raise BuildError(
                f"Die Bildungsregion {region.id} nennt {', '.join(unknown)}; diese Region gibt es "
                "nicht. Nächster Schritt: die Schlüssel unter members berichtigen."
            )
        invented = {found[member].invented for member in region.members}
        if len(invented) > 1:
            raise BuildError(
                f"Die Bildungsregion {region.id} verbindet erfundene mit wirklichen Regionen. "
                "Nächster Schritt: unter members nur erfundene oder nur wirkliche nennen."
            )
        if len(region.members) > 1:
            key = f"verbund:{region.id}"
            members = [found[member].name for member in region.members]
            found[key] = Region(
                key,
                "verbund",
                region.joint_name or listing(members),
                region.joint_where or f"in {listing(members)}",
                found[region.members[0]].land,
                members=tuple(region.members),
                invented=invented == {True},
            )
