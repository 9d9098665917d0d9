"""From a town's own table to counts: a mapping explains every heading, word and sign, or the file
is refused as a whole.

The result has the form that `mapping.py` gives official tables, so that checks, sums and
publication treat both alike.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import pandas as pd

from indicators import periods, regions
from indicators.catalog.catalog import Catalog
from indicators.catalog.definition import TOTAL
from indicators.catalog.mappings import PERIOD, PLACEHOLDER, REGION, Column, TableMapping
from indicators.catalog.meaning import Dataset, Dimension, PeriodRule
from indicators.errors import DefinitionError, FileError
from indicators.folders import EXAMPLE
from indicators.formats import quantity
from indicators.periods import Period
from indicators.publishing import own_words
from indicators.regions import Region
from indicators.sources import archive
from indicators.sources.grid import Grid, Sheet, read_grid
from indicators.sources.reading import is_official
from indicators.symbols import (
    WITH_NUMBER,
    OwnCell,
    Status,
    is_rounded,
    join_flags,
    meanings,
    read_own_cell,
    status_of_result,
)

# No id: what a word means by a mapping that says two things of it.
_AMBIGUOUS = "?"
TITLE, FILE = "<title>", "<file>"
# So many words are named in a message; more would hide what it says.
_NAMED = 8
_DIGITS = {"land": 2, "regierungsbezirk": 3, "kreis": 5, "gemeinde": 8}
_TABLES = (".csv", ".txt", ".xlsx", ".xlsm")
# ¹) 1) *) or a lone ¹ * behind a word
_MARKER = re.compile(r"(\s*([¹²³⁴⁵⁶⁷⁸⁹⁰]+\)?|(?<!\d)\d{1,2}\)|\*+\)?))+$")
_BEFORE_PERIOD = re.compile(
    r"(schuljahr|schulj\.|sj\.?|kitajahr|jahr|stichtag|stand|zum|am|:|\s)+", re.IGNORECASE
)
_SPLIT_TYPES = ("school_year", "training_year", "winter_semester")
_TWO_YEARS = re.compile(r"((?:19|20)\d\d)\s*[-–/_]\s*((?:19|20)?\d\d)")
_SHORT_YEARS = re.compile(r"(?:WS\s*)?(\d\d)\s*[-–/_]\s*(\d\d)")
_YEAR_FIRST = re.compile(r"((?:19|20)\d\d)[-_.](\d\d?)[-_.](\d\d?)")
_DAY_FIRST = re.compile(r"(\d\d?)[-_.](\d\d?)[-_.]((?:19|20)\d\d)")
# What stands in a title or a name of a file. Whole dates come first: the year and month of one
# are no school year, and its year alone is not the day it tells.
_A_PERIOD = re.compile(
    r"(?<!\d)((?:19|20)\d\d[-_.]\d\d?[-_.]\d\d?|\d\d?[-_.]\d\d?[-_.](?:19|20)\d\d"
    r"|(?:19|20)\d\d\s*[-–/_]\s*(?:(?:19|20)\d\d|\d\d)|(?:19|20)\d\d)(?!\d)"
)
_A_SHORT_PERIOD = re.compile(r"(?<![\d./_-])_?(\d\d\s*[-–/_]\s*\d\d)(?![\d/-]|\.\d|_\d\d)")


@dataclass(frozen=True)
class OwnTable:
    """A file understood by one mapping: `rows` has one row per region, period, dimensions and
    measure with columns region, period, start, <dimensions>, measure, value, status, flags, line.
    All regions are known; a combination that is not listed has no row. `notes` say what became of
    rows that were left out or added up, for the report."""

    file: str
    format: str
    mapping: TableMapping
    dataset: Dataset
    rows: pd.DataFrame
    notes: tuple[str, ...] = ()


def read_own(
    content: bytes,
    file: str,
    catalog: Catalog,
    register: dict[str, Region],
    named: tuple[str, ...] = (),
) -> list[OwnTable]:
    """What the mappings take from a file: those its origin names, else those for files of this
    name. Empty for an official table, which needs none. The files of an archive are read as if
    each had come alone.

    Raises FileError if no mapping reads the file, or one of them does not explain all of it.
    """
    if archive.is_archive(content):
        return _read_archive(content, file, catalog, register, named)
    used = _mappings_for(content, file, catalog, named)
    return understand(read_grid(content, file), used, catalog, register) if used else []


def made_with(
    content: bytes, file: str, catalog: Catalog, named: tuple[str, ...] = ()
) -> list[tuple[int, TableMapping]]:
    """All mappings that may have a say in how this file is read, with their places among all: for
    one that ships or came before, another town's new mapping changes nothing. In an archive each
    file may have another."""
    every = list(enumerate(catalog.mappings.values()))
    if archive.is_archive(content):
        return every
    return [one for one in every if (one[1].id in named if named else one[1].reads(file))]


def _read_archive(
    content: bytes,
    file: str,
    catalog: Catalog,
    register: dict[str, Region],
    named: tuple[str, ...],
) -> list[OwnTable]:
    if not named and not _is_own(archive.members(content), file, catalog):
        return []
    tables: list[OwnTable] = []
    for member, inside in archive.files(content, file):
        here = f"{file} ({member.path})"
        # of several mappings, the names of the files tell whose each is
        of_it = [id for id in named if len(named) == 1 or _reads(catalog, id, member.name)]
        try:
            used = _mappings_for(inside, member.name, catalog, tuple(of_it))
            if not used:
                raise FileError(
                    here,
                    f"diese Datei liest keine Zuordnung; {_listed(catalog)}. Nächster Schritt: sie "
                    "aus dem Archiv nehmen",
                )
            found = understand(read_grid(inside, member.name), used, catalog, register)
        except FileError as error:
            raise FileError(
                here, error.reason, sheet=error.sheet, line=error.line, column=error.column
            ) from error
        tables += [replace(table, file=here) for table in found]
    _refuse_overlaps(tables)
    return tables


def _is_own(members: list[archive.Member], file: str, catalog: Catalog) -> bool:
    """Whether an archive holds own tables: a mapping reads a name, or all that is there is tables
    and none is official.

    Raises FileError if some are official: what they lack would not be noticed.
    """
    # an Excel file begins as an archive does
    official = [m.head[:2] != b"PK" and is_official(m.head) for m in members]
    others = [m for m, one in zip(members, official, strict=True) if not one]
    read = [m for m in others if any(_reads(catalog, id, m.name) for id in catalog.mappings)]
    if read and any(official):
        raise FileError(
            f"{file} ({read[0].path})",
            "das Archiv enthält amtliche und eigene Tabellen. Nächster Schritt: sie getrennt "
            "annehmen",
        )
    tables = [m for m in others if m.name.lower().endswith(_TABLES) and _looks_own(m.head)]
    return bool(read) or (bool(tables) and not any(official))


def _reads(catalog: Catalog, id: str, name: str) -> bool:
    return id not in catalog.mappings or catalog.mappings[id].reads(name)


def _refuse_overlaps(tables: list[OwnTable]) -> None:
    """Of two files for the same region and period the later one counts; in one archive none is."""
    told: dict[tuple[str, str, str], str] = {}
    for table in tables:
        for region, period in table.rows[["region", "period"]].drop_duplicates().to_numpy():
            first = told.setdefault((table.mapping.id, region, period), table.file)
            if first != table.file:
                raise FileError(
                    table.file,
                    f"für {region}, {period}, stehen schon Angaben in {first}. Nächster Schritt: "
                    "die Dateien einzeln annehmen, die gültige zuletzt, oder sie zu einer "
                    "verbinden, wenn beide gelten",
                )


def _mappings_for(
    content: bytes, file: str, catalog: Catalog, named: tuple[str, ...]
) -> list[TableMapping]:
    if unknown := [id for id in named if id not in catalog.mappings]:
        raise FileError(
            file,
            f"der Herkunftsnachweis nennt die Zuordnung {', '.join(unknown)}, die es nicht gibt; "
            f"{_listed(catalog)}. Nächster Schritt: die Zuordnung wieder anlegen, oder den "
            "Nachweis löschen und die Datei noch einmal annehmen",
        )
    if named:
        return [catalog.mappings[id] for id in named]
    if is_official(content):
        return []
    used = [mapping for mapping in catalog.mappings.values() if mapping.reads(file)]
    # the invented town shows how it is done, and must not read the files of a real one
    own = [m for m in used if not catalog.defined_in("mappings", m.id).startswith(f"{EXAMPLE}/")]
    used = own or used
    # a damaged or foreign official file is told by its own reader
    if not used and _looks_own(content):
        raise FileError(
            file,
            "das ist keine amtliche Tabelle, und keine Zuordnung liest Dateien dieses Namens; "
            f"{_listed(catalog)}. Nächster Schritt: die Datei so benennen, wie es unter files "
            "steht, oder eine Zuordnung in data/definitions anlegen (docs/mapping.md)",
        )
    return used


def _looks_own(content: bytes) -> bool:
    return not content.startswith((b"%PDF", b"\xd0\xcf\x11\xe0", b"<", b"{")) and bool(
        content.strip()
    )


def _listed(catalog: Catalog) -> str:
    names = [f"{m.id} ({', '.join(m.files)})" for m in catalog.mappings.values()]
    return "vorhanden sind " + (", ".join(names) or "keine Zuordnungen")


def check_mappings(catalog: Catalog, register: dict[str, Region]) -> None:
    """Raises DefinitionError if a mapping names a region or a period that does not exist."""
    for mapping in catalog.mappings.values():

        def wrong(field: str, reason: str, mapping=mapping) -> DefinitionError:
            file = catalog.defined_in("mappings", mapping.id)
            return DefinitionError(f"{file}, Feld mapping.{field}: {reason} ({mapping.id})")

        named = {"region": mapping.region} if mapping.region else {}
        named |= {f"words.region.{w}": id for w, id in mapping.words.get(REGION, {}).items()}
        for field, id in named.items():
            if id not in register:
                raise wrong(
                    field,
                    f"die Region „{id}“ ist nicht bekannt; erlaubt sind amtliche Schlüssel und die "
                    "unter local_regions genannten",
                )
        rule = period_rule(mapping, catalog.datasets[mapping.dataset])
        given = {"period": mapping.period} if mapping.period not in (None, TITLE, FILE) else {}
        given |= {f"words.period.{w}": text for w, text in mapping.words.get(PERIOD, {}).items()}
        for field, text in given.items():
            try:
                _as_period(text, rule)
            except periods.PeriodError as error:
                raise wrong(field, str(error)) from error


def period_rule(mapping: TableMapping, dataset: Dataset) -> PeriodRule:
    """What a time in the table means: what the dataset says, unless the mapping says otherwise. A
    day of its own holds for all years."""
    told = {name: getattr(mapping, name) for name in ("year_is", "day")}
    told = {name: value for name, value in told.items() if value is not None}
    if mapping.day:
        told["earlier_days"] = {}
    return dataset.period.model_copy(update=told)


def understand(
    grid: Grid, used: list[TableMapping], catalog: Catalog, register: dict[str, Region]
) -> list[OwnTable]:
    """What each of the mappings takes from the file. Every sheet must be read by one of them.

    Raises FileError naming sheet, line and column of what no mapping explains.
    """
    found = [_understood(grid, mapping, catalog, register) for mapping in used]
    read = {name for _, names in found for name in names}
    for sheet in grid.sheets:
        skipped = any(_matches(sheet.name, m.skip_sheets) for m in used)
        if sheet.name not in read and not skipped:
            raise FileError(
                grid.file,
                "dieses Blatt liest keine der Zuordnungen "
                f"{', '.join(m.id for m in used)}. Nächster Schritt: den Namen dort unter sheets "
                "aufnehmen, oder unter skip_sheets, wenn es nicht gelesen werden soll",
                sheet=sheet.name,
            )
    return [table for table, _ in found]


def _understood(
    grid: Grid, mapping: TableMapping, catalog: Catalog, register: dict[str, Region]
) -> tuple[OwnTable, list[str]]:
    dataset = catalog.datasets[mapping.dataset]
    dimensions = [catalog.dimensions[id] for id in dataset.dimensions]
    sheets = [s for s in grid.sheets if _matches(s.name, mapping.sheets)]
    if not mapping.sheets:
        sheets = [s for s in grid.sheets if not _matches(s.name, mapping.skip_sheets)]
        if len(sheets) != 1:
            names = ", ".join(f"„{sheet.name}“" for sheet in sheets) or "keines"
            raise FileError(
                grid.file,
                f"die Zuordnung {mapping.id} liest genau ein Blatt, die Datei hat {names}. "
                "Nächster Schritt: die Blätter dort unter sheets nennen",
            )
    if not sheets:
        names = ", ".join(f"„{sheet.name}“" for sheet in grid.sheets)
        raise FileError(
            grid.file,
            f"keines der Blätter, die die Zuordnung {mapping.id} unter sheets nennt, ist da; "
            f"vorhanden sind {names}",
        )
    words = _KnownWords(mapping, dimensions, register, catalog)
    readers = [_Reader(grid.file, one, mapping, dataset, words, register) for one in sheets]
    rows = pd.concat([reader.rows() for reader in readers], ignore_index=True)
    notes = [note for reader in readers for note in reader.notes]
    if mapping.sum:
        rows, note = _added(rows, ["region", "period", *dataset.dimensions, "measure"])
        notes += [note]
    _refuse_repeats(rows, grid.file, mapping, dataset)
    format = f"{grid.format} ({grid.encoding})" if grid.encoding else grid.format
    rows = rows.drop(columns=["sheet", "column"])
    table = OwnTable(grid.file, format, mapping, dataset, rows, tuple(notes))
    return table, [sheet.name for sheet in sheets]


def _added(rows: pd.DataFrame, key: list[str]) -> tuple[pd.DataFrame, str]:
    """Rows of one combination as their sum, and what is said of it.

    A sum is made only of numbers, beside what cannot be at all; where a number lacks the sum does,
    for the reason of the first row that has none.
    """
    rows = rows.assign(
        number=rows["status"].isin([status.value for status in WITH_NUMBER]),
        nothing=rows["status"] == Status.NOT_APPLICABLE.value,
        rounded=is_rounded(rows["value"], rows["status"], rows["flags"]),
    )
    rows = rows.assign(lacks=~rows["number"] & ~rows["nothing"])
    # the first row of a group gives its line, and the status where the sum has no number
    rows = rows.sort_values(["lacks", "number"], ascending=False, kind="stable")
    groups = rows.groupby(key, sort=False)
    sums = groups.first().assign(
        value=groups["value"].sum(),
        count=groups.size(),
        lacks=groups["lacks"].any(),
        number=groups["number"].any(),
        rounded=groups["rounded"].any(),
    )
    several = sums["count"] > 1
    made = sums["number"] & ~sums["lacks"]
    joined = groups["flags"].agg(lambda flags: join_flags(*flags))
    sums["flags"] = [
        join_flags(flags, "summed") if many and whole else flags
        for flags, many, whole in zip(joined, several, made, strict=True)
    ]
    sums["status"] = np.where(
        several & made, status_of_result(sums["value"], sums["rounded"]), sums["status"]
    )
    sums.loc[~made, "value"] = np.nan
    note = (
        quantity(int(sums.loc[several, "count"].sum()), "Wert", "Werte")
        + " aus mehreren Zeilen zu "
        + quantity(int(several.sum()), "Summe", "Summen")
        + " zusammengezählt (sum = true)"
    )
    if lacking := int((several & sums["lacks"]).sum()):
        note += f"; {quantity(lacking, 'Summe fehlt', 'Summen fehlen')}, weil ein Wert davon fehlt"
    return sums.reset_index().sort_values("line", kind="stable")[rows.columns[:-4]], note


def _refuse_repeats(rows: pd.DataFrame, file: str, mapping: TableMapping, dataset: Dataset) -> None:
    """A combination listed twice is a subtotal, or a column that tells them apart is not read."""
    key = ["region", "period", *dataset.dimensions, "measure"]
    repeated = rows.duplicated(key)
    if not repeated.any():
        return
    second = rows[repeated].iloc[0]
    first = rows[(rows[key] == second[key]).all(axis=1)].iloc[0]
    words = ", ".join(second[name] for name in key if second[name] != TOTAL)
    sheet = f" im Blatt „{first['sheet']}“" if first["sheet"] != second["sheet"] else ""
    raise FileError(
        file,
        f"dieselbe Angabe ({words}) steht schon in Zeile {first['line']}{sheet}. Nächster Schritt: "
        f"in der Zuordnung {mapping.id} Zwischensummen unter skip_rows oder skip_columns nennen, "
        "oder die Spalte erklären, die beide unterscheidet; sind es Teile (mehrere Schulen eines "
        "Gebiets), mit sum = true zusammenzählen lassen",
        sheet=second["sheet"],
        line=int(second["line"]),
        column=int(second["column"]),
    )


# --- words --------------------------------------------------------------------------------------


@lru_cache(maxsize=50_000)
def _plain(text: str) -> str:
    """A word as it is compared: one blank between words, no footnote marker, small letters."""
    return _unmarked(re.sub(r"\s+", " ", text).strip()).casefold()


def _unmarked(text: str) -> str:
    """Without the marker of a footnote; "(unter 3)" ends in a bracket of its own."""
    bare = _MARKER.sub("", text)
    return bare if bare and bare.count("(") == bare.count(")") else text


def _matches(text: str, patterns: list[str]) -> bool:
    """Whether a text is one of these; a trailing * stands for any ending."""
    word = _plain(text)
    return any(_fits(word, pattern) for pattern in patterns)


def _fits(word: str, pattern: str) -> bool:
    """Whether a plain word is this pattern, whose * at either end stands for anything."""
    start, end = pattern.startswith("*"), pattern.endswith("*")
    if not start and not end:
        return word == _plain(pattern)
    # its * is no marker of a footnote
    inner = re.sub(r"\s+", " ", pattern.strip("*")).strip().casefold()
    if start and end:
        return inner in word
    return word.endswith(inner) if start else word.startswith(inner)


def _most_special(patterns: list[str]) -> list[str]:
    """Of patterns that fit one word those that no other one includes: "Grundschule Nord*" says
    more than "Grundschule*", which says nothing more then."""
    return [
        one
        for one in patterns
        if not any(_is_wider(one, other) for other in patterns if other != one)
    ]


def _is_wider(pattern: str, other: str) -> bool:
    word = _plain(other.strip("*"))
    return _fits(word, pattern) and not _fits(_plain(pattern.strip("*")), other)


def _as_period(text: str, rule: PeriodRule) -> Period:
    """The period a text of a town's table means: "Schuljahr 2023/2024", "2023-24", "2023.0"."""
    text = _unmarked(text.strip())
    text = re.sub(r"^(\d{4})\.0$", r"\1", text)
    match = _BEFORE_PERIOD.match(text)
    text = text[match.end() :] if match else text
    text = text.strip()
    if _may_be_split(rule):
        if years := _TWO_YEARS.fullmatch(text):
            text = f"{years[1]}/{years[2]}"
        elif (years := _SHORT_YEARS.fullmatch(text)) and _follows(years[1], years[2]):
            text = f"{20 if years[1] < '80' else 19}{years[1]}/{years[2]}"
    return rule.meant(text)


def _may_be_split(rule: PeriodRule) -> bool:
    """Whether "2024/25" is a time: of a key date or year only if somebody says which is meant."""
    return rule.type in _SPLIT_TYPES or rule.year_is is not None


def _follows(first: str, second: str) -> bool:
    """Whether two digits each are one year and the next: "23" and "24", "99" and "00"."""
    return int(second) == (int(first) + 1) % 100


class _KnownWords:
    """What words of the table mean: by the mapping, or by themselves."""

    def __init__(
        self,
        mapping: TableMapping,
        dimensions: list[Dimension],
        register: dict[str, Region],
        catalog: Catalog,
    ):
        self.mapping, self.register, self.catalog = mapping, register, catalog
        self.dimensions = {dimension.id: dimension for dimension in dimensions}
        keys = [mapping.region or "", *mapping.words.get(REGION, {}).values()]
        self._lands = {key[:2] for key in keys}
        self._known: dict[str, list[own_words.Words]] = {}

    def explained(self, word: str, kind: str) -> str | None:
        """What the mapping says of a plain word: None for nothing, _AMBIGUOUS for two things."""
        explained = self.mapping.words.get(kind, {})
        fitting = _most_special([pattern for pattern in explained if _fits(word, pattern)])
        if not fitting:
            same = own_words.spellings(word)[0]
            fitting = [one for one in explained if own_words.spellings(one)[0] == same]
        found = {explained[pattern] for pattern in fitting}
        return _AMBIGUOUS if len(found) > 1 else next(iter(found), None)

    def meanings(self, text: str, kind: str) -> list[str]:
        """What a word means by itself; several ids where it is ambiguous."""
        for words in self.known(kind):
            if found := words.meanings(_unmarked(text.strip())):
                return found
        return []

    def nearest(self, text: str, kind: str) -> str | None:
        found = [words.nearest(text) for words in self.known(kind)] if text else []
        return next((str(known.meaning) for known in found if known), None)

    def known(self, kind: str) -> list[own_words.Words]:
        """The words there are, those that go before first: a table of the invented town speaks of
        invented regions, all others of real ones."""
        if kind not in self._known:
            if kind == REGION:
                file = self.catalog.defined_in("mappings", self.mapping.id)
                order = sorted((False, True), reverse=file.startswith(f"{EXAMPLE}/"))
                found = [own_words.of_regions(self.register, one) for one in order]
            elif kind in self.dimensions:
                found = [own_words.of_categories(self.dimensions[kind], self._lands)]
            else:
                found = []
            self._known[kind] = found
        return self._known[kind]

    def said(self, id: str, kind: str) -> str:
        """An id as a message names it."""
        if kind == REGION:
            region = self.register[id]
            above = self.register.get(region.parent or "")
            return f"{id} ({region.name}{f', {above.name}' if above else ''})"
        return f"{id} („{self.dimensions[kind].category_name(id)}“)"


class _Reader:
    """Reads one sheet by a mapping; it exists to carry what every step needs to name a place."""

    def __init__(
        self,
        file: str,
        sheet: Sheet,
        mapping: TableMapping,
        dataset: Dataset,
        words: "_KnownWords",
        register: dict[str, Region],
    ):
        self.file, self.sheet, self.mapping = file, sheet, mapping
        self.dataset, self.register = dataset, register
        self.words, self.dimensions = words, words.dimensions
        self.period_rule = period_rule(mapping, dataset)
        self.signs = meanings(mapping.symbols)
        self.notes: list[str] = []

    # --- messages

    def wrong(self, reason: str, row: int | None = None, column: int | None = None) -> FileError:
        return FileError(
            self.file,
            reason,
            sheet=self.sheet.name,
            line=None if row is None else int(self.sheet.lines[row]),
            column=None if column is None else column + 1,
        )

    def unexplained(
        self, texts: list[str], kind: str, row: int | None, column: int | None
    ) -> FileError:
        """Texts that should be a period, region or category and are none; the place is that of the
        first one."""
        if row is not None and (row, column) in self.sheet.dates:
            return self.wrong(
                f"„{texts[0]}“ steht hier als Datum; Excel macht aus Texten wie „1/2“ oder "
                "„2008/09“ von selbst ein Datum. Nächster Schritt: die Zellen in Excel als Text "
                "formatieren und den Text neu eintragen",
                row,
                column,
            )
        if kind == PERIOD:
            what = f"keine Zeitangabe der Art {periods.TYPES[self.dataset.period.type]}"
        elif kind == REGION:
            what = "weder ein Regionalschlüssel noch Name oder Wort einer Region"
        else:
            what = f"als Ausprägung von {self.dimensions[kind].name} nicht erklärt"
        shown = _listing(texts) if any(texts) else "die leere Zelle"
        return self.wrong(
            f"{shown} {'ist' if len(texts) == 1 else 'sind'} {what}{self.hints(texts, kind)}. "
            f"Summen und Anmerkungen gehören unter skip_rows oder stop_at. Nächster Schritt: in "
            f"der Zuordnung {self.mapping.id} erklären"
            + (self.lines(texts, kind) if any(texts) else f" ([mapping.words.{kind}])"),
            row,
            column,
        )

    def hints(self, texts: list[str], kind: str) -> str:
        """What is known of words that are not understood, as the rest of a sentence."""
        if kind == PERIOD:
            split = [t for t in texts if _TWO_YEARS.search(t) or _SHORT_YEARS.search(t)]
            if split and not _may_be_split(self.period_rule):
                return (
                    "; welcher Tag mit zwei Jahren gemeint ist, sagen in der Zuordnung year_is "
                    '("start" oder "end") und day ("01.03.")'
                )
            return ""
        several = {text: self.words.meanings(text, kind) for text in texts}
        hints = [
            f"„{text}“ kann {' oder '.join(self.words.said(id, kind) for id in ids)} heißen"
            for text, ids in several.items()
            if len(ids) > 1
        ]
        for text in texts:
            nearest = None if len(several[text]) > 1 else self.words.nearest(text, kind)
            if nearest:
                hints.append(f"am ähnlichsten ist {self.words.said(nearest, kind)}")
        return "".join(f"; {hint}" for hint in hints[:_NAMED])

    def lines(self, texts: list[str], kind: str) -> str:
        """The lines that would explain words: with the nearest meaning, or a place for it."""
        nearest = {text: self.words.nearest(text, kind) or "…" for text in texts[:_NAMED] if text}
        return f":\n\n{own_words.explaining(f'mapping.words.{kind}', nearest)}"

    # --- words to ids

    def meaning(self, text: str, kind: str, level: str | None = None) -> str | Period | None:
        """The region (that of this level it lies in), period or category a word means; None if
        nobody explains it."""
        word = _plain(text)
        given = self.words.explained(word, kind)
        if given == _AMBIGUOUS:
            return None
        if kind == PERIOD:
            try:
                return _as_period(given or text, self.period_rule)
            except periods.PeriodError:
                return None
        if kind == REGION and word:
            key = given or regions.normalise(text)
            if not given and _of_level(key, level) not in self.register:
                key = _only(self.words.meanings(text, kind))
            key = _of_level(key, level)
            return key if key in self.register else None
        if given is not None or not word:
            return given
        return _only(self.words.meanings(text, kind))

    # --- the parts of the sheet

    def rows(self) -> pd.DataFrame:
        """All values of the sheet, a row each. Columns: region, period, start, dimensions, measure,
        value, status, flags, line and column of the cell."""
        first = self.header()
        body = self.chosen(first, self.body(first + self.mapping.header_rows))
        columns = list(self.columns(first, body))
        known = self.known_for_all(first)
        for index, column, _ in columns:
            for kind in column.kinds:
                known[kind] = self.labels(index, column, kind, body)
        blocks = [
            self.block(index, column, said, body, known)
            for index, column, said in columns
            if column.measure
        ]
        return pd.concat(blocks, ignore_index=True).assign(sheet=self.sheet.name)

    def header(self) -> int:
        """The first row of headings."""
        filled = self.sheet.texts != ""
        for row in np.flatnonzero(filled.any(axis=1)):
            if _matches(self.sheet.texts[row][filled[row]][0], [self.mapping.header]):
                return int(row)
        raise self.wrong(
            f"keine Zeile beginnt mit „{self.mapping.header}“; so sagt es die Zuordnung "
            f"{self.mapping.id} von der Kopfzeile. Nächster Schritt: dort header berichtigen oder "
            "prüfen, ob die richtige Datei angenommen wird"
        )

    def body(self, start: int) -> np.ndarray:
        """The rows that are taken: filled, above the end of the table, no subtotals."""
        texts = self.sheet.texts[start:]
        filled = texts != ""
        rows = np.flatnonzero(filled.any(axis=1))
        first = texts[rows, filled[rows].argmax(axis=1)]
        numbers, words = pd.factorize(first)
        # a table ends where a line begins so; it need not be the whole text
        ends = np.array([_matches(w, [f"{s}*" for s in self.mapping.stop_at]) for w in words])
        skipped = np.array([_matches(w, self.mapping.skip_rows) for w in words])
        if not len(rows):
            raise self.wrong("unter der Kopfzeile steht nichts", start - 1)
        end = np.flatnonzero(ends[numbers])
        rows, numbers = (rows[: end[0]], numbers[: end[0]]) if len(end) else (rows, numbers)
        rows = rows[~skipped[numbers]] + start
        if not len(rows):
            raise self.wrong("unter der Kopfzeile bleibt keine Zeile, die gelesen wird", start - 1)
        return rows

    def chosen(self, first: int, body: np.ndarray) -> np.ndarray:
        """The rows that say in some columns what the mapping asks for; the others are noted."""
        headings = [" / ".join(heading) for heading in self.headings(first)]
        for heading, words in self.mapping.rows.items():
            found = [i for i, text in enumerate(headings) if _matches(text, [heading])]
            if len(found) != 1:
                raise self.wrong(
                    f"die Spalte „{heading}“, nach der die Zuordnung {self.mapping.id} unter rows "
                    f"Zeilen auswählt, {'steht mehrmals' if found else 'fehlt'} in der Datei. "
                    "Nächster Schritt: die Überschrift dort oder in der Datei berichtigen",
                    first,
                )
            wanted = [words] if isinstance(words, str) else words
            texts = pd.Series(self.sheet.texts[body, found[0]])
            takes = texts.map(lambda text, wanted=wanted: _matches(text, wanted)).astype(bool)
            self.note_left_out(heading, texts[~takes])
            for word in wanted:
                if not texts.map(lambda text, word=word: _matches(text, [word])).any():
                    self.notes.append(f"in der Spalte „{heading}“ steht nirgends „{word}“ (rows)")
            if not takes.any():
                raise self.wrong(
                    f"in der Spalte „{heading}“ steht in keiner Zeile "
                    f"{' oder '.join(f'„{word}“' for word in wanted)}, was die Zuordnung "
                    f"{self.mapping.id} unter rows verlangt; dort steht "
                    f"{_listing(texts.unique())}. Nächster Schritt: rows berichtigen",
                    first,
                    found[0],
                )
            body = body[takes.to_numpy()]
        return body

    def note_left_out(self, heading: str, texts: pd.Series) -> None:
        if len(texts):
            counted = [f"{n}-mal „{text}“" for text, n in texts.value_counts().items()]
            self.notes.append(
                f"{quantity(len(texts), 'Zeile', 'Zeilen')} nach der Spalte „{heading}“ nicht "
                f"gelesen (rows): {', '.join(counted[:_NAMED])}"
                + (" und andere" if len(counted) > _NAMED else "")
            )

    def headings(self, first: int) -> list[tuple[str, ...]]:
        """The headings of every column. A text in an upper row that has others below it stands for
        the columns to its right up to the next one; cells merged downwards count once."""
        last = first + self.mapping.header_rows
        head = self.sheet.texts[first:last].copy()
        for row, column in self.sheet.covered:
            if (
                first < row < last
                and head[row - first, column] == self.sheet.texts[row - 1, column]
            ):
                head[row - first, column] = ""
        for row in range(len(head) - 1):
            grouped = (head[row + 1 :] != "").any(axis=0)
            for column in range(1, head.shape[1]):
                if head[row, column] == "" and grouped[column] and grouped[column - 1]:
                    head[row, column] = head[row, column - 1]
        return [tuple(text for text in column if text != "") for column in head.T]

    def columns(
        self, first: int, body: np.ndarray
    ) -> Iterator[tuple[int, Column, dict[str, str | Period]]]:
        """Index, explanation and what the heading itself says, of every column that is read."""
        found = set()
        for index, heading in enumerate(self.headings(first)):
            column, said = self.explained(heading, first, index)
            if column is None:
                empty = not heading and (self.sheet.texts[body, index] == "").all()
                if empty or self.skipped(heading) or self.chooses(heading):
                    continue
                shown = (
                    f"die Überschrift „{' / '.join(heading)}“"
                    if heading
                    else ("eine Spalte ohne Überschrift")
                )
                raise self.wrong(
                    f"{shown} ist in der Zuordnung {self.mapping.id} nicht erklärt"
                    f"{self.like(heading)}. Nächster Schritt: sie dort unter [[mapping.columns]] "
                    "aufnehmen, oder unter skip_columns, wenn sie nicht gelesen werden soll"
                    f"{self.lines_for(heading)}",
                    first + self.mapping.header_rows - 1,
                    index,
                )
            found.add(id(column))
            yield index, column, said
        for column in self.mapping.columns:
            if id(column) not in found:
                raise self.wrong(
                    f"die Spalte „{' / '.join(column.headings)}“ der Zuordnung {self.mapping.id} "
                    "fehlt in der Datei. Nächster Schritt: die Überschrift dort oder in der Datei "
                    "berichtigen",
                    first,
                )

    def like(self, heading: tuple[str, ...]) -> str:
        """Which heading of the mapping is almost this one, as the rest of a sentence."""
        wanted = [own_words.Known(p, p) for c in self.mapping.columns for p in c.headings if p]
        words = own_words.Words(one for one in wanted if not PLACEHOLDER.search(one.word))
        near = [known.word for part in heading if (known := words.nearest(part))]
        return f"; am ähnlichsten ist dort „{near[0]}“" if near else ""

    def lines_for(self, heading: tuple[str, ...]) -> str:
        """The lines that explain a heading where one of the columns takes any category."""
        for kind in {name for column in self.mapping.columns for name in column.placeholders}:
            for text in heading:
                if kind != PERIOD and (near := self.words.nearest(text, kind)):
                    lines = own_words.explaining(f"mapping.words.{kind}", {text: near})
                    return (
                        f"; ist {self.words.said(near, kind)} gemeint, in der Zuordnung:\n\n{lines}"
                    )
        return ""

    def chooses(self, heading: tuple[str, ...]) -> bool:
        return _matches(" / ".join(heading), list(self.mapping.rows))

    def skipped(self, heading: tuple[str, ...]) -> bool:
        return "*" in self.mapping.skip_columns or any(
            _matches(part, self.mapping.skip_columns) for part in heading
        )

    def explained(
        self, heading: tuple[str, ...], first: int, index: int
    ) -> tuple[Column | None, dict[str, str | Period]]:
        """The explanation of a heading: printed as it is, else with any ending, else one that
        stands for periods, regions or categories."""
        exact: list[tuple[Column, dict[str, str | Period]]] = []
        open_end: list[tuple[Column, dict[str, str | Period]]] = []
        placed: list[tuple[Column, dict[str, str | Period]]] = []
        for column in self.mapping.columns:
            wanted = tuple(part for part in column.headings if part)
            if len(wanted) != len(heading):
                continue
            for said in self.readings(wanted, heading, column):
                loose = any(part.endswith("*") for part in wanted)
                (placed if said else open_end if loose else exact).append((column, said))
        if exact:
            fits = exact
        elif any(_matches(p, [s for s in self.mapping.skip_columns if s != "*"]) for p in heading):
            return None, {}
        else:
            fits = open_end or placed
        if len(fits) > 1:
            raise self.wrong(
                f"die Überschrift „{' / '.join(heading)}“ ist in der Zuordnung {self.mapping.id} "
                "mehrfach erklärt oder lässt sich auf mehrere Arten lesen. Nächster Schritt: dort "
                'die Spalte genauer benennen; sagt sie mehreres, is = ["region", "…"] schreiben',
                first,
                index,
            )
        return fits[0] if fits else (None, {})

    def readings(
        self, wanted: tuple[str, ...], heading: tuple[str, ...], column: Column
    ) -> list[dict[str, str | Period]]:
        """All ways in which texts of a heading are what a column wants: what each says."""
        found: list[dict[str, str | Period]] = [{}]
        for part, text in zip(wanted, heading, strict=True):
            if PLACEHOLDER.search(part):
                ways = self.placed(part, text, column)
            else:
                ways = [{}] if _matches(text, [part]) else []
            found = [before | way for before in found for way in ways]
        return found

    def placed(self, part: str, text: str, column: Column) -> list[dict[str, str | Period]]:
        """What a text says that has the form of "Plätze <period>"; empty if it has not."""
        literals = PLACEHOLDER.split(part)
        text = re.sub(r"\s+", " ", _unmarked(text)).strip()
        ways = []
        for texts in _cut(text, literals[::2]):
            said = {
                kind: self.meaning(piece, kind, column.level)
                for kind, piece in zip(literals[1::2], texts, strict=True)
            }
            known = {kind: meant for kind, meant in said.items() if meant is not None}
            if len(known) == len(said) and known not in ways:
                ways.append(known)
        return ways

    def known_for_all(self, first: int) -> dict[str, str | Period | np.ndarray]:
        """What holds for every value of the sheet: the mapping says so, or the sheet's name."""
        known: dict[str, str | Period | np.ndarray] = dict.fromkeys(self.dimensions, TOTAL)
        known |= self.mapping.fixed
        if self.mapping.region:
            known[REGION] = self.mapping.region
        if self.mapping.period in (TITLE, FILE):
            known[PERIOD] = self.period_in_words(first)
        elif self.mapping.period:
            known[PERIOD] = _as_period(self.mapping.period, self.period_rule)
        if kind := self.mapping.sheet_is:
            meant = self.meaning(self.sheet.name, kind)
            if meant is None:
                raise self.unexplained([self.sheet.name], kind, None, None)
            known[kind] = meant
        return known

    def period_in_words(self, first: int) -> Period:
        """The one period that the title or the file's name tells."""
        titled = self.mapping.period == TITLE
        above = self.sheet.texts[:first]
        texts = [*above[above != ""]] if titled else [self.file]
        told = self.periods_in(texts, _A_PERIOD)
        if not told and _may_be_split(self.period_rule):
            told = self.periods_in(texts, _A_SHORT_PERIOD)
        if len(told) != 1:
            where = "Über der Kopfzeile" if titled else "Im Dateinamen"
            kind = periods.TYPES[self.dataset.period.type]
            raise self.wrong(
                f"{where} muss genau eine Zeitangabe der Art {kind} stehen, gefunden: "
                f"{', '.join(told) or 'keine'}"
            )
        return told.popitem()[1]

    def periods_in(self, texts: list[str], pattern: re.Pattern) -> dict[str, Period]:
        """The periods that stand in these texts, by their labels."""
        told = {}
        for text in (found for words in texts for found in pattern.findall(words)):
            text = _YEAR_FIRST.sub(r"\3.\2.\1", _DAY_FIRST.sub(r"\1.\2.\3", text))
            try:
                period = _as_period(text, self.period_rule)
            except periods.PeriodError:
                continue
            told[period.label] = period
        return told

    def labels(self, index: int, column: Column, kind: str, body: np.ndarray) -> np.ndarray:
        """The region, period or category each row names in a column."""
        texts = pd.Series(self.sheet.texts[body, index])
        if column.fill_down:
            texts = texts.where(texts != "").ffill().fillna("")
        numbers, words = pd.factorize(texts)
        found = [self.meaning(word, kind, column.level) for word in words]
        if lacking := [number for number, meaning in enumerate(found) if meaning is None]:
            row = int(body[np.argmax(numbers == lacking[0])])
            raise self.unexplained([words[number] for number in lacking], kind, row, index)
        return np.array([*found, None], dtype=object)[:-1][numbers]

    def block(
        self,
        index: int,
        column: Column,
        said: dict[str, str | Period],
        body: np.ndarray,
        known: dict[str, str | Period | np.ndarray],
    ) -> pd.DataFrame:
        """The values of one column of the sheet, a row each, in the columns of `rows`."""
        of_all = known | said | column.where
        period = of_all[PERIOD]
        return pd.DataFrame(
            {
                "region": of_all[REGION],
                "period": _each(period, lambda one: one.label),
                "start": _each(period, lambda one: one.start),
                **{name: of_all[name] for name in self.dimensions},
                "measure": column.measure,
                **self.values(index, column, body),
                "line": self.sheet.lines[body],
                "column": index + 1,
            }
        )

    def values(self, index: int, column: Column, body: np.ndarray) -> dict[str, np.ndarray]:
        """Number, status and flag of every cell of a column; each distinct text is read once."""
        texts, stored = self.sheet.texts[body, index], self.sheet.numbers[body, index]
        if column.counts:
            return self.counted(index, body)
        assert column.measure  # a column that counts no rows holds a measure
        measure = self.dataset.measure(column.measure)
        whole = measure.additive and measure.unit == "Anzahl" and measure.shown_decimals == 0
        numbers, places = pd.factorize(
            pd.Series(texts) + np.where(np.isnan(stored), "", "\x00"), use_na_sentinel=False
        )
        read: list[OwnCell] = []
        for number, text in enumerate(places):
            at = int(np.argmax(numbers == number))
            row = int(body[at])
            # what Excel holds as a number is in no need of a decimal sign
            decimal = self.mapping.decimal if np.isnan(stored[at]) else ","
            cell = read_own_cell(text.removesuffix("\x00"), self.signs, decimal)
            if (
                cell is None
                or (cell.grouped and not whole)
                or (row, index) in self.sheet.dates
                or (cell.percent and measure.unit != "%")
            ):
                raise self.unreadable(texts[at], cell, row, index)
            value = cell.value
            if value is not None and not np.isnan(stored[at]):
                value = stored[at]
            if value is not None and not cell.percent:
                value = round(value * column.factor, 10)
            if whole and value is not None and value != round(value):
                raise self.wrong(
                    f"„{texts[at]}“ ist keine ganze Zahl, {measure.name} wird aber gezählt. "
                    "Nächster Schritt: prüfen, ob die Spalte zu dieser Messgröße gehört, und ob "
                    f"decimal (hier „{self.mapping.decimal}“) stimmt",
                    row,
                    index,
                )
            read.append(OwnCell(value, cell.status, cell.flag))
        merged = {row for row, column in self.sheet.covered if column == index}
        covered = sorted(merged & set(body.tolist()))
        if covered:
            raise self.wrong(
                "hier ist ein Wert über mehrere Zellen verbunden; wozu er gehört, ist nicht "
                "erkennbar. Nächster Schritt: die Verbindung in Excel aufheben",
                covered[0],
                index,
            )
        values = np.array([np.nan if c.value is None else c.value for c in read], dtype=float)
        return {
            "value": values[numbers],
            "status": np.array([c.status.value for c in read], dtype=object)[numbers],
            "flags": np.array([c.flag for c in read], dtype=object)[numbers],
        }

    def counted(self, index: int, body: np.ndarray) -> dict[str, np.ndarray]:
        """One for every filled cell of a list, none for an empty one; a sign keeps its meaning."""
        texts = pd.Series(self.sheet.texts[body, index])
        signs = [
            OwnCell(0.0, Status.ZERO) if text == "" else read_own_cell(text, self.signs, ",")
            for text in texts
        ]
        signs = [sign if sign and sign.status != Status.OK else None for sign in signs]
        status = np.array([(sign.status if sign else Status.OK).value for sign in signs], object)
        value = np.array([sign.value if sign else 1.0 for sign in signs], dtype=float)
        return {"value": value, "status": status, "flags": np.full(len(texts), "", dtype=object)}

    def unreadable(self, text: str, cell: OwnCell | None, row: int, column: int) -> FileError:
        if (row, column) in self.sheet.dates or re.match(r"\d?\d?\.? ?[A-Z][a-zä]{2}\b", text):
            reason = (
                f"„{text}“ ist ein Datum; Excel macht aus Texten wie „1/2“ oder „1.2“ von selbst "
                "ein Datum. Nächster Schritt: die Zellen in Excel als Zahl oder Text formatieren "
                "und den Wert neu eintragen"
            )
        elif cell is not None and cell.percent:
            reason = (
                f"„{text}“ ist ein Anteil, die Messgröße wird aber nicht in Prozent gemessen. "
                "Nächster Schritt: prüfen, ob die Spalte zu dieser Messgröße gehört"
            )
        else:
            other = "." if self.mapping.decimal == "," else ","
            reason = (
                f"„{text}“ ist weder eine Zahl noch ein erklärtes Zeichen. Nächster Schritt: das "
                f"Zeichen in der Zuordnung {self.mapping.id} unter [mapping.symbols] erklären; "
                f'steht vor den Nachkommastellen ein „{other}“, dort decimal = "{other}" setzen'
            )
        return self.wrong(reason, row, column)


def _of_level(key: str | None, level: str | None) -> str | None:
    """The key of the region of this level that a region lies in, or is."""
    if key is None or level is None:
        return key
    whole, _, _ = key.partition("-")
    digits = _DIGITS[level]
    return whole[:digits] if whole.isdigit() and len(whole) >= digits else None


def _cut(text: str, literals: list[str]) -> Iterator[list[str]]:
    """All ways to cut a text into what stands between these literals, and what that is. A * at the
    end of the last literal stands for any ending."""
    head, *rest = literals
    if not rest:
        if _fits(text.strip().casefold(), head):
            yield []
        return
    start = re.sub(r"\s+", " ", head)
    if text[: len(start)].casefold() != start.casefold():
        return
    text = text[len(start) :]
    following = re.sub(r"\s+", " ", rest[0]).removesuffix("*").casefold()
    for end in range(1, len(text) + 1):
        if text[end : end + len(following)].casefold() == following:
            for more in _cut(text[end:], rest):
                yield [text[:end], *more]


def _listing(words) -> str:
    shown = ", ".join(f"„{word}“" for word in words[:_NAMED])
    return shown + (" und anderes" if len(words) > _NAMED else "")


def _only(found: list[str]) -> str | None:
    return found[0] if len(found) == 1 else None


def _each(value, what: Callable):
    """`what` of one thing, or of every thing in an array (each distinct one once)."""
    if not isinstance(value, np.ndarray):
        return what(value)
    numbers, distinct = pd.factorize(value)
    return np.array([what(one) for one in distinct], dtype=object)[numbers]
