"""A release: published whole or not at all, never changed, read by many, closed to the outside."""

import hashlib
import json
import shutil
from concurrent.futures import ThreadPoolExecutor

import duckdb
import pandas as pd
import pytest

from indicators.errors import BuildError, ReleaseError
from indicators.folders import Folders
from indicators.publishing import publish, results, run
from indicators.publishing.fingerprints import KEY
from indicators.release import releases
from tests.unit import small
from tests.unit.small import Cell

CATALOG = small.catalog(small.indicator())


def digest(path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def tables(path) -> dict[str, pd.DataFrame]:
    """All tables of a release file, row for row."""
    with duckdb.connect(str(path), read_only=True) as connection:
        names = connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()
        return {name: connection.execute(f'SELECT * FROM "{name}"').df() for (name,) in names}


def spoil_a_key(shipped):
    """One of the twelve keys of a delivery is no region."""
    path = next((shipped / "official").glob("21111-02-06-4*.csv"))
    path.write_bytes(path.read_bytes().replace(b"09463", b"09999"))
    origin = path.with_name(f"{path.name}.origin.toml")
    kept = [line for line in origin.read_text().splitlines() if not line.startswith("sha256")]
    origin.write_text("\n".join(kept) + "\n")


# --- publication ----------------------------------------------------------------------------------


def test_a_build_publishes_one_file_its_facts_and_the_pointer(small_build):
    """What the office alone may read lies elsewhere, closed to others."""
    names = {path.name for path in small_build.releases.iterdir() if path.is_file()}
    id = releases.current_id(small_build)
    assert names == {f"{id}.duckdb", f"{id}.json", "current.json", "README.md"}
    papers = {path.name: path for path in small_build.office.iterdir()}
    papers.pop("build.lock")
    for waits in (small_build.candidates, small_build.releasing):
        assert papers.pop(waits.name).stat().st_mode & 0o777 == 0o700
    assert papers.pop(results.FOLDER).stat().st_mode & 0o777 == 0o700
    assert papers.pop(KEY).stat().st_mode & 0o777 == 0o600
    assert set(papers) == {f"{id}.duckdb", f"{id}-schutzbericht.txt", f"{id}-pruefbericht.txt"}
    assert {path.stat().st_mode & 0o777 for path in papers.values()} == {0o600}
    assert small_build.office.stat().st_mode & 0o777 == 0o700
    assert releases.open_release(small_build).datasets == {"leavers", "pupils"}


LEFT = (
    "releases/.0a1-x.duckdb",  # as older versions named it
    "releases/.0a1-x.duckdb.wal",
    "releases/current.new",
    "releases/.0a1.duckdb-x1.part",
    "releases/.0a1.duckdb-x1.part.wal",
    "releases/.current.json-x2.part",
    "releases/maps/tmp1.part",
    "releases/maps/.kreis.json-x3.part",
    "office/.0a1.duckdb-x4.part",
    "office/0a1.duckdb",  # papers of a release that never came to be
    "office/0a1-schutzbericht.txt",
    "proofs/.0a1-17.duckdb",
)


def test_every_build_removes_what_killed_ones_have_left(built_folders):
    before = {path for path in built_folders.data.rglob("*") if path.is_file()}
    (built_folders.data / "proofs").mkdir()
    for name in LEFT:
        (built_folders.data / name).touch()
    assert run.build(built_folders).unchanged
    assert {path for path in built_folders.data.rglob("*") if path.is_file()} == before
    assert not (built_folders.data / "proofs").exists()


def test_what_older_versions_kept_beside_the_releases_goes_to_the_office(built_folders):
    id = releases.current_id(built_folders)
    old = built_folders.data / "proofs"
    old.mkdir()
    (built_folders.office / f"{id}.duckdb").rename(old / f"{id}.duckdb")
    paper = built_folders.office / f"{id}-schutzbericht.txt"
    paper.rename(built_folders.releases / paper.name).chmod(0o644)
    assert run.build(built_folders).unchanged
    assert not old.exists() and not list(built_folders.releases.glob("*.txt"))
    assert (
        paper.stat().st_mode & 0o777 == 0o600 and (built_folders.office / f"{id}.duckdb").exists()
    )


def test_two_builds_at_once_are_one_after_the_other(built_folders):
    with publish.alone(built_folders), pytest.raises(BuildError, match="läuft schon ein Build"):
        run.build(built_folders)
    assert run.build(built_folders).unchanged


def test_the_same_input_gives_the_same_release_and_writes_nothing_again(built_folders):
    id = releases.current_id(built_folders)
    path = built_folders.releases / f"{id}.duckdb"
    before = digest(path), path.stat().st_ino, digest(path.with_suffix(".json"))
    again = run.build(built_folders)
    assert (again.id, again.unchanged, again.published) == (id, True, True)
    assert (digest(path), path.stat().st_ino, digest(path.with_suffix(".json"))) == before


def test_the_same_input_gives_the_same_values_in_another_folder(
    small_build, small_shipped, own_folders
):
    """The file itself differs in some bytes: DuckDB writes an identifier of its own into it."""
    built = run.build(own_folders)
    assert built.id == releases.current_id(small_build)
    here = tables(small_build.releases / f"{built.id}.duckdb")
    there = tables(own_folders.releases / f"{built.id}.duckdb")
    assert list(here) == list(there) and len(here) >= 8
    for name in here:
        pd.testing.assert_frame_equal(here[name], there[name])


def test_another_definition_gives_another_release_and_the_old_one_stays(built_folders):
    old = releases.current_id(built_folders)
    path = built_folders.releases / f"{old}.duckdb"
    before = digest(path)
    built_folders.own_definitions.mkdir(exist_ok=True)
    (built_folders.own_definitions / "region.toml").write_text(
        '[education_region]\nid = "wunsiedel"\nname = "Wunsiedel"\nmembers = ["09479"]\n'
    )
    new = run.build(built_folders).id
    assert new != old and releases.current_id(built_folders) == new
    assert digest(path) == before
    assert {r.id: r.in_force for r in releases.listed(built_folders)} == {new: True, old: False}
    assert "wunsiedel" in releases.open_release(built_folders).catalog.education_regions
    assert "wunsiedel" not in releases.open_release(built_folders, old).catalog.education_regions


def test_a_failing_check_publishes_nothing_and_leaves_the_old_release(small_shipped, built_folders):
    old = releases.current_id(built_folders)
    before = {path: digest(path) for path in built_folders.releases.glob("*.*")}
    spoil_a_key(small_shipped)
    failed = run.build(built_folders)
    assert not failed.published
    (error,) = failed.report.of("error")
    assert error.endswith("Zeile 4, Spalte 7: die Region 09999 gibt es nicht")
    assert {path: digest(path) for path in built_folders.releases.glob("*.*")} == before
    assert releases.current_id(built_folders) == old


def test_a_check_publishes_nothing(small_shipped, own_folders):
    built = run.build(own_folders, only_check=True)
    assert not built.published and not list(own_folders.releases.glob("*.duckdb"))
    assert not (own_folders.releases / "current.json").exists()


def test_a_crash_while_writing_leaves_the_old_release_in_force(tmp_path, monkeypatch):
    small.make_release(tmp_path, CATALOG, pupils=[Cell(5)])
    folders = Folders(tmp_path)
    before = {path: digest(path) for path in folders.releases.iterdir()}

    def full_disk(*_):
        raise duckdb.IOException("No space left on device")

    monkeypatch.setattr(publish, "_write_tables", full_disk)
    content = publish.Content(CATALOG, {}, [], pd.DataFrame(), {}, [])
    with pytest.raises(BuildError, match="Der bisherige gilt weiter"):
        publish.write(content, "new", folders.releases)
    assert {path: digest(path) for path in folders.releases.iterdir()} == before


def test_a_file_changed_after_its_receipt_stops_the_build(small_shipped, built_folders):
    old = releases.current_id(built_folders)
    path = next((small_shipped / "official").rglob("*.csv"))
    path.write_bytes(path.read_bytes() + b"\n")
    with pytest.raises(BuildError, match="diese mitgelieferte Datei wurde verändert"):
        run.build(built_folders)
    assert releases.current_id(built_folders) == old


def test_without_a_single_file_there_is_no_release(small_shipped, own_folders):
    shutil.rmtree(small_shipped / "official")
    with pytest.raises(BuildError, match="keine einzige Datei"):
        run.build(own_folders)


def test_a_damaged_release_of_the_same_input_is_built_again(built_folders):
    id = releases.current_id(built_folders)
    path = built_folders.releases / f"{id}.duckdb"
    path.write_bytes(path.read_bytes()[:5000])
    again = run.build(built_folders)
    assert again.id == id and not again.unchanged
    assert releases.open_release(built_folders).datasets == {"leavers", "pupils"}


# --- reading --------------------------------------------------------------------------------------


@pytest.fixture
def opened(tmp_path):
    return small.make_release(tmp_path, CATALOG, pupils=[Cell(5), Cell(7, region="09475")])


def test_a_release_carries_its_definitions_regions_and_sources(opened):
    assert opened.catalog.indicators == CATALOG.indicators
    assert opened.regions == small.REGIONS
    assert opened.sources[0].dataset == "pupils" and opened.datasets == {"pupils"}


def test_without_a_release_the_next_step_is_named(tmp_path):
    with pytest.raises(ReleaseError, match="noch keinen Datenstand.*python -m indicators build"):
        releases.open_release(Folders(tmp_path))
    assert releases.listed(Folders(tmp_path)) == []


def test_an_unknown_release_names_those_there_are(opened, tmp_path):
    with pytest.raises(ReleaseError, match="Den Datenstand 0000 gibt es nicht; vorhanden: small."):
        releases.open_release(Folders(tmp_path), "0000")


@pytest.mark.parametrize("id", ["../../elsewhere/releases/small", "sub/small", "", "small.duckdb"])
def test_an_id_from_an_address_never_leaves_the_folder(tmp_path, id):
    """`?release=` comes from outside."""
    small.make_release(tmp_path / "elsewhere", CATALOG, pupils=[Cell(5)])
    own = Folders(tmp_path / "own")
    shutil.copytree(tmp_path / "elsewhere" / "releases", own.releases / "sub")
    with pytest.raises(ReleaseError):
        releases.open_release(own, id)


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_bytes(path.read_bytes()[:5000]),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"no database at all" * 1000),
        lambda path: path.with_suffix(".json").unlink(),
        lambda path: path.with_suffix(".json").write_text("{"),
    ],
    ids=["cut off", "empty", "something else", "facts missing", "facts broken"],
)
def test_a_damaged_release_is_refused_in_german(opened, tmp_path, damage):
    damage(Folders(tmp_path).releases / "small.duckdb")
    with pytest.raises(ReleaseError, match="Nächster Schritt|gibt es nicht"):
        releases.open_release(Folders(tmp_path))


def test_a_broken_facts_file_of_an_old_release_does_not_hide_the_others(opened, tmp_path):
    folder = Folders(tmp_path).releases
    shutil.copy(folder / "small.duckdb", folder / "old.duckdb")
    (folder / "old.json").write_text("{")
    assert [release.id for release in releases.listed(Folders(tmp_path))] == ["small"]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM '/etc/passwd.csv'",
        "ATTACH '/tmp/other.duckdb'",
        "COPY (SELECT 1) TO '/tmp/out.csv'",
        "EXPORT DATABASE '/tmp/out'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "SET lock_configuration = false",
        "DELETE FROM release.data_pupils",
        "UPDATE release.data_pupils SET pupils = 0",
        "DROP TABLE release.data_pupils",
        "CREATE TABLE release.extra (a INT)",
    ],
)
def test_the_connection_reads_no_other_file_and_changes_nothing(opened, sql):
    with pytest.raises(duckdb.Error):
        opened.frame(sql)
    assert opened.frame("SELECT sum(pupils) AS n FROM release.data_pupils")["n"].iloc[0] == 12


def test_values_are_bound_and_never_become_sql(opened):
    evil = "' OR 1=1 --"
    assert opened.frame("SELECT * FROM release.data_pupils WHERE region = ?", [evil]).empty


def test_eight_threads_with_fifty_queries_each_get_the_same_answer(release):
    sql = (
        "SELECT region, period, pupils FROM release.data_pupils "
        "WHERE region = ? ORDER BY region, period"
    )
    expected = {r: release.frame(sql, [r]) for r in ("09464", "09475", "07111", "DG")}

    def fifty(start: int) -> int:
        for n in range(50):
            region = list(expected)[(start + n) % len(expected)]
            pd.testing.assert_frame_equal(release.frame(sql, [region]), expected[region])
        return 50

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(fifty, range(8))) == 400


def test_an_open_release_keeps_its_values_when_another_is_published(tmp_path):
    opened = small.make_release(tmp_path, CATALOG, pupils=[Cell(5)])
    folders = Folders(tmp_path)
    (folders.releases / "current.json").write_text(json.dumps({"release": "other"}))
    assert opened.frame("SELECT pupils FROM release.data_pupils")["pupils"].iloc[0] == 5
    assert opened.id == "small"
