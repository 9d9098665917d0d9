"""Figures the offices published, or anyone can work out from their tables by hand, against answers.

Each line of the CSV files names a figure and where it stands; empty fields are not compared.
"""

import csv
import statistics
from collections.abc import Callable
from pathlib import Path

import pytest

from indicators import view as views
from indicators.answers.answer import Answer
from indicators.answers.answering import answer
from indicators.answers.scope import kreise
from indicators.folders import Folders
from indicators.publishing import run
from indicators.release import releases
from indicators.sources import receiving

HERE = Path(__file__).parent
FILES = ("21111-01-03-4.csv", "21111-02-06-4.csv")


def figures(name: str) -> list[dict]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def title(line: dict) -> str:
    return " ".join(
        filter(None, (line["indicator"], line["region"], line["period"], line["category"]))
    )


def number(text: str) -> float | None:
    return float(text.replace(",", ".")) if text else None


def compare(ask: Callable[[str], Answer], catalog, line: dict) -> None:
    by = ""
    if line["category"]:
        (by,) = [
            breakdown.dimension
            for breakdown in catalog.indicators[line["indicator"]].breakdowns
            if line["category"]
            in {c.id for c in catalog.dimensions[breakdown.dimension].categories}
        ]
    query = f"kind=table&indicator={line['indicator']}&region={line['region']}"
    query += f"&period={line['period']}" + (f"&by={by}" if by else "")
    (row,) = [
        row
        for row in ask(query).rows
        if row["region"] == line["region"] and row["category"] == (line["category"] or "total")
    ]
    published = {name: number(line[name]) for name in ("numerator", "denominator", "value")}
    found = {name: row[name] if published[name] is not None else None for name in published}
    assert found == published, line["source"]


@pytest.mark.parametrize("line", figures("shipped.csv"), ids=title)
def test_the_release_of_the_shipped_data_has_the_published_figure(ask, release, line):
    compare(ask, release.catalog, line)


def test_ready_made_shares_of_the_regionalatlas_are_those_of_the_file(release):
    """Every share of every Kreis and year, read from the shipped file by these few lines."""
    path = next((Folders(Path()).official / "AI-N-06").glob("*.csv"))
    published = {}
    for line in path.read_bytes().decode("cp1252").splitlines():
        cells = line.split(";")
        if len(cells) == 5 and cells[0].isdigit() and cells[4][:1].isdigit():
            published[cells[1], f"{int(cells[0]) - 1}/{cells[0][2:]}"] = number(cells[4])
    frame = release.frame(
        "SELECT region, period, share_without_certificate AS value "
        "FROM release.data_regionalatlas_education WHERE value IS NOT NULL AND value > 0"
    )
    found = {(r.region, r.period): r.value for r in frame.itertuples()}
    known = {place: value for place, value in published.items() if place in found}
    assert len(known) > 5000
    assert known == {place: value for place, value in found.items() if place in known}


@pytest.fixture(scope="session")
def received_release(shared, data_folder, tmp_path_factory):
    """All shipped files, and two tables of the Regionaldatenbank received as a town would."""
    folders = Folders(tmp_path_factory.mktemp("town"))
    # the invented town is in the release of all shipped files; here it would only take time
    folders.settings.write_text("example = false")
    catalog = run.load_catalog(folders)
    for name in FILES:
        path = shared / "data" / "regionaldatenbank" / "tables_2023" / name
        receiving.store(path.read_bytes(), name, folders, catalog)
    built = run.build(folders)
    assert built.published, built.report.text()
    return releases.open_release(folders)


@pytest.fixture(scope="session")
def ask_received(received_release):
    def asked(query: str) -> Answer:
        release = received_release
        return answer(release, views.parse(query, release.catalog, release.regions))

    return asked


@pytest.mark.shared
@pytest.mark.parametrize("line", figures("received.csv"), ids=title)
def test_a_release_with_received_tables_has_the_published_figure(
    ask_received, received_release, line
):
    compare(ask_received, received_release.catalog, line)


@pytest.mark.shared
@pytest.mark.parametrize("line", figures("shipped.csv")[::4], ids=title)
def test_received_tables_do_not_change_what_was_right_before(ask_received, received_release, line):
    compare(ask_received, received_release.catalog, line)


def spread(ask: Callable[[str], Answer], release, query: str) -> tuple[float, ...]:
    """5th percentile, median and 95th percentile over all Kreise."""
    found = ask(f"kind=map&{query}&region=DG&scope=all")
    values = [row["value"] for row in found.rows if row["value"] is not None]
    assert len(found.rows) == len(kreise(release)) == 400
    cuts = statistics.quantiles(values, n=20, method="inclusive")
    return tuple(round(value, 2) for value in (cuts[0], statistics.median(values), cuts[-1]))


@pytest.mark.shared
@pytest.mark.parametrize(
    ("query", "expected", "tolerance"),
    [
        ("indicator=schulartverteilung_klasse7&period=2023/24", (22.8, None, 51.3), 0.15),
        ("indicator=schueler_auslaendisch_anteil&period=2023/24", (7.4, None, 23.3), 0.15),
        # Kreise with fewer than 20 foreign pupils at a Gymnasium have no value here
        ("indicator=gymnasialbeteiligung_paritaet&period=2023/24", (None, 0.50, 0.73), 0.02),
        ("indicator=abgaenger_ohne_abschluss_anteil&period=2022/23", (None, 7.0, None), 0.15),
    ],
)
def test_the_kreise_are_spread_as_computed_in_the_research(
    ask_received, received_release, query, expected, tolerance
):
    found = spread(ask_received, received_release, query)
    for value, wanted in zip(found, expected, strict=True):
        assert wanted is None or value == pytest.approx(wanted, abs=tolerance)


@pytest.mark.shared
def test_rounding_of_the_laender_is_found_in_the_leavers(received_release):
    """Every cell of 2023: multiples of 3 in Schleswig-Holstein and Sachsen-Anhalt, of 5 in NRW."""
    frame = received_release.frame(
        "SELECT DISTINCT left(region, 2) AS land, leavers_flags AS flags "
        "FROM release.data_leavers WHERE leavers_status = 'ok' AND leavers_flags LIKE '%rounded%' "
        "AND leavers_flags NOT LIKE '%derived%' AND leavers_flags NOT LIKE '%summed%'"
    )
    assert set(zip(frame["land"], frame["flags"], strict=True)) == {
        ("01", "rounded_3"),
        ("15", "rounded_3"),
        ("05", "rounded_5"),
    }


@pytest.mark.shared
def test_a_footnote_of_the_table_stands_under_its_figure(ask_received):
    footnotes = ask_received("indicator=abgaenger_ohne_abschluss_anteil&region=06431").footnotes
    assert any("Schuljahr endet" in text for text in footnotes)
