"""Protection of small numbers: time and hidden cells on known tables, beside other methods, and
random tables before the auditor.

Times are processor seconds of this process (of the child for pytauargus, which brings a solver
library of its own), so that a busy machine does not matter.
"""

import argparse
import contextlib
import importlib.util
import multiprocessing
import resource
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from benchmarks import scenarios
from benchmarks.figures import table
from indicators.catalog.definition import TOTAL
from indicators.errors import BuildError
from indicators.protection import cube as cubes
from indicators.protection import suppress
from indicators.protection.audit import auditor as audit
from indicators.protection.audit.model import Marks
from indicators.protection.rules import Rule

# The trials that came before the engine, on the same tables (zeros shown, no insiders): secondary
# dots, processor seconds (None where only a clock was read). The better of its variants each.
BEFORE: dict[tuple[str, int], tuple[int, float | None]] = {
    ("A", 3): (75, 0.16),
    ("A", 5): (92, 0.14),
    ("H", 3): (179, 0.17),
    ("H", 5): (419, 2.0),
    ("B", 3): (742, 5.9),
    ("B", 5): (652, 17.7),
    ("K", 3): (330, 1.5),
    ("K", 5): (755, 8.7),
    ("KB", 3): (3054, 39.07),
    ("KB", 5): (4370, None),
}
# An audit that takes longer is ended: the largest part of B has more than a thousand dots.
AUDIT_SECONDS = 60
SHORT = [("A", 3)]
QUICK = [("A", 3), ("A", 5), ("H", 3), ("H", 5), ("B", 3), ("K", 3)]
# Modular suppression of pytauargus knows hierarchies, but no regions that overlap.
OTHER = [("A", 3), ("A", 5), ("B", 3)]


@dataclass(frozen=True)
class Measured:
    """One method on one table: how many cells it hides, what that took, what an audit finds."""

    scenario: str
    k: int
    method: str
    cells: int
    primary: int
    secondary: int
    seconds: float | None
    audit: str = ""

    def line(self) -> tuple[str, ...]:
        hidden = (self.primary + self.secondary) / self.cells
        seconds = "–" if self.seconds is None else f"{self.seconds:.2f}"
        return (
            f"{self.scenario} k={self.k}",
            f"{self.cells:,}",
            self.method,
            f"{self.primary:,}",
            f"{self.secondary:,}",
            f"{hidden:.1%}",
            seconds,
            self.audit,
        )


HEAD = ("table", "cells", "method", "primary", "secondary", "hidden", "CPU s", "audit")


def plain(k: int) -> Rule:
    """What the trials before protected against: small counts, every zero shown."""
    return Rule(minimum=k, zeros="shown", group=0, insider=False)


def ours(name: str, k: int, rule: Rule, method: str, say: Callable[[str], None]) -> Measured:
    scenario = scenarios.ALL[name]()
    before, told = time.process_time(), [0]

    def progress(share: float) -> None:
        if share * 10 >= told[0] + 1:
            told[0] = int(share * 10)
            say(f"{name} k={k}, {method}: {share:.0%}, {time.process_time() - before:.0f} CPU s")

    cube = cubes.build(scenario.rows, scenario.axes, scenario.register)
    pattern = suppress.protect(cube, rule, progress=progress)
    seconds = time.process_time() - before
    count = len(scenario.rows)
    found = judged(name, pattern.hidden[:count], rule)
    primary = int(pattern.primary[:count].sum())
    secondary = int(pattern.secondary[:count].sum())
    return Measured(name, k, method, count, primary, secondary, seconds, found)


def judged(name: str, hidden: np.ndarray, rule: Rule) -> str:
    """What the independent audit says of these dots: exact and narrow cells, and what it took."""
    found = _apart(_audit, name, hidden, rule)
    return f"not finished in {AUDIT_SECONDS} CPU s" if found is None else found


def _apart(work: Callable, *given):
    """What a function returns in a process of its own (two libraries of one solver do not go
    together); None if it used up its processor time."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_send, args=(theirs, work, given))
    process.start()
    theirs.close()
    try:
        return ours.recv()
    except EOFError:
        process.join()
        if process.exitcode in (-signal.SIGXCPU, -signal.SIGKILL):
            return None
        raise RuntimeError(f"{work.__name__} ended with {process.exitcode}") from None
    finally:
        process.join()


def _send(connection, work: Callable, given: tuple) -> None:
    connection.send(work(*given))


def _audit(name: str, hidden: np.ndarray, rule: Rule) -> str:
    resource.setrlimit(resource.RLIMIT_CPU, (AUDIT_SECONDS, AUDIT_SECONDS))
    scenario = scenarios.ALL[name]()
    shown = scenario.rows.copy()
    shown["value"] = shown["value"].mask(hidden)
    shown["status"] = shown["status"].mask(hidden, "suppressed")
    before = time.process_time()
    report = audit.audit(
        [scenario.edition(shown)],
        {"scenario": scenario.dataset},
        scenario.dimensions,
        scenario.register,
        rules=audit.Rule(k=rule.minimum, zeros_shown=rule.lowest == 1, insider="off"),
        marks=Marks(suppressed_least=rule.lowest),
    )
    total = report.summary.sum(numeric_only=True)
    seconds = time.process_time() - before
    return f"{total['exact']} exact, {total['narrow']} narrow ({seconds:.1f} CPU s)"


# --- another engine -----------------------------------------------------------------------------


def available() -> bool:
    return importlib.util.find_spec("pytauargus") is not None


def other(name: str, k: int) -> Measured:
    """Modular suppression (HiTaS) of pytauargus on the same persons, audited by our auditor under
    the marks of our pages: every zero is shown."""
    scenario = scenarios.ALL[name]()
    hidden, seconds = _apart(_tau, name, k)
    rows = scenario.rows
    keys = rows[["region", *scenario.dimensions]].itertuples(index=False, name=None)
    dots = np.array([key in hidden for key in keys])
    value = rows["value"].to_numpy()
    primary = (value > 0) & (value < k)
    found = judged(name, dots, plain(k))
    secondary = int((dots & ~primary).sum())
    missed = int((primary & ~dots).sum())
    return Measured(
        name,
        k,
        "pytauargus, modular",
        len(rows),
        int(primary.sum()),
        secondary,
        seconds,
        found + (f", {missed} small shown" if missed else ""),
    )


def _tau(name: str, k: int) -> tuple[set[tuple], float]:
    """Hidden cells and processor seconds. One line per person goes in."""
    from pytauargus import protect

    scenario = scenarios.ALL[name]()
    whole = next(iter(scenario.inside))
    smallest = {own[0]: id for id, own in scenario.inside.items() if len(own) == 1}
    place, *digits = np.nonzero(scenario.counts)
    often = scenario.counts[scenario.counts > 0]
    persons = {"region": np.repeat([smallest[int(n)] for n in place], often).tolist()}
    for (id, dimension), digit in zip(scenario.dimensions.items(), digits, strict=True):
        ids = np.array([category.id for category in dimension.categories])
        persons[id] = np.repeat(ids[digit], often).tolist()
    persons["n"] = [1] * int(often.sum())
    columns = ["region", *scenario.dimensions]
    # its solver writes logs where it runs
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        before = time.process_time()
        found = protect(
            persons,
            tables=columns,
            response="n",
            safety_rules=f"FREQ({k},10)",
            suppress="MOD(1,5,1,1,1)",
            workdir=folder,
        )
        seconds = time.process_time() - before
        rows = found.tables[0].rows
    total = {"region": whole} | dict.fromkeys(scenario.dimensions, TOTAL)
    hidden = set()
    for row in rows:
        if row["status"] in ("U", "M"):
            # codes come back padded, totals in words of the engine
            codes = {column: str(row[column]).strip() for column in columns}
            hidden.add(tuple(total[c] if codes[c] in ("", "Total") else codes[c] for c in columns))
    return hidden, seconds


# --- random tables ------------------------------------------------------------------------------


def random_tables(count: int, circles: bool, say: Callable[[str], None]) -> str:
    """So many random tables are protected and audited; failures are counted and named."""
    from tests.unit import random_tables as drawn

    before, cells, dots, bad = time.process_time(), 0, 0, []
    for first in range(0, count, drawn.TOGETHER):
        batch = []
        for seed in range(first, first + drawn.TOGETHER):
            one = drawn.table(seed, circles=circles)
            cube = cubes.build(one.rows, one.axes, one.places.register)
            try:
                pattern = suppress.protect(cube, one.rule)
            except BuildError as error:
                bad.append(f"seed {seed}: {error}")
                continue
            batch.append((one, suppress.apply(cube, pattern)))
            cells += len(one.rows)
            dots += int(pattern.hidden.sum())
        if batch and not (report := drawn.audited(batch)).verdict.ok:
            bad.append(f"seeds from {first}: {'; '.join(report.verdict.reasons)}")
        if first % 1000 == 0:
            say(f"{first:,} random tables, {len(bad)} failures")
    seconds = time.process_time() - before
    return "\n".join(
        [
            f"{count:,} random tables, {cells:,} cells, {dots:,} dots: {len(bad)} failures "
            f"({seconds:.0f} CPU s, {1000 * seconds / count:.0f} ms each)",
            *bad,
        ]
    )


# --- the report ---------------------------------------------------------------------------------


def measured(effort: str, say: Callable[[str], None]) -> str:
    """The table of what protecting costs; `effort` is "short" (the smallest table), "quick" or
    "whole"."""
    found: list[Measured] = []
    for name, k in {"short": SHORT, "quick": QUICK, "whole": BEFORE}[effort]:
        say(f"protecting table {name}, k={k}")
        own = ours(name, k, plain(k), "ours", say)
        found.append(own)
        secondary, seconds = BEFORE[name, k]
        before = Measured(name, k, "trial before", own.cells, own.primary, secondary, seconds)
        found.append(before)
        if (name, k) in OTHER and available():
            found.append(other(name, k))
    for name in {"short": "A", "quick": "AH", "whole": "AHK"}[effort]:
        # as the application does it: zeros may be dotted, groups and insiders are protected
        found.append(ours(name, 3, Rule(), "ours, usual rule", say))
    text = table(HEAD, [one.line() for one in found])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    text += f"\n\nlargest memory: {peak:,.0f} MB"
    if not available():
        text += "\npytauargus was not measured: not installed (pip install -e '.[crosscheck]')"
    return text


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks protection",
        description="Measures the protection of small numbers on known and on random tables.",
    )
    parser.add_argument("--quick", action="store_true", help="without the slowest tables")
    parser.add_argument(
        "--tables", type=int, metavar="N", help="only protect and audit N random tables"
    )
    parser.add_argument(
        "--circles", action="store_true", help="with margins that meet in a circle (A×B, A×C, B×C)"
    )
    given = parser.parse_args(arguments)

    def say(text: str) -> None:
        print(f"… {text}", file=sys.stderr, flush=True)

    if given.tables:
        print(random_tables(given.tables, given.circles, say))
    else:
        print(measured("quick" if given.quick else "whole", say))
