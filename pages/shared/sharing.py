"""Teilen und herunterladen: the ways out of an answer card, and out of a page."""

import html
from collections.abc import Callable
from urllib.parse import urljoin

import streamlit as st

from indicators import look
from indicators.answers.answer import Answer, Table
from indicators.errors import ViewError
from indicators.export import ways
from indicators.folders import default
from indicators.release import keeping
from indicators.release.releases import PREVIEW
from indicators.view import View
from pages.shared import cached, permission
from pages.shared.at_once import unseen
from pages.shared.texts import text

# What can be taken along: way, size and the words of the button, a row for each purpose.
FILES = {
    "Bild": (
        ("png", "card", "PNG"),
        ("png", "slide", "PNG 16:9"),
        ("png", "a4", "PNG A4"),
        ("svg", "card", "SVG"),
    ),
    "Vorlage und Folie": (
        ("pptx", "slide", "PowerPoint"),
        ("docx", "a4", "Word"),
        ("pdf", "a4", "PDF"),
    ),
    "Zahlen": (("xlsx", "card", "Excel"), ("csv", "card", "CSV")),
}
PICTURE_ROUTE = "bild"  # served by the application, relative to the page's address
_SHOWN = "views of the page"
_LISTING = "a page is only asked for its views"

# A file, not a string: see map_component.
_copying = st.components.v2.component(
    "indicators.copying",
    html='<div class="copying">'
    '<button type="button" data-way="picture">Bild kopieren</button>'
    '<button type="button" data-way="table">Tabelle kopieren</button>'
    '<button type="button" data-way="text">Text kopieren</button>'
    '<div role="status"></div></div>',
    css="copying.css",
    js="copying.js",
)


def address_of_answers() -> str:
    """Where answers are shown in this installation, for links in files."""
    return urljoin(st.context.url or "", "karte")


def menu(found: Answer, key: str, face: str = "") -> None:
    """The button that opens all ways out; they are made only while it is open."""
    with st.popover(
        "Teilen und herunterladen", width="content", key=f"{key}_share", on_change="rerun"
    ) as opened:
        if opened.open:
            _ways(found, key, face)
        else:
            # as high as what will stand there, so that it opens where there is room for it
            st.html('<p class="bb-share-room">Wird vorbereitet …</p>')


def _ways(found: Answer, key: str, face: str) -> None:
    """Files, copies and links of an answer; the links show it with the same face."""
    look.read(default())  # a fault in the town's file is told here, not by a download that fails
    for heading, files in FILES.items():
        text(heading, "note")
        with st.container(horizontal=True, gap="small"):
            for way, size, name in files:
                _file(found, key, way, size, name)
    text("Für ein anderes Programm kopieren", "note")
    _copies(found, key)
    query = found.view.with_(stage=False, face=face).to_query()
    link = f"{address_of_answers()}?{query}"
    st.link_button("Vollbild für die Sitzung", f"{link}&stage=1", width="stretch")
    text("Text zum Übernehmen", "note")
    text(f"{found.paragraph} ({found.source_short})", "reading-aid")
    text("Link zu dieser Ansicht", "note")
    st.code(link, language=None, wrap_lines=True)
    _frozen_link(found, key, link)


def _frozen_link(found: Answer, key: str, link: str) -> None:
    """The link that stays at this release; who may keeps the release for it, too."""
    text("Zahlen einfrieren: Link, der bei diesem Datenstand bleibt", "note")
    st.code(f"{link}&release={found.release}", language=None, wrap_lines=True)
    if found.release.startswith(PREVIEW):
        text("Das ist eine Vorschau: Der Link gilt nur, bis sie veröffentlicht ist.", "note")
    elif permission.may(permission.Role.EDITOR) and default().keep_releases:
        if found.release in keeping.frozen(default()):
            text("Dieser Datenstand wird für solche Links behalten.", "note")
        elif st.button("Datenstand für diesen Link behalten", key=f"{key}_freeze"):
            permission.demand(permission.Role.EDITOR)
            keeping.freeze(default(), found.release)
            st.toast("Der Datenstand wird behalten, auch wenn alte gelöscht werden.")


def _file(found: Answer, key: str, way: str, size: str, name: str) -> None:
    address = address_of_answers()
    st.download_button(
        name,
        # made only when asked for
        lambda: ways.made(found, way, default(), size=size, address=address),
        ways.file_name(found, way, size),
        mime=ways.WAYS[way].mime,
        key=f"{key}_{way}_{size}",
        help=ways.WAYS[way].told,
        on_click="ignore",
        width="stretch",
    )


def _copies(found: Answer, key: str) -> None:
    query = found.view.with_(stage=False, release=found.release).to_query()
    source = f"{found.source_short} · Datenstand {found.release}"
    data = {
        "picture": f"{PICTURE_ROUTE}?{query}",
        "table": "\n".join("\t".join(row) for row in (found.table.columns, *found.table.rows))
        + f"\n{source}",
        "markup": _markup(found.table, found.headline, source),
        "text": f"{found.paragraph} ({found.source_short})",
    }
    _copying(data=data, key=f"{key}_copy")


def _markup(table: Table, caption: str, source: str) -> str:
    """A table as programs of an office take it from the clipboard."""

    def line(cells: tuple[str, ...], tag: str) -> str:
        return "".join(f"<{tag}>{html.escape(cell)}</{tag}>" for cell in cells)

    body = "".join(f"<tr>{line(row, 'td')}</tr>" for row in table.rows)
    return (
        f"<table><caption>{html.escape(caption)}</caption><thead><tr>"
        f"{line(table.columns, 'th')}</tr></thead><tbody>{body}</tbody></table>"
        f"<p>{html.escape(source)}</p>"
    )


# --- of a page ------------------------------------------------------------------------------------


def begin_page() -> None:
    """Forgets what stood on the page before."""
    st.session_state[_SHOWN] = []


def shown(view: View, face: str) -> bool:
    """A card of the page shows this view, under this name of its face in the address. Returns False
    where the page is only asked for its views: then nothing needs to be drawn."""
    st.session_state.setdefault(_SHOWN, []).append((view, face))
    return not st.session_state.get(_LISTING)


def views_shown() -> list[tuple[View, str]]:
    """The views of the cards that the page has drawn, each with the name of its face."""
    return list(st.session_state.get(_SHOWN, []))


def views_of(draw: Callable[[], None]) -> list[tuple[View, str]]:
    """The views that a page shows as it is addressed, each with the name of its card's face in the
    address; nothing of the page is seen."""
    begin_page()
    st.session_state[_LISTING] = True
    try:
        with st.container(), unseen():
            draw()
    finally:
        del st.session_state[_LISTING]
    return list(st.session_state[_SHOWN])


def offer_page(title: str) -> None:
    """At the foot of a page with cards: all of them as one paper."""
    views = list(dict.fromkeys(view for view, _ in st.session_state.get(_SHOWN, [])))
    if not views:
        return
    release, address = cached.current(), address_of_answers()

    def paper() -> bytes:
        from indicators.export import paper

        found = []
        for view in views:
            try:
                answer = cached.answer(release, view)
            except ViewError:
                continue  # its card says why there is nothing
            found.append(ways.told(answer, default(), address))
        name = f"{title}: {release.region(views[0].region).name}"
        return paper.to_pdf(found, paper.Paper(name))

    with st.container(key="page_paper", horizontal=True, vertical_alignment="center"):
        st.download_button(
            "Diese Seite als PDF",
            paper,
            f"{title.lower().replace(' ', '_')}_{views[0].region.replace(':', '-')}.pdf",
            mime=ways.WAYS["pdf"].mime,
            on_click="ignore",
        )
        text("Alle Karten dieser Seite mit Tabellen, Hinweisen und Quellen; barrierefrei.", "note")
