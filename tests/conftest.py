"""What every test may use: the release of the shipped data, and a data folder of its own."""

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import geopandas
import pytest
from hypothesis import settings

from indicators import folders as places
from indicators import view as views
from indicators import writing
from indicators.answers.answer import Answer
from indicators.answers.answering import answer
from indicators.folders import Folders
from indicators.publishing import boundaries, run, territory
from indicators.release import releases
from indicators.release.releases import Release

SHARED = places.PROJECT.parent / "shared"
BOUNDARIES = (places.PROJECT / "data" / "boundaries").resolve()
# A shared machine is sometimes slow, which says nothing about the code.
settings.register_profile("tests", deadline=None)
settings.load_profile("tests")

EXCERPTS = ("21111-01-03-4_2025-03-13.csv", "21111-02-06-4_2025-03-13.csv")


# Whoever uses one of these, also through another fixture, needs a release or builds one. Who builds
# without them carries the mark `build` itself; `_builds_are_marked` sees to it.
_BUILDS = {"data_folder", "small_build", "small_shipped", "light_shipped"}
_running: list[pytest.Item] = []


# The order in which several test processes take the files (`--no-loadscope-reorder`): the first one
# builds the town, and the others do meanwhile what takes long without it. Then comes what takes
# long and needs the town, and short files fill the gaps at the end.
_FIRST = [
    "browser/test_pages.py",
    "unit/test_deliveries.py", "unit/test_kept.py", "unit/test_soak.py", "unit/test_protecting.py",
    "pages/test_links.py", "browser/test_themes.py", "published/test_protected.py",
    "published/test_regions.py", "browser/test_benchmarks.py", "browser/test_every_page.py",
    "browser/test_frame.py", "published/test_exports.py", "published/test_papers.py",
]  # fmt: skip
_THEN = ["browser", "pages", "published", "example"]


def _turn(item: pytest.Item) -> tuple[int, int]:
    file = item.path.relative_to(Path(__file__).parent).as_posix()
    folder = file.partition("/")[0]
    return (
        _FIRST.index(file) if file in _FIRST else len(_FIRST),
        _THEN.index(folder) if folder in _THEN else len(_THEN),
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=_turn)
    for item in items:
        if _BUILDS.intersection(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.build)


def pytest_runtest_setup(item: pytest.Item) -> None:
    _running[:] = [item]
    if item.get_closest_marker("shared") and not SHARED.is_dir():
        pytest.skip(f"needs the research files in {SHARED}")


@pytest.fixture(scope="session", autouse=True)
def _no_real_data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Tests work in a folder of their own; asking for the project's own releases fails."""
    folder = tmp_path_factory.mktemp("data")
    path_of_releases = Folders.releases.fget

    def guarded(self: Folders) -> Path:
        assert self.data.resolve() != places.PROJECT / "data", "a test reached for real releases"
        return path_of_releases(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BILDUNGSBLICK_DATA", str(folder))
        patch.setattr(Folders, "releases", property(guarded))
        yield folder


@pytest.fixture(scope="session", autouse=True)
def _no_waiting_for_the_disk() -> Iterator[None]:
    """Tests kill processes and never the machine: what is written need not be on the disk."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda handle: None)
        yield


@pytest.fixture(scope="session", autouse=True)
def _builds_are_marked() -> Iterator[None]:
    """A test that builds a release is no part of the quick check, which leaves out the mark."""
    build = run.build

    def guarded(*arguments, **options) -> run.Built:
        (item,) = _running
        assert item.get_closest_marker("build"), f"{item.nodeid} builds and is not marked `build`"
        return build(*arguments, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run, "build", guarded)
        yield


def _shipped(archive: Path) -> Path | None:
    """Where an archive of boundaries lies in the project; None if it is another one."""
    if archive.is_file() and (there := archive.resolve()).is_relative_to(BOUNDARIES):
        return there
    return None


@pytest.fixture(scope="session", autouse=True)
def _boundaries_are_read_once() -> Iterator[None]:
    """Every build reads the names of all regions from the same shipped archive, looks where the
    Kreise lie and draws the maps of Germany, which takes longer than all the rest of a small build;
    whoever lays another archive somewhere has that one read. `test_boundaries.py` has taken the
    functions themselves and draws each time."""
    read, lie, draw = territory._rows, boundaries.kreise, boundaries.build_map_files

    @cache
    def remembered(archive: Path, layer: str, stamp: tuple[int, int]) -> list[dict]:
        return read(archive, layer)

    def rows(archive: Path, layer: str) -> list[dict]:
        if there := _shipped(archive):
            stamp = there.stat()
            found = remembered(there, layer, (stamp.st_mtime_ns, stamp.st_size))
            return [dict(row) for row in found]
        return read(archive, layer)

    lying = cache(lie)

    def kreise(archive: Path) -> geopandas.GeoSeries:
        return lying(there).copy() if (there := _shipped(archive)) else lie(archive)

    @cache
    def drawn(archive: Path, day: date) -> list[tuple[boundaries.MapFile, bytes]]:
        with tempfile.TemporaryDirectory() as folder:
            return [(one, one.path.read_bytes()) for one in draw(archive, day, Path(folder))]

    def map_files(archive: Path, day: date, target: Path) -> list[boundaries.MapFile]:
        if not (there := _shipped(archive)):
            return draw(archive, day, target)
        return [
            replace(one, path=writing.write(target / one.name, body))
            for one, body in drawn(there, day)
        ]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(territory, "_rows", rows)
        patch.setattr(boundaries, "kreise", kreise)
        patch.setattr(boundaries, "build_map_files", map_files)
        yield


def as_cloned(data: Path) -> None:
    """What lies in a town's part of `data/` before anything is received or built."""
    for name in ("definitions", "received", "releases"):
        (data / name).mkdir(parents=True)
        shutil.copy(places.SHIPPED / name / "README.md", data / name)


@pytest.fixture(scope="session")
def data_folder(_no_real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose release in force is the production build of all shipped files. The first
    of several test processes builds it, the others wait and copy it.

    The build takes two minutes: `BILDUNGSBLICK_TEST_DATA` names a folder that was built before, for
    a quick loop while working on what comes after it."""
    if ready := os.environ.get("BILDUNGSBLICK_TEST_DATA"):
        shutil.copytree(ready, _no_real_data, dirs_exist_ok=True)
        return _no_real_data
    together = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        together = together.parent
    built, failed = together / "built", together / "failed"
    try:
        (together / "building").mkdir()
    except FileExistsError:
        while not built.exists():
            assert not failed.exists(), f"another process: {failed.read_text(encoding='utf-8')}"
            time.sleep(0.5)
    else:
        folder = together / "aside"
        as_cloned(folder)
        try:
            result = run.build(Folders(folder))
            assert result.published, result.report.text()
        except BaseException as error:
            failed.write_text(str(error), encoding="utf-8")
            raise
        folder.rename(built)
    shutil.copytree(built, _no_real_data, dirs_exist_ok=True)
    return _no_real_data


@pytest.fixture(scope="session")
def folders(data_folder: Path) -> Folders:
    return Folders(data_folder)


@pytest.fixture(scope="session")
def release(folders: Folders) -> Release:
    """Opened once: it is frozen, and every query takes its own cursor."""
    return releases.open_release(folders)


@pytest.fixture(scope="session")
def ask(release: Release) -> Callable[[str], Answer]:
    """The answer to a query string as it stands in an address; frozen, so each is made once."""

    @cache
    def answered(query: str) -> Answer:
        return answer(release, views.parse(query, release.catalog, release.regions))

    return answered


@pytest.fixture(scope="session")
def shared() -> Path:
    """The sibling folder of research files; only for tests marked `shared`."""
    return SHARED


@pytest.fixture(scope="session")
def excerpts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder like the one that ships, with two small excerpts only."""
    shipped = tmp_path_factory.mktemp("shipped")
    (shipped / "official").mkdir()
    for name in EXCERPTS:
        for file in (places.SHIPPED / "official" / "auszug").glob(f"{name}*"):
            shutil.copy(file, shipped / "official")
    (shipped / "boundaries").symlink_to(places.SHIPPED / "boundaries")
    return shipped


@pytest.fixture(scope="session")
def small_build(excerpts: Path, tmp_path_factory: pytest.TempPathFactory) -> Folders:
    """The data folder of a build of the two excerpts alone; not to be changed by a test."""
    folders = Folders(tmp_path_factory.mktemp("small"))
    as_cloned(folders.data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(places, "SHIPPED", excerpts)
        assert run.build(folders).published
    return folders


@pytest.fixture
def small_shipped(excerpts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """In place of what ships only the two excerpts, so that a whole build takes a second."""
    shipped = shutil.copytree(excerpts, tmp_path / "shipped", symlinks=True)
    monkeypatch.setattr(places, "SHIPPED", shipped)
    return shipped


@pytest.fixture
def light_shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No official tables and hardly a definition: a build takes parts of a second."""
    from tests.unit import light

    light.ship_little(tmp_path, monkeypatch)


@pytest.fixture
def own_folders(tmp_path: Path) -> Folders:
    """An empty data folder of this test alone."""
    return Folders(tmp_path / "town")


@pytest.fixture
def built_folders(small_shipped: Path, small_build: Folders, own_folders: Folders) -> Folders:
    """A data folder of this test alone that already has the release of the two excerpts."""
    shutil.copytree(small_build.data, own_folders.data)
    return own_folders
