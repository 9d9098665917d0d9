"""What one release says otherwise than another: by indicator and region, largest first.

Compared is what readers see: a value that differs behind the last decimal shown is the same. What
is protected in either of them is never told, also not what the other showed of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from indicators import formats
from indicators.catalog.meaning import Indicator
from indicators.errors import ReleaseError
from indicators.release import releases
from indicators.release.releases import KEPT_VALUES, Release
from indicators.release.territory import name_of
from indicators.symbols import SIGNS, WITH_NUMBER, Status

CHANGED, HIDDEN, SHOWN = "changed", "hidden", "shown"
VANISHED, ADDED, STATUS = "vanished", "added", "status"
# In this order they are told.
KINDS = {
    CHANGED: "geändert",
    HIDDEN: "neu geschützt",
    SHOWN: "neu gezeigt",
    VANISHED: "nicht mehr da",
    ADDED: "neu",
    STATUS: "anderer Grund",
}
_NUMBERS = [status.value for status in WITH_NUMBER]
_PROTECTED = [s.value for s in (Status.SUPPRESSED, Status.TOO_FEW, Status.SECRET)]
COLUMNS = [
    *("indicator", "region", "period", "start", "kind"),
    *("before", "after", "status_before", "status_after", "size"),
]


@dataclass(frozen=True)
class Cells:
    """How many counts of a dataset, in all its divisions, are otherwise: rows that only the later
    release has, only the earlier one, and that both have with other numbers or reasons.
    `divided_anew` says that they are divided otherwise and cannot be compared."""

    dataset: str
    name: str
    added: int
    vanished: int
    changed: int
    divided_anew: bool = False


@dataclass(frozen=True)
class Defined:
    """A definition that is new, gone or otherwise; `name` is that of the indicator or dataset, or
    of its file."""

    name: str
    kind: str  # "neu", "entfallen", "geändert"


@dataclass(frozen=True, eq=False)
class Difference:
    """`rows` has a row per indicator, region and period whose undivided value is told otherwise:
    COLUMNS; `before` and `after` are as shown (None: no number, or a protected one), the statuses
    "" where there is no row, `size` the change in relation to the value before (inf from zero)."""

    before: Release
    after: Release
    rows: pd.DataFrame
    cells: tuple[Cells, ...]
    definitions: tuple[Defined, ...]
    behind_decimals: int = 0

    @property
    def is_empty(self) -> bool:
        return not (len(self.rows) or self.cells or self.definitions)

    def count(self, kind: str) -> int:
        return int((self.rows["kind"] == kind).sum())

    def indicator(self, id: str) -> Indicator:
        catalog = self.after.catalog
        return catalog.indicators.get(id) or self.before.catalog.indicators[id]

    def region(self, id: str) -> str:
        return name_of(self.after.regions.get(id) or self.before.regions[id])

    def of(self, regions: Iterable[str] = (), indicators: Iterable[str] = ()) -> pd.DataFrame:
        """The rows of these regions and indicators, of all where none is named: a row per value
        that is otherwise, with the columns of `rows`."""
        rows = self.rows
        for name, wanted in (("region", list(regions)), ("indicator", list(indicators))):
            if wanted:
                rows = rows[rows[name].isin(wanted)]
        return rows

    def words(self, row: "pd.Series") -> tuple[str, str, str, str, str, str]:
        """A row as people read it: indicator, region, period, what happened, before, after."""
        indicator = self.indicator(row["indicator"])
        before = _told(indicator, row["before"], row["status_before"])
        if row["kind"] == HIDDEN:
            before = "ein Wert, der hier nicht mehr genannt wird"
        after = _told(indicator, row["after"], row["status_after"])
        kind = KINDS[row["kind"]]
        return indicator.name, self.region(row["region"]), row["period"], kind, before, after

    def by_indicator(self) -> list[tuple[str, dict[str, int]]]:
        """Indicator → how many of its values are otherwise, by kind; those with most first."""
        counted = self.rows.groupby(["indicator", "kind"], observed=True).size()
        found: dict[str, dict[str, int]] = {}
        for (indicator, kind), count in counted.items():
            found.setdefault(str(indicator), {})[str(kind)] = int(count)
        return sorted(found.items(), key=lambda one: (-sum(one[1].values()), one[0]))

    def sentence(self) -> str:
        """ "12 Werte geändert, 3 neu geschützt"; "kein Wert anders" where none is."""
        found = [(self.count(kind), word) for kind, word in KINDS.items() if self.count(kind)]
        if not found:
            return "kein Wert anders"
        first, *others = found
        told = [f"{formats.quantity(first[0], 'Wert', 'Werte')} {first[1]}"]
        return ", ".join(told + [f"{formats.number(count)} {word}" for count, word in others])

    def as_json(self) -> dict[str, object]:
        """All of it, in plain types."""
        return {
            "before": self.before.id,
            "after": self.after.id,
            "summary": {kind: self.count(kind) for kind in KINDS},
            "values": [
                {
                    "indicator": row["indicator"],
                    "region": row["region"],
                    "period": row["period"],
                    "kind": row["kind"],
                    "before": _plain(row["before"]),
                    "after": _plain(row["after"]),
                    "status_before": row["status_before"],
                    "status_after": row["status_after"],
                }
                for row in self.rows.to_dict("records")
            ],
            "datasets": [
                {
                    "dataset": one.dataset,
                    "added": one.added,
                    "vanished": one.vanished,
                    "changed": one.changed,
                    "divided_anew": one.divided_anew,
                }
                for one in self.cells
            ],
            "definitions": [{"name": one.name, "kind": one.kind} for one in self.definitions],
            "behind_decimals": self.behind_decimals,
        }


def difference(before: Release, after: Release) -> Difference:
    """What `after` says otherwise than `before`. Raises ReleaseError where one of them is of a
    version that cannot be compared, or is damaged."""
    for one in (before, after):
        if KEPT_VALUES not in one.tables:
            raise ReleaseError(
                f"Der Datenstand {one.id} stammt aus einer früheren Fassung von Bildungsblick und "
                "lässt sich Wert für Wert nicht vergleichen."
            )
    with releases.both(before, after) as ask:
        rows = ask(_VALUES)
        cells = tuple(_cells(before, after, ask))
    rows, behind = _as_seen(rows, before, after)
    return Difference(before, after, rows, cells, tuple(_definitions(before, after)), behind)


_VALUES = f"""
SELECT indicator, region, period, coalesce(b.start, a.start) AS start,
       a.value AS before, b.value AS after,
       coalesce(a.status, '') AS status_before, coalesce(b.status, '') AS status_after
FROM before.{KEPT_VALUES} a FULL JOIN after.{KEPT_VALUES} b
USING (indicator, region, period, category)
WHERE a.value IS DISTINCT FROM b.value OR a.status IS DISTINCT FROM b.status
"""


def _as_seen(rows: pd.DataFrame, before: Release, after: Release) -> tuple[pd.DataFrame, int]:
    """The rows in COLUMNS, largest first, and how many were left out that look the same."""
    for name in ("before", "after"):
        rows[name] = _rounded(rows, name, before, after)
    numbers = rows[["status_before", "status_after"]].isin(_NUMBERS)
    hidden = rows[["status_before", "status_after"]].isin(_PROTECTED)
    was, now = numbers["status_before"], numbers["status_after"]
    other = was & now & (rows["before"] != rows["after"])
    rows["kind"] = np.select(
        [
            rows["status_before"] == "",
            rows["status_after"] == "",
            was & hidden["status_after"],
            hidden["status_before"] & now,
            other,
        ],
        [ADDED, VANISHED, HIDDEN, SHOWN, CHANGED],
        STATUS,
    )
    rows.loc[rows["kind"] == HIDDEN, "before"] = np.nan
    seen = (rows["kind"] != STATUS) | (rows["status_before"] != rows["status_after"])
    change = (rows["after"] - rows["before"]).abs()
    with np.errstate(divide="ignore", invalid="ignore"):
        rows["size"] = (change / rows["before"].abs()).where(rows["kind"] == CHANGED, 0.0)
    order = {kind: place for place, kind in enumerate(KINDS)}
    newest = -pd.to_datetime(rows["start"]).astype("int64")
    rows = rows.assign(order=rows["kind"].map(order), newest=newest)
    shown = rows[seen].sort_values(
        ["order", "size", "newest", "indicator", "region"],
        ascending=[True, False, True, True, True],
        kind="stable",
        ignore_index=True,
    )
    return shown[COLUMNS], int((~seen).sum())


def _rounded(rows: pd.DataFrame, name: str, before: Release, after: Release) -> pd.Series:
    """A column of values as readers see them: each indicator with its own decimals, in the release
    that the values are of."""
    own, other = (before, after) if name == "before" else (after, before)
    found = rows[name].astype(float).copy()
    for id, part in found.groupby(rows["indicator"]):
        indicator = own.catalog.indicators.get(str(id)) or other.catalog.indicators[str(id)]
        found.loc[part.index] = formats.rounded_column(part, indicator.shown_decimals)
    return found


def _cells(before: Release, after: Release, ask) -> Iterable[Cells]:
    """The datasets of which some count is otherwise, in the order of the later catalog."""
    for id in dict.fromkeys([*after.catalog.datasets, *before.catalog.datasets]):
        there = [one for one in (before, after) if id in one.datasets]
        if not there:
            continue
        dataset = there[-1].catalog.datasets[id]
        if len(there) == 1:
            (count,) = ask(f'SELECT count(*) AS n FROM {_side(there[0], before)}."data_{id}"')["n"]
            added, gone = (int(count), 0) if there[0] is after else (0, int(count))
            yield Cells(id, dataset.name, added, gone, 0)
            continue
        old = before.catalog.datasets[id]
        measures = [m.id for m in dataset.measures]
        if set(old.dimensions) != set(dataset.dimensions) or {m.id for m in old.measures} != {
            *measures
        }:
            yield Cells(id, dataset.name, 0, 0, 0, divided_anew=True)
            continue
        key = ", ".join(f'"{name}"' for name in ("region", "period", *dataset.dimensions))
        differs = " OR ".join(
            f'a."{m}" IS DISTINCT FROM b."{m}" OR a."{m}_status" IS DISTINCT FROM b."{m}_status"'
            for m in measures
        )
        found = ask(
            f"""
            SELECT count(*) FILTER (a.start IS NULL) AS added,
                   count(*) FILTER (b.start IS NULL) AS vanished,
                   count(*) FILTER (a.start IS NOT NULL AND b.start IS NOT NULL) AS changed
            FROM before."data_{id}" a FULL JOIN after."data_{id}" b USING ({key})
            WHERE a.start IS NULL OR b.start IS NULL OR {differs}
            """
        ).iloc[0]
        if found.sum():
            added, gone = int(found["added"]), int(found["vanished"])
            yield Cells(id, dataset.name, added, gone, int(found["changed"]))


def _side(one: Release, before: Release) -> str:
    return "before" if one is before else "after"


def _definitions(before: Release, after: Release) -> Iterable[Defined]:
    old, new = before.catalog.files, after.catalog.files
    for file in sorted(old.keys() | new.keys()):
        if old.get(file) != new.get(file):
            kind = "neu" if file not in old else "entfallen" if file not in new else "geändert"
            yield Defined(_named(file, after if file in new else before), kind)


def _named(file: str, release: Release) -> str:
    """What a file of definitions is of, where it is of one thing."""
    stem = file.rpartition("/")[2].removesuffix(".toml")
    if found := release.catalog.indicators.get(stem):
        return f"Indikator {found.name}"
    if dataset := release.catalog.datasets.get(stem):
        return f"Datensatz {dataset.name}"
    return file


def _told(indicator: Indicator, value: float | None, status: str) -> str:
    if value is not None and not np.isnan(value):
        return formats.with_unit(value, indicator.unit, indicator.shown_decimals)
    return SIGNS[Status(status)].short if status else "–"


def _plain(value: float) -> float | None:
    return None if value is None or np.isnan(value) else value
