"""The preview of a delivery: what would be otherwise, without a number, and nothing published."""

import re
import shutil
from dataclasses import dataclass, field

import pytest

from indicators.__main__ import main
from indicators.folders import Folders
from indicators.publishing import gathering, preview, run
from indicators.publishing.preview import CHANGED, GONE, HIDDEN, NEW, STATE
from indicators.release import releases
from indicators.symbols import Status
from tests.unit import light
from tests.unit import protected_town as town
from tests.unit.protected_town import CITY, COUNTY, JOINT, Count

pytestmark = pytest.mark.build
CELL = (COUNTY, "form_a", "left")


@dataclass
class Town:
    """A town with a release in force, and what it delivers next."""

    folder: object
    folders: Folders
    given: dict = field(default_factory=dict)

    def deliver(self, **years) -> None:
        self.given |= years
        number = len(list(self.folder.glob("kids_*.csv")))
        town.deliver(self.folders, self.folder / f"kids_{number}.csv", self.given)

    def look(self) -> preview.Preview:
        before = published(self.folders)
        found = preview.look(self.folders)
        assert published(self.folders) == before
        return found


def published(folders: Folders) -> dict:
    return {path: path.read_bytes() for path in folders.releases.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def first(tmp_path_factory) -> Town:
    """Built once; every test goes on with a copy."""
    folder = tmp_path_factory.mktemp("first")
    with pytest.MonkeyPatch.context() as patch:
        light.ship_little(folder, patch)
        found = Town(folder, Folders(folder / "town"))
        town.define(found.folders)
        found.deliver(**{"2022": plenty(), "2023": town.with_canaries()})
        built = run.build(found.folders)
        assert built.published, built.report.text()
    return found


@pytest.fixture
def place(first: Town, light_shipped, tmp_path) -> Town:
    shutil.copytree(first.folders.data, tmp_path / "town")
    shutil.copy(first.folder / "kids_0.csv", tmp_path)  # the next one is the second
    return Town(tmp_path, Folders(tmp_path / "town"), dict(first.given))


def plenty() -> dict:
    """So many children everywhere that no number is hidden."""
    return {key: Count(200, 80) for key in town.with_canaries()}


def test_nothing_new_is_said_in_one_line(place):
    found = place.look()
    assert found.changed == () and not found.refused
    assert "ist kein Wert anders." in found.text


def test_what_is_changed_is_told_where_and_of_which_indicator_but_no_number(place):
    place.deliver(**{"2022": plenty() | {CELL: Count(4711, 80)}})
    (found,) = place.look().changed
    told = found.told
    assert set(told[STATE]) == {CHANGED} and set(told["period"]) == {"2022"}
    # the cell, its two sums in the county, and the whole of the county
    assert set(told["region"]) == {COUNTY} and set(told["measure"]) == {"kids"}
    assert sorted(map(tuple, told[["form", "side"]].to_numpy())) == [
        ("form_a", "left"), ("form_a", "total"), ("total", "left"), ("total", "total"),
    ]  # fmt: skip
    assert found.files == ("kids_1.csv",)
    text = place.look().text
    assert "Kinder (kids_1.csv): 4 geändert" in text
    assert re.search(r"\n  Landkreis Hof, 2022: 4 geändert\n", text)
    assert text.startswith("VORSCHAU, nur für das Amt\n  Nicht geschützt, nicht geprüft")
    assert "Nächster Schritt: „python -m indicators build“" in text
    assert "4711" not in text.replace(".", "") and "4.711" not in text


def test_a_number_that_is_hidden_is_neither_compared_nor_shown(place):
    """Whether a dot stands for another number now is not told by counting what is changed."""
    opened = releases.open_release(place.folders)
    rows = opened.frame("SELECT * FROM release.data_kids WHERE period = '2023'")
    opened.close()
    dots = (rows["kids_status"] == Status.SUPPRESSED.value).sum()
    dots += (rows["needs_status"] == Status.SUPPRESSED.value).sum()
    dots += (rows["days_status"] == Status.SUPPRESSED.value).sum()
    key = (town.PARTS[0], "form_a", "left")
    place.deliver(**{"2023": town.with_canaries() | {key: Count(1, 0)}})
    (found,) = place.look().changed
    changed = found.told.set_index(["region", "form", "side"]).index
    assert key not in changed and found.count(HIDDEN) == dots > 0
    text = place.look().text
    assert f"nicht verglichen: {dots} Werte, die der Datenstand verbirgt" in text
    shown = [str(prime) for prime in town.PRIMES]
    assert not any(number in text.replace(".", "") for number in shown)


def test_a_new_year_is_new_and_one_that_is_lacking_is_gone(place):
    given = place.given
    place.given = {}
    place.deliver(**{"2024": plenty(), "2022": given["2022"]})
    (found,) = place.look().changed
    by_year = found.told.groupby("period")[STATE].unique()
    # a year that a later file does not state stays as it was delivered
    assert {year: list(states) for year, states in by_year.items()} == {"2024": [NEW]}
    for path in place.folders.received.rglob("kids_0.csv*"):
        path.unlink()
    found = place.look()
    (changed,) = found.changed
    by_year = changed.told.groupby("period")[STATE].unique()
    assert {y: list(s) for y, s in by_year.items()} == {"2023": [GONE], "2024": [NEW]}
    assert "nicht mehr da" in found.text and JOINT not in set(changed.cells["region"])


def test_indicators_that_count_a_change_are_named(light_shipped, tmp_path):
    folders = Folders(tmp_path / "town")
    light.built_with(folders, tmp_path, [40])
    light.deliver(folders, tmp_path, 44, "next")
    text = preview.look(folders).text
    assert "Angebote (angebote_next.csv): 1 geändert" in text
    assert f"  Stadt Hof, {light.YEAR}: 1 geändert" in text
    assert "  Indikator Besuche der Angebote: 1 Wert" in text
    told = text[text.index("Angebote (") :]  # above it stand a time and the id of a release
    assert "44" not in told and CITY not in told


def test_what_would_be_refused_is_said_and_is_no_success(place, capsys):
    """A mapping that takes one column for the other, found out by the numbers."""
    definitions = place.folders.own_definitions / "town.toml"
    text = definitions.read_text(encoding="utf-8")
    for heading, right, wrong in (("Kinder", "kids", "needs"), ("Bedarf", "needs", "kids")):
        column = f'heading = "{heading}", measure = "'
        text = text.replace(f'{column}{right}"', f'{column}{wrong}"')
    definitions.write_text(text, encoding="utf-8")
    before = published(place.folders)
    assert main(["--data", str(place.folders.data), "check", "--preview"]) == 1
    told = capsys.readouterr().err
    assert "Fehler: Kinder (kids_0.csv): Zeile 2: " in told
    assert "So würde nichts veröffentlicht. Nächster Schritt: beheben" in told
    assert published(place.folders) == before


def test_before_the_first_release_there_is_nothing_to_compare_with(light_shipped, tmp_path, capsys):
    folders = Folders(tmp_path / "town")
    town.define(folders)
    town.deliver(folders, tmp_path / "kids_0.csv", {"2022": plenty()})
    assert main(["--data", str(folders.data), "check", "--preview"]) == 0
    out, err = capsys.readouterr()
    assert out == "" and "Es gibt noch keinen Datenstand, mit dem sich vergleichen lässt." in err
    assert not list(folders.releases.glob("*.duckdb"))


def test_what_was_read_for_the_preview_is_not_read_again_by_the_build(place, monkeypatch):
    place.deliver(**{"2022": plenty() | {CELL: Count(150, 80)}})
    place.look()
    read = []
    monkeypatch.setattr(gathering, "_read_delivery", lambda *given: read.append(given))
    assert run.build(place.folders).published and read == []


def test_the_whole_town_compared_with_itself_is_the_same_cell_by_cell(data_folder):
    """Every dataset that ships, official and own: the same files and definitions are all looked
    at."""
    found = preview.look(Folders(data_folder))
    assert found.changed == () and not found.refused
