"""What an answer says of its rows: of one series, in the order of the dimension, with the words of
the category, and honest about rounding."""

import re
from itertools import pairwise

import pytest

from indicators import formats, periods, regions, texts
from indicators.answers import rounding
from indicators.answers.rounding import Whole
from indicators.catalog.definition import TOTAL
from indicators.errors import DefinitionError, ViewError
from indicators.symbols import Status
from indicators.texts import Value
from tests.unit import small

TOWN = "region=verbund:beispiel"
SPACE = "\u00a0"
HOF, LAND = small.REGIONS["09464"], small.REGIONS["09475"]
(SHARE,) = small.catalog(small.indicator()).indicators.values()


def value(number=12.0, year=2023, region=HOF, **more) -> Value:
    return Value(region, periods.school_year(year), number, Status.OK, **more)


# --- one series -----------------------------------------------------------------------------------


def test_the_text_to_take_along_stays_with_its_category(ask):
    answer = ask(f"kind=trend&indicator=uebertrittsquote_gymnasium&by=sex&{TOWN}")
    girls = {r["period"]: r["value"] for r in answer.rows if r["category"] == "female"}
    assert "(Geschlecht: weiblich)" in answer.paragraph
    told = re.findall(r"([\d,]+)\u00a0%", answer.paragraph)
    assert told == [formats.number(girls[period], 1) for period in ("2025/26", "2016/17")]


@pytest.mark.parametrize(
    "other",
    [
        {"category": "female", "qualifier": "Geschlecht: weiblich"},
        {"qualifier": "Geschlecht: weiblich"},
        {"region": LAND},
    ],
)
def test_two_series_make_no_sentence(other):
    for told in (texts.change, texts.earlier):
        with pytest.raises(ValueError, match="several series"):
            told(SHARE, value(), value(year=2022, **other))


@pytest.mark.parametrize("other", [{"category": "female"}, {"group": "Gymnasium"}])
def test_another_category_is_no_comparison(other):
    with pytest.raises(ValueError, match="several categories"):
        texts.comparison(SHARE, value(), [value(region=LAND, **other)])


def test_a_restriction_is_told_beside_the_category_the_sentence_names(ask):
    """The share by type of school names one type; of girls alone it says both."""
    query = f"kind=trend&indicator=uebertrittsquote_schulart&sex=female&{TOWN}"
    assert "aufs Gymnasium (Geschlecht: weiblich)" in ask(query).headline
    flow = ask(query.replace("trend", "flow"))
    assert "aufs Gymnasium (Geschlecht: weiblich)" in flow.headline


def test_a_division_by_another_dimension_does_not_take_the_place_of_the_category(ask):
    answer = ask(f"kind=trend&indicator=uebertrittsquote_schulart&by=sex&{TOWN}")
    assert "aufs Gymnasium (Geschlecht: " in answer.reading_aid
    assert (
        f"gingen 36,2{SPACE}% der Kinder nach Klasse 4 aufs Gymnasium: weiblich" in answer.headline
    )


# --- divided tables -------------------------------------------------------------------------------


def test_a_divided_table_says_what_it_divides(ask):
    table = ask(f"kind=table&indicator=uebertrittsquote_schulart&by=destination_type&{TOWN}")
    trend = ask(f"kind=trend&indicator=uebertrittsquote_schulart&by=destination_type&{TOWN}")
    assert table.headline == trend.headline
    name = "Übertrittsquote nach Schulart: am höchsten bei „Gymnasium“"
    assert table.headline.startswith(f"{name} (36,2{SPACE}%), am niedrigsten bei ")
    assert "nach Ziel" in table.subtitle
    assert "insgesamt" not in table.reading_aid and "100,0" not in table.paragraph


BY_SEX = '[[indicator.breakdowns]]\ndimension = "sex"\ndefault = "female"\n'


def grouped(breakdowns: str, words: str = "") -> str:
    """An indicator whose sentence names a category."""
    text = small.indicator(breakdowns=breakdowns)
    return text.replace('der Kinder ein Gymnasium"', f'der Kinder {{group}}"\n{words}')


def test_a_sentence_never_has_an_empty_word():
    (indicator,) = small.catalog(grouped(BY_SEX)).indicators.values()
    with pytest.raises(ValueError, match="names a group"):
        texts.statement(indicator, value())
    assert texts.statement(indicator, value(group="Mädchen")).endswith("der Kinder Mädchen")


@pytest.mark.parametrize(
    ("breakdowns", "words", "told"),
    [
        ("", "", "{group} braucht eine Aufteilung"),
        (BY_SEX, 'groups = { female = "Mädchen" }', "es fehlen male"),
        (BY_SEX, 'groups = { girls = "Mädchen" }', "girls"),
        (BY_SEX, 'rest_one = "ein Kind"', "der Platzhalter {value} fehlt"),
    ],
)
def test_words_for_categories_are_whole_and_known(breakdowns, words, told):
    with pytest.raises(DefinitionError, match=re.escape(told)):
        small.catalog(grouped(breakdowns, words))


def in_order(release, answer) -> bool:
    """Whether the categories of each place stand as their dimension orders them, total last."""
    ids = [c.id for c in release.catalog.dimensions[answer.view.by].categories] + [TOTAL]
    place = {id: i for i, id in enumerate(ids)}
    same = [(a, b) for a, b in pairwise(answer.rows) if a["period"] == b["period"]]
    same = [(a, b) for a, b in same if a["region"] == b["region"]]
    return all(place[a["category"]] < place[b["category"]] for a, b in same)


def test_categories_follow_their_dimension_and_the_total_is_last(ask, release):
    seen = 0
    for indicator in list(release.catalog.indicators.values())[::4]:
        for breakdown in indicator.breakdowns:
            query = f"kind=table&indicator={indicator.id}&by={breakdown.dimension}&{TOWN}"
            try:
                answer = ask(query)
            except ViewError:
                continue
            seen += 1
            assert in_order(release, answer), query
            names = [line[2] for line in answer.table.rows]
            assert names == [row["category_name"] for row in answer.rows]
    assert seen > 10
    trend = ask(f"kind=trend&indicator=uebertrittsquote_gymnasium&by=sex&{TOWN}")
    drawn = [series.name for series in trend.figure.series]
    assert trend.table.columns[1:] == (*drawn, "insgesamt")
    assert list(dict.fromkeys(row["category"] for row in trend.rows))[-1] == TOTAL


# --- rounding -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wholes", "told"),
    [
        ([Whole("hier", (0.6, 31.1, 29.3, 36.2, 2.9), 100.0)],
         [f"Durch Rundung ergeben die Anteile zusammen 100,1{SPACE}%."]),
        ([Whole("hier", (33.3, 33.3, 33.4), 100.0)], []),
        ([Whole("hier", (33.3, 33.3, 33.3), 100.0)],
         [f"Durch Rundung ergeben die Anteile zusammen 99,9{SPACE}%."]),
        # no matter of rounding
        ([Whole("hier", (33.3, 33.3), 100.0)], []),
        ([Whole("in A (2020)", (50.0, 50.0), 100.0), Whole("in B (2020)", (16.7,) * 6, 100.0)],
         ["Durch Rundung ergeben die Anteile nicht überall genau das Ganze; in B (2020) sind es "
          f"zusammen 100,2{SPACE}%."]),
    ],
)  # fmt: skip
def test_rounding_is_told_where_shown_shares_miss_their_whole(wholes, told):
    assert rounding.note(wholes, "%", 1) == told


@pytest.mark.parametrize("kind", ["flow", "table", "trend"])
def test_wherever_shares_stand_beside_100_their_rounding_is_told(ask, kind):
    by = "" if kind == "flow" else "&by=destination_type"
    answer = ask(f"kind={kind}&indicator=uebertrittsquote_schulart&period=2025/26{by}&{TOWN}")
    assert any(note.startswith("Durch Rundung ergeben die Anteile") for note in answer.notes)


# --- words ----------------------------------------------------------------------------------------


def test_a_projection_tells_its_growth(ask):
    answer = ask(f"kind=trend&indicator=vorausberechnung_index&{TOWN}")
    index = next(r["value"] for r in answer.rows if r["period"] == "31.12.2040")
    growth = f"wächst die Bevölkerung bis 2040 voraussichtlich um {index - 100:.1f}"
    assert growth.replace(".", ",") in answer.headline
    assert "Index" not in answer.paragraph and "Vorjahr" not in answer.paragraph


@pytest.mark.parametrize(
    ("official", "told"),
    [
        ("Wunsiedel i.Fichtelgebirge", "Landkreis Wunsiedel i. Fichtelgebirge"),
        ("Neumarkt i.d.OPf.", "Landkreis Neumarkt i. d. OPf."),
        ("Neustadt a.d.Aisch-Bad Windsheim", "Landkreis Neustadt a. d. Aisch-Bad Windsheim"),
        ("Hof", "Landkreis Hof"),
    ],
)
def test_names_have_a_space_behind_each_point(official, told):
    assert regions.names("kreis", official, "Landkreis") == (told, f"im {told}")


def test_what_concerns_other_laender_is_not_told(ask):
    elsewhere = re.compile("Schleswig-Holstein|Sachsen-Anhalt|Bremen|Nordrhein|Vielfache")
    for query in (
        "kind=table&indicator=abgaenger_ohne_abschluss_anteil&region=verbund:hof",
        f"kind=trend&indicator=schueler_gymnasium_anteil&{TOWN}",
    ):
        answer = ask(query)
        assert not [n for n in [*answer.notes, *answer.footnotes] if elsewhere.search(n)]
    note = "Schleswig-Holstein, Sachsen-Anhalt und Bremen runden auf Vielfache von 3."
    assert note in ask("kind=table&indicator=abgaenger_ohne_abschluss_anteil&region=01001").notes
