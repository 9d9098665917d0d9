"""The region picker of the sidebar, and how regions are called in its lists."""

import streamlit as st

from indicators.errors import ViewError
from indicators.regions import Region
from indicators.release import Release
from pages.shared import address, cached, pickers


def region_picker(release: Release) -> None:
    """Education regions first, then every Kreis, Land and Deutschland; inside a double region
    Stadt, Landkreis or both."""
    groups = region_groups(release)
    group_of = {member: group for group, members in groups.items() for member in members}
    region = address.valid_choice(
        "region",
        list(group_of),
        default(release),
        "Region",
        lambda id: release.region(id).name,
    )
    group = group_of[region]
    pickers.draw(
        "Bildungsregion",
        list(groups),
        key="bildungsregion",
        current=group,
        written=lambda id: group_name(release, id),
        picked=lambda id: address.pick("region", groups[id][-1]),
        placeholder="Region suchen",
    )
    if len(groups[group]) > 1:
        pickers.draw(
            "Gebiet",
            groups[group],
            key=f"gebiet:{group}",
            current=region,
            written=lambda id: part_name(release.region(id)),
            picked=lambda id: address.pick("region", id),
            widget="segmented",
            label_visibility="collapsed",
            width="stretch",
        )
    address.show("region", region)


def chosen(release: Release) -> Region:
    """The region of the sidebar; on the stage, which has none, that of the address."""
    id = address.choice("region") or default(release)
    if id not in release.regions:
        raise ViewError(f"Die Region „{id}“ gibt es nicht.", name="region", value=id)
    return release.region(id)


def default(release: Release) -> str:
    """The first education region as a whole."""
    return next(iter(region_groups(release).values()))[-1]


def go_to(id: str) -> None:
    """Makes a region picked on a map the chosen one, everywhere."""
    if id != address.choice("region"):
        address.pick("region", id)
        st.rerun()


@st.cache_resource(max_entries=4, show_spinner=False)
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


def part_name(region: Region) -> str:
    if region.members:
        return "gemeinsam"
    return "Stadt" if region.name.startswith("Stadt ") else "Landkreis"
