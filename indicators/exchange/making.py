"""Making a package: of a release, protected as published.

Only what a town delivered itself is passed on: official tables every office has from their source,
and what came in a package belongs to the office that sent it.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence

import pandas as pd

from indicators import toml
from indicators.catalog import catalog as catalogs
from indicators.catalog.catalog import Catalog
from indicators.catalog.definition import Definition
from indicators.errors import BildungsblickError
from indicators.exchange import package
from indicators.exchange.package import KEY, NAME, PERIOD, PUBLISHED, SYMBOLS, Content
from indicators.folders import SHIPPED_DEFINITIONS
from indicators.regions import Region
from indicators.release.releases import Release

PREFIX = "austausch_"
_LONGEST_ID = 60
HEAD = "# Aus einem Austauschpaket von {sender}; die nächste Lieferung schreibt diese Datei neu.\n"


def offered(release: Release) -> dict[str, str]:
    """The datasets a package can hold: id → name, those with rows of the town's own."""
    ids = {source.dataset for source in _own(release)}
    return {
        id: dataset.name
        for id, dataset in release.catalog.datasets.items()
        if id in ids & release.datasets
    }


def of_release(
    release: Release, sender: str, datasets: Sequence[str], regions: Collection[str] = ()
) -> Content:
    """A package of these datasets as the release shows them, for these regions with all in them
    (none: all). Raises BildungsblickError where there is nothing to pass on."""
    demand(datasets, offered(release))
    kept = within(release.regions, regions)
    found = {id: rows(release, id) for id in datasets}
    found = {id: table[table["region"].isin(kept)] for id, table in found.items()}
    tables = tables_of(found, release.catalog, release.regions)
    used = {place for table in found.values() for place in table["region"]}
    return Content(
        sender=sender.strip(),
        moment=release.published.astimezone(),
        release=release.id,
        protection=PUBLISHED,
        recipient="",
        tables=tables,
        definitions=definitions(sender, tables, release.catalog, release.regions, used),
    )


def demand(asked: Sequence[str], known: Mapping[str, str]) -> None:
    """Raises BildungsblickError for a dataset that cannot be passed on, and for none at all."""
    offers = ", ".join(known) or "keine"
    if not asked:
        raise BildungsblickError(
            "Kein Datensatz genannt. Nächster Schritt: einen wählen; weitergeben lassen sich "
            f"{offers}."
        )
    for id in asked:
        if id not in known:
            raise BildungsblickError(
                f"Der Datensatz „{id}“ lässt sich nicht weitergeben: Eigene Zahlen haben {offers}. "
                "Amtliche Tabellen holt jede Stelle selbst."
            )


def within(regions: Mapping[str, Region], asked: Collection[str]) -> set[str]:
    """These regions with all that lies in them; without any, all there are."""
    for id in asked:
        if id not in regions:
            raise BildungsblickError(f"Die Region „{id}“ gibt es nicht.")
    if not asked:
        return set(regions)
    found = {part for id in asked for part in regions[id].parts}
    while more := {r.id for r in regions.values() if r.parent in found} - found:
        found |= more
    return found


def tables_of(
    rows: Mapping[str, pd.DataFrame], catalog: Catalog, regions: Mapping[str, Region]
) -> dict[str, bytes]:
    """The tables of a package; raises BildungsblickError for a dataset of which nothing is left."""
    for id, found in rows.items():
        if found.empty:
            raise BildungsblickError(
                f"Von „{catalog.datasets[id].name}“ gibt es für diese Regionen keine eigenen "
                "Zahlen."
            )
    return {
        id: package.table(found, catalog.datasets[id], catalog, regions)
        for id, found in rows.items()
    }


def _own(release: Release) -> list:
    """The sources of the town's own files."""
    return [
        source
        for source in release.sources.values()
        if source.own and not source.table_code.startswith(PREFIX)
    ]


def rows(release: Release, id: str) -> pd.DataFrame:
    """The own rows of a dataset, in the columns that `package.table` asks for."""
    dataset = release.catalog.datasets[id]
    columns = ["region", "period", "start", *dataset.dimensions]
    own = {source.id for source in _own(release) if source.dataset == id}
    wide = release.frame(f'SELECT * FROM release."data_{id}"')
    frames = []
    for measure in dataset.measures:
        cells = [f"{measure.id}{end}" for end in ("", "_status", "_flags", "_source")]
        found = wide[[*columns, *cells]].set_axis(
            [*columns, "value", "status", "flags", "source"], axis=1
        )
        frames.append(found[found["source"].isin(own)].assign(measure=measure.id))
    return pd.concat(frames, ignore_index=True)


# --- what reads the tables again ------------------------------------------------------------------


def definitions(
    sender: str,
    tables: Mapping[str, bytes],
    catalog: Catalog,
    regions: Mapping[str, Region],
    used: Collection[str],
) -> str:
    """The mappings of the tables, the regions that no official register knows, and datasets of the
    sender's own with their dimensions and indicators, as a definition file."""
    shipped = catalogs.load(SHIPPED_DEFINITIONS)
    parts: dict[str, list[dict]] = {
        "mappings": [_mapping(id, table, sender, catalog) for id, table in tables.items()]
    }
    if places := _places(catalog, regions, used):
        parts["local_regions"] = places
    own = [id for id in tables if id not in shipped.datasets]
    named = dict.fromkeys(one for id in tables for one in catalog.datasets[id].dimensions)
    parts["dimensions"] = [
        plain(catalog.dimensions[id]) for id in named if id not in shipped.dimensions
    ]
    parts["datasets"] = [plain(catalog.datasets[id]) for id in own]
    parts["indicators"] = [
        plain(indicator)
        for indicator in catalog.indicators.values()
        if indicator.id not in shipped.indicators
        and indicator.datasets
        and set(indicator.datasets) <= set(own)
    ]
    return toml.written(
        {kind: entries for kind, entries in parts.items() if entries}, HEAD.format(sender=sender)
    )


def _mapping(id: str, table: bytes, sender: str, catalog: Catalog) -> dict:
    dataset = catalog.datasets[id]
    headings = table.decode("utf-8-sig").partition("\r\n")[0].split(";")
    columns: list[dict] = [
        {"heading": KEY, "is": "region"},
        {"heading": PERIOD, "is": "period"},
    ]
    columns += [{"heading": catalog.dimensions[one].name, "is": one} for one in dataset.dimensions]
    columns += [
        {"heading": measure.name, "measure": measure.id}
        for measure in dataset.measures
        if measure.name in headings
    ]
    return {
        "id": mapping_id(sender, id),
        "dataset": id,
        "title": f"{dataset.name} (von {sender})",
        "publisher": sender,
        "licence": "intern",
        "files": [f"{mapping_id(sender, id)}.csv"],
        "header": KEY,
        "skip_columns": [NAME],
        "symbols": SYMBOLS,
        "columns": columns,
        "words": {one: package.words(catalog, one) for one in dataset.dimensions},
    }


def name_of(sender: str) -> str:
    """What an office's packages are called here: in names of files, and at the beginning of the ids
    of its mappings. Two offices whose names begin alike have different ones."""
    plain = package.slug(sender).replace("-", "_")[:18].strip("_")
    return f"{PREFIX}{plain}_{_mark(sender)}"


def mapping_id(sender: str, dataset: str) -> str:
    id = f"{name_of(sender)}_{dataset}"
    return id if len(id) <= _LONGEST_ID else f"{id[: _LONGEST_ID - 5]}_{_mark(dataset)}"


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:4]


def _places(catalog: Catalog, regions: Mapping[str, Region], used: Collection[str]) -> list[dict]:
    """The local regions that these lie in, those above first."""
    found: dict[str, dict] = {}
    for id in sorted(used):
        above: list[str] = []
        while id in catalog.local_regions and id not in found:
            above.append(id)
            id = regions[id].parent or ""
        found |= {one: plain(catalog.local_regions[one]) for one in reversed(above)}
    return list(found.values())


def plain(definition: Definition) -> dict:
    """A definition as it would stand in a file: only what differs from what is usual."""
    return definition.model_dump(mode="json", by_alias=True, exclude_defaults=True)
