"""The pyramid and the school starters: their figures with the choices only they have."""

from collections.abc import Sequence

import streamlit as st

from indicators import formats
from indicators.answers import pyramid
from indicators.answers.answer import Answer
from indicators.answers.starters import options
from indicators.answers.starters.method import Parameter
from indicators.answers.starters.result import StartersAnswer
from indicators.regions import Region
from indicators.release.releases import Release
from indicators.view import View
from pages.shared import address, blocks, cached
from pages.shared.at_once import at_once
from pages.shared.kept import kept
from pages.shared.pickers import by_reader, choose, key_showing

SECONDS = 1.2  # a year stays in sight when the pyramid is played
_PLAYING = "pyramid_playing"
_SHOWS = {"": "Die nächsten Jahre", "parts": "Nach Gebiet", "backtest": "Rückblick"}


# --- school starters ------------------------------------------------------------------------------


def starters_card(release: Release, region: Region) -> None:
    """The school starters of the next years; what is assumed stands above and can be changed."""
    left, right = st.columns([12, 5], vertical_alignment="bottom")
    with left:
        show = choose(
            "show",
            "Ansicht",
            list(_SHOWS),
            names=_SHOWS,
            widget="segmented",
            label_visibility="collapsed",
        )
    view = View(kind="starters", indicator="schulanfaenger_prognose", region=region.id)
    with right, st.popover("Annahmen ändern", width="stretch"):
        settings = _assumptions(release, view)
    view = view.with_(settings=_given(settings | {"show": show}))
    if cached.has_answer(release, view):
        _laid_open(cached.answer(release, view))
    blocks.card(view, key="starters", height=400 if show else 330)


def _given(settings: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """The settings that are no default, as a view holds them."""
    return tuple(sorted((name, value) for name, value in settings.items() if value))


def _assumptions(release: Release, view: View) -> dict[str, str]:
    """Draws what can be set here, each as it is in force; returns what the reader changed.

    What is in force and what can be chosen is asked of the answer itself: a region of which only
    births are known has no migration to choose from.
    """
    if not cached.has_answer(release, view):
        return {}
    usual = _parameters(release, view)
    asked = view.with_(settings=_given({id: address.choice(id) for id in usual}))
    found = _parameters(release, asked) if cached.has_answer(release, asked) else usual
    changed = {id: _chosen(found[id], usual[id]) for id in _CHOICES if found[id].options}
    return changed | {id: _per_cent(label, found[id]) for id, label in _NUMBERS.items()}


def _parameters(release: Release, view: View) -> dict[str, Parameter]:
    found = cached.answer(release, view)
    return {p.id: p for p in found.parameters} if isinstance(found, StartersAnswer) else {}


_CHOICES = {
    "variant": ("Wanderung", options.VARIANTS.__getitem__),
    "years": ("Mittel der letzten", lambda n: "1 Jahr" if n == "1" else f"{n} Jahre"),
    "without": (
        "Jahre mit Sonderlagen",
        lambda years: f"ohne {formats.listing(years.split(','))}" if years else "alle Jahre",
    ),
    "cutoff": (
        "Schulpflichtig ist, wer sechs Jahre alt wird bis",
        lambda month: options.CUTOFFS[int(month)],
    ),
}
_NUMBERS = {"z": "Später eingeschult (Prozent)", "v": "Vorzeitig eingeschult (Prozent)"}


def _chosen(found: Parameter, usual: Parameter) -> str:
    """The reader's choice among the values there are; "" for the usual one."""
    # with a year left out there may be fewer left to average than usual
    default = usual.value if usual.value in found.options else found.value
    label, names = _CHOICES[found.id]
    chosen = choose(found.id, label, found.options, names=names, default=default)
    return "" if chosen == default else chosen


def _per_cent(label: str, found: Parameter) -> str:
    """A number the reader may set; empty is what was observed, which stands below it."""
    name, kept = found.id, address.choice(found.id)
    key = key_showing(f"{name}:number", kept)
    st.text_input(
        label,
        kept,
        key=key,
        placeholder="wie beobachtet",
        on_change=by_reader(
            key, kept, lambda text: address.pick(name, text.strip().replace(".", ","))
        ),
    )
    calculated = f"; gerechnet: {found.used}" if found.observed.startswith("nicht") else ""
    blocks.text(f"Beobachtet: {found.observed}{calculated}", "note")
    address.show(name, kept, "")
    return kept


def _laid_open(found: Answer) -> None:
    if isinstance(found, StartersAnswer):
        blocks.text(f"Annahmen: {_in_short({p.id: p.used for p in found.parameters})}", "note")


def _in_short(used: dict[str, str]) -> str:
    """The assumptions in one line; what differs between the members of a joint region, and all
    that was observed, stands on the card's "Info"."""
    years = f"der letzten {used['years']} Jahre"
    if used["without"] != "keine":
        years += f" ohne {used['without']}"
    moving = {
        options.VARIANTS["medium"]: f"Wanderung wie im Mittel {years}",
        options.VARIANTS["high"]: f"Wanderung wie im stärksten {years}",
    }
    late, early = ("je Gebiet wie beobachtet" if ";" in used[id] else used[id] for id in ("z", "v"))
    both = f"später und früher eingeschult {late}"
    if late != early:
        both = f"später eingeschult {late}, früher {early}"
    told = [moving.get(used["variant"], used["variant"]), both, f"Stichtag {used['cutoff']}"]
    return f"{' · '.join(told)} (Einzelheiten unter „Info“)"


# --- pyramid --------------------------------------------------------------------------------------


def pyramid_card(release: Release, region: Region) -> None:
    """The pyramid of a year with the outline of another year or region; on request year by year."""
    view = View(kind="pyramid", indicator="bevoelkerung_pyramide", region=region.id)
    if not cached.has_answer(release, view):
        blocks.card(view, key="pyramid", height=400)
        return
    playing = bool(st.session_state.get(_PLAYING))
    st.fragment(_pyramid, run_every=SECONDS if playing else None)(release, view, playing)


def _pyramid(release: Release, view: View, playing: bool) -> None:
    """The choices and the pyramid, which change together while the years are played."""
    region, periods = release.region(view.region), cached.answer(release, view).periods
    with at_once():
        columns = st.columns([4, 4, 6, 3], vertical_alignment="bottom")
        with columns[0]:
            period = _played(periods) if playing else ""
            period = period or choose("period", "Jahr", list(reversed(periods)), names=str)
        with columns[2]:
            other = choose(
                "other",
                "Vergleichsregion",
                ["", *_others(release, region)],
                names=lambda id: release.region(id).name if id else "keine",
            )
        compared = view.with_(region=other or region.id)
        if cached.has_answer(release, compared):
            periods = cached.answer(release, compared).periods
        with columns[1]:
            outline = choose(
                "outline",
                "Vergleichsjahr",
                ["", *periods],
                names=lambda label: label or ("gleiches Jahr" if other else "ohne"),
            )
        with columns[3]:
            st.toggle("Abspielen", key=_PLAYING, disabled=len(periods) < 2)
        if st.session_state[_PLAYING] != playing:
            # whether the years go on by themselves is decided outside
            address.draw_again()
        settings = (("outline", outline),) if outline else ()
        compare = (other,) if other else ()
        view = view.with_(period=period, settings=settings, compare=compare)
        blocks.card(view, key="pyramid", height=400)


def _played(periods: Sequence[str]) -> str:
    """The next of the years that are played, shown in place of the choice."""
    step = st.session_state.get("pyramid_step", -1) + 1
    st.session_state["pyramid_step"] = step
    period = periods[step % len(periods)]
    st.selectbox("Jahr", [period], key=f"played:{step}", disabled=True)
    address.show("period", address.choice("period"), "")  # comes back when the playing ends
    return period


@kept(4)
def _with_ages(id: str) -> list[str]:
    return pyramid.regions_with_ages(cached.opened(id))


def _others(release: Release, region: Region) -> list[str]:
    """Regions whose ages are known and that are as real as this one."""
    return [
        id
        for id in _with_ages(release.id)
        if id != region.id and release.region(id).invented == region.invented
    ]
