"""The assistant: what it asks of an unknown table, and that the answers make an ordinary
mapping."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from indicators.assistant.proposal import Proposal
from indicators.assistant.propose import Assistant
from indicators.assistant.take import take
from indicators.errors import BildungsblickError, FileError
from indicators.export import check_paper
from indicators.folders import Folders
from indicators.publishing.receive import Receiver
from indicators.symbols import SIGNS, Status
from tests.unit import pdf_text
from tests.zoo.own_tables import csv_bytes, workbook

HOF = {"dataset": "transitions", "region": "09464", "publisher": "Stadt Hof"}
LONG = """
Schuljahr;Gebiet;Zielschulart;Kinder
2023/24;09464;Gymnasium;48
2023/24;09464;Realschule;52
2024/25;09464;Gymnasium;50
2024/25;09464;Realschule;47
"""


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    """Of an empty data folder; tests that receive something take one of their own."""
    return Assistant(Folders(tmp_path_factory.mktemp("assistant")))


@pytest.fixture(scope="module")
def look(assistant: Assistant) -> Callable[..., Proposal]:
    def asked(content: bytes, answers: dict[str, str] | None = None, file: str = "tabelle.csv"):
        return assistant.propose(content, file, answers or {})

    return asked


def question(proposal: Proposal, id: str):
    return next((one for one in proposal.questions if one.id == id), None)


def opened(proposal: Proposal) -> list[str]:
    return [one.id for one in proposal.questions if not one.answer]


def school_shares(**changes: str) -> dict[str, str]:
    return {"dataset": "transition_rates", "region": "09464", "publisher": "Stadt Hof"} | changes


def test_the_first_questions_are_what_is_counted_and_by_whom(look):
    found = look(csv_bytes(LONG), file="Übergänge 2025.csv")
    assert found.state == "questions"
    assert opened(found) == ["dataset", "publisher"]
    assert found.raw["rows"][1] == ["2", "2023/24", "09464", "Gymnasium", "48"]


def test_a_long_table_is_understood_when_all_is_said(look):
    found = look(csv_bytes(LONG), HOF | {"column:Kinder": "value:pupils"})
    assert (found.state, found.reason) == ("ready", "")
    assert found.understood["count"] == 4
    assert found.understood["rows"][0] == [
        "2", "Stadt Hof", "2023/24", "Gymnasium", "Schülerinnen und Schüler", "48",
    ]  # fmt: skip


def test_a_wide_table_names_its_categories_in_headings(look):
    text = "Schuljahr;Gymnasium;Realschule\n2024/25;47,3;28,8"
    found = look(csv_bytes(text), school_shares())
    assert found.state == "ready"
    assert {c.heading: c.role for c in found.columns}["Gymnasium"] == (
        "value:share:destination_type=gymnasium"
    )
    assert [row[-1] for row in found.understood["rows"]] == ["47,3", "28,8"]


def test_years_as_columns(look):
    text = "Schulart;2022/23;2023/24\nGymnasium;47,3;48,1\nRealschule;28,8;27,0"
    found = look(csv_bytes(text), school_shares())
    assert (found.state, found.reason) == ("ready", "")
    assert '"<period>"' in next(iter(found.definitions.values()))
    assert sorted({row[2] for row in found.understood["rows"]}) == ["2022/23", "2023/24"]


def test_years_as_sheets(look):
    rows = [["Schulart", "Anteil"], ["Gymnasium", 47.3], ["Realschule", 28.8]]
    content = workbook({"2022-23": rows, "2023-24": rows})
    answers = school_shares(sheets="period") | {"column:Anteil": "value:share"}
    found = look(content, answers, "quoten.xlsx")
    assert (found.state, found.reason) == ("ready", "")
    assert found.understood["count"] == 4


@pytest.mark.parametrize(
    ("said", "value"), [(",", "1.234"), (".", None)], ids=["thousands", "decimals"]
)
def test_1_234_is_asked(look, said, value):
    text = "Jahr;Bevölkerung\n2023;1.234\n2024;1.301"
    answers = {"dataset": "population_age", "region": "09464", "publisher": "Stadt Hof"}
    answers["column:Bevölkerung"] = "value:population"
    asked = question(look(csv_bytes(text), answers), "decimal")
    assert asked and [choice.id for choice in asked.choices] == [",", "."]
    found = look(csv_bytes(text), answers | {"decimal": said})
    if value:
        assert found.understood["rows"][0][-1] == value
    else:
        # a part of a person: asked again, never rounded
        assert any(one.id.startswith("scale:") for one in found.questions)


def test_commas_and_points_in_one_file_are_refused_with_both(look):
    text = "Schuljahr;Gymnasium;Realschule\n2023/24;61,9;28.8"
    found = look(csv_bytes(text), school_shares())
    assert found.state == "questions" and "„61,9“" in found.reason and "„28.8“" in found.reason


def test_a_count_with_decimals_may_be_in_thousands(look):
    text = "Jahr;Bevölkerung\n2023;61,9\n2024;62,3"
    answers = {"dataset": "population_age", "region": "09464", "publisher": "Stadt Hof"}
    answers["column:Bevölkerung"] = "value:population"
    assert question(look(csv_bytes(text), answers), "scale:population")
    found = look(csv_bytes(text), answers | {"scale:population": "1000"})
    assert found.understood["rows"][0][-1] == "61.900"


def test_shares_between_0_and_1_are_asked(look):
    text = "Schuljahr;Gymnasium\n2023/24;0,473\n2024/25;0,5"
    assert question(look(csv_bytes(text), school_shares()), "fraction:share")
    found = look(csv_bytes(text), school_shares(**{"fraction:share": "100"}))
    assert found.understood["rows"][0][-1] == "47,3"


@pytest.mark.parametrize("sign", ["-", ".", "*", "/", ""])
def test_signs_are_asked_and_mean_what_was_said(look, sign):
    text = f"Schuljahr;Gymnasium;Realschule\n2023/24;{sign};28,8\n2024/25;1,5;2,5"
    asked = question(look(csv_bytes(text), school_shares()), f"sign:{sign}")
    assert asked and not asked.suggestion
    found = look(csv_bytes(text), school_shares(**{f"sign:{sign}": "not_applicable"}))
    assert (found.state, found.reason) == ("ready", "")
    shown = [row[-1] for row in found.understood["rows"]]
    assert SIGNS[Status.NOT_APPLICABLE].short in shown


def test_hof_is_a_town_or_a_landkreis(look):
    text = "Schuljahr;Gebiet;Gymnasium\n2023/24;Hof;47,3"
    asked = question(look(csv_bytes(text), school_shares()), "word:region:Hof")
    assert asked and {"09464", "09475"} <= {choice.id for choice in asked.choices}
    found = look(csv_bytes(text), school_shares(**{"word:region:Hof": "09475"}))
    assert found.understood["rows"][0][1] == "Landkreis Hof"


def test_a_lost_zero_is_asked(look):
    text = "Schuljahr;AGS;Gymnasium\n2023/24;9464;47,3"
    assert question(look(csv_bytes(text), school_shares()), "zero:AGS")
    assert look(csv_bytes(text), school_shares(**{"zero:AGS": "yes"})).state == "ready"
    refused = look(csv_bytes(text), school_shares(**{"zero:AGS": "no"}))
    assert "kein Gebietsschlüssel" in refused.reason


def test_2425_is_asked(look):
    text = "Schuljahr;Gymnasium\n2324;47,3\n2425;48,1"
    assert question(look(csv_bytes(text), school_shares()), "split_years")
    found = look(csv_bytes(text), school_shares(split_years="yes"))
    assert [row[2] for row in found.understood["rows"]] == ["2023/24", "2024/25"]


def test_a_bare_year_of_a_school_year_is_asked(look):
    text = "Jahr;Gymnasium\n2023;47,3\n2024;48,1"
    assert question(look(csv_bytes(text), school_shares()), "year_is")
    found = look(csv_bytes(text), school_shares(year_is="end"))
    assert found.understood["rows"][0][2] == "2022/23"


def test_rows_that_say_the_same_are_asked(look):
    text = LONG + "2024/25;09464;Realschule;3\n"
    answers = HOF | {"column:Kinder": "value:pupils"}
    assert question(look(csv_bytes(text), answers), "sum")
    found = look(csv_bytes(text), answers | {"sum": "yes"})
    assert sorted(row[-1] for row in found.understood["rows"]) == ["48", "50", "50", "52"]


def test_a_column_of_two_dimensions_is_asked_unless_its_heading_tells(look):
    text = LONG.replace("Zielschulart", "Übergang auf")
    assert "column:Übergang auf" in opened(look(csv_bytes(text), HOF))
    told = {column.heading: column.role for column in look(csv_bytes(LONG), HOF).columns}
    assert told["Zielschulart"] == "dimension:destination_type"


def test_a_column_that_tells_rows_apart_is_never_left_out_unseen(look):
    text = "Einrichtungsart;2023;2024\nKrippe;310;322\nKindergarten;1250;1263\nHort;210;233"
    answers = {"dataset": "childcare_places", "region": "09464", "publisher": "Stadt Hof"}
    assert "column:Einrichtungsart" in opened(look(csv_bytes(text), answers))


def test_a_row_of_sums_is_one_question_with_a_suggestion(look):
    text = LONG + "Summe;;;197\n"
    found = look(csv_bytes(text), HOF | {"column:Kinder": "value:pupils"})
    assert opened(found) == ["word:period:Summe"]
    assert question(found, "word:period:Summe").suggestion == "skip"


def test_rows_with_a_word_can_be_left_out(look):
    text = LONG + "2024/25;09464;ohne Angabe;3\n"
    answers = HOF | {"column:Kinder": "value:pupils"}
    word = "word:destination_type:ohne Angabe"
    assert opened(look(csv_bytes(text), answers)) == [word]
    found = look(csv_bytes(text), answers | {word: "skip"})
    assert found.state == "ready" and found.understood["count"] == 4
    assert "[mappings.rows]" in next(iter(found.definitions.values()))


def test_a_word_of_the_land_is_no_question(look):
    text = LONG.replace("09464", "Hof").replace("Realschule", "Mittelschule")
    answers = HOF | {"column:Kinder": "value:pupils", "word:region:Hof": "09464"}
    found = look(csv_bytes(text), answers)
    assert (found.state, found.reason) == ("ready", "")
    assert {row[3] for row in found.understood["rows"]} == {"Gymnasium", "Hauptschule"}


def test_names_in_ascii_get_their_umlauts(look):
    text = "jahr;ueber_60;neue_plaetze\n2023;87;86\n2024;83;79"
    answers = {
        "dataset": "new", "publisher": "Stadt Hof", "region": "09464",
        "new:unit": "things", "new:period": "calendar_year", "new:place": "wohnort",
        "new:theme": "demografie",
    }  # fmt: skip
    asked = look(csv_bytes(text), answers, "uebergangsquote.csv")
    assert question(asked, "new:name").suggestion == "Übergangsquote"
    found = look(csv_bytes(text), answers | {"new:name": "Übergangsquote"}, "uebergangsquote.csv")
    assert {row[3] for row in found.understood["rows"]} == {"Über 60", "Neue Plätze"}


def test_names_nobody_knows_become_parts_of_a_town(look):
    text = "Jahr;altstadt;neuhof;moschendorf\n2023;10;20;30"
    answers = {
        "dataset": "population_age", "publisher": "Stadt Hof", "headings": "region",
        "new_regions": "parts", "new_regions_in": "09464",
    }  # fmt: skip
    found = look(csv_bytes(text), answers)
    assert (found.state, found.reason) == ("ready", "")
    assert {row[1] for row in found.understood["rows"]} == {"Altstadt", "Neuhof", "Moschendorf"}
    assert "[[local_regions]]" in next(iter(found.definitions.values()))


def test_a_new_dataset_is_a_small_form(look):
    text = "Jahr;Zuzug;Wegzug\n2023;8784;8628\n2024;8328;7995"
    answers = {
        "dataset": "new", "publisher": "Stadt Hof", "region": "09464", "new:name": "Wanderung",
        "new:unit": "persons", "new:period": "calendar_year", "new:place": "wohnort",
        "new:theme": "demografie",
    }  # fmt: skip
    found = look(csv_bytes(text), answers)
    assert (found.state, found.reason) == ("ready", "")
    text = next(iter(found.definitions.values()))
    assert "[[datasets]]" in text and text.count("[[indicators]]") == 2


def test_what_is_nothing_known_is_refused_with_the_reason(look):
    for content, file, word in (
        (b"", "leer.csv", "leer"),
        (b"%PDF-1.7", "tabelle.csv", "PDF"),
        (b"Nur ein Satz\n", "text.csv", "keine Tabelle"),
        (b"1;2\n3;4\n", "zahlen.csv", "keine Überschriften"),
        (b"a;b\n", "kopf.csv", "nichts"),
        (b"x", "programm.exe", "Tabellen"),
    ):
        found = look(content, {}, file)
        assert found.state == "refused" and word in found.reason, file


# --- receiving ------------------------------------------------------------------------------------


@pytest.fixture
def own(tmp_path: Path) -> Assistant:
    return Assistant(Folders(tmp_path))


def received(own: Assistant, content: bytes, file: str, answers: dict[str, str]) -> dict:
    found = own.propose(content, file, answers)
    assert (found.state, found.reason) == ("ready", "")
    return take(content, file, answers, found.seen, own)


def test_what_was_seen_is_received_with_a_report(own):
    answers = HOF | {"column:Kinder": "value:pupils"}
    report = received(own, csv_bytes(LONG), "uebergaenge.csv", answers)
    assert report["balance"] == [
        ["Gefüllte Zeilen in der Datei", "5"],
        ["davon gelesen", "4"],
        ["davon nicht gelesen", "1"],
    ]
    later = Assistant(own.receiver.folders)
    again = later.propose(csv_bytes(LONG), "uebergaenge.csv", {})
    assert (again.state, len(again.questions)) == ("ready", 0)
    # the next table is probably by the same office
    other = later.propose(csv_bytes("Jahr;Zahl\n2023;5\n2024;6"), "anderes.csv", {})
    assert question(other, "publisher").suggestion == "Stadt Hof"


def test_other_rows_than_were_seen_are_never_received(own):
    answers = HOF | {"column:Kinder": "value:pupils"}
    found = own.propose(csv_bytes(LONG), "uebergaenge.csv", answers)
    with pytest.raises(FileError, match="nicht mehr"):
        take(csv_bytes(LONG.replace("48", "49")), "uebergaenge.csv", answers, found.seen, own)
    folders = own.receiver.folders
    assert not list(folders.own_definitions.rglob("*.toml"))
    assert not list(folders.received.rglob("*.csv"))


def test_one_renamed_column_is_one_question(own):
    received(own, csv_bytes(LONG), "uebergaenge.csv", HOF | {"column:Kinder": "value:pupils"})
    second = csv_bytes(LONG.replace("Kinder", "Anzahl SuS").replace("2024/25", "2025/26"))
    later = Assistant(own.receiver.folders)
    asked = later.propose(second, "uebergaenge_neu.csv", {})
    assert len(asked.questions) == 1
    answers = {asked.questions[0].id: "Anzahl SuS"}
    report = received(later, second, "uebergaenge_neu.csv", answers)
    assert report["rows"] == 4
    # both deliveries are read by the mapping from now on
    receiver = Receiver(own.receiver.folders)
    (mapping,) = [m for m in receiver.catalog.mappings.values() if m.publisher == "Stadt Hof"]
    assert any(column.also == ["Anzahl SuS"] for column in mapping.columns)
    receiver.look(csv_bytes(LONG), "uebergaenge.csv")


def test_a_refused_file_leaves_no_definition(own, monkeypatch):
    answers = HOF | {"column:Kinder": "value:pupils"}
    found = own.propose(csv_bytes(LONG), "uebergaenge.csv", answers)

    def full(*_arguments, **_options):
        raise BildungsblickError("kein Platz")

    monkeypatch.setattr(Receiver, "receive_content", full)
    with pytest.raises(BildungsblickError, match="kein Platz"):
        take(csv_bytes(LONG), "uebergaenge.csv", answers, found.seen, own)
    assert not list(own.receiver.folders.own_definitions.rglob("*.toml"))


# --- the Prüfbericht ------------------------------------------------------------------------------


def test_the_report_tells_regions_and_leaps_with_both_numbers(own):
    text = LONG.replace("09464", "Hof").replace("Gymnasium;50", "Gymnasium;90")
    text += "2014/15;03156;Gymnasium;12\n2024/25;Entenhausen;Gymnasium;3\n"
    answers = HOF | {
        "column:Kinder": "value:pupils", "word:region:Hof": "09464",
        "word:region:Entenhausen": "skip",
    }  # fmt: skip
    report = received(own, csv_bytes(text), "uebergaenge.csv", answers)
    assert [row[:3] for row in report["regions"]] == [
        ["Entenhausen", "", "nicht bekannt, nicht gelesen"],
        ["Landkreis Osterode am Harz", "03156", "aufgelöst am 31.10.2016, Angaben davor"],
        ["Stadt Hof", "09464", "erkannt"],
    ]
    assert report["leaps"] == [
        ["Stadt Hof", "Schülerinnen und Schüler, Gymnasium", "2023/24", "48", "2024/25", "90",
         "+88 %"],
    ]  # fmt: skip
    assert str(own.receiver.folders.data) not in json.dumps(report)
    book = openpyxl.load_workbook(io.BytesIO(check_paper.to_workbook(report)))
    assert book["Sprünge"]["D2"].value == "48" and book["Gebiete"].max_row == 4
    words = pdf_text.words(check_paper.to_pdf(report))
    assert "+88%" in words and "Entenhausen" in words


def test_rows_of_one_region_that_were_added_up_are_told(own):
    text = LONG + "2024/25;09464;Realschule;3\n"
    answers = HOF | {"column:Kinder": "value:pupils", "sum": "yes"}
    report = received(own, csv_bytes(text), "uebergaenge.csv", answers)
    assert report["regions"][0][2] == "mehrfach: 1 Werte aus mehreren Zeilen"
