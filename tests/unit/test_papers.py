"""Parts of papers with words that nobody foresaw; no release is needed."""

import io
import re
from dataclasses import replace
from datetime import datetime

import openpyxl
import pytest
from pptx import Presentation

from indicators.export import columns, paper, sheet, show, slides, word, workbook
from indicators.export.parts import Chapter, Cover, Pair, Words, first, headline
from tests.unit.test_export_office import LONG, MARKUP, lines_chart, parts, told

HOSTILE = "</script><script>alert(1)</script> ' \" & =1+1"


def whole(text: str) -> tuple:
    one = replace(told(text, lines_chart(text, text)), alt=text, code="Beleg 1")
    other = replace(told(text, None), code="Beleg 2")
    cover = Cover(text, text, text, text, datetime(2025, 1, 1))
    return (
        cover,
        Words(text, f"{text}\n{text}", text, text),
        Chapter(text, text, text),
        replace(one, remark=text, speaker=text),
        Pair((one, other), text, text, text),
        Words(text, "", missing=True),
    )


@pytest.mark.parametrize("text", [MARKUP, LONG, HOSTILE], ids=["markup", "long", "script"])
def test_every_format_holds_out_whatever_an_agenda_says(text):
    found = whole(text)
    assert parts(slides.to_pptx(found, text)) and parts(word.to_docx(found, text))
    assert paper.to_pdf(found, paper.Paper(text)).startswith(b"%PDF")
    page = show.to_html(found, text).decode()
    assert page.count("<script>") == page.count("</script>") == 1
    assert "alert(1)</script>" not in page
    book = openpyxl.load_workbook(io.BytesIO(workbook.to_workbook(found, text)))
    for page in book.worksheets:
        assert all(cell.data_type != "f" for row in page.iter_rows() for cell in row)


@pytest.mark.parametrize(
    "words", ["", "a/b\\c?d*e[f]:g", "'Anteil'", "x" * 60, "History", "  zwei  Lücken ", "\t\n"]
)
def test_the_name_of_a_sheet_is_one_that_excel_takes(words):
    name = workbook.sheet_name(7, words)
    assert 0 < len(name) <= 31 and not re.search(r"[\[\]:*?/\\']", name)
    assert name.startswith("07") and name == name.strip()


def test_sheets_of_the_same_answer_have_names_of_their_own():
    one = told("Anteil", lines_chart())
    book = openpyxl.load_workbook(io.BytesIO(workbook.to_workbook([one, one, one], "T")))
    first, *names, last = book.sheetnames
    assert (first, last) == ("Inhalt", "Zeichenerklärung")
    assert names == ["01 Anteil", "02 Anteil", "03 Anteil"]


def test_an_outline_in_steps_is_the_same_outline():
    path = "M326.1 11.2L325.6 11.2L325 12L324.9 -0.5ZM5 5L15 5L15 5.3Z"
    assert show._shorter(path) == "m326.1 11.2l-.5 0-.6 .8-.1-12.5zm-321.1-6.2l10 0 0 .3z"


def test_a_text_that_is_too_long_for_a_slide_goes_on():
    lines = "\n".join(f"Absatz {i}: {'Wort ' * 40}" for i in range(12))
    deck = Presentation(io.BytesIO(slides.to_pptx([whole("T")[0], Words("T", lines)], "T")))
    pages = list(deck.slides)[1:]
    assert len(pages) > 1
    said = "\n".join(shape.text_frame.text for page in pages for shape in page.shapes)
    assert all(f"Absatz {i}:" in said for i in range(12))


def test_a_remark_that_is_too_long_is_cut_on_the_slide_and_whole_elsewhere():
    remark = "Erster Absatz.\n" + "noch ein Wort " * 80 + "Schluss."
    one = replace(told("Anteil", lines_chart()), remark=remark, code="Beleg 1")
    slide = Presentation(io.BytesIO(slides.to_pptx([one], "T"))).slides[0]
    shown = next(s for s in slide.shapes if s.has_text_frame and "Absatz" in s.text_frame.text)
    chart = next(s for s in slide.shapes if s.has_chart)
    assert shown.text_frame.text.endswith("…") and shown.top + shown.height <= chart.top
    assert "Schluss." in slide.notes_slide.notes_text_frame.text
    drawn = sheet.slides(one)[0]
    assert "…" in drawn and "Schluss." not in drawn
    page = show.to_html([one], "T").decode()
    assert page.count("Schluss.") == 1
    assert len(columns.lines("a\nb", 100, 10)) == 2


def test_all_paragraphs_of_a_slide_have_the_same_letters():
    deck = Presentation(io.BytesIO(slides.to_pptx([whole("T")[0], Words("T", "eins\nzwei")], "T")))
    body = next(s for s in deck.slides[1].shapes if s.text_frame.text == "eins\nzwei")
    sizes = {p.runs[0].font.size or p.font.size for p in body.text_frame.paragraphs}
    assert len(sizes) == 1 and None not in sizes


def test_who_signs_is_the_first_that_can():
    found = whole("T")
    assert first(found) is found[0] and first(found[2:]) is found[3]
    with pytest.raises(ValueError, match="without"):
        first([Chapter("K")])
    assert [headline(part) for part in found] == ["T"] * len(found)
