"""How long files of answers take: `python -m benchmarks exports --data DIR`.

The first of a kind loads a library, the following do not; both are told, as time of the clock and
of the processor (a shared machine has little to do with the second). Last come papers of ten views,
in all formats together, and those of each preset.
"""

import argparse
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.figures import Sample, sample, table
from indicators import view as views
from indicators.agenda import Agenda, Item, presets
from indicators.answers.answer import Answer
from indicators.answers.answering import answer
from indicators.export import content as contents
from indicators.export import drafting, parts, ways
from indicators.export.content import Content
from indicators.export.ways import PAPERS, WAYS
from indicators.folders import Folders
from indicators.release import releases
from indicators.release.releases import Release
from indicators.view import View

LEAVERS = "indicator=abgaenger_ohne_abschluss_anteil&region=verbund:coburg"
ANSWERS = {
    "trend": f"kind=trend&{LEAVERS}",
    "ranking": f"kind=ranking&{LEAVERS}",
    "map of 400 Kreise": f"kind=map&{LEAVERS}&scope=all",
}
# Seconds after the first: what was promised, of the clock.
BOUNDS = {"pptx": 0.5, "docx": 0.5, "pdf": 0.5, ("pptx", "map of 400 Kreise"): 1.0}
_SIZES = ("card", "slide", "a4")
# What a committee gets: lines, rows and maps of a Land, one map of Germany, a table, two figures.
_TEN = Agenda(
    title="Bericht",
    item=(
        Item(view=ANSWERS["trend"]),
        Item(view=ANSWERS["ranking"]),
        Item(view=ANSWERS["map of 400 Kreise"]),
        Item(view=f"kind=map&{LEAVERS}&since=2009/10"),
        Item(view="kind=trend&indicator=auslaenderanteil&region=verbund:hof"),
        Item(view="kind=pyramid&region=07111"),
        Item(view="kind=notable&region=verbund:coburg"),
        Item(view="kind=table&indicator=geburtenrate&region=06431"),
        Item(
            view="kind=map&indicator=auslaenderanteil&region=07111",
            beside="kind=trend&indicator=auslaenderanteil&region=07111",
        ),
    ),
)
PAPER_BOUND = 5.0  # seconds of the clock: ten answers and all formats, warm


def measured(folders: Folders, rounds: int) -> str:
    """A row for each format and answer: first, following, processor, per second, bound."""
    lines = []
    for way, size in [(w, s) for w in WAYS for s in (_SIZES if WAYS[w].sized else ("",))]:
        for name in ANSWERS:
            first, following, processor = _timed(folders, way, size, name, rounds)
            bound = BOUNDS.get((way, name), BOUNDS.get(way))
            met = "" if bound is None else "met" if following.median <= bound else "MISSED"
            lines.append(
                (
                    f"{way} {size}".strip(),
                    name,
                    f"{first:.2f}",
                    f"{following.median:.2f}",
                    f"{processor.median:.2f}",
                    f"{1 / following.median:.1f}",
                    f"{bound} {met}" if bound else "",
                )
            )
    heads = ("format", "answer", "first s", "following s", "CPU s", "files per s", "bound s")
    return table(heads, lines)


def papers(folders: Folders, rounds: int) -> str:
    """A row for the answers of ten views, for each format of their paper, and for all together.
    Each round answers once, as a page does that shows the answers before it makes files of them."""
    opener = parts.release_opener(folders)
    clock: dict[str, list[float]] = {}
    processor: dict[str, list[float]] = {}
    sizes: dict[str, int] = {}
    for _ in range(rounds + 1):
        ask = _remembering()
        for name in ("answers", *PAPERS):
            start = time.perf_counter(), time.process_time()
            if name == "answers":
                parts.answered(_TEN, folders, opener, ask=ask)
            else:
                sizes[name] = len(ways.paper(_TEN, name, folders, opener, ask=ask)[0])
            clock.setdefault(name, []).append(time.perf_counter() - start[0])
            processor.setdefault(name, []).append(time.process_time() - start[1])
    following = {name: sample(times, "s").median for name, times in clock.items()}
    busy = {name: sample(times, "s").median for name, times in processor.items()}
    lines = [
        (
            name,
            f"{clock[name][0]:.2f}",
            f"{following[name]:.2f}",
            f"{busy[name]:.2f}",
            f"{sizes[name] / 1_000_000:.1f}" if name in sizes else "",
            "",
        )
        for name in clock
    ]
    whole = sum(following.values())
    bound = f"{PAPER_BOUND} {'met' if whole <= PAPER_BOUND else 'MISSED'}"
    first = sum(times[0] for times in clock.values())
    together = f"{first:.2f}", f"{whole:.2f}", f"{sum(busy.values()):.2f}"
    lines.append(("together", *together, f"{sum(sizes.values()) / 1_000_000:.1f}", bound))
    heads = ("paper of ten views", "first s", "following s", "CPU s", "MB", "bound s")
    return table(heads, lines)


def of_presets(folders: Folders, region: str = "verbund:coburg") -> str:
    """A row for each preset: its agenda, then all formats together, each once and in this process,
    so that libraries are loaded already. Seconds of the clock and of the processor."""
    opener = parts.release_opener(folders)
    release = releases.open_release(folders)
    lines = []
    for id, preset in presets.known(folders).items():
        if not drafting.fits(preset, release.region(region)):
            continue
        ask = _remembering()
        start = time.perf_counter(), time.process_time()
        agenda = drafting.drafted(release, id, preset, region, ask=ask)
        made = [ways.paper(agenda, way, folders, opener, ask=ask)[0] for way in PAPERS]
        taken = time.perf_counter() - start[0], time.process_time() - start[1]
        size = sum(map(len, made)) / 1_000_000
        lines.append((id, str(len(agenda.items)), *(f"{t:.2f}" for t in taken), f"{size:.1f}"))
    return table(("preset, all formats", "slides", "s", "CPU s", "MB"), lines)


def _remembering() -> Callable[[Release, View], Answer]:
    """Asks for each view once."""
    known: dict[str, Answer] = {}

    def ask(release: Release, view: View) -> Answer:
        query = view.to_query()
        if query not in known:
            known[query] = answer(release, view)
        return known[query]

    return ask


def _timed(
    folders: Folders, way: str, size: str, name: str, rounds: int
) -> tuple[float, Sample, Sample]:
    """In a process of its own, so that the first file really is the first."""
    given = [sys.executable, "-m", "benchmarks", "exports", "--data", str(folders.data)]
    given += ["--one", way, size or "card", name, "--rounds", str(rounds)]
    told = subprocess.run(given, check=True, capture_output=True, text=True).stdout
    clock, processor = ([float(value) for value in line.split()] for line in told.splitlines()[:2])
    return clock[0], Sample(tuple(clock[1:]), "s"), Sample(tuple(processor[1:]), "s")


def _one(folders: Folders, way: str, size: str, name: str, rounds: int) -> None:
    """Prints the seconds of the clock of each file, and those of the processor below."""
    found = _content(folders, ANSWERS[name])
    clock, processor = [], []
    for _ in range(rounds + 1):
        start = time.perf_counter(), time.process_time()
        WAYS[way].make(found, size, folders.templates)
        clock.append(time.perf_counter() - start[0])
        processor.append(time.process_time() - start[1])
    for values in (clock, processor):
        print(*(f"{value:.4f}" for value in values))


def _content(folders: Folders, query: str) -> Content:
    release = releases.open_release(folders)
    view = views.parse(query, release.catalog, release.regions)
    return contents.content(answer(release, view), folders.map_files)


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks exports",
        description="Measures how long pictures and papers of answers take.",
    )
    parser.add_argument("--data", type=Path, required=True, help="a data folder with a release")
    parser.add_argument("--rounds", type=int, default=5, help="files after the first")
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.one:
        way, size, name = given.one
        _one(Folders(given.data), way, size, name, given.rounds)
    else:
        print(measured(Folders(given.data), given.rounds))
        print()
        print(papers(Folders(given.data), given.rounds))
        print()
        print(of_presets(Folders(given.data)))
