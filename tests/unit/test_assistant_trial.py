"""Real files of ../shared from the drop to understood rows: how many values, which, and how much
somebody has to say and press on the way. Nothing of them is copied here but a few figures."""

from typing import NamedTuple

import pytest

from indicators.assistant.proposal import Proposal
from indicators.assistant.propose import Assistant
from indicators.folders import Folders

pytestmark = pytest.mark.shared

KONSTANZ = {
    "publisher": "Stadt Konstanz", "region": "new", "region_name": "Konstanz",
    "region_key": "08335043",
}  # fmt: skip
NEW = KONSTANZ | {
    "dataset": "new", "new:unit": "persons", "new:period": "calendar_year", "new:place": "wohnort",
    "new:theme": "demografie",
}  # fmt: skip
PARTS = {
    "dataset": "population_age", "publisher": "Stadt Konstanz", "headings": "region",
    "new_regions": "parts", "new_regions_in": "new", "new_regions_in_name": "Konstanz",
    "new_regions_in_key": "08335043", "sign:": "missing",
}  # fmt: skip
TYPES = {
    "grund": "grundschule", "hauptwerkreal": "hauptschule", "real": "realschule",
    "gemeinschaft": "gesamtschule", "gymnasien": "gymnasium", "sonderpaedagogisch": "foerderschule",
}  # fmt: skip
OTHER_SCHOOLS = {
    "Volksschule": "skip", "Weiterbildungskolleg": "skip", "Berufskolleg": "skip",
    "Förderschule Grund-/Hauptschule": "foerderschule", "Sekundarschule": "gesamtschule",
    "Förderschule Realschule/Gymnasium": "foerderschule", "PRIMUS-Schule": "gesamtschule",
    "Förderschule Berufskolleg": "foerderschule",
}  # fmt: skip


class Trial(NamedTuple):
    """What is answered of a file; how many values come of it, and some of these (parts of a row);
    and the most that somebody has to choose, type and press."""

    answers: dict[str, str]
    count: int
    values: list[list[str]]
    clicks: int


def of(counts: str, ending: str = "") -> dict[str, str]:
    return {f"column:{h}{ending}": f"value:{counts}={t}" for h, t in TYPES.items()}


TOWN, REGIO = "municipal/konstanz", "regionaldatenbank"
FILES = {
    f"{TOWN}/uebergangsquote.csv": Trial(
        KONSTANZ | {"dataset": "transition_rates"} | of("share:destination_type"),
        104, [["2000/01", "Hauptschule", "23,9"], ["2025/26", "Gymnasium", "53,6"]], 10),
    f"{TOWN}/schulen.csv": Trial(
        KONSTANZ | {"dataset": "schools_local", "measure": "pupils"}
        | of("schools:school_type", "_schulen") | of("pupils:school_type"),
        312, [["2000/01", "Grundschule", "Schulen", "13"]], 17),
    f"{TOWN}/kinderbetreuung.csv": Trial(
        NEW | {"new:place": "einrichtungsort", "new:theme": "fruehkindlich"}, 120,
        [["2012", "Unter 3 kita", "486"]], 15),
    f"{TOWN}/betreuungsquote.csv": Trial(
        NEW | {"new:unit": "share", "new:theme": "fruehkindlich"}, 100,
        [["2007", "Ab 3", "92,8"]], 15),
    f"{TOWN}/nach_stadtteilen.csv": Trial(PARTS, 465, [["Altstadt", "31.12.1995", "10.815"]], 13),
    # a number with ".0" is the same one, an empty cell is asked about
    f"{TOWN}/historisch_nach_stadtteilen.csv": Trial(
        PARTS, 1365, [["Altstadt", "31.12.1928", "20.696"]], 14),
    f"{TOWN}/nach_altersgruppe.csv": Trial(NEW, 156, [["2000", "Über 60", "16.997"]], 14),
    f"{TOWN}/nach_staatsangehoerigkeit.csv": Trial(NEW, 208, [["2000", "Afrika", "390"]], 14),
    f"{TOWN}/zu_und_wegzug.csv": Trial(NEW, 62, [["1995", "Wegzug", "6.064"]], 14),
    "schools/AS_BS_Verzeichnis_2024_25_mit_Sozialindex_und_Koordinaten.csv": Trial(
        {
            "dataset": "schools_local", "publisher": "MSB NRW", "measure": "pupils", "sum": "yes",
            "column:Rechtsstatus": "skip", "column:Anzahl": "value:pupils",
            "level:Amtlicher Gemeindeschlüssel": "kreis",
        } | {f"word:school_type:{word}": type for word, type in OTHER_SCHOOLS.items()},
        348, [["Stadt Düsseldorf", "2024/25", "Grundschule", "22.980"]], 18),
    # what is known is read at once: a look and one press
    "inkar/inkar.xls": Trial({}, 2807, [["Stadt Flensburg", "2017", "8,9"]], 1),
    f"{REGIO}/tables_2023/21111-01-03-4.csv": Trial({}, 37800, [["2023/24", "1.216"]], 1),
    f"{REGIO}/tables_2023/21111-02-06-4.csv": Trial({}, 7350, [["2022/23", "55.708"]], 1),
    f"{REGIO}/edition_2024/21111-02-06-4-B.csv": Trial({}, 70, [["2023/24", "1.107"]], 1),
}  # fmt: skip


def walked(assistant: Assistant, content: bytes, file: str, answers: dict) -> tuple[Proposal, int]:
    """The proposal when all is answered, and what it took: each answer that was not suggested, each
    press of "Weiter", and the one of "Übernehmen"."""
    given: dict[str, str] = {}
    clicks = 1
    for _ in range(8):
        found = assistant.propose(content, file, given)
        open_ = [q for q in found.questions if not q.answer]
        if not open_:
            break
        said = {q.id: answers.get(q.id, q.suggestion) for q in open_}
        assert any(said.values()), ([q.id for q in open_], found.reason)
        clicks += 1 + sum(bool(said[q.id]) and said[q.id] != q.suggestion for q in open_)
        given |= {id: value for id, value in said.items() if value}
    return found, clicks


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    return Assistant(Folders(tmp_path_factory.mktemp("trial")))


@pytest.mark.parametrize("name", FILES)
def test_a_real_file_comes_to_its_values(assistant, shared, name):
    answers, count, values, most = FILES[name]
    path = shared / "data" / name
    found, clicks = walked(assistant, path.read_bytes(), path.name, answers)
    assert (found.state, found.reason) == ("ready", "")
    assert found.understood["count"] == count
    for parts in values:
        rows = found.understood["rows"]
        assert any(set(parts) <= set(row) for row in rows), (parts, rows[:3])
    assert clicks <= most
