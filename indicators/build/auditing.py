"""The audit of a finished release before it is published, and the Schutzbericht that comes of it.

The auditor (protection/audit.py) sees what readers will see, with all that earlier releases showed.
What it objects to is an error of the build: the release is not published.
"""

from collections.abc import Callable
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
COLUMNS = ["dataset", "hidden", "exact", "narrow", "open", "rest", "insider", "verdict", "text"]


def audit_release(
    finished: Release,
    folders: Folders,
    report: Report,
    progress: Callable[[str], None] = lambda _: None,
) -> pd.DataFrame:
    """One row per dataset with own numbers (COLUMNS): how many hidden values there are, how many
    can be worked out exactly, too narrowly, are small and open or small and left as a rest, what
    insiders learn, whether it may be published ("ok" or "refused"), and the findings in German."""
    section = report.section("Schutzprüfung")
    earlier = _earlier(finished, folders)
    try:
        rows = []
        for id in sorted(finished.protection):
            progress(f"Schutzprüfung: {finished.catalog.datasets[id].name}")
            found = audit_dataset(finished, id, earlier)
            rows.append(_row(id, found))
            name = finished.catalog.datasets[id].name
            for reason in found.verdict.reasons:
                section.add("error", f"{name}: {reason}. Der Datenstand wird nicht veröffentlicht")
            for finding in [f for f in found.findings if f.forbids][:3]:
                section.add("error", f"{name}: {finding.words}")
    finally:
        for one in earlier:
            one.close()
    if not report.of("error"):
        hidden = sum(row["hidden"] for row in rows)
        section.add(
            "info",
            f"{quantity(len(rows), 'Datensatz', 'Datensätze')} geprüft: Keiner der "
            f"{number(hidden)} verborgenen Werte lässt sich berechnen oder zu eng eingrenzen",
        )
    return pd.DataFrame(rows, columns=COLUMNS)


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
    known = [one for one in known if one.catalog.datasets[id].dimensions == dataset.dimensions]
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
        # what an earlier release showed is known; the report says so
        open_forbids=not rule.exposed,
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
