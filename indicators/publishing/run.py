"""The order of a build: deliveries are read, understood, checked, combined and published."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

import pandas as pd

from indicators import writing
from indicators.catalog import catalog as definitions
from indicators.catalog.catalog import Catalog
from indicators.folders import SHIPPED_DEFINITIONS, Folders
from indicators.publishing import (
    auditing,
    boundaries,
    gemeinden,
    history,
    kept,
    local_maps,
    own_tables,
    plausibility,
    proofs,
    protecting,
    publish,
    second_source,
    territory,
)
from indicators.publishing.deliveries import deliveries
from indicators.publishing.every_value import every_value
from indicators.publishing.fingerprints import of_folder
from indicators.publishing.gathering import Gathered, gathered
from indicators.publishing.patterns import Memory
from indicators.publishing.processes import Pool
from indicators.publishing.programme import Protected
from indicators.publishing.report import Report
from indicators.publishing.results import FOLDER as RESULTS
from indicators.publishing.results import Results
from indicators.regions import Region
from indicators.release import keeping, publication
from indicators.release import releases as release
from indicators.release.releases import Listed
from indicators.sources.table import OfficialTable

# What the history says where nobody says more.
_WHO, _NO_REASON = "Befehlszeile", "mit dem Befehl build, ohne Angabe eines Grundes"
BOUNDARY_FOLDER = "vg2500_2022-12-31"


@dataclass(frozen=True)
class Built:
    """What a build did: the release's id, whether it is new, and the report. `published` is
    False where a check failed (or only a check was asked for): then the old release is in force.
    An unchanged release is not built again and has no new report. `complete` says that
    the release could be published, or is."""

    id: str
    published: bool
    unchanged: bool
    report: Report
    complete: bool = False


def load_catalog(folders: Folders) -> Catalog:
    """Shipped definitions, those of the invented town and the town's own."""
    more = [*(path / "definitions" for path in folders.examples), folders.own_definitions]
    return definitions.load(SHIPPED_DEFINITIONS, *(path for path in more if path.is_dir()))


def build(
    folders: Folders,
    *,
    only_check: bool = False,
    anew: bool = False,
    aside: bool = False,
    who: str = _WHO,
    reason: str = _NO_REASON,
    progress: Callable[[str], None] = lambda _: None,
) -> Built:
    """Builds the release of everything shipped and received, and publishes it (`who` and `reason`
    stand in the history then); `aside` leaves it as a candidate. A failing check publishes nothing.
    What has not changed since the release before is taken over and proved again; `anew` computes
    it, which takes longer and gives the same.

    Raises DefinitionError, FileError, BuildError or PublicationError where not even a report can be
    made, where another build is running in this data folder, or where something else waits for
    being published.
    """
    with publish.alone(folders):
        publish.tidy(folders)
        if not only_check:
            publication.nothing_waits(folders)
        built = _build(folders, only_check, anew, progress)
        if not built.complete:
            return built
        if built.id in _ids(release.candidates(folders)) & _ids(release.listed(folders)):
            publication.restore(built.id, folders)  # it was damaged; this says nothing new
        if not aside and release.pointer(folders) != built.id:
            publication.not_taken_back(folders, built.id)
            publication.publish(folders, built.id, who=who, reason=reason)
            keeping.tidy(folders, who)
        return replace(built, published=release.pointer(folders) == built.id)


def _ids(found: Iterable[Listed]) -> set[str]:
    return {one.id for one in found}


def _build(
    folders: Folders, only_check: bool, anew: bool, progress: Callable[[str], None]
) -> Built:
    report = Report()
    catalog = load_catalog(folders)
    archive, boundary_date = boundary_archive(folders)
    fingerprints = of_folder(folders)
    found = fingerprints.marked(deliveries(folders))
    local = local_maps.files(folders.local_boundaries)
    digest = publish.digest_of(
        catalog, found, [archive, *local, *local_maps.origins_of(local)], fingerprints
    )
    same = publish.made_of(digest, folders)
    complete = next((one for one in same if publish.is_complete(one, folders)), None)
    if complete and not only_check:
        _complete_papers(complete.id, folders, progress)
        return Built(complete.id, published=False, unchanged=True, report=report, complete=True)
    id, again, past = _place(digest, same, folders)
    ready = _candidates(id, folders, only_check)
    if ready and not (only_check or anew) and publish.is_complete(ready, folders, candidate=True):
        return Built(id, published=False, unchanged=False, report=report, complete=True)
    register = register_of(archive, catalog, gemeinden.received(folders))
    memory = Memory(kept.stores(folders, again, *past.newest), kept.shipped(folders), anew)
    results = Results(folders.office / RESULTS, fingerprints.key, anew=anew)
    with Pool(results) as pool:
        read = gathered(found, catalog, register, folders, report, progress, pool)
        pool.end()
        shown = history.shown(folders, past, catalog, report, again)
        protected = _protected(read, catalog, register, shown, report, progress, memory, pool)
        maps = _maps(archive, boundary_date, folders, register, report, progress)
        if report.of("error"):
            return Built(id, published=False, unchanged=False, report=report)
        content = _content(catalog, register, read, protected, shown, maps)
        aside = publish.write(content, id, folders.candidates)
        try:
            proofs.write(protected, id, folders)
            values, audited = _examined(
                aside, id, content, protected, folders, report, progress, memory, pool
            )
            pool.end()  # they let go of the file only then
            if only_check or report.of("error"):
                if not (again or ready):
                    proofs.path_of(id, folders).unlink()
                return Built(id, published=False, unchanged=False, report=report)
            if memory.kept:
                kept.write(memory.kept, kept.path_of(id, folders), memory.audits)
            results.forget_others()
            told = (audited.table, digest, past.before, audited.cells, values)
            publish.finish(aside, id, folders, report, *told)
        finally:
            writing.discard(aside)
        return Built(id, published=False, unchanged=False, report=report, complete=True)


def _candidates(id: str, folders: Folders, only_check: bool) -> Listed | None:
    """The candidate of this id, if there is one. All others are of files and definitions that are
    not those that lie here now: they go."""
    found = release.candidates(folders)
    for other in found:
        if other.id != id and not only_check:
            publish.remove_candidate(other.id, folders)
    return next((one for one in found if one.id == id), None)


def _protected(
    read: Gathered,
    catalog: Catalog,
    register: dict[str, Region],
    shown: dict[str, pd.DataFrame],
    report: Report,
    progress: Callable[[str], None],
    memory: Memory,
    pool: Pool,
) -> dict[str, Protected]:
    """What may be shown of the tables, which are let go on the way."""
    found = protecting.protect_all(
        read.tables,
        catalog,
        register,
        read.public,
        shown,
        report,
        progress,
        memory,
        pool,
        read.made_of,
    )
    pool.end()
    return found


def _maps(
    archive: Path,
    boundary_date: date,
    folders: Folders,
    register: dict[str, Region],
    report: Report,
    progress: Callable[[str], None],
) -> list[boundaries.MapFile]:
    """The maps of Kreise and of the town's own areas."""
    progress("Karten")
    return boundaries.build_map_files(
        archive, boundary_date, folders.map_files
    ) + local_maps.build_local_maps(
        folders.local_boundaries,
        register,
        folders.map_files,
        boundaries.kreise(archive),
        report.section("Eigene Grenzen"),
    )


def _content(
    catalog: Catalog,
    register: dict[str, Region],
    read: Gathered,
    protected: dict[str, Protected],
    shown: dict[str, pd.DataFrame],
    maps: list[boundaries.MapFile],
) -> publish.Content:
    """All that may be shown, as the release holds it."""
    return publish.Content(
        catalog=catalog,
        regions=register,
        sources=read.sources,
        footnotes=pd.DataFrame(read.notes, columns=["source", "scope", "lands", "text"]),
        datasets={id: one.rows for id, one in protected.items()},
        sums={id: one.sums for id, one in protected.items()},
        protection=protecting.record(protected),
        shown_before=history.no_longer_shown(shown, protected),
        maps=[_map_row(one) for one in maps],
    )


def _place(digest: str, same: list[Listed], folders: Folders) -> tuple[str, str, history.History]:
    """The id of the new release, that of a damaged or incomplete one whose place it takes ("" for
    none), and what it comes after."""
    for one in same:
        past = history.latest(folders, without=one.id)
        if publish.release_id(digest, past.before) == one.id:
            return one.id, one.id, past
    past = history.latest(folders)
    return publish.release_id(digest, past.before), "", past


def _examined(
    aside: Path,
    id: str,
    content: publish.Content,
    protected: dict[str, Protected],
    folders: Folders,
    report: Report,
    progress: Callable[[str], None],
    memory: Memory,
    pool: Pool,
) -> tuple[pd.DataFrame, auditing.Audited]:
    """Looks at the finished file as readers will: the values of all indicators (the rows and
    columns of `every_value`), and what the audit found. The processes of `pool` are to end before
    the file is finished, which they hold open; `protected` and the rows of `content` are let go."""
    progress("Indikatoren")
    rows = sum(len(one.rows) for one in protected.values())
    made_of = {name: one.made_of for name, one in protected.items()}
    protected.clear()  # from here on only what stands in the file counts
    content.datasets.clear()
    values = every_value(aside, content.catalog, rows, pool, made_of)
    plausibility.ranges(values, content.catalog, content.regions, report)
    second_source.tell(aside, content.regions, report)
    pool.end()
    audited = auditing.audit_release(aside, id, folders, report, progress, memory, pool)
    return values, audited


def _complete_papers(id: str, folders: Folders, progress: Callable[[str], None]) -> None:
    """Writes the Schutzbericht again where it is missing."""
    if publish.has_papers(id, folders):
        return
    report = Report()
    path = folders.releases / f"{id}.duckdb"
    audited = auditing.audit_release(path, id, folders, report, progress)
    finished = release.open_release(folders, id)
    publish.write_papers(finished, folders, report, audited.cells)
    finished.close()


def _map_row(one: boundaries.MapFile) -> dict:
    return {
        "level": one.level,
        "boundary_date": one.boundary_date.isoformat(),
        "name": one.name,
        "attribution": one.attribution,
        "region_ids": list(one.region_ids),
    }


def boundary_archive(folders: Folders) -> tuple[Path, date]:
    """The shipped boundary archive and the day its boundaries are of."""
    day = datetime.strptime(BOUNDARY_FOLDER.split("_")[1], "%Y-%m-%d").date()
    return next((folders.boundaries / BOUNDARY_FOLDER).glob("*.zip")), day


def register_of(
    archive: Path, catalog: Catalog, listing: Iterable[OfficialTable] = ()
) -> dict[str, Region]:
    """All regions, with the Gemeinden that these official tables list; raises DefinitionError for
    definitions that name others."""
    register = gemeinden.register_with(territory.register(archive, catalog), listing, catalog)
    own_tables.check_mappings(catalog, register)
    return register
