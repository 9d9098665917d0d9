"""A walk through all parts of all pages: each shows what its pickers say, or names the file that
would bring figures, and no link the product makes itself is answered by a complaint."""

import html
import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.apps import EXPLORER, OVERVIEW, REGIONS, SCRIPTS, go, is_fine, opened, visit, words
from tests.pages.test_controls import PARTS, assert_controls_tell_the_card
from tests.pages.test_controls import REGIONS as EVERY_SORT_OF_REGION

PAGES = {
    "": OVERVIEW,
    "uebergaenge": "pages/views/transitions.py",
    "kita": "pages/views/childcare.py",
    "zuwanderung": "pages/views/migration.py",
    "demografie": "pages/views/demography.py",
    "karte": EXPLORER,
    "lebensphasen": "pages/views/life_course.py",
    "sitzung": "pages/views/meeting.py",
    "daten": "pages/views/catalogue.py",
}
SETTLED = [
    ("pages/views/demography.py", {"section": "schulanfang", "variant": "none", "years": "3"}),
    ("pages/views/demography.py", {"section": "schulanfang", "show": "parts"}),
    ("pages/views/migration.py", {"section": "kette"}),
    (EXPLORER, {"kind": "profile"}),
    (EXPLORER, {"kind": "notable"}),
]
# Two links of three: of each key figure to its series, on one page that does the same with all of
# them. A few are followed; of the others it is asked whether the series is there.
SERIES = re.compile(r"karte\?kind=trend&indicator=\w+&region=[\w:]+")


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


def assert_shows_figures_or_the_next_step(app: AppTest, where) -> None:
    """A comparison that a region does not have is told, and no other part of the address."""
    assert is_fine(app), (where, app.exception)
    text = words(app)
    if "noch keine Angaben" in text:
        assert "Nächster Schritt" in text or "keine Werte" in text, (where, text[-600:])
    assert "scope" in where[1] or "ohne Wirkung" not in text, where


@dataclass(frozen=True)
class Walk:
    """A window that has looked at all parts of all pages of a region, and all links it met."""

    region: str
    app: AppTest
    found: set[str]


@pytest.fixture(scope="module")
def walk(request: pytest.FixtureRequest, release) -> Walk:
    """One walk at a time: both tests of a region follow each other, for the server (and so a test)
    remembers the answers of a region only until those of the next ones take their place."""
    region = request.param
    app = opened(region=region)
    found = links(app)
    for script, part in PARTS:
        go(app, script, region=region, **part)
        assert_shows_figures_or_the_next_step(app, (script, part))
        assert_controls_tell_the_card(app, release, (region, script, part))
        found |= links(app)
    return Walk(region, app, found)


@pytest.mark.parametrize("walk", EVERY_SORT_OF_REGION, indirect=True, scope="module")
def test_every_control_says_what_the_card_shows_and_no_card_is_empty(walk: Walk):
    assert len(walk.found) > 10  # the walk has looked at every control on its way


@pytest.mark.parametrize("walk", [*REGIONS, "verbund:beispiel"], indirect=True, scope="module")
def test_no_link_of_any_page_is_answered_by_a_complaint(walk: Walk, ask):
    app, found, region = walk.app, set(walk.found), walk.region
    for script in [script for script in SCRIPTS if script != OVERVIEW]:
        found |= links(go(app, script, region=region))
    for script, part in SETTLED:
        found |= links(go(app, script, region=region, **part))
    page = None
    assert len(found) > 30  # questions a region cannot answer are no links
    alike = sorted(filter(SERIES.fullmatch, found))
    assert len(alike) > 20
    for link in alike[3:]:
        assert ask(urlsplit(link).query).view.kind == "trend", link
    for link in sorted(found.difference(alike[3:])):
        page = follow(app, page, link)
        assert not app.exception, (link, app.exception)
        complaint = "Bitte prüfen Sie den Link" in words(app)
        assert not complaint, (link, re.findall("bb-notice.*", words(app)))
        assert "Diese Ansicht gibt es nicht" not in words(app), link
