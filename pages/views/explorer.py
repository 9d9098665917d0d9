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
columns = st.columns([5, 9, 5, 5, 4], vertical_alignment="bottom")
with columns[0]:
    theme = controls.theme(release)
with columns[1]:
    indicator = controls.indicator(release, theme)
with columns[2]:
    measure = controls.measure(indicator)
with columns[3]:
    by = controls.breakdown(release, indicator) if kind in ("trend", "table") else ""
    scope = controls.scope() if kind in ("map", "ranking") else "land"
view = View(
    kind=kind, indicator=indicator.id, region=region.id, by=by, measure=measure, scope=scope
)
with columns[4]:
    chosen = controls.period_of(release, view)
if not by:
    chosen = chosen.with_(only=controls.category(release, indicator))
blocks.card(chosen, key="explorer", height=340)
