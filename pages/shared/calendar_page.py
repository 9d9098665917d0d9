"""The data calendar on the page *Daten einlesen*: what is due, from whom, and what is entered."""

from datetime import date
from typing import Any

import streamlit as st

from indicators import formats
from indicators.answers.answer import Table
from indicators.errors import BildungsblickError
from indicators.folders import default
from indicators.saved import expected
from pages.shared import address, blocks, cached, permission, reading_process
from pages.shared.permission import Role

_ERROR = "calendar_error"
_MANY = 12  # months


def card() -> None:
    """Folded until somebody opens it: what lies there is read anew each time."""
    opened = st.expander("Datenkalender: was wann fällig ist", key="calendar", on_change="rerun")
    with opened:
        if opened.open:
            _draw()


def _draw() -> None:
    entries, wrong = expected.listed(default())
    if wrong:
        blocks.notice([f"Nicht lesbar: {told}" for told in wrong])
    try:
        rows = reading_process.ask(default(), b"", {"do": "calendar", "file": "Datenkalender"})
    except BildungsblickError as error:
        blocks.notice([str(error)])
        return
    own = [row for row in rows["rows"] if not row["official"]]
    official = [row for row in rows["rows"] if row["official"]]
    blocks.text("Lieferungen", "subtitle", "h3")
    if own:
        _table(own, "Lieferungen und ihre Termine")
    else:
        blocks.text("Noch ist nichts eingetragen und nichts eingelesen.", "note")
    _enter()
    if entries:
        _removing(entries)
    blocks.text("Amtliche Tabellen", "subtitle", "h3")
    blocks.text(
        "Wann eine neue Ausgabe kommt, sagt kein Amt vorher; geschätzt ist ein Jahr nach der "
        "letzten. Neue Ausgaben holt „Daten holen“ auf der Seite Daten und Methodik.",
        "note",
    )
    _table(official, "Amtliche Tabellen und ihre nächste Ausgabe")
    st.download_button(
        "Für Outlook und andere Kalender (.ics)",
        rows["icalendar"],
        "datenkalender.ics",
        "text/calendar",
        on_click="ignore",
    )


def _table(rows: list[dict[str, Any]], alt: str) -> None:
    cells = tuple((row["state_name"], row["title"], row["sender"], row["words"]) for row in rows)
    blocks.table(
        Table(("Stand", "Was", "Von wem", "Wie es steht"), cells, (False,) * 4),
        alt=alt,
        height=min(44 + 40 * len(rows), 360),
        unbroken=(0,),
    )


def _enter() -> None:
    names = {id: dataset.name for id, dataset in cached.in_force().catalog.datasets.items()}
    blocks.text("Termin eintragen", "note")
    columns = st.columns([4, 3, 1, 1, 2], vertical_alignment="bottom")
    with columns[0]:
        dataset = st.selectbox(
            "Datensatz",
            sorted(names, key=names.__getitem__),
            None,
            format_func=names.__getitem__,
            key="calendar_dataset",
            placeholder="wählen",
        )
    with columns[1]:
        sender = st.text_input("Wer liefert", key="calendar_sender", placeholder="Schulamt")
    with columns[2]:
        day = st.selectbox("Tag", range(1, 32), 14, key="calendar_day")
    with columns[3]:
        month = st.selectbox("Monat", range(1, _MANY + 1), 10, key="calendar_month")
    with columns[4]:
        st.button("Eintragen", on_click=_save, args=(dataset, sender, f"{day}.{month}."))
    if told := st.session_state.pop(_ERROR, ""):
        blocks.notice([told])


def _save(dataset: str | None, sender: str, due: str) -> None:
    permission.demand(Role.EDITOR)
    address.clicked()
    try:
        if not dataset or not sender.strip():
            raise BildungsblickError("Bitte den Datensatz wählen und eintragen, wer liefert.")
        expected.save(default(), {"dataset": dataset, "sender": sender, "due": due})
    except BildungsblickError as error:
        st.session_state[_ERROR] = str(error)
        return
    st.session_state["calendar_sender"] = ""


def _removing(entries: list[expected.Kept]) -> None:
    names = {dataset.id: dataset.name for dataset in cached.in_force().catalog.datasets.values()}
    with st.container(horizontal=True, gap="small"):
        for one in entries:
            due = formats.day(one.entry.day(date.today().year))[:6]
            st.button(
                f"{one.entry.sender}, {due} löschen",
                key=f"calendar_{one.name}",
                help=names.get(one.entry.dataset, one.entry.dataset),
                on_click=_remove,
                args=(one.name,),
            )


def _remove(name: str) -> None:
    permission.demand(Role.EDITOR)
    address.clicked()
    expected.remove(default(), name)
