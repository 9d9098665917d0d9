"""Work in processes beside this one: the same results in the same order, and the same errors."""

import os
import pickle
import signal
import subprocess
import sys
import time

import pytest

from indicators.errors import FileError
from indicators.publishing import processes
from indicators.publishing.processes import Pool

CALLS = [(exponent,) for exponent in range(5)]
MUCH = 1_000_000


def test_results_come_in_the_order_of_the_calls(monkeypatch):
    monkeypatch.setattr(processes, "processors", lambda: 2)
    with Pool() as pool:
        assert list(pool.each(pow, CALLS, (2,), rows=MUCH)) == [1, 2, 4, 8, 16]
        # the same processes serve again, with something else in common
        assert list(pool.each(pow, CALLS, (3,), rows=MUCH)) == [1, 3, 9, 27, 81]
        with pytest.raises(ValueError, match="'a'"):
            list(pool.each(int, [("1",), ("a",), ("b",)], rows=MUCH))


@pytest.mark.parametrize(("processors", "rows"), [(1, MUCH), (2, 10)])
def test_little_work_and_one_processor_start_no_process(monkeypatch, processors, rows):
    monkeypatch.setattr(processes, "processors", lambda: processors)
    monkeypatch.setattr(processes, "ProcessPoolExecutor", None)
    with Pool() as pool:
        assert list(pool.each(pow, CALLS, (2,), rows=rows)) == [1, 2, 4, 8, 16]


def test_an_error_of_another_process_says_all_it_says_here():
    error = FileError("a.xlsx", "zu kurz", sheet="Tabelle1", line=3, column=2)
    again = pickle.loads(pickle.dumps(error))
    assert str(again) == str(error) == "a.xlsx, Blatt „Tabelle1“, Zeile 3, Spalte B: zu kurz"
    assert vars(again) == vars(error)


_BUILD = """
import os
from indicators.publishing import processes

if __name__ == "__main__":
    processes.processors = lambda: 2
    with processes.Pool() as pool:
        print(*set(pool.each(os.getpid, [(), ()], rows=1_000_000)), flush=True)
        input()
"""


def test_processes_end_with_a_build_that_is_killed(tmp_path):
    script = tmp_path / "build.py"
    script.write_text(_BUILD, encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as build:
        assert build.stdout
        started = [int(id) for id in build.stdout.readline().split()]
        build.send_signal(signal.SIGKILL)
    assert started
    for _ in range(200):
        if not any(map(_is_there, started)):
            return
        time.sleep(0.1)
    pytest.fail(f"{started} still run")


def _is_there(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
