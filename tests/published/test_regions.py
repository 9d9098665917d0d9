"""What is known of each of the five regions on the first start, from official figures alone."""

import pytest

from indicators.answers.profile import figures
from indicators.answers.wanted import wanted_tables
from indicators.errors import ViewError
from indicators.release.values import indicator_values
from indicators.symbols import Status
from indicators.view import View

REGIONS = ("verbund:coburg", "verbund:hof", "verbund:kaufbeuren_ostallgaeu", "07111", "06431")
LEAST = 45


def known(release, region: str) -> dict[str, list[str]]:
    """The periods with a value of every indicator that has one."""
    found = {}
    for id, indicator in release.catalog.indicators.items():
        rows = indicator_values(release, indicator, [region])
        if len(rows := rows[rows["value"].notna()]):
            found[id] = list(rows["period"])
    return found


def test_each_region_has_values_of_many_indicators_most_of_them_as_series(release, capsys):
    """The table is printed with -s."""
    lines = []
    for region in REGIONS:
        found = known(release, region)
        series = sum(len(periods) > 1 for periods in found.values())
        lines.append(
            f"{release.region(region).name:38} {len(found):3} Indikatoren, {series:3} als Reihe, "
            f"{sum(map(len, found.values())):5} Werte"
        )
        assert len(found) >= LEAST, lines[-1]
        assert series * 2 >= len(found), lines[-1]
    with capsys.disabled():
        print("\n" + "\n".join(lines))


@pytest.mark.parametrize("region", REGIONS)
def test_what_a_profile_shows_is_what_has_values(release, region):
    """Headlines and cards come from the profile: it knows no fewer."""
    view = View(kind="profile", indicator="", region=region)
    shown = {f.indicator.id for f in figures(release, view) if f.now and f.now.value is not None}
    assert len(shown & known(release, region).keys()) >= LEAST


@pytest.mark.parametrize("region", REGIONS)
def test_there_is_a_pyramid_of_2015(ask, region):
    answer = ask(f"kind=pyramid&region={region}&period=31.12.2015")
    assert answer.period == "31.12.2015" and len(answer.table.rows) == 17


@pytest.mark.parametrize("region", REGIONS)
def test_children_who_are_at_school_already_are_no_projection(ask, region):
    """The births that ship end in 2015; who asks for that key date still gets what followed."""
    with pytest.raises(ViewError, match="nur bis 2015: Diese Kinder sind schon eingeschult"):
        ask(f"kind=starters&region={region}")
    assert ask(f"kind=starters&region={region}&period=2015").rows


def test_joint_values_are_made_of_numerators_and_denominators(release):
    """Every share of a joint region whose members have counts, reckoned again from these."""
    compared = 0
    for region in REGIONS[:3]:
        members = release.region(region).members
        for indicator in release.catalog.indicators.values():
            if indicator.unit != "%" or indicator.calculations[0].numerator_base:
                continue
            rows = indicator_values(release, indicator, [region, *members])
            rows = rows[rows["numerator"].notna() & rows["denominator"].notna()]
            joint = rows[rows["region"] == region].set_index("period")
            parts = rows[rows["region"].isin(members)].groupby("period")
            sums = parts[["numerator", "denominator"]].sum()[parts.size() == len(members)]
            both = joint.join(sums.add_suffix("_sum"), how="inner")
            both = both[both["denominator_sum"] > 0]
            assert (both["numerator"] - both["numerator_sum"]).abs().max() < 1e-6 or both.empty
            assert (both["denominator"] - both["denominator_sum"]).abs().max() < 1e-6 or both.empty
            compared += len(both)
    assert compared > 400


def test_shares_counted_from_the_excerpt_are_the_ready_made_ones_of_another_table(release):
    """AI-N-06 states the share of leavers without certificate that their counts give."""
    frame = release.frame(
        """
        WITH counts AS (
            SELECT region, period, max(leavers) FILTER (certificate = 'none') AS part,
                   max(leavers) FILTER (certificate = 'total') AS whole
            FROM release.data_leavers WHERE sex = 'total' GROUP BY region, period
        )
        SELECT abs(100 * part / whole - share_without_certificate) AS difference
        FROM counts JOIN release.data_regionalatlas_education USING (region, period)
        WHERE share_without_certificate > 0 AND part > 0
        """
    )
    assert len(frame) > 100 and frame["difference"].max() < 0.0501


def test_excerpts_hold_nothing_that_a_table_beside_them_states(release):
    """No file of the shipped ones is passed over: each excerpt has a number in the release."""
    excerpts = {id for id, source in release.sources.items() if source.excerpt}
    used = set()
    for dataset in release.datasets:
        for measure in release.catalog.datasets[dataset].measures:
            column = f"{measure.id}_source"
            found = release.frame(f'SELECT DISTINCT "{column}" AS s FROM release."data_{dataset}"')
            used |= set(found["s"])
    assert excerpts and excerpts <= used


def test_nothing_is_shown_of_what_was_not_collected(release):
    """Rates of young unemployed begin in 2009."""
    rows = indicator_values(
        release, release.catalog.indicators["jugendarbeitslosenquote"], ["07111", "09463"]
    )
    assert set(rows["status"]) <= {Status.OK, Status.NOT_COLLECTED}
    assert min(rows.loc[rows["value"].notna(), "period"]) == "2009"


@pytest.mark.parametrize(
    ("query", "known_of", "all_of", "before"),
    [
        ("indicator=betreuungsquote_u3&region=07111", 1, 36, ""),
        ("indicator=betreuungsquote_u3&region=DG&scope=all", 8, 402, ""),
        ("indicator=schueler_auslaendisch_anteil&region=DG&scope=all", 8, 400, ""),
        ("indicator=abgaenger_ohne_abschluss_anteil&region=09463&period=2022/23", 6, 96, "2018/19"),
        ("indicator=verfuegbares_einkommen&region=06431&period=2021", 1, 26, "2018"),
    ],
)
@pytest.mark.parametrize("kind", ["map", "ranking"])
def test_a_map_or_ranking_of_an_excerpt_says_so(ask, kind, query, known_of, all_of, before):
    """And gives no highest, no lowest and no rank."""
    answer = ask(f"kind={kind}&{query}")
    assert f"nur für {known_of} von {all_of} Kreisen" in answer.headline
    assert "Rang" not in answer.headline + answer.subtitle
    assert {row[0] for row in answer.table.rows} == {"–"}
    assert any("update" in note for note in answer.beside)
    assert not before or any(before in note for note in answer.beside)


@pytest.mark.parametrize(
    ("query", "period"),
    [
        ("indicator=abgaenger_ohne_abschluss_anteil&region=verbund:coburg", "2018/19"),
        ("indicator=verfuegbares_einkommen&region=07111", "2018"),
        ("indicator=bevoelkerung_stand&region=06431", "31.12.2024"),
    ],
)
@pytest.mark.parametrize("kind", ["map", "ranking"])
def test_where_all_kreise_are_known_in_some_year_that_is_shown_at_first(ask, kind, query, period):
    answer = ask(f"kind={kind}&{query}")
    assert answer.period == period and "nur für" not in answer.headline and not answer.beside


def test_the_table_is_still_wanted_where_only_its_excerpt_is_there(release):
    indicator = release.catalog.indicators["einrichtungsquote_u3"]
    assert "AI003-1" in wanted_tables(release, indicator, release.region("09761"))
    assert wanted_tables(release, indicator, release.region("07111")) == ""


@pytest.mark.parametrize("region", [*REGIONS, "09463", "09475"])
def test_no_time_series_is_drawn_without_a_number(release, ask, region):
    """Excerpts bring the denominator of some shares alone: that is an error with a next step, and
    an axis without a line would look like one."""
    drawn = 0
    for id, indicator in release.catalog.indicators.items():
        divisions = [b.dimension for b in indicator.breakdowns]
        # where nothing is known of an indicator, one division says it as well as all of them
        if indicator_values(release, indicator, [region]).empty:
            divisions = divisions[:1]
        for by in ("", *divisions):
            try:
                answer = ask(f"kind=trend&indicator={id}&region={region}" + (by and f"&by={by}"))
            except ViewError as error:
                assert len(str(error)) > 60, (id, by, str(error))
                continue
            points = [p for s in answer.figure.series for p in s.points]
            assert any(p.value is not None for p in points), (id, by)
            assert ", ," not in answer.subtitle, (id, by, answer.subtitle)
            drawn += 1
    assert drawn >= LEAST
