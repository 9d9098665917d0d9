"""A line of text in one of our styles."""

import html
import re

import streamlit as st

UNBROKEN = re.compile(r"dl-[\w/-]+|\b\d{5}-\d{2}-\d{2}-\d\b|\bAI-?\w+-\w+")  # licences and tables


def text(content: str, style: str, tag: str = "p") -> None:
    """A line of text in one of our styles; what comes from files is never read as markup."""
    written = UNBROKEN.sub(r'<span class="bb-line">\g<0></span>', html.escape(content))
    st.html(f'<{tag} class="bb-{style}">{written}</{tag}>')
