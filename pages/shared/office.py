"""Konten und Sicherung: who may what, how one signs in, what was done, and a copy of it all."""

import html

import streamlit as st

from indicators import folders
from indicators.answers.answer import Table
from indicators.errors import BildungsblickError
from indicators.release.releases import Release
from indicators.saved import accounts, history
from pages.shared import blocks, permission, sign_in
from pages.shared.permission import NAMES, Role

_SHOWN = 200  # entries of the history, newest first; all of them by the command

_HELP = """
**Lesen** darf alle veröffentlichten Zahlen jede und jeder, ohne Anmeldung.

**An dem Rechner, auf dem Bildungsblick läuft,** ist alles erlaubt, solange niemand sonst es
erreicht. Sobald Bildungsblick im Netz steht, meldet sich an, wer etwas ändern will oder sehen will,
was noch nicht veröffentlicht ist. Eine Rolle darf jeweils auch, was die vorige darf:

| Rolle | darf |
|---|---|
| Leser | sehen, was veröffentlicht ist |
| Redaktion | Dateien einlesen, Unveröffentlichtes sehen, Sitzungen speichern |
| Freigabe | veröffentlichen, zurücknehmen, amtliche Tabellen laden |

**Ein Konto** gibt Ihnen die Stelle, die Bildungsblick betreibt. Das erste Kennwort ändern Sie beim
ersten Anmelden. Nach fünf falschen Versuchen wartet der Name eine halbe Minute, dann immer länger;
die Betreiberin hebt das auf. Nach zwei Stunden ohne Klick und nach zwölf Stunden sind Sie
abgemeldet. „Überall abmelden“ steht unter „Konto“, oben neben Ihrem Namen.

**Der Verlauf** hält fest, wer wann was getan hat. Er lässt sich nur verlängern: Wird ein Eintrag
geändert oder entfernt, steht es hier und im Befehl `python -m indicators history`.
"""


def section(_: Release) -> None:
    """For everybody how it works; for who may publish also who there is and what was done."""
    blocks.text("Konten, Verlauf und Sicherung", "headline", "h2")
    st.markdown(_HELP)
    if permission.may(Role.RELEASER):
        _accounts()
        _history()
    if permission.at_home():
        _copy()


def _accounts() -> None:
    permission.demand(Role.RELEASER)
    blocks.text("Konten", "heading", "h3")
    try:
        there = accounts.listed(folders.default())
    except BildungsblickError as error:
        blocks.notice([str(error)])
        return
    if not there:
        blocks.text(
            "Es gibt noch keine Konten; angelegt werden sie auf dem Rechner, auf dem Bildungsblick "
            "läuft, mit „python -m indicators account new NAME --role redaktion“.",
            "note",
        )
        return
    rows = tuple((one.name, NAMES[one.role], _state(one)) for one in there)
    blocks.table(Table(("Name", "Rolle", "Zustand"), rows, (False,) * 3), alt="Konten")


def _state(one: accounts.Account) -> str:
    told = [] if one.password else ["meldet sich bei der Stadt an"]
    told += ["gesperrt"] if one.blocked else []
    told += ["muss das Kennwort ändern"] if one.must_change else []
    return ", ".join(told)


def _history() -> None:
    permission.demand(Role.RELEASER)
    blocks.text("Verlauf", "heading", "h3")
    try:
        found = history.read(folders.default())
    except BildungsblickError as error:
        blocks.notice([str(error)])
        return
    if found.faults:
        blocks.notice(["Der Verlauf wurde verändert.", *found.faults])
    if not found.entries:
        blocks.text("Noch nichts.", "note")
        return
    rows = tuple(
        (one.when.astimezone().strftime("%d.%m.%Y %H:%M"), one.who, one.act, one.what, one.reason)
        for one in reversed(found.entries[-_SHOWN:])
    )
    blocks.table(
        Table(("Wann", "Wer", "Tat", "Was", "Grund"), rows, (False,) * 5),
        alt="Verlauf, neueste zuerst",
    )


def _copy() -> None:
    blocks.text("Sicherung", "heading", "h3")
    address = html.escape(f"./{sign_in.ROOM}/sicherung")
    st.html(f'<p><a href="{address}" target="_self">Sicherung erstellen</a></p>')
