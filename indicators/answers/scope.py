"""Scope: which regions a map or a ranking compares, on which map they lie, what they are called."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from indicators import formats
from indicators.answers.context import Context
from indicators.errors import ViewError
from indicators.periods import Period
from indicators.regions import Region
from indicators.release import territory
from indicators.release.releases import Release

GERMANY = "kreis"  # the map of all Kreise; any other is a town's own
FEWEST_KREISE = 3  # of a Land, to compare them with each other
_NOUNS = {
    "kreis": ("Kreis", "Kreise", "Kreisen"),
    "gemeinde": ("Gemeinde", "Gemeinden", "Gemeinden"),
}
_NOUNS |= {"stadtteil": ("Stadtteil", "Stadtteile", "Stadtteilen")}
_MIXED = ("Gebiet", "Gemeinden und Stadtteile", "Gemeinden und Stadtteilen")


@dataclass(frozen=True)
class Scope:
    """The regions compared. `map` is the map they lie on and `every` all areas of that map in its
    order, of which those of `extent` are shown; which `regions` are compared depends for Kreise on
    the period (see `in_period`), and `asked` are all whose values may be needed; `noun`, `plural`
    and `dative` are what one, several and "von 12 …" are called; `where` stands in a sentence ("in
    Bayern")."""

    map: str
    every: tuple[str, ...]
    extent: tuple[str, ...]
    regions: tuple[str, ...]
    asked: tuple[str, ...]
    noun: str
    plural: str
    dative: str
    where: str

    @property
    def ever(self) -> tuple[str, ...]:
        """The regions that are compared in some period."""
        if self.map != GERMANY:
            return self.regions
        lands = {key[:2] for key in self.extent}
        return tuple(key for key in self.asked if key[:2] in lands)

    @property
    def name(self) -> str:
        """ "96 Kreise in Bayern" """
        return f"{formats.number(len(self.regions))} {self.plural} {self.where}"


def scope_of(context: Context) -> Scope:
    """What the view compares: the Kreise of the own Land or of Germany, or (scope "parts") the
    Gemeinden and Stadtteile of the region; for one of these, those around it.

    A Land with one or two Kreise is compared with all; a region without a place on the map of
    Germany is always compared in its parts. Raises ViewError where a region has no parts.
    """
    release, region = context.release, context.region
    if (
        context.view.scope == "parts"
        or region.invented
        or region.level in ("gemeinde", "stadtteil")
    ):
        return _parts(release, region)
    every = kreise(release)
    own = _of_land(release, region)
    if context.view.scope == "all" or len(own) < FEWEST_KREISE:
        return _of_kreise(release, every, every, "in Deutschland")
    return _of_kreise(release, every, own, release.region(region.land).where)


def offered(release: Release, region: Region) -> list[str]:
    """The scopes that differ for a region, the one in force by default first: nothing is offered
    that would show the same under another name, or that there is no map of."""
    found = []
    if not region.invented and not is_part(region):
        found = ["land", "all"] if len(_of_land(release, region)) >= FEWEST_KREISE else ["all"]
    if has_parts(release, region) or not found:
        found.append("parts")
    return found


def _of_land(release: Release, region: Region) -> list[str]:
    """The Kreise of the Land in which a region lies."""
    return [key for key in kreise(release) if key[:2] == region.land]


def _of_kreise(release: Release, every: list[str], shown: list[str], where: str) -> Scope:
    asked = territory.every_kreis(release)
    return Scope(
        GERMANY, tuple(every), tuple(shown), tuple(shown), tuple(asked), *_NOUNS["kreis"], where
    )


def in_period(
    context: Context, scope: Scope, period: Period, known: Mapping[str, territory.Figures]
) -> Scope:
    """The scope with the Kreise that the figures of this period are of; `known` says by period of
    which Kreise there are figures (territory.figures_of)."""
    if scope.map != GERMANY:
        return scope
    figures, own = known.get(period.label, territory.Figures()), context.region.parts
    done = territory.done_in(context.release, context.counted_on(period), figures, own)
    found = territory.compared(context.release, done, figures, own)
    return replace(scope, regions=tuple(key for key in scope.ever if key in found))


def drawn_on(release: Release) -> date:
    """The day of the boundaries on the map of Kreise."""
    return date.fromisoformat(release.maps[GERMANY]["boundary_date"])


def kreise(release: Release) -> list[str]:
    """The Kreise of the map's boundaries in the order of their keys."""
    return territory.existing(release, drawn_on(release))


def is_part(region: Region) -> bool:
    """Whether the region is a part of a Kreis."""
    return region.level in ("gemeinde", "stadtteil")


def parts_of(release: Release, region: Region) -> list[str]:
    """The Gemeinden and Stadtteile of a region in the order of their keys; [] if none is known."""
    wholes = set(region.parts)
    return sorted(r.id for r in release.regions.values() if is_part(r) and r.parent in wholes)


def has_parts(release: Release, region: Region) -> bool:
    """Whether the region, or the one around it, has parts with boundaries."""
    return _own_map(release, _around(region)) != ""


def _around(region: Region) -> tuple[str, ...]:
    """The regions whose parts are compared."""
    return (region.parent,) if is_part(region) and region.parent else region.parts


def _own_map(release: Release, wholes: tuple[str, ...]) -> str:
    """The map on which most parts of these regions lie, the smaller of two; "" if there is none."""
    best, name = (0, 0), ""
    for level, facts in release.maps.items():
        ids = facts.get("region_ids")
        if level == GERMANY or ids is None:
            continue
        regions = [release.regions[id] for id in ids if id in release.regions]
        found = sum(is_part(region) and region.parent in wholes for region in regions)
        if found and (found, -len(ids)) > best:
            best, name = (found, -len(ids)), level
    return name


def _parts(release: Release, region: Region) -> Scope:
    wholes = _around(region)
    level = _own_map(release, wholes)
    if not level:
        raise ViewError(
            f"Für {region.name} gibt es keine Grenzen von Gemeinden oder Stadtteilen. Nächster "
            "Schritt: die Grenzen als GeoJSON in den Ordner received/boundaries legen und einen "
            "neuen Datenstand bauen."
        )
    every = tuple(release.maps[level]["region_ids"])
    shown = tuple(id for id in every if release.regions[id].parent in wholes)
    levels = {release.regions[id].level for id in shown}
    nouns = _NOUNS[levels.pop()] if len(levels) == 1 else _MIXED
    where = region.where if wholes == region.parts else release.region(wholes[0]).where
    return Scope(level, every, shown, shown, every, *nouns, where)
