"""Which release a page shows: its name beside every page, that it is a preview, an older one or one
that was taken back, and what a newer one says otherwise.
"""

import html

import streamlit as st
from streamlit.elements.lib.mutable_expander_container import ExpanderContainer

from indicators import formats
from indicators.answers import newer
from indicators.answers.answer import Table
from indicators.errors import ViewError
from indicators.folders import default
from indicators.release import releases
from indicators.release.releases import Release
from pages.shared import address, blocks, cached, sharing
from pages.shared.texts import text

_PREVIEW = "Vorschau: nicht veröffentlicht"


def name() -> None:
    """The release in sight, in the menu beside every page."""
    release = cached.current()
    told = "Vorschau" if not release.is_published else cached.moment(release.published)
    st.html(f'<p class="bb-stand">Datenstand: {html.escape(told)}</p>')


def mark_preview() -> None:
    """On the stage, where there is nothing else around the page."""
    if not cached.current().is_published:
        st.html(f'<div class="bb-preview" role="status">{_PREVIEW}</div>')


def notice() -> ExpanderContainer | None:
    """Says that another release is shown than the one in force: a preview, one in place of a
    damaged one, or an older one that the link holds; then leads to the newest. Returns where what
    is otherwise in the newest can be shown, None where there is nothing to compare."""
    release, newest = cached.current(), cached.in_force()
    if damage := releases.notice(default(), newest):
        blocks.notice([damage, "Bitte sagen Sie es der Stelle, die Bildungsblick betreibt."])
    if release.id == newest.id:
        return None
    with st.container(horizontal=True, vertical_alignment="center", key="release_notice"):
        if release.is_published:
            blocks.notice(_older(release, newest))
        else:
            built = formats.minute(release.published)
            told = f"Gebaut am {built}; nur Redaktion und Freigabe sehen sie."
            st.html(
                f'<div class="bb-preview" role="status"><strong>{_PREVIEW}.</strong> '
                f"{html.escape(told)}</div>"
            )
        st.button("Zum aktuellen", on_click=address.pick, args=("release", ""))
    words = "Es gibt einen neueren Stand – Unterschied zeigen"
    if not release.is_published:
        words = "Was auf dieser Seite anders ist als jetzt"
    return st.expander(words, key="newer", on_change="rerun")


def _older(release: Release, newest: Release) -> list[str]:
    lines = [
        f"Dieser Link hält den Datenstand vom {cached.moment(release.published)} fest; "
        f"der aktuelle ist vom {cached.moment(newest.published)}."
    ]
    facts = releases.facts_of(default().releases / f"{release.id}.json")
    if facts and facts.taken_back:
        lines.append(f"Er wurde zurückgenommen, {facts.taken_back}")
    return lines


def difference(shown: ExpanderContainer | None) -> None:
    """After the page: what its views say otherwise in the release in force; computed only where
    somebody opens it."""
    if shown is None or not shown.open:
        return
    release, newest = cached.current(), cached.in_force()
    before, after = (release, newest) if release.is_published else (newest, release)
    views = list(dict.fromkeys(view for view, _ in sharing.views_shown()))
    with shown:
        differs = 0
        for view in views:
            try:
                old, new = (cached.answer(one, view) for one in (before, after))
            except ViewError:
                text(f"{_title(before, after, view)}: nicht in beiden Datenständen.", "note")
                continue
            found = newer.changes(old, new)
            if found.rows:
                differs += 1
                _table(found, new.headline, release)
        if not differs:
            text("Auf dieser Seite ist kein Wert anders.", "note")


def _table(found: Table, headline: str, release: Release) -> None:
    columns = found.columns
    if not release.is_published:
        columns = (*columns[:2], "In Kraft", "In der Vorschau")
    text(headline, "heading", "h3")
    blocks.table(
        Table(columns, found.rows, found.numeric), alt=f"Unterschied: {headline}", height=300
    )


def _title(before: Release, after: Release, view) -> str:
    for one in (after, before):
        if view.indicator in one.catalog.indicators:
            return one.catalog.indicators[view.indicator].name
    return "Eine Ansicht"
