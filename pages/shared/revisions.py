"""Datenstände und Revisionen: which releases there are, why each came, and what it changed."""

import streamlit as st

from indicators import formats
from indicators.answers.answer import Table
from indicators.errors import ReleaseError
from indicators.folders import default
from indicators.release import releases
from indicators.release.releases import Listed, Release
from pages.shared import blocks, cached, differing, permission, pickers, regions
from pages.shared.texts import text

_ALL, _OWN = "all", "own"
_PLACES = {_OWN: "gewählte Region", _ALL: "alle Gebiete"}


def section(release: Release) -> None:
    """The list, and below it what the chosen release changed."""
    found = releases.listed(default())
    text("Datenstände, jeder mit seinem Grund", "headline", "h2")
    _list(found)
    text(
        "Ein Link mit einem dieser Datenstände zeigt dessen Zahlen unverändert: bei jeder Karte "
        "unter „Teilen und herunterladen“, „Zahlen einfrieren“.",
        "note",
    )
    _revision(release, found)


def _list(found: list[Listed]) -> None:
    rows = []
    for one in found:
        state = "in Kraft" if one.in_force else "zurückgenommen" if one.taken_back else "früher"
        why = one.reason or "nicht festgehalten"
        if one.taken_back:
            why = f"{why} · zurückgenommen {one.taken_back}"
        rows.append((one.id, cached.moment(one.published), state, why))
    blocks.table(
        Table(("Kennung", "Veröffentlicht", "", "Grund"), tuple(rows), (False,) * 4),
        alt="Datenstände",
        height=300,
        unbroken=(0, 1, 2),
    )
    if permission.may(permission.Role.EDITOR):
        text("Wer was veröffentlicht hat, steht im Verlauf (Seite „Veröffentlichen“).", "note")


def _revision(release: Release, found: list[Listed]) -> None:
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
    # what was taken back is not what readers had before
    before = next((id for id in known if not by_id[id].taken_back), known[0])
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
    differing.show(difference, "revision", wanted, by_id[chosen].reason)
