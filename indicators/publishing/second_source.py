"""Where two offices count the same: the report says how far apart they are, in what is published.

Never an error: both may be right, and the reason stands in the definitions.
"""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from indicators.formats import quantity
from indicators.publishing.report import Report
from indicators.regions import Region
from indicators.release import queries, two_sources
from indicators.release import releases as release

_FAR = 5  # per cent, from which on somebody should look


def tell(aside: Path, regions: Mapping[str, Region], report: Report) -> None:
    """A line per quantity and region of which both have a number, of the newest period; what lies
    far apart as a warning. Adds one section to the report, if anything can be compared."""
    opened = release.open_file(aside, aside.stem, datetime.now())
    try:
        own = {source.dataset for source in opened.sources.values() if source.own}
        of = [one for one in opened.catalog.two_sources if one.second.dataset in own]
        lines, alike = [], 0
        for one in of:
            # the second source knows the town alone, the first one all of Germany
            known = queries.counts(opened, one.second)["region"].unique()
            for region in (regions[id] for id in sorted(known)):
                found = two_sources.pairs(opened, region, [one]) if region.level == "kreis" else []
                if found and found[0].difference:
                    lines.append((region, found[0]))
                else:
                    alike += bool(found)
    finally:
        opened.close()
    if not (lines or alike):
        return
    section = report.section("Zwei Quellen für eine Größe")
    for region, pair in lines:
        far = pair.share is None or abs(pair.share) >= _FAR
        section.add(
            "warning" if far else "info", f"{region.name}: {two_sources.told(pair)}. {pair.of.text}"
        )
    compared = quantity(len(lines) + alike, "Größe", "Größen")
    section.add("info", f"{compared} verglichen, je Region der neueste Zeitraum; {alike} gleich")
