"""Excerpts: read by one reader, checked against the definitions, and less than any whole table."""

import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.__main__ import main
from indicators.errors import FileError
from indicators.folders import Folders
from indicators.publishing import datasets, deliveries, gathering, precedence, run
from indicators.publishing.precedence import Edition
from indicators.publishing.receive import Receiver
from indicators.publishing.report import Report, Section
from indicators.release import releases
from indicators.sources import excerpt, receiving, stock, update
from indicators.sources.reading import is_official, read_bytes, read_file
from tests.unit import small
from tests.unit.small import Cell

CATALOG = small.catalog()
PUPILS = CATALOG.datasets["pupils"]
OLD, NEW = datetime(2024, 3, 1), datetime(2025, 3, 1)
CITY, DISTRICT = "09464", "09475"
SHIPPED = sorted((Folders(Path()).official / "auszug").glob("*.csv"))
FIRST = """Auszug: 21111-02-06-4
Stand: 13.03.2025
Quelle: © Statistische Ämter des Bundes und der Länder, Deutschland, 2025
measure;certificate;sex;period;DG;09463
leavers;total;total;2022/23;782423;758
leavers;none;total;2022/23;55708;67
leavers;none;female;2022/23;.;
"""


def edition(*cells: Cell, stand=OLD, table="21111-01-03-4", source=0, **facts) -> Edition:
    file = f"{'auszug' if facts.get('excerpt') else 'tabelle'}_{source}.csv"
    rows = small.long_rows(cells, CATALOG).drop(columns="source")
    facts = {"shipped": True, "rank": 0, "file": file, "sha256": str(source), **facts}
    return Edition(source=source, table=table, stand=stand, rows=rows, **facts)


def part(*cells: Cell, source=9, **facts) -> Edition:
    return edition(*cells, source=source, excerpt=True, **facts)


def combined(*editions: Edition) -> tuple[dict, Section]:
    """(region, period) → (value, source), and what was told."""
    section = Section("x")
    rows = datasets.combine(list(editions), PUPILS, section)
    assert not rows.duplicated(["region", "period", "school_type", "sex", "measure"]).any()
    return {(r.region, r.period): (r.value, r.source) for r in rows.itertuples()}, section


# --- what gives way -------------------------------------------------------------------------------


def test_a_table_replaces_its_excerpt_region_by_region_and_period_by_period():
    found, section = combined(
        part(Cell(10), Cell(11, time="2022"), Cell(20, region=DISTRICT), stand=NEW),
        edition(Cell(12), stand=NEW),
    )
    assert found == {
        (CITY, "2023/24"): (12, 0),
        (CITY, "2022/23"): (11, 9),
        (DISTRICT, "2023/24"): (20, 9),
    }
    (told,) = [f.text for f in section.findings if "es gilt" in f.text]
    assert CITY in told and "2023/24" in told and DISTRICT not in told
    assert "tabelle_0.csv" in told and "statt Auszug auszug_9.csv" in told


@pytest.mark.parametrize(
    "facts",
    [
        {"stand": NEW},
        {"stand": NEW, "shipped": False, "position": 3},
        {"stand": NEW, "shipped": False, "position": 3, "instead": ("0",)},
        {"stand": OLD, "source": -1},
    ],
)
@pytest.mark.parametrize("whole", [{"stand": OLD}, {"stand": precedence.UNKNOWN_STAND}])
def test_an_excerpt_never_goes_before_a_table(facts, whole):
    for order in (1, -1):
        found, _ = combined(*[part(Cell(10), **facts), edition(Cell(12), **whole)][::order])
        assert found == {(CITY, "2023/24"): (12, 0)}


def test_what_the_table_has_withdrawn_does_not_live_on_in_the_excerpt():
    """The table has the region in that year, and only its girls any more."""
    found, section = combined(
        part(Cell(10), Cell(4, sex="female")), edition(Cell(4, sex="female"), stand=NEW)
    )
    assert found == {(CITY, "2023/24"): (4, 0)}
    assert any("fehlen gegenüber Auszug auszug_9.csv" in f.text for f in section.findings)


@pytest.mark.parametrize(
    ("stand", "level"), [(OLD, "warning"), (datetime(2023, 1, 1), "warning"), (NEW, "info")]
)
def test_other_numbers_than_the_table_has_are_told(stand, level):
    """A newer table revises; of one age one of both is wrong."""
    _, section = combined(part(Cell(10)), edition(Cell(12), stand=stand))
    (found,) = [f for f in section.findings if "lautet" in f.text]
    assert found.level == level
    assert re.search(r"10 \(auszug_9.csv, Zeile \d+\) gegen 12 \(tabelle_0.csv", found.text)
    assert found.text.endswith("Es gilt tabelle_0.csv")


def test_the_same_numbers_are_no_contradiction():
    _, section = combined(part(Cell(12)), edition(Cell(12), stand=NEW))
    assert not [f for f in section.findings if "lautet" in f.text or f.level != "info"]


def test_of_two_excerpts_the_newer_counts_and_what_it_leaves_out_is_no_gap():
    found, section = combined(
        part(Cell(10), Cell(11, time="2022")), part(Cell(13), stand=NEW, source=8)
    )
    assert found == {(CITY, "2023/24"): (13, 8), (CITY, "2022/23"): (11, 9)}
    assert not [f for f in section.findings if "nennt nichts" in f.text]


PLACES = st.dictionaries(
    st.tuples(st.sampled_from([CITY, DISTRICT, "09"]), st.sampled_from(["2021", "2022", "2023"])),
    st.integers(1, 9),
    min_size=1,
)


@pytest.mark.slow  # random editions in every order
@given(PLACES, PLACES, PLACES, st.permutations(range(3)))
def test_whatever_a_table_states_counts_and_the_excerpt_everywhere_else(first, second, less, order):
    """Two tables of one age are one; no number of them depends on the excerpt or on any order."""
    second = {place: first.get(place, value) for place, value in second.items()}

    def cells(told):
        return [Cell(value, region=place[0], time=place[1]) for place, value in told.items()]

    editions = [
        edition(*cells(first)),
        edition(*cells(second), source=1),
        part(*cells(less), stand=NEW),
    ]
    found, section = combined(*(editions[i] for i in order))
    expected = {(r, f"{t}/{int(t[2:]) + 1}"): v for (r, t), v in (less | second | first).items()}
    assert {place: value for place, (value, _) in found.items()} == expected
    assert not [f for f in section.findings if f.level == "error"]


# --- the reader -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """The definitions that ship, and the register."""
    folders = Folders(tmp_path_factory.mktemp("plain"))
    catalog = run.load_catalog(folders)
    return catalog, run.register_of(run.boundary_archive(folders)[0], catalog)


def checked(text: str, world):
    catalog, register = world
    (table,) = read_bytes(text.encode(), "auszug.csv")
    report = Report()
    mapped, rows = gathering.check_table(table, catalog, register, report)
    return table, mapped, rows, report


def test_an_excerpt_says_figures_and_signs_and_leaves_out_what_is_empty(world):
    table, mapped, rows, report = checked(FIRST, world)
    assert is_official(FIRST.encode())
    assert (table.code, table.stand, table.format) == (
        "21111-02-06-4",
        datetime(2025, 3, 13),
        excerpt.FORMAT,
    )
    assert table.attribution.startswith("© Statistische Ämter")
    found = {
        (r.region, r.certificate, r.sex): (r.value, r.status, r.line)
        for r in rows[rows["status"] == "ok"].itertuples()
    }
    assert found == {
        ("DG", "total", "total"): (782423, "ok", 5),
        ("09463", "total", "total"): (758, "ok", 5),
        ("DG", "none", "total"): (55708, "ok", 6),
        ("09463", "none", "total"): (67, "ok", 6),
    }
    (secret,) = rows[rows["status"] != "ok"].itertuples()
    assert (secret.region, secret.status, secret.line) == ("DG", "secret", 7)
    assert set(rows["period"]) == {"2022/23"}
    assert not report.of("error")


@pytest.mark.parametrize(
    ("old", "new", "line", "column", "words"),
    [
        ("none;total", "nobody;total", 6, 2, "„nobody“ ist keine Ausprägung von certificate"),
        ("none;female", "none;girls", 7, 3, "möglich sind total, female"),
        ("leavers;none;total", "pupils;none;total", 6, 1, "„pupils“ ist keine Messgröße"),
        ("measure;certificate", "measure;school_type", 4, 2, "„school_type“ ist keine Dimension"),
        ("certificate;sex", "certificate;period", 4, 1, "die Überschriften lauten"),
        ("DG;09463", "DG;Coburg", 4, 6, "kein Regionalschlüssel"),
        ("DG;09463", "DG;9463", 4, 6, "kein Regionalschlüssel"),
        ("DG;09463", "DG;DG", 4, 6, "doppelt"),
        ("none;total;2022/23", "none;total;2022/24", 6, 4, "2022/24"),
        ("55708;67", "55708;6*7", 6, 6, "weder eine Zahl"),
        ("55708;67", "55708;67,5", 6, 6, "Stellen hinter dem Komma"),
        ("55708;67", "55708", 6, 6, "Felder"),
        ("55708;67", "55708;67;1", 6, 7, "Felder"),
        ("none;female;2022/23;.;", "none;total;2022/23;55709;", 7, 5, "„55709“"),
        ("Stand: 13.03.2025", "Stand: 2025", 2, 1, "Stands"),
        ("Stand: 13.03.2025", "Stand: 31.02.2025", 2, 1, "kein Tag"),
        ("Quelle: ©", "©", 3, 1, "Quelle"),
        ("Auszug: 21111-02-06-4", "Auszug:", 1, 1, "Tabelle"),
    ],
)
def test_a_slip_is_told_with_file_line_and_column(world, old, new, line, column, words):
    assert old in FIRST
    with pytest.raises(FileError) as error:
        checked(FIRST.replace(old, new, 1), world)
    assert (error.value.file, error.value.line, error.value.column) == ("auszug.csv", line, column)
    assert words in str(error.value)


def test_a_dimension_that_is_not_stated_refuses_the_file(world):
    text = FIRST.replace("certificate;sex", "certificate").rpartition("leavers")[0]
    with pytest.raises(FileError, match="es fehlt die Spalte sex"):
        checked(text.replace(";total;2022/23", ";2022/23"), world)


def test_a_table_without_definition_and_a_region_that_is_none_are_told(world):
    with pytest.raises(FileError, match="für die Tabelle 21111-99-06-4 gibt es keine Definition"):
        checked(FIRST.replace("21111-02", "21111-99"), world)
    *_, report = checked(FIRST.replace("DG;09463", "DG;09999"), world)
    (error,) = report.of("error")
    assert error.endswith("auszug.csv, Zeile 4, Spalte 6: die Region 09999 gibt es nicht")


# --- what ships -----------------------------------------------------------------------------------


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_excerpt_says_what_its_origin_does_and_nothing_that_was_not_collected(
    path, world
):
    catalog, register = world
    (table,) = read_file(path)
    (kept,) = [
        one
        for one in stock.kept_files(Folders(Path("nowhere")))
        if one.path.resolve() == path.resolve()
    ]
    origin = kept.origin
    assert origin.excerpt and kept.state == "sound"
    assert (table.code, table.stand, f"{origin.attribution}; {origin.licence}") == (
        origin.table,
        origin.stand,
        table.attribution,
    )
    assert "Auszug, eigene Zusammenstellung" in origin.attribution
    assert path.name == f"{table.code}_{table.stand:%Y-%m-%d}.csv"
    report = Report()
    _, rows = gathering.check_table(table, catalog, register, report)
    assert not report.of("error")
    assert set(rows["status"]) <= {"ok", "zero", "rounded_zero", "secret", "not_applicable"}
    assert rows["region"].nunique() == 12 and len(rows) == len(table.cells)


def test_the_excerpts_are_those_figures_and_small():
    cells = sum(len(table.cells) for path in SHIPPED for table in read_file(path))
    assert cells == 22_472 and sum(path.stat().st_size for path in SHIPPED) < 250_000


# --- with a table received ------------------------------------------------------------------------

WHOLE = """Tabelle: 21111-02-06-4
Absolvierende/Abgehende allgemeinbildender Schulen nach Abschlussarten
Statistik der allgemeinbildenden Schulen
;;;Absolvierende/Abgehende;Absolvierende/Abgehende
;;;Insgesamt;ohne Hauptschulabschluss
;;;Anzahl;Anzahl
2023;09463;Coburg, kreisfreie Stadt;760;70
__________
© Statistische Ämter des Bundes und der Länder, Deutschland, 2024
Stand: 01.02.2024 / 10:00:00
"""


def test_a_table_of_one_region_leaves_the_others_to_the_excerpt(built_folders, tmp_path):
    path = tmp_path / "21111-02-06-4.csv"
    path.write_text(WHOLE, encoding="utf-8")
    received = Receiver(built_folders).receive(path)
    assert any("es gilt" in text and "statt Auszug" in text for text in received.report.of("info"))
    assert any("Werte lauten in Auszug" in text for text in received.report.of("warning"))
    built = run.build(built_folders)
    assert built.published, built.report.text()
    opened = releases.open_release(built_folders)
    try:
        rows = opened.frame(
            "SELECT region, leavers AS value, leavers_source AS source FROM release.data_leavers "
            "WHERE certificate = 'none' AND sex = 'total' AND period = '2022/23'"
        )
        found = {r.region: (r.value, opened.sources[r.source].excerpt) for r in rows.itertuples()}
    finally:
        opened.close()
    assert found["09463"] == (70, False) and found["09473"] == (51, True)
    assert len(found) == 12
    told = [text for text in built.report.of("warning") if "Werte lauten in Auszug" in text]
    assert "67" in told[0] and "70" in told[0]


def test_update_builds_what_it_has_loaded(built_folders, capsys):
    """One command for the button: download, then a release."""
    folder = built_folders.data / "downloads"
    folder.mkdir()
    (folder / "21111-02-06-4.csv").write_text(WHOLE, encoding="utf-8")
    before = releases.current_id(built_folders)
    command = ["--data", str(built_folders.data), "update", "--build", "--from", str(folder)]
    assert main(command) == 0, capsys.readouterr().err
    assert releases.current_id(built_folders) != before
    assert "gebaut und in Kraft" in capsys.readouterr().err


def test_an_excerpt_is_received_as_one_and_does_not_hold_off_an_older_table(
    small_shipped, own_folders, world
):
    catalog, _ = world
    stored = receiving.store(FIRST.encode(), "auszug.csv", own_folders, catalog)
    assert stored.path.name == "21111-02-06-4_2025-03-13.csv"
    (kept,) = [one for one in deliveries.deliveries(own_folders) if not one.shipped]
    assert kept.attribution.startswith("© Statistische Ämter")
    folder = own_folders.data / "downloads"
    folder.mkdir()
    (folder / "21111-02-06-4.csv").write_text(WHOLE, encoding="utf-8")
    (result,) = update.update(catalog, own_folders, str(folder))
    assert result.outcome == "new"


def test_two_files_at_once_of_which_one_is_an_excerpt_do_not_contradict_each_other():
    told = precedence.Editions(PUPILS, {}, Section("x"))
    assert told.conflict(part(Cell(10)), edition(Cell(12))) == ""
    assert told.conflict(part(Cell(10)), replace(part(Cell(12)), source=8)) != ""
