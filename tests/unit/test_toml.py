"""Broken TOML is told in German: the line, the true cause and what to write instead."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators import toml
from indicators.errors import DefinitionError

SOUND = """[mapping]
id = "own"
title = "Übergänge"
region = "09464"
factor = 1.5
day = 2024-12-31
files = ["a*", "b*"]
where = { sex = "female", "Alter (Jahre)" = "x" }

[[mapping.columns]]
heading = "Größe"
"""


def refusal(text: str | bytes) -> str:
    with pytest.raises(DefinitionError) as caught:
        toml.read(text, "own.toml")
    return str(caught.value)


def test_sound_toml_is_read_with_or_without_a_byte_order_mark():
    expected = tomllib.loads(SOUND)
    for content in (SOUND, SOUND.encode(), SOUND.encode("utf-8-sig")):
        assert toml.read(content, "own.toml") == expected
    assert toml.read(SOUND.replace("\n", "\r\n").encode(), "own.toml") == expected


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        # names that need quotation marks
        ('[words]\nGrundschüler = "x"\n', 2, "„Grundschüler“ steht ohne Anführungszeichen"),
        ('[words]\nGrundschüler = "x"\n', 2, '"Grundschüler" = … schreiben'),
        ('[words]\nÜbergang = "x"\n', 2, '"Übergang" = … schreiben'),
        ('[words]\nHof Nord = "x"\n', 2, '"Hof Nord" = … schreiben'),
        ('[words]\nHof/Nord = "x"\n', 2, '"Hof/Nord" = … schreiben'),
        ('[words]\nunter 3 (Kita) = "x"\n', 2, '"unter 3 (Kita)" = … schreiben'),
        ('[words]\n< 3 = "x"\n', 2, '"< 3" = … schreiben'),
        ("x = { Mädchen = 1 }\n", 1, '"Mädchen" = … schreiben'),
        ('x = { "a" = 1, Mädchen = 1 }\n', 1, '"Mädchen" = … schreiben'),
        ("\n\n[mapping.words.Straße]\n", 3, '[mapping.words."Straße"] schreiben'),
        ("[[größen]]\n", 1, '["größen"] schreiben'),
        # values
        ("title = Tabelle\n", 1, 'Text steht in Anführungszeichen. Nächster Schritt: "Tabelle"'),
        ("title = „Tabelle“\n", 1, "ist kein Anführungszeichen von TOML"),
        ("title = ”Tabelle”\n", 1, "ist kein Anführungszeichen von TOML"),
        ('title = "Tabelle\n', 1, "ein Text geht über das Ende der Zeile"),
        ("factor = 1,5\n", 1, "1.5 statt 1,5"),
        ("sum = True\n", 1, "true schreiben"),
        ("sum = nein\n", 1, "false schreiben"),
        ("day = 31.12.2024\n", 1, "2024-12-31"),
        ("day = 2024-13-01\n", 1, "diesen Tag gibt es nicht"),
        ("region = 09464\n", 1, '"09464" schreiben'),
        ('region = ["09464", 09475]\n', 1, '"09475" schreiben'),
        ("region =\n", 1, "fehlt der Wert"),
        ('file = "C:\\Daten"\n', 1, "umgekehrte Schrägstrich"),
        ('a = "x" b = "y"\n', 1, "jedes Feld braucht eine Zeile für sich"),
        ('title: "x"\n', 1, "„=“, nicht „:“"),
        ('\u00a0title = "x"\n', 1, "nicht sieht"),
        ('title =\u00a0"x"\n', 1, "nicht sieht"),
        ("title\n", 1, "nach dem Namen eines Feldes fehlt „=“"),
        ('= "x"\n', 1, "weder ein Feld (name = wert) noch eine Überschrift"),
        # what stands twice, or does not end
        ("a = 1\na = 2\n", 2, "steht hier schon"),
        ("[a]\n[a]\n", 2, "[a] steht zweimal"),
        ("x = {a = 1, a = 2}\n", 1, "steht ein Feld zweimal"),
        ("[a\n", 1, "endet nicht mit „]“"),
        ("[[a]\n", 1, "endet nicht mit „]]“"),
        ("x = [1 2]\n", 1, "fehlt ein Komma"),
        ("x = {a = 1\n", 1, "fehlt ein Komma"),
    ],
)
def test_what_is_wrong_is_told_by_its_cause(text, line, told):
    message = refusal(text)
    assert message.startswith(f"own.toml, Zeile {line}, Spalte ")
    assert told in message


def test_what_never_ends_is_told():
    assert refusal('x = """a\n').startswith("own.toml, am Ende der Datei: ")
    assert "Klammer" in refusal("x = [1,\n")
    assert "geschachtelt" in refusal("x = " + "[" * 5000)
    assert "Ziffern" in refusal("x = " + "1" * 5000)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (SOUND.encode("cp1252"), 'own.toml, Zeile 3: .*Windows-1252.*„title = "Übergänge"“'),
        (SOUND.encode("utf-16"), "own.toml: .*UTF-16"),
        (SOUND.encode("utf-16-le"), "own.toml: .*UTF-16"),
        (SOUND.encode("utf-16-be"), "own.toml: .*UTF-16"),
    ],
)
def test_another_encoding_is_named(content, told):
    with pytest.raises(DefinitionError, match=told):
        toml.read(content, "own.toml")


@given(st.text(alphabet=st.sampled_from(list(SOUND) + list("„“äß\u00a0\\#{}[]=\"'\n\r\t,."))))
def test_any_text_is_read_or_refused_in_german(text):
    try:
        assert toml.read(text, "own.toml") == tomllib.loads(text)
    except DefinitionError as error:
        assert str(error).startswith("own.toml, ") and "kein gültiges TOML, " in str(error)


@given(st.binary())
def test_any_bytes_are_read_or_refused(content):
    try:
        toml.read(content, "own.toml")
    except DefinitionError as error:
        assert str(error).startswith("own.toml")


@given(st.integers(0, len(SOUND) - 1), st.sampled_from(["", "ä", '"', "\n", "=", "[", "}", "„"]))
def test_one_sign_changed_is_read_or_refused(at, sign):
    text = SOUND[:at] + sign + SOUND[at + 1 :]
    try:
        toml.read(text, "own.toml")
    except DefinitionError as error:
        assert str(error).startswith("own.toml, ")
