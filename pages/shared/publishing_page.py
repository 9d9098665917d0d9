"""The page Veröffentlichen: from what has come to a release in force, and back.

In this order: what waits, a preview, what it changes, the checklist with the reason. Each step says
what comes next; what writes asks once more who may.
"""

import json
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import streamlit as st

from indicators import formats
from indicators.answers.answer import Table
from indicators.errors import BildungsblickError, ReleaseError
from indicators.folders import default
from indicators.jobs import State
from indicators.release import checklist, publication, releases
from indicators.release.checklist import Point
from indicators.release.publication import Plan
from indicators.release.releases import PREVIEW, Release
from indicators.saved import history
from pages.shared import address, blocks, cached, differing, exchange_page, permission, work
from pages.shared.permission import Role
from pages.shared.texts import text

_ACTS = {
    publication.PUBLISHED,
    publication.TAKEN_BACK,
    publication.ASKED,
    publication.RELEASED,
    publication.WITHDRAWN,
}
_LAST = 12  # acts that are listed
_HELP = """
**So kommt etwas Neues auf die Seiten.** Was eingelesen ist, gilt noch nicht. „Nachsehen“ liest es
in Sekunden und sagt, wie viele Werte neu oder anders wären. „Vorschau erstellen“ baut den ganzen
Datenstand, schützt kleine Zahlen und lässt ein zweites Programm nachrechnen; das dauert länger und
läuft weiter, wenn Sie die Seite verlassen. Die Vorschau sehen nur Redaktion und Freigabe.

**Veröffentlichen** geht erst, wenn alle Punkte der Prüfliste erledigt sind und ein Grund dasteht.
Mit einem Zeitpunkt gilt der Datenstand erst dann; bis dahin lässt sich die Freigabe zurückziehen.

**Zurücknehmen** setzt den Datenstand davor wieder in Kraft. Nichts wird gelöscht: Wer einen Link
auf den zurückgenommenen hat, sieht ihn weiter, mit dem Hinweis und Ihrem Grund. Was einmal gezeigt
war, bleibt bekannt; der Schutz rechnet damit.
"""


def summary() -> str:
    """What is in force now."""
    try:
        release = cached.in_force()
    except ReleaseError as error:
        return str(error)
    return f"In Kraft: Datenstand {release.id} vom {formats.minute(release.published)}"


def draw() -> None:
    if not permission.may(Role.EDITOR):
        text("Diese Seite ist für Redaktion und Freigabe. Bitte melden Sie sich an.", "note")
        return
    address.show("release", "")  # this page is about all of them
    try:
        publication.settle(default())
        waits = publication.plan(default())
    except BildungsblickError as error:
        blocks.notice([str(error)])
        waits = None
    with st.expander("Wie das geht"):
        st.markdown(_HELP)
    if waits:
        with st.container(border=True, key="card_plan"):
            _plan(waits)
    with st.container(border=True, key="card_waiting"):
        _waiting()
    with st.container(border=True, key="card_preview"):
        candidate = _preview(waits)
    if candidate:
        _judge(candidate, waits)
    with st.container(border=True, key="card_back"):
        _back(waits)
    with st.container(border=True, key="card_exchange"):
        exchange_page.give()
    with st.container(border=True, key="card_acts"):
        _acts()


# --- what waits -----------------------------------------------------------------------------------


def _waiting() -> None:
    text("1 · Was wartet", "headline", "h2")
    with st.container(horizontal=True, gap="small"):
        work.button("Nachsehen, was wartet", *work.LOOK, key="look", role=Role.EDITOR)
        st.link_button("Daten einlesen", "./einlesen")
    work.follow("check --preview", ended=_looked, key="look")


def _looked(state: State) -> None:
    when = formats.minute(state.job.started.astimezone())
    try:
        told = json.loads(state.result)
    except ValueError:
        text(f"Das Nachsehen vom {when} ist nicht gelungen.", "note")
        work.said(state)
        return
    found = told["datasets"]
    if told["refused"]:
        blocks.notice(["So würde nichts veröffentlicht: Es gibt Fehler. Sie stehen im Wortlaut."])
    if found:
        rows = tuple(
            (
                one["name"],
                ", ".join(one["files"]) or "–",
                *(formats.number(one[name]) for name in ("new", "changed", "gone")),
            )
            for one in found
        )
        columns = ("Datensatz", "Dateien", "neu", "geändert", "nicht mehr da")
        blocks.table(
            Table(columns, rows, (False, False, True, True, True)),
            alt="Was wartet, je Datensatz",
            height=240,
        )
    else:
        text("Kein Wert ist anders als im Datenstand in Kraft.", "reading-aid")
    text(f"Nachgesehen am {when}; ohne Schutz und Schutzprüfung.", "note")
    with st.expander("Im Wortlaut"):
        st.code(told["text"], language=None, wrap_lines=True)


# --- the preview ----------------------------------------------------------------------------------


def _preview(waits: Plan | None) -> Release | None:
    """The button, how far it is, and the candidate where there is one."""
    text("2 · Vorschau", "headline", "h2")
    if waits is None:
        work.button(
            "Vorschau erstellen",
            *work.BUILD,
            key="build",
            role=Role.EDITOR,
            told="Baut den ganzen Datenstand, schützt und prüft ihn; veröffentlicht nichts.",
        )
    work.follow("build --aside", "update --aside", ended=_built, key="build")
    found = releases.candidates(default())
    if not found:
        if not work.is_busy():
            text("Es gibt gerade keine Vorschau.", "note")
        return None
    try:
        candidate = cached.opened(PREVIEW + found[0].id)
    except ReleaseError as error:
        blocks.notice([str(error)])
        return None
    text(
        f"Vorschau {found[0].id}, gebaut am {formats.minute(candidate.published)}. Nur Redaktion "
        "und Freigabe sehen sie.",
        "subtitle",
    )
    with st.container(horizontal=True, gap="small"):
        for label, page in (
            ("Seiten mit der Vorschau ansehen", ""),
            ("Karte und Vergleich mit der Vorschau", "karte"),
        ):
            st.link_button(label, f"./{page}?release={candidate.id}")
    return candidate


def _built(state: State) -> None:
    if state.went_well:
        return
    text("Daraus ist keine Vorschau geworden; was gilt, gilt weiter. Das sagt der Bau:", "note")
    work.said(state)


# --- what it changes, and the checklist -----------------------------------------------------------


def _judge(candidate: Release, waits: Plan | None) -> None:
    try:
        found = cached.difference(cached.in_force(), candidate)
    except ReleaseError as error:
        found = None
        text(str(error), "note")
    with st.container(border=True, key="card_changes"):
        text("3 · Was sich ändert", "headline", "h2")
        if found:
            differing.show(found, "candidate")
    if waits is None:
        with st.container(border=True, key="card_publish"):
            text("4 · Prüfen und veröffentlichen", "headline", "h2")
            _report(candidate)
            _publish(candidate, checklist.points(default(), candidate, found))


def _report(candidate: Release) -> None:
    id = candidate.id.removeprefix(PREVIEW)
    papers = (("Prüfbericht", "pruefbericht"), ("Schutzbericht", "schutzbericht"))
    with st.container(horizontal=True, gap="small"):
        for label, name in papers:
            path = default().office / f"{id}-{name}.txt"
            if path.is_file():
                st.download_button(
                    f"{label} (Text)",
                    path.read_bytes(),
                    path.name,
                    mime="text/plain; charset=utf-8",
                    key=f"paper_{name}",
                    on_click="ignore",
                )
    levels = {"error": "Fehler", "warning": "Hinweis"}
    rows = candidate.frame(
        "SELECT section, level, text FROM release.report WHERE level IN ('error', 'warning')"
    )
    if len(rows):
        with st.expander(f"Hinweise des Prüfberichts ({formats.number(len(rows))})"):
            told = tuple((r.section, levels[r.level], r.text) for r in rows.itertuples())
            blocks.table(
                Table(("Datei oder Datensatz", "Art", "Befund"), told, (False,) * 3),
                alt="Hinweise des Prüfberichts",
            )


def _publish(candidate: Release, points: list[Point]) -> None:
    """Checklist, reason and moment; the button is there for who may publish."""
    confirmed = {point.id for point in points if _point(candidate, point)}
    reason = st.text_area(
        "Grund",
        key=f"reason_{candidate.id}",
        placeholder="Zum Beispiel: Schulstatistik 2025/26 eingelesen",
        help="Steht dauerhaft bei diesem Datenstand, auch für alle Leser.",
        height=80,
    )
    later = st.checkbox("Erst ab einem Zeitpunkt (Sperrfrist)", key=f"later_{candidate.id}")
    moment = _moment(candidate.id) if later else None
    needed = Role.EDITOR if default().four_eyes else Role.RELEASER
    if not permission.may(needed):
        text("Veröffentlichen darf, wer die Rolle „Freigabe“ hat.", "note")
        return
    label = "Zur Freigabe vorlegen" if default().four_eyes else "Veröffentlichen"
    if st.button(label, key="publish", type="primary"):
        _act(lambda: _published(candidate, points, confirmed, reason, moment))


def _published(
    candidate: Release,
    points: list[Point],
    confirmed: set[str],
    reason: str,
    moment: datetime | None,
) -> str:
    who = permission.demand(Role.EDITOR if default().four_eyes else Role.RELEASER)
    checklist.demand(points, confirmed)
    id = candidate.id.removeprefix(PREVIEW)
    plan = publication.publish(default(), id, who=who, reason=reason, not_before=moment)
    if plan.is_due:
        return f"Veröffentlicht: Der Datenstand {id} ist in Kraft."
    return f"Der Datenstand {id} {publication.waiting(plan)}."


def _point(candidate: Release, point: Point) -> bool:
    """One point of the list; whether it is done."""
    if point.to_confirm:
        label = f"{point.name} ({point.told})"
        return st.checkbox(label, key=f"point_{candidate.id}_{point.id}")
    text(f"{'✓' if point.settled else '✗ offen:'} {point.name}: {point.told}", "point")
    return point.settled


def _moment(id: str) -> datetime:
    tomorrow = date.today() + timedelta(days=1)
    with st.container(horizontal=True, gap="small"):
        day = st.date_input("Tag", tomorrow, key=f"day_{id}", format="DD.MM.YYYY")
        hour = st.time_input("Uhrzeit", time(10), key=f"hour_{id}")
    return datetime.combine(day, hour).astimezone()


def _act(act: Callable[[], str]) -> None:
    """Does what a button asks for; what stands against it is told beside it. Nothing is half
    done."""
    try:
        told = act()
    except BildungsblickError as error:
        blocks.notice([str(error)])
        return
    st.toast(told)
    address.draw_again()


# --- what is asked for, and back ------------------------------------------------------------------


def _plan(waits: Plan) -> None:
    text(f"Der Datenstand {waits.release} {publication.waiting(waits)}", "headline", "h2")
    text(f"Grund: {waits.reason} · vorgelegt von {waits.asked_by}", "subtitle")
    may_release = not waits.released_by and permission.may(Role.RELEASER)
    if may_release and st.button("Freigeben", key="release", type="primary"):
        _act(_released)
    reason = st.text_input("Grund für das Zurückziehen", key=f"withdraw_{waits.release}")
    if st.button("Freigabe zurückziehen", key="withdraw"):
        _act(lambda: _withdrawn(reason))


def _released() -> str:
    plan = publication.release(default(), who=permission.demand(Role.RELEASER))
    return f"Der Datenstand {plan.release} ist freigegeben."


def _withdrawn(reason: str) -> str:
    publication.withdraw(default(), who=permission.demand(Role.EDITOR), reason=reason)
    return "Die Freigabe ist zurückgezogen; die Vorschau bleibt."


def _back(waits: Plan | None) -> None:
    text("Zurücknehmen", "headline", "h2")
    before = publication.one_before(default())
    if before is None:
        text("Vor dem Datenstand in Kraft gibt es keinen, der wieder gelten könnte.", "note")
        return
    text(
        f"Dann gilt wieder der Datenstand {before.id} vom {formats.minute(before.published)}. "
        "Gelöscht wird nichts.",
        "subtitle",
    )
    if waits or not permission.may(Role.RELEASER):
        text("Das darf die Rolle „Freigabe“, wenn nichts anderes auf Freigabe wartet.", "note")
        return
    current = releases.pointer(default())
    reason = st.text_input("Grund für das Zurücknehmen", key=f"back_reason_{current}")
    if st.button("Datenstand zurücknehmen", key="take_back"):
        _act(lambda: _taken_back(reason))


def _taken_back(reason: str) -> str:
    who = permission.demand(Role.RELEASER)
    again = publication.take_back(default(), who=who, reason=reason)
    return f"Zurückgenommen: Der Datenstand {again} ist wieder in Kraft."


def _acts() -> None:
    text("Verlauf", "headline", "h2")
    found = history.read(default())
    if found.faults:
        blocks.notice(["Der Verlauf wurde verändert oder beschädigt:", *found.faults])
    acts = [one for one in found.entries if one.act in _ACTS][-_LAST:][::-1]
    if not acts:
        text("Noch nichts festgehalten.", "note")
        return
    rows = tuple(
        (formats.minute(one.when.astimezone()), one.act, one.what, one.reason, one.who)
        for one in acts
    )
    blocks.table(
        Table(("Wann", "Was", "Datenstand", "Grund", "Wer"), rows, (False,) * 5),
        alt="Was veröffentlicht und zurückgenommen wurde",
        height=260,
        unbroken=(0, 1, 2),
    )
