"""Papers as who opens them sees them: nothing is told twice, tables stay with their names."""

from dataclasses import replace

import pytest

from indicators.export import paper, show, word
from tests.unit.pdf_text import words as pdf_words
from tests.unit.test_export_office import lines_chart, parts, told

FLAG = "Ereignis 1, 22.06.2021: Ausbauprogramm der Kitas."


@pytest.mark.parametrize("way", ["pdf", "docx", "html"])
def test_what_stands_beside_a_figure_is_not_told_again_below_it(way):
    one = replace(told("Anteil", lines_chart()), beside=(FLAG,), notes=(FLAG, "Stichtag im März."))
    if way == "pdf":
        text = pdf_words(paper.to_pdf([one], paper.Paper("T")))
        flag, other = (words.replace(" ", "") for words in (FLAG, "Stichtag im März."))
    else:
        flag, other = FLAG, "Stichtag im März."
        if way == "docx":
            text = parts(word.to_docx([one], "T"))["word/document.xml"].decode()
        else:
            text = show.to_html([one], "T").decode()
            text = text[text.index("<body") :]
    assert text.count(flag) == 1 and text.count(other) == 1


@pytest.mark.parametrize("notes", range(8, 26, 3))
def test_a_short_table_of_a_pdf_is_never_broken(notes):
    """Its head is repeated on each page that it goes over: once, wherever it begins."""
    one = replace(
        told("Anteil", lines_chart(), rows=12),
        notes=tuple(f"Hinweis {i} zu dieser Zahl." for i in range(notes)),
    )
    text = pdf_words(paper.to_pdf([one], paper.Paper("T")))
    assert text.count("GebietAnteilWert") == 1
