"""What the command line does with releases that are there: publish, take-back, difference, tidy.

Each command imports what it needs itself, as in __main__.
"""

import argparse
import json
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from indicators.errors import BildungsblickError
from indicators.folders import Folders

if TYPE_CHECKING:
    from indicators.release.releases import Release

WHO = "Befehlszeile"
DIFFERENCE_FORMATS = ("json", "xlsx")


def add(commands: "argparse._SubParsersAction") -> None:
    """Adds the commands to the parser."""
    publish = commands.add_parser("publish", help="eine Vorschau veröffentlichen")
    publish.add_argument("release", nargs="?", metavar="DATENSTAND", help="sonst die Vorschau")
    publish.add_argument("--reason", required=True, metavar="TEXT", help="warum")
    publish.add_argument("--who", default=WHO, metavar="NAME", help="wer veröffentlicht")
    publish.add_argument(
        "--from",
        dest="moment",
        type=datetime.fromisoformat,
        metavar="ZEITPUNKT",
        help="gilt erst ab dann, wie 2026-12-01T10:00 (Zeit dieses Rechners)",
    )
    release = commands.add_parser("release", help="freigeben, was jemand anderes vorgelegt hat")
    release.add_argument("--who", required=True, metavar="NAME", help="wer freigibt")
    for name, told in (
        ("take-back", "den Datenstand in Kraft zurücknehmen: Der davor gilt wieder"),
        ("withdraw", "zurückziehen, was vorgelegt oder für später freigegeben ist"),
    ):
        back = commands.add_parser(name, help=told)
        back.add_argument("--reason", required=True, metavar="TEXT", help="warum")
        back.add_argument("--who", default=WHO, metavar="NAME", help="wer das tut")
    compare = commands.add_parser("difference", help="was an einem Datenstand anders ist")
    compare.add_argument("releases", nargs="*", metavar="DATENSTAND", help="früherer, späterer")
    compare.add_argument(
        "--format", choices=DIFFERENCE_FORMATS, metavar="FORMAT", help="json oder xlsx"
    )
    compare.add_argument("--output", type=Path, metavar="DATEI", help="statt auf die Ausgabe")
    commands.add_parser(
        "tidy", help="alte Datenstände löschen, die niemand braucht (Einstellung keep_releases)"
    )


def settle(folders: Folders) -> None:
    """Before any command: what is due comes into force."""
    if folders.releasing.is_dir():
        from indicators.release import publication

        publication.settle(folders)


def _publish(given: argparse.Namespace, folders: Folders) -> int:
    from indicators.release import publication, releases

    id = given.release or next((one.id for one in releases.candidates(folders)), "")
    if not id:
        raise BildungsblickError(
            "Es gibt keine Vorschau. Nächster Schritt: „python -m indicators build --aside“."
        )
    moment = given.moment.astimezone() if given.moment else None
    plan = publication.publish(folders, id, who=given.who, reason=given.reason, not_before=moment)
    _say_what_is(plan.release, folders)
    return 0


def _release(given: argparse.Namespace, folders: Folders) -> int:
    from indicators.release import publication

    _say_what_is(publication.release(folders, who=given.who).release, folders)
    return 0


def _say_what_is(id: str, folders: Folders) -> None:
    from indicators.release import publication

    waits = publication.plan(folders)
    told = publication.waiting(waits) if waits else "ist in Kraft"
    print(f"Datenstand {id} {told}.", file=sys.stderr)


def _take_back(given: argparse.Namespace, folders: Folders) -> int:
    from indicators.release import publication

    again = publication.take_back(folders, who=given.who, reason=given.reason)
    print(f"Zurückgenommen. Datenstand {again} ist wieder in Kraft.", file=sys.stderr)
    return 0


def _withdraw(given: argparse.Namespace, folders: Folders) -> int:
    from indicators.release import publication

    publication.withdraw(folders, who=given.who, reason=given.reason)
    print("Die Freigabe ist zurückgezogen; die Vorschau bleibt.", file=sys.stderr)
    return 0


def _difference(given: argparse.Namespace, folders: Folders) -> int:
    from indicators.release.difference import difference

    before, after = _two(given.releases, folders)
    found = difference(before, after)
    if given.format == "xlsx":
        from indicators.export.difference import to_xlsx

        content = to_xlsx(found)
    elif given.format == "json":
        content = json.dumps(found.as_json(), ensure_ascii=False, indent=1).encode() + b"\n"
    else:
        content = "\n".join(_lines(found)).encode() + b"\n"
    if given.output:
        given.output.write_bytes(content)
    else:
        sys.stdout.buffer.write(content)
    return 0


def _lines(found) -> list[str]:
    """A difference for who reads it in a terminal: a line a value."""
    lines = [f"{found.before.id} → {found.after.id}: {found.sentence()}"]
    for row in found.rows.to_dict("records"):
        indicator, region, period, kind, before, after = found.words(row)
        lines.append(f"  {indicator}, {region}, {period}: {before} → {after} ({kind})")
    lines += [f"  Definition: {one.name} ({one.kind})" for one in found.definitions]
    return lines


def _two(named: list[str], folders: Folders) -> tuple["Release", "Release"]:
    """The releases to compare: those named; by default the one in force with the candidate, or
    with the one before where there is none."""
    from indicators.release import publication, releases

    ready = [one.id for one in releases.candidates(folders)]

    def opened(id: str) -> "Release":
        asked = f"{releases.PREVIEW}{id}" if id in ready else id
        return releases.open_release(folders, asked, unpublished=True)

    if len(named) > 2:
        raise BildungsblickError("Verglichen werden zwei Datenstände, nicht mehr.")
    current = releases.current_id(folders)
    if len(named) == 2:
        return opened(named[0]), opened(named[1])
    if len(named) == 1:
        return opened(current), opened(named[0])
    if ready:
        return opened(current), opened(ready[0])
    before = publication.one_before(folders)
    if before is None:
        raise BildungsblickError(
            "Es gibt weder eine Vorschau noch einen früheren Datenstand, mit dem sich vergleichen "
            "ließe. Nächster Schritt: „python -m indicators build --aside“."
        )
    return opened(before.id), opened(current)


def _tidy(_: argparse.Namespace, folders: Folders) -> int:
    from indicators.release import keeping

    removed = keeping.tidy(folders, WHO)
    for id in removed:
        print(f"Datenstand {id} gelöscht.", file=sys.stderr)
    if not removed:
        print("Nichts zu löschen: Jeder Datenstand wird behalten.", file=sys.stderr)
    return 0


COMMANDS = {
    "publish": _publish,
    "release": _release,
    "take-back": _take_back,
    "withdraw": _withdraw,
    "difference": _difference,
    "tidy": _tidy,
}
