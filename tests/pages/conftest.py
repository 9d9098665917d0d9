"""Pages are opened on the release that all tests share, and tell every word of an error."""

import logging

import pytest
from streamlit import config


@pytest.fixture(autouse=True)
def _release_and_full_errors(data_folder, monkeypatch):
    """The server hides the words of an error; here they are wanted, and not as a log as well."""
    before = config.get_option("client.showErrorDetails")
    config.set_option("client.showErrorDetails", "full")
    monkeypatch.setattr(logging.getLogger("streamlit"), "disabled", True)
    yield
    config.set_option("client.showErrorDetails", before)
