"""A map as SVG for slide and paper: one period, with its legend, the own region and the extremes.

Nobody can point at a picture: the highest and lowest values and the own region are named beside it.
What has no number keeps its pattern of the map on the screen, with its count in the legend.
`plot` and `Side` are what others make pictures of several maps of.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from indicators import formats
from indicators.figures import theme
from indicators.figures.drawing import Drawing, fitted, hit, shortened, text_width, wrapped
from indicators.figures.map import (
    LOOK_OF,
    LOOKS,
    PATTERNS,
    STATUS_CODES,
    TERRITORY_CODE,
    MapPicture,
    label_suffix,
    round_sizes,
)

_MAP = 0.6  # of the width, where legend and names stand beside the map
BESIDE = 38  # letters: a narrower drawing has them below the map
TALL = 1.25  # height of a map by its width, where no height is given
LINE = 1.3  # height of a line of text, in letters
_NUMBER = re.compile(r"-?\d+")
_LISTED = 4  # highest and lowest values at most
LEAST_MAP = 160  # pixels of height, of a map above its legend
_LOOK_BY_CODE = {code: LOOK_OF[status] for status, code in STATUS_CODES.items()} | {
    TERRITORY_CODE: "territory"
}


@dataclass(frozen=True)
class Shown:
    """The regions of the map in the period shown: places in the geometry, codes, values, names."""

    places: tuple[int, ...]
    codes: tuple[int, ...]
    values: tuple[float | None, ...]
    names: tuple[str, ...]
    own: tuple[bool, ...]

    @classmethod
    def of(cls, picture: MapPicture, geometry: Mapping) -> "Shown":
        column = {id: i for i, id in enumerate(picture.region_ids)}
        extent = set(picture.extent)
        period = picture.periods.index(picture.selected)
        places = [i for i, id in enumerate(geometry["ids"]) if not extent or id in extent]
        codes, values, names = [], [], []
        for i in places:
            at = column.get(geometry["ids"][i])
            code = 255 if at is None else int(picture.codes[period, at])
            codes.append(code)
            number = np.nan if at is None else float(picture.values[period, at])
            # a value behind a status may be protected
            hidden = code >= TERRITORY_CODE or np.isnan(number)
            values.append(None if hidden else number)
            names.append(
                picture.names[at] if at is not None and picture.names else geometry["names"][i]
            )
        own = [geometry["ids"][i] in picture.own for i in places]
        return cls(tuple(places), tuple(codes), tuple(values), tuple(names), tuple(own))


def draw(
    picture: MapPicture,
    geometry: Mapping,
    *,
    width: int,
    height: int | None = None,
    stage: bool = False,
) -> str:
    """The map as SVG. `geometry` is the content of its file of shapes."""
    size = theme.FONT_SIZE_STAGE if stage else theme.FONT_SIZE
    shown = Shown.of(picture, geometry)
    beside = width >= BESIDE * size
    map_width = _MAP * width if beside else width
    _, _, wide, high = bounds(geometry, shown)
    note, foot = noted(picture, width, size, stage)
    side_width = width - map_width - 1.5 * size if beside else width
    # what the map leaves of a given height is the side's, if that stands below
    room = (height - foot - (0 if beside else LEAST_MAP + size)) if height else None
    side = Side.fitting(picture, [shown], side_width, size, room)
    if height is None:
        map_height = min(map_width * high / max(wide, 1), TALL * map_width)
        if beside:
            map_height = max(map_height, side.height)
    else:
        # higher than asked where not even the legend has room
        map_height = height - foot - (0 if beside else side.height + size)
        map_height = max(map_height, side.height if beside else LEAST_MAP)
    height = round(map_height + foot + (0 if beside else side.height + size))
    drawing = Drawing(width, height, picture.alt_text)
    patterns(drawing, shown)
    plot(drawing, picture, geometry, shown, (0, 0, map_width, map_height), stage=stage)
    if beside:
        side.draw(drawing, map_width + 1.5 * size, max((map_height - side.height) / 2, 0))
    else:
        side.draw(drawing, 0, map_height + size)
    note_below(drawing, note, size, stage)
    return drawing.svg()


def bounds(geometry: Mapping, shown: Shown) -> tuple[float, float, float, float]:
    """Left, top, width and height of the regions shown, in the units of the geometry."""
    boxes = [geometry["boxes"][i] for i in shown.places] or [[0, 0, 1, 1]]
    left, top = min(b[0] for b in boxes), min(b[1] for b in boxes)
    return left, top, max(b[2] for b in boxes) - left, max(b[3] for b in boxes) - top


def scale_in(wide: float, high: float, width: float, height: float) -> float:
    """Pixels for a unit of the geometry, where so much of it shall fit into a box."""
    return min((width - 4) / max(wide, 1), (height - 4) / max(high, 1))


def patterns(drawing: Drawing, *maps: Shown) -> None:
    """Defines the looks of what has no number on these maps."""
    codes = {code for shown in maps for code in shown.codes}
    for look in sorted({_LOOK_BY_CODE[code] for code in codes if code in _LOOK_BY_CODE}):
        drawing.pattern(look, *PATTERNS[look])


def plot(
    drawing: Drawing,
    picture: MapPicture,
    geometry: Mapping,
    shown: Shown,
    box: tuple[float, float, float, float],
    *,
    stage: bool,
) -> None:
    """The map alone, in the middle of a box (left, top, width, height)."""
    left, top, wide, high = bounds(geometry, shown)
    scale = scale_in(wide, high, box[2], box[3])
    x = box[0] + 2 + (box[2] - 4 - wide * scale) / 2 - left * scale
    y = box[1] + 2 + (box[3] - 4 - high * scale) / 2 - top * scale
    _shapes(drawing, picture, geometry, shown, (x, y, scale))
    if picture.kind == "circles":
        _circles(drawing, picture, geometry, shown, (x, y, scale), stage)
    # the box of a Stadt lies within that of its Landkreis: small ones on top
    boxed = zip((geometry["boxes"][i] for i in shown.places), _told(picture, shown), strict=True)
    for one, told in sorted(boxed, key=lambda pair: -_area(pair[0])):
        at = (x + one[0] * scale, y + one[1] * scale)
        hit(drawing, (*at, (one[2] - one[0]) * scale, (one[3] - one[1]) * scale), told)


def noted(picture: MapPicture, width: float, size: float, stage: bool) -> tuple[list[str], float]:
    """The lines that say whose boundaries these are, and the height they need."""
    small = _small(size, stage)
    lines = fitted(picture.boundary_note, width, small) if picture.boundary_note else []
    return lines, len(lines) * LINE * small + 0.5 * size


def note_below(drawing: Drawing, lines: Sequence[str], size: float, stage: bool) -> None:
    """These lines at the foot of a drawing."""
    small = _small(size, stage)
    for i, line in enumerate(lines):
        at = drawing.height - (len(lines) - i - 0.5) * LINE * small
        drawing.text(0, at, line, size=small, fill=theme.FAINTEST_TEXT)


def _small(size: float, stage: bool) -> float:
    return size if stage else 0.85 * size


def _area(box: Sequence[float]) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _told(picture: MapPicture, shown: Shown) -> list[list[str]]:
    return [[name, _said(picture, shown, i)] for i, name in enumerate(shown.names)]


def _said(picture: MapPicture, shown: Shown, place: int, *, beside_unit: bool = False) -> str:
    """The value of one region shown (see `_value`), or why there is none."""
    value = shown.values[place]
    if value is None:
        return LOOKS[_LOOK_BY_CODE[shown.codes[place]]]
    return _value(picture, value, beside_unit=beside_unit)


def _beside(numbers: Sequence[int]) -> str:
    """The numbers of maps with one legend, as the maps stand: "12 | 34"."""
    return " | ".join(formats.number(number) for number in numbers)


def _value(picture: MapPicture, value: float, *, beside_unit: bool = False) -> str:
    """The number with its unit; `beside_unit` without a long one, which the title of the legend
    has."""
    written = formats.signed if picture.signed else formats.number
    suffix = label_suffix(picture.unit) if beside_unit else formats.suffix(picture.unit)
    return written(value, picture.decimals) + suffix


def _fill(picture: MapPicture, code: int) -> str:
    if code in _LOOK_BY_CODE:
        return f"url(#{_LOOK_BY_CODE[code]})"
    return theme.MAP_GROUND if picture.kind == "circles" else picture.classes[code].colour


@lru_cache(maxsize=2000)
def _rings(path: str) -> tuple[np.ndarray, ...]:
    """The corners of each ring of a path of the geometry file: "M", then steps from corner to
    corner, then "z"."""
    rings = []
    for ring in path.split("z")[:-1]:
        numbers = np.array(_NUMBER.findall(ring), dtype=float).reshape(-1, 2)
        rings.append(np.cumsum(numbers, axis=0))
    return tuple(rings)


def _placed(path: str, placed: tuple[float, float, float]) -> str:
    """The path in the pixels of the drawing, without the corners that nobody would see."""
    x, y, scale = placed
    pieces = []
    for ring in _rings(path):
        points = np.round(ring * scale + (x, y), 1)
        kept = np.r_[True, (np.diff(points, axis=0) != 0).any(axis=1)]
        corners = "L".join(f"{a:g} {b:g}" for a, b in points[kept].tolist())
        pieces.append(f"M{corners}Z")
    return "".join(pieces)


def _shapes(
    drawing: Drawing,
    picture: MapPicture,
    geometry: Mapping,
    shown: Shown,
    placed: tuple[float, float, float],
) -> None:
    """The regions, the borders of Länder, and one border around all own regions together: thick
    lines first, the fills over their inner half."""
    paths = {i: _placed(geometry["paths"][i], placed) for i in shown.places}
    thin = 0.7
    for i, code, name in zip(shown.places, shown.codes, shown.names, strict=True):
        drawing.path(
            paths[i],
            fill=_fill(picture, code),
            stroke=theme.MAP_BORDER,
            stroke_width=thin,
            data_name=name,
        )
    for whole, outline in geometry["outlines"].items():
        if any(geometry["ids"][i].startswith(whole) for i in shown.places):
            drawing.path(
                _placed(outline, placed),
                fill="none",
                stroke=theme.MAP_LAND_BORDER,
                stroke_width=thin,
            )
    mine = [(i, c) for i, c, o in zip(shown.places, shown.codes, shown.own, strict=True) if o]
    for colour, thick in ((theme.CARD, 7.0), (theme.OWN_REGION, 4.4)):
        for i, _ in mine:
            drawing.path(
                paths[i],
                fill="none",
                stroke=colour,
                stroke_width=thick,
                stroke_linejoin="round",
            )
    for i, code in mine:
        drawing.path(
            paths[i], fill=_fill(picture, code), stroke=theme.MAP_BORDER, stroke_width=thin
        )


def _largest(picture: MapPicture) -> float:
    """The largest value in any period, as on the screen."""
    columns = np.isin(picture.region_ids, picture.extent) if picture.extent else slice(None)
    known = np.where(picture.codes[:, columns] < TERRITORY_CODE, picture.values[:, columns], np.nan)
    return float(np.nanmax(np.abs(known), initial=0))


def _radius(picture: MapPicture, value: float, stage: bool) -> float:
    """Areas say how much."""
    return (36 if stage else 26) * float(np.sqrt(abs(value) / (_largest(picture) or 1)))


def _circles(
    drawing: Drawing,
    picture: MapPicture,
    geometry: Mapping,
    shown: Shown,
    placed: tuple[float, float, float],
    stage: bool,
) -> None:
    """Large circles first, so that no small one disappears under them."""
    x, y, scale = placed
    known = [
        (value, geometry["points"][i], code, own)
        for i, value, code, own in zip(
            shown.places, shown.values, shown.codes, shown.own, strict=True
        )
        if value is not None
    ]
    for value, (cx, cy), code, own in sorted(known, key=lambda one: -abs(one[0])):
        drawing.circle(
            x + cx * scale,
            y + cy * scale,
            _radius(picture, value, stage),
            picture.classes[code].colour,
            fill_opacity=0.75,
            stroke=theme.OWN_REGION if own else theme.CARD,
            stroke_width=3 if own else 1,
        )


class Side:
    """What stands beside or below a map, measured before it is drawn: legend, own region, the
    highest and lowest values. Several maps that share a legend have their numbers one behind the
    other, and of their values only those of the own regions."""

    def __init__(
        self,
        picture: MapPicture,
        maps: Sequence[Shown],
        width: float,
        size: float,
        listed: int = _LISTED,
    ):
        self.picture, self.maps, self.width, self.size = picture, maps, width, size
        self.rows: list[tuple[str, str, str, bool]] = []  # swatch, words, number, whether bold
        self._legend()
        if len(maps) == 1:
            self._names(maps[0], listed)
        elif listed:
            self._own_values()
        self.height = sum(self._height(row) for row in self.rows)

    @classmethod
    def fitting(
        cls,
        picture: MapPicture,
        maps: Sequence[Shown],
        width: float,
        size: float,
        height: float | None,
    ) -> "Side":
        """With as many names of high and low values as this height has room for."""
        every = (cls(picture, maps, width, size, n) for n in range(_LISTED, -1, -1))
        for side in every:
            if height is None or side.height <= height:
                break
        return side

    def _legend(self) -> None:
        picture, counts = self.picture, [Counter(shown.codes) for shown in self.maps]
        title = fitted(picture.legend_name, self.width, self.size)
        self.rows += [("", line, "", True) for line in title]
        # what is counted stands over the numbers: behind the title, or below a long one
        if text_width(f"{title[-1]}   {picture.areas}", self.size) > self.width:
            self.rows.append(("", "", picture.areas, True))
        else:
            self.rows[-1] = ("", title[-1], picture.areas, True)
        known = any(value is not None for shown in self.maps for value in shown.values)
        if picture.kind == "circles" and known and self._radii:
            self.rows.append(("sizes", "", "", False))
        for code, one in enumerate(picture.classes):
            self._entry(one.colour, one.label, _beside([each[code] for each in counts]))
        for look, words in LOOKS.items():
            codes = [code for code, of in _LOOK_BY_CODE.items() if of == look]
            found = [sum(each[code] for code in codes) for each in counts]
            if any(found):
                self._entry(f"url(#{look})", words, _beside(found))
        if picture.own_label and any(self.maps[0].own):
            self._entry("own", picture.own_label, "")

    def _entry(self, swatch: str, words: str, number: str) -> None:
        """What a colour or a pattern means, on as many lines as it needs."""
        room = self.width - 2.6 * self.size - text_width(number, self.size)
        first, *more = fitted(words, room, self.size)
        self.rows.append((swatch, first, number, False))
        self.rows += [("more", line, "", False) for line in more]

    def _names(self, shown: Shown, listed: int) -> None:
        """As many as tell something: where many share the highest value, none of them does."""
        every = zip(shown.values, shown.names, shown.own, strict=True)
        known = [(value, name, own) for value, name, own in every if value is not None]
        known.sort(key=lambda one: -one[0])
        groups: list[tuple[str, list, list]] = [("Werte", known, [])] if known else []
        if len(known) > 2 * listed:
            groups = [
                ("Höchste Werte", known[:listed], known[listed:]),
                ("Niedrigste Werte", known[len(known) - listed :], known[: len(known) - listed]),
            ]
        own = [one for one in known if one[2]]
        if own and len(own) < _LISTED and len(known) > 2 * listed:
            groups.insert(0, (self.picture.own_label, own, []))
        for heading, some, others in groups:
            values = {one[0] for one in some}
            if not some or (len(values) == 1 and any(one[0] in values for one in others)):
                continue
            self.rows.append(("gap", "", "", False))
            if [heading] != [name for _, name, _ in some]:
                for line in wrapped(heading, self.width, self.size):
                    self.rows.append(("", line, "", True))
            for value, name, is_own in some:
                self._value_of(name, _value(self.picture, value, beside_unit=True), is_own)

    def _value_of(self, name: str, value: str, bold: bool) -> None:
        """A name and its value, below it where they have no room beside each other."""
        if text_width(f"{name}   {value}", self.size) > self.width:
            self.rows += [("", name, "", bold), ("", "", value, bold)]
        else:
            self.rows.append(("", name, value, bold))

    def _own_values(self) -> None:
        """Of a few own regions the value on each map, or why there is none."""
        first = self.maps[0]
        own = [i for i, is_own in enumerate(first.own) if is_own]
        if not 0 < len(own) < _LISTED:
            return
        self.rows.append(("gap", "", "", False))
        if [first.names[i] for i in own] != [self.picture.own_label]:
            for line in wrapped(self.picture.own_label, self.width, self.size):
                self.rows.append(("", line, "", True))
        for i in own:
            values = [_said(self.picture, shown, i, beside_unit=True) for shown in self.maps]
            if text_width(" | ".join(values), self.size) <= self.width:
                self._value_of(first.names[i], " | ".join(values), True)
            else:
                self.rows.append(("", first.names[i], "", True))
                self.rows += [("", "", value, True) for value in values]

    def _height(self, row: tuple) -> float:
        if row[0] == "sizes":
            return max(2 * self._radii[0][0], len(self._radii) * LINE * self.size) + 0.5 * self.size
        return (0.6 if row[0] == "gap" else LINE) * self.size

    @cached_property
    def _radii(self) -> list[tuple[float, float]]:
        """The circles that explain the others, the largest first: radius and value."""
        stage = self.size >= theme.FONT_SIZE_STAGE
        top = round_sizes(_largest(self.picture))
        return [(_radius(self.picture, size, stage), size) for size in top]

    def _sizes(self, drawing: Drawing, left: float, top: float) -> None:
        """Circles of round values within each other, each with its value behind it."""
        line = LINE * self.size
        high = self._height(("sizes",)) - 0.5 * self.size
        quiet = theme.SECONDARY_TEXT
        middle = left + self._radii[0][0] + 1
        end = middle + self._radii[0][0] + 0.4 * self.size
        for i, (radius, value) in enumerate(self._radii):
            drawing.circle(middle, top + high - radius, radius, "none", stroke=quiet)
            at = top + high - (len(self._radii) - i - 0.5) * line
            drawing.line(middle, top + high - 2 * radius, end, at, quiet)
            words = _value(self.picture, value, beside_unit=True)
            drawing.text(end + 0.3 * self.size, at, words, size=self.size, fill=quiet)

    def draw(self, drawing: Drawing, left: float, top: float) -> None:
        size, y = self.size, top
        for row in self.rows:
            swatch, words, number, bold = row
            if swatch == "sizes":
                self._sizes(drawing, left, y)
            middle = y + self._height(row) / 2
            x = left
            if swatch not in ("", "gap", "sizes"):
                if swatch != "more":
                    self._swatch(drawing, swatch, x, middle)
                x += 2 * size
            room = self.width - (x - left)
            if number:
                room -= text_width(number, size) + 0.6 * size
            if words:
                drawing.text(x, middle, shortened(words, room, size), size=size, bold=bold)
            if number:
                fill = theme.TEXT if bold and swatch != "" else theme.SECONDARY_TEXT
                drawing.text(
                    left + self.width, middle, number, size=size, anchor="end", bold=bold, fill=fill
                )
            y += self._height(row)

    def _swatch(self, drawing: Drawing, swatch: str, x: float, middle: float) -> None:
        high = 0.85 * self.size
        if swatch == "own":
            drawing.rect(
                x + 2,
                middle - high / 2 + 1,
                1.5 * self.size - 4,
                high - 2,
                "none",
                stroke=theme.OWN_REGION,
                stroke_width=3,
            )
        else:
            drawing.rect(x, middle - high / 2, 1.5 * self.size, high, swatch)
