"""Barrier-free by law (BITV 2.0): axe-core finds nothing serious; on every page in
`test_every_page.py`, here on what is no page of its own."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.helpers import STAGE

pytestmark = pytest.mark.browser

# Findings in Streamlit's own markup that cannot be mended here: rule -> (selector part, reason).
STREAMLITS_OWN: dict[str, tuple[str, str]] = {}


def serious_findings(page) -> list[str]:
    """Rule and place of every serious or critical finding that is not on the list."""
    found = []
    for violation in Axe().run(page).response["violations"]:
        if violation["impact"] not in ("serious", "critical"):
            continue
        excused, _ = STREAMLITS_OWN.get(violation["id"], (None, ""))
        for node in violation["nodes"]:
            place = " ".join(map(str, node["target"]))
            if excused is None or excused not in node["html"]:
                found.append(f"{violation['id']}: {place}\n    {node['html'][:200]}")
    return found


TWO_MAPS = "karte?kind=maps&indicator=abgaenger_ohne_abschluss_anteil&region=06431"


@pytest.mark.parametrize("path", [STAGE, TWO_MAPS])
def test_stage_and_two_maps_have_no_serious_barrier(path, window):
    page = window.open(path)
    assert page.locator(".st-key-card_error").count() == 0
    assert serious_findings(page) == []
