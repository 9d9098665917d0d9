"""Überblick: the own region on one screen."""

import streamlit as st

from indicators import formats
from indicators.view import View
from pages.shared import blocks, cached, controls

release = cached.current()
region = controls.region(release)
figures = cached.figures(release, region.id)
filled = [f for f in figures if f.now is not None and f.now.value is not None]
leading = sorted(filled, key=lambda f: (f.indicator.highlight or 99, f.indicator.order))[:4]

inhabitants = next((f.now for f in filled if f.indicator.id == "bevoelkerung_stand"), None)
blocks.page_head(
    region.name,
    f"{formats.number(inhabitants.value)} Einwohnerinnen und Einwohner am "
    f"{inhabitants.period.label} · neueste Angaben je Kennzahl"
    if inhabitants
    else "neueste Angaben je Kennzahl",
)
for column, found in zip(st.columns(4), leading, strict=False):
    with column:
        blocks.key_figure(found, release, f"figure_{found.indicator.id}")
if leading:
    main = leading[0].indicator.id
    left, right = st.columns([11, 9])
    with left:
        blocks.card(View(kind="trend", indicator=main, region=region.id), key="trend", height=220)
    with right:
        blocks.card(
            View(kind="map", indicator=main, region=region.id),
            key="map",
            faces=("figure",),
            height=270,
        )
blocks.card(View(kind="profile", region=region.id), key="profile", faces=("table",))
