"""What every view gets, as plain data: sentences, rows, table, figure, notes and source.

How these are made belongs to context.py, which all kinds share, and to the module of the kind.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from indicators import formats
from indicators.catalog.meaning import Indicator
from indicators.figures.balance import BalancePicture
from indicators.figures.chain import ChainPicture
from indicators.figures.chart import Chart
from indicators.figures.flow import FlowPicture
from indicators.figures.map import MapPicture
from indicators.figures.panel_layout import PanelsPicture
from indicators.figures.places import PlacesPicture
from indicators.figures.pyramid import Pyramid
from indicators.figures.slope import SlopePicture
from indicators.figures.starters import Grid, StarterPicture
from indicators.figures.two_maps import TwoMaps
from indicators.regions import Region
from indicators.release.releases import UNKNOWN_STAND, Source
from indicators.view import View

Picture = (
    Chart
    | MapPicture
    | FlowPicture
    | Pyramid
    | StarterPicture
    | Grid
    | BalancePicture
    | ChainPicture
    | PlacesPicture
    | SlopePicture
    | PanelsPicture
    | TwoMaps
)
INVENTED = "Beispieldaten (erfunden)"
# More coloured lines cannot be told apart, and more numbers in a sentence not be taken in.
MOST_LINES = 6


@dataclass(frozen=True)
class Table:
    """The rows of the figure as a reader sees them: German texts, first column a heading.

    `numeric` says which columns are aligned right.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...]


@dataclass(frozen=True)
class Told:
    """An event or a target of the town as an answer tells it: the whole `note` that stands beside
    the figure, its `short` form where there is little room, and `data` for the command line."""

    note: str
    short: str
    data: dict


@dataclass(frozen=True)
class Answer:
    """The answer to a view. `rows` are the figure's rows as data (the JSON of the command line);
    `notes` apply to what is shown, those `beside` it must be read with the figure itself (they are
    among the notes); `footnotes` are the producer's own for the region's Land;
    `period` is the one chosen where the figure shows one, `periods` are those with values.

    Two days are told apart: `stand`, when the publishers of `sources` had the figures, and
    `published`, when `release` was built of them.

    `events` and `targets` are those of the town that concern the view, as of today: they are no
    part of the release. `annotations` is the digest of them, "" where there are none."""

    view: View
    title: str
    headline: str
    subtitle: str
    rows: list[dict]
    table: Table
    reading_aid: str
    alt: str
    notes: list[str]
    footnotes: list[str]
    source: str
    source_short: str
    release: str
    published: datetime
    period: str = ""
    figure: Picture | None = None
    indicator: Indicator | None = None
    periods: list[str] = field(default_factory=list)
    comparison: str = ""
    sources: tuple[Source, ...] = ()
    beside: tuple[str, ...] = ()
    events: tuple[Told, ...] = ()
    targets: tuple[Told, ...] = ()
    annotations: str = ""

    @property
    def beside_short(self) -> tuple[str, ...]:
        """What must be read with the figure where there is one line for it."""
        short = {told.note: told.short for told in (*self.events, *self.targets)}
        return tuple(short.get(note, note) for note in self.beside)

    @property
    def stand(self) -> str:
        """The date of the figures at their publisher: "13.03.2025", "24.06.2021 bis 13.03.2025",
        or "" if no file says. `published` is when Bildungsblick took them into its release."""
        dates = sorted(s.stand for s in self.sources if s.stand != UNKNOWN_STAND)
        return " bis ".join(dict.fromkeys(formats.day(day) for day in (dates[:1] + dates[-1:])))

    @property
    def paragraph(self) -> str:
        """Two sentences for a paper: what was found in numbers, and what it is measured by."""
        if self.comparison:
            return f"{self.reading_aid} {self.comparison}"
        if self.view.kind in ("trend", "table") and self.reading_aid:
            return self.reading_aid
        return " ".join(filter(None, [f"{self.headline.rstrip('.')}.", self.reading_aid]))

    @property
    def in_sight(self) -> "Answer":
        """The answer with what its view shows of it: without its figure where that is the table."""
        return replace(self, figure=None) if self.view.face == "table" else self

    def with_beside(self, told: Sequence[str]) -> "Answer":
        """The answer with notes that stand beside the figure, and first of all."""
        return replace(self, notes=[*told, *self.notes], beside=tuple(told))

    def as_json(self) -> dict:
        """The stable form others script against; documented in the README."""
        found = {
            "headline": self.headline,
            "subtitle": self.subtitle,
            "rows": self.rows,
            "notes": self.notes + self.footnotes,
            "source": self.source,
            "release": self.release,
        }
        for name, told in (("events", self.events), ("targets", self.targets)):
            if told:
                found[name] = [one.data for one in told]
        return found


def labelled(text: str, region: Region) -> str:
    """The text of a figure of this region; what is invented says so wherever it is shown."""
    return f"{INVENTED}: {text}" if region.invented else text
