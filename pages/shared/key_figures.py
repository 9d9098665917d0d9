"""The key figures of a region: newest value, comparison, sparkline."""

import base64
import html

import streamlit as st

from indicators import formats, texts
from indicators.answers.profile import Figure
from indicators.catalog.meaning import Indicator
from indicators.figures import theme
from indicators.figures.chart import WITHHELD
from pages.shared import address


def introduction(figures: list[Figure]) -> str:
    """ "138.969 Einwohnerinnen und Einwohner am 31.12.2024 · neueste Angaben je Kennzahl" """
    said = [
        f"{texts.shown(f.indicator, f.now)} {f.indicator.numerator_name} "
        f"{f.now.period.adverbial.removeprefix('im ')}"
        for f in figures
        if f.now is not None
    ]
    return " · ".join([*said, "neueste Angaben je Kennzahl"])


def card(found: Figure, *, in_focus: bool) -> None:
    """A card whose name is a button that brings its trend and map into view."""
    indicator = found.indicator
    shown = "focus" if in_focus else "figure"
    with st.container(border=True, key=f"card_{shown}_{indicator.id}", height="stretch"):
        st.button(
            indicator.short_name,
            key=f"focus_{indicator.id}",
            type="tertiary",
            help=f"{indicator.name}: Zeitverlauf und Karte zeigen",
            on_click=address.pick,
            args=("focus", indicator.id),
        )
        st.html(content(found))


def content(found: Figure) -> str:
    """The newest value with its comparison and a sparkline, as HTML."""
    indicator, now = found.indicator, found.now
    small = [found.period]
    if (
        now
        and indicator.factor == 100
        and now.numerator is not None
        and now.denominator is not None
    ):
        small.append(f"{formats.number(now.numerator)} von {formats.number(now.denominator)}")
    compared = []
    if not indicator.is_count:
        for other in (found.land, found.germany):
            if other is not None and other.value is not None:
                compared.append(f"{other.region.name} {_short(other.value, indicator)}")
    note = " · ".join(compared)
    if now and not note:
        note = texts.change(indicator, now, found.before)
    return (
        '<div class="bb-figure"><div class="bb-figure-row"><p class="bb-figure-value">'
        f"{html.escape(texts.shown(indicator, now))}</p>{sparkline(found)}</div>"
        f'<p class="bb-figure-note">{html.escape(" · ".join(small))}</p>'
        f'<p class="bb-figure-note">{html.escape(note)}</p></div>'
    )


def _short(value: float, indicator: Indicator) -> str:
    """With the percent sign, but without a unit that the value above already names."""
    unit = indicator.unit if indicator.unit == "%" else "Anzahl"
    return formats.with_unit(value, unit, indicator.shown_decimals)


def sparkline(found: Figure) -> str:
    """The series as a small picture with its words as alternative text; "" with fewer than three
    values. Gaps stay gaps and no line crosses a break; a period whose number is withheld has a
    small square at the bottom."""
    known = [(i, moment.value) for i, moment in enumerate(found.series) if moment.value is not None]
    if len(known) < 3:
        return ""
    values = [value for _, value in known]
    hidden = [i for i, moment in enumerate(found.series) if moment.withheld]
    low, high = min(values), max(values)
    width, height, last = 96, 34, max(len(found.series) - 1, 1)
    floor = height - (10 if hidden else 4)
    paths, points, places = [], [], {i for i, _ in known}
    joined = {i for i in places if i - 1 in places and not found.series[i].after_break}

    def across(i: int) -> float:
        return 3 + i / last * (width - 8)

    for i, value in known:
        x, y = across(i), floor - (value - low) / ((high - low) or 1) * (floor - 4)
        paths.append(f"{'L' if i in joined else 'M'}{x:.1f} {y:.1f}")
        if not {i, i + 1} & joined:  # a line would not show a value between two gaps
            points.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2" fill="{theme.OWN_REGION}"/>')
    squares = "".join(
        f'<rect x="{across(i) - 2:.1f}" y="{height - 5}" width="4" height="4" fill="none" '
        f'stroke="{theme.FAINTEST_TEXT}"/>'
        for i in hidden
    )
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">'
        f'<path d="{"".join(paths)}" fill="none" stroke="{theme.OWN_REGION}" stroke-width="2"/>'
        f"{''.join(points)}{squares}"
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{theme.OWN_REGION}"/></svg>'
    )
    unit, decimals = found.indicator.unit, found.indicator.shown_decimals
    labels = [found.series[known[0][0]].label, found.series[known[-1][0]].label]
    alt = (
        f"Zeitverlauf {labels[0]} bis {labels[1]}: "
        f"von {formats.with_unit(values[0], unit, decimals)} "
        f"auf {formats.with_unit(values[-1], unit, decimals)}"
    )
    for kind, words in WITHHELD.items():
        labels = [moment.label for moment in found.series if moment.withheld == kind]
        alt += f"; {words}: {formats.listing(labels)}" if labels else ""
    data = base64.b64encode(svg.encode()).decode()
    return f'<img class="bb-spark" src="data:image/svg+xml;base64,{data}" alt="{html.escape(alt)}">'
