"""Whatever the table and the way it is written: the same cells or a refusal, no other numbers."""

import csv
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indicators.errors import FileError
from indicators.sources.reading import read_bytes
from tests.zoo.builders import Sample, datencsv, expected, ffcsv, found, zipped

pytestmark = pytest.mark.slow  # random tables, written and read in every form

QUICK = settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)

REGIONS = [
    ("DG", "Deutschland"),
    ("01", "  Schleswig-Holstein"),
    ("031", "    Braunschweig, Stat. Region"),
    ("03152", "      Göttingen, Landkreis"),
    ("03159", "      Göttingen, Landkreis"),
    ("03241001", "      Hannover, Landeshauptstadt"),
    ("06636", "      Werra-Meißner-Kreis"),
    ("16077", '      Altenburger "Land", Kreis'),
]
WORDS = [
    "Insgesamt",
    "weiblich",
    "männlich",
    "7. Klassenstufe",
    "15 bis unter 18 Jahre",
    "dar. A/B",
]
KINDS = ["2018", "2019"], ["2018/19", "2019/20"], ["31.12.2018", "31.12.2019"]
TEXTS = ["-", ".", "...", "/", "x", "0", "0,0", "-5,5", "1.234.567", "3p", "17 ()"]


@st.composite
def samples(draw, times: int = 2) -> Sample:
    texts = st.sampled_from(TEXTS) | st.integers(0, 9_999_999).map(str)
    kind = draw(st.sampled_from(KINDS))
    count = draw(st.integers(1, 2))
    names = draw(st.permutations(WORDS))
    sample = Sample(
        code=draw(
            st.sampled_from(["21111-02-06-4", "12411-01-01-5", "12411-0018", "13211-02-05-4"])
        ),
        title=" ".join(draw(st.lists(st.sampled_from(["Bevölkerung", "und", "nach"]), min_size=2))),
        times=tuple(kind[: draw(st.integers(1, times))]),
        regions=tuple(draw(st.lists(st.sampled_from(REGIONS), min_size=1, unique=True))),
        dimensions=tuple(names[i::3][: draw(st.integers(1, 2))] for i in range(count)),
        measures=(("Fälle", "Anzahl"), ("Quote je 100", "Prozent"))[: draw(st.integers(1, 2))],
    )
    sample = replace(sample, dimensions=tuple(map(tuple, sample.dimensions))).filled()
    return replace(sample, cells={place: draw(texts) for place in sample.cells})


WAYS = st.fixed_dictionaries(
    {
        "encoding": st.sampled_from(["cp1252", "utf-8", "utf-8-sig", "utf-16"]),
        "first": st.sampled_from(["GENESIS-Tabelle: ", "Tabelle: "]),
        "newline": st.sampled_from(["\n", "\r\n", "\r"]),
        "quote": st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
        "empty_columns": st.integers(0, 3),
        "row_dimensions": st.integers(0, 1),
        "time": st.sampled_from(["column", "last", "header"]),
        "title_lines": st.integers(1, 4),
        "pad": st.booleans(),
        "footnotes": st.sampled_from(["", 'zu "A":\nText; mit Zeichen']),
    }
)
FLAT_WAYS = st.fixed_dictionaries(
    {
        "encoding": st.sampled_from(["cp1252", "utf-8", "utf-8-sig"]),
        "newline": st.sampled_from(["\n", "\r\n"]),
        "quote": st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
        "form": st.sampled_from(["new", "old"]),
        "region_at": st.integers(0, 1),
        "quality": st.booleans(),
        "seed": st.integers(0, 9),
        "totals": st.sampled_from([("",), ("INSGESAMT",), ("", "INSGESAMT")]),
    }
)


@given(samples(), WAYS)
@QUICK
def test_a_table_export_reads_back_as_it_was_written(sample, how):
    (table,) = read_bytes(datencsv(sample, **how), "tabelle.csv")
    assert found(table) == expected(sample)
    assert table.code == sample.code and table.notes == []


@given(samples(times=1), st.sampled_from(["line", "words"]), st.sampled_from(["row", "title"]))
@QUICK
def test_a_time_in_the_title_holds_for_all_cells(sample, time, unit):
    cells = {place: raw for place, raw in sample.cells.items() if place[3] == "Fälle"}
    sample = replace(sample, measures=sample.measures[:1], cells=cells)
    (table,) = read_bytes(datencsv(sample, time=time, unit=unit), "tabelle.csv")
    assert found(table) == expected(sample)


@given(samples(), FLAT_WAYS)
@QUICK
def test_a_flat_file_reads_back_as_it_was_written(sample, how):
    (table,) = read_bytes(ffcsv(sample, **how), "tabelle.csv")
    assert found(table) == expected(sample)


def _read(content: bytes):
    try:
        return read_bytes(content, "tabelle.csv")
    except FileError as error:
        assert str(error).count("\n") == 0 and len(str(error)) > 30
        return None


@given(samples(), st.booleans(), st.integers(0, 10**9), st.integers(0, 255))
@QUICK
def test_one_wrong_byte_changes_one_line_at_most(sample, flat, place, byte):
    """A digit that became another digit cannot be seen; but nothing else may move with it."""
    content = ffcsv(sample, encoding="utf-8") if flat else datencsv(sample)
    head = content.index(b"\n") if flat else content.index(sample.regions[0][0].encode())
    place = head + place % (len(content) - head)
    tables = _read(content[:place] + bytes([byte]) + content[place + 1 :])
    if tables is None or byte == content[place]:
        return
    good, bad = _read(content)[0].cells, tables[0].cells
    assert len(good) == len(bad)
    columns = ["line", "column", "raw", "time", "region"]
    different = (good[columns] != bad[columns]).any(axis=1)
    assert good["line"][different].nunique() <= 1


@given(samples(), st.booleans(), st.integers(0, 10**9), st.integers(1, 400), st.binary(max_size=9))
@QUICK
def test_a_torn_file_gives_the_same_numbers_or_none(sample, flat, place, length, filling):
    content = ffcsv(sample) if flat else datencsv(sample)
    place %= len(content)
    tables = _read(content[:place] + filling + content[place + length :])
    _read(zipped({"a.csv": content})[:place] + filling)
    if tables and not flat and b"\n" not in content[place : place + length]:
        cells = ["time", "region", "raw"]
        before, after = (
            Counter(table.cells[cells].itertuples(index=False))
            for (table,) in (_read(content), tables)
        )
        assert len(before - after) <= len(sample.cells) / len(sample.times) / len(sample.regions)


def test_a_table_that_lost_all_headings_but_its_units_is_refused():
    content = (
        "GENESIS-Tabelle: 21111-02-06-4\nAbsolventen;\n;;;Anzahl;Anzahl\n"
        "2018/19;DG;Deutschland;1;2\n2018/19;01;Schleswig-Holstein;3;4\n"
        "__________\n\n(C)opyright Statistisches Bundesamt\nStand: 01.02.2024\n"
    )
    with pytest.raises(FileError):
        read_bytes(content.encode(), "a.csv")


@given(st.binary(max_size=400), st.sampled_from([b"", b"GENESIS-Tabelle: 1-1\n", b"PK\x03\x04"]))
@QUICK
def test_no_bytes_at_all_break_the_reader(content, start):
    _read(start + content)


@given(st.text(alphabet='";\n_19 AnzahlDG.,-', max_size=300), st.booleans())
@QUICK
def test_no_text_breaks_the_reader(text, flat):
    start = "statistics_code;time;value\n" if flat else "GENESIS-Tabelle: 12411-01-01-4\n"
    _read((start + text).encode())


@given(st.text(alphabet='"; \nG\ufeff', max_size=6), st.integers(0, 60), st.booleans())
@QUICK
def test_no_damage_of_the_beginning_breaks_the_reader(start, lost, flat):
    content = ffcsv(Sample().filled()) if flat else datencsv(Sample().filled())
    _read(start.encode() + content[lost:])
