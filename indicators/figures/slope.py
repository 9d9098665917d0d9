"""Values at two moments as SVG: a line for each region between two upright axes.

Lines that are named have their value at both ends and the change behind it; the others are thin and
quiet, so that one sees where the many went. Who has no number at one of the moments is named with
the reason instead of a line.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from indicators import formats
from indicators.figures import axes, flags, style, theme
from indicators.figures.chart import Mark
from indicators.figures.drawing import Drawing, fitted, hit, shortened, spread, text_width
from indicators.figures.style import Look

_LINE = 1.3  # height of a line of text, in letters
_HEAD = 2.0  # height of the moments above the axes, in letters
_RIGHT = 0.42  # of the width at most are for names
_RIGHT_NARROW = 0.52  # of a phone's
_NARROW = 30  # letters
_LEFT = 0.2  # and for the values before them
_TALL = 0.5  # height by the width, where none is given
_QUIET = theme.SECONDARY_TEXT
_LEAST = 180  # pixels of height between the axes


@dataclass(frozen=True)
class Slope:
    """A region at both moments. Without a number at one of them it has no line and `told` says why;
    else `told` is the change. `role` is one of those of a chart; `named` lines have words."""

    name: str
    role: str
    before: float | None
    now: float | None
    before_text: str
    now_text: str
    told: str
    named: bool = False

    @property
    def is_line(self) -> bool:
        return self.before is not None and self.now is not None


@dataclass(frozen=True)
class SlopePicture:
    """Regions at two moments; the quiet ones in any order, the named ones by importance.

    `count` regions are compared, called `dative` behind a number ("von 96 Kreisen"); own regions
    and what they are measured by may be drawn beside them. `unit` stands above all where values go
    without it. `marks` are the flags of what happened between the moments, at 0 (then) to 1 (now).
    """

    title: str
    alt: str
    moments: tuple[str, str]
    slopes: tuple[Slope, ...]
    count: int
    dative: str
    unit: str = ""
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True)
class _Frame:
    """Where the axes stand, and how values become heights."""

    left: float
    right: float
    top: float
    foot: float
    low: float
    per_unit: float
    size: float

    def y(self, value: float) -> float:
        return self.foot - (value - self.low) * self.per_unit


def draw(
    picture: SlopePicture, *, width: int, height: int | None = None, stage: bool = False
) -> str:
    """The lines between two moments as SVG; with a height as many names as it has room for."""
    size = theme.FONT_SIZE_STAGE if stage else theme.FONT_SIZE
    lines = [slope for slope in picture.slopes if slope.is_line]
    foot = _foot(picture, width, size)
    below = len(foot) * _LINE * size + (0.6 * size if foot else 0)
    named = [slope for slope in lines if slope.named]
    if height is None:
        wanted = sum(len(_words(slope, width, size)) for slope in named) * 1.5 * size
        height = round(max(_TALL * width, wanted, _LEAST) + below + _HEAD * size)
    above = (_HEAD + (_LINE if picture.unit else 0)) * size
    room = max(height - above - below - size, _LEAST)
    named = _fitting(named, width, room, size)
    drawing = Drawing(width, round(above + room + size + below), picture.alt)
    if picture.unit:
        drawing.text(0, 0.65 * size, f"Einheit: {picture.unit}", size=size, fill=_QUIET)
    if lines:
        frame = _framed(lines, named, width, (above + 0.5 * size, above + 0.5 * size + room), size)
        _axes(drawing, picture, frame)
        for slope in lines:
            if slope not in named:
                _quiet(drawing, slope, frame)
        _flags(drawing, picture, frame)
        for slope in reversed(named):
            _loud(drawing, slope, _look(slope, picture), frame, stage)
        _names(drawing, picture, named, frame)
        _hits(drawing, picture, lines, frame)
    for i, line in enumerate(foot):
        at = drawing.height - (len(foot) - i - 0.5) * _LINE * size
        drawing.text(0, at, line, size=size, fill=_QUIET)
    return drawing.svg()


def _fitting(named: list[Slope], width: float, room: float, size: float) -> list[Slope]:
    """As many of the first ones as have room for their words; one always."""
    taken = accumulate(len(_words(slope, width, size)) * _LINE * size for slope in named)
    return named[: max(sum(end <= room for end in taken), 1)]


def _foot(picture: SlopePicture, width: float, size: float) -> list[str]:
    """Who has no line: the named ones with the reason, of the others how many."""
    without = [slope for slope in picture.slopes if not slope.is_line]
    named = [slope for slope in without if slope.named]
    found = [line for s in named for line in fitted(f"{s.name}: {s.told}", width, size)]
    if others := len(without) - len(named):
        words = (
            f"{formats.number(others)} von {formats.number(picture.count)} {picture.dative} ohne "
            "Angabe zu einem der Zeiträume"
        )
        found += fitted(words, width, size)
    return found


def _look(slope: Slope, picture: SlopePicture) -> Look:
    """As in a trend: the own region, its parts and what they are measured by differ in looks."""
    if slope.role == "part":
        place = [s for s in picture.slopes if s.role == "part"].index(slope)
        return Look(theme.PARTS[place % len(theme.PARTS)], theme.LINE, (), theme.MARKERS[place])
    width = {"own": theme.LINE_OWN, "other": 1.25}.get(slope.role, theme.LINE)
    return Look(style.role_colour(slope.role), width, style.role_dash(slope.role))


def _framed(
    lines: Sequence[Slope], named: Sequence[Slope], width: float, ends: tuple[float, float], size
) -> _Frame:
    values = [value for s in lines for value in (s.before, s.now) if value is not None]
    low, high = min(values), max(values)
    before = max((text_width(s.before_text, size) for s in named), default=0)
    said = [line for s in named for line in _words(s, width, size)]
    after = max((text_width(line, size) for line in said), default=0)
    left = min(before, _LEFT * width) + 0.9 * size
    right = width - min(after, _right(width, size)) - 0.9 * size
    per_unit = (ends[1] - ends[0]) / ((high - low) or 1)
    return _Frame(left, right, *ends, low if high > low else low - 0.5, per_unit, size)


def _right(width: float, size: float) -> float:
    return (_RIGHT_NARROW if width < _NARROW * size else _RIGHT) * width


def _words(slope: Slope, width: float, size: float) -> list[str]:
    """Value, name and change behind a line: below each other where a line has no room for them,
    and only the name may be cut."""
    whole, room = f"{slope.now_text} {slope.name} ({slope.told})", _right(width, size)
    if text_width(whole, size) <= room:
        return [whole]
    values = f"{slope.now_text} ({slope.told})"
    if text_width(values, size) > room:
        return [slope.now_text, f"({slope.told})", shortened(slope.name, room, size)]
    return [values, shortened(slope.name, room, size)]


def _axes(drawing: Drawing, picture: SlopePicture, frame: _Frame) -> None:
    """The two moments above their axes, within the drawing."""
    for x, label in zip((frame.left, frame.right), picture.moments, strict=True):
        drawing.line(x, frame.top - 0.4 * frame.size, x, frame.foot, theme.CARD_LINE)
        half = text_width(label, frame.size) / 2
        at = min(max(x, half), drawing.width - half)
        drawing.text(
            at, frame.top - 1.2 * frame.size, label, size=frame.size, anchor="middle", bold=True
        )


def _flags(drawing: Drawing, picture: SlopePicture, frame: _Frame) -> None:
    """The numbers of what happened between the two moments."""
    silent = [replace(mark, label="") for mark in picture.marks]
    placed, _ = axes.placed_words(silent, (0, 1), frame.right - frame.left, frame.size)
    places = [frame.left + mark.x * (frame.right - frame.left) for mark, *_ in placed]
    edges = (frame.top, frame.foot)
    flags.draw_marks(drawing, placed, places, edges, frame.size)


def _quiet(drawing: Drawing, slope: Slope, frame: _Frame) -> None:
    before, now = _heights(slope, frame)
    drawing.line(frame.left, before, frame.right, now, theme.OTHERS, stroke_width=1)


def _loud(drawing: Drawing, slope: Slope, look: Look, frame: _Frame, stage: bool) -> None:
    before, now = _heights(slope, frame)
    dash = {"stroke_dasharray": " ".join(map(str, look.dash))} if look.dash else {}
    thicker = 1 if stage else 0
    drawing.line(
        frame.left, before, frame.right, now, look.colour, stroke_width=look.width + thicker, **dash
    )
    for x, y in ((frame.left, before), (frame.right, now)):
        radius = 3 if slope.role == "other" else 4.5
        drawing.marker(x, y, look.marker, radius * (1.3 if stage else 1), look.colour)


def _heights(slope: Slope, frame: _Frame) -> tuple[float, float]:
    if slope.before is None or slope.now is None:
        raise ValueError(f"no line without both numbers: {slope}")
    return frame.y(slope.before), frame.y(slope.now)


def _names(drawing: Drawing, picture: SlopePicture, named: Sequence[Slope], frame: _Frame) -> None:
    """The values at the left axis; value, name and change at the right one, none over another."""
    at_left = frame.left - 0.6 * frame.size
    at_right = frame.right + 0.6 * frame.size
    sides: list[tuple[float, str, Callable[[Slope], list[str]], int]] = [
        (at_left, "end", lambda slope: [shortened(slope.before_text, at_left, frame.size)], 0),
        (at_right, "start", lambda slope: _words(slope, drawing.width, frame.size), 1),
    ]
    for x, anchor, words, end in sides:
        heights = {slope: _heights(slope, frame)[end] for slope in named}
        ordered = sorted(named, key=lambda slope: heights[slope])
        wanted = [heights[slope] for slope in ordered]
        each = [len(words(slope)) * _LINE * frame.size for slope in ordered]
        top = frame.top - 0.5 * frame.size
        places = spread(wanted, each, top, frame.foot + 0.5 * frame.size)
        for slope, place, wish in zip(ordered, places, wanted, strict=True):
            colour = _look(slope, picture).colour
            if abs(place - wish) > 0.4 * frame.size:
                edge = (frame.left, frame.right)[end]
                drawing.line(edge, wish, x, place, colour, stroke_width=0.75, stroke_opacity=0.6)
            lines = words(slope)
            for i, line in enumerate(lines):
                drawing.text(
                    x,
                    place + (i - (len(lines) - 1) / 2) * _LINE * frame.size,
                    line,
                    size=frame.size,
                    anchor=anchor,
                    fill=style.readable(colour) if slope.role != "other" else _QUIET,
                    bold=slope.role == "own",
                )


def _hits(drawing: Drawing, picture: SlopePicture, lines: Sequence[Slope], frame: _Frame) -> None:
    """Along the right axis, from the lowest to the highest, an unseen piece for each region."""
    ordered = sorted(lines, key=lambda slope: _heights(slope, frame)[1])
    width = min(60.0, (frame.right - frame.left) / 3)
    for i, slope in enumerate(ordered):
        here = _heights(slope, frame)[1]
        above = _heights(ordered[i - 1], frame)[1] if i else here - frame.size
        below = _heights(ordered[i + 1], frame)[1] if i + 1 < len(ordered) else here + frame.size
        top = max((here + above) / 2, here - frame.size)
        high = max(min((here + below) / 2, here + frame.size) - top, 1)
        values = [
            f"{moment}: {text}"
            for moment, text in zip(
                picture.moments, (slope.before_text, slope.now_text), strict=True
            )
        ]
        right = drawing.width if slope.named else min(frame.right + frame.size, drawing.width)
        hit(
            drawing,
            (frame.right - width, top, right - frame.right + width, high),
            [slope.name, *values, slope.told],
        )
