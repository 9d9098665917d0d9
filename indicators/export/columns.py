"""Tables laid out for a room: how wide each column is and which lines each cell has.

Sheets, slides, papers and letters read it, so that a table of findings in whole sentences is as
readable everywhere as one of numbers.
"""

import re
from collections.abc import Sequence

from indicators.answers.answer import Table
from indicators.figures.drawing import text_width, wrapped

_DIGIT = re.compile(r"\d")
_FIGURE = 20  # letters: a longer text in a column of numbers may have several lines


MOST_LINES = 4  # of a remark on a slide


def remark(words: str, room: float, size: float) -> str:
    """What somebody wants to say below a headline, cut where it would take the figure's room."""
    found = lines(words, room, size)
    return words if len(found) <= MOST_LINES else " ".join(found[:MOST_LINES]).rstrip() + " …"


def lines(words: str, room: float, size: float) -> list[str]:
    """The text in lines of at most this width; a word that is wider (an address, a name from a
    file) is broken where it must be."""
    found: list[str] = []
    for line in (line for part in words.split("\n") for line in wrapped(part, room, size)):
        while text_width(line, size) > room and len(line) > 1:
            most, too_many = 1, len(line)
            while too_many - most > 1:
                middle = (most + too_many) // 2
                fits = text_width(line[:middle], size) <= room
                most, too_many = (middle, too_many) if fits else (most, middle)
            found.append(line[:most])
            line = line[most:]
        found.append(line)
    return found


def widths(table: Table, room: float, size: float, padding: float) -> list[float]:
    """The width of each column, with its padding, for letters of this size. No word is broken and
    no number has two lines as long as there is room; what is left goes to where the most is said.
    """
    columns = range(len(table.columns))
    firm, least, asked, whole = [], [], [], []
    for i in columns:
        cells = [row[i] for row in table.rows]
        heading = table.columns[i]
        words = {word for cell in (heading, *cells) for word in cell.split(" ")}
        if table.numeric[i]:
            words |= {cell for cell in cells if len(cell) <= _FIGURE}
        longest = max((text_width(word, size) for word in words), default=0.0)
        widest = max((text_width(cell, size) for cell in cells), default=0.0)
        numbers = (word for word in words if _DIGIT.search(word))
        firm.append(
            min(max((text_width(n, size) for n in numbers), default=0.0), room / 4) + padding
        )
        least.append(min(longest, room / 2) + padding)
        asked.append(max(longest, widest) + padding)
        whole.append(max(longest, widest, text_width(heading, size)) + padding)
    for low, high in ((asked, whole), (least, asked)):
        if sum(high) <= room:
            return high
        if sum(low) <= room:
            more = (room - sum(low)) / sum(h - w for w, h in zip(low, high, strict=True))
            return [w + more * (h - w) for w, h in zip(low, high, strict=True)]
    return _capped(least, firm, room)


def _capped(asked: list[float], firm: list[float], room: float) -> list[float]:
    """Widths that fill the room where only the widest give way, and none below what is firm: the
    words of a long heading can be broken, a date or a number should not."""
    low, high = 0.0, max(asked)
    for _ in range(30):
        cap = (low + high) / 2
        found = [max(f, min(a, cap)) for a, f in zip(asked, firm, strict=True)]
        low, high = (low, cap) if sum(found) > room else (cap, high)
    squeeze = min(room / sum(found), 1.0)  # not even numbers have room
    return [width * squeeze for width in found]


def cells(
    row: Sequence[str], wide: Sequence[float], size: float, padding: float
) -> list[list[str]]:
    """The lines of each cell of a row in columns of these widths."""
    return [
        lines(words, max(width - padding, size), size)
        for words, width in zip(row, wide, strict=True)
    ]
