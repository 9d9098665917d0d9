"""What earlier releases showed: a cell once shown is known, and protection reckons with it.

Every release keeps the numbers that those before it showed and it does not, so the newest of a
chain knows all. Several chains (a folder put together from two, releases older than the chain) all
count. Of a damaged release counts what can still be read, and the report says what cannot. Releases
from before small numbers were protected do not count.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import duckdb
import pandas as pd

from indicators.catalog.catalog import Catalog
from indicators.errors import ReleaseError
from indicators.folders import Folders
from indicators.formats import listing
from indicators.publishing.programme import Protected
from indicators.publishing.report import Report, Section
from indicators.release import releases as release
from indicators.release.releases import Listed, Release
from indicators.symbols import WITH_NUMBER, Status

_NUMBERS = [status.value for status in WITH_NUMBER]
_KEY = ("region", "period", "measure")
_SECTION = "Schutz kleiner Zahlen"


@dataclass(frozen=True)
class History:
    """What a new release comes after: `newest` are the whole releases that no other one knows of,
    mostly one; `damaged` those of which no whole one knows. `before` is what the new one names: all
    that the newest know of, and these."""

    newest: tuple[str, ...] = ()
    damaged: tuple[Listed, ...] = ()
    before: tuple[str, ...] = ()


def latest(folders: Folders, without: str = "") -> History:
    """The history of the folder, in force or not; `without` a release that is to be made again."""
    newest: list[str] = []
    damaged: list[Listed] = []
    before: dict[str, None] = {}
    for one in _with_lost(folders):
        if one.id == without or one.id in before:
            continue
        if not is_whole(one, folders):
            damaged.append(one)
        elif _is_protected(one, folders):
            newest.append(one.id)
            before |= dict.fromkeys((one.id, *one.before))
    # found damaged before a whole one that knows of it: then nothing of it is lost
    left = tuple(one for one in damaged if one.id not in before)
    return History(tuple(newest), left, tuple(before))


def is_whole(one: Listed, folders: Folders) -> bool:
    """Whether a release's file is what was published, as it lies there now."""
    path = folders.releases / f"{one.id}.duckdb"
    if one.sha256:
        return release.checksum(path) == one.sha256
    try:
        release.open_release(folders, one.id).close()
    except ReleaseError:
        return False
    return True


def _with_lost(folders: Folders) -> list[Listed]:
    """All releases, newest first, then those of which only the file or only the facts are left."""
    found = release.listed(folders)
    paths = [*folders.releases.glob("*.json"), *folders.releases.glob("*.duckdb")]
    left = {path.stem for path in paths} - {"current", *(one.id for one in found)}
    for id in sorted(left):
        facts = release.facts_of(folders.releases / f"{id}.json")
        found.append(facts or Listed(id, release.UNKNOWN_STAND))
    return found


def _is_protected(one: Listed, folders: Folders) -> bool:
    try:
        opened = release.open_release(folders, one.id)
    except ReleaseError:
        # whole, but of definitions that no longer fit: nothing of it can be read
        return False
    opened.close()
    return opened.is_protected


def shown(
    folders: Folders, history: History, catalog: Catalog, report: Report, again: str = ""
) -> dict[str, pd.DataFrame]:
    """Dataset → numbers of towns' own tables that these releases or one before them showed, and the
    dots of these, a row each. Columns: region, period, measure, dimensions, value (NaN: a dot).
    Of a release that is
    made `again` counts what can be read of it. A dataset whose dimensions are others now starts
    anew, which the report says."""
    section = report.section(_SECTION)
    found: dict[str, list[pd.DataFrame]] = {}
    for id in history.newest:
        _add(found, id, folders, catalog, section)
    for one in history.damaged:
        lost = _add(found, one.id, folders, catalog, section)
        section.add("warning", _damage(one, lost))
    if again:
        _add(found, again, folders, catalog, section)
    return {
        name: pd.concat(frames, ignore_index=True).drop_duplicates(ignore_index=True)
        for name, frames in found.items()
    }


def _add(
    found: dict[str, list[pd.DataFrame]],
    id: str,
    folders: Folders,
    catalog: Catalog,
    section: Section,
) -> list[str] | None:
    """Adds what one release showed. Returns the names of datasets that cannot be read any more;
    None where nothing can."""
    try:
        path = folders.releases / f"{id}.duckdb"
        # whatever its checksum says: a part may be readable
        opened = release.open_file(path, id, datetime.now())
    except ReleaseError:
        return None
    lost = []
    for name in _with_own_numbers(opened):
        try:
            rows = _shown_in(opened, name)
        except (ReleaseError, duckdb.Error):
            named = opened.catalog.datasets.get(name)
            lost.append(named.name if named else name)
            continue
        if _fits(rows, name, catalog):
            found.setdefault(name, []).append(rows)
        else:
            section.add(
                "warning",
                f"{catalog.datasets[name].name}: Die Merkmale sind andere als im Datenstand {id}; "
                "was dort gezeigt wurde, lässt sich nicht mitrechnen",
            )
    opened.close()
    return lost


def _with_own_numbers(opened: Release) -> list[str]:
    """Datasets of which the release shows own numbers, or one before it did: those of a table that
    is not delivered any more are still known when it comes back."""
    before = {name.removeprefix("before_") for name in opened.tables if name[:7] == "before_"}
    return sorted(before | (opened.protection.keys() & opened.datasets))


def _fits(rows: pd.DataFrame, name: str, catalog: Catalog) -> bool:
    dataset = catalog.datasets.get(name)
    return dataset is None or set(rows.columns) == {*_KEY, *dataset.dimensions, "value"}


def _damage(one: Listed, lost: list[str] | None) -> str:
    if lost is None:
        read = "nichts; es kann nicht berücksichtigt werden"
    elif lost:
        read = f"alles außer {listing(lost)}; das kann nicht berücksichtigt werden"
    else:
        read = "alles und wird berücksichtigt"
    return (
        f"Der Datenstand {one.id} vom {one.day} ist beschädigt. Von dem, was er gezeigt hat, ist "
        f"noch zu lesen: {read}. Nächster Schritt: {one.id}.duckdb aus einer Sicherung in "
        "data/releases zurücklegen"
    )


def _shown_in(opened: Release, name: str) -> pd.DataFrame:
    """The numbers of a dataset that this release showed or one before it, and its dots: region,
    period, dimensions, measure, value (NaN: a dot); a corrected number has a row per value."""
    own = [source.id for source in opened.sources.values() if source.own]
    frames = []
    for table in (f"data_{name}", f"sums_{name}"):
        if table not in opened.tables:
            continue
        dataset = opened.catalog.datasets[name]
        rows = opened.frame(f'SELECT * FROM release."{table}"')
        for measure in dataset.measures:
            there = rows[f"{measure.id}_source"].isin(own)
            there &= rows[f"{measure.id}_status"].isin([*_NUMBERS, Status.SUPPRESSED.value])
            columns = ["region", "period", *dataset.dimensions, measure.id]
            part = rows.loc[there, columns].rename(columns={measure.id: "value"})
            frames.append(part.assign(measure=measure.id))
    if f"before_{name}" in opened.tables:
        frames.append(opened.frame(f'SELECT * FROM release."before_{name}"'))
    return pd.concat(frames, ignore_index=True).drop_duplicates(ignore_index=True)


def no_longer_shown(
    before: Mapping[str, pd.DataFrame], protected: Mapping[str, Protected]
) -> dict[str, pd.DataFrame]:
    """Of what was `shown` before, the rows of numbers that the new ones do not show, in the same
    columns."""
    found = {}
    for id, seen in before.items():
        rows = seen[seen["value"].notna()].reset_index(drop=True)
        if id in protected:
            now = pd.concat([protected[id].rows, protected[id].sums])
            now = now.loc[now["status"].isin(_NUMBERS), list(rows.columns)].drop_duplicates()
            both = rows.merge(now, how="left", on=list(rows.columns), indicator="both")["both"]
            rows = rows[(both == "left_only").to_numpy()].reset_index(drop=True)
        found[id] = rows
    return found
