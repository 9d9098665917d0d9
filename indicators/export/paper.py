"""Answers as a PDF on A4: tagged for screen readers (PDF/UA-1), with text that can be searched.

The form stands in `paper.typ`; what is told comes as data. An answer without words for its picture
does not compile, so that no figure is without a text for those who cannot see it.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from indicators.errors import BildungsblickError
from indicators.export import columns
from indicators.export.content import Content
from indicators.export.parts import (
    Chapter,
    Cover,
    Listing,
    Pair,
    Part,
    Progress,
    Words,
    begins_page,
    first,
    levels,
    printed,
)
from indicators.export.sheet import without_hits
from indicators.figures import kinds, theme
from indicators.figures.drawing import FAMILY, FONTS, family_of, in_family

_FORM = "paper.typ"
_ROOM = 642  # pixels of the 17 cm between the margins, for the letters of a table
_CELL, _PADDING = 8.5 / 0.75, 8 / 0.75
_MOST_BELOW = 26  # sections whose contents have room on the title page
_WIDTH = 680  # pixels that a figure is laid out for: 17 cm, so that its letters have 10 points


@dataclass(frozen=True)
class Paper:
    """What a paper is called; `footer` stands on each page, else release and day."""

    title: str
    footer: str = ""


def to_pdf(parts: Sequence[Part], paper: Paper, progress: Progress | None = None) -> bytes:
    """A section for each part, each on a page of its own; several have contents in front. Answers
    below a chapter are of the second level."""
    return compiled(_FORM, told(parts, paper, progress), first(parts))


def compiled(form: str, data: dict, signs: Cover | Content) -> bytes:
    """A form of this folder with its words and pictures. Raises BildungsblickError where it cannot
    be set."""
    import typst  # not before a paper is asked for

    try:
        # one of its own: a compiler is not made for several readers at once
        compiler = typst.Compiler(
            input=Path(__file__).with_name(form).read_bytes(),
            font_paths=_fonts(signs.look.font),
            ignore_system_fonts=True,
        )
        made = compiler.compile(
            format="pdf",
            pdf_standards=["ua-1"],
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            # fixed: the same answers give the same file
            timestamp=int(signs.moment.timestamp()),
        )
    except typst.TypstError as error:
        raise BildungsblickError(
            "Das PDF ließ sich nicht setzen. Nächster Schritt: die Ansicht als Word-Datei "
            "herunterladen und den Fall mit der Adresse der Seite melden."
        ) from error
    assert isinstance(made, bytes)
    return made


def signature(signs: Cover | Content, title: str) -> dict:
    """Who signs a paper, with letters, colours and logo, as forms read it."""
    look = signs.look
    cover = signs if isinstance(signs, Cover) else None
    return {
        "title": title,
        "occasion": cover.occasion if cover else "",
        "published": cover.published if cover else "",
        "author": signs.author,
        "description": title,
        "footer": signs.published,
        "font": [*([family_of(look.font)] if look.font else []), FAMILY],
        "colours": {
            "quiet": theme.SECONDARY_TEXT,
            "line": theme.OTHERS,
            "primary": look.colour,
        },
        "logo": {"content": list(look.logo), "format": look.logo_format},
        "imprint": list(look.lines),
    }


def told(parts: Sequence[Part], paper: Paper, progress: Progress | None = None) -> dict:
    """All words and pictures of a paper, as the form reads them."""
    parts = printed(parts)
    signs = first(parts)
    alone = len(parts) == 1 and isinstance(signs, Content)
    return signature(signs, paper.title) | {
        "description": signs.subtitle if alone and isinstance(signs, Content) else paper.title,
        "footer": paper.footer or signs.published,
        "long": len(parts) > _MOST_BELOW,
        "chaptered": any(isinstance(part, Chapter) for part in parts),
        "parts": list(_sections(parts, progress)),
    }


def _sections(parts: Sequence[Part], progress: Progress | None) -> Iterator[dict]:
    for done, (part, level) in enumerate(zip(parts, levels(parts), strict=True), 1):
        begins = {"begins": done == 1 or begins_page(parts[done - 2], part)}
        if isinstance(part, Content):
            yield _section(part) | {"kind": "answer", "level": level} | begins
        elif isinstance(part, Chapter):
            yield _heading(part, [part.remark], level) | begins
        elif isinstance(part, Listing):
            rows = [[name, text] for name, text in part.rows]
            yield _heading(part, [part.remark], level) | {"rows": rows} | begins
        elif isinstance(part, Words):
            yield _heading(part, [*part.paragraphs, part.remark], level) | begins
        elif isinstance(part, Pair):
            yield _heading(part, [part.remark], level) | begins
            for place, content in enumerate(part.contents):
                half = {"kind": "half", "level": level + 1, "begins": place > 0}
                yield _section(content) | half
        if progress:
            progress(done, len(parts))


def _heading(part: Chapter | Words | Pair | Listing, lines: Sequence[str], level: int) -> dict:
    told = [line for line in "\n".join(lines).splitlines() if line.strip()]
    return {"kind": "words", "level": level, "headline": part.title, "lines": told, "rows": []}


@cache
def _fonts(font: Path | None):
    """The letters that ship and, for words outside of figures, the town's."""
    import typst

    paths = [FONTS, font.parent] if font else [FONTS]
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(path) for path in paths],
    )


def _section(content: Content) -> dict:
    table = content.table
    return {
        "headline": content.headline,
        "subtitle": content.subtitle,
        "lines": content.remark.splitlines(),
        "title": content.answer.title,
        "beside": list(content.beside),
        "pictures": _pictures(content),
        "alt": content.alt or content.headline,
        "reading-aid": content.reading_aid,
        "comparison": content.comparison,
        "table": {
            "columns": list(table.columns),
            "rows": [list(row) for row in table.rows] if content.tabled else [],
            "numeric": list(table.numeric),
            "widths": [0.75 * width for width in columns.widths(table, _ROOM, _CELL, _PADDING)],
            "caption": f"Werte: {content.subtitle}",
        },
        "notes": list(content.below),
        "signs": [list(sign) for sign in content.signs],
        "source": content.source,
        "published": content.published,
        "code": content.code,
        "link": content.link,
    }


def _pictures(content: Content) -> list[str]:
    if content.figure is None:
        return []
    drawn = kinds.drawing(content.figure, width=_WIDTH, geometry=content.geometry)
    return [in_family(without_hits(drawn))]
