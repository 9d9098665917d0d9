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


def draw(figure: object, *, key: str, width: int, height: int, stage: bool = False) -> None:
    """Draws a figure laid out for this width, on a wider page a little larger; a phone shows one
    laid out for it. The stage is scaled as a whole, and a figure of many rows has pages there."""
    narrow = ""
    geometry = kinds.geometry_of(figure, default().map_files)
    if stage:
        svgs = kinds.pages(figure, width=width, height=height, geometry=geometry)
    else:
        room = None if kinds.grows(figure) else max(height, kinds.kind_of(figure).least)
        svgs = [kinds.drawing(figure, width=width, height=room, geometry=geometry)]
        if width > NARROW:
            room = height if isinstance(figure, Pyramid) else None
            narrow = kinds.drawing(figure, width=NARROW, height=room, geometry=geometry)
    show(svgs, narrow, key=key, width=width, stage=stage)


def show(svgs: list[str], narrow: str = "", *, key: str, width: int, stage: bool = False) -> None:
    """Drawings laid out for this width, the pages of one figure; `narrow` is the one for a
    phone."""
    data = {"pages": svgs, "fixed": stage, "natural": width}
    # another drawing, not the same one drawn anew: that would stand below a new headline with the
    # old lines for some frames
    version = hashlib.sha256("".join([*svgs, narrow]).encode()).hexdigest()[:12]
    _component(data=data | {"narrow": narrow, "narrowNatural": NARROW}, key=f"{key}:{version}")
