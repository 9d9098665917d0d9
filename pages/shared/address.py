"""The address and the choices behind it: every state of a page is a link.

What a reader chose is kept in the session and outlives a change of page; the address shows the
choices of the page in sight. Where the address has changed without a click on the page (Back,
Forward, another link), it wins over everything kept. Ids are written, which Streamlit's own
binding does not do: it writes the shown label.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NoReturn

import streamlit as st

from indicators import formats

_ADVICE = "Bitte prüfen Sie den Link oder wählen Sie auf dieser Seite neu."
_OF_ONE_PAGE = "face"  # choices that begin so do not go along to the next page


@dataclass
class _State:
    """`asked` is what the address asks for in this run and no click has changed since; `shown` are
    the choices of this page, `usual` those of them that are the default, `written` page and address
    as the last run left them."""

    choices: dict[str, str] = field(default_factory=dict)
    asked: dict[str, str] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)
    usual: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)
    page: str | None = None
    written: tuple[str | None, dict[str, str]] | None = None
    clicked: bool = False
    complete: bool = False  # the page is drawn: from now on only parts of it run
    told: list[str] = field(default_factory=list)  # what is shown instead of what was asked for
    corrected: bool = False  # the next run draws what this one was corrected to
    correcting: bool = False  # this run does
    redrawing: bool = False  # the next run draws the same once more
    # what the frame around the page shows, as `shown` and `usual`
    frame: tuple[dict[str, str], set[str]] = field(default_factory=lambda: ({}, set()))


def _state() -> _State:
    return st.session_state.setdefault("address", _State())


def begin(page: str) -> bool:
    """Before a page is drawn: a new address replaces all choices. Returns whether it is the page
    that was in sight before."""
    state, address = _state(), st.query_params.to_dict()
    again = page == state.page
    state.correcting, state.corrected = state.corrected, False
    if state.correcting:  # the run before was broken off, its address is not to be read again
        # and what it found wrong with the address is still to be told: its choices are mended
        notes = state.notes if again else []
        state.page, state.shown, state.usual, state.notes = page, {}, set(), notes
        state.clicked = state.complete = False
        return again
    # Without a click, because a quick one may arrive before the browser has the address of the
    # last; and not if empty: the menu leads to a page without asking for anything.
    new = address and (page, address) != state.written and not state.clicked
    if new:
        state.choices = dict(address)
    elif page != state.page:
        state.choices = {k: v for k, v in state.choices.items() if not k.startswith(_OF_ONE_PAGE)}
    if not (state.redrawing and again):
        state.asked, state.notes = dict(address) if new else {}, []
    state.page, state.shown, state.usual = page, {}, set()
    state.redrawing = False
    state.clicked = state.complete = False
    state.told = []
    for name in state.asked:
        if len(values := dict.fromkeys(st.query_params.get_all(name))) > 1:
            listed = formats.listing([f"„{short(value)}“" for value in values])
            note(name, f"Die Adresse nennt {short(name)} mehrfach ({listed}).")
    return again


def frame_is_drawn() -> None:
    """What is shown until here stays in sight while the page in the frame is drawn anew."""
    state = _state()
    state.frame = dict(state.shown), set(state.usual)


def begin_in_frame(page: str) -> bool:
    """Before a page is drawn without the frame around it, after a click on it. Returns False where
    that is not enough: for another page, or an address that nobody has clicked to."""
    state, address = _state(), st.query_params.to_dict()
    if page != state.page or (address and (page, address) != state.written and not state.clicked):
        return False
    state.asked, state.notes, state.told = {}, [], []
    state.shown, state.usual = dict(state.frame[0]), set(state.frame[1])
    state.clicked = state.complete = state.correcting = False
    return True


def finish() -> list[str]:
    """After a page is drawn: the address gets its choices, in one step for the Back button.

    Returns, in German, what the address asked for and did not get.
    """
    state = _state()
    found = unmet()
    state.complete = True
    _write(state)
    return [*found, *([_ADVICE] if state.notes else [])]


def unmet() -> list[str]:
    """What the address asked for and the page drawn so far does not show, in German."""
    state = _state()
    known = ("release", "stage", *state.shown)
    unused = [name for name in state.asked if name not in known]
    if unused:
        state.notes.append(f"Auf dieser Seite ohne Wirkung: {', '.join(map(short, unused))}.")
    return [*state.told, *state.notes]


def _write(state: _State) -> None:
    wanted = {n: value for n, value in state.shown.items() if value and n not in state.usual}
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
    note(name, f"Die Adresse nennt als {label} „{short(value)}“; das gibt es hier nicht.{shown}")


def short(text: str, longest: int = 80) -> str:
    """A text that may come from an address, as long as a page has room for."""
    return text if len(text) <= longest else f"{text[:longest]} …"


def note(name: str, text: str) -> None:
    """A note about what the address asks for under this name; a kept choice that means nothing
    here is passed over without a word."""
    state = _state()
    if name in state.asked and (told := short(text, 500)) not in state.notes:
        state.notes.append(told)


def show(name: str, value: str, default: str | None = None) -> None:
    """Puts a choice of this page into the address; the default is no choice and stays out."""
    state = _state()
    state.shown[name] = value
    if value and value != default:
        state.choices[name] = value
        state.usual.discard(name)
    else:
        state.choices.pop(name, None)
        state.usual.add(name)
    if state.complete:
        _write(state)


def pick(name: str, value: str) -> None:
    """What the reader just chose, called before the page is drawn again."""
    state = _state()
    state.choices[name] = value
    state.clicked = True


def correct(changes: Mapping[str, str], told: Sequence[str]) -> bool:
    """Puts other choices in place of those that have no answer ("" for none), and `told` on the
    page as the reason; the page must then be drawn anew. Returns False, changing nothing, where
    that has just been done."""
    state = _state()
    if state.correcting:
        return False
    for name, value in changes.items():
        state.asked.pop(name, None)
        state.choices.pop(name, None)
        if value:
            state.choices[name] = value
    state.told, state.corrected = list(told), True
    return True


def is_asked() -> bool:
    """Whether an address asks for this page, not a click on it or the menu."""
    return bool(_state().asked)


def forget(name: str) -> None:
    """Drops a choice that cannot be shown."""
    _state().choices.pop(name, None)


def draw_again() -> NoReturn:
    """Draws the page anew for a reason of its own, such as figures that are ready now. The request
    may be older than what was chosen since, so its address is not read again: that would undo a
    click."""
    clicked()
    # what this run found wrong with the address is still to be told
    _state().redrawing = True
    st.rerun()


def clicked() -> None:
    """The reader did something on the page that is no choice yet."""
    _state().clicked = True
