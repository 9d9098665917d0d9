"""What a build takes over from the one before: the same release as when all is computed, and
nothing on anybody's word."""

import os
import shutil
from copy import copy
from dataclasses import replace
from itertools import count

import duckdb
import numpy as np
import pandas as pd
import pytest

from indicators import writing
from indicators.folders import Folders
from indicators.protection import suppress
from indicators.protection.search import Witness
from indicators.publishing import auditing, kept, patterns, proofs, protecting, run
from indicators.publishing.fingerprints import KEY, of_folder
from indicators.publishing.kept import Kept, Knowledge
from indicators.publishing.patterns import Memory
from indicators.publishing.report import Report
from indicators.release import releases
from tests.unit import light
from tests.unit import protected_town as town
from tests.unit.protected_town import Count

pytestmark = pytest.mark.build  # each builds a town of its own

YEARS = ("2022", "2023")
# A year more comes last, for every build after it takes half as long again.
CHANGES = ("correct", "correct_back", "other_words", "damage", "one_year_more")
# KEPT_BUILDS=100 makes a long run: what comes after one of each is mostly corrections.
BUILDS = int(os.environ.get("KEPT_BUILDS", len(CHANGES)))
MORE = ("correct", "correct", *CHANGES)


def tables(folders: Folders, id: str) -> dict[str, pd.DataFrame]:
    """All tables of a release, row for row."""
    path = folders.releases / f"{id}.duckdb"
    with duckdb.connect(str(path), read_only=True) as connection:
        names = connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()
        return {name: connection.execute(f'SELECT * FROM "{name}"').df() for (name,) in names}


def counterexamples(folders: Folders, id: str) -> pd.DataFrame:
    with duckdb.connect(str(folders.office / f"{id}.duckdb"), read_only=True) as connection:
        return connection.execute("SELECT * FROM kids ORDER BY ALL").df()


class Twins:
    """The same town twice: one takes over what it can, the other computes all."""

    def __init__(self, folder, random: np.random.Generator):
        self.folder, self.random, self.number = folder, random, count()
        self.one, self.other = Folders(folder / "one"), Folders(folder / "other")
        self.both = (self.one, self.other)
        self.given = {year: town.counts(n, size=20) for n, year in enumerate(YEARS)}
        for folders in self.both:
            town.define(folders)
        self.deliver()

    def copied(self, folder, seed: int) -> "Twins":
        """The same in another folder, to go on there."""
        twins = copy(self)
        twins.folder, twins.random, twins.number = folder, np.random.default_rng(seed), count(1)
        twins.both = tuple(
            Folders(shutil.copytree(f.data, folder / f.data.name)) for f in self.both
        )
        twins.one, twins.other = twins.both
        return twins

    def deliver(self) -> None:
        file = self.folder / f"kids_{next(self.number)}.csv"
        town.deliver(self.one, file, self.given)
        # of the same moment, in the same office
        shutil.copytree(self.one.received, self.other.received, dirs_exist_ok=True)
        key = of_folder(self.one).key
        writing.write(self.other.office / KEY, key, private=True)

    def correct(self) -> None:
        """A few groups of one year have other children."""
        year = str(self.random.choice(YEARS))
        given = dict(self.given[year])
        for _ in range(int(self.random.integers(1, 4))):
            key = list(given)[int(self.random.integers(len(given)))]
            kids = max(0, given[key].kids + int(self.random.integers(-3, 6)))
            given[key] = Count(kids, min(kids, max(0, given[key].needs + 1)))
        self.given = self.given | {year: given}
        self.deliver()

    def correct_back(self) -> None:
        """A year is again what it was at first: all of it was seen, and some of it otherwise."""
        year = str(self.random.choice(YEARS))
        self.given = self.given | {year: town.counts(YEARS.index(year), size=20)}
        self.deliver()

    def one_year_more(self) -> None:
        year = str(int(max(self.given)) + 1)
        self.given = self.given | {year: town.counts(int(year), size=20)}
        self.deliver()

    def stricter(self) -> None:
        minimum = int(self.random.integers(4, 6))
        for folders in self.both:
            rule = folders.own_definitions / "stricter.toml"
            if rule.exists():
                rule.unlink()
            else:
                rule.write_text(f"[[stricter_rules]]\nminimum = {minimum}\ngroup = 12\n")

    def other_words(self) -> None:
        """A definition changes that protection does not read."""
        for folders in self.both:
            for path in folders.own_definitions.glob("*.toml"):
                text = path.read_text(encoding="utf-8")
                path.write_text(text.replace("Kinder mit Bedarf", "Kinder mit  Bedarf"))

    def damage(self) -> None:
        """The release in force is made again."""
        for folders in self.both:
            path = folders.releases / f"{releases.pointer(folders)}.duckdb"
            path.write_bytes(path.read_bytes()[:-4096])

    def build(self) -> tuple[str, int, int]:
        """Builds both, compares them, and returns the id ("": both were refused) and of how many
        years patterns were searched by the one and by the other."""
        one, searched = build_searching(self.one)
        other, every = build_searching(self.other, anew=True)
        assert one.id == other.id and one.published == other.published
        assert one.report.text() == other.report.text()
        if one.published:
            self.compare(one.id)
        return one.id if one.published else "", searched, every

    def compare(self, id: str) -> None:
        one, other = tables(self.one, id), tables(self.other, id)
        assert one.keys() == other.keys()
        for name, frame in one.items():
            pd.testing.assert_frame_equal(frame, other[name], obj=name)
        pd.testing.assert_frame_equal(
            counterexamples(self.one, id), counterexamples(self.other, id)
        )


def build_searching(folders: Folders, anew: bool = False) -> tuple[run.Built, int]:
    """Builds, and says of how many years patterns were searched."""
    with pytest.MonkeyPatch.context() as patch:
        calls = counted(patch, suppress, "protect")
        built = run.build(folders, anew=anew)
    # where dots cannot all stay, a year is searched twice
    return built, len({cube.rows["start"].iloc[0] for cube, *_ in calls})


def counted(patch: pytest.MonkeyPatch, module, name: str) -> list:
    """Calls of a function from now on."""
    calls, function = [], getattr(module, name)

    def noted(*given, **named):
        calls.append(given)
        return function(*given, **named)

    patch.setattr(module, name, noted)
    return calls


@pytest.fixture(scope="module")
def first(tmp_path_factory) -> tuple[Twins, str, int, int]:
    """Twins of which each was built once, and what that told: every test goes on with a copy."""
    folder = tmp_path_factory.mktemp("first")
    with pytest.MonkeyPatch.context() as patch:
        light.ship_little(folder, patch)
        twins = Twins(folder, np.random.default_rng(0))
        return twins, *twins.build()


@pytest.fixture
def twins(first, light_shipped, tmp_path) -> Twins:
    return first[0].copied(tmp_path, 0)


def test_a_build_that_takes_over_gives_what_one_gives_that_computes_all(first, twins):
    _, _, searched, every = first
    assert searched == every > 0
    random = twins.random
    spared = published = 0
    changes = [*CHANGES, *random.choice(MORE, BUILDS)]
    for change in changes[:BUILDS]:
        getattr(twins, str(change))()
        id, searched, every = twins.build()
        spared += every - searched
        published += bool(id)
    # refused or not, both say the same
    twins.stricter()
    twins.build()
    assert spared >= BUILDS / 2 and published >= BUILDS / 2


def test_a_change_of_one_year_leaves_the_others(first, twins):
    _, id, every, _ = first
    assert every == len(YEARS)
    assert kept.path_of(id, twins.one).stat().st_mode & 0o777 == 0o600
    twins.correct()
    assert build_searching(twins.one)[1] == 1
    twins.stricter()
    assert build_searching(twins.one)[1] == every


def test_another_table_changes_nothing_here(twins, tmp_path, monkeypatch):
    """Only what is new is searched and audited; the proofs of all are looked at."""
    text = light.ONE_CELL.replace('name = "Besuche"', 'name = "Besuche"\npersons = true', 1)
    for folders in twins.both:
        (folders.own_definitions / "places.toml").write_text(text, encoding="utf-8")
    light.deliver(twins.one, tmp_path, 2, "first")
    shutil.copytree(twins.one.received, twins.other.received, dirs_exist_ok=True)
    searched = counted(monkeypatch, suppress, "protect")
    audited = counted(monkeypatch, auditing, "audit_datasets")
    checked = counted(monkeypatch, proofs, "check")
    built = run.build(twins.one)
    assert built.published, built.report.text()
    assert len(searched) == 1
    assert [group for _, group, _ in audited] == [["places"]]
    assert sorted(id for _, _, group in checked for id in group) == ["kids", "places"]
    assert run.build(twins.other, anew=True).id == built.id
    assert len(searched) == 2 + len(YEARS) and len(audited) == 3
    twins.compare(built.id)


def test_what_ships_spares_a_first_build_search_and_audit(first, twins, tmp_path, monkeypatch):
    """In another folder at another time; the proofs are looked at all the same."""
    id = first[1]
    shipped = kept.path_of(id, twins.one)
    assert kept.audits(shipped) == kept.audits(kept.path_of(id, twins.other))
    monkeypatch.setattr(kept, "shipped", lambda folders: (shipped,))
    fresh, anew = Folders(tmp_path / "fresh"), Folders(tmp_path / "anew")
    for folders in (fresh, anew):
        shutil.copytree(twins.one.received, folders.received)
        shutil.copytree(twins.one.own_definitions, folders.own_definitions)
    searched = counted(monkeypatch, suppress, "protect")
    audited = counted(monkeypatch, auditing, "audit_datasets")
    checked = counted(monkeypatch, proofs, "check")
    built = run.build(fresh)
    assert built.published, built.report.text()
    assert not searched and not audited and len(checked) == 1
    assert run.build(anew, anew=True).published
    assert searched and audited
    assert kept.audits(kept.path_of(built.id, fresh)) == kept.audits(shipped)


# --- nothing is believed --------------------------------------------------------------------------

CATALOG = town.catalog()
ROWS = town.rows_of(CATALOG, {year: town.counts(n, size=20) for n, year in enumerate(YEARS)})


def protected(*stores, earlier: dict | None = None) -> tuple[pd.DataFrame, Memory]:
    """The rows as they may be shown, and what was taken over and kept."""
    memory = Memory(stores)
    found = protecting.protect_all(
        {"kids": ROWS},
        CATALOG,
        town.REGIONS,
        set(),
        earlier or {},
        Report(),
        lambda _: None,
        memory,
    )
    return found["kids"].rows, memory


@pytest.fixture(scope="module")
def first_build() -> tuple[pd.DataFrame, Memory]:
    return protected()


@pytest.fixture
def store(first_build, tmp_path):
    """What the first build leaves, and what it shows."""
    shown, memory = first_build
    kept.write(memory.kept, tmp_path / "patterns.npz")
    return tmp_path / "patterns.npz", shown.copy()


def seen(shown: pd.DataFrame) -> pd.DataFrame:
    """What the next release knows of these rows."""
    return shown[["region", "period", "form", "side", "measure", "value"]]


def test_what_was_shown_is_what_is_shown_again(store):
    path, shown = store
    again, memory = protected(path, earlier={"kids": seen(shown)})
    pd.testing.assert_frame_equal(again, shown)
    assert memory.taken == memory.periods == len(YEARS)


def without_a_dot(one: Kept) -> Kept:
    hidden = one.hidden.copy()
    hidden[np.flatnonzero(hidden)[0]] = False
    return replace(one, hidden=hidden)


def with_another_dot(one: Kept) -> Kept:
    """A dot that nothing needs and no witness moves."""
    touched = np.concatenate([witness.cells for witness in one.witnesses])
    hidden = one.hidden.copy()
    others = np.flatnonzero(~hidden)
    hidden[others[~np.isin(others, touched)][0]] = True
    return replace(one, hidden=hidden)


def with_a_wrong_witness(one: Kept) -> Kept:
    first = one.witnesses[0]
    wrong = Witness(first.cells, np.r_[first.moves[0] + 1, first.moves[1:]], first.knowing)
    return replace(one, witnesses=(wrong, *one.witnesses[1:]))


def with_half_of_the_witnesses(one: Kept) -> Kept:
    return replace(one, witnesses=one.witnesses[::2])


def as_if_all_was_seen(one: Kept) -> Kept:
    known = one.knowledge
    value = np.full(len(known.value), 1.0)
    return replace(one, knowledge=Knowledge(value, known.dot, known.beside))


def with_cells_of_nowhere(one: Kept) -> Kept:
    far = Witness(np.array([10**6]), np.array([1]))
    return replace(one, witnesses=(*one.witnesses, far))


def with_a_wrong_other_table(one: Kept) -> Kept:
    """One that moves what is shown: not even what nobody sees may be taken from it."""
    shown = np.flatnonzero(~one.hidden[: len(one.knowledge.value)])[:1]
    return replace(one, others=(*one.others, Witness(shown, np.array([1]))))


def with_another_table_of_nowhere(one: Kept) -> Kept:
    far = Witness(np.array([10**6]), np.array([1]))
    return replace(one, others=(*one.others, far))


def with_less_than_all_cells(one: Kept) -> Kept:
    return replace(one, hidden=one.hidden[:-1])


SPOILT = [without_a_dot, with_another_dot, with_a_wrong_witness, with_half_of_the_witnesses]
SPOILT += [as_if_all_was_seen, with_cells_of_nowhere, with_less_than_all_cells]
SPOILT += [with_a_wrong_other_table, with_another_table_of_nowhere]


@pytest.mark.parametrize("spoil", SPOILT)
def test_what_does_not_prove_itself_is_computed(store, spoil):
    path, shown = store
    kept.write([spoil(one) for one in kept.patterns(path)], path)
    again, memory = protected(path)
    assert memory.taken == 0
    pd.testing.assert_frame_equal(again, shown)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", None])
def test_a_damaged_or_lost_file_costs_time_only(store, content):
    path, shown = store
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    again, memory = protected(path)
    assert memory.taken == 0
    pd.testing.assert_frame_equal(again, shown)


def test_another_engine_chooses_anew(store, monkeypatch):
    path, _ = store
    monkeypatch.setattr(kept, "engine", lambda: "another one")
    assert protected(path)[1].taken == 0


def test_what_somebody_saw_of_a_dot_makes_it_chosen_anew(store):
    """A small number that stood in another release is not covered by this pattern's proof."""
    path, shown = store
    year = shown["period"] == YEARS[0]
    dot = shown[year & (shown["status"] == "suppressed")].index[0]
    known = seen(shown).copy()
    known.loc[dot, "value"] = ROWS.loc[dot, "value"]
    _, memory = protected(path, earlier={"kids": known})
    assert memory.taken == len(YEARS) - 1


# --- what may have become known -------------------------------------------------------------------

NAN = np.nan


@pytest.mark.parametrize(
    ("then", "now", "same"),
    [
        ([NAN, NAN, NAN], [NAN, NAN, NAN], True),
        ([NAN, NAN, NAN], [5, 7, NAN], True),  # what the pattern shows
        ([NAN, NAN, NAN], [5, 7, 2], False),  # somebody showed what it hides
        ([NAN, NAN, NAN], [5, 8, NAN], False),  # another number stood there
        ([4, NAN, NAN], [5, 7, NAN], True),  # corrected before, and shown since
        ([4, NAN, NAN], [4, 7, NAN], True),
        ([4, NAN, NAN], [NAN, 7, NAN], False),  # who says it was seen?
        ([NAN, NAN, 2], [NAN, NAN, NAN], False),
        ([NAN, NAN, 2], [5, 7, 2], True),
    ],
)
def test_what_is_known_now(then, now, same):
    """Two numbers that are shown, and one that is hidden."""
    none = np.zeros(3, bool)
    one = Kept("", Knowledge(np.array(then), none, none), np.array([False, False, True]), ())
    known = Knowledge(np.array(now), np.array([False, False, True]), none)
    assert patterns.still_all(one, known, np.array([5.0, 7.0, 2.0])) == same


def test_a_dot_of_another_release_that_the_pattern_does_not_have():
    none, hidden = np.zeros(2, bool), np.array([False, True])
    one = Kept("", Knowledge(np.full(2, NAN), none, none), hidden, ())
    known = Knowledge(np.full(2, NAN), np.array([True, True]), none)
    assert not patterns.still_all(one, known, np.array([5.0, 2.0]))


def test_what_is_written_is_read_again(tmp_path):
    none = np.zeros(2, bool)
    every = [
        Kept(
            "a" * 64,
            Knowledge(np.array([NAN, 4.0]), none, ~none),
            np.array([True, False, True]),
            (
                Witness(np.array([0, 2]), np.array([-1, 1])),
                Witness(np.array([2]), np.array([3]), 0),
            ),
            (Witness(np.array([1, 2]), np.array([2, -2])),),
        ),
        Kept("b" * 64, Knowledge(np.zeros(0), none[:0], none[:0]), none[:0], ()),
    ]
    path = tmp_path / "patterns.npz"
    kept.write(every, path)
    (one,), (other,) = kept.read(path, "a" * 64), kept.read(path, "b" * 64)
    assert kept.read(path, "c" * 64) == []
    for found, given in ((one, every[0]), (other, every[1])):
        np.testing.assert_array_equal(found.hidden, given.hidden)
        np.testing.assert_array_equal(found.knowledge.value, given.knowledge.value)
        np.testing.assert_array_equal(found.knowledge.dot, given.knowledge.dot)
        np.testing.assert_array_equal(found.knowledge.beside, given.knowledge.beside)
        assert [w.knowing for w in found.witnesses] == [w.knowing for w in given.witnesses]
        assert len(found.others) == len(given.others)
        proofs = (*found.witnesses, *found.others), (*given.witnesses, *given.others)
        for mine, theirs in zip(*proofs, strict=True):
            np.testing.assert_array_equal(mine.cells, theirs.cells)
            np.testing.assert_array_equal(mine.moves, theirs.moves)
    shutil.copy(path, tmp_path / "again.npz")
    kept.write(every, path)
    assert path.read_bytes() == (tmp_path / "again.npz").read_bytes()
