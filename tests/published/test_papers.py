"""Papers of whole agendas opened again: every part in every format, and what has no answer."""

import io
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser

import numpy as np
import openpyxl
import pytest

from indicators import kinds
from indicators.agenda import Agenda, Item
from indicators.errors import BildungsblickError
from indicators.export import alternatives, parts, show, ways
from indicators.export.native import native
from indicators.export.parts import Chapter, Cover, Pair, Part, Words
from indicators.figures.map import STATUS_CODES, MapPicture
from indicators.saved import agendas
from indicators.symbols import Status
from tests.published.test_exports import bare, charts, members, tells
from tests.published.test_exports import said as said_in_office
from tests.unit.pdf_text import words as pdf_words

ADDRESS = "https://bildung.example.de/karte"
LEAVERS = "indicator=abgaenger_ohne_abschluss_anteil"
LATE = "indicator=einschulung_verspaetet_quote"
AGENDA = Agenda(
    title="Bericht & Ausblick <2026>",
    committee="Ausschuss für Schule und Bildung",
    date="09.12.2026",
    item=(
        Item(view="kind=profile&region=07111&theme=demografie"),
        Item(title="Übergänge", remark="Wer geht wohin?", notes="Kurz innehalten."),
        Item(
            view=f"kind=trend&{LEAVERS}&region=verbund:coburg",
            remark="Der Anteil liegt über dem des Landes.",
            notes="Auf die Stadt eingehen.",
        ),
        Item(view=f"kind=ranking&{LEAVERS}&region=09463", title="Ein Titel von Hand"),
        Item(
            view=f"kind=map&{LATE}&region=verbund:beispiel&scope=parts",
            beside=f"kind=ranking&{LATE}&region=verbund:beispiel&scope=parts",
            title="Nebeneinander",
            remark="Karte und Rangfolge.",
            notes="Links anfangen.",
        ),
        Item(view="kind=flows&region=verbund:beispiel"),
        Item(view="kind=pyramid&region=verbund:beispiel&face=table"),
        Item(title="Zuwanderung"),
        Item(view=f"kind=trend&{LATE}&region=99102101"),
        Item(view="kind=flow&indicator=einschulungen&region=07111"),
        Item(view=f"kind=trend&{LEAVERS}&region=06431", release="000000000000"),
        Item(title="Beschluss", text="Der Ausschuss nimmt Kenntnis.\n\nDie Verwaltung berichtet."),
    ),
)


@pytest.fixture(scope="module")
def found(folders) -> tuple[Part, ...]:
    return parts.answered(AGENDA, folders, address=ADDRESS)


@pytest.fixture(scope="module")
def made(folders) -> Callable[[str], bytes]:
    @cache
    def file(way: str) -> bytes:
        return ways.paper(AGENDA, way, folders, address=ADDRESS)[0]

    return file


class Page(HTMLParser):
    """What stands in a page: tags with their attributes, and its words."""

    def __init__(self, content: bytes):
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self._within: list[str] = []
        self.feed(content.decode())

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        self._within.append(tag)

    def handle_endtag(self, tag):
        self._within.reverse()
        self._within.remove(tag)
        self._within.reverse()

    def handle_data(self, data):
        if not {"style", "script"} & set(self._within[-1:]):
            self.words.append(data)


def said(file: bytes, way: str) -> str:
    return bare("".join(Page(file).words)) if way == "html" else said_in_office(file, way)


# --- parts ----------------------------------------------------------------------------------------


def test_an_item_becomes_the_part_that_it_asks_for(found):
    cover, profile, chapter, trend, ranking, pair, *_ = found
    assert isinstance(cover, Cover) and cover.occasion.endswith("Bildung, 09.12.2026")
    assert chapter == Chapter("Übergänge", "Wer geht wohin?", "Kurz innehalten.")
    assert (trend.remark, trend.speaker) == (AGENDA.items[2].remark, AGENDA.items[2].notes)
    assert ranking.headline == "Ein Titel von Hand" != ranking.answer.headline
    assert isinstance(pair, Pair) and [c.figure is None for c in pair.contents] == [False, False]
    assert found[7].figure is None and found[7].table.rows  # face=table
    assert found[-1].paragraphs == ("Der Ausschuss nimmt Kenntnis.", "Die Verwaltung berichtet.")
    codes = [one.code for one in parts.answers(found)]
    assert len(set(codes)) == len(codes) and all(
        re.fullmatch(r"Beleg.[0-9A-F]{8}", c) for c in codes
    )


def test_what_has_no_answer_says_why_and_takes_nothing_with_it(found, folders):
    gone = found[10]
    assert isinstance(gone, Words) and gone.missing
    assert "liegt noch keine Datei vor" in gone.text and AGENDA.items[9].view in gone.text
    for query in (
        "kind=trend&indicator=gibtsnicht&region=09464",
        "kind=nix",
        "kind=trend&region=1",
    ):
        one = Agenda(title="M", item=(Item(view=query), Item(title="K")))
        cover, gap, chapter = parts.answered(one, folders)
        assert gap.missing and query in gap.text and chapter.title == "K"
        content, told = ways.paper(one, "pdf", folders)
        assert len(told) == 1 and bare(gap.paragraphs[0]).replace("-", "") in pdf_words(content)


def test_of_a_pair_the_half_that_has_an_answer_stays(folders):
    pair = Item(view=f"kind=trend&{LEAVERS}&region=06431", beside="kind=nix", title="T", notes="N")
    _, left, right = parts.answered(Agenda(title="M", item=(pair,)), folders)
    assert (left.headline, left.speaker) == ("T", "N") and right.missing


def test_a_release_that_is_gone_gives_way_and_the_slide_says_so(found, release):
    one = found[11]
    assert one.answer.release == release.id
    assert "000000000000" in one.beside[0] and release.id in one.beside[0]
    assert one.beside[0] in one.notes


def test_an_agenda_without_an_answer_is_a_paper_too(folders):
    for items in ((), (Item(title="K"),), (Item(text="Nur Text"),)):
        for way in ways.PAPERS:
            assert ways.paper(Agenda(title="M", item=items), way, folders)[0]


@pytest.mark.parametrize("way", ways.PAPERS)
def test_whoever_waits_is_told_how_much_is_done(way, folders):
    steps: list[tuple[int, int]] = []
    few = Agenda(title="M", item=AGENDA.items[1:4])
    ways.paper(few, way, folders, progress=lambda done, of: steps.append((done, of)))
    assert steps == sorted(steps) and steps[0] == (1, 7) and steps[-1] == (7, 7)


def test_a_format_that_does_not_exist_names_those_that_do(folders):
    with pytest.raises(BildungsblickError, match="odt.*pptx, html"):
        ways.paper(AGENDA, "odt", folders)


# --- the agendas that ship ------------------------------------------------------------------------

CHAPTERS = ["Übergänge", "Zuwanderung und Sprachförderung", "Demografie"]
INVENTED = "beispielstadt"


def test_the_agendas_that_ship_are_answered_whole(folders):
    ready = agendas.ready(folders)
    assert len(ready) == 6 and INVENTED in ready
    for name, agenda in ready.items():
        found = parts.answered(agenda, folders)
        assert [p for p in found if isinstance(p, Words) and p.missing] == [], name
        assert [p.title for p in found if isinstance(p, Chapter)] == CHAPTERS
        assert agenda.releases == frozenset()
        if name != INVENTED:
            told = parts.answers(found)
            assert len(told) == 8
            assert not any("keinen Wert" in one.headline for one in told)
            assert {one.answer.view.region for one in told} == {told[0].answer.view.region}


def test_the_invented_town_shows_every_kind_of_view(folders):
    found = parts.answered(agendas.ready(folders)[INVENTED], folders)
    assert {one.answer.view.kind for one in parts.answers(found)} == set(kinds.ALL)


# --- what every format says -----------------------------------------------------------------------


@pytest.mark.parametrize("way", ways.PAPERS)
def test_a_paper_says_what_must_be_known_of_its_numbers(way, made, found):
    words = said(made(way), way)
    for part in found:
        if isinstance(part, Cover):
            assert all(tells(words, t) for t in (part.title, part.occasion, part.published))
        elif isinstance(part, Words):
            assert all(tells(words, line) for line in (part.title, *part.paragraphs))
        elif not isinstance(part, Chapter) or way != "xlsx":
            assert all(tells(words, t) for t in (parts.headline(part), part.remark))
    for one in parts.answers(found):
        wanted = [one.headline, one.subtitle, one.source, one.answer.release, one.code, one.link]
        wanted += [one.reading_aid, one.comparison, *one.notes, *one.beside]
        wanted += [text for sign in one.signs for text in sign]
        wanted += [source.licence for source in one.answer.sources]
        for text in wanted:
            assert tells(words, text), text
        if way in ("docx", "pdf", "html"):
            assert all(tells(words, cell) for row in one.table.rows for cell in row)


@pytest.mark.parametrize("way", ways.PAPERS)
def test_what_the_speaker_wants_to_say_is_on_slides_alone(way, made):
    words = said(made(way), way)
    for notes in filter(None, (item.notes for item in AGENDA.items)):
        assert tells(words, notes) == (way in ("pptx", "html"))


@pytest.mark.parametrize("way", ways.PAPERS)
def test_the_same_agenda_gives_the_same_bytes(way, made, folders, monkeypatch):
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    assert ways.paper(AGENDA, way, folders, address=ADDRESS)[0] == made(way)


def test_charts_have_the_numbers_of_the_answers(made, found):
    """In a pair a chart stands on every slide of the other figure, so places are not counted."""
    drawn = {way: charts(made(way)) for way in ("pptx", "xlsx")}
    for one in parts.answers(found):
        expected = native(one.figure)
        if expected is None:
            continue
        for way, files in drawn.items():
            series = [
                (title, tuple(values.get(i) for i in range(len(names))))
                for chart in files
                for title, names, values in chart
            ]
            for line in expected.series:
                pieces = [values for title, values in series if bare(line.name) in bare(title)]
                whole = Counter(line.values)
                if way == "xlsx":
                    pieces = [values for _, values in series]
                assert any(
                    values == line.values or (values and not Counter(values) - whole)
                    for values in pieces
                ), (way, line.name)


def test_a_number_behind_the_code_of_a_protected_region_is_in_no_paper(found, folders):
    pair = next(part for part in found if isinstance(part, Pair))
    picture = pair.contents[0].figure
    assert isinstance(picture, MapPicture)
    codes = [
        STATUS_CODES[s] for s in STATUS_CODES if Status(s) in (Status.SUPPRESSED, Status.TOO_FEW)
    ]
    hidden = np.isin(picture.codes, codes)
    assert hidden.sum() > 5
    forged = replace(picture, values=np.where(hidden, 87654.3, picture.values))
    one = pair.contents[0]
    one = replace(one, answer=replace(one.answer, figure=forged))
    given = (found[0], one, replace(pair, contents=(one, pair.contents[1])))
    for way in ways.PAPERS.values():
        file = way.make(given, "T", folders.templates, lambda _: (), lambda *_: None)
        bodies = members(file) if way.id in ("pptx", "docx", "xlsx") else {"": file}
        for name, body in bodies.items():
            assert not re.search(rb"(?<!\d)87[. ]?654(?!\d)", body), (way.name, name)
        if way.id == "pdf":
            assert not re.search(r"87\.?654", pdf_words(file))


# --- slides ---------------------------------------------------------------------------------------


def test_slides_stand_in_order_and_nothing_stands_outside(made, found):
    from pptx import Presentation

    deck = Presentation(io.BytesIO(made("pptx")))
    titles = [slide.shapes.title.text for slide in deck.slides]
    assert list(dict.fromkeys(titles)) == list(dict.fromkeys(map(parts.headline, found)))
    for slide in deck.slides:
        for shape in slide.shapes:
            assert shape.left >= 0 and shape.top >= 0
            assert shape.left + shape.width <= deck.slide_width + 2
            assert shape.top + shape.height <= deck.slide_height + 2, slide.shapes.title.text


def test_the_figures_of_a_pair_stand_beside_each_other(made):
    from pptx import Presentation

    deck = Presentation(io.BytesIO(made("pptx")))
    slide = next(s for s in deck.slides if s.shapes.title.text == "Nebeneinander")
    figures = [s for s in slide.shapes if s.has_chart or s.shape_type == 6]
    left, right = sorted(figures, key=lambda shape: shape.left)
    assert left.left + left.width <= right.left
    told = [shape.text_frame for shape in slide.shapes if shape.has_text_frame]
    runs = [run for frame in told for line in frame.paragraphs for run in line.runs]
    links = {run.text: run.hyperlink.address for run in runs if run.hyperlink.address}
    assert len(links) == 2 and all(link.startswith(ADDRESS) for link in links.values())
    assert all(code.startswith("Beleg") for code in links)
    assert all(run.font.size for run in runs)
    notes = slide.notes_slide.notes_text_frame.text
    assert notes.startswith("Links anfangen.") and notes.count("Beleg") == 2


# --- letters --------------------------------------------------------------------------------------


def test_a_letter_has_contents_that_lead_to_its_headings(made, found):
    from docx import Document
    from docx.oxml.ns import qn

    document = Document(io.BytesIO(made("docx")))
    styled = [(p.style.name, p.text) for p in document.paragraphs]
    assert styled[0] == ("Title", AGENDA.title)
    headings = [text for style, text in styled if style in ("Heading 1", "Heading 2")]
    named = list(map(parts.headline, found[1:]))
    assert [h for h in headings if h in named] == named
    assert ("Heading 1", "Übergänge") in styled and ("Heading 2", "Ein Titel von Hand") in styled
    body = document.element.body
    assert [n.text.split()[0] for n in body.xpath(".//w:instrText")] == ["TOC"]
    anchors = body.xpath(".//w:hyperlink/@w:anchor")
    marks = {n.get(qn("w:name")): n.getparent() for n in body.xpath(".//w:bookmarkStart")}
    lines = [p.text for p in document.paragraphs if p.style.name.startswith("toc")]
    assert lines == named
    led = [[node.text for node in marks[anchor].xpath(".//w:t")] for anchor in anchors]
    assert ["".join(texts) for texts in led] == named


def test_a_paper_is_tagged_and_lists_its_contents(made, found):
    file = made("pdf")
    for mark in (b"/MarkInfo<</Marked true", b"/Lang(de-DE)", b"pdfuaid:part", b"/Outlines"):
        assert mark in file
    words = pdf_words(file)
    first = words[: words.index(bare(found[2].remark))]
    for part in found[2:]:
        assert bare(parts.headline(part)).replace("-", "") in first


# --- Excel ----------------------------------------------------------------------------------------


def test_each_answer_has_a_sheet_that_the_contents_lead_to(made, found):
    book = openpyxl.load_workbook(io.BytesIO(made("xlsx")))
    told = parts.answers(found)
    first, *sheets, last = book.worksheets
    assert (first.title, last.title) == ("Inhalt", "Zeichenerklärung")
    assert len(sheets) == len(told)
    leads = [c.hyperlink.location for row in first.iter_rows() for c in row if c.hyperlink]
    assert leads == [f"'{sheet.title}'!A1" for sheet in sheets]
    for sheet, one in zip(sheets, told, strict=True):
        assert sheet["A1"].value == one.headline
        head = [cell.value for cell in sheet[5]]
        at = next(i for i, name in enumerate(head) if re.match(r"Wert( \(|$)", name or ""))
        values = [
            row[at].value for row in sheet.iter_rows(min_row=6, max_row=5 + len(one.answer.rows))
        ]
        assert values == [row["value"] for row in one.answer.rows]
        assert bool(sheet._charts) == bool(native(one.figure))
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


# --- HTML -----------------------------------------------------------------------------------------


def test_a_page_needs_nothing_from_outside(made, found):
    file = made("html")
    page = Page(file)
    tags = {tag for tag, _ in page.tags}
    assert not tags & {
        "link",
        "iframe",
        "object",
        "embed",
        "base",
        "image",
        "use",
        "video",
        "audio",
    }
    assert ("html", {"lang": "de"}) in page.tags
    for tag, attributes in page.tags:
        for name, value in attributes.items():
            assert not name.startswith("on") and name != "style", (tag, name)
            if name in ("src", "href", "srcset", "action", "data"):
                assert (tag, name) == ("a", "href") or value.startswith("data:")
    text = file.decode()
    links = {one.link for one in parts.answers(found)}
    hrefs = {a["href"] for tag, a in page.tags if tag == "a"}
    assert links <= hrefs and all(href.startswith(ADDRESS) for href in hrefs)
    assert not re.search(r"https?://|@import", re.sub(re.escape(ADDRESS), "", text))
    (policy,) = [a["content"] for t, a in page.tags if a.get("http-equiv")]
    assert policy.startswith("default-src 'none'") and "unsafe" not in policy


def test_names_within_a_page_are_unique_and_there(made):
    page = Page(made("html"))
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    used = {
        u for _, a in page.tags for value in a.values() for u in re.findall(r"url\(#(.+?)\)", value)
    }
    assert used and used <= set(ids)


def test_a_page_stays_small_and_offers_other_regions_and_periods(made, found, folders, release):
    assert len(made("html")) < 5_000_000
    text = made("html").decode()
    for name in ("Stadt Coburg", "Landkreis Coburg"):
        assert f'data-name="{name}"' in text
    ranking = found[4]
    beside = dict(alternatives.of(ranking, release, folders.map_files))
    assert set(beside) == {"Landkreis Coburg", "Stadt und Landkreis Coburg", "2017/18"}
    assert beside["2017/18"].answer.period == "2017/18" and beside["2017/18"].link.startswith(
        ADDRESS
    )
    assert beside["Landkreis Coburg"].remark == "" != beside["Landkreis Coburg"].code


def test_what_is_prepared_gives_way_to_what_must_be_shown(found, monkeypatch):
    monkeypatch.setattr(show, "MOST_BYTES", 1)
    plain = show.to_html(found, "T", lambda one: [("daneben", one)])
    assert b'data-name="daneben"' not in plain and plain.count(b"<section") >= len(found)
    monkeypatch.undo()
    assert b'data-name="daneben"' in show.to_html(found, "T", lambda one: [("daneben", one)])


def test_ten_views_of_every_kind_stay_below_five_megabytes(folders):
    town = agendas.ready(folders)[INVENTED]
    wide = [Item(view=f"kind=map&{LEAVERS}&region=0{n}&scope=all") for n in range(1, 10)]
    for agenda in (town, Agenda(title="M", item=(*wide, wide[0]))):
        assert len(ways.paper(agenda, "html", folders)[0]) < 5_000_000


def test_every_slide_has_its_words_and_numbers_as_text(made, found):
    text = made("html").decode()
    sections = re.findall(r"<section.*?</section>", text, re.DOTALL)
    for one in parts.answers(found):
        mine = [s for s in sections if one.code in s]
        assert mine
        assert any(s.count("<tr>") >= len(one.table.rows) + 1 for s in mine)
    assert all(re.search(r'aria-label="Seite \d+ von', s) for s in sections)
