"""The ways out of an answer and of an agenda: one row a format. Pages and command line read them.

A new format is a module that makes bytes of a `Content`, or of the parts of a paper, and a row
here.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from indicators import look
from indicators.agenda import Agenda
from indicators.answers import answering
from indicators.answers.answer import Answer
from indicators.errors import BildungsblickError
from indicators.export import alternatives, tables
from indicators.export.alternatives import Others
from indicators.export.content import Content, content
from indicators.export.parts import Ask, Opener, Part, Progress, Words, answered, release_opener
from indicators.export.sheet import SIZES
from indicators.folders import Folders
from indicators.saved import agendas

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


@dataclass(frozen=True)
class Papers:
    """A format of a whole agenda. `make` gets the parts, the title and the folder of the town's
    templates, what is prepared beside an answer, and whom to tell how many parts are done; `id` is
    also the ending of the file."""

    id: str
    name: str
    mime: str
    make: Callable[[Sequence[Part], str, Path, Others, Progress], bytes]
    told: str = ""


def _agenda_html(
    parts: Sequence[Part], title: str, _: Path, others: Others, progress: Progress
) -> bytes:
    from indicators.export import show

    return show.to_html(parts, title, others, progress)


def _agenda_pptx(
    parts: Sequence[Part], title: str, templates: Path, _: Others, progress: Progress
) -> bytes:
    from indicators.export import slides

    return slides.to_pptx(parts, title, _own(templates / "folien.pptx"), progress)


def _agenda_docx(
    parts: Sequence[Part], title: str, templates: Path, _: Others, progress: Progress
) -> bytes:
    from indicators.export import leaflet, leaflet_word, word

    writer = leaflet_word if leaflet.is_one(parts) else word
    return writer.to_docx(parts, title, _own(templates / "dokument.docx"), progress)


def _agenda_pdf(
    parts: Sequence[Part], title: str, templates: Path, _: Others, progress: Progress
) -> bytes:
    from indicators.export import leaflet, paper

    if leaflet.is_one(parts):
        return leaflet.to_pdf(parts, title, progress)
    return paper.to_pdf(parts, paper.Paper(title), progress)


def _agenda_xlsx(
    parts: Sequence[Part], title: str, templates: Path, _: Others, progress: Progress
) -> bytes:
    from indicators.export import workbook

    return workbook.to_workbook(parts, title, progress)


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


PAPERS = {
    way.id: way
    for way in (
        Papers(
            "pptx",
            "PowerPoint",
            WAYS["pptx"].mime,
            _agenda_pptx,
            "Folien, Diagramme änderbar, Notizen darunter",
        ),
        Papers(
            "html",
            "Vorführung ohne Netz (HTML)",
            "text/html",
            _agenda_html,
            "eine Datei für jeden Browser",
        ),
        Papers("pdf", "PDF", WAYS["pdf"].mime, _agenda_pdf, "barrierefrei, mit Inhaltsverzeichnis"),
        Papers("docx", "Word", WAYS["docx"].mime, _agenda_docx, "Vorlage zum Weiterschreiben"),
        Papers("xlsx", "Excel", WAYS["xlsx"].mime, _agenda_xlsx, "ein Blatt je Antwort"),
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


def paper(
    agenda: Agenda,
    way: str,
    folders: Folders,
    opener: Opener | None = None,
    *,
    ask: Ask = answering.answer,
    address: str = "",
    progress: Progress | None = None,
) -> tuple[bytes, list[str]]:
    """A whole agenda in one of PAPERS, and what of it has no answer, a sentence each.

    `opener` gives a release by its id and `ask` the answer to a view: a page has both at hand.
    `address` is where the pages of this installation are; `progress` is told how many steps are
    done, and of how many. Raises BildungsblickError where the format is unknown, no release can be
    opened, or the town's look or template has a fault."""
    if way not in PAPERS:
        raise BildungsblickError(
            f"Das Format „{way}“ gibt es nicht. Erlaubt sind {', '.join(PAPERS)}."
        )
    opener = opener or release_opener(folders)
    # an item is answered, and then written; the title page is written as well
    of = 2 * len(agenda.items) + 1

    def asked(done: int, _: int) -> None:
        if progress:
            progress(done, of)

    def writing(done: int, parts: int) -> None:
        if progress:
            items = len(agenda.items)
            progress(items + round(done * (items + 1) / parts), of)

    def others(one: Content) -> Iterator[tuple[str, Content]]:
        return alternatives.of(one, opener(one.answer.release), folders.map_files, ask)

    parts = answered(agenda, folders, opener, ask=ask, address=address, progress=asked)
    content = PAPERS[way].make(parts, agenda.title, folders.templates, others, writing)
    missing = [
        f"{place}. Teil: {part.text.splitlines()[0]}"
        for place, part in enumerate(parts)
        if isinstance(part, Words) and part.missing
    ]
    return content, missing


def paper_name(agenda: Agenda, way: str) -> str:
    """The name of the file of an agenda."""
    return f"{agendas.name_of(agenda.title)}.{way}"
