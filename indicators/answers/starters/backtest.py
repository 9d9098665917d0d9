"""A look back: what data of earlier years would have said, and what came."""

from indicators import formats, texts
from indicators.analysis.projection import Error
from indicators.answers.answer import Table
from indicators.answers.starters.method import backtest_sentence, errors_of
from indicators.answers.starters.model import Model, Row, school_year
from indicators.answers.starters.result import (
    StartersAnswer,
    answer_of,
    points_of,
    span_of,
    text_of,
)
from indicators.errors import ViewError
from indicators.figures.starters import Line, StarterPicture


def answer(model: Model) -> StartersAnswer:
    ids = model.region.parts
    errors = errors_of(model)
    if not errors:
        raise ViewError(
            f"{texts.begin(model.region.where)} fehlen für einen Rückblick ältere Kinderzahlen "
            "oder Einschulungen (show=backtest).",
            name="show",
            value="backtest",
        )
    observed = model.observed_rows(model.region.id, ids)
    calculated: dict[int, list[Row]] = {}
    for error in errors:
        name = f"berechnet mit Daten vom {model.labels[error.origin]}"
        calculated.setdefault(error.origin, []).append(
            model.row(
                model.region.id, error.year, f"backtest_{error.origin}", name, error.projected, ids,
                ("estimated",),
            )
        )  # fmt: skip
    rows = [*observed, *(row for found in calculated.values() for row in found)]
    headline = backtest_sentence(model).rstrip(".")
    alt = (
        f"Liniendiagramm: tatsächliche und damals berechnete Schulanfänger, {model.region.name}. "
        f"{headline}."
    )
    lines = [Line("eingeschult", "observed", points_of(observed))]
    lines += [
        Line(f"Daten von {origin}", "backtest", points_of(found))
        for origin, found in calculated.items()
    ]
    years = sorted({row.year for row in rows})
    return answer_of(
        model,
        rows,
        headline=headline,
        subtitle=model.context.subtitle(
            f"{model.region.name}, eingeschult und damals vorausberechnet, {span_of(rows)}"
        ),
        table=_table(model, observed, calculated),
        reading_aid=_reading_aid(model, errors),
        alt=alt,
        figure=StarterPicture(
            title=model.context.indicator.name,
            alt=alt,
            lines=tuple(lines),
            ticks=tuple((year, school_year(year)) for year in range(years[0], years[-1] + 1)),
            zones=(),
        ),
    )


def _deviation(projected: Row | None, actual: Row | None) -> str:
    if projected is None or actual is None or projected.value is None or actual.value is None:
        return "–"
    if actual.value < texts.FEWEST_FOR_RELATIVE_CHANGE:
        return "nicht beurteilbar"
    return formats.signed((projected.value / actual.value - 1) * 100, 1) + formats.suffix("%")


def _table(model, observed, calculated) -> Table:
    """A row per school year: what came, what was calculated with the data of then, how far off."""
    seen = {row.year: row for row in observed}
    by_origin = {o: {row.year: row for row in found} for o, found in calculated.items()}
    columns = ["Schuljahr", "Eingeschult"]
    for origin in by_origin:
        columns += [f"Daten vom {model.labels[origin]}", "Abweichung"]
    body = []
    for year in sorted({*seen, *(y for found in by_origin.values() for y in found)}):
        line = [school_year(year), text_of(seen.get(year))]
        for found in by_origin.values():
            line += [text_of(found.get(year)), _deviation(found.get(year), seen.get(year))]
        body.append(tuple(line))
    return Table(tuple(columns), tuple(body), (False, *[True] * (len(columns) - 1)))


def _reading_aid(model: Model, errors: list[Error]) -> str:
    error = errors[-1]
    projected = formats.number(error.projected)
    return (
        f"Mit den Daten vom {model.labels[error.origin]} hätte die Rechnung für das Schuljahr "
        f"{school_year(error.year)} {projected} Einschulungen ergeben; tatsächlich waren es "
        f"{formats.number(error.actual)}."
    )
