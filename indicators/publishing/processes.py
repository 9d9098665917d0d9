"""Work on all processors of this machine: one function for many things, in processes beside this.

Whatever is handed over and back is pickled. Where there is one processor, or too little to do, all
is done here, in the same order and with the same results. What a build before did with the same
things is taken from its results instead.
"""

import os
import pickle
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache, partial
from multiprocessing import forkserver, get_context, parent_process
from typing import Any, Self

from indicators.publishing.results import Results

# Work on fewer rows than this is done before a second process has started.
_MANY = 30_000
# A process forked from this one would share the threads of the database and never get their locks:
# all come from one that has read these modules and opened nothing.
_CONTEXT = get_context("forkserver")
_CONTEXT.set_forkserver_preload(["indicators.publishing.run"])


def begin() -> None:
    """Starts what all processes come from, for whoever is about to need them: it reads its modules
    while this process does other things."""
    if processors() > 1:
        forkserver.ensure_running()


class Pool:
    """Processes that are started with the first work worth them, and end with the `with` block or
    before; `results` are those of builds before."""

    def __init__(self, results: Results | None = None):
        self.results = results or Results()
        self._executor: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_) -> None:
        self.end()

    def end(self) -> None:
        """Ends the processes, and with them what they hold open."""
        if self._executor:
            self._executor.shutdown(cancel_futures=True)
            self._executor = None

    def each(
        self,
        function: Callable,
        calls: Iterable[tuple],
        common: tuple = (),
        *,
        rows: int,
        digests: Sequence[str] = (),
        lasting: Callable[[Any], bool] = lambda _: True,
    ) -> Iterator[Any]:
        """function(*common, *call) of each call, begun and given back in the order of the calls;
        raises what the first of them raises that fails. `rows` says how many there are to work on
        in all calls together: few are worked on here. `digests`, one for each call, say what it is
        made of: a result of the same is taken over, and every other one kept that is `lasting`."""
        if not digests:
            yield from self._computed(function, list(calls), common, rows)
            return
        known = [self.results.read(digest) for digest in digests]
        missing = [call for call, found in zip(calls, known, strict=True) if found is None]
        rows = rows * len(missing) // (len(known) or 1)
        pickled = self._computed(partial(_pickled, function), missing, common, rows)
        for digest, found in zip(digests, known, strict=True):
            if found is None:
                content = next(pickled)
                found = (pickle.loads(content),)
                if lasting(found[0]):
                    self.results.keep(digest, content)
            yield found[0]

    def _computed(
        self, function: Callable, calls: list[tuple], common: tuple, rows: int
    ) -> Iterator[Any]:
        if rows < _MANY or len(calls) < 2 or processors() < 2:
            yield from (function(*common, *call) for call in calls)
            return
        if self._executor is None:
            self._executor = ProcessPoolExecutor(processors(), _CONTEXT, _end_with_parent)
        yield from self._executor.map(partial(_call, function, pickle.dumps(common)), calls)


def processors() -> int:
    return os.cpu_count() or 1


def _end_with_parent() -> None:
    """A process whose parent was killed would wait for work until the machine is switched off."""
    threading.Thread(target=_wait_for_parent, daemon=True).start()


def _wait_for_parent() -> None:
    if parent := parent_process():
        parent.join()
        os._exit(1)


def _pickled(function: Callable, *things: Any) -> bytes:
    """What a function makes of these things, pickled once for all who want it."""
    return pickle.dumps(function(*things), pickle.HIGHEST_PROTOCOL)


def _call(function: Callable, common: bytes, call: tuple) -> Any:
    return function(*_unpickled(common), *call)


@lru_cache(maxsize=2)
def _unpickled(common: bytes) -> tuple:
    """What all calls have in common, unpickled once in each process: definitions take a moment."""
    return pickle.loads(common)
