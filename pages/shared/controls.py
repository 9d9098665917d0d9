"""What can be asked: a picker for every part of a view."""

from collections.abc import Sequence

import streamlit as st

from indicators import kinds
from indicators import view as views
from indicators.answers import scope as scopes
from indicators.catalog.meaning import Indicator
from indicators.errors import ViewError
from indicators.regions import Region
from indicators.release.releases import Release
from indicators.view import MEASURES, SCOPES, View
from pages.shared import address, cached, regions
from pages.shared.pickers import by_reader, choose, key_showing
from pages.shared.texts import text

# what an address holds beside the view: these have pickers of their own on every page
_OF_PAGES = ("face", "page", "region", "release")
MOST_COMPARED = 3  # further Kreise in a trend


def focus(indicators: Sequence[Indicator]) -> str:
    """The key figure whose trend and map are shown: the one clicked last, else the first."""
    names = {indicator.id: indicator.short_name for indicator in indicators}
    first = indicators[0].id
    chosen = address.valid_choice("focus", list(names), first, "Kennzahl", names.__getitem__)
    address.show("focus", chosen, first)
    return chosen


def fold(region: Region) -> None:
    """For phones, before the choices of a page: whose figures these are, and a switch that brings
    the choices into sight. Wider screens show these always, and this never (blocks.css)."""
    with st.container(horizontal=True, vertical_alignment="center", key="fold"):
        with st.container(width="stretch"):
            text(region.name, "note")
        st.toggle("Auswahl", key="fold_open", width="content")


def kind() -> str:
    """One of the kinds all indicators have; a link may ask for a kind only some have."""
    asked = address.choice("kind")
    more = {asked: kinds.SPECIAL[asked]} if asked in kinds.SPECIAL else {}
    names = kinds.USUAL | more
    return choose("kind", "Darstellung", list(names), names=names, widget="segmented")


def row(kind: str) -> list:
    """The columns for the pickers of a kind; regions to compare with need room for their names."""
    places: list[float] = [12.6, 4.3, 5.2, 4.5, 4.5, 4.7]
    widths = {"map": places, "maps": places, "ranking": places, "trend": [10.0, 4, 5, 11]}
    widths["panels"] = [10.0, 3.6, 5.4, 5, 9]
    return st.columns(widths.get(kind, [16, 4, 5, 5]), vertical_alignment="bottom")


def view_of_link(release: Release) -> View | None:
    """The view a link describes whose kind has no pickers here; None where it means nothing.

    Only the names are taken from the address: what they stand for, the region above all, may have
    been chosen anew since it was written.
    """
    names = [n for n in st.query_params.to_dict() if n not in _OF_PAGES]
    query = {name: address.choice(name) for name in names if address.choice(name)}
    for name, value in query.items():
        address.show(name, value)
    try:
        view = views.parse(
            query | {"region": regions.chosen(release).id}, release.catalog, release.regions
        )
    except ViewError as error:
        address.note("kind", str(error))
        return None
    for name in views.without_effect(view):
        address.note(name, f"Bei dieser Darstellung ohne Wirkung: {name}.")
    return view


def theme(release: Release) -> str:
    """A theme that has indicators; "" for all."""
    used = {indicator.theme for indicator in release.catalog.indicators.values()}
    themes = {id: word.name for id, word in release.catalog.vocabulary.themes.items() if id in used}
    return choose("theme", "Thema", ["", *themes], names={"": "Alle Themen", **themes})


def indicator(
    release: Release, region: Region, theme: str = "", *, by_place: bool = False
) -> Indicator:
    """An indicator of the theme; those with values first, at first one that can be shown here.

    `by_place`: for a map or ranking, which of some regions only compares their parts.
    """
    catalog = release.catalog
    options = [i for i in catalog.indicators.values() if not theme or i.theme == theme]
    there = cached.filled(release, region)
    filled = [i.id for i in options if i.id in there]
    empty = [i.id for i in options if i.id not in filled]
    default = None
    if by_place and scopes.offered(release, region)[0] == "parts":
        default = cached.first_by_place(release, region, tuple(filled))
    chosen = choose(
        "indicator",
        "Indikator",
        filled + empty,
        names=lambda id: indicator_name(catalog.indicators[id], id not in empty),
        default=default,
        placeholder="Indikator suchen",
    )
    return catalog.indicators[chosen]


def profile(region: Region, theme: str) -> View:
    """The profile of all indicators of a theme, or of those that a link lists."""
    listed = "" if theme else address.choice("indicators")
    address.show("indicators", listed)
    settings = (("indicators", listed),) if listed else ()
    return View(kind="profile", region=region.id, theme=theme, settings=settings)


def indicator_name(indicator: Indicator, is_filled: bool) -> str:
    """The name in a list; first what must not be cut off: that there is nothing to see yet."""
    return indicator.name if is_filled else f"noch keine Datei: {indicator.name}"


def scope(release: Release, region: Region) -> str:
    """Which regions a map or ranking compares; the parts of a region without any where a link asks
    for them, because the card then says what is missing."""
    options = scopes.offered(release, region)
    if address.choice("scope") == "parts" and "parts" not in options:
        options = [*options, "parts"]
    return choose(
        "scope",
        "Vergleich",
        options,
        names=SCOPES,
        help="Welche Gebiete Karte und Rangfolge vergleichen.",
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


def breakdown(release: Release, view: View) -> str:
    """How the view is divided; what is not published of its region is not offered."""
    indicator = release.catalog.indicators[view.indicator]
    each = view.setting("each")
    options = [b.dimension for b in indicator.breakdowns if b.dimension != each]
    names = {id: f"nach {release.catalog.dimensions[id].name}" for id in options}
    given = {
        b.dimension: b.default for b in indicator.breakdowns if b.default or b.dimension == each
    }
    given = {id: None if id == each else default for id, default in given.items()}
    reasons = {id: left_out(release, view, {**given, id: None}) for id in options}
    return choose(
        "by",
        "Aufteilung",
        _offered("by", ["", *options], reasons),
        names={"": "insgesamt", **names},
        help=_help("Zum Beispiel nach Geschlecht, soweit die Tabelle das hergibt.", reasons),
    )


def over_time(release: Release, region: Region, view: View, columns: Sequence) -> View:
    """The view of a trend or a table: how it is divided, and what it is compared with or when."""
    with columns[0]:
        view = view.with_(by=breakdown(release, view))
    with columns[-1]:
        if view.kind != "trend":
            return at_period(release, view)
        return view if view.by else view.with_(compare=compared(release, region))


def category(release: Release, view: View) -> tuple[tuple[str, str], ...]:
    """The category of a dimension whose total says nothing, such as the school type, and of one
    that was chosen before or by a link: it is seen, and can be given up."""
    indicator = release.catalog.indicators[view.indicator]
    asked = [b for b in indicator.breakdowns if b.default or address.choice(b.dimension)]
    taken = dict(view.only)
    found = [
        (b.dimension, _category(release, view, b.dimension, b.default or ""))
        for b in asked
        if b.dimension not in taken and b.dimension != view.setting("each")
    ]
    return tuple((dimension, chosen) for dimension, chosen in found if chosen)


def restriction(release: Release, view: View) -> tuple[tuple[str, str], ...]:
    """What a figure that cannot be divided is restricted to, such as girls or one school type. Of
    two restrictions the second offers what is published together with the first."""
    indicator = release.catalog.indicators[view.indicator]
    if not _free(indicator):
        return ()
    with restricting(indicator):
        return restrictions(release, view)


def restricting(indicator: Indicator, *more: str):
    """What restrictions stand in, which says how many are chosen; `more` are further choices in
    it, by their names in the address."""
    kept = sum(bool(address.choice(name)) for name in (*_free(indicator), *more))
    return st.popover(f"Eingrenzen ({kept})" if kept else "Eingrenzen", width="stretch")


def restrictions(release: Release, view: View) -> tuple[tuple[str, str], ...]:
    """The pickers of `restriction` alone."""
    for dimension in _free(release.catalog.indicators[view.indicator]):
        if chosen := _category(release, view, dimension, ""):
            view = view.with_(only=(*view.only, (dimension, chosen)))
    return view.only


def _free(indicator: Indicator) -> list[str]:
    return [b.dimension for b in indicator.breakdowns if not b.default]


def _category(release: Release, view: View, dimension: str, default: str) -> str:
    described = release.catalog.dimensions[dimension]
    land = release.region(view.region).land
    names = {c.id: described.category_name(c.id, land) for c in described.categories}
    indicator = release.catalog.indicators[view.indicator]
    given = {b.dimension: b.default for b in indicator.breakdowns if b.default} | dict(view.only)
    reasons = {id: left_out(release, view, {**given, dimension: id}) for id in names}
    if not default:
        names = {"": "alle"} | names
    return choose(
        dimension,
        described.name,
        _offered(dimension, list(names), reasons) or list(names),
        names=names,
        default=default,
        help=_help("", reasons) or None,
    )


def left_out(release: Release, view: View, asked: dict[str, str | None]) -> str:
    """Why the view's indicator is not published in this division for the regions it shows."""
    return cached.left_out(release, view.with_(by="", only=(), period=""), asked)


def _offered(name: str, options: list[str], reasons: dict[str, str]) -> list[str]:
    """What can be chosen: what is published, and what the address asks for all the same, because
    the card then says why there is nothing."""
    return [id for id in options if not reasons.get(id) or id == address.choice(name)]


def _help(words: str, reasons: dict[str, str]) -> str:
    """Words of help with the reason why something is not offered."""
    return " ".join(filter(None, [words, *dict.fromkeys(reasons.values())]))


def settled(release: Release, view: View) -> View:
    """The view, which has an answer or nothing near it; else the page is drawn anew as the nearest
    that has one, its address with it, and says what was changed.

    Another region is only gone to where a link asks: a reader who clicks stays where they are, and
    the card says where there is an answer.
    """
    found = cached.nearest(release, view)
    if found is None or not found.changes:
        return view
    if "region" in found.changes and not address.is_asked():
        return view
    changes = dict(found.changes)
    if any(name not in View.__dataclass_fields__ for name in changes):
        changes["who"] = ""  # what flows call a restriction
    if address.correct(changes, found.told):
        st.rerun()
    return view


# --- periods --------------------------------------------------------------------------------------


def at_period(release: Release, view: View) -> View:
    """The view at a period with values: by default the newest with enough of them; a table shows
    all of them until one is chosen."""
    try:
        found = cached.answer(release, view)
    except ViewError:
        return view
    newest_first = list(reversed(found.periods))
    if not newest_first:
        return view
    default = found.period
    if view.kind == "table":
        newest_first, default = ["", *newest_first], ""
    chosen = choose(
        "period",
        "Zeitraum",
        newest_first,
        names=lambda label: label or "alle Jahre",
        default=default,
    )
    # the default is answered already: the same answer under another name would be made anew
    return view if chosen == default else view.with_(period=chosen)


def at_kept_period(release: Release, view: View) -> View:
    """The view at the period chosen last, if it has values then."""
    try:
        found = cached.answer(release, view)
    except ViewError:
        return view
    chosen = address.valid_choice("period", found.periods, found.period, "Zeitraum", str)
    address.show("period", chosen, found.period)
    return view if chosen == found.period else view.with_(period=chosen)


def go_to_period(label: str) -> None:
    """Makes the period chosen on a map's slider the chosen one of the page."""
    address.pick("period", label)
    st.rerun()


# --- comparison and stage -------------------------------------------------------------------------


def compared(release: Release, region: Region) -> tuple[str, ...]:
    """Up to three further Kreise for a trend, in the address as `compare=09464,09475`."""
    options = [
        id
        for members in regions.region_groups(release).values()
        for id in members
        if release.region(id).level == "kreis" and id not in (region.id, *region.parts)
    ]
    asked = list(dict.fromkeys(filter(None, address.choice("compare").split(","))))
    for id in asked:
        if id not in (*options, region.id, *region.parts):
            address.refuse("compare", "Kreis zum Vergleich", id)
    chosen = [id for id in asked if id in options]
    if len(chosen) > MOST_COMPARED:
        address.note("compare", f"Vergleichen lassen sich höchstens {MOST_COMPARED} Kreise.")
        chosen = chosen[:MOST_COMPARED]
    key = key_showing(f"compare:{hash(tuple(options))}", chosen)
    st.multiselect(
        "Vergleichen mit",
        options,
        chosen,
        format_func=lambda id: regions.list_name(release.region(id)),
        key=key,
        on_change=by_reader(key, chosen, lambda ids: address.pick("compare", ",".join(ids))),
        max_selections=MOST_COMPARED,
        placeholder="Kreis wählen",
    )
    address.show("compare", ",".join(chosen), "")
    return tuple(chosen)


def view_of_address(release: Release) -> View:
    """The view the address describes; what only pages know of is left out."""
    query = st.query_params.to_dict()
    query.pop("release", "")  # opened already, or the page says why not
    query.setdefault("region", regions.chosen(release).id)
    return views.parse(query, release.catalog, release.regions)
