"""An answer as CSV, Excel and JSON: what opens without asking, and the same rows everywhere."""

import csv
import io
import re
import zipfile
from dataclasses import replace
from datetime import datetime
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators import formats
from indicators.answers.answer import Answer, Table
from indicators.errors import ViewError
from indicators.export import tables
from indicators.symbols import SIGNS, Status
from indicators.view import View

HOF = "indicator=abgaenger_ohne_abschluss_anteil&region=verbund:hof"
QUERIES = [
    HOF,
    f"kind=table&{HOF}",
    f"kind=table&{HOF}&period=2022/23",
    "kind=ranking&indicator=auslaenderanteil&region=09464",
    "kind=map&indicator=studierende&region=09464",
    "kind=table&indicator=studierende&region=09464&by=subject_group",
    "kind=profile&region=verbund:hof",
]
KEYS = [
    "region",
    "region_name",
    "period",
    "category",
    "category_name",
    "selection",
    "numerator",
    "denominator",
    "value",
    "unit",
    "status",
    "flags",
]
NAMESPACE = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


def read_csv(content: bytes) -> tuple[list[str], list[dict], list[str]]:
    """Columns, rows and the lines below the first empty line."""
    records = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
    end = records.index([])
    columns = records[0]
    rows = [dict(zip(columns, record, strict=True)) for record in records[1:end]]
    return columns, rows, [line[0] for line in records[end + 1 :]]


def read_xlsx(content: bytes) -> dict[str, list[list]]:
    """Sheet name → rows of cells; a typed number becomes a float, a text a str."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        texts = [
            "".join(t.text or "" for t in item.iter(f"{{{NAMESPACE['m']}}}t"))
            for item in ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
        ]
        names = re.findall(r'<sheet name="(.*?)"', book.read("xl/workbook.xml").decode())
        sheets = {}
        for number, name in enumerate(names, 1):
            sheet = ElementTree.fromstring(book.read(f"xl/worksheets/sheet{number}.xml"))
            sheets[name] = [_cells(row, texts) for row in sheet.iterfind(".//m:row", NAMESPACE)]
        return sheets


def _cells(row, texts) -> list:
    found = {}
    for cell in row.iterfind("m:c", NAMESPACE):
        value = cell.find("m:v", NAMESPACE)
        column = ord(re.match(r"[A-Z]+", cell.get("r"))[0][-1]) - ord("A")
        if value is not None:
            assert cell.find("m:f", NAMESPACE) is None, "a formula"
            is_text = cell.get("t") == "s"
            found[column] = texts[int(value.text)] if is_text else float(value.text)
    return [found.get(i) for i in range(max(found, default=-1) + 1)]


def number(text: str) -> float | None:
    return float(text.replace(",", ".")) if text else None


def renamed(answer, name):
    """The answer with a region of this name in its first row."""
    return replace(answer, rows=[answer.rows[0] | {"region_name": name}, *answer.rows[1:]])


def hostile_answer(text: str) -> Answer:
    """An answer that says this text wherever a town's definitions or files may say something."""
    row = dict.fromkeys(("region_name", "category_name", "selection", "unit"), text)
    row |= {"region": "09464", "period": "2022/23", "numerator": 1, "denominator": 2}
    row |= {"value": 2.5, "status": "ok", "flags": [text]}
    told = dict.fromkeys(("title", "headline", "subtitle", "reading_aid", "alt", "source"), text)
    return Answer(
        **told,
        view=View(kind="table", region="09464", indicator="x"),
        rows=[row],
        table=Table((), (), ()),
        notes=[text],
        footnotes=[text],
        source_short="",
        release="1",
        published=datetime(2025, 1, 1),
    )


# --- CSV ------------------------------------------------------------------------------------------


def test_a_csv_opens_in_excel_without_asking(ask):
    content = tables.to_csv(ask(HOF))
    assert content.startswith(b"\xef\xbb\xbf")
    first = content.decode("utf-8-sig").split("\r\n")[0]
    columns = "Schlüssel;Gebiet;Zeitraum;Ausprägung;Auswahl;Zähler;Nenner;Wert;Einheit;Bedeutung"
    assert first == columns + ";Hinweise"


@pytest.mark.parametrize(
    ("query", "selection", "category", "unit"),
    [
        (f"kind=trend&{HOF}", "", "insgesamt", "%"),
        (f"kind=trend&measure=count&{HOF}", "", "insgesamt", "Anzahl"),
        (
            "kind=trend&sex=female&indicator=einschulung_verspaetet_quote&region=99101",
            "Geschlecht: weiblich",
            "insgesamt",
            "%",
        ),
        # where the total says nothing one category is shown, and the file says which
        (
            "kind=ranking&indicator=uebertrittsquote_schulart&region=99101",
            "Ziel: Gymnasium",
            "insgesamt",
            "%",
        ),
        (
            "kind=ranking&indicator=uebertrittsquote_schulart&region=99101&by=destination_type",
            "Ziel: Gymnasium",
            "insgesamt",
            "%",
        ),
        (
            "kind=flow&indicator=einschulungen&region=99101",
            "",
            "Eingeschulte Kinder → fristgemäß",
            "%",
        ),
    ],
)
def test_a_csv_says_of_whom_and_in_which_unit(ask, query, selection, category, unit):
    answer = ask(query)
    _, rows, _ = read_csv(tables.to_csv(answer))
    assert rows and {row["Auswahl"] for row in rows} == {selection}
    assert rows[0]["Ausprägung"] == category
    assert {row["Einheit"] for row in rows} == {unit}
    assert selection in answer.subtitle


def test_the_count_of_a_rate_has_a_file_of_its_own(ask):
    names = {tables.file_name(ask(f"kind=trend&{m}{HOF}"), "csv") for m in ("", "measure=count&")}
    assert len(names) == 2


def test_csv_numbers_have_a_decimal_comma_and_no_thousands_point(ask):
    _, rows, _ = read_csv(tables.to_csv(ask(f"kind=table&{HOF}&period=2022/23")))
    assert rows[0]["Wert"] == "9,2"
    assert (rows[0]["Zähler"], rows[0]["Nenner"]) == ("119", "1289")


def test_a_missing_value_is_an_empty_field_with_its_reason_beside(ask):
    _, rows, _ = read_csv(tables.to_csv(ask(f"{HOF}&kind=table&period=2018/19")))
    assert (rows[0]["Wert"], rows[0]["Bedeutung"]) == ("", "entfällt")


def test_a_csv_carries_its_headline_source_and_release(ask, release):
    answer = ask(HOF)
    _, _, foot = read_csv(tables.to_csv(answer))
    assert foot[:3] == [answer.headline, answer.subtitle, answer.source]
    day = formats.day(release.published)
    assert foot[3] == f"In Bildungsblick veröffentlicht am {day} (Datenstand {release.id})"
    assert set(answer.notes) <= set(foot)


# What nobody sees and programs may drop: line feed, blanks, marks of width and direction, …
UNSEEN = "\n\t\r \u00a0\u00ad\u1680\u2003\u2007\u2028\u202f\u3000\u3164\u180e\ufeff\x00\x0b\x1f\x85"
UNSEEN += "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2066\u2069"
SIGNS_THAT_RUN = "=+-@＝＋－＠﹢﹣﹦﹫⁺⁼"


@pytest.mark.parametrize("start", [*SIGNS_THAT_RUN, "\t", "\r", "\n", "−"])
def test_a_text_that_a_spreadsheet_would_run_is_neutralised(ask, start):
    name = f'{start}HYPERLINK("http://x")'
    _, rows, _ = read_csv(tables.to_csv(renamed(ask(HOF), name)))
    assert rows[0]["Gebiet"] == "'" + name


@pytest.mark.parametrize("unseen", UNSEEN)
def test_a_formula_behind_what_nobody_sees_is_neutralised(ask, unseen):
    _, _, foot = read_csv(tables.to_csv(replace(ask(HOF), headline=f"{unseen}=1+1")))
    assert foot[0].startswith("'")


hostile = st.builds(
    "{}{}{}".format, st.text(UNSEEN, max_size=3), st.sampled_from(SIGNS_THAT_RUN), st.text()
)


@given(hostile.filter(lambda text: not re.fullmatch(r"-\d+(,\d+)?\s?%?", text)))
def test_no_text_of_any_export_begins_like_a_formula(text):
    """Every text of an answer may come from a town's definitions or files."""
    answer = hostile_answer(text)
    lines = csv.reader(
        io.StringIO(tables.to_csv(answer).decode("utf-8-sig"), newline=""), delimiter=";"
    )
    cells = [cell for line in lines for cell in line]
    cells += [
        str(c) for s in read_xlsx(tables.to_xlsx(answer)).values() for line in s for c in line
    ]
    mine = [cell for cell in cells if cell.lstrip(UNSEEN).startswith(tuple(SIGNS_THAT_RUN))]
    assert not mine
    assert sum(cell.startswith("'") for cell in cells) >= 10


@given(st.floats(-1e9, 1e9), st.sampled_from(["-", "−"]), st.booleans())
def test_a_number_stays_what_it_is(value, minus, percent):
    text = f"{value:.2f}".replace(".", ",").replace("-", minus) + (" %" if percent else "")
    answer = hostile_answer(text)
    assert tables.to_csv(answer).decode("utf-8-sig").splitlines()[1].split(";")[1] == text
    assert read_xlsx(tables.to_xlsx(answer))["Hinweise"][0][0] == text


def test_negative_numbers_stay_numbers(ask):
    answer = ask(HOF)
    negative = replace(answer, rows=[answer.rows[0] | {"value": -1234.5, "status": "ok"}])
    _, rows, _ = read_csv(tables.to_csv(negative))
    assert rows[0]["Wert"] == "-1234,5"
    assert read_xlsx(tables.to_xlsx(negative))["Daten"][1][7] == -1234.5


@pytest.mark.parametrize("text", ["−2,3 Prozentpunkte weniger", "1.234,5", "Hof-Nord", "<3", "a=b"])
def test_a_harmless_text_stays_as_it_is(ask, text):
    _, _, foot = read_csv(tables.to_csv(replace(ask(HOF), headline=text)))
    assert foot[0] == text


def test_semicolons_and_quotes_in_a_name_do_not_shift_columns(ask):
    name = 'Hof; "Saale"\nStadt'
    columns, rows, _ = read_csv(tables.to_csv(renamed(ask(HOF), name)))
    assert rows[0]["Gebiet"] == name and set(rows[0]) == set(columns)


# --- Excel ----------------------------------------------------------------------------------------


def test_an_excel_file_has_data_notes_and_the_explanation_of_signs(ask):
    sheets = read_xlsx(tables.to_xlsx(ask(HOF)))
    assert list(sheets) == ["Daten", "Diagramm", "Hinweise", "Zeichenerklärung"]
    explained = {row[0]: row[1] for row in sheets["Zeichenerklärung"][1:]}
    assert explained == {sign.short: sign.meaning for sign in SIGNS.values()}


def test_excel_cells_are_typed_and_the_unit_stands_in_the_heading(ask):
    data = read_xlsx(tables.to_xlsx(ask(f"kind=table&{HOF}&period=2022/23")))["Daten"]
    assert data[0][7] == "Wert (%)"
    assert data[1][:9] == [
        "verbund:hof",
        "Stadt und Landkreis Hof",
        "2022/23",
        "insgesamt",
        "",
        119.0,
        1289.0,
        9.2,
        "%",
    ]


def test_excel_keeps_keys_as_text_with_their_zero(ask):
    data = read_xlsx(tables.to_xlsx(ask("indicator=auslaenderanteil&region=09464")))["Daten"]
    assert data[1][0] == "09464"


def test_excel_runs_no_formula(ask):
    content = tables.to_xlsx(renamed(ask(HOF), '=HYPERLINK("http://x")'))
    assert read_xlsx(content)["Daten"][1][1].lstrip("'") == '=HYPERLINK("http://x")'


def test_an_excel_file_carries_notes_source_and_footnotes(ask):
    answer = ask(HOF)
    lines = [row[0] for row in read_xlsx(tables.to_xlsx(answer))["Hinweise"] if row]
    assert {answer.headline, answer.source, *answer.notes, *answer.footnotes} <= set(lines)


def test_the_same_answer_gives_the_same_file(ask):
    assert tables.to_xlsx(ask(HOF)) == tables.to_xlsx(ask(HOF))
    assert tables.to_csv(ask(HOF)) == tables.to_csv(ask(HOF))


# --- JSON -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", QUERIES)
def test_the_json_has_stable_keys(ask, query):
    content = ask(query).as_json()
    assert list(content) == ["headline", "subtitle", "rows", "notes", "source", "release"]
    extra = ["indicator", "indicator_name"] if "profile" in query else []
    assert content["rows"] and all(list(row) == extra + KEYS for row in content["rows"])
    assert content["source"].startswith("Quelle: Statistische Ämter des Bundes und der Länder")


# --- the same rows everywhere ---------------------------------------------------------------------


@pytest.mark.parametrize("query", QUERIES)
def test_csv_excel_and_json_have_the_same_rows(ask, query):
    answer = ask(query)
    _, rows, _ = read_csv(tables.to_csv(answer))
    sheet = read_xlsx(tables.to_xlsx(answer))["Daten"]
    value = next(i for i, title in enumerate(sheet[0]) if title.startswith("Wert"))
    assert len(rows) == len(sheet) - 1 == len(answer.rows)
    for row, record, line in zip(answer.rows, rows, sheet[1:], strict=True):
        assert record["Schlüssel"] == row["region"] and record["Zeitraum"] == row["period"]
        assert record["Bedeutung"] == SIGNS[Status(row["status"])].short
        in_sheet = line[value] if len(line) > value else None
        assert in_sheet == row["value"]
        assert number(record["Wert"]) == row["value"]


@pytest.mark.parametrize("query", QUERIES)
def test_the_table_a_reader_sees_has_the_values_of_the_data(ask, release, query):
    catalog = release.catalog
    answer = ask(query)
    seen = {cell for row in answer.table.rows for cell in row}
    for row in answer.rows:
        indicator = answer.indicator or catalog.indicators[row["indicator"]]
        if row["value"] is not None:
            text = formats.with_unit(row["value"], indicator.unit, indicator.shown_decimals)
            assert text in seen


@pytest.mark.parametrize("query", [q for q in QUERIES if "table" not in q and "profile" not in q])
def test_the_figure_draws_the_values_of_the_data(ask, query):
    answer = ask(query)
    data = {(row["region"], row["period"]): row["value"] for row in answer.rows}
    if query.startswith("kind=map"):
        newest = dict(zip(answer.figure.region_ids, answer.figure.values[-1], strict=True))
        drawn = {(region, answer.period): value for region, value in newest.items()}
        drawn = {place: value for place, value in drawn.items() if place in data}
    elif query.startswith("kind=ranking"):
        points = [p for s in answer.figure.series for p in s.points]
        drawn = {(p.id, answer.period): p.value for p in points}
    else:
        points = [p for s in answer.figure.series for p in s.points]
        drawn = {(p.id, p.label): p.value for p in points}
    known = {place: value for place, value in data.items() if value is not None}
    numbers = {
        place: value for place, value in drawn.items() if value is not None and value == value
    }
    assert numbers == known


def test_file_names_say_what_is_inside_and_suit_every_file_system(ask):
    answer = ask("kind=table&indicator=bevoelkerung_stand&region=verbund:hof&period=31.12.2024")
    name = tables.file_name(answer, "csv")
    assert name == "bevoelkerung_stand_verbund-hof_31-12-2024.csv"
    assert tables.file_name(ask("kind=profile&region=09464"), "xlsx") == "profil_alle_09464.xlsx"


def test_series_of_two_indicators_are_told_apart_in_every_export(ask):
    answer = ask(f"kind=together&indicator=bildungswanderung_18_24&with=familienwanderung&{TOWN}")
    assert tables.file_name(answer, "csv") == (
        "bildungswanderung_18_24_und_familienwanderung_verbund-beispiel.csv"
    )
    _, rows, _ = read_csv(tables.to_csv(answer))
    assert len({row["Indikator"] for row in rows}) == 2
    assert len({(row["Indikator"], row["Zeitraum"]) for row in rows}) == len(rows)


# --- one number everywhere ------------------------------------------------------------------------

TOWN = "region=verbund:beispiel"
OF_KINDS = [
    *(f"kind={kind}&{TOWN}" for kind in ("chain", "notable", "pyramid", "starters", "flows")),
    f"kind=starters&show=parts&{TOWN}",
    f"kind=together&indicator=bildungswanderung_18_24&with=familienwanderung&{TOWN}",
    f"kind=pyramid&{TOWN}&compare=99101",
    f"kind=balance&indicator=kita_platzluecke&{TOWN}",
    f"kind=map&indicator=kita_platzluecke&scope=parts&{TOWN}",
    f"kind=trend&indicator=abgaenger_ohne_abschluss_quote&by=sex&{TOWN}",
]


def in_exports(answer) -> list[tuple[float | None, float | None, float | None]]:
    """Every number of the answer's rows as it stands in JSON, CSV and Excel."""
    data, (_, csv_rows, _) = answer.rows, read_csv(tables.to_csv(answer))
    _, *sheet = read_xlsx(tables.to_xlsx(answer))["Daten"]
    found = []
    for row, line, cells in zip(data, csv_rows, sheet, strict=True):
        for i, (name, title) in enumerate(tables._columns(answer)):
            if isinstance(row.get(name), int | float):
                assert number(line[title]) is not None, (name, row)
                found.append((float(row[name]), number(line[title]), cells[i]))
    return found


def test_every_export_of_every_indicator_holds_the_same_numbers_as_they_are_shown(ask, release):
    """A third of three years of age, a need of 45 %: what is no whole number is shown as one, and a
    difference of shown numbers is that of a reader."""
    queries = [f"kind=table&indicator={id}&{TOWN}" for id in release.catalog.indicators]
    seen = 0
    for query in [*queries, *OF_KINDS]:
        try:
            answer = ask(query)
        except ViewError:  # nobody has its table
            continue
        numbers = in_exports(answer)
        seen += len(numbers)
        assert all(json == csv == excel for json, csv, excel in numbers), query
        assert all(round(json, 3) == json for json, _, _ in numbers), query
        for row in answer.rows:
            counts = (row["numerator"], row["denominator"])
            assert all(float(c).is_integer() for c in counts if c is not None), (query, row)
    assert seen > 10_000
