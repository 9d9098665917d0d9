"""Panels: small trends on one axis, one for each place or each category of a division.

What a panel is stands in the view's setting `each`; its division (`by`) makes several lines within
each. The rows are all of them: panel × region × category × period.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from indicators import formats, texts
from indicators.answers import rounding, scope, trend
from indicators.answers.answer import MOST_LINES, Answer, Context, Table, row_of
from indicators.answers.telling import before
from indicators.catalog.definition import TOTAL
from indicators.errors import NotPublishedError, ViewError
from indicators.figures import theme
from indicators.figures.chart import WITHHELD, Chart, Series, withheld
from indicators.figures.panels import Panel, PanelsPicture
from indicators.release.releases import Release
from indicators.symbols import SIGNS, Status
from indicators.texts import Value
from indicators.view import View

PLACES, PARTS = "places", "parts"
NAMES = {PLACES: "Ort", PARTS: "Gemeinde/Stadtteil"}
MOST_PANELS = 36  # of a division; nobody compares more of them
_NAMED = 3  # places that share the highest value, by name
_TOLD_IN_ALT = 8


@dataclass(frozen=True)
class _Panel:
    """A panel with the context of its words and all its `rows`; `regions` are those whose lines it
    shows where nothing divides them, each with its role, the one it is named after first."""

    id: str
    name: str
    context: Context
    regions: tuple[tuple[str, str], ...]
    rows: pd.DataFrame

    def of(self, region: str, category: str = TOTAL) -> pd.DataFrame:
        """The rows of one line in order of time, in the columns of `rows`."""
        found = self.rows[(self.rows["region"] == region) & (self.rows["category"] == category)]
        return found.sort_values("start")


@dataclass(frozen=True)
class _Line:
    """A line of a panel: its rows, and the series that draws them."""

    panel: _Panel
    region: str
    category: str
    rows: pd.DataFrame
    series: Series

    @property
    def name(self) -> str:
        """ "Stadt Hof, weiblich": what it is called beside the lines of other panels."""
        names = (self.panel.name, self.series.name)
        return ", ".join(dict.fromkeys(names))

    @property
    def is_main(self) -> bool:
        """Whether it is of the region its panel is about, not of one to compare with."""
        return self.region == self.panel.regions[0][0]

    @property
    def has_number(self) -> bool:
        return bool(self.rows["value"].notna().any())


def answer(release: Release, view: View) -> Answer:
    """Raises ViewError where the view's `each` is nothing this indicator has panels of."""
    context = Context(release, view)
    _check(context)
    each = view.setting("each") or default_each(context)
    context.restrict({d: c for d, c in context.only.items() if d != each})
    panels = _of_places(context, each) if each in NAMES else _of_categories(context, each)
    rows = _all_rows(panels)
    _check_number(context, panels, rows, each)
    context.check_period(rows, view.period)
    there = _categories(context, rows)
    drawn = (context.drawn_categories(there) or _highest(rows, there)) if view.by else [TOTAL]
    zeros = [] if each in NAMES else _zeros(panels)
    shown = [panel for panel in panels if panel not in zeros]
    lines = _lines(context, shown, drawn, each)
    period = view.period or _common_period(lines)
    headline = _headline(context, lines, period, each)
    turns = trend._told(context, trend.turns_of(context, rows))
    figure = _figure(context, rows, shown, lines, turns, headline)
    if zeros and isinstance(figure, PanelsPicture):
        figure = replace(figure, told=(_zero_words(context, zeros),))
    found = context.answer(
        rows,
        headline=headline,
        subtitle=context.subtitle(_subtitle(context, each, rows)),
        table=_table(context, panels, there, each),
        reading_aid=_reading_aid(context, lines, period, each),
        alt=figure.alt,
        period=period,
        periods=trend._labels(rows),
        figure=figure,
    )
    notes = rounding.of_division(context, rows) if view.by else []
    if len(drawn) < len(there):
        notes.insert(0, "Gezeichnet sind die wichtigsten Gruppen; alle nennt die Tabelle.")
    notes += [*_kept_back(panels), *trend._notes(rows, turns, territory=False)]
    found = replace(found, rows=_as_data(panels), notes=[*dict.fromkeys([*notes, *found.notes])])
    return found.with_beside(trend._notes(rows, turns, territory=True))


# --- panels ---------------------------------------------------------------------------------------


def offered(context: Context) -> list[str]:
    """What a panel can be: a place where there are several, a Gemeinde or Stadtteil where there are
    any, a category of each division of the indicator."""
    found = [PLACES] if len(_places(context, PLACES)) > 1 else []
    found += [PARTS] if scope.parts_of(context.release, context.region) else []
    dimensions = context.catalog.dimensions
    divisions = [b.dimension for b in context.indicator.breakdowns]
    found += [id for id in divisions if not dimensions[id].incomparable]
    return found or [PLACES]


def default_each(context: Context) -> str:
    """Places where there are several, else the first division that does not make the lines."""
    return next((id for id in offered(context) if id not in (PARTS, context.view.by)), PLACES)


def _check(context: Context) -> None:
    """Raises ViewError where panels or lines cannot be what the view asks for."""
    view = context.view
    each = view.setting("each")
    allowed = [*NAMES, *(b.dimension for b in context.indicator.breakdowns)]
    if each and each not in allowed:
        raise ViewError(
            f"each: „{each}“ gibt es nicht. Erlaubt sind {', '.join(allowed)}.",
            name="each",
            value=each,
        )
    if each and each == view.by:
        raise ViewError(
            f"Bilder und Linien sind beide nach {context.catalog.dimensions[each].name} geteilt. "
            "Nächster Schritt: unter „Aufteilung“ oder „Je Bild“ anderes wählen.",
            name="by",
            value=view.by,
        )
    for id in (each, view.by):
        if id in allowed[2:] and (reason := context.catalog.dimensions[id].incomparable):
            raise ViewError(
                f"{reason} Nächster Schritt: die Tabelle stellt alle nebeneinander.",
                name="each" if id == each else "by",
                value=id,
            )


def _places(context: Context, each: str) -> list[tuple[str, str]]:
    """The regions that have a panel, with their roles, the own one first: the joint region it is
    part of, the other members, chosen ones, Land and Germany; of a count not these, beside which
    all would lie flat on the axis. Or the Gemeinden and Stadtteile of the region."""
    own = context.region
    if each == PARTS:
        around = context.release.region(own.parent) if scope.is_part(own) and own.parent else own
        parts = [(id, "category") for id in scope.parts_of(context.release, around)]
        whole = (around.id, "own" if around.id == own.id else "land")
        found = [(own.id, "own"), whole, *parts]
    else:
        joint = [r.id for r in context.release.regions.values() if own.id in r.members]
        found = [(own.id, "own"), *((id, "category") for id in joint), *context.companions()]
        if context.indicator.is_count:
            found = [one for one in found if one[1] not in ("land", "germany")]
    roles: dict[str, str] = {}
    for id, role in found:
        roles.setdefault(id, role)
    return list(roles.items())


def _of_places(context: Context, each: str) -> list[_Panel]:
    """A panel for each place; one that is only there to compare with, and of which nobody has
    anything, is left out."""
    places = _places(context, each)
    rows = context.values([region for region, _ in places], by=context.view.by or None)
    if each == PARTS:
        _check_parts(context, [region for region, role in places if role == "category"], rows)
    found = []
    for region, role in places:
        own = rows[rows["region"] == region]
        if own.empty and role in ("land", "germany"):
            continue
        of_place = Context(context.release, context.view)
        of_place.restrict(context.only)
        of_place.compared = (region,)
        name = context.release.region(region).name
        found.append(_Panel(region, name, of_place, ((region, role),), own))
    return found


def _check_parts(context: Context, parts: list[str], rows: pd.DataFrame) -> None:
    """Raises why there is nothing of any Gemeinde or Stadtteil."""
    found = rows[rows["region"].isin(parts)]
    if context.view.by:
        found = found[found["category"] != TOTAL]
    if found["value"].notna().any() or any(withheld(Status(s)) for s in found["status"]):
        return
    asked = Context(context.release, context.view)
    asked.restrict(context.only)
    asked.compared = tuple(parts)
    if reason := asked.kept_back():
        raise NotPublishedError(reason)
    raise ViewError(
        f"{context.indicator.name}: Für Gemeinden und Stadtteile {context.region.where} liegen "
        "keine Werte vor. Nächster Schritt: unter „Je Bild“ anderes wählen."
    )


def _of_categories(context: Context, dimension: str) -> list[_Panel]:
    """A panel for each category of which there is anything: with the line of the region and of its
    parts, or divided once more."""
    described, land = context.catalog.dimensions[dimension], context.region.land
    ids = [category.id for category in described.categories]
    if len(ids) > MOST_PANELS:
        ids = [id for id in ids if id in described.leading]
    if not ids:
        raise ViewError(
            f"{described.name} hat zu viele Ausprägungen für Bilder nebeneinander. Nächster "
            "Schritt: die Tabelle nennt alle.",
            name="each",
            value=dimension,
        )
    regions = [(context.region.id, "own")]
    if not context.view.by:
        regions += [one for one in context.companions() if one[1] in ("part", "other")]
    found = []
    for id in ids:
        of_category = Context(context.release, context.view)
        of_category.restrict(context.only | {dimension: id})
        rows = of_category.values([r for r, _ in regions], by=context.view.by or None)
        name = described.category_name(id, land)
        found.append(_Panel(id, name, of_category, tuple(regions), rows))
    return [panel for panel in found if len(panel.rows)] or found


def _check_number(
    context: Context, panels: Sequence[_Panel], rows: pd.DataFrame, each: str
) -> None:
    """Raises why no panel has a number: nothing is published or known in these divisions."""
    if context.view.by:
        rows = rows[rows["category"] != TOTAL]
    if rows["value"].notna().any():
        return
    for panel in panels:
        if reason := panel.context.kept_back():
            raise NotPublishedError(reason)
    if each in NAMES:
        context.check_number(rows)
    whole = Context(context.release, context.view.with_(by=""))
    whole.check_number(whole.values([context.region.id]))
    divisions = [id for id in (each, context.view.by) if id and id not in NAMES]
    names = [context.catalog.dimensions[id].name for id in divisions]
    raise ViewError(
        f"Für {context.region.name} gibt es {context.indicator.name} nicht nach "
        f"{formats.listing(names)} getrennt. Nächster Schritt: unter „Je Bild“ oder „Aufteilung“ "
        "anderes wählen."
    )


def _zeros(panels: Sequence[_Panel]) -> list[_Panel]:
    """Those of several panels that are 0 wherever anything is known, such as school types that a
    Kreis does not have: told in words, they leave their room to the others."""
    found = [
        panel
        for panel in panels
        if (panel.rows["value"].dropna() == 0).all()
        and panel.rows["value"].notna().any()
        and not any(withheld(Status(status)) for status in panel.rows["status"])
    ]
    return found if len(found) > 1 and len(found) < len(panels) else []


def _zero_words(context: Context, zeros: Sequence[_Panel]) -> str:
    known = zeros[0].rows[zeros[0].rows["value"].notna()]
    nothing = zeros[0].context.shown(row_of(known))
    names = formats.listing([panel.name for panel in zeros])
    return f"In allen Jahren mit Angaben {nothing}: {names}"


def _all_rows(panels: Sequence[_Panel]) -> pd.DataFrame:
    """The rows of all panels, one behind the other: in the columns of `indicator_values`."""
    if not panels:
        return pd.DataFrame(columns=["region", "category", "value", "status", "period", "start"])
    filled = [panel.rows for panel in panels if len(panel.rows)] or [panels[0].rows]
    return pd.concat(filled, ignore_index=True)


def _categories(context: Context, rows: pd.DataFrame) -> list[str]:
    """The categories of the view's division that have a number in any panel, in their order; those
    that are 0 everywhere only where all are."""
    if not context.view.by:
        return [TOTAL]
    known = rows[rows["value"].notna()]
    some = set(known.loc[known["value"] != 0, "category"]) or set(known["category"])
    return [c.id for c in context.catalog.dimensions[context.view.by].categories if c.id in some]


def _highest(rows: pd.DataFrame, categories: Sequence[str]) -> list[str]:
    """Of more categories than can be told apart those with the highest values, in their order."""
    highest = rows.groupby("category")["value"].max()
    kept = highest[list(categories)].sort_values(ascending=False).index[:MOST_LINES]
    return [id for id in categories if id in set(kept)]


# --- lines ----------------------------------------------------------------------------------------


def _lines(
    context: Context, panels: Sequence[_Panel], categories: Sequence[str], each: str
) -> list[_Line]:
    """The lines of all panels, panel by panel."""
    if context.view.by:
        colours = trend.category_colours(context.view.by, list(categories))
        return [
            _line(panel, region, category, context.category_name(category), "category", i, colours)
            for panel in panels
            for region, _ in panel.regions[:1]
            for i, category in enumerate(categories)
        ]
    alone = each not in NAMES and all(len(panel.regions) == 1 for panel in panels)
    if alone:
        colours = trend.category_colours(each, [panel.id for panel in panels])
        return [
            _line(panel, panel.regions[0][0], TOTAL, panel.name, "category", 0, colours)
            for panel in panels
        ]
    return [
        _line(panel, region, TOTAL, context.release.region(region).name, role)
        for panel in panels
        for region, role in panel.regions
    ]


def _line(
    panel: _Panel,
    region: str,
    category: str,
    name: str,
    role: str,
    marker: int = 0,
    colours: dict[str, str] | None = None,
) -> _Line:
    rows = panel.of(region, category)
    turns = trend.turns_of(panel.context, rows).get(region, []) if len(rows) else []
    points = tuple(trend._point(panel.context, row, region) for row in rows.itertuples(index=False))
    colour = (colours or {}).get(panel.id if category == TOTAL else category)
    mark = theme.MARKERS[marker % len(theme.MARKERS)]
    series = Series(name, role, points, colour, mark, breaks=trend._breaks(turns))
    return _Line(panel, region, category, rows, series)


def _figure(
    context: Context,
    rows: pd.DataFrame,
    panels: Sequence[_Panel],
    lines: Sequence[_Line],
    turns: list,
    headline: str,
) -> PanelsPicture | Chart:
    """Panels of lines; bars beside each other where there is one period only."""
    named = tuple(replace(line.series, name=line.name) for line in lines)
    names = formats.listing([panel.name for panel in panels])
    drawn = "Balken" if _at_once(rows) else "kleine Liniendiagramme auf gleicher Achse"
    alt = f"{context.indicator.name}, {drawn}: {names}. "
    alt += f"{headline}." + _hidden_alt(named)
    chart = trend.chart(context, rows, named, turns, alt)
    if chart.kind != "lines":
        return chart
    once = {line.series.name: line.series for line in reversed(lines)}
    in_order = dict.fromkeys(line.series.name for line in lines)
    return PanelsPicture(
        replace(chart, series=tuple(replace(once[name], points=()) for name in in_order)),
        tuple(
            Panel(
                panel.name,
                tuple(line.series for line in lines if line.panel is panel),
                _untold(panel, [line for line in lines if line.panel is panel]),
            )
            for panel in panels
        ),
    )


def _at_once(rows: pd.DataFrame) -> bool:
    """Whether there are numbers of one period only, which make no line."""
    return rows.loc[rows["value"].notna(), "period"].nunique() == 1


def _hidden_alt(named: Sequence[Series]) -> str:
    hidden = [s for s in named if any(p.withheld for p in s.points)]
    if len(hidden) > _TOLD_IN_ALT:
        return " Nicht gezeigte Zahlen sind gekennzeichnet; die Tabelle nennt sie."
    return trend._withheld_alt(tuple(hidden))


def _untold(panel: _Panel, lines: Sequence[_Line]) -> str:
    """Why a panel has no line at all, or "ohne weiblich (geschützt)"."""
    without = [line for line in lines if not line.has_number]
    if len(without) == len(lines):
        return ", ".join(dict.fromkeys(_reason(line) for line in without))
    told = [f"{line.series.name} ({_reason(line)})" for line in without]
    return f"ohne {formats.listing(told)}" if told else ""


def _reason(line: _Line) -> str:
    """Why a line has no number at all, in few words."""
    context = line.panel.context
    found = line.rows.sort_values("start", ascending=False).itertuples(index=False)
    words = list(dict.fromkeys(context.shown(row) for row in found))
    hidden = [word for word in words if word in WITHHELD.values()]
    if not hidden and context.kept_back():
        return "wird nicht veröffentlicht"
    if hidden and len(words) > 1:  # years nobody knows are no reason to call all of them withheld
        return f"teils {hidden[0]}, teils {next(w for w in words if w != hidden[0])}"
    return words[0] if words else SIGNS[Status.MISSING].short


def _kept_back(panels: Iterable[_Panel]) -> list[str]:
    """Why panels without any number have none, where that is on purpose."""
    empty = [panel for panel in panels if panel.rows["value"].isna().all()]
    return [reason for panel in empty if (reason := panel.context.kept_back())]


# --- what is told ---------------------------------------------------------------------------------


def _common_period(lines: Sequence[_Line]) -> str:
    """The newest period in which at least half of the panels that have any number have one."""
    known = [line.rows[line.rows["value"].notna()].assign(of=line.panel.id) for line in lines]
    every = pd.concat([one for one in known if len(one)])
    counted = every.groupby(["start", "period"])["of"].nunique().reset_index()
    enough = counted["of"] >= min(every["of"].nunique() / 2, counted["of"].max())
    return counted[enough].sort_values("start")["period"].iloc[-1]


def _headline(context: Context, lines: Sequence[_Line], period: str, each: str) -> str:
    """The ends of the range of all lines in one period, by name; of counts without regions that
    contain others, which are larger by their nature."""
    main = [line for line in lines if line.is_main]
    compared = main if any(_at(line, period) for line in main) else list(lines)
    compared = [line for line in compared if not _contains_another(context, line, compared)]
    values = [(line, value) for line in compared if (value := _at(line, period)) is not None]
    name = context.indicator.name
    name += f" ({context.qualifier})" if context.qualifier else ""
    if not values:
        return f"{name}: zum Zeitraum {period} keine Werte"
    told = [(_where(context, line, each), value) for line, value in values]
    sentence = f"{name} {values[0][1].period.adverbial}: {_range(context, told)}"
    if len(values) < len(compared):
        what = "Gebieten" if each in NAMES else "Ausprägungen"
        of = f"{formats.number(len(values))} von {formats.number(len(compared))}"
        sentence += f"; Werte liegen für {of} {'Linien' if context.view.by else what} vor"
    return sentence


def _contains_another(context: Context, line: _Line, lines: Sequence[_Line]) -> bool:
    if not context.indicator.is_count:
        return False
    region = context.release.region(line.region)
    others = {context.release.region(one.region) for one in lines}
    return any(
        other.id != region.id and (other.id in region.members or other.parent in region.parts)
        for other in others
        if other.id != line.region
    )


def _at(line: _Line, period: str) -> Value | None:
    """The value of a line in a period; None where it has no number."""
    found = line.rows[(line.rows["period"] == period) & line.rows["value"].notna()]
    return line.panel.context.value(row_of(found)) if len(found) else None


def _where(context: Context, line: _Line, each: str) -> str:
    """ "in der Stadt Hof bei „weiblich“", "bei „Gymnasium, weiblich“" """
    category = context.category_name(line.category) if context.view.by else ""
    place = context.release.region(line.region).where
    if each in NAMES:
        return f"{place} bei „{category}“" if category else place
    told = f"bei „{', '.join(filter(None, [line.panel.name, category]))}“"
    return told if line.is_main else f"{told} {place}"


def _range(context: Context, values: Sequence[tuple[str, Value]]) -> str:
    """ "am höchsten in der Stadt Hof (12,8 %), am niedrigsten im Landkreis Hof (4,1 %)" """
    shown = [(where, texts.said(context.indicator, value)) for where, value in values]
    if len({words for _, words in shown}) == 1:
        return f"{shown[0][0] if len(shown) == 1 else 'überall'} {shown[0][1]}"
    numbers = [value.number for _, value in values]
    told = []
    for word, end in (("am höchsten", max(numbers)), ("am niedrigsten", min(numbers))):
        words = shown[numbers.index(end)][1]
        ties = [where for where, others in shown if others == words]
        where = formats.listing(ties) if len(ties) <= _NAMED else f"in {len(ties)} Fällen"
        told.append(f"{word} {where} ({words})")
    return ", ".join(told)


def _subtitle(context: Context, each: str, rows: pd.DataFrame) -> str:
    dimensions = context.catalog.dimensions
    what = NAMES.get(each) or dimensions[each].name
    labels = trend._labels(rows)
    told = [
        f"nach {what}" if _at_once(rows) else f"ein Bild je {what}",
        f"nach {dimensions[context.view.by].name}" if context.view.by else "",
        context.region.name,
        " bis ".join(dict.fromkeys([*labels[:1], *labels[-1:]])),
    ]
    return ", ".join(filter(None, told))


def _reading_aid(context: Context, lines: Sequence[_Line], period: str, each: str) -> str:
    """One number with its counts: of the first place that has one, of categories the largest."""
    known = [(line, now) for line in lines if (now := _at(line, period)) is not None]
    if not known:
        return ""
    main = [one for one in known if one[0].is_main] or known
    line, now = main[0] if each in NAMES else max(main, key=lambda one: one[1].number)
    own = line.panel.context
    values = [own.value(row) for row in line.rows.itertuples(index=False)]
    return texts.reading_aid(context.indicator, now, before(own, values, now))


def _table(context: Context, panels: Sequence[_Panel], categories: list[str], each: str) -> Table:
    """A row for each panel and period, the newest first; a column for each category or region."""
    columns: dict[tuple[str, str], str] = {}
    by = context.view.by
    if by:
        known = {category for panel in panels for category in panel.rows["category"]}
        for category in [*categories, *([TOTAL] if TOTAL in known else [])]:
            columns["", category] = context.category_name(category)
    elif each in NAMES:
        columns["", TOTAL] = context.indicator.short_name
    else:
        for region, _ in panels[0].regions:
            columns[region, TOTAL] = context.release.region(region).name
    body = []
    for panel in panels:
        own = panel.regions[0][0]
        cells = {(r.region, r.category, r.period): r for r in panel.rows.itertuples(index=False)}
        ordered = panel.rows.sort_values("start", ascending=False)
        for period in dict.fromkeys(ordered["period"]):
            found = [cells.get((region or own, c, period)) for region, c in columns]
            told = [
                texts.shown(context.indicator, None) if row is None else panel.context.shown(row)
                for row in found
            ]
            body.append((panel.name, period, *told))
        if panel.rows.empty:
            body.append((panel.name, "–", *[SIGNS[Status.MISSING].short] * len(columns)))
    what = "Gebiet" if each in NAMES else context.catalog.dimensions[each].name
    heads = (what, "Zeitraum", *columns.values())
    return Table(heads, tuple(body), (False, False, *[True] * len(columns)))


def _as_data(panels: Sequence[_Panel]) -> list[dict]:
    """The rows in the stable form of the command line, each with its panel."""
    return [
        {"panel": panel.id, "panel_name": panel.name} | row
        for panel in panels
        for row in panel.context.rows_as_data(panel.rows)
    ]
