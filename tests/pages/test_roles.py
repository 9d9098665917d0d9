"""Every page for somebody who has not signed in: nothing is written, nothing unpublished is read;
and what was drawn for one who may is refused to one who no longer may."""

import ast
import importlib
import os
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from indicators import folders as places
from indicators import jobs
from indicators.errors import NotAllowedError
from indicators.folders import PROJECT
from indicators.saved import accounts, history, sessions
from pages.shared import permission
from pages.shared.permission import Reader, Role
from tests.pages.apps import SCRIPTS, go, is_fine, opened, visit, words

_watched: list[tuple[str, bool]] | None = None
# What is not for the public, below the data folder; a page may ask which accounts there are.
UNPUBLISHED = ("office/", "received/", "saved/history", "saved/sessions/", "saved/attempts")


def _heard(event: str, details: tuple) -> None:
    if _watched is None:
        return
    if event == "open" and isinstance(details[0], str | bytes | Path):
        flags = details[2] if isinstance(details[2], int) else 0
        _watched.append((os.fsdecode(details[0]), bool(flags & (os.O_WRONLY | os.O_RDWR))))
    elif event in ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.symlink"):
        _watched.append((os.fsdecode(details[0]), True))
    elif event == "subprocess.Popen":
        _watched.append(("a process", True))


@pytest.fixture(scope="module")
def _hook() -> None:
    sys.addaudithook(_heard)  # for good: the interpreter takes none back


@pytest.fixture
def touched(_hook, town, data_folder):
    """What was opened below the data folder since: its path there, and whether to write."""
    global _watched
    _watched = []
    yield lambda: [
        (Path(path).relative_to(data_folder).as_posix() if path != "a process" else path, written)
        for path, written in list(_watched or [])
        if path == "a process" or path.startswith(f"{data_folder}/")
    ]
    _watched = None


@pytest.fixture
def town(data_folder, monkeypatch):
    """The data folder of the tests with an account of each role."""
    folders = places.Folders(data_folder)
    path = data_folder / "saved" / "accounts.json"
    for name, role in (("rosa", Role.EDITOR), ("frida", Role.RELEASER)):
        accounts.add(folders, name, role)
    yield folders
    path.unlink()


def _reads_as(monkeypatch, reader: Reader) -> None:
    monkeypatch.setattr(permission, "reader", lambda: reader)


def _page(name: str):
    """A module of the pages; some need Streamlit's runtime, which the first page starts."""
    return importlib.import_module(f"pages.shared.{name}")


def _demand_nothing_touched(touched) -> None:
    found = touched()
    assert any(path.startswith("releases/") for path, _ in found), "the watch is on"
    assert [path for path, written in found if written and not path.endswith(".lock")] == []
    assert [path for path, _ in found if path.startswith(UNPUBLISHED)] == []


@pytest.mark.parametrize("script", SCRIPTS)
def test_no_page_writes_or_reads_what_is_not_published(town, touched, script):
    app = opened(script, region="verbund:hof")
    assert not app.exception
    _demand_nothing_touched(touched)


def test_no_section_of_the_catalogue_does(town, touched):
    app = opened("pages/views/catalogue.py")
    for section in _page("method").SECTIONS:
        assert not visit(app, section=section, region="verbund:hof").exception
    _demand_nothing_touched(touched)


CLAIMS = {"role": "freigabe", "rolle": "2", "user": "frida", "konto": "frida", "admin": "1"}
MORE = {"bildungsblick": "frida", "Host": "localhost", "home": "true", "session": "x.y"}


def test_an_address_gives_nobody_a_role(town):
    app = opened("pages/views/catalogue.py", section="office", **CLAIMS, **MORE)
    said = words(app)
    assert "Konten, Verlauf und Sicherung" in said
    assert "frida" not in said and "Sicherung erstellen" not in said


def test_who_may_publish_sees_accounts_and_history_and_others_do_not(town, monkeypatch):
    history.note(town, "frida", "veröffentlicht", "Datenstand abc", "Probe")
    for role, sees in ((Role.READER, False), (Role.EDITOR, False), (Role.RELEASER, True)):
        _reads_as(monkeypatch, Reader("x", role))
        app = opened("pages/views/catalogue.py", section="office")
        assert is_fine(app)
        assert ("Datenstand abc" in words(app)) is sees
        assert ("rosa" in words(app)) is sees
    for path in town.saved.glob("history*"):
        path.unlink()


def test_a_changed_history_is_told(town, monkeypatch):
    history.note(town, "frida", "veröffentlicht", "Datenstand abc")
    path = history.path_of(town)
    path.write_text(path.read_text("utf-8").replace("abc", "abd"), "utf-8")
    _reads_as(monkeypatch, Reader("frida", Role.RELEASER))
    app = opened("pages/views/catalogue.py", section="office")
    assert "nachträglich geändert" in words(app)
    for one in town.saved.glob("history*"):
        one.unlink()


def test_a_button_drawn_before_the_role_was_taken_starts_nothing(town, monkeypatch, touched):
    _reads_as(monkeypatch, Reader("frida", Role.RELEASER))
    app = opened("pages/views/catalogue.py", section="fetch", region="07111")
    (start,) = [one for one in app.button if one.label.startswith("Tabellen laden")]
    _reads_as(monkeypatch, Reader("frida", Role.READER))
    before = len(touched())
    start.click().run()
    assert not jobs.listed(town)
    assert not [path for path, written in touched()[before:] if written]


def test_what_writes_asks_by_itself(town, monkeypatch, touched):
    """Called without any page, as a forged message of a browser would have it."""
    opened()
    reader = Reader("lea", Role.READER)
    before = len(touched())
    agenda_page, fetching, office = _page("agenda_page"), _page("fetching"), _page("office")
    _reads_as(monkeypatch, reader)
    for needed in (Role.EDITOR, Role.RELEASER):
        with pytest.raises(NotAllowedError, match="Es wurde nichts geändert"):
            permission.demand(needed)
    for section in (office._accounts, office._history):
        with pytest.raises(NotAllowedError):
            section()
    state = {}
    monkeypatch.setattr(agenda_page.st, "session_state", state)
    draft = SimpleNamespace(agenda=SimpleNamespace(title="x", items=()), name="", version="")
    monkeypatch.setattr(agenda_page, "draft", lambda: draft)
    monkeypatch.setattr(agenda_page.address, "clicked", lambda: None)
    agenda_page._save()
    assert "Rolle „Redaktion“" in state["agenda_error"]
    monkeypatch.setattr(fetching.st, "button", lambda *_, **__: True)
    with pytest.raises(NotAllowedError):
        fetching._progress(False)
    assert not [path for path, written in touched()[before:] if written]


def test_nobody_without_a_name_may_anything(monkeypatch):
    _reads_as(monkeypatch, Reader("", Role.RELEASER))
    with pytest.raises(NotAllowedError):
        permission.demand(Role.READER)


def test_two_readers_at_once_see_what_each_of_them_may(town, monkeypatch):
    """What pages keep for everybody must not hold what only some may see."""
    for _ in range(2):
        for reader in (Reader("frida", Role.RELEASER), Reader("", Role.READER)):
            _reads_as(monkeypatch, reader)
            app = opened("pages/views/catalogue.py", section="office")
            assert ("rosa" in words(app)) is (reader.role == Role.RELEASER)


def test_the_menu_says_once_who_reads(town, monkeypatch):
    told = {
        Reader("", Role.READER): "",
        Reader("frida", Role.RELEASER): "frida · Freigabe",
        Reader("frida", Role.READER, must_change=True): "Kennwort wählen",
        Reader("an diesem Rechner", Role.RELEASER, is_home=True): "ohne Anmeldung",
    }
    for reader, line in told.items():
        _reads_as(monkeypatch, reader)
        said = words(opened(region="verbund:hof"))
        assert said.count('class="bb-who"') == bool(line) and line in said
    accounts.set_password(town, "rosa", "vier lampen grün meer")
    _reads_as(monkeypatch, Reader("", Role.READER))
    app = go(opened(), "pages/views/demography.py", region="verbund:hof")
    assert "./konto/anmelden?zurueck=demografie%3Fregion%3Dverbund%253Ahof" in words(app)


# What changes something a town owns, as pages call it.
WRITES = {
    ("saved", "save"), ("saved", "remove"), ("agendas", "save"), ("agendas", "remove"),
    ("backup", "write"), ("backup", "restore"), ("history", "note"), ("writing", "write"),
    ("receive", "take"), ("receiver", "take"), ("jobs", "start"), ("keeping", "freeze"),
    *(("publication", name) for name in ("publish", "release", "withdraw", "take_back")),
    *(("accounts", name) for name in ("add", "remove", "set_role", "set_blocked", "set_password")),
}  # fmt: skip


def _calls(node: ast.AST) -> set[tuple[str, str]]:
    return {
        (call.func.value.id, call.func.attr)
        for call in ast.walk(node)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
    }


def test_every_function_of_a_page_that_writes_demands_a_role():
    found = []
    for path in sorted((PROJECT / "pages").rglob("*.py")):
        if path.name == "sign_in.py":  # who signs in has no role yet; forms are asked instead
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and _calls(node) & WRITES:
                found.append((path.stem, node.name))
                assert ("permission", "demand") in _calls(node), f"{path.name}: {node.name}"
    assert ("agenda_page", "_save") in found and ("work", "start") in found
    assert ("publishing_page", "_published") in found


def test_a_session_of_a_page_is_that_of_the_sign_in(town, monkeypatch):
    accounts.set_password(town, "rosa", "vier lampen grün meer")
    held = sessions.begin(town, accounts.found(town, "rosa"))
    context = SimpleNamespace(
        headers={"Host": "bildung.stadt.de"}, cookies={"__Host-bildungsblick": held}
    )
    monkeypatch.setattr(permission.st, "context", context)
    assert permission.reader() == Reader("rosa", Role.EDITOR)
    assert permission.demand(Role.EDITOR) == "rosa"
    with pytest.raises(NotAllowedError):
        permission.demand(Role.RELEASER)
