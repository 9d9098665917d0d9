"""Axes and lines of charts as plain numbers: ranges, round steps, gaps, labels of periods.

What screen and paper share where a chart is laid out; nothing here is drawn.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from indicators import formats
from indicators.figures.chart import WITHHELD, Chart, Mark, Point, Series
from indicators.figures.drawing import fitted, text_width, wrapped

_YEAR = re.compile(r"\d{4}")
NO_NUMBERS = "keine Angaben"
LINE_HEIGHT = 1.32  # of the font size, of words at a mark
MOST_TITLES = 4  # of the town's events are told within a figure; more would hide the lines


def shown(chart: Chart) -> list[Series]:
    """The series that have a line."""
    return [s for s in chart.series if any(p.value is not None for p in s.points)]


def counted(chart: Chart) -> list[Series]:
    """The series that have a line of numbers which were counted: all but the targets."""
    return [s for s in shown(chart) if not s.is_target]


def withheld_reasons(chart: Chart) -> list[str]:
    """The reasons marked below the axis."""
    found = {p.withheld for s in shown(chart) for p in s.points}
    return [kind for kind in WITHHELD if kind in found]


def marked(chart: Chart) -> list[Series]:
    """The series with a row of marks below the axis, the first on top."""
    return [s for s in shown(chart) if any(p.withheld for p in s.points)]


def broken(points: tuple[Point, ...], breaks: tuple[float, ...]) -> list[Point | None]:
    """The points with None wherever no line may be drawn: a gap, a missing value, a break."""
    out: list[Point | None] = []
    last: Point | None = None
    for point in points:
        if point.value is None:
            out.append(None)
            last = None
            continue
        gap = last is not None and (
            point.x - last.x > 1.5 or any(last.x < at <= point.x for at in breaks)
        )
        if gap:
            out.append(None)
        out.append(point)
        last = point
    return out


def gaps(chart: Chart) -> list[tuple[Point, Point]]:
    """The last points before and the first after years in which no line has a number or a mark."""
    known = [p for s in counted(chart) for p in s.points if p.value is not None or p.withheld]
    in_order = sorted(known, key=lambda p: p.x)
    return [(a, b) for a, b in pairwise(in_order) if b.x - a.x > 1.5]


def missing_words(before: str, after: str) -> str:
    """ "2018/19", "2022/23" → "2019/20 bis 2021/22: keine Angaben"; of dates the years."""
    first, last = later(before, 1), later(after, -1)
    return f"{first}: {NO_NUMBERS}" if first == last else f"{first} bis {last}: {NO_NUMBERS}"


def later(label: str, years: int) -> str:
    """The year so many years after a period: "2018/19", 2 → "2020/21"; of a date its year."""
    year = int(_YEAR.findall(label)[0]) + years
    return f"{year}/{(year + 1) % 100:02d}" if "/" in label else str(year)


def last_known(series: Series) -> Point:
    """The last point with a value of a series that is shown."""
    return next(p for p in reversed(series.points) if p.value is not None)


def is_alone(points: Sequence[Point | None], i: int) -> bool:
    """Whether a point has no neighbour among those of `broken`: there is no line to it."""
    here, before, after = points[i], points[max(i - 1, 0)], points[min(i + 1, len(points) - 1)]
    return here is not None and before in (None, here) and after in (None, here)


def begin(low: float, highest: float, share: float) -> float:
    """A round number for an axis that does not begin at zero, so far below the lowest value that
    the words which say so have this share of the height to themselves."""
    low -= (highest - low) * share
    step = round_step((highest - low) / 10)
    return round(max(math.floor(low / step) * step, 0), 11)


def value_range(chart: Chart) -> tuple[float, float]:
    values = [p.value for s in chart.series for p in s.points if p.value is not None]
    values += [r.value for r in chart.references]
    if not values:
        return 0, 1
    low, high = min(values), max(values)
    if chart.from_zero and low >= 0:
        low = 0
    room = (high - low or abs(high) or 1) * 0.08
    return (low - (room if low else 0)), high + room


def on_two_lines(label: str) -> str:
    """A period on two lines if it is long: "WS" over "2023/24", "31.12." over "2024"."""
    return re.sub(r"^(WS |\d\d\.\d\d\.)(\d{4}.*)$", r"\1<br>\2", label)


def round_step(rough: float) -> float:
    """The round number (1, 2, 5 times a power of ten) that is not below the rough one; 0 for 0."""
    if rough <= 0:
        return 0
    power = 10.0 ** exponent(rough)
    return next(f * power for f in (1, 2, 5, 10) if f * power >= rough - 1e-12)


def exponent(number: float) -> int:
    return math.floor(math.log10(number) + 1e-12)


def thinned(places: Sequence[float], least: float) -> list[int]:
    """Which of these places, in order, have a label where labels need so many pixels each: the
    last, the first if there is room for two, and between them as many as there is room for, at even
    steps where such steps lead from the first to the last."""
    end = len(places) - 1
    if end < 1 or places[end] - places[0] < least:
        return [end] if places else []
    for step in range(1, end // 2 + 1):
        kept = list(range(0, end + 1, step))
        near = min(b - a for a, b in pairwise(places[i] for i in kept))
        if end % step == 0 and near >= least:
            if 2 * least * (len(kept) - 1) >= places[end] - places[0] - least:
                return kept
            break
    kept = [0]
    for i in range(1, end):
        if places[i] - places[kept[-1]] >= least <= places[end] - places[i]:
            kept.append(i)
    return [*kept, end]


def value_ticks(
    low: float, highest: float, suffix: str, most: float = 5
) -> list[tuple[float, str]]:
    """Round values from `low` up to the highest with their texts, written by formats."""
    each = round_step((highest - low) / most)
    first = int(-(-low // each))
    decimals = max(0, -exponent(each))
    return [
        (i * each, formats.number(i * each, decimals) + suffix)
        for i in range(first, int(highest // each) + 1)
    ]


def _side(
    mark: Mark, at: float, places: Sequence[float], room: float, size: float, whole: bool
) -> tuple[bool, list[str], float, float]:
    """Whether the words of a mark stand left of it, their lines, and their left and right end: on
    the side, and as wide, that they cross no other mark if they can."""
    # a number takes the place of what separates words from their line
    before = badge_width(mark.number, size) + 4 if mark.number else 8
    found: list[tuple[tuple, bool, list[str], float, float]] = []
    for on_left in (False, True):
        edge = at if on_left else room - at
        others = [abs(at - x) for x in places if (x < at if on_left else x > at)]
        for width in {min(0.7 * room, edge), min([0.7 * room, edge, *others])}:
            lines = (wrapped if whole else fitted)(mark.label, width - before, size)
            lines = lines if mark.label else []
            taken = max((text_width(line, size) for line in lines), default=0) + before
            left, right = (at - taken, at) if on_left else (at, at + taken)
            crossed = sum(left < x < right for x in places)
            unusual = on_left != (at > 0.6 * room)
            cut = "".join(lines).count("…") + (len(lines) > 3) + (taken > edge)
            found.append(((cut, crossed, unusual, len(lines)), on_left, lines, left, right))
    return min(found)[1:]


def badge_width(number: int, size: float) -> float:
    """The room of a flag's number beside its line, with what separates it from words."""
    return text_width(str(number), size) + 1.1 * size


def placed_words(
    marks: Sequence[Mark],
    ends: tuple[float, float],
    room: float,
    size: float,
    whole: bool = False,
) -> tuple[list[tuple[Mark, list[str], float, bool]], float]:
    """Every mark with its lines of text, how many pixels these stand below the top and whether they
    stand left of it, so that no text covers another; and the pixels all take. Words stand on the
    side where they cross no other mark, if there is one; a word wider than the room is cut unless
    words stay `whole`, as there may be more room than is known. A mark without a label has its
    number alone."""
    placed = []
    taken: list[tuple[float, float, float, float]] = []
    in_order = sorted(marks, key=lambda m: m.x)
    places = [(m.x - ends[0]) / (ends[1] - ends[0]) * room for m in in_order]
    for mark, at in zip(in_order, places, strict=True):
        on_left, lines, left, right = _side(mark, at, places, room, size, whole)
        height = max(len(lines), 1) * size * LINE_HEIGHT + 2
        top = 0.0
        for other_left, other_right, other_top, other_bottom in sorted(taken, key=lambda t: t[2]):
            beside = right <= other_left or left >= other_right
            if not beside and top < other_bottom and top + height > other_top:
                top = other_bottom
        taken.append((left, right, top, top + height))
        placed.append((mark, lines, top, on_left))
    return placed, max((bottom for *_, bottom in taken), default=0)


def flagged(
    marks: Sequence[Mark], ends: tuple[float, float], room: float, size: float, most: float
) -> tuple[list[tuple[Mark, list[str], float, bool]], float]:
    """As `placed_words`, in at most this height as far as numbers can stand for the words of the
    town's events, which are told below the figure anyway: the newest keep theirs longest."""
    own = sorted((m for m in marks if m.number), key=lambda m: (-m.x, m.number))
    for kept in range(min(len(own), MOST_TITLES), -1, -1):
        silent = {m.number for m in own[kept:]}
        told = [replace(m, label="") if m.number in silent else m for m in marks]
        found = placed_words(told, ends, room, size)
        whole = all("…" not in "".join(lines) for m, lines, *_ in found[0] if m.number)
        if not kept or (found[1] <= most and whole):
            return found
    return placed_words([], ends, room, size)
