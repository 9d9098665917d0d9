"""Daten und Methodik: what every indicator means, where the data come from, what signs mean."""

import streamlit as st

from pages.shared import blocks, cached, method, pickers

release = cached.current()
blocks.page_head("Daten und Methodik", method.summary(release))
SECTIONS = {
    "indicators": "Indikatoren",
    "availability": "Verfügbarkeit",
    "sources": "Quellen",
    "signs": "Zeichenerklärung",
    "protection": "Schutz",
    "report": "Prüfbericht",
    "releases": "Datenstände",
    "fetch": "Daten holen",
    "updating": "Aktualisieren",
}
section = pickers.choose("section", "Abschnitt", list(SECTIONS), names=SECTIONS, widget="segmented")
with st.container(border=True, key="card_method"):
    method.DRAW[section](release)
