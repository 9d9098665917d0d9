"""Deliveries that a mapping reads already, and those that one would read but for one new
heading."""

import difflib
import re
from dataclasses import dataclass, field
from pathlib import Path

from indicators import toml
from indicators.assistant.proposal import Answers, Choice
from indicators.assistant.shape import Shape
from indicators.catalog import catalog as catalogs
from indicators.catalog.catalog import Catalog
from indicators.catalog.mappings import REGION, TableMapping
from indicators.errors import DefinitionError, FileError
from indicators.folders import EXAMPLE
from indicators.publishing import own_tables
from indicators.publishing.own_meaning import matches
from indicators.publishing.own_tables import OwnTable
from indicators.regions import Region
from indicators.sources.grid import Grid

_ENOUGH = 0.6  # of its headings a mapping must find in a file to be asked about it


def by_mapping(
    grid: Grid, file: str, catalog: Catalog, register: dict[str, Region]
) -> list[OwnTable]:
    """What the mappings for files of this name read or, under another name, the only one that reads
    all of it; empty where none does."""
    mappings = own(catalog)
    named = [mapping for mapping in mappings if mapping.reads(file)]
    if named and (tables := _understood(grid, named, catalog, register)):
        return tables
    found = [
        tables
        for mapping in mappings
        if mapping not in named and (tables := _understood(grid, [mapping], catalog, register))
    ]
    return found[0] if len(found) == 1 else []


def own(catalog: Catalog) -> list[TableMapping]:
    """The mappings of the town: not those of the invented one."""
    return [
        mapping
        for mapping in catalog.mappings.values()
        if not catalog.defined_in("mappings", mapping.id).startswith(f"{EXAMPLE}/")
    ]


def usual_region(catalog: Catalog, register: dict[str, Region]) -> str:
    """The region that the town's other tables are of, or whose Stadtteile they name, if all say the
    same; else ""."""
    mappings = own(catalog)
    named = [mapping.region for mapping in mappings if mapping.region]
    named += [id for mapping in mappings for id in mapping.words.get(REGION, {}).values()]
    used = {id.partition("-")[0] for id in named if id in register}
    return used.pop() if len(used) == 1 else ""


def _understood(
    grid: Grid, used: list[TableMapping], catalog: Catalog, register: dict[str, Region]
) -> list[OwnTable]:
    try:
        return own_tables.understand(grid, used, catalog, register)
    except FileError:
        return []


@dataclass(frozen=True)
class Near:
    """A mapping with one heading more, and what it reads; or the question whether it is that."""

    tables: list[OwnTable] = field(default_factory=list)
    definitions: dict[str, str] = field(default_factory=dict)
    unanswered: bool = False


def renamed(
    grid: Grid, shape: Shape, catalog: Catalog, register: dict[str, Region], answers: Answers
) -> Near | None:
    """The mapping that would read the file if one heading were what it was; None if there is none,
    or somebody says that it is another table."""
    for mapping in own(catalog):
        missing, new = _compared(mapping, shape)
        if missing is None or not new:
            continue
        alike = sorted(
            new,
            key=lambda h: -difflib.SequenceMatcher(None, missing.casefold(), h.casefold()).ratio(),
        )
        said = answers.ask(
            f"renamed:{mapping.id}:{missing}",
            f"Die Lieferung „{mapping.title}“ hatte die Spalte „{missing}“. Wie heißt sie jetzt?",
            [
                *(Choice(heading, f"„{heading}“") for heading in alike),
                Choice("none", "die Spalte gibt es nicht mehr: das ist eine andere Tabelle"),
            ],
            help="Alle anderen Überschriften sind dieselben wie bisher.",
            suggestion=alike[0] if len(alike) == 1 else "",
        )
        if said is None:
            return Near(unanswered=True)
        if said == "none":
            continue
        return _extended(grid, mapping, missing, said, catalog, register)
    return None


def _compared(mapping: TableMapping, shape: Shape) -> tuple[str | None, list[str]]:
    """The one heading of a mapping that a table lacks, and those of the table that it has not; None
    where more or fewer than one are missing."""
    wanted = {
        column.headings[0]: [column.headings[0], *column.also]
        for column in mapping.columns
        if len(column.headings) == 1 and not column.placeholders
    }
    given = [h[0] for h in shape.headings if len(h) == 1]
    missing = [h for h, names in wanted.items() if not any(matches(g, names) for g in given)]
    if len(missing) != 1 or len(wanted) - 1 < max(1, _ENOUGH * len(wanted)):
        return None, []
    known = [*(n for names in wanted.values() for n in names), *mapping.skip_columns]
    open_ = any(column.placeholders for column in mapping.columns)
    new = [h for h in given if not matches(h, [k for k in known if k != "*"])]
    return (missing[0], new) if not open_ or len(new) < 4 else (None, [])


def _extended(
    grid: Grid,
    mapping: TableMapping,
    missing: str,
    heading: str,
    catalog: Catalog,
    register: dict[str, Region],
) -> Near | None:
    name = catalog.defined_in("mappings", mapping.id)
    text = _with_heading(catalog.files[name], mapping, missing, heading)
    if text is None:
        return None
    try:
        changed = catalogs.from_texts(catalog.files | {name: text}, complete=True)
        tables = own_tables.understand(grid, [changed.mappings[mapping.id]], changed, register)
    except DefinitionError:
        return None
    return Near(tables, {Path(name).relative_to(Path(name).parts[0]).as_posix(): text})


def _with_heading(text: str, mapping: TableMapping, heading: str, other: str) -> str | None:
    """The definition file with one name more for a column: the lines of people stay as they are."""
    lines = text.split("\n")
    starts = [i for i, line in enumerate(lines) if re.match(r"\s*\[\[?mappings?\]", line)]
    of_id = [
        i
        for i in starts
        if any(re.match(rf'\s*id\s*=\s*["\']{mapping.id}["\']', line) for line in lines[i : i + 12])
    ]
    if len(of_id) != 1:
        return None
    column = next(c for c in mapping.columns if c.headings == (heading,))
    for i in range(of_id[0], len(lines)):
        found = re.match(r"\s*heading\s*=\s*(.+?)\s*(#.*)?$", lines[i])
        if found and found[1].strip("\"'") in (heading, toml.quoted(heading).strip('"')):
            if column.also and re.match(r"\s*also\s*=", lines[i + 1]):
                del lines[i + 1]
            also = ", ".join(toml.quoted(one) for one in [*column.also, other])
            lines.insert(i + 1, f"also = [{also}]")
            return "\n".join(lines)
    return None
