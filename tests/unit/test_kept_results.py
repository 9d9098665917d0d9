"""What is kept between clicks: made once for all readers, asked again only where it failed."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from pages.shared.kept import kept


def test_a_result_is_made_once_for_its_arguments():
    made = []

    @kept(10)
    def double(number: int) -> int:
        made.append(number)
        return 2 * number

    assert [double(1), double(2), double(1)] == [2, 4, 2]
    assert made == [1, 2]


def test_nothing_is_a_result_as_well():
    made = []

    @kept(10)
    def nothing(number: int) -> None:
        made.append(number)

    assert nothing(1) is nothing(1) is None
    assert made == [1]


def test_of_more_than_it_holds_the_last_ones_stay():
    made = []

    @kept(2)
    def same(number: int) -> int:
        made.append(number)
        return number

    for number in (1, 2, 3, 2, 3, 1):
        same(number)
    assert made == [1, 2, 3, 1]


def test_who_asks_for_what_is_being_made_waits_for_it():
    begun, go_on, made = Event(), Event(), []

    @kept(10)
    def slow(number: int) -> object:
        made.append(number)
        begun.set()
        assert go_on.wait(10)
        return object()

    with ThreadPoolExecutor(2) as readers:
        first = readers.submit(slow, 1)
        assert begun.wait(10)
        second = readers.submit(slow, 1)
        go_on.set()
        assert first.result(10) is second.result(10)
    assert made == [1]


def test_what_failed_is_asked_again():
    answers = [ValueError("not yet"), 7]

    @kept(10)
    def ask(number: int) -> int:
        found = answers.pop(0)
        if isinstance(found, Exception):
            raise found
        return found

    with pytest.raises(ValueError, match="not yet"):
        ask(1)
    assert ask(1) == 7
