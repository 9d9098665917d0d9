"""Überblick: the own region on one screen."""

import streamlit as st

from indicators.view import View
from pages.shared import blocks, cached, controls

release = cached.current()
region = controls.region(release)
figures = cached.figures(release, region.id)
leading = blocks.leading_figures(figures)

blocks.page_head(region.name, blocks.introduction(figures))
if leading:
    focus = controls.focus([figure.indicator.id for figure in leading])
    for column, figure in zip(st.columns(4), leading, strict=False):
        with column:
            blocks.key_figure(figure, in_focus=figure.indicator.id == focus)
    view = View(kind="trend", indicator=focus, region=region.id)
    left, right = st.columns([11, 9])
    with left:
        blocks.card(view, key="trend", height=220)
    with right:
        seen = controls.at_kept_period(release, view.with_(kind="map"))
        blocks.card(seen, key="map", faces=("figure",), height=270)
blocks.card(View(kind="profile", region=region.id), key="profile", faces=("table",))
