"""What a cell means: every sign of the symbol sets, and German numbers."""

import runpy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators import folders, symbols
from indicators.symbols import (
    FLAG_NAMES,
    FLAGS,
    SIGNS,
    SYMBOL_SETS,
    WITH_NUMBER,
    Status,
    read_cell,
)
from tests import shipped

BOTH = {
    "-": Status.ZERO,
    "–": Status.ZERO,
    "...": Status.LATER,
    "…": Status.LATER,
    "/": Status.UNRELIABLE,
    "x": Status.NOT_APPLICABLE,
    "X": Status.NOT_APPLICABLE,
    ".": Status.SECRET,
    "": Status.MISSING,
}
EXPECTED = {
    "classic": BOTH | {"0": Status.ROUNDED_ZERO},
    "harmonised": BOTH
    | {
        "0": Status.ZERO,
        "k": Status.ROUNDED_ZERO,
        "g": Status.SECRET,
        "t": Status.LATER,
        "u": Status.UNRELIABLE,
    },
    "municipal": BOTH
    | {
        "—": Status.ZERO,
        "0": Status.ZERO,
        "*": Status.SECRET,
        "•": Status.SECRET,
        "entfällt": Status.NOT_APPLICABLE,
        **dict.fromkeys(
            ("k.A.", "k.A", "kA", "keineAngabe", "keineAngaben", "n.b.", "n.b", "n.v.", "n.v"),
            Status.MISSING,
        ),
        "n.a.": Status.MISSING,
    },
}
EVERY_SIGN = [(name, sign, meaning) for name, s in EXPECTED.items() for sign, meaning in s.items()]


@pytest.mark.parametrize(("symbol_set", "sign", "status"), EVERY_SIGN)
def test_every_sign_has_its_meaning(symbol_set, sign, status):
    value, found, flag = read_cell(sign, symbol_set)
    assert (found, flag) == (status, "")
    assert value == (0 if status in (Status.ZERO, Status.ROUNDED_ZERO) else None)


def test_no_set_knows_a_sign_that_is_not_tested_here():
    assert SYMBOL_SETS == EXPECTED


def test_a_zero_means_the_opposite_in_the_two_sets():
    assert read_cell("0", "classic")[1] is Status.ROUNDED_ZERO
    assert read_cell("0", "harmonised")[1] is Status.ZERO


@pytest.mark.parametrize("sign", ["k", "g", "t", "u"])
def test_letters_of_the_harmonised_set_are_not_understood_in_the_classic_one(sign):
    assert read_cell(sign, "classic") is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("7", 7),
        ("1234", 1234),
        ("1.234", 1234),
        ("1.234.567", 1234567),
        ("12.345,6", 12345.6),
        ("1 234", 1234),
        ("1\u00a0234\u00a0567", 1234567),
        ("1\u202f234", 1234),
        ("12,5", 12.5),
        ("0,05", 0.05),
        ("-26,2", -26.2),
        ("\u22123", -3),
        ("+105,0", 105),
        ("  42  ", 42),
        ("83577140", 83577140),
    ],
)
@pytest.mark.parametrize("symbol_set", SYMBOL_SETS)
def test_numbers_are_read_in_german_notation(symbol_set, text, value):
    assert read_cell(text, symbol_set) == (value, Status.OK, "")


@pytest.mark.parametrize(
    ("text", "flag"), [("0,0", ""), ("0p", "provisional"), ("-0,0", ""), ("0,00 ()", "estimated")]
)
def test_every_written_zero_means_what_the_set_says_of_zero(text, flag):
    assert read_cell(text, "classic") == (0, Status.ROUNDED_ZERO, flag)
    assert read_cell(text, "harmonised") == (0, Status.ZERO, flag)


@pytest.mark.parametrize(
    "text",
    ["1234.5", "12.5", "0.5", "1,234.5", "1.23", "1.2345", "12.34.567", "1,234,567", "0.123"],
)
def test_english_decimals_are_not_understood(text):
    """Read as German, "0.123" would be a thousand times too large."""
    assert read_cell(text, "classic") is None


@pytest.mark.parametrize(
    "text",
    [
        "k. A.",
        "n. b.",
        "n.b.",
        "keine Angabe",
        "*",
        "f",
        "n/a",
        "abc",
        "12 Personen",
        "--",
        "1-2",
        "½",
    ],
)
def test_unknown_texts_are_never_guessed(text):
    assert read_cell(text, "classic") is None
    assert read_cell(text, "harmonised") is None


@pytest.mark.parametrize(
    ("letter", "flag"),
    [
        ("p", "provisional"),
        ("r", "revised"),
        ("s", "estimated"),
        ("u", "estimated"),
        ("b", "break"),
        ("e", ""),
        ("()", "estimated"),
    ],
)
@pytest.mark.parametrize("gap", ["", " "])
def test_a_letter_behind_a_number_becomes_a_flag(letter, flag, gap):
    assert read_cell(f"1.234{gap}{letter}", "classic") == (1234, Status.OK, flag)


@given(st.integers(-(10**12), 10**12))
def test_whole_numbers_are_read_with_and_without_thousands_points(number):
    grouped = f"{number:,}".replace(",", ".")
    expected = (None if number == 0 else number, Status.OK)
    if number:
        assert read_cell(str(number), "harmonised")[:2] == expected
        assert read_cell(grouped, "harmonised")[:2] == expected
    assert read_cell(f"{grouped},5", "harmonised")[1] is Status.OK


@given(st.text(max_size=12))
def test_any_text_is_a_number_a_known_sign_or_refused(text):
    found = read_cell(text, "classic")
    if found is not None:
        value, status, flag = found
        assert (value is not None) == (status in WITH_NUMBER)
        assert flag in FLAGS.values()


def test_every_status_is_explained_to_the_reader():
    assert set(SIGNS) == set(Status)
    assert all(sign.short and sign.meaning for sign in SIGNS.values())
    shown = [sign.sign for sign in SIGNS.values()]
    assert len(set(shown)) == len(shown)


def test_every_flag_has_german_words():
    assert set(FLAGS.values()) - {""} <= set(FLAG_NAMES)
    assert all(name != flag for flag, name in FLAG_NAMES.items())


def test_the_words_of_statuses_and_flags_are_those_of_the_vocabulary():
    words = shipped.catalog().vocabulary
    assert {id: vars(word) for id, word in words.statuses.items()} == {
        status.value: vars(sign) for status, sign in SIGNS.items()
    }
    assert {id: word.name for id, word in words.flags.items()} == FLAG_NAMES


def test_a_damaged_vocabulary_leaves_the_codes(monkeypatch, tmp_path):
    """Then the catalog says what is wrong and where, which it could not if the import failed."""
    (tmp_path / "vocabulary.toml").write_text("[vocabulary")
    with monkeypatch.context() as patch:
        patch.setattr(folders, "SHIPPED_DEFINITIONS", tmp_path)
        damaged = runpy.run_path(symbols.__file__)
    assert damaged["SIGNS"]["secret"].short == "secret"
