"""The ladder: the newest value of every indicator of a region, in the order a town reads them."""

import html

import streamlit as st

from indicators import formats, texts
from indicators.answers import profile
from indicators.answers.profile import Figure
from indicators.catalog.arrangements import FocusTopic, Framework, Group
from indicators.regions import Region
from indicators.release.releases import Release
from pages.shared import blocks, cached, key_figures
from pages.shared.pickers import choose


def ladder(release: Release, region: Region) -> None:
    """The choice of an order and its groups, each a table of its indicators."""
    orders = {f.id: f for f in release.catalog.frameworks.values() if applies(f, region)}
    chosen = choose(
        "order",
        "Ordnung",
        list(orders),
        names=lambda id: orders[id].name,
        widget="segmented",
        label_visibility="collapsed",
    )
    figures = {f.indicator.id: f for f in cached.figures(release, region.id)}
    with_values = st.toggle("Auch Indikatoren ohne Angaben zeigen", key="all_indicators")
    for place, group in enumerate(groups(release, orders[chosen])):
        found = [figures[id] for id in group.indicators]
        known = [f for f in found if f.now is not None and f.now.value is not None]
        with st.container(border=True, key=f"card_group_{place}"):
            blocks.text(group.name, "heading", "h2")
            count = f"{formats.number(len(known))} von {formats.number(len(found))}"
            blocks.text(f"{group.text} {count} Indikatoren mit Angaben".strip(), "note")
            shown = found if with_values else known
            if shown:
                st.html(_table(region, shown))
            if source := profile.source_of(release, known):
                blocks.text(source, "source")


def applies(framework: Framework | FocusTopic, region: Region) -> bool:
    """Whether a region works by this order."""
    return not framework.regions or bool({region.id, *region.parts} & set(framework.regions))


def groups(release: Release, framework: Framework) -> list[Group]:
    """The groups of an order; taken from the indicators' sheets where the order says so."""
    if not framework.by:
        return list(framework.groups)
    words = release.catalog.vocabulary
    named = words.life_phases if framework.by == "life_phase" else words.bausteine
    found = []
    for id, word in named.items():
        members = [
            i.id for i in release.catalog.indicators.values() if str(getattr(i, framework.by)) == id
        ]
        name = f"Baustein {id}: {word.name}" if framework.by == "baustein" else word.name
        if members:
            found.append(Group(name=name, text=word.text, indicators=members))
    return found


def _table(region: Region, figures: list[Figure]) -> str:
    """Indicator, period, value, change, comparison, course; the name leads to the trend. What is
    invented is compared with nothing."""
    compared = any(_compared(figure) for figure in figures)
    rows = "".join(_row(region, figure, compared) for figure in figures)
    head = "".join(
        f'<th scope="col"{kind}>{name}</th>'
        for name, kind in (
            ("Indikator", ""),
            ("Zeitraum", ""),
            ("Wert", ' class="bb-number"'),
            ("Veränderung", ""),
            *([("Vergleich", "")] if compared else []),
            ("Zeitverlauf", ""),
        )
    )
    return (
        '<div class="bb-table bb-ladder"><table>'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _compared(figure: Figure) -> list[str]:
    """The Land and Germany with their values, for rates."""
    return [
        f"{other.region.name} {texts.shown(figure.indicator, other)}"
        for other in (figure.land, figure.germany)
        if other is not None and other.value is not None and not figure.indicator.is_count
    ]


def _row(region: Region, figure: Figure, compared: bool) -> str:
    indicator, now = figure.indicator, figure.now
    link = f"karte?kind=trend&indicator={indicator.id}&region={region.id}"
    name = f'<a href="{html.escape(link)}" target="_self">{html.escape(indicator.name)}</a>'
    if now is None:
        others = 5 if compared else 4
        told = f'<td colspan="{others}" class="bb-note">noch keine Datei</td>'
        return f"<tr><td>{name}</td>{told}</tr>"
    cells = (
        figure.period,
        texts.shown(indicator, now),
        texts.change(indicator, now, figure.before),
        *([" · ".join(_compared(figure))] if compared else []),
    )
    written = "".join(
        f'<td class="{"bb-number" if i == 1 else ""}">{html.escape(cell)}</td>'
        for i, cell in enumerate(cells)
    )
    return f"<tr><td>{name}</td>{written}<td>{key_figures.sparkline(figure)}</td></tr>"
