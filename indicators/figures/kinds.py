"""How each kind of figure is drawn: one row a kind. Cards, stage, slides and papers read it.

A new kind of figure is a module with its plain data and its `draw`, and a row here.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

from indicators.figures import (
    balance,
    bars,
    chain,
    flow,
    lines,
    panel_layout,
    panels,
    places,
    pyramid,
    ranking,
    slope,
    starters,
    two_maps,
)
from indicators.figures.chart import Chart
from indicators.figures.map import MapPicture, still


@dataclass(frozen=True)
class Kind:
    """`draw` makes the SVG of a figure for a width, a height and the letters of a wall (`stage`).
    One that `grows` is as high as its rows need. `paged`, if any, is the module that cuts what has
    more rows than a slide has room for (`capacity`, `pages`, and `first` of `draw`). `least` is the
    height below which a whole card tells too little. What is drawn `on_map` has a `map_file`, the
    name of the file of shapes whose content its `draw` takes."""

    draw: Callable[..., str]
    grows: bool = False
    on_map: bool = False
    paged: ModuleType | None = None
    least: int = 0


_CHARTS = {
    "lines": Kind(lines.draw),
    "bars": Kind(bars.draw, grows=True),
    "ranking": Kind(ranking.draw, least=520),
}
_KINDS: dict[type, Kind] = {
    flow.FlowPicture: Kind(flow.draw, paged=flow),
    pyramid.Pyramid: Kind(pyramid.draw),
    starters.StarterPicture: Kind(starters.draw),
    starters.Grid: Kind(starters.draw, grows=True, paged=starters),
    balance.BalancePicture: Kind(balance.draw, grows=True, paged=balance),
    chain.ChainPicture: Kind(chain.draw, grows=True),
    slope.SlopePicture: Kind(slope.draw),
    places.PlacesPicture: Kind(places.draw, grows=True),
    panel_layout.PanelsPicture: Kind(panels.draw, grows=True, paged=panels),
    MapPicture: Kind(still.draw, on_map=True),
    two_maps.TwoMaps: Kind(two_maps.draw, on_map=True),
}
_USUAL = {pyramid.Pyramid: 0.62, flow.FlowPicture: 0.5, starters.StarterPicture: 0.46}


def kind_of(figure: object) -> Kind:
    """Raises KeyError for what is no figure."""
    return _CHARTS[figure.kind] if isinstance(figure, Chart) else _KINDS[type(figure)]


def grows(figure: object) -> bool:
    """Whether a figure is as high as its rows, or its gates, need."""
    several = isinstance(figure, flow.FlowPicture) and len(figure.gates) > 1
    return several or kind_of(figure).grows


def geometry_of(figure: Any, map_files: Path | None) -> Mapping | None:
    """The content of the file of shapes that a figure is drawn on, in the folder of these files;
    None where it needs none, or nobody knows the folder."""
    if map_files is None or figure is None or not kind_of(figure).on_map:
        return None
    return _content(map_files / figure.map_file)


@lru_cache(maxsize=8)
def _content(path: Path) -> Mapping:
    """Named by its content, so it never changes."""
    return json.loads(path.read_bytes())


def drawing(
    figure: object,
    *,
    width: int,
    height: int | None = None,
    stage: bool = False,
    geometry: Mapping | None = None,
) -> str:
    """The whole figure as one SVG. Without a height it is as high as reads well; `geometry` is the
    content of the file of shapes that a map is drawn on."""
    kind = kind_of(figure)
    if kind.on_map:
        return kind.draw(figure, geometry, width=width, height=height, stage=stage)
    if height is None and not grows(figure) and not isinstance(figure, Chart):
        height = round(max(_USUAL.get(type(figure), 0.5) * width, 300))
    return kind.draw(figure, width=width, height=height, stage=stage)


def pages(figure: object, *, width: int, height: int, geometry: Mapping | None = None) -> list[str]:
    """The figure for a wall: one SVG, or several of what has more rows than there is room for."""
    module = kind_of(figure).paged
    if module is None:
        return [drawing(figure, width=width, height=height, stage=True, geometry=geometry)]
    rows = module.capacity(height, stage=True)
    return [
        kind_of(figure).draw(figure, first=page * rows, width=width, height=height, stage=True)
        for page in range(module.pages(figure, height, stage=True))
    ]
