"""What the auditor is handed: a release, and everything that was seen before it.

Every edition in which something else stood than in a newer one counts, however many there were; a
period that a newer edition repeats to the last dot tells nothing more and is left out. What
releases showed that are damaged or were removed stands in the later ones' memory (`before_`).
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from indicators.catalog.meaning import Dataset
from indicators.protection.audit import auditor as audit
from indicators.protection.audit.model import Edition
from indicators.release.releases import Release
from indicators.symbols import WITH_NUMBER, Status

_REMEMBERED = "frühere Datenstände"
_NUMBERS = [status.value for status in WITH_NUMBER]
Frames = dict[str, pd.DataFrame]


def editions(finished: Release, group: Sequence[str], earlier: Sequence[Release]) -> list[Edition]:
    """What is known of these datasets, oldest first, the release itself last. Frames have the
    columns of its tables and its numbers of sources."""
    own = _frames(finished, finished, group)
    found, seen = [Edition(finished.id, own)], set(_marks(own).items())
    told = [own]
    for one in reversed(earlier):
        frames = _frames(one, finished, group)
        told.append(frames)
        marks = _marks(frames)
        new = [period for period, mark in marks.items() if (period, mark) not in seen]
        seen |= marks.items()
        if kept := _of_periods(frames, new):
            found.append(Edition(one.id, kept))
    return [*_remembered(finished, group, told), *found[::-1]]


def _frames(one: Release, finished: Release, group: Sequence[str]) -> Frames:
    """The rows of these datasets in a release, as the finished one would have them: those that are
    divided by the same dimensions."""
    both = one.datasets & finished.datasets
    there = [id for id in group if id in both and _divided_alike(id, one, finished)]
    found = audit.edition_of(one, there).frames
    if one is finished:
        return dict(found)
    return {
        id: _with_measures(_renumbered(frame, one, finished), finished.catalog.datasets[id])
        for id, frame in found.items()
    }


def _divided_alike(id: str, one: Release, finished: Release) -> bool:
    before, now = (r.catalog.datasets[id].dimensions for r in (one, finished))
    return set(before) == set(now)


def _renumbered(frame: pd.DataFrame, one: Release, finished: Release) -> pd.DataFrame:
    """The rows as the last release numbers its sources: what an earlier one had from an office is
    public in the last one too."""
    own = {source.id for source in one.sources.values() if source.own}
    named = {source.id for source in finished.sources.values() if source.own}
    if not named:
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


def _with_measures(frame: pd.DataFrame, dataset: Dataset) -> pd.DataFrame:
    """With columns of measures that are newer than the frame: nothing was said of them."""
    added: dict[str, object] = {}
    for measure in dataset.measures:
        if measure.id not in frame:
            added |= {
                measure.id: np.nan,
                f"{measure.id}_status": Status.MISSING.value,
                f"{measure.id}_flags": "",
                f"{measure.id}_source": -1,
            }
    return frame.assign(**added)


def _marks(frames: Frames) -> dict[str, tuple]:
    """Period → a mark of all that is said of it; alike only where every row is."""
    found: dict[str, list] = {}
    for id, frame in frames.items():
        columns = sorted(set(frame.columns) - {"start", "year"})
        # the order of rows says nothing, so hashes are added
        hashes = pd.util.hash_pandas_object(frame[columns], index=False)
        sums = hashes.groupby(frame["period"].to_numpy()).agg(["sum", "size"])
        for row in sums.itertuples():
            found.setdefault(row[0], []).append((id, tuple(columns), *row[1:]))
    return {period: tuple(marks) for period, marks in found.items()}


def _of_periods(frames: Frames, periods: list[str]) -> Frames:
    chosen = {id: frame[frame["period"].isin(periods)] for id, frame in frames.items()}
    return {id: frame for id, frame in chosen.items() if len(frame)}


def _remembered(finished: Release, group: Sequence[str], told: list[Frames]) -> list[Edition]:
    """Numbers that the release remembers and no edition at hand shows. A cell that was shown with
    several of them stands in as many editions."""
    rounds: dict[int, Frames] = {}
    own = [source.id for source in finished.sources.values() if source.own]
    for id in group:
        if f"before_{id}" not in finished.tables or id not in finished.datasets or not own:
            continue
        dataset = finished.catalog.datasets[id]
        rows = finished.frame(f'SELECT * FROM release."before_{id}"')
        shown = pd.concat([_shown(frames.get(id), dataset) for frames in told])
        rows = rows[~_among(rows, shown, dataset)]
        key = ["region", "period", *dataset.dimensions, "measure"]
        for turn, part in rows.groupby(rows.groupby(key).cumcount()):
            frame = _as_table(part, dataset, min(own))
            starts = [f[id][["period", "start"]] for f in told if id in f]
            starts = pd.concat(starts).drop_duplicates("period").set_index("period")["start"]
            rounds.setdefault(turn, {})[id] = frame.assign(start=frame["period"].map(starts))
    return [Edition(_REMEMBERED, frames) for _, frames in sorted(rounds.items(), reverse=True)]


def _shown(frame: pd.DataFrame | None, dataset: Dataset) -> pd.DataFrame:
    """The numbers of a table as rows: region, period, dimensions, measure, value."""
    columns = ["region", "period", *dataset.dimensions]
    empty = pd.DataFrame(columns=[*columns, "measure", "value"])
    if frame is None:
        return empty
    parts = [
        frame.loc[frame[f"{m.id}_status"].isin(_NUMBERS), [*columns, m.id]]
        .rename(columns={m.id: "value"})
        .assign(measure=m.id)
        for m in dataset.measures
    ]
    return pd.concat(parts, ignore_index=True) if parts else empty


def _among(rows: pd.DataFrame, shown: pd.DataFrame, dataset: Dataset) -> np.ndarray:
    columns = ["region", "period", *dataset.dimensions, "measure", "value"]
    return pd.MultiIndex.from_frame(rows[columns]).isin(pd.MultiIndex.from_frame(shown[columns]))


def _as_table(rows: pd.DataFrame, dataset: Dataset, source: int) -> pd.DataFrame:
    """Rows of numbers in the columns of a published table: region, period, dimensions, then value,
    status, flags and source of each measure."""
    key = ["region", "period", *dataset.dimensions]
    table = rows.pivot(index=key, columns="measure", values="value").reset_index()
    for measure in dataset.measures:
        value = table.get(measure.id, pd.Series(np.nan, index=table.index))
        table[measure.id] = value
        table[f"{measure.id}_status"] = np.select(
            [value.isna(), value == 0], [Status.MISSING.value, Status.ZERO.value], Status.OK.value
        )
        table[f"{measure.id}_flags"] = ""
        table[f"{measure.id}_source"] = np.where(value.isna(), -1, source)
    return table
