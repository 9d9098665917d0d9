"""The register of residents: people by age, births by month, moves, and a projection."""

from collections.abc import Iterator
from datetime import date

import pandas as pd

from example_town import estimates
from example_town.deliveries.shared import (
    KREISE,
    Count,
    Delivery,
    banded,
    column_sums,
    place_cells,
    places_of,
    sheet_of,
)
from example_town.files import csv_bytes, workbook
from example_town.places import PLACES
from example_town.town import FIRST, LAST, MONTHS, Town


def residents(town: Town) -> Iterator[Delivery]:
    """City: a file a key date, as the register prints it; Landkreis: one long file in cp1252."""
    people = town.tables["population"]
    count = Count(people, ["year", "place", "age", "sex", "citizenship"])
    order = [("male", "german"), ("female", "german"), ("male", "foreign"), ("female", "foreign")]
    for year in range(FIRST, LAST + 1):
        rows = [
            [*place_cells(n), _age(age), *(count(year, n, age, *o) for o in order)]
            for n in places_of(0)
            for age in range(101)
        ]
        header = ["stadtteil_nr", "stadtteil", "alter", "maenner_deutsch", "frauen_deutsch"]
        header += ["maenner_nichtdeutsch", "frauen_nichtdeutsch"]
        yield Delivery(
            f"einwohner/einwohner_stadtteile_31.12.{year}.csv",
            f"Einwohner nach Stadtteil, Alter, Geschlecht und Staatsangehörigkeit, 31.12.{year}",
            "beispiel_einwohner_stadt",
            date(year + 1, 1, 20),
            csv_bytes(header, rows, separator=","),
        )
    rows = [
        [*place_cells(n), f"31.12.{year}", _age(age), *values]
        for year in range(FIRST, LAST + 1)
        for n in places_of(1)
        for age in range(101)
        if any(values := [count(year, n, age, *o) for o in order])
    ]
    header = ["AGS", "Gemeinde", "Stichtag", "Alter", "dt. m", "dt. w", "ausl. m", "ausl. w"]
    yield Delivery(
        "einwohner/melderegister_landkreis.csv",
        "Melderegister: Einwohner der Gemeinden nach Alter, Geschlecht und Staatsangehörigkeit",
        "beispiel_einwohner_landkreis",
        date(2026, 1, 28),
        csv_bytes(
            header,
            rows,
            encoding="cp1252",
            above=["Melderegister, Einwohner mit Hauptwohnung (erfundene Beispieldaten)", ""],
        ),
    )


def _age(age: int) -> str:
    return "100 und älter" if age == 100 else str(age)


GERMAN_MONTHS = (
    "Januar", "Februar", "März", "April", "Mai", "Juni",
    "Juli", "August", "September", "Oktober", "November", "Dezember",
)  # fmt: skip


def births_by_month(town: Town) -> Iterator[Delivery]:
    """City: a sheet a year, Stadtteile as columns, sums; Landkreis: months as columns."""
    count = Count(town.tables["births"], ["year", "place", "birth_month"])
    sheets = []
    for year in range(FIRST, LAST + 1):
        table = [[count(year, n, month) for n in places_of(0)] for month in MONTHS]
        rows = [[m, *r, sum(r)] for m, r in zip(GERMAN_MONTHS, table, strict=True)]
        rows.append(["Summe", *(sums := column_sums(table)), sum(sums)])
        names = [PLACES[n].name for n in places_of(0)]
        sheets.append(
            sheet_of(
                str(year),
                ["Lebendgeborene nach Geburtsmonat und Stadtteil", f"Jahr {year}"],
                [["Monat", *names, "Stadt gesamt"]],
                rows,
                "Quelle: Melderegister der Beispielstadt.",
                bold=("Summe",),
            )
        )
    yield Delivery(
        "einwohner/geburten_stadtteile.xlsx",
        "Lebendgeborene nach Geburtsmonat und Stadtteil",
        "beispiel_geburten_stadt",
        date(2026, 2, 10),
        workbook(sheets),
    )
    rows = [
        [*place_cells(n), year, *(count(year, n, m) or "-" for m in MONTHS)]
        for n in places_of(1)
        for year in range(FIRST, LAST + 1)
    ]
    yield Delivery(
        "einwohner/geburten_gemeinden.csv",
        "Lebendgeborene nach Geburtsmonat und Gemeinde",
        "beispiel_geburten_landkreis",
        date(2026, 2, 12),
        csv_bytes(["Schlüssel", "Gemeinde", "Jahr", *GERMAN_MONTHS], rows, encoding="cp1252"),
    )


MIGRATION_AGES = [
    (0, "unter 18 Jahre"), (18, "18 bis unter 25 Jahre"), (25, "25 bis unter 30 Jahre"),
    (30, "30 bis unter 50 Jahre"), (50, "50 bis unter 65 Jahre"), (65, "65 Jahre und älter"),
]  # fmt: skip


def migration(town: Town) -> Iterator[Delivery]:
    counts = {}
    for name in ("arrivals", "departures"):
        frame = town.tables[name]
        frame = frame.assign(group=banded(frame["age"], MIGRATION_AGES))
        counts[name] = Count(frame, ["year", "kreis", "group", "sex"])
    groups = [name for _, name in MIGRATION_AGES]
    rows = []
    for kreis, key, _ in KREISE:
        for year in range(FIRST, LAST + 1):
            table = {
                g: [
                    sum(counts[m](year, kreis, g, s) for s in sexes)
                    for m in ("arrivals", "departures")
                    for sexes in (("female", "male"), ("female",))
                ]
                for g in groups
            }
            rows += [[year, key, g, *values] for g, values in table.items()]
            rows.append([year, key, "Insgesamt", *column_sums(list(table.values()))])
    header = ["Jahr", "Kreis", "Altersgruppe", "Zuzüge", "Zuzüge weiblich", "Fortzüge"]
    yield Delivery(
        "amtlich/wanderungen.csv",
        "Zu- und Fortzüge über die Kreisgrenze nach Geschlecht und Alter",
        "beispiel_wanderungen",
        date(2026, 2, 20),
        csv_bytes([*header, "Fortzüge weiblich"], rows),
    )


def projected(town: Town) -> Iterator[Delivery]:
    """Years as columns, a sheet for each Kreis."""
    net = pd.concat(
        [
            town.tables["arrivals"].assign(net=town.tables["arrivals"]["count"]),
            town.tables["departures"].assign(net=-town.tables["departures"]["count"]),
        ]
    )
    net["age"] = net["age"].clip(0, 100)
    found = estimates.projection(town.tables["population"], net)
    count = Count(found, ["kreis", "variant", "group", "year"], "population")
    years = range(LAST, estimates.UNTIL + 1)
    sheets = [
        sheet_of(
            name,
            ["Vorausberechnung der Bevölkerung nach Bildungsaltersgruppen", name],
            [["Variante", "Altersgruppe", *(f"31.12.{year}" for year in years)]],
            [
                [variant, group, *(count(kreis, variant, group, year) for year in years)]
                for variant in estimates.VARIANTS
                for _, group in estimates.EDUCATION_AGES
            ],
            "Basis: Melderegister am 31.12.2025, Wanderung im Mittel 2021 bis 2025.",
        )
        for kreis, _, name in KREISE
    ]
    yield Delivery(
        "einwohner/vorausberechnung.xlsx",
        "Vorausberechnung der Bevölkerung bis 2040 in drei Varianten",
        "beispiel_vorausberechnung",
        date(2026, 2, 27),
        workbook(sheets),
    )


MAKERS = (
    residents,
    births_by_month,
    migration,
    projected,
)
