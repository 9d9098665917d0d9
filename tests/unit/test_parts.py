"""Parts and wholes of a town's own table: the quick look finds no other faults than the thorough
one, which names them."""

import numpy as np
import pandas as pd
import pytest

from indicators.publishing import parts
from indicators.publishing.report import Section
from tests.unit import protected_town as town

CATALOG = town.catalog()
KIDS = CATALOG.datasets["kids"]
DIMENSIONS = [CATALOG.dimensions[id] for id in KIDS.dimensions]


def said(rows: pd.DataFrame) -> list[tuple[str, str]]:
    section = Section("")
    parts.check(rows, KIDS, DIMENSIONS, town.REGIONS, section)
    return [(one.level, one.text) for one in section.findings]


def damaged(rows: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    """Some numbers are others, some rows are gone or stated twice, or not applicable."""
    rows = rows.assign(value=rows["value"].astype(float)).reset_index(drop=True)
    some = random.choice(len(rows), size=int(random.integers(0, 4)), replace=False)
    rows.loc[some, "value"] += random.choice([-2, -1, 1, 0.5, 30], size=len(some))
    gone = random.choice(len(rows), size=int(random.integers(0, 20)), replace=False)
    twice = rows.iloc[gone[: int(random.integers(0, 2))]]
    rows = pd.concat([rows.drop(index=gone), twice], ignore_index=True)
    none = random.choice(len(rows), size=int(random.integers(0, 5)), replace=False)
    rows.loc[none, ["value", "status"]] = [np.nan, "not_applicable"]
    return rows


@pytest.mark.parametrize("seed", range(25))
def test_a_quick_look_changes_nothing_of_what_is_said(seed, monkeypatch):
    random = np.random.default_rng(seed)
    rows = town.rows_of(CATALOG, {"2022": town.counts(seed), "2023": town.counts(seed + 100)})
    rows = damaged(rows.assign(line=range(len(rows))), random)
    quick = said(rows)
    monkeypatch.setattr(parts, "_may_be_off", lambda *_: True)
    monkeypatch.setattr(parts, "_more_may_be_inside", lambda *_: True)
    assert quick == said(rows)


def test_a_sound_table_is_looked_at_quickly_and_a_wrong_number_is_named(monkeypatch):
    rows = town.rows_of(CATALOG, {"2022": town.with_canaries()}).assign(line=7)
    monkeypatch.setattr(parts, "_place", lambda *_: pytest.fail("nobody has to be named"))
    monkeypatch.setattr(pd.DataFrame, "merge", _once_for_measures(pd.DataFrame.merge))
    assert said(rows) == []
    monkeypatch.undo()
    wrong = rows.copy()
    whole = (wrong["form"] == "total") & (wrong["side"] == "total") & (wrong["measure"] == "kids")
    at = wrong.index[whole & (wrong["region"] == town.COUNTY)][0]
    wrong.loc[at, "value"] = float(wrong.loc[at, "value"]) - 1
    ((_, text), *_) = said(wrong)
    assert text.startswith("Zeile 7: Landkreis Hof, 2022, Kinder: ")


def _once_for_measures(merge):
    """Only measures that are part of others are still put beside them."""
    calls = []

    def counted(*given, **named):
        calls.append(named)
        assert len(calls) == 1, "looked at thoroughly"
        return merge(*given, **named)

    return counted
