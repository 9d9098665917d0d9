"""Protection in the build: what of every dataset may be shown, before anything is written.

What an office of statistics has published is public and stays as it is; what a town delivers
itself is protected by the dataset's rule. Whatever is published of a dataset goes into one system
per measure and period: all divisions of the publication programme, all regions up to the joint
ones, and the sums that indicators make of several categories. Measures of several datasets that
count the same persons (`same_as`) are one system too.
"""

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import asdict
from types import MappingProxyType

import numpy as np
import pandas as pd

from indicators.catalog.catalog import Catalog
from indicators.catalog.definition import TOTAL
from indicators.catalog.meaning import Dataset
from indicators.formats import listing, number, quantity
from indicators.publishing import patterns
from indicators.publishing.patterns import Memory
from indicators.publishing.processes import Pool
from indicators.publishing.programme import Protected, jobs_of, programmes_of
from indicators.publishing.report import Report, Section
from indicators.regions import LEVELS, Region
from indicators.symbols import Status

# A cross of which more is hidden than this should be published more coarsely.
_DEAR = 0.25


def protect_all(
    tables: dict[str, pd.DataFrame],
    catalog: Catalog,
    register: dict[str, Region],
    public: set[int],
    earlier: Mapping[str, pd.DataFrame],
    report: Report,
    progress: Callable[[str], None],
    memory: Memory | None = None,
    pool: Pool | None = None,
    made_of: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, Protected]:
    """Every dataset as it may be shown; `tables` is emptied on the way, for what is large would be
    there twice. `public` are the numbers of official files; `earlier` holds for a dataset what was
    seen before (region, period, measure, dimensions, value; NaN: a dot).
    What builds before have kept is taken from `memory`, and what this one adds goes there. The
    processes of `pool` are used, own ones without it. `made_of` says for a dataset what its rows
    and all definitions are, in a digest; what follows from the same is taken over.

    Raises BuildError where a table cannot be protected; nothing may be published then.
    """
    memory = memory or Memory()
    with nullcontext(pool) if pool else Pool() as processes:
        programmes = programmes_of(tables, made_of, catalog, register, public, earlier, processes)
        order, own = list(tables), {id for id, one in programmes.items() if one.rule}
        as_it_is = {id: rows for id, rows in tables.items() if id not in own}
        tables.clear()
        # under no name here: their tables are large, and gone when their dots are found
        done = patterns.protect(jobs_of(programmes, catalog, register), memory, progress, processes)
    if memory.taken:
        taken = quantity(memory.taken, "Tabelle", "Tabellen")
        progress(f"{taken} von {number(memory.periods)} unverändert übernommen und nachgerechnet")
    none = np.zeros(0, np.int64)
    hidden = np.concatenate([none, *(result.hidden for result in done)])
    exposed = np.concatenate([none, *(result.exposed for result in done)])
    proofs = _numbered([proof for result in done for proof in result.proofs])
    section = report.section("Schutz kleiner Zahlen")
    found = {}
    for id in order:
        programme = programmes.pop(id, None)  # as large as the table, and needed no more
        if programme is None or programme.rule is None:
            rows = as_it_is.pop(id)
            found[id] = Protected(rows, rows.iloc[:0], made_of=made_of.get(id, ""))
            continue
        found[id] = programme.protected(hidden, exposed, proofs)
        _tell(found[id], programme.dataset, catalog, register, public, section)
    return found


def _numbered(proofs: list[np.ndarray]) -> pd.DataFrame:
    """Proofs as one frame: proof (a number), label, move."""
    numbers = np.repeat(np.arange(len(proofs)), [proof.shape[1] for proof in proofs])
    label, move = np.concatenate([np.zeros((2, 0), np.int64), *proofs], axis=1)
    return pd.DataFrame({"proof": numbers, "label": label, "move": move})


def record(protected: Mapping[str, Protected]) -> pd.DataFrame:
    """One row per dataset with own numbers. Columns: dataset, the fields of its rule, and how many
    of its values there are: cells, hidden, exposed."""
    return pd.DataFrame(
        [
            {
                "dataset": id,
                **asdict(one.rule),
                "cells": one.cells,
                "hidden": one.hidden,
                "exposed": one.exposed,
            }
            for id, one in protected.items()
            if one.rule
        ]
    )


def _tell(
    protected: Protected,
    dataset: Dataset,
    catalog: Catalog,
    register: dict[str, Region],
    public: set[int],
    section: Section,
) -> None:
    """What protection hides of each division at each level, and which coarser one hides less."""
    assert protected.rule is not None  # of what was public before nothing is told
    section.add(
        "info",
        f"{dataset.name}: {number(protected.hidden)} von {number(protected.cells)} eigenen Werten "
        f"verborgen ({_share(protected.hidden, protected.cells)}), Mindestfallzahl "
        f"{protected.rule.minimum}",
    )
    if protected.exposed:
        section.add(
            "warning",
            f"{dataset.name}: nicht mehr zurückzunehmen: "
            + quantity(protected.exposed, "kleiner Wert", "kleine Werte")
            + " aus früheren Datenständen",
        )
    costs = cross_costs(protected.rows, dataset, register, public)
    for (level, cross), (cells, hidden) in costs.items():
        if not cross or hidden <= _DEAR * cells:
            continue
        names = [catalog.dimensions[id].name for id in dataset.dimensions if id in cross]
        coarser = [
            (costs[level, cross - {id}][1] / costs[level, cross - {id}][0], id)
            for id in cross
            if costs.get((level, cross - {id}), (0, 0))[0]
        ]
        advice = ""
        if coarser and min(coarser)[0] < hidden / cells:
            share, id = min(coarser)
            advice = (
                f"; ohne die Aufteilung nach „{catalog.dimensions[id].name}“ wären es "
                f"{_share(share, 1)}. Nächster Schritt: in der Definition des Datensatzes "
                f"„{dataset.id}“ unter [[dataset.restrictions]] festlegen, welche Aufteilungen "
                "nicht zugleich veröffentlicht werden"
            )
        section.add(
            "info",
            f"{dataset.name}, {LEVELS[level]} × {listing(names)}: "
            f"{_share(hidden, cells)} der Werte verborgen{advice}",
        )


def _share(part: float, whole: float) -> str:
    return f"{number(100 * part / whole if whole else 0, 1)} %"


def cross_costs(
    rows: pd.DataFrame, dataset: Dataset, register: dict[str, Region], public: set[int]
) -> dict[tuple[str, frozenset[str]], tuple[int, int]]:
    """(level, dimensions divided by) → own values, and how many of them are hidden."""
    own = rows[~rows["source"].isin(public)]
    level = own["region"].map(lambda id: register[id].level).to_numpy()
    hidden = (own["status"] == Status.SUPPRESSED.value).to_numpy()
    bits = sum(
        ((own[id] != TOTAL).to_numpy().astype(np.int64) << i)
        for i, id in enumerate(dataset.dimensions)
    )
    bits = bits if isinstance(bits, np.ndarray) else np.zeros(len(own), np.int64)
    table = pd.DataFrame({"level": level, "bits": bits, "hidden": hidden})
    return {
        (
            name,
            frozenset(id for i, id in enumerate(dataset.dimensions) if int(bit) >> i & 1),
        ): (len(group), int(group["hidden"].sum()))
        for (name, bit), group in table.groupby(["level", "bits"])
    }
