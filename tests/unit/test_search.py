"""Search: words as people type them, regions of one name, questions that become views."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators import view as views
from indicators.catalog import catalog as definitions
from indicators.folders import EXAMPLE, PROJECT, SHIPPED, SHIPPED_DEFINITIONS
from indicators.search import words
from indicators.search.index import Index, PageName
from indicators.search.question import Understood, understand

QUESTIONS = PROJECT / "tests" / "questions"
# What is reached today less what a new indicator may cost; nothing is tuned with the held-out half.
FLOORS = {"open": 0.9, "held_out": 0.8}
CATALOG = definitions.load(SHIPPED_DEFINITIONS, SHIPPED / EXAMPLE / "definitions")
HERE = "verbund:coburg"


def asked(half: str) -> list[dict]:
    return tomllib.loads(Path(QUESTIONS / f"{half}.toml").read_text("utf-8"))["questions"]


@pytest.fixture(scope="module")
def index(release) -> Index:
    pages = [PageName("Überblick", ""), PageName("Demografie", "demografie")]
    return Index.of(CATALOG, release.regions, pages)


@pytest.fixture(scope="module")
def read(index):
    def understood(text: str, region: str = HERE) -> Understood:
        found = understand(index, text, region)
        assert found is not None, text
        return found

    return understood


def titles(index: Index, text: str, sort: str) -> list[str]:
    return [hit.title for hit in index.hits(text, "09").get(sort, [])]


# --- questions of people in offices ---------------------------------------------------------------


def is_right(question: dict, found: Understood | None) -> bool:
    return found is not None and (
        found.view.indicator in question["indicator"]
        and found.view.region == question.get("region", HERE)
        and found.view.by == question.get("by", "")
        and dict(found.view.only) == question.get("only", {})
        and found.view.period == question.get("period", "")
    )


@pytest.mark.parametrize("half", FLOORS)
def test_most_first_hits_are_right(half, index, capsys):
    questions = asked(half)
    right = [
        is_right(question, understand(index, question["text"], HERE)) for question in questions
    ]
    share = sum(right) / len(questions)
    with capsys.disabled():
        print(f"\nquestions, {half}: {sum(right)} of {len(questions)} first hits are right")
    assert share >= FLOORS[half]


def test_the_halves_are_of_fifty_different_questions():
    texts = [question["text"] for half in FLOORS for question in asked(half)]
    assert len(asked("open")) == len(asked("held_out")) == 50
    assert len(set(texts)) == 100


@pytest.mark.parametrize("half", FLOORS)
def test_what_a_question_expects_exists(half, release):
    for question in asked(half):
        assert question["indicator"], question
        for id in question["indicator"]:
            query = f"kind=trend&indicator={id}&region={question.get('region', HERE)}"
            views.parse(query, CATALOG, release.regions)


@pytest.mark.parametrize("half", FLOORS)
def test_every_question_becomes_an_address_that_means_the_same(half, index, release):
    for question in asked(half):
        found = understand(index, question["text"], HERE)
        if found is not None:
            query = found.view.to_query()
            assert views.parse(query, CATALOG, release.regions) == found.view, question["text"]


# --- a question, part by part ---------------------------------------------------------------------


def test_the_question_of_the_brief(read):
    found = read("Wie viele Kinder ohne deutschen Pass wechseln in Hof aufs Gymnasium?")
    assert found.view.to_query() == (
        "kind=trend&indicator=uebertrittsquote_gymnasium&region=verbund:hof&by=citizenship"
    )
    assert found.ignored == ()
    assert found.named == {"region", "by"}


def test_of_several_regions_of_one_name_the_joint_one_is_taken_and_told(read):
    found = read("Übertritt Gymnasium Hof")
    assert found.view.region == "verbund:hof"
    assert set(found.regions) == {"verbund:hof", "09464", "09475", HERE}
    (told,) = found.notes
    assert "Gezeigt wird Stadt und Landkreis Hof" in told
    assert "Stadt Hof" in told and "Landkreis Hof" in told


def test_without_a_joint_region_the_town_is_taken_and_told(read):
    found = read("Geburtenrate München")
    assert found.view.region == "09162"
    assert "gemeint sein kann auch Landkreis München" in found.notes[0]


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("Geburtenrate Landkreis Hof", "09475"),
        ("Geburtenrate LK Hof", "09475"),
        ("Geburtenrate Hof, Stadt", "09464"),
        ("Geburtenrate in Stadt und Landkreis Hof", "verbund:hof"),
        ("Geburtenrate Kaufbeuren und Ostallgäu", "verbund:kaufbeuren_ostallgaeu"),
        ("Geburtenrate Kreis Bergstrasse", "06431"),
        ("Koblenzer Geburtenrate", "07111"),
        ("Geburtenrate NRW", "05"),
        ("Geburtenrate bundesweit", "DG"),
        ("Geburtenrate Regierungsbezirk Oberfranken", "094"),
        ("Geburtenrate Birkenried", "99102103"),
        ("Geburtenrate Frankfurt (Oder)", "12053"),
    ],
)
def test_a_region_is_found_by_what_it_is_called(text, region, read):
    found = read(text)
    assert found.view.region == region
    assert found.view.indicator == "geburtenrate"
    assert found.ignored == ()


def test_every_kreis_is_found_by_its_name(index, release):
    """Names are not unique, so it is the region or one that is called the same."""
    for region in index.places.regions.values():
        free = [True] * 20
        text = words.words(region.name)
        (found, *more) = index.places.named(text, index.lexicon, free)
        assert not more and region in (found.region, *found.others), region.name


def test_without_a_name_the_landkreis_is_that_of_the_region_in_sight(read):
    found = read("Übertritt Gymnasium im Landkreis")
    assert found.view.region == "09473" and found.notes == ("Gemeint ist hier: Landkreis Coburg.",)
    assert read("Übertritt Gymnasium in Stadt und Landkreis", "09463").view.region == HERE
    assert read("Übertritt Gymnasium im Landkreis", "07111").ignored == ("Landkreis",)


def test_further_regions_are_compared(read):
    found = read("Klassengröße in der Stadt Rosenheim im Vergleich mit Koblenz und Bergstraße")
    assert found.view.kind == "trend"
    assert (found.view.region, found.view.compare) == ("09163", ("07111", "06431"))
    divided = read("Arbeitslosenquote nach Geschlecht in Koblenz und Bergstraße")
    assert (
        divided.view.compare == () and "Ohne Vergleich mit Landkreis Bergstraße" in divided.notes[0]
    )


@pytest.mark.parametrize(
    ("text", "period", "kind"),
    [
        ("Abiturquote 2022/23", "2022/23", "table"),
        ("Abiturquote im Schuljahr 2022/2023", "2022/23", "table"),
        ("Abiturquote 2023", "2022/23", "table"),
        ("Einschulungen 2023", "2023/24", "table"),
        ("Geburtenrate 2015", "2015", "table"),
        ("Ausländeranteil am 31.12.2020", "31.12.2020", "table"),
        ("Studierende im WS 2023/24", "WS 2023/24", "table"),
        ("Karte der Geburtenrate 2015", "2015", "map"),
        ("Geburtenrate", "", "trend"),
        ("Geburtenrate seit 2015", "", "trend"),
    ],
)
def test_a_period_is_read_as_the_data_count_it(text, period, kind, read):
    found = read(text)
    assert (found.view.period, found.view.kind) == (period, kind)
    assert found.ignored == ()


def test_a_period_in_another_form_is_told_and_an_impossible_one_has_no_effect(read):
    assert "„2023“ gelesen als 2022/23." in read("Abiturquote 2023").notes
    assert read("Geburtenrate 2022/23").ignored == ("2022/23",)
    told = " ".join(read("Geburtenrate seit 2015").notes)
    assert "nicht nur die Zeit um 2015" in told


def test_what_is_not_understood_is_listed(read):
    found = read("Quantencomputer an Gymnasien in Hof")
    assert found.ignored == ("Quantencomputer",)
    assert "gymnasium" in found.view.indicator


def test_a_mistyped_word_is_told(read):
    found = read("Übertritt Gymansium Kobelnz")
    assert found.view.region == "07111" and found.view.indicator == "uebertrittsquote_gymnasium"
    assert [note for note in found.notes if note.startswith("„Gymansium“ gelesen als „Gymnasi")]
    assert "„Kobelnz“ gelesen als Stadt Koblenz." in found.notes


def test_a_second_division_is_told(read):
    found = read("Übertritt Gymnasium nach Geschlecht und Staatsangehörigkeit")
    assert found.view.by == "sex"
    assert "Nicht zugleich nach Staatsangehörigkeit aufgeteilt" in found.notes[0]


def test_a_group_in_the_name_of_the_indicator_divides_nothing(read):
    assert read("Schülerinnen und Schüler an Gymnasien").view.only == ()
    found = read("Klassenfrequenz an Gymnasien")
    assert found.view.only == (("school_type", "gymnasium"),)


def test_a_map_is_not_divided(read):
    found = read("Karte Arbeitslosenquote nach Geschlecht")
    assert (found.view.kind, found.view.by) == ("trend", "sex")
    assert "Karte" in found.notes[0]


def test_the_sayings_of_the_brief(index):
    first = {text: titles(index, text, "indicator") for text in ("Gym", "DaZ", "U3", "Übergang")}
    assert "Übertrittsquote auf das Gymnasium" in first["Gym"]
    assert first["DaZ"][0] == "Schülerinnen und Schüler in Deutschklassen"
    assert "Betreuungsquote unter 3 Jahren" in first["U3"]
    assert "Übertrittsquote auf das Gymnasium" in first["Übergang"]
    for text in ("Vorbereitungsklasse", "Deutschklasse", "Intensivklassen"):
        assert titles(index, text, "indicator")[0] == "Schülerinnen und Schüler in Deutschklassen"
    assert titles(index, "Schulabbrecher", "indicator")[0] == "Abgehende ohne Hauptschulabschluss"


def test_older_children_are_no_younger_ones(read):
    assert read("Betreuungsquote U3").view.indicator == "betreuungsquote_u3"
    assert read("Betreuungsquote Ü3").view.indicator == "betreuungsquote_3_6"


def test_another_indicator_that_may_be_meant_is_told(read):
    found = read("Wie viele Ausländer sind arbeitslos?")
    names = [CATALOG.indicators[id].name for id in found.indicators]
    assert len(names) > 1 and any(names[1] in note for note in found.notes)


def test_a_town_adds_words_of_its_own(release):
    own = '[[search_words]]\nwords = ["Hausaufgabenhilfe"]\nindicator = "lesepaten_kinder"\n'
    catalog = definitions.from_texts(CATALOG.files | {"data/definitions/words.toml": own})
    index = Index.of(catalog, release.regions)
    assert understand(index, "Hausaufgabenhilfe Hof", HERE).view.indicator == "lesepaten_kinder"


# --- hits -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("id", CATALOG.indicators)
def test_every_indicator_is_found_by_its_names(id, index):
    indicator = CATALOG.indicators[id]
    assert titles(index, indicator.name, "indicator")[0] == indicator.name
    assert indicator.name in titles(index, indicator.short_name, "indicator")


def test_every_word_that_names_an_indicator_finds_it(index):
    for said in CATALOG.search_words:
        for text in said.words if said.indicator else ():
            assert CATALOG.indicators[said.indicator].name in titles(index, text, "indicator"), text


def test_every_question_of_the_start_page_is_found_by_its_words(index):
    for question in CATALOG.questions.values():
        assert question.text in titles(index, question.text, "question"), question.text


@pytest.mark.parametrize(
    ("text", "sort", "title"),
    [
        ("Kobelnz", "region", "Stadt Koblenz"),
        ("bergstr", "region", "Landkreis Bergstraße"),
        ("tannw", "region", "Tannweiher"),
        ("Demografie", "page", "Demografie"),
        ("demographie", "page", "Demografie"),
        ("Pyramide", "page", "Alterspyramide"),
        ("Gymansium", "school_type", "Gymnasium"),
        ("Mittelschulen", "school_type", "Mittelschule"),
    ],
)
def test_regions_pages_and_school_types_are_found(text, sort, title, index):
    assert titles(index, text, sort)[0] == title


def test_every_hit_leads_somewhere(index, release):
    for text in ("Gymnasium", "Hof", "Geburten", "Kita", "Einschulung", "Ausbildung"):
        for hits in index.hits(text).values():
            for hit in hits:
                assert hit.title and (hit.region in release.regions or hit.page)
                if hit.page == "karte" and "indicator" in hit.query:
                    views.parse(f"{hit.query}&region={HERE}", CATALOG, release.regions)


@pytest.mark.parametrize("text", ["", "?", "   ", "xyzzy qwrt", "123", "der die das"])
def test_nothing_is_found_where_nothing_is_asked(text, index):
    assert not index.hits(text).get("indicator")
    assert understand(index, text, HERE) is None


@given(st.text(max_size=60))
def test_any_text_is_read_without_an_error(release, index, text):
    index.hits(text)
    found = understand(index, text, HERE)
    if found is not None:
        assert views.parse(found.view.to_query(), CATALOG, release.regions) == found.view


VOCABULARY = sorted({w for said in CATALOG.search_words for w in said.words}) + [
    *("Hof", "Koblenz", "Landkreis", "Stadt", "2022", "2022/23", "seit 2015", "Realschule"),
    *(category.name for d in CATALOG.dimensions.values() for category in d.categories),
]


@given(st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=6))
def test_any_mix_of_known_words_gives_a_view_that_is_allowed(release, index, chosen):
    found = understand(index, " ".join(chosen), HERE)
    if found is not None:
        assert views.parse(found.view.to_query(), CATALOG, release.regions) == found.view


# --- words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Übertrittsquoten", "uebertrittsquote"),
        ("Bergstraße", "Bergstrasse"),
        ("Bergstraße", "BERGSTRASE"),
        ("Schülerinnen", "Schüler"),
        ("Gymnasien", "Gymnasium"),
        ("Plätze", "Platz"),
        ("Kindern", "Kind"),
        ("ausländische", "Ausländer"),
        ("Demographie", "Demografie"),
    ],
)
def test_forms_of_one_word_are_one(one, other):
    assert words.stems(one) == words.stems(other)


def test_words_that_only_look_alike_stay_apart():
    assert words.stems("Schule") != words.stems("Schüler")
    assert words.stems("Ü3") != words.stems("U3")


def test_a_compound_is_read_by_its_parts():
    lexicon = words.Lexicon.of(["Ausbildung", "Platz", "Quote", "Übertritt"])
    assert lexicon.of_text("Ausbildungsplätze") == ("ausbildung", "platz")
    assert lexicon.of_text("Übertrittsquote") == ("ubertritt", "quot")
    assert lexicon.of_text("Bildung") == ("bildung",)


def test_a_typo_with_two_meanings_has_none():
    lexicon = words.Lexicon.of(["Halle", "Hallo", "Gymnasium"])
    assert lexicon.nearest("gymansium") == words.stem("gymnasium")
    assert lexicon.nearest("kita") is None
    assert words.Lexicon.of(["Heizung"]).nearest("geizung") == "heizung"
    assert words.Lexicon.of(["Heizung", "Reizung"]).nearest("geizung") is None
