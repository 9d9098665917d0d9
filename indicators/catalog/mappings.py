"""Mappings: how a town's own table (CSV, Excel) is read, and what a mapping may refer to.

A mapping explains a table as a dataset definition explains an official one: every heading, word
and sign it does not explain refuses the file. Regions are checked where the register is known.
"""

import re
from collections.abc import Iterable
from collections.abc import Mapping as Dictionary
from fnmatch import fnmatch
from typing import Literal

from pydantic import Field

from indicators.catalog.definition import TOTAL, Definition, Id, KeyDay, RegionId
from indicators.catalog.meaning import Dataset
from indicators.symbols import SYMBOL_SETS, Status

# Stands in a heading for any text that is a period, a region or a category.
PLACEHOLDER = re.compile(r"<([a-z][a-z0-9_]*)>")
PERIOD, REGION = "period", "region"


class Column(Definition):
    """A column of the table, found by its heading.

    Either it says something for its row (`is`: period, region, a dimension, or a list of them), or
    it holds values of `measure`, of the categories in `where`. In a heading `<period>`, `<region>`
    or `<dimension>` stand for any text that is one. Several rows of headings are a list. `factor`
    is for numbers without a percent sign: 100 for shares given as fractions. `fill_down` takes the
    text above where a cell is empty, as in tables that print a region only once. `also` are
    headings that it had in other deliveries. `level` takes for
    a key of a smaller region the one of this level it belongs to. `counts` is for lists: a filled
    cell, whatever it says, is one of the measure.
    """

    heading: str | list[str]
    also: list[str] = []
    says: str | list[str] | None = Field(default=None, alias="is")
    measure: Id | None = None
    where: dict[Id, str] = {}
    factor: float = Field(default=1, gt=0, allow_inf_nan=False, strict=True)
    fill_down: bool = Field(default=False, strict=True)
    level: Literal["land", "regierungsbezirk", "kreis", "gemeinde"] | None = None
    counts: bool = Field(default=False, strict=True)

    @property
    def kinds(self) -> tuple[str, ...]:
        """What a cell says for its row; nothing, if it holds values."""
        return (self.says,) if isinstance(self.says, str) else tuple(self.says or ())

    @property
    def headings(self) -> tuple[str, ...]:
        return (self.heading,) if isinstance(self.heading, str) else tuple(self.heading)

    @property
    def placeholders(self) -> list[str]:
        """What the heading itself says: period, region or dimensions."""
        return [name for part in self.headings for name in PLACEHOLDER.findall(part)]


class TableMapping(Definition):
    """How one kind of table is read into a dataset; the fields are explained in docs/mapping.md.

    `period` may be <title> or <file>: the one period told above the headings or in the file's name;
    `year_is` and `day` replace what the dataset says of years that are no period by themselves.
    `rows` keeps the rows that say one of these words in the column of that heading. With `sum`
    several rows of one combination are added up, otherwise they refuse the file.
    `absent` says what a combination means that the table does not list: nothing is known
    ("missing"), or there is exactly none ("zero"). `symbols` is the name of a set, or what differs
    from the municipal one.
    """

    id: Id
    dataset: Id
    title: str
    publisher: str = ""
    licence: str = ""
    files: list[str]
    sheets: list[str] = []
    skip_sheets: list[str] = []
    sheet_is: str | None = None
    header: str
    header_rows: int = Field(default=1, ge=1, le=6, strict=True)
    region: RegionId | None = None
    period: str | None = None
    year_is: Literal["start", "end"] | None = None
    day: KeyDay | None = None
    rows: dict[str, str | list[str]] = {}
    sum: bool = Field(default=False, strict=True)
    absent: Literal["missing", "zero"] = "missing"
    decimal: Literal[",", "."] = ","
    symbols: str | dict[str, str] = "municipal"
    stop_at: list[str] = []
    skip_rows: list[str] = []
    skip_columns: list[str] = []
    fixed: dict[Id, str] = {}
    columns: list[Column]
    words: dict[str, dict[str, str]] = {}

    def reads(self, file: str) -> bool:
        """Whether a file of this name is meant; upper and lower case are the same."""
        return any(fnmatch(file.casefold(), pattern.casefold()) for pattern in self.files)

    @property
    def told(self) -> set[str]:
        """What the table itself says of its values: period, region and dimensions."""
        found = {name for column in self.columns for name in column.kinds}
        found |= {name for column in self.columns for name in column.placeholders}
        found |= {name for column in self.columns for name in column.where}
        return found | ({self.sheet_is} if self.sheet_is else set())


def problems(
    mapping: TableMapping, datasets: Dictionary, dimensions: Dictionary, licences: Iterable[str]
) -> Iterable[str]:
    """Every reference of a mapping that leads nowhere: the field and what is allowed there."""
    dataset = datasets.get(mapping.dataset)
    if dataset is None:
        yield f"Feld mapping.dataset: {unknown(mapping.dataset, datasets)}"
        return
    if mapping.licence and mapping.licence not in licences:
        yield (
            f"Feld mapping.licence: {unknown(mapping.licence, licences)}; eine andere ist mit "
            f'[licences."{mapping.licence}"] und name = "…" anzulegen'
        )
    own = [id for id in dataset.dimensions if id in dimensions]
    tells = [PERIOD, REGION, *own]
    if mapping.sheet_is is not None and mapping.sheet_is not in tells:
        yield f"Feld mapping.sheet_is: {unknown(mapping.sheet_is, tells)}"
    yield from _categories("mapping.fixed", mapping.fixed, own, dimensions)
    for i, column in enumerate(mapping.columns, 1):
        field = f"mapping.columns.{i}"
        yield from _column_problems(field, column, mapping, dataset, tells)
        yield from _categories(f"{field}.where", column.where, own, dimensions)
    yield from _said_twice(mapping)
    if mapping.day and dataset.period.type != "key_date":
        yield "Feld mapping.day: gilt nur für Datensätze mit Stichtagen"
    yield from _sum_problems(mapping, dataset)
    yield from _unsaid(mapping)
    for name, words in mapping.words.items():
        if name not in tells:
            yield f"Feld mapping.words: {unknown(name, tells)}"
        elif name in own:
            allowed = [category.id for category in dimensions[name].categories] + [TOTAL]
            for word, category in words.items():
                if category not in allowed:
                    yield f"Feld mapping.words.{name}.{word}: {unknown(category, allowed)}"
    yield from _symbol_problems(mapping)


def _column_problems(
    field: str, column: Column, mapping: TableMapping, dataset: Dataset, tells: list[str]
) -> Iterable[str]:
    """`tells` is what a column can say: period, region and the dimensions of the dataset."""
    if bool(column.kinds) == (column.measure is not None):
        yield f"Feld {field}: entweder is oder measure ist anzugeben"
    for name in column.kinds:
        if name not in tells:
            yield f"Feld {field}.is: {unknown(name, tells)}"
    yield from _misplaced(field, column, mapping)
    measures = [measure.id for measure in dataset.measures]
    if column.measure is not None and column.measure not in measures:
        yield f"Feld {field}.measure: {unknown(column.measure, measures)}"
    if len(column.headings) > mapping.header_rows:
        yield (
            f"Feld {field}.heading: {len(column.headings)} Texte für {mapping.header_rows} "
            "Kopfzeilen (header_rows)"
        )
    for name in column.placeholders:
        if name not in tells:
            yield f"Feld {field}.heading: {unknown(name, tells)}"


def _said_twice(mapping: TableMapping) -> Iterable[str]:
    """What two places of a mapping say of the same value."""
    of_rows = [name for column in mapping.columns for name in column.kinds]
    of_rows += [mapping.sheet_is] if mapping.sheet_is else []
    for name in sorted({name for name in of_rows if of_rows.count(name) > 1}):
        yield f"Feld mapping.columns.is: „{name}“ ist mehrfach erklärt"
    for i, column in enumerate(mapping.columns, 1):
        told = [*of_rows, *column.where, *column.placeholders] if column.measure else []
        for name in sorted({name for name in told if told.count(name) > 1}):
            yield f"Feld mapping.columns.{i}: „{name}“ sagt schon eine andere Spalte oder das Blatt"
    for name in sorted(set(mapping.fixed) & mapping.told):
        yield f"Feld mapping.fixed.{name}: dasselbe sagt schon eine Spalte oder das Blatt"


def _sum_problems(mapping: TableMapping, dataset: Dataset) -> Iterable[str]:
    if not mapping.sum:
        return
    given = {column.measure for column in mapping.columns}
    for measure in dataset.measures:
        if measure.id in given and not measure.additive:
            yield (
                f"Feld mapping.sum: „{measure.id}“ ist eine fertige Verhältniszahl und darf "
                "nicht summiert werden"
            )


def _unsaid(mapping: TableMapping) -> Iterable[str]:
    """What every table must say and this mapping finds nowhere."""
    if not any(column.measure for column in mapping.columns):
        yield "Feld mapping.columns: keine Spalte nennt eine Messgröße (measure)"
    for what, where, given in (
        ("Region", REGION, mapping.region),
        ("Zeit", PERIOD, mapping.period),
    ):
        if given is None and where not in mapping.told:
            yield (
                f"Feld mapping.{where}: nichts sagt, welche {what} gilt; erlaubt sind das Feld "
                f'{where}, sheet_is = "{where}", eine Spalte mit is = "{where}" oder die '
                f"Überschrift <{where}>"
            )


def _symbol_problems(mapping: TableMapping) -> Iterable[str]:
    if isinstance(mapping.symbols, str):
        if mapping.symbols not in SYMBOL_SETS:
            yield f"Feld mapping.symbols: {unknown(mapping.symbols, SYMBOL_SETS)}"
        return
    allowed = [status.value for status in Status if status is not Status.OK]
    for sign, status in mapping.symbols.items():
        if status not in allowed:
            yield f"Feld mapping.symbols.{sign}: {unknown(status, allowed)}"


def _misplaced(field: str, column: Column, mapping: TableMapping) -> Iterable[str]:
    """Fields of a column that mean nothing where they stand, and would be passed over."""
    if column.level and REGION not in [*column.kinds, *column.placeholders]:
        yield f'Feld {field}.level: gehört zu einer Spalte mit is = "{REGION}"'
    if column.measure is None:
        for name in ("where", "counts", "factor"):
            if name in column.model_fields_set:
                yield f"Feld {field}.{name}: gehört zu einer Spalte mit measure"
    elif column.fill_down:
        yield f"Feld {field}.fill_down: gehört zu einer Spalte mit is; Werte wiederholen sich nicht"
    if column.counts and not mapping.sum:
        yield f"Feld {field}.counts: gezählt wird nur, wo sum = true gilt"


def _categories(
    field: str, given: dict[str, str], own: list[str], dimensions: Dictionary
) -> Iterable[str]:
    for name, category in given.items():
        if name not in own:
            yield f"Feld {field}: Merkmal {unknown(name, own)}"
            continue
        allowed = [category.id for category in dimensions[name].categories] + [TOTAL]
        if category not in allowed:
            yield f"Feld {field}.{name}: Ausprägung {unknown(category, allowed)}"


def unknown(value: str, allowed: Iterable[str]) -> str:
    """That an id leads nowhere, and the ids that would not."""
    return f"„{value}“ ist nicht bekannt; erlaubt sind {', '.join(sorted(map(str, allowed)))}"
