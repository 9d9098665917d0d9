"""Lines of text in our styles."""

import html
import re

import streamlit as st

UNBROKEN = re.compile(r"dl-[\w/-]+|\b\d{5}-\d{2}-\d{2}-\d\b|\bAI-?\w+-\w+")  # licences and tables


def written(content: str, style: str, tag: str = "p") -> str:
    """A line of text in one of our styles, as HTML; what comes from files is never read as
    markup."""
    shown = UNBROKEN.sub(r'<span class="bb-line">\g<0></span>', html.escape(content))
    return f'<{tag} class="bb-{style}">{shown}</{tag}>'


def text(content: str, style: str, tag: str = "p") -> None:
    """A line of text."""
    st.html(written(content, style, tag))


def block(*parts: str, style: str = "lines") -> None:
    """What is written below each other, as one element: each costs the server and the browser as
    much as all that stands in it."""
    if parts:
        st.html(f'<div class="bb-{style}">{"".join(parts)}</div>', width="stretch")
