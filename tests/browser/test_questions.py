"""Questions of committees: each is answered on the invented town by one click on the overview."""

import re
from pathlib import Path

import pytest

from indicators.folders import PROJECT
from tests import shipped
from tests.browser.helpers import Window, settle_again

pytestmark = pytest.mark.browser

QUESTIONS = shipped.catalog().questions
TOWN = "verbund:beispiel"
DOCUMENT = PROJECT / "docs" / "questions.md"
# A card without an answer, and an error.
NOTHING = "Hierzu gibt es noch keine Angaben"


def link_of(page, question) -> str:
    """Where the overview's link with the words of this question leads; it may stand folded."""
    link = page.locator(".bb-questions a").filter(has_text=question.text)
    return link.first.get_attribute("href")


def test_every_question_is_a_link_of_the_overview_with_its_answer(window: Window):
    page = window.open(f"?region={TOWN}")
    page.wait_for_selector(".bb-questions .bb-answer", state="attached")
    settle_again(window)
    assert page.locator(".bb-questions .bb-answer").count() == len(QUESTIONS)
    for question in QUESTIONS.values():
        assert question.query in link_of(page, question)
        assert link_of(page, question).endswith(f"&region={TOWN}")
    # the first ones are in sight, the others are unfolded with the keyboard
    last = list(QUESTIONS.values())[-1]
    hidden = page.get_by_role("link", name=last.text, exact=True)
    assert hidden.count() == 0
    page.locator(".bb-questions summary").first.press("Enter")
    assert hidden.is_visible()
    # one of them with a real click; the others are opened by their links
    first = next(iter(QUESTIONS.values()))
    page.get_by_role("link", name=first.text, exact=True).click()
    page.wait_for_url(re.compile(re.escape(first.query.split("&")[0])))
    settle_again(window)
    assert page.locator("h2.bb-headline").count()


@pytest.fixture(scope="module")
def links(_reader: Window) -> dict[str, tuple[str, str]]:
    """The link and the answer of all questions, read from the overview once."""
    page = _reader.turn(f"?region={TOWN}")
    page.wait_for_selector(".bb-questions .bb-answer", state="attached")
    items = page.locator(".bb-questions li").all()
    told = {item.locator("a").first.text_content(): item for item in items}
    found = {
        id: (
            told[question.text].locator("a").first.get_attribute("href"),
            told[question.text].locator(".bb-answer").text_content(),
        )
        for id, question in QUESTIONS.items()
    }
    return found


@pytest.mark.parametrize("id", QUESTIONS)
def test_a_question_is_answered_behind_its_link(reader: Window, links, id: str):
    question = QUESTIONS[id]
    link, answer = links[id]
    page = reader.turn(link.lstrip("/"))
    assert page.locator(".st-key-card_error").count() == 0
    text = page.locator('[data-testid="stMain"]').inner_text()
    assert NOTHING not in text
    assert "Die Adresse nennt" not in text, text[:400]
    assert "ohne Wirkung" not in text, text[:400]
    # an answer names numbers and says where they come from
    assert re.search(r"\d", text)
    assert "Quelle" in text
    if question.indicator:
        assert "Beispieldaten (erfunden)" in text
    if question.page != "daten":  # the card says what the start page said
        assert answer in page.locator("h2.bb-headline").all_text_contents()


def test_the_document_lists_every_question_with_its_link():
    lines = Path(DOCUMENT).read_text(encoding="utf-8")
    for question in QUESTIONS.values():
        assert f"| {question.order} | {question.text} |" in lines
        assert question.query in lines
