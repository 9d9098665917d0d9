"""The legend above lines on a narrow drawing: samples of lines and marks, each with its words.

A mark of a number that is withheld is drawn here for the legend and for below the plot alike.
"""

from dataclasses import dataclass

from indicators.figures import axes, theme
from indicators.figures.chart import WITHHELD, Chart, Series
from indicators.figures.drawing import Drawing, fitted, text_width
from indicators.figures.style import Look

LINE = 1.25  # height of a line of text, in letters
_SAMPLE = 2.6  # of a line in the legend, in letters
MARK = 0.42  # half the height of a mark below the plot, in letters


@dataclass(frozen=True)
class Row:
    """A row of the legend: where each entry begins, its sample (a look, a reason or a gap) and its
    words, in more than one line only where a row has a single entry."""

    entries: tuple[tuple[float, Look | str, list[str]], ...]
    height: float


def legend_rows(
    chart: Chart, looks: dict[Series, Look], width: float, size: float, named: bool, gaps_told: bool
) -> list[Row]:
    """The entries in rows: names of lines where these cannot be named at their ends, what marks
    mean, and that years are missing where the gap has no room for the words."""
    entries: list[tuple[Look | str, str]] = []
    shown = axes.shown(chart)
    if not named and len(chart.series) > 1:
        entries += [(looks[s], s.short or s.name) for s in shown]
    if axes.gaps(chart) and not gaps_told:
        entries.append(("gap", axes.NO_NUMBERS))
    entries += [(kind, WITHHELD[kind]) for kind in axes.withheld_reasons(chart)]
    rows: list[list[tuple[float, Look | str, list[str]]]] = []
    at = 0.0
    for sample, words in entries:
        before = (_SAMPLE + 0.5) * size
        lines = fitted(words, width - before, size)
        taken = before + max(text_width(line, size) for line in lines)
        if not rows or at + taken > width or len(lines) > 1:
            rows.append([])
            at = 0.0
        rows[-1].append((at, sample, lines))
        at += taken + 1.1 * size if len(lines) == 1 else width
    return [
        Row(tuple(row), (1.5 + LINE * (max(len(lines) for *_, lines in row) - 1)) * size)
        for row in rows
    ]


def draw_legend(drawing: Drawing, rows: list[Row], size: float) -> None:
    y = 0.0
    for row in rows:
        first = y + 0.75 * size
        for x, sample, lines in row.entries:
            if isinstance(sample, Look):
                _sample(drawing, x, first, sample, size)
            elif sample == "gap":
                drawing.rect(x, first - 0.45 * size, _SAMPLE * size, 0.9 * size, theme.NO_VALUE)
            else:
                draw_mark(
                    drawing, x + _SAMPLE * size / 2, first, sample, theme.SECONDARY_TEXT, size
                )
            for i, line in enumerate(lines):
                at = first + i * LINE * size
                drawing.text(x + (_SAMPLE + 0.5) * size, at, line, size=size)
        y += row.height


def _sample(drawing: Drawing, x: float, y: float, look: Look, size: float) -> None:
    drawing.line(x, y, x + _SAMPLE * size, y, look.colour, **stroke(look, look.width))
    drawing.marker(x + _SAMPLE * size / 2, y, look.marker, 4, look.colour)


def stroke(look: Look, width: float) -> dict:
    dash = {"stroke_dasharray": " ".join(map(str, look.dash))} if look.dash else {}
    return {"stroke_width": width, **dash}


def draw_mark(
    drawing: Drawing, x: float, y: float, kind: str, colour: str, size: float, title: str = ""
) -> None:
    """The mark of a reason: a square with a dot (protected), a ring (too few cases), a diamond
    (unreliable)."""
    r = MARK * size
    look = {"fill": "none", "stroke": colour, "stroke_width": size / 9, "title": title}
    if kind == "protected":
        drawing.path(f"M{x - r:.1f} {y - r:.1f}H{x + r:.1f}V{y + r:.1f}H{x - r:.1f}Z", **look)
        drawing.circle(x, y, r / 3.2, colour)
    elif kind == "too_few":
        drawing.circle(x, y, r, "none", **{k: v for k, v in look.items() if k != "fill"})
    else:
        drawing.path(
            f"M{x:.1f} {y - 1.2 * r:.1f}L{x + 1.2 * r:.1f} {y:.1f}L{x:.1f} {y + 1.2 * r:.1f}"
            f"L{x - 1.2 * r:.1f} {y:.1f}Z",
            **look,
        )
