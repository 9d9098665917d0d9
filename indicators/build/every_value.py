"""The values of all indicators of all regions, computed once when a release is made: pages,
profiles, maps and answers read what they ask for most, and no reader waits for it to be reckoned.

They are what the published counts give and tell nothing that those do not.
"""

from datetime import datetime
from pathlib import Path

import pandas as pd

from indicators import release
from indicators.build.processes import Pool, processors
from indicators.catalog import Catalog
from indicators.values import COLUMNS, usual_values


def every_value(aside: Path, catalog: Catalog, rows: int, pool: Pool) -> pd.DataFrame:
    """The rows of `values.usual_values` of every indicator, of a finished file (with so many
    `rows`) that is not published yet: a row per indicator, region and period, in the columns
    `indicator` and those of `values.indicator_values`."""
    ids = list(catalog.indicators)
    calls = [(ids[start :: processors()],) for start in range(processors())]
    found = {id: frame for told in pool.each(_of, calls, (aside,), rows=rows) for id, frame in told}
    known = [found[id].assign(indicator=id) for id in ids if len(found[id])]
    columns = ["indicator", *COLUMNS]
    if not known:
        return pd.DataFrame(columns=columns)
    return pd.concat(known, ignore_index=True)[columns]


def _of(aside: Path, indicators: list[str]) -> list[tuple[str, pd.DataFrame]]:
    finished = release.open_file(aside, aside.stem, datetime.now())
    try:
        return [(id, usual_values(finished, finished.catalog.indicators[id])) for id in indicators]
    finally:
        finished.close()
