"""How far a target is: every way the rule can end, and what its sentence says."""

from datetime import date

import pytest

from indicators import periods, texts
from indicators.answers.targets import due_period, judged
from indicators.catalog.meaning import PeriodRule
from indicators.periods import PeriodError, school_year
from indicators.saved.annotations import Target
from indicators.symbols import Status
from tests.unit.test_texts import COUNT, SHARE, value

DUE = school_year(2027)
SPACE = "\u00a0"


def target(direction="at_most", aim=3.0, decided=date(2020, 9, 1), **more) -> Target:
    fields = {"region": "09464", "indicator": "x", "year": "2027/28", "source": "Stadtrat"}
    return Target(direction=direction, value=aim, decided=decided, **(fields | more))


def series(*numbers, of=1000, first=2019):
    """A value each school year: a share in per cent of 1.000, None (unknown) or a status."""
    found = []
    for i, one in enumerate(numbers):
        if isinstance(one, Status) or one is None:
            found.append(value(None, one or Status.MISSING, year=first + i))
        else:
            found.append(value(one, year=first + i, numerator=one * of / 100, denominator=of))
    return found


def state(*numbers, breaks=(), flags=(), goal=None, due=DUE, **more) -> str:
    of = series(*numbers, **more)
    return judged(SHARE, goal or target(), due, of, breaks, flags or [""] * len(of)).state


def test_a_value_below_the_straight_way_is_on_course_and_above_it_is_not():
    # from 7,0 % in 2019/20 to 3,0 % in 2027/28: half a point each year, 5,0 % in 2023/24
    assert state(7.0, 6.5, 6.0, 5.4, 4.6) == "on_course"
    assert state(7.0, 6.5, 6.0, 5.9, 5.6) == "off_course"


def test_at_least_is_the_other_way_round():
    goal = target("at_least", 11.0)
    assert state(7.0, 7.5, 8.0, 8.5, 9.4, goal=goal) == "on_course"
    assert state(7.0, 7.5, 8.0, 8.5, 8.4, goal=goal) == "off_course"


def test_one_case_more_or_less_that_turns_the_verdict_leaves_it_open():
    found = judged(SHARE, target(), DUE, series(7.0, 6.5, 6.0, 5.4, 5.0))
    assert (found.state, found.reason) == (
        "open",
        "Ein Fall mehr oder weniger würde das Urteil ändern",
    )


def test_what_meets_the_target_is_reached_and_equal_meets_it():
    assert state(7.0, 6.0, 3.0) == "reached"
    assert state(7.0, 6.0, 2.9) == "reached"


def test_the_last_year_decides_and_later_ones_change_nothing():
    due = school_year(2022)
    assert state(7.0, 6.0, 5.0, 4.0, due=due) == "missed"
    assert state(7.0, 6.0, 5.0, 3.0, 9.0, due=due) == "reached"
    assert state(7.0, 6.0, 5.0, None, 2.0, due=due) == "open"


@pytest.mark.parametrize(
    ("numbers", "reason"),
    [
        ((7.0,), "Seit dem Beschluss liegt kein Wert vor"),
        ((None, 6.0, 5.0, 4.6), "Vom Tag des Beschlusses liegt kein Wert vor"),
        ((7.0, 4.6), "Dafür braucht es zwei Werte nach dem Beschluss"),
        ((7.0, 6.0, Status.SUPPRESSED), "Für 2021/22 gibt es keine Zahl (geschützt)"),
        ((Status.SUPPRESSED, 6.0, 5.0, 4.6), "Für 2019/20 gibt es keine Zahl (geschützt)"),
    ],
)
def test_what_cannot_be_judged_says_why(numbers, reason):
    found = judged(SHARE, target(), DUE, series(*numbers))
    assert (found.state, found.reason) == ("open", reason)


def test_a_year_nobody_knows_yet_does_not_stand_in_the_way():
    assert state(7.0, 6.5, 6.0, 5.4, 4.4, None) == "on_course"


def test_nothing_is_judged_across_a_break_and_the_target_itself_still_is():
    assert state(7.0, 6.5, 6.0, 5.4, 4.4, breaks=[school_year(2022)]) == "open"
    assert state(7.0, 6.5, 6.0, 5.4, 4.4, breaks=[school_year(2019)]) == "on_course"
    assert state(7.0, 6.5, 6.0, 5.4, 2.4, breaks=[school_year(2022)]) == "reached"


def test_few_cases_and_rounded_numbers_leave_it_open():
    assert state(50.0, 40.0, 30.0, 20.0, of=10) == "open"
    assert state(7.0, 6.5, 6.0, 5.4, 4.9, flags=["rounded_5"] * 5) == "open"
    assert state(7.0, 6.5, 6.0, 5.4, 4.9) == "on_course"
    # two of 1.000 could be 0,2 points: 2,9 may be 3,1
    assert state(7.0, 6.0, 2.9, flags=["rounded_5"] * 3) == "open"
    assert state(7.0, 6.0, 2.9) == "reached"


def test_counts_are_judged_by_themselves():
    def counted(*numbers):
        return [value(float(n), year=2019 + i) for i, n in enumerate(numbers)]

    goal = target(aim=20)
    assert judged(COUNT, goal, DUE, counted(100, 90, 80, 50)).state == "on_course"
    assert judged(COUNT, goal, DUE, counted(100, 90, 80, 71)).state == "open"  # 70 or 71
    assert judged(COUNT, goal, DUE, counted(100, 90, 80, 20)).state == "reached"


def test_the_sentence_has_every_number_with_its_period():
    goal, of = target(text="Teil des Bildungsplans"), series(7.0, 6.5, 6.0, 5.4, 4.6)
    note = texts.target_note(SHARE, goal, DUE, judged(SHARE, goal, DUE, of))
    assert note.replace(SPACE, " ") == (
        "Ziel bis 2027/28: höchstens 3,0 %. Auf dem Weg: im Schuljahr 2023/24 lag der Wert bei "
        "4,6 %; auf geradem Weg vom Ausgangswert 7,0 % (2019/20) wären es höchstens 5,0 %. Teil "
        "des Bildungsplans. Beschlossen am 01.09.2020. Quelle: Stadtrat."
    )


def test_a_target_keeps_the_decimals_it_was_decided_with():
    goal = target(aim=3.25)
    assert texts.target_name(SHARE, goal, DUE) == f"Ziel 2027/28: höchstens 3,25{SPACE}%"


def test_several_targets_are_counted_in_a_subtitle():
    states = [("2027/28", "on_course"), ("2030", "open"), ("2031", "on_course")]
    assert texts.targets_subtitle(states[:1]) == "Ziel 2027/28 auf dem Weg"
    assert texts.targets_subtitle(states) == "3 Ziele, davon 2 auf dem Weg und 1 nicht beurteilbar"
    assert texts.targets_subtitle([]) == ""


@pytest.mark.parametrize(
    ("type", "text", "label"),
    [
        ("school_year", "2027/28", "2027/28"),
        ("school_year", "2027", "2027/28"),
        ("calendar_year", "2030", "2030"),
        ("calendar_year", "2029/30", "2030"),
        ("calendar_year", "31.12.2030", "2030"),
        ("key_date", "2030", "31.12.2030"),
        ("key_date", "01.03.2030", "31.12.2030"),
        ("winter_semester", "2027/28", "WS 2027/28"),
    ],
)
def test_the_year_of_a_target_is_one_of_the_indicator(type, text, label):
    assert due_period(PeriodRule(type=type), text).label == label


def test_what_names_no_year_is_refused():
    for wrong in ("2027/29", "bald", "31.02.2030"):
        with pytest.raises(PeriodError):
            due_period(PeriodRule(type="school_year"), wrong)
    assert periods.TYPES  # all of them are parsed by one function
