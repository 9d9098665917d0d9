"""What happens to official files between the database and the office, as functions of a file.

Each takes the bytes of a file and a source of chance. What must be refused and what must change
nothing stands beside it; of the others only one thing is known: they never mean something else.
"""

import csv
import io
import random
import re
from collections.abc import Callable
from dataclasses import dataclass

from tests.zoo.builders import as_workbook, zipped

Change = Callable[[bytes, random.Random], bytes]


@dataclass(frozen=True)
class Mutation:
    """`must` is "refuse", "keep" (nothing changes) or "" (either, but no other meaning); `of` are
    the kinds of files it can happen to."""

    name: str
    change: Change
    must: str = ""
    of: tuple[str, ...] = ("table", "flat")


def text_of(content: bytes) -> str:
    return content.decode("utf-8-sig" if content[:3] == b"\xef\xbb\xbf" else "cp1252")


def bytes_of(text: str) -> bytes:
    return text.encode("utf-8")


def on_text(change: Callable[[str, random.Random], str]) -> Change:
    return lambda content, chance: bytes_of(change(text_of(content), chance))


class Parts:
    """A file as lines: before the data, the data as cells, behind it."""

    def __init__(self, text: str):
        lines = text.split("\n")
        data = [i for i, line in enumerate(lines) if re.match(r"\d{4};|\d\d\.\d\d\.|\d{5};S", line)]
        self.head = [line.split(";") for line in lines[: data[0]]]
        self.data = [lines[i].split(";") for i in data]
        self.foot = lines[data[-1] + 1 :]

    def text(self) -> str:
        return "\n".join([";".join(row) for row in [*self.head, *self.data]] + self.foot)


def on_parts(change: Callable[[Parts, random.Random], None]) -> Change:
    def changed(text: str, chance: random.Random) -> str:
        parts = Parts(text)
        change(parts, chance)
        return parts.text()

    return on_text(changed)


# --- rows and columns -----------------------------------------------------------------------------


def cut_rows(parts: Parts, chance: random.Random) -> None:
    for _ in range(chance.randint(1, 5)):
        parts.data.pop(chance.randrange(len(parts.data)))


def doubled_rows(parts: Parts, chance: random.Random) -> None:
    for _ in range(chance.randint(1, 5)):
        at = chance.randrange(len(parts.data))
        parts.data.insert(chance.randrange(len(parts.data)), list(parts.data[at]))


def doubled_row_with_another_number(parts: Parts, chance: random.Random) -> None:
    row = list(next(row for row in parts.data if re.search(r"\d", _value(row))))
    at = _value_column(row)
    row[at] = f"9{row[at]}"
    parts.data.append(row)


def _value_column(row: list[str]) -> int:
    """Where a number of the row stands: `value` in a flat file, else the last column."""
    return len(row) - 4 if len(row) > 12 and row[-3] in ("Anzahl", "Prozent") else len(row) - 1


def _value(row: list[str]) -> str:
    return row[_value_column(row)]


def shuffled_rows(parts: Parts, chance: random.Random) -> None:
    chance.shuffle(parts.data)


def swapped_columns(parts: Parts, chance: random.Random) -> None:
    """With their headings, which changes nothing."""
    one, other = chance.sample(range(3, len(parts.data[0])), 2)
    for row in [*(r for r in parts.head if len(r) > max(one, other)), *parts.data]:
        row[one], row[other] = row[other], row[one]


def slipped(column: int) -> Callable[[Parts, random.Random], None]:
    """One column moved against the others by some rows."""

    def change(parts: Parts, chance: random.Random) -> None:
        cells = [row[column] for row in parts.data]
        by = chance.randint(1, 3)
        for row, cell in zip(parts.data, cells[by:] + cells[:by], strict=True):
            row[column] = cell

    return change


def swapped_total(parts: Parts, chance: random.Random) -> None:
    """The data of a total and of its part, without their headings."""
    for row in parts.data:
        row[3], row[4] = row[4], row[3]


def lost_cell(parts: Parts, chance: random.Random) -> None:
    chance.choice(parts.data).pop(chance.randrange(len(parts.data[0])))


def lost_year(parts: Parts, chance: random.Random) -> None:
    years = sorted({cell for row in parts.data for cell in row if re.fullmatch(r"20\d\d", cell)})
    parts.data = [row for row in parts.data if years[0] not in row] or parts.data


def lost_column(parts: Parts, chance: random.Random) -> None:
    at = chance.randrange(3, len(parts.data[0]))
    for row in [*(r for r in parts.head if len(r) > at), *parts.data]:
        del row[at]


# --- headings and words ---------------------------------------------------------------------------


def merged_headings(parts: Parts, chance: random.Random) -> None:
    """Repeated headings left blank, as a spreadsheet writes merged cells."""
    for row in parts.head:
        for at in range(len(row) - 1, 3, -1):
            if row[at] and row[at] == row[at - 1] != "Anzahl":
                row[at] = ""


def lost_heading_row(parts: Parts, chance: random.Random) -> None:
    rows = [i for i, row in enumerate(parts.head) if len(row) > 4 and not row[0]]
    del parts.head[chance.choice(rows)]


def moved_heading_row(by: int) -> Callable[[Parts, random.Random], None]:
    def change(parts: Parts, chance: random.Random) -> None:
        rows = [i for i, row in enumerate(parts.head) if len(row) > 4 and not row[0]]
        at = chance.choice(rows)
        row = parts.head[at]
        parts.head[at] = ["", *row] if by > 0 else row[1:]

    return change


def exchanged_heading(parts: Parts, chance: random.Random) -> None:
    """One heading becomes another of the same row."""
    rows = [row for row in parts.head if len(set(row[3:])) > 1 and not row[0] and row[4:]]
    row = chance.choice(rows)
    at = chance.randrange(3, len(row))
    row[at] = chance.choice([word for word in row[3:] if word and word != row[at]] or ["?"])


def spelled(change: Callable[[str], str], words: str) -> Change:
    """One of the `words` spelled differently, wherever it stands."""

    def changed(text: str, chance: random.Random) -> str:
        known = [word for word in words.split("|") if word in text]
        word = chance.choice(known)
        return re.sub(rf"(?<=;){re.escape(word)}(?=[;\n])", change(word), text)

    return on_text(changed)


WORDS = (
    "ohne Hauptschulabschluss|mit Hauptschulabschluss|mit Mittlerem Abschluss|weiblich|"
    "unter 3 Jahre|3 bis unter 6 Jahre|Frauen|Tageseinrichtung|mit Fachhochschulreife"
)


def _other_words(word: str) -> str:
    for one, other in (("ohne ", "mit "), ("mit ", "ohne "), ("unter 3", "unter 6")):
        if word.startswith(one):
            return other + word[len(one) :]
    return f"nicht {word}"


def _more_words(word: str) -> str:
    return f"{word} ohne Förderschulen"


def _fewer_words(word: str) -> str:
    return word.split(" ", 1)[-1] if " " in word else word[:-2]


# --- numbers and keys -----------------------------------------------------------------------------


def each_number(change: Callable[[str], str], pattern: str = r"\d+(?:,\d+)?") -> Change:
    def changed(parts: Parts, chance: random.Random) -> None:
        for row in parts.data:
            for at in range(3, len(row)):
                if re.fullmatch(pattern, row[at]) and not _is_flat_label(row, at):
                    row[at] = change(row[at])

    return on_parts(changed)


def _is_flat_label(row: list[str], at: int) -> bool:
    return len(row) > 12 and at != _value_column(row)


def one_number(change: Callable[[str], str], pattern: str = r"\d+(?:,\d+)?") -> Change:
    def changed(parts: Parts, chance: random.Random) -> None:
        places = [
            (row, at)
            for row in parts.data
            for at in range(3, len(row))
            if re.fullmatch(pattern, row[at]) and not _is_flat_label(row, at)
        ]
        row, at = chance.choice(places)
        row[at] = change(row[at])

    return on_parts(changed)


def _grouped(sign: str) -> Callable[[str], str]:
    return lambda text: re.sub(r"(?<=\d)(?=(\d{3})+$)", sign, text)


def keys(change: Callable[[str], str]) -> Change:
    def changed(parts: Parts, chance: random.Random) -> None:
        for row in parts.data:
            at = 7 if len(row) > 12 and row[2] == "STAG" else 1
            if _is_key(row[at]):
                row[at] = change(row[at])

    return on_parts(changed)


def _is_key(cell: str) -> bool:
    return bool(re.fullmatch(r"0\d{1,4}|1\d{4}", cell))


# --- bytes ----------------------------------------------------------------------------------------


def _encoded(encoding: str) -> Change:
    return lambda content, chance: text_of(content).encode(encoding, errors="replace")


def _torn(content: bytes, chance: random.Random) -> bytes:
    return content[: chance.randrange(20, content.rindex(b"\n", 0, len(content) // 2))]


def _with_nuls(content: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(content))
    return content[:at] + b"\0" * chance.randint(1, 9) + content[at:]


def _half_zip(content: bytes, chance: random.Random) -> bytes:
    archive = zipped({"tabelle.csv": content})
    return archive[: chance.randrange(10, len(archive) - 5)]


def _error_page(content: bytes, chance: random.Random) -> bytes:
    code = chance.choice([403, 404, 500, 503])
    page = f"<!DOCTYPE html>\n<html><head><title>{code}</title></head><body></body></html>"
    return chance.choice([page, f'{{"Status": {{"Code": {code}, "Content": "Fehler"}}}}']).encode()


def _as_spreadsheet(content: bytes, chance: random.Random) -> bytes:
    return as_workbook(content)


def _requoted(text: str, chance: random.Random) -> str:
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    out = io.StringIO()
    csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL).writerows(rows)
    return out.getvalue()


TABLE, FLAT = ("table",), ("flat",)
MUTATIONS = [
    Mutation("cut rows", on_parts(cut_rows)),
    Mutation("doubled rows", on_parts(doubled_rows), "keep"),
    Mutation("doubled row, other number", on_parts(doubled_row_with_another_number), "refuse"),
    Mutation("shuffled rows", on_parts(shuffled_rows), "keep"),
    Mutation("swapped columns", on_parts(swapped_columns), "keep", TABLE),
    Mutation("swapped columns of a flat file", on_parts(swapped_columns), "", FLAT),
    Mutation("slipped keys", on_parts(slipped(1)), "refuse", TABLE),
    Mutation("slipped names", on_parts(slipped(2)), "refuse", TABLE),
    Mutation("slipped values", on_parts(slipped(4)), "refuse", TABLE),
    Mutation("slipped years", on_parts(slipped(0)), "refuse", TABLE),
    Mutation("slipped flat keys", on_parts(slipped(7)), "refuse", FLAT),
    Mutation("slipped flat labels", on_parts(slipped(12)), "refuse", FLAT),
    Mutation("slipped flat codes", on_parts(slipped(11)), "refuse", FLAT),
    Mutation("slipped flat values", on_parts(slipped(13)), "refuse", FLAT),
    Mutation("total and part swapped", on_parts(swapped_total), "refuse", TABLE),
    Mutation("lost cell", on_parts(lost_cell), "refuse"),
    Mutation("lost year", on_parts(lost_year)),
    Mutation("lost column", on_parts(lost_column)),
    Mutation("merged headings", on_parts(merged_headings), "refuse", TABLE),
    Mutation("lost heading row", on_parts(lost_heading_row), "", TABLE),
    Mutation("heading row moved right", on_parts(moved_heading_row(1)), "refuse", TABLE),
    Mutation("heading row moved left", on_parts(moved_heading_row(-1)), "refuse", TABLE),
    Mutation("exchanged heading", on_parts(exchanged_heading), "refuse", TABLE),
    Mutation("capitals", spelled(str.upper, WORDS), "keep"),
    Mutation("raised footnote", spelled(lambda w: f"{w}¹", WORDS), "keep"),
    Mutation("numbered footnote", spelled(lambda w: f"{w} 1)", WORDS), "keep"),
    Mutation("starred", spelled(lambda w: f"{w} *)", WORDS), "keep"),
    Mutation("wide blanks", spelled(lambda w: w.replace(" ", "\u00a0 "), WORDS), "keep"),
    Mutation("hyphenated", spelled(lambda w: w.replace("schul", "-schul-"), WORDS), "keep"),
    Mutation("single quotes", spelled(lambda w: f"‚{w}‘", WORDS), "keep"),
    Mutation("opposite words", spelled(_other_words, WORDS), "refuse", TABLE),
    Mutation("more words", spelled(_more_words, WORDS), "refuse", TABLE),
    Mutation("fewer words", spelled(_fewer_words, WORDS), "refuse", TABLE),
    # the code beside it still says what it is
    Mutation("opposite words of a flat file", spelled(_other_words, WORDS), "keep", FLAT),
    Mutation("thousand points", each_number(_grouped("."), r"\d{4,}"), "keep"),
    Mutation("thousand blanks", each_number(_grouped("\u202f"), r"\d{4,}"), "keep"),
    Mutation("English thousands", each_number(_grouped(","), r"\d{4,}"), "refuse"),
    Mutation("English decimals", each_number(lambda t: f"{t}.5", r"\d+"), "refuse"),
    Mutation("decimals of a count", one_number(lambda t: f"{t},5", r"\d+"), "refuse", TABLE),
    Mutation("scientific", one_number(lambda t: f"{t[0]},{t[1:2] or 0}E+05"), "refuse"),
    Mutation("too narrow", one_number(lambda t: "#####"), "refuse"),
    Mutation("spreadsheet error", one_number(lambda t: "#REF!"), "refuse"),
    Mutation("footnote at a number", one_number(lambda t: f"{t} 1)"), "refuse"),
    Mutation("text", one_number(lambda t: "geheim"), "refuse"),
    Mutation("empty cell", one_number(lambda t: "")),
    Mutation("lost zeros", keys(lambda k: k.lstrip("0")), "keep"),
    Mutation("keys as numbers", keys(lambda k: f"{k}.0"), "keep"),
    Mutation("keys with eight digits", keys(lambda k: f"{k}000" if len(k) == 5 else k), "keep"),
    Mutation("keys with one digit more", keys(lambda k: f"{k}0" if len(k) == 5 else k), "refuse"),
    Mutation("UTF-8", _encoded("utf-8"), "keep"),
    Mutation("two marks", lambda c, _: b"\xef\xbb\xbf" * 2 + bytes_of(text_of(c)), "keep"),
    Mutation("UTF-16", _encoded("utf-16"), "keep"),
    Mutation("UTF-16 without mark", _encoded("utf-16-le"), "refuse"),
    Mutation("DOS", _encoded("cp850"), "refuse", TABLE),
    Mutation("ASCII", _encoded("ascii"), "refuse", TABLE),
    Mutation(
        "twice encoded", lambda c, _: bytes_of(text_of(c)).decode("cp1252", "replace").encode()
    ),
    Mutation("CRLF", on_text(lambda t, _: t.replace("\n", "\r\n")), "keep"),
    Mutation("CR", on_text(lambda t, _: t.replace("\n", "\r")), "keep", TABLE),
    Mutation("all quoted", on_text(_requoted), "keep"),
    Mutation("commas", on_text(lambda t, _: t.replace(",", " ").replace(";", ",")), "refuse"),
    Mutation("tabs", on_text(lambda t, _: t.replace(";", "\t")), "refuse"),
    Mutation("more columns", on_text(lambda t, _: re.sub(r"(?m)(?<=.)$", ";;", t)), "keep"),
    Mutation("no foot", on_text(lambda t, _: t.partition("\n____")[0] + "\n"), "refuse", TABLE),
    Mutation("torn", _torn, "refuse", TABLE),
    Mutation("NULs", _with_nuls, "refuse"),
    Mutation("error page", _error_page, "refuse"),
    Mutation("half archive", _half_zip, "refuse"),
    Mutation("saved as a workbook", _as_spreadsheet, "keep"),
    Mutation(
        "English dates",
        on_text(lambda t, _: re.sub(r"(?m)^(20\d\d);", r"12/31/\1;", t)),
        "refuse",
        TABLE,
    ),
    Mutation("other unit", on_text(lambda t, _: re.sub("Anzahl|Prozent", "1000", t)), "refuse"),
    Mutation(
        "other table",
        on_text(lambda t, _: t.replace("GENESIS-Tabelle: ", "GENESIS-Tabelle: 9")),
        "refuse",
        TABLE,
    ),
]
