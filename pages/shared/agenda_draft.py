"""The agenda (Sitzungsmappe) a reader works on: what is in it, where it came from, how it is kept.

It lives in the session; the page *Sitzung* holds it in its address too, so that a reload or a link
brings it back. Saving under a name is for who sits at this machine, as long as nobody signs in.
"""

from dataclasses import dataclass, field, replace
from itertools import count

import streamlit as st

from indicators import agenda as agendas
from indicators import formats
from indicators.agenda import Agenda, Item
from indicators.answers.answer import Answer
from indicators.errors import BildungsblickError, ReleaseError, ViewError
from indicators.export import parts
from indicators.folders import default
from indicators.release.releases import Release
from indicators.saved import agendas as saved
from pages.shared import address, cached, permission

_KEY = "agenda"
_TITLE, _UNTITLED = "Sitzung", "Ohne Titel"
SLIDE = "folie"  # the number of a slide in an address
_OF = "~"  # between name and version in an address


@dataclass(frozen=True)
class Draft:
    """`name` and `version` are those of the saved agenda it was opened from, "" for a new one;
    `chosen` is the place of the slide that is being worked on. `opened` is another number for each
    agenda that takes the place of the one before, and the same however that is changed."""

    agenda: Agenda
    name: str = ""
    version: str = ""
    chosen: int = 0
    opened: int = field(default_factory=count(1).__next__)

    @property
    def item(self) -> Item | None:
        items = self.agenda.items
        return items[min(self.chosen, len(items) - 1)] if items else None


def draft() -> Draft:
    found = st.session_state.get(_KEY)
    return found if found is not None else Draft(Agenda(title=_TITLE))


def keep(new: Draft) -> None:
    st.session_state[_KEY] = new


def change(**fields: str) -> None:
    """Changes title, committee or date; an agenda always has a title."""
    now = draft()
    if fields.get("title") == "":
        fields["title"] = _TITLE
    keep(replace(now, agenda=now.agenda.model_copy(update=fields)))


def change_item(**fields: str) -> None:
    """Changes the slide that is being worked on; one that says nothing keeps a title, for a link
    to it could not be opened again."""
    now = draft()
    if now.item is None:
        return
    items = list(now.agenda.items)
    at = items.index(now.item)
    new = now.item.model_copy(update=fields)
    if new.chapter and not new.text:  # a title alone is a chapter anyway
        new = new.model_copy(update={"chapter": False})
    if new.kind == "chapter" and not new.title:
        new = new.model_copy(update={"title": _UNTITLED})
    items[at] = new
    keep(replace(now, agenda=now.agenda.with_items(items)))


def add(item: Item, *, behind_chosen: bool = False) -> None:
    """At the end, or behind the slide that is being worked on, which the new one then is."""
    now = draft()
    items = list(now.agenda.items)
    at = min(now.chosen + 1, len(items)) if behind_chosen else len(items)
    items.insert(at, item)
    keep(replace(now, agenda=now.agenda.with_items(items), chosen=at))


def arrange(order: list[int], chosen: int) -> None:
    """Puts the slides into this order of their places; those left out are taken from the agenda."""
    now = draft()
    items = now.agenda.items
    if len(set(order)) == len(order) and set(order) <= set(range(len(items))):
        new = now.agenda.with_items(items[place] for place in order)
        keep(replace(now, agenda=new, chosen=max(min(chosen, len(order) - 1), 0)))


def button(found: Answer, key: str, face: str) -> None:
    """Puts the answer of a card into the agenda."""

    item = agendas.of_view(found.view, found.release, face)

    def take() -> None:
        add(item)
        told = formats.quantity(len(draft().agenda.items), "Folie", "Folien")
        st.toast(
            f"In der Mappe „{draft().agenda.title}“: {told}. Sie liegt auf der Seite „Sitzung“."
        )

    st.button(
        "In die Mappe",
        key=f"{key}_agenda",
        on_click=take,
        help="Nimmt diese Ansicht mit ihrem Datenstand als Folie in die Sitzungsmappe auf.",
    )
    if place := next((i for i, one in enumerate(draft().agenda.items, 1) if one == item), 0):
        # the next stop of the Tab key: from a card the menu is thirty stops away
        st.html(
            f'<a class="bb-in-agenda" href="sitzung" target="_self">Folie {place} der Mappe</a>'
        )


# --- from an address, a file, a name --------------------------------------------------------------


def from_address() -> str:
    """Takes the agenda that the address asks for: packed (`mappe`), by its name (`agenda`), or
    both, which is one that was saved and has been changed since. Returns why that failed."""
    letters, slide = st.query_params.get("mappe", ""), st.query_params.get(SLIDE, "")
    name, _, version = st.query_params.get("agenda", "").partition(_OF)
    now = draft()
    try:
        if letters and letters != agendas.packed(now.agenda):
            keep(Draft(agendas.unpacked(letters), name if version else "", version))
        if letters and name and not version:
            return f"Neben der Mappe selbst (mappe) ist ihr Name (agenda={name}) ohne Wirkung."
        if name and not letters and name != now.name:
            keep(opened(name))
        if slide.isdecimal():
            last = max(len(draft().agenda.items), 1)
            keep(replace(draft(), chosen=min(max(int(slide), 1), last) - 1))
    except BildungsblickError as error:
        named = formats.listing([f"„{address.short(one)}“" for one in (letters, name) if one])
        return f"Die Adresse nennt als Mappe {named}. {error}"
    return ""


def saved_as() -> str:
    """Name and version of the saved agenda that is worked on, for the address; "" for none."""
    now = draft()
    return f"{now.name}{_OF}{now.version}" if now.name else ""


def opened(name: str) -> Draft:
    """A saved agenda, or one that ships. Raises DefinitionError where there is none."""
    kept = {one.name for one in saved.listed(default())}
    if name not in kept and (shipped := saved.ready(default()).get(name)):
        return Draft(shipped)
    found = saved.read(default(), name)
    return Draft(found.agenda, name, found.version)


def may_save() -> bool:
    return permission.may(permission.Role.EDITOR)


# --- what a slide shows ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Shown:
    """The answer of a slide's view; `told` says what differs from what was saved, `newer` whether
    a newer release has other numbers ("" where it has not)."""

    release: Release
    answer: Answer
    told: str = ""


def shown(item: Item) -> list[Shown]:
    """The answers of a slide, one or two. Raises ViewError or ReleaseError where there is none."""
    release, told = cached.in_force(), ""
    if item.release and item.release != release.id:
        try:
            release = cached.opened(item.release)
        except ReleaseError:
            told = (
                f"Der Datenstand {item.release} dieser Folie ist nicht mehr da; gezeigt wird der "
                "aktuelle."
            )
    views = agendas.parsed(
        item.model_copy(update={"release": ""}), release.catalog, release.regions
    )
    return [Shown(release, cached.answer(release, view), told) for view in views]


def lines(item: Item) -> list[str]:
    """The text of a slide; of one that writes itself what it says now."""
    if not item.form:
        return item.text.splitlines()
    # of its whole agenda, for some lists tell of all slides
    agenda = draft().agenda
    place = agenda.items.index(item)
    found = parts.listed(agenda, place, default(), opener, ask=cached.answer)
    return list(found.paragraphs)


def opener(id: str) -> Release:
    """A release by its id, the one in force for none."""
    return cached.opened(id) if id else cached.in_force()


def newer(item: Item) -> str:
    """What the release in force tells otherwise than the one of the slide; "" where that is the one
    in force."""
    now = cached.in_force()
    if not item.view or not item.release or item.release == now.id:
        return ""
    try:
        before, after = (
            {repr(row) for one in shown(of) for row in one.answer.rows}
            for of in (item, item.model_copy(update={"release": now.id}))
        )
    except (ViewError, ReleaseError) as error:
        return f"Im aktuellen Datenstand gibt es das nicht mehr: {error}"
    changed = max(len(after - before), len(before - after))
    if not changed:
        return "Es gibt einen neueren Datenstand; diese Folie ändert er nicht."
    told = formats.quantity(changed, "Wert ist", "Werte sind")
    return f"Es gibt einen neueren Datenstand: {told} dort anders."
