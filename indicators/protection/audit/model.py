"""The words of the auditor: a cell, what is published of it, what that says, and the model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse

from indicators.protection.audit.solve import System
from indicators.symbols import Status

_NOTHING = (Status.NOT_APPLICABLE.value, Status.DISSOLVED.value)


class Cell(NamedTuple):
    """One count as the public names it; `categories` are (dimension, category) pairs in order of
    the dataset's dimensions, "total" where it is not divided. `edition` tells a revised figure of
    an earlier edition apart."""

    dataset: str
    measure: str
    region: str
    period: str
    categories: tuple[tuple[str, str], ...] = ()
    edition: str = ""


@dataclass(frozen=True)
class Published:
    """A figure made of several cells: low ≤ Σ factor × cell ≤ high, and what it is called.

    A three-year mean of 2.3 with one decimal is 2.25 ≤ Σ 1/3 × cell ≤ 2.35; a rate is `rate`."""

    terms: tuple[tuple[Cell, float], ...]
    low: float
    high: float
    words: str


def rounded(value: float, decimals: int) -> tuple[float, float]:
    """Between which numbers something lies that is published with so many decimals."""
    half = 0.5 * 10**-decimals
    return value - half, value + half


def rate(
    numerator: Sequence[tuple[Cell, float]],
    denominator: Sequence[tuple[Cell, float]],
    value: float,
    decimals: int,
    words: str,
    factor: float = 100,
) -> list[Published]:
    """What a published rate says: low × denominator ≤ factor × numerator ≤ high × denominator."""
    low, high = rounded(value, decimals)
    above = [(cell, factor * weight) for cell, weight in numerator]
    # at a bound of zero the denominator says nothing
    at_least, at_most = (
        [(cell, -bound * weight) for cell, weight in denominator if bound] for bound in (low, high)
    )
    return [
        Published((*above, *at_least), 0, np.inf, words),
        Published((*above, *at_most), -np.inf, 0, words),
    ]


@dataclass(frozen=True)
class Edition:
    """One published state: a frame for each dataset, in the columns of a release (region, period,
    start, dimensions; of each measure its value, _status, _flags, _source)."""

    id: str
    frames: Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class Marks:
    """Which counts a mark may stand for. A suppressed cell counts at least one if every true zero
    is shown as one; a publisher's own dot may stand for zero."""

    suppressed_least: int = 1
    secret_least: int = 0


def bounds(frame: pd.DataFrame, marks: Marks) -> tuple[np.ndarray, np.ndarray]:
    """What each published cell says of its count: float[n] least, float[n] most."""
    value, status = frame["value"].to_numpy(float), frame["status"]
    flags = frame["flags"].astype(str)
    # a multiple of 3 or 5 tells the count up to 1 or 2
    away = np.where(
        flags.str.contains("rounded_5"), 2, np.where(flags.str.contains("rounded_3"), 1, 0)
    )
    low, high = np.zeros(len(frame)), np.full(len(frame), np.inf)
    number = status.isin(("ok", "zero")).to_numpy()
    low[number] = np.maximum(0, value - away)[number]
    high[number] = (value + away)[number]
    low[(status == "zero").to_numpy()] = high[(status == "zero").to_numpy()] = 0
    high[(status == Status.ROUNDED_ZERO.value).to_numpy()] = 2
    high[status.isin(_NOTHING).to_numpy()] = 0
    low[(status == Status.SUPPRESSED.value).to_numpy()] = marks.suppressed_least
    low[(status == Status.SECRET.value).to_numpy()] = marks.secret_least
    # a number that contradicts itself (below zero) is taken as it is
    return np.minimum(low, high), high


@dataclass
class Model:
    """The system with names: `cells` (a frame with one row per unknown or constant: the columns of
    Cell, `hidden`, `own` (a publisher's own dot), `shown`, `implied`, `earlier`, `public`), `sums`
    names each row of the matrix: kind and, for a published figure, its words. `before` are the same
    cells as they were known before the last edition: from its public sources and from the editions
    before it; None where nothing was known. `links` are the rows of the matrix that make cells of
    two datasets equal (row, region, period); `divided` are wholes of the last edition that may be
    all in one category (whole and part: places in `cells`; number: one for each whole and
    dimension)."""

    cells: pd.DataFrame
    system: System
    sums: list[str]
    before: System | None = None
    links: pd.DataFrame = field(default_factory=pd.DataFrame)
    divided: pd.DataFrame = field(default_factory=pd.DataFrame)
    notes: list[str] = field(default_factory=list)
    contradictions: list[str] = field(default_factory=list)
    blocks: list = field(default_factory=list)
    starts: list[int] = field(default_factory=list)

    def without(self, rows: np.ndarray) -> "Model":
        """The model without these rows of the matrix."""
        kept = ~np.isin(np.arange(len(self.sums)), rows)
        number = np.cumsum(kept) - 1
        links = self.links[kept[self.links["row"].to_numpy(int)]]
        return replace(
            self,
            system=self.system.with_rows(kept),
            sums=[text for text, is_kept in zip(self.sums, kept, strict=True) if is_kept],
            links=links.assign(row=number[links["row"].to_numpy(int)]),
            notes=list(self.notes),
        )

    def persons(self) -> np.ndarray:
        """A number for each cell, the same for cells that two datasets have of the same persons."""
        equal = self.system.matrix[self.links["row"].to_numpy(int)]
        _, group = sparse.csgraph.connected_components(abs(equal).T @ abs(equal), directed=False)
        return group

    def cell(self, index: int) -> Cell:
        """The cell in this place of `cells`."""
        row, pairs = self.cells.iloc[index], self.categories(index)
        return Cell(
            row["dataset"], row["measure"], row["region"], row["period"], pairs, row["edition"]
        )

    def categories(self, index: int) -> tuple[tuple[str, str], ...]:
        """The (dimension, category) pairs of a cell."""
        at = int(np.searchsorted(self.starts, index, side="right")) - 1
        return self.blocks[at].digits(index - self.starts[at])
