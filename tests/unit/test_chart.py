"""What a figure draws, decided as plain data: series, roles, gaps, breaks, ticks, words."""

import pytest

from indicators.figures import theme
from indicators.figures.chart import Chart

HOF = "indicator=abgaenger_ohne_abschluss_anteil&region=verbund:hof"
CITIZENS = "indicator=auslaenderanteil&region=09464"


def series(chart: Chart, role: str):
    return [s for s in chart.series if s.role == role]


def test_a_trend_shows_the_own_region_its_parts_its_land_and_germany(ask):
    chart = ask(HOF).figure
    assert [(s.name, s.role) for s in chart.series] == [
        ("Stadt und Landkreis Hof", "own"),
        ("Stadt Hof", "part"),
        ("Landkreis Hof", "part"),
        ("Bayern", "land"),
        ("Deutschland", "germany"),
    ]


def test_a_part_is_shown_beside_its_sibling(ask):
    chart = ask(CITIZENS).figure
    assert [s.name for s in series(chart, "part")] == ["Landkreis Hof"]


def test_regions_to_compare_are_drawn_once_each(ask):
    chart = ask(f"{CITIZENS}&compare=09463,09475,DG,09464,09463").figure
    assert [(s.name, s.role) for s in chart.series] == [
        ("Stadt Hof", "own"),
        ("Landkreis Hof", "part"),
        ("Stadt Coburg", "other"),
        ("Bayern", "land"),
        ("Deutschland", "germany"),
    ]


def test_germany_and_a_land_are_not_compared_with_themselves(ask):
    assert [s.role for s in ask("indicator=auslaenderanteil&region=DG").figure.series] == ["own"]
    roles = [s.role for s in ask("indicator=auslaenderanteil&region=09").figure.series]
    assert roles == ["own", "germany"]


def test_a_value_that_is_not_there_stays_a_point_without_value_and_with_words(ask):
    (own,) = series(ask(HOF).figure, "own")
    points = {point.label: point for point in own.points}
    assert points["2018/19"].value is None
    assert points["2018/19"].text == "nicht berechenbar"
    assert points["2022/23"].text == "9,2\u00a0%"


def test_a_protected_year_is_marked_and_told_and_a_year_nobody_knows_is_not(ask):
    found = ask("indicator=abschlussanteil_hochschulreife&region=99101")
    (part,) = series(found.figure, "part")
    marked = [point for point in part.points if point.withheld]
    assert marked
    for point in marked:
        assert (point.value, point.text, point.withheld) == (None, "geschützt", "protected")
        assert point.label in dict(found.figure.ticks).values()
        row = next(line for line in found.table.rows if line[0] == point.label)
        assert "geschützt" in row
        assert point.label in found.alt.partition("Geschützt:")[2]
    own = ask("indicator=abschlussanteil_hochschulreife&region=99102").table
    hidden = next(row for row in own.rows if row[1] == "geschützt")
    assert hidden[own.columns.index("Fälle")] == "geschützt"
    known = ask(HOF)
    assert any(p.value is None for s in known.figure.series for p in s.points)
    assert not any(p.withheld for s in known.figure.series for p in s.points)
    assert "eschützt" not in known.alt


def test_what_is_protected_in_every_year_is_named_instead_of_drawn(ask):
    found = ask("indicator=seu_sprache_auffaellig&region=99102103&by=kita_years")
    assert "ohne „unter 1 Jahr“ (geschützt)" in found.subtitle
    assert "unter 1 Jahr" not in [s.name for s in found.figure.series]


def test_categories_of_one_chart_have_hues_of_their_own():
    from indicators.answers.answer import MOST_LINES
    from indicators.answers.trend import category_colours

    found = category_colours("sex", [str(i) for i in range(MOST_LINES)])
    assert len(set(found.values())) == MOST_LINES
    assert theme.PARTS not in found.values()


def test_points_stand_in_order_of_time_at_the_place_of_their_tick(ask):
    chart = ask(CITIZENS).figure
    ticks = dict(chart.ticks)
    for one in chart.series:
        places = [point.x for point in one.points]
        assert places == sorted(set(places))
        assert all(ticks[point.x] == point.label for point in one.points if point.value is not None)


def test_ticks_are_written_as_officials_write_periods(ask):
    assert [label for _, label in ask(HOF).figure.ticks][-2:] == ["2018/19", "2022/23"]
    assert ask(CITIZENS).figure.ticks[0][1] == "31.12.2008"


def test_the_census_is_a_break_between_two_years(ask):
    (census,) = [m for m in ask(CITIZENS).figure.marks if m.is_break]
    assert census.label == "Zensus 2011"
    places = [x for x, _ in ask(CITIZENS).figure.ticks]
    assert any(before < census.x < after for before, after in zip(places, places[1:], strict=False))


def test_events_of_one_land_do_not_appear_in_another(ask):
    """Bavaria's double Abitur cohort of 2011."""
    bavaria = {m.label for m in ask(HOF).figure.marks}
    koblenz = {
        m.label for m in ask("indicator=abgaenger_ohne_abschluss_anteil&region=07111").figure.marks
    }
    assert "doppelter Abiturjahrgang" in bavaria - koblenz


def test_shares_start_at_zero_and_large_counts_need_not(ask):
    assert ask(HOF).figure.from_zero
    assert not ask("indicator=verfuegbares_einkommen&region=09464").figure.from_zero


def test_a_ranking_marks_the_own_region_and_names_its_land_and_germany(ask):
    chart = ask("kind=ranking&indicator=auslaenderanteil&region=09464&period=31.12.2019").figure
    (own,) = series(chart, "own")
    (others,) = series(chart, "other")
    assert [p.id for p in own.points] == ["09464"]
    assert sorted(p.x for p in own.points + others.points) == [float(n) for n in range(1, 97)]
    by_rank = sorted(own.points + others.points, key=lambda p: p.x)
    values = [p.value for p in by_rank]
    assert values == sorted(values, reverse=True)
    assert [(r.label, r.role) for r in chart.references] == [
        ("Bayern 13,6\u00a0%", "land"),
        ("Deutschland 12,5\u00a0%", "germany"),
    ]


def test_counts_are_not_compared_with_the_count_of_germany(ask):
    assert ask("kind=ranking&indicator=bevoelkerung_stand&region=09464").figure.references == ()


def test_a_joint_region_in_a_ranking_stands_for_its_members(ask):
    chart = ask("kind=ranking&indicator=bevoelkerung_stand&region=verbund:hof").figure
    ids = {p.id for s in chart.series for p in s.points}
    assert "verbund:hof" in ids and not ids & {"09464", "09475"}


def test_many_categories_of_one_year_become_bars_in_the_fixed_order(ask):
    answer = ask("indicator=studierende&region=09464&by=subject_group")
    chart = answer.figure
    assert chart.kind == "bars"
    assert [label for _, label in chart.ticks][:2] == ["Geisteswissenschaften", "Sport"]
    drawn = [s.points[0] for s in chart.series]
    assert [p.x for p in drawn] == sorted(p.x for p in drawn)


def test_a_school_type_has_the_same_colour_everywhere(ask):
    from indicators.answers.trend import category_colours

    some = category_colours("school_type", ["realschule", "gymnasium"])
    more = category_colours("school_type", ["grundschule", "hauptschule", "gymnasium"])
    assert some["gymnasium"] == more["gymnasium"] == theme.SCHOOL_TYPES["gymnasium"]
    assert len(set(theme.SCHOOL_TYPES.values())) == len(theme.SCHOOL_TYPES)


def test_the_colour_of_the_own_region_means_nothing_else():
    others = {theme.PARTS, theme.LAND, theme.GERMANY, theme.OTHERS, theme.PRIMARY}
    assert theme.OWN_REGION not in others | set(theme.SCHOOL_TYPES.values())


@pytest.mark.parametrize(
    "query",
    [HOF, CITIZENS, "kind=ranking&" + HOF, "indicator=studierende&region=09464&by=subject_group"],
)
def test_every_point_carries_the_words_a_reader_sees(ask, query):
    answer = ask(query)
    for one in answer.figure.series:
        for point in one.points:
            assert point.text and "nan" not in point.text
            assert (point.value is None) == (point.text[0] not in "0123456789−")
    assert answer.figure.alt == answer.alt and answer.alt.endswith(".")
