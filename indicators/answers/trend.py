"""Trend: the own region over time, with its parts, its Land and Germany; or by category."""

from collections.abc import Collection, Mapping
from dataclasses import replace

import pandas as pd

from indicators import formats, texts
from indicators.answers import rounding
from indicators.answers.answer import MOST_LINES, Answer, Table
from indicators.answers.breaks import Turn
from indicators.answers.context import Context
from indicators.answers.telling import of_division, of_region
from indicators.answers.telling import series as values_of
from indicators.catalog.definition import TOTAL
from indicators.errors import ViewError
from indicators.figures import theme
from indicators.figures.chart import WITHHELD, Chart, Mark, Point, Series, withheld
from indicators.release.releases import Release
from indicators.release.territory import LABEL
from indicators.symbols import SIGNS, Status
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
    told_turns = _told(context, turns)
    series = tuple(
        Series(
            context.release.region(region).name,
            role,
            _points(context, rows, region),
            colour=_part_colour(context, region) if role == "part" else None,
            short=short.get(region, ""),
            breaks=_breaks(turns[region]),
        )
        for region, role in drawn
    )
    shown = rows[~rows["region"].isin(too_large)]
    when = _span(shown, told.period)
    notes = []
    names = {r: context.release.region(r).name for r, _ in roles}
    parts = [r for r, role in roles if role == "part"]
    if hidden := _without_number(context, rows, "region", names, missed=parts):
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
    alt += _withheld_alt(series)
    found = context.answer(
        _sorted(rows, [region for region, _ in roles]),
        headline=told.headline,
        subtitle=context.subtitle(when),
        table=_wide_table(context, rows, [region for region, _ in roles]),
        reading_aid=told.reading_aid,
        comparison=told.comparison,
        alt=alt,
        periods=_labels(rows),
        figure=chart(context, shown, series, told_turns, alt),
    )
    found = replace(
        found, notes=[*notes, *_notes(shown, told_turns, territory=False), *found.notes]
    )
    return found.with_beside(_notes(shown, told_turns, territory=True))


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


def chart(
    context: Context, rows: pd.DataFrame, series: tuple[Series, ...], turns: list[Turn], alt: str
) -> Chart:
    """Lines of these series on one axis of time, with the breaks and events that apply; bars
    beside each other where there is one period only, which would be dots without a line."""
    known = rows[rows["value"].notna()]
    if known["period"].nunique() == 1:
        return _at_once(context, series, alt)
    # a year whose number is withheld has its place on the axis
    lines = [s for s in series if any(p.value is not None for p in s.points)]
    drawn = {p.label for s in lines for p in s.points if p.value is not None or p.withheld}
    ticks = rows[rows["period"].isin(drawn)].sort_values("start")
    ticks = ticks[["start", "period"]].drop_duplicates("start")
    return Chart(
        kind="lines",
        series=series,
        ticks=tuple((position(r.start), r.period) for r in ticks.itertuples(index=False)),
        decimals=context.indicator.shown_decimals,
        unit_suffix=_axis_suffix(context.indicator.unit),
        title=context.indicator.name,
        alt=alt,
        from_zero=not _far_from_zero(known["value"], context.indicator.unit),
        marks=marks(rows, turns),
    )


def _axis_suffix(unit: str) -> str:
    return "\u00a0%" if unit == "%" else ""


def _far_from_zero(values: pd.Series, unit: str) -> bool:
    """Whether a line from zero would hide all movement (population, income, an index around 100);
    shares start at 0."""
    large = 50 if unit == "Index" else 200
    return bool(len(values)) and values.min() > 0 and values.max() > large


def position(start) -> float:
    """A period's place on the axis of time, in years."""
    day = pd.Timestamp(start)
    return day.year + (day.day_of_year - 1) / 366


def turns_of(context: Context, rows: pd.DataFrame) -> dict[str, list[Turn]]:
    """By region among the rows, what there is to know of its series: events and breaks of the
    datasets shown, reforms of its territory."""
    used = {context.release.sources[s].dataset for s in context.sources_used(rows)}
    places = rows[["period", "start"]].drop_duplicates("period")
    known = [context.period(row) for row in places.itertuples(index=False)]
    drawn = [context.release.region(id) for id in rows["region"].unique()]
    return {region.id: context.turns(known, region, used) for region in drawn}


def _place(turn: Turn) -> float:
    """Its place on the axis; a break stands half a year before the first period of the new state,
    between two points."""
    assert turn.first is not None  # a turn without a first period marks no place
    return position(turn.first.start) - (0.5 if turn.is_break else 0)


def _breaks(turns: list[Turn]) -> tuple[float, ...]:
    return tuple(_place(turn) for turn in turns if turn.is_break and turn.first)


def _told(context: Context, turns: Mapping[str, list[Turn]]) -> list[Turn]:
    """What is marked and said: all of the own region and its parts, of any other only reforms."""
    own = {context.region.id, *context.region.parts}
    found = [
        turn for id, some in turns.items() for turn in some if id in own or turn.label == LABEL
    ]
    return list(dict.fromkeys(found))


def marks(rows: pd.DataFrame, turns: list[Turn]) -> tuple[Mark, ...]:
    """What begins inside the axis of these rows, in order of time: after the first number there
    is and not after the last, because nothing turns where nothing was before."""
    rows = rows[rows["value"].notna() | rows["status"].map(lambda s: bool(withheld(Status(s))))]
    if rows.empty:
        return ()
    first, last = position(rows["start"].min()), position(rows["start"].max())
    found = {Mark(_place(t), t.label, t.is_break) for t in turns if t.first}
    return tuple(sorted((m for m in found if first < m.x <= last), key=lambda mark: mark.x))


def _notes(rows: pd.DataFrame, turns: list[Turn], *, territory: bool) -> list[str]:
    """What the marks mean, and what has no mark but must be known: of reforms of the territory, or
    of all else."""
    inside = {mark.x for mark in marks(rows, turns)}
    found = [turn for turn in turns if not turn.first or _place(turn) in inside]
    return list(dict.fromkeys(t.text for t in found if (t.label == LABEL) == territory))


def line_of(context: Context, rows: pd.DataFrame, name: str) -> Series:
    """The own region's undivided series as a line of its own."""
    turns = turns_of(context, rows)[context.region.id]
    points = _points(context, rows, context.region.id)
    return Series(name, "category", points, breaks=_breaks(turns))


def _points(context: Context, rows: pd.DataFrame, region: str) -> tuple[Point, ...]:
    own = rows[(rows["region"] == region) & (rows["category"] == TOTAL)].sort_values("start")
    return tuple(_point(context, row, region) for row in own.itertuples(index=False))


def _point(context: Context, row, id: str = "") -> Point:
    return Point(
        x=position(row.start),
        value=None if pd.isna(row.value) else float(row.value),
        text=context.shown(row),
        label=row.period,
        id=id,
        withheld=withheld(Status(row.status)),
    )


def _withheld_alt(series: tuple[Series, ...]) -> str:
    """Which numbers are withheld and why, for those who cannot see the marks below the axis."""
    told = ""
    for kind, words in WITHHELD.items():
        found = {s.name: [p.label for p in s.points if p.withheld == kind] for s in series}
        parts = [
            f"{name} {formats.listing(labels) if len(labels) < 4 else f'{len(labels)}-mal'}"
            for name, labels in found.items()
            if labels
        ]
        told += f" {texts.begin(words)}: {'; '.join(parts)}." if parts else ""
    return told


def _without_number(
    context: Context,
    rows: pd.DataFrame,
    column: str,
    names: dict[str, str],
    missed: Collection[str] = (),
) -> str:
    """ "weiblich (geschützt)": what has no line because all its numbers are withheld; of what would
    be `missed` (the Landkreis beside its Stadt) also where nobody knows one."""
    told = []
    for id, name in names.items():
        found = rows[rows[column] == id]
        kinds = [_point(context, row).withheld for row in found.itertuples(index=False)]
        if any(kinds) and found["value"].isna().all():
            word = WITHHELD[next(filter(None, kinds))]
            # years nobody knows are no reason to call all of them withheld
            partly = (found["status"] == Status.MISSING.value).any()
            told.append(f"{name} ({f'teils {word}, teils ohne Angabe' if partly else word})")
        elif id in missed and found["value"].isna().all():
            reasons = set(found["status"]) or {Status.MISSING.value}
            why = Status(reasons.pop()) if len(reasons) == 1 else Status.MISSING
            told.append(f"{name} ({SIGNS[why].short})")
    return formats.listing(told)


def _by_category(context: Context) -> Answer:
    dimension = context.catalog.dimensions[context.view.by]
    rows = context.values([context.region.id], by=context.view.by)
    rounding_notes = rounding.of_division(context, rows)
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
    told = of_division(context, rows, period)
    alt = f"{context.indicator.name} nach {dimension.name}, {context.region.name}. {told.headline}."
    turns = turns_of(context, rows)[context.region.id]
    if lines:
        series = tuple(
            Series(
                names[c],
                "category",
                tuple(
                    _point(context, row)
                    for row in rows[rows["category"] == c].sort_values("start").itertuples()
                ),
                colour=colours[c],
                marker=theme.MARKERS[i % len(theme.MARKERS)],
                breaks=_breaks(turns),
            )
            for i, c in enumerate(lines)
        )
        alt += _withheld_alt(series)
        drawn = rows[rows["category"].isin(lines)]
        figure = chart(context, drawn, series, turns, alt)
        when = _span(drawn, period)
    else:
        figure = _bars(context, rows[rows["period"] == period], shown, names, colours, alt)
        when = period
    unseen = {c: f"„{names[c]}“" for c in order if c not in shown}
    if hidden := _without_number(context, rows, "category", unseen):
        when += f", ohne {hidden}"
    subtitle = context.subtitle(f"nach {dimension.name}, {context.region.name}, {when}")
    columns = [*shown, *([TOTAL] if TOTAL in set(rows["category"]) else [])]
    found = context.answer(
        rows,
        headline=told.headline,
        subtitle=subtitle,
        table=_category_table(context, rows, columns, names),
        reading_aid=told.reading_aid,
        comparison=told.comparison,
        alt=alt,
        period=period,
        periods=_labels(rows),
        figure=figure,
    )
    turns = turns if lines else []
    notes = [*rounding_notes, *_notes(rows, turns, territory=False)]
    if lines and len(lines) < len(shown):
        notes.insert(0, "Gezeichnet sind die wichtigsten Gruppen; alle nennt die Tabelle.")
    found = replace(found, notes=[*notes, *found.notes])
    return found.with_beside(_notes(rows, turns, territory=True))


def category_colours(dimension: str, categories: list[str]) -> dict[str, str]:
    """The same colour for the same school type everywhere; other dimensions take the first hues."""
    if set(categories) & set(theme.SCHOOL_TYPES):
        return {c: theme.category_colour(c, i) for i, c in enumerate(categories)}
    if len(categories) > MOST_LINES:  # bars carry their names; many colours would say nothing
        return dict.fromkeys(categories, theme.PRIMARY)
    return dict(zip(categories, theme.CATEGORIES, strict=False))


def _at_once(context: Context, series: tuple[Series, ...], alt: str) -> Chart:
    """The only number of each series as a bar with its name."""
    numbers = [(s, next((p for p in s.points if p.value is not None), None)) for s in series]
    known = [(s, point) for s, point in numbers if point is not None]
    return Chart(
        kind="bars",
        series=tuple(
            replace(s, points=(replace(point, x=float(i), label=s.name),))
            for i, (s, point) in enumerate(known)
        ),
        ticks=tuple((float(i), s.name) for i, (s, _) in enumerate(known)),
        decimals=context.indicator.shown_decimals,
        unit_suffix=_axis_suffix(context.indicator.unit),
        title=context.indicator.name,
        alt=alt,
    )


def _bars(context, rows, categories, names, colours, alt) -> Chart:
    points = []
    for i, category in enumerate(categories):
        row = next(rows[rows["category"] == category].itertuples(index=False), None)
        value = None if row is None or pd.isna(row.value) else float(row.value)
        text = context.shown(row) if row is not None else texts.shown(context.indicator, None)
        points.append(
            Series(
                names[category],
                "category",
                (Point(float(i), value, text, names[category]),),
                colour=colours[category],
            )
        )
    return Chart(
        kind="bars",
        series=tuple(points),
        ticks=tuple((float(i), names[c]) for i, c in enumerate(categories)),
        decimals=context.indicator.shown_decimals,
        unit_suffix=_axis_suffix(context.indicator.unit),
        title=context.indicator.name,
        alt=alt,
    )


def _labels(rows: pd.DataFrame) -> list[str]:
    known = rows[rows["value"].notna()].sort_values("start")
    return list(dict.fromkeys(known["period"]))


def _span(rows: pd.DataFrame, told: str) -> str:
    """The periods of the lines, and the one the headline tells, which need not be the newest."""
    labels = _labels(rows)
    if len(labels) < 2:
        return labels[0] if labels else ""
    span = f"{labels[0]} bis {labels[-1]}"
    return f"Wert für {told}, Zeitverlauf {span}" if told else span


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


def _category_table(context, rows: pd.DataFrame, categories: list[str], names: dict) -> Table:
    cells = {(row.category, row.period): row for row in rows.itertuples(index=False)}
    body = []
    for period in reversed(list(dict.fromkeys(rows.sort_values("start")["period"]))):
        line = [period]
        for category in categories:
            row = cells.get((category, period))
            line.append(context.shown(row) if row else texts.shown(context.indicator, None))
        body.append(tuple(line))
    columns = ("Zeitraum", *[names[c] for c in categories])
    return Table(columns, tuple(body), (False, *[True] * len(categories)))
