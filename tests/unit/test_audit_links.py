"""Two datasets that count the same persons: what one shows and the other hides, and what only both
together tell."""

from dataclasses import replace
from itertools import product

import numpy as np
import pandas as pd
import pytest

from indicators.catalog.definition import TOTAL
from indicators.catalog.meaning import Category, Dataset, Dimension, Measure, PeriodRule, SameCount
from indicators.protection.audit import auditor as audit
from indicators.protection.audit.model import Edition, Marks
from tests.unit.audit_tables import PERIOD, Shape, add_up, intervals, town

K = 3
RULE = audit.Rule(k=K, zeros_shown=False, insider="off", open_forbids=False)
KREIS, A, B = "99102", "99102000", "99102001"
REGISTER, REGIONS = town(2)
OFFICE = 1


def dimension(id: str, *categories: str, **more) -> Dimension:
    found = [Category(id=category, name=category) for category in categories]
    return Dimension(id=id, name=id, categories=found, **more)


DIMENSIONS = {
    d.id: d
    for d in (
        dimension("sex", "female", "male"),
        dimension("side", "left", "right"),
        dimension("form", "a", "b"),
        dimension("age", "young", "old"),
        dimension("year", "y1", "y2", "y3", groups={"age": {"young": ["y1", "y2"], "old": ["y3"]}}),
    )
}


def dataset(id: str, dimensions: list[str], *same: SameCount) -> Dataset:
    return Dataset(
        id=id,
        name=id.capitalize(),
        publisher="",
        place="schulort",
        period=PeriodRule(type="calendar_year"),
        dimensions=dimensions,
        measures=[Measure(id="n", name="Kinder", same_as=list(same))],
        crosses=[dimensions],
    )


def same(**more) -> SameCount:
    return SameCount(dataset="one", measure="n", **more)


def frame(table: Dataset, cells: dict[tuple, int | None], source: int = 0) -> pd.DataFrame:
    """(region, category …) → count; None is hidden."""
    return pd.DataFrame(
        [
            {
                "region": region,
                "period": PERIOD,
                "start": pd.Timestamp(2023, 1, 1),
                **dict(zip(table.dimensions, digits, strict=True)),
                "n": np.nan if value is None else float(value),
                "n_status": "suppressed" if value is None else ("ok" if value else "zero"),
                "n_flags": "",
                "n_source": source,
            }
            for (region, *digits), value in cells.items()
        ]
    )


def run(*tables: tuple[Dataset, dict], official: str = "", rules=RULE) -> audit.Report:
    frames = {d.id: frame(d, cells, OFFICE if d.id == official else 0) for d, cells in tables}
    return audit.audit(
        [Edition("heute", frames)],
        {d.id: d for d, _ in tables},
        DIMENSIONS,
        REGISTER,
        rules=rules,
        public=frozenset({OFFICE}),
        marks=Marks(suppressed_least=0),
    )


def spans(report, id: str) -> dict[tuple, tuple[float, float]]:
    rows = report.intervals[report.intervals["dataset"] == id]
    return {
        (row.region, *(category for _, category in row.categories)): (row.lower, row.upper)
        for row in rows.itertuples()
    }


ONE = dataset("one", ["sex"])
HIDDEN = {(A, TOTAL): 20, (A, "female"): None, (A, "male"): None}
SHOWN = {(A, TOTAL): 20, (A, "female"): 18}


def test_what_one_table_hides_the_other_must_not_show():
    two = dataset("two", ["sex"], same())
    for other in (two, dataset("two", ["sex"])):
        report = run((ONE, HIDDEN), (other, SHOWN))
        assert report.verdict.ok == (other is not two)
    report = run((ONE, HIDDEN), (two, SHOWN))
    assert spans(report, "one") == {(A, "female"): (18, 18), (A, "male"): (2, 2)}
    assert "dieselben Personen in „One“" in report.text()


def test_what_another_dataset_divides_by_is_a_total_here():
    two = dataset("two", ["sex", "form"], same())
    cells = {(A, TOTAL, TOTAL): 20, (A, "female", TOTAL): 18, (A, "female", "a"): 9}
    assert spans(run((ONE, HIDDEN), (two, cells)), "one")[A, "male"] == (2, 2)
    del cells[A, "female", TOTAL]
    low, high = spans(run((ONE, HIDDEN), (two, cells)), "one")[A, "female"]
    assert (low, high) == (9, 20)


def test_a_restriction_of_the_other_table_holds_only_there():
    """Table two counts those of form a."""
    one = dataset("one", ["sex", "form"])
    cells = {(A, s, f): None for s, f in product(("female", "male", TOTAL), ("a", "b"))}
    cells |= {(A, TOTAL, TOTAL): 40, (A, "female", TOTAL): 25, (A, "male", TOTAL): 15}
    two = dataset("two", ["sex"], same(where={"form": "a"}))
    found = spans(run((one, cells), (two, SHOWN)), "one")
    assert found[A, "female", "a"] == (18, 18) and found[A, "female", "b"] == (7, 7)
    assert found[A, "male", "a"] == (2, 2)


def test_names_may_differ_and_years_make_groups():
    one = dataset("one", ["age"])
    cells = {(A, TOTAL): 30, (A, "young"): None, (A, "old"): None}
    two = dataset("two", ["year"], same(dimensions={"year": "age"}))
    report = run((one, cells), (two, {(A, TOTAL): 30, (A, "y1+y2"): 28}))
    assert spans(report, "one") == {(A, "young"): (28, 28), (A, "old"): (2, 2)}
    # a group of one year is that year
    report = run((one, cells), (two, {(A, "y3"): 2}))
    assert spans(report, "one")[A, "old"] == (2, 2)


def test_an_equality_of_some_categories_is_none_of_the_total():
    two = dataset("two", ["sex"], same(only={"sex": ["female"]}))
    report = run((ONE, HIDDEN | {(A, TOTAL): None}), (two, {(A, TOTAL): 20, (A, "female"): 18}))
    assert spans(report, "one")[A, "female"] == (18, 18)
    assert spans(report, "one")[A, TOTAL] == (18, np.inf)


def test_a_cell_the_other_table_lacks_belongs_to_its_sums():
    """One shows both sexes of B and of the Kreis, two those of A together with others."""
    two = dataset("two", ["sex", "form"], same())
    one = {(KREIS, TOTAL): 40, (A, TOTAL): 20, (B, TOTAL): 20, (KREIS, "female"): 30}
    cells = {(r, s, TOTAL): None for r, s in product((A, B), ("female", "male"))}
    cells |= {(A, TOTAL, TOTAL): 20, (B, TOTAL, TOTAL): 20, (A, "female", "a"): 9}
    low, high = spans(run((ONE, one), (two, cells)), "two")[A, "female", TOTAL]
    assert (low, high) == (10, 20)


def test_deliveries_that_show_different_numbers_are_not_the_same_there():
    two = dataset("two", ["sex"], same())
    other = SHOWN | {(A, TOTAL): 21} | {(B, TOTAL): 20, (B, "female"): 18}
    one = HIDDEN | {(B, *key[1:]): value for key, value in HIDDEN.items()}
    report = run((ONE, one), (two, other))
    found = spans(report, "one")
    assert found[A, "female"] == (0, 20) and found[B, "female"] == (18, 18)
    assert any("in 1 Gebieten und Zeiträumen verschiedene Zahlen" in n for n in report.notes)


def test_tables_that_fit_no_count_together_are_not_the_same():
    """Nothing that both show differs, but there can be no 22 girls of 20 children."""
    two = dataset("two", ["sex"], same())
    report = run((ONE, HIDDEN), (two, {(A, "female"): 22}))
    assert report.verdict.ok and spans(report, "one")[A, "female"] == (0, 20)
    assert any("passen zwei Datensätze" in note for note in report.notes)


def test_what_an_office_says_of_the_same_persons_was_known():
    two = dataset("two", ["sex"], same())
    report = run((two, HIDDEN), (ONE, SHOWN), official="one")
    assert spans(report, "two") == {(A, "female"): (18, 18), (A, "male"): (2, 2)}
    assert report.verdict.ok and report.summary["excused"].sum() == 1


def test_who_knows_a_count_learns_no_other_of_the_same_persons():
    two = dataset("two", ["sex"], same())
    report = run((ONE, HIDDEN), (two, HIDDEN), rules=replace(RULE, insider="report"))
    assert not [f for f in report.findings if f.kind == "insider"]
    # of three children, one who is the only girl knows of the two boys
    few = HIDDEN | {(A, TOTAL): 3}
    report = run((ONE, few), (two, few), rules=replace(RULE, insider="report"))
    assert {f.cell.categories for f in report.findings if f.kind == "insider"} == {
        (("sex", "female"),),
        (("sex", "male"),),
    }


def test_each_dataset_has_its_own_report_and_rule():
    two = dataset("two", ["sex"], same())
    cells = HIDDEN | {(A, "female"): 16}
    tables = [(ONE, HIDDEN), (two, {**cells, (A, "male"): None})]
    assert run(*tables).verdict.ok
    report = run(*tables, rules={"one": RULE, "two": audit.Rule(k=5, insider="off")})
    assert report.of(["one"]).verdict.ok and not report.of(["two"]).verdict.ok
    assert set(report.of(["one"]).intervals["dataset"]) == {"one"}
    assert {f.cell.dataset for f in report.of(["two"]).findings} == {"two"}
    assert report.of(["two"]).summary["hidden"].sum() == 1


def test_a_part_may_be_what_another_dataset_counts_as_a_whole():
    """Children with need in two are the children of one; `by_whole` makes the need a category."""
    measures = [
        Measure(id="all", name="Alle"),
        Measure(id="n", name="Bedarf", part_of="all", same_as=[same()]),
    ]
    two = dataset("two", ["sex"]).model_copy(update={"measures": measures})
    cells = frame(two, SHOWN)
    whole = {f"all{end}": cells[f"n{end}"] for end in ("_status", "_flags", "_source")}
    frames = {"two": cells.assign(all=cells["n"] + 20, **whole), "one": frame(ONE, HIDDEN)}
    edition, datasets, dimensions = audit.by_whole(
        Edition("heute", frames), {"one": ONE, "two": two}, DIMENSIONS
    )
    report = audit.audit([edition], datasets, dimensions, REGISTER, rules=RULE)
    assert spans(report, "one.n") == {(A, "female"): (18, 18), (A, "male"): (2, 2)}
    # and the other way round: one's whole is two's part
    back = ONE.model_copy(
        update={
            "measures": [Measure(id="n", name="K", same_as=[SameCount(dataset="two", measure="n")])]
        }
    )
    plain = two.model_copy(
        update={"measures": [measures[0], measures[1].model_copy(update={"same_as": []})]}
    )
    edition, datasets, dimensions = audit.by_whole(
        Edition("heute", frames), {"one": back, "two": plain}, DIMENSIONS
    )
    report = audit.audit([edition], datasets, dimensions, REGISTER, rules=RULE)
    assert spans(report, "one.n") == {(A, "female"): (18, 18), (A, "male"): (2, 2)}


def of_both(shape: Shape, numbers, values) -> tuple[list[tuple[Dataset, dict]], set]:
    """The crosses of a table as two datasets that hide cells of their own, and what both hide."""
    tables, hidden = [], set(values)
    for number, cross in enumerate(shape.crosses):
        links = [SameCount(dataset="t0", measure="n")] if number else []
        own = dataset(f"t{number}", [f"d{i}" for i in cross], *links)
        cells = {}
        for cell, value in values.items():
            if any(d is not None and i not in cross for i, d in enumerate(cell[1:])):
                continue
            names = [TOTAL if cell[1 + i] is None else f"c{i}_{cell[1 + i]}" for i in cross]
            dot = value < K or numbers.random() < 0.25
            dot &= numbers.random() < 0.9
            cells[cell[0], *names] = None if dot else value
            if not dot:
                hidden.discard(cell)
        tables.append((own, cells))
    return tables, hidden


@pytest.mark.slow  # every table of whole numbers that fits is tried
@pytest.mark.parametrize("crosses", [((0, 1), (0, 2)), ((0, 1), (1,)), ((0,), (0, 1))])
def test_intervals_of_two_tables_are_those_of_brute_force(crosses):
    shape = Shape((2,) * (max(max(c) for c in crosses) + 1), crosses, REGISTER, REGIONS)
    compared = together = 0
    for seed in range(25):
        numbers = np.random.default_rng(seed)
        values = add_up(shape, numbers.integers(0, 4, len(shape.leaves)).tolist())
        tables, hidden = of_both(shape, numbers, values)
        expected = intervals(shape, values, hidden, least=0)
        if expected is None:
            continue
        report = audit.audit(
            [Edition("heute", {d.id: frame(d, cells) for d, cells in tables})],
            {d.id: d for d, _ in tables},
            shape.dimensions,
            REGISTER,
            rules=RULE,
            marks=Marks(suppressed_least=0),
        )
        assert not report.summary["contradiction"].any()
        for d, cells in tables:
            found = spans(report, d.id)
            for cell, value in cells.items():
                if value is not None:
                    continue
                digits = dict(zip(d.dimensions, cell[1:], strict=True))
                name = (
                    cell[0],
                    *(digit_of(digits.get(f"d{i}")) for i in range(len(shape.categories))),
                )
                truth = values[name]
                assert found[cell] == expected.get(name, (truth, truth)), (seed, d.id, cell)
                compared += 1
                together += name not in hidden
    assert compared > 50 and together > 5


def digit_of(category: str | None) -> int | None:
    return None if category in (None, TOTAL) else int(category.rpartition("_")[2])
