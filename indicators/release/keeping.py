"""How long releases are kept: all of them, or as many of the newest as the town's setting says.

What readers can still ask for is never removed: the release in force, the one before it, those that
a saved agenda shows, and those that somebody has frozen a link to.
"""

import json
from datetime import UTC, datetime

from indicators import writing
from indicators.errors import BuildError
from indicators.folders import Folders
from indicators.release import publication, releases
from indicators.saved import agendas, history

REMOVED = "gelöscht"


def freeze(folders: Folders, id: str) -> None:
    """Remembers that somebody has a link that stays at this release. Raises BuildError."""
    with history.alone(folders):
        found = _frozen(folders)
        if id not in found:
            told = json.dumps(found | {id: datetime.now(UTC).isoformat(timespec="seconds")})
            writing.write(folders.saved / "frozen.json", told)


def frozen(folders: Folders) -> frozenset[str]:
    """The releases that somebody has frozen a link to."""
    return frozenset(_frozen(folders))


def used(folders: Folders) -> dict[str, str]:
    """The releases that stay whatever the setting says: id → why, in German."""
    found = dict.fromkeys(frozen(folders), "ein Link hält ihn fest")
    found |= dict.fromkeys(agendas.releases(folders), "eine Sitzungsmappe zeigt ihn")
    if before := publication.one_before(folders):
        found[before.id] = "galt zuletzt"
    if waits := publication.plan(folders):
        found[waits.release] = "ist freigegeben"
    found[releases.pointer(folders)] = "in Kraft"
    return found


def tidy(folders: Folders, who: str) -> list[str]:
    """Removes the releases that are neither among the newest (setting keep_releases) nor used, and
    returns their ids. What they showed is known to those after them, and their papers stay; one
    that no later release knows of stays too. Raises BuildError, PublicationError."""
    if not folders.keep_releases:
        return []
    there = releases.listed(folders)
    stay = used(folders)
    kept = [one for one in there[: folders.keep_releases]]
    kept += [one for one in there[folders.keep_releases :] if one.id in stay]
    known = {id for one in kept for id in one.before}
    removed = []
    for one in there:
        if one in kept or one.id not in known:
            continue
        # noted first: a file that is gone without a word would be a loss
        history.note(folders, who, REMOVED, one.id, f"keep_releases = {folders.keep_releases}")
        for ending in ("duckdb", "json"):
            writing.discard(folders.releases / f"{one.id}.{ending}")
        removed.append(one.id)
    return removed


def _frozen(folders: Folders) -> dict[str, str]:
    path = folders.saved / "frozen.json"
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return {str(id): str(moment) for id, moment in found.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError) as error:
        # nobody knows which are used any more: none may go
        raise BuildError(
            f"{path} ist beschädigt: Welche Datenstände Links festhalten, ist nicht zu lesen. "
            "Nächster Schritt: die Datei aus einer Sicherung zurücklegen."
        ) from error
