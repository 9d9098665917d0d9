"""Before school: childcare places, screening, examination, entries."""

from collections.abc import Callable, Iterator
from datetime import date

from example_town.deliveries.shared import (
    CARE_AGES,
    INVENTED,
    KREISE,
    SEXES,
    YEARS,
    Count,
    Delivery,
    column_sums,
    place_cells,
    places_of,
    recent,
    school_year,
    sheet_of,
    short_year,
)
from example_town.files import Cell, csv_bytes, workbook
from example_town.places import PLACES
from example_town.town import Town


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
        table = [[v for age in ages for v in values(year, n, age)] for n in places_of(0)]
        rows = [[PLACES[n].name, *r] for n, r in zip(places_of(0), table, strict=True)]
        rows.append(["Stadt gesamt", *column_sums(table)])
        sheets.append(
            sheet_of(
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
        [f"01.03.{year}", *place_cells(n), CARE_AGES[age], *values(year, n, age)]
        for year in YEARS
        for n in places_of(1)
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
    enrolled = Count(children, keys, "children")
    language = Count(children, keys, "other_language")
    living = Count(town.tables["kita_residents"], keys)
    places = Count(town.tables["kita_places"], keys, "places")

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


def screening(town: Town) -> Iterator[Delivery]:
    """City: text file with title and notes; Landkreis: Excel with subtotal."""
    table = town.tables["language_screening"]
    names = ["cohort", "need", "support_places", "children_in_course"]
    found = {(r.year, r.place): [getattr(r, n) for n in names] for r in table.itertuples()}
    header = ["Kinder im Jahrgang", "mit Förderbedarf", "Plätze", "Kinder im Kurs"]
    rows = [
        [school_year(year), *place_cells(n), *found[(year, n)]]
        for year in YEARS
        for n in places_of(0)
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
        rows += [[school_year(year), PLACES[n].id, *found[(year, n)]] for n in places_of(1)]
        sums = column_sums([found[(year, n)] for n in places_of(1)])
        rows.append([f"Summe {school_year(year)}", None, *sums])
    yield Delivery(
        "kita/sprachstand_landkreis.xlsx",
        "Sprachstandserhebung und Vorkurse nach Gemeinde",
        "beispiel_sprachstand_landkreis",
        date(2025, 12, 4),
        workbook(
            [
                sheet_of(
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
        for r in recent(table).itertuples()
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
    sexes = Count(table, [*keys, "sex"])
    foreign = Count(table[table["citizenship"] == "foreign"], keys)
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
                for n in places_of(kreis)
            ]
            rows: list[list[Cell]] = [
                [PLACES[n].name, PLACES[n].id, *(v or "-" for v in line)]
                for n, line in zip(places_of(kreis), lines, strict=True)
            ]
            rows.append(["Zusammen", None, *column_sums(lines)])
            corridor = ["1) Den Einschulungskorridor gibt es seit 2019/20."]
            sheets.append(
                sheet_of(
                    short_year(year),
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


def obligation(town: Town) -> Iterator[Delivery]:
    table = town.tables["school_obligation"]
    keys = ["year", "place", "sex"]
    obliged, deferred = (Count(table, keys, m) for m in ("first_obliged", "deferred"))
    rows = [
        [school_year(year), *place_cells(n)]
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


MAKERS = (
    childcare_places,
    screening,
    examination,
    entries,
    obligation,
)
