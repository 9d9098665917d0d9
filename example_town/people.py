"""Population: who lives where; births, deaths, naturalisations and moves of one calendar year."""

from collections.abc import Mapping
from typing import Annotated, get_type_hints

import numpy as np

from example_town.chance import Draw
from example_town.places import COUNT, IN_CITY, NEUWIESEN, PLACES

FEMALE, MALE = 0, 1
BOTH, OTHER = 1, 2  # language spoken in the family besides or instead of German (0)
# Immigration history: none, one parent immigrated, both did, immigrated oneself.
NO_HISTORY, ONE_SIDED, DESCENDANT, IMMIGRATED = 0, 1, 2, 3
GONE = -1  # the place of somebody who left the region
NEVER = -1


class People:
    """One array per attribute; a person is a position. Never written to disk."""

    born: Annotated[np.ndarray, np.int32]  # month since year 0
    sex: Annotated[np.ndarray, np.int8]
    foreign: Annotated[np.ndarray, bool]
    language: Annotated[np.ndarray, np.int8]
    history: Annotated[np.ndarray, np.int8]
    place: Annotated[np.ndarray, np.int16]
    place_before: Annotated[np.ndarray, np.int16]  # last autumn; NEVER if not there or not yet born
    talent: Annotated[np.ndarray, np.float64]  # what schools reward, in standard deviations
    poverty: Annotated[np.ndarray, np.float64]  # 0 poorest … 1 richest
    mood: Annotated[
        np.ndarray, np.float64
    ]  # a lasting uniform number for choices that no rule explains
    arrived: Annotated[
        np.ndarray, np.int32
    ]  # month of arrival from abroad; NEVER if born or moved in from Germany
    place_free: Annotated[
        np.ndarray, np.int32
    ]  # day (30 a month) on which a newly arrived child got its place
    kita_start: Annotated[np.ndarray, np.int8]  # age from which the parents want day care; 7: never
    in_kita: Annotated[np.ndarray, bool]
    kita_years: Annotated[np.ndarray, np.int8]
    entry: Annotated[
        np.ndarray, np.int8
    ]  # 0 not yet, 1 entered school, 2 deferred, 3 shifted in the corridor
    school: Annotated[np.ndarray, np.int8]
    grade: Annotated[np.ndarray, np.int8]
    site: Annotated[
        np.ndarray, np.int16
    ]  # place of the school; OUTSIDE if it lies in another region
    in_language_class: Annotated[np.ndarray, bool]
    class_until: Annotated[
        np.ndarray, np.int32
    ]  # month of the move from the language class into a regular class
    needs: Annotated[np.ndarray, bool]  # special educational needs
    certificate: Annotated[np.ndarray, np.int8]
    gained: Annotated[np.ndarray, np.int8]  # certificate gained in addition at a vocational school
    stage: Annotated[np.ndarray, np.int8]
    stage_year: Annotated[np.ndarray, np.int16]

    def __init__(self, **columns: np.ndarray):
        for name, kind in _COLUMNS.items():
            setattr(self, name, np.asarray(columns[name], dtype=kind))

    def __len__(self) -> int:
        return len(self.born)

    def add(self, others: "People") -> None:
        for name in _COLUMNS:
            setattr(self, name, np.concatenate([getattr(self, name), getattr(others, name)]))

    def drop(self, away: np.ndarray) -> None:
        for name in _COLUMNS:
            setattr(self, name, getattr(self, name)[~away])

    def age(self, month: int | np.ndarray) -> np.ndarray:
        """Completed years at the beginning of a month, the same for all or one of each."""
        return (month - self.born) // 12

    @property
    def in_city(self) -> np.ndarray:
        return (self.place >= 0) & (self.place < IN_CITY)


_COLUMNS = {
    name: hint.__metadata__[0] for name, hint in get_type_hints(People, include_extras=True).items()
}


def month(year: int, number: int) -> int:
    """A month as one number; January is 1."""
    return year * 12 + number - 1


# --- parameters ---------------------------------------------------------------------------------

# Total fertility rate: Germany's course; since 2022 a little lower, so that cohorts shrink by the
# 10 to 16 per cent seen in the regions although young women move in (domain 2.5).
TFR = {
    1996: 1.32, 2000: 1.38, 2006: 1.33, 2011: 1.39, 2014: 1.47, 2016: 1.59, 2019: 1.54,
    2021: 1.59, 2022: 1.42, 2023: 1.28, 2024: 1.24, 2025: 1.21,
}  # fmt: skip
TFR_FOREIGN = 1.25  # times the average
SEASON = np.array([0.99, 0.91, 0.98, 0.95, 1.01, 1.00, 1.09, 1.09, 1.06, 1.02, 0.95, 0.95])

# Share of an age that leaves the region in a year: (from age, city, Landkreis). Young adults move.
LEAVING = [
    (0, 0.050, 0.030), (6, 0.028, 0.018), (18, 0.10, 0.085), (20, 0.145, 0.125),
    (25, 0.14, 0.10), (30, 0.10, 0.06), (35, 0.055, 0.032), (45, 0.022, 0.013), (65, 0.012, 0.008),
]  # fmt: skip
# Share that moves to the other part of the region.
TO_DISTRICT = [(0, 0.020), (7, 0.006), (18, 0.010), (26, 0.022), (41, 0.006), (60, 0.003)]
TO_CITY = [(0, 0.005), (7, 0.004), (18, 0.034), (25, 0.016), (31, 0.006), (75, 0.006)]
WITHIN = [(0, 0.030), (18, 0.050), (36, 0.018), (60, 0.008)]
# Ages of those who move in from Germany: (from age, city, Landkreis), shares of all.
ARRIVING = [
    (0, 0.05, 0.095), (6, 0.045, 0.075), (18, 0.37, 0.17), (25, 0.20, 0.18), (30, 0.17, 0.26),
    (40, 0.115, 0.15), (65, 0.05, 0.05), (85, 0.0, 0.0),
]  # fmt: skip
# What lasting arrivals from abroad add to the population planned from `growth`, in per cent.
BUMP = {2013: 0.0, 2015: 1.0, 2016: 1.3, 2019: 1.4, 2021: 1.4, 2022: 2.7, 2023: 3.0, 2025: 3.1}
# Share of parents who want a Kita place from age one, by year of birth.
FROM_ONE = {1990: 0.02, 2005: 0.07, 2012: 0.24, 2018: 0.33, 2024: 0.40}
NATURALISED = {1995: 0.010, 2014: 0.013, 2022: 0.018, 2025: 0.030}  # of foreigners in a year
NEW_AREA = (2017, 2023, 0.85)  # Neuwiesen: first and last year of building, growth in that time


def series(points: Mapping[int, float], year: int) -> float:
    """A value between the years that are given."""
    return float(np.interp(year, list(points), list(points.values())))


def by_age(steps: list[tuple], column: int = 1, top: int = 120) -> np.ndarray:
    """A value for each age, from steps that begin at an age."""
    starts = [step[0] for step in steps]
    return np.array(
        [steps[np.searchsorted(starts, a, side="right") - 1][column] for a in range(top)]
    )


def target(place: int, year: int) -> float:
    """How many people live there at the end of a year if all goes as planned."""
    here = PLACES[place]
    size = here.size * (1 + here.growth / 100) ** (year - 2015)
    if place == NEUWIESEN:
        first, last, growth = NEW_AREA
        size *= 1 + growth * np.clip((year - first + 1) / (last - first + 1), 0, 1)
    return size * (1 + (series(BUMP, year) - 1.0) / 100)


# --- who people are -----------------------------------------------------------------------------


def strangers(draw: Draw, born: np.ndarray, place: np.ndarray, foreign: np.ndarray) -> People:
    """People who were not born here, with attributes that fit their age, place and citizenship."""
    count = len(born)
    traits = _traits(draw, foreign)
    return People(
        born=born,
        sex=draw.uniform(count) < 0.505,
        foreign=foreign,
        **traits,
        **_latent(draw, born, place, traits["language"]),
        **_blank(count),
        place=place,
    )


def _traits(draw: Draw, foreign: np.ndarray) -> dict[str, np.ndarray]:
    own = np.array([[0.84, 0.05, 0.08, 0.03], [0.0, 0.02, 0.23, 0.75]])[foreign.astype(int)]
    spoken = np.array([[0.93, 0.055, 0.015], [0.06, 0.20, 0.74]])[foreign.astype(int)]
    return {"history": draw.rows(own), "language": draw.rows(spoken)}


def _latent(
    draw: Draw, born: np.ndarray, place: np.ndarray, language: np.ndarray
) -> dict[str, np.ndarray]:
    count = len(place)
    academic = 1.75 * np.array([p.academic for p in PLACES])[place]  # moves even it out again
    burden = np.array([0.0, -0.10, -0.38])[language]
    poverty = draw.uniform(count) * np.array([1.0, 0.9, 0.75])[language]
    talent = draw.bell(count) + academic + burden + 0.5 * (poverty - 0.45)
    needs = draw.uniform(count) < np.clip(0.038 * np.exp(-0.75 * talent), 0, 0.5)
    return {
        "talent": talent,
        "poverty": poverty,
        "mood": draw.uniform(count),
        "needs": needs,
        "kita_start": _kita_start(draw, born, language),
    }


def _kita_start(draw: Draw, born: np.ndarray, language: np.ndarray) -> np.ndarray:
    """Age at which parents want a place: 1, 2, 3, 4, 5 or never (7); earlier with every cohort."""
    at_one = np.interp(born / 12, list(FROM_ONE), list(FROM_ONE.values()))
    at_one = at_one * np.array([1.0, 0.75, 0.50])[language]
    at_two = np.minimum(at_one + 0.05, 0.32)
    rest = 1 - at_one - at_two
    later = np.array(
        [[0.86, 0.10, 0.03, 0.01], [0.80, 0.13, 0.045, 0.025], [0.66, 0.21, 0.08, 0.05]]
    )
    shares = np.column_stack([at_one, at_two, later[language] * rest[:, None]])
    return np.array([1, 2, 3, 4, 5, 7])[draw.rows(shares)]


def _blank(count: int) -> dict[str, np.ndarray]:
    zero, never = np.zeros(count, int), np.full(count, NEVER)
    names = ("kita_years", "entry", "school", "grade", "certificate", "gained", "stage")
    names += ("stage_year",)
    nothing = {name: zero for name in (*names, "in_kita", "in_language_class")}
    return nothing | {
        "place_before": never, "arrived": never, "place_free": never, "site": never,
        "class_until": never,
    }  # fmt: skip


def first_people(draw: Draw, year: int) -> People:
    """The population at the end of the first year, long before the years that are reported."""
    parts = []
    for number, place in enumerate(PLACES):
        count = round(target(number, year))
        ages = draw.choice(_first_pyramid(place.level == "stadtteil"), count)
        born = month(year, 12) - ages * 12 - (draw.uniform(count) * 12).astype(int)
        foreign = draw.uniform(count) < place.foreign * 0.85 * np.where(ages > 62, 0.25, 1.1)
        parts.append(strangers(draw, born, np.full(count, number), foreign))
    people = parts[0]
    for part in parts[1:]:
        people.add(part)
    return people


def _first_pyramid(city: bool) -> np.ndarray:
    """Weights of the ages 0 to 95 around 1995: the large cohorts of 1955-1969, the war."""
    ages = np.arange(96)
    points = {
        0: 9,
        8: 10.5,
        17: 9,
        22: 11,
        31: 16.5,
        38: 14,
        49: 10,
        56: 13,
        66: 9,
        74: 6,
        84: 3,
        95: 0.2,
    }
    weights = np.interp(ages, list(points), list(points.values()))
    if city:
        weights = weights * np.interp(
            ages, [0, 17, 20, 29, 40, 95], [0.85, 0.85, 1.4, 1.25, 1, 1.1]
        )
    return weights


# --- one year -----------------------------------------------------------------------------------


def births(people: People, year: int, draw: Draw) -> tuple[People, np.ndarray]:
    """Children born in the year, each to a woman of the town, and their months (0 to 11)."""
    age = people.age(month(year, 7))
    curve = np.exp(-0.5 * ((np.arange(120) - 31.3) / 5.4) ** 2)
    curve[:16] = curve[46:] = 0
    chance = curve[np.clip(age, 0, 119)] / curve.sum() * series(TFR, year)
    chance = np.where(people.foreign, chance * TFR_FOREIGN, chance * 0.97)
    mothers = np.flatnonzero(draw.happens(np.where(people.sex == FEMALE, chance, 0)))
    count = len(mothers)
    months = draw.choice(SEASON, count)
    history = people.history[mothers]
    both = draw.uniform(count)
    child_history = np.where(
        history >= DESCENDANT,
        np.where(both < 0.66, DESCENDANT, ONE_SIDED),
        np.where(both < 0.07, ONE_SIDED, NO_HISTORY),
    )
    spoken = np.array([[0.955, 0.04, 0.005], [0.36, 0.54, 0.10], [0.03, 0.23, 0.74]])
    language = draw.rows(spoken[people.language[mothers]])
    child = People(
        born=month(year, 1) + months,
        sex=draw.uniform(count) < 0.513,
        foreign=people.foreign[mothers] & (draw.uniform(count) < 0.66),
        language=language,
        history=child_history,
        place=people.place[mothers],
        **_latent(draw, month(year, 1) + months, people.place[mothers], language),
        **_blank(count),
    )
    return child, months


def deaths(people: People, year: int, draw: Draw) -> np.ndarray:
    """Who dies in the year: Gompertz's law, fitted to the German life table; nobody at school age,
    so that every change of a school cohort is a move."""
    age = np.clip(people.age(month(year, 7)), 0, 109)
    ages = np.arange(110)
    male = np.clip(2.5e-5 * np.exp(0.0975 * ages), 0, 0.6)
    female = np.clip(6.4e-6 * np.exp(0.1085 * ages), 0, 0.6)
    for table in (male, female):
        table[0], table[1:25] = 0.0032, 0.0
    progress = 1 - 0.007 * (year - 2015)  # life expectancy rises
    rate = np.where(people.sex == MALE, male[age], female[age]) * progress
    return draw.happens(rate)


def naturalise(people: People, year: int, draw: Draw) -> None:
    people.foreign &= ~draw.happens(np.full(len(people), series(NATURALISED, year)))


def leave(people: People, year: int, draw: Draw) -> np.ndarray:
    """Who leaves the region in the year."""
    age = np.clip(people.age(month(year, 8)), 0, 119)
    rate = np.where(people.in_city, by_age(LEAVING, 1)[age], by_age(LEAVING, 2)[age])
    young = np.array([p.young for p in PLACES])[people.place]
    rate = np.where((age >= 18) & (age < 30) & people.in_city, rate * young**0.5, rate)
    rate = np.where(people.foreign, rate * 1.4, rate * 0.95)
    return draw.happens(np.clip(rate, 0, 0.6))


def move_inside(people: People, year: int, draw: Draw) -> None:
    """Moves between places: students into the city, families into the Landkreis, and next door."""
    age = np.clip(people.age(month(year, 8)), 0, 119)
    city = people.in_city
    across = np.where(city, by_age(TO_DISTRICT)[age], by_age(TO_CITY)[age])
    within = by_age(WITHIN)[age] * np.where(city, 1.0, 0.35)
    here = people.place >= 0
    across, within = across * here, within * here
    kind = draw.rows(np.column_stack([across, within, 1 - across - within]))
    sizes = np.array([target(n, year) for n in range(COUNT)])
    families = np.array([p.families for p in PLACES])
    pull = sizes * families * np.array([1.25 - 0.7 * p.ring for p in PLACES])
    for to_city in (True, False):
        movers = np.flatnonzero(
            ((kind == 0) & (city != to_city)) | ((kind == 1) & (city == to_city))
        )
        for foreign in (False, True):  # rents and relatives decide where people settle
            who = movers[people.foreign[movers] == foreign]
            share = np.array([p.foreign for p in PLACES])
            settled = pull * ((0.2 + 6 * share) if foreign else (1.15 - 1.5 * share))
            weights = np.where((np.arange(COUNT) < IN_CITY) == to_city, settled, 0)
            people.place[who] = draw.choice(weights, len(who))


def arrivals_from_germany(
    people: People, year: int, draw: Draw, gone: np.ndarray, newcomers: np.ndarray
) -> People:
    """People who move in, as many as each place lacks to its target."""
    parts = []
    there = np.bincount(people.place[people.place >= 0], minlength=COUNT)
    for number, place in enumerate(PLACES):
        city = place.level == "stadtteil"
        usual = gone[number] * 0.55
        wanted = target(number, year) - there[number] - newcomers[number]
        count = draw.whole(max(wanted, usual))
        weights = by_age(ARRIVING, 2 - city)
        lengths = by_age(
            [(0, 6), (6, 12), (18, 7), (25, 5), (30, 10), (40, 25), (65, 20), (85, 99)]
        )
        ages = draw.choice(weights / lengths, count)
        born = month(year, 8) - ages * 12 - (draw.uniform(count) * 12).astype(int)
        share = 0.07 + place.foreign * (1.25 + 0.035 * np.clip(year - 2010, 0, 15))
        foreign = draw.uniform(count) < np.where(ages < 18, 0.75, 1.0) * np.minimum(share, 0.7)
        parts.append(strangers(draw, born, np.full(count, number), foreign))
    movers = parts[0]
    for part in parts[1:]:
        movers.add(part)
    return movers
