"""Zip archives of a town's own files: what is in one, and none is unpacked that could be an attack.

Nothing is ever written to disk.
"""

import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from indicators.errors import FileError

_MARKS = (b"PK\x03\x04", b"PK\x05\x06")
_MAX_BYTES = 500_000_000
_MAX_RATIO = 100
_MAX_MEMBERS = 2_000
# Below this nothing can be hurt, and a table of nothing but zeros packs better than any other.
_HARMLESS = 10_000_000
_HEAD = 4_000
# What macOS and Windows put into archives by themselves.
_OF_THE_SYSTEM = re.compile(r"(?i)(^|/)(__MACOSX/|\._|\.DS_Store$|Thumbs\.db$|desktop\.ini$)")
_UNPACK = "Nächster Schritt: das Archiv entpacken und die Dateien darin einzeln annehmen"


@dataclass(frozen=True)
class Member:
    """A file in an archive: its `path` there, its `name` without folders, and how it begins (""
    where a password protects it)."""

    path: str
    name: str
    head: bytes


def is_archive(content: bytes) -> bool:
    """Whether this is a zip archive of files, which an Excel or OpenDocument file is not."""
    if not content.startswith(_MARKS) or b"opendocument.spreadsheet" in content[:200]:
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
    except Exception:  # a damaged archive raises almost anything
        return b"[Content_Types].xml" not in content
    return not any(name == "[Content_Types].xml" or name.startswith("xl/") for name in names)


def members(content: bytes) -> list[Member]:
    """The files in an archive, by no more than their first bytes; none of one that is damaged."""
    found = []
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for info in _infos(archive)[:_MAX_MEMBERS]:
                head = b"" if _is_protected(info) else archive.open(info).read(_HEAD)
                found.append(_member(info, head))
    except Exception:  # a damaged archive raises almost anything
        return []
    return found


def files(content: bytes, file: str) -> Iterator[tuple[Member, bytes]]:
    """The files in an archive with their content, one after the other.

    Raises FileError for an archive that is damaged, protected, in itself an archive of archives,
    or that would unpack to more than any town delivers.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = _infos(archive)
            _refuse_unsafe(infos, len(content), file)
            size = sum(info.file_size for info in infos)
            for info in infos:
                found = archive.read(info)
                member = _member(info, found[:_HEAD])
                if is_archive(found):
                    place = f"{file} ({member.path})"
                    raise FileError(place, f"das ist ein Archiv in einem Archiv. {_UNPACK}")
                # an Excel file is unpacked once more
                size += _unpacked_size(found)
                _refuse_size(size, len(content), file)
                yield member, found
    except FileError:
        raise
    except Exception as error:  # a damaged archive raises almost anything
        raise FileError(
            file,
            "das Archiv ist beschädigt oder abgeschnitten. Nächster Schritt: die Dateien neu "
            "packen oder einzeln annehmen",
        ) from error


def _infos(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    found = [info for info in archive.infolist() if not info.is_dir()]
    return [info for info in found if not _OF_THE_SYSTEM.search(_path(info))]


def _member(info: zipfile.ZipInfo, head: bytes) -> Member:
    path = _path(info)
    return Member(path, path.split("/")[-1], head)


def _is_protected(info: zipfile.ZipInfo) -> bool:
    return bool(info.flag_bits & 1)


def _path(info: zipfile.ZipInfo) -> str:
    """The path as it was packed: macOS writes UTF-8 without saying so, and umlauts in two parts."""
    path = info.filename
    if not info.flag_bits & 0x800:
        with suppress(UnicodeError):
            path = path.encode("cp437").decode("utf-8")
    return unicodedata.normalize("NFC", path.replace("\\", "/"))


def _refuse_unsafe(infos: list[zipfile.ZipInfo], packed: int, file: str) -> None:
    if any(map(_is_protected, infos)):
        raise FileError(file, f"das Archiv ist mit einem Kennwort geschützt. {_UNPACK}")
    if len(infos) > _MAX_MEMBERS:
        raise FileError(
            file,
            f"das Archiv enthält {len(infos)} Dateien; gelesen werden höchstens {_MAX_MEMBERS}. "
            "Nächster Schritt: nur die Tabellen packen, oder in mehrere Archive",
        )
    _refuse_size(sum(info.file_size for info in infos), packed, file)


def _refuse_size(size: int, packed: int, file: str) -> None:
    # against the whole archive: what members say of their packed size may be told twice
    if size > _MAX_BYTES or (size > _HARMLESS and size > _MAX_RATIO * packed):
        raise FileError(
            file,
            "das Archiv ist entpackt ungewöhnlich groß (höchstens 500 MB, höchstens das "
            f"{_MAX_RATIO}-fache seiner Größe) und wird nicht gelesen. {_UNPACK}",
        )


def _unpacked_size(content: bytes) -> int:
    """Of an Excel file; a damaged one is refused by its own reader."""
    if not content.startswith(_MARKS):
        return 0
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return sum(info.file_size for info in archive.infolist())
    except (zipfile.BadZipFile, ValueError, OSError):
        return 0
