"""What passes between offices: the command that makes a package of figures for another one, the way
in for one that came from there, and the calendar of what is to come."""

import argparse
import getpass
import json
import sys
from datetime import date
from pathlib import Path

from indicators import writing
from indicators.errors import BildungsblickError, BuildError
from indicators.folders import Folders


def add(commands: "argparse._SubParsersAction") -> None:
    """The parsers of `exchange` and `calendar`."""
    exchange = commands.add_parser(
        "exchange", help="eigene Datensätze für eine andere Stelle als Austauschpaket (zip) packen"
    )
    exchange.add_argument(
        "datasets", nargs="*", metavar="DATENSATZ", help="ohne Angabe werden alle genannt"
    )
    exchange.add_argument(
        "--from", dest="sender", default="", metavar="STELLE", help="wer es weitergibt"
    )
    exchange.add_argument(
        "--region",
        action="append",
        default=[],
        metavar="SCHLÜSSEL",
        help="nur diese mit allen darin",
    )
    exchange.add_argument(
        "--output", type=Path, metavar="DATEI", help="sonst hier, mit Namen und Tag"
    )
    exchange.add_argument(
        "--unprotected-for",
        default="",
        dest="recipient",
        metavar="STELLE",
        help="ungeschützte Zahlen, verschlüsselt, für diese Stelle allein",
    )
    calendar = commands.add_parser(
        "calendar",
        help="welche Lieferung wann fällig ist und welche amtliche Tabelle neu erscheint",
    )
    calendar.add_argument("--format", choices=("text", "json", "ics"), default="text")
    calendar.add_argument("--output", type=Path, metavar="DATEI", help="sonst auf den Bildschirm")


def calendar(given: argparse.Namespace, folders: Folders) -> int:
    """A line a delivery: how it stands, what, from whom."""
    from indicators.exchange import calendar as calendars
    from indicators.saved import expected

    for told in expected.listed(folders)[1]:
        _say(f"Nicht lesbar: {told}")
    rows = calendars.listed(folders, date.today())
    if given.format == "ics":
        content = calendars.as_icalendar(rows)
    elif given.format == "json":
        content = json.dumps([row.as_json() for row in rows], ensure_ascii=False, indent=1).encode()
    else:
        lines = [
            f"{calendars.STATES[row.state]}: {row.title}, {row.sender}; {row.words}" for row in rows
        ]
        content = "\n".join(lines).encode()
    if given.output:
        writing.write(given.output, content)
    else:
        print(content.decode())
    return 0


def exchange(given: argparse.Namespace, folders: Folders) -> int:
    """Never over a file that is there."""
    from indicators import look
    from indicators.exchange import making, package
    from indicators.release import releases

    release = releases.open_release(folders)
    if not given.datasets:
        for id, name in making.offered(release).items():
            print(f"{id}  {name}")
        return 0
    sender = given.sender or look.read(folders).name
    if not sender:
        raise BildungsblickError("Es fehlt, wer weitergibt. Nächster Schritt: --from STELLE")
    if given.recipient:
        from indicators.exchange import unprotected

        content = unprotected.of_deliveries(
            folders, sender, given.recipient, given.datasets, given.region
        )
    else:
        content = making.of_release(release, sender, given.datasets, given.region)
    file = package.packed(content, release.catalog)
    passphrase = ""
    if given.recipient:
        from indicators.saved import passwords

        passphrase = passwords.made()
        file = package.encrypted(file, passphrase)
    path = given.output or Path(package.file_name(content))
    if path.exists():
        raise BuildError(f"{path} gibt es schon. Nächster Schritt: einen anderen Namen angeben.")
    with writing.explained(path):
        path.write_bytes(file)
    _noted(folders, content.sender, given.datasets, given.recipient)
    names = package.listed(given.datasets, release.catalog)
    _say(f"Gepackt: {names} in {path}, {content.protection}.")
    if passphrase:
        _say(
            f"Kennwort: {passphrase}\nEs wird nur dieses eine Mal gezeigt. Der Stelle auf einem "
            "anderen Weg mitteilen als die Datei, etwa am Telefon."
        )
    return 0


def _noted(folders: Folders, sender: str, datasets: list[str], recipient: str) -> None:
    from indicators.commands.accounts import system_user
    from indicators.saved import history

    whom = f", ungeschützt für {recipient}" if recipient else ""
    who, what = f"Befehlszeile ({system_user()})", f"{', '.join(datasets)} von {sender}{whom}"
    history.note(folders, who, "Austauschpaket gepackt", what)


def is_package(path: Path) -> bool:
    """Whether a file is one that an office has passed on, encrypted or not."""
    from indicators.exchange import package

    try:
        content = path.read_bytes()
    except OSError:
        return False
    return package.is_encrypted(content) or package.is_package(content)


def take(paths: list[Path], folders: Folders, *, instead: bool) -> tuple[bool, bool]:
    """Receives packages; whether one was refused, and whether one was taken."""
    from indicators.exchange import package, taking

    refused = taken = False
    for path in paths:
        try:
            content = path.read_bytes()
            if package.is_encrypted(content):
                content = package.decrypted(content, path.name, _passphrase(path.name))
                if not package.is_package(content):
                    raise BildungsblickError(f"{path.name}: darin ist kein Austauschpaket.")
            found = taking.take(content, path.name, folders, instead=instead)
        except BildungsblickError as error:
            _say(f"Nicht angenommen. {error}")
            refused = True
            continue
        _say(found.received.report.text())
        _say(found.message)
        taken = taken or found.received.stored.is_changed
    return refused, taken


def _passphrase(file: str) -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    return getpass.getpass(f"Kennwort für {file}: ")


def _say(text: str) -> None:
    print(text, file=sys.stderr)
