"""The pickers of what compares regions in a period: map, two maps, ranking."""

from indicators.answers.answer import Answer
from indicators.catalog.meaning import Indicator
from indicators.errors import ViewError
from indicators.figures.two_maps import TwoMaps
from indicators.regions import Region
from indicators.release.releases import Release
from indicators.view import View
from pages.shared import address, cached, controls
from pages.shared.pickers import choose


def chosen(release: Release, region: Region, kind: str, theme: str) -> View:
    """The view that is asked for, with its pickers in one row."""
    columns = controls.row(kind)
    with columns[0]:
        indicator = controls.indicator(release, region, theme, by_place=True)
    view = View(kind=kind, indicator=indicator.id, region=region.id)
    with columns[1]:
        if kind == "maps":
            view = _beside(release, region, view)
        else:
            view = view.with_(measure=controls.measure(indicator))
    with columns[2]:
        view = view.with_(scope=controls.scope(release, region))
    with columns[3]:
        if kind == "maps":
            view = _restricted(release, view, indicator)
        else:
            view = view.with_(only=controls.restriction(release, view))
    with columns[-1]:
        view = controls.at_period(release, view)
    view = view.with_(only=view.only + controls.category(release, view))
    with columns[4]:
        if kind != "maps":
            return _since(release, view)
        return view if view.settings else _earlier(release, view)


def _answer(release: Release, view: View) -> Answer | None:
    try:
        return cached.answer(release, view)
    except ViewError:
        return None


def _since(release: Release, view: View) -> View:
    """The view as a change since an earlier period, if one is chosen."""
    found = _answer(release, view)
    options = cached.earlier(release, view, found.period) if found else []
    if found is None or not (options or address.choice("since")):
        return view
    since = choose(
        "since",
        "Verändert seit",
        ["", *options],
        names=lambda label: label or "–",
        help="Zeigt, was aus den Werten dieses Zeitraums geworden ist: auf der Karte in Farben, "
        "als Rangfolge mit einer Linie je Gebiet.",
    )
    return view.with_(since=since)


# --- two maps -------------------------------------------------------------------------------------


def _beside(release: Release, region: Region, view: View) -> View:
    """The view with what stands beside its map: the same indicator earlier, or another one; those
    with values first."""
    known = release.catalog.indicators
    there = cached.filled(release, region)
    others = [id for id in known if id != view.indicator]
    options = sorted(others, key=lambda id: id not in there)
    names = {id: controls.indicator_name(known[id], id in there) for id in options}
    other = choose(
        "with",
        "Daneben",
        ["", *options],
        names={"": "derselbe, früher", **names},
        help="Derselbe Indikator zu einem früheren Zeitraum, oder ein anderer.",
    )
    return view.with_(settings=(("with", other),) if other else ())


def _restricted(release: Release, view: View, indicator: Indicator) -> View:
    """The view as share or count, of all or of a group; beside six pickers there is no room for a
    seventh."""
    with controls.restricting(indicator, "measure"):
        view = view.with_(measure=controls.measure(indicator))
        return view.with_(only=controls.restrictions(release, view))


def _earlier(release: Release, view: View) -> View:
    """The view with the period of the map on the left."""
    found = _answer(release, view)
    if found is None or not isinstance(found.figure, TwoMaps):
        return view
    default = found.figure.left.selected
    since = choose(
        "since",
        "Früher",
        cached.earlier(release, view, found.period),
        names=str,
        default=default,
        help="Der Zeitraum der linken Karte.",
    )
    return view if since == default else view.with_(since=since)
