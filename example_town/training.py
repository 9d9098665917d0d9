"""After school: training, transition area, upper secondary vocational schools, university."""

import numpy as np

from example_town.chance import Draw
from example_town.people import People, series
from example_town.places import IN_CITY
from example_town.schools import (
    CERT_INTERMEDIATE,
    CERT_LOWER,
    CERT_NONE,
    CERT_UNIVERSITY,
    CERT_VOCATIONAL,
    NO_CERTIFICATE,
)

# where somebody is after school; 0: nowhere yet
TRANSITION, UPPER, TRAINING, UNIVERSITY, INTEGRATION, WORK, UNKNOWN = range(1, 8)
SECTORS = {
    TRAINING: "vocational_training",
    TRANSITION: "transition_area",
    UPPER: "upper_secondary",
    UNIVERSITY: "university",
}
WHEREABOUTS = ("training", "transition_area", "school", "work_or_service", "unknown")

# Whereabouts in the autumn after leaving, by certificate, in the order of WHEREABOUTS. Nationwide
# about half of those without certificate begin in the transition area (iABE, domain 2.3).
AFTER = {
    CERT_NONE: (0.11, 0.50, 0.05, 0.09, 0.25),
    CERT_LOWER: (0.46, 0.22, 0.11, 0.06, 0.15),
    CERT_INTERMEDIATE: (0.47, 0.05, 0.34, 0.05, 0.09),
    CERT_VOCATIONAL: (0.38, 0.02, 0.34, 0.14, 0.12),
    CERT_UNIVERSITY: (0.15, 0.01, 0.52, 0.20, 0.12),
}
# The share of unknown falls after the youth career agency opened in 2019.
UNKNOWN_FACTOR = {1996: 1.25, 2018: 1.20, 2019: 1.0, 2021: 0.85, 2025: 0.60}
LOCAL_UNIVERSITY = 0.34  # of school leavers who study: at the city's university of applied sciences
# General certificates gained in addition at vocational schools: stage and years in it, then by the
# certificate one has the shares that gain lower, intermediate, vocational and university entrance.
# Magnitude: about a third of the transition area gains or betters a certificate, and vocational
# schools give 2 to 3 certificates a year per 1,000 residents, Fachhochschulreife most often.
GAINED = {
    (TRANSITION, 1): {
        CERT_NONE: (0.36, 0.02, 0.0, 0.0),
        CERT_LOWER: (0.0, 0.24, 0.0, 0.0),
    },
    # classes for newly arrived young people lead to the Hauptschulabschluss
    (INTEGRATION, 2): {
        NO_CERTIFICATE: (0.48, 0.04, 0.0, 0.0),
        CERT_NONE: (0.48, 0.04, 0.0, 0.0),
    },
    # completed training with good marks counts as a certificate
    (TRAINING, 3): {
        CERT_NONE: (0.45, 0.0, 0.0, 0.0),
        CERT_LOWER: (0.0, 0.34, 0.0, 0.0),
        CERT_INTERMEDIATE: (0.0, 0.0, 0.05, 0.0),
    },
    # full-time schools, Fachoberschule, berufliches Gymnasium
    (UPPER, 2): {
        CERT_NONE: (0.50, 0.10, 0.0, 0.0),
        CERT_LOWER: (0.0, 0.66, 0.0, 0.0),
        CERT_INTERMEDIATE: (0.0, 0.0, 0.55, 0.17),
    },
}
GAINED_IN = {2015: 0.94, 2019: 1.0, 2020: 1.06, 2021: 1.05, 2022: 0.99, 2025: 1.03}  # times that
GAINABLE = (CERT_LOWER, CERT_INTERMEDIATE, CERT_VOCATIONAL, CERT_UNIVERSITY)
STUDENT_ARRIVALS = 0.30  # of 18- to 22-year-olds who move into the city
DISTRICT_TRAINS_IN_CITY = 0.52  # of the Landkreis' trainees, at the vocational schools of the city


def after_school(people: People, who: np.ndarray, year: int, draw: Draw) -> np.ndarray:
    """Where these leavers are in autumn (position in WHEREABOUTS); sets their stage."""
    shares = np.zeros((6, 5))
    for certificate, row in AFTER.items():
        shares[certificate] = row
    shares = shares[people.certificate[who]]
    unknown = shares[:, 4] * series(UNKNOWN_FACTOR, year)
    # agencies that reach more people find them mostly in measures and training
    found = shares[:, 4] - unknown
    shares[:, 4] = unknown
    shares[:, 0] += found * 0.4
    shares[:, 1] += found * 0.45
    shares[:, 3] += found * 0.15
    # foreign leavers find training less often
    lost = np.where(people.foreign[who], shares[:, 0] * 0.30, 0.0)
    shares[:, 0] -= lost
    shares[:, 1] += lost
    where = draw.rows(np.clip(shares, 0, 1))
    stage = np.array([TRAINING, TRANSITION, UPPER, WORK, UNKNOWN])[where]
    studies = (where == 2) & np.isin(people.certificate[who], (CERT_UNIVERSITY, CERT_VOCATIONAL))
    local = draw.uniform(len(who)) < LOCAL_UNIVERSITY
    stage = np.where(studies, np.where(local, UNIVERSITY, WORK), stage)
    people.stage[who], people.stage_year[who] = stage, year
    return where


def gain_certificates(people: People, year: int, draw: Draw) -> np.ndarray:
    """Who gains a general certificate at a vocational school this summer, better than all before;
    sets `gained`. `certificate` stays that with which somebody left the general school."""
    length = year - people.stage_year
    has = np.maximum(people.certificate, people.gained)
    shares = np.zeros((len(people), len(GAINABLE) + 1))
    for (stage, years), rows in GAINED.items():
        at_end = (people.stage == stage) & (length == years) & (people.school == 0)
        for certificate, row in rows.items():
            shares[at_end & (has == certificate), 1:] = row
    shares = shares * series(GAINED_IN, year)
    shares[:, 0] = 1 - shares[:, 1:].sum(axis=1)
    found = draw.rows(shares)
    who = np.flatnonzero((found > 0) & (people.place >= 0))
    people.gained[who] = np.array((NO_CERTIFICATE, *GAINABLE))[found[who]]
    return who


def later_years(people: People, year: int, draw: Draw) -> dict[str, np.ndarray]:
    """What becomes of those in a stage of one or two years. Returns who completed an integration
    class (`completed`) and the part of them that went on (`continued`)."""
    length = year - people.stage_year
    chance = draw.uniform(len(people))
    one = (people.stage == TRANSITION) & (length >= 1)
    two = (people.stage == UPPER) & (length >= 2) & (people.school == 0)
    integration = (people.stage == INTEGRATION) & (
        (length >= 2) | ((length == 1) & (chance < 0.12))
    )
    completed = np.flatnonzero(integration & (people.place >= 0))
    rate = series({1996: 0.45, 2016: 0.50, 2019: 0.64, 2020: 0.56, 2025: 0.70}, year)
    went_on = draw.uniform(len(people)) < rate
    continued = completed[went_on[completed]]

    def begin(mask: np.ndarray, stage: int) -> None:
        people.stage[mask], people.stage_year[mask] = stage, year

    begin(one & (chance < 0.56), TRAINING)
    begin(one & (chance >= 0.56) & (chance < 0.70), WORK)
    begin(one & (chance >= 0.70), UNKNOWN)
    people.certificate[two] = CERT_VOCATIONAL
    begin(two & (chance < 0.25), UNIVERSITY)
    begin(two & (chance >= 0.25) & (chance < 0.55), TRAINING)
    begin(two & (chance >= 0.55), WORK)
    begin(integration & went_on & (chance < 0.60), TRAINING)
    begin(integration & went_on & (chance >= 0.60) & (chance < 0.85), TRANSITION)
    begin(integration & went_on & (chance >= 0.85), WORK)
    begin(integration & ~went_on, UNKNOWN)
    return {"completed": completed, "continued": continued}


def kreis_of_training(people: People, who: np.ndarray) -> np.ndarray:
    """0 city, 1 Landkreis: where those in training, school or study are counted."""
    city = people.place[who] < IN_CITY
    share = np.select(
        [people.stage[who] == UNIVERSITY, people.stage[who] == UPPER],
        [1.0, 0.80],
        DISTRICT_TRAINS_IN_CITY,
    )
    goes_out = city & (people.mood[who] > 0.94) & (people.stage[who] == TRAINING)
    return np.where(city, goes_out, people.mood[who] >= share).astype(int)
