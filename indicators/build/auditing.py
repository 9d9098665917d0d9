"""The audit of a finished release before it is published, and the Schutzbericht that comes of it.

The auditor (protection/audit.py) sees what readers will see, with all that earlier releases showed.
What it objects to is an error of the build: the release is not published.
"""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import datetime
from multiprocessing import get_context
from os import cpu_count
from pathlib import Path

import pandas as pd

from indicators import release
from indicators.build.report import Report
from indicators.errors import ReleaseError
from indicators.folders import Folders
from indicators.formats import number, quantity
from indicators.meaning import Measure
from indicators.protection import audit
from indicators.release import Protection, Release

# More earlier releases than this are not opened one by one: the newest ones say what those showed.
_EDITIONS = 5
# Intervals are worked out to their ends in parts of so many unknowns; in larger ones until it is
# sure that a count is neither exact nor narrow.
_WHOLE_PART = 40
# Fewer values than this are not worth a second process.
_MANY = 30_000
COLUMNS = ["dataset", "hidden", "exact", "narrow", "open", "rest", "insider", "verdict", "text"]


def audit_release(
    aside: Path,
    id: str,
    folders: Folders,
    report: Report,
    progress: Callable[[str], None] = lambda _: None,
) -> pd.DataFrame:
    """Audits the finished file of a release that is not published yet. One row per dataset with own
    numbers (COLUMNS): how many hidden values there are, how many can be worked out exactly or too
    narrowly, are small and open or left as a rest, what insiders learn, whether it may be published
    ("ok" or "refused"), and the findings in German. Objections are errors of the report."""
    section = report.section("Schutzprüfung")
    finished = release.open_file(aside, id, datetime.now())
    sizes = {name: one.cells for name, one in finished.protection.items()}
    names = {name: finished.catalog.datasets[name].name for name in sizes}
    finished.close()
    rows: dict[str, _Audited] = {}

    def take(name: str, audited: "_Audited") -> None:
        rows[name] = audited
        progress(f"Schutzprüfung: {names[name]} ({len(rows)} von {len(sizes)})")

    # the largest first, so that none is left alone at the end
    order = sorted(sizes, key=lambda name: (-sizes[name], name))
    if sum(sizes.values()) < _MANY or (cpu_count() or 1) < 2:
        for name in order:
            take(name, _audit_one(aside, id, folders, name))
    else:
        with ProcessPoolExecutor(cpu_count(), mp_context=get_context("spawn")) as pool:
            running = {pool.submit(_audit_one, aside, id, folders, name): name for name in order}
            for future in as_completed(running):
                take(running[future], future.result())
    for name in sorted(rows):
        for text in rows[name].objections:
            section.add("error", f"{names[name]}: {text}")
    if not report.of("error"):
        hidden = sum(one.row["hidden"] for one in rows.values())
        section.add(
            "info",
            f"{quantity(len(rows), 'Datensatz', 'Datensätze')} mit {number(hidden)} verborgenen "
            "Werten geprüft: Kein kleiner Wert, der hier verborgen wurde, lässt sich berechnen "
            "oder zu eng eingrenzen",
        )
    return pd.DataFrame([rows[name].row for name in sorted(rows)], columns=COLUMNS)


@dataclass(frozen=True)
class _Audited:
    """A row of COLUMNS, and why it may not be published, in German."""

    row: dict
    objections: list[str]


def _audit_one(aside: Path, id: str, folders: Folders, dataset: str) -> _Audited:
    finished = release.open_file(aside, id, datetime.now())
    earlier = _earlier(finished, folders)
    try:
        found = audit_dataset(finished, dataset, earlier)
    finally:
        for one in (*earlier, finished):
            one.close()
    objections = [
        f"{reason}. Der Datenstand wird nicht veröffentlicht" for reason in found.verdict.reasons
    ]
    worst = [finding.words for finding in found.findings if finding.forbids]
    return _Audited(_row(dataset, found), objections + worst[:3])


def _earlier(finished: Release, folders: Folders) -> list[Release]:
    """The releases published before, oldest first."""
    found = []
    for one in release.listed(folders):
        if one.id == finished.id or len(found) == _EDITIONS:
            continue
        try:
            opened = release.open_release(folders, one.id)
        except ReleaseError:
            continue
        if opened.is_protected:
            found.append(opened)
        else:
            opened.close()
    return found[::-1]


def audit_dataset(finished: Release, id: str, earlier: list[Release] | None = None) -> audit.Report:
    """What the auditor finds in one dataset of a release, knowing the earlier ones."""
    dataset = finished.catalog.datasets[id]
    rule = finished.protection[id]
    known = [one for one in earlier or [] if id in one.datasets]
    same = set(dataset.dimensions)
    known = [one for one in known if set(one.catalog.datasets[id].dimensions) == same]
    own = {source.id for source in finished.sources.values() if source.own}
    editions = []
    for one in [*known, finished]:
        edition = audit.edition_of(one, [id])
        frame = _renumbered(edition.frames[id], one, finished)
        edition, datasets, dimensions = audit.by_whole(
            audit.Edition(one.id, {id: frame}), {id: dataset}, finished.catalog.dimensions
        )
        editions.append(edition)
    return audit.audit(
        editions,
        datasets,
        dimensions,
        finished.regions,
        rules=_rules(datasets, rule),
        public=frozenset(finished.sources.keys() - own),
        marks=audit.Marks(suppressed_least=1 if rule.zeros == "shown" else 0),
        whole_part=_WHOLE_PART,
    )


def audit_folder(folder: Path, opened: Release) -> audit.Report:
    """What the auditor finds in a folder of exported CSV files, by the rules of the release in
    force. Datasets without own numbers are not judged."""
    rules: dict[str, audit.Rule | None] = {"": None}
    for id, rule in opened.protection.items():
        for measure in opened.catalog.datasets[id].measures:
            strict = _rule_of(rule)
            rules[f"{id}.{measure.id}"] = strict if _counts_persons(measure) else None
    return audit.audit_exports(folder, opened.catalog, opened.regions, rules=rules)


def _renumbered(frame: pd.DataFrame, one: Release, finished: Release) -> pd.DataFrame:
    """The rows as the last release numbers its sources: what an earlier one had from an office is
    public in the last one too."""
    own = {source.id for source in one.sources.values() if source.own}
    named = {source.id for source in finished.sources.values() if source.own}
    if one is finished or not own or not named:
        return frame
    some = min(named)
    others = min(set(finished.sources) - named, default=-1)
    columns = [column for column in frame if column.endswith("_source")]
    return frame.assign(
        **{
            column: frame[column].map(
                lambda source: source if source < 0 else some if source in own else others
            )
            for column in columns
        }
    )


def _rules(datasets, rule: Protection) -> dict[str, audit.Rule | None]:
    """The auditor's rule for each measure; None for those that count no persons."""
    return {
        name: _rule_of(rule) if _counts_persons(dataset.measures[0]) else None
        for name, dataset in datasets.items()
    }


def _rule_of(rule: Protection) -> audit.Rule:
    return audit.Rule(
        k=rule.minimum,
        zeros_shown=rule.zeros == "shown",
        insider="report",
    )


def _counts_persons(measure: Measure) -> bool:
    return measure.persons and measure.additive and not measure.hidden_with


def _row(id: str, found: audit.Report) -> dict:
    counts = {name: 0 for name in COLUMNS[1:7]}
    if len(found.summary):
        total = found.summary.sum(numeric_only=True)
        counts = {name: int(total[name]) for name in counts}
    return {
        "dataset": id,
        **counts,
        "verdict": "ok" if found.verdict.ok else "refused",
        "text": found.text(),
    }
