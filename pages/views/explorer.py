"""Karte und Vergleich: any indicator as map, trends, ranking or table, or all as a profile."""

import streamlit as st

from indicators import kinds
from indicators.view import View
from pages.shared import blocks, cached, controls, panels, places, regions

release = cached.current()
region = regions.chosen(release)
head = st.columns([5, 4, 9], vertical_alignment="bottom")
with head[0]:
    blocks.page_head("Karte und Vergleich")
with head[1]:
    theme = controls.theme(release)
with head[2]:
    kind = controls.kind()
controls.fold(region)
if kind in kinds.SPECIAL:
    view = controls.view_of_link(release) or View(kind="profile", region=region.id)
elif kind == "profile":
    view = controls.profile(region, theme)
elif kinds.ALL[kind].by_place:
    view = places.chosen(release, region, kind, theme)
else:
    columns = controls.row(kind)
    with columns[0]:
        indicator = controls.indicator(release, region, theme)
    with columns[1]:
        measure = controls.measure(indicator)
    view = View(kind=kind, indicator=indicator.id, region=region.id, measure=measure)
    if kind == "panels":
        view = panels.divided(release, view, columns[2:])
    else:
        view = controls.over_time(release, region, view, columns[2:])
    if not view.by:
        view = view.with_(only=view.only + controls.category(release, view))
blocks.explorer(controls.settled(release, view))
