"""Entry point of the readers: recognise a file's format, also inside its zip, and read it."""

import io
import zipfile
from pathlib import Path

from indicators.errors import FileError
from indicators.sources import datencsv, ffcsv
from indicators.sources.table import OfficialTable
from indicators.sources.text import decode, refuse_error_pages

# A real delivery is a few dozen megabytes; more, or a suspicious ratio, is an attack or a mistake.
_MAX_BYTES = 500_000_000
_MAX_RATIO = 200
_MAX_MEMBERS = 100


def read_file(path: Path) -> list[OfficialTable]:
    """All tables of a file. Raises FileError if any of them cannot be taken whole."""
    if not path.is_file():
        raise FileError(path.name, "die Datei gibt es nicht")
    if path.stat().st_size > _MAX_BYTES:
        raise FileError(path.name, "die Datei ist größer als 500 MB und wird nicht gelesen")
    return read_bytes(path.read_bytes(), path.name)


def read_bytes(content: bytes, file: str) -> list[OfficialTable]:
    if content.startswith(b"PK\x03\x04"):
        return _read_zip(content, file)
    if content.startswith((b"\xd0\xcf\x11\xe0", b"%PDF")):
        raise FileError(
            file, "das ist keine CSV-Datei; die Tabelle bitte als CSV (datencsv oder ffcsv) laden"
        )
    text, encoding = decode(content, file)
    refuse_error_pages(text, file)
    for reader in (datencsv, ffcsv):
        if reader.recognises(text):
            return [reader.read(text, file, encoding)]
    raise FileError(
        file,
        "das Format ist nicht bekannt: eine amtliche Tabelle beginnt mit „GENESIS-Tabelle:“ oder "
        "„Tabelle:“, eine Flachdatei mit „statistics_code“ oder „Statistik_Code“",
        line=1,
    )


def _read_zip(content: bytes, file: str) -> list[OfficialTable]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = [m for m in archive.infolist() if not m.is_dir()]
            if any(m.filename.startswith("xl/") for m in members):
                raise FileError(
                    file, "das ist eine Excel-Datei; die Tabelle bitte als CSV herunterladen"
                )
            size = sum(m.file_size for m in members)
            packed = sum(m.compress_size for m in members) or 1
            if size > _MAX_BYTES or size / packed > _MAX_RATIO or len(members) > _MAX_MEMBERS:
                raise FileError(file, "das Archiv ist ungewöhnlich groß und wird nicht entpackt")
            tables = [m for m in members if m.filename.lower().endswith(".csv")]
            if not tables:
                raise FileError(file, "das Archiv enthält keine CSV-Datei")
            return [
                table
                for member in tables
                for table in read_bytes(archive.read(member), Path(member.filename).name)
            ]
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise FileError(
            file,
            "das Archiv ist beschädigt oder abgeschnitten. "
            "Nächster Schritt: die Tabelle neu herunterladen.",
        ) from error
