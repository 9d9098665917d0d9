"""The command of the assistant: how a town's own table would be read, and what must be asked."""

import argparse
import json
from pathlib import Path

from indicators.errors import BildungsblickError
from indicators.folders import Folders


def add(commands: "argparse._SubParsersAction") -> None:
    """The parser of `propose`."""
    propose = commands.add_parser(
        "propose", help="vorschlagen, wie eine eigene Tabelle gelesen wird (JSON)"
    )
    propose.add_argument("file", nargs="?", type=Path, metavar="DATEI")
    propose.add_argument("--answers", type=Path, metavar="JSON", help="was schon beantwortet ist")
    propose.add_argument(
        "--serve", action="store_true", help="Fragen der Seite „Daten einlesen“ beantworten"
    )


def propose(given, folders: Folders) -> int:
    """0 unless the file is refused; with `--serve` when there are no more questions."""
    from indicators.assistant import serve
    from indicators.assistant.propose import Assistant

    if given.serve:
        return serve.serve(folders)
    if given.file is None:
        raise BildungsblickError("Es fehlt die Datei. Nächster Schritt: propose DATEI")
    serve.limit()
    answers = json.loads(given.answers.read_text(encoding="utf-8")) if given.answers else {}
    found = Assistant(folders).propose(given.file.read_bytes(), given.file.name, answers)
    print(json.dumps(found.as_json(), ensure_ascii=False, indent=2))
    return int(found.state == "refused")
