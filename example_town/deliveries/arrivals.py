"""Newly arrived: newcomers, language classes, integration courses, migration background."""

from collections.abc import Iterator
from datetime import date

from example_town import estimates
from example_town.chance import Draw
from example_town.deliveries.shared import (
    INVENTED,
    KREISE,
    LONG,
    SEED,
    SEXES,
    YEARS,
    Count,
    Delivery,
    by_kreis,
    school_year,
    sheet_of,
)
from example_town.files import csv_bytes, workbook
from example_town.places import PLACES
from example_town.town import LAST, Town


def newcomers(town: Town) -> Iterator[Delivery]:
    ages = {
        "age_0_5": "0-5", "age_6_9": "6-9", "age_10_15": "10-15", "age_16_20": "16-20",
    }  # fmt: skip
    rows = [
        [r.year, PLACES[r.place].id, ages[r.age_newcomer], SEXES[r.sex], r.arrived, r.placed]
        + [r.waiting, r.waiting_days]
        for r in town.tables["newcomers"].itertuples()
    ]
    header = ["Jahr", "Gebiet", "Altersgruppe", "Geschlecht", "angekommen", "versorgt", "wartend"]
    yield Delivery(
        "zuwanderung/neu_zugewanderte.csv",
        "Neu zugewanderte Kinder und Jugendliche und ihre Wartezeit",
        "beispiel_neuzugewanderte",
        date(2026, 2, 5),
        csv_bytes(
            [*header, "Wartetage"],
            rows,
            above=["Bildungskoordination: neu zugewanderte Kinder und Jugendliche", ""],
            below=["", "Quelle: Ausländerbehörde, Schulämter, Jugendämter.", INVENTED],
        ),
    )


def language_classes(town: Town) -> Iterator[Delivery]:
    pupils = town.tables["pupils"]
    inside = Count(pupils[pupils["in_class"]], ["year", "kreis", "school_type"])
    left = town.tables["left_language_class"]
    keys = ["year", "kreis", "school_type"]
    moved, months = (Count(left, keys, m) for m in ("moved_to_regular", "months_until_move"))

    def rows(kreis: int) -> Iterator[list]:
        for year in YEARS:
            for kind in ("grundschule", "hauptschule"):
                key = (year, kreis, kind)
                number = inside(*key)
                classes = -(-number // 17)
                # in the last one the school year is not over
                after = ["k. A.", "k. A."] if year == LAST else [moved(*key), months(*key)]
                yield [school_year(year), LONG[kind], classes, classes * 18, number, *after]

    header = ["Schuljahr", "Schulart", "Klassen", "Plätze", "Schüler am 1.10."]
    header += ["Wechsel in Regelklasse¹)", "Monate bis Wechsel (Summe)¹)"]
    yield Delivery(
        "zuwanderung/deutschklassen.xlsx",
        "Deutschklassen an Grund- und Mittelschulen",
        "beispiel_deutschklassen",
        date(2025, 12, 18),
        by_kreis("Deutschklassen, {}", [header], rows, "1) im Laufe des Schuljahres"),
    )


def integration(town: Town) -> Iterator[Delivery]:
    inside = Count(town.tables["integration_pupils"], ["year", "kreis"])
    ended = town.tables["integration_ended"]
    completed, continued = (Count(ended, ["year", "kreis"], m) for m in ("completed", "continued"))
    rows = []
    for kreis, key, _ in KREISE:
        for year in YEARS:
            open_end = year == LAST
            after = ["…", "…"] if open_end else [completed(year, kreis), continued(year, kreis)]
            rows.append([school_year(year), key, inside(year, kreis), *after])
    yield Delivery(
        "zuwanderung/berufsintegration.csv",
        "Berufsintegrationsklassen der beruflichen Schulen",
        "beispiel_berufsintegration",
        date(2025, 11, 20),
        csv_bytes(["Schuljahr", "Kreis", "Schüler", "Abgänge", "mit Anschluss"], rows),
    )
    found = estimates.integration_courses(town.tables["adult_newcomers"], Draw(SEED))
    rows = [
        [r.year, KREISE[r.kreis][1], r.beginners, r.tested, r.reached_b1]
        for r in found.itertuples()
    ]
    yield Delivery(
        "zuwanderung/integrationskurse.csv",
        "Integrationskurse: neue Teilnehmende und Ergebnisse",
        "beispiel_integrationskurse",
        date(2026, 2, 18),
        csv_bytes(["Jahr", "Kreis", "neue Teilnehmende", "Prüfungen", "davon B1"], rows),
    )


def migration_background(town: Town) -> Iterator[Delivery]:
    words = {
        "foreign": "ausländisch", "microcensus": "Mikrozensus",
        "immigration_history": "Einwanderungsgeschichte", "kmk": "KMK",
        "other_family_language": "nichtdeutsche Familiensprache",
    }  # fmt: skip
    groups = {"population": "Bevölkerung", "pupils": "Schülerinnen und Schüler"}
    rows = [
        [f"31.12.{r.year}", KREISE[r.kreis][2], groups[r.person_group]]
        + [words[r.migration_definition], r.persons, r.base]
        for r in town.tables["migration_background"].itertuples()
    ]
    header = ["Stichtag", "Region", "Gruppe", "Definition", "Personen", "Gruppe insgesamt"]
    yield Delivery(
        "zuwanderung/migrationshintergrund.xlsx",
        "Migrationshintergrund nach verschiedenen Definitionen",
        "beispiel_migrationshintergrund",
        date(2026, 2, 18),
        workbook(
            [
                sheet_of(
                    "Migrationshintergrund",
                    ["Personen mit Migrationshintergrund", "Jede Definition für sich lesen!"],
                    [header],
                    rows,
                    "Quelle: Melderegister (MigraPro), Schulstatistik.",
                )
            ]
        ),
    )


MAKERS = (
    newcomers,
    language_classes,
    integration,
    migration_background,
)
