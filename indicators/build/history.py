"""What earlier releases showed: a cell once shown is known, and protection reckons with it.

Every release keeps the numbers that those before it showed and it does not, so the newest one knows
all. Releases from before small numbers were protected do not count.
"""

from collections.abc import Mapping

import pandas as pd

from indicators import release
from indicators.build.protecting import Protected
from indicators.build.report import Report
from indicators.catalog import Catalog
from indicators.errors import ReleaseError
from indicators.folders import Folders
from indicators.meaning import Dataset
from indicators.release import Release
from indicators.symbols import WITH_NUMBER

_NUMBERS = [status.value for status in WITH_NUMBER]


def latest(folders: Folders) -> str | None:
    """The id of the newest release of the folder that is protected, in force or not."""
    for one in release.listed(folders):
        try:
            opened = release.open_release(folders, one.id)
        except ReleaseError:
            # damaged, or of definitions that no longer fit
            continue
        is_protected = opened.is_protected
        opened.close()
        if is_protected:
            return one.id
    return None


def shown(
    folders: Folders, id: str | None, catalog: Catalog, report: Report
) -> dict[str, pd.DataFrame]:
    """Dataset → numbers of towns' own tables that this release or one before it showed: region,
    period, measure, dimensions, value. A dataset whose dimensions are others now starts anew,
    which the report says."""
    if id is None:
        return {}
    opened = release.open_release(folders, id)
    try:
        found = {}
        for name in opened.protection:
            dataset = catalog.datasets.get(name)
            if dataset is None:
                continue
            if set(opened.catalog.datasets[name].dimensions) != set(dataset.dimensions):
                report.section("Schutz kleiner Zahlen").add(
                    "warning",
                    f"{dataset.name}: Die Merkmale sind andere als im Datenstand {id}; was dort "
                    "gezeigt wurde, lässt sich nicht mitrechnen",
                )
                continue
            found[name] = _shown_in(opened, dataset)
        return found
    finally:
        opened.close()


def _shown_in(opened: Release, dataset: Dataset) -> pd.DataFrame:
    columns = ["region", "period", *dataset.dimensions]
    own = [source.id for source in opened.sources.values() if source.own]
    frames = []
    for table in (f"data_{dataset.id}", f"sums_{dataset.id}"):
        if table not in opened.tables:
            continue
        rows = opened.frame(f'SELECT * FROM release."{table}"')
        for measure in opened.catalog.datasets[dataset.id].measures:
            there = rows[f"{measure.id}_source"].isin(own)
            there &= rows[f"{measure.id}_status"].isin(_NUMBERS)
            part = rows.loc[there, [*columns, measure.id]].rename(columns={measure.id: "value"})
            frames.append(part.assign(measure=measure.id))
    if f"before_{dataset.id}" in opened.tables:
        frames.append(opened.frame(f'SELECT * FROM release."before_{dataset.id}"'))
    found = pd.concat(frames, ignore_index=True)
    return found[[*columns, "measure", "value"]].drop_duplicates(ignore_index=True)


def no_longer_shown(
    before: Mapping[str, pd.DataFrame], protected: Mapping[str, Protected], catalog: Catalog
) -> dict[str, pd.DataFrame]:
    """Of what was shown before, the numbers that the new rows do not show."""
    found = {}
    for id, rows in before.items():
        key = ["region", "period", *catalog.datasets[id].dimensions, "measure", "value"]
        now = pd.DataFrame(columns=key)
        if id in protected:
            now = pd.concat([protected[id].rows, protected[id].sums])
            now = now.loc[now["status"].isin(_NUMBERS), key]
        gone = rows.merge(now.drop_duplicates(), how="left", on=key, indicator="seen")
        found[id] = gone.loc[gone["seen"] == "left_only", key].reset_index(drop=True)
    return found
