"""A town without official tables, whose builds take parts of a second.

Everything a build does is done. What ships is boundaries, places and words only.
"""

import shutil
from pathlib import Path

import pytest

from indicators import folders as places
from indicators.folders import Folders
from indicators.publishing import run
from indicators.publishing.receive import Receiver

CITY, YEAR = "09464", "2023"
ONE_CELL = """
[dataset]
id = "places"
name = "Angebote"
publisher = "Stadt"
place = "schulort"
licence = "dl-de/by-2-0"
[dataset.period]
type = "calendar_year"
[[dataset.measures]]
id = "visits"
name = "Besuche"

[mapping]
id = "places"
dataset = "places"
title = "Angebote"
files = ["angebote*"]
header = "Jahr"
columns = [
    { heading = "Jahr", is = "period" },
    { heading = "Ort", is = "region" },
    { heading = "Besuche", measure = "visits" },
]

[indicator]
id = "visits"
name = "Besuche der Angebote"
short_name = "Besuche"
theme = "demografie"
life_phase = "uebergreifend"
baustein = 1
unit = "Anzahl"
polarity = "neutral"
place = "schulort"
definition = "Besuche"
formula = "a"
numerator_name = "Besuche"
period_meaning = "Kalenderjahr"
[indicator.statement]
verb = "gab es"
rest = "{value} Besuche"
[[indicator.calculations]]
numerator = [{ dataset = "places", measure = "visits" }]
"""
VIEW = f"kind=table&indicator=visits&region={CITY}"


def ship_little(folder: Path, patch: pytest.MonkeyPatch) -> None:
    """What ships is boundaries, regions and vocabulary only."""
    shipped, definitions = folder / "shipped", folder / "shipped_definitions"
    shipped.mkdir()
    (shipped / "boundaries").symlink_to(places.SHIPPED / "boundaries")
    shutil.copytree(places.SHIPPED_DEFINITIONS / "regions", definitions / "regions")
    shutil.copy(places.SHIPPED_DEFINITIONS / "vocabulary.toml", definitions)
    patch.setattr(places, "SHIPPED", shipped)
    patch.setattr(run, "SHIPPED_DEFINITIONS", definitions)


def deliver(folders: Folders, folder: Path, value: int, name: str) -> None:
    """The only cell of the table in a file, received like any other."""
    file = folder / f"angebote_{name}.csv"
    file.write_text(f"Jahr;Ort;Besuche\n{YEAR};{CITY};{value}\n", encoding="utf-8")
    Receiver(folders).receive(file)


def built_with(folders: Folders, folder: Path, values) -> list[str]:
    """The ids of releases built after each of these values of the only cell was received."""
    folders.own_definitions.mkdir(parents=True, exist_ok=True)
    (folders.own_definitions / "places.toml").write_text(ONE_CELL, encoding="utf-8")
    ids = []
    for number, value in enumerate(values):
        deliver(folders, folder, value, f"{number}_{value}")
        built = run.build(folders)
        assert built.published, built.report.text()
        ids.append(built.id)
    return ids


def shown_value(release) -> float:
    rows = release.frame(f"SELECT visits FROM release.data_places WHERE region = '{CITY}'")
    return rows["visits"].iloc[0]


def known_before(release) -> list[float]:
    """What the release keeps of what was shown of the only cell before and it does not show."""
    if "before_places" not in release.tables:
        return []
    rows = release.frame(f"SELECT value FROM release.before_places WHERE region = '{CITY}'")
    return sorted(rows["value"])
