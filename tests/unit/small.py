"""A world small enough to calculate by hand: its definitions, its regions, releases made of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pandas as pd

from indicators.catalog import catalog as definitions
from indicators.catalog.catalog import Catalog
from indicators.catalog.definition import TOTAL
from indicators.catalog.meaning import Dataset
from indicators.folders import Folders
from indicators.publishing import publish
from indicators.publishing.report import Report
from indicators.regions import Region
from indicators.release import publication, releases
from indicators.release.releases import Release

BASE = """
[vocabulary.themes.schule]
name = "Schule"
[vocabulary.life_phases.sekundarstufe]
name = "Sekundarstufe"
[vocabulary.bausteine.1]
name = "Übergänge"
[vocabulary.places.schulort]
name = "Schulort"
text = "gezählt am Schulort"
[vocabulary.licences."dl-de/by-2-0"]
name = "Datenlizenz Deutschland"
text = "www.govdata.de/dl-de/by-2-0"

[[vocabulary.dimensions]]
id = "sex"
name = "Geschlecht"
derived = { male = "female" }
categories = [
    { id = "female", name = "weiblich", labels = ["weiblich"] },
    { id = "male", name = "männlich", labels = ["männlich"] },
]

[[vocabulary.dimensions]]
id = "school_type"
name = "Schulart"
categories = [
    { id = "hauptschule", name = "Hauptschule", labels = ["Hauptschulen"] },
    { id = "gymnasium", name = "Gymnasium", labels = ["Gymnasien"] },
    { id = "foerderschule", name = "Förderschule", labels = ["Förderschulen*"] },
]

[[territory.reforms]]
name = "Reform"
day = 2021-07-01

[[territory.reforms.dissolved]]
id = "16056"
name = "Eisenach"
designation = "Kreisfreie Stadt"
successors = ["16063"]

[[territory.statistical_regions]]
id = "031"
name = "Braunschweig"
designation = "Statistische Region"

[[education_regions]]
id = "hof"
name = "Hof"
members = ["09464", "09475"]
"""

PUPILS = """
[dataset]
id = "pupils"
name = "Schülerinnen und Schüler"
publisher = "Statistische Ämter"
place = "schulort"
dimensions = ["school_type", "sex"]

[dataset.period]
type = "school_year"

[[dataset.measures]]
id = "pupils"
name = "Schülerinnen und Schüler"
labels = ["Schüler/-innen*"]
official_unit = "Anzahl"

[[dataset.measures]]
id = "schools"
name = "Schulen"
labels = ["Schulen"]
official_unit = "Anzahl"

[[dataset.tables]]
code = "21111-01-03-4"
title = "Schülerinnen und Schüler"
headings = ["Geschlecht", "Schulart"]
skip = ["Klassen"]

[[dataset.tables]]
code = "21111-01-05-4"
title = "Schülerinnen und Schüler, andere Tabelle"
headings = ["Geschlecht"]
measure = "pupils"
"""

POPULATION = """
[dataset]
id = "population"
name = "Bevölkerung"
publisher = "Statistische Ämter"
place = "schulort"
dimensions = ["sex"]

[dataset.period]
type = "key_date"

[[dataset.measures]]
id = "population"
name = "Bevölkerung"
labels = ["Bevölkerung"]

[[dataset.tables]]
code = "12411-01-01-4"
title = "Bevölkerung"
measure = "population"
"""

RATES = """
[dataset]
id = "rates"
name = "Fertige Anteile"
publisher = "Statistische Ämter"
place = "schulort"

[dataset.period]
type = "calendar_year"

[[dataset.measures]]
id = "share"
name = "Anteil"
unit = "%"
additive = false
labels = ["Anteil"]

[[dataset.tables]]
code = "AI-N-06"
title = "Regionalatlas"
measure = "share"
"""

TEXTS = {
    "vocabulary.toml": BASE,
    "pupils.toml": PUPILS,
    "population.toml": POPULATION,
    "rates.toml": RATES,
}


def indicator(
    id: str = "gymnasium_anteil",
    calculations: str = "",
    breakdowns: str = "",
    unit: str = "%",
    factor: float = 100,
    **fields,
) -> str:
    """The text of an indicator: the share of pupils at a Gymnasium unless told otherwise."""
    calculations = (
        calculations
        or """
[[indicator.calculations]]
numerator = [{ dataset = "pupils", measure = "pupils", where = { school_type = "gymnasium" } }]
denominator = [{ dataset = "pupils", measure = "pupils" }]
"""
    )
    extra = "\n".join(f"{name} = {value}" for name, value in fields.items())
    return f"""
[indicator]
id = "{id}"
name = "Anteil am Gymnasium"
short_name = "Gymnasium"
theme = "schule"
life_phase = "sekundarstufe"
baustein = 1
unit = "{unit}"
factor = {factor}
polarity = "neutral"
place = "schulort"
definition = "Anteil"
formula = "a ÷ b"
numerator_name = "Kinder am Gymnasium"
denominator_name = "Kinder"
period_meaning = "Schuljahresbeginn"
{extra}

[indicator.statement]
verb = "besuchten"
verb_one = "besuchte"
rest = "{{value}} der Kinder ein Gymnasium"
{calculations}
{breakdowns}
"""


COUNT = """
[[indicator.calculations]]
numerator = [{ dataset = "pupils", measure = "pupils" }]
"""
GIVEN = """
[[indicator.calculations]]
given = { dataset = "rates", measure = "share" }
note = "Fertiger Anteil aus dem Regionalatlas."
"""


def catalog(*indicators: str, **replaced: str) -> Catalog:
    """The small definitions with these indicators; `pupils=text` replaces a file."""
    texts = TEXTS | {f"{name}.toml": text for name, text in replaced.items()}
    texts |= {f"indicator_{i}.toml": text for i, text in enumerate(indicators)}
    return definitions.from_texts(texts)


REGIONS = {
    region.id: region
    for region in (
        Region("DG", "bund", "Deutschland", "in Deutschland"),
        Region("09", "land", "Bayern", "in Bayern", "DG"),
        Region("16", "land", "Thüringen", "in Thüringen", "DG"),
        Region("094", "regierungsbezirk", "Oberfranken", "in Oberfranken", "09"),
        Region("09464", "kreis", "Stadt Hof", "in der Stadt Hof", "094"),
        Region("09475", "kreis", "Landkreis Hof", "im Landkreis Hof", "094"),
        Region("16063", "kreis", "Wartburgkreis", "im Wartburgkreis", "16"),
        Region(
            "verbund:hof",
            "verbund",
            "Stadt und Landkreis Hof",
            "in Stadt und Landkreis Hof",
            "09",
            members=("09464", "09475"),
        ),
    )
}


@dataclass(frozen=True)
class Cell:
    """One count: by default the total of pupils in the Stadt Hof in 2023/24."""

    value: float | None = None
    status: str = ""
    region: str = "09464"
    time: str = "2023"
    measure: str = "pupils"
    flags: str = ""
    source: int = 0
    sex: str = TOTAL
    school_type: str = TOTAL


def long_rows(cells: Iterable[Cell], catalog: Catalog, dataset_id: str = "pupils") -> pd.DataFrame:
    """Cells as the build carries them: a row per region, period, dimensions and measure."""
    dataset = catalog.datasets[dataset_id]
    return pd.DataFrame(
        [
            row(dataset, c.region, c.time, vars(c), c.measure, c.value, c.status)
            | {"flags": c.flags, "source": c.source, "line": line}
            for line, c in enumerate(cells, 1)
        ]
    )


def row(
    dataset: Dataset,
    region: str,
    time: str,
    categories: Mapping[str, str],
    measure: str,
    value: float | None,
    status: str = "",
    **more,
) -> dict:
    """One cell as the build carries it; `more` are its flags, source and line."""
    period = dataset.period.meant(time)
    return {
        "region": region,
        "period": period.label,
        "start": period.start,
        **{name: categories.get(name, TOTAL) for name in dataset.dimensions},
        "measure": measure,
        "value": float("nan") if value is None else float(value),
        "status": status or ("zero" if value == 0 else "ok"),
        **more,
    }


def sources(*datasets: str, **fields) -> list[publish.Source]:
    """A source for each dataset, of an office unless `fields` tell something else."""
    told = {
        "publisher": "Statistische Ämter",
        "licence": "dl-de/by-2-0",
        "attribution": "",
        "stand": datetime(2025, 3, 13),
        "fingerprint": "0",
        "format": "datencsv",
        "shipped": True,
    } | fields
    return [
        publish.Source(
            id=number,
            dataset=dataset,
            table_code=f"2111{number}-01",
            title=dataset,
            file=f"{dataset}.csv",
            **told,
        )
        for number, dataset in enumerate(datasets)
    ]


def make_release(folder: Path, catalog: Catalog, **cells: Iterable[Cell]) -> Release:
    """A published and opened release of these cells per dataset: `pupils=[Cell(…), …]`."""
    return _release_of(folder, "small", content_of(catalog, **cells))


def content_of(catalog: Catalog, **cells: Iterable[Cell]) -> publish.Content:
    """What a release of these cells holds."""
    tables = {
        name: long_rows(given, catalog, name).drop(columns="line") for name, given in cells.items()
    }
    return _content(catalog, REGIONS, tables, sources(*cells))


def release_of(
    folder: Path,
    id: str,
    catalog: Catalog,
    regions: Mapping[str, Region],
    tables: Mapping[str, pd.DataFrame],
    sources: list[publish.Source],
) -> Release:
    """A published and opened release of these rows per dataset."""
    return _release_of(folder, id, _content(catalog, regions, tables, sources))


def _content(
    catalog: Catalog,
    regions: Mapping[str, Region],
    tables: Mapping[str, pd.DataFrame],
    sources: list[publish.Source],
) -> publish.Content:
    return publish.Content(
        catalog=catalog,
        regions=regions,
        sources=sources,
        footnotes=pd.DataFrame(
            [(0, "", [], "Fußnote der Tabelle.")], columns=["source", "scope", "lands", "text"]
        ),
        datasets=tables,
        maps=[{"level": "kreis", "boundary_date": "2022-12-31", "name": "kreis.json"}],
    )


def _release_of(folder: Path, id: str, content: publish.Content) -> Release:
    folders = Folders(folder)
    publish.finish(publish.write(content, id, folders.releases), id, folders, Report())
    publication.put_in_force(id, folders)
    return releases.open_release(folders)
