"""Downloads the current edition of every table that a definition names and keeps what is new."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

import requests
from requests.adapters import HTTPAdapter
from tqdm import tqdm
from urllib3.util import Retry

from indicators.catalog.catalog import Catalog
from indicators.catalog.meaning import PUBLIC_ADDRESS
from indicators.errors import BildungsblickError, DownloadError, FileError
from indicators.folders import Folders
from indicators.sources.reading import read_bytes
from indicators.sources.receiving import Stored, keep, official
from indicators.sources.stock import kept_files
from indicators.sources.table import OfficialTable

_WEB = ("http://", "https://")
_TIMEOUT = (10, 60)  # seconds until a connection stands, and between two packets
_RETRIES = Retry(
    total=3,
    backoff_factor=1,
    status_forcelist=(429, 500, 502, 503, 504),
    raise_on_status=False,
    respect_retry_after_header=False,
)
_MAX_BYTES = 200_000_000
_KEPT = "Was schon da ist, bleibt unverändert."


Outcome = Literal["new", "unchanged", "older", "failed"]


@dataclass(frozen=True)
class Result:
    """What became of one table: stored as a new edition, unchanged, older than what is there, or
    failed. `message` is a German sentence that says so."""

    code: str
    outcome: Outcome
    message: str
    stored: Stored | None = None


# Stores a file, given its content, name, tables and where it came from.
Take = Callable[[bytes, str, list[OfficialTable], str], Stored]


class _Unreachable(DownloadError):
    """No connection at all, so that there is no use in trying the next table."""


def update(
    catalog: Catalog,
    folders: Folders,
    source: str | None = None,
    report: Callable[[Result], None] = lambda result: None,
    take: Take | None = None,
    only: Sequence[str] = (),
) -> list[Result]:
    """Fetch all downloadable tables, or only those named; a table that fails does not stop the
    others.

    `take` stores a file or raises an error for one that must not be kept. `source` is another base
    address, or a folder with files `<CODE>_00.csv` or `<CODE>.csv`, of which those that lie there
    are taken. `report` hears of each result at once. Raises DownloadError if there is nothing to
    fetch from: no such folder, or no connection before the first answer.
    """
    codes = [code for code, (_, table) in catalog.tables().items() if table.download]
    if unknown := [code for code in only if code not in codes]:
        raise DownloadError(
            f"{', '.join(unknown)} kann nicht geladen werden; vorgesehen sind {', '.join(codes)}."
        )
    source = source or PUBLIC_ADDRESS
    if only:
        codes = list(only)
    elif not source.startswith(_WEB):
        codes = [code for code in codes if _in_folder(_folder(source), code)]
        if not codes:
            raise DownloadError(f"In {source} liegt keine der vorgesehenen Tabellen.")
    fetch = _from_web(source) if source.startswith(_WEB) else _from_folder(source)
    results: list[Result] = []
    with tqdm(
        codes,
        desc="Tabellen laden",
        bar_format="{desc}: {n_fmt} von {total_fmt} |{bar}| {postfix}",
        disable=None,
    ) as bar:
        for code in bar:
            bar.set_postfix_str(code)
            try:
                result = _one(code, fetch, folders, take or _keep(catalog, folders))
            except _Unreachable:
                if not results:
                    raise
                result = Result(code, "failed", f"{code}: die Verbindung ist abgerissen. {_KEPT}")
                results.append(result)
                report(result)
                break
            except BildungsblickError as error:
                result = Result(code, "failed", str(error))
            results.append(result)
            report(result)
    return results


def _one(
    code: str,
    fetch: Callable[[str], tuple[bytes, str]],
    folders: Folders,
    take: Take,
) -> Result:
    content, address = fetch(code)
    file = f"{code}_00.csv"
    tables = read_bytes(content, file)
    if [table.code for table in tables] != [code.removesuffix("-B")]:
        raise FileError(file, f"unter {address} liegt eine andere Tabelle. {_KEPT}")
    stand = tables[0].stand
    if stand is None:
        raise FileError(file, f"der Stand fehlt, die Datei ist unvollständig geladen. {_KEPT}")
    newest = _newest(code.removesuffix("-B"), folders)
    if newest and stand.date() < newest.date():
        return Result(
            code,
            "older",
            f"{code}: der Stand {stand:%d.%m.%Y} ist älter als der vorliegende vom "
            f"{newest:%d.%m.%Y}. {_KEPT}",
        )
    stored = take(content, file, tables, address)
    outcome: Outcome = "new" if stored.is_changed else "unchanged"
    return Result(code, outcome, f"{code}: {stored.message}", stored)


def _keep(catalog: Catalog, folders: Folders) -> Take:
    """Stores what was read as it is."""

    def take(content: bytes, file: str, tables: list[OfficialTable], address: str) -> Stored:
        return keep(official(content, file, tables, catalog, address), folders)

    return take


def _newest(code: str, folders: Folders) -> datetime | None:
    """The date of the newest edition of a table that lies there; an excerpt is none."""
    origins = [one.origin for one in kept_files(folders) if not one.origin.excerpt]
    stands = [origin.stand for origin in origins if origin.table == code and origin.stand]
    return max(stands, default=None)


def _folder(source: str) -> Path:
    folder = Path(source).expanduser()
    if not folder.is_dir():
        raise DownloadError(
            f"Den Ordner {source} gibt es nicht. Nächster Schritt: hinter --from eine Adresse "
            "(https://…) oder einen vorhandenen Ordner angeben."
        )
    return folder


def _in_folder(folder: Path, code: str) -> Path | None:
    names = (f"{code}_00.csv", f"{code}.csv")
    return next((folder / name for name in names if (folder / name).is_file()), None)


def _from_folder(source: str) -> Callable[[str], tuple[bytes, str]]:
    folder = _folder(source)

    def fetch(code: str) -> tuple[bytes, str]:
        path = _in_folder(folder, code)
        if path is None:
            raise DownloadError(f"{code}: in {folder} liegt weder {code}_00.csv noch {code}.csv.")
        return path.read_bytes(), path.resolve().as_uri()

    return fetch


def _from_web(base: str) -> Callable[[str], tuple[bytes, str]]:
    session = requests.Session()
    session.headers["User-Agent"] = "Bildungsblick (kommunales Bildungsmonitoring)"
    for scheme in ("http://", "https://"):
        session.mount(scheme, HTTPAdapter(max_retries=_RETRIES))

    def fetch(code: str) -> tuple[bytes, str]:
        address = f"{base.rstrip('/')}/{code}_00.csv"
        try:
            return _download_twice(session, address, code), address
        except requests.exceptions.ChunkedEncodingError as error:
            raise DownloadError(
                f"{code}: die Übertragung bricht ab, bevor die Datei vollständig ist. {_KEPT} "
                "Nächster Schritt: später erneut versuchen."
            ) from error
        except (requests.ConnectionError, requests.Timeout) as error:
            raise _Unreachable(
                f"{base} ist nicht erreichbar. {_KEPT} Nächster Schritt: die Internetverbindung "
                "prüfen und erneut versuchen, oder die Tabellen auf einem anderen Rechner laden "
                "und mit --from ORDNER übernehmen."
            ) from error
        except requests.RequestException as error:
            raise DownloadError(f"{code}: {address} ist nicht abrufbar. {_KEPT}") from error

    return fetch


def _download_twice(session: requests.Session, address: str, code: str) -> bytes:
    """The session tries again by itself, but not when a body ends too early."""
    try:
        return _download(session, address, code)
    except requests.exceptions.ChunkedEncodingError:
        return _download(session, address, code)


def _download(session: requests.Session, address: str, code: str) -> bytes:
    with session.get(address, timeout=_TIMEOUT, stream=True) as response:
        if response.status_code != 200:
            raise DownloadError(
                f"{code}: der Server antwortet mit dem Fehler {response.status_code} statt mit der "
                f"Tabelle ({address}). {_KEPT}"
            )
        content = bytearray()
        for chunk in response.iter_content(1 << 16):
            content += chunk
            if len(content) > _MAX_BYTES:
                raise DownloadError(f"{code}: die Datei ist größer als 200 MB. {_KEPT}")
        return bytes(content)
