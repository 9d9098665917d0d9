"""Trend: the own region over time, with its parts, its Land and Germany; or by category."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd

from indicators import formats, texts
from indicators.answers import rounding
from indicators.answers.answer import MOST_LINES, Answer, Table
from indicators.answers.breaks import Turn
from indicators.answers.context import Context
from indicators.answers.lines import (
    axis_suffix,
    breaks_of,
    chart,
    labels_of,
    notes_of,
    point_of,
    points_of,
    span_of,
    turns_of,
    withheld_alt,
    without_number,
)
from indicators.answers.telling import of_division, of_region
from indicators.answers.telling import series as values_of
from indicators.catalog.definition import TOTAL
from indicators.errors import ViewError
from indicators.figures import theme
from indicators.figures.chart import Chart, Point, Series
from indicators.release.releases import Release
from indicators.release.territory import LABEL
from indicators.view import View

# A count this many times the own one would press the own line flat onto the axis.
ANOTHER_MAGNITUDE = 10


def answer(release: Release, view: View) -> Answer:
    context = Context(release, view)
    if view.by and (reason := context.catalog.dimensions[view.by].incomparable):
        raise ViewError(
            f"{reason} Nächster Schritt: ohne Aufteilung eine davon wählen; die Tabelle stellt "
            "alle nebeneinander.",
            name="by",
            value=view.by,
        )
    return _by_category(context) if view.by else _over_regions(context)


def _over_regions(context: Context) -> Answer:
    roles = [(context.region.id, "own"), *context.companions()]
    roles = list(dict.fromkeys(roles))
    rows = context.values([region for region, _ in roles])
    period = context.chosen_period(rows)
    context.check_number(rows)
    told = of_region(context, rows, period)
    too_large = _another_magnitude(context, rows, roles)
    drawn = [(r, role) for r, role in roles if r not in too_large and (rows["region"] == r).any()]
    short = _short_names(context, drawn)
    turns = turns_of(context, rows)
    shown_turns = told_turns(context, turns)
    series = tuple(
        Series(
            context.release.region(region).name,
            role,
            points_of(context, rows, region),
            colour=_part_colour(context, region) if role == "part" else None,
            short=short.get(region, ""),
            breaks=breaks_of(turns[region]),
        )
        for region, role in drawn
    )
    shown = rows[~rows["region"].isin(too_large)]
    when = span_of(shown, told.period)
    notes = []
    names = {r: context.release.region(r).name for r, _ in roles}
    parts = [r for r, role in roles if role == "part"]
    if hidden := without_number(context, rows, "region", names, missed=parts):
        when += f", ohne {hidden}"
    if too_large:
        names = formats.listing([context.release.region(r).name for r in too_large])
        when += f", ohne {names} (viel größere Anzahl)"
        notes.append(
            f"Nicht eingezeichnet: {names}. Neben einer mehr als "
            f"{formats.number(ANOTHER_MAGNITUDE)}-mal so großen Anzahl läge die eigene Linie flach "
            "auf der Achse. Die Tabelle nennt alle Werte."
        )
    alt = texts.trend_alt(context.indicator, values_of(context, rows, context.region.id))
    alt += withheld_alt(series)
    found = context.answer(
        _sorted(rows, [region for region, _ in roles]),
        headline=told.headline,
        subtitle=context.subtitle(when),
        table=_wide_table(context, rows, [region for region, _ in roles]),
        reading_aid=told.reading_aid,
        comparison=told.comparison,
        alt=alt,
        periods=labels_of(rows),
        figure=chart(context, shown, series, shown_turns, alt),
    )
    found = replace(
        found, notes=[*notes, *notes_of(shown, shown_turns, territory=False), *found.notes]
    )
    return found.with_beside(notes_of(shown, shown_turns, territory=True))


def _another_magnitude(context: Context, rows: pd.DataFrame, roles: list) -> list[str]:
    """Land and Deutschland, where counts are shown and theirs are of another magnitude: their
    largest is more than ten times the largest of the own region and its parts.

    Rates are always compared, and so are regions that the reader has chosen. The rows keep all.
    """
    if not context.indicator.is_count:
        return []
    largest = rows[rows["value"].notna()].groupby("region")["value"].max().to_dict()
    own = max((largest.get(r, 0) for r, role in roles if role in ("own", "part")), default=0)
    if not own > 0:  # nothing to be pressed flat; also where there is no number at all
        return []
    return [
        region
        for region, role in roles
        if role in ("land", "germany") and largest.get(region, 0) > ANOTHER_MAGNITUDE * own
    ]


def _part_colour(context: Context, region: str) -> str:
    """A Landkreis has the same colour beside its Stadt and beside both."""
    return theme.PARTS[context.place_among_parts(region) % len(theme.PARTS)]


def _short_names(context: Context, drawn: list[tuple[str, str]]) -> dict[str, str]:
    """What a joint region and its members are called in its own card, as in the picker of regions:
    "gemeinsam", "Stadt", "Landkreis"; by their places where these differ. Empty as soon as another
    Kreis is drawn, whose name could be mistaken."""
    members = context.region.members
    if not members or any(role == "other" for _, role in drawn):
        return {}
    words = [context.release.region(m).name.partition(" ") for m in members]
    places = {place for _, _, place in words}
    names = [kind if len(places) == 1 else place for kind, _, place in words]
    if not all(names):  # a name of one word
        return {context.region.id: "gemeinsam"}
    return {context.region.id: "gemeinsam", **dict(zip(members, names, strict=True))}


def told_turns(context: Context, turns: Mapping[str, list[Turn]]) -> list[Turn]:
    """What is marked and said: all of the own region and its parts, of any other only reforms."""
    own = {context.region.id, *context.region.parts}
    found = [
        turn for id, some in turns.items() for turn in some if id in own or turn.label == LABEL
    ]
    return list(dict.fromkeys(found))


@dataclass(frozen=True)
class _Division:
    """What is shown of a division: its `rows`; the categories it has (`order`), those with a number
    (`shown`) and those of them drawn as `lines`, [] where bars of one `period` are drawn instead;
    names and colours by category."""

    rows: pd.DataFrame
    period: str
    order: list[str]
    shown: list[str]
    lines: list[str]
    names: dict[str, str]
    colours: dict[str, str]


def _by_category(context: Context) -> Answer:
    dimension = context.catalog.dimensions[context.view.by]
    rows = context.values([context.region.id], by=context.view.by)
    rounding_notes = rounding.of_division(context, rows)
    of = _division(context, rows)
    told = of_division(context, of.rows, of.period)
    alt = f"{context.indicator.name} nach {dimension.name}, {context.region.name}. {told.headline}."
    turns = turns_of(context, of.rows)[context.region.id] if of.lines else []
    if of.lines:
        series = _category_lines(context, of, turns)
        alt += withheld_alt(series)
        drawn = of.rows[of.rows["category"].isin(of.lines)]
        figure = chart(context, drawn, series, turns, alt)
        when = span_of(drawn, of.period)
    else:
        figure = _bars(context, of, alt)
        when = of.period
    unseen = {c: f"„{of.names[c]}“" for c in of.order if c not in of.shown}
    if hidden := without_number(context, of.rows, "category", unseen):
        when += f", ohne {hidden}"
    found = context.answer(
        of.rows,
        headline=told.headline,
        subtitle=context.subtitle(f"nach {dimension.name}, {context.region.name}, {when}"),
        table=_category_table(context, of),
        reading_aid=told.reading_aid,
        comparison=told.comparison,
        alt=alt,
        period=of.period,
        periods=labels_of(of.rows),
        figure=figure,
    )
    notes = [*rounding_notes, *notes_of(of.rows, turns, territory=False)]
    if of.lines and len(of.lines) < len(of.shown):
        notes.insert(0, "Gezeichnet sind die wichtigsten Gruppen; alle nennt die Tabelle.")
    found = replace(found, notes=[*notes, *found.notes])
    return found.with_beside(notes_of(of.rows, turns, territory=True))


def _division(context: Context, rows: pd.DataFrame) -> _Division:
    """Raises ViewError, or NotPublishedError, where no category has a number."""
    dimension = context.catalog.dimensions[context.view.by]
    if context.indicator.divides(context.view.by) == "numerator":
        rows = rows[rows["category"] != TOTAL]
    period = context.chosen_period(rows)
    order = [c.id for c in dimension.categories if c.id in set(rows["category"])]
    rows = rows.sort_values(
        ["category", "start"],
        key=lambda s: (
            s.map({c: i for i, c in enumerate([*order, TOTAL])}) if s.name == "category" else s
        ),
    )
    # a category that has no number anywhere (a school type the Land does not have) is no line
    shown = [c for c in order if rows.loc[rows["category"] == c, "value"].notna().any()]
    if not shown:
        context.check_number(rows[rows["category"] != TOTAL])
    land = context.region.land
    names = {c: dimension.category_name(c, land) for c in [*order, TOTAL]}
    lines = context.drawn_categories(shown) if rows["period"].nunique() > 1 else []
    colours = category_colours(context.view.by, lines or shown)
    return _Division(rows, period, order, shown, lines, names, colours)


def _category_lines(context: Context, of: _Division, turns: list[Turn]) -> tuple[Series, ...]:
    return tuple(
        Series(
            of.names[c],
            "category",
            tuple(
                point_of(context, row)
                for row in of.rows[of.rows["category"] == c].sort_values("start").itertuples()
            ),
            colour=of.colours[c],
            marker=theme.MARKERS[i % len(theme.MARKERS)],
            breaks=breaks_of(turns),
        )
        for i, c in enumerate(of.lines)
    )


def category_colours(dimension: str, categories: list[str]) -> dict[str, str]:
    """The same colour for the same school type everywhere; other dimensions take the first hues."""
    if set(categories) & set(theme.SCHOOL_TYPES):
        return {c: theme.category_colour(c, i) for i, c in enumerate(categories)}
    if len(categories) > MOST_LINES:  # bars carry their names; many colours would say nothing
        return dict.fromkeys(categories, theme.PRIMARY)
    return dict(zip(categories, theme.CATEGORIES, strict=False))


def _bars(context: Context, of: _Division, alt: str) -> Chart:
    rows = of.rows[of.rows["period"] == of.period]
    points = []
    for i, category in enumerate(of.shown):
        row = next(rows[rows["category"] == category].itertuples(index=False), None)
        value = None if row is None or pd.isna(row.value) else float(row.value)
        text = context.shown(row) if row is not None else texts.shown(context.indicator, None)
        points.append(
            Series(
                of.names[category],
                "category",
                (Point(float(i), value, text, of.names[category]),),
                colour=of.colours[category],
            )
        )
    return Chart(
        kind="bars",
        series=tuple(points),
        ticks=tuple((float(i), of.names[c]) for i, c in enumerate(of.shown)),
        decimals=context.indicator.shown_decimals,
        unit_suffix=axis_suffix(context.indicator.unit),
        title=context.indicator.name,
        alt=alt,
    )


def _sorted(rows: pd.DataFrame, order: list[str]) -> pd.DataFrame:
    """Asked region first, newest period last: the order of the figure."""
    return rows.assign(_o=rows["region"].map({r: i for i, r in enumerate(order)})).sort_values(
        ["_o", "start"], kind="stable"
    )


def _wide_table(context: Context, rows: pd.DataFrame, regions: list[str]) -> Table:
    """A row per period, newest first, a column per region: value, and counts for the own one."""
    known = [r for r in regions if (rows["region"] == r).any()]
    cells = {(row.region, row.period): row for row in rows.itertuples(index=False)}
    # "119 von 1.289" is only true of a share
    counts = context.indicator.unit == "%" and rows["denominator"].notna().any()
    own = context.region.id
    columns = ["Zeitraum", *[context.release.region(r).name for r in known]]
    if counts:
        columns.insert(2, "Fälle")
    body = []
    for period in reversed(list(dict.fromkeys(rows.sort_values("start")["period"]))):
        line = [period]
        for region in known:
            row = cells.get((region, period))
            line.append(context.shown(row) if row else texts.shown(context.indicator, None))
            if counts and region == own:
                line.append(_cases(context, row))
        body.append(tuple(line))
    return Table(tuple(columns), tuple(body), (False, *[True] * (len(columns) - 1)))


def _cases(context: Context, row) -> str:
    if row is None:
        return "–"
    if pd.isna(row.denominator) or pd.isna(row.numerator):
        return context.count(float("nan"), row)
    return f"{formats.number(row.numerator)} von {formats.number(row.denominator)}"


def _category_table(context: Context, of: _Division) -> Table:
    """A row per period, newest first, a column per category that has a number, and one for all."""
    rows = of.rows
    categories = [*of.shown, *([TOTAL] if TOTAL in set(rows["category"]) else [])]
    cells = {(row.category, row.period): row for row in rows.itertuples(index=False)}
    body = []
    for period in reversed(list(dict.fromkeys(rows.sort_values("start")["period"]))):
        line = [period]
        for category in categories:
            row = cells.get((category, period))
            line.append(context.shown(row) if row else texts.shown(context.indicator, None))
        body.append(tuple(line))
    columns = ("Zeitraum", *[of.names[c] for c in categories])
    return Table(columns, tuple(body), (False, *[True] * len(categories)))
