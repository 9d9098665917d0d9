"""Files as offices send them and as attackers would: what is wrong with each, by name, and the end
it must come to.

An end is "= " and the values that are read, "? " and the questions that must be answered first, or
"! " and words of the true reason why nothing is read. What somebody has answered before stands in
`answers`, beside dataset, region and publisher.
"""

import io
import struct
import zipfile
from typing import NamedTuple

from tests.zoo.own_tables import csv_bytes, workbook

TABLE = "Schuljahr;Gymnasium;Realschule\n2023/24;47,3;28,8\n2024/25;48,1;27,0"
ROWS = [["Schuljahr", "Gymnasium", "Realschule"], ["2023/24", 47.3, 28.8], ["2024/25", 48.1, 27.0]]
READ = "= 47,3 48,1 28,8 27,0"
GYMNASIUM = "value:share:destination_type=gymnasium"


class Nasty(NamedTuple):
    """A file, the end it comes to, and what was answered before."""

    content: bytes
    file: str
    end: str
    answers: dict[str, str] = {}


def every() -> dict[str, Nasty]:
    """All of them, by what is nasty about them."""
    return _encodings() | _separators() | _shapes() | _cells() | _workbooks() | _attacks()


def _encodings() -> dict[str, Nasty]:
    umlauts = TABLE.replace("Gymnasium", "Übergänge Größe")
    found = {
        f"encoding {name}": Nasty(
            umlauts.encode(name), "tabelle.csv", READ, {"column:Übergänge Größe": GYMNASIUM}
        )
        for name in ("utf-8", "utf-8-sig", "utf-16", "cp1252", "iso8859-15")
    }
    destroyed = umlauts.replace("Ü", "\ufffd").encode()
    found["a heading nobody knows"] = _csv(umlauts, "? column:Übergänge Größe")
    found["umlauts destroyed"] = Nasty(destroyed, "tabelle.csv", "! Umlaut")
    found["null bytes"] = Nasty(b"a;b\x00\n1;2\x00\n", "tabelle.csv", "! keine Textdatei")
    found["binary noise"] = Nasty(bytes(range(256)) * 20, "tabelle.csv", "! keine Textdatei")
    found["only a byte order mark"] = Nasty(b"\xef\xbb\xbf", "tabelle.csv", "! keine einzige")
    return found


def _csv(text: str, end: str, **answers: str) -> Nasty:
    return Nasty(csv_bytes(text), "tabelle.csv", end, answers)


def _separators() -> dict[str, Nasty]:
    lines = TABLE.replace("\n", "\n\n")
    return {
        "tabs": Nasty(csv_bytes(TABLE.replace(";", "\t")), "tabelle.txt", READ),
        "commas": _csv(TABLE.replace(",", ".").replace(";", ","), READ),
        "sep line": _csv("sep=;\n" + TABLE, READ),
        "line ends of a Mac": Nasty(TABLE.replace("\n", "\r").encode(), "tabelle.csv", READ),
        "no end of line": Nasty(TABLE.encode(), "tabelle.csv", READ),
        "many empty lines": _csv("\n\n\n" + lines, READ),
        "quotes not closed": _csv(TABLE + '\n"2025/26;1;2', "! Anführungszeichen"),
        "line break in a cell": _csv(TABLE.replace("Gymnasium", '"Gym-\nnasium"'), READ),
        "rows of different length": _csv(TABLE + "\n2025/26;1", "? sign:"),
        "one row longer than the heading": _csv(
            TABLE + "\n2025/26;1;2;3;4",
            "? column:Spalte 4 ohne Überschrift column:Spalte 5 ohne Überschrift",
        ),
        "trailing separators": _csv(TABLE.replace("\n", ";;;\n") + ";;;", READ),
    }


def _shapes() -> dict[str, Nasty]:
    years = [f"{year}/{(year + 1) % 100:02d}" for year in range(2000, 2025)]
    keys = ["09464", "09475", "09463", "09473"]
    types = ["Gymnasium", "Realschule", "Hauptschule"]
    long = [f"{y};{key};{one};12,5" for y in years for key in keys for one in types]
    csv: dict[str, tuple[str, str]] = {
        "title above": ("Übergänge der Stadt\n\n" + TABLE, READ),
        "title and date above": ("Übergänge;;\nStand:;31.12.2024;\n" + TABLE, READ),
        "notes below": (TABLE + "\nQuelle: Schulamt\n1) vorläufig", READ),
        "sum below": (TABLE + "\nSumme;95,4;55,8", "? word:period:Summe"),
        "headings only": ("Schuljahr;Gymnasium;Realschule", "! nichts"),
        "no headings": ("2023/24;47,3;28,8\n2024/25;48,1;27,0", "! keine Überschriften"),
        "one column": ("Gymnasium\n47,3\n48,1", "! keine Überschriften"),
        "two headings alike": (
            "Schuljahr;Gymnasium;Gymnasium\n2023/24;1,5;2,5", "! steht über mehreren Spalten"),
        "a heading is missing": (
            TABLE.replace("Realschule", ""), "? column:Spalte 3 ohne Überschrift"),
        "two tables below each other": (
            TABLE + "\n\nSchuljahr;Kita;Hort\n2023/24;1,0;2,0", "! eine zweite Tabelle"),
        "headings again on the next page": (
            TABLE + "\nSchuljahr;Gymnasium;Realschule\n2025/26;1,0;2,0",
            "= 47,3 48,1 1,0 28,8 27,0 2,0"),
        "two rows of headings": (
            "Schuljahr;2024;2024\n;Gymnasium;Realschule\n2023/24;1,5;2,5", "= 1,5 2,5"),
        "empty corner": (";2022;2023;2024\nGymnasium;1,5;2,5;3,5", "? year_is"),
        "only words": ("a;b\nc;d\ne;f", "? column:a column:b period_typed"),
        "200 columns": (
            "Jahr;" + ";".join(f"s{i}" for i in range(200)) + "\n2024;" + "1;" * 200,
            "? headings year_is"),
        "20,000 names": (
            "Jahr;Ort;Zahl\n" + "\n".join(f"2024;O{i};{i}" for i in range(20_000)),
            "! 20000 verschiedene Namen"),
        "points that may be days": (
            "Schuljahr;Gymnasium\n2023/24;9.10\n2024/25;8.5", "? day"),
        "points that are decimals": (
            "Schuljahr;Gymnasium\n2023/24;9.10\n2024/25;48.5", "= 9,1 48,5"),
    }  # fmt: skip
    found = {name: _csv(text, end) for name, (text, end) in csv.items()}
    share = {"column:Anteil": "value:share"}
    head = "Schuljahr;AGS;Schulart;Anteil"
    found["300 rows"] = _csv("\n".join([head, *long]), "= " + "12,5 " * 200, **share)
    found["20,000 rows, many alike"] = _csv(
        "\n".join([head, *long * 66]), "! nicht zusammenzählen", **share
    )
    return found


def _cells() -> dict[str, Nasty]:
    asked = {"column:Gymnasium": GYMNASIUM}
    numbers = {
        "k. A.": ("k. A.", "= keine_Angabe 28,8"), "dots": ("…", "= folgt_später 28,8"),
        "less than 3": ("<3", "= nicht_ausgewiesen 28,8"), "footnote": ("12¹", "= 12,0 28,8"),
        "bracket": ("(12)", "= 12,0 28,8"), "percent": ("12,5 %", "= 12,5 28,8"),
        "minus": ("-5", "= −5,0 28,8"), "typed minus": ("−5", "= −5,0 28,8"),
        "Arabic digits": ("١٢", "= 12,0 28,8"), "full-width digits": ("４７", "= 47,0 28,8"),
        "dash": ("-", "? sign:-"), "long dash": ("–", "? sign:–"), "star": ("*", "? sign:*"),
        "slash": ("/", "? sign:/"), "blank that is none": ("\u00a0", "= 28,8"),
        "thousands": ("1.234", "! Tausenderzeichen"), "huge": ("1" + "0" * 308, "! zu groß"),
        "longer than any number": ("9" * 400, "! zu groß"),
        "two points": ("1.234.567", "! Tausenderzeichen"),
        "under 3": ("unter 3", "? column:Gymnasium"),
        "about": ("ca. 30", "? column:Gymnasium sign:ca. 30"),
        "zeros in front": ("0012", "? column:Gymnasium"),
        "commas and points": ("61.9", "! mit Punkt"),
        "day and month": ("9.10.", "! ein Datum"),
    }  # fmt: skip
    # nobody would notice if the column of such a cell were left out
    said = {
        "under 3, said": ("unter 3", "= nicht_ausgewiesen 28,8"),
        "about, said": ("ca. 30", "? sign:ca. 30"), "euro": ("12 €", "? sign:12 €"),
        "infinite": ("inf", "? sign:inf"), "no number": ("NaN", "? sign:NaN"),
        "exponent": ("1E5", "? sign:1E5"), "time": ("12:30", "? sign:12:30"),
        "soft hyphen": ("4\u00ad7", "? sign:4\u00ad7"), "zeros, said": ("0012", "= 12,0 28,8"),
        "date of Excel": ("5. Sep", "! ein Datum"),
        "date of Excel in English": ("5-Sep", "! ein Datum"),
        "error": ("#REF!", "! ein Fehler aus Excel"), "formula": ("=1+1", "! eine Formel"),
    }  # fmt: skip
    row = "Schuljahr;Gymnasium;Realschule\n2023/24;{};28,8"
    cells = {name: _csv(row.format(cell), end) for name, (cell, end) in numbers.items()}
    cells |= {name: _csv(row.format(cell), end, **asked) for name, (cell, end) in said.items()}
    return cells | _headings() | _times() | _places()


def _headings() -> dict[str, Nasty]:
    texts = {
        "with markup": "<img src=x onerror=alert(1)>", "with a link": "[a](javascript:1)",
        "that is a formula": "=HYPERLINK(1)", "of TOML": 'a"\\]]', "very long": "G" * 3000,
        "with a direction mark": "\u202eGymnasium", "that is only a sign": "-",
    }  # fmt: skip
    found = {
        f"heading {name}": _csv(
            TABLE.replace("Gymnasium", text), READ, **{f"column:{text}": GYMNASIUM}
        )
        for name, text in texts.items()
    }
    found["heading with a star"] = _csv(TABLE.replace("Gymnasium", "Gymnasium*"), READ)
    found["heading with a placeholder"] = _csv(
        TABLE.replace("Gymnasium", "<period>"), "! Klammern", **{"column:<period>": GYMNASIUM}
    )
    return found


def _times() -> dict[str, Nasty]:
    times = {
        "2425": "? split_years", "23/24": "= 47,3", "2024": "? year_is",
        "2023/25": "? word:period:2023/25", "31.12.2024": "? word:period:31.12.2024",
        "Sep 23": "? word:period:Sep 23", "": "? period_typed",
        "Jahr 24": "? word:period:Jahr 24", "0": "? column:Schuljahr period_typed",
    }  # fmt: skip
    return {
        f"time {time}": _csv(f"Schuljahr;Gymnasium\n{time};47,3", end)
        for time, end in times.items()
    }


def _places() -> dict[str, Nasty]:
    places = {
        "Hof": "? word:region:Hof", "9464": "? zero:Gebiet",
        "Hof, Stadt": "? word:region:Hof, Stadt",
        "99999": "? column:Gebiet", "Neustadt": "? word:region:Neustadt",
        "Kreis": "? word:region:Kreis", "": "= 47,3", "03156": "! bestand nur bis", "DG": "= 47,3",
    }  # fmt: skip
    return {
        f"place {place}": _csv(f"Schuljahr;Gebiet;Gymnasium\n2023/24;{place};47,3", end)
        for place, end in places.items()
    }


def _workbooks() -> dict[str, Nasty]:
    other = [["Notizen"], ["nur ein Text"]]
    merged = [
        ["Schuljahr", "Anteil", None],
        [None, "Gymnasium", "Realschule"],
        ["2023/24", 1.5, 2.5],
    ]
    formula = [*ROWS[:2], ["2024/25", "=1+1", 3]]
    books: dict[str, tuple[bytes, str, str]] = {
        "workbook": (workbook({"Daten": ROWS}), "tabelle.xlsx", READ),
        "two sheets": (workbook({"Daten": ROWS, "Notizen": other}), "tabelle.xlsx", READ),
        "sheets of years": (
            workbook({"2022": ROWS, "2023": ROWS}), "tabelle.xlsx",
            "? sheets column:Schuljahr year_is"),
        "sheets of years, unlike": (
            workbook({"2022": ROWS, "2023": [["x", "y"], ["2024", 5]]}), "tabelle.xlsx",
            "! Überschriften sind andere"),
        "merged headings": (
            workbook({"D": merged}, {"D": ["B1:C1"]}), "tabelle.xlsx",
            "? column:Anteil / Gymnasium column:Anteil / Realschule"),
        "merged value": (
            workbook({"D": [*ROWS, ["2025/26", 3, None]]}, {"D": ["B4:C4"]}), "tabelle.xlsx",
            "! über mehrere Zellen verbunden"),
        "formula without result": (workbook({"D": formula}), "tabelle.xlsx", "! Formel"),
        "empty workbook": (workbook({"D": []}), "tabelle.xlsx", "! keine einzige"),
        "workbook cut off": (workbook({"D": ROWS})[:900], "tabelle.xlsx", "! beschädigt"),
        "old workbook cut off": (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "alt.xls", "! beschädigt"),
        "page called xls": (
            b"<html><table><tr><td>1</td></tr></table></html>", "alt.xls", "! Internetseite"),
        "csv called xlsx": (csv_bytes(TABLE), "tabelle.xlsx", READ),
        "workbook called csv": (workbook({"D": ROWS}), "tabelle.csv", READ),
    }  # fmt: skip
    return {name: Nasty(*book) for name, book in books.items()}


def _zip(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def _attacks() -> dict[str, Nasty]:
    types = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><Types/>'
    bomb = _zip(
        {"[Content_Types].xml": b"<Types/>", "xl/worksheets/sheet1.xml": b" " * 400_000_000}
    )
    files: dict[str, tuple[bytes, str, str]] = {
        "bomb": (bomb, "bombe.xlsx", "! ungewöhnlich groß"),
        "bomb in a zip": (
            _zip({"a.csv": b"0;" * 60_000_000}), "bombe.zip", "! ungewöhnlich groß"),
        "entities": (
            _zip({"[Content_Types].xml": types, "xl/workbook.xml": types}), "x.xlsx",
            "! lässt sich nicht lesen"),
        "zip in a zip": (_zip({"a.zip": _zip({"a.csv": b"a;b"})}), "zip.zip", "! keine CSV-Datei"),
        "zip with a way out": (
            _zip({"../../a.csv": csv_bytes(TABLE)}), "zip.zip", "! keine amtliche Tabelle"),
        "empty zip": (_zip({}), "leer.zip", "! keine CSV-Datei"),
        "program": (b"MZ" + struct.pack("<I", 0) * 100, "programm.exe", "! Tabellen"),
        "program called csv": (b"MZ" + bytes(range(256)) * 9, "a.csv", "! keine Textdatei"),
        "PDF called csv": (b"%PDF-1.7 ...", "tabelle.csv", "! PDF"),
        "nothing": (b"", "leer.csv", "! leer"),
        "name with a way out": (csv_bytes(TABLE), "../../etc/passwd.csv", READ),
        "name of markup": (csv_bytes(TABLE), "<b>$x$</b>\n.csv", READ),
    }  # fmt: skip
    return {name: Nasty(*file) for name, file in files.items()}
