"""Daten und Methodik (placeholder): what is shown and where it comes from."""

import streamlit as st

st.title("Daten und Methodik")
st.text_input("Kennzahl suchen")
with st.expander("Zeichenerklärung"):
    st.markdown("„–“ bedeutet genau null, „.“ bedeutet geheim gehalten.")
