"""The ways out of an answer: one row a format. Pages and command line read them.

A new format is a module that makes bytes of a `Content`, and a row here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from indicators import look
from indicators.answers.answer import Answer
from indicators.errors import BildungsblickError
from indicators.export import tables
from indicators.export.content import Content, content
from indicators.export.sheet import SIZES
from indicators.folders import Folders

_OFFICE = "application/vnd.openxmlformats-officedocument."


@dataclass(frozen=True)
class Way:
    """`make` gets the content, a size of sheet.SIZES and the folder of the town's templates. `id`
    is also the ending of the file; `sized` says whether the size makes a difference."""

    id: str
    name: str
    mime: str
    make: Callable[[Content, str, Path], bytes]
    sized: bool = False
    told: str = ""  # what it is good for, in a few words


def _svg(found: Content, size: str, _: Path) -> bytes:
    from indicators.export import pictures

    return pictures.to_svg(found, size)


def _png(found: Content, size: str, _: Path) -> bytes:
    from indicators.export import pictures

    return pictures.to_png(found, size)


def _pdf(found: Content, _: str, templates: Path) -> bytes:
    from indicators.export import paper

    return paper.to_pdf([found], paper.Paper(found.answer.title))


def _pptx(found: Content, _: str, templates: Path) -> bytes:
    from indicators.export import slides

    return slides.to_pptx([found], found.answer.title, _own(templates / "folien.pptx"))


def _docx(found: Content, _: str, templates: Path) -> bytes:
    from indicators.export import word

    return word.to_docx([found], found.answer.title, _own(templates / "dokument.docx"))


def _own(template: Path) -> Path | None:
    """The town's template, if it has one."""
    return template if template.is_file() else None


WAYS = {
    way.id: way
    for way in (
        Way("png", "Bild (PNG)", "image/png", _png, True, "für Mail, Word und Internet"),
        Way("svg", "Bild (SVG)", "image/svg+xml", _svg, True, "für Satz und Gestaltung"),
        Way("pdf", "PDF", "application/pdf", _pdf, False, "barrierefrei, mit Tabelle"),
        Way(
            "pptx",
            "PowerPoint",
            f"{_OFFICE}presentationml.presentation",
            _pptx,
            False,
            "eine Folie, Diagramm änderbar",
        ),
        Way(
            "docx",
            "Word",
            f"{_OFFICE}wordprocessingml.document",
            _docx,
            False,
            "Bild, Tabelle und Hinweise",
        ),
        Way(
            "xlsx",
            "Excel",
            f"{_OFFICE}spreadsheetml.sheet",
            lambda found, _size, _templates: tables.to_xlsx(found.answer, found.link),
            False,
            "Zahlen und Diagramm",
        ),
        Way(
            "csv",
            "CSV",
            "text/csv",
            lambda found, _size, _templates: tables.to_csv(found.answer, found.link),
            False,
            "für andere Programme",
        ),
    )
}


def made(
    answer: Answer, way: str, folders: Folders, *, size: str = "card", address: str = ""
) -> bytes:
    """The answer in one of WAYS. Raises BildungsblickError, naming what there is."""
    if way not in WAYS:
        raise BildungsblickError(
            f"Das Format „{way}“ gibt es nicht. Erlaubt sind {', '.join(WAYS)}."
        )
    if size not in SIZES:
        raise BildungsblickError(
            f"Die Größe „{size}“ gibt es nicht. Erlaubt sind {', '.join(SIZES)}."
        )
    return WAYS[way].make(told(answer, folders, address), size, folders.templates)


def told(answer: Answer, folders: Folders, address: str = "") -> Content:
    """What every file of an answer holds, signed as the town signs. Raises DefinitionError where
    its look.toml has a fault."""
    return content(answer, folders.map_files, address, look.read(folders))


def file_name(answer: Answer, way: str, size: str = "card") -> str:
    """The name of the file; the size is in the name of one that has not the usual."""
    ending = f"{size}.{way}" if WAYS[way].sized and size != "card" else way
    return tables.file_name(answer, ending)
