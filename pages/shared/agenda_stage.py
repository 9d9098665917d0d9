"""The stage of an agenda: one slide after the other, and the window of who speaks.

`stage=1` shows the slides, `stage=vortrag` the same beside the notes and the next one. The number
of the slide stands in the address as `folie`; both windows of a browser turn together.
"""

import html

import streamlit as st

from indicators import agenda as agendas
from indicators.agenda import Agenda, Item
from indicators.errors import BildungsblickError, ViewError
from indicators.release.releases import Release
from pages.shared import agenda_draft, blocks, slides

PRESENTER = "vortrag"
_SLIDE = "folie"

# Files, not strings: see map_component.
_steering = st.components.v2.component(
    "indicators.steering",
    html='<div class="steering"><button type="button" class="back">← zurück</button>'
    '<button type="button" class="on">weiter →</button><span class="clock"></span></div>',
    css="steering.css",
    js="steering.js",
)


def draw(release: Release) -> None:
    """The slide that the address names; an agenda that cannot be opened says why."""
    if error := agenda_draft.from_address():
        raise ViewError(error)
    agenda = agenda_draft.draft().agenda
    if not agenda.items:
        raise ViewError(
            "Diese Mappe hat noch keine Folien. Nächster Schritt: auf einer Karte „In die Mappe“ "
            "drücken."
        )
    count = len(agenda.items)
    number = _number(count)
    _steer(agenda, number, presenter=False)
    _slide(agenda.items[number - 1], f"{number} von {count}")


def presenter() -> None:
    """What only who speaks sees: this slide and the next in words, the notes, the clock."""
    agenda_draft.from_address()
    agenda = agenda_draft.draft().agenda
    count = len(agenda.items)
    if not count:
        blocks.text("Diese Mappe hat noch keine Folien", "headline", "h1")
        return
    number = _number(count)
    _steer(agenda, number, presenter=True)
    item = agenda.items[number - 1]
    blocks.text(f"Folie {number} von {count}: {title(item)}", "headline", "h1")
    if item.remark:
        blocks.text(item.remark, "subtitle")
    for line in filter(None, item.notes.splitlines()):
        blocks.text(line, "presenter")
    if not item.notes:
        blocks.text("Keine Notizen zu dieser Folie.", "note")
    for one in _answers(item):
        blocks.reading_aid(one.answer.reading_aid or one.answer.subtitle)
        for note in one.answer.notes:
            blocks.text(note, "note")
    if number < count:
        blocks.text("Danach", "heading", "h2")
        blocks.text(title(agenda.items[number]), "subtitle")


def title(item: Item) -> str:
    """What a slide is called: its own words, else the finding of its view."""
    if item.title or not item.view:
        return item.title or item.text.splitlines()[0]
    try:
        return agenda_draft.shown(item)[0].answer.headline
    except BildungsblickError as error:
        return str(error)


def _answers(item: Item) -> list[agenda_draft.Shown]:
    try:
        return agenda_draft.shown(item) if item.view else []
    except BildungsblickError:
        return []


def _number(count: int) -> int:
    asked = st.query_params.get(_SLIDE, "1")
    return min(max(int(asked) if asked.isdecimal() else 1, 1), count)


def _steer(agenda: Agenda, number: int, *, presenter: bool) -> None:
    """The keys, and what they ask for."""

    def turn() -> None:
        if slide := st.session_state["steering"].get("slide"):
            st.query_params[_SLIDE] = str(slide)
            st.query_params.pop("page", None)

    _steering(
        data={
            "agenda": agendas.packed(agenda),
            "slide": number,
            "count": len(agenda.items),
            "presenter": presenter,
        },
        key="steering",
        on_slide_change=turn,
    )


def _slide(item: Item, number: str) -> None:
    if item.view:
        _figures(item, number)
        return
    if item.kind == "chapter":
        blocks.text(item.title, "stage-chapter", "h1")
    else:
        blocks.text(item.title, "stage-headline", "h1")
        paragraphs = "".join(f"<p>{html.escape(line)}</p>" for line in item.text.splitlines())
        st.html(f'<div class="bb-stage-words">{paragraphs}</div>')
    blocks.text(number, "stage-foot")


def _figures(item: Item, number: str) -> None:
    found = agenda_draft.shown(item)
    told = [one.told for one in found if one.told]
    if warning := agenda_draft.newer(item):
        told.append(warning.removesuffix("."))
    words = slides.Words(item.face, item.title, item.remark, tuple(told), number=number)
    if len(found) == 1:
        slides.show(found[0].release, found[0].answer, words)
    else:
        slides.pair([one.answer for one in found], words)
