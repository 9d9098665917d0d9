"""The form of an exchange package: what lies in it, written and read again.

The tables are CSV for people and programs alike, a row a region, period and category, a column a
measure. A cell that is no number says why in a sign that the definitions of the package explain
again; nothing that a release hides is a number anywhere in the file. A package for one named office
is encrypted with a passphrase in the age format, which other programs open as well.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pandas as pd
import pyrage

from indicators import formats
from indicators.catalog.catalog import Catalog
from indicators.catalog.definition import TOTAL
from indicators.catalog.meaning import Dataset
from indicators.errors import FileError
from indicators.regions import Region
from indicators.saved.store import Store
from indicators.symbols import Status

FORM = 1
DESCRIPTION, DEFINITIONS, README = "datapackage.json", "definitionen.toml", "LIESMICH.txt"
TABLES = "daten"
KEY, NAME, PERIOD = "Regionalschlüssel", "Region", "Zeitraum"
WHOLE = "Insgesamt"
PUBLISHED, UNPROTECTED = "wie veröffentlicht", "ungeschützt"
ENDING = ".age"
_AGE = b"age-encryption.org/"
_MOST = 200_000_000
_MOST_DESCRIBED = 5_000_000
_LONGEST = 40  # letters of an office in a name
FIRST = (1980, 1, 1, 0, 0, 0)  # no earlier day can stand in a zip

# A zero that is exact and one that was rounded are different: a package says "-" and "0".
SIGNS = {
    Status.ZERO: "-",
    Status.ROUNDED_ZERO: "0",
    Status.SECRET: "•",
    Status.SUPPRESSED: "•",
    Status.TOO_FEW: "•",
    Status.LATER: "…",
    Status.UNRELIABLE: "/",
    Status.NOT_APPLICABLE: "x",
    Status.MISSING: "k. A.",
    Status.NOT_COLLECTED: "",
    Status.DISSOLVED: "",
}
SYMBOLS = {"0": Status.ROUNDED_ZERO.value}
_LETTERS = {"break": "b", "estimated": "s", "provisional": "p", "revised": "r"}
_WORDS = {
    "-": "genau null",
    "0": "auf null gerundet",
    "•": "geschützt oder vom Herausgeber geheim gehalten",
    "…": "folgt später",
    "/": "zu unsicher",
    "x": "kann es nicht geben",
    "k. A.": "keine Angabe",
    "leer": "nicht erhoben",
}


@dataclass(frozen=True)
class Content:
    """What a package says: by whom, of which moment, one table a dataset (`daten/<dataset>.csv`)
    and the definitions that read them. `moment` is when the release was published, or the figures
    were read; the later of two packages of an office counts. `recipient` is the office an
    unprotected one is for."""

    sender: str
    moment: datetime
    release: str
    protection: str
    recipient: str
    tables: Mapping[str, bytes]
    definitions: str

    @property
    def is_protected(self) -> bool:
        return self.protection == PUBLISHED


# --- tables ---------------------------------------------------------------------------------------


def table(
    rows: pd.DataFrame, dataset: Dataset, catalog: Catalog, regions: Mapping[str, Region]
) -> bytes:
    """A dataset as CSV (UTF-8, semicolons, German numbers). `rows` has one row per region, period,
    dimensions and measure with the columns region, period, start, <dimensions>, measure, value,
    status, flags."""
    key = ["region", "period", "start", *dataset.dimensions]
    cells = [
        cell(value, status, flags)
        for value, status, flags in zip(rows["value"], rows["status"], rows["flags"], strict=True)
    ]
    wide = rows.assign(cell=cells).pivot(index=key, columns="measure", values="cell").reset_index()
    wide = wide.sort_values(["region", "start", *dataset.dimensions])
    said = {
        KEY: wide["region"],
        NAME: wide["region"].map(lambda id: regions[id].name),
        PERIOD: wide["period"],
    }
    for id in dataset.dimensions:
        names = words(catalog, id)
        said[catalog.dimensions[id].name] = wide[id].map({of: word for word, of in names.items()})
    for measure in dataset.measures:
        if measure.id in wide and wide[measure.id].notna().any():
            said[measure.name] = wide[measure.id].fillna("")
    frame = pd.DataFrame(said)
    # a row of which nothing was ever collected says nothing
    empty = (frame[[m.name for m in dataset.measures if m.name in frame]] == "").all(axis=1)
    return frame[~empty].to_csv(index=False, sep=";", lineterminator="\r\n").encode("utf-8-sig")


def words(catalog: Catalog, dimension: str) -> dict[str, str]:
    """The word of each category in a table → its id. Two categories of one name are told apart by
    their id."""
    found: dict[str, str] = {WHOLE: TOTAL}
    for category in catalog.dimensions[dimension].categories:
        name = category.name
        found[name if name not in found else f"{name} ({category.id})"] = category.id
    return found


def cell(value: float | None, status: str, flags: str) -> str:
    """A value as it stands in a table: a German number, with the letter of what is said of it, or
    the sign of why there is none."""
    if status != Status.OK:
        return SIGNS[Status(status)]
    number = f"{value:.12g}"
    if "e" in number:
        number = f"{value:.0f}"
    letter = next((sign for flag, sign in _LETTERS.items() if flag in (flags or "").split(",")), "")
    return f"{number.replace('.', ',')} {letter}".strip()


# --- the archive ----------------------------------------------------------------------------------


def packed(content: Content, catalog: Catalog) -> bytes:
    """The archive; the same content gives the same bytes."""
    files = {f"{TABLES}/{id}.csv": table for id, table in content.tables.items()}
    files[DEFINITIONS] = content.definitions.encode()
    description = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "austausch-" + slug(content.sender),
        "title": f"Kommunales Bildungsmonitoring: Daten von {content.sender}",
        "created": content.moment.isoformat(timespec="seconds"),
        "contributors": [{"title": content.sender, "roles": ["publisher"]}],
        "resources": [_resource(id, catalog, content.tables[id]) for id in content.tables],
        "bildungsblick": {
            "form": FORM,
            "sender": content.sender,
            "release": content.release,
            "protection": content.protection,
            "recipient": content.recipient,
            "definitions": {"path": DEFINITIONS, **_sum(files[DEFINITIONS])},
        },
    }
    files[DESCRIPTION] = json.dumps(description, ensure_ascii=False, indent=1).encode()
    files[README] = _readme(content, catalog).encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, file in files.items():
            archive.writestr(zipfile.ZipInfo(name, FIRST), file, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _resource(id: str, catalog: Catalog, table: bytes) -> dict:
    dataset = catalog.datasets[id]
    columns = [KEY, NAME, PERIOD, *(catalog.dimensions[one].name for one in dataset.dimensions)]
    columns += [measure.name for measure in dataset.measures]
    present = table.decode("utf-8-sig").partition("\r\n")[0]
    return {
        "name": id.replace("_", "-"),
        "title": dataset.name,
        "path": f"{TABLES}/{id}.csv",
        "format": "csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ";"},
        # texts, because a cell may say why it holds no number
        "schema": {
            "fields": [{"name": name, "type": "string"} for name in columns if name in present]
        },
        **_sum(table),
    }


def _sum(content: bytes) -> dict[str, object]:
    return {"bytes": len(content), "hash": f"sha256:{hashlib.sha256(content).hexdigest()}"}


def _readme(content: Content, catalog: Catalog) -> str:
    names = [catalog.datasets[id].name for id in content.tables]
    whom = f" Nur für {content.recipient} bestimmt, nicht weitergeben." if content.recipient else ""
    lines = [
        f"Daten von {content.sender}, {formats.minute(content.moment)}",
        "",
        f"Enthalten: {formats.listing(names)}.",
        f"Schutz kleiner Zahlen: {content.protection}.{whom}",
        "",
        "Einlesen: die ganze Datei, ohne sie zu entpacken, auf der Seite „Daten einlesen“ ablegen.",
        "In Excel: die Tabellen liegen im Ordner daten; Semikolon trennt, Zahlen sind deutsch.",
        "",
        "Zeichen:",
        *(f"  {sign}  {meaning}" for sign, meaning in _WORDS.items()),
        "  Hinter einer Zahl: p vorläufig, r berichtigt, s geschätzt, b Bruch in der Reihe.",
        "",
    ]
    return "\r\n".join(lines)


def slug(name: str) -> str:
    """A name for files and definitions, as for what people save, a little shorter."""
    return Store(Path(), "die Stelle", "stelle").name_of(name)[:_LONGEST].strip("-")


# --- reading --------------------------------------------------------------------------------------


def is_package(content: bytes) -> bool:
    """Whether this is an archive with the description of a package of ours."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if archive.getinfo(DESCRIPTION).file_size > _MOST_DESCRIBED:
                return False
            return b'"bildungsblick"' in archive.read(DESCRIPTION)
    except (zipfile.BadZipFile, KeyError, OSError, ValueError, RuntimeError, NotImplementedError):
        return False


def unpacked(content: bytes, file: str) -> Content:
    """What a package says. Raises FileError where it is of a later form, incomplete, or was changed
    since it was made."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(one.file_size for one in archive.infolist()) > _MOST:
            raise FileError(file, "das Austauschpaket ist entpackt größer als 200 MB")
        members = {one.filename: archive.read(one) for one in archive.infolist()}
    try:
        description = json.loads(members[DESCRIPTION])
        own = description["bildungsblick"]
        form, moment = int(own["form"]), datetime.fromisoformat(description["created"]).astimezone()
        told = {one["path"]: one["hash"] for one in [*description["resources"], own["definitions"]]}
        said = {name: str(own[name]) for name in ("sender", "release", "protection", "recipient")}
    except (KeyError, TypeError, ValueError) as error:
        raise _broken(file, f"{DESCRIPTION} ist unvollständig") from error
    if form > FORM:
        raise FileError(
            file,
            "das Austauschpaket ist von einer neueren Fassung von Bildungsblick. Nächster "
            "Schritt: Bildungsblick auf den neuesten Stand bringen",
        )
    for path, checksum in told.items():
        if path not in members:
            raise _broken(file, f"{path} fehlt")
        if checksum != _sum(members[path])["hash"]:
            raise _broken(file, f"{path} wurde verändert, die Prüfsumme stimmt nicht")
    tables = {
        path.removeprefix(f"{TABLES}/").removesuffix(".csv"): members[path]
        for path in told
        if path != DEFINITIONS
    }
    try:
        definitions = members[DEFINITIONS].decode()
    except (KeyError, UnicodeDecodeError) as error:
        raise _broken(file, f"{DEFINITIONS} fehlt") from error
    return Content(**said, moment=moment, tables=tables, definitions=definitions)


def _broken(file: str, reason: str) -> FileError:
    return FileError(
        file,
        f"das Austauschpaket ist beschädigt: {reason}. Nächster Schritt: es vom Absender noch "
        "einmal schicken lassen und unverändert ablegen",
    )


# --- for one office alone -------------------------------------------------------------------------


def is_encrypted(content: bytes) -> bool:
    return content.startswith(_AGE)


def encrypted(content: bytes, passphrase: str) -> bytes:
    return pyrage.passphrase.encrypt(content, passphrase)


def decrypted(content: bytes, file: str, passphrase: str) -> bytes:
    """Raises FileError where the passphrase is another or the file is damaged; nobody can tell
    these two apart."""
    try:
        return pyrage.passphrase.decrypt(content, passphrase)
    except pyrage.DecryptError as error:
        raise FileError(
            file,
            "mit diesem Kennwort lässt sich das Austauschpaket nicht öffnen. Nächster Schritt: das "
            "Kennwort so eingeben, wie der Absender es genannt hat; stimmt es, ist die Datei "
            "beschädigt und wird noch einmal gebraucht",
        ) from error


def file_name(content: Content) -> str:
    """What a package is called: by whom, of which day, and whether it must be kept secret."""
    name = f"austausch-{slug(content.sender)}-{content.moment.astimezone():%Y-%m-%d}"
    if content.is_protected:
        return f"{name}.zip"
    return f"{name}-UNGESCHUETZT-fuer-{slug(content.recipient)}.zip{ENDING}"


def listed(ids: Sequence[str], catalog: Catalog) -> str:
    """The names of datasets in a sentence."""
    return formats.listing([f"„{catalog.datasets[id].name}“" for id in ids])
