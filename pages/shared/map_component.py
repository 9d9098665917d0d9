"""Puts a map on the page and says which region and which period the reader chose."""

import streamlit as st

from indicators.figures.map import MapPicture
from pages.shared import address, map_values

GEOMETRY_ROUTE = "karten/"  # served by the application, relative to the page's address

# Files, not strings: JavaScript given as a string would run from a blob: address and need a hole
# in the Content-Security-Policy.
_component = st.components.v2.component(
    "indicators.map", html='<div class="map"></div>', css="map.css", js="map.js"
)


def chosen_period(key: str) -> str | None:
    """The period last chosen on the map with this key, known before anything is drawn."""
    return st.session_state.get(f"{key}:choice", {}).get("label")


def draw(
    picture: MapPicture,
    *,
    key: str,
    height: int,
    stage: bool = False,
    compact: bool = False,
    beside: bool = False,
    legend: bool = True,
) -> tuple[str | None, str]:
    """The region picked and the period chosen in this run; else None and the selected period.
    `beside` is for one of two maps: it has no search and no choice of its own period.

    The caller keeps the period, in the URL or with `chosen_period`, and passes it as `selected`
    from then on: the map shows what it is told.
    """

    def remember_choice() -> None:
        # Runs before the page does. A trigger, not a state: choosing the same period again must
        # count after the page has asked for another one in between.
        address.clicked()
        if choice := st.session_state[key].get("period"):
            st.session_state[f"{key}:choice"] = choice | {"new": True}

    choice = st.session_state.get(f"{key}:choice", {"number": 0})
    if choice.pop("new", False) and choice["label"] in picture.periods:
        picture = picture.at(choice["label"])
    data = map_values.chosen(picture) | {
        "geometry": GEOMETRY_ROUTE + picture.map_file,
        "height": height,
        "stage": stage,
        "compact": compact,  # without search and zoom, for a small card
        "beside": beside,
        "legend": legend,
        "answered": choice["number"],  # tells the browser which of its choices this answers
    }
    result = _component(
        data=data, key=key, on_period_change=remember_choice, on_picked_change=address.clicked
    )
    return result.picked, picture.nearest_period
