"""Files as offices send them and as attackers would: what is wrong with each, by name.

Each is content, file name and either words of the true reason for which it is refused, or None
where it may come in. Nobody's answers are in it: a file that may come in is asked about.
"""

import io
import struct
import zipfile

from tests.zoo.own_tables import csv_bytes, workbook

TABLE = "Schuljahr;Gymnasium;Realschule\n2023/24;47,3;28,8\n2024/25;48,1;27,0"
ROWS = [["Schuljahr", "Gymnasium", "Realschule"], ["2023/24", 47.3, 28.8], ["2024/25", 48.1, 27.0]]
Nasty = tuple[bytes, str, str | None]


def every() -> dict[str, Nasty]:
    """All of them, by what is nasty about them."""
    return _encodings() | _separators() | _shapes() | _cells() | _workbooks() | _attacks()


def _encodings() -> dict[str, Nasty]:
    umlauts = "Schuljahr;Übergänge Größe;Realschule\n2023/24;47,3;28,8\n2024/25;48,1;27,0"
    found: dict[str, Nasty] = {
        f"encoding {name}": (umlauts.encode(name), "tabelle.csv", None)
        for name in ("utf-8", "utf-8-sig", "utf-16", "cp1252", "iso8859-15")
    }
    destroyed = umlauts.replace("Ü", "\ufffd").encode()
    found["umlauts destroyed"] = (destroyed, "tabelle.csv", "Umlaut")
    found["null bytes"] = (b"a;b\x00\n1;2\x00\n", "tabelle.csv", "")
    found["binary noise"] = (bytes(range(256)) * 20, "tabelle.csv", "")
    found["only a byte order mark"] = (b"\xef\xbb\xbf", "tabelle.csv", "")
    return found


def _separators() -> dict[str, Nasty]:
    found: dict[str, Nasty] = {
        "tabs": (csv_bytes(TABLE.replace(";", "\t")), "tabelle.txt", None),
        "commas": (csv_bytes(TABLE.replace(",", ".").replace(";", ",")), "tabelle.csv", None),
        "sep line": (csv_bytes("sep=;\n" + TABLE), "tabelle.csv", None),
        "line ends of a Mac": (TABLE.replace("\n", "\r").encode(), "tabelle.csv", None),
        "no end of line": (TABLE.encode(), "tabelle.csv", None),
        "many empty lines": (
            csv_bytes("\n\n\n" + TABLE.replace("\n", "\n\n")),
            "tabelle.csv",
            None,
        ),
        "quotes not closed": (
            csv_bytes(TABLE + '\n"2025/26;1;2'),
            "tabelle.csv",
            "Anführungszeichen",
        ),
        "line break in a cell": (
            csv_bytes(TABLE.replace("Gymnasium", '"Gym-\nnasium"')),
            "tabelle.csv",
            None,
        ),
        "rows of different length": (csv_bytes(TABLE + "\n2025/26;1"), "tabelle.csv", None),
        "one row longer than the heading": (
            csv_bytes(TABLE + "\n2025/26;1;2;3;4"),
            "tabelle.csv",
            None,
        ),
        "trailing separators": (
            csv_bytes(TABLE.replace("\n", ";;;\n") + ";;;"),
            "tabelle.csv",
            None,
        ),
    }
    return found


def _shapes() -> dict[str, Nasty]:
    csv: dict[str, tuple[str, str | None]] = {
        "title above": ("Übergänge der Stadt\n\n" + TABLE, None),
        "title and date above": ("Übergänge;;\nStand:;31.12.2024;\n" + TABLE, None),
        "notes below": (TABLE + "\nQuelle: Schulamt\n1) vorläufig", None),
        "sum below": (TABLE + "\nSumme;95,4;55,8", None),
        "headings only": ("Schuljahr;Gymnasium;Realschule", "nichts"),
        "no headings": ("2023/24;47,3;28,8\n2024/25;48,1;27,0", "keine Überschriften"),
        "one column": ("Gymnasium\n47,3\n48,1", ""),
        "two headings alike": ("Schuljahr;Gymnasium;Gymnasium\n2023/24;1,5;2,5", None),
        "a heading is missing": (TABLE.replace("Realschule", ""), None),
        "two tables below each other": (TABLE + "\n\nSchuljahr;Kita;Hort\n2023/24;1,0;2,0", None),
        "two rows of headings": (
            "Schuljahr;2024;2024\n;Gymnasium;Realschule\n2023/24;1,5;2,5",
            None,
        ),
        "empty corner": (";2022;2023;2024\nGymnasium;1,5;2,5;3,5\nRealschule;1,0;2,0;3,0", None),
        "only words": ("a;b\nc;d\ne;f", None),
        "1000 columns": (
            "Jahr;" + ";".join(f"s{i}" for i in range(1000)) + "\n2024;" + "1;" * 1000,
            None,
        ),
        "20,000 rows": (
            "Jahr;Ort;Zahl\n" + "\n".join(f"2024;O{i};{i}" for i in range(20_000)),
            None,
        ),
    }
    return {name: (csv_bytes(text), "tabelle.csv", why) for name, (text, why) in csv.items()}


def _cells() -> dict[str, Nasty]:
    cells: dict[str, tuple[str, str | None]] = {
        name: (f"Schuljahr;Gymnasium;Realschule\n2023/24;{cell};28,8", None)
        for name, cell in {
            "thousands": "1.234", "two points": "1.234.567", "k. A.": "k. A.", "dash": "-",
            "long dash": "–", "star": "*", "dots": "…", "slash": "/", "less than 3": "<3",
            "under 3": "unter 3", "footnote": "12¹", "bracket": "(12)", "percent": "12,5 %",
            "about": "ca. 30", "minus": "-5", "typed minus": "−5", "euro": "12 €",
            "huge": "1" + "0" * 308, "infinite": "inf", "no number": "NaN", "exponent": "1E5",
            "date of Excel": "5. Sep", "date of Excel in English": "5-Sep", "error": "#REF!",
            "formula": "=1+1", "time": "12:30", "zeros in front": "0012", "Arabic digits": "١٢",
            "full-width digits": "４７", "blank that is none": "\u00a0", "soft hyphen": "4\u00ad7",
        }.items()
    }  # fmt: skip
    cells["commas and points"] = ("Schuljahr;Gymnasium;Realschule\n2023/24;61,9;28.8", None)
    heads: dict[str, tuple[str, str | None]] = {
        f"heading {name}": (TABLE.replace("Gymnasium", text), None)
        for name, text in {
            "with markup": "<img src=x onerror=alert(1)>", "with a link": "[a](javascript:1)",
            "that is a formula": "=HYPERLINK(1)", "with a placeholder": "<period>",
            "with a star": "Gymnasium*", "of TOML": 'a"\\]]', "very long": "G" * 3000,
            "with a direction mark": "\u202eGymnasium", "that is only a sign": "-",
        }.items()
    }  # fmt: skip
    times: dict[str, tuple[str, str | None]] = {
        f"time {time}": (f"Schuljahr;Gymnasium\n{time};47,3", None)
        for time in ("2425", "23/24", "2024", "2023/25", "31.12.2024", "Sep 23", "", "Jahr 24", "0")
    }
    places: dict[str, tuple[str, str | None]] = {
        f"place {place}": (f"Schuljahr;Gebiet;Gymnasium\n2023/24;{place};47,3", None)
        for place in ("Hof", "9464", "Hof, Stadt", "99999", "Neustadt", "Kreis", "", "03156", "DG")
    }
    every_cell = cells | heads | times | places
    return {name: (csv_bytes(text), "tabelle.csv", why) for name, (text, why) in every_cell.items()}


def _workbooks() -> dict[str, Nasty]:
    other = [["Notizen"], ["nur ein Text"]]
    merged = [
        ["Schuljahr", "Anteil", None],
        [None, "Gymnasium", "Realschule"],
        ["2023/24", 1.5, 2.5],
    ]
    formula = [*ROWS[:2], ["2024/25", "=1+1", 3]]
    return {
        "workbook": (workbook({"Daten": ROWS}), "tabelle.xlsx", None),
        "two sheets": (workbook({"Daten": ROWS, "Notizen": other}), "tabelle.xlsx", None),
        "sheets of years": (workbook({"2022": ROWS, "2023": ROWS}), "tabelle.xlsx", None),
        "sheets of years, unlike": (
            workbook({"2022": ROWS, "2023": [["x", "y"], ["2024", 5]]}), "tabelle.xlsx", None),
        "merged headings": (workbook({"D": merged}, {"D": ["B1:C1"]}), "tabelle.xlsx", None),
        "merged value": (
            workbook({"D": [*ROWS, ["2025/26", 3, None]]}, {"D": ["B4:C4"]}), "tabelle.xlsx", None),
        "formula without result": (workbook({"D": formula}), "tabelle.xlsx", "Formel"),
        "empty workbook": (workbook({"D": []}), "tabelle.xlsx", "keine einzige"),
        "workbook cut off": (workbook({"D": ROWS})[:900], "tabelle.xlsx", ""),
        "old workbook cut off": (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "alt.xls", "beschädigt"),
        "page called xls": (b"<html><table><tr><td>1</td></tr></table></html>", "alt.xls",
                            "Internetseite"),
        "csv called xlsx": (csv_bytes(TABLE), "tabelle.xlsx", None),
        "workbook called csv": (workbook({"D": ROWS}), "tabelle.csv", None),
    }  # fmt: skip


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
    return {
        "bomb": (bomb, "bombe.xlsx", "ungewöhnlich groß"),
        "bomb in a zip": (_zip({"a.csv": b"0;" * 60_000_000}), "bombe.zip", ""),
        "entities": (_zip({"[Content_Types].xml": types, "xl/workbook.xml": types}), "x.xlsx", ""),
        "zip in a zip": (_zip({"a.zip": _zip({"a.csv": b"a;b"})}), "zip.zip", ""),
        "zip with a way out": (_zip({"../../a.csv": csv_bytes(TABLE)}), "zip.zip", ""),
        "empty zip": (_zip({}), "leer.zip", ""),
        "program": (b"MZ" + struct.pack("<I", 0) * 100, "programm.exe", "Tabellen"),
        "program called csv": (b"MZ" + bytes(range(256)) * 9, "programm.csv", ""),
        "PDF called csv": (b"%PDF-1.7 ...", "tabelle.csv", "PDF"),
        "nothing": (b"", "leer.csv", "leer"),
        "name with a way out": (csv_bytes(TABLE), "../../etc/passwd.csv", None),
        "name of markup": (csv_bytes(TABLE), "<b>$x$</b>\n.csv", None),
        "far cell": (workbook({"D": ROWS}).replace(b"xl/", b"xl/"), "tabelle.xlsx", None),
    }
