"""Received files: their order, their damage, and that none is lost or passed over in silence."""

import re
import shlex
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from indicators import release as releases
from indicators.__main__ import main
from indicators.build.deliveries import deliveries
from indicators.errors import BuildError
from indicators.sources import origins, receiving, stock
from tests.zoo.builders import STAND, Sample, datencsv, zipped

OFFERS = """
[mapping]
id = "offers"
dataset = "local_offers"
title = "Angebote"
files = ["angebote*"]
header = "Jahr"
[[mapping.columns]]
heading = "Jahr"
is = "period"
[[mapping.columns]]
heading = "Kreis"
is = "region"
[[mapping.columns]]
heading = "Kurse"
measure = "adult_courses"
"""
BIRTHS = "12612-01-01-4"


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

    def shown(self, dataset="local_offers", measure="adult_courses") -> dict:
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


@pytest.fixture
def town(small_shipped, own_folders, tmp_path, capsys):
    return Town(own_folders, tmp_path / "inbox", capsys)


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
    for value in (21, 22, 21, 23, 22, 22):
        said = town.take("angebote.csv", offers(f"2022;09464;{value}"))
        town.build()
        assert town.shown() == {("09464", "2022"): value}, value
    assert "liegt schon vor" in said and len(town.kept) == 3


def test_each_origin_names_its_predecessor_and_a_withdrawn_file_changes_no_order(town, monkeypatch):
    for number, value in enumerate((1, 2, 3, 4)):
        set_clock(monkeypatch, -number)
        town.take(f"angebote_{'dcba'[number]}.csv", offers(f"2022;09464;{value}"))
    kept = {one.path.name: one for one in stock.kept_files(town.folders) if not one.shipped}
    chain = [kept[f"angebote_{letter}.csv"] for letter in "dcba"]
    assert [one.origin.position for one in chain] == [1, 2, 3, 4]
    assert [one.origin.follows for one in chain[1:]] == [one.sha256 for one in chain[:-1]]
    for gone, left in ((chain[1], 4), (chain[3], 3), (chain[2], 1)):
        gone.path.unlink()
        gone.place.unlink()
        town.build()
        assert town.shown() == {("09464", "2022"): left}


def test_files_of_the_time_before_the_order_was_kept_come_first_by_their_stand(town):
    for name, value, day in (("a", 2, 20), ("b", 1, 10)):
        town.take(f"angebote_{name}.csv", offers(f"2022;09464;{value}"))
        (kept,) = [k for k in stock.kept_files(town.folders) if k.path.stem == f"angebote_{name}"]
        text = kept.place.read_text(encoding="utf-8")
        text = re.sub(r"(position|follows) = .*\n", "", text)
        text = re.sub(r"stand = .*\n", f"stand = 2026-10-{day}T10:00:00\n", text)
        kept.place.write_text(text, encoding="utf-8")
    town.build()
    assert town.shown() == {("09464", "2022"): 2}
    town.take("angebote_c.csv", offers("2022;09464;3"))
    town.build()
    assert town.shown() == {("09464", "2022"): 3}


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
    town.take("angebote_a.csv", offers("2022;09464;1"))
    town.take("angebote_b.csv", offers("2022;09464;2"))
    last = town.kept[-1]
    place = origins.beside(last)
    place.write_text(place.read_text().replace("position = 2", "position = 1"))
    code, said = town.run("build")
    assert code == 1 and "widersprechen sich" in said and "1 (angebote_a.csv, Zeile 2)" in said
    follow(town, said)
    assert town.shown()["09464", "2022"] in (1, 2)


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
def damaged(town):
    """A town whose only received table was changed after it was received: (town, original)."""
    original = offers("2022;09464;21")
    town.take("angebote.csv", original)
    town.build()
    (kept,) = town.kept
    kept.write_bytes(original.replace(b"21", b"77"))
    return town, original


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
        town.take(f"angebote_{name}.csv", offers(f"20{ord(name)};09464;1"))
    first, second, third = town.kept
    first.write_bytes(b"x")
    second.unlink()
    (third.parent / "lose.csv").write_bytes(b"x")
    with pytest.raises(BuildError) as caught:
        deliveries(town.folders)
    told = str(caught.value).splitlines()
    assert len(told) == 3 and all("Nächster Schritt" in line for line in told)


def test_a_shipped_file_that_was_changed_is_not_mended_by_receiving(town, small_shipped):
    path = next((small_shipped / "official").rglob("*.csv"))
    path.write_bytes(path.read_bytes() + b"x")
    code, said = town.run("build")
    assert code == 1 and "Programmordner wiederherstellen" in said and "receive" not in said
