"""The stage of an agenda: one slide after the other, and the window of who speaks.

`stage=1` shows the slides, `stage=vortrag` the same beside the notes and the next one. The number
of the slide stands in the address as `folie`; both windows of a browser turn together. What the
chair asks for (`anders`) is shown in place of the prepared view until that is asked back.
"""

import html
from typing import Any

import streamlit as st

from indicators import agenda as agendas
from indicators import kinds
from indicators import view as views
from indicators.agenda import Agenda, Item
from indicators.answers.answer import Answer
from indicators.errors import BildungsblickError, ViewError
from indicators.release.releases import Release
from indicators.view import View
from pages.shared import agenda_draft, blocks, cached, regions, slides
from pages.shared.pickers import by_reader

PRESENTER = "vortrag"
_LIVE, _CHOOSING = "anders", "auswahl"
_CHANGED = "geändert (zurück mit der Rücktaste)"
_CHOICES = 124  # pixels of the pickers

# Files, not strings: see map_component.
_steering = st.components.v2.component(
    "indicators.steering",
    html='<div class="steering"><button type="button" class="back">← zurück</button>'
    '<button type="button" class="on">weiter →</button><span class="clock"></span>'
    '<span class="sum"></span><progress max="1" aria-label="Verbrauchte Zeit"></progress>'
    '<label class="plan">geplant <input type="number" min="0" max="600" step="5"> Minuten</label>'
    '<button type="button" class="anew">Zeit neu beginnen</button><p class="each"></p></div>',
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
    _slide(agenda.items[number - 1], f"Folie {number} von {count}")


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
        return item.heading
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
    asked = st.query_params.get(agenda_draft.SLIDE, "1")
    return min(max(int(asked) if asked.isdecimal() else 1, 1), count)


def _steer(agenda: Agenda, number: int, *, presenter: bool) -> None:
    """The keys, and what they ask for."""

    def turn() -> None:
        if slide := st.session_state["steering"].get("slide"):
            st.query_params[agenda_draft.SLIDE] = str(slide)
            for name in ("page", _LIVE, _CHOOSING):
                st.query_params.pop(name, None)

    def ask() -> None:
        asked = st.session_state["steering"].get("asked")
        if asked == "choose" and _CHOOSING not in st.query_params:
            st.query_params[_CHOOSING] = "1"
            return
        st.query_params.pop(_CHOOSING, None)
        if asked == "prepared":
            st.query_params.pop(_LIVE, None)

    _steering(
        data={
            "agenda": agendas.packed(agenda),
            "slide": number,
            "count": len(agenda.items),
            "presenter": presenter,
            "minutes": agenda.minutes,
        },
        key="steering",
        on_slide_change=turn,
        on_asked_change=ask,
    )


def _slide(item: Item, number: str) -> None:
    if item.view:
        _figures(item, number)
        return
    if item.kind == "chapter":
        blocks.text(item.title, "stage-chapter", "h1")
    else:
        blocks.text(item.heading, "stage-headline", "h1")
        lines = agenda_draft.lines(item)
        paragraphs = "".join(f"<p>{html.escape(line)}</p>" for line in lines)
        st.html(f'<div class="bb-stage-words">{paragraphs}</div>')
    blocks.text(number, "stage-foot")


def _figures(item: Item, number: str) -> None:
    found = agenda_draft.shown(item)
    told = [one.told for one in found if one.told]
    if warning := agenda_draft.newer(item):
        told.append(warning.removesuffix("."))
    if len(found) == 1 and (_LIVE in st.query_params or _CHOOSING in st.query_params):
        _live(found[0], item, number)
        return
    face = "table" if item.is_table else ""
    words = slides.Words(face, item.title, item.remark, tuple(told), number=number)
    if len(found) == 1:
        slides.show(found[0].release, found[0].answer, words)
    else:
        slides.pair([one.answer for one in found], words)


# --- when the chair asks --------------------------------------------------------------------------


def _live(prepared: agenda_draft.Shown, item: Item, number: str) -> None:
    """The slide with another region, period, division or kind, and the choices for that."""
    release = prepared.release
    query = st.query_params.get(_LIVE, "")
    view, told = prepared.answer.view, ()
    if query:
        view = views.parse(query, release.catalog, release.regions)
        if near := cached.nearest(release, view):
            view, told = near.view, near.told
    found = cached.answer(release, view)
    choosing = _CHOOSING in st.query_params
    same = view == prepared.answer.view
    words = slides.Words(
        face="table" if item.is_table else "",
        headline=item.title if same else "",
        remark=item.remark if same else "",
        told=(*told, *([] if same else [_CHANGED])),
        number=number,
        below=_CHOICES if choosing else 0,
    )
    slides.show(release, found, words)
    if choosing:
        _choices(release, found)


def _choices(release: Release, found: Answer) -> None:
    """Pickers at the foot of the slide; what is chosen stands in the address, for a reload."""
    view = found.view
    members = [id for ids in regions.region_groups(release).values() for id in ids]
    indicator = release.catalog.indicators.get(view.indicator)
    divisions = [b.dimension for b in indicator.breakdowns] if indicator else []
    kinds_here = {id: name for id, name in kinds.USUAL.items() if id != "profile"}
    options: dict[str, tuple[str, dict[str, str]]] = {
        "region": ("Region", {id: regions.picked_name(release.region(id)) for id in members}),
        "kind": ("Darstellung", kinds_here | {view.kind: kinds.ALL[view.kind].name}),
        "period": ("Zeitraum", {label: label for label in reversed(found.periods)}),
        "by": (
            "Aufteilung",
            {"": "insgesamt"} | {id: release.catalog.dimensions[id].name for id in divisions},
        ),
    }
    used = ("region", "kind", *kinds.ALL[view.kind].uses)
    with st.container(key="stage_choices"):
        shown = [name for name in options if name in used and options[name][1]]
        widths = [3 if name == "region" else 2 for name in shown]
        for column, name in zip(st.columns(widths), shown, strict=True):
            with column:
                _choice(view, name, *options[name], found)


def _choice(view: View, name: str, label: str, names: dict[str, str], found: Answer) -> None:
    current = getattr(view, name) or (found.period if name == "period" else "")
    key = f"live:{name}:{hash((view, tuple(names)))}"

    def take(value: str) -> None:
        changed: dict[str, Any] = {name: value}
        if name in ("region", "kind"):
            changed |= {"period": "", "since": ""}
        if name == "kind":
            changed |= {"by": "", "only": (), "settings": (), "compare": ()}
        st.query_params[_LIVE] = view.with_(**changed).asked.to_query()

    options = list(names)
    place = options.index(current) if current in options else 0
    st.selectbox(
        label,
        options,
        place,
        format_func=names.__getitem__,
        key=key,
        on_change=by_reader(key, options[place], take),
    )
