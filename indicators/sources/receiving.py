"""Taking files in: read first, then stored with their origin, whole or not at all."""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from indicators import writing
from indicators.catalog.catalog import Catalog
from indicators.catalog.mappings import TableMapping
from indicators.errors import BuildError
from indicators.folders import Folders
from indicators.formats import quantity
from indicators.sources import excerpt, origins, stock
from indicators.sources.reading import read_bytes
from indicators.sources.stock import Kept
from indicators.sources.table import OfficialTable

UNKNOWN = "unbekannt"
# new: stored; there: nothing changed; repaired: the damaged copy was replaced; last: it lay there
# already and now counts as received last
Change = Literal["new", "there", "repaired", "last"]


@dataclass(frozen=True)
class Stored:
    """Where a file lies now and what was done. `code` is None for a table that only its content can
    tell, or for several tables in one archive; of a town's `own` file it is the mapping. `aside` is
    where the copy lies whose place it took: one that was changed after it was received."""

    path: Path
    code: str | None
    stand: datetime | None
    values: int
    change: Change
    notes: tuple[str, ...] = ()
    own: bool = False
    aside: Path | None = None

    @property
    def is_new(self) -> bool:
        return self.change == "new"

    @property
    def is_changed(self) -> bool:
        """Whether the next build makes something else of it."""
        return self.change != "there"

    @property
    def message(self) -> str:
        kind = "Eigene Tabelle" if self.own else "Tabelle"
        table = f"{kind} {self.code}" if self.code else "Tabelle ohne Code im Namen"
        kept = f" Die veränderte Fassung liegt jetzt in {self.aside}." if self.aside else ""
        if self.change == "there":
            return f"{table} liegt schon vor: {self.path}"
        if self.change == "last":
            return f"{table} lag schon vor und gilt jetzt als zuletzt angenommen: {self.path}{kept}"
        if self.change == "repaired":
            return f"{table} ist wieder, wie sie angenommen wurde: {self.path}.{kept}"
        stand = f", Stand {self.stand:%d.%m.%Y}" if self.stand else ""
        count = quantity(self.values, "Tabellenfeld", "Tabellenfelder")
        return f"{table}{stand}, {count}, abgelegt in {self.path}{'.' if kept else ''}{kept}"


@dataclass(frozen=True)
class Arrived:
    """A file that was read and may be stored: its content, the folder and name it gets, what is
    known about it (`facts` of its origin) and what `Stored` tells of it."""

    content: bytes
    folder: str
    name: str
    facts: dict[str, Any]
    code: str | None
    stand: datetime | None
    values: int
    notes: tuple[str, ...] = ()
    own: bool = False

    @property
    def sha256(self) -> str:
        return stock.checksum(self.content)


def store(
    content: bytes, file_name: str, folders: Folders, catalog: Catalog | None = None, url: str = ""
) -> Stored:
    """Read a file and keep it below `folders.received`, in the folder of its table.

    `catalog` tells title, publisher and licence of known tables, `url` where the file came from.
    Raises FileError if the file cannot be read whole, BuildError if it cannot be written.
    """
    name = safe(file_name)
    return keep(official(content, name, read_bytes(content, name), catalog, url), folders)


def official(
    content: bytes,
    file_name: str,
    tables: Sequence[OfficialTable],
    catalog: Catalog | None = None,
    url: str = "",
) -> Arrived:
    """An official file whose tables have been read."""
    codes = {table.code for table in tables}
    code = codes.pop() if len(codes) == 1 else None
    stand = max((table.stand for table in tables if table.stand), default=None)
    name = safe(file_name)
    if code and stand and tables[0].format in ("datencsv", excerpt.FORMAT):
        name = f"{code}_{stand:%Y-%m-%d}{Path(file_name).suffix.lower()}"
    return Arrived(
        content=content,
        folder=code or UNKNOWN,
        name=name,
        facts=_official_facts(tables[0], code, stand, catalog, url),
        code=code,
        stand=stand,
        values=sum(len(table.cells) for table in tables),
        notes=tuple(note for table in tables for note in table.notes),
    )


def own(
    content: bytes,
    file_name: str,
    mappings: Sequence[TableMapping],
    values: int,
    *,
    publisher: str,
    licence: str,
) -> Arrived:
    """A town's own file that these mappings have read, for the folder of the first of them.

    Its origin names the mappings, so that a later one for files of this name changes nothing. Its
    stand is the moment it is received, for readers; what counts is its position.
    """
    now = datetime.now()
    facts = {
        # of an archive the same one may have read many files
        "mapping": list(dict.fromkeys(mapping.id for mapping in mappings)),
        "publisher": publisher,
        "title": mappings[0].title,
        "attribution": publisher,
        "licence": licence,
        "stand": now,
        "received": now.replace(microsecond=0),
        "obtained_from": "von Hand angenommen",
    }
    code = mappings[0].id
    return Arrived(content, code, safe(file_name), facts, code, now, values, own=True)


def keep(
    arrived: Arrived,
    folders: Folders,
    *,
    instead: Sequence[str] = (),
    again: bool = False,
    came_from: Path | None = None,
) -> Stored:
    """Stores the file as the last of the chain. A file that lies there already is left as it is,
    repaired if it was changed since, or made the last one: if `again`, or to take the place
    `instead` of others (by checksum).

    A copy that was changed after it was received is put aside when its original or its very content
    is received. A file without an origin that `came_from` received/ itself moves to its place.
    Raises BuildError, with nothing stored, if the folder cannot be changed.
    """
    received = writing.folder(folders.received, private=True)
    with writing.explained(received), stock.locked(received):
        stock.clear_leftovers(folders)
        found = stock.kept_files(folders)
        stored = _keep(arrived, folders, found, tuple(instead), again)
        if came_from is not None:
            remove_stray(came_from, stored.path, folders)
        return stored


def _keep(
    arrived: Arrived, folders: Folders, found: list[Kept], instead: tuple[str, ...], again: bool
) -> Stored:
    edited = [one for one in found if _was_changed_to(one, arrived)]
    kept = _same(arrived, folders, found, anew=bool(instead))
    change: Change = "there"
    aside: list[Path] = []
    if kept is None:
        change, path = "new", _put(arrived, folders, _chained(arrived, found, instead))
    else:
        path = kept.path
        if not kept.shipped and kept.state != "sound":
            change, aside = "repaired", _repair(kept, arrived.content, folders)
        if instead or again or _is_read_otherwise(kept, arrived):
            change = "last"
            facts = _chained(arrived, found, (*kept.origin.instead, *instead))
            origin = _origin(facts, path.name, arrived.sha256)
            writing.write(kept.place, origin, private=True)
    # only now: what was put aside too early would be lost by a crash
    aside += [_put_aside(one, folders) for one in edited]
    return Stored(
        path=path,
        code=arrived.code,
        stand=arrived.stand,
        values=arrived.values,
        change=change,
        notes=arrived.notes,
        own=arrived.own,
        aside=aside[0] if aside else None,
    )


def _same(arrived: Arrived, folders: Folders, found: list[Kept], *, anew: bool) -> Kept | None:
    """The file of this content that lies there, a received one first. One that ships serves as well
    if it is whole, but its origin is not ours to change, so not for what is to be said `anew`."""
    there = [one for one in found if one.sha256 == arrived.sha256]
    received = [one for one in there if not one.shipped]
    official = [one for one in there if one.path.is_relative_to(folders.official)]
    sound = [] if anew else [one for one in official if one.state == "sound"]
    return next(iter(received + sound), None)


def _was_changed_to(one: Kept, arrived: Arrived) -> bool:
    """Whether this received file holds the content that arrived, against what its origin says."""
    if one.shipped or one.sha256 == arrived.sha256 or not one.path.is_file():
        return False
    same_size = one.path.stat().st_size == len(arrived.content)
    return same_size and one.content_sha256 == arrived.sha256


def _is_read_otherwise(kept: Kept, arrived: Arrived) -> bool:
    """Whether other mappings read it now than its origin names."""
    named = tuple(arrived.facts.get("mapping", ()))
    return bool(kept.origin.mapping) and not kept.shipped and kept.origin.mapping != named


def _repair(kept: Kept, content: bytes, folders: Folders) -> list[Path]:
    """Writes the file as it was received; returns where the changed copy lies now, if there was
    one."""
    aside = []
    if kept.state == "changed":
        aside.append(_free_aside(kept, folders))
        writing.write(aside[0], stock.read_content(kept.path), private=True)
    writing.write(kept.path, content, private=True)
    return aside


def _put_aside(one: Kept, folders: Folders) -> Path:
    """Moves a file with its origin to where nothing is built of it."""
    target = _free_aside(one, folders)
    os.replace(one.path, target)
    os.replace(one.place, origins.beside(target))
    return target


def _free_aside(one: Kept, folders: Folders) -> Path:
    folder = writing.folder(folders.put_aside / one.path.parent.name, private=True)
    return _unused(folder / one.path.name)


def remove_stray(came_from: Path, stored: Path, folders: Folders) -> None:
    """A file that lay in received/ without an origin, and lies at its place with one now, is
    removed where it was. Raises BuildError."""
    here = came_from.resolve()
    if not here.is_relative_to(folders.received.resolve()) or here == stored.resolve():
        return
    strays = stock.without_origin(folders, stock.kept_files(folders))
    if here in [path.resolve() for path in strays]:
        with writing.explained(came_from, "gelöscht"):
            came_from.unlink()


def _chained(arrived: Arrived, found: list[Kept], instead: Sequence[str]) -> dict[str, object]:
    """The facts of a file that is now the last of the chain."""
    before = stock.last(found)
    chain = {
        "position": stock.next_position(found),
        "follows": before.sha256 if before else None,
        "instead": list(dict.fromkeys(instead)) or None,
    }
    return arrived.facts | chain


def _origin(facts: dict[str, object], file: str, sha256: str) -> bytes:
    return origins.as_toml(facts | {"file": file, "sha256": sha256}).encode()


def _put(arrived: Arrived, folders: Folders, facts: dict[str, object]) -> Path:
    """Writes the file under its name or an unused one, with its origin; returns where it lies.

    Both lie there whole before either gets its name, so that whatever interrupts it can be
    completed (stock.tidy). Raises BuildError, with nothing left behind, if that fails.
    """
    path = _unused(folders.received / arrived.folder / arrived.name)
    place = origins.beside(path)
    parts = [(writing.unused(target, private=True), target) for target in (path, place)]
    try:
        with writing.explained(path):
            for (part, _), text in zip(
                parts, (arrived.content, _origin(facts, path.name, arrived.sha256)), strict=True
            ):
                part.write_bytes(text)
        for part, target in parts:
            writing.settle(part, target, private=True)
    except BuildError:
        for left in (path, *(part for part, _ in parts)):
            writing.discard(left)
        raise
    return path


def _official_facts(
    table: OfficialTable,
    code: str | None,
    stand: datetime | None,
    catalog: Catalog | None,
    url: str,
) -> dict[str, object]:
    """What is known about an official file, for its origin."""
    attribution = table.attribution
    defined = catalog.tables().get(code) if catalog and code else None
    dataset, definition = defined or (None, None)
    named = re.match(r"©\s*([^,.]+)", attribution)
    publisher = dataset.publisher if dataset else named[1].strip() if named else ""
    licence = dataset.licence if dataset else ""
    if not licence and "Datenlizenz Deutschland" in attribution:
        licence = "dl-de/by-2-0"
    if not attribution and publisher:
        attribution = f"© {publisher}" + (f", {stand.year}" if stand else "")
    return {
        "table": code or "",
        "excerpt": True if table.format == excerpt.FORMAT else None,
        "publisher": publisher,
        "title": definition.title if definition else table.title,
        "attribution": attribution,
        "licence": licence,
        "stand": stand,
        "downloaded" if url else "received": datetime.now().replace(microsecond=0),
        "url" if url else "obtained_from": url or "von Hand angenommen",
    }


def safe(file_name: str) -> str:
    """The name without path and without characters that a file system or a reader stumbles over."""
    name = Path(re.sub(r"[^\w.,() -]", "_", re.split(r"[\\/]", file_name)[-1]).strip(". "))
    return name.stem[:100] + name.suffix[:10] or "datei.csv"


def _unused(path: Path) -> Path:
    """This path, or with _fassung2, _fassung3 … behind the name if it is taken. A number alone
    could be read with what stands before it: the tenth file of 09 as the school year 09_10."""
    number, free = 1, path
    while free.exists() or origins.beside(free).exists():
        number += 1
        free = path.with_name(f"{path.stem}_fassung{number}{path.suffix}")
    return free
