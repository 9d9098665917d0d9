"""How a town signs its files: what its file may say, and what is refused with which words."""

import io
from dataclasses import replace

import pytest
from docx import Document
from pptx import Presentation

from indicators import look
from indicators.answers.answer import Table
from indicators.errors import DefinitionError
from indicators.export import paper, sheet, slides, ways, word
from indicators.export.content import content
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
    letter = Document(io.BytesIO(word.to_docx([told], "Titel")))
    assert letter.core_properties.author == "Bildungsbüro"
    assert "Bildungsbüro · " in sheet.draw(told, sheet.SIZES["card"])


def test_whatever_leaves_goes_through_the_one_place_that_signs(tmp_path):
    folders = written(tmp_path, 'name = "Bildungsbüro"')
    assert ways.told(hostile_answer("Anteil"), folders).author == "Bildungsbüro"
    with pytest.raises(DefinitionError, match="Kontrast"):
        ways.told(hostile_answer("Anteil"), written(tmp_path, 'colour = "#FFFF00"'))
