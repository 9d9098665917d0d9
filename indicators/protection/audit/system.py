"""From what is public to a system of sums: published rows and public hierarchies, nothing else.

Every measure is a block of cells and sums. Cells of two datasets that count the same persons are
equal. Further published figures (rates, means, sums over years) are added as such.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy import sparse

from indicators.catalog.meaning import Dataset, Dimension
from indicators.protection.audit.block import Block
from indicators.protection.audit.hierarchy import families
from indicators.protection.audit.links import Link
from indicators.protection.audit.model import Edition, Marks, Model, Published
from indicators.protection.audit.solve import System
from indicators.regions import Region


def build(
    editions: Sequence[Edition],
    datasets: Mapping[str, Dataset],
    dimensions: Mapping[str, Dimension],
    regions: Mapping[str, Region],
    marks: Marks | Mapping[tuple[str, str], Marks],
    published: Sequence[Published] = (),
    measures: Sequence[tuple[str, str]] | None = None,
    public: frozenset[int] = frozenset(),
    apart: frozenset[str] = frozenset(),
) -> Model:
    """The system of everything that is public and counts something (amounts of money and ready-made
    ratios are left out). Editions are oldest first; the last is in force. `marks` may differ by
    (dataset, measure); `measures` restricts it to some of those pairs; of the periods `apart`
    nothing of an edition holds for another."""
    blocks: dict[tuple[str, str], Block] = {}
    sums = families(regions)
    for id, dataset in datasets.items():
        own = [dimensions[name] for name in dataset.dimensions]
        for measure in dataset.measures:
            wanted = measures is None or (id, measure.id) in measures
            frames = [
                (edition.id, _rows(edition.frames[id], measure.id, public))
                for edition in editions
                if id in edition.frames and measure.id in edition.frames[id]
            ]
            counts = measure.additive and measure.unit == "Anzahl"
            mentioned = {
                cell
                for figure in published
                for cell, _ in figure.terms
                if (cell.dataset, cell.measure) == (id, measure.id)
            }
            if counts and wanted and frames and (mentioned or any(len(f) for _, f in frames)):
                blocks[id, measure.id] = Block(
                    dataset, measure.id, own, regions, frames, mentioned, sums, sorted(apart)
                )
    links = [
        Link(block, blocks[same.dataset, same.measure], same)
        for block in blocks.values()
        for same in block.dataset.measure(block.measure).same_as
        if (same.dataset, same.measure) in blocks
    ]
    # a cell of one dataset belongs to the sums of the other, shown there or not; that one's other
    # datasets hear of it the second time
    for link in 2 * links:
        link.expect()
    for key, block in blocks.items():
        block.add_up(marks[key] if isinstance(marks, Mapping) else marks)
    return _together(list(blocks.values()), published, links)


def _rows(frame: pd.DataFrame, measure: str, public: frozenset[int]) -> pd.DataFrame:
    """Region, period, start, dimensions as they are; value, status and flags of one measure, and
    whether its source is a public one. Rows the measure has no source for are no rows."""
    names = {measure: "value", f"{measure}_status": "status", f"{measure}_flags": "flags"}
    if f"{measure}_source" in frame:
        frame = frame[frame[f"{measure}_source"] >= 0]
        frame = frame.assign(public=frame[f"{measure}_source"].isin(public))
    other = [c for c in frame.columns if c not in names]
    rows = frame[[*other, *(c for c in names if c in frame)]].rename(columns=names)
    for name, default in (("flags", ""), ("public", False)):
        if name not in rows:
            rows = rows.assign(**{name: default})
    return rows.reset_index(drop=True)


def _together(blocks: list[Block], published: Sequence[Published], links: Sequence[Link]) -> Model:
    """All measures as one system, with the further figures that join them."""
    place, rows, columns, factors, lows, highs, sums = {}, [], [], [], [], [], []
    asked, asked_before = [], []
    cell_count = row_count = 0
    for block in blocks:
        place[block.dataset.id, block.measure] = (block, cell_count)
        rows.append(block.rows + row_count)
        columns.append(block.columns + cell_count)
        factors.append(block.factors)
        lows.append(np.zeros(len(block.asked)))
        highs.append(np.zeros(len(block.asked)))
        asked.append(block.asked)
        asked_before.append(block.asked_before)
        sums += block.kinds
        cell_count += len(block.state)
        row_count += len(block.asked)
    for figure in published:
        known = [
            (place[c.dataset, c.measure], c, factor)
            for c, factor in figure.terms
            if (c.dataset, c.measure) in place
        ]
        if len(known) < len(figure.terms):
            raise KeyError(f"„{figure.words}“ nennt eine Größe, die nicht veröffentlicht ist")
        for (block, start), cell, factor in known:
            at = int(np.searchsorted(block.state.index.to_numpy(), block.key(cell)))
            rows.append(np.array([row_count]))
            columns.append(np.array([start + at]))
            factors.append(np.array([float(factor)]))
        lows.append(np.array([figure.low]))
        highs.append(np.array([figure.high]))
        asked.append(np.array([True]))
        asked_before.append(np.array([False]))
        sums.append(figure.words)
        row_count += 1
    linked = []
    for link in links:
        block, other, pairs = link.ours, link.theirs, link.pairs()
        number = row_count + np.arange(len(pairs))
        for end, factor in ((block, 1.0), (other, -1.0)):
            at = pairs["here" if end is block else "there"].to_numpy()
            rows.append(number)
            columns.append(place[end.dataset.id, end.measure][1] + at)
            factors.append(np.full(len(pairs), factor))
        linked.append(pairs.assign(row=number)[["row", "region", "period"]])
        lows.append(np.zeros(len(pairs)))
        highs.append(np.zeros(len(pairs)))
        free = [
            [end.state[low].to_numpy() < end.state[high].to_numpy() for end in (block, other)]
            for low, high in (("low", "high"), ("known_low", "known_high"))
        ]
        for told, (here, there) in zip((asked, asked_before), free, strict=True):
            told.append(here[pairs["here"]] | there[pairs["there"]])
        sums += [f"dieselben Personen in „{other.dataset.name}“"] * len(pairs)
        row_count += len(pairs)

    def joined(arrays, kind=float):
        return np.concatenate(arrays).astype(kind) if arrays else np.array([], dtype=kind)

    matrix = sparse.csr_matrix(
        (joined(factors), (joined(rows, int), joined(columns, int))), shape=(row_count, cell_count)
    )
    # a count that is in numerator and denominator may fall out of a rate
    matrix.eliminate_zeros()
    low, high = joined(lows), joined(highs)
    whole = [np.full(len(b.state), b.dataset.measure(b.measure).unit == "Anzahl") for b in blocks]

    def system(lower: str, upper: str, chosen: np.ndarray) -> System:
        return System(
            joined([b.state[lower].to_numpy() for b in blocks]),
            joined([b.state[upper].to_numpy() for b in blocks]),
            joined(whole, bool),
            matrix,
            low,
            high,
        ).with_rows(chosen)

    divided = [pd.DataFrame({"whole": [], "part": [], "number": []}, dtype=np.int64)]
    wholes = 0
    for block in blocks:
        start, own = place[block.dataset.id, block.measure][1], block.divided()
        divided.append(own + {"whole": start, "part": start, "number": wholes})
        wholes += own["number"].max() + 1 if len(own) else 0
    now = joined(asked, bool)
    before = system("known_low", "known_high", joined(asked_before, bool))
    equal = pd.concat([pd.DataFrame(columns=["row", "region", "period"]), *linked])
    equal = equal[now[equal["row"].to_numpy(int)]]
    nothing_known = np.isinf(before.upper).all() and not before.lower.any()
    return Model(
        cells=pd.concat([b.names() for b in blocks], ignore_index=True)
        if blocks
        else pd.DataFrame(),
        system=system("low", "high", now),
        sums=[text for text, told in zip(sums, now, strict=True) if told],
        before=None if nothing_known else before,
        divided=pd.concat(divided, ignore_index=True),
        links=equal.assign(row=(np.cumsum(now) - 1)[equal["row"].to_numpy(int)]),
        notes=[note for b in blocks for note in b.notes],
        contradictions=[text for b in blocks for text in b.contradictions],
        blocks=blocks,
        starts=[start for _, start in place.values()],
    )
