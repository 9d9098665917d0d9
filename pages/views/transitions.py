"""Übergänge: the gates from Kita to training, each as a flow, over time and by place."""

import streamlit as st

from indicators.view import View
from pages.shared import blocks, cached, controls, regions, themes

release = cached.current()
region = regions.chosen(release)
blocks.page_head("Übergänge")
gate = themes.gate(release)
blocks.text(gate.text, "lead")
left, right = st.columns([1, 1], gap="small")
with left, st.container(key="side_flow"):
    if gate.flow:
        indicator = release.catalog.indicators[gate.flow]
        only = themes.restricted(release, indicator)
        flow = View(kind="flow", indicator=gate.flow, region=region.id, only=only)
        blocks.card(controls.at_kept_period(release, flow), key="flow", height=330)
with right, st.container(key="side_rate"):
    indicator = themes.indicator(release, themes.of_gate(release, gate))
    view = themes.shown_as(release, region, indicator)
    blocks.card(view, key="rate", height=240)
