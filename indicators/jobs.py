"""Work in a process of its own that outlives the page, the reader and the server: a command, how
far it is and how it ended, kept in the data folder.

Each job is a small file and what its command said. The process inherits a lock that the system
gives back when it ends, however it ends: so a job that was killed is known from one that runs,
whoever asks, and no number of a process can be mistaken for another's. One works at a time.
"""

import fcntl
import json
import os
import re
import subprocess
import sys
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from indicators import folders as places
from indicators import writing
from indicators.errors import BildungsblickError
from indicators.folders import Folders

# Names the file of a job to the command that works on it.
_VARIABLE = "BILDUNGSBLICK_JOB"
_STEP = "… "  # how the command line begins a line that says what it is doing now
_KEPT = 50  # jobs that are remembered


class JobError(BildungsblickError):
    """A job cannot be started; nothing was."""


@dataclass(frozen=True)
class Job:
    """One job: the `arguments` of the command line, who began it and when (UTC), and when and with
    which `status` its command ended (0: all went well), None while it has not or where it was
    killed."""

    id: str
    arguments: tuple[str, ...]
    who: str
    started: datetime
    ended: datetime | None = None
    status: int | None = None


@dataclass(frozen=True)
class State:
    """How far a job is. `runs` is False for one that ended and for one that was killed, which
    `killed` tells apart. `steps` are what it said it was doing, `said` all it said, `result` what
    it wrote on its standard output; `share` is how much is done (0 to 1), None where no job before
    tells how much there is to do."""

    job: Job
    runs: bool
    steps: tuple[str, ...]
    said: str
    result: str
    share: float | None

    @property
    def killed(self) -> bool:
        return not self.runs and self.job.status is None

    @property
    def went_well(self) -> bool:
        return self.job.status == 0


def start(folders: Folders, arguments: Sequence[str], who: str) -> Job:
    """Starts `python -m indicators` with these arguments on the data folder. Raises JobError where
    another job is running, BuildError where nothing can be written."""
    writing.folder(folders.jobs, private=True)
    with writing.locked(folders.jobs / "start.lock"):
        if running := running_job(folders):
            raise JobError(
                "Es läuft schon ein anderer Vorgang "
                f"(„{' '.join(running.arguments)}“, begonnen von: {running.who}). Nächster "
                "Schritt: warten, bis er fertig ist."
            )
        _forget_old(folders)
        job = Job(uuid.uuid4().hex[:12], tuple(arguments), who, datetime.now(UTC))
        _write(job, folders)
        path = _path(job.id, folders)
        with writing.explained(path), path.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            with (
                path.with_suffix(".said").open("wb") as said,
                path.with_suffix(".result").open("wb") as result,
            ):
                subprocess.Popen(
                    [sys.executable, "-m", "indicators", "--data", str(folders.data), *arguments],
                    cwd=places.PROJECT,
                    env={**os.environ, "PYTHONUNBUFFERED": "1", _VARIABLE: str(path)},
                    stdin=subprocess.DEVNULL,
                    stdout=result,
                    stderr=said,
                    start_new_session=True,
                    pass_fds=(lock.fileno(),),
                )
        return job


@contextmanager
def told() -> Iterator[list[int]]:
    """Around the work of a command: notes in the file of its job how it ended. The status is put
    into the list. Does nothing for a command that is no job."""
    status: list[int] = []
    path = os.environ.pop(_VARIABLE, "")  # what it starts itself is no job
    try:
        yield status
    finally:  # also where it was called with what it does not know
        if path and (job := _read(Path(path))):
            ended = {"ended": datetime.now(UTC).isoformat(), "status": status[-1] if status else 1}
            writing.write(Path(path), json.dumps(_written(job) | ended), private=True)


def listed(folders: Folders) -> list[Job]:
    """All jobs that are remembered, the newest first."""
    found = [job for path in folders.jobs.glob("*.json") if (job := _read(path))]
    return sorted(found, key=lambda job: job.started, reverse=True)


def running_job(folders: Folders) -> Job | None:
    return next((j for j in listed(folders) if j.ended is None and _lives(j, folders)), None)


def latest(folders: Folders, *commands: str) -> Job | None:
    """The newest job of one of these commands ("build", "check --preview")."""
    return next(
        (j for j in listed(folders) if any(_is(j, command.split()) for command in commands)), None
    )


def state(job: Job, folders: Folders) -> State:
    """How far a job is now."""
    lives = job.ended is None and _lives(job, folders)
    job = _read(_path(job.id, folders)) or job  # it may have ended between the two
    said = _text(_path(job.id, folders).with_suffix(".said"))
    steps = tuple(_steps(said))
    share = None
    if job.ended is not None:
        share = 1.0
    elif expected := _expected(job, folders):
        share = min(len(steps) / expected, 0.99)
    result = _text(_path(job.id, folders).with_suffix(".result"))
    return State(job, lives and job.ended is None, steps, said, result, share)


def _expected(job: Job, folders: Folders) -> int:
    """How many steps the last job of the same command had that went well."""
    before = (j for j in listed(folders) if j.arguments == job.arguments and j.status == 0)
    return next((len(_steps(_text(_path(j.id, folders).with_suffix(".said")))) for j in before), 0)


def _steps(said: str) -> list[str]:
    return [
        line.removeprefix(_STEP).strip() for line in said.splitlines() if line.startswith(_STEP)
    ]


def _is(job: Job, command: list[str]) -> bool:
    return bool(command) and job.arguments[:1] == (command[0],) and set(command) <= {*job.arguments}


def _lives(job: Job, folders: Folders) -> bool:
    """Whether somebody holds the lock of a job."""
    try:
        lock = _path(job.id, folders).with_suffix(".lock").open("r")
    except OSError:
        return False
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _path(id: str, folders: Folders) -> Path:
    return folders.jobs / f"{id}.json"


def _write(job: Job, folders: Folders) -> None:
    writing.write(_path(job.id, folders), json.dumps(_written(job)), private=True)


def _written(job: Job) -> dict[str, object]:
    ended = job.ended and job.ended.isoformat()
    return {**asdict(job), "started": job.started.isoformat(), "ended": ended}


def _read(path: Path) -> Job | None:
    """A job as its file tells it; None where that is damaged."""
    if not re.fullmatch(r"[0-9a-f]{12}", path.stem):
        return None
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        told["started"] = datetime.fromisoformat(told["started"])
        told["ended"] = told["ended"] and datetime.fromisoformat(told["ended"])
        told["arguments"] = tuple(map(str, told["arguments"]))
        return Job(**told)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _forget_old(folders: Folders) -> None:
    for job in listed(folders)[_KEPT - 1 :]:
        for path in folders.jobs.glob(f"{job.id}.*"):
            writing.discard(path)
