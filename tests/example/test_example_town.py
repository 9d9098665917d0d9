"""The invented town: its tables fit together, its rates are like real ones, its files are those
that are committed."""

import csv
import hashlib
import io
import tomllib

import openpyxl
import pandas as pd
import pytest
import shapely

from example_town.__main__ import DATA, PUBLISHER, files
from example_town.geography import regions
from example_town.places import IN_CITY, PLACES
from example_town.town import FIRST, LAST, Town, simulate
from example_town.training import TRANSITION

YEARS = range(2016, LAST + 1)
KREISE = (0, 1)


@pytest.fixture(scope="module")
def town() -> Town:
    return simulate()


@pytest.fixture(scope="module")
def written(town) -> dict[str, bytes]:
    return files(town)


def with_kreis(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(kreis=(frame["place"] >= IN_CITY).astype(int))


# --- the files ----------------------------------------------------------------------------------


def test_writing_again_gives_the_committed_files(written):
    committed = {
        path.relative_to(DATA).as_posix()
        for folder in ("received", "boundaries")
        for path in (DATA / folder).rglob("*")
        if path.is_file()
    }
    assert committed == set(written)
    different = [path for path, content in written.items() if (DATA / path).read_bytes() != content]
    assert different == []


def test_everything_says_that_it_is_invented(written):
    origins = [path for path in written if path.endswith(".origin.toml")]
    assert len(origins) * 2 == len(written)
    for path in origins:
        facts = tomllib.loads(written[path].decode())
        content = written[path.removesuffix(".origin.toml")]
        assert facts["publisher"] == PUBLISHER == "Bildungsblick: Beispieldaten (erfunden)"
        assert facts["title"].endswith("(erfunden)")
        assert facts["licence"] == "CC0"
        assert facts["sha256"] == hashlib.sha256(content).hexdigest()


def test_files_are_small(written):
    assert sum(map(len, written.values())) < 6_000_000


def test_every_delivery_has_its_mapping(written):
    mappings = {
        tomllib.loads(path.read_text("utf-8"))["mapping"]["id"]
        for path in (DATA / "definitions" / "mappings").glob("*.toml")
    }
    named = {
        tomllib.loads(content.decode())["mapping"]
        for path, content in written.items()
        if path.startswith("received/") and path.endswith(".origin.toml")
    }
    assert named == mappings


def test_regions_are_those_of_the_definitions():
    text = (DATA / "definitions" / "regions.toml").read_text("utf-8")
    defined = {region["id"]: region for region in tomllib.loads(text)["local_regions"]}
    assert set(defined) == {"99", "99101", "99102", *(place.id for place in PLACES)}
    assert defined["99"]["invented"]
    for place in PLACES:
        region = defined[place.id]
        assert region["name"].endswith(place.name)
        assert (region["level"], region["parent"]) == (place.level, place.kreis)


def test_map_is_a_coverage_with_the_city_inside():
    shapes = regions()
    assert list(shapes) == [place.id for place in PLACES]
    assert shapely.is_valid(list(shapes.values())).all()
    assert shapely.coverage_is_valid(list(shapes.values()))
    whole = shapely.coverage_union_all(list(shapes.values()))
    assert whole.geom_type == "Polygon" and not whole.interiors
    left, bottom, right, top = whole.bounds
    assert 40_000 < right - left < 60_000 and 40_000 < top - bottom < 60_000
    district = shapely.coverage_union_all([s for id, s in shapes.items() if "-" not in id])
    assert len(district.interiors) == 1


def test_stadtteile_add_up_to_the_city_in_the_files(written):
    for year in range(FIRST, LAST + 1):
        path = f"received/einwohner/einwohner_stadtteile_31.12.{year}.csv"
        lines = csv.reader(io.StringIO(written[path].decode()))
        assert next(lines)[0] == "stadtteil_nr"
        parts = sum(int(cell) for line in lines for cell in line[3:])
        official = written["received/amtlich/bevoelkerung_altersgruppen.csv"].decode().splitlines()
        whole = [line for line in official if line.startswith(f"31.12.{year};99101;Insgesamt;")]
        assert [int(line.split(";")[3]) for line in whole] == [parts]
    book = openpyxl.load_workbook(
        io.BytesIO(written["received/einwohner/geburten_stadtteile.xlsx"]), read_only=True
    )
    born = written["received/amtlich/lebendgeborene.csv"].decode().splitlines()
    for sheet in book:
        (sums,) = (row for row in sheet.iter_rows(values_only=True) if row[0] == "Summe")
        assert sum(sums[1:-1]) == sums[-1]
        assert any(line.startswith(f"{sheet.title};99101;{sums[-1]};") for line in born)


# --- the same people in all tables --------------------------------------------------------------


def test_every_cohort_changes_by_births_deaths_and_moves_only(town):
    people = town.tables["population"]
    people = people[people["age"] < 100].assign(birth_year=people["year"] - people["age"])
    count = people.groupby(["year", "place", "birth_year"])["count"].sum()
    sign = town.moves["kind"].map({"births": 1, "in": 1, "out": -1, "deaths": -1})
    change = town.moves.assign(n=town.moves["count"] * sign)
    change = change.groupby(["year", "place", "birth_year"])["n"].sum()
    for year in range(FIRST + 1, LAST + 1):
        born = range(year - 98, year + 1)
        whole = pd.MultiIndex.from_product([range(len(PLACES)), born])
        before, after, moved = (
            table.loc[at].reindex(whole, fill_value=0)
            for table, at in ((count, year - 1), (count, year), (change, year))
        )
        assert (after == before + moved).all()


@pytest.mark.parametrize("born", range(2015, 2019))
def test_children_born_are_those_of_school_age_after_moves(town, born):
    people, moves = town.tables["population"], town.moves
    births = town.tables["births"]
    start = births[births["year"] == born]["count"].sum()
    moves = moves[(moves["birth_year"] == born) & (moves["year"] <= born + 6)]
    by_kind = moves.groupby("kind")["count"].sum()
    assert by_kind["births"] == start
    six = people[(people["year"] == born + 6) & (people["age"] == 6)]["count"].sum()
    assert six == start + by_kind["in"] - by_kind["out"] - by_kind["deaths"]
    # and nearly all of them enter school in the two years around that age
    entries = town.tables["school_entries"]
    around = entries[entries["year"].isin([born + 6, born + 7])]["count"].sum() / 2
    assert 0.85 < around / six < 1.15


def pupils_at(town: Town) -> pd.Series:
    """Pupils by year, Kreis of residence, type (language classes apart) and grade."""
    pupils = town.tables["pupils"]
    kind = pupils["school_type"].where(~pupils["in_class"], "language_class")
    return pupils.assign(kind=kind).groupby(["year", "home", "kind", "grade"])["count"].sum()


def test_flows_begin_and_end_with_the_pupils_of_the_grades(town):
    pupils = pupils_at(town)
    flows = with_kreis(town.tables["transitions"])
    flows = flows[flows["year"] >= FIRST + 1]
    ends = flows[flows["destination_grade"] > 0]
    ends = ends.groupby(["year", "kreis", "destination_type", "destination_grade"])["count"].sum()
    begins = flows[flows["origin_grade"] > 0]
    begins = begins.assign(year=begins["year"] - 1)
    begins = begins.groupby(["year", "kreis", "origin_type", "origin_grade"])["count"].sum()
    after = pupils[pupils.index.get_level_values("year") > FIRST]
    before = pupils[pupils.index.get_level_values("year") < LAST]
    assert ends.to_dict() == after.to_dict()
    assert begins.to_dict() == before.to_dict()


def test_entries_are_the_flows_into_grade_one(town):
    flows, entries = town.tables["transitions"], town.tables["school_entries"]
    first = flows[(flows["destination_grade"] == 1) & flows["origin_type"].isin(["kita", "zuzug"])]
    kita = first[first["origin_type"] == "kita"]
    for year in YEARS:
        entered = entries[entries["year"] == year]["count"].sum()
        came = first[first["year"] == year]["count"].sum()
        assert 0.97 * came <= entered <= came
        assert kita[kita["year"] == year]["count"].sum() > 0.9 * entered


def test_leavers_are_asked_where_they_are(town):
    leavers, asked = town.tables["leavers"], town.tables["whereabouts"]
    assert (leavers.groupby("year")["count"].sum() == asked.groupby("year")["count"].sum()).all()


def test_newcomers_are_placed_or_wait(town):
    table = town.tables["newcomers"]
    assert (table["arrived"] == table["placed"] + table["waiting"]).all()


# --- rates like real ones -----------------------------------------------------------------------


def share(frame: pd.DataFrame, part: pd.Series, by: list[str], measure: str = "count") -> pd.Series:
    """Per cent of the rows of `part` in each group."""
    inside = frame[part].groupby(by)[measure].sum()
    return 100 * inside / frame.groupby(by)[measure].sum()


def ratio(frame: pd.DataFrame, above: str, below: str, by: list[str]) -> pd.Series:
    sums = frame.groupby(by)[[above, below]].sum()
    return 100 * sums[above] / sums[below]


def within(values: pd.Series, low: float, high: float) -> None:
    outside = values[(values < low) | (values > high)]
    assert len(values) and outside.empty, outside.to_dict()


def test_population_is_of_the_right_size_and_age(town):
    people = with_kreis(town.tables["population"])
    size = people.groupby(["kreis", "year"])["count"].sum()
    within(size[0], 43_000, 50_000)
    within(size[1], 82_000, 90_000)
    by = ["kreis", "year"]
    within(share(people, people["age"] < 18, by), 14.5, 19.0)
    within(share(people, people["age"] >= 65, by), 19.0, 30.0)
    within(share(people, people["citizenship"] == "foreign", by), 8, 24)
    by_place = people[people["year"] == LAST]
    foreign = share(by_place, by_place["citizenship"] == "foreign", ["place"])
    assert foreign.max() > 2 * foreign.median()
    grown = people.pivot_table(index="place", columns="year", values="count", aggfunc="sum")
    change = grown[LAST] / grown[FIRST]
    small = [n for n, place in enumerate(PLACES) if place.size < 1_400]
    assert (change[small] < 0.98).all()
    assert change.max() > 1.6  # Neuwiesen


def test_births_fall_since_2022(town):
    births = town.tables["births"].groupby("year")["count"].sum()
    assert births[[2023, 2024, 2025]].mean() < 0.93 * births[[2020, 2021]].mean()
    people = town.tables["population"]
    now = people[people["year"] == LAST]
    young, older = (now[now["age"].between(a, a + 2)]["count"].sum() for a in (0, 3))
    assert 0.78 < young / older < 0.95


def test_moves_by_age(town):
    people = with_kreis(town.tables["population"])
    people = people[people["age"].between(18, 24)].groupby(["kreis", "year"])["count"].sum()
    net = {}
    for name in ("arrivals", "departures"):
        frame = town.tables[name]
        frame = frame[frame["age"].between(18, 24)]
        net[name] = frame.groupby(["kreis", "year"])["count"].sum()
    balance = 1000 * (net["arrivals"] - net["departures"]) / people
    within(balance[0], 20, 150)  # the city gains young adults, the Landkreis loses them
    within(balance[1], -80, 0)


def test_early_years(town):
    children, living = town.tables["kita_children"], town.tables["kita_residents"]
    for age, low, high in (("age_0_2", 22, 42), ("age_3_5", 85, 100)):
        some = with_kreis(children[children["age_childcare"] == age])
        inside = some.groupby(["kreis", "year"])["children"].sum()
        there = with_kreis(living[living["age_childcare"] == age])
        within(100 * inside / there.groupby(["kreis", "year"])["count"].sum(), low, high)
    language = ratio(children[children["year"] == LAST], "other_language", "children", ["place"])
    assert language.max() > 30 and language.min() < 12
    screened = with_kreis(town.tables["language_screening"])
    within(ratio(screened, "need", "cohort", ["kreis", "year"]), 12, 40)
    cover = ratio(screened, "children_in_course", "need", ["kreis", "year"])
    within(cover, 45, 100)
    assert cover[0][2025] > cover[0][2019] + 10  # the council's decision


def test_examination(town):
    table = town.tables["school_entry_examination"]
    for finding, low, high in (
        ("speech_conspicuous", 14, 32),
        ("german_insufficient", 3, 16),
        ("motor_conspicuous", 8, 20),
        ("support_recommended", 15, 32),
        ("checkups_complete", 80, 95),
    ):
        within(ratio(table, finding, "examined", ["year"]), low, high)
    seen = ratio(table, "speech_conspicuous", "examined", ["kita_years"])
    assert seen["three_plus"] < seen["one_to_two"] < seen["under_1"]
    number = table.groupby("year")["examined"].sum()
    assert number[2021] < 0.6 * number[2019]


def test_school_entry(town):
    obliged = town.tables["school_obligation"]
    within(ratio(obliged, "deferred", "first_obliged", ["year"]), 8, 14)
    by_sex = ratio(obliged, "deferred", "first_obliged", ["sex"])
    assert 1.3 < by_sex["male"] / by_sex["female"] < 2.2
    entries = town.tables["school_entries"]
    kinds = entries["entry_kind"]
    within(share(entries, kinds == "early", ["year"]), 0.5, 5)
    within(share(entries, kinds == "late", ["year"]), 5, 14)
    corridor = entries[kinds == "corridor"]["year"]
    assert corridor.min() == 2020


def test_transitions_after_grade_four(town):
    flows = with_kreis(town.tables["transitions"])
    fourth = flows[(flows["origin_type"] == "grundschule") & (flows["origin_grade"] == 4)]
    target = fourth["destination_type"]
    by = ["kreis", "year"]
    gymnasium = share(fourth, target == "gymnasium", by)
    within(gymnasium[0], 35, 50)
    within(gymnasium[1], 27, 42)
    within(share(fourth, target == "realschule", by)[1], 25, 38)
    places = share(fourth, target == "gymnasium", ["place"])
    assert places.max() > 50 and places.min() < 28
    table = town.tables["recommendations"]
    other = table["recommended_type"] != table["destination_type"]
    within(share(table, other, ["year"]), 8, 28)


def test_changes_and_repeats(town):
    flows = town.tables["transitions"]
    rank = {"hauptschule": 0, "realschule": 1, "gymnasium": 2}
    middle = flows[
        flows["origin_grade"].between(5, 9)
        & flows["origin_type"].isin(rank)
        & flows["destination_type"].isin(rank)
    ]
    step = middle["destination_type"].map(rank) - middle["origin_type"].map(rank)
    within(share(middle, step != 0, ["year"]), 1, 4)
    up, down = (middle[s]["count"].sum() for s in (step > 0, step < 0))
    assert 0.25 < up / down < 0.75
    same = (flows["origin_type"] == flows["destination_type"]) & (
        flows["origin_grade"] == flows["destination_grade"]
    )
    repeated = share(flows[flows["origin_grade"] > 0], same[flows["origin_grade"] > 0], ["year"])
    within(repeated, 0.5, 4)
    assert repeated[2020] < 0.6 * repeated[2019]


def test_leavers(town):
    leavers = town.tables["leavers"]
    without = share(leavers, leavers["certificate"] == "none", ["year"])
    within(without, 4, 9)
    inside = leavers[leavers["kreis"] < 2]
    within(share(inside, inside["certificate"] == "none", ["kreis", "year"]), 2, 13)
    within(share(inside, inside["certificate"] == "intermediate", ["year"]), 33, 55)
    within(share(inside, inside["certificate"] == "university_entrance", ["year"]), 18, 45)
    foreign = share(leavers, leavers["certificate"] == "none", ["citizenship"])
    assert foreign["foreign"] > foreign["german"]


def test_city_schools_teach_the_landkreis(town):
    pupils = town.tables["pupils"]
    district = pupils[(pupils["home"] == 1)]
    within(share(district, district["kreis"] == 0, ["school_type"])[["gymnasium"]], 45, 75)
    within(share(district, district["kreis"] == 0, ["school_type"])[["realschule"]], 20, 50)
    within(share(district, district["kreis"] == 0, ["school_type"])[["grundschule"]], 0, 3)
    real = district[(district["school_type"] == "realschule") & (district["grade"] == 5)]
    in_city = share(real, real["kreis"] == 0, ["year"])
    assert in_city.loc[2021:].mean() < in_city.loc[:2019].mean() - 4  # since Erlengrund has its own


def test_newcomers(town):
    table = with_kreis(town.tables["newcomers"])
    days = ratio(table, "waiting_days", "placed", ["kreis", "year"]) / 100
    within(days, 20, 90)
    both = ratio(table, "waiting_days", "placed", ["year"]) / 100
    assert both[2022] > 1.5 * both[2021]
    arrived = table.groupby("year")["arrived"].sum()
    assert arrived[2022] > 2.5 * arrived[2021]
    left = town.tables["left_language_class"]
    months = ratio(left, "months_until_move", "moved_to_regular", ["year"]) / 100
    within(months[[year for year in YEARS if year < LAST]], 8, 20)
    ended = town.tables["integration_ended"]
    within(ratio(ended, "continued", "completed", ["year"]), 30, 90)


def test_after_school(town):
    asked = town.tables["whereabouts"]
    unknown = share(asked, asked["whereabouts"] == "unknown", ["year"])
    within(unknown, 4, 18)
    assert unknown[2025] < 0.7 * unknown[2017]
    begins = town.tables["training_system"]
    within(share(begins, begins["sector"] == "transition_area", ["year"]), 3, 20)
    within(share(begins, begins["sector"] == "vocational_training", ["year"]), 25, 60)


def test_certificates_gained_at_vocational_schools(town):
    gained = town.tables["vocational_leavers"]
    people = with_kreis(town.tables["population"])
    number = gained.groupby("year")["count"].sum()
    assert set(number.index) >= set(YEARS)
    within(1000 * number / people.groupby("year")["count"].sum(), 1.6, 3.2)
    kind = gained["vocational_certificate"]
    assert set(kind) == {"lower", "intermediate", "vocational_entrance", "university_entrance"}
    within(share(gained, kind == "lower", ["year"]), 10, 30)
    within(share(gained, kind == "intermediate", ["year"]), 20, 45)
    within(share(gained, kind == "vocational_entrance", ["year"]), 30, 55)
    within(share(gained, gained["kreis"] == 0, ["year"]), 60, 85)  # the city has most schools
    # no more in the transition area than have begun there the year before, and fewer than half
    begins = town.tables["training_system"]
    begins = begins[begins["sector"] == "transition_area"]
    begun = begins[begins["previous_certificate"].isin(["none", "lower"])]
    begun = begun.groupby("year")["count"].sum()
    there = gained[gained["stage"] == TRANSITION].groupby("year")["count"].sum()
    within(pd.Series({year: 100 * there[year] / begun[year - 1] for year in YEARS}), 10, 50)


def test_certificates_gained_are_those_of_the_file(town, written):
    path = "received/ausbildung/abschluesse_berufliche_schulen.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(written[path]), read_only=True)
    sums = town.tables["vocational_leavers"].groupby(["kreis", "year"])["count"].sum()
    assert book.sheetnames == ["Beispielstadt", "Landkreis Beispielau"]
    for kreis, sheet in enumerate(book):
        rows = [row for row in sheet.iter_rows(values_only=True) if isinstance(row[0], int)]
        assert [row[0] for row in rows] == list(YEARS)
        for year, *cells in rows:
            counts = [0 if cell == "-" else cell for cell in cells]
            whole, by_certificate = counts[0], counts[3:]
            assert whole == sum(counts[1:3]) == sums[(kreis, year)]
            assert whole == sum(by_certificate[::3])
            for at in range(0, len(by_certificate), 3):
                assert by_certificate[at] == sum(by_certificate[at + 1 : at + 3])


def test_poverty_differs_by_place(town):
    table = town.tables["social_benefits"]
    poor = ratio(table[table["year"] == 2024], "children_in_benefits", "children", ["place"])
    within(poor, 1.5, 45)
    assert poor.idxmax() == 1  # Bahnhofsviertel
    assert poor.max() > 4 * poor.median()
