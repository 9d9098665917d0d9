"""Work in a process of its own: how far it is, who sees it, and how a killed one is told."""

import os
import signal
import subprocess
import sys
import time

import pytest

from indicators import jobs
from indicators.folders import PROJECT, Folders
from indicators.jobs import JobError


@pytest.fixture
def folders(tmp_path) -> Folders:
    return Folders(tmp_path / "town")


def waited(job: jobs.Job, folders: Folders, seconds: float = 120) -> jobs.State:
    until = time.monotonic() + seconds
    while (now := jobs.state(job, folders)).runs and time.monotonic() < until:
        time.sleep(0.05)
    return now


def sleeping(folders: Folders, monkeypatch, tmp_path) -> jobs.Job:
    """A job whose command waits for ever."""
    script = tmp_path / "python"
    script.write_text(f"#!{sys.executable}\nprint('x', flush=True)\nimport time\ntime.sleep(600)\n")
    script.chmod(0o755)
    with monkeypatch.context() as patch:
        patch.setattr(jobs.sys, "executable", str(script))
        return jobs.start(folders, ("build",), "Frau A")


def group_of(job: jobs.Job, folders: Folders) -> int:
    """The process that works on it, found by the file it writes to."""
    said = folders.jobs / f"{job.id}.said"
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                if os.readlink(f"/proc/{entry}/fd/2") == str(said):
                    return int(entry)
            except OSError:
                continue
    raise AssertionError("no process")


def test_a_job_ends_with_what_it_said_and_its_status(folders):
    good = jobs.start(folders, ("list",), "Frau A")
    state = waited(good, folders)
    assert state.went_well and not state.killed and state.share == 1
    assert "Es gibt noch keinen Datenstand" in state.said and state.job.who == "Frau A"
    bad = waited(jobs.start(folders, ("nix",), "Frau A"), folders)
    assert not bad.went_well and not bad.runs
    assert jobs.latest(folders, "list").id == good.id
    assert jobs.latest(folders, "build") is None


def test_one_works_at_a_time_and_a_killed_one_is_told_as_such(folders, monkeypatch, tmp_path):
    job = sleeping(folders, monkeypatch, tmp_path)
    assert jobs.state(job, folders).runs
    # another process, such as a server that was started again, sees the same
    code = (
        "import sys; from pathlib import Path; from indicators import jobs; "
        "from indicators.folders import Folders; f = Folders(Path(sys.argv[1])); "
        "print(jobs.state(jobs.listed(f)[0], f).runs)"
    )
    seen = subprocess.run(
        [sys.executable, "-c", code, str(folders.data)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert seen.stdout.strip() == "True"
    with pytest.raises(JobError, match="begonnen von: Frau A"):
        jobs.start(folders, ("list",), "Herr B")
    os.kill(group_of(job, folders), signal.SIGKILL)
    state = waited(job, folders, 20)
    assert state.killed and not state.runs and not state.went_well
    assert waited(jobs.start(folders, ("list",), "Herr B"), folders).went_well


def test_how_much_is_done_is_told_by_the_job_before(folders, monkeypatch, tmp_path):
    job = sleeping(folders, monkeypatch, tmp_path)
    said = folders.jobs / f"{job.id}.said"
    said.write_text("… eins\n… zwei\nEtwas\n", encoding="utf-8")
    assert jobs.state(job, folders).steps == ("eins", "zwei")
    assert jobs.state(job, folders).share is None
    os.kill(group_of(job, folders), signal.SIGKILL)
    path = folders.jobs / f"{job.id}.json"
    ended = '"ended": "2026-11-30T10:00:00+00:00", "status": 0'
    path.write_text(
        path.read_text(encoding="utf-8").replace('"ended": null, "status": null', ended),
        encoding="utf-8",
    )
    again = sleeping(folders, monkeypatch, tmp_path)
    (folders.jobs / f"{again.id}.said").write_text("… eins\n", encoding="utf-8")
    assert jobs.state(again, folders).share == 0.5
    os.kill(group_of(again, folders), signal.SIGKILL)
