"""What was done, by whom, when and why: lines that are only ever added, each marked by the one
before.

Every line holds the mark of the line before it, and a file beside them the number and mark of the
last. So a changed, removed, moved or added line is found, and lines cut off at the end as well. It
is no protection against who rewrites all of it with this very code; for that a copy must lie
elsewhere (`backup`).
"""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from indicators import writing
from indicators.folders import Folders

_BEGIN = "0" * 64
_LONGEST = 2000  # of each text, in characters
_FIELDS = ("number", "when", "who", "act", "what", "reason", "before")


@dataclass(frozen=True)
class Entry:
    """One act. `when` is in UTC; `number` counts from 1; `mark` is the checksum of all the rest."""

    number: int
    when: datetime
    who: str
    act: str
    what: str
    reason: str
    before: str
    mark: str


@dataclass(frozen=True)
class History:
    """All entries that can be read, oldest first, and what is wrong with the file, in German; no
    faults mean that nothing was changed since it was written."""

    entries: tuple[Entry, ...]
    faults: tuple[str, ...]


def note(folders: Folders, who: str, act: str, what: str, reason: str = "") -> Entry:
    """Adds what somebody did. `who` is what `permission.demand` returns; `act` a German word of the
    past ("veröffentlicht"), always the same for the same act; `what` names the thing (a release, a
    file, an account), never figures of it. It is on the disk when this returns. Raises BuildError.
    """
    path = path_of(folders)
    with alone(folders):
        number, before = _latest(folders)
        made = {
            "number": number + 1,
            "when": datetime.now(UTC).isoformat(timespec="seconds"),
            "who": _line(who),
            "act": _line(act),
            "what": _line(what),
            "reason": _line(reason),
            "before": before,
        }
        made["mark"] = _mark(made)
        writing.append(path, json.dumps(made, ensure_ascii=False) + "\n")
        last_line = json.dumps({"number": made["number"], "mark": made["mark"]}) + "\n"
        writing.write(_end(folders), last_line, private=True)
    return _entry(made)


def read(folders: Folders) -> History:
    """All that was done, and whether all of it is as it was written. Raises BuildError where the
    file cannot be read."""
    path = path_of(folders)
    if not path.exists() and not _end(folders).exists():
        return History((), ())
    with alone(folders):
        lines, end = _text(path).splitlines(), _text(_end(folders))
    entries, faults = _checked(lines)
    return History(tuple(entries), (*faults, *_cut_off(entries, end)))


def path_of(folders: Folders) -> Path:
    """Where the lines lie; others than this room only copy the file."""
    return folders.saved / "history.jsonl"


@contextmanager
def alone(folders: Folders) -> Iterator[None]:
    """While this holds, nobody else adds a line, and line and end belong together."""
    writing.folder(folders.saved)
    with writing.locked(folders.saved / "history.lock"):
        writing.remove_parts(folders.saved, _end(folders).name)  # of a process that was killed
        yield


def _end(folders: Folders) -> Path:
    return folders.saved / "history-end.json"


def _text(path: Path) -> str:
    """What a file holds, "" if it is not there. Raises BuildError."""
    if not path.exists():
        return ""
    with writing.explained(path, "gelesen"):
        return path.read_text(encoding="utf-8", errors="replace")


def _checked(lines: list[str]) -> tuple[list[Entry], list[str]]:
    entries: list[Entry] = []
    faults: list[str] = []
    before, number = _BEGIN, 0
    for row, line in enumerate(lines, 1):
        found = _parsed(line)
        if found is None:
            faults.append(f"Zeile {row} ist beschädigt und nicht lesbar.")
            continue
        entry = _entry(found)
        if _mark(found) != entry.mark:
            faults.append(f"Eintrag {entry.number} (Zeile {row}) wurde nachträglich geändert.")
        elif (entry.number, entry.before) != (number + 1, before):
            faults.append(
                f"Vor Eintrag {entry.number} (Zeile {row}) fehlt etwas, oder die Reihenfolge wurde "
                "geändert."
            )
        entries.append(entry)
        before, number = entry.mark, entry.number
    return entries, faults


def _cut_off(entries: list[Entry], end: str) -> list[str]:
    """Whether the last that was written is there. A process that was killed between line and end
    leaves one line more than the end says, which is no fault."""
    last = _parsed(end, ("number", "mark"))
    if last is None:
        return ["Es ist nicht mehr prüfbar, ob am Ende Einträge fehlen (history-end.json)."]
    if any(e.number == last["number"] and e.mark == last["mark"] for e in entries[-2:]):
        return []
    return [f"Am Ende fehlen Einträge: zuletzt geschrieben wurde Nummer {last['number']}."]


def _latest(folders: Folders) -> tuple[int, str]:
    """Number and mark a new line follows: of the last line, or of one that was cut off after it,
    so that the gap stays to be seen."""
    last, end = _last(path_of(folders)), _parsed(_text(_end(folders)), ("number", "mark"))
    number, before = (last.number, last.mark) if last else (0, _BEGIN)
    if end and end["number"] > number:
        return end["number"], str(end["mark"])
    return number, before


def _last(path: Path) -> Entry | None:
    """The last line that can be read; a fault before it stays to be seen. Raises BuildError."""
    if not path.exists():
        return None
    with writing.explained(path, "gelesen"), path.open("rb") as file:
        size = file.seek(0, 2)
        # a line has four texts, each character of which is at most twelve bytes of JSON
        file.seek(max(0, size - 60 * _LONGEST))
        tail = file.read().decode(errors="replace").splitlines()
    return next((_entry(found) for line in reversed(tail) if (found := _parsed(line))), None)


def _parsed(line: str, fields: tuple[str, ...] = (*_FIELDS, "mark")) -> dict | None:
    try:
        found = json.loads(line)
        if not isinstance(found, dict) or set(found) != set(fields):
            return None
        if "when" in found:
            datetime.fromisoformat(found["when"])
        return found if isinstance(found["number"], int) else None
    except (ValueError, TypeError):
        return None


def _entry(found: dict) -> Entry:
    when = datetime.fromisoformat(found["when"])
    return Entry(**{**found, "when": when})


def _mark(found: dict) -> str:
    content = json.dumps([found[name] for name in _FIELDS], ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()


def _line(text: str) -> str:
    """One line of printable text, so that no name can forge a line of its own."""
    plain = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(plain.split())[:_LONGEST]
