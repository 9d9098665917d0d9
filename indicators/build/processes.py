"""Work on all processors of this machine: one function for many things, in processes beside this.

Whatever is handed over and back is pickled. Where there is one processor, or too little to do, all
is done here, in the same order and with the same results.
"""

import pickle
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache, partial
from multiprocessing import get_context
from os import cpu_count
from typing import Any, Self

# Work on fewer rows than this is done before a second process has started.
_MANY = 30_000


class Pool:
    """Processes that are started with the first work worth them, and end with the `with` block."""

    def __init__(self):
        self._executor: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_) -> None:
        if self._executor:
            self._executor.shutdown(cancel_futures=True)

    def each(
        self, function: Callable, calls: Iterable[tuple], common: tuple = (), *, rows: int
    ) -> Iterator[Any]:
        """function(*common, *call) of each call, begun and given back in the order of the calls;
        raises what the first of them raises that fails. `rows` says how many there are to work on
        in all calls together: few are worked on here."""
        if rows < _MANY or processors() < 2:
            yield from (function(*common, *call) for call in calls)
            return
        if self._executor is None:
            # a forked process would share the threads of the database and never get their locks
            self._executor = ProcessPoolExecutor(processors(), mp_context=get_context("spawn"))
        yield from self._executor.map(partial(_call, function, pickle.dumps(common)), calls)


def processors() -> int:
    return cpu_count() or 1


def _call(function: Callable, common: bytes, call: tuple) -> Any:
    return function(*_unpickled(common), *call)


@lru_cache(maxsize=2)
def _unpickled(common: bytes) -> tuple:
    """What all calls have in common, unpickled once in each process: definitions take a moment."""
    return pickle.loads(common)
