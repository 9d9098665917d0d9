"""Corrections of a town's own numbers: any number of them, and nothing shown is forgotten."""

import pandas as pd
import pytest

from indicators.publishing import run
from indicators.release import releases
from tests.unit import light
from tests.unit import protected_town as town
from tests.unit.protected_town import PARTS, Count, protect, rows_of, seen

pytestmark = pytest.mark.build  # each builds a town of its own

YEAR = light.YEAR


def test_one_number_can_be_corrected_any_number_of_times(light_shipped, own_folders, tmp_path):
    values = (21, 22, 23, 24, 25)
    ids = light.built_with(own_folders, tmp_path, values)
    assert len(set(ids)) == len(values)
    for number, id in enumerate(ids):
        opened = releases.open_release(own_folders, id)
        assert light.shown_value(opened) == values[number]
        assert light.known_before(opened) == list(values[:number])
        opened.close()


def test_a_number_that_returns_is_what_was_shown(light_shipped, own_folders, tmp_path):
    ids = light.built_with(own_folders, tmp_path, (21, 22))
    (own_folders.received / "places" / "angebote_1_22.csv").unlink()
    (own_folders.received / "places" / "angebote_1_22.csv.origin.toml").unlink()
    assert run.build(own_folders).id == ids[0]
    light.deliver(own_folders, tmp_path, 23, "3")
    built = run.build(own_folders)
    opened = releases.open_release(own_folders, built.id)
    assert light.shown_value(opened) == 23 and light.known_before(opened) == [21, 22]
    opened.close()


def shown_of(protected) -> pd.DataFrame:
    every = pd.concat([protected.rows, protected.sums])
    columns = ["region", "period", "form", "side", "measure", "value"]
    return every.loc[every["status"].isin(town.NUMBERS), columns]


@pytest.mark.parametrize("newest_last", [True, False])
def test_each_of_several_values_shown_before_is_known(newest_last):
    """A group of 4 was corrected to 9 and back: hiding the 4 under a stricter rule would not take
    it back, and whatever else is hidden must not rest on it."""
    large = {key: Count(20, 5) for key in town.counts(0)}
    four, nine = (large | {(PARTS[0], "form_a", "left"): Count(n, 0)} for n in (4, 9))
    catalog = town.catalog()
    editions = [protect(catalog, rows_of(catalog, {YEAR: given})) for given in (four, nine)]
    cell = (PARTS[0], "form_a", "left", "kids")
    assert [seen(one)[cell] for one in editions] == [4, 9]
    shown = [shown_of(one) for one in (editions if newest_last else editions[::-1])]
    stricter = town.catalog(wishes="[stricter_rule]\nminimum = 5\n")
    rows = rows_of(stricter, {YEAR: four})
    assert seen(protect(stricter, rows))[cell] is None
    now = protect(stricter, rows, earlier=pd.concat(shown).drop_duplicates())
    assert seen(now)[cell] == 4 and now.exposed >= 1
