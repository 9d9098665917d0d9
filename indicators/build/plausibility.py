"""A second look at what is about to be published: values outside the range an indicator expects."""

from indicators.build.report import Report
from indicators.formats import number, quantity, with_unit
from indicators.release import Release
from indicators.symbols import WITH_NUMBER
from indicators.values import indicator_values

_SHOWN = 3


def ranges(release: Release, report: Report) -> None:
    """Warns of Kreise whose newest value is outside the indicator's plausible range.

    Never an error: what is unusual may be true. Adds one section to the report.
    """
    section = report.section("Plausible Wertebereiche")
    kreise = [region.id for region in release.regions.values() if region.is_kreis]
    checked = 0
    for indicator in release.catalog.indicators.values():
        if indicator.plausible is None:
            continue
        rows = indicator_values(release, indicator, kreise)
        known = rows[rows["status"].isin(WITH_NUMBER)]
        newest = known[known["start"] == known["start"].max()]
        if newest.empty:
            continue
        checked += len(newest)
        low, high = indicator.plausible
        decimals = indicator.shown_decimals
        outside = newest[(newest["value"] < low) | (newest["value"] > high)]
        if len(outside):
            examples = ", ".join(
                f"{release.region(row.region).name} "
                f"{with_unit(row.value, indicator.unit, decimals)}"
                for row in outside.head(_SHOWN).itertuples(index=False)
            )
            section.add(
                "warning",
                f"{indicator.name}: {number(len(outside))} von {number(len(newest))} Kreisen "
                f"außerhalb des erwarteten Bereichs von {number(low, decimals)} bis "
                f"{with_unit(high, indicator.unit, decimals)} ({examples})",
            )
    compared = quantity(checked, "Wert", "Werte")
    section.add("info", f"{compared} verglichen, je Indikator der neueste Zeitraum")
