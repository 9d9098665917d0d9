"""Nasty files come in right or are refused for the true reason, and nothing is received unseen."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indicators.assistant.proposal import Proposal
from indicators.assistant.propose import Assistant
from indicators.folders import Folders
from indicators.sources.grid import read_grid
from tests.zoo import nasty
from tests.zoo.own_tables import csv_bytes

EVERY = nasty.every()
USUAL = {"dataset": "transition_rates", "region": "09464", "publisher": "Stadt Hof"}


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    return Assistant(Folders(tmp_path_factory.mktemp("zoo")))


def answered(assistant: Assistant, content: bytes, file: str, choose) -> Proposal:
    """What comes of it if somebody answers everything, at most a dozen times."""
    answers = dict(USUAL)
    for _ in range(12):
        found = assistant.propose(content, file, answers)
        new = {q.id: choose(q) for q in found.questions if not q.answer and q.id not in answers}
        if found.state in ("ready", "refused", "people") or found.reason or not new:
            return found
        answers |= new
    return found


@pytest.mark.parametrize("name", EVERY)
def test_a_nasty_file_has_its_true_end(assistant, name):
    content, file, end, answers = EVERY[name]
    found = assistant.propose(content, file, USUAL | answers)
    kind, _, told = end.partition(" ")
    if kind == "=":
        assert (found.state, found.reason) == ("ready", "")
        assert [row[-1].replace(" ", "_") for row in found.understood["rows"]] == told.split()
    elif kind == "?":
        # ids have blanks: one after the other is taken off
        for id in (q.id for q in found.questions if not q.answer):
            assert told.startswith(id), (id, told)
            told = told.removeprefix(id).strip()
        assert (found.state, told) == ("questions", "")
    else:
        assert found.state != "ready" and told in found.reason


def test_there_are_enough_of_them():
    assert len(EVERY) >= 80


NUMBER = st.sampled_from(["1", "12", "47,3", "1.234", "-", "k. A.", "", "*", "0", "12,5 %", "x"])
TABLES = st.lists(st.tuples(NUMBER, NUMBER), min_size=1, max_size=6)


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(table=TABLES, pick=st.integers(0, 5))
def test_no_value_is_lost_or_made_up(assistant, table, pick):
    """Whatever is answered: of a table that is ready each cell is one value, and a number is the
    one that stands there."""
    lines = [f"{2010 + i}/{(11 + i) % 100:02d};{a};{b}" for i, (a, b) in enumerate(table)]
    content = csv_bytes("\n".join(["Schuljahr;Gymnasium;Realschule", *lines]))

    def choose(question) -> str:
        ids = [choice.id for choice in question.choices]
        return ids[pick % len(ids)] if ids else "2024/25"

    found = answered(assistant, content, "tabelle.csv", choose)
    if found.state != "ready":
        assert found.reason or [q for q in found.questions if not q.answer]
        return
    rows = found.understood["rows"]
    values = [c for c in found.columns if c.role.startswith("value:")]
    assert found.understood["count"] == len(rows) == len(table) * len(values)
    grid = read_grid(content, "tabelle.csv").sheets[0]
    printed = {str(t).replace(".", "") for t in grid.texts[1:, 1:].flatten()}
    for row in rows:
        digits = row[-1].replace(".", "")
        if any(sign.isdigit() for sign in digits):
            bare = digits.removesuffix(",0")
            # a sign may have been said to mean none
            none = float(digits.replace(",", ".")) == 0 and printed & {"-", "", "*", "x"}
            exact = any(p.removesuffix("%").strip() in (digits, bare) for p in printed)
            assert none or exact or _scaled(digits, printed)


def _scaled(digits: str, printed: set[str]) -> bool:
    """A number that was said to be a fraction, or to have other decimals."""
    value = float(digits.replace(",", "."))
    numbers = [float(p.replace(",", ".")) for p in printed if p.replace(",", "").isdigit()]
    return any(np.isclose(value * factor, n) for n in numbers for factor in (1, 1000, 0.01))
