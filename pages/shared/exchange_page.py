"""What passes between offices, on the pages of the office: making a package on *Veröffentlichen*,
receiving one on *Daten einlesen*.

What is packed lies in the session of who packed it and nowhere else; the passphrase of an encrypted
package is shown once.
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from indicators import look
from indicators.errors import BildungsblickError
from indicators.exchange import making, package
from indicators.folders import default
from indicators.release.releases import Release
from indicators.saved import history
from pages.shared import address, blocks, cached, permission, reading_process, regions
from pages.shared.permission import Role

_PACKED, _ERROR = "exchange_packed", "exchange_error"
_FORMS = {"": "wie veröffentlicht", "unprotected": "ungeschützt, verschlüsselt, für eine Stelle"}
_HELP = (
    "Ein Austauschpaket ist eine Datei mit eigenen Datensätzen. Die andere Stelle zieht sie auf "
    "ihre Seite „Daten einlesen“, mehr ist dort nicht zu tun. In Excel lässt sie sich auch öffnen: "
    "Es ist ein Archiv mit CSV-Tabellen und einer Erklärung der Zeichen."
)


@dataclass(frozen=True)
class _Packed:
    """A package that is ready; `passphrase` is "" where it is not encrypted."""

    name: str
    content: bytes = field(repr=False)
    passphrase: str = ""


# --- making ---------------------------------------------------------------------------------------


def give() -> None:
    """The card that packs datasets for another office."""
    blocks.text("Weitergeben an eine andere Stelle", "headline", "h2")
    blocks.text(_HELP, "note")
    release = cached.in_force()
    names = making.offered(release)
    if not names:
        blocks.text("Dieser Datenstand enthält keine eigenen Zahlen.", "note")
        return
    chosen = st.multiselect(
        "Datensätze",
        list(names),
        key="exchange_datasets",
        format_func=names.__getitem__,
        placeholder="Datensätze wählen",
        on_change=_forget,
    )
    left, right = st.columns(2)
    with left:
        within, sender = _of_whom(release)
    with right:
        unprotected, recipient = _for_whom()
    st.button(
        "Paket packen",
        type="primary",
        on_click=_pack,
        args=(release, sender, recipient, chosen, within, unprotected),
    )
    if told := st.session_state.get(_ERROR):
        blocks.notice([told])
    if packed := st.session_state.get(_PACKED):
        _ready(packed)


def _of_whom(release: Release) -> tuple[list[str], str]:
    """The regions that are passed on (none: all), and who does so."""
    groups = regions.region_groups(release)
    region = st.selectbox(
        "Region",
        ["", *release.catalog.education_regions],
        key="exchange_region",
        format_func=lambda id: regions.group_name(release, id) if id else "alle",
        on_change=_forget,
    )
    sender = st.text_input(
        "Absender",
        look.read(default()).name,
        key="exchange_sender",
        placeholder="Bildungsbüro der Stadt …",
        on_change=_forget,
    )
    return (groups[region] if region else []), sender


def _for_whom() -> tuple[bool, str]:
    """Whether small numbers are left unprotected, and for which office."""
    form = st.radio(
        "Kleine Zahlen",
        list(_FORMS) if permission.may(Role.RELEASER) else [""],
        key="exchange_form",
        format_func=_FORMS.__getitem__,
        help="Ungeschützte Zahlen gibt nur die Rolle „Freigabe“ weiter.",
        on_change=_forget,
    )
    if not form:
        return False, ""
    recipient = st.text_input(
        "Empfänger",
        key="exchange_recipient",
        placeholder="Bildungsbüro des Landkreises …",
        on_change=_forget,
    )
    return True, recipient


def _forget() -> None:
    """What is packed already says something else than what is chosen now."""
    address.clicked()
    st.session_state.pop(_PACKED, None)
    st.session_state.pop(_ERROR, None)


def _pack(
    release: Release,
    sender: str,
    recipient: str,
    datasets: list[str],
    within: list[str],
    unprotected: bool,
) -> None:
    _forget()
    who = permission.demand(Role.RELEASER if unprotected else Role.EDITOR)
    try:
        if not sender.strip():
            raise BildungsblickError("Bitte eintragen, wer die Daten weitergibt (Absender).")
        if unprotected:
            packed = _encrypted(sender, recipient, datasets, within)
        else:
            found = making.of_release(release, sender, datasets, within)
            packed = _Packed(package.file_name(found), package.packed(found, release.catalog))
    except BildungsblickError as error:
        st.session_state[_ERROR] = str(error)
        return
    whom = f", ungeschützt für {recipient.strip()}" if unprotected else ""
    said = f"{', '.join(datasets)} von {sender.strip()}{whom}"
    history.note(default(), who, "Austauschpaket gepackt", said)
    st.session_state[_PACKED] = packed


def _encrypted(sender: str, recipient: str, datasets: list[str], within: list[str]) -> _Packed:
    request = {
        "do": "pack",
        "file": "Austauschpaket",
        "sender": sender,
        "recipient": recipient,
        "datasets": datasets,
        "regions": within,
    }
    found = reading_process.ask(default(), b"", request)
    return _Packed(found["file_name"], base64.b64decode(found["content"]), found["passphrase"])


def _ready(packed: _Packed) -> None:
    with st.container(border=True, key="card_packed"):
        blocks.text(f"Fertig: {packed.name}", "note")
        if packed.passphrase:
            blocks.text(
                "Dieses Kennwort öffnet das Paket. Es wird nur jetzt gezeigt und nirgends "
                "aufbewahrt. Bitte auf einem anderen Weg mitteilen als die Datei, etwa am Telefon.",
                "note",
            )
            st.code(packed.passphrase, language=None)
        st.download_button("Paket herunterladen", packed.content, packed.name, on_click="ignore")


# --- receiving ------------------------------------------------------------------------------------


def is_package(content: bytes) -> bool:
    """Whether a file that was dropped is for this module."""
    return package.is_encrypted(content) or package.is_package(content)


def look_into(file: str, content: bytes, answers: dict[str, str]) -> dict[str, Any]:
    """What is in a package, or that it wants a passphrase. Raises BildungsblickError."""
    return reading_process.ask(default(), content, {"do": "package", "file": file, **answers})


def take(file: str, content: bytes, answers: dict[str, str], *, instead: bool) -> dict[str, Any]:
    """Receives it; returns the Prüfbericht. Raises BildungsblickError."""
    request = {"do": "take_package", "file": file, "instead": instead, **answers}
    return reading_process.ask(default(), content, request)


def ask_passphrase(opened: Callable[[str], None], error: str) -> None:
    """The question for the passphrase; `opened` is called with what was entered."""
    blocks.text(
        "Das Austauschpaket ist verschlüsselt. Das Kennwort hat die Stelle, die es geschickt hat.",
        "note",
    )
    with st.form("exchange_opening", border=False):
        st.text_input("Kennwort", type="password", key="exchange_passphrase")
        st.form_submit_button(
            "Paket öffnen",
            type="primary",
            on_click=lambda: opened(st.session_state["exchange_passphrase"]),
        )
    if error:
        blocks.notice([error])


def describe(found: dict[str, Any]) -> None:
    """What is in a package, before it is taken over."""
    blocks.text(
        f"Austauschpaket von {found['sender']}, {found['moment']}. "
        f"Kleine Zahlen: {found['protection']}.",
        "note",
    )
    if found["recipient"]:
        blocks.notice(
            [
                f"Die Zahlen sind ungeschützt und nur für {found['recipient']} bestimmt. Beim "
                "Veröffentlichen schützt Bildungsblick sie wie eigene."
            ]
        )
    for name, rows in found["tables"]:
        blocks.text(f"{name}: {rows}", "note")
