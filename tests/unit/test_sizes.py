"""What is read at once stays small: functions of at most 60 lines, modules of at most 500.

A module that is longer says why in its docstring, in a sentence that begins "Long because". The
protection of numbers is left out: its searches are proven as a whole, and every change of their
text makes the patterns that ship out of date.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from indicators.folders import PROJECT

MOST_OF_A_FUNCTION = 60
MOST_OF_A_MODULE = 500
FOLDERS = ("indicators", "pages", "example_town")
LEFT_OUT = "indicators/protection"
REASON = re.compile(r"(?:^|[.;:]\s+|\n\n)Long because \w+")


def _modules() -> Iterator[Path]:
    for folder in FOLDERS:
        for path in sorted((PROJECT / folder).rglob("*.py")):
            if not path.is_relative_to(PROJECT / LEFT_OUT):
                yield path


MODULES = {path.relative_to(PROJECT).as_posix(): path for path in _modules()}


def too_long(text: str) -> list[str]:
    """The functions of a module with more lines than may be, each with how many it has."""
    sizes = [
        (node.name, (node.end_lineno or node.lineno) - node.lineno + 1)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    return [f"{name}: {size}" for name, size in sizes if size > MOST_OF_A_FUNCTION]


def unexplained(text: str) -> bool:
    """Whether a module is longer than may be and does not say why."""
    if len(text.splitlines()) <= MOST_OF_A_MODULE:
        return False
    return not REASON.search(ast.get_docstring(ast.parse(text)) or "")


@pytest.mark.parametrize("name", MODULES)
def test_a_function_fits_on_a_screen(name):
    assert too_long(MODULES[name].read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("name", MODULES)
def test_a_long_module_says_why(name):
    text = MODULES[name].read_text(encoding="utf-8")
    assert not unexplained(text), f"{len(text.splitlines())} lines"


def test_long_functions_and_modules_are_noticed():
    function = "def long():\n" + "    pass\n" * MOST_OF_A_FUNCTION
    assert too_long(function) == [f"long: {MOST_OF_A_FUNCTION + 1}"]
    assert too_long(function.replace("    pass\n", "", 1)) == []
    code = "a = 1\n" * MOST_OF_A_MODULE
    assert unexplained(f'"""Words."""\n{code}')
    assert unexplained(f'"""Words.\n\nLong because.\n"""\n{code}')
    assert not unexplained(f'"""Words.\n\nLong because one table stands in it.\n"""\n{code}')
    assert not unexplained(code)
