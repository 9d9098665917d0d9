"""A release tells nothing of its files by which anybody could try out their content."""

import hashlib

import duckdb
import pytest

from indicators.folders import Folders
from indicators.publishing import fingerprints, run
from tests.unit import light

pytestmark = pytest.mark.build  # each looks at a release built for it


@pytest.fixture
def town(tmp_path, monkeypatch) -> Folders:
    light.ship_little(tmp_path, monkeypatch)
    folders = Folders(tmp_path / "data")
    light.built_with(folders, tmp_path, [21])
    return folders


def texts(folders: Folders) -> str:
    """All that stands in a release and beside it."""
    found = [path.read_text() for path in folders.releases.glob("*.json")]
    for path in folders.releases.glob("*.duckdb"):
        with duckdb.connect(str(path), read_only=True) as connection:
            for (table,) in connection.execute("SELECT table_name FROM duckdb_tables").fetchall():
                found.append(str(connection.execute(f'SELECT * FROM "{table}"').fetchall()))
    return "\n".join(found)


def test_no_checksum_of_a_received_file_is_in_a_release(town):
    told, [file] = texts(town), town.received.rglob("*.csv")
    assert file.name in told  # the file is among what is looked through
    assert hashlib.sha256(file.read_bytes()).hexdigest() not in told


def test_the_same_file_has_another_mark_in_another_office(town):
    first = fingerprints.of_folder(town)
    assert fingerprints.of_folder(town) == first
    other = fingerprints.of_folder(Folders(town.data / "other"))
    assert first.keyed("21") != other.keyed("21")


def test_the_key_is_for_the_office_alone(town):
    [key] = [path for path in town.office.iterdir() if path.is_file() and not path.suffix]
    assert key.stat().st_mode & 0o077 == 0
    assert not list(town.releases.rglob(key.name))


def test_an_office_that_lost_its_key_loses_no_table_and_warns_of_none(town):
    [key] = [path for path in town.office.iterdir() if path.is_file() and not path.suffix]
    key.unlink()
    built = run.build(town)
    assert built.published and not built.report.of("warning"), built.report.text()


def test_without_a_change_the_release_stays(town):
    assert run.build(town).unchanged
