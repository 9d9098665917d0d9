"""Taking files in: read first, then stored with their origin, whole or not at all."""

import hashlib
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from indicators.catalog import Catalog
from indicators.errors import FileError
from indicators.folders import Folders
from indicators.formats import quantity
from indicators.mappings import TableMapping
from indicators.sources import origins
from indicators.sources.reading import read_bytes
from indicators.sources.table import OfficialTable

UNKNOWN = "unbekannt"
_AGAIN = "diesen Nachweis löschen und die Datei daneben erneut annehmen (receive)."


@dataclass(frozen=True)
class Stored:
    """Where a file lies now. `is_new` is False if the same content lay there before; `code` is
    None for a table that only its content can tell, or for several tables in one archive; of a
    town's `own` file it is the mapping."""

    path: Path
    code: str | None
    stand: datetime | None
    values: int
    is_new: bool
    notes: tuple[str, ...] = ()
    own: bool = False

    @property
    def message(self) -> str:
        kind = "Eigene Tabelle" if self.own else "Tabelle"
        table = f"{kind} {self.code}" if self.code else "Tabelle ohne Code im Namen"
        if not self.is_new:
            return f"{table} liegt schon vor: {self.path}"
        stand = f", Stand {self.stand:%d.%m.%Y}" if self.stand else ""
        count = quantity(self.values, "Tabellenfeld", "Tabellenfelder")
        return f"{table}{stand}, {count}, abgelegt in {self.path}"


@dataclass(frozen=True)
class Edition:
    """One stored file as its origin describes it."""

    path: Path
    table: str
    stand: datetime | None
    sha256: str


def store(
    content: bytes, file_name: str, folders: Folders, catalog: Catalog | None = None, url: str = ""
) -> Stored:
    """Read a file and keep it below `folders.received`, in the folder of its table.

    Nothing is ever overwritten; the origin is written last, and a file without one does not count.
    `catalog` tells title, publisher and licence of known tables, `url` where the file came from.
    Raises FileError if the file cannot be read whole or cannot be written.
    """
    name = _safe(file_name)
    return keep(content, name, read_bytes(content, name), folders, catalog, url)


def keep(
    content: bytes,
    file_name: str,
    tables: list[OfficialTable],
    folders: Folders,
    catalog: Catalog | None = None,
    url: str = "",
) -> Stored:
    """Keep a file whose tables have been read already; otherwise like `store`."""
    codes = {table.code for table in tables}
    code = codes.pop() if len(codes) == 1 else None
    stand = max((table.stand for table in tables if table.stand), default=None)
    sha256 = hashlib.sha256(content).hexdigest()
    values = sum(len(table.cells) for table in tables)
    notes = tuple(note for table in tables for note in table.notes)
    for edition in editions(folders):
        if edition.sha256 == sha256:
            return Stored(edition.path, code, stand, values, False, notes)
    name = file_name
    if code and stand and tables[0].format == "datencsv":
        name = f"{code}_{stand:%Y-%m-%d}{Path(file_name).suffix.lower()}"
    path = _put(
        content,
        folders.received / (code or UNKNOWN) / name,
        lambda file: _origin(tables, code, stand, catalog, url, file, sha256),
    )
    return Stored(path, code, stand, values, True, notes)


def keep_own(
    content: bytes,
    file_name: str,
    mappings: list[TableMapping],
    values: int,
    folders: Folders,
    *,
    publisher: str,
    licence: str,
) -> Stored:
    """Keep a town's own file that these mappings have read, in the folder of the first of them.

    Its origin names the mappings, so that a later one for files of this name changes nothing. Its
    stand is the moment it was received, and the latest file for a region and period counts, also
    of two received in one second.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    code, now = mappings[0].id, datetime.now()
    for edition in editions(folders):
        if edition.sha256 == sha256:
            return Stored(edition.path, code, edition.stand, values, False, own=True)

    def origin(file: str) -> str:
        return origins.as_toml(
            {
                # of an archive the same one may have read many files
                "mapping": list(dict.fromkeys(mapping.id for mapping in mappings)),
                "publisher": publisher,
                "title": mappings[0].title,
                "attribution": publisher,
                "licence": licence,
                "stand": now,
                "received": now.replace(microsecond=0),
                "obtained_from": "von Hand angenommen",
                "file": file,
                "sha256": sha256,
            }
        )

    path = _put(content, folders.received / code / _safe(file_name), origin)
    return Stored(path, code, now, values, True, own=True)


def _put(content: bytes, wanted: Path, origin: Callable[[str], str]) -> Path:
    """Writes the file under this or an unused name, then its origin; returns where it lies.

    Raises FileError, with nothing left behind, if that fails.
    """
    try:
        path = _unused(wanted)
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, content)
        try:
            _write(origins.beside(path), origin(path.name).encode())
        except OSError:
            path.unlink()
            raise
    except OSError as error:
        raise FileError(
            wanted.name,
            f"die Datei kann nicht in {wanted.parent.parent} abgelegt werden ({error.strerror}). "
            "Nächster Schritt: Speicherplatz und Schreibrechte prüfen.",
        ) from error
    return path


def editions(folders: Folders) -> Iterator[Edition]:
    """All files that are there with an origin, shipped ones first."""
    for root in (folders.official, folders.received):
        for path in origins.files_below(root, folders.local_boundaries):
            if not origins.is_origin(path):
                continue
            origin = origins.read(path, _AGAIN)
            file = path.parent / (origin.file or "")
            if file.is_file():
                yield Edition(file, origin.table, origin.stand, origin.sha256 or "")


def _origin(
    tables: list[OfficialTable],
    code: str | None,
    stand: datetime | None,
    catalog: Catalog | None,
    url: str,
    file: str,
    sha256: str,
) -> str:
    """What is known about the file, as TOML."""
    table = tables[0]
    attribution = table.attribution
    dataset, definition = catalog.tables().get(code, (None, None)) if catalog else (None, None)
    named = re.match(r"©\s*([^,.]+)", attribution)
    publisher = dataset.publisher if dataset else named[1].strip() if named else ""
    licence = dataset.licence if dataset else ""
    if not licence and "Datenlizenz Deutschland" in attribution:
        licence = "dl-de/by-2-0"
    if not attribution and publisher:
        attribution = f"© {publisher}" + (f", {stand.year}" if stand else "")
    facts = {
        "table": code or "",
        "publisher": publisher,
        "title": definition.title if definition else table.title,
        "attribution": attribution,
        "licence": licence,
        "stand": stand,
        "downloaded" if url else "received": datetime.now().replace(microsecond=0),
        "url" if url else "obtained_from": url or "von Hand angenommen",
        "file": file,
        "sha256": sha256,
    }
    return origins.as_toml(facts)


def _safe(file_name: str) -> str:
    """The name without path and without characters that a file system or a reader stumbles over."""
    name = Path(re.sub(r"[^\w.,() -]", "_", re.split(r"[\\/]", file_name)[-1]).strip(". "))
    return name.stem[:100] + name.suffix[:10] or "datei.csv"


def _unused(path: Path) -> Path:
    """This path, or with _fassung2, _fassung3 … behind the name if it is taken. A number alone
    could be read with what stands before it: the tenth file of 09 as the school year 09_10."""
    number, free = 1, path
    while free.exists():
        number += 1
        free = path.with_name(f"{path.stem}_fassung{number}{path.suffix}")
    return free


def _write(path: Path, content: bytes) -> None:
    """All of the content or no file at all."""
    handle, part = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(part, 0o644)
        os.replace(part, path)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise
