"""From a candidate to a release in force and back: who sees what, what is noted, what is refused,
and that a process killed anywhere leaves a whole release and no half word in the history."""

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from benchmarks import publications
from indicators import jobs
from indicators.__main__ import main
from indicators.errors import ReleaseError
from indicators.folders import Folders
from indicators.publishing import run
from indicators.release import checklist, keeping, publication, releases
from indicators.release.difference import difference
from indicators.release.publication import PUBLISHED, TAKEN_BACK, PublicationError
from indicators.release.releases import PREVIEW
from indicators.saved import history
from tests.unit.light import built_with, deliver, ship_little, shown_value
from tests.unit.test_release_killed import KILLS, killed_at

pytestmark = pytest.mark.build


@dataclass(frozen=True)
class Prepared:
    """A town with a release in force that says 21, and the same with a candidate that says 22."""

    folder: Path
    first: str
    candidate: str


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """Built once; every test changes a copy."""
    folder = tmp_path_factory.mktemp("prepared")
    with pytest.MonkeyPatch.context() as patch:
        ship_little(folder, patch)
        town = Folders(folder / "first")
        (first,) = built_with(town, folder, (21,))
        town = Folders(shutil.copytree(town.data, folder / "candidate"))
        deliver(town, folder, 22, "next")
        built = run.build(town, aside=True)
        assert built.complete and not built.published
    return Prepared(folder, first, built.id)


@pytest.fixture
def first(light_shipped, prepared: Prepared, own_folders) -> str:
    shutil.copytree(prepared.folder / "first", own_folders.data)
    return prepared.first


@pytest.fixture
def candidate(first, prepared: Prepared, own_folders) -> str:
    shutil.copytree(prepared.folder / "candidate", own_folders.data, dirs_exist_ok=True)
    return prepared.candidate


def value(folders: Folders) -> float:
    opened = releases.open_release(folders)
    found = shown_value(opened)
    opened.close()
    return found


def acts(folders: Folders) -> list[tuple[str, str]]:
    found = history.read(folders)
    assert not found.faults
    return [(e.act, e.what) for e in found.entries]


def test_a_candidate_is_reached_by_nobody_who_does_not_ask_for_a_preview(
    first, candidate, own_folders, capsys
):
    assert value(own_folders) == 21 and releases.pointer(own_folders) == first
    assert candidate not in [one.id for one in releases.listed(own_folders)]
    for asked in (candidate, PREVIEW + candidate, f"../office/vorschau/{candidate}"):
        with pytest.raises(ReleaseError):
            releases.open_release(own_folders, asked)
    for asked in (f"{PREVIEW}../{candidate}", f"{PREVIEW}../../releases/{first}", PREVIEW):
        with pytest.raises(ReleaseError):
            releases.open_release(own_folders, asked, unpublished=True)
    opened = releases.open_release(own_folders, PREVIEW + candidate, unpublished=True)
    assert shown_value(opened) == 22 and not opened.is_published
    opened.close()
    query = f"kind=table&indicator=visits&region=09464&release={PREVIEW}{candidate}"
    assert main(["--data", str(own_folders.data), "answer", query]) == 1
    assert "Vorschau" in capsys.readouterr().err
    for path in own_folders.candidates.iterdir():
        assert path.stat().st_mode & 0o077 == 0 or path.suffix == ".json"
    assert own_folders.candidates.stat().st_mode & 0o077 == 0


def test_a_candidate_is_published_with_a_reason_and_taken_back_with_one(
    first, candidate, own_folders
):
    with pytest.raises(PublicationError, match="Grund"):
        publication.publish(own_folders, candidate, who="a", reason="  ")
    before = releases.checksum(own_folders.candidates / f"{candidate}.duckdb")
    publication.publish(own_folders, candidate, who="Frau A", reason="Statistik ist da")
    assert value(own_folders) == 22 and releases.pointer(own_folders) == candidate
    path = own_folders.releases / f"{candidate}.duckdb"
    assert releases.checksum(path) == before and path.stat().st_mode & 0o777 == 0o644
    assert not releases.candidates(own_folders)
    entry = history.read(own_folders).entries[-1]
    assert (entry.who, entry.reason) == ("Frau A", "Statistik ist da")
    assert publication.take_back(own_folders, who="Herr B", reason="falsche Spalte") == first
    assert value(own_folders) == 21
    (facts,) = [one for one in releases.listed(own_folders) if one.id == candidate]
    assert facts.taken_back.endswith("falsche Spalte") and facts.reason == "Statistik ist da"
    # nothing is lost: a link to it still shows it
    opened = releases.open_release(own_folders, candidate)
    assert shown_value(opened) == 22
    opened.close()
    with pytest.raises(PublicationError, match="keinen"):
        publication.take_back(own_folders, who="Herr B", reason="noch einmal")
    # no build brings it back by itself, a person with a reason does
    with pytest.raises(PublicationError, match="zurückgenommen.*falsche Spalte"):
        run.build(own_folders)
    publication.publish(own_folders, candidate, who="Frau A", reason="war doch richtig")
    (facts,) = [one for one in releases.listed(own_folders) if one.id == candidate]
    assert value(own_folders) == 22 and (facts.taken_back, facts.reason) == ("", "war doch richtig")
    assert acts(own_folders) == [
        (PUBLISHED, first),
        (PUBLISHED, candidate),
        (TAKEN_BACK, candidate),
        (PUBLISHED, candidate),
    ]


def test_until_its_moment_a_release_is_not_in_force_and_no_build_overtakes_it(
    first, candidate, own_folders, monkeypatch
):
    moment = datetime.now(UTC) + timedelta(hours=1)
    publication.publish(own_folders, candidate, who="a", reason="Presse", not_before=moment)
    publication.settle(own_folders)
    assert value(own_folders) == 21
    for aside in (False, True):
        with pytest.raises(PublicationError, match="ist freigegeben und gilt ab"):
            run.build(own_folders, aside=aside)
    with pytest.raises(ReleaseError):
        releases.open_release(own_folders, candidate)

    class Later(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.now(tz) + timedelta(hours=2)

    monkeypatch.setattr(publication, "datetime", Later)
    publication.settle(own_folders)
    assert value(own_folders) == 22 and publication.plan(own_folders) is None
    publication.settle(own_folders)
    assert acts(own_folders)[1:] == [(publication.RELEASED, candidate), (PUBLISHED, candidate)]


def test_what_waits_can_be_withdrawn(first, candidate, own_folders):
    moment = datetime.now(UTC) + timedelta(hours=1)
    publication.publish(own_folders, candidate, who="a", reason="Presse", not_before=moment)
    publication.withdraw(own_folders, who="b", reason="Termin verschoben")
    assert publication.plan(own_folders) is None and value(own_folders) == 21
    assert [one.id for one in releases.candidates(own_folders)] == [candidate]
    assert run.build(own_folders, aside=True).id == candidate  # taken over, not built again


def test_four_eyes_are_those_of_two(first, candidate, own_folders):
    own_folders.settings.write_text("four_eyes = true\n", encoding="utf-8")
    publication.publish(own_folders, candidate, who="Frau A", reason="neu")
    assert value(own_folders) == 21
    with pytest.raises(PublicationError, match="Vier Augen"):
        publication.release(own_folders, who="Frau A")
    assert value(own_folders) == 21
    publication.release(own_folders, who="Herr B")
    assert value(own_folders) == 22
    assert [(e.act, e.who) for e in history.read(own_folders).entries][1:] == [
        (publication.ASKED, "Frau A"),
        (PUBLISHED, "Herr B"),
    ]
    with pytest.raises(PublicationError, match="nichts zur Freigabe"):
        publication.release(own_folders, who="Herr B")


def test_a_preview_that_does_not_know_what_was_published_since_is_refused(
    first, candidate, own_folders, tmp_path
):
    kept = shutil.copytree(own_folders.candidates, tmp_path / "kept")
    deliver(own_folders, tmp_path, 23, "other")
    assert run.build(own_folders).published and value(own_folders) == 23
    shutil.copytree(kept, own_folders.candidates, dirs_exist_ok=True)
    assert publication.is_stale(own_folders, candidate)
    with pytest.raises(PublicationError, match="neu bauen"):
        publication.publish(own_folders, candidate, who="a", reason="x")
    assert value(own_folders) == 23


def test_a_damaged_preview_is_refused_and_a_damaged_plan_changes_nothing(
    first, candidate, own_folders
):
    path = own_folders.candidates / f"{candidate}.duckdb"
    content = bytearray(path.read_bytes())
    content[-100] ^= 255
    path.write_bytes(content)
    with pytest.raises(PublicationError, match="beschädigt"):
        publication.publish(own_folders, candidate, who="a", reason="x")
    own_folders.releasing.mkdir(exist_ok=True)
    (own_folders.releasing / "plan.json").write_text("{", encoding="utf-8")
    with pytest.raises(PublicationError, match="plan.json ist beschädigt"):
        publication.settle(own_folders)
    assert value(own_folders) == 21 and acts(own_folders) == [(PUBLISHED, first)]


def test_killed_anywhere_it_is_published_or_taken_back_as_a_whole(
    first, candidate, own_folders, tmp_path
):
    def publish(folders):
        publication.publish(folders, candidate, who="a", reason="neu")

    def take_back(folders):
        publication.take_back(folders, who="a", reason="falsch")

    published = Folders(shutil.copytree(own_folders.data, tmp_path / "published"))
    publish(published)
    for act, start, said in ((publish, own_folders, (21, 22)), (take_back, published, (22, 21))):
        whole = Folders(shutil.copytree(start.data, tmp_path / f"whole_{act.__name__}"))
        noted = acts(start)
        moments = killed_at(whole, 10_000, act)
        assert moments >= 8 and value(whole) == said[1]
        for moment in range(0, moments, max(1, moments // (2 * KILLS))):
            folders = Folders(shutil.copytree(start.data, tmp_path / f"{act.__name__}_{moment}"))
            assert killed_at(folders, moment, act) == moment + 1
            assert value(folders) in said
            publication.settle(folders)  # whoever looks next
            done = value(folders) == said[1]
            assert acts(folders) == [*noted, *acts(whole)[len(noted) :]] if done else noted
            if not done:
                act(folders)
            assert value(folders) == said[1] and acts(folders) == acts(whole)
            assert publication.plan(folders) is None


def test_readers_meanwhile_see_one_release_or_the_other(first, candidate, own_folders):
    errors, looks = publications.readers(own_folders, 4, 12)
    assert errors == [] and looks > 12


def test_the_difference_says_what_is_otherwise_and_the_checklist_what_is_open(
    first, candidate, own_folders
):
    before = releases.open_release(own_folders)
    after = releases.open_release(own_folders, PREVIEW + candidate, unpublished=True)
    found = difference(before, after)
    (row,) = found.rows.to_dict("records")
    assert (row["kind"], row["before"], row["after"]) == ("changed", 21, 22)
    assert found.words(row)[3:] == ("geändert", "21", "22")
    assert found.sentence() == "1 Wert geändert" and found.cells[0].changed == 1
    assert difference(before, before).is_empty
    points = checklist.points(own_folders, after, found)
    with pytest.raises(checklist.OpenPointsError, match="Prüfbericht gelesen und Änderungen"):
        checklist.demand(points, set())
    checklist.demand(points, {"report", "changes"})
    assert {p.id for p in points if not p.to_confirm and p.settled} == {
        "protection",
        "sources",
        "order",
    }
    before.close()
    after.close()


def test_old_releases_go_only_where_the_town_says_so_and_nobody_uses_them(
    light_shipped, own_folders, tmp_path
):
    ids = built_with(own_folders, tmp_path, (21, 22, 23, 24, 25))
    assert keeping.tidy(own_folders, "a") == []
    own_folders.settings.write_text("keep_releases = 1\n", encoding="utf-8")
    keeping.freeze(own_folders, ids[1])
    assert set(keeping.used(own_folders)) == {ids[1], ids[3], ids[4]}
    assert sorted(keeping.tidy(own_folders, "a")) == sorted([ids[0], ids[2]])
    assert {one.id for one in releases.listed(own_folders)} == {ids[1], ids[3], ids[4]}
    assert value(own_folders) == 25
    # what the removed ones showed is still known: the next build reckons with it
    deliver(own_folders, tmp_path, 26, "after")
    assert run.build(own_folders).published
    opened = releases.open_release(own_folders)
    known = opened.frame("SELECT value FROM release.before_places")["value"]
    assert sorted(known) == [21, 22, 23, 24, 25]
    opened.close()


def test_the_commands_prepare_compare_publish_and_take_back(
    first, candidate, own_folders, capsys, tmp_path
):
    data = ["--data", str(own_folders.data)]
    assert main([*data, "difference"]) == 0
    assert "21 → 22 (geändert)" in capsys.readouterr().out
    target = tmp_path / "unterschied.xlsx"
    assert main([*data, "difference", "--format", "xlsx", "--output", str(target)]) == 0
    assert target.read_bytes()[:2] == b"PK"
    assert main([*data, "publish", "--reason", "neu"]) == 0
    assert value(own_folders) == 22
    assert main([*data, "take-back", "--reason", "falsch"]) == 0
    assert value(own_folders) == 21
    assert main([*data, "build"]) == 1
    assert "zurückgenommen" in capsys.readouterr().err
    assert not jobs.listed(own_folders)
