"""Rule-written sentences: true, German and whole for every value a release can hold."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators import periods, texts
from indicators.catalog.meaning import Balance
from indicators.symbols import SIGNS, WITH_NUMBER, Status
from indicators.texts import Value
from tests import shipped
from tests.unit import small

SPACE, MINUS = "\u00a0", "\u2212"
HOF, LAND = small.REGIONS["09464"], small.REGIONS["09475"]
(SHARE,) = small.catalog(small.indicator()).indicators.values()
(COUNT,) = small.catalog(
    small.indicator(calculations=small.COUNT, unit="Anzahl", factor=1)
).indicators.values()
INDICATORS = list(shipped.catalog().indicators.values())


def value(number=None, status=None, year=2023, region=HOF, **more) -> Value:
    known = Status.OK if number else Status.ZERO
    return Value(region, periods.school_year(year), number, status or known, **more)


def before(number=None, status=None, **more) -> Value:
    return value(number, status, year=2022, **more)


# --- change ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("then", "now", "told"),
    [
        (10.0, 12.3, f"2,3{SPACE}Prozentpunkte mehr als im Vorjahr"),
        (12.3, 10.0, f"2,3{SPACE}Prozentpunkte weniger als im Vorjahr"),
        (11.3, 12.3, f"1,0{SPACE}Prozentpunkt mehr als im Vorjahr"),
        (12.3, 12.3, "unverändert gegenüber dem Vorjahr"),
        (12.34, 12.26, "unverändert gegenüber dem Vorjahr"),
        (0.0, 0.04, "unverändert gegenüber dem Vorjahr"),
        (0.0, 5.0, f"5,0{SPACE}Prozentpunkte mehr als im Vorjahr"),
        # as the reader would reckon: 12,3 after 12,2
        (12.15, 12.25, f"0,1{SPACE}Prozentpunkte mehr als im Vorjahr"),
    ],
)
def test_shares_change_by_percentage_points_of_the_shown_values(then, now, told):
    assert texts.change(SHARE, value(now), before(then)) == told


@pytest.mark.parametrize(
    ("then", "now", "told"),
    [
        (100, 112, f"12 mehr als im Vorjahr (+12,0{SPACE}%)"),
        (112, 100, f"12 weniger als im Vorjahr ({MINUS}10,7{SPACE}%)"),
        (1000, 2234, f"1.234 mehr als im Vorjahr (+123,4{SPACE}%)"),
        (20, 21, f"1 mehr als im Vorjahr (+5,0{SPACE}%)"),
        (19, 21, "2 mehr als im Vorjahr"),
        (21, 19, "2 weniger als im Vorjahr"),
        (0, 30, "30 mehr als im Vorjahr"),
        (30, 0, "30 weniger als im Vorjahr"),
    ],
)
def test_counts_change_relatively_only_from_twenty_cases_on(then, now, told):
    assert texts.change(COUNT, value(now), before(then)) == told


@pytest.mark.parametrize(
    "earlier",
    [
        None,
        value(9.0, year=2021),
        value(9.0, year=2023),
        value(9.0, year=2024),
        before(None, Status.SECRET),
        Value(HOF, periods.calendar_year(2022), 9.0, Status.OK),
    ],
)
def test_change_is_only_told_from_the_period_just_before(earlier):
    assert texts.change(SHARE, value(12.3), earlier) == ""


def test_a_value_that_is_not_there_has_not_changed():
    assert texts.change(SHARE, value(None, Status.SECRET), before(9.0)) == ""


def test_an_index_is_higher_or_lower_and_not_more():
    index = SHARE.model_copy(update={"unit": "Index", "factor": 1})
    assert texts.change(index, value(0.55), before(0.5)) == "0,05 höher als im Vorjahr"


# --- sentences ------------------------------------------------------------------------------------


def test_the_headline_tells_value_and_direction():
    headline = texts.trend_headline(SHARE, value(12.34), before(10.0))
    assert headline == (
        f"In der Stadt Hof besuchten 12,3{SPACE}% der Kinder ein Gymnasium, mehr als im Vorjahr"
    )


@pytest.mark.parametrize(
    ("published", "told"),
    [
        (date(2025, 3, 1), "mehr als im Vorjahr"),
        (date(2027, 3, 1), "im Schuljahr 2023/24 mehr als im Jahr davor"),
    ],
)
def test_a_year_long_ago_is_named(published, told):
    headline = texts.trend_headline(SHARE, value(12.34), before(10.0), published)
    assert headline.endswith(f"ein Gymnasium, {told}")


def test_the_headline_of_an_unchanged_value():
    headline = texts.trend_headline(SHARE, value(12.34), before(12.3))
    assert headline.endswith("ein Gymnasium, so viel wie im Vorjahr")


def test_the_headline_says_what_the_view_is_restricted_to():
    headline = texts.trend_headline(SHARE, value(12.34, qualifier="Geschlecht: weiblich"), None)
    assert headline.endswith("der Kinder ein Gymnasium (Geschlecht: weiblich)")


def test_exactly_one_takes_the_singular():
    assert " besuchte 1 " in texts.trend_headline(COUNT, value(1), None)
    assert " besuchten 2 " in texts.trend_headline(COUNT, value(2), None)
    assert " besuchten 0 " in texts.trend_headline(COUNT, value(0), None)
    assert f" besuchten 1,0{SPACE}% " in texts.trend_headline(SHARE, value(1.0), None)


@pytest.mark.parametrize("status", [s for s in Status if s not in WITH_NUMBER])
def test_a_value_that_is_not_there_is_told_with_its_reason(status):
    assert texts.trend_headline(SHARE, value(None, status), before(9.0)) == (
        f"In der Stadt Hof gibt es im Schuljahr 2023/24 keinen Wert: {SIGNS[status].meaning}"
    )


def test_a_joint_region_without_counts_says_that_nothing_can_be_summed():
    joint = value(None, Status.NOT_APPLICABLE, region=small.REGIONS["verbund:hof"], ready_made=True)
    assert texts.trend_headline(SHARE, joint, None) == (
        "In Stadt und Landkreis Hof ist der Wert gemeinsam nicht berechenbar: es liegen nur "
        "fertige Verhältniszahlen ohne Zählwerte vor"
    )
    assert texts.shown(SHARE, joint) == "nicht berechenbar"


def test_the_reading_aid_is_one_sentence_with_counts_and_change():
    given_value = value(12.34, numerator=1234, denominator=10000)
    assert texts.reading_aid(SHARE, given_value, before(10.0)) == (
        f"Im Schuljahr 2023/24 besuchten in der Stadt Hof 12,3{SPACE}% der Kinder ein Gymnasium, "
        f"das sind 1.234 von 10.000 (Kinder); 2,3{SPACE}Prozentpunkte mehr als im Vorjahr."
    )


def test_what_is_no_share_is_not_told_as_so_many_of_so_many():
    """There are 30 young for 100 old people, and not 30 of 100."""
    quotient = SHARE.model_copy(update={"unit": "je 100"})
    aid = texts.reading_aid(quotient, value(30.0, numerator=300, denominator=1000), None)
    assert "das sind" not in aid and aid.endswith(" (Grundlage: 1.000 Kinder).")


def test_the_reading_aid_of_a_missing_value_is_empty():
    assert texts.reading_aid(SHARE, value(None, Status.SECRET), before(9.0)) == ""


def test_ranks_are_told_with_ties():
    alone = texts.ranking_headline(SHARE, value(12.34), 4, False, 96, "in Bayern")
    shared = texts.ranking_headline(SHARE, value(12.34), 4, True, 96, "in Bayern")
    assert alone == f"Stadt Hof: 12,3{SPACE}%, auf Rang 4 von 96 in Bayern"
    assert shared == f"Stadt Hof: 12,3{SPACE}%, gleichauf auf Rang 4 von 96 in Bayern"


def test_a_map_tells_its_lowest_and_highest_value():
    low, high = value(2.1, region=LAND), value(11.6)
    assert texts.map_headline(SHARE, low, high, 2, "in Bayern") == (
        f"In Bayern reichen die Werte von 2,1{SPACE}% (Landkreis Hof) bis 11,6{SPACE}% (Stadt Hof)"
    )


def test_a_map_of_equal_values_says_so_for_what_the_reader_sees():
    low, high = value(11.58, region=LAND), value(11.6)
    told = texts.map_headline(SHARE, low, high, 2, "in Bayern")
    assert told == f"In Bayern sind alle Werte gleich: 11,6{SPACE}%"


def test_a_single_value_on_a_map_is_not_called_the_same_everywhere():
    told = texts.map_headline(SHARE, value(11.6), value(11.6), 1, "in Bayern")
    assert told == f"In Bayern liegt nur ein Wert vor: 11,6{SPACE}% (Stadt Hof)"


def test_the_description_of_a_line_names_first_last_highest_and_lowest():
    line = [value(n, year=y) for n, y in ((5.0, 2020), (9.0, 2021), (2.0, 2022), (6.0, 2023))]
    assert texts.trend_alt(SHARE, line) == (
        f"Liniendiagramm: {SHARE.name}, Stadt Hof. Von 5,0{SPACE}% (2020/21) bis "
        f"6,0{SPACE}% (2023/24); höchster Wert 9,0{SPACE}% (2021/22), niedrigster 2,0{SPACE}% "
        "(2022/23)."
    )
    assert texts.trend_alt(SHARE, [value(None, Status.SECRET)]) == f"{SHARE.name}: keine Werte."
    assert texts.trend_alt(SHARE, line[:1]) == (f"{SHARE.name}, Stadt Hof: 5,0{SPACE}% (2020/21).")


# --- any value ------------------------------------------------------------------------------------

special = st.sampled_from([0.0, -0.04, 0.04, 0.05, 1.0, 0.999, 19.0, 20.0, -5.0, 99.95, 83577140.0])
numbers = special | st.floats(-1e7, 1e9)
values = st.one_of(
    numbers.map(lambda n: (n, Status.OK if n else Status.ZERO)),
    st.sampled_from([s for s in Status if s not in WITH_NUMBER]).map(lambda s: (None, s)),
)
counts = st.none() | st.integers(0, 10**7).map(float)
PERIODS = [periods.school_year, periods.calendar_year, lambda y: periods.key_date(date(y, 12, 31))]


@given(
    st.sampled_from(INDICATORS),
    values,
    values,
    counts,
    counts,
    st.sampled_from(PERIODS),
    st.sampled_from(["", "Geschlecht: weiblich"]),
)
def test_every_sentence_is_whole_and_german_whatever_the_values(
    indicator, now, then, numerator, denominator, period, qualifier
):
    of = {"group": "Gymnasium", "qualifier": qualifier}
    current = Value(HOF, period(2023), *now, numerator=numerator, denominator=denominator, **of)
    earlier = Value(HOF, period(2022), *then, **of)
    told = [
        texts.trend_headline(indicator, current, earlier),
        texts.ranking_headline(indicator, current, 3, True, 1200, "in Bayern"),
        texts.trend_alt(indicator, [earlier, current]),
    ]
    aid = texts.reading_aid(indicator, current, earlier)
    assert (aid == "") == (current.value is None)
    assert aid == "" or aid.endswith(".")
    for sentence in [*told, aid]:
        assert not re.search(r"[{}]|\bnan\b|\bNone\b|\binf\b|  ", sentence), sentence
        assert sentence[:1] == sentence[:1].upper()
        # no English notation, no hyphen for a minus
        without_dates = sentence.replace("31.12.202", "")
        english = re.search(r"\d,\d{3}[.,]|\d\.\d{1,2}(?!\d)|(?<!\d)-\d", without_dates)
        assert not english, sentence
    change = texts.change(indicator, current, earlier)
    if indicator.unit != "%":
        assert "Prozentpunkt" not in change
    elif change and "unverändert" not in change:
        assert "Prozentpunkt" in change
    if "(" in change:
        assert indicator.is_count and min(now[0], then[0]) >= 20


# --- what answers more than one thing -----------------------------------------------------------


def share(number, numerator=None, denominator=None, **more) -> Value:
    return value(number, numerator=numerator, denominator=denominator, **more)


def test_the_whole_is_told_before_the_ends_of_a_division():
    girls, boys = value(9.1, category="female"), value(15.9, category="male")
    told = texts.division_headline(
        SHARE, "", [("männlich", boys), ("weiblich", girls)], value(12.8)
    )
    assert told.startswith(texts.statement(SHARE, value(12.8)))
    assert told.endswith(f": männlich 15,9{SPACE}%, weiblich 9,1{SPACE}%")
    alone = texts.division_headline(SHARE, "", [("weiblich", girls)], None)
    assert alone == f"{SHARE.name}: weiblich 9,1{SPACE}%"


def test_the_ends_of_many_categories_are_named_as_ends():
    named = [(name, value(n, category=name)) for name, n in (("a", 9.0), ("b", 5.0), ("c", 1.0))]
    told = texts.division_headline(SHARE, "", named, None)
    assert told.endswith(f"am höchsten bei „a“ (9,0{SPACE}%), am niedrigsten bei „c“ (1,0{SPACE}%)")


@pytest.mark.parametrize(
    ("first", "changes"),
    [(50.0, True), (19.0, False), (None, False)],  # a change of few cases says nothing
)
def test_counts_of_a_division_are_told_with_their_change_or_none_is(first, changes):
    now = [value(100.0, category="a"), value(30.0, category="b")]
    then = [value(80.0, year=2015, category="a"), value(first, year=2015, category="b")]
    told = texts.counts_headline(
        COUNT, "", [("a", now[0], then[0]), ("b", now[1], then[1] if first else None)]
    )
    assert ("a 100 (+25\u00a0%), b 30 (−40\u00a0%)" in told) is changes
    assert told.endswith("seit 2015/16") is changes
    assert ("(" in told) is changes


def test_a_joint_region_without_a_value_tells_those_of_its_members():
    told = texts.members_headline(SHARE, [value(12.8), value(5.4, region=LAND)])
    for member in (value(12.8), value(5.4, region=LAND)):
        assert texts.statement(SHARE, member) in told
    assert told.endswith("(gemeinsam nicht berechenbar)")
    with pytest.raises(ValueError, match="several categories or periods"):
        texts.members_headline(SHARE, [value(12.8), value(5.4, region=LAND, year=2020)])


def test_members_stand_behind_the_finding_of_both():
    told = texts.with_members("Es sind viele", SHARE, [value(12.8), value(5.4, region=LAND)])
    assert told == (f"Es sind viele; {HOF.name} 12,8{SPACE}%, {LAND.name} 5,4{SPACE}%")


def test_the_places_of_a_map_are_told_after_the_region_they_make_up():
    low, high = value(2.1, region=LAND), value(11.6)
    whole = share(9.9, 118, 1195)
    told = texts.map_headline(SHARE, low, high, 2, "in Bayern", whole)
    assert told.startswith(f"{texts.statement(SHARE, whole)} (118 von 1.195); ")
    assert told.endswith(f"von 2,1{SPACE}% ({LAND.name}) bis 11,6{SPACE}% ({HOF.name})")
    hidden = texts.map_headline(SHARE, low, high, 2, "in Bayern", value(None, Status.SUPPRESSED))
    assert hidden == texts.map_headline(SHARE, low, high, 2, "in Bayern")


def test_both_ends_of_a_ranking_are_named():
    ends = [value(11.6)], [value(2.1, region=LAND)]
    told = texts.places_headline(SHARE, None, *ends, "in Bayern")
    assert told == (
        f"In Bayern; am höchsten: {HOF.name} 11,6{SPACE}%; am niedrigsten: {LAND.name} 2,1{SPACE}%"
    )


def test_a_negative_difference_is_no_part_of_a_whole():
    whole = share(-2.4, -359, 14658)
    told = texts.map_headline(SHARE, value(-5.0), value(3.0, region=LAND), 2, "in A", whole)
    assert " von 14.658" not in told


def test_findings_of_one_region_stand_one_behind_the_other():
    place = HOF.where[0].upper() + HOF.where[1:]
    told = texts.one_behind_the_other([f"{place} wuchs A", f"{place} sank B"], HOF)
    assert told == f"{place} wuchs A; dort sank B"


def test_places_and_need_stand_behind_the_gap():
    balance = Balance(need_name="Kinder mit Bedarf")
    told = texts.balance_headline(balance, -74, "", [], (273.0, 347.0))
    assert told == "Es fehlen 74 Plätze; zusammen 273 Plätze für 347 Kinder mit Bedarf"
    assert "zusammen" not in texts.balance_headline(balance, None, "geschützt", [], None)
