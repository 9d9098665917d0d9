"""Lists that write themselves in a paper: how something is counted, what is missing and what would
bring it, where numbers are from.
"""

from collections.abc import Sequence

from indicators.answers import method as methods
from indicators.answers import profile
from indicators.answers.wanted import wanted_tables
from indicators.catalog.meaning import Indicator
from indicators.export.content import Content
from indicators.regions import Region
from indicators.release.releases import Release
from indicators.symbols import SIGNS
from indicators.view import View

Rows = list[tuple[str, str]]
NOTHING_MISSING = "Alle Indikatoren dieses Abschnitts haben Werte."


def method(release: Release, view: View) -> Rows:
    """Of one indicator its sheet; of many what each measures and how it is counted."""
    catalog = release.catalog
    if view.indicator:
        indicator = catalog.indicators[view.indicator]
        named = ("Thema", "Lebensphase", "Baustein")  # an order of readers, no method
        rows = [row for row in methods.sheet(catalog, indicator) if row[0] not in named]
        caveats = methods.caveats(indicator, release.region(view.region).land)
        return [*rows, ("Zu beachten", " ".join(caveats))] if caveats else rows
    found = []
    for indicator in _indicators(release, view):
        caveats = methods.caveats(indicator, release.region(view.region).land)
        told = [indicator.definition, f"Berechnung: {indicator.formula}.", *caveats]
        found.append((indicator.name, " ".join(told)))
    return found


def missing(release: Release, view: View) -> Rows:
    """The indicators of a profile without a value of the region, and what would bring each."""
    region = release.region(view.region)
    without = without_values(release, view)
    rows = [(one.indicator.name, _wanted(release, one, region)) for one in without]
    return rows or [("", NOTHING_MISSING)]


def without_values(release: Release, view: View) -> list[profile.Figure]:
    """The key figures of a profile that have no number."""
    figures = profile.figures(release, view)
    return [one for one in figures if one.now is None or one.now.value is None]


def _wanted(release: Release, found: profile.Figure, region: Region) -> str:
    """What would bring a value."""
    if found.now is not None:
        sign = SIGNS[found.now.status]
        return f"{found.now.period.label} {sign.short}: {sign.meaning}"
    for here in (False, True):
        if tables := wanted_tables(release, found.indicator, region, here=here):
            return f"Es fehlt {tables}{f' mit Angaben für {region.name}' if here else ''}."
    return f"Für {region.name} wird dazu nichts veröffentlicht."


def _indicators(release: Release, view: View) -> list[Indicator]:
    known = release.catalog.indicators
    listed = [known[id] for id in view.setting("indicators").split(",") if id in known]
    return listed or [one for one in known.values() if view.theme in ("", one.theme)]


def sources(contents: Sequence[Content]) -> Rows:
    """The code of each answer with its sentence and source: which number is found where."""
    return [(one.code, f"{one.headline}. {one.source_short}. {one.link}") for one in contents]


OF_A_VIEW = {"method": method, "missing": missing}
