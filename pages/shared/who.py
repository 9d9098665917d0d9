"""Who reads, said once: beside the name of the dashboard, with the way to sign in or out."""

from html import escape
from urllib.parse import urlencode

import streamlit as st

from indicators import folders
from indicators.errors import BildungsblickError
from indicators.saved import accounts
from indicators.saved.accounts import NAMES
from pages.shared import permission, sign_in


def told(page: str) -> None:
    """One line; none for a reader of a dashboard that has no accounts."""
    reader = permission.reader()
    if reader.is_home:
        _line("An diesem Rechner dürfen Sie alles, ohne Anmeldung.")
    elif reader.must_change:
        _line(f"{escape(reader.name)} · {_link(f'./{sign_in.ROOM}/kennwort', 'Kennwort wählen')}")
    elif reader.by_provider:
        _line(f"{escape(reader.name)} · {NAMES[reader.role]}")
        st.button("Abmelden", key="sign_out", on_click=st.logout)
    elif reader.name:
        name = f"{escape(reader.name)} · {NAMES[reader.role]}"
        _line(f"{name} · {_link(f'./{sign_in.ROOM}', 'Konto')}")
    else:
        _offer(page)


def _offer(page: str) -> None:
    place = folders.default()
    try:
        there = accounts.listed(place)
        provider = place.provider_claim
    except BildungsblickError as error:
        _line(escape(f"Anmelden ist nicht möglich: {error}"))
        return
    if provider:
        st.button("Anmelden bei der Stadt", key="sign_in", on_click=st.login)
    if any(one.password for one in there):
        back = f"{page}?{urlencode(st.query_params.to_dict())}" if st.query_params else page
        _line(_link(sign_in.address(back), "Anmelden"))


def _link(address: str, words: str) -> str:
    return f'<a href="{escape(address)}" target="_self">{words}</a>'


def _line(content: str) -> None:
    st.html(f'<p class="bb-who">{content}</p>')
