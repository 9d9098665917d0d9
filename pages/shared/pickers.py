"""One picker for all choices: it shows the choice that is kept, and a click changes that choice."""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from pages.shared import address


def choose(
    name: str,
    label: str,
    options: Sequence[str],
    *,
    names: Callable[[str], str] | dict[str, str],
    default: str | None = None,
    widget: str = "selectbox",
    **settings,
) -> str:
    """A choice of one id among `options`, in the address under `name`."""
    default = default if default and default in options else options[0]
    written = names if callable(names) else names.__getitem__
    chosen = address.valid_choice(name, options, default, label, written)
    draw(
        label,
        options,
        # the options are part of the key: a widget with other options is another widget
        key=f"{name}:{hash(tuple(options))}",
        current=chosen,
        written=written,
        picked=lambda id: address.pick(name, id),
        widget=widget,
        **settings,
    )
    address.show(name, chosen, default)
    return chosen


def draw(
    label: str,
    options: Sequence[str],
    *,
    key: str,
    current: str,
    written: Callable[[str], str],
    picked: Callable[[str], None],
    widget: str = "selectbox",
    **settings,
) -> None:
    """The widget alone, "selectbox" or "segmented", showing `current`."""
    key = key_showing(key, current)
    shown = {"format_func": written, "key": key, **settings}
    if widget == "segmented":
        kind, shown["default"], shown["required"] = st.segmented_control, current, True
    else:
        kind, shown["index"] = st.selectbox, list(options).index(current)
    kind(label, options, on_change=by_reader(key, current, picked), **shown)


def by_reader(key: str, shown: object, then: Callable[[Any], object]) -> Callable[[], None]:
    """What a widget that shows `shown` is to call when it reports a value: `then`, with that
    value, if a reader has put it there.

    A click sends the values of all widgets the browser has at that moment, also of one that the
    page has just dropped. Streamlit then no longer knows that this value is the old one and takes
    it for a change, which would undo the click it came with.
    """
    known = st.session_state.setdefault("values_of_widgets", {})
    known[key] = shown

    def report() -> None:
        value = st.session_state[key]
        if value != known.get(key):
            known[key] = value
            then(value)

    return report


def key_showing(key: str, current: object) -> str:
    """The key of the widget that shows `current`, which is to be its default value too.

    A widget holds what its reader chose last. Where a link or the page itself has changed that
    since, the widget is another one, with another key: the same one told to show another value
    would miss it while it is out of sight (in a closed popover), show its old value when it is
    opened, and report that as the reader's choice.
    """
    versions = st.session_state.setdefault("versions_of_widgets", {})
    name = f"{key}:{versions.get(key, 0)}"
    if name in st.session_state and st.session_state[name] != current:
        versions[key] = versions.get(key, 0) + 1
        name = f"{key}:{versions[key]}"
    return name
