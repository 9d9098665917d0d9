"""From words to counts: a definition explains every heading of an official table, or it is refused.

Each word that describes a cell must be a period, "Insgesamt", a category, a measure or a known
heading. A word nobody can explain refuses the file: a column taken for another is worse than none.
"""

import json
import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from indicators import periods, regions
from indicators.catalog import lexicons
from indicators.catalog.catalog import Catalog
from indicators.catalog.definition import TOTAL
from indicators.catalog.lexicons import Meaning
from indicators.catalog.meaning import Dataset, Table
from indicators.errors import FileError
from indicators.periods import Period
from indicators.publishing import excerpts
from indicators.sources.table import DOWNLOAD_AGAIN, ENGLISH_EXCEL, OfficialTable
from indicators.symbols import SYMBOL_SETS, WITH_NUMBER, read_cell
from indicators.wording import Known, Lexicon

_SKIP = Meaning("skip")
# No count: a fraction, or three digits that a comma groups in English notation ("12,000").
_BROKEN = re.compile(r",(?!0{1,2}(?!\d))\d")
# 6.8, 1,234.5, 2,690,975
_ENGLISH = re.compile(r"[+\-−]?(\d+\.\d+|\d{1,3}(,\d{3})+\.\d+|\d{1,3}(,\d{3}){2,})")
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
    cells = table.cells
    meanings = _keys(table, dataset, definition, catalog)
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


def _keys(
    table: OfficialTable, dataset: Dataset, definition: Table, catalog: Catalog
) -> list[dict[str, str] | None]:
    """Measure and categories of the cells of each key; None for columns to be left out."""
    if excerpts.is_excerpt(table):
        return list(excerpts.meanings(table, dataset, catalog))
    known = _meanings(table, dataset, definition, catalog)
    return [
        _meaning(key, [known[word] for word in words], table, dataset, definition, catalog)
        for key, words in enumerate(table.keys)
    ]


def _period(text: str, table: OfficialTable, dataset: Dataset) -> Period:
    try:
        return dataset.period.meant(text)
    except periods.PeriodError as error:
        line = int(table.cells.loc[table.cells["time"] == text, "line"].iloc[0])
        # of an excerpt it is known where the period stands
        column = len(table.keys[0]) + 1 if excerpts.is_excerpt(table) else None
        raise FileError(table.file, str(error), line=line, column=column) from error


def _meanings(
    table: OfficialTable, dataset: Dataset, definition: Table, catalog: Catalog
) -> dict[str, Meaning | None]:
    """What each word of the table means; None only for words of columns that are left out anyway.
    Raises FileError naming all words nobody explains."""
    known = lexicons.lexicon(dataset, definition, catalog.dimensions)
    found = {word: _word(word, table, known) for words in table.keys for word in words}
    taken = [words for words in table.keys if _SKIP not in map(found.get, words)]
    unexplained = dict.fromkeys(word for words in taken for word in words if found[word] is None)
    if unexplained:
        raise _unexplained(list(unexplained), table, known, dataset, definition)
    return found


def _word(word: str, table: OfficialTable, known: Lexicon[Meaning]) -> Meaning | None:
    """What a word means, or else its code. Raises FileError if the two mean different things."""
    meaning = known.meaning(word)
    codes = table.codes.get(word, frozenset())
    by_code = {found for code in codes if (found := known.meaning(code)) is not None}
    if meaning is None:
        return by_code.pop() if len(by_code) == 1 else None
    if by_code - {meaning}:
        raise FileError(
            table.file,
            f"das Wort „{word}“ ({lexicons.said(meaning)}) hat den Code {', '.join(sorted(codes))} "
            f"({', '.join(map(lexicons.said, sorted(by_code)))}): Wörter und Codes sind "
            f"gegeneinander verrutscht. {DOWNLOAD_AGAIN}",
            column=_column_of(word, table),
        )
    return meaning


def _unexplained(
    words: list[str],
    table: OfficialTable,
    known: Lexicon[Meaning],
    dataset: Dataset,
    definition: Table,
) -> FileError:
    """Says which words nobody explains, and the lines with which a town explains them."""
    columns = [_column_of(word, table) for word in words]
    if len(words) == 1:
        subject = f"das Wort „{words[0]}“ in Kopf oder Vorspalte ist"
    else:
        named = (f"„{word}“ (Spalte {at})" for word, at in zip(words, columns, strict=True))
        subject = f"die Wörter {', '.join(named)} in Kopf oder Vorspalte sind"
    lines = [_explaining(word, known.nearest(word), dataset, definition) for word in words]
    return FileError(
        table.file,
        f"{subject} in der Definition {dataset.id} (Tabelle {definition.code}) nicht erklärt; so "
        "könnte eine Spalte falsch gelesen werden. Nächster Schritt: prüfen, was gemeint ist, die "
        "folgenden Zeilen, wo nötig berichtigt, in eine Datei in data/definitions kopieren (zum "
        "Beispiel woerter.toml) und die Tabelle noch einmal annehmen:\n\n" + "\n".join(lines),
        column=columns[0],
    )


def _explaining(
    word: str, nearest: Known[Meaning] | None, dataset: Dataset, definition: Table
) -> str:
    """The definition that gives a word the meaning of the nearest known one. Without one it leaves
    the column out, which can do no harm."""
    said = (
        "nichts Bekanntes ist ähnlich: so wird die Spalte weggelassen; mit dimension und category "
        "oder mit dataset und measure wird sie übernommen"
    )
    meaning = _SKIP
    if nearest:
        meaning = nearest.meaning
        said = f"am ähnlichsten ist „{nearest.word}“ ({lexicons.said(meaning)})"
    use = "skip" if meaning == _SKIP else "headings"
    place = {
        "category": {"dimension": meaning.of, "category": meaning.category},
        "measure": {"dataset": dataset.id, "measure": meaning.of},
    }.get(meaning.kind, {"table": definition.code, "use": use})
    fields = [f"{name} = {json.dumps(id)}" for name, id in place.items()]
    fields.append(f"words = [{json.dumps(word, ensure_ascii=False)}]")
    return "\n".join([f"# {said}", "[[more_words]]", *fields, ""])


def _meaning(
    key: int,
    meanings: list[Meaning | None],
    table: OfficialTable,
    dataset: Dataset,
    definition: Table,
    catalog: Catalog,
) -> dict[str, str] | None:
    """Measure and categories of the cells of a key; None for a column to be left out."""
    if _SKIP in meanings:
        return None
    words = " / ".join(table.keys[key])
    found = dict.fromkeys(dataset.dimensions, TOTAL) | definition.fixed
    for id, category in ((m.of, m.category) for m in meanings if m and m.kind == "category"):
        # a "darunter" stands below what it is contained in; any other second category is an error
        if (
            found[id] not in (TOTAL, category)
            and not catalog.dimensions[id].category(category).subset
        ):
            raise FileError(
                table.file,
                f"die Spalte „{words}“ nennt zwei Ausprägungen von {catalog.dimensions[id].name}; "
                f"ihre Überschriften sind vermutlich verrutscht. {DOWNLOAD_AGAIN}",
                column=_first_column(key, table),
            )
        found[id] = category
    named = [m.of for m in meanings if m and m.kind == "measure"]
    # a heading may name the measure in general and a deeper one in particular: the last counts
    measure = named[-1] if named else definition.measure
    if measure is None:
        raise FileError(
            table.file,
            f"für die Spalte „{words}“ ist nicht erkennbar, was gezählt wird",
            column=_first_column(key, table),
        )
    unit, expected = table.units[key], dataset.measure(measure).official_unit
    if expected and unit and unit != expected:
        raise FileError(
            table.file,
            f"die Einheit der Spalte „{words}“ ist „{unit}“ statt „{expected}“",
            column=_first_column(key, table),
        )
    return found | {"measure": measure}


def _column_of(word: str, table: OfficialTable) -> int:
    """The column of the first cell that a word describes."""
    return _first_column(next(i for i, words in enumerate(table.keys) if word in words), table)


def _first_column(key: int, table: OfficialTable) -> int:
    return int(table.cells.loc[table.cells["key"] == key, "column"].iloc[0])


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
        reason = (
            f"„{first['raw']}“ ist weder eine Zahl in deutscher Schreibweise noch ein Zeichen aus "
            f"der Zeichenerklärung des Herausgebers ({signs}). Was es bedeuten soll, wird nicht "
            f"geraten. {DOWNLOAD_AGAIN}"
        )
        if _ENGLISH.fullmatch(first["raw"].strip()):
            reason = (
                f"„{first['raw']}“ ist eine Zahl in englischer Schreibweise: die Datei wurde mit "
                f"einem englischen Excel gespeichert. {ENGLISH_EXCEL}"
            )
        raise FileError(table.file, reason, line=int(first["line"]), column=int(first["column"]))
    broken = np.array([bool(_BROKEN.search(text)) for text in texts])[numbers] & whole
    if broken.any():
        first = cells.iloc[int(np.argmax(broken))]
        raise FileError(
            table.file,
            f"„{first['raw']}“ hat Stellen hinter dem Komma, wo nur ganze Zahlen stehen können; "
            "vielleicht trennt das Komma Tausender, weil die Datei mit einem englischen Excel "
            "gespeichert wurde, oder die Angaben sind in Tausend. " + DOWNLOAD_AGAIN,
            line=int(first["line"]),
            column=int(first["column"]),
        )
    cells_read = [r for r in read if r is not None]
    return {
        "value": np.array([np.nan if r[0] is None else r[0] for r in cells_read])[numbers],
        "status": np.array([r[1].value for r in cells_read], dtype=object)[numbers],
        "flags": np.array([r[2] for r in cells_read], dtype=object)[numbers],
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
