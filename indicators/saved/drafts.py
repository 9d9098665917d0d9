"""Deliveries somebody has begun to read in, and the Prüfberichte of those that were: for the office
alone, below its own folder, under names made of checksums. A list of persons is never kept here."""

import hashlib
import json
import re
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from indicators import writing
from indicators.folders import Folders

_MARK = re.compile(r"[0-9a-f]{64}")
_KEPT = timedelta(days=30)  # what nobody has gone on with for so long is forgotten


@dataclass(frozen=True)
class Draft:
    """A file that is being read in: `mark` is the checksum it lies under."""

    mark: str
    file: str
    content: bytes
    answers: dict[str, str] = field(default_factory=dict)
    moment: str = ""


def mark_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def keep(folders: Folders, draft: Draft) -> None:
    """Writes a draft, private. Raises BuildError."""
    folder = writing.folder(folders.office / "drafts", private=True)
    path = folder / draft.mark
    if not path.is_file():
        writing.write(path, draft.content, private=True)
    told = {
        "file": draft.file,
        "answers": draft.answers,
        "moment": datetime.now().isoformat(timespec="minutes"),
    }
    writing.write(folder / f"{draft.mark}.json", json.dumps(told, ensure_ascii=False), private=True)


def listed(folders: Folders) -> list[Draft]:
    """All drafts without their content, the newest first; old ones are removed."""
    found = []
    for path in (folders.office / "drafts").glob("*.json"):
        with suppress(OSError, ValueError, KeyError):
            told = json.loads(path.read_text(encoding="utf-8"))
            if datetime.now() - datetime.fromisoformat(told["moment"]) > _KEPT:
                discard(folders, path.stem)
            else:
                found.append(Draft(path.stem, told["file"], b"", told["answers"], told["moment"]))
    return sorted(found, key=lambda one: one.moment, reverse=True)


def read(folders: Folders, mark: str) -> Draft | None:
    """A draft with its content; None if there is none, or it was changed where it lies."""
    if not _MARK.fullmatch(mark):
        return None
    one = next((draft for draft in listed(folders) if draft.mark == mark), None)
    with suppress(OSError):
        content = (folders.office / "drafts" / mark).read_bytes()
        if one and mark_of(content) == mark:
            return Draft(mark, one.file, content, one.answers, one.moment)
    return None


def discard(folders: Folders, mark: str) -> None:
    """Removes a draft with its file."""
    if _MARK.fullmatch(mark):
        for name in (mark, f"{mark}.json"):
            with suppress(OSError):
                (folders.office / "drafts" / name).unlink()


def keep_report(folders: Folders, report: dict[str, Any]) -> Path:
    """Keeps the Prüfbericht of a delivery. Raises BuildError."""
    name = f"{re.sub(r'[^0-9T]', '', report['moment'])}_{report['sha256'][:16]}.json"
    text = json.dumps(report, ensure_ascii=False, indent=1)
    return writing.write(folders.office / "deliveries" / name, text, private=True)
