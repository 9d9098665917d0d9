"""Statistics that moved their key date: every table of one names the same day for the same year."""

import pytest

from indicators.catalog import catalog as definitions
from indicators.errors import DefinitionError
from indicators.publishing import run
from indicators.publishing.mapping import understand
from indicators.sources.reading import read_file
from tests import shipped
from tests.unit import small

SHIPPED = shipped.catalog()
CHILDCARE = ("childcare", "childcare_facilities", "childcare_staff", "regionalatlas_childcare")


@pytest.mark.parametrize("id", CHILDCARE)
def test_child_care_was_counted_on_15_march_until_2008(id):
    dataset = SHIPPED.datasets[id]
    labels = [dataset.period.meant(year).label for year in ("2007", "2008", "2009", "2024")]
    assert labels == ["15.03.2007", "15.03.2008", "01.03.2009", "01.03.2024"]
    # a date that the file prints stands, and another dataset's year becomes the same day
    assert dataset.period.meant("01.03.2008").label == "01.03.2008"
    assert dataset.period.of_year(2008).label == "15.03.2008"


def test_no_dataset_tells_another_key_date_in_words_than_in_periods():
    told = [
        d.id for d in SHIPPED.datasets.values() if any("bis 2008 der 15." in n for n in d.notes)
    ]
    assert told == [id for id in told if SHIPPED.datasets[id].period.day_of(2008) == "15.03."]
    assert told


@pytest.mark.parametrize("days", ['{ gestern = "15.03." }', '{ 2008 = "15. März" }'])
def test_a_wrong_key_date_names_the_field(days):
    text = small.PUPILS.replace('type = "school_year"', f'type = "key_date"\nearlier_days = {days}')
    with pytest.raises(DefinitionError, match="earlier_days"):
        definitions.from_texts({"base.toml": small.BASE, "pupils.toml": text})


@pytest.mark.shared
def test_the_regionalatlas_begins_on_the_days_of_the_child_care_statistic(shared, own_folders):
    path = shared / "data/regionaldatenbank/edition_2017/AI003-1_00.csv"
    mapped = understand(read_file(path)[0], run.load_catalog(own_folders))
    assert sorted(mapped.rows["period"].unique())[-2:] == ["15.03.2007", "15.03.2008"]
