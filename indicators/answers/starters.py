"""School starters: observed entries, those of the next years by the method of school planning, and
how good the method would have been."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from indicators import formats, periods, texts
from indicators.analysis import projection
from indicators.analysis.projection import Error
from indicators.answers.answer import Answer, Table
from indicators.answers.context import Context
from indicators.answers.school_start import (
    VARIANTS,
    Model,
    Parameter,
    Row,
    factors,
    method_notes,
    parameters,
    read_options,
    school_year,
)
from indicators.catalog.definition import TOTAL
from indicators.errors import ViewError
from indicators.figures.starters import Grid, GridRow, Line, LinePoint, StarterPicture, Zone
from indicators.release.releases import Release
from indicators.symbols import SIGNS, Status
from indicators.view import View

BACK = (3, 4, 5)  # how many years the look back goes


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


def answer(release: Release, view: View) -> StartersAnswer:
    """The projection from the newest key date, or the one asked for (`period`).

    `show=parts` gives one row per Gemeinde, Stadtteil or member and year, `show=backtest` what the
    same method would have said three, four and five years ago. Joint regions are summed from their
    members, each with its own ratios; Gemeinden and Stadtteile are moved along with the ratios and
    rates of their Kreis, because their own would be chance. So parts add up to the whole. Raises
    ViewError for settings that mean nothing and if no dataset has the children.
    """
    options = read_options(view)
    context = Context(release, view)
    model = Model(context, options)
    if options.show == "parts":
        return _parts(model)
    if options.show == "backtest":
        return _backtest(model)
    return _projection(model)


# --- the projection -----------------------------------------------------------------------------


def _projected_rows(model: Model, variant: str) -> list[Row]:
    ids = model.region.parts
    found = []
    for one in model.starters(ids, model.last, model.ahead, variant):
        kind, words = ("born", "Kinder geboren") if one.is_born else ("assumed", "Annahme")
        name = f"{VARIANTS[variant]}, {words}"
        flags = () if one.children is None else ("estimated",)
        category = f"{variant}_{kind}"
        found.append(model.row(model.region.id, one.year, category, name, one.children, ids, flags))
    return found


def _projection(model: Model) -> StartersAnswer:
    ids = model.region.parts
    observed = model.observed_rows(model.region.id, ids)
    by_variant = {variant: _projected_rows(model, variant) for variant in model.variants}
    main = by_variant[model.variants[0]]
    rows = [*observed, *(row for found in by_variant.values() for row in found)]
    born = [row for row in main if row.category.endswith("_born")]
    headline = texts.starters_headline(
        model.region, _pair(_last_known(observed)), _pair(_last_known(born)), born_reason(born)
    )
    alt = (
        f"Liniendiagramm: Schulanfängerinnen und Schulanfänger, {model.region.name}, "
        f"{_span(rows)}. {headline}."
    )
    return _answer(
        model,
        rows,
        headline=headline,
        subtitle=model.context.subtitle(
            f"{model.region.name}, eingeschult und vorausberechnet {_span(rows)}, "
            f"{_basis_text(model)}, Annahme: {VARIANTS[model.variants[0]]}"
        ),
        table=_projection_table(model, observed, by_variant),
        reading_aid=_reading_aid(born, by_variant),
        alt=alt,
        figure=_picture(model, observed, by_variant, alt),
    )


def born_reason(rows: list[Row]) -> str:
    """Why there is no projection, in the words of the status."""
    return SIGNS[Status(rows[-1].status)].meaning if rows else SIGNS[Status.MISSING].meaning


def _last_known(rows: list[Row]) -> Row | None:
    return next((row for row in reversed(rows) if row.value is not None), None)


def _pair(row: Row | None) -> tuple[str, int] | None:
    return None if row is None or row.value is None else (school_year(row.year), row.value)


def _span(rows: list[Row]) -> str:
    years = sorted({row.year for row in rows})
    if not years:
        return ""
    return f"{school_year(years[0])} bis {school_year(years[-1])}"


def _basis_text(model: Model) -> str:
    stand = model.labels[model.last]
    if model.basis == "ages":
        return f"Kinderzahl vom {stand}"
    return f"Geburten bis {stand}, ohne Wanderung"


def _reading_aid(born: list[Row], by_variant: dict[str, list[Row]]) -> str:
    example = next((row for row in born if row.value is not None), None)
    if example is None or example.value is None:
        return ""
    others = [
        (VARIANTS[variant], row.value)
        for variant, found in list(by_variant.items())[1:]
        for row in found
        if row.year == example.year and row.value is not None
    ]
    main = VARIANTS[next(iter(by_variant))]
    return texts.starters_reading_aid(school_year(example.year), example.value, main, others)


def _projection_table(model, observed, by_variant) -> Table:
    """A row per school year: what was observed, the variants, and what they rest on."""
    seen = {row.year: row for row in observed}
    variants = {v: {row.year: row for row in found} for v, found in by_variant.items()}
    main = variants[model.variants[0]]
    body = []
    for year in sorted({*seen, *main}):
        basis = "gezählt"
        if year in main:
            born = main[year].category.endswith("_born")
            basis = "Kinder geboren" if born else "Annahme: künftige Geburten"
        body.append(
            (
                school_year(year),
                _text(seen.get(year)),
                *(_text(found.get(year)) for found in variants.values()),
                basis,
            )
        )
    names = [texts.begin(VARIANTS[v]) for v in variants]
    columns = ("Schuljahr", "Eingeschult", *names, "Grundlage")
    return Table(columns, tuple(body), (False, *[True] * (1 + len(variants)), False))


def _points(rows: Iterable[Row]) -> tuple[LinePoint, ...]:
    return tuple(
        LinePoint(row.year, None if row.value is None else float(row.value), _text(row))
        for row in rows
    )


def _picture(model: Model, observed, by_variant, alt: str) -> StarterPicture:
    first_assumed = model.last + projection.BORN_AHEAD + 1
    lines = [Line("eingeschult", "observed", _points(observed))] if observed else []
    short = {"medium": "mittel", "high": "hoch", "none": "ohne Wanderung"}
    for i, (variant, found) in enumerate(by_variant.items()):
        lines.append(
            Line(
                short[variant],
                "main" if i == 0 else "variant",
                _points(found),
                dashed_from=first_assumed,
            )
        )
    rows = [*observed, *by_variant[model.variants[0]]]
    years = sorted({row.year for row in rows})
    zones = [
        Zone(years[0] - 0.5, model.last + 0.5, "eingeschult"),
        Zone(model.last + 0.5, first_assumed - 0.5, "Kinder schon geboren"),
        Zone(first_assumed - 0.5, years[-1] + 0.5, "Annahme"),
    ]
    return StarterPicture(
        title=model.context.indicator.name,
        alt=alt,
        lines=tuple(lines),
        ticks=tuple((year, school_year(year)) for year in range(years[0], years[-1] + 1)),
        zones=tuple(zone for zone in zones if zone.first < zone.last),
    )


# --- parts --------------------------------------------------------------------------------------


def _parts(model: Model) -> StartersAnswer:
    """One row per part and year, in whole children that add up to the whole."""
    variant = model.variants[0]
    years = range(model.last + 1, model.last + projection.BORN_AHEAD + 1)
    whole_rows = {
        row.year: row for row in _projected_rows(model, variant) if row.category.endswith("_born")
    }
    exact = {
        id: {
            one.year: one.children
            for one in model.starters(model.release.region(id).parts, model.last, years, variant)
        }
        for id in model.part_ids
    }
    exact = {id: found for id, found in exact.items() if model.data.ages.get(id)}
    if not exact:
        raise ViewError(
            f"Für die Teile von {model.region.name} gibt es keine Kinder nach Altersjahren.",
            name="show",
            value="parts",
        )
    rows = [
        *_last_observed(model, model.region.id, model.region.parts),
        *(whole_rows[year] for year in years),
    ]
    gaps: list[int] = []
    whole_numbers = _apportioned(exact, whole_rows, years, gaps)
    for id, found in exact.items():
        rows += _last_observed(model, id, [id])
        for year in years:
            value = whole_numbers[year].get(id, found[year])
            name = f"{VARIANTS[variant]}, Kinder geboren"
            flags = () if value is None else ("estimated",)
            rows.append(model.row(id, year, f"{variant}_born", name, value, [id], flags))
    headline = _parts_headline(model, rows, years)
    alt = (
        f"Tabelle: Schulanfängerinnen und Schulanfänger der Teile, {model.region.name}. {headline}."
    )
    found = _answer(
        model,
        rows,
        headline=headline,
        subtitle=model.context.subtitle(
            f"{model.region.name} und Teile, {VARIANTS[variant]}, {_basis_text(model)}"
        ),
        table=_parts_table(model, rows, years),
        reading_aid=_parts_aid(model, rows, years),
        alt=alt,
        figure=_grid(model, rows, years, alt),
    )
    method = (
        "Jedes Mitglied ist mit seinen eigenen Quoten fortgeschrieben"
        if model.region.members
        else "Gemeinden und Stadtteile: eigene Kinder, fortgeschrieben mit den Quoten des Kreises"
    )
    notes = [
        f"{method}; die Summe der Teile ist die Zahl des Ganzen. Ganze Kinder sind so gerundet, "
        "dass die Summe stimmt, und können um ein Kind von der eigenen Ansicht eines Teils "
        "abweichen."
    ]
    if gaps:
        notes.append(
            "Die Teile ergeben nicht überall das Ganze: Manche Kinder sind keinem Teil zugeordnet "
            "oder nicht ausgewiesen."
        )
    return replace(found, notes=[*notes, *found.notes])


def _apportioned(exact, whole_rows, years, gaps: list[int]) -> dict[int, dict[str, float]]:
    """Whole numbers of the parts per year, where the parts make up the whole; `gaps` are the years
    in which they do not."""
    found: dict[int, dict[str, float]] = {}
    for year in years:
        values = {id: by_year[year] for id, by_year in exact.items()}
        whole = whole_rows[year].value
        found[year] = {}
        known = whole is not None and all(v is not None for v in values.values())
        if not known or abs(sum(values.values()) - whole) > 0.51:
            gaps.append(year)
        else:
            numbers = projection.apportion(list(values.values()), whole)
            found[year] = dict(zip(values, map(float, numbers), strict=True))
    return found


def _last_observed(model: Model, id: str, ids: Sequence[str]) -> list[Row]:
    """The entries of the newest year that the whole region knows; none if there is none."""
    years = [y for y, v in model.observed(model.region.parts).items() if v is not None]
    if not years:
        return []
    value = model.observed(ids).get(years[-1])
    return [model.row(id, years[-1], "observed", "eingeschult", value, ids)]


def _by_part(rows: list[Row]) -> dict[str, tuple[Row | None, list[Row]]]:
    """Region → its observed row and its calculated rows."""
    found: dict[str, tuple[Row | None, list[Row]]] = {}
    for row in rows:
        before, after = found.get(row.region, (None, []))
        if row.category == "observed":
            found[row.region] = (row, after)
        else:
            found[row.region] = (before, [*after, row])
    return found


def _change(before: Row | None, after: list[Row]) -> str:
    """From the last entries to the last year whose children are born."""
    last = after[-1] if after else None
    if before is None or before.value is None or last is None or last.value is None:
        return "–"
    if min(before.value, last.value) < texts.FEWEST_FOR_RELATIVE_CHANGE:
        return "nicht beurteilbar"
    return formats.signed((last.value / before.value - 1) * 100, 0) + formats.suffix("%")


def _parts_table(model: Model, rows: list[Row], years: range) -> Table:
    body = [
        (
            model.release.region(id).name,
            _text(before),
            *(_text(row) for row in after),
            _change(before, after),
        )
        for id, (before, after) in _by_part(rows).items()
    ]
    seen = next((row.year for row in rows if row.category == "observed"), None)
    observed = f"Eingeschult {school_year(seen)}" if seen else "Eingeschult"
    columns = ("Gebiet", observed, *map(school_year, years), "Veränderung")
    return Table(columns, tuple(body), (False, *[True] * (len(columns) - 1)))


def _grid(model: Model, rows: list[Row], years: range, alt: str) -> Grid:
    seen = next((row.year for row in rows if row.category == "observed"), None)
    lines = []
    for id, (before, after) in _by_part(rows).items():
        base = before.value if before else None
        shares = [
            row.value / base - 1
            if base
            and row.value is not None
            and min(base, row.value) >= texts.FEWEST_FOR_RELATIVE_CHANGE
            else None
            for row in after
        ]
        lines.append(
            GridRow(
                name=model.release.region(id).name,
                texts=(_text(before), *(_text(row) for row in after)),
                changes=(None, *shares),
                change_text=_change(before, after),
                is_whole=id == model.region.id,
            )
        )
    columns = (school_year(seen) if seen else "zuletzt", *map(school_year, years))
    return Grid(model.context.indicator.name, alt, columns, tuple(lines))


def _parts_headline(model: Model, rows: list[Row], years: range) -> str:
    """The parts with the largest changes that can be judged."""
    judged = []
    for id, (before, after) in _by_part(rows).items():
        text, last = _change(before, after), after[-1].value
        if id != model.region.id and text[-1] == "%" and before and before.value and last:
            judged.append((last / before.value - 1, id, text))
    if not judged:
        return (
            f"{texts.begin(model.region.where)} ist bis {school_year(years[-1])} für keinen Teil "
            "eine Veränderung beurteilbar"
        )
    names = [
        f"{model.release.region(id).name} ({text})"
        for _, id, text in dict.fromkeys([max(judged), min(judged)])
    ]
    to = school_year(years[-1])
    if len(names) == 1:
        return f"Schulanfänger bis {to}: {names[0]}"
    return f"Schulanfänger bis {to}: {names[1]} bis {names[0]}"


def _parts_aid(model: Model, rows: list[Row], years: range) -> str:
    row = next((r for r in rows if r.region != model.region.id and r.category != "observed"
                and r.value is not None), None)  # fmt: skip
    if row is None or row.value is None:
        return ""
    where = model.release.region(row.region).where
    return texts.starters_reading_aid(school_year(row.year), row.value, "", [], where)


# --- the look back ------------------------------------------------------------------------------


def _origins(model: Model) -> list[int]:
    return [model.last - back for back in BACK if model.last - back in model.labels]


def _errors(model: Model) -> list[Error]:
    """What the same method would have said with the data of the time, against what came."""
    actual = model.observed(model.region.parts)
    variant = model.variants[0]
    found = []
    for origin in _origins(model):
        years = range(origin + 1, origin + projection.BORN_AHEAD + 1)
        for one in model.starters(model.region.parts, origin, years, variant):
            seen = actual.get(one.year)
            if one.children is not None and seen is not None:
                found.append(Error(origin, one.year, one.children, seen))
    return found


def _backtest_sentence(model: Model) -> str:
    errors = _errors(model)
    backs = sorted({model.last - error.origin for error in errors})
    told = projection.mean_errors(errors, texts.FEWEST_FOR_RELATIVE_CHANGE)
    return texts.backtest_sentence(backs, told)


def _backtest(model: Model) -> StartersAnswer:
    ids = model.region.parts
    errors = _errors(model)
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
    headline = _backtest_sentence(model).rstrip(".")
    alt = (
        f"Liniendiagramm: tatsächliche und damals berechnete Schulanfänger, {model.region.name}. "
        f"{headline}."
    )
    lines = [Line("eingeschult", "observed", _points(observed))]
    lines += [
        Line(f"Daten von {origin}", "backtest", _points(found))
        for origin, found in calculated.items()
    ]
    years = sorted({row.year for row in rows})
    return _answer(
        model,
        rows,
        headline=headline,
        subtitle=model.context.subtitle(
            f"{model.region.name}, eingeschult und damals vorausberechnet, {_span(rows)}"
        ),
        table=_backtest_table(model, observed, calculated),
        reading_aid=_backtest_aid(model, errors),
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


def _backtest_table(model, observed, calculated) -> Table:
    """A row per school year: what came, what was calculated with the data of then, how far off."""
    seen = {row.year: row for row in observed}
    by_origin = {o: {row.year: row for row in found} for o, found in calculated.items()}
    columns = ["Schuljahr", "Eingeschult"]
    for origin in by_origin:
        columns += [f"Daten vom {model.labels[origin]}", "Abweichung"]
    body = []
    for year in sorted({*seen, *(y for found in by_origin.values() for y in found)}):
        line = [school_year(year), _text(seen.get(year))]
        for found in by_origin.values():
            line += [_text(found.get(year)), _deviation(found.get(year), seen.get(year))]
        body.append(tuple(line))
    return Table(tuple(columns), tuple(body), (False, *[True] * (len(columns) - 1)))


def _backtest_aid(model: Model, errors: list[Error]) -> str:
    error = errors[-1]
    projected = formats.number(error.projected)
    return (
        f"Mit den Daten vom {model.labels[error.origin]} hätte die Rechnung für das Schuljahr "
        f"{school_year(error.year)} {projected} Einschulungen ergeben; tatsächlich waren es "
        f"{formats.number(error.actual)}."
    )


# --- what all answers share ---------------------------------------------------------------------


def _answer(model: Model, rows: list[Row], **parts) -> StartersAnswer:
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
    sentence = _backtest_sentence(model)
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


def _text(row: Row | None) -> str:
    if row is None:
        return "–"
    return SIGNS[Status(row.status)].short if row.value is None else formats.number(row.value)
