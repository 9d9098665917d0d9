"""No link the product makes itself is answered by a complaint about the address."""

import html
import re
from urllib.parse import parse_qsl, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.apps import EXPLORER, OVERVIEW, REGIONS, SCRIPTS, go, opened, visit, words
from tests.pages.test_controls import PARTS

PAGES = {
    "": OVERVIEW,
    "uebergaenge": "pages/views/transitions.py",
    "kita": "pages/views/childcare.py",
    "zuwanderung": "pages/views/migration.py",
    "demografie": "pages/views/demography.py",
    "karte": EXPLORER,
    "lebensphasen": "pages/views/life_course.py",
    "daten": "pages/views/catalogue.py",
}
SETTLED = [
    ("pages/views/demography.py", {"section": "schulanfang", "variant": "none", "years": "3"}),
    ("pages/views/demography.py", {"section": "schulanfang", "show": "parts"}),
    ("pages/views/migration.py", {"section": "kette"}),
    ("pages/views/transitions.py", {"gate": "alle"}),
    (EXPLORER, {"kind": "profile"}),
    (EXPLORER, {"kind": "notable"}),
]


def links(app: AppTest) -> set[str]:
    """Where the page leads: links in its text, and those to take along."""
    found = [html.unescape(link) for link in re.findall(r'href="([^"]+)"', words(app))]
    found += [code.value for code in app.code if "?" in code.value]
    return {*found, *(element.proto.url for element in app.get("link_button"))}


def follow(app: AppTest, page: str | None, link: str) -> str:
    """Opens a link in the same window; returns the page it leads to."""
    parts = urlsplit(link)
    there = parts.path.rpartition("/")[2]
    assert there in PAGES, link
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    if there == page:
        visit(app, **query)
    else:
        go(app, PAGES[there], **query)
    return there


@pytest.mark.parametrize("region", [*REGIONS, "verbund:beispiel"])
def test_no_link_of_any_page_is_answered_by_a_complaint(region):
    app = opened(region=region)
    found = links(app)
    for script in [script for script in SCRIPTS if script != OVERVIEW]:
        found |= links(go(app, script, region=region))
    for script, part in PARTS + SETTLED:
        found |= links(go(app, script, region=region, **part))
    page = None
    assert len(found) > 30  # questions a region cannot answer are no links
    for link in sorted(found):
        page = follow(app, page, link)
        assert not app.exception, (link, app.exception)
        complaint = "Bitte prüfen Sie den Link" in words(app)
        assert not complaint, (link, re.findall("bb-notice.*", words(app)))
        assert "Diese Ansicht gibt es nicht" not in words(app), link
