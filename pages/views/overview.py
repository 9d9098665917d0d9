"""Überblick: the own region on one screen."""

import streamlit as st

from indicators.answers.answer import labelled
from indicators.view import View
from pages.shared import blocks, cached, controls, entries, key_figures, regions

release = cached.current()
region = regions.chosen(release)
leading, introducing = cached.leading(release, region.id)

blocks.page_head(region.name, labelled(key_figures.introduction(introducing), region))
if leading:
    focus = controls.focus([figure.indicator for figure in leading])
    for column, figure in zip(st.columns(4), leading, strict=False):
        with column:
            key_figures.card(figure, in_focus=figure.indicator.id == focus)
    view = View(kind="trend", indicator=focus, region=region.id)
    map_view = controls.at_kept_period(release, view.with_(kind="map"))
    if cached.has_answer(release, map_view):
        left, right = st.columns([11, 9])
        with left:
            blocks.card(view, key="trend", height=220, width=520)
        with right:
            blocks.card(map_view, key="map", faces=("figure",), height=270)
    else:
        blocks.card(view, key="trend", height=260)
with st.container(border=True, key="card_questions"):
    entries.questions(release, region)
topics = entries.topics(release, region)[:1]
columns = st.columns(1 + len(topics))
with columns[0], st.container(border=True, key="card_notable"):
    entries.what_stands_out(release, region)
for column, topic in zip(columns[1:], topics, strict=True):
    with column, st.container(border=True, key="card_topic"):
        entries.focus_topic(release, region, topic)
