"""Deliveries: the files to build from, shipped and received, each with its origin."""

import hashlib
import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from indicators.errors import BuildError
from indicators.folders import Folders

ORIGIN = "origin.toml"


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
        for origin in sorted(root.rglob("*.toml")):
            if origin.name == ORIGIN or origin.name.endswith(".origin.toml"):
                found.append(_delivery(origin, shipped))
    return found


def _delivery(origin: Path, shipped: bool) -> Delivery:
    facts = tomllib.loads(origin.read_text(encoding="utf-8"))
    path = origin.parent / facts["file"]
    if not path.is_file():
        raise BuildError(
            f"{origin} nennt die Datei {facts['file']}, die dort nicht liegt. Nächster Schritt: "
            "die Datei zurücklegen oder den Eintrag löschen."
        )
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    if facts.get("sha256", sha256) != sha256:
        raise BuildError(
            f"{path.name} wurde nach der Annahme verändert (Prüfsumme stimmt nicht). Nächster "
            "Schritt: die ursprüngliche Datei erneut annehmen (receive)."
        )
    named = facts.get("mapping", [])
    stand = facts.get("stand")
    if isinstance(stand, date) and not isinstance(stand, datetime):
        stand = datetime(stand.year, stand.month, stand.day)
    return Delivery(
        path=path,
        shipped=shipped,
        sha256=sha256,
        title=facts.get("title", ""),
        publisher=facts.get("publisher", ""),
        attribution=facts.get("attribution", ""),
        licence=facts.get("licence", ""),
        stand=stand,
        obtained_from=facts.get("obtained_from", facts.get("url", "")),
        mappings=(named,) if isinstance(named, str) else tuple(named),
    )
