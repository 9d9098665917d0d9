"""Flow diagrams: how many persons go from where to where, at one gate or at several in a row.

A band is as thick as its number of persons; all gates drawn beside each other share one scale. A
flow without a number is a hatched thread of fixed thickness: nothing about its size can be measured
off. Where the total of a node is shown, what is left of it beside the flows with a number is a
hatched block of that size, from which the threads go: a reader could reckon it anyway, and it tells
nothing of its parts.
"""

from dataclasses import dataclass

from indicators import formats
from indicators.figures import theme
from indicators.figures.drawing import Drawing, shortened, spread, text_width, wrapped

THREAD = 7  # thickness of a flow without a number
_BLOCK = 2.8  # letters: how long the block of a remainder is
BAR = 14  # width of a node
_GAP = 12
_TALL = 22  # height of a gate in letters, where nothing else says how high it is
_LABEL_GAP = 22.0  # between a node and its words, where a line may lead from one to the other
_STROKE = 3.0  # width of the stroke beside words that stand apart from their node


@dataclass(frozen=True)
class Node:
    """An origin or destination. `text` stands under its name: its number, or why there is none;
    `share` follows it where the band is too thin to carry it. `total` is how many are there, where
    flows without a number leave that open: the node is as high as all, and a block stands for those
    not shown."""

    id: str
    name: str
    text: str
    colour: str
    share: str = ""
    total: float | None = None


@dataclass(frozen=True)
class Band:
    """Persons from one node to another. `value` is None where it is not shown, and `text` says
    why; `share` stands on the band; `title` is the whole finding in words."""

    origin: str
    destination: str
    value: float | None
    share: str
    title: str


@dataclass(frozen=True)
class Gate:
    """One transition: nodes on the left and right in their fixed order, and the bands between;
    `hidden` are the reasons why some have no number."""

    title: str
    origins: tuple[Node, ...]
    destinations: tuple[Node, ...]
    bands: tuple[Band, ...]
    hidden: tuple[str, ...] = ()


@dataclass(frozen=True)
class FlowPicture:
    """What a flow diagram shows; drawn by `draw` at any size."""

    title: str
    alt: str
    gates: tuple[Gate, ...]


def capacity(height: float, *, stage: bool = False) -> int:
    """How many gates a page of this height has room for: on the stage each has its own."""
    return 1 if stage else max(int(height / (_TALL * theme.FONT_SIZE)), 1)


def pages(picture: FlowPicture, height: float, *, stage: bool = False) -> int:
    """How many pages of this height the gates need."""
    return -(-len(picture.gates) // capacity(height, stage=stage))


def draw(
    picture: FlowPicture,
    *,
    width: int,
    height: int | None = None,
    stage: bool = False,
    first: int = 0,
) -> str:
    """The picture as SVG, several gates beside each other and in lines of equal height; as high as
    they need without a height.

    `stage` sets the letters for a projector and draws one gate only, the one in place `first` (0).
    """
    size = theme.FONT_SIZE_STAGE if stage else theme.FONT_SIZE
    several = len(picture.gates) > 1
    gates = picture.gates[first : first + 1] if stage else picture.gates
    in_a_line = max(min(len(gates), int(width // (30 * size))), 1)
    lines = -(-len(gates) // in_a_line)
    height = height or round(lines * _TALL * size)
    drawing = Drawing(width, height, picture.alt)
    paged = stage and several
    head, foot = (2.4 if several else 0.8) * size, (2.2 if paged else 0.8) * size
    reasons = list(dict.fromkeys(reason for gate in gates for reason in gate.hidden))
    words = f"{', '.join(reasons)}: Die Breite sagt nichts über die Anzahl"
    if any(_rests(gate, side) for gate in gates for side in ("origin", "destination")):
        words += " der einzelnen Wege; der Block zeigt, wie viele es zusammen sind"
    said = wrapped(words, width - (18 if paged else 3) * size, size) if reasons else []
    below = (1.25 * len(said) + (0 if paged else 0.4)) * size if said else 0
    each, tall = width / in_a_line, (height - below) / lines
    room = tall - head - foot
    scale = min(_scale(gate, room, size) for gate in gates)
    if said:
        at = height - (0.7 + 1.25 * (len(said) - 1)) * size
        drawing.hatching_said(0, at, said, size)
    if paged:
        count = formats.number(len(picture.gates))
        told = f"Seite {formats.number(first + 1)} von {count} (blättern mit → und ←)"
        drawing.text(
            width, height - 0.7 * size, told, size=size, anchor="end", fill=theme.SECONDARY_TEXT
        )
    for number, gate in enumerate(gates):
        line, place = divmod(number, in_a_line)
        left, top = place * each, line * tall + head
        if several:
            drawing.text(
                left + each / 2, top - 1.4 * size, gate.title, size=size, anchor="middle", bold=True
            )
        _draw_gate(drawing, gate, left, each, top, room, scale, size)
    return drawing.svg()


def thickness(value: float | None, scale: float) -> float:
    """How many pixels thick a band is; every person counted is seen."""
    return THREAD if value is None else max(value * scale, 1.0) if value else 0.0


def _side(gate: Gate, side: str) -> dict[str, list[Band]]:
    """The bands at each node of a side, in the fixed order of the nodes at their other end."""
    other = {"origin": "destination", "destination": "origin"}[side]
    nodes = {"origin": gate.origins, "destination": gate.destinations}
    rank = {node.id: i for i, node in enumerate(nodes[other])}
    return {
        node.id: sorted(
            (b for b in gate.bands if getattr(b, side) == node.id),
            key=lambda b: rank[getattr(b, other)],
        )
        for node in nodes[side]
    }


def _totals(gate: Gate, side: str) -> dict[str, float]:
    nodes = gate.origins if side == "origin" else gate.destinations
    return {node.id: node.total or 0.0 for node in nodes}


def _rests(gate: Gate, side: str) -> dict[str, float]:
    """How many are at a node beside those whose flow has a number, where that is known and some
    flows have none."""
    totals, found = _totals(gate, side), {}
    for node, bands in _side(gate, side).items():
        left = totals[node] - sum(band.value or 0 for band in bands)
        if left > 0 and any(band.value is None for band in bands):
            found[node] = left
    return found


def _scale(gate: Gate, room: float, size: float) -> float:
    """Pixels per person at which both sides of the gate fit into the room."""
    found = []
    for side in ("origin", "destination"):
        bands = _side(gate, side)
        rests = _rests(gate, side)
        hidden = sum(
            THREAD
            for node, list in bands.items()
            for b in list
            if b.value is None and node not in rests
        )
        totals = _totals(gate, side)
        persons = sum(
            max(sum(b.value or 0 for b in list), totals[node]) for node, list in bands.items()
        )
        gaps = max(len(bands) - 1, 0) * _GAP
        found.append(max(room - gaps - hidden, room / 4) / (persons or 1))
    return min(found)


@dataclass(frozen=True)
class _Placed:
    """Where all of a gate is drawn. By side: `x` of its bars, `places` (top and height) of nodes,
    `blocks` of the remainders (`rests`) that are known, as top and height, all `long`. By the id()
    of a band: its tops at both `ends`."""

    gate: Gate
    x: dict[str, float]
    rests: dict[str, dict[str, float]]
    places: dict[str, dict[str, tuple[float, float]]]
    blocks: dict[str, dict[str, tuple[float, float]]]
    ends: dict[int, list[float]]
    long: float
    scale: float
    size: float

    @property
    def sides(self) -> dict[str, tuple[Node, ...]]:
        return {"origin": self.gate.origins, "destination": self.gate.destinations}

    @classmethod
    def of(
        cls, gate: Gate, x: dict[str, float], top: float, room: float, scale: float, size: float
    ) -> "_Placed":
        bands = {side: _side(gate, side) for side in x}
        rests = {side: _rests(gate, side) for side in x}
        places = {
            side: _places(bands[side], _totals(gate, side), rests[side], top, room, scale)
            for side in x
        }
        ends: dict[int, list[float]] = {}
        blocks: dict[str, dict[str, tuple[float, float]]] = {side: {} for side in x}
        for side in x:
            for node, found in bands[side].items():
                left_over = rests[side].get(node, 0.0) * scale
                block = _stack(found, places[side][node][0], left_over, scale, ends)
                if node in rests[side]:
                    blocks[side][node] = block
        long = min(_BLOCK * size, 0.2 * (x["destination"] - x["origin"] - BAR))
        return cls(gate, x, rests, places, blocks, ends, long, scale, size)


def _draw_gate(
    drawing: Drawing,
    gate: Gate,
    left: float,
    width: float,
    top: float,
    room: float,
    scale: float,
    size: float,
) -> None:
    sides = {"origin": gate.origins, "destination": gate.destinations}
    # a label may take up to a third of the width; the bands need the rest
    labels = {side: _Labels.of(nodes, room, width * 0.34, size) for side, nodes in sides.items()}
    x = {
        "origin": left + labels["origin"].width + _LABEL_GAP,
        "destination": left + width - labels["destination"].width - _LABEL_GAP - BAR,
    }
    placed = _Placed.of(gate, x, top, room, scale, size)
    _draw_bands(drawing, placed)
    for side in sides:
        _draw_nodes(drawing, placed, side)
        labels[side].draw(drawing, placed.places[side], x[side], side, top, room)
    _shares(drawing, placed)


def _draw_bands(drawing: Drawing, placed: _Placed) -> None:
    """In the colour of where they end, if all begin at one node, else of where they begin."""
    coloured_by = "destination" if len(placed.gate.origins) == 1 else "origin"
    colours = {node.id: node.colour for node in placed.sides[coloured_by]}
    for band in placed.gate.bands:
        thick = thickness(band.value, placed.scale)
        if not thick:
            continue
        y0, y1 = placed.ends[id(band)]
        shift = {
            side: placed.long if band.value is None and getattr(band, side) in blocks else 0.0
            for side, blocks in placed.blocks.items()
        }
        x0 = placed.x["origin"] + BAR + shift["origin"]
        x1 = placed.x["destination"] - shift["destination"]
        drawing.path(
            _ribbon(x0, y0, x1, y1, thick),
            fill=drawing.hatching() if band.value is None else colours[getattr(band, coloured_by)],
            fill_opacity=1 if band.value is None else 0.38,
            title=band.title,
        )


def _draw_nodes(drawing: Drawing, placed: _Placed, side: str) -> None:
    x = placed.x[side]
    for node in placed.sides[side]:
        y, tall = placed.places[side][node.id]
        numbers = " · ".join(filter(None, (node.text, node.share)))
        drawing.rect(x, y, BAR, tall, node.colour, title=f"{node.name}: {numbers}")
        if node.id in placed.blocks[side]:
            _draw_block(drawing, placed, node, side)


def _stack(
    bands: list[Band], y: float, block: float, scale: float, ends: dict[int, list[float]]
) -> tuple[float, float]:
    """Adds to `ends` where each band of a node begins, from `y` down: those with a number first,
    and in the block of the remainder (or one below the other, if it is none) the threads. Returns
    the upper edge and the height of the block."""
    hidden = [band for band in bands if band.value is None]
    for band in bands:
        if band.value is not None:
            ends.setdefault(id(band), []).append(y)
            y += thickness(band.value, scale)
    height = max(block, 2.0) if block else THREAD * len(hidden)
    for i, band in enumerate(hidden):
        # evenly spread, so that where a thread begins says as little as how thick it is
        middle = y + height * (i + 0.5) / len(hidden)
        ends.setdefault(id(band), []).append(middle - THREAD / 2)
    return y, height


def _draw_block(drawing: Drawing, placed: _Placed, node: Node, side: str) -> None:
    """The remainder of a node, with its number where there is room for it."""
    x = placed.x[side] + BAR if side == "origin" else placed.x[side] - placed.long
    y, tall = placed.blocks[side][node.id]
    number = formats.number(placed.rests[side][node.id])
    told = f"{node.name}: {', '.join(placed.gate.hidden)}, zusammen {number}"
    drawing.rect(x, y, placed.long, tall, theme.CARD)
    drawing.rect(x, y, placed.long, tall, drawing.hatching(), title=told)
    size = placed.size
    if _carries(tall, size) and text_width(number, size) <= placed.long:
        drawing.text(
            x + placed.long / 2, y + tall / 2, number, size=size, anchor="middle", halo=True
        )


def _places(
    bands: dict[str, list[Band]],
    totals: dict[str, float],
    rests: dict[str, float],
    top: float,
    room: float,
    scale: float,
) -> dict[str, tuple[float, float]]:
    """Upper edge and height of each node, the whole side centred in the room."""

    def needed(node: str, found: list[Band]) -> float:
        known = sum(thickness(b.value, scale) for b in found if b.value is not None)
        hidden = sum(THREAD for b in found if b.value is None)
        return known + (max(rests[node] * scale, 2.0) if node in rests else hidden)

    heights = {
        node: max(needed(node, found), totals[node] * scale) for node, found in bands.items()
    }
    used = sum(heights.values()) + max(len(heights) - 1, 0) * _GAP
    y = top + max(room - used, 0) / 2
    places = {}
    for node, tall in heights.items():
        places[node] = (y, max(tall, 2.0))
        y += max(tall, 2.0) + _GAP
    return places


def _ribbon(x0: float, y0: float, x1: float, y1: float, thick: float) -> str:
    middle = (x0 + x1) / 2
    return (
        f"M{x0:.1f} {y0:.1f}C{middle:.1f} {y0:.1f} {middle:.1f} {y1:.1f} {x1:.1f} {y1:.1f}"
        f"V{y1 + thick:.1f}C{middle:.1f} {y1 + thick:.1f} {middle:.1f} {y0 + thick:.1f} "
        f"{x0:.1f} {y0 + thick:.1f}Z"
    )


def _carries(thick: float, size: float) -> bool:
    return thick >= size * 1.05


@dataclass(frozen=True)
class _Labels:
    """The labels of a side: per node the lines of its name; `width` is what they need. Where there
    are too many nodes for the room, name and number share a line and long names are cut; the
    table has them whole."""

    nodes: tuple[Node, ...]
    names: tuple[tuple[str, ...], ...]
    one_line: bool
    width: float
    size: float

    @classmethod
    def of(cls, nodes: tuple[Node, ...], room: float, most: float, size: float) -> "_Labels":
        names = tuple(tuple(wrapped(node.name, most, size * 1.04)) for node in nodes)
        numbers = [text_width(_number_line(node, 0, size), size) for node in nodes]
        needed = sum(len(name) + 1 for name in names) * 1.18 * size
        one_line = needed > room
        if one_line:
            numbers = [text_width(node.text, size) for node in nodes]
            most *= 1.25
            spare = [most - number - 0.6 * size for number in numbers]
            names = tuple(
                (shortened(node.name, left, size * 1.04),)
                for node, left in zip(nodes, spare, strict=True)
            )
        widths = [max(text_width(line, size * 1.04) for line in name) for name in names]
        if one_line:
            widths = [w + 0.6 * size + n for w, n in zip(widths, numbers, strict=True)]
            widest = min(max(widths, default=0), most)
        else:  # a long word may take more than its part of a narrow drawing
            widest = max((max(w, n) for w, n in zip(widths, numbers, strict=True)), default=0)
        return cls(nodes, names, one_line, widest, size)

    def draw(
        self,
        drawing: Drawing,
        places: dict[str, tuple[float, float]],
        x: float,
        side: str,
        top: float,
        room: float,
    ) -> None:
        """Name and number beside each node, moved apart where nodes are thin."""
        size, line = self.size, 1.18 * self.size
        anchor = "end" if side == "origin" else "start"
        edge = x - _LABEL_GAP if side == "origin" else x + BAR + _LABEL_GAP
        tall = [line * (1 if self.one_line else len(name) + 1) for name in self.names]
        wanted = [places[n.id][0] + places[n.id][1] / 2 for n in self.nodes]
        # a little air, so that a number is not taken for that of the name below it
        air = max(min(0.45 * size, (room - sum(tall)) / (len(tall) or 1)), 0)
        middles = spread(wanted, [t + air for t in tall], top - air / 2, top + room + air / 2)
        _lead(drawing, self.nodes, places, middles, tall, x, side)
        for node, name, y, height in zip(self.nodes, self.names, middles, tall, strict=True):
            if self.one_line:
                both = (name[0], node.text)
                drawing.text(edge, y, " ".join(both), size=size * 0.93, anchor=anchor)
                continue
            number = _number_line(node, places[node.id][1], size)
            for i, text in enumerate((*name, number)):
                drawing.text(
                    edge,
                    y - height / 2 + line * (i + 0.5),
                    text,
                    size=size,
                    anchor=anchor,
                    bold=i < len(name),
                    fill=theme.TEXT if i < len(name) else theme.SECONDARY_TEXT,
                )


def _lead(
    drawing: Drawing,
    nodes: tuple[Node, ...],
    places: dict[str, tuple[float, float]],
    middles: list[float],
    tall: list[float],
    x: float,
    side: str,
) -> None:
    """Where labels of a side stand beside other nodes than their own: at each a stroke in the
    colour of its node, and a line that leads there."""
    beside = [
        places[node.id][0] - 2 <= y <= sum(places[node.id]) + 2
        for node, y in zip(nodes, middles, strict=True)
    ]
    if all(beside):
        return
    node_edge = x if side == "origin" else x + BAR
    out = -1 if side == "origin" else 1
    stroke = node_edge + out * (_LABEL_GAP - _STROKE - 5)
    for node, y, height in zip(nodes, middles, tall, strict=True):
        middle = places[node.id][0] + places[node.id][1] / 2
        drawing.line(node_edge, middle, stroke, y, node.colour, stroke_width=1)
        left = stroke if out > 0 else stroke - _STROKE
        drawing.rect(left, y - height / 2 + 2, _STROKE, height - 4, node.colour)


def _number_line(node: Node, thick: float, size: float) -> str:
    return f"{node.text} · {node.share}" if node.share and not _carries(thick, size) else node.text


def _shares(drawing: Drawing, placed: _Placed) -> None:
    """The share on each band that is thick enough to carry it: where bands of one origin have
    parted, at their end; else at their beginning, before they cross."""
    gate, scale, size = placed.gate, placed.scale, placed.size
    x0, x1 = placed.x["origin"] + BAR, placed.x["destination"]
    late = len(gate.origins) == 1
    t, side = (0.84, 0.9) if late else (0.16, 0.1)
    drift = 3 * t * t - 2 * t**3  # where the ribbon's curve has got to
    x = x0 + (x1 - x0) * side + (-size if late else size)
    taken: list[float] = []
    for band in sorted(gate.bands, key=lambda band: -thickness(band.value, scale)):
        thick = thickness(band.value, scale)
        if band.value is None or not _carries(thick, size):
            continue
        y0, y1 = placed.ends[id(band)]
        y = y0 + (y1 - y0) * drift + thick / 2
        if all(abs(y - other) > 1.25 * size for other in taken):
            taken.append(y)
            drawing.text(x, y, band.share, size=size, anchor="middle", halo=True)
