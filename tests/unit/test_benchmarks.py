"""The arithmetic of the benchmarks; nothing is measured here."""

import pytest

from benchmarks.figures import Sample, Target, interleaved, ratio, report, sample, shown


def test_the_first_measurement_is_left_out():
    assert sample([900, 10, 20, 60]).median == 20
    assert sample([900]).median == 900


def test_cases_take_turns():
    order = []

    def case(name: str, value: float):
        def take():
            order.append(name)
            return {"painted": value * len(order), "socket kB": 1}

        return take

    found = interleaved({"a": case("a", 1), "b": case("b", 10)}, rounds=3)
    assert order == ["a", "b", "a", "b", "a", "b"]
    assert found["a"]["painted"] == Sample((3, 5))
    assert found["b"]["painted"] == Sample((40, 60))
    assert found["b"]["socket kB"].unit == "kB"


@pytest.mark.parametrize(
    ("ours", "other", "bound", "value", "verdict"),
    [
        ((10, 20, 30), (10,), 2, 2, "met"),
        ((10, 21, 30), (10,), 2, 2.1, "MISSED"),
        ((0,), None, 0, 0, "met"),
        ((1,), None, 0, 1, "MISSED"),
    ],
)
def test_a_target_compares_medians(ours, other, bound, value, verdict):
    target = Target("T1", "words", bound, Sample(ours), other and Sample(other))
    assert (target.value, target.verdict) == (pytest.approx(value), verdict)


def test_what_was_not_measured_says_why():
    target = Target("T2", "words", 1, why="there is no map yet")
    assert target.value is None
    assert "not measured" in target.cells() and "there is no map yet" in target.cells()


def test_numbers_as_the_report_shows_them():
    assert [shown(n) for n in (0, 0.123, 9.87, 12.34, 12345.6)] == [
        "0",
        "0.12",
        "9.9",
        "12.3",
        "12,346",
    ]
    assert [ratio(r) for r in (0.02, 0.5, 2)] == ["1/50", "0.50 ×", "2.00 ×"]
    assert str(Sample((10, 20, 60))) == "20.0 ms (10.0–60.0, n=3)"
    assert str(Sample((7,), "files")) == "7 files (n=1)"


def test_the_report_counts_the_verdicts():
    targets = [Target("T1", "a", 1, Sample((2,)), Sample((1,))), Target("T2", "b", 1, why="no")]
    text = report(targets, {"something": Sample((5,))})
    assert text.endswith("1 MISSED, 1 not measured")
    assert "something" in text
