"""The values of all indicators of all regions, computed once when a release is made: pages,
profiles, maps and answers read what they ask for most, and no reader waits for it to be reckoned.

They are what the published counts give and tell nothing that those do not.
"""

from datetime import datetime
from pathlib import Path

import pandas as pd

from indicators import release
from indicators.values import COLUMNS, usual_values


def every_value(aside: Path, id: str) -> pd.DataFrame:
    """The rows of `values.usual_values` of every indicator, of a finished file that is not
    published yet: a row per indicator, region and period."""
    finished = release.open_file(aside, id, datetime.now())
    try:
        found = [
            usual_values(finished, indicator).assign(indicator=indicator.id)
            for indicator in finished.catalog.indicators.values()
        ]
    finally:
        finished.close()
    rows = [frame for frame in found if len(frame)]
    if not rows:
        return pd.DataFrame(columns=["indicator", *COLUMNS])
    return pd.concat(rows, ignore_index=True)[["indicator", *COLUMNS]]
