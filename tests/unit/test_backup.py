"""A copy of all that is a town's own and the way back: whole, sound, and over nothing."""

import hashlib
import io
import json
import multiprocessing
import shutil
import stat
import zipfile

import pytest

from indicators import agenda as agendas
from indicators import view as views
from indicators.answers.answering import answer
from indicators.errors import BuildError, FileError
from indicators.folders import Folders
from indicators.release import releases
from indicators.saved import accounts, backup, history, sessions
from indicators.saved import agendas as saved
from indicators.saved.accounts import Role

pytestmark = pytest.mark.build


@pytest.fixture(scope="module")
def town(small_build, tmp_path_factory) -> Folders:
    """A small town with a release, accounts, a history, an agenda, settings and a look."""
    folders = Folders(tmp_path_factory.mktemp("town") / "data")
    shutil.copytree(small_build.data, folders.data)
    folders.settings.write_text('hosts = ["bildung.stadt.de"]\n')
    folders.look.write_text('name = "Bildungsbüro"\nlogo = "logo.svg"\n')
    (folders.data / "logo.svg").write_text("<svg/>")
    folders.received.mkdir(exist_ok=True)
    (folders.received / "liste.csv").write_text("a;b\n1;2\n")
    anna = accounts.add(folders, "anna", Role.EDITOR)
    slide = agendas.Item(title="Anlass", text="…")
    saved.save(folders, agendas.Agenda(title="Ausschuss im März", item=(slide,)))
    history.note(folders, "anna", "Sitzung gespeichert", "Ausschuss im März")
    sessions.begin(folders, anna)
    return folders


@pytest.fixture(scope="module")
def copy(town, tmp_path_factory):
    path = tmp_path_factory.mktemp("copies") / "sicherung.zip"
    backup.write(town, path)
    return path


def _all(folders: Folders) -> dict[str, bytes]:
    return {
        path.relative_to(folders.data).as_posix(): path.read_bytes()
        for path in folders.data.rglob("*")
        if path.is_file() and not path.name.endswith(".lock") and "/aside/" not in str(path)
    }


def test_on_another_machine_everything_is_as_it_was(town, copy, own_folders):
    done = backup.restore(own_folders, copy)
    assert done.aside is None
    ids = [(one.id, one.in_force) for one in releases.listed(town)]
    assert [(one.id, one.in_force) for one in releases.listed(own_folders)] == ids and ids
    query = "kind=table&indicator=abgaenger_ohne_abschluss_anteil&region=09464"
    answers = []
    for folders in (town, own_folders):
        opened = releases.open_release(folders)
        view = views.parse(query, opened.catalog, opened.regions)
        answers.append(answer(opened, view).as_json())
        opened.close()
    assert answers[0] == answers[1] and answers[0]["rows"]
    assert history.read(own_folders) == history.read(town)
    assert accounts.listed(own_folders) == accounts.listed(town)
    assert saved.listed(own_folders) == saved.listed(town)
    assert own_folders.hosts == town.hosts
    there = _all(own_folders)
    assert there["logo.svg"] == b"<svg/>" and there["received/liste.csv"]
    assert there["office/schluessel"] == (town.office / "schluessel").read_bytes()


def test_nobody_stays_signed_in_and_nothing_half_done_comes_along(town, copy):
    names = zipfile.ZipFile(copy).namelist()
    assert not [n for n in names if "session" in n or ".lock" in n or ".part" in n]
    assert not [n for n in names if "zwischenergebnisse" in n]


def test_a_copy_and_what_comes_back_are_closed_to_others(copy, own_folders):
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    backup.restore(own_folders, copy)
    for path in (own_folders.office / "schluessel", own_folders.saved / "accounts.json"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path


def test_what_lies_there_is_never_overwritten(town, copy, own_folders):
    own_folders.received.mkdir(parents=True)
    (own_folders.received / "andere.csv").write_text("andere")
    before = _all(own_folders)
    with pytest.raises(BuildError, match="received.*--instead"):
        backup.restore(own_folders, copy)
    assert _all(own_folders) == before
    done = backup.restore(own_folders, copy, instead=True)
    assert (done.aside / "received" / "andere.csv").read_text() == "andere"
    assert not (own_folders.received / "andere.csv").exists()
    assert releases.pointer(own_folders) == releases.pointer(town)
    assert "aside/" not in "".join(_all(own_folders))
    assert not list(own_folders.data.glob(".restored*"))


def test_folders_as_they_are_cloned_hold_nothing(copy, own_folders):
    for name in ("definitions", "received", "releases"):
        (own_folders.data / name).mkdir(parents=True)
        (own_folders.data / name / "README.md").write_text("hier liegt …")
    assert backup.restore(own_folders, copy).copied.files


def test_an_empty_folder_has_no_copy(own_folders, tmp_path):
    with pytest.raises(BuildError, match="keine eigenen Daten"):
        backup.write(own_folders, tmp_path / "x.zip")
    assert not list(tmp_path.glob("*.zip"))


def _changed(copy, **changes) -> bytes:
    """The copy with some files replaced or, where None, left out; and the list as it was."""
    made = io.BytesIO()
    with zipfile.ZipFile(copy) as source, zipfile.ZipFile(made, "w") as target:
        for name in source.namelist():
            content = changes.get(name, source.read(name))
            if content is not None:
                target.writestr(name, content)
        for name, content in changes.items():
            if name not in source.namelist() and content is not None:
                target.writestr(name, content)
    return made.getvalue()


def _listed_too(copy, name: str, content: bytes) -> bytes:
    """A file more, which the list names as well: made by hand."""
    about = json.loads(zipfile.ZipFile(copy).read(backup.LIST))
    digest = hashlib.sha256(content).hexdigest()
    about["files"][name] = {"size": len(content), "sha256": digest}
    return _changed(copy, **{backup.LIST: json.dumps(about).encode(), name: content})


def _about(copy, **changes) -> bytes:
    about = json.loads(zipfile.ZipFile(copy).read(backup.LIST)) | changes
    return _changed(copy, **{backup.LIST: json.dumps(about).encode()})


def _cut(copy) -> bytes:
    return copy.read_bytes()[: copy.stat().st_size // 2]


def _flipped(copy) -> bytes:
    content = bytearray(copy.read_bytes())
    content[len(content) // 2] ^= 0xFF
    return bytes(content)


BAD = {
    "empty": lambda copy: b"",
    "no zip": lambda copy: b"Sehr geehrte Damen und Herren",
    "another zip": lambda copy: _changed(copy, **{backup.LIST: None}),
    "of another program": lambda copy: _about(copy, kind="anderes"),
    "of a newer version": lambda copy: _about(copy, version=99),
    "a broken list": lambda copy: _changed(copy, **{backup.LIST: b"{"}),
    "cut off": _cut,
    "one bit flipped": _flipped,
    "a changed file": lambda copy: _changed(copy, **{"settings.toml": b"example = false"}),
    "a file left out": lambda copy: _changed(copy, **{"settings.toml": None}),
    "a file more": lambda copy: _changed(copy, **{"saved/accounts2.json": b"[]"}),
    "out of the folder": lambda copy: _listed_too(copy, "../evil.txt", b"x"),
    "from the root": lambda copy: _listed_too(copy, "/tmp/evil.txt", b"x"),
    "a drive": lambda copy: _listed_too(copy, "C:\\evil.txt", b"x"),
    "a session": lambda copy: _listed_too(copy, "saved/sessions/key", b"1" * 32),
    "a broken release": lambda copy: _listed_too(
        copy, f"releases/{json.loads(zipfile.ZipFile(copy).read(backup.LIST))['release']}.duckdb",
        b"broken",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", BAD)
def test_what_is_damaged_or_foreign_is_refused_and_nothing_changes(
    copy, own_folders, tmp_path, kind
):
    path = tmp_path / "bad.zip"
    path.write_bytes(BAD[kind](copy))
    own_folders.received.mkdir(parents=True)
    (own_folders.received / "andere.csv").write_text("andere")
    before = _all(own_folders)
    with pytest.raises(FileError, match="^bad.zip") as refused:
        backup.restore(own_folders, path, instead=True)
    assert "Schritt" in str(refused.value) or "Datenstand" in str(refused.value)
    assert _all(own_folders) == before
    assert not list(own_folders.data.glob(".restored*")) and not (tmp_path / "evil.txt").exists()


def test_where_a_move_fails_all_goes_back(copy, own_folders, monkeypatch):
    own_folders.received.mkdir(parents=True)
    (own_folders.received / "andere.csv").write_text("andere")
    before = _all(own_folders)
    move = backup._move

    def fails(source, target):
        if source.name == "releases":
            raise OSError(28, "No space left on device")
        return move(source, target)

    monkeypatch.setattr(backup, "_move", fails)
    with pytest.raises(BuildError, match="kein Platz"):
        backup.restore(own_folders, copy, instead=True)
    assert _all(own_folders) == before


def _busy(folders: Folders, stop) -> None:
    number = 0
    while not stop.is_set():
        number += 1
        history.note(folders, "anna", "gespeichert", f"Mappe {number}")
        (folders.received / f".neu-{number}.part").write_text("halb")


def test_a_copy_made_while_others_write_is_whole(town, tmp_path):
    folders = Folders(tmp_path / "busy")
    shutil.copytree(town.data, folders.data)
    stop = multiprocessing.Event()
    writer = multiprocessing.Process(target=_busy, args=(folders, stop))
    writer.start()
    try:
        for number in range(5):
            backup.write(folders, tmp_path / f"{number}.zip")
    finally:
        stop.set()
        writer.join()
    for number in range(5):
        back = Folders(tmp_path / f"back{number}")
        backup.restore(back, tmp_path / f"{number}.zip")
        assert history.read(back).faults == ()
        assert releases.pointer(back) == releases.pointer(town)
