"""How a series of a chart looks: colour, width, dash and marker, decided once for every medium.

Own region, its parts, Land and Germany have looks of their own; what a reader added gets hues that
nobody else has. Colour is never the only code: dashes and markers tell lines apart in print.
"""

from dataclasses import dataclass

from indicators.figures import theme
from indicators.figures.chart import Chart
from indicators.look import LEAST_CONTRAST, contrast

_COLOURS = {
    "own": theme.OWN_REGION,
    "land": theme.LAND,
    "germany": theme.GERMANY,
    "other": theme.FAINTEST_TEXT,
    "category": theme.PRIMARY,
    "target": theme.OWN_REGION,  # a town sets targets for itself
}
# Lengths of dash and gap, as multiples of nothing: pixels. Empty: a whole line.
_DASHES: dict[str, tuple[int, ...]] = {"land": (7, 4), "germany": (2, 3), "target": (1, 5)}
# The parts of a region have two colours, as many as there are of nearly all; their dashes tell
# them apart in print too.
_PART_DASHES: tuple[tuple[int, ...], ...] = ((), (9, 3, 2, 3), (12, 4))
TARGET_MARKER = "diamond"
# Regions a reader has added: hues that no other role has.
_ADDED = (theme.PRIMARY, theme.SCHOOL_TYPES["realschule"], theme.SCHOOL_TYPES["gesamtschule"])


@dataclass(frozen=True)
class Look:
    """How a series is drawn; `dash` are lengths of dash and gap in pixels, empty for none."""

    colour: str
    width: float
    dash: tuple[int, ...] = ()
    marker: str = "circle"
    is_own: bool = False


def looks(chart: Chart) -> tuple[Look, ...]:
    """One for each series, in the order of the chart."""
    found = []
    part = added = 0
    for series in chart.series:
        own = series.role == "own"
        colour = series.colour or role_colour(series.role)
        dash = _DASHES.get(series.role, ())
        marker = series.marker
        if series.role == "part":
            colour = theme.PARTS[part % len(theme.PARTS)]
            dash = _PART_DASHES[part % len(_PART_DASHES)]
            marker = theme.MARKERS[part]
            part += 1
        elif series.is_target:
            marker = TARGET_MARKER
        elif series.role == "other":
            colour = _ADDED[added % len(_ADDED)]
            added += 1
            marker = theme.MARKERS[added + 2]
        found.append(Look(colour, theme.LINE_OWN if own else theme.LINE, dash, marker, own))
    return tuple(found)


def role_colour(role: str) -> str:
    return theme.PARTS[0] if role == "part" else _COLOURS[role]


def role_dash(role: str) -> tuple[int, ...]:
    return _DASHES.get(role, ())


def readable(colour: str) -> str:
    """The colour for words: the same where it can be read on white, else that of all text."""
    return colour if contrast(colour) >= LEAST_CONTRAST else theme.TEXT
