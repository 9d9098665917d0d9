"""Lists of persons are recognised, counted only where that is asked for, and never kept."""

import json
from pathlib import Path

import pytest

from indicators.assistant import people
from indicators.assistant.propose import Assistant
from indicators.assistant.shape import found
from indicators.assistant.take import take
from indicators.folders import Folders
from indicators.sources.grid import read_grid
from tests.zoo.own_tables import csv_bytes

CHILDREN = """
Name;Vorname;Geburtsdatum;Straße;Schuljahr;Zielschulart
Zwirbelbach;Quentin;01.02.2015;Gasse 1;2024/25;Gymnasium
Zwirbelbach;Xaveria;05.03.2015;Gasse 2;2024/25;Gymnasium
Tschumpel;Yorick;07.04.2015;Weg 3;2024/25;Realschule
Ganslmayr;Walpurga;09.05.2015;Weg 4;2024/25;Gymnasium
"""
LISTS = {
    "names": "Nachname;Vorname;Klasse\nMüller;Anna;4a\nMaier;Otto;4a\nHuber;Emil;4b",
    "full names": "Kind;Klasse\nMüller, Anna;4a\nMaier, Otto;4a\nHuber, Emil;4b",
    "birthdays": "Nr;geb.;Schule\n1;01.02.2015;Nord\n2;05.03.2015;Nord\n3;07.04.2016;Süd",
    "keys": "Schüler-ID;Schulart;Anzahl\nA17;Gymnasium;1\nA18;Gymnasium;1\nA19;Realschule;1",
    "cases": "Aktenzeichen;Stadtteil\nX1/24;Nord\nX2/24;Nord\nX3/24;Süd",
    "mail": "E-Mail;Kurs\na@b.de;Deutsch\nc@d.de;Deutsch\ne@f.de;Mathe",
}
NO_LISTS = {
    "schools": "Schulnummer;Schulname;Straße;E-Mail;Anzahl\n1;Nord;W 1;a@b.de;220\n2;S;W "
    "2;c@d.de;90",
    "counts": "Jahr;Gymnasium;Realschule\n2023;1;2\n2024;1;1",
    "key dates": "Stichtag;Bevölkerung\n31.12.2022;100\n31.12.2023;110\n31.12.2024;120",
    "districts": "Stadtteil;Name;Kinder\n1;Altstadt;20\n2;Neuhof;30",
}


def table(text: str):
    return found(read_grid(csv_bytes(text), "liste.csv").sheets[0], "liste.csv")


@pytest.mark.parametrize("name", LISTS)
def test_a_list_of_persons_is_one(name):
    listed = people.recognised(table(LISTS[name]))
    assert listed and listed.reason.startswith("In jeder Zeile steht eine Person")


@pytest.mark.parametrize("name", NO_LISTS)
def test_a_table_of_counts_is_none(name):
    assert people.recognised(table(NO_LISTS[name])) is None


def test_nothing_of_a_person_is_told(tmp_path: Path):
    shown = Assistant(Folders(tmp_path)).propose(csv_bytes(CHILDREN), "kinder.csv", {})
    assert (shown.state, shown.raw, shown.understood) == ("people", {}, {})
    told = json.dumps(shown.as_json(), ensure_ascii=False)
    assert "Zwirbelbach" not in told and "Gasse" not in told and "2015" not in told


def test_only_counts_are_received(tmp_path: Path):
    own = Assistant(Folders(tmp_path))
    answers = {
        "people": "count", "count:Schuljahr": "yes", "count:Zielschulart": "yes",
        "dataset": "transitions", "region": "09464", "publisher": "Stadt Hof",
        "column:Anzahl": "value:pupils",
    }  # fmt: skip
    content = csv_bytes(CHILDREN)
    shown = own.propose(content, "kinder.csv", answers)
    assert (shown.state, shown.reason) == ("ready", "")
    assert sorted(row[-1] for row in shown.understood["rows"]) == ["1", "3"]
    take(content, "kinder.csv", answers, shown.seen, own)
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any(path.suffix == ".csv" for path in written)
    for path in written:
        text = path.read_bytes().decode("utf-8", "replace")
        for word in ("Zwirbelbach", "Quentin", "Walpurga", "Gasse", "01.02.2015"):
            assert word not in text, path


def test_columns_that_name_somebody_cannot_be_counted_by(tmp_path: Path):
    answers = {"people": "count", "count:Name": "yes", "count:Schuljahr": "yes"}
    answers["count:Zielschulart"] = "no"
    shown = Assistant(Folders(tmp_path)).propose(csv_bytes(CHILDREN), "kinder.csv", answers)
    assert "Zwirbelbach" not in json.dumps(shown.as_json(), ensure_ascii=False)
