"""Attacks on what is published, each as small as it can be, and the report in words."""

from dataclasses import replace

import pandas as pd
import pytest

from indicators.catalog.definition import TOTAL
from indicators.export import tables
from indicators.protection.audit import auditor as audit
from indicators.protection.audit import exports
from indicators.protection.audit.model import Cell, Edition, Marks, Published, rate, rounded
from tests.unit.audit_tables import PERIOD, Shape, add_up, town

SEX = Shape((2,), ((0,),), *town(3))
QUIET = audit.Rule(k=3, open_forbids=False, insider="off")


def run(shape, *editions, rules=QUIET, **keywords):
    return audit.audit(
        list(editions),
        {"tabelle": shape.dataset},
        shape.dimensions,
        shape.register,
        rules=rules,
        **keywords,
    )


def interval(report, shape, cell, period=PERIOD) -> tuple[float, float]:
    region, categories = shape.name(cell)
    rows = report.intervals
    row = rows[
        (rows["region"] == region) & (rows["categories"] == categories) & (rows["period"] == period)
    ].iloc[0]
    return row["lower"], row["upper"]


def cell(shape, place, period=PERIOD) -> Cell:
    region, categories = shape.name(place)
    return Cell("tabelle", "n", region, period, categories)


A, B, C, KREIS = "99102000", "99102001", "99102002", "99102"
# Gemeinde × (all, group 0, group 1): A has 1 + 9, B 5 + 5, C 8 + 7
VALUES = add_up(SEX, [1, 9, 5, 5, 8, 7])
SAFE = {(r, d) for r in (A, B) for d in (0, 1)}


def test_four_dots_in_two_lines_are_safe_and_three_are_not():
    assert run(SEX, SEX.edition(VALUES, SAFE)).verdict.ok
    report = run(SEX, SEX.edition(VALUES, SAFE - {(B, 1)}))
    assert not report.verdict.ok
    assert interval(report, SEX, (A, 0)) == (1, 1)
    text = report.text()
    assert "nicht veröffentlichen" in text
    assert "Gemeinde 0, 2023, Gruppe 0.0“: genau 1. Folgt aus:" in text


def test_a_joint_region_minus_the_town_is_its_other_member():
    shape = Shape((), (), *town(3, (0, 1)))
    values = add_up(shape, [2, 40, 30])
    hidden = {(A,), (C,)}
    alone = {k: v for k, v in values.items() if not k[0].startswith("verbund")}
    assert run(shape, shape.edition(alone, hidden)).verdict.ok
    report = run(shape, shape.edition(values, hidden))
    assert interval(report, shape, (A,)) == (2, 2)
    assert not report.verdict.ok
    assert "Mitglieder von Verbund 0" in report.text()


def test_two_editions_with_different_dots_are_unsafe_together():
    other = {(r, d) for r in (A, C) for d in (0, 1)}
    first, second = SEX.edition(VALUES, SAFE, "alt"), SEX.edition(VALUES, other, "neu")
    assert run(SEX, first).verdict.ok and run(SEX, second).verdict.ok
    report = run(SEX, first, second)
    assert interval(report, SEX, (A, 0)) == (1, 1)
    assert not report.verdict.ok


def test_a_dot_comes_too_late_where_an_earlier_edition_shows_the_value():
    report = run(SEX, SEX.edition(VALUES, set(), "alt"), SEX.edition(VALUES, SAFE, "neu"))
    assert interval(report, SEX, (A, 0)) == (1, 1)
    assert any("früherer Datenstand" in f.words for f in report.findings)


def test_a_revised_region_of_an_earlier_edition_is_another_table():
    revised = add_up(SEX, [2, 11, 7, 5, 8, 7])
    report = run(SEX, SEX.edition(VALUES, SAFE, "alt"), SEX.edition(revised, SAFE, "neu"))
    assert report.verdict.ok and not report.summary["contradiction"].any()
    assert set(report.intervals["edition"]) == {"", "alt"}


def test_a_rate_with_one_decimal_gives_its_numerator_away():
    edition = SEX.edition(VALUES, SAFE)
    above, below = cell(SEX, (A, 0)), cell(SEX, (A, None))
    figures = rate([(above, 1)], [(below, 1)], 10.0, 1, "Anteil 10,0 %")
    report = run(SEX, edition, published=figures)
    assert interval(report, SEX, (A, 0)) == (1, 1)
    assert "Anteil 10,0 %" in report.text()
    # a rate without decimals of a large group does not
    large = add_up(SEX, [301, 699, 500, 500, 800, 700])
    figures = rate([(above, 1)], [(below, 1)], 30, 0, "Anteil 30 %")
    report = run(SEX, SEX.edition(large, SAFE), published=figures)
    assert interval(report, SEX, (A, 0)) == (295, 305)


def test_a_rate_of_two_hidden_counts_bounds_both():
    edition = SEX.edition(VALUES, SAFE)
    figures = rate(
        [(cell(SEX, (A, 0)), 1)], [(cell(SEX, (B, 0)), 1)], 20.0, 1, "1 je 5", factor=100
    )
    report = run(SEX, edition, published=figures)
    # A + B = 6 and A / B = 20 %
    assert interval(report, SEX, (A, 0)) == (1, 1)
    assert interval(report, SEX, (B, 0)) == (5, 5)


def years(shape, tables_, hidden) -> Edition:
    frames = []
    for period, values in tables_.items():
        frame = shape.edition(values, hidden.get(period, set())).frames["tabelle"]
        frames.append(frame.assign(period=period, start=pd.Timestamp(int(period), 1, 1)))
    return Edition("heute", {"tabelle": pd.concat(frames, ignore_index=True)})


def test_a_mean_of_three_years_gives_the_hidden_year_away():
    shape = Shape((), (), *town(2))
    per_year = {
        "2021": add_up(shape, [2, 40]),
        "2022": add_up(shape, [5, 41]),
        "2023": add_up(shape, [4, 44]),
    }
    own, other = "99102000", "99102001"
    edition = years(shape, per_year, {"2021": {(own,), (other,), (KREIS,)}})
    assert run(shape, edition).verdict.ok
    low, high = rounded(11 / 3, 1)
    terms = tuple((Cell("tabelle", "n", own, year), 1 / 3) for year in per_year)
    mean = Published(terms, low, high, "Mittel 2021 bis 2023: 3,7")
    report = run(shape, edition, published=[mean])
    assert interval(report, shape, (own,), "2021") == (2, 2)
    assert not report.verdict.ok and "Mittel 2021 bis 2023" in report.text()


def test_a_sum_over_years_joins_their_tables():
    shape = Shape((), (), *town(2))
    per_year = {"2022": add_up(shape, [2, 40]), "2023": add_up(shape, [1, 44])}
    own, other = "99102000", "99102001"
    edition = years(shape, per_year, {y: {(own,), (other,), (KREIS,)} for y in per_year})
    assert run(shape, edition).verdict.ok
    terms = tuple((Cell("tabelle", "n", own, year), 1) for year in per_year)
    report = run(shape, edition, published=[Published(terms, 3, 3, "Summe 2022 und 2023: 3")])
    assert interval(report, shape, (own,), "2022") == (1, 2)
    assert report.summary["narrow"].sum() == 2


def test_what_nobody_lists_is_a_remainder():
    shape = Shape((3,), ((0,),), *town(1))
    values = add_up(shape, [20, 30, 2])
    values = {c: v for c, v in values.items() if c[0] != KREIS and c[1] != 2}
    report = run(shape, shape.edition(values, set()), rules=replace(QUIET, open_forbids=True))
    assert report.verdict.reasons == (
        "1 kleiner Wert ist nicht gezeigt, aber als Rest berechenbar",
    )
    assert report.findings[0].kind == "rest" and report.findings[0].lower == 2


def test_a_zero_that_is_shown_tells_that_a_dot_is_at_least_one():
    """Two dots that add up to 2: 1 and 1 if zeros are shown, else 0 to 2 each."""
    values = add_up(SEX, [1, 9, 1, 9, 8, 7])
    edition = SEX.edition(values, SAFE)
    report = run(SEX, edition)
    assert interval(report, SEX, (A, 0)) == (1, 1) and not report.verdict.ok
    hidden_zeros = replace(QUIET, zeros_shown=False)
    report = run(SEX, edition, rules=hidden_zeros)
    assert interval(report, SEX, (A, 0)) == (0, 2)
    assert report.summary["narrow"].sum() == 2


def test_one_who_knows_a_single_child_learns_another():
    """1 + 2 + 50 … with dots at 1 and 2 only beside a large one: knowing one gives no other."""
    shape = Shape((), (), *town(3, (0, 1)))
    values = add_up(shape, [1, 2, 60])
    hidden = {(A,), (B,)}
    rule = audit.Rule(k=2, open_forbids=False)
    report = run(shape, shape.edition(values, hidden), rules=rule)
    # the joint region shows 3: whoever is the one child knows the 2; only a 1 is small here
    assert report.verdict.ok
    report = run(shape, shape.edition(values, hidden), rules=replace(rule, k=3))
    assert not report.verdict.ok and report.summary["narrow"].sum() == 2
    assert [f for f in report.findings if f.kind == "insider" and f.forbids]


def test_a_dot_of_the_publisher_is_reported_and_forbids_only_if_asked():
    edition = SEX.edition(VALUES, {(A, 0)})
    frame = edition.frames["tabelle"]
    frame = frame.assign(n_status=frame["n_status"].replace("suppressed", "secret"))
    report = run(SEX, Edition("heute", {"tabelle": frame}))
    assert report.verdict.ok and report.summary["exact_small"].sum() == 1
    report = run(SEX, Edition("heute", {"tabelle": frame}), rules=replace(QUIET, own_forbids=True))
    assert not report.verdict.ok


def test_rounded_numbers_are_known_up_to_their_rounding():
    edition = SEX.edition(VALUES | {(A, None): 9}, {(A, 0), (B, 0), (KREIS, 0)})
    frame = edition.frames["tabelle"]
    rounded_ = (frame["region"] == A) & (frame["d0"] == TOTAL)
    frame = frame.assign(n_flags=frame["n_flags"].mask(rounded_, "rounded_3"))
    report = run(SEX, Edition("heute", {"tabelle": frame}))
    assert interval(report, SEX, (A, 0)) == (1, 1)  # 8 to 10 less 9, and at least 1
    assert not report.summary["contradiction"].any()


def test_sums_that_contradict_each_other_forbid():
    values = VALUES | {(KREIS, 0): 3}
    report = run(SEX, SEX.edition(values, {(A, 0), (B, 0)}))
    assert not report.verdict.ok
    assert report.summary["contradiction"].sum() > 0


def test_a_small_count_that_is_shown_is_open_also_where_sums_contradict():
    values = VALUES | {(KREIS, 0): 7}
    report = run(SEX, SEX.edition(values, {(B, 0)}), rules=replace(QUIET, open_forbids=True))
    assert report.summary["open"].sum() == 1 and not report.verdict.ok


def test_counts_that_protect_nobody_are_left_out():
    edition = SEX.edition(VALUES, {(A, 0)})
    assert run(SEX, edition, rules={"tabelle": None}).verdict.ok
    assert not run(SEX, edition, rules={"tabelle.n": QUIET}).verdict.ok


def test_a_mark_may_stand_for_zero():
    report = run(SEX, SEX.edition(VALUES, SAFE), marks=Marks(suppressed_least=0))
    assert interval(report, SEX, (A, 0))[0] == 0


# --- exports and the real release ---------------------------------------------------------------

HEAD = ["Schlüssel", "Gebiet", "Zeitraum", "Ausprägung", "Zähler", "Nenner", "Wert", "Bedeutung"]


def export(path, rows) -> None:
    lines = [";".join([*HEAD, "Hinweise"]), *(";".join([*row, ""]) for row in rows), "", "Fuß"]
    path.write_bytes("\r\n".join(lines).encode("utf-8-sig"))


@pytest.fixture(scope="module")
def shipped():
    from tests.unit import people

    return people.catalog()


def test_exports_that_show_what_each_other_hide(tmp_path, shipped):
    """The pupils without certificate of a town are hidden, the joint region's and the other
    member's are not."""

    def plain(terms):
        return len(terms) == 1 and terms[0].weight == 1 and not (terms[0].offset or terms[0].first)

    indicator = next(
        i
        for i in shipped.indicators.values()
        if i.unit == "%"
        and len(i.calculations) == 1
        and plain(i.calculations[0].numerator)
        and plain(i.calculations[0].denominator)
        and not any(isinstance(w, list) for t in i.calculations[0].terms for w in t.where.values())
    )
    register, _ = town(2, (0, 1))
    rows = [
        ["99102000", "A", "2023", "insgesamt", "", "", "", "geschützt"],
        ["99102001", "B", "2023", "insgesamt", "40", "400", "10,0", "Zahlenwert"],
    ]
    export(tmp_path / f"{indicator.id}_99102000.csv", rows)
    report = exports.audit_exports(tmp_path, shipped, register, rules=QUIET)
    hidden = int(report.summary["hidden"].sum())
    assert hidden and report.verdict.ok
    joint = ["verbund:v0", "beide", "2023", "insgesamt", "42", "500", "8,4", "Zahlenwert"]
    export(tmp_path / f"{indicator.id}_verbund-v0.csv", [joint])
    report = exports.audit_exports(tmp_path, shipped, register, rules=QUIET)
    found = report.intervals[report.intervals["region"] == "99102000"]
    assert 2 in set(found["lower"]) and found["exact"].any()
    assert not report.verdict.ok


def test_exports_as_the_application_writes_them(tmp_path, release, ask):
    queries = [
        "kind=table&indicator=studierende&region=09464&by=subject_group",
        "kind=table&indicator=abgaenger_ohne_abschluss_anteil&region=verbund:hof",
        "kind=profile&region=verbund:hof",
    ]
    for number, query in enumerate(queries):
        made = ask(query)
        name = f"{number}.csv" if "profile" in query else tables.file_name(made, "csv")
        (tmp_path / name).write_bytes(tables.to_csv(made))
    report = exports.audit_exports(tmp_path, release.catalog, release.regions)
    assert report.summary["shown"].sum() > 50
    assert not report.summary["contradiction"].any()


def test_small_counts_of_the_offices_are_open_to_whom_nothing_is_said_to_be_public(release):
    """An audit that is not told what is public counts exactly the small counts that are shown."""
    edition = audit.edition_of(release, ["leavers", "pupils", "migration"])
    report = audit.audit_catalog([edition], release.catalog, release.regions)
    assert not report.verdict.ok
    for row in (
        report.summary.groupby(["dataset", "measure"])["open"].sum().reset_index().itertuples()
    ):
        frame = edition.frames[row.dataset]
        frame = frame[frame[f"{row.measure}_source"] >= 0]
        values = frame[row.measure]
        exact = ~frame[f"{row.measure}_flags"].str.contains("rounded")
        assert row.open == int((values.between(1, 2) & exact).sum()), row
