"""What passes between offices, in the assistant's process: a package from elsewhere is a file like
any other that may be hostile, and unprotected figures are read where files are read.
"""

import base64
import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from indicators.assistant.check_report import check_report
from indicators.assistant.proposal import Fact, Proposal
from indicators.errors import FileError
from indicators.exchange import calendar, package, taking, unprotected
from indicators.folders import Folders
from indicators.formats import minute, quantity
from indicators.publishing import run
from indicators.saved import passwords

_ANYWAY = "„Statt der vorliegenden gelten lassen“ wählen"
DOES = ("package", "take_package", "pack", "calendar")


def handled(request: Mapping[str, Any], content: bytes, folders: Folders) -> dict[str, Any]:
    """The answer to a request of `DOES`, as plain data. Raises BildungsblickError."""
    if request["do"] == "calendar":
        rows = calendar.listed(folders, date.today())
        text = calendar.as_icalendar(rows).decode()
        return {"rows": [row.as_json() for row in rows], "icalendar": text}
    if request["do"] == "pack":
        return _packed(request, folders)
    file = str(request["file"])
    if package.is_encrypted(content):
        if not request.get("passphrase"):
            return {"state": "encrypted"}
        content = package.decrypted(content, file, str(request["passphrase"]).strip())
        if not package.is_package(content):
            raise FileError(file, "darin ist kein Austauschpaket")
    if request["do"] == "take_package":
        return _taken(content, file, folders, instead=bool(request.get("instead")))
    return _described(package.unpacked(content, file), folders)


def _described(found: package.Content, folders: Folders) -> dict[str, Any]:
    """What a package holds, for people, before it is received."""
    catalog = run.load_catalog(folders)
    tables = []
    for id, table in found.tables.items():
        dataset = catalog.datasets.get(id)
        name = dataset.name if dataset else f"{id} (neu, die Definition liegt bei)"
        tables.append([name, quantity(table.count(b"\r\n") - 1, "Zeile", "Zeilen")])
    return {
        "state": "package",
        "sender": found.sender,
        "moment": minute(found.moment.astimezone()),
        "protection": found.protection,
        "recipient": found.recipient,
        "tables": tables,
    }


def _taken(content: bytes, file: str, folders: Folders, *, instead: bool) -> dict[str, Any]:
    found = taking.take(content, file, folders, instead=instead, anyway=_ANYWAY)
    values = found.received.stored.values
    facts = [
        Fact("Absender", found.content.sender, "steht im Paket"),
        Fact("Stand", minute(found.content.moment.astimezone()), "steht im Paket"),
        Fact("Schutz kleiner Zahlen", found.content.protection, "steht im Paket"),
    ]
    proposal = Proposal(file=file, state="ready", facts=facts, understood={"count": values})
    told = check_report(found.received.report, None, proposal, str(folders.data))
    return told | {
        "file": file,
        "stored": found.words,
        "moment": datetime.now().isoformat(timespec="minutes"),
        "sha256": hashlib.sha256(content).hexdigest(),
        "definitions": [],
        "rows": values,
    }


def _packed(request: Mapping[str, Any], folders: Folders) -> dict[str, Any]:
    """An encrypted package and its passphrase, which stands nowhere else."""
    found = unprotected.of_deliveries(
        folders,
        str(request["sender"]),
        str(request["recipient"]),
        [str(id) for id in request["datasets"]],
        [str(id) for id in request.get("regions", [])],
    )
    passphrase = passwords.made()
    file = package.encrypted(package.packed(found, run.load_catalog(folders)), passphrase)
    return {
        "file_name": package.file_name(found),
        "content": base64.b64encode(file).decode(),
        "passphrase": passphrase,
    }
