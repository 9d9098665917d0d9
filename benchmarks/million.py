"""How much memory and time a town's own table of a million rows takes: 400 Kreise, 25 years, each
year of age (`python -m benchmarks million`).

The build runs as a process of its own, and what it and its helpers hold together is looked at five
times a second: pages that several of them share count once (PSS).
"""

import argparse
import ctypes
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np

from indicators.folders import Folders
from indicators.publishing import run
from indicators.regions import Region

AGES = range(101)
YEARS = 25
LAST_YEAR = 2024
_OFTEN = 0.2  # seconds
_MEGABYTE = 1024  # of kB
_SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER of prctl(2)

DEFINITIONS = (
    """
[[dimensions]]
id = "year_of_age"
name = "Altersjahr"
categories = [
"""
    + "".join(f'    {{ id = "year_{n}", name = "{n}", labels = ["{n}"] }},\n' for n in AGES)
    + """]

[dataset]
id = "million"
name = "Einwohner nach Altersjahren"
publisher = "Stadt"
place = "wohnort"
licence = "dl-de/by-2-0"
dimensions = ["year_of_age"]
crosses = [["year_of_age"]]
[dataset.period]
type = "calendar_year"
[[dataset.measures]]
id = "inhabitants"
name = "Einwohner"

[mapping]
id = "million"
dataset = "million"
title = "Einwohner nach Altersjahren"
files = ["million*"]
header = "Jahr"
columns = [
    { heading = "Jahr", is = "period" },
    { heading = "Kreis", is = "region" },
    { heading = "Alter", is = "year_of_age" },
    { heading = "Einwohner", measure = "inhabitants" },
]
"""
)


def table(register: dict[str, Region], kreise: int = 400, years: int = YEARS) -> Iterator[str]:
    """The lines of the file: some hundred people of each age, nobody twice as many as the next."""
    keys = [id for id, one in register.items() if one.is_kreis and one.valid_to is None][:kreise]
    chance = np.random.default_rng(1)
    yield "Jahr;Kreis;Alter;Einwohner"
    for year in range(LAST_YEAR + 1 - years, LAST_YEAR + 1):
        for key in keys:
            counts = chance.integers(200, 390, len(AGES))
            yield from (f"{year};{key};{age};{n}" for age, n in zip(AGES, counts, strict=True))


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks million", description=__doc__)
    parser.add_argument("--kreise", type=int, default=400)
    parser.add_argument("--years", type=int, default=YEARS)
    given = parser.parse_args(arguments)
    # what a command leaves behind is this process's to wait for: its processor time counts
    ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)
    with tempfile.TemporaryDirectory(prefix="bildungsblick-million-") as folder:
        folders = Folders(Path(folder, "data"))
        folders.own_definitions.mkdir(parents=True)
        folders.settings.write_text("example = false\n", encoding="utf-8")
        (folders.own_definitions / "million.toml").write_text(DEFINITIONS, encoding="utf-8")
        archive, _ = run.boundary_archive(folders)
        register = run.register_of(archive, run.load_catalog(folders))
        file = Path(folder, "million.csv")
        file.write_text("\n".join(table(register, given.kreise, given.years)), encoding="utf-8")
        size = f"{given.kreise * given.years * len(AGES):,} rows"
        print(f"{size}, receiving: {measured('receive', folders, file)}", flush=True)
        print(f"{size}, first build: {measured('build', folders)}", flush=True)
        print(f"{size}, preview: {measured('check', folders)}", flush=True)


def measured(step: str, folders: Folders, *files: Path) -> str:
    """The command as a process of its own: what it took, in words."""
    options = {"build": ["--quiet"], "check": ["--preview"]}.get(step, [])
    command = [sys.executable, "-m", "indicators", "--data", str(folders.data), step, *options]
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    together = most = 0
    with tempfile.TemporaryFile("w+", encoding="utf-8") as told:
        process = subprocess.Popen([*command, *map(str, files)], stderr=told)
        while process.poll() is None:
            held = list(map(_held, _family(process.pid)))
            together, most = max(together, sum(held)), max(most, *held, 0)
            time.sleep(_OFTEN)
        seconds = time.perf_counter() - start
        with suppress(ChildProcessError):
            while True:
                os.waitpid(-1, 0)
        now = resource.getrusage(resource.RUSAGE_CHILDREN)
        if process.returncode:
            told.seek(0)
            raise SystemExit(told.read())
    cpu = now.ru_utime + now.ru_stime - before.ru_utime - before.ru_stime
    return (
        f"{together // _MEGABYTE:,} MB at most in all processes, {most // _MEGABYTE:,} MB in one; "
        f"{cpu:.0f} CPU s, {seconds:.0f} s"
    )


def _family(pid: int) -> Iterator[int]:
    """A process and all that it has started and those have started."""
    yield pid
    for tasks in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = tasks.read_text().split()
        except OSError:
            continue
        for child in children:
            yield from _family(int(child))


def _held(pid: int) -> int:
    """The kilobytes a process holds, its part of what it shares with others; 0 if it has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
