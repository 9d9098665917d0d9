"""Daten holen: what official tables would bring the region, and the button that gets them."""

import streamlit as st

from indicators import formats
from indicators.answers.answer import Table
from indicators.answers.obtainable import Obtainable, obtainable
from indicators.jobs import State
from indicators.release.releases import Release
from pages.shared import blocks, cached, permission, regions, work

COMMAND = "python -m indicators update --build"
_NAMED = 4  # indicators and questions a row names


def section(release: Release) -> None:
    """What can be had for the region, the button or the command, and how it goes without a net."""
    region = regions.chosen(release)
    found = obtainable(release, cached.filled(release, region))
    missing = {one.id for row in found for one in row.missing}
    blocks.text(
        f"Amtliche Tabellen bringen für {region.name} bis zu "
        f"{formats.quantity(len(missing), 'weiteren Indikator', 'weitere Indikatoren')} und "
        "erneuern die vorhandenen",
        "headline",
        "h2",
    )
    blocks.text(
        "Quelle ist die Regionaldatenbank Deutschland (www.regionalstatistik.de), ohne Anmeldung, "
        "immer in der neuesten Ausgabe. Ein mitgelieferter Auszug weicht der vollständigen "
        "Tabelle, Gebiet für Gebiet und Jahr für Jahr; der Prüfbericht nennt es.",
        "note",
    )
    if permission.may(permission.Role.EDITOR):
        _fetch()
    else:
        blocks.text(
            "Das Laden startet, wer an dem Rechner sitzt, auf dem Bildungsblick läuft: hier mit "
            f"einer Schaltfläche oder mit „{COMMAND}“.",
            "note",
        )
    blocks.table(
        Table(
            ("Inhalt", "Tabellen", "Liegt vor", "Bringt neu", "Erneuert", "Beantwortet"),
            tuple(map(_row, found)),
            (False,) * 6,
        ),
        alt=f"Amtliche Tabellen und was sie bringen, {region.name}",
        height=None,
        unbroken=(1,),
    )
    _by_hand(found)


def _fetch() -> None:
    """The button, how far it is, and how it ended, also after a reload."""
    work.button(
        "Tabellen laden und Vorschau bauen",
        *work.UPDATE,
        key="fetch",
        role=permission.Role.EDITOR,
    )
    work.follow(work.UPDATE[0], ended=_ended, key="fetch")


def _ended(state: State) -> None:
    if state.went_well:
        blocks.text(
            "Fertig. Angesehen und veröffentlicht wird auf der Seite „Veröffentlichen“.", "note"
        )
    else:
        blocks.text(
            "Nicht alles ist gelungen; was schon da war, gilt weiter. Ohne Netz: unten steht, was "
            "von Hand zu laden ist und wohin es gehört.",
            "note",
        )
    work.said(state)


def _row(one: Obtainable) -> tuple[str, ...]:
    return (
        one.dataset.name,
        _codes([table.code for table in one.tables]),
        one.there,
        _some([indicator.short_name for indicator in one.missing]),
        _some([indicator.short_name for indicator in one.renewed]),
        _some([question.text for question in one.questions]),
    )


def _codes(codes: list[str]) -> str:
    """The first code, on one line; all of them stand in the list of what to load by hand."""
    return codes[0] + (f" und {len(codes) - 1} weitere" if codes[1:] else "")


def _some(names: list[str]) -> str:
    if not names:
        return "–"
    more = [f"{len(names) - _NAMED} weitere"] if len(names) > _NAMED else []
    return "; ".join([*names[:_NAMED], *more])


def _by_hand(found: list[Obtainable]) -> None:
    """What to download where there is no network, and where to put it."""
    with st.expander("Ohne Netz: von Hand laden"):
        st.markdown(
            "1. Auf einem Rechner mit Netz die Tabellen unten laden. Dateien nicht öffnen und "
            "nicht umbenennen.\n"
            "2. Alle in einen Ordner auf diesen Rechner bringen.\n"
            "3. `python -m indicators update --build --from ORDNER` ausführen; einzelne Dateien "
            "nimmt `python -m indicators receive DATEI …` an."
        )
        links = [f"- [{t.code}]({t.address}) {t.title}" for one in found for t in one.tables]
        st.markdown("\n".join(links))
