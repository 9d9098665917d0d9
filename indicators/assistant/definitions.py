"""What of the answers is written: an ordinary mapping in TOML, with new regions, words and, where
it is asked for, a dataset with an indicator."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from indicators import toml
from indicators.assistant.case import Case
from indicators.assistant.columns import DIMENSION, SKIP, VALUE, Role
from indicators.assistant.shape import Shape
from indicators.assistant.spelling import german
from indicators.assistant.words import placeholder
from indicators.catalog.catalog import Catalog
from indicators.catalog.mappings import PERIOD, REGION
from indicators.regions import Region

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_HEAD = "# Angelegt beim Einlesen von „{file}“ auf der Seite „Daten einlesen“ (docs/mapping.md).\n"


def name_of(text: str, taken: Iterable[str] = ()) -> str:
    """An id for these words that nothing else has."""
    plain = re.sub(r"[^a-z0-9]+", "_", text.casefold().translate(_UMLAUTS)).strip("_")
    plain = re.sub(r"^[^a-z]+", "", plain)[:40].strip("_") or "tabelle"
    found, number, used = plain, 1, set(taken)
    while found in used:
        number += 1
        found = f"{plain}_{number}"
    return found


def title_of(shape: Shape, file: str, catalog: Catalog) -> str:
    """What the table is called: what stands above it, else the name of the file."""
    above = [text for text in shape.above if len(text) > 8]
    return (above[0] if above else german(Path(file).stem, catalog.files.values()))[:120]


def regions_of(new: list[dict[str, str]]) -> dict[str, Region]:
    """Regions that are new, by their key."""
    return {
        one["id"]: Region(
            one["id"], one["level"], one["name"], f"in {one['name']}", one.get("parent")
        )
        for one in new
    }


def pattern_of(file: str) -> str:
    """The names of the next deliveries: what tells a date or version may differ."""
    stem, dot, ending = file.rpartition(".")
    loose = re.sub(r"[\s_.-]*\(?\d[\d\s._/()-]*", "*", stem)
    loose = re.sub(r"\*+", "*", loose)
    return file if len(re.sub(r"[*\W_]", "", loose)) < 4 else f"{loose}{dot}{ending}"


def mapping(case: Case, roles: dict[int, Role], id: str, files: str, told: dict) -> dict:
    """The mapping that reads the table so; `told` are title and publisher."""
    found: dict = {"id": id, "dataset": case.dataset.id, **told, "files": [files]}
    if case.sheet_is:
        found |= {"sheets": _sheets(case), "sheet_is": case.sheet_is}
    elif case.shape.sheet.name:
        found |= {"sheets": [case.shape.sheet.name]}
    if case.settings.get("skip_sheets"):
        found |= {"skip_sheets": case.settings["skip_sheets"]}
    head = case.shape.sheet.texts[case.shape.first]
    found["header"] = next(str(text) for text in head if text != "")
    if case.shape.header_rows > 1:
        found["header_rows"] = case.shape.header_rows
    for name in ("region", "period", "year_is", "sum"):
        if name in case.settings:
            found[name] = case.settings[name]
    if case.decimal != ",":
        found["decimal"] = case.decimal
    if case.symbols:
        found["symbols"] = case.symbols
    if stop := _stop_at(case):
        found["stop_at"] = stop
    if case.skip_rows:
        found["skip_rows"] = list(dict.fromkeys(case.skip_rows))
    if case.left_out:
        heads = {column: " / ".join(case.shape.headings[column]) for column in case.left_out}
        found["rows"] = {heads[i]: [text for text in case.texts(i) if text] for i in heads}
    if left_out := _left_out(case, roles):
        found["skip_columns"] = left_out
    found["columns"] = list(_columns(case, roles))
    if case.words:
        found["words"] = case.words
    return found


def _sheets(case: Case) -> list[str]:
    names = [shape.sheet.name for shape in case.shapes]
    if all(re.fullmatch(r"20\d\d.*", name) for name in names):
        return ["20*"]
    return names


def _stop_at(case: Case) -> list[str]:
    """How the notes below the table begin, which the next delivery words otherwise."""
    ends = []
    for shape in case.shapes:
        if len(shape.foot):
            row = shape.sheet.texts[shape.foot[0]]
            text = str(next(t for t in row if t != ""))
            start = re.match(r"[^\d:]{3,30}", text)
            begin = start[0].strip(" ,;(") if start else text
            firsts = [
                str(next((t for t in shape.sheet.texts[r] if t != ""), "")) for r in shape.body
            ]
            clash = any(first.casefold().startswith(begin.casefold()) for first in firsts)
            ends.append(text if clash else begin)
    return list(dict.fromkeys(ends))


def _left_out(case: Case, roles: dict[int, Role]) -> list[str]:
    used = {
        part for i, role in roles.items() if role.kind != SKIP for part in case.shape.headings[i]
    }
    found: dict[str, None] = {}
    for column, role in roles.items():
        if role.kind == SKIP:
            own = [part for part in case.shape.headings[column] if part not in used]
            empty = not case.shape.headings[column] and not any(case.shape.cells(column))
            if not empty:
                found[own[-1] if own else "*"] = None
    return list(found)


def _columns(case: Case, roles: dict[int, Role]) -> Iterable[dict]:
    rows = {role.kind for role in roles.values()} | {case.sheet_is}
    done: list[dict] = []
    for column, role in roles.items():
        headings = list(case.shape.headings[column])
        one: dict = {}
        if role.kind in (PERIOD, REGION, DIMENSION):
            one = {"is": role.of or role.kind}
            if level := case.levels.get(column):
                one["level"] = level
            if column in case.fill_down:
                one["fill_down"] = True
        elif role.kind == VALUE:
            headings = [
                f"<{placeholder(case, p, rows)}>" if placeholder(case, p, rows) else p
                for p in headings
            ]
            one = {"measure": role.of}
            if role.where:
                one["where"] = dict(role.where)
            if factor := case.factors.get(str(column)):
                one["factor"] = factor
        if one:
            one = {"heading": headings[0] if len(headings) == 1 else headings} | one
            if one not in done:
                done.append(one)
    return done


def file_of(file: str, parts: Mapping[str, list[dict]]) -> str:
    """A definition file of these tables: kind → entries."""
    return toml.written(parts, _HEAD.format(file=re.sub(r"[\x00-\x1f\x7f]", " ", file)))
