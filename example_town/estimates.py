"""What is not counted from people: the projection, the labour market, offers and projects."""

import numpy as np
import pandas as pd

from example_town.chance import Draw
from example_town.people import series
from example_town.places import IN_CITY

EDUCATION_AGES = [(0, "0 bis unter 3"), (3, "3 bis unter 6"), (6, "6 bis unter 10"),
    (10, "10 bis unter 16"), (16, "16 bis unter 19"), (19, "19 bis unter 25"),
    (25, "25 bis unter 65"), (65, "65 und älter")]  # fmt: skip
# variant: (births per woman in the long run, how far the mean net migration goes on)
VARIANTS = {
    "untere Variante": (1.25, 0.6),
    "mittlere Variante": (1.36, 1.0),
    "obere Variante": (1.48, 1.4),
}
UNTIL = 2040
# Ready-made rates of unemployment, per cent of the labour force (Kreise: 1.5 to 14).
UNEMPLOYED = {
    0: {2015: 6.4, 2019: 4.9, 2020: 6.0, 2022: 5.1, 2025: 6.1},
    1: {2015: 3.1, 2019: 2.4, 2020: 3.2, 2022: 2.6, 2025: 3.3},
}
UNEMPLOYED_FOREIGN, UNEMPLOYED_YOUNG = 2.3, 0.85  # times the rate of all
# Positions per contract and share unfilled: employers search longer every year.
POSITIONS = {2015: 1.04, 2019: 1.16, 2020: 1.10, 2023: 1.30, 2025: 1.22}
UNFILLED = {2015: 0.055, 2019: 0.105, 2020: 0.09, 2023: 0.185, 2025: 0.15}
APPLICANTS = {2015: 0.98, 2019: 0.86, 2021: 0.74, 2023: 0.76, 2025: 0.85}
UNPLACED = {2015: 0.040, 2019: 0.030, 2020: 0.052, 2022: 0.034, 2025: 0.061}


def projection(population: pd.DataFrame, moves_by_age: pd.DataFrame) -> pd.DataFrame:
    """A row per kreis (0 city, 1 Landkreis), variant, year and education age group; columns: these
    and population. Cohorts age, die, and move as in the mean of the last five years."""
    parts = []
    for kreis in (0, 1):
        here = population[(population["place"] >= IN_CITY) == bool(kreis)]
        base = _ages(here[here["year"] == 2025])
        net = moves_by_age[(moves_by_age["kreis"] == kreis) & (moves_by_age["year"] >= 2021)]
        net = net.groupby("age")["net"].sum().reindex(range(101), fill_value=0).to_numpy() / 5
        for name, (fertility, share) in VARIANTS.items():
            now = base.astype(float)
            for year in range(2025, UNTIL + 1):
                counts = np.add.reduceat(now, [age for age, _ in EDUCATION_AGES])
                for (_, group), count in zip(EDUCATION_AGES, counts, strict=True):
                    parts.append((kreis, name, year, group, round(float(count))))
                now = _next(now, net * share, fertility)
    return pd.DataFrame(parts, columns=["kreis", "variant", "year", "group", "population"])


def _ages(frame: pd.DataFrame) -> np.ndarray:
    return frame.groupby("age")["count"].sum().reindex(range(101), fill_value=0).to_numpy()


def _next(now: np.ndarray, net: np.ndarray, fertility: float) -> np.ndarray:
    ages = np.arange(101)
    death = np.clip(1.5e-5 * np.exp(0.102 * ages), 0, 0.5)
    curve = np.exp(-0.5 * ((ages - 31.3) / 5.4) ** 2) * ((ages >= 16) & (ages < 46))
    births = (now * curve).sum() / curve.sum() * 0.49 * fertility
    stay = np.maximum(now * (1 - death) + net * 0.8, 0)
    older = np.concatenate([[births], stay[:-1]])
    older[100] += stay[100]
    return older


def labour_market(population: pd.DataFrame) -> pd.DataFrame:
    """Unemployed persons: a row per year and kreis (0 city, 1 Landkreis). Columns: year, kreis,
    all, female, foreign, young, and a rate of each."""
    rows = []
    for kreis in (0, 1):
        here = population[(population["place"] >= IN_CITY) == bool(kreis)]
        for year in range(2015, 2026):
            now = here[(here["year"] == year) & here["age"].between(15, 64)]
            foreign = now[now["citizenship"] == "foreign"]["count"].sum() * 0.70
            young = now[now["age"] < 25]["count"].sum() * 0.52
            female = now[now["sex"] == "female"]["count"].sum() * 0.755
            force = now["count"].sum() * 0.80
            rate = series(UNEMPLOYED[kreis], year)
            rates = (rate, rate * 0.94, rate * UNEMPLOYED_FOREIGN, rate * UNEMPLOYED_YOUNG)
            bases = (force, female, foreign, young)
            counts = [round(base * r / 100) for base, r in zip(bases, rates, strict=True)]
            rows.append((year, kreis, *counts, *(round(r, 1) for r in rates)))
    names = ["all", "female", "foreign", "young"]
    return pd.DataFrame(rows, columns=["year", "kreis", *names, *(f"rate_{n}" for n in names)])


def training_market(training: pd.DataFrame, draw: Draw) -> pd.DataFrame:
    """A row per year and kreis; columns: these, contracts (they follow those who begin training),
    applicants, unplaced, alternative, positions and unfilled (they follow a trend)."""
    begins = training[training["sector"] == "vocational_training"]
    begins = begins.groupby(["year", "kreis"])["count"].sum()
    rows = []
    for year in range(2016, 2026):
        for kreis in (0, 1):
            contracts = round(begins[(year, kreis)] * (0.86 if kreis == 0 else 1.05))
            noise = 0.96 + 0.08 * draw.uniform(4)
            positions = round(contracts * series(POSITIONS, year) * noise[0])
            unfilled = round(positions * series(UNFILLED, year) * noise[1])
            applicants = round(contracts * series(APPLICANTS, year) * noise[2])
            unplaced = round(applicants * series(UNPLACED, year) * noise[3])
            rows.append(
                (
                    year,
                    kreis,
                    contracts,
                    applicants,
                    unplaced,
                    round(unplaced * 1.9 + 3),
                    positions,
                    unfilled,
                )
            )
    names = ["contracts", "applicants", "unplaced", "alternative", "positions", "unfilled"]
    return pd.DataFrame(rows, columns=["year", "kreis", *names])


def integration_courses(adults: pd.DataFrame, draw: Draw) -> pd.DataFrame:
    """A row per year and kreis; columns: these, beginners (they follow the arrivals of this and
    last year), tested (a year later) and reached_b1."""
    counts = adults.set_index(["year", "kreis"])["count"]
    rows = []
    for kreis in (0, 1):
        for year in range(2016, 2026):
            beginners = round(0.24 * counts[(year, kreis)] + 0.16 * counts[(year - 1, kreis)])
            before = 0.24 * counts[(year - 1, kreis)] + 0.16 * counts[(max(year - 2, 2015), kreis)]
            closed = 0.72 if year in (2020, 2021) else 1.0
            beginners = round(beginners * closed)
            tested = round(before * 0.78 * closed)
            share = 0.57 - 0.012 * (year - 2016) + 0.04 * float(draw.uniform(1)[0])
            rows.append((year, kreis, beginners, tested, round(tested * share)))
    return pd.DataFrame(rows, columns=["year", "kreis", "beginners", "tested", "reached_b1"])


# Offers: (city, Landkreis) in 2016, yearly change in per cent, how much Corona took in 2020/21.
OFFERS = {
    "adult_courses": (5_400, 6_100, -0.6, 0.55),
    "counselling_cases": (310, 190, 4.0, 0.35),
    "music_pupils": (690, 1_010, 0.4, 0.12),
    "library_users": (4_900, 5_600, -0.4, 0.30),
    "reading_mentors": (14, 16, 3.0, 0.45),
    "mentored_children": (23, 27, 3.2, 0.45),
    "social_work_posts": (8.5, 7.0, 6.5, 0.0),
    "cooperations": (54, 67, 3.0, 0.25),
    "democracy_projects": (6, 5, 9.0, 0.30),
}
# Running measures by Baustein in 2016 (city, Landkreis), new ones a year, participants of each.
MEASURES = [(7, 6, 0.9, 85), (11, 12, 1.0, 120), (9, 7, 0.8, 60), (5, 6, 0.7, 95), (4, 6, 0.5, 70)]


def offers(draw: Draw) -> pd.DataFrame:
    """A row per year and kreis; columns: these and one per offer of OFFERS."""
    rows = []
    for kreis in (0, 1):
        for year in range(2016, 2026):
            row: list[float] = [year, kreis]
            for name, (*start, growth, loss) in OFFERS.items():
                value = start[kreis] * (1 + growth / 100) ** (year - 2016)
                value *= 1 - loss * {2020: 0.8, 2021: 1.0, 2022: 0.35}.get(year, 0.0)
                value *= 0.97 + 0.06 * float(draw.uniform(1)[0])
                row.append(round(value * 2) / 2 if name == "social_work_posts" else round(value))
            rows.append(row)
    return pd.DataFrame(rows, columns=["year", "kreis", *OFFERS])


def measures(draw: Draw) -> pd.DataFrame:
    """A row per year, kreis and Baustein; columns: these, running, participants."""
    rows = []
    for kreis in (0, 1):
        for number, (*start, more, each) in enumerate(MEASURES, start=1):
            for year in range(2016, 2026):
                running = round(start[kreis] + more * (year - 2016))
                closed = 0.5 if year in (2020, 2021) else 1.0
                people = running * each * closed * (0.9 + 0.2 * float(draw.uniform(1)[0]))
                rows.append((year, kreis, number, running, round(people)))
    return pd.DataFrame(rows, columns=["year", "kreis", "baustein", "running", "participants"])
