"""A table that the offices reworded comes in without a new version: the refusal says how."""

import random

import pytest

from indicators.errors import FileError
from indicators.publishing import run
from indicators.publishing.mapping import understand
from indicators.publishing.receive import Receiver
from indicators.sources.reading import read_bytes
from tests.zoo.builders import Sample, datencsv
from tests.zoo.sums import REGIONS, counted

CERTIFICATES = (
    *("Insgesamt", "ohne Hauptschulabschluss", "mit Hauptschulabschluss"),
    *("mit Mittlerem Abschluss", "mit Fachhochschulreife", "mit allgemeiner Hochschulreife"),
)
SAMPLE = counted(
    Sample(
        regions=tuple(REGIONS),
        dimensions=(CERTIFICATES, ("Insgesamt", "weiblich")),
        measures=(("Absolvierende/Abgehende", "Anzahl"),),
    ),
    random.Random(1),
)
EDITION_2024 = {
    "ohne Hauptschulabschluss": "ohne Ersten Schulabschluss",
    "mit Hauptschulabschluss": "mit Erstem Schulabschluss",
    "mit Mittlerem Abschluss": "mit Mittlerem Schulabschluss",
    "mit allgemeiner Hochschulreife": "mit Allgemeiner und fachgebundener Hochschulreife",
}
EDITION_TO_COME = {
    "ohne Hauptschulabschluss": "ohne einen Hauptschulabschluss",
    "mit Mittlerem Abschluss": "mit einem Mittleren Abschluss",
    "mit allgemeiner Hochschulreife": "mit der allgemeinen Hochschulreife",
    "weiblich": "Weibliche",
}


def edition(words: dict[str, str]) -> bytes:
    text = datencsv(SAMPLE).decode("cp1252")
    for old, new in words.items():
        assert f";{old};" in text or f";{old}\n" in text
        text = text.replace(f";{old}", f";{new}")
    return text.encode("cp1252")


def rows(content: bytes, catalog):
    (table,) = read_bytes(content, "21111-02-06-4.csv")
    return understand(table, catalog).rows.drop(columns="line")


def test_the_edition_of_2024_means_what_the_one_before_meant(own_folders):
    catalog = run.load_catalog(own_folders)
    assert rows(edition(EDITION_2024), catalog).equals(rows(edition({}), catalog))


def test_abbreviated_and_written_out_are_one(own_folders):
    catalog = run.load_catalog(own_folders)
    words = {
        "mit Hauptschulabschluss": "m. Hauptschulabschl.",
        "mit allgemeiner Hochschulreife": "mit Allg. u. fachgeb. Hochschulreife",
        "mit Mittlerem Abschluss": "MIT MITTLEREM SCHULABSCHLUß 1)",
    }
    assert rows(edition(words), catalog).equals(rows(edition({}), catalog))


def test_the_printed_lines_copied_into_data_definitions_let_the_file_in(own_folders, tmp_path):
    path = tmp_path / "21111-02-06-4.csv"
    path.write_bytes(edition(EDITION_TO_COME))
    with pytest.raises(FileError) as refused:
        Receiver(own_folders).receive(path)
    sentence, _, lines = str(refused.value).partition("\n\n")
    assert "„ohne einen Hauptschulabschluss“ (Spalte 6)" in sentence
    assert "in eine Datei in data/definitions kopieren" in sentence
    assert lines.count("[[more_words]]") == len(EDITION_TO_COME)
    own_folders.own_definitions.mkdir(parents=True)
    (own_folders.own_definitions / "woerter.toml").write_text(lines, encoding="utf-8")
    receiver = Receiver(own_folders)
    assert receiver.receive(path).stored.is_new
    assert rows(edition(EDITION_TO_COME), receiver.catalog).equals(
        rows(edition({}), receiver.catalog)
    )


@pytest.mark.parametrize(
    "words",
    [
        {"mit Hauptschulabschluss": "Hauptschulabschluss"},
        {"ohne Hauptschulabschluss": "Hauptschulabschluss"},
        {"mit Mittlerem Abschluss": "ohne Mittleren Abschluss"},
        {"mit Mittlerem Abschluss": "mit Mittlerem Schulabschluss der Gymnasien"},
        {"weiblich": "weiblich und divers"},
    ],
)
def test_a_reworded_label_is_never_read_as_another_category(words, own_folders):
    with pytest.raises(FileError, match="nicht erklärt"):
        rows(edition(words), run.load_catalog(own_folders))


def test_a_word_exchanged_for_another_category_is_refused(own_folders):
    catalog = run.load_catalog(own_folders)
    with pytest.raises(FileError, match="unter denselben Überschriften"):
        rows(edition({"mit Hauptschulabschluss": "ohne Hauptschulabschluss"}), catalog)
