"""Answers as a PDF on A4: tagged for screen readers (PDF/UA-1), with text that can be searched.

The form stands in `paper.typ`; what is told comes as data. An answer without words for its picture
does not compile, so that no figure is without a text for those who cannot see it.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from indicators.errors import BildungsblickError
from indicators.export import columns
from indicators.export.content import Content
from indicators.export.sheet import without_hits
from indicators.figures import kinds, theme
from indicators.figures.drawing import FAMILY, FONTS, family_of, in_family

_FORM = Path(__file__).with_name("paper.typ")
_ROOM = 642  # pixels of the 17 cm between the margins, for the letters of a table
_CELL, _PADDING = 8.5 / 0.75, 8 / 0.75
_WIDTH = 680  # pixels that a figure is laid out for: 17 cm, so that its letters have 10 points


@dataclass(frozen=True)
class Paper:
    """What a paper is called; `footer` stands on each page, else release and day."""

    title: str
    footer: str = ""


def to_pdf(contents: Sequence[Content], paper: Paper) -> bytes:
    """A section for each answer, each on a page of its own; several have contents in front."""
    data = told(contents, paper)
    import typst  # not before a paper is asked for

    try:
        # one of its own: a compiler is not made for several readers at once
        compiler = typst.Compiler(
            input=_FORM.read_bytes(),
            font_paths=_fonts(contents[0].look.font),
            ignore_system_fonts=True,
        )
        made = compiler.compile(
            format="pdf",
            pdf_standards=["ua-1"],
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            # fixed: the same answers give the same file
            timestamp=int(contents[0].answer.published.timestamp()),
        )
    except typst.TypstError as error:
        raise BildungsblickError(
            "Das PDF ließ sich nicht setzen. Nächster Schritt: die Ansicht als Word-Datei "
            "herunterladen und den Fall mit der Adresse der Seite melden."
        ) from error
    assert isinstance(made, bytes)
    return made


def told(contents: Sequence[Content], paper: Paper) -> dict:
    """All words and pictures of a paper, as the form reads them."""
    look = contents[0].look
    return {
        "title": paper.title,
        "author": contents[0].author,
        "description": contents[0].subtitle if len(contents) == 1 else paper.title,
        "footer": paper.footer or contents[0].published,
        "font": [*([family_of(look.font)] if look.font else []), FAMILY],
        "colours": {
            "quiet": theme.SECONDARY_TEXT,
            "line": theme.OTHERS,
            "primary": look.colour,
        },
        "logo": {"content": list(look.logo), "format": look.logo_format},
        "imprint": list(look.lines),
        "answers": [_section(content) for content in contents],
    }


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
        "title": content.answer.title,
        "beside": list(content.beside),
        "pictures": _pictures(content),
        "alt": content.alt or content.headline,
        "reading-aid": content.reading_aid,
        "comparison": content.comparison,
        "table": {
            "columns": list(table.columns),
            "rows": [list(row) for row in table.rows],
            "numeric": list(table.numeric),
            "widths": [0.75 * width for width in columns.widths(table, _ROOM, _CELL, _PADDING)],
            "caption": f"Werte: {content.subtitle}",
        },
        "notes": list(content.notes),
        "signs": [list(sign) for sign in content.signs],
        "source": content.source,
        "published": content.published,
        "link": content.link,
    }


def _pictures(content: Content) -> list[str]:
    if content.figure is None:
        return []
    drawn = kinds.drawing(content.figure, width=_WIDTH, geometry=content.geometry)
    return [in_family(without_hits(drawn))]
