"""Flags of the town's events: a numbered badge at a dashed line, with words where there is room.

Events that ship with the product are dashed lines with words, too; a number is what makes one the
town's own, and leads to its text below the figure.
"""

from collections.abc import Sequence

from indicators.figures import axes, theme
from indicators.figures.chart import Mark
from indicators.figures.drawing import Drawing, text_width

COLOUR = theme.SECONDARY_TEXT
UPRIGHT = {"stroke": theme.FAINTEST_TEXT, "stroke_dasharray": "4 4"}  # an upright line
_HIGH = 1.2  # of a badge, in letters
APART = 0.4  # between a badge and its words, in letters
# What a placed mark is: the mark, its lines of text, pixels below the top, whether left of it.
Placed = tuple[Mark, list[str], float, bool]


def draw_badge(drawing: Drawing, x: float, y: float, mark: Mark, size: float) -> None:
    """The badge with its left edge at `x`, around the height `y`."""
    wide, high = axes.badge_width(mark.number, size) - APART * size, _HIGH * size
    drawing.rect(x, y - high / 2, wide, high, COLOUR, rx=round(0.25 * size, 1))
    drawing.text(x + wide / 2, y, str(mark.number), size=size, anchor="middle", fill=theme.CARD)


def draw_marks(
    drawing: Drawing,
    placed: Sequence[Placed],
    at: Sequence[float],
    ends: tuple[float, float],
    size: float,
) -> None:
    """Events and breaks, each at its place `at`: thin dashed lines from top to foot (`ends`), with
    numbers and words at the top."""
    top, foot = ends
    for x in at:
        drawing.line(x, top, x, foot, **UPRIGHT)
    high = size * axes.LINE_HEIGHT
    for (mark, lines, below, on_left), x in zip(placed, at, strict=True):
        badge = axes.badge_width(mark.number, size) if mark.number else 0
        if badge:
            left = x - badge + APART * size if on_left else x
            draw_badge(drawing, left, top + below + 0.6 * high, mark, size)
        for i, line in enumerate(lines):
            y = top + below + (i + 0.6) * high
            wide = text_width(line, size)
            # words begin behind the badge, as those of a flag without one behind its line
            apart = badge if badge else 4
            begin = x + (-apart if on_left else apart)
            left = begin - wide if on_left else begin
            if any(left < other < left + wide for other in at):
                # another mark is interrupted by the words, never the words by it
                drawing.rect(left, y - high / 2, wide, high, theme.CARD)
            drawing.text(
                begin,
                y,
                line,
                size=size,
                anchor="end" if on_left else "start",
                fill=theme.SECONDARY_TEXT if badge else theme.FAINTEST_TEXT,
                halo=True,
            )
