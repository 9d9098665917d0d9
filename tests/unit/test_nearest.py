"""The nearest view that has an answer: what is given up, in which order, and what is said of it."""

import pytest

from indicators import view as views
from indicators.answers.nearest import nearest, tells
from indicators.errors import NotPublishedError, ViewError

TOWN = "verbund:beispiel"
RATE = "abgaenger_ohne_abschluss_anteil"
BIRTHS = "lebendgeborene"  # what ships of them for Coburg is not divided by citizenship


@pytest.fixture
def near(ask, release):
    """The nearest view to a query string."""

    def found(query: str):
        view = views.parse(query, release.catalog, release.regions)
        return nearest(release, view, lambda asked: ask(asked.to_query()))

    return found


@pytest.mark.parametrize(
    "query",
    [
        f"kind=trend&indicator={RATE}&by=sex&region={TOWN}",
        f"kind=map&indicator=kita_ndf_anteil&scope=parts&region={TOWN}",
        f"kind=chain&region={TOWN}",
        f"kind=trend&indicator={RATE}&region=verbund:coburg",
        f"kind=map&indicator={RATE}&region=verbund:coburg&period=2018/19",
    ],
)
def test_what_has_an_answer_stays_as_it_is(near, query):
    found = near(query)
    assert found.told == () and found.changes == {}
    assert found.view == found.answer.view


def test_a_division_nobody_delivered_gives_way_to_the_whole(near):
    found = near(f"kind=trend&indicator={BIRTHS}&by=citizenship&region=verbund:coburg")
    assert found.view.by == "" and found.view.region == "verbund:coburg"
    assert found.told == (
        "Nach Staatsangehörigkeit liegen für Stadt und Landkreis Coburg keine Zahlen vor; gezeigt "
        "wird die Angabe ohne diese Aufteilung.",
    )
    assert found.changes == {"by": ""}
    assert any((row["period"], row["numerator"]) == ("2015", 996) for row in found.answer.rows)


def test_a_restriction_nobody_delivered_gives_way_too(near):
    found = near(f"kind=trend&indicator={BIRTHS}&citizenship=foreign&region=verbund:coburg")
    assert found.view.only == () and found.changes == {"citizenship": ""}
    assert found.told == (
        "Für „ausländisch“ (Staatsangehörigkeit) liegen zu Stadt und Landkreis Coburg keine Zahlen "
        "vor; gezeigt wird die Angabe insgesamt.",
    )


def test_a_period_without_numbers_gives_way_to_the_newest(near):
    found = near(f"kind=table&indicator={RATE}&period=1990/91&region=verbund:coburg")
    assert found.view.period == "" and found.changes == {"period": ""}
    (told,) = found.told
    assert told.startswith("Für den Zeitraum 1990/91") and found.answer.period in told


def test_the_division_is_given_up_before_the_period(near, release):
    """Both are asked for in vain together; one of them alone suffices."""
    query = f"kind=table&indicator={BIRTHS}&by=citizenship&period=2014&region=verbund:coburg"
    found = near(query)
    assert (found.view.by, found.view.period) == ("", "2014")


def test_a_map_of_parts_that_are_not_known_becomes_one_of_kreise_or_a_line(near):
    found = near(f"kind=map&indicator={RATE}&scope=parts&region=verbund:coburg")
    assert found.view.kind == "map" and found.view.scope == "land"
    assert found.changes == {"scope": "land"}
    (told,) = found.told
    assert told.endswith("gezeigt werden die Kreise in Bayern.")


def test_a_map_that_knows_less_than_half_of_its_kreise_is_none(near, release, ask):
    """An excerpt of a few Kreise: their colours would say nothing of the Land."""
    for id in list(release.catalog.indicators)[::9]:
        try:
            found = near(f"kind=map&indicator={id}&region=verbund:coburg")
        except ViewError:
            continue
        of_excerpt = any(source.excerpt for source in found.answer.sources)
        if found.view.kind == "map" and of_excerpt and tells(release, found.answer):
            known = [row for row in found.answer.rows if row["value"] is not None]
            assert 2 * len(known) >= len(found.answer.rows), id


@pytest.mark.parametrize("kind", ["map", "ranking"])
def test_where_a_whole_table_knows_a_few_kreise_only_these_are_compared(kind, near):
    """Most Kreise have no university: they lack in no file."""
    found = near(f"kind={kind}&indicator=studierende_auslaendisch_anteil&region=09464")
    assert found.told == () and found.view.kind == kind and found.view.scope == "land"
    known = [row for row in found.answer.rows if row["value"] is not None]
    assert 0 < 2 * len(known) < len(found.answer.rows)


def test_a_part_without_a_number_shows_what_it_lies_in(near, release):
    found = near("kind=trend&indicator=nachgeholte_abschluesse_beruflich&region=99101-01")
    assert found.view.region == "99101" and found.changes == {"region": "99101"}
    here, there = (release.region(id).name for id in ("99101-01", "99101"))
    assert found.told == (f"Für {here} liegen dazu keine Zahlen vor; gezeigt wird {there}.",)


@pytest.mark.parametrize("period", ["", "&period=1999"])
@pytest.mark.parametrize(
    "query",
    [
        "kind=trend&indicator=uebertrittsquote_gymnasium&by=citizenship&region=99101-01",
        "kind=trend&indicator=einschulungen&by=sex&region=99102103",
    ],
)
def test_nothing_is_shown_in_place_of_what_is_not_published(near, ask, query, period):
    """It is told with its reason, also where the period would not have existed either."""
    with pytest.raises(NotPublishedError) as refused:
        ask(query)
    with pytest.raises(NotPublishedError) as told:
        near(query + period)
    assert str(told.value) == str(refused.value)


def test_a_group_that_is_not_published_is_not_called_missing_in_another_form(near):
    chosen = "indicator=uebertrittsquote_gymnasium&citizenship=foreign&region=99101-01"
    found = near(f"kind=trend&{chosen}")
    assert found.changes == {}
    assert any("nicht nach Ziel und Staatsangehörigkeit" in note for note in found.answer.notes)
    with pytest.raises(ViewError, match="lässt sich nicht als Flussdiagramm zeigen"):
        near(f"kind=flow&{chosen}")


def test_a_table_that_says_itself_what_is_not_published_stays(near):
    found = near("kind=table&indicator=uebertrittsquote_gymnasium&by=citizenship&region=99101-01")
    assert found.changes == {}
    assert any("nicht nach Ziel und Staatsangehörigkeit" in note for note in found.answer.notes)


def test_a_division_that_a_map_makes_no_use_of_is_not_called_missing(near):
    query = "kind=map&indicator=uebertrittsquote_gymnasium&by=citizenship&scope=parts&region=99101"
    assert near(query).changes == {}


@pytest.mark.parametrize("kind", ["map", "ranking"])
@pytest.mark.parametrize("region", ["DG", "09", "11000"])
def test_a_land_and_germany_are_told_of_by_their_kreise(near, kind, region):
    for indicator in ("studierende", "geburtenrate"):
        found = near(f"kind={kind}&indicator={indicator}&region={region}")
        assert found.changes == {}, indicator


def test_nothing_real_is_near_the_invented_town_and_nothing_invented_near_a_real_one(near, release):
    some = list(release.catalog.indicators)[::9]
    for region in ("99101-01", "verbund:coburg"):
        for id in some:
            try:
                found = near(f"kind=trend&indicator={id}&region={region}")
            except ViewError:
                continue
            shown = release.region(found.view.region)
            assert shown.invented == release.region(region).invented, id


def test_what_nobody_has_delivered_is_refused_in_the_words_of_the_asked_view(near, ask):
    query = "kind=trend&indicator=zurueckstellungsquote&by=sex&region=verbund:coburg"
    with pytest.raises(ViewError) as asked:
        ask(query)
    with pytest.raises(ViewError) as told:
        near(query)
    assert str(told.value) == str(asked.value) and "Nächster Schritt" in str(told.value)


def test_a_wrong_link_is_no_reason_to_show_something_else(near):
    with pytest.raises(ViewError) as refused:
        near(f"kind=pyramid&by=sex&outline=31.12.1800&region={TOWN}")
    assert refused.value.name


def test_a_protected_number_is_an_answer(near, release, ask):
    """It must not look as if nobody had delivered it, and nothing is shown in its place."""
    seen = 0
    for id in ("zurueckstellungsquote", "seu_sprache_auffaellig", "einschulungen"):
        query = f"kind=table&indicator={id}&region=99101-01"
        try:
            rows = [row for row in ask(query).rows if row["region"] == "99101-01"]
        except ViewError:
            continue
        for row in rows:
            if row["status"] == "suppressed":
                found = near(f"{query}&period={row['period']}")
                assert found.changes == {}
                assert row in found.answer.rows and row["value"] is None
                seen += 1
                break
    assert seen
