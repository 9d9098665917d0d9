"""The pyramid and the school starters: their figures with the choices only they have."""

import streamlit as st

from indicators.answers import pyramid, school_start
from indicators.answers.answer import Answer
from indicators.answers.starters import StartersAnswer
from indicators.regions import Region
from indicators.release import Release
from indicators.view import View
from pages.shared import address, blocks, cached
from pages.shared.pickers import choose

SECONDS = 1.2  # a year stays in sight when the pyramid is played
_SHOWS = {"": "Die nächsten Jahre", "parts": "Nach Gebiet", "backtest": "Rückblick"}
_WITHOUT = {
    "": "alle Jahre",
    "2022": "ohne 2022",
    "2015,2016": "ohne 2015 und 2016",
    "2015,2016,2022": "ohne 2015, 2016 und 2022",
}


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
    view = view.with_(settings=tuple(sorted({**settings, "show": show}.items())))
    view = view.with_(settings=tuple((n, value) for n, value in view.settings if value))
    if cached.has_answer(release, view):
        _laid_open(cached.answer(release, view))
    blocks.card(view, key="starters", height=400 if show else 330)


def _assumptions(release: Release, view: View) -> dict[str, str]:
    """The assumptions as the reader set them; "" is what was observed."""
    observed = {}
    if cached.has_answer(release, view):
        observed = {p.id: p.observed for p in cached.answer(release, view).parameters}
    settings = {
        "variant": choose(
            "variant",
            "Wanderung",
            list(school_start.VARIANTS),
            names=school_start.VARIANTS,
            default="medium",
        ),
        "years": choose(
            "years",
            "Mittel der letzten",
            [str(n) for n in school_start.YEARS],
            names=lambda n: f"{n} Jahre",
            default=str(school_start.USUAL_YEARS),
        ),
        "without": choose("without", "Jahre mit Sonderlagen", list(_WITHOUT), names=_WITHOUT),
        "cutoff": choose(
            "cutoff",
            "Schulpflichtig ist, wer sechs Jahre alt wird bis",
            [str(n) for n in school_start.CUTOFFS],
            names=lambda n: school_start.CUTOFFS[int(n)],
            default=str(school_start.USUAL_CUTOFF),
        ),
        "z": _per_cent("z", "Später eingeschult (Prozent)", observed.get("z", "")),
        "v": _per_cent("v", "Vorzeitig eingeschult (Prozent)", observed.get("v", "")),
    }
    usual = {"variant": "medium", "years": str(school_start.USUAL_YEARS)}
    usual["cutoff"] = str(school_start.USUAL_CUTOFF)
    return {name: value for name, value in settings.items() if value != usual.get(name, "")}


def _per_cent(name: str, label: str, observed: str) -> str:
    """A number the reader may set; empty is what was observed."""
    key = f"{name}:number"
    kept = address.choice(name)
    if st.session_state.get(key) != kept:
        st.session_state[key] = kept
    st.text_input(
        label,
        key=key,
        placeholder=f"beobachtet: {observed}" if observed else "wie beobachtet",
        on_change=lambda: address.pick(name, st.session_state[key].strip().replace(".", ",")),
    )
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
        school_start.VARIANTS["medium"]: f"Wanderung wie im Mittel {years}",
        school_start.VARIANTS["high"]: f"Wanderung wie im stärksten {years}",
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
    periods = cached.answer(release, view).periods
    columns = st.columns([4, 4, 6, 3], vertical_alignment="bottom")
    with columns[0]:
        period = choose("period", "Jahr", list(reversed(periods)), names=str)
    with columns[1]:
        outline = choose("outline", "Umriss", ["", *periods], names=lambda label: label or "ohne")
    with columns[2]:
        other = choose(
            "other",
            "Umriss einer Region",
            ["", *_others(release, region)],
            names=lambda id: release.region(id).name if id else "keine",
        )
    with columns[3]:
        playing = st.toggle("Abspielen", disabled=len(periods) < 2)
    settings = (("outline", outline),) if outline else ()
    view = view.with_(settings=settings, compare=(other,) if other else ())

    def draw() -> None:
        shown = period
        if playing:
            step = st.session_state.get("pyramid_step", -1) + 1
            st.session_state["pyramid_step"] = step
            shown = periods[step % len(periods)]
        blocks.card(view.with_(period=shown), key="pyramid", height=400)

    st.fragment(draw, run_every=SECONDS if playing else None)()


@st.cache_resource(max_entries=4, show_spinner=False)
def _with_ages(id: str) -> list[str]:
    return pyramid.regions_with_ages(cached.opened(id))


def _others(release: Release, region: Region) -> list[str]:
    """Regions whose ages are known and that are as real as this one."""
    return [
        id
        for id in _with_ages(release.id)
        if id != region.id and release.region(id).invented == region.invented
    ]
