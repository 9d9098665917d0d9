"""What is drawn together reaches the browser together.

Streamlit sends every element as soon as it is written, and the browser shows it at once: while a
page is drawn for another region, key figures of the new one would stand beside the chart of the
old one, for a second or more.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.scriptrunner import RerunException, StopException, get_script_run_ctx


@contextmanager
def at_once() -> Iterator[None]:
    """Holds back what is written inside and sends it in one go, also where something fails.

    Until then the browser shows what was there before, as a whole, and fades it (changing.js).
    Where another click ends the run half way, nothing of it is shown.
    """
    context = get_script_run_ctx()
    assert context is not None  # a page is drawn by a run of its script
    send = context._enqueue  # private to Streamlit, hence `<2` in pyproject.toml
    held: list[ForwardMsg] = []
    context._enqueue = held.append
    try:
        yield
    except (RerunException, StopException):
        held = [message for message in held if message.WhichOneof("type") != "delta"]
        raise
    finally:
        context._enqueue = send
        _send_all(held, send)


@contextmanager
def unseen() -> Iterator[None]:
    """What is written inside never reaches the browser: a page is asked what it would show."""
    context = get_script_run_ctx()
    assert context is not None
    send = context._enqueue
    context._enqueue = lambda message: None
    try:
        yield
    finally:
        context._enqueue = send


def _send_all(held: list[ForwardMsg], send: Callable[[ForwardMsg], None]) -> None:
    """Sends all, although each may be refused once because the reader has clicked meanwhile."""
    interrupted = None
    for message in held:
        try:
            send(message)
        except (RerunException, StopException) as error:
            interrupted = error
            send(message)
    if interrupted:
        raise interrupted
