"""The order of releases is a chain, whatever the clock says, and nothing shown is forgotten."""

import json
import shutil
from datetime import datetime, timedelta

import pandas as pd
import pytest

from indicators.folders import Folders
from indicators.publishing import auditing, history, publish, run
from indicators.publishing.receive import Receiver
from indicators.publishing.report import Report
from indicators.release import releases
from tests.unit import small
from tests.unit.light import CITY, ONE_CELL, YEAR, built_with, deliver, known_before, shown_value
from tests.unit.small import Cell

CATALOG = small.catalog(small.indicator())


class Clock(datetime):
    """The time of day is `ahead` of the true one."""

    ahead = timedelta()

    @classmethod
    def now(cls, tz=None):
        return datetime.now(tz) + cls.ahead


@pytest.fixture
def clock(monkeypatch):
    monkeypatch.setattr(publish, "datetime", Clock)
    yield Clock
    Clock.ahead = timedelta()


def test_a_clock_that_goes_back_forgets_nothing(light_shipped, own_folders, tmp_path, clock):
    ids = []
    for days, value in ((0, 21), (-2, 22), (-400, 23), (3, 24)):
        clock.ahead = timedelta(days=days)
        ids += built_with(own_folders, tmp_path, [value])
    assert [one.id for one in releases.listed(own_folders)] == ids[::-1]
    for number, id in enumerate(ids):
        opened = releases.open_release(own_folders, id)
        assert opened.before == tuple(ids[:number][::-1])
        assert known_before(opened) == [21, 22, 23, 24][:number]
        earlier = auditing.earlier_releases(opened, own_folders)
        assert [one.id for one in earlier] == ids[:number]
        facts = json.loads((own_folders.releases / f"{id}.json").read_text())
        assert facts["before"] == list(opened.before)


def test_what_a_release_that_was_taken_back_showed_stays_known(
    light_shipped, own_folders, tmp_path
):
    first, second = built_with(own_folders, tmp_path, (21, 22))
    for path in (own_folders.received / "places").glob("angebote_1_*"):
        path.unlink()
    again = run.build(own_folders)
    assert again.id == first and again.unchanged
    assert releases.open_release(own_folders).id == first
    deliver(own_folders, tmp_path, 23, "third")
    opened = releases.open_release(own_folders, run.build(own_folders).id)
    assert shown_value(opened) == 23 and known_before(opened) == [21, 22]
    assert opened.before == (second, first)


def test_a_table_that_is_not_delivered_for_a_while_is_not_forgotten(
    light_shipped, own_folders, tmp_path
):
    other = ONE_CELL.partition("[indicator]")[0].replace("places", "other")
    own_folders.own_definitions.mkdir(parents=True)
    (own_folders.own_definitions / "other.toml").write_text(other.replace("angebote", "andere"))
    file = tmp_path / "andere.csv"
    file.write_text(f"Jahr;Ort;Besuche\n{YEAR};{CITY};90\n")
    Receiver(own_folders).receive(file)
    built_with(own_folders, tmp_path, (21,))
    (own_folders.received / "places").rename(tmp_path / "aside")
    without = run.build(own_folders)
    assert "data_places" not in releases.open_release(own_folders, without.id).tables
    mapping = own_folders.own_definitions / "places.toml"
    text = mapping.read_text(encoding="utf-8")
    mapping.write_text("")
    run.build(own_folders)
    mapping.write_text(text, encoding="utf-8")
    deliver(own_folders, tmp_path, 22, "again")
    opened = releases.open_release(own_folders, run.build(own_folders).id)
    assert shown_value(opened) == 22 and known_before(opened) == [21]


def test_two_chains_in_one_folder_both_count(light_shipped, own_folders, tmp_path):
    """A folder restored from a backup, and the releases made elsewhere meanwhile."""
    (first,) = built_with(own_folders, tmp_path, (21,))
    other = Folders(tmp_path / "other")
    shutil.copytree(own_folders.data, other.data)
    (second,) = built_with(own_folders, tmp_path, (22,))
    deliver(other, tmp_path, 23, "other")
    third = run.build(other).id
    for path in other.releases.glob(f"{third}.*"):
        shutil.copy(path, own_folders.releases)
    past = history.latest(own_folders)
    assert set(past.newest) == {second, third} and set(past.before) == {first, second, third}
    deliver(own_folders, tmp_path, 24, "both")
    opened = releases.open_release(own_folders, run.build(own_folders).id)
    assert known_before(opened) == [21, 22, 23]
    assert history.latest(own_folders).newest == (opened.id,)


def published(folders: Folders, id: str, before=(), audit: bool = True) -> None:
    content = small.content_of(CATALOG, pupils=[Cell(5)])
    audited = pd.DataFrame({"dataset": [], "verdict": []}) if audit else None
    aside = publish.write(content, id, folders.releases)
    publish.finish(aside, id, folders, Report(), audited, before=before)


def as_before_the_chain(folders: Folders, id: str) -> None:
    """The facts as older versions wrote them."""
    path = folders.releases / f"{id}.json"
    told = json.loads(path.read_text())
    path.write_text(json.dumps({key: told[key] for key in ("id", "published", "made_of")}))


def test_what_older_versions_said_of_cells_leaves_the_release(tmp_path):
    folders = Folders(tmp_path)
    cell = "Kinder, Teil 1: genau 2. Folgt aus: Seite"
    said = pd.DataFrame({"dataset": ["pupils"], "verdict": "ok", "text": f"Ergebnis: gut.\n{cell}"})
    aside = publish.write(small.content_of(CATALOG, pupils=[Cell(5)]), "old", folders.releases)
    publish.finish(aside, "old", folders, Report(), said)
    as_before_the_chain(folders, "old")
    path = folders.releases / "old.duckdb"
    assert cell.encode() in path.read_bytes()
    day = releases.facts_of(path.with_suffix(".json")).published
    publish.tidy(folders)
    opened = releases.open_release(folders, "old")
    assert opened.frame("SELECT text FROM release.audit")["text"][0] == "Ergebnis: gut."
    assert opened.frame("SELECT pupils FROM release.data_pupils")["pupils"].tolist() == [5]
    assert b"Folgt aus" not in path.read_bytes() and opened.published == day
    assert releases.facts_of(path.with_suffix(".json")).sha256 == releases.checksum(path)


def test_releases_older_than_the_chain_all_count(tmp_path):
    folders = Folders(tmp_path)
    for id in ("a", "b", "c"):
        published(folders, id)
        as_before_the_chain(folders, id)
    published(folders, "unprotected", audit=False)
    past = history.latest(folders)
    assert set(past.newest) == {"a", "b", "c"} and not past.damaged
    published(folders, "new", past.before)
    assert history.latest(folders) == history.History(("new",), (), ("new", *past.before))


def test_a_missing_member_breaks_no_chain(tmp_path, clock):
    folders = Folders(tmp_path)
    chain = ["a", "b", "c", "d"]
    for number, id in enumerate(chain):
        clock.ahead = timedelta(days=-number)
        published(folders, id, tuple(chain[:number][::-1]))
    for name in ("b.duckdb", "b.json"):
        (folders.releases / name).unlink()
    (folders.releases / "c.json").write_text("{")
    assert [one.id for one in releases.listed(folders)] == ["d", "a"]
    assert history.latest(folders).newest == ("d",) and not history.latest(folders).damaged


def test_facts_that_name_each_other_stop_nothing(tmp_path):
    folders = Folders(tmp_path)
    published(folders, "a", ("b",))
    published(folders, "b", ("a",))
    assert {one.id for one in releases.listed(folders)} == {"a", "b"}
    assert history.latest(folders).newest
