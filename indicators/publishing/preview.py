"""A look at what the next release would bring, in seconds: what has come is read, checked and
compared with the release in force. Nothing is protected, audited or published.

So it is for the office alone, and it tells no value: which of them are to be hidden is found out by
the build only, and takes it longest. It says how many are new, changed or gone, where and of what;
what a file states wrongly is named with its numbers, as `check` and `receive` do.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from indicators.catalog.catalog import Catalog
from indicators.catalog.definition import TOTAL
from indicators.catalog.meaning import Dataset, Indicator, Term
from indicators.errors import ReleaseError
from indicators.folders import Folders
from indicators.formats import listing, minute, number, quantity
from indicators.publishing import gathering, gemeinden, programme, publish, run
from indicators.publishing.deliveries import deliveries
from indicators.publishing.fingerprints import of_folder
from indicators.publishing.gathering import Gathered
from indicators.publishing.possible import name_of
from indicators.publishing.processes import Pool
from indicators.publishing.report import Report
from indicators.publishing.results import FOLDER as RESULTS
from indicators.publishing.results import Results
from indicators.regions import Region
from indicators.release import releases as release
from indicators.release.releases import Release
from indicators.symbols import Status

NEW, CHANGED, GONE, HIDDEN = "new", "changed", "gone", "hidden"
# Its column; no dimension can be called that.
STATE = "_state"
# So many places and periods of a dataset, indicators and notes of a report are named.
_NAMED = 12
_HEAD = """VORSCHAU, nur für das Amt
  Nicht geschützt, nicht geprüft (Schutzprüfung, Wertebereiche, Karten) und nicht veröffentlicht.
  Sie sagt, wie viele Werte anders wären, und nicht, wie sie lauten: Was davon verborgen wird, steht
  erst nach dem Build fest. Fehler und Hinweise können Zahlen nennen."""
_BUILD = (
    "Nächster Schritt: „python -m indicators build“ schützt und prüft alles und veröffentlicht es, "
    "wenn nichts dagegen spricht."
)


@dataclass(frozen=True)
class Changed:
    """What of a dataset is otherwise than in the release in force. `cells` has a row per region,
    period, dimensions and measure that is not the same: these columns, start, and STATE (NEW,
    CHANGED, GONE; HIDDEN: there a dot stands, of which nobody can tell). `files` are those that
    went into it and did not before."""

    dataset: Dataset
    cells: pd.DataFrame
    files: tuple[str, ...] = ()

    def count(self, state: str) -> int:
        return int((self.cells[STATE] == state).sum())

    @property
    def told(self) -> pd.DataFrame:
        """The rows of cells of which one can tell that they are otherwise, in the same columns."""
        return self.cells[self.cells[STATE] != HIDDEN]


@dataclass(frozen=True)
class Preview:
    """What a look found: the `text` for the office, what is `changed`, and whether a build of this
    would be refused for what was noticed so far."""

    text: str
    changed: tuple[Changed, ...]
    refused: bool

    def as_json(self) -> dict[str, object]:
        """The text, and for each dataset that would be otherwise how many values are, and of which
        files, in plain types; no value."""
        return {
            "text": self.text,
            "refused": self.refused,
            "datasets": [
                {
                    "dataset": one.dataset.id,
                    "name": one.dataset.name,
                    "files": list(one.files),
                    **{state: one.count(state) for state in (NEW, CHANGED, GONE, HIDDEN)},
                }
                for one in self.changed
            ],
        }


def look(folders: Folders) -> Preview:
    """Reads what lies in the data folder, as a build does, and compares. What it has read is left
    for the build. Raises DefinitionError, FileError or BuildError as that does."""
    with publish.alone(folders):
        publish.tidy(folders)
        report = Report()
        catalog = run.load_catalog(folders)
        archive, _ = run.boundary_archive(folders)
        fingerprints = of_folder(folders)
        found = fingerprints.marked(deliveries(folders))
        register = run.register_of(archive, catalog, gemeinden.received(folders))
        with Pool(Results(folders.office / RESULTS, fingerprints.key)) as pool:
            read = gathering.gathered(
                found, catalog, register, folders, report, lambda _: None, pool
            )
    refused = bool(report.of("error"))
    try:
        opened = release.open_release(folders)
    except ReleaseError:
        return Preview("\n\n".join(_text(None, [], report, "", register)), (), refused)
    try:
        changed = compared(read, opened, catalog, register)
        before = publish.paper(opened.id, folders)
        parts = _text(opened, changed, report, before, register, catalog)
    finally:
        opened.close()
    return Preview("\n\n".join(parts), tuple(changed), refused)


# --- what is otherwise ----------------------------------------------------------------------------


def compared(
    read: Gathered, opened: Release, catalog: Catalog, register: Mapping[str, Region]
) -> list[Changed]:
    """The datasets of which something is otherwise than in this release, in the order of the
    catalog. Where the definitions are the same, those of the same files are not looked at."""
    now = _files((s.dataset, s.table_code, s.fingerprint, s.file) for s in read.sources)
    before = _files(_sources(opened))
    touched = {id for id in now.keys() | before.keys() if now.get(id) != before.get(id)}
    # an order of receipt or a definition changes more than one file
    if not touched or catalog.files != opened.catalog.files:
        touched = now.keys() | before.keys()
    known = {id: dict(files) for id, files in before.items()}
    found = []
    for id in (id for id in (catalog.datasets | opened.catalog.datasets) if id in touched):
        dataset = catalog.datasets.get(id) or opened.catalog.datasets[id]
        cells = _compared(read, opened, dataset, register)
        if len(cells[cells[STATE] != HIDDEN]):
            files = [file for mark, file in now.get(id, ()) if mark not in known.get(id, {})]
            found.append(Changed(dataset, cells, tuple(dict.fromkeys(files))))
    return found


def _files(sources: Iterable[tuple[str, str, str, str]]) -> dict[str, list[tuple[str, str]]]:
    """Dataset → table with fingerprint, and name of each file that goes into it."""
    found: dict[str, list[tuple[str, str]]] = {}
    for dataset, table, fingerprint, file in sources:
        found.setdefault(dataset, []).append((f"{table} {fingerprint}", file))
    return found


def _sources(opened: Release) -> Iterator[tuple[str, str, str, str]]:
    """Dataset, table, fingerprint and file of each source of a release, in their order."""
    rows = opened.frame("SELECT * FROM release.sources ORDER BY id")
    rows = rows.rename(columns={"sha256": "fingerprint"})  # as older releases call it
    return rows[["dataset", "table_code", "fingerprint", "file"]].itertuples(index=False, name=None)


def _compared(
    read: Gathered, opened: Release, dataset: Dataset, register: Mapping[str, Region]
) -> pd.DataFrame:
    """A row per cell that is otherwise or hidden: region, period, start, dimensions, measure,
    STATE."""
    key = ["region", "period", *dataset.dimensions, "measure"]
    columns = [*key, "start", "value", "status"]
    now = _now(read, dataset, register, columns)
    before = _before(opened, dataset, columns)
    both = before.merge(now, how="outer", on=key, suffixes=("_before", ""), indicator=True)
    hidden = both["status_before"] == Status.SUPPRESSED.value
    value, value_before = both["value"].astype(float), both["value_before"].astype(float)
    same = (value == value_before) | (value.isna() & value_before.isna())
    same &= both["status"] == both["status_before"]
    state = np.select(
        [both["_merge"] == "right_only", both["_merge"] == "left_only", hidden, ~same],
        [NEW, GONE, HIDDEN, CHANGED],
        "",
    )
    start = pd.to_datetime(both["start"]).fillna(pd.to_datetime(both["start_before"]))
    return both[key].assign(start=start, **{STATE: state})[state != ""]


def _now(
    read: Gathered, dataset: Dataset, register: Mapping[str, Region], columns: list[str]
) -> pd.DataFrame:
    """What would be published if nothing had to be hidden: a row per cell, in these columns."""
    rows = read.tables.get(dataset.id)
    if rows is None:
        return pd.DataFrame(columns=columns, dtype=object)
    known = rows.assign(known=rows["source"].isin(read.public))
    return programme.as_published(known, dataset, register)[columns]


def _before(opened: Release, dataset: Dataset, columns: list[str]) -> pd.DataFrame:
    """What the release shows: a row per cell, in these columns. Of a dataset that is divided
    otherwise now, nothing can be compared: all is new."""
    frames = []
    if dataset.id in opened.datasets:
        wide = opened.frame(f'SELECT * FROM release."data_{dataset.id}"')
        for measure in (m.id for m in dataset.measures if f"{m.id}_source" in wide):
            rows = wide[wide[f"{measure}_source"] >= 0].assign(measure=measure)
            rows = rows.rename(columns={measure: "value", f"{measure}_status": "status"})
            if set(columns) <= set(rows.columns):
                frames.append(rows[columns])
    return pd.concat(frames or [pd.DataFrame(columns=columns, dtype=object)], ignore_index=True)


def touched(indicator: Indicator, changed: Changed, catalog: Catalog) -> tuple[pd.DataFrame, bool]:
    """The cells that the indicator itself counts or, where none of these is otherwise, those of its
    divisions (then True); a row per cell, in the columns of `Changed.told`."""
    by = {breakdown.dimension for breakdown in indicator.breakdowns}
    # years of age, where age groups are asked for
    by |= {id for id in changed.dataset.dimensions if by & catalog.dimensions[id].groups.keys()}
    cells = changed.told
    counted = np.zeros(len(cells), dtype=bool)
    divided = np.zeros(len(cells), dtype=bool)
    for term in (t for one in indicator.calculations for t in one.terms):
        if term.dataset == changed.dataset.id:
            whole, part = _of_term(cells, term, changed.dataset.dimensions, by)
            counted |= whole
            divided |= part
    return (cells[counted], False) if counted.any() else (cells[divided], True)


def _of_term(
    cells: pd.DataFrame, term: Term, dimensions: Iterable[str], by: set[str]
) -> tuple[np.ndarray, np.ndarray]:
    """Which cells the count of a term is made of, and which its divisions."""
    whole = (cells["measure"] == term.measure).to_numpy(bool, copy=True)
    part = whole.copy()
    for id in dimensions:
        wanted = term.where.get(id, TOTAL)
        fits = cells[id].isin([wanted] if isinstance(wanted, str) else wanted).to_numpy(bool)
        whole &= fits
        part &= fits | (id in by)
    return whole, part


# --- in words -------------------------------------------------------------------------------------


def _text(
    opened: Release | None,
    changed: list[Changed],
    report: Report,
    before: str,
    register: Mapping[str, Region],
    catalog: Catalog | None = None,
) -> Iterator[str]:
    yield _HEAD
    if opened is None or catalog is None:
        yield "Es gibt noch keinen Datenstand, mit dem sich vergleichen lässt."
    else:
        stand = f"Gegenüber dem Datenstand {opened.id} vom {minute(opened.published)}"
        if changed:
            yield stand
        else:
            yield f"{stand} ist kein Wert anders."
        for one in changed:
            yield "\n".join(_lines(one, register, catalog))
    if notes := list(_notes(report, before)):
        yield "\n".join(notes)
    if report.of("error"):
        yield (
            "So würde nichts veröffentlicht. Nächster Schritt: beheben, was unter „Fehler“ steht, "
            "und die Vorschau wiederholen."
        )
    else:
        yield _BUILD


def _lines(one: Changed, register: Mapping[str, Region], catalog: Catalog) -> Iterator[str]:
    files = f" ({listing(list(one.files[:_NAMED]))})" if one.files else ""
    yield f"{one.dataset.name}{files}: {_counted(one.told[STATE])}"
    places = one.told.groupby(["start", "period", "region"], sort=True)[STATE]
    told = list(places)[::-1]
    for (_, period, region), states in told[:_NAMED]:
        yield f"  {name_of(region, register)}, {period}: {_counted(states)}"
    if rest := told[_NAMED:]:
        more = quantity(len(rest), "weiteres Gebiet", "weitere Gebiete und Zeiträume")
        yield f"  {more}: {_counted(pd.concat([states for _, states in rest]))}"
    if hidden := one.count(HIDDEN):
        dots = quantity(hidden, "Wert, den", "Werte, die")
        yield f"  nicht verglichen: {dots} der Datenstand verbirgt"
    yield from (f"  {text}" for text in _indicators(one, catalog))


def _indicators(one: Changed, catalog: Catalog) -> Iterator[str]:
    found = []
    for indicator in catalog.indicators.values():
        cells, divided = touched(indicator, one, catalog)
        if len(cells):
            values = len(cells.drop_duplicates(["region", "period"]))
            where = " (nur in Aufteilungen)" if divided else ""
            found.append(f"Indikator {indicator.name}{where}: {quantity(values, 'Wert', 'Werte')}")
    yield from found[:_NAMED]
    if rest := found[_NAMED:]:
        yield quantity(len(rest), "weiterer Indikator", "weitere Indikatoren")
    if not found:
        yield "kein Indikator zählt diese Werte"


def _counted(states: pd.Series) -> str:
    """ "2 Werte neu, 1 geändert"."""
    count = Counter(states)
    words = {NEW: "neu", CHANGED: "geändert", GONE: "nicht mehr da"}
    told = [f"{number(count[state])} {word}" for state, word in words.items() if count[state]]
    return ", ".join(told)


def _notes(report: Report, before: str) -> Iterator[str]:
    """What was noticed and is not said of the release in force already (in `before`, the office's
    Prüfbericht): refusals in any case."""
    known = {line.strip() for line in before.splitlines()}
    yield from (f"Fehler: {text}" for text in report.of("error"))
    notes = [
        f"Hinweis: {section.title}: {finding.text}"
        for section in report.sections
        for finding in section.findings
        if finding.level == "warning" and f"Hinweis: {finding.text}" not in known
    ]
    yield from notes[:_NAMED]
    if len(notes) > _NAMED:
        more = quantity(len(notes) - _NAMED, "weiterer Hinweis", "weitere Hinweise")
        yield f"{more}: „python -m indicators check“ nennt alle."
