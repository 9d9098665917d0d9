"""A drawing as shapes of an Office slide: each bar, line and word can be moved and coloured there.

Reads the SVG that our drawings are made of (rect, line, circle, polygon, path, text) and writes
DrawingML directly: a library's shape by shape takes seconds for the 400 Kreise of a map.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from indicators.figures import theme
from indicators.figures.drawing import text_width

EMU = 9525  # of a pixel: 1,280 of them are the width of a slide of 16:9
_NAMES = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
)
# Office has patterns of its own; these come nearest to ours, and no two are alike.
_PATTERNS = {
    "hatching": "wdUpDiag",
    "missing": "wdUpDiag",
    "protected": "pct20",
    "too_few": "dotGrid",
    "unreliable": "wave",
    "not_applicable": "dashHorz",
    "dissolved": "diagCross",
    "not_collected": "narVert",
    "territory": "horzBrick",
}
_STEP = re.compile(r"([MLHVCQAZz])([^MLHVCQAZz]*)")
_NUMBER = re.compile(r"-?\d*\.?\d+(?:e-?\d+)?")
_POINTS_PER_PIXEL = 0.75


@dataclass(frozen=True)
class Place:
    """Where a drawing stands on the slide: its corner in pixels and how much it is enlarged."""

    x: float
    y: float
    scale: float = 1.0

    def emu(self, x: float, y: float) -> tuple[int, int]:
        return round((self.x + x * self.scale) * EMU), round((self.y + y * self.scale) * EMU)

    def length(self, pixels: float) -> int:
        return max(round(pixels * self.scale * EMU), 0)


def group(svg: str, place: Place, *, first_id: int, name: str, alt: str) -> etree._Element:
    """All of a drawing as one group of shapes; `first_id` and the following number its members."""
    root = etree.fromstring(svg.encode())
    members = "".join(_shapes(root, place, first_id + 1))
    x, y = place.emu(0, 0)
    width, height = (place.length(float(root.get(side))) for side in ("width", "height"))
    box = f'<a:off x="{x}" y="{y}"/><a:ext cx="{width}" cy="{height}"/>'
    inner = f'<a:chOff x="{x}" y="{y}"/><a:chExt cx="{width}" cy="{height}"/>'
    return etree.fromstring(
        f'<p:grpSp {_NAMES}><p:nvGrpSpPr><p:cNvPr id="{first_id}" name={quoteattr(name)} '
        f"descr={quoteattr(alt)}/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr>"
        f"<p:grpSpPr><a:xfrm>{box}{inner}</a:xfrm></p:grpSpPr>{members}</p:grpSp>"
    )


def _shapes(root: etree._Element, place: Place, number: int) -> Iterator[str]:
    for node in root:
        tag = etree.QName(node).localname
        if tag == "defs" or node.get("class") == "hit" or tag not in _MAKERS:
            continue
        yield _MAKERS[tag](node, place, number)
        number += 1


def _float(node: etree._Element, name: str) -> float:
    return float(node.get(name, 0))


def _rect(node, place: Place, number: int) -> str:
    x, y = place.emu(_float(node, "x"), _float(node, "y"))
    width, height = place.length(_float(node, "width")), place.length(_float(node, "height"))
    return _preset("rect", (x, y, width, height), node, place, number)


def _circle(node, place: Place, number: int) -> str:
    r = _float(node, "r")
    x, y = place.emu(_float(node, "cx") - r, _float(node, "cy") - r)
    return _preset("ellipse", (x, y, place.length(2 * r), place.length(2 * r)), node, place, number)


def _preset(kind: str, box: tuple, node, place: Place, number: int) -> str:
    x, y, width, height = box
    return _shape(
        node,
        number,
        f'<a:xfrm><a:off x="{x}" y="{y}"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
        f'<a:prstGeom prst="{kind}"><a:avLst/></a:prstGeom>{_look(node, place)}',
    )


def _line(node, place: Place, number: int) -> str:
    start = _float(node, "x1"), _float(node, "y1")
    end = _float(node, "x2"), _float(node, "y2")
    return _freeform([("moveTo", [start]), ("lnTo", [end])], node, place, number, filled=False)


def _polygon(node, place: Place, number: int) -> str:
    numbers = [float(n) for n in _NUMBER.findall(node.get("points"))]
    corners = list(zip(numbers[::2], numbers[1::2], strict=True))
    steps = [("moveTo", corners[:1]), *(("lnTo", [c]) for c in corners[1:]), ("close", [])]
    return _freeform(steps, node, place, number)


def _path(node, place: Place, number: int) -> str:
    return _freeform(list(_steps(node.get("d", ""))), node, place, number)


def _steps(path: str) -> Iterator[tuple[str, list[tuple[float, float]]]]:
    """The steps of a path in absolute points: DrawingML knows no horizontal or vertical lines."""
    x = y = 0.0
    for command, rest in _STEP.findall(path):
        numbers = [float(n) for n in _NUMBER.findall(rest)]
        if command in "Zz":
            yield "close", []
        elif command == "H":
            for x in numbers:
                yield "lnTo", [(x, y)]
        elif command == "V":
            for y in numbers:
                yield "lnTo", [(x, y)]
        else:
            size = {"M": 2, "L": 2, "Q": 4, "C": 6}[command]
            name = {"M": "moveTo", "L": "lnTo", "Q": "quadBezTo", "C": "cubicBezTo"}[command]
            for i in range(0, len(numbers), size):
                part = numbers[i : i + size]
                points = list(zip(part[::2], part[1::2], strict=True))
                x, y = points[-1]
                yield ("lnTo" if name == "moveTo" and i else name), points


def _freeform(steps: list, node, place: Place, number: int, *, filled: bool = True) -> str:
    every = [place.emu(*point) for _, points in steps for point in points] or [(0, 0)]
    left, top = min(x for x, _ in every), min(y for _, y in every)
    width = max(max(x for x, _ in every) - left, 1)
    height = max(max(y for _, y in every) - top, 1)
    drawn = []
    for name, points in steps:
        inner = "".join(
            f'<a:pt x="{x - left}" y="{y - top}"/>' for x, y in (place.emu(*p) for p in points)
        )
        drawn.append(f"<a:{name}>{inner}</a:{name}>" if inner else f"<a:{name}/>")
    return _shape(
        node,
        number,
        f'<a:xfrm><a:off x="{left}" y="{top}"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
        '<a:custGeom><a:avLst/><a:gdLst/><a:ahLst/><a:cxnLst/><a:rect l="0" t="0" r="r" b="b"/>'
        f'<a:pathLst><a:path w="{width}" h="{height}">{"".join(drawn)}</a:path></a:pathLst>'
        f"</a:custGeom>{_look(node, place, filled=filled)}",
    )


def _shape(node, number: int, properties: str) -> str:
    title = node.find("{*}title")
    told = node.get("data-name") or (title.text if title is not None else "") or ""
    name = told or f"Form {number}"
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{number}" name={quoteattr(name)} descr={quoteattr(told)}/>'
        f"<p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr>{properties}</p:spPr></p:sp>"
    )


def _look(node, place: Place, *, filled: bool = True) -> str:
    """Fill and line of a shape."""
    fill = node.get("fill", "#000000") if filled else "none"
    return _fill(fill, node.get("fill-opacity")) + _stroke(node, place)


def _fill(fill: str, opacity: str | None = None) -> str:
    if fill == "none":
        return "<a:noFill/>"
    if found := re.fullmatch(r"url\(#(.+)\)", fill):
        return (
            f'<a:pattFill prst="{_PATTERNS[found[1]]}">'
            f'<a:fgClr><a:srgbClr val="{theme.NO_VALUE_MARK[1:]}"/></a:fgClr>'
            f'<a:bgClr><a:srgbClr val="{theme.NO_VALUE[1:]}"/></a:bgClr></a:pattFill>'
        )
    return f"<a:solidFill>{_colour(fill, opacity)}</a:solidFill>"


def _colour(colour: str, opacity: str | None) -> str:
    if opacity is None or float(opacity) >= 1:
        return f'<a:srgbClr val="{colour[1:]}"/>'
    alpha = round(float(opacity) * 100_000)
    return f'<a:srgbClr val="{colour[1:]}"><a:alpha val="{alpha}"/></a:srgbClr>'


def _stroke(node, place: Place) -> str:
    stroke = node.get("stroke", "none")
    if stroke == "none":
        return "<a:ln><a:noFill/></a:ln>"
    width = place.length(float(node.get("stroke-width", 1)))
    fill = f"<a:solidFill>{_colour(stroke, node.get('stroke-opacity'))}</a:solidFill>"
    return f'<a:ln w="{width}">{fill}{_dash(node)}</a:ln>'


def _dash(node) -> str:
    lengths = [float(n) for n in _NUMBER.findall(node.get("stroke-dasharray", ""))]
    if not lengths:
        return ""
    # in thousandths of a percent of the line's width
    per = 100_000 / float(node.get("stroke-width", 1))
    pairs = zip(lengths[::2], lengths[1::2], strict=True)
    inner = "".join(f'<a:ds d="{d * per:.0f}" sp="{s * per:.0f}"/>' for d, s in pairs)
    return f"<a:custDash>{inner}</a:custDash>"


def _text(node, place: Place, number: int) -> str:
    """A line of words in a box without edges, as wide as the words, with room for other letters."""
    words = "".join(node.xpath("./text()"))
    size = _float(node, "font-size")
    bold = node.get("font-weight") is not None
    # what is written over lines and colours keeps a light ground, as its halo in the drawing
    ground = '<a:solidFill><a:srgbClr val="FFFFFF"><a:alpha val="70000"/></a:srgbClr></a:solidFill>'
    halo = node.get("paint-order") == "stroke"
    exact = text_width(words, size)
    wide = exact * 1.02 + 4 if halo else exact * 1.12 + size
    high = 1.1 * size if halo else 1.5 * size
    anchor = node.get("text-anchor", "start")
    # room for other letters ends near the edge of the drawing, which is near that of the slide
    edge = _float(node.getroottree().getroot(), "width")
    if anchor != "middle":
        left = edge - _float(node, "x") if anchor == "start" else _float(node, "x")
        wide = min(wide, max(left + size, exact))
    at = {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
    align = {"start": "l", "middle": "ctr", "end": "r"}[anchor]
    x, y = place.emu(_float(node, "x") - at, _float(node, "y") - high / 2)
    points = round(size * place.scale * _POINTS_PER_PIXEL * 100)
    colour = node.get("fill", theme.TEXT)[1:]
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{number}" name={quoteattr(words[:60] or "Text")}/>'
        '<p:cNvSpPr txBox="1"/><p:nvPr/></p:nvSpPr><p:spPr>'
        f'<a:xfrm><a:off x="{x}" y="{y}"/>'
        f'<a:ext cx="{place.length(wide)}" cy="{place.length(high)}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
        f"{ground if halo else '<a:noFill/>'}</p:spPr>"
        '<p:txBody><a:bodyPr wrap="none" lIns="0" tIns="0" rIns="0" bIns="0" anchor="ctr"/>'
        f'<a:p><a:pPr algn="{align}"/><a:r><a:rPr lang="de-DE" sz="{points}" b="{int(bold)}">'
        f'<a:solidFill><a:srgbClr val="{colour}"/></a:solidFill></a:rPr>'
        f"<a:t>{escape(words)}</a:t></a:r></a:p></p:txBody></p:sp>"
    )


_MAKERS = {
    "rect": _rect,
    "circle": _circle,
    "line": _line,
    "polygon": _polygon,
    "path": _path,
    "text": _text,
}
