"""What all answers of this room share: their type with the method in it, and numbers as texts."""

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from indicators import formats, periods
from indicators.answers.answer import Answer, Table
from indicators.answers.starters.method import (
    Parameter,
    backtest_sentence,
    factors,
    method_notes,
    parameters,
)
from indicators.answers.starters.model import Model, Row, school_year
from indicators.catalog.definition import TOTAL
from indicators.figures.starters import LinePoint
from indicators.symbols import SIGNS, Status


@dataclass(frozen=True)
class StartersAnswer(Answer):
    """The answer with its method laid open: `parameters`, the `factors` children are moved along
    with (a table), and the `backtest` in one sentence."""

    parameters: tuple[Parameter, ...] = ()
    factors: Table | None = None
    backtest: str = ""

    def as_json(self) -> dict:
        told = {p.id: {"used": p.used, "observed": p.observed} for p in self.parameters}
        return super().as_json() | {"parameters": told, "backtest": self.backtest}


def answer_of(model: Model, rows: list[Row], **parts) -> StartersAnswer:
    context = model.context
    first = rows[0] if rows else None
    frame = pd.DataFrame(
        [
            {
                "region": model.region.id,
                "period": school_year(first.year) if first else "",
                "start": pd.Timestamp(periods.school_year(first.year if first else 2000).start),
                "year": first.year if first else 2000,
                "category": TOTAL,
                "numerator": None,
                "denominator": None,
                "value": None,
                "status": Status.OK.value,
                "flags": "",
                "sources": ",".join(map(str, sorted(model.data.sources))),
                "calculation": 0,
            }
        ]
    ).astype({"numerator": float, "denominator": float, "value": float})
    sentence = backtest_sentence(model)
    found = context.answer(
        frame, period=model.labels[model.last], periods=list(model.labels.values()), **parts
    )
    shared = {name: getattr(found, name) for name in Answer.__dataclass_fields__}
    shared["rows"] = [_as_data(model, row) for row in rows]
    shared["notes"] = [*method_notes(model), sentence, *found.notes]
    return StartersAnswer(
        **shared, parameters=parameters(model), factors=factors(model), backtest=sentence
    )


def _as_data(model: Model, row: Row) -> dict:
    return {
        "region": row.region,
        "region_name": model.release.region(row.region).name,
        "period": school_year(row.year),
        "category": row.category,
        "category_name": row.name,
        "selection": "",
        "numerator": row.value,
        "denominator": None,
        "value": row.value,
        "unit": model.context.indicator.unit,
        "status": row.status,
        "flags": list(row.flags),
    }


def text_of(row: Row | None) -> str:
    if row is None:
        return "–"
    return SIGNS[Status(row.status)].short if row.value is None else formats.number(row.value)


def points_of(rows: Iterable[Row]) -> tuple[LinePoint, ...]:
    return tuple(
        LinePoint(row.year, None if row.value is None else float(row.value), text_of(row))
        for row in rows
    )


def span_of(rows: list[Row]) -> str:
    years = sorted({row.year for row in rows})
    if not years:
        return ""
    return f"{school_year(years[0])} bis {school_year(years[-1])}"


def basis_text(model: Model) -> str:
    stand = model.labels[model.last]
    if model.basis == "ages":
        return f"Kinderzahl vom {stand}"
    return f"Geburten bis {stand}, ohne Wanderung"
