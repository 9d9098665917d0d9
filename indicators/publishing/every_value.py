"""The values of all indicators of all regions, computed once when a release is made: pages,
profiles, maps and answers read what they ask for most, and no reader waits for it to be reckoned.

They are what the published counts give and tell nothing that those do not.
"""

import pickle
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import pandas as pd

from indicators.catalog.catalog import Catalog
from indicators.catalog.meaning import Indicator
from indicators.publishing.processes import Pool, processors
from indicators.release import releases as release
from indicators.release.values import COLUMNS, usual_values


def every_value(
    aside: Path, catalog: Catalog, rows: int, pool: Pool, made_of: Mapping[str, str]
) -> pd.DataFrame:
    """The rows of `values.usual_values` of every indicator, of a finished file (with so many
    `rows`) that is not published yet: a row per indicator, region and period, in the columns
    `indicator` and those of `values.indicator_values`. `made_of` says what each dataset is in the
    file: the values of an indicator whose datasets are as they were are taken over."""
    digests = {}
    for id, indicator in catalog.indicators.items():
        of = [made_of.get(name) for name in sorted(_datasets(indicator))]
        if "" not in of:
            digests[id] = pool.results.digest("values", id, of)
    found = {id: kept[0] for id, digest in digests.items() if (kept := pool.results.read(digest))}
    ids = [id for id in catalog.indicators if id not in found]
    calls = [(ids[start :: processors()],) for start in range(processors())]
    rows = rows * len(ids) // (len(catalog.indicators) or 1)
    for id, frame in (one for told in pool.each(_of, calls, (aside,), rows=rows) for one in told):
        found[id] = frame
        if id in digests:
            pool.results.keep(digests[id], pickle.dumps(frame))
    known = [found[id].assign(indicator=id) for id in catalog.indicators if len(found[id])]
    columns = ["indicator", *COLUMNS]
    if not known:
        return pd.DataFrame(columns=columns)
    return pd.concat(known, ignore_index=True)[columns]


def _datasets(indicator: Indicator) -> set[str]:
    return {term.dataset for one in indicator.calculations for term in one.terms}


def _of(aside: Path, indicators: list[str]) -> list[tuple[str, pd.DataFrame]]:
    finished = release.open_file(aside, aside.stem, datetime.now())
    try:
        return [(id, usual_values(finished, finished.catalog.indicators[id])) for id in indicators]
    finally:
        finished.close()
