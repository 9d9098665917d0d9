"""Karte und Vergleich: any indicator as map, trend, ranking or table, or all as a profile."""

import streamlit as st

from indicators import kinds
from indicators.view import View
from pages.shared import blocks, cached, controls, places, regions

release = cached.current()
region = regions.chosen(release)
head = st.columns([5, 4, 8], vertical_alignment="bottom")
with head[0]:
    blocks.page_head("Karte und Vergleich")
with head[1]:
    theme = controls.theme(release)
with head[2]:
    kind = controls.kind()
if kind in kinds.SPECIAL:
    view = controls.view_of_link(release) or View(kind="profile", region=region.id)
elif kind == "profile":
    view = View(kind=kind, region=region.id, theme=theme)
elif kinds.ALL[kind].by_place:
    view = places.chosen(release, region, kind, theme)
else:
    columns = controls.row(kind)
    with columns[0]:
        indicator = controls.indicator(release, region, theme)
    with columns[1]:
        measure = controls.measure(indicator)
    view = View(kind=kind, indicator=indicator.id, region=region.id, measure=measure)
    with columns[2]:
        view = view.with_(by=controls.breakdown(release, view))
    with columns[-1]:
        if kind == "trend" and not view.by:
            view = view.with_(compare=controls.compared(release, region))
        elif kind != "trend":
            view = controls.at_period(release, view)
    if not view.by:
        view = view.with_(only=view.only + controls.category(release, view))
blocks.explorer(controls.settled(release, view))
