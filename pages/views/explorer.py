"""Karte und Vergleich: any indicator as map, trend, ranking or table."""

import streamlit as st

from indicators.view import View
from pages.shared import blocks, cached, controls

release = cached.current()
region = controls.region(release)
if controls.on_stage():
    blocks.stage(release, controls.view_of_address(release, region))
    st.stop()

head, kinds = st.columns([9, 10], vertical_alignment="bottom")
with head:
    blocks.page_head("Karte und Vergleich")
with kinds:
    kind = controls.kind()
columns = st.columns([5, 9, 4, 5, 5], vertical_alignment="bottom")
with columns[0]:
    theme = controls.theme(release)
with columns[1]:
    indicator = controls.indicator(release, theme)
with columns[2]:
    measure = controls.measure(indicator)
view = View(kind=kind, indicator=indicator.id, region=region.id, measure=measure)
with columns[3]:
    if kind in ("map", "ranking"):
        view = view.with_(scope=controls.scope())
    else:
        view = view.with_(by=controls.breakdown(release, indicator))
with columns[4]:
    if kind == "trend" and not view.by:
        view = view.with_(compare=controls.compared(release, region))
    elif kind != "trend":
        view = controls.at_period(release, view)
if not view.by:
    view = view.with_(only=controls.category(release, indicator))
blocks.card(view, key="explorer", height=340)
