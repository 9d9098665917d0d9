"""Deliveries: the files to build from, shipped and received, each with its origin."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from indicators.errors import BuildError
from indicators.folders import Folders
from indicators.sources import origins

_RESTORE = "den Programmordner wiederherstellen; diese Datei gehört zum Lieferumfang."
_AGAIN = "diesen Nachweis löschen und die Datei daneben erneut annehmen (receive)."


@dataclass(frozen=True)
class Delivery:
    """One file to build from. `stand` is the date of its edition as origin.toml states it, or None
    where only the file knows; `shipped` files give way to received ones of the same age;
    `mappings` are those its origin names (empty: the file's name decides)."""

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


def deliveries(folders: Folders) -> list[Delivery]:
    """All files named by an origin.toml below official/, example/received/ and received/, in a
    stable order.

    Raises BuildError when a file is missing or its checksum does not match its origin.
    """
    found = []
    roots = (
        (folders.official, True),
        *((example / "received", True) for example in folders.examples),
        (folders.received, False),
    )
    for root, shipped in roots:
        # boundaries have origins too, and a reader of their own (local_maps)
        for path in origins.files_below(root, folders.local_boundaries):
            if origins.is_origin(path):
                found.append(_delivery(path, shipped))
    return found


def _delivery(path: Path, shipped: bool) -> Delivery:
    origin = origins.read(path, _RESTORE if shipped else _AGAIN)
    if origin.file is None:
        raise BuildError(
            f"{path}: im Herkunftsnachweis fehlt das Feld file, der Name der Datei, für die er "
            f"gilt. Nächster Schritt: {_RESTORE if shipped else _AGAIN}"
        )
    file = path.parent / origin.file
    if not file.is_file():
        raise BuildError(
            f"{path} nennt die Datei {origin.file}, die dort nicht liegt. Nächster Schritt: "
            "die Datei zurücklegen oder den Eintrag löschen."
        )
    sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
    if (origin.sha256 or sha256) != sha256:
        raise BuildError(
            f"{file.name} wurde nach der Annahme verändert (Prüfsumme stimmt nicht). Nächster "
            "Schritt: die ursprüngliche Datei erneut annehmen (receive)."
        )
    return Delivery(
        path=file,
        shipped=shipped,
        sha256=sha256,
        title=origin.title,
        publisher=origin.publisher,
        attribution=origin.attribution,
        licence=origin.licence,
        stand=origin.stand,
        obtained_from=origin.obtained_from or origin.url,
        mappings=origin.mapping,
    )
