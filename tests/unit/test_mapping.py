"""From an official table's words to counts: what is not explained by a definition is refused."""

from dataclasses import replace

import pandas as pd
import pytest

from indicators.catalog import catalog as definitions
from indicators.errors import DefinitionError, FileError
from indicators.publishing.mapping import candidates, understand
from indicators.sources.reading import read_bytes
from indicators.sources.table import OfficialTable
from tests.unit import small
from tests.zoo.builders import Sample, datencsv

CATALOG = small.catalog()
TEXTS = dict(CATALOG.files)
PUPILS = "Schüler/-innen an Schulen"


def official(columns, rows, *, code="21111-01-03-4", statistic="21111", units=None):
    """A table: `columns` are tuples of words, `rows` are (time, region, texts of the cells)."""
    cells = [
        {
            "line": 10 + number,
            "column": 3 + index,
            "time": time,
            "region": region,
            "region_name": region,
            "key": index,
            "raw": raw,
        }
        for number, (time, region, raws) in enumerate(rows)
        for index, raw in enumerate(raws)
    ]
    return OfficialTable(
        file="tabelle.csv",
        format="datencsv",
        encoding="UTF-8",
        code=code,
        statistic=statistic,
        title="Titel",
        cells=pd.DataFrame(cells),
        keys=list(columns),
        units=units or ["Anzahl"] * len(columns),
    )


def counts(table):
    """The understood rows as (region, period, school type, sex, measure) → (value, status)."""
    rows = understand(table, CATALOG).rows
    return {
        (r.region, r.period, r.school_type, r.sex, r.measure): (r.value, r.status)
        for r in rows.itertuples(index=False)
    }


def refusal(table) -> FileError:
    with pytest.raises(FileError) as refused:
        understand(table, CATALOG)
    return refused.value


def test_every_word_finds_its_category_measure_and_period():
    table = official(
        [(PUPILS, "Insgesamt"), (PUPILS, "Gymnasien", "weiblich"), ("Schulen", "Gymnasien")],
        [("2023", "9464", ["1.234", "12", "3"])],
    )
    assert counts(table) == {
        ("09464", "2023/24", "total", "total", "pupils"): (1234, "ok"),
        ("09464", "2023/24", "gymnasium", "female", "pupils"): (12, "ok"),
        ("09464", "2023/24", "gymnasium", "total", "schools"): (3, "ok"),
    }


def test_the_order_of_words_and_their_spacing_do_not_matter():
    first = official([(PUPILS, "Gymnasien", "weiblich")], [("2023", "09464", ["5"])])
    other = official([(" weiblich", "Gymnasien  ", PUPILS)], [("2023", "09464", ["5"])])
    assert counts(first) == counts(other)


def test_a_word_nobody_explains_refuses_the_file_and_says_where():
    table = official(
        [(PUPILS, "Insgesamt"), (PUPILS, "Kollegschulen")], [("2023", "09464", ["9", "5"])]
    )
    error = refusal(table)
    assert (error.file, error.column) == ("tabelle.csv", 4)
    assert "das Wort „Kollegschulen“ in Kopf oder Vorspalte ist in der Definition pupils" in str(
        error
    )
    assert "Nächster Schritt: prüfen, was gemeint ist" in str(error)


# --- words of a new edition -----------------------------------------------------------------------


def in_town(table, *lines: str):
    """What a table means where a town has put these lines into its definitions."""
    return understand(table, definitions.from_texts(TEXTS | {"woerter.toml": "\n".join(lines)}))


def proposed(table) -> list[str]:
    """The lines that a refusal prints, without its sentence."""
    return str(refusal(table)).partition("\n\n")[2].split("\n")


def test_the_lines_a_refusal_prints_explain_the_words_for_this_town():
    table = official(
        [(PUPILS, "Insgesamt"), (PUPILS, "Gymnasien und Oberschulen"), (PUPILS, "Weibliche")],
        [("2023", "09464", ["9", "5", "4"])],
    )
    lines = proposed(table)
    assert [line for line in lines if line.startswith("words")] == [
        'words = ["Gymnasien und Oberschulen"]',
        'words = ["Weibliche"]',
    ]
    assert any("am ähnlichsten ist „weiblich“" in line for line in lines)
    # nothing is near "Gymnasien und Oberschulen": copied as printed, its column is left out
    assert 'use = "skip"' in lines
    rows = in_town(table, *lines).rows
    assert [tuple(r) for r in rows[["school_type", "sex", "value"]].itertuples(index=False)] == [
        ("total", "total", 9),
        ("total", "female", 4),
    ]


@pytest.mark.parametrize(
    ("word", "meaning"),
    [
        ("Gymnasien¹", "gymnasium"),
        ("GYMNASIEN 1)", "gymnasium"),
        ("Gym-nasien *)", "gymnasium"),
        ("„Gymnasien“", "gymnasium"),
        ("Gymnas.", "gymnasium"),
    ],
)
def test_another_spelling_is_the_same_word(word, meaning):
    table = official([(PUPILS, word)], [("2023", "09464", ["5"])])
    assert list(understand(table, CATALOG).rows["school_type"]) == [meaning]


@pytest.mark.parametrize(
    "word",
    ["ohne Gymnasien", "Gymnasien ohne Oberstufe", "nicht weiblich", "Schüler/-innen: weiblich"],
)
def test_a_word_that_says_more_is_never_the_known_one(word):
    refusal(official([(PUPILS, word)], [("2023", "09464", ["5"])]))


def test_a_column_of_two_categories_has_slipped():
    error = refusal(official([(PUPILS, "weiblich", "männlich")], [("2023", "09464", ["5"])]))
    assert "nennt zwei Ausprägungen von Geschlecht" in str(error)


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (
            'dimension = "school_type"\ncategory = "gymnasium"\nwords = ["Haupt-Schulen"]',
            "woerter.toml, Feld more_words.words: „Hauptschulen“ (Hauptschule) und „Haupt-Schulen“ "
            "(Gymnasium) sind bis auf die Schreibweise ein Wort",
        ),
        (
            'dimension = "school_type"\ncategory = "gymnasium"\nwords = ["Weiblich"]',
            "„weiblich“ (Merkmal sex, Ausprägung female)",
        ),
        (
            'dataset = "pupils"\nmeasure = "schools"\nwords = ["INSGESAMT"]',
            "„insgesamt“ (Insgesamt) und „INSGESAMT“ (Messgröße schools)",
        ),
        ('dimension = "school_type"\ncategory = "x"\nwords = ["A"]', "„x“ ist nicht bekannt"),
        ('dimension = "y"\ncategory = "x"\nwords = ["A"]', "Feld more_words.dimension: „y“"),
        ('table = "1"\nuse = "skip"\nwords = ["A"]', "Feld more_words.table: „1“"),
        ('dataset = "pupils"\nmeasure = "x"\nwords = ["A"]', "Feld more_words.measure: „x“"),
        ('dataset = "pupils"\nwords = ["A"]', "dataset mit measure oder table mit use"),
        (
            'dataset = "pupils"\nmeasure = "pupils"\ntable = "21111-01-03-4"\nwords = ["A"]',
            "und nur eines davon",
        ),
    ],
)
def test_added_words_are_checked_on_load(lines, reason):
    with pytest.raises(DefinitionError) as wrong:
        definitions.from_texts(TEXTS | {"woerter.toml": f"[[more_words]]\n{lines}"})
    assert "woerter.toml" in str(wrong.value) and reason in str(wrong.value)


# --- codes of flat files --------------------------------------------------------------------------


def flat(words, codes):
    table = official([(PUPILS, *words)], [("2023", "09464", ["5"])])
    return replace(table, codes={word: frozenset(codes) for word in words})


def test_a_code_explains_a_word_in_another_language():
    catalog = definitions.from_texts(
        TEXTS
        | {"w.toml": '[[more_words]]\ndimension = "sex"\ncategory = "female"\nwords = ["GESW"]'}
    )
    rows = understand(flat(["female persons"], ["GESW"]), catalog).rows
    assert list(rows["sex"]) == ["female"]
    with pytest.raises(FileError, match="hat den Code GESW .* gegeneinander verrutscht"):
        understand(flat(["männlich"], ["GESW"]), catalog)
    with pytest.raises(FileError, match="hat den Code GESW"):
        understand(flat(["Insgesamt"], ["GESW"]), catalog)


def test_a_label_with_a_star_allows_any_ending_but_no_other_beginning():
    good = official([(PUPILS, "Förderschulen (Sonderschulen)")], [("2023", "09464", ["5"])])
    assert ("09464", "2023/24", "foerderschule", "total", "pupils") in counts(good)
    refusal(official([(PUPILS, "Private Förderschulen")], [("2023", "09464", ["5"])]))


def test_a_category_is_not_recognised_by_a_part_of_its_word():
    refusal(official([(PUPILS, "Gymnasien (G8)")], [("2023", "09464", ["5"])]))


def test_headings_say_nothing_and_skipped_columns_are_left_out():
    table = official(
        [("Geschlecht", PUPILS), ("Klassen", "irgendetwas")], [("2023", "09464", ["5", "7"])]
    )
    assert counts(table) == {("09464", "2023/24", "total", "total", "pupils"): (5, "ok")}


def test_a_column_of_which_nobody_knows_what_it_counts_is_refused():
    error = refusal(official([("Gymnasien",)], [("2023", "09464", ["5"])]))
    assert "für die Spalte „Gymnasien“ ist nicht erkennbar, was gezählt wird" in str(error)


def test_a_table_may_say_what_its_columns_count():
    table = official([("weiblich",)], [("2023", "09464", ["5"])], code="21111-01-05-4")
    assert counts(table) == {("09464", "2023/24", "total", "female", "pupils"): (5, "ok")}


def test_another_unit_is_refused():
    error = refusal(official([(PUPILS,)], [("2023", "09464", ["5"])], units=["1000"]))
    assert f"die Einheit der Spalte „{PUPILS}“ ist „1000“ statt „Anzahl“" in str(error)


def test_a_unit_that_is_not_printed_is_no_fault():
    assert counts(official([(PUPILS,)], [("2023", "09464", ["5"])], units=[""]))


def test_a_table_without_definition_names_those_there_are():
    error = refusal(official([(PUPILS,)], [("2023", "09464", ["5"])], code="99999-01"))
    assert "für die Tabelle 99999-01 gibt es keine Definition" in str(error)
    assert "12411-01-01-4, 21111-01-03-4, 21111-01-05-4, AI-N-06" in str(error)


def test_a_file_without_code_is_recognised_by_its_content():
    """Only one of the statistic's two tables knows the heading."""
    table = official([("Schulart", PUPILS)], [("2023", "09464", ["5"])], code=None)
    assert understand(table, CATALOG).definition.code == "21111-01-03-4"


def test_a_file_that_fits_two_tables_is_refused():
    table = official([("Geschlecht", PUPILS)], [("2023", "09464", ["5"])], code=None)
    error = refusal(table)
    assert "der Inhalt passt zu mehreren Tabellen (21111-01-03-4, 21111-01-05-4)" in str(error)


def test_candidates_come_from_the_code_or_else_the_statistic():
    def codes(**known):
        table = official([(PUPILS,)], [("2023", "09464", ["5"])], **known)
        return [definition.code for _, definition in candidates(table, CATALOG)]

    assert codes(code="12411-01-01-4") == ["12411-01-01-4"]
    assert codes(code=None, statistic="21111") == ["21111-01-03-4", "21111-01-05-4"]
    assert codes(code=None, statistic="99910") == ["AI-N-06"]
    assert codes(code=None, statistic="2111") == []


@pytest.mark.parametrize("raw", ["1234.5", "12.5", "k", "viele", "0.123", "1,234.5", "2,690,975"])
def test_a_cell_that_is_no_german_number_and_no_sign_is_refused_with_its_place(raw):
    error = refusal(
        official(
            [(PUPILS,), ("Schulen",)], [("2023", "09464", ["5", "6"]), ("2023", "09", [raw, "1"])]
        )
    )
    assert (error.line, error.column) == (11, 3)
    reason = "weder eine Zahl in deutscher Schreibweise noch ein Zeichen"
    if raw[0].isdigit():
        reason = "eine Zahl in englischer Schreibweise: die Datei wurde mit einem englischen Excel"
    assert f"„{raw}“ ist {reason}" in str(error)


def test_a_point_in_a_rate_is_an_english_decimal_and_refused():
    """`1.234` is a thousand in a count; in a rate nobody means it as one."""
    table = official([("Anteil",)], [("2019", "09464", ["1.234"])], code="AI-N-06", statistic="")
    assert "„1.234“ ist eine Zahl in englischer Schreibweise" in str(refusal(table))
    comma = official([("Anteil",)], [("2019", "09464", ["12,3"])], code="AI-N-06", statistic="")
    assert list(understand(comma, CATALOG).rows["value"]) == [12.3]


def test_symbols_become_statuses_and_never_numbers():
    rows = [("2023", f"0900{i}", [raw]) for i, raw in enumerate(["-", ".", "...", "x", "0", "7p"])]
    found = understand(official([(PUPILS,)], rows), CATALOG).rows
    assert list(found["status"]) == [
        "zero",
        "secret",
        "later",
        "not_applicable",
        "rounded_zero",
        "ok",
    ]
    assert list(found["value"].fillna(-1)) == [0, -1, -1, -1, 0, 7]
    assert list(found["flags"]) == ["", "", "", "", "", "provisional"]


def test_a_text_that_is_no_region_code_is_refused_with_its_line():
    error = refusal(
        official([(PUPILS,)], [("2023", "09464", ["5"]), ("2023", "Hof, Landkreis", ["6"])])
    )
    assert error.line == 11 and "„Hof, Landkreis“ ist kein Regionalschlüssel" in str(error)


def test_a_time_of_another_kind_is_refused_with_its_line():
    error = refusal(official([(PUPILS,)], [("31.12.2023", "09464", ["5"])]))
    assert error.line == 10 and "keine Zeitangabe der Art Schuljahr" in str(error)


# --- totals that stand twice ----------------------------------------------------------------------


def test_a_total_listed_twice_with_the_same_value_counts_once():
    table = official(
        [(PUPILS, "Insgesamt"), ("Geschlecht", PUPILS)], [("2023", "09", ["50", "50"])]
    )
    assert counts(table) == {("09", "2023/24", "total", "total", "pupils"): (50, "ok")}


@pytest.mark.parametrize("other", ["51", "-", "0"])
def test_a_total_listed_twice_with_different_values_refuses_the_file(other):
    table = official(
        [(PUPILS, "Insgesamt"), ("Geschlecht", PUPILS)], [("2023", "09", ["50", other])]
    )
    error = refusal(table)
    assert error.line == 10
    assert "für Region 09, 2023/24 stehen zwei verschiedene Werte in der Datei" in str(error)


@pytest.mark.parametrize("order", [("2000", "02000000"), ("02000000", "2000")])
def test_a_region_under_two_spellings_keeps_its_number_and_not_the_sign(order):
    raws = {"2000": "x", "02000000": "700"}
    table = official([(PUPILS,)], [("2023", region, [raws[region]]) for region in order])
    assert counts(table) == {("02000", "2023/24", "total", "total", "pupils"): (700, "ok")}


# --- through a reader -----------------------------------------------------------------------------


@pytest.mark.parametrize("time", ["column", "header"])
def test_a_year_in_the_header_means_the_same_as_one_in_a_column(time):
    sample = Sample(
        code="21111-01-03-4",
        times=("2022", "2023"),
        dimensions=(("Insgesamt", "weiblich"),),
        measures=((PUPILS, "Anzahl"),),
    ).counted()
    (table,) = read_bytes(datencsv(sample, time=time), "21111-01-03-4.csv")
    found = counts(table)
    assert len(found) == len(sample.cells)
    text = sample.cells["2023", "09464", ("weiblich",), PUPILS]
    assert found["09464", "2023/24", "total", "female", "pupils"] == (int(text), "ok")
