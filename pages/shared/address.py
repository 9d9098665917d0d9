"""The address and the choices behind it: every state of a page is a link.

What a reader chose is kept in the session and outlives a change of page; the address shows the
choices of the page in sight. Where the address has changed without a click on the page (Back,
Forward, another link), it wins over everything kept. Ids are written, which Streamlit's own
binding does not do: it writes the shown label.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import streamlit as st

_ADVICE = "Bitte prüfen Sie den Link oder wählen Sie auf dieser Seite neu."
_OF_ONE_PAGE = "face"  # choices that begin so do not go along to the next page


@dataclass
class _State:
    """`asked` is what the address asks for in this run and no click has changed since; `shown` are
    the choices of this page, `written` page and address as the last run left them."""

    choices: dict[str, str] = field(default_factory=dict)
    asked: dict[str, str] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    page: str | None = None
    written: tuple[str, dict[str, str]] | None = None
    clicked: bool = False
    complete: bool = False  # the page is drawn: from now on only parts of it run


def _state() -> _State:
    return st.session_state.setdefault("address", _State())


def begin(page: str) -> bool:
    """Before a page is drawn: a new address replaces all choices. Returns whether it is the page
    that was in sight before."""
    state, address = _state(), st.query_params.to_dict()
    again = page == state.page
    # Without a click, because a quick one may arrive before the browser has the address of the
    # last; and not if empty: the menu leads to a page without asking for anything.
    new = address and (page, address) != state.written and not state.clicked
    if new:
        state.choices = dict(address)
    elif page != state.page:
        state.choices = {k: v for k, v in state.choices.items() if not k.startswith(_OF_ONE_PAGE)}
    state.asked = dict(address) if new else {}
    state.page, state.shown, state.notes = page, {}, []
    state.clicked = state.complete = False
    return again


def finish() -> list[str]:
    """After a page is drawn: the address gets its choices, in one step for the Back button.

    Returns, in German, what the address asked for and did not get.
    """
    state = _state()
    unused = [name for name in state.asked if name not in ("release", *state.shown)]
    if unused:
        state.notes.append(f"Auf dieser Seite ohne Wirkung: {', '.join(unused)}.")
    state.complete = True
    _write(state)
    return [*state.notes, _ADVICE] if state.notes else []


def _write(state: _State) -> None:
    wanted = {name: value for name, value in state.shown.items() if value}
    if release := state.choices.get("release"):
        wanted["release"] = release
    if st.query_params.to_dict() != wanted:
        st.query_params.from_dict(wanted)
    state.written, state.clicked = (state.page, wanted), False


def choice(name: str) -> str:
    """What was chosen under this name; "" for nothing but the default."""
    return _state().choices.get(name, "")


def valid_choice(
    name: str, options: Sequence[str], default: str, label: str, written: Callable[[str], str]
) -> str:
    """The choice if it is an option, else the default; the page says so if a link asked for it."""
    state = _state()
    chosen = state.choices.get(name, default)
    if chosen in options:
        return chosen
    refuse(name, label, chosen, written(default))
    return default


def refuse(name: str, label: str, value: str, instead: str = "") -> None:
    """Notes that the address asks for something that does not exist here."""
    shown = f" Gezeigt wird „{instead}“." if instead else ""
    note(name, f"Die Adresse nennt als {label} „{value}“; das gibt es hier nicht.{shown}")


def note(name: str, text: str) -> None:
    """A note about what the address asks for under this name; a kept choice that means nothing
    here is passed over without a word."""
    state = _state()
    if name in state.asked:
        state.notes.append(text)


def show(name: str, value: str, default: str | None = None) -> None:
    """Puts a choice of this page into the address; the default is no choice and stays out."""
    state = _state()
    state.shown[name] = "" if value == default else value
    if state.shown[name]:
        state.choices[name] = value
    else:
        state.choices.pop(name, None)
    if state.complete:
        _write(state)


def pick(name: str, value: str) -> None:
    """What the reader just chose, called before the page is drawn again."""
    state = _state()
    state.choices[name] = value
    state.clicked = True


def forget(name: str) -> None:
    """Drops a choice that cannot be shown."""
    _state().choices.pop(name, None)


def clicked() -> None:
    """The reader did something on the page that is no choice yet."""
    _state().clicked = True
