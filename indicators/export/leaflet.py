"""A paper of just two pages of A4: key figures in front, up to six figures on the back.

The form stands in `leaflet.typ`. What is told of the numbers is told once for all of them; letters
become smaller, and rows and figures fewer, until it fits.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from indicators.errors import BildungsblickError
from indicators.export import columns, paper
from indicators.export.content import Content
from indicators.export.parts import Cover, Listing, Part, Progress, Words, answers, first
from indicators.export.sheet import without_hits
from indicators.figures import kinds
from indicators.figures.drawing import in_family

PAGES = 2
MOST_FIGURES, MOST_ROWS = 6, 30
_WIDTH, _TALL = 400, 210  # pixels that a figure is laid out for
_ROOM, _CELL, _PADDING = 642, 8.5 / 0.75, 8 / 0.75
_PAGE = re.compile(rb"/Type\s*/Page\b")
_LETTERS = (7.5, 7.0, 6.5, 6.0)  # points of what is told of the numbers


@dataclass(frozen=True)
class Leaflet:
    """What stands on the two pages. `notes` are all that must be known of the numbers, `signs` why
    some are missing, `sources` code and source of each answer."""

    cover: Cover | None
    texts: tuple[Words, ...]
    tables: tuple[Content, ...]
    figures: tuple[Content, ...]
    notes: tuple[str, ...]
    signs: tuple[tuple[str, str], ...]
    sources: tuple[str, ...]


def is_one(parts: Sequence[Part]) -> bool:
    """Whether a paper is to have two pages."""
    return bool(parts) and isinstance(parts[0], Cover) and parts[0].pages == PAGES


def of(parts: Sequence[Part], figures: int = MOST_FIGURES) -> Leaflet:
    """What of the parts stands on the two pages, with at most so many figures."""
    told = answers(parts)
    tables = [one for one in told if one.figure is None and one.table.rows][:1]
    drawn = [one for one in told if one.figure is not None][:figures]
    shown = [*tables, *drawn]
    texts = [
        one.words if isinstance(one, Listing) else one
        for one in parts
        if isinstance(one, Words | Listing)
    ]
    return Leaflet(
        cover=next((one for one in parts if isinstance(one, Cover)), None),
        texts=tuple(texts),
        tables=tuple(tables),
        figures=tuple(drawn),
        notes=tuple(dict.fromkeys(n for one in shown for n in (*one.beside, *one.notes))),
        signs=tuple(dict.fromkeys(sign for one in shown for sign in one.signs)),
        sources=tuple(_source(one) for one in shown),
    )


def _source(one: Content) -> str:
    return f"{one.code} ({one.answer.title}): {one.source}"


def to_pdf(parts: Sequence[Part], title: str, progress: Progress | None = None) -> bytes:
    """Raises BildungsblickError where it has too much to tell for two pages."""
    for figures, letters in _ways():
        made = paper.compiled("leaflet.typ", _told(parts, title, figures, letters), first(parts))
        if len(_PAGE.findall(made)) == PAGES:
            if progress:
                progress(len(parts), len(parts))
            return made
    raise BildungsblickError(
        "Diese Mappe hat zu viel für zwei Seiten. Nächster Schritt: Folien mit Text kürzen oder "
        "herausnehmen, oder in der Datei der Mappe pages = 2 streichen."
    )


def _ways() -> Iterator[tuple[int, float]]:
    """Figures and letters, the fullest first."""
    for figures in range(MOST_FIGURES, 0, -1):
        for letters in _LETTERS[1:] if figures < MOST_FIGURES else _LETTERS:
            yield figures, letters


def _told(parts: Sequence[Part], title: str, figures: int, letters: float) -> dict:
    """All words and pictures, as the form reads them."""
    leaflet, signs = of(parts, figures), first(parts)
    return paper.signature(signs, title) | {
        "small": letters,
        "texts": [{"title": one.title, "lines": list(one.paragraphs)} for one in leaflet.texts],
        "tables": [_table(one) for one in leaflet.tables],
        "figures": [_figure(one) for one in leaflet.figures],
        "notes": list(leaflet.notes),
        "signs": [list(sign) for sign in leaflet.signs],
        "sources": list(leaflet.sources),
    }


def _table(one: Content) -> dict:
    table = one.table
    left = len(table.rows) - MOST_ROWS
    wide = columns.widths(table, _ROOM, _CELL, _PADDING)
    return {
        "headline": one.headline,
        "subtitle": one.subtitle,
        "columns": list(table.columns),
        "rows": [list(row) for row in table.rows[:MOST_ROWS]],
        "numeric": list(table.numeric),
        "widths": [0.75 * width for width in wide],
        "left": f"… und {left} weitere in der Excel-Datei" if left > 0 else "",
    }


def _figure(one: Content) -> dict:
    return {
        "headline": one.headline,
        "subtitle": one.subtitle,
        "picture": picture(one),
        "alt": one.alt or one.headline,
        "code": one.code,
    }


def picture(one: Content) -> str:
    """The figure in the room of half a page's width."""
    drawn = kinds.drawing(one.figure, width=_WIDTH, height=_TALL, geometry=one.geometry)
    return in_family(without_hits(drawn))
