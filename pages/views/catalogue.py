"""Daten und Methodik: what every indicator means, where the data come from, what signs mean."""

import streamlit as st

from pages.shared import blocks, cached, method, pickers

release = cached.current()
blocks.page_head("Daten und Methodik", method.summary(release))
names = method.SECTIONS
section = pickers.choose("section", "Abschnitt", list(names), names=names, widget="segmented")
with st.container(border=True, key="card_method"):
    method.DRAW[section](release)
