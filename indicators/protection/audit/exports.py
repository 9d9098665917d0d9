"""Folders of exported files before the auditor: what readers took along, all together.

Rows of CSV files become cells again, with the decimals that they show; a file that is not
understood is named, never taken for something else.
"""

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd

from indicators.catalog.catalog import Catalog
from indicators.catalog.definition import TOTAL
from indicators.catalog.meaning import (
    Dataset,
    Dimension,
    Indicator,
    Measure,
    PeriodRule,
)
from indicators.protection.audit import model as audit_model
from indicators.protection.audit.auditor import Report, Rule, Rules, audit
from indicators.protection.audit.model import Cell, Edition, Published
from indicators.regions import Region
from indicators.symbols import SIGNS, Status


def audit_exports(
    folder: Path,
    catalog: Catalog,
    regions: Mapping[str, Region],
    *,
    rules: Rules = Rule(),  # noqa: B008 (frozen)
) -> Report:
    """Audits a folder of CSV files the application exported, all together.

    Numerators and denominators become cells of their datasets, where an indicator has one
    calculation without shifted years; else figures of the indicator itself. A printed value is a
    rate with as many decimals as it has. Files of unknown indicators are named in the notes.
    """
    reader = _Exports(catalog)
    for path in sorted(folder.glob("**/*.csv")):
        reader.read(path)
    datasets = dict(catalog.datasets) | reader.pseudo
    report = audit(
        [Edition("Exporte", reader.frames())],
        {id: datasets[id] for id in reader.rows},
        catalog.dimensions,
        regions,
        rules=rules,
        published=reader.published,
    )
    return replace(report, notes=(*report.notes, *reader.notes))


_STATUS = {sign.short: status.value for status, sign in SIGNS.items()}


class _Exports:
    """Rows of exported files as published cells. `rows`: dataset → (measure, region, period,
    categories) → (value, status)."""

    def __init__(self, catalog: Catalog):
        self.catalog = catalog
        self.rows: dict[str, dict[tuple, tuple[float | None, str]]] = {}
        self.pseudo: dict[str, Dataset] = {}
        self.published: list[Published] = []
        self.notes: list[str] = []

    def read(self, path: Path) -> None:
        content = path.read_bytes().decode("utf-8-sig")
        table = list(csv.reader(io.StringIO(content, newline=""), delimiter=";"))
        end = table.index([]) if [] in table else len(table)
        columns, lines = (
            table[0],
            [
                dict(zip(table[0], (cell.removeprefix("'") for cell in line), strict=False))
                for line in table[1:end]
            ],
        )
        if not {"Schlüssel", "Zeitraum", "Wert", "Bedeutung"} <= set(columns):
            self.notes.append(f"{path.name} ist kein Export mit Werten und wurde nicht geprüft.")
            return
        byname = {i.name: i for i in self.catalog.indicators.values()} | {
            i.short_name: i for i in self.catalog.indicators.values()
        }
        ids = [id for id in self.catalog.indicators if path.name.startswith(f"{id}_")]
        of_file = self.catalog.indicators[max(ids, key=len)] if ids else None
        groups: dict[str, list[dict]] = {}
        for line in lines:
            indicator = byname.get(line["Indikator"]) if "Indikator" in line else of_file
            if indicator is None:
                if path.name not in "".join(self.notes):
                    self.notes.append(f"{path.name}: Indikator nicht erkannt, nicht geprüft.")
                continue
            groups.setdefault(indicator.id, []).append(line)
        for id, own in groups.items():
            indicator = self.catalog.indicators[id]
            divisions = self._divisions(indicator, _texts(own, "Ausprägung"))
            texts = _texts(own, "Auswahl")
            chosen = {
                text: of for text in texts if (of := self._chosen(indicator, text)) is not None
            }
            if divisions is None or len(chosen) < len(texts):
                self.notes.append(
                    f"{path.name}: Aufteilung oder Auswahl nicht erkannt, nicht geprüft."
                )
                continue
            for line in own:
                divided = divisions[line.get("Ausprägung", "")]
                only = chosen[line.get("Auswahl", "")]
                if " → " in line.get("Ausprägung", ""):
                    self._way(indicator, divided, only, line, path.name)
                else:
                    self._line(indicator, only | divided, line, path.name)

    def _divisions(self, indicator: Indicator, names: set[str]) -> dict[str, dict] | None:
        """What each word of the column "Ausprägung" means: dimension → category. Words of one
        dimension, of two ("unter 1 Jahr, weiblich") or of a flow ("Mittelschule → Realschule");
        None where they are none of these."""
        flow, split = indicator.flow, ""
        if flow and all(" → " in name for name in names):
            found: dict[str, dict] = {flow.origin_name: {}}
            if flow.origin:
                found = _words(self.catalog.dimensions[flow.origin])
            ways = [(found, _words(self.catalog.dimensions[flow.destination]))]
            split = " → "
        else:
            words = [_words(self.catalog.dimensions[b.dimension]) for b in indicator.breakdowns]
            if names <= {"insgesamt", ""}:
                return dict.fromkeys(names, {})
            for one in words:
                if names <= one.keys():
                    return {name: one[name] for name in names}
            ways = [(a, b) for a in words for b in words if a is not b]
            split = ", "
        for one, other in ways:
            read = {name: _both(name, split, one, other) for name in names}
            told = {name: meant for name, meant in read.items() if meant is not None}
            if len(told) == len(names):
                return told
        return None

    def _chosen(self, indicator: Indicator, text: str) -> dict[str, str] | None:
        """The categories a file is restricted to: "Geschlecht: weiblich, …"."""
        found: dict[str, str] = {}
        rest = text
        for breakdown in indicator.breakdowns:
            dimension = self.catalog.dimensions[breakdown.dimension]
            for word, meant in sorted(_words(dimension).items(), key=lambda item: -len(item[0])):
                if meant and (told := f"{dimension.name}: {word}") in rest:
                    found |= meant
                    rest = rest.replace(told, "", 1)
                    break
        return None if rest.strip(", ") else found

    def _way(self, indicator: Indicator, way: dict, only: dict, line, file: str) -> None:
        """A line of a flow: who went this way, of all of its origin."""
        flow = indicator.flow
        assert flow is not None  # arrows are understood for a flow alone (`_divisions`)
        calculation = next(c for c in indicator.calculations if c.numerator)
        term = (calculation.numerator if indicator.is_count else calculation.denominator)[0]
        dataset = self.catalog.datasets[term.dataset]
        ends = {flow.origin, flow.destination}
        where = {id: wanted for id, wanted in term.where.items() if id not in ends}
        where |= {id: wanted for id, wanted in only.items() if id not in ends}
        asked = where | way
        if not asked.keys() <= set(dataset.dimensions):
            self.notes.append(f"{file}: Flüsse einer anderen Aufteilung, nicht geprüft.")
            return
        whole = {id: c for id, c in asked.items() if id != flow.destination}
        place = line["Schlüssel"], line["Zeitraum"]
        status = _STATUS.get(line["Bedeutung"], Status.MISSING.value)
        for wanted, title in ((asked, "Zähler"), (whole, "Nenner")):
            cells = [(cell, 1.0) for cell in _cells(dataset, term.measure, place, wanted)]
            words = f"{indicator.name} ({title}), {file}"
            self._tell(cells, _number(line[title]), status, words)

    def _line(self, indicator: Indicator, divided: dict[str, str], line, file: str) -> None:
        status = _STATUS.get(line["Bedeutung"], Status.MISSING.value)
        place = line["Schlüssel"], line["Zeitraum"]
        # the count of a rate is exported under the same indicator, without denominators
        counted = line.get("Einheit", indicator.unit) != indicator.unit
        sides = {}
        for side, title in (("numerator", "Zähler"), ("denominator", "Nenner")):
            calculations = [c for c in indicator.calculations if not c.given]
            if not calculations or not any(getattr(c, side) for c in calculations):
                continue
            if counted and side == "denominator":
                continue
            sides[side] = self._side(indicator, side, divided, *place)
            words = f"{indicator.name} ({title}), {file}"
            self._tell(sides[side], _number(line.get(title, "")), status, words)
        value = _number(line["Wert"])
        simple = len(indicator.calculations) == 1 and not indicator.calculations[0].numerator_base
        if value is not None and simple and {"numerator", "denominator"} <= set(sides):
            decimals = len(line["Wert"].partition(",")[2])
            words = f"{indicator.name} {line['Wert']} ({line.get('Gebiet', place[0])}, {place[1]})"
            self.published += audit_model.rate(
                sides["numerator"], sides["denominator"], value, decimals, words, indicator.factor
            )

    def _side(
        self, indicator: Indicator, side: str, divided: dict[str, str], region: str, period: str
    ) -> list[tuple[Cell, float]]:
        """The cells numerator or denominator are made of."""
        terms = getattr(indicator.calculations[0], side)
        plain = len(indicator.calculations) == 1 and not any(
            term.offset or term.first for term in terms
        )
        applying = {
            id: category
            for id, category in divided.items()
            if side == "numerator" or indicator.divides(id) == "both"
        }
        cells: list[tuple[Cell, float]] = []
        for term in terms if plain else []:
            dataset = self.catalog.datasets[term.dataset]
            if not applying.keys() <= set(dataset.dimensions):
                plain = False
                break
            where = applying | term.where
            found = _cells(dataset, term.measure, (region, period), where)
            cells += [(cell, term.sign * term.weight) for cell in found]
        if plain:
            return cells
        return [(self._own(indicator, side, applying, region, period), 1.0)]

    def _own(
        self, indicator: Indicator, side: str, divided: dict[str, str], region: str, period: str
    ) -> Cell:
        """A figure of an indicator as a cell of a dataset of its own."""
        id = "_".join(["x", re.sub(r"\W", "_", indicator.id), *sorted(divided)])
        self.pseudo.setdefault(
            id,
            Dataset(
                id=id,
                name=indicator.name,
                publisher="",
                place=indicator.place,
                period=PeriodRule(type="school_year"),
                dimensions=sorted(divided),
                measures=[
                    Measure(id="numerator", name=indicator.numerator_name, unit="Anzahl"),
                    Measure(id="denominator", name=indicator.denominator_name, unit="Anzahl"),
                ],
            ),
        )
        return Cell(id, side, region, period, tuple(sorted(divided.items())))

    def _tell(
        self, cells: list[tuple[Cell, float]], count: float | None, status: str, words: str
    ) -> None:
        """A count as it stands in a line; without one, why there is none."""
        for cell, _ in cells:
            self.rows.setdefault(cell.dataset, {})
        if count is None and status not in (Status.SUPPRESSED.value, Status.SECRET.value):
            return
        # a count in a row that is withheld for another reason is still printed
        status = status if count is None else (Status.OK.value if count else Status.ZERO.value)
        if len(cells) == 1 and cells[0][1] == 1:
            cell = cells[0][0]
            key = (cell.measure, cell.region, cell.period, cell.categories)
            before = self.rows[cell.dataset].get(key)
            if before and None not in (before[0], count) and before[0] != count:
                self.notes.append(f"{words}: zwei Exporte zeigen verschiedene Werte.")
            if before is None or before[0] is None:
                self.rows[cell.dataset][key] = (count, status)
            return
        if count is not None:
            low, high = (count, count) if count.is_integer() else audit_model.rounded(count, 1)
            self.published.append(Published(tuple(cells), low, high, words))

    def frames(self) -> dict[str, pd.DataFrame]:
        """Dataset → a row per place and combination of categories, in the columns of a release."""
        found = {}
        for id, rows in self.rows.items():
            places: dict[tuple, dict] = {}
            for (measure, region, period, categories), (value, status) in rows.items():
                row = places.setdefault(
                    (region, period, categories),
                    {"region": region, "period": period, **dict(categories)},
                )
                row |= {measure: value, f"{measure}_status": status, f"{measure}_flags": ""}
            dataset = self.pseudo.get(id) or self.catalog.datasets[id]
            columns = ["region", "period", *dataset.dimensions]
            for measure in dataset.measures:
                columns += [measure.id, f"{measure.id}_status", f"{measure.id}_flags"]
            frame = pd.DataFrame(list(places.values()), columns=columns)
            for measure in dataset.measures:
                frame[measure.id] = frame[measure.id].astype(float)
                name = f"{measure.id}_status"
                frame[name] = frame[name].astype(object).fillna(Status.MISSING.value)
                frame[f"{measure.id}_flags"] = ""
            found[id] = frame
        return found


def _texts(lines: list[dict], column: str) -> set[str]:
    return {line.get(column, "") for line in lines}


def _words(dimension: Dimension) -> dict[str, dict[str, str]]:
    """What the words of a dimension mean: dimension → category; nothing for its total."""
    found: dict[str, dict[str, str]] = {dimension.total_name: {}, "insgesamt": {}, "": {}}
    for category in dimension.categories:
        for word in (category.name, *category.land_names.values()):
            found[word] = {dimension.id: category.id}
    return found


def _cells(
    dataset: Dataset, measure: str, place: tuple[str, str], where: Mapping[str, str | list[str]]
) -> list[Cell]:
    """The cells that are added up where several categories are asked for."""
    combined: list[dict[str, str]] = [{}]
    for name in dataset.dimensions:
        wanted = where.get(name, TOTAL)
        wanted = wanted if isinstance(wanted, list) else [wanted]
        combined = [{**one, name: category} for one in combined for category in wanted]
    return [Cell(dataset.id, measure, *place, tuple(one.items())) for one in combined]


def _both(name: str, split: str, one: Mapping, other: Mapping) -> dict[str, str] | None:
    """The meaning of two words with something between them, which may stand in the words too."""
    parts = name.split(split)
    for at in range(1, len(parts)):
        first, second = split.join(parts[:at]), split.join(parts[at:])
        if first in one and second in other:
            return one[first] | other[second]
    return None


def _number(text: str) -> float | None:
    """A number as the exports print it: decimal comma, no thousands."""
    text = text.replace("−", "-").strip()
    return float(text.replace(",", ".")) if re.fullmatch(r"-?\d+(,\d+)?", text) else None
