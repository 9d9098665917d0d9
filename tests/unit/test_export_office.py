"""Files of answers with names and templates that nobody foresaw; no release is needed."""

import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from docx import Document
from pptx import Presentation
from pptx.util import Cm

from indicators.answers.answer import Table
from indicators.errors import BildungsblickError
from indicators.export import columns, content, paper, pictures, sheet, slides, word
from indicators.export.content import Content
from indicators.export.native import native
from indicators.export.parts import Chapter, Cover, Pair, Words
from indicators.export.tables import to_xlsx
from indicators.figures.chart import Chart, Point, Series
from indicators.figures.drawing import text_width
from indicators.figures.pyramid import Bar, Pyramid
from tests.unit.pdf_text import words as pdf_words
from tests.unit.test_export import hostile_answer

MARKUP = 'Haus <b>"A & B"</b> \\ #let x = 1; $y$ *z* _w_ @q [r] `s` „ü“ ≥ 5'
LONG = "Donaudampfschifffahrtsgesellschaftskapitänsmützenverordnung" * 4


def lines_chart(name: str = "Stadt", label: str = "2020") -> Chart:
    points = tuple(
        Point(
            x,
            value,
            str(value or "geschützt"),
            label if x == 2020 else str(x),
            withheld="" if value else "protected",
        )
        for x, value in ((2020, 4.0), (2021, None), (2022, 6.5), (2023, 7.0))
    )
    return Chart(
        kind="lines",
        series=(Series(name, "own", points),),
        ticks=((2020, "2020"), (2022, "2022")),
        decimals=1,
        unit_suffix="\u00a0%",
        title=name,
        alt=name,
    )


def bars_chart(count: int) -> Chart:
    points = tuple(Point(i, float(i), f"{i}", f"Ort {i}") for i in range(count))
    return Chart("bars", (Series("Orte", "own", points),), (), 0, "", "Orte", "Orte")


def told(text: str = "Anteil", figure=None, rows: int = 3) -> Content:
    columns = ("Gebiet", text, "Wert")
    table = Table(
        columns, tuple((text, f"Zeile {i}", "1.234") for i in range(rows)), (False, False, True)
    )
    answer = replace(hostile_answer(text), figure=figure, table=table, source_short=text)
    return content.content(answer, None, "https://bildung.example.de/karte")


def parts(file: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(file)) as package:
        names = package.namelist()
        assert len(names) == len(set(names))
        return {name: package.read(name) for name in names}


# --- names from files -----------------------------------------------------------------------------


@pytest.mark.parametrize("text", [MARKUP, LONG, "=1+1", ""], ids=["markup", "long", "=", "none"])
@pytest.mark.parametrize("drawn", [True, False])
def test_every_way_holds_out_whatever_a_text_is(text, drawn):
    one = told(text, lines_chart(text, text) if drawn else None)
    one = replace(one, alt=text or "Linie")
    if text.strip():
        assert re.sub(r"[\s-]", "", text) in pdf_words(paper.to_pdf([one], paper.Paper("Titel")))
    for made in (slides.to_pptx([one], "Titel"), word.to_docx([one], "Titel")):
        assert parts(made)
    for size in sheet.SIZES:
        assert pictures.to_png(one, size)[:4] == b"\x89PNG"


def test_a_long_word_is_broken_where_a_line_ends():
    found = columns.lines(f"Das ist {LONG} hier", 300, 20)
    assert "".join(found).replace(" ", "") == f"Dasist{LONG}hier"
    assert all(text_width(line, 20) <= 300 for line in found)


def test_a_name_that_begins_like_a_formula_is_none_in_any_workbook():
    one = told("=HYPERLINK(1)", lines_chart("=HYPERLINK(1)", "=1+1"))
    books = [to_xlsx(one.answer)]
    books += [b for n, b in parts(slides.to_pptx([one], "T")).items() if n.endswith(".xlsx")]
    assert len(books) == 2
    for book in books:
        for name, body in parts(book).items():
            assert b"<f>" not in body or "charts/" in name, name
        for page in openpyxl.load_workbook(io.BytesIO(book)).worksheets:
            for row in page.iter_rows():
                assert all(cell.data_type != "f" for cell in row)
    chart = next(b for n, b in parts(books[0]).items() if "charts/chart" in n).decode()
    assert set(re.findall(r"<c:f>(\w+)!", chart)) == {"Diagramm"}


# --- charts ---------------------------------------------------------------------------------------


def test_a_place_of_a_school_year_and_a_day_is_called_by_its_year():
    """ "2008/09" of one line and "31.12.2008" of the other stand at the same place."""
    one, other = lines_chart("A", "2020/21"), lines_chart("B", "31.12.2020")
    both = native(replace(one, series=one.series + other.series))
    assert both and both.categories[0] == "2020"
    assert native(one).categories[0] == "2020/21"


def test_bars_that_have_no_room_go_on_on_the_next_slide_in_the_same_scale():
    made = parts(slides.to_pptx([told("Orte", bars_chart(28))], "T"))
    names = sorted(name for name in made if re.search(r"charts/chart\d+\.xml$", name))
    charts = [made[name].decode() for name in names]
    assert len(charts) == 2
    assert len({re.search(r'<c:max val="([\d.]+)"', chart)[1] for chart in charts}) == 1
    shown = [re.findall(r"<c:v>(Ort \d+)</c:v>", chart) for chart in charts]
    assert sum(map(len, shown)) == 28 and not set(shown[0]) & set(shown[1])


def bar(first: int, years: int, value: float | None, outline: tuple = ()) -> Bar:
    text = "geschützt" if value is None else str(value)
    return Bar(first, years, f"{first} Jahre", (value, 5.0), (text, "5"), outline)


def pyramid(*bars: Bar, outline_name: str = "") -> Pyramid:
    return Pyramid(
        "P", "P", ("w", "m"), ("1", "2"), bars, 10, "Personen", outline_name=outline_name
    )


def test_a_pyramid_is_a_chart_of_office_only_where_that_tells_the_same():
    even = native(pyramid(bar(0, 5, 3), bar(5, 5, None), bar(10, 20, 2)))
    assert even and [line.values for line in even.series] == [(-3, None, -2), (5, 5, 5)]
    assert even.untold == ("5 Jahre, w: geschützt",)
    assert native(pyramid(bar(0, 3, 3), bar(3, 5, 4), bar(8, 20, 2))) is None
    outlined = pyramid(bar(0, 5, 3, (4, 4)), bar(5, 5, 1, (4, 4)), outline_name="Bayern")
    assert native(outlined) is None


# --- a town's templates ---------------------------------------------------------------------------


@pytest.fixture
def deck(tmp_path: Path) -> Path:
    """A town's deck with a master of its own and everything that could stay behind."""
    made = Presentation()
    made.slide_master.name = "Muster der Stadt"
    for text in ("GEHEIM eins", "GEHEIM zwei"):
        slide = made.slides.add_slide(made.slide_layouts[5])
        slide.shapes.title.text = text
        slide.notes_slide.notes_text_frame.text = "GEHEIM Notiz"
        slide.shapes.add_picture(picture(), Cm(1), Cm(1))
    top = made.part._element
    first = made.slides._sldIdLst[0]
    p14 = "http://schemas.microsoft.com/office/powerpoint/2010/main"
    from lxml import etree

    names = f'xmlns:p="{top.nsmap["p"]}" xmlns:r="{top.nsmap["r"]}" xmlns:p14="{p14}"'
    show = (
        f'<p:custShowLst {names}><p:custShow name="GEHEIM" id="0"><p:sldLst>'
        f'<p:sld r:id="{first.rId}"/></p:sldLst></p:custShow></p:custShowLst>'
    )
    section = (
        f'<p:extLst {names}><p:ext uri="{{521415D9-36F7-43E2-AB2F-B90AF26B5E84}}"><p14:sectionLst>'
        '<p14:section name="GEHEIM" id="{00000000-0000-0000-0000-000000000001}"><p14:sldIdLst>'
        f'<p14:sldId id="{first.id}"/></p14:sldIdLst></p14:section></p14:sectionLst></p:ext>'
        "</p:extLst>"
    )
    top.append(etree.fromstring(show))
    for old in top.findall("{*}extLst"):
        top.remove(old)
    top.append(etree.fromstring(section))
    path = tmp_path / "folien.pptx"
    made.save(str(path))
    return path


def picture() -> io.BytesIO:
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (9, 9), "#c00").save(out, "PNG")
    return io.BytesIO(out.getvalue())


def test_a_towns_deck_gives_its_master_and_none_of_its_slides(deck):
    one = told("Anteil", lines_chart())
    made = parts(slides.to_pptx([one, told("Zwei", bars_chart(3))], "T", deck))
    assert sorted(n for n in made if re.fullmatch(r"ppt/slides/\w+\.xml", n)) == [
        "ppt/slides/slide1.xml",
        "ppt/slides/slide2.xml",
    ]
    everything = b"".join(made.values())
    assert b"GEHEIM" not in everything and b"sectionLst" not in everything
    assert not any(n.startswith(("ppt/media", "docProps/thumb")) for n in made)
    again = Presentation(io.BytesIO(slides.to_pptx([one], "T", deck)))
    assert again.slide_master.name == "Muster der Stadt"
    assert (again.slide_width, again.slide_height) == (9144000, 6858000)  # the deck's own
    listed = made["[Content_Types].xml"].decode()
    named = set(re.findall(r'PartName="/([^"]+)"', listed))
    assert named <= set(made)


def test_nothing_stands_outside_a_deck_of_another_shape(deck):
    found = [told("A", bars_chart(40)), told("B", lines_chart()), told(LONG, rows=60)]
    made = Presentation(io.BytesIO(slides.to_pptx(found, "T", deck)))
    for slide in made.slides:
        for shape in slide.shapes:
            assert shape.left >= 0 and shape.top >= 0
            assert shape.left + shape.width <= made.slide_width
            assert shape.top + shape.height <= made.slide_height


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    """A town's letter with a foot of its own, and without the styles that its words did not use."""
    made = Document()
    made.sections[0].footer.paragraphs[0].text = "Stadt Muster"
    made.add_paragraph("GEHEIM")
    made.add_picture(picture())
    for name in ("Caption", "Subtitle", "Intense Quote", "List Bullet", "Heading 2"):
        made.styles[name].delete()
    made.styles["Light Grid Accent 1"].delete()
    path = tmp_path / "dokument.docx"
    made.save(str(path))
    return path


def test_a_towns_letter_gives_its_foot_and_none_of_its_words(letter):
    file = word.to_docx([told("Anteil", lines_chart())], "T", letter)
    made = parts(file)
    assert b"GEHEIM" not in b"".join(made.values())
    assert len([n for n in made if n.startswith("word/media")]) == 1  # the figure
    again = Document(io.BytesIO(file))
    assert again.sections[0].footer.paragraphs[0].text == "Stadt Muster"
    assert {"Caption", "Subtitle", "Heading 1"} <= {p.style.name for p in again.paragraphs}


def test_the_paper_of_an_agenda_takes_the_towns_deck_and_letter(deck, letter):
    one, other = told("Anteil", lines_chart()), told("Lang", bars_chart(40))
    found = (
        Cover("Titel", "Ausschuss", "9.12.", "Datenstand", one.moment),
        Words("Vorab", "eins\nzwei", "Bemerkung"),
        Chapter("Kapitel", LONG),
        replace(other, remark="Zeile\n" * 9),
        Pair((one, other), "Paar", "Bemerkung"),
    )
    made = Presentation(io.BytesIO(slides.to_pptx(found, "T", deck)))
    for slide in made.slides:
        for shape in slide.shapes:
            assert shape.left >= 0 and shape.top >= 0
            assert shape.left + shape.width <= made.slide_width
            assert shape.top + shape.height <= made.slide_height
    document = Document(io.BytesIO(word.to_docx(found, "T", letter)))
    styles = {paragraph.style.name for paragraph in document.paragraphs}
    assert {"Title", "toc 1", "toc 2", "Heading 1", "Heading 2", "Heading 3"} <= styles


DAMAGES = {
    "empty": lambda _: b"",
    "text": lambda _: b"kein Office",
    "torn": lambda whole: whole[: len(whole) // 2],
    "no XML": lambda whole: rewritten(whole, lambda body: body[:200]),
    "nothing in it": lambda whole: rewritten(whole, lambda _: None),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_template_that_is_none_is_told_with_its_name_and_the_next_step(
    damage, deck, letter, tmp_path
):
    for path, make in ((deck, slides.to_pptx), (letter, word.to_docx)):
        broken = tmp_path / f"kaputt{path.suffix}"
        broken.write_bytes(DAMAGES[damage](path.read_bytes()))
        with pytest.raises(BildungsblickError, match=rf"{broken.name}.*Nächster Schritt"):
            make([told("Anteil")], "T", broken)


def test_a_letter_is_no_deck_and_a_deck_no_letter(deck, letter):
    with pytest.raises(BildungsblickError, match="dokument.docx"):
        slides.to_pptx([told("Anteil")], "T", letter)
    with pytest.raises(BildungsblickError, match="folien.pptx"):
        word.to_docx([told("Anteil")], "T", deck)


def rewritten(package: bytes, change) -> bytes:
    """An Office file whose main part is changed; it is left out where that gives None."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as new:
        for name, body in parts(package).items():
            main = name in ("ppt/presentation.xml", "word/document.xml")
            changed = change(body) if main else body
            if changed is not None:
                new.writestr(name, changed)
    return out.getvalue()


# --- tables ---------------------------------------------------------------------------------------


def test_columns_are_as_wide_as_there_is_room_and_no_number_is_broken():
    sentence = "Ein langer Befund über viele Kinder und noch mehr Schulen in der Stadt. " * 3
    table = Table(
        ("Art", "Befund", "Wert"),
        ((("Unterschied"), sentence, "1.234 von 5.678"),),
        (False, False, True),
    )
    wide = columns.widths(table, 500, 12, 10)
    assert sum(wide) == pytest.approx(500)
    assert wide[0] >= text_width("Unterschied", 12) and wide[2] >= text_width("1.234 von 5.678", 12)
    assert wide[1] > 250
    many = Table(
        tuple(f"Spaltenüberschrift{i}" for i in range(20)), (tuple("1" * 20),), (True,) * 20
    )
    assert sum(columns.widths(many, 500, 12, 10)) <= 500.1


def test_a_table_of_many_rows_goes_on_and_then_says_where_the_rest_is():
    found = Presentation(io.BytesIO(slides.to_pptx([told("Anteil", rows=300)], "T"))).slides
    assert len(found) == 4
    tables = [shape.table for slide in found for shape in slide.shapes if shape.has_table]
    shown = sum(len(table.rows) - 1 for table in tables) - 1
    last = tables[-1].cell(len(tables[-1].rows) - 1, 0).text
    assert last == f"… und {300 - shown} weitere Zeilen: in den Formaten Excel und PDF"
    assert all(table.cell(0, 0).text == "Gebiet" for table in tables)


def test_where_no_column_has_room_dates_stay_whole():
    """Only what is widest gives way: "31.12.2015" was broken for the sake of long words."""
    row = ("Kindertageseinrichtungen " * 2, "31.12.2015", *["186 Personen je km²"] * 3)
    table = Table(
        ("Indikator", "Zeitraum", "A", "B", "C"), (row,), (False, False, True, True, True)
    )
    wide = columns.widths(table, 460, 12, 10)
    assert sum(wide) == pytest.approx(460)
    assert wide[1] >= text_width("31.12.2015", 12) + 10
