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


def click_in_the_frame(browser, asked: dict[str, str]) -> bool:
    """A run of the page alone, which shows an indicator; the frame around it has the region."""
    browser.query_params.from_dict(asked)
    if not address.begin_in_frame("page"):
        return False
    address.show("indicator", address.choice("indicator"))
    address.finish()
    return True


def drawn_with_frame(browser, asked: dict[str, str]) -> None:
    browser.query_params.from_dict(asked)
    address.begin("page")
    address.show("region", address.choice("region"))
    address.frame_is_drawn()
    address.show("indicator", address.choice("indicator"))
    address.finish()


def test_a_page_drawn_without_its_frame_keeps_the_choices_of_the_frame_in_the_address(browser):
    first = {"region": "09463", "indicator": "geburten"}
    drawn_with_frame(browser, first)
    address.pick("indicator", "umzuege")
    assert click_in_the_frame(browser, first)
    assert browser.query_params == {"region": "09463", "indicator": "umzuege"}


def test_what_the_address_asked_for_in_vain_is_told_until_the_next_click(browser):
    first = {"region": "09463", "indicator": "geburten", "colour": "red"}
    drawn_with_frame(browser, first)
    assert any("colour" in line for line in address.unmet())
    address.pick("indicator", "umzuege")
    assert click_in_the_frame(browser, first)
    assert address.unmet() == []


def test_another_address_or_page_needs_the_frame_as_well(browser):
    first = {"region": "09463", "indicator": "geburten"}
    drawn_with_frame(browser, first)
    assert not click_in_the_frame(browser, {"region": "09473"})
    drawn_with_frame(browser, first)
    assert not address.begin_in_frame("another page")
