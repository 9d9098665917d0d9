"""What is drawn together reaches the browser together.

Streamlit sends every element as soon as it is written, and the browser shows it at once: while a
page is drawn for another region, key figures of the new one would stand beside the chart of the
old one, for a second or more.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner import (
    RerunException,
    ScriptRunner,
    StopException,
    get_script_run_ctx,
)


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
    """Sends all, although it may be refused once because the reader has clicked meanwhile."""
    if not held:
        return
    interrupted = None
    try:
        send(held[0])
    except (RerunException, StopException) as error:
        interrupted = error
        send(held[0])
    _send_in_one_step(held[1:], send)
    if interrupted:
        raise interrupted


def _send_in_one_step(rest: list[ForwardMsg], send: Callable[[ForwardMsg], None]) -> None:
    """Hands all to the session in one step of the server's loop. One step each, as Streamlit does
    it, takes as much time as drawing the elements does."""
    runner = getattr(send, "__self__", None)
    session = _session(runner) if isinstance(runner, ScriptRunner) else None
    if session is None:  # held back by whoever draws more at once, or a test of pages
        for message in rest:
            send(message)
        return

    def take() -> None:
        if session._scriptrunner is runner:  # else the next run has begun, as Streamlit asks too
            for message in rest:
                session._enqueue_forward_msg(message)

    session._call_soon_on_event_loop(take)


def _session(runner: ScriptRunner) -> AppSession | None:
    """The session that hears of what a run draws; private to Streamlit."""
    hearing = (getattr(one, "__self__", None) for one in runner.on_event._get_live_receivers())
    return next((one for one in hearing if isinstance(one, AppSession)), None)
