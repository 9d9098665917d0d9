"""Drawings: figures that no chart library has (flows, pyramids) as SVG, with few primitives.

A drawing is laid out in pixels of a given width; whoever shows it keeps that width or scales all
of it. Text is escaped here and nowhere else; nothing in a drawing can run or load anything.
"""

import re
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

from indicators.figures import theme


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
        """One line of text, vertically centred on y; `halo` keeps it readable on a coloured
        ground."""
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

    def _shape(self, name: str, *, title: str = "", **attributes) -> None:
        names = {key.replace("_", "-"): value for key, value in attributes.items()}
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


def _attributes(attributes: dict) -> str:
    return "".join(f" {name}={quoteattr(_number(value))}" for name, value in attributes.items())


def _title(content: str) -> str:
    """What a mouse resting on the shape is told; never the only place of a number."""
    return f"<title>{escape(content)}</title>" if content else ""


def _number(value) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


# How wide letters of a bold Source Sans are, in hundredths of their size; others are like _LETTER.
_WIDTHS = {
    letter: width
    for width, letters in {
        12: "\u202f",
        20: " \u00a0",
        28: "ijlI.,:;·'",
        32: "f!()[]-",
        37: "tr/",
        45: "sz?",
        49: "cxvyJ–„“",
        52: "aäegkYLF0123456789+−×§≥",
        60: "CPRBKß",
        67: "DGHNOÖQUÜ&→←",
        75: "wM",
        84: "mW%",
        97: "…",
    }.items()
    for letter in letters
}
_LETTER = 57
_LOOSE = " ,-"  # never before an ellipsis


def text_width(content: str, size: float = theme.FONT_SIZE) -> float:
    """How many pixels a line of bold text takes; other text takes a little less."""
    return sum(_WIDTHS.get(letter, _LETTER) for letter in content) * size / 100


def wrapped(content: str, width: float, size: float) -> list[str]:
    """The text in lines of at most this width, broken behind spaces, hyphens and strokes; a longer
    word stays whole."""
    lines = [""]
    for word in re.findall(r"[^ /-]+[ /-]?|[ /-]", content):
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
