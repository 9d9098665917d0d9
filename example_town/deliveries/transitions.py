"""Between schools and out of them: flows, recommendations, rates, leavers."""

from collections.abc import Iterator
from datetime import date

from example_town.deliveries.shared import (
    CERTIFICATES,
    CITIZENS,
    KREISE,
    LONG,
    SEXES,
    SHORT,
    YEARS,
    Count,
    Delivery,
    of_kreis,
    place_cells,
    recent,
    school_year,
    sheet_of,
    short_year,
    with_kreis,
)
from example_town.files import csv_bytes, workbook
from example_town.places import PLACES
from example_town.town import Town


def flows(town: Town) -> Iterator[Delivery]:
    """All flows of the Kreise in one long file of the school authority; grade 4 by place, wide."""
    table = recent(town.tables["transitions"])
    dims = ["origin_type", "origin_grade", "destination_type", "destination_grade"]
    found = with_kreis(table).groupby(["year", "kreis", *dims, "sex", "citizenship"])["count"].sum()
    words = SHORT | {
        "kita": "Kita", "zuzug": "Zuzug", "berufliche_schule": "BS", "training": "Ausbildung",
        "leaving": "Abgang", "fortzug": "Fortzug",
    }  # fmt: skip
    rows = [
        [school_year(y), KREISE[k][1], words[o], og or "ohne", words[d], dg or "ohne", s, c, count]
        for (y, k, o, og, d, dg, s, c), count in (
            ((*key[:6], SEXES[key[6]], CITIZENS[key[7]]), n) for key, n in found.items()
        )
    ]
    header = ["Schuljahr", "Wohnort", "von", "von Jgst.", "nach", "nach Jgst.", "Geschlecht"]
    yield Delivery(
        "uebergaenge/schuelerstroeme.csv",
        "Übergänge zwischen zwei Schuljahren nach Schulart und Jahrgangsstufe",
        "beispiel_schuelerstroeme",
        date(2025, 12, 15),
        csv_bytes([*header, "Staatsangehörigkeit", "Anzahl"], rows, encoding="cp1252"),
    )
    fourth = table[(table["origin_type"] == "grundschule") & (table["origin_grade"] == 4)]
    count = Count(fourth, ["year", "place", "sex", "citizenship", "destination_type"])
    kinds = {
        "hauptschule": "MS", "realschule": "RS", "gymnasium": "GY", "foerderschule": "FöZ",
        "grundschule": "GS (Wdh.)", "fortzug": "Fortzug",
    }  # fmt: skip
    unexpected = set(fourth["destination_type"]) - set(kinds)
    assert not unexpected, unexpected
    rows = [
        [school_year(year), *place_cells(n), SEXES[s], CITIZENS[c], *values]
        for year in YEARS
        for n in range(len(PLACES))
        for s in SEXES
        for c in CITIZENS
        if any(values := [count(year, n, s, c, kind) for kind in kinds])
    ]
    header = ["Schuljahr", "Schlüssel", "Wohnort", "Geschlecht", "Staatsangehörigkeit"]
    yield Delivery(
        "uebergaenge/uebertritte_klasse4.csv",
        "Übertritte nach der 4. Klasse nach Gemeinde und Stadtteil",
        "beispiel_uebertritte",
        date(2025, 12, 15),
        csv_bytes([*header, *kinds.values()], rows),
    )


def recommendations(town: Town) -> Iterator[Delivery]:
    """A sheet for each school year; recommendation above, choice below."""
    kinds = ["hauptschule", "realschule", "gymnasium"]
    count = Count(
        town.tables["recommendations"], ["year", "place", "recommended_type", "destination_type"]
    )
    names = [LONG[kind] for kind in kinds]
    sheets = []
    for year in YEARS:
        rows = [
            [*place_cells(n), *(count(year, n, a, b) for a in kinds for b in kinds)]
            for n in range(len(PLACES))
        ]
        sheets.append(
            sheet_of(
                f"SJ {short_year(year)}",
                ["Übertrittszeugnis (oben) und gewählte Schulart (unten)"],
                [
                    ["Schlüssel", "Gebiet", *(h for name in names for h in (name, "<", "<"))],
                    ["^", "^", *(names * 3)],
                ],
                rows,
                "Quelle: Schulämter. Nur Kinder, die in der Region geblieben sind.",
            )
        )
    yield Delivery(
        "uebergaenge/empfehlung_und_wahl.xlsx",
        "Übertrittsempfehlung und gewählte Schulart",
        "beispiel_empfehlungen",
        date(2025, 12, 15),
        workbook(sheets),
    )


def rates(town: Town) -> Iterator[Delivery]:
    """Ready-made shares of the city, as towns publish them."""
    table = town.tables["transitions"]
    table = of_kreis(
        table[(table["origin_type"] == "grundschule") & (table["origin_grade"] == 4)], 0
    )
    count = Count(table, ["year", "destination_type"])
    rows = []
    for year in YEARS:
        values = [count(year, kind) for kind in ("hauptschule", "realschule", "gymnasium")]
        rows.append([school_year(year), *(f"{100 * v / sum(values):.1f}" for v in values)])
    yield Delivery(
        "uebergaenge/uebergangsquote_stadt.csv",
        "Übergangsquoten aus den Grundschulen der Stadt",
        "beispiel_uebergangsquoten",
        date(2025, 10, 30),
        csv_bytes(["jahr", "mittelschule", "realschule", "gymnasium"], rows, separator=","),
    )


def leavers(town: Town) -> Iterator[Delivery]:
    names = ["year", "kreis", "certificate", "leaving_school_type", "sex", "citizenship", "count"]
    table = recent(town.tables["leavers"])[names]
    rows = [
        [year, KREISE[k][1], SHORT[kind], CERTIFICATES[c], SEXES[s], CITIZENS[z], n]
        for year, k, c, kind, s, z, n in table.itertuples(index=False, name=None)
    ]
    header = ["Abgangsjahr", "Schulort", "Schulart", "Abschluss", "Geschlecht"]
    yield Delivery(
        "uebergaenge/abgaenger_schulart.csv",
        "Absolvierende und Abgehende nach Schulart, Abschluss und Staatsangehörigkeit",
        "beispiel_abgaenger_schulart",
        date(2025, 12, 15),
        csv_bytes([*header, "Staatsangehörigkeit", "Anzahl"], rows, encoding="cp1252"),
    )


MAKERS = (
    flows,
    recommendations,
    rates,
    leavers,
)
