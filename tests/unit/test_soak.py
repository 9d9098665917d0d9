"""Many builds of one town: corrections, withdrawals, stricter rules, damage and clocks that jump.

Every build publishes or refuses in German, nothing is computable by one who keeps all editions, and
no number that was ever shown is forgotten. SOAK_BUILDS=300 makes a long run of the default one,
whose seed has everything happen within ten builds: a release is removed when there are four, and
corrections, a withdrawal and stricter rules stand before and after it.
"""

import os
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from indicators.errors import BildungsblickError
from indicators.folders import Folders
from indicators.protection import suppress
from indicators.publishing import auditing, history, publish, run
from indicators.release import releases
from tests.unit import protected_town as town
from tests.unit.protected_town import Count, Reader, one_unknown, truth

BUILDS = int(os.environ.get("SOAK_BUILDS", "10"))
K, YEARS = 3, ("2023",)
# Days that a clock may be wrong.
_DAYS = (0, 0, 0, -2, 5, -400, 30)


class Clock(datetime):
    """The time of day as this machine believes it to be."""

    wrong = timedelta()

    @classmethod
    def now(cls, tz=None):
        return datetime.now(tz) + cls.wrong


@dataclass
class Town:
    """A town that changes at random, and what its readers have kept: for each edition (release, of
    a year) what was shown of each cell, and what was true."""

    folders: Folders
    files: "os.PathLike"
    random: np.random.Generator
    given: dict[str, dict] = field(default_factory=dict)
    delivered: list[dict] = field(default_factory=list)
    seen: list[tuple[str, dict, dict]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    published: int = 0
    happened: set[int] = field(default_factory=set)

    def correct(self) -> None:
        """Some groups have some children more or fewer; all of it is delivered again."""
        year = str(self.random.choice(YEARS))
        given = dict(self.given[year])
        for _ in range(int(self.random.integers(1, 4))):
            key = list(given)[int(self.random.integers(len(given)))]
            kids = max(0, given[key].kids + int(self.random.integers(-3, 6)))
            given[key] = Count(kids, min(kids, max(0, given[key].needs + 1)))
        self.deliver(self.given | {year: given})

    def deliver(self, given: dict[str, dict]) -> None:
        self.given = given
        self.delivered.append(given)
        town.deliver(self.folders, self.files / f"kids_{len(self.delivered)}.csv", given)

    def withdraw(self) -> None:
        """The file received last is taken away by hand."""
        number = len(self.delivered)
        if number > 1:
            for path in self.folders.received.rglob(f"kids_{number}.*"):
                path.unlink()
            self.delivered.pop()
            self.given = self.delivered[-1]

    def stricter(self) -> None:
        rule = self.folders.own_definitions / "stricter.toml"
        if rule.exists():
            rule.unlink()
        else:
            minimum = int(self.random.integers(4, 6))
            rule.write_text(f"[[stricter_rules]]\nminimum = {minimum}\ngroup = 12\n")

    def damage(self) -> None:
        path = self.folders.releases / f"{releases.pointer(self.folders)}.duckdb"
        content = bytearray(path.read_bytes())
        at = int(self.random.integers(len(content) - 64))
        content[at : at + 64] = bytes(255 - byte for byte in content[at : at + 64])
        path.write_bytes(content)

    def remove_an_old_release(self) -> None:
        """To save space: what it showed is known to those after it."""
        there = releases.listed(self.folders)
        if len(there) > 3:
            for path in self.folders.releases.glob(f"{there[-1].id}.*"):
                path.unlink()

    def step(self) -> None:
        events = (self.correct, self.withdraw, self.stricter, self.damage)
        events += (self.remove_an_old_release, lambda: None)
        chosen = self.random.choice(len(events), p=[0.5, 0.14, 0.12, 0.1, 0.07, 0.07])
        events[int(chosen)]()
        self.happened.add(int(chosen))
        Clock.wrong = timedelta(days=int(self.random.choice(_DAYS)))
        try:
            built = run.build(self.folders)
        except BildungsblickError as error:
            self.said.append(str(error))
            return
        self.said += built.report.of("error")
        self.published += built.published
        if built.published and not built.unchanged:
            self.keep(built.id)

    def keep(self, id: str) -> None:
        opened = releases.open_release(self.folders, id)
        assert opened.id == id
        for year in YEARS:
            shown = town.seen_in(opened, year)
            self.seen.append((year, shown, {c: truth(self.given[year], c) for c in shown}))
        opened.close()

    def forgotten(self) -> set[tuple]:
        """Numbers that were shown and that the newest release neither shows nor remembers."""
        newest = releases.listed(self.folders)[0]
        opened = releases.open_file(
            self.folders.releases / f"{newest.id}.duckdb", newest.id, newest.published
        )
        known = {(y, c, v) for y in YEARS for c, v in town.seen_in(opened, y).items()}
        if "before_kids" in opened.tables:
            rows = opened.frame("SELECT * FROM release.before_kids").to_dict("records")
            known |= {
                (r["period"], (r["region"], r["form"], r["side"], r["measure"]), r["value"])
                for r in rows
            }
        opened.close()
        seen = {(year, c, v) for year, shown, _ in self.seen for c, v in shown.items()}
        return {one for one in seen if one[2] is not None} - known

    def attack(self) -> list[tuple]:
        """Small cells that are disclosed by all that was ever shown and has not changed since."""
        found = []
        for number, (year, shown, true) in enumerate(self.seen):
            known = dict(shown)
            for other_year, earlier, _ in reversed(self.seen[:number]):
                if other_year == year:
                    known = _joined(known, earlier)
            small = [c for c in shown if c[3] != "days" and 0 < true[c] < K]
            small = [c for c in small if known[c] is None]
            found += [(number, c, "subtraction") for c in small if c in one_unknown(known)]
            found += [(number, *c) for c in Reader(known).disclosed(K, small).items()]
        return found


def _joined(known: dict, earlier: dict) -> dict:
    """What is known with an earlier edition: its numbers of regions in which no number that both
    show was corrected."""
    both = [c for c in known if known[c] is not None and earlier.get(c) is not None]
    moved = {c[0] for c in both if known[c] != earlier[c]}
    return {
        c: earlier.get(c) if value is None and c[0] not in moved else value
        for c, value in known.items()
    }


def soak(folder, seed: int, builds: int, patch: pytest.MonkeyPatch) -> Town:
    patch.setattr(publish, "datetime", Clock)
    one = Town(Folders(folder / "town"), folder, np.random.default_rng(seed))
    town.define(one.folders)
    one.deliver({year: town.counts(number, size=20) for number, year in enumerate(YEARS)})
    for _ in range(builds):
        one.step()
    Clock.wrong = timedelta()
    return one


def test_a_soak(light_shipped, tmp_path, monkeypatch):
    one = soak(tmp_path, 2446, BUILDS, monkeypatch)
    assert len(one.happened) == 6, "something never happened"
    english = ("Traceback", "Error", "not match", "No such file")
    assert not [text for text in one.said if any(word in text for word in english)], one.said
    assert one.published >= 0.7 * BUILDS and len(one.seen) > BUILDS / 5, one.said
    assert one.attack() == [] and one.forgotten() == set()
    last = releases.open_release(one.folders)
    report = auditing.audit_dataset(last, "kids", auditing.earlier_releases(last, one.folders))
    assert report.verdict.ok, report.text()


def test_the_soak_notices_a_build_that_forgets(light_shipped, tmp_path, monkeypatch):
    monkeypatch.setattr(history, "shown", lambda *_: {})
    one = soak(tmp_path, 7, 5, monkeypatch)
    assert one.forgotten()


def test_the_soak_notices_what_is_not_hidden(light_shipped, tmp_path, monkeypatch):
    """The engine forgets its secondary dots, and the auditor sleeps."""

    def careless(cube, rule, *_, **__):
        small = (cube.value > 0) & (cube.value < rule.minimum)
        nothing = np.zeros(len(cube), dtype=bool)
        return suppress.Pattern(small, small, cube.value, nothing.astype(float), {})

    monkeypatch.setattr(suppress, "protect", careless)
    asleep = auditing.Audited(pd.DataFrame([], columns=auditing.COLUMNS), {})
    monkeypatch.setattr(auditing, "audit_release", lambda *_: asleep)
    monkeypatch.setattr(publish, "write_papers", lambda *_: None)
    one = soak(tmp_path, 7, 1, monkeypatch)
    assert one.attack()
