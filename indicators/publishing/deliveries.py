"""Deliveries: the files to build from, shipped and received, each with its origin."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from indicators.errors import BuildError
from indicators.folders import Folders
from indicators.sources import stock
from indicators.sources.stock import Kept, receive_command


@dataclass(frozen=True)
class Delivery:
    """One file to build from. `stand` is the date of its edition as origin.toml states it, or None
    where only the file knows; `shipped` files give way to received ones of the same age;
    `mappings` are those its origin names (empty: the file's name decides). `position` is its place
    in the order of receipt (0: shipped, or of the time before there was one), `instead` the
    checksums of files whose place it was told to take; `fingerprint` is what a release may say of
    its content (see `fingerprints`)."""

    path: Path
    shipped: bool
    sha256: str
    title: str
    publisher: str
    attribution: str
    licence: str
    stand: datetime | None
    obtained_from: str
    mappings: tuple[str, ...] = ()
    position: int = 0
    instead: tuple[str, ...] = ()
    fingerprint: str = ""


def deliveries(folders: Folders) -> list[Delivery]:
    """All files named by an origin.toml below official/, example/received/ and received/, in a
    stable order. What an interrupted receipt has left is completed or cleared before.

    Raises BuildError when an origin is wrong, a file is missing, was changed since it was received,
    or lies in received/ without an origin: it says all of them, each with the next step.
    """
    stock.tidy(folders)
    found, wrong = stock.survey(folders)
    problems = [str(error) for error in wrong]
    problems += [_problem(one) for one in found if one.state != "sound"]
    if not wrong:
        problems += [_stray(path) for path in stock.without_origin(folders, found)]
    if problems:
        raise BuildError("\n".join(problems))
    return [of(one) for one in found]


def of(kept: Kept) -> Delivery:
    """The delivery that a file of the stock is."""
    origin = kept.origin
    return Delivery(
        path=kept.path,
        shipped=kept.shipped,
        sha256=kept.sha256,
        title=origin.title,
        publisher=origin.publisher,
        attribution=origin.attribution,
        licence=origin.licence,
        stand=origin.stand,
        obtained_from=origin.obtained_from or origin.url,
        mappings=origin.mapping,
        position=0 if kept.shipped else origin.position or 0,
        instead=origin.instead,
    )


def _problem(one: Kept) -> str:
    """What is wrong with a file that is not as it was received, and what helps in each case."""
    if one.shipped:
        what = "fehlt" if one.state == "missing" else "wurde verändert (Prüfsumme stimmt nicht)"
        return (
            f"{one.path}: diese mitgelieferte Datei {what}. Nächster Schritt: den Programmordner "
            "wiederherstellen."
        )
    original = receive_command(Path("DATEI"))
    if one.state == "missing":
        return (
            f"{one.place} nennt die Datei {one.path.name}, die dort nicht liegt. Nächster Schritt: "
            f"die Datei noch einmal annehmen ({original}, ihr Name ist gleich); gibt es sie nicht "
            "mehr, diesen Nachweis löschen, dann gilt sie als zurückgezogen."
        )
    return (
        f"{one.path} wurde nach der Annahme verändert (Prüfsumme stimmt nicht). Nächster Schritt: "
        f"gibt es die ursprüngliche Datei noch, sie noch einmal annehmen ({original}, ihr Name ist "
        f"gleich); soll die veränderte gelten, diese annehmen: {receive_command(one.path)}; ist "
        f"keine von beiden brauchbar, {one.path.name} und {one.place.name} löschen, dann gilt die "
        "Datei als zurückgezogen."
    )


def _stray(path: Path) -> str:
    where = " (Grenzen gehören nach received/boundaries)" if path.suffix == ".geojson" else ""
    return (
        f"{path} liegt dort ohne Herkunftsnachweis und fehlte im Datenstand. Nächster Schritt: sie "
        f"annehmen: {receive_command(path)}; gehört sie nicht dazu, sie aus diesem Ordner "
        f"nehmen{where}."
    )
