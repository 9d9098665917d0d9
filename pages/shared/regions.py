"""The region picker of the sidebar, and how regions are called in its lists."""

import streamlit as st

from indicators.answers import scope
from indicators.errors import ViewError
from indicators.regions import Region
from indicators.release.releases import Release
from pages.shared import address, cached, pickers
from pages.shared.kept import kept

_TOWNS = ("Kreisfreie Stadt", "kreisfreie Stadt", "Stadtkreis")


def region_picker(release: Release) -> None:
    """Education regions first, then every Kreis, Land and Deutschland; inside a double region
    Stadt, Landkreis or both, and below that the Gemeinden and Stadtteile that are known."""
    groups = region_groups(release)
    group_of = {member: group for group, members in groups.items() for member in members}
    region = address.valid_choice(
        "region",
        [*group_of, *(r.id for r in release.regions.values() if scope.is_part(r))],
        default(release),
        "Region",
        lambda id: release.region(id).name,
    )
    whole = kreis_of(release, region)
    group = group_of[whole]
    pickers.draw(
        "Bildungsregion",
        list(groups),
        key="bildungsregion",
        current=group,
        written=lambda id: group_name(release, id),
        picked=lambda id: pick(release, groups[id][-1]),
        placeholder="Region suchen",
    )
    if len(groups[group]) > 1:
        pickers.draw(
            "Gebiet",
            groups[group],
            key=f"gebiet:{group}",
            current=whole,
            written=lambda id: part_name(release.region(id)),
            picked=lambda id: pick(release, id),
            widget="segmented",
            label_visibility="collapsed",
            width="stretch",
        )
    names = parts(release, whole)
    if names:
        pickers.draw(
            "Gemeinde oder Stadtteil",
            ["", *names],
            key=f"teil:{whole}",
            current=region if region != whole else "",
            written=lambda id: names.get(id, "ganzes Gebiet"),
            picked=lambda id: pick(release, id or whole),
            placeholder="Gemeinde suchen",
        )
    address.show("region", region)


def kreis_of(release: Release, id: str) -> str:
    """The Kreis a Gemeinde or Stadtteil lies in; any other region itself."""
    region = release.region(id)
    while scope.is_part(region) and region.parent:
        region = release.region(region.parent)
    return region.id


@kept(200)
def _parts(id: str, whole: str) -> dict[str, str]:
    release = cached.opened(id)
    found, level = {}, scope.parts_of(release, release.region(whole))
    while level:
        for part in level:
            above = release.region(release.region(part).parent or whole)
            inside = f" ({above.name})" if scope.is_part(above) else ""
            found[part] = release.region(part).name + inside
        level = [below for part in level for below in scope.parts_of(release, release.region(part))]
    return dict(sorted(found.items(), key=lambda item: sort_name(release.region(item[0]))))


def parts(release: Release, whole: str) -> dict[str, str]:
    """Gemeinden and Stadtteile of a region, those inside a Gemeinde too: id → name, by name."""
    return _parts(release.id, whole)


def chosen(release: Release) -> Region:
    """The region of the sidebar; on the stage, which has none, that of the address."""
    id = address.choice("region") or default(release)
    if id not in release.regions:
        raise ViewError(f"Die Region „{id}“ gibt es nicht.", name="region", value=id)
    return release.region(id)


def default(release: Release) -> str:
    """The first education region as a whole."""
    return next(iter(region_groups(release).values()))[-1]


def pick(release: Release, id: str) -> None:
    """The region the reader chose; a comparison of parts does not go along to one without any."""
    address.pick("region", id)
    if address.choice("scope") not in scope.offered(release, release.region(id)):
        address.forget("scope")


def go_to(id: str) -> None:
    """Makes a region picked on a map the chosen one, everywhere."""
    if id != address.choice("region"):
        pick(cached.current(), id)
        st.rerun()


@kept(4)
def _region_groups(id: str) -> dict[str, list[str]]:
    release = cached.opened(id)
    groups: dict[str, list[str]] = {}
    for region in release.catalog.education_regions.values():
        members = list(region.members)
        groups[region.id] = members + ([f"verbund:{region.id}"] if len(members) > 1 else [])
    taken = {member for members in groups.values() for member in members}
    living = [r for r in release.regions.values() if r.valid_to is None and r.id not in taken]
    for level in ("kreis", "land", "bund"):
        names = sorted((sort_name(r), r.id) for r in living if r.level == level)
        groups |= {id: [id] for _, id in names}
    return groups


def region_groups(release: Release) -> dict[str, list[str]]:
    """What can be chosen: an education region's id or a region's key → the regions inside it."""
    return _region_groups(release.id)


def group_name(release: Release, id: str) -> str:
    regions = release.catalog.education_regions
    return regions[id].name if id in regions else list_name(release.region(id))


def sort_name(region: Region) -> str:
    return list_name(region).translate(str.maketrans("äöüÄÖÜß", "aouAOUs"))


def list_name(region: Region) -> str:
    """As in an alphabetical list: "Hof, Landkreis"."""
    first, _, rest = region.name.partition(" ")
    return f"{rest}, {first}" if rest and first in ("Stadt", "Landkreis", "Kreis") else region.name


def picked_name(region: Region) -> str:
    """Among towns and districts together with joint regions, whose names begin with two words that
    belong together: "Stadt und Landkreis Hof"."""
    return region.name if region.members else list_name(region)


def part_name(region: Region) -> str:
    if region.members:
        return "gemeinsam"
    return "Stadt" if region.designation in _TOWNS else "Landkreis"
