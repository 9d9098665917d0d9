"""What a reader takes along: CSV, Excel and links, from the menu "Teilen und herunterladen"."""

import csv
import io
import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest
from playwright.sync_api import expect

from tests.browser.helpers import Window, asked, press, table_rows

pytestmark = pytest.mark.browser

RANKING = "karte?kind=ranking&indicator=abschlussanteil_hochschulreife&region=09464&period=2017/18"
TREND = "karte?kind=trend&indicator=studierende_auslaendisch_anteil&region=verbund:hof&by=sex"
GERMANY = "karte?kind=trend&indicator=geburtenrate&region=DG"
SPREADSHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def taken(window: Window, name: str) -> bytes:
    """The file behind a button of the menu."""
    with window.page.expect_download() as download:
        window.page.get_by_role("button", name=name, exact=True).click()
    assert download.value.suggested_filename.endswith({"CSV": ".csv", "Excel": ".xlsx"}[name])
    return Path(download.value.path()).read_bytes()


def open_menu(window: Window) -> None:
    window.page.get_by_role("button", name=re.compile("^Teilen und herunterladen")).click()
    window.page.get_by_role("button", name="CSV", exact=True).wait_for()


def link_fields(window: Window) -> list[str]:
    """The link to the view and the one with a fixed release."""
    fields = window.page.locator('[data-testid="stCode"] code')
    expect(fields).to_have_count(2)
    return [text.strip() for text in fields.all_inner_texts()]


def csv_rows(content: bytes) -> list[dict[str, str]]:
    """The rows up to the empty line before the notes."""
    lines = content.decode("utf-8-sig").split("\r\n\r\n")[0]
    return list(csv.DictReader(io.StringIO(lines), delimiter=";"))


def sheet_rows(content: bytes) -> tuple[list[str], list[list[str | float]]]:
    """Names of the sheets, and the first sheet's rows, numbers as numbers."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        assert book.testzip() is None
        names = [
            sheet.get("name")
            for sheet in ElementTree.fromstring(book.read("xl/workbook.xml")).iter(
                f"{SPREADSHEET}sheet"
            )
        ]
        texts = [
            "".join(item.itertext())
            for item in ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
        ]
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    rows = []
    for row in sheet.iter(f"{SPREADSHEET}row"):
        cells = {}
        for cell in row:
            content = cell.findtext(f"{SPREADSHEET}v")
            column = re.match("[A-Z]+", cell.get("r")).group()
            if content is not None:
                cells[column] = texts[int(content)] if cell.get("t") == "s" else float(content)
        rows.append(cells)
    head, *body = rows
    return names, [{head[column]: value for column, value in row.items()} for row in body]


def test_csv_and_excel_hold_the_rows_of_the_table(window):
    page = window.open(RANKING)
    press(window, "Ansicht", "Werte")
    shown = [(name, value) for _, name, value, *_ in table_rows(page)]
    assert len(shown) == 96
    open_menu(window)

    content = taken(window, "CSV")
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.splitlines()[0].count(b";") == 10
    rows = csv_rows(content)
    written = [(row["Gebiet"], f"{row['Wert']}\xa0%") for row in rows]
    assert written == shown
    assert all(re.fullmatch(r"\d+,\d", row["Wert"]) for row in rows)
    assert {row["Zeitraum"] for row in rows} == {"2017/18"}
    assert "Datenstand" in content.decode("utf-8-sig")

    names, rows = sheet_rows(taken(window, "Excel"))
    assert names == ["Daten", "Hinweise", "Zeichenerklärung"]
    assert [row["Gebiet"] for row in rows] == [name for name, _ in shown]
    numbers = [f"{row['Wert (%)']:.1f}".replace(".", ",") + "\xa0%" for row in rows]
    assert numbers == [value for _, value in shown]


@pytest.mark.parametrize(
    "address",
    [RANKING, TREND, GERMANY],
)
def test_the_links_open_the_same_view(address, window, new_window):
    page = window.open(address)
    headline = page.locator("h2.bb-headline").inner_text()
    subtitle = page.locator(".bb-subtitle").inner_text()
    open_menu(window)
    links = link_fields(window)
    release = re.search(r"&release=([0-9a-z]+)$", links[1]).group(1)
    other = new_window()
    for link in links if address == RANKING else links[:1]:
        assert link.startswith(f"{window.server}/karte?")  # whole, to be sent by mail
        opened = other.open(link.removeprefix(f"{window.server}/"))
        expect(opened.locator("h2.bb-headline")).to_have_text(headline)
        expect(opened.locator(".bb-subtitle")).to_have_text(subtitle)
    assert address != RANKING or asked(other.page)["release"] == release


def test_the_full_screen_link_shows_the_view_on_the_stage(window):
    page = window.open(TREND)
    headline = page.locator("h2.bb-headline").inner_text()
    open_menu(window)
    link = page.get_by_role("link", name="Vollbild für die Sitzung")
    with page.expect_popup() as popup:
        link.click()
    expect(popup.value.locator("h1")).to_have_text(headline)
    assert popup.value.locator(".st-key-stage").count() == 1
    popup.value.close()


def test_the_profile_can_be_taken_along(window):
    page = window.open("karte?kind=profile&region=06431")
    shown = [row[0] for row in table_rows(page)]
    open_menu(window)
    rows = csv_rows(taken(window, "CSV"))
    # "Schulart: Gymnasium" stands in a column of its own; the page adds "(Gymnasium)" to the name
    chosen = [row["Auswahl"].partition(": ")[2] for row in rows]
    named = [row["Indikator"] for row in rows]
    assert any(chosen) and not all(chosen)
    pairs = zip(named, chosen, strict=True)
    assert [f"{name} ({only})" if only else name for name, only in pairs] == shown


# The menu's buttons and how a file of each kind begins.
BEGINNINGS = {
    "PNG": b"\x89PNG",
    "PNG 16:9": b"\x89PNG",
    "SVG": b"<svg",
    "PowerPoint": b"PK",
    "Word": b"PK",
    "PDF": b"%PDF",
}


def test_every_file_of_the_menu_arrives_whole(window):
    window.open(RANKING)
    open_menu(window)
    for name, beginning in BEGINNINGS.items():
        with window.page.expect_download() as download:
            window.page.get_by_role("button", name=name, exact=True).click()
        content = Path(download.value.path()).read_bytes()
        assert content.startswith(beginning), name
        assert len(content) > 10_000, name


def test_picture_table_and_words_are_copied(window):
    window.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = window.open(RANKING)
    headline = page.locator("h2.bb-headline").inner_text()
    open_menu(window)
    found = {}
    for name in ("Text kopieren", "Tabelle kopieren", "Bild kopieren"):
        page.get_by_role("button", name=name).click()
        expect(page.locator(".copying [role=status]")).to_have_text("Kopiert")
        found[name] = page.evaluate(
            """async () => {
                const [item] = await navigator.clipboard.read();
                const texts = {};
                for (const type of item.types) {
                    const blob = await item.getType(type);
                    texts[type] = type.startsWith("text/") ? await blob.text() : blob.size;
                }
                return texts;
            }"""
        )
    assert headline.split(":")[0] in found["Text kopieren"]["text/plain"]
    assert "Quelle: Statistische Ämter" in found["Text kopieren"]["text/plain"]
    table = found["Tabelle kopieren"]
    assert table["text/plain"].startswith("Rang\t") and "<table>" in table["text/html"]
    assert found["Bild kopieren"]["image/png"] > 10_000


def test_a_page_is_taken_along_as_one_paper(window):
    page = window.open("?region=verbund:hof")
    with page.expect_download() as download:
        page.get_by_role("button", name="Diese Seite als PDF").click()
    content = Path(download.value.path()).read_bytes()
    assert content.startswith(b"%PDF") and b"/StructTreeRoot" in content
    assert download.value.suggested_filename.endswith("_verbund-hof.pdf")


def test_a_printed_page_has_no_menu_and_whole_tables(window):
    page = window.open("karte?kind=table&indicator=studierende&region=09464")
    table = page.locator(".bb-table")
    page.emulate_media(media="print")
    try:
        for hidden in ("stSidebar", "stPopover", "stButtonGroup"):
            assert not page.locator(f'[data-testid="{hidden}"]').first.is_visible(), hidden
        expect(page.locator("h2.bb-headline")).to_be_visible()
        assert table.evaluate("box => getComputedStyle(box).maxHeight") == "none"
        assert table.evaluate("box => box.scrollHeight <= box.clientHeight + 1")
        head = table.locator("thead")
        assert head.evaluate("part => getComputedStyle(part).display") == "table-header-group"
    finally:
        page.emulate_media(media="screen")
