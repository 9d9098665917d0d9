"""The years of the town one after the other, and the tables that are counted from its people.

Every table is a pandas frame in the ids of the datasets: region (number of the place, or 0 city
and 1 Landkreis in the column `kreis`), year, dimensions, measures. School years bear the year in
which they begin, except those of leavers: the year in which they end.
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from example_town import arrivals, childhood, people, schools, training
from example_town.chance import Draw
from example_town.kept import Kept
from example_town.people import GONE, NEVER, OTHER, People, month, series
from example_town.places import COUNT, IN_CITY, PLACES

SEED = 99_101
START, FIRST, LAST = 1995, 2015, 2025  # people live from START on, figures are kept from FIRST on

SEX = ("female", "male")
CITIZENSHIP = ("german", "foreign")
LANGUAGES = ("german", "german_and_other", "other")
KITA_TIMES = ("under_1", "one_to_two", "three_plus")
MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
PREVIOUS = ("unknown", "none", "lower", "intermediate", "entrance", "entrance")
NEWCOMER_AGES = ("age_0_5", "age_6_9", "age_10_15", "age_16_20")

# Primary pupils in all-day care (range 10-100 %): the legal claim begins with 2026/27.
ALL_DAY_CITY = {2015: 0.40, 2020: 0.49, 2021: 0.47, 2025: 0.63}
ALL_DAY_DISTRICT = {2015: 0.23, 2020: 0.30, 2021: 0.29, 2025: 0.45}
# Children under 15 in families on basic benefits, times the places' share of 2015.
POOR = {2015: 1.0, 2019: 0.88, 2021: 0.86, 2022: 0.84, 2025: 0.86}
REFUGEES_IN_BENEFITS = 0.62  # of children, in the four years after arrival


@dataclass
class Town:
    """All tables, and what is needed to check that they come from the same people."""

    tables: dict[str, pd.DataFrame]
    moves: pd.DataFrame = field(repr=False)  # changes of each cohort: births, deaths, in, out


def simulate(seed: int = SEED) -> Town:
    """The town from START to LAST. The same seed gives the same tables."""
    draw = Draw(seed)
    gaining = Draw(seed + 1)  # certificates at vocational schools, on which nothing else depends
    kept = Kept()
    persons = people.first_people(draw, START)
    schools.enter_by_age(persons, _of_school_age(persons, START), START, draw)
    kitas = childhood.Kitas()
    for year in range(START + 1, LAST + 1):
        kept.on = year >= FIRST
        _year(persons, kitas, year, draw, gaining, kept)
    moves = kept.frame("moves")
    return Town({name: kept.frame(name) for name in kept.names() if name != "moves"}, moves)


def _of_school_age(persons: People, year: int) -> np.ndarray:
    return np.flatnonzero(schools.nominal_grade(persons, year) >= 2)


def _names(values: tuple[str, ...], numbers: np.ndarray) -> np.ndarray:
    return np.array(values, dtype=object)[np.asarray(numbers).astype(int)]


def _kreis(place: np.ndarray) -> np.ndarray:
    return (place >= IN_CITY).astype(int)


def _year(
    persons: People, kitas: childhood.Kitas, year: int, draw: Draw, gaining: Draw, kept: Kept
) -> None:
    """One calendar year, in the order in which it is lived."""
    _spring(persons, kitas, year, draw, kept)
    before = _Before(persons)
    persons.place_before = persons.place.copy()

    dies = people.deaths(persons, year, draw)
    _keep_moves(kept, persons, year, dies, "deaths")
    persons.drop(dies)
    before.drop(dies)
    children, months = people.births(persons, year, draw)
    kept.add(
        "births", year, place=children.place, birth_month=_names(MONTHS, months),
        sex=_names(SEX, children.sex),
    )  # fmt: skip
    persons.add(children)
    before.extend(len(children))
    _keep_moves(kept, children, year, np.ones(len(children), bool), "births")
    people.naturalise(persons, year, draw)

    outcome = schools.summer(persons, year, draw)
    whereabouts = training.after_school(persons, outcome["leavers"], year, draw)
    _keep_gained(kept, persons, year, training.gain_certificates(persons, year, gaining))
    integration = training.later_years(persons, year, draw)
    _keep_leavers(kept, persons, year, outcome, whereabouts)
    kept.add(
        "integration_ended", year - 1, kreis=_kreis(persons.place[integration["completed"]]),
        measures={
            "completed": np.ones(len(integration["completed"])),
            "continued": np.isin(integration["completed"], integration["continued"]),
        },
    )  # fmt: skip

    _moves(persons, before, year, draw, kept)
    arrivals.place_in_school(persons, year, draw)
    entered = schools.enter(persons, year, draw)
    moved = arrivals.move_to_regular(persons, year, draw)
    kept.add(
        "left_language_class", year - 1, kreis=schools.kreis_of_site(persons.site[moved]),
        school_type=_names(schools.TYPES, np.where(persons.school[moved] == 1, 1, 2)),
        measures={
            "moved_to_regular": np.ones(len(moved)),
            "months_until_move": persons.class_until[moved] - persons.place_free[moved] // 30,
        },
    )  # fmt: skip
    _change_school_after_move(persons, before, year, draw)
    _autumn(persons, before, year, draw, kept, outcome, entered)
    gone = persons.place == GONE
    persons.drop(gone)
    _winter(persons, year, draw, kept)


class _Before:
    """School, grade and class of everybody last autumn, in step with the people."""

    def __init__(self, persons: People):
        self.school = persons.school.copy()
        self.grade = persons.grade.copy()
        self.in_class = persons.in_language_class.copy()

    def drop(self, away: np.ndarray) -> None:
        for name in ("school", "grade", "in_class"):
            setattr(self, name, getattr(self, name)[~away])

    def extend(self, count: int) -> None:
        for name in ("school", "grade", "in_class"):
            old = getattr(self, name)
            setattr(self, name, np.concatenate([old, np.zeros(count, old.dtype)]))


def _keep_moves(kept: Kept, persons: People, year: int, who: np.ndarray, kind: str) -> None:
    kept.add("moves", year, place=persons.place[who], birth_year=persons.born[who] // 12, kind=kind)


# --- spring -------------------------------------------------------------------------------------


def _spring(persons: People, kitas: childhood.Kitas, year: int, draw: Draw, kept: Kept) -> None:
    found = kitas.first_of_march(persons, year, draw)
    child, enrolled = found["children"], found["enrolled"]
    age = np.array(["age_0_2", "age_3_5", "age_6_13"], dtype=object)[
        np.clip(found["age"] // 3, 0, 2)
    ]
    kept.add("kita_residents", year, place=persons.place[child], age_childcare=age)
    inside = child[enrolled]
    minded = (found["age"][enrolled] < 3) & (
        persons.talent[inside] % 1 < childhood.CHILD_MINDING  # a number that stays with the child
    )
    kept.add(
        "kita_children", year, place=found["facility"][enrolled], age_childcare=age[enrolled],
        minded=minded,
        measures={
            "children": np.ones(len(inside)),
            "other_language": persons.language[inside] == OTHER,
            "foreign_origin": persons.history[inside] > 0,
        },
    )  # fmt: skip
    for number, group in enumerate(("age_0_2", "age_3_5")):
        kept.add(
            "kita_places", year, place=np.arange(COUNT), age_childcare=group,
            measures={"places": kitas.places[:, number]},
        )  # fmt: skip
    exam = childhood.examine(persons, year, draw)
    who = exam["who"]
    measures = {"examined": np.ones(len(who))} | {
        name: exam[name]
        for name in (
            "speech_conspicuous", "german_insufficient", "motor_conspicuous",
            "support_recommended", "checkups_complete",
        )
    }  # fmt: skip
    kept.add(
        "school_entry_examination", year, place=persons.place[who],
        family_language=_names(LANGUAGES, exam["language"]),
        kita_years=_names(KITA_TIMES, exam["time"]), sex=_names(SEX, persons.sex[who]),
        measures=measures,
    )  # fmt: skip


# --- summer -------------------------------------------------------------------------------------


def _keep_leavers(
    kept: Kept, persons: People, year: int, outcome: dict, whereabouts: np.ndarray
) -> None:
    who = outcome["leavers"]
    certificate = _names(schools.CERTIFICATES, persons.certificate[who])
    kept.add(
        "leavers", year, kreis=schools.kreis_of_site(outcome["left_site"]), certificate=certificate,
        leaving_school_type=_names(schools.TYPES, outcome["left_type"]),
        sex=_names(SEX, persons.sex[who]), citizenship=_names(CITIZENSHIP, persons.foreign[who]),
    )  # fmt: skip
    kept.add(
        "whereabouts", year, kreis=_kreis(persons.place_before[who]),
        whereabouts=_names(training.WHEREABOUTS, whereabouts),
        previous_certificate=_names(PREVIOUS, persons.certificate[who]),
    )  # fmt: skip


def _keep_gained(kept: Kept, persons: People, year: int, who: np.ndarray) -> None:
    # classes for newly arrived are counted where their pupils live
    class_at_home = persons.stage[who] == training.INTEGRATION
    kept.add(
        "vocational_leavers", year,
        kreis=np.where(
            class_at_home, _kreis(persons.place[who]), training.kreis_of_training(persons, who)
        ),
        vocational_certificate=_names(schools.CERTIFICATES, persons.gained[who]),
        stage=persons.stage[who], sex=_names(SEX, persons.sex[who]),
    )  # fmt: skip


def _moves(persons: People, before: _Before, year: int, draw: Draw, kept: Kept) -> None:
    """Out, across and in."""
    goes = people.leave(persons, year, draw)
    _keep_moves(kept, persons, year, goes, "out")
    gone = np.bincount(persons.place[goes], minlength=COUNT)
    age = persons.age(month(year, 8))
    kept.add(
        "departures", year, kreis=_kreis(persons.place[goes]), age=age[goes],
        sex=_names(SEX, persons.sex[goes]),
    )  # fmt: skip
    home = persons.place.copy()
    persons.place[goes] = GONE
    people.move_inside(persons, year, draw)
    moved = (persons.place != home) & ~goes
    for kind, place in (("out", home), ("in", persons.place)):
        kept.add("moves", year, place=place[moved], birth_year=persons.born[moved] // 12, kind=kind)
    across = moved & (_kreis(persons.place) != _kreis(home))
    for name, place in (("departures", home), ("arrivals", persons.place)):
        kept.add(
            name, year, kreis=_kreis(place[across]), age=age[across],
            sex=_names(SEX, persons.sex[across]),
        )  # fmt: skip

    fresh = arrivals.newcomers(int((persons.place >= 0).sum()), year, draw)
    counts = np.bincount(fresh.place, minlength=COUNT)
    movers = people.arrivals_from_germany(persons, year, draw, gone, counts)
    schools.enter_by_age(movers, _of_school_age(movers, year), year, draw)
    student = (movers.age(month(year, 10)) >= 18) & (movers.age(month(year, 10)) <= 22)
    student &= movers.in_city & (draw.uniform(len(movers)) < training.STUDENT_ARRIVALS)
    movers.stage[student], movers.stage_year[student] = training.UNIVERSITY, year
    movers.certificate[student] = schools.CERT_UNIVERSITY
    for group in (movers, fresh):
        _keep_moves(kept, group, year, np.ones(len(group), bool), "in")
        kept.add(
            "arrivals", year, kreis=_kreis(group.place), age=group.age(month(year, 8)).clip(0),
            sex=_names(SEX, group.sex),
        )  # fmt: skip
        persons.add(group)
        before.extend(len(group))
    _keep_newcomers(kept, fresh, year)


def _keep_newcomers(kept: Kept, fresh: People, year: int) -> None:
    group = arrivals.age_group(fresh)
    who = np.flatnonzero(group < 4)
    placed = fresh.place_free[who] < month(year + 1, 1) * 30
    kept.add(
        "newcomers", year, place=fresh.place[who], age_newcomer=_names(NEWCOMER_AGES, group[who]),
        sex=_names(SEX, fresh.sex[who]),
        measures={
            "arrived": np.ones(len(who)),
            "placed": placed,
            "waiting": ~placed,
            "waiting_days": np.where(placed, arrivals.days_waited(fresh, who), 0),
        },
    )  # fmt: skip
    adults = np.flatnonzero(fresh.age(month(year, 7)) >= 18)
    kept.add("adult_newcomers", year, kreis=_kreis(fresh.place[adults]))


def _change_school_after_move(persons: People, before: _Before, year: int, draw: Draw) -> None:
    """Who moved into the other Kreis changes school, as do younger children who moved at all."""
    here = (persons.school > 0) & (persons.place >= 0) & (persons.place_before >= 0)
    moved = here & (persons.place != persons.place_before)
    across = moved & (_kreis(persons.place) != _kreis(persons.place_before))
    near = moved & np.isin(persons.school, (schools.GS, schools.MS))
    schools.choose_site(persons, np.flatnonzero(across | near), year, draw)


# --- autumn -------------------------------------------------------------------------------------


def _autumn(
    persons: People,
    before: _Before,
    year: int,
    draw: Draw,
    kept: Kept,
    outcome: dict,
    entered: dict,
) -> None:
    """1 October: the school year has begun."""
    _keep_entries(kept, persons, year, entered)
    _keep_transitions(kept, persons, before, year, entered["entering"])
    fourth = outcome["fourth"]
    recommended = _names(schools.TYPES, outcome["recommended"])
    stayed = (persons.place[fourth] >= 0) & np.isin(persons.school[fourth], (2, 3, 4))
    stayed &= _kreis(persons.place[fourth]) == _kreis(persons.place_before[fourth])
    kept.add(
        "recommendations", year, place=persons.place_before[fourth[stayed]],
        recommended_type=recommended[stayed],
        destination_type=_names(schools.TYPES, persons.school[fourth[stayed]]),
    )  # fmt: skip

    pupil = np.flatnonzero((persons.school > 0) & (persons.place >= 0))
    kind = _names(schools.TYPES, persons.school[pupil])
    where = schools.kreis_of_site(persons.site[pupil])
    kept.add(
        "pupils", year, home=_kreis(persons.place[pupil]), kreis=where,
        site=persons.site[pupil], school_type=kind, grade=persons.grade[pupil],
        in_class=persons.in_language_class[pupil], sex=_names(SEX, persons.sex[pupil]),
        citizenship=_names(CITIZENSHIP, persons.foreign[pupil]),
        needs=persons.needs[pupil] & (persons.school[pupil] != schools.FOEZ),
    )  # fmt: skip
    primary = pupil[persons.school[pupil] == schools.GS]
    rate = np.where(
        persons.place[primary] < IN_CITY, series(ALL_DAY_CITY, year), series(ALL_DAY_DISTRICT, year)
    )
    kept.add(
        "all_day", year, site=persons.site[primary],
        measures={
            "children_all_day": persons.mood[primary] < rate,
            "pupils": np.ones(len(primary)),
        },
    )  # fmt: skip
    kept.add(
        "integration_pupils", year,
        kreis=_kreis(persons.place[(persons.stage == training.INTEGRATION) & (persons.place >= 0)]),
    )  # fmt: skip
    _keep_training(kept, persons, before, year)


def _keep_entries(kept: Kept, persons: People, year: int, entered: dict) -> None:
    for kind in ("regular", "early", "late", "corridor", "special_school"):
        who = entered[kind]
        kept.add(
            "school_entries", year, place=persons.place[who], entry_kind=kind,
            sex=_names(SEX, persons.sex[who]),
            citizenship=_names(CITIZENSHIP, persons.foreign[who]),
        )  # fmt: skip
    obliged = entered["obliged"]
    kept.add(
        "school_obligation", year, place=persons.place[obliged],
        sex=_names(SEX, persons.sex[obliged]),
        measures={
            "first_obliged": np.ones(len(obliged)),
            "deferred": np.isin(obliged, entered["deferred"]),
        },
    )  # fmt: skip


def _keep_transitions(
    kept: Kept, persons: People, before: _Before, year: int, entering: np.ndarray
) -> None:
    """Flows between two autumns. Who moves between city and Landkreis leaves one and enters the
    other; who moves inside a Kreis is counted at the place of the old school year."""
    types = np.array(schools.TYPES, dtype=object)
    was, now = before.school > 0, (persons.school > 0) & (persons.place >= 0)
    came = persons.place_before == NEVER
    gone = persons.place == GONE
    across = ~came & ~gone & (_kreis(persons.place) != _kreis(persons.place_before))
    first = np.zeros(len(persons), bool)
    first[entering] = True
    origin = np.where(before.in_class, "language_class", types[before.school])
    origin = np.where(was, origin, np.where(first & ~came, "kita", "zuzug"))
    origin_grade = np.where(was, before.grade, 0)
    target = np.where(persons.in_language_class, "language_class", types[persons.school])
    target_grade = np.where(now, persons.grade, 0)
    left = np.array(
        ["leaving", "berufliche_schule", "berufliche_schule", "training", *["leaving"] * 4],
        dtype=object,
    )[persons.stage]
    target = np.where(now, target, np.where(gone, "fortzug", left))

    def add(who, place, origin, origin_grade, target, target_grade) -> None:
        kept.add(
            "transitions", year, place=place[who], origin_type=origin[who],
            origin_grade=origin_grade[who], destination_type=target[who],
            destination_grade=target_grade[who], sex=_names(SEX, persons.sex[who]),
            citizenship=_names(CITIZENSHIP, persons.foreign[who]),
        )  # fmt: skip

    counted = (was | now) & ~across
    home = np.where(came, persons.place, persons.place_before)
    add(counted, home, origin, origin_grade, target, target_grade)
    nothing = np.zeros(len(persons), int)
    word = lambda text: np.full(len(persons), text, dtype=object)  # noqa: E731
    add(across & was, persons.place_before, origin, origin_grade, word("fortzug"), nothing)
    add(across & now, persons.place, word("zuzug"), nothing, target, target_grade)


def _keep_training(kept: Kept, persons: People, before: _Before, year: int) -> None:
    begins = np.isin(persons.stage, list(training.SECTORS)) & (persons.stage_year == year)
    who = np.flatnonzero(begins & (persons.place >= 0))
    upper = np.flatnonzero(
        (persons.school == schools.GY) & (persons.grade == 11) & (persons.place >= 0)
        & ((before.school != schools.GY) | (before.grade != 11))
    )  # fmt: skip
    sectors = np.array([training.SECTORS.get(n, "") for n in range(8)], dtype=object)
    kept.add(
        "training_system", year,
        kreis=np.concatenate(
            [training.kreis_of_training(persons, who), schools.kreis_of_site(persons.site[upper])]
        ),
        sector=np.concatenate(
            [sectors[persons.stage[who]], np.full(len(upper), "upper_secondary")]
        ),
        previous_certificate=np.concatenate(
            [_names(PREVIOUS, persons.certificate[who]), np.full(len(upper), "intermediate")]
        ),
        sex=_names(SEX, persons.sex[np.concatenate([who, upper])]),
        citizenship=_names(CITIZENSHIP, persons.foreign[np.concatenate([who, upper])]),
    )  # fmt: skip


# --- winter -------------------------------------------------------------------------------------


def _winter(persons: People, year: int, draw: Draw, kept: Kept) -> None:
    """31 December: the register, and what the offices count besides."""
    age = np.clip(persons.age(month(year, 12)), 0, 100)  # everybody had a birthday this year
    kept.add(
        "population", year, place=persons.place, age=age, sex=_names(SEX, persons.sex),
        citizenship=_names(CITIZENSHIP, persons.foreign),
    )  # fmt: skip
    found = childhood.screen(persons, year, draw)
    kept.add("language_screening", year, place=np.arange(COUNT), measures=found)
    child = np.flatnonzero(age < 15)
    poor = np.array([p.poor for p in PLACES])[persons.place[child]] * series(POOR, year)
    in_benefits = persons.poverty[child] < poor * 0.92
    recent = persons.arrived[child] >= month(year - 3, 1)
    in_benefits |= recent & (persons.mood[child] < REFUGEES_IN_BENEFITS)
    kept.add(
        "social_benefits", year, place=persons.place[child],
        measures={"children_in_benefits": in_benefits, "children": np.ones(len(child))},
    )  # fmt: skip
    pupil = persons.school > 0
    marks = {
        "foreign": persons.foreign,
        "microcensus": persons.foreign | (persons.history > 0),
        "immigration_history": persons.history >= 2,
        "kmk": persons.foreign | (persons.history == 3) | (persons.language == OTHER),
        "other_family_language": persons.language == OTHER,
    }
    for group, members, names in (
        (
            "population",
            np.ones(len(persons), bool),
            ("foreign", "microcensus", "immigration_history"),
        ),
        ("pupils", pupil, ("foreign", "kmk", "other_family_language")),
    ):
        for name in names:
            kept.add(
                "migration_background", year, kreis=_kreis(persons.place[members]),
                migration_definition=name, person_group=group,
                measures={"persons": marks[name][members], "base": np.ones(members.sum())},
            )  # fmt: skip
