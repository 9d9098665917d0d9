"""Origins: what is known about a file that lies in a data folder, in a TOML file beside it.

One definition for all of them (official tables, a town's own, boundaries) and the only reader.
"""

import json
import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import PydanticCustomError

from indicators.catalog.definition import OWN_RULE, Definition, wrong_fields
from indicators.errors import FileError

ORIGIN = "origin.toml"
_CHECKSUM = re.compile(r"[0-9a-f]{64}")


def _wrong(reason: str) -> PydanticCustomError:
    return PydanticCustomError(OWN_RULE, reason)


def _moment(given: object) -> object:
    """A day is its first moment. An offset to world time is dropped: it could not be compared."""
    if isinstance(given, datetime):
        return given.replace(tzinfo=None)
    if isinstance(given, date):
        return datetime.combine(given, time())
    raise _wrong("hier muss ein Datum stehen, ohne Anführungszeichen (2024-12-31)")


def _plain_name(given: object) -> object:
    """The name of a file beside its origin: a path could lead out of the folder."""
    if not isinstance(given, str) or given in ("", ".", "..") or re.search(r"[\\/\x00]", given):
        raise _wrong("hier muss der Name einer Datei stehen, die daneben liegt, ohne Ordner davor")
    return given


def _checksum(given: object) -> object:
    if not isinstance(given, str) or not _CHECKSUM.fullmatch(given.lower()):
        raise _wrong("hier muss eine Prüfsumme SHA-256 stehen (64 Zeichen, 0 bis 9 und a bis f)")
    return given.lower()


def _names(given: object) -> object:
    names = [given] if isinstance(given, str) else given
    if not isinstance(names, list) or not all(isinstance(name, str) and name for name in names):
        raise _wrong("hier muss der Name einer Zuordnung stehen oder eine Liste von Namen")
    return tuple(names)


def _checksums(given: object) -> object:
    if not isinstance(given, list):
        raise _wrong("hier muss eine Liste von Prüfsummen stehen")
    return tuple(_checksum(one) for one in given)


Moment = Annotated[datetime, BeforeValidator(_moment)]
FileName = Annotated[str, BeforeValidator(_plain_name)]
Checksum = Annotated[str, BeforeValidator(_checksum)]
Checksums = Annotated[tuple[str, ...], BeforeValidator(_checksums)]
Names = Annotated[tuple[str, ...], BeforeValidator(_names)]


class Origin(Definition):
    """The origin of one file. All fields are optional here; a table needs `file`, boundaries
    `stand`.

    `stand` is the date of the edition (of an own table: when it was received); `mapping` names
    those that read it (none: the file's name decides). A file that ships may come without `sha256`.
    Of boundaries `id` and `name` are the columns of keys and names, where they have other names,
    and `crs` is the coordinate system, where the file says none or a wrong one. An `excerpt` is
    some figures of its table, in an arrangement of our own.
    `position` counts what was received, `follows` is the checksum of the file received before, and
    `instead` those of files it was told to take the place of.
    """

    model_config = ConfigDict(strict=True)

    file: FileName | None = None
    sha256: Checksum | None = None
    table: str = ""
    mapping: Names = ()
    title: str = ""
    publisher: str = ""
    attribution: str = ""
    licence: str = ""
    stand: Moment | None = None
    boundary_date: Moment | None = None
    position: Annotated[int, Field(ge=1)] | None = None
    follows: Checksum | None = None
    instead: Checksums = ()
    received: Moment | None = None
    downloaded: Moment | None = None
    obtained_from: str = ""
    url: str = ""
    id: str = ""
    name: str = ""
    crs: str = ""
    excerpt: bool = False


def is_origin(path: Path) -> bool:
    return path.name == ORIGIN or path.name.endswith(f".{ORIGIN}")


def beside(path: Path) -> Path:
    """Where the origin of a file is written."""
    return path.with_name(f"{path.name}.{ORIGIN}")


def read(path: Path, advice: str) -> Origin:
    """The origin in this file. Raises FileError naming file, field and what is allowed there, with
    the `advice` as next step."""
    try:
        # an editor may have put a byte order mark before it
        facts = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
        return Origin.model_validate(facts)
    except OSError as error:
        reason = f"kann nicht gelesen werden ({error.strerror})"
    except UnicodeDecodeError:
        reason = "ist nicht in UTF-8 gespeichert"
    except ValidationError as error:
        reason = f"ist nicht richtig ({'; '.join(wrong_fields(error, Origin))})"
    except (ValueError, RecursionError) as error:
        place = re.search(r"line (\d+), column (\d+)", str(error))
        where = f" (Zeile {place[1]}, Spalte {place[2]})" if place else ""
        reason = f"ist kein gültiges TOML{where}"
    raise FileError(str(path), f"der Herkunftsnachweis {reason}. Nächster Schritt: {advice}")


def files_below(root: Path, apart: Iterable[Path] = ()) -> list[Path]:
    """All files below a folder in a stable order, but none of the folders that are kept `apart`.
    No folder, no files.

    Raises FileError for a folder that cannot be read: what lies there would be lost unseen.
    """
    apart, found = {Path(folder) for folder in apart}, []

    def refuse(error: OSError) -> None:
        if Path(error.filename) == root and isinstance(error, FileNotFoundError):
            return
        raise FileError(
            str(error.filename),
            f"der Ordner kann nicht gelesen werden ({error.strerror}). Nächster Schritt: "
            "Leserechte prüfen; was dort liegt, fehlte sonst im Datenstand.",
        ) from error

    for folder, below, names in os.walk(root, onerror=refuse):
        here = Path(folder)
        below[:] = [name for name in below if here / name not in apart]
        found += [here / name for name in names]
    return sorted(found)


def as_toml(facts: Mapping[str, object]) -> str:
    """The text of an origin; what is None is left out."""
    return "".join(f"{key} = {_toml(value)}\n" for key, value in facts.items() if value is not None)


def _toml(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, int):
        return str(value).lower()
    return json.dumps(re.sub(r"[\x00-\x1f\x7f]+", " ", str(value)), ensure_ascii=False)
