"""The page within the frame: what a click on it draws anew.

Menu, search field and the region picker with its four hundred names are the same before and after
such a click; drawn anew each time, they were more than half of what it cost.
"""

from contextlib import nullcontext

import streamlit as st
from streamlit.navigation.page import StreamlitPage
from streamlit.runtime.scriptrunner import get_script_run_ctx

from pages.shared import address, blocks, cached, sharing, stand
from pages.shared.at_once import at_once


@st.fragment
def draw(page: StreamlitPage, release: str) -> None:
    """A page with what must be said before it and the ways out below it. `release` is the one that
    the frame was drawn from; where another is in force now, the frame is drawn anew as well."""
    context = get_script_run_ctx()
    assert context is not None  # a page is drawn by a run of its script
    alone = bool(context.fragment_ids_this_run)
    if alone and not (address.begin_in_frame(page.url_path) and cached.current().id == release):
        st.rerun()
    # within a run of all, dashboard.py decides what appears together
    with at_once() if alone else nullcontext():
        notice = st.empty()
        older = stand.notice()
        sharing.begin_page()
        _run(page)
        sharing.offer_page(page.title)
        stand.difference(older)
        if lines := address.finish():
            with notice:
                blocks.notice(lines)


def _run(page: StreamlitPage) -> None:
    # Streamlit runs a page once per run of all; private to it, hence `<2` in pyproject.toml
    page._can_be_called = True
    page.run()
