"""The published figures of the invented town: flows add up to their cohorts, everywhere."""

import pytest

from indicators import view as views
from indicators.answers.answering import answer
from indicators.catalog.definition import TOTAL
from indicators.export import tables
from indicators.symbols import SIGNS, Status

TOWN = "verbund:beispiel"
# dataset, measure, the dimension whose categories must add up
FLOWS = [
    ("transitions", "pupils", "destination_type"),
    ("transitions", "pupils", "destination_grade"),
    ("transitions", "pupils", "sex"),
    ("transitions", "pupils", "citizenship"),
    ("school_entries", "children", "entry_kind"),
    ("school_entries", "children", "sex"),
    ("recommendations", "pupils", "destination_type"),
    ("leavers_detailed", "leavers", "certificate"),
    ("training_system", "beginners", "sector"),
    ("whereabouts", "leavers", "whereabouts"),
]


@pytest.mark.parametrize(("dataset", "measure", "dimension"), FLOWS)
def test_flows_equal_their_cohort_in_every_region_and_year(release, dataset, measure, dimension):
    others = [d for d in release.catalog.datasets[dataset].dimensions if d != dimension]
    key = ", ".join(["region", "period", *(f'"{d}"' for d in others)])
    subsets = [c.id for c in release.catalog.dimensions[dimension].categories if c.subset]
    left_out = "".join(f", '{id}'" for id in subsets)
    wrong = release.frame(
        f"""
        WITH parts AS (
            SELECT {key}, sum("{measure}") AS parts, count("{measure}") = count(*) AS known
            FROM release."data_{dataset}"
            WHERE "{dimension}" NOT IN ('{TOTAL}'{left_out}) GROUP BY ALL
        )
        SELECT {key}, parts, "{measure}" AS whole
        FROM release."data_{dataset}" JOIN parts USING ({key})
        WHERE "{dimension}" = '{TOTAL}' AND known AND "{measure}" IS NOT NULL
        """
    )
    assert len(wrong) > 50
    assert (wrong["parts"] == wrong["whole"]).all(), wrong[wrong["parts"] != wrong["whole"]].head()


def test_places_add_up_to_the_town(release):
    """Stadtteile and Gemeinden equal their Kreis, wherever all of them are shown."""
    found = release.frame(
        """
        SELECT period, entry_kind, sex, citizenship,
            sum(children) FILTER (region LIKE '99101-%') AS parts,
            count(children) FILTER (region LIKE '99101-%') AS shown,
            sum(children) FILTER (region = '99101') AS whole
        FROM release.data_school_entries WHERE region LIKE '99101%' GROUP BY ALL
        """
    ).dropna()
    found = found[found["shown"] == found["shown"].max()]
    assert len(found) >= 10
    assert (found["parts"] == found["whole"]).all()


@pytest.mark.parametrize(
    "query",
    [
        "kind=flow&indicator=uebertrittsquote_schulart",
        "kind=flow&indicator=einschulungen",
        "kind=flow&indicator=abschluesse_nach_schulart",
        "kind=flow&indicator=ausbildungsgeschehen_sektoren",
        "kind=flow&indicator=uebertritt_abweichung_empfehlung",
    ],
)
@pytest.mark.parametrize("region", ["99101", "99102", TOWN])
def test_a_flow_diagram_its_table_and_its_files_have_the_same_persons(release, query, region):
    found = answer(
        release, views.parse(f"{query}&region={region}", release.catalog, release.regions)
    )
    (gate,) = found.figure.gates
    drawn = [band.value for band in gate.bands]
    assert sum(filter(None, drawn)) > 100
    assert drawn == [row["numerator"] for row in found.rows]
    summed = ("insgesamt", "ohne einzelne Angabe, zusammen")
    cells = [line[2] for line in found.table.rows if line[1] not in summed]
    assert cells == [
        SIGNS[Status.SUPPRESSED].short if value is None else f"{value:,.0f}".replace(",", ".")
        for value in drawn
    ]
    exported = tables.to_csv(found).decode("utf-8-sig")
    assert all(row["category_name"] in exported for row in found.rows)
    for node in gate.origins:
        total = next(
            line[2] for line in found.table.rows if line[0] == node.name and line[1] == "insgesamt"
        )
        assert node.text.split("\u00a0")[0].split(" ")[0] == total
        if not found.indicator.flow.changes_only:
            out = [b.value for b in gate.bands if b.origin == node.id]
            if None not in out:
                assert f"{sum(out):,.0f}".replace(",", ".") == total


def test_what_is_invented_says_so_everywhere(release):
    for kind in ("flow&indicator=einschulungen", "chain", "starters", "pyramid", "profile"):
        query = f"kind={kind}&region={TOWN}"
        found = answer(release, views.parse(query, release.catalog, release.regions))
        assert found.subtitle.startswith("Beispieldaten (erfunden)")
        assert "erfunden" in found.source
        assert "erfunden" in tables.to_csv(found).decode("utf-8-sig")


def test_nothing_real_contains_what_is_invented(release):
    total = release.frame(
        "SELECT population FROM release.data_population "
        "WHERE region = 'DG' AND period = '31.12.2024' AND sex = 'total' AND age = 'total'"
    )
    assert total["population"].tolist() == [83_577_140]
