"""Entry point of the readers: recognise a file's format, also inside its zip, and read it."""

import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path

from indicators.errors import FileError
from indicators.sources import datencsv, excerpt, ffcsv, inkar, workbook
from indicators.sources.archive import is_archive
from indicators.sources.table import DOWNLOAD_AGAIN, OfficialTable, code_in_name, stand_in_name
from indicators.sources.text import decode, refuse_error_pages, without_separator_line

# A real delivery is a few dozen megabytes and packs to a twentieth; far more is an attack.
_MAX_BYTES = 300_000_000
_MAX_RATIO = 200
_MAX_MEMBERS = 100
_READERS = (datencsv, ffcsv, inkar, excerpt)
_AS_CSV = "Nächster Schritt: die Tabelle in der Datenbank als CSV (datencsv oder ffcsv) laden."


def read_file(path: Path) -> list[OfficialTable]:
    """All tables of a file. Raises FileError if any of them cannot be taken whole."""
    if not path.is_file():
        raise FileError(path.name, "die Datei gibt es nicht")
    if path.stat().st_size > _MAX_BYTES:
        raise FileError(path.name, "die Datei ist größer als 300 MB und wird nicht gelesen")
    return read_bytes(path.read_bytes(), path.name)


def read_bytes(content: bytes, file: str) -> list[OfficialTable]:
    """All tables of a file's content; `file` is its name, which may hold the table's code."""
    if inkar.is_workbook(content):
        return [inkar.read_workbook(content, file)]
    if workbook.is_workbook(content):
        return [_named_right(table) for table in workbook.read(content, file)]
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _read_zip(content, file)
    return [_read_csv(content, file)]


def is_official(content: bytes) -> bool:
    """Whether this is an official table in a format known here, also inside a zip."""
    if inkar.is_workbook(content):
        return True
    if workbook.is_workbook(content):
        return workbook.is_official(content)
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return is_archive(content)
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    start = without_separator_line(content[:4000].decode(encoding, errors="replace")).lstrip()
    return any(reader.recognises(start) for reader in _READERS)


def _read_csv(content: bytes, file: str) -> OfficialTable:
    if content.startswith(b"%PDF"):
        raise FileError(file, f"das ist eine PDF-Datei. {_AS_CSV}")
    text, encoding = decode(content, file)
    refuse_error_pages(text, file)
    reader = next((reader for reader in _READERS if reader.recognises(text)), None)
    if reader is None:
        raise FileError(
            file,
            "das Format ist nicht bekannt: eine amtliche Tabelle beginnt mit „GENESIS-Tabelle:“ "
            "oder „Tabelle:“, eine Flachdatei mit „statistics_code“ oder „Statistik_Code“, ein "
            "Export aus INKAR mit „Kennziffer“. " + _AS_CSV,
            line=1,
        )
    return _named_right(reader.read(text, file, encoding))


def _named_right(table: OfficialTable) -> OfficialTable:
    """A file is not named after another table than it holds."""
    file, named = table.file, code_in_name(table.file)
    if named and table.code and named != table.code:
        raise FileError(
            file,
            f"die Datei heißt nach der Tabelle {named}, enthält aber die Tabelle {table.code}. "
            "Nächster Schritt: die Datei umbenennen oder die richtige Tabelle laden.",
            line=1,
        )
    return table


def _read_zip(content: bytes, file: str) -> list[OfficialTable]:
    tables = [_read_csv(member, name) for name, member in _unpacked(content, file)]
    if len(tables) == 1:
        # the archive's name serves where its member was renamed
        (table,) = tables
        code = table.code or _fitting(code_in_name(file), table.statistic)
        tables = [replace(table, code=code, stand=table.stand or stand_in_name(file))]
    return tables


def _unpacked(content: bytes, file: str) -> list[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return [(_plain(m), archive.read(m)) for m in _members(archive, file)]
    except FileError:
        raise
    except Exception as error:  # a damaged archive raises almost anything
        raise FileError(
            file, f"das Archiv ist beschädigt oder abgeschnitten. {DOWNLOAD_AGAIN}"
        ) from error


def _members(archive: zipfile.ZipFile, file: str) -> list[zipfile.ZipInfo]:
    """The CSV files in an archive that is safe to unpack; they are never written to disk."""
    members = [m for m in archive.infolist() if not m.is_dir()]
    tables = [
        m for m in members if m.filename.lower().endswith(".csv") and not _plain(m).startswith("._")
    ]
    if not tables:
        raise FileError(file, f"das Archiv enthält keine CSV-Datei. {_AS_CSV}")
    if any(m.flag_bits & 1 for m in tables):
        raise FileError(
            file,
            "das Archiv ist mit einem Kennwort geschützt. Nächster Schritt: das Archiv entpacken "
            "und die CSV-Datei darin annehmen.",
        )
    size, packed = sum(m.file_size for m in tables), sum(m.compress_size for m in tables)
    bomb = size > 10_000_000 and size > _MAX_RATIO * packed
    if size > _MAX_BYTES or bomb or len(members) > _MAX_MEMBERS:
        raise FileError(file, "das Archiv ist ungewöhnlich groß und wird nicht entpackt")
    return tables


def _plain(member: zipfile.ZipInfo) -> str:
    """The member's name without any path."""
    return re.split(r"[\\/]", member.filename)[-1]


def _fitting(code: str | None, statistic: str) -> str | None:
    return code if code and (code.startswith(statistic) or not code[0].isdigit()) else None
