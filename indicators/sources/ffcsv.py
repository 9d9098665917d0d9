"""Reader for "ffcsv", the flat file of GENESIS: a row per value, in the new and the old form.

The new form (UTF-8, English column names, `value` column) names no table: the code is taken from
the file's name or found later from its content. The old form has one column per value, called
`CODE__Label__Einheit`. Rows come in random order; several totals may stand side by side. In English
files some words are English and numbers have a decimal point; codes are the same in all languages.
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
    not_semicolons,
    stand_in_name,
    with_sign,
    without_repeats,
)

_REGION_VARIABLE = re.compile(r"DINSG|DG$|DLAND|BLAND|REGBEZ|KREIS|GEMEIN|GEO|NUTS|STADT|RAUMOR")
_FIRST_COLUMN = re.compile(r'"?(statistics_code|statistik_code)\b', re.IGNORECASE)
_FIRST_COLUMNS = ["statistics_code", "statistics_label", "time_code", "time_label", "time"]
_VARIABLE = (
    "{}_variable_code {}_variable_label {}_variable_attribute_code {}_variable_attribute_label"
)
# What the old form calls the same columns in German.
_OLD_NAMES = {
    "statistik": "statistics",
    "zeit": "time",
    "merkmal": "variable",
    "auspraegung": "variable_attribute",
}
_NEW_VALUE = ["value", "value_unit", "value_variable_label"]
_MAY_BE_THERE = {"value_q", "value_variable_code"}
_UNITS_IN_GERMAN = {
    "number": "Anzahl",
    "percent": "Prozent",
    "persons": "Personen",
    "years": "Jahre",
    "eur 1000": "Tsd. EUR",
    "thousand eur": "Tsd. EUR",
}
# English names of what German tables call otherwise; names are compared with keys later.
_PLACES_IN_GERMAN = {
    "Germany": "Deutschland",
    "Bavaria": "Bayern",
    "Hesse": "Hessen",
    "Lower Saxony": "Niedersachsen",
    "North Rhine-Westphalia": "Nordrhein-Westfalen",
    "Rhineland-Palatinate": "Rheinland-Pfalz",
    "Saxony": "Sachsen",
    "Saxony-Anhalt": "Sachsen-Anhalt",
    "Thuringia": "Thüringen",
    "Mecklenburg-Western Pomerania": "Mecklenburg-Vorpommern",
}
_DECIMAL_POINT = re.compile(r"([+\-−]?\d+)\.(\d+)")
_AMBIGUOUS = re.compile(r"[+\-−]?\d{1,3}(,\d{3})+")


# Column number, texts, measures and units of a column of values.
_Values = tuple[int, pd.Series, pd.Series, pd.Series]


def recognises(text: str) -> bool:
    return bool(_FIRST_COLUMN.match(text.lstrip()))


def read(text: str, file: str, encoding: str) -> OfficialTable:
    """The file's cells and labels; raises FileError for anything incomplete."""
    return _read(*_records(text, file), file, encoding, text)


def read_rows(rows: list[list[str]], lines: list[int], file: str, encoding: str) -> OfficialTable:
    """The same of a file that is already rows, with the line each stands on."""
    foot = next((i for i, row in enumerate(rows) if set(row[0].strip()) == {"_"}), None)
    footer = None
    if foot is not None:
        footer = parse_footer([cell for row in rows[foot + 1 :] for cell in row if cell.strip()])
    return _read(rows[:foot], lines[:foot], footer, file, encoding, "\n")


def _read(
    rows: list[list[str]],
    lines: list[int],
    footer: Footer | None,
    file: str,
    encoding: str,
    text: str,
) -> OfficialTable:
    frame = _frame(rows, lines, file)
    new = any(name in frame for name in _NEW_VALUE)
    places, labels, codes = _described(frame, new, file)
    values = _values_new(frame) if new else _values_old(frame, file)
    if _is_english(labels, values, file):
        values = [_in_german(value, frame["line"], file) for value in values]
        places = places.replace({"region_name": _PLACES_IN_GERMAN})
    cells, keys, units = _cells(places, labels, values)
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
        codes=_codes(codes, labels, frame),
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


def _records(text: str, file: str) -> tuple[list[list[str]], list[int], Footer | None]:
    """All records with their lines, and the prose that old files may end with."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";")
    rows: list[list[str]] = []
    lines: list[int] = []
    footer, previous = None, 0
    try:
        for row in reader:
            here, previous = previous + 1, reader.line_num
            if row and set(row[0].strip()) == {"_"}:
                footer = parse_footer([cell for row in reader for cell in row if cell.strip()])
                break
            if here != reader.line_num:
                raise FileError(
                    file, f"ein Anführungszeichen hat kein Ende. {DOWNLOAD_AGAIN}", line=here
                )
            # a line of blanks may stand before all others
            if rows or any(map(str.strip, row)):
                rows.append(row)
                lines.append(here)
    except csv.Error as error:
        raise FileError(
            file, f"ein Anführungszeichen hat kein Ende. {DOWNLOAD_AGAIN}", line=previous + 1
        ) from error
    return rows, lines, footer


def _frame(rows: list[list[str]], lines: list[int], file: str) -> pd.DataFrame:
    """All rows under their column names, the same in all forms and languages, and `line`."""
    stripped = _Stripped()
    columns = [_column_name(name) for name in rows[0]]
    while len(columns) > 1 and not columns[-1]:
        columns.pop()
    if len(columns) == 1:
        raise not_semicolons(rows[0][0], file)
    if twice := sorted({name for name in columns if columns.count(name) > 1}):
        raise FileError(file, f"die Spalte „{twice[0]}“ steht doppelt. {DOWNLOAD_AGAIN}", line=1)
    filled, places = [], []
    for row, line in zip(rows[1:], lines[1:], strict=True):
        if not any(map(str.strip, row)):
            continue
        if len(row) < len(columns) or any(map(str.strip, row[len(columns) :])):
            raise FileError(
                file,
                f"die Zeile hat {len(row)} statt {len(columns)} Spalten. {DOWNLOAD_AGAIN}",
                line=line,
                column=min(len(row), len(columns) + 1),
            )
        filled.append([stripped[cell] for cell in row[: len(columns)]])
        places.append(line)
    if not filled:
        raise FileError(file, f"die Datei hat keine Datenzeilen. {DOWNLOAD_AGAIN}", line=2)
    return pd.DataFrame(filled, columns=columns, dtype=object).assign(line=places)


def _column_name(printed: str) -> str:
    """The name of the new form; columns of values in the old form keep what they say."""
    name = printed.strip()
    parts = re.fullmatch(r"(?:(\d+)_)?([A-Za-z]+)((?:_[A-Za-z]+)*)", name)
    if not parts or "__" in name:
        return name
    number, first, rest = parts.groups()
    plain = _OLD_NAMES.get(first.lower(), first.lower()) + rest.lower()
    return f"{number}_{plain}" if number else plain


def _described(
    frame: pd.DataFrame, new: bool, file: str
) -> tuple[pd.DataFrame, list[pd.Series], list[pd.Series]]:
    """Line, time and region of each row, and the labels and codes of its other variables."""
    groups: list[list[str]] = []
    while (group := _VARIABLE.replace("{}", str(len(groups) + 1)).split())[0] in frame:
        groups.append(group)
    needed = [*_FIRST_COLUMNS, *(_NEW_VALUE if new else []), *sum(groups, [])]
    missing = [name for name in needed if name not in frame]
    if missing or not groups:
        names = ", ".join(missing) or _VARIABLE.replace("{}", "1").split()[0]
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
    places = frame[["line", "time", code, name]]
    for variable, *_, label in groups:
        _refuse_lost_label(frame, variable, label, file)
    return (
        places.set_axis(["line", "time", "region", "region_name"], axis=1),
        [frame[label] for *_, label in groups],
        [frame[code] for *_, code, _ in groups],
    )


def _values_new(frame: pd.DataFrame) -> list[_Values]:
    """Column number, texts, measures and units of the one value column."""
    raw = frame["value"]
    if "value_q" in frame:
        raw = raw.combine(frame["value_q"], with_sign)
    number = list(frame).index("value") + 1
    return [(number, raw, frame["value_variable_label"], frame["value_unit"])]


def _values_old(frame: pd.DataFrame, file: str) -> list[_Values]:
    """Column number, texts, measure and unit of each value column (`CODE__Label__Einheit`)."""
    names = [name for name in frame if name != "line"]
    values: list[_Values] = []
    last = max(i for i, name in enumerate(names) if name.endswith("_variable_attribute_label"))
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
    values: list[_Values],
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


def _refuse_lost_label(frame: pd.DataFrame, variable: str, label: str, file: str) -> None:
    """A label that is missing would pass for a total; a variable may be missing altogether."""
    lost = (frame[label] == "") & (frame[variable] != "")
    if lost.any():
        raise FileError(
            file,
            f"in dieser Zeile fehlt die Ausprägung (Spalte {label}). {DOWNLOAD_AGAIN}",
            line=int(frame["line"][lost.idxmax()]),
            column=list(frame).index(label) + 1,
        )


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


def _is_english(labels: list[pd.Series], values: list[_Values], file: str) -> bool:
    words = set().union(*(label.unique() for label in labels))
    units = {unit.lower() for *_, column in values for unit in column.unique()}
    return "Total" in words or bool(units & _UNITS_IN_GERMAN.keys()) or "_en_flat" in file


def _in_german(values: _Values, lines: pd.Series, file: str) -> _Values:
    """Values of an English file: the decimal sign is a point, units have English names. Flat files
    never group thousands, so a point is one decimal sign; a comma may be either."""
    number, raw, measure, unit = values
    ambiguous = raw.str.fullmatch(_AMBIGUOUS)
    if ambiguous.any():
        first = ambiguous.idxmax()
        raise FileError(
            file,
            f"„{raw[first]}“ steht in einer englischen Datei: das Komma kann Tausender oder "
            "Dezimalstellen trennen. Nächster Schritt: in der Datenbank die Sprache "
            "Deutsch wählen und die Tabelle neu herunterladen.",
            line=int(lines[first]),
            column=number,
        )
    german = {u: _UNITS_IN_GERMAN.get(u.lower(), u) for u in unit.unique()}
    return number, raw.str.replace(_DECIMAL_POINT, r"\1,\2", regex=True), measure, unit.map(german)


def _codes(
    codes: list[pd.Series], labels: list[pd.Series], frame: pd.DataFrame
) -> dict[str, frozenset[str]]:
    """The codes that stand beside each word; a total may have none."""
    pairs = list(zip(labels, codes, strict=True))
    if "value_variable_code" in frame:
        pairs.append((frame["value_variable_label"], frame["value_variable_code"]))
    found: dict[str, set[str]] = {}
    for name in frame:
        if len(parts := name.split("__")) == 3:
            found.setdefault(_with_umlauts(parts[1]), set()).add(parts[0])
    for words, beside in pairs:
        distinct = pd.DataFrame({"word": words, "code": beside}).drop_duplicates()
        for word, code in distinct.itertuples(index=False):
            found.setdefault(word, set()).update({code} - {""})
    return {word: frozenset(known) for word, known in found.items() if known}


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
