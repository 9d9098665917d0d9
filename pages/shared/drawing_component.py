"""Puts a drawing (an SVG laid out by the server) on the page."""

from collections.abc import Callable
from types import ModuleType

import streamlit as st

from indicators.figures import balance, chain, flow, places, pyramid, starters

# How each picture that is no chart is drawn.
_DRAW: dict[type, Callable[..., str]] = {
    flow.FlowPicture: flow.draw,
    pyramid.Pyramid: pyramid.draw,
    starters.StarterPicture: starters.draw,
    starters.Grid: starters.draw,
    balance.BalancePicture: balance.draw,
    chain.ChainPicture: chain.draw,
    places.PlacesPicture: places.draw,
}

# These are as high as their rows need.
_GROWING = (starters.Grid, balance.BalancePicture, chain.ChainPicture, places.PlacesPicture)

# These have more rows, or more gates, than a slide has room for.
_PAGED: dict[type, ModuleType] = {
    starters.Grid: starters,
    balance.BalancePicture: balance,
    flow.FlowPicture: flow,
}

# The width that the drawing of narrow cards is laid out for.
NARROW = 340

# A file, not a string: see map_component.
_component = st.components.v2.component(
    "indicators.drawing",
    html='<div class="drawing"></div>',
    css="drawing.css",
    js="drawing.js",
)


def _grows(figure: object) -> bool:
    """Whether a figure is as high as its rows, or its gates, need."""
    several = isinstance(figure, flow.FlowPicture) and len(figure.gates) > 1
    return several or isinstance(figure, _GROWING)


def draws(figure: object) -> bool:
    """Whether the figure of an answer is a drawing."""
    return type(figure) in _DRAW


def draw(figure: object, *, key: str, width: int, height: int, stage: bool = False) -> None:
    """Draws a figure laid out for this width, on a wider page a little larger; a phone shows one
    laid out for it. The stage is scaled as a whole, and a figure of many rows has pages there."""
    made = _DRAW[type(figure)]
    narrow = ""
    if stage and type(figure) in _PAGED:
        module = _PAGED[type(figure)]
        size = {"width": width, "height": height, "stage": True}
        rows = module.capacity(height, stage=True)
        pages = range(module.pages(figure, height, stage=True))
        svgs = [made(figure, first=page * rows, **size) for page in pages]
    else:
        room = None if _grows(figure) and not stage else height
        svgs = [made(figure, width=width, height=room, stage=stage)]
        if not stage and width > NARROW:
            room = height if isinstance(figure, pyramid.Pyramid) else None
            narrow = made(figure, width=NARROW, height=room)
    data = {"pages": svgs, "fixed": stage, "natural": width}
    _component(data=data | {"narrow": narrow, "narrowNatural": NARROW}, key=key)
