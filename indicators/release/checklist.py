"""What must be settled before a release comes into force: found out where a machine can, read and
confirmed by a person where it cannot.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from indicators import formats
from indicators.errors import BildungsblickError
from indicators.folders import Folders
from indicators.release import protection_report, publication, releases
from indicators.release.difference import VANISHED, Difference
from indicators.release.releases import PREVIEW, Release


class OpenPointsError(BildungsblickError):
    """Something of the checklist is open; nothing was published."""


@dataclass(frozen=True)
class Point:
    """One point: `to_confirm` is ticked by a person who has looked; else `settled` says what was
    found. `told` says in a sentence what there is."""

    id: str
    name: str
    told: str
    to_confirm: bool = False
    settled: bool = False


def points(folders: Folders, candidate: Release, found: Difference | None) -> list[Point]:
    """The points of a candidate; `found` is its difference from the release in force, None where
    there is none in force."""
    return [
        _report(candidate),
        _changes(found),
        _protection(candidate),
        _sources(found),
        _order(folders, candidate),
    ]


def demand(given: Sequence[Point], confirmed: Collection[str]) -> None:
    """Raises OpenPointsError naming what is open."""
    left = [p.name for p in given if not (p.id in confirmed if p.to_confirm else p.settled)]
    if left:
        raise OpenPointsError(
            f"Noch offen: {formats.listing(left)}. Es wurde nichts veröffentlicht. Nächster "
            "Schritt: diese Punkte ansehen und bestätigen oder beheben."
        )


def _report(candidate: Release) -> Point:
    levels = candidate.frame("SELECT level, count(*) AS n FROM release.report GROUP BY level")
    warnings = int(levels.loc[levels["level"] == "warning", "n"].sum())
    told = formats.quantity(warnings, "Hinweis", "Hinweise") if warnings else "keine Hinweise"
    return Point("report", "Prüfbericht gelesen", f"{told} im Prüfbericht", to_confirm=True)


def _changes(found: Difference | None) -> Point:
    told = found.sentence() if found else "erster Datenstand: alles ist neu"
    return Point("changes", "Änderungen angesehen", told, to_confirm=True)


def _protection(candidate: Release) -> Point:
    name = "Schutz ohne Einwand"
    if not candidate.is_protected:
        return Point("protection", name, "nicht geprüft")
    refused = [one.name for one in protection_report.datasets(candidate) if not one.accepted]
    if refused:
        return Point("protection", name, f"Einwände bei {formats.listing(refused)}")
    told = "Das zweite Programm hat keinen kleinen Wert berechnen können"
    return Point("protection", name, told, settled=True)


def _sources(found: Difference | None) -> Point:
    """Complete is what has lost nothing; where something is lost, a person must want that."""
    name = "Quellen vollständig"
    gone = found.count(VANISHED) if found else 0
    lost = [one.name for one in found.cells if one.vanished] if found else []
    if not gone and not lost:
        return Point("sources", name, "Kein Wert ist weggefallen", settled=True)
    told = f"{formats.quantity(gone, 'Wert fällt', 'Werte fallen')} weg"
    if lost:
        told += f"; Zeilen fehlen in {formats.listing(lost)}"
    return Point("sources", f"{name}, oder so gewollt", told, to_confirm=True)


def _order(folders: Folders, candidate: Release) -> Point:
    name = "Vorschau auf dem neuesten Stand"
    if publication.is_stale(folders, candidate.id.removeprefix(PREVIEW)):
        return Point("order", name, "Inzwischen ist anderes veröffentlicht worden")
    current = releases.pointer(folders) or "noch keiner"
    return Point("order", name, f"Sie folgt auf den Datenstand in Kraft ({current})", settled=True)
