"""What lies below the pages: queries of large releases, how long a build takes (T5, T9)."""

import json
import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing

import duckdb
import numpy as np

from benchmarks.figures import Sample, interleaved, sample
from indicators.answers.answering import answer
from indicators.answers.scope import kreise
from indicators.catalog.meaning import Term
from indicators.folders import Folders
from indicators.publishing import run
from indicators.release import publication, queries, releases
from indicators.release.releases import Release
from indicators.sources import receiving
from indicators.view import View

DATASET = "students"  # the largest one that ships whole
INDICATOR = "studierende"  # what is made of it
HISTORY = "12411-02-03-4"
YEARS = 30


def seconds(action: Callable[[], object]) -> Sample:
    """Once only: what takes seconds repeats well enough."""
    start = time.perf_counter()
    action()
    return sample([time.perf_counter() - start], "s")


# --- building -------------------------------------------------------------------------------------


def full_history(release: Release) -> bytes:
    """A table as GENESIS writes it: 30 years, all regions of today and before, 17 age groups and
    their total, by sex; some 860,000 numbers."""
    places = [r for r in release.regions.values() if not r.members and r.level != "gemeinde"]
    ages = [c.labels[0] for c in release.catalog.dimensions["age"].categories]
    chance = np.random.default_rng(1)
    lines = [
        f"GENESIS-Tabelle: {HISTORY}",
        "Bevölkerung nach Geschlecht und Altersgruppen (17) - Stichtag 31.12. -",
        "Fortschreibung des Bevölkerungsstandes",
        "Bevölkerungsstand (Anzahl)",
        ";;;;Insgesamt;männlich;weiblich",
    ]
    for year in range(2025 - YEARS, 2025):
        for place in places:
            men, women = chance.integers(100, 9000, (2, len(ages)))
            rows = zip([*ages, "Insgesamt"], [*men, men.sum()], [*women, women.sum()], strict=True)
            head = f"31.12.{year};{place.id};{place.name}"
            lines += [f"{head};{age};{m + w};{m};{w}" for age, m, w in rows]
    lines += ["_" * 10, "© Statistische Ämter des Bundes und der Länder, Deutschland, 2026"]
    lines += ["Stand: 01.02.2026 / 12:00:00", ""]
    return "\r\n".join(lines).encode("cp1252")


def building(folders: Folders) -> tuple[str, dict[str, Sample]]:
    """Builds what ships, which stays in force, and then the same with a full history received:
    this second release and the time of each step."""
    times = {}
    times["build of what ships"] = seconds(lambda: run.build(folders))
    shipped = releases.current_id(folders)
    content = full_history(releases.open_release(folders))
    catalog = run.load_catalog(folders)
    times["receiving 30 whole years"] = seconds(
        lambda: receiving.store(content, f"{HISTORY}.csv", folders, catalog)
    )
    times["build with the 30 years"] = seconds(lambda: run.build(folders))
    history = releases.current_id(folders)
    publication.put_in_force(shipped, folders)
    return history, times


def sizes(folders: Folders, id: str) -> tuple[Sample, Sample]:
    """The 30 years alone as a release holds them, and in SQLite with the two indexes that make it
    answer without reading the table."""
    ours, sqlite = folders.data / "alone.duckdb", folders.data / "alone.sqlite"
    attached = f"ATTACH '{folders.releases / id}.duckdb' AS release (READ_ONLY)"
    with duckdb.connect(str(ours)) as connection:
        connection.execute(attached)
        connection.execute("CREATE TABLE history AS FROM release.data_population")
        rows = connection.execute("SELECT * REPLACE (start::VARCHAR AS start) FROM history").df()
    with closing(sqlite3.connect(sqlite)) as connection:
        rows.to_sql("history", connection, index=False)
        for number, order in enumerate((["sex", "age", "region"], ["region", "sex", "age"])):
            columns = [*order, *(name for name in rows.columns if name not in order)]
            connection.execute(f"CREATE INDEX covering_{number} ON history ({', '.join(columns)})")
        connection.commit()
    found = [Sample((path.stat().st_size / 1000,), "kB") for path in (ours, sqlite)]
    for path in (ours, sqlite):
        path.unlink()
    return found[0], found[1]


# --- asking ---------------------------------------------------------------------------------------


def enlarged(folders: Folders, base: str, rows: int) -> Release:
    """The release with one dataset grown to about this many rows: further categories of its last
    dimension, in the order the build gives. Every query finds what it found before."""
    id = f"{base}x{rows}"
    path = folders.releases / f"{id}.duckdb"
    shutil.copy(folders.releases / f"{base}.duckdb", path)
    facts = json.loads((folders.releases / f"{base}.json").read_text())
    dimensions = releases.open_release(folders, base).catalog.datasets[DATASET].dimensions
    order = ", ".join(f'"{name}"' for name in (*dimensions, "start", "region"))
    last = f'"{dimensions[-1]}"'
    with duckdb.connect(str(path), config={"threads": 2}) as connection:
        [(count,)] = connection.execute(f"SELECT count(*) FROM data_{DATASET}").fetchall()
        connection.execute(
            f"""
            CREATE TABLE grown AS
            SELECT * REPLACE ({last} || CASE n WHEN 0 THEN '' ELSE '_' || n END AS {last})
            FROM data_{DATASET}, range({max(round(rows / count), 1)}) copies(n) ORDER BY {order}
            """
        )
        connection.execute(f"DROP TABLE data_{DATASET}")
        connection.execute(f"ALTER TABLE grown RENAME TO data_{DATASET}")
    grown = {"id": id, "sha256": releases.checksum(path)}
    (folders.releases / f"{id}.json").write_text(json.dumps(facts | grown))
    return releases.open_release(folders, id)


def asking(
    folders: Folders, small: int, large: int, rounds: int
) -> dict[str, tuple[Sample, Sample]]:
    """What the pages ask, of a large and of a small release."""
    base = releases.current_id(folders)
    term = Term(dataset=DATASET, measure=DATASET)

    def questions(release: Release) -> dict[str, Callable[[], object]]:
        every = kreise(release)
        return {
            "map": lambda: queries.counts(release, term, regions=every),
            "trend": lambda: queries.counts(release, term, regions=["09464", "09", "DG"]),
            "categories": lambda: queries.counts(release, term, regions=["09464"], by="sex"),
            "whole answer": lambda: answer(release, View(kind="trend", indicator=INDICATOR)),
        }

    def timed(ask: Callable[[], object]) -> Callable[[], dict[str, float]]:
        return lambda: {"query": seconds(ask).median * 1000}

    cases = {
        (name, rows): timed(ask)
        for rows in (large, small)
        for name, ask in questions(enlarged(folders, base, rows)).items()
    }
    found = interleaved(cases, rounds)
    return {
        name: (found[name, large]["query"], found[name, small]["query"])
        for name, rows in cases
        if rows == large
    }
