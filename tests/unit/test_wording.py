"""Spelling never makes two words of one, nor one of two."""

import pytest

from indicators.wording import Known, Lexicon, key

SAME = [
    ("mit Mittlerem Abschluss", "mit mittlerem Abschluß"),
    ("mit Mittlerem Abschluss", "Mit  mittlerem\u00a0Abschluss¹"),
    ("mit Mittlerem Abschluss", "mit Mittlerem Abschluss 1)"),
    ("mit Mittlerem Abschluss", "mit Mittlerem Abschluss1), 2)"),
    ("mit Mittlerem Abschluss", "„mit Mittlerem Abschluss“ *)"),
    ("mit Hauptschulabschluss", "mit Haupt-schul\u00adabschluss"),
    ("Mathematik/Naturwissenschaften", "Mathematik / Naturwissenschaften"),
    (
        "Rechts-, Wirtschafts- und Sozialwissenschaften",
        "Rechts–,Wirtschafts–und Sozialwissenschaften",
    ),
    ("Altersgruppen (17)", "Altersgruppen (17)²"),
    ("je 10.000 EW", "je 10 000 EW"),
    ("0-2 Jahre", "0 – 2 Jahre"),
    ("Allgemeinbildende Schulen", "Allgemein bildende Schulen"),
    ("7. Klassenstufe", "7 . Klassenstufe".replace(" .", ".")),
]
OTHER = [
    ("mit Hauptschulabschluss", "ohne Hauptschulabschluss"),
    ("Hauptschulabschluss", "ohne Hauptschulabschluss"),
    ("unter 3 Jahre", "3 bis unter 6 Jahre"),
    ("Ausländer(innen)", "Ausländerinnen"),
    ("Schüler(innen)", "Schülerinnen"),
    ("Altersgruppen (17)", "Altersgruppen (21)"),
    ("0-2 Jahre", "02 Jahre"),
    ("1 5", "15"),
    ("31.12.", "3112"),
    ("je 1.000 EW", "je 10.000 EW"),
    ("je 1.000 EW", "je 1,000 EW"),
    ("weiblich", "nicht weiblich"),
    ("65+", "65"),
    ("Personen je km²", "Personen je km"),
    ("Fachhochschulreife", "Hochschulreife"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_spelling_makes_no_other_word(one, other):
    assert key(one) == key(other)


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_what_says_something_makes_another_word(one, other):
    assert key(one) != key(other)


CERTIFICATES = [
    Known("ohne Hauptschulabschluss", "none"),
    Known("mit Hauptschulabschluss", "lower"),
    Known("mit Mittlerem Abschluss", "intermediate"),
    Known("dar. schulischer Teil der Fachhochschulreife", "part"),
    Known("mit Fachhochschulreife", "vocational"),
    Known("Allgemeine Hochschulreife einschließlich fachgebundener Hochschulreife", "university"),
    Known("Rechn.Zahl d.Vollzeitstellen i.pädagogisch.Bereich", "posts"),
    Known("Absolvierende/Abgehende*", "leavers"),
    Known("Altersgruppen*", "heading"),
]
WORDS = Lexicon(CERTIFICATES, divisions=["mit Hauptschulabschluss", "Gymnasien"])


@pytest.mark.parametrize(
    ("word", "meaning"),
    [
        ("Allg. Hochschulreife einschl. fachgeb. Hochschulreife", "university"),
        ("Allg. Hochschulreife-einschl.fachge.Hochschulreife", "university"),
        ("m. Hauptschulabschl.", "lower"),
        ("o. Hauptschulabschl.", "none"),
        ("darunter schulischer Teil der Fachhochschulreife", "part"),
        ("dar. schul. Teil d. Fachhochschulr.", "part"),
        ("Rechnerische Zahl der Vollzeitstellen im pädagogischen Bereich", "posts"),
        ("Absolvierende/Abgehende allgemeinbildender Schulen nach dem Abschluss", "leavers"),
        ("Altersgruppen (17)", "heading"),
    ],
)
def test_an_abbreviation_and_a_harmless_ending_are_understood(word, meaning):
    assert WORDS.meaning(word) == meaning


@pytest.mark.parametrize(
    "word",
    [
        "mit H.",  # too short to say what it stands for
        "Hochschulr.",
        "Absolvierende/Abgehende ohne Abschluss",
        "Absolvierende/Abgehende, weiblich",
        "Absolvierende/Abgehende der Gymnasien",
        "Absolvierende/Abgehende 2015",
        "Altersgruppen unter 3 Jahre",
        "Hauptschulabschluss",
        "mit Mittlerem Schulabschluss",
    ],
)
def test_nothing_is_guessed(word):
    assert WORDS.meaning(word) is None


def test_an_abbreviation_of_two_words_is_none_of_them():
    words = Lexicon([Known("Realschulen", "a"), Known("Realgymnasien", "b")])
    assert words.meaning("Real.") is None and words.meaning("Realsch.") == "a"


@pytest.mark.parametrize(
    ("word", "nearest"),
    [
        ("mit Mittlerem Schulabschluss", "intermediate"),
        ("ohne einen Hauptschulabschluss", "none"),
        ("mit erweitertem Hauptschulabschluss", "lower"),
        ("Kollegschulen", None),
    ],
)
def test_the_nearest_word_never_says_the_opposite(word, nearest):
    found = WORDS.nearest(word)
    assert (found and found.meaning) == nearest
