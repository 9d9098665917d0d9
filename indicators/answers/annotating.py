"""Events and targets of the town, put into the answer that they concern.

An answer is a function of release and view; what the town did and wants comes to it as a third
thing, from outside of the release, and changes none of its numbers. So it is added here to a
finished answer: flags and lines to its figure, notes, and the state of each target.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import count

from indicators import texts
from indicators.answers.answer import Answer, Picture, Told
from indicators.answers.context import Context
from indicators.answers.lines import position, turns_of
from indicators.answers.panel_lines import NAMES
from indicators.answers.targets import due_period, judged
from indicators.catalog.definition import TOTAL
from indicators.catalog.meaning import PeriodRule
from indicators.figures.chart import Chart, Mark, Point, Series
from indicators.figures.panel_layout import PanelsPicture
from indicators.figures.slope import SlopePicture
from indicators.periods import Period, PeriodError
from indicators.regions import Region
from indicators.release.releases import Release
from indicators.saved.annotations import Annotations, Event, Target, digest_of
from indicators.texts import Judgement
from indicators.view import View

# The kinds over time; a change between two moments is one, too.
_EVENTS = ("trend", "panels", "together", "table")
_TARGETS = ("trend", "panels", "table")


@dataclass(frozen=True)
class _Goal:
    """A target that concerns the view: its series, when it is to be reached, how far it is."""

    name: str
    target: Target
    due: Period
    group: str
    line: Series
    found: Judgement


def annotated(release: Release, view: View, found: Answer, annotations: Annotations) -> Answer:
    """The answer with the events and targets that concern it; as it was where there are none."""
    if found.indicator is None or not (annotations.events or annotations.targets):
        return found
    context = Context(release, view.with_(kind="trend", settings=()))
    goals, unusable = _goals(context, view, annotations.targets)
    found = _with_goals(context, view, found, goals, unusable)
    events = _events(context, view, found, annotations.events)
    used: list[tuple[str, Event | Target]] = [*events]
    used += [(goal.name, goal.target) for goal in goals]
    found = _with_events(context, found, [event for _, event in events])
    return replace(found, annotations=digest_of(used))


def faults(release: Release, entry: Event | Target) -> list[str]:
    """What an event or target names that this release does not have, or that cannot be; empty where
    all is well."""
    named = (entry.region,) if isinstance(entry, Target) else entry.regions
    indicators = (entry.indicator,) if isinstance(entry, Target) else entry.indicators
    found = [f"Die Region „{id}“ gibt es nicht." for id in named if id not in release.regions]
    known = release.catalog.indicators
    found += [f"Den Indikator „{id}“ gibt es nicht." for id in indicators if id not in known]
    if isinstance(entry, Event):
        themes = release.catalog.vocabulary.themes
        return found + [
            f"Das Thema „{id}“ gibt es nicht." for id in entry.themes if id not in themes
        ]
    return found or _target_faults(release, entry)


def _target_faults(release: Release, target: Target) -> list[str]:
    indicator = release.catalog.indicators[target.indicator]
    found = []
    rule = release.catalog.datasets[indicator.calculations[0].terms[0].dataset].period
    try:
        due_period(rule, target.year)
    except PeriodError:
        example = rule.of_year(target.decided.year + 5).label
        found.append(
            f"„{target.year}“ ist kein Zeitraum dieses Indikators; er schreibt ihn so: {example}."
        )
    if indicator.unit == "%" and not 0 <= target.value <= 100:
        found.append("Ein Anteil liegt zwischen 0 und 100 Prozent.")
    for dimension, category in target.group.items():
        divisions = {one.dimension for one in indicator.breakdowns}
        known = release.catalog.dimensions.get(dimension)
        if known is None or dimension not in divisions:
            found.append(f"Nach „{dimension}“ wird dieser Indikator nicht aufgeteilt.")
        elif category not in {one.id for one in known.categories}:
            found.append(f"Die Ausprägung „{category}“ gibt es bei {known.name} nicht.")
    return found


# --- events ---------------------------------------------------------------------------------------


def concerns(event: Event, region: Region, regions: dict[str, Region]) -> bool:
    """Whether an event is one of a region: of itself, of what it is a part of, or of one of the
    members that it is made of."""
    around = {region.id, *region.parts, "DG"}
    around |= {joint.id for joint in regions.values() if region.id in joint.members}
    for id in region.parts:
        while id in regions:
            around |= {id, regions[id].land} - {""}
            id = regions[id].parent or ""
    if region.invented:
        around -= {"DG"}
    return not around.isdisjoint(event.regions)


def _events(
    context: Context, view: View, found: Answer, events: Iterable[tuple[str, Event]]
) -> list[tuple[str, Event]]:
    if not (view.kind in _EVENTS or isinstance(found.figure, SlopePicture)):
        return []
    several = [row["indicator"] for row in found.rows if "indicator" in row]
    asked = {view.indicator, *several}
    themes = {context.catalog.indicators[id].theme for id in asked}
    return [
        (name, event)
        for name, event in events
        if concerns(event, context.region, context.release.regions)
        and (
            not (event.indicators or event.themes)
            or not asked.isdisjoint(event.indicators)
            or not themes.isdisjoint(event.themes)
        )
    ]


def _with_events(context: Context, found: Answer, events: Sequence[Event]) -> Answer:
    rule = _rule(context)
    first, last = _ends(context, found)
    if first is None or last is None:
        return found
    numbers = count(1)
    told, marks = [], []
    for event in sorted(events, key=lambda e: e.day):
        period = _holding(rule, event.day)
        at = position(period.start)
        if at < first - 1e-6:
            continue  # before anything is shown
        number = next(numbers) if at <= last + 1e-6 else 0
        if number:
            marks.append((Mark(at, event.title, number=number), event))
        told.append(_told(context, event, number, period))
    if not told:
        return found
    found = replace(found, figure=_flagged(context, found, marks), events=tuple(told))
    return _beside(found, [one.note for one in told])


def _told(context: Context, event: Event, number: int, period: Period) -> Told:
    release, region = context.release, context.region
    part = [id for id in event.regions if id in region.parts and id != region.id]
    whole = region.id in event.regions or len(part) == len(region.parts)
    places = "" if whole else " und ".join(release.region(id).name for id in part)
    note = texts.event_note(event, number, places)
    data = {
        "number": number or None,
        "title": event.title,
        "kind": event.kind,
        "when": event.when,
        "period": period.label,
        "text": event.text,
        "source": event.source,
        "regions": list(event.regions),
        "note": note,
    }
    return Told(note, texts.event_short(event, number), data)


def _holding(rule: PeriodRule, day: date) -> Period:
    """The first period that holds what was counted after something new began on this day, as for
    the events that ship: the one in which the day lies, or the first key date from it on."""
    return next(p for y in (-1, 0, 1) if (p := rule.of_year(day.year + y)).end >= day)


def _ends(context: Context, found: Answer) -> tuple[float | None, float | None]:
    """The ends of the axis of time: of the figure, or of what its table tells."""
    figure = found.figure
    chart = figure.chart if isinstance(figure, PanelsPicture) else figure
    if isinstance(chart, Chart) and chart.kind == "lines":
        return chart.ticks[0][0], chart.ticks[-1][0]
    rule = _rule(context)
    labels = figure.moments if isinstance(figure, SlopePicture) else tuple(found.periods)
    try:
        places = [position(rule.meant(label).start) for label in labels]
    except PeriodError:
        return None, None
    return (min(places), max(places)) if places else (None, None)


def _flagged(context: Context, found: Answer, marks: list[tuple[Mark, Event]]) -> Picture | None:
    figure = found.figure
    flags = tuple(mark for mark, _ in marks)
    if isinstance(figure, Chart) and figure.kind == "lines":
        return replace(figure, marks=tuple(sorted((*figure.marks, *flags), key=lambda m: m.x)))
    if isinstance(figure, SlopePicture):
        first, last = _ends(context, found)
        if first is None or last is None or last <= first:
            return figure
        between = ((m, (m.x - first) / (last - first)) for m in flags)
        return replace(figure, marks=tuple(replace(m, x=share) for m, share in between))
    if isinstance(figure, PanelsPicture):
        panels = tuple(
            replace(
                panel,
                marks=tuple(m for m, event in marks if _is_of(context, event, _region_of(panel))),
            )
            for panel in figure.panels
        )
        return replace(figure, panels=panels)
    return figure


def _is_of(context: Context, event: Event, region: str) -> bool:
    if region not in context.release.regions:
        return False
    return concerns(event, context.release.region(region), context.release.regions)


def _region_of(panel) -> str:
    """The region a panel is about: the first of its lines is that."""
    return next((point.id for series in panel.series for point in series.points), "")


# --- targets --------------------------------------------------------------------------------------


def _goals(
    context: Context, view: View, targets: Iterable[tuple[str, Target]]
) -> tuple[list[_Goal], list[str]]:
    """The targets that concern the view, and why others of its region have no line."""
    goals: list[_Goal] = []
    unusable: list[str] = []
    if view.kind not in _TARGETS or view.measure != "share":
        return goals, unusable
    for name, target in targets:
        if target.indicator != view.indicator or not _is_shown(context, view, target):
            continue
        try:
            goals.append(_goal(context, name, target))
        except PeriodError:
            unusable.append(texts.unusable(target))
    return goals, unusable


def _is_shown(context: Context, view: View, target: Target) -> bool:
    """Whether the series that a target speaks of has a line in the view."""
    places = view.kind == "panels" and (view.setting("each") or "places") in NAMES
    regions = {context.region.id, *context.region.parts} if places else {context.region.id}
    if target.region not in regions:
        return False
    if not target.group:
        each = view.setting("each")
        divided = bool(view.by) or view.kind == "panels" and bool(each) and each not in NAMES
        return not divided and context.only == Context(context.release, _plain(view)).only
    ((dimension, category),) = target.group.items()
    known = context.catalog.dimensions.get(dimension)
    if known is None or category not in {one.id for one in known.categories}:
        return False
    if dict(view.only).get(dimension) == category:
        return not view.by and len(view.only) == 1
    return dimension in (view.by, view.setting("each")) and not view.only


def _plain(view: View) -> View:
    return view.with_(only=(), by="", kind="trend", settings=())


def _goal(context: Context, name: str, target: Target) -> _Goal:
    release = context.release
    asked = View(
        kind="trend",
        indicator=target.indicator,
        region=target.region,
        only=tuple(target.group.items()),
    )
    own = Context(release, asked)
    rule = _rule(own)
    due = due_period(rule, target.year)
    rows = own.values([target.region])
    rows = rows[rows["category"] == TOTAL].sort_values("start")
    series = [own.value(row) for row in rows.itertuples(index=False)]
    turns = turns_of(own, rows)[target.region] if len(rows) else []
    breaks = [turn.first for turn in turns if turn.is_break and turn.first]
    found = judged(own.indicator, target, due, series, breaks, [str(f) for f in rows["flags"]])
    group = "".join(
        own.catalog.dimensions[d].category_name(c, own.region.land) for d, c in target.group.items()
    )
    label = texts.target_name(own.indicator, target, due, group)
    # the line begins with the period of the decision
    first = _holding(rule, target.decided).year
    years = range(min(first, due.year), due.year + 1)
    points = tuple(
        Point(position(p.start), target.value, label.partition(": ")[2], p.label, target.region)
        for p in map(rule.of_year, years)
    )
    return _Goal(name, target, due, group, Series(label, "target", points, short=label), found)


def _with_goals(
    context: Context, view: View, found: Answer, goals: Sequence[_Goal], unusable: list[str]
) -> Answer:
    if not goals:
        return _beside(found, unusable) if unusable else found
    indicator = context.catalog.indicators[view.indicator]
    told = tuple(_target_told(context, goal) for goal in goals)
    states = [(goal.due.label, goal.found.state) for goal in goals]
    found = replace(
        found,
        figure=_with_lines(context, view, found.figure, goals),
        subtitle=f"{found.subtitle} · {texts.targets_subtitle(states)}",
        targets=told,
        alt=f"{found.alt} {' '.join(one.short for one in told)}.",
    )
    if isinstance(found.figure, Chart | PanelsPicture):
        found = replace(found, figure=_described(found.figure, found.alt))
    assert indicator.id == view.indicator
    return _beside(found, [*(one.note for one in told), *unusable])


def _target_told(context: Context, goal: _Goal) -> Told:
    indicator = context.catalog.indicators[goal.target.indicator]
    parts = (indicator, goal.target, goal.due, goal.found, goal.group)
    note = texts.target_note(*parts)
    target, found = goal.target, goal.found
    data = {
        "region": target.region,
        "indicator": target.indicator,
        "group": dict(target.group),
        "direction": target.direction,
        "value": target.value,
        "unit": indicator.unit,
        "period": goal.due.label,
        "decided": target.decided.isoformat(),
        "source": target.source,
        "state": found.state,
        "start_period": found.start.period.label if found.start else None,
        "start_value": found.start.value if found.start else None,
        "judged_period": found.now.period.label if found.now else None,
        "judged_value": found.now.value if found.now else None,
        "expected_value": found.expected,
        "note": note,
    }
    return Told(note, texts.target_short(*parts), data)


def _with_lines(
    context: Context, view: View, figure: Picture | None, goals: Sequence[_Goal]
) -> Picture | None:
    if isinstance(figure, Chart) and figure.kind == "lines":
        lines = [_clipped(goal.line, figure) for goal in goals]
        lines = [_coloured(line, goal, figure) for line, goal in zip(lines, goals, strict=True)]
        return _extended(replace(figure, series=(*figure.series, *lines)), lines)
    if not isinstance(figure, PanelsPicture):
        return figure
    drawn: dict[str, Series] = {}
    panels = []
    for panel in figure.panels:
        own = [g for g in goals if _belongs(context, view, g, panel)]
        lines = [_clipped(goal.line, figure.chart) for goal in own]
        drawn |= {line.name: line for line in lines}
        panels.append(replace(panel, series=(*panel.series, *lines)))
    chart = _extended(figure.chart, list(drawn.values()))
    named = tuple(replace(line, points=()) for line in drawn.values())
    chart = replace(chart, series=(*chart.series, *named))
    return replace(figure, chart=chart, panels=tuple(panels))


def _belongs(context: Context, view: View, goal: _Goal, panel) -> bool:
    if _region_of(panel) != goal.target.region:
        return False
    each = view.setting("each")
    if goal.target.group and each in goal.target.group:
        return panel.name == goal.group
    return True


def _clipped(line: Series, chart: Chart) -> Series:
    """A target's line within the figure: it does not make the axis begin earlier."""
    first = chart.ticks[0][0]
    kept = tuple(p for p in line.points if p.x >= first - 1e-6)
    return replace(line, points=kept or line.points[-1:])


def _coloured(line: Series, goal: _Goal, chart: Chart) -> Series:
    """In the colour of the category that it is a target of."""
    same = [s for s in chart.series if goal.group and s.name == goal.group]
    return replace(line, colour=same[0].colour) if same else line


def _extended(chart: Chart, lines: Sequence[Series]) -> Chart:
    """With the axis of time going on until the last target."""
    ticks = dict(chart.ticks)
    last = max(ticks)
    ahead = {p.x: p.label for line in lines for p in line.points if p.x > last + 1e-6}
    if not ahead:
        return chart
    return replace(chart, ticks=tuple(sorted({**ticks, **ahead}.items())), until=last)


def _described(figure: Chart | PanelsPicture, alt: str) -> Chart | PanelsPicture:
    if isinstance(figure, PanelsPicture):
        return replace(figure, chart=replace(figure.chart, alt=alt))
    return replace(figure, alt=alt)


# --- both -----------------------------------------------------------------------------------------


def _rule(context: Context) -> PeriodRule:
    first = context.indicator.calculations[0].terms[0]
    return context.catalog.datasets[first.dataset].period


def _beside(found: Answer, told: Sequence[str]) -> Answer:
    """Behind what stands beside the figure already, and before all other notes."""
    beside = tuple(dict.fromkeys([*found.beside, *told]))
    others = [note for note in found.notes if note not in beside]
    return replace(found, notes=[*beside, *others], beside=beside)
