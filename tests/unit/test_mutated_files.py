"""300 official files that something happened to: refused in German, or every value still means what
it meant. No traceback, no other meaning."""

import random
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pytest

from indicators.catalog.catalog import Catalog
from indicators.errors import FileError
from indicators.folders import Folders
from indicators.publishing import gathering, run
from indicators.publishing.mapping import understand
from indicators.publishing.report import Report
from indicators.regions import Region
from indicators.sources.reading import read_bytes
from tests.zoo.builders import Sample, datencsv, ffcsv
from tests.zoo.mutations import MUTATIONS, Mutation
from tests.zoo.sums import NEARBY, REGIONS, counted

pytestmark = pytest.mark.slow  # hundreds of files are read

SEED, HOW_MANY = 20261129, 300
SEX = ("Insgesamt", "weiblich")
LEAVERS = Sample(
    regions=tuple(REGIONS),
    dimensions=(
        (
            *("Insgesamt", "ohne Hauptschulabschluss", "mit Hauptschulabschluss"),
            *("mit Mittlerem Abschluss", "mit Fachhochschulreife"),
            "mit allgemeiner Hochschulreife",
        ),
        SEX,
    ),
    measures=(("Absolvierende/Abgehende allgemeinbildender Schulen", "Anzahl"),),
)
CHILDREN = Sample(
    code="22543-01-02-4",
    title="Betreute Kinder nach Art der Kindertagesbetreuung - Stichtag 01.03. -",
    regions=tuple(REGIONS),
    dimensions=(
        ("Insgesamt", "unter 3 Jahre", "3 bis unter 6 Jahre", "6 bis unter 14 Jahre"),
        ("Insgesamt (ohne Doppelzählungen)", "Tageseinrichtung"),
    ),
    measures=(("Betreute Kinder", "Anzahl"),),
)
RATES = Sample(
    code="13211-02-05-4",
    title="Arbeitslose nach ausgewählten Personengruppen sowie Arbeitslosenquoten",
    regions=tuple(REGIONS),
    dimensions=(("Insgesamt", "Frauen"),),
    measures=(
        ("Arbeitslose", "Anzahl"),
        ("Arbeitslosenquote bez. auf alle zivile Erwerbsp.", "Prozent"),
    ),
)
PEOPLE = replace(
    LEAVERS,
    code="12411-01-01-4",
    dimensions=(SEX,),
    measures=(("Bevölkerungsstand", "Anzahl"),),
)


def _coded(content: bytes) -> bytes:
    """With the database's own code of "weiblich"."""
    return content.replace(b";K0weibl;", b";GESW;")


@cache
def originals() -> list[tuple[str, str, bytes]]:
    """Name, kind and content of the files before anything happens to them."""
    chance = random.Random(SEED)
    return [
        ("21111-02-06-4.csv", "table", datencsv(counted(LEAVERS, chance))),
        ("22543-01-02-4.csv", "table", datencsv(counted(CHILDREN, chance))),
        ("13211-02-05-4.csv", "table", datencsv(counted(RATES, chance))),
        ("12411-01-01-4_flat.csv", "flat", _coded(ffcsv(counted(PEOPLE, chance)))),
        ("12411-01-01-4_old.csv", "flat", _coded(ffcsv(counted(PEOPLE, chance), form="old"))),
    ]


@dataclass(frozen=True)
class Reader:
    """Reads files like a build."""

    catalog: Catalog
    register: dict[str, Region]

    def meaning(self, content: bytes, name: str) -> dict | None:
        """What a file says, cell by cell; None if it is refused. Empty cells say nothing."""
        said = {}
        try:
            for table in read_bytes(content, name):
                mapped = understand(table, self.catalog)
                place = ["region", "period", "measure", *mapped.dataset.dimensions]
                rows = mapped.rows[mapped.rows["status"] != "missing"]
                keys = zip(*(rows[column] for column in place), strict=True)
                said |= dict(
                    zip(keys, zip(rows["value"], rows["status"], strict=True), strict=True)
                )
        except FileError as error:
            assert len(str(error)) > 30 and "Traceback" not in str(error)
            return None
        return said

    def stops(self, content: bytes, name: str) -> bool:
        """Whether the checks of the build refuse a file that can be read."""
        report = Report()
        for table in read_bytes(content, name):
            gathering.check_table(table, self.catalog, self.register, report)
        return bool(report.of("error"))


@pytest.fixture(scope="module")
def reader() -> Reader:
    folders = Folders(Path("/nowhere"))
    catalog = run.load_catalog(folders)
    everywhere = run.register_of(run.boundary_archive(folders)[0], catalog)
    # the checks of a small file need only the regions it is about
    nearby = {key: region for key, region in everywhere.items() if key[:3] in NEARBY}
    return Reader(catalog, nearby)


def test_the_files_are_right_before_anything_happens(reader):
    for name, _, content in originals():
        assert reader.meaning(content, name) and not reader.stops(content, name)


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.name)
def test_a_mutated_file_is_refused_or_means_the_same(mutation: Mutation, reader):
    chance = random.Random(f"{SEED} {mutation.name}")
    files = [file for file in originals() if file[1] in mutation.of]
    before = [reader.meaning(content, name) for name, _, content in files]
    for number in range(-(-HOW_MANY // len(MUTATIONS))):
        name, _, content = files[number % len(files)]
        mutated = mutation.change(content, chance)
        found, original = reader.meaning(mutated, name), before[number % len(files)]
        where = f"{mutation.name}, {name}, {number}"
        if mutation.must == "keep":
            assert found == original, where
        elif found and (mutation.must == "refuse" or not found.items() <= original.items()):
            assert reader.stops(mutated, name), where
