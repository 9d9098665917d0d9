"""Receiving a package: its definitions are written, its tables received as one delivery. If
anything fails, nothing has changed.

What a package defines is not trusted: only the kinds that a package of ours holds are taken, the
mappings may read nothing but the tables of this sender, and what the town defines itself stays as
it is.
"""

import io
import tomllib
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from indicators import formats, toml, writing
from indicators.catalog.catalog import Catalog
from indicators.errors import FileError
from indicators.exchange import package
from indicators.exchange.making import HEAD, PREFIX, mapping_id, name_of
from indicators.exchange.package import Content
from indicators.folders import Folders
from indicators.publishing.receive import Received, Receiver
from indicators.sources import stock

_KINDS = ("mappings", "local_regions", "dimensions", "datasets", "indicators")
_ANYWAY = "es mit --instead annehmen"
_MOMENT = "%Y-%m-%dT%H%M%S"


@dataclass(frozen=True)
class Taken:
    """What became of a package: what it says, and the delivery it has become."""

    content: Content
    received: Received

    @property
    def words(self) -> str:
        """What has come, in one line."""
        names = formats.quantity(len(self.content.tables), "Datensatz", "Datensätze")
        return (
            f"Austauschpaket von {self.content.sender}, {formats.minute(self.content.moment)} "
            f"({names}, {self.content.protection})"
        )

    @property
    def message(self) -> str:
        """The same with where it lies, for who sits at the machine."""
        return f"{self.words}: {self.received.stored.message}"


def take(
    content: bytes, file: str, folders: Folders, *, instead: bool = False, anyway: str = _ANYWAY
) -> Taken:
    """Receives a package that is not encrypted (any more). With `instead` an older one counts again
    for what it says; `anyway` is how to say so.

    Raises FileError where it is damaged, older than what lies there, or cannot be read whole;
    DefinitionError where its definitions contradict those of the town.
    """
    found = package.unpacked(content, file)
    receiver = Receiver(folders)
    ids = {mapping_id(found.sender, id) for id in found.tables}
    if not instead:
        _refuse_older(found, ids, folders, file, anyway)
    text = _definitions(found, receiver.catalog, folders, file)
    name = name_of(found.sender)
    path = folders.own_definitions / f"{name}.toml"
    with stock.locked(writing.folder(folders.received, private=True)):
        before = path.read_bytes() if path.is_file() else None
        writing.write(path, text)
    try:
        received = Receiver(folders).receive_content(
            _tables(found),
            f"{name}_{found.moment.astimezone(UTC).strftime(_MOMENT)}.zip",
            tuple(sorted(ids)),
            instead=instead,
        )
    except Exception:  # also one nobody foresaw must leave nothing behind
        if before is None:
            path.unlink(missing_ok=True)
        else:
            writing.write(path, before)
        raise
    return Taken(found, received)


def _tables(found: Content) -> bytes:
    """The tables alone, as one archive: they are received together or not at all."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for id, table in sorted(found.tables.items()):
            info = zipfile.ZipInfo(f"{mapping_id(found.sender, id)}.csv", package.FIRST)
            archive.writestr(info, table, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _refuse_older(found: Content, ids: set[str], folders: Folders, file: str, anyway: str) -> None:
    """Raises FileError where a later package of this sender with one of these datasets lies here:
    what was received last would count."""
    for kept in stock.kept_files(folders):
        moment = _moment_in(kept.path.stem)
        if moment and ids & set(kept.origin.mapping) and moment > found.moment:
            raise FileError(
                file,
                f"das Austauschpaket ist vom {formats.minute(found.moment)}, von {found.sender} "
                f"liegt schon ein neueres vor ({formats.minute(moment)}). Nächster Schritt: "
                f"keiner; soll doch das ältere gelten, {anyway}",
            )


def _moment_in(name: str) -> datetime | None:
    """When the package was made that a file of the stock came in."""
    if not name.startswith(PREFIX):
        return None
    try:
        return datetime.strptime(name.rpartition("_")[2][:17], _MOMENT).replace(tzinfo=UTC)
    except ValueError:
        return None


def _definitions(found: Content, catalog: Catalog, folders: Folders, file: str) -> str:
    """The definitions of a package as they are written here: without what stands elsewhere, with
    the regions and mappings of earlier packages of this sender, whose tables still lie here."""
    told = _parsed(found.definitions, file)
    name = name_of(found.sender)
    own = f"{name}.toml"
    path = folders.own_definitions / own
    before = _parsed(path.read_text(encoding="utf-8"), own) if path.is_file() else {}
    known: dict[str, Iterable[str]] = {
        "local_regions": catalog.local_regions,
        "dimensions": catalog.dimensions,
        "datasets": catalog.datasets,
        "indicators": catalog.indicators,
    }
    parts: dict[str, list[dict]] = {}
    for kind in _KINDS:
        old = {entry["id"]: entry for entry in before.get(kind, [])}
        new = {entry["id"]: entry for entry in told.get(kind, [])}
        elsewhere = set(known.get(kind, ())) - set(old)
        parts[kind] = [entry for id, entry in (old | new).items() if id not in elsewhere]
    for entry in parts["mappings"]:
        _demand_own(entry, found.sender, file)
    return toml.written(
        {kind: entries for kind, entries in parts.items() if entries},
        HEAD.format(sender=" ".join(found.sender.split())),
    )


def _parsed(text: str, file: str) -> dict[str, list[dict]]:
    try:
        read = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise FileError(file, f"die Definitionen des Pakets sind kein TOML ({error})") from error
    for kind, entries in read.items():
        if kind not in _KINDS or not isinstance(entries, list):
            raise FileError(
                file, f"das Paket enthält Definitionen, die es nicht haben darf: {kind}"
            )
        for entry in entries:
            if not isinstance(entry, dict) or not isinstance(entry.get("id"), str):
                raise FileError(file, f"im Paket hat ein Eintrag von „{kind}“ keinen Namen (id)")
    return read


def _demand_own(entry: dict, sender: str, file: str) -> None:
    """A mapping of a package reads its own tables and nothing else."""
    id = mapping_id(sender, str(entry.get("dataset")))
    if entry["id"] != id or entry.get("files") != [f"{id}.csv"]:
        raise FileError(
            file,
            f"die Zuordnung „{entry['id']}“ des Pakets liest anderes als seine Tabellen. Nächster "
            "Schritt: das Paket vom Absender noch einmal schicken lassen",
        )
