"""Karte und Vergleich (placeholder): any indicator in any form."""

import streamlit as st

st.title("Karte und Vergleich")
st.radio("Ebene", ["Kreise", "Länder"], horizontal=True)
st.multiselect("Vergleichsregionen", ["Bayern", "Deutschland", "Landkreis Hof"])
st.text_input("Suche nach einer Region")
with st.popover("Herunterladen"):
    st.download_button("Tabelle als CSV", "a;b\n1;2\n", "tabelle.csv")
