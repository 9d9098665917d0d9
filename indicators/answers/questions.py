"""Questions of committees: which of them a region can answer, with the finding, and what the others
lack.

A question is defined by the page and the address that answer it; here its view is asked, or the
nearest that has an answer.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import quote

from indicators import formats, kinds
from indicators.answers import scope
from indicators.answers.answer import Answer
from indicators.answers.nearest import Nearest, nearest, tells
from indicators.answers.wanted import wanted_tables
from indicators.catalog.arrangements import Place, Question
from indicators.catalog.catalog import Catalog
from indicators.catalog.definition import TOTAL
from indicators.errors import NotPublishedError, ViewError
from indicators.regions import Region
from indicators.release import queries
from indicators.release.releases import UNKNOWN_STAND, Release
from indicators.view import View, parse, parse_query

# Kinds that say themselves what they lack; of the others the tables of their indicator are named.
_SAY_THEMSELVES = (*(id for id, kind in kinds.ALL.items() if kind.of_many), "starters", "pyramid")


@dataclass(frozen=True)
class Reply:
    """What a region can say to a question: the `headline` of the answer, what it gives up of the
    question (`told`), its period and counts (`basis`), and `page` and `query` of the address that
    shows it, region included.

    `is_own` says whether it is of the region itself; else the headline is that of the nearest
    region that has an answer, or "" where there is none. `wanted` says what would bring one, or
    the one that was asked for where something else is told instead.
    """

    question: Question
    page: str
    query: str
    headline: str = ""
    basis: str = ""
    told: tuple[str, ...] = ()
    is_own: bool = False
    wanted: str = ""


def replies(release: Release, region: Region, ask: Callable[[View], Answer]) -> list[Reply]:
    """To every question in its order; `ask` answers a view."""
    found = release.catalog.questions.values()
    return [reply(release, question, region, ask) for question in found]


def reply(
    release: Release, question: Question, region: Region, ask: Callable[[View], Answer]
) -> Reply:
    """What the region can say to one question: what was asked, else the first of what is known
    instead; what would bring the asked one is told all the same."""
    found = _reply(release, question, question, region, ask)
    if found.is_own:
        return found
    for place in question.instead:
        other = _reply(release, question, place, region, ask)
        if other.is_own:
            return replace(other, told=(place.told, *other.told), wanted=found.wanted)
    return found


def _reply(
    release: Release,
    question: Question,
    place: Place,
    region: Region,
    ask: Callable[[View], Answer],
) -> Reply:
    address = _address(place, {"region": region.id})
    try:
        view = view_of(release, place, region)
    except ViewError as error:  # a town's own question that asks for what there is not
        return Reply(question, place.page, address, wanted=str(error))
    if view is None:
        told = _sources(release, region)
        return Reply(question, place.page, address, told, is_own=True)
    try:
        found = nearest(release, view, ask)
    except NotPublishedError as error:  # no table would bring it
        return Reply(question, place.page, address, wanted=str(error))
    except ViewError as error:
        return Reply(question, place.page, address, wanted=_wanted(release, view, str(error)))
    if not tells(release, found.answer):
        words = f"{found.answer.headline}."
        return Reply(question, place.page, address, wanted=_wanted(release, view, words))
    page, address = _shown_at(place, view, found)
    is_own = found.view.region in (region.id, *region.parts)
    wanted = ""
    if scope.is_part(region) and not is_own:  # nobody counts it there: no table would bring it
        wanted = " ".join(found.told)
    elif not is_own:
        wanted = _wanted(release, view, " ".join(found.told))
    told, basis = found.answer.headline, _basis(found.answer)
    return Reply(question, page, address, told, basis, found.told, is_own, wanted)


def _basis(found: Answer) -> str:
    """ "2022/23 · 118 von 1.195": when the finding was, and the counts behind a share; "" for
    answers of many moments."""
    own = [
        row
        for row in found.rows
        if row.get("region") == found.view.region
        and row.get("category") in (TOTAL, None)
        and row["value"] is not None
    ]
    periods = list(dict.fromkeys(row["period"] for row in own))
    if found.view.kind == "together":  # each of the indicators has its own newest one
        return " bis ".join(dict.fromkeys([*periods[:1], *periods[-1:]]))
    newest = periods[-1] if periods and found.view.kind in ("trend", "table") else ""
    period = found.period or newest
    now = next((row for row in own if row["period"] == period), None)
    if now is None or now["unit"] != "%" or None in (now["numerator"], now["denominator"]):
        return period
    if now["numerator"] < 0:  # a difference is no part of anything
        return period
    counts = f"{formats.number(now['numerator'])} von {formats.number(now['denominator'])}"
    return period if counts in found.headline else f"{period} · {counts}"


def view_of(release: Release, place: Place, region: Region) -> View | None:
    """The view that a page shows at an address; None for a page without views."""
    pairs = parse_query(place.query)
    catalog = release.catalog
    if place.page == "daten":
        return None
    gate, section = pairs.pop("gate", ""), pairs.pop("section", "")
    if section:
        pairs = _of_section(catalog, section) | pairs
    if pairs.get("kind") == "flow" and gate:
        pairs = {"indicator": catalog.gates[gate].flow or ""} | pairs
    if (gate or section) and pairs.get("kind") in ("map", "ranking"):
        pairs["scope"] = "parts"  # pages of a theme compare the parts of a region
    return parse(pairs | {"region": region.id}, catalog, release.regions)


def _of_section(catalog: Catalog, id: str) -> dict[str, str]:
    section = catalog.sections[id]
    return {"kind": section.start if section.kind == "choice" else section.kind}


def _address(place: Place, changes: dict[str, str]) -> str:
    pairs = {name: value for name, value in (parse_query(place.query) | changes).items() if value}
    return "&".join(f"{name}={quote(value, safe=':/,')}" for name, value in pairs.items())


def _shown_at(place: Place, asked: View, found: Nearest) -> tuple[str, str]:
    """Page and address of what is shown: the question's own with what was given up taken out; what
    is drawn or compared in another way is shown where every view can be."""
    if found.changes.keys() & {"kind", "scope"}:
        return "karte", found.view.to_query()
    return place.page, _address(place, {"region": asked.region} | found.changes)


def _wanted(release: Release, view: View, words: str) -> str:
    """What would bring an answer for the region: the tables that lack, else the answer's words."""
    if view.kind in _SAY_THEMSELVES:
        return words
    indicator = release.catalog.indicators[view.indicator]
    region = release.region(view.region)
    for here in (False, True):
        if tables := wanted_tables(release, indicator, region, here=here):
            return f"Dazu fehlt: {tables}{f' mit Angaben für {region.name}' if here else ''}."
    return words


def _sources(release: Release, region: Region) -> str:
    """ "Die Zahlen für Stadt Hof stammen aus 9 Tabellen von 3 Herausgebern, Stand 24.06.2021 bis
    13.03.2025": where figures come from is a question of its own."""
    used = [
        source
        for source in release.sources.values()
        if source.dataset in release.datasets
        and not set(region.parts).isdisjoint(queries.regions_with(release, [source.dataset]))
    ]
    tables = {source.table_code.split("-auszug")[0] for source in used}
    publishers = {source.publisher for source in used}
    days = sorted(source.stand for source in used if source.stand != UNKNOWN_STAND)
    stand = " bis ".join(dict.fromkeys(formats.day(day) for day in (days[:1] + days[-1:])))
    named = formats.quantity(len(tables), "Tabelle", "Tabellen")
    by = formats.quantity(len(publishers), "Herausgeber", "Herausgebern")
    return (
        f"Die Zahlen für {region.name} stammen aus {named} von {by}, Stand {stand or 'unbekannt'}"
    )
