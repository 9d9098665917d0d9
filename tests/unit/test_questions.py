"""Every question, for the five education regions and the invented town: an answer that names what
was asked, or what would bring one; never nothing."""

import re

import pytest

from indicators.answers import questions
from indicators.answers.nearest import tells
from indicators.view import parse, parse_query
from tests import shipped

TOWN = "verbund:beispiel"
REAL = ["verbund:coburg", "verbund:hof", "verbund:kaufbeuren_ostallgaeu", "07111", "06431"]
QUESTIONS = shipped.catalog().questions
# What the answer to a question names, whatever its numbers are and whichever region it is of.
NAMES = {
    "frage_01": ["Kinder nach der Grundschule", "Gymnasium"],
    "frage_02": ["Gymnasium"],
    "frage_03": ["Schülerpendlersaldo"],
    "frage_04": ["voraussichtlich", r"Kind(er)? eingeschult"],
    "frage_05": ["Lernende je Klasse"],
    "frage_06": ["Plätze", "Kinder mit angenommenem Bedarf"],
    "frage_07": ["Ganztagspl[aä]tz", "Grundschulkinder"],
    "frage_08": ["ohne Hauptschulabschluss"],
    "frage_09": ["Abgehenden ohne Hauptschulabschluss", "Förder(zentrum|schule)"],
    "frage_10": ["Berufsausbildung"],
    "frage_11": ["an beruflichen Schulen erworbenen"],
    "frage_12": ["Bewerberinnen und Bewerber unversorgt"],
    "frage_13": ["warte[nt]|dauert"],
    "frage_14": ["in Deutschklassen"],
    "frage_15": ["vorrangig nicht Deutsch"],
    "frage_16": ["Plätze", "Kinder mit Sprachförderbedarf"],
    "frage_17": ["Sprachentwicklung", "Motorik"],
    "frage_18": ["Sprachentwicklung"],
    "frage_19": ["zurückgestellt"],
    "frage_20": ["unter 3 Jahre", "6 bis unter 10 Jahre", "15 bis unter 18 Jahre"],
    "frage_21": ["18- bis unter 25-Jährigen", "Familien"],
    "frage_22": ["Bedarfsgemeinschaft|SGB II"],
    "frage_23": ["Maßnahmen und Projekte"],
    "frage_24": [r"\d+ Tabelle", "Stand"],
    "frage_25": [r"fäll?t? |fallen |keine Auffälligkeit"],
}
# What stands for the answer where the figures asked for are not there.
INSTEAD = {
    "frage_01": ["Klasse 7", "Gymnasium"],
    "frage_02": ["Gymnasialbeteiligung"],
    "frage_03": ["Schülerinnen und Schüler"],
    "frage_06": ["Plätze"],
    "frage_15": ["Elternteil ausländischer Herkunft"],
    "frage_19": ["nach einer Zurückstellung eingeschult"],
    "frage_21": ["Wanderungssaldo"],
}
# What the invented town has beyond that: where, of whom, and against what.
IN_FULL = {
    "frage_02": ["deutsch \\d", "ausländisch \\d"],
    "frage_03": ["Beispielstadt −?\\d", "Landkreis Beispielau −?\\d"],
    "frage_05": ["am höchsten: \\w+ \\d", "am niedrigsten: \\w+ \\d"],
    "frage_07": [r"fehlen [\d.]+ Ganztagsplätze", r"[\d.]+ Ganztagsplätze für [\d.]+"],
    "frage_08": ["verließen \\d", "weiblich \\d", "männlich \\d"],
    "frage_09": ["kamen \\d"],
    "frage_15": [r"\([\d.]+ von [\d.]+\)", r"bis \d+,\d. % \(Bahnhofsviertel\)"],
    "frage_16": [r"fehlen \d+", r"\d+ Plätze für \d+ Kinder mit Sprachförderbedarf"],
    "frage_17": [r"\d. % .*Sprach.*\d. % .*Motorik"],
    "frage_20": [r"unter 3 Jahre [\d.]+ \(", r"18 bis unter 20 Jahre [\d.]+ \("],
    "frage_21": ["18- bis unter 25-Jährigen −?\\d", "Familienaltersgruppen −?\\d"],
    "frage_23": ["organisieren und begleiten \\d", "Wandels annehmen \\d"],
}


@pytest.fixture(scope="module")
def replies(ask, release):
    """The replies of a region, by the question's id; asked once."""
    made = {}

    def of(region: str) -> dict[str, questions.Reply]:
        if region not in made:
            answered = questions.replies(
                release, release.region(region), lambda view: ask(view.to_query())
            )
            made[region] = {reply.question.id: reply for reply in answered}
        return made[region]

    return of


def misses(headline: str, patterns: list[str]) -> list[str]:
    plain = headline.replace("\u00a0", " ")
    return [pattern for pattern in patterns if not re.search(pattern.replace(". %", " %"), plain)]


def test_the_tables_of_this_test_know_every_question():
    assert set(NAMES) == set(QUESTIONS) and set(IN_FULL) <= set(QUESTIONS)
    assert set(INSTEAD) == {id for id, question in QUESTIONS.items() if question.instead}


@pytest.mark.parametrize("region", [TOWN, *REAL])
@pytest.mark.parametrize("id", QUESTIONS)
def test_a_question_is_answered_or_says_what_would_bring_an_answer(replies, region, id):
    reply = replies(region)[id]
    instead = [place.told for place in QUESTIONS[id].instead]
    if reply.is_own and reply.told and reply.told[0] in instead:
        assert misses(reply.headline, INSTEAD[id]) == [], reply.headline
        assert re.search(r"\d", reply.headline) and reply.wanted
    elif reply.is_own:
        assert misses(reply.headline, NAMES[id]) == [], reply.headline
        assert re.search(r"\d", reply.headline + reply.basis) or "keine" in reply.headline
        assert reply.wanted == ""
    else:
        assert re.search(r"Tabelle|Melderegister|Grenzen|Datei", reply.wanted), reply
    if reply.headline and not reply.is_own:  # of a region nearby, and it says of which
        assert reply.told and misses(reply.headline, NAMES[id]) == [], reply.headline


@pytest.mark.parametrize("id", IN_FULL)
def test_the_headline_of_the_invented_town_answers_all_that_is_asked(replies, id):
    reply = replies(TOWN)[id]
    assert reply.is_own and reply.told == ()
    assert misses(reply.headline, IN_FULL[id]) == [], reply.headline


def test_the_invented_town_answers_all_and_every_real_region_some(replies, capsys):
    counts = {
        region: sum(reply.is_own for reply in replies(region).values()) for region in (TOWN, *REAL)
    }
    with capsys.disabled():
        print("\nanswered questions:", counts)
    assert counts[TOWN] == len(QUESTIONS)
    assert all(count >= 3 for count in counts.values())


def test_what_is_asked_is_told_before_what_is_known_instead(replies):
    for question in QUESTIONS.values():
        if question.instead:
            assert replies(TOWN)[question.id].told == ()


@pytest.mark.parametrize("region", [TOWN, *REAL, "99101-01"])
def test_the_address_of_an_answer_is_the_view_that_gave_it(replies, ask, release, region):
    """What was given up stands in it no more, so that the page need not give it up again."""
    for id, reply in replies(region).items():
        if not reply.headline or reply.page == "daten":
            continue
        query = parse_query(reply.query)
        shown = reply.question.model_copy(
            update={"page": reply.page, "query": "&".join(f"{n}={v}" for n, v in query.items())}
        )
        view = questions.view_of(release, shown, release.region(query["region"]))
        found = ask(view.to_query())
        assert found.headline == reply.headline, id
        assert tells(release, found), id


def test_a_question_is_told_with_its_period_and_counts(replies):
    assert replies("verbund:coburg")["frage_08"].basis == "2022/23 · 118 von 1.195"


def test_every_question_leads_to_a_view_that_can_be_asked(release):
    region = release.region(TOWN)
    for question in QUESTIONS.values():
        view = questions.view_of(release, question, region)
        if question.page != "daten":
            again = parse(view.to_query(), release.catalog, release.regions)
            assert again == view
