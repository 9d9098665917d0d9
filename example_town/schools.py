"""Schools: entry, the way from grade to grade, changes of type, certificates, and which school."""

from dataclasses import dataclass

import numpy as np

from example_town.chance import Draw
from example_town.people import NEVER, People, month, series
from example_town.places import BIRKENRIED, COUNT, ERLENGRUND, IN_CITY, INDEX, PLACES

NONE, GS, MS, RS, GY, FOEZ = range(6)
TYPES = ("", "grundschule", "hauptschule", "realschule", "gymnasium", "foerderschule")
OUTSIDE = COUNT  # a school in another region
# certificates
NO_CERTIFICATE, CERT_NONE, CERT_LOWER, CERT_INTERMEDIATE, CERT_VOCATIONAL, CERT_UNIVERSITY = range(
    6
)
CERTIFICATES = ("", "none", "lower", "intermediate", "vocational_entrance", "university_entrance")
# what stands in People.entry
WAITING, ENTERED, DEFERRED, SHIFTED = range(4)

# --- parameters ---------------------------------------------------------------------------------

# Deferral: 8 to 14 per cent of the first obliged, boys and the youngest more often (domain 2.3).
DEFERRED_BASE = {1996: 0.060, 2016: 0.088, 2019: 0.085, 2025: 0.098}
CORRIDOR_FROM = 2019  # children born July to September: the parents decide
CORRIDOR_SHARE = 0.37
EARLY_SHARE = 0.060  # of the children born October to December after the cut-off
SPECIAL_AT_ENTRY = 0.016

# Recommendation after grade 4: scores above which a school type is recommended.
GYMNASIUM_ABOVE = {1996: 0.30, 2016: 0.13, 2025: 0.0}
REALSCHULE_ABOVE = -0.58
# Choice against the recommendation: (city, Landkreis). More than a quarter of the children with a
# recommendation for the Gymnasium choose the Realschule in Bavaria, more in the country [R11].
GY_TO_RS = (0.13, 0.25)
GY_TO_MS = (0.008, 0.012)
RS_TO_GY = (0.05, 0.02)
RS_TO_MS = (0.13, 0.17)
MS_TO_RS = (0.06, 0.06)
REALSCHULE_OPENS = 2020  # in Erlengrund: about a third more children choose the type around it

# Repeating a grade, per cent by type (Kreise: 1 to 4); the Corona years hardly had any.
REPEAT = {GS: 0.011, MS: 0.022, RS: 0.031, GY: 0.026, FOEZ: 0.010}
REPEAT_IN = {2020: 0.35, 2021: 0.55}
# Changing down and up, a year (Kreise: 0.5 to 8 per cent of grades 5-10; three down for one up).
GY_DOWN, RS_DOWN = 0.032, 0.026
MS_UP, RS_UP = 0.009, 0.0055
TO_FOEZ, FROM_FOEZ = 0.0022, 0.014
# Leaving without certificate after grade 9 (all leavers: 4 to 9 per cent).
MS9_NONE, FOEZ9_NONE = 0.135, 0.62
MS9_STAYS = 0.42  # goes on to grade 10 for the intermediate certificate


# Where the schools stand. A Gemeinde without a Grundschule sends its children to a neighbour.
WITHOUT_GS = {
    INDEX["Haselwang"]: INDEX["Nesselbrunn"],
    INDEX["Sankt Ulrich am Moor"]: INDEX["Fuchsbronn"],
}
MS_CITY = [INDEX[n] for n in ("Bahnhofsviertel", "Nordstadt", "Ziegelei")]
MS_DISTRICT = [
    INDEX[n]
    for n in (
        "Birkenried", "Erlengrund", "Ottersbrück", "Schwarzenquell", "Moosfelden", "Lindharting",
        "Obermühlau",
    )
]  # fmt: skip
RS_CITY = [INDEX["Südstadt"], INDEX["Nordstadt"]]
RS_DISTRICT = INDEX["Schwarzenquell"]
GY_CITY = [INDEX["Altstadt"], INDEX["Weststadt"]]
FOEZ_SITES = (INDEX["Ziegelei"], INDEX["Moosfelden"])
# Landkreis children near the new Realschule.
AROUND_ERLENGRUND = [
    INDEX[n]
    for n in ("Erlengrund", "Ottersbrück", "Hirschlohe", "Nesselbrunn", "Haselwang", "Birkenried")
]
RING = np.array([p.ring for p in PLACES])


def kreis_of_site(site: np.ndarray) -> np.ndarray:
    """0 city, 1 Landkreis, 2 outside."""
    return np.where(site == OUTSIDE, 2, np.where(site < IN_CITY, 0, 1))


def choose_site(people: People, who: np.ndarray, year: int, draw: Draw) -> None:
    """The school of these pupils, by home and type."""
    place, kind = people.place[who], people.school[who]
    chance, second = draw.uniform(len(who)), draw.uniform(len(who))
    ring = RING[place]
    city = place < IN_CITY
    site = place.copy()
    for home, school in WITHOUT_GS.items():
        site[place == home] = school
    # Mittelschule: the one of the area; children from beside the city sometimes go there.
    ms = np.where(
        city,
        np.array(MS_CITY)[place % 3],
        np.array(MS_DISTRICT)[np.array([_ms_site(n) for n in range(COUNT)])[place]],
    )
    ms = np.where(~city & (second < 0.05 * (1 - ring)), np.array(MS_CITY)[place % 3], ms)
    # Realschule and Gymnasium: many of the Landkreis go to the city.
    new = (year >= REALSCHULE_OPENS) & np.isin(place, AROUND_ERLENGRUND) & (people.grade[who] == 5)
    to_city = np.where(city, 0.975, np.where(new, 0.15, 0.18 + 0.55 * (1 - ring)))
    rs_home = np.where(new, ERLENGRUND, RS_DISTRICT)
    rs = np.where(second < to_city, np.array(RS_CITY)[(chance * 1.75).astype(int)], rs_home)
    near = np.isin(place, [BIRKENRIED, INDEX["Hirschlohe"], INDEX["Bergerlau"]])
    to_city = np.where(city, 0.985, np.where(near, 0.22, 0.58 + 0.35 * (1 - ring)))
    gy = np.where(second < to_city, np.array(GY_CITY)[(chance * 2).astype(int)], BIRKENRIED)
    foez = np.where(city | (second < 0.30), FOEZ_SITES[0], FOEZ_SITES[1])
    site = np.select([kind == MS, kind == RS, kind == GY, kind == FOEZ], [ms, rs, gy, foez], site)
    # Some attend a school of another region, at the outer border more of them.
    away = np.select(
        [kind == GS, kind == MS, kind == RS, kind == GY],
        [0.004 + 0.012 * ring, 0.006 + 0.02 * ring, 0.02 + 0.07 * ring, 0.015 + 0.10 * ring],
        0.02,
    )
    people.site[who] = np.where(draw.uniform(len(who)) < away, OUTSIDE, site)


def _ms_site(place: int) -> int:
    """Position in MS_DISTRICT of a Gemeinde's Mittelschule."""
    if place in MS_DISTRICT:
        return MS_DISTRICT.index(place)
    return place * 5 % len(MS_DISTRICT)


def nominal_grade(people: People, year: int) -> np.ndarray:
    """The grade of a child who entered at the regular time, in the school year that begins."""
    # Born until September of Y-6: grade 1 in Y.
    return year - (people.born + 3) // 12 - 5


def enter_by_age(people: People, who: np.ndarray, year: int, draw: Draw) -> None:
    """Puts people of school age into a grade and type that fit: those who move in."""
    if not len(who):
        return
    grade = nominal_grade(people, year)[who]
    behind = draw.uniform(len(who)) < np.where(grade >= 3, 0.16, 0)
    grade = grade - behind
    kind = recommend(people, who, year, draw)
    kind = np.where(grade <= 4, GS, choice(people, who, kind, year, draw))
    kind = np.where(people.needs[who] & (draw.uniform(len(who)) < 0.45), FOEZ, kind)
    last = np.array([0, 4, 9, 10, 13, 9])[kind]
    pupil = (grade >= 1) & (grade <= last)
    inside, past = who[pupil], who[~pupil & (grade > last)]
    people.school[inside], people.grade[inside] = kind[pupil], grade[pupil]
    people.entry[inside] = ENTERED
    people.entry[past] = ENTERED
    ended = np.array([0, 0, CERT_LOWER, CERT_INTERMEDIATE, CERT_UNIVERSITY, CERT_NONE])
    people.certificate[past] = ended[kind[~pupil & (grade > last)]]
    choose_site(people, inside, year, draw)


# --- entry --------------------------------------------------------------------------------------


def cohort(people: People, year: int) -> np.ndarray:
    """Children who turn six until 30 September of the year and were not six a year earlier."""
    return (people.born >= month(year - 7, 10)) & (people.born <= month(year - 6, 9))


def enter(people: People, year: int, draw: Draw) -> dict[str, np.ndarray]:
    """Decides for all children at the gate. Returns positions: one list for each kind of entry,
    and those first obliged, deferred and shifted."""
    # who arrived from abroad after September enters a year later
    here = (people.place >= 0) & (people.arrived < month(year, 10))
    at_gate = here & (people.entry == WAITING) & cohort(people, year)
    # children who should have entered earlier: they arrived and waited
    overdue = here & (people.entry == WAITING) & (people.born < month(year - 7, 10))
    overdue &= nominal_grade(people, year) <= 2
    young = people.born >= month(year - 6, 7)
    shifted = at_gate & young & (year >= CORRIDOR_FROM)
    shifted &= draw.happens(np.clip(CORRIDOR_SHARE * np.exp(-0.18 * people.talent), 0, 0.8))
    was_shifted = here & (people.entry == SHIFTED)
    was_deferred = here & (people.entry == DEFERRED)
    obliged = (at_gate & ~shifted) | was_shifted

    rate = series(DEFERRED_BASE, year) * np.exp(-0.42 * people.talent)
    rate *= np.where(people.sex == 1, 1.25, 0.76)
    months = people.born % 12
    rate *= np.where(
        months >= 9, 0.55, np.where(months <= 2, 0.75, np.where(months <= 5, 1.3, 1.7))
    )
    rate *= np.where(was_shifted, 0.15, 1.0)
    deferred = obliged & draw.happens(np.clip(rate, 0, 0.7))

    next_up = here & (people.entry == WAITING) & cohort(people, year + 1)
    early_rate = np.where(people.born < month(year - 5, 1), EARLY_SHARE, 0.0015)
    early = next_up & draw.happens(early_rate * np.clip(np.exp(0.6 * people.talent), 0, 5))

    entering = (obliged & ~deferred) | was_deferred | early | overdue
    rate = SPECIAL_AT_ENTRY * np.exp(-0.8 * people.talent) * np.where(people.needs, 5.0, 0.45)
    special = entering & ~early & draw.happens(np.clip(rate, 0, 0.8))
    kinds = {
        "special_school": special,
        "early": early,
        "late": (was_deferred | overdue) & ~special,
        "corridor": was_shifted & ~deferred & ~special,
    }
    kinds["regular"] = entering & ~np.logical_or.reduce(list(kinds.values()))
    people.entry[shifted], people.entry[deferred] = SHIFTED, DEFERRED
    people.entry[entering] = ENTERED
    people.school[entering] = np.where(special[entering], FOEZ, GS)
    people.grade[entering] = 1
    people.in_kita[entering] = False
    choose_site(people, np.flatnonzero(entering), year, draw)
    found = kinds | {"obliged": obliged, "deferred": deferred, "entering": entering}
    return {name: np.flatnonzero(mask) for name, mask in found.items()}


# --- after grade 4 ------------------------------------------------------------------------------


def recommend(people: People, who: np.ndarray, year: int, draw: Draw) -> np.ndarray:
    """The recommended type: what teachers see is talent with some chance; girls a little ahead."""
    score = (
        people.talent[who]
        + 0.45 * draw.bell(len(who))
        + np.where(people.sex[who] == 0, 0.07, -0.05)
    )
    high = series(GYMNASIUM_ABOVE, year)
    return np.where(score > high, GY, np.where(score > REALSCHULE_ABOVE, RS, MS))


def choice(
    people: People, who: np.ndarray, recommended: np.ndarray, year: int, draw: Draw
) -> np.ndarray:
    """The type families choose and children are accepted at."""
    district = (people.place[who] >= IN_CITY).astype(int)
    chance = draw.uniform(len(who))
    pick = lambda pair: np.array(pair)[district]  # noqa: E731
    near_new = (year >= REALSCHULE_OPENS) & np.isin(people.place[who], AROUND_ERLENGRUND)
    gy_to_rs = pick(GY_TO_RS) + 0.07 * near_new
    rs_to_ms = pick(RS_TO_MS) - 0.08 * near_new
    ms_to_rs = pick(MS_TO_RS) + 0.07 * near_new
    of_gy = np.where(chance < gy_to_rs, RS, np.where(chance > 1 - pick(GY_TO_MS), MS, GY))
    of_rs = np.where(chance < rs_to_ms, MS, np.where(chance > 1 - pick(RS_TO_GY), GY, RS))
    of_ms = np.where(chance < ms_to_rs, RS, MS)
    return np.select([recommended == GY, recommended == RS], [of_gy, of_rs], of_ms)


# --- from year to year --------------------------------------------------------------------------


@dataclass
class _Pupils:
    """Everybody at a regular class or school when a school year ends, as arrays of one place a
    pupil: `at` in People, what they are, two drawn numbers, and what becomes of them."""

    at: np.ndarray
    kind: np.ndarray
    grade: np.ndarray
    talent: np.ndarray
    in_class: np.ndarray
    chance: np.ndarray
    second: np.ndarray
    new_kind: np.ndarray
    new_grade: np.ndarray
    repeats: np.ndarray
    certificate: np.ndarray
    leaving: np.ndarray

    @classmethod
    def of(cls, people: People, year: int, draw: Draw) -> "_Pupils":
        """With who repeats the grade."""
        at = np.flatnonzero(people.school > NONE)
        kind, grade, count = people.school[at].astype(int), people.grade[at].astype(int), len(at)
        chance, second = draw.uniform(count), draw.uniform(count)
        in_class = people.in_language_class[at]
        rate = np.array([0, *[REPEAT[t] for t in (GS, MS, RS, GY, FOEZ)]])[kind]
        rate = rate * np.exp(-0.55 * people.talent[at]) * REPEAT_IN.get(year, 1.0)
        rate = np.where((kind == GY) & (grade >= 12), 0.012, rate)
        rate = np.where(in_class, 0.06, rate)
        repeats = chance < np.clip(rate, 0, 0.4)
        return cls(
            at=at,
            kind=kind,
            grade=grade,
            talent=people.talent[at],
            in_class=in_class,
            chance=chance,
            second=second,
            new_kind=kind.copy(),
            new_grade=np.where(repeats, grade, grade + 1),
            repeats=repeats,
            certificate=np.zeros(count, int),
            leaving=np.zeros(count, bool),
        )

    @property
    def weak(self) -> np.ndarray:
        return np.exp(-0.55 * self.talent)

    @property
    def strong(self) -> np.ndarray:
        return np.exp(0.55 * np.clip(self.talent, -3, 2.5))

    @property
    def moves(self) -> np.ndarray:
        return ~self.repeats & ~self.in_class

    @property
    def fourth(self) -> np.ndarray:
        return (self.kind == GS) & (self.grade == 4) & ~self.repeats

    def ends(self, who: np.ndarray, certificate: int) -> None:
        self.certificate[who], self.leaving[who] = certificate, True


def summer(people: People, year: int, draw: Draw) -> dict[str, np.ndarray]:
    """The end of a school year: everybody at a regular class gets a new grade and type, or leaves.

    Writes school, grade and certificate; school NONE is who left. Returns `leavers` (positions),
    `left_type` and, of those who came from grade 4, `fourth` with `recommended`.
    """
    pupils = _Pupils.of(people, year, draw)
    # the great gate
    recommended = recommend(people, pupils.at, year, draw)
    chosen = choice(people, pupils.at, recommended, year, draw)
    fourth = pupils.fourth
    pupils.new_kind[fourth] = np.where(pupils.in_class, MS, chosen)[fourth]
    _change_type(pupils, people.needs[pupils.at], draw)
    _leave_lower_schools(pupils)
    _leave_higher_schools(pupils)
    # some leave early without any certificate, once school is no longer compulsory
    early = pupils.moves & ~pupils.leaving & np.isin(pupils.kind, (MS, RS)) & (pupils.grade == 9)
    pupils.ends(early & (draw.uniform(len(pupils.at)) < 0.004), CERT_NONE)
    left_site = _write(people, pupils, year, draw)
    regular = fourth & ~pupils.in_class
    return {
        "leavers": pupils.at[pupils.leaving],
        "left_type": pupils.kind[pupils.leaving],
        "left_site": left_site,
        "fourth": pupils.at[regular],
        "recommended": recommended[regular],
    }


def _change_type(pupils: _Pupils, needs: np.ndarray, draw: Draw) -> None:
    """Down, up, and to and from the Förderzentrum."""
    kind, grade, second, count = pupils.kind, pupils.grade, pupils.second, len(pupils.at)
    new_kind, new_grade = pupils.new_kind, pupils.new_grade
    mid = pupils.moves & (grade >= 5)
    down_rate = np.where(kind == GY, GY_DOWN * (grade <= 9), RS_DOWN * (grade <= 8)) * pupils.weak
    down = (second < down_rate) & mid & np.isin(kind, (GY, RS))
    new_kind[down & (kind == GY)] = RS
    new_kind[down & (kind == RS)] = MS
    # who changes to the Realschule after grade 9 of the Gymnasium enters its grade 10
    up_rate = np.where(
        kind == MS, MS_UP * np.where(grade == 5, 3.5, 1), RS_UP * np.where(grade == 5, 3, 1)
    )
    up = (
        mid
        & (grade <= 8)
        & np.isin(kind, (MS, RS))
        & (second > 1 - np.clip(up_rate * pupils.strong, 0, 0.3))
    )
    new_kind[up & (kind == MS)] = RS
    new_kind[up & (kind == RS)] = GY
    back = draw.uniform(count) < 0.35  # changing up often means doing the grade again
    new_grade[up & back] -= 1
    to_foez = pupils.moves & np.isin(kind, (GS, MS)) & (grade <= 7) & ~pupils.fourth
    to_foez &= draw.uniform(count) < np.where(needs, 0.02, TO_FOEZ * 0.5) * pupils.weak
    new_kind[to_foez] = FOEZ
    from_foez = pupils.moves & (kind == FOEZ) & (grade <= 7)
    from_foez &= draw.uniform(count) < FROM_FOEZ * pupils.strong
    new_kind[from_foez] = np.where(new_grade[from_foez] <= 4, GS, MS)


def _leave_lower_schools(pupils: _Pupils) -> None:
    """The Mittelschule after grade 9 or 10, the Förderzentrum after grade 9."""
    kind, grade, chance, second = pupils.kind, pupils.grade, pupils.chance, pupils.second
    talent = pupils.talent
    nine = (kind == MS) & (grade == 9)
    none = nine & (chance < np.clip(MS9_NONE * np.exp(-0.35 * (talent + 0.9)), 0, 0.4))
    stays = nine & ~none & (second > 1 - np.clip(MS9_STAYS * np.exp(0.3 * (talent + 0.9)), 0, 0.8))
    repeats_nine = nine & none & (second < 0.25)
    pupils.new_kind[nine], pupils.new_grade[repeats_nine] = MS, 9
    pupils.ends(none & ~repeats_nine, CERT_NONE)
    pupils.ends(nine & ~none & ~stays, CERT_LOWER)
    pupils.new_grade[stays] = 10
    ten = (kind == MS) & (grade == 10)
    pupils.ends(ten, CERT_INTERMEDIATE)
    pupils.ends(ten & (chance < 0.09), CERT_LOWER)
    special = (kind == FOEZ) & (grade == 9)
    pupils.ends(special, CERT_LOWER)
    pupils.ends(special & (chance < FOEZ9_NONE), CERT_NONE)


def _leave_higher_schools(pupils: _Pupils) -> None:
    """The Realschule after grade 10, the Gymnasium after any from there on."""
    kind, grade, chance, second = pupils.kind, pupils.grade, pupils.chance, pupils.second
    real = (kind == RS) & (grade == 10) & ~pupils.repeats
    pupils.ends(real & (second >= 0.035), CERT_INTERMEDIATE)
    pupils.ends(real & (second >= 0.035) & (chance > 0.985), CERT_LOWER)
    goes_on = real & (second < 0.035)
    pupils.new_kind[goes_on], pupils.new_grade[goes_on] = GY, 11
    gymnasium = (kind == GY) & ~pupils.repeats
    pupils.ends(gymnasium & (grade == 10) & (second < 0.065 * pupils.weak * 1.4), CERT_INTERMEDIATE)
    pupils.ends(gymnasium & np.isin(grade, (11, 12)) & (second < 0.014), CERT_INTERMEDIATE)
    pupils.ends(gymnasium & (grade == 12) & (second > 0.982), CERT_VOCATIONAL)
    pupils.ends(gymnasium & (grade == 13), CERT_UNIVERSITY)
    pupils.ends(gymnasium & (grade == 13) & (second < 0.025), CERT_VOCATIONAL)


def _write(people: People, pupils: _Pupils, year: int, draw: Draw) -> np.ndarray:
    """What became of the pupils; returns the sites of those who left, who have none any more."""
    at, leaving = pupils.at, pupils.leaving
    people.certificate[at[leaving]] = pupils.certificate[leaving]
    left_site = people.site[at[leaving]].copy()
    pupils.new_kind[leaving], pupils.new_grade[leaving] = NONE, 0
    changed = (pupils.new_kind != pupils.kind) & (pupils.new_kind != NONE)
    people.school[at], people.grade[at] = pupils.new_kind, pupils.new_grade
    people.site[at[leaving]] = NEVER
    people.in_language_class[at[leaving]] = False
    choose_site(people, at[changed], year, draw)
    return left_site
