"""The bare page every ratio refers to: one button, one line of text."""

import streamlit as st

st.session_state.setdefault("clicks", 0)
if st.button("Next"):
    st.session_state.clicks += 1
st.html(f'<p id="answer">answer {st.session_state.clicks}</p>')
