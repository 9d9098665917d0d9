"""The page of an agenda: its slides in order, the one that is being worked on, and the ways out."""

import html
from dataclasses import replace
from functools import partial
from urllib.parse import urlencode

import streamlit as st

from indicators import agenda as agendas
from indicators import formats
from indicators.agenda import Agenda, Item
from indicators.errors import BildungsblickError
from indicators.export import ways
from indicators.folders import default
from indicators.release.releases import Release
from indicators.saved import agendas as saved
from pages.shared import (
    address,
    agenda_draft,
    agenda_making,
    agenda_stage,
    blocks,
    cached,
    method,
    permission,
    sharing,
)
from pages.shared.agenda_draft import draft
from pages.shared.pickers import by_reader

_WRITES_ITSELF = "Liste, die sich selbst schreibt"
_NEW_CHAPTER = Item(title="Neues Kapitel")
_NEW_TEXT = Item(title="Neue Folie", text="Text der Folie")

# Files, not strings: see map_component.
_slides = st.components.v2.component(
    "indicators.slides",
    html='<ol aria-label="Folien der Mappe"></ol>',
    css="slides.css",
    js="slides.js",
)


def page(release: Release) -> None:
    """All of it; what is changed stands in the address at once."""
    # after a click the address is still that of before
    error = agenda_draft.from_address() if address.is_asked() else ""
    _head()
    if error:
        blocks.notice([error])
    if draft().agenda.items:
        _shows()
        left, right = st.columns([6, 5], gap="medium")
        with left:
            _list(release)
        with right, st.container(border=True, key="card_slide"):
            _work_on()
    else:
        blocks.text(
            "Noch keine Folien. Auf jeder Karte nimmt „In die Mappe“ die Ansicht auf, wie sie "
            "gerade steht; hier werden Folien geordnet, beschriftet und gezeigt.",
            "note",
        )
    with st.container(horizontal=True, gap="small"):
        st.button("Kapitel einfügen", on_click=_insert, args=(_NEW_CHAPTER,))
        st.button("Textfolie einfügen", on_click=_insert, args=(_NEW_TEXT,))
    if draft().agenda.items:
        _papers()
    agenda_making.from_preset(release)
    _kept()
    agenda_making.trace()
    address.show("mappe", agendas.packed(draft().agenda) if draft().agenda.items else "")
    address.show("agenda", agenda_draft.saved_as())
    here = str(draft().chosen + 1)
    if (asked := st.query_params.get(agenda_draft.SLIDE, here)) != here:
        address.refuse(agenda_draft.SLIDE, "Folie", asked, here)
    address.show(agenda_draft.SLIDE, here, default="1")


def _insert(item: Item) -> None:
    address.clicked()
    agenda_draft.add(item, behind_chosen=True)


def _head() -> None:
    agenda = draft().agenda
    count = formats.quantity(len(agenda.items), "Folie", "Folien")
    blocks.page_head("Sitzung", f"Sitzungsmappe mit {count}")
    columns = st.columns([6, 4, 2])
    for column, name, label in zip(
        columns, ("title", "committee", "date"), ("Titel", "Gremium", "Datum"), strict=True
    ):
        with column:
            _field(label, name, getattr(agenda, name), agenda_draft.change, "agenda")


def _field(label: str, name: str, value: str, change, of: str, *, tall: int = 0) -> None:
    """A line, or an area of text, that writes what it holds into the agenda."""
    # another text is another widget: one that was changed elsewhere would show its old words
    key = f"{of}:{name}:{hash(value)}"

    def take(text: str) -> None:
        address.clicked()
        change(**{name: text.strip()})

    taken = by_reader(key, value, take)
    if tall:
        st.text_area(label, value, key=key, on_change=taken, height=tall)
    else:
        st.text_input(label, value, key=key, on_change=taken, placeholder=" ")


def _shows() -> None:
    """The stage, and the window of who speaks."""
    query = urlencode(
        {"mappe": agendas.packed(draft().agenda), agenda_draft.SLIDE: draft().chosen + 1}
    )
    links = "".join(
        f'<a href="{html.escape(f"sitzung?{query}&stage={how}")}" target="{target}">{words}</a>'
        for how, target, words in (
            ("1", "_self", "Auf die Leinwand"),
            (agenda_stage.PRESENTER, "_blank", "Fenster für den Vortrag öffnen"),
        )
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.html(f'<p class="bb-agenda-shows">{links}</p>', width="content")
        with st.popover("Tastatur in der Sitzung"):
            st.markdown(method.KEYS_OF_MEETING)
    agenda_making.to_newest()


def _list(release: Release) -> None:
    def arrange() -> None:
        address.clicked()
        if new := st.session_state["agenda_slides"].get("arranged"):
            agenda_draft.arrange([int(place) for place in new["order"]], int(new["chosen"]))

    slides = [
        {
            "title": agenda_stage.title(item),
            "told": _told(item),
            "warning": agenda_draft.newer(item),
            "kind": item.kind,
        }
        for item in draft().agenda.items
    ]
    _slides(
        data={"slides": slides, "chosen": draft().chosen, "opened": draft().opened},
        key="agenda_slides",
        on_arranged_change=arrange,
    )
    blocks.text(
        "Reihenfolge: Folien ziehen, oder mit Alt und ↑ ↓ verschieben; Entf nimmt eine heraus.",
        "note",
    )


def _told(item: Item) -> str:
    """What a slide is of, in one line."""
    words = {"chapter": "Kapitel", "text": "Text", "list": _WRITES_ITSELF}.get(item.kind)
    if words:
        return words
    try:
        return " · ".join(one.answer.subtitle for one in agenda_draft.shown(item))
    except BildungsblickError:
        return "Diese Ansicht lässt sich nicht zeigen"


def _work_on() -> None:
    """The words of the chosen slide, and what can be done with it."""
    item = draft().item
    if item is None:
        return
    number = draft().chosen + 1
    blocks.text(f"Folie {number}", "heading", "h2")
    label = "Überschrift" if item.view else "Titel"
    _field(label, "title", item.title, agenda_draft.change_item, f"slide{number}")
    if item.view:
        blocks.text(f"Ohne eigene Überschrift: {agenda_stage.title(_untitled(item))}", "note")
        _field("Bemerkung", "remark", item.remark, agenda_draft.change_item, f"slide{number}")
    elif item.form:
        blocks.text(f"{_WRITES_ITSELF}: {agendas.FORMS[item.form]}, wie sie gerade ist.", "note")
    else:
        _field("Text", "text", item.text, agenda_draft.change_item, f"slide{number}", tall=140)
    _field(
        "Notizen (nur im Fenster für den Vortrag)",
        "notes",
        item.notes,
        agenda_draft.change_item,
        f"slide{number}",
        tall=110,
    )
    if item.view:
        _ways_of_view(item)


def _untitled(item: Item) -> Item:
    return item.model_copy(update={"title": ""})


def _ways_of_view(item: Item) -> None:
    """Figure or values, a second figure beside it, the newer release."""
    now = cached.in_force().id
    with st.container(horizontal=True, gap="small"):
        other, words = ("", "Als Bild zeigen") if item.is_table else ("table", "Als Tabelle zeigen")
        turned = {"view": item.shown_as(other).view}
        st.button(words, on_click=_change, kwargs=turned, key="slide_face")
        if item.release and item.release != now:
            st.button(
                "Auf den aktuellen Datenstand bringen",
                on_click=_change,
                kwargs={"release": now},
                key="slide_release",
            )
        link = f"karte?{item.view}"
        st.link_button("Ansicht öffnen", link)
    others = {
        one.view: f"Folie {place}: {agenda_stage.title(one)}"
        for place, one in enumerate(draft().agenda.items, 1)
        if one.view and one.view != item.view
    }
    if others:
        options = ["", *others]
        place = options.index(item.beside) if item.beside in options else 0
        key = f"slide_beside:{draft().chosen}:{hash(item.beside)}"
        st.selectbox(
            "Daneben",
            options,
            place,
            format_func=lambda query: others.get(query, "nichts"),
            key=key,
            on_change=by_reader(key, options[place], lambda query: _change(beside=query)),
            help="Zwei Abbildungen auf einer Folie.",
        )


def _change(**fields: str) -> None:
    address.clicked()
    agenda_draft.change_item(**fields)


# --- papers ---------------------------------------------------------------------------------------


def _papers() -> None:
    """The whole agenda as a file; made when asked for."""
    agenda, address = draft().agenda, sharing.address_of_answers()
    with st.container(border=True, key="card_papers"):
        blocks.text("Als Datei für Sitzung und Niederschrift", "heading", "h2")
        with st.container(horizontal=True, gap="small"):
            for way in ways.PAPERS.values():
                st.download_button(
                    way.name,
                    partial(_paper, agenda, way.id, address),
                    ways.paper_name(agenda, way.id),
                    mime=way.mime,
                    key=f"agenda_{way.id}",
                    help=way.told,
                    on_click="ignore",
                )


def _paper(agenda: Agenda, way: str, address: str) -> bytes:
    content, _ = ways.paper(
        agenda,
        way,
        default(),
        lambda id: cached.opened(id) if id else cached.in_force(),
        ask=cached.answer,
        address=address,
    )
    return content


# --- kept, opened, passed on ----------------------------------------------------------------------


def _kept() -> None:
    agenda = draft().agenda
    with st.container(border=True, key="card_kept"):
        blocks.text("Aufheben und weitergeben", "heading", "h2")
        with st.container(horizontal=True, gap="small"):
            if agenda_draft.may_save():
                st.button("Speichern", on_click=_save, type="primary", disabled=not agenda.items)
            st.download_button(
                "Als Datei",
                agendas.written(agenda),
                f"{saved.name_of(agenda.title)}.toml",
                mime="application/toml",
                on_click="ignore",
                disabled=not agenda.items,
            )
            st.button("Neue Mappe", on_click=_new)
        if error := st.session_state.pop("agenda_error", ""):
            blocks.notice([error])
        if agenda.items:
            blocks.text("Link zu dieser Mappe: die Adresse dieser Seite.", "note")
        _open()


def _save() -> None:
    address.clicked()
    now = draft()
    title = now.agenda.title
    try:
        permission.demand(permission.Role.EDITOR)
        # under another title it is another agenda, and the one before stays
        same = now.name if now.name and saved.name_of(title) == now.name else ""
        made = saved.save(default(), now.agenda, same, now.version if same else "")
    except BildungsblickError as error:
        st.session_state["agenda_error"] = str(error)
        return
    agenda_draft.keep(replace(now, agenda=made.agenda, name=made.name, version=made.version))
    st.toast(f"Gespeichert: {title}")


def _new() -> None:
    address.clicked()
    st.session_state.pop("agenda", None)


def _open() -> None:
    """Saved agendas, those that ship, and one from a file."""
    found = {one.name: one.title for one in saved.listed(default()) if not one.error}
    ready = saved.ready(default())
    found |= {name: one.title for name, one in ready.items() if name not in found}
    left, right = st.columns(2)
    with left:
        key = f"agenda_open:{draft().name}:{len(found)}"
        st.selectbox(
            "Mappe öffnen",
            list(found),
            None,
            format_func=found.__getitem__,
            key=key,
            on_change=by_reader(key, None, _open_named),
            placeholder="Gespeicherte oder mitgelieferte Mappe wählen",
        )
    with right:
        st.file_uploader(
            "Mappe aus einer Datei", type="toml", key="agenda_file", on_change=_open_file
        )
    for one in saved.listed(default()):
        if one.error:
            blocks.text(f"Nicht lesbar: {one.error}", "note")


def _open_named(name: str | None) -> None:
    address.clicked()
    try:
        if name:
            agenda_draft.keep(agenda_draft.opened(name))
    except BildungsblickError as error:
        st.session_state["agenda_error"] = str(error)


def _open_file() -> None:
    address.clicked()
    file = st.session_state["agenda_file"]
    if file is None:
        return
    try:
        agenda_draft.keep(agenda_draft.Draft(agendas.read(file.getvalue(), file.name)))
    except BildungsblickError as error:
        st.session_state["agenda_error"] = str(error)
