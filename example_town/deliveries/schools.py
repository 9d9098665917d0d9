"""Schools: pupils by place, the list of schools, all-day schooling, special needs."""

from collections.abc import Iterator
from datetime import date

import numpy as np
import pandas as pd

from example_town.deliveries.shared import (
    KREISE,
    LONG,
    YEARS,
    Count,
    Delivery,
    by_kreis,
    place_cells,
    recent,
    school_year,
    sheet_of,
)
from example_town.files import csv_bytes, workbook
from example_town.places import ERLENGRUND, IN_CITY, PLACES
from example_town.schools import OUTSIDE, WITHOUT_GS
from example_town.town import Town


def school_place(town: Town) -> Iterator[Delivery]:
    """Where pupils go to school: a sheet for each Kreis."""
    count = Count(town.tables["pupils"], ["year", "home", "kreis", "school_type"])

    def rows(kreis: int) -> list[list]:
        places = (kreis, 1 - kreis, 2)
        return [
            [school_year(year), LONG[kind], *(count(year, kreis, w, kind) for w in places)]
            for year in YEARS
            for kind in LONG
        ]

    yield Delivery(
        "schule/wohnort_schulort.xlsx",
        "Schülerinnen und Schüler nach Wohnort und Schulort",
        "beispiel_schulort",
        date(2025, 12, 18),
        by_kreis(
            "Schülerinnen und Schüler mit Wohnsitz in {} nach dem Ort ihrer Schule",
            [["Schuljahr", "Schulart", "eigener Kreis", "Partnerregion", "auswärts"]],
            rows,
            "Quelle: Gastschulabrechnung.",
        ),
    )


CLASS_SIZES = {"grundschule": 24, "hauptschule": 23, "realschule": 28, "gymnasium": 28}
MANY_SITES = {"99101-03": 2}  # the Grundschule of the Nordstadt has two buildings


def school_table(town: Town) -> pd.DataFrame:
    """A row per place, type of school and year; columns are these, the classes of grades 1 to 10,
    pupils and room."""
    pupils = town.tables["pupils"]
    pupils = pupils[pupils["site"] != OUTSIDE]
    by_grade = pupils.groupby(["year", "site", "school_type", "grade"])["count"].sum().reset_index()
    size = by_grade["school_type"].map(CLASS_SIZES).fillna(12)
    by_grade["classes"] = np.where(
        by_grade["grade"] <= 10, np.ceil(by_grade["count"] / (size + 3)).astype(int), 0
    )
    found = by_grade.groupby(["year", "site", "school_type"])[["count", "classes"]].sum()
    found = found.reset_index()
    # room was built for the pupils of the years before 2020
    early = found[found["year"] <= 2019].groupby(["site", "school_type"])["count"].max()
    room = {key: int(-(-value * 1.06 // 10) * 10) for key, value in early.items()}
    room[(ERLENGRUND, "realschule")] = 480
    found["places"] = [
        room.get(key, int(-(-n * 1.1 // 10) * 10))
        for key, n in zip(
            zip(found["site"], found["school_type"], strict=True), found["count"], strict=True
        )
    ]
    sites = [
        MANY_SITES.get(PLACES[s].id, 1) if t == "grundschule" else 1
        for s, t in zip(found["site"], found["school_type"], strict=True)
    ]
    return found.assign(schools=sites, kreis=(found["site"] >= IN_CITY).astype(int))


def school_list(town: Town) -> Iterator[Delivery]:
    """The authorities' list: a line for each school, with number, name and place."""
    # count is a method of a row
    found = recent(school_table(town)).rename(columns={"count": "pupils"})
    rows = []
    for r in found.itertuples():
        place = PLACES[r.site]
        kind = LONG[r.school_type]
        number = f"{list(LONG).index(r.school_type) + 1}{r.site:03d}"
        rows.append(
            [school_year(r.year), number, f"{kind} {place.name}", kind, place.id, r.schools]
            + [r.classes, r.pupils, r.places]
        )
    for year in YEARS:
        for village, neighbour in WITHOUT_GS.items():
            name = f"{PLACES[village].name}: Schulverband {PLACES[neighbour].name}"
            key = PLACES[village].id
            rows.append([school_year(year), "", name, "Grundschule", key, *["-"] * 4])
    header = ["Schuljahr", "Schulnummer", "Schulname", "Schulart", "Gebiet", "Standorte", "Klassen"]
    yield Delivery(
        "schule/schulliste.csv",
        "Liste der Schulen mit Klassen, Schülerzahl und Schulplätzen",
        "beispiel_schulliste",
        date(2025, 11, 28),
        csv_bytes([*header, "Schülerzahl", "Schulplätze"], rows),
    )


def all_day(town: Town) -> Iterator[Delivery]:
    table = recent(town.tables["all_day"])
    table = table[table["site"] != OUTSIDE]
    rows = [
        [school_year(r.year), *place_cells(r.site), r.children_all_day, r.pupils]
        for r in table.sort_values(["year", "site"]).itertuples()
    ]
    # two villages have no Grundschule of their own
    rows += [[school_year(year), *place_cells(n), "-", "-"] for year in YEARS for n in WITHOUT_GS]
    yield Delivery(
        "schule/ganztag_grundschule.csv",
        "Grundschulkinder in Ganztagsangeboten",
        "beispiel_ganztag",
        date(2025, 11, 28),
        csv_bytes(["Schuljahr", "Schlüssel", "Gebiet", "im Ganztag", "Grundschulkinder"], rows),
    )


def special_needs(town: Town) -> Iterator[Delivery]:
    pupils = town.tables["pupils"]
    pupils = pupils[(pupils["kreis"] < 2) & (pupils["grade"] <= 10)]
    everybody = Count(pupils, ["year", "kreis"])
    special = Count(pupils[pupils["school_type"] == "foerderschule"], ["year", "kreis"])
    regular = Count(pupils[pupils["needs"]], ["year", "kreis"])
    rows = []
    for kreis, _, name in KREISE:
        for year in YEARS:
            inside = regular(year, kreis)
            with_needs = special(year, kreis) + inside
            rows.append([name, school_year(year), with_needs, inside, everybody(year, kreis)])
    header = ["Region", "Schuljahr", "mit Förderbedarf", "davon an Regelschulen"]
    yield Delivery(
        "schule/foerderbedarf.xlsx",
        "Sonderpädagogischer Förderbedarf",
        "beispiel_foerderbedarf",
        date(2025, 12, 18),
        workbook(
            [
                sheet_of(
                    "Förderbedarf",
                    ["Sonderpädagogischer Förderbedarf, Jahrgangsstufen 1 bis 10"],
                    [[*header, "Schülerinnen und Schüler Jgst. 1-10"]],
                    rows,
                    "Quelle: Schulamt.",
                )
            ]
        ),
    )


MAKERS = (
    school_place,
    school_list,
    all_day,
    special_needs,
)
