"""Table: the numbers of a region, its parts, its Land and Germany, with their counts."""

from dataclasses import replace

import pandas as pd

from indicators.answers import rounding
from indicators.answers.answer import Answer, Table
from indicators.answers.context import Context
from indicators.answers.telling import of_division, of_region
from indicators.release.releases import Release
from indicators.view import View


def answer(release: Release, view: View) -> Answer:
    """All periods, or the one asked for; the asked region first, newest period first."""
    context = Context(release, view)
    order = list(dict.fromkeys([context.region.id, *[id for id, _ in context.companions()]]))
    rows = context.values(order, by=view.by or None)
    period = context.chosen_period(rows)
    if view.by:
        told = of_division(context, rows, period)
    else:
        told = of_region(context, rows, period, with_members=True)
    periods = list(dict.fromkeys(rows[rows["value"].notna()].sort_values("start")["period"]))
    if view.period:
        rows = rows[rows["period"] == period]
    rows = rows.assign(_order=rows["region"].map({r: i for i, r in enumerate(order)})).sort_values(
        ["start", "_order"], ascending=[False, True], kind="stable"
    )
    divided = f"nach {context.catalog.dimensions[view.by].name}" if view.by else ""
    when = period if view.period else " bis ".join(dict.fromkeys([*periods[:1], *periods[-1:]]))
    found = context.answer(
        rows,
        headline=told.headline,
        subtitle=context.subtitle(", ".join(filter(None, [divided, context.region.name, when]))),
        table=_table(context, rows),
        reading_aid=told.reading_aid,
        comparison=told.comparison,
        alt=f"Tabelle: {context.indicator.name}, {context.region.name}, {when or 'ohne Werte'}.",
        period=period,
        periods=periods,
    )
    notes = rounding.of_division(context, rows) if view.by else []
    return replace(found, notes=[*notes, *found.notes])


def _table(context: Context, rows: pd.DataFrame) -> Table:
    indicator = context.indicator
    dimension = context.catalog.dimensions[context.view.by] if context.view.by else None
    ratio = rows["denominator"].notna().any()
    columns = ["Gebiet", "Zeitraum"]
    if dimension:
        columns.append(dimension.name)
    if ratio:
        columns += [indicator.numerator_name, indicator.denominator_name]
    columns.append(indicator.short_name)
    body = []
    for row in rows.itertuples(index=False):
        line = [context.release.region(row.region).name, row.period]
        if dimension:
            line.append(dimension.category_name(row.category, context.region.land))
        if ratio:
            line += [context.count(n, row) for n in (row.numerator, row.denominator)]
        line.append(context.shown(row))
        body.append(tuple(line))
    words = 3 if dimension else 2
    numeric = (*[False] * words, *[True] * (len(columns) - words))
    return Table(tuple(columns), tuple(body), numeric)
