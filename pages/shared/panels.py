"""What small trends beside each other show: a picker for the panels, one for the lines in them."""

from collections.abc import Sequence

from indicators.answers.context import Context
from indicators.answers.panel_lines import NAMES, PARTS, PLACES
from indicators.answers.panels import default_each, offered
from indicators.release.releases import Release
from indicators.view import View
from pages.shared import address, cached, controls
from pages.shared.pickers import choose


def divided(release: Release, view: View, columns: Sequence) -> View:
    """The view with what a panel is, how it is divided, and further Kreise beside the own one."""
    with columns[0]:
        each = _each(release, view)
        view = view.with_(settings=(("each", each),))
    if address.choice("by") == each:  # what the panels are is no division of them
        address.forget("by")
    with columns[1]:
        view = view.with_(by=controls.breakdown(release, view))
    if each == PLACES or (each != PARTS and not view.by):
        with columns[2]:
            view = view.with_(compare=controls.compared(release, release.region(view.region)))
    return view


def _each(release: Release, view: View) -> str:
    """A place, a Gemeinde or a category; what has nothing to show here is not offered."""
    breakdowns = release.catalog.indicators[view.indicator].breakdowns
    by = address.choice("by")
    by = by if by in {b.dimension for b in breakdowns} else ""
    context = Context(release, view.with_(by=by))
    given = {b.dimension: b.default for b in breakdowns if b.default}
    options = [
        id
        for id in offered(context)
        if id == address.choice("each") or _is_there(release, view, id, given)
    ]
    usual = default_each(context)
    return choose(
        "each",
        "Je Bild",
        options or [usual],
        names=lambda id: NAMES.get(id) or release.catalog.dimensions[id].name,
        default=usual,
        help="Wovon jedes kleine Diagramm eines zeigt. Alle haben dieselbe Achse.",
    )


def _is_there(release: Release, view: View, each: str, given: dict[str, str]) -> bool:
    if each == PARTS:
        region = release.region(view.region)
        return cached.first_by_place(release, region, (view.indicator,)) is not None
    return each in NAMES or not controls.left_out(release, view, {**given, each: None})
