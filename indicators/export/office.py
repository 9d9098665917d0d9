"""What shapes and charts of a slide have in common: places, letters, colours, alternative texts."""

import io
from typing import TYPE_CHECKING, Any

from indicators.figures import theme

if TYPE_CHECKING:
    from pptx.presentation import Presentation
    from pptx.slide import Slide

WIDE, HIGH = 1280, 720  # pixels of a slide, as on the stage
MARGIN = 56
ROOM = WIDE - 2 * MARGIN
EMU = 9525  # of a pixel
_POINTS = 0.75  # of a pixel
AFTER = 0.35  # of a letter, between paragraphs


class Box:
    """Boxes on a slide in our pixels, whatever size the deck has."""

    def __init__(self, deck: "Presentation"):
        from pptx.util import Emu

        self.unit = (deck.slide_width or WIDE * EMU) / WIDE
        self.high = (deck.slide_height or HIGH * EMU) / self.unit
        self._emu = Emu

    def at(self, x: float, y: float, width: float, height: float) -> tuple:
        return tuple(self._emu(round(n * self.unit)) for n in (x, y, width, height))


def rgb(colour: str):
    from pptx.dml.color import RGBColor

    return RGBColor.from_string(colour[1:])


def letters(frame, size: float, *, bold: bool | None = None, colour: str = "") -> None:
    """Letters of all words, in pixels, and their language for spelling check and screen readers.
    Said of the words themselves: what is said of their paragraph PowerPoint takes for a default,
    and goes back to it when somebody makes them larger."""
    from pptx.util import Pt

    for paragraph in frame.paragraphs:
        for run in paragraph.runs:
            run.font.size, run.font.bold = Pt(size * _POINTS), bold
            if colour:
                run.font.color.rgb = rgb(colour)
            run.font._rPr.set("lang", "de-DE")


def describe(shape: Any, name: str, words: str) -> None:
    properties = shape._element.xpath(".//p:cNvPr")[0]
    properties.set("name", name)
    properties.set("descr", words)


def write(
    slide: "Slide",
    words: str,
    place: tuple,
    size: float,
    colour: str,
    bold: bool = False,
    link: tuple[str, str] = ("", ""),
) -> None:
    """A box of text without edges, its letters in pixels; a line is a paragraph. `link` is a part
    of the words and the address that it leads to."""
    from pptx.util import Pt

    frame = slide.shapes.add_textbox(*place).text_frame
    frame.word_wrap = True
    bare(frame)
    frame.text = words
    for paragraph in frame.paragraphs[:-1]:
        paragraph.space_after = Pt(AFTER * size * _POINTS)
    if link[0] and link[1].startswith("http"):
        _lead(frame.paragraphs[-1], *link)
    letters(frame, size, bold=bold, colour=colour)


def _lead(paragraph, words: str, address: str) -> None:
    """Makes a part of a paragraph a link."""
    (run,) = paragraph.runs
    run.text, _, after = run.text.partition(words)
    linked = paragraph.add_run()
    linked.text, linked.hyperlink.address = words, address
    if after:
        paragraph.add_run().text = after


def write_title(slide: "Slide", words: str, place: tuple, size: float, colour: str = "") -> None:
    """Into the placeholder of the layout, so that outline and screen readers know the slide's
    name; what else the layout wants filled is taken away."""
    from pptx.enum.text import MSO_ANCHOR, PP_ALIGN

    title = slide.shapes.title
    for other in list(slide.placeholders):
        if title is None or other.placeholder_format.idx != title.placeholder_format.idx:
            other._element.getparent().remove(other._element)
    if title is None:
        write(slide, words, place, size, theme.TEXT, bold=True)
        return
    title.left, title.top, title.width, title.height = place
    frame = title.text_frame
    frame.text = words
    frame.word_wrap = True
    frame.vertical_anchor = MSO_ANCHOR.TOP
    bare(frame)
    for paragraph in frame.paragraphs:
        paragraph.alignment = PP_ALIGN.LEFT
    letters(frame, size, bold=True, colour=colour)


def number(slide: "Slide", number: int, place: tuple, size: float) -> None:
    """The number of the slide, as a field: it stays right when somebody moves the slide."""
    from lxml import etree
    from pptx.enum.text import PP_ALIGN
    from pptx.oxml.ns import qn

    shape = slide.shapes.add_textbox(*place)
    shape.name = "Foliennummer"
    bare(shape.text_frame)
    shape.text_frame.text = str(number)
    letters(shape.text_frame, size, colour=theme.SECONDARY_TEXT)
    paragraph = shape.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.RIGHT
    run = paragraph.runs[0]._r
    field = etree.Element(qn("a:fld"))
    # the id only has to be one: those of a deck need not differ
    field.set("id", "{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}")
    field.set("type", "slidenum")
    for child in list(run):
        field.append(child)
    run.getparent().replace(run, field)


def write_notes(slide: "Slide", words: str) -> None:
    """What the speaker sees below the slide."""
    frame = slide.notes_slide.notes_text_frame
    if frame is not None:  # a deck whose notes have no place for text
        frame.text = words


def add_logo(slide: "Slide", content: bytes, place: tuple, name: str) -> None:
    picture = slide.shapes.add_picture(io.BytesIO(content), *place)
    describe(picture, "Logo", f"Logo: {name}" if name else "Logo")


def bare(frame) -> None:
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
