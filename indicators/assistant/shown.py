"""What of a file is shown: facts, its rows as they stand and as they are understood, and the mark
of these."""

import hashlib
import re
from collections.abc import Mapping

import numpy as np
import pandas as pd

from indicators.assistant.proposal import Fact
from indicators.assistant.shape import Shape
from indicators.catalog.catalog import Catalog
from indicators.errors import letters
from indicators.formats import number, quantity
from indicators.regions import Region
from indicators.sources.grid import Grid
from indicators.symbols import SIGNS, WITH_NUMBER, Status

_SHOWN = 200
MOST = 1e12  # larger numbers count nothing in a town


def of_file(grid: Grid, shapes: list[Shape]) -> list[Fact]:
    """What the file itself shows."""
    shape = shapes[0]
    facts = [Fact("Format", grid.format, "am Anfang der Datei zu erkennen")]
    if grid.encoding:
        facts.append(Fact("Zeichensatz", grid.encoding, "so sind alle Umlaute lesbar"))
    if shape.sheet.name:
        names = ", ".join(f"„{one.sheet.name}“" for one in shapes)
        facts.append(Fact("Blatt", names, "davon wird gelesen"))
    rows = "Zeile" if shape.header_rows == 1 else f"{shape.header_rows} Zeilen ab"
    line = shape.line(shape.first)
    facts.append(Fact("Überschriften", f"{rows} {line}", "darunter beginnen die Zahlen"))
    if shape.above:
        facts.append(Fact("Darüber", " · ".join(shape.above)[:200], "wird nicht als Zahl gelesen"))
    count = sum(len(one.foot) for one in shapes)
    if count:
        first = shape.foot[0] if len(shape.foot) else None
        text = "" if first is None else str(next(t for t in shape.sheet.texts[first] if t != ""))
        facts.append(
            Fact(
                "Anmerkungen",
                f"{quantity(count, 'Zeile', 'Zeilen')} unter der Tabelle",
                f"dort steht nur ein Text („{text[:80]}“); nicht gelesen",
            )
        )
    return facts


def raw(shape: Shape) -> dict:
    """The first rows as they stand in the file, the line first."""
    rows = [*range(shape.first, shape.first + shape.header_rows), *shape.body[:_SHOWN]]
    used = shape.columns
    return {
        "columns": ["Zeile", *(letters(i + 1) for i in used)],
        "rows": [[str(shape.line(r)), *(str(shape.sheet.texts[r, i]) for i in used)] for r in rows],
        "count": len(shape.body),
    }


def understood(rows: pd.DataFrame, catalog: Catalog, register: Mapping[str, Region]) -> dict:
    """The first rows as they are read, in words: columns and rows of texts, and how many there
    are."""
    some = rows.head(_SHOWN)
    ids = list(rows["dataset"].unique())
    dimensions = list(dict.fromkeys(d for id in ids for d in catalog.datasets[id].dimensions))
    used = [d for d in dimensions if d in some and (some[d].fillna("total") != "total").any()]
    shown = []
    for _, row in some.iterrows():
        dataset = catalog.datasets[row["dataset"]]
        region = register.get(row["region"])
        value = SIGNS[Status(row["status"])].short
        if Status(row["status"]) in WITH_NUMBER and not np.isnan(row["value"]):
            # no count of anything; an official table may say so all the same
            huge = abs(row["value"]) >= MOST
            decimals = dataset.measure(row["measure"]).shown_decimals
            value = str(row["value"]) if huge else number(row["value"], decimals)
        shown.append(
            [
                str(row.get("line", "")).removesuffix(".0"),
                region.name if region else row["region"],
                row["period"],
                *(_category(catalog, d, row[d]) for d in used),
                dataset.measure(row["measure"]).name,
                value,
            ]
        )
    return {
        "columns": [
            "Zeile",
            "Gebiet",
            "Zeitraum",
            *(catalog.dimensions[d].name for d in used),
            "Zählt",
            "Wert",
        ],
        "rows": shown,
        "count": len(rows),
        "dataset": ", ".join(catalog.datasets[id].name for id in ids),
    }


def _category(catalog: Catalog, dimension: str, category: object) -> str:
    if not isinstance(category, str):
        return ""
    return catalog.dimensions[dimension].category_name(category)


def for_the_page(reason: str) -> str:
    """A refusal of the reader, with a next step that needs no TOML."""
    what, step, rest = reason.partition("Nächster Schritt: ")
    if not step or not re.search(r"Zuordnung|mapping\.|skip_|\bdecimal\b|\bsum\b", rest):
        return reason
    return (
        f"{what}{step}unter „Spalten“ prüfen, ob die Spalten richtig zugeordnet sind, oder die "
        "Datei an dieser Stelle berichtigen"
    )


def seen(rows: pd.DataFrame) -> str:
    """The mark of these rows: two tables have the same only if they say the same."""
    columns_ = sorted(set(rows.columns) - {"line", "flags", "source"})
    text = rows[columns_].astype(str).sort_values(columns_).to_csv(index=False)
    return hashlib.sha256(text.encode()).hexdigest()
