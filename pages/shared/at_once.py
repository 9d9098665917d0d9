"""What is drawn together reaches the browser together.

Streamlit sends every element as soon as it is written, and the browser shows it at once: while a
page is drawn for another region, key figures of the new one would stand beside the chart of the
old one, for a second or more.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from streamlit.runtime.scriptrunner import get_script_run_ctx


@contextmanager
def at_once() -> Iterator[None]:
    """Holds back what is written inside and sends it in one go, also where something fails.

    Until then the browser shows what was there before, as a whole, and fades it (frame.css).
    """
    context = get_script_run_ctx()
    send, held = context._enqueue, []  # private to Streamlit, hence `<2` in pyproject.toml
    context._enqueue = held.append
    try:
        yield
    finally:
        context._enqueue = send
        for message in held:
            send(message)
