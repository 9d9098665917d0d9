"""What a build has of its deliveries: each is read, understood and checked, and of all that may
count the datasets are combined.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pandas as pd

from indicators import toml
from indicators.catalog.catalog import Catalog
from indicators.catalog.mappings import TableMapping
from indicators.errors import BuildError
from indicators.folders import Folders
from indicators.publishing import (
    checks,
    collected,
    composed,
    crosses,
    datasets,
    excerpts,
    kreise,
    losses,
    mapping,
    own_tables,
    parts,
    plausibility,
    possible,
    publish,
)
from indicators.publishing.deliveries import Delivery
from indicators.publishing.precedence import Edition
from indicators.publishing.processes import Pool
from indicators.publishing.report import Report, Section
from indicators.regions import Region
from indicators.release import releases as release
from indicators.sources.reading import read_file
from indicators.sources.table import OfficialTable

# A row of a file takes about so many bytes.
_ROW = 30
# The number of a source before all are counted.
_UNNUMBERED = -1


@dataclass(frozen=True)
class Gathered:
    """What all files say together, unprotected: the rows of each dataset in `tables` with all sums
    that follow, `made_of` with digests of what they are made of; the sources in the order of their
    numbers, and notes (source, scope, lands, text)."""

    tables: dict[str, pd.DataFrame]
    made_of: dict[str, str]
    sources: list[publish.Source]
    notes: list[tuple]

    @property
    def public(self) -> set[int]:
        """The numbers of official sources."""
        return {source.id for source in self.sources if not source.own}


def gathered(
    found: list[Delivery],
    catalog: Catalog,
    register: dict[str, Region],
    folders: Folders,
    report: Report,
    progress: Callable[[str], None],
    pool: Pool,
) -> Gathered:
    """Reads, checks and combines all deliveries; what is noticed goes into the report."""
    base = pool.results.digest(*_common_definitions(catalog), *register.values())
    read = _read_all(found, catalog, register, report, progress, pool, base)
    pool.end()  # what files held in memory they would keep; others start at once
    tables, made_of = _combined(read, catalog, register, report, progress, pool, base)
    read.editions.clear()  # a large table would be there twice
    losses.tell(folders, read.sources, report)
    together = Gathered(tables, made_of, read.sources, read.notes)
    _check_own_numbers(tables, made_of, together.public, catalog, register, report, pool)
    return together


@dataclass(frozen=True)
class _Read:
    """What all files say: the editions of each dataset, the sources in the order of their numbers,
    and notes (source, scope, lands, text). `made_of` says for each dataset what its editions were
    read from."""

    editions: dict[str, list[Edition]]
    sources: list[publish.Source]
    notes: list[tuple]
    made_of: dict[str, list[tuple]]


@dataclass(frozen=True)
class _Taken:
    """What one table of a delivery says: its edition, its source (both without a number yet) and
    its notes (scope, lands, text)."""

    edition: Edition
    source: publish.Source
    notes: list[tuple] = field(default_factory=list)


def _read_all(
    found: list[Delivery],
    catalog: Catalog,
    register: dict[str, Region],
    report: Report,
    progress: Callable[[str], None],
    pool: Pool,
    base: str,
) -> _Read:
    read = _Read({}, [], [], {})
    size = sum(delivery.path.stat().st_size for delivery in found)
    calls = [(delivery,) for delivery in found]
    common = (catalog, register)
    digests = [pool.results.digest("read", base, one, *used(one, catalog)) for one in found]
    results = pool.each(
        _read_delivery, calls, common, rows=size // _ROW, digests=digests, lasting=_is_sound
    )
    for digest, (tables, told) in zip(digests, results, strict=True):
        report.sections += told.sections
        for place, one in enumerate(tables):
            progress(f"{one.source.file}: {one.source.title}")
            number = len(read.sources)
            edition = replace(one.edition, source=number)
            read.editions.setdefault(one.source.dataset, []).append(edition)
            read.made_of.setdefault(one.source.dataset, []).append((digest, place, number))
            read.sources.append(replace(one.source, id=number))
            read.notes.extend((number, *note) for note in one.notes)
    return read


def _is_sound(read: tuple[list[_Taken], Report]) -> bool:
    """What is refused today may hold tomorrow: a day to come is an error only until it is there."""
    return not read[1].of("error")


def used(one: Delivery, catalog: Catalog) -> list[tuple[int, TableMapping]]:
    """The mappings that read a delivery, with their places in the catalog; none of an official
    table."""
    return own_tables.made_with(one.path.read_bytes(), one.path.name, catalog, one.mappings)


def _read_delivery(
    catalog: Catalog, register: dict[str, Region], delivery: Delivery
) -> tuple[list[_Taken], Report]:
    """All tables of a delivery, and what is to be said of them."""
    report = Report()
    content, file = delivery.path.read_bytes(), delivery.path.name
    own = own_tables.read_own(content, file, catalog, register, delivery.mappings)
    tables = [] if own else composed.divided(read_file(delivery.path), catalog)
    taken = [_take_own(delivery, table, catalog, register, report) for table in own]
    taken += [_take(delivery, table, catalog, register, report) for table in tables]
    return [replace(one, edition=_packed(one.edition)) for one in taken], report


def _packed(edition: Edition) -> Edition:
    """With each word of a column once in memory, however often it stands there: editions wait for
    all others, and a million rows of words are many times as large."""
    words = edition.rows.select_dtypes("str").columns
    return replace(edition, rows=edition.rows.astype(dict.fromkeys(words, "category")))


def _unpacked(edition: Edition) -> Edition:
    words = edition.rows.select_dtypes("category").columns
    return replace(edition, rows=edition.rows.astype(dict.fromkeys(words, "str")))


def _combined(
    read: _Read,
    catalog: Catalog,
    register: dict[str, Region],
    report: Report,
    progress: Callable[[str], None],
    pool: Pool,
    base: str,
) -> tuple[dict[str, pd.DataFrame], dict[str, str]]:
    """The rows of each dataset, with all sums that follow, unprotected; and digests of what they
    are made of."""
    calls = [(id, read.editions[id]) for id in catalog.datasets if read.editions.get(id)]
    if not calls:
        raise BuildError("Es gibt keine einzige Datei, aus der ein Datenstand entstehen kann.")
    rows = sum(len(edition.rows) for _, editions in calls for edition in editions)
    tables = {}
    digests = {id: pool.results.digest("combine", base, *read.made_of[id]) for id, _ in calls}
    results = pool.each(
        _combine, calls, (catalog, register), rows=rows, digests=list(digests.values())
    )
    for (id, _), (rows, section) in zip(calls, results, strict=True):
        progress(catalog.datasets[id].name)
        report.sections.append(section)
        tables[id] = rows
    return tables, digests


def _combine(
    catalog: Catalog, register: dict[str, Region], id: str, editions: list[Edition]
) -> tuple[pd.DataFrame, Section]:
    dataset = catalog.datasets[id]
    section = Section(f"Datensatz {dataset.name}", own=any(one.own for one in editions))
    dimensions = [catalog.dimensions[id] for id in dataset.dimensions]
    rows = datasets.combine([_unpacked(one) for one in editions], dataset, section, register)
    rows = crosses.complete(rows, dataset, dimensions, section)
    rows = datasets.derive(rows, dataset, dimensions)
    rows = crosses.roll_up(rows, dataset, register, section)
    return datasets.sum_up(rows, dataset, register, section), section


def _common_definitions(catalog: Catalog) -> list[tuple[str, str]]:
    """The files of definitions that may say something to every step: not those that tell how to
    read one kind of file, which count for the files that they read."""
    return sorted(
        (name, text)
        for name, text in catalog.files.items()
        if "mapping]" not in text or toml.read(text, name).keys() != {"mapping"}
    )


def check_own_table(
    table: own_tables.OwnTable, catalog: Catalog, register: dict[str, Region], report: Report
) -> pd.DataFrame:
    """Checks the rows of a town's own table and returns them as they go into the dataset.
    A row per value, in the columns of `OwnTable.rows`."""
    mapping, dataset = table.mapping, table.dataset
    section = report.section(f"{mapping.title} ({table.file})", own=True)
    section.add(
        "info",
        f"gelesen als {table.format} mit der Zuordnung {mapping.id}, Datensatz „{dataset.name}“",
    )
    for note in table.notes:
        section.add("info", note)
    checks.extent(table.rows, register, section)
    kreise.impossible(table.rows, register, section)
    checks.symbols(table.rows, section)
    dimensions = [catalog.dimensions[id] for id in dataset.dimensions]
    possible.check(table.rows, dataset, register, section)
    parts.check(table.rows, dataset, dimensions, register, section)
    if mapping.absent == "missing":
        return table.rows
    return crosses.fill(table.rows, dataset, dimensions, set(mapping.fixed), register, table.file)


def check_table(
    table: OfficialTable, catalog: Catalog, register: dict[str, Region], report: Report
) -> tuple[mapping.Mapped, pd.DataFrame]:
    """Understands one file and checks its rows; what is noticed goes into a section of the report.

    Returns what the file means and its rows as they go into the dataset.

    A row per value; columns: region, period, start, dimensions, measure, value, status, flags.
    """
    mapped = mapping.understand(table, catalog)
    dataset = mapped.dataset
    section = report.section(f"{mapped.definition.code} ({table.file})")
    section.add(
        "info", f"gelesen als {table.format} ({table.encoding}), Datensatz „{dataset.name}“"
    )
    for note in table.notes:
        section.add("warning", note)
    if table.stand is None:
        section.add("info", "die Datei nennt keinen Stand; eine Datei mit Stand hat Vorrang")
    checks.names(table.cells, register, section)
    rows = mapped.rows
    if excerpts.is_excerpt(table):
        rows = excerpts.known_regions(rows, table, register, section)
    rows = kreise.under_old_keys(rows, catalog.territory, dataset.period)
    rows = checks.regions_of(rows, register, section)
    kreise.found(rows, register, section, dataset.period)
    kreise.impossible(rows, register, section)
    rows = checks.dissolved(rows, register)
    dimensions = [catalog.dimensions[id] for id in dataset.dimensions]
    rows = collected.not_collected(rows, dataset, dimensions, register, section)
    checks.symbols(rows, section, warn_of_empty=True)
    rows = checks.contradicted_zeros(rows, dataset, register, section)
    possible.check(rows, dataset, register, section)
    rows = checks.rounding(rows, dataset, register, section)
    checks.totals(rows, dataset, dimensions, register, section)
    checks.parts_of_totals(rows, dataset, dimensions, register, section)
    if not excerpts.is_excerpt(table):  # which never has all Kreise of a whole
        checks.region_totals(rows, dataset, register, section)
    return mapped, rows


def _check_own_numbers(
    tables: dict[str, pd.DataFrame],
    made_of: dict[str, str],
    public: set[int],
    catalog: Catalog,
    register: dict[str, Region],
    report: Report,
    pool: Pool,
) -> None:
    """What only shows beside other files: more persons than people, leaps in a town's history."""
    people = possible.people_of(tables, catalog.datasets, register)
    own = {id: rows[~rows["source"].isin(public)] for id, rows in tables.items()}
    calls = [(id, rows) for id, rows in own.items() if len(rows)]
    common, rows = (catalog, register, people), sum(map(len, own.values()))
    # the sources stand in the digests with their numbers, of which `public` says what they are
    digests = [
        pool.results.digest("own numbers", made_of[id], people, sorted(public)) for id, _ in calls
    ]
    report.sections += pool.each(_check_own, calls, common, rows=rows, digests=digests)


def _check_own(
    catalog: Catalog,
    register: dict[str, Region],
    people: dict[str, float],
    id: str,
    own: pd.DataFrame,
) -> Section:
    dataset = catalog.datasets[id]
    section = Section(f"Eigene Zahlen, {dataset.name}", own=True)
    possible.more_than_people(own, dataset, register, people, section)
    plausibility.leaps(own, dataset, register, section)
    dimensions = [catalog.dimensions[name] for name in dataset.dimensions]
    parts.check(own.assign(line=0), dataset, dimensions, register, section, "warning")
    return section


def own_edition(
    delivery: Delivery,
    table: own_tables.OwnTable,
    rows: pd.DataFrame,
    catalog: Catalog,
    number: int,
) -> Edition:
    """What one mapping takes from a delivery, as an edition of its table."""
    # official tables and their excerpts first, then the mappings as they are defined
    rank = 2 * len(table.dataset.tables) + list(catalog.mappings).index(table.mapping.id)
    facts = _facts(delivery, table.file, rows, number)
    stand = delivery.stand or release.UNKNOWN_STAND
    return Edition(table=table.mapping.id, rank=rank, stand=stand, own=True, **facts)


def official_edition(
    delivery: Delivery,
    table: OfficialTable,
    mapped: mapping.Mapped,
    rows: pd.DataFrame,
    number: int,
) -> Edition:
    """One official table of a delivery, as an edition."""
    rank = mapped.dataset.tables.index(mapped.definition)
    excerpt = excerpts.is_excerpt(table)
    if excerpt:  # after every table that is whole
        rank += len(mapped.dataset.tables)
    facts = _facts(delivery, table.file, rows, number)
    stand = table.stand or delivery.stand or release.UNKNOWN_STAND
    return Edition(table=mapped.definition.code, rank=rank, stand=stand, excerpt=excerpt, **facts)


def _facts(delivery: Delivery, file: str, rows: pd.DataFrame, number: int) -> dict:
    """What editions of any kind tell of their delivery."""
    return {
        "source": number,
        "rows": rows,
        "file": file,
        "path": delivery.path,
        "sha256": delivery.sha256,
        "shipped": delivery.shipped,
        "position": delivery.position,
        "instead": delivery.instead,
    }


def _take_own(
    delivery: Delivery,
    table: own_tables.OwnTable,
    catalog: Catalog,
    register: dict[str, Region],
    report: Report,
) -> _Taken:
    """What one mapping takes from a file."""
    rows = check_own_table(table, catalog, register, report)
    dataset, mapping = table.dataset, table.mapping
    edition = own_edition(delivery, table, rows, catalog, _UNNUMBERED)
    publisher = delivery.publisher or mapping.publisher or dataset.publisher
    source = publish.Source(
        id=_UNNUMBERED,
        dataset=dataset.id,
        table_code=mapping.id,
        title=mapping.title,
        publisher=publisher,
        licence=delivery.licence or mapping.licence or dataset.licence,
        attribution=delivery.attribution or publisher,
        stand=edition.stand,
        file=table.file,
        fingerprint=delivery.fingerprint,
        format=table.format,
        shipped=delivery.shipped,
        own=True,
    )
    return _Taken(edition, source)


def _take(
    delivery: Delivery,
    table: OfficialTable,
    catalog: Catalog,
    register: dict[str, Region],
    report: Report,
) -> _Taken:
    """What one official table of a file says."""
    mapped, rows = check_table(table, catalog, register, report)
    dataset, definition = mapped.dataset, mapped.definition
    edition = official_edition(delivery, table, mapped, rows, _UNNUMBERED)
    source = publish.Source(
        id=_UNNUMBERED,
        dataset=dataset.id,
        table_code=definition.code,
        title=definition.title,
        publisher=delivery.publisher or dataset.publisher,
        licence=delivery.licence or dataset.licence,
        attribution=delivery.attribution or table.attribution,
        stand=edition.stand,
        file=table.file,
        fingerprint=delivery.fingerprint,
        format=table.format,
        shipped=delivery.shipped,
        excerpt=edition.excerpt,
    )
    return _Taken(edition, source, [(n.scope, list(n.lands), n.text) for n in table.footnotes])
