"""School starters of the next years: what came, what is expected, in each variant of migration."""

from indicators import texts
from indicators.analysis import projection
from indicators.answers.answer import Table
from indicators.answers.starters.model import Model, Row, school_year
from indicators.answers.starters.options import VARIANTS
from indicators.answers.starters.result import (
    StartersAnswer,
    answer_of,
    basis_text,
    points_of,
    span_of,
    text_of,
)
from indicators.figures.starters import Line, StarterPicture, Zone
from indicators.symbols import SIGNS, Status


def answer(model: Model) -> StartersAnswer:
    ids = model.region.parts
    observed = model.observed_rows(model.region.id, ids)
    by_variant = {variant: projected_rows(model, variant) for variant in model.variants}
    main = by_variant[model.variants[0]]
    rows = [*observed, *(row for found in by_variant.values() for row in found)]
    born = [row for row in main if row.category.endswith("_born")]
    headline = texts.starters_headline(
        model.region, _pair(_last_known(observed)), _pair(_last_known(born)), born_reason(born)
    )
    alt = (
        f"Liniendiagramm: Schulanfängerinnen und Schulanfänger, {model.region.name}, "
        f"{span_of(rows)}. {headline}."
    )
    return answer_of(
        model,
        rows,
        headline=headline,
        subtitle=model.context.subtitle(
            f"{model.region.name}, eingeschult und vorausberechnet {span_of(rows)}, "
            f"{basis_text(model)}, Annahme: {VARIANTS[model.variants[0]]}"
        ),
        table=_table(model, observed, by_variant),
        reading_aid=_reading_aid(born, by_variant),
        alt=alt,
        figure=_picture(model, observed, by_variant, alt),
    )


def projected_rows(model: Model, variant: str) -> list[Row]:
    ids = model.region.parts
    found = []
    for one in model.starters(ids, model.last, model.ahead, variant):
        kind, words = ("born", "Kinder geboren") if one.is_born else ("assumed", "Annahme")
        name = f"{VARIANTS[variant]}, {words}"
        flags = () if one.children is None else ("estimated",)
        category = f"{variant}_{kind}"
        found.append(model.row(model.region.id, one.year, category, name, one.children, ids, flags))
    return found


def born_reason(rows: list[Row]) -> str:
    """Why there is no projection, in the words of the status."""
    return SIGNS[Status(rows[-1].status)].meaning if rows else SIGNS[Status.MISSING].meaning


def _last_known(rows: list[Row]) -> Row | None:
    return next((row for row in reversed(rows) if row.value is not None), None)


def _pair(row: Row | None) -> tuple[str, int] | None:
    return None if row is None or row.value is None else (school_year(row.year), row.value)


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


def _table(model, observed, by_variant) -> Table:
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
                text_of(seen.get(year)),
                *(text_of(found.get(year)) for found in variants.values()),
                basis,
            )
        )
    names = [texts.begin(VARIANTS[v]) for v in variants]
    columns = ("Schuljahr", "Eingeschult", *names, "Grundlage")
    return Table(columns, tuple(body), (False, *[True] * (1 + len(variants)), False))


def _picture(model: Model, observed, by_variant, alt: str) -> StarterPicture:
    first_assumed = model.last + projection.BORN_AHEAD + 1
    lines = [Line("eingeschult", "observed", points_of(observed))] if observed else []
    short = {"medium": "mittel", "high": "hoch", "none": "ohne Wanderung"}
    for i, (variant, found) in enumerate(by_variant.items()):
        lines.append(
            Line(
                short[variant],
                "main" if i == 0 else "variant",
                points_of(found),
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
