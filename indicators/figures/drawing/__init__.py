"""Drawings: figures that no chart library has (flows, pyramids) as SVG, with few primitives.

A drawing is laid out in pixels of a given width; whoever shows it keeps that width or scales all
of it. Text is escaped here and nowhere else; nothing in a drawing can run or load anything.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from indicators.errors import DefinitionError
from indicators.figures import theme

# Source Sans, renamed as its licence asks: every text is measured with it.
FONTS = Path(__file__).parent.parent / "fonts"
FAMILY = "Bildungsblick Sans"


def _star(points: int, inner: float, turn: float = -90) -> tuple[tuple[float, float], ...]:
    """The corners of a star or, with `inner` 0, of a regular polygon, around the middle."""
    corners = []
    for i in range(points * 2 if inner else points):
        angle = math.radians(turn + i * (180 if inner else 360) / points)
        far = inner if inner and i % 2 else 1.2
        corners.append((far * math.cos(angle), far * math.sin(angle)))
    return tuple(corners)


_CROSS = ((-0.35, -1.1), (0.35, -1.1), (0.35, -0.35), (1.1, -0.35), (1.1, 0.35), (0.35, 0.35))
_CROSS += tuple((-x, -y) for x, y in _CROSS)
# The corners of each of theme.MARKERS but the circle, around the middle.
MARKS = {
    "square": ((-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)),
    "diamond": _star(4, 0),
    "triangle-up": _star(3, 0),
    "triangle-down": _star(3, 0, 90),
    "cross": _CROSS,
    "x": tuple(((x - y) * 0.71, (x + y) * 0.71) for x, y in _CROSS),
    "star": _star(5, 0.55),
    "hexagon": _star(6, 0),
    "pentagon": _star(5, 0),
}


@dataclass
class Drawing:
    """An SVG in the making. `alt` is what a screen reader hears instead of the shapes; `width` and
    `height` are pixels. Shapes are drawn in the order in which they are added."""

    width: float
    height: float
    alt: str
    parts: list[str] = field(default_factory=list)

    def rect(self, x: float, y: float, width: float, height: float, fill: str, **more) -> None:
        self._shape("rect", x=x, y=y, width=max(width, 0), height=max(height, 0), fill=fill, **more)

    def line(self, x1: float, y1: float, x2: float, y2: float, stroke: str, **more) -> None:
        self._shape("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=stroke, **more)

    def circle(self, x: float, y: float, radius: float, fill: str, **more) -> None:
        self._shape("circle", cx=x, cy=y, r=radius, fill=fill, **more)

    def path(self, steps: str, **more) -> None:
        self._shape("path", d=steps, **more)

    def text(
        self,
        x: float,
        y: float,
        content: str,
        *,
        size: float = theme.FONT_SIZE,
        anchor: str = "start",
        fill: str = theme.TEXT,
        bold: bool = False,
        halo: bool = False,
        title: str = "",
    ) -> None:
        """One line of text, vertically centred on y, unless there is nothing to say; `halo` keeps
        it readable on a coloured ground."""
        if not content:
            return
        more: dict[str, str | int] = {"font-weight": 600} if bold else {}
        if halo:
            more |= {
                "paint-order": "stroke",
                "stroke": theme.CARD,
                "stroke-width": 4,
                "stroke-linejoin": "round",
            }
        attributes = {
            "x": x,
            "y": y,
            "font-size": size,
            "text-anchor": anchor,
            "dominant-baseline": "central",
            "fill": fill,
        }
        self.parts.append(
            f"<text{_attributes(attributes | more)}>{_title(title)}{escape(content)}</text>"
        )

    def marker(self, x: float, y: float, kind: str, radius: float, fill: str, **more) -> None:
        """A dot of one of theme.MARKERS: a second code beside colour."""
        if kind == "circle":
            self.circle(x, y, radius, fill, **more)
            return
        corners = " ".join(f"{x + radius * dx:.1f},{y + radius * dy:.1f}" for dx, dy in MARKS[kind])
        self._shape("polygon", points=corners, fill=fill, **more)

    def _shape(self, name: str, *, title: str = "", **attributes) -> None:
        names = {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items()}
        self.parts.append(f"<{name}{_attributes(names)}>{_title(title)}</{name}>")

    def hatching(self) -> str:
        """The fill of what is not shown; the same look as on the maps."""
        id = "hatching"
        if not any(f'id="{id}"' in part for part in self.parts):
            self.parts.append(
                f'<defs><pattern id="{id}" width="6" height="6" patternUnits="userSpaceOnUse">'
                f'<rect width="6" height="6" fill="{theme.NO_VALUE}"/>'
                f'<path d="M0 6L6 0" stroke="{theme.NO_VALUE_MARK}"/></pattern></defs>'
            )
        return f"url(#{id})"

    def pattern(self, id: str, size: float, mark: str) -> None:
        """Defines a fill `url(#id)`: a mark on the quiet ground of what has no number."""
        self.parts.append(
            f'<defs><pattern id="{id}" width="{size}" height="{size}" '
            f'patternUnits="userSpaceOnUse"><rect width="{size}" height="{size}" '
            f'fill="{theme.NO_VALUE}"/><path d="{mark}" stroke="{theme.NO_VALUE_MARK}" '
            f'stroke-width="1.1" fill="none"/></pattern></defs>'
        )

    def hatching_said(self, x: float, y: float, lines: list[str], size: float) -> None:
        """What the hatching means: a piece of it and the words, from the middle `y` downwards."""
        self.rect(x, y - 0.35 * size, 1.6 * size, 0.7 * size, self.hatching())
        for i, line in enumerate(lines):
            at = y + 1.25 * i * size
            self.text(x + 2.1 * size, at, line, size=size, fill=theme.SECONDARY_TEXT)

    def svg(self) -> str:
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_number(self.width)} '
            f'{_number(self.height)}" width="{_number(self.width)}" '
            f'height="{_number(self.height)}" role="img" aria-label={quoteattr(self.alt)} '
            f"font-family={quoteattr(theme.FONT)}>{''.join(self.parts)}</svg>"
        )


def in_family(svg: str) -> str:
    """A drawing in the letters that ship alone, for programs that leave all text away whose first
    family they do not know."""
    return svg.replace(quoteattr(theme.FONT), f'"{FAMILY}"')


def hit(
    drawing: Drawing,
    box: tuple[float, float, float, float],
    lines: Sequence[str],
    at: float | None = None,
    points: Sequence[float | None] = (),
) -> None:
    """An unseen area (left, top, width, height) that tells `lines` to pointers and keys, the first
    as a heading; a thin line may mark `at`. `points` are the heights at which the other lines have
    their values there, None for those without one: the loupe of the stage tells one at a time.
    Whatever takes a picture along leaves it out."""
    mark: dict[str, Any] = {} if at is None else {"data_at": at}
    if points:
        mark["data_points"] = " ".join("-" if y is None else f"{y:.1f}" for y in points)
    drawing.rect(
        *box, fill="none", pointer_events="all", class_="hit", data_told="\n".join(lines), **mark
    )


def _attributes(attributes: dict) -> str:
    return "".join(f" {name}={quoteattr(_number(value))}" for name, value in attributes.items())


def _title(content: str) -> str:
    """What a mouse resting on the shape is told; never the only place of a number."""
    return f"<title>{escape(content)}</title>" if content else ""


def _number(value) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


_LOOSE = " ,-"  # never before an ellipsis
_MEASURED = 1000  # pixels: letters are measured so large that no rounding is left


@cache
def _letters(bold: bool):
    """The font that ships, for measuring; what has no letter there is as wide as its box."""
    from PIL import ImageFont  # not before a figure is drawn

    path = FONTS / f"BildungsblickSans-{'SemiBold' if bold else 'Regular'}.ttf"
    return ImageFont.truetype(path, _MEASURED, layout_engine=ImageFont.Layout.BASIC)


@cache
def family_of(font: Path) -> str:
    """What the letters of a file are called. Raises DefinitionError for what is no font."""
    from PIL import ImageFont

    try:
        return ImageFont.truetype(font, layout_engine=ImageFont.Layout.BASIC).getname()[0] or ""
    except OSError as error:
        raise DefinitionError(
            f"look.toml: font: „{font.name}“ lässt sich nicht als Schrift lesen. Nächster Schritt: "
            "eine TTF- oder OTF-Schrift neben look.toml legen."
        ) from error


@lru_cache(maxsize=20_000)
def _measured(content: str, bold: bool) -> float:
    return _letters(bold).getlength(content) / _MEASURED


def text_width(content: str, size: float = theme.FONT_SIZE, *, bold: bool = True) -> float:
    """How many pixels a line of text takes, bold unless told otherwise (the wider of the two)."""
    return _measured(content, bold) * size


# Where a line may end: behind a blank; behind a hyphen or stroke between two words, so that years
# ("2019/20"), tables ("21111-02") and licences ("dl-de/by-2-0") stay whole.
_END_OF_LINE = re.compile(r"(?<= )|(?:(?<=\w\w\w[/-])|(?<=\w-/))(?=[^\W\d])")


def wrapped(content: str, width: float, size: float) -> list[str]:
    """The text in lines of at most this width, broken behind spaces, and behind hyphens and strokes
    between words; a longer word stays whole."""
    lines = [""]
    for word in _END_OF_LINE.split(content):
        if lines[-1] and text_width((lines[-1] + word).rstrip(), size) > width:
            lines.append(word)
        else:
            lines[-1] += word
    return [line.strip() for line in lines if line.strip()] or [""]


def shortened(content: str, width: float, size: float) -> str:
    """The text, cut with an ellipsis where it is wider than this; three letters always stay."""
    if text_width(content, size) <= width:
        return content
    most = len(content) - 1
    while most > 3 and text_width(content[:most].rstrip(_LOOSE) + "…", size) > width:
        most -= 1
    return content[:most].rstrip(_LOOSE) + "…"


def fitted(content: str, width: float, size: float) -> list[str]:
    """The text in lines of at most this width; only a word that is wider than a line is cut."""
    return [shortened(line, width, size) for line in wrapped(content, width, size)]


def spread(wanted: list[float], heights: list[float], low: float, high: float) -> list[float]:
    """Middles of boxes of these heights that do not overlap, in order, between low and high, as
    near to the wanted ones as a pass down and a pass up bring them; squeezed only without room."""
    if not wanted:
        return []
    squeeze = min((high - low) / (sum(heights) or 1), 1)
    half = [height * squeeze / 2 for height in heights]
    found = [max(wanted[0], low + half[0])]
    for i in range(1, len(wanted)):
        found.append(max(wanted[i], found[-1] + half[i - 1] + half[i]))
    found[-1] = min(found[-1], high - half[-1])
    for i in range(len(found) - 2, -1, -1):
        found[i] = min(found[i], found[i + 1] - half[i + 1] - half[i])
    return found
