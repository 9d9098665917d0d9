"""The page that takes files in: a file is dropped, questions are answered in German, rows are
seen as they stand and as they are understood, and then it is received."""

import html
import re
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from indicators.errors import BildungsblickError
from indicators.export import check_paper
from indicators.folders import default
from indicators.formats import number, quantity
from indicators.saved import drafts
from pages.shared import (
    address,
    blocks,
    calendar_page,
    exchange_page,
    permission,
    reading_process,
)
from pages.shared.permission import Role

_TYPES = ["csv", "txt", "tsv", "xlsx", "xlsm", "xls", "ods", "zip", "age"]
_FEW = 4  # choices that are shown all at once
_OF_FILE = "Zeilen"
_FULL, _MOST_ROWS = 9, 500  # rows that fill a frame, and that a page shows of a long table
_HELP = (
    "**So geht es:** Datei hierher ziehen. Bildungsblick zeigt links, was in der Datei steht, und "
    "rechts, wie es verstanden wird. Was nicht eindeutig ist, wird gefragt. Erst „Übernehmen“ legt "
    "die Datei ab; veröffentlicht ist damit noch nichts.\n\n"
    "**Was geht:** CSV, Excel (.xlsx, .xls), OpenDocument (.ods), Archive (.zip), bis 50 MB.\n\n"
    "**Austauschpakete** anderer Stellen (.zip, verschlüsselt .age) werden sofort erkannt.\n\n"
    "**Was nicht geht:** Listen, in denen jede Zeile ein Kind ist. Solche Dateien werden erkannt "
    "und nicht gespeichert; auf Wunsch werden sie zu Gruppen gezählt."
)
_PEOPLE = (
    "Diese Datei wird nicht gespeichert: in ihr steht in jeder Zeile eine Person. Einzelne Kinder "
    "haben in Bildungsblick nichts zu suchen, auch nicht vorübergehend."
)


@dataclass
class _Reading:
    """The delivery this reader works on. `content` is kept in memory only."""

    file: str
    content: bytes = field(repr=False)
    mark: str
    answers: dict[str, str] = field(default_factory=dict)
    proposal: dict[str, Any] = field(default_factory=dict)
    error: str = ""
    report: dict[str, Any] = field(default_factory=dict)


def _now() -> _Reading | None:
    return st.session_state.get("reading")


def page() -> None:
    """All of it, or that this reader may not."""
    blocks.page_head("Daten einlesen", "Von der Datei zu geprüften Zahlen")
    if not permission.may(Role.EDITOR):
        blocks.notice(["Dateien einlesen darf nur, wer die Rolle „Redaktion“ hat."])
        return
    reading = _now()
    if reading is None:
        _begin()
    elif reading.report:
        _received(reading)
    else:
        _work_on(reading)


# --- beginning ------------------------------------------------------------------------------------


def _begin() -> None:
    number = st.session_state.setdefault("reading_number", 0)
    dropped = st.file_uploader(
        "Datei hierher ziehen oder auswählen", type=_TYPES, key=f"reading_file_{number}"
    )
    if dropped is not None:
        _open(dropped.name, dropped.getvalue())
        st.rerun()
    st.markdown(_HELP)
    calendar_page.card()
    begun = drafts.listed(default())
    if begun:
        st.subheader("Angefangen", anchor=False)
    for draft in begun:
        with st.container(horizontal=True, vertical_alignment="center"):
            blocks.text(f"{draft.file}, zuletzt {_moment(draft.moment)}", "note")
            st.button("Weitermachen", key=f"on_{draft.mark}", on_click=_go_on, args=(draft.mark,))
            st.button("Verwerfen", key=f"off_{draft.mark}", on_click=_discard, args=(draft.mark,))


def _moment(text: str) -> str:
    day, _, time = text.partition("T")
    year, month, date = day.split("-")
    return f"am {date}.{month}.{year} um {time} Uhr"


def _open(file: str, content: bytes, answers: dict[str, str] | None = None) -> None:
    permission.demand(Role.EDITOR)
    st.session_state["reading"] = _Reading(file, content, drafts.mark_of(content), answers or {})
    _look()


def _go_on(mark: str) -> None:
    address.clicked()
    if draft := drafts.read(default(), mark):
        _open(draft.file, draft.content, draft.answers)


def _discard(mark: str) -> None:
    permission.demand(Role.EDITOR)
    address.clicked()
    drafts.discard(default(), mark)


def _look() -> None:
    """Asks the assistant again and keeps what was begun, unless it is a list of persons."""
    reading = _now()
    assert reading
    reading.error = ""
    request = {"do": "propose", "file": reading.file, "answers": reading.answers}
    try:
        if exchange_page.is_package(reading.content):
            reading.proposal = exchange_page.look_into(
                reading.file, reading.content, reading.answers
            )
            return
        reading.proposal = reading_process.ask(default(), reading.content, request)
    except BildungsblickError as error:
        reading.proposal, reading.error = {"state": "refused", "reason": str(error)}, ""
    people = reading.proposal["state"] == "people" or "people" in reading.answers
    if reading.proposal["state"] in ("questions", "ready") and not people:
        drafts.keep(
            default(), drafts.Draft(reading.mark, reading.file, reading.content, reading.answers)
        )


def _close() -> None:
    address.clicked()
    st.session_state.pop("reading", None)
    st.session_state["reading_number"] += 1


def _give_up() -> None:
    reading = _now()
    if reading:
        _discard(reading.mark)
    _close()


# --- questions and rows ---------------------------------------------------------------------------


def _work_on(reading: _Reading) -> None:
    proposal = reading.proposal
    with st.container(horizontal=True, vertical_alignment="center"):
        blocks.text(reading.file, "subtitle", "h2")
        st.button("Andere Datei", on_click=_close, help="Was begonnen ist, bleibt erhalten.")
        if proposal["state"] in ("questions", "ready"):
            st.button("Verwerfen", on_click=_give_up)
    if proposal["state"] == "encrypted":
        exchange_page.ask_passphrase(_unlock, reading.error)
        return
    if proposal["state"] == "package":
        exchange_page.describe(proposal)
        _take_over(reading, "Das Paket ist vollständig und unverändert.")
        if reading.error:
            blocks.notice([reading.error])
        return
    if proposal["state"] == "refused":
        blocks.notice([f"Nicht gelesen. {proposal['reason']}"])
        return
    if proposal["state"] == "people":
        blocks.notice([proposal["reason"], _PEOPLE])
    elif proposal["reason"]:
        blocks.notice([proposal["reason"]])
    if reading.error:
        blocks.notice([reading.error])
    if proposal["state"] == "ready":
        _take_over(reading, _understood(proposal))
        _rows(proposal)
        _questions(reading)
    elif not proposal["raw"]:
        _questions(reading)
    else:
        # what is asked is seen beside what it is asked of, without scrolling
        with st.container(key="reading_asked"):
            left, right = st.columns(2, gap="medium")
        with right:
            _questions(reading)
        with left:
            _rows(proposal)
    _told(proposal)


def _unlock(passphrase: str) -> None:
    """Looks into an encrypted package; the passphrase is kept as long as the file is."""
    permission.demand(Role.EDITOR)
    address.clicked()
    reading = _now()
    assert reading
    reading.answers = {"passphrase": passphrase}
    _look()
    if reading.proposal["state"] == "refused":
        reading.error, reading.proposal = reading.proposal["reason"], {"state": "encrypted"}


def _understood(proposal: dict[str, Any]) -> str:
    count = quantity(proposal["understood"]["count"], "Wert", "Werte")
    known = f"Bekannt: {proposal['known']}. " if proposal["known"] else ""
    return f"{known}Alles ist verstanden: {count} für „{proposal['understood']['dataset']}“."


def _take_over(reading: _Reading, understood: str) -> None:
    with st.container(border=True, key="card_ready"):
        blocks.text(understood, "note")
        with st.container(horizontal=True):
            st.button("Übernehmen", type="primary", on_click=_take, args=(False,))
            if reading.error:
                st.button(
                    "Statt der vorliegenden gelten lassen",
                    on_click=_take,
                    args=(True,),
                    help="Die neue Datei gilt statt derer, die für dieselben Zeiträume da sind.",
                )


def _take(instead: bool) -> None:
    permission.demand(Role.EDITOR)
    address.clicked()
    reading = _now()
    assert reading
    request = {
        "do": "take",
        "file": reading.file,
        "answers": reading.answers,
        "seen": reading.proposal.get("seen", ""),
        "instead": instead,
    }
    try:
        if reading.proposal["state"] == "package":
            reading.report = exchange_page.take(
                reading.file, reading.content, reading.answers, instead=instead
            )
        else:
            reading.report = reading_process.ask(default(), reading.content, request)
    except BildungsblickError as error:
        reading.error = f"Nicht übernommen. {error}"
        return
    drafts.keep_report(default(), reading.report)
    drafts.discard(default(), reading.mark)
    reading.content = b""


def _questions(reading: _Reading) -> None:
    questions = reading.proposal["questions"]
    columns = reading.proposal.get("columns", [])
    if not questions and not columns:
        return
    open_ = [question for question in questions if not question["answer"]]
    done = [question for question in questions if question["answer"]]
    with st.form("reading_questions", border=True):
        if open_:
            st.subheader("Eine Frage" if len(open_) == 1 else f"{len(open_)} Fragen", anchor=False)
        for question in open_:
            _question(question)
        asked = {question["id"] for question in questions}
        if done:
            with st.expander(f"Beantwortet: {len(done)}", expanded=False):
                for question in done:
                    _question(question)
        rest = [column for column in columns if column["id"] not in asked]
        if rest:
            with st.expander(f"Spalten: {len(rest)} erkannt", expanded=False):
                for column in rest:
                    _column(column)
        label = "Weiter" if open_ else "Änderungen prüfen"
        st.form_submit_button(
            label,
            type="primary" if open_ else "secondary",
            on_click=_answered,
            args=([q["id"] for q in questions], {c["id"]: c["role"] for c in rest}),
        )


def _question(question: dict[str, Any]) -> None:
    """A few choices as a list of buttons, many as a list to search, none as a line."""
    key = f"answer_{question['id']}"
    choices = [choice["id"] for choice in question["choices"]]
    names = {choice["id"]: choice["text"] for choice in question["choices"]}
    said = question["answer"] or question["suggestion"]
    label, help = plain(question["text"]), question["help"]
    if question["suggestion"] and not question["answer"]:
        name = names.get(question["suggestion"], question["suggestion"])
        help = f"{help} Vorschlag: {name}.".strip()
    if not choices:
        st.text_input(label, value=said, key=key, max_chars=200)
    elif len(choices) <= _FEW:
        st.radio(
            label,
            choices,
            index=choices.index(said) if said in choices else None,
            format_func=lambda one: plain(names[one]),
            key=key,
        )
    else:
        st.selectbox(
            label,
            choices,
            index=choices.index(said) if said in choices else None,
            format_func=names.__getitem__,
            key=key,
            placeholder="Bitte wählen",
        )
    if help:
        blocks.text(help, "note")


def _column(column: dict[str, Any]) -> None:
    choices = [choice["id"] for choice in column["choices"]]
    names = {choice["id"]: choice["text"] for choice in column["choices"]}
    st.selectbox(
        plain(f"{column['letter']} „{column['heading']}“ ({column['example']})"),
        choices,
        index=choices.index(column["role"]) if column["role"] in choices else None,
        format_func=names.__getitem__,
        key=f"answer_{column['id']}",
        placeholder="Bitte wählen",
    )
    if column["reason"]:
        blocks.text(column["reason"], "note")


def _answered(questions: list[str], roles: dict[str, str]) -> None:
    """Takes over what was chosen; of columns only what differs from the proposal."""
    permission.demand(Role.EDITOR)
    address.clicked()
    reading = _now()
    assert reading
    for id in questions:
        value = st.session_state.get(f"answer_{id}")
        if value:
            reading.answers[id] = str(value)
    if reading.answers.get("people") == "no":
        return _close()
    for id, role in roles.items():
        value = st.session_state.get(f"answer_{id}")
        if value and value != role:
            reading.answers[id] = str(value)
    with st.spinner("Die Datei wird gelesen …"):
        _look()


def plain(text: str) -> str:
    """A text from a file, so that nothing in it is taken for markup."""
    return re.sub(r"([\\`*_{}\[\]()#+\-.!|<>$:~&])", r"\\\1", text)


def _rows(proposal: dict[str, Any]) -> None:
    """The rows as they stand and, as soon as nothing is open, as they are understood."""
    shown = [
        (title, proposal[part], what)
        for title, part, what in (
            ("So steht es in der Datei", "raw", _OF_FILE),
            ("So wird es verstanden", "understood", "Werte"),
        )
        if proposal.get(part)
    ]
    if len(shown) == 1:
        st.subheader(shown[0][0], anchor=False)
        _table(*shown[0][1:])
        return
    for column, (title, table, what) in zip(st.columns(2, gap="medium"), shown, strict=False):
        with column:
            st.subheader(title, anchor=False)
            _table(table, what)


def _table(table: dict[str, Any], what: str) -> None:
    """Cells of texts, in a frame no higher than they need."""
    head = "".join(f"<th scope='col'>{html.escape(one)}</th>" for one in table["columns"])
    rows = "".join(
        "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>"
        for row in table["rows"]
    )
    clipped = " bb-clipped" if what == _OF_FILE else ""
    height: Any = 380 if len(table["rows"]) > _FULL else "content"
    with st.container(height=height, border=True):
        st.html(
            f"<div class='bb-table bb-raw{clipped}'><table><thead><tr>"
            f"{head}</tr></thead><tbody>{rows}</tbody></table></div>"
        )
    if table["count"] > len(table["rows"]):
        blocks.text(f"Gezeigt sind die ersten; es sind {number(table['count'])} {what}.", "note")


def _told(proposal: dict[str, Any]) -> None:
    if facts := proposal.get("facts"):
        with st.expander("Woran es erkannt wurde"):
            for fact in facts:
                blocks.text(f"{fact['what']}: {fact['value']} ({fact['reason']})", "note")
    for name, text in proposal.get("definitions", {}).items():
        with st.expander(f"Zuordnung ({name})"):
            st.code(text, language="toml")


# --- afterwards -----------------------------------------------------------------------------------


def _received(reading: _Reading) -> None:
    report = reading.report
    blocks.text(f"Übernommen: {report['values']}.", "subtitle", "h2")
    blocks.text(report["stored"], "note")
    with st.container(horizontal=True):
        stem = re.sub(r"[^\w-]+", "_", f"pruefbericht_{reading.file}")
        try:
            st.download_button(
                "Prüfbericht (PDF)", check_paper.to_pdf(report), f"{stem}.pdf", "application/pdf"
            )
        except BildungsblickError as error:
            blocks.notice([str(error)])
        st.download_button(
            "Prüfbericht (Excel)",
            check_paper.to_workbook(report),
            f"{stem}.xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        )
        st.button("Nächste Datei", type="primary", on_click=_close)
    st.header("Prüfbericht", anchor=False)
    if report["balance"]:
        _list("Zeilen", [f"{what}: {count}" for what, count in report["balance"]])
    _cells("Gebiete", check_paper.REGION_HEAD, report["regions"], "Kein Gebiet erkannt.")
    none = "Keine: kein Wert liegt um ein Fünftel oder mehr daneben."
    title = "Sprünge gegenüber dem Zeitraum davor"
    _cells(title, check_paper.LEAP_HEAD, report["leaps"], none)
    for section in report["sections"]:
        _list(
            section["title"],
            [f"{level}: {text}" if level else text for level, text in section["lines"]],
        )
    if report["left"]:
        with st.expander(f"Nicht gelesene Zeilen: {len(report['left'])}"):
            for place, words in report["left"][:200]:
                blocks.text(f"Zeile {place}: {words}", "note")


def _cells(title: str, head: list[str], rows: list[list[str]], none: str) -> None:
    """A table of the Prüfbericht, or that there is nothing in it."""
    if not rows:
        return _list(title, [none])
    blocks.text(title, "subtitle", "h3")
    _table({"columns": head, "rows": rows[:_MOST_ROWS], "count": len(rows)}, "Einträge")


def _list(title: str, lines: list[str]) -> None:
    with st.container(border=True):
        blocks.text(title, "subtitle", "h3")
        for line in lines:
            blocks.text(line, "note")
