"""Regions in order of their value as SVG: all of them on one axis, and named bars below.

Of many regions the first and last ones, the own ones and their neighbours have a row with name and
value; what lies between is counted. A strip above shows every region as a fine line on the same
scale, so that nobody disappears.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from indicators import formats
from indicators.figures import axes, style, theme
from indicators.figures.chart import Chart, Point
from indicators.figures.drawing import Drawing, fitted, hit, shortened, text_width

_ROW = 1.72  # height of a row, in letters
_ROW_STAGE = 1.5
_SKIP = 1.05  # height of a row that counts those left out
_NAMES = 0.42  # of the width at most are for names
_NUMBERS = 0.3  # of the width at most are for values with a unit
_STRIP = 1.7  # height of the strip of all regions, in letters
_MOST = 20  # rows of a drawing that has no height
_SAMPLE = 2.4  # of a reference line before its words


@dataclass(frozen=True)
class _Line:
    """A row: a region, or how many stand between two rows."""

    point: Point | None
    is_own: bool = False
    skipped: int = 0


def draw(chart: Chart, *, width: int, height: int | None = None, stage: bool = False) -> str:
    """The ranking as SVG; with a height it has as many rows as fit into it."""
    size = theme.FONT_SIZE_STAGE if stage else theme.FONT_SIZE
    points = _ranked(p for s in chart.series for p in s.points)
    unit = _long_unit(points, chart.decimals, _NUMBERS * width, size)
    own = {p.id or p.label for s in chart.series if s.role == "own" for p in s.points}
    words = [(r, fitted(r.label, width - (_SAMPLE + 0.5) * size, size)) for r in chart.references]
    named = fitted(f"Einheit: {unit}", width, size) if unit else []
    head = (sum(len(lines) for _, lines in words) + len(named)) * 1.3 * size
    head += 0.4 * size if head else 0
    strip = (_STRIP + 0.5) * size if len(points) > 8 else 0.0
    axis = 1.6 * size
    row = (_ROW_STAGE if stage else _ROW) * size
    room = int((height - head - strip - axis) / row) if height else _MOST
    mine = sum((p.id or p.label) in own for p in points)
    lines = _lines(points, own, max(room, mine + 4))
    needed = sum(_SKIP * size if line.point is None else row for line in lines)
    if height and needed:
        grown = min((height - head - strip - axis) / needed, 1.35)
        row, needed = (row * grown, needed * grown) if grown > 1 else (row, needed)
    drawing = Drawing(width, head + strip + axis + needed, chart.alt)
    scale = _Scale.of(chart, lines, unit, len(points) if strip else 0, width, size)
    _references(drawing, words, named, size)
    foot = head + strip + needed
    _axis(drawing, chart, scale, head, foot, size)
    if strip:
        _all(drawing, points, own, scale, head, strip - 0.5 * size, size)
    skip = _SKIP * row / (_ROW_STAGE if stage else _ROW)
    tops = []
    y = head + strip
    for line in lines:
        tops.append(y)
        y += row if line.point else skip
    for line, top in zip(lines, tops, strict=True):
        if line.point:
            _bar(drawing, line.point, line.is_own, scale, top + row / 2, row)
    # over the bars and under the words
    for reference in chart.references:
        x = scale.x(reference.value)
        drawing.line(x, head, x, foot, style.role_colour(reference.role), **_dashed(reference.role))
    for line, top in zip(lines, tops, strict=True):
        if line.point:
            crossing = [scale.x(r.value) for r in chart.references]
            _words(drawing, line.point, line.is_own, scale, top + row / 2, size, unit, crossing)
            told = f"Rang {formats.number(line.point.x)}: {line.point.text}"
            hit(drawing, (0, top, width, row), [line.point.label, told])
        else:
            _skipped(drawing, line.skipped, scale, top + skip / 2, size)
    return drawing.svg()


@dataclass(frozen=True)
class _Scale:
    """Where names end and values become positions."""

    rank: float
    names: float
    left: float
    low: float
    high: float
    per_unit: float

    @classmethod
    def of(
        cls, chart: Chart, lines: list[_Line], unit: str, count: int, width: float, size: float
    ) -> "_Scale":
        """`count` regions are named in words before the strip of all."""
        low, high = axes.value_range(chart)
        low, high = min(low, 0.0), max(high, 0.0)
        shown = [line.point for line in lines if line.point]
        rank = max((text_width(_rank(p), size) for p in shown), default=0) + 0.5 * size
        longest = max((text_width(p.label, size) for p in shown), default=0)
        names = min(longest, _NAMES * width)
        before = text_width(_all_words(count), size) if count else 0
        left = max(rank + names, before) + 0.8 * size
        numbers = max((text_width(_value(p, unit), size) for p in shown), default=0)
        room = max(width - left - numbers - 0.7 * size, 3 * size)
        return cls(rank, names, left, low, high, room / ((high - low) or 1))

    def x(self, value: float) -> float:
        return self.left + (value - self.low) * self.per_unit


def _ranked(points: Iterable[Point]) -> list[Point]:
    """In their order, `x` being the rank: regions whose value is the same share it."""
    ranked: list[Point] = []
    for place, point in enumerate(sorted(points, key=lambda p: p.x), 1):
        alike = ranked and point.value is not None and ranked[-1].value == point.value
        ranked.append(replace(point, x=ranked[-1].x if alike else float(place)))
    return ranked


def _rank(point: Point) -> str:
    return f"{formats.number(point.x)}."


def _lines(points: list[Point], own: set[str], most: int) -> list[_Line]:
    """About so many rows: all, or the first and last, the own ones and those beside them."""
    mine = [i for i, p in enumerate(points) if (p.id or p.label) in own]
    if len(points) <= most:
        kept = set(range(len(points)))
    else:
        # by distance from what must be seen, until the rows are full
        ends = [i for at in range(3) for i in (at, len(points) - 1 - at)]
        kept = set(mine[:most])
        wanted = [i for at in range(1, 4) for m in mine for i in (m - at, m + at)]
        more = [
            i
            for pair in zip(range(3, 40), range(len(points) - 4, 0, -1), strict=False)
            for i in pair
        ]
        for i in [*ends, *wanted, *more]:
            # a row that counts those between takes a little room too
            if len(kept) >= most - 2:
                break
            if 0 <= i < len(points):
                kept.add(i)
    lines: list[_Line] = []
    last = -1
    for i in sorted(kept):
        if i - last > 1:
            lines.append(_Line(None, skipped=i - last - 1))
        lines.append(_Line(points[i], (points[i].id or points[i].label) in own))
        last = i
    if last < len(points) - 1:
        lines.append(_Line(None, skipped=len(points) - 1 - last))
    return lines


def _dashed(role: str) -> dict:
    dash = style.role_dash(role)
    return {"stroke_width": 1.5} | ({"stroke_dasharray": " ".join(map(str, dash))} if dash else {})


def _long_unit(points: list[Point], decimals: int, room: float, size: float) -> str:
    """The unit all values share, where with it they would take too much of a narrow drawing."""
    if max((text_width(p.text, size) for p in points), default=0) <= room:
        return ""
    known = [(p.text, formats.number(p.number, decimals)) for p in points if p.value is not None]
    units = {text.removeprefix(number).strip() for text, number in known}
    return units.pop() if len(units) == 1 and all(t.startswith(n) for t, n in known) else ""


def _value(point: Point, unit: str) -> str:
    """What stands at a bar, without a unit that is named above all."""
    return point.text.removesuffix(unit).rstrip() if unit else point.text


def _references(drawing: Drawing, words: list, named: list[str], size: float) -> None:
    """Above all: what the upright lines are, and the unit where rows have no room for it."""
    y = 0.0
    for reference, lines in words:
        colour = style.role_colour(reference.role)
        at = y + 0.65 * size
        drawing.line(0, at, _SAMPLE * size, at, colour, **_dashed(reference.role))
        for i, line in enumerate(lines):
            drawing.text((_SAMPLE + 0.5) * size, at + i * 1.3 * size, line, size=size)
        y += len(lines) * 1.3 * size
    for line in named:
        drawing.text(0, y + 0.65 * size, line, size=size, fill=theme.SECONDARY_TEXT)
        y += 1.3 * size


def _axis(
    drawing: Drawing, chart: Chart, scale: _Scale, top: float, foot: float, size: float
) -> None:
    span = (scale.high - scale.low) * scale.per_unit
    ticks = axes.value_ticks(
        scale.low, scale.high, chart.unit_suffix, most=max(span / (5.5 * size), 1.5)
    )
    widest = max(text_width(text, size, bold=False) for _, text in ticks)
    places = [min(scale.x(value), drawing.width - widest / 2) for value, _ in ticks]
    written = axes.thinned(places, widest + 0.8 * size)
    for i, (value, text) in enumerate(ticks):
        x = scale.x(value)
        drawing.line(x, top, x, foot, theme.FAINTEST_TEXT if value == 0 else theme.GRID)
        if i in written:
            drawing.text(
                places[i],
                foot + 0.9 * size,
                text,
                size=size,
                anchor="middle",
                fill=theme.SECONDARY_TEXT,
            )


def _all_words(count: int) -> str:
    return f"alle {formats.number(count)}"


def _all(
    drawing: Drawing,
    points: list[Point],
    own: set[str],
    scale: _Scale,
    top: float,
    height: float,
    size: float,
) -> None:
    """Every region as a fine line on the scale, the own ones on top and longer."""
    drawing.text(
        scale.left - 0.8 * size, top + height / 2, _all_words(len(points)), size=size, anchor="end",
        fill=theme.SECONDARY_TEXT,
    )  # fmt: skip
    inset = 0.22 * height
    for is_own in (False, True):
        for point in points:
            if point.value is None or ((point.id or point.label) in own) != is_own:
                continue
            x = scale.x(point.value)
            edge = 0 if is_own else inset
            drawing.line(
                x,
                top + edge,
                x,
                top + height - edge,
                theme.OWN_REGION if is_own else theme.MAP_RAMP[3],
                stroke_width=3 if is_own else 1,
                stroke_opacity=1 if is_own else 0.55,
            )


def _skipped(drawing: Drawing, count: int, scale: _Scale, y: float, size: float) -> None:
    words = formats.quantity(count, "weiterer", "weitere")
    drawing.text(
        scale.rank, y, f"… {words}", size=0.9 * size if size < 20 else size,
        fill=theme.FAINTEST_TEXT,
    )  # fmt: skip


def _bar(
    drawing: Drawing, point: Point, is_own: bool, scale: _Scale, middle: float, row: float
) -> None:
    if not point.value:
        return
    start, end = sorted((scale.x(0), scale.x(point.value)))
    colour = theme.OWN_REGION if is_own else theme.MAP_RAMP[2]
    drawing.rect(start, middle - 0.31 * row, max(end - start, 1.5), 0.62 * row, colour)


def _words(
    drawing: Drawing,
    point: Point,
    is_own: bool,
    scale: _Scale,
    middle: float,
    size: float,
    unit: str,
    crossing: list[float],
) -> None:
    """Rank and name before the bar, the value behind it; where there is none, why. Lines that cross
    it end at its words."""
    quiet = theme.SECONDARY_TEXT
    drawing.text(scale.rank - 0.5 * size, middle, _rank(point), size=size, anchor="end", fill=quiet)
    name = shortened(point.label, scale.names, size)
    drawing.text(scale.rank, middle, name, size=size, bold=is_own)
    known = point.value is not None
    words = shortened(_value(point, unit), drawing.width - scale.left, size)
    width = text_width(words, size, bold=is_own and known)
    end = max(scale.x(0), scale.x(point.number)) if known else scale.x(0)
    x = min(end + 0.4 * size, drawing.width - width)
    if any(x - 3 < at < x + width + 3 for at in crossing):
        left = max(x - 3, 0)
        right = min(x + width + 3, drawing.width)
        drawing.rect(left, middle - 0.55 * size, right - left, 1.1 * size, theme.CARD)
    fill = theme.TEXT if known else quiet
    drawing.text(x, middle, words, size=size, bold=is_own and known, fill=fill, halo=True)
