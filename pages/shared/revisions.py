"""Datenstände und Revisionen: which releases there are, why each came, and what it changed."""

import streamlit as st

from indicators import formats
from indicators.answers.answer import Table
from indicators.errors import BildungsblickError, ReleaseError
from indicators.folders import default
from indicators.release import publication, releases
from indicators.release.releases import Listed, Release
from indicators.saved import history
from indicators.saved.history import Entry
from pages.shared import blocks, cached, differing, permission, pickers, regions
from pages.shared.texts import text

_ALL, _OWN = "all", "own"
_PLACES = {_OWN: "gewählte Region", _ALL: "alle Gebiete"}


def section(release: Release) -> None:
    """The list, and below it what the chosen release changed."""
    found = releases.listed(default())
    entries = _entries()
    text("Datenstände: alle bleiben, und jeder nennt seinen Grund", "headline", "h2")
    _list(found, entries)
    text(
        "Ein Link mit einem dieser Datenstände zeigt dessen Zahlen unverändert: bei jeder Karte "
        "unter „Teilen und herunterladen“, „Zahlen einfrieren“.",
        "note",
    )
    _revision(release, found, entries)


def _entries() -> list[Entry]:
    """What was published and taken back, oldest first; nothing where that cannot be read."""
    try:
        every = history.read(default()).entries
    except BildungsblickError:
        return []
    return [one for one in every if one.act in (publication.PUBLISHED, publication.TAKEN_BACK)]


def reason_of(id: str, entries: list[Entry]) -> str:
    """Why a release was published last; "" where nobody has noted it."""
    fits = [e.reason for e in entries if e.what == id and e.act == publication.PUBLISHED]
    return fits[-1] if fits else ""


def _list(found: list[Listed], entries: list[Entry]) -> None:
    back: dict[str, Entry | None] = {}
    for entry in entries:
        back[entry.what] = entry if entry.act == publication.TAKEN_BACK else None
    knows_names = permission.may(permission.Role.EDITOR)
    rows: list[tuple[str, ...]] = []
    for one in found:
        taken = back.get(one.id)
        state = "in Kraft" if one.in_force else "zurückgenommen" if taken else "früher"
        why = reason_of(one.id, entries) or "nicht festgehalten"
        if taken:
            why = f"{why} · zurückgenommen: {taken.reason}"
        who = [e.who for e in entries if e.what == one.id][-1:] if knows_names else []
        rows.append((one.id, cached.moment(one.published), state, why, *(who or [""])))
    columns: tuple[str, ...] = ("Kennung", "Veröffentlicht", "", "Grund", "Von wem")
    cut = slice(None) if knows_names else slice(4)
    blocks.table(
        Table(columns[cut], tuple(row[cut] for row in rows), (False,) * len(columns[cut])),
        alt="Datenstände",
        height=300,
        unbroken=(0, 1, 2),
    )


def _revision(release: Release, found: list[Listed], entries: list[Entry]) -> None:
    """What the chosen release says otherwise than the one that it came after."""
    text("Revisionen: was ein Datenstand geändert hat", "headline", "h2")
    ids = [one.id for one in found if one.before and any(o.id in one.before for o in found)]
    if not ids:
        text("Es gibt erst einen Datenstand; geändert hat sich noch nichts.", "note")
        return
    by_id = {one.id: one for one in found}
    names = {id: f"{cached.moment(by_id[id].published)} ({id})" for id in ids}
    left, right = st.columns([2, 1])
    with left:
        chosen = pickers.choose("revision", "Datenstand", ids, names=names)
    with right:
        where = pickers.choose(
            "places", "Gebiete", list(_PLACES), names=_PLACES, widget="segmented"
        )
    known = [id for id in by_id[chosen].before if id in by_id]
    back = {e.what for e in entries if e.act == publication.TAKEN_BACK}
    # what was taken back is not what readers had before
    before = next((id for id in known if id not in back), known[0])
    try:
        difference = cached.difference(cached.opened(before), cached.opened(chosen))
    except ReleaseError as error:
        text(str(error), "note")
        return
    own = regions.chosen(release)
    wanted = (own.id, *own.parts) if where == _OWN else ()
    text(
        f"Verglichen mit dem Datenstand davor, vom {formats.minute(by_id[before].published)} "
        f"({before})",
        "note",
    )
    differing.show(difference, "revision", wanted, reason_of(chosen, entries))
