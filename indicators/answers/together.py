"""Together: several indicators of one unit over time in one figure, for who asks of both."""

from dataclasses import replace

import pandas as pd

from indicators import formats, texts
from indicators.answers.answer import MOST_LINES, Answer, Table, labelled
from indicators.answers.context import Context
from indicators.answers.lines import chart, line_of, turns_of
from indicators.answers.sources import source_line
from indicators.answers.telling import Telling, of_region
from indicators.errors import ViewError
from indicators.figures import theme
from indicators.release.releases import Release
from indicators.view import View


def answer(release: Release, view: View) -> Answer:
    """The own region's series of the view's indicator and of those named by `with`, of one unit.

    Rows are those of each indicator in turn, with its id. Raises ViewError where an indicator does
    not exist or counts in another unit, and where none of them has a number; one without any is
    left out and named.
    """
    asked = _contexts(release, view)
    found: list[tuple[Context, pd.DataFrame, Telling]] = []
    missing = []
    for context in asked:
        rows = context.values([context.region.id])
        if not rows["value"].notna().any():
            missing.append(context)
            continue
        found.append((context, rows, of_region(context, rows, context.chosen_period(rows))))
    if not found:
        raise asked[0].nothing()
    return _answer(release, view, found, missing)


def _contexts(release: Release, view: View) -> list[Context]:
    """One per indicator. Raises ViewError where they do not belong into one figure."""
    ids = list(dict.fromkeys([view.indicator, *filter(None, view.setting("with").split(","))]))
    known = release.catalog.indicators
    for id in ids:
        if id not in known:
            raise ViewError(f"Den Indikator „{id}“ gibt es nicht.", name="with", value=id)
        if known[id].unit != known[view.indicator].unit:
            raise ViewError(
                f"{known[id].name} und {known[view.indicator].name} haben verschiedene Einheiten "
                "und passen nicht in ein Diagramm.",
                name="with",
                value=id,
            )
    if len(ids) < 2 or len(ids) > MOST_LINES:
        raise ViewError(
            f"Ein gemeinsamer Verlauf zeigt zwei bis {formats.number(MOST_LINES)} Indikatoren; "
            "die weiteren nennt die Angabe with.",
            name="with",
            value=view.setting("with"),
        )
    return [Context(release, view.with_(kind="trend", indicator=id, settings=())) for id in ids]


def _answer(
    release: Release,
    view: View,
    found: list[tuple[Context, pd.DataFrame, Telling]],
    missing: list[Context],
) -> Answer:
    first, rows, _ = found[0]
    indicators = [context.indicator for context, _, _ in found]
    headline = texts.one_behind_the_other([told.headline for _, _, told in found], first.region)
    names = formats.listing([indicator.short_name for indicator in indicators])
    alt = f"{names}, {first.region.name}. {headline}."
    every = pd.concat([rows for _, rows, _ in found], ignore_index=True)
    turns = list(
        dict.fromkeys(turn for c, rows, _ in found for turn in turns_of(c, rows)[c.region.id])
    )
    series = tuple(
        replace(
            line_of(context, rows, context.indicator.short_name),
            colour=theme.CATEGORIES[i],
            marker=theme.MARKERS[i % len(theme.MARKERS)],
        )
        for i, (context, rows, _) in enumerate(found)
    )
    periods = list(dict.fromkeys(every[every["value"].notna()].sort_values("start")["period"]))
    when = " bis ".join(dict.fromkeys([*periods[:1], *periods[-1:]]))
    parts = [context.answer(rows, **_NOTHING) for context, rows, _ in found]
    sources = tuple(dict.fromkeys(source for part in parts for source in part.sources))
    notes = [f"Ohne Angaben: {context.indicator.name}. {context.nothing()}" for context in missing]
    notes += [note for part in parts for note in part.notes]
    place = f" · {first.place}"
    return replace(
        parts[0],
        view=view,
        title=names,
        headline=headline,
        subtitle=labelled(f"{names}, {first.region.name}, {when}, {_unit(first)}", first.region),
        rows=[
            {"indicator": i.id, "indicator_name": i.name} | row
            for i, part in zip(indicators, parts, strict=True)
            for row in part.rows
        ],
        table=_table(found),
        reading_aid=" ".join(told.reading_aid for _, _, told in found),
        alt=alt,
        notes=list(dict.fromkeys(notes)),
        footnotes=list(dict.fromkeys(note for part in parts for note in part.footnotes)),
        source=source_line(list(sources), release.catalog) + place,
        source_short=source_line(list(sources), release.catalog, short=True) + place,
        sources=sources,
        periods=periods,
        figure=replace(chart(first, every, series, turns, alt), title=names),
    )


# What this answer writes for all indicators together instead of for each.
_NOTHING = {
    "headline": "",
    "subtitle": "",
    "table": Table((), (), ()),
    "reading_aid": "",
    "alt": "",
}


def _unit(context: Context) -> str:
    unit = context.indicator.unit
    return {"%": "in Prozent", "EUR": "in Euro"}.get(unit, unit)


def _table(found: list[tuple[Context, pd.DataFrame, Telling]]) -> Table:
    """A row per period, newest first, a column per indicator."""
    cells = [
        {row.period: context.shown(row) for row in rows.itertuples(index=False)}
        for context, rows, _ in found
    ]
    every = pd.concat([rows for _, rows, _ in found])
    periods = list(dict.fromkeys(every.sort_values("start", ascending=False)["period"]))
    body = [
        (period, *(cell.get(period, texts.shown(found[0][0].indicator, None)) for cell in cells))
        for period in periods
    ]
    columns = ("Zeitraum", *(context.indicator.short_name for context, _, _ in found))
    return Table(columns, tuple(body), (False, *[True] * len(found)))
