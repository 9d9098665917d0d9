"""Whoever gets a frame can read in the docstring what a row of it is and which columns it has."""

import ast
import re
from collections.abc import Iterator

from indicators.folders import PROJECT

FOLDERS = ("indicators", "pages", "example_town", "benchmarks")


def _frames() -> Iterator[tuple[str, str]]:
    """Place and docstring of every public function that returns a frame, or something of frames."""
    for folder in FOLDERS:
        for path in sorted((PROJECT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                    continue
                if node.returns and "DataFrame" in ast.unparse(node.returns):
                    place = f"{path.relative_to(PROJECT)}:{node.lineno} {node.name}"
                    yield place, ast.get_docstring(node) or ""


def test_frames_are_found() -> None:
    assert any("indicators/release/values.py" in place for place, _ in _frames())


def test_every_frame_says_its_grain_and_its_columns() -> None:
    silent = [
        place
        for place, told in _frames()
        if not re.search(r"\b(rows?|areas?)\b", told, re.I)
        or not re.search(r"\bcolumns?\b", told, re.I)
    ]
    assert silent == []
