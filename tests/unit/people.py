"""A town of a few thousand for tests about ages: releases of any numbers, with shipped definitions.

99101 is a city of two Stadtteile, 99102 a district of three Gemeinden, `verbund:beispiel` both.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

import pandas as pd

from indicators.catalog import catalog as definitions
from indicators.catalog.catalog import Catalog
from indicators.catalog.definition import TOTAL
from indicators.regions import Region
from indicators.release.releases import Release
from tests import shipped
from tests.unit import small

PYRAMID = """
[indicator]
id = "bevoelkerung_pyramide"
name = "Bevölkerungspyramide"
short_name = "Pyramide"
theme = "demografie"
life_phase = "uebergreifend"
baustein = 5
unit = "Anzahl"
polarity = "neutral"
place = "wohnort"
definition = "Bevölkerung nach Alter."
formula = "Bevölkerung"
numerator_name = "Personen"
period_meaning = "Stand am 31. Dezember."
[indicator.statement]
verb = "lebten"
rest = "{value} Personen"
[[indicator.calculations]]
numerator = [{ dataset = "population_age", measure = "population" }]
[[indicator.breakdowns]]
dimension = "sex"
[[indicator.breakdowns]]
dimension = "citizenship"
"""


def catalog() -> Catalog:
    """The shipped definitions, with the indicator of pyramids where they have none yet."""
    found = shipped.catalog()
    if "bevoelkerung_pyramide" in found.indicators:
        return found
    return definitions.from_texts(found.files | {"pyramid.toml": PYRAMID})


_PARTS = [
    ("99101-01", "stadtteil", "Altstadt", "99101"),
    ("99101-02", "stadtteil", "Nordstadt", "99101"),
    ("99102101", "gemeinde", "Birkenried", "99102"),
    ("99102102", "gemeinde", "Erlengrund", "99102"),
    ("99102103", "gemeinde", "Haselwang", "99102"),
]
REGIONS = {
    region.id: region
    for region in (
        Region("DG", "bund", "Deutschland", "in Deutschland"),
        Region("99", "land", "Beispielland", "in Beispielland", "DG"),
        Region("99101", "kreis", "Stadt Beispielstadt", "in der Stadt Beispielstadt", "99"),
        Region("99102", "kreis", "Landkreis Beispielau", "im Landkreis Beispielau", "99"),
        *(Region(id, level, name, f"in {name}", parent) for id, level, name, parent in _PARTS),
        Region(
            "verbund:beispiel",
            "verbund",
            "Beispielstadt und Landkreis Beispielau",
            "in Beispielstadt und Landkreis Beispielau",
            "99",
            members=("99101", "99102"),
        ),
    )
}
PARTS = {
    "99101": ("99101-01", "99101-02"),
    "99102": ("99102101", "99102102", "99102103"),
}

# (region, time, categories by dimension, measure) -> a number, or the name of a status
Cells = Mapping[tuple[str, str, tuple[tuple[str, str], ...], str], float | str]


def frame(catalog: Catalog, dataset_id: str, cells: Iterable, source: int) -> pd.DataFrame:
    """Cells as the build carries them: a row per region, period, dimensions and measure."""
    dataset = catalog.datasets[dataset_id]
    more = {"flags": "", "source": source}
    return pd.DataFrame(
        [
            small.row(dataset, region, time, dict(categories), measure, *told, **more)
            for (region, time, categories, measure), given in cells
            for told in [(None, given) if isinstance(given, str) else (given,)]
        ]
    )


def make_release(folder: Path, catalog: Catalog, tables: Mapping[str, Cells]) -> Release:
    """A published and opened release of these cells per dataset."""
    sources = small.sources(
        *tables,
        publisher="Bildungsblick: Beispieldaten (erfunden)",
        licence="CC0",
        stand=datetime(2026, 1, 15),
        format="table",
    )
    frames = {
        name: frame(catalog, name, cells.items(), number)
        for number, (name, cells) in enumerate(tables.items())
    }
    return small.release_of(folder, "people", catalog, REGIONS, frames, sources)


def age_cells(counts: Mapping[tuple[str, int, int], Mapping[str, float | str]]) -> dict:
    """Cells of population_age from {(region, year, age): {"female": …, "male": …, "total": …}}; the
    total of the age is the sum unless given; citizenship likewise ("german", "foreign")."""
    cells = {}
    for (region, year, age), groups in counts.items():
        time, category = f"31.12.{year}", ("age_year", f"age_{age}" + "_plus" * (age == 100))
        for group, value in groups.items():
            dimension = "citizenship" if group in ("german", "foreign") else "sex"
            extra = () if group == TOTAL else ((dimension, group),)
            cells[(region, time, (category, *extra), "population")] = value
        if TOTAL not in groups:
            both = [groups[sex] for sex in ("female", "male") if sex in groups]
            known = all(not isinstance(value, str) for value in both)
            cells[(region, time, (category,), "population")] = sum(both) if known else "missing"
    return cells
