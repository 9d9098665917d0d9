"""Which address counts: a link or Back replaces what was chosen, an old request undoes no click."""

from types import SimpleNamespace

import pytest

from pages.shared import address


class Params(dict):
    def to_dict(self) -> dict:
        return dict(self)

    def from_dict(self, values: dict) -> None:
        self.clear()
        self.update(values)

    def get_all(self, name: str) -> list[str]:
        return [self[name]]


class Again(Exception):
    """Stands for Streamlit's own exception that begins a page anew."""


def rerun() -> None:
    raise Again


@pytest.fixture
def browser(monkeypatch):
    """A stand-in for Streamlit: the session, and the address as the last request had it."""
    found = SimpleNamespace(session_state={}, query_params=Params(), rerun=rerun)
    monkeypatch.setattr(address, "st", found)
    return found


def draw(browser, asked: dict[str, str]) -> str:
    """One run of a page that shows the chosen region; returns it."""
    browser.query_params.from_dict(asked)
    address.begin("page")
    region = address.choice("region")
    address.show("region", region)
    address.finish()
    return region


def test_a_click_counts_although_its_request_has_an_older_address(browser):
    assert draw(browser, {"region": "09463"}) == "09463"
    address.pick("region", "09473")
    assert draw(browser, {"region": "09463"}) == "09473"
    assert browser.query_params == {"region": "09473"}


def test_a_link_or_back_replaces_what_was_chosen(browser):
    draw(browser, {"region": "09463"})
    address.pick("region", "09473")
    draw(browser, {"region": "09463"})
    assert draw(browser, {"region": "09463"}) == "09463"


def test_a_page_that_draws_itself_anew_undoes_no_click(browser):
    """The part that asks for it began before the browser had the address of the last click."""
    draw(browser, {"region": "09463"})
    address.pick("region", "09473")
    draw(browser, {"region": "09463"})
    with pytest.raises(Again):
        address.draw_again()
    assert draw(browser, {"region": "09463"}) == "09473"
    # and the next link counts again
    assert draw(browser, {"region": "07111"}) == "07111"
