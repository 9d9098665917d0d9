"""Puts a drawing (an SVG laid out by the server) on the page."""

import streamlit as st

# A file, not a string: see map_component.
_component = st.components.v2.component(
    "indicators.drawing",
    html='<div class="drawing"></div>',
    css="drawing.css",
    js="drawing.js",
)


def draw(svg: str, *, key: str, stage: bool = False, narrowest: int = 640) -> None:
    """Shows the drawing at the page's width; on the stage at its own size, because the stage is
    scaled as a whole. Below `narrowest` pixels it scrolls sideways."""
    _component(data={"svg": svg, "fixed": stage, "narrowest": narrowest}, key=key)
