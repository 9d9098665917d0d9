"""What stands in the columns of numbers: which sign sets decimals apart, what signs and empty cells
mean, and whether a number can be what its measure counts."""

import re
from collections.abc import Iterator

import numpy as np

from indicators.assistant.case import Case, Place
from indicators.assistant.columns import VALUE, Role
from indicators.assistant.proposal import Choice
from indicators.assistant.shape import is_number
from indicators.assistant.shown import MOST
from indicators.symbols import SIGNS, Status, meanings, read_own_cell

_DECIMALS = {
    ",": re.compile(r"^\D*\d+,(\d{1,2}|\d{4,})\D*$|^\D*0,\d+|\.\d{3},\d"),
    ".": re.compile(r"^\D*\d+\.(\d{1,2}|\d{4,})\D*$|^\D*0\.\d+|,\d{3}\.\d"),
}
_GROUPED = {
    ",": re.compile(r"^\D*[1-9]\d{0,2}(,\d{3})+\D*$"),
    ".": re.compile(r"^\D*[1-9]\d{0,2}(\.\d{3})+\D*$"),
}
_DAY_AND_MONTH = re.compile(r"(0?[1-9]|[12]\d|3[01])\.(0?[1-9]|1[0-2])")
_OTHER = {",": ".", ".": ","}
# Signs that publishers use for different things: they are asked, whatever is usual.
_ASKED = ("-", "–", "—", ".", "*", "/", "x", "X", "")
_MEANT = (
    Status.ZERO,
    Status.MISSING,
    Status.SECRET,
    Status.NOT_APPLICABLE,
    Status.UNRELIABLE,
    Status.LATER,
)
_TEXTS = {
    Status.ZERO: "genau null: es gibt niemanden oder nichts",
    Status.MISSING: "nicht bekannt oder nicht gefragt",
    Status.SECRET: "eine kleine Zahl, die geheim ist",
    Status.NOT_APPLICABLE: "kann es nicht geben",
    Status.UNRELIABLE: "zu unsicher",
    Status.LATER: "kommt später",
}
_MOST_SIGNS = 12
_DATE = re.compile(r"\d?\d[-. ]+[A-Z][a-zä]{2}\b|\d?\d\.\d?\d\.$")
# What Excel writes where it could not calculate, and formulas that nobody calculated.
_EXCEL = re.compile(r"=.|#(REF|BEZUG|WERT|VALUE|NV|N/A|NAME|DIV/0|NUM|ZAHL|NULL)\b", re.IGNORECASE)


def settle(case: Case, roles: dict[int, Role]) -> None:
    """Asks what must be known of all values; what is answered goes into the case."""
    values = {column: role for column, role in roles.items() if role.kind == VALUE}
    if not values:
        return
    _decimal(case, values)
    _signs(case, values)
    said = case.answers.columns_said
    for column, role in values.items():
        if said:  # what cannot be what is counted may yet count something else
            _size(case, column, role)


def cells(case: Case, column: int) -> Iterator[tuple[Place, str, float]]:
    """Place, text and stored number of every cell of a column in all sheets, but for rows that are
    not read."""
    for shape in case.shapes:
        sheet = shape.sheet
        for row in case.rows(shape):
            place = Place(shape, int(row))
            yield place, str(sheet.texts[row, column]), float(sheet.numbers[row, column])


def _decimal(case: Case, values: dict[int, Role]) -> None:
    texts = [
        (row, column, text)
        for column in values
        for row, text, stored in cells(case, column)
        if np.isnan(stored) and is_number(text) and not text.endswith(".")
    ]
    proofs = {
        sign: next((found for found in texts if pattern.search(found[2])), None)
        for sign, pattern in _DECIMALS.items()
    }
    if proofs[","] and proofs["."]:
        (row, column, comma), (_, _, point) = proofs[","], proofs["."]
        raise case.wrong(
            f"hier steht „{comma}“ mit Komma, an anderer Stelle „{point}“ mit Punkt vor den "
            "Nachkommastellen; welches gilt, ist nicht zu erkennen. Nächster Schritt: die "
            "Zahlen in der Datei einheitlich schreiben (in Excel: Spalte als Zahl formatieren)",
            row,
            column,
        )
    if not _dates_said(case, [text for _, _, text in texts]):
        return
    for sign, proof in proofs.items():
        if proof:
            case.decimal = sign
            name = "Komma" if sign == "," else "Punkt"
            case.tell("Nachkommastellen", f"nach dem {name}", f"„{proof[2]}“ steht in der Datei")
            return
    for sign, pattern in _GROUPED.items():
        found = [text for _, _, text in texts if pattern.search(text)]
        if not found:
            continue
        if any(text.count(sign) > 1 for text in found):
            case.decimal = _OTHER[sign]
            case.tell("Tausender", f"„{sign}“ trennt Tausender", f"„{found[0]}“ steht in der Datei")
            return
        whole = found[0].replace(sign, "")
        said = case.answers.ask(
            "decimal",
            f"Was heißt „{found[0]}“?",
            [
                Choice(_OTHER[sign], f"{_spaced(whole)} (das Zeichen trennt Tausender)"),
                Choice(sign, f"{found[0].replace('.', ',')} (mit drei Nachkommastellen)"),
            ],
            help=f"Das Zeichen „{sign}“ trennt in manchen Dateien Tausender, in anderen "
            "Nachkommastellen.",
        )
        case.decimal = said or _OTHER[sign]
        return


def _dates_said(case: Case, texts: list[str]) -> bool:
    """Whether texts that may all be days, like 9.10, are numbers; one like 47.3 tells it."""
    pointed = [text for text in texts if "." in text]
    if not pointed or not all(_DAY_AND_MONTH.fullmatch(text) for text in pointed):
        return True
    said = case.answers.ask(
        "day",
        f"Was heißt „{pointed[0]}“?",
        [
            Choice("number", f"die Zahl {pointed[0].replace('.', ',')}"),
            Choice("day", "ein Datum, eine Uhrzeit oder eine Gliederungsnummer"),
        ],
        help="Alle Zahlen mit Punkt könnten auch Tag und Monat sein; Excel macht aus Texten von "
        "selbst ein Datum.",
    )
    if said == "day":
        raise case.wrong(
            f"„{pointed[0]}“ ist keine Zahl. Nächster Schritt: unter „Spalten“ die Spalte nicht "
            "lesen, oder in der Datei die Zahlen neu eintragen (in Excel: Spalte als Zahl)"
        )
    return said == "number"


def _spaced(digits: str) -> str:
    found = re.sub(r"\D", "", digits)
    return f"{int(found):,}".replace(",", " ") if found else digits


def _signs(case: Case, values: dict[int, Role]) -> None:
    """What every text means that is no number."""
    signs = meanings("municipal")
    found: dict[str, tuple[int, Place, int]] = {}
    for column in values:
        for row, text, stored in cells(case, column):
            if not np.isnan(stored):
                continue
            cell = read_own_cell(text, signs, case.decimal)
            if text in _ASKED or cell is None:
                count, first, at = found.get(text, (0, row, column))
                found[text] = (count + 1, first, at)
            elif cell.status not in (Status.OK, Status.ZERO):
                told = f"„{text}“", SIGNS[cell.status].short
                if not any(fact.what == told[0] for fact in case.facts):
                    case.tell(*told, "so ist es in Tabellen der Ämter üblich")
    for text, (count, row, column) in found.items():
        if text and not is_sign(text) and len(found) > _MOST_SIGNS:
            raise case.wrong(
                f"„{text}“ ist keine Zahl, und {len(found)} solche Texte stehen unter Zahlen. "
                "Nächster Schritt: unter „Spalten“ prüfen, ob die Spalte richtig zugeordnet ist",
                row,
                column,
            )
        _ask_sign(case, text, count, row, column)


def is_sign(text: str) -> bool:
    return len(text) <= 3


def _ask_sign(case: Case, text: str, count: int, at: Place, column: int) -> None:
    if (at.row, column) in at.shape.sheet.dates or _DATE.match(text):
        raise case.wrong(
            f"„{text}“ ist ein Datum; Excel macht aus Texten wie „5-9“ oder „1.2“ von selbst ein "
            "Datum. Nächster Schritt: die Zelle in Excel als Text formatieren und neu eintragen",
            at,
            column,
        )
    if _EXCEL.match(text):
        what = "eine Formel" if text[0] == "=" else "ein Fehler"
        raise case.wrong(
            f"„{text[:40]}“ ist {what} aus Excel und keine Zahl. Nächster Schritt: die Zelle in "
            "Excel berichtigen und die Tabelle noch einmal speichern",
            at,
            column,
        )
    if is_number(text):
        raise case.wrong(
            f"„{text}“ lässt sich nicht als Zahl lesen, wenn „{case.decimal}“ vor den "
            "Nachkommastellen steht wie in den anderen Zellen. Nächster Schritt: die Zahl in der "
            "Datei berichtigen",
            at,
            column,
        )
    shown = f"„{text}“" if text else "eine leere Zelle"
    said = case.answers.ask(
        f"sign:{text}",
        f"Was bedeutet {shown} unter den Zahlen?",
        [Choice(status.value, _TEXTS[status]) for status in _MEANT],
        help=f"Kommt {count}-mal vor, zum Beispiel in {at.words}.",
    )
    if said:
        case.symbols[text] = said


def _size(case: Case, column: int, role: Role) -> None:
    """Whether numbers can be what is counted: whole, and shares not as fractions."""
    measure = case.measure(role.of)
    whole = measure.additive and measure.unit == "Anzahl" and measure.shown_decimals == 0
    signs = meanings(case.symbols)
    broken: tuple[Place, str] | None = None
    numbers: list[float] = []
    for row, text, stored in cells(case, column):
        cell = read_own_cell(text, signs, case.decimal if np.isnan(stored) else ",")
        value = cell.value if cell and np.isnan(stored) else stored
        if cell is None or value is None or np.isnan(value):
            continue
        if abs(value) >= MOST:
            raise case.wrong(
                f"„{text[:20]}{'…' if text[20:] else ''}“ ist zu groß, um etwas zu zählen. "
                "Nächster Schritt: die Zahl in der Datei berichtigen, oder die Spalte nicht lesen",
                row,
                column,
            )
        if cell.grouped and not whole and np.isnan(stored):
            raise case.wrong(
                f"„{text}“ wäre mit Tausenderzeichen {_spaced(text)}; {measure.name} wird nicht "
                "in ganzen Zahlen angegeben, und so ist nicht zu erkennen, was gemeint ist. "
                "Nächster Schritt: die Zahl in der Datei ohne dieses Zeichen schreiben",
                row,
                column,
            )
        if cell.percent and measure.unit != "%":
            raise case.wrong(
                f"„{text}“ ist ein Anteil, {measure.name} wird aber nicht in Prozent gemessen. "
                "Nächster Schritt: unter „Spalten“ eine andere Zahl wählen oder die Spalte nicht "
                "lesen",
                row,
                column,
            )
        numbers += [] if cell.percent else [value]
        if value != round(value) and broken is None:
            broken = (row, text)
    if whole and broken:
        _broken_count(case, column, measure.id, measure.name, *broken)
    is_fraction = numbers and broken and min(numbers) >= 0 and max(numbers) <= 1
    if measure.unit == "%" and is_fraction and broken:
        said = case.answers.ask(
            f"fraction:{role.of}",
            f"Sind mit „{broken[1]}“ Prozent gemeint oder ein Bruchteil?",
            [
                Choice("100", "ein Bruchteil: 0,5 heißt 50 %"),
                Choice("1", "Prozent: 0,5 heißt ein halbes Prozent"),
            ],
            help=f"Alle Zahlen in „{case.shape.name(column)}“ liegen zwischen 0 und 1.",
        )
        if said == "100":
            case.factors[str(column)] = 100


def _broken_count(case: Case, column: int, id: str, measure: str, at: Place, text: str) -> None:
    said = case.answers.ask(
        f"scale:{id}",
        f"„{text}“ ist keine ganze Zahl, {measure} wird aber gezählt. Was ist gemeint?",
        [
            Choice("1000", "Angaben in Tausend"),
            Choice("wrong", "etwas anderes; die Spalte zählt das nicht"),
        ],
        help=f"In der Spalte „{case.shape.name(column)}“, {at.words}.",
    )
    if said == "1000":
        case.factors[str(column)] = 1000
    elif said:
        raise case.wrong(
            f"„{text}“ ist keine ganze Zahl. Nächster Schritt: unter „Spalten“ sagen, was die "
            "Spalte enthält, oder sie nicht lesen",
            at,
            column,
        )
