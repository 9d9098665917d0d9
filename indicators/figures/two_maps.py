"""Two maps of the same regions as SVG, beside each other or, on a narrow drawing, one below the
other: two moments of an indicator, or two indicators.

Where the colours of both mean the same there is one legend for both, else each has its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from indicators.figures import theme
from indicators.figures.drawing import Drawing, fitted
from indicators.figures.map import MapPicture, still
from indicators.figures.map.still import LEAST_MAP, LINE, TALL, Shown, Side

_GAP = 1.5  # letters between what stands beside each other
_BESIDE_BOTH, _BESIDE_ONE = 0.25, 0.42  # of the width, for a legend beside two maps, beside one
_LEAST_LEGEND = 10.5  # letters
_WIDEST_LEGEND = 30  # letters: numbers farther from their words are hard to follow
_WIDE = 60  # letters: without a height, legends stand below the maps of what is narrower


@dataclass(frozen=True, eq=False)
class TwoMaps:
    """Two maps of the same regions, each at its selected period, and what stands above them;
    `one_legend` where they have the same classes."""

    title: str
    alt: str
    left: MapPicture
    right: MapPicture
    headings: tuple[str, str]
    one_legend: bool

    @property
    def maps(self) -> tuple[MapPicture, MapPicture]:
        return self.left, self.right

    @property
    def map_file(self) -> str:
        return self.left.map_file


@dataclass(frozen=True)
class _Box:
    """What there is room for: a width, a height (None: as high as reads well), letters."""

    width: float
    height: float | None
    size: float


def draw(
    picture: TwoMaps,
    geometry: Mapping,
    *,
    width: int,
    height: int | None = None,
    stage: bool = False,
) -> str:
    """Both maps as SVG. `geometry` is the content of the file of shapes that both have."""
    size = theme.FONT_SIZE_STAGE if stage else theme.FONT_SIZE
    note, foot = still.noted(picture.left, width, size, stage)
    room = None if height is None else height - foot
    groups = _arranged(picture, geometry, _Box(width, room, size))
    stacked = width < still.BESIDE * size
    between = _GAP * size
    heights = [group.height for group in groups]
    taken = sum(heights) + between * (len(groups) - 1) if stacked else max(heights)
    drawing = Drawing(width, round(taken + foot), picture.alt)
    still.patterns(drawing, *(shown for group in groups for shown in group.shown))
    left = top = 0.0
    for group in groups:
        group.draw(drawing, geometry, left, top, stage)
        if stacked:
            top += group.height + between
        else:
            left += group.width + between
    still.note_below(drawing, note, size, stage)
    return drawing.svg()


def legend(picture: TwoMaps, geometry: Mapping, *, width: int) -> str:
    """The legend that both maps share, alone; for a page that draws the maps itself."""
    shown = [Shown.of(one, geometry) for one in picture.maps]
    side = Side(picture.left, shown, width, theme.FONT_SIZE)
    drawing = Drawing(
        width, round(side.height + 0.5 * side.size), f"Legende: {picture.left.legend_name}"
    )
    still.patterns(drawing, *shown)
    side.draw(drawing, 0, 0)
    return drawing.svg()


def _arranged(picture: TwoMaps, geometry: Mapping, box: _Box) -> list["_Group"]:
    """The groups with their legends where the maps become largest: all beside them or all below."""
    pairs = list(zip(picture.maps, picture.headings, strict=True))
    parts = [pairs] if picture.one_legend else [[pair] for pair in pairs]
    stacked = box.width < still.BESIDE * box.size
    room = box
    if len(parts) > 1:
        gap = _GAP * box.size
        if stacked:
            room = _Box(box.width, box.height and (box.height - gap) / 2, box.size)
        else:
            room = _Box((box.width - gap) / 2, box.height, box.size)
    ways = [False] if stacked else [True, False]
    if box.height is None and not stacked:
        ways = [box.width >= _WIDE * box.size]
    found = [[_Group(part, geometry, room, stacked, beside) for part in parts] for beside in ways]
    return max(found, key=lambda groups: (_fits(groups, room), min(g.scale for g in groups)))


def _fits(groups: Sequence["_Group"], room: _Box) -> bool:
    return room.height is None or all(group.height <= room.height + 1 for group in groups)


class _Group:
    """Maps with the same legend, measured before they are drawn: each below its heading, the
    legend beside or below them."""

    def __init__(
        self,
        pairs: Sequence[tuple[MapPicture, str]],
        geometry: Mapping,
        box: _Box,
        stacked: bool,
        beside: bool,
    ):
        self.pictures = [picture for picture, _ in pairs]
        self.shown = [Shown.of(picture, geometry) for picture in self.pictures]
        self.width, self.size, self.beside = box.width, box.size, beside
        self.gap = _GAP * box.size
        self.columns = 1 if stacked else len(pairs)
        self.rows = len(pairs) // self.columns
        side_width = min(box.width, _WIDEST_LEGEND * box.size)
        if beside:
            share = _BESIDE_BOTH if len(pairs) > 1 else _BESIDE_ONE
            side_width = max(share * box.width, _LEAST_LEGEND * box.size)
        maps_width = box.width - (side_width + self.gap if beside else 0)
        self.map_width = (maps_width - self.gap * (self.columns - 1)) / self.columns
        self.headings = [fitted(words, self.map_width, box.size) for _, words in pairs]
        self.head = (max(map(len, self.headings)) * LINE + 0.3) * box.size
        between = self.gap * (self.rows - 1) + self.head * self.rows
        room = box.height
        if room is not None and not beside:
            room -= between + LEAST_MAP * self.rows + self.gap
        self.side = Side.fitting(self.pictures[0], self.shown, side_width, box.size, room)
        below = 0 if beside else self.side.height + self.gap
        _, _, wide, high = still.bounds(geometry, self.shown[0])
        if box.height is None:
            self.map_height = min(self.map_width * high / max(wide, 1), TALL * self.map_width)
        else:
            # higher than asked where not even the legend has room
            self.map_height = max((box.height - between - below) / self.rows, LEAST_MAP)
        maps = between + self.map_height * self.rows
        self.height = max(maps, self.side.height) if beside else maps + below
        self.scale = still.scale_in(wide, high, self.map_width, self.map_height)

    def draw(
        self, drawing: Drawing, geometry: Mapping, left: float, top: float, stage: bool
    ) -> None:
        for i, (picture, shown) in enumerate(zip(self.pictures, self.shown, strict=True)):
            x = left + (i % self.columns) * (self.map_width + self.gap)
            y = top + (i // self.columns) * (self.head + self.map_height + self.gap)
            for n, line in enumerate(self.headings[i]):
                drawing.text(x, y + (n + 0.5) * LINE * self.size, line, size=self.size, bold=True)
            box = (x, y + self.head, self.map_width, self.map_height)
            still.plot(drawing, picture, geometry, shown, box, stage=stage)
        if self.beside:
            middle = max((self.height - self.side.height) / 2, 0)
            self.side.draw(drawing, left + self.width - self.side.width, top + middle)
        else:
            self.side.draw(drawing, left, top + self.height - self.side.height)
