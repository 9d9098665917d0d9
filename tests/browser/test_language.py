"""Everything a reader can see or hear is German: words, labels of controls, and numbers.

Every page is looked at in `test_every_page.py`.
"""

import re

import pytest

from tests.browser.helpers import Window

pytestmark = pytest.mark.browser

# Words of Streamlit's and Plotly's interface that no German text contains. Left out on purpose:
# what is German as well (Export, Index, Download, Filter, Median, System, in, was, also, hat).
ENGLISH = re.compile(
    r"\b(?:the|and|of|to|with|for|from|is|are|this|that|your|you|not|no|all|more|less|"
    r"please|wait|choose|select|selected|search|show|hide|add|remove|clear|close|copy|edit|"
    r"upload|fullscreen|sidebar|settings|help|heading|skip|content|column|columns|row|rows|"
    r"sort|ascending|descending|view|loading|running|stop|error|warning|page|pages|next|previous|"
    r"data|dataframe|chart|value|values|option|options|enter|press|apply|submit|file|files|drag|"
    r"drop|results?|open|date|time|year|month|day|hour|minute|trace|reset|zoom|"
    r"january|february|march|june|july|october|december)\b",
    re.IGNORECASE,
)
# Names that happen to be English.
NAMES = re.compile(r"open data|open government|creative commons|data licence", re.IGNORECASE)

ADDRESS = re.compile(r"https?://\S+")

NUMBER = re.compile(r"(?<![\w/-])\d[\d.,]*")
GERMAN_NUMBER = re.compile(
    r"\d+(?:,\d{1,2})?|\d{1,3}(?:\.\d{3})+(?:,\d{1,2})?"  # 12 · 45,3 · 1.234.567,8
    r"|\d{1,2}\.(?:\d{1,2}\.(?:\d{2}|\d{4})?)?"  # 3. · 31.12. · 31.12.2024
)

# What is on the screen or read aloud: texts, also those of drawings and components, and the
# labels of controls.
TEXTS = """() => {
    const left_out = 'script, style, noscript, [data-testid="stIconMaterial"]';
    const texts = [];
    const read = (root) => {
        for (const element of root.querySelectorAll("*")) {
            if (element.closest(left_out) || !element.checkVisibility()) continue;
            for (const name of ["aria-label", "placeholder", "title", "alt"])
                texts.push(element.getAttribute(name) ?? "");
            for (const node of element.childNodes)
                if (node.nodeType === Node.TEXT_NODE) texts.push(node.nodeValue);
            if (element.shadowRoot) read(element.shadowRoot);
        }
    };
    read(document.body);
    return texts.map((text) => text.trim()).filter(Boolean);
}"""


def english_words(text: str) -> list[str]:
    return ENGLISH.findall(NAMES.sub("", ADDRESS.sub("", text)))


def english_numbers(text: str) -> list[str]:
    numbers = (number.rstrip(",") for number in NUMBER.findall(ADDRESS.sub("", text)))
    return [
        number
        for number in numbers
        if not GERMAN_NUMBER.fullmatch(number) and not GERMAN_NUMBER.fullmatch(number.rstrip("."))
    ]


def assert_german(window: Window) -> None:
    texts = window.page.evaluate(TEXTS)
    assert texts
    assert {text: found for text in texts if (found := english_words(text))} == {}
    assert {text: found for text in texts if (found := english_numbers(text))} == {}


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("1.234,5 von 12.345 am 31.12.2024, das sind 45,3 %.", 0),
        ("Schuljahr 2023/24, Tabelle 21111-01-03-4, dl-de/by-2-0, 4. Klasse, bis 5.", 0),
        ("1,234.5", 1),
        ("12,345", 1),
        ("45.3 %", 1),
        ("Nothing but the chart", 2),
        ("Export und Index in Open Data", 0),
    ],
)
def test_the_test_itself(text, faults):
    assert len(english_words(text) + english_numbers(text)) == faults


def test_nothing_found_is_said_in_german(window):
    page = window.open("karte")
    page.locator('[data-testid="stSelectbox"] input').last.fill("xyz")
    page.get_by_text("Keine Treffer").wait_for()
    assert_german(window)
