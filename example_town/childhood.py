"""Before school: Kita places and attendance, language screening, school entry examination."""

import numpy as np

from example_town.chance import Draw
from example_town.people import NEVER, People, month, series
from example_town.places import COUNT, DISTRICT, IN_CITY, PLACES
from example_town.schools import ENTERED, cohort

# Approved places for children of an age, as a share of the children (range of Kreise: 15-70 % under
# three, 80-105 % from three to five).
PLACES_UNDER_3 = {1996: 0.05, 2008: 0.14, 2013: 0.29, 2016: 0.300, 2019: 0.325, 2025: 0.375}
PLACES_3_TO_5 = {1996: 0.90, 2013: 0.95, 2016: 0.955, 2025: 0.985}
OVERBOOKED = 1.02  # groups may be a little fuller than approved
ELSEWHERE = 0.93  # children above this lasting number go to a Kita in a neighbouring place
CHILD_MINDING = 0.13  # of the children under three

# Need of language support by family language: German, German and another, another (a third of a
# cohort is expected in Bavaria, domain 2.3); more is found since whole cohorts are tested.
NEED = (0.105, 0.26, 0.60)
NEED_FOUND = {1996: 0.9, 2016: 0.92, 2023: 1.0, 2024: 1.08, 2025: 1.15}
# Places in language courses per child in need; the city's council decided in 2021 to add courses.
COURSE_PLACES_CITY = {1996: 0.6, 2016: 0.66, 2020: 0.68, 2021: 0.80, 2022: 0.86, 2025: 0.95}
COURSE_PLACES_DISTRICT = {1996: 0.5, 2016: 0.60, 2021: 0.66, 2022: 0.62, 2025: 0.72}

# Share of a cohort that was examined; the health office was short of staff in the Corona years.
EXAMINED = {2019: 0.975, 2020: 0.80, 2021: 0.46, 2022: 0.78, 2023: 0.97}


class Kitas:
    """Places by place and age group (under three, three to five), which follow demand slowly."""

    def __init__(self) -> None:
        self.places = np.zeros((COUNT, 2), int)

    def first_of_march(self, people: People, year: int, draw: Draw) -> dict[str, np.ndarray]:
        """Who is enrolled on 1 March. Returns age, facility and the children's positions."""
        now = month(year, 3)
        age = people.age(now)
        child = np.flatnonzero((age >= 0) & (age < 8) & (people.entry != ENTERED))
        age, group = age[child], np.clip(age[child] // 3, 0, 1)
        facility = _facility(people.place[child], people.mood[child])
        self._plan(people.place[child], age, year)
        arrived = (people.arrived[child] == NEVER) | (people.place_free[child] <= now * 30)
        wants = (people.kita_start[child] <= age) & arrived
        # a child keeps its place; at three it goes over into the older group
        rank = draw.uniform(len(child)) - 2.0 * people.in_kita[child]
        enrolled = np.zeros(len(child), bool)
        for place in range(COUNT):
            for number in (0, 1):
                queue = np.flatnonzero(wants & (facility == place) & (group == number))
                limit = int(self.places[place, number] * OVERBOOKED)
                enrolled[queue[np.argsort(rank[queue], kind="stable")][:limit]] = True
        people.in_kita[child] = enrolled
        people.kita_years[child] += enrolled
        return {"children": child, "age": age, "facility": facility, "enrolled": enrolled}

    def _plan(self, place: np.ndarray, age: np.ndarray, year: int) -> None:
        shares = (series(PLACES_UNDER_3, year), series(PLACES_3_TO_5, year))
        for number, share in enumerate(shares):
            inside = (age < 3) if number == 0 else (age >= 3)
            children = np.bincount(place[inside], minlength=COUNT)
            factor = np.array([p.childcare ** (2 if number == 0 else 1) for p in PLACES])
            wanted = children * share * factor
            wanted = np.where(np.arange(COUNT) < IN_CITY, wanted * (1.05 - 0.02 * number), wanted)
            # groups are opened within a year or two, and closed only when they stay empty
            last = self.places[:, number]
            step = np.where(
                wanted > last, last + 0.6 * (wanted - last), last * 0.90 + wanted * 0.10
            )
            self.places[:, number] = np.rint(step) if last.any() else np.rint(wanted)


def _facility(place: np.ndarray, mood: np.ndarray) -> np.ndarray:
    """Most at home; some where the parents work."""
    city = place < IN_CITY
    away = np.where(city, 0, IN_CITY + (place - IN_CITY + 5) % (COUNT - IN_CITY))
    return np.where(mood > ELSEWHERE, away, place)


def examine(people: People, year: int, draw: Draw) -> dict[str, np.ndarray]:
    """The school entry examination of the cohort that is to enter in the year."""
    who = np.flatnonzero(cohort(people, year) & (people.entry != ENTERED))
    who = who[draw.uniform(len(who)) < series(EXAMINED, year)]
    language, years = people.language[who], people.kita_years[who]
    time = np.where(years < 1, 0, np.where(years < 3, 1, 2))
    talent, male = people.talent[who], people.sex[who] == 1
    trend = 1 + 0.012 * (year - 2016) + (0.10 if year >= 2021 else 0.0)
    count = len(who)

    def happens(rate: np.ndarray) -> np.ndarray:
        return draw.uniform(count) < np.clip(rate, 0, 0.95)

    weak = np.exp(-0.28 * talent)
    speech = np.array([0.150, 0.215, 0.32])[language] * np.array([1.35, 1.12, 0.92])[time]
    speech = happens(speech * weak * trend * np.where(male, 1.18, 0.82))
    german = np.array([0.0, 0.10, 0.36])[language] * np.array([1.7, 1.15, 0.75])[time]
    german = happens(german * weak * trend)
    motor = happens(
        0.125 * np.exp(-0.18 * talent) * np.where(male, 1.38, 0.6) * (0.5 + 0.5 * trend)
    )
    support = np.where(speech | motor | german, 0.56, 0.035)
    complete = np.array([0.93, 0.88, 0.77])[language] - 0.12 * (people.poverty[who] < 0.12)
    return {
        "who": who,
        "language": language,
        "time": time,
        "speech_conspicuous": speech,
        "german_insufficient": german,
        "motor_conspicuous": motor,
        "support_recommended": happens(support),
        "checkups_complete": happens(complete),
    }


def screen(people: People, year: int, draw: Draw) -> dict[str, np.ndarray]:
    """By place: the cohort that enters next year, children in need, places, children in courses."""
    who = np.flatnonzero(cohort(people, year + 1) & (people.entry != ENTERED) & (people.place >= 0))
    rate = np.array(NEED)[people.language[who]] * np.exp(-0.22 * people.talent[who])
    need = draw.uniform(len(who)) < np.clip(rate * series(NEED_FOUND, year), 0, 0.95)
    place = people.place[who]
    in_need = np.bincount(place[need], minlength=COUNT)
    share = np.array(
        [
            series(COURSE_PLACES_DISTRICT if p.kreis == DISTRICT else COURSE_PLACES_CITY, year)
            for p in PLACES
        ]
    )
    offered = np.rint(in_need * share * (0.85 + 0.3 * draw.uniform(COUNT))).astype(int)
    attending = np.minimum(offered, np.rint(in_need * 0.94).astype(int))
    return {
        "cohort": np.bincount(place, minlength=COUNT),
        "need": in_need,
        "support_places": offered,
        "children_in_course": attending,
    }
