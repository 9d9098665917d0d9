"""Writing: whole or not at all, whatever happens, closed to others where it is for the office."""

import os
import resource
import signal
import stat

import pytest

from indicators import writing
from indicators.errors import BuildError


def mode(path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def full_disk(monkeypatch):
    """No file can grow beyond 4 kB: the system itself says so."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    signal.signal(signal.SIGXFSZ, handler)


def test_a_file_is_whole_and_nothing_lies_beside_it(tmp_path):
    path = writing.write(tmp_path / "new" / "a.json", "ä" * 10)
    assert path.read_text(encoding="utf-8") == "ä" * 10 and mode(path) == 0o644
    writing.write(path, b"other")
    assert path.read_bytes() == b"other" and list(path.parent.iterdir()) == [path]


def test_a_full_disk_leaves_the_old_file_and_says_so_in_german(tmp_path, full_disk):
    path = writing.write(tmp_path / "a.json", b"old")
    with pytest.raises(BuildError, match=r"a\.json kann nicht geschrieben .* kein Platz .*Schritt"):
        writing.write(path, b"x" * 10_000)
    assert path.read_bytes() == b"old" and list(tmp_path.iterdir()) == [path]


def test_a_folder_in_the_place_of_a_file_is_told(tmp_path):
    (tmp_path / "a.json" / "inside").mkdir(parents=True)
    with pytest.raises(BuildError, match="dort liegt ein Ordner.*Nächster Schritt"):
        writing.write(tmp_path / "a.json", b"x")
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]


def test_a_file_in_the_place_of_a_folder_is_told(tmp_path):
    (tmp_path / "maps").write_text("x")
    for target in (tmp_path / "maps", tmp_path / "maps" / "below"):
        with pytest.raises(BuildError, match="dort liegt eine Datei.*Nächster Schritt"):
            writing.folder(target)
    with pytest.raises(BuildError, match="dort liegt eine Datei.*Nächster Schritt"):
        writing.write(tmp_path / "maps" / "a.json", b"x")


def test_a_read_only_folder_is_told(tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(writing.tempfile, "mkstemp", refuse)
    with pytest.raises(BuildError, match="die Rechte fehlen. Nächster Schritt"):
        writing.write(tmp_path / "a.json", b"x")


def test_an_error_nobody_foresaw_still_has_a_next_step():
    assert "Nächster Schritt" in writing.reason(OSError(5, "Input/output error"))


def test_an_error_of_the_writer_leaves_nothing(tmp_path):
    with pytest.raises(ZeroDivisionError), writing.aside(tmp_path / "a") as part:
        part.write_text("half")
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


def test_what_is_for_the_office_is_closed_to_others(tmp_path):
    path = writing.write(tmp_path / "office" / "a.txt", "x", private=True)
    assert mode(path) == 0o600 and mode(path.parent) == 0o700


def test_what_lay_open_is_closed(tmp_path):
    inside = tmp_path / "office" / "table" / "a.csv"
    inside.parent.mkdir(parents=True)
    inside.write_text("x")
    for path in (inside.parent.parent, inside.parent):
        path.chmod(0o755)
    inside.chmod(0o644)
    writing.folder(tmp_path / "office", private=True)
    assert [mode(p) for p in (inside, inside.parent, inside.parent.parent)] == [
        0o600,
        0o700,
        0o700,
    ]


def test_names_aside_are_never_the_same_and_are_removed_later(tmp_path):
    parts = {writing.unused(tmp_path / "a.duckdb") for _ in range(20)}
    assert len(parts) == 20
    for part in parts:
        part.touch()
        part.with_name(f"{part.name}.wal").touch()
    kept = tmp_path / "a.duckdb"
    kept.touch()
    writing.remove_parts(tmp_path)
    assert os.listdir(tmp_path) == ["a.duckdb"]
