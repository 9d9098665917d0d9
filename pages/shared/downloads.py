"""The download of official tables that a reader may start.

Download and build run in a process of their own, the command line, so that a page never waits for
them and nothing of it can break what is shown. Who may not start it (permission.py) is told the
command.
"""

import os
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path

import streamlit as st

from indicators import folders, writing

ARGUMENTS = ("update", "--build")
COMMAND = f"python -m indicators {' '.join(ARGUMENTS)}"


@dataclass
class Job:
    """The one download of this server: its process, None before the first."""

    process: subprocess.Popen | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def runs(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self, data: Path, log: Path) -> None:
        """Starts it, unless it runs already."""
        with self.lock:
            if self.runs:
                return
            writing.folder(log.parent, private=True)
            with log.open("wb") as output:
                self.process = subprocess.Popen(
                    [sys.executable, "-m", "indicators", "--data", str(data), *ARGUMENTS],
                    cwd=folders.PROJECT,
                    env={**os.environ, "PYTHONUNBUFFERED": "1"},
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                )


@st.cache_resource(show_spinner=False)
def job() -> Job:
    return Job()
