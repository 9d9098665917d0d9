"""Taking in a file of boundaries: read and drawn as in a build, then kept with its origin."""

import hashlib
import re
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from indicators import formats, writing
from indicators.errors import BuildError, FileError
from indicators.folders import Folders
from indicators.publishing import areas, boundaries, gemeinden, local_maps, run
from indicators.sources import origins
from indicators.sources.origins import Origin

# A day in the name of a file; what the Bundesamt calls its files says the year after "31-12" or so.
_DAY = re.compile(r"(?<!\d)(20\d\d)-(\d\d)-(\d\d)(?!\d)")
_OFFICIAL = "VG"


@dataclass(frozen=True)
class Told:
    """What whoever hands a file over says of it; "" or None where nothing was said."""

    stand: date | None = None
    attribution: str = ""
    licence: str = ""
    id: str = ""
    name: str = ""
    crs: str = ""

    @property
    def columns(self) -> dict[str, str]:
        """What is needed to read the file."""
        said = {"id": self.id, "name": self.name, "crs": self.crs}
        return {field: value for field, value in said.items() if value}


@dataclass(frozen=True)
class Taken:
    """What became of a file of boundaries: where it lies, and what is to be said of it."""

    path: Path
    is_new: bool
    lines: tuple[str, ...]


def is_boundaries(path: Path) -> bool:
    try:
        return path.is_file() and areas.is_boundaries(path.name, path.read_bytes())
    except OSError:  # told by who reads it
        return False


def take(path: Path, folders: Folders, told: Told) -> Taken:
    """Checks a file of boundaries against the regions of the town and keeps it.

    Raises FileError naming area and next step; then nothing is stored.
    """
    content = path.read_bytes()
    sha256 = hashlib.sha256(content).hexdigest()
    target = folders.received / "boundaries"
    if (known := _known(target, sha256)) and told == Told():
        return Taken(known, False, (f"Die Grenzen liegen schon vor: {known}",))
    archive, _ = run.boundary_archive(folders)
    catalog = run.load_catalog(folders)
    register = run.register_of(archive, catalog, gemeinden.received(folders))
    found = areas.read(
        path, register, boundaries.kreise(archive), Origin.model_validate(told.columns)
    )
    local_maps.check(found.table, path)
    stand, supposed = _stand(path, told)
    official = path.stem.upper().startswith(_OFFICIAL)
    owner = f"© GeoBasis-DE / BKG {stand.year} (Daten verändert)" if official else ""
    facts = {
        "title": "Grenzen",
        "attribution": told.attribution or owner,
        "licence": told.licence or ("dl-de/by-2-0" if official else ""),
        "stand": datetime(stand.year, stand.month, stand.day),
        "received": datetime.now().replace(microsecond=0),
        "obtained_from": "von Hand angenommen",
        **told.columns,
        "sha256": sha256,
    }
    kept = _keep(path, content, target, facts)
    count = formats.quantity(len(found.table), "Fläche", "Flächen")
    lines = [f"Grenzen, {count}, Stand {formats.day(stand)}, abgelegt in {kept}", *found.notes]
    if supposed:
        lines.append(f"der Stand der Grenzen ist {supposed}; einen anderen nennt --stand")
    if not facts["attribution"]:
        lines.append("unter der Karte steht kein Urheber; --attribution „© …“ nennt einen")
    return Taken(kept, True, tuple(lines))


def _known(folder: Path, sha256: str) -> Path | None:
    """The file that lies there with this content and an origin."""
    for path in local_maps.files([folder]):
        place = origins.beside(path)
        if place.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == sha256:
            return path
    return None


def _stand(path: Path, told: Told) -> tuple[date, str]:
    """The day of the boundaries, and where it is from if nobody said it."""
    if told.stand:
        return told.stand, ""
    if found := _DAY.search(path.name):
        try:
            return date.fromisoformat(found[0]), "dem Namen der Datei entnommen"
        except ValueError:
            pass
    return date.today(), "nicht bekannt, angenommen ist der Tag der Annahme"


def _keep(path: Path, content: bytes, target: Path, facts: dict) -> Path:
    """Writes file and origin under this or an unused name; the origin comes first, because a file
    without one would stop the build, and an origin alone does nothing."""
    number, name = 1, re.sub(r"[^\w.,() -]", "_", path.name)
    while (target / name).exists():
        number += 1
        name = f"{path.stem}_fassung{number}{path.suffix}"
    place = target / name
    try:
        writing.write(origins.beside(place), origins.as_toml({"file": name, **facts}), private=True)
        writing.write(place, content, private=True)
    except BuildError as error:
        origins.beside(place).unlink(missing_ok=True)
        raise FileError(path.name, str(error)) from error
    return place
