"""The headline of a slide: two lines at most, with nothing of the sentence lost."""

import pytest

from indicators.figures.drawing import wrapped
from pages.shared.headlines import LINES, headline_of

WIDTH, SIZES = 1168, (38, 34, 30)

SHORT = "In der Stadt Hof lebten 45.000 Menschen"
LONG = (
    "In Kaufbeuren und im Landkreis Ostallgäu hatten 24,9 % der Kinder in Kindertageseinrichtungen "
    "mindestens einen Elternteil ausländischer Herkunft"
)
CHANGE = (
    "Beispielstadt und Landkreis Beispielau: −1,1 Prozentpunkte seit 2016/17 (Beispielstadt −0,8, "
    "Landkreis Beispielau −1,1); in Beispielstadt und im Landkreis Beispielau ist der Wert in 6 "
    "von 13 Gemeinden und Stadtteilen gestiegen, in 7 gesunken"
)


@pytest.mark.parametrize(
    ("sentence", "headline", "more"),
    [
        (SHORT, SHORT, ""),
        (CHANGE, CHANGE.split("; ")[0], "I" + CHANGE.split("; i")[1]),
        (f"{LONG}, mehr als im Vorjahr", LONG, "Mehr als im Vorjahr"),
        (
            f"{LONG}, im Schuljahr 2013/14 weniger als im Jahr davor",
            LONG,
            "Im Schuljahr 2013/14 weniger als im Jahr davor",
        ),
    ],
)
def test_a_headline_has_two_lines_and_the_rest_stands_below(sentence, headline, more):
    found, below, size = headline_of(sentence, WIDTH, SIZES)
    assert (found, below) == (headline, more)
    assert len(wrapped(found, WIDTH, size)) <= LINES


def test_a_sentence_that_has_no_parts_stays_whole():
    assert headline_of(LONG, 300, (26, 24)) == (LONG, "", 24)
