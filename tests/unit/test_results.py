"""What a build takes over from steps of those before: the same, and only what this office made."""

import pickle

import pandas as pd
import pytest

from indicators.publishing import results
from indicators.publishing.processes import Pool
from indicators.publishing.results import Results

KEY = b"k" * 32
NUMBERS = pd.DataFrame({"region": ["09463", "09473"], "value": [12.0, float("nan")]})


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "office" / results.FOLDER


def test_what_is_made_of_the_same_is_taken_over(folder):
    one = Results(folder, KEY)
    digest = one.digest("read", ("a.csv", 1))
    assert one.read(digest) is None
    one.keep(digest, pickle.dumps(NUMBERS))
    (again,) = Results(folder, KEY).read(digest)
    pd.testing.assert_frame_equal(again, NUMBERS)


def test_other_things_have_other_names():
    of = Results().digest
    assert of("read", "ab", "c") != of("read", "a", "bc")
    assert of("read", ("a.csv", 1)) != of("read", ("a.csv", 2))
    assert of("read", "a") == of("read", "a")


def test_other_code_has_other_names(monkeypatch):
    before = Results().digest("read")
    monkeypatch.setattr(results, "_code", lambda: "another version")
    assert Results().digest("read") != before


@pytest.mark.parametrize("damage", ["cut", "changed", "renamed", "of another office", "empty"])
def test_what_is_not_as_this_office_left_it_is_computed(folder, damage):
    one = Results(folder, KEY)
    digest, other = one.digest("a"), one.digest("b")
    one.keep(digest, pickle.dumps(NUMBERS))
    content = (folder / digest).read_bytes()
    asked, key = digest, KEY
    if damage == "cut":
        (folder / digest).write_bytes(content[:-1])
    elif damage == "changed":
        (folder / digest).write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    elif damage == "renamed":
        (folder / digest).rename(folder / other)
        asked = other
    elif damage == "of another office":
        key = b"x" * 32
    else:
        (folder / digest).write_bytes(b"")
    assert Results(folder, key).read(asked) is None


def test_only_the_office_can_read_them(folder):
    one = Results(folder, KEY)
    one.keep(one.digest("a"), pickle.dumps(NUMBERS))
    (path,) = folder.iterdir()
    assert path.stat().st_mode & 0o077 == 0
    assert folder.stat().st_mode & 0o077 == 0


def test_a_build_anew_takes_nothing_and_leaves_all_for_the_next(folder):
    one = Results(folder, KEY)
    one.keep(one.digest("a"), pickle.dumps(1))
    anew = Results(folder, KEY, anew=True)
    assert anew.read(anew.digest("a")) is None
    anew.keep(anew.digest("a"), pickle.dumps(2))
    assert Results(folder, KEY).read(one.digest("a")) == (2,)


def test_what_no_build_uses_any_more_is_removed(folder):
    one = Results(folder, KEY)
    for name in ("a", "b", "c"):
        one.keep(one.digest(name), pickle.dumps(name))
    next_one = Results(folder, KEY)
    assert next_one.read(next_one.digest("a")) == ("a",)
    next_one.keep(next_one.digest("d"), pickle.dumps("d"))
    next_one.forget_others()
    assert {path.name for path in folder.iterdir()} == {one.digest("a"), one.digest("d")}


def test_where_nothing_can_be_written_the_build_goes_on(tmp_path):
    (tmp_path / results.FOLDER).write_text("a file, where a folder belongs")
    one = Results(tmp_path / results.FOLDER, KEY)
    one.keep(one.digest("a"), pickle.dumps(1))
    assert one.read(one.digest("a")) is None


def test_the_pool_computes_only_what_is_not_known(folder):
    done = []

    def double(common: str, number: int) -> int:
        done.append(number)
        return 2 * number

    def asked(*numbers: int) -> list[int]:
        kept = Results(folder, KEY)
        digests = [kept.digest("double", number) for number in numbers]
        calls = [(number,) for number in numbers]
        with Pool(kept) as pool:
            return list(pool.each(double, calls, ("",), rows=1, digests=digests))

    assert asked(1, 2, 3) == [2, 4, 6]
    assert asked(3, 4, 1) == [6, 8, 2]
    assert done == [1, 2, 3, 4]


def test_what_does_not_last_is_computed_again(folder):
    done = []

    def double(number: int) -> int:
        done.append(number)
        return 2 * number

    for _ in range(2):
        kept = Results(folder, KEY)
        digests = [kept.digest("double", number) for number in (1, 2)]
        with Pool(kept) as pool:
            found = pool.each(
                double, [(1,), (2,)], rows=1, digests=digests, lasting=lambda result: result > 2
            )
            assert list(found) == [2, 4]
    assert done == [1, 2, 1]
