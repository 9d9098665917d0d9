"""The command line: exit codes, German messages on stderr, results on stdout, any data folder."""

import json
import re
import subprocess
import sys

import pytest

from indicators import __main__ as command_line
from indicators import agenda as agendas
from indicators import folders as places
from indicators.__main__ import main
from indicators.export.sheet import SIZES
from indicators.export.ways import PAPERS, WAYS
from indicators.saved import agendas as saved
from tests.zoo.builders import Sample, datencsv

VIEW = "kind=table&indicator=abgaenger_ohne_abschluss_anteil&region=verbund:hof&period=2022/23"


@pytest.fixture
def run(capsysbinary):
    """Runs a command in this process: exit code, stdout as bytes, stderr as text."""

    def ran(*arguments) -> tuple[int, bytes, str]:
        try:
            code = main([str(a) for a in arguments])
        except SystemExit as stopped:
            code = stopped.code
        out, err = capsysbinary.readouterr()
        return code, out, err.decode()

    return ran


# --- build, check, list ---------------------------------------------------------------------------


def test_build_publishes_and_reports_on_stderr(small_shipped, own_folders, run):
    code, out, err = run("--data", own_folders.data, "build")
    assert code == 0 and out == b""
    assert "PRÜFBERICHT" in err and err.rstrip().endswith("gebaut und in Kraft.")
    assert list(own_folders.releases.glob("*.duckdb"))


def test_build_of_what_is_in_force_says_so(built_folders, run):
    code, out, err = run("--data", built_folders.data, "build")
    assert (code, out) == (0, b"") and err.rstrip().endswith("unverändert in Kraft.")


def test_check_publishes_nothing(small_shipped, own_folders, run):
    code, out, err = run("--data", own_folders.data, "check")
    assert code == 0 and out == b"" and "0 Fehler" in err
    assert not list(own_folders.releases.glob("*.duckdb"))


def test_a_wrong_definition_stops_with_one_german_message(small_shipped, own_folders, run):
    own_folders.own_definitions.mkdir(parents=True)
    (own_folders.own_definitions / "x.toml").write_text('[indicatr]\nid = "x"\n')
    code, out, err = run("--data", own_folders.data, "build")
    assert code == 1 and out == b""
    assert err.startswith(
        "Fehler: definitions/x.toml, Feld indicatr: dieses Feld gibt es hier nicht"
    )
    assert "Traceback" not in err


def test_list_of_an_empty_folder_names_the_next_step_and_prints_nothing(own_folders, run):
    code, out, err = run("--data", own_folders.data, "list")
    assert (code, out) == (0, b"")
    assert err == (
        "Es gibt noch keinen Datenstand. Nächster Schritt: mit „python -m indicators build“ einen "
        "neuen Datenstand bauen.\n"
    )


def test_list_shows_which_release_is_in_force(data_folder, release, run):
    code, out, err = run("--data", data_folder, "list")
    (line,) = out.decode().splitlines()
    assert code == 0 and err == ""
    assert line.startswith(release.id) and line.endswith("in Kraft")


# --- answer ---------------------------------------------------------------------------------------


def test_an_answer_is_json_on_stdout_and_nothing_else(data_folder, run):
    code, out, err = run("--data", data_folder, "answer", VIEW)
    content = json.loads(out)
    assert (code, err) == (0, "")
    assert content["rows"][0]["value"] == 9.2
    assert content["rows"][0]["region_name"] == "Stadt und Landkreis Hof"
    assert "Ö" in out.decode() or "ä" in out.decode(), "umlauts are written as they are"


def test_the_folder_of_the_environment_is_the_default(data_folder, run):
    assert run("answer", VIEW)[1] == run("--data", data_folder, "answer", VIEW)[1]


@pytest.mark.parametrize(("format", "start"), [("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK")])
def test_an_answer_can_be_a_file(data_folder, tmp_path, run, format, start):
    target = tmp_path / f"antwort.{format}"
    code, out, _ = run("answer", VIEW, "--format", format, "--output", target)
    assert (code, out) == (0, b"")
    assert target.read_bytes().startswith(start)
    assert run("answer", VIEW, "--format", format)[1] == target.read_bytes()


def test_a_target_that_cannot_be_written_is_told_in_german(data_folder, tmp_path, run):
    code, _, err = run("answer", VIEW, "--output", tmp_path / "none" / "x.json")
    assert code == 1 and err.startswith("Fehler: ") and "kann nicht geschrieben werden" in err


@pytest.mark.parametrize(
    ("view", "told"),
    [
        ("indicator=quote", "Den Indikator „quote“ gibt es nicht. "),
        ("indicator=studierende&region=99999", "Die Region „99999“ gibt es nicht."),
        ("indicator=studierende&period=1999", "keinen Zeitraum „1999“; vorhanden sind WS 2023/24"),
        (
            "indicator=beschaeftigte_auslaendisch_anteil",
            "liegt noch keine Datei vor. Nächster Schritt: ",
        ),
        ("kind=pie", "kind: „pie“ gibt es nicht. Erlaubt sind map, "),
        ("indicator=studierende&release=0000", "Den Datenstand 0000 gibt es nicht; vorhanden: "),
    ],
)
@pytest.mark.parametrize("kind", ["trend", "table"])
def test_a_question_without_answer_ends_with_one_and_says_why(data_folder, run, kind, view, told):
    query = view if "kind=" in view else f"kind={kind}&{view}"
    code, out, err = run("--data", data_folder, "answer", query)
    assert (code, out) == (1, b"")
    assert err.startswith("Fehler: ") and told in err and "Traceback" not in err


# --- papers ---------------------------------------------------------------------------------------

AGENDA = f"""title = "Bericht"
[[item]]
title = "Kapitel"
[[item]]
view = "{VIEW}"
"""


@pytest.mark.parametrize(
    ("format", "start"),
    [("pdf", b"%PDF"), ("pptx", b"PK"), ("docx", b"PK"), ("xlsx", b"PK"), ("html", b"<!doctype")],
)
def test_a_paper_of_a_file_can_be_a_file(data_folder, tmp_path, run, format, start):
    (tmp_path / "bericht.toml").write_text(AGENDA, encoding="utf-8")
    target = tmp_path / "bericht"
    arguments = ("paper", tmp_path / "bericht.toml", "--format", format, "--output", target)
    assert run(*arguments) == (0, b"", "")
    assert target.read_bytes().startswith(start)


def test_a_paper_of_a_saved_agenda_and_of_one_that_ships(folders, run):
    saved.save(folders, agendas.read(AGENDA), "gespeichert")
    assert run("paper", "gespeichert")[1].startswith(b"%PDF")
    assert run("paper", "koblenz", "--format", "xlsx")[1].startswith(b"PK")
    saved.remove(folders, "gespeichert")


def test_a_view_without_an_answer_is_told_and_the_paper_is_there(data_folder, tmp_path, run):
    path = tmp_path / "m.toml"
    path.write_text(AGENDA.replace("region=verbund:hof", "region=0"), encoding="utf-8")
    code, out, err = run("paper", path)
    assert code == 1 and out.startswith(b"%PDF")
    assert err.startswith("Ohne Antwort, 2. Teil: Die Region „0“ gibt es nicht.")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("nirgends", "Eine Mappe „nirgends“ gibt es nicht.*koblenz.*beispielstadt"),
        ("nirgends.toml", "Die Datei nirgends.toml gibt es nicht. Nächster Schritt"),
        ("../m", "gibt es nicht"),
    ],
)
def test_an_agenda_that_is_not_there_is_told_with_what_there_is(data_folder, run, name, told):
    code, out, err = run("paper", name)
    assert (code, out) == (1, b"") and re.search(told, err)


def test_a_fault_in_an_agenda_is_told_with_its_place(data_folder, tmp_path, run):
    (tmp_path / "m.toml").write_text('title = "M"\n[[item]]\nansicht = "x"', encoding="utf-8")
    code, _, err = run("paper", tmp_path / "m.toml")
    assert code == 1 and "m.toml" in err and "ansicht" in err


def test_without_a_release_the_answer_names_the_next_step(own_folders, run):
    code, out, err = run("--data", own_folders.data, "answer", VIEW)
    assert (code, out) == (1, b"")
    assert "noch keinen Datenstand" in err and "python -m indicators build" in err


# --- receive --------------------------------------------------------------------------------------


BIRTHS = Sample(
    code="12612-01-01-4", times=("2022", "2023"), measures=(("Lebendgeborene", "Anzahl"),)
).counted()


def test_a_received_file_lies_in_the_folder_and_feeds_the_next_build(built_folders, tmp_path, run):
    arrived = tmp_path / "12612-01-01-4 (1).csv"
    arrived.write_bytes(datencsv(BIRTHS))
    code, out, err = run("--data", built_folders.data, "receive", arrived)
    assert (code, out) == (0, b""), err
    assert "Tabelle 12612-01-01-4" in err
    assert "Nächster Schritt: mit „python -m indicators build“ einen neuen Datenstand" in err
    assert len(list(built_folders.received.rglob("*.csv"))) == 1
    assert run("--data", built_folders.data, "build", "--quiet")[0] == 0
    view = "kind=table&indicator=lebendgeborene&region=09464&period=2023"
    _, out, _ = run("--data", built_folders.data, "answer", view)
    text = BIRTHS.cells["2023", "09464", ("Insgesamt",), "Lebendgeborene"]
    assert json.loads(out)["rows"][0]["value"] == int(text)


def test_a_bad_file_is_not_received_but_the_good_one_beside_it_is(own_folders, tmp_path, run):
    bad, good = tmp_path / "brief.pdf", tmp_path / "12612-01-01-4.csv"
    bad.write_bytes(b"%PDF-1.7 ...")
    good.write_bytes(datencsv(BIRTHS))
    code, _, err = run("--data", own_folders.data, "receive", bad, good)
    assert code == 1
    assert "Nicht angenommen. brief.pdf: das ist eine PDF-Datei." in err
    assert len(list(own_folders.received.rglob("*.csv"))) == 1


# --- the words of the command line itself ---------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "es fehlt: BEFEHL"),
        (["answer"], "es fehlt: ANSICHT"),
        (["publsh"], "nicht erlaubt: 'publsh' (erlaubt sind"),
        (["answer", "x", "--format", "odt"], "Angabe --format: nicht erlaubt: 'odt'"),
        (["list", "--all"], "unbekannte Angabe: --all"),
        (["--data"], "Angabe --data: hier fehlt ein Wert"),
    ],
)
def test_wrong_use_ends_with_two_in_german(run, arguments, told):
    code, out, err = run(*arguments)
    assert (code, out) == (2, b"")
    assert err.startswith("Aufruf: python -m indicators") and f"Fehler: {told}" in err.replace(
        "Fehler: Angabe BEFEHL: ", "Fehler: "
    )
    for english in ("usage", "argument", "invalid", "required", "choose"):
        assert english not in err


def test_the_help_is_german_and_names_every_command(run):
    code, out, err = run("--help")
    text = out.decode()
    assert (code, err) == (0, "")
    for command in ("receive", "update", "build", "check", "list", "answer"):
        assert command in text
    for english in ("usage", "positional", "options", "show this help"):
        assert english not in text


def test_as_a_program_it_passes_on_exit_code_and_streams(own_folders):
    failed = subprocess.run(
        [sys.executable, "-m", "indicators", "--data", own_folders.data, "answer", VIEW],
        cwd=places.PROJECT,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )
    assert (failed.returncode, failed.stdout) == (1, "")
    assert failed.stderr.startswith("Fehler: Es gibt noch keinen Datenstand.")


# --- own tables -----------------------------------------------------------------------------------

OWN = """
[[local_regions]]
id = "09464-01"
name = "Altstadt"
level = "stadtteil"
parent = "09464"

[mapping]
id = "hof_offers"
dataset = "local_offers"
title = "Angebote in Hof"
files = ["angebote*"]
header = "Jahr"
region = "09464-01"
[[mapping.columns]]
heading = "Jahr"
is = "period"
[[mapping.columns]]
heading = "Kurse"
measure = "adult_courses"
"""


def test_an_own_table_is_received_built_and_told(small_shipped, own_folders, tmp_path, run):
    own_folders.own_definitions.mkdir(parents=True)
    (own_folders.own_definitions / "hof.toml").write_text(OWN)
    arrived = tmp_path / "Angebote 2023.CSV"
    arrived.write_text("Jahr;Kurse\n2022;1.200\n2023;k. A.\n")
    code, _, err = run("--data", own_folders.data, "receive", arrived)
    assert code == 0, err
    assert "Stadtteile: 1; 2022 bis 2023" in err and "Eigene Tabelle hof_offers" in err
    (origin,) = own_folders.received.rglob("*.origin.toml")
    assert 'mapping = ["hof_offers"]' in origin.read_text()
    # its origin names the mapping: another pattern changes nothing
    (own_folders.own_definitions / "hof.toml").write_text(OWN.replace("angebote*", "kurse*"))
    code, _, err = run("--data", own_folders.data, "check")
    assert code == 0 and "Angebote in Hof (Angebote 2023.CSV)" in err
    code, _, err = run("--data", own_folders.data, "build")
    assert code == 0 and "in Kraft" in err


def test_an_own_table_nobody_explains_is_not_received(small_shipped, own_folders, tmp_path, run):
    own_folders.own_definitions.mkdir(parents=True)
    (own_folders.own_definitions / "hof.toml").write_text(OWN)
    arrived = tmp_path / "angebote.csv"
    arrived.write_text("Jahr;Kurse\n2022;viele\n")
    code, _, err = run("--data", own_folders.data, "receive", arrived)
    assert code == 1
    assert "Nicht angenommen. angebote.csv, Zeile 2, Spalte 2: „viele“ ist weder" in err
    assert not list(own_folders.received.rglob("*.csv"))


def modules_after(*arguments) -> set[str]:
    """Runs a command in a process of its own: the modules it has imported at its end."""
    asked = (
        "import sys; from indicators.__main__ import main\n"
        "try: status = main(sys.argv[1:])\n"
        "except SystemExit as stopped: status = stopped.code\n"
        "print(status, *sys.modules, file=sys.stderr)"
    )
    command = [sys.executable, "-c", asked, *map(str, arguments)]
    found = subprocess.run(command, capture_output=True, check=True, text=True)
    status, *names = found.stderr.splitlines()[-1].split()
    assert status == "0", found.stderr
    return set(names)


def test_who_asks_for_an_answer_does_not_wait_for_what_a_build_needs(data_folder):
    found = modules_after("--data", data_folder, "answer", VIEW)
    # readers, solvers, maps, drawing, searching: none of it makes an answer
    heavy = {"scipy", "highspy", "openpyxl", "python_calamine", "geopandas", "shapely", "requests"}
    heavy |= {"plotly", "xlsxwriter", "rapidfuzz", "streamlit", "tqdm", "multiprocessing"}
    heavy |= {f"indicators.{name}" for name in ("publishing", "protection", "sources", "search")}
    heavy |= {"indicators.export"}  # JSON is written without
    assert heavy & found == set()
    assert {"duckdb", "pandas", "indicators.answers.answering"} <= found  # it did answer


def test_help_waits_for_no_library():
    assert {"pandas", "numpy", "duckdb", "pydantic"} & modules_after("answer", "--help") == set()


def test_what_cannot_be_written_is_no_success(data_folder):
    """A short text is only written when the process ends, unless somebody looks."""
    command = [sys.executable, "-m", "indicators", "--data", str(data_folder), "list"]
    with open("/dev/full", "w") as full:
        found = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True)
    assert found.returncode == 1 and found.stderr.startswith("Fehler: ")


def test_every_way_out_is_a_format_of_the_command_line():
    assert set(command_line.FORMATS) == {"json", *WAYS}
    assert set(command_line.PAPERS) == set(PAPERS)
    assert set(command_line.SIZES) == set(SIZES)
