"""Überblick (placeholder): the own region in one screen."""

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from pages.shared.plotly_german import CONFIG

st.title("Überblick")
st.caption("Platzhalter mit den Bausteinen, die später hier stehen.")

first, second = st.columns(2)
with first.container(border=True, key="card_0"):
    st.selectbox("Kennzahl", ["Abgehende ohne Abschluss", "Übergang auf das Gymnasium"])
    st.segmented_control("Darstellung", ["Diagramm", "Tabelle"], default="Diagramm")
with second.container(border=True, key="card_1"):
    st.metric("Abgehende ohne Hauptschulabschluss", "9,2 %", "1,4 Prozentpunkte")

with st.container(border=True, key="card_2"):
    figure = go.Figure(go.Scatter(x=["2021/22", "2022/23", "2023/24"], y=[12000.5, 12345.5, 12600]))
    figure.add_box(y=[12000, 12100.5, 12600], x=["2022/23"] * 3)
    figure.update_layout(height=260, margin_t=10, template="none", paper_bgcolor="rgba(0,0,0,0)")
    st.plotly_chart(
        figure, theme=None, config=CONFIG, alt="Verlauf der Kennzahl von 2021/22 bis 2023/24"
    )

st.dataframe(
    pd.DataFrame({"Schuljahr": ["2021/22", "2022/23"], "Anteil": ["5,4 %", "6,1 %"]}),
    hide_index=True,
    alt="Anteil je Schuljahr",
)
