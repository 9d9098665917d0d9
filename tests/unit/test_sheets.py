"""Style sheets: a rule that is not closed swallows all that follow, and no browser says so."""

import re
from pathlib import Path

import pytest

from indicators.folders import PROJECT

FOLDERS = ("indicators", "pages")
SHEETS = [sheet for folder in FOLDERS for sheet in sorted((PROJECT / folder).rglob("*.css"))]
# Inside these stand whole rules; inside anything else only what says that it belongs there.
_GROUPS = ("@media", "@supports", "@container", "@layer", "@keyframes")
_NESTED = ("&", "@")


def unclosed(text: str) -> list[str]:
    """Rules that stand inside another one, and the last one that is never closed."""
    found: list[str] = []
    around: list[str] = []
    words = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    for head, sign in re.findall(r"([^{}]*)([{}])", words):
        if sign == "}":
            if not around:
                return [*found, "} without a rule"]
            around.pop()
            continue
        rule = head.rpartition(";")[2].strip()
        within = around[-1] if around else ""
        if within and not within.startswith(_GROUPS) and not rule.startswith(_NESTED):
            found.append(rule)
        around.append(rule)
    return found + around


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.relative_to(PROJECT).as_posix())
def test_every_rule_is_closed(sheet: Path):
    assert unclosed(sheet.read_text(encoding="utf-8")) == []


def test_the_test_itself():
    assert unclosed("a { b: c; }\n@media print { a { b: c; } }") == []
    assert unclosed("a { b: c;\n\nd { e: f; }") == ["d", "a"]
    assert unclosed("a { b: c; & d { e: f; } @media print { & g { h: i; } } }") == []
    assert unclosed("a { b: c; } }") == ["} without a rule"]
