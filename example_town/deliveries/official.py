"""Official tables as the offices publish them: population, births, schools, childcare, work."""

from collections.abc import Iterator
from datetime import date

from example_town import estimates
from example_town.deliveries.schools import school_table
from example_town.deliveries.shared import (
    CARE_AGES,
    CERTIFICATES,
    KREISE,
    LONG,
    YEARS,
    Count,
    Delivery,
    banded,
    column_sums,
    with_kreis,
)
from example_town.files import csv_bytes
from example_town.town import FIRST, LAST, Town

AGES_17 = [
    (0, "unter 3 Jahre"), (3, "3 bis unter 6 Jahre"), (6, "6 bis unter 10 Jahre"),
    (10, "10 bis unter 15 Jahre"), (15, "15 bis unter 18 Jahre"), (18, "18 bis unter 20 Jahre"),
    *((a, f"{a} bis unter {a + 5} Jahre") for a in range(20, 65, 5)),
    (65, "65 bis unter 75 Jahre"), (75, "75 Jahre und mehr"),
]  # fmt: skip
AGES_21 = [
    *AGES_17[:-2],
    *((a, f"{a} bis unter {a + 5} Jahre") for a in range(65, 90, 5)),
    (90, "90 Jahre und mehr"),
]


def official_population(town: Town) -> Iterator[Delivery]:
    people = with_kreis(town.tables["population"])
    frame = people.assign(group=banded(people["age"], AGES_17))
    parts = {
        "both": Count(frame, ["year", "kreis", "group"]),
        "female": Count(frame[frame["sex"] == "female"], ["year", "kreis", "group"]),
    }
    rows = _official_rows(parts, [name for _, name in AGES_17])
    yield Delivery(
        "amtlich/bevoelkerung_altersgruppen.csv",
        "Bevölkerung nach Geschlecht und Altersgruppen (17)",
        "beispiel_bevoelkerung",
        date(2026, 2, 20),
        csv_bytes(["Stichtag", "Kreis", "Altersgruppe", "Insgesamt", "weiblich"], rows),
    )
    frame = people.assign(group=banded(people["age"], AGES_21))
    foreign = frame[frame["citizenship"] == "foreign"]
    keys = ["year", "kreis", "group"]
    parts = {
        "both": Count(frame, keys),
        "female": Count(frame[frame["sex"] == "female"], keys),
        "foreign": Count(foreign, keys),
        "foreign female": Count(foreign[foreign["sex"] == "female"], keys),
    }
    rows = _official_rows(parts, [name for _, name in AGES_21])
    header = ["Stichtag", "Kreis", "Altersgruppe", "Insgesamt", "weiblich", "ausländisch"]
    yield Delivery(
        "amtlich/bevoelkerung_staatsangehoerigkeit.csv",
        "Bevölkerung nach Staatsangehörigkeit, Geschlecht und Altersgruppen (21)",
        "beispiel_bevoelkerung_staatsangehoerigkeit",
        date(2026, 2, 20),
        csv_bytes([*header, "ausländisch weiblich"], rows),
    )


def _official_rows(parts: dict[str, Count], groups: list[str]) -> list[list]:
    rows = []
    for year in range(FIRST, LAST + 1):
        for kreis, key, _ in KREISE:
            table = [[count(year, kreis, g) for count in parts.values()] for g in groups]
            named = zip([*groups, "Insgesamt"], [*table, column_sums(table)], strict=True)
            rows += [[f"31.12.{year}", key, group, *values] for group, values in named]
    return rows


def official_means(town: Town) -> Iterator[Delivery]:
    """Mean population of a year and mean age, as offices calculate them."""
    people = with_kreis(town.tables["population"])
    count = Count(people, ["year", "kreis"])
    girls = Count(people[people["sex"] == "female"], ["year", "kreis"])
    years = people.assign(years=(people["age"] + 0.5) * people["count"])
    total = years.groupby(["year", "kreis"])["years"].sum()
    rows = [
        [year, key, *(round((c(year, kreis) + c(year - 1, kreis)) / 2) for c in (count, girls))]
        for year in YEARS
        for kreis, key, _ in KREISE
    ]
    yield Delivery(
        "amtlich/durchschnittsbevoelkerung.csv",
        "Durchschnittliche Jahresbevölkerung nach Geschlecht",
        "beispiel_durchschnittsbevoelkerung",
        date(2026, 2, 20),
        csv_bytes(["Jahr", "Kreis", "Insgesamt", "weiblich"], rows),
    )
    rows = [
        [f"31.12.{year}", key, _decimal(total[(year, kreis)] / count(year, kreis))]
        for year in range(FIRST, LAST + 1)
        for kreis, key, _ in KREISE
    ]
    yield Delivery(
        "amtlich/durchschnittsalter.csv",
        "Durchschnittsalter der Bevölkerung",
        "beispiel_durchschnittsalter",
        date(2026, 2, 20),
        csv_bytes(["Stichtag", "Kreis", "Durchschnittsalter"], rows),
    )


def official_births(town: Town) -> Iterator[Delivery]:
    count = Count(with_kreis(town.tables["births"]), ["year", "kreis", "sex"])
    rows = []
    for year in range(FIRST, LAST + 1):
        for kreis, key, _ in KREISE:
            girls, boys = count(year, kreis, "female"), count(year, kreis, "male")
            rows.append([year, key, girls + boys, girls])
    yield Delivery(
        "amtlich/lebendgeborene.csv",
        "Lebendgeborene nach Geschlecht",
        "beispiel_lebendgeborene",
        date(2026, 2, 20),
        csv_bytes(["Jahr", "Kreis", "Lebendgeborene", "darunter weiblich"], rows),
    )


def official_schools(town: Town) -> Iterator[Delivery]:
    pupils = town.tables["pupils"]
    pupils = pupils[pupils["kreis"] < 2]
    keys = ["year", "kreis", "school_type"]
    parts = [
        Count(pupils, keys),
        Count(pupils[pupils["sex"] == "female"], keys),
        Count(pupils[pupils["citizenship"] == "foreign"], keys),
    ]
    grades = [Count(pupils[pupils["grade"] == g], keys) for g in (7, 11)]
    schools = Count(school_table(town), keys, "schools")
    rows = []
    for year in YEARS:
        for kreis, key, _ in KREISE:
            table = []
            for id, name in LONG.items():
                counts = [part(year, kreis, id) for part in parts]
                upper = [g(year, kreis, id) if id != "grundschule" else None for g in grades]
                table.append([*counts, *upper])
                rows.append([year, key, name, schools(year, kreis, id), *counts, *upper])
            rows.append([year, key, "Insgesamt", None, *column_sums(table)])
    header = ["Schuljahresbeginn", "Kreis", "Schulart", "Schulen", "Schüler insgesamt", "weiblich"]
    yield Delivery(
        "amtlich/schulen_schueler.csv",
        "Schulen, Schülerinnen und Schüler nach Schularten am Schulort",
        "beispiel_schueler",
        date(2026, 2, 20),
        csv_bytes([*header, "ausländisch", "Klasse 7", "Klasse 11"], rows),
    )
    leavers = town.tables["leavers"]
    leavers = leavers[leavers["kreis"] < 2]
    keys = ["year", "kreis", "certificate"]
    counts = [Count(leavers, keys), Count(leavers[leavers["sex"] == "female"], keys)]
    rows = []
    for year in YEARS:
        for kreis, key, _ in KREISE:
            table = [[c(year, kreis, id) for c in counts] for id in CERTIFICATES]
            named = zip(
                [*CERTIFICATES.values(), "Insgesamt"], [*table, column_sums(table)], strict=True
            )
            rows += [[year, key, name, *values] for name, values in named]
    yield Delivery(
        "amtlich/abgaenger.csv",
        "Absolvierende und Abgehende nach Abschluss und Geschlecht",
        "beispiel_abgaenger",
        date(2026, 2, 20),
        csv_bytes(["Abgangsjahr", "Kreis", "Abschluss", "Insgesamt", "weiblich"], rows),
    )


def official_childcare(town: Town) -> Iterator[Delivery]:
    children = with_kreis(town.tables["kita_children"])
    rows, facilities = [], []
    places = Count(with_kreis(town.tables["kita_places"]), ["year", "kreis"], "places")
    for year in range(FIRST, LAST + 1):
        for kreis, key, _ in KREISE:
            here = children[(children["year"] == year) & (children["kreis"] == kreis)]
            for kind in ("Insgesamt", "Tageseinrichtung", "Tagespflege"):
                some = (
                    here if kind == "Insgesamt" else here[here["minded"] == (kind == "Tagespflege")]
                )
                for age, name in [*CARE_AGES.items(), ("", "Insgesamt")]:
                    part = some[some["age_childcare"] == age] if age else some
                    values = [int(part[column].sum()) for column in ("children", "foreign_origin")]
                    rows.append([f"01.03.{year}", key, name, kind, *values])
            number = places(year, kreis)
            cared = here[~here["minded"]]
            young = int(cared[cared["age_childcare"] == "age_0_2"]["children"].sum())
            posts = young / 4.2 + (int(cared["children"].sum()) - young) / 9.3
            educators = round(posts * 1.32)
            staff = [round(educators * 1.17), educators, round(posts)]
            facilities.append([f"01.03.{year}", key, round(number / 74), number, *staff])
    yield Delivery(
        "amtlich/kindertagesbetreuung.csv",
        "Betreute Kinder nach Alter und Art der Betreuung",
        "beispiel_kindertagesbetreuung",
        date(2026, 2, 20),
        csv_bytes(
            ["Stichtag", "Kreis", "Altersgruppe", "Art", "Kinder", "Herkunft ausländisch"], rows
        ),
    )
    header = ["Stichtag", "Kreis", "Einrichtungen", "genehmigte Plätze", "tätige Personen"]
    yield Delivery(
        "amtlich/kitas_personal.csv",
        "Kindertageseinrichtungen, genehmigte Plätze und Personal",
        "beispiel_kitas",
        date(2026, 2, 20),
        csv_bytes([*header, "pädagogisches Personal", "Vollzeitstellen"], facilities),
    )


def official_labour_market(town: Town) -> Iterator[Delivery]:
    found = estimates.labour_market(town.tables["population"])
    rows = []
    for row in found.itertuples():
        counts = [row.all, row.female, row.foreign, row.young]
        rates = [row.rate_all, row.rate_female, row.rate_foreign, row.rate_young]
        rows.append([row.year, KREISE[row.kreis][1], *counts, *(_decimal(r) for r in rates)])
    names = ["insgesamt", "Frauen", "Ausländer", "15 bis unter 25 Jahre"]
    header = [f"{what} {name}" for what in ("Arbeitslose", "Quote") for name in names]
    yield Delivery(
        "amtlich/arbeitslose.csv",
        "Arbeitslose und Arbeitslosenquoten im Jahresdurchschnitt",
        "beispiel_arbeitslose",
        date(2026, 1, 30),
        csv_bytes(["Jahr", "Kreis", *header], rows),
    )


def _decimal(value: float) -> str:
    return f"{value:.1f}".replace(".", ",")


MAKERS = (
    official_population,
    official_means,
    official_births,
    official_schools,
    official_childcare,
    official_labour_market,
)
