"""What stands on more than one page: answer card, key figure, notes, downloads, stage."""

import base64
import html
from urllib.parse import urljoin

import streamlit as st

from indicators import formats, texts
from indicators.answers.answer import Answer, Table
from indicators.answers.profile import Figure
from indicators.catalog import Indicator
from indicators.errors import ViewError
from indicators.export import tables
from indicators.figures import screen, theme
from indicators.figures.map import MapPicture
from indicators.release import Release
from indicators.symbols import SIGNS
from indicators.view import View
from pages.shared import cached, controls, map_component
from pages.shared.plotly_german import CONFIG

LISTED = 20  # rows beside a map
STAGE_FIGURE = 400  # pixels of 720: leaves room for two lines of headline and of source
FACES = {"figure": "Diagramm", "table": "Tabelle", "info": "Info"}


def text(content: str, style: str, tag: str = "p") -> None:
    """A line of text in one of our styles; what comes from files is never read as markup."""
    st.html(f'<{tag} class="bb-{style}">{html.escape(content)}</{tag}>')


def page_head(title: str, subtitle: str = "") -> None:
    text(title, "title", "h1")
    if subtitle:
        text(subtitle, "subtitle")


# --- answer card ----------------------------------------------------------------------------------


def card(
    view: View,
    *,
    key: str,
    faces: tuple[str, ...] = ("figure", "table", "info"),
    height: int = 340,
    release: Release | None = None,
) -> None:
    """The answer to a view as a card: headline, figure, Lesehilfe, source, switches, downloads.

    A question without an answer says why and what would bring one; the page goes on.
    """
    release = release or cached.current()
    if view.kind in ("table", "profile"):  # these have no other figure than their table
        faces = tuple(face for face in faces if face != "figure")
    with st.container(border=True, key=f"card_{key}"):
        _card(release, view, key=key, faces=faces, height=height)


@st.fragment
def _card(release: Release, view: View, *, key: str, faces: tuple[str, ...], height: int) -> None:
    try:
        found = cached.answer(release, view)
    except ViewError as error:
        text("Hierzu gibt es noch keine Angaben", "headline", "h2")
        text(str(error), "note")
        return
    # beside each other where there is room, else the switch moves below the texts
    with st.container(
        horizontal=True,
        horizontal_alignment="right",
        vertical_alignment="top",
        gap="small",
    ):
        with st.container(width="stretch", key=f"card_head_{key}"):
            text(found.headline, "headline", "h2")
            text(found.subtitle, "subtitle")
        face = faces[0]
        if len(faces) > 1:
            face = st.segmented_control(
                "Ansicht",
                faces,
                format_func=lambda f: _face_name(f, view),
                default=faces[0],
                key=f"{key}_face",
                required=True,
                label_visibility="collapsed",
                width="content",
            )
    if face == "table":
        table(found.table, alt=found.alt)
    elif face == "info":
        info(found, release)
    else:
        figure(found, key=f"{key}_figure", height=height, compact=len(faces) == 1)
    if face != "info" and found.reading_aid and len(faces) > 1:
        reading_aid(found.reading_aid)
    foot(found, key)


def _face_name(face: str, view: View) -> str:
    return "Karte" if face == "figure" and view.kind == "map" else FACES[face]


def figure(
    found: Answer, *, key: str, height: int, stage: bool = False, compact: bool = False
) -> None:
    """Draws the figure of an answer; a region picked on a map becomes the chosen one."""
    if isinstance(found.figure, MapPicture):
        if compact or stage:
            picked, period = map_component.draw(
                found.figure, key=key, height=height, stage=stage, compact=compact
            )
        else:
            left, right = st.columns([2, 1], gap="small")
            with left:
                picked, period = map_component.draw(found.figure, key=key, height=height)
            with right:
                table(_highest(found), alt="Die höchsten Werte der Karte", height=height + 40)
        if period != found.figure.selected and not stage:
            controls.go_to_period(period)
        if picked:
            controls.go_to_region(picked)
        return
    if found.figure is None:
        table(found.table, alt=found.alt)
        return
    st.plotly_chart(
        screen.draw(found.figure, height=height, stage=stage),
        key=key,
        # the stage is scaled as a whole, where measuring the width would count the scale twice
        width="content" if stage else "stretch",
        theme=None,
        config=CONFIG,
        alt=found.alt,
    )


def _highest(found: Answer) -> Table:
    """Rank, name and value of the first Kreise and of the own ones: the list beside a map.

    Only these, because a list of all would travel with every change of the map; the card's table
    has them all.
    """
    names = dict(zip(found.figure.region_ids, found.figure.names, strict=True))
    own = {names[id] for id in found.figure.own}
    rows = found.table.rows
    shown = rows[:LISTED] + tuple(row for row in rows[LISTED:] if row[1] in own)
    return Table(
        (*found.table.columns[:2], "Wert"),
        tuple(row[:3] for row in shown),
        found.table.numeric[:3],
    )


def table(content: Table, *, alt: str, height: int = 430, unbroken: tuple[int, ...] = ()) -> None:
    """The table twin: a real HTML table, readable by every screen reader, scrolling when long.

    `unbroken` are the columns whose texts stay on one line (codes, dates).
    """
    kinds = [
        " ".join(
            name for name, given in (("bb-number", numeric), ("bb-line", i in unbroken)) if given
        )
        for i, numeric in enumerate(content.numeric)
    ]

    def line(cells: tuple[str, ...], tag: str) -> str:
        return "".join(
            f'<{tag} class="{kind}">{html.escape(cell)}</{tag.split()[0]}>'
            for cell, kind in zip(cells, kinds, strict=True)
        )

    head = line(content.columns, 'th scope="col"')
    body = "".join(f"<tr>{line(row, 'td')}</tr>" for row in content.rows)
    st.html(
        f'<div class="bb-table" style="max-height:max({height}px, 100vh - 400px)" tabindex="0" '
        f'role="region" aria-label="{html.escape(alt)}">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def reading_aid(content: str) -> None:
    st.html(f'<p class="bb-reading-aid"><strong>Lesehilfe:</strong> {html.escape(content)}</p>')


def foot(found: Answer, key: str) -> None:
    """Source line and the ways to take the answer along."""
    line = f"{found.source_short} · Datenstand {formats.day(found.published)}"
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        with st.container(width="stretch", key=f"card_foot_{key}"):
            text(line, "source")
        with st.popover("Mitnehmen", width="content"):
            downloads(found, key)


def downloads(found: Answer, key: str) -> None:
    view = found.view.with_(stage=False)
    address = urljoin(st.context.url or "", f"karte?{view.to_query()}")
    left, right = st.columns(2)
    with left:
        st.download_button(
            "Excel",
            lambda: tables.to_xlsx(found),  # made only when asked for
            tables.file_name(found, "xlsx"),
            mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            key=f"{key}_xlsx",
            on_click="ignore",
            width="stretch",
        )
    with right:
        st.download_button(
            "CSV",
            lambda: tables.to_csv(found),
            tables.file_name(found, "csv"),
            mime="text/csv",
            key=f"{key}_csv",
            on_click="ignore",
            width="stretch",
        )
    st.link_button("Vollbild für die Sitzung", f"{address}&stage=1", width="stretch")
    text("Link zu dieser Ansicht", "note")
    st.code(address, language=None, wrap_lines=True)
    text("Link, der bei diesem Datenstand bleibt", "note")
    st.code(f"{address}&release={found.release}", language=None, wrap_lines=True)


def info(found: Answer, release: Release) -> None:
    """What the indicator means and what must be known of these numbers, in a fixed order."""
    if found.indicator is not None:
        indicator_sheet(release, found.indicator.id)
    for heading, lines in (
        ("Zu diesen Zahlen", found.notes),
        ("Fußnoten des Herausgebers", found.footnotes),
    ):
        if lines:
            text(heading, "heading", "h3")
            items = "".join(f"<li>{html.escape(line)}</li>" for line in lines)
            st.html(f'<ul class="bb-notes">{items}</ul>')
    text(found.source, "source")


def indicator_sheet(release: Release, id: str) -> None:
    """An indicator's sheet: always the same lines in the same order."""
    catalog = release.catalog
    indicator = catalog.indicators[id]
    words = catalog.vocabulary
    polarity = {
        "higher_is_better": "höhere Werte sind günstiger",
        "lower_is_better": "niedrigere Werte sind günstiger",
        "neutral": "keine Bewertung",
    }[indicator.polarity]
    datasets = [catalog.datasets[d] for d in indicator.datasets]
    lines = [
        ("Was misst der Indikator?", indicator.definition),
        ("Berechnung", indicator.formula),
        ("Zeitbezug", f"{indicator.period_meaning} {indicator.cycle}"),
        ("Räumlicher Bezug", words.places[indicator.place].text),
        ("Bewertung", polarity),
        ("Quelle", "; ".join(dict.fromkeys(f"{d.publisher}, {d.statistic}" for d in datasets))),
        ("Thema", words.themes[indicator.theme].name),
        ("Lebensphase", words.life_phases[indicator.life_phase].name),
        ("Baustein", words.bausteine[str(indicator.baustein)].name),
    ]
    rows = "".join(
        f"<dt>{html.escape(name)}</dt><dd>{html.escape(value)}</dd>" for name, value in lines
    )
    st.html(f'<dl class="bb-sheet">{rows}</dl>')


# --- key figures ----------------------------------------------------------------------------------


def leading_figures(figures: list[Figure]) -> list[Figure]:
    """The four key figures of the overview: those the definitions highlight, then the others, as
    far as the region has values."""
    known = [f for f in figures if f.now is not None and f.now.value is not None]
    known = [f for f in known if not f.indicator.introduction]
    return sorted(known, key=lambda f: (f.indicator.highlight or 99, f.indicator.order))[:4]


def introduction(figures: list[Figure]) -> str:
    """ "138.969 Einwohnerinnen und Einwohner am 31.12.2024 · neueste Angaben je Kennzahl" """
    said = [
        f"{texts.shown(f.indicator, f.now)} {f.indicator.numerator_name} "
        f"{f.now.period.adverbial.removeprefix('im ')}"
        for f in figures
        if f.indicator.introduction and f.now is not None
    ]
    return " · ".join([*said, "neueste Angaben je Kennzahl"])


def key_figure(found: Figure, *, in_focus: bool) -> None:
    """A card with the newest value, its comparison and a sparkline; its name is a button that
    brings its trend and map into view."""
    indicator, now = found.indicator, found.now
    small = [now.period.label]
    if indicator.factor == 100 and now.numerator is not None and now.denominator is not None:
        small.append(f"{formats.number(now.numerator)} von {formats.number(now.denominator)}")
    compared = []
    if not indicator.is_count:
        for other in (found.land, found.germany):
            if other is not None and other.value is not None:
                compared.append(f"{other.region.name} {_short(other.value, indicator)}")
    note = " · ".join(compared) or texts.change(indicator, now, found.before)
    shown = "focus" if in_focus else "figure"
    with st.container(border=True, key=f"card_{shown}_{indicator.id}", height="stretch"):
        st.button(
            indicator.short_name,
            key=f"focus_{indicator.id}",
            type="tertiary",
            help=f"{indicator.name}: Verlauf und Karte zeigen",
            on_click=controls.set_focus,
            args=(indicator.id,),
        )
        st.html(
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
    values. Gaps stay gaps."""
    known = [(i, value) for i, (_, value) in enumerate(found.series) if value is not None]
    if len(known) < 3:
        return ""
    values = [value for _, value in known]
    low, high = min(values), max(values)
    width, height, last = 96, 34, max(len(found.series) - 1, 1)
    paths, previous = [], None
    for i, value in known:
        x = 3 + i / last * (width - 8)
        y = height - 4 - (value - low) / ((high - low) or 1) * (height - 8)
        paths.append(f"{'L' if previous == i - 1 else 'M'}{x:.1f} {y:.1f}")
        previous = i
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">'
        f'<path d="{"".join(paths)}" fill="none" stroke="{theme.OWN_REGION}" stroke-width="2"/>'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{theme.OWN_REGION}"/></svg>'
    )
    unit, decimals = found.indicator.unit, found.indicator.shown_decimals
    labels = [found.series[known[0][0]][0], found.series[known[-1][0]][0]]
    alt = (
        f"Verlauf {labels[0]} bis {labels[1]}: von {formats.with_unit(values[0], unit, decimals)} "
        f"auf {formats.with_unit(values[-1], unit, decimals)}"
    )
    data = base64.b64encode(svg.encode()).decode()
    return f'<img class="bb-spark" src="data:image/svg+xml;base64,{data}" alt="{html.escape(alt)}">'


# --- stage ----------------------------------------------------------------------------------------


def stage(release: Release, view: View) -> None:
    """One answer for a meeting: headline, figure, foot; nothing needs a pointer."""
    found = cached.answer(release, view)
    text(found.headline, "stage-headline", "h1")
    text(found.subtitle, "stage-subtitle")
    figure(found, key="stage_figure", height=STAGE_FIGURE, stage=True)
    lines = [found.source_short, f"Datenstand {formats.day(found.published)}"]
    if isinstance(found.figure, MapPicture):
        lines.append(found.figure.boundary_note)
    text(" · ".join(lines), "stage-foot")


def signs() -> None:
    """The explanation of signs: every status with its look in a table and its meaning."""
    rows = "".join(
        f"<tr><td>{html.escape(sign.short)}</td><td>{html.escape(sign.meaning)}</td></tr>"
        for sign in SIGNS.values()
    )
    st.html(
        '<div class="bb-table"><table><thead><tr><th scope="col">In Tabellen und Karten</th>'
        f'<th scope="col">Bedeutung</th></tr></thead><tbody>{rows}</tbody></table></div>'
    )
