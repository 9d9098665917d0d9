"""Files of answers opened again: what they say, their numbers, their signs, their form."""

import io
import re
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from xml.etree import ElementTree

import numpy as np
import openpyxl
import pytest

from indicators.export import content as contents
from indicators.export import paper, sheet, slides, ways, word
from indicators.export.content import Content
from indicators.export.native import native
from indicators.figures import kinds
from indicators.figures.chart import Chart
from indicators.figures.map import STATUS_CODES, MapPicture
from indicators.symbols import SIGNS, Status
from tests.unit.pdf_text import words as pdf_words

ADDRESS = "https://bildung.example.de/karte"
LEAVERS = "indicator=abgaenger_ohne_abschluss_anteil"
LATE = "indicator=einschulung_verspaetet_quote"
VIEWS = {
    "trend": f"kind=trend&{LEAVERS}&region=verbund:coburg",
    "trend of a county": f"kind=trend&{LEAVERS}&region=06431",
    "trend, protected": f"kind=trend&{LATE}&region=99102101",
    "trend, divided": "kind=trend&indicator=schueler_allgemeinbildend&region=06431&by=school_type",
    "ranking": f"kind=ranking&{LEAVERS}&region=verbund:coburg",
    "ranking of parts": f"kind=ranking&{LATE}&region=verbund:beispiel&scope=parts",
    "panels": f"kind=panels&{LEAVERS}&region=verbund:coburg&by=sex",
    "panels of parts": f"kind=panels&{LATE}&region=verbund:beispiel&each=parts",
    "panels of types": "kind=panels&indicator=schueler_allgemeinbildend&region=06431&by=sex",
    "map": "kind=map&indicator=studierende_auslaendisch_anteil&region=07111&scope=all",
    "map of parts": f"kind=map&{LATE}&region=verbund:beispiel&scope=parts",
    "maps": f"kind=maps&{LEAVERS}&region=verbund:coburg",
    "maps of parts": f"kind=maps&{LATE}&region=verbund:beispiel&scope=parts",
    "maps of two indicators": f"kind=maps&{LEAVERS}&with=bevoelkerungsdichte&region=06431",
    "maps, one legend": "kind=maps&indicator=kita_ndf_anteil&with=kinder_sgb2_quote"
    "&region=verbund:beispiel",
    "change": f"kind=map&{LEAVERS}&region=verbund:coburg&since=2005/06",
    "change of parts": f"kind=map&{LATE}&region=verbund:beispiel&scope=parts&since=2019/20",
    "change as lines": f"kind=ranking&{LEAVERS}&region=07111&since=2005/06",
    "change as lines of parts": f"kind=ranking&{LATE}&region=verbund:beispiel&scope=parts"
    "&since=2019/20",
    "table": f"kind=table&{LEAVERS}&region=06431",
    "table, protected": f"kind=table&{LATE}&region=99102101",
    "profile": "kind=profile&region=verbund:coburg",
    "pyramid": "kind=pyramid&region=verbund:beispiel",
    "pyramid of groups": "kind=pyramid&region=07111",
    "flow": "kind=flow&indicator=einschulungen&region=99101",
    "flows": "kind=flows&region=verbund:beispiel",
    "starters": "kind=starters&region=verbund:beispiel",
    "starters by part": "kind=starters&region=99101&show=parts",
    "balance": "kind=balance&indicator=kita_platzluecke&region=verbund:beispiel",
    "chain": "kind=chain&region=verbund:beispiel&theme=migration",
    "together": f"kind=together&{LEAVERS}&with=auslaenderanteil&region=07111",
    "notable": "kind=notable&region=verbund:coburg",
    "notable of the invented": "kind=notable&region=verbund:beispiel",
}
NATIVE = ("trend", "trend of a county", "trend, protected", "trend, divided", "ranking of parts")
NATIVE += ("pyramid", "together")
SHAPES = ("map", "map of parts", "flow", "flows", "chain", "balance", "starters", "ranking")
SHAPES += ("maps", "maps of parts", "maps of two indicators", "maps, one legend", "change")
SHAPES += ("change of parts", "change as lines", "change as lines of parts")
SHAPES += ("panels",)
TABLES = ("table", "table, protected", "profile", "notable")
OFFICE = ("pptx", "docx", "xlsx")
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def made(ask, folders) -> Callable[..., bytes]:
    """The file of a view in a format; each is made once."""

    @cache
    def file(view: str, way: str, size: str = "card") -> bytes:
        return ways.made(ask(VIEWS[view]), way, folders, size=size, address=ADDRESS)

    return file


@pytest.fixture(scope="module")
def told(ask, folders) -> Callable[[str], Content]:
    @cache
    def content(view: str) -> Content:
        return contents.content(ask(VIEWS[view]), folders.map_files, ADDRESS)

    return content


def bare(text: str) -> str:
    """Without blanks: lines are broken differently in each format."""
    return re.sub(r"[\s\u00ad]", "", text)


def tells(words: str, text: str) -> bool:
    """Whether a file says it; the hyphens of a PDF cannot be told from those of its lines."""
    sought = bare(text)
    return sought in words or sought.replace("-", "") in words.replace("-", "")


def members(file: bytes) -> dict[str, bytes]:
    """All parts of an Office file, those of a workbook within it too."""
    found = {}
    with zipfile.ZipFile(io.BytesIO(file)) as package:
        names = package.namelist()
        assert len(names) == len(set(names)), "two parts of one name"
        for name in names:
            found[name] = package.read(name)
            if name.endswith(".xlsx"):
                inner = members(found[name])
                found |= {f"{name}/{part}": body for part, body in inner.items()}
    return found


def xml(body: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(body)


def said(file: bytes, way: str) -> str:
    """All words of a file, without blanks."""
    if way == "csv":
        # a reader of CSV sees one quote where the file has two
        return bare(file.decode("utf-8-sig").replace('""', '"'))
    if way == "svg":
        return bare("".join(node.text or "" for node in xml(file).iter(f"{_SVG}text")))
    if way == "pdf":
        return pdf_words(file)
    parts = members(file)
    if way == "xlsx":
        return bare("".join(xml(parts["xl/sharedStrings.xml"]).itertext()))
    names = [
        n for n in parts if re.search(r"(slides|notesSlides|charts|word)/[a-zA-Z]+\d*\.xml$", n)
    ]
    return bare("".join("".join(xml(parts[name]).itertext()) for name in names))


def charts(file: bytes) -> list[list[tuple[str, dict[int, str], dict[int, float]]]]:
    """The charts of an Office file: name, categories and numbers of each series by place."""
    found = []
    for name, body in sorted(members(file).items()):
        if not re.search(r"charts/chart\d+\.xml$", name):
            continue
        series = []
        for ser in xml(body).iter(f"{_C}ser"):
            title = "".join(ser.find(f"{_C}tx").itertext()).split("!")[-1]
            sides = []
            for side in ("cat", "val"):
                points = ser.iterfind(f"{_C}{side}//{_C}pt")
                sides.append({int(p.get("idx")): p.find(f"{_C}v").text for p in points})
            series.append((title, sides[0], {i: float(v) for i, v in sides[1].items()}))
        found.append(series)
    return found


# --- what every file says -------------------------------------------------------------------------


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("way", ["svg", "pdf", "pptx", "docx", "xlsx", "csv"])
def test_a_file_says_what_must_be_known_of_its_numbers(view, way, made, told):
    one, words = told(view), said(made(view, way), way)
    licences = {source.licence for source in one.answer.sources}
    wanted = [one.headline, one.subtitle, one.source, one.answer.release, *licences]
    wanted += [one.reading_aid, one.comparison, one.link, *one.notes, *one.beside]
    wanted += [part for sign in one.signs for part in sign]
    wanted += [f"vom {one.published.rsplit(' ', 1)[-1]}"] if way not in ("csv", "xlsx") else []
    for text in wanted:
        assert tells(words, text), text
    assert licences and one.answer.stand and tells(words, one.answer.stand.split(" bis ")[0])


@pytest.mark.parametrize("view", VIEWS)
def test_the_picture_of_a_slide_says_the_short_ones(view, made, told):
    one, words = told(view), said(made(view, "svg", "slide"), "svg")
    for text in (one.headline, one.subtitle, one.source_short, one.published, *one.beside):
        assert bare(text.removesuffix(".")) in words
    assert all(bare(": ".join(sign)) in words for sign in one.signs)


def test_views_are_of_every_kind_of_figure(told):
    figures = {type(told(view).figure) for view in VIEWS}
    assert figures == {*kinds._KINDS, Chart, type(None)}
    assert {told(v).figure.kind for v in VIEWS if isinstance(told(v).figure, Chart)} >= {
        "lines",
        "bars",
        "ranking",
    }
    assert sum(bool(told(view).signs) for view in VIEWS) >= 6


@pytest.mark.parametrize("view", VIEWS)
def test_files_without_a_cut_hold_the_whole_table(view, made, told):
    one = told(view)
    for way in ("pdf", "docx"):
        words = said(made(view, way), way)
        for row in one.table.rows:
            assert all(tells(words, cell) for cell in row), row


@pytest.mark.parametrize("way", ways.WAYS)
@pytest.mark.parametrize("view", ["trend", "ranking of parts", "map of parts", "flows", "profile"])
def test_the_same_answer_gives_the_same_bytes(view, way, made, ask, folders, monkeypatch):
    """Also tomorrow: a library may not write the hour into the file."""
    first = made(view, way)
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    assert ways.made(ask(VIEWS[view]), way, folders, address=ADDRESS) == first
    if way in OFFICE:
        with zipfile.ZipFile(io.BytesIO(first)) as package:
            assert {info.date_time[0] for info in package.infolist()} == {1980}
        days = set(re.findall(rb">(20\d\d-\d\d-\d\d)T", b"".join(members(first).values())))
        assert len(days) <= 1, days


# --- numbers --------------------------------------------------------------------------------------


@pytest.mark.parametrize("view", NATIVE)
@pytest.mark.parametrize("way", ["pptx", "xlsx"])
def test_a_chart_has_the_numbers_of_the_figure_and_gaps_where_there_is_none(view, way, made, told):
    expected = native(told(view).figure)
    drawn = charts(made(view, way))
    assert expected and drawn
    for place, line in enumerate(expected.series):
        values = [
            part[place][2].get(i) for part in drawn for i in range(len(part[place][1]))
        ]  # of all slides, one after the other
        assert values == list(line.values), line.name
    if way == "xlsx":
        return
    # the workbook within the chart, which opens with "Daten bearbeiten"
    books = [
        body for name, body in sorted(members(made(view, way)).items()) if ".xlsx" in name[-5:]
    ]
    cells = [list(openpyxl.load_workbook(io.BytesIO(b)).active.iter_rows(min_row=2)) for b in books]
    for place, line in enumerate(expected.series, 1):
        assert [row[place].value for rows in cells for row in rows] == list(line.values)


@pytest.mark.parametrize("view", ["trend", "trend of a county", "trend, protected"])
def test_lines_have_the_values_of_the_answers_rows(view, made, told):
    one = told(view)
    rows = {(row["region_name"], row["period"]): row["value"] for row in one.answer.rows}
    for way in ("pptx", "xlsx"):
        ((*series,),) = charts(made(view, way))
        for line, (_, categories, values) in zip(one.figure.series, series, strict=True):
            for i, period in categories.items():
                assert values.get(i) == rows.get((line.name, period)), (line.name, period)


def test_bars_and_pyramids_have_the_values_of_the_answers_rows(made, told):
    for view in ("trend, divided", "ranking of parts", "pyramid"):
        rows = Counter(row["value"] for row in told(view).answer.rows)
        drawn = Counter(
            abs(v) for part in charts(made(view, "pptx")) for s in part for v in s[2].values()
        )
        del rows[None]
        newest = Counter({v: n for v, n in drawn.items() if v not in rows})
        assert drawn and not newest, view


def test_numbers_of_a_table_in_excel_are_those_of_the_answer(made, told):
    for view in VIEWS:
        book = openpyxl.load_workbook(io.BytesIO(made(view, "xlsx")), read_only=True)
        head, *lines = book["Daten"].values
        (at,) = [i for i, name in enumerate(head) if re.match(r"Wert( \(|$)", name)]
        assert [line[at] for line in lines] == [row["value"] for row in told(view).answer.rows]


# --- protection -----------------------------------------------------------------------------------

HIDDEN = (Status.SUPPRESSED, Status.SECRET, Status.TOO_FEW)


@pytest.mark.parametrize("view", [*NATIVE, *SHAPES, *TABLES])
def test_what_is_protected_is_a_mark_in_every_file(view, made, told):
    one = told(view)
    there = {row["status"] for row in one.answer.rows if row["status"] in HIDDEN}
    for way in ("pdf", "docx", "xlsx", "csv"):
        words = said(made(view, way), way)
        assert all(tells(words, SIGNS[Status(status)].meaning) for status in there)
    for part in charts(made(view, "pptx")) + charts(made(view, "xlsx")):
        for _, categories, values in part:
            named = {i for i, name in categories.items() if "geschützt" in (name or "")}
            assert not named & values.keys()
    book = openpyxl.load_workbook(io.BytesIO(made(view, "xlsx")))
    head, *lines = book["Daten"].values
    for line in lines:
        cells = dict(zip(head, line, strict=True))
        if cells["Bedeutung"] in {SIGNS[s].short for s in HIDDEN}:
            assert all(v is None for name, v in cells.items() if name.startswith("Wert"))


def test_a_number_behind_the_code_of_a_protected_region_is_in_no_file(told, folders):
    """A map gets values and codes apart; what lies behind a code must not come out of a file."""
    one = told("map of parts")
    picture = one.figure
    assert isinstance(picture, MapPicture)
    codes = [STATUS_CODES[s] for s in STATUS_CODES if Status(s) in HIDDEN]
    hidden = np.isin(picture.codes, codes)
    assert hidden.sum() > 5
    forged = replace(picture, values=np.where(hidden, 87654.3, picture.values))
    answer = replace(one.answer, figure=forged)
    for id, way in ways.WAYS.items():
        file = ways.made(answer, id, folders, size="card", address=ADDRESS)
        bodies = members(file) if id in OFFICE else {"": file}
        for name, body in bodies.items():
            assert not re.search(rb"(?<!\d)87[. ]?654(?!\d)", body), (way.name, name)
        if id == "pdf":
            assert not re.search(r"87\.?654", pdf_words(file))


# --- PDF ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("view", VIEWS)
def test_a_pdf_is_tagged_and_german(view, made, told):
    file = made(view, "pdf")
    for mark in (b"/MarkInfo<</Marked true", b"/Lang(de-DE)", b"/StructTreeRoot", b"pdfuaid:part"):
        assert mark in file
    assert b"/DisplayDocTitle true" in file and b"/Title" in file
    assert bool(told(view).figure) == (b"/Alt<FEFF" in file or b"/Alt(" in file)
    # every heading cell says that it is one
    assert file.count(b"/TH/P") >= len(told(view).table.columns)
    pages = len(re.findall(rb"/Type/Page\b", file))
    assert f"Seite{pages}von{pages}" in pdf_words(file)


def test_the_head_of_a_table_is_repeated_on_each_page_of_a_pdf(made, told):
    words = pdf_words(made("map", "pdf"))
    pages = len(re.findall(rb"/Type/Page\b", made("map", "pdf")))
    heads = words.count(bare("RangKreis"))
    assert pages > 5 and heads in (pages, pages - 1)


def test_a_paper_without_words_for_its_picture_is_not_made(told, monkeypatch):
    from indicators.errors import BildungsblickError

    found = paper.told([told("trend")], paper.Paper("Titel"))
    found["parts"][0]["alt"] = None
    monkeypatch.setattr(paper, "told", lambda *_: found)
    with pytest.raises(BildungsblickError, match="Nächster Schritt"):
        paper.to_pdf([told("trend")], paper.Paper("Titel"))


def test_several_answers_are_one_paper_with_contents(told):
    found = [told(view) for view in ("trend", "map", "notable")]
    words = pdf_words(paper.to_pdf(found, paper.Paper("Bildungsbericht", footer="Stadt Muster")))
    assert words.startswith("BildungsberichtInhalt")
    assert all(words.count(bare(one.headline).replace("-", "")) == 2 for one in found)
    assert "StadtMuster" in words


# --- Word -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("view", VIEWS)
def test_a_letter_has_styles_a_head_on_each_page_and_words_for_its_picture(view, made, told):
    parts = members(made(view, "docx"))
    body, one = xml(parts["word/document.xml"]), told(view)
    rows = list(body.iter(f"{_W}tr"))
    assert len(rows) == len(one.table.rows) + 1
    assert all(row.find(f"{_W}trPr/{_W}cantSplit") is not None for row in rows)
    heads = [i for i, row in enumerate(rows) if row.find(f"{_W}trPr/{_W}tblHeader") is not None]
    assert heads == [0]
    pictures = [node for node in body.iter() if node.tag.endswith("}docPr")]
    assert [node.get("descr") for node in pictures] == ([one.alt] if one.figure else [])
    styles = {node.get(f"{_W}val") for node in body.iter(f"{_W}pStyle")}
    assert {"Heading1", "Subtitle", "Caption"} <= styles
    fields = [node.get(f"{_W}instr") for node in body.iter(f"{_W}fldSimple")]
    assert fields == ["SEQ Abbildung \\* ARABIC"] * bool(one.figure) + ["SEQ Tabelle \\* ARABIC"]
    languages = {n.get(f"{_W}val") for n in xml(parts["word/styles.xml"]).iter(f"{_W}lang")}
    assert languages == {"de-DE"}


@pytest.mark.parametrize("view", VIEWS)
def test_the_table_of_a_letter_is_no_wider_than_its_page(view, made):
    body = xml(members(made(view, "docx"))["word/document.xml"])
    for row in list(body.iter(f"{_W}tr"))[:3]:
        widths = [int(node.get(f"{_W}w")) for node in row.iter(f"{_W}tcW")]
        assert sum(widths) <= 16.55 / 2.54 * 1440


def test_captions_of_several_answers_are_numbered(told):
    found = [told(view) for view in ("table", "trend", "profile")]
    body = xml(members(word.to_docx(found, "Bericht"))["word/document.xml"])
    shown = ["".join(n.itertext()) for n in body.iter(f"{_W}fldSimple")]
    assert shown == ["1", "1", "2", "3"]


# --- slides ---------------------------------------------------------------------------------------


def slide_parts(file: bytes) -> list[ElementTree.Element]:
    found = {n: b for n, b in members(file).items() if re.fullmatch(r"ppt/slides/slide\d+\.xml", n)}
    return [xml(found[f"ppt/slides/slide{i}.xml"]) for i in range(1, len(found) + 1)]


def boxes(slide: ElementTree.Element) -> list[tuple[str, int, int, int, int]]:
    """Name, left, top, right and bottom of everything on a slide, in EMU."""
    found = []
    for node in slide.iter():
        place = node.find(f"{_A}off")
        if place is None or node.tag not in (f"{_A}xfrm", f"{_P}xfrm"):
            continue
        size = node.find(f"{_A}ext")
        x, y = int(place.get("x")), int(place.get("y"))
        found.append((node.tag, x, y, x + int(size.get("cx")), y + int(size.get("cy"))))
    return found


@pytest.mark.parametrize("view", VIEWS)
def test_nothing_stands_outside_the_slide(view, made):
    file = made(view, "pptx")
    size = xml(members(file)["ppt/presentation.xml"]).find(f"{_P}sldSz")
    wide, high = int(size.get("cx")), int(size.get("cy"))
    assert wide * 9 == high * 16
    for slide in slide_parts(file):
        for box in boxes(slide):
            _, left, top, right, bottom = box
            assert left >= 0 and top >= 0 and right <= wide and bottom <= high, box


@pytest.mark.parametrize("view", VIEWS)
def test_headline_subtitle_figure_and_foot_stand_below_each_other(view, made):
    for slide in slide_parts(made(view, "pptx")):
        tree = slide.find(f"{_P}cSld/{_P}spTree")
        placed = []
        for node in tree:
            box = next((b for b in boxes(node) if b[4]), None)
            if node.find(".//*[@type='slidenum']") is not None:
                continue  # in the margin, beside the foot
            if box is not None and node.tag != f"{_P}nvGrpSpPr" and node.tag != f"{_P}grpSpPr":
                placed.append(box)
        assert len(placed) == 4
        title, subtitle, figure, foot = placed
        assert title[4] <= subtitle[2] and subtitle[4] <= figure[2] and figure[4] <= foot[2]


@pytest.mark.parametrize("view", NATIVE)
def test_what_powerpoint_can_draw_is_a_chart_with_words_for_it(view, made, told):
    for slide in slide_parts(made(view, "pptx")):
        (frame,) = slide.iter(f"{_P}graphicFrame")
        assert frame.find(f".//{_C}chart") is not None
        assert frame.find(f".//{_P}cNvPr").get("descr") == told(view).alt


@pytest.mark.parametrize("view", SHAPES)
def test_what_it_cannot_draw_is_one_group_of_shapes_with_words_for_it(view, made, told):
    for slide in slide_parts(made(view, "pptx")):
        (group,) = slide.iter(f"{_P}grpSp")
        properties = group.find(f"{_P}nvGrpSpPr/{_P}cNvPr")
        assert properties.get("descr") == told(view).alt and told(view).alt
        assert len(group.findall(f"{_P}sp")) > 10
        ids = [node.get("id") for node in slide.iter(f"{_P}cNvPr")]
        assert len(ids) == len(set(ids))


def test_all_kreise_of_germany_are_on_a_slide(made, told):
    (slide,) = slide_parts(made("map", "pptx"))
    assert len(list(slide.iter(f"{_A}custGeom"))) >= 400
    assert len(made("map", "pptx")) < 500_000


def test_many_rows_go_on_on_further_slides(made, told):
    counts = {view: len(slide_parts(made(view, "pptx"))) for view in VIEWS}
    assert counts["trend"] == counts["map"] == counts["chain"] == 1
    assert counts["flows"] == len(told("flows").figure.gates)
    assert counts["balance"] > 1 and counts["ranking of parts"] > 1
    assert counts["profile"] == counts["table"] == 4
    for view in ("profile", "table"):
        words = said(made(view, "pptx"), "pptx")
        shown = sum(
            len(list(slide.iter(f"{_A}tr"))) - 1 for slide in slide_parts(made(view, "pptx"))
        )
        left = len(told(view).table.rows) - (shown - 1)
        assert f"…und{left}weitereZeilen:indenFormatenExcelundPDF" in words
        assert "Folie4von4" in words


def test_all_rows_of_a_balance_are_on_its_slides(made, told):
    words = said(made("balance", "pptx"), "pptx")
    assert all(bare(row.name) in words for row in told("balance").figure.rows)
    assert "blättern" not in words + said(made("flows", "pptx"), "pptx")


# --- pictures -------------------------------------------------------------------------------------


def pixels(png: bytes) -> np.ndarray:
    from PIL import Image

    return np.asarray(Image.open(io.BytesIO(png)).convert("L"), dtype=int)


@pytest.mark.parametrize(("size", "wide"), [("card", 1920), ("slide", 1920), ("a4", 2008)])
@pytest.mark.parametrize("view", ["trend", "map of parts", "notable"])
def test_a_picture_has_its_size_its_letters_and_nothing_cut(view, size, wide, made, told):
    from indicators.export import pictures

    drawn = pixels(made(view, "png", size))
    assert drawn.shape[1] == wide
    if size == "slide":
        assert drawn.shape[0] == 1080
    one = sheet.SIZES[size]
    svg = re.sub(r"<text.*?</text>", "", sheet.draw(told(view), one))
    without = pixels(pictures.raster(svg, one.zoom))
    assert without.shape == drawn.shape
    dark = (np.abs(drawn - without) > 60).mean()
    assert dark > 0.01, "letters are missing"
    edge = round(0.5 * one.margin * one.zoom)  # a column of a page has none
    if edge:
        edges = (drawn[:, -edge:], drawn[:, :edge], drawn[:edge], drawn[-edge:])
        assert all((part > 250).all() for part in edges), "something reaches over the edge"


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("size", sheet.SIZES)
def test_no_words_of_a_sheet_reach_over_its_edges(view, size, told):
    from indicators.figures.drawing import text_width

    one = sheet.SIZES[size]
    root = xml(sheet.draw(told(view), one).encode())
    high = float(root.get("height"))
    last = 0.0
    for node in root.findall(f"{_SVG}text"):
        bold = node.get("font-weight") is not None
        wide = text_width(node.text, float(node.get("font-size")), bold=bold)
        assert float(node.get("x")) + wide <= one.width - one.margin + 1, node.text
        assert last < float(node.get("y")) < high, node.text
        last = float(node.get("y"))
    (figure,) = root.findall(f"{_SVG}svg")
    wide, tall = (float(n) for n in figure.get("viewBox").split()[2:])
    scale = min(1.0, (one.width - 2 * one.margin) / wide)
    foot = next(
        float(t.get("y")) - 0.5 * float(t.get("font-size"))
        for t in root.findall(f"{_SVG}text")
        if float(t.get("y")) > float(figure.get("y"))
    )
    assert float(figure.get("y")) + scale * tall <= foot + 2
    for node in figure.iter(f"{_SVG}text"):
        assert float(node.get("y")) <= tall, node.text


def test_a_deck_of_several_answers_has_a_slide_or_more_for_each(told):
    found = [told(view) for view in ("trend", "notable", "flow")]
    assert len(slide_parts(slides.to_pptx(found, "Sitzung"))) == 3
