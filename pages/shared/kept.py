"""What is kept between clicks and shared by all readers: results of functions, by their arguments.

`st.cache_resource` does the same with a signature read and a hash reckoned at every call; a page
asks some fifty times a click, which was a tenth of what a click costs the server.
"""

from collections.abc import Callable
from functools import lru_cache, wraps
from threading import Lock
from typing import Any, TypeVar, TypeVarTuple, cast

_Given = TypeVarTuple("_Given")
_R = TypeVar("_R")
_NOTHING = object()


class _Held:
    """One result, or none as long as it is being made."""

    def __init__(self) -> None:
        self.value: Any = _NOTHING
        self.lock = Lock()


def kept(entries: int) -> Callable[[Callable[[*_Given], _R]], Callable[[*_Given], _R]]:
    """Keeps so many results of a function, those asked for last.

    Arguments must be hashable and say all the result depends on (a release by its id); results are
    never changed by whoever gets them. Who asks for what is being made for another waits for that.
    What raises is asked again.
    """

    def decorate(make: Callable[[*_Given], _R]) -> Callable[[*_Given], _R]:
        held = lru_cache(maxsize=entries)(lambda *given: _Held())

        @wraps(make)
        def ask(*given: *_Given) -> _R:
            place = held(*given)
            if place.value is _NOTHING:
                with place.lock:
                    if place.value is _NOTHING:
                        place.value = make(*given)
            return cast(_R, place.value)

        return ask

    return decorate
