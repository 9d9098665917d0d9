"""The web servers that are compared, each a process of its own on a free port."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from indicators.folders import PROJECT

APPS = Path(__file__).parent / "apps"


@dataclass(frozen=True)
class Server:
    """A running server."""

    port: int
    process: int = 0

    def processor_time(self) -> float:
        """Seconds the process has used until now, all threads together."""
        fields = Path(f"/proc/{self.process}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def bare_page(work: Path) -> Iterator[Server]:
    """Streamlit with its default settings, hence outside the project and its config.toml."""
    settings = ["--server.headless=true", "--browser.gatherUsageStats=false"]
    with _running(APPS / "bare.py", settings, work, work) as server:
        yield server


@contextmanager
def dashboard(data: Path, work: Path) -> Iterator[Server]:
    """Bildungsblick as `make run` serves it."""
    with _running(Path("dashboard.py"), [], PROJECT, work, BILDUNGSBLICK_DATA=str(data)) as server:
        yield server


@contextmanager
def one_map(data: Path, work: Path) -> Iterator[Server]:
    """One map alone, drawn by our component or by Plotly (`?by=plotly`)."""
    app = APPS / "one_map.py"
    with _running(app, [], PROJECT, work, BILDUNGSBLICK_DATA=str(data)) as server:
        yield server


@contextmanager
def _running(
    script: Path, settings: list[str], folder: Path, work: Path, **environment: str
) -> Iterator[Server]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    log = work / f"{script.stem}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", str(script), f"--server.port={port}"]
            + settings,
            cwd=folder,
            env=os.environ | environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    server = Server(port, process.pid)
    try:
        deadline = time.monotonic() + 60
        while not _answers(f"{server.address}/_stcore/health"):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{script} did not start:\n{log.read_text()}")
            time.sleep(0.1)
        yield server
    finally:
        process.terminate()
        process.wait(timeout=20)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2) as answer:
            return answer.status == 200
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False
