"""The command line: receive, update, build, check, audit, list, answer, paper, and those of
`commands/`; messages in German.

Each command imports what it needs itself: who asks for an answer does not wait for the solver and
the readers of spreadsheets that a build needs, and who asks for help waits for nothing.

Long because every command stands here with its help, its options and its messages.
"""

import argparse
import gc
import json
import os
import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from indicators import jobs, writing
from indicators.commands import accounts, copies, exchange, reading, releases
from indicators.errors import BildungsblickError
from indicators.folders import Folders, default

if TYPE_CHECKING:
    from indicators.publishing.receive_boundaries import Told

_BUILD = "Nächster Schritt: mit „python -m indicators build“ einen neuen Datenstand bauen."

# The ways out and the sizes of pictures (export/ways.py, export/sheet.py), here once more because
# the help must not wait for what they need; a test holds them equal.
FORMATS = ("json", "png", "svg", "pdf", "pptx", "docx", "xlsx", "csv")
PAPERS = ("pptx", "html", "pdf", "docx", "xlsx")
SIZES = ("card", "slide", "a4")
_AGENDA = "toml"  # instead of a paper: the agenda that it is made of

# What may be said of boundaries when they are received.
_TOLD = ("stand", "attribution", "licence", "id", "name", "crs")


class _Parser(argparse.ArgumentParser):
    """argparse in German: its own words are English."""

    def __init__(self, **keywords):
        super().__init__(add_help=False, **keywords)
        self._optionals.title = "Optionen"
        self._positionals.title = "Angaben"
        self.add_argument("-h", "--help", action="help", help="zeigt diese Hilfe")

    def format_usage(self) -> str:
        return super().format_usage().replace("usage:", "Aufruf:", 1)

    def format_help(self) -> str:
        return super().format_help().replace("usage:", "Aufruf:", 1)

    def error(self, message: str):
        for english, german in (
            ("the following arguments are required:", "es fehlt:"),
            ("unrecognized arguments:", "unbekannte Angabe:"),
            ("invalid choice:", "nicht erlaubt:"),
            ("(choose from", "(erlaubt sind"),
            ("expected one argument", "hier fehlt ein Wert"),
            ("invalid fromisoformat value:", "kein Tag wie 2024-12-31:"),
            ("argument", "Angabe"),
        ):
            message = message.replace(english, german)
        self.print_usage(sys.stderr)
        self.exit(2, f"Fehler: {message}\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python -m indicators",
        description="Amtliche Tabellen annehmen, einen Datenstand bauen, Antworten ausgeben.",
    )
    parser.add_argument(
        "--data", type=Path, metavar="ORDNER", help="mit einem anderen Datenordner arbeiten"
    )
    commands = parser.add_subparsers(
        title="Befehle", dest="command", required=True, metavar="BEFEHL", parser_class=_Parser
    )
    _add_receiving(commands)
    _add_building(commands)
    _add_asking(commands)
    reading.add(commands)
    exchange.add(commands)
    copies.add(commands)
    accounts.add(commands)
    return parser


def _add_receiving(commands: "argparse._SubParsersAction[_Parser]") -> None:
    """The commands that take in files."""
    receive = commands.add_parser("receive", help="Dateien prüfen und annehmen")
    receive.add_argument(
        "--instead",
        action="store_true",
        help="statt der Dateien, die für dieselben Zeiträume schon vorliegen",
    )
    receive.add_argument("files", nargs="+", type=Path, metavar="DATEI")
    told = receive.add_argument_group("von Grenzen (GeoJSON, zip mit Shape-Datei, GeoPackage)")
    told.add_argument("--stand", type=date.fromisoformat, metavar="TAG", help="wie 2024-12-31")
    told.add_argument("--attribution", default="", metavar="TEXT", help="wer zu nennen ist: „© …“")
    told.add_argument("--licence", default="", metavar="TEXT", help="wie dl-de/by-2-0")
    told.add_argument("--id", default="", metavar="SPALTE", help="in der die Schlüssel stehen")
    told.add_argument("--name", default="", metavar="SPALTE", help="in der die Namen stehen")
    told.add_argument("--crs", default="", metavar="EPSG:NUMMER", help="welche Koordinaten es sind")
    fetch = commands.add_parser("update", help="aktuelle amtliche Tabellen herunterladen")
    fetch.add_argument(
        "--from", dest="source", metavar="ADRESSE", help="andere Adresse oder ein Ordner"
    )
    fetch.add_argument(
        "--instead", action="store_true", help="statt der vorliegenden desselben Stands"
    )
    fetch.add_argument("--build", action="store_true", help="danach einen Datenstand bauen")
    fetch.add_argument("--aside", action="store_true", help="ihn nur als Vorschau bauen")
    fetch.add_argument("tables", nargs="*", metavar="TABELLE", help="nur diese Tabellen")


def _add_building(commands: "argparse._SubParsersAction[_Parser]") -> None:
    """The commands that make of files a release, or say what it would be and whether it is safe."""
    build = commands.add_parser("build", help="einen neuen Datenstand bauen und veröffentlichen")
    build.add_argument("--quiet", action="store_true", help="nur Hinweise und Fehler ausgeben")
    build.add_argument(
        "--anew", action="store_true", help="auch berechnen, was sich nicht geändert hat"
    )
    build.add_argument(
        "--aside",
        action="store_true",
        help="nur als Vorschau bauen und prüfen; veröffentlicht wird mit „publish“",
    )
    build.add_argument("--reason", default="", metavar="TEXT", help="warum veröffentlicht wird")
    check = commands.add_parser(
        "check", help="Definitionen und Dateien prüfen, nichts veröffentlichen"
    )
    check.add_argument(
        "--preview",
        action="store_true",
        help="in Sekunden: was wäre neu oder anders? Ohne Schutz und Schutzprüfung, nur für das "
        "Amt",
    )
    check.add_argument("--json", action="store_true", help="die Vorschau für ein Programm ausgeben")
    audit = commands.add_parser(
        "audit", help="prüfen, was sich aus einem Datenstand oder aus Exporten berechnen lässt"
    )
    audit.add_argument(
        "target", nargs="?", metavar="DATENSTAND|ORDNER", help="sonst der Datenstand in Kraft"
    )


def _add_asking(commands: "argparse._SubParsersAction[_Parser]") -> None:
    """The commands that look at what there is."""
    commands.add_parser("list", help="vorhandene Datenstände zeigen")
    releases.add(commands)
    ask = commands.add_parser("answer", help="eine Antwort ausgeben")
    ask.add_argument("view", nargs="?", metavar="ANSICHT", help="wie in der Adresse der Seite")
    ask.add_argument("--beleg", metavar="BELEG", help="statt einer Ansicht: die hinter einem Beleg")
    ask.add_argument(
        "--agenda", metavar="MAPPE", help="in der der Beleg steht; sonst alle gespeicherten"
    )
    ask.add_argument(
        "--format", choices=FORMATS, default="json", metavar="FORMAT", help=", ".join(FORMATS)
    )
    ask.add_argument(
        "--size",
        choices=SIZES,
        default="card",
        metavar="GRÖSSE",
        help="eines Bilds: card, slide (16:9) oder a4 (Textspalte)",
    )
    ask.add_argument("--output", type=Path, metavar="DATEI", help="statt auf die Standardausgabe")
    paper = commands.add_parser("paper", help="eine Sitzungsmappe als Datei ausgeben")
    paper.add_argument(
        "agenda",
        nargs="?",
        metavar="MAPPE",
        help="Datei (.toml) oder Name einer gespeicherten Mappe",
    )
    paper.add_argument("--preset", metavar="VORLAGE", help="statt einer Mappe: aus einer Vorlage")
    paper.add_argument("--region", metavar="GEBIET", help="für die Vorlage, wie verbund:hof")
    paper.add_argument("--topic", default="", metavar="THEMA", help="für die Vorlage")
    paper.add_argument(
        "--renew",
        action="store_true",
        help="die Mappe auf den neuesten Datenstand bringen, mit den Änderungen als Folie",
    )
    paper.add_argument(
        "--format",
        choices=(*PAPERS, _AGENDA),
        default="pdf",
        metavar="FORMAT",
        help=f"{', '.join(PAPERS)}, {_AGENDA} (die Mappe selbst)",
    )
    paper.add_argument("--output", type=Path, metavar="DATEI", help="statt auf die Standardausgabe")


def main(arguments: list[str] | None = None) -> int:
    """Runs one command; 0 only if all went well."""
    with jobs.told() as ended:
        parser = _parser()
        given = parser.parse_args(arguments)
        if given.command == "answer" and bool(given.view) == bool(given.beleg):
            parser.error("es fehlt: ANSICHT, oder --beleg mit dem Code aus einem Papier")
        folders = Folders(given.data.resolve()) if given.data else default()
        ended.append(_run(given, folders))
    return ended[0]


def _run(given: argparse.Namespace, folders: Folders) -> int:
    try:
        releases.settle(folders)
        status = (_COMMANDS | releases.COMMANDS)[given.command](given, folders)
        sys.stdout.flush()  # what could not be written is told here, and not when the process ends
        return status
    except BildungsblickError as error:
        _say(f"Fehler: {error}")
        return 1
    except OSError as error:
        # whatever a file or folder that cannot be read or written does to a command
        _say(f"Fehler: {error.filename or 'Datei'}: {writing.reason(error)}")
        return 1


def _say(text: str) -> None:
    print(text, file=sys.stderr)


def _build(given, folders: Folders) -> int:
    from indicators.publishing import processes

    processes.begin()
    from indicators.publishing import run

    aside = given.aside or folders.four_eyes
    built = run.build(
        folders,
        anew=given.anew,
        aside=aside,
        progress=_Once() if given.quiet else _progress,
        **({"reason": given.reason} if given.reason else {}),
    )
    if given.quiet:
        for text in built.report.of("error"):
            _say(f"Fehler: {text}")
        for text in built.report.of("warning"):
            _say(f"Hinweis: {text}")
    elif built.report.sections:
        _say(built.report.text())
    if aside and built.complete and not built.published:
        _say(
            f"Datenstand {built.id} als Vorschau gebaut und geprüft; er gilt noch nicht. Nächster "
            f"Schritt: „python -m indicators difference“, dann „python -m indicators publish "
            f"{built.id} --reason …“ oder die Seite „Veröffentlichen“."
        )
        return 0
    if not built.published:
        _say(
            "Nicht veröffentlicht: der Prüfbericht enthält Fehler. Der bisherige Datenstand gilt "
            "weiter."
        )
        return 1
    state = "unverändert in Kraft" if built.unchanged else "gebaut und in Kraft"
    _say(f"Datenstand {built.id} {state}.")
    return 0


class _Once:
    """Progress for who wants to see little: something is being done, and it takes time."""

    def __init__(self):
        self.told = False

    def __call__(self, name: str) -> None:
        if not self.told:
            _say("Ein neuer Datenstand wird gebaut, geschützt und geprüft; das dauert Minuten …")
        self.told = True


def _progress(name: str) -> None:
    _say(f"… {name}")


def _check(given, folders: Folders) -> int:
    if given.preview:
        from indicators.publishing import preview

        seen = preview.look(folders)
        if given.json:
            print(json.dumps(seen.as_json(), ensure_ascii=False))
        else:
            _say(seen.text)
        return int(seen.refused)
    from indicators.publishing import run

    built = run.build(folders, only_check=True)
    _say(built.report.text())
    return 1 if built.report.of("error") else 0


def _audit(given, folders: Folders) -> int:
    """0 if nobody can work out what is protected, in a release or in a folder of exported CSVs."""
    from indicators import formats
    from indicators.publishing import auditing, proofs
    from indicators.release import releases as release

    target = Path(given.target) if given.target else None
    objections: tuple[str, ...] = ()
    if target is not None and target.is_dir():
        opened = release.open_release(folders)
        found = [auditing.audit_folder(target, opened)]
        print(found[0].text())
    else:
        opened = release.open_release(folders, given.target)
        if not opened.is_protected:
            _say(f"Der Datenstand {opened.id} stammt aus der Zeit vor dem Schutz kleiner Zahlen.")
        found = []
        earlier = auditing.earlier_releases(opened, folders)
        for group in auditing.audited_together(opened):
            names = {id: opened.catalog.datasets[id].name for id in group}
            _progress(formats.listing(list(names.values())))
            for id, one in auditing.audit_datasets(opened, group, earlier).items():
                found.append(one)
                print(f"{names[id]}\n{one.text()}\n")
        if checked := proofs.check(opened, folders, opened.protection):
            objections = checked.objections
            print("\n".join(objections or [proofs.words([checked])]))
    refused = sum(not one.verdict.ok for one in found) + len(objections)
    _say("Einwände: " + (str(refused) if refused else "keine"))
    return int(bool(refused))


def _list(given, folders: Folders) -> int:
    from indicators import formats
    from indicators.release import releases as release

    found = release.listed(folders)
    moments = [one.published for one in found]
    for one in found:
        mark = "  in Kraft" if one.in_force else ""
        print(f"{one.id}  {formats.moment(one.published, moments)}{mark}")
    for one in release.candidates(folders):
        print(f"{one.id}  {formats.minute(one.published)}  Vorschau, nicht veröffentlicht")
    if not found:
        _say(f"Es gibt noch keinen Datenstand. {_BUILD}")
    return 0


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """Without looking for garbage, of which a short command makes little: importing pandas alone
    would set it off a hundred times, for a fifth of the time of an answer."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _asked(given, folders: Folders) -> str:
    """The view that is asked for, itself or by its code."""
    if given.view:
        return given.view
    from indicators.export import tracing

    found = tracing.search(folders, given.beleg, given.agenda or "")
    query = found.view.to_query()
    _say(f"{found.agenda}, Folie {found.number}: {query}")
    return query


@_nothing_collected()
def _answer(given, folders: Folders) -> int:
    from indicators import view
    from indicators.answers.answering import answer
    from indicators.release import releases as release
    from indicators.saved import events

    query = dict(view.parse_query(_asked(given, folders)))
    opened = release.open_release(folders, query.get("release"))
    if not query.get("release") and (notice := release.notice(folders, opened)):
        _say(f"{notice} {_BUILD}")
    asked = view.parse(query, opened.catalog, opened.regions)
    found = answer(opened, asked, events.in_force(folders)).in_sight
    if given.format == "json":
        content = json.dumps(found.as_json(), ensure_ascii=False, indent=2).encode() + b"\n"
    else:
        from indicators.export import ways

        content = ways.made(found, given.format, folders, size=given.size)
    _put(content, given.output)
    return 0


def _put(content: bytes, output: Path | None) -> None:
    if output is None:
        sys.stdout.buffer.write(content)
        return
    try:
        output.write_bytes(content)
    except OSError as error:
        raise BildungsblickError(
            f"{output} kann nicht geschrieben werden ({error.strerror}). Nächster "
            "Schritt: einen vorhandenen Ordner mit Schreibrecht angeben."
        ) from error


def _agenda_of(given, folders: Folders):
    """The agenda that is asked for: as it is, of a preset, or made again on the newest release."""
    from indicators.export import drafting, renewal
    from indicators.saved import agendas

    if bool(given.agenda) == bool(given.preset) or bool(given.preset) != bool(given.region):
        raise BildungsblickError(
            "Anzugeben ist eine Mappe oder eine Vorlage mit Gebiet. Nächster Schritt: paper MAPPE "
            "oder paper --preset VORLAGE --region GEBIET."
        )
    if given.preset:
        return drafting.of_preset(folders, given.preset, given.region, given.topic)
    found = agendas.named(folders, given.agenda)
    if not given.renew:
        return found
    renewed = renewal.on_newest(folders, found)
    for name, text in renewed.changes:
        _say(f"{name}: {text}")
    return renewed.agenda


@_nothing_collected()
def _paper(given, folders: Folders) -> int:
    """1 where a view has no answer: the file is there all the same, and says so."""
    from functools import partial

    from indicators import agenda as agendas
    from indicators.answers.answering import answer
    from indicators.export import ways
    from indicators.saved import events

    agenda = _agenda_of(given, folders)
    if given.format == _AGENDA:
        _put(agendas.written(agenda).encode(), given.output)
        return 0
    ask = partial(answer, annotations=events.in_force(folders))
    content, missing = ways.paper(agenda, given.format, folders, ask=ask)
    _put(content, given.output)
    for text in missing:
        _say(f"Ohne Antwort, {text}")
    return int(bool(missing))


def _receive(given, folders: Folders) -> int:
    from indicators.publishing import receive_boundaries
    from indicators.publishing.receive import Receiver, Refused
    from indicators.publishing.receive_boundaries import Told

    packages, others = _parted(given.files, exchange.is_package)
    drawn, others = _parted(others, receive_boundaries.is_boundaries)
    told = Told(**{name: getattr(given, name) for name in _TOLD})
    if others and told != Told():
        raise BildungsblickError(
            f"Die Optionen {', '.join(f'--{name}' for name in _TOLD)} gelten nur für Grenzen, "
            f"{others[0].name} ist aber keine Datei mit Grenzen. Nächster Schritt: Tabellen ohne "
            "sie annehmen."
        )
    failed = taken = False
    results = Receiver(folders).receive_all(others, instead=given.instead) if others else ()
    for result in results:
        if isinstance(result, Refused):
            _say(f"Nicht angenommen. {result.error}")
            failed = True
            continue
        _say(result.report.text())
        _say(result.stored.message)
        taken = taken or result.stored.is_changed
    if packages:
        refused, more = exchange.take(packages, folders, instead=given.instead)
        failed, taken = failed or refused, taken or more
    if drawn:  # after the tables, which may name the Gemeinden that these areas are of
        refused, more = _receive_boundaries(drawn, told, folders)
        failed, taken = failed or refused, taken or more
    if taken:
        _say(_BUILD)
    return int(failed)


def _parted(paths: list[Path], fits: Callable[[Path], bool]) -> tuple[list[Path], list[Path]]:
    return [p for p in paths if fits(p)], [p for p in paths if not fits(p)]


def _receive_boundaries(paths: list[Path], told: "Told", folders: Folders) -> tuple[bool, bool]:
    """Whether one was refused, and whether one was taken."""
    from indicators.publishing import receive_boundaries
    from indicators.sources import receiving

    failed = taken = False
    for path in paths:
        try:
            found = receive_boundaries.take(path, folders, told)
            receiving.remove_stray(path, found.path, folders)
        except BildungsblickError as error:
            _say(f"Nicht angenommen. {error}")
            failed = True
            continue
        _say("\n".join(found.lines))
        taken = taken or found.is_new
    return failed, taken


def _update(given, folders: Folders) -> int:
    from indicators import formats
    from indicators.publishing.receive import Receiver
    from indicators.sources.update import update

    receiver = Receiver(folders)
    results = update(
        receiver.catalog,
        folders,
        given.source,
        take=lambda content, name, tables, address: receiver.take(
            content,
            name,
            tables,
            address,
            command=_update_command(given.source, name.removesuffix("_00.csv")),
            instead=given.instead,
        ),
        only=given.tables,
        report=lambda result: _say(result.message),
    )
    failed = sum(result.outcome == "failed" for result in results)
    new = sum(result.outcome == "new" for result in results)
    _say(
        f"{formats.quantity(new, 'neue Ausgabe', 'neue Ausgaben')}, "
        f"{formats.quantity(failed, 'Tabelle', 'Tabellen')} nicht erhalten."
        + (f" {_BUILD}" if new and not given.build else "")
    )
    # what was received counts, also where another table failed
    asked = argparse.Namespace(quiet=True, anew=False, aside=given.aside, reason="")
    built = _build(asked, folders) if given.build else 0
    return int(bool(failed or built))


def _update_command(source: str | None, code: str) -> str:
    """The command that downloads a table again and lets it count instead of others."""
    origin = f"--from {shlex.quote(source)} " if source else ""
    return f"„python -m indicators update --instead {origin}{code}“"


_COMMANDS = {
    "receive": _receive,
    "propose": reading.propose,
    "exchange": exchange.exchange,
    "calendar": exchange.calendar,
    "update": _update,
    "build": _build,
    "check": _check,
    "audit": _audit,
    "list": _list,
    "answer": _answer,
    "paper": _paper,
    "backup": copies.backup,
    "restore": copies.restore,
    "account": accounts.account,
    "konto": accounts.account,
    "history": accounts.history,
}

if __name__ == "__main__":
    status = main()
    # the system takes all back at once: tidying it up first would take a tenth of a second
    os._exit(status)
