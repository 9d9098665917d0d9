"""Every shipped indicator has a value in a world where every table is there, divided and undivided.

The numbers are all alike; what is tested is that terms, breakdowns, crosses and periods of the
definitions fit together.
"""

from datetime import datetime
from itertools import product

import pandas as pd
import pytest

from indicators.catalog.definition import TOTAL
from indicators.folders import Folders
from indicators.publishing import publish
from indicators.publishing.crosses import grains
from indicators.publishing.report import Report
from indicators.regions import Region
from indicators.release import publication, releases
from indicators.release.values import indicator_values
from tests import shipped
from tests.unit import small

pytestmark = pytest.mark.slow  # every indicator in every division, in a release with every table

SHIPPED = shipped.catalog()
INDICATORS = list(SHIPPED.indicators.values())
YEARS = ("2022", "2023", "2024")
KREIS, GEMEINDE = "09464", "09464001"


def cells(dataset) -> pd.DataFrame:
    """A thousand in every published cell of a Kreis and a Gemeinde, in three periods."""
    divisions = grains(dataset) if dataset.crosses else [frozenset(dataset.dimensions)]
    kinds = []
    for division in divisions:
        choices = []
        for id in dataset.dimensions:
            dimension = SHIPPED.dimensions[id]
            categories = [c.id for c in dimension.categories] if id in division else []
            if not dataset.crosses or id not in division:
                categories = [TOTAL, *categories]
            choices.append(categories)
        kinds += product(*choices)
    rows = pd.DataFrame(list(dict.fromkeys(kinds)), columns=dataset.dimensions)
    measures = pd.DataFrame({"measure": [measure.id for measure in dataset.measures]})
    # of Gemeinden offices publish the population only, as a town's own register counts it too
    everywhere = not dataset.tables or dataset.id == "population"
    places = pd.DataFrame({"region": [KREIS, GEMEINDE] if everywhere else [KREIS]})
    periods = [dataset.period.meant(year) for year in YEARS]
    times = pd.DataFrame(
        {"period": [p.label for p in periods], "start": [p.start for p in periods]}
    )
    rows = places.merge(times, how="cross").merge(rows, how="cross").merge(measures, how="cross")
    return rows.assign(value=1000.0, status="ok", flags="", source=0)


@pytest.fixture(scope="module")
def everything(tmp_path_factory):
    folders = Folders(tmp_path_factory.mktemp("everything"))
    regions = small.REGIONS | {
        GEMEINDE: Region(GEMEINDE, "gemeinde", "Musterdorf", "in Musterdorf", KREIS)
    }
    content = publish.Content(
        catalog=SHIPPED,
        regions=regions,
        sources=small.sources("alles"),
        footnotes=pd.DataFrame([], columns=["source", "scope", "lands", "text"]),
        datasets={dataset.id: cells(dataset) for dataset in SHIPPED.datasets.values()},
        maps=[{"level": "kreis", "boundary_date": "2022-12-31", "name": "kreis.json"}],
    )
    publish.finish(publish.write(content, "alles", folders.releases), "alles", folders, Report())
    publication.put_in_force("alles", folders)
    return releases.open_release(folders)


@pytest.mark.parametrize("indicator", INDICATORS, ids=[i.id for i in INDICATORS])
def test_every_indicator_has_a_value_where_every_table_is_there(everything, indicator):
    rows = indicator_values(everything, indicator, [KREIS])
    # the first period may lack the year before, or the other statistic's school year
    later = rows.iloc[1:]
    assert len(later) >= 2 and later["status"].isin(["ok", "zero"]).all(), rows.to_string()
    assert later["value"].notna().all()


@pytest.mark.parametrize(
    ("indicator", "dimension"),
    [(i, b.dimension) for i in INDICATORS for b in i.breakdowns],
    ids=[f"{i.id}-{b.dimension}" for i in INDICATORS for b in i.breakdowns],
)
def test_every_breakdown_has_values_of_its_categories(everything, indicator, dimension):
    rows = indicator_values(everything, indicator, [KREIS], by=dimension)
    known = rows[rows["status"].isin(["ok", "zero"])]
    assert len(set(known["category"]) - {TOTAL}) >= 2


@pytest.mark.parametrize(
    "id",
    [
        "bevoelkerung_stand",
        "bevoelkerung_altersstruktur",
        "anteil_unter_18",
        "anteil_65_plus",
        "jugendquotient",
        "altenquotient",
        "lebendgeborene",
        "auslaenderanteil",
        "betreuungsquote_u3",
        "kita_platzluecke",
        "uebertrittsquote_gymnasium",
        "seu_sprache_auffaellig",
        "klassenfrequenz",
    ],
)
def test_a_gemeinde_has_values_from_the_town_s_own_tables(everything, id):
    rows = indicator_values(everything, SHIPPED.indicators[id], [GEMEINDE])
    assert rows["value"].notna().any()


def test_the_register_and_the_official_count_never_stand_in_one_line(everything):
    rows = indicator_values(everything, SHIPPED.indicators["bevoelkerung_stand"], [KREIS, GEMEINDE])
    assert set(rows[rows["region"] == KREIS]["calculation"]) == {0}
    assert set(rows[rows["region"] == GEMEINDE]["calculation"]) == {1}


def test_age_groups_of_a_gemeinde_are_sums_of_years(everything):
    indicator = SHIPPED.indicators["bevoelkerung_altersstruktur"]
    rows = indicator_values(everything, indicator, [GEMEINDE], by="age")
    found = rows[rows["year"] == 2023].set_index("category")["value"]
    assert found["age_0_2"] == 3000 and found["age_18_19"] == 2000
    assert found["age_75_plus"] == 26000


def test_the_gap_of_places_is_need_minus_places(everything):
    rows = indicator_values(everything, SHIPPED.indicators["kita_platzluecke"], [KREIS])
    assert rows["value"].to_list() == pytest.approx([450 + 980 - 2000] * len(YEARS))


def test_a_rate_of_an_age_cohort_divides_by_one_year_of_age(everything):
    quota = SHIPPED.indicators["abgaenger_ohne_abschluss_quote"]
    rows = indicator_values(everything, quota, [KREIS])
    assert rows["denominator"].iloc[-1] == pytest.approx(1000 / 3)


def test_the_projection_begins_at_a_hundred(everything):
    rows = indicator_values(everything, SHIPPED.indicators["vorausberechnung_index"], [KREIS])
    assert datetime(2022, 12, 31) == rows["start"].min() and rows["value"].iloc[0] == 100
