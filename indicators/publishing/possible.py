"""What cannot be, whatever a file says: fewer than none, days to come, more persons than there are.

Each function looks at rows as they come from a file (columns region, period, start, dimensions,
measure, value, status, line) and adds errors to the report's section: such a file is refused. What
is only unusual is told by `plausibility`.
"""

from collections.abc import Mapping
from datetime import date, timedelta

import pandas as pd

from indicators.catalog.definition import TOTAL
from indicators.catalog.meaning import Dataset
from indicators.formats import day as day_words
from indicators.formats import number, quantity
from indicators.publishing.report import Section
from indicators.regions import Region
from indicators.symbols import WITH_NUMBER

_NUMBERS = [status.value for status in WITH_NUMBER]
# Nobody counts so many persons, places or schools: Germany has 84 million people.
_MOST = 100_000_000
# Planning reaches into the next year; a number of later is a slip of the pen.
_AHEAD = timedelta(days=366)
# A clock that stands before the day these lines were written is wrong, and the data are not.
_WRITTEN = date(2026, 11, 29)
# A count of moves or cases may exceed the people of a Kreis in a year, but not by so much.
_TIMES_THE_PEOPLE = 3
# Measures that count all who live somewhere.
_ALL_PEOPLE = ["population", "average_population"]
# So many places are named one by one.
_NAMED = 5


def check(
    rows: pd.DataFrame, dataset: Dataset, register: Mapping[str, Region], section: Section
) -> None:
    """All that one file can tell by itself."""
    counts = rows[
        rows["status"].isin(_NUMBERS)
        & rows["measure"].isin([m.id for m in dataset.measures if m.additive and not m.signed])
    ]
    whole = [m.id for m in dataset.measures if m.unit == "Anzahl"]
    _refuse(counts[counts["value"] < 0], "ist negativ", dataset, register, section)
    many = counts["measure"].isin(whole) & (counts["value"] > _MOST)
    _refuse(counts[many], "ist mehr, als es in ganz Deutschland gibt", dataset, register, section)
    if not dataset.period.future:
        _refuse_days_to_come(rows, max(date.today(), _WRITTEN), section)


def _refuse(
    cells: pd.DataFrame,
    reason: str,
    dataset: Dataset,
    register: Mapping[str, Region],
    section: Section,
) -> None:
    for cell in cells.head(_NAMED).itertuples(index=False):
        section.add(
            "error",
            f"Zeile {cell.line}: {dataset.measure(cell.measure).name} {number(cell.value)} "
            f"({name_of(cell.region, register)}, {cell.period}) {reason}. Nächster Schritt: die "
            "Zahl in der Datei berichtigen",
        )
    if len(cells) > _NAMED:
        more = quantity(len(cells) - _NAMED, "weiterer Wert", "weitere Werte")
        section.add("error", f"{more}: {reason}")


def _refuse_days_to_come(rows: pd.DataFrame, today: date, section: Section) -> None:
    last = pd.Timestamp(today + _AHEAD)
    ahead = rows[pd.to_datetime(rows["start"]) > last].drop_duplicates("period")
    for row in ahead.head(_NAMED).itertuples(index=False):
        section.add(
            "error",
            f"Zeile {row.line}: {row.period} liegt mehr als ein Jahr in der Zukunft (heute ist der "
            f"{day_words(today)}); gezählt werden kann nur, was war. Nächster Schritt: die "
            "Zeitangabe berichtigen; eine Vorausberechnung gehört in den Datensatz dafür",
        )


def more_than_people(
    rows: pd.DataFrame,
    dataset: Dataset,
    register: Mapping[str, Region],
    people: Mapping[str, float],
    section: Section,
) -> None:
    """Refuses a town's own counts of persons that exceed the people of the Kreis by far. `people`
    is the largest population that official files know of each Kreis."""
    persons = [m.id for m in dataset.measures if m.persons and m.additive and m.unit == "Anzahl"]
    counts = rows[rows["status"].isin(_NUMBERS) & rows["measure"].isin(persons)]
    living = {
        id: people.get(kreis_of(id, register), float("nan")) for id in counts["region"].unique()
    }
    counts = counts.assign(living=counts["region"].map(living).astype(float))
    too_many = counts[counts["value"] > _TIMES_THE_PEOPLE * counts["living"]]
    for row in too_many.head(_NAMED).itertuples(index=False):
        section.add(
            "error",
            f"{dataset.measure(row.measure).name} {number(row.value)} "
            f"({name_of(row.region, register)}, {row.period}): so viele Menschen leben dort nicht "
            f"(höchstens {number(row.living)}). Nächster Schritt: die Zahl in der Datei "
            "berichtigen und die Datei neu annehmen",
        )


def people_of(
    tables: Mapping[str, pd.DataFrame],
    datasets: Mapping[str, Dataset],
    register: Mapping[str, Region],
) -> dict[str, float]:
    """The largest population of each Kreis in the datasets that count all people."""
    kreise = [id for id, region in register.items() if region.level == "kreis"]
    found: dict[str, float] = {}
    for id, rows in tables.items():
        whole = (rows[datasets[id].dimensions] == TOTAL).all(axis=1)
        whole &= rows["measure"].isin(_ALL_PEOPLE) & rows["region"].isin(kreise)
        for kreis, most in rows[whole].groupby("region")["value"].max().items():
            found[kreis] = max(most, found.get(kreis, 0))
    return found


def kreis_of(id: str, register: Mapping[str, Region]) -> str:
    """The Kreis a region lies in (itself, if it is one); "" for larger ones."""
    while id in register and register[id].level in ("gemeinde", "stadtteil"):
        id = register[id].parent or ""
    return id if id in register and register[id].level == "kreis" else ""


def name_of(id: str, register: Mapping[str, Region]) -> str:
    return register[id].name if id in register else f"Region {id}"
