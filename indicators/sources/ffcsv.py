"""Reader for "ffcsv", the flat file of GENESIS: a row per value, in the new and the old form.

The new form (UTF-8, English column names, `value` column) names no table: the code is taken from
the file's name or found later from its content. The old form has one column per value, called
`CODE__Label__Einheit`. Rows come in random order; several totals may stand side by side.
"""

import csv
import io
import re

import numpy as np
import pandas as pd

from indicators import periods, regions
from indicators.errors import FileError
from indicators.sources.footnotes import Footer, parse_footer
from indicators.sources.table import (
    DOWNLOAD_AGAIN,
    OfficialTable,
    code_in_name,
    first_gap,
    gap_note,
    is_unabridged,
    stand_in_name,
    with_sign,
    without_repeats,
)

_REGION_VARIABLE = re.compile(r"DINSG|DG$|DLAND|BLAND|REGBEZ|KREIS|GEMEIN|GEO|NUTS|STADT|RAUMOR")
_FIRST_COLUMN = re.compile(r'"?(statistics_code|statistik_code)\b', re.IGNORECASE)
_NEW = (
    ["statistics_code", "statistics_label", "time_code", "time_label", "time"],
    "{}_variable_code {}_variable_label {}_variable_attribute_code {}_variable_attribute_label",
)
_OLD = (
    ["Statistik_Code", "Statistik_Label", "Zeit_Code", "Zeit_Label", "Zeit"],
    "{}_Merkmal_Code {}_Merkmal_Label {}_Auspraegung_Code {}_Auspraegung_Label",
)
_NEW_VALUE = ["value", "value_unit", "value_variable_label"]
_MAY_BE_THERE = {"value_q", "value_variable_code"}
_ENGLISH_UNITS = {"number", "percent", "persons", "years"}


def recognises(text: str) -> bool:
    return bool(_FIRST_COLUMN.match(text.lstrip()))


def read(text: str, file: str, encoding: str) -> OfficialTable:
    """The file's cells and labels; raises FileError for anything incomplete."""
    frame, footer = _frame(text, file)
    new = "value" in frame
    places, words = _described(frame, *(_NEW if new else _OLD), file)
    values = _values_new(frame) if new else _values_old(frame, file)
    _refuse_english(words, values, file)
    cells, keys, units = _cells(places, words, values)
    _check_texts(cells, file)
    cells, notes = without_repeats(cells, file)
    gap = first_gap(cells)
    if footer is None:
        _refuse_cut(text, frame, file)
        _refuse_lost_rows(cells, keys, gap, file)
    notes += [gap_note(gap, keys)] if gap else []
    statistic = frame.iloc[0, 0]
    code = code_in_name(file)
    if code and code[0].isdigit() and not code.startswith(statistic):
        raise FileError(
            file,
            f"die Datei heißt nach der Tabelle {code}, enthält aber Werte der Statistik "
            f"{statistic}. Nächster Schritt: die Datei umbenennen oder die richtige Tabelle laden.",
        )
    return OfficialTable(
        file=file,
        format="ffcsv" if new else "ffcsv (alte Form)",
        encoding=encoding,
        code=code,
        statistic=statistic,
        title=frame.iloc[0, 1],
        cells=cells,
        keys=keys,
        units=units,
        stand=(footer and footer.stand) or stand_in_name(file),
        footnotes=footer.footnotes if footer else (),
        attribution=footer.attribution if footer else "",
        notes=notes,
    )


class _Stripped(dict):
    """Each distinct cell is stripped and held once: most of a flat file is repetition."""

    def __missing__(self, cell: str) -> str:
        self[cell] = stripped = cell.strip()
        return stripped


def _frame(text: str, file: str) -> tuple[pd.DataFrame, Footer | None]:
    """All rows under their column names and `line`, and the prose that old files may end with."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";")
    stripped = _Stripped()
    rows, lines, footer = [], [], None
    columns = [name.strip() for name in next(reader)]
    while len(columns) > 1 and not columns[-1]:
        columns.pop()
    if len(columns) == 1:
        raise FileError(
            file, f"die Spalten sind nicht durch Semikolon getrennt. {DOWNLOAD_AGAIN}", line=1
        )
    if twice := sorted({name for name in columns if columns.count(name) > 1}):
        raise FileError(file, f"die Spalte „{twice[0]}“ steht doppelt. {DOWNLOAD_AGAIN}", line=1)
    previous = reader.line_num
    try:
        for row in reader:
            here, previous = previous + 1, reader.line_num
            if not any(map(str.strip, row)):
                continue
            if set(row[0].strip()) == {"_"}:
                footer = parse_footer([cell for row in reader for cell in row if cell.strip()])
                break
            if len(row) < len(columns) or any(map(str.strip, row[len(columns) :])):
                raise FileError(
                    file,
                    f"die Zeile hat {len(row)} statt {len(columns)} Spalten. {DOWNLOAD_AGAIN}",
                    line=here,
                    column=min(len(row), len(columns) + 1),
                )
            if here != reader.line_num:
                raise FileError(
                    file, f"ein Anführungszeichen hat kein Ende. {DOWNLOAD_AGAIN}", line=here
                )
            rows.append([stripped[cell] for cell in row[: len(columns)]])
            lines.append(here)
    except csv.Error as error:
        raise FileError(
            file, f"ein Anführungszeichen hat kein Ende. {DOWNLOAD_AGAIN}", line=previous + 1
        ) from error
    if not rows:
        raise FileError(file, f"die Datei hat keine Datenzeilen. {DOWNLOAD_AGAIN}", line=2)
    frame = pd.DataFrame(rows, columns=columns, dtype=object)
    return frame.assign(line=lines), footer


def _described(
    frame: pd.DataFrame, first_columns: list[str], pattern: str, file: str
) -> tuple[pd.DataFrame, list[pd.Series]]:
    """Line, time and region of each row, and the labels of its other variables."""
    groups = []
    while (group := pattern.replace("{}", str(len(groups) + 1)).split())[0] in frame:
        groups.append(group)
    new = first_columns is _NEW[0]
    needed = [*first_columns, *(_NEW_VALUE if new else []), *sum(groups, [])]
    missing = [name for name in needed if name not in frame]
    if "Time_Code" in frame or "1_Variable_Code" in frame:
        raise _english(file)
    if missing or not groups:
        names = ", ".join(missing) or pattern.replace("{}", "1").split()[0]
        raise FileError(file, f"die Spalten {names} fehlen. {DOWNLOAD_AGAIN}", line=1)
    unknown = [n for n in frame if n not in {*needed, *_MAY_BE_THERE, "line"}]
    if new and unknown:
        raise FileError(
            file,
            f"die Spalte „{unknown[0]}“ ist nicht bekannt. {DOWNLOAD_AGAIN}",
            line=1,
            column=list(frame).index(unknown[0]) + 1,
        )
    is_region = [
        all(map(_REGION_VARIABLE.match, frame[variable].unique())) for variable, *_ in groups
    ]
    if sum(is_region) != 1:
        raise FileError(
            file,
            "genau ein Merkmal muss die Region sein (Kreise, Länder …), hier sind es "
            f"{sum(is_region)}. Nächster Schritt: eine Tabelle mit Kreisen oder Ländern laden.",
            line=2,
        )
    _, _, code, name = groups.pop(is_region.index(True))
    places = frame[["line", first_columns[-1], code, name]]
    return places.set_axis(["line", "time", "region", "region_name"], axis=1), [
        frame[label] for *_, label in groups
    ]


def _values_new(frame: pd.DataFrame) -> list[tuple[int, pd.Series, pd.Series, pd.Series]]:
    """Column number, texts, measures and units of the one value column."""
    raw = frame["value"]
    if "value_q" in frame:
        raw = raw.combine(frame["value_q"], with_sign)
    number = list(frame).index("value") + 1
    return [(number, raw, frame["value_variable_label"], frame["value_unit"])]


def _values_old(
    frame: pd.DataFrame, file: str
) -> list[tuple[int, pd.Series, pd.Series, pd.Series]]:
    """Column number, texts, measure and unit of each value column (`CODE__Label__Einheit`)."""
    names = [name for name in frame if name != "line"]
    values = []
    last = max(i for i, name in enumerate(names) if name.endswith("_Auspraegung_Label"))
    for number, name in enumerate(names[last + 1 :], last + 2):
        parts = name.split("__")
        if parts[-1] == "q" and values and names[number - 2].startswith("__".join(parts[:-1])):
            before, raw, *rest = values[-1]
            values[-1] = before, raw.combine(frame[name], with_sign), *rest
        elif len(parts) == 3:
            measure, unit = (
                pd.Series(_with_umlauts(part), frame.index, dtype=object) for part in parts[1:]
            )
            values.append((number, frame[name], measure, unit))
        else:
            raise FileError(
                file,
                f"die Spalte „{name}“ hat nicht die Form CODE__Name__Einheit. {DOWNLOAD_AGAIN}",
                line=1,
                column=number,
            )
    if not values:
        raise FileError(
            file, f"eine Wertspalte CODE__Name__Einheit fehlt. {DOWNLOAD_AGAIN}", line=1
        )
    return values


def _with_umlauts(text: str) -> str:
    """Column names of the old form carry ae, oe, ue and underscores; official words do not."""
    for plain, umlaut in (("ae", "ä"), ("oe", "ö"), ("ue", "ü")):
        # neither "neue" nor "aktuell", but "Fülle"
        text = re.sub(rf"(?<![aeiouqAEIOU])(?<![dnstx](?=uell)){plain}", umlaut, text)
        text = re.sub(rf"\b{plain.capitalize()}", umlaut.upper(), text)
    return text.replace("_", " ").strip()


def _cells(
    places: pd.DataFrame,
    words: list[pd.Series],
    values: list[tuple[int, pd.Series, pd.Series, pd.Series]],
) -> tuple[pd.DataFrame, list[tuple[str, ...]], list[str]]:
    """Cells in long form, their distinct descriptions and the units of these."""
    cells = pd.concat(
        [places.assign(column=number, raw=raw) for number, raw, *_ in values], ignore_index=True
    )
    parts = [pd.concat([word] * len(values), ignore_index=True) for word in words]
    parts += [pd.concat([v[i] for v in values], ignore_index=True) for i in (2, 3)]
    description = np.zeros(len(cells), dtype=np.int64)
    for part in parts:
        numbers, distinct = pd.factorize(part)
        description = pd.factorize(description * len(distinct) + numbers)[0]
    _, first = np.unique(description, return_index=True)
    *labels, units = (part.to_numpy()[first] for part in parts)
    keys = [tuple(word for word in key if word) for key in zip(*labels, strict=True)]
    cells["key"] = description
    names = ["line", "column", "time", "region", "region_name", "key", "raw"]
    return cells[names], keys, list(units)


def _check_texts(cells: pd.DataFrame, file: str) -> None:
    """Times must be times and codes codes, or columns have slipped."""
    for name, known, what in (
        ("time", periods.looks_like_period, "keine Zeitangabe"),
        ("region", regions.normalise, "kein Regionalschlüssel"),
    ):
        for text in cells[name].unique():
            if not known(text):
                line = int(cells["line"][cells[name] == text].iloc[0])
                raise FileError(file, f"„{text}“ ist {what}. {DOWNLOAD_AGAIN}", line=line)


def _refuse_english(words: list[pd.Series], values, file: str) -> None:
    """English labels match no definition, but totals and numbers (decimal point) might pass."""
    labels = set().union(*(word.unique() for word in words))
    units = {unit.lower() for *_, column in values for unit in column.unique()}
    if "Total" in labels or units & _ENGLISH_UNITS or "_en_flat" in file:
        raise _english(file)


def _english(file: str) -> FileError:
    return FileError(
        file,
        "die Tabelle ist in englischer Sprache. Nächster Schritt: in der Datenbank die Sprache "
        "Deutsch wählen und die Tabelle neu herunterladen.",
    )


def _refuse_cut(text: str, frame: pd.DataFrame, file: str) -> None:
    """A file that ends inside a line: the last cell may be half, unless it is a known label."""
    end = list(frame)[-2]
    whole = text.endswith(("\n", "\r")) or (
        end.endswith("label") and frame[end].iloc[-1] in set(frame[end].iloc[:-1])
    )
    if not whole:
        line = int(frame["line"].iloc[-1])
        raise FileError(file, f"die letzte Zeile ist abgeschnitten. {DOWNLOAD_AGAIN}", line=line)


def _refuse_lost_rows(
    cells: pd.DataFrame,
    keys: list[tuple[str, ...]],
    gap: tuple[str, str, int] | None,
    file: str,
) -> None:
    """A file that ends behind a line: as rows come in random order, an unabridged export then has
    gaps, and one that leaves out empty rows lacks totals of regions that have other rows."""
    lost = gap and (gap if is_unabridged(cells) else _first_missing_total(cells, keys))
    if lost:
        time, region, key = lost
        raise FileError(
            file,
            f"für Region {region}, {time}, fehlt die Zeile „{' / '.join(keys[key])}“; die Datei "
            f"ist vermutlich abgeschnitten. {DOWNLOAD_AGAIN}",
        )


def _first_missing_total(
    cells: pd.DataFrame, keys: list[tuple[str, ...]]
) -> tuple[str, str, int] | None:
    """Time, region and key of a total that is missing although parts of it are there."""
    for total in [i for i, key in enumerate(keys) if set(key[:-1]) == {"Insgesamt"}]:
        parts = [i for i, key in enumerate(keys) if key[-1] == keys[total][-1]]
        there = pd.MultiIndex.from_frame(cells.loc[cells["key"] == total, ["time", "region"]])
        needed = pd.MultiIndex.from_frame(cells.loc[cells["key"].isin(parts), ["time", "region"]])
        missing = needed.difference(there)
        if len(missing):
            return *missing[0], total
    return None
