"""Damage and its repair: the last good one is shown, the build mends, nothing is forgotten."""

import json
import shutil

import duckdb
import pytest

from indicators import __main__ as command
from indicators.errors import BuildError, ReleaseError
from indicators.folders import Folders
from indicators.publishing import auditing, history, publish, run
from indicators.publishing.report import Report
from indicators.release import publication, releases
from tests.unit import small
from tests.unit.light import VIEW, built_with, deliver, known_before, shown_value
from tests.unit.small import Cell


def file_of(folders: Folders, id: str):
    return folders.releases / f"{id}.duckdb"


def flip(path, at: float = 0.5, count: int = 64) -> None:
    """Turns bytes of a file around, in place: `at` says where, from 0 to 1."""
    content = bytearray(path.read_bytes())
    begin = int(len(content) * at)
    content[begin : begin + count] = bytes(255 - byte for byte in content[begin : begin + count])
    path.write_bytes(content)


@pytest.fixture
def two(light_shipped, own_folders, tmp_path):
    """A folder with two releases of a town's own table, and their ids."""
    return own_folders, built_with(own_folders, tmp_path, (21, 22))


# --- reading --------------------------------------------------------------------------------------


@pytest.mark.parametrize("at", [0.001, 0.3, 0.6, 0.9])
def test_a_changed_byte_anywhere_is_noticed(two, at):
    folders, (first, second) = two
    flip(file_of(folders, second), at)
    with pytest.raises(ReleaseError, match=f"{second} ist beschädigt"):
        releases.open_release(folders, second)
    opened = releases.open_release(folders)
    assert opened.id == first and shown_value(opened) == 21
    assert "Es wird der Stand vom " in releases.notice(folders, opened)
    opened.close()


@pytest.mark.parametrize(
    "damage",
    [
        lambda pointer: pointer.write_text(""),
        lambda pointer: pointer.write_text("{"),
        lambda pointer: pointer.write_text("[]"),
        lambda pointer: pointer.write_text('{"release": 5}'),
        lambda pointer: pointer.write_text('{"release": "gone"}'),
        lambda pointer: pointer.write_bytes(b"\xff\xfe"),
        lambda pointer: pointer.unlink(),
        lambda pointer: (pointer.unlink(), pointer.mkdir()),
    ],
    ids=["empty", "cut off", "a list", "a number", "unknown", "no text", "missing", "a folder"],
)
def test_a_broken_pointer_shows_the_newest_and_is_mended(damage, built_folders):
    id = releases.current_id(built_folders)
    pointer = built_folders.releases / "current.json"
    damage(pointer)
    opened = releases.open_release(built_folders)
    assert opened.id == id and "Es wird der Stand vom " in releases.notice(built_folders, opened)
    opened.close()
    if pointer.is_dir():
        with pytest.raises(BuildError, match="current.json ist ein Ordner. Nächster Schritt"):
            run.build(built_folders)
        return
    assert run.build(built_folders).unchanged
    assert json.loads(pointer.read_text()) == {"release": id}
    assert releases.notice(built_folders, releases.open_release(built_folders)) == ""


def test_what_was_taken_back_is_shown_only_if_nothing_else_is_left(tmp_path):
    folders = Folders(tmp_path)
    ids = ("a", "b", "c")
    for number, id in enumerate(ids):
        content = small.content_of(CATALOG, pupils=[Cell(number)])
        publish.finish(
            publish.write(content, id, folders.releases),
            id,
            folders,
            Report(),
            before=ids[:number][::-1],
        )
    publication.put_in_force("b", folders)
    flip(file_of(folders, "b"))
    assert releases.open_release(folders).id == "a"
    flip(file_of(folders, "a"))
    assert releases.open_release(folders).id == "c"
    flip(file_of(folders, "c"))
    with pytest.raises(ReleaseError, match="b ist beschädigt"):
        releases.open_release(folders)


CATALOG = small.catalog(small.indicator())


def test_damage_after_opening_is_told_in_german_and_leads_elsewhere(tmp_path):
    folders = Folders(tmp_path)
    cells = [Cell(n, region=r) for n, r in enumerate(small.REGIONS)]
    opened = small.make_release(tmp_path, CATALOG, pupils=cells)
    before = releases.stamp(folders, opened.id)

    def broken(*_):
        raise duckdb.IOException("Corrupt database file: computed checksum does not match")

    cursor = opened._connection.cursor

    class Broken:
        def __enter__(self):
            return type("C", (), {"execute": broken})()

        def __exit__(self, *_):
            return None

    object.__setattr__(opened, "_connection", type("Con", (), {"cursor": lambda self: Broken()})())
    with pytest.raises(ReleaseError, match="ist beschädigt"):
        opened.frame("SELECT 1")
    assert cursor and releases.stamp(folders, opened.id) != before
    with pytest.raises(ReleaseError, match="ist beschädigt"):
        releases.open_release(folders, opened.id)


def test_no_message_for_readers_names_a_path(two, capsys):
    folders, ids = two
    for id in ids:
        flip(file_of(folders, id))
    (folders.releases / "current.json").write_text("")
    for asked in (None, *ids, "unknown"):
        with pytest.raises(ReleaseError) as raised:
            releases.open_release(folders, asked)
        assert str(folders.data) not in str(raised.value) and "/" not in str(raised.value)


def test_the_command_line_answers_from_the_last_good_release_and_says_so(two, capsys):
    folders, (first, second) = two
    flip(file_of(folders, second))
    given = ["--data", str(folders.data)]
    assert command.main([*given, "answer", VIEW]) == 0
    said = capsys.readouterr()
    assert json.loads(said.out)["release"] == first
    assert "Es wird der Stand vom " in said.err and "Nächster Schritt" in said.err
    assert command.main([*given, "list"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == [second, first]
    assert command.main([*given, "answer", f"{VIEW}&release={second}"]) == 1
    assert "ist beschädigt" in capsys.readouterr().err


# --- mending --------------------------------------------------------------------------------------


@pytest.mark.parametrize("at", [0.001, 0.5])
def test_a_build_mends_the_release_in_force_in_its_place(two, at):
    folders, (first, second) = two
    flip(file_of(folders, second), at)
    built = run.build(folders)
    assert (built.id, built.unchanged, built.published) == (second, False, True)
    opened = releases.open_release(folders)
    assert opened.id == second and opened.before == (first,) and shown_value(opened) == 22
    assert known_before(opened) == [21] and releases.notice(folders, opened) == ""
    opened.close()
    assert run.build(folders).unchanged


def test_a_damaged_or_missing_map_is_made_again(built_folders):
    id = releases.current_id(built_folders)
    first, second, *_ = sorted(built_folders.map_files.glob("*.json"))
    content = first.read_bytes()
    flip(first)
    second.unlink()
    built = run.build(built_folders)
    assert built.id == id and first.read_bytes() == content and second.exists()


def test_missing_proofs_and_papers_are_made_again(two):
    folders, (_, second) = two
    papers = sorted(path for path in folders.office.iterdir() if second in path.name)
    paper = folders.office / f"{second}-schutzbericht.txt"
    told = paper.read_text(encoding="utf-8")
    paper.unlink()
    assert run.build(folders).unchanged and paper.read_text(encoding="utf-8") == told
    for path in papers:
        path.unlink()
    built = run.build(folders)
    assert built.id == second and all(path.exists() for path in papers)


def test_a_file_without_facts_is_a_release_that_is_put_in_force(two):
    """As a build leaves it that is killed just before."""
    folders, (first, second) = two
    facts = file_of(folders, second).with_suffix(".json")
    told = json.loads(facts.read_text())
    facts.unlink()
    (folders.releases / "current.json").write_text(json.dumps({"release": first}))
    built = run.build(folders)
    assert built.id == second and built.unchanged
    again = json.loads(facts.read_text())
    assert {k: again[k] for k in ("before", "made_of", "sha256")} == {
        k: told[k] for k in ("before", "made_of", "sha256")
    }


def test_what_a_damaged_release_showed_is_read_as_far_as_it_can_be(two, tmp_path):
    """The checksum is wrong, the table is not: 22 is known to the release after it."""
    folders, (first, second) = two
    path = file_of(folders, second)
    path.write_bytes(path.read_bytes() + b"\0")
    deliver(folders, tmp_path, 23, "third")
    built = run.build(folders)
    opened = releases.open_release(folders)
    assert known_before(opened) == [21, 22] and opened.before == (first,)
    (warning,) = [text for text in built.report.of("warning") if second in text]
    assert "alles und wird berücksichtigt" in warning and "Nächster Schritt" in warning
    opened.close()
    assert auditing.earlier_releases(opened, folders)[0].id == first


@pytest.mark.parametrize("lost", ["file", "content"])
def test_what_cannot_be_read_any_more_is_said(two, tmp_path, lost):
    folders, (first, second) = two
    path = file_of(folders, second)
    if lost == "file":
        path.unlink()
    else:
        path.write_bytes(b"nothing")
    deliver(folders, tmp_path, 23, "third")
    built = run.build(folders)
    (warning,) = [text for text in built.report.of("warning") if second in text]
    assert "nichts; es kann nicht berücksichtigt werden" in warning
    assert known_before(releases.open_release(folders)) == [21]


def test_a_release_put_back_from_a_backup_counts_again(two, tmp_path):
    folders, (first, second) = two
    path = file_of(folders, second)
    kept = shutil.copy(path, tmp_path / "backup")
    path.write_bytes(b"nothing")
    deliver(folders, tmp_path, 23, "third")
    third = run.build(folders).id
    shutil.copy(kept, path)
    deliver(folders, tmp_path, 24, "fourth")
    opened = releases.open_release(folders, run.build(folders).id)
    assert known_before(opened) == [21, 22, 23]
    assert set(opened.before) == {first, second, third}


def test_a_damaged_member_of_the_chain_is_no_loss(two, tmp_path):
    """The one after it knows what it showed."""
    folders, (first, second) = two
    flip(file_of(folders, first))
    deliver(folders, tmp_path, 23, "third")
    built = run.build(folders)
    assert not [text for text in built.report.of("warning") if "beschädigt" in text]
    assert known_before(releases.open_release(folders)) == [21, 22]
    assert history.latest(folders).damaged == ()
