"""Receiving what was proposed and seen: definitions are written, the file is stored, and the
Prüfbericht tells what became of every row. If anything fails, nothing has changed."""

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

import pandas as pd

from indicators import writing
from indicators.assistant.check_report import Balance, check_report
from indicators.assistant.check_tables import leaps, regions
from indicators.assistant.propose import Assistant, read_content
from indicators.assistant.words import NOT_READ
from indicators.errors import BildungsblickError, FileError
from indicators.folders import Folders
from indicators.publishing.receive import Receiver, published
from indicators.sources import stock
from indicators.sources.grid import read_grid

# The Prüfbericht goes to others: no folder of this machine stands in it.
_STORED = {
    "new": "Die Datei ist angenommen.",
    "there": "Die Datei lag schon vor; es hat sich nichts geändert.",
    "repaired": "Die beschädigte Kopie der Datei ist ersetzt.",
    "last": "Die Datei lag schon vor und gilt jetzt als zuletzt angenommen.",
}
_CHANGED = (
    "was gezeigt wurde, ist nicht mehr, was gelesen wird: die Datei, die Antworten oder die "
    "Definitionen haben sich geändert. Nächster Schritt: die Zeilen noch einmal ansehen und dann "
    "übernehmen"
)


def take(
    content: bytes,
    file: str,
    answers: Mapping[str, str],
    seen: str,
    assistant: Assistant,
    *,
    instead: bool = False,
) -> dict[str, Any]:
    """Receives a file as it was proposed; `seen` is the mark of the rows somebody looked at.
    Returns the Prüfbericht as plain data.

    Raises FileError where something else would be received than was seen, BildungsblickError where
    the file is refused; then nothing is stored and no definition is changed.
    """
    folders = assistant.receiver.folders
    with stock.locked(writing.folder(folders.received, private=True)):
        proposal = assistant.propose(content, file, answers)
        if proposal.state != "ready":
            raise FileError(file, proposal.reason or "es sind noch Fragen offen")
        if proposal.seen != seen:
            raise FileError(file, _CHANGED)
        known = set(assistant.receiver.register)
        before = _written(folders, proposal.definitions)
    content, name = read_content(content, file, answers)
    try:
        receiver = Receiver(folders)
        received = receiver.receive_content(
            content, name, tuple(proposal.mappings), instead=instead
        )
    except BildungsblickError:
        _restored(folders, before)
        raise
    balance, rows = _balance(content, name, proposal.mappings, receiver)
    left = [fact.value for fact in proposal.facts if fact.what == NOT_READ]
    report = check_report(received.report, balance, proposal, str(folders.data))
    return report | {
        "file": file,
        "stored": _STORED[received.stored.change],
        "moment": datetime.now().isoformat(timespec="minutes"),
        "sha256": hashlib.sha256(content).hexdigest(),
        "definitions": sorted(proposal.definitions),
        "rows": proposal.understood["count"],
        "regions": regions(rows, receiver.register, known, left),
        "leaps": _leaps(rows, receiver),
    }


def _leaps(rows: pd.DataFrame, receiver: Receiver) -> list[list[str]]:
    """Leaps against what the release in force says; of a file of several datasets all."""
    catalog, found = receiver.catalog, []
    for id, of_it in rows.groupby("dataset"):
        dataset = catalog.datasets[str(id)]
        earlier = published(receiver.folders, dataset)
        found += leaps(of_it, earlier, dataset, catalog, receiver.register)
    return found


def _written(folders: Folders, definitions: Mapping[str, str]) -> dict[str, bytes | None]:
    """Writes definition files; returns what was there before."""
    before: dict[str, bytes | None] = {}
    for name, text in definitions.items():
        path = folders.own_definitions / name
        before[name] = path.read_bytes() if path.is_file() else None
        writing.write(path, text)
    return before


def _restored(folders: Folders, before: Mapping[str, bytes | None]) -> None:
    for name, content in before.items():
        path = folders.own_definitions / name
        if content is None:
            with suppress(OSError):
                path.unlink()
        else:
            writing.write(path, content)


def _balance(
    content: bytes, name: str, mappings: list[str], receiver: Receiver
) -> tuple[Balance | None, pd.DataFrame]:
    """What became of each filled row (None for official tables, which are taken whole), and all
    values with their dataset."""
    if not mappings:
        return None, receiver.look(content, name)[1]
    from indicators.publishing import own_tables

    grid = read_grid(content, name)
    used = [receiver.catalog.mappings[id] for id in mappings]
    filled: dict[tuple[str, int], str] = {}
    read: set[tuple[str, int]] = set()
    tables = own_tables.understand(grid, used, receiver.catalog, receiver.register)
    for table in tables:
        read |= {(sheet, int(line)) for sheet, line in table.lines_read}
    for sheet in grid.sheets:
        for row, texts in enumerate(sheet.texts):
            words = [str(text) for text in texts if text != ""]
            if words:
                filled[sheet.name, int(sheet.lines[row])] = " · ".join(words)[:120]
    rows = pd.concat([table.rows.assign(dataset=table.dataset.id) for table in tables])
    return Balance(filled, read), rows
