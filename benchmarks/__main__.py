"""`python -m benchmarks`: the order of a run, and what belongs to which target."""

import argparse
import json
import os
import shutil
import sys
import tempfile
from math import inf
from pathlib import Path

from playwright.sync_api import Browser

from benchmarks import (
    exports,
    million,
    mutations,
    pages,
    protection,
    publications,
    sessions,
    stores,
)
from benchmarks.browser import chromium
from benchmarks.figures import Sample, Target, as_data, report
from benchmarks.servers import Server, bare_page, dashboard, one_map
from indicators.answers.answering import answer
from indicators.errors import ViewError
from indicators.folders import Folders
from indicators.release import publication, releases
from indicators.view import View

A_FEW_MINUTES = 300.0  # seconds; what "in minutes" is taken to mean
ENOUGH_KREISE = 200  # with a value, for a map to count as filled


class Run:
    """One run: how thorough it is and what it has found. `effort` is "whole", "quick" (fewer
    rounds) or "short": everything once, on the release that `folders` holds already."""

    def __init__(self, folders: Folders, work: Path, effort: str):
        self.folders, self.work, self.effort = folders, work, effort
        self.targets: list[Target] = []
        self.also: dict[str, Sample] = {}

    def all(self) -> None:
        if self.effort == "short":
            self.history = releases.current_id(self.folders)
        else:
            _say("building releases")
            self.building()
        _say("asking large and small releases")
        self.asking()
        indicators, periods = answerable(self.folders, 6 if self.effort == "short" else None)
        with bare_page(self.work) as bare, dashboard(self.folders.data, self.work) as ours:
            with chromium() as browser:
                _say("loading pages")
                self.loads(browser, bare, ours)
                _say("changing indicators and periods")
                self.changes(browser, bare, ours, indicators, periods)
                with one_map(self.folders.data, self.work) as server:
                    self.map_updates(browser, server)
            _say("many readers at once")
            self.sessions(ours, list(indicators))
        self.leave_out("T2", "11,000 Gemeinden in the browser", "there is no map of them yet")
        self.leave_out("T8", "change of a filter: Dash, Superset", "neither is installed here")
        self.targets.sort(key=lambda target: int(target.number[1:]))

    def rounds(self, number: int) -> int:
        return {"short": 1, "quick": max(number // 4, 3), "whole": number}[self.effort]

    def compare(
        self, number: str, what: str, bound: float, ours: Sample, other: Sample | None = None
    ) -> None:
        self.targets.append(Target(number, what, bound, ours, other))

    def leave_out(self, number: str, what: str, why: str) -> None:
        self.targets.append(Target(number, what, 0, why=why))

    def building(self) -> None:
        self.history, times = stores.building(self.folders)
        self.also |= times
        total = Sample((sum(time.median for time in times.values()),), "s")
        self.compare("T9", "build of what ships and of 30 whole years", A_FEW_MINUTES, total)
        ours, sqlite = stores.sizes(self.folders, self.history)
        self.compare("T9", "size of the 30 years: release, SQLite", 1 / 15, ours, sqlite)

    def asking(self) -> None:
        large = {"short": 200_000, "quick": 1_000_000, "whole": 10_000_000}[self.effort]
        rounds = 1 if self.effort == "short" else 31
        for name, (big, small) in stores.asking(self.folders, 100_000, large, rounds).items():
            self.compare("T5", f"{name}: {large:,} rows, 100,000 rows", 2, big, small)

    def loads(self, browser: Browser, bare: Server, ours: Server) -> None:
        found = pages.loads(browser, bare, ours, self.rounds(9))
        for name, place in pages.PLACES.items():
            bound = 2 if place.first == pages.PLOT else 1.3
            for cache in ("cold", "warm"):
                seen, reference = found[f"{name}, {cache}"], found[f"bare page, {cache}"]
                painted = "first answer"
                self.compare("T4", f"{name}, {cache}", bound, seen[painted], reference[painted])
                if place.whole != place.first:
                    self.also[f"{name}, {cache}, whole page"] = seen["whole page"]
        for name in ("bare page", *pages.PLACES):
            for quantity in ("loaded kB", "socket kB", "files"):
                self.also[f"{name}, cold, {quantity}"] = found[f"{name}, cold"][quantity]
        hosts = [sum(seen["other hosts"].values) for seen in found.values()]
        self.compare("T10", "other hosts, all pages", 0, Sample((sum(hosts),), "hosts"))

    def changes(
        self,
        browser: Browser,
        bare: Server,
        ours: Server,
        indicators: dict[str, str],
        periods: list[str],
    ) -> None:
        found = pages.changes(browser, bare, ours, indicators, periods, self.rounds(21))
        reference = found["bare page"]["click to painted"]
        for name, seen in found.items():
            if "map" in name:
                self.compare("T1", name, 1, seen["click to painted"], reference)
            self.also |= {f"{name}, {quantity}": values for quantity, values in seen.items()}
        first = next(iter(indicators.values()))
        slider = pages.year_slider(browser, ours, first, self.rounds(41))
        self.compare(
            "T1", "year alone, in the browser", 1.2, slider["step"], slider["two empty frames"]
        )
        self.also["year alone, script"] = slider["script"]

    def map_updates(self, browser: Browser, server: Server) -> None:
        found = pages.map_updates(browser, server, self.rounds(13))
        ours, plotly = found["our map"], found["Plotly's choropleth"]
        for quantity in ("sent kB", "server time"):
            self.compare(
                "T3",
                f"map alone, {quantity}: ours, Plotly's",
                1 / 50,
                ours[quantity],
                plotly[quantity],
            )
        for name, seen in found.items():
            self.also[f"{name} alone, click to painted"] = seen["click to painted"]

    def sessions(self, ours: Server, indicators: list[str]) -> None:
        readers, duration = {"short": (8, 4), "quick": (30, 10), "whole": (120, 30)}[self.effort]
        alone = sessions.alone(ours, indicators, self.rounds(41))
        known = sessions.cost(ours, indicators[:10], self.rounds(12))
        self.also |= {f"a known click, {name}": values for name, values in known.items()}
        many = sessions.crowd(ours, indicators, readers, duration)
        self.compare("T7", f"{readers} readers, one reader", 2, many.waits(), alone)

        def published() -> None:
            publication.put_in_force(self.history, self.folders)

        few = sessions.crowd(ours, indicators, readers // 4, 2 * duration, published)
        before, after = few.slowest(0, duration), few.slowest(duration, inf)
        self.compare("T6", "slowest of 100 clicks: after a publication, before", 2, after, before)
        errors = Sample((many.errors + few.errors,), "errors")
        self.compare("T6", "errors, all readers", 0, errors)


def answerable(folders: Folders, enough: int | None = None) -> tuple[dict[str, str], list[str]]:
    """Names and ids of the indicators that fill a map, and the periods of the first of them; all,
    or as many as are enough."""
    release = releases.open_release(folders)
    filled = []
    for indicator in release.catalog.indicators.values():
        try:
            found = answer(release, View(kind="map", indicator=indicator.id, scope="all"))
        except ViewError:
            continue
        if sum(row["value"] is not None for row in found.rows) >= ENOUGH_KREISE:
            filled.append((len(found.periods), indicator.name, indicator.id, found.periods))
        if len(filled) == enough:
            break
    filled.sort(reverse=True)
    return {name: id for _, name, id, _ in filled}, list(reversed(filled[0][3]))


def _say(text: str) -> None:
    print(f"… {text}", file=sys.stderr, flush=True)


def main() -> None:
    """Ends well even where a target is missed: this is a benchmark, not a test."""
    if sys.argv[1:2] == ["protection"]:
        protection.main(sys.argv[2:])
        return
    if sys.argv[1:2] == ["exports"]:
        exports.main(sys.argv[2:])
        return
    if sys.argv[1:2] == ["mutations"]:
        mutations.main(sys.argv[2:])
        return
    if sys.argv[1:2] == ["publications"]:
        publications.main(sys.argv[2:])
        return
    if sys.argv[1:2] == ["million"]:
        million.main(sys.argv[2:])
        return
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Measures the targets T1 to T10 and the protection of small numbers in one "
        "run; `protection` as first word measures that alone, `exports` how long files of "
        "answers take, `mutations` whether the tests notice faults made by hand, `million` how "
        "much memory a large own table takes, `publications` kills and readers meanwhile.",
    )
    parser.add_argument("--quick", action="store_true", help="few rounds, for a first impression")
    parser.add_argument(
        "--short",
        type=Path,
        metavar="DIR",
        help="everything once, on a copy of the release of this data folder: whether it still runs",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write every value there")
    given = parser.parse_args()
    effort = "short" if given.short else "quick" if given.quick else "whole"
    with tempfile.TemporaryDirectory(prefix="bildungsblick-benchmarks-") as folder:
        data = Path(folder, "data")
        if given.short:
            shutil.copytree(given.short / "releases", data / "releases")
        run = Run(Folders(data), Path(folder), effort)
        before = os.getloadavg()[0]
        run.all()
    # ratios stand a busy machine, T6 and T7 do not: they need the processor for themselves
    remark = f"; load average of the {os.cpu_count()} processors before the run: {before:.1f}"
    print(report(run.targets, run.also, remark))
    print("\nProtection of small numbers\n\n" + protection.measured(effort, _say))
    if given.json:
        given.json.write_text(json.dumps(as_data(run.targets, run.also), indent=1))


if __name__ == "__main__":
    main()
