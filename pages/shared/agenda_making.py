"""What makes an agenda on the page *Sitzung* besides taking views: a preset for the region in
sight, the newest release for all slides at once; and the way from a code back to its view."""

from dataclasses import replace

import streamlit as st

from indicators.agenda import presets
from indicators.errors import BildungsblickError
from indicators.export import drafting, renewal, tracing
from indicators.folders import default
from indicators.release import releases
from indicators.release.releases import Release
from indicators.saved import agendas as saved
from pages.shared import address, agenda_draft, agenda_stage, blocks, cached, regions
from pages.shared.agenda_draft import Draft, draft

_ERROR = "agenda_making_error"


def from_preset(release: Release) -> None:
    """A preset, its topic where it has one, and the region of the sidebar."""
    region = regions.chosen(release)
    with st.container(border=True, key="card_preset"):
        blocks.text("Aus einer Vorlage", "heading", "h2")
        try:
            known = presets.known(default())
        except BildungsblickError as error:
            blocks.notice([str(error)])
            return
        found = {id: one for id, one in known.items() if drafting.fits(one, region)}
        left, right = st.columns(2)
        with left:
            id = st.selectbox(
                "Vorlage", list(found), format_func=lambda id: found[id].name, key="preset"
            )
        topics = drafting.offered(release, found[id], region)
        with right:
            topic = st.selectbox(
                "Thema",
                list(topics),
                format_func=lambda id: topics[id].name,
                key=f"preset_topic:{id}:{region.id}",
                disabled=not topics,
                placeholder="diese Vorlage braucht keines",
            )
        blocks.text(found[id].text, "note")
        blocks.text(
            f"Für {region.name}, gewählt in der Seitenleiste. Die Mappe lässt sich danach ändern "
            "wie jede andere; was keine Werte hat, steht darin mit dem, was es bräuchte.",
            "note",
        )
        if st.button("Mappe aus der Vorlage machen"):
            _make(release, id, found[id], region.id, topic or "")
        _told()


def _make(release: Release, id: str, preset: presets.Preset, region: str, topic: str) -> None:
    bar = st.progress(0.0, "Die Mappe wird zusammengestellt …")
    try:
        made = drafting.drafted(release, id, preset, region, topic, ask=cached.answer)
    except BildungsblickError as error:
        bar.empty()
        st.session_state[_ERROR] = str(error)
        return
    # the page names all slides by their findings, which takes a while the first time
    count = len(made.items)
    for done, item in enumerate(made.items, 1):
        agenda_stage.title(item)
        bar.progress(done / count, f"Folie {done} von {count}")
    agenda_draft.keep(Draft(made))
    st.toast(f"Neue Mappe: {made.title}")
    address.draw_again()


def _told() -> None:
    if error := st.session_state.pop(_ERROR, ""):
        blocks.notice([error])


def to_newest() -> None:
    """The button that brings all slides to the newest release, where one has an older one."""
    now = cached.in_force().id
    if draft().agenda.releases - {now}:
        st.button(
            "Auf den neuesten Datenstand bringen",
            on_click=_renew,
            key="agenda_renew",
            help="Alle Folien; eine neue Folie nennt, was sich geändert hat.",
        )


def _renew() -> None:
    address.clicked()
    agenda = draft().agenda
    try:
        found = renewal.renewed(agenda, cached.in_force(), agenda_draft.opener, ask=cached.answer)
    except BildungsblickError as error:
        st.session_state[_ERROR] = str(error)
        return
    before = draft()
    place = next((i for i, item in enumerate(found.agenda.items) if item.title == renewal.TITLE), 0)
    agenda_draft.keep(replace(before, agenda=found.agenda, chosen=place))


def trace() -> None:
    """From a code in a paper to the view that its number came from."""
    with st.container(border=True, key="card_trace"):
        blocks.text("Woher kommt eine Zahl?", "heading", "h2")
        code = st.text_input(
            "Beleg",
            key="agenda_code",
            placeholder="7F3C21A0",
            on_change=address.clicked,
            help="Der Beleg steht in Papieren neben der Quelle.",
        )
        if not code:
            return
        try:
            every = [draft().agenda, *saved.every(default())]
            ids = [one.id for one in releases.listed(default())]
            found = tracing.find(code, every, cached.in_force(), ids)
        except BildungsblickError as error:
            blocks.notice([str(error)])
            return
        blocks.text(f"„{found.agenda}“, Folie {found.number}", "note")
        st.link_button("Ansicht dazu öffnen", f"karte?{found.view.to_query()}")
