"""Passing datasets on and receiving them, on the pages of the office and in the process behind."""

import base64
import importlib
import io
import zipfile

import pytest
import streamlit as st

from indicators.assistant import packages
from indicators.errors import BildungsblickError, NotAllowedError
from indicators.exchange import making, package
from indicators.folders import Folders
from indicators.saved import expected, history
from pages.shared import permission, reading_process
from pages.shared.permission import Reader, Role
from tests.pages.apps import is_fine, opened

PAGE = "pages/views/publishing.py"
SENDER = "Landkreis Beispielau"


def room(name: str):
    """A module of pages; what draws with components can be imported once a page has run."""
    opened()
    return importlib.import_module(f"pages.shared.{name}")


@pytest.fixture
def reads_as(monkeypatch):
    def reads(role: Role) -> None:
        monkeypatch.setattr(permission, "reader", lambda: Reader("rosa", role))

    return reads


@pytest.fixture
def in_process(monkeypatch, folders):
    """What the pages ask of the assistant's process is answered here."""
    monkeypatch.setattr(
        reading_process,
        "ask",
        lambda _, content, request: packages.handled(request, content, folders),
    )


def packed_by(app, *, unprotected: bool = False):
    """The page after datasets were chosen and the button was pressed."""
    (datasets,) = [one for one in app.multiselect if one.label == "Datensätze"]
    datasets.set_value(["newcomers"]).run()
    (sender,) = [one for one in app.text_input if one.label == "Absender"]
    sender.set_value(SENDER).run()
    if unprotected:
        app.radio[0].set_value("unprotected").run()
        (recipient,) = [one for one in app.text_input if one.label == "Empfänger"]
        recipient.set_value("Stadt Beispielstadt").run()
    (button,) = [one for one in app.button if one.label == "Paket packen"]
    button.click().run()
    assert is_fine(app), app.exception
    return app.session_state["exchange_packed"]


def test_an_editor_packs_what_is_published(release, folders, reads_as):
    reads_as(Role.EDITOR)
    app = opened(PAGE)
    assert app.radio[0].options == ["wie veröffentlicht"]
    packed = packed_by(app)
    assert packed.name.startswith("austausch-landkreis-beispielau-") and not packed.passphrase
    content = package.unpacked(packed.content, packed.name)
    assert content.is_protected and content.release == release.id
    assert "Paket herunterladen" in [one.label for one in app.get("download_button")]
    assert history.read(folders).entries[-1].act == "Austauschpaket gepackt"


def test_who_releases_packs_unprotected_figures_and_sees_the_passphrase_once(reads_as, in_process):
    reads_as(Role.RELEASER)
    app = opened(PAGE)
    packed = packed_by(app, unprotected=True)
    assert packed.name.endswith("-UNGESCHUETZT-fuer-stadt-beispielstadt.zip.age")
    assert packed.passphrase in [one.value for one in app.code]
    opened_up = package.decrypted(packed.content, packed.name, packed.passphrase)
    assert package.unpacked(opened_up, packed.name).recipient == "Stadt Beispielstadt"
    app.radio[0].set_value("").run()
    assert not app.code and "exchange_packed" not in app.session_state


def test_nobody_packs_or_enters_who_may_not(release, reads_as, monkeypatch):
    exchange_page, calendar_page = room("exchange_page"), room("calendar_page")
    monkeypatch.setattr(st, "session_state", {})
    reads_as(Role.EDITOR)
    with pytest.raises(NotAllowedError):
        exchange_page._pack(release, SENDER, "Stadt", ["newcomers"], [], True)
    reads_as(Role.READER)
    for act in (
        lambda: exchange_page._pack(release, SENDER, "", ["newcomers"], [], False),
        lambda: calendar_page._save("newcomers", "Schulamt", "15.11."),
        lambda: calendar_page._remove("newcomers-schulamt"),
    ):
        with pytest.raises(NotAllowedError):
            act()


def test_a_package_is_looked_into_before_it_is_received(release, tmp_path):
    (tmp_path / "settings.toml").write_text("example = false\n", encoding="utf-8")
    partner = Folders(tmp_path)
    content = package.packed(making.of_release(release, SENDER, ["mean_age"]), release.catalog)
    locked = package.encrypted(content, "drei-vier")
    ask = {"do": "package", "file": "paket.zip.age"}
    assert packages.handled(ask, locked, partner) == {"state": "encrypted"}
    with pytest.raises(BildungsblickError, match="mit diesem Kennwort"):
        packages.handled(ask | {"passphrase": "drei"}, locked, partner)
    found = packages.handled(ask | {"passphrase": " drei-vier "}, locked, partner)
    assert (found["sender"], found["protection"]) == (SENDER, package.PUBLISHED)
    table = content_of(content, "daten/mean_age.csv")
    lines = len(table.splitlines()) - 1
    assert found["tables"] == [[release.catalog.datasets["mean_age"].name, f"{lines} Zeilen"]]
    assert not list(tmp_path.rglob("*.csv")), "looking stores nothing"
    report = packages.handled({"do": "take_package", "file": "paket.zip"}, content, partner)
    assert SENDER in report["stored"] and str(tmp_path) not in str(report)
    assert report["sections"] and report["rows"] > 0
    rows = packages.handled({"do": "calendar", "file": ""}, b"", partner)
    assert [row["sender"] for row in rows["rows"] if not row["official"]] == [SENDER]
    assert rows["icalendar"].startswith("BEGIN:VCALENDAR")


def content_of(archive: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(archive)) as packed:
        return packed.read(name).decode("utf-8-sig")


def test_what_is_packed_in_the_process_comes_back_as_text(folders):
    request = {"do": "pack", "sender": SENDER, "recipient": "Stadt", "datasets": ["mean_age"]}
    found = packages.handled(request | {"file": ""}, b"", folders)
    assert package.is_encrypted(base64.b64decode(found["content"]))


def test_a_day_is_entered_and_told(folders, reads_as, in_process, monkeypatch):
    calendar_page = room("calendar_page")
    reads_as(Role.EDITOR)
    state: dict = {}
    monkeypatch.setattr(st, "session_state", state)
    monkeypatch.setattr(calendar_page, "default", lambda: folders)
    calendar_page._save("newcomers", "", "15.11.")
    assert "wer liefert" in state[calendar_page._ERROR]
    calendar_page._save("newcomers", "Ausländerbehörde", "30.2.")
    assert "due" in state[calendar_page._ERROR]
    calendar_page._save("newcomers", "Ausländerbehörde", "15.11.")
    (kept,) = expected.listed(folders)[0]
    assert kept.entry.due == "15.11."
    calendar_page._remove(kept.name)
    assert expected.listed(folders)[0] == []
