"""Two maps: which periods stand beside each other, what is told of two indicators, what is near."""

import numpy as np
import pytest

from indicators import view as views
from indicators.answers import change
from indicators.answers.maps import earliest
from indicators.answers.nearest import nearest
from indicators.errors import ViewError
from indicators.figures.map import TERRITORY_CODE
from indicators.figures.two_maps import TwoMaps

LEAVERS = "indicator=abgaenger_ohne_abschluss_anteil"
TOWN = "region=verbund:beispiel"
COBURG = "region=verbund:coburg"


@pytest.fixture
def near(ask, release):
    def found(query: str):
        view = views.parse(query, release.catalog, release.regions)
        return nearest(release, view, lambda asked: ask(asked.to_query()))

    return found


def drawn(picture) -> dict[str, float]:
    """By region the value of a map at its selected period."""
    at = picture.periods.index(picture.selected)
    pairs = zip(picture.region_ids, picture.values[at], picture.codes[at], strict=True)
    return {id: value for id, value, code in pairs if code < 5 and not np.isnan(value)}


def values(found) -> dict[str, float]:
    return {row["region"]: row["value"] for row in found.rows if row["value"] is not None}


# --- two moments ----------------------------------------------------------------------------------


def test_both_maps_are_those_of_their_period_in_the_same_classes(ask):
    found = ask(f"kind=maps&{LEAVERS}&region=06431&since=2005/06&period=2018/19")
    figure = found.figure
    assert isinstance(figure, TwoMaps) and figure.one_legend
    assert figure.headings == ("2005/06", "2018/19")
    for picture, period in zip(figure.maps, figure.headings, strict=True):
        alone = ask(f"kind=map&{LEAVERS}&region=06431&period={period}")
        assert picture.selected == period and picture.periods == figure.headings
        assert picture.classes == alone.figure.classes and picture.own == alone.figure.own
        assert drawn(picture) == drawn(alone.figure)
        assert period in picture.alt_text
    assert figure.left.payload()["periods"] == ["2005/06", "2018/19"]


def test_sentences_table_and_rows_are_those_of_the_change(ask):
    found = ask(f"kind=maps&{LEAVERS}&{COBURG}&since=2015/16")
    told = ask(f"kind=map&{LEAVERS}&{COBURG}&since=2015/16")
    for name in ("headline", "table", "rows", "reading_aid", "sources", "footnotes"):
        assert getattr(found, name) == getattr(told, name), name
    assert set(told.notes) <= set(found.notes)
    assert found.subtitle == (
        "Abgehende ohne Hauptschulabschluss, 96 Kreise in Bayern, 2015/16 und 2018/19, in Prozent"
    )


@pytest.mark.parametrize(
    "query",
    [
        f"{LEAVERS}&{COBURG}",
        f"{LEAVERS}&region=07111&scope=all",
        f"indicator=kita_ndf_anteil&{TOWN}",
    ],
)
def test_by_default_the_earliest_comparable_period_of_most_regions_stands_on_the_left(
    ask, release, query
):
    found = ask(f"kind=maps&{query}")
    view = views.parse(f"kind=maps&{query}", release.catalog, release.regions)
    options = change.earlier(release, view, found.period)
    since = found.figure.left.selected
    assert since == earliest(release, view, found.period) and since in options
    for older in options[options.index(since) + 1 :]:
        there = values(ask(f"kind=map&{query}&period={older}"))
        assert 2 * len(there) < len(found.figure.left.region_ids)
    assert found == ask(f"kind=maps&{query}")  # the view stays as it was asked
    assert found.view.since == ""


def test_what_is_true_of_one_map_names_its_period(ask):
    found = ask(f"kind=maps&{LEAVERS}&region=07111&scope=all&since=2005/06")
    (told,) = [note for note in found.beside if "Anderer Gebietsstand" in note]
    assert "19 Flächen (2005/06) und 1 Fläche (2018/19) mit damals anderen Grenzen" in told
    for picture, count in zip(found.figure.maps, (19, 1), strict=True):
        at = picture.periods.index(picture.selected)
        assert (picture.codes[at] == TERRITORY_CODE).sum() == count
    assert set(found.beside) <= set(found.notes)


def test_protected_values_of_either_moment_stay_hidden(ask):
    found = ask(f"kind=maps&indicator=kinder_sgb2_quote&{TOWN}")
    for picture in found.figure.maps:
        at = picture.periods.index(picture.selected)
        hidden = {
            id
            for id, code in zip(picture.region_ids, picture.codes[at], strict=True)
            if code >= 240
        }
        assert hidden
        of = {
            row["region"]
            for row in found.rows
            if row["period"] == picture.selected and row["status"] in ("suppressed", "secret")
        }
        assert of == hidden


# --- two indicators -------------------------------------------------------------------------------

PAIR = f"kind=maps&{LEAVERS}&with=bevoelkerungsdichte&region=06431"


def test_the_other_indicator_stands_beside_in_the_period_nearest_to_the_first(ask):
    found = ask(PAIR)
    left, right = found.figure.maps
    assert found.figure.headings == (
        "Abgehende ohne Hauptschulabschluss, 2018/19",
        "Bevölkerungsdichte, 2019",
    )
    assert drawn(left) == drawn(ask(f"kind=map&{LEAVERS}&region=06431").figure)
    density = ask("kind=map&indicator=bevoelkerungsdichte&region=06431&period=2019")
    assert drawn(right) == drawn(density.figure)
    assert not found.figure.one_legend and left.classes != right.classes


def test_the_headline_is_both_values_of_the_own_region(ask):
    found = ask(PAIR)
    assert found.headline == (
        "Im Landkreis Bergstraße verließen 3,4\u00a0% der Abgehenden die Schule ohne "
        "Hauptschulabschluss; dort lebten 376\u00a0Personen\u00a0je\u00a0km²"
    )
    own = {row["indicator"]: row["value"] for row in found.rows if row["region"] == "06431"}
    assert own == {"abgaenger_ohne_abschluss_anteil": 3.4, "bevoelkerungsdichte": 376}


def test_the_table_has_a_row_per_place_and_a_column_per_indicator(ask):
    found = ask(f"kind=maps&indicator=kita_ndf_anteil&with=kinder_sgb2_quote&{TOWN}")
    assert found.table.columns == (
        "Gebiet",
        "Kita: Familiensprache, 01.03.2025",
        "Kinder im SGB-II-Bezug, 31.12.2024",
    )
    assert found.table.rows[0][0] == "Beispielstadt und Landkreis Beispielau"
    assert len(found.table.rows) == 31
    assert any("nicht ausgewiesen" in row[2] for row in found.table.rows)
    assert ask(PAIR).table.columns[2] == "Bevölkerungsdichte, 2019 (Personen je km²)"
    assert ("Landkreis Bergstraße", "3,4\u00a0%", "376") in ask(PAIR).table.rows


def test_rows_sources_and_notes_are_those_of_both(ask):
    found = ask(PAIR)
    alone = [
        ask(f"kind=map&{LEAVERS}&region=06431"),
        ask("kind=map&indicator=bevoelkerungsdichte&region=06431&period=2019"),
    ]
    assert {row["indicator"] for row in found.rows} == {one.indicator.id for one in alone}
    for one in alone:
        mine = [row for row in found.rows if row["indicator"] == one.indicator.id]
        assert {row["region"]: row["value"] for row in mine} == values(one)
        assert set(one.sources) <= set(found.sources)
        assert {*one.notes, *one.footnotes} <= {*found.notes, *found.footnotes}
    assert "gezählt am Schulort · gezählt am Wohnort" in found.source


def test_indicators_of_one_unit_share_classes_where_these_tell_something_of_both(ask):
    shared = ask(f"kind=maps&indicator=kita_ndf_anteil&with=kinder_sgb2_quote&{TOWN}").figure
    assert shared.one_legend and shared.left.classes == shared.right.classes
    limits = [5.0, 10.0, 15.0, 20.0]
    for picture in shared.maps:
        codes = dict(zip(picture.region_ids, picture.codes[0], strict=True))
        for region, value in drawn(picture).items():
            assert codes[region] == np.searchsorted(limits, value, side="right")
    apart = ask(f"kind=maps&{LEAVERS}&with=auslaenderanteil&region=06431").figure
    assert not apart.one_legend


def test_circles_of_two_counts_are_measured_each_by_its_own(ask):
    query = f"kind=maps&indicator=kita_ndf_anteil&with=kinder_sgb2_quote&measure=count&{TOWN}"
    figure = ask(query).figure
    assert {picture.kind for picture in figure.maps} == {"circles"}
    assert not figure.one_legend


def test_the_other_is_restricted_where_it_can_be_and_it_is_told_where_not(ask):
    girls = f"kind=maps&{LEAVERS}&sex=female&region=07111"
    both = ask(f"{girls}&with=auslaenderanteil")
    assert all("weiblich" in heading for heading in both.figure.headings)
    one = ask(f"{girls}&with=bevoelkerungsdichte")
    assert ["weiblich" in heading for heading in one.figure.headings] == [True, False]
    assert one.beside[0] == "Bevölkerungsdichte: nicht eingegrenzt auf weiblich."


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("&with=gibt_es_nicht", "gibt es nicht"),
        ("&with=abgaenger_ohne_abschluss_anteil", "derselbe Indikator"),
    ],
)
def test_what_is_no_pair_is_refused(ask, more, told):
    with pytest.raises(ViewError, match=told) as refused:
        ask(f"kind=maps&{LEAVERS}&{COBURG}{more}")
    assert refused.value.name == "with"


# --- what comes near ------------------------------------------------------------------------------


def test_without_an_earlier_period_one_map_is_shown(near):
    found = near("kind=maps&indicator=studierende&region=07111&scope=all")
    assert found.view.kind == "map" and found.view.scope == "all"
    assert found.told == (
        "Als Zwei Karten gibt es das für Stadt Koblenz nicht; gezeigt wird die Karte.",
    )


def test_an_indicator_without_numbers_here_gives_way_to_two_periods(near):
    found = near(f"kind=maps&{LEAVERS}&with=kita_ndf_anteil&{COBURG}")
    assert found.changes == {"with": ""} and found.view.settings == ()
    (told,) = found.told
    assert "lässt sich nicht daneben zeigen" in told and "zu zwei Zeiträumen" in told


def test_an_earlier_period_is_given_up_beside_another_indicator(near):
    found = near(f"{PAIR}&since=2005/06")
    assert found.changes == {"since": ""} and found.view.settings
    assert "2005/06 bleibt ohne Wirkung" in found.told[0]


def test_parts_nobody_has_boundaries_of_give_way_to_kreise(near):
    found = near(f"kind=maps&{LEAVERS}&scope=parts&{COBURG}")
    assert (found.view.kind, found.view.scope) == ("maps", "land")
