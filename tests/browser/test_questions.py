"""Questions of committees: each is answered on the invented town by one click on the overview."""

import re
from pathlib import Path

import pytest

from indicators import catalog
from indicators.folders import PROJECT, SHIPPED_DEFINITIONS
from tests.browser.helpers import Window, settle_again

pytestmark = pytest.mark.browser

QUESTIONS = catalog.load(SHIPPED_DEFINITIONS).questions
TOWN = "verbund:beispiel"
DOCUMENT = PROJECT / "docs" / "questions.md"
# A card without an answer, and an error.
NOTHING = "Hierzu gibt es noch keine Angaben"


@pytest.mark.parametrize("id", QUESTIONS)
def test_a_question_is_answered_by_a_click(window: Window, id: str):
    question = QUESTIONS[id]
    page = window.open(f"?region={TOWN}")
    page.get_by_role("link", name=question.text, exact=True).click()
    page.wait_for_url(re.compile(re.escape(question.query.split("&")[0])))
    settle_again(window)
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


def test_the_document_lists_every_question_with_its_link():
    lines = Path(DOCUMENT).read_text(encoding="utf-8")
    for question in QUESTIONS.values():
        assert f"| {question.order} | {question.text} |" in lines
        assert question.query in lines
