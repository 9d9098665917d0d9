"""What cannot be is refused line by line: parts above wholes, fewer than none, days to come."""

import datetime

import pandas as pd
import pytest

from indicators.errors import FileError
from indicators.publishing import parts, plausibility, possible, run
from indicators.publishing.receive import Receiver
from indicators.publishing.report import Section
from indicators.regions import Region
from tests.unit import small

ENTRIES = """
[dataset]
id = "entries"
name = "Einschulungsuntersuchung"
publisher = "Stadt"
place = "schulort"
dimensions = ["sex", "school_type"]

[dataset.period]
type = "school_year"

[[dataset.measures]]
id = "examined"
name = "Untersuchte"

[[dataset.measures]]
id = "late"
name = "Zurückgestellte"
part_of = "examined"

[[dataset.measures]]
id = "balance"
name = "Saldo"
signed = true

[[dataset.measures]]
id = "share"
name = "Anteil"
unit = "%"
additive = false
share = true
"""
CATALOG = small.catalog(entries=ENTRIES)
DATASET = CATALOG.datasets["entries"]
DIMENSIONS = [CATALOG.dimensions[id] for id in DATASET.dimensions]
REGISTER = {
    "09464": Region("09464", "kreis", "Stadt Hof", ""),
    "09464-01": Region("09464-01", "stadtteil", "Altstadt", "", "09464"),
    "09464-02": Region("09464-02", "stadtteil", "Neustadt", "", "09464"),
}


def rows(*records: dict) -> pd.DataFrame:
    """Rows of an own table; what a record leaves out is a total of the Altstadt in 2023/24."""
    base = {
        "region": "09464-01",
        "period": "2023/24",
        "start": datetime.date(2023, 8, 1),
        "sex": "total",
        "school_type": "total",
        "measure": "examined",
        "value": 5.0,
        "status": "ok",
        "flags": "",
    }
    return pd.DataFrame([base | {"line": line} | r for line, r in enumerate(records, 2)])


def wrong_parts(*records: dict) -> list[str]:
    section = Section("x")
    parts.check(rows(*records), DATASET, DIMENSIONS, REGISTER, section)
    return [finding.text.split(". Nächster")[0] for finding in section.findings]


def impossible(*records: dict) -> list[str]:
    section = Section("x")
    possible.check(rows(*records), DATASET, REGISTER, section)
    return [finding.text.split(". Nächster")[0] for finding in section.findings]


# --- parts and their wholes -----------------------------------------------------------------------


def test_parts_that_are_more_than_their_total_are_told_with_line_and_numbers():
    assert wrong_parts(
        {"sex": "female", "value": 351.0}, {"sex": "male", "value": 459.0}, {"value": 400.0}
    ) == [
        "Zeile 4: Altstadt, 2023/24, Untersuchte: weiblich (351) und männlich (459) ergeben "
        "zusammen 810, insgesamt nennt 400"
    ]


def test_some_parts_may_be_less_than_their_total_and_all_may_not():
    some = [{"school_type": "gymnasium", "value": 30.0}, {"school_type": "hauptschule", "value": 9}]
    assert wrong_parts(*some, {"value": 60.0}) == []
    everything = [*some, {"school_type": "foerderschule", "value": 1.0}]
    assert len(wrong_parts(*everything, {"value": 60.0})) == 1
    assert wrong_parts(*everything, {"value": 40.0}) == []
    # a protected part may be what lacks
    hidden = [*some, {"school_type": "foerderschule", "value": None, "status": "secret"}]
    assert wrong_parts(*hidden, {"value": 60.0}) == []


def test_one_part_above_its_total_is_told():
    assert wrong_parts({"sex": "female", "value": 70.0}, {"value": 60.0}) == [
        "Zeile 2: Altstadt, 2023/24, Untersuchte: weiblich nennt 70, insgesamt nur 60"
    ]


def test_rounding_of_the_whole_table_explains_what_it_can():
    def table(base: int, off: int) -> list[dict]:
        fine = [
            {"period": f"20{year}/{year + 1}", "sex": sex, "value": float(base * (year + k))}
            for year in range(10, 15)
            for k, sex in enumerate(["female", "male"])
        ]
        return [
            *fine,
            {"sex": "female", "value": float(base * 4)},
            {"sex": "male", "value": float(base * 5)},
            {"value": float(base * 9 - off)},
        ]

    assert wrong_parts(*table(5, 5)) == []
    assert len(wrong_parts(*table(5, 10))) == 1
    # numbers that are no multiples were not rounded: one too many is one too many
    assert len(wrong_parts(*table(7, 1))) == 1


def test_a_measure_that_is_part_of_another_is_never_more():
    assert wrong_parts({"measure": "late", "value": 9.0}, {"value": 8.0}) == [
        "Zeile 2: Altstadt, 2023/24, Zurückgestellte nennt 9, mehr als Untersuchte (8)"
    ]


def test_stadtteile_are_never_more_than_their_town():
    town = {"region": "09464", "value": 100.0}
    assert wrong_parts(town, {"value": 60.0}, {"region": "09464-02", "value": 39.0}) == []
    (one,) = wrong_parts(town, {"value": 101.0})
    assert one.endswith("Stadt Hof, 2023/24, Untersuchte: 1 Teil davon nennt 101, das Ganze 100")
    (two,) = wrong_parts(town, {"value": 60.0}, {"region": "09464-02", "value": 60.0})
    assert two.endswith("2 Teile davon nennen zusammen 120, das Ganze 100")


def test_shares_of_a_whole_are_never_more_than_all_of_it():
    share = {"measure": "share"}
    assert wrong_parts({**share, "sex": "female", "value": 114.8}) == [
        "Zeile 2: Altstadt, 2023/24, Anteil nennt 114,8 %; mehr als 100 % kann ein Anteil nicht "
        "sein"
    ]
    halves = [{**share, "sex": "female", "value": 50.1}, {**share, "sex": "male", "value": 50.0}]
    assert wrong_parts(*halves) == []
    halves[0]["value"] = 60.1
    assert len(wrong_parts(*halves)) == 1


def test_a_long_list_of_lines_is_cut_and_counted():
    told = wrong_parts(
        *(
            {"period": f"20{year}/{year + 1}", "sex": sex, "value": value}
            for year in range(10, 30)
            for sex, value in (("female", 7.0), ("total", 3.0))
        )
    )
    assert len(told) == 9 and told[-1].startswith("12 weitere Stellen")


def test_only_the_lines_that_are_named_are_looked_up(monkeypatch):
    """Each takes a walk through the whole table: 200,000 wrong lines would take an hour."""
    looked_up, listed = [], parts._listed
    monkeypatch.setattr(parts, "_listed", lambda *of: looked_up.append(of) or listed(*of))
    told = wrong_parts(
        *(
            {"period": f"20{year}/{year + 1}", "sex": sex, "value": value}
            for year in range(10, 50)
            for sex, value in (("female", 7.0), ("male", 7.0), ("total", 3.0))
        )
    )
    assert "weiblich (7) und männlich (7) ergeben zusammen 14" in told[0]
    assert told[-1].startswith("32 weitere Stellen") and len(looked_up) == 8


# --- single numbers -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("record", "told"),
    [
        ({"value": -123456.0}, "Zeile 2: Untersuchte −123.456 (Altstadt, 2023/24) ist negativ"),
        ({"value": 999999999999999.0}, "ist mehr, als es in ganz Deutschland gibt"),
        (
            {"period": "2034/35", "start": datetime.date(2034, 8, 1)},
            "Zeile 2: 2034/35 liegt mehr als ein Jahr in der Zukunft",
        ),
    ],
)
def test_what_cannot_be_is_named_with_its_line(record, told):
    (text,) = impossible(record)
    assert told in text


def test_a_balance_may_be_negative():
    assert impossible({"measure": "balance", "value": -12.0}) == []


def test_a_clock_of_the_past_makes_no_data_impossible(monkeypatch):
    class Past(datetime.date):
        @classmethod
        def today(cls):
            return cls(2019, 1, 1)

    monkeypatch.setattr(possible, "date", Past)
    assert impossible({"period": "2026/27", "start": datetime.date(2026, 8, 1)}) == []


def test_more_pupils_than_people_are_refused():
    section = Section("x")
    possible.more_than_people(
        rows({"value": 12_846_000.0}, {"value": 12_846.0}),
        DATASET,
        REGISTER,
        {"09464": 45_000.0},
        section,
    )
    (finding,) = section.findings
    assert finding.level == "error"
    assert "12.846.000" in finding.text and "höchstens 45.000" in finding.text


# --- the whole way --------------------------------------------------------------------------------

MAPPING = """
[mapping]
id = "hof_uebertritte"
dataset = "transitions"
title = "Übertritte"
files = ["uebertritte*"]
header = "Schuljahr"
[[mapping.columns]]
heading = "Schuljahr"
is = "period"
[[mapping.columns]]
heading = "Ort"
is = "region"
[[mapping.columns]]
heading = "Mädchen"
measure = "pupils"
where = { sex = "female" }
[[mapping.columns]]
heading = "Jungen"
measure = "pupils"
where = { sex = "male" }
[[mapping.columns]]
heading = "alle"
measure = "pupils"
[mapping.words.region]
Altstadt = "09464-01"
[[local_regions]]
id = "09464-01"
name = "Altstadt"
level = "stadtteil"
parent = "09464"
"""


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("2023/24;Altstadt;351;459;400", ("Zeile 2", "810", "400")),
        ("2023/24;Altstadt;-3;459;456", ("Zeile 2", "negativ")),
        ("2034/35;Altstadt;10;12;22", ("Zeile 2", "2034/35", "Zukunft")),
    ],
)
def test_an_own_table_with_a_line_that_cannot_be_is_not_received(
    small_shipped, own_folders, tmp_path, line, told
):
    own_folders.own_definitions.mkdir(parents=True)
    (own_folders.own_definitions / "hof.toml").write_text(MAPPING, encoding="utf-8")
    path = tmp_path / "uebertritte.csv"
    path.write_text(f"Schuljahr;Ort;Mädchen;Jungen;alle\n{line}\n", encoding="utf-8")
    with pytest.raises(FileError) as error:
        Receiver(own_folders).receive(path)
    for text in told:
        assert text in str(error.value)
    assert not list(own_folders.received.rglob("*.csv"))


def test_the_right_line_is_received_and_built(small_shipped, own_folders, tmp_path):
    own_folders.own_definitions.mkdir(parents=True)
    (own_folders.own_definitions / "hof.toml").write_text(MAPPING, encoding="utf-8")
    path = tmp_path / "uebertritte.csv"
    path.write_text("Schuljahr;Ort;Mädchen;Jungen;alle\n2023/24;Altstadt;351;459;810\n", "utf-8")
    assert Receiver(own_folders).receive(path).stored.is_new
    assert run.build(own_folders).published


# --- what may be true, but is told ----------------------------------------------------------------


def leaps(*values: float, only: set[str] | None = None) -> list[str]:
    """What is told of one cell's values from 2020/21 on."""
    section = Section("x")
    table = rows(
        *(
            {"period": f"{year}/{year - 1999}", "start": datetime.date(year, 8, 1), "value": value}
            for year, value in enumerate(values, 2020)
        )
    )
    plausibility.leaps(table, DATASET, REGISTER, section, only)
    assert all(finding.level == "warning" for finding in section.findings)
    return [finding.text.split(";")[0] for finding in section.findings]


def test_a_leap_in_a_towns_own_history_is_told_with_both_numbers():
    told = ["Altstadt, Untersuchte: 2022/23 sind es 12.846.000, 2021/22 waren es 12.846"]
    assert leaps(12_700, 12_846, 12_846_000, 12_900) == told
    assert leaps(12_700, 12_846, 12_846_000) == told
    assert leaps(128, 12_846, 12_900) == [
        "Altstadt, Untersuchte: 2020/21 sind es 128, 2021/22 waren es 12.846"
    ]
    assert leaps(12_846, 12) == [
        "Altstadt, Untersuchte: 2021/22 sind es 12, 2020/21 waren es 12.846"
    ]


def test_growth_small_numbers_and_a_new_level_are_no_slips():
    assert leaps(100, 160, 250, 390, 600, 900) == []
    assert leaps(3, 40, 5) == []
    assert leaps(100, 100, 900, 900) == []
    assert leaps(100, 12_846, only={"2020/21"}) == []


def test_receive_compares_with_what_the_town_has_published(small_shipped, own_folders, tmp_path):
    own_folders.own_definitions.mkdir(parents=True)
    (own_folders.own_definitions / "hof.toml").write_text(MAPPING, encoding="utf-8")
    path = tmp_path / "uebertritte.csv"
    path.write_text("Schuljahr;Ort;Mädchen;Jungen;alle\n2022/23;Altstadt;351;459;810\n", "utf-8")
    Receiver(own_folders).receive(path)
    assert run.build(own_folders).published
    path.write_text("Schuljahr;Ort;Mädchen;Jungen;alle\n2023/24;Altstadt;3510;4590;8100\n", "utf-8")
    told = Receiver(own_folders).receive(path).report.of("warning")
    assert any("2023/24 sind es 8.100, 2022/23 waren es 810" in text for text in told)


def test_a_stadtteil_of_one_file_above_its_town_of_another_is_told(
    small_shipped, own_folders, tmp_path
):
    own_folders.own_definitions.mkdir(parents=True)
    (own_folders.own_definitions / "hof.toml").write_text(MAPPING, encoding="utf-8")
    head = "Schuljahr;Ort;Mädchen;Jungen;alle\n"
    path = tmp_path / "uebertritte_stadtteile.csv"
    path.write_text(f"{head}2022/23;Altstadt;351;459;810\n", "utf-8")
    Receiver(own_folders).receive(path)
    path = tmp_path / "uebertritte_stadt.csv"
    path.write_text(f"{head}2022/23;Stadt Hof;300;400;700\n".replace("Stadt Hof", "09464"), "utf-8")
    Receiver(own_folders).receive(path)
    built = run.build(own_folders)
    assert built.published
    assert any(
        "Stadt Hof, 2022/23, Schülerinnen und Schüler: 1 Teil davon nennt 810, das Ganze 700"
        in text
        for text in built.report.of("warning")
    ), built.report.text()
