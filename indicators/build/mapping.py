"""From words to counts: a definition explains every heading of an official table, or it is refused.

Each word that describes a cell must be a period, "Insgesamt", a category, a measure or a known
heading. A word nobody can explain refuses the file: a column taken for another is worse than none.
"""

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from indicators import periods, regions
from indicators.catalog import Catalog, period_of
from indicators.definition import TOTAL
from indicators.errors import FileError
from indicators.meaning import Dataset, Dimension, Table
from indicators.periods import Period
from indicators.sources.table import DOWNLOAD_AGAIN, OfficialTable
from indicators.symbols import SYMBOL_SETS, WITH_NUMBER, read_cell

_TOTAL_WORDS = {"insgesamt", "gesamt", "zusammen", "total"}
# No count: a fraction, or three digits that a comma groups in English notation ("12,000").
_BROKEN = re.compile(r",(?!0{1,2}(?!\d))\d")
_GROUPED = re.compile(r"[+\-−]?\d{1,3}(\.\d{3})+")


@dataclass(frozen=True)
class Mapped:
    """A file understood: `rows` has one row per region, period, dimensions and measure with
    columns region, period, start, <dimensions>, measure, value, status, flags, line. Regions are
    canonical keys, possibly unknown to the register; nothing is dropped here."""

    table: OfficialTable
    dataset: Dataset
    definition: Table
    rows: pd.DataFrame


def candidates(table: OfficialTable, catalog: Catalog) -> list[tuple[Dataset, Table]]:
    """The definitions a file may belong to: by its code, else by its statistic's number."""
    known = catalog.tables()
    if table.code:
        return [known[table.code]] if table.code in known else []
    regionalatlas = table.statistic == "99910"
    return [
        found
        for code, found in known.items()
        if code.startswith(f"{table.statistic}-") or (regionalatlas and code.startswith("AI"))
    ]


def understand(table: OfficialTable, catalog: Catalog) -> Mapped:
    """The file's counts. Raises FileError if no definition explains all of it, or several do."""
    options = candidates(table, catalog)
    if not options:
        name = f"Tabelle {table.code}" if table.code else f"Statistik {table.statistic}"
        raise FileError(
            table.file,
            f"für die {name} gibt es keine Definition. Nächster Schritt: eine Definition in "
            "data/definitions/datasets anlegen; vorhanden sind "
            + ", ".join(sorted(catalog.tables())),
        )
    fits, reasons = [], []
    for dataset, definition in options:
        try:
            fits.append(_map(table, dataset, definition, catalog))
        except FileError as error:
            reasons.append(error)
    if len(fits) == 1:
        return fits[0]
    if not fits:
        raise reasons[0]
    raise FileError(
        table.file,
        "der Inhalt passt zu mehreren Tabellen ("
        + ", ".join(m.definition.code for m in fits)
        + "). Nächster Schritt: die Datei mit dem Tabellencode am Anfang benennen.",
    )


def _map(table: OfficialTable, dataset: Dataset, definition: Table, catalog: Catalog) -> Mapped:
    dimensions = [catalog.dimensions[id] for id in dataset.dimensions]
    cells = table.cells
    meanings = [
        _meaning(words, unit, table, dataset, definition, dimensions)
        for words, unit in zip(table.keys, table.units, strict=True)
    ]
    taken = np.array([meaning is not None for meaning in meanings])
    cells = cells[taken[cells["key"].to_numpy()]]
    if cells.empty:
        raise FileError(table.file, "keine Spalte gehört zu einer Messgröße der Definition")
    key = cells["key"].to_numpy()
    columns = {
        name: np.array([m[name] if m else "" for m in meanings], dtype=object)[key]
        for name in ["measure", *dataset.dimensions]
    }
    times = {text: _period(text, table, dataset) for text in cells["time"].unique()}
    codes = {text: regions.normalise(text) for text in cells["region"].unique()}
    for text, code in codes.items():
        if code is None:
            line = int(cells.loc[cells["region"] == text, "line"].iloc[0])
            raise FileError(
                table.file, f"„{text}“ ist kein Regionalschlüssel. {DOWNLOAD_AGAIN}", line=line
            )
    rows = pd.DataFrame(
        {
            "region": cells["region"].map(codes),
            "period": cells["time"].map({t: p.label for t, p in times.items()}),
            "start": cells["time"].map({t: p.start for t, p in times.items()}),
            **columns,
            **_values(cells, columns["measure"], table, dataset),
            "line": cells["line"].to_numpy(),
        }
    ).reset_index(drop=True)
    return Mapped(table, dataset, definition, _without_repeats(rows, table, dataset))


def _period(text: str, table: OfficialTable, dataset: Dataset) -> Period:
    try:
        return period_of(dataset, text)
    except periods.PeriodError as error:
        line = int(table.cells.loc[table.cells["time"] == text, "line"].iloc[0])
        raise FileError(table.file, str(error), line=line) from error


def _matches(word: str, labels: list[str]) -> bool:
    """Whether a word is one of the labels; a label ending in * allows any ending."""
    return any(
        word.startswith(label[:-1].strip()) if label.endswith("*") else word == label
        for label in labels
    )


def _meaning(
    words: tuple[str, ...],
    unit: str,
    table: OfficialTable,
    dataset: Dataset,
    definition: Table,
    dimensions: list[Dimension],
) -> dict[str, str] | None:
    """Measure and categories of a cell with these words; None for a column to be left out."""
    words = tuple(re.sub(r"\s+", " ", word).strip() for word in words)
    if any(_matches(word, definition.skip) for word in words):
        return None
    meaning = dict.fromkeys(dataset.dimensions, TOTAL) | definition.fixed
    named: list[str] = []
    for word in words:
        if word.lower() in _TOTAL_WORDS:
            continue
        category = next(
            ((d.id, c.id) for d in dimensions for c in d.categories if _matches(word, c.labels)),
            None,
        )
        if category is not None:
            meaning[category[0]] = category[1]
            continue
        measures = [m.id for m in dataset.measures if _matches(word, m.labels)]
        if measures:
            named += measures
        elif not _matches(word, definition.headings):
            raise FileError(
                table.file,
                f"das Wort „{word}“ in Kopf oder Vorspalte ist in der Definition {dataset.id} "
                f"(Tabelle {definition.code}) nicht erklärt; so könnte eine Spalte falsch gelesen "
                "werden. Nächster Schritt: das Wort dort als Ausprägung, Messgröße, headings oder "
                "skip aufnehmen",
                column=_column_of(words, table),
            )
    # a heading may name the measure in general and a deeper one in particular: the last counts
    measure = named[-1] if named else definition.measure
    if measure is None:
        raise FileError(
            table.file,
            f"für die Spalte „{' / '.join(words)}“ ist nicht erkennbar, was gezählt wird",
            column=_column_of(words, table),
        )
    expected = dataset.measure(measure).official_unit
    if expected and unit and unit != expected:
        raise FileError(
            table.file,
            f"die Einheit der Spalte „{' / '.join(words)}“ ist „{unit}“ statt „{expected}“",
            column=_column_of(words, table),
        )
    return meaning | {"measure": measure}


def _column_of(words: tuple[str, ...], table: OfficialTable) -> int | None:
    """The column of the first cell described by these words."""
    for index, key in enumerate(table.keys):
        if tuple(re.sub(r"\s+", " ", word).strip() for word in key) == words:
            return int(table.cells.loc[table.cells["key"] == index, "column"].iloc[0])
    return None


def _values(
    cells: pd.DataFrame, measures: np.ndarray, table: OfficialTable, dataset: Dataset
) -> dict[str, np.ndarray]:
    """Number, status and flag of every cell; each distinct text is read once."""
    numbers, texts = pd.factorize(cells["raw"])
    read = [read_cell(text, dataset.symbols) for text in texts]
    whole = np.isin(measures, [m.id for m in dataset.measures if m.shown_decimals == 0])
    unread = np.array([r is None for r in read])[numbers]
    # a point between digits is a thousands point in a count, and in a rate an English decimal
    grouped = np.array([bool(_GROUPED.match(text.strip())) for text in texts])[numbers]
    wrong = unread | (grouped & ~whole)
    if wrong.any():
        first = cells.iloc[int(np.argmax(wrong))]
        signs = " ".join(filter(None, SYMBOL_SETS[dataset.symbols]))
        raise FileError(
            table.file,
            f"„{first['raw']}“ ist weder eine Zahl in deutscher Schreibweise noch ein Zeichen aus "
            f"der Zeichenerklärung des Herausgebers ({signs}). Was es bedeuten soll, wird nicht "
            f"geraten. {DOWNLOAD_AGAIN}",
            line=int(first["line"]),
            column=int(first["column"]),
        )
    broken = np.array([bool(_BROKEN.search(text)) for text in texts])[numbers] & whole
    if broken.any():
        first = cells.iloc[int(np.argmax(broken))]
        raise FileError(
            table.file,
            f"„{first['raw']}“ hat Stellen hinter dem Komma, wo nur ganze Zahlen stehen können; "
            "vielleicht trennt das Komma Tausender, oder die Angaben sind in Tausend. "
            + DOWNLOAD_AGAIN,
            line=int(first["line"]),
            column=int(first["column"]),
        )
    return {
        "value": np.array([np.nan if r[0] is None else r[0] for r in read])[numbers],
        "status": np.array([r[1].value for r in read], dtype=object)[numbers],
        "flags": np.array([r[2] for r in read], dtype=object)[numbers],
    }


def _without_repeats(rows: pd.DataFrame, table: OfficialTable, dataset: Dataset) -> pd.DataFrame:
    """Totals that a file lists several times are taken once; if they differ, it is refused."""
    key = ["region", "period", *dataset.dimensions, "measure"]
    rows = rows.drop_duplicates([*key, "value", "status"])
    repeated = rows[rows.duplicated(key, keep=False)]
    if repeated.empty:
        return rows.reset_index(drop=True)
    # the same cell under two headings, with a number and a sign that states none: the number
    numbers = repeated[repeated["status"].isin(WITH_NUMBER)]
    different = numbers.groupby(key)["value"].transform("nunique") > 1
    if different.any():
        first, second = numbers[different].sort_values(key).iloc[:2].to_dict("records")
        raise FileError(
            table.file,
            f"für Region {first['region']}, {first['period']} stehen zwei verschiedene Werte in "
            f"der Datei (auch in Zeile {second['line']})",
            line=int(first["line"]),
        )
    rows = rows.sort_values("status", key=lambda s: ~s.isin(WITH_NUMBER), kind="stable")
    return rows.drop_duplicates(key).sort_index().reset_index(drop=True)
