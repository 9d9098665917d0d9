"""How a town signs its files: what its file may say, and what is refused with which words."""

import io
from dataclasses import replace

import pytest
from docx import Document
from docx.shared import RGBColor as DocxColor
from pptx import Presentation
from pptx.dml.color import RGBColor

from indicators import look
from indicators.answers.answer import Table
from indicators.errors import BildungsblickError, DefinitionError
from indicators.export import paper, sheet, slides, ways, word
from indicators.export.content import content
from indicators.figures.drawing import FAMILY, FONTS
from indicators.folders import Folders
from tests.unit.pdf_text import words as pdf_words
from tests.unit.test_export import hostile_answer

LOGO = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20">'
    b'<rect width="20" height="20"/></svg>'
)


def written(tmp_path, text: str) -> Folders:
    (tmp_path / look.FILE).write_text(text, encoding="utf-8")
    return Folders(tmp_path)


def test_without_a_file_files_are_signed_by_the_product_alone(tmp_path):
    assert look.read(Folders(tmp_path)) == look.Look()


def test_what_the_file_says_is_taken(tmp_path):
    (tmp_path / "logo.svg").write_bytes(LOGO)
    folders = written(tmp_path, 'name = "Bildungsbüro"\ncolour = "#7a1f3d"\nlogo = "logo.svg"')
    found = look.read(folders)
    assert (found.name, found.colour, found.logo_format) == ("Bildungsbüro", "#7A1F3D", "svg")
    assert found.logo == LOGO


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('colour = "#F2C200"', "Kontrast von 1,7:1; lesbar ist Schrift ab 4,5:1"),
        ('colour = "rot"', "colour"),
        ('farbe = "#000000"', "farbe: dieses Feld gibt es hier nicht"),
        ('logo = "wappen.gif"', "keine SVG- oder PNG-Datei"),
        ('logo = "../logo.svg"', "keine SVG- oder PNG-Datei im selben Ordner"),
        ('logo = "fehlt.svg"', "lässt sich nicht lesen"),
        ('font = "schrift.woff2"', "keine TTF- oder OTF-Datei"),
        ('font = "fehlt.ttf"', "lässt sich nicht lesen"),
        ("name = Bildungsbüro", "look.toml"),
    ],
)
def test_what_cannot_be_used_is_refused_with_the_reason(tmp_path, text, words):
    with pytest.raises(DefinitionError, match=words.replace("(", r"\(")):
        look.read(written(tmp_path, text))


def test_every_file_is_signed_by_the_town():
    town = look.Look("Bildungsbüro", "#7A1F3D", LOGO, "svg", "Markt 1", "Gefördert vom Land")
    table = Table(("Gebiet", "Wert"), (("Stadt", "3,4"),), (False, True))
    told = content(replace(hostile_answer("Anteil"), table=table), look=town)
    assert told.published.startswith("Bildungsbüro · Bildungsblick, Datenstand ")
    made = paper.to_pdf([told], paper.Paper("Titel"))
    words = pdf_words(made)
    for part in ("Bildungsbüro", "Markt1", "GefördertvomLand"):
        assert part in words.replace(" ", "")
    assert paper.told([told], paper.Paper("Titel"))["colours"]["primary"] == "#7A1F3D"
    plain = paper.to_pdf([replace(told, look=look.Look())], paper.Paper("Titel"))
    assert len(made) > len(plain)  # the logo is in it
    deck = Presentation(io.BytesIO(slides.to_pptx([told], "Titel")))
    assert deck.core_properties.author == "Bildungsbüro"
    slide = deck.slides[0]
    logo = next(shape for shape in slide.shapes if shape.name == "Logo")
    title = slide.shapes.title
    assert title.left + title.width <= logo.left
    assert title.text_frame.paragraphs[0].runs[0].font.color.rgb == RGBColor(0x7A, 0x1F, 0x3D)
    words = " ".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
    assert "Markt 1" in words and "Gefördert vom Land" in words
    letter = Document(io.BytesIO(word.to_docx([told], "Titel")))
    assert letter.core_properties.author == "Bildungsbüro"
    section = letter.sections[0]
    assert len(section.header._element.xpath(".//pic:pic")) == 1
    assert [p.text for p in section.footer.paragraphs[1:]] == ["Markt 1", "Gefördert vom Land"]
    assert letter.styles["Heading 1"].font.color.rgb == DocxColor(0x7A, 0x1F, 0x3D)
    assert "Bildungsbüro · " in sheet.draw(told, sheet.SIZES["card"])


def test_letters_of_the_town_stand_in_papers_and_are_named_in_letters(tmp_path):
    (tmp_path / "schrift.ttf").write_bytes((FONTS / "BildungsblickSans-Regular.ttf").read_bytes())
    town = look.read(written(tmp_path, 'font = "schrift.ttf"'))
    assert town.font == tmp_path / "schrift.ttf"
    told = content(hostile_answer("Anteil"), look=town)
    assert paper.told([told], paper.Paper("Titel"))["font"] == [FAMILY, FAMILY]
    letter = Document(io.BytesIO(word.to_docx([told], "Titel")))
    assert letter.styles["Normal"].font.name == FAMILY
    (tmp_path / "kaputt.ttf").write_bytes(b"keine Schrift")
    broken = content(
        hostile_answer("Anteil"), look=look.read(written(tmp_path, 'font = "kaputt.ttf"'))
    )
    with pytest.raises(DefinitionError, match="nicht als Schrift lesen"):
        paper.to_pdf([broken], paper.Paper("Titel"))


def test_a_logo_that_cannot_be_read_is_told(tmp_path):
    town = look.Look("Bildungsbüro", logo=b"kein Bild", logo_format="png")
    told = content(hostile_answer("Anteil"), look=town)
    with pytest.raises(BildungsblickError, match="logo: Das Bild lässt sich nicht lesen"):
        slides.to_pptx([told], "Titel")


def test_whatever_leaves_goes_through_the_one_place_that_signs(tmp_path):
    folders = written(tmp_path, 'name = "Bildungsbüro"')
    assert ways.told(hostile_answer("Anteil"), folders).author == "Bildungsbüro"
    with pytest.raises(DefinitionError, match="Kontrast"):
        ways.told(hostile_answer("Anteil"), written(tmp_path, 'colour = "#FFFF00"'))
