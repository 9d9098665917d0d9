"""The assistant's process: it reads what was dropped, so that no file can hurt the server. One
for all readers, one request at a time; one that takes too long is ended and another begun."""

import json
import os
import selectors
import subprocess
import sys
import threading
import time
from typing import Any

from indicators.errors import BildungsblickError
from indicators.folders import PROJECT, Folders

SECONDS = 60
_STOPPED = (
    "{file}: die Datei ließ sich nicht lesen; das Lesen dauerte länger als eine Minute oder "
    "brauchte zu viel Speicher. Nächster Schritt: nur die Tabelle, ohne leere Zeilen und "
    "Bilder, in eine neue Datei kopieren"
)
_alone = threading.Lock()
_running: dict[str, subprocess.Popen[bytes]] = {}


def ask(folders: Folders, content: bytes, request: dict[str, Any]) -> dict[str, Any]:
    """The assistant's answer. Raises BildungsblickError with what it says against the file."""
    line = json.dumps(request | {"length": len(content)}).encode() + b"\n"
    with _alone:
        try:
            process = _process(folders)
            found = _answer(process, line + content)
        except (OSError, TimeoutError, ValueError) as error:
            _end(folders)
            raise BildungsblickError(_STOPPED.format(file=request["file"])) from error
    if "error" in found:
        raise BildungsblickError(found["error"])
    return found


def _process(folders: Folders) -> subprocess.Popen[bytes]:
    key = str(folders.data)
    process = _running.get(key)
    if process is None or process.poll() is not None:
        process = subprocess.Popen(
            [sys.executable, "-m", "indicators", "--data", key, "propose", "--serve"],
            cwd=PROJECT,
            env=os.environ | {"PYTHONPATH": str(PROJECT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # an unforeseen traceback could quote a file
            stderr=subprocess.DEVNULL,
        )
        _running[key] = process
    return process


def _answer(process: subprocess.Popen[bytes], request: bytes) -> dict[str, Any]:
    assert process.stdin and process.stdout
    process.stdin.write(request)
    process.stdin.flush()
    found, until = bytearray(), time.monotonic() + SECONDS
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while not found.endswith(b"\n"):
            if not selector.select(max(until - time.monotonic(), 0)):
                raise TimeoutError
            piece = os.read(process.stdout.fileno(), 1 << 20)
            if not piece:
                raise OSError("the process has ended")
            found += piece
    return json.loads(found)


def _end(folders: Folders) -> None:
    if process := _running.pop(str(folders.data), None):
        process.kill()
        process.wait()
