"""Pickers whose choice is an id in the address, so that every state can be sent as a link.

Streamlit's own binding writes the shown label; ids are written here. A choice outlives a change of
page: Streamlit forgets the widget then, this module does not.
"""

from collections.abc import Callable, Sequence

import streamlit as st

from indicators import view as views
from indicators.catalog import Indicator
from indicators.errors import ViewError
from indicators.regions import Region
from indicators.release import Release
from indicators.view import KINDS, MEASURES, SCOPES, View
from pages.shared import cached

_KEPT = "kept"


def kept(name: str) -> str | None:
    """The choice of this name: of this session, else of the address it was opened with."""
    choices = st.session_state.setdefault(_KEPT, {})
    if name not in choices and name in st.query_params:
        choices[name] = st.query_params[name]
    return choices.get(name)


def keep(name: str, value: str, default: str | None = None) -> None:
    """Remembers a choice and writes it into the address, unless it is the default anyway."""
    st.session_state.setdefault(_KEPT, {})[name] = value
    if value and value != default:
        if st.query_params.get(name) != value:
            st.query_params[name] = value
    elif name in st.query_params:
        del st.query_params[name]


def choose(
    name: str,
    label: str,
    options: Sequence[str],
    *,
    names: Callable[[str], str] | dict[str, str],
    default: str | None = None,
    widget: str = "selectbox",
    bound: bool = True,
    **settings,
) -> str:
    """A picker of one id among `options`; an unknown id in the address falls back to the default.

    `widget` is "selectbox" or "segmented". With `bound` false the choice stays out of the address.
    """
    default = default if default in options else options[0]
    before = kept(name)
    if before not in options:
        before = default
    written = names if callable(names) else names.__getitem__
    # the options are part of the key: a widget with other options is another widget
    key = f"{name}:{hash(tuple(options))}"
    if st.session_state.get(key) not in options:
        st.session_state[key] = before
    if widget == "segmented":
        chosen = st.segmented_control(
            label, options, format_func=written, key=key, required=True, **settings
        )
    else:
        chosen = st.selectbox(label, options, format_func=written, key=key, **settings)
    if bound:
        keep(name, chosen, default)
    else:
        st.session_state[_KEPT][name] = chosen
    return chosen


# --- the region -----------------------------------------------------------------------------------


def region_picker() -> None:
    """Draws the region picker of the sidebar: education regions first, then every Kreis, Land and
    Deutschland; inside a double region Stadt, Landkreis or both."""
    release = cached.current()
    groups = region_groups(release)
    asked = kept("region")
    default = next(iter(groups))
    current = next((id for id, members in groups.items() if asked in members), default)
    chosen = choose(
        "bildungsregion",
        "Bildungsregion",
        list(groups),
        names=lambda id: group_name(release, id),
        default=current,
        bound=False,
        placeholder="Region suchen",
    )
    members = groups[chosen]
    if len(members) > 1:
        part = choose(
            f"teil_{chosen}",
            "Gebiet",
            members,
            names=lambda id: part_name(release.region(id)),
            default=asked if asked in members else members[-1],
            widget="segmented",
            bound=False,
            label_visibility="collapsed",
            width="stretch",
        )
    else:
        part = members[0]
    keep("region", part)


def go_to_region(id: str) -> None:
    """Makes a region picked on a map the chosen one, everywhere."""
    if id != kept("region"):
        keep("region", id)
        for key in [k for k in st.session_state if k.startswith(("bildungsregion:", "teil_"))]:
            del st.session_state[key]
        st.session_state[_KEPT] = {
            name: value
            for name, value in st.session_state[_KEPT].items()
            if not name.startswith(("bildungsregion", "teil_"))
        }
        st.rerun()


def go_to_period(label: str) -> None:
    """Makes the period chosen on a map's slider the chosen one of the page."""
    keep("period", label)
    for key in [k for k in st.session_state if k.startswith("period:")]:
        del st.session_state[key]
    st.rerun()


def region(release: Release) -> Region:
    """The region chosen in the sidebar; on the stage, which has none, that of the address."""
    chosen = kept("region")
    if chosen not in release.regions:
        chosen = next(iter(region_groups(release).values()))[-1]
    return release.region(chosen)


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


# --- what is asked ------------------------------------------------------------------------------


def focus(options: Sequence[str]) -> str:
    """The key figure whose trend and map are shown: the one clicked last, else the first."""
    asked = kept("focus")
    chosen = asked if asked in options else options[0]
    keep("focus", chosen, options[0])
    return chosen


def set_focus(id: str) -> None:
    keep("focus", id)


def theme(release: Release) -> str:
    """A theme that has indicators; "" for all."""
    used = {indicator.theme for indicator in release.catalog.indicators.values()}
    themes = {id: word.name for id, word in release.catalog.vocabulary.themes.items() if id in used}
    return choose("theme", "Thema", ["", *themes], names={"": "Alle Themen", **themes})


def indicator(release: Release, theme: str = "") -> Indicator:
    """An indicator of the theme; those with values first."""
    catalog = release.catalog
    options = [i for i in catalog.indicators.values() if not theme or i.theme == theme]
    filled = [i.id for i in options if has_values(release, i)]
    empty = [i.id for i in options if i.id not in filled]
    chosen = choose(
        "indicator",
        "Indikator",
        filled + empty,
        names=lambda id: (
            catalog.indicators[id].name + (" (noch keine Datei)" if id in empty else "")
        ),
        placeholder="Indikator suchen",
    )
    return catalog.indicators[chosen]


def has_values(release: Release, indicator: Indicator) -> bool:
    """Whether any region of the release has a value for the indicator."""
    return indicator.id in cached.filled(release)


def kind(options: Sequence[str] = ("map", "trend", "ranking", "table")) -> str:
    return choose("kind", "Darstellung", options, names=KINDS, widget="segmented")


def scope() -> str:
    return choose(
        "scope",
        "Vergleich",
        list(SCOPES),
        names=SCOPES,
        help="Welche Kreise Karte und Rangfolge vergleichen: die des eigenen Landes oder alle.",
    )


def measure(indicator: Indicator) -> str:
    """Share or count; a count has no other form, nor has what is only known as a ratio."""
    counted = any(calculation.numerator for calculation in indicator.calculations)
    options = ["share"] if indicator.is_count or not counted else list(MEASURES)
    names = {"share": "Anzahl" if indicator.is_count else "Wert", "count": MEASURES["count"]}
    if indicator.unit == "%":
        names["share"] = MEASURES["share"]
    return choose(
        "measure",
        "Wert",
        options,
        names=names,
        help="Als Anteil oder Rate, wie der Indikator definiert ist, oder als Anzahl der Fälle.",
    )


def breakdown(release: Release, indicator: Indicator) -> str:
    options = [b.dimension for b in indicator.breakdowns]
    names = {id: f"nach {release.catalog.dimensions[id].name}" for id in options}
    return choose(
        "by",
        "Aufteilung",
        ["", *options],
        names={"": "insgesamt", **names},
        help="Zum Beispiel nach Geschlecht, soweit die amtliche Tabelle das hergibt.",
    )


def category(release: Release, indicator: Indicator) -> tuple[tuple[str, str], ...]:
    """The category of a dimension whose total says nothing, such as the school type."""
    found = []
    for breakdown in indicator.breakdowns:
        if breakdown.default:
            dimension = release.catalog.dimensions[breakdown.dimension]
            land = region(release).land
            names = {c.id: dimension.category_name(c.id, land) for c in dimension.categories}
            chosen = choose(
                breakdown.dimension,
                dimension.name,
                list(names),
                names=names,
                default=breakdown.default,
            )
            found.append((breakdown.dimension, chosen))
    return tuple(found)


def at_kept_period(release: Release, view: View) -> View:
    """The view at the period chosen last, if it has values then."""
    try:
        known = cached.answer(release, view).periods
    except ViewError:
        return view
    return view.with_(period=kept("period")) if kept("period") in known else view


def at_period(release: Release, view: View) -> View:
    """The view at a period with values: by default the newest with enough of them."""
    try:
        found = cached.answer(release, view)
    except ViewError:
        return view
    newest_first = list(reversed(found.periods))
    if not newest_first:
        return view
    chosen = choose("period", "Zeitraum", newest_first, names=str, default=found.period)
    if chosen == found.period and view.kind != "table":
        return view  # already answered: the same answer under another name would be made anew
    return view.with_(period=chosen)


def compared(release: Release, region: Region) -> tuple[str, ...]:
    """Up to three further Kreise for a trend, in the address as `compare=09464,09475`."""
    options = [
        id
        for members in region_groups(release).values()
        for id in members
        if release.region(id).level == "kreis" and id not in (region.id, *region.parts)
    ]
    before = [id for id in (kept("compare") or "").split(",") if id in options]
    key = f"compare:{hash(tuple(options))}"
    if key not in st.session_state:
        st.session_state[key] = before
    chosen = st.multiselect(
        "Vergleichen mit",
        options,
        format_func=lambda id: list_name(release.region(id)),
        key=key,
        max_selections=3,
        placeholder="Kreis wählen",
    )
    keep("compare", ",".join(chosen))
    return tuple(chosen)


def on_stage() -> bool:
    """Whether the address asks for one answer alone, for a meeting."""
    return st.query_params.get("stage") == "1"


def view_of_address(release: Release, region: Region) -> View:
    """The view the address describes, for the chosen region."""
    query = {"region": region.id, **st.query_params.to_dict()}
    return views.parse(query, release.catalog, release.regions)
