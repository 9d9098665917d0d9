"""Attacks on the finished release of the invented town, as far as a reader can get: its tables, its
answers and its files. No count of 1 or 2 children of the town may come out."""

import io
from functools import cache
from itertools import combinations, product

import numpy as np
import openpyxl
import pandas as pd
import pytest

from indicators import view as views
from indicators.answers.answering import answer
from indicators.answers.profile import figures
from indicators.catalog.definition import TOTAL
from indicators.errors import ViewError
from indicators.export import tables
from indicators.publishing import auditing, kept, programme
from indicators.symbols import SIGNS, WITH_NUMBER, Status

JOINT, CITY, COUNTY = "verbund:beispiel", "99101", "99102"
NUMBERS = [status.value for status in WITH_NUMBER]
HIDDEN = Status.SUPPRESSED.value
K = 3
INDICATORS = (
    "einschulung_vorzeitig_quote",
    "zurueckstellungsquote",
    "abgaenger_ohne_abschluss_quote",
    "uebertrittsquote_gymnasium",
    "seu_deutsch_unzureichend",
    "wiederholerquote",
)


def counted(dataset) -> list:
    """The measures of a dataset that count persons."""
    return [m for m in dataset.measures if m.additive and m.persons and not m.hidden_with]


@pytest.fixture(scope="module")
def own(release):
    """Dataset → long rows of what the town delivered itself and of the sums published beside it:
    region, year, the dimensions, measure, value, shown."""
    sources = [source.id for source in release.sources.values() if source.own]

    @cache
    def rows(id: str) -> pd.DataFrame:
        dataset, parts = release.catalog.datasets[id], []
        for table in (f"data_{id}", f"sums_{id}", f"before_{id}"):
            if table not in release.tables:
                continue
            frame = release.frame(f'SELECT * FROM release."{table}"')
            for measure in counted(dataset):
                if measure.id not in frame:
                    continue
                part = frame[frame[f"{measure.id}_source"].isin(sources)]
                part = part.assign(
                    measure=measure.id,
                    value=part[measure.id],
                    shown=part[f"{measure.id}_status"].isin(NUMBERS),
                    there=part[f"{measure.id}_status"].isin([*NUMBERS, HIDDEN]),
                )
                part = part[part["there"]]
                columns = ["region", "period", "year", *dataset.dimensions]
                parts.append(part[[*columns, "measure", "value", "shown"]])
        return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()

    return rows


@pytest.fixture(scope="module")
def protected(release, own) -> list[str]:
    return [id for id in release.protection if len(own(id))]


def test_what_stands_on_every_page_is_seldom_hidden(release):
    """Dots beside small numbers go to divisions first: of 3,562 undivided values 50 are hidden, and
    171 were when all numbers had the same price."""
    known = hidden = 0
    for region in (JOINT, CITY, COUNTY):
        view = views.parse(f"kind=profile&region={region}", release.catalog, release.regions)
        moments = [moment for figure in figures(release, view) for moment in figure.series]
        known += sum(moment.value is not None for moment in moments)
        hidden += sum(moment.withheld == "protected" for moment in moments)
    assert 0 < hidden < 0.02 * (known + hidden)


# --- the tables -----------------------------------------------------------------------------------


def test_every_dataset_with_own_numbers_was_audited_and_may_be_published(release):
    found = release.frame("SELECT * FROM release.audit")
    assert sorted(found["dataset"]) == sorted(release.protection)
    assert set(found["verdict"]) == {"ok"}
    assert found["hidden"].sum() > 1_000 and not found[["narrow", "open"]].any().any()
    # where nothing is hidden, a small rest is one of official figures alone, which are public
    assert not found.loc[found["hidden"] > 0, "rest"].any()


@pytest.mark.parametrize(
    "id", ["language_screening", "school_obligation", "training_system", "whereabouts"]
)
def test_the_auditor_says_it_again(release, id):
    found = auditing.audit_dataset(release, id)
    assert found.verdict.ok and len(found.intervals) > 50
    assert not found.intervals["exact"].any() and not found.intervals["narrow"].any()
    assert (found.intervals["upper"] >= K).all()


def test_no_small_count_of_the_town_stands_in_any_table(release, own, protected):
    assert len(protected) > 20
    for id in protected:
        rows = own(id)
        least = release.protection[id].minimum
        assert not len(rows[rows["shown"] & rows["value"].between(1, least - 1)]), id
        assert rows.loc[~rows["shown"], "value"].isna().all(), id


def left_of(groups: pd.DataFrame, wholes: pd.DataFrame, expected: int) -> pd.Series:
    """What is left of shown wholes for the only hidden part (both indexed alike)."""
    sums = groups.groupby(level=list(range(groups.index.nlevels))).agg(
        known=("value", "sum"), shown=("shown", "sum"), count=("shown", "size")
    )
    sums = sums[(sums["count"] == expected) & (sums["shown"] == expected - 1)]
    both = sums.join(wholes.loc[wholes["shown"], "value"], how="inner")
    return both["value"] - both["known"]


def told_by_subtraction(release, rows: pd.DataFrame, dataset) -> dict[str, pd.Series]:
    """Attack 1 and 5: every whole less its parts but one, by each dimension and by regions."""
    found = {}
    key = ["region", "period", *dataset.dimensions, "measure"]
    for id in dataset.dimensions:
        dimension = release.catalog.dimensions[id]
        parts = [c.id for c in dimension.categories if not c.subset]
        if not dimension.partition:
            continue
        others = [name for name in key if name != id]
        inside = rows[rows[id].isin(parts)].set_index(others)
        wholes = rows[rows[id] == TOTAL].set_index(others)
        found[id] = left_of(inside, wholes, len(parts))
    others = [name for name in key if name != "region"]
    for whole, region in release.regions.items():
        parts = list(region.members) or [
            id for id, part in release.regions.items() if part.parent == whole and part.invented
        ]
        if len(parts) > 1 and whole in (CITY, COUNTY, JOINT):
            inside = rows[rows["region"].isin(parts)].set_index(others)
            wholes = rows[rows["region"] == whole].set_index(others)
            found[whole] = left_of(inside, wholes, len(parts))
    wholes = {m.id: m.part_of for m in counted(dataset) if m.part_of}
    others = [name for name in key if name != "measure"]
    for part, whole in wholes.items():
        sides = [rows[rows["measure"] == m].set_index(others) for m in (whole, part)]
        both = sides[0][sides[0]["shown"]].join(
            sides[1].loc[sides[1]["shown"], "value"], how="inner", suffixes=("", "_part")
        )
        found[f"{whole} − {part}"] = both["value"] - both["value_part"]
    return found


def test_no_whole_less_its_parts_is_a_small_count(release, own, protected):
    tried = 0
    for id in protected:
        for name, left in told_by_subtraction(
            release, own(id), release.catalog.datasets[id]
        ).items():
            tried += len(left)
            small = left[left.between(1, K - 1)]
            assert small.empty, f"{id}, {name}: {small.head()}"
    assert tried > 1000


# --- two datasets of the same children ------------------------------------------------------------


def test_leavers_of_both_tables_together_tell_no_small_count(release, own):
    """Attack 3: certificate × sex stands in both tables, with different dots."""
    one, other = own("leavers"), own("leavers_detailed")
    other = other[(other["leaving_school_type"] == TOTAL) & (other["citizenship"] == TOTAL)]
    key = ["region", "period", "certificate", "sex", "measure"]
    both = pd.concat([one, other]).sort_values("shown", ascending=False, kind="stable")
    both = both.drop_duplicates(key)[[*key, "value", "shown"]]
    dataset = release.catalog.datasets["leavers"]
    assert not any(
        left.between(1, K - 1).any()
        for left in told_by_subtraction(release, both, dataset).values()
    )


def columns_of(dataset, rows: pd.DataFrame) -> dict[tuple, dict]:
    """(dataset, measure, a fixed category or None) → (region, year, other categories) → value."""
    found: dict[tuple, dict] = {}
    named = [
        frozenset((id, c) for id, c in zip(dataset.dimensions, line, strict=True) if c != TOTAL)
        for line in zip(*(rows[id] for id in dataset.dimensions), strict=True)
    ] or [frozenset()] * len(rows)
    values = rows["value"].where(rows["shown"], None)
    for region, year, measure, divided, value in zip(
        rows["region"], rows["year"], rows["measure"], named, values, strict=True
    ):
        for fixed in (None, *divided):
            column = found.setdefault((dataset.id, measure, fixed), {})
            column[region, year, divided - {fixed}] = None if value != value else value
    return found


@pytest.fixture(scope="module")
def columns(release, own, protected) -> dict[tuple, dict]:
    found: dict[tuple, dict] = {}
    for id in protected:
        found |= columns_of(release.catalog.datasets[id], own(id))
    return found


@pytest.fixture(scope="module")
def same_counts(columns) -> list[tuple[tuple, tuple]]:
    """Columns of two datasets that have the same numbers wherever both have one."""
    numbers = {name: {c: v for c, v in cells.items() if v} for name, cells in columns.items()}
    wide = {name: cells for name, cells in numbers.items() if len(set(cells.values())) >= 10}
    found = []
    for (one, these), (other, those) in combinations(wide.items(), 2):
        both = these.keys() & those.keys() if one[0] != other[0] else ()
        if len(both) < 10 or any(these[cell] != those[cell] for cell in both):
            continue
        if len({these[cell] for cell in both}) >= 10:
            found.append((one, other))
    return found


def test_no_other_dataset_prints_what_one_hides(columns, same_counts):
    """Attack 3: two datasets whose common cells are all equal count the same children; then no dot
    of one may be a number of the other. One may be what the other has of a category."""
    for one, other in same_counts:
        for cell in columns[one].keys() & columns[other].keys():
            hidden = columns[one][cell] is None, columns[other][cell] is None
            assert hidden[0] == hidden[1], (one, other, cell)


def test_datasets_with_the_same_numbers_are_known_to_count_the_same_persons(release, same_counts):
    """Only what is linked by definition is protected as one table."""
    groups = programme.linked_datasets(release.datasets, release.catalog)
    linked = {frozenset(pair) for group in groups for pair in combinations(group, 2)}
    found = {frozenset((one[0], other[0])) for one, other in same_counts}
    assert found and found <= linked


# --- answers and files ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def asked(release, ask) -> list:
    """Forty answers: six shares of the town's own counts, in all kinds and divisions."""
    kinds = ("table", "trend", "panels", "panels&each=parts", "ranking&scope=parts")
    kinds += ("map&scope=parts",)
    found = []
    for indicator, kind in product(INDICATORS, kinds):
        breakdowns = [b.dimension for b in release.catalog.indicators[indicator].breakdowns]
        wishes = [
            "",
            *(f"&by={id}" for id in breakdowns[:1] if kind in ("table", "trend", "panels")),
        ]
        for wish, region in product(wishes, (COUNTY, f"{COUNTY}110")):
            try:
                found.append(ask(f"kind={kind}&indicator={indicator}&region={region}{wish}"))
            except ViewError:
                continue
    return found


def test_no_answer_counts_one_or_two_children(asked):
    assert len(asked) >= 40
    dots = 0
    for found in asked:
        for row in found.rows:
            sides = (row["numerator"], row["denominator"])
            assert not any(side is not None and 0 < side < K for side in sides), found.view
            if None not in sides and row["region"].startswith("99"):
                assert not 0 < sides[1] - sides[0] < K, found.view
            if row["status"] == HIDDEN:
                dots += 1
                assert row["value"] is None and None in sides
    assert dots > 20


def test_no_file_counts_one_or_two_children_or_prints_a_dot_as_zero(asked):
    word = SIGNS[Status.SUPPRESSED].short
    dots = 0
    for found in asked:
        lines = [line.split(";") for line in tables.to_csv(found).decode("utf-8-sig").splitlines()]
        head = lines[0]
        sheet = openpyxl.load_workbook(
            io.BytesIO(tables.to_xlsx(found)), read_only=True
        ).worksheets[0]
        table = [["" if cell is None else cell for cell in row] for row in sheet.values]
        start = next(i for i, row in enumerate(table) if "Bedeutung" in row)
        for rows, names in ((lines[1:], head), (table[start + 1 :], list(table[start]))):
            for line in rows:
                if len(line) < len(names) or not str(line[0]).startswith("99"):
                    continue
                cells = dict(zip(names, line, strict=False))
                assert {str(cells["Zähler"]), str(cells["Nenner"])}.isdisjoint({"1", "2"})
                if cells["Bedeutung"] == word:
                    dots += 1
                    (value,) = [cells[name] for name in names if name.startswith("Wert")]
                    assert value == "" and "" in (cells["Zähler"], cells["Nenner"])
    assert dots > 40


def test_tables_say_that_a_value_is_protected_and_print_no_zero_for_it(asked):
    dots = 0
    for found in asked:
        if found.view.kind not in ("ranking", "map"):
            continue
        hidden = {row["region_name"] for row in found.rows if row["status"] == HIDDEN}
        for line in found.table.rows:
            if hidden & set(line):
                dots += 1
                assert SIGNS[Status.SUPPRESSED].short in line or "geschützt" in line
                assert not any("%" in cell for cell in line), line
    assert dots > 10


def test_protected_places_stand_by_their_key_whatever_they_hide(asked):
    """Attack 12: the order of rows without a number."""
    lists = 0
    for found in asked:
        if found.view.kind != "ranking":
            continue
        keys = [row["region"] for row in found.rows if row["status"] == HIDDEN]
        # the place asked for stands first
        keys = [key for key in keys if key != found.view.region]
        lists += len(keys) > 2
        assert keys == sorted(keys), found.view
    assert lists


def exported(ask, folder, id: str) -> int:
    """Writes all exports of an indicator for the town and returns how many there are."""
    rests = ("", "&scope=parts", "&by=sex", "&by=citizenship", "&measure=count", "&sex=female")
    kinds = ("table", "trend", "panels", "ranking", "map", "flow")
    files = 0
    for region, kind, rest in product((CITY, COUNTY, JOINT), kinds, rests):
        try:
            found = ask(f"kind={kind}&indicator={id}&region={region}{rest}")
        except ViewError:
            continue
        files += 1
        (folder / f"{id}_{files}.csv").write_bytes(tables.to_csv(found))
    return files


@pytest.mark.parametrize(
    ("id", "hidden"),
    [
        ("einschulung_verspaetet_quote", 15),
        ("einschulung_vorzeitig_quote", 100),
        ("seu_deutsch_unzureichend", 10),
        ("abgaenger_ohne_abschluss_nach_schulart", 3),
        ("uebertritt_abweichung_empfehlung", 5),
    ],
)
def test_all_exports_of_one_indicator_together_tell_no_small_count(
    id, hidden, release, ask, tmp_path
):
    """Attacks 2, 3 and 6 on files alone: counts, complements, flows and printed shares of all
    places. The files agree with each other, or nothing would follow from them."""
    assert exported(ask, tmp_path, id) > 15
    report = auditing.audit_folder(tmp_path, release)
    assert report.verdict.ok, report.text()
    assert report.notes == ()
    assert report.summary["hidden"].sum() >= hidden
    assert not report.summary[["exact_small", "narrow", "open"]].any().any(), report.text()


def test_exports_with_one_dot_too_few_are_refused(release, ask, tmp_path):
    """A file in which a hidden count stands as a number gives its complement away."""
    exported(ask, tmp_path, "einschulung_verspaetet_quote")
    for path in tmp_path.iterdir():
        lines = path.read_text("utf-8-sig").splitlines()
        for place, line in enumerate(lines):
            cells = line.split(";")
            if cells[:4] == [CITY, "Beispielstadt", "2016/17", "weiblich"]:
                lines[place] = ";".join([*cells[:5], "19", *cells[6:8], "%", "Zahlenwert", ""])
        path.write_text("\n".join(lines), "utf-8-sig")
    report = auditing.audit_folder(tmp_path, release)
    assert report.summary["exact"].sum() >= 3


@pytest.mark.parametrize(
    "query",
    [
        "indicator=uebertrittsquote_gymnasium&region=99102101&sex=female&citizenship=foreign",
        "indicator=uebertrittsquote_schulart&region=99102101&by=sex",
        "indicator=einschulungen&region=99102101&by=sex",
        "indicator=einschulungen&region=99102101&sex=female&kind=table",
        "indicator=einschulungen&region=99102101&entry_kind=early&sex=female",
        "indicator=seu_deutsch_unzureichend&region=99101-01&by=sex",
        "indicator=seu_deutsch_unzureichend&region=99101-01&family_language=german&sex=male",
        "indicator=wiederholerquote&region=99101&by=origin_grade",
        "indicator=wiederholerquote&region=99101&origin_grade=grade_5+grade_6",
        "indicator=einschulungen&region=99102101&entry_kind=early%2Blate",
        "indicator=einschulungen&region=99101%2B99102",
        "indicator=einschulungen&region=99102101,99102102",
        "indicator=einschulungen&region=99102101&period=2015/16-2024/25",
        "indicator=einschulungen&region=99102101&period=before",
        "indicator=einschulungen&region=99102101' OR '1'='1",
        "indicator=school_entries&region=99102101",
        "indicator=sums_school_entries&region=99102101",
    ],
)
def test_forged_addresses_get_no_number(release, query):
    """Attack 16: what the programme leaves out is an error or has no number, never a count."""
    try:
        view = views.parse(query, release.catalog, release.regions)
        found = answer(release, view)
    except ViewError as error:
        assert str(error)
        return
    wanted = [row for row in found.rows if row["region"] == view.region]
    assert all(row["value"] is None and row["numerator"] is None for row in wanted)


# --- what ships of the protection ----------------------------------------------------------------


def test_the_patterns_that_ship_are_those_of_a_first_build(folders, release):
    """Otherwise a first build searches for minutes: `python -m example_town --patterns`."""
    built = kept.patterns(kept.path_of(release.id, folders))
    (path,) = kept.shipped(folders)
    shipped = {one.digest: one for one in kept.patterns(path)}
    assert built and {one.digest for one in built} == shipped.keys()
    for one in built:
        assert (one.hidden == shipped[one.digest].hidden).all()
        assert np.isnan(one.knowledge.value).all(), "knows of a release before the first"


def test_the_audits_that_ship_are_those_of_a_first_build(folders, release):
    """Stale ones are found under no digest, and a first build audits for a minute."""
    built = kept.audits(kept.path_of(release.id, folders))
    (path,) = kept.shipped(folders)
    assert built and built == kept.audits(path)


def test_an_audit_that_ships_says_what_an_audit_says(folders, release):
    """Nobody would notice in a build: what is believed is not run again."""
    groups = auditing.audited_together(release)
    cells = {id: one.cells for id, one in release.protection.items()}
    (path,) = kept.shipped(folders)
    shipped = {id: one for audit in kept.audits(path).values() for id, one in audit.items()}
    assert shipped.keys() == release.protection.keys()
    for group in sorted(groups, key=lambda group: sum(cells.get(id, 0) for id in group))[:5]:
        for id, found in auditing.audit_datasets(release, group).items():
            assert shipped[id].text == found.text()
            assert found.verdict.ok and not shipped[id].objections


def test_what_ships_of_the_protection_is_small(folders):
    (path,) = kept.shipped(folders)
    assert path.stat().st_size < 1_000_000
