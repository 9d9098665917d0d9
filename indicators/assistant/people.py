"""Lists with one row per child: recognised, so that none of them is ever kept, and counted into
groups where somebody asks for it. What comes out of here are counts; single rows stay in memory."""

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass

from indicators.assistant.shape import Shape, is_number

_NAME = re.compile(
    r"(?i)(vor|nach|familien|zu|ruf|kinder?s?)[-_ ]?namen?n?\b.*|name(n|, vorname| des kindes)?"
    r"|(schüler|kind|person)(in|/in|\*in|:in)?[-_ ]?(name)?|(name|vorname)[-_ ].*"
    r"|(erziehungsberechtigte|sorgeberechtigte|mutter|vater|eltern).*"
)
_BIRTH = re.compile(
    r"(?i)geb\.?|geb(urts?)?[-_. ]*(datum|tag|dat\.?)|geboren( am)?|birth.*|gebdat.*"
)
_ADDRESS = re.compile(
    r"(?i)stra(ß|ss)e.*|str\.?|anschrift.*|adresse.*|wohnadresse.*|haus-?n(umme)?r\.?|"
    r"(e-?)?mail.*|tel(efon)?.*|handy.*|mobil.*|iban"
)
_KEY = re.compile(
    r"(?i)(schüler|kind|kinder|personen|bürger|fall|versicherten|pass|azr|lfd\.? ?|matrikel)"
    r"(in(nen)?)?[-_ ]?(id|nr\.?|nummer|kennung|kennzeichen|zahl)|aktenzeichen|az\.?|pseudonym|"
    r"steuer-?id|id|uuid"
)
_OF_A_PLACE = re.compile(
    r"(?i).*(schul(e|name|nummer|-?nr|form|art)|einrichtung|kita|träger|verein|amtliche bez).*"
)
_FULL_NAME = re.compile(r"[A-ZÄÖÜ][\w'’-]+( [A-Z][\w'’-]+)?, ?[A-ZÄÖÜ][\w'’-]+.*")
_DAY = re.compile(r"\d{1,2}\.\d{1,2}\.(\d{4}|\d\d)|\d{4}-\d\d-\d\d")
_ENOUGH = 0.8
COUNT = "Anzahl"


@dataclass(frozen=True)
class People:
    """A list of persons: the columns that tell who somebody is, by their number, and why it is
    taken for one."""

    columns: list[int]
    reason: str


def recognised(shape: Shape) -> People | None:
    """Whether each row of this table is a person; None for a table of counts."""
    kinds = {
        "Namen": _headed(shape, _NAME) | _full_names(shape),
        "Geburtstage": _headed(shape, _BIRTH) | _birthdays(shape),
        "Adressen": _headed(shape, _ADDRESS),
        "Kennungen": {i for i in _headed(shape, _KEY) if _distinct(shape, i) > _ENOUGH},
    }
    found = {kind: columns for kind, columns in kinds.items() if columns}
    telling = sorted(set().union(*kinds.values()))
    if not found:
        return None
    places = [i for i in shape.columns if _OF_A_PLACE.fullmatch(shape.name(i))]
    rows_are_places = (
        any(_distinct(shape, i) > _ENOUGH for i in places) and not kinds["Geburtstage"]
    )
    counted = any(_is_count(shape, i) for i in shape.columns if i not in telling)
    strong = bool(kinds["Geburtstage"]) or len(_headed(shape, _NAME)) > 1
    weak = not counted and not rows_are_places and _one_each(shape, telling)
    if not strong and not weak:
        return None
    if rows_are_places and not strong:
        return None
    named = ", ".join(f"„{shape.name(i)}“" for i in telling[:6])
    return People(
        telling,
        f"In jeder Zeile steht eine Person: die Spalten {named} enthalten {_listed(list(found))}.",
    )


def _headed(shape: Shape, pattern: re.Pattern) -> set[int]:
    return {
        i
        for i in shape.columns
        if any(pattern.fullmatch(part.strip(" :*")) for part in shape.headings[i])
        and not _OF_A_PLACE.fullmatch(shape.name(i))
    }


def _full_names(shape: Shape) -> set[int]:
    """Columns of "Müller, Anna"."""
    return {
        i
        for i in shape.columns
        if _share(shape, i, _FULL_NAME) > _ENOUGH and _distinct(shape, i) > _ENOUGH
    }


def _birthdays(shape: Shape) -> set[int]:
    """Columns of days that are nearly all different: a key date stands in many rows."""
    return {
        i
        for i in shape.columns
        if _share(shape, i, _DAY) > _ENOUGH
        and _distinct(shape, i) > _ENOUGH
        and len(_filled(shape, i)) >= 3
        and _many_per_year(shape, i)
    }


def _many_per_year(shape: Shape, column: int) -> bool:
    """Not the one key date of each year, in a time series."""
    days = {re.sub(r"(19|20)\d\d", "", text) for text in _filled(shape, column)}
    return len(days) > 2


def _filled(shape: Shape, column: int) -> list[str]:
    return [cell for cell in shape.cells(column) if cell]


def _share(shape: Shape, column: int, pattern: re.Pattern) -> float:
    cells = _filled(shape, column)
    return sum(bool(pattern.fullmatch(cell)) for cell in cells) / len(cells) if cells else 0.0


def _distinct(shape: Shape, column: int) -> float:
    cells = _filled(shape, column)
    return len(set(cells)) / len(cells) if cells else 0.0


def _one_each(shape: Shape, columns: list[int]) -> bool:
    rows = list(zip(*(shape.cells(i) for i in columns), strict=True))
    return len(set(rows)) > _ENOUGH * len(rows)


def _is_count(shape: Shape, column: int) -> bool:
    """A column of numbers some of which count more than one."""
    cells = _filled(shape, column)
    numbers = [cell for cell in cells if is_number(cell)]
    if len(numbers) < _ENOUGH * len(cells) or not numbers:
        return False
    looks_like_key = all(len(n) >= 4 and n.isdigit() for n in numbers)
    return any(n not in ("0", "1") for n in numbers) and not looks_like_key


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " und " + words[-1]


def counted(shape: Shape, columns: list[int]) -> bytes:
    """A CSV file with how many rows say the same in these columns; nothing else of the list."""
    rows = Counter(zip(*(shape.cells(i) for i in columns), strict=True))
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([*(shape.name(i) for i in columns), COUNT])
    for words, number in sorted(rows.items()):
        writer.writerow([*words, number])
    return text.getvalue().encode("utf-8-sig")
