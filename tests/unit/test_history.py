"""The record of what was done: whole, in order, and no change of it goes unnoticed."""

import json
import multiprocessing
import stat

import pytest

from indicators.folders import Folders
from indicators.saved import history


@pytest.fixture
def noted(own_folders: Folders) -> Folders:
    """A history of five entries."""
    for number in range(1, 6):
        history.note(own_folders, "anna", "veröffentlicht", f"Datenstand {number}", "Grund")
    return own_folders


def _lines(folders: Folders) -> list[str]:
    return history.path_of(folders).read_text("utf-8").splitlines()


def _put(folders: Folders, lines: list[str]) -> None:
    history.path_of(folders).write_text("".join(f"{line}\n" for line in lines), "utf-8")


def test_who_when_what_and_why_come_back_as_they_were_noted(noted):
    found = history.read(noted)
    assert found.faults == ()
    assert [one.number for one in found.entries] == [1, 2, 3, 4, 5]
    last = found.entries[-1]
    assert (last.who, last.act, last.what) == ("anna", "veröffentlicht", "Datenstand 5")
    assert last.reason == "Grund" and last.when.utcoffset().total_seconds() == 0
    for path in noted.saved.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path


def test_nothing_done_is_no_fault(own_folders):
    assert history.read(own_folders) == history.History((), ())


def _changed(line: str) -> str:
    return json.dumps(json.loads(line) | {"who": "berta"}, ensure_ascii=False)


TAMPERED = {
    "a changed line": (lambda a: [*a[:2], _changed(a[2]), *a[3:]], "Eintrag 3"),
    "a removed line": (lambda a: a[:1] + a[2:], "Vor Eintrag 3"),
    "the first removed": (lambda a: a[1:], "Vor Eintrag 2"),
    "two lines swapped": (lambda a: [a[0], a[2], a[1], *a[3:]], "Vor Eintrag 3"),
    "a line twice": (lambda a: [*a[:2], a[1], *a[2:]], "Vor Eintrag 2"),
    "the last cut off": (lambda a: a[:-1], "Am Ende fehlen"),
    "the last three cut off": (lambda a: a[:2], "Am Ende fehlen"),
    "all cut off": (lambda a: [], "Am Ende fehlen"),
    "a torn line": (lambda a: [*a[:2], a[2][:40], *a[3:]], "Zeile 3 ist beschädigt"),
    "a foreign line": (lambda a: [*a, "{}"], "Zeile 6 ist beschädigt"),
}


@pytest.mark.parametrize("name", TAMPERED)
def test_every_change_is_found_also_after_more_was_noted(noted, name):
    tamper, told = TAMPERED[name]
    _put(noted, tamper(_lines(noted)))
    assert told in " ".join(history.read(noted).faults)
    for _ in range(3):
        history.note(noted, "anna", "angemeldet", "")
        assert history.read(noted).faults, name


def test_a_process_killed_between_the_line_and_the_end_leaves_no_fault(noted):
    end = noted.saved / "history-end.json"
    before = end.read_bytes()
    history.note(noted, "anna", "angemeldet", "")
    end.write_bytes(before)
    assert history.read(noted).faults == ()


def test_a_line_torn_by_a_crash_ends_there(noted):
    with history.path_of(noted).open("a", encoding="utf-8") as file:
        file.write('{"number": 6, "wh')
    history.note(noted, "anna", "angemeldet", "")
    found = history.read(noted)
    assert found.faults == ("Zeile 6 ist beschädigt und nicht lesbar.",)
    assert [one.number for one in found.entries] == [1, 2, 3, 4, 5, 6]


def test_no_name_forges_a_line(own_folders):
    forged = 'x"}\n{"number": 2, "who": "amt"}\u2028\x1b[2J'
    history.note(own_folders, forged, "angemeldet", forged, forged)
    found = history.read(own_folders)
    assert len(found.entries) == 1 and found.faults == ()
    assert "\n" not in found.entries[0].who and "\x1b" not in found.entries[0].who


def _note_many(folders: Folders) -> None:
    for number in range(20):
        history.note(folders, "anna", "gespeichert", f"Mappe {number}")


def test_processes_that_note_at_once_lose_nothing(own_folders):
    workers = [multiprocessing.Process(target=_note_many, args=(own_folders,)) for _ in range(4)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    found = history.read(own_folders)
    assert len(found.entries) == 80 and found.faults == ()
