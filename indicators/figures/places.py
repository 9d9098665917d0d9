"""Places in order of their value: a named bar for each Gemeinde or Stadtteil, readable without a
pointer; those without a number stand at the end with the reason."""

from dataclasses import dataclass, replace

from indicators.figures import theme
from indicators.figures.drawing import Drawing, hit, shortened, text_width, wrapped

_ROW = 1.75  # height of a row, in letters
_LEAST_ROW = 1.15
_NARROWEST = 13  # letters: the least width of a column on half a slide
_SAMPLE = 2.9  # of the line before the words of the legend
_MOST_IN_A_COLUMN = 12
_COLUMN = 36  # letters: two columns do not fit into less


@dataclass(frozen=True)
class Place:
    """A place with its value; `value` is None where there is none, and `text` says why."""

    name: str
    value: float | None
    text: str
    is_own: bool = False


@dataclass(frozen=True)
class PlacesPicture:
    """Places in the order in which they are read; `reference` is the value of the whole with its
    words, drawn as a line through all bars (None for counts)."""

    title: str
    alt: str
    places: tuple[Place, ...]
    reference: tuple[float, str] | None = None


def draw(
    picture: PlacesPicture, *, width: int, height: int | None = None, stage: bool = False
) -> str:
    """The picture as SVG in one column or two; as high as its rows need, and with a height at
    least as high and its letters as large as fit (on the stage never below 20 pixels)."""
    size = theme.FONT_SIZE_STAGE if stage else theme.FONT_SIZE
    foot: list[str] = []
    if stage and len(picture.places) > _MOST_IN_A_COLUMN:
        # a wall has no room for bars beside a column of places that have none
        without = [place for place in picture.places if place.value is None and not place.is_own]
        kept = tuple(place for place in picture.places if place not in without)
        picture = replace(picture, places=kept)
        for reason in dict.fromkeys(place.text for place in without):
            names = ", ".join(place.name for place in without if place.text == reason)
            foot += wrapped(f"{reason[:1].upper() + reason[1:]}: {names}", width, size)
    columns = 1 if len(picture.places) <= _MOST_IN_A_COLUMN or width < _COLUMN * size else 2
    if stage and len(picture.places) > 2 * _MOST_IN_A_COLUMN:
        columns = 3
    rows = -(-len(picture.places) // columns)
    words = wrapped(picture.reference[1], width - _SAMPLE * size, size) if picture.reference else []
    head = (0.65 + 1.25 * len(words)) * size if words else 0.4 * size
    row = _ROW * size
    while stage and height and columns < 3 and width / (columns + 1) >= _NARROWEST * size:
        if head + rows * _LEAST_ROW * size + (1.25 * len(foot) + 0.4) * size <= height:
            break
        columns += 1
        rows = -(-len(picture.places) // columns)
    below = (1.25 * len(foot) + 0.4) * size
    if height:
        row = min(row, max((height - head - below) / max(rows, 1), _LEAST_ROW * size))
    drawing = Drawing(width, head + rows * row + below, picture.alt)
    for i, line in enumerate(foot):
        at = head + rows * row + (0.8 + 1.25 * i) * size
        drawing.text(0, at, line, size=size, fill=theme.SECONDARY_TEXT)
    if picture.reference:
        _legend(drawing, words, size)
    each = width / columns
    scale = _Scale.of(picture, each - 1.5 * size, size)
    if picture.reference:
        for column in range(columns):
            x = column * each + scale.x(picture.reference[0])
            # no further than there are bars: below, the line would cross words
            listed = picture.places[column * rows : (column + 1) * rows]
            count = sum(place.value is not None for place in listed)
            drawing.line(
                x, head, x, head + count * row, theme.LAND, stroke_width=1.5, stroke_dasharray="6 4"
            )
    for i, place in enumerate(picture.places):
        column, line = divmod(i, rows)
        _draw_place(drawing, place, column * each, head + (line + 0.5) * row, row, scale, size)
        hit(drawing, (column * each, head + line * row, each, row), [place.name, place.text])
    return drawing.svg()


@dataclass(frozen=True)
class _Scale:
    """Where a bar begins and ends within its column."""

    names: float
    zero: float
    per_unit: float
    reference: float | None = None

    @classmethod
    def of(cls, picture: PlacesPicture, width: float, size: float) -> "_Scale":
        values = [place.value for place in picture.places if place.value is not None]
        if picture.reference:
            values.append(picture.reference[0])
        low, high = min([*values, 0.0]), max([*values, 0.0])
        shown = [place.text for place in picture.places if place.value is not None]
        numbers = max((text_width(text, size) for text in shown), default=0)
        longest = max((text_width(place.name, size) for place in picture.places), default=0)
        # the bars need some room
        least = 3.6 if width > _NARROWEST * size else 2.6
        names = min(longest, width - numbers - least * size)
        room = max(width - names - numbers - 1.6 * size, size)
        per_unit = room / ((high - low) or 1)
        zero = names + 0.8 * size - low * per_unit
        at = zero + picture.reference[0] * per_unit if picture.reference else None
        return cls(names, zero, per_unit, at)

    def x(self, value: float) -> float:
        return self.zero + value * self.per_unit


def _draw_place(
    drawing: Drawing, place: Place, left: float, y: float, row: float, scale: _Scale, size: float
) -> None:
    name = shortened(place.name, scale.names, size)
    colour = theme.OWN_REGION if place.is_own else theme.MAP_RAMP[2]
    drawing.text(left, y, name, size=size, bold=place.is_own)
    if place.value is None:
        drawing.text(
            left + scale.zero, y, place.text, size=size, fill=theme.SECONDARY_TEXT, halo=True
        )
        return
    start, end = sorted((scale.zero, scale.x(place.value)))
    drawing.rect(left + start, y - 0.31 * row, max(end - start, 1.5), 0.62 * row, colour)
    at = end + 0.4 * size
    reach = at + text_width(place.text, size)
    if scale.reference is not None and at - 2 < scale.reference < reach + 2:
        at = scale.reference + 0.4 * size  # beside the line, not on it
    drawing.text(left + at, y, place.text, size=size, bold=place.is_own, halo=True)


def _legend(drawing: Drawing, words: list[str], size: float) -> None:
    y = 0.8 * size
    drawing.line(0, y, 2.4 * size, y, theme.LAND, stroke_width=1.5, stroke_dasharray="6 4")
    for i, line in enumerate(words):
        at = y + 1.25 * i * size
        drawing.text(_SAMPLE * size, at, line, size=size, fill=theme.SECONDARY_TEXT)
