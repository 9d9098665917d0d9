"""What the build publishes of a town's own counts, attacked: every test works out what a reader
could work out, without the equations of the engine."""

import re
import shutil
from contextlib import suppress
from dataclasses import replace
from itertools import product

import duckdb
import numpy as np
import pandas as pd
import pytest

from indicators import folders as places
from indicators import view as views
from indicators.answers.answering import answer
from indicators.catalog.definition import TOTAL
from indicators.errors import BuildError, DefinitionError, NotPublishedError, ViewError
from indicators.export import tables
from indicators.folders import Folders
from indicators.publishing import auditing, history, programme, proofs, protecting, publish
from indicators.publishing.report import Report
from indicators.release import publication, releases
from tests.unit import protected_town as town
from tests.unit.protected_town import (
    CITY,
    COUNTY,
    JOINT,
    NUMBERS,
    PARTS,
    Count,
    Reader,
    counts,
    one_unknown,
    protect,
    rows_of,
    seen,
    truth,
)

pytestmark = pytest.mark.slow  # whole towns are protected, and attacked with all sums

K = 3
YEAR = "2023"


def protected(given, text: str = "", *indicators: str, **more):
    catalog = town.catalog(*indicators, text=text)
    return seen(protect(catalog, rows_of(catalog, {YEAR: given}), **more))


def big(**small_ones) -> dict:
    """Twenty children in every smallest group, five with need; some changed: place_form_side."""
    found = {key: Count(20, 5) for key in counts(0)}
    names = {"c": COUNTY, **{f"p{i}": part for i, part in enumerate(PARTS, 1)}}
    for name, count in small_ones.items():
        place, form, side = name.split("_")
        side = {"l": "left", "r": "right"}[side]
        found[names[place], f"form_{form}", side] = count
    return found


# --- one table ------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(2))
def test_no_small_count_can_be_worked_out(seed):
    """Attacks 1, 2 and 4: subtraction, and all sums of all regions and divisions at once."""
    given = counts(seed)
    shown = protected(given)
    true = {cell: truth(given, cell) for cell in shown}
    assert all(value in (None, true[cell]) for cell, value in shown.items())
    small = [c for c in shown if 0 < true[c] < K and c[3] != "days"]
    assert len(small) > 20 and all(shown[cell] is None for cell in small)
    assert not one_unknown(shown)
    reader = Reader(shown)
    assert not reader.disclosed(K) and not reader.rests(K)


def test_a_minimum_of_ten_keeps_every_interval_open_up_to_ten():
    shown = protected(counts(7, size=40), town.dataset(rule='profile = "small_areas"'))
    assert not [v for c, v in shown.items() if c[3] != "days" and v and v < 10]
    assert not Reader(shown).disclosed(10)


def test_shown_zeros_make_a_dot_at_least_one_and_are_reckoned_with():
    given = counts(3)
    shown = protected(given, town.dataset(rule='zeros = "shown"\ngroup = 0'))
    zeros = [c for c in shown if truth(given, c) == 0]
    assert len(zeros) > 10 and all(shown[cell] == 0 for cell in zeros)
    assert not Reader(shown, lowest=1).disclosed(K)


def test_the_joint_region_less_the_town_tells_nothing_of_the_county():
    """Attack 5: two children of the county; all Stadtteile are far from small."""
    given = big(c_a_l=Count(2, 0), c_b_r=Count(17, 1))
    shown = protected(given)
    for cell in ((COUNTY, "form_a", "left", "kids"), (COUNTY, "form_b", "right", "needs")):
        assert shown[cell] is None
        joint, city = (shown[(region, *cell[1:])] for region in (JOINT, CITY))
        assert joint is None or city is None
    assert not Reader(shown).disclosed(K)


def test_who_is_not_among_the_needy_is_nobody_below_the_minimum():
    """Attack 7: of 20 children 18 have need; what is left of the whole stands nowhere."""
    given = big(p1_a_l=Count(20, 18), p2_b_r=Count(20, 19), c_c_l=Count(20, 18))
    shown = protected(given)
    assert not Reader(shown).rests(K)
    for place, form, side in ((PARTS[0], "form_a", "left"), (COUNTY, "form_c", "left")):
        pair = [shown[place, form, side, measure] for measure in ("kids", "needs")]
        assert None in pair


def test_days_are_hidden_with_the_children_they_belong_to():
    """37 days a child: a sum of days that is shown tells how many they are."""
    given = counts(4)
    shown = protected(given)
    days = {c: v for c, v in shown.items() if c[3] == "days"}
    assert len(days) > 50
    for cell, value in days.items():
        children = shown[(*cell[:3], "needs")]
        assert (value is None) == (children is None)
    told = {cell: value / 37 for cell, value in one_unknown(days).items()}
    assert not told


def test_what_an_indicator_sums_up_is_published_and_gives_no_part_away():
    """Forms a and b together, and with them form c as what is left of all."""
    term = '{ dataset = "kids", measure = "needs", where = { form = ["form_a", "form_b"] } }'
    given = big(p1_c_l=Count(20, 1), p1_c_r=Count(20, 1), c_a_l=Count(9, 2), c_b_l=Count(9, 1))
    shown = protected(given, "", town.indicator("ab", term, more=town.BY_SIDE))
    sums = [cell for cell in shown if "+" in cell[1]]
    assert {cell[0] for cell in sums} >= {*PARTS, CITY, COUNTY, JOINT}
    assert any(shown[cell] is not None for cell in sums)
    reader = Reader(shown)
    assert not reader.disclosed(K) and not reader.rests(K) and not one_unknown(shown)


def test_a_small_group_is_not_shown_to_be_all_of_one_kind():
    """Attack 15: seven children, all with the left side; the zero beside them is no zero then."""
    given = big(p1_a_l=Count(7, 3), p1_a_r=Count(0))
    shown = protected(given)
    at = {side: (PARTS[0], "form_a", side, "kids") for side in ("left", "right", TOTAL)}
    assert shown[at["right"]] is None
    assert Reader(shown).end(at["right"], -1) >= 1


def test_a_small_group_of_a_dataset_with_one_place_and_one_year_is_not_shown_either():
    """Attack 15 on the first delivery of a small town: nobody else is there to have the category,
    so the zero passes for one that everybody knows."""
    given = {
        (COUNTY, form, side): Count(0 if side == "right" else 8, 0)
        for form in town.FORMS
        for side in town.SIDES
    }
    shown = protected(given)
    assert not any(
        shown[COUNTY, form, "right", "kids"] == 0 and shown[COUNTY, form, TOTAL, "kids"] == 8
        for form in town.FORMS
    )


def test_restrictions_leave_rows_out_and_what_indicators_sum_up_stays():
    more = '[[dataset.restrictions]]\ndimensions = ["form"]\nat = ["stadtteil"]\n'
    term = '{ dataset = "kids", measure = "kids", where = { form = ["form_a", "form_b"] } }'
    shown = protected(counts(5), town.dataset(more=more), town.indicator("ab", term))
    of_parts = {cell for cell in shown if cell[0] in PARTS}
    assert {cell[1] for cell in of_parts} == {TOTAL, "form_a+form_b"}
    assert {cell[1] for cell in shown if cell[0] == CITY} == {TOTAL, *town.FORMS, "form_a+form_b"}
    reader = Reader(shown)
    assert not reader.disclosed(K) and not reader.rests(K)


# --- official figures -----------------------------------------------------------------------------


def with_office(given, catalog):
    """The rows, those of county and town from the Land (source 1), the Stadtteile the town's."""
    rows = rows_of(catalog, {YEAR: given})
    official = rows["region"].isin([COUNTY, CITY])
    return rows.assign(source=np.where(official, 1, 0), flags=""), official


@pytest.mark.parametrize("seed", [1, 2])
def test_official_figures_stay_as_they_are_and_help_nobody(seed):
    """The Land publishes county and town, children of the county below the minimum too."""
    last = {key: Count(20, 5) for key in counts(0) if key[0] == PARTS[3]}
    given = counts(seed) | last
    catalog = town.catalog()
    rows, official = with_office(given, catalog)
    found = protect(catalog, rows, public={1})
    before = rows[official].sort_index(axis=1)
    after = found.rows.loc[before.index].sort_index(axis=1)
    pd.testing.assert_frame_equal(after, before, check_dtype=False)
    shown = seen(found)
    assert any(v and v < K for c, v in shown.items() if c[0] == COUNTY)
    assert not [c for c, v in shown.items() if c[0] in PARTS and c[3] != "days" and v and v < K]
    of_town = [c for c, v in shown.items() if v is None and c[0] in PARTS and c[3] != "days"]
    assert len(of_town) > 20
    assert not Reader(shown).disclosed(K, of_town)
    assert not [cell for cell in one_unknown(shown) if cell[0] in PARTS]


def test_a_small_official_figure_does_not_stop_the_build():
    """The Land shows two children of the town; nothing can hide that its Stadtteile have fewer."""
    given = big(**{f"p{i}_a_l": Count(0) for i in (1, 2, 3, 4)}) | {
        (PARTS[0], "form_a", "left"): Count(1),
        (PARTS[1], "form_a", "left"): Count(1),
    }
    catalog = town.catalog()
    rows, _ = with_office(given, catalog)
    shown = seen(protect(catalog, rows, public={1}))
    assert shown[CITY, "form_a", "left", "kids"] == 2
    assert shown[PARTS[0], "form_a", "left", "kids"] is None


def test_a_dataset_without_own_figures_is_left_alone():
    catalog = town.catalog()
    rows = rows_of(catalog, {YEAR: counts(2)})
    found = protect(catalog, rows, public={0})
    assert found.rule is None and found.sums.empty
    pd.testing.assert_frame_equal(found.rows, rows)


# --- two tables of the same children --------------------------------------------------------------


def both_tables(given, link: str, form: str = TOTAL, public: bool = False):
    """What both tables show of the children: the second one counts those of a form by hand. The
    cells of the first; a number where one of them shows it."""
    catalog = town.catalog(again=town.AGAIN + link, hands=town.HANDS)
    rows = town.again_rows(catalog, YEAR, given, form, source=1)
    found = protecting.protect_all(
        {"kids": rows_of(catalog, {YEAR: given}), "again": rows},
        catalog,
        town.REGIONS,
        {1} if public else set(),
        {},
        Report(),
        lambda _: None,
    )
    shown = seen(found["kids"])
    for row in pd.concat([found["again"].rows, found["again"].sums]).itertuples(index=False):
        if row.status in NUMBERS:
            cell = (row.region, form, row.hand, "kids")
            assert row.value == truth(given, cell)
            shown[cell] = row.value
    return shown


@pytest.mark.parametrize("form", ["form_a", "form_b"])
def test_two_tables_of_the_same_children_tell_nothing_together(form):
    """Attack 3: the dots of each table are numbers of the other, unless both are one table."""
    link = f'{town.LINK}where = {{ form = "{form}" }}\n'
    apart = None
    for seed in range(2):
        given = counts(seed, size=7)
        shown = both_tables(given, link, form)
        reader = Reader(shown)
        assert not reader.disclosed(K) and not reader.rests(K) and not one_unknown(shown)
        apart = apart or Reader(both_tables(given, "", form)).disclosed(K)
    assert apart, "without the link there would be nothing to protect"


def test_what_an_office_says_of_the_same_children_is_known():
    """The Land publishes the children by hand, small ones too; the town's forms stay safe."""
    given = counts(4, size=7)
    shown = both_tables(given, town.LINK, public=True)
    official = {(r, TOTAL, s) for r in town.LEAVES for s in (*town.SIDES, TOTAL)}
    assert all(shown[(*cell, "kids")] is not None for cell in official)
    own = [c for c, v in shown.items() if v is None and c[3] != "days"]
    known = {c for c in own if c[3] == "kids" and not _more_than_one(given, c)}
    assert len(own) > 30 and not Reader(shown).disclosed(K, set(own) - known)


def _more_than_one(given, cell) -> bool:
    """Whether the children of a place and side are in several forms: else all is known anyway."""
    return truth(given, (cell[0], TOTAL, cell[2], "kids")) >= K


def test_tables_that_contradict_each_other_are_not_the_same_there():
    given = counts(6)
    catalog = town.catalog(again=town.AGAIN + town.LINK, hands=town.HANDS)
    again = catalog.datasets["again"]
    rows = pd.DataFrame(
        [
            town.small.row(
                again, COUNTY, YEAR, {"hand": side}, "children", 5000, flags="", source=0
            )
            for side in town.SIDES
        ]
    )
    found = protecting.protect_all(
        {"kids": rows_of(catalog, {YEAR: given}), "again": rows},
        catalog,
        town.REGIONS,
        set(),
        {},
        Report(),
        lambda _: None,
    )
    assert found["again"].hidden == 0
    assert seen(found["kids"]) == seen(protect(catalog, rows_of(catalog, {YEAR: given})))


def test_a_table_of_the_same_children_must_exist():
    wrong = town.LINK.replace('dataset = "kids"', 'dataset = "kidz"')
    with pytest.raises(DefinitionError, match=r"again.*same_as\.dataset: „kidz“ ist nicht bekannt"):
        town.catalog(again=town.AGAIN + wrong, hands=town.HANDS)
    wrong = town.LINK.replace('hand = "side"', 'hand = "sight"')
    with pytest.raises(DefinitionError, match=r"same_as\.dimensions\.hand: „sight“"):
        town.catalog(again=town.AGAIN + wrong, hands=town.HANDS)


# --- rules ----------------------------------------------------------------------------------------


def test_a_rule_looser_than_the_source_is_refused_with_file_and_field():
    careful = town.dataset(rule='profile = "careful"')
    catalog = town.catalog(text=careful, wishes="[stricter_rule]\nminimum = 3\n")
    with pytest.raises(DefinitionError) as caught:
        programme.rule_of(catalog.datasets["kids"], catalog)
    message = str(caught.value)
    assert message.startswith("wishes.toml (Datensatz kids), Feld minimum: 3 ist lockerer")
    assert "(5)" in message and "Nächster Schritt" in message


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ('zeros = "shown"', "zeros"),
        ("group = 2", "group"),
        ("insider = false", "insider"),
        ("minimum_denominator = 5", "minimum_denominator"),
    ],
)
def test_no_field_can_be_loosened_for_one_dataset(wish, field):
    catalog = town.catalog(wishes=f'[stricter_rule]\ndatasets = ["kids"]\n{wish}\n')
    with pytest.raises(DefinitionError, match=f"wishes.toml .*Feld {field}: .*lockerer"):
        programme.rule_of(catalog.datasets["kids"], catalog)


def test_a_stricter_wish_holds_for_its_datasets_only():
    catalog = town.catalog(
        wishes='[[stricter_rules]]\ndatasets = ["kids"]\nminimum = 5\n'
        '[[stricter_rules]]\ndatasets = ["pupils"]\nminimum = 10\n'
    )
    assert programme.rule_of(catalog.datasets["kids"], catalog).minimum == 5
    assert programme.rule_of(catalog.datasets["pupils"], catalog).minimum == 10
    assert programme.rule_of(catalog.datasets["population"], catalog).minimum == K


def test_crosses_in_a_circle_are_refused():
    third = town.DIMENSIONS.replace('"form', '"kind').replace('"side"', '"hand"')
    third = third.replace('id = "left"', 'id = "l"').replace('id = "right"', 'id = "r"')
    names = '["form", "side", "hand"]'
    text = town.dataset('[["form", "side"], ["side", "hand"], ["form", "hand"]]', dimensions=names)
    catalog = town.catalog(text=text, third=third)
    table = catalog.datasets["kids"]
    rows = pd.DataFrame([town.small.row(table, COUNTY, YEAR, {}, "kids", 9, flags="", source=0)])
    with pytest.raises(BuildError, match="im Kreis.*Nächster Schritt.*crosses"):
        protect(catalog, rows)


@pytest.mark.parametrize(
    ("crosses", "circle"),
    [
        ([["a", "b"], ["b", "c"], ["a", "c"]], True),
        ([["a", "b"], ["b", "c"], ["c", "d"], ["d", "a"]], True),
        ([["a", "b"], ["b", "c"], ["a", "c"], ["a", "b", "c"]], False),
        ([["a", "b", "x"], ["b", "c"], ["a", "c"]], True),
        ([["a", "b"], ["b", "c"], ["c", "d"]], False),
        ([["a"], ["b"], ["a", "c"]], False),
        ([], False),
    ],
)
def test_only_circles_are_circles(crosses, circle):
    assert bool(programme.in_circle(crosses)) == circle


# --- one edition after another --------------------------------------------------------------------


def shown_of(protected) -> pd.DataFrame:
    """The numbers of an edition, as the next one knows them."""
    every = pd.concat([protected.rows, protected.sums])
    columns = ["region", "period", "form", "side", "measure", "value"]
    return every.loc[every["status"].isin(NUMBERS), columns]


@pytest.mark.parametrize("seed", range(2))
def test_two_editions_with_a_far_correction_give_nothing_away_together(seed):
    """Attack 9: the county is corrected, the town is not, and a reader kept the first edition."""
    first, second = counts(seed), counts(seed)
    changed = second[COUNTY, "form_a", "left"]
    second[COUNTY, "form_a", "left"] = Count(changed.kids + 9, changed.needs + 4)
    catalog = town.catalog()
    old = protect(catalog, rows_of(catalog, {YEAR: first}))
    new = protect(catalog, rows_of(catalog, {YEAR: second}), earlier=shown_of(old))
    before, now = seen(old), seen(new)
    of_town = {cell for cell in before if cell[0] in (CITY, *PARTS)}
    assert all(now[cell] == before[cell] for cell in of_town if before[cell] is not None)
    both = {
        cell: next((v for v in (before.get(cell), now[cell]) if v is not None), None)
        for cell in now
        if cell[0] in (CITY, *PARTS)
    }
    reader = Reader(both)
    assert not reader.disclosed(K) and not reader.rests(K) and not one_unknown(both)
    # with both joint regions: the county of each edition is what is left
    assert not one_unknown(now | both)


def test_a_correction_inside_the_town_is_no_difference_of_two_editions():
    """A child moves from one Stadtteil to the next: what stays hidden is the same dot twice."""
    first = big(p1_a_l=Count(2, 0), p2_a_l=Count(2, 0), p3_a_l=Count(9, 1))
    second = first | {
        (PARTS[0], "form_a", "left"): Count(1),
        (PARTS[1], "form_a", "left"): Count(3),
    }
    catalog = town.catalog()
    old = protect(catalog, rows_of(catalog, {YEAR: first}))
    new = protect(catalog, rows_of(catalog, {YEAR: second}), earlier=shown_of(old))
    for shown in (seen(old), seen(new)):
        assert not Reader(shown).disclosed(K)
    before, now = seen(old), seen(new)
    left = [c for c in now if c[0] in PARTS and now[c] is not None and before[c] is None]
    assert not [c for c in left if 0 < truth(first, c) < K]


def made_stricter(text: str):
    """An edition with a minimum of 3, then the same counts with one of 5, and what was said."""
    given = big(p1_a_l=Count(4, 0), p2_b_r=Count(3, 0))
    catalog = town.catalog(text=text)
    old = protect(catalog, rows_of(catalog, {YEAR: given}))
    assert seen(old)[PARTS[0], "form_a", "left", "kids"] == 4
    stricter = town.catalog(text=text, wishes="[stricter_rule]\nminimum = 5\n")
    report = Report()
    rows = rows_of(stricter, {YEAR: given})
    return old, protect(stricter, rows, earlier=shown_of(old), report=report), report


def test_a_stricter_rule_later_does_not_hide_what_everybody_knows_and_says_so():
    only_children = town.MEASURES.split("[[dataset.measures]]")[1]
    text = town.dataset(measures=f"[[dataset.measures]]{only_children}")
    old, new, report = made_stricter(text)
    before, now = seen(old), seen(new)
    assert all(now[cell] == value for cell, value in before.items() if value is not None)
    assert new.exposed == len([v for v in now.values() if v and v < 5]) >= 2
    assert any("nicht mehr zurückzunehmen" in text for text in report.of("warning"))


def test_a_stricter_rule_later_does_not_stop_the_build():
    """Four children were shown, the zero of those with need hidden: it can never reach five."""
    old, new, _ = made_stricter(town.dataset())
    before, now = seen(old), seen(new)
    assert all(now[cell] == value for cell, value in before.items() if value is not None)


def test_the_order_of_dimensions_does_not_make_a_release_forget(tmp_path):
    first = town.catalog(text=town.dataset())
    other = town.catalog(text=town.dataset(dimensions='["side", "form"]'))
    release = published(tmp_path, first, {YEAR: counts(1)})
    past = history.History(newest=(release.id,))
    found = history.shown(Folders(tmp_path), past, other, Report())
    assert len(found["kids"]) > 50


def published(folder, catalog, years, id="first", earlier=None):
    """A protected release of the table in a folder of its own, not audited."""
    rows = rows_of(catalog, years)
    found = protect(catalog, rows, earlier=earlier)
    source = town.small.sources("kids")[0]
    content = publish.Content(
        catalog=catalog,
        regions=town.REGIONS,
        sources=[replace(source, own=True)],
        footnotes=pd.DataFrame(columns=["source", "scope", "lands", "text"]),
        datasets={"kids": found.rows},
        sums={"kids": found.sums},
        protection=protecting.record({"kids": found}),
        maps=[{"level": "kreis", "boundary_date": "2022-12-31", "name": "kreis.json"}],
    )
    folders = Folders(folder)
    audit = pd.DataFrame({"dataset": ["kids"], "verdict": ["ok"]})
    publish.finish(publish.write(content, id, folders.releases), id, folders, Report(), audit)
    publication.put_in_force(id, folders)
    proofs.write({"kids": found}, id, folders)
    return releases.open_release(folders)


# --- releases, their auditor and their readers ----------------------------------------------------

DIVIDED = town.BY_SIDE + town.BY_SIDE.replace("side", "form")
RATE = town.indicator(
    "rate", town.NEEDS, town.KIDS, more=DIVIDED, decimals=1, minimum_denominator=1
)
HEADS = town.indicator("heads", town.KIDS, more=DIVIDED)


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """A release of one table with an indicator that shows counts and one that shows shares."""
    catalog = town.catalog(RATE, HEADS)
    given = counts(11, size=30)
    for form in town.FORMS:
        given[PARTS[0], form, "left"] = Count(form == "form_a")
        given[PARTS[1], form, "right"] = Count(form == "form_b", form == "form_b")
    return published(tmp_path_factory.mktemp("first"), catalog, {YEAR: given}), given


def spoiled(release, folder, folder_of_it, cells: dict) -> releases.Release:
    """A copy of a release in which these cells are shown again."""
    shutil.copytree(folder_of_it, folder, dirs_exist_ok=True)
    path = Folders(folder).releases / f"{release.id}.duckdb"
    with duckdb.connect(str(path)) as connection:
        for (region, form, side, measure), value in cells.items():
            for table in ("data_kids", "sums_kids"):
                connection.execute(
                    f'UPDATE {table} SET "{measure}" = ?, "{measure}_status" = ? '
                    "WHERE region = ? AND form = ? AND side = ?",
                    [value, "ok" if value else "zero", region, form, side],
                )
    # its facts say that it was changed
    return releases.open_file(path, release.id, release.published)


@pytest.fixture
def spoil(tmp_path):
    """Shows cells of a release again and asks the auditor."""
    number = iter(range(1000))

    def audited(release, folder, cells, earlier=None):
        copy = spoiled(release, tmp_path / str(next(number)), folder, cells)
        found = auditing.audit_dataset(copy, "kids", earlier)
        copy.close()
        return found

    return audited


def folder_of(release) -> Folders:
    name = release.frame("SELECT path FROM duckdb_databases() WHERE database_name = 'release'")
    return places.Path(name["path"].iloc[0]).parents[1]


def test_the_auditor_passes_the_release_and_refuses_it_with_a_small_count(first, spoil):
    release, given = first
    assert auditing.audit_dataset(release, "kids").verdict.ok
    shown = town.seen_in(release)
    small = [c for c in shown if 0 < truth(given, c) < K and c[3] != "days"]
    for cell in small[:: len(small) // 3]:
        found = spoil(release, folder_of(release), {cell: truth(given, cell)})
        assert not found.verdict.ok, cell


def test_every_hidden_value_has_a_proof_that_fits_what_is_shown(first):
    release, _ = first
    checked = proofs.check(release, Folders(folder_of(release)), ["kids"])
    hidden = [c for c, v in town.seen_in(release).items() if v is None and c[3] != "days"]
    assert not checked.objections and checked.moved == len(hidden) > 50 and checked.proofs > 10


@pytest.mark.parametrize(
    ("spoiling", "objection"),
    [
        ("UPDATE kids SET move = move + 1 WHERE rowid = 3", "passt nicht zu einer Summe"),
        ("DELETE FROM kids WHERE form = 'form_a'", "gibt es kein Gegenbeispiel"),
        (
            "INSERT INTO kids VALUES (0, 'verbund:hof', '2023', 'total', 'total', 'kids', 1)",
            "ändert einen gezeigten Wert",
        ),
    ],
)
def test_proofs_that_prove_nothing_are_noticed(first, tmp_path, spoiling, objection):
    release, _ = first
    folders = Folders(tmp_path)
    folders.office.mkdir()
    shutil.copy(proofs.path_of(release.id, Folders(folder_of(release))), folders.office)
    with duckdb.connect(str(proofs.path_of(release.id, folders))) as connection:
        connection.execute(spoiling)
    assert any(objection in text for text in proofs.check(release, folders, ["kids"]).objections)


def test_without_proofs_nothing_is_said_of_them(first, tmp_path):
    assert proofs.check(first[0], Folders(tmp_path), ["kids"]) is None


def test_the_auditor_refuses_a_release_without_a_dot_that_was_needed(first, spoil):
    """Larger counts that are hidden, and with which subtraction would tell small ones."""
    release, given = first
    shown = town.seen_in(release)
    needed = []
    for cell, value in shown.items():
        if value is not None or truth(given, cell) < K or cell[3] == "days":
            continue
        told = one_unknown(shown | {cell: truth(given, cell)})
        if any(0 < v < K and c[3] != "days" for c, v in told.items()):
            needed.append(cell)
    assert len(needed) > 5
    for cell in needed[:: len(needed) // 3]:
        found = spoil(release, folder_of(release), {cell: truth(given, cell)})
        assert not found.verdict.ok and "berechenbar" in found.text(), cell


def test_one_exposed_count_does_not_open_all_others_to_the_auditor(tmp_path, spoil):
    only_children = town.MEASURES.split("[[dataset.measures]]")[1]
    text = town.dataset(measures=f"[[dataset.measures]]{only_children}", rule="group = 0")
    years = {"2022": big(p1_a_l=Count(4, 0))}
    old = published(tmp_path / "old", town.catalog(text=text), years)
    stricter = town.catalog(text=text, wishes="[stricter_rule]\nminimum = 5\n")
    past = history.History(newest=(old.id,))
    before = history.shown(Folders(tmp_path / "old"), past, stricter, Report())["kids"]
    years[YEAR] = big(p2_b_r=Count(1, 0))
    new = published(tmp_path / "new", stricter, years, "second", before)
    cell = (PARTS[1], "form_b", "right", "kids")
    # what must hold for the test to say anything
    if new.protection["kids"].exposed < 1 or town.seen_in(new)[cell] is not None:
        pytest.fail("nothing is exposed, or nothing hidden")
    assert spoil(old, tmp_path / "old", {cell: 1}).verdict.ok is False
    assert not spoil(new, tmp_path / "new", {cell: 1}, [old]).verdict.ok


def views_of(release, *regions: str) -> list:
    """Answers of several kinds, with and without division, of all indicators."""
    kinds = ("trend", "trend&by=side", "table&by=form", "trend&side=left", "trend&side=right")
    found = []
    for indicator, region, kind in product(release.catalog.indicators, regions, kinds):
        query = f"indicator={indicator}&region={region}&kind={kind}"
        # of a place where all is hidden nothing is told by side
        with suppress(ViewError):
            view = views.parse(query, release.catalog, release.regions)
            found.append(answer(release, view))
    return found


@pytest.fixture(scope="module")
def asked(first) -> list:
    return views_of(first[0], JOINT, *PARTS[:3])


def cell_of(found, row: dict, measure: str) -> tuple:
    """The cell of the table that a row of an answer counts."""
    asked = dict(found.view.only) | {found.view.by: row["category"]}
    return (row["region"], asked.get("form", TOTAL), asked.get("side", TOTAL), measure)


def test_no_share_gives_a_hidden_count_back(first, asked):
    """Attack 6: all whole numbers n with round(100 n / D, 1) = the share, for the D shown."""
    shown = town.seen_in(first[0])
    shares = 0
    for found in asked:
        if found.view.indicator != "rate":
            continue
        for row in found.rows:
            above, below = (shown[cell_of(found, row, m)] for m in ("needs", "kids"))
            assert row["numerator"] == above and row["denominator"] == below
            if row["value"] is None:
                continue
            shares += 1
            assert None not in (above, below)
            printed = round(row["value"], 1)
            fits = [n for n in range(int(below) + 1) if round(100 * n / below, 1) == printed]
            assert above in fits
            for n in fits if len(fits) == 1 else ():
                assert not 0 < n < K and not 0 < below - n < K
    assert shares > 20


def test_a_hidden_value_is_an_empty_field_and_never_a_zero(first, asked):
    """Attack 10: all dots are alike, and no file prints a number for one."""
    shown = town.seen_in(first[0])
    dots = 0
    for found in asked:
        if found.view.indicator != "heads":
            continue
        lines = tables.to_csv(found).decode("utf-8-sig").splitlines()[1:]
        for row, line in zip(found.rows, lines, strict=False):
            if shown[cell_of(found, row, "kids")] is not None:
                continue
            dots += 1
            assert row["value"] is None and row["numerator"] is None
            assert row["status"] == "suppressed" and not row["flags"]
            fields = line.split(";")
            assert fields[0] == row["region"] and fields[2] == YEAR
            assert not any(re.fullmatch(r"[\d.,]+", field) for field in fields[3:]), line
        told = [cell for line in found.table.rows for cell in line]
        assert "0" not in told or any(row["value"] == 0 for row in found.rows)
    assert dots > 5


def test_places_without_a_number_stand_by_name_and_not_by_what_they_hide(tmp_path):
    """Attack 10 and 12: 1 and 2 children change places; nothing a reader sees may change."""
    catalog = town.catalog(HEADS)
    seen_by_readers = []
    for name, one, other in (("a", 1, 2), ("b", 2, 1)):
        given = big(p1_a_l=Count(20, 5)) | {
            (part, form, side): Count(0)
            for part in PARTS[:2]
            for form in town.FORMS
            for side in town.SIDES
        }
        given[PARTS[0], "form_a", "left"] = Count(one)
        given[PARTS[1], "form_a", "left"] = Count(other)
        release = published(tmp_path / name, catalog, {YEAR: given})
        shown = town.seen_in(release)
        assert shown[PARTS[0], TOTAL, TOTAL, "kids"] is None
        answers = views_of(release, JOINT, PARTS[0])
        seen_by_readers.append(
            (shown, [(str(a.figure), a.table, a.rows, tables.to_csv(a)) for a in answers])
        )
        release.close()
    (before, first_answers), (after, second_answers) = seen_by_readers
    assert before == after
    assert first_answers == second_answers and len(first_answers) > 5


def test_nothing_spans_years(first):
    """Attack 8: no row, no view and no file is a mean or a sum of several years."""
    release, _ = first
    periods = set(release.frame("SELECT DISTINCT period FROM release.data_kids")["period"])
    periods |= set(release.frame("SELECT DISTINCT period FROM release.sums_kids")["period"])
    assert periods == {YEAR}
    for wish in ("2021-2023", "2021/2023", "2022,2023", "mean", "2020"):
        query = f"indicator=heads&kind=table&region={CITY}&period={wish}"
        with pytest.raises(ViewError):
            answer(release, views.parse(query, release.catalog, release.regions))


def test_no_share_of_fewer_than_the_rule_says(tmp_path):
    text = town.dataset(rule="minimum_denominator = 500")
    release = published(tmp_path, town.catalog(RATE, text=text), {YEAR: big()})
    view = views.parse(
        f"indicator=rate&kind=trend&region={COUNTY}", release.catalog, release.regions
    )
    with pytest.raises(NotPublishedError, match="beruhen auf zu wenigen Fällen"):
        answer(release, view)


# --- whole builds ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def editions(excerpts, tmp_path_factory):
    """Two builds of one data folder: the county is corrected, large primes of the town are
    hidden to protect two children."""
    folders = Folders(tmp_path_factory.mktemp("town"))
    files = tmp_path_factory.mktemp("files")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(places, "SHIPPED", excerpts)
        town.define(folders, RATE, HEADS)
        given = town.with_canaries()
        built = []
        for number, more in enumerate((0, 9)):
            given = given | {(COUNTY, "form_a", "left"): Count(20 + more, 5 + more)}
            town.deliver(folders, files / f"kids_{number}.csv", {YEAR: given, "2022": counts(2)})
            built.append((town.build(folders), given))
    return folders, built


@pytest.mark.build
def test_two_releases_of_one_folder_give_nothing_away_together(editions):
    folders, built = editions
    opened = [releases.open_release(folders, one.id) for one, _ in built]
    assert opened[0].id != opened[1].id
    before, now = (town.seen_in(release) for release in opened)
    of_town = {cell for cell in before if cell[0] in (CITY, *PARTS)}
    assert all(now[cell] == before[cell] for cell in of_town if before[cell] is not None)
    both = {c: now[c] if now[c] is not None else before[c] for c in of_town}
    reader = Reader(both)
    assert not one_unknown(both) and not one_unknown(now)
    small = [c for c in both if c[3] != "days" and 0 < truth(built[1][1], c) < K]
    assert small and not reader.disclosed(K, small)
    report = auditing.audit_dataset(opened[1], "kids", [opened[0]])
    assert report.verdict.ok and not report.intervals["exact"].any()
    for release in opened:
        assert set(release.frame("SELECT verdict FROM release.audit")["verdict"]) == {"ok"}
        release.close()


@pytest.mark.build
def test_hidden_numbers_are_nowhere_in_what_was_built(editions):
    """Attack 18: in no table, report, or byte of the release."""
    folders, built = editions
    release = releases.open_release(folders)
    shown = town.seen_in(release)
    given = built[1][1]
    canaries = town.canaries(shown, given)
    assert len(canaries) >= 2
    path = folders.releases / f"{release.id}.duckdb"
    for name in release.tables:
        text = release.frame(f'SELECT * FROM release."{name}"').to_csv()
        for canary in canaries:
            assert not re.search(rf"(?<![\d.]){canary}(?!\d)", text), (name, canary)
            assert f"{canary:,}".replace(",", ".") not in text, (name, canary)
    texts = [text for one, _ in built for *_, text in one.report.public_rows()]
    for canary in canaries:
        assert not any(re.search(rf"{canary}|{canary:,}".replace(",", "[.,]"), t) for t in texts)
        raw = [np.float64(canary).tobytes(), str(canary).encode()]
        assert not any(needle in path.read_bytes() for needle in raw)
    release.close()
