"""What the office keeps of a build for the next one: patterns of dots with their witnesses, and
what the audit found.

It lies in the office's own folder: the digests are of tables with all their numbers, and whoever
has one could try out what is hidden. A file of the same kind ships for the invented town. A pattern
is never believed: its witnesses prove it, or it is computed anew (see `patterns`). What an audit
found is believed where all that it read is the same to the byte, down to the auditor's code: only
running it again would show whether it was ever run. `build --anew` does that.
"""

import hashlib
import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import Any
from zipfile import BadZipFile

import numpy as np

from indicators import writing
from indicators.folders import Folders
from indicators.protection.search import Witness

_SHIPPED = "patterns.npz"
# What is said of a cell: that it is hidden; that it was a dot before, or in the period before.
_HIDDEN, _DOT, _BESIDE = 1, 2, 4
_CODE = Path(__file__).parent.parent
# What symbols, totals and regions mean.
_WORDS = ("catalog/definition.py", "regions.py", "symbols.py")
_LIBRARIES = ("numpy", "scipy", "highspy", "pandas")


@dataclass(frozen=True)
class Knowledge:
    """What was known of each row when a pattern was chosen: `value` that was shown of it (NaN:
    none), `dot` that stood there in the release before, `beside` that stood there in the period
    before."""

    value: np.ndarray
    dot: np.ndarray
    beside: np.ndarray


@dataclass(frozen=True)
class Kept:
    """A pattern: the digest of the tables it is of, what was known, which cells are `hidden` (rows
    first), the witnesses that prove it, and the `others` that show of cells without a row that they
    can be other numbers."""

    digest: str
    knowledge: Knowledge
    hidden: np.ndarray
    witnesses: tuple[Witness, ...]
    others: tuple[Witness, ...] = ()


@dataclass(frozen=True)
class Judged:
    """What the audit says of a dataset: its row in the release, all that was found and why it may
    not be published, in German."""

    row: dict
    text: str
    objections: tuple[str, ...] = ()


@cache
def engine() -> str:
    """A digest of the code that chooses dots and of the libraries it reckons with: another one may
    choose others."""
    return _digest_of_code("protection/[crs]*.py", "publishing/patterns.py", *_WORDS)


@cache
def auditor() -> str:
    """A digest of the code that audits."""
    return _digest_of_code(
        "protection/audit/*.py",
        "publishing/auditing.py",
        "publishing/editions.py",
        "formats.py",
        *_WORDS,
    )


def _digest_of_code(*patterns: str) -> str:
    digest = hashlib.sha256()
    found = {pattern: list(_CODE.glob(pattern)) for pattern in patterns}
    assert all(found.values()), found  # a module that moved would no longer count
    for path in sorted({path for paths in found.values() for path in paths}):
        digest.update(path.read_text(encoding="utf-8").encode())
    for name in _LIBRARIES:
        digest.update(f"{name} {version(name)}\n".encode())
    return digest.hexdigest()


def content(values: np.ndarray) -> bytes:
    """What stands in a column, as bytes that are the same wherever it is the same."""
    if values.dtype != object:
        return np.ascontiguousarray(values).tobytes()
    return "\x1f".join(map(str, values)).encode() + b"\n"


def path_of(id: str, folders: Folders) -> Path:
    return folders.office / f"{id}-muster.npz"


def stores(folders: Folders, *ids: str) -> tuple[Path, ...]:
    """Where these releases ("": none) left what is kept of them, in their order."""
    return tuple(path_of(id, folders) for id in ids if id)


def shipped(folders: Folders) -> tuple[Path, ...]:
    """Where the patterns and audits of the invented town lie that ship with it (`python -m
    example_town --patterns`)."""
    return tuple(path / _SHIPPED for path in folders.examples)


def write(
    every: Sequence[Kept],
    path: Path,
    audits: Mapping[str, Mapping[str, Judged]] = MappingProxyType({}),
    *,
    private: bool = True,
) -> None:
    """Writes patterns and audits (digest → dataset → what was found) into one file, whole or not at
    all. Raises BuildError."""
    found = [
        json.dumps([digest, {name: [one.row, one.text] for name, one in audited.items()}])
        for digest, audited in sorted(audits.items())
    ]
    arrays: dict[str, Any] = _arrays(every) | {
        "audits": np.frombuffer("\n".join(found).encode(), dtype=np.uint8)
    }
    with writing.aside(path, private=private) as part, part.open("wb") as file:
        np.savez_compressed(file, **arrays)


def read(path: Path, digest: str) -> list[Kept]:
    """The patterns that are kept of tables with this digest: none, or one. A file that is not there
    or cannot be read has none."""
    found, _ = _content(path)
    return [found[digest]] if digest in found else []


def patterns(path: Path) -> list[Kept]:
    """All patterns of a file."""
    return list(_content(path)[0].values())


def audits(path: Path) -> dict[str, dict[str, Judged]]:
    """All audits of a file: digest → dataset → what was found, without objections."""
    return _content(path)[1]


def audited(path: Path, digest: str) -> dict[str, Judged] | None:
    """What an audit of the same found, without objections; None where nobody knows."""
    return audits(path).get(digest)


def _content(path: Path) -> tuple[dict[str, Kept], dict[str, dict[str, Judged]]]:
    try:
        return _read(path, path.stat().st_mtime_ns)
    except (OSError, ValueError, KeyError, TypeError, EOFError, IndexError, BadZipFile, zlib.error):
        return {}, {}


@lru_cache(maxsize=4)
def _read(path: Path, _changed: int) -> tuple[dict[str, Kept], dict[str, dict[str, Judged]]]:
    with np.load(path, allow_pickle=False) as file:
        arrays = dict(file)
    lines = arrays["audits"].tobytes().decode().splitlines()
    audits = {
        digest: {name: Judged(*told) for name, told in found.items()}
        for digest, found in map(json.loads, lines)
    }
    return {one.digest: one for one in _patterns(arrays)}, audits


def _arrays(every: Sequence[Kept]) -> dict[str, np.ndarray]:
    """All patterns one after the other. `cells`, `rows`, `said`, `shown`, `witnesses`, `others` (of
    each pattern; its witnesses stand first) and `moved` (of each of these tables) say how many
    entries are its own."""
    said = [np.flatnonzero(_marks(one)) for one in every]
    shown = [np.flatnonzero(~np.isnan(one.knowledge.value)) for one in every]
    witnesses = [witness for one in every for witness in (*one.witnesses, *one.others)]
    numbers = {
        "cells": [len(one.hidden) for one in every],
        "rows": [len(one.knowledge.value) for one in every],
        "said": [len(at) for at in said],
        "shown": [len(at) for at in shown],
        "witnesses": [len(one.witnesses) for one in every],
        "others": [len(one.others) for one in every],
        "moved": [len(witness.cells) for witness in witnesses],
        "knowing": [-1 if w.knowing is None else w.knowing for w in witnesses],
        "said_cell": _joined(said),
        "shown_cell": _joined(shown),
        "witness_cell": _joined([witness.cells for witness in witnesses]),
        "witness_move": _joined([witness.moves for witness in witnesses]),
    }
    return {
        "digest": np.array([one.digest for one in every], dtype="U64"),
        **{name: np.array(values, dtype=np.int32) for name, values in numbers.items()},
        "said_mark": _joined([_marks(one)[at] for one, at in zip(every, said, strict=True)]).astype(
            np.int8
        ),
        "shown_value": np.concatenate(
            [np.zeros(0), *(o.knowledge.value[at] for o, at in zip(every, shown, strict=True))]
        ),
    }


def _marks(one: Kept) -> np.ndarray:
    """What is said of each cell, as one number."""
    marks = one.hidden * _HIDDEN
    marks[: len(one.knowledge.dot)] += one.knowledge.dot * _DOT + one.knowledge.beside * _BESIDE
    return marks


def _patterns(arrays: dict[str, np.ndarray]) -> Iterator[Kept]:
    said = _parts(arrays["said"], arrays["said_cell"], arrays["said_mark"])
    shown = _parts(arrays["shown"], arrays["shown_cell"], arrays["shown_value"])
    moves = _parts(arrays["moved"], arrays["witness_cell"], arrays["witness_move"])
    witnesses = [
        Witness(cells.astype(np.int64), amounts.astype(np.int64), None if known < 0 else int(known))
        for (cells, amounts), known in zip(moves, arrays["knowing"], strict=True)
    ]
    ends = np.cumsum(arrays["witnesses"] + arrays["others"])
    for number, digest in enumerate(arrays["digest"]):
        rows = int(arrays["rows"][number])
        marks = np.zeros(int(arrays["cells"][number]), dtype=np.int64)
        marks[said[number][0]] = said[number][1]
        value = np.full(rows, np.nan)
        value[shown[number][0]] = shown[number][1]
        knowledge = Knowledge(value, marks[:rows] & _DOT > 0, marks[:rows] & _BESIDE > 0)
        first = ends[number] - arrays["others"][number]
        own = witnesses[first - arrays["witnesses"][number] : first]
        others = witnesses[first : ends[number]]
        yield Kept(str(digest), knowledge, marks & _HIDDEN > 0, tuple(own), tuple(others))


def _parts(counts: np.ndarray, *arrays: np.ndarray) -> list[tuple[np.ndarray, ...]]:
    """Arrays cut into pieces of so many entries."""
    if not len(counts):
        return []
    cuts = np.cumsum(counts)[:-1]
    return list(zip(*(np.split(array, cuts) for array in arrays), strict=True))


def _joined(arrays: list[np.ndarray]) -> np.ndarray:
    return np.concatenate([np.zeros(0, np.int64), *arrays])
