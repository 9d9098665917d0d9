"""Every real file of ../shared comes in right, or is refused for the true reason: one row each."""

from typing import NamedTuple

import pytest

from indicators.errors import FileError
from indicators.folders import Folders
from indicators.publishing import composed
from indicators.publishing.mapping import understand
from indicators.publishing.receive import Receiver
from indicators.sources.reading import read_file

pytestmark = [pytest.mark.shared, pytest.mark.slow]  # whole tables are read


class Right(NamedTuple):
    """A file that comes in: its dataset, how many rows, and some of its values. A value is region,
    period, measure, categories that are no total, and the number (None: a sign without one)."""

    dataset: str
    rows: int
    values: list[tuple[str, str, str, dict[str, str], float | None]]


class Refused(NamedTuple):
    """A file that does not: the essential words of the reason, and the line it names."""

    reason: str
    line: int | None = None


REGIO = "regionaldatenbank"
HOF = "09464"
OWN = "das ist keine amtliche Tabelle, und keine Zuordnung liest Dateien dieses Namens"
FILES: dict[str, Right | Refused] = {
    "genesis_api/12411-01-01-4_1773175772751_de_flat.csv": Right(
        "population",
        1467,
        [
            (HOF, "31.12.2024", "population", {}, 46778),
            (HOF, "31.12.2024", "population", {"sex": "female"}, 23685),
        ],
    ),
    "genesis_api/cassettes/12411-01-01-4.yaml": Refused(OWN),
    "genesis_api/cassettes/21311-01-01-4-B.yaml": Refused(OWN),
    "inkar/inkar.xls": Right("inkar", 2406, [(HOF, "2017", "unemployment_rate", {}, 7.1)]),
    "municipal/konstanz/betreuungsquote.csv": Refused(OWN),
    "municipal/konstanz/historisch_nach_stadtteilen.csv": Refused(OWN),
    "municipal/konstanz/kinderbetreuung.csv": Refused(OWN),
    "municipal/konstanz/nach_altersgruppe.csv": Refused(OWN),
    "municipal/konstanz/nach_staatsangehoerigkeit.csv": Refused(OWN),
    "municipal/konstanz/nach_stadtteilen.csv": Refused(OWN),
    "municipal/konstanz/schulen.csv": Refused(OWN),
    "municipal/konstanz/zu_und_wegzug.csv": Refused(OWN),
    f"{REGIO}/edition_2017/12411-01-01-5_00.csv": Right(
        "population",
        336744,
        [
            ("07131007", "31.12.2015", "population", {"sex": "female"}, 14683),
            ("DG", "31.12.2008", "population", {}, 82002356),
        ],
    ),
    f"{REGIO}/edition_2017/12411-06-01-4_00.csv": Right(
        "population_mid_year",
        1578,
        [("DG", "30.06.2015", "population", {"sex": "male"}, 40029439)],
    ),
    f"{REGIO}/edition_2017/12612-02-01-4_00.csv": Right(
        "births",
        22092,
        [
            (HOF, "2015", "births", {"age_mother": "under_20", "citizenship": "german"}, 8),
            (HOF, "2015", "births", {}, 398),
        ],
    ),
    f"{REGIO}/edition_2017/12711-01-03-4_00.csv": Right(
        "migration_municipal",
        22092,
        [
            (HOF, "2015", "arrivals", {"sex": "female", "age_migration": "age_0_17"}, 257),
            (HOF, "2015", "departures", {}, 2900),
        ],
    ),
    f"{REGIO}/edition_2017/13211-02-02-4_00.csv": Right(
        "unemployment",
        21040,
        [
            (HOF, "2005", "rate", {}, 15.0),
            (HOF, "2005", "rate_dependent", {}, 16.9),
            (HOF, "2005", "unemployed", {"citizenship": "foreign"}, 713),
        ],
    ),
    f"{REGIO}/edition_2017/13211-02-05-4_00.csv": Right(
        "unemployment",
        100992,
        [
            (HOF, "2016", "unemployed", {"age_unemployed": "age_15_24"}, 167),
            (HOF, "2016", "rate", {"sex": "female"}, 6.5),
            (HOF, "2016", "rate", {"citizenship": "foreign"}, 21.1),
        ],
    ),
    f"{REGIO}/edition_2017/22121-01-02-4_00.csv": Right(
        "social_assistance",
        33138,
        [(HOF, "31.12.2004", "recipients", {"age_assistance": "age_0_6"}, 266)],
    ),
    f"{REGIO}/edition_2017/22541-01-01-4_00.csv": Right(
        "childcare_until_2002",
        17358,
        [
            (HOF, "31.12.2002", "facilities", {"centre_type": "kindergarten"}, 20),
            (HOF, "31.12.2002", "places", {"place_type": "after_school"}, 219),
        ],
    ),
    f"{REGIO}/edition_2017/22542-01-02-4_00.csv": Right(
        "youth_welfare",
        22092,
        [(HOF, "31.12.2014", "staff", {"youth_welfare_type": "youth_work"}, 14)],
    ),
    f"{REGIO}/edition_2017/22811-01-01-4_00.csv": Right(
        "minimum_benefits",
        22092,
        [
            (HOF, "31.12.2015", "recipients", {"benefit": "sgb2_not_employable"}, 1136),
            (HOF, "31.12.2015", "recipients", {}, 5495),
        ],
    ),
    f"{REGIO}/edition_2017/AI003-1_00.csv": Right(
        "regionalatlas_childcare",
        15780,
        [(HOF, "2007", "centre_share_3_5", {}, 95.8), (HOF, "2007", "centre_share_0_2", {}, 11.3)],
    ),
    f"{REGIO}/edition_2024/12411-01-01-4_1773175790049_en_flat.csv": Right(
        "population",
        1467,
        [
            (HOF, "31.12.2024", "population", {}, 46778),
            (HOF, "31.12.2024", "population", {"sex": "male"}, 23093),
        ],
    ),
    f"{REGIO}/edition_2024/13111-01-03-4_1773175029986_de_flat.csv": Right(
        "employment",
        3300,
        [("DG", "30.06.2025", "employees", {"citizenship": "foreign", "sex": "female"}, 2276342)],
    ),
    f"{REGIO}/edition_2024/21111-02-06-4-B.csv": Right(
        "leavers",
        70,
        [
            ("01001", "2023/24", "leavers", {"certificate": "none"}, 108),
            ("01001", "2023/24", "leavers", {"certificate": "lower"}, 195),
            ("06431", "2023/24", "leavers", {"certificate": "intermediate", "sex": "female"}, 556),
            ("07111", "2023/24", "leavers", {"certificate": "university_entrance"}, 541),
            ("07111", "2023/24", "leavers", {"certificate": "vocational_entrance"}, 0),
        ],
    ),
    f"{REGIO}/registry_2006-2019/04-kreise.xlsx": Refused(OWN),
    f"{REGIO}/registry_2006-2019/12111-31-01-4.csv": Refused("die Umlaute sind zerstört", 2),
    f"{REGIO}/registry_2006-2019/12411-05-01-4.csv": Right(
        "average_population",
        40350,
        [(HOF, "2019", "average_population", {"sex": "female"}, 23781)],
    ),
    f"{REGIO}/registry_2006-2019/82411-01-03-4.csv": Right(
        "income",
        20444,
        [(HOF, "2018", "income", {}, 935029), (HOF, "2018", "income_per_head", {}, 20353)],
    ),
    f"{REGIO}/registry_2006-2019/AI-N-06.csv": Right(
        "regionalatlas_education",
        15064,
        [
            (HOF, "2018/19", "share_university_entrance", {}, 35.9),
            (HOF, "2018/19", "share_without_certificate", {}, 12.8),
        ],
    ),
    f"{REGIO}/registry_2006-2019/AI002-1.csv": Right(
        "regionalatlas_population",
        32280,
        [
            (HOF, "2019", "foreign_share", {}, 17.8),
            (HOF, "2019", "migration_balance_per_10000", {}, 10.0),
        ],
    ),
    f"{REGIO}/tables_2023/21111-01-03-4.csv": Right(
        "pupils",
        38736,
        [
            (HOF, "2023/24", "pupils", {"school_type": "hauptschule", "sex": "female"}, 454),
            (HOF, "2023/24", "schools", {"school_type": "grundschule"}, 8),
            (HOF, "2023/24", "pupils", {"school_type": "grundschule", "grade": "grade_7"}, None),
        ],
    ),
    f"{REGIO}/tables_2023/21111-02-06-4.csv": Right(
        "leavers",
        7532,
        [("01001", "2022/23", "leavers", {"certificate": "none", "sex": "female"}, 39)],
    ),
    f"{REGIO}/workbook/21121-02-02-4_2009-2013.xlsx": Right(
        "vocational_leavers",
        26900,
        [
            (HOF, "2012/13", "leavers", {}, 480),
            (HOF, "2011/12", "leavers", {"vocational_certificate": "lower"}, 114),
            (
                HOF,
                "2008/09",
                "leavers",
                {"vocational_certificate": "university_entrance", "sex": "female"},
                31,
            ),
        ],
    ),
    "regions/figures.csv": Refused(OWN),
    "schools/AS_BS_Verzeichnis_2024_25_mit_Sozialindex_und_Koordinaten.csv": Refused(OWN),
    "territory/2023.xlsx": Refused(OWN),
    "territory/AuszugGV2QAktuell.xlsx": Refused(OWN),
    "territory/districts.json": Refused(OWN),
    "territory/ref-kreise-umrech-2021-1990-2020.xlsx": Refused(OWN),
}


@pytest.fixture(scope="module")
def receiver(tmp_path_factory) -> Receiver:
    return Receiver(Folders(tmp_path_factory.mktemp("town")))


@pytest.mark.parametrize("name", FILES)
def test_a_real_file_comes_in_right_or_is_refused_for_the_true_reason(name, shared, receiver):
    path, outcome = shared / "data" / name, FILES[name]
    if isinstance(outcome, Refused):
        with pytest.raises(FileError) as refused:
            receiver.receive(path)
        assert outcome.reason in str(refused.value)
        assert refused.value.line == outcome.line
        return
    table, *_ = composed.divided(read_file(path), receiver.catalog)
    mapped = understand(table, receiver.catalog)
    assert (mapped.dataset.id, len(mapped.rows)) == (outcome.dataset, outcome.rows)
    for region, period, measure, categories, value in outcome.values:
        words = {id: "total" for id in mapped.dataset.dimensions} | categories
        cell = {"region": region, "period": _label(mapped, period), "measure": measure} | words
        (found,) = mapped.rows.loc[(mapped.rows[list(cell)] == cell).all(axis=1), "value"]
        assert found == value or (value is None and found != found), (cell, found)


def _label(mapped, period: str) -> str:
    """The period of a bare year, whatever day its key date is."""
    return next((p for p in mapped.rows["period"].unique() if p.endswith(period)), period)
