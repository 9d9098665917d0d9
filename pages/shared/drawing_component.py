"""Puts a figure (an SVG laid out by the server) on the page."""

import hashlib

import streamlit as st

from indicators.figures import kinds
from indicators.figures.pyramid import Pyramid
from indicators.folders import default

# The width that the drawing of narrow cards is laid out for.
NARROW = 340

# A file, not a string: see map_component.
_component = st.components.v2.component(
    "indicators.drawing",
    html='<div class="drawing"></div>',
    css="drawing.css",
    js="drawing.js",
)


# Of a height that was asked for: a chart that is as wide as a large screen is not as high.
HIGHEST = 1.35
_ROOM = "room for drawings"  # by key; "" holds how much wider than asked the last one had it


def draw(figure: object, *, key: str, width: int, height: int, stage: bool = False) -> None:
    """Draws a figure laid out for about this width. Where the browser has clearly more or less room
    it says so, and the figure is laid out anew for that; a phone shows a second drawing. The stage
    is scaled as a whole, and a figure of many rows has pages there."""
    narrow = ""
    geometry = kinds.geometry_of(figure, default().map_files)
    asked, told = width, st.session_state.setdefault(_ROOM, {})
    if not stage:
        width = told.get(key) or round(told.get("", 1) * asked)
        height = round(height * min(max(width / asked, 1), HIGHEST))
    if stage:
        svgs = kinds.pages(figure, width=width, height=height, geometry=geometry)
    else:
        room = None if kinds.grows(figure) else max(height, kinds.kind_of(figure).least)
        svgs = [kinds.drawing(figure, width=width, height=room, geometry=geometry)]
        if width > NARROW:
            room = height if isinstance(figure, Pyramid) else None
            narrow = kinds.drawing(figure, width=NARROW, height=room, geometry=geometry)
    show(svgs, narrow, key=key, width=width, asked=asked, stage=stage)


def show(
    svgs: list[str],
    narrow: str = "",
    *,
    key: str,
    width: int,
    asked: int = 0,
    stage: bool = False,
) -> None:
    """Drawings laid out for this width, the pages of one figure; `narrow` is the one for a phone,
    `asked` the width it was to have, by which the next one is laid out for the room there is."""
    data = {"pages": svgs, "fixed": stage, "natural": width}
    # another drawing, not the same one drawn anew: that would stand below a new headline with the
    # old lines for some frames
    version = hashlib.sha256("".join([*svgs, narrow]).encode()).hexdigest()[:12]
    name = f"{key}:{version}"

    def remember_room() -> None:
        # a drawing that was replaced meanwhile is heard no more
        if room := (st.session_state.get(name) or {}).get("room"):
            told = st.session_state[_ROOM]
            told[key], told[""] = room, room / (asked or width)

    _component(
        data=data | {"narrow": narrow, "narrowNatural": NARROW},
        key=name,
        on_room_change=remember_room,
    )
