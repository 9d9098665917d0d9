"""Builds that are killed or cannot write: the last good release stays, the next build succeeds."""

import os
import resource
import shutil
import signal
import sys
import warnings

import pytest

from indicators import __main__ as command
from indicators.errors import BuildError
from indicators.folders import Folders
from indicators.publishing import results, run
from indicators.publishing.fingerprints import KEY
from indicators.release import publication, releases
from indicators.saved import history
from tests.unit.light import built_with, deliver, known_before, shown_value

pytestmark = pytest.mark.build

# What the system is asked for when files are written, renamed and removed.
_EVENTS = ("open", "os.rename", "os.remove", "os.chmod", "os.mkdir")
# KILLS=1000 kills at every single moment.
KILLS = int(os.environ.get("KILLS", "5"))


def killed_at(folders: Folders, moment: int, act=lambda folders: run.build(folders)) -> int:
    """Builds (or does something else) in a process of its own that kills itself when it changes a
    file of the folder for the nth time, and returns how often it did."""
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # threads of a library, asleep
        child = os.fork()
    if child == 0:

        def watch(event: str, arguments: tuple) -> None:
            changes = event != "open" or any(mode in str(arguments[1]) for mode in "wa+")
            if event in _EVENTS and changes and str(folders.data) in str(arguments[0]):
                os.write(writing, b".")
                if next(left) == 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        left = iter(range(moment, -1, -1))
        sys.addaudithook(watch)
        try:
            act(folders)
        finally:
            os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    with os.fdopen(reading, "rb") as told:
        return len(told.read())


def test_a_build_killed_anywhere_harms_nothing(light_shipped, own_folders, tmp_path):
    built_with(own_folders, tmp_path, (21,))
    deliver(own_folders, tmp_path, 22, "new")
    whole = Folders(shutil.copytree(own_folders.data, tmp_path / "whole"))
    moments = killed_at(whole, 10_000)
    assert moments > 12 and shown_value(releases.open_release(whole)) == 22
    for moment in range(0, moments, max(1, moments // KILLS)):
        folders = Folders(shutil.copytree(own_folders.data, tmp_path / f"killed_{moment}"))
        assert killed_at(folders, moment) == moment + 1
        opened = releases.open_release(folders)
        assert shown_value(opened) in (21, 22)
        opened.close()
        built = run.build(folders)
        opened = releases.open_release(folders)
        assert built.published and opened.id == built.id == releases.pointer(folders)
        assert shown_value(opened) == 22 and known_before(opened) == [21]
        opened.close()
        assert not [path for path in folders.data.rglob("*") if ".part" in path.name]
        papers = {path.name.split("-")[0].split(".")[0] for path in folders.office.iterdir()}
        others = {"build", KEY, results.FOLDER, folders.candidates.name, folders.releasing.name}
        assert papers - others == {one.id for one in releases.listed(folders)}
        assert not list(folders.candidates.iterdir())
        noted = [(e.act, e.what) for e in history.read(folders).entries]
        assert noted == [(publication.PUBLISHED, one.id) for one in releases.listed(folders)[::-1]]
        assert not history.read(folders).faults


@pytest.fixture
def limited():
    """Sets how large a file can grow, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    yield lambda size: resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    signal.signal(signal.SIGXFSZ, handler)


# bytes: nothing at all, no map, maps but no release, a release but no checkpoint of it
@pytest.mark.parametrize("size", [0, 50_000, 300_000, 700_000])
def test_a_full_disk_publishes_nothing_and_says_so_in_german(
    light_shipped, own_folders, tmp_path, limited, size
):
    (first,) = built_with(own_folders, tmp_path, (21,))
    deliver(own_folders, tmp_path, 22, "new")
    limited(size)
    with pytest.raises(BuildError, match="Nächster Schritt: .*peicherplatz"):
        run.build(own_folders)
    limited(resource.RLIM_INFINITY)
    assert releases.open_release(own_folders).id == first
    assert not [path for path in own_folders.data.rglob("*") if ".part" in path.name]
    assert run.build(own_folders).published


@pytest.mark.parametrize("name", ["releases", "office", "releases/maps"])
def test_a_file_in_the_place_of_a_folder_is_told_in_german(
    light_shipped, own_folders, tmp_path, name
):
    built_with(own_folders, tmp_path, (21,))
    folder = own_folders.data / name
    shutil.move(folder, tmp_path / "kept")
    folder.touch()
    with pytest.raises(BuildError, match="dort liegt eine Datei, wo ein Ordner hingehört. Näch"):
        run.build(own_folders)
    folder.unlink()
    shutil.move(tmp_path / "kept", folder)
    assert run.build(own_folders).unchanged


def test_a_folder_that_cannot_be_read_is_no_traceback(tmp_path, capsys, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied", str(tmp_path / "received"))

    monkeypatch.setattr(run, "deliveries", refuse)
    assert command.main(["--data", str(tmp_path), "build"]) == 1
    said = capsys.readouterr().err
    assert "received: die Rechte fehlen. Nächster Schritt" in said and "denied" not in said
