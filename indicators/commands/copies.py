"""The commands for copies of all that is a town's own: making one, and the way back."""

import argparse
import sys
from datetime import date
from pathlib import Path

from indicators.errors import BuildError
from indicators.folders import Folders


def add(commands: "argparse._SubParsersAction") -> None:
    """The parsers of `backup` and `restore`."""
    backup = commands.add_parser(
        "backup", help="alle eigenen Daten in eine zip-Datei sichern, auch im laufenden Betrieb"
    )
    backup.add_argument(
        "file", nargs="?", type=Path, metavar="DATEI", help="sonst hier, mit dem Tag im Namen"
    )
    restore = commands.add_parser("restore", help="eine Sicherung zurückholen, auch woanders")
    restore.add_argument("file", type=Path, metavar="DATEI")
    restore.add_argument(
        "--instead",
        action="store_true",
        help="statt der Daten, die dort liegen; sie werden beiseite gelegt",
    )


def backup(given, folders: Folders) -> int:
    """Never over a file that is there: it may be the only good copy."""
    from indicators import formats
    from indicators.saved import backup as copying

    path = given.file or Path(f"bildungsblick-{date.today().isoformat()}.zip")
    if path.exists():
        raise BuildError(
            f"{path} gibt es schon. Nächster Schritt: einen anderen Namen angeben oder die Datei "
            "umbenennen."
        )
    made = copying.write(folders, path.absolute())
    release = f", Datenstand {made.release} in Kraft" if made.release else ""
    _say(
        f"Gesichert: {formats.quantity(made.files, 'Datei', 'Dateien')} in {path}{release}. Sie "
        "enthält Unveröffentlichtes: so aufbewahren, dass nur die zuständige Stelle sie liest, und "
        "auf einem anderen Datenträger."
    )
    return 0


def restore(given, folders: Folders) -> int:
    from indicators import formats
    from indicators.commands.accounts import system_user
    from indicators.saved import backup as copying
    from indicators.saved import history

    done = copying.restore(folders, given.file.absolute(), instead=given.instead)
    made = done.copied.made.astimezone().strftime("%d.%m.%Y %H:%M")
    history.note(
        folders,
        f"Befehlszeile ({system_user()})",
        "Sicherung zurückgeholt",
        f"{given.file.name} vom {made}",
    )
    _say(
        f"Zurückgeholt: {formats.quantity(done.copied.files, 'Datei', 'Dateien')} vom {made}"
        + (f", Datenstand {done.copied.release} in Kraft." if done.copied.release else ".")
    )
    if done.aside:
        _say(f"Was vorher dort lag, liegt in {done.aside}.")
    _say("Alle müssen sich neu anmelden.")
    return 0


def _say(text: str) -> None:
    print(text, file=sys.stderr)
