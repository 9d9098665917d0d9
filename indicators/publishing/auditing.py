"""The audit of a finished release before it is published, and the Schutzbericht that comes of it.

The auditor (protection/audit.py) sees what readers will see, with all that earlier releases showed.
What it objects to is an error of the build: the release is not published.
"""

import hashlib
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from indicators.catalog.meaning import Measure
from indicators.errors import ReleaseError
from indicators.folders import Folders
from indicators.formats import listing, number, quantity
from indicators.protection.audit import auditor as audit
from indicators.protection.audit import exports
from indicators.protection.audit.model import Edition
from indicators.publishing import kept, proofs
from indicators.publishing.editions import editions
from indicators.publishing.kept import Judged
from indicators.publishing.patterns import Memory
from indicators.publishing.processes import Pool
from indicators.publishing.programme import linked_datasets
from indicators.publishing.report import Report
from indicators.release import releases as release
from indicators.release.releases import Protection, Release

# Intervals are worked out to their ends in parts of so many unknowns; in larger ones until it is
# sure that a count is neither exact nor narrow.
_WHOLE_PART = 40
_COUNTS = ["hidden", "exact", "narrow", "open", "rest", "group", "insider"]
COLUMNS = ["dataset", *_COUNTS, "verdict", "text"]


@dataclass(frozen=True)
class Audited:
    """What an audit found. `table` has a row per dataset with own numbers (COLUMNS): how many
    hidden values there are, how many can be worked out exactly or too narrowly, are small and open
    or left as a rest, how many small groups are all of one kind, what insiders learn, whether it
    may be published ("ok" or "refused"), and a summary in German. `cells` says for each dataset
    what is to be said of single cells too, which is for the office alone."""

    table: pd.DataFrame
    cells: dict[str, str]


def audit_release(
    aside: Path,
    id: str,
    folders: Folders,
    report: Report,
    progress: Callable[[str], None] = lambda _: None,
    memory: Memory | None = None,
    pool: Pool | None = None,
) -> Audited:
    """Audits the finished file of a release that is not published yet, and looks at its proofs.
    Objections are errors of the report. Where the very same was audited before with the same
    knowledge (`memory`: by a build before, or of the invented town by whoever ships it), the
    findings are believed; the proofs are looked at all the same. An audit `anew` believes none.
    The processes of `pool` are used, own ones without it."""
    memory = memory or Memory()
    section = report.section("Schutzprüfung")
    finished = release.open_file(aside, id, datetime.now())
    groups = audited_together(finished)
    sizes = [sum(_cells(finished, name) for name in group) for group in groups]
    names = {name: finished.catalog.datasets[name].name for name in finished.protection}
    finished.close()
    stores = () if memory.anew else (*memory.stores, *memory.shipped)
    rows: dict[str, Judged] = {}
    proved: list[proofs.Checked] = []
    # the largest first, so that none is left alone at the end
    calls = [(groups[i],) for i in np.argsort(sizes, kind="stable")[::-1]]
    common = aside, id, folders, stores
    try:
        with nullcontext(pool) if pool else Pool() as processes:
            for found in processes.each(_audit_group, calls, common, rows=sum(sizes)):
                digest, audited, checked = found
                rows.update(audited)
                if not any(one.objections for one in audited.values()):
                    memory.audits[digest] = audited
                if checked:
                    proved.append(checked)
                told = listing([names[name] for name in audited])
                progress(f"Schutzprüfung: {told} ({len(rows)} von {len(names)})")
    finally:
        _close(aside, id, folders)
    for name in sorted(rows):
        for text in rows[name].objections:
            section.add("error", f"{names[name]}: {text}")
    for text in (text for checked in proved for text in checked.objections):
        section.add("error", f"{text}. Der Datenstand wird nicht veröffentlicht")
    if not report.of("error"):
        hidden = sum(one.row["hidden"] for one in rows.values())
        section.add(
            "info",
            f"{quantity(len(rows), 'Datensatz', 'Datensätze')} mit {number(hidden)} verborgenen "
            "Werten geprüft: Kein kleiner Wert, der hier verborgen wurde, lässt sich berechnen "
            "oder zu eng eingrenzen",
        )
        section.add("info", proofs.words(proved))
    return Audited(
        pd.DataFrame([rows[name].row for name in sorted(rows)], columns=COLUMNS),
        {name: rows[name].text for name in sorted(rows)},
    )


@cache
def _opened(aside: Path, id: str, folders: Folders) -> tuple[Release, list[Release]]:
    """The finished file and the releases before it, opened once in each process."""
    finished = release.open_file(aside, id, datetime.now())
    return finished, earlier_releases(finished, folders)


def _close(aside: Path, id: str, folders: Folders) -> None:
    """Closes what was opened in this process, where the audit did not run in others."""
    if _opened.cache_info().currsize:
        finished, earlier = _opened(aside, id, folders)
        for one in (*earlier, finished):
            one.close()
        _opened.cache_clear()


def _audit_group(
    aside: Path, id: str, folders: Folders, stores: tuple[Path, ...], group: list[str]
) -> tuple[str, dict[str, Judged], proofs.Checked | None]:
    finished, earlier = _opened(aside, id, folders)
    digest = _digest(finished, group, earlier)
    before = (found for store in stores if (found := kept.audited(store, digest)))
    audited = next(before, None)
    if audited is None:
        found = audit_datasets(finished, group, earlier)
        audited = {name: _audited(name, one) for name, one in found.items()}
    return digest, audited, proofs.check(finished, folders, group)


def _digest(finished: Release, group: list[str], earlier: list[Release]) -> str:
    """A digest of all that an audit of these datasets reads. What an earlier release shows exactly
    as this one does tells nothing more, and is left out."""
    digest = hashlib.sha256(kept.auditor().encode())
    catalog = finished.catalog
    for id in group:
        definition, rule = catalog.datasets[id], finished.protection.get(id)
        # how many are hidden follows; which rule they are judged by is what counts
        rule = rule and (rule.minimum, rule.zeros, rule.group)
        digest.update(f"{definition.model_dump_json()} {rule}\n".encode())
    for dimension in catalog.dimensions.values():
        digest.update(dimension.model_dump_json().encode())
    for region in finished.regions.values():
        digest.update(f"{region}\n".encode())
    own = frozenset(source.id for source in finished.sources.values() if source.own)
    *before, last = (_marks(edition, own) for edition in editions(finished, group, earlier))
    for marks in before:
        told = {place: mark for place, mark in marks.items() if last.get(place) != mark}
        digest.update(f"{sorted(told.items())}\n".encode() if told else b"")
    digest.update(f"{sorted(last.items())}".encode())
    return digest.hexdigest()


def _marks(edition: Edition, own: frozenset[int]) -> dict[tuple[str, str], str]:
    """(dataset, period) → a digest of all rows. Of sources counts whether they are the town's."""
    found = {}
    for id, frame in edition.frames.items():
        sources = {
            column: np.select([frame[column] < 0, frame[column].isin(own)], [-1, 1], 0)
            for column in frame
            if column.endswith("_source")
        }
        frame = frame.assign(**sources)
        columns = sorted(set(frame.columns) - {"year"})
        for period, rows in frame.groupby("period", sort=False):
            digest = hashlib.sha256("\x1f".join(columns).encode())
            for column in columns:
                digest.update(kept.content(rows[column].to_numpy()))
            found[id, str(period)] = digest.hexdigest()
    return found


def _audited(dataset: str, found: audit.Report) -> Judged:
    objections = [
        f"{reason}. Der Datenstand wird nicht veröffentlicht" for reason in found.verdict.reasons
    ]
    worst = [finding.words for finding in found.findings if finding.forbids]
    return Judged(_row(dataset, found), found.text(), tuple(objections + worst[:3]))


def audited_together(finished: Release) -> list[list[str]]:
    """The datasets with own numbers, each with all that count some of the same persons, also where
    those are official: what they say is known."""
    groups = linked_datasets(sorted(finished.datasets), finished.catalog)
    return [group for group in groups if set(group) & finished.protection.keys()]


def _cells(finished: Release, dataset: str) -> int:
    one = finished.protection.get(dataset)
    return one.cells if one else 0


def earlier_releases(finished: Release, folders: Folders) -> list[Release]:
    """The releases it comes after, oldest first: of a file that is not published yet, all."""
    order = [one.id for one in release.listed(folders)]
    if finished.id in order:
        order = order[order.index(finished.id) + 1 :]
    found = []
    for id in order:
        try:
            opened = release.open_release(folders, id)
        except ReleaseError:
            continue  # what it showed stands in the releases after it
        if opened.is_protected:
            found.append(opened)
        else:
            opened.close()
    return found[::-1]


def audit_dataset(finished: Release, id: str, earlier: list[Release] | None = None) -> audit.Report:
    """What the auditor finds in one dataset of a release, knowing the earlier ones and the datasets
    of the same persons."""
    group = next(group for group in audited_together(finished) if id in group)
    return audit_datasets(finished, group, earlier)[id]


def audit_datasets(
    finished: Release, group: list[str], earlier: list[Release] | None = None
) -> dict[str, audit.Report]:
    """What the auditor finds in datasets that count some of the same persons, for each of them that
    has own numbers."""
    own = {source.id for source in finished.sources.values() if source.own}
    definitions = {id: finished.catalog.datasets[id] for id in group}
    known = []
    for edition in editions(finished, group, earlier or []):
        by_whole, datasets, dimensions = audit.by_whole(
            edition, definitions, finished.catalog.dimensions
        )
        known.append(by_whole)
    found = audit.audit(
        known,
        datasets,
        dimensions,
        finished.regions,
        rules=_rules(datasets, finished),
        public=frozenset(finished.sources.keys() - own),
        whole_part=_WHOLE_PART,
    )
    return {
        id: found.of([name for name in datasets if _dataset_of(name) == id])
        for id in group
        if id in finished.protection
    }


def _dataset_of(name: str) -> str:
    """The dataset of "dataset.measure"."""
    return name.partition(".")[0]


def audit_folder(folder: Path, opened: Release) -> audit.Report:
    """What the auditor finds in a folder of exported CSV files, by the rules of the release in
    force. Datasets without own numbers are not judged."""
    rules: dict[str, audit.Rule | None] = {"": None}
    for id, rule in opened.protection.items():
        for measure in opened.catalog.datasets[id].measures:
            strict = _rule_of(rule)
            rules[f"{id}.{measure.id}"] = strict if _counts_persons(measure) else None
    return exports.audit_exports(folder, opened.catalog, opened.regions, rules=rules)


def _rules(datasets, finished: Release) -> dict[str, audit.Rule | None]:
    """The auditor's rule for each measure; None for those that count no persons, and for datasets
    without own numbers."""
    found: dict[str, audit.Rule | None] = {}
    for name, dataset in datasets.items():
        rule = finished.protection.get(_dataset_of(name))
        found[name] = _rule_of(rule) if rule and _counts_persons(dataset.measures[0]) else None
    return found


def _rule_of(rule: Protection) -> audit.Rule:
    return audit.Rule(
        k=rule.minimum,
        zeros_shown=rule.zeros == "shown",
        insider="report",
        group=rule.group,
    )


def _counts_persons(measure: Measure) -> bool:
    return measure.persons and measure.additive and not measure.hidden_with


def _row(id: str, found: audit.Report) -> dict:
    counts = dict.fromkeys(_COUNTS, 0)
    if len(found.summary):
        total = found.summary.sum(numeric_only=True)
        counts = {name: int(total[name]) for name in counts}
    return {
        "dataset": id,
        **counts,
        "verdict": "ok" if found.verdict.ok else "refused",
        "text": found.summary_text(),
    }
