"""One picker for all choices: it shows the choice that is kept, and a click changes that choice."""

from collections.abc import Callable, Sequence

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
    default = default if default in options else options[0]
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
    if st.session_state.get(key) != current:
        st.session_state[key] = current
    shown = {"format_func": written, "key": key, **settings}
    if widget == "segmented":
        shown["required"] = True
    kind = st.segmented_control if widget == "segmented" else st.selectbox
    kind(label, options, on_change=lambda: picked(st.session_state[key]), **shown)
