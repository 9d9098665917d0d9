"""Population pyramids: bars per year of age or age group, back to back, youngest at the bottom.

A bar is as thick as the years of age it stands for and as long as the mean of one of those years,
so its area is the number of persons, whether single ages or groups were delivered. The scale is
given, not taken from the bars: a pyramid played over the years keeps it.
"""

from dataclasses import dataclass

from indicators import formats
from indicators.figures import axes, theme
from indicators.figures.drawing import Drawing, spread, text_width, wrapped

# Years of age that an open age group ("75 Jahre und mehr") is drawn with.
OPEN_GROUP_YEARS = 20
_NAMED = 36  # letters: on a narrower drawing names would take the room of the bars


@dataclass(frozen=True)
class Band:
    """A span of ages named at the edge: the ages of a school phase, both included."""

    first: int
    last: int
    name: str


SCHOOL_AGES = (
    Band(0, 2, "Krippenalter"),
    Band(3, 5, "Kindergartenalter"),
    Band(6, 9, "Grundschulalter"),
    Band(10, 15, "Sekundarstufe I"),
    Band(16, 18, "Sek. II, Ausbildung"),
)


@dataclass(frozen=True)
class Bar:
    """Persons from age `first` on, over `years` years of age. `values` are per year of age, one for
    each side, None where there is no number, and `texts` then say why. `outline` is the comparison,
    likewise; empty without one."""

    first: int
    years: int
    name: str
    values: tuple[float | None, ...]
    texts: tuple[str, ...]
    outline: tuple[float | None, ...] = ()


@dataclass(frozen=True)
class Pyramid:
    """What a pyramid shows; drawn by `draw` at any size.

    `sides` are the names of the left and the right half (one name: bars to the right only) and
    `side_texts` their totals. `scale` is the value at the end of the axis, `unit` its words.
    """

    title: str
    alt: str
    sides: tuple[str, ...]
    side_texts: tuple[str, ...]
    bars: tuple[Bar, ...]
    scale: float
    unit: str
    decimals: int = 0
    outline_name: str = ""
    outline_is_region: bool = False
    bands: tuple[Band, ...] = SCHOOL_AGES


def draw(picture: Pyramid, *, width: int, height: int, stage: bool = False) -> str:
    """The pyramid as SVG. `stage` sets the letters for a projector."""
    size = theme.FONT_SIZE_STAGE if stage else theme.FONT_SIZE
    drawing = Drawing(width, height, picture.alt)
    if reasons := _hidden(picture):
        words = f"{', '.join(reasons)}: Die Länge sagt nichts über die Anzahl"
        said = wrapped(words, width - 3 * size, size)
        height -= (1.25 * len(said) + 0.4) * size
        drawing.hatching_said(0, height + 0.9 * size, said, size)
    frame = _Frame.of(picture, width, height, size)
    _axis(drawing, picture, frame, size)
    _bands(drawing, picture, frame, size)
    for bar in picture.bars:
        _bar(drawing, picture, frame, bar)
    if picture.outline_name:
        for side in range(len(picture.sides)):
            _outline(drawing, picture, frame, side)
    _ages(drawing, picture, frame, size)
    _head(drawing, picture, frame, size)
    return drawing.svg()


def _hidden(picture: Pyramid) -> list[str]:
    """The reasons why bars have no number."""
    both = (pair for bar in picture.bars for pair in zip(bar.values, bar.texts, strict=True))
    return list(dict.fromkeys(text for value, text in both if value is None))


@dataclass(frozen=True)
class _Frame:
    """Where things are: the zero lines of both halves, how far bars reach, top and foot."""

    left: float  # zero of the left half
    right: float  # zero of the right half
    reach: float  # length of the axis of one half
    top: float
    foot: float
    oldest: int
    band: float  # where the bands of school ages begin
    size: float
    named: bool  # whether there is room for the names of the bands beside their ages

    @staticmethod
    def of(picture: Pyramid, width: float, height: float, size: float) -> "_Frame":
        named = width >= _NAMED * size
        names = max((text_width(_band_text(b, named), size) for b in picture.bands), default=0)
        gutter = 2.6 * size
        # the axis labels stand under the ends of both halves
        edge = text_width(_number(picture, picture.scale), size) / 2
        band = width - names - 1.1 * size
        room = band - gutter - 0.5 * size
        two = len(picture.sides) > 1
        reach = (room - edge) / 2 if two else room - edge
        left = edge + reach if two else edge
        top = (3.1 if picture.outline_name else 1.9) * size
        return _Frame(
            left=left,
            right=left + gutter,
            reach=reach,
            top=top,
            foot=height - 3.1 * size,
            oldest=max(
                [b.first + b.years for b in picture.bars] + [b.last + 1 for b in picture.bands]
            ),
            band=band,
            size=size,
            named=named,
        )

    def y(self, age: float) -> float:
        return self.foot - (self.foot - self.top) * age / self.oldest

    def x(self, side: int, share: float, sides: int) -> float:
        """Where a bar of this share of the scale ends."""
        if sides == 1 or side == 1:
            return self.right + share * self.reach
        return self.left - share * self.reach


def _colours(school_age: bool) -> tuple[str, str]:
    """Of the left and right half; ages outside school are quieter, and still 3:1 on white."""
    return (theme.PRIMARY, theme.MAP_RAMP[3]) if school_age else ("#6E8CA0", "#8A9FAE")


def _bar(drawing: Drawing, picture: Pyramid, frame: _Frame, bar: Bar) -> None:
    lowest, highest = frame.y(bar.first), frame.y(bar.first + bar.years)
    # thin bars stand close, or their edges would flicker
    gap = 1.0 if lowest - highest > 8 else 0.0
    school = any(b.first <= bar.first <= b.last for b in picture.bands)
    for side, value in enumerate(bar.values):
        zero = frame.x(side, 0, len(picture.sides))
        share = value / picture.scale if value is not None and picture.scale else 0
        end = frame.x(side, share, len(picture.sides))
        if value is None:
            # beside the zero line and short: a bar from zero would be read on the axis
            outwards = 1 if frame.x(side, 1, len(picture.sides)) > zero else -1
            zero, end = zero + outwards * 0.4 * frame.size, zero + outwards * 1.6 * frame.size
        drawing.rect(
            float(min(zero, end)),
            highest + gap / 2,
            float(abs(end - zero)),
            lowest - highest - gap if gap else lowest - highest + 0.5,
            _colours(school)[side % 2] if value is not None else drawing.hatching(),
            shape_rendering="crispEdges",
            title=f"{bar.name}, {picture.sides[side]}: {bar.texts[side]}",
        )


def _outline(drawing: Drawing, picture: Pyramid, frame: _Frame, side: int) -> None:
    """The comparison as one line of steps; interrupted where it has no number."""
    steps, open_ = [], False
    for bar in sorted(picture.bars, key=lambda b: b.first):
        value = bar.outline[side] if side < len(bar.outline) else None
        if value is None:
            open_ = False
            continue
        x = frame.x(side, value / picture.scale if picture.scale else 0, len(picture.sides))
        low, high = frame.y(bar.first), frame.y(bar.first + bar.years)
        steps.append(f"{'L' if open_ else 'M'}{x:.1f} {low:.1f}V{high:.1f}")
        open_ = True
    style = _outline_style(picture, frame)
    halo = {"stroke": theme.CARD, "stroke_width": 2.2 * style["stroke_width"]}
    drawing.path("".join(steps), **(style | halo))
    drawing.path("".join(steps), **style)


def _outline_style(picture: Pyramid, frame: _Frame) -> dict:
    dashes = {"stroke_dasharray": "6 3"} if picture.outline_is_region else {}
    return {"fill": "none", "stroke": theme.TEXT, "stroke_width": frame.size / 8, **dashes}


def _axis(drawing: Drawing, picture: Pyramid, frame: _Frame, size: float) -> None:
    """Light vertical lines at round numbers, mirrored, with their numbers at the foot."""
    sides = len(picture.sides)
    step = axes.round_step(picture.scale / max(2.0, frame.reach / (4.5 * size)))
    count = int(picture.scale / step + 1e-9) if step else 0
    for side in range(sides):
        for i in range(count + 1):
            x = frame.x(side, i * step / picture.scale if picture.scale else 0, sides)
            drawing.line(x, frame.top, x, frame.foot, theme.GRID)
            drawing.text(
                x,
                frame.foot + 0.9 * size,
                _number(picture, i * step),
                size=size,
                anchor="middle",
                fill=theme.SECONDARY_TEXT,
            )
    middle = (frame.left + frame.right) / 2 if sides > 1 else frame.right + frame.reach / 2
    drawing.text(
        middle,
        frame.foot + 2.3 * size,
        picture.unit,
        size=size,
        anchor="middle",
        fill=theme.SECONDARY_TEXT,
    )


def _number(picture: Pyramid, value: float) -> str:
    return formats.number(value, 0 if float(value).is_integer() else max(picture.decimals, 1))


def _ages(drawing: Drawing, picture: Pyramid, frame: _Frame, size: float) -> None:
    """The ages between both halves, every ten years."""
    middle = (frame.left + frame.right) / 2 if len(picture.sides) > 1 else frame.right - 0.8 * size
    anchor = "middle" if len(picture.sides) > 1 else "end"
    for age in range(0, frame.oldest + 1, 10):
        if frame.y(age) < frame.top - 0.1 * size:
            break
        # the label stands at the middle of its year
        y = frame.y(age + 0.5) if age < frame.oldest else frame.y(age)
        drawing.text(middle, y, str(age), size=size, anchor=anchor, fill=theme.SECONDARY_TEXT)


def _bands(drawing: Drawing, picture: Pyramid, frame: _Frame, size: float) -> None:
    """The school ages as a bracket at the right edge, each with its name, moved apart."""
    wanted = [frame.y((b.first + b.last + 1) / 2) for b in picture.bands]
    # spread works downwards, ages go upwards
    order = list(reversed(range(len(wanted))))
    heights = [1.35 * size] * len(order)
    placed = spread([wanted[i] for i in order], heights, frame.top, frame.foot)
    start = frame.left - frame.reach if len(picture.sides) > 1 else frame.right
    for i, at in zip(order, placed, strict=True):
        band = picture.bands[i]
        low, high = frame.y(band.first), frame.y(band.last + 1)
        if not i % 2:
            drawing.rect(start, high, frame.band - start, low - high, "#EEF2F5")
        x = frame.band
        drawing.rect(x, high + 1, 4, low - high - 2, theme.PRIMARY)
        drawing.path(
            f"M{x + 4:.1f} {(low + high) / 2:.1f}L{x + 0.85 * size:.1f} {at:.1f}",
            fill="none",
            stroke=theme.FAINTEST_TEXT,
        )
        drawing.text(x + size, at, _band_text(band, frame.named), size=size)


def _band_text(band: Band, named: bool) -> str:
    ages = f"{band.first}–{band.last}"
    return f"{ages}: {band.name}" if named else ages


def _head(drawing: Drawing, picture: Pyramid, frame: _Frame, size: float) -> None:
    """Names and totals of the halves, and what the outline is."""
    y = frame.top - 0.9 * size
    sides = len(picture.sides)
    for side, (name, total) in enumerate(zip(picture.sides, picture.side_texts, strict=True)):
        x = frame.left - 0.5 * size if sides > 1 and side == 0 else frame.right + 0.5 * size
        anchor = "end" if sides > 1 and side == 0 else "start"
        drawing.text(
            x, y, f"{name}: {total}" if total else name, size=size, anchor=anchor, bold=True
        )
    if picture.outline_name:
        text = f"Vergleich: {picture.outline_name}"
        x = frame.left - frame.reach if sides > 1 else frame.right
        y = frame.top - 2.3 * size
        drawing.path(f"M{x:.1f} {y:.1f}H{x + 2.2 * size:.1f}", **_outline_style(picture, frame))
        drawing.text(x + 2.7 * size, y, text, size=size)
