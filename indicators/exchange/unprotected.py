"""Making a package of the deliveries themselves, before any number is protected.

Such a package is for one named office that may know the numbers, as the two of a joint region do to
protect their sum together; it leaves the house encrypted only.
"""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime

from indicators.errors import BildungsblickError
from indicators.exchange import making
from indicators.exchange.package import UNPROTECTED, Content
from indicators.folders import Folders
from indicators.publishing import gathering, gemeinden, run
from indicators.publishing.deliveries import Delivery, deliveries
from indicators.publishing.processes import Pool
from indicators.publishing.report import Report


def of_deliveries(
    folders: Folders,
    sender: str,
    recipient: str,
    datasets: Sequence[str],
    regions: Collection[str] = (),
) -> Content:
    """A package of these datasets as they were delivered, for these regions with all in them (none:
    all). Raises BildungsblickError where there is nothing to pass on or nobody is named."""
    if not recipient.strip():
        raise BildungsblickError(
            "Ungeschützte Zahlen gehen nur an eine benannte Stelle. Nächster Schritt: sagen, für "
            "wen das Paket ist."
        )
    catalog = run.load_catalog(folders)
    archive, _ = run.boundary_archive(folders)
    register = run.register_of(archive, catalog, gemeinden.received(folders))
    own: dict[str, list[Delivery]] = {}
    for one in deliveries(folders):
        for _, mapping in gathering.used(one, catalog):
            if not mapping.id.startswith(making.PREFIX):
                own.setdefault(mapping.dataset, []).append(one)
    names = {id: catalog.datasets[id].name for id in catalog.datasets if id in own}
    making.demand(datasets, names)
    found = list(dict.fromkeys(one for id in datasets for one in own[id]))
    with Pool() as pool:
        read = gathering.gathered(found, catalog, register, folders, Report(), lambda _: None, pool)
    kept = making.within(register, regions)
    rows = {id: read.tables[id] for id in datasets}
    rows = {id: table[table["region"].isin(kept)] for id, table in rows.items()}
    tables = making.tables_of(rows, catalog, register)
    places = {id for table in rows.values() for id in table["region"]}
    return Content(
        sender=sender.strip(),
        moment=datetime.now(UTC).replace(microsecond=0),
        release="",
        protection=UNPROTECTED,
        recipient=recipient.strip(),
        tables=tables,
        definitions=making.definitions(sender, tables, catalog, register, places),
    )
