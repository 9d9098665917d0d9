"""Veröffentlichen: who sees a preview, what stands against it, and what readers see of it."""

import pytest

from indicators.folders import Folders
from indicators.release import releases
from indicators.release.releases import PREVIEW
from indicators.saved import history
from pages.shared import permission
from pages.shared.permission import Reader, Role
from tests.pages import candidates
from tests.pages.apps import EXPLORER, OVERVIEW, is_fine, opened, told, words

PAGE = "pages/views/publishing.py"
PREVIEWED = PREVIEW + candidates.ID


@pytest.fixture
def town(data_folder):
    """The data folder with a candidate, and indicator and region of the value that changes."""
    folders = Folders(data_folder)
    before = releases.pointer(folders)
    changed = candidates.make(folders)
    yield folders, *changed
    candidates.undo(folders, before)


@pytest.fixture
def reads_as(monkeypatch):
    def reads(role: Role, name: str = "rosa") -> None:
        monkeypatch.setattr(permission, "reader", lambda: Reader(name, role))

    return reads


def click(app, label: str):
    (found,) = [one for one in app.button if one.label == label]
    found.click().run()
    assert is_fine(app), app.exception
    return app


def test_a_preview_is_shown_and_marked_on_every_page_to_who_may(town, reads_as):
    _, indicator, region = town
    address = {"kind": "trend", "indicator": indicator, "region": region, "release": PREVIEWED}
    # filled by who may see it, and refused to the next reader all the same
    reads_as(Role.EDITOR)
    app = opened(EXPLORER, **address)
    assert is_fine(app) and "Vorschau: nicht veröffentlicht" in words(app)
    app = opened(OVERVIEW, region=region, release=PREVIEWED, stage="1")
    assert is_fine(app) and "Vorschau: nicht veröffentlicht" in words(app)
    reads_as(Role.READER)
    for stage in ({}, {"stage": "1"}):
        app = opened(EXPLORER, **address, **stage)
        assert "Diese Vorschau gibt es nicht" in told(app)
        assert "nicht veröffentlicht" not in words(app)
    app = opened(EXPLORER, **address | {"release": candidates.ID})
    assert f"Den Datenstand {candidates.ID} gibt es nicht" in told(app)


def test_it_is_published_when_all_is_settled_and_taken_back(town, reads_as):
    folders, *_ = town
    before = releases.pointer(folders)
    reads_as(Role.EDITOR)
    app = opened(PAGE)
    assert is_fine(app) and "Veröffentlichen darf, wer die Rolle „Freigabe“ hat" in words(app)
    reads_as(Role.RELEASER, "frida")
    app = opened(PAGE)
    assert "geändert" in words(app) and "✓ Schutz ohne Einwand" in words(app)
    click(app, "Veröffentlichen")
    assert "Noch offen: Prüfbericht gelesen und Änderungen angesehen" in words(app)
    for box in app.checkbox:
        if box.label.startswith(("Prüfbericht gelesen", "Änderungen angesehen")):
            box.check()
    click(app, "Veröffentlichen")
    assert "Es fehlt der Grund" in words(app) and releases.pointer(folders) == before
    app.text_area[0].input("Neue Zahlen sind da")
    click(app, "Veröffentlichen")
    assert releases.pointer(folders) == candidates.ID and not releases.candidates(folders)
    entry = history.read(folders).entries[-1]
    assert (entry.who, entry.act, entry.reason) == (
        "frida",
        "veröffentlicht",
        "Neue Zahlen sind da",
    )
    (field,) = [one for one in app.text_input if one.label == "Grund für das Zurücknehmen"]
    field.input("Spalte vertauscht")
    click(app, "Datenstand zurücknehmen")
    assert releases.pointer(folders) == before
    # readers are told why, and who froze a link still sees it
    reads_as(Role.READER, "")
    app = opened("pages/views/catalogue.py", section="releases", region="verbund:hof")
    assert "Neue Zahlen sind da" in words(app) and "Spalte vertauscht" in words(app)
    assert "frida" not in words(app)
    app = opened(EXPLORER, region="verbund:hof", release=candidates.ID)
    assert "zurückgenommen" in words(app) and is_fine(app)


def test_there_is_no_such_page_for_readers(town, reads_as):
    reads_as(Role.READER)
    app = opened()
    assert "Veröffentlichen" not in words(app)
