"""Reader for "ffcsv", the flat file of GENESIS: a row per value, in the new and the old form.

The new form (UTF-8, English column names, `value` column) names no table: the code is taken from
the file's name or found later from its content. The old form has one column per value, called
`CODE__Label__Einheit`. Rows come in random order; several totals may stand side by side.
"""

import csv
import re
from datetime import UTC, datetime

import pandas as pd

from indicators import regions
from indicators.errors import FileError
from indicators.sources.table import OfficialTable

_NEXT = "Nächster Schritt: die Tabelle vollständig neu herunterladen."
_REGION_VARIABLES = re.compile(
    r"(KREIS|DLAND|REGBEZ|DINSG|DG$|GEMEIN|GEO|STADT|RAUMOR)", re.IGNORECASE
)
_FILE_CODE = re.compile(r"(\d{5}-[0-9A-Z]{1,3}(?:-\d{2})?(?:-\d)?|AI\w{0,4}(?:-\w+)+?)(?:-B)?(?=[_.\s(]|$)")
_TIMESTAMP = re.compile(r"_(\d{13})_")
_TOTALS = {"", "INSGESAMT"}


def recognises(text: str) -> bool:
    start = text[:200].lower().lstrip('"')
    return start.startswith(("statistics_code;", "statistik_code;", 'statistics_code";'))


def read(text: str, file: str, encoding: str) -> OfficialTable:
    """The file's cells and labels; raises FileError for anything incomplete."""
    reader = csv.reader(text.splitlines(keepends=True), delimiter=";")
    columns = [name.strip() for name in next(reader)]
    rows, lines = [], []
    for row in reader:
        if not row or (len(row) == 1 and not row[0].strip()):
            continue
        if row[0].startswith("____"):
            break  # the old form may end with a foot of prose
        if len(row) != len(columns):
            raise FileError(
                file,
                f"die Zeile hat {len(row)} statt {len(columns)} Spalten, sie ist abgeschnitten "
                f"oder beschädigt. {_NEXT}",
                line=reader.line_num,
                column=min(len(row), len(columns)),
            )
        rows.append(row)
        lines.append(reader.line_num)
    if not rows:
        raise FileError(file, f"die Datei hat keine Datenzeilen. {_NEXT}", line=2)
    if not text.endswith("\n") and not text.rstrip().endswith("__"):
        last = rows[-1][-1]
        if not last.strip():
            raise FileError(file, f"die letzte Zeile ist abgeschnitten. {_NEXT}", line=lines[-1])
    frame = pd.DataFrame(rows, columns=columns, dtype=object)
    frame["line"] = lines
    long, form = (
        (_from_new(frame, file), "ffcsv")
        if "value" in frame
        else (_from_old(frame, columns, file), "ffcsv (alte Form)")
    )
    statistic = frame.iloc[0, 0].strip()
    code = _code_from_name(file, statistic)
    labels = long.drop(columns=["line", "column", "time", "region", "region_name", "raw", "unit"])
    key_frame = pd.concat([labels, long["unit"]], axis=1)
    index = pd.MultiIndex.from_frame(key_frame)
    number, unique = pd.factorize(index)
    _refuse_incomplete(long, number, file)
    return OfficialTable(
        file=file,
        format=form,
        encoding=encoding,
        code=code,
        statistic=statistic,
        title=frame.iloc[0, 1].strip(),
        cells=pd.DataFrame(
            {name: long[name] for name in ("line", "column", "time", "region", "region_name")}
            | {"key": number, "raw": long["raw"]}
        ),
        keys=[tuple(label for label in key[:-1] if label) for key in unique],
        units=[key[-1] for key in unique],
        stand=_stand_from_name(file),
    )


def _code_from_name(file: str, statistic: str) -> str | None:
    """The table's code, which only the file's name may hold; None if it was renamed."""
    match = _FILE_CODE.match(file)
    if match is None or (match[1][0].isdigit() and not match[1].startswith(statistic)):
        return None
    return match[1].removesuffix("-B")


def _stand_from_name(file: str) -> datetime | None:
    match = _TIMESTAMP.search(file)
    if not match:
        return None
    return datetime.fromtimestamp(int(match[1]) / 1000, UTC).replace(tzinfo=None, microsecond=0)


def _labels(frame: pd.DataFrame, variables: list[tuple[str, str, str]], file: str) -> pd.DataFrame:
    """Region columns and one label column per other variable; totals are all called Insgesamt."""
    region = [
        i
        for i, (variable, *_) in enumerate(variables)
        if frame[variable].map(lambda code: bool(_REGION_VARIABLES.match(code))).all()
    ]
    if len(region) != 1:
        raise FileError(
            file, "genau ein Merkmal muss die Region sein (Kreise, Länder, Deutschland …)", line=2
        )
    _, code_column, label_column = variables.pop(region[0])
    out = pd.DataFrame(
        {"region": frame[code_column].str.strip(), "region_name": frame[label_column].str.strip()}
    )
    for i, (_, code_column, label_column) in enumerate(variables):
        codes, words = frame[code_column].str.strip(), frame[label_column].str.strip()
        out[f"label_{i}"] = words.where(~codes.isin(_TOTALS), "Insgesamt")
    return out


def _from_new(frame: pd.DataFrame, file: str) -> pd.DataFrame:
    needed = ("time", "value_variable_label", "value_unit", "1_variable_attribute_code")
    _need(frame, needed, file)
    count = sum(bool(re.fullmatch(r"\d+_variable_code", name)) for name in frame.columns)
    variables = [
        (
            f"{i}_variable_code",
            f"{i}_variable_attribute_code",
            f"{i}_variable_attribute_label",
        )
        for i in range(1, count + 1)
    ]
    out = _labels(frame, variables, file)
    quality = frame.get("value_q", pd.Series("", index=frame.index)).str.strip()
    value = frame["value"].str.strip()
    # a quality sign beside a number is read like one behind it; "e" (final) says nothing
    marked = value.where(quality.isin(["", "e"]) | ~value.str.contains(r"\d"), value + quality)
    return out.assign(
        measure=frame["value_variable_label"].str.strip(),
        unit=frame["value_unit"].str.strip(),
        time=frame["time"].str.strip(),
        raw=marked,
        line=frame["line"],
        column=list(frame.columns).index("value") + 1,
    )


def _from_old(frame: pd.DataFrame, columns: list[str], file: str) -> pd.DataFrame:
    _need(frame, ("Zeit", "1_Merkmal_Code", "1_Auspraegung_Code", "1_Auspraegung_Label"), file)
    count = sum(bool(re.fullmatch(r"\d+_Merkmal_Code", name)) for name in columns)
    variables = [
        (f"{i}_Merkmal_Code", f"{i}_Auspraegung_Code", f"{i}_Auspraegung_Label")
        for i in range(1, count + 1)
    ]
    values = [c for c in columns if c.count("__") >= 2 and not c.endswith("__q")]
    if not values:
        raise FileError(file, "keine Wertspalte der Form CODE__Name__Einheit", line=1)
    out = _labels(frame, variables, file)
    parts = []
    for name in values:
        _, label, unit = name.split("__")[:3]
        parts.append(
            out.assign(
                measure=_umlauts(label),
                unit=_umlauts(unit),
                time=frame["Zeit"].str.strip(),
                raw=frame[name].str.strip(),
                line=frame["line"],
                column=columns.index(name) + 1,
            )
        )
    return pd.concat(parts, ignore_index=True)


def _umlauts(text: str) -> str:
    """Column names of the old form carry ae, oe, ue and underscores; official words do not."""
    for plain, umlaut in (("ae", "ä"), ("oe", "ö"), ("ue", "ü")):
        text = re.sub(rf"(?<![aeiouAEIOUq]){plain}", umlaut, text)
    return text.replace("_", " ").strip()


def _need(frame: pd.DataFrame, names: tuple[str, ...], file: str) -> None:
    missing = [name for name in names if name not in frame]
    if missing:
        raise FileError(file, f"die Spalten {', '.join(missing)} fehlen. {_NEXT}", line=1)


def _refuse_incomplete(long: pd.DataFrame, key: pd.Series, file: str) -> None:
    """A file cut at a line's end looks whole; but rows come in random order, so regions of one
    point in time then have different numbers of rows. Only living Kreise count: empty rows of
    dissolved ones may be left out by the database."""
    kreis = long["region"].map(lambda code: regions.normalise(code) or "").str.len() == 5
    living = kreis & (long["raw"] != "-")
    counts = long[living].groupby(["time", "region"]).size()
    full = long[kreis].groupby(["time", "region"]).size().reindex(counts.index)
    expected = full.groupby("time").transform("max")
    missing = full[full < expected]
    # compressed exports leave out rows that are all zero, which real gaps do not look like:
    # there, rows of the totals are never missing
    totals = long["label_0"].eq("Insgesamt") if "label_0" in long else None
    if missing.empty or totals is None:
        return
    label_columns = [c for c in long if c.startswith("label_")]
    all_total = long[label_columns].eq("Insgesamt").all(axis=1)
    with_total = set(zip(long["time"][all_total], long["region"][all_total], strict=True))
    if not with_total:
        return
    without = [place for place in missing.index if place not in with_total]
    if without:
        time, region = without[0]
        raise FileError(
            file,
            f"für {len(without)} Regionen fehlt die Insgesamt-Zeile (zum Beispiel {region}, {time}), "
            f"die Datei ist vermutlich abgeschnitten. {_NEXT}",
        )
