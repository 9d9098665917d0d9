"""What the pages of a theme are made of: sections, gates, the figures of a section."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

import streamlit as st

from indicators.answers import scope
from indicators.catalog import arrangements
from indicators.catalog.arrangements import Gate, Section
from indicators.catalog.meaning import Indicator
from indicators.regions import Region
from indicators.release.releases import Release
from indicators.view import View
from pages.shared import address, blocks, cached, controls, population
from pages.shared.pickers import choose

_ALL = "alle"
_Part = TypeVar("_Part", Section, Gate)
# Sections that show one answer, which is there or not.
_ANSWERS: dict[str, dict[str, str]] = {
    "chain": {},
    "starters": {"indicator": "schulanfaenger_prognose"},
    "pyramid": {"indicator": "bevoelkerung_pyramide"},
}


def section(release: Release, region: Region, theme: str) -> None:
    """The choice of a theme's section, and that section; only the chosen one is computed."""
    found = {s.id: s for s in release.catalog.sections.values() if s.theme == theme}
    chosen = choose(
        "section",
        "Ansicht",
        list(found),
        names=lambda id: found[id].name,
        default=_first(found, lambda part: _tells(release, region, part)),
        widget="segmented",
        label_visibility="collapsed",
    )
    controls.fold(region)
    _DRAW[found[chosen].kind](release, region, found[chosen])


def gates(release: Release, region: Region) -> View:
    """The view of the gate the reader chose, or of all gates beside each other."""
    found = release.catalog.gates
    names = {id: gate.name for id, gate in found.items()} | {_ALL: "Alle Übergänge"}
    chosen = choose(
        "gate",
        "Übergang",
        list(names),
        names=names,
        default=_first(found, lambda gate: known(release, region, of_gate(release, gate))),
        widget="segmented",
        label_visibility="collapsed",
    )
    controls.fold(region)
    if chosen == _ALL:
        return View(kind="flows", region=region.id)
    return _passage(release, region, found[chosen])


def known(release: Release, region: Region, ids: Iterable[str]) -> bool:
    """Whether any of these indicators has a value for the region."""
    figures = (cached.figure(release, region.id, id) for id in ids)
    return any(f.now is not None and f.now.value is not None for f in figures)


def _first(found: dict[str, _Part], tells: Callable[[_Part], bool]) -> str | None:
    """What a page opens with: the first part that has anything to show; None if none has."""
    return next((id for id, part in found.items() if tells(part)), None)


def _tells(release: Release, region: Region, part: Section) -> bool:
    """Whether a section has anything to show for the region."""
    if part.kind in _ANSWERS:
        return cached.has_answer(release, _view(part, region))
    return known(release, region, _options(release, part))


def _view(part: Section, region: Region) -> View:
    """The view of a section that shows one answer."""
    return View(kind=part.kind, region=region.id).with_(**_ANSWERS[part.kind])


def _options(release: Release, part: Section) -> list[str]:
    """The indicators a section lets choose from."""
    if part.kind == "balance" and not part.indicators:
        return [i.id for i in release.catalog.indicators.values() if i.balance]
    return arrangements.listed(release.catalog, part.theme, part.indicators, part.rest)


def of_gate(release: Release, gate: Gate) -> list[str]:
    """The indicators that belong to a gate."""
    return arrangements.listed(release.catalog, "uebergaenge", gate.indicators, gate.rest)


def indicator(release: Release, region: Region, options: Sequence[str]) -> Indicator:
    """One of a section's indicators, at first one that has values."""
    indicators = release.catalog.indicators
    there = cached.filled(release, region)
    chosen = choose(
        "indicator",
        "Indikator",
        list(options),
        names=lambda id: controls.indicator_name(indicators[id], id in there),
        default=next((id for id in options if known(release, region, [id])), None),
    )
    return indicators[chosen]


def restricted(release: Release, view: View) -> tuple[tuple[str, str], ...]:
    """Who a flow is about: all, or those of one sex or citizenship, one at a time because only
    such divisions are published."""
    catalog = release.catalog
    indicator = catalog.indicators[view.indicator]
    flow = indicator.flow
    ends = {id: None for id in (flow.origin, flow.destination) if id} if flow else {}
    able = [b.dimension for b in indicator.breakdowns if b.dimension in ("sex", "citizenship")]
    names = {"": "alle"}
    for dimension in able:
        for category in catalog.dimensions[dimension].categories:
            asked = {**ends, dimension: category.id}
            kept = address.choice("who") == f"{dimension}:{category.id}"
            if cached.left_out(release, view, asked) and not kept:
                continue
            names[f"{dimension}:{category.id}"] = category.name
    if len(names) == 1:
        return ()
    chosen = choose("who", "Wer", list(names), names=names)
    dimension, _, category = chosen.partition(":")
    return ((dimension, category),) if chosen else ()


def _passage(release: Release, region: Region, gate: Gate) -> View:
    """The view of a gate as the reader chose: its flow, or one of its indicators."""
    flows = _flows_of(release, gate)
    flow = View(kind="flow", indicator=flows[0] if flows else "", region=region.id)
    columns = st.columns([12, 9, 5, 4], vertical_alignment="bottom")
    with columns[0]:
        start = "flow" if flows and cached.has_answer(release, flow) else "trend"
        kind = _kind(release, region, start=start, flow=bool(flows))
    if kind == "flow":
        with columns[1]:
            chosen = release.catalog.indicators[flows[0]]
            if len(flows) > 1:
                chosen = indicator(release, region, flows)
        with columns[2]:
            view = flow.with_(indicator=chosen.id)
            view = view.with_(only=restricted(release, view))
        with columns[3]:
            return controls.at_period(release, view)
    with columns[1]:
        chosen = indicator(release, region, of_gate(release, gate))
    return _shown(release, region, chosen, kind, columns[2:])


def _flows_of(release: Release, gate: Gate) -> list[str]:
    """The indicators of a gate that can be drawn as a flow, the leading one first."""
    able = [id for id in of_gate(release, gate) if release.catalog.indicators[id].flow]
    return list(dict.fromkeys([*([gate.flow] if gate.flow else []), *able]))


def shown_as(
    release: Release, region: Region, options: Sequence[str], *, start: str = "trend"
) -> View:
    """The view of one of these indicators as the reader chose."""
    columns = st.columns([10, 8, 5, 7], vertical_alignment="bottom")
    with columns[0]:
        kind = _kind(release, region, start=start)
    with columns[1]:
        chosen = indicator(release, region, options)
    return _shown(release, region, chosen, kind, columns[2:])


def _kind(release: Release, region: Region, *, start: str, flow: bool = False) -> str:
    """Kinds that have nothing to show here are not offered."""
    kinds = {"flow": "Fluss"} if flow else {}
    kinds |= {"trend": "Zeitverlauf"}
    if scope.has_parts(release, region):
        kinds |= {"map": "Karte", "ranking": "Rangfolge"}
    kinds["table"] = "Tabelle"
    return choose(
        "kind", "Darstellung", list(kinds), names=kinds, default=start, widget="segmented"
    )


def _shown(
    release: Release, region: Region, chosen: Indicator, kind: str, columns: Sequence
) -> View:
    view = View(kind=kind, indicator=chosen.id, region=region.id)
    with columns[0]:
        if kind in ("map", "ranking"):
            view = view.with_(scope="parts")
            view = view.with_(only=controls.restriction(release, view))
            view = view.with_(only=view.only + controls.category(release, view))
        else:
            view = view.with_(by=controls.breakdown(release, view))
    with columns[1]:
        if kind in ("map", "ranking", "table"):
            return controls.at_period(release, view)
        if not view.by:
            view = view.with_(only=controls.category(release, view))
    return view


def _choice(release: Release, region: Region, part: Section) -> None:
    """One of several indicators, over time or by place."""
    options = _options(release, part)
    view = controls.settled(release, shown_as(release, region, options, start=part.start))
    blocks.card(view, key="section", height=340)


def _chain(release: Release, region: Region, part: Section) -> None:
    blocks.card(controls.settled(release, _view(part, region)), key="chain", height=360)


def _balance(release: Release, region: Region, part: Section) -> None:
    columns = st.columns([3, 1])
    with columns[0]:
        chosen = indicator(release, region, _options(release, part))
    view = View(kind="balance", indicator=chosen.id, region=region.id)
    with columns[1]:
        view = controls.at_period(release, view)
    blocks.card(controls.settled(release, view), key="balance")


def _starters(release: Release, region: Region, part: Section) -> None:
    controls.settled(release, _view(part, region))
    population.starters_card(release, region)


def _pyramid(release: Release, region: Region, part: Section) -> None:
    controls.settled(release, _view(part, region))
    population.pyramid_card(release, region)


_DRAW = {
    "choice": _choice,
    "chain": _chain,
    "balance": _balance,
    "starters": _starters,
    "pyramid": _pyramid,
}
