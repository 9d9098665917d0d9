"""Karte und Vergleich: any indicator as map, trend, ranking or table."""

import streamlit as st

from indicators.errors import ViewError
from indicators.view import View
from pages.shared import blocks, cached, controls

release = cached.current()
region = controls.region(release)
if st.query_params.get("stage") == "1":
    from indicators import view as views

    query = {"region": region.id, **dict(st.query_params)}
    blocks.stage(release, views.parse(query, release.catalog, release.regions))
    st.stop()

blocks.page_head("Karte und Vergleich")
with st.container(key="filters"):
    first, second, third = st.columns([2, 4, 3], vertical_alignment="bottom")
    with first:
        theme = controls.theme(release)
    with second:
        indicator = controls.indicator(release, theme)
    with third:
        kind = controls.kind()
    columns = st.columns(4, vertical_alignment="bottom")
    with columns[0]:
        measure = "share" if indicator.is_count else controls.measure()
    with columns[1]:
        by = controls.breakdown(release, indicator) if kind in ("trend", "table") else ""
        scope = controls.scope() if kind in ("map", "ranking") else "land"
    with columns[2]:
        only = controls.category(release, indicator) if not by else ()
    view = View(
        kind=kind,
        indicator=indicator.id,
        region=region.id,
        by=by,
        measure=measure,
        scope=scope,
        only=only,
    )
    with columns[3]:
        try:
            periods = cached.answer(release, view).periods
        except ViewError:
            periods = []
        period = controls.period(periods) if kind in ("map", "ranking", "table") else ""
blocks.card(view.with_(period=period), key="explorer", height=430)
