"""The assistant as a process of its own, so that a hostile file can hurt nobody else: it takes
little memory, ends what takes too long, and is asked line by line.

A request is a line of JSON (do, file, answers, seen, instead, length) and then as many bytes of the
file; the answer is a line of JSON. Nothing of a file is written to disk or to a log.
"""

import json
import sys
from contextlib import suppress
from typing import Any, BinaryIO

from indicators.assistant import packages
from indicators.assistant.propose import Assistant
from indicators.assistant.take import take
from indicators.errors import BildungsblickError
from indicators.folders import Folders

MEMORY = 3_000_000_000
# To make guessing dear, a key is made of a passphrase with half a gigabyte.
_FOR_A_PASSPHRASE = 1_500_000_000
_UNEXPECTED = (
    "die Datei ließ sich nicht lesen: der Leser ist an ihr gescheitert. Nächster Schritt: die "
    "Tabelle in Excel neu als .xlsx oder CSV speichern und noch einmal versuchen"
)


def limit(more: int = 0) -> None:
    """No more memory than any real table needs and `more`, where the system can say so."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        # the soft limit alone, which the process itself may raise again for what needs more
        most = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY + more, most))
        # what is in memory must not land in a file
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def serve(folders: Folders, source: BinaryIO | None = None, sink: BinaryIO | None = None) -> int:
    """Answers requests until there are no more."""
    limit()
    incoming, outgoing = source or sys.stdin.buffer, sink or sys.stdout.buffer
    assistant: Assistant | None = None
    state: object = None
    while line := incoming.readline():
        request = json.loads(line)
        content = incoming.read(int(request["length"]))
        try:
            now = _definitions(folders)
            if assistant is None or now != state:
                assistant, state = Assistant(folders), now
            answer = handled(request, content, assistant)
        except BildungsblickError as error:
            answer = {"error": str(error)}
        except MemoryError:
            answer = {"error": f"{request['file']}: die Datei braucht zu viel Speicher"}
        except Exception:
            # its words may quote the file: they go nowhere
            answer = {"error": f"{request['file']}: {_UNEXPECTED}", "unexpected": True}
        outgoing.write(json.dumps(answer, ensure_ascii=False).encode() + b"\n")
        outgoing.flush()
    return 0


def handled(request: dict[str, Any], content: bytes, assistant: Assistant) -> dict[str, Any]:
    """The answer to one request. Raises BildungsblickError."""
    if request["do"] in packages.DOES:
        limit(_FOR_A_PASSPHRASE)
        try:
            return packages.handled(request, content, assistant.receiver.folders)
        finally:
            limit()
    file, answers = str(request["file"]), dict(request.get("answers", {}))
    if request["do"] == "take":
        seen = str(request.get("seen", ""))
        instead = bool(request.get("instead"))
        return take(content, file, answers, seen, assistant, instead=instead)
    return assistant.propose(content, file, answers).as_json()


def _definitions(folders: Folders) -> object:
    """What changes when a definition does, or a Gemeinde is received."""
    paths = [*folders.own_definitions.rglob("*.toml"), folders.received]
    return [(str(path), path.stat().st_mtime_ns) for path in sorted(paths) if path.exists()]
