"""After school: vocational training, whereabouts, benefits; and what the town offers."""

from collections.abc import Iterator
from datetime import date

from example_town import estimates
from example_town.chance import Draw
from example_town.deliveries.shared import (
    CITIZENS,
    INVENTED,
    KREISE,
    SEED,
    SEXES,
    YEARS,
    Count,
    Delivery,
    by_kreis,
    column_sums,
    of_kreis,
    place_cells,
    recent,
    school_year,
    sheet_of,
)
from example_town.files import csv_bytes, workbook
from example_town.town import FIRST, LAST, Town

BEFORE = {
    "none": "ohne Abschluss", "lower": "Hauptschulabschluss",
    "intermediate": "Mittlerer Abschluss", "entrance": "Hochschulreife",
    "unknown": "ohne Angabe",
}  # fmt: skip


def training_system(town: Town) -> Iterator[Delivery]:
    sectors = {
        "vocational_training": "I", "transition_area": "II", "upper_secondary": "III",
        "university": "IV",
    }  # fmt: skip
    names = ["year", "kreis", "sector", "previous_certificate", "sex", "citizenship", "count"]
    table = recent(town.tables["training_system"])[names]
    rows = [
        [school_year(y), KREISE[k][1], sectors[s], BEFORE[p], SEXES[x], CITIZENS[c], n]
        for y, k, s, p, x, c, n in table.itertuples(index=False, name=None)
    ]
    header = ["Schuljahr", "Kreis", "Sektor", "Vorbildung", "Geschlecht", "Staatsangehörigkeit"]
    yield Delivery(
        "ausbildung/ausbildungsgeschehen.csv",
        "Anfängerinnen und Anfänger im Ausbildungsgeschehen (iABE)",
        "beispiel_ausbildungsgeschehen",
        date(2026, 1, 15),
        csv_bytes([*header, "Anfänger"], rows),
    )


def whereabouts(town: Town) -> Iterator[Delivery]:
    where = {
        "training": "Ausbildung", "transition_area": "Maßnahme", "school": "Schule",
        "work_or_service": "Arbeit", "unknown": "ungeklärt",
    }  # fmt: skip
    count = Count(
        town.tables["whereabouts"], ["year", "kreis", "whereabouts", "previous_certificate"]
    )
    sheets = []
    for year in YEARS:
        rows = []
        for kreis, _, name in KREISE:
            for number, (id, word) in enumerate(list(BEFORE.items())[:4]):
                counts = [count(year, kreis, w, id) for w in where]
                rows.append([None if number else name, word, *counts, sum(counts)])
        sheets.append(
            sheet_of(
                str(year),
                ["Verbleib der Schulabgängerinnen und Schulabgänger", f"Abgang im Sommer {year}"],
                [["Region", "Abschluss", *where.values(), "Summe"]],
                rows,
                "Quelle: Befragung des Übergangsmanagements im Oktober.",
            )
        )
    yield Delivery(
        "ausbildung/verbleib.xlsx",
        "Verbleib der Abgängerinnen und Abgänger im Herbst",
        "beispiel_verbleib",
        date(2025, 12, 10),
        workbook(sheets),
    )


def certificates_gained(town: Town) -> Iterator[Delivery]:
    count = Count(
        town.tables["vocational_leavers"], ["year", "kreis", "vocational_certificate", "sex"]
    )
    gained = {
        "total": "Insgesamt",
        "lower": "Hauptschulabschluss", "intermediate": "Mittlerer Abschluss",
        "vocational_entrance": "Fachhochschulreife", "university_entrance": "Hochschulreife",
    }  # fmt: skip

    def rows_gained(kreis: int) -> Iterator[list]:
        for year in YEARS:
            table = [[count(year, kreis, c, s) for s in SEXES] for c in list(gained)[1:]]
            table.insert(0, column_sums(table))
            yield [year, *(n or "-" for both in table for n in (sum(both), *both))]

    yield Delivery(
        "ausbildung/abschluesse_berufliche_schulen.xlsx",
        "An beruflichen Schulen zusätzlich erworbene Schulabschlüsse",
        "beispiel_abschluesse_beruflich",
        date(2025, 12, 15),
        by_kreis(
            "Berufliche Schulen: zusätzlich erworbene Schulabschlüsse, {}",
            [
                ["Abgangsjahr", *(h for word in gained.values() for h in (word, "<", "<"))],
                ["^", *(["zusammen", *SEXES.values()] * len(gained))],
            ],
            rows_gained,
            "Quelle: Statistik der beruflichen Schulen, Ort der Schule.",
        ),
    )


def training_market(town: Town) -> Iterator[Delivery]:
    found = estimates.training_market(town.tables["training_system"], Draw(SEED + 1))

    def rows_market(kreis: int) -> list[list]:
        here = found[found["kreis"] == kreis]
        return [
            [school_year(r.year - 1), *(_thousands(v) for v in r[3:])] for r in here.itertuples()
        ]

    header = ["Ausbildungsjahr", "neue Verträge", "Bewerber", "unversorgt", "mit Alternative"]
    header += ["gemeldete Stellen", "unbesetzt"]
    source = "Quelle: Agentur für Arbeit, Kammern."
    yield Delivery(
        "ausbildung/ausbildungsmarkt.xlsx",
        "Ausbildungsmarkt am 30. September",
        "beispiel_ausbildungsmarkt",
        date(2025, 11, 6),
        by_kreis("Ausbildungsmarkt am 30.09., {}", [header], rows_market, source),
    )


def _thousands(value: int) -> str:
    """A number as text, as some offices store it."""
    return f"{value:,}".replace(",", ".")


def benefits(town: Town) -> Iterator[Delivery]:
    """As the employment agency delivers: fewer than ten are not shown, sums are rows."""
    table = town.tables["social_benefits"]
    rows = []
    for year in range(FIRST, LAST + 1):
        for kreis, key, name in KREISE:
            here = of_kreis(table[table["year"] == year], kreis)
            total = [int(here["children_in_benefits"].sum()), int(here["children"].sum())]
            rows.append([f"31.12.{year}", key, name, *total])
            for r in here.itertuples():
                shown = "*" if 0 < r.children_in_benefits < 10 else r.children_in_benefits
                rows.append([f"31.12.{year}", *place_cells(r.place), shown, r.children])
    yield Delivery(
        "soziales/kinder_sgb2.csv",
        "Kinder unter 15 Jahren in Bedarfsgemeinschaften",
        "beispiel_sgb2",
        date(2026, 4, 24),
        csv_bytes(
            ["Berichtsmonat", "Schlüssel", "Gebiet", "Kinder in BG", "Kinder unter 15"],
            rows,
            encoding="cp1252",
            below=["* = weniger als 10", INVENTED],
        ),
    )


def local_offers(town: Town) -> Iterator[Delivery]:
    found = estimates.offers(Draw(SEED + 2))
    names = [
        "VHS-Belegungen", "Bildungsberatungen", "Musikschüler unter 18", "Bibliotheksnutzer",
        "Lesepaten", "begleitete Kinder", "Stellen Schulsozialarbeit", "Kooperationen",
        "Demokratieprojekte",
    ]  # fmt: skip

    def rows_offers(kreis: int) -> list[list]:
        here = found[found["kreis"] == kreis].drop(columns="kreis")
        return [[int(year), *values] for year, *values in here.itertuples(index=False, name=None)]

    yield Delivery(
        "angebote/bildungsangebote.xlsx",
        "Bildungsangebote und ihre Nutzung",
        "beispiel_angebote",
        date(2026, 2, 25),
        by_kreis(
            "Bildungsangebote und ihre Nutzung, {}",
            [["Jahr", *names]],
            rows_offers,
            "Quelle: Abfrage des Bildungsbüros bei den Einrichtungen.",
        ),
    )
    rows = [
        [r.year, KREISE[r.kreis][1], f"Baustein {r.baustein}", r.running, r.participants]
        for r in estimates.measures(Draw(SEED + 3)).itertuples()
    ]
    yield Delivery(
        "angebote/massnahmen.csv",
        "Maßnahmen und Projekte nach Bausteinen",
        "beispiel_massnahmen",
        date(2026, 2, 25),
        csv_bytes(["Jahr", "Kreis", "Baustein", "laufende Maßnahmen", "Teilnehmende"], rows),
    )


MAKERS = (
    training_system,
    whereabouts,
    certificates_gained,
    training_market,
    benefits,
    local_offers,
)
