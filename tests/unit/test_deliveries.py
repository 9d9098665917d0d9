"""Received files: their order, their damage, and that none is lost or passed over in silence."""

import os
import re
import shlex
import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from indicators import folders as places
from indicators import writing
from indicators.__main__ import main
from indicators.errors import BuildError, FileError
from indicators.folders import Folders
from indicators.publishing import run
from indicators.publishing.deliveries import deliveries
from indicators.release import releases
from indicators.sources import origins, receiving, stock
from tests.unit import light
from tests.zoo.builders import STAND, Sample, datencsv, ffcsv, zipped

# Numbers of offers, by year and Kreis
OFFERS = light.ONE_CELL.replace('"Ort"', '"Kreis"').replace('"Besuche", m', '"Kurse", m')
OFFERS = OFFERS.replace('[mapping]\nid = "places"', '[mapping]\nid = "offers"')
BIRTHS = "12612-01-01-4"

pytestmark = pytest.mark.build  # each receives, and builds what it received


def offers(*lines: str) -> bytes:
    return "\n".join(["Jahr;Kreis;Kurse", *lines]).encode() + b"\n"


def births(times=("2022", "2023"), stand=STAND, regions=None, **cells: str) -> bytes:
    """An official table; `cells` are numbers of the Stadt Hof that differ: y2023="777"."""
    more = {"regions": regions} if regions else {}
    sample = Sample(
        code=BIRTHS, times=times, measures=(("Lebendgeborene", "Anzahl"),), **more
    ).counted()
    for time, text in cells.items():
        sample.cells[time[1:], "09464", ("Insgesamt",), "Lebendgeborene"] = text
    return datencsv(sample, stand=stand)


class Town:
    """A data folder, its commands, and a folder where files arrive."""

    def __init__(self, folders, inbox: Path, capsys):
        self.folders, self.inbox, self.capsys = folders, inbox, capsys
        folders.own_definitions.mkdir(parents=True, exist_ok=True)
        (folders.own_definitions / "town.toml").write_text(OFFERS)
        inbox.mkdir()

    def file(self, name: str, content: bytes) -> Path:
        path = self.inbox / name
        path.write_bytes(content)
        return path

    def run(self, *arguments) -> tuple[int, str]:
        """Exit code and what was said."""
        code = main(["--data", str(self.folders.data), *map(str, arguments)])
        return code, self.capsys.readouterr().err

    def receive(self, name: str, content: bytes, *options: str) -> tuple[int, str]:
        return self.run("receive", *options, self.file(name, content))

    def take(self, name: str, content: bytes, *options: str) -> str:
        code, said = self.receive(name, content, *options)
        assert code == 0, said
        return said

    def build(self) -> str:
        code, said = self.run("build")
        assert code == 0, said
        return said

    def shown(self, dataset="places", measure="visits") -> dict:
        """(region, period) → number in the release in force."""
        opened = releases.open_release(self.folders)
        found = opened.frame(f"SELECT region, period, {measure} FROM release.data_{dataset}")
        opened.close()
        return {tuple(row[:2]): row[2] for row in found.dropna().itertuples(index=False)}

    @property
    def kept(self) -> list[Path]:
        return sorted(
            path
            for path in self.folders.received.rglob("*")
            if path.is_file() and not origins.is_origin(path)
        )


def ship(folder: Path, patch: pytest.MonkeyPatch) -> None:
    """Little, and what one official table means."""
    light.ship_little(folder, patch)
    definitions = run.SHIPPED_DEFINITIONS
    (definitions / "datasets").mkdir()
    shutil.copy(places.SHIPPED_DEFINITIONS / "datasets" / "births.toml", definitions / "datasets")
    shutil.copytree(places.SHIPPED_DEFINITIONS / "dimensions", definitions / "dimensions")


@pytest.fixture
def town(own_folders, tmp_path, capsys, monkeypatch):
    """A town of which one official table is known, and its own."""
    ship(tmp_path, monkeypatch)
    return Town(own_folders, tmp_path / "inbox", capsys)


ORIGINAL = offers("2022;09464;21")


@pytest.fixture(scope="module")
def once_built(tmp_path_factory) -> Path:
    """The data folder of such a town after its table was received and built."""
    folder = tmp_path_factory.mktemp("built")
    folders = Folders(folder / "town")
    with pytest.MonkeyPatch.context() as patch:
        ship(folder, patch)
        folders.own_definitions.mkdir(parents=True)
        (folders.own_definitions / "town.toml").write_text(OFFERS)
        (folder / "angebote.csv").write_bytes(ORIGINAL)
        for command in (["receive", str(folder / "angebote.csv")], ["build"]):
            assert main(["--data", str(folders.data), *command]) == 0
    return folders.data


@pytest.fixture
def built(once_built: Path, town: Town) -> Town:
    shutil.copytree(once_built, town.folders.data, dirs_exist_ok=True)
    return town


def set_clock(monkeypatch, days: float) -> None:
    """The clock of receipt goes wrong by so many days."""

    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.now(tz) + timedelta(days=days)

    monkeypatch.setattr(receiving, "datetime", Clock)


# --- the order of receipt -------------------------------------------------------------------------


@pytest.mark.parametrize("days", [-400, -2, 0, 400])
def test_the_file_received_last_counts_whatever_the_clock_says(town, monkeypatch, days):
    town.take("angebote.csv", offers("2022;09464;21"))
    set_clock(monkeypatch, days)
    said = town.take("angebote.csv", offers("2022;09464;22"))
    assert "2022: es gilt angebote.csv" in said
    town.build()
    assert town.shown() == {("09464", "2022"): 22}


def test_corrections_back_and_forth(town):
    for value in (21, 22, 21, 22, 22):
        said = town.take("angebote.csv", offers(f"2022;09464;{value}"))
        town.build()
        assert town.shown() == {("09464", "2022"): value}, value
    assert "liegt schon vor" in said and len(town.kept) == 2


def test_each_origin_names_its_predecessor_and_a_withdrawn_file_changes_no_order(town, monkeypatch):
    for number, value in enumerate((31, 32, 33, 34)):
        set_clock(monkeypatch, -number)
        town.take(f"angebote_{'dcba'[number]}.csv", offers(f"2022;09464;{value}"))
    kept = {one.path.name: one for one in stock.kept_files(town.folders) if not one.shipped}
    chain = [kept[f"angebote_{letter}.csv"] for letter in "dcba"]
    assert [one.origin.position for one in chain] == [1, 2, 3, 4]
    assert [one.origin.follows for one in chain[1:]] == [one.sha256 for one in chain[:-1]]
    for gone, left in ((chain[1], 34), (chain[3], 33), (chain[2], 31)):
        gone.path.unlink()
        gone.place.unlink()
        town.build()
        assert town.shown() == {("09464", "2022"): left}


def test_files_of_the_time_before_the_order_was_kept_come_first_by_their_stand(town):
    for name, value, day in (("a", 32, 20), ("b", 31, 10)):
        town.take(f"angebote_{name}.csv", offers(f"2022;09464;{value}"))
        (kept,) = [k for k in stock.kept_files(town.folders) if k.path.stem == f"angebote_{name}"]
        text = kept.place.read_text(encoding="utf-8")
        text = re.sub(r"(position|follows) = .*\n", "", text)
        text = re.sub(r"stand = .*\n", f"stand = 2026-10-{day}T10:00:00\n", text)
        kept.place.write_text(text, encoding="utf-8")
    town.build()
    assert town.shown() == {("09464", "2022"): 32}
    town.take("angebote_c.csv", offers("2022;09464;33"))
    town.build()
    assert town.shown() == {("09464", "2022"): 33}


def test_many_files_received_at_once_and_an_archive_count_each_for_its_place(town):
    paths = [
        town.file(f"angebote_{year}.csv", offers(f"{year};09464;{year - 2000}"))
        for year in range(2010, 2020)
    ]
    code, said = town.run("receive", *paths)
    assert code == 0, said
    members = {f"{y}/angebote.csv": offers(f"{y};09463;{y - 1000}") for y in range(2010, 2020)}
    town.take("angebote.zip", zipped(members))
    town.build()
    assert town.shown() == {("09464", str(year)): year - 2000 for year in range(2010, 2020)} | {
        ("09463", str(year)): year - 1000 for year in range(2010, 2020)
    }


def test_two_files_with_one_position_are_no_order(town):
    """As in a folder copied together from two machines."""
    town.take("angebote_a.csv", offers("2022;09464;31"))
    town.take("angebote_b.csv", offers("2022;09464;32"))
    last = town.kept[-1]
    place = origins.beside(last)
    place.write_text(place.read_text().replace("position = 2", "position = 1"))
    code, said = town.run("build")
    assert code == 1 and "widersprechen sich" in said and "31 (angebote_a.csv, Zeile 2)" in said
    follow(town, said)
    assert town.shown()["09464", "2022"] in (31, 32)


# --- following advice -----------------------------------------------------------------------------


def commands(said: str) -> list[list[str]]:
    """The commands a message tells, each as it is typed."""
    return [shlex.split(text) for text in re.findall(r"„python -m indicators ([^“]+)“", said)]


def follow(town: Town, said: str, originals: dict[str, Path] | None = None, choice=0) -> None:
    """Does what messages say until a build succeeds; never the same twice."""
    done = []
    for _ in range(6):
        told = [one for one in commands(said) if one != ["build"]]
        if originals is not None:
            told = [[*one[:-1], str(originals[one[-1]])] for one in told if one[-1] in originals]
        advice = told[min(choice, len(told) - 1)]
        assert advice not in done, f"in circles: {advice}\n{said}"
        done.append(advice)
        code, said = town.run(*advice)
        assert code == 0, said
        code, said = town.run("build")
        if code == 0:
            return
    raise AssertionError(said)


@pytest.fixture
def damaged(built: Town):
    """A town whose only received table was changed after it was received: (town, original)."""
    (kept,) = built.kept
    kept.write_bytes(ORIGINAL.replace(b"21", b"77"))
    return built, ORIGINAL


def test_the_original_received_again_repairs_the_changed_copy(damaged):
    town, original = damaged
    code, said = town.run("build")
    assert code == 1 and "verändert (Prüfsumme stimmt nicht)" in said
    follow(town, said, {"DATEI": town.file("noch da.csv", original)})
    assert town.shown() == {("09464", "2022"): 21}


def test_repair_says_so_and_keeps_the_changed_copy(damaged):
    town, original = damaged
    said = town.take("angebote.csv", original)
    assert "ist wieder, wie sie angenommen wurde" in said and "build" in said
    (aside,) = town.folders.put_aside.rglob("*.csv")
    assert str(aside) in said and b";77" in aside.read_bytes()


def test_the_changed_copy_may_count_instead(damaged):
    town, _ = damaged
    _, said = town.run("build")
    follow(town, said, choice=1)
    assert town.shown() == {("09464", "2022"): 77}
    assert list(town.folders.put_aside.rglob("*.origin.toml"))


def test_the_changed_copy_may_come_from_elsewhere_too(damaged):
    town, original = damaged
    said = town.take("angebote.csv", original.replace(b"21", b"77"))
    assert "Die veränderte Fassung liegt jetzt in" in said
    town.build()
    assert town.shown() == {("09464", "2022"): 77}


def test_where_neither_is_of_use_the_file_may_be_withdrawn(damaged):
    town, _ = damaged
    (kept,) = town.kept
    kept.write_bytes(b"\x00" * 64)
    code, said = town.run("build")
    assert code == 1 and f"{kept.name} und {kept.name}.origin.toml löschen" in said
    kept.unlink()
    origins.beside(kept).unlink()
    town.take(f"{BIRTHS}.csv", births())
    said = town.build()
    assert "Eigene Tabelle offers (Angebote) fehlt jetzt ganz: die Datei angebote.csv liegt" in said


def test_a_file_that_is_missing_comes_back_under_its_origin(damaged):
    town, original = damaged
    (kept,) = town.kept
    kept.unlink()
    code, said = town.run("build")
    assert code == 1 and "die dort nicht liegt" in said
    follow(town, said, {"DATEI": town.file("angebote_neu.csv", original)})
    assert town.kept == [kept] and town.shown() == {("09464", "2022"): 21}


def test_a_changed_official_file_is_repaired_or_replaced(town):
    original, edited = births(), births(y2023="777")
    town.take(f"{BIRTHS}.csv", original)
    (kept,) = town.kept
    for content, value in ((original, None), (edited, 777)):
        kept.write_bytes(edited)
        code, said = town.run("build")
        assert code == 1
        town.take("x.csv", content)
        town.build()
        shown = town.shown("births", "births")["09464", "2023"]
        assert (shown == 777) == (value == 777)


def test_several_faults_are_told_at_once(town):
    for name in "abc":
        town.take(f"angebote_{name}.csv", offers(f"20{ord(name) - 87};09464;1"))
    first, second, third = town.kept
    first.write_bytes(b"x")
    second.unlink()
    (third.parent / "lose.csv").write_bytes(b"x")
    with pytest.raises(BuildError) as caught:
        deliveries(town.folders)
    told = str(caught.value).splitlines()
    assert len(told) == 3 and all("Nächster Schritt" in line for line in told)


def test_a_shipped_file_that_was_changed_is_not_mended_by_receiving(town):
    folder = town.folders.official / BIRTHS
    folder.mkdir(parents=True)
    path = folder / f"{BIRTHS}.csv"
    path.write_bytes(births())
    place = folder / "origin.toml"
    place.write_text(f'file = "{path.name}"\nsha256 = "{stock.checksum(births())}"\n')
    town.build()
    path.write_bytes(births(y2023="777"))
    code, said = town.run("build")
    assert code == 1 and "Programmordner wiederherstellen" in said and "receive" not in said


# --- nothing is lost in silence -------------------------------------------------------------------


def test_a_file_that_lost_its_origin_stops_the_build_until_it_is_received(built):
    town = built
    origins.beside(town.kept[0]).unlink()
    code, said = town.run("build")
    assert code == 1 and "liegt dort ohne Herkunftsnachweis" in said
    follow(town, said)
    assert town.shown() == {("09464", "2022"): 21} and len(town.kept) == 1


def test_a_file_copied_in_by_hand_is_taken_or_taken_away(town):
    loose = town.folders.received / "angebote 2022 (Kopie).csv"
    loose.parent.mkdir(parents=True)
    loose.write_bytes(offers("2022;09464;21"))
    for harmless in (".DS_Store", "Thumbs.db", "~$angebote.xlsx"):
        (loose.parent / harmless).write_bytes(b"x")
    code, said = town.run("build")
    assert code == 1 and said.count("ohne Herkunftsnachweis") == 1
    follow(town, said)
    assert town.shown() == {("09464", "2022"): 21} and not loose.exists()
    loose.write_text("eine Notiz")
    assert town.run("build")[0] == 1
    loose.unlink()
    town.build()


def test_nobody_knows_when_a_file_without_origin_was_received(town):
    town.take("angebote_a.csv", offers("2022;09464;21"))
    town.take("angebote_b.csv", offers("2022;09464;22"))
    first, _ = town.kept
    origins.beside(first).unlink()
    _, said = town.run("build")
    code, said = town.run(*commands(said)[0])
    assert code == 1 and "21 (angebote_a.csv, Zeile 2)" in said and "--instead" in said
    assert "diese aus dem Ordner nehmen" in said
    follow(town, said)
    assert town.shown() == {("09464", "2022"): 21}


def test_an_older_edition_that_comes_late_is_told_at_once_and_in_the_report(town):
    newer = births(times=("2021", "2022"), stand="Stand: 01.02.2026 / 10:00:00", y2022="700")
    older = births(times=("2020", "2021", "2022"), y2022="600", y2020="500")
    town.take(f"{BIRTHS}.csv", newer)
    told = town.take(f"{BIRTHS}.csv", older)
    for said in (told, town.build()):
        assert f"{BIRTHS}.csv (Stand 13.3.2025) gilt nicht für 2021 bis 2022" in said.replace(
            "13.03.2025", "13.3.2025"
        ).replace("_2025-03-13", ""), said
        assert "mit neuerem Stand" in said and "--instead" in said
    shown = town.shown("births", "births")
    assert (shown["09464", "2022"], shown["09464", "2020"]) == (700, 500)
    town.take(f"{BIRTHS}.csv", older, "--instead")
    town.build()
    assert town.shown("births", "births")["09464", "2022"] == 600


def test_a_year_the_new_edition_lacks_is_named_and_shown_from_the_old_one(town):
    town.take(f"{BIRTHS}.csv", births(times=("2019", "2020", "2021", "2022"), y2021="444"))
    newer = births(times=("2020", "2022", "2023"), stand="Stand: 01.02.2026 / 10:00:00")
    for said in (town.take(f"{BIRTHS}.csv", newer), town.build()):
        lines = [line for line in said.splitlines() if "nennt nichts für" in line]
        assert len(lines) == 2
        assert "Hinweis:" in lines[0] + lines[1]
        (gap,) = [line for line in lines if "Hinweis:" in line]
        assert "nennt nichts für 2021; gezeigt wird weiter" in gap and "13.03.2025" in gap
    shown = town.shown("births", "births")
    assert shown["09464", "2021"] == 444 and ("09464", "2019") in shown


def test_a_region_or_category_the_new_edition_lacks_is_named(town):
    town.take("angebote.csv", offers("2022;09464;21", "2023;09464;22", "2023;09463;9"))
    town.take(f"{BIRTHS}.csv", births())
    regions = tuple(Sample().regions)
    newer = births(regions=tuple(r for r in regions if r[0] != "09464"), stand="Stand: 01.02.2026")
    said = town.take(f"{BIRTHS}.csv", newer)
    assert "fehlen gegenüber" in said and "Region 09464" in said and "(2022 bis 2023)" in said
    assert "Region 09464" in town.build()


def test_what_the_release_in_force_had_and_the_new_one_has_not_is_named(town):
    town.take("angebote.csv", offers("2022;09464;21"))
    town.take("angebote_2.csv", offers("2023;09464;22"))
    town.take(f"{BIRTHS}.csv", births())
    town.build()
    for path in town.kept[:2]:
        path.unlink()
        origins.beside(path).unlink()
    said = town.build()
    assert f"Tabelle {BIRTHS} (" in said and "fehlt jetzt ganz: die Datei" in said
    assert "Eigene Tabelle offers (Angebote): die Datei angebote.csv liegt nicht mehr vor" in said
    assert "nicht mehr vor" not in town.run("check")[1]


# --- what interrupted receipts leave --------------------------------------------------------------


def test_a_receipt_that_was_killed_between_file_and_origin_is_completed(town, monkeypatch):
    class Killed(BaseException):
        pass

    original = writing.settle

    def settle(part, path, **more):
        if origins.is_origin(path):
            raise Killed
        original(part, path, **more)

    with monkeypatch.context() as patch:
        patch.setattr(writing, "settle", settle)
        with pytest.raises(Killed):
            town.receive("angebote.csv", offers("2022;09464;21"))
    assert not list(town.folders.received.rglob("[!.]*.origin.toml"))
    town.build()
    assert town.shown() == {("09464", "2022"): 21}
    assert not list(town.folders.received.rglob("*.part"))


def test_leftovers_are_cleared(town):
    folder = town.folders.received / "offers"
    folder.mkdir(parents=True)
    for name in (".x.part", ".angebote.csv-ab12.part", ".angebote.csv.origin.toml-cd.part"):
        (folder / name).write_bytes(b"ha")
    deliveries(town.folders)
    assert list(folder.iterdir()) == []


def test_received_files_are_for_the_office_alone(town):
    town.take("angebote.csv", offers("2022;09464;21"))
    for path in (town.folders.received, *town.folders.received.rglob("*")):
        assert path.stat().st_mode & 0o077 == 0, path


def test_what_cannot_be_received_is_told_in_german(town, monkeypatch):
    code, said = town.run("receive", town.inbox)
    assert code == 1 and "das ist ein Ordner" in said
    path = town.file("angebote.csv", offers("2022;09464;21"))

    original = Path.read_bytes

    def denied(self):
        if self == path:
            raise PermissionError(13, "Permission denied")
        return original(self)

    monkeypatch.setattr(Path, "read_bytes", denied)
    code, said = town.run("receive", path)
    assert code == 1 and "kann nicht gelesen werden" in said and "Traceback" not in said


def test_a_folder_that_cannot_be_read_stops_the_build(town, monkeypatch):
    town.take("angebote.csv", offers("2022;09464;21"))
    original = os.scandir

    def denied(path):
        if str(path).endswith("offers"):
            raise PermissionError(13, "Permission denied", str(path))
        return original(path)

    monkeypatch.setattr(os, "scandir", denied)
    with pytest.raises(FileError, match="kann nicht gelesen werden"):
        deliveries(town.folders)


# --- contradictions -------------------------------------------------------------------------------


def test_two_files_of_one_stand_with_different_values_ask_for_a_decision(town):
    first, second = births(y2023="866"), births(y2023="777")
    town.take(f"{BIRTHS}.csv", first)
    code, said = town.receive(f"{BIRTHS}.csv", second)
    assert code == 1 and "Nicht angenommen" in said
    assert "Region 09464" in said and ", 2023, Lebendgeborene" in said
    assert f"777 ({BIRTHS}.csv, Zeile" in said
    assert f"866 ({BIRTHS}_2025-03-13.csv, Zeile" in said
    assert len(town.kept) == 1
    follow(town, said)
    assert town.shown("births", "births")["09464", "2023"] == 777
    said = town.run("check")[1]
    assert "2022 bis 2023: es gilt" in said
    # the other way round, and back again
    for content, value in ((first, 866), (second, 777)):
        town.take(f"{BIRTHS}.csv", content, "--instead")
        town.build()
        assert town.shown("births", "births")["09464", "2023"] == value


def both(town) -> None:
    """A folder that holds two contradicting files and no decision, as older versions left it."""
    for content in (births(y2023="866"), births(y2023="777")):
        receiving.store(content, f"{BIRTHS}.csv", town.folders)


@pytest.mark.parametrize(("choice", "value"), [(0, 777), (1, 866)])
def test_a_build_on_a_folder_that_holds_both_refuses_with_advice_that_works(town, choice, value):
    both(town)
    code, said = town.run("build")
    assert code == 1 and "widersprechen sich" in said and "866" in said and "777" in said
    told = commands(said)
    assert len(told) == 2
    follow(town, said, choice=choice)
    shown = town.shown("births", "births")["09464", "2023"]
    assert shown in (777, 866) and (shown == 777) == ("fassung2" in told[choice][-1])


@pytest.mark.parametrize("kind", ["ffcsv", "zip", "same"])
def test_the_same_values_in_another_format_are_no_contradiction(town, kind):
    sample = Sample(code=BIRTHS, times=("2022",), measures=(("Lebendgeborene", "Anzahl"),))
    sample = sample.counted()
    town.take(f"{BIRTHS}.csv", datencsv(sample))
    name = f"{BIRTHS}_1741860000000_de_flat.csv"
    content, file = {
        "ffcsv": (ffcsv(sample), name),
        "zip": (zipped({name: ffcsv(sample)}), name.replace(".csv", ".zip")),
        "same": (datencsv(sample) + b"\n", f"{BIRTHS}-B.csv"),
    }[kind]
    said = town.take(file, content)
    assert "widersprechen" not in said
    assert "widersprechen" not in town.build()


def test_files_of_one_stand_for_different_regions_both_count(town):
    regions = tuple(Sample().regions)
    town.take(f"{BIRTHS}.csv", births(regions=regions[:2]))
    town.take(f"{BIRTHS}.csv", births(regions=regions[2:]))
    town.build()
    shown = {region for region, _ in town.shown("births", "births")}
    assert shown >= {id for id, _ in regions if len(id) == 5}


def test_two_own_files_of_one_command_line_that_speak_of_the_same_are_both_refused(town):
    paths = [
        town.file(f"angebote_{name}.csv", offers(f"2022;09464;{value}", "2021;09464;5"))
        for name, value in (("a", 21), ("b", 22))
    ]
    other = town.file("angebote_c.csv", offers("2020;09464;7"))
    code, said = town.run("receive", *paths, other)
    assert code == 1 and said.count("Nicht angenommen") == 2
    assert "21 (angebote_a.csv, Zeile 2) gegen 22 (angebote_b.csv, Zeile 2)" in said
    assert [path.name for path in town.kept] == ["angebote_c.csv"]
    for path in paths:
        assert town.run("receive", path)[0] == 0
    town.build()
    assert town.shown()["09464", "2022"] == 22


def test_years_that_overlap_with_the_same_values_are_taken_at_once(town):
    paths = [
        town.file(f"angebote_{y}.csv", offers(f"{y - 1};09464;{y - 1}", f"{y};09464;{y}"))
        for y in (2020, 2021, 2022)
    ]
    code, said = town.run("receive", *paths)
    assert code == 0, said


def test_two_origins_for_one_file_and_an_origin_of_a_folder(town):
    town.take("angebote.csv", offers("2022;09464;21"))
    (kept,) = town.kept
    place = origins.beside(kept)
    second = place.with_name("zweiter.origin.toml")
    second.write_bytes(place.read_bytes())
    code, said = town.run("build")
    assert code == 1 and "zweiten Herkunftsnachweis" in said and "löschen" in said
    second.write_text('file = "ordner"\n')
    (kept.parent / "ordner").mkdir()
    code, said = town.run("build")
    assert code == 1 and "ein Ordner" in said
    second.unlink()
    town.build()


def test_a_broken_origin_is_mended_as_the_message_says(town):
    town.take("angebote.csv", offers("2022;09464;21"))
    (kept,) = town.kept
    origins.beside(kept).write_text('stand = "gestern"\n')
    code, said = town.run("build")
    assert code == 1 and "Feld stand" in said and "diesen Nachweis löschen" in said
    origins.beside(kept).unlink()
    follow(town, said)
    assert town.shown() == {("09464", "2022"): 21}
