"""Arrivals from abroad: when they come, how long children wait for a place, language classes."""

import numpy as np

from example_town.chance import Draw
from example_town.people import BOTH, IMMIGRATED, NEVER, OTHER, People, month, series, strangers
from example_town.places import PLACES
from example_town.schools import (
    ENTERED,
    GS,
    GY,
    MS,
    NONE,
    RS,
    WAITING,
    choose_site,
    nominal_grade,
    recommend,
)
from example_town.training import INTEGRATION

# Arrivals from abroad per 1,000 inhabitants who need help to arrive; peaks as in all of Germany.
PER_1000 = {
    1996: 2.5, 2009: 2.0, 2012: 3.0, 2014: 5.0, 2015: 10.5, 2016: 7.0, 2017: 5.0, 2018: 4.4,
    2019: 4.2, 2020: 2.8, 2021: 3.8, 2022: 13.0, 2023: 7.5, 2024: 5.6, 2025: 4.4,
}  # fmt: skip
# Ages of the arriving: (from age, weight of a single year of age).
AGES = [(0, 2.1), (6, 2.2), (16, 2.6), (21, 3.0), (30, 2.4), (40, 1.2), (55, 0.4), (75, 0.05)]
# Mean days until a place at school: a month in quiet years, two and a half where classes are full.
WAITING_DAYS = {
    1996: 22, 2014: 27, 2015: 48, 2016: 56, 2017: 41, 2018: 31, 2019: 27, 2020: 38, 2021: 32,
    2022: 66, 2023: 58, 2024: 43, 2025: 34,
}  # fmt: skip
WAITING_DISTRICT = 0.82  # times the city's
WAITING_BY_AGE = (2.0, 0.85, 1.0, 1.5)  # under 6 (Kita), 6-9, 10-15, 16-20
LANGUAGE_CLASS = 0.80  # share of 7- to 15-year-olds who begin in a language class
DIRECTLY_ELSEWHERE = 0.12  # of those from grade 5 on: at once at the type that fits
INTEGRATION_CLASS = 0.72  # of 16- to 20-year-olds who go to a vocational school at all
MONTHS_IN_CLASS = (13.5, 4.5)  # mean and spread; the rules allow up to two years


def newcomers(people_now: int, year: int, draw: Draw) -> People:
    """People who arrive from abroad in a year, with month of arrival and day of their place."""
    count = draw.whole(people_now / 1000 * series(PER_1000, year))
    steps = [a for a, _ in AGES]
    weights = [AGES[np.searchsorted(steps, age, side="right") - 1][1] for age in range(90)]
    ages = draw.choice(np.array(weights), count)
    pull = np.array([p.size * (0.35 + 4.5 * p.foreign) * (1 - 0.25 * p.ring) for p in PLACES])
    place = draw.choice(pull, count)
    # In 2022 most come from March on; otherwise evenly, with a little more in late summer.
    season = np.array([8, 8, 8, 8, 8, 8, 9, 10, 10, 9, 8, 6.0])
    if year == 2022:
        season = np.array([2, 3, 22, 18, 12, 8, 7, 7, 7, 6, 5, 3.0])
    if year == 2015:
        season = np.array([4, 4, 4, 5, 6, 7, 8, 10, 14, 15, 14, 9.0])
    arrived = month(year, 1) + draw.choice(season, count)
    born = arrived - ages * 12 - (draw.uniform(count) * 12).astype(int)
    found = strangers(draw, born, place, np.ones(count, bool))
    found.language[:] = np.where(draw.uniform(count) < 0.94, OTHER, BOTH)
    found.history[:] = IMMIGRATED
    found.talent -= 0.25
    found.poverty *= 0.6
    found.arrived = arrived
    found.in_kita = np.zeros(count, bool)
    found.place_free = arrived * 30 + 14 + _wait(found, year, draw)
    return found


def age_group(people: People) -> np.ndarray:
    """0 under 6, 1 six to nine, 2 ten to 15, 3 sixteen to 20 years at arrival; 4 older."""
    return np.searchsorted([6, 10, 16, 21], people.age(people.arrived), side="right")


def _wait(found: People, year: int, draw: Draw) -> np.ndarray:
    """Days between arrival and place: most soon, some long, as with every queue."""
    mean = series(WAITING_DAYS, year) * np.where(found.in_city, 1.0, WAITING_DISTRICT)
    mean = mean * np.array([*WAITING_BY_AGE, 1.0])[age_group(found)]
    spread = -np.log(1 - draw.uniform(len(found)) * 0.999)
    return np.maximum(3, 0.35 * mean + 0.65 * mean * spread).astype(int)


def days_waited(people: People, who: np.ndarray) -> np.ndarray:
    """Days from arrival (middle of its month) to the place."""
    return people.place_free[who] - people.arrived[who] * 30 - 14


def place_in_school(people: People, year: int, draw: Draw) -> None:
    """On 1 October: newly arrived children whose place has become free sit in a class, older ones
    in an integration class of the vocational school."""
    free = (people.arrived >= month(year - 2, 1)) & (people.place_free <= month(year, 10) * 30)
    free &= (people.place >= 0) & (people.school == NONE) & (people.stage == 0)
    free &= (people.entry == WAITING) & (people.arrived < month(year, 10))
    grade = nominal_grade(people, year)
    who = np.flatnonzero(free & (grade >= 2) & (grade <= 9) & (people.age(month(year, 10)) <= 15))
    people.entry[who] = ENTERED
    people.grade[who] = np.maximum(grade[who] - (draw.uniform(len(who)) < 0.3), 1)
    regular = recommend(people, who, year, draw)
    elsewhere = draw.uniform(len(who)) < DIRECTLY_ELSEWHERE
    people.school[who] = np.where(people.grade[who] <= 4, GS, np.where(elsewhere, regular, MS))
    begins = (draw.uniform(len(who)) < LANGUAGE_CLASS) & np.isin(people.school[who], (GS, MS))
    mean, spread = MONTHS_IN_CLASS
    months = np.clip(mean + spread * draw.bell(len(who)), 4, 24).astype(int)
    people.in_language_class[who] = begins
    people.class_until[who] = np.where(begins, people.place_free[who] // 30 + months, NEVER)
    choose_site(people, who, year, draw)
    older = np.flatnonzero(free & (grade >= 9) & (people.age(month(year, 10)) <= 20))
    older = older[people.school[older] == NONE]
    in_class = older[draw.uniform(len(older)) < INTEGRATION_CLASS]
    people.stage[in_class], people.stage_year[in_class] = INTEGRATION, year
    people.entry[older] = ENTERED


def move_to_regular(people: People, year: int, draw: Draw) -> np.ndarray:
    """Who moved from the language class into a regular class in the school year that ends."""
    moved = people.in_language_class & (people.class_until < month(year, 10)) & (people.place >= 0)
    who = np.flatnonzero(moved)
    people.in_language_class[who] = False
    upper = who[(people.school[who] == MS) & (people.grade[who] <= 8)]
    kind = recommend(people, upper, year, draw)
    changed = upper[(kind != MS) & (draw.uniform(len(upper)) < 0.45)]
    people.school[changed] = np.where(draw.uniform(len(changed)) < 0.7, RS, GY)
    choose_site(people, changed, year, draw)
    return who
