"""What all deliveries share: the names offices use, the file, counts put into rows and sheets."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from example_town.files import Sheet, workbook
from example_town.places import CITY, DISTRICT, IN_CITY, PLACES
from example_town.town import LAST

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


def school_year(year: int) -> str:
    return f"{year}/{(year + 1) % 100:02d}"


def places_of(kreis: int) -> list[int]:
    return [n for n in range(len(PLACES)) if (n >= IN_CITY) == bool(kreis)]


def of_kreis(frame: pd.DataFrame, kreis: int, column: str = "place") -> pd.DataFrame:
    """The rows of the places of one Kreis, in the columns that came."""
    return frame[(frame[column] >= IN_CITY) == bool(kreis)]


def with_kreis(frame: pd.DataFrame, column: str = "place") -> pd.DataFrame:
    """The rows with the Kreis (0 city, 1 Landkreis) of their place in a column `kreis`."""
    return frame.assign(kreis=(frame[column] >= IN_CITY).astype(int))


def column_sums(table: list[list]) -> list:
    """The sum of every column; what is not a number adds nothing."""
    return [sum(value or 0 for value in column) for column in zip(*table, strict=True)]


def place_cells(number: int) -> list[str]:
    return [PLACES[number].id, PLACES[number].name]


def short_year(year: int) -> str:
    """A school year in the name of a sheet, where no slash may stand."""
    return school_year(year).replace("/", "-")


def recent(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of the school years that are delivered, of the two Kreise, in the columns that
    came."""
    inside = frame["kreis"] < 2 if "kreis" in frame else True
    return frame[inside & (frame["year"] >= YEARS[0])]


def sheet_of(
    name: str, titles: list[str], headings: list[list[str]], rows: list[list], *notes: str, bold=()
) -> Sheet:
    """A sheet that says below its notes that it is invented."""
    return Sheet(name, titles, headings, rows, [*notes, INVENTED], bold)


def by_kreis(
    title: str, headings: list[list[str]], rows: Callable[[int], Iterable[list]], note: str
) -> bytes:
    """A workbook with a sheet for each Kreis, of which its title may name."""
    return workbook(
        [
            sheet_of(name, [title.format(name)], headings, list(rows(kreis)), note)
            for kreis, _, name in KREISE
        ]
    )


class Count:
    """Looks up counts by key; what is not there is none."""

    def __init__(self, frame: pd.DataFrame, keys: list[str], measure: str = "count"):
        found = frame.groupby(keys, observed=True)[measure].sum()
        self._found = {k if isinstance(k, tuple) else (k,): int(v) for k, v in found.items()}

    def __call__(self, *key) -> int:
        return self._found.get(key, 0)


def banded(ages: pd.Series, bands: list[tuple[int, str]]) -> np.ndarray:
    names = np.array([name for _, name in bands], dtype=object)
    return names[np.searchsorted([start for start, _ in bands], ages, side="right") - 1]
