"""What stands on more than one page: answer card, table, notes, downloads."""

import html
from collections.abc import Collection, Sequence

import streamlit as st

from indicators import formats, kinds
from indicators.answers import method
from indicators.answers.answer import Answer, Table
from indicators.answers.starters.result import StartersAnswer
from indicators.errors import NotPublishedError, ViewError
from indicators.figures import broken_axis, two_maps
from indicators.figures import kinds as figures
from indicators.figures.chart import Chart
from indicators.figures.map import MapPicture
from indicators.figures.two_maps import TwoMaps
from indicators.folders import default
from indicators.release import two_sources
from indicators.release.releases import Release
from indicators.release.territory import name_of
from indicators.symbols import SIGNS
from indicators.view import ENLARGED, FACES, View
from pages.shared import (
    agenda_draft,
    annotation_form,
    cached,
    controls,
    drawing_component,
    map_component,
    pickers,
    regions,
    sharing,
)
from pages.shared.at_once import at_once
from pages.shared.plotly_german import CONFIG
from pages.shared.texts import block, text, written

LEGEND = 240  # pixels; what the legend of two maps is laid out for
NARROW = 700  # pixels; a card laid out for less has its switch below its texts
_PERIODS_OF_TWO = 5  # that a second source is shown for
LISTED = 10  # rows beside a map


def page_head(title: str, subtitle: str = "") -> None:
    below = [written(subtitle, "subtitle")] if subtitle else []
    block(written(title, "title", "h1"), *below, style="page-head")


# --- answer card ----------------------------------------------------------------------------------


def card(
    view: View,
    *,
    key: str,
    faces: tuple[str, ...] = ("figure", "table", "info"),
    height: int = 340,
    width: int = 940,
    face: str = "",
    release: Release | None = None,
    explored: bool = False,
) -> None:
    """The answer to a view as a card: headline, figure, Lesehilfe, source, switches, downloads.

    `face` is the name in the address of the face shown; by default one of this card alone.
    `explored` is where staff look closer: lines can be enlarged there.
    `width` is what a drawing is laid out for.
    A question without an answer says why and what would bring one; the page goes on.
    """
    release = release or cached.current()
    name = face or f"face_{key}"
    if not sharing.shown(view, name):
        return
    if kinds.ALL[view.kind].is_table:  # these have no other figure than their table
        faces = tuple(face for face in faces if face != "figure")
    with st.container(border=True, key=f"card_{key}"):
        size = (width, height)
        _card(release, view, key=key, faces=faces, size=size, name=name, explored=explored)


def explorer(view: View) -> None:
    """The card of Karte und Vergleich: lines can be enlarged, its face stands in the address."""
    card(view, key="explorer", height=340, face="face", explored=True)


def no_answer(error: ViewError) -> str:
    """The headline in place of an answer: nobody has delivered it yet, or it is left out."""
    if isinstance(error, NotPublishedError):
        return "Das wird nicht veröffentlicht"
    return "Hierzu gibt es noch keine Angaben"


@st.fragment
@at_once()
def _card(
    release: Release,
    view: View,
    *,
    key: str,
    faces: tuple[str, ...],
    size: tuple[int, int],
    name: str,
    explored: bool,
) -> None:
    try:
        found = cached.answer(release, view)
    except ViewError as error:
        text(no_answer(error), "headline", "h2")
        text(str(error), "note")
        _lead_to_nearest(release, view)
        return
    if explored and isinstance(found.figure, Chart) and _can_be_enlarged(found.figure):
        faces = (faces[0], ENLARGED, *faces[1:])
    # beside each other where there is room, else the switch moves below the texts
    with st.container(
        horizontal=size[0] >= NARROW,
        horizontal_alignment="right",
        vertical_alignment="top",
        gap="small",
    ):
        head = written(found.headline, "headline", "h2") + written(found.subtitle, "subtitle")
        block(head, style="head")
        face = faces[0]
        if len(faces) > 1:
            face = pickers.choose(
                name,
                "Ansicht",
                faces,
                names=lambda face: _face_name(face, view),
                widget="segmented",
                label_visibility="collapsed",
                width="content",
            )
    if face == "table":
        table(found.table, alt=found.alt, own=own_names(release, view))
    elif face == "info":
        info(found, release)
    elif face == ENLARGED and isinstance(found.figure, Chart):
        _enlarged(found.figure, found.alt, key, size[1])
    else:
        figure(found, key=f"{key}_figure", size=size, compact=len(faces) == 1)
    if face != "info" and len(faces) > 1:
        aid = [_reading_aid(found.reading_aid)] if found.reading_aid else []
        block(*aid, *(written(note, "note") for note in found.beside))
    foot(found, key, face if face not in (faces[0], ENLARGED) else "")
    _lead_to_nearest(release, view)


def _lead_to_nearest(release: Release, view: View) -> None:
    """Where there is an answer that comes near one that is not there, or that has no number: what
    differs, and its finding as a link."""
    found = cached.nearest(release, view)
    if found is None or not found.changes:
        return
    for line in found.told:
        text(line, "note")
    link = html.escape(f"karte?{found.view.to_query()}")
    words = html.escape(found.answer.headline)
    st.html(f'<p class="bb-near"><a href="{link}" target="_self">{words}</a></p>')


def _face_name(face: str, view: View) -> str:
    names = {"map": "Karte", "maps": "Karten"}
    return names.get(view.kind, FACES[face]) if face == "figure" else FACES[face]


def figure(
    found: Answer,
    *,
    key: str,
    size: tuple[int, int],
    stage: bool = False,
    compact: bool = False,
) -> None:
    """Draws the figure of an answer; a region picked on a map becomes the chosen one. `size` is
    the width a drawing is laid out for and the height, in pixels."""
    width, height = size
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
                own = _own_on_map(found.figure)
                shown = _highest(found, own)
                listed = _table(shown, alt="Die höchsten Werte der Karte", height=None, own=own)
                block(listed, written(_of_all(found, shown), "note"), style="list")
        if period != found.figure.selected and not stage:
            controls.go_to_period(period)
        if picked:
            regions.go_to(picked)
        return
    if found.figure is None:
        table(found.table, alt=found.alt)
    elif isinstance(found.figure, TwoMaps) and not stage:
        _two_maps(found.figure, key, height)
    else:
        drawing_component.draw(found.figure, key=key, width=width, height=height, stage=stage)


def _two_maps(figure: TwoMaps, key: str, height: int) -> None:
    """Two maps beside each other, each with its own legend, or with one for both behind them."""
    columns = st.columns([7, 7, 5] if figure.one_legend else 2, gap="small")
    # on the same map another region may be picked on either
    for place, picture in enumerate(figure.maps):
        with columns[place]:
            text(figure.headings[place], "heading", "h3")
            picked, _ = map_component.draw(
                picture,
                key=f"{key}_{('left', 'right')[place]}",
                height=height,
                beside=True,
                legend=not figure.one_legend,
            )
            if picked:
                regions.go_to(picked)
    if figure.one_legend:
        with columns[-1]:
            geometry = figures.geometry_of(figure, default().map_files)
            if geometry is not None:
                drawn = two_maps.legend(figure, geometry, width=LEGEND)
                drawing_component.show([drawn], key=f"{key}_legend", width=LEGEND)
            text(figure.left.boundary_note, "note")


def _can_be_enlarged(chart: Chart) -> bool:
    """Lines to scale; a time that leaves out years has too few of them for a closer look."""
    return chart.kind == "lines" and not broken_axis.shortened(chart)[1]


def _enlarged(chart: Chart, alt: str, key: str, height: int) -> None:
    """Lines that can be enlarged, with all values of a year at once."""
    from indicators.figures import screen  # Plotly takes a second to import: only where it is shown

    drawn = screen.draw(chart, height=height)
    st.plotly_chart(
        drawn,
        # another chart, not the same one redrawn: that would show the old lines for some frames
        key=f"{key}:{hash(drawn.to_json())}",
        width="stretch",
        theme=None,
        config=CONFIG,
        alt=alt,
    )


def own_names(release: Release, view: View) -> set[str]:
    """What the own region and its parts are called, to find them among many in a table."""
    if not kinds.ALL[view.kind].by_place:
        return set()
    own = release.region(view.region)
    return {name_of(release.region(id)) for id in (own.id, *own.parts)}


def _own_on_map(picture: MapPicture) -> set[str]:
    names = dict(zip(picture.region_ids, picture.names, strict=True))
    return {names[id] for id in picture.own}


def _of_all(found: Answer, shown: Table) -> str:
    """That the list beside a map is not all there is, and where the rest stands."""
    count = len(found.table.rows)
    if count == len(shown.rows):
        return ""
    beyond = " und die eigene Region" if len(shown.rows) > LISTED else ""
    return f"Die ersten {LISTED}{beyond}; alle {formats.number(count)} unter „{FACES['table']}“."


def _highest(found: Answer, own: set[str]) -> Table:
    """Rank, name and value of the first Kreise and of the own ones: the list beside a map.

    Only these, because a list of all would travel with every change of the map; the card's table
    has them all.
    """
    rows = found.table.rows
    shown = rows[:LISTED] + tuple(row for row in rows[LISTED:] if row[1] in own)
    return Table(
        (*found.table.columns[:2], "Wert"),
        tuple(row[:3] for row in shown),
        found.table.numeric[:3],
    )


def table(
    content: Table,
    *,
    alt: str,
    height: int | None = 430,
    unbroken: tuple[int, ...] = (),
    own: Collection[str] = (),
) -> None:
    """The table twin: a real HTML table, readable by every screen reader, scrolling when long.

    `unbroken` are the columns whose texts stay on one line (codes, dates), `own` the names of the
    regions whose rows stand out; without a `height` the table is as high as its rows.
    """
    st.html(_table(content, alt=alt, height=height, unbroken=unbroken, own=own))


def _table(
    content: Table,
    *,
    alt: str,
    height: int | None,
    unbroken: tuple[int, ...] = (),
    own: Collection[str] = (),
) -> str:
    limit = f"max({height}px, 100vh - 400px)" if height else "none"
    return (
        f'<div class="bb-table" style="max-height:{limit}" tabindex="0" '
        f'role="region" aria-label="{html.escape(alt)}">{rows(content, unbroken, own)}</div>'
    )


def rows(content: Table, unbroken: tuple[int, ...] = (), own: Collection[str] = ()) -> str:
    """A table as HTML."""
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
    body = "".join(
        f'<tr class="{"" if set(own).isdisjoint(row[:2]) else "bb-own"}">{line(row, "td")}</tr>'
        for row in content.rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def reading_aid(content: str) -> None:
    st.html(_reading_aid(content))


def _reading_aid(content: str) -> str:
    return f'<p class="bb-reading-aid"><strong>Lesehilfe:</strong> {html.escape(content)}</p>'


def notice(lines: list[str]) -> None:
    """What a reader must know before the page, such as what a link asked for in vain."""
    items = "".join(f"<p>{html.escape(line)}</p>" for line in lines)
    st.html(f'<div class="bb-notice" role="status">{items}</div>')


def source_line(found: Answer) -> str:
    """Whose figures, of which date, and when they were published here: two different days."""
    since = f"in Bildungsblick seit {cached.moment(found.published)}"
    return " · ".join(filter(None, [found.source_short, since]))


def foot(found: Answer, key: str, face: str) -> None:
    """Source line and the ways to take the answer along."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        block(written(source_line(found), "source"), style="foot")
        annotation_form.button(found, key)
        agenda_draft.button(found, key, face)
        sharing.menu(found, key, face)


def info(found: Answer, release: Release) -> None:
    """What the indicator means and what must be known of these numbers, in a fixed order."""
    if found.indicator is not None:
        several = [row["indicator"] for row in found.rows if "indicator" in row]
        for id in dict.fromkeys(several or [found.indicator.id]):
            if several:
                text(release.catalog.indicators[id].name, "heading", "h3")
            indicator_sheet(release, id)
        _second_sources(found, release)
    for heading, lines in (
        ("Zu diesen Zahlen", found.notes),
        ("Fußnoten des Herausgebers", found.footnotes),
    ):
        if lines:
            text(heading, "heading", "h3")
            items = "".join(f"<li>{html.escape(line)}</li>" for line in lines)
            st.html(f'<ul class="bb-notes">{items}</ul>')
    if isinstance(found, StartersAnswer):
        _assumptions(found)
    text(found.source, "source")


def _second_sources(found: Answer, release: Release) -> None:
    """What another office says of the same quantity, in the newest periods that both know."""
    region = release.regions.get(found.view.region)
    if found.indicator is None or region is None:
        return
    of = two_sources.concerning(release, found.indicator)
    if pairs := two_sources.pairs(release, region, of):
        text(f"Eine zweite Quelle, {region.name}", "heading", "h3")
        second_sources(pairs[:_PERIODS_OF_TWO])


def second_sources(pairs: Sequence[two_sources.Pair]) -> None:
    """Both numbers of each, how far they are apart, and why."""
    rows = tuple(
        (
            pair.of.name,
            pair.period,
            formats.number(pair.first.value),
            formats.number(pair.second.value),
            two_sources.differing(pair),
        )
        for pair in pairs
    )
    heads = ("Größe", "Zeitraum", "amtlich", "eigene Zahl", "Unterschied")
    table(
        Table(heads, rows, (False, False, True, True, False)),
        alt="Was zwei Quellen zu derselben Größe sagen",
        height=None,
        unbroken=(1,),
    )
    for reason in dict.fromkeys(pair.of.text for pair in pairs):
        text(reason, "note")


def _assumptions(found: StartersAnswer) -> None:
    """How a projection came about: every assumption with what was observed, every factor."""
    rows = tuple((p.name, p.used, p.observed, p.allowed) for p in found.parameters)
    content = Table(
        ("Annahme", "verwendet", "beobachtet", "möglich"), rows, (False, True, True, False)
    )
    text("Annahmen", "heading", "h3")
    table(content, alt="Annahmen der Vorausschau", height=None)
    if found.factors:
        text("Faktoren, mit denen die Kinder fortgeschrieben werden", "heading", "h3")
        table(found.factors, alt="Faktoren von Altersjahr zu Altersjahr")


def indicator_sheet(release: Release, id: str) -> None:
    """An indicator's sheet: always the same lines in the same order."""
    lines = method.sheet(release.catalog, release.catalog.indicators[id])
    rows = "".join(
        f"<dt>{html.escape(name)}</dt><dd>{html.escape(value)}</dd>" for name, value in lines
    )
    st.html(f'<dl class="bb-sheet">{rows}</dl>')


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
