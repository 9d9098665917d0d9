"""The lines of panels: which rows each of them draws, and how a figure is made of all.

A panel is a place or a category; its lines are regions, or categories of the view's division.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from indicators import formats
from indicators.answers import trend
from indicators.answers.answer import MOST_LINES
from indicators.answers.context import Context
from indicators.answers.lines import breaks_of, chart, point_of, turns_of, withheld_alt
from indicators.catalog.definition import TOTAL
from indicators.figures import theme
from indicators.figures.chart import WITHHELD, Chart, Series
from indicators.figures.panel_layout import Panel as Drawn
from indicators.figures.panel_layout import PanelsPicture
from indicators.symbols import SIGNS, Status

PLACES, PARTS = "places", "parts"
NAMES = {PLACES: "Ort", PARTS: "Gemeinde/Stadtteil"}
_TOLD_IN_ALT = 8


@dataclass(frozen=True, eq=False)
class Panel:
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


@dataclass(frozen=True, eq=False)
class Line:
    """A line of a panel: its rows, and the series that draws them."""

    panel: Panel
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


def all_rows(panels: Sequence[Panel]) -> pd.DataFrame:
    """The rows of all panels, one behind the other: in the columns of `indicator_values`."""
    if not panels:
        return pd.DataFrame(columns=["region", "category", "value", "status", "period", "start"])
    filled = [panel.rows for panel in panels if len(panel.rows)] or [panels[0].rows]
    return pd.concat(filled, ignore_index=True)


def categories(context: Context, rows: pd.DataFrame) -> list[str]:
    """The categories of the view's division that have a number in any panel, in their order; those
    that are 0 everywhere only where all are."""
    if not context.view.by:
        return [TOTAL]
    known = rows[rows["value"].notna()]
    some = set(known.loc[known["value"] != 0, "category"]) or set(known["category"])
    return [c.id for c in context.catalog.dimensions[context.view.by].categories if c.id in some]


def highest(rows: pd.DataFrame, categories: Sequence[str]) -> list[str]:
    """Of more categories than can be told apart those with the highest values, in their order."""
    highest = rows.groupby("category")["value"].max()
    kept = highest[list(categories)].sort_values(ascending=False).index[:MOST_LINES]
    return [id for id in categories if id in set(kept)]


def lines_of(
    context: Context, panels: Sequence[Panel], categories: Sequence[str], each: str
) -> list[Line]:
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
    panel: Panel,
    region: str,
    category: str,
    name: str,
    role: str,
    marker: int = 0,
    colours: dict[str, str] | None = None,
) -> Line:
    rows = panel.of(region, category)
    turns = turns_of(panel.context, rows).get(region, []) if len(rows) else []
    points = tuple(point_of(panel.context, row, region) for row in rows.itertuples(index=False))
    colour = (colours or {}).get(panel.id if category == TOTAL else category)
    mark = theme.MARKERS[marker % len(theme.MARKERS)]
    series = Series(name, role, points, colour, mark, breaks=breaks_of(turns))
    return Line(panel, region, category, rows, series)


def figure_of(
    context: Context,
    rows: pd.DataFrame,
    panels: Sequence[Panel],
    lines: Sequence[Line],
    turns: list,
    headline: str,
) -> PanelsPicture | Chart:
    """Panels of lines; bars beside each other where there is one period only."""
    named = tuple(replace(line.series, name=line.name) for line in lines)
    names = formats.listing([panel.name for panel in panels])
    drawn = "Balken" if at_once(rows) else "kleine Liniendiagramme auf gleicher Achse"
    alt = f"{context.indicator.name}, {drawn}: {names}. "
    alt += f"{headline}." + _hidden_alt(named)
    whole = chart(context, rows, named, turns, alt)
    if whole.kind != "lines":
        return whole
    once = {line.series.name: line.series for line in reversed(lines)}
    in_order = dict.fromkeys(line.series.name for line in lines)
    return PanelsPicture(
        replace(whole, series=tuple(replace(once[name], points=()) for name in in_order)),
        tuple(
            Drawn(
                panel.name,
                tuple(line.series for line in lines if line.panel is panel),
                _untold(panel, [line for line in lines if line.panel is panel]),
            )
            for panel in panels
        ),
    )


def at_once(rows: pd.DataFrame) -> bool:
    """Whether there are numbers of one period only, which make no line."""
    return rows.loc[rows["value"].notna(), "period"].nunique() == 1


def _hidden_alt(named: Sequence[Series]) -> str:
    hidden = [s for s in named if any(p.withheld for p in s.points)]
    if len(hidden) > _TOLD_IN_ALT:
        return " Nicht gezeigte Zahlen sind gekennzeichnet; die Tabelle nennt sie."
    return withheld_alt(tuple(hidden))


def _untold(panel: Panel, lines: Sequence[Line]) -> str:
    """Why a panel has no line at all, or "ohne weiblich (geschützt)"."""
    without = [line for line in lines if not line.has_number]
    if len(without) == len(lines):
        return ", ".join(dict.fromkeys(_reason(line) for line in without))
    told = [f"{line.series.name} ({_reason(line)})" for line in without]
    return f"ohne {formats.listing(told)}" if told else ""


def _reason(line: Line) -> str:
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
