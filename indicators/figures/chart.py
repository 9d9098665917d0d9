"""What is drawn, as plain data: series, order, colour, labels, breaks, formats.

Decided once; screen, paper and office files only draw it.
"""

from dataclasses import dataclass, field

from indicators.figures.map import LOOK_OF
from indicators.numbered import Numbered
from indicators.symbols import SIGNS, Status

# Reasons for having no number that are marked at the axis, and what the legend calls them; what
# nobody knows is a gap without a mark.
WITHHELD = {
    "protected": SIGNS[Status.SUPPRESSED].short,
    "too_few": SIGNS[Status.TOO_FEW].short,
    "unreliable": SIGNS[Status.UNRELIABLE].short,
}


def withheld(status: Status) -> str:
    """Which of WITHHELD a status is; "" for numbers and for what nobody knows."""
    look = LOOK_OF.get(status, "")
    return look if look in WITHHELD else ""


@dataclass(frozen=True)
class Point(Numbered):
    """One value. `x` is a position (a year for lines, a rank for bars); `value` is None where
    there is none; `text` then says why in words, and `withheld` which of WITHHELD it is, if any."""

    x: float
    value: float | None
    text: str
    label: str = ""
    id: str = ""
    withheld: str = ""


@dataclass(frozen=True)
class Series:
    """A line or a set of bars. `role` decides colour, width and dash; a line is interrupted
    wherever a point has no value or one of its `breaks` (positions) lies between two points.
    `short` is the name where there is little room and the words around the figure say the rest.
    One of the role "target" is no measured line, but the value that the town wants to reach."""

    name: str
    role: str
    points: tuple[Point, ...]
    colour: str | None = None
    marker: str = "circle"
    short: str = ""
    breaks: tuple[float, ...] = ()

    @property
    def is_target(self) -> bool:
        return self.role == "target"


@dataclass(frozen=True)
class Mark:
    """A vertical line at `x` with words: an event or a break of the series. One of the town is a
    flag with a `number`, by which it is explained below the figure (0: it ships, and has none)."""

    x: float
    label: str
    is_break: bool = False
    number: int = 0


@dataclass(frozen=True)
class Reference:
    """A horizontal line with words, such as the Land's value."""

    value: float
    label: str
    role: str


@dataclass(frozen=True)
class Chart:
    """A chart. `ticks` maps positions to labels as officials write them; where a target lies ahead
    they go on after the last number there is, which stands at `until`."""

    kind: str
    series: tuple[Series, ...]
    ticks: tuple[tuple[float, str], ...]
    decimals: int
    unit_suffix: str
    title: str
    alt: str
    from_zero: bool = True
    marks: tuple[Mark, ...] = ()
    references: tuple[Reference, ...] = field(default=())
    until: float | None = None

    @property
    def last(self) -> float:
        """Where the numbers end."""
        return max(x for x, _ in self.ticks) if self.until is None else self.until
