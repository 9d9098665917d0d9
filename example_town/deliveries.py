"""The files the offices of the town deliver, made from its tables, in the shapes offices use."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from example_town import estimates
from example_town.chance import Draw
from example_town.files import Cell, Sheet, csv_bytes, workbook
from example_town.places import CITY, DISTRICT, ERLENGRUND, IN_CITY, PLACES
from example_town.schools import OUTSIDE, WITHOUT_GS
from example_town.town import FIRST, LAST, MONTHS, Town

KREISE = ((0, CITY, "Beispielstadt"), (1, DISTRICT, "Landkreis Beispielau"))
YEARS = range(2016, LAST + 1)  # ten school years
SEXES = {"female": "weiblich", "male": "männlich"}
CITIZENS = {"german": "deutsch", "foreign": "ausländisch"}
SHORT = {
    "grundschule": "GS",
    "hauptschule": "MS",
    "realschule": "RS",
    "gymnasium": "GY",
    "foerderschule": "FöZ",
    "language_class": "DK",
}
LONG = {
    "grundschule": "Grundschule",
    "hauptschule": "Mittelschule",
    "realschule": "Realschule",
    "gymnasium": "Gymnasium",
    "foerderschule": "Förderzentrum",
}
INVENTED = "Alle Angaben sind erfunden (Beispieldaten von Bildungsblick)."
SEED = 424_242  # of what is not counted from people


@dataclass(frozen=True)
class Delivery:
    """A file below `received`, the mappings that read it and what its origin says."""

    path: str
    title: str
    mapping: str
    stand: date
    content: bytes


def deliveries(town: Town) -> Iterator[Delivery]:
    """All files, always in the same order and with the same bytes."""
    for make in _MAKERS:
        yield from make(town)


_MAKERS: list[Callable[[Town], Iterator[Delivery]]] = []


def _maker(make: Callable[[Town], Iterator[Delivery]]) -> Callable[[Town], Iterator[Delivery]]:
    _MAKERS.append(make)
    return make


# --- help ---------------------------------------------------------------------------------------


def school_year(year: int) -> str:
    return f"{year}/{(year + 1) % 100:02d}"


def _places(kreis: int) -> list[int]:
    return [n for n in range(len(PLACES)) if (n >= IN_CITY) == bool(kreis)]


def _of_kreis(frame: pd.DataFrame, kreis: int, column: str = "place") -> pd.DataFrame:
    return frame[(frame[column] >= IN_CITY) == bool(kreis)]


def _with_kreis(frame: pd.DataFrame, column: str = "place") -> pd.DataFrame:
    return frame.assign(kreis=(frame[column] >= IN_CITY).astype(int))


def _sums(table: list[list]) -> list:
    """The sum of every column; what is not a number adds nothing."""
    return [sum(value or 0 for value in column) for column in zip(*table, strict=True)]


def _place(number: int) -> list[str]:
    return [PLACES[number].id, PLACES[number].name]


def _short(year: int) -> str:
    """A school year in the name of a sheet, where no slash may stand."""
    return school_year(year).replace("/", "-")


def _recent(frame: pd.DataFrame) -> pd.DataFrame:
    """The school years that are delivered, of the two Kreise."""
    inside = frame["kreis"] < 2 if "kreis" in frame else True
    return frame[inside & (frame["year"] >= YEARS[0])]


def _sheet(
    name: str, titles: list[str], headings: list[list[str]], rows: list[list], *notes: str, bold=()
) -> Sheet:
    """A sheet that says below its notes that it is invented."""
    return Sheet(name, titles, headings, rows, [*notes, INVENTED], bold)


def _by_kreis(
    title: str, headings: list[list[str]], rows: Callable[[int], Iterable[list]], note: str
) -> bytes:
    """A workbook with a sheet for each Kreis, of which its title may name."""
    return workbook(
        [
            _sheet(name, [title.format(name)], headings, list(rows(kreis)), note)
            for kreis, _, name in KREISE
        ]
    )


class _Count:
    """Looks up counts by key; what is not there is none."""

    def __init__(self, frame: pd.DataFrame, keys: list[str], measure: str = "count"):
        found = frame.groupby(keys, observed=True)[measure].sum()
        self._found = {k if isinstance(k, tuple) else (k,): int(v) for k, v in found.items()}

    def __call__(self, *key) -> int:
        return self._found.get(key, 0)


def _bands(ages: pd.Series, bands: list[tuple[int, str]]) -> np.ndarray:
    names = np.array([name for _, name in bands], dtype=object)
    return names[np.searchsorted([start for start, _ in bands], ages, side="right") - 1]


# --- register of residents ----------------------------------------------------------------------


@_maker
def residents(town: Town) -> Iterator[Delivery]:
    """City: a file a key date, as the register prints it; Landkreis: one long file in cp1252."""
    people = town.tables["population"]
    count = _Count(people, ["year", "place", "age", "sex", "citizenship"])
    order = [("male", "german"), ("female", "german"), ("male", "foreign"), ("female", "foreign")]
    for year in range(FIRST, LAST + 1):
        rows = [
            [*_place(n), _age(age), *(count(year, n, age, *o) for o in order)]
            for n in _places(0)
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
        [*_place(n), f"31.12.{year}", _age(age), *values]
        for year in range(FIRST, LAST + 1)
        for n in _places(1)
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


@_maker
def births_by_month(town: Town) -> Iterator[Delivery]:
    """City: a sheet a year, Stadtteile as columns, sums; Landkreis: months as columns."""
    count = _Count(town.tables["births"], ["year", "place", "birth_month"])
    sheets = []
    for year in range(FIRST, LAST + 1):
        table = [[count(year, n, month) for n in _places(0)] for month in MONTHS]
        rows = [[m, *r, sum(r)] for m, r in zip(GERMAN_MONTHS, table, strict=True)]
        rows.append(["Summe", *(sums := _sums(table)), sum(sums)])
        names = [PLACES[n].name for n in _places(0)]
        sheets.append(
            _sheet(
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
        [*_place(n), year, *(count(year, n, m) or "-" for m in MONTHS)]
        for n in _places(1)
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


@_maker
def migration(town: Town) -> Iterator[Delivery]:
    counts = {}
    for name in ("arrivals", "departures"):
        frame = town.tables[name]
        frame = frame.assign(group=_bands(frame["age"], MIGRATION_AGES))
        counts[name] = _Count(frame, ["year", "kreis", "group", "sex"])
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
            rows.append([year, key, "Insgesamt", *_sums(list(table.values()))])
    header = ["Jahr", "Kreis", "Altersgruppe", "Zuzüge", "Zuzüge weiblich", "Fortzüge"]
    yield Delivery(
        "amtlich/wanderungen.csv",
        "Zu- und Fortzüge über die Kreisgrenze nach Geschlecht und Alter",
        "beispiel_wanderungen",
        date(2026, 2, 20),
        csv_bytes([*header, "Fortzüge weiblich"], rows),
    )


@_maker
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
    count = _Count(found, ["kreis", "variant", "group", "year"], "population")
    years = range(LAST, estimates.UNTIL + 1)
    sheets = [
        _sheet(
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


# --- official tables ----------------------------------------------------------------------------

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


@_maker
def official_population(town: Town) -> Iterator[Delivery]:
    people = _with_kreis(town.tables["population"])
    frame = people.assign(group=_bands(people["age"], AGES_17))
    parts = {
        "both": _Count(frame, ["year", "kreis", "group"]),
        "female": _Count(frame[frame["sex"] == "female"], ["year", "kreis", "group"]),
    }
    rows = _official_rows(parts, [name for _, name in AGES_17])
    yield Delivery(
        "amtlich/bevoelkerung_altersgruppen.csv",
        "Bevölkerung nach Geschlecht und Altersgruppen (17)",
        "beispiel_bevoelkerung",
        date(2026, 2, 20),
        csv_bytes(["Stichtag", "Kreis", "Altersgruppe", "Insgesamt", "weiblich"], rows),
    )
    frame = people.assign(group=_bands(people["age"], AGES_21))
    foreign = frame[frame["citizenship"] == "foreign"]
    keys = ["year", "kreis", "group"]
    parts = {
        "both": _Count(frame, keys),
        "female": _Count(frame[frame["sex"] == "female"], keys),
        "foreign": _Count(foreign, keys),
        "foreign female": _Count(foreign[foreign["sex"] == "female"], keys),
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


def _official_rows(parts: dict[str, _Count], groups: list[str]) -> list[list]:
    rows = []
    for year in range(FIRST, LAST + 1):
        for kreis, key, _ in KREISE:
            table = [[count(year, kreis, g) for count in parts.values()] for g in groups]
            named = zip([*groups, "Insgesamt"], [*table, _sums(table)], strict=True)
            rows += [[f"31.12.{year}", key, group, *values] for group, values in named]
    return rows


@_maker
def official_means(town: Town) -> Iterator[Delivery]:
    """Mean population of a year and mean age, as offices calculate them."""
    people = _with_kreis(town.tables["population"])
    count = _Count(people, ["year", "kreis"])
    girls = _Count(people[people["sex"] == "female"], ["year", "kreis"])
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


@_maker
def official_births(town: Town) -> Iterator[Delivery]:
    count = _Count(_with_kreis(town.tables["births"]), ["year", "kreis", "sex"])
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


@_maker
def official_schools(town: Town) -> Iterator[Delivery]:
    pupils = town.tables["pupils"]
    pupils = pupils[pupils["kreis"] < 2]
    keys = ["year", "kreis", "school_type"]
    parts = [
        _Count(pupils, keys),
        _Count(pupils[pupils["sex"] == "female"], keys),
        _Count(pupils[pupils["citizenship"] == "foreign"], keys),
    ]
    grades = [_Count(pupils[pupils["grade"] == g], keys) for g in (7, 11)]
    schools = _Count(_school_list(town), keys, "schools")
    rows = []
    for year in YEARS:
        for kreis, key, _ in KREISE:
            table = []
            for id, name in LONG.items():
                counts = [part(year, kreis, id) for part in parts]
                upper = [g(year, kreis, id) if id != "grundschule" else None for g in grades]
                table.append([*counts, *upper])
                rows.append([year, key, name, schools(year, kreis, id), *counts, *upper])
            rows.append([year, key, "Insgesamt", None, *_sums(table)])
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
    counts = [_Count(leavers, keys), _Count(leavers[leavers["sex"] == "female"], keys)]
    rows = []
    for year in YEARS:
        for kreis, key, _ in KREISE:
            table = [[c(year, kreis, id) for c in counts] for id in CERTIFICATES]
            named = zip([*CERTIFICATES.values(), "Insgesamt"], [*table, _sums(table)], strict=True)
            rows += [[year, key, name, *values] for name, values in named]
    yield Delivery(
        "amtlich/abgaenger.csv",
        "Absolvierende und Abgehende nach Abschluss und Geschlecht",
        "beispiel_abgaenger",
        date(2026, 2, 20),
        csv_bytes(["Abgangsjahr", "Kreis", "Abschluss", "Insgesamt", "weiblich"], rows),
    )


CERTIFICATES = {
    "none": "ohne Hauptschulabschluss",
    "lower": "Hauptschulabschluss",
    "intermediate": "mittlerer Abschluss",
    "vocational_entrance": "Fachhochschulreife",
    "university_entrance": "allgemeine Hochschulreife",
}
CARE_AGES = {
    "age_0_2": "unter 3 Jahre",
    "age_3_5": "3 bis unter 6 Jahre",
    "age_6_13": "6 bis unter 14 Jahre",
}


@_maker
def official_childcare(town: Town) -> Iterator[Delivery]:
    children = _with_kreis(town.tables["kita_children"])
    rows, facilities = [], []
    places = _Count(_with_kreis(town.tables["kita_places"]), ["year", "kreis"], "places")
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


@_maker
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


# --- early years --------------------------------------------------------------------------------


@_maker
def childcare_places(town: Town) -> Iterator[Delivery]:
    """City: a sheet a year with merged headings; Landkreis: a long file."""
    values = _kita_values(town)
    ages = list(CARE_AGES)
    sub = ["Plätze", "betreute Kinder", "Kinder mit Wohnsitz", "dar. nichtdt. Familiensprache"]
    top = ["unter 3 Jahre", "3 bis unter 6 Jahre", "6 Jahre bis Einschulung"]
    headings = [
        ["Stadtteil", *(h for name in top for h in (name, "<", "<", "<"))],
        ["^", *(sub * 3)],
    ]
    sheets = []
    for year in YEARS:
        table = [[v for age in ages for v in values(year, n, age)] for n in _places(0)]
        rows = [[PLACES[n].name, *r] for n, r in zip(_places(0), table, strict=True)]
        rows.append(["Stadt gesamt", *_sums(table)])
        sheets.append(
            _sheet(
                str(year),
                ["Kita-Bedarfsplanung der Beispielstadt", f"Stand 01.03.{year}"],
                headings,
                rows,
                "Anmerkung: Plätze laut Betriebserlaubnis.",
                bold=("Stadt gesamt",),
            )
        )
    yield Delivery(
        "kita/kita_bedarfsplanung_stadt.xlsx",
        "Kita-Bedarfsplanung: Plätze und betreute Kinder nach Stadtteil",
        "beispiel_kita_stadt",
        date(2025, 6, 12),
        workbook(sheets),
    )
    rows = [
        [f"01.03.{year}", *_place(n), CARE_AGES[age], *values(year, n, age)]
        for year in YEARS
        for n in _places(1)
        for age in ages
    ]
    yield Delivery(
        "kita/kita_landkreis.csv",
        "Plätze und betreute Kinder in Kindertageseinrichtungen nach Gemeinde",
        "beispiel_kita_landkreis",
        date(2025, 7, 3),
        csv_bytes(["Stichtag", "AGS", "Gemeinde", "Alter", *sub], rows, encoding="cp1252"),
    )


def _kita_values(town: Town) -> Callable[[int, int, str], list[int]]:
    keys = ["year", "place", "age_childcare"]
    children = town.tables["kita_children"]
    enrolled = _Count(children, keys, "children")
    language = _Count(children, keys, "other_language")
    living = _Count(town.tables["kita_residents"], keys)
    places = _Count(town.tables["kita_places"], keys, "places")

    def values(year: int, place: int, age: str) -> list[int]:
        # groups from three on take the children until they enter school
        older = min(places(year, place, "age_3_5"), enrolled(year, place, "age_6_13"))
        approved = {
            "age_0_2": places(year, place, "age_0_2"),
            "age_3_5": places(year, place, "age_3_5") - older,
            "age_6_13": older,
        }
        key = (year, place, age)
        return [approved[age], enrolled(*key), living(*key), language(*key)]

    return values


@_maker
def screening(town: Town) -> Iterator[Delivery]:
    """City: text file with title and notes; Landkreis: Excel with subtotal."""
    table = town.tables["language_screening"]
    names = ["cohort", "need", "support_places", "children_in_course"]
    found = {(r.year, r.place): [getattr(r, n) for n in names] for r in table.itertuples()}
    header = ["Kinder im Jahrgang", "mit Förderbedarf", "Plätze", "Kinder im Kurs"]
    rows = [
        [school_year(year), *_place(n), *found[(year, n)]] for year in YEARS for n in _places(0)
    ]
    yield Delivery(
        "kita/sprachstand_stadt.csv",
        "Sprachstandserhebung und Vorkurse nach Stadtteil",
        "beispiel_sprachstand_stadt",
        date(2025, 12, 1),
        csv_bytes(
            ["Schuljahr", "Nr.", "Stadtteil", *header],
            rows,
            above=["Sprachstandserhebung im Jahr vor der Einschulung", ""],
            below=["", "Anmerkung: Seit 2024/25 wird der ganze Jahrgang erfasst.", INVENTED],
        ),
    )
    rows = []
    for year in YEARS:
        rows += [[school_year(year), PLACES[n].id, *found[(year, n)]] for n in _places(1)]
        sums = _sums([found[(year, n)] for n in _places(1)])
        rows.append([f"Summe {school_year(year)}", None, *sums])
    yield Delivery(
        "kita/sprachstand_landkreis.xlsx",
        "Sprachstandserhebung und Vorkurse nach Gemeinde",
        "beispiel_sprachstand_landkreis",
        date(2025, 12, 4),
        workbook(
            [
                _sheet(
                    "Sprachstand",
                    ["Sprachförderbedarf vor der Einschulung im Landkreis Beispielau"],
                    [["Schuljahr", "Schlüssel", *header]],
                    rows,
                    "Quelle: Schulamt.",
                    bold=("Summe",),
                )
            ]
        ),
    )


@_maker
def examination(town: Town) -> Iterator[Delivery]:
    table = town.tables["school_entry_examination"]
    languages = {"german": "Deutsch", "german_and_other": "Deutsch UND andere", "other": "Andere"}
    years = {"under_1": "unter 1 Jahr", "one_to_two": "1 bis 2 Jahre", "three_plus": "3 und mehr"}
    names = [
        "examined", "speech_conspicuous", "german_insufficient", "motor_conspicuous",
        "support_recommended", "checkups_complete",
    ]  # fmt: skip
    rows = [
        [r.year, PLACES[r.place].id, languages[r.family_language], years[r.kita_years]]
        + [SEXES[r.sex], *(getattr(r, n) for n in names)]
        for r in _recent(table).itertuples()
    ]
    header = ["Einschulungsjahr", "Gebiet", "Familiensprache", "Kita-Dauer", "Geschlecht"]
    header += ["untersucht", "sprache_auffaellig", "deutsch_unzureichend", "motorik_auffaellig"]
    yield Delivery(
        "kita/seu_gesundheitsamt.csv",
        "Schuleingangsuntersuchung: Befunde nach Gebiet, Familiensprache und Kita-Dauer",
        "beispiel_seu",
        date(2025, 11, 14),
        csv_bytes(
            [*header, "empfehlung", "vorsorge_vollstaendig"],
            rows,
            below=["Anmerkung: 2020 bis 2022 wurde nur ein Teil der Kinder untersucht.", INVENTED],
        ),
    )


@_maker
def entries(town: Town) -> Iterator[Delivery]:
    """A sheet for each school year, merged headings, one file from each school authority."""
    kinds = {
        "regular": "fristgemäß",
        "early": "vorzeitig",
        "late": "nach Zurückstellung",
        "corridor": "Korridor",
        "special_school": "in eine Förderschule",
    }
    keys = ["year", "place", "entry_kind"]
    table = town.tables["school_entries"]
    sexes = _Count(table, [*keys, "sex"])
    foreign = _Count(table[table["citizenship"] == "foreign"], keys)
    top = ["Gebiet", "Schlüssel"] + [h for name in kinds.values() for h in (name, "<", "<")]
    low = ["^", "^", *(["Mädchen", "Jungen", "dar. ausländisch"] * len(kinds))]
    for kreis, _, name in KREISE:
        sheets = []
        for year in YEARS:
            lines = [
                [
                    value
                    for kind in kinds
                    for value in (
                        sexes(year, n, kind, "female"),
                        sexes(year, n, kind, "male"),
                        foreign(year, n, kind),
                    )
                ]
                for n in _places(kreis)
            ]
            rows: list[list[Cell]] = [
                [PLACES[n].name, PLACES[n].id, *(v or "-" for v in line)]
                for n, line in zip(_places(kreis), lines, strict=True)
            ]
            rows.append(["Zusammen", None, *_sums(lines)])
            corridor = ["1) Den Einschulungskorridor gibt es seit 2019/20."]
            sheets.append(
                _sheet(
                    _short(year),
                    [f"Einschulungen in {name}", f"Schuljahr {school_year(year)}"],
                    [top, low],
                    rows,
                    *(corridor if year >= 2019 else []),
                    "- = nichts vorhanden",
                    bold=("Zusammen",),
                )
            )
        yield Delivery(
            f"schule/einschulungen_{'landkreis' if kreis else 'stadt'}.xlsx",
            f"Einschulungen nach Art der Einschulung, {name}",
            "beispiel_einschulungen",
            date(2025, 11, 20),
            workbook(sheets),
        )


@_maker
def obligation(town: Town) -> Iterator[Delivery]:
    table = town.tables["school_obligation"]
    keys = ["year", "place", "sex"]
    obliged, deferred = (_Count(table, keys, m) for m in ("first_obliged", "deferred"))
    rows = [
        [school_year(year), *_place(n)]
        + [c(year, n, sex) for c in (obliged, deferred) for sex in ("male", "female")]
        for year in YEARS
        for n in range(len(PLACES))
    ]
    header = [f"{what} {who}" for what in ("schulpflichtig", "zurückgestellt") for who in "mw"]
    yield Delivery(
        "schule/zurueckstellungen.csv",
        "Erstmals schulpflichtige und zurückgestellte Kinder",
        "beispiel_zurueckstellungen",
        date(2025, 11, 20),
        csv_bytes(["Schuljahr", "Schlüssel", "Gebiet", *header], rows),
    )


# --- transitions --------------------------------------------------------------------------------


@_maker
def flows(town: Town) -> Iterator[Delivery]:
    """All flows of the Kreise in one long file of the school authority; grade 4 by place, wide."""
    table = _recent(town.tables["transitions"])
    dims = ["origin_type", "origin_grade", "destination_type", "destination_grade"]
    found = (
        _with_kreis(table).groupby(["year", "kreis", *dims, "sex", "citizenship"])["count"].sum()
    )
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
    count = _Count(fourth, ["year", "place", "sex", "citizenship", "destination_type"])
    kinds = {
        "hauptschule": "MS", "realschule": "RS", "gymnasium": "GY", "foerderschule": "FöZ",
        "grundschule": "GS (Wdh.)", "fortzug": "Fortzug",
    }  # fmt: skip
    unexpected = set(fourth["destination_type"]) - set(kinds)
    assert not unexpected, unexpected
    rows = [
        [school_year(year), *_place(n), SEXES[s], CITIZENS[c], *values]
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


@_maker
def recommendations(town: Town) -> Iterator[Delivery]:
    """A sheet for each school year; recommendation above, choice below."""
    kinds = ["hauptschule", "realschule", "gymnasium"]
    count = _Count(
        town.tables["recommendations"], ["year", "place", "recommended_type", "destination_type"]
    )
    names = [LONG[kind] for kind in kinds]
    sheets = []
    for year in YEARS:
        rows = [
            [*_place(n), *(count(year, n, a, b) for a in kinds for b in kinds)]
            for n in range(len(PLACES))
        ]
        sheets.append(
            _sheet(
                f"SJ {_short(year)}",
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


@_maker
def rates(town: Town) -> Iterator[Delivery]:
    """Ready-made shares of the city, as towns publish them."""
    table = town.tables["transitions"]
    table = _of_kreis(
        table[(table["origin_type"] == "grundschule") & (table["origin_grade"] == 4)], 0
    )
    count = _Count(table, ["year", "destination_type"])
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


@_maker
def leavers(town: Town) -> Iterator[Delivery]:
    names = ["year", "kreis", "certificate", "leaving_school_type", "sex", "citizenship", "count"]
    table = _recent(town.tables["leavers"])[names]
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


# --- schools ------------------------------------------------------------------------------------


@_maker
def school_place(town: Town) -> Iterator[Delivery]:
    """Where pupils go to school: a sheet for each Kreis."""
    count = _Count(town.tables["pupils"], ["year", "home", "kreis", "school_type"])

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
        _by_kreis(
            "Schülerinnen und Schüler mit Wohnsitz in {} nach dem Ort ihrer Schule",
            [["Schuljahr", "Schulart", "eigener Kreis", "Partnerregion", "auswärts"]],
            rows,
            "Quelle: Gastschulabrechnung.",
        ),
    )


CLASS_SIZES = {"grundschule": 24, "hauptschule": 23, "realschule": 28, "gymnasium": 28}
MANY_SITES = {"99101-03": 2}  # the Grundschule of the Nordstadt has two buildings


def _school_list(town: Town) -> pd.DataFrame:
    """Schools by year, place and type, with classes of grades 1 to 10, pupils and room."""
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


@_maker
def school_list(town: Town) -> Iterator[Delivery]:
    """The authorities' list: a line for each school, with number, name and place."""
    # count is a method of a row
    found = _recent(_school_list(town)).rename(columns={"count": "pupils"})
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


@_maker
def all_day(town: Town) -> Iterator[Delivery]:
    table = _recent(town.tables["all_day"])
    table = table[table["site"] != OUTSIDE]
    rows = [
        [school_year(r.year), *_place(r.site), r.children_all_day, r.pupils]
        for r in table.sort_values(["year", "site"]).itertuples()
    ]
    # two villages have no Grundschule of their own
    rows += [[school_year(year), *_place(n), "-", "-"] for year in YEARS for n in WITHOUT_GS]
    yield Delivery(
        "schule/ganztag_grundschule.csv",
        "Grundschulkinder in Ganztagsangeboten",
        "beispiel_ganztag",
        date(2025, 11, 28),
        csv_bytes(["Schuljahr", "Schlüssel", "Gebiet", "im Ganztag", "Grundschulkinder"], rows),
    )


@_maker
def special_needs(town: Town) -> Iterator[Delivery]:
    pupils = town.tables["pupils"]
    pupils = pupils[(pupils["kreis"] < 2) & (pupils["grade"] <= 10)]
    everybody = _Count(pupils, ["year", "kreis"])
    special = _Count(pupils[pupils["school_type"] == "foerderschule"], ["year", "kreis"])
    regular = _Count(pupils[pupils["needs"]], ["year", "kreis"])
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
                _sheet(
                    "Förderbedarf",
                    ["Sonderpädagogischer Förderbedarf, Jahrgangsstufen 1 bis 10"],
                    [[*header, "Schülerinnen und Schüler Jgst. 1-10"]],
                    rows,
                    "Quelle: Schulamt.",
                )
            ]
        ),
    )


# --- arrivals -----------------------------------------------------------------------------------


@_maker
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


@_maker
def language_classes(town: Town) -> Iterator[Delivery]:
    pupils = town.tables["pupils"]
    inside = _Count(pupils[pupils["in_class"]], ["year", "kreis", "school_type"])
    left = town.tables["left_language_class"]
    keys = ["year", "kreis", "school_type"]
    moved, months = (_Count(left, keys, m) for m in ("moved_to_regular", "months_until_move"))

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
        _by_kreis("Deutschklassen, {}", [header], rows, "1) im Laufe des Schuljahres"),
    )


@_maker
def integration(town: Town) -> Iterator[Delivery]:
    inside = _Count(town.tables["integration_pupils"], ["year", "kreis"])
    ended = town.tables["integration_ended"]
    completed, continued = (_Count(ended, ["year", "kreis"], m) for m in ("completed", "continued"))
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


@_maker
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
                _sheet(
                    "Migrationshintergrund",
                    ["Personen mit Migrationshintergrund", "Jede Definition für sich lesen!"],
                    [header],
                    rows,
                    "Quelle: Melderegister (MigraPro), Schulstatistik.",
                )
            ]
        ),
    )


# --- training, benefits, offers -----------------------------------------------------------------


@_maker
def training(town: Town) -> Iterator[Delivery]:
    sectors = {
        "vocational_training": "I", "transition_area": "II", "upper_secondary": "III",
        "university": "IV",
    }  # fmt: skip
    before = {
        "none": "ohne Abschluss", "lower": "Hauptschulabschluss",
        "intermediate": "Mittlerer Abschluss", "entrance": "Hochschulreife",
        "unknown": "ohne Angabe",
    }  # fmt: skip
    names = ["year", "kreis", "sector", "previous_certificate", "sex", "citizenship", "count"]
    table = _recent(town.tables["training_system"])[names]
    rows = [
        [school_year(y), KREISE[k][1], sectors[s], before[p], SEXES[x], CITIZENS[c], n]
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
    where = {
        "training": "Ausbildung", "transition_area": "Maßnahme", "school": "Schule",
        "work_or_service": "Arbeit", "unknown": "ungeklärt",
    }  # fmt: skip
    count = _Count(
        town.tables["whereabouts"], ["year", "kreis", "whereabouts", "previous_certificate"]
    )
    sheets = []
    for year in YEARS:
        rows = []
        for kreis, _, name in KREISE:
            for number, (id, word) in enumerate(list(before.items())[:4]):
                counts = [count(year, kreis, w, id) for w in where]
                rows.append([None if number else name, word, *counts, sum(counts)])
        sheets.append(
            _sheet(
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
    count = _Count(
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
            table.insert(0, _sums(table))
            yield [year, *(n or "-" for both in table for n in (sum(both), *both))]

    yield Delivery(
        "ausbildung/abschluesse_berufliche_schulen.xlsx",
        "An beruflichen Schulen zusätzlich erworbene Schulabschlüsse",
        "beispiel_abschluesse_beruflich",
        date(2025, 12, 15),
        _by_kreis(
            "Berufliche Schulen: zusätzlich erworbene Schulabschlüsse, {}",
            [
                ["Abgangsjahr", *(h for word in gained.values() for h in (word, "<", "<"))],
                ["^", *(["zusammen", *SEXES.values()] * len(gained))],
            ],
            rows_gained,
            "Quelle: Statistik der beruflichen Schulen, Ort der Schule.",
        ),
    )
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
        _by_kreis("Ausbildungsmarkt am 30.09., {}", [header], rows_market, source),
    )


def _thousands(value: int) -> str:
    """A number as text, as some offices store it."""
    return f"{value:,}".replace(",", ".")


@_maker
def benefits(town: Town) -> Iterator[Delivery]:
    """As the employment agency delivers: fewer than ten are not shown, sums are rows."""
    table = town.tables["social_benefits"]
    rows = []
    for year in range(FIRST, LAST + 1):
        for kreis, key, name in KREISE:
            here = _of_kreis(table[table["year"] == year], kreis)
            total = [int(here["children_in_benefits"].sum()), int(here["children"].sum())]
            rows.append([f"31.12.{year}", key, name, *total])
            for r in here.itertuples():
                shown = "*" if 0 < r.children_in_benefits < 10 else r.children_in_benefits
                rows.append([f"31.12.{year}", *_place(r.place), shown, r.children])
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


@_maker
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
        _by_kreis(
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
